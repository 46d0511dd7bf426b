//! Tables of how far children come: the funnel, true and recorded, outcomes against the baseline, and
//! the same measures by need and area.

use super::{
    Column, HIGH, LOW, NOTE, STRUCTURE, Table, UNIT, column, note, number, structure_id, three,
};
use crate::analysis::{Discordance, OfGroup, Summary};
use crate::experiment::results::Named;
use crate::measures::Outcome;

const DIFFERENCE: Column = column(
    "difference",
    "The structure's value less the baseline's, paired within trials; empty for the baseline.",
);
const DIFFERENCE_LOW: Column = column("difference_low_95", "Lower end of its interval.");
const DIFFERENCE_HIGH: Column = column("difference_high_95", "Upper end of its interval.");

pub(super) fn funnel(summary: &Summary) -> Table {
    let rows = summary
        .funnel
        .iter()
        .map(|reached| {
            let need = reached
                .need
                .map_or("all", |need| summary.needs[need].id.as_str());
            let [per_10k, low, high] = three(reached.per_10k, 1.0);
            let [share, low_share, high_share] = three(reached.share, 1.0);
            let [difference, low_difference, high_difference] =
                three(reached.share_difference, 1.0);
            vec![
                structure_id(summary, reached.structure),
                need.to_owned(),
                reached.step.id().to_owned(),
                per_10k,
                low,
                high,
                share,
                low_share,
                high_share,
                difference,
                low_difference,
                high_difference,
            ]
        })
        .collect();
    Table {
        file: "funnel.csv",
        about: "From need to help: need spells begun in the observed time, by how far they came.",
        columns: const {
            &[
                STRUCTURE,
                column("need", "Id of the need, or `all`."),
                column("step", "Id of the step; worded in dictionary.csv."),
                column(
                    "per_10k_children_per_year",
                    "Need spells that reached it, for 10,000 children a year.",
                ),
                LOW,
                HIGH,
                column(
                    "percent_of_spells",
                    "... in percent of the need spells begun.",
                ),
                column("percent_low_95", "Lower end of its interval."),
                column("percent_high_95", "Upper end of its interval."),
                column(
                    "percent_difference",
                    "That share less the baseline's, in percentage points; empty for the baseline.",
                ),
                DIFFERENCE_LOW,
                DIFFERENCE_HIGH,
            ]
        },
        rows,
    }
}

pub(super) fn recorded(summary: &Summary) -> Table {
    let rows = summary
        .recorded
        .iter()
        .map(|recorded| {
            let [truth, low_truth, high_truth] = three(recorded.truth, 1.0);
            let [record, low_record, high_record] = three(recorded.record, 1.0);
            let [gap, low_gap, high_gap] = three(recorded.gap, 1.0);
            vec![
                structure_id(summary, recorded.structure),
                recorded.what.id(),
                recorded.what.unit().to_owned(),
                truth,
                low_truth,
                high_truth,
                record,
                low_record,
                high_record,
                gap,
                low_gap,
                high_gap,
            ]
        })
        .collect();
    Table {
        file: "recorded.csv",
        about: "What the services' own records would show beside what is true. Records begin when a \
                handoff reaches a door: what is lost on the way, and the time before, is in none.",
        columns: const {
            &[
                STRUCTURE,
                column(
                    "quantity",
                    "`begun-by-day-N`: handoffs begun within N days; `days-not-begun`: restricted mean \
                     up to 365; `re-referrals`: share of referrals within 12 months of an earlier one.",
                ),
                UNIT,
                column("true", "What is true."),
                column("true_low_95", "Lower end of its interval."),
                column("true_high_95", "Upper end of its interval."),
                column(
                    "recorded",
                    "What the records of the receiving services show.",
                ),
                column("recorded_low_95", "Lower end of its interval."),
                column("recorded_high_95", "Upper end of its interval."),
                column("gap", "The record less the truth, paired within trials."),
                column("gap_low_95", "Lower end of its interval."),
                column("gap_high_95", "Upper end of its interval."),
            ]
        },
        rows,
    }
}

pub(super) fn discordance(summary: &Summary) -> Table {
    let mut rows = Vec::new();
    let mut push = |id: &str, discordance: &Discordance| {
        let [gross, low_gross, high_gross] = three(discordance.gross, 1.0);
        let [net, low_net, high_net] = three(discordance.net, 1.0);
        for (baseline, cells) in Outcome::ALL.iter().zip(&discordance.table) {
            for (here, cell) in Outcome::ALL.iter().zip(cells) {
                rows.push(vec![
                    id.to_owned(),
                    baseline.id().to_owned(),
                    here.id().to_owned(),
                    number(*cell),
                    gross.clone(),
                    low_gross.clone(),
                    high_gross.clone(),
                    net.clone(),
                    low_net.clone(),
                    high_net.clone(),
                    note(summary),
                ]);
            }
        }
    };
    for (structure, discordance) in summary.structures.iter().zip(&summary.discordance) {
        if let Some(discordance) = discordance {
            push(&structure.id, discordance);
        }
    }
    if let Some(churn) = &summary.churn {
        push("churn", churn);
    }
    Table {
        file: "discordance.csv",
        about: "Children, domain by domain, by their outcome under the baseline and under each \
                structure, over the observed time. `churn` is the baseline against itself with one \
                referral a week late: so many outcomes change because queues reshuffle who waits.",
        columns: const {
            &[
                column("structure", "Id of the structure, or `churn`."),
                column(
                    "under_baseline",
                    "Id of the outcome under the baseline; worded in dictionary.csv.",
                ),
                column("here", "Id of the outcome under the structure."),
                column(
                    "children",
                    "Children and domains with both, mean over trials.",
                ),
                column(
                    "gross",
                    "Missed under one of the two and not the other, the same in all rows.",
                ),
                column("gross_low_95", "Lower end of its interval."),
                column("gross_high_95", "Upper end of its interval."),
                column(
                    "net",
                    "Missed here only, less missed under the baseline only.",
                ),
                column("net_low_95", "Lower end of its interval."),
                column("net_high_95", "Upper end of its interval."),
                NOTE,
            ]
        },
        rows,
    }
}

fn group_rows(summary: &Summary, found: &[OfGroup], groups: &[Named]) -> Vec<Vec<String>> {
    found
        .iter()
        .map(|row| {
            let [estimate, low, high] = three(row.estimate, 1.0);
            let [difference, low_difference, high_difference] = three(row.difference, 1.0);
            vec![
                structure_id(summary, row.structure),
                groups[row.group].id.clone(),
                row.quantity.id.to_owned(),
                row.quantity.unit.to_owned(),
                estimate,
                low,
                high,
                difference,
                low_difference,
                high_difference,
                note(summary),
            ]
        })
        .collect()
}

pub(super) fn equity_needs(summary: &Summary) -> Table {
    Table {
        file: "equity-needs.csv",
        about: "Who gains and who does not, by domain of need. Rates are for all children of the study.",
        columns: const {
            &[
                STRUCTURE,
                column("need", "Id of the need."),
                column(
                    "quantity",
                    "`known-missed`, `unknown-missed`: missed cases; `known-missed-share`: of known \
                     need spells; `unmet`: days of unmet need, known or not.",
                ),
                UNIT,
                column("estimate", "The estimate."),
                LOW,
                HIGH,
                DIFFERENCE,
                DIFFERENCE_LOW,
                DIFFERENCE_HIGH,
                NOTE,
            ]
        },
        rows: group_rows(summary, &summary.by_need, &summary.needs),
    }
}

pub(super) fn equity_areas(summary: &Summary) -> Table {
    Table {
        file: "equity-areas.csv",
        about: "Who gains and who does not, by area. Rates are for the children of the area.",
        columns: const {
            &[
                STRUCTURE,
                column("area", "Id of the area."),
                column(
                    "quantity",
                    "`known-missed`: known missed cases; `handoffs-begun-in-30-days`: of all handoffs \
                     started in the area; `referrals`; `unmet-known`: days of unmet need that somebody \
                     knew of.",
                ),
                UNIT,
                column("estimate", "The estimate."),
                LOW,
                HIGH,
                DIFFERENCE,
                DIFFERENCE_LOW,
                DIFFERENCE_HIGH,
                NOTE,
            ]
        },
        rows: group_rows(summary, &summary.by_area, &summary.areas),
    }
}
