//! Sentences bound to results: what may be said of differences, in words that follow the intervals.
//!
//! Every number is a value of the summary. “Clear” and “likely” are those of [`Told`]; the rest is
//! “cannot tell”. A structure that carries a practice is never said to do alone what both do.

use super::parts::{Claim, claim};
use crate::analysis::{BreakEven, Compared, Estimate, LIKELY, Row, Series, Side, Summary, Told};
use crate::measures::{Direction, Measure, Scope};
use crate::report::numbers::{count, decimals, plain, signed, telling_decimals, with_interval};
use crate::report::terminal::sentences;
use crate::report::unit_of_difference;
use crate::scenario::Scenario;

/// The words of hedging, in the order of their strength.
pub(super) fn words() -> [(&'static str, String); 3] {
    [
        (
            "clear",
            "The interval of 95%, widened so that all comparisons of the measure hold together, leaves \
             out zero."
                .to_owned(),
        ),
        (
            "likely",
            format!(
                "Not clear, but {}% or more of Student's t distribution of the paired difference lies on \
                 this side of zero. Each difference is taken alone: among many that are none, some will \
                 look likely.",
                plain(100.0 * LIKELY, 0)
            ),
        ),
        (
            "cannot tell",
            "Neither. It does not mean that there is no difference.".to_owned(),
        ),
    ]
}

/// How many structures differ, in a sentence; `None` where there is nothing to compare.
pub(super) fn overview(summary: &Summary, compared: &Compared) -> Option<Claim> {
    let others = summary
        .structures
        .len()
        .checked_sub(1)
        .filter(|it| *it > 0)?;
    let told: Vec<Told> = (compared.rows.iter())
        .filter_map(|row| row.told(summary.trials))
        .collect();
    let number = |wanted: Told| told.iter().filter(|told| **told == wanted).count();
    let noun = noun(compared.measure);
    let (less, more) = comparatives(compared.measure);
    let mut parts = Vec::new();
    for (wanted, word) in [
        (Told::Clear(Side::Lower), format!("clearly {less}")),
        (Told::Clear(Side::Higher), format!("clearly {more}")),
        (Told::Likely(Side::Lower), format!("likely {less}")),
        (Told::Likely(Side::Higher), format!("likely {more}")),
    ] {
        match number(wanted) {
            0 => {}
            1 => parts.push(format!("1 has {word}")),
            number => parts.push(format!("{number} have {word}")),
        }
    }
    let open = others
        - told
            .iter()
            .filter(|told| **told != Told::CannotTell)
            .count();
    let of = match others {
        1 => format!("“{}”", summary.structures[1].name),
        others => format!("Of {others} structures compared"),
    };
    let baseline = &summary.structures[0].name;
    let text = if parts.is_empty() {
        let whether = match others {
            1 => format!(
                "These trials cannot tell whether “{}” has {less} or {more} {noun} than",
                summary.structures[1].name
            ),
            others => format!("These trials cannot tell any of {others} structures from"),
        };
        match others {
            1 => format!("{whether} “{baseline}”."),
            _ => format!("{whether} “{baseline}” in {noun}."),
        }
    } else {
        let open = match open {
            0 => String::new(),
            1 => "; of 1 these trials cannot tell".to_owned(),
            open => format!("; of {open} these trials cannot tell"),
        };
        let parts = match others {
            1 => parts[0].trim_start_matches("1 ").to_owned(),
            _ => match parts.split_last() {
                Some((last, others)) if !others.is_empty() => {
                    format!("{} and {last}", others.join(", "))
                }
                _ => parts.join(", "),
            },
        };
        let comma = if others == 1 { " " } else { ", " };
        format!("{of}{comma}{parts} {noun} than “{baseline}”{open}.")
    };
    Some(claim(text, "ranking.csv"))
}

/// What the baseline has.
pub(super) fn baseline(summary: &Summary, compared: &Compared) -> Option<Claim> {
    let estimate = compared.rows.first()?.estimate?;
    let places = decimals(&[Some(estimate)]);
    let interval = match estimate.interval {
        Some(_) => "",
        None => ", without an interval",
    };
    Some(claim(
        format!(
            "{} under “{}”, the baseline: {}{interval}.",
            compared.measure.name,
            summary.structures[0].name,
            ninety_five(&estimate, compared.measure.unit, places, plain)
        ),
        "summary.csv",
    ))
}

/// A sentence on each structure but the baseline: what is clear first, what is open last.
pub(super) fn each(summary: &Summary, scenario: &Scenario, compared: &Compared) -> Vec<Claim> {
    let mut claims: Vec<(usize, f64, Claim)> = Vec::new();
    for (place, row) in compared.rows.iter().enumerate().skip(1) {
        let told = row.told(summary.trials);
        let mut claim = claim(
            of_structure(summary, compared.measure, place, row),
            "ranking.csv",
        );
        if let Some(practice) = practice(scenario, place) {
            claim.text.push(' ');
            claim.text.push_str(&practice);
        }
        let value = row.difference.map_or(0.0, |difference| difference.value);
        let better = match compared.measure.direction {
            Direction::HigherIsBetter => -value,
            Direction::LowerIsBetter | Direction::Neutral => value,
        };
        claims.push((order(told), better, claim));
    }
    claims.sort_by(|one, other| one.0.cmp(&other.0).then(one.1.total_cmp(&other.1)));
    claims.into_iter().map(|(_, _, claim)| claim).collect()
}

fn order(told: Option<Told>) -> usize {
    match told {
        Some(Told::Clear(_)) => 0,
        Some(Told::Likely(_)) => 1,
        Some(Told::CannotTell) | None => 2,
    }
}

fn of_structure(summary: &Summary, measure: &Measure, place: usize, row: &Row) -> String {
    let name = &summary.structures[place].name;
    let baseline = &summary.structures[0].name;
    let noun = noun(measure);
    let (less, more) = comparatives(measure);
    let side = |side: Side| match side {
        Side::Lower => less,
        Side::Higher => more,
    };
    let unit = unit_of_difference(measure);
    let together = row.simultaneous.or(row.difference);
    let number = |estimate: Option<Estimate>| {
        estimate.map_or_else(
            || "nothing was there to be measured".to_owned(),
            |estimate| in_words(&estimate, unit, telling_decimals(&[Some(estimate)])),
        )
    };
    let differs = |word: &str, it: Side| {
        let what = match is_count(measure) {
            true => format!("there are {word} {} {noun}", side(it)),
            false => format!("{noun} is {word} {}", side(it)),
        };
        let number = number(together);
        format!("Under “{name}” {what} than under “{baseline}”: {number}.")
    };
    match row.told(summary.trials) {
        Some(Told::Clear(it)) => differs("clearly", it),
        Some(Told::Likely(it)) => differs("likely", it),
        Some(Told::CannotTell) | None => {
            let verb = if is_count(measure) { "are" } else { "is" };
            format!(
                "Under “{name}” these trials cannot tell whether {noun} {verb} {less} or {more} than under \
                 “{baseline}”: {}.",
                number(together)
            )
        }
    }
}

/// `−2.1 per 10,000 children a year (95% interval −3.0 to −1.2)`.
pub(super) fn in_words(estimate: &Estimate, unit: &str, places: usize) -> String {
    ninety_five(estimate, unit, places, signed)
}

fn ninety_five(
    estimate: &Estimate,
    unit: &str,
    places: usize,
    number: fn(f64, usize) -> String,
) -> String {
    let value = number(estimate.value, places);
    let unit = match unit {
        "%" => "%".to_owned(),
        unit => format!(" {unit}"),
    };
    match estimate.interval {
        Some(interval) => format!(
            "{value}{unit} (95% interval {} to {})",
            number(interval.low, places),
            number(interval.high, places)
        ),
        None => format!("{value}{unit}"),
    }
}

/// That a structure carries a practice, where it does.
fn practice(scenario: &Scenario, place: usize) -> Option<String> {
    let structure = scenario.structures.get(place)?;
    let carried: Vec<String> = (structure.overlays.iter())
        .map(|overlay| format!("“{}”", overlay.name))
        .collect();
    (!carried.is_empty()).then(|| {
        format!(
            "It carries {}, a way of working or a law that any structure could carry: the difference is \
             of both together, not of the structure alone.",
            carried.join(" and ")
        )
    })
}

/// Names that a sentence can hold; more are counted.
const NAMED: usize = 4;

/// One sentence on a measure beside the primary one.
pub(super) fn beside(summary: &Summary, compared: &Compared) -> Option<Claim> {
    (compared.rows.iter()).find_map(|row| row.difference)?;
    let (less, more) = comparatives(compared.measure);
    let unit = unit_of_difference(compared.measure);
    let named = |wanted: Told, side: Side| -> Option<String> {
        let rows = compared.rows.iter().enumerate().skip(1);
        let mut found: Vec<(usize, Estimate)> = rows
            .filter(|(_, row)| row.told(summary.trials) == Some(wanted))
            .filter_map(|(place, row)| Some((place, row.simultaneous.or(row.difference)?)))
            .collect();
        let sign = match side {
            Side::Lower => 1.0,
            Side::Higher => -1.0,
        };
        found.sort_by(|one, other| (sign * one.1.value).total_cmp(&(sign * other.1.value)));
        let name = |(place, together): &(usize, Estimate)| {
            let places = telling_decimals(&[Some(*together)]);
            let number = with_interval(together, places, signed);
            let number = number.replace(" (", "; ").replace(')', "");
            format!("“{}” ({number})", summary.structures[*place].name)
        };
        match found.len() {
            0 => None,
            1..=NAMED => {
                let names: Vec<String> = found.iter().map(name).collect();
                Some(names.join(", "))
            }
            many => Some(format!(
                "{many} structures, the furthest estimate under {}",
                name(&found[0])
            )),
        }
    };
    let mut parts = Vec::new();
    for (wanted, side, word) in [
        (
            Told::Clear(Side::Lower),
            Side::Lower,
            format!("clearly {less}"),
        ),
        (
            Told::Clear(Side::Higher),
            Side::Higher,
            format!("clearly {more}"),
        ),
        (
            Told::Likely(Side::Lower),
            Side::Lower,
            format!("likely {less}"),
        ),
        (
            Told::Likely(Side::Higher),
            Side::Higher,
            format!("likely {more}"),
        ),
    ] {
        parts.extend(named(wanted, side).map(|names| format!("{word} under {names}")));
    }
    let open = (compared.rows.iter().skip(1))
        .filter(|row| order(row.told(summary.trials)) == 2)
        .count();
    match (parts.is_empty(), open) {
        (_, 0) => {}
        (true, 1) => parts.push("cannot tell".to_owned()),
        (true, open) => parts.push(format!("cannot tell for any of {open} structures")),
        (false, 1) => parts.push("for 1 other these trials cannot tell".to_owned()),
        (false, open) => parts.push(format!("for {open} others these trials cannot tell")),
    }
    Some(claim(
        format!(
            "{} ({unit}, difference from the baseline): {}.",
            compared.measure.name,
            parts.join("; ")
        ),
        "ranking.csv",
    ))
}

/// What can be said of structures among themselves, and at other numbers of posts.
pub(super) fn among_themselves(summary: &Summary) -> Vec<Claim> {
    let ranking = summary
        .rankings
        .first()
        .filter(|ranking| ranking.measure.id == summary.primary.id && !ranking.pairs.is_empty());
    let mut claims: Vec<Claim> = ranking
        .and_then(|ranking| sentences::among_themselves(summary, ranking))
        .map(|text| claim(text, "pairs.csv"))
        .into_iter()
        .collect();
    let turned = sentences::at_posts(summary);
    claims.extend(turned.into_iter().map(|text| claim(text, "at-posts.csv")));
    claims
}

/// Where most missed cases of the baseline stood, and what is largest elsewhere.
pub(super) fn causes(summary: &Summary) -> Vec<Claim> {
    let what = match summary.scope {
        Scope::Network => "cases lost or given up",
        Scope::Children | Scope::Both => "known missed cases",
    };
    let mut claims = Vec::new();
    for (structure, missed) in summary.structures.iter().zip(&summary.missed) {
        let (Some(cause), Some(total)) = (missed.largest(), missed.total) else {
            continue;
        };
        let places = decimals(&[Some(total)]).max(1);
        let time = match cause.time {
            Some(time) => format!(
                "; by where the time of grace went it has {}",
                plain(time, places)
            ),
            None => String::new(),
        };
        claims.push(claim(
            format!(
                "Under “{}” the largest group of {what} stood at “{}”: {} of {} {}{time}.",
                structure.name,
                cause.standing.label(),
                plain(cause.stood, places),
                plain(total.value, places),
                summary.missed_unit
            ),
            "missed.csv",
        ));
    }
    claims
}

/// When structures have made up for what they cost at first: one sentence each where they are few,
/// else how many.
pub(super) fn break_even(summary: &Summary, series: Series) -> Vec<Claim> {
    let months = months(summary, series);
    let all: Vec<&BreakEven> = (summary.break_even.iter())
        .filter(|even| even.series == series)
        .collect();
    if all.len() <= NAMED {
        return (all.iter())
            .map(|even| claim(of_break_even(summary, even, months), "break-even.csv"))
            .collect();
    }
    let number = |wanted: Evened| all.iter().filter(|even| evened(even) == wanted).count();
    let mut parts = Vec::new();
    for (wanted, word) in [
        (Evened::Alike, "with no difference at all"),
        (Evened::NeverBehind, "never behind"),
        (Evened::InMonth, "breaking even within it"),
        (Evened::NotWithin, "not breaking even within it"),
        (Evened::CannotTell, "of which it cannot be told"),
    ] {
        match number(wanted) {
            0 => {}
            number => parts.push(format!("{number} {word}")),
        }
    }
    vec![claim(
        format!(
            "In {} summed over the {months} months observed, of {} structures: {}.",
            series.label(),
            all.len(),
            parts.join(", ")
        ),
        "break-even.csv",
    )]
}

/// Months of a series.
pub(super) fn months(summary: &Summary, series: Series) -> usize {
    summary
        .monthly(0, series)
        .map_or(0, |monthly| monthly.months.len())
}

/// What can be told of a break-even.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Evened {
    Alike,
    NeverBehind,
    InMonth,
    NotWithin,
    CannotTell,
}

fn evened(even: &BreakEven) -> Evened {
    match (even.is_alike, even.month, even.earliest, even.latest) {
        (true, ..) => Evened::Alike,
        (false, Some(_), _, Some(1)) => Evened::NeverBehind,
        (false, Some(_), _, Some(_)) => Evened::InMonth,
        (false, None, None, _) => Evened::NotWithin,
        _ => Evened::CannotTell,
    }
}

/// The same in two or three words.
pub(super) fn break_even_in_short(even: &BreakEven) -> (String, String) {
    let range = match (even.earliest, even.latest) {
        (Some(early), Some(late)) => format!("{early} to {late}"),
        (Some(early), None) => format!("{early} to not within"),
        (None, _) => "not within".to_owned(),
    };
    match (evened(even), even.month) {
        (Evened::Alike, _) => ("no difference".to_owned(), String::new()),
        (Evened::NeverBehind, _) => ("never behind".to_owned(), String::new()),
        (Evened::InMonth, Some(month)) => (format!("month {month}"), range),
        (Evened::NotWithin, _) => ("not within".to_owned(), String::new()),
        (_, Some(month)) => (format!("cannot tell; mean: month {month}"), range),
        (_, None) => ("cannot tell; mean: not within".to_owned(), range),
    }
}

fn of_break_even(summary: &Summary, even: &BreakEven, months: usize) -> String {
    let name = &summary.structures[even.structure].name;
    let what = even.series.label();
    let of_trials = format!("{} of {} trials do by the end", even.trials, summary.trials);
    let range = match (even.earliest, even.latest) {
        (Some(early), Some(late)) if early == late => format!("95% interval: month {early}"),
        (Some(early), Some(late)) => format!("95% interval: month {early} to {late}"),
        (Some(early), None) => {
            format!("95% interval: from month {early} to not within the {months} months observed")
        }
        (None, _) => format!("95% interval: not within the {months} months observed"),
    };
    match (evened(even), even.month) {
        (Evened::Alike, _) => {
            format!("“{name}” and the baseline have the same {what} in every month of every trial.")
        }
        (Evened::NeverBehind, _) => format!(
            "“{name}” was never behind the baseline in {what} summed since decision day ({of_trials})."
        ),
        (Evened::NotWithin, _) => format!(
            "“{name}” does not break even with the baseline in {what} within the {months} months observed \
             ({of_trials})."
        ),
        (Evened::InMonth, Some(1)) => format!(
            "By the mean “{name}” was never behind the baseline in {what} summed since decision day \
             ({range} from which it stays so; {of_trials})."
        ),
        (Evened::InMonth, Some(month)) => format!(
            "“{name}” breaks even with the baseline in {what} in month {month} after decision day \
             ({range}; {of_trials})."
        ),
        (_, Some(month)) => format!(
            "Cannot tell whether “{name}” breaks even with the baseline in {what} within the study: by \
             the mean it does in month {month} ({range}; {of_trials})."
        ),
        (_, None) => format!(
            "Cannot tell whether “{name}” breaks even with the baseline in {what} within the study: by \
             the mean it does not ({range}; {of_trials})."
        ),
    }
}

/// Changed outcomes under each structure, where structures are few.
pub(super) fn discordance(summary: &Summary) -> Vec<Claim> {
    if summary.structures.len() > NAMED {
        return Vec::new();
    }
    let found = summary.discordance.iter().enumerate();
    found
        .filter_map(|(place, found)| {
            let found = (*found)?;
            let gross = with_interval(&found.gross?, 0, plain);
            let net = with_interval(&found.net?, 0, signed);
            Some(claim(
                format!(
                    "Between “{}” and the baseline {gross} needs of children are missed in one and not in \
                     the other; missed there and not under the baseline, less the other way round: {net} \
                     (mean over trials, 95% intervals).",
                    summary.structures[place].name
                ),
                "discordance.csv",
            ))
        })
        .collect()
}

/// How many outcomes change where nothing but luck does.
pub(super) fn churn(summary: &Summary) -> Option<Claim> {
    let gross = with_interval(&summary.churn?.gross?, 0, plain);
    Some(claim(
        format!(
            "In proportion: {gross} needs of children are missed in one and not in the other between the \
             baseline and its own twin, in which one referral is a week late (mean over trials, 95% \
             interval)."
        ),
        "discordance.csv",
    ))
}

/// How much was simulated.
pub(super) fn design(summary: &Summary) -> String {
    let who = match summary.children {
        0 => String::new(),
        children => format!("{} children, ", count(children)),
    };
    let structures = match summary.structures.len() {
        1 => "1 structure".to_owned(),
        number => format!("{number} structures"),
    };
    format!("{who}{structures}, {} trials", count(summary.trials as u64))
}

/// Words for less and for more of a measure.
pub(super) fn comparatives(measure: &Measure) -> (&'static str, &'static str) {
    if is_count(measure) {
        ("fewer", "more")
    } else {
        ("lower", "higher")
    }
}

fn is_count(measure: &Measure) -> bool {
    measure.unit.starts_with("per ")
}

fn noun(measure: &Measure) -> String {
    let name = sentences::lower_first(measure.name);
    if is_count(measure) {
        name
    } else {
        format!("“{name}”")
    }
}
