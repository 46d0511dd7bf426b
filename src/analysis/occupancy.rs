//! Who would have found no place, from how long each number was present: by simulation, and exactly
//! where theory knows the law of the number present.
//!
//! With places for all, the share of cases that would be delayed by `n` places is read as
//! `P(N = n) / P(N <= n)` from the number present `N`: the time in which all places are taken, of the
//! time in which all present have one. For Poisson numbers this is Erlang's loss formula. Where
//! services share places the same is read from how their numbers present fit into them together
//! (Kaufman 1981, <https://doi.org/10.1109/TCOM.1981.1094894>).

use super::intervals::{Estimate, Sampled};
use super::quantities::Pool;
use crate::experiment::results::{Considered, Results, Tally};
use crate::measures::{IntervalMethod, PRESENT_TOP};

/// What a number of places would mean for one service.
#[derive(Debug, Clone, PartialEq)]
pub struct Delayed {
    /// The structure's place in the summary.
    pub structure: usize,
    /// The service's place in the summary.
    pub service: usize,
    /// The division of places, by its place in [`Considered::sharings`]; `None` where the service has
    /// all places for itself.
    pub sharing: Option<usize>,
    /// Places of its own.
    pub own: u32,
    /// Places that it shares with others.
    pub common: u32,
    /// Share of its cases that would be delayed, 0 to 1: time in which all places that it can use are
    /// taken, of the time in which all present have one.
    pub delayed: Option<Estimate>,
    /// Share of the time in which one more case would have found no place, 0 to 1, whether all
    /// present have one or not.
    pub none_free: Option<Estimate>,
    /// The two by theory, where it knows the law of the numbers present.
    pub exact: Option<Exact>,
}

/// What theory says of a number of places.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Exact {
    /// Share of cases that would be delayed.
    pub delayed: f64,
    /// Share of the time in which no place is free.
    pub none_free: f64,
}

/// How long a number was present at a service, and how often it was found.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Present {
    /// The structure's place in the summary.
    pub structure: usize,
    /// The service's place in the summary.
    pub service: usize,
    /// The number present, waiting or served; [`PRESENT_TOP`] is that or more.
    pub number: usize,
    /// Share of the time, 0 to 1.
    pub time: f64,
    /// Share of the cases that came, 0 to 1; 0 where none came.
    pub found: f64,
    /// Share of the time by theory, where it knows the law.
    pub exact: Option<f64>,
}

/// Every number of places that a study considers, under one structure: services with their own
/// places first, then those that share.
pub(super) fn delayed(pool: &Pool, structure: usize, considered: &Considered) -> Vec<Delayed> {
    let means = considered.mean_present.get(structure);
    let mean = |service: usize| means.and_then(|means| means[service]);
    let alone = (considered.places.iter().enumerate()).flat_map(|(service, places)| {
        places.iter().map(move |own| Delayed {
            structure,
            service,
            sharing: None,
            own: *own,
            common: 0,
            delayed: ratio(pool, |tally| last_taken(tally, service, *own)),
            none_free: ratio(pool, |tally| none_free(tally, service, *own)),
            exact: mean(service).map(|mean| exact(&[(mean, *own)], 0)[0]),
        })
    });
    let shared = (considered.sharings.iter().enumerate()).flat_map(|(place, sharing)| {
        let means: Option<Vec<(f64, u32)>> = (sharing.own.iter())
            .map(|(service, own)| Some((mean(*service)?, *own)))
            .collect();
        let exact = means.map(|means| exact(&means, sharing.common));
        let each = sharing.own.iter().enumerate();
        each.map(move |(member, (service, own))| Delayed {
            structure,
            service: *service,
            sharing: Some(place),
            own: *own,
            common: sharing.common,
            delayed: ratio(pool, |tally| last_taken_of_shared(tally, place, member)),
            none_free: ratio(pool, |tally| none_free_of_shared(tally, place, member)),
            exact: exact.as_ref().map(|exact| exact[member]),
        })
    });
    alone.chain(shared).collect()
}

/// Seconds in which so many places are all taken and nobody has none, and seconds in which nobody has
/// none.
pub(super) fn last_taken(tally: &Tally, service: usize, places: u32) -> (u64, u64) {
    let seconds = &tally.present[service].seconds;
    let places = places as usize;
    let fits = seconds.iter().take(places + 1).sum();
    (seconds.get(places).copied().unwrap_or(0), fits)
}

/// Seconds in which one more case would find no place, and all seconds.
fn none_free(tally: &Tally, service: usize, places: u32) -> (u64, u64) {
    let seconds = &tally.present[service].seconds;
    let none_free = seconds.iter().skip(places as usize).sum();
    (none_free, seconds.iter().sum())
}

/// The same as [`last_taken`] for a service among those that share places.
pub(super) fn last_taken_of_shared(tally: &Tally, sharing: usize, member: usize) -> (u64, u64) {
    let sharing = &tally.sharings[sharing];
    (sharing.last_taken_seconds[member], sharing.fits_seconds)
}

/// The same as [`none_free`] for a service among those that share places.
pub(super) fn none_free_of_shared(tally: &Tally, sharing: usize, member: usize) -> (u64, u64) {
    let none_free = tally.sharings[sharing].none_free_seconds[member];
    // Every service is watched for all of the time.
    let all = tally
        .present
        .first()
        .map_or(0, |it| it.seconds.iter().sum());
    (none_free, all)
}

fn ratio(pool: &Pool, of: impl Fn(&Tally) -> (u64, u64)) -> Option<Estimate> {
    let sampled: Sampled = pool.ratio(|tally| of(tally).0, |tally| of(tally).1, 1.0);
    sampled.estimate(IntervalMethod::Jackknife, 1.0)
}

/// The numbers present under one structure, service by service, as far as any was held or found.
pub(super) fn present(pool: &Pool, structure: usize, results: &Results) -> Vec<Present> {
    let means = results.considered.mean_present.get(structure);
    let mut all = Vec::new();
    for (service, tally) in pool.pooled.present.iter().enumerate() {
        let mean = means.and_then(|means| means[service]);
        let seconds: u64 = tally.seconds.iter().sum();
        let came: u64 = tally.found.iter().sum();
        let share = |part: Option<&u64>, of: u64| *part.unwrap_or(&0) as f64 / of.max(1) as f64;
        for number in 0..tally.seconds.len().max(tally.found.len()) {
            all.push(Present {
                structure,
                service,
                number,
                time: share(tally.seconds.get(number), seconds),
                found: share(tally.found.get(number), came),
                exact: mean
                    .filter(|_| number < PRESENT_TOP as usize)
                    .map(|mean| poisson(mean, number as u32)),
            });
        }
    }
    all
}

/// Chance that a Poisson number with this mean is `number`.
fn poisson(mean: f64, number: u32) -> f64 {
    if mean <= 0.0 {
        return if number == 0 { 1.0 } else { 0.0 };
    }
    let n = f64::from(number);
    (n * mean.ln() - mean - libm::lgamma(n + 1.0)).exp()
}

/// What theory says of each of several services with independent Poisson numbers present, given by
/// their means and the places of their own, that have `common` places together.
///
/// `G(u)` is the chance that `u` places in common are used; a service's last place is taken when it
/// fills its own and all in common are used.
fn exact(services: &[(f64, u32)], common: u32) -> Vec<Exact> {
    let common = common as usize;
    let used: Vec<Vec<f64>> = services
        .iter()
        .map(|(mean, own)| used_in_common(*mean, *own, common))
        .collect();
    let together = |of: &dyn Fn(usize) -> bool| {
        let mut start = vec![0.0; common + 1];
        start[0] = 1.0;
        let members = used.iter().enumerate().filter(|(member, _)| of(*member));
        members.fold(start, |sum, (_, used)| convolved(&sum, used))
    };
    let all = together(&|_| true);
    let fits: f64 = all.iter().sum();
    (services.iter().enumerate())
        .map(|(member, (mean, own))| {
            let others = together(&|it| it != member);
            let below_own: f64 = (0..*own).map(|number| poisson(*mean, number)).sum();
            // Its own places are all taken and those in common too; or with some of these free.
            let last_taken = all[common] - below_own * others[common];
            let some_free = |of: &[f64]| of[..common].iter().sum::<f64>();
            let own_taken_some_free = some_free(&all) - below_own * some_free(&others);
            Exact {
                delayed: last_taken / fits,
                none_free: (1.0 - below_own) - own_taken_some_free,
            }
        })
        .collect()
}

/// Chances that a service uses 0, 1, up to `most` places beyond its own.
fn used_in_common(mean: f64, own: u32, most: usize) -> Vec<f64> {
    let within: f64 = (0..=own).map(|number| poisson(mean, number)).sum();
    let beyond = (1..=most as u32).map(|used| poisson(mean, own + used));
    std::iter::once(within).chain(beyond).collect()
}

/// Chances of a sum of two numbers, as far as the first list goes.
fn convolved(one: &[f64], other: &[f64]) -> Vec<f64> {
    (0..one.len())
        .map(|sum| (0..=sum).map(|part| one[part] * other[sum - part]).sum())
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn close(found: f64, expected: f64, within: f64) {
        assert!((found - expected).abs() < within, "{found}, not {expected}");
    }

    /// Erlang's loss formula by its recursion, in another way than above.
    fn erlang_b(load: f64, places: u32) -> f64 {
        (1..=places).fold(1.0, |lost, n| load * lost / (f64::from(n) + load * lost))
    }

    /// Blocking tables of teletraffic: 1% at 10 circuits is 4.461 erlangs, at 20 circuits 12.03, at
    /// 100 circuits 84.06 (ITU-D, Teletraffic Engineering Handbook, table of Erlang's B-formula).
    #[test]
    fn one_service_alone_is_erlangs_loss_formula() {
        for (load, places) in [(4.461, 10), (12.03, 20), (84.06, 100)] {
            close(exact(&[(load, places)], 0)[0].delayed, 0.01, 2e-5);
        }
        for places in [1, 7, 40, 900] {
            let found = exact(&[(0.9 * f64::from(places), places)], 0)[0].delayed;
            close(found, erlang_b(0.9 * f64::from(places), places), 1e-10);
        }
    }

    /// All places in common are one service with the loads of all.
    #[test]
    fn services_that_share_every_place_are_one() {
        for found in exact(&[(3.0, 0), (2.5, 0), (1.0, 0)], 8) {
            close(found.delayed, erlang_b(6.5, 8), 1e-12);
        }
    }

    /// The definition summed over every pair of numbers present.
    #[test]
    fn shared_places_are_as_the_definition_sums_them() {
        let (means, own, common) = ([4.0, 3.0], [3_u32, 2], 3);
        let found = exact(&[(means[0], own[0]), (means[1], own[1])], common);
        let (mut fits, mut last_taken, mut none_free) = (0.0, [0.0; 2], [0.0; 2]);
        for first in 0..60_u32 {
            for second in 0..60_u32 {
                let numbers = [first, second];
                let chance = poisson(means[0], first) * poisson(means[1], second);
                let used = first.saturating_sub(own[0]) + second.saturating_sub(own[1]);
                fits += if used <= common { chance } else { 0.0 };
                for member in 0..2 {
                    if numbers[member] >= own[member] && used >= common {
                        none_free[member] += chance;
                        last_taken[member] += if used == common { chance } else { 0.0 };
                    }
                }
            }
        }
        for member in 0..2 {
            close(found[member].delayed, last_taken[member] / fits, 1e-12);
            close(found[member].none_free, none_free[member], 1e-12);
        }
    }

    #[test]
    fn a_service_that_nobody_comes_to_delays_nobody() {
        let found = exact(&[(0.0, 0), (2.0, 1)], 2);
        close(found[1].delayed, erlang_b(2.0, 3), 1e-12);
        close(exact(&[(0.0, 2)], 0)[0].none_free, 0.0, 1e-15);
    }

    #[test]
    fn numbers_present_are_read_as_time() {
        let mut tally = Tally::new(1, 1, 0, 1);
        tally.present[0].seconds = vec![50, 30, 15, 5];
        assert_eq!(last_taken(&tally, 0, 2), (15, 95));
        assert_eq!(none_free(&tally, 0, 2), (20, 100));
        assert_eq!(last_taken(&tally, 0, 9), (0, 100));
    }
}
