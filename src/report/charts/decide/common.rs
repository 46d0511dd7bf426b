//! What charts of decision analyses share: names of parameters, axes, hatching, and keys whose signs
//! differ in shape as well as in colour.

use plotters::style::RGBColor;

use crate::analysis::{Estimate, Interval};
use crate::measures::Measure;
use crate::report::charts::canvas::{
    BODY, Canvas, GRID, Hang, INK, MARGIN, MUTED, SMALL, Scale, WIDTH,
};
use crate::report::charts::palette::PAPER;
use crate::report::numbers::plain;
use crate::report::unit_of_difference;

/// Width of the names of rows.
pub(super) const NAMES: f64 = 196.0;

/// A share as a percentage.
pub(super) fn percent(share: f64) -> String {
    format!("{}%", plain(100.0 * share, 0))
}

/// A share as it can be: estimates of shares can lie below nothing and above all.
pub(super) fn cut(share: Estimate) -> Estimate {
    let within = |it: f64| it.clamp(0.0, 1.0);
    Estimate {
        value: within(share.value),
        interval: share.interval.map(|it| Interval {
            low: within(it.low),
            high: within(it.high),
        }),
    }
}

/// Decimals for values of which this is the largest.
pub(super) fn places(largest: f64) -> usize {
    match largest.abs() {
        100.0.. => 0,
        10.0.. => 1,
        1.0.. => 2,
        _ => 3,
    }
}

/// The same for many values.
pub(super) fn places_of(values: impl IntoIterator<Item = f64>) -> usize {
    places(values.into_iter().map(f64::abs).fold(0.0, f64::max))
}

/// The name of a measure as it stands within a sentence.
pub(super) fn within(measure: &Measure) -> String {
    crate::report::terminal::sentences::lower_first(measure.name)
}

/// The unit of a difference or loss, as it stands on an axis.
pub(super) fn unit(measure: &Measure) -> &'static str {
    unit_of_difference(measure)
}

/// Words of a value with its numbers cut to three digits that count: `times 1.00081` reads `times
/// 1.00`. Whole numbers stay whole.
pub(in crate::report) fn short(words: &str) -> String {
    let mut out = String::new();
    let mut rest = words;
    while let Some(start) = rest.find(|it: char| it.is_ascii_digit()) {
        let (before, from) = rest.split_at(start);
        out.push_str(before);
        let is_part = |it: char| it.is_ascii_digit() || it == '.';
        let end = from.find(|it: char| !is_part(it)).unwrap_or(from.len());
        // A full stop after a number is none of it.
        let number = from[..end].trim_end_matches('.');
        out.push_str(&three_digits(number));
        rest = &from[number.len()..];
    }
    out + rest
}

fn three_digits(number: &str) -> String {
    let (Ok(value), Some((_, part))) = (number.parse::<f64>(), number.split_once('.')) else {
        return number.to_owned();
    };
    let decimals = match value {
        100.0.. => 0,
        10.0.. => 1,
        1.0.. => 2,
        0.1.. => 3,
        0.01.. => 4,
        _ => return number.to_owned(),
    };
    if part.len() <= decimals {
        return number.to_owned();
    }
    let text = format!("{value:.decimals$}");
    match text.contains('.') {
        true => text.trim_end_matches('0').trim_end_matches('.').to_owned(),
        false => text,
    }
}

/// The path of a parameter in lines of this width, broken after its points and dashes; what is too long is
/// cut.
pub(super) fn path_lines(path: &str, width: f64, lines: usize) -> Vec<String> {
    let mut wrapped = vec![String::new()];
    for step in path.split_inclusive(['.', '-', '_']) {
        let last = wrapped.len() - 1;
        let longer = format!("{}{step}", wrapped[last]);
        if wrapped[last].is_empty() || wrapped.len() == lines || BODY.width(&longer) <= width {
            wrapped[last] = longer;
        } else {
            wrapped.push(step.to_owned());
        }
    }
    // Wrapping each by itself cuts it.
    let cut = |line: &String| BODY.wrap(line, width, 1).concat();
    wrapped.iter().map(cut).collect()
}

/// The name of a row in lines, right beside its marks, with a smaller word below.
pub(super) struct Label {
    lines: Vec<String>,
    below: String,
}

impl Label {
    /// The label of a parameter.
    pub(super) fn of_path(path: &str, below: &str) -> Self {
        Self {
            lines: path_lines(path, NAMES - 10.0, 3),
            below: SMALL.wrap(below, NAMES - 10.0, 1).concat(),
        }
    }

    /// The label of a structure.
    pub(super) fn of_name(name: &str) -> Self {
        Self {
            lines: BODY.wrap(name, NAMES - 10.0, 3),
            below: String::new(),
        }
    }

    /// Height of its text.
    fn text(&self) -> f64 {
        let below = if self.below.is_empty() {
            0.0
        } else {
            SMALL.line()
        };
        BODY.line() * self.lines.len() as f64 + below
    }

    /// Height of its row, at least this.
    pub(super) fn height(&self, least: f64) -> f64 {
        (self.text() + 10.0).max(least)
    }

    /// Writes it at the left margin with its middle at this height.
    pub(super) fn draw(&self, canvas: &Canvas, middle: f64) {
        let mut y = middle - self.text() / 2.0;
        for line in &self.lines {
            let at = (MARGIN, y + BODY.line() / 2.0);
            canvas.text(line, BODY, INK, Hang::Left, at);
            y += BODY.line();
        }
        if !self.below.is_empty() {
            let at = (MARGIN, y + SMALL.line() / 2.0);
            canvas.text(&self.below, SMALL, MUTED, Hang::Left, at);
        }
    }
}

/// The room that [`axis`] takes below the rows, with its words in so many lines.
pub(super) fn axis_height(words: &[String]) -> f64 {
    24.0 + BODY.line() * words.len() as f64 + 6.0
}

/// Upright lines at round values with labels below, and what the axis shows below those.
pub(super) fn axis(
    canvas: &Canvas,
    across: &Scale,
    (first, last): (f64, f64),
    (mark, words): (&str, &[String]),
) {
    let (left, right) = across.pixels;
    let (ticks, decimals) = across.ticks();
    let mut free_from = 0.0;
    for tick in ticks {
        let x = across.at(tick);
        canvas.line(&[(x, first), (x, last)], GRID, 1.0);
        let label = plain(tick, decimals) + mark;
        let half = SMALL.width(&label) / 2.0;
        let at = x.min(WIDTH - half - 1.0);
        if at - half >= free_from {
            canvas.text(&label, SMALL, MUTED, Hang::Middle, (at, last + 11.0));
            free_from = at + half + 4.0;
        }
    }
    canvas.line(&[(left, last), (right, last)], MUTED, 1.0);
    let mut y = last + 24.0 + BODY.line() / 2.0;
    for line in words {
        canvas.text(line, BODY, MUTED, Hang::Left, (left, y));
        y += BODY.line();
    }
}

/// A scale that holds zero and all of these, with a little room beyond what is not zero.
pub(super) fn scale_with_zero(ends: impl Iterator<Item = f64>, pixels: (f64, f64)) -> Scale {
    let (low, high) = ends
        .filter(|it| it.is_finite())
        .fold((0.0_f64, 0.0_f64), |(low, high), end| {
            (low.min(end), high.max(end))
        });
    let room = high - low;
    let values = if room > 0.0 {
        let beyond = |end: f64| if end.abs() > 0.0 { 0.05 * room } else { 0.0 };
        (low - beyond(low), high + beyond(high))
    } else {
        (0.0, 1.0)
    };
    Scale { values, pixels }
}

/// Slanted lines across a rectangle, so that it can be told from others without its colour.
pub(super) fn hatch(
    canvas: &Canvas,
    (left, top): (f64, f64),
    (right, bottom): (f64, f64),
    color: RGBColor,
    (gap, width): (f64, f64),
) {
    // Lines x + y = c; they meet their neighbours' across the edges of cells.
    let mut c = ((left + top) / gap).ceil() * gap;
    while c < right + bottom {
        let from = (c - bottom).max(left);
        let to = (c - top).min(right);
        if to - from > 0.3 {
            canvas.line(&[(from, c - from), (to, c - to)], color, width);
        }
        c += gap;
    }
}

/// The corners of a diamond.
fn diamond((x, y): (f64, f64), radius: f64) -> [(f64, f64); 4] {
    [
        (x, y - radius),
        (x + radius, y),
        (x, y + radius),
        (x - radius, y),
    ]
}

/// Fills a diamond.
pub(super) fn filled_diamond(canvas: &Canvas, at: (f64, f64), radius: f64, color: RGBColor) {
    canvas.area(&diamond(at, radius), color);
}

/// A diamond of paper with an edge.
pub(super) fn hollow_diamond(canvas: &Canvas, at: (f64, f64), radius: f64, color: RGBColor) {
    let [a, b, c, d] = diamond(at, radius);
    canvas.area(&[a, b, c, d], PAPER);
    canvas.line(&[a, b, c, d, a], color, 1.6);
}

/// What a key explains.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Sign {
    /// A filled area.
    Fill(RGBColor),
    /// A filled area with slanted lines of the second colour.
    Hatched(RGBColor, RGBColor),
    /// An area of paper with an edge.
    Frame(RGBColor),
    /// A filled circle.
    Disc(RGBColor),
    /// A hollow circle.
    Ring(RGBColor),
    /// A filled diamond.
    Diamond(RGBColor),
    /// A hollow diamond.
    OpenDiamond(RGBColor),
    /// A line of this width, in dashes if there are any.
    Line(RGBColor, f64, &'static [f64]),
    /// An upright line of this width.
    Upright(RGBColor, f64),
    /// A cross with a disc in its middle.
    Cross(RGBColor),
    /// A triangle that points to the left.
    Pointer(RGBColor),
    /// The sign of the structure at this place among those that have one.
    Glyph(usize),
}

const SIGN: f64 = 18.0;
const KEY_LINE: f64 = 20.0;

/// What signs mean, in as many lines as it takes.
pub(super) struct Key {
    entries: Vec<(Sign, String, f64, f64)>,
    height: f64,
}

impl Key {
    /// The key to these signs, from the left margin to the right one.
    pub(super) fn of(entries: impl IntoIterator<Item = (Sign, String)>) -> Self {
        let (mut x, mut y) = (MARGIN, 0.0);
        let mut placed = Vec::new();
        for (sign, words) in entries {
            let room = WIDTH - 2.0 * MARGIN - SIGN - 6.0;
            let words = BODY.wrap(&words, room, 1).concat();
            let width = SIGN + 6.0 + BODY.width(&words);
            if x + width > WIDTH - MARGIN && x > MARGIN {
                x = MARGIN;
                y += KEY_LINE;
            }
            placed.push((sign, words, x, y));
            x += width + 18.0;
        }
        Self {
            height: if placed.is_empty() { 0.0 } else { y + 30.0 },
            entries: placed,
        }
    }

    /// Its height, with air below.
    pub(super) fn height(&self) -> f64 {
        self.height
    }

    /// Draws it below `top`.
    pub(super) fn draw(&self, canvas: &Canvas, top: f64) {
        for (sign, words, x, y) in &self.entries {
            let y = top + y + 8.0;
            draw_sign(canvas, *sign, (*x, y));
            let at = (x + SIGN + 6.0, y);
            canvas.text(words, BODY, INK, Hang::Left, at);
        }
    }
}

fn draw_sign(canvas: &Canvas, sign: Sign, (x, y): (f64, f64)) {
    let (from, to) = ((x, y - 6.0), (x + SIGN, y + 6.0));
    let centre = (x + SIGN / 2.0, y);
    match sign {
        Sign::Fill(color) => canvas.rectangle(from, to, color),
        Sign::Hatched(fill, line) => {
            canvas.rectangle(from, to, fill);
            hatch(canvas, from, to, line, (5.0, 1.1));
            canvas.frame(from, to, line, 0.6);
        }
        Sign::Frame(color) => {
            canvas.rectangle(from, to, PAPER);
            canvas.frame(from, to, color, 1.2);
        }
        Sign::Disc(color) => canvas.disc(centre, 4.0, color),
        Sign::Ring(color) => canvas.ring(centre, 3.6, color),
        Sign::Diamond(color) => filled_diamond(canvas, centre, 5.2, color),
        Sign::OpenDiamond(color) => hollow_diamond(canvas, centre, 4.8, color),
        Sign::Line(color, width, dashes) => {
            canvas.dashed(&[(x, y), (x + SIGN, y)], color, width, dashes);
        }
        Sign::Upright(color, width) => {
            canvas.line(&[(centre.0, y - 7.0), (centre.0, y + 7.0)], color, width);
        }
        Sign::Cross(color) => {
            canvas.line(&[(x + 1.0, y), (x + SIGN - 1.0, y)], color, 1.8);
            canvas.line(&[(centre.0, y - 7.0), (centre.0, y + 7.0)], color, 1.8);
            canvas.disc(centre, 3.6, color);
        }
        Sign::Pointer(color) => {
            let right = centre.0 + 4.5;
            canvas.area(
                &[(centre.0 - 4.5, y), (right, y - 4.5), (right, y + 4.5)],
                color,
            );
        }
        Sign::Glyph(place) => {
            let (fill, ink) = glyph_colors(place);
            canvas.rectangle(from, to, fill);
            glyph(canvas, place, centre, 4.0, ink);
        }
    }
}

/// Fill of a cell in which the structure at this place, among those that have a sign, is best, and the
/// ink of its sign.
pub(super) fn glyph_colors(place: usize) -> (RGBColor, RGBColor) {
    const DARK: RGBColor = RGBColor(0x1f, 0x24, 0x29);
    [
        (RGBColor(0xC4, 0xDC, 0xF3), RGBColor(0x12, 0x43, 0x6D)),
        (RGBColor(0xFB, 0xD3, 0xBC), RGBColor(0xB5, 0x3D, 0x00)),
        (RGBColor(0xBF, 0xE3, 0xDF), RGBColor(0x17, 0x6F, 0x68)),
        (RGBColor(0xE4, 0xC6, 0xD6), RGBColor(0x80, 0x16, 0x50)),
        (RGBColor(0xDD, 0xD3, 0xEF), RGBColor(0x67, 0x48, 0xA0)),
        (RGBColor(0xE3, 0xE6, 0xE9), RGBColor(0x3D, 0x3D, 0x3D)),
    ]
    .get(place)
    .copied()
    .unwrap_or((PAPER, DARK))
}

/// So many structures have a sign of their own; others share the last.
pub(super) const GLYPHS: usize = 7;

/// The sign of the structure at this place: each of another shape.
pub(super) fn glyph(
    canvas: &Canvas,
    place: usize,
    (x, y): (f64, f64),
    radius: f64,
    color: RGBColor,
) {
    let r = radius;
    match place {
        0 => canvas.disc((x, y), 0.9 * r, color),
        1 => filled_diamond(canvas, (x, y), 1.2 * r, color),
        2 => canvas.area(
            &[
                (x, y - r),
                (x + 1.05 * r, y + 0.8 * r),
                (x - 1.05 * r, y + 0.8 * r),
            ],
            color,
        ),
        3 => canvas.rectangle(
            (x - 0.8 * r, y - 0.8 * r),
            (x + 0.8 * r, y + 0.8 * r),
            color,
        ),
        4 => {
            canvas.line(&[(x - r, y), (x + r, y)], color, 2.0);
            canvas.line(&[(x, y - r), (x, y + r)], color, 2.0);
        }
        5 => {
            let e = 0.8 * r;
            canvas.line(&[(x - e, y - e), (x + e, y + e)], color, 2.0);
            canvas.line(&[(x - e, y + e), (x + e, y - e)], color, 2.0);
        }
        _ => canvas.line(&[(x - r, y), (x + r, y)], color, 2.0),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_in_words_keep_three_digits_that_count() {
        for (words, expected) in [
            ("1.00081", "1"),
            ("times 0.44721", "times 0.447"),
            ("12.3456%", "12.3%"),
            ("513 per 10000 per year", "513 per 10000 per year"),
            ("mean 5.12345 days, sd 2 days", "mean 5.12 days, sd 2 days"),
            ("2,003.5.", "2,003.5."),
            ("123456.78", "123457"),
            ("0.00012345", "0.00012345"),
            ("none", "none"),
        ] {
            assert_eq!(short(words), expected);
        }
    }

    #[test]
    fn paths_break_after_their_points() {
        let lines = path_lines("need.speech-and-language.severe.begins", 150.0, 3);
        assert_eq!(lines.concat(), "need.speech-and-language.severe.begins");
        assert!(
            lines.len() > 1
                && lines[..lines.len() - 1]
                    .iter()
                    .all(|it| it.ends_with(['.', '-', '_']))
        );
        let endless = path_lines(&"w".repeat(300), 150.0, 3);
        assert!(endless.iter().all(|it| BODY.width(it) <= 150.0));
    }
}
