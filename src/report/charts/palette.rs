//! Colours and dashes of structures and causes.
//!
//! The colours are those of the Government Analysis Function for charts (2023), which have three
//! to one contrast with white and can be told apart by colour-blind readers in this order. No
//! colour stands alone: lines have dashes and labels, marks are filled or hollow.

use plotters::style::RGBColor;

pub(super) const DARK_BLUE: RGBColor = RGBColor(0x12, 0x43, 0x6D);
pub(super) const TURQUOISE: RGBColor = RGBColor(0x28, 0xA1, 0x97);
pub(super) const DARK_PINK: RGBColor = RGBColor(0x80, 0x16, 0x50);
pub(super) const ORANGE: RGBColor = RGBColor(0xF4, 0x6A, 0x25);
pub(super) const DARK_GREY: RGBColor = RGBColor(0x3D, 0x3D, 0x3D);
pub(super) const LIGHT_PURPLE: RGBColor = RGBColor(0xA2, 0x85, 0xD1);

/// What differs from the baseline for the better.
pub(super) const BETTER: RGBColor = DARK_BLUE;
/// ... for the worse: orange dark enough for thin marks.
pub(super) const WORSE: RGBColor = RGBColor(0xB5, 0x3D, 0x00);
/// ... neither way.
pub(super) const NEITHER: RGBColor = DARK_GREY;
/// Everything that has no colour of its own.
pub(super) const OTHER: RGBColor = RGBColor(0xC3, 0xC8, 0xCD);

/// A line in the background that still has to be seen.
pub(super) const FAINT_LINE: RGBColor = RGBColor(0x8A, 0x90, 0x96);

/// The band of an interval around a line.
pub(super) const BAND: RGBColor = RGBColor(0xC9, 0xD6, 0xE3);

/// The colours of a median and its bands.
pub(super) struct Fan {
    /// The median.
    pub(super) line: RGBColor,
    /// Its width.
    pub(super) width: f64,
    /// Its dashes.
    pub(super) dashes: &'static [f64],
    /// The bands, drawn so that what lies below shows through.
    pub(super) band: RGBColor,
}

/// The baseline.
pub(super) const BASELINE_FAN: Fan = Fan {
    line: RGBColor(0x8A, 0x90, 0x96),
    width: 2.2,
    dashes: &[],
    band: DARK_GREY,
};

/// A structure on the baseline.
pub(super) const FAN: Fan = Fan {
    line: DARK_BLUE,
    width: 1.8,
    dashes: &[7.0, 2.5],
    band: RGBColor(0x20, 0x73, 0xBC),
};

/// Inside an organisation.
pub(super) const ENCLOSURE: RGBColor = RGBColor(0xF1, 0xF5, 0xF9);

/// What has come to a good end, as an area.
pub(super) const BEGUN: RGBColor = RGBColor(0x9F, 0xBB, 0xD6);

pub(super) const PAPER: RGBColor = RGBColor(0xff, 0xff, 0xff);
const INK: RGBColor = super::canvas::INK;

/// Stages of the work of passing on, each with the ink that can be read on it: blues.
pub(super) const SEAM: [(RGBColor, RGBColor); 4] = [
    (DARK_BLUE, PAPER),
    (RGBColor(0x20, 0x73, 0xBC), PAPER),
    (RGBColor(0x6B, 0xAC, 0xE6), INK),
    (RGBColor(0xC4, 0xDC, 0xF3), INK),
];

/// Queues for scarce staff and places: oranges.
pub(super) const QUEUES: [(RGBColor, RGBColor); 3] = [
    (RGBColor(0xFB, 0xD3, 0xBC), INK),
    (ORANGE, INK),
    (WORSE, PAPER),
];

/// From little to much, in one hue.
pub(super) const STEPS: [(RGBColor, RGBColor); 6] = [
    (RGBColor(0xE6, 0xEB, 0xF0), INK),
    (RGBColor(0xC4, 0xDC, 0xF3), INK),
    (RGBColor(0x93, 0xC0, 0xEA), INK),
    (RGBColor(0x5A, 0x9B, 0xD8), INK),
    (RGBColor(0x20, 0x73, 0xBC), PAPER),
    (DARK_BLUE, PAPER),
];

/// Fill of a handoff by how close its two ends are.
pub(super) fn of_kind(kind: crate::measures::HandoffKind) -> RGBColor {
    use crate::measures::HandoffKind::*;
    match kind {
        Internal => RGBColor(0xA9, 0xBB, 0xCB),
        BetweenOrganisations => ORANGE,
        BetweenAreas => DARK_PINK,
    }
}

/// How a structure's line is drawn.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Line {
    /// Colour of the line.
    pub(super) color: RGBColor,
    /// The same, dark enough for text.
    pub(super) text: RGBColor,
    /// Lengths drawn and left out by turns; empty is a whole line.
    pub(super) dashes: &'static [f64],
}

const LINES: [Line; 8] = [
    line(DARK_GREY, DARK_GREY, &[]),
    line(DARK_BLUE, DARK_BLUE, &[9.0, 3.0]),
    line(TURQUOISE, RGBColor(0x17, 0x6F, 0x68), &[3.0, 2.5]),
    line(DARK_PINK, DARK_PINK, &[14.0, 3.0, 3.0, 3.0]),
    line(ORANGE, WORSE, &[18.0, 4.0]),
    line(LIGHT_PURPLE, RGBColor(0x67, 0x48, 0xA0), &[6.0, 6.0]),
    line(DARK_BLUE, DARK_BLUE, &[12.0, 3.0, 3.0, 3.0, 3.0, 3.0]),
    line(DARK_PINK, DARK_PINK, &[2.0, 5.0]),
];

const fn line(color: RGBColor, text: RGBColor, dashes: &'static [f64]) -> Line {
    Line {
        color,
        text,
        dashes,
    }
}

/// The line of the structure at this place; the baseline, at 0, is grey and whole.
pub(super) fn of_structure(place: usize) -> Line {
    match place.checked_sub(1) {
        None => LINES[0],
        Some(other) => LINES[1 + other % (LINES.len() - 1)],
    }
}

/// Fill of the cause at this place, and the ink that can be read on it.
pub(super) fn of_cause(place: usize) -> (RGBColor, RGBColor) {
    let dark = super::canvas::INK;
    let light = RGBColor(0xff, 0xff, 0xff);
    [
        (DARK_BLUE, light),
        (TURQUOISE, dark),
        (DARK_PINK, light),
        (ORANGE, dark),
        (DARK_GREY, light),
        (LIGHT_PURPLE, dark),
    ][place % 6]
}
