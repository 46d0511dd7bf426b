//! When: the way from decision day to the end of the study.

use super::Context;
use crate::analysis::Series;
use crate::report::numbers::{period, plain};
use crate::report::page::claims;
use crate::report::page::parts::{Block, Cell, Section, Table, heading, paragraph};

pub(super) fn section(context: &Context) -> Option<Section> {
    let summary = context.summary;
    let mut blocks = Vec::new();
    let charts = context.charts(&["over-time", "course"]);
    let has_vesting = summary.vesting.iter().any(Option::is_some);
    if summary.break_even.is_empty() && charts.is_empty() && !has_vesting {
        return None;
    }
    let over = period(summary.observed);
    blocks.push(paragraph(match has_vesting {
        true => format!(
            "Month by month from decision day, over {over}. A structure that is changed to costs something \
             first: planning from decision day, the change itself on vesting day, and a dip after it."
        ),
        false => format!("Month by month over {over}. Nothing changes on the way."),
    }));
    blocks.extend(charts);
    if has_vesting {
        let mut table = Table::new("when-vesting", "From decision day to vesting day")
            .words("structure")
            .numbers("vesting day", "days after decision day");
        for (place, vesting) in summary.vesting.iter().enumerate() {
            table.row(
                Some(place),
                vec![
                    context.name(place).into(),
                    match vesting {
                        Some(days) => Cell {
                            sort: Some(days.get()),
                            ..Cell::from(plain(days.get(), 0))
                        },
                        None => Cell::from("nothing changes"),
                    },
                ],
            );
        }
        blocks.push(Block::Table(table.folded()));
    }
    for series in Series::BREAK_EVEN {
        let told = claims::break_even(summary, series);
        if told.is_empty() {
            continue;
        }
        blocks.push(heading(
            format!("when-{}", series.id()),
            format!("When what it cost at first is made up: {}", series.label()),
        ));
        blocks.push(paragraph(
            "The month from which on the sum of the differences from the baseline stays at or below zero \
             to the end of the study.",
        ));
        blocks.push(Block::Claims { items: told });
        blocks.extend(table_of(context, series).map(Block::Table));
    }
    Some(Section {
        id: "when".to_owned(),
        heading: match has_vesting {
            true => "When: the change and after".to_owned(),
            false => "When: month by month".to_owned(),
        },
        blocks,
    })
}

/// One row a structure, where they are too many for a sentence each.
fn table_of(context: &Context, series: Series) -> Option<Table> {
    let summary = context.summary;
    if summary.structures.len() <= super::FEW + 1 {
        return None;
    }
    let months = claims::months(summary, series);
    let caption = format!(
        "Break-even in {}, of {months} months observed",
        series.label()
    );
    let mut table = Table::new(format!("when-{}-table", series.id()), caption)
        .words("structure")
        .words("breaks even")
        .numbers(
            "trials",
            format!("that do by the end, of {}", summary.trials),
        );
    for even in summary
        .break_even
        .iter()
        .filter(|even| even.series == series)
    {
        let (text, below) = claims::break_even_in_short(even);
        let below = match below.as_str() {
            "" => String::new(),
            range => format!("95% interval: {range}"),
        };
        table.row(
            Some(even.structure),
            vec![
                context.name(even.structure).into(),
                Cell {
                    below,
                    ..Cell::from(text)
                },
                Cell {
                    sort: Some(even.trials as f64),
                    ..Cell::from(even.trials.to_string())
                },
            ],
        );
    }
    Some(table.sortable().files(&["break-even.csv"]))
}
