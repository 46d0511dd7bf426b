//! Names at the left of rows, and legends above the bars.

use plotters::style::RGBColor;

use super::canvas::{BODY, Canvas, EMPTY, Hang, INK, MARGIN, MUTED, WIDTH};
use crate::analysis::Summary;

const SWATCH: f64 = 12.0;
const LEGEND_LINE: f64 = 20.0;
/// Lines that a name takes at most.
const NAME_LINES: usize = 4;

/// Names of the structures, broken into lines of this width.
pub(super) fn names(summary: &Summary, width: f64) -> Vec<Vec<String>> {
    let structures = summary.structures.iter();
    structures.map(|it| wrapped(&it.name, width)).collect()
}

/// A name broken into lines of this width.
pub(super) fn wrapped(name: &str, width: f64) -> Vec<String> {
    BODY.wrap(name, width, NAME_LINES)
}

/// Height of a row: that of its name or this, whichever is more, and some air.
pub(super) fn height(name: &[String], least: f64) -> f64 {
    (BODY.line() * name.len() as f64).max(least) + 10.0
}

/// Writes a name with its middle at this height.
pub(super) fn name(canvas: &Canvas, name: &[String], hang: Hang, (x, middle): (f64, f64)) {
    let mut line = middle - BODY.line() * (name.len() as f64 - 1.0) / 2.0;
    for words in name {
        canvas.text(words, BODY, INK, hang, (x, line));
        line += BODY.line();
    }
}

/// What colours mean, in as many lines as it takes.
pub(super) struct Legend {
    entries: Vec<Entry>,
    height: f64,
}

struct Entry {
    words: String,
    color: RGBColor,
    x: f64,
    y: f64,
}

impl Legend {
    /// The legend of these colours, from `left` to the right margin.
    pub(super) fn of(entries: impl IntoIterator<Item = (String, RGBColor)>, left: f64) -> Self {
        let (mut x, mut y) = (left, 0.0);
        let mut placed = Vec::new();
        for (words, color) in entries {
            let room = WIDTH - MARGIN - left - SWATCH - 6.0;
            let words = BODY.wrap(&words, room, 1).concat();
            let width = SWATCH + 6.0 + BODY.width(&words);
            if x + width > WIDTH - MARGIN && x > left {
                x = left;
                y += LEGEND_LINE;
            }
            placed.push(Entry { words, color, x, y });
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
        for Entry { words, color, x, y } in &self.entries {
            let y = top + y + 8.0;
            let corners = ((*x, y - SWATCH / 2.0), (x + SWATCH, y + SWATCH / 2.0));
            canvas.rectangle(corners.0, corners.1, *color);
            if *color == EMPTY {
                canvas.frame(corners.0, corners.1, MUTED, 0.6);
            }
            canvas.text(words, BODY, INK, Hang::Left, (x + SWATCH + 6.0, y));
        }
    }
}
