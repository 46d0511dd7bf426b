//! On which grades of evidence the difference of each structure from the baseline rests.

use plotters::style::RGBColor;

use super::Choosing;
use super::common::{Key, Label, NAMES, Sign, axis, axis_height, cut, hatch, percent, within};
use crate::analysis::Estimate;
use crate::analysis::decision::Shares;
use crate::report::charts::canvas::{
    Canvas, EMPTY, GRID, Hang, Heading, INK, MARGIN, MUTED, SMALL, Scale, WIDTH, draw as page,
};
use crate::report::charts::look::Look;
use crate::report::charts::palette;
use crate::report::numbers::count;
use crate::scenario::Grade;

const LEFT: f64 = MARGIN + NAMES;
const BAR: f64 = 22.0;
const ROW: f64 = 36.0;

/// How a part of a bar is filled, and the ink that can be read on it.
#[derive(Debug, Clone, Copy, PartialEq)]
struct Fill {
    color: RGBColor,
    ink: RGBColor,
    /// Slanted lines of this colour.
    hatch: Option<RGBColor>,
}

const fn plain_fill((color, ink): (RGBColor, RGBColor)) -> Fill {
    Fill {
        color,
        ink,
        hatch: None,
    }
}

/// A part of what the variance rests on.
struct Part {
    words: &'static str,
    fill: Fill,
}

fn of_grade(grade: Option<Grade>) -> Part {
    let (words, fill) = match grade {
        Some(Grade::Statistic) => ("published statistics", plain_fill(palette::SEAM[0])),
        Some(Grade::Study) => ("a study", plain_fill(palette::SEAM[1])),
        Some(Grade::Fitted) => (
            "fitted to published figures",
            plain_fill((palette::TURQUOISE, INK)),
        ),
        Some(Grade::Expert) => ("expert opinion", plain_fill((palette::LIGHT_PURPLE, INK))),
        Some(Grade::Assumption) => (
            "assumed",
            Fill {
                color: palette::QUEUES[0].0,
                ink: INK,
                hatch: Some(palette::ORANGE),
            },
        ),
        None => ("no grade stated", plain_fill((palette::OTHER, INK))),
    };
    Part { words, fill }
}

/// What follows the grades: grades together, luck, and what was not found.
fn others() -> [Part; 3] {
    let light = |hatch| Fill {
        color: EMPTY,
        ink: INK,
        hatch,
    };
    [
        Part {
            words: "several grades together",
            fill: Fill {
                color: RGBColor(0xE4, 0xC6, 0xD6),
                ink: INK,
                hatch: None,
            },
        },
        Part {
            words: "luck of trials",
            fill: light(None),
        },
        Part {
            words: "not found",
            fill: light(Some(palette::OTHER)),
        },
    ]
}

/// Shares by part, with what lies above all or below nothing cut off: only estimates can.
fn values(shares: &Shares) -> Vec<Estimate> {
    let mut values = shares.groups.clone();
    values.extend([shares.together, shares.luck, shares.rest]);
    values.into_iter().map(cut).collect()
}

/// The chart; `None` where no difference from the baseline varies.
pub fn grades(of: &Choosing, look: &Look) -> Option<String> {
    let rows: Vec<(usize, &Shares)> = of
        .of
        .against_baseline
        .iter()
        .filter_map(|it| Some((it.structure, it.rests_on.as_ref()?)))
        .collect();
    if rows.is_empty() {
        return None;
    }
    let parts: Vec<Part> = of
        .grades
        .iter()
        .map(|grade| of_grade(*grade))
        .chain(others())
        .collect();
    let key = Key::of(parts.iter().map(|part| {
        let sign = match part.fill.hatch {
            Some(line) => Sign::Hatched(part.fill.color, line),
            None if part.fill.color == EMPTY => Sign::Frame(MUTED),
            None => Sign::Fill(part.fill.color),
        };
        (sign, part.words.to_owned())
    }));
    let labels: Vec<Label> = rows
        .iter()
        .map(|(place, _)| Label::of_name(&of.structures[*place].name))
        .collect();
    let heading = Heading {
        id: "decide-grades",
        title: title(of, &rows),
        subtitle: format!(
            "What the difference from “{}” in {} varies by over {} draws, by the evidence of the values behind \
             it. Shares are rather too low; estimates below nothing and above all are cut off.",
            of.structures[0].name,
            within(of.of.measure),
            count(of.draws as u64)
        ),
        description: description(of, &rows, &parts),
        caveat: None,
    };
    let words = ["share of the variance of the difference".to_owned()];
    let heights: Vec<f64> = labels.iter().map(|it| it.height(ROW)).collect();
    let all: f64 = heights.iter().sum();
    let height = key.height() + all + axis_height(&words);
    let svg = page(&heading, look, height, |canvas, top| {
        key.draw(canvas, top);
        let first = top + key.height();
        let last = first + all;
        // Where a share lies below zero, the others sum to more than all.
        let widest = rows
            .iter()
            .map(|(_, shares)| {
                values(shares)
                    .iter()
                    .map(|it| it.value.max(0.0))
                    .sum::<f64>()
            })
            .fold(1.0, f64::max);
        let across = Scale {
            values: (0.0, 100.0 * widest),
            pixels: (LEFT, WIDTH - MARGIN - 4.0),
        };
        axis(canvas, &across, (first, last), ("%", &words));
        let mut y = first;
        for (((place, shares), label), height) in rows.iter().zip(&labels).zip(&heights) {
            let middle = y + height / 2.0;
            y += height;
            canvas.line(&[(MARGIN, y), (WIDTH - MARGIN, y)], GRID, 1.0);
            canvas.of_structure(*place, || {
                label.draw(canvas, middle);
                bar(canvas, &values(shares), &parts, &across, middle);
            });
        }
        canvas.line(&[(LEFT, first), (LEFT, last)], INK, 1.2);
    });
    Some(svg)
}

fn bar(canvas: &Canvas, values: &[Estimate], parts: &[Part], across: &Scale, middle: f64) {
    let mut from = 0.0;
    for (estimate, part) in values.iter().zip(parts) {
        let share = 100.0 * estimate.value.max(0.0);
        let (left, right) = (across.at(from), across.at(from + share));
        from += share;
        if right - left < 0.1 {
            continue;
        }
        let (top, bottom) = (middle - BAR / 2.0, middle + BAR / 2.0);
        canvas.telling(&format!("{}: {}", part.words, told(*estimate)), || {
            canvas.rectangle((left, top), (right, bottom), part.fill.color);
            if let Some(line) = part.fill.hatch {
                hatch(canvas, (left, top), (right, bottom), line, (6.0, 1.2));
            }
            canvas.frame((left, top), (right, bottom), palette::PAPER, 1.0);
            if part.fill.color == EMPTY {
                canvas.frame((left, top), (right, bottom), MUTED, 0.8);
            }
            let label = percent(estimate.value);
            let width = SMALL.width(&label) + 6.0;
            if width < right - left {
                let centre = f64::midpoint(left, right);
                if part.fill.hatch.is_some() {
                    let ends = (
                        (centre - width / 2.0, middle - 7.0),
                        (centre + width / 2.0, middle + 7.0),
                    );
                    canvas.rectangle(ends.0, ends.1, part.fill.color);
                }
                canvas.text(&label, SMALL, part.fill.ink, Hang::Middle, (centre, middle));
            }
        });
    }
}

fn told(estimate: Estimate) -> String {
    match estimate.interval {
        Some(interval) => format!(
            "{} ({} to {})",
            percent(estimate.value),
            percent(interval.low),
            percent(interval.high)
        ),
        None => percent(estimate.value),
    }
}

fn assumed(of: &Choosing, shares: &Shares) -> Option<Estimate> {
    let mut all = of.grades.iter().zip(&shares.groups);
    let found = all.find(|(grade, _)| **grade == Some(Grade::Assumption));
    found.map(|(_, share)| cut(*share))
}

fn title(of: &Choosing, rows: &[(usize, &Shares)]) -> String {
    let baseline = &of.structures[0].name;
    let found: Vec<(usize, Estimate)> = rows
        .iter()
        .filter_map(|(place, shares)| Some((*place, assumed(of, shares)?)))
        .collect();
    let by_share = |one: &&(usize, Estimate), other: &&(usize, Estimate)| {
        one.1.value.total_cmp(&other.1.value)
    };
    let (Some(least), Some(most)) = (found.iter().min_by(by_share), found.iter().max_by(by_share))
    else {
        return format!(
            "No value that was drawn is an assumption: what differences from “{baseline}” vary by"
        );
    };
    if found.len() == 1 {
        return format!(
            "{} of what the difference of “{}” from “{baseline}” varies by is assumed",
            told(most.1),
            of.structures[most.0].name
        );
    }
    let (least, most) = (percent(least.1.value), percent(most.1.value));
    let share = match least == most {
        true => most,
        false => format!("Between {least} and {most}"),
    };
    format!("{share} of what the differences from “{baseline}” vary by is assumed")
}

fn description(of: &Choosing, rows: &[(usize, &Shares)], parts: &[Part]) -> String {
    let rows: Vec<String> = rows
        .iter()
        .map(|(place, shares)| {
            let values = values(shares);
            let each = parts.iter().zip(values);
            let each: Vec<String> = each
                .map(|(part, estimate)| format!("{} {}", part.words, told(estimate)))
                .collect();
            format!("{}: {}", of.structures[*place].name, each.join(", "))
        })
        .collect();
    format!(
        "Stacked bars of shares of the variance of the difference from the baseline, with 95% intervals. {}.",
        rows.join(". ")
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_grade_has_a_fill_of_its_own() {
        let grades = [
            Some(Grade::Statistic),
            Some(Grade::Study),
            Some(Grade::Expert),
            Some(Grade::Assumption),
            Some(Grade::Fitted),
            None,
        ];
        let fills: Vec<Fill> = grades
            .into_iter()
            .map(|it| of_grade(it).fill)
            .chain(others().map(|it| it.fill))
            .collect();
        for (place, fill) in fills.iter().enumerate() {
            assert!(!fills[place + 1..].contains(fill), "{fill:?}");
        }
    }
}
