//! `run --precision`: trials until the differences from the baseline are as precise as wished.

use std::sync::atomic::AtomicBool;

use indicatif::ProgressBar;

use super::kept::Kept;
use crate::analysis::decision::{BURN_IN, Enough, Target, enough};
use crate::experiment::{Prepared, Watch};
use crate::measures::{Direction, IntervalMethod, MEASURES, Measure, Scope};
use crate::scenario::did_you_mean;

/// Trials that are added at a time. Not the number of threads: where a run stops depends on it.
const BATCH: u32 = 10;

/// The number of trials at which intervals are to be narrowest.
const PLANNED: usize = 60;

/// Fewest trials: before, nothing can be told.
pub(super) const FEWEST: u32 = BURN_IN as u32;

/// Most trials unless the user says otherwise.
pub(super) const MOST: u32 = 400;

/// What the user wishes, read; or every fault in it.
pub(super) fn targets(wishes: &[String], scope: Scope) -> Result<Vec<Target>, Vec<String>> {
    let (mut targets, mut faults) = (Vec::new(), Vec::new());
    for wish in wishes {
        match target(wish, scope) {
            Ok(target) => targets.push(target),
            Err(fault) => faults.push(fault),
        }
    }
    if faults.is_empty() {
        Ok(targets)
    } else {
        Err(faults)
    }
}

/// `known-missed: 5 per 10000`: half of the width of an interval, in the measure's own unit.
fn target(wish: &str, scope: Scope) -> Result<Target, String> {
    let asked = || format!("--precision \"{wish}\"");
    let form = "expected MEASURE: WIDTH, for example \"known-missed: 5 per 10000\"";
    let (id, width) = wish
        .split_once(':')
        .ok_or_else(|| format!("{} has no colon; {form}", asked()))?;
    let measure = measure(id.trim(), scope).map_err(|fault| format!("{}: {fault}", asked()))?;
    let width = width.trim().trim_start_matches(['±', '+']).trim();
    let end = width
        .find(|it: char| !it.is_ascii_digit() && it != '.')
        .unwrap_or(width.len());
    let (number, unit) = width.split_at(end);
    let half_width: f64 = number.parse().map_err(|_| {
        format!(
            "{}: \"{width}\" does not begin with a number; {form}",
            asked()
        )
    })?;
    if half_width <= 0.0 {
        return Err(format!(
            "{}: no number of trials makes an interval that narrow",
            asked()
        ));
    }
    if !is_unit_of(measure, unit) {
        return Err(format!(
            "{}: {} is counted in \"{}\", found \"{}\"",
            asked(),
            measure.id,
            measure.unit,
            unit.trim()
        ));
    }
    Ok(Target {
        measure: measure.id.to_owned(),
        half_width,
    })
}

/// A measure by its id, of which structures can have more or less by luck.
fn measure(id: &str, scope: Scope) -> Result<&'static Measure, String> {
    let of_scope = |it: &&Measure| {
        (it.scope == Scope::Both || it.scope == scope) && it.interval != IntervalMethod::Exact
    };
    let all = || MEASURES.iter().filter(of_scope);
    all().find(|it| it.id == id).ok_or_else(|| {
        let words = |id: &str| {
            let mut words: Vec<String> = id.split('-').map(str::to_owned).collect();
            words.sort();
            words
        };
        // `missed-known` for `known-missed`.
        let turned = all().find(|it| words(it.id) == words(id));
        let hint = match turned {
            Some(it) => Some(format!("did you mean \"{}\"?", it.id)),
            None => did_you_mean(id, all().map(|it| it.id)),
        };
        let judged = all().filter(|it| it.direction != Direction::Neutral);
        let known: Vec<&str> = judged.map(|it| it.id).collect();
        let hint = hint.unwrap_or_else(|| format!("there is {}", known.join(", ")));
        format!("the study has no measure \"{id}\"; {hint}")
    })
}

/// Is this the measure's unit, the beginning of it, or none at all?
fn is_unit_of(measure: &Measure, unit: &str) -> bool {
    let letters = |text: &str| -> String {
        let kept = text.chars().filter(|it| it.is_alphanumeric() || *it == '%');
        kept.flat_map(char::to_lowercase).collect()
    };
    let (found, own) = (letters(unit), letters(measure.unit));
    own.starts_with(&found)
        || own.starts_with('%') && ["points", "percentagepoints", "percent"].contains(&&*found)
}

/// Runs batches until every difference is as precise as wished, or there are `most` trials; never fewer
/// than there are already. Returns how many there are to be and what they say; `None` if it was stopped.
pub(super) fn run(
    prepared: &Prepared,
    targets: &[Target],
    (already, most): (u32, u32),
    kept: &Kept,
    bar: &ProgressBar,
    stop: &AtomicBool,
) -> Option<(u32, Enough)> {
    let watch = Watch {
        known: &|name| kept.trial(name),
        on_trial: &|name, trial| {
            kept.keep(name, trial);
            kept.learn(name, trial.clone());
            bar.inc(1);
        },
        stop,
    };
    let most = most.max(already);
    let mut trials = FEWEST.max(already);
    bar.set_length(u64::from(trials));
    loop {
        let results = prepared.run_part_watched(0..trials, &watch)?;
        let found = enough(&results, targets, PLANNED, BATCH as usize);
        if found.is_reached() || trials >= most {
            return Some((trials, found));
        }
        let needed = found
            .needed
            .map_or(most, |it| it.trials.min(most as usize) as u32);
        bar.set_position(u64::from(trials));
        bar.set_length(u64::from(needed.max(trials + 1)));
        trials = (trials + BATCH).min(most);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_wish_is_read_in_the_measures_own_unit() {
        let read = |wish: &str| target(wish, Scope::Children).map(|it| (it.measure, it.half_width));
        let known = |width| Ok(("known-missed".to_owned(), width));
        assert_eq!(read("known-missed: 5 per 10000"), known(5.0));
        assert_eq!(read("known-missed: ±0.5"), known(0.5));
        assert_eq!(
            read("known-missed:5 per 10,000 children a year"),
            known(5.0)
        );
        assert!(read("handoffs-begun-30: 1%").is_ok());
        assert!(read("handoffs-begun-30: 1 percentage points").is_ok());
    }

    #[test]
    fn a_wish_that_cannot_be_meant_is_refused_with_a_reason() {
        let fault = |wish: &str| target(wish, Scope::Children).unwrap_err();
        assert!(fault("missed-known: 5").contains("did you mean \"known-missed\"?"));
        assert!(fault("known-missed 5").contains("no colon"));
        assert!(fault("known-missed: five").contains("does not begin with a number"));
        assert!(fault("known-missed: 0").contains("that narrow"));
        let unit = fault("known-missed: 5 days");
        assert!(unit.contains("per 10,000 children a year"), "{unit}");
    }

    #[test]
    fn every_fault_is_told_at_once() {
        let wishes = ["nothing: 1".to_owned(), "known-missed: x".to_owned()];
        assert_eq!(targets(&wishes, Scope::Children).unwrap_err().len(), 2);
    }
}
