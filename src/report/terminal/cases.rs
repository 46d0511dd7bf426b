//! Scripted children on the terminal: how likely it is that every occasion is missed.

use super::text::{push_grid, push_wrapped};
use super::{aligned, compact};
use crate::analysis::{CaseChance, Estimate, Never, Summary};
use crate::measures::Fate;
use crate::report::numbers::{count, decimals, plain, signed};

/// Each case: the chance that every occasion is missed by structure, how far children came, and where
/// occasions failed.
pub(super) fn push_cases(text: &mut String, summary: &Summary) {
    for (case, named) in summary.cases.named.iter().enumerate() {
        text.push('\n');
        let heading = format!(
            "{}: {} children, {} occasions, {} days. Every occasion missed, so that no fitting help \
             began (less is better), and the same were occasions independent:",
            named.name,
            count(summary.cases.children[case]),
            named.occasions.len(),
            plain(named.lasts.get(), 0),
        );
        push_wrapped(text, &heading, 2);
        push_missed(text, summary, case);
        for sentence in [ways(summary, case), fates(summary, case)] {
            push_wrapped(text, &sentence, 2);
        }
    }
}

fn push_missed(text: &mut String, summary: &Summary, case: usize) {
    let chances: Vec<&CaseChance> = summary.cases.chances_of(case, Never::Helped).collect();
    let all = |pick: fn(&CaseChance) -> Option<Estimate>| -> Vec<Option<Estimate>> {
        chances.iter().map(|chance| pick(chance)).collect()
    };
    let shares = all(|chance| chance.share);
    let shares = aligned(&shares, decimals(&shares), plain);
    let differences = all(|chance| chance.difference);
    let differences = aligned(&differences, decimals(&differences), signed);
    let independent = all(|chance| chance.independent);
    let precision = decimals(&independent);
    let or = |cell: Option<&String>, otherwise: &str| {
        cell.cloned().unwrap_or_else(|| otherwise.to_owned())
    };
    let structures = summary.structures.iter().enumerate();
    let rows: Vec<(&str, Vec<String>)> = structures
        .map(|(place, structure)| {
            let without = match place {
                0 => "baseline",
                _ => "cannot tell",
            };
            let cells = vec![
                or(shares[place].as_ref(), "none met"),
                or(differences[place].as_ref(), without),
                independent[place].map_or_else(
                    || "not tried".to_owned(),
                    |estimate| compact::with_half(&estimate, precision, plain),
                ),
            ];
            (structure.name.as_str(), cells)
        })
        .collect();
    let heads = [
        "% missed\n(95% interval)".to_owned(),
        "difference\n(95% interval)".to_owned(),
        "independent\n± half of it".to_owned(),
    ];
    push_grid(text, &heads, &rows);
}

/// Lowest to highest over structures: who never came how far, and days to help.
fn ways(summary: &Summary, case: usize) -> String {
    let span = |values: Vec<f64>| {
        let low = values.iter().copied().fold(f64::INFINITY, f64::min);
        let high = values.iter().copied().fold(f64::NEG_INFINITY, f64::max);
        let (low, high) = (plain(low, 1), plain(high, 1));
        (!values.is_empty()).then(|| match low == high {
            true => low,
            false => format!("{low} to {high}"),
        })
    };
    let mut words: Vec<String> = Never::ALL
        .iter()
        .rev()
        .filter(|never| **never != Never::Helped)
        .filter_map(|never| {
            let chances = summary.cases.chances_of(case, *never);
            let shares = chances.filter_map(|chance| Some(chance.share?.value));
            Some(format!("{} {}%", never.label(), span(shares.collect())?))
        })
        .collect();
    let days = summary.cases.days.iter().filter(|it| it.case == case);
    let days = days.filter_map(|it| Some(it.days?.value)).collect();
    words.extend(span(days).map(|span| format!("mean days to help of those helped {span}")));
    let all = words.join("; ");
    format!("Over structures: {all} (cases.csv).")
}

/// What came of all occasions together, under the baseline.
fn fates(summary: &Summary, case: usize) -> String {
    let of_baseline = || {
        let all = summary.cases.occasions.iter();
        all.filter(move |it| it.structure == 0 && it.case == case)
    };
    let occasions = of_baseline().count() as f64;
    let mut fates: Vec<(f64, &str)> = Fate::ALL
        .iter()
        .map(|fate| {
            let of_all: f64 = of_baseline().filter_map(|it| it.fates[fate.index()]).sum();
            (of_all / occasions, fate.label())
        })
        .filter(|(share, _)| *share >= 0.5)
        .collect();
    fates.sort_by(|a, b| b.0.total_cmp(&a.0));
    let words: Vec<String> = fates
        .iter()
        .map(|(share, label)| format!("{label} {}%", plain(*share, 0)))
        .collect();
    let baseline = (summary.structures.first()).map_or("", |structure| structure.name.as_str());
    let all = words.join("; ");
    format!("What came of an occasion under {baseline}: {all} (case-occasions.csv).")
}
