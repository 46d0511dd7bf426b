//! Which values matter at all: the mean size of elementary effects, and how much it depends on where the
//! other values lie.

use super::common::{Key, Label, NAMES, Sign, axis, axis_height, places_of, scale_with_zero};
use super::indices::{MOST, Quantity, others};
use crate::analysis::decision::Screened;
use crate::report::charts::canvas::{
    BODY, Canvas, GRID, Hang, Heading, INK, MARGIN, MUTED, SMALL, Scale, WIDTH, draw as page,
};
use crate::report::charts::look::Look;
use crate::report::charts::palette;
use crate::report::numbers::plain;

const LEFT: f64 = MARGIN + NAMES;
const NUMBERS: f64 = 146.0;
const BAR: f64 = 13.0;
const ROW: f64 = 32.0;

/// The chart; `None` where there is no parameter. `by_luck` is the mean size that a value without effect
/// has by luck, where that is known: see [`Screened::by_luck`].
pub fn screening(
    quantity: &Quantity,
    screened: &[Screened],
    by_luck: Option<f64>,
    look: &Look,
) -> Option<String> {
    assert_eq!(
        screened.len(),
        quantity.parameters.len(),
        "each parameter has its effects"
    );
    let mut order = Screened::ranking(screened);
    let left_out = order.len().saturating_sub(MOST);
    order.truncate(MOST);
    let first = *order.first()?;
    let digits = places_of(screened.iter().map(|it| it.mu_star.value));
    let labels: Vec<Label> = order
        .iter()
        .map(|it| Label::of_path(&quantity.parameters[*it].0, &quantity.parameters[*it].1))
        .collect();
    let mut signs = vec![
        (
            Sign::Fill(palette::SEAM[2].0),
            "mean size of the effect (μ*)".to_owned(),
        ),
        (Sign::Line(INK, 1.6, &[]), "95% interval".to_owned()),
        (
            Sign::OpenDiamond(palette::WORSE),
            "its standard deviation (σ)".to_owned(),
        ),
    ];
    if by_luck.is_some() {
        signs.push((
            Sign::Line(MUTED, 1.6, &[3.0, 3.0]),
            "what luck alone makes".to_owned(),
        ));
    }
    let key = Key::of(signs);
    let heading = Heading {
        id: "decide-screening",
        title: title(quantity, screened, first, by_luck, digits),
        subtitle: format!(
            "Change of {} as one value moves through its whole range ({}). A standard deviation as large as \
             the mean size: the effect bends, depends on other values, or is luck.{}",
            quantity.name,
            quantity.runs,
            others(left_out)
        ),
        description: description(quantity, screened, &order, digits),
        caveat: None,
    };
    let words = BODY.wrap(
        &format!("{} for a move through the whole range", quantity.unit),
        WIDTH - MARGIN - LEFT,
        2,
    );
    let heights: Vec<f64> = labels.iter().map(|it| it.height(ROW)).collect();
    let rows: f64 = heights.iter().sum();
    let height = key.height() + rows + axis_height(&words);
    let svg = page(&heading, look, height, |canvas, top| {
        key.draw(canvas, top);
        let first = top + key.height();
        let last = first + rows;
        let ends = order.iter().flat_map(|it| {
            let of = &screened[*it];
            let high = of.mu_star.interval.map_or(0.0, |it| it.high);
            [of.mu_star.value, high, of.sigma.unwrap_or(0.0)]
        });
        let across = scale_with_zero(ends.chain(by_luck), (LEFT, WIDTH - MARGIN - NUMBERS));
        axis(canvas, &across, (first, last), ("", &words));
        if let Some(luck) = by_luck {
            let x = across.at(luck);
            canvas.dashed(&[(x, first), (x, last)], MUTED, 1.6, &[3.0, 3.0]);
        }
        let mut y = first;
        for ((place, label), height) in order.iter().zip(&labels).zip(&heights) {
            let middle = y + height / 2.0;
            y += height;
            canvas.line(&[(MARGIN, y), (WIDTH - MARGIN, y)], GRID, 1.0);
            label.draw(canvas, middle);
            row(canvas, &screened[*place], &across, (middle, digits));
        }
        canvas.line(&[(LEFT, first), (LEFT, last)], INK, 1.2);
    });
    Some(svg)
}

fn told(screened: &Screened, digits: usize) -> String {
    let way = match screened.mu {
        mu if (mu.abs() - screened.mu_star.value).abs() > 1e-9 * screened.mu_star.value => {
            "both ways"
        }
        mu if mu > 0.0 => "up",
        mu if mu < 0.0 => "down",
        _ => "none",
    };
    let sigma = screened
        .sigma
        .map_or_else(String::new, |it| format!(", σ {}", plain(it, digits)));
    format!("{}{sigma}, {way}", plain(screened.mu_star.value, digits))
}

fn row(canvas: &Canvas, screened: &Screened, across: &Scale, (middle, digits): (f64, usize)) {
    let told = told(screened, digits);
    canvas.telling(&told, || {
        let end = across.at(screened.mu_star.value);
        let (top, bottom) = (middle - BAR / 2.0, middle + BAR / 2.0);
        canvas.rectangle((LEFT, top), (end, bottom), palette::SEAM[2].0);
        if let Some(interval) = screened.mu_star.interval {
            let (low, high) = (across.at(interval.low.max(0.0)), across.at(interval.high));
            canvas.line(&[(low, middle), (high, middle)], INK, 1.6);
            for x in [low, high] {
                canvas.line(&[(x, middle - 4.0), (x, middle + 4.0)], INK, 1.6);
            }
        }
        if let Some(sigma) = screened.sigma {
            let at = (across.at(sigma), middle);
            super::common::hollow_diamond(canvas, at, 4.6, palette::WORSE);
        }
    });
    let told = SMALL.wrap(&told, NUMBERS - 6.0, 1).concat();
    canvas.text(&told, SMALL, INK, Hang::Right, (WIDTH - MARGIN, middle));
}

fn title(
    quantity: &Quantity,
    screened: &[Screened],
    first: usize,
    by_luck: Option<f64>,
    digits: usize,
) -> String {
    let (path, largest) = (&quantity.parameters[first].0, &screened[first]);
    let low = largest.mu_star.interval.map(|it| it.low);
    if let (Some(luck), Some(low)) = (by_luck, low)
        && low <= luck
    {
        return format!(
            "These runs cannot tell the effect of any single value on {} from luck",
            quantity.name
        );
    }
    format!(
        "{path} moves {} most: by {} {} from end to end of its range",
        quantity.name,
        plain(largest.mu_star.value, digits),
        quantity.unit
    )
}

fn description(
    quantity: &Quantity,
    screened: &[Screened],
    order: &[usize],
    digits: usize,
) -> String {
    let rows: Vec<String> = order
        .iter()
        .map(|it| {
            format!(
                "{}: {}",
                quantity.parameters[*it].0,
                told(&screened[*it], digits)
            )
        })
        .collect();
    format!(
        "Bars of mean sizes of effects with 95% intervals and diamonds of their standard deviations, in {}. {}.",
        quantity.unit,
        rows.join(". ")
    )
}
