//! Tables of handoffs: how they went by kind, by day, and by pair and stage.

use super::{HIGH, KIND, LOW, STRUCTURE, Table, UNIT, column, number, structure_id, three};
use crate::analysis::{BEGUN_BY, Handoffs, Summary};
use crate::measures::{HandoffEnd, HandoffKind, Stage};

fn kind_id(kind: Option<HandoffKind>) -> &'static str {
    kind.map_or("all", HandoffKind::id)
}

pub(super) fn handoffs(summary: &Summary) -> Table {
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

pub(super) fn not_begun(summary: &Summary) -> Table {
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

/// Days of the table of ends: each of the first thirty, then every fifth, to the horizon.
fn days_told(days: usize) -> impl Iterator<Item = usize> {
    (0..days).filter(|day| *day <= 30 || day.is_multiple_of(5))
}

pub(super) fn ends(summary: &Summary) -> Table {
    let mut rows = Vec::new();
    for handoffs in &summary.handoffs {
        for day in days_told(handoffs.by_day.len()) {
            let mut row = vec![
                structure_id(summary, handoffs.structure),
                kind_id(handoffs.kind).to_owned(),
                day.to_string(),
            ];
            // What is under way at the end of the study is no end: the last column is left out.
            let ends = &handoffs.by_day[day][..HandoffEnd::COUNT - 1];
            row.extend(ends.iter().map(|share| number(100.0 * share)));
            rows.push(row);
        }
    }
    Table {
        file: "ends.csv",
        about: "How handoffs have ended by day since the decision, by kind: what keeps one from being \
                begun is an end of its own. Every day to the 30th, then every fifth.",
        columns: const {
            &[
                STRUCTURE,
                KIND,
                column("day", "Whole days since the decision to pass the case on."),
                column("begun_percent", "Begun in less than so many days."),
                column("lost_percent", "Lost by then."),
                column("rejected_percent", "Turned away by then."),
                column("gave_up_percent", "Given up by then."),
                column("aged_out_percent", "Reached the upper age by then."),
                column("moved_percent", "Moved away by then."),
            ]
        },
        rows,
    }
}

pub(super) fn stages(summary: &Summary) -> Table {
    let mut rows = Vec::new();
    for (structure, days) in summary.stage_days.iter().enumerate() {
        let mut push = |stage: &str, stage_type: &str, days: f64| {
            rows.push(vec![
                structure_id(summary, structure),
                stage.to_owned(),
                stage_type.to_owned(),
                number(days),
            ]);
        };
        for (stage, days) in Stage::ALL.iter().zip(days) {
            push(stage.id(), stage_type(*stage), *days);
        }
        if let Some((seam, capacity)) = summary.seam_and_capacity_days(structure) {
            push("all", "seam", seam);
            push("all", "capacity", capacity);
        }
    }
    Table {
        file: "stages.csv",
        about: "Where the days of begun handoffs go: mean days in each stage, all pairs of services \
                together.",
        columns: const {
            &[
                STRUCTURE,
                column(
                    "stage",
                    "Id of the stage, worded in dictionary.csv; `all` is every stage of the type.",
                ),
                column(
                    "stage_type",
                    "`capacity`: a queue for staff or places; `seam`: the work of passing on.",
                ),
                column("mean_days", "Mean days in it of a begun handoff."),
            ]
        },
        rows,
    }
}

fn stage_type(stage: Stage) -> &'static str {
    if stage.is_capacity() {
        "capacity"
    } else {
        "seam"
    }
}

pub(super) fn delays(summary: &Summary) -> Table {
    let mut rows = Vec::new();
    for delays in &summary.delays {
        for (stage, days) in Stage::ALL.iter().zip(&delays.stage_days) {
            rows.push(vec![
                summary.structures[delays.structure].id.clone(),
                delays.kind.id().to_owned(),
                summary.sources[delays.from].id.clone(),
                summary.services[delays.to].id.clone(),
                stage.id().to_owned(),
                stage_type(*stage).to_owned(),
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
