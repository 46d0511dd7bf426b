//! What a quantity comes to with each value at either end of its range, all others as stated.

use super::common::{Key, Label, NAMES, Sign, axis, axis_height, places_of};
use super::indices::{MOST, Quantity, others};
use crate::report::charts::canvas::{
    BODY, Canvas, GRID, Hang, Heading, INK, MARGIN, MUTED, SMALL, Scale, WIDTH, draw as page,
};
use crate::report::charts::look::Look;
use crate::report::charts::palette;
use crate::report::numbers::plain;

const LEFT: f64 = MARGIN + NAMES;
const ROW: f64 = 40.0;
const BAR: f64 = 12.0;
/// Standard errors beyond which a move is told from luck.
const TOLD: f64 = 1.96;

/// One value at both ends of its range: the end in words, what the quantity comes to there, and the standard
/// error of its difference from the stated one.
#[derive(Debug, Clone, PartialEq)]
pub struct Swings {
    /// At the lower end.
    pub low: (String, f64, f64),
    /// At the upper end.
    pub high: (String, f64, f64),
}

/// A quantity at the ends of each range.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Tornado<'a> {
    /// The quantity, with the values that were moved.
    pub quantity: Quantity<'a>,
    /// What it is with every value as stated.
    pub stated: f64,
    /// By value.
    pub swings: &'a [Swings],
}

/// The chart; `None` where no value was moved.
pub fn tornado(of: &Tornado, look: &Look) -> Option<String> {
    assert_eq!(
        of.swings.len(),
        of.quantity.parameters.len(),
        "each value has its ends"
    );
    let width = |it: &Swings| (it.high.1 - it.low.1).abs();
    let mut order: Vec<usize> = (0..of.swings.len()).collect();
    order.sort_by(|one, other| {
        let width = |it: &usize| width(&of.swings[*it]);
        width(other).total_cmp(&width(one)).then(one.cmp(other))
    });
    let left_out = order.len().saturating_sub(MOST);
    order.truncate(MOST);
    let first = *order.first()?;
    let labels: Vec<Label> = order
        .iter()
        .map(|it| {
            Label::of_path(
                &of.quantity.parameters[*it].0,
                &of.quantity.parameters[*it].1,
            )
        })
        .collect();
    let digits = places_of(of.swings.iter().flat_map(|it| [it.low.1, it.high.1]));
    let key = Key::of([
        (
            Sign::Fill(palette::SEAM[2].0),
            "at the lower end of its range".to_owned(),
        ),
        (
            Sign::Hatched(palette::QUEUES[0].0, palette::ORANGE),
            "at the upper end".to_owned(),
        ),
        (Sign::Line(INK, 1.4, &[]), "95% interval".to_owned()),
        (Sign::Upright(INK, 1.6), "as stated".to_owned()),
    ]);
    let heading = Heading {
        id: "decide-tornado",
        title: title(of, first, digits),
        subtitle: format!(
            "Each value at either end of its range, all others as stated ({}).{}",
            of.quantity.runs,
            others(left_out)
        ),
        description: description(of, &order, digits),
        caveat: None,
    };
    let words = BODY.wrap(
        &format!("{}, {}", of.quantity.name, of.quantity.unit),
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
        let across = scale(of, &order);
        axis(canvas, &across, (first, last), ("", &words));
        let mut y = first;
        for ((place, label), height) in order.iter().zip(&labels).zip(&heights) {
            let middle = y + height / 2.0;
            y += height;
            canvas.line(&[(MARGIN, y), (WIDTH - MARGIN, y)], GRID, 1.0);
            label.draw(canvas, middle);
            row(canvas, of, &of.swings[*place], &across, (middle, digits));
        }
        let x = across.at(of.stated);
        canvas.line(&[(x, first), (x, last)], INK, 1.6);
    });
    Some(svg)
}

fn scale(of: &Tornado, order: &[usize]) -> Scale {
    let ends = order.iter().flat_map(|it| {
        let swings = &of.swings[*it];
        [&swings.low, &swings.high]
            .into_iter()
            .flat_map(|(_, value, error)| [value - TOLD * error, value + TOLD * error])
    });
    let (low, high) = ends.fold((of.stated, of.stated), |(low, high), it| {
        (low.min(it), high.max(it))
    });
    let room = match high - low {
        room if room > 0.0 => 0.04 * room,
        _ => 1.0,
    };
    Scale {
        values: (low - room, high + room),
        pixels: (LEFT, WIDTH - MARGIN),
    }
}

fn row(
    canvas: &Canvas,
    of: &Tornado,
    swings: &Swings,
    across: &Scale,
    (middle, digits): (f64, usize),
) {
    let stated = across.at(of.stated);
    // Lower above upper, so that two ends on one side can be told apart.
    let ends = [(&swings.low, true), (&swings.high, false)];
    for ((words, value, error), is_low) in ends {
        let x = across.at(*value);
        let y = if is_low {
            middle - BAR / 2.0 - 0.5
        } else {
            middle + BAR / 2.0 + 0.5
        };
        let (left, right) = (x.min(stated), x.max(stated));
        let (from, to) = ((left, y - BAR / 2.0), (right, y + BAR / 2.0));
        let told = format!("{words}: {}", plain(*value, digits));
        canvas.telling(&told, || {
            if is_low {
                canvas.rectangle(from, to, palette::SEAM[2].0);
            } else {
                canvas.rectangle(from, to, palette::QUEUES[0].0);
                super::common::hatch(canvas, from, to, palette::ORANGE, (5.0, 1.1));
            }
            let reach = [value - TOLD * error, value + TOLD * error].map(|it| across.at(it));
            canvas.line(&[(reach[0], y), (reach[1], y)], INK, 1.4);
        });
        // Beyond the bar and its interval, where there is room on that side.
        let label = SMALL.wrap(words, 150.0, 1).concat();
        let width = SMALL.width(&label);
        let beyond = TOLD * error;
        let right = across.at((value + beyond).max(of.stated)) + 5.0;
        let left = across.at((value - beyond).min(of.stated)) - 5.0;
        let goes_right = match x >= stated {
            true => right + width <= WIDTH - MARGIN || left - width < LEFT,
            false => left - width < LEFT && right + width <= WIDTH - MARGIN,
        };
        if goes_right {
            let x = right.min(WIDTH - MARGIN - width);
            canvas.text(&label, SMALL, MUTED, Hang::Left, (x, y));
        } else {
            let x = left.max(LEFT + width);
            canvas.text(&label, SMALL, MUTED, Hang::Right, (x, y));
        }
    }
}

fn title(of: &Tornado, first: usize, digits: usize) -> String {
    let path = &of.quantity.parameters[first].0;
    let swings = &of.swings[first];
    let is_told = |(_, value, error): &(String, f64, f64)| (value - of.stated).abs() > TOLD * error;
    if !is_told(&swings.low) && !is_told(&swings.high) {
        return format!(
            "These runs cannot tell that any value, moved alone, moves {}",
            of.quantity.name
        );
    }
    format!(
        "{path} moves {} from {} to {} {} through its range",
        of.quantity.name,
        plain(swings.low.1, digits),
        plain(swings.high.1, digits),
        of.quantity.unit
    )
}

fn description(of: &Tornado, order: &[usize], digits: usize) -> String {
    let rows: Vec<String> = order
        .iter()
        .map(|it| {
            let swings = &of.swings[*it];
            let end = |(words, value, error): &(String, f64, f64)| {
                format!(
                    "{} at {words} (standard error {})",
                    plain(*value, digits),
                    plain(*error, digits)
                )
            };
            format!(
                "{}: {}, {}",
                of.quantity.parameters[*it].0,
                end(&swings.low),
                end(&swings.high)
            )
        })
        .collect();
    format!(
        "Bars of {} with each value at either end of its range, from {} as stated, in {}. {}.",
        of.quantity.name,
        plain(of.stated, digits),
        of.quantity.unit,
        rows.join(". ")
    )
}
