//! What the reader of a chart asked for: its title, width, colours and measure.

use plotters::style::RGBColor;

use super::palette;

/// How a chart is drawn, apart from what it shows.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Look {
    /// A title instead of the computed sentence.
    pub title: Option<String>,
    /// Width in pixels at which the picture is shown; everything in it grows alike.
    pub width: Option<u32>,
    /// The colours.
    pub palette: Palette,
    /// Id of the one measure to show, for charts that show measures one by one.
    pub measure: Option<String>,
}

impl Look {
    /// Width and height in pixels of a picture of this size.
    pub(super) fn shown(&self, (width, height): (u32, u32)) -> (u32, u32) {
        match self.width {
            None => (width, height),
            Some(wide) => {
                let height = f64::from(height) * f64::from(wide) / f64::from(width);
                (wide, height.round() as u32)
            }
        }
    }
}

/// A set of colours that colour-blind readers can tell apart.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Palette {
    /// Those of the Government Analysis Function (2023).
    #[default]
    Standard,
    /// Those of Okabe and Ito (2008), Color Universal Design.
    OkabeIto,
    /// Shades of grey, for print without colour.
    Grey,
}

impl Palette {
    /// All of them, as they are named on the command line.
    pub const ALL: [(&'static str, Self); 3] = [
        ("standard", Self::Standard),
        ("okabe-ito", Self::OkabeIto),
        ("grey", Self::Grey),
    ];

    /// The colour in the place of a colour of the standard palette.
    pub(super) fn of(self, color: RGBColor) -> RGBColor {
        match self {
            Self::Standard => color,
            Self::OkabeIto => okabe_ito(color),
            Self::Grey => grey(color),
        }
    }
}

fn okabe_ito(color: RGBColor) -> RGBColor {
    match color {
        palette::DARK_BLUE => RGBColor(0x00, 0x72, 0xB2),
        palette::TURQUOISE => RGBColor(0x00, 0x9E, 0x73),
        palette::DARK_PINK => RGBColor(0xCC, 0x79, 0xA7),
        palette::ORANGE => RGBColor(0xD5, 0x5E, 0x00),
        palette::LIGHT_PURPLE => RGBColor(0xE6, 0x9F, 0x00),
        palette::WORSE => RGBColor(0x8F, 0x3B, 0x00),
        // Tints of the blue, so that ramps stay ramps.
        RGBColor(0x20, 0x73, 0xBC) => RGBColor(0x3D, 0x9B, 0xD0),
        RGBColor(0x5A, 0x9B, 0xD8) => RGBColor(0x6B, 0xB3, 0xDE),
        RGBColor(0x6B, 0xAC, 0xE6) => RGBColor(0x8C, 0xC8, 0xEC),
        RGBColor(0x93, 0xC0, 0xEA) => RGBColor(0xA6, 0xD3, 0xF0),
        RGBColor(0xC4, 0xDC, 0xF3) => RGBColor(0xD3, 0xEA, 0xF8),
        other => other,
    }
}

/// A grey of the same relative luminance (ITU-R BT.709) as the eye sees it.
fn grey(RGBColor(red, green, blue): RGBColor) -> RGBColor {
    let linear = |part: u8| (f64::from(part) / 255.0).powf(2.2);
    let luminance = 0.2126 * linear(red) + 0.7152 * linear(green) + 0.0722 * linear(blue);
    let shade = (255.0 * luminance.powf(1.0 / 2.2)).round() as u8;
    RGBColor(shade, shade, shade)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_wider_picture_keeps_its_shape() {
        let look = Look {
            width: Some(1_520),
            ..Look::default()
        };
        assert_eq!(look.shown((760, 301)), (1_520, 602));
        assert_eq!(Look::default().shown((760, 301)), (760, 301));
    }

    #[test]
    fn grey_keeps_what_is_light_and_what_is_dark() {
        assert_eq!(grey(RGBColor(255, 255, 255)), RGBColor(255, 255, 255));
        assert_eq!(grey(RGBColor(0, 0, 0)), RGBColor(0, 0, 0));
        let RGBColor(blue, ..) = grey(palette::DARK_BLUE);
        let RGBColor(orange, ..) = grey(palette::ORANGE);
        assert!(blue < orange);
    }
}
