//! Scripted children on the terminal: how likely it is that every occasion is missed.

use super::aligned;
use super::text::{push_grid, push_wrapped};
use crate::analysis::{CaseChance, Estimate, Never, Summary};
use crate::measures::Fate;
use crate::report::numbers::{count, decimals, plain, signed};

/// Each case: the chance that every occasion is missed by structure, and where occasions failed.
pub(super) fn push_cases(text: &mut String, summary: &Summary) {
    for (case, named) in summary.cases.named.iter().enumerate() {
        text.push('\n');
        let heading = format!(
            "{}: {} children, {} occasions, {} days",
            named.name,
            count(summary.cases.children[case]),
            named.occasions.len(),
            plain(named.lasts.get(), 0),
        );
        push_wrapped(text, &heading, 2);
        for never in [Never::Helped, Never::Referred] {
            push_chance(text, summary, case, never);
        }
        push_failures(text, summary, case);
    }
}

fn push_chance(text: &mut String, summary: &Summary, case: usize, never: Never) {
    let chances: Vec<&CaseChance> = summary.cases.chances_of(case, never).collect();
    let column = |pick: fn(&CaseChance) -> Option<Estimate>, number: fn(f64, usize) -> String| {
        let all: Vec<Option<Estimate>> = chances.iter().map(|chance| pick(chance)).collect();
        aligned(&all, decimals(&all), number)
    };
    let shares = column(|chance| chance.share, plain);
    let differences = column(|chance| chance.difference, signed);
    let independent = column(
        |chance| {
            chance.independent.map(|estimate| Estimate {
                interval: None,
                ..estimate
            })
        },
        plain,
    );
    let or = |cell: &Option<String>, otherwise: &str| {
        cell.clone().unwrap_or_else(|| otherwise.to_owned())
    };
    let rows: Vec<(&str, Vec<String>)> = summary
        .structures
        .iter()
        .enumerate()
        .map(|(place, structure)| {
            let without = if place == 0 {
                "baseline"
            } else {
                "cannot tell"
            };
            let cells = vec![
                or(&shares[place], "none met"),
                or(&differences[place], without),
                or(&independent[place], "not tried"),
            ];
            (structure.name.as_str(), cells)
        })
        .collect();
    let heads = [
        "% (95% interval)".to_owned(),
        "difference (95% interval)".to_owned(),
        "were occasions\nindependent".to_owned(),
    ];
    let label = never.label();
    push_wrapped(text, &format!("Of these, {label}"), 2);
    push_grid(text, &heads, &rows);
}

/// What came of all occasions together, under the baseline.
fn push_failures(text: &mut String, summary: &Summary, case: usize) {
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
    if let Some(baseline) = summary.structures.first()
        && !words.is_empty()
    {
        let sentence = format!(
            "What came of an occasion under {}: {} (case-occasions.csv).",
            baseline.name,
            words.join(", ")
        );
        push_wrapped(text, &sentence, 2);
    }
}
