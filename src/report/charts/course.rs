//! What a month was like under each structure: the median over trials with bands, on the baseline.

use super::canvas::{GRID, Heading, MUTED, Scale, draw as page};
use super::look::Look;
use super::over_time::month_ticks;
use super::panels::{self, Grid, Panel};
use super::{palette, trials};
use crate::analysis::{Monthly, Series, Spread, Summary};
use crate::report::caveat;
use crate::report::numbers::{period, plain};
use crate::units::Days;

/// The chart; `None` where a study has no months of what is asked for.
pub(super) fn draw(summary: &Summary, look: &Look) -> Option<String> {
    let series = series(summary, look)?;
    let baseline = summary.monthly(0, series)?;
    let months = baseline.months.len();
    let others: Vec<&Monthly> = (1..summary.structures.len())
        .filter_map(|place| summary.monthly(place, series))
        .collect();
    let shown: Vec<&Monthly> = if others.is_empty() {
        vec![baseline]
    } else {
        others
    };
    let up = range(shown.iter().copied().chain([baseline]))?;
    let up_ticks = ticks(up);
    let across_ticks = month_ticks(months);
    let grid = Grid::of((shown.iter()).map(|it| summary.structures[it.structure].name.as_str()));
    let heading = Heading {
        id: "course",
        title: title(summary, series),
        subtitle: format!(
            "{}, {}, by month since decision day; {}. Line: median trial; dark band: half of the trials, \
             light band: eight in ten; grey: the baseline. Dashed upright: vesting day; full upright: \
             break-even. The bands show how trials differ, not how sure a difference is.",
            capital(series.label()),
            series.unit(summary.scope),
            trials(summary)
        ),
        description: description(summary, series),
        caveat: caveat(summary),
    };
    let svg = page(&heading, look, grid.height(), |canvas, top| {
        for (place, monthly) in shown.iter().enumerate() {
            let panel = Panel {
                name: summary.structures[monthly.structure].name.clone(),
                told: told(summary, monthly),
            };
            let (across, up) = panels::draw(
                canvas,
                grid,
                &panel,
                (place, top),
                ((0.0, months as f64), &across_ticks),
                (up, &up_ticks),
            );
            fan(canvas, baseline, &across, &up, &palette::BASELINE_FAN);
            if monthly.structure > 0 {
                fan(canvas, monthly, &across, &up, &palette::FAN);
            }
            let (low, high) = up.pixels;
            let vesting = vesting(summary, monthly.structure);
            if let Some(month) = vesting.filter(|month| *month <= months as f64) {
                let x = across.at(month);
                canvas.dashed(&[(x, low), (x, high)], MUTED, 1.2, &[3.0, 3.0]);
            }
            if let Some(month) = break_even(summary, monthly.structure, series) {
                let x = across.at(month as f64);
                canvas.line(&[(x, low), (x, high)], palette::WORSE, 1.4);
            }
            canvas.line(&[(across.pixels.0, low), (across.pixels.1, low)], GRID, 1.0);
        }
    });
    Some(svg)
}

/// The series of the measure asked for, or of the primary one; where that has none, the first that
/// the study has.
fn series(summary: &Summary, look: &Look) -> Option<Series> {
    let there = |series: &Series| {
        let monthly = summary.monthly(0, *series);
        monthly.is_some_and(|it| it.months.len() > 1)
    };
    let of_scope = || Series::of_scope(summary.scope).iter().copied();
    let named = |id: &str| of_scope().find(|series| series.id() == id).filter(there);
    match &look.measure {
        Some(id) => named(id),
        None => named(summary.primary.id).or_else(|| of_scope().find(there)),
    }
}

fn spreads(monthly: &Monthly) -> Vec<(usize, Spread)> {
    let months = monthly.months.iter().enumerate();
    months
        .filter_map(|(month, it)| Some((month, it.spread?)))
        .collect()
}

/// From zero, or where every value is far from it from below the lowest, to above the highest.
fn range<'a>(shown: impl Iterator<Item = &'a Monthly>) -> Option<(f64, f64)> {
    let spreads: Vec<Spread> = shown.flat_map(spreads).map(|(_, spread)| spread).collect();
    if spreads.is_empty() {
        return None;
    }
    let high = spreads.iter().map(|it| it.nine_tenths).fold(0.0, f64::max);
    Some((0.0, if high > 0.0 { 1.04 * high } else { 1.0 }))
}

fn ticks(values: (f64, f64)) -> Vec<(f64, String)> {
    // Labels stand one above another, so they need little room.
    let scale = Scale {
        values,
        pixels: (0.0, 240.0),
    };
    let (ticks, decimals) = scale.ticks();
    let step = if ticks.len() > 4 { 2 } else { 1 };
    (ticks.iter().step_by(step))
        .map(|tick| (*tick, plain(*tick, decimals)))
        .collect()
}

fn fan(
    canvas: &super::canvas::Canvas,
    monthly: &Monthly,
    across: &Scale,
    up: &Scale,
    colors: &palette::Fan,
) {
    let spreads = spreads(monthly);
    let edge = |pick: fn(&Spread) -> f64| -> Vec<(f64, f64)> {
        spreads
            .iter()
            .map(|(month, spread)| (across.at(*month as f64 + 0.5), up.at(pick(spread))))
            .collect()
    };
    let band = |low: Vec<(f64, f64)>, mut high: Vec<(f64, f64)>, opacity: f64| {
        high.reverse();
        let corners: Vec<(f64, f64)> = low.into_iter().chain(high).collect();
        canvas.veil(&corners, colors.band, opacity);
    };
    band(edge(|it| it.tenth), edge(|it| it.nine_tenths), 0.16);
    band(edge(|it| it.quarter), edge(|it| it.three_quarters), 0.26);
    canvas.dashed(
        &edge(|it| it.median),
        colors.line,
        colors.width,
        colors.dashes,
    );
}

fn vesting(summary: &Summary, structure: usize) -> Option<f64> {
    let day = summary.vesting.get(structure).copied().flatten()?;
    Some(day.get() / Days::MONTH.get())
}

/// The month of break-even where there was something to make up for.
fn break_even(summary: &Summary, structure: usize, series: Series) -> Option<usize> {
    let even = summary.break_even(structure, series)?;
    even.month.filter(|month| *month > 1 && !even.is_alike)
}

/// The sum of the paired differences by the last month that has one.
fn told(summary: &Summary, monthly: &Monthly) -> String {
    let last = monthly.months.iter().rev().find_map(|it| it.spread);
    let median = last.map_or_else(String::new, |it| {
        format!("last month, median: {}", number(it.median))
    });
    match vesting(summary, monthly.structure) {
        Some(month) => format!("vesting: month {}; {median}", plain(month, 0)),
        None => median,
    }
}

fn number(value: f64) -> String {
    plain(value, usize::from(value.abs() < 100.0))
}

fn title(summary: &Summary, series: Series) -> String {
    let medians: Vec<f64> = (0..summary.structures.len())
        .filter_map(|place| {
            let months = &summary.monthly(place, series)?.months;
            months.iter().rev().find_map(|month| month.spread)
        })
        .map(|spread| spread.median)
        .collect();
    let low = number(medians.iter().copied().fold(f64::INFINITY, f64::min));
    let high = number(medians.iter().copied().fold(0.0, f64::max));
    let spread = if low == high {
        high
    } else {
        format!("{low} to {high}, by structure")
    };
    let clear = (1..summary.structures.len())
        .filter_map(|place| {
            let months = &summary.monthly(place, series)?.months;
            months.iter().rev().find_map(|month| month.difference)
        })
        .filter(|difference| difference.is_clear_of_zero())
        .count();
    let hedge = match (clear, summary.structures.len()) {
        (_, 0 | 1) => "",
        (0, _) => "; no difference from the baseline in that month is clear of chance",
        (clear, all) if clear + 1 == all => "",
        _ => "; not every difference from the baseline in that month is clear of chance",
    };
    format!(
        "{} in the last month of {}, median trial: {spread}{hedge}",
        capital(series.label()),
        period(summary.observed)
    )
}

fn capital(words: &str) -> String {
    let mut letters = words.chars();
    let first = letters.next().map(|first| first.to_ascii_uppercase());
    first.into_iter().chain(letters).collect()
}

fn description(summary: &Summary, series: Series) -> String {
    let lines: Vec<String> = (0..summary.structures.len())
        .filter_map(|place| {
            let monthly = summary.monthly(place, series)?;
            let spreads = spreads(monthly);
            let (_, first) = spreads.first()?;
            let (_, last) = spreads.last()?;
            Some(format!(
                "{}: median {} in the first month and {} in the last, eight in ten trials of the last \
                 month between {} and {}",
                summary.structures[place].name,
                number(first.median),
                number(last.median),
                number(last.tenth),
                number(last.nine_tenths)
            ))
        })
        .collect();
    format!(
        "Fan charts of {}, {}, by month, each structure on the baseline. {}.",
        series.label(),
        series.unit(summary.scope),
        lines.join(". ")
    )
}
