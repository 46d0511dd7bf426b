//! The same study with other numbers of posts: whether the order of structures turns with the load.

use crate::analysis::compare::{self, Compared};
use crate::analysis::quantities::Pool;
use crate::analysis::ranking::Ranking;
use crate::experiment::results::Results;

/// The study at another number of posts.
#[derive(Debug, Clone, PartialEq)]
pub struct AtPosts {
    /// Factor on all posts.
    pub factor: f64,
    /// Trials.
    pub trials: usize,
    /// The measures that stand forward.
    pub measures: Vec<Compared>,
    /// Rankings by them, the primary measure first.
    pub rankings: Vec<Ranking>,
    /// Pairs of structures that the primary measure tells apart here and in the study itself, but the
    /// other way round.
    pub turned: Vec<(usize, usize)>,
}

/// Every other number of posts, fewest first. `here` is the ranking of the study itself.
pub(super) fn of(results: &Results, here: Option<&Ranking>) -> Vec<AtPosts> {
    results
        .at_posts
        .iter()
        .map(|(factor, results)| {
            let pools: Vec<Pool> = (0..results.structures.len())
                .map(|structure| Pool::of(results, structure))
                .collect();
            let comparison = compare::forward(results, &pools);
            let turned = match (here, comparison.rankings.first()) {
                (Some(here), Some(there)) => here.turned_in(there),
                _ => Vec::new(),
            };
            AtPosts {
                factor: *factor,
                trials: results.trials.len(),
                measures: comparison.measures,
                rankings: comparison.rankings,
                turned,
            }
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::analysis::synthetic;

    #[test]
    fn an_order_that_turns_with_the_load_is_found() {
        let mut results = synthetic::children(2, 8, 6);
        let mut scarce = results.clone();
        for trial in &mut scarce.trials {
            trial.swap(0, 1);
        }
        results.at_posts = vec![(0.9, scarce), (1.1, results.clone())];
        let pools: Vec<Pool> = (0..2)
            .map(|structure| Pool::of(&results, structure))
            .collect();
        let here = compare::all(&results, &pools).rankings;
        let found = of(&results, here.first());
        assert_eq!(found[0].turned, [(0, 1)]);
        assert_eq!(found[1].turned, []);
        assert!((found[0].factor - 0.9).abs() < 1e-12);
    }
}
