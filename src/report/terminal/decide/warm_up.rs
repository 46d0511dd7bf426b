//! Whether a warm-up is long enough, as text.

use super::super::text::{push_grid, push_wrapped};
use crate::analysis::Followed;
use crate::analysis::decision::Steadiness;
use crate::experiment::results::Named;
use crate::inquiry::decide::warm_up::{OfSeries, TOLERABLE, WarmUp};
use crate::report::decide::warm_up::verdict;
use crate::report::numbers::{plain, signed};
use crate::scenario::Study;

/// Series named in a sentence; the others are counted.
const NAMED: usize = 4;

/// Every series and its verdict, and what follows for the warm-up.
pub fn warm_up(found: &WarmUp, study: &Study, baseline: &Named) -> String {
    let mut text = String::new();
    let title = format!("{}: is the warm-up long enough?", study.name);
    push_wrapped(&mut text, &title, 2);
    let head = format!(
        "{}, {} trials, followed from the first day for {}; warm-up of the study: {}.",
        baseline.name,
        found.trials,
        steps(found),
        time(found, found.warm_up),
    );
    push_wrapped(&mut text, &head, 0);
    text.push('\n');
    let unit = match is_monthly(found) {
        true => "months",
        false => "days",
    };
    let heads = [
        "mean after\nwarm-up".to_owned(),
        format!("cut off,\n{unit}"),
        format!("settles,\n{unit}"),
        "bias, %".to_owned(),
        "verdict".to_owned(),
    ];
    let names: Vec<String> = found.series.iter().map(|of| name(found, of.what)).collect();
    let rows: Vec<(&str, Vec<String>)> = (names.iter().zip(&found.series))
        .map(|(name, of)| (name.as_str(), cells(found, of)))
        .collect();
    push_grid(&mut text, &heads, &rows);
    text.push('\n');
    for sentence in sentences(found) {
        push_wrapped(&mut text, &sentence, 2);
    }
    text.push('\n');
    push_wrapped(
        &mut text,
        "cut off: the beginning without which the mean of the rest is known best (MSER-5 on the mean of all \
         trials); in brackets where it is not unlike the rest by more than luck. settles: where Welch's \
         moving average comes to stay near its level. bias: of the mean after the warm-up, as a share of it, \
         plus or minus its standard error over trials. within luck: the rule would cut off more, or has no \
         answer, but luck alone may have made it so; more trials would tell.",
        0,
    );
    text
}

pub(in crate::report) fn is_monthly(found: &WarmUp) -> bool {
    (found.step.get() - crate::units::Days::MONTH.get()).abs() < 1e-9
}

/// The time that was followed, in words.
pub(in crate::report) fn steps(found: &WarmUp) -> String {
    match is_monthly(found) {
        true => time(found, found.observations),
        false => format!(
            "{} steps of {} days",
            found.observations,
            plain(found.step.get(), 0)
        ),
    }
}

/// So many observations, in words.
pub(in crate::report) fn time(found: &WarmUp, observations: usize) -> String {
    let (number, unit) = match is_monthly(found) {
        true => (observations as f64, "month"),
        false => (observations as f64 * found.step.get(), "day"),
    };
    let number = plain(number, 0);
    let plural = if number == "1" { "" } else { "s" };
    format!("{number} {unit}{plural}")
}

pub(in crate::report) fn name(found: &WarmUp, what: Followed) -> String {
    match what {
        Followed::Flow(series) => series.label().to_owned(),
        Followed::Waiting(service) => format!("waiting: {}", found.services[service].name),
        Followed::Served(service) => format!("helped: {}", found.services[service].name),
    }
}

fn cells(found: &WarmUp, of: &OfSeries) -> Vec<String> {
    let steady = &of.steady;
    let level = of.level();
    let digits = match level.abs() {
        100.0.. => 0,
        10.0.. => 1,
        _ => 2,
    };
    let in_unit = |observations: usize| match is_monthly(found) {
        true => plain(observations as f64, 0),
        false => plain(observations as f64 * found.step.get(), 0),
    };
    let cut = match steady.truncation {
        Some(cut) if steady.has_beginning || cut == 0 => in_unit(cut),
        Some(cut) => format!("({})", in_unit(cut)),
        None => "-".to_owned(),
    };
    let percent = |value: f64| 100.0 * value / level.abs();
    let bias = match steady.bias {
        Some(bias) if level.abs() > 0.0 => {
            let error = bias.standard_error.map(percent);
            let error = error.map_or_else(String::new, |it| format!(" ± {}", plain(it, 1)));
            format!("{}{error}", signed(percent(bias.value), 1))
        }
        _ => "-".to_owned(),
    };
    vec![
        plain(level, digits),
        cut,
        in_unit(steady.welch.settles),
        bias,
        verdict(steady.told).to_owned(),
    ]
}

/// Names of series, parted by commas; of many the first few and a count.
fn listed<'a>(found: &WarmUp, all: impl Iterator<Item = &'a OfSeries>) -> Option<String> {
    let names: Vec<String> = all.map(|of| name(found, of.what)).collect();
    let rest = names.len().saturating_sub(NAMED);
    let named = names[..names.len() - rest].join(", ");
    match (names.len(), rest) {
        (0, _) => None,
        (_, 0) => Some(named),
        _ => Some(format!("{named} and {rest} more")),
    }
}

pub(in crate::report) fn sentences(found: &WarmUp) -> Vec<String> {
    let mut sentences = Vec::new();
    let told = |told| listed(found, found.told(told));
    let too_short = told(Steadiness::WarmUpTooShort);
    let moving = told(Steadiness::StillMoving);
    let warm_up = time(found, found.warm_up);
    let share = plain(100.0 * TOLERABLE, 0);
    match (&too_short, found.recommended()) {
        (Some(names), Some(recommended)) => sentences.push(format!(
            "The warm-up of {warm_up} is too short: {names}. Recommended: {}, the longest beginning that any \
             series shows.",
            time(found, recommended)
        )),
        (None, Some(recommended)) if recommended > found.warm_up => sentences.push(format!(
            "The warm-up of {warm_up} is long enough where a bias of {share}% does not matter. To leave out \
             every beginning that any series shows takes {}.",
            time(found, recommended)
        )),
        (_, Some(0)) => sentences.push(
            "No series that settles has a beginning that these trials tell from luck.".to_owned(),
        ),
        (_, Some(recommended)) => sentences.push(format!(
            "The warm-up of {warm_up} is long enough for every series that settles: the longest beginning \
             takes {}.",
            time(found, recommended)
        )),
        (_, None) => sentences.push(
            "Nothing can be recommended: no series settles within the time that was followed.".to_owned(),
        ),
    }
    if let Some(names) = told(Steadiness::WithinLuck) {
        sentences.push(format!(
            "Cannot be told from luck with {} trials: {names}.",
            found.trials
        ));
    }
    if let Some(names) = moving {
        sentences.push(format!(
            "Still moving after the warm-up, by more than luck and more than {share}% allows: {names}. Either \
             they never settle, or a longer --observe would show where they do; no figure about them \
             describes a lasting state."
        ));
    }
    let growing = |service: &&usize| {
        let waiting = Followed::Waiting(**service);
        (found.told(Steadiness::StillMoving)).any(|it| it.what == waiting)
    };
    let full: Vec<&str> = (found.full.iter())
        .filter(growing)
        .map(|it| found.services[*it].name.as_str())
        .collect();
    if !full.is_empty() {
        sentences.push(format!(
            "All places in use and a waiting list that still moves: {}. A service that is offered more than \
             it can do never settles, whatever the warm-up.",
            full.join(", ")
        ));
    }
    if let Some(names) = told(Steadiness::SeriesTooShort) {
        sentences.push(format!(
            "Too short to tell, a longer --observe is needed: {names}."
        ));
    }
    for overload in &found.overloads {
        sentences.push(format!(
            "{} is asked for {} times the {} that it can do, were nobody kept waiting: what depends on its \
             waiting list can depend on the length of any study.",
            found.services[overload.service].name,
            plain(overload.offered, 2),
            overload.work.id()
        ));
    }
    sentences
}
