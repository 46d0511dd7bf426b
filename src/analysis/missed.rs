//! Missed cases by cause, twice: where a case stood when its grace ran out, and where the time of
//! its grace went. Each account adds up to the total.

use crate::analysis::intervals::Estimate;
use crate::analysis::quantities::Pool;
use crate::experiment::results::{Named, Tally};
use crate::measures::{Count, Standing};

/// Missed cases of one structure.
#[derive(Debug, Clone, PartialEq)]
pub struct MissedCases {
    /// All of them, in the unit of the summary's [`crate::analysis::Summary::missed_unit`].
    pub total: Option<Estimate>,
    /// By cause, in the order of [`Standing::ALL`]; causes of no case at all are left out.
    pub causes: Vec<Cause>,
    /// By need and cause; none in a network study.
    pub by_need: Vec<NeedCauses>,
}

impl MissedCases {
    /// Where most cases stood, if there were any.
    pub fn largest(&self) -> Option<&Cause> {
        self.causes
            .iter()
            .filter(|cause| cause.stood > 0.0)
            .reduce(|largest, cause| {
                if cause.stood > largest.stood {
                    cause
                } else {
                    largest
                }
            })
    }
}

/// One cause in both accounts.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Cause {
    /// Where the cases stood, or the time was spent.
    pub standing: Standing,
    /// Cases that stood there when grace ran out, in the unit of the total.
    pub stood: f64,
    /// The part of the total that this standing has by its share of the time of grace; `None` in a
    /// network study, where nothing runs out.
    pub time: Option<f64>,
}

/// The causes of missed cases of one need.
#[derive(Debug, Clone, PartialEq)]
pub struct NeedCauses {
    /// The need.
    pub need: Named,
    /// Its causes, as above.
    pub causes: Vec<Cause>,
}

/// Known missed cases of children by cause and need.
///
/// The time of grace is shared out within each need, so that a need with a long grace does not
/// outweigh one with a short grace: each missed case counts once.
///
/// # Panics
///
/// When the causes in a tally do not add up to its missed cases: a fault in the simulation.
pub(super) fn of_children(pool: &Pool, needs: &[Named], total: Option<Estimate>) -> MissedCases {
    let tally = &pool.pooled;
    let cases: u64 = tally.missed_stood.iter().sum();
    assert!(
        cases == tally.count(Count::KnownMissed),
        "the causes of missed cases add up to their number"
    );
    let unit = total.map_or(0.0, |total| total.value) / (cases.max(1) as f64);
    let by_need: Vec<NeedCauses> = needs
        .iter()
        .enumerate()
        .map(|(place, need)| NeedCauses {
            need: need.clone(),
            causes: causes_of_need(tally, place, unit),
        })
        .collect();
    let causes = Standing::ALL
        .iter()
        .map(|standing| {
            let each = || {
                by_need
                    .iter()
                    .flat_map(|need| &need.causes)
                    .filter(|cause| cause.standing == *standing)
            };
            Cause {
                standing: *standing,
                stood: each().map(|cause| cause.stood).sum(),
                time: Some(each().filter_map(|cause| cause.time).sum()),
            }
        })
        .filter(|cause| cause.stood > 0.0 || cause.time > Some(0.0))
        .collect();
    MissedCases {
        total,
        causes,
        by_need,
    }
}

fn causes_of_need(tally: &Tally, need: usize, unit: f64) -> Vec<Cause> {
    let of_need = need * Standing::COUNT..(need + 1) * Standing::COUNT;
    let stood = &tally.missed_stood[of_need.clone()];
    let seconds = &tally.missed_seconds[of_need];
    let cases = stood.iter().sum::<u64>() as f64 * unit;
    let time = seconds.iter().sum::<u64>() as f64;
    Standing::ALL
        .iter()
        .map(|standing| {
            let stood = stood[standing.index()] as f64 * unit;
            Cause {
                standing: *standing,
                stood,
                // A grace of no length has no time to share out: the case is where it stood.
                time: Some(if time > 0.0 {
                    cases * seconds[standing.index()] as f64 / time
                } else {
                    stood
                }),
            }
        })
        .filter(|cause| cause.stood > 0.0 || cause.time > Some(0.0))
        .collect()
}

/// Cases of a network that were lost, gave up or were turned away.
pub(super) fn of_network(pool: &Pool, total: Option<Estimate>) -> MissedCases {
    let counted = [
        (Standing::LostInHandoff, Count::SilentLosses),
        (Standing::GaveUp, Count::GaveUp),
        (Standing::Rejected, Count::TurnedAway),
    ]
    .map(|(standing, what)| (standing, pool.pooled.count(what)));
    let cases: u64 = counted.iter().map(|(_, count)| count).sum();
    let unit = total.map_or(0.0, |total| total.value) / (cases.max(1) as f64);
    MissedCases {
        total,
        causes: counted
            .into_iter()
            .filter(|(_, count)| *count > 0)
            .map(|(standing, count)| Cause {
                standing,
                stood: count as f64 * unit,
                time: None,
            })
            .collect(),
        by_need: Vec::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::analysis::synthetic;

    fn close(found: f64, expected: f64) {
        assert!((found - expected).abs() < 1e-9, "{found}, not {expected}");
    }

    fn total(value: f64) -> Option<Estimate> {
        Some(Estimate {
            value,
            interval: None,
        })
    }

    #[test]
    fn each_missed_case_counts_once_whatever_the_length_of_its_grace() {
        let mut tally = Tally::new(1, 1, 2, 1);
        let place = |need: usize, standing: Standing| need * Standing::COUNT + standing.index();
        tally.counts[Count::KnownMissed.index()] = 4;
        tally.missed_stood[place(0, Standing::WaitingPlace)] = 3;
        tally.missed_stood[place(1, Standing::Noted)] = 1;
        tally.missed_seconds[place(0, Standing::WaitingPlace)] = 10;
        tally.missed_seconds[place(0, Standing::Noted)] = 20;
        tally.missed_seconds[place(1, Standing::Noted)] = 1_000_000;
        let needs = synthetic::children(1, 2, 1).needs;
        let pool = Pool {
            pooled: tally,
            trials: Vec::new(),
        };
        let missed = of_children(&pool, &needs, total(8.0));
        let cause = |standing| {
            *missed
                .causes
                .iter()
                .find(|cause| cause.standing == standing)
                .unwrap()
        };
        close(cause(Standing::WaitingPlace).stood, 6.0);
        close(cause(Standing::Noted).stood, 2.0);
        close(cause(Standing::WaitingPlace).time.unwrap(), 2.0);
        close(cause(Standing::Noted).time.unwrap(), 6.0);
        assert_eq!(missed.largest().unwrap().standing, Standing::WaitingPlace);
    }

    #[test]
    #[should_panic(expected = "add up")]
    fn causes_that_do_not_add_up_are_a_fault() {
        let mut pooled = Tally::new(1, 1, 1, 1);
        pooled.counts[Count::KnownMissed.index()] = 1;
        let pool = Pool {
            pooled,
            trials: Vec::new(),
        };
        of_children(&pool, &[], total(1.0));
    }

    #[test]
    fn a_network_misses_what_is_lost_and_what_gives_up() {
        let results = synthetic::network(1, 3, 5);
        let pool = Pool::of(&results, 0);
        let missed = of_network(&pool, total(10.0));
        close(missed.causes.iter().map(|cause| cause.stood).sum(), 10.0);
        assert!(missed.causes.iter().all(|cause| cause.time.is_none()));
    }
}
