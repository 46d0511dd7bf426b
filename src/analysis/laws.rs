//! Laws that every tally obeys: months, needs and areas add up to the totals.
//!
//! A part that a tally does not keep has nothing to add up: a network tells no months, needs or areas apart.

use crate::experiment::results::{AreaTally, MonthTally, NeedTally, Tally};
use crate::measures::{Count, Step};

/// Holds a tally against itself.
///
/// # Panics
///
/// When parts do not add up to their total: a fault in the simulation.
pub(super) fn check(tally: &Tally) {
    if let Some(sum) = sums(tally).iter().find(|sum| !sum.holds()) {
        panic!("{}", sum.told());
    }
}

/// Parts of a tally and the total that they add up to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Sum {
    /// The parts: `months`.
    pub parts: &'static str,
    /// What they are parts of: `referrals`.
    pub what: &'static str,
    /// The parts together.
    pub sum: u64,
    /// The total.
    pub total: u64,
}

impl Sum {
    /// Do the parts add up?
    pub fn holds(&self) -> bool {
        self.sum == self.total
    }

    /// What the parts add up to, as a sentence.
    pub fn told(&self) -> String {
        let Self {
            parts,
            what,
            sum,
            total,
        } = self;
        format!("the {what} of the {parts} add up to {sum}, not to the total of {total}")
    }
}

/// Every sum of parts that a tally keeps.
pub fn sums(tally: &Tally) -> Vec<Sum> {
    let mut all = Vec::new();
    let mut holds = |parts, what, each: Vec<u64>, total| {
        // A part that a tally does not keep has nothing to add up.
        if !each.is_empty() {
            all.push(Sum {
                parts,
                what,
                sum: each.iter().sum(),
                total,
            });
        }
    };
    let count = |what| tally.count(what);
    let losses = count(Count::SilentLosses) + count(Count::DetectedLosses);
    let unmet_known = count(Count::UnmetKnownSeconds);
    let unmet = unmet_known + count(Count::UnmetUnknownSeconds);
    type OfMonth = fn(&MonthTally) -> u64;
    let months: [(&str, OfMonth, u64); 8] = [
        (
            "referrals",
            |month| month.referrals,
            count(Count::Referrals),
        ),
        ("handoffs", |month| month.handoffs, count(Count::Handoffs)),
        ("losses", |month| month.losses, losses),
        (
            "known missed cases",
            |month| month.known_missed,
            count(Count::KnownMissed),
        ),
        (
            "unknown missed cases",
            |month| month.unknown_missed,
            count(Count::UnknownMissed),
        ),
        ("harm events", |month| month.harm, count(Count::Harm)),
        (
            "starts of help",
            |month| month.help_starts,
            count(Count::HelpStarts),
        ),
        (
            "unmet seconds",
            |month| month.unmet_known_seconds,
            unmet_known,
        ),
    ];
    for (what, pick, total) in months {
        holds(
            "months",
            what,
            tally.months.iter().map(pick).collect(),
            total,
        );
    }
    type OfNeed = fn(&NeedTally) -> u64;
    let needs: [(&str, OfNeed, u64); 5] = [
        (
            "known need spells",
            |need| need.known_spells,
            count(Count::KnownSpells),
        ),
        (
            "known missed cases",
            |need| need.known_missed,
            count(Count::KnownMissed),
        ),
        (
            "unknown missed cases",
            |need| need.unknown_missed,
            count(Count::UnknownMissed),
        ),
        ("unmet seconds", |need| need.unmet_seconds, unmet),
        (
            "need spells",
            |need| need.steps[Step::Needed.index()],
            count(Count::Spells),
        ),
    ];
    for (what, pick, total) in needs {
        holds("needs", what, tally.needs.iter().map(pick).collect(), total);
    }
    type OfArea = fn(&AreaTally) -> u64;
    let areas: [(&str, OfArea, u64); 5] = [
        (
            "child seconds",
            |area| area.child_seconds,
            tally.child_seconds,
        ),
        ("referrals", |area| area.referrals, count(Count::Referrals)),
        ("handoffs", |area| area.handoffs, count(Count::Handoffs)),
        (
            "known missed cases",
            |area| area.known_missed,
            count(Count::KnownMissed),
        ),
        (
            "unmet seconds",
            |area| area.unmet_known_seconds,
            unmet_known,
        ),
    ];
    for (what, pick, total) in areas {
        holds("areas", what, tally.areas.iter().map(pick).collect(), total);
    }
    for case in &tally.cases {
        let first = case.occasions.iter().map(|it| it.first_help).collect();
        let helped = case.reached[Step::Helped.index()];
        holds("occasions", "first starts of help", first, helped);
        for occasion in &case.occasions {
            let met = occasion.reached[Step::Needed.index()];
            holds("fates", "children met", occasion.fates.to_vec(), met);
        }
    }
    all
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::analysis::synthetic;

    #[test]
    fn a_tally_that_adds_up_passes() {
        for trial in synthetic::children(2, 2, 3).trials {
            trial.iter().for_each(check);
        }
        check(&Tally::new(1, 1, 1, 1));
    }

    fn broken(change: impl Fn(&mut Tally)) {
        let mut results = synthetic::children(1, 2, 3);
        change(&mut results.trials[0][0]);
        check(&results.trials[0][0]);
    }

    #[test]
    #[should_panic(expected = "known missed cases of the months")]
    fn months_that_do_not_add_up_are_a_fault() {
        broken(|tally| tally.months[3].known_missed += 1);
    }

    #[test]
    #[should_panic(expected = "need spells of the needs")]
    fn needs_that_do_not_add_up_are_a_fault() {
        broken(|tally| tally.needs[1].steps[0] += 1);
    }

    #[test]
    #[should_panic(expected = "handoffs of the areas add up to 0")]
    fn parts_that_are_all_zero_are_a_fault_as_well() {
        broken(|tally| {
            for area in &mut tally.areas {
                area.handoffs = 0;
            }
        });
    }

    #[test]
    #[should_panic(expected = "referrals of the areas")]
    fn areas_that_do_not_add_up_are_a_fault() {
        broken(|tally| tally.areas[1].referrals -= 1);
    }
}
