//! Where a generation of runs is drawn from: mixtures that always keep a part of the prior.
//!
//! Coordinates are those of the prior: every parameter is a standard normal variate before any figure
//! is looked at, and all are independent.

use nalgebra::{DMatrix, DVector};

use super::linear::Spread;
use super::luck::Draws;

/// Degrees of freedom of the components: heavier tails than what they approximate, so that no
/// weight grows without bound. Even, so that a chi-squared variate is a sum of logarithms.
const FREEDOM: u32 = 8;

/// One generation's density.
#[derive(Debug, Clone)]
pub(super) struct Proposal {
    /// Share drawn from the prior.
    prior_share: f64,
    /// The rest, with shares of the whole.
    components: Vec<Component>,
}

/// A multivariate Student distribution.
#[derive(Debug, Clone)]
pub(super) struct Component {
    pub(super) share: f64,
    pub(super) centre: DVector<f64>,
    pub(super) spread: Spread,
}

impl Proposal {
    /// The prior itself.
    pub(super) fn prior() -> Self {
        Self {
            prior_share: 1.0,
            components: Vec::new(),
        }
    }

    /// Components in proportion to their shares, with a part of the prior kept.
    pub(super) fn defended(prior_share: f64, mut components: Vec<Component>) -> Self {
        let total: f64 = components.iter().map(|it| it.share).sum();
        if total <= 0.0 {
            return Self::prior();
        }
        for component in &mut components {
            component.share *= (1.0 - prior_share) / total;
        }
        Self {
            prior_share,
            components,
        }
    }

    /// One draw.
    pub(super) fn draw(&self, dimensions: usize, draws: &mut Draws) -> DVector<f64> {
        let mut left = draws.uniform() - self.prior_share;
        let normals = draws.normals(dimensions);
        for component in &self.components {
            if left <= 0.0 {
                break;
            }
            if left <= component.share {
                let chi_squared: f64 = (0..FREEDOM / 2)
                    .map(|_| -2.0 * libm::log(draws.uniform()))
                    .sum();
                let stretch = (f64::from(FREEDOM) / chi_squared).sqrt();
                return &component.centre + component.spread.shaped(&normals) * stretch;
            }
            left -= component.share;
        }
        normals
    }

    /// Logarithm of the density at a point, relative to the standard normal density there.
    pub(super) fn log_ratio_to_prior(&self, point: &DVector<f64>) -> f64 {
        let prior = log_prior(point);
        let mut logs = vec![libm::log(self.prior_share)];
        logs.extend(
            (self.components.iter()).map(|it| libm::log(it.share) + it.log_density(point) - prior),
        );
        log_of_sum(&logs)
    }
}

impl Component {
    fn log_density(&self, point: &DVector<f64>) -> f64 {
        let (freedom, dimensions) = (f64::from(FREEDOM), point.len() as f64);
        let squared = self.spread.squared_distance(&(point - &self.centre));
        libm::lgamma(0.5 * (freedom + dimensions))
            - libm::lgamma(0.5 * freedom)
            - 0.5 * dimensions * libm::log(freedom * std::f64::consts::PI)
            - self.spread.half_log_determinant
            - 0.5 * (freedom + dimensions) * libm::log1p(squared / freedom)
    }
}

/// Logarithm of the standard normal density.
pub(super) fn log_prior(point: &DVector<f64>) -> f64 {
    -0.5 * point.norm_squared() - 0.5 * point.len() as f64 * libm::log(std::f64::consts::TAU)
}

/// `log(sum(exp(x)))`, without overflow.
pub(super) fn log_of_sum(logs: &[f64]) -> f64 {
    let greatest = logs.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    if greatest == f64::NEG_INFINITY {
        return greatest;
    }
    let sum: f64 = logs.iter().map(|it| libm::exp(it - greatest)).sum();
    greatest + libm::log(sum)
}

/// Weighted mean and covariance of points.
pub(super) fn moments(points: &[&DVector<f64>], weights: &[f64]) -> (DVector<f64>, DMatrix<f64>) {
    let dimensions = points.first().map_or(0, |it| it.len());
    let total: f64 = weights.iter().sum();
    let mut mean = DVector::zeros(dimensions);
    for (point, weight) in points.iter().zip(weights) {
        mean.axpy(weight / total, point, 1.0);
    }
    let mut covariance = DMatrix::zeros(dimensions, dimensions);
    for (point, weight) in points.iter().zip(weights) {
        let from_mean = *point - &mean;
        covariance.ger(weight / total, &from_mean, &from_mean, 1.0);
    }
    (mean, covariance)
}

#[cfg(test)]
mod tests {
    use super::super::luck::DesignLuck;
    use super::*;

    fn two_hills() -> Proposal {
        let component = |share, x, covariance: [f64; 4]| Component {
            share,
            centre: DVector::from_vec(vec![x, 0.5]),
            spread: Spread::of_covariance(DMatrix::from_row_slice(2, 2, &covariance)),
        };
        Proposal::defended(
            0.2,
            vec![
                component(3.0, -1.0, [0.2, 0.1, 0.1, 0.3]),
                component(1.0, 1.5, [0.1, 0.0, 0.0, 0.1]),
            ],
        )
    }

    /// The mean of `prior / proposal` over draws of the proposal is 1, whatever the proposal, and
    /// weighted means are those of the prior.
    #[test]
    fn draws_follow_the_density_that_is_said_of_them() {
        let proposal = two_hills();
        let luck = DesignLuck::new(3);
        let draws = 40_000;
        let (mut sum, mut squares, mut means) = (0.0, 0.0, [0.0; 3]);
        for run in 0..draws {
            let point = proposal.draw(2, &mut luck.of_run(run));
            let weight = libm::exp(-proposal.log_ratio_to_prior(&point));
            sum += weight;
            squares += weight * weight;
            means[0] += weight * point[0];
            means[1] += weight * point[1] * point[1];
            means[2] += weight * point[0] * point[1];
        }
        let n = draws as f64;
        let error = ((squares / n - 1.0) / n).sqrt();
        assert!(error < 0.02, "{error}");
        assert!((sum / n - 1.0).abs() < 4.0 * error, "{} {error}", sum / n);
        for (mean, expected) in means.iter().zip([0.0, 1.0, 0.0]) {
            assert!((mean / n - expected).abs() < 12.0 * error, "{means:?}");
        }
    }

    #[test]
    fn no_weight_is_greater_than_the_kept_prior_allows() {
        let proposal = two_hills();
        for x in [-40.0, -3.0, 0.0, 2.0, 40.0] {
            let ratio = proposal.log_ratio_to_prior(&DVector::from_vec(vec![x, -x]));
            assert!(ratio >= libm::log(0.2) - 1e-12);
        }
    }

    #[test]
    fn moments_are_those_of_a_worked_example() {
        let points = [[0.0, 0.0], [2.0, 0.0], [2.0, 4.0]].map(|it| DVector::from_vec(it.to_vec()));
        let points: Vec<_> = points.iter().collect();
        let (mean, covariance) = moments(&points, &[1.0, 1.0, 2.0]);
        assert!((mean[0] - 1.5).abs() < 1e-12 && (mean[1] - 2.0).abs() < 1e-12);
        assert!((covariance[(0, 0)] - 0.75).abs() < 1e-12);
        assert!((covariance[(0, 1)] - 1.0).abs() < 1e-12);
        assert!((covariance[(1, 1)] - 4.0).abs() < 1e-12);
    }
}
