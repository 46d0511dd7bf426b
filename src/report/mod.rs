//! What users see of a run: text, tables, charts, a manifest and the folder that holds them.
//!
//! Computes no statistic: every number shown stands in [`crate::analysis::Summary`]. Everything is
//! a function from plain values to text or bytes; only [`write`] touches the disk.

pub mod calibration;
pub mod charts;
pub mod equivalent;
pub mod events;
pub mod json;
pub mod manifest;
mod numbers;
pub mod page;
pub mod precision;
#[cfg(test)]
pub(crate) mod sample;
pub mod store;
pub mod story;
pub mod tables;
pub mod terminal;
pub mod uncertainty;
pub mod warm_up;
pub mod write;

use crate::analysis::{Summary, Total};
use crate::experiment::results::Results;
use crate::inquiry::story::Story;
use crate::inquiry::verify::Verification;
use crate::measures::{Direction, Measure};
use crate::scenario::Scenario;

/// One file of results, complete.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct File {
    /// Name in the folder of results.
    pub name: String,
    /// Its bytes.
    pub bytes: Vec<u8>,
}

impl File {
    /// A table with a header, in the form that spreadsheets open.
    ///
    /// # Panics
    ///
    /// When a row is longer or shorter than the header.
    pub(in crate::report) fn of_rows(
        name: &str,
        header: &[impl AsRef<[u8]>],
        rows: impl IntoIterator<Item = Vec<String>>,
    ) -> Self {
        let mut writer = csv::WriterBuilder::new()
            .terminator(csv::Terminator::CRLF)
            .from_writer("\u{feff}".as_bytes().to_vec());
        let written = writer.write_record(header).and_then(|()| {
            let mut rows = rows.into_iter();
            rows.try_for_each(|row| writer.write_record(row))
        });
        written.expect("rows as long as their header are always written to memory");
        Self {
            name: name.to_owned(),
            bytes: writer
                .into_inner()
                .expect("memory takes everything that is written"),
        }
    }
}

/// A run as reports need it.
#[derive(Debug, Clone, Copy)]
pub struct Run<'a> {
    /// What was run.
    pub scenario: &'a Scenario,
    /// What it left.
    pub results: &'a Results,
    /// What that says.
    pub summary: &'a Summary,
    /// Single children, told; none in a network study.
    pub stories: &'a [Story],
}

/// Every file that the inputs determine, to the last byte: all of a folder of results but its log.
pub fn files(run: &Run) -> Vec<File> {
    let subject = charts::Subject {
        summary: run.summary,
        scenario: run.scenario,
    };
    let charts = charts::all(&subject);
    let mut files = vec![manifest::file(run.scenario), store::file(run.results)];
    files.extend(tables::all(run.summary, run.scenario, &charts));
    files.extend(tables::workbook(run.summary, run.scenario));
    files.extend(tables::parquet(run.summary, run.scenario));
    files.extend(charts);
    if !run.stories.is_empty() {
        files.push(story::file(run.stories));
    }
    let options = page::Options::default();
    files.extend(page::files(run, &options));
    files
}

/// Every file of a verification, to the last byte.
pub fn verification_files(verification: &Verification, scenario: &Scenario) -> Vec<File> {
    let mut files = vec![manifest::verification_file(scenario)];
    files.extend(tables::of_verification(verification));
    files.push(File {
        name: VERIFICATION.to_owned(),
        bytes: (json::verification(verification, &scenario.study) + "\n").into_bytes(),
    });
    files
}

/// Name of the file that holds a verification as JSON.
const VERIFICATION: &str = "verify.json";

/// The names of all files that this program writes to a folder of results.
pub(crate) fn all_file_names() -> Vec<&'static str> {
    let of_verification = tables::VERIFICATION.into_iter().chain([VERIFICATION]);
    file_names().into_iter().chain(of_verification).collect()
}

/// The names of the files of a run.
pub fn file_names() -> Vec<&'static str> {
    let charts = charts::KINDS.iter().map(|kind| kind.file);
    [manifest::FILE, store::FILE]
        .into_iter()
        .chain(tables::FILES)
        .chain([tables::WORKBOOK, tables::PARQUET])
        .chain(charts)
        .chain([story::FILE, page::HTML, page::MARKDOWN])
        .collect()
}

/// What must stand beside every table and chart that compares: that totals are not equal, where they
/// are not.
pub fn caveat(summary: &Summary) -> Option<String> {
    let unequal = summary.unequal?;
    let what = match unequal.what {
        Total::Money => "running cost",
        Total::Posts => "posts",
    };
    let percent = |share: f64| numbers::signed(100.0 * share, 1);
    Some(format!(
        "Totals are not equal: {what} differ{} from the baseline's by {}% to {}% (means.csv).",
        if unequal.what == Total::Money {
            "s"
        } else {
            ""
        },
        percent(unequal.lowest),
        percent(unequal.highest)
    ))
}

/// The unit of a difference of this measure: shares differ by percentage points.
fn unit_of_difference(measure: &Measure) -> &'static str {
    match measure.unit {
        "%" => "percentage points",
        unit => unit,
    }
}

/// Words for the direction of a measure.
fn direction(direction: Direction) -> &'static str {
    match direction {
        Direction::LowerIsBetter => "less is better",
        Direction::HigherIsBetter => "more is better",
        Direction::Neutral => "neither way is better",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_files_of_a_run_are_those_that_are_named() {
        let results = sample::results(2);
        let mut study = sample::study();
        study.structures.truncate(2);
        let files = files(&Run {
            scenario: &study,
            results: &results,
            summary: &crate::analysis::summarise(&results),
            stories: &[story::sample::story()],
        });
        let names: Vec<&str> = files.iter().map(|file| file.name.as_str()).collect();
        assert_eq!(names, file_names());
    }
}
