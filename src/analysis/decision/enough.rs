//! Has a run enough trials for what is wished of its differences?

use super::precision::{self, Needed, Target, half_width, needed};
use crate::analysis::quantities::{Pool, value};
use crate::experiment::results::Results;
use crate::measures::{IntervalMethod, MEASURES, Measure};

/// How precisely one difference from the baseline is known, and how precisely it was to be.
#[derive(Debug, Clone, PartialEq)]
pub struct Known {
    /// The measure.
    pub measure: &'static Measure,
    /// Place of the structure.
    pub structure: usize,
    /// The difference; `None` where a trial had nothing to measure.
    pub difference: Option<f64>,
    /// Half of the width of its interval, sound at any time of stopping; `None` where it is too early
    /// to tell.
    pub half_width: Option<f64>,
    /// What was wished for.
    pub wished: f64,
}

/// What a run's trials say of a wish for precision.
#[derive(Debug, Clone, PartialEq)]
pub struct Enough {
    /// Every measure wished for and structure but the baseline.
    pub known: Vec<Known>,
    /// About how many trials it takes in all, in whole batches; `None` where nothing can be said yet.
    pub needed: Option<Needed>,
}

impl Enough {
    /// Is every difference as precise as wished?
    pub fn is_reached(&self) -> bool {
        let is_there = |it: &Known| it.half_width.is_some_and(|half| half <= it.wished);
        self.known.iter().all(is_there)
    }

    /// The difference that is furthest from what was wished.
    pub fn furthest(&self) -> Option<&Known> {
        let ratio = |it: &Known| it.half_width.map_or(f64::INFINITY, |half| half / it.wished);
        let known = self.known.iter().rev();
        known.max_by(|one, other| ratio(one).total_cmp(&ratio(other)))
    }
}

/// What the trials of a run say of a wish: the paired difference of every structure from the baseline in
/// every measure wished for, all of them looked at together, however often one looks.
///
/// `planned` is the number of trials that was planned before the first of them, `batch` the number that
/// is added at a time. See [`precision::half_width`].
///
/// # Panics
///
/// If there is nothing to compare: a target that names no measure, or one structure alone; and when the
/// results hold no trial.
pub fn enough(results: &Results, targets: &[Target], planned: usize, batch: usize) -> Enough {
    let structures = results.structures.len();
    let family = targets.len() * (structures - 1);
    let pools: Vec<Pool> = (0..structures).map(|it| Pool::of(results, it)).collect();
    let mut known = Vec::with_capacity(family);
    let mut scored: Vec<(Vec<f64>, f64)> = Vec::with_capacity(family);
    for target in targets {
        let measure = MEASURES
            .iter()
            .find(|it| it.id == target.measure)
            .expect("a target names a measure");
        let sampled: Vec<_> = pools
            .iter()
            .map(|pool| pool.sample(|tally| [value(measure, tally)]))
            .collect();
        for (structure, [sampled_here]) in sampled.iter().enumerate().skip(1) {
            // A mean over trials is a ratio whose denominators are equal.
            let method = IntervalMethod::Jackknife;
            let paired = precision::paired_scores(sampled_here, &sampled[0][0], method);
            let half = paired
                .as_ref()
                .and_then(|(_, scores)| half_width(scores, family, planned));
            known.push(Known {
                measure,
                structure,
                difference: paired.as_ref().map(|(value, _)| *value),
                half_width: half,
                wished: target.half_width,
            });
            scored.extend(paired.map(|(_, scores)| (scores, target.half_width)));
        }
    }
    let comparisons: Vec<(&[f64], f64)> = scored
        .iter()
        .map(|(scores, wished)| (scores.as_slice(), *wished))
        .collect();
    let is_whole = comparisons.len() == known.len() && !known.is_empty();
    Enough {
        needed: is_whole
            .then(|| needed(&comparisons, family, planned, batch))
            .flatten(),
        known,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::analysis::synthetic;

    fn target(half_width: f64) -> Target {
        Target {
            measure: "known-missed".to_owned(),
            half_width,
        }
    }

    #[test]
    fn more_trials_come_nearer_to_what_is_wished() {
        let few = synthetic::children(3, 25, 4);
        let many = synthetic::children(3, 100, 4);
        let at = |results: &Results| enough(results, &[target(0.3)], 100, 10);
        let (few, many) = (at(&few), at(&many));
        assert_eq!(few.known.len(), 2);
        assert!(!few.is_reached() && !many.is_reached());
        for (few, many) in few.known.iter().zip(&many.known) {
            assert!(many.half_width.unwrap() < few.half_width.unwrap());
        }
        let needed = many.needed.unwrap();
        assert_eq!(needed.trials % 10, 0);
        let wide = enough(&synthetic::children(3, 25, 4), &[target(1e9)], 100, 10);
        assert!(wide.is_reached());
        assert_eq!(wide.needed.unwrap().trials, 30);
    }

    #[test]
    fn before_the_least_number_of_trials_nothing_is_enough() {
        let few = synthetic::children(2, 5, 4);
        let found = enough(&few, &[target(1e9)], 100, 5);
        assert!(!found.is_reached());
        assert_eq!(found.furthest().unwrap().half_width, None);
    }
}
