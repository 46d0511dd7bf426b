//! Known missed cases month by month, as differences from the baseline: a panel for each structure.

use super::canvas::{GRID, Heading, INK, MUTED, Scale, draw as page};
use super::look::Look;
use super::panels::{self, Grid, Panel};
use super::{palette, trials};
use crate::analysis::{BreakEven, Estimate, Series, Summary};
use crate::report::caveat;
use crate::report::numbers::{period, plain, signed};
use crate::units::Days;

/// What is followed where nothing else is asked for.
const SERIES: Series = Series::KnownMissed;

/// The differences of one structure and what is marked among them.
struct Followed {
    panel: Panel,
    differences: Vec<Option<Estimate>>,
    vesting: Option<f64>,
    break_even: Option<usize>,
}

/// The chart; `None` where a study has no months or nothing to compare.
pub(super) fn draw(summary: &Summary, look: &Look) -> Option<String> {
    let series = match &look.measure {
        None => SERIES,
        Some(id) => *Series::ALL.iter().find(|series| series.id() == id)?,
    };
    if !is_there(summary, series) {
        return None;
    }
    let followed = followed(summary, series);
    let months = followed.iter().map(|one| one.differences.len()).max()?;
    let up = range(&followed);
    let up_ticks = ticks(up);
    let grid = Grid::of(followed.iter().map(|one| one.panel.name.as_str()));
    let across_ticks = month_ticks(months);
    let heading = Heading {
        id: "over-time",
        title: title(summary, series),
        subtitle: format!(
            "Difference from the baseline in {}, {}, by month since decision day; {}. Line: mean; band: \
             95% interval of the month; dashed: vesting day; full upright line: break-even, the month \
             from which the sum of the differences stays at or below zero by the mean over trials.",
            series.label(),
            series.unit(summary.scope),
            trials(summary)
        ),
        description: description(summary, series),
        caveat: caveat(summary),
    };
    let svg = page(&heading, look, grid.height(), |canvas, top| {
        for (place, one) in followed.iter().enumerate() {
            let (across, up) = panels::draw(
                canvas,
                grid,
                &one.panel,
                (place, top),
                ((0.0, months as f64), &across_ticks),
                (up, &up_ticks),
            );
            let style = palette::of_structure(1);
            let x = |month: usize| across.at(month as f64 + 0.5);
            let told: Vec<(usize, Estimate)> = one
                .differences
                .iter()
                .enumerate()
                .filter_map(|(month, difference)| Some((month, (*difference)?)))
                .collect();
            let ends = |pick: fn(&Estimate) -> f64| -> Vec<(f64, f64)> {
                told.iter()
                    .map(|(month, estimate)| (x(*month), up.at(pick(estimate))))
                    .collect()
            };
            let mut band = ends(|it| it.interval.map_or(it.value, |interval| interval.high));
            let mut lower = ends(|it| it.interval.map_or(it.value, |interval| interval.low));
            lower.reverse();
            band.extend(lower);
            canvas.area(&band, palette::BAND);
            let (low, high) = (up.pixels.0, up.pixels.1);
            canvas.line(
                &[(across.pixels.0, up.at(0.0)), (across.pixels.1, up.at(0.0))],
                INK,
                1.0,
            );
            canvas.line(&ends(|it| it.value), style.color, 1.6);
            if let Some(vesting) = one.vesting.filter(|month| *month <= months as f64) {
                let x = across.at(vesting);
                canvas.dashed(&[(x, low), (x, high)], MUTED, 1.2, &[3.0, 3.0]);
            }
            if let Some(month) = one.break_even {
                let x = across.at(month as f64);
                canvas.line(&[(x, low), (x, high)], palette::WORSE, 1.4);
            }
            canvas.line(&[(across.pixels.0, low), (across.pixels.1, low)], GRID, 1.0);
        }
    });
    Some(svg)
}

/// Are there months of it, and something to compare?
fn is_there(summary: &Summary, series: Series) -> bool {
    summary
        .monthly(1, series)
        .is_some_and(|monthly| monthly.months.len() > 1)
}

fn followed(summary: &Summary, series: Series) -> Vec<Followed> {
    summary
        .structures
        .iter()
        .enumerate()
        .skip(1)
        .filter_map(|(place, structure)| {
            let monthly = summary.monthly(place, series)?;
            let vesting = summary.vesting[place].map(|days| days.get() / Days::MONTH.get());
            let even = summary.break_even(place, series);
            let break_even = even
                .filter(|even| !even.is_alike)
                .and_then(|even| even.month)
                .filter(|month| *month > 1);
            Some(Followed {
                panel: Panel {
                    name: structure.name.clone(),
                    told: told(summary, series, place, vesting),
                },
                differences: monthly
                    .months
                    .iter()
                    .map(|month| month.difference)
                    .collect(),
                vesting,
                break_even,
            })
        })
        .collect()
}

fn told(summary: &Summary, series: Series, place: usize, vesting: Option<f64>) -> String {
    let even = match summary.break_even(place, series) {
        Some(even) if even.is_alike => "no difference".to_owned(),
        Some(even) => match even.month {
            Some(1) => "never behind".to_owned(),
            Some(month) => format!("break-even: month {month}"),
            None => "no break-even".to_owned(),
        },
        None => String::new(),
    };
    match vesting {
        Some(month) if even.is_empty() => format!("vesting: month {}", plain(month, 0)),
        Some(month) => format!("vesting: month {}; {even}", plain(month, 0)),
        None => even,
    }
}

/// A range that holds zero and every interval.
fn range(followed: &[Followed]) -> (f64, f64) {
    let ends = || {
        followed
            .iter()
            .flat_map(|one| one.differences.iter().flatten())
            .flat_map(|it| match it.interval {
                Some(interval) => [interval.low, interval.high],
                None => [it.value, it.value],
            })
    };
    let low = ends().fold(0.0, f64::min);
    let high = ends().fold(0.0, f64::max);
    if high - low > 0.0 {
        (low, high)
    } else {
        (-1.0, 1.0)
    }
}

pub(super) fn ticks(values: (f64, f64)) -> Vec<(f64, String)> {
    // Five or so in a hundred pixels is too many: every second one, zero among them.
    let scale = Scale {
        values,
        pixels: (0.0, 400.0),
    };
    let (ticks, decimals) = scale.ticks();
    let zero = ticks.iter().position(|tick| tick.abs() < 1e-9).unwrap_or(0);
    ticks
        .iter()
        .enumerate()
        .filter(|(place, _)| place % 2 == zero % 2)
        .map(|(_, tick)| (*tick, signed(*tick, decimals)))
        .collect()
}

/// Whole years, at most six of them labelled.
pub(super) fn month_ticks(months: usize) -> Vec<(f64, String)> {
    let step = if months <= 72 {
        12
    } else {
        12 * (months / 72 + 1)
    };
    (0..=months)
        .step_by(if months < 12 { 3 } else { step })
        .map(|month| (month as f64, month.to_string()))
        .collect()
}

fn title(summary: &Summary, series: Series) -> String {
    let evens: Vec<&BreakEven> = (1..summary.structures.len())
        .filter_map(|place| summary.break_even(place, series))
        .collect();
    if evens.is_empty() {
        return of_last_month(summary, series);
    }
    let no_more = evens.iter().filter(|even| even.month.is_some()).count();
    // The upper end of the interval agrees, or not.
    let clear = evens.iter().filter(|even| even.latest.is_some()).count();
    let all = evens.len();
    let hedge = match (no_more, clear) {
        (0, _) => String::new(),
        (no_more, clear) if no_more == clear => ", clear of chance".to_owned(),
        (1, _) => ", not clear of chance".to_owned(),
        (_, 0) => ", none of them clear of chance".to_owned(),
        (_, clear) => format!(", {clear} of them clear of chance"),
    };
    let (period, label) = (period(summary.observed), series.label());
    match (all, no_more) {
        (1, 1) => format!(
            "After {period} the structure has no more {label} in sum than the baseline{hedge}"
        ),
        (1, _) => format!(
            "After {period} the structure has more {label} in sum than the baseline, by the mean over \
             trials"
        ),
        (_, 0) => format!(
            "After {period} every structure has more {label} in sum than the baseline, by the mean over \
             trials"
        ),
        _ => format!(
            "After {period} {no_more} of {all} structures {} no more {label} in sum than the \
             baseline{hedge}",
            if no_more == 1 { "has" } else { "have" },
        ),
    }
}

/// What is said of a series of which no break-even is told: how many differ in the last month.
fn of_last_month(summary: &Summary, series: Series) -> String {
    let last = |place: usize| {
        let months = &summary.monthly(place, series)?.months;
        months.iter().rev().find_map(|month| month.difference)
    };
    let differences: Vec<Estimate> = (1..summary.structures.len()).filter_map(last).collect();
    let clear = differences.iter().filter(|it| it.is_clear_of_zero());
    format!(
        "In the last month {} of {} differences from the baseline in {} are clear of chance",
        clear.count(),
        differences.len(),
        series.label()
    )
}

fn description(summary: &Summary, series: Series) -> String {
    let lines: Vec<String> = (1..summary.structures.len())
        .map(|place| {
            let vesting = summary.vesting[place].map(|days| days.get() / Days::MONTH.get());
            format!(
                "{}: {}",
                summary.structures[place].name,
                told(summary, series, place, vesting)
            )
        })
        .collect();
    format!(
        "Line charts of the monthly difference from the baseline in {}, a panel for each structure. {}.",
        series.label(),
        lines.join(". ")
    )
}
