//! How sure: chance, parameters, assumptions, and what the run warns of.

use super::{Context, evidence};
use crate::analysis::Estimate;
use crate::report::numbers::{count, decimals, plain};
use crate::report::page::parts::{Block, Cell, Section, Table, Text, heading, note, paragraph};
use crate::report::{caveat, terminal, unit_of_difference};

pub(super) fn section(context: &Context) -> Section {
    let summary = context.summary;
    let mut blocks = vec![heading("sure-chance", "Chance")];
    blocks.push(paragraph(format!(
        "{} trials; the trial is the unit of every interval. More trials narrow the intervals: four times \
         as many halve them. This is how wide they are now.",
        count(summary.trials as u64)
    )));
    blocks.push(Block::Table(half_widths(context)));
    blocks.push(heading("sure-parameters", "Parameters"));
    blocks.push(paragraph(
        "None was varied in this run: every parameter had the one value that is listed below. Ranges that \
         files state are shown and not drawn from, so no interval in this report holds the uncertainty \
         of a value. To see what one does, run again with another value (--set).",
    ));
    blocks.extend(varied_elsewhere(context));
    blocks.push(heading("sure-assumptions", "Assumptions"));
    blocks.extend(evidence::grades(context));
    blocks.extend(context.charts(&["evidence"]));
    blocks.push(heading("sure-warnings", "Warnings of this run"));
    let mut warnings =
        terminal::overload_warnings(&summary.overloads, &summary.structures, &summary.services);
    warnings.extend(terminal::drift_warnings(summary));
    warnings.extend(caveat(summary));
    if warnings.is_empty() {
        blocks.push(paragraph(
            "None: no service is offered more than it can do, the warm-up was long enough, and totals are \
             equal.",
        ));
    }
    blocks.extend(warnings.into_iter().map(|warning| {
        let text = warning.strip_prefix("Warning: ").unwrap_or(&warning);
        note(Text::with_links(text))
    }));
    Section {
        id: "sure".to_owned(),
        heading: "How sure".to_owned(),
        blocks,
    }
}

/// Where values were varied after all: in analyses that the report holds.
fn varied_elsewhere(context: &Context) -> Option<Block> {
    let analyses = &context.options.analyses;
    if analyses.is_empty() {
        return None;
    }
    let mut text = Text::from("What they can change is asked in runs of their own, told below: ");
    for (place, kept) in analyses.iter().enumerate() {
        if place > 0 {
            text = text.then(", ");
        }
        text = text
            .then("“")
            .link(kept.heading.clone(), &format!("#{}", kept.first_id()))
            .then("”");
    }
    Some(paragraph(text.then(".")))
}

fn half_widths(context: &Context) -> Table {
    let summary = context.summary;
    let mut table = Table::new(
        "sure-half-widths",
        "Half-widths of intervals of 95% that these trials reach",
    )
    .words("measure")
    .words("unit")
    .numbers("estimate", "of the baseline, ±");
    if context.is_comparing() {
        table = table
            .numbers("difference", "the widest, taken alone, ±")
            .numbers("difference", "the widest, held together, ±");
    }
    for compared in summary.forward() {
        let half = |estimate: Option<Estimate>| estimate.and_then(|it| it.half_width());
        let widest = |pick: fn(&crate::analysis::Row) -> Option<Estimate>| {
            let halves = compared.rows.iter().filter_map(|row| half(pick(row)));
            halves.fold(None, |widest: Option<f64>, half| {
                Some(widest.map_or(half, |widest| widest.max(half)))
            })
        };
        let differences: Vec<Option<Estimate>> =
            compared.rows.iter().map(|row| row.difference).collect();
        let baseline = compared.rows.first().and_then(|row| row.estimate);
        let places = decimals(&differences).max(decimals(&[baseline]));
        let cell = |half: Option<f64>| match half {
            Some(half) => Cell {
                sort: Some(half),
                ..Cell::from(plain(half, places))
            },
            None => Cell::from("none"),
        };
        let mut cells = vec![
            Cell::from(compared.measure.name),
            Cell::from(unit_of_difference(compared.measure)),
            cell(half(baseline)),
        ];
        if context.is_comparing() {
            cells.push(cell(widest(|row| row.difference)));
            cells.push(cell(widest(|row| row.simultaneous)));
        }
        table.row(None, cells);
    }
    table
}
