//! Tables with one line a structure, for studies of many structures.

use super::text::{push_grid, push_wrapped};
use crate::analysis::{BreakEven, Compared, Estimate, Series, Summary};
use crate::measures::Scope;
use crate::report::numbers::{count, decimals, plain, signed};
use crate::report::{direction, unit_of_difference};

/// Measures side by side.
const ACROSS: usize = 4;

/// Differences from the baseline of several measures side by side; the baseline shows its level.
pub(super) fn push_differences(text: &mut String, summary: &Summary, measures: &[&Compared]) {
    for band in measures.chunks(ACROSS) {
        text.push('\n');
        let heading = "Baseline, and differences from it ± half of their 95% interval";
        push_wrapped(text, heading, 2);
        for (number, compared) in band.iter().enumerate() {
            let measure = compared.measure;
            let line = format!(
                "({}) {}, {} ({})",
                number + 1,
                measure.name,
                unit_of_difference(measure),
                direction(measure.direction)
            );
            push_wrapped(text, &line, 4);
        }
        let columns: Vec<Vec<String>> = band.iter().map(|compared| cells(compared)).collect();
        let heads: Vec<String> = (1..=band.len())
            .map(|number| format!("({number})"))
            .collect();
        let rows: Vec<(&str, Vec<String>)> = summary
            .structures
            .iter()
            .enumerate()
            .map(|(place, structure)| {
                let cells = columns.iter().map(|column| column[place].clone());
                (structure.name.as_str(), cells.collect())
            })
            .collect();
        push_grid(text, &heads, &rows);
    }
}

fn cells(compared: &Compared) -> Vec<String> {
    let differences: Vec<Option<Estimate>> =
        compared.rows.iter().map(|row| row.difference).collect();
    let decimals = decimals(&differences);
    compared
        .rows
        .iter()
        .enumerate()
        .map(|(place, row)| match (place, row.estimate) {
            (0, Some(estimate)) => plain(estimate.value, decimals),
            _ => plus_or_minus(row.difference, decimals),
        })
        .collect()
}

/// `−2.1 ±0.9`.
fn plus_or_minus(difference: Option<Estimate>, decimals: usize) -> String {
    let Some(difference) = difference else {
        return "cannot tell".to_owned();
    };
    with_half(&difference, decimals, signed)
}

/// A value and half of its interval.
pub(super) fn with_half(
    estimate: &Estimate,
    decimals: usize,
    number: fn(f64, usize) -> String,
) -> String {
    let value = number(estimate.value, decimals);
    estimate.interval.map_or(value.clone(), |interval| {
        let half = (interval.high - interval.low) / 2.0;
        format!("{value} ±{}", plain(half, decimals))
    })
}

/// Where most missed cases stood, structures with the same cause together.
pub(super) fn push_causes(text: &mut String, summary: &Summary) {
    let mut groups: Vec<(&str, Vec<(&str, f64)>)> = Vec::new();
    for (structure, missed) in summary.structures.iter().zip(&summary.missed) {
        let (Some(cause), Some(total)) = (missed.largest(), missed.total) else {
            continue;
        };
        let label = cause.standing.label();
        let member = (structure.name.as_str(), 100.0 * cause.stood / total.value);
        match groups.iter_mut().find(|(other, _)| *other == label) {
            Some((_, members)) => members.push(member),
            None => groups.push((label, vec![member])),
        }
    }
    let of = match summary.scope {
        Scope::Children | Scope::Both => "known missed cases stood when grace ran out",
        Scope::Network => "cases lost or given up stood",
    };
    if !groups.is_empty() {
        text.push('\n');
    }
    let is_one = groups.len() == 1;
    for (label, members) in groups {
        let low = members
            .iter()
            .map(|(_, share)| *share)
            .fold(f64::INFINITY, f64::min);
        let high = members.iter().map(|(_, share)| *share).fold(0.0, f64::max);
        let (low, high) = (plain(low, 0), plain(high, 0));
        let share = if low == high {
            low
        } else {
            format!("{low} to {high}")
        };
        let whose = if is_one {
            "every structure".to_owned()
        } else {
            let names: Vec<&str> = members.iter().map(|(name, _)| *name).collect();
            names.join("; ")
        };
        let sentence = format!("Where most {of}: {label} ({share}%), under {whose}.");
        push_wrapped(text, &sentence, 2);
    }
}

/// What structures have to work with, where that is not the same for all.
pub(super) fn push_means(text: &mut String, summary: &Summary) {
    if summary.unequal.is_none() {
        return;
    }
    text.push('\n');
    push_wrapped(
        text,
        "What structures have to work with, all areas together",
        2,
    );
    let has_cost = summary
        .means
        .iter()
        .any(|means| means.cost_over_baseline.is_some());
    let mut heads = vec!["front-line\nposts".to_owned(), "overhead\nposts".to_owned()];
    if has_cost {
        heads.push("cost a year,\n£ million".to_owned());
        heads.push("one-off cost,\n£ million".to_owned());
    }
    let rows: Vec<(&str, Vec<String>)> = summary
        .structures
        .iter()
        .zip(&summary.means)
        .map(|(structure, of)| {
            let mut cells = vec![plain(of.front_line, 1), plain(of.overheads, 1)];
            if has_cost {
                cells.push(plain(of.means.pounds_a_year / 1e6, 2));
                cells.push(plain(of.means.one_off_pounds / 1e6, 2));
            }
            (structure.name.as_str(), cells)
        })
        .collect();
    push_grid(text, &heads, &rows);
}

/// When structures break even, and the primary measure at other numbers of posts.
pub(super) fn push_break_even_and_posts(text: &mut String, summary: &Summary) {
    if summary.structures.len() < 2 {
        return;
    }
    let followed = Series::BREAK_EVEN.map(|series| summary.break_even(1, series).map(|_| series));
    let posts: Vec<(f64, Vec<String>)> = summary
        .at_posts
        .iter()
        .filter_map(|at| {
            let is_primary = |compared: &&Compared| compared.measure.id == summary.primary.id;
            Some((at.factor, cells(at.measures.iter().find(is_primary)?)))
        })
        .collect();
    let mut heads: Vec<String> = followed
        .iter()
        .flatten()
        .map(|series| match series {
            Series::KnownMissed => "break-even,\nmissed cases".to_owned(),
            _ => "break-even,\nunmet days".to_owned(),
        })
        .collect();
    for (factor, _) in &posts {
        heads.push(format!("at posts\n×{}", plain(*factor, 1)));
    }
    if heads.is_empty() {
        return;
    }
    text.push('\n');
    if followed.iter().any(Option::is_some) {
        let sentence = "Break-even: the month from which the sum of the differences from the baseline \
                        since decision day stays at or below zero (1: never behind; 95% interval; “+”: perhaps not within \
                        the study), of known missed cases and of days of unmet need that somebody knew of.";
        push_wrapped(text, sentence, 2);
    }
    if !posts.is_empty() {
        let sentence = format!(
            "At other numbers of posts, {} trials: {}, baseline and differences from it ± half of their \
             95% interval.",
            count(
                summary
                    .at_posts
                    .iter()
                    .map(|at| at.trials)
                    .min()
                    .unwrap_or(0) as u64
            ),
            lower_first(summary.primary.name)
        );
        push_wrapped(text, &sentence, 2);
    }
    let rows: Vec<(&str, Vec<String>)> = summary
        .structures
        .iter()
        .enumerate()
        .map(|(place, structure)| {
            let mut cells: Vec<String> = followed
                .iter()
                .flatten()
                .map(|series| {
                    summary
                        .break_even(place, *series)
                        .map_or_else(String::new, told)
                })
                .collect();
            cells.extend(posts.iter().map(|(_, cells)| cells[place].clone()));
            (structure.name.as_str(), cells)
        })
        .collect();
    push_grid(text, &heads, &rows);
}

/// `31 (25–40)`, or `31 (25+)` where the later end is not within the study.
fn told(even: &BreakEven) -> String {
    if even.is_alike {
        return "no difference".to_owned();
    }
    let Some(month) = even.month else {
        return match even.earliest {
            Some(earliest) => format!("none ({earliest}+)"),
            None => "none".to_owned(),
        };
    };
    let earliest = even.earliest.unwrap_or(month);
    match even.latest {
        Some(latest) => format!("{month} ({earliest}–{latest})"),
        None => format!("{month} ({earliest}+)"),
    }
}

/// The words with a small first letter, for use within a sentence.
pub(crate) fn lower_first(words: &str) -> String {
    let mut letters = words.chars();
    let first = letters.next().map(|letter| letter.to_ascii_lowercase());
    first.into_iter().chain(letters).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn break_even_is_told_with_what_the_trials_allow() {
        let even = |month, earliest, latest| BreakEven {
            structure: 1,
            series: Series::KnownMissed,
            month,
            earliest,
            latest,
            trials: 3,
            is_alike: false,
        };
        assert_eq!(told(&even(Some(31), Some(25), Some(40))), "31 (25–40)");
        assert_eq!(told(&even(Some(31), Some(25), None)), "31 (25+)");
        assert_eq!(told(&even(None, Some(25), None)), "none (25+)");
        assert_eq!(told(&even(None, None, None)), "none");
    }
}
