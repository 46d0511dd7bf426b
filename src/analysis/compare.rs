//! Measures under every structure: estimates, paired differences and, for those that stand forward,
//! simultaneous intervals.

use crate::analysis::intervals::{Estimate, Sampled};
use crate::analysis::quantities::{Pool, ceiling, value};
use crate::analysis::ranking::{self, Ranking};
use crate::analysis::simultaneous::{self, Luck};
use crate::experiment::results::{Means, Results};
use crate::measures::{Direction, IntervalMethod, MEASURES, Measure, Prominence, Scope};

/// One measure under every structure.
#[derive(Debug, Clone, PartialEq)]
pub struct Compared {
    /// The measure.
    pub measure: &'static Measure,
    /// Its values, in the order of the structures.
    pub rows: Vec<Row>,
}

impl Compared {
    /// Is there anything to be shown: a value under some structure?
    pub fn is_there(&self) -> bool {
        self.rows.iter().any(|row| row.estimate.is_some())
    }
}

/// One measure under one structure.
#[derive(Debug, Clone, PartialEq)]
pub struct Row {
    /// The estimate; `None` where there was nothing to be measured.
    pub estimate: Option<Estimate>,
    /// The paired difference from the baseline; `None` for the baseline itself.
    pub difference: Option<Estimate>,
    /// The same with an interval that holds together with those of the other structures; `None` for
    /// the baseline and for measures that do not stand forward.
    pub simultaneous: Option<Estimate>,
    /// The value in each trial.
    pub by_trial: Vec<Option<f64>>,
}

/// Share of the t distribution of a difference on one side of zero from which that side is called
/// likely.
pub const LIKELY: f64 = 0.9;

/// How surely a difference from the baseline lies on one side of zero.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Told {
    /// The interval that holds together with those of the other structures leaves out zero.
    Clear(Side),
    /// Not clear, but [`LIKELY`] or more of the t distribution of the difference, taken alone, lies
    /// on this side.
    Likely(Side),
    /// Neither.
    CannotTell,
}

/// A side of zero.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Side {
    /// Less than the baseline.
    Lower,
    /// More.
    Higher,
}

impl Row {
    /// How surely the difference lies on one side of zero; `None` for the baseline.
    pub fn told(&self, trials: usize) -> Option<Told> {
        let difference = self.difference?;
        let side = if difference.value < 0.0 {
            Side::Lower
        } else {
            Side::Higher
        };
        let share = difference.share_on_its_side(trials);
        Some(match (self.simultaneous, share) {
            (Some(together), _) if together.is_clear_of_zero() => Told::Clear(side),
            (Some(_), Some(share)) if share >= LIKELY => Told::Likely(side),
            _ => Told::CannotTell,
        })
    }
}

/// The measures of a study, and the rankings by those that stand forward, the primary one first.
pub(super) struct Comparison {
    pub(super) measures: Vec<Compared>,
    pub(super) rankings: Vec<Ranking>,
}

/// The measure that a study is about: the one it names, or else the first by which structures can be
/// better or worse.
pub(super) fn primary(results: &Results) -> &'static Measure {
    let named = of_scope(results.scope).find(|measure| measure.id == results.primary);
    named
        .or_else(|| {
            of_scope(results.scope).find(|measure| measure.direction == Direction::LowerIsBetter)
        })
        .expect("every scope has a measure of which less is better")
}

fn of_scope(scope: Scope) -> impl Iterator<Item = &'static Measure> {
    MEASURES
        .iter()
        .filter(move |measure| measure.scope == Scope::Both || measure.scope == scope)
}

/// Every measure of the study's scope.
pub(super) fn all(results: &Results, pools: &[Pool]) -> Comparison {
    of(results, pools, &of_scope(results.scope).collect::<Vec<_>>())
}

/// Only the measures that stand forward.
pub(super) fn forward(results: &Results, pools: &[Pool]) -> Comparison {
    let primary = primary(results);
    let forward = of_scope(results.scope).filter(|measure| stands_forward(measure, primary));
    of(results, pools, &forward.collect::<Vec<_>>())
}

pub(super) fn stands_forward(measure: &Measure, primary: &Measure) -> bool {
    measure.prominence == Prominence::Headline || measure.id == primary.id
}

fn of(results: &Results, pools: &[Pool], measures: &[&'static Measure]) -> Comparison {
    let primary = primary(results);
    let by_structure: Vec<Vec<Sampled>> = pools
        .iter()
        .enumerate()
        .map(|(structure, pool)| {
            let mut sampled = pool.sample_all(|tally| {
                measures
                    .iter()
                    .map(|measure| value(measure, tally))
                    .collect()
            });
            for (sampled, measure) in sampled.iter_mut().zip(measures) {
                if measure.interval == IntervalMethod::Exact {
                    sampled.pooled = stated(measure, results.means.get(structure));
                }
            }
            sampled
        })
        .collect();
    let luck = Luck::new(pools.len(), results.trials.len());
    let mut rankings = Vec::new();
    let compared = measures
        .iter()
        .enumerate()
        .map(|(at, measure)| {
            let sampled: Vec<Sampled> = by_structure.iter().map(|of| of[at].clone()).collect();
            let mut rows = rows(measure, &sampled);
            if stands_forward(measure, primary) {
                let together = simultaneous::of(&sampled, measure.interval, &luck);
                for pair in &together.from_baseline {
                    rows[pair.of].simultaneous = Some(pair.difference);
                }
                let estimates: Vec<Option<f64>> = rows
                    .iter()
                    .map(|row| row.estimate.map(|estimate| estimate.value))
                    .collect();
                rankings.push(ranking::of(measure, &estimates, together));
            }
            Compared { measure, rows }
        })
        .collect();
    // Stable: the others stay in the order of the register.
    rankings.sort_by_key(|ranking| ranking.measure.id != primary.id);
    Comparison {
        measures: compared,
        rankings,
    }
}

fn rows(measure: &Measure, sampled: &[Sampled]) -> Vec<Row> {
    sampled
        .iter()
        .enumerate()
        .map(|(structure, ours)| Row {
            estimate: ours.estimate(measure.interval, ceiling(measure)),
            difference: (structure > 0)
                .then(|| ours.difference(&sampled[0], measure.interval))
                .flatten(),
            simultaneous: None,
            by_trial: ours.by_trial.clone(),
        })
        .collect()
}

/// What follows from the scenario alone; `None` where no cost is stated.
fn stated(measure: &Measure, means: Option<&Means>) -> Option<f64> {
    let means = means.filter(|means| means.pounds_a_year > 0.0)?;
    match measure.id {
        "cost-a-year" => Some(means.pounds_a_year),
        "one-off-cost" => Some(means.one_off_pounds),
        other => unreachable!("{other} does not follow from the scenario"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::analysis::intervals::Interval;
    use crate::analysis::synthetic;

    fn pools(results: &Results) -> Vec<Pool<'_>> {
        (0..results.structures.len())
            .map(|structure| Pool::of(results, structure))
            .collect()
    }

    #[test]
    fn what_is_told_follows_the_intervals() {
        let estimate = |value: f64, half: f64| {
            Some(Estimate {
                value,
                interval: Some(Interval {
                    low: value - half,
                    high: value + half,
                }),
            })
        };
        let row = |value: f64, alone: f64, together: f64| Row {
            estimate: None,
            difference: estimate(value, alone),
            simultaneous: estimate(value, together),
            by_trial: Vec::new(),
        };
        let told = |row: Row| row.told(12).unwrap();
        assert_eq!(told(row(-5.0, 3.0, 4.0)), Told::Clear(Side::Lower));
        assert_eq!(told(row(5.0, 3.0, 6.0)), Told::Likely(Side::Higher));
        // 1.363 standard errors are 90%; the half of the interval is 2.201 of them.
        assert_eq!(told(row(1.30, 2.201, 6.0)), Told::CannotTell);
        assert_eq!(told(row(1.40, 2.201, 6.0)), Told::Likely(Side::Higher));
        let mut baseline = row(0.0, 0.0, 0.0);
        baseline.difference = None;
        assert_eq!(baseline.told(12), None);
        // A measure that does not stand forward has no interval that ranks.
        let mut further = row(-5.0, 3.0, 4.0);
        further.simultaneous = None;
        assert_eq!(told(further), Told::CannotTell);
    }

    #[test]
    fn costs_follow_from_the_means_and_have_no_interval() {
        let results = synthetic::children(2, 3, 1);
        let comparison = all(&results, &pools(&results));
        let of = |id: &str| {
            let is = |compared: &&Compared| compared.measure.id == id;
            comparison.measures.iter().find(is).unwrap().rows[1].clone()
        };
        let cost = of("cost-a-year");
        assert_eq!(
            cost.estimate,
            Some(Estimate::exact(results.means[1].pounds_a_year))
        );
        assert!(cost.difference.unwrap().interval.is_none());
        assert_eq!(of("one-off-cost").simultaneous, None);
    }

    #[test]
    fn the_ranking_by_the_primary_measure_stands_first() {
        let mut results = synthetic::children(2, 3, 1);
        results.primary = "bounces".to_owned();
        let comparison = forward(&results, &pools(&results));
        assert_eq!(comparison.rankings[0].measure.id, "bounces");
        assert!(comparison.rankings.len() > 5);
        assert!(
            comparison
                .measures
                .iter()
                .all(|compared| compared.rows[1].simultaneous.is_some())
        );
    }

    #[test]
    fn a_measure_of_another_scope_is_never_the_primary_one() {
        let results = synthetic::network(2, 3, 1);
        assert_eq!(results.primary, "known-missed");
        assert_eq!(primary(&results).id, "handoff-days");
    }
}
