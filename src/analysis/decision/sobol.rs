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
//! is taken out, so that indices are of the expected value. Where the values of a row share their luck
//! trial by trial, differences within a row have less of it, and more is known of them: the luck in
//! `(a - ab)^2 / 2` is then half the squared standard error of `a - ab`, that in `b (ab - a)` the
//! covariance of the means of both factors, each estimated over the trials of the row. Rows must
//! differ in luck, or one luck would be in all of them.
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
    /// The luck of trials in them.
    pub luck: Luck<'a>,
}

/// The luck of trials in the values of a design.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Luck<'a> {
    /// Each value has a luck of its own, of this mean variance: the squared standard error; 0 without
    /// luck.
    Own(f64),
    /// The values of a row share it.
    OfRows {
        /// Mean variance of a value.
        variance: f64,
        /// By parameter or group: what it adds to the numerator of the first order.
        first: &'a [f64],
        /// By parameter or group: what it adds to the numerator of the total.
        total: &'a [f64],
    },
}

impl Luck<'_> {
    fn variance(&self) -> f64 {
        match self {
            Self::Own(variance) | Self::OfRows { variance, .. } => *variance,
        }
    }

    /// What it adds to the numerators of a group.
    fn added(&self, group: usize) -> (f64, f64) {
        match self {
            Self::Own(variance) => (0.0, *variance),
            Self::OfRows { first, total, .. } => (first[group], total[group]),
        }
    }
}

/// Values of every trial over a Saltelli design whose rows share their luck trial by trial.
#[derive(Debug, Clone, PartialEq)]
pub struct Rows {
    /// By row, then trial: A.
    pub a: Vec<Vec<f64>>,
    /// The same of B.
    pub b: Vec<Vec<f64>>,
    /// By parameter or group the same of A with its columns from B.
    pub mixed: Vec<Vec<Vec<f64>>>,
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
    /// By parameter or group; `None` where values vary by no more than luck, or by so little more that an
    /// interval of 95% of their variance holds nothing but luck.
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
        let luck = evaluated.luck.variance();
        assert!(luck >= 0.0, "a variance is not negative");
        let lists = evaluated.mixed.iter().map(Vec::len);
        assert!(
            lists.chain([evaluated.b.len()]).all(|it| it == rows),
            "every list has a value for each row"
        );
        let all: Vec<usize> = (0..rows).collect();
        let parts = Parts::of(evaluated, &all);
        let own = parts.variance - luck;
        // What varies by the rounding of sums does not vary.
        let varies = own > 1e-24 * parts.centre * parts.centre;
        let intervals = varies.then(|| {
            resample::intervals(rows, seed, |drawn| {
                let parts = Parts::of(evaluated, drawn);
                let mut all = parts.indices(&evaluated.luck);
                all.push(parts.variance - luck);
                all
            })
        });
        // Shares of a variance that luck may be all of would be wild.
        let told = intervals.filter(|it| it.last().is_some_and(|own| own.low > 0.0));
        let indices = told.map(|intervals| {
            (parts.indices(&evaluated.luck).chunks_exact(2))
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
                (luck / parts.variance).min(1.0)
            } else {
                0.0
            },
            indices,
        }
    }

    /// The same where the values of a row share their luck, trial by trial.
    ///
    /// # Panics
    /// As [`Sensitivity::of`], and if a row has fewer than 2 trials or lists differ in trials.
    pub fn of_rows(rows: &Rows, seed: u64) -> Self {
        let means = |rows: &[Vec<f64>]| -> Vec<f64> { rows.iter().map(|it| mean(it)).collect() };
        let over_rows = |of: &dyn Fn(usize) -> f64| -> f64 {
            (0..rows.a.len()).map(of).sum::<f64>() / rows.a.len() as f64
        };
        let variance = over_rows(&|row| {
            let (a, b) = (&rows.a[row], &rows.b[row]);
            0.5 * (shared_luck(a, a) + shared_luck(b, b))
        });
        let (first, total): (Vec<f64>, Vec<f64>) = (rows.mixed.iter())
            .map(|mixed| {
                let moved = |row: usize| -> Vec<f64> {
                    let both = mixed[row].iter().zip(&rows.a[row]);
                    both.map(|(ab, a)| ab - a).collect()
                };
                let first = over_rows(&|row| shared_luck(&rows.b[row], &moved(row)));
                let total = over_rows(&|row| 0.5 * shared_luck(&moved(row), &moved(row)));
                (first, total)
            })
            .unzip();
        let mixed: Vec<Vec<f64>> = rows.mixed.iter().map(|it| means(it)).collect();
        let evaluated = Evaluated {
            a: &means(&rows.a),
            b: &means(&rows.b),
            mixed: &mixed,
            luck: Luck::OfRows {
                variance,
                first: &first,
                total: &total,
            },
        };
        Self::of(&evaluated, seed)
    }

    /// Share of the variance that belongs to no parameter or group alone: 1 less all first orders.
    pub fn together(&self) -> Option<f64> {
        let indices = self.indices.as_ref()?;
        Some(1.0 - indices.iter().map(|it| it.first.value).sum::<f64>())
    }
}

fn mean(values: &[f64]) -> f64 {
    values.iter().sum::<f64>() / values.len() as f64
}

/// The covariance of two means over the same trials, estimated without bias.
fn shared_luck(one: &[f64], other: &[f64]) -> f64 {
    assert!(
        one.len() > 1 && one.len() == other.len(),
        "luck shows in two trials or more"
    );
    let centres = (mean(one), mean(other));
    let products = one.iter().zip(other);
    let sum: f64 = products
        .map(|(one, other)| (one - centres.0) * (other - centres.1))
        .sum();
    sum / (one.len() * (one.len() - 1)) as f64
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
    fn indices(&self, luck: &Luck) -> Vec<f64> {
        // A bootstrap sample may vary by less than luck; its indices are then wild, as they should be.
        let own = self.variance - luck.variance();
        let own = own.max(1e-9 * self.variance + f64::MIN_POSITIVE);
        (self.numerators.iter().enumerate())
            .flat_map(|(group, (first, total))| {
                let added = luck.added(group);
                [(first - added.0) / own, (total - added.1) / own]
            })
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
            let luck = Luck::Own(luck);
            Sensitivity::of(&Evaluated { a, b, mixed, luck }, 3)
        }
    }

    fn ishigami(at: &[f64]) -> f64 {
        let [x, y, z] = [0, 1, 2].map(|it| std::f64::consts::PI * (2.0 * at[it] - 1.0));
        libm::sin(x) * (1.0 + 0.1 * z.powi(4)) + 7.0 * libm::sin(y).powi(2)
    }

    const EACH: [usize; 3] = [0, 1, 2];

    /// Luck of variance 1 and parameters of a hundredth of that, in 64 rows: shares of what may be nothing
    /// but luck are not given.
    #[test]
    fn what_luck_may_be_all_of_has_no_indices() {
        let mut noise = Noise::new(21);
        let points = latin_hypercube(64, 6, 12);
        let value = |at: &[f64]| 0.3 * at[0] + noise.normal();
        let made = Made::of(&points, &EACH.map(|it| vec![it]), value);
        assert_eq!(made.sensitivity(1.0).indices, None);
    }

    /// `2 x + y` again, in three trials of a row with lucks `u` and `v` that all its values share: `u`
    /// with a weight that grows with `x`, `v` the same for all, so that it goes out of every difference.
    /// What it does to indices is gone.
    #[test]
    fn luck_that_a_row_shares_is_told_apart_too() {
        let mut noise = Noise::new(8);
        let points = latin_hypercube(4_096, 4, 9);
        let mut rows = Rows {
            a: Vec::new(),
            b: Vec::new(),
            mixed: vec![Vec::new(); 2],
        };
        for point in &points {
            let lucks: Vec<(f64, f64)> = (0..3).map(|_| (noise.normal(), noise.normal())).collect();
            let value = |x: f64, y: f64| -> Vec<f64> {
                let trials = lucks.iter();
                trials
                    .map(|(u, v)| 2.0 * x + y + 0.5 * (x * u + v))
                    .collect()
            };
            rows.a.push(value(point[0], point[1]));
            rows.b.push(value(point[2], point[3]));
            rows.mixed[0].push(value(point[2], point[1]));
            rows.mixed[1].push(value(point[0], point[3]));
        }
        let found = Sensitivity::of_rows(&rows, 4);
        assert!((found.variance - 5.0 / 12.0).abs() < 0.06, "{found:?}");
        // A third of a quarter of 1 and of the mean square of x, 1/3.
        let luck = 1.0 / 9.0;
        assert!((found.luck - luck / (luck + 5.0 / 12.0)).abs() < 0.05);
        let indices = found.indices.as_ref().unwrap();
        for (indices, truth) in indices.iter().zip([0.8, 0.2]) {
            holds(indices.first, truth, 0.05);
            holds(indices.total, truth, 0.05);
        }
        // Taken for a luck of its own, it would be taken off twice.
        let mean = |rows: &[Vec<f64>]| rows.iter().map(|it| mean(it)).collect::<Vec<_>>();
        let own = Made {
            a: mean(&rows.a),
            b: mean(&rows.b),
            mixed: rows.mixed.iter().map(|it| mean(it)).collect(),
        };
        let wrong = own.sensitivity(luck).indices.unwrap();
        assert!(wrong[1].total.value < 0.0, "{wrong:?}");
    }

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
