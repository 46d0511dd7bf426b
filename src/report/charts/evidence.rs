//! The evidence behind a result: values by grade, part by part of the model.

use std::collections::BTreeMap;

use plotters::style::RGBColor;

use super::canvas::{
    BODY, GRID, Hang, Heading, INK, MARGIN, MUTED, SMALL, STRONG, Scale, WIDTH, draw as page,
};
use super::look::Look;
use super::palette;
use super::rows::Legend;
use crate::report::numbers::{count, plain};
use crate::scenario::{Grade, Parameter, Scenario};

const NAMES: f64 = 150.0;
const LEFT: f64 = MARGIN + NAMES + 12.0;
const BAR: f64 = 17.0;
const ROW: f64 = 25.0;
const AXIS: f64 = 46.0;
/// Parts of the model with a bar of their own; the rest are told together.
const PARTS: usize = 24;

/// Grades from the surest to none, with their words, fill and ink.
const GRADES: [(Option<Grade>, &str, RGBColor, RGBColor); 6] = [
    (
        Some(Grade::Statistic),
        "published statistics",
        palette::SEAM[0].0,
        palette::SEAM[0].1,
    ),
    (
        Some(Grade::Study),
        "a study",
        palette::SEAM[1].0,
        palette::SEAM[1].1,
    ),
    (
        Some(Grade::Fitted),
        "fitted to published figures",
        palette::TURQUOISE,
        INK,
    ),
    (
        Some(Grade::Expert),
        "expert opinion",
        palette::LIGHT_PURPLE,
        INK,
    ),
    (Some(Grade::Assumption), "assumed", palette::ORANGE, INK),
    (None, "no grade stated", palette::OTHER, INK),
];

/// Values of one part of the model, by grade.
type Counts = [usize; GRADES.len()];

/// The chart; `None` where no file states a value.
pub(super) fn draw(scenario: &Scenario, look: &Look) -> Option<String> {
    let parts = parts(&scenario.parameters);
    if parts.is_empty() {
        return None;
    }
    let total = sum_of(parts.iter().map(|(_, counts)| counts));
    let legend = Legend::of(
        GRADES
            .iter()
            .zip(total)
            .filter(|(_, values)| *values > 0)
            .map(|((_, words, fill, _), values)| {
                (format!("{words} ({})", count(values as u64)), *fill)
            }),
        MARGIN,
    );
    let heading = Heading {
        id: "evidence",
        title: title(total),
        subtitle: "Values that the files of the study state, by part of the model and by how sure each is. \
                   A bar counts values, not how much the results turn on them: the grade of a value that \
                   matters weighs more than many that do not."
            .to_owned(),
        description: description(&parts, total),
        caveat: None,
    };
    let bars = ROW * parts.len() as f64;
    let svg = page(
        &heading,
        look,
        legend.height() + bars + AXIS,
        |canvas, top| {
            legend.draw(canvas, top);
            let first = top + legend.height();
            let most = parts.iter().map(|(_, counts)| counts.iter().sum::<usize>());
            let most = most.max().unwrap_or(1).max(1) as f64;
            let room = STRONG.width(&plain(most, 0)) + 10.0;
            let across = Scale {
                values: (0.0, most),
                pixels: (LEFT, WIDTH - MARGIN - room),
            };
            let (ticks, decimals) = across.ticks();
            for tick in ticks {
                // Half a value is none.
                if decimals > 0 && tick.fract().abs() > 1e-9 {
                    continue;
                }
                let x = across.at(tick);
                canvas.line(&[(x, first), (x, first + bars)], GRID, 1.0);
                let label = plain(tick, 0);
                canvas.text(&label, BODY, MUTED, Hang::Middle, (x, first + bars + 12.0));
            }
            let words = "number of values";
            canvas.text(words, BODY, MUTED, Hang::Left, (LEFT, first + bars + 32.0));
            for (place, (name, counts)) in parts.iter().enumerate() {
                let middle = first + ROW * (place as f64 + 0.5);
                let name = BODY.wrap(name, NAMES, 1).concat();
                canvas.text(&name, BODY, INK, Hang::Right, (LEFT - 10.0, middle));
                let mut from = 0;
                for ((_, _, fill, ink), values) in GRADES.iter().zip(counts) {
                    if *values == 0 {
                        continue;
                    }
                    let (left, right) = (across.at(from as f64), across.at((from + values) as f64));
                    let hair = if right - left > 3.0 { 1.0 } else { 0.0 };
                    let (top, bottom) = (middle - BAR / 2.0, middle + BAR / 2.0);
                    canvas.rectangle((left, top), (right - hair, bottom), *fill);
                    let label = count(*values as u64);
                    if SMALL.width(&label) + 6.0 < right - left {
                        let centre = f64::midpoint(left, right);
                        canvas.text(&label, SMALL, *ink, Hang::Middle, (centre, middle));
                    }
                    from += values;
                }
                let x = across.at(from as f64) + 6.0;
                canvas.text(&count(from as u64), STRONG, INK, Hang::Left, (x, middle));
            }
            canvas.line(&[(LEFT, first), (LEFT, first + bars)], INK, 1.2);
        },
    );
    Some(svg)
}

/// Values by part of the model: the first step of their paths. Those with most values stand first.
fn parts(parameters: &[Parameter]) -> Vec<(String, Counts)> {
    let mut by_part: BTreeMap<String, Counts> = BTreeMap::new();
    for parameter in parameters {
        let first = parameter.path.split('.').next().unwrap_or_default();
        let name = first.replace(['_', '-'], " ");
        let place = GRADES
            .iter()
            .position(|(grade, ..)| *grade == parameter.grade);
        let counts = by_part.entry(name).or_default();
        counts[place.unwrap_or(GRADES.len() - 1)] += 1;
    }
    let mut parts: Vec<(String, Counts)> = by_part.into_iter().collect();
    parts.sort_by_key(|(_, counts)| std::cmp::Reverse(counts.iter().sum::<usize>()));
    if parts.len() > PARTS {
        let rest = parts.split_off(PARTS - 1);
        let many = rest.len();
        let counts = sum_of(rest.iter().map(|(_, counts)| counts));
        parts.push((format!("{many} other parts"), counts));
    }
    parts
}

fn sum_of<'a>(all: impl Iterator<Item = &'a Counts>) -> Counts {
    let mut sums = Counts::default();
    for counts in all {
        for (sum, values) in sums.iter_mut().zip(counts) {
            *sum += values;
        }
    }
    sums
}

fn of_grade(total: Counts, grade: Option<Grade>) -> usize {
    let pairs = GRADES.iter().zip(total);
    pairs
        .filter(|((it, ..), _)| *it == grade)
        .map(|(_, values)| values)
        .sum()
}

fn title(total: Counts) -> String {
    let all: usize = total.iter().sum();
    let assumed = of_grade(total, Some(Grade::Assumption));
    let known = of_grade(total, Some(Grade::Statistic)) + of_grade(total, Some(Grade::Study));
    let (all, assumed, known) = (
        count(all as u64),
        count(assumed as u64),
        count(known as u64),
    );
    format!(
        "{assumed} of {all} values are assumed; {known} rest on published statistics or a study"
    )
}

fn description(parts: &[(String, Counts)], total: Counts) -> String {
    let words = |counts: &Counts| -> String {
        let there: Vec<String> = GRADES
            .iter()
            .zip(counts)
            .filter(|(_, values)| **values > 0)
            .map(|((_, words, ..), values)| format!("{words} {values}"))
            .collect();
        there.join(", ")
    };
    let lines: Vec<String> = parts
        .iter()
        .map(|(name, counts)| format!("{name}: {}", words(counts)))
        .collect();
    format!(
        "Stacked bars of the number of values by grade of evidence. All: {}. {}.",
        words(&total),
        lines.join(". ")
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parameter(path: &str, grade: Option<Grade>) -> Parameter {
        Parameter {
            path: path.to_owned(),
            value: "1".to_owned(),
            range: None,
            grade,
            source: None,
            why: None,
            file: "a.toml".to_owned(),
            line: 1,
        }
    }

    #[test]
    fn values_are_counted_by_the_first_step_of_their_path() {
        let found = parts(&[
            parameter("need.a.begins", Some(Grade::Assumption)),
            parameter("need.b.begins", Some(Grade::Statistic)),
            parameter("joint_step.x", None),
        ]);
        assert_eq!(found[0], ("need".to_owned(), [1, 0, 0, 0, 1, 0]));
        assert_eq!(found[1], ("joint step".to_owned(), [0, 0, 0, 0, 0, 1]));
        let total = sum_of(found.iter().map(|(_, counts)| counts));
        assert_eq!(
            title(total),
            "1 of 3 values are assumed; 1 rest on published statistics or a study"
        );
    }

    #[test]
    fn many_small_parts_are_told_together() {
        let many: Vec<Parameter> = (0..40)
            .map(|it| parameter(&format!("p{it}.a"), None))
            .collect();
        let found = parts(&many);
        assert_eq!(found.len(), PARTS);
        assert_eq!(found[PARTS - 1].0, "17 other parts");
    }
}
