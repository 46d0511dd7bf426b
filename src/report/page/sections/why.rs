//! Where cases stood and where time went.

use super::{Context, estimate};
use crate::analysis::{Delays, Estimate};
use crate::measures::{Scope, Stage, Standing};
use crate::report::numbers::{decimals, plain};
use crate::report::page::claims;
use crate::report::page::parts::{Block, Cell, Section, Table, heading, paragraph};

/// Pairs of services shown for each structure.
const PAIRS: usize = 5;

pub(super) fn section(context: &Context) -> Section {
    let summary = context.summary;
    let mut blocks = vec![paragraph(match summary.scope {
        Scope::Network => {
            "Where cases were lost or gave up, and which stages a handoff waited in. This says where, \
             not what would have been otherwise."
        }
        Scope::Children | Scope::Both => {
            "Each missed case is counted twice over, and both accounts add up to the total: by where it \
             stood when its grace ran out, and by where the time of its grace went. This says where, \
             not what would have been otherwise: for that, run again with one mechanism switched off."
        }
    })];
    blocks.push(heading("why-causes", "Where missed cases stood"));
    let causes = claims::causes(summary);
    if !causes.is_empty() {
        blocks.push(match context.summary.structures.len() <= super::FEW {
            true => Block::Claims { items: causes },
            false => Block::Details {
                summary: "The largest group under each structure".to_owned(),
                blocks: vec![Block::Claims { items: causes }],
            },
        });
    }
    blocks.extend(context.charts(&["missed"]));
    blocks.extend(causes_table(context, false).map(Block::Table));
    blocks.extend(causes_table(context, true).map(Block::Table));
    blocks.push(heading("why-delays", "How long handoffs take"));
    blocks.extend(context.charts(&["not-begun", "ends", "stages"]));
    blocks.extend(stages(context).map(Block::Table));
    blocks.push(heading("why-seams", "Which joins lose and delay most"));
    blocks.push(paragraph(
        "Pairs of services between which most handoffs are lost, and those in which a begun handoff took \
         longest, under each structure. Pairs that a structure joins become handoffs within one \
         organisation: they do not vanish.",
    ));
    blocks.extend(context.charts(&["flow"]));
    blocks.extend(pairs(context, true).map(Block::Table));
    blocks.extend(pairs(context, false).map(Block::Table));
    let way = context.charts(&["funnel", "utilisation", "posts"]);
    if !way.is_empty() {
        let words = match summary.scope {
            Scope::Network => "How busy services are",
            Scope::Children | Scope::Both => "From need to help, and how busy services are",
        };
        blocks.push(heading("why-way", words));
        blocks.extend(way);
    }
    Section {
        id: "why".to_owned(),
        heading: "Why: causes, stages and joins".to_owned(),
        blocks,
    }
}

/// Missed cases by cause, by where they stood or by where the time went; one column a structure where
/// they are few, one row a structure where they are many.
fn causes_table(context: &Context, by_time: bool) -> Option<Table> {
    let summary = context.summary;
    let pick = |place: usize, standing: Standing| -> Option<f64> {
        let missed = &summary.missed[place];
        let cause = missed.causes.iter().find(|it| it.standing == standing);
        match (cause, by_time) {
            (Some(cause), true) => cause.time,
            (Some(cause), false) => Some(cause.stood),
            (None, _) => Some(0.0),
        }
    };
    let mut there: Vec<Standing> = Standing::ALL
        .iter()
        .copied()
        .filter(|standing| {
            context
                .structures()
                .any(|place| pick(place, *standing).is_some_and(|value| value > 0.0))
        })
        .collect();
    if there.is_empty() {
        return None;
    }
    there.sort_by(|one, other| {
        let of = |standing: Standing| pick(0, standing).unwrap_or(0.0);
        of(*other).total_cmp(&of(*one))
    });
    let (id, account) = match by_time {
        true => ("why-causes-time", "by where the time of grace went"),
        false => ("why-causes-stood", "by where they stood"),
    };
    let totals: Vec<Option<Estimate>> = summary.missed.iter().map(|missed| missed.total).collect();
    let places = decimals(&totals).max(1);
    let cell = |value: Option<f64>| match value {
        Some(value) => Cell {
            sort: Some(value),
            ..Cell::from(plain(value, places))
        },
        None => Cell::from("–"),
    };
    let mut table = Table::new(
        id,
        format!("Missed cases {account}, {}", summary.missed_unit),
    );
    if summary.structures.len() <= super::FEW {
        table = table.words("cause");
        for place in context.structures() {
            table = table.numbers(context.name(place), "").of_structure(place);
        }
        for standing in there {
            let mut cells = vec![Cell::from(standing.label())];
            cells.extend(
                context
                    .structures()
                    .map(|place| cell(pick(place, standing))),
            );
            table.row(None, cells);
        }
        let mut cells = vec![Cell::from("all")];
        cells.extend(totals.iter().map(|total| estimate(*total, places)));
        table.row(None, cells);
    } else {
        table = table.words("structure").numbers("all", "");
        for standing in &there {
            table = table.numbers(standing.label(), "");
        }
        for place in context.structures() {
            let mut cells = vec![
                Cell::from(context.label(place)),
                cell(totals[place].map(|total| total.value)),
            ];
            cells.extend(there.iter().map(|standing| cell(pick(place, *standing))));
            table.row(Some(place), cells);
        }
        table = table.sortable();
    }
    Some(table.folded().files(&["missed.csv"]))
}

/// Mean days in each stage of a begun handoff.
fn stages(context: &Context) -> Option<Table> {
    let summary = context.summary;
    let there: Vec<Stage> = Stage::ALL
        .iter()
        .copied()
        .filter(|stage| {
            let mut days = summary.stage_days.iter();
            days.any(|days| days.get(stage.index()).is_some_and(|days| *days > 0.0))
        })
        .collect();
    if there.is_empty() {
        return None;
    }
    let mut table = Table::new(
        "why-stages",
        "Mean days of a begun handoff in each stage; queues are marked, all else is the work of the seam",
    )
    .words("structure");
    for stage in &there {
        let unit = if stage.is_capacity() {
            "days, queue"
        } else {
            "days"
        };
        table = table.numbers(stage.label(), unit);
    }
    for place in context.structures() {
        let mut cells = vec![Cell::from(context.label(place))];
        cells.extend(there.iter().map(
            |stage| match summary.stage_days[place].get(stage.index()) {
                Some(days) => Cell {
                    sort: Some(*days),
                    ..Cell::from(plain(*days, 1))
                },
                None => Cell::from("–"),
            },
        ));
        table.row(Some(place), cells);
    }
    Some(table.sortable().folded().files(&["delays.csv"]))
}

/// The pairs with most losses, or with the longest handoffs, of each structure.
fn pairs(context: &Context, by_losses: bool) -> Option<Table> {
    let summary = context.summary;
    let weight = |delays: &Delays| match by_losses {
        true => Some(delays.per_year.lost).filter(|lost| *lost > 0.0),
        // A pair that is begun less than once a year has no mean to speak of.
        false => delays.days().filter(|_| delays.per_year.begun >= 1.0),
    };
    let (id, caption) = match by_losses {
        true => (
            "why-lost",
            "The pairs between which most handoffs are lost silently",
        ),
        false => (
            "why-longest",
            "The pairs with the longest handoffs, of those begun once a year or more",
        ),
    };
    let mut table = Table::new(id, caption)
        .words("structure")
        .words("from")
        .words("to")
        .words("kind")
        .numbers("started", "a year, all areas")
        .numbers("lost silently", "a year, all areas")
        .numbers("mean days", "of those begun");
    for place in context.structures() {
        let mut of: Vec<&Delays> = (summary.delays.iter())
            .filter(|delays| delays.structure == place && weight(delays).is_some())
            .collect();
        of.sort_by(|one, other| {
            let weight = |delays: &Delays| weight(delays).unwrap_or(0.0);
            weight(other).total_cmp(&weight(one))
        });
        for delays in of.into_iter().take(PAIRS) {
            let number = |value: f64| Cell {
                sort: Some(value),
                ..Cell::from(plain(value, 1))
            };
            table.row(
                Some(place),
                vec![
                    context.name(place).into(),
                    summary.sources[delays.from].name.as_str().into(),
                    summary.services[delays.to].name.as_str().into(),
                    delays.kind.label().into(),
                    number(delays.per_year.started),
                    number(delays.per_year.lost),
                    delays.days().map_or_else(|| Cell::from("–"), number),
                ],
            );
        }
    }
    let table = table.sortable().files(&["delays.csv"]);
    let few = summary.structures.len() <= super::FEW;
    (!table.rows.is_empty()).then(|| if few { table } else { table.folded() })
}
