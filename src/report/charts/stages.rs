//! Where the days of begun handoffs go: a stacked bar for each structure, the work of passing on
//! first, then the queues for scarce staff and places.

use plotters::style::RGBColor;

use super::canvas::{
    BODY, Canvas, GRID, Hang, Heading, INK, MARGIN, MUTED, SMALL, STRONG, Scale, WIDTH,
    draw as page,
};
use super::look::Look;
use super::rows::{self, Legend};
use super::{palette, trials};
use crate::analysis::Summary;
use crate::measures::Stage;
use crate::report::caveat;
use crate::report::numbers::plain;

const NAMES: f64 = 170.0;
const LEFT: f64 = MARGIN + NAMES + 12.0;
const BAR: f64 = 26.0;
const BELOW_BARS: f64 = 48.0;
/// Stages of the seam with a colour of their own; the rest are told together.
const SEAM_STAGES: usize = 4;

/// A stage, or all the small ones of the seam.
struct Part {
    stages: Vec<Stage>,
    label: String,
    fill: RGBColor,
    ink: RGBColor,
    is_capacity: bool,
}

impl Part {
    fn days(&self, days: &[f64]) -> f64 {
        self.stages.iter().map(|stage| days[stage.index()]).sum()
    }
}

/// The chart; `None` where no handoff took any time.
pub(super) fn draw(summary: &Summary, look: &Look) -> Option<String> {
    let largest = summary.stage_days.iter().flatten().copied();
    if largest.fold(0.0, f64::max) < 0.05 {
        return None;
    }
    let parts = parts(summary);
    let legend = Legend::of(
        parts.iter().map(|part| (part.label.clone(), part.fill)),
        MARGIN,
    );
    let names = rows::names(summary, NAMES);
    let heights: Vec<f64> = names.iter().map(|it| rows::height(it, BAR + 4.0)).collect();
    let bars: f64 = heights.iter().sum();
    let heading = Heading {
        id: "stages",
        title: title(summary),
        subtitle: format!(
            "Mean days of a begun handoff in each stage; {}. Before the black mark: the work of passing \
             on (blue); after it: queues for scarce staff and places (orange). At the right: both and \
             their sum. Handoffs that never begin are not in it.",
            trials(summary)
        ),
        description: description(summary),
        caveat: caveat(summary),
    };
    let svg = page(
        &heading,
        look,
        legend.height() + bars + BELOW_BARS,
        |canvas, top| {
            legend.draw(canvas, top);
            let across = scale(summary);
            let start = top + legend.height();
            axis(canvas, &across, (start, start + bars));
            let mut y = start;
            for ((structure, name), height) in names.iter().enumerate().zip(&heights) {
                let middle = y + height / 2.0;
                canvas.of_structure(structure, || {
                    rows::name(canvas, name, Hang::Right, (LEFT - 12.0, middle));
                    bar(canvas, summary, structure, &parts, &across, middle);
                });
                y += height;
            }
            let zero = across.at(0.0);
            canvas.line(&[(zero, start), (zero, start + bars)], INK, 1.2);
        },
    );
    Some(svg)
}

/// The stages shown, those of the seam first, each in the order of a handoff's way.
fn parts(summary: &Summary) -> Vec<Part> {
    let largest = |stage: Stage| {
        let days = summary
            .stage_days
            .iter()
            .filter_map(|it| it.get(stage.index()));
        days.copied().fold(0.0, f64::max)
    };
    let there = |is_capacity: bool| -> Vec<Stage> {
        let of_type = Stage::ALL.iter().copied();
        of_type
            .filter(|stage| stage.is_capacity() == is_capacity && largest(*stage) > 0.0)
            .collect()
    };
    let mut seam = there(false);
    seam.sort_by(|a, b| largest(*b).total_cmp(&largest(*a)).then(a.cmp(b)));
    let is_cut = seam.len() > SEAM_STAGES;
    let mut small = seam.split_off(if is_cut { SEAM_STAGES - 1 } else { seam.len() });
    seam.sort_unstable();
    small.sort_unstable();
    let mut parts: Vec<Part> = Vec::new();
    for (place, stage) in seam.into_iter().enumerate() {
        let (fill, ink) = palette::SEAM[place];
        parts.push(Part {
            label: stage.label().to_owned(),
            stages: vec![stage],
            fill,
            ink,
            is_capacity: false,
        });
    }
    if !small.is_empty() {
        let words: Vec<&str> = small.iter().map(|stage| stage.label()).collect();
        let (fill, ink) = palette::SEAM[SEAM_STAGES - 1];
        parts.push(Part {
            label: format!("other work: {}", words.join(", ")),
            stages: small,
            fill,
            ink,
            is_capacity: false,
        });
    }
    for (place, stage) in there(true).into_iter().enumerate() {
        let (fill, ink) = palette::QUEUES[place % palette::QUEUES.len()];
        parts.push(Part {
            label: stage.label().to_owned(),
            stages: vec![stage],
            fill,
            ink,
            is_capacity: true,
        });
    }
    parts
}

fn sums(summary: &Summary, structure: usize) -> (f64, f64) {
    summary
        .seam_and_capacity_days(structure)
        .unwrap_or((0.0, 0.0))
}

fn told(summary: &Summary, structure: usize) -> (String, String) {
    let (seam, queues) = sums(summary, structure);
    (
        format!("{} + {} =", plain(seam, 1), plain(queues, 1)),
        format!("{} days", plain(seam + queues, 1)),
    )
}

fn scale(summary: &Summary) -> Scale {
    let all = 0..summary.structures.len();
    let (mut highest, mut widest) = (0.0_f64, 0.0_f64);
    for structure in all {
        let (seam, queues) = sums(summary, structure);
        highest = highest.max(seam + queues);
        let (parts, sum) = told(summary, structure);
        widest = widest.max(BODY.width(&parts) + 4.0 + STRONG.width(&sum));
    }
    Scale {
        values: (0.0, 1.02 * highest),
        pixels: (LEFT, WIDTH - MARGIN - widest - 14.0),
    }
}

fn axis(canvas: &Canvas, across: &Scale, (top, bottom): (f64, f64)) {
    let (ticks, decimals) = across.ticks();
    for tick in ticks {
        let x = across.at(tick);
        canvas.line(&[(x, top), (x, bottom)], GRID, 1.0);
        let label = plain(tick, decimals);
        canvas.text(&label, BODY, MUTED, Hang::Middle, (x, bottom + 12.0));
    }
    let unit = "mean days of a begun handoff";
    canvas.text(unit, BODY, MUTED, Hang::Left, (LEFT, bottom + 32.0));
}

fn bar(
    canvas: &Canvas,
    summary: &Summary,
    structure: usize,
    parts: &[Part],
    across: &Scale,
    middle: f64,
) {
    let days = &summary.stage_days[structure];
    if days.is_empty() {
        canvas.text("none begun", BODY, MUTED, Hang::Left, (LEFT + 8.0, middle));
        return;
    }
    let (top, bottom) = (middle - BAR / 2.0, middle + BAR / 2.0);
    let mut from = 0.0;
    let mut boundary = 0.0;
    for part in parts {
        let length = part.days(days);
        let (left, right) = (across.at(from), across.at(from + length));
        // A hair of paper parts neighbours, so that colour is not all that does.
        let hair = if right - left > 3.0 { 1.0 } else { 0.0 };
        let label = plain(length, 1);
        canvas.telling(&format!("{}: {label} days", part.label), || {
            canvas.rectangle((left, top), (right - hair, bottom), part.fill);
            if SMALL.width(&label) + 6.0 < right - left {
                let centre = f64::midpoint(left, right);
                canvas.text(&label, SMALL, part.ink, Hang::Middle, (centre, middle));
            }
        });
        from += length;
        if !part.is_capacity {
            boundary = from;
        }
    }
    let x = across.at(boundary);
    canvas.line(&[(x, top - 4.0), (x, bottom + 4.0)], INK, 2.2);
    let (parts, sum) = told(summary, structure);
    let right = WIDTH - MARGIN;
    canvas.text(&sum, STRONG, INK, Hang::Right, (right, middle));
    let right = right - STRONG.width(&sum) - 4.0;
    canvas.text(&parts, BODY, MUTED, Hang::Right, (right, middle));
}

/// `40 to 52`, or `40` where both ends read alike.
fn range(values: impl Iterator<Item = f64> + Clone) -> String {
    let low = values.clone().fold(f64::INFINITY, f64::min);
    // Of few days the tenth matters.
    let decimals = usize::from(low < 10.0);
    let (low, high) = (
        plain(low, decimals),
        plain(values.fold(0.0, f64::max), decimals),
    );
    if low == high {
        low
    } else {
        format!("{low} to {high}")
    }
}

fn title(summary: &Summary) -> String {
    let there = (0..summary.structures.len()).filter_map(|it| summary.seam_and_capacity_days(it));
    let queues = range(there.clone().map(|(_, queues)| queues));
    let seam = range(there.clone().map(|(seam, _)| seam));
    let by = if there.count() > 1 {
        ", by structure"
    } else {
        ""
    };
    format!(
        "A begun handoff spends {queues} days in queues for staff and places and {seam} in the work of \
         passing on{by}{}",
        hedge(summary)
    )
}

/// Whether the days of a referred child in handoffs tell any structure from the baseline.
fn hedge(summary: &Summary) -> &'static str {
    let differences = |id: &str| -> Vec<bool> {
        let rows = summary.measure(id).into_iter().flat_map(|it| &it.rows);
        rows.filter_map(|row| Some(row.difference?.is_clear_of_zero()))
            .collect()
    };
    let mut clear = differences("seam-days-per-child");
    clear.extend(differences("capacity-days-per-child"));
    if !clear.is_empty() && clear.iter().all(|clear| !clear) {
        "; no difference from the baseline is clear of chance"
    } else {
        ""
    }
}

fn description(summary: &Summary) -> String {
    let bars: Vec<String> = summary
        .structures
        .iter()
        .zip(&summary.stage_days)
        .enumerate()
        .map(|(place, (structure, days))| {
            let (seam, queues) = sums(summary, place);
            let stages: Vec<String> = Stage::ALL
                .iter()
                .zip(days)
                .filter(|(_, days)| **days > 0.0)
                .map(|(stage, days)| format!("{} {}", stage.label(), plain(*days, 1)))
                .collect();
            format!(
                "{}: passing on {}, queues {}; {}",
                structure.name,
                plain(seam, 1),
                plain(queues, 1),
                stages.join(", ")
            )
        })
        .collect();
    format!(
        "Stacked bars of mean days of begun handoffs by stage. {}.",
        bars.join(". ")
    )
}
