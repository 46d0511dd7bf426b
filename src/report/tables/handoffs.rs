//! Tables of handoffs: how they went by kind, by day, and by pair and stage.

use super::{HIGH, KIND, LOW, STRUCTURE, Table, UNIT, column, number, three};
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
