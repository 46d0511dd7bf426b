//! The same measures for each domain of need and each area: who gains and who does not.

use crate::analysis::intervals::{Estimate, Sampled};
use crate::analysis::quantities::{Pool, SECONDS_A_DAY, SECONDS_A_YEAR};
use crate::experiment::results::{AreaTally, NeedTally};
use crate::measures::IntervalMethod;

/// What is told of a domain of need or of an area.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Quantity {
    /// Id used in files.
    pub id: &'static str,
    /// Unit of the value.
    pub unit: &'static str,
    method: IntervalMethod,
}

/// One quantity of one group under one structure.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct OfGroup {
    /// The structure's place in the summary.
    pub structure: usize,
    /// Place of the need or area.
    pub group: usize,
    /// What is told.
    pub quantity: Quantity,
    /// The value.
    pub estimate: Option<Estimate>,
    /// The paired difference from the baseline; `None` for the baseline itself.
    pub difference: Option<Estimate>,
}

/// So many groups at most that stand for all: of those with a value of a quantity under the baseline
/// the lowest, the highest, and those at equal steps of the order between. In the order of groups
/// where all fit, else from the lowest to the highest.
pub fn in_steps(found: &[OfGroup], quantity: &str, most: usize) -> Vec<usize> {
    let mut groups: Vec<(f64, usize)> = found
        .iter()
        .filter(|it| it.structure == 0 && it.quantity.id == quantity)
        .filter_map(|it| Some((it.estimate?.value, it.group)))
        .collect();
    let all = groups.len();
    if all > most && most > 1 {
        groups.sort_by(|one, other| one.0.total_cmp(&other.0).then(one.1.cmp(&other.1)));
        groups = (0..most)
            .map(|step| groups[(step * (all - 1) + (most - 1) / 2) / (most - 1)])
            .collect();
    }
    groups.into_iter().map(|(_, group)| group).collect()
}

const fn rate(id: &'static str, unit: &'static str) -> Quantity {
    Quantity {
        id,
        unit,
        method: IntervalMethod::StudentT,
    }
}

const fn share(id: &'static str) -> Quantity {
    Quantity {
        id,
        unit: "%",
        method: IntervalMethod::Jackknife,
    }
}

const PER_10K: &str = "per 10,000 children a year";
const DAYS: &str = "days per 1,000 children a year";

/// Domains of need; rates are for all children, whatever their needs.
pub(super) fn of_needs(pools: &[Pool], needs: usize) -> Vec<OfGroup> {
    type Pick = fn(&NeedTally) -> u64;
    let per_10k = 10_000.0 * SECONDS_A_YEAR;
    let quantities: [(Quantity, Pick, Option<Pick>, f64); 4] = [
        (
            rate("known-missed", PER_10K),
            |need| need.known_missed,
            None,
            per_10k,
        ),
        (
            share("known-missed-share"),
            |need| need.known_missed,
            Some(|need| need.known_spells),
            100.0,
        ),
        (
            rate("unknown-missed", PER_10K),
            |need| need.unknown_missed,
            None,
            per_10k,
        ),
        (
            rate("unmet", DAYS),
            |need| need.unmet_seconds,
            None,
            1_000.0 * SECONDS_A_YEAR / SECONDS_A_DAY,
        ),
    ];
    groups(
        pools,
        needs,
        &quantities.map(|quantity| quantity.0),
        |pool, need, at| {
            let (_, above, below, factor) = quantities[at];
            pool.ratio(
                |tally| above(&tally.needs[need]),
                |tally| below.map_or(tally.child_seconds, |below| below(&tally.needs[need])),
                factor,
            )
        },
    )
}

/// Areas; rates are for the children of the area.
pub(super) fn of_areas(pools: &[Pool], areas: usize) -> Vec<OfGroup> {
    type Pick = fn(&AreaTally) -> u64;
    let per_10k = 10_000.0 * SECONDS_A_YEAR;
    let quantities: [(Quantity, Pick, Pick, f64); 4] = [
        (
            rate("known-missed", PER_10K),
            |area| area.known_missed,
            |area| area.child_seconds,
            per_10k,
        ),
        (
            share("handoffs-begun-in-30-days"),
            |area| area.begun_in_30,
            |area| area.handoffs,
            100.0,
        ),
        (
            rate("referrals", PER_10K),
            |area| area.referrals,
            |area| area.child_seconds,
            per_10k,
        ),
        (
            rate("unmet-known", DAYS),
            |area| area.unmet_known_seconds,
            |area| area.child_seconds,
            1_000.0 * SECONDS_A_YEAR / SECONDS_A_DAY,
        ),
    ];
    // Results may hold fewer areas than are named, when a study keeps none apart.
    let kept = pools.first().map_or(0, |pool| pool.pooled.areas.len());
    groups(
        pools,
        areas.min(kept),
        &quantities.map(|quantity| quantity.0),
        |pool, area, at| {
            let (_, above, below, factor) = quantities[at];
            pool.ratio(
                |tally| above(&tally.areas[area]),
                |tally| below(&tally.areas[area]),
                factor,
            )
        },
    )
}

fn groups(
    pools: &[Pool],
    groups: usize,
    quantities: &[Quantity],
    sampled: impl Fn(&Pool, usize, usize) -> Sampled,
) -> Vec<OfGroup> {
    let mut found = Vec::new();
    for (structure, pool) in pools.iter().enumerate() {
        for group in 0..groups {
            for (at, quantity) in quantities.iter().enumerate() {
                let ours = sampled(pool, group, at);
                let ceiling = if quantity.unit == "%" {
                    100.0
                } else {
                    f64::INFINITY
                };
                found.push(OfGroup {
                    structure,
                    group,
                    quantity: *quantity,
                    estimate: ours.estimate(quantity.method, ceiling),
                    difference: (structure > 0)
                        .then(|| ours.difference(&sampled(&pools[0], group, at), quantity.method))
                        .flatten(),
                });
            }
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::experiment::results::Tally;

    #[test]
    fn rates_of_needs_and_areas_are_those_worked_out_by_hand() {
        let mut tally = Tally::with_areas(1, 1, 1, 1, 2, 0);
        tally.child_seconds = (2_000.0 * SECONDS_A_YEAR) as u64;
        tally.needs[0] = NeedTally {
            known_spells: 40,
            known_missed: 10,
            unmet_seconds: 86_400 * 500,
            ..NeedTally::default()
        };
        tally.areas[1] = AreaTally {
            child_seconds: (500.0 * SECONDS_A_YEAR) as u64,
            known_missed: 3,
            handoffs: 8,
            begun_in_30: 6,
            ..AreaTally::default()
        };
        let pool = Pool {
            pooled: tally.clone(),
            trials: vec![&tally],
        };
        let value = |found: &[OfGroup], group, id| {
            let of = |row: &&OfGroup| row.group == group && row.quantity.id == id;
            found
                .iter()
                .find(of)
                .unwrap()
                .estimate
                .map(|estimate| estimate.value)
        };
        let needs = of_needs(std::slice::from_ref(&pool), 1);
        let close =
            |found: Option<f64>, expected: f64| assert!((found.unwrap() - expected).abs() < 1e-6);
        close(value(&needs, 0, "known-missed"), 50.0);
        close(value(&needs, 0, "known-missed-share"), 25.0);
        close(value(&needs, 0, "unmet"), 250.0);
        let areas = of_areas(&[pool], 2);
        close(value(&areas, 1, "known-missed"), 60.0);
        close(value(&areas, 1, "handoffs-begun-in-30-days"), 75.0);
        assert_eq!(value(&areas, 0, "known-missed"), None);
    }

    #[test]
    fn many_groups_are_stood_for_by_some_at_equal_steps() {
        let of_value = |(group, value): (usize, f64)| OfGroup {
            structure: 0,
            group,
            quantity: rate("known-missed", PER_10K),
            estimate: Some(Estimate {
                value,
                interval: None,
            }),
            difference: None,
        };
        let values = [5.0, 1.0, 4.0, 2.0, 3.0, 9.0, 7.0];
        let found: Vec<OfGroup> = values.into_iter().enumerate().map(of_value).collect();
        assert_eq!(in_steps(&found, "known-missed", 3), [1, 2, 5]);
        assert_eq!(in_steps(&found, "known-missed", 7), [0, 1, 2, 3, 4, 5, 6]);
        assert!(in_steps(&found, "unmet", 3).is_empty());
    }
}
