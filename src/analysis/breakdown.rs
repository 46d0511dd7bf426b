//! Breakdowns beside the headline measures: handoffs by kind, delays by stage and pair, services,
//! and plain counts. Means over trials, without intervals but for the kinds of handoff.

use crate::analysis::incidence::{HORIZON, Incidence};
use crate::analysis::intervals::Estimate;
use crate::analysis::quantities::{Pool, begun_by, child_years, days_not_begun, ratio};
use crate::experiment::results::{PairTally, Results, ServiceTally};
use crate::measures::{Count, HandoffEnd, HandoffKind, IntervalMethod, Stage};
use crate::units::Days;

const SECONDS_A_DAY: f64 = 86_400.0;

/// Days by which the share of begun handoffs is told.
pub const BEGUN_BY: [usize; 3] = [30, 90, 180];

/// How the handoffs of one structure ended, of one kind or of all.
#[derive(Debug, Clone, PartialEq)]
pub struct Handoffs {
    /// The structure's place in the summary.
    pub structure: usize,
    /// The kind; `None` is all of them.
    pub kind: Option<HandoffKind>,
    /// Handoffs a year, mean over trials.
    pub per_year: f64,
    /// Share begun by each day of [`BEGUN_BY`], 0 to 1.
    pub begun_by: [Option<Estimate>; BEGUN_BY.len()],
    /// Restricted mean days not begun.
    pub days_not_begun: Option<Estimate>,
    /// Share of each end by the horizon, by [`HandoffEnd`]; empty without handoffs.
    pub ends: Vec<f64>,
    /// Share not begun by day, from 0 to the horizon; empty without handoffs.
    pub not_begun: Vec<f64>,
    /// Share with each end by day, from 0 to the horizon, by [`HandoffEnd`]; empty without handoffs.
    pub by_day: Vec<[f64; HandoffEnd::COUNT]>,
}

/// Handoffs of one structure, all and by kind.
pub(super) fn handoffs(pool: &Pool, structure: usize, years: f64) -> Vec<Handoffs> {
    std::iter::once(None)
        .chain(HandoffKind::ALL.iter().copied().map(Some))
        .map(|kind| {
            let incidence = Incidence::of(&pool.pooled, kind);
            let [by_30, by_90, by_180, days] = pool.sample(|tally| {
                let [first, second, third] = BEGUN_BY.map(|day| begun_by(tally, kind, day));
                [first, second, third, days_not_begun(tally, kind)]
            });
            let of_handoffs = incidence.as_ref().map_or(0, Incidence::handoffs);
            Handoffs {
                structure,
                kind,
                per_year: of_handoffs as f64 / years,
                begun_by: [by_30, by_90, by_180]
                    .map(|sampled| sampled.estimate(IntervalMethod::Jackknife, 1.0)),
                days_not_begun: days.estimate(IntervalMethod::Jackknife, HORIZON as f64),
                ends: incidence.as_ref().map_or_else(Vec::new, |incidence| {
                    HandoffEnd::ALL
                        .iter()
                        .map(|end| incidence.share_by(*end, HORIZON))
                        .collect()
                }),
                not_begun: incidence
                    .as_ref()
                    .map_or_else(Vec::new, Incidence::not_begun),
                by_day: incidence.as_ref().map_or_else(Vec::new, Incidence::by_day),
            }
        })
        .collect()
}

/// Handoffs of one kind from one end to another under one structure, by stage.
#[derive(Debug, Clone, PartialEq)]
pub struct Delays {
    /// The structure's place in the summary.
    pub structure: usize,
    /// The kind.
    pub kind: HandoffKind,
    /// Place of the sender among the sources.
    pub from: usize,
    /// Place of the receiver among the services.
    pub to: usize,
    /// Handoffs a year, mean over trials: started, begun, lost, bounced and rejected.
    pub per_year: PairRates,
    /// Mean days that a begun handoff spent in each stage, by [`Stage`]; empty if none was begun.
    pub stage_days: Vec<f64>,
}

impl Delays {
    /// Mean days of a begun handoff; `None` if none was begun.
    pub fn days(&self) -> Option<f64> {
        (!self.stage_days.is_empty()).then(|| self.stage_days.iter().sum())
    }
}

/// Handoffs a year of one pair, mean over trials.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct PairRates {
    /// Started.
    pub started: f64,
    /// Begun.
    pub begun: f64,
    /// Lost silently.
    pub lost: f64,
    /// Sent back or passed on.
    pub bounced: f64,
    /// Rejected.
    pub rejected: f64,
}

/// Delays of one structure by kind, pair and stage; pairs without a handoff are left out.
///
/// # Panics
///
/// When the stages of a pair do not add up to its delay: a fault in the simulation.
pub(super) fn delays(pool: &Pool, structure: usize, results: &Results, years: f64) -> Vec<Delays> {
    let mut found = Vec::new();
    for kind in HandoffKind::ALL {
        for from in 0..results.sources.len() {
            for to in 0..results.services.len() {
                let pair = pool.pooled.pair(*kind, from, to);
                assert!(
                    pair.stage_seconds.iter().sum::<u64>() == pair.delay_seconds,
                    "the stages of handoffs add up to their delay"
                );
                if *pair != PairTally::default() {
                    found.push(of_pair(pair, structure, *kind, (from, to), years));
                }
            }
        }
    }
    found
}

fn of_pair(
    pair: &PairTally,
    structure: usize,
    kind: HandoffKind,
    (from, to): (usize, usize),
    years: f64,
) -> Delays {
    let rate = |count: u64| count as f64 / years;
    let days = |seconds: &u64| ratio(*seconds as f64 / SECONDS_A_DAY, pair.begun as f64);
    Delays {
        structure,
        kind,
        from,
        to,
        per_year: PairRates {
            started: rate(pair.started),
            begun: rate(pair.begun),
            lost: rate(pair.lost),
            bounced: rate(pair.bounced),
            rejected: rate(pair.rejected),
        },
        stage_days: pair.stage_seconds.iter().filter_map(days).collect(),
    }
}

/// Mean days of a stage over all begun handoffs of one structure.
pub(super) fn stage_days(pool: &Pool) -> Vec<f64> {
    let begun: u64 = pool.pooled.pairs.iter().map(|pair| pair.begun).sum();
    Stage::ALL
        .iter()
        .filter_map(|stage| {
            let seconds: u64 = pool
                .pooled
                .pairs
                .iter()
                .map(|pair| pair.stage_seconds[stage.index()])
                .sum();
            ratio(seconds as f64 / SECONDS_A_DAY, begun as f64)
        })
        .collect()
}

/// What one service did under one structure, all areas together, mean over trials.
#[derive(Debug, Clone, PartialEq)]
pub struct ServiceLoad {
    /// The structure's place in the summary.
    pub structure: usize,
    /// The service's place in the summary.
    pub service: usize,
    /// Referrals by sources a year, and those within 12 months of an earlier one.
    pub referrals: f64,
    /// Referrals within 12 months of an earlier one, a year.
    pub rereferrals: f64,
    /// Referrals accepted at screening, a year.
    pub accepted: f64,
    /// Initial assessments completed a year.
    pub initial_assessments: f64,
    /// Core assessments completed a year.
    pub core_assessments: f64,
    /// Joined the waiting list, a year.
    pub joined: f64,
    /// Began to be served, a year.
    pub started: f64,
    /// Ended being served, a year.
    pub ended: f64,
    /// Gave up waiting, a year.
    pub gave_up: f64,
    /// Turned away because the waiting room was full, a year.
    pub turned_away: f64,
    /// Mean days waited by those who began.
    pub wait_days: Option<f64>,
    /// Mean number waiting.
    pub waiting: f64,
    /// Mean number served.
    pub served: f64,
    /// Being served at the end of the study.
    pub served_at_end: f64,
    /// Share of places in use; `None` where places are unlimited.
    pub places_in_use: Option<f64>,
    /// Share of screening time in use.
    pub screening_in_use: Option<f64>,
    /// Share of assessment places in use.
    pub assessment_in_use: Option<f64>,
}

/// The load of each service under one structure. `years` are of all trials together.
pub(super) fn services(pool: &Pool, structure: usize, years: f64) -> Vec<ServiceLoad> {
    let seconds = years * Days::YEAR.get() * SECONDS_A_DAY;
    let trials = pool.trials.len() as f64;
    pool.pooled
        .services
        .iter()
        .enumerate()
        .map(|(service, tally)| load(tally, (structure, service), years, seconds, trials))
        .collect()
}

fn load(
    tally: &ServiceTally,
    (structure, service): (usize, usize),
    years: f64,
    seconds: f64,
    trials: f64,
) -> ServiceLoad {
    let rate = |count: u64| count as f64 / years;
    // Work that runs on after places fall keeps the share at 1 at most.
    let in_use = |busy: u64, there: u64| (there > 0).then(|| busy as f64 / busy.max(there) as f64);
    ServiceLoad {
        structure,
        service,
        referrals: rate(tally.referrals),
        rereferrals: rate(tally.rereferrals),
        accepted: rate(tally.accepted),
        initial_assessments: rate(tally.initial_assessments),
        core_assessments: rate(tally.core_assessments),
        joined: rate(tally.joined),
        started: rate(tally.started),
        ended: rate(tally.ended),
        gave_up: rate(tally.gave_up),
        turned_away: rate(tally.turned_away),
        wait_days: ratio(
            tally.waited_seconds as f64 / SECONDS_A_DAY,
            tally.started as f64,
        ),
        waiting: tally.queue_seconds as f64 / seconds,
        served: tally.occupied_seconds as f64 / seconds,
        served_at_end: tally.stock as f64 / trials,
        places_in_use: in_use(tally.occupied_seconds, tally.place_seconds),
        screening_in_use: in_use(tally.screening_busy, tally.screening_seconds),
        assessment_in_use: in_use(tally.assessment_busy, tally.assessment_seconds),
    }
}

/// One service in one month under one structure, all areas together, mean over trials.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct ServiceMonthLoad {
    /// The structure's place in the summary.
    pub structure: usize,
    /// The month since decision day, the first at 0.
    pub month: usize,
    /// The service's place in the summary.
    pub service: usize,
    /// Mean number served.
    pub served: f64,
    /// Mean number of places; `None` where they are unlimited.
    pub places: Option<f64>,
    /// Share of places in use, 0 to 1; work that runs on after places fall keeps it at 1. `None` where
    /// they are unlimited.
    pub in_use: Option<f64>,
    /// Mean number waiting.
    pub waiting: f64,
}

/// Every service of one structure by month; none where tallies hold no months.
pub(super) fn service_months(
    pool: &Pool,
    structure: usize,
    observed: Days,
) -> Vec<ServiceMonthLoad> {
    let services = pool.pooled.services.len().max(1);
    let trials = pool.trials.len() as f64;
    pool.pooled
        .service_months
        .iter()
        .enumerate()
        .map(|(place, tally)| {
            let (month, service) = (place / services, place % services);
            let start = month as f64 * Days::MONTH.get();
            // The last may be part of a month.
            let days = Days::MONTH.get().min(observed.get() - start);
            let mean = |seconds: u64| seconds as f64 / (days * SECONDS_A_DAY * trials);
            ServiceMonthLoad {
                structure,
                month,
                service,
                served: mean(tally.occupied_seconds),
                places: (tally.place_seconds > 0).then(|| mean(tally.place_seconds)),
                in_use: (tally.place_seconds > 0).then(|| {
                    let busy = tally.occupied_seconds;
                    busy as f64 / busy.max(tally.place_seconds) as f64
                }),
                waiting: mean(tally.queue_seconds),
            }
        })
        .collect()
}

/// How often something was counted under one structure.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Counted {
    /// The structure's place in the summary.
    pub structure: usize,
    /// What was counted.
    pub what: Count,
    /// Times a year, mean over trials.
    pub per_year: f64,
    /// Times a year for 10,000 children; `None` in a network study.
    pub per_10k_children: Option<f64>,
}

/// All plain counts of one structure; sums of seconds are left out.
pub(super) fn counts(pool: &Pool, structure: usize, years: f64) -> Vec<Counted> {
    Count::ALL
        .iter()
        .filter(|what| {
            !matches!(
                what,
                Count::SecondsToHelp
                    | Count::SecondsInSystem
                    | Count::UnmetKnownSeconds
                    | Count::UnmetUnknownSeconds
            )
        })
        .map(|what| {
            let count = pool.pooled.count(*what) as f64;
            Counted {
                structure,
                what: *what,
                per_year: count / years,
                per_10k_children: ratio(10_000.0 * count, child_years(&pool.pooled)),
            }
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::analysis::synthetic;
    use crate::experiment::results::Tally;

    #[test]
    fn shares_of_ends_add_up_for_every_kind() {
        let results = synthetic::children(1, 3, 9);
        let pool = Pool::of(&results, 0);
        for handoffs in handoffs(&pool, 0, 15.0) {
            let ended: f64 = handoffs.ends.iter().sum();
            assert!(ended <= 1.0 + 1e-12);
            assert!((handoffs.not_begun[HORIZON] - 1.0 + handoffs.ends[0]).abs() < 1e-12);
        }
    }

    #[test]
    fn a_service_with_unlimited_places_has_no_share_in_use() {
        let tally = ServiceTally {
            occupied_seconds: 86_400 * 365,
            started: 2,
            waited_seconds: 86_400,
            ..ServiceTally::default()
        };
        let load = load(&tally, (0, 0), 1.0, 86_400.0 * 365.0, 1.0);
        assert_eq!(load.places_in_use, None);
        assert!((load.served - 1.0).abs() < 1e-12);
        assert!((load.wait_days.unwrap() - 0.5).abs() < 1e-12);
    }

    #[test]
    fn the_last_month_is_as_long_as_it_was_observed() {
        let mut tally = Tally::with_areas(1, 2, 0, 1, 0, 2);
        tally.service_months[3].occupied_seconds = 5 * 864_000;
        tally.service_months[3].place_seconds = 8 * 864_000;
        let pool = Pool {
            pooled: tally.clone(),
            trials: vec![&tally],
        };
        let observed = Days::try_from(Days::MONTH.get() + 10.0).unwrap();
        let found = service_months(&pool, 0, observed);
        assert_eq!(found.len(), 4);
        assert_eq!((found[3].month, found[3].service), (1, 1));
        assert!((found[3].served - 5.0).abs() < 1e-9);
        assert!((found[3].places.unwrap() - 8.0).abs() < 1e-9);
        assert!((found[3].in_use.unwrap() - 0.625).abs() < 1e-9);
        assert_eq!(found[2].places, None);
    }

    #[test]
    #[should_panic(expected = "add up to their delay")]
    fn stages_that_do_not_add_up_are_a_fault() {
        let mut results = synthetic::children(1, 2, 9);
        results.trials[0][0].pairs[0].delay_seconds += 1;
        delays(&Pool::of(&results, 0), 0, &results, 10.0);
    }
}
