//! What a calibration found, as text.

use super::published::decimals;
use super::text::{length, padded_before, push_grid, push_wrapped};
use crate::inquiry::calibrate::{Calibration, Fit, OfParameter, Spread, Verdict};
use crate::report::numbers::{count, plain, signed};
use crate::scenario::{Drawable, Role, Simulated, Study};

/// An effective sample size below which intervals say little.
const FEW_DRAWS: f64 = 100.0;
/// A figure that is missed by more standard errors than this is told.
const MISSED: f64 = 2.0;
/// Luck of one run beyond this share of a figure's standard error slows the fit.
const MUCH_LUCK: f64 = 0.5;
/// Coupled pairs that are named.
const NAMED_PAIRS: usize = 8;

/// The fit, the parameters, and what to keep in mind.
pub fn calibration(calibration: &Calibration, study: &Study, trials_a_run: u32) -> String {
    let mut text = String::new();
    let title = format!("{}, fitted to {}", study.name, calibration.figures.name);
    push_wrapped(&mut text, &title, 2);
    let weighted = &calibration.weighted;
    let generations = weighted.effective_by_generation.len();
    let design = format!(
        "{} runs in {generations} generation{} of draws, {trials_a_run} trial{} each; effective \
         sample size {}.",
        count(weighted.runs.len() as u64),
        plural(generations),
        plural(trials_a_run as usize),
        plain(weighted.effective, 0),
    );
    push_wrapped(&mut text, &design, 0);
    push_figures(&mut text, calibration);
    push_parameters(&mut text, calibration);
    text.push('\n');
    for warning in warnings(calibration) {
        push_wrapped(&mut text, &format!("warning: {warning}"), 2);
    }
    text
}

fn plural(number: usize) -> &'static str {
    match number {
        1 => "",
        _ => "s",
    }
}

fn push_figures(text: &mut String, calibration: &Calibration) {
    let heads = ["published", "before", "fitted (95%)", "off", "chosen\noff"].map(str::to_owned);
    for (role, title) in [
        (Role::Fitted, "Figures fitted to"),
        (Role::HeldOut, "Held out: not used in fitting"),
        (
            Role::Input,
            "Inputs: values were taken from these, so agreement proves nothing",
        ),
    ] {
        let rows: Vec<(String, Vec<String>)> = (calibration.fits.iter())
            .filter(|it| it.figure.role == role)
            .filter_map(|it| figure_row(it, calibration.is_network))
            .collect();
        if rows.is_empty() {
            continue;
        }
        text.push('\n');
        push_wrapped(text, title, 0);
        let rows: Vec<(&str, Vec<String>)> = (rows.iter())
            .map(|(name, cells)| (name.as_str(), cells.clone()))
            .collect();
        push_grid(text, &heads, &rows);
    }
    push_wrapped(
        text,
        "before: mean of the draws from the priors. off: standard errors of the published figure \
         between it and the mean of the weighted runs. chosen: the draw written as fitted, run \
         again with fresh luck.",
        0,
    );
}

fn figure_row(fit: &Fit, is_network: bool) -> Option<(String, Vec<String>)> {
    let Simulated::Flow(of) = &fit.figure.simulated else {
        return None;
    };
    let places = decimals(fit.figure.within);
    let none = || "none".to_owned();
    let after = |it: Spread| {
        let [mean, low, high] = [it.mean, it.low, it.high].map(|it| plain(it, places));
        format!("{mean} ({low} to {high})")
    };
    let off = |off: Option<f64>| off.map_or_else(none, |off| signed(off, 1));
    let cells = vec![
        format!(
            "{} ± {}",
            plain(fit.figure.value, places),
            plain(fit.figure.within, places)
        ),
        fit.before.map_or_else(none, |it| plain(it.mean, places)),
        fit.after.map_or_else(none, after),
        off(fit.off()),
        off(fit.chosen_off()),
    ];
    let name = format!("{}, {}", fit.figure.name, of.flow.unit().words(is_network));
    Some((name, cells))
}

fn push_parameters(text: &mut String, calibration: &Calibration) {
    text.push('\n');
    push_wrapped(text, "Parameters", 0);
    let all = || {
        calibration
            .parameters
            .iter()
            .zip(&calibration.of_parameters)
    };
    let cells: Vec<[String; 5]> = all().map(|(it, of)| parameter_row(it, of)).collect();
    let heads = ["prior", "chosen", "middle 95%", "sd", "moved"];
    let width = |column: usize| {
        let widths = cells.iter().map(|row| length(&row[column]));
        widths.fold(length(heads[column]), usize::max)
    };
    let push_line = |text: &mut String, row: &[&str; 5]| {
        let columns = row.iter().enumerate();
        let line: Vec<String> = columns
            .map(|(column, cell)| padded_before(cell, width(column)))
            .collect();
        text.push_str(&format!("    {}\n", line.join("  ")));
    };
    push_line(text, &heads);
    for ((it, _), row) in all().zip(&cells) {
        let form = it.form();
        // A bare number needs no form.
        let name = match form.as_str() {
            "..." => it.path.clone(),
            _ => format!("{}: {form}", it.path),
        };
        push_wrapped(text, &name, 4);
        push_line(text, &row.each_ref().map(String::as_str));
    }
    push_wrapped(
        text,
        "sd: standard deviation over that of the prior. moved: mean less that of the prior, in \
         standard deviations of the prior.",
        0,
    );
    text.push('\n');
    let untouched: Vec<&str> = all()
        .filter(|(_, of)| of.verdict == Verdict::Untouched)
        .map(|(it, _)| it.path.as_str())
        .collect();
    let is_unclear = all().any(|(_, of)| of.verdict == Verdict::Unclear);
    let said = match untouched.as_slice() {
        [] if is_unclear => {
            "There are too few draws to tell what the figures say of each parameter.".to_owned()
        }
        [] => "The figures say something about every parameter.".to_owned(),
        _ => format!(
            "The figures say nothing about {}: what was assumed of them still holds.",
            listed(&untouched)
        ),
    };
    push_wrapped(text, &said, 0);
    if calibration.coupled.is_empty() {
        return;
    }
    let path = |place: usize| calibration.parameters[place].path.as_str();
    let pairs: Vec<String> = (calibration.coupled.iter().take(NAMED_PAIRS))
        .map(|it| {
            let correlation = signed(it.correlation, 2);
            format!("{} with {} ({correlation})", path(it.one), path(it.other))
        })
        .collect();
    let pairs: Vec<&str> = pairs.iter().map(String::as_str).collect();
    let said = format!(
        "Known together better than apart: {}. Draw them together, from accepted.csv.",
        listed(&pairs)
    );
    push_wrapped(text, &said, 0);
}

fn parameter_row(parameter: &Drawable, of: &OfParameter) -> [String; 5] {
    let number = |share: f64| short(parameter.number(share));
    [
        format!("{} to {}", number(0.0), number(1.0)),
        number(of.chosen),
        format!("{} to {}", number(of.share.low), number(of.share.high)),
        plain(of.narrowing, 2),
        signed(of.shift, 1),
    ]
}

/// Three digits that tell.
fn short(number: f64) -> String {
    let size = number.abs();
    let decimals = match size {
        _ if size >= 100.0 => 0,
        _ if size >= 10.0 => 1,
        _ if size >= 1.0 => 2,
        _ if size >= 0.1 => 3,
        _ => 4,
    };
    plain(number, decimals)
}

/// What must be kept in mind when the fit is used.
fn warnings(calibration: &Calibration) -> Vec<String> {
    let mut warnings = Vec::new();
    let effective = calibration.weighted.effective;
    if effective < FEW_DRAWS {
        warnings.push(format!(
            "the effective sample size is {}: intervals and the joint set are rough; more --runs, \
             or more --trials where luck is large, make it greater",
            plain(effective, 0)
        ));
    }
    let fitted = || {
        calibration
            .fits
            .iter()
            .filter(|it| it.figure.role == Role::Fitted)
    };
    for fit in fitted() {
        let name = &fit.figure.name;
        match (fit.off(), fit.chosen_off()) {
            (Some(off), _) | (None, Some(off)) if off.abs() > MISSED => warnings.push(format!(
                "{name} is missed by {} of its standard errors: within the priors the model cannot \
                 meet it together with the others",
                plain(off.abs(), 1)
            )),
            (Some(_), Some(off)) if off.abs() > MISSED => warnings.push(format!(
                "the chosen draw misses {name} by {} of its standard errors when run again",
                plain(off.abs(), 1)
            )),
            (None, None) => {
                warnings.push(format!("no run had anything to take \"{name}\" from"));
            }
            _ => {}
        }
    }
    let lucky: Vec<&str> = fitted()
        .filter(|it| (it.luck).is_some_and(|luck| luck > MUCH_LUCK * it.figure.within))
        .map(|it| it.figure.name.as_str())
        .collect();
    if !lucky.is_empty() {
        warnings.push(format!(
            "the luck of one run is more than half the standard error of {}: more --trials, areas \
             or observed time would make the fit sharper",
            listed(&lucky)
        ));
    }
    let at_an_end: Vec<&str> = (calibration
        .parameters
        .iter()
        .zip(&calibration.of_parameters))
    .filter(|(_, of)| of.verdict == Verdict::Found)
    .filter(|(_, of)| of.share.mean < 0.08 || of.share.mean > 0.92)
    .map(|(it, _)| it.path.as_str())
    .collect();
    if !at_an_end.is_empty() {
        warnings.push(format!(
            "pressed against an end of its prior: {}",
            listed(&at_an_end)
        ));
    }
    warnings
}

/// `a, b and c`.
fn listed(items: &[&str]) -> String {
    match items {
        [] => String::new(),
        [one] => (*one).to_owned(),
        [some @ .., last] => format!("{} and {last}", some.join(", ")),
    }
}
