//! Comparing what two runs leave, number by number.

use super::Outcome;
use super::words::place_in_words;
use crate::experiment::results::{Entry, PairTally, Part, Results, SPAN_DAYS, Tally};
use crate::measures::HandoffKind;

/// What was compared so far, and where it first differed.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(super) struct Comparison {
    compared: u64,
    not_zero: u64,
    differing: u64,
    first: Option<String>,
}

impl Comparison {
    /// Compares two tallies; `place` says whose they are.
    pub(super) fn tallies(&mut self, place: &str, names: &Results, one: &Tally, other: &Tally) {
        let (ours, theirs) = (one.entries(), other.entries());
        if ours.len() != theirs.len() {
            self.differ(|| format!("{place}: {} numbers against {}", ours.len(), theirs.len()));
            return;
        }
        let before = self.differing;
        for (ours, theirs) in ours.iter().zip(&theirs) {
            self.entries(place, names, ours, theirs);
        }
        // A part that the list of entries leaves out would otherwise pass unseen.
        if one != other && self.differing == before {
            self.differ(|| format!("{place}: a part of the results that has no words"));
        }
    }

    fn entries(&mut self, place: &str, names: &Results, ours: &Entry, theirs: &Entry) {
        self.compared += 1;
        self.not_zero += u64::from(ours.value > 0 || theirs.value > 0);
        if ours != theirs {
            self.differ(|| {
                let what = place_in_words(ours, names);
                format!("{place}: {what}: {} against {}", ours.value, theirs.value)
            });
        }
    }

    /// Compares two numbers that must be the same.
    pub(super) fn numbers(&mut self, one: u64, other: u64, place: impl FnOnce() -> String) {
        self.holds(one == other, one > 0 || other > 0, || {
            format!("{}: {one} against {other}", place())
        });
    }

    /// Enters something that must hold; `told` says what is found instead.
    pub(super) fn holds(&mut self, holds: bool, counts: bool, told: impl FnOnce() -> String) {
        self.compared += 1;
        self.not_zero += u64::from(counts);
        if !holds {
            self.differ(told);
        }
    }

    fn differ(&mut self, told: impl FnOnce() -> String) {
        self.differing += 1;
        if self.first.is_none() {
            self.first = Some(told());
        }
    }

    /// Compares structures of two runs, trial by trial: each pair is a place among the structures of
    /// one and of the other. Tallies of the other pass through `changed` first.
    pub(super) fn runs(
        &mut self,
        one: &Results,
        other: &Results,
        pairs: &[(usize, usize)],
        changed: impl Fn(&Tally) -> Tally,
    ) {
        if one.trials.len() != other.trials.len() {
            self.differ(|| format!("{} trials against {}", one.trials.len(), other.trials.len()));
        }
        for (number, (ours, theirs)) in one.trials.iter().zip(&other.trials).enumerate() {
            for (mine, other) in pairs {
                let place = place(number, one, *mine);
                self.tallies(&place, one, &ours[*mine], &changed(&theirs[*other]));
            }
        }
    }

    /// How many of the numbers compared differ.
    #[cfg(test)]
    pub(super) fn differing(&self) -> u64 {
        self.differing
    }

    /// Puts another comparison beside this one; `place` says what it was about.
    pub(super) fn join(&mut self, place: &str, other: Self) {
        self.compared += other.compared;
        self.not_zero += other.not_zero;
        self.differing += other.differing;
        if self.first.is_none() {
            self.first = other.first.map(|first| format!("{place}: {first}"));
        }
    }

    /// What it comes to. Nothing but zeros shows nothing.
    pub(super) fn outcome(self) -> Outcome {
        self.outcome_with(None)
    }

    /// The same, with something else worth knowing.
    pub(super) fn outcome_with(self, note: Option<String>) -> Outcome {
        match self.first {
            Some(first) => Outcome::Fail {
                compared: self.compared,
                differing: self.differing,
                first,
            },
            None if self.not_zero == 0 => {
                Outcome::not_applicable("nothing happens in this study in so short a time")
            }
            None => Outcome::Pass {
                compared: self.compared,
                note,
            },
        }
    }
}

/// `trial 1, Local trust`.
pub(super) fn place(trial: usize, results: &Results, structure: usize) -> String {
    let name = &results.structures[structure].name;
    format!("trial {}, {name}", trial + 1)
}

/// Every structure of a run with itself.
pub(super) fn each(results: &Results) -> Vec<(usize, usize)> {
    (0..results.structures.len()).map(|it| (it, it)).collect()
}

/// Every structure of one run with the structure of the same id in another, where there is one.
pub(super) fn by_id(one: &Results, other: &Results) -> Vec<(usize, usize)> {
    let theirs = |id: &str| other.structures.iter().position(|it| it.id == id);
    let ours = one.structures.iter().enumerate();
    ours.filter_map(|(number, it)| Some((number, theirs(&it.id)?)))
        .collect()
}

/// The tally without what depends on the events that led to a history: a look at which nothing is seen
/// is an event.
pub(super) fn history(tally: &Tally) -> Tally {
    Tally {
        events: 0,
        ..tally.clone()
    }
}

/// The tally of a history whatever the kinds of its handoffs are called: all stand with the first kind.
/// What became of children under the baseline is told by the baseline's own row.
pub(super) fn without_kinds(tally: &Tally) -> Tally {
    let mut plain = history(tally);
    plain.discordance = Default::default();
    let kinds = HandoffKind::COUNT;
    let each = plain.pairs.len() / kinds;
    for number in each..plain.pairs.len() {
        let pair = std::mem::take(&mut plain.pairs[number]);
        add(&mut plain.pairs[number % each.max(1)], &pair);
    }
    let each = plain.handoff_ends.len() / kinds;
    for number in each..plain.handoff_ends.len() {
        let handoffs = std::mem::take(&mut plain.handoff_ends[number]);
        plain.handoff_ends[number % each.max(1)] += handoffs;
    }
    let part_days = plain.begun_part_days.iter().sum();
    plain.begun_part_days = [0; HandoffKind::COUNT];
    plain.begun_part_days[0] = part_days;
    plain
}

fn add(sum: &mut PairTally, pair: &PairTally) {
    for (a, b) in sum.stage_seconds.iter_mut().zip(pair.stage_seconds) {
        *a += b;
    }
    sum.started += pair.started;
    sum.begun += pair.begun;
    sum.delay_seconds += pair.delay_seconds;
    sum.lost += pair.lost;
    sum.bounced += pair.bounced;
    sum.rejected += pair.rejected;
}

/// The tally without the rows of some services, and how many numbers of theirs are not zero.
pub(super) fn without_services(tally: &Tally, unused: &[usize]) -> (Tally, u64) {
    let services = tally.services.len();
    let sources = tally.pairs.len() / HandoffKind::COUNT / services.max(1);
    let is_unused = |service: usize| unused.contains(&service);
    let of_unused = |entry: &&Entry| match entry.part {
        Part::Services => is_unused(entry.place),
        Part::ReferralsFrom => {
            is_unused(entry.place % services) || is_unused(entry.place / services)
        }
        Part::Spans => is_unused(entry.place / SPAN_DAYS % services),
        // That nobody is there is no more than that time passes.
        Part::Present(service) => is_unused(service) && entry.place > 0,
        Part::Found(service) => is_unused(service),
        Part::ServiceMonths => is_unused(entry.place % services),
        Part::Pairs => {
            is_unused(entry.place % services) || is_unused(entry.place / services % sources)
        }
        _ => false,
    };
    let entries = tally.entries();
    let busy = entries.iter().filter(of_unused).filter(|it| it.value > 0);
    let busy = busy.count() as u64;
    let mut less = tally.clone();
    less.services = kept(&tally.services, |place| !is_unused(place));
    less.referrals_from = kept(&tally.referrals_from, |place| {
        !is_unused(place % services) && !is_unused(place / services)
    });
    less.spans = kept(&tally.spans, |place| {
        !is_unused(place / SPAN_DAYS % services)
    });
    less.present = kept(&tally.present, |place| !is_unused(place));
    less.service_months = kept(&tally.service_months, |place| !is_unused(place % services));
    less.pairs = kept(&tally.pairs, |place| {
        !is_unused(place % services) && !is_unused(place / services % sources)
    });
    (less, busy)
}

fn kept<T: Clone>(all: &[T], keep: impl Fn(usize) -> bool) -> Vec<T> {
    let numbered = all.iter().enumerate();
    numbered
        .filter(|(place, _)| keep(*place))
        .map(|(_, it)| it.clone())
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::analysis::synthetic;
    use crate::measures::Count;

    fn compared(change: impl Fn(&mut Tally)) -> Outcome {
        let one = synthetic::children(2, 2, 3);
        let mut other = one.clone();
        change(&mut other.trials[1][1]);
        let mut comparison = Comparison::default();
        comparison.runs(&one, &other, &each(&one), Clone::clone);
        comparison.outcome()
    }

    #[test]
    fn equal_runs_pass_and_say_how_much_was_compared() {
        let Outcome::Pass { compared, .. } = compared(|_| ()) else {
            panic!("equal runs differ");
        };
        assert!(compared > 1_000, "{compared}");
    }

    #[test]
    fn a_doctored_tally_fails_and_is_told_in_words() {
        let outcome = compared(|tally| tally.counts[Count::Referrals.index()] += 3);
        let Outcome::Fail {
            differing, first, ..
        } = outcome
        else {
            panic!("{outcome:?}");
        };
        assert_eq!(differing, 1);
        assert!(first.starts_with("trial 2, "), "{first}");
        assert!(first.to_lowercase().contains("referrals"), "{first}");
        assert!(first.contains(" against "), "{first}");
    }

    #[test]
    fn every_doctored_number_is_found() {
        for change in [
            (|tally: &mut Tally| tally.services[0].gave_up += 1) as fn(&mut Tally),
            |tally| tally.pairs[1].stage_seconds[2] += 1,
            |tally| tally.handoff_ends[12] += 1,
            |tally| tally.needs[1].steps[1] += 1,
            |tally| tally.missed_stood[3] += 1,
            |tally| tally.months[2].harm += 1,
            |tally| tally.discordance[1][2] += 1,
            |tally| tally.events += 1,
        ] {
            let outcome = compared(change);
            assert!(
                matches!(outcome, Outcome::Fail { differing: 1, .. }),
                "{outcome:?}"
            );
        }
    }

    #[test]
    fn runs_in_which_nothing_happens_show_nothing() {
        let mut empty = synthetic::children(1, 2, 3);
        for tally in empty.trials.iter_mut().flatten() {
            *tally = Tally::new(1, 1, 1, 1);
        }
        let mut comparison = Comparison::default();
        comparison.runs(&empty, &empty, &each(&empty), Clone::clone);
        assert!(matches!(
            comparison.outcome(),
            Outcome::NotApplicable { .. }
        ));
    }

    #[test]
    fn a_missing_trial_is_a_difference() {
        let one = synthetic::children(1, 3, 3);
        let mut other = one.clone();
        other.trials.pop();
        let mut comparison = Comparison::default();
        comparison.runs(&one, &other, &each(&one), Clone::clone);
        assert!(matches!(comparison.outcome(), Outcome::Fail { .. }));
    }

    #[test]
    fn kinds_of_handoff_are_only_labels() {
        let one = &synthetic::children(1, 2, 3).trials[0][0];
        let mut other = one.clone();
        let each = other.pairs.len() / HandoffKind::COUNT;
        // The same handoffs under the name of another kind.
        for place in 0..each {
            other.pairs.swap(place, place + each);
        }
        assert_ne!(*one, other);
        assert_eq!(without_kinds(one), without_kinds(&other));
        other.pairs[each].bounced += 1;
        assert_ne!(without_kinds(one), without_kinds(&other));
    }

    #[test]
    fn rows_of_services_are_taken_out_and_what_they_held_is_told() {
        let mut tally = Tally::with_areas(3, 2, 1, 1, 1, 2);
        tally.services[1].joined = 4;
        let (less, busy) = without_services(&tally, &[0]);
        assert_eq!(
            (less.services.len(), less.services[0].joined, busy),
            (1, 4, 0)
        );
        assert_eq!(
            less.entries().len(),
            Tally::with_areas(2, 1, 1, 1, 1, 2).entries().len()
        );
        assert_eq!(without_services(&tally, &[1]).1, 1);
    }
}
