//! How each quantity is computed from a tally, pooled or of one trial.

use crate::analysis::incidence::{HORIZON, Incidence};
use crate::analysis::intervals::Sampled;
use crate::experiment::results::{Results, Tally};
use crate::measures::{Count, HandoffEnd, HandoffKind, Measure};
use crate::units::Days;

const SECONDS_A_DAY: f64 = 86_400.0;

/// The value of a headline measure, in the unit that the measure states.
///
/// `None` where nothing was there to be measured: no handoff, no referral, no child.
pub fn value(measure: &Measure, tally: &Tally) -> Option<f64> {
    let count = |what| tally.count(what) as f64;
    let per_1_000_referrals = |cases: f64| ratio(1_000.0 * cases, count(Count::Referrals));
    let per_1_000_arrivals = |cases: f64| ratio(1_000.0 * cases, count(Count::Arrivals));
    let days = |seconds, cases| ratio(count(seconds) / SECONDS_A_DAY, count(cases));
    match measure.id {
        "handoffs-begun-30" => Some(100.0 * begun_by(tally, None, 30)?),
        "handoffs-begun-90" => Some(100.0 * begun_by(tally, None, 90)?),
        "handoff-days" => days_not_begun(tally, None),
        "known-missed" => known_missed(tally),
        "days-to-help" => days(Count::SecondsToHelp, Count::FirstHelps),
        "handoffs" => per_1_000_referrals(count(Count::Handoffs)),
        "bounces" => per_1_000_referrals(count(Count::Bounces)),
        "losses" => per_1_000_referrals(count(Count::SilentLosses) + count(Count::DetectedLosses)),
        "days-in-system" => days(Count::SecondsInSystem, Count::Finished),
        "lost-cases" => per_1_000_arrivals(count(Count::SilentLosses)),
        "gave-up" => per_1_000_arrivals(count(Count::GaveUp)),
        other => unreachable!("no estimator for the measure {other}"),
    }
}

/// The largest value that a measure can take.
pub(super) fn ceiling(measure: &Measure) -> f64 {
    match measure.id {
        "handoffs-begun-30" | "handoffs-begun-90" => 100.0,
        "handoff-days" => HORIZON as f64,
        _ => f64::INFINITY,
    }
}

/// Share of handoffs begun by a day, 0 to 1.
pub(super) fn begun_by(tally: &Tally, kind: Option<HandoffKind>, day: usize) -> Option<f64> {
    Some(Incidence::of(tally, kind)?.share_by(HandoffEnd::Begun, day))
}

/// Restricted mean days in which a handoff is not begun.
pub(super) fn days_not_begun(tally: &Tally, kind: Option<HandoffKind>) -> Option<f64> {
    Some(Incidence::of(tally, kind)?.days_not_begun())
}

/// Known missed cases per 10,000 children a year.
fn known_missed(tally: &Tally) -> Option<f64> {
    let cases = tally.count(Count::KnownMissed) as f64;
    ratio(10_000.0 * cases, child_years(tally))
}

/// Years that children were present, in all.
pub(super) fn child_years(tally: &Tally) -> f64 {
    tally.child_seconds as f64 / (SECONDS_A_DAY * Days::YEAR.get())
}

/// Cases of a network lost or given up, per 1,000 arrivals.
pub(super) fn network_missed(tally: &Tally) -> Option<f64> {
    let cases = tally.count(Count::SilentLosses) + tally.count(Count::GaveUp);
    ratio(1_000.0 * cases as f64, tally.count(Count::Arrivals) as f64)
}

/// One number over another, where the other is not zero.
pub(super) fn ratio(above: f64, below: f64) -> Option<f64> {
    (below > 0.0).then(|| above / below)
}

/// The tallies of one structure, in a form from which any quantity can be sampled.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Pool<'a> {
    /// Of all trials together.
    pub pooled: Tally,
    /// Of each trial.
    pub trials: Vec<&'a Tally>,
}

impl<'a> Pool<'a> {
    /// The pool of the structure that stands at this place in the results.
    ///
    /// # Panics
    ///
    /// When the results hold no trial.
    pub(super) fn of(results: &'a Results, structure: usize) -> Self {
        let trials: Vec<&Tally> = results
            .trials
            .iter()
            .map(|trial| &trial[structure])
            .collect();
        let (first, rest) = trials
            .split_first()
            .expect("a run has at least one trial by its checks");
        let mut pooled = Tally::clone(first);
        for tally in rest {
            pooled.add(tally);
        }
        Self { pooled, trials }
    }

    /// Several quantities at once, over all trials, each and all but each.
    pub(super) fn sample<const N: usize>(
        &self,
        quantities: impl Fn(&Tally) -> [Option<f64>; N],
    ) -> [Sampled; N] {
        let mut sampled = quantities(&self.pooled).map(|pooled| Sampled {
            pooled,
            by_trial: Vec::with_capacity(self.trials.len()),
            left_out: Vec::with_capacity(self.trials.len()),
        });
        let mut others = self.pooled.clone();
        for tally in &self.trials {
            // Tallies are integers, so taking one away and putting it back is exact.
            others.subtract(tally);
            let one = quantities(tally);
            let left_out = quantities(&others);
            others.add(tally);
            for ((sampled, one), left_out) in sampled.iter_mut().zip(one).zip(left_out) {
                sampled.by_trial.push(one);
                sampled.left_out.push(left_out);
            }
        }
        sampled
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::analysis::synthetic;
    use crate::measures::MEASURES;

    #[test]
    fn every_measure_has_an_estimator() {
        let tally = Tally::new(1, 1, 0, 1);
        for measure in MEASURES {
            assert_eq!(value(measure, &tally), None, "{}", measure.id);
        }
    }

    #[test]
    fn rates_are_in_the_units_that_the_measures_state() {
        let mut tally = Tally::new(1, 1, 0, 1);
        for (what, count) in [
            (Count::Referrals, 4_000),
            (Count::Bounces, 100),
            (Count::SilentLosses, 30),
            (Count::DetectedLosses, 50),
            (Count::KnownMissed, 90),
            (Count::SecondsToHelp, 864_000),
            (Count::FirstHelps, 4),
            (Count::Arrivals, 1_000),
        ] {
            tally.counts[what.index()] = count;
        }
        // 20,000 children for a year and a half.
        tally.child_seconds = (20_000.0 * 1.5 * 365.25 * 86_400.0) as u64;
        for (id, expected) in [
            ("bounces", 25.0),
            ("losses", 20.0),
            ("known-missed", 30.0),
            ("days-to-help", 2.5),
            ("lost-cases", 30.0),
        ] {
            let measure = MEASURES.iter().find(|measure| measure.id == id).unwrap();
            let found = value(measure, &tally).unwrap();
            assert!((found - expected).abs() < 1e-9, "{id}: {found}");
        }
    }

    #[test]
    fn a_pool_without_a_trial_is_the_sum_of_the_others() {
        let results = synthetic::children(2, 4, 1);
        let pool = Pool::of(&results, 1);
        let [sampled] = pool.sample(|tally| [Some(tally.count(Count::Referrals) as f64)]);
        let total = sampled.pooled.unwrap();
        for (one, others) in sampled.by_trial.iter().zip(&sampled.left_out) {
            assert!((one.unwrap() + others.unwrap() - total).abs() < 0.5);
        }
    }
}
