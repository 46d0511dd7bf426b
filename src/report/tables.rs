//! The tables of a run as CSV files that open anywhere: tidy rows, units in headers or beside the
//! value, UTF-8 with a byte-order mark for Excel, and a dictionary of every column and measure.

mod dictionary;

use crate::analysis::{BEGUN_BY, Cause, Estimate, Handoffs, Summary};
use crate::measures::{Direction, HandoffEnd, HandoffKind, Scope, Stage};
use crate::report::numbers::rounded;
use crate::report::{File, caveat, unit_of_difference};

/// The files of tables, in the order in which [`all`] makes them.
pub const FILES: [&str; 10] = [
    "summary.csv",
    "differences.csv",
    "handoffs.csv",
    "not-begun.csv",
    "delays.csv",
    "missed.csv",
    "services.csv",
    "counts.csv",
    "trials.csv",
    "dictionary.csv",
];

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

/// Every table of a run, the dictionary last.
pub fn all(summary: &Summary) -> Vec<File> {
    let mut tables = vec![
        summary_table(summary),
        differences(summary),
        handoffs(summary),
        not_begun(summary),
        delays(summary),
        missed(summary),
        services(summary),
        counts(summary),
        trials(summary),
    ];
    tables.push(dictionary::of(summary.scope, &tables));
    tables.iter().map(Table::to_file).collect()
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

fn note(scope: Scope) -> String {
    caveat(scope).unwrap_or_default().to_owned()
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
                note(summary.scope),
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
                clear.to_owned(),
                better(compared.measure.direction).to_owned(),
                summary.trials.to_string(),
                note(summary.scope),
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

fn kind_id(kind: Option<HandoffKind>) -> &'static str {
    kind.map_or("all", HandoffKind::id)
}

fn handoffs(summary: &Summary) -> Table {
    Table {
        file: "handoffs.csv",
        about: "How handoffs went by structure and kind: how many were begun when, and how all ended.",
        columns: const {
            &[
                STRUCTURE,
                KIND,
                column(
                    "quantity",
                    "`started`; `begun-by-day-N`, a delay of less than N days; `days-not-begun`, the \
                 restricted mean up to 365 days; `ended-...`, the share of each end by day 365.",
                ),
                UNIT,
                column("estimate", "The estimate."),
                LOW,
                HIGH,
            ]
        },
        rows: summary
            .handoffs
            .iter()
            .flat_map(|handoffs| handoff_rows(summary, handoffs))
            .collect(),
    }
}

fn handoff_rows(summary: &Summary, handoffs: &Handoffs) -> Vec<Vec<String>> {
    let row = |quantity: String, unit: &str, [estimate, low, high]: [String; 3]| {
        vec![
            summary.structures[handoffs.structure].id.clone(),
            kind_id(handoffs.kind).to_owned(),
            quantity,
            unit.to_owned(),
            estimate,
            low,
            high,
        ]
    };
    let alone = |value: f64| [number(value), String::new(), String::new()];
    let mut rows = vec![row(
        "started".to_owned(),
        "handoffs a year",
        alone(handoffs.per_year),
    )];
    for (day, share) in BEGUN_BY.iter().zip(handoffs.begun_by) {
        rows.push(row(format!("begun-by-day-{day}"), "%", three(share, 100.0)));
    }
    rows.push(row(
        "days-not-begun".to_owned(),
        "days",
        three(handoffs.days_not_begun, 1.0),
    ));
    for (end, share) in HandoffEnd::ALL.iter().zip(&handoffs.ends) {
        if *end != HandoffEnd::Unfinished {
            rows.push(row(
                format!("ended-{}", end.id()),
                "%",
                alone(100.0 * share),
            ));
        }
    }
    rows
}

fn not_begun(summary: &Summary) -> Table {
    let mut rows = Vec::new();
    for (place, structure) in summary.structures.iter().enumerate() {
        let curve = summary
            .all_handoffs(place)
            .map(|handoffs| &handoffs.not_begun);
        for (day, share) in curve.into_iter().flatten().enumerate() {
            rows.push(vec![
                structure.id.clone(),
                day.to_string(),
                number(100.0 * share),
            ]);
        }
    }
    Table {
        file: "not-begun.csv",
        about: "The curves of chart-handoffs-not-begun.svg, all kinds of handoff together.",
        columns: const {
            &[
                STRUCTURE,
                column("day", "Whole days since the decision to pass the case on."),
                column(
                    "not_begun_percent",
                    "Share of handoffs not begun by then, never begun ones included.",
                ),
            ]
        },
        rows,
    }
}

fn delays(summary: &Summary) -> Table {
    let mut rows = Vec::new();
    for delays in &summary.delays {
        for (stage, days) in Stage::ALL.iter().zip(&delays.stage_days) {
            rows.push(vec![
                summary.structures[delays.structure].id.clone(),
                delays.kind.id().to_owned(),
                summary.sources[delays.from].id.clone(),
                summary.services[delays.to].id.clone(),
                stage.id().to_owned(),
                if stage.is_capacity() {
                    "capacity"
                } else {
                    "seam"
                }
                .to_owned(),
                number(*days),
                number(days * delays.per_year.begun),
                number(delays.per_year.started),
                number(delays.per_year.begun),
                number(delays.per_year.lost),
                number(delays.per_year.bounced),
                number(delays.per_year.rejected),
            ]);
        }
    }
    Table {
        file: "delays.csv",
        about: "Delay of begun handoffs by kind, pair of services and stage; the stages of a pair add \
                up to its delay.",
        columns: const {
            &[
                STRUCTURE,
                KIND,
                column(
                    "from",
                    "Id of the service or outside source that passes the case on.",
                ),
                column("to", "Id of the service that receives it."),
                column("stage", "Id of the stage; worded in dictionary.csv."),
                column(
                    "stage_type",
                    "`capacity`: a queue for staff or places; `seam`: the work of passing on.",
                ),
                column("mean_days", "Mean days in this stage for a begun handoff."),
                column(
                    "handoff_days_per_year",
                    "Days in this stage of all begun handoffs, a year.",
                ),
                column("started_per_year", "Handoffs of the pair started a year."),
                column("begun_per_year", "Handoffs of the pair begun a year."),
                column(
                    "lost_per_year",
                    "Handoffs of the pair lost silently a year.",
                ),
                column("bounced_per_year", "Times sent back or passed on a year."),
                column(
                    "rejected_per_year",
                    "Handoffs of the pair turned away a year.",
                ),
            ]
        },
        rows,
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

fn services(summary: &Summary) -> Table {
    let rows = summary
        .loads
        .iter()
        .map(|load| {
            vec![
                summary.structures[load.structure].id.clone(),
                summary.services[load.service].id.clone(),
                number(load.referrals),
                number(load.rereferrals),
                number(load.accepted),
                number(load.initial_assessments),
                number(load.core_assessments),
                number(load.joined),
                number(load.started),
                number(load.ended),
                number(load.gave_up),
                maybe(load.wait_days),
                number(load.waiting),
                number(load.served),
                number(load.served_at_end),
                maybe(load.places_in_use.map(|share| 100.0 * share)),
                maybe(load.screening_in_use.map(|share| 100.0 * share)),
                maybe(load.assessment_in_use.map(|share| 100.0 * share)),
            ]
        })
        .collect();
    Table {
        file: "services.csv",
        about: "What each service did, all areas together, mean over trials.",
        columns: const {
            &[
                STRUCTURE,
                column("service", "Id of the service."),
                column("referrals_per_year", "Referrals by sources to its door."),
                column(
                    "rereferrals_per_year",
                    "... within 12 months of an earlier one about the child.",
                ),
                column("accepted_per_year", "... accepted at screening."),
                column(
                    "initial_assessments_per_year",
                    "Initial assessments completed.",
                ),
                column("core_assessments_per_year", "Core assessments completed."),
                column("joined_per_year", "Cases that joined the waiting list."),
                column("started_per_year", "Cases that began to be served."),
                column("ended_per_year", "Cases that ended being served."),
                column("gave_up_per_year", "Cases that gave up waiting."),
                column(
                    "mean_wait_days",
                    "Mean days waited by those that began; empty if none did.",
                ),
                column("mean_waiting", "Mean number in the waiting list."),
                column("mean_served", "Mean number being served."),
                column(
                    "served_at_end",
                    "Number being served at the end of the study.",
                ),
                column(
                    "places_in_use_percent",
                    "Share of places in use; empty where unlimited.",
                ),
                column(
                    "screening_in_use_percent",
                    "Share of screening time in use; empty if none.",
                ),
                column(
                    "assessment_in_use_percent",
                    "Share of assessment places in use; empty if none.",
                ),
            ]
        },
        rows,
    }
}

fn counts(summary: &Summary) -> Table {
    let rows = summary
        .counts
        .iter()
        .map(|counted| {
            vec![
                summary.structures[counted.structure].id.clone(),
                counted.what.id().to_owned(),
                counted.what.label().to_owned(),
                number(counted.per_year),
                maybe(counted.per_10k_children),
            ]
        })
        .collect();
    Table {
        file: "counts.csv",
        about: "Everything that is simply counted, all areas together, mean over trials.",
        columns: const {
            &[
                STRUCTURE,
                column("count", "Id of what is counted."),
                column("count_name", "The same in words."),
                column("per_year", "Times a year."),
                column(
                    "per_10k_children_per_year",
                    "Times a year for 10,000 children; empty in a network study.",
                ),
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
        let file = all(summary)
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
        for file in all(&summary) {
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
    fn the_baseline_has_no_row_among_the_differences() {
        let summary = sample::children(4);
        let rows = records(&text(&summary, "differences.csv"));
        assert_eq!(rows.len(), 3 * summary.measures.len());
        assert!(rows.iter().all(|row| row[2] != summary.structures[0].id));
        assert!(rows.iter().all(|row| row[11].contains("not included")));
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
