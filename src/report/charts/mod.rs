//! Charts as SVG.

use crate::analysis::Summary;
use crate::report::File;

/// Every chart of a run.
pub fn all(_summary: &Summary) -> Vec<File> {
    Vec::new()
}

/// The files of charts and what they show.
pub const FILES: [(&str, &str); 3] = [
    (
        "chart-handoffs-not-begun.svg",
        "Share of handoffs not yet begun by day since the decision, by structure.",
    ),
    (
        "chart-missed-by-cause.svg",
        "Missed cases by cause and structure, with the interval of the total.",
    ),
    (
        "chart-differences.svg",
        "Paired differences from the baseline: one panel and axis a measure.",
    ),
];
