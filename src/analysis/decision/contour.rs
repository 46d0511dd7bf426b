//! A tipping map: which structure does best at each place of a grid over two parameters, and how
//! surely.
//!
//! Each place of the grid is a draw: two parameters have values there, all others stay where they are
//! stated. Places are told from one another by the parameters, and within a place by luck alone, so a
//! chance given here says how surely the trials have found the best structure *if* these were the
//! parameters. It says nothing of how likely the parameters are.
//!
//! The means of structures are taken as normal, with the variances and covariances that the paired
//! trials show. Chances come from means that are drawn afresh a fixed number of times, from a fixed
//! seed: every trial's deviations from the means are given one normal number for all structures, and
//! their sum is added to the means (the multiplier bootstrap, Chernozhukov V, Chetverikov D, Kato K
//! (2013), Annals of Statistics 41:2786-2819). Places share these numbers, so that neighbours do not
//! differ by the luck of drawing.

use super::Drawn;
use crate::analysis::intervals::t_quantile;
use crate::analysis::noise::Noise;

/// Draws behind a chance; its standard error is then at most 0.01.
const DRAWS: usize = 2_500;
const SEED: u64 = 1_604_771;

/// One place of the grid.
#[derive(Debug, Clone, PartialEq)]
pub struct Place {
    /// Of the first parameter, as a share of its range or in its unit, as given.
    pub x: f64,
    /// Of the second parameter.
    pub y: f64,
    /// Mean by structure, in the measure's unit; less is better.
    pub means: Vec<f64>,
    /// The structure with the least mean, of equals the first.
    pub best: usize,
    /// The one with the next mean; `None` where there is one structure alone.
    pub next: Option<SecondBest>,
    /// Chance that a structure has truly the least mean, by structure; they add up to 1, and equals
    /// share. `None` with one trial alone, which has no error.
    pub chances: Option<Vec<f64>>,
}

/// The second best.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct SecondBest {
    /// Which structure.
    pub structure: usize,
    /// By how much its mean is larger than the best's, 0 or above.
    pub behind: f64,
    /// Standard error of that over paired trials; `None` with one trial alone.
    pub standard_error: Option<f64>,
    /// Is it clear of 0, by Student's t at 95%? Never with one trial alone.
    pub is_clear: bool,
}

impl Place {
    /// Chance that the structure with the least mean is truly the best; `None` with one trial alone.
    pub fn chance(&self) -> Option<f64> {
        Some(self.chances.as_ref()?[self.best])
    }
}

/// The map: each place, in the order of draws.
///
/// # Panics
///
/// If there are not as many places as draws.
pub fn tipping_map(drawn: &Drawn, places: &[(f64, f64)]) -> Vec<Place> {
    assert_eq!(places.len(), drawn.draws(), "each draw is at a place");
    let trials = (0..drawn.draws()).map(|it| drawn.trials(it, 0).len());
    let most = trials.max().unwrap_or(0);
    let mut noise = Noise::new(SEED);
    let normals: Vec<Vec<f64>> = (0..DRAWS)
        .map(|_| (0..most).map(|_| noise.normal()).collect())
        .collect();
    (places.iter().enumerate())
        .map(|(draw, (x, y))| {
            let means: Vec<f64> = (0..drawn.structures())
                .map(|it| drawn.mean(draw, it))
                .collect();
            let best = least(&means, None).unwrap_or(0);
            let next = least(&means, Some(best)).map(|structure| {
                let (behind, standard_error) = drawn.difference(draw, structure, best);
                let freedom = drawn.trials(draw, best).len() - 1;
                SecondBest {
                    structure,
                    behind,
                    standard_error,
                    is_clear: standard_error.is_some_and(|it| behind > t_quantile(freedom) * it),
                }
            });
            Place {
                x: *x,
                y: *y,
                chances: chances(drawn, draw, &means, &normals),
                means,
                best,
                next,
            }
        })
        .collect()
}

/// The least but for one, of equals the first.
fn least(means: &[f64], but: Option<usize>) -> Option<usize> {
    (0..means.len())
        .filter(|it| Some(*it) != but)
        .min_by(|one, two| means[*one].total_cmp(&means[*two]))
}

fn chances(drawn: &Drawn, draw: usize, means: &[f64], normals: &[Vec<f64>]) -> Option<Vec<f64>> {
    let trials = drawn.trials(draw, 0).len();
    if trials < 2 {
        return None;
    }
    // The sum of deviations times normals has the variance of the mean.
    let scale = 1.0 / ((trials * (trials - 1)) as f64).sqrt();
    let deviations: Vec<Vec<f64>> = (means.iter().enumerate())
        .map(|(structure, mean)| {
            let values = drawn.trials(draw, structure).iter();
            values.map(|it| scale * (it - mean)).collect()
        })
        .collect();
    let mut wins = vec![0.0; means.len()];
    let mut redrawn = means.to_vec();
    for normals in normals {
        for ((redrawn, mean), deviations) in redrawn.iter_mut().zip(means).zip(&deviations) {
            let luck: f64 = deviations.iter().zip(normals).map(|(a, b)| a * b).sum();
            *redrawn = mean + luck;
        }
        let lowest = redrawn.iter().copied().fold(f64::INFINITY, f64::min);
        let is_first = |it: &f64| it.total_cmp(&lowest).is_eq();
        let equals = redrawn.iter().filter(|it| is_first(it)).count();
        for (wins, redrawn) in wins.iter_mut().zip(&redrawn) {
            if is_first(redrawn) {
                *wins += 1.0 / equals as f64;
            }
        }
    }
    wins.iter_mut().for_each(|it| *it /= normals.len() as f64);
    Some(wins)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn normal_share(z: f64) -> f64 {
        0.5 * libm::erfc(-z / std::f64::consts::SQRT_2)
    }

    fn one(values: Vec<Vec<f64>>) -> Place {
        let drawn = Drawn::new(vec![1.0], vec![values]);
        tipping_map(&drawn, &[(0.2, 0.7)]).remove(0)
    }

    /// Of two structures the chance is `Phi(difference / standard error)`: here differences of 0, 1, 2
    /// and 3, with a mean of 1.5 and an error of 0.645. Luck that they share does not matter. Four
    /// standard errors of 2,500 draws are 0.04 at most.
    #[test]
    fn the_chance_of_one_of_two_is_the_normal_one() {
        for shared in [0.0, 100.0] {
            let base: Vec<f64> = [1.0, -3.0, 2.0, 7.0].map(|it| shared * it).to_vec();
            let other = base.iter().zip([0.0, 1.0, 2.0, 3.0]).map(|(a, b)| a + b);
            let place = one(vec![other.collect(), base]);
            assert_eq!(place.best, 1);
            let next = place.next.unwrap();
            assert_eq!(next.structure, 0);
            assert!((next.behind - 1.5).abs() < 1e-9);
            assert!((next.standard_error.unwrap() - (5.0_f64 / 12.0).sqrt()).abs() < 1e-9);
            // t is 2.32, and 3.18 would be asked of four trials.
            assert!(!next.is_clear);
            let theory = normal_share(1.5 / (5.0_f64 / 12.0).sqrt());
            let found = place.chance().unwrap();
            assert!((found - theory).abs() < 0.01, "{found}, theory {theory}");
        }
    }

    /// Three structures alike, of independent luck, win a third each.
    #[test]
    fn structures_alike_share_the_chance() {
        let place = one(vec![
            vec![1.0, -1.0, 1.0, -1.0],
            vec![1.0, 1.0, -1.0, -1.0],
            vec![1.0, -1.0, -1.0, 1.0],
        ]);
        for chance in place.chances.unwrap() {
            assert!((chance - 1.0 / 3.0).abs() < 0.04, "{chance}");
        }
        let same = one(vec![vec![1.0, 2.0], vec![1.0, 2.0]]);
        assert_eq!(same.chances, Some(vec![0.5, 0.5]));
        assert_eq!(same.best, 0);
        assert!(!same.next.unwrap().is_clear);
    }

    #[test]
    fn the_map_turns_where_the_means_do() {
        let places: Vec<(f64, f64)> = (0..25)
            .map(|it| (f64::from(it % 5) / 4.0, f64::from(it / 5) / 4.0))
            .collect();
        let values = places
            .iter()
            .map(|(x, y)| {
                let luck = [0.3, -0.3, 0.1, -0.1];
                let line = |mean: f64, by: f64| luck.iter().map(|it| mean + it * by).collect();
                vec![line(1.0 + x, 1.0), line(1.1 + y, -1.0)]
            })
            .collect();
        let map = tipping_map(&Drawn::new(vec![1.0; 25], values), &places);
        for place in &map {
            assert_eq!(
                place.best,
                usize::from(place.x > place.y + 0.1),
                "{place:?}"
            );
            // The error is 0.258, and 3.18 of them are asked for.
            let far = (place.x - place.y - 0.1).abs() > 0.822;
            assert_eq!(place.next.unwrap().is_clear, far, "{place:?}");
            assert!(place.chance().unwrap() >= 0.5);
        }
    }

    #[test]
    fn one_trial_or_one_structure_has_no_rival() {
        let single = one(vec![vec![1.0], vec![2.0]]);
        assert_eq!(single.chances, None);
        assert!(!single.next.unwrap().is_clear);
        let alone = one(vec![vec![1.0, 2.0]]);
        assert_eq!(alone.next, None);
        assert_eq!(alone.chances, Some(vec![1.0]));
    }
}
