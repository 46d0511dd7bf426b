//! How each quantity is computed from a tally, pooled or of one trial.

use crate::analysis::incidence::{HORIZON, Incidence};
use crate::analysis::intervals::Sampled;
use crate::experiment::results::{Results, Tally};
use crate::measures::{Count, HandoffEnd, HandoffKind, Measure, Stage};

pub(super) const SECONDS_A_DAY: f64 = 86_400.0;
/// Seconds of a year of 365.25 days.
pub(super) const SECONDS_A_YEAR: f64 = 365.25 * SECONDS_A_DAY;

/// The value of a measure, in the unit that the measure states.
///
/// `None` where nothing was there to be measured (no handoff, no referral, no child), and for costs,
/// which follow from the scenario and not from a tally.
pub fn value(measure: &Measure, tally: &Tally) -> Option<f64> {
    use Count::*;
    let count = |what| tally.count(what) as f64;
    let per_10k = |what| per_child_year(10_000.0 * count(what), tally);
    let days_per_1_000 = |what| per_child_year(1_000.0 * count(what) / SECONDS_A_DAY, tally);
    let per_1_000_referrals = |cases: f64| ratio(1_000.0 * cases, count(Referrals));
    let per_1_000_arrivals = |cases: f64| ratio(1_000.0 * cases, count(Arrivals));
    let percent = |part, of| ratio(100.0 * count(part), count(of));
    let days = |seconds, cases| ratio(count(seconds) / SECONDS_A_DAY, count(cases));
    let newly_referred = || count(Referrals) - count(Rereferrals);
    let handoff_days = |is_counted: fn(Stage) -> bool| {
        ratio(
            stage_seconds(tally, is_counted) / SECONDS_A_DAY,
            newly_referred(),
        )
    };
    match measure.id {
        "handoffs-begun-30" => Some(100.0 * begun_by(tally, None, 30)?),
        "handoffs-begun-90" => Some(100.0 * begun_by(tally, None, 90)?),
        "handoffs-begun-180" => Some(100.0 * begun_by(tally, None, 180)?),
        "handoff-days" => days_not_begun(tally, None),
        "handoff-days-per-child" => handoff_days(|_| true),
        "seam-days-per-child" => handoff_days(|stage| !stage.is_capacity()),
        "capacity-days-per-child" => handoff_days(Stage::is_capacity),
        "known-missed" => per_10k(KnownMissed),
        "known-missed-share" => percent(KnownMissed, KnownSpells),
        "unknown-missed" => per_10k(UnknownMissed),
        "carried-over-missed" => per_10k(CarriedOverMissed),
        "unmet-known" => days_per_1_000(UnmetKnownSeconds),
        "unmet-unknown" => days_per_1_000(UnmetUnknownSeconds),
        "days-to-help" => days(SecondsToHelp, FirstHelps),
        "harm" => per_10k(Harm),
        "harm-in-seam" => per_10k(HarmInSeam),
        "handoffs" => per_1_000_referrals(count(Handoffs)),
        "bounces" => per_1_000_referrals(count(Bounces)),
        "losses" => per_1_000_referrals(count(SilentLosses) + count(DetectedLosses)),
        "found-by-chasing" => per_1_000_referrals(count(FoundByChasing)),
        "found-by-contact" => per_1_000_referrals(count(FoundByContact)),
        "found-by-harm" => per_1_000_referrals(count(FoundByHarm)),
        "found-by-lead" => per_1_000_referrals(count(FoundByLead)),
        "found-by-oversight" => per_1_000_referrals(count(FoundByOversight)),
        "rejected" => per_1_000_referrals(count(Rejected)),
        "gave-up-waiting" => per_1_000_referrals(count(GaveUp)),
        "re-referrals" => percent(Rereferrals, Referrals),
        "second-assessments" => per_1_000_referrals(count(SecondAssessments)),
        "professionals-met" => ratio(count(Professionals), newly_referred()),
        "worker-changes" => ratio(1_000.0 * count(WorkerChanges), count(HelpStarts)),
        "initial-on-time" => percent(InitialOnTime, InitialDue),
        "core-on-time" => percent(CoreOnTime, CoreDue),
        "joint-steps-complete" => {
            let complete = count(JointSteps) - count(JointStepsCutShort);
            ratio(100.0 * complete, count(JointSteps))
        }
        "closed-in-error" => per_10k(ClosedInError),
        "left-with-need" => per_10k(LeftWithNeed),
        "waiting" => waiting(tally),
        "places-in-use" => places_in_use(tally),
        "area-spread" => area_spread(tally),
        "need-spread" => need_spread(tally),
        "recorded-begun-30" => {
            let begun = Incidence::of_recorded(tally)?.share_by(HandoffEnd::Begun, 30);
            Some(100.0 * begun)
        }
        "cost-a-year" | "one-off-cost" => None,
        "days-in-system" => days(SecondsInSystem, Finished),
        "lost-cases" => per_1_000_arrivals(count(SilentLosses)),
        "gave-up" => per_1_000_arrivals(count(GaveUp)),
        "turned-away" => per_1_000_arrivals(count(TurnedAway)),
        other => unreachable!("no estimator for the measure {other}"),
    }
}

/// The largest value that a measure can take.
pub(super) fn ceiling(measure: &Measure) -> f64 {
    match (measure.id, measure.unit) {
        ("handoff-days", _) => HORIZON as f64,
        (_, "%" | "percentage points") => 100.0,
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

/// Whole seconds that begun handoffs of any kind spent in some of the stages.
fn stage_seconds(tally: &Tally, is_counted: fn(Stage) -> bool) -> f64 {
    let of_pair = |seconds: &[u64; Stage::COUNT]| -> u64 {
        let stages = Stage::ALL.iter().filter(|stage| is_counted(**stage));
        stages.map(|stage| seconds[stage.index()]).sum()
    };
    let seconds: u64 = tally
        .pairs
        .iter()
        .map(|pair| of_pair(&pair.stage_seconds))
        .sum();
    seconds as f64
}

/// Mean number on all waiting lists for 10,000 children.
fn waiting(tally: &Tally) -> Option<f64> {
    let seconds: u64 = tally
        .services
        .iter()
        .map(|service| service.queue_seconds)
        .sum();
    ratio(10_000.0 * seconds as f64, tally.child_seconds as f64)
}

/// Share of the places of all services that were in use, in percent. Unlimited places are left out.
fn places_in_use(tally: &Tally) -> Option<f64> {
    let limited = || {
        tally
            .services
            .iter()
            .filter(|service| service.place_seconds > 0)
    };
    let busy: u64 = limited().map(|service| service.occupied_seconds).sum();
    let there: u64 = limited()
        .map(|service| service.place_seconds.max(service.occupied_seconds))
        .sum();
    ratio(100.0 * busy as f64, there as f64)
}

/// Highest less lowest known missed cases per 10,000 children a year of the areas, if there are several.
fn area_spread(tally: &Tally) -> Option<f64> {
    spread(tally.areas.iter().filter_map(|area| {
        let child_years = area.child_seconds as f64 / SECONDS_A_YEAR;
        ratio(10_000.0 * area.known_missed as f64, child_years)
    }))
}

/// Highest less lowest share of known need spells missed, in percentage points, over domains.
fn need_spread(tally: &Tally) -> Option<f64> {
    spread(
        tally
            .needs
            .iter()
            .filter_map(|need| ratio(100.0 * need.known_missed as f64, need.known_spells as f64)),
    )
}

/// Highest less lowest of two values or more.
fn spread(values: impl Iterator<Item = f64>) -> Option<f64> {
    let values: Vec<f64> = values.collect();
    let high = values.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    let low = values.iter().copied().fold(f64::INFINITY, f64::min);
    (values.len() > 1).then_some(high - low)
}

/// So much for each child and year.
fn per_child_year(amount: f64, tally: &Tally) -> Option<f64> {
    ratio(amount, child_years(tally))
}

/// Years that children were present, in all.
pub(super) fn child_years(tally: &Tally) -> f64 {
    tally.child_seconds as f64 / SECONDS_A_YEAR
}

/// Cases of a network lost, given up or turned away, per 1,000 arrivals.
pub(super) fn network_missed(tally: &Tally) -> Option<f64> {
    let cases = tally.count(Count::SilentLosses)
        + tally.count(Count::GaveUp)
        + tally.count(Count::TurnedAway);
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
        let sampled = self.sample_all(|tally| quantities(tally).to_vec());
        sampled
            .try_into()
            .expect("as many quantities come out as went in")
    }

    /// The same for a list of quantities, as long for every tally.
    pub(super) fn sample_all(
        &self,
        quantities: impl Fn(&Tally) -> Vec<Option<f64>>,
    ) -> Vec<Sampled> {
        let mut sampled: Vec<Sampled> = quantities(&self.pooled)
            .into_iter()
            .map(|pooled| Sampled {
                pooled,
                by_trial: Vec::with_capacity(self.trials.len()),
                left_out: Vec::with_capacity(self.trials.len()),
            })
            .collect();
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

    /// A ratio of two counts of the tallies.
    pub(super) fn ratio(
        &self,
        above: impl Fn(&Tally) -> u64,
        below: impl Fn(&Tally) -> u64,
        factor: f64,
    ) -> Sampled {
        let of = |count: &dyn Fn(&Tally) -> u64| -> Vec<u64> {
            self.trials.iter().map(|tally| count(tally)).collect()
        };
        Sampled::of_ratio(&of(&above), &of(&below), factor)
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
        let mut tally = Tally::with_areas(1, 2, 3, 1, 3, 0);
        for (what, count) in [
            (Count::Referrals, 4_000),
            (Count::Bounces, 100),
            (Count::SilentLosses, 30),
            (Count::DetectedLosses, 50),
            (Count::KnownMissed, 90),
            (Count::SecondsToHelp, 864_000),
            (Count::FirstHelps, 4),
            (Count::Arrivals, 1_000),
            (Count::Rereferrals, 800),
            (Count::KnownSpells, 360),
            (Count::UnmetKnownSeconds, 15 * 86_400),
            (Count::JointSteps, 40),
            (Count::JointStepsCutShort, 4),
            (Count::Professionals, 8_000),
            (Count::InitialDue, 10),
            (Count::InitialOnTime, 7),
            (Count::FoundByLead, 16),
            (Count::LeftWithNeed, 6),
            (Count::WorkerChanges, 3),
            (Count::HelpStarts, 60),
        ] {
            tally.counts[what.index()] = count;
        }
        // 20,000 children for a year and a half.
        tally.child_seconds = (20_000.0 * 1.5 * 365.25 * 86_400.0) as u64;
        tally.pairs[0].stage_seconds[Stage::Place.index()] = 9_600 * 86_400;
        tally.pairs[0].stage_seconds[Stage::Transit.index()] = 6_400 * 86_400;
        // 40 children waiting all the time; 8 of 10 places in use; unlimited places count nowhere.
        tally.services[0].queue_seconds = tally.child_seconds / 500;
        tally.services[0].occupied_seconds = 8_000;
        tally.services[0].place_seconds = 10_000;
        tally.services[1].occupied_seconds = 5_000;
        // Rates of 24 and 36 in two areas; nobody lives in the third.
        for (area, missed) in tally.areas.iter_mut().zip([36, 54, 0]) {
            area.known_missed = missed;
            area.child_seconds = if missed > 0 {
                tally.child_seconds / 2
            } else {
                0
            };
        }
        for (need, (missed, spells)) in tally.needs.iter_mut().zip([(30, 100), (60, 400), (0, 0)]) {
            need.known_missed = missed;
            need.known_spells = spells;
        }
        for (id, expected) in [
            ("bounces", 25.0),
            ("losses", 20.0),
            ("known-missed", 30.0),
            ("days-to-help", 2.5),
            ("lost-cases", 30.0),
            ("known-missed-share", 25.0),
            ("unmet-known", 0.5),
            ("re-referrals", 20.0),
            ("joint-steps-complete", 90.0),
            ("professionals-met", 2.5),
            ("initial-on-time", 70.0),
            ("found-by-lead", 4.0),
            ("left-with-need", 2.0),
            ("worker-changes", 50.0),
            // 3,200 children newly referred.
            ("handoff-days-per-child", 5.0),
            ("seam-days-per-child", 2.0),
            ("capacity-days-per-child", 3.0),
            ("waiting", 20.0),
            ("places-in-use", 80.0),
            ("area-spread", 12.0),
            ("need-spread", 15.0),
        ] {
            let measure = MEASURES.iter().find(|measure| measure.id == id).unwrap();
            let found = value(measure, &tally).unwrap();
            assert!((found - expected).abs() < 1e-9, "{id}: {found}");
        }
    }

    #[test]
    fn one_area_has_no_spread_between_areas() {
        let mut tally = Tally::with_areas(1, 1, 1, 1, 1, 0);
        tally.areas[0].child_seconds = 1;
        let measure = MEASURES.iter().find(|measure| measure.id == "area-spread");
        assert_eq!(value(measure.unwrap(), &tally), None);
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
