//! Children whose outcome differs from that under the baseline, domain by domain, beside churn: the
//! same table for the baseline against its twin in which one referral is a week late. Queues
//! reshuffle who waits, so many outcomes change where nothing else does.

use crate::analysis::intervals::{Estimate, Sampled};
use crate::analysis::quantities::Pool;
use crate::experiment::results::Results;
use crate::measures::{IntervalMethod, Outcome};

/// Outcomes of children's needs, domain by domain, under the baseline and under something else.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Discordance {
    /// By outcome under the baseline (rows) and here (columns), mean over trials.
    pub table: [[f64; Outcome::COUNT]; Outcome::COUNT],
    /// Missed in one of the two and not in the other.
    pub gross: Option<Estimate>,
    /// Missed here and not under the baseline, less the other way round.
    pub net: Option<Estimate>,
}

impl Discordance {
    /// Missed here and not under the baseline, mean over trials.
    pub fn only_here(&self) -> f64 {
        let missed = Outcome::Missed.index();
        self.table.iter().map(|row| row[missed]).sum::<f64>() - self.both()
    }

    /// Missed under the baseline and not here, mean over trials.
    pub fn only_under_baseline(&self) -> f64 {
        self.table[Outcome::Missed.index()].iter().sum::<f64>() - self.both()
    }

    /// Missed under both, mean over trials.
    pub fn both(&self) -> f64 {
        let missed = Outcome::Missed.index();
        self.table[missed][missed]
    }
}

type Table = [[u64; Outcome::COUNT]; Outcome::COUNT];

/// Each structure against the baseline; `None` for the baseline, and where nothing was compared.
pub(super) fn of(pools: &[Pool]) -> Vec<Option<Discordance>> {
    pools
        .iter()
        .enumerate()
        .map(|(structure, pool)| {
            let tables: Vec<Table> = pool.trials.iter().map(|tally| tally.discordance).collect();
            (structure > 0).then(|| of_tables(&tables)).flatten()
        })
        .collect()
}

/// The baseline against its twin, if there was one.
pub(super) fn churn(results: &Results) -> Option<Discordance> {
    of_tables(&results.churn)
}

fn of_tables(tables: &[Table]) -> Option<Discordance> {
    if tables.iter().flatten().flatten().all(|cell| *cell == 0) {
        return None;
    }
    let mut table = [[0.0; Outcome::COUNT]; Outcome::COUNT];
    for one in tables {
        for (sums, cells) in table.iter_mut().zip(one) {
            for (sum, cell) in sums.iter_mut().zip(cells) {
                *sum += *cell as f64 / tables.len() as f64;
            }
        }
    }
    let by_trial = |quantity: fn(u64, u64) -> f64| {
        let values = tables.iter().map(|table| {
            let (only_here, only_there) = missed_in_one(table);
            Some(quantity(only_here, only_there))
        });
        Sampled::of_trials(values.collect())
    };
    let gross = by_trial(|here, there| (here + there) as f64);
    Some(Discordance {
        table,
        gross: gross.estimate(IntervalMethod::StudentT, f64::INFINITY),
        net: by_trial(|here, there| here as f64 - there as f64).mean(),
    })
}

/// Missed here only, and under the baseline only.
fn missed_in_one(table: &Table) -> (u64, u64) {
    let missed = Outcome::Missed.index();
    let others = || {
        Outcome::ALL
            .iter()
            .map(|outcome| outcome.index())
            .filter(|at| *at != missed)
    };
    let only_here = others().map(|there| table[there][missed]).sum();
    let only_there = others().map(|here| table[missed][here]).sum();
    (only_here, only_there)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn gross_and_net_are_those_counted_by_hand() {
        // Rows: no need, not missed, missed under the baseline.
        let first = [[90, 2, 1], [3, 50, 4], [0, 6, 10]];
        let second = [[90, 2, 3], [3, 50, 4], [2, 6, 10]];
        let found = of_tables(&[first, second]).unwrap();
        assert!((found.gross.unwrap().value - (11.0 + 15.0) / 2.0).abs() < 1e-12);
        assert!((found.net.unwrap().value - (-1.0 - 1.0) / 2.0).abs() < 1e-12);
        assert!((found.table[0][2] - 2.0).abs() < 1e-12);
        assert!((found.only_here() - 6.0).abs() < 1e-12);
        assert!((found.only_under_baseline() - 7.0).abs() < 1e-12);
        assert!((found.both() - 10.0).abs() < 1e-12);
        assert_eq!(of_tables(&[[[0; 3]; 3]]), None);
    }
}
