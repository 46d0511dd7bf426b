//! What it would be worth to know parameters before choosing: the expected value of perfect
//! information, of all parameters (EVPI) and of some (EVPPI).
//!
//! Less is better, so with `m_d` the expected value of structure `d`, EVPI is
//! `min_d E[m_d] - E[min_d m_d]`, and EVPPI of parameters `x` is
//! `min_d E[m_d] - E[min_d E(m_d | x)]`, in the unit of the quantity. The conditional means are
//! regressions of each structure's difference from the first structure on the parameters, over draws:
//! splines for each parameter, and for several parameters products of the scores of the strongest as
//! well, where cross-validation finds that they help. The regression takes what other parameters and
//! the luck of trials do for noise: only the conditional mean counts, and so it does not grow with
//! fewer trials, as the plain mean of minima does.
//!
//! Sources: Strong M, Oakley JE, Brennan A (2014), Medical Decision Making 34:311-326 (regression,
//! standard error and upward bias by drawing coefficients from their normal posterior); Raiffa H,
//! Schlaifer R (1961), Applied Statistical Decision Theory, 4.5.

use super::Drawn;
use super::chosen::chosen;
use super::regression::{Fit, Solver, residual_covariance};
use super::terms::effective;
use crate::analysis::noise::Noise;
use crate::analysis::simultaneous::root;

/// Drawings of the coefficients behind a standard error.
const DRAWINGS: usize = 200;
const SEED: u64 = 2_014_311;

/// The worth of some information, in the unit of the quantity; never below 0 in truth.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Worth {
    /// The estimate, from the fitted means as they are.
    pub value: f64,
    /// How much too high `value` is to be expected for the uncertainty of the fit, since a minimum of
    /// uncertain means is below the minimum of the true ones: the mean over drawings of the
    /// coefficients less `value`. Penalties pull the other way, the more the more parameters and luck
    /// there are for the draws; what they pull is not in this number.
    pub upward_bias: f64,
    /// `value` less `upward_bias`, but not below 0: to be preferred for a single parameter that does
    /// little, and rather too low for many parameters.
    pub corrected: f64,
    /// Standard error: of the fit and of the draws together.
    pub standard_error: f64,
    /// The part of the standard error from the fit: from drawings of the coefficients.
    pub from_fit: f64,
    /// The part of it from there being so many draws of the parameters and no more, as if they were
    /// independent; designs that are spread evenly do better.
    pub from_draws: f64,
}

impl Worth {
    /// Of no parameter.
    const NOTHING: Self = Self {
        value: 0.0,
        upward_bias: 0.0,
        corrected: 0.0,
        standard_error: 0.0,
        from_fit: 0.0,
        from_draws: 0.0,
    };
}

/// A value with the standard error that the number of draws leaves.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Plain {
    /// The value, in the unit of the quantity.
    pub value: f64,
    /// Its standard error over draws, as if they were independent.
    pub standard_error: f64,
}

/// Draws of a quantity beside the parameters behind them.
#[derive(Debug, Clone)]
pub struct Information<'a> {
    drawn: &'a Drawn,
    points: &'a [Vec<f64>],
    /// By structure but the first: the difference from the first, by draw.
    differences: Vec<Vec<f64>>,
}

impl<'a> Information<'a> {
    /// Draws with their points: for each draw the share of every parameter's distribution that lies
    /// below its value, 0 to 1.
    ///
    /// # Panics
    /// If points and draws differ in number, or points in the number of parameters.
    pub fn new(drawn: &'a Drawn, points: &'a [Vec<f64>]) -> Self {
        assert_eq!(drawn.draws(), points.len(), "each draw has a point");
        assert!(
            points.iter().all(|it| it.len() == points[0].len()),
            "points have the same parameters"
        );
        let difference = |of| (0..drawn.draws()).map(move |it| drawn.difference(it, of, 0).0);
        Self {
            drawn,
            points,
            differences: (1..drawn.structures())
                .map(|of| difference(of).collect())
                .collect(),
        }
    }

    /// EVPI of the means over trials as they are. With few trials it is too high, since the least of
    /// several noisy means is below the least of the true ones; more draws do not mend that.
    pub fn perfect_plain(&self) -> Plain {
        let (value, standard_error) = worth(&self.differences, self.drawn.weights());
        Plain {
            value,
            standard_error,
        }
    }

    /// EVPI by regression on all parameters. With many parameters, few draws and much luck it is rather
    /// too low (60 parameters, 300 draws, a standard error of trials of 0.7 times the spread of the
    /// differences: by 4%); nor is what the regression does not find, as of interactions of three
    /// parameters, in it.
    pub fn perfect(&self) -> Worth {
        let all: Vec<usize> = (0..self.points[0].len()).collect();
        self.partial(&all)
    }

    /// EVPPI of each parameter.
    pub fn of_each(&self) -> Vec<Worth> {
        (0..self.points[0].len())
            .map(|it| self.partial(&[it]))
            .collect()
    }

    /// EVPPI of parameters that would become known together; of none it is 0.
    ///
    /// # Panics
    /// If a parameter is not there.
    pub fn partial(&self, parameters: &[usize]) -> Worth {
        let there = self.points[0].len();
        assert!(
            parameters.iter().all(|it| *it < there),
            "a parameter that is there"
        );
        if parameters.is_empty() {
            return Worth::NOTHING;
        }
        let chosen = chosen(
            self.points,
            self.drawn.weights(),
            parameters,
            &self.differences,
        );
        self.judged(&chosen.solver, &chosen.fits)
    }

    fn judged(&self, solver: &Solver, fits: &[Fit]) -> Worth {
        let weights = self.drawn.weights();
        let observed = fits.iter().zip(&self.differences);
        let means: Vec<Vec<f64>> = observed.map(|(fit, it)| fit.values(it)).collect();
        let (found, from_draws) = worth(&means, weights);
        let root = root(&residual_covariance(fits, weights));
        let mut noise = Noise::new(SEED);
        let drawings: Vec<f64> = (0..DRAWINGS)
            .map(|_| {
                let errors = errors(&root, solver.directions() + 1, &mut noise);
                let moved = solver.moved(fits, &errors);
                worth(&moved, weights).0
            })
            .collect();
        let mean = drawings.iter().sum::<f64>() / DRAWINGS as f64;
        let squares: f64 = drawings.iter().map(|it| (it - mean).powi(2)).sum();
        let from_fit = (squares / (DRAWINGS - 1) as f64).sqrt();
        let upward_bias = mean - found;
        Worth {
            value: found,
            upward_bias,
            corrected: (found - upward_bias).max(0.0),
            standard_error: libm::hypot(from_fit, from_draws),
            from_fit,
            from_draws,
        }
    }
}

/// `min_d E[m_d] - E[min_d m_d]` and its standard error over draws, from differences from the first
/// structure.
fn worth(differences: &[Vec<f64>], weights: &[f64]) -> (f64, f64) {
    let mean = |of: &[f64]| {
        of.iter()
            .zip(weights)
            .map(|(it, weight)| it * weight)
            .sum::<f64>()
    };
    // The first structure stands before all: its difference from itself is 0.
    let mut chosen: Option<&[f64]> = None;
    let mut least = 0.0;
    for of in differences {
        let own = mean(of);
        if own < least {
            (chosen, least) = (Some(of.as_slice()), own);
        }
    }
    let losses: Vec<f64> = (0..weights.len())
        .map(|draw| {
            let best = differences.iter().map(|of| of[draw]).fold(0.0, f64::min);
            chosen.map_or(0.0, |of| of[draw]) - best
        })
        .collect();
    let value = mean(&losses);
    let squares: f64 = (losses.iter().zip(weights))
        .map(|(it, weight)| weight * (it - value).powi(2))
        .sum();
    let freedom = (effective(weights) - 1.0).max(1.0);
    (value, (squares / freedom).sqrt())
}

/// So many normals for each quantity, correlated between quantities.
fn errors(root: &[Vec<f64>], count: usize, noise: &mut Noise) -> Vec<Vec<f64>> {
    let mut errors = vec![vec![0.0; count]; root.len()];
    for at in 0..count {
        let normals: Vec<f64> = root.iter().map(|_| noise.normal()).collect();
        for (own, line) in errors.iter_mut().zip(root) {
            own[at] = line.iter().zip(&normals).map(|(a, b)| a * b).sum();
        }
    }
    errors
}

#[cfg(test)]
mod tests {
    use super::super::resample::latin_hypercube as points;
    use super::super::spline::normal_score;
    use super::*;

    /// Two structures, of which the second is better by the benefit; with luck of a standard deviation
    /// in each of so many trials.
    fn drawn(
        points: &[Vec<f64>],
        benefit: impl Fn(&[f64]) -> f64,
        luck: f64,
        trials: usize,
    ) -> Drawn {
        let mut noise = Noise::new(99);
        let values = points.iter().map(|at| {
            let z: Vec<f64> = at.iter().map(|it| normal_score(*it)).collect();
            let second = (0..trials).map(|_| 7.0 - benefit(&z) + luck * noise.normal());
            vec![vec![7.0; trials], second.collect()]
        });
        Drawn::new(vec![1.0; points.len()], values.collect())
    }

    #[track_caller]
    fn near(worth: Worth, truth: f64, at_most: f64) {
        let off = (worth.value - truth).abs();
        assert!(off < 3.0 * worth.standard_error, "{worth:?}, truth {truth}");
        assert!(worth.standard_error < at_most, "too vague: {worth:?}");
    }

    /// The unit normal loss at 0 is the density there, 0.39894 (Raiffa and Schlaifer 1961).
    #[test]
    fn perfect_information_on_a_normal_benefit_is_its_unit_loss() {
        let points = points(1_000, 1, 1);
        let drawn = drawn(&points, |z| z[0], 0.0, 1);
        let information = Information::new(&drawn, &points);
        near(information.perfect(), 0.398_94, 0.025);
        let plain = information.perfect_plain();
        assert!((plain.value - 0.398_94).abs() < 0.003, "{plain:?}");
        assert!((information.perfect().value - plain.value).abs() < 0.001);
    }

    /// Normal benefit of mean 0.5: the loss of perfect information on a part of standard deviation s
    /// is `s * L(0.5 / s)` with the unit normal loss L.
    #[test]
    fn parts_of_a_normal_benefit_have_their_unit_losses() {
        let points = points(1_500, 3, 2);
        for (luck, at_most) in [(0.0, 0.05), (2.0, 0.09)] {
            let drawn = drawn(&points, |z| 0.5 + z[0] + 2.0 * z[1], luck, 2);
            let information = Information::new(&drawn, &points);
            let each = information.of_each();
            near(information.perfect(), 0.664_27, at_most);
            near(each[0], 0.197_80, at_most);
            near(each[1], 0.572_69, at_most);
            near(each[2], 0.0, at_most);
            assert!(each[2].value < 0.02, "{:?}", each[2]);
            let all = information.perfect();
            for worth in each {
                let reach = libm::hypot(worth.standard_error, all.standard_error);
                assert!(worth.value < all.value + 2.0 * reach);
            }
            near(information.partial(&[0, 1]), 0.664_27, at_most);
            assert_eq!(information.partial(&[]), Worth::NOTHING);
        }
    }

    /// With 1,500 draws and ever fewer trials, luck of standard deviation 6 in one: with `n` trials the
    /// plain value tends to the loss of a normal of variance `5 + 36/n`.
    #[test]
    fn luck_of_trials_raises_the_plain_value_and_not_the_fitted_one() {
        let points = points(1_500, 2, 3);
        let unit_loss = |x: f64| {
            let tail = 0.5 * libm::erfc(x * std::f64::consts::FRAC_1_SQRT_2);
            libm::exp(-0.5 * x * x) / std::f64::consts::TAU.sqrt() - x * tail
        };
        for trials in [16, 4, 1] {
            let drawn = drawn(&points, |z| 0.5 + z[0] + 2.0 * z[1], 6.0, trials);
            let information = Information::new(&drawn, &points);
            let spread = (5.0 + 36.0 / trials as f64).sqrt();
            let raised = spread * unit_loss(0.5 / spread);
            let plain = information.perfect_plain();
            let off = (plain.value - raised).abs();
            assert!(
                off < 4.0 * plain.standard_error,
                "{plain:?}, theory {raised}"
            );
            near(information.perfect(), 0.664_27, 0.15);
        }
        let plain = |trials| {
            let drawn = drawn(&points, |z| 0.5 + z[0] + 2.0 * z[1], 6.0, trials);
            Information::new(&drawn, &points).perfect_plain().value
        };
        assert!(plain(1) > 2.0);
    }

    /// 38 more parameters that do nothing, and few draws.
    #[test]
    fn many_parameters_without_effect_do_not_hide_the_others() {
        let points = points(300, 40, 6);
        let drawn = drawn(&points, |z| 0.5 + z[0] + 2.0 * z[1], 3.0, 4);
        let information = Information::new(&drawn, &points);
        let found = information.perfect();
        near(found, 0.664_27, 0.1);
        assert!((found.value - 0.664_27).abs() < 0.12, "{found:?}");
    }

    /// A benefit of a product alone: knowing one of its factors tells nothing, knowing both tells all:
    /// `E[max(0, xy)] = (2/pi) / 2`.
    #[test]
    fn a_product_is_worth_something_together_only() {
        let points = points(800, 2, 4);
        let drawn = drawn(&points, |z| z[0] * z[1], 0.0, 1);
        let information = Information::new(&drawn, &points);
        near(information.perfect(), std::f64::consts::FRAC_1_PI, 0.03);
        for worth in information.of_each() {
            assert!(worth.value < 0.05, "{worth:?}");
        }
    }

    /// Three structures of independent standard normal value: the mean of the least is -3/(2 sqrt(pi))
    /// (David and Nagaraja 2003, Order Statistics, 3rd edition, 3.2), and to know one value alone is worth
    /// its unit loss. The third structure is listed first once, so that it is the reference.
    #[test]
    fn of_three_structures_the_least_is_found() {
        let points = points(800, 3, 8);
        for order in [[0, 1, 2], [2, 0, 1]] {
            let mut noise = Noise::new(21);
            let values = points.iter().map(|at| {
                let luck: Vec<f64> = (0..4).map(|_| noise.normal()).collect();
                let of = |it: usize| {
                    let own = normal_score(at[it]);
                    let sign = if it == 1 { -1.0 } else { 1.0 };
                    luck.iter().map(|luck| own + sign * luck).collect()
                };
                order.map(of).to_vec()
            });
            let drawn = Drawn::new(vec![1.0; 800], values.collect());
            let information = Information::new(&drawn, &points);
            near(
                information.perfect(),
                1.5 / std::f64::consts::PI.sqrt(),
                0.04,
            );
            for worth in information.of_each() {
                near(worth, 0.398_94, 0.06);
            }
        }
    }

    /// Of three structures, by weights: draws of weight 0 do not count.
    #[test]
    fn weights_count() {
        let points = points(400, 1, 5);
        let value = |at: &Vec<f64>, far: f64| {
            let z = normal_score(at[0]);
            vec![vec![0.0], vec![z], vec![far]]
        };
        let all: Vec<_> = points.iter().map(|at| value(at, 5.0)).collect();
        let mut doubled = all.clone();
        doubled.extend(points.iter().map(|at| value(at, -90.0)));
        let mut weights = vec![1.0; 400];
        weights.extend(vec![0.0; 400]);
        let twice = [points.clone(), points.clone()].concat();
        let one = Drawn::new(vec![1.0; 400], all);
        let two = Drawn::new(weights, doubled);
        let one = Information::new(&one, &points).perfect();
        let two = Information::new(&two, &twice).perfect();
        assert!((one.value - two.value).abs() < 1e-9, "{one:?} {two:?}");
    }
}
