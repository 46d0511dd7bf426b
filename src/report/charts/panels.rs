//! Small multiples: panels of one size in three columns, each with a name and a line below it.

use super::canvas::{Canvas, GRID, Hang, INK, MARGIN, MUTED, SMALL, STRONG, Scale, WIDTH};

/// Panels side by side.
const COLUMNS: usize = 3;
const BETWEEN: f64 = 18.0;
/// Room for the labels of the upright axis.
const AXIS: f64 = 34.0;
const NAME_LINES: usize = 3;
const ABOVE_PLOT: f64 = 8.0;
const PLOT: f64 = 84.0;
const BELOW: f64 = 30.0;

/// So many curves and more are shown in panels of their own.
pub(super) const MANY: usize = 7;

/// A panel: the name of its structure and what is told in words.
pub(super) struct Panel {
    /// Name.
    pub(super) name: String,
    /// One line below the name.
    pub(super) told: String,
}

/// Height of a page of so many panels.
pub(super) fn height(panels: usize) -> f64 {
    row_height() * panels.div_ceil(COLUMNS) as f64
}

fn row_height() -> f64 {
    STRONG.line() * NAME_LINES as f64 + SMALL.line() + ABOVE_PLOT + PLOT + BELOW
}

fn width() -> f64 {
    (WIDTH - 2.0 * MARGIN - BETWEEN * (COLUMNS as f64 - 1.0)) / COLUMNS as f64
}

/// Draws the name, the frame and the labels of the panel at this place, and gives the scales within
/// it. Ticks are values and their labels.
pub(super) fn draw(
    canvas: &Canvas,
    panel: &Panel,
    (place, top): (usize, f64),
    (across, across_ticks): ((f64, f64), &[(f64, String)]),
    (up, up_ticks): ((f64, f64), &[(f64, String)]),
) -> (Scale, Scale) {
    let left = MARGIN + (width() + BETWEEN) * (place % COLUMNS) as f64;
    let top = top + row_height() * (place / COLUMNS) as f64;
    // Names end just above the plot, whatever their length.
    let name = STRONG.wrap(&panel.name, width(), NAME_LINES);
    let spare = STRONG.line() * (NAME_LINES - name.len()) as f64;
    let mut y = top + spare + STRONG.line() / 2.0;
    for line in name {
        canvas.text(&line, STRONG, INK, Hang::Left, (left, y));
        y += STRONG.line();
    }
    let told = SMALL.wrap(&panel.told, width(), 1).concat();
    canvas.text(&told, SMALL, MUTED, Hang::Left, (left, y));

    let first = top + STRONG.line() * NAME_LINES as f64 + SMALL.line() + ABOVE_PLOT;
    let across = Scale {
        values: across,
        pixels: (left + AXIS, left + width()),
    };
    let up = Scale {
        values: up,
        pixels: (first + PLOT, first),
    };
    for (value, label) in up_ticks {
        let y = up.at(*value);
        canvas.line(&[(across.pixels.0, y), (across.pixels.1, y)], GRID, 1.0);
        canvas.text(label, SMALL, MUTED, Hang::Right, (across.pixels.0 - 5.0, y));
    }
    for (value, label) in across_ticks {
        let x = across.at(*value);
        canvas.line(&[(x, first), (x, first + PLOT)], GRID, 1.0);
        // The last label ends with the panel, so that it stays off its neighbour.
        let is_last = (*value - across.values.1).abs() < f64::EPSILON;
        let (hang, x) = if is_last {
            (Hang::Right, across.pixels.1)
        } else {
            (Hang::Middle, x)
        };
        canvas.text(label, SMALL, MUTED, hang, (x, first + PLOT + 10.0));
    }
    (across, up)
}
