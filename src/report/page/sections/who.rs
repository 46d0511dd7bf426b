//! Who gains and who does not.

use super::{Context, difference, estimate};
use crate::analysis::{Estimate, OfGroup};
use crate::experiment::results::Named;
use crate::report::numbers::{decimals, telling_decimals};
use crate::report::page::claims;
use crate::report::page::parts::{Block, Cell, Section, Table, heading, note, paragraph};

/// What is told of each group.
const TOLD: &str = "known-missed";

pub(super) fn section(context: &Context) -> Option<Section> {
    let summary = context.summary;
    let mut blocks = Vec::new();
    let by_need = of_groups(
        context,
        &summary.by_need,
        &summary.needs,
        ("need", "who-needs"),
    );
    let by_area = of_groups(
        context,
        &summary.by_area,
        &summary.areas,
        ("area", "who-areas"),
    );
    let charts = context.charts(&["equity"]);
    if !by_need.is_empty() || !by_area.is_empty() || !charts.is_empty() {
        blocks.push(heading("who-groups", "Needs and areas"));
        blocks.push(paragraph(
            "Known missed cases by need and by area: the baseline's estimate, and differences from it \
             with intervals of 95% taken one by one. Of twenty such intervals one misses the truth; \
             nothing is put in order by them.",
        ));
        blocks.extend(charts);
        blocks.extend(by_need);
        blocks.extend(by_area);
    }
    let mut changed = claims::discordance(summary);
    changed.extend(claims::churn(summary));
    let charts = context.charts(&["discordance"]);
    if !changed.is_empty() || !charts.is_empty() {
        blocks.push(heading("who-changed", "Children whose outcome changes"));
        blocks.push(note(
            "A change of one outcome is no merit of a structure by itself: queues reshuffle who waits, so \
             outcomes change by luck as well. How many change when a single referral comes a week late \
             stands beside. Only the net change counts for or against a structure.",
        ));
        blocks.extend(charts);
        if !changed.is_empty() {
            blocks.push(Block::Claims { items: changed });
        }
        blocks.extend(changes(context).map(Block::Table));
    }
    blocks.extend({
        let recorded = context.charts(&["recorded"]);
        let mut found = Vec::new();
        if !recorded.is_empty() {
            found.push(heading(
                "who-recorded",
                "What the services' own records would show",
            ));
            found.extend(recorded);
        }
        found
    });
    (!blocks.is_empty()).then(|| Section {
        id: "who".to_owned(),
        heading: "Who: needs, areas and single children".to_owned(),
        blocks,
    })
}

fn of_groups(
    context: &Context,
    found: &[OfGroup],
    groups: &[Named],
    (what, id): (&str, &str),
) -> Vec<Block> {
    let of = |structure: usize, group: usize| {
        found
            .iter()
            .find(|it| it.structure == structure && it.group == group && it.quantity.id == TOLD)
    };
    let Some(unit) = of(0, 0).map(|it| it.quantity.unit) else {
        return Vec::new();
    };
    let mut table =
        Table::new(id, format!("Known missed cases by {what}, {unit}")).words("structure");
    for group in groups {
        table = table.numbers(group.name.as_str(), "");
    }
    for place in context.structures() {
        let mut cells = vec![Cell::from(context.label(place))];
        for group in 0..groups.len() {
            let column: Vec<Option<Estimate>> = context
                .structures()
                .skip(1)
                .map(|structure| of(structure, group).and_then(|it| it.difference))
                .collect();
            let here = of(place, group);
            cells.push(match place {
                0 => {
                    let value = here.and_then(|it| it.estimate);
                    let mut cell = estimate(value, decimals(&[value]));
                    if context.is_comparing() {
                        cell.sort = Some(0.0);
                    }
                    cell
                }
                _ => difference(here.and_then(|it| it.difference), telling_decimals(&column)),
            });
        }
        table.row(Some(place), cells);
    }
    let file = format!("equity-{what}s.csv");
    let table = match context.is_comparing() {
        true => table.sortable(),
        false => table,
    };
    vec![Block::Table(table.files(&[&file]))]
}

/// Needs of children whose outcome changes, by structure, beside churn.
fn changes(context: &Context) -> Option<Table> {
    let summary = context.summary;
    if summary.discordance.iter().all(Option::is_none) {
        return None;
    }
    let mut table = Table::new(
        "who-changes",
        "Needs of children missed in one and not in the other, against the baseline; mean over trials",
    )
    .words("structure")
    .numbers("either way", "with its 95% interval")
    .numbers("net", "more missed here, with its 95% interval");
    for (place, found) in summary.discordance.iter().enumerate() {
        let Some(found) = found else { continue };
        table.row(
            Some(place),
            vec![
                context.label(place).into(),
                estimate(found.gross, 0),
                difference(found.net, 0),
            ],
        );
    }
    if let Some(churn) = summary.churn {
        table.row(
            None,
            vec![
                "The baseline's own twin, one referral a week late".into(),
                estimate(churn.gross, 0),
                difference(churn.net, 0),
            ],
        );
    }
    Some(table.sortable().files(&["discordance.csv"]))
}
