//! What services' own records would show beside what is true, quantity by quantity.

use super::canvas::{Heading, MARGIN, draw as page};
use super::columns::{Cell, Column, Grid, Mark};
use super::look::Look;
use super::rows::Legend;
use super::{palette, trials};
use crate::analysis::{Recordable, Recorded, Summary};
use crate::report::caveat;
use crate::report::numbers::plain;

/// The chart; `None` where nothing was both true and recorded.
pub(super) fn draw(summary: &Summary, look: &Look) -> Option<String> {
    let mut quantities: Vec<Recordable> = Vec::new();
    for it in &summary.recorded {
        if it.truth.is_some() && it.record.is_some() && !quantities.contains(&it.what) {
            quantities.push(it.what);
        }
    }
    if quantities.is_empty() {
        return None;
    }
    let columns = quantities
        .iter()
        .enumerate()
        .map(|(axis, what)| Column {
            name: name(*what),
            unit: what.unit().to_owned(),
            cells: (0..summary.structures.len())
                .map(|structure| cell(of(summary, structure, *what)))
                .collect(),
            reference: None,
            axis,
        })
        .collect();
    let names = summary.structures.iter().map(|it| it.name.as_str());
    let grid = Grid::of(names, columns);
    let legend = Legend::of(
        [
            ("true (disc)".to_owned(), palette::DARK_BLUE),
            ("as recorded by services (ring)".to_owned(), palette::WORSE),
        ],
        MARGIN,
    );
    let heading = Heading {
        id: "recorded",
        title: title(summary),
        subtitle: format!(
            "What is true, and what the receiving services' own records would show; {}. Numbers: true → \
             recorded. Lines through marks: 95% intervals. Records begin when a handoff reaches a door. \
             Each quantity has its own axis.",
            trials(summary)
        ),
        description: description(summary),
        caveat: caveat(summary),
    };
    let height = legend.height() + grid.height();
    let svg = page(&heading, look, height, |canvas, top| {
        legend.draw(canvas, top);
        grid.draw(canvas, top + legend.height());
    });
    Some(svg)
}

fn of(summary: &Summary, structure: usize, what: Recordable) -> Option<&Recorded> {
    let is = |it: &&Recorded| it.structure == structure && it.what == what;
    summary.recorded.iter().find(is)
}

fn name(what: Recordable) -> String {
    match what {
        Recordable::BegunBy(day) => format!("Begun within {day} days"),
        Recordable::DaysNotBegun => "Days not begun, up to 365".to_owned(),
        Recordable::Rereferrals => "Re-referrals".to_owned(),
    }
}

fn cell(found: Option<&Recorded>) -> Cell {
    let Some((truth, record)) = found.and_then(|it| Some((it.truth?, it.record?))) else {
        return Cell {
            told: "cannot tell".to_owned(),
            ..Cell::default()
        };
    };
    Cell {
        told: format!("{} → {}", plain(truth.value, 1), plain(record.value, 1)),
        marks: vec![
            Mark {
                estimate: truth,
                color: palette::DARK_BLUE,
                is_hollow: false,
            },
            Mark {
                estimate: record,
                color: palette::WORSE,
                is_hollow: true,
            },
        ],
    }
}

fn title(summary: &Summary) -> String {
    let what = Recordable::BegunBy(30);
    let Some((found, truth, record)) =
        of(summary, 0, what).and_then(|it| Some((it, it.truth?, it.record?)))
    else {
        return "What services record beside what is true".to_owned();
    };
    let gap_is_clear = found.gap.is_some_and(|gap| gap.is_clear_of_zero());
    let (truth, record) = (plain(truth.value, 1), plain(record.value, 1));
    if gap_is_clear {
        format!(
            "Under the baseline records would show {record}% of handoffs begun within 30 days; in truth \
             it is {truth}%"
        )
    } else {
        format!(
            "Under the baseline records would show {record}% of handoffs begun within 30 days, and in \
             truth it is {truth}%: too near to tell apart"
        )
    }
}

fn description(summary: &Summary) -> String {
    let lines: Vec<String> = summary
        .recorded
        .iter()
        .filter_map(|it| {
            Some(format!(
                "{}, {}: true {}, recorded {} {}",
                summary.structures[it.structure].name,
                name(it.what),
                plain(it.truth?.value, 1),
                plain(it.record?.value, 1),
                it.what.unit()
            ))
        })
        .collect();
    format!(
        "Pairs of marks, true and recorded, by structure and quantity. {}.",
        lines.join(". ")
    )
}
