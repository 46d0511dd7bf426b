//! From need to help: a row for each structure, a column for each step.

use super::canvas::{
    BODY, GRID, Hang, Heading, INK, MARGIN, MUTED, SMALL, STRONG, WIDTH, draw as page,
};
use super::look::Look;
use super::{palette, trials};
use crate::analysis::{Reached, Summary};
use crate::measures::Step;
use crate::report::caveat;
use crate::report::numbers::plain;

const NAMES: f64 = 190.0;
const BETWEEN: f64 = 12.0;
const HEAD_LINES: usize = 3;
const BAR: f64 = 9.0;

/// The chart; `None` where a study has no need spells to follow.
pub(super) fn draw(summary: &Summary, look: &Look) -> Option<String> {
    if summary.funnel.is_empty() {
        return None;
    }
    let names: Vec<Vec<String>> = summary
        .structures
        .iter()
        .map(|structure| BODY.wrap(&structure.name, NAMES - 8.0, 3))
        .collect();
    let heights: Vec<f64> = names
        .iter()
        .map(|name| (BODY.line() * name.len() as f64).max(SMALL.line() + BAR) + 10.0)
        .collect();
    let steps = &Step::ALL[1..]; // all begin in need
    let column = (WIDTH - 2.0 * MARGIN - NAMES) / steps.len() as f64;
    let head = STRONG.line() * HEAD_LINES as f64 + 8.0;
    let heading = Heading {
        id: "funnel",
        title: title(summary),
        subtitle: format!(
            "Share of the need spells begun in the observed time that came so far by its end, of all \
             needs together; {}. Bar: the structure; upright line: the baseline. Spells that began late \
             had less time.",
            trials(summary)
        ),
        description: description(summary),
        caveat: caveat(summary),
    };
    let svg = page(
        &heading,
        look,
        head + heights.iter().sum::<f64>(),
        |canvas, top| {
            let left = |place: usize| MARGIN + NAMES + column * place as f64;
            for (place, step) in steps.iter().enumerate() {
                let lines = STRONG.wrap(step.label(), column - BETWEEN, HEAD_LINES);
                let mut y =
                    top + STRONG.line() * (HEAD_LINES - lines.len()) as f64 + STRONG.line() / 2.0;
                for line in lines {
                    canvas.text(&line, STRONG, INK, Hang::Left, (left(place), y));
                    y += STRONG.line();
                }
            }
            let mut y = top + head;
            for ((structure, name), height) in names.iter().enumerate().zip(&heights) {
                canvas.line(&[(MARGIN, y), (WIDTH - MARGIN, y)], GRID, 1.0);
                let middle = y + height / 2.0;
                let mut line = middle - BODY.line() * (name.len() as f64 - 1.0) / 2.0;
                for words in name {
                    canvas.text(words, BODY, INK, Hang::Left, (MARGIN, line));
                    line += BODY.line();
                }
                for (place, step) in steps.iter().enumerate() {
                    let Some(share) = share(summary, structure, *step) else {
                        continue;
                    };
                    let width = column - BETWEEN;
                    let (from, bar) = (left(place), middle + SMALL.line() / 2.0);
                    let fill = if structure == 0 {
                        palette::NEITHER
                    } else {
                        palette::BETTER
                    };
                    let told = format!("{}%", plain(share, 1));
                    canvas.text(&told, SMALL, INK, Hang::Left, (from, bar - BAR / 2.0 - 8.0));
                    let ends = ((from, bar - BAR / 2.0), (from + width, bar + BAR / 2.0));
                    canvas.rectangle(ends.0, ends.1, GRID);
                    let end = from + width * share / 100.0;
                    canvas.rectangle(ends.0, (end, ends.1.1), fill);
                    if let Some(baseline) = self::share(summary, 0, *step) {
                        let x = from + width * baseline / 100.0;
                        let line = [(x, ends.0.1 - 2.0), (x, ends.1.1 + 2.0)];
                        canvas.line(
                            &line,
                            if structure == 0 {
                                MUTED
                            } else {
                                palette::WORSE
                            },
                            1.6,
                        );
                    }
                }
                y += height;
            }
        },
    );
    Some(svg)
}

/// Share of all need spells that reached a step, in percent.
fn share(summary: &Summary, structure: usize, step: Step) -> Option<f64> {
    let is = |reached: &&Reached| {
        reached.structure == structure && reached.need.is_none() && reached.step == step
    };
    summary
        .funnel
        .iter()
        .find(is)?
        .share
        .map(|share| share.value)
}

fn title(summary: &Summary) -> String {
    let helped: Vec<f64> = (0..summary.structures.len())
        .filter_map(|structure| share(summary, structure, Step::Helped))
        .collect();
    let low = plain(helped.iter().copied().fold(f64::INFINITY, f64::min), 0);
    let high = plain(helped.iter().copied().fold(0.0, f64::max), 0);
    match helped.len() {
        0 => "No need spell began".to_owned(),
        1 => format!("{high}% of need spells come to be helped"),
        _ if low == high => {
            format!("About {high}% of need spells come to be helped, under every structure")
        }
        _ => format!("{low}% to {high}% of need spells come to be helped, by structure"),
    }
}

fn description(summary: &Summary) -> String {
    let lines: Vec<String> = summary
        .structures
        .iter()
        .enumerate()
        .map(|(place, structure)| {
            let steps: Vec<String> = Step::ALL[1..]
                .iter()
                .filter_map(|step| {
                    let share = share(summary, place, *step)?;
                    Some(format!("{} {}%", step.label(), plain(share, 1)))
                })
                .collect();
            format!("{}: {}", structure.name, steps.join(", "))
        })
        .collect();
    format!(
        "Bars of the share of need spells that came to each step. {}.",
        lines.join(". ")
    )
}
