//! The dictionary: every file, every column, every measure, and the words behind ids.

use super::{Column, Table, better, column};
use crate::analysis::{LARGEST_DRIFT, Series, Summary};
use crate::measures::{
    Direction, HandoffEnd, HandoffKind, IntervalMethod, MEASURES, Measure, Outcome, Overhead,
    Scope, Stage, Standing, Step,
};
use crate::report::{File, caveat, charts, store};

const COLUMNS: &[Column] = &[
    column(
        "what",
        "`file`, `column`, `measure`, `stage`, `standing`, `end`, `kind of handoff`, `outcome`, `step`, \
         `overhead`, `series` or `note`.",
    ),
    column(
        "file",
        "The file that a column stands in; empty for all else.",
    ),
    column("name", "Name of the file or column, or id of the thing."),
    column("definition", "What it is."),
    column("unit", "Unit of a measure."),
    column("counted", "What a measure counts."),
    column(
        "unfinished",
        "How a measure treats what was unfinished at the end.",
    ),
    column("better", "Which way of a measure is better for children."),
    column(
        "interval",
        "How the interval of a measure is made; the trial is the unit.",
    ),
];

/// Name of the file.
pub(super) const FILE: &str = "dictionary.csv";

/// The dictionary of these tables.
pub(super) fn of(summary: &Summary, tables: &[Table], charts: &[File]) -> Table {
    let scope = summary.scope;
    let about = "What every file, column and id means.";
    let mut rows = Vec::new();
    for table in tables {
        rows.push(plain("file", "", table.file, table.about));
        rows.extend(columns(table.file, table.columns));
    }
    rows.push(plain("file", "", FILE, about));
    rows.extend(columns(FILE, COLUMNS));
    for kind in charts::KINDS {
        if charts.iter().any(|chart| chart.name == kind.file) {
            rows.push(plain("file", "", kind.file, kind.shows));
        }
    }
    rows.push(plain(
        "file",
        "",
        super::WORKBOOK,
        "The tables as an Excel workbook, a sheet each; all but the rows by trial.",
    ));
    rows.push(plain(
        "file",
        "",
        super::PARQUET,
        "The rows of trials.csv as Parquet, with what they mean in its metadata.",
    ));
    rows.push(plain(
        "file",
        "",
        store::FILE,
        "Everything counted, by trial and structure, as JSON: what `seamline chart` and `seamline report` \
         make again from.",
    ));
    rows.push(plain(
        "file",
        "",
        "manifest.json",
        "All that determines the results: versions, seed, the text of every scenario file and its \
         SHA-256. Equal manifests have equal results.",
    ));
    rows.push(plain(
        "file",
        "",
        "run.log",
        "When the run was made, how long it took, on how many threads and by which command.",
    ));
    rows.extend(
        MEASURES
            .iter()
            .filter(|measure| measure.scope == Scope::Both || measure.scope == scope)
            .map(of_measure),
    );
    for stage in Stage::ALL {
        rows.push(plain("stage", "", stage.id(), stage.label()));
    }
    for standing in Standing::ALL {
        rows.push(plain("standing", "", standing.id(), standing.label()));
    }
    for end in HandoffEnd::ALL {
        rows.push(plain("end", "", end.id(), end.label()));
    }
    for kind in HandoffKind::ALL {
        rows.push(plain("kind of handoff", "", kind.id(), kind.label()));
    }
    for outcome in Outcome::ALL {
        rows.push(plain("outcome", "", outcome.id(), outcome.label()));
    }
    for step in Step::ALL {
        rows.push(plain("step", "", step.id(), step.label()));
    }
    for overhead in Overhead::ALL {
        rows.push(plain("overhead", "", overhead.id(), overhead.label()));
    }
    for series in Series::ALL {
        rows.push(plain("series", "", series.id(), series.label()));
    }
    rows.push(plain(
        "note",
        "",
        "intervals that hold together",
        "With a chance of 95% every difference of the family lies in its interval: the critical value \
         is the 95% quantile of the largest |t|, with the correlations that the trials show. Sentences \
         about several structures rest on these.",
    ));
    rows.push(plain(
        "note",
        "",
        "warm-up",
        &format!(
            "A warning is given when the baseline's known missed cases change from year to year by \
             more than {}% and by more than chance.",
            100.0 * LARGEST_DRIFT
        ),
    ));
    if let Some(caveat) = caveat(summary) {
        rows.push(plain("note", "", "caveat", &caveat));
    }
    Table {
        file: FILE,
        about,
        columns: COLUMNS,
        rows,
    }
}

fn columns(file: &str, columns: &[Column]) -> Vec<Vec<String>> {
    columns
        .iter()
        .map(|column| plain("column", file, column.name, column.holds))
        .collect()
}

fn plain(what: &str, file: &str, name: &str, definition: &str) -> Vec<String> {
    let mut row: Vec<String> = [what, file, name, definition].map(str::to_owned).into();
    row.resize(COLUMNS.len(), String::new());
    row
}

fn of_measure(measure: &Measure) -> Vec<String> {
    let mut row = plain("measure", "", measure.id, measure.definition);
    row.truncate(4);
    row.extend(
        [
            measure.unit,
            measure.unit_of_count,
            measure.censoring,
            match measure.direction {
                Direction::Neutral => "neither way",
                direction => better(direction),
            },
            match measure.interval {
                IntervalMethod::StudentT => "Student's t over trials",
                IntervalMethod::Jackknife => "jackknife over trials",
                IntervalMethod::Exact => "none: it follows from the scenario",
            },
        ]
        .map(str::to_owned),
    );
    row
}
