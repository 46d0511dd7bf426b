//! What matters, as text.

use super::super::text::{push_grid, push_wrapped};
use super::{digits, percent, push_joint, push_title, push_without, unit_of, values, varied};
use crate::inquiry::decide::sensitivity::{OfMeasure, OfQuantity, Quantity, Sensitivities};
use crate::report::decide::sensitivity::OTHERS;
use crate::report::numbers::{count, plain};
use crate::scenario::Study;

/// Rows of a table on a terminal; the files have all.
const MOST: usize = 10;

/// Measure by measure: what moves the baseline, and what moves each difference from it.
pub fn sensitivities(found: &Sensitivities, study: &Study) -> String {
    let mut text = String::new();
    push_wrapped(&mut text, &format!("{}: what matters?", study.name), 2);
    let runs: usize = found.ensembles.iter().map(|it| it.points.len()).sum();
    let design = format!(
        "{}: {} trajectories for all of them, {} rows for the {} that \
         matter most; {} runs of {} trials; {} structures.",
        varied(&found.parameters, found.joint.as_ref()),
        found.effort.trajectories,
        found.effort.rows,
        found.kept.len(),
        count(runs as u64),
        found.trials,
        found.structures.len()
    );
    push_wrapped(&mut text, &design, 0);
    for of in &found.of_measures {
        text.push('\n');
        push_title(&mut text, of.measure);
        for quantity in shown(of) {
            push_quantity(&mut text, found, of, quantity);
        }
    }
    text.push('\n');
    push_wrapped(
        &mut text,
        "moves: mean size of the effect of a step, as of a step over the whole range (Morris's mu*). first: share \
         of the variance that would go if the value were known. total: share that would stay if all others \
         were. low, high: with the value at either end of its range, all others as stated. All are of ranges \
         taken evenly, and luck is taken out. Every structure alone stands in the files.",
        0,
    );
    push_joint(&mut text, &found.parameters, found.joint.as_ref());
    push_without(&mut text, &found.without);
    text
}

/// The baseline and the differences: what a terminal has room for.
fn shown(of: &OfMeasure) -> impl Iterator<Item = &OfQuantity> {
    let is_shown =
        |it: &&OfQuantity| matches!(it.quantity, Quantity::Alone(0) | Quantity::Difference(_));
    of.quantities.iter().filter(is_shown)
}

/// What is moved, in words.
pub(in crate::report) fn words(found: &Sensitivities, quantity: Quantity) -> String {
    let name = |place: usize| found.structures[place].name.as_str();
    match quantity {
        Quantity::Alone(it) => name(it).to_owned(),
        Quantity::Difference(it) => format!("{} less {}", name(it), name(0)),
    }
}

/// What is moved by itself, counted.
fn factors(found: &Sensitivities) -> String {
    match &found.joint {
        None => values(found.factors.len()),
        Some(_) => format!("{} and the joint set", values(found.factors.len() - 1)),
    }
}

fn push_quantity(text: &mut String, found: &Sensitivities, of: &OfMeasure, own: &OfQuantity) {
    push_wrapped(text, &format!("* {}", words(found, own.quantity)), 2);
    for sentence in sentences(found, of, own) {
        push_wrapped(text, &sentence, 2);
    }
    let Some(indices) = &own.indices.indices else {
        return;
    };
    let largest = own.screened.iter().map(|it| it.mu_star.value);
    let digits = digits(largest.fold(0.0, f64::max));
    let mut rows: Vec<(f64, &str, Vec<String>)> = (found.kept.iter().enumerate())
        .map(|(place, parameter)| {
            let (of, swing) = (&indices[place], &own.swings[place]);
            let cells = vec![
                plain(own.screened[*parameter].mu_star.value, digits),
                percent(of.first.value),
                percent(of.total.value),
                plain(swing.low, digits),
                plain(swing.high, digits),
            ];
            (
                of.total.value,
                found.factors[*parameter].name.as_str(),
                cells,
            )
        })
        .collect();
    rows.sort_by(|one, other| other.0.total_cmp(&one.0));
    rows.truncate(MOST);
    if let Some(others) = indices.get(found.kept.len()) {
        let dash = || "-".to_owned();
        let cells = vec![
            dash(),
            percent(others.first.value),
            percent(others.total.value),
            dash(),
            dash(),
        ];
        rows.push((0.0, OTHERS, cells));
    }
    let rows: Vec<(&str, Vec<String>)> = rows.into_iter().map(|(_, a, b)| (a, b)).collect();
    let heads = ["moves", "first", "total", "low", "high"].map(str::to_owned);
    push_grid(text, &heads, &rows);
}

/// What follows, a sentence or two.
pub(in crate::report) fn sentences(
    found: &Sensitivities,
    of: &OfMeasure,
    own: &OfQuantity,
) -> Vec<String> {
    let beyond = own
        .screened
        .iter()
        .filter(|it| it.mu_star.value > own.by_luck)
        .count();
    let largest = own.screened.iter().map(|it| it.mu_star.value);
    let digits = digits(largest.fold(0.0, f64::max));
    let mut sentences = vec![format!(
        "{beyond} of {} {} it by more than luck alone would show ({} {}).",
        factors(found),
        if beyond == 1 { "moves" } else { "move" },
        plain(own.by_luck, digits),
        unit_of(of.measure)
    )];
    match &own.indices.indices {
        None => sentences.push(
            "It varies by no more than luck may make it vary: what its variance comes from cannot be told."
                .to_owned(),
        ),
        Some(indices) => {
            let first = (found.kept.iter().zip(indices))
                .max_by(|one, other| one.1.total.value.total_cmp(&other.1.total.value));
            if let Some((parameter, told)) = first {
                let interval = told.total.interval.map_or_else(String::new, |it| {
                    format!(
                        " (95%: {} to {})",
                        percent(it.low),
                        percent(it.high.min(1.0))
                    )
                });
                let name = &found.factors[*parameter].name;
                let share = percent(told.total.value.min(1.0));
                sentences.push(match told.total.interval {
                    Some(it) if it.low <= 0.0 => {
                        format!("None is told to matter; most may {name}, by {share} of the variance{interval}.")
                    }
                    _ => format!("{name} matters most: {share} of the variance involves it{interval}."),
                });
            }
        }
    }
    sentences
}
