//! The bundled font: Inter, cut down to what charts need (`assets/fonts`, SIL Open Font Licence).
//!
//! The same bytes lay out the text here and travel inside each SVG, so that no machine's own fonts
//! take part.

use std::sync::OnceLock;

use plotters::style::{FontStyle, IntoFont, register_font};

/// Name of the family.
pub(super) const FAMILY: &str = "Inter";

/// Height of a line of Inter in ems, ascent less descent: the layout scales by lines, SVG by ems.
pub(super) const LINE_PER_EM: f64 = 1.210_227_272_7;

const REGULAR: &[u8] = include_bytes!("../../../assets/fonts/Inter-Regular-tabular.otf");
const SEMI_BOLD: &[u8] = include_bytes!("../../../assets/fonts/Inter-SemiBold-tabular.otf");
const REGULAR_WEB: &[u8] = include_bytes!("../../../assets/fonts/Inter-Regular-tabular.woff2");
const SEMI_BOLD_WEB: &[u8] = include_bytes!("../../../assets/fonts/Inter-SemiBold-tabular.woff2");

/// Regular and SemiBold as OpenType, for drawing pixels.
#[cfg(feature = "png")]
pub(super) const OPEN_TYPE: [&[u8]; 2] = [REGULAR, SEMI_BOLD];

/// A weight and size of text.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Face {
    /// Size in pixels an em.
    pub(super) em: f64,
    /// SemiBold instead of Regular?
    pub(super) is_bold: bool,
}

impl Face {
    /// The weight in plotters' words; SemiBold is registered as bold.
    pub(super) fn style(self) -> FontStyle {
        if self.is_bold {
            FontStyle::Bold
        } else {
            FontStyle::Normal
        }
    }

    /// Height of a line that fits its descenders and some air.
    pub(super) fn line(self) -> f64 {
        (1.3 * self.em).ceil()
    }

    /// Width of a text in pixels.
    pub(super) fn width(self, text: &str) -> f64 {
        register();
        // Measured at a thousand pixels, since the layout is told in whole ones.
        let font = (FAMILY, 1_000.0 * LINE_PER_EM, self.style()).into_font();
        let ((left, _), (right, _)) = font
            .layout_box(text)
            .expect("the bundled font is registered");
        f64::from(right - left) * self.em / 1_000.0
    }

    /// Breaks a text into lines of at most this width; what does not fit the last line is cut.
    pub(super) fn wrap(self, text: &str, width: f64, lines: usize) -> Vec<String> {
        let mut wrapped: Vec<String> = vec![String::new()];
        for word in text.split_whitespace() {
            let last = wrapped.len() - 1;
            let longer = if wrapped[last].is_empty() {
                word.to_owned()
            } else {
                format!("{} {word}", wrapped[last])
            };
            let must_stay = wrapped[last].is_empty() || wrapped.len() == lines;
            if must_stay || self.width(&longer) <= width {
                wrapped[last] = longer;
            } else {
                wrapped.push(word.to_owned());
            }
        }
        wrapped.iter().map(|line| self.cut(line, width)).collect()
    }

    fn cut(self, line: &str, width: f64) -> String {
        if self.width(line) <= width {
            return line.to_owned();
        }
        let mut kept: Vec<char> = line.chars().collect();
        loop {
            kept.pop();
            let text: String = kept.iter().collect::<String>().trim_end().to_owned() + "…";
            if kept.is_empty() || self.width(&text) <= width {
                return text;
            }
        }
    }
}

/// Makes the font known to plotters, once.
pub(super) fn register() {
    static DONE: OnceLock<()> = OnceLock::new();
    DONE.get_or_init(|| {
        for (style, bytes) in [(FontStyle::Normal, REGULAR), (FontStyle::Bold, SEMI_BOLD)] {
            assert!(
                register_font(FAMILY, style, bytes).is_ok(),
                "the bundled font can be read"
            );
        }
    });
}

/// The font as a style sheet with everything inside.
pub(super) fn style_sheet() -> &'static str {
    static SHEET: OnceLock<String> = OnceLock::new();
    SHEET.get_or_init(|| {
        [(400, REGULAR_WEB), (600, SEMI_BOLD_WEB)]
            .map(|(weight, bytes)| {
                format!(
                    "@font-face{{font-family:{FAMILY};font-weight:{weight};\
                     src:url(data:font/woff2;base64,{}) format(\"woff2\")}}",
                    base64(bytes)
                )
            })
            .concat()
    })
}

/// Base64 with padding (RFC 4648, section 4).
fn base64(bytes: &[u8]) -> String {
    const ALPHABET: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut text = String::with_capacity(bytes.len().div_ceil(3) * 4);
    for chunk in bytes.chunks(3) {
        let mut word = 0_u32;
        for place in 0..3 {
            word = word << 8 | u32::from(chunk.get(place).copied().unwrap_or(0));
        }
        for place in 0..4 {
            if place <= chunk.len() {
                let sextet = word >> (18 - 6 * place) & 0x3f;
                text.push(char::from(ALPHABET[sextet as usize]));
            } else {
                text.push('=');
            }
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    const FACE: Face = Face {
        em: 12.0,
        is_bold: false,
    };

    /// RFC 4648, section 10.
    #[test]
    fn base64_gives_the_published_vectors() {
        for (bytes, text) in [
            ("", ""),
            ("f", "Zg=="),
            ("fo", "Zm8="),
            ("foo", "Zm9v"),
            ("foob", "Zm9vYg=="),
            ("fooba", "Zm9vYmE="),
            ("foobar", "Zm9vYmFy"),
        ] {
            assert_eq!(base64(bytes.as_bytes()), text);
        }
    }

    #[test]
    fn digits_are_equally_wide() {
        for digit in "0123456789".chars() {
            let width = FACE.width(&digit.to_string());
            assert!((width - FACE.width("0")).abs() < 0.02, "{digit}: {width}");
        }
    }

    #[test]
    fn long_names_are_wrapped_and_then_cut() {
        let name = "Children's trust without child protection, which stays with social services";
        let lines = FACE.wrap(name, 150.0, 2);
        assert_eq!(lines.len(), 2);
        assert!(lines[1].ends_with('…'));
        assert!(lines.iter().all(|line| FACE.width(line) <= 150.0));
        assert_eq!(FACE.wrap("Service hub", 150.0, 2), ["Service hub"]);
    }
}
