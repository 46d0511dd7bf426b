//! Paired differences of many structures: a row for each structure, measures side by side.

use super::canvas::{
    BODY, Canvas, GRID, Hang, Heading, INK, MARGIN, MUTED, SMALL, STRONG, Scale, WIDTH,
    draw as page,
};
use super::differences::{color, directions, scale_of, told};
use super::look::Look;
use super::{rows, trials};
use crate::analysis::{Compared, Estimate, Row, Summary};
use crate::measures::Measure;
use crate::report::numbers::{decimals, plain};
use crate::report::{caveat, unit_of_difference};

const NAMES: f64 = 190.0;
const BETWEEN: f64 = 16.0;
/// Measures side by side.
const ACROSS: usize = 3;
const AXIS: f64 = 46.0;

pub(super) fn draw(
    summary: &Summary,
    look: &Look,
    measures: &[&Compared],
    title: String,
    description: String,
) -> String {
    let names: Vec<Vec<String>> = summary
        .structures
        .iter()
        .skip(1)
        .map(|structure| BODY.wrap(&structure.name, NAMES - 10.0, 3))
        .collect();
    let heights: Vec<f64> = names
        .iter()
        .map(|name| BODY.line() * name.len() as f64 + 8.0)
        .collect();
    let width = (WIDTH - 2.0 * MARGIN - NAMES) / ACROSS as f64;
    let heads = measures
        .iter()
        .map(|compared| head(compared, width - BETWEEN).height());
    let head = heads.fold(0.0, f64::max) + 14.0;
    let band = head + heights.iter().sum::<f64>() + AXIS;
    let heading = Heading {
        id: "differences",
        title,
        subtitle: format!(
            "Difference from the baseline in the same {}; mark: estimate, thick line: 95% interval of \
             this difference alone, thin line: interval that holds together with those of all \
             structures, hollow: the interval alone spans zero. Of intervals alone one in twenty misses the truth. Each panel has its own axis.",
            trials(summary)
        ),
        description,
        caveat: caveat(summary),
    };
    let bands = measures.chunks(ACROSS).count() as f64;
    page(&heading, look, band * bands, |canvas, top| {
        for (number, measures) in measures.chunks(ACROSS).enumerate() {
            let top = top + band * number as f64;
            let first = top + head;
            let mut y = first;
            for (place, (name, height)) in names.iter().zip(&heights).enumerate() {
                canvas.line(&[(MARGIN, y), (WIDTH - MARGIN, y)], GRID, 1.0);
                canvas.of_structure(place + 1, || {
                    rows::name(canvas, name, Hang::Left, (MARGIN, y + height / 2.0));
                });
                y += height;
            }
            for (place, compared) in measures.iter().enumerate() {
                let left = MARGIN + NAMES + width * place as f64;
                column(
                    canvas,
                    compared,
                    &heights,
                    (left, width - BETWEEN),
                    (top, first),
                );
            }
        }
    })
}

/// What stands above a column.
struct Head {
    name: Vec<String>,
    unit: Vec<String>,
}

impl Head {
    fn height(&self) -> f64 {
        STRONG.line() * self.name.len() as f64 + SMALL.line() * self.unit.len() as f64
    }
}

fn head(compared: &Compared, width: f64) -> Head {
    Head {
        name: STRONG.wrap(compared.measure.name, width, 2),
        unit: SMALL.wrap(unit_of_difference(compared.measure), width, 2),
    }
}

fn column(
    canvas: &Canvas,
    compared: &Compared,
    heights: &[f64],
    (left, width): (f64, f64),
    (top, first): (f64, f64),
) {
    let measure = compared.measure;
    let head = head(compared, width);
    let mut y = first - 6.0 - head.height();
    debug_assert!(y >= top, "the head of a column has room");
    for (face, ink, lines) in [(STRONG, INK, &head.name), (SMALL, MUTED, &head.unit)] {
        for line in lines {
            canvas.text(line, face, ink, Hang::Left, (left, y + face.line() / 2.0));
            y += face.line();
        }
    }

    let last = first + heights.iter().sum::<f64>();
    let differences = &compared.rows[1..];
    let shown = differences
        .iter()
        .flat_map(|row| [row.difference, row.simultaneous])
        .flatten();
    let across = scale_of(shown, (left, left + width));
    let (ticks, tick_decimals) = across.ticks();
    for tick in ticks {
        let x = across.at(tick);
        canvas.line(&[(x, first), (x, last)], GRID, 1.0);
        let label = plain(tick, tick_decimals);
        // Labels at the ends stay within the column.
        let half = SMALL.width(&label) / 2.0;
        let x = x.clamp(left + half, left + width - half);
        canvas.text(&label, SMALL, MUTED, Hang::Middle, (x, last + 10.0));
    }
    let zero = across.at(0.0);
    canvas.line(&[(zero, first), (zero, last)], INK, 1.2);
    let (less, more) = directions(measure.direction);
    canvas.text(less, SMALL, MUTED, Hang::Left, (left, last + 26.0));
    canvas.text(more, SMALL, MUTED, Hang::Right, (left + width, last + 26.0));

    let mut y = first;
    let decimals = decimals(
        &differences
            .iter()
            .map(|row| row.difference)
            .collect::<Vec<_>>(),
    );
    for (place, (row, height)) in differences.iter().zip(heights).enumerate() {
        let middle = y + height / 2.0;
        y += height;
        let value = format!("{}: {}", measure.name, told(row.difference, decimals));
        canvas.of_structure(place + 1, || {
            canvas.telling(&value, || {
                mark(canvas, row, measure, &across, (left, middle))
            });
        });
    }
}

/// The mark of one structure and its intervals.
fn mark(canvas: &Canvas, row: &Row, measure: &Measure, across: &Scale, (left, middle): (f64, f64)) {
    let Some(difference) = row.difference else {
        canvas.text("cannot tell", SMALL, MUTED, Hang::Left, (left, middle));
        return;
    };
    let ink = color(&difference, measure.direction);
    let line = |estimate: &Estimate, width: f64| {
        if let Some(interval) = estimate.interval {
            let ends = [interval.low, interval.high].map(|end| (across.at(end), middle));
            canvas.line(&ends, ink, width);
        }
    };
    if let Some(together) = &row.simultaneous {
        line(together, 1.0);
    }
    line(&difference, 2.6);
    let mark = (across.at(difference.value), middle);
    if difference.is_clear_of_zero() {
        canvas.disc(mark, 3.8, ink);
    } else {
        canvas.ring(mark, 3.4, ink);
    }
}
