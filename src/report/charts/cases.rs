//! Scripted children: how far each occasion brought them, under each structure.

use super::canvas::{
    Canvas, GRID, Hang, Heading, INK, MARGIN, MUTED, SMALL, STRONG, WIDTH, draw as page,
};
use super::look::Look;
use super::rows::{self, Legend};
use super::{palette, trials};
use crate::analysis::{CaseOccasion, Never, Summary};
use crate::measures::Step;
use crate::report::caveat;
use crate::report::numbers::plain;

const NAMES: f64 = 182.0;
const BETWEEN: f64 = 14.0;
const BAR: f64 = 11.0;
/// Structures side by side.
const COLUMNS: usize = 6;
const HEAD_LINES: usize = 4;

/// The steps told apart, from nothing to help, with what is said of a child who came no further.
const STEPS: [(Step, &str); 6] = [
    (Step::Needed, "nothing noted"),
    (Step::Noted, "noted"),
    (Step::Referred, "referred"),
    (Step::Accepted, "accepted at a door"),
    (Step::Assessed, "assessed"),
    (Step::Helped, "helped"),
];

/// The chart; `None` where a study has no scripted children.
pub(super) fn draw(summary: &Summary, look: &Look) -> Option<String> {
    if summary.cases.named.is_empty() {
        return None;
    }
    let shown = shown(summary);
    let width = (WIDTH - 2.0 * MARGIN - NAMES) / shown.len() as f64;
    let legend = Legend::of(
        STEPS
            .iter()
            .zip(palette::STEPS)
            .map(|((_, words), (fill, _))| ((*words).to_owned(), fill)),
        MARGIN,
    );
    let heading = Heading {
        id: "cases",
        title: title(summary),
        subtitle: format!(
            "Share of the children met on each occasion, by how far that occasion itself brought them; {}, \
             {} children each. Numbers: helped by it. Above: no occasion brought help, with its 95% interval. \
             A bar that stays light may be a child whom another occasion had helped.",
            trials(summary),
            plain(summary.cases.children.iter().sum::<u64>() as f64, 0)
        ),
        description: description(summary),
        caveat: caveat(summary),
    };
    let head = STRONG.line() * HEAD_LINES as f64 + 2.0 * SMALL.line() + 12.0;
    let bands: Vec<Vec<(Vec<String>, f64)>> = (0..summary.cases.named.len())
        .map(|case| rows_of(summary, case))
        .collect();
    let band_height = |rows: &[(Vec<String>, f64)]| {
        head + STRONG.line() + rows.iter().map(|row| row.1).sum::<f64>() + 14.0
    };
    let height = legend.height() + bands.iter().map(|rows| band_height(rows)).sum::<f64>();
    let svg = page(&heading, look, height, |canvas, top| {
        legend.draw(canvas, top);
        let mut top = top + legend.height();
        for (case, rows) in bands.iter().enumerate() {
            let name = &summary.cases.named[case].name;
            let name = STRONG.wrap(name, WIDTH - 2.0 * MARGIN, 1).concat();
            canvas.text(&name, STRONG, INK, Hang::Left, (MARGIN, top + 7.0));
            let start = top + STRONG.line();
            let first = start + head;
            let mut y = first;
            for (name, height) in rows {
                canvas.line(&[(MARGIN, y), (WIDTH - MARGIN, y)], GRID, 1.0);
                rows::name(canvas, name, Hang::Left, (MARGIN, y + height / 2.0));
                y += height;
            }
            for (place, structure) in shown.iter().enumerate() {
                let left = MARGIN + NAMES + width * place as f64;
                let across = (left, width - BETWEEN);
                column_head(canvas, summary, (case, *structure), across, first);
                let mut y = first;
                for (occasion, (_, height)) in rows.iter().enumerate() {
                    if let Some(it) = occasion_of(summary, (*structure, case, occasion)) {
                        bar(canvas, it, across, y + height / 2.0);
                    }
                    y += height;
                }
            }
            top += band_height(rows);
        }
    });
    Some(svg)
}

/// All structures, or where they are many the baseline and those under which fewest are never helped.
fn shown(summary: &Summary) -> Vec<usize> {
    let mut others: Vec<(f64, usize)> = summary
        .cases
        .chances_of(0, Never::Helped)
        .filter(|chance| chance.structure > 0)
        .map(|it| {
            (
                it.share.map_or(f64::INFINITY, |share| share.value),
                it.structure,
            )
        })
        .collect();
    if others.len() >= COLUMNS {
        others.sort_by(|a, b| a.0.total_cmp(&b.0).then(a.1.cmp(&b.1)));
        others.truncate(COLUMNS - 1);
    }
    let mut shown: Vec<usize> = others.into_iter().map(|it| it.1).collect();
    shown.sort_unstable();
    std::iter::once(0).chain(shown).collect()
}

fn rows_of(summary: &Summary, case: usize) -> Vec<(Vec<String>, f64)> {
    let occasions = summary.cases.named[case].occasions.iter().enumerate();
    occasions
        .map(|(number, occasion)| {
            let words = format!(
                "{}. {}, day {}",
                number + 1,
                occasion.name,
                plain(occasion.day.get(), 0)
            );
            let name = rows::wrapped(&words, NAMES - 10.0);
            let height = rows::height(&name, SMALL.line() + BAR + 2.0);
            (name, height)
        })
        .collect()
}

fn occasion_of(
    summary: &Summary,
    (structure, case, occasion): (usize, usize, usize),
) -> Option<&CaseOccasion> {
    let is = |it: &&CaseOccasion| {
        it.structure == structure && it.case == case && it.occasion == occasion
    };
    summary.cases.occasions.iter().find(is)
}

fn never(summary: &Summary, case: usize, structure: usize) -> Option<crate::analysis::Estimate> {
    let mut chances = summary.cases.chances_of(case, Never::Helped);
    chances.find(|it| it.structure == structure)?.share
}

fn column_head(
    canvas: &Canvas,
    summary: &Summary,
    (case, structure): (usize, usize),
    (left, width): (f64, f64),
    first: f64,
) {
    let name = STRONG.wrap(&summary.structures[structure].name, width, HEAD_LINES);
    let mut y = first - 8.0 - 2.0 * SMALL.line() - STRONG.line() * name.len() as f64;
    for line in name {
        let middle = y + STRONG.line() / 2.0;
        canvas.text(&line, STRONG, INK, Hang::Left, (left, middle));
        y += STRONG.line();
    }
    let Some(never) = never(summary, case, structure) else {
        return;
    };
    let range = never.interval.map_or_else(String::new, |interval| {
        format!(
            "({} to {})",
            plain(interval.low, 1),
            plain(interval.high, 1)
        )
    });
    for words in [format!("never {}%", plain(never.value, 1)), range] {
        let words = SMALL.wrap(&words, width, 1).concat();
        let middle = y + SMALL.line() / 2.0;
        canvas.text(&words, SMALL, MUTED, Hang::Left, (left, middle));
        y += SMALL.line();
    }
}

/// How many came to each step and no further, in percent.
fn no_further(it: &CaseOccasion) -> Option<[f64; STEPS.len()]> {
    let mut reached = [0.0; STEPS.len()];
    for (share, (step, _)) in reached.iter_mut().zip(STEPS) {
        *share = it.reached[step.index()]?;
    }
    let mut shares = reached;
    for place in 0..STEPS.len() - 1 {
        shares[place] = (reached[place] - reached[place + 1]).max(0.0);
    }
    Some(shares)
}

fn bar(canvas: &Canvas, it: &CaseOccasion, (left, width): (f64, f64), middle: f64) {
    let Some(shares) = no_further(it) else {
        canvas.text("nobody met", SMALL, MUTED, Hang::Left, (left, middle));
        return;
    };
    let told = format!("{}%", plain(shares[STEPS.len() - 1], 1));
    let top = middle + 1.0;
    canvas.text(&told, SMALL, INK, Hang::Left, (left, middle - 7.0));
    // Those who came furthest stand first.
    let mut from = left;
    for (share, (fill, _)) in shares.iter().zip(palette::STEPS).rev() {
        let to = (from + width * share / 100.0).min(left + width);
        let hair = if to - from > 3.0 { 0.8 } else { 0.0 };
        canvas.rectangle((from, top), (to - hair, top + BAR), fill);
        from = to;
    }
    let corners = ((left, top), (left + width, top + BAR));
    canvas.frame(corners.0, corners.1, palette::OTHER, 0.6);
}

fn title(summary: &Summary) -> String {
    let shares: Vec<f64> = (0..summary.structures.len())
        .filter_map(|structure| Some(never(summary, 0, structure)?.value))
        .collect();
    let low = plain(shares.iter().copied().fold(f64::INFINITY, f64::min), 1);
    let high = plain(shares.iter().copied().fold(0.0, f64::max), 1);
    let name = &summary.cases.named[0].name;
    let differences: Vec<bool> = summary
        .cases
        .chances_of(0, Never::Helped)
        .filter_map(|it| Some(it.difference?.is_clear_of_zero()))
        .collect();
    let clear = differences.iter().filter(|clear| **clear).count();
    let hedge = match (clear, differences.len()) {
        (_, 0) => "",
        (0, _) => "; no difference from the baseline is clear of chance",
        (clear, all) if clear == all => "",
        _ => "; not every difference from the baseline is clear of chance",
    };
    let spread = match (shares.len(), low == high) {
        (0, _) => return format!("{name}: what each occasion led to"),
        (1, _) | (_, true) => format!("{high}%"),
        _ => format!("{low}% to {high}%, by structure,"),
    };
    format!("{name}: for {spread} no occasion brings help{hedge}")
}

fn description(summary: &Summary) -> String {
    let lines: Vec<String> = summary
        .cases
        .occasions
        .iter()
        .filter_map(|it| {
            let shares = no_further(it)?;
            let named = &summary.cases.named[it.case];
            let steps: Vec<String> = STEPS
                .iter()
                .zip(shares)
                .map(|((_, words), share)| format!("{words} {}%", plain(share, 1)))
                .collect();
            Some(format!(
                "{}, {}: {}",
                summary.structures[it.structure].name,
                named.occasions[it.occasion].name,
                steps.join(", ")
            ))
        })
        .collect();
    format!(
        "Stacked bars of how far occasions brought scripted children. {}.",
        lines.join(". ")
    )
}
