//! Handoffs not yet begun by day since the decision, by structure.

use super::canvas::{
    BODY, Canvas, GRID, Hang, Heading, INK, MARGIN, MUTED, SMALL, STRONG, Scale, WIDTH,
    draw as page, pushed_apart,
};
use super::look::Look;
use super::panels::{self, Grid, MANY, Panel};
use super::{palette, trials};
use crate::analysis::{HORIZON, Summary};
use crate::report::caveat;
use crate::report::numbers::plain;

const LEFT: f64 = 62.0;
const LABELS: f64 = 236.0;
/// Length of the piece of line beside a label.
const SAMPLE: f64 = 30.0;
const LOWEST_PLOT: f64 = 320.0;
const BELOW_PLOT: f64 = 46.0;
/// Days at which an axis can end, what is told on the way, and what is labelled.
const AXES: [(usize, usize, &[usize]); 6] = [
    (7, 1, &[0, 1, 2, 3, 4, 5, 6, 7]),
    (14, 7, &[0, 2, 4, 7, 10, 14]),
    (30, 7, &[0, 7, 14, 21, 30]),
    (90, 30, &[0, 15, 30, 45, 60, 90]),
    (180, 90, &[0, 30, 60, 90, 120, 150, 180]),
    (HORIZON, 90, &[0, 30, 90, 180, 270, HORIZON]),
];
/// A share that changes by less than this in a day stands still.
const STILL: f64 = 0.000_2;

/// The day at which an axis of days since the decision ends: that by which all is over. `None` where
/// there is no handoff, or none takes longer than a day.
pub(super) fn axis_end(summary: &Summary) -> Option<usize> {
    let curves = (0..summary.structures.len()).filter_map(|place| {
        let handoffs = summary.all_handoffs(place)?;
        let falls = |day: &usize| handoffs.not_begun[day - 1] - handoffs.not_begun[*day] > STILL;
        (1..handoffs.not_begun.len()).rev().find(falls)
    });
    let last = curves.max().filter(|last| *last > 1)?;
    let ends = AXES.iter().map(|(end, ..)| *end);
    Some(ends.into_iter().find(|end| *end >= last).unwrap_or(HORIZON))
}

/// The day that is told of on an axis that ends on this one.
pub(super) fn told_day(end: usize) -> usize {
    let axis = AXES.iter().find(|(last, ..)| *last == end);
    axis.map_or(end, |(_, told, _)| *told)
}

/// The curve of one structure and the label at its end.
struct Curve<'a> {
    structure: usize,
    share: &'a [f64],
    name: Vec<String>,
}

impl Curve<'_> {
    fn height(&self) -> f64 {
        STRONG.line() * self.name.len() as f64 + SMALL.line() + 10.0
    }

    /// The mean share over all days, which orders lines that do not cross.
    fn area(&self) -> f64 {
        self.share.iter().sum()
    }

    /// Width of the line; the baseline is the thickest.
    fn width(&self) -> f64 {
        if self.structure == 0 { 2.6 } else { 2.0 }
    }

    fn percent(&self, day: usize) -> f64 {
        100.0 * self.share[day]
    }
}

/// The chart; `None` where there is no handoff, or none takes longer than a day.
pub(super) fn draw(summary: &Summary, look: &Look) -> Option<String> {
    let end = axis_end(summary)?;
    let curves = curves(summary, end);
    if curves.len() >= MANY {
        return Some(in_panels(summary, look, &curves, end));
    }
    let labels: f64 = curves.iter().map(Curve::height).sum();
    let plot = labels.max(LOWEST_PLOT);
    let svg = page(
        &heading(summary, &curves, end),
        look,
        plot + BELOW_PLOT,
        |canvas, top| {
            let across = Scale {
                values: (0.0, end as f64),
                pixels: (LEFT, WIDTH - MARGIN - LABELS),
            };
            let up = Scale {
                values: (0.0, 100.0),
                pixels: (top + plot, top + 6.0),
            };
            axes(canvas, &across, &up, end);
            // The baseline is drawn first, so that the others lie on it.
            for curve in &curves {
                line(canvas, curve, &across, &up);
            }
            end_labels(canvas, &curves, end, &across, &up);
        },
    );
    Some(svg)
}

fn heading(summary: &Summary, curves: &[Curve], end: usize) -> Heading {
    Heading {
        id: "handoffs-not-begun",
        title: title(summary, curves, told_day(end)),
        subtitle: format!(
            "Share of handoffs of any kind not yet begun, by days since the decision to pass the \
             case on; {}. One that is lost or turned away is never begun.{}",
            trials(summary),
            if curves.len() >= MANY {
                " Grey in every panel: the baseline."
            } else {
                ""
            }
        ),
        description: description(summary, curves, end),
        caveat: caveat(summary),
    }
}

/// Many structures: each in a panel of its own, on the curve of the baseline.
fn in_panels(summary: &Summary, look: &Look, curves: &[Curve], end: usize) -> String {
    let Some((baseline, others)) = curves.split_first() else {
        unreachable!("many curves are not none");
    };
    let heading = heading(summary, curves, end);
    let told = told_day(end);
    let grid = Grid::of((others.iter()).map(|it| summary.structures[it.structure].name.as_str()));
    let days = if end == HORIZON {
        vec![0, 90, 180, HORIZON]
    } else {
        vec![0, end / 2, end]
    };
    let days: Vec<(f64, String)> = (days.iter())
        .map(|day| (*day as f64, day.to_string()))
        .collect();
    let percent = [0, 50, 100].map(|share| (f64::from(share), format!("{share}%")));
    page(&heading, look, grid.height(), |canvas, top| {
        for (place, curve) in others.iter().enumerate() {
            let panel = Panel {
                name: summary.structures[curve.structure].name.clone(),
                told: format!(
                    "day {told}: {}% (baseline {}%)",
                    plain(curve.percent(told), 1),
                    plain(baseline.percent(told), 1)
                ),
            };
            let (across, up) = panels::draw(
                canvas,
                grid,
                &panel,
                (place, top),
                ((0.0, end as f64), &days),
                ((0.0, 100.0), &percent),
            );
            let points = |curve: &Curve| -> Vec<(f64, f64)> {
                let each = curve.share.iter().enumerate();
                each.map(|(day, share)| (across.at(day as f64), up.at(100.0 * share)))
                    .collect()
            };
            canvas.line(&points(baseline), palette::OTHER, 2.6);
            canvas.line(&points(curve), palette::BETTER, 1.6);
        }
    })
}

fn curves(summary: &Summary, end: usize) -> Vec<Curve<'_>> {
    summary
        .structures
        .iter()
        .enumerate()
        .filter_map(|(place, structure)| {
            let share = &summary.all_handoffs(place)?.not_begun;
            (!share.is_empty()).then(|| Curve {
                structure: place,
                share: &share[..=end],
                name: STRONG.wrap(&structure.name, LABELS - SAMPLE - 20.0, 4),
            })
        })
        .collect()
}

fn title(summary: &Summary, curves: &[Curve], told: usize) -> String {
    let by_value = |curve: &Curve| curve.percent(told);
    let after = if told == 1 {
        "1 day".to_owned()
    } else {
        format!("{told} days")
    };
    let low = curves.iter().map(by_value).fold(f64::INFINITY, f64::min);
    let high = curves.iter().map(by_value).fold(0.0, f64::max);
    // Near the ends a whole percent is too coarse to tell structures apart.
    let decimals = usize::from(low < 10.0 || high > 90.0);
    let (from, to) = (plain(low, decimals), plain(high, decimals));
    match curves.len() {
        0 => "No case was handed on".to_owned(),
        1 => format!("After {after} {to}% of handoffs have not begun"),
        _ => {
            let spread = if from == to {
                format!(
                    "After {after} about {to}% of handoffs have not begun, under every structure"
                )
            } else {
                format!("After {after} {from}% to {to}% of handoffs have not begun, by structure")
            };
            format!("{spread}{}", hedge(summary, told))
        }
    }
}

/// How many of the differences on the day told of can be told from chance.
pub(super) fn hedge(summary: &Summary, told: usize) -> &'static str {
    let Some(compared) = summary.measure(&format!("handoffs-begun-{told}")) else {
        return "";
    };
    let differences = || compared.rows.iter().skip(1).map(|row| row.difference);
    let clear = differences()
        .filter(|difference| difference.is_some_and(|difference| difference.is_clear_of_zero()))
        .count();
    match clear {
        _ if summary.structures.len() < 2 => "",
        0 => "; no difference from the baseline is clear of chance",
        all if all == differences().count() => "",
        _ => "; not every difference from the baseline is clear of chance",
    }
}

fn description(summary: &Summary, curves: &[Curve], end: usize) -> String {
    let told = told_day(end);
    let lines: Vec<String> = curves
        .iter()
        .map(|curve| {
            format!(
                "{}: not begun by day {told} {}%, by day {end} {}%",
                summary.structures[curve.structure].name,
                plain(curve.percent(told), 1),
                plain(curve.percent(end), 1)
            )
        })
        .collect();
    format!(
        "Line chart of the share of handoffs not yet begun from day 0 to day {end}. {}.",
        lines.join("; ")
    )
}

fn axes(canvas: &Canvas, across: &Scale, up: &Scale, end: usize) {
    let (left, right) = across.pixels;
    for percent in [0.0, 20.0, 40.0, 60.0, 80.0, 100.0] {
        let y = up.at(percent);
        canvas.line(&[(left, y), (right, y)], GRID, 1.0);
        let label = format!("{}%", plain(percent, 0));
        canvas.text(&label, BODY, MUTED, Hang::Right, (left - 8.0, y));
    }
    let bottom = up.at(0.0);
    let axis = AXES.iter().find(|(last, ..)| *last == end);
    for day in axis.map_or(&[][..], |(.., days)| days) {
        let day = *day as f64;
        let x = across.at(day);
        canvas.line(&[(x, up.at(100.0)), (x, bottom)], GRID, 1.0);
        canvas.line(&[(x, bottom), (x, bottom + 4.0)], MUTED, 1.0);
        let label = plain(day, 0);
        canvas.text(&label, BODY, MUTED, Hang::Middle, (x, bottom + 14.0));
    }
    canvas.line(&[(left, bottom), (right, bottom)], MUTED, 1.0);
    let middle = f64::midpoint(left, right);
    canvas.text(
        "days since the decision to pass the case on",
        BODY,
        MUTED,
        Hang::Middle,
        (middle, bottom + 34.0),
    );
}

fn line(canvas: &Canvas, curve: &Curve, across: &Scale, up: &Scale) {
    let points: Vec<(f64, f64)> = curve
        .share
        .iter()
        .enumerate()
        .map(|(day, share)| (across.at(day as f64), up.at(100.0 * share)))
        .collect();
    let style = palette::of_structure(curve.structure);
    canvas.of_structure(curve.structure, || {
        canvas.dashed(&points, style.color, curve.width(), style.dashes);
    });
}

/// Names and values beside the ends of the lines, each with a piece of its line: ends that meet
/// could not be told apart by their place alone.
fn end_labels(canvas: &Canvas, curves: &[Curve], end: usize, across: &Scale, up: &Scale) {
    let told = told_day(end);
    let mut labels: Vec<&Curve> = curves.iter().collect();
    // Highest line first, over all days, so that labels stand as the lines do before they meet.
    labels.sort_by(|a, b| b.area().total_cmp(&a.area()));
    let wishes: Vec<(f64, f64)> = labels
        .iter()
        .map(|curve| (up.at(curve.percent(end)), curve.height()))
        .collect();
    let (bottom, top) = up.pixels;
    let middles = pushed_apart(&wishes, top - 6.0, bottom);
    let sample = across.pixels.1 + 12.0;
    for ((curve, (_, height)), middle) in labels.iter().zip(&wishes).zip(middles) {
        let style = palette::of_structure(curve.structure);
        let x = sample + SAMPLE + 8.0;
        canvas.of_structure(curve.structure, || {
            let mut line = middle - height / 2.0 + 4.0 + STRONG.line() / 2.0;
            let ends = [(sample, line), (sample + SAMPLE, line)];
            canvas.dashed(&ends, style.color, curve.width(), style.dashes);
            for words in &curve.name {
                canvas.text(words, STRONG, style.text, Hang::Left, (x, line));
                line += STRONG.line();
            }
            let values = format!(
                "day {told}: {}%, day {end}: {}%",
                plain(curve.percent(told), 1),
                plain(curve.percent(end), 1)
            );
            canvas.text(&values, SMALL, INK, Hang::Left, (x, line));
        });
    }
}
