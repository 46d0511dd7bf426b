//! What every chart is drawn with: a page with a heading, text, lines and shapes, all in pixels.

use plotters::coord::Shift;
use plotters::drawing::{DrawingArea, IntoDrawingArea};
use plotters::element::{Circle, PathElement, Polygon, Rectangle};
use plotters::style::text_anchor::{HPos, Pos, VPos};
use plotters::style::{Color, IntoTextStyle, RGBColor};

use super::backend::{Group, Svg, units};
use super::fonts::{self, Face};
use super::look::Look;
use crate::report::numbers::plain;

/// Width of every chart.
pub(super) const WIDTH: f64 = 760.0;
/// Empty space at the edges.
pub(super) const MARGIN: f64 = 16.0;

pub(super) const INK: RGBColor = RGBColor(0x1f, 0x24, 0x29);
pub(super) const MUTED: RGBColor = RGBColor(0x5b, 0x63, 0x6b);
pub(super) const GRID: RGBColor = RGBColor(0xe3, 0xe6, 0xe9);
const PAPER: RGBColor = RGBColor(0xff, 0xff, 0xff);
/// What nothing has come to yet: all but paper, so that a swatch of it shows.
pub(super) const EMPTY: RGBColor = RGBColor(0xf4, 0xf5, 0xf6);

const TITLE: Face = Face {
    em: 17.0,
    is_bold: true,
};
const SUBTITLE: Face = Face {
    em: 12.5,
    is_bold: false,
};
/// Text in a chart.
pub(super) const BODY: Face = Face {
    em: 12.0,
    is_bold: false,
};
/// Text beside other text.
pub(super) const SMALL: Face = Face {
    em: 11.0,
    is_bold: false,
};
/// Text that stands out.
pub(super) const STRONG: Face = Face {
    em: 12.0,
    is_bold: true,
};

/// The words around a chart.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Heading {
    /// Prefix of ids.
    pub(super) id: &'static str,
    /// A sentence computed from the results.
    pub(super) title: String,
    /// Unit, number of trials, how to read it.
    pub(super) subtitle: String,
    /// The same for who does not see it.
    pub(super) description: String,
    /// What must stand below.
    pub(super) caveat: Option<String>,
}

impl Heading {
    /// The heading under the title that was asked for instead of the computed one.
    fn titled(&self, look: &Look) -> Self {
        Self {
            title: look.title.as_ref().unwrap_or(&self.title).clone(),
            ..self.clone()
        }
    }

    fn title_lines(&self) -> Vec<String> {
        TITLE.wrap(&self.title, WIDTH - 2.0 * MARGIN, 3)
    }

    fn subtitle_lines(&self) -> Vec<String> {
        SUBTITLE.wrap(&self.subtitle, WIDTH - 2.0 * MARGIN, 4)
    }

    /// Height above the chart itself.
    fn height(&self) -> f64 {
        12.0 + TITLE.line() * self.title_lines().len() as f64
            + 4.0
            + SUBTITLE.line() * self.subtitle_lines().len() as f64
            + 14.0
    }

    fn foot(&self) -> f64 {
        match &self.caveat {
            Some(_) => BODY.line() + 2.0 * MARGIN,
            None => MARGIN,
        }
    }
}

/// Where a text hangs on its point.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Hang {
    /// The point is the left end, at half height.
    Left,
    /// The point is the middle, at half height.
    Middle,
    /// The point is the right end, at half height.
    Right,
}

/// A page to draw on.
pub(super) struct Canvas<'a> {
    area: DrawingArea<Svg<'a>, Shift>,
    height: f64,
}

/// Draws a chart: the heading, then what `paint` draws below it in a box of this height.
/// `paint` is told the top of the box.
pub(super) fn draw(
    heading: &Heading,
    look: &Look,
    height: f64,
    paint: impl FnOnce(&Canvas, f64),
) -> String {
    fonts::register();
    let heading = &heading.titled(look);
    let top = heading.height();
    let whole = (top + height + heading.foot()).ceil();
    let mut out = String::new();
    {
        let size = (WIDTH as u32, whole as u32);
        let svg = Svg::open(
            &mut out,
            size,
            look,
            heading.id,
            &heading.title,
            &heading.description,
        );
        let canvas = Canvas {
            area: svg.into_drawing_area(),
            height: whole,
        };
        canvas.rectangle((0.0, 0.0), (WIDTH, whole), PAPER);
        canvas.head(heading);
        paint(&canvas, top);
        if let Some(caveat) = &heading.caveat {
            let y = whole - MARGIN - BODY.line() / 2.0 + 4.0;
            canvas.text(caveat, BODY, MUTED, Hang::Left, (MARGIN, y));
        }
    }
    out
}

impl Canvas<'_> {
    fn head(&self, heading: &Heading) {
        let mut y = 12.0;
        for (face, color, lines) in [
            (TITLE, INK, heading.title_lines()),
            (SUBTITLE, MUTED, heading.subtitle_lines()),
        ] {
            for line in lines {
                let middle = y + face.line() / 2.0;
                self.text(&line, face, color, Hang::Left, (MARGIN, middle));
                y += face.line();
            }
            y += 4.0;
        }
    }

    /// Writes a text. Its box must lie on the page.
    pub(super) fn text(
        &self,
        text: &str,
        face: Face,
        color: RGBColor,
        hang: Hang,
        (x, y): (f64, f64),
    ) {
        let width = face.width(text);
        let (left, position) = match hang {
            Hang::Left => (x, HPos::Left),
            Hang::Middle => (x - width / 2.0, HPos::Center),
            Hang::Right => (x - width, HPos::Right),
        };
        debug_assert!(
            left >= 0.0 && left + width <= WIDTH && y >= 0.0 && y <= self.height,
            "the text \"{text}\" leaves the page"
        );
        let size = units(face.em * fonts::LINE_PER_EM);
        let style = (fonts::FAMILY, size, face.style())
            .into_text_style(&self.area)
            .color(&color)
            .pos(Pos::new(position, VPos::Center));
        self.area
            .draw_text(text, &style, (units(x), units(y)))
            .expect(CANNOT_FAIL);
    }

    /// Draws what belongs to the structure at this place; a page can hide it.
    pub(super) fn of_structure(&self, place: usize, paint: impl FnOnce()) {
        self.group(&Group::Structure(place), paint);
    }

    /// Draws marks that stand for a value; a page can tell it on hover.
    pub(super) fn telling(&self, value: &str, paint: impl FnOnce()) {
        self.group(&Group::Value(value), paint);
    }

    fn group(&self, group: &Group, paint: impl FnOnce()) {
        let style = (fonts::FAMILY, units(BODY.em)).into_text_style(&self.area);
        let write = |text: &str| {
            self.area
                .draw_text(text, &style, (0, 0))
                .expect(CANNOT_FAIL);
        };
        write(&group.opening());
        paint();
        write(&Group::closing());
    }

    /// Draws a line through points.
    pub(super) fn line(&self, points: &[(f64, f64)], color: RGBColor, width: f64) {
        let points: Vec<(i32, i32)> = points.iter().map(|point| at(*point)).collect();
        let style = color.stroke_width(units(width).unsigned_abs());
        self.area
            .draw(&PathElement::new(points, style))
            .expect(CANNOT_FAIL);
    }

    /// Draws a line through points in dashes: lengths drawn and left out by turns. Without a
    /// pattern it is a whole line.
    pub(super) fn dashed(
        &self,
        points: &[(f64, f64)],
        color: RGBColor,
        width: f64,
        pattern: &[f64],
    ) {
        if pattern.is_empty() {
            self.line(points, color, width);
            return;
        }
        for dash in dashes(points, pattern) {
            self.line(&dash, color, width);
        }
    }

    /// Fills the area within these corners.
    pub(super) fn area(&self, corners: &[(f64, f64)], color: RGBColor) {
        let corners: Vec<(i32, i32)> = corners.iter().map(|corner| at(*corner)).collect();
        self.area
            .draw(&Polygon::new(corners, color.filled()))
            .expect(CANNOT_FAIL);
    }

    /// Fills the area within these corners so that what lies below shows through.
    pub(super) fn veil(&self, corners: &[(f64, f64)], color: RGBColor, opacity: f64) {
        let corners: Vec<(i32, i32)> = corners.iter().map(|corner| at(*corner)).collect();
        self.area
            .draw(&Polygon::new(corners, color.mix(opacity).filled()))
            .expect(CANNOT_FAIL);
    }

    /// Draws a line through points so that what lies below shows through.
    pub(super) fn stroke(&self, points: &[(f64, f64)], color: RGBColor, width: f64, opacity: f64) {
        let points: Vec<(i32, i32)> = points.iter().map(|point| at(*point)).collect();
        let style = color.mix(opacity).stroke_width(units(width).unsigned_abs());
        self.area
            .draw(&PathElement::new(points, style))
            .expect(CANNOT_FAIL);
    }

    /// Draws the edges of a rectangle.
    pub(super) fn frame(&self, one: (f64, f64), other: (f64, f64), color: RGBColor, width: f64) {
        let corners = [one, (other.0, one.1), other, (one.0, other.1), one];
        self.line(&corners, color, width);
    }

    /// Fills a rectangle.
    pub(super) fn rectangle(&self, one: (f64, f64), other: (f64, f64), color: RGBColor) {
        self.area
            .draw(&Rectangle::new([at(one), at(other)], color.filled()))
            .expect(CANNOT_FAIL);
    }

    /// Fills a circle.
    pub(super) fn disc(&self, centre: (f64, f64), radius: f64, color: RGBColor) {
        let radius = units(radius).unsigned_abs();
        self.area
            .draw(&Circle::new(at(centre), radius, color.filled()))
            .expect(CANNOT_FAIL);
    }

    /// Draws a hollow circle.
    pub(super) fn ring(&self, centre: (f64, f64), radius: f64, color: RGBColor) {
        self.edged(centre, radius, color, 1.6);
    }

    /// Draws a hollow circle among many: with a thin edge.
    pub(super) fn small_ring(&self, centre: (f64, f64), radius: f64, color: RGBColor) {
        self.edged(centre, radius, color, 0.8);
    }

    fn edged(&self, centre: (f64, f64), radius: f64, color: RGBColor, width: f64) {
        self.disc(centre, radius, PAPER);
        let style = color.stroke_width(units(width).unsigned_abs());
        let radius = units(radius).unsigned_abs();
        self.area
            .draw(&Circle::new(at(centre), radius, style))
            .expect(CANNOT_FAIL);
    }
}

const CANNOT_FAIL: &str = "drawing into a string cannot fail";

fn at((x, y): (f64, f64)) -> (i32, i32) {
    (units(x), units(y))
}

/// Cuts a line into its dashes.
fn dashes(points: &[(f64, f64)], pattern: &[f64]) -> Vec<Vec<(f64, f64)>> {
    let mut found = Vec::new();
    let mut place = 0_usize;
    let mut left = pattern[0];
    let mut dash: Vec<(f64, f64)> = points.first().copied().into_iter().collect();
    for ends in points.windows(2) {
        let (mut from, to) = (ends[0], ends[1]);
        loop {
            let length = (to.0 - from.0).hypot(to.1 - from.1);
            if length <= left {
                left -= length;
                dash.push(to);
                break;
            }
            let share = left / length;
            from = (
                from.0 + share * (to.0 - from.0),
                from.1 + share * (to.1 - from.1),
            );
            dash.push(from);
            if place.is_multiple_of(2) {
                found.push(std::mem::take(&mut dash));
            }
            place += 1;
            left = pattern[place % pattern.len()];
            dash = vec![from];
        }
    }
    if place.is_multiple_of(2) && dash.len() > 1 {
        found.push(dash);
    }
    found
}

/// A straight scale from values to pixels.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Scale {
    /// Lowest and highest value.
    pub(super) values: (f64, f64),
    /// Their places.
    pub(super) pixels: (f64, f64),
}

impl Scale {
    /// The place of a value. Values out of range are a fault: they would bend the picture.
    pub(super) fn at(&self, value: f64) -> f64 {
        let share = (value - self.values.0) / (self.values.1 - self.values.0);
        debug_assert!(
            (-1e-9..=1.0 + 1e-9).contains(&share),
            "{value} is not on the scale"
        );
        self.pixels.0 + share * (self.pixels.1 - self.pixels.0)
    }

    /// Round values on the scale, five or so where their labels have room, and the decimals that
    /// the labels need.
    pub(super) fn ticks(&self) -> (Vec<f64>, usize) {
        let mut about = 5;
        loop {
            let (ticks, decimals) = self.round_values(about);
            let fit = |pair: &[f64]| {
                let room = self.at(pair[1]) - self.at(pair[0]);
                let widest = pair.iter().map(|tick| BODY.width(&plain(*tick, decimals)));
                widest.fold(0.0, f64::max) + 8.0 <= room
            };
            if about == 1 || ticks.windows(2).all(fit) {
                return (ticks, decimals);
            }
            about -= 1;
        }
    }

    fn round_values(&self, about: usize) -> (Vec<f64>, usize) {
        let (low, high) = self.values;
        let rough = (high - low) / about as f64;
        let power = 10_f64.powf(rough.log10().floor());
        // The nearest of 1, 2, 5 and 10, by ratio.
        let factor = match rough / power {
            near if near < 1.4 => 1.0,
            near if near < 3.2 => 2.0,
            near if near < 7.1 => 5.0,
            _ => 10.0,
        };
        let step = factor * power;
        let decimals = (-step.log10().floor()).max(0.0) as usize;
        let first = (low / step - 1e-9).ceil() as i64;
        let last = (high / step + 1e-9).floor() as i64;
        let ticks = (first..=last).map(|tick| tick as f64 * step).collect();
        (ticks, decimals)
    }
}

/// Moves labels apart so that each has its height, as near to its wish as can be, between a top
/// and a bottom. Wishes are middles and heights, from the label that is to be highest downwards.
pub(super) fn pushed_apart(wishes: &[(f64, f64)], top: f64, bottom: f64) -> Vec<f64> {
    // Downwards so that none overlaps the one above, then upwards from the bottom.
    let mut free_from = top;
    let mut middles: Vec<f64> = wishes
        .iter()
        .map(|(wish, height)| {
            let middle = wish.max(free_from + height / 2.0);
            free_from = middle + height / 2.0;
            middle
        })
        .collect();
    let mut free_to = bottom;
    for (middle, (_, height)) in middles.iter_mut().zip(wishes).rev() {
        *middle = middle.min(free_to - height / 2.0);
        free_to = *middle - height / 2.0;
    }
    middles
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ticks_are_round_numbers_on_the_scale() {
        let scale = |low, high| Scale {
            values: (low, high),
            pixels: (0.0, 100.0),
        };
        let (ticks, decimals) = scale(-13.2, 2.0).round_values(4);
        assert_eq!(decimals, 0);
        assert_eq!(ticks.len(), 3, "{ticks:?}");
        assert!((ticks[0] + 10.0).abs() < 1e-9 && ticks[2].abs() < 1e-9);
        let (ticks, decimals) = scale(-0.04, 0.21).round_values(5);
        assert_eq!((ticks.len(), decimals), (5, 2), "{ticks:?}");
    }

    #[test]
    fn labels_keep_their_distance_and_their_order() {
        let wishes = [(10.0, 20.0), (50.0, 20.0), (48.0, 20.0), (99.0, 20.0)];
        let middles = pushed_apart(&wishes, 0.0, 100.0);
        assert!((middles[0] - 10.0).abs() < 1e-9);
        assert!(middles[2] - middles[1] >= 20.0 - 1e-9);
        assert!(middles[3] <= 90.0 + 1e-9);
    }

    #[test]
    fn dashes_add_up_to_the_part_of_the_line_that_is_drawn() {
        let line = [(0.0, 0.0), (3.0, 0.0), (3.0, 17.0)];
        let length: f64 = dashes(&line, &[3.0, 1.0])
            .iter()
            .flat_map(|dash| dash.windows(2))
            .map(|ends| (ends[1].0 - ends[0].0).hypot(ends[1].1 - ends[0].1))
            .sum();
        assert!((length - 15.0).abs() < 1e-9, "{length}");
    }
}
