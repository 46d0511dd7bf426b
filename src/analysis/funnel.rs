//! The way from need to help: how many need spells came how far.

use crate::analysis::intervals::Estimate;
use crate::analysis::quantities::{Pool, SECONDS_A_YEAR};
use crate::experiment::results::Tally;
use crate::measures::{IntervalMethod, Step};

/// How many need spells under one structure reached one step.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Reached {
    /// The structure's place in the summary.
    pub structure: usize,
    /// Place of the need; `None` is all of them.
    pub need: Option<usize>,
    /// The step.
    pub step: Step,
    /// Need spells that reached it, per 10,000 children a year.
    pub per_10k: Option<Estimate>,
    /// ... in percent of the need spells begun.
    pub share: Option<Estimate>,
    /// The paired difference of that share from the baseline's, in percentage points; `None` for the
    /// baseline itself.
    pub share_difference: Option<Estimate>,
}

/// Every step of all needs together, then of each; none where no need spell was followed.
pub(super) fn of(pools: &[Pool], needs: usize) -> Vec<Reached> {
    let followed = |pool: &Pool| reached(&pool.pooled, None, Step::Needed) > 0;
    if !pools.iter().any(followed) {
        return Vec::new();
    }
    let mut found = Vec::new();
    for (structure, pool) in pools.iter().enumerate() {
        for need in std::iter::once(None).chain((0..needs).map(Some)) {
            for step in Step::ALL {
                let share = |pool: &Pool| {
                    pool.ratio(
                        |tally| reached(tally, need, *step),
                        |tally| reached(tally, need, Step::Needed),
                        100.0,
                    )
                };
                let per_10k = pool.ratio(
                    |tally| reached(tally, need, *step),
                    |tally| tally.child_seconds,
                    10_000.0 * SECONDS_A_YEAR,
                );
                let ours = share(pool);
                found.push(Reached {
                    structure,
                    need,
                    step: *step,
                    per_10k: per_10k.estimate(IntervalMethod::StudentT, f64::INFINITY),
                    share: ours.estimate(IntervalMethod::Jackknife, 100.0),
                    share_difference: (structure > 0)
                        .then(|| ours.difference(&share(&pools[0]), IntervalMethod::Jackknife))
                        .flatten(),
                });
            }
        }
    }
    found
}

fn reached(tally: &Tally, need: Option<usize>, step: Step) -> u64 {
    match need {
        Some(need) => tally.needs[need].steps[step.index()],
        None => tally
            .needs
            .iter()
            .map(|need| need.steps[step.index()])
            .sum(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shares_are_of_the_spells_begun() {
        let mut one = Tally::new(1, 1, 2, 1);
        one.child_seconds = (1_000.0 * SECONDS_A_YEAR) as u64;
        one.needs[0].steps[Step::Needed.index()] = 30;
        one.needs[0].steps[Step::Helped.index()] = 12;
        one.needs[1].steps[Step::Needed.index()] = 10;
        let pool = Pool {
            pooled: one.clone(),
            trials: vec![&one],
        };
        let found = of(&[pool], 2);
        let step = |need, step| {
            *found
                .iter()
                .find(|row| row.need == need && row.step == step)
                .unwrap()
        };
        let all = step(None, Step::Helped);
        assert!((all.share.unwrap().value - 30.0).abs() < 1e-9);
        assert!((all.per_10k.unwrap().value - 120.0).abs() < 1e-6);
        assert!((step(Some(0), Step::Helped).share.unwrap().value - 40.0).abs() < 1e-9);
        assert!(step(Some(1), Step::Helped).share.unwrap().value < 1e-9);
        assert_eq!(all.share_difference, None);
    }
}
