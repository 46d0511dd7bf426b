//! Small multiples: panels of one size, three or fewer side by side, each with a name and a line
//! below it. Few panels are larger.

use super::canvas::{Canvas, GRID, Hang, INK, MARGIN, MUTED, SMALL, STRONG, Scale, WIDTH};

const BETWEEN: f64 = 18.0;
/// Room for the labels of the upright axis.
const AXIS: f64 = 38.0;
const NAME_LINES: usize = 3;
const ABOVE_PLOT: f64 = 8.0;
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

/// How panels share a page.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Grid {
    panels: usize,
    columns: usize,
    plot: f64,
    name_lines: usize,
}

impl Grid {
    /// The grid for panels of these names.
    pub(super) fn of<'a>(names: impl IntoIterator<Item = &'a str>) -> Self {
        let names: Vec<&str> = names.into_iter().collect();
        let (columns, plot) = match names.len() {
            0 | 1 => (1, 230.0),
            2 | 4 => (2, 140.0),
            _ => (3, 84.0),
        };
        let mut grid = Self {
            panels: names.len(),
            columns,
            plot,
            name_lines: 1,
        };
        let lines = |name: &&str| STRONG.wrap(name, grid.width(), NAME_LINES).len();
        grid.name_lines = names.iter().map(lines).max().unwrap_or(1);
        grid
    }

    /// Height of all panels.
    pub(super) fn height(self) -> f64 {
        self.row_height() * self.panels.div_ceil(self.columns) as f64
    }

    fn row_height(self) -> f64 {
        let head = STRONG.line() * self.name_lines as f64 + SMALL.line();
        head + ABOVE_PLOT + self.plot + BELOW
    }

    fn width(self) -> f64 {
        let between = BETWEEN * (self.columns as f64 - 1.0);
        (WIDTH - 2.0 * MARGIN - between) / self.columns as f64
    }
}

/// Draws the name, the frame and the labels of the panel at this place, and gives the scales within
/// it. Ticks are values and their labels.
pub(super) fn draw(
    canvas: &Canvas,
    grid: Grid,
    panel: &Panel,
    (place, top): (usize, f64),
    (across, across_ticks): ((f64, f64), &[(f64, String)]),
    (up, up_ticks): ((f64, f64), &[(f64, String)]),
) -> (Scale, Scale) {
    let width = grid.width();
    let lines = grid.name_lines;
    let left = MARGIN + (width + BETWEEN) * (place % grid.columns) as f64;
    let top = top + grid.row_height() * (place / grid.columns) as f64;
    // Names end just above the plot, whatever their length.
    let name = STRONG.wrap(&panel.name, width, lines);
    let spare = STRONG.line() * (lines - name.len()) as f64;
    let mut y = top + spare + STRONG.line() / 2.0;
    for line in name {
        canvas.text(&line, STRONG, INK, Hang::Left, (left, y));
        y += STRONG.line();
    }
    let told = SMALL.wrap(&panel.told, width, 1).concat();
    canvas.text(&told, SMALL, MUTED, Hang::Left, (left, y));

    let first = top + STRONG.line() * lines as f64 + SMALL.line() + ABOVE_PLOT;
    let across = Scale {
        values: across,
        pixels: (left + AXIS, left + width),
    };
    let up = Scale {
        values: up,
        pixels: (first + grid.plot, first),
    };
    for (value, label) in up_ticks {
        let y = up.at(*value);
        canvas.line(&[(across.pixels.0, y), (across.pixels.1, y)], GRID, 1.0);
        canvas.text(label, SMALL, MUTED, Hang::Right, (across.pixels.0 - 5.0, y));
    }
    for (value, label) in across_ticks {
        let x = across.at(*value);
        canvas.line(&[(x, first), (x, first + grid.plot)], GRID, 1.0);
        // The last label ends with the panel, so that it stays off its neighbour.
        let is_last = (*value - across.values.1).abs() < f64::EPSILON;
        let (hang, x) = if is_last {
            (Hang::Right, across.pixels.1)
        } else {
            (Hang::Middle, x)
        };
        canvas.text(label, SMALL, MUTED, hang, (x, first + grid.plot + 10.0));
    }
    (across, up)
}
