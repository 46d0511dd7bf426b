//! Estimates in a grid: a row for each structure or so, a column for each quantity, each column with
//! its own axis, or all with one.

use plotters::style::RGBColor;

use super::canvas::{Canvas, GRID, Hang, INK, MARGIN, MUTED, SMALL, STRONG, Scale, WIDTH};
use super::palette::PAPER;
use super::rows;
use crate::analysis::{Estimate, Interval};
use crate::report::numbers::plain;

const NAMES: f64 = 186.0;
const BETWEEN: f64 = 18.0;
/// Columns side by side at most.
const ACROSS: usize = 6;
const AXIS: f64 = 40.0;
const ROW: f64 = 26.0;

/// An estimate in a cell.
pub(super) struct Mark {
    /// The estimate.
    pub(super) estimate: Estimate,
    /// Its colour.
    pub(super) color: RGBColor,
    /// A ring instead of a disc?
    pub(super) is_hollow: bool,
}

/// The same estimate in another unit.
pub(super) fn times(estimate: Estimate, factor: f64) -> Estimate {
    Estimate {
        value: factor * estimate.value,
        interval: estimate.interval.map(|interval| Interval {
            low: factor * interval.low,
            high: factor * interval.high,
        }),
    }
}

/// A value that is known without luck.
pub(super) fn exact(value: f64) -> Estimate {
    Estimate {
        value,
        interval: None,
    }
}

/// What stands in one row of a column.
#[derive(Default)]
pub(super) struct Cell {
    /// Marks, drawn in this order.
    pub(super) marks: Vec<Mark>,
    /// The numbers in words.
    pub(super) told: String,
}

/// A quantity.
pub(super) struct Column {
    /// Its name.
    pub(super) name: String,
    /// Its unit.
    pub(super) unit: String,
    /// A cell for each row.
    pub(super) cells: Vec<Cell>,
    /// An upright line at this value.
    pub(super) reference: Option<f64>,
    /// Columns of one number share an axis.
    pub(super) axis: usize,
}

/// A grid of columns under row names.
pub(super) struct Grid {
    names: Vec<Vec<String>>,
    heights: Vec<f64>,
    columns: Vec<Column>,
}

impl Grid {
    /// The grid of these columns.
    pub(super) fn of<'a>(names: impl IntoIterator<Item = &'a str>, columns: Vec<Column>) -> Self {
        let names: Vec<Vec<String>> = names
            .into_iter()
            .map(|name| rows::wrapped(name, NAMES - 10.0))
            .collect();
        let heights = names.iter().map(|name| rows::height(name, ROW)).collect();
        Self {
            names,
            heights,
            columns,
        }
    }

    fn bands(&self) -> usize {
        self.columns.len().div_ceil(ACROSS)
    }

    /// Columns in each band: as even as can be.
    fn across(&self) -> usize {
        self.columns.len().div_ceil(self.bands().max(1)).max(1)
    }

    fn width(&self) -> f64 {
        // One or two columns need not fill the page.
        (WIDTH - 2.0 * MARGIN - NAMES) / self.across().max(2) as f64
    }

    fn head(&self) -> f64 {
        let heads = self.columns.iter().map(|column| {
            let (name, unit) = self.head_of(column);
            STRONG.line() * name.len() as f64 + SMALL.line() * unit.len() as f64
        });
        heads.fold(0.0, f64::max) + 14.0
    }

    fn head_of(&self, column: &Column) -> (Vec<String>, Vec<String>) {
        let width = self.width() - BETWEEN;
        (
            STRONG.wrap(&column.name, width, 4),
            SMALL.wrap(&column.unit, width, 5),
        )
    }

    fn band(&self) -> f64 {
        self.head() + self.heights.iter().sum::<f64>() + AXIS
    }

    /// Its height.
    pub(super) fn height(&self) -> f64 {
        self.band() * self.bands() as f64
    }

    /// Draws it below `top`.
    pub(super) fn draw(&self, canvas: &Canvas, top: f64) {
        for (number, columns) in self.columns.chunks(self.across()).enumerate() {
            let top = top + self.band() * number as f64;
            let first = top + self.head();
            let mut y = first;
            for (name, height) in self.names.iter().zip(&self.heights) {
                canvas.line(&[(MARGIN, y), (WIDTH - MARGIN, y)], GRID, 1.0);
                rows::name(canvas, name, Hang::Left, (MARGIN, y + height / 2.0));
                y += height;
            }
            for (place, column) in columns.iter().enumerate() {
                let left = MARGIN + NAMES + self.width() * place as f64;
                self.draw_column(canvas, column, left, first);
            }
        }
    }

    fn scale(&self, column: &Column, left: f64) -> Scale {
        let alike = || self.columns.iter().filter(|it| it.axis == column.axis);
        let ends = || {
            let cells = alike().flat_map(|column| &column.cells);
            let marks = cells.flat_map(|cell| &cell.marks);
            let references = alike().filter_map(|column| column.reference);
            marks
                .flat_map(|mark| match mark.estimate.interval {
                    Some(interval) => [interval.low, interval.high, mark.estimate.value],
                    None => [mark.estimate.value; 3],
                })
                .chain(references)
        };
        let low = ends().fold(f64::INFINITY, f64::min);
        let high = ends().fold(f64::NEG_INFINITY, f64::max);
        // What is near zero is shown with it; a narrow range far from it is not.
        let low = if low >= 0.0 && low < 0.6 * high {
            0.0
        } else {
            low
        };
        let room = high - low;
        let values = if room > 0.0 {
            let below = if low.abs() < f64::EPSILON {
                0.0
            } else {
                0.05 * room
            };
            (low - below, high + 0.05 * room)
        } else if high.is_finite() {
            (high - 1.0, high + 1.0)
        } else {
            (0.0, 1.0)
        };
        Scale {
            values,
            pixels: (left + 4.0, left + self.width() - BETWEEN),
        }
    }

    fn draw_column(&self, canvas: &Canvas, column: &Column, left: f64, first: f64) {
        let (name, unit) = self.head_of(column);
        let height = STRONG.line() * name.len() as f64 + SMALL.line() * unit.len() as f64;
        let mut y = first - 6.0 - height;
        for (face, ink, lines) in [(STRONG, INK, name), (SMALL, MUTED, unit)] {
            for line in lines {
                canvas.text(&line, face, ink, Hang::Left, (left, y + face.line() / 2.0));
                y += face.line();
            }
        }
        let last = first + self.heights.iter().sum::<f64>();
        let across = self.scale(column, left);
        axis(canvas, &across, (first, last));
        if let Some(reference) = column.reference {
            let x = across.at(reference);
            canvas.dashed(&[(x, first), (x, last)], MUTED, 1.2, &[3.0, 3.0]);
        }
        let mut y = first;
        for (cell, height) in column.cells.iter().zip(&self.heights) {
            let middle = y + height / 2.0;
            y += height;
            let told = SMALL.wrap(&cell.told, self.width() - 6.0, 1).concat();
            // On paper, so that no line of the axis crosses it.
            let (right, y) = (left + SMALL.width(&told), middle - 7.0);
            canvas.rectangle((left, y - 6.5), (right, y + 6.5), PAPER);
            canvas.text(&told, SMALL, INK, Hang::Left, (left, y));
            let value = format!("{}: {}", column.name, cell.told);
            canvas.telling(&value, || draw_cell(canvas, cell, &across, middle + 6.0));
        }
    }
}

fn axis(canvas: &Canvas, across: &Scale, (first, last): (f64, f64)) {
    let (left, right) = across.pixels;
    let (ticks, decimals) = across.ticks();
    for tick in ticks {
        let x = across.at(tick);
        canvas.line(&[(x, first), (x, last)], GRID, 1.0);
        let label = plain(tick, decimals);
        // Labels at the ends stay within the column.
        let half = SMALL.width(&label) / 2.0;
        let x = x.clamp(left + half - 4.0, right - half + 4.0);
        canvas.text(&label, SMALL, MUTED, Hang::Middle, (x, last + 10.0));
    }
    canvas.line(&[(left, last), (right, last)], MUTED, 1.0);
}

fn draw_cell(canvas: &Canvas, cell: &Cell, across: &Scale, y: f64) {
    let places = cell.marks.iter().map(|mark| across.at(mark.estimate.value));
    let low = places.clone().fold(f64::INFINITY, f64::min);
    let high = places.fold(f64::NEG_INFINITY, f64::max);
    if high > low {
        canvas.line(&[(low, y), (high, y)], super::palette::OTHER, 3.0);
    }
    for mark in &cell.marks {
        if let Some(interval) = mark.estimate.interval {
            let ends = [(across.at(interval.low), y), (across.at(interval.high), y)];
            canvas.line(&ends, mark.color, 1.8);
        }
    }
    for mark in &cell.marks {
        let at = (across.at(mark.estimate.value), y);
        if mark.is_hollow {
            canvas.ring(at, 3.4, mark.color);
        } else {
            canvas.disc(at, 3.8, mark.color);
        }
    }
}
