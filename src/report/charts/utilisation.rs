//! Services through time: places in use and children waiting, a row of two plots for each service.

use super::canvas::{
    BODY, Canvas, GRID, Hang, Heading, INK, MARGIN, MUTED, SMALL, STRONG, Scale, WIDTH,
    draw as page,
};
use super::look::Look;
use super::over_time::month_ticks;
use super::panels::MANY;
use super::{palette, rows, trials};
use crate::analysis::{ServiceMonthLoad, Summary};
use crate::report::caveat;
use crate::report::numbers::plain;

const NAMES: f64 = 136.0;
const AXIS: f64 = 46.0;
const PLOT: f64 = 66.0;
const ROW: f64 = PLOT + 34.0;
const HEAD: f64 = 24.0;
const LINE: f64 = 28.0;
const LEGEND_LINE: f64 = 20.0;
/// A service this full has no slack to speak of.
const FULL: f64 = 0.95;

/// What is followed of a service.
type Pick = fn(&ServiceMonthLoad) -> Option<f64>;

const IN_USE: Pick = |load| load.in_use.map(|share| 100.0 * share);
const WAITING: Pick = |load| Some(load.waiting);

/// The chart; `None` where a study has no months of services with limited places.
pub(super) fn draw(summary: &Summary, look: &Look) -> Option<String> {
    let months = 1 + summary.service_months.iter().map(|it| it.month).max()?;
    let services: Vec<usize> = (0..summary.services.len())
        .filter(|service| {
            let mut of = summary.service_months.iter();
            of.any(|it| it.service == *service && it.in_use.is_some())
        })
        .collect();
    if services.is_empty() || months < 2 {
        return None;
    }
    let shown = shown(summary);
    let legend = legend(summary, &shown);
    let legend_height = legend.last().map_or(0.0, |entry| entry.y) + 30.0;
    let heading = Heading {
        id: "utilisation",
        title: title(summary, &services),
        subtitle: format!(
            "By month since decision day, all areas together; mean of {}, without intervals. 100%: every \
             place is taken; work that runs on after places fall keeps it there. Each waiting list has \
             its own axis.{}",
            trials(summary),
            if shown.is_cut {
                " Band: from the lowest to the highest of all structures."
            } else {
                ""
            }
        ),
        description: description(summary, &services, months),
        caveat: caveat(summary),
    };
    let height = legend_height + HEAD + ROW * services.len() as f64;
    let svg = page(&heading, look, height, |canvas, top| {
        for entry in &legend {
            let y = top + entry.y + 8.0;
            let ends = [(entry.x, y), (entry.x + LINE, y)];
            let style = entry.style;
            canvas.dashed(&ends, style.color, entry.width, style.dashes);
            let x = entry.x + LINE + 6.0;
            canvas.text(&entry.words, BODY, INK, Hang::Left, (x, y));
        }
        let top = top + legend_height;
        let width = (WIDTH - 2.0 * MARGIN - NAMES - 2.0 * AXIS) / 2.0;
        let lefts = [0.0, 1.0].map(|place| MARGIN + NAMES + AXIS + (width + AXIS) * place);
        for (left, words) in lefts.iter().zip(["places in use, %", "children waiting"]) {
            let y = top + STRONG.line() / 2.0;
            canvas.text(words, STRONG, INK, Hang::Left, (*left, y));
        }
        for (place, service) in services.iter().enumerate() {
            let first = top + HEAD + ROW * place as f64;
            let name = rows::wrapped(&summary.services[*service].name, NAMES - 6.0);
            rows::name(canvas, &name, Hang::Left, (MARGIN, first + PLOT / 2.0));
            for (left, pick) in lefts.iter().zip([IN_USE, WAITING]) {
                let across = Scale {
                    values: (0.0, months as f64),
                    pixels: (*left, left + width),
                };
                plot(canvas, summary, &shown, (*service, pick), &across, first);
            }
        }
    });
    Some(svg)
}

/// The structures with lines of their own.
struct Shown {
    structures: Vec<usize>,
    is_cut: bool,
}

/// All, or where they are many the baseline and the one that differs most from it.
fn shown(summary: &Summary) -> Shown {
    let is_cut = summary.structures.len() >= MANY;
    Shown {
        structures: if is_cut {
            std::iter::once(0)
                .chain(summary.furthest_from_baseline())
                .collect()
        } else {
            (0..summary.structures.len()).collect()
        },
        is_cut,
    }
}

struct Entry {
    words: String,
    style: palette::Line,
    width: f64,
    x: f64,
    y: f64,
}

fn width_of(structure: usize) -> f64 {
    if structure == 0 { 2.6 } else { 1.7 }
}

fn style_of(place: usize) -> palette::Line {
    if place == 0 {
        palette::Line {
            color: palette::BASELINE_FAN.line,
            ..palette::of_structure(0)
        }
    } else {
        palette::of_structure(place)
    }
}

fn legend(summary: &Summary, shown: &Shown) -> Vec<Entry> {
    let (mut x, mut y) = (MARGIN, 0.0);
    let mut entries = Vec::new();
    for (place, structure) in shown.structures.iter().enumerate() {
        let mut words = summary.structures[*structure].name.clone();
        if *structure == 0 {
            words.push_str(" (baseline)");
        } else if shown.is_cut {
            words.push_str(" (furthest from it in the primary measure)");
        }
        let words = BODY
            .wrap(&words, WIDTH - 2.0 * MARGIN - LINE - 8.0, 1)
            .concat();
        let width = LINE + 6.0 + BODY.width(&words);
        if x + width > WIDTH - MARGIN && x > MARGIN {
            x = MARGIN;
            y += LEGEND_LINE;
        }
        entries.push(Entry {
            words,
            style: style_of(place),
            width: width_of(*structure),
            x,
            y,
        });
        x += width + 20.0;
    }
    entries
}

/// The values of one structure by month.
fn values(summary: &Summary, structure: usize, service: usize, pick: Pick) -> Vec<(f64, f64)> {
    summary
        .service_months
        .iter()
        .filter(|it| it.structure == structure && it.service == service)
        .filter_map(|it| Some((it.month as f64 + 0.5, pick(it)?)))
        .collect()
}

fn plot(
    canvas: &Canvas,
    summary: &Summary,
    shown: &Shown,
    (service, pick): (usize, Pick),
    across: &Scale,
    first: f64,
) {
    let all: Vec<Vec<(f64, f64)>> = (0..summary.structures.len())
        .map(|structure| values(summary, structure, service, pick))
        .collect();
    let is_share = std::ptr::fn_addr_eq(pick, IN_USE);
    let highest = all.iter().flatten().map(|it| it.1).fold(0.0, f64::max);
    let top = match (is_share, highest > 0.0) {
        (true, _) => 100.0,
        (false, true) => 1.08 * highest,
        (false, false) => 1.0,
    };
    let up = Scale {
        values: (0.0, top),
        pixels: (first + PLOT, first),
    };
    axes(canvas, across, &up, is_share);
    if shown.is_cut {
        let ends = |pick: fn(f64, f64) -> f64| -> Vec<(f64, f64)> {
            let longest = all.iter().max_by_key(|line| line.len());
            let months = longest.map_or(&[][..], |line| &line[..]);
            months
                .iter()
                .map(|(month, value)| {
                    let others = all.iter().flatten();
                    let there = others.filter(|it| (it.0 - month).abs() < 0.1);
                    let end = there.map(|it| it.1).fold(*value, pick);
                    (across.at(*month), up.at(end))
                })
                .collect()
        };
        let mut corners = ends(f64::max);
        corners.extend(ends(f64::min).into_iter().rev());
        canvas.area(&corners, palette::BAND);
    }
    for (place, structure) in shown.structures.iter().enumerate() {
        let points = all[*structure].iter();
        let points: Vec<(f64, f64)> = points
            .map(|(month, value)| (across.at(*month), up.at(*value)))
            .collect();
        let style = style_of(place);
        canvas.dashed(&points, style.color, width_of(*structure), style.dashes);
    }
}

fn axes(canvas: &Canvas, across: &Scale, up: &Scale, is_share: bool) {
    let (left, right) = across.pixels;
    let ticks: Vec<(f64, String)> = if is_share {
        [0.0, 50.0, 100.0]
            .map(|share| (share, format!("{}%", plain(share, 0))))
            .to_vec()
    } else {
        // Labels stand one above another, so they need little room.
        let (ticks, decimals) = Scale {
            values: up.values,
            pixels: (0.0, 170.0),
        }
        .ticks();
        let step = if ticks.len() > 3 { 2 } else { 1 };
        (ticks.iter().step_by(step))
            .map(|tick| (*tick, plain(*tick, decimals)))
            .collect()
    };
    for (value, label) in ticks {
        let y = up.at(value);
        let is_full = is_share && value > 99.0;
        let ink = if is_full { MUTED } else { GRID };
        canvas.line(&[(left, y), (right, y)], ink, 1.0);
        canvas.text(&label, SMALL, MUTED, Hang::Right, (left - 5.0, y));
    }
    let bottom = up.pixels.0;
    for (value, label) in month_ticks(across.values.1 as usize) {
        let x = across.at(value);
        canvas.line(&[(x, up.pixels.1), (x, bottom)], GRID, 1.0);
        canvas.text(&label, SMALL, MUTED, Hang::Middle, (x, bottom + 10.0));
    }
}

/// Services that are full in the last month, under one structure.
fn full(summary: &Summary, structure: usize, services: &[usize]) -> usize {
    let last = summary.service_months.iter().map(|it| it.month).max();
    let is_full = |service: &&usize| {
        summary.service_months.iter().any(|it| {
            it.structure == structure
                && it.service == **service
                && Some(it.month) == last
                && it.in_use.is_some_and(|share| share >= FULL)
        })
    };
    services.iter().filter(is_full).count()
}

fn title(summary: &Summary, services: &[usize]) -> String {
    let all: Vec<usize> = (0..summary.structures.len())
        .map(|structure| full(summary, structure, services))
        .collect();
    let low = all.iter().copied().min().unwrap_or(0);
    let high = all.iter().copied().max().unwrap_or(0);
    let percent = plain(100.0 * FULL, 0);
    let many = services.len();
    if high == 0 {
        let under = if all.len() > 1 {
            ", under any structure"
        } else {
            ""
        };
        return format!(
            "No service has {percent}% or more of its places in use in the last month{under}"
        );
    }
    if low == high {
        let by = if all.len() > 1 {
            ", under every structure"
        } else {
            ""
        };
        format!(
            "{high} of {many} services have {percent}% or more of their places in use in the last month{by}"
        )
    } else {
        format!(
            "{low} to {high} of {many} services have {percent}% or more of their places in use in the last \
             month, by structure"
        )
    }
}

fn description(summary: &Summary, services: &[usize], months: usize) -> String {
    let lines: Vec<String> = services
        .iter()
        .flat_map(|service| {
            summary
                .service_months
                .iter()
                .filter(move |it| it.service == *service && it.month + 1 == months)
        })
        .map(|it| {
            format!(
                "{}, {}: {}% in use, {} waiting",
                summary.structures[it.structure].name,
                summary.services[it.service].name,
                it.in_use
                    .map_or_else(|| "no limit".to_owned(), |share| plain(100.0 * share, 0)),
                plain(it.waiting, 0)
            )
        })
        .collect();
    format!(
        "Line charts of places in use and children waiting by service and month. Last month: {}.",
        lines.join("; ")
    )
}
