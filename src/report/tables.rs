//! The tables of a run as CSV files that open anywhere: tidy rows, units in headers or beside the
//! value, UTF-8 with a byte-order mark for Excel, and a dictionary of every column and measure.

mod cases;
mod dictionary;
mod handoffs;
mod means;
mod over_time;
mod parquet;
mod pathway;
mod places;
mod ranking;
mod scenario;
mod services;
mod verification;
mod workbook;

use crate::analysis::{Cause, Estimate, Summary};
use crate::measures::{Direction, Scope};
use crate::report::numbers::rounded;
use crate::report::{File, caveat, unit_of_difference};
use crate::scenario::Scenario;

/// The files of tables, in the order in which [`all`] makes them. Those of which a study has nothing
/// to say (no months, no needs, no other posts) are left out of a run.
pub const FILES: [&str; 30] = [
    "summary.csv",
    "differences.csv",
    "handoffs.csv",
    "not-begun.csv",
    "ends.csv",
    "stages.csv",
    "delays.csv",
    "missed.csv",
    "services.csv",
    "counts.csv",
    "trials.csv",
    "ranking.csv",
    "pairs.csv",
    "monthly.csv",
    "break-even.csv",
    "service-months.csv",
    "places.csv",
    "present.csv",
    "funnel.csv",
    "recorded.csv",
    "discordance.csv",
    "equity-needs.csv",
    "equity-areas.csv",
    "means.csv",
    "at-posts.csv",
    "cases.csv",
    "case-occasions.csv",
    "partitions.csv",
    "parameters.csv",
    "dictionary.csv",
];

/// The workbook that holds the same tables.
pub const WORKBOOK: &str = "tables.xlsx";

/// The rows by trial as Parquet.
pub const PARQUET: &str = "trials.parquet";

/// The files of tables of a verification.
pub const VERIFICATION: [&str; 2] = ["verify-tests.csv", "verify-queues.csv"];

/// A table before it is written.
#[derive(Debug, Clone, PartialEq)]
struct Table {
    file: &'static str,
    about: &'static str,
    columns: &'static [Column],
    rows: Vec<Vec<String>>,
}

/// A column: its name in the header and what it holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Column {
    name: &'static str,
    holds: &'static str,
}

const fn column(name: &'static str, holds: &'static str) -> Column {
    Column { name, holds }
}

const STRUCTURE: Column = column("structure", "Id of the structure.");
const STRUCTURE_NAME: Column = column("structure_name", "Name of the structure.");
const MEASURE: Column = column("measure", "Id of the measure; defined in dictionary.csv.");
const UNIT: Column = column("unit", "Unit of the values in the row.");
const LOW: Column = column(
    "low_95",
    "Lower end of the interval of 95%; empty if trials are too few.",
);
const HIGH: Column = column(
    "high_95",
    "Upper end of the interval of 95%; empty if trials are too few.",
);
const KIND: Column = column(
    "kind",
    "How close the two ends of the handoff are; `all` is every kind.",
);
const NOTE: Column = column("note", "What must be kept in mind when the row is quoted.");

pub use verification::of as of_verification;

/// Every table of a run as CSV, the dictionary last; it tells of these charts too.
pub fn all(summary: &Summary, scenario: &Scenario, charts: &[File]) -> Vec<File> {
    let tables = made(summary, scenario, charts);
    tables.iter().map(Table::to_file).collect()
}

/// The same tables in one Excel workbook; `None` in a program built without it.
pub fn workbook(summary: &Summary, scenario: &Scenario) -> Option<File> {
    workbook::of(&made(summary, scenario, &[]), summary, &scenario.study)
}

/// The rows by trial as Parquet, with what they mean; `None` in a program built without it.
pub fn parquet(summary: &Summary, scenario: &Scenario) -> Option<File> {
    parquet::of(summary, scenario)
}

fn made(summary: &Summary, scenario: &Scenario, charts: &[File]) -> Vec<Table> {
    let mut tables = vec![
        summary_table(summary),
        differences(summary),
        handoffs::handoffs(summary),
        handoffs::not_begun(summary),
        handoffs::ends(summary),
        handoffs::stages(summary),
        handoffs::delays(summary),
        missed(summary),
        services::services(summary),
        services::counts(summary),
        trials(summary),
    ];
    let further = [
        ranking::ranking(summary),
        ranking::pairs(summary),
        over_time::monthly(summary),
        over_time::break_even(summary),
        over_time::service_months(summary),
        places::places(summary),
        places::present(summary),
        pathway::funnel(summary),
        pathway::recorded(summary),
        pathway::discordance(summary),
        pathway::equity_needs(summary),
        pathway::equity_areas(summary),
        means::means(summary),
        means::at_posts(summary),
        cases::cases(summary),
        cases::occasions(summary),
        scenario::partitions(scenario),
        scenario::parameters(scenario),
    ];
    tables.extend(further.into_iter().filter(|table| !table.rows.is_empty()));
    tables.push(dictionary::of(summary, &tables, charts));
    tables
}

impl Table {
    fn to_file(&self) -> File {
        let mut writer = csv::WriterBuilder::new()
            .terminator(csv::Terminator::CRLF)
            .from_writer("\u{feff}".as_bytes().to_vec());
        let header = self.columns.iter().map(|column| column.name);
        writer
            .write_record(header)
            .expect("writing to memory cannot fail");
        for row in &self.rows {
            writer
                .write_record(row)
                .expect("every row has a cell for each column");
        }
        File {
            name: self.file.to_owned(),
            bytes: writer.into_inner().expect("writing to memory cannot fail"),
        }
    }
}

fn number(value: f64) -> String {
    rounded(value).to_string()
}

fn maybe(value: Option<f64>) -> String {
    value.map_or_else(String::new, number)
}

/// The value and the ends of its interval, multiplied by a factor, as three cells.
fn three(estimate: Option<Estimate>, factor: f64) -> [String; 3] {
    let interval = estimate.and_then(|estimate| estimate.interval);
    [
        estimate.map(|estimate| estimate.value),
        interval.map(|interval| interval.low),
        interval.map(|interval| interval.high),
    ]
    .map(|value| maybe(value.map(|value| factor * value)))
}

fn note(summary: &Summary) -> String {
    caveat(summary).unwrap_or_default()
}

/// Id of the structure at this place.
fn structure_id(summary: &Summary, place: usize) -> String {
    summary.structures[place].id.clone()
}

fn summary_table(summary: &Summary) -> Table {
    let mut rows = Vec::new();
    for compared in &summary.measures {
        for (structure, row) in summary.structures.iter().zip(&compared.rows) {
            let [estimate, low, high] = three(row.estimate, 1.0);
            rows.push(vec![
                compared.measure.id.to_owned(),
                compared.measure.name.to_owned(),
                compared.measure.unit.to_owned(),
                structure.id.clone(),
                structure.name.clone(),
                estimate,
                low,
                high,
                summary.trials.to_string(),
                note(summary),
            ]);
        }
    }
    Table {
        file: "summary.csv",
        about: "Each measure under each structure, over all trials.",
        columns: const {
            &[
                MEASURE,
                column("measure_name", "Name of the measure."),
                UNIT,
                STRUCTURE,
                STRUCTURE_NAME,
                column(
                    "estimate",
                    "The estimate; empty where nothing was there to be measured.",
                ),
                LOW,
                HIGH,
                column("trials", "Number of trials."),
                NOTE,
            ]
        },
        rows,
    }
}

fn differences(summary: &Summary) -> Table {
    let mut rows = Vec::new();
    let Some(baseline) = summary.structures.first() else {
        unreachable!("a study has a baseline");
    };
    for compared in &summary.measures {
        let structures = summary.structures.iter().zip(&compared.rows);
        for (structure, row) in structures.skip(1) {
            let [difference, low, high] = three(row.difference, 1.0);
            let [_, low_together, high_together] = three(row.simultaneous, 1.0);
            let clear = row.difference.map_or("", |difference| {
                if difference.is_clear_of_zero() {
                    "yes"
                } else {
                    "no"
                }
            });
            rows.push(vec![
                compared.measure.id.to_owned(),
                unit_of_difference(compared.measure).to_owned(),
                structure.id.clone(),
                structure.name.clone(),
                baseline.id.clone(),
                difference,
                low,
                high,
                low_together,
                high_together,
                clear.to_owned(),
                better(compared.measure.direction).to_owned(),
                summary.trials.to_string(),
                note(summary),
            ]);
        }
    }
    Table {
        file: "differences.csv",
        about: "Each structure less the baseline, paired within trials that share children and luck.",
        columns: const {
            &[
                MEASURE,
                UNIT,
                STRUCTURE,
                STRUCTURE_NAME,
                column("baseline", "Id of the structure it is compared with."),
                column("difference", "The structure's value less the baseline's."),
                LOW,
                HIGH,
                column(
                    "low_95_together",
                    "Lower end of the interval that holds together with those of all structures; \
                     only for measures that stand forward.",
                ),
                column("high_95_together", "Upper end of the same."),
                column(
                    "interval_leaves_out_zero",
                    "`yes` or `no`; `no` cannot be told from chance.",
                ),
                column(
                    "better",
                    "Which way is better for children: `lower`, `higher` or `neither`.",
                ),
                column("trials", "Number of paired trials."),
                NOTE,
            ]
        },
        rows,
    }
}

fn better(direction: Direction) -> &'static str {
    match direction {
        Direction::LowerIsBetter => "lower",
        Direction::HigherIsBetter => "higher",
        Direction::Neutral => "neither",
    }
}

fn missed(summary: &Summary) -> Table {
    let mut rows = Vec::new();
    for (structure, missed) in summary.structures.iter().zip(&summary.missed) {
        let row = |need: &str, cause: &str, cells: [String; 4]| {
            let mut row = vec![structure.id.clone(), need.to_owned(), cause.to_owned()];
            row.extend(cells);
            row.push(summary.missed_unit.to_owned());
            row
        };
        let of_cause = |need: &str, cause: &Cause| {
            row(
                need,
                cause.standing.id(),
                [
                    number(cause.stood),
                    maybe(cause.time),
                    String::new(),
                    String::new(),
                ],
            )
        };
        let [total, low, high] = three(missed.total, 1.0);
        let time_total = match summary.scope {
            Scope::Network => String::new(),
            Scope::Children | Scope::Both => total.clone(),
        };
        rows.push(row("all", "total", [total, time_total, low, high]));
        rows.extend(missed.causes.iter().map(|cause| of_cause("all", cause)));
        for need in &missed.by_need {
            rows.extend(
                need.causes
                    .iter()
                    .map(|cause| of_cause(&need.need.id, cause)),
            );
        }
    }
    Table {
        file: "missed.csv",
        about: "Missed cases by need and cause, in two accounts that each add up to the total.",
        columns: const {
            &[
                STRUCTURE,
                column("need", "Id of the need, or `all`."),
                column(
                    "cause",
                    "Id of where a case can stand, worded in dictionary.csv, or `total`.",
                ),
                column(
                    "by_where_it_stood",
                    "Cases that stood there when their grace ran out.",
                ),
                column(
                    "by_where_time_went",
                    "The same cases shared out by where the time of their grace went, need by need; \
                 empty in a network study.",
                ),
                LOW,
                HIGH,
                UNIT,
            ]
        },
        rows,
    }
}

fn trials(summary: &Summary) -> Table {
    let mut rows = Vec::new();
    for trial in 0..summary.trials {
        for (place, structure) in summary.structures.iter().enumerate() {
            for compared in &summary.measures {
                rows.push(vec![
                    (trial + 1).to_string(),
                    structure.id.clone(),
                    compared.measure.id.to_owned(),
                    maybe(compared.rows[place].by_trial[trial]),
                    compared.measure.unit.to_owned(),
                ]);
            }
        }
    }
    Table {
        file: "trials.csv",
        about: "Each measure in each trial. Trials are paired: the same number is the same world.",
        columns: const {
            &[
                column("trial", "Number of the trial, from 1."),
                STRUCTURE,
                MEASURE,
                column(
                    "value",
                    "The value in this trial; empty where nothing was there to be measured.",
                ),
                UNIT,
            ]
        },
        rows,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::sample;

    fn text(summary: &Summary, name: &str) -> String {
        let file = all(summary, &sample::study(), &[])
            .into_iter()
            .find(|file| file.name == name)
            .unwrap();
        String::from_utf8(file.bytes).unwrap()
    }

    fn records(text: &str) -> Vec<csv::StringRecord> {
        let text = text.strip_prefix('\u{feff}').expect("Excel needs the mark");
        csv::Reader::from_reader(text.as_bytes())
            .records()
            .collect::<Result<_, _>>()
            .unwrap()
    }

    #[test]
    fn the_dictionary_defines_every_column_of_every_file() {
        let summary = sample::children(2);
        let dictionary = records(&text(&summary, "dictionary.csv"));
        for file in all(&summary, &sample::study(), &[]) {
            let bytes = String::from_utf8(file.bytes).unwrap();
            let header = bytes.trim_start_matches('\u{feff}').lines().next().unwrap();
            for name in header.split(',') {
                let is_defined = dictionary.iter().any(|row| {
                    &row[0] == "column"
                        && row[1] == file.name
                        && &row[2] == name
                        && !row[3].is_empty()
                });
                assert!(is_defined, "{name} of {}", file.name);
            }
        }
    }

    #[test]
    fn the_dictionary_names_what_the_cells_name() {
        let summary = sample::children(2);
        let dictionary = records(&text(&summary, "dictionary.csv"));
        let is_defined = |what: &str, name: &str| {
            dictionary
                .iter()
                .any(|row| &row[0] == what && &row[2] == name)
        };
        for row in records(&text(&summary, "missed.csv")) {
            assert!(
                &row[2] == "total" || is_defined("standing", &row[2]),
                "{}",
                &row[2]
            );
        }
        for row in records(&text(&summary, "delays.csv")) {
            assert!(is_defined("stage", &row[4]) && is_defined("kind of handoff", &row[1]));
        }
        for row in records(&text(&summary, "trials.csv")) {
            assert!(is_defined("measure", &row[2]), "{}", &row[2]);
        }
    }

    #[test]
    fn both_accounts_of_missed_cases_add_up_in_the_file() {
        let summary = sample::children(3);
        let rows = records(&text(&summary, "missed.csv"));
        for structure in &summary.structures {
            for account in [3, 4] {
                let sum = |is_total: bool, of_all: bool| -> f64 {
                    rows.iter()
                        .filter(|row| row[0] == structure.id)
                        .filter(|row| (&row[2] == "total") == is_total)
                        .filter(|row| (&row[1] == "all") == of_all)
                        .map(|row| row[account].parse::<f64>().unwrap())
                        .sum()
                };
                let total = sum(true, true);
                assert!(total > 1.0);
                assert!((sum(false, true) - total).abs() < 1e-9 * total);
                assert!((sum(false, false) - total).abs() < 1e-9 * total);
            }
        }
    }

    #[test]
    fn unequal_totals_are_said_in_every_row_that_is_quoted() {
        let summary = sample::children(8);
        let note = caveat(&summary).unwrap();
        assert!(
            note.contains("running cost") && note.contains("+1.2%"),
            "{note}"
        );
        for row in records(&text(&summary, "differences.csv")) {
            assert_eq!(row[13], note);
        }
        assert!(text(&summary, "summary.csv").contains(&note));
        assert!(text(&summary, "dictionary.csv").contains(&note));
    }

    #[test]
    fn what_a_study_does_not_have_has_no_file() {
        let names: Vec<String> = all(&sample::network(2), &sample::study(), &[])
            .into_iter()
            .map(|file| file.name)
            .collect();
        for name in ["funnel.csv", "means.csv", "at-posts.csv", "discordance.csv"] {
            assert!(!names.iter().any(|file| file == name), "{name}");
        }
        assert!(names.iter().any(|name| name == "monthly.csv"));
    }

    #[test]
    fn months_add_up_to_the_break_even_table() {
        let summary = sample::children(3);
        let months = records(&text(&summary, "monthly.csv"));
        let last = months
            .iter()
            .rfind(|row| row[0] == summary.structures[2].id && &row[1] == "known-missed")
            .unwrap();
        let even = records(&text(&summary, "break-even.csv"));
        let row = even
            .iter()
            .find(|row| row[0] == summary.structures[2].id && &row[1] == "known-missed")
            .unwrap();
        let ends_below = last[9].parse::<f64>().unwrap() <= 0.0;
        assert_eq!(ends_below, !row[3].is_empty());
    }

    #[test]
    fn the_baseline_has_no_row_among_the_differences() {
        let summary = sample::children(4);
        let rows = records(&text(&summary, "differences.csv"));
        assert_eq!(rows.len(), 3 * summary.measures.len());
        assert!(rows.iter().all(|row| row[2] != summary.structures[0].id));
        assert!(rows.iter().all(|row| row[13].is_empty()));
    }

    #[test]
    fn every_trial_has_a_row_for_each_structure_and_measure() {
        let summary = sample::network(2);
        let rows = records(&text(&summary, "trials.csv"));
        assert_eq!(rows.len(), 12 * 2 * summary.measures.len());
    }

    #[test]
    fn a_small_summary_table_is_as_it_was() {
        insta::assert_snapshot!(text(&sample::network(1), "summary.csv"));
    }
}
