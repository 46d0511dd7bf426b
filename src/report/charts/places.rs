//! How many were present at a service, and how likely it is that a place is wanting at each number of
//! places that a study considers.

use super::canvas::{
    BODY, Canvas, GRID, Hang, Heading, INK, MARGIN, MUTED, SMALL, STRONG, Scale, WIDTH,
    draw as page,
};
use super::columns::{Cell, Column, Grid, Mark};
use super::look::Look;
use super::rows::Legend;
use super::{palette, trials};
use crate::analysis::{Delayed, Summary};
use crate::report::caveat;
use crate::report::numbers::plain;

const BETWEEN: f64 = 30.0;
const AXIS: f64 = 40.0;
const PLOT: f64 = 150.0;
const HEAD: f64 = 26.0;
const BELOW: f64 = 46.0;
/// Structures with a row of their own; more would be a book.
const ROWS: usize = 4;
/// Numbers present beyond this share of the time are left out.
const TAIL: f64 = 0.001;

/// The chart; `None` where a study considers no numbers of places.
pub(super) fn draw(summary: &Summary, look: &Look) -> Option<String> {
    let alone: Vec<(usize, usize)> = (0..summary.structures.len().min(ROWS))
        .flat_map(|structure| {
            let services = 0..summary.services.len();
            services.map(move |service| (structure, service))
        })
        .filter(|(structure, service)| !of(summary, *structure, *service).is_empty())
        .collect();
    let shared = shared(summary);
    if alone.is_empty() && shared.is_none() {
        return None;
    }
    let legend = Legend::of(
        [
            ("simulated".to_owned(), palette::SEAM[1].0),
            ("by theory (ring)".to_owned(), palette::WORSE),
        ],
        MARGIN,
    );
    let row = HEAD + PLOT + BELOW;
    let heading = Heading {
        id: "places",
        title: title(summary),
        subtitle: format!(
            "Left: share of the time with so many present, waiting or served. Right: share of cases that \
             would have found no place, by number of places; {}; lines: 95% intervals. Nobody was turned \
             away: this is read off how many were present.",
            trials(summary)
        ),
        description: description(summary),
        caveat: caveat(summary),
    };
    let below = shared.as_ref().map_or(0.0, |grid| grid.height() + 26.0);
    let height = legend.height() + row * alone.len() as f64 + below;
    let svg = page(&heading, look, height, |canvas, top| {
        legend.draw(canvas, top);
        let mut top = top + legend.height();
        for (structure, service) in &alone {
            let mut name = summary.services[*service].name.clone();
            if summary.structures.len() > 1 {
                name = format!("{name}: {}", summary.structures[*structure].name);
            }
            let name = STRONG.wrap(&name, WIDTH - 2.0 * MARGIN, 1).concat();
            canvas.text(&name, STRONG, INK, Hang::Left, (MARGIN, top + 8.0));
            let width = (WIDTH - 2.0 * MARGIN - BETWEEN - 2.0 * AXIS) / 2.0;
            let left = MARGIN + AXIS;
            let first = top + HEAD;
            present(
                canvas,
                summary,
                (*structure, *service),
                (left, width),
                first,
            );
            let left = left + width + BETWEEN + AXIS;
            wanting(
                canvas,
                summary,
                (*structure, *service),
                (left, width),
                first,
            );
            top += row;
        }
        if let Some(grid) = &shared {
            let words = "Places of which some are shared: cases that would have found none";
            canvas.text(words, STRONG, INK, Hang::Left, (MARGIN, top + 8.0));
            grid.draw(canvas, top + 26.0);
        }
    });
    Some(svg)
}

/// The numbers of own places considered for one service, fewest first.
fn of(summary: &Summary, structure: usize, service: usize) -> Vec<Delayed> {
    let is =
        |it: &&Delayed| it.structure == structure && it.service == service && it.sharing.is_none();
    let mut found: Vec<Delayed> = summary.delayed.iter().filter(is).cloned().collect();
    found.sort_by_key(|it| it.own);
    found
}

/// Divisions of places, a row each, services side by side: of the baseline.
fn shared(summary: &Summary) -> Option<Grid> {
    let is = |it: &&Delayed| it.structure == 0 && it.sharing.is_some();
    let found: Vec<&Delayed> = summary.delayed.iter().filter(is).collect();
    let mut services: Vec<usize> = found.iter().map(|it| it.service).collect();
    services.sort_unstable();
    services.dedup();
    if services.is_empty() {
        return None;
    }
    let columns = services
        .iter()
        .map(|service| Column {
            name: summary.services[*service].name.clone(),
            unit: "% of its cases".to_owned(),
            reference: None,
            axis: 0,
            cells: (0..summary.sharings.len())
                .map(|sharing| {
                    let is = |it: &&&Delayed| it.service == *service && it.sharing == Some(sharing);
                    found
                        .iter()
                        .find(is)
                        .map_or_else(Cell::default, |it| cell(it))
                })
                .collect(),
        })
        .collect();
    let names = summary.sharings.iter().map(|it| it.name.as_str());
    Some(Grid::of(names, columns))
}

fn cell(it: &Delayed) -> Cell {
    let Some(delayed) = it.delayed else {
        return Cell::default();
    };
    let percent = super::columns::times(delayed, 100.0);
    let exact = it.exact.map(|exact| 100.0 * exact.delayed);
    let mut marks = vec![Mark {
        estimate: percent,
        color: palette::SEAM[1].0,
        is_hollow: false,
    }];
    marks.extend(exact.map(|value| Mark {
        estimate: super::columns::exact(value),
        color: palette::WORSE,
        is_hollow: true,
    }));
    Cell {
        told: match exact {
            Some(exact) => format!(
                "{}%, by theory {}%",
                plain(percent.value, 1),
                plain(exact, 1)
            ),
            None => format!("{}%", plain(percent.value, 1)),
        },
        marks,
    }
}

fn upright(canvas: &Canvas, up: &Scale, (left, right): (f64, f64)) {
    let (ticks, decimals) = Scale {
        values: up.values,
        pixels: (0.0, 220.0),
    }
    .ticks();
    let step = if ticks.len() > 5 { 2 } else { 1 };
    for tick in ticks.iter().step_by(step) {
        let y = up.at(*tick);
        canvas.line(&[(left, y), (right, y)], GRID, 1.0);
        let label = format!("{}%", plain(*tick, decimals));
        canvas.text(&label, SMALL, MUTED, Hang::Right, (left - 5.0, y));
    }
}

/// Labels of whole numbers, as many as have room.
fn below(canvas: &Canvas, numbers: &[(usize, f64)], bottom: f64, words: &str, left: f64) {
    let mut free_from = f64::NEG_INFINITY;
    for (number, x) in numbers {
        let label = plain(*number as f64, 0);
        let half = SMALL.width(&label) / 2.0;
        if x - half >= free_from {
            canvas.text(&label, SMALL, MUTED, Hang::Middle, (*x, bottom + 10.0));
            free_from = x + half + 6.0;
        }
    }
    canvas.text(words, BODY, MUTED, Hang::Left, (left, bottom + 28.0));
}

fn present(
    canvas: &Canvas,
    summary: &Summary,
    (structure, service): (usize, usize),
    (left, width): (f64, f64),
    first: f64,
) {
    let held = summary.present.iter();
    let held: Vec<_> = held
        .filter(|it| it.structure == structure && it.service == service && it.time >= TAIL)
        .collect();
    let (Some(low), Some(high)) = (
        held.iter().map(|it| it.number).min(),
        held.iter().map(|it| it.number).max(),
    ) else {
        return;
    };
    let highest = held
        .iter()
        .map(|it| it.time.max(it.exact.unwrap_or(0.0)))
        .fold(0.0, f64::max);
    let up = Scale {
        values: (0.0, 108.0 * highest),
        pixels: (first + PLOT, first),
    };
    let across = Scale {
        values: (low as f64 - 0.5, high as f64 + 0.5),
        pixels: (left, left + width),
    };
    upright(canvas, &up, across.pixels);
    let half = (0.42 * (across.at(low as f64 + 0.5) - across.at(low as f64 - 0.5))).max(0.4);
    let mut numbers = Vec::new();
    for it in &held {
        let x = across.at(it.number as f64);
        let y = up.at(100.0 * it.time);
        canvas.rectangle((x - half, y), (x + half, up.pixels.0), palette::SEAM[1].0);
        numbers.push((it.number, x));
    }
    for it in &held {
        if let Some(exact) = it.exact {
            let at = (across.at(it.number as f64), up.at(100.0 * exact));
            canvas.ring(at, 2.6, palette::WORSE);
        }
    }
    canvas.line(
        &[(left, up.pixels.0), (left + width, up.pixels.0)],
        MUTED,
        1.0,
    );
    below(canvas, &numbers, up.pixels.0, "number present", left);
}

fn wanting(
    canvas: &Canvas,
    summary: &Summary,
    (structure, service): (usize, usize),
    (left, width): (f64, f64),
    first: f64,
) {
    let found = of(summary, structure, service);
    let ends = found
        .iter()
        .filter_map(|it| it.delayed)
        .map(|it| it.interval.map_or(it.value, |interval| interval.high));
    let theory = found.iter().filter_map(|it| Some(it.exact?.delayed));
    let highest = ends.chain(theory).fold(0.0, f64::max);
    let up = Scale {
        values: (0.0, if highest > 0.0 { 108.0 * highest } else { 1.0 }),
        pixels: (first + PLOT, first),
    };
    let (Some(low), Some(high)) = (found.first(), found.last()) else {
        return;
    };
    let across = Scale {
        values: (f64::from(low.own) - 0.6, f64::from(high.own) + 0.6),
        pixels: (left, left + width),
    };
    upright(canvas, &up, across.pixels);
    let mut numbers = Vec::new();
    let mut points = Vec::new();
    for it in &found {
        let x = across.at(f64::from(it.own));
        numbers.push((it.own as usize, x));
        let Some(delayed) = it.delayed else {
            continue;
        };
        points.push((x, up.at(100.0 * delayed.value)));
        if let Some(interval) = delayed.interval {
            let ends = [
                (x, up.at(100.0 * interval.low)),
                (x, up.at(100.0 * interval.high)),
            ];
            canvas.line(&ends, palette::SEAM[1].0, 2.0);
        }
    }
    canvas.line(&points, palette::SEAM[1].0, 1.4);
    for at in points {
        canvas.disc(at, 3.6, palette::SEAM[1].0);
    }
    for it in &found {
        if let Some(exact) = it.exact {
            let at = (across.at(f64::from(it.own)), up.at(100.0 * exact.delayed));
            canvas.ring(at, 2.6, palette::WORSE);
        }
    }
    canvas.line(
        &[(left, up.pixels.0), (left + width, up.pixels.0)],
        MUTED,
        1.0,
    );
    below(canvas, &numbers, up.pixels.0, "places", left);
}

fn title(summary: &Summary) -> String {
    let lines: Vec<String> = (0..summary.services.len())
        .filter_map(|service| {
            let found = of(summary, 0, service);
            let (low, high) = (found.first()?, found.last()?);
            let percent = |it: &Delayed| Some(plain(100.0 * it.delayed?.value, 1));
            let name = &summary.services[service].name;
            Some(if low.own == high.own {
                format!("{name}: with {} places {}%", low.own, percent(low)?)
            } else {
                format!(
                    "{name}: with {} places {}%, with {} {}%",
                    low.own,
                    percent(low)?,
                    high.own,
                    percent(high)?
                )
            })
        })
        .collect();
    if lines.is_empty() {
        "Cases that would have found no place where places are shared".to_owned()
    } else {
        format!("Cases that would have found no place. {}", lines.join("; "))
    }
}

fn description(summary: &Summary) -> String {
    let lines: Vec<String> = summary
        .delayed
        .iter()
        .filter_map(|it| {
            let sharing = it.sharing.map_or_else(String::new, |sharing| {
                format!(" ({})", summary.sharings[sharing].name)
            });
            Some(format!(
                "{}, {}{sharing}, {} own and {} shared places: {}%",
                summary.structures[it.structure].name,
                summary.services[it.service].name,
                it.own,
                it.common,
                plain(100.0 * it.delayed?.value, 2)
            ))
        })
        .collect();
    format!(
        "Bars of how many were present and marks of the share of cases without a place. {}.",
        lines.join(". ")
    )
}
