//! The headline measures, structure by structure.

use super::{Context, better, difference, estimate, strips};
use crate::analysis::{Compared, Estimate, Side, Told};
use crate::report::numbers::decimals;
use crate::report::page::parts::{Block, Cell, Section, Table, paragraph};
use crate::report::unit_of_difference;

/// Measures side by side.
const ACROSS: usize = 3;

pub(super) fn section(context: &Context) -> Section {
    let summary = context.summary;
    let mut blocks = Vec::new();
    if context.is_comparing() {
        blocks.push(paragraph(
            "Each structure met the same simulated children with the same luck, trial by trial; \
             differences are taken within trials. A column is sorted by its heading. What is hidden \
             here is hidden in every table of this page, not in its charts and sentences.",
        ));
        blocks.push(Block::Filter);
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
    blocks.push(Block::Table(further(context)));
    Section {
        id: "comparison",
        heading: "Comparison".to_owned(),
        blocks,
    }
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
    .numbers("estimate", "95% interval below");
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
    let (places, finer) = (decimals(&estimates), decimals(&differences));
    let strips = strips(&together);
    for (place, row) in compared.rows.iter().enumerate() {
        let mut cells = vec![
            Cell::from(context.name(place)),
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
        let mut cells = vec![Cell::from(context.name(place))];
        for compared in band {
            let row = &compared.rows[place];
            let together: Vec<Option<Estimate>> = (compared.rows.iter())
                .map(|row| row.simultaneous.or(row.difference))
                .collect();
            let places = decimals(&together);
            if place == 0 {
                let mut cell = estimate(row.estimate, places.max(decimals(&[row.estimate])));
                cell.title = format!("{}, {}", compared.measure.name, context.name(0));
                if context.is_comparing() {
                    cell.sort = Some(0.0);
                    cell.below = format!("baseline; {}", cell.below);
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
