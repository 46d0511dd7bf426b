//! Missed cases by cause: two stacked bars for each structure, by where cases stood when their grace
//! ran out and by where the time of their grace went, with the interval of the total.

use super::canvas::{
    BODY, Canvas, GRID, Hang, Heading, INK, MARGIN, MUTED, SMALL, STRONG, Scale, WIDTH,
    draw as page,
};
use super::look::Look;
use super::{palette, trials};
use crate::analysis::{Cause, MissedCases, Summary};
use crate::measures::{Scope, Standing};
use crate::report::caveat;
use crate::report::numbers::plain;

/// Causes with a colour of their own; the rest are told together.
const CAUSES: usize = 6;
const NAMES: f64 = 150.0;
/// Room for what a bar is.
const ACCOUNTS: f64 = 44.0;
const LEFT: f64 = MARGIN + NAMES + ACCOUNTS + 8.0;
const BAR: f64 = 24.0;
/// The bar of the second account, and the space above it.
const SECOND: f64 = 14.0;
const SPACE_BETWEEN: f64 = 3.0;
const SWATCH: f64 = 12.0;
const BELOW_BARS: f64 = 48.0;
/// Between a total and its interval.
const SPACE: f64 = 4.0;

/// A cause, or all the small ones.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Part {
    One(Standing),
    Other,
}

impl Part {
    fn label(self) -> &'static str {
        match self {
            Self::One(standing) => standing.label(),
            Self::Other => "all other",
        }
    }
}

pub(super) fn draw(summary: &Summary, look: &Look) -> String {
    let parts = parts(summary);
    let legend = legend(&parts);
    let names: Vec<Vec<String>> = summary
        .structures
        .iter()
        .map(|structure| BODY.wrap(&structure.name, NAMES - 4.0, 4))
        .collect();
    let rows: Vec<f64> = names.iter().map(|name| row_height(name.len())).collect();
    let bars: f64 = rows.iter().sum();
    let legend_height = legend.last().map_or(0.0, |(_, (_, y))| y + 30.0);
    let heading = Heading {
        id: "missed-by-cause",
        title: title(summary),
        subtitle: subtitle(summary),
        description: description(summary),
        caveat: caveat(summary),
    };
    page(
        &heading,
        look,
        legend_height + bars + BELOW_BARS,
        |canvas, top| {
            for ((place, part), (x, y)) in &legend {
                let (fill, _) = colors(*place, *part);
                let y = top + y + 8.0;
                canvas.rectangle((*x, y - SWATCH / 2.0), (x + SWATCH, y + SWATCH / 2.0), fill);
                canvas.text(part.label(), BODY, INK, Hang::Left, (x + SWATCH + 6.0, y));
            }
            let across = scale(summary);
            let start = top + legend_height;
            axis(canvas, summary, &across, (start, start + bars));
            let decimals = decimals(summary);
            let mut y = start;
            let each = summary.missed.iter().zip(&names).zip(&rows);
            for (place, ((missed, name), height)) in each.enumerate() {
                let row = (y, *height);
                canvas.of_structure(place, || {
                    bar(canvas, missed, name, &parts, (&across, decimals), row);
                });
                y += height;
            }
            let zero = across.at(0.0);
            canvas.line(&[(zero, start), (zero, start + bars)], INK, 1.2);
        },
    )
}

fn row_height(name_lines: usize) -> f64 {
    (BAR + SECOND + 30.0).max(BODY.line() * name_lines as f64 + 12.0)
}

/// The causes shown, in the order of a case's way; the largest under any structure have a colour.
fn parts(summary: &Summary) -> Vec<Part> {
    let mut found: Vec<(Standing, f64)> = Standing::ALL
        .iter()
        .map(|standing| {
            let largest = summary
                .missed
                .iter()
                .flat_map(|missed| {
                    [Account::Stood, Account::Time].map(|account| of(missed, *standing, account))
                })
                .fold(0.0, f64::max);
            (*standing, largest)
        })
        .filter(|(_, largest)| *largest > 0.0)
        .collect();
    let is_cut = found.len() > CAUSES;
    found.sort_by(|a, b| b.1.total_cmp(&a.1).then(a.0.cmp(&b.0)));
    found.truncate(if is_cut { CAUSES - 1 } else { CAUSES });
    found.sort_by_key(|(standing, _)| *standing);
    let mut parts: Vec<Part> = found
        .into_iter()
        .map(|(standing, _)| Part::One(standing))
        .collect();
    if is_cut {
        parts.push(Part::Other);
    }
    parts
}

/// One of the two accounts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Account {
    Stood,
    Time,
}

impl Account {
    fn of(self, cause: &Cause) -> f64 {
        match self {
            Self::Stood => cause.stood,
            Self::Time => cause.time.unwrap_or(0.0),
        }
    }
}

fn of(missed: &MissedCases, standing: Standing, account: Account) -> f64 {
    missed
        .causes
        .iter()
        .filter(|cause| cause.standing == standing)
        .map(|cause| account.of(cause))
        .sum()
}

/// Cases of a part: of one cause, or of all that have no part of their own.
fn cases(missed: &MissedCases, part: Part, parts: &[Part], account: Account) -> f64 {
    match part {
        Part::One(standing) => of(missed, standing, account),
        Part::Other => missed
            .causes
            .iter()
            .filter(|cause| !parts.contains(&Part::One(cause.standing)))
            .map(|cause| account.of(cause))
            .sum(),
    }
}

fn colors(place: usize, part: Part) -> (plotters::style::RGBColor, plotters::style::RGBColor) {
    match part {
        Part::One(_) => palette::of_cause(place),
        Part::Other => (palette::OTHER, INK),
    }
}

/// Places of the entries of the legend, in as many lines as it takes.
fn legend(parts: &[Part]) -> Vec<((usize, Part), (f64, f64))> {
    let (mut x, mut y) = (LEFT, 0.0);
    let mut entries = Vec::new();
    for (place, part) in parts.iter().enumerate() {
        let width = SWATCH + 6.0 + BODY.width(part.label());
        if x + width > WIDTH - MARGIN && x > LEFT {
            x = LEFT;
            y += 20.0;
        }
        entries.push(((place, *part), (x, y)));
        x += width + 18.0;
    }
    entries
}

/// Room at the right for the widest total and its interval.
fn scale(summary: &Summary) -> Scale {
    let decimals = decimals(summary);
    let ends = summary.missed.iter().filter_map(|missed| {
        let total = missed.total?;
        let high = total.interval.map_or(total.value, |interval| interval.high);
        Some(high.max(total.value))
    });
    let highest = ends.fold(0.0, f64::max);
    let widest = summary
        .missed
        .iter()
        .map(|missed| {
            let (total, interval) = told(missed, decimals);
            STRONG.width(&total) + SPACE + BODY.width(&interval)
        })
        .fold(0.0, f64::max);
    Scale {
        values: (0.0, if highest > 0.0 { 1.02 * highest } else { 1.0 }),
        pixels: (LEFT, WIDTH - MARGIN - widest - 14.0),
    }
}

/// Decimals of all numbers in the chart: one, where some total is small.
fn decimals(summary: &Summary) -> usize {
    let mut totals = summary.missed.iter().filter_map(|missed| missed.total);
    usize::from(totals.any(|total| total.value < 100.0))
}

/// The total and its interval in words.
fn told(missed: &MissedCases, decimals: usize) -> (String, String) {
    let Some(total) = missed.total else {
        return ("none".to_owned(), String::new());
    };
    let interval = total.interval.map_or_else(String::new, |interval| {
        format!(
            "({} to {})",
            plain(interval.low, decimals),
            plain(interval.high, decimals)
        )
    });
    (plain(total.value, decimals), interval)
}

fn axis(canvas: &Canvas, summary: &Summary, across: &Scale, (top, bottom): (f64, f64)) {
    let (ticks, decimals) = across.ticks();
    for tick in ticks {
        let x = across.at(tick);
        canvas.line(&[(x, top), (x, bottom)], GRID, 1.0);
        let label = plain(tick, decimals);
        canvas.text(&label, BODY, MUTED, Hang::Middle, (x, bottom + 12.0));
    }
    let unit = format!("missed cases {}", summary.missed_unit);
    canvas.text(&unit, BODY, MUTED, Hang::Left, (LEFT, bottom + 32.0));
}

fn bar(
    canvas: &Canvas,
    missed: &MissedCases,
    name: &[String],
    parts: &[Part],
    (across, decimals): (&Scale, usize),
    (top, height): (f64, f64),
) {
    let is_of_time = missed.causes.iter().any(|cause| cause.time.is_some());
    let both = if is_of_time {
        SECOND + SPACE_BETWEEN
    } else {
        0.0
    };
    let middle = top + (height - both) / 2.0 - 5.0;
    super::rows::name(canvas, name, Hang::Left, (MARGIN, middle + both / 2.0));
    let from = stack(
        canvas,
        missed,
        parts,
        (across, Account::Stood, decimals),
        (middle, BAR),
    );
    let mut below = middle + BAR / 2.0;
    if is_of_time {
        let middle = below + SPACE_BETWEEN + SECOND / 2.0;
        stack(
            canvas,
            missed,
            parts,
            (across, Account::Time, decimals),
            (middle, SECOND),
        );
        below += SPACE_BETWEEN + SECOND;
    }

    let (total, interval) = told(missed, decimals);
    // Beside the bar and its whisker, so that neither crosses the other.
    let whisker = missed.total.and_then(|total| total.interval);
    let end = whisker.map_or(from, |interval| interval.high.max(from));
    let x = across.at(end) + 8.0;
    canvas.text(&total, STRONG, INK, Hang::Left, (x, middle));
    let x = x + STRONG.width(&total) + SPACE;
    canvas.text(&interval, BODY, MUTED, Hang::Left, (x, middle));
    if let Some(interval) = whisker {
        let y = below + 6.0;
        let (low, high) = (across.at(interval.low), across.at(interval.high));
        canvas.line(&[(low, y), (high, y)], INK, 1.4);
        for x in [low, high] {
            canvas.line(&[(x, y - 3.0), (x, y + 3.0)], INK, 1.4);
        }
        canvas.disc((across.at(from), y), 2.2, INK);
    }
}

/// The bar of one account; gives its end.
fn stack(
    canvas: &Canvas,
    missed: &MissedCases,
    parts: &[Part],
    (across, account, decimals): (&Scale, Account, usize),
    (middle, thick): (f64, f64),
) -> f64 {
    if missed.causes.iter().any(|cause| cause.time.is_some()) {
        let words = match account {
            Account::Stood => "stood",
            Account::Time => "time",
        };
        canvas.text(words, SMALL, MUTED, Hang::Right, (LEFT - 8.0, middle));
    }
    let face = if thick < BAR { SMALL } else { BODY };
    let mut from = 0.0;
    for (place, part) in parts.iter().enumerate() {
        let cases = cases(missed, *part, parts, account);
        if cases <= 0.0 {
            continue;
        }
        let (fill, ink) = colors(place, *part);
        let (left, right) = (across.at(from), across.at(from + cases));
        // A hair of paper parts neighbours, so that colour is not all that does.
        let seam = if right - left > 3.0 { 1.0 } else { 0.0 };
        let label = plain(cases, decimals);
        canvas.telling(&format!("{}: {label}", part.label()), || {
            canvas.rectangle(
                (left, middle - thick / 2.0),
                (right - seam, middle + thick / 2.0),
                fill,
            );
            if face.width(&label) + 6.0 < right - left {
                let centre = f64::midpoint(left, right);
                canvas.text(&label, face, ink, Hang::Middle, (centre, middle));
            }
        });
        from += cases;
    }
    from
}

fn noun(scope: Scope) -> &'static str {
    match scope {
        Scope::Children | Scope::Both => "known missed cases",
        Scope::Network => "cases lost or given up",
    }
}

fn title(summary: &Summary) -> String {
    let noun = noun(summary.scope);
    let mut largest: Vec<&str> = summary
        .missed
        .iter()
        .filter_map(|missed| missed.largest())
        .map(|cause| cause.standing.label())
        .collect();
    largest.sort_unstable();
    largest.dedup();
    match (largest.as_slice(), summary.structures.len()) {
        ([], _) => format!("There were no {noun}"),
        ([one], 1) => format!("Largest group of {noun}: {one}"),
        ([one], _) => {
            format!("Largest group of {noun} under every structure: {one}")
        }
        (several, _) => format!(
            "Largest group of {noun}, by structure: {}",
            several.join(", or ")
        ),
    }
}

fn subtitle(summary: &Summary) -> String {
    let how = match summary.scope {
        Scope::Children | Scope::Both => {
            "by cause, in two accounts of one total: where they stood when their grace ran out (upper \
             bar), and where the time of their grace went (lower bar)"
        }
        Scope::Network => "by how they were missed",
    };
    let noun = noun(summary.scope);
    let mut words = noun.chars();
    let first = words.next().map(|first| first.to_ascii_uppercase());
    let noun: String = first.into_iter().chain(words).collect();
    format!(
        "{noun} {} {how}; {}. The line under the bars is the 95% interval of the total.",
        summary.missed_unit,
        trials(summary)
    )
}

fn description(summary: &Summary) -> String {
    let decimals = decimals(summary);
    let bars: Vec<String> = summary
        .structures
        .iter()
        .zip(&summary.missed)
        .map(|(structure, missed)| {
            let (total, interval) = told(missed, decimals);
            let causes: Vec<String> = missed
                .causes
                .iter()
                .map(|cause| {
                    let time = cause
                        .time
                        .map_or_else(String::new, |time| format!(" ({} by time)", plain(time, 1)));
                    format!("{} {}{time}", cause.standing.label(), plain(cause.stood, 1))
                })
                .collect();
            format!(
                "{}: {total}{interval}; {}",
                structure.name,
                causes.join(", ")
            )
        })
        .collect();
    format!(
        "Stacked bars of {} {} by cause. {}.",
        noun(summary.scope),
        summary.missed_unit,
        bars.join(". ")
    )
}
