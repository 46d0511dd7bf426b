//! Which parameters the variance of a value comes from: first-order and total indices (Sobol).
//!
//! The first-order index of a parameter, or of a group, is the share of the variance that would go
//! if it were known; the total index is the share that would stay if all others were known. They need
//! values at the rows of two independent designs A and B and at A with the parameter's column from B,
//! where parameters are independent:
//!
//! - first order: `mean(b (ab - a)) / V` (Saltelli and others 2010), with values about their mean;
//! - total: `mean((a - ab)^2) / (2 V)` (Jansen 1999).
//!
//! `V` is the variance over A and B. The luck of trials in each value, of known variance `L` and
//! independent between values, adds `L` to `V` and to Jansen's numerator and nothing to the other; it
//! is taken out, so that indices are of the expected value. Where luck is shared by the values of a row
//! instead, pass no luck: it is then one more input, and first orders count it with the parameter.
//!
//! Sources: Saltelli A, Annoni P, Azzini I, Campolongo F, Ratto M, Tarantola S (2010), Computer
//! Physics Communications 181:259-270; Jansen MJW (1999), same journal 117:35-43; Archer GEB, Saltelli
//! A, Sobol IM (1997), Journal of Statistical Computation and Simulation 58:99-120 (bootstrap over
//! rows).

use super::resample;
use crate::analysis::intervals::Estimate;

/// Values of one quantity, or of a difference, over a Saltelli design.
#[derive(Debug, Clone, Copy)]
pub struct Evaluated<'a> {
    /// At the rows of A.
    pub a: &'a [f64],
    /// At the rows of B.
    pub b: &'a [f64],
    /// By parameter or group: at the rows of A with its columns from B.
    pub mixed: &'a [Vec<f64>],
    /// Mean variance of a value from the luck of trials, its squared standard error; 0 without luck.
    pub luck: f64,
}

/// Where the variance comes from.
#[derive(Debug, Clone, PartialEq)]
pub struct Sensitivity {
    /// Variance of the expected value over the parameters, in the squared unit of the quantity; not
    /// below 0.
    pub variance: f64,
    /// Share of the variance of the values that is only luck of trials, 0 to 1; 0 where nothing
    /// varies.
    pub luck: f64,
    /// By parameter or group; `None` where values vary by no more than luck.
    pub indices: Option<Vec<Indices>>,
}

/// Indices of one parameter or group. Estimates can lie a little outside 0 to 1.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Indices {
    /// First order, with a bootstrap interval of 95% over rows.
    pub first: Estimate,
    /// Total, with the like interval.
    pub total: Estimate,
}

impl Sensitivity {
    /// Estimates the indices; `seed` is the bootstrap's. Intervals take rows as independent, and are
    /// too wide for designs that are spread more evenly.
    ///
    /// # Panics
    /// If there are fewer than 2 rows, lists differ in length, or `luck` is negative.
    pub fn of(evaluated: &Evaluated, seed: u64) -> Self {
        let rows = evaluated.a.len();
        assert!(rows > 1, "a variance needs rows");
        assert!(evaluated.luck >= 0.0, "a variance is not negative");
        let lists = evaluated.mixed.iter().map(Vec::len);
        assert!(
            lists.chain([evaluated.b.len()]).all(|it| it == rows),
            "every list has a value for each row"
        );
        let all: Vec<usize> = (0..rows).collect();
        let parts = Parts::of(evaluated, &all);
        let own = parts.variance - evaluated.luck;
        // What varies by the rounding of sums does not vary.
        let indices = (own > 1e-24 * parts.centre * parts.centre).then(|| {
            let intervals = resample::intervals(rows, seed, |drawn| {
                Parts::of(evaluated, drawn).indices(evaluated.luck)
            });
            (parts.indices(evaluated.luck).chunks_exact(2))
                .zip(intervals.chunks_exact(2))
                .map(|(values, intervals)| {
                    let estimate = |it: usize| Estimate {
                        value: values[it],
                        interval: Some(intervals[it]),
                    };
                    Indices {
                        first: estimate(0),
                        total: estimate(1),
                    }
                })
                .collect()
        });
        Self {
            variance: own.max(0.0),
            luck: if parts.variance > 0.0 {
                (evaluated.luck / parts.variance).min(1.0)
            } else {
                0.0
            },
            indices,
        }
    }

    /// Share of the variance that belongs to no parameter or group alone: 1 less all first orders.
    pub fn together(&self) -> Option<f64> {
        let indices = self.indices.as_ref()?;
        Some(1.0 - indices.iter().map(|it| it.first.value).sum::<f64>())
    }
}

/// What indices are made of, over some rows.
struct Parts {
    centre: f64,
    variance: f64,
    /// By group: the numerators of both indices.
    numerators: Vec<(f64, f64)>,
}

impl Parts {
    fn of(evaluated: &Evaluated, rows: &[usize]) -> Self {
        let Evaluated { a, b, mixed, .. } = evaluated;
        let count = rows.len() as f64;
        let centre = rows.iter().map(|it| a[*it] + b[*it]).sum::<f64>() / (2.0 * count);
        let squares: f64 = (rows.iter())
            .map(|it| (a[*it] - centre).powi(2) + (b[*it] - centre).powi(2))
            .sum();
        let numerators = mixed.iter().map(|mixed| {
            let (mut first, mut total) = (0.0, 0.0);
            for &row in rows {
                let moved = mixed[row] - a[row];
                first += (b[row] - centre) * moved;
                total += moved * moved;
            }
            (first / count, 0.5 * total / count)
        });
        Self {
            centre,
            variance: squares / (2.0 * count - 1.0),
            numerators: numerators.collect(),
        }
    }

    /// First and total index of each group, in turn.
    fn indices(&self, luck: f64) -> Vec<f64> {
        // A bootstrap sample may vary by less than luck; its indices are then wild, as they should be.
        let own = (self.variance - luck).max(1e-9 * self.variance + f64::MIN_POSITIVE);
        (self.numerators.iter())
            .flat_map(|(first, total)| [first / own, (total - luck) / own])
            .collect()
    }
}

#[cfg(test)]
mod tests {
    use super::super::resample::latin_hypercube;
    use super::*;
    use crate::analysis::noise::Noise;

    /// Values at A, B and A with columns of B; `groups` by column.
    struct Made {
        a: Vec<f64>,
        b: Vec<f64>,
        mixed: Vec<Vec<f64>>,
    }

    impl Made {
        fn of(
            points: &[Vec<f64>],
            groups: &[Vec<usize>],
            mut value: impl FnMut(&[f64]) -> f64,
        ) -> Self {
            let half = points[0].len() / 2;
            let mixed = groups.iter().map(|group| {
                let at = points.iter().map(|point| {
                    let mut row = point[..half].to_vec();
                    group.iter().for_each(|&it| row[it] = point[half + it]);
                    value(&row)
                });
                at.collect()
            });
            let mixed = mixed.collect();
            Self {
                a: points.iter().map(|it| value(&it[..half])).collect(),
                b: points.iter().map(|it| value(&it[half..])).collect(),
                mixed,
            }
        }

        fn sensitivity(&self, luck: f64) -> Sensitivity {
            let Self { a, b, mixed } = self;
            Sensitivity::of(&Evaluated { a, b, mixed, luck }, 3)
        }
    }

    fn ishigami(at: &[f64]) -> f64 {
        let [x, y, z] = [0, 1, 2].map(|it| std::f64::consts::PI * (2.0 * at[it] - 1.0));
        libm::sin(x) * (1.0 + 0.1 * z.powi(4)) + 7.0 * libm::sin(y).powi(2)
    }

    const EACH: [usize; 3] = [0, 1, 2];

    #[track_caller]
    fn holds(estimate: Estimate, truth: f64, within: f64) {
        let interval = estimate.interval.unwrap();
        assert!(
            (estimate.value - truth).abs() < within,
            "{estimate:?}, truth {truth}"
        );
        assert!(
            interval.low <= truth && truth <= interval.high,
            "{estimate:?}, truth {truth}"
        );
    }

    /// Ishigami and Homma (1990), with a = 7 and b = 0.1.
    #[test]
    fn the_ishigami_function_has_its_indices() {
        let points = latin_hypercube(4_096, 6, 1);
        let found = Made::of(&points, &EACH.map(|it| vec![it]), ishigami).sensitivity(0.0);
        assert!(
            (found.variance - 13.844_6).abs() < 0.3,
            "{}",
            found.variance
        );
        let indices = found.indices.as_ref().unwrap();
        for (indices, (first, total)) in
            indices
                .iter()
                .zip([(0.313_9, 0.557_6), (0.442_4, 0.442_4), (0.0, 0.243_7)])
        {
            holds(indices.first, first, 0.04);
            holds(indices.total, total, 0.04);
        }
        assert!((found.together().unwrap() - 0.243_7).abs() < 0.08);
    }

    #[test]
    fn a_group_has_the_indices_of_its_columns_together() {
        let points = latin_hypercube(4_096, 6, 2);
        let groups = [vec![0, 2], vec![1]];
        let found = Made::of(&points, &groups, ishigami).sensitivity(0.0);
        let indices = found.indices.as_ref().unwrap();
        for (indices, truth) in indices.iter().zip([0.557_6, 0.442_4]) {
            holds(indices.first, truth, 0.04);
            holds(indices.total, truth, 0.04);
        }
    }

    /// `2 x + y` of uniforms: variance 5/12, of which 4/5 and 1/5. Luck of variance 5/12 in each value is
    /// half of all.
    #[test]
    fn luck_is_told_apart_from_parameters() {
        let mut noise = Noise::new(5);
        let luck: f64 = 5.0 / 12.0;
        let value = |at: &[f64]| 2.0 * at[0] + at[1] + luck.sqrt() * noise.normal();
        let points = latin_hypercube(4_096, 6, 3);
        let made = Made::of(&points, &EACH.map(|it| vec![it]), value);
        let found = made.sensitivity(luck);
        assert!((found.variance - luck).abs() < 0.05, "{}", found.variance);
        assert!((found.luck - 0.5).abs() < 0.03, "{}", found.luck);
        for (indices, truth) in found.indices.unwrap().iter().zip([0.8, 0.2, 0.0]) {
            holds(indices.first, truth, 0.15);
            holds(indices.total, truth, 0.15);
        }
        // Left in, luck is taken for an effect of a parameter that has none.
        let left_in = made.sensitivity(0.0).indices.unwrap();
        assert!(left_in[2].total.interval.unwrap().low > 0.4);
        let nothing = made.sensitivity(2.0);
        assert_eq!((nothing.variance, nothing.indices), (0.0, None));
        let constant = Made::of(&points, &[vec![0]], |_| 0.1).sensitivity(0.0);
        assert_eq!(constant.indices, None);
    }

    /// 100 designs of 120 independent rows: 95% of intervals of a linear function should hold the truth,
    /// with a standard deviation of 2.2 of 100.
    #[test]
    fn intervals_hold_the_truth_about_as_often_as_they_say() {
        let mut held = [0; 2];
        for seed in 0..100 {
            let mut noise = Noise::new(1_000 + seed);
            let points: Vec<Vec<f64>> = (0..120)
                .map(|_| (0..4).map(|_| noise.uniform()).collect())
                .collect();
            let made = Made::of(&points, &[vec![0]], |at| 2.0 * at[0] + at[1]);
            let indices = made.sensitivity(0.0).indices.unwrap()[0];
            for (held, estimate) in held.iter_mut().zip([indices.first, indices.total]) {
                let interval = estimate.interval.unwrap();
                *held += usize::from(interval.low <= 0.8 && 0.8 <= interval.high);
            }
        }
        assert!(held.iter().all(|it| (86..=100).contains(it)), "{held:?}");
    }
}
