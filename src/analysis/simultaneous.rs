//! Intervals that hold together: with a chance of 95% every one of a family of paired differences
//! lies in its interval (max-t).
//!
//! Each comparison has an estimate, the difference of two structures, and a standard error from the
//! scores of its trials. The critical value is the 95% quantile of the largest |t| of the family if
//! no structure differed: normal scores with the correlations that the trials show, each comparison
//! divided by a standard error of its own. It is computed from a fixed seed by drawing the means and,
//! for their variances, a Wishart matrix by Bartlett's decomposition.
//!
//! Sources: Bretz F, Hothorn T, Westfall P (2010), Multiple Comparisons Using R, section 4.1 (max-t
//! under estimated correlation); Yang WN, Nelson BL (1991), Operations Research 39:583-591 (many
//! comparisons under common random numbers); Anderson TW (2003), An Introduction to Multivariate
//! Statistical Analysis, 3rd edition, 7.2 (Bartlett's decomposition).

use crate::analysis::intervals::{Estimate, Interval, Sampled, average, squares_about, t_quantile};
use crate::analysis::noise::Noise;
use crate::measures::IntervalMethod;

/// Draws behind a critical value; its standard error is then about 0.03 for the families of a study.
const DRAWS: usize = 5_000;
const LEVEL: f64 = 0.95;
const SEED: u64 = 1_893_002;

/// The difference of two structures with an interval that holds together with its family.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Pair {
    /// The structure that is taken away.
    pub from: usize,
    /// The structure it is taken from.
    pub of: usize,
    /// The difference: the value of `of` less that of `from`.
    pub difference: Estimate,
}

/// Simultaneous intervals of one quantity.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Simultaneous {
    /// The family of the differences from the baseline, in the order of structures.
    pub(super) from_baseline: Vec<Pair>,
    /// The family of all pairs, `from` before `of`.
    pub(super) pairs: Vec<Pair>,
}

/// Both families. A structure without a value in every trial is in neither.
pub(super) fn of(sampled: &[Sampled], method: IntervalMethod, luck: &Luck) -> Simultaneous {
    let scored: Vec<(usize, f64, Vec<f64>)> = sampled
        .iter()
        .enumerate()
        .filter_map(|(place, sampled)| {
            let (value, scores) = sampled.scores(method)?;
            Some((place, value, scores))
        })
        .collect();
    let scores: Vec<&[f64]> = scored
        .iter()
        .map(|(_, _, scores)| scores.as_slice())
        .collect();
    let all_pairs: Vec<(usize, usize)> = (0..scored.len())
        .flat_map(|from| (from + 1..scored.len()).map(move |of| (from, of)))
        .collect();
    let has_baseline = scored.first().is_some_and(|(place, _, _)| *place == 0);
    let with_baseline: Vec<(usize, usize)> = all_pairs
        .iter()
        .copied()
        .filter(|(from, _)| has_baseline && *from == 0)
        .collect();
    let [for_baseline, for_pairs] = critical(&scores, [&with_baseline, &all_pairs], luck);
    let pairs = |family: &[(usize, usize)], critical: f64| {
        family
            .iter()
            .map(|(from, of)| {
                let value = scored[*of].1 - scored[*from].1;
                let half = critical * standard_error(scores[*of], scores[*from]);
                Pair {
                    from: scored[*from].0,
                    of: scored[*of].0,
                    difference: Estimate {
                        value,
                        interval: Some(Interval {
                            low: value - half,
                            high: value + half,
                        }),
                    },
                }
            })
            .collect()
    };
    Simultaneous {
        from_baseline: pairs(&with_baseline, for_baseline),
        pairs: pairs(&all_pairs, for_pairs),
    }
}

/// Standard error of the mean of paired differences.
fn standard_error(ours: &[f64], theirs: &[f64]) -> f64 {
    let differences: Vec<f64> = ours.iter().zip(theirs).map(|(a, b)| a - b).collect();
    let n = differences.len() as f64;
    (squares_about(&differences, average(&differences)) / (n * (n - 1.0))).sqrt()
}

/// The critical value of each family of comparisons of these structures' scores.
///
/// Never below the value of a single comparison, which is Student's own.
fn critical<const N: usize>(
    scores: &[&[f64]],
    families: [&[(usize, usize)]; N],
    luck: &Luck,
) -> [f64; N] {
    let Some(freedom) = scores.first().map(|scores| scores.len() - 1) else {
        return [0.0; N];
    };
    let single = t_quantile(freedom);
    // What never differs has no t; every other comparison takes part.
    let families = families.map(|family| {
        let differing =
            |(from, of): &&(usize, usize)| standard_error(scores[*of], scores[*from]) > 0.0;
        family.iter().filter(differing).copied().collect::<Vec<_>>()
    });
    if families.iter().all(|family| family.len() < 2) {
        return [single; N];
    }
    let root = root(&covariance(scores));
    let mut largest = [const { Vec::new() }; N];
    let mut draw = Draw::of(&root, freedom);
    for made in &luck.draws {
        draw.set(&root, made);
        for (largest, family) in largest.iter_mut().zip(&families) {
            let t = family
                .iter()
                .map(|(from, of)| draw.t(*from, *of))
                .fold(0.0, f64::max);
            largest.push(t);
        }
    }
    let mut found = [single; N];
    for ((found, mut largest), family) in found.iter_mut().zip(largest).zip(&families) {
        if family.len() > 1 {
            largest.sort_by(f64::total_cmp);
            *found = found.max(largest[(LEVEL * luck.draws.len() as f64).ceil() as usize - 1]);
        }
    }
    found
}

/// Covariances of the scores' differences from the first structure, over trials.
fn covariance(scores: &[&[f64]]) -> Vec<Vec<f64>> {
    let deviations: Vec<Vec<f64>> = scores[1..]
        .iter()
        .map(|ours| {
            let differences: Vec<f64> = ours.iter().zip(scores[0]).map(|(a, b)| a - b).collect();
            let mean = average(&differences);
            differences
                .iter()
                .map(|difference| difference - mean)
                .collect()
        })
        .collect();
    let freedom = scores[0].len() as f64 - 1.0;
    let product = |a: &[f64], b: &[f64]| a.iter().zip(b).map(|(a, b)| a * b).sum::<f64>() / freedom;
    deviations
        .iter()
        .map(|a| deviations.iter().map(|b| product(a, b)).collect())
        .collect()
}

/// The lower triangular root of a covariance matrix (Cholesky). A dimension that follows from those
/// before it, as with fewer trials than structures, gets no luck of its own.
pub(super) fn root(covariance: &[Vec<f64>]) -> Vec<Vec<f64>> {
    let size = covariance.len();
    let mut root = vec![vec![0.0; size]; size];
    for column in 0..size {
        let own: f64 =
            covariance[column][column] - root[column][..column].iter().map(|x| x * x).sum::<f64>();
        if own <= 1e-12 * covariance[column][column] {
            continue;
        }
        let pivot = own.sqrt();
        for row in column..size {
            let shared: f64 = (0..column).map(|k| root[row][k] * root[column][k]).sum();
            root[row][column] = (covariance[row][column] - shared) / pivot;
        }
    }
    root
}

/// The luck of made-up experiments, shared by all measures of a study: it does not depend on them.
#[derive(Debug, Clone)]
pub(super) struct Luck {
    draws: Vec<Made>,
}

/// The luck of one made-up experiment.
#[derive(Debug, Clone)]
struct Made {
    /// Standard normals for the means, one for each structure but the first.
    normals: Vec<f64>,
    /// Bartlett's lower triangular factor of a standard Wishart matrix, by row: chi numbers on the
    /// diagonal, normals to the left of it. Its leading part is the factor of fewer dimensions.
    factor: Vec<Vec<f64>>,
}

impl Luck {
    /// Enough for so many structures in so many trials.
    pub(super) fn new(structures: usize, trials: usize) -> Self {
        Self::of_draws(structures, trials, DRAWS)
    }

    fn of_draws(structures: usize, trials: usize, draws: usize) -> Self {
        let (size, freedom) = (structures.saturating_sub(1), trials.saturating_sub(1));
        // One comparison needs none.
        let draws = if size < 2 { 0 } else { draws };
        let mut noise = Noise::new(SEED);
        let row = |row: usize, noise: &mut Noise| -> Vec<f64> {
            (0..freedom.min(row + 1))
                .map(|column| match column == row {
                    true => noise.chi(freedom - column),
                    false => noise.normal(),
                })
                .collect()
        };
        Self {
            draws: (0..draws)
                .map(|_| Made {
                    normals: (0..size).map(|_| noise.normal()).collect(),
                    factor: (0..size).map(|at| row(at, &mut noise)).collect(),
                })
                .collect(),
        }
    }
}

/// The outcome of one made-up experiment in which no structure differs.
struct Draw {
    /// Means, by structure, in the scale of single trials.
    means: Vec<f64>,
    /// A root of the covariances of the trials, by structure: squared distances of its rows are
    /// variances.
    spread: Vec<Vec<f64>>,
    freedom: f64,
}

impl Draw {
    fn of(root: &[Vec<f64>], freedom: usize) -> Self {
        let structures = root.len() + 1;
        Self {
            means: vec![0.0; structures],
            spread: vec![vec![0.0; root.len().min(freedom)]; structures],
            freedom: freedom as f64,
        }
    }

    /// Takes the outcome from some luck. The first structure is where differences are taken from: it
    /// stands still.
    fn set(&mut self, root: &[Vec<f64>], made: &Made) {
        for (place, weights) in root.iter().enumerate() {
            let mut mean = 0.0;
            let line = &mut self.spread[place + 1];
            line.fill(0.0);
            for ((weight, normal), factor) in weights[..=place]
                .iter()
                .zip(&made.normals)
                .zip(&made.factor)
            {
                mean += weight * normal;
                for (sum, part) in line.iter_mut().zip(factor) {
                    *sum += weight * part;
                }
            }
            self.means[place + 1] = mean;
        }
    }

    fn t(&self, from: usize, of: usize) -> f64 {
        let rows = self.spread[from].iter().zip(&self.spread[of]);
        let squares: f64 = rows.map(|(a, b)| (a - b).powi(2)).sum();
        (self.means[of] - self.means[from]).abs() / (squares / self.freedom).sqrt()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Scores of structures: the first is a steady zero, the others independent normals.
    fn independent(structures: usize, trials: usize, noise: &mut Noise) -> Vec<Vec<f64>> {
        (0..=structures)
            .map(|place| {
                (0..trials)
                    .map(|_| if place == 0 { 0.0 } else { noise.normal() })
                    .collect()
            })
            .collect()
    }

    fn critical_of(scores: &[Vec<f64>]) -> f64 {
        let scores: Vec<&[f64]> = scores.iter().map(Vec::as_slice).collect();
        let family: Vec<(usize, usize)> = (1..scores.len()).map(|of| (0, of)).collect();
        let luck = Luck::new(scores.len(), scores[0].len());
        critical(&scores, [&family], &luck)[0]
    }

    fn sampled(scores: &[f64]) -> Sampled {
        Sampled::of_trials(scores.iter().copied().map(Some).collect())
    }

    #[test]
    fn one_comparison_has_students_own_value() {
        let scores = independent(1, 12, &mut Noise::new(1));
        assert!((critical_of(&scores) - t_quantile(11)).abs() < 1e-12);
    }

    /// A structure shown twice adds nothing, so the draws must come out at Student's value. Of 10,000
    /// draws the 95% quantile has a standard error of about 0.03.
    #[test]
    fn the_same_comparison_twice_is_as_one() {
        let mut scores = independent(1, 12, &mut Noise::new(1));
        scores.push(scores[1].clone());
        let found = critical_of(&scores);
        assert!((found - t_quantile(11)).abs() < 0.1, "{found}");
    }

    /// For independent comparisons the exact value is the t quantile at `0.95^(1/m)`, a hair below
    /// Bonferroni's. Estimated correlations are not quite zero, hence the tolerance.
    #[test]
    fn independent_comparisons_have_nearly_bonferronis_value() {
        use statrs::distribution::{ContinuousCDF, StudentsT};
        for (comparisons, trials) in [(3, 40), (10, 60), (13, 12)] {
            let found = critical_of(&independent(comparisons, trials, &mut Noise::new(5)));
            let law = StudentsT::new(0.0, 1.0, trials as f64 - 1.0).unwrap();
            let m = comparisons as f64;
            let bonferroni = law.inverse_cdf(1.0 - 0.05 / (2.0 * m));
            let exact = law.inverse_cdf(f64::midpoint(1.0, 0.95_f64.powf(1.0 / m)));
            // With 12 trials the correlations of 13 comparisons are far from those of their law.
            let tolerance = if trials < comparisons { 0.35 } else { 0.1 };
            assert!((found - exact).abs() < tolerance, "{found}, exact {exact}");
            assert!(found < bonferroni + 0.1, "{found}, Bonferroni {bonferroni}");
        }
    }

    /// 1,000 experiments of 20 trials and 6 structures whose scores share luck: every one of the 15
    /// differences must lie in its interval about 95 times of 100. The number that hold has a
    /// standard deviation of 6.9; the band is four of those.
    #[test]
    fn all_intervals_of_a_family_hold_together_as_often_as_they_say() {
        let mut noise = Noise::new(77);
        let truth = [3.0, 3.0, 2.5, 4.0, 3.2, 0.0];
        let luck = Luck::of_draws(truth.len(), 20, 1_000);
        let held = (0..1_000)
            .filter(|_| {
                let mut values = vec![Vec::new(); truth.len()];
                for _ in 0..20 {
                    let shared = noise.normal();
                    for (place, values) in values.iter_mut().enumerate() {
                        let own = (0.4 + 0.3 * place as f64) * noise.normal();
                        values.push(truth[place] + shared + own);
                    }
                }
                let sampled: Vec<Sampled> = values.iter().map(|values| sampled(values)).collect();
                of(&sampled, IntervalMethod::StudentT, &luck)
                    .pairs
                    .iter()
                    .all(|pair| {
                        let interval = pair.difference.interval.unwrap();
                        let truth = truth[pair.of] - truth[pair.from];
                        interval.low <= truth && truth <= interval.high
                    })
            })
            .count();
        assert!((922..=978).contains(&held), "held {held} of 1,000");
    }

    #[test]
    fn what_never_differs_has_an_interval_of_no_width() {
        let mut scores = independent(2, 8, &mut Noise::new(3));
        scores.push(scores[0].clone());
        let sampled: Vec<Sampled> = scores.iter().map(|scores| sampled(scores)).collect();
        let last = of(&sampled, IntervalMethod::StudentT, &Luck::new(4, 8)).from_baseline[2];
        assert_eq!(last.of, 3);
        let interval = last.difference.interval.unwrap();
        assert!(interval.low == 0.0 && interval.high == 0.0);
        assert!(!last.difference.is_clear_of_zero());
    }

    #[test]
    fn a_family_is_never_surer_than_its_members_alone() {
        let scores = independent(4, 10, &mut Noise::new(9));
        let sampled: Vec<Sampled> = scores.iter().map(|scores| sampled(scores)).collect();
        let together = of(&sampled, IntervalMethod::StudentT, &Luck::new(5, 10));
        for pair in &together.from_baseline {
            let alone = sampled[pair.of]
                .difference(&sampled[0], IntervalMethod::StudentT)
                .unwrap();
            assert!(pair.difference.interval.unwrap().low <= alone.interval.unwrap().low);
        }
        assert_eq!(together.pairs.len(), 10);
    }

    /// A 2 x 2 matrix by hand: [[4, 2], [2, 5]] has the root [[2, 0], [1, 2]].
    #[test]
    fn roots_are_those_worked_out_by_hand() {
        let root_of = root(&[vec![4.0, 2.0], vec![2.0, 5.0]]);
        assert_eq!(root_of, vec![vec![2.0, 0.0], vec![1.0, 2.0]]);
        let singular = root(&[vec![4.0, 2.0], vec![2.0, 1.0]]);
        assert_eq!(singular, vec![vec![2.0, 0.0], vec![1.0, 0.0]]);
    }
}
