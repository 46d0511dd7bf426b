//! The primary measure at other numbers of posts: does the order of structures turn with the load?

use super::canvas::{Heading, draw as page};
use super::columns::{Cell, Column, Grid, Mark};
use super::look::Look;
use super::palette;
use crate::analysis::{Compared, Summary};
use crate::report::caveat;
use crate::report::numbers::{decimals, plain, signed, with_interval};

/// The chart; `None` where the study was run at one number of posts.
pub(super) fn draw(summary: &Summary, look: &Look) -> Option<String> {
    let id = look.measure.as_deref().unwrap_or(summary.primary.id);
    let of = |measures: &'_ [Compared]| -> Option<Compared> {
        measures.iter().find(|it| it.measure.id == id).cloned()
    };
    let mut found: Vec<(f64, usize, Compared)> = summary
        .at_posts
        .iter()
        .filter_map(|at| Some((at.factor, at.trials, of(&at.measures)?)))
        .collect();
    if found.is_empty() {
        return None;
    }
    found.push((1.0, summary.trials, of(&summary.measures)?));
    found.sort_by(|a, b| a.0.total_cmp(&b.0));
    let measure = found[0].2.measure;
    let columns = found
        .iter()
        .map(|(factor, trials, compared)| column(*factor, *trials, compared))
        .collect();
    let names = summary.structures.iter().map(|it| it.name.as_str());
    let grid = Grid::of(names, columns);
    let heading = Heading {
        id: "posts",
        title: title(summary, measure.id),
        subtitle: format!(
            "{}, {}, with fewer or more posts in every service. Mark: estimate, line: 95% interval, \
             dashed: the baseline at this number of posts. Numbers: estimate, and its paired difference \
             from the baseline; a ring: the interval of that difference spans zero. One axis.",
            measure.name, measure.unit
        ),
        description: description(summary, &found),
        caveat: caveat(summary),
    };
    Some(page(&heading, look, grid.height(), |canvas, top| {
        grid.draw(canvas, top);
    }))
}

fn of_posts(factor: f64) -> String {
    let change = 100.0 * (factor - 1.0);
    if change.abs() < 0.05 {
        "Posts as they are".to_owned()
    } else if change < 0.0 {
        format!("{}% fewer posts", plain(-change, 0))
    } else {
        format!("{}% more posts", plain(change, 0))
    }
}

fn column(factor: f64, trials: usize, compared: &Compared) -> Column {
    let estimates: Vec<_> = compared.rows.iter().map(|row| row.estimate).collect();
    let decimals = decimals(&estimates);
    let cells = compared.rows.iter().enumerate().map(|(place, row)| {
        let Some(estimate) = row.estimate else {
            return Cell {
                told: "cannot tell".to_owned(),
                ..Cell::default()
            };
        };
        let difference = row.difference.as_ref();
        let color = match difference {
            Some(difference) => super::differences::color(difference, compared.measure.direction),
            None => palette::NEITHER,
        };
        let is_clear = difference.is_some_and(|it| it.is_clear_of_zero());
        Cell {
            told: match difference {
                Some(difference) => format!(
                    "{}, {}",
                    plain(estimate.value, decimals),
                    with_interval(difference, 1, signed)
                ),
                None => plain(estimate.value, decimals),
            },
            marks: vec![Mark {
                estimate,
                color,
                is_hollow: place > 0 && !is_clear,
            }],
        }
    });
    Column {
        name: of_posts(factor),
        unit: format!("{}, {trials} trials", compared.measure.unit),
        axis: 0,
        cells: cells.collect(),
        reference: compared.rows[0].estimate.map(|estimate| estimate.value),
    }
}

fn title(summary: &Summary, measure: &str) -> String {
    let turned: usize = summary.at_posts.iter().map(|at| at.turned.len()).sum();
    let structures = summary.structures.len();
    if structures < 2 {
        return "The study with fewer and with more posts".to_owned();
    }
    if measure != summary.primary.id {
        return "The structures with fewer and with more posts".to_owned();
    }
    match turned {
        0 => "No two structures that can be told apart change places with fewer or more posts"
            .to_owned(),
        1 => "One pair of structures changes places with the number of posts".to_owned(),
        pairs => format!(
            "{pairs} times two structures that can be told apart change places with the number of posts"
        ),
    }
}

fn description(summary: &Summary, found: &[(f64, usize, Compared)]) -> String {
    let lines: Vec<String> = found
        .iter()
        .map(|(factor, _, compared)| {
            let values: Vec<String> = summary
                .structures
                .iter()
                .zip(&compared.rows)
                .filter_map(|(structure, row)| {
                    Some(format!(
                        "{} {}",
                        structure.name,
                        plain(row.estimate?.value, 1)
                    ))
                })
                .collect();
            format!("{}: {}", of_posts(*factor), values.join("; "))
        })
        .collect();
    format!(
        "Marks by structure and number of posts. {}.",
        lines.join(". ")
    )
}
