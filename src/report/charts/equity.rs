//! Who gains and who does not: between groups of need, and between areas where there are several.

use super::canvas::{Heading, MUTED, draw as page};
use super::columns::{Cell, Column, Grid, Mark};
use super::look::Look;
use super::{palette, trials};
use crate::analysis::{Estimate, OfGroup, Summary, in_steps};
use crate::experiment::results::Named;
use crate::report::caveat;
use crate::report::numbers::{plain, signed};

/// The quantity shown of needs.
const OF_NEEDS: &str = "known-missed-share";
/// Areas with columns of their own; beyond that a page is too narrow, and those at equal steps of the
/// baseline's order stand for all.
const AREAS: usize = 6;
/// So many areas have both quantities side by side.
const SIDE_BY_SIDE: usize = 2;

/// What is shown of groups: its id, its words, its unit, that of a difference, and its sign.
struct Shown {
    id: &'static str,
    words: &'static str,
    /// Words and unit of a difference where columns are narrow.
    short: &'static str,
    unit: &'static str,
    unit_of_difference: &'static str,
    percent: &'static str,
    is_higher_better: bool,
}

const NEEDS: Shown = Shown {
    id: OF_NEEDS,
    words: "",
    short: "percentage points",
    unit: "%",
    unit_of_difference: "percentage points",
    percent: "%",
    is_higher_better: false,
};

const PLACES: [Shown; 2] = [
    Shown {
        id: "known-missed",
        words: "known missed cases ",
        short: "missed per 10,000 a year",
        unit: "per 10,000 children a year",
        unit_of_difference: "per 10,000 children a year",
        percent: "",
        is_higher_better: false,
    },
    Shown {
        id: "handoffs-begun-in-30-days",
        words: "handoffs begun in 30 days, ",
        short: "begun in 30 days, % points",
        unit: "%",
        unit_of_difference: "percentage points",
        percent: "%",
        is_higher_better: true,
    },
];

/// The chart; `None` where a study tells neither needs nor areas apart.
pub(super) fn draw(summary: &Summary, look: &Look) -> Option<String> {
    let mut grids = Vec::new();
    if summary.needs.len() > 1 {
        grids.push(columns(
            summary,
            (&summary.by_need, &summary.needs),
            &(0..summary.needs.len()).collect::<Vec<_>>(),
            (0, &NEEDS, false),
        ));
    }
    if summary.areas.len() > 1 {
        let areas = (summary.by_area.as_slice(), summary.areas.as_slice());
        let of = |axis, shown: &Shown, is_narrow| {
            let some = in_steps(&summary.by_area, shown.id, AREAS);
            columns(summary, areas, &some, (axis, shown, is_narrow))
        };
        if summary.areas.len() <= SIDE_BY_SIDE {
            let both = PLACES.iter().enumerate();
            grids.push(
                both.flat_map(|(axis, shown)| of(axis, shown, false))
                    .collect(),
            );
        } else {
            grids.extend(PLACES.iter().map(|shown| of(0, shown, true)));
        }
    }
    let is_compared = summary.structures.len() > 1;
    let grids: Vec<Grid> = grids
        .into_iter()
        .filter(|columns| !columns.is_empty())
        .map(|columns| {
            let structures = summary.structures.iter().skip(usize::from(is_compared));
            Grid::of(structures.map(|it| it.name.as_str()), columns)
        })
        .collect();
    if grids.is_empty() {
        return None;
    }
    let how = if is_compared {
        "Paired difference of each structure from the baseline, whose level stands above the column; \
         disc or ring: estimate, line: 95% interval, ring: it spans zero. Columns of one unit share an \
         axis."
    } else {
        "Mark: estimate, line: 95% interval. Columns of one unit share an axis."
    };
    let heading = Heading {
        id: "equity",
        title: title(summary),
        subtitle: format!(
            "Share of known need spells missed, by need; {}; {}. {how}",
            areas_shown(summary),
            trials(summary)
        ),
        description: description(summary),
        caveat: caveat(summary),
    };
    let height: f64 = grids.iter().map(Grid::height).sum();
    let svg = page(&heading, look, height, |canvas, top| {
        let mut top = top;
        for grid in &grids {
            grid.draw(canvas, top);
            top += grid.height();
        }
    });
    Some(svg)
}

/// Which areas are shown, in words.
fn areas_shown(summary: &Summary) -> String {
    match summary.areas.len() {
        all if all > AREAS => format!(
            "below, {AREAS} of {all} areas, by how they stand under the baseline: the lowest, those at equal \
             steps between, and the highest"
        ),
        _ => "where there are several areas, two quantities by area".to_owned(),
    }
}

fn row(found: &[OfGroup], structure: usize, group: usize, id: &str) -> Option<OfGroup> {
    let is = |it: &&OfGroup| it.structure == structure && it.group == group && it.quantity.id == id;
    found.iter().find(is).copied()
}

fn columns(
    summary: &Summary,
    (found, groups): (&[OfGroup], &[Named]),
    some: &[usize],
    (axis, shown, is_narrow): (usize, &Shown, bool),
) -> Vec<Column> {
    let of_group = |group: &usize| {
        let (group, named) = (*group, &groups[*group]);
        let baseline = row(found, 0, group, shown.id)?.estimate?;
        let level = format!("baseline {}{}", plain(baseline.value, 1), shown.percent);
        let rows = (1..summary.structures.len()).map(|it| row(found, it, group, shown.id));
        let is_compared = summary.structures.len() > 1;
        let cells: Vec<Cell> = if is_compared {
            rows.map(|row| difference(row, shown.is_higher_better))
                .collect()
        } else {
            vec![Cell {
                told: plain(baseline.value, 1),
                marks: vec![Mark {
                    estimate: baseline,
                    color: palette::NEITHER,
                    is_hollow: false,
                }],
            }]
        };
        Some(Column {
            name: named.name.clone(),
            unit: if is_compared && is_narrow {
                format!("{}; {level}", shown.short)
            } else if is_compared {
                format!("{}{}; {level}", shown.words, shown.unit_of_difference)
            } else {
                format!("{}{}", shown.words, shown.unit)
            },
            reference: is_compared.then_some(0.0),
            cells,
            axis,
        })
    };
    some.iter().filter_map(of_group).collect()
}

fn difference(row: Option<OfGroup>, is_higher_better: bool) -> Cell {
    let Some(difference) = row.and_then(|row| row.difference) else {
        return Cell {
            told: "cannot tell".to_owned(),
            ..Cell::default()
        };
    };
    let is_clear = difference.is_clear_of_zero();
    let color = if !is_clear {
        MUTED
    } else if (difference.value > 0.0) == is_higher_better {
        palette::BETTER
    } else {
        palette::WORSE
    };
    Cell {
        told: signed(difference.value, 1),
        marks: vec![Mark {
            estimate: difference,
            color,
            is_hollow: !is_clear,
        }],
    }
}

fn title(summary: &Summary) -> String {
    let shares: Vec<(&Named, Estimate)> = summary
        .needs
        .iter()
        .enumerate()
        .filter_map(|(need, named)| {
            Some((named, row(&summary.by_need, 0, need, OF_NEEDS)?.estimate?))
        })
        .collect();
    let highest = shares.iter().max_by(|a, b| a.1.value.total_cmp(&b.1.value));
    let lowest = shares.iter().min_by(|a, b| a.1.value.total_cmp(&b.1.value));
    let (Some(highest), Some(lowest)) = (highest, lowest) else {
        return "Areas beside each other, by structure".to_owned();
    };
    let differences: Vec<Estimate> = summary
        .measure("need-spread")
        .into_iter()
        .flat_map(|compared| compared.rows.iter().filter_map(|row| row.difference))
        .collect();
    let narrower = differences
        .iter()
        .filter(|it| it.is_clear_of_zero() && it.value < 0.0);
    let hedge = match (narrower.count(), differences.len()) {
        (_, 0) => String::new(),
        (0, _) => "; under no structure is that gap narrower, clear of chance".to_owned(),
        (narrow, all) => {
            format!("; under {narrow} of {all} structures that gap is narrower, clear of chance")
        }
    };
    format!(
        "Under the baseline {}% ({}) to {}% ({}) of known need spells are missed{hedge}",
        plain(lowest.1.value, 1),
        lowest.0.name,
        plain(highest.1.value, 1),
        highest.0.name
    )
}

fn description(summary: &Summary) -> String {
    let of = |found: &[OfGroup], groups: &[Named], some: &[usize], shown: &Shown| -> Vec<String> {
        found
            .iter()
            .filter(|row| row.quantity.id == shown.id && some.contains(&row.group))
            .filter_map(|row| {
                Some(format!(
                    "{}, {}: {}{}{}",
                    summary.structures[row.structure].name,
                    groups[row.group].name,
                    shown.words,
                    plain(row.estimate?.value, 1),
                    shown.percent
                ))
            })
            .collect()
    };
    let all: Vec<usize> = (0..summary.needs.len()).collect();
    let mut lines = of(&summary.by_need, &summary.needs, &all, &NEEDS);
    if summary.areas.len() > 1 {
        for shown in &PLACES {
            let some = in_steps(&summary.by_area, shown.id, AREAS);
            lines.extend(of(&summary.by_area, &summary.areas, &some, shown));
        }
    }
    format!("Marks by structure and group. {}.", lines.join(". "))
}
