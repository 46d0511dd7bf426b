//! Screening: which parameters matter at all, from one-at-a-time steps (elementary effects).
//!
//! An elementary effect is the change of a value over one step of one parameter, by the length of the
//! step in shares of its distribution. Over trajectories, `mu` is their mean, `mu*` the mean of
//! their sizes, which does not cancel where an effect changes sign, and `sigma` their standard
//! deviation: large where the effect bends or depends on other parameters, or where luck is large.
//!
//! Sources: Morris MD (1991), Technometrics 33:161-174; Campolongo F, Cariboni J, Saltelli A (2007),
//! Environmental Modelling & Software 22:1509-1518 (`mu*`).

use super::drawn::paired_error;
use super::resample;
use crate::analysis::intervals::Estimate;

/// Elementary effects of every parameter along one trajectory, in the unit of the value for a step
/// over the whole distribution.
#[derive(Debug, Clone, PartialEq)]
pub struct Effects(Vec<f64>);

impl Effects {
    /// From the points of a trajectory, each moved in one coordinate from the one before and each
    /// coordinate once, and the values there.
    ///
    /// # Panics
    /// If points and values differ in number, a step moves no coordinate or several, or the steps do
    /// not move every coordinate once.
    pub fn of(points: &[Vec<f64>], values: &[f64]) -> Self {
        assert_eq!(points.len(), values.len(), "each point has a value");
        let size = points.first().map_or(0, Vec::len);
        assert_eq!(points.len(), size + 1, "each coordinate moves once");
        let mut effects = vec![None; size];
        for (points, values) in points.windows(2).zip(values.windows(2)) {
            let moved = |it: &usize| points[0][*it].to_bits() != points[1][*it].to_bits();
            let mut all = (0..size).filter(moved);
            let (Some(coordinate), None) = (all.next(), all.next()) else {
                panic!("a step moves one coordinate");
            };
            let step = points[1][coordinate] - points[0][coordinate];
            let effect = (values[1] - values[0]) / step;
            let before = effects[coordinate].replace(effect);
            assert!(before.is_none(), "each coordinate moves once");
        }
        let each = effects.into_iter();
        Self(
            each.collect::<Option<_>>()
                .expect("as many coordinates moved as there are"),
        )
    }

    /// By parameter.
    pub fn by_parameter(&self) -> &[f64] {
        &self.0
    }
}

/// What the trajectories say of one parameter, in the unit of the value for a step over the whole
/// distribution.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Screened {
    /// Mean effect.
    pub mu: f64,
    /// Mean size of the effect, with a bootstrap interval of 95% over trajectories; no interval with
    /// one trajectory.
    pub mu_star: Estimate,
    /// Standard deviation of the effect; `None` with one trajectory.
    pub sigma: Option<f64>,
}

impl Screened {
    /// Every parameter over some trajectories, at least one; `seed` is the bootstrap's.
    ///
    /// # Panics
    /// If there is no trajectory, or they differ in the number of parameters.
    pub fn of(trajectories: &[Effects], seed: u64) -> Vec<Self> {
        assert!(!trajectories.is_empty(), "there is a trajectory");
        let size = trajectories[0].0.len();
        assert!(
            trajectories.iter().all(|it| it.0.len() == size),
            "trajectories have the same parameters"
        );
        let count = trajectories.len();
        let sizes = |drawn: &[usize]| -> Vec<f64> {
            (0..size)
                .map(|it| {
                    let each = drawn.iter().map(|at| trajectories[*at].0[it].abs());
                    each.sum::<f64>() / count as f64
                })
                .collect()
        };
        let all: Vec<usize> = (0..count).collect();
        let intervals = (count > 1).then(|| resample::intervals(count, seed, sizes));
        (sizes(&all).into_iter().enumerate())
            .map(|(it, value)| {
                let each = || trajectories.iter().map(|effects| effects.0[it]);
                let mu = each().sum::<f64>() / count as f64;
                let squares: f64 = each().map(|effect| (effect - mu).powi(2)).sum();
                Self {
                    mu,
                    mu_star: Estimate {
                        value,
                        interval: intervals.as_ref().map(|all| all[it]),
                    },
                    sigma: (count > 1).then(|| (squares / (count - 1) as f64).sqrt()),
                }
            })
            .collect()
    }

    /// Parameters from the largest `mu*` to the smallest; equals in their own order.
    pub fn ranking(screened: &[Self]) -> Vec<usize> {
        let mut order: Vec<usize> = (0..screened.len()).collect();
        order.sort_by(|a, b| {
            let [a, b] = [a, b].map(|it| screened[*it].mu_star.value);
            b.total_cmp(&a)
        });
        order
    }

    /// The `mu*` that a parameter without effect has by luck alone: effects are then normal with
    /// variance `2 * luck / step^2`, and the mean size of a normal is `sqrt(2/pi)` standard deviations.
    /// `luck` is the variance of a value from the luck of trials, independent between points, and
    /// `step` the length of a step.
    pub fn by_luck(luck: f64, step: f64) -> f64 {
        2.0 * (luck / std::f64::consts::PI).sqrt() / step
    }
}

/// The luck of trials in the steps of trajectories, as [`Screened::by_luck`] takes it: half the squared
/// standard error of the difference between neighbouring points, averaged over all steps. `[trajectory]
/// [point][trial]`; trials of neighbours are paired, so luck that they share goes out.
///
/// # Panics
/// If there is no step, or points of fewer than two trials.
pub fn luck_of_steps(trajectories: &[&[Vec<f64>]]) -> f64 {
    let steps: Vec<f64> = (trajectories.iter())
        .flat_map(|points| points.windows(2))
        .map(|two| 0.5 * paired_error(&two[0], &two[1]).powi(2))
        .collect();
    assert!(!steps.is_empty(), "trajectories have steps");
    steps.iter().sum::<f64>() / steps.len() as f64
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::analysis::noise::Noise;

    /// Trajectories from independent uniform beginnings, by steps of 0.4 towards the middle.
    fn effects(
        count: usize,
        size: usize,
        noise: &mut Noise,
        mut value: impl FnMut(&[f64], &mut Noise) -> f64,
    ) -> Vec<Effects> {
        (0..count)
            .map(|_| {
                let mut at: Vec<f64> = (0..size).map(|_| noise.uniform()).collect();
                let mut points = vec![at.clone()];
                for it in resample::shuffled(size, noise) {
                    at[it] += if at[it] > 0.5 { -0.4 } else { 0.4 };
                    points.push(at.clone());
                }
                let values: Vec<f64> = points.iter().map(|at| value(at, noise)).collect();
                Effects::of(&points, &values)
            })
            .collect()
    }

    #[test]
    fn a_linear_function_has_its_slopes_and_no_spread() {
        let value = |at: &[f64], _: &mut Noise| 3.0 * at[0] - 5.0 * at[1] + 0.5 * at[3];
        let screened = Screened::of(&effects(10, 4, &mut Noise::new(1), value), 2);
        for (found, slope) in screened.iter().zip([3.0, -5.0, 0.0, 0.5_f64]) {
            assert!((found.mu - slope).abs() < 1e-9);
            assert!((found.mu_star.value - slope.abs()).abs() < 1e-9);
            assert!(found.sigma.unwrap() < 1e-9);
            let interval = found.mu_star.interval.unwrap();
            assert!(interval.high - interval.low < 1e-9);
        }
        assert_eq!(Screened::ranking(&screened), [1, 0, 3, 2]);
    }

    /// `(x - 1/2)(y - 1/2)` has the effect `y - 1/2` of x: mean 0, mean size 1/4 and variance 1/12 where y
    /// is uniform; here half of the trajectories have moved y towards the middle before, by 0.4, so
    /// that `|y - 1/2|` is then `|u - 0.4|` with u uniform below 1/2: 0.17, and its square 31/300 - 0.06.
    #[test]
    fn interactions_show_in_sigma_and_do_not_cancel_in_mu_star() {
        let value = |at: &[f64], _: &mut Noise| (at[0] - 0.5) * (at[1] - 0.5) + 0.1 * at[2];
        let screened = Screened::of(&effects(4_000, 3, &mut Noise::new(3), value), 4);
        for found in &screened[..2] {
            assert!(found.mu.abs() < 0.02, "{found:?}");
            let interval = found.mu_star.interval.unwrap();
            let truth = f64::midpoint(0.25, 0.17);
            assert!(interval.low < truth && truth < interval.high, "{found:?}");
            assert!(interval.high - interval.low < 0.02);
            let truth = f64::midpoint(1.0 / 12.0, 31.0 / 300.0 - 0.06).sqrt();
            assert!(
                (found.sigma.unwrap() - truth).abs() < 0.01,
                "{found:?}, {truth}"
            );
        }
        assert!(screened[2].sigma.unwrap() < 1e-9);
    }

    #[test]
    fn luck_alone_has_the_mu_star_that_is_said() {
        let value = |_: &[f64], noise: &mut Noise| 0.3 * noise.normal();
        let screened = Screened::of(&effects(3_000, 2, &mut Noise::new(5), value), 6);
        let expected = Screened::by_luck(0.09, 0.4);
        for found in screened {
            let interval = found.mu_star.interval.unwrap();
            assert!(
                interval.low < expected && expected < interval.high,
                "{found:?}"
            );
            assert!(interval.high - interval.low < 0.1 * expected);
        }
    }

    #[test]
    fn one_trajectory_has_no_interval() {
        let value = |at: &[f64], _: &mut Noise| at[0];
        let screened = Screened::of(&effects(1, 1, &mut Noise::new(7), value), 8);
        assert_eq!(
            (screened[0].mu_star.interval, screened[0].sigma),
            (None, None)
        );
    }

    #[test]
    #[should_panic(expected = "a step moves one coordinate")]
    fn a_step_of_two_coordinates_is_refused() {
        let points = [vec![0.0, 0.0], vec![1.0, 1.0], vec![1.0, 0.0]];
        Effects::of(&points, &[0.0; 3]);
    }
}
