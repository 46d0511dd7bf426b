//! A plotters backend that writes SVG on a grid of a tenth of a pixel.
//!
//! Plotters' own SVG backend knows whole pixels only, sizes text by a rule that does not fit the
//! bundled font, and writes neither title nor description. This one carries the font with it, so
//! that a chart looks the same on every machine.

use std::convert::Infallible;
use std::fmt::Write as _;

use plotters::style::RGBColor;
use plotters_backend::text_anchor::{HPos, VPos};
use plotters_backend::{
    BackendColor, BackendCoord, BackendStyle, BackendTextStyle, DrawingBackend, DrawingErrorKind,
    FontStyle, FontTransform,
};

use super::fonts;
use super::look::{Look, Palette};

/// Units of the backend in one pixel.
const UNITS: f64 = 10.0;

/// Pixels as units of the backend.
pub(super) fn units(pixels: f64) -> i32 {
    (pixels * UNITS).round() as i32
}

/// First character of a text that is none but opens or closes a group of marks: plotters knows no
/// groups, and no text for readers holds this character.
const GROUP: char = '\u{1}';

/// What a group of marks stands for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Group<'a> {
    /// The structure at this place.
    Structure(usize),
    /// A value, in words.
    Value(&'a str),
}

impl Group<'_> {
    /// The text that opens it.
    pub(super) fn opening(self) -> String {
        match self {
            Self::Structure(place) => format!("{GROUP}<g data-structure=\"{place}\">"),
            Self::Value(words) => format!("{GROUP}<g data-value=\"{}\">", escaped(words)),
        }
    }

    /// The text that closes it.
    pub(super) fn closing() -> String {
        format!("{GROUP}</g>")
    }
}

type Drawn = Result<(), DrawingErrorKind<Infallible>>;

/// The SVG under construction.
pub(super) struct Svg<'a> {
    out: &'a mut String,
    size: (u32, u32),
    palette: Palette,
}

impl<'a> Svg<'a> {
    /// Opens a picture of this size in units of its own; it is shown as wide as the look asks for. The
    /// id goes before every id inside, so that several charts can stand in one page.
    pub(super) fn open(
        out: &'a mut String,
        size: (u32, u32),
        look: &Look,
        id: &str,
        title: &str,
        description: &str,
    ) -> Self {
        let (width, height) = size;
        let (shown_width, shown_height) = look.shown(size);
        let mut svg = Self {
            out,
            size,
            palette: look.palette,
        };
        svg.push(format_args!(
            "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {width} {height}\" \
             width=\"{shown_width}\" height=\"{shown_height}\" role=\"img\" \
             aria-labelledby=\"{id}-title {id}-description\" \
             font-family=\"{}, Arial, Helvetica, sans-serif\">\n\
             <title id=\"{id}-title\">{}</title>\n\
             <desc id=\"{id}-description\">{}</desc>\n\
             <style>{}</style>\n",
            fonts::FAMILY,
            escaped(title),
            escaped(description),
            fonts::style_sheet(),
        ));
        svg
    }

    fn push(&mut self, text: std::fmt::Arguments) {
        self.out
            .write_fmt(text)
            .expect("writing to a string cannot fail");
    }

    /// A colour as it is in the palette asked for.
    fn hex(&self, color: BackendColor) -> String {
        let (red, green, blue) = color.rgb;
        let RGBColor(red, green, blue) = self.palette.of(RGBColor(red, green, blue));
        format!("#{red:02x}{green:02x}{blue:02x}")
    }

    fn push_fill(&mut self, color: BackendColor, fill: bool, width: u32) {
        let (paint, other) = if fill {
            ("fill", "")
        } else {
            ("stroke", " fill=\"none\"")
        };
        self.push(format_args!("{other} {paint}=\"{}\"", self.hex(color)));
        if !fill {
            self.push(format_args!(" stroke-width=\"{}\"", pixels(width as i32)));
        }
        if color.alpha < 1.0 {
            self.push(format_args!(" {paint}-opacity=\"{:.2}\"", color.alpha));
        }
        self.push(format_args!("/>\n"));
    }
}

impl Drop for Svg<'_> {
    fn drop(&mut self) {
        self.out.push_str("</svg>\n");
    }
}

impl DrawingBackend for Svg<'_> {
    type ErrorType = Infallible;

    fn get_size(&self) -> (u32, u32) {
        let (width, height) = self.size;
        (width * UNITS as u32, height * UNITS as u32)
    }

    fn ensure_prepared(&mut self) -> Drawn {
        Ok(())
    }

    fn present(&mut self) -> Drawn {
        Ok(())
    }

    fn draw_pixel(&mut self, point: BackendCoord, color: BackendColor) -> Drawn {
        self.push(format_args!(
            "<rect x=\"{}\" y=\"{}\" width=\"0.1\" height=\"0.1\"",
            pixels(point.0),
            pixels(point.1)
        ));
        self.push_fill(color, true, 0);
        Ok(())
    }

    fn draw_line<S: BackendStyle>(
        &mut self,
        from: BackendCoord,
        to: BackendCoord,
        style: &S,
    ) -> Drawn {
        self.draw_path([from, to], style)
    }

    fn draw_rect<S: BackendStyle>(
        &mut self,
        one: BackendCoord,
        other: BackendCoord,
        style: &S,
        fill: bool,
    ) -> Drawn {
        let (left, right) = (one.0.min(other.0), one.0.max(other.0));
        let (top, bottom) = (one.1.min(other.1), one.1.max(other.1));
        self.push(format_args!(
            "<rect x=\"{}\" y=\"{}\" width=\"{}\" height=\"{}\"",
            pixels(left),
            pixels(top),
            pixels(right - left),
            pixels(bottom - top)
        ));
        self.push_fill(style.color(), fill, style.stroke_width());
        Ok(())
    }

    fn draw_path<S: BackendStyle, I: IntoIterator<Item = BackendCoord>>(
        &mut self,
        path: I,
        style: &S,
    ) -> Drawn {
        self.push(format_args!(
            "<polyline points=\"{}\" stroke-linejoin=\"round\"",
            points(path)
        ));
        self.push_fill(style.color(), false, style.stroke_width());
        Ok(())
    }

    fn fill_polygon<S: BackendStyle, I: IntoIterator<Item = BackendCoord>>(
        &mut self,
        corners: I,
        style: &S,
    ) -> Drawn {
        self.push(format_args!("<polygon points=\"{}\"", points(corners)));
        self.push_fill(style.color(), true, 0);
        Ok(())
    }

    fn draw_circle<S: BackendStyle>(
        &mut self,
        centre: BackendCoord,
        radius: u32,
        style: &S,
        fill: bool,
    ) -> Drawn {
        self.push(format_args!(
            "<circle cx=\"{}\" cy=\"{}\" r=\"{}\"",
            pixels(centre.0),
            pixels(centre.1),
            pixels(radius as i32)
        ));
        self.push_fill(style.color(), fill, style.stroke_width());
        Ok(())
    }

    fn draw_text<S: BackendTextStyle>(&mut self, text: &str, style: &S, at: BackendCoord) -> Drawn {
        if let Some(group) = text.strip_prefix(GROUP) {
            self.push(format_args!("{group}\n"));
            return Ok(());
        }
        let em = style.size() / UNITS / fonts::LINE_PER_EM;
        let anchor = style.anchor();
        // Shares of an em from the point given to the baseline, for Inter's ascent and capitals.
        let down = em
            * match anchor.v_pos {
                VPos::Top => 0.90,
                VPos::Center => 0.36,
                VPos::Bottom => -0.12,
            };
        let (x, y) = (f64::from(at.0) / UNITS, f64::from(at.1) / UNITS);
        self.push(format_args!(
            "<text x=\"{x:.1}\" y=\"{:.1}\" font-size=\"{em:.1}\" fill=\"{}\"",
            y + down,
            self.hex(style.color())
        ));
        match anchor.h_pos {
            HPos::Left => {}
            HPos::Center => self.push(format_args!(" text-anchor=\"middle\"")),
            HPos::Right => self.push(format_args!(" text-anchor=\"end\"")),
        }
        if matches!(style.style(), FontStyle::Bold) {
            self.push(format_args!(" font-weight=\"600\""));
        }
        match style.transform() {
            FontTransform::Rotate270 => {
                self.push(format_args!(" transform=\"rotate(-90 {x:.1} {y:.1})\""));
            }
            FontTransform::Rotate90 => {
                self.push(format_args!(" transform=\"rotate(90 {x:.1} {y:.1})\""));
            }
            FontTransform::None | FontTransform::Rotate180 => {}
        }
        self.push(format_args!(">{}</text>\n", escaped(text)));
        Ok(())
    }
}

fn points(path: impl IntoIterator<Item = BackendCoord>) -> String {
    let points: Vec<String> = path
        .into_iter()
        .map(|(x, y)| format!("{},{}", pixels(x), pixels(y)))
        .collect();
    points.join(" ")
}

/// Units as pixels with one decimal at most.
fn pixels(units: i32) -> String {
    let text = format!("{:.1}", f64::from(units) / UNITS);
    text.strip_suffix(".0").map_or(text.clone(), str::to_owned)
}

/// Text as it may stand in XML; characters that XML forbids are left out.
fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for character in text.chars() {
        match character {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\t' | '\n' | '\r' => out.push(' '),
            '\u{0}'..='\u{1f}' | '\u{fffe}' | '\u{ffff}' => {}
            other => out.push(other),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hostile_names_stay_text() {
        assert_eq!(
            escaped("<script>\"a\" & b\u{1}\n"),
            "&lt;script&gt;&quot;a&quot; &amp; b "
        );
    }

    #[test]
    fn coordinates_are_tenths_of_a_pixel() {
        assert_eq!(pixels(units(1.26)), "1.3");
        assert_eq!(pixels(units(-4.0)), "-4");
    }
}
