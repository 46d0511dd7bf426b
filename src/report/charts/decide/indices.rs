//! Which values the variance of a quantity comes from: first-order and total indices.

use super::common::{Key, Label, NAMES, Sign, axis, axis_height, cut, percent, scale_with_zero};
use crate::analysis::Estimate;
use crate::analysis::decision::{Indices, Sensitivity};
use crate::report::charts::canvas::{
    Canvas, GRID, Hang, Heading, INK, MARGIN, SMALL, Scale, WIDTH, draw as page,
};
use crate::report::charts::columns::times;
use crate::report::charts::look::Look;
use crate::report::charts::palette;

const LEFT: f64 = MARGIN + NAMES;
const NUMBERS: f64 = 132.0;
const ROW: f64 = 34.0;
/// Values with a row of their own.
pub(super) const MOST: usize = 15;

/// A structure in a measure, or a difference of two, and what it was asked of.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Quantity<'a> {
    /// What it is, as it stands within a sentence: `the difference of “A” from “B” in known missed
    /// cases`.
    pub name: &'a str,
    /// Its unit.
    pub unit: &'a str,
    /// By parameter or group of them: its path or name, and a word to stand below, such as its grade of
    /// evidence.
    pub parameters: &'a [(String, String)],
    /// How many runs are behind it, in words: `512 runs of 2 trials`.
    pub runs: &'a str,
}

/// Indices of a quantity.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Index<'a> {
    /// The quantity.
    pub quantity: Quantity<'a>,
    /// Where its variance comes from.
    pub sensitivity: &'a Sensitivity,
}

/// The chart; `None` where the quantity varies by no more than luck.
pub fn indices(of: &Index, look: &Look) -> Option<String> {
    let indices = of.sensitivity.indices.as_ref()?;
    let quantity = &of.quantity;
    assert_eq!(
        indices.len(),
        quantity.parameters.len(),
        "each parameter has its indices"
    );
    let mut order: Vec<usize> = (0..indices.len()).collect();
    order.sort_by(|one, other| {
        let total = |it: &usize| indices[*it].total.value;
        total(other).total_cmp(&total(one)).then(one.cmp(other))
    });
    let left_out = order.len().saturating_sub(MOST);
    order.truncate(MOST);
    let first = order.first()?;
    let labels: Vec<Label> = order
        .iter()
        .map(|it| Label::of_path(&quantity.parameters[*it].0, &quantity.parameters[*it].1))
        .collect();
    let key = Key::of([
        (
            Sign::Disc(palette::BETTER),
            "first order: gone if this value alone were known".to_owned(),
        ),
        (
            Sign::OpenDiamond(palette::WORSE),
            "total: left if all others were known".to_owned(),
        ),
    ]);
    let others = others(left_out);
    let heading = Heading {
        id: "decide-indices",
        title: title(of, indices, *first),
        subtitle: format!(
            "Shares of the variance of {}, luck of trials taken out ({}). Lines: 95% intervals, which can go \
             beyond 0% and 100%. What the total has more than the first order is of several values together.{others}",
            quantity.name, quantity.runs
        ),
        description: description(of, indices, &order),
        caveat: None,
    };
    let words = ["share of the variance over all values".to_owned()];
    let heights: Vec<f64> = labels.iter().map(|it| it.height(ROW)).collect();
    let rows: f64 = heights.iter().sum();
    let height = key.height() + rows + axis_height(&words);
    let svg = page(&heading, look, height, |canvas, top| {
        key.draw(canvas, top);
        let first = top + key.height();
        let last = first + rows;
        let ends = order.iter().flat_map(|it| {
            let of = &indices[*it];
            [of.first, of.total]
                .into_iter()
                .flat_map(|it| ends(times(it, 100.0)))
        });
        let across = scale_with_zero(ends, (LEFT, WIDTH - MARGIN - NUMBERS));
        axis(canvas, &across, (first, last), ("%", &words));
        let zero = across.at(0.0);
        canvas.line(&[(zero, first), (zero, last)], INK, 1.2);
        let mut y = first;
        for ((place, label), height) in order.iter().zip(&labels).zip(&heights) {
            let middle = y + height / 2.0;
            y += height;
            canvas.line(&[(MARGIN, y), (WIDTH - MARGIN, y)], GRID, 1.0);
            label.draw(canvas, middle);
            row(canvas, &indices[*place], &across, middle);
        }
    });
    Some(svg)
}

/// What is said of parameters without a row.
pub(super) fn others(left_out: usize) -> String {
    match left_out {
        0 => String::new(),
        1 => " One more value, with less, is not shown.".to_owned(),
        more => format!(" {more} more values, with less, are not shown."),
    }
}

fn ends(estimate: Estimate) -> [f64; 3] {
    let interval = estimate.interval;
    [
        estimate.value,
        interval.map_or(estimate.value, |it| it.low),
        interval.map_or(estimate.value, |it| it.high),
    ]
}

fn told(estimate: Estimate) -> String {
    match estimate.interval {
        Some(interval) => format!(
            "{} ({} to {})",
            percent(estimate.value),
            percent(interval.low),
            percent(interval.high)
        ),
        None => percent(estimate.value),
    }
}

fn row(canvas: &Canvas, indices: &Indices, across: &Scale, middle: f64) {
    let marks = [
        ("first order", indices.first, middle - 6.5, palette::BETTER),
        ("total", indices.total, middle + 6.5, palette::WORSE),
    ];
    for (name, estimate, y, color) in marks {
        let told = told(estimate);
        let [value, low, high] = ends(times(estimate, 100.0)).map(|it| across.at(it));
        canvas.telling(&format!("{name}: {told}"), || {
            canvas.line(&[(low, y), (high, y)], color, 1.8);
            if name == "total" {
                super::common::hollow_diamond(canvas, (value, y), 4.6, color);
            } else {
                canvas.disc((value, y), 3.8, color);
            }
        });
        let told = SMALL.wrap(&told, NUMBERS - 8.0, 1).concat();
        canvas.text(&told, SMALL, color, Hang::Right, (WIDTH - MARGIN, y));
    }
}

fn title(of: &Index, indices: &[Indices], largest: usize) -> String {
    let path = &of.quantity.parameters[largest].0;
    let index = &indices[largest];
    let above_zero = |it: Estimate| it.interval.is_none_or(|interval| interval.low > 0.0);
    if !above_zero(index.total) {
        return format!(
            "These runs cannot tell which value {} varies with",
            of.quantity.name
        );
    }
    let clear = indices.iter().filter(|it| above_zero(it.total)).count();
    let others = match clear - 1 {
        0 => "no other clearly matters".to_owned(),
        1 => "one other clearly matters too".to_owned(),
        more => format!("{more} others clearly matter too"),
    };
    format!(
        "By itself {path} makes {} of what {} varies by; {others}",
        told(cut(index.first)),
        of.quantity.name
    )
}

fn description(of: &Index, indices: &[Indices], order: &[usize]) -> String {
    let rows: Vec<String> = order
        .iter()
        .map(|it| {
            format!(
                "{}: first order {}, total {}",
                of.quantity.parameters[*it].0,
                told(indices[*it].first),
                told(indices[*it].total)
            )
        })
        .collect();
    format!(
        "First-order and total indices with 95% intervals. {}.",
        rows.join(". ")
    )
}
