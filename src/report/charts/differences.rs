//! Paired differences from the baseline: a panel with its own axis for each measure.

use plotters::style::RGBColor;

use super::canvas::{
    BODY, Canvas, GRID, Hang, Heading, INK, MARGIN, MUTED, STRONG, Scale, WIDTH, draw as page,
};
use super::look::Look;
use super::panels::MANY;
use super::{dense, palette, trials};
use crate::analysis::{Compared, Estimate, Summary};
use crate::measures::{Direction, Measure};
use crate::report::numbers::{decimals, plain, signed, with_interval};
use crate::report::{caveat, unit_of_difference};

const NAMES: f64 = 190.0;
const INDENT: f64 = 12.0;
const HEAD: f64 = 26.0;
const AXIS: f64 = 40.0;
const GAP: f64 = 14.0;

/// A row: a structure other than the baseline.
struct Row<'a> {
    name: &'a [String],
    difference: Option<Estimate>,
}

/// The chart; `None` where there is nothing to compare.
pub(super) fn draw(summary: &Summary, look: &Look) -> Option<String> {
    let measures = measures(summary, look);
    if summary.structures.len() < 2 || measures.is_empty() {
        return None;
    }
    let (title, description) = (title(summary, &measures), description(summary, &measures));
    if summary.structures.len() >= MANY {
        return Some(dense::draw(summary, look, &measures, title, description));
    }
    let names: Vec<Vec<String>> = summary
        .structures
        .iter()
        .skip(1)
        .map(|structure| BODY.wrap(&structure.name, NAMES - INDENT, 4))
        .collect();
    let rows: f64 = names.iter().map(|name| row_height(name)).sum();
    let panel = HEAD + rows + AXIS + GAP;
    let heading = Heading {
        id: "differences",
        title,
        subtitle: format!(
            "Difference from the baseline in the same {}; mark: estimate, line: 95% interval, \
             hollow: the interval spans zero. Of such intervals one in twenty misses the truth. \
             Each panel has its own axis.",
            trials(summary)
        ),
        description,
        caveat: caveat(summary),
    };
    let height = panel * measures.len() as f64;
    let svg = page(&heading, look, height, |canvas, top| {
        let numbers = width_of_numbers(&measures);
        let pixels = (MARGIN + NAMES + 14.0, WIDTH - MARGIN - numbers - 18.0);
        for (place, compared) in measures.iter().enumerate() {
            let rows: Vec<Row> = names
                .iter()
                .zip(compared.rows.iter().skip(1))
                .map(|(name, row)| Row {
                    name,
                    difference: row.difference,
                })
                .collect();
            draw_panel(canvas, compared, &rows, pixels, top + panel * place as f64);
        }
    });
    Some(svg)
}

/// The measures shown: those that stand forward, or the one asked for.
fn measures<'a>(summary: &'a Summary, look: &Look) -> Vec<&'a Compared> {
    match &look.measure {
        Some(id) => summary.measure(id).into_iter().collect(),
        None => summary.forward().collect(),
    }
}

fn differences_of(compared: &Compared) -> Vec<Option<Estimate>> {
    let others = compared.rows.iter().skip(1);
    others.map(|row| row.difference).collect()
}

fn row_height(name: &[String]) -> f64 {
    BODY.line() * name.len() as f64 + 8.0
}

pub(super) fn told(difference: Option<Estimate>, decimals: usize) -> String {
    difference.map_or_else(
        || "cannot tell".to_owned(),
        |difference| with_interval(&difference, decimals, signed),
    )
}

fn width_of_numbers(measures: &[&Compared]) -> f64 {
    measures
        .iter()
        .flat_map(|compared| {
            let decimals = decimals(&differences_of(compared));
            let rows = compared.rows.iter().skip(1);
            rows.map(move |row| BODY.width(&told(row.difference, decimals)))
        })
        .fold(0.0, f64::max)
}

fn draw_panel(canvas: &Canvas, compared: &Compared, rows: &[Row], pixels: (f64, f64), top: f64) {
    let measure = compared.measure;
    let middle = top + HEAD / 2.0;
    canvas.line(&[(MARGIN, top), (WIDTH - MARGIN, top)], GRID, 1.0);
    canvas.text(measure.name, STRONG, INK, Hang::Left, (MARGIN, middle));
    let x = MARGIN + STRONG.width(measure.name);
    let unit = format!(", {}", unit_of_difference(measure));
    canvas.text(&unit, BODY, MUTED, Hang::Left, (x, middle));

    let first = top + HEAD;
    let last = first + rows.iter().map(|row| row_height(row.name)).sum::<f64>();
    let across = scale(rows, pixels);
    let (ticks, tick_decimals) = across.ticks();
    for tick in ticks {
        let x = across.at(tick);
        canvas.line(&[(x, first), (x, last)], GRID, 1.0);
        let label = plain(tick, tick_decimals);
        canvas.text(&label, BODY, MUTED, Hang::Middle, (x, last + 11.0));
    }
    let zero = across.at(0.0);
    canvas.line(&[(zero, first), (zero, last + 3.0)], INK, 1.2);
    let (left, right) = directions(measure.direction);
    let y = last + 28.0;
    canvas.text(left, BODY, MUTED, Hang::Right, (zero - 8.0, y));
    canvas.text(right, BODY, MUTED, Hang::Left, (zero + 8.0, y));

    let decimals = decimals(&differences_of(compared));
    let mut y = first;
    for (place, row) in rows.iter().enumerate() {
        let height = row_height(row.name);
        let middle = y + height / 2.0;
        canvas.of_structure(place + 1, || {
            draw_row(canvas, row, measure, decimals, &across, middle);
        });
        y += height;
    }
}

fn draw_row(
    canvas: &Canvas,
    row: &Row,
    measure: &Measure,
    decimals: usize,
    across: &Scale,
    middle: f64,
) {
    let mut line = middle - BODY.line() * (row.name.len() as f64 - 1.0) / 2.0;
    for words in row.name {
        canvas.text(words, BODY, INK, Hang::Left, (MARGIN + INDENT, line));
        line += BODY.line();
    }
    let numbers = told(row.difference, decimals);
    canvas.text(&numbers, BODY, INK, Hang::Right, (WIDTH - MARGIN, middle));
    let Some(difference) = row.difference else {
        return;
    };
    let color = color(&difference, measure.direction);
    let value = format!("{}: {}: {numbers}", row.name.join(" "), measure.name);
    canvas.telling(&value, || {
        if let Some(interval) = difference.interval {
            let ends = [interval.low, interval.high].map(|end| (across.at(end), middle));
            canvas.line(&ends, color, 2.0);
        }
        let mark = (across.at(difference.value), middle);
        if difference.is_clear_of_zero() {
            canvas.disc(mark, 4.6, color);
        } else {
            canvas.ring(mark, 4.2, color);
        }
    });
}

pub(super) fn color(difference: &Estimate, direction: Direction) -> RGBColor {
    let is_less = difference.value < 0.0;
    match direction {
        _ if !difference.is_clear_of_zero() => MUTED,
        Direction::LowerIsBetter if is_less => palette::BETTER,
        Direction::HigherIsBetter if !is_less => palette::BETTER,
        Direction::LowerIsBetter | Direction::HigherIsBetter => palette::WORSE,
        Direction::Neutral => palette::NEITHER,
    }
}

/// Words for what lies left and right of zero.
pub(super) fn directions(direction: Direction) -> (&'static str, &'static str) {
    match direction {
        Direction::LowerIsBetter => ("← better", "worse →"),
        Direction::HigherIsBetter => ("← worse", "better →"),
        Direction::Neutral => ("← fewer", "more →"),
    }
}

/// A scale that holds zero and every interval, with some room.
fn scale(rows: &[Row], pixels: (f64, f64)) -> Scale {
    scale_of(rows.iter().filter_map(|row| row.difference), pixels)
}

/// The same for any estimates.
pub(super) fn scale_of(
    differences: impl Iterator<Item = Estimate> + Clone,
    pixels: (f64, f64),
) -> Scale {
    let ends = || {
        differences
            .clone()
            .flat_map(|difference| match difference.interval {
                Some(interval) => [interval.low, interval.high],
                None => [difference.value, difference.value],
            })
    };
    let low = ends().fold(0.0, f64::min);
    let high = ends().fold(0.0, f64::max);
    let width = high - low;
    if width <= 0.0 {
        return Scale {
            values: (-1.0, 1.0),
            pixels,
        };
    }
    Scale {
        values: (low - 0.06 * width, high + 0.06 * width),
        pixels,
    }
}

fn title(summary: &Summary, measures: &[&Compared]) -> String {
    let Some(baseline) = summary.structures.first() else {
        return String::new();
    };
    let differences: Vec<Estimate> = measures
        .iter()
        .flat_map(|compared| compared.rows.iter().filter_map(|row| row.difference))
        .collect();
    let clear = differences
        .iter()
        .filter(|difference| difference.is_clear_of_zero())
        .count();
    let name = &baseline.name;
    match (clear, differences.len()) {
        (_, 0) => "There is no structure to compare with the baseline".to_owned(),
        (0, _) => format!("No difference from “{name}” is clear of chance"),
        (clear, all) if clear == all => {
            format!("All {all} differences from “{name}” are clear of chance")
        }
        (clear, all) => {
            let be = |count| if count == 1 { "is" } else { "are" };
            let rest = all - clear;
            format!(
                "{clear} of {all} differences from “{name}” {} clear of chance; {rest} {} not",
                be(clear),
                be(rest)
            )
        }
    }
}

fn description(summary: &Summary, measures: &[&Compared]) -> String {
    let measures: Vec<String> = measures
        .iter()
        .map(|compared| {
            let decimals = decimals(&differences_of(compared));
            let structures: Vec<String> = summary
                .structures
                .iter()
                .zip(&compared.rows)
                .skip(1)
                .map(|(structure, row)| {
                    format!("{} {}", structure.name, told(row.difference, decimals))
                })
                .collect();
            format!(
                "{}, {}: {}",
                compared.measure.name,
                unit_of_difference(compared.measure),
                structures.join("; ")
            )
        })
        .collect();
    format!(
        "Paired differences from the baseline with 95% intervals. {}.",
        measures.join(". ")
    )
}
