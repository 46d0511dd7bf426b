//! Who gains and who does not.

use super::{Context, difference, estimate};
use crate::analysis::{Estimate, OfGroup};
use crate::experiment::results::Named;
use crate::report::numbers::decimals;
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
             nothing is ranked by them.",
        ));
        blocks.extend(charts);
        blocks.extend(by_need);
        blocks.extend(by_area);
    }
    let changed = claims::discordance(summary);
    let charts = context.charts(&["discordance"]);
    if !changed.is_empty() || !charts.is_empty() {
        blocks.push(heading("who-changed", "Children whose outcome changes"));
        blocks.push(note(
            "Most changes of single outcomes are no merit of a structure. Queues reshuffle who waits, so \
             many outcomes change when a single referral comes a week late. Only the net change counts \
             for or against a structure.",
        ));
        blocks.extend(charts);
        if !changed.is_empty() {
            blocks.push(Block::Claims { items: changed });
        }
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
        id: "who",
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
        let mut cells = vec![Cell::from(context.name(place))];
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
                    let mut cell = estimate(value, decimals(&column).max(decimals(&[value])));
                    if context.is_comparing() {
                        cell.sort = Some(0.0);
                        cell.below = format!("baseline; {}", cell.below);
                    }
                    cell
                }
                _ => difference(here.and_then(|it| it.difference), decimals(&column)),
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
