//! Answers to questions asked of many runs, as text.

pub(in crate::report) mod discover;
pub(in crate::report) mod equivalent;
pub(in crate::report) mod flip;
pub(in crate::report) mod sensitivity;
pub(in crate::report) mod tipping;
pub(in crate::report) mod together;
pub(in crate::report) mod warm_up;

pub use discover::discoveries;
pub(in crate::report) use discover::limits;
pub use equivalent::equivalent;
pub use flip::flips;
pub use sensitivity::sensitivities;
pub use tipping::tipping;
pub(in crate::report) use together::{push_alone, push_joint, varied};
pub use warm_up::warm_up;

use super::text::push_wrapped;
use crate::measures::Measure;
use crate::report::direction;
use crate::report::numbers::plain;

/// Decimals for numbers of this size.
pub(in crate::report) fn digits(largest: f64) -> usize {
    match largest {
        100.0.. => 1,
        1.0.. => 2,
        _ => 3,
    }
}

pub(super) fn percent(share: f64) -> String {
    format!("{}%", plain(100.0 * share, 0))
}

/// So many values.
pub(super) fn values(many: usize) -> String {
    match many {
        1 => "1 value".to_owned(),
        many => format!("{many} values"),
    }
}

/// The unit of a difference: a difference of percentages is in points.
pub(super) fn unit_of(measure: &Measure) -> &'static str {
    match measure.unit {
        "%" => "percentage points",
        unit => unit,
    }
}

fn push_title(text: &mut String, measure: &Measure) {
    let title = format!(
        "{} ({}; {})",
        measure.name,
        measure.unit,
        direction(measure.direction)
    );
    push_wrapped(text, &title, 2);
}

fn push_without(text: &mut String, without: &[&'static Measure]) {
    for measure in without {
        text.push('\n');
        let sentence = format!(
            "{}: in some run there was nothing to measure, so nothing is said of it.",
            measure.name
        );
        push_wrapped(text, &sentence, 2);
    }
}
