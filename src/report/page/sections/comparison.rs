//! The headline measures, structure by structure.

use super::{Context, better, difference, estimate, strips};
use crate::analysis::{Compared, Estimate, Side, Told};
use crate::report::numbers::{decimals, plain, telling_decimals};
use crate::report::page::parts::{Block, Cell, Section, Table, heading, paragraph};
use crate::report::terminal::places;
use crate::report::unit_of_difference;

/// Measures side by side.
const ACROSS: usize = 4;

pub(super) fn section(context: &Context) -> Section {
    let summary = context.summary;
    let mut blocks = Vec::new();
    if context.is_comparing() {
        blocks.push(paragraph(
            "Every structure meets the same simulated cases with the same luck, trial by trial; \
             differences are taken within trials. Where a script runs, the heading of a column sorts it.",
        ));
        if summary.structures.len() > 2 {
            blocks.push(Block::Filter);
        }
    }
    if let Some(compared) = summary.measure(summary.primary.id) {
        blocks.push(Block::Table(primary(context, compared)));
    }
    let others: Vec<&Compared> = (summary.forward())
        .filter(|compared| compared.measure.id != summary.primary.id)
        .collect();
    for (number, band) in others.chunks(ACROSS).enumerate() {
        blocks.push(Block::Table(side_by_side(context, band, number)));
    }
    blocks.extend(context.charts(&["differences"]));
    if !summary.delayed.is_empty() {
        blocks.push(heading(
            "comparison-considered",
            "Numbers of places considered",
        ));
        blocks.push(paragraph(
            "Nobody is turned away by these: they say who would have found no place. Theory stands beside \
             what was simulated where it knows how many are present.",
        ));
        blocks.extend(context.charts(&["places"]));
        blocks.push(Block::Table(considered(context)));
    }
    blocks.push(Block::Table(further(context)));
    Section {
        id: "comparison".to_owned(),
        heading: "Comparison".to_owned(),
        blocks,
    }
}

/// Who would have found no place, and how often none is free.
fn considered(context: &Context) -> Table {
    let summary = context.summary;
    let mut table = Table::new("comparison-places", "What numbers of places would mean")
        .words("structure")
        .words("places")
        .numbers("would be delayed", "% of cases")
        .numbers("by theory", "% of cases")
        .numbers("no place free", "% of the time")
        .numbers("by theory", "% of the time");
    let simulated = |value: Option<Estimate>| estimate(value.map(places::in_percent), 2);
    let exact = |value: Option<f64>| match value {
        Some(value) => Cell {
            sort: Some(value),
            ..Cell::from(plain(100.0 * value, 2))
        },
        None => Cell::from("not known"),
    };
    for it in &summary.delayed {
        table.row(
            Some(it.structure),
            vec![
                context.label(it.structure).into(),
                places::name(it, summary).into(),
                simulated(it.delayed),
                exact(it.exact.map(|exact| exact.delayed)),
                simulated(it.none_free),
                exact(it.exact.map(|exact| exact.none_free)),
            ],
        );
    }
    table.sortable().files(&["places.csv"])
}

fn primary(context: &Context, compared: &Compared) -> Table {
    let summary = context.summary;
    let measure = compared.measure;
    let mut table = Table::new(
        "comparison-primary",
        format!(
            "{}, {} ({})",
            measure.name,
            measure.unit,
            better(measure.direction)
        ),
    )
    .words("structure")
    .numbers("estimate", "with its 95% interval");
    let differences: Vec<Option<Estimate>> =
        compared.rows.iter().map(|row| row.difference).collect();
    let together: Vec<Option<Estimate>> = (compared.rows.iter())
        .map(|row| row.simultaneous.or(row.difference))
        .collect();
    if context.is_comparing() {
        table = table
            .numbers("difference", "from the baseline, taken alone")
            .numbers(
                "interval that holds together",
                "over all structures; line: zero",
            )
            .words("what can be told")
            .sortable();
    }
    let estimates: Vec<Option<Estimate>> = compared.rows.iter().map(|row| row.estimate).collect();
    let finer = telling_decimals(&together).max(decimals(&differences));
    let places = decimals(&estimates).max(1);
    let strips = strips(&together);
    for (place, row) in compared.rows.iter().enumerate() {
        let mut cells = vec![
            Cell::from(context.label(place)),
            estimate(row.estimate, places),
        ];
        if context.is_comparing() && place == 0 {
            cells.extend([baseline(), Cell::from("–"), Cell::from("baseline")]);
        } else if context.is_comparing() {
            cells.push(difference(row.difference, finer));
            cells.push(held_together(together[place], finer, strips[place]));
            cells.push(told(row.told(summary.trials), measure.unit.starts_with("per ")).into());
        }
        table.row(Some(place), cells);
    }
    table.files(&["summary.csv", "differences.csv", "ranking.csv", "pairs.csv"])
}

/// The baseline sorts as no difference.
fn baseline() -> Cell {
    Cell {
        sort: Some(0.0),
        ..Cell::from("baseline")
    }
}

fn held_together(
    together: Option<Estimate>,
    places: usize,
    strip: Option<crate::report::page::parts::Strip>,
) -> Cell {
    let cell = difference(together, places);
    let title = format!("{} ({})", words(&cell), cell.below);
    Cell {
        text: cell.below.clone().into(),
        below: String::new(),
        strip,
        title,
        sort: cell.sort,
    }
}

fn words(cell: &Cell) -> String {
    cell.text.0.iter().map(|span| span.text.as_str()).collect()
}

fn told(told: Option<Told>, is_count: bool) -> String {
    let side = |side: Side| match (side, is_count) {
        (Side::Lower, true) => "fewer",
        (Side::Higher, true) => "more",
        (Side::Lower, false) => "lower",
        (Side::Higher, false) => "higher",
    };
    match told {
        Some(Told::Clear(it)) => format!("clearly {}", side(it)),
        Some(Told::Likely(it)) => format!("likely {}", side(it)),
        Some(Told::CannotTell) | None => "cannot tell".to_owned(),
    }
}

/// Several measures: the baseline's estimates, the others' differences.
fn side_by_side(context: &Context, band: &[&Compared], number: usize) -> Table {
    let summary = context.summary;
    let caption = match context.is_comparing() {
        true => format!(
            "Further headline measures, part {}: the baseline's estimate, and differences from it with \
             the interval that holds together",
            number + 1
        ),
        false => format!("Further headline measures, part {}", number + 1),
    };
    let mut table = Table::new(format!("comparison-{}", number + 1), caption).words("structure");
    for compared in band {
        let measure = compared.measure;
        let unit = match context.is_comparing() {
            true => unit_of_difference(measure),
            false => measure.unit,
        };
        table = table.numbers(
            measure.name,
            format!("{unit}; {}", better(measure.direction)),
        );
    }
    if context.is_comparing() {
        table = table.sortable();
    }
    for place in context.structures() {
        let mut cells = vec![Cell::from(context.label(place))];
        for compared in band {
            let row = &compared.rows[place];
            let together: Vec<Option<Estimate>> = (compared.rows.iter())
                .map(|row| row.simultaneous.or(row.difference))
                .collect();
            let places = telling_decimals(&together);
            if place == 0 {
                let mut cell = estimate(row.estimate, decimals(&[row.estimate]));
                cell.title = format!("{}, {}", compared.measure.name, context.name(0));
                if context.is_comparing() {
                    cell.sort = Some(0.0);
                }
                cells.push(cell);
            } else {
                let mut cell = difference(together[place], places);
                let is_count = compared.measure.unit.starts_with("per ");
                cell.title = format!(
                    "{}, {}: {}",
                    compared.measure.name,
                    context.name(place),
                    told(row.told(summary.trials), is_count)
                );
                if row.told(summary.trials) == Some(Told::CannotTell) && !cell.below.is_empty() {
                    cell.below.push_str("; cannot tell");
                }
                cells.push(cell);
            }
        }
        table.row(Some(place), cells);
    }
    table.files(&["summary.csv", "differences.csv"])
}

/// Every other measure: the baseline's value, and the range of differences in the file.
fn further(context: &Context) -> Table {
    let summary = context.summary;
    let few = context.summary.structures.len() <= super::FEW;
    let mut table = Table::new(
        "comparison-further",
        match few {
            true => "Every measure of the study, by structure",
            false => {
                "Every measure of the study under the baseline; all structures are in summary.csv"
            }
        },
    )
    .words("measure")
    .words("unit");
    let shown: Vec<usize> = match few {
        true => context.structures().collect(),
        false => vec![0],
    };
    for place in &shown {
        table = table.numbers(context.name(*place), "").of_structure(*place);
    }
    for compared in summary
        .measures
        .iter()
        .filter(|compared| compared.is_there())
    {
        let estimates: Vec<Option<Estimate>> =
            compared.rows.iter().map(|row| row.estimate).collect();
        let places = decimals(&estimates);
        let mut cells = vec![
            Cell::from(compared.measure.name),
            Cell::from(compared.measure.unit),
        ];
        cells.extend(
            shown
                .iter()
                .map(|place| estimate(estimates[*place], places)),
        );
        table.row(None, cells);
    }
    table.folded().files(&["summary.csv", "differences.csv"])
}
