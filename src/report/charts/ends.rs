//! How handoffs end by day since the decision: begun ones from below, all other ends from above; what
//! is between is under way.

use plotters::style::RGBColor;

use super::canvas::{
    BODY, Canvas, GRID, Hang, Heading, INK, MARGIN, MUTED, SMALL, STRONG, Scale, WIDTH,
    draw as page,
};
use super::look::Look;
use super::panels::{self, Grid, MANY, Panel};
use super::rows::{self, Legend};
use super::{not_begun, palette, trials};
use crate::analysis::{Handoffs, Summary};
use crate::measures::{HandoffEnd, HandoffKind};
use crate::report::caveat;
use crate::report::numbers::plain;

const NAMES: f64 = 138.0;
const AXIS: f64 = 36.0;
const BETWEEN: f64 = 12.0;
const PLOT: f64 = 78.0;
/// Below a plot: what is told of it.
const BELOW_PLOT: f64 = 46.0;
const HEAD_LINES: usize = 2;

/// Ends other than being begun, as they are told apart, from the top of the plot downwards.
const OTHERWISE: [(&str, &[HandoffEnd], RGBColor); 4] = [
    ("lost", &[HandoffEnd::Lost], palette::ORANGE),
    ("turned away", &[HandoffEnd::Rejected], palette::DARK_PINK),
    ("gave up", &[HandoffEnd::GaveUp], palette::LIGHT_PURPLE),
    (
        "moved away or reached the upper age",
        &[HandoffEnd::Moved, HandoffEnd::AgedOut],
        palette::DARK_GREY,
    ),
];

/// The chart; `None` where every handoff ends within a day, or there is none.
pub(super) fn draw(summary: &Summary, look: &Look) -> Option<String> {
    let end = not_begun::axis_end(summary)?;
    let colors = [
        ("begun", palette::BEGUN),
        ("under way", super::canvas::EMPTY),
    ];
    let legend = Legend::of(
        colors
            .into_iter()
            .chain(OTHERWISE.iter().map(|(words, _, color)| (*words, *color)))
            .map(|(words, color)| (words.to_owned(), color)),
        MARGIN,
    );
    let heading = Heading {
        id: "ends",
        title: title(summary, end),
        subtitle: format!(
            "Share of handoffs by how they have ended, by days since the decision to pass the case on; \
             {}. From below: begun; from above: ended in another way; white: under way. {}",
            trials(summary),
            if summary.structures.len() >= MANY {
                "All kinds of handoff together."
            } else {
                "A handoff has one end; each way is a competing end, not censoring."
            }
        ),
        description: description(summary, end),
        caveat: caveat(summary),
    };
    Some(if summary.structures.len() >= MANY {
        in_panels(summary, look, &heading, &legend, end)
    } else {
        by_kind(summary, look, &heading, &legend, end)
    })
}

fn in_panels(
    summary: &Summary,
    look: &Look,
    heading: &Heading,
    legend: &Legend,
    end: usize,
) -> String {
    let grid = Grid::of(summary.structures.iter().map(|it| it.name.as_str()));
    let days = few_days(end);
    let percent = [0, 50, 100].map(|share| (f64::from(share), format!("{share}%")));
    page(
        heading,
        look,
        legend.height() + grid.height(),
        |canvas, top| {
            legend.draw(canvas, top);
            let top = top + legend.height();
            for (place, structure) in summary.structures.iter().enumerate() {
                let Some(handoffs) = summary.all_handoffs(place) else {
                    continue;
                };
                let panel = Panel {
                    name: structure.name.clone(),
                    told: told(handoffs, end).join("; "),
                };
                let (across, up) = panels::draw(
                    canvas,
                    grid,
                    &panel,
                    (place, top),
                    ((0.0, end as f64), &days),
                    ((0.0, 100.0), &percent),
                );
                areas(canvas, handoffs, end, &across, &up);
            }
        },
    )
}

/// Few structures: a row for each, a column for each kind of handoff.
fn by_kind(
    summary: &Summary,
    look: &Look,
    heading: &Heading,
    legend: &Legend,
    end: usize,
) -> String {
    let kinds: Vec<Option<HandoffKind>> = std::iter::once(None)
        .chain(HandoffKind::ALL.iter().copied().map(Some))
        .filter(|kind| {
            let mut of_kind = summary.handoffs.iter().filter(|it| it.kind == *kind);
            of_kind.any(|it| !it.by_day.is_empty())
        })
        .collect();
    let names = rows::names(summary, NAMES - 8.0);
    let row = PLOT + BELOW_PLOT + 12.0;
    let head = STRONG.line() * HEAD_LINES as f64 + 10.0;
    let left = MARGIN + NAMES + AXIS;
    let columns = kinds.len() as f64;
    let width = (WIDTH - MARGIN - left - BETWEEN * (columns - 1.0)) / columns;
    let height = legend.height() + head + row * names.len() as f64 + 14.0;
    page(heading, look, height, |canvas, top| {
        legend.draw(canvas, top);
        let top = top + legend.height();
        let at = |place: usize| left + (width + BETWEEN) * place as f64;
        for (place, kind) in kinds.iter().enumerate() {
            let words = kind.map_or("all handoffs", HandoffKind::label);
            let lines = STRONG.wrap(words, width, HEAD_LINES);
            let spare = STRONG.line() * (HEAD_LINES - lines.len()) as f64;
            let mut y = top + spare + STRONG.line() / 2.0;
            for words in lines {
                canvas.text(&words, STRONG, INK, Hang::Left, (at(place), y));
                y += STRONG.line();
            }
        }
        for (structure, name) in names.iter().enumerate() {
            let first = top + head + row * structure as f64;
            let up = Scale {
                values: (0.0, 100.0),
                pixels: (first + PLOT, first),
            };
            rows::name(canvas, name, Hang::Left, (MARGIN, first + PLOT / 2.0));
            for (place, kind) in kinds.iter().enumerate() {
                let across = Scale {
                    values: (0.0, end as f64),
                    pixels: (at(place), at(place) + width),
                };
                frame(canvas, &across, &up, end, place == 0);
                let is = |it: &&Handoffs| it.structure == structure && it.kind == *kind;
                let found = summary.handoffs.iter().find(is);
                match found.filter(|it| !it.by_day.is_empty()) {
                    Some(handoffs) => {
                        areas(canvas, handoffs, end, &across, &up);
                        let mut y = first + PLOT + 25.0;
                        for words in told(handoffs, end) {
                            let words = SMALL.wrap(&words, width, 1).concat();
                            canvas.text(&words, SMALL, INK, Hang::Left, (at(place), y));
                            y += SMALL.line();
                        }
                    }
                    None => {
                        let y = first + PLOT / 2.0;
                        canvas.text("none", SMALL, MUTED, Hang::Left, (at(place) + 6.0, y));
                    }
                }
            }
        }
        let words = "days since the decision";
        let y = top + head + row * names.len() as f64;
        canvas.text(words, BODY, MUTED, Hang::Left, (left, y));
    })
}

fn few_days(end: usize) -> Vec<(f64, String)> {
    let middle = if end == 365 { 180 } else { end / 2 };
    [0, middle, end]
        .map(|day| (day as f64, day.to_string()))
        .to_vec()
}

fn frame(canvas: &Canvas, across: &Scale, up: &Scale, end: usize, is_first: bool) {
    for percent in [0.0, 50.0, 100.0] {
        let y = up.at(percent);
        canvas.line(&[(across.pixels.0, y), (across.pixels.1, y)], GRID, 1.0);
        if is_first {
            let label = format!("{}%", plain(percent, 0));
            canvas.text(
                &label,
                SMALL,
                MUTED,
                Hang::Right,
                (across.pixels.0 - 5.0, y),
            );
        }
    }
    let below = up.pixels.0 + 9.0;
    for (place, (day, label)) in few_days(end).into_iter().enumerate() {
        let hang = [Hang::Left, Hang::Middle, Hang::Right][place];
        canvas.text(&label, SMALL, MUTED, hang, (across.at(day), below));
    }
}

/// The areas of one kind under one structure.
fn areas(canvas: &Canvas, handoffs: &Handoffs, end: usize, across: &Scale, up: &Scale) {
    let days = &handoffs.by_day[..=end.min(handoffs.by_day.len() - 1)];
    let edge = |share: &dyn Fn(&[f64; HandoffEnd::COUNT]) -> f64| -> Vec<(f64, f64)> {
        let points = days.iter().enumerate();
        points
            .map(|(day, ends)| {
                let percent = (100.0 * share(ends)).clamp(0.0, 100.0);
                (across.at(day as f64), up.at(percent))
            })
            .collect()
    };
    let fill = |low: Vec<(f64, f64)>, mut high: Vec<(f64, f64)>, color: RGBColor| {
        high.reverse();
        let corners: Vec<(f64, f64)> = low.into_iter().chain(high).collect();
        canvas.area(&corners, color);
    };
    let begun = |ends: &[f64; HandoffEnd::COUNT]| ends[HandoffEnd::Begun.index()];
    fill(edge(&|_| 0.0), edge(&begun), palette::BEGUN);
    let mut above: Vec<HandoffEnd> = Vec::new();
    for (_, ends, color) in OTHERWISE {
        let sum = |of: &[HandoffEnd], ends: &[f64; HandoffEnd::COUNT]| -> f64 {
            of.iter().map(|end| ends[end.index()]).sum()
        };
        let before = above.clone();
        above.extend(ends);
        fill(
            edge(&|ends| 1.0 - sum(&above, ends)),
            edge(&|ends| 1.0 - sum(&before, ends)),
            color,
        );
    }
    canvas.line(&edge(&begun), palette::DARK_BLUE, 1.4);
    let (low, high) = up.pixels;
    canvas.frame((across.pixels.0, high), (across.pixels.1, low), GRID, 1.0);
}

fn shares(handoffs: &Handoffs, day: usize) -> Option<(f64, f64)> {
    let ends = handoffs.by_day.get(day)?;
    let begun = ends[HandoffEnd::Begun.index()];
    let otherwise: f64 = OTHERWISE
        .iter()
        .flat_map(|(_, of, _)| of.iter())
        .map(|end| ends[end.index()])
        .sum();
    Some((100.0 * begun, 100.0 * otherwise))
}

fn told(handoffs: &Handoffs, end: usize) -> Vec<String> {
    let Some((begun, otherwise)) = shares(handoffs, end) else {
        return vec!["none".to_owned()];
    };
    vec![
        format!("begun {}%", plain(begun, 1)),
        format!("other ends {}%", plain(otherwise, 1)),
    ]
}

fn title(summary: &Summary, end: usize) -> String {
    let day = not_begun::told_day(end);
    let found: Vec<(f64, f64)> = (0..summary.structures.len())
        .filter_map(|place| shares(summary.all_handoffs(place)?, day))
        .collect();
    let range = |pick: fn(&(f64, f64)) -> f64| {
        let low = plain(found.iter().map(pick).fold(f64::INFINITY, f64::min), 1);
        let high = plain(found.iter().map(pick).fold(0.0, f64::max), 1);
        if low == high {
            format!("{high}%")
        } else {
            format!("{low}% to {high}%")
        }
    };
    let by = if found.len() > 1 {
        ", by structure"
    } else {
        ""
    };
    format!(
        "By day {day}, {} of handoffs have begun and {} have ended in another way{by}{}",
        range(|it| it.0),
        range(|it| it.1),
        not_begun::hedge(summary, day)
    )
}

fn description(summary: &Summary, end: usize) -> String {
    let lines: Vec<String> = summary
        .handoffs
        .iter()
        .filter_map(|handoffs| {
            let ends = handoffs.by_day.get(end)?;
            let kind = handoffs.kind.map_or("all", HandoffKind::label);
            let shares: Vec<String> = HandoffEnd::ALL[..HandoffEnd::COUNT - 1]
                .iter()
                .map(|it| format!("{} {}%", it.label(), plain(100.0 * ends[it.index()], 1)))
                .collect();
            Some(format!(
                "{}, {kind}: {}",
                summary.structures[handoffs.structure].name,
                shares.join(", ")
            ))
        })
        .collect();
    format!(
        "Areas of the share of handoffs by end and day. By day {end}: {}.",
        lines.join(". ")
    )
}
