//! Regression of quantities on parameters: sums of splines and products of two scores, with a penalty
//! whose strength is chosen by generalised cross-validation.
//!
//! Sources: Craven P, Wahba G (1979), Numerische Mathematik 31:377-403 (generalised
//! cross-validation); Kim YJ, Gu C (2004), Journal of the Royal Statistical Society B 66:337-356 (each
//! degree of freedom counted 1.4 times, so that noise is not taken for form); Wood SN (2017),
//! Generalized Additive Models, 2nd edition, 6.10 (normal posterior of the coefficients).

use nalgebra::SymmetricEigen;

use super::terms::{Penalties, Terms, effective};

/// What a degree of freedom costs in the choice of the penalty.
const COST: f64 = 1.4;
/// Strengths of the penalty that are tried, two to each power of 10.
const STRENGTHS: std::ops::RangeInclusive<i32> = -14..=8;
/// A fit uses no more of the draws than this share as degrees of freedom.
const MOST_FREEDOM: f64 = 0.8;

/// Terms in directions of their own, in which penalised coefficients are independent.
#[derive(Debug, Clone)]
pub(super) struct Solver {
    pub(super) terms: Terms,
    effective: f64,
    pub(super) penalties: Penalties,
    /// Mean square of each direction.
    sizes: Vec<f64>,
    /// By direction: what one unit of it is as coefficients.
    turn: Vec<Vec<f64>>,
}

/// A quantity fitted by the terms.
#[derive(Debug, Clone)]
pub(super) struct Fit {
    pub(super) mean: f64,
    /// By direction of the solver.
    directions: Vec<f64>,
    /// By column.
    pub(super) coefficients: Vec<f64>,
    pub(super) strength: f64,
    /// Generalised cross-validation: the mean squared error to expect at draws left out.
    pub(super) squared_error: f64,
    /// Degrees of freedom, the mean among them.
    pub(super) freedom: f64,
    /// By draw.
    pub(super) residuals: Vec<f64>,
}

impl Solver {
    /// Makes ready for fits with these penalties.
    pub(super) fn new(terms: Terms, penalties: Penalties) -> Self {
        let scales: Vec<f64> = (terms.kinds.iter())
            .map(|it| 1.0 / penalties.of(*it).sqrt())
            .collect();
        let mut scaled = terms.gram();
        for (a, of) in scales.iter().enumerate() {
            scaled.row_mut(a).scale_mut(*of);
            scaled.column_mut(a).scale_mut(*of);
        }
        let eigen = SymmetricEigen::new(scaled);
        let turn = |own: usize| {
            let parts = scales.iter().enumerate();
            parts
                .map(|(it, scale)| eigen.eigenvectors[(it, own)] * scale)
                .collect()
        };
        Self {
            effective: effective(&terms.weights),
            penalties,
            sizes: eigen.eigenvalues.iter().map(|it| it.max(0.0)).collect(),
            turn: (0..scales.len()).map(turn).collect(),
            terms,
        }
    }

    /// Fits one quantity with the strength of penalty that cross-validation chooses.
    pub(super) fn fit(&self, values: &[f64]) -> Fit {
        let (mean, products) = self.products(values);
        let weights = &self.terms.weights;
        let square: f64 = (values.iter().zip(weights))
            .map(|(it, weight)| weight * (it - mean).powi(2))
            .sum();
        let mut best: Option<(f64, f64, f64)> = None;
        for half_power in STRENGTHS.rev() {
            let strength = libm::exp10(0.5 * f64::from(half_power));
            let mut freedom = 1.0;
            let mut left = square;
            for (size, product) in self.sizes.iter().zip(&products) {
                let lifted = size + strength;
                freedom += size / lifted;
                left += (size / lifted - 2.0) * product * product / lifted;
            }
            // The strongest penalty stands whatever the freedom, so that there is a fit.
            let used = COST * freedom / self.effective;
            if best.is_some() && used > MOST_FREEDOM {
                break;
            }
            let squared_error = left.max(0.0) / (1.0 - used.min(MOST_FREEDOM)).powi(2);
            if best.is_none_or(|(least, ..)| squared_error < least) {
                best = Some((squared_error, strength, freedom));
            }
        }
        let (squared_error, strength, freedom) = best.expect("there are strengths to try");
        self.fitted(values, mean, &products, (strength, squared_error, freedom))
    }

    /// The weighted mean, and mean products with each direction.
    fn products(&self, values: &[f64]) -> (f64, Vec<f64>) {
        let (mean, by_column) = self.terms.products(values);
        let product = |of: &Vec<f64>| of.iter().zip(&by_column).map(|(a, b)| a * b).sum();
        (mean, self.turn.iter().map(product).collect())
    }

    fn shrunk(&self, products: &[f64], strength: f64) -> Vec<f64> {
        let parts = products.iter().zip(&self.sizes);
        parts
            .map(|(product, size)| product / (size + strength))
            .collect()
    }

    /// Coefficients by column from those by direction.
    fn turned(&self, directions: &[f64]) -> Vec<f64> {
        let mut coefficients = vec![0.0; self.terms.kinds.len()];
        for (direction, turn) in directions.iter().zip(&self.turn) {
            for (sum, it) in coefficients.iter_mut().zip(turn) {
                *sum += direction * it;
            }
        }
        coefficients
    }

    fn fitted(
        &self,
        values: &[f64],
        mean: f64,
        products: &[f64],
        (strength, squared_error, freedom): (f64, f64, f64),
    ) -> Fit {
        let directions = self.shrunk(products, strength);
        let coefficients = self.turned(&directions);
        let explained = self.terms.part(&coefficients, |_| true);
        let residuals = values.iter().zip(&explained);
        Fit {
            mean,
            residuals: residuals.map(|(value, it)| value - mean - it).collect(),
            directions,
            coefficients,
            strength,
            squared_error,
            freedom,
        }
    }

    /// Fitted quantities by draw, with means and coefficients moved by `errors`: for each quantity standard
    /// normals (correlated with those of other quantities as their residuals are), times the
    /// residual standard deviation: the first for the mean, then one for each direction.
    pub(super) fn moved(&self, fits: &[Fit], errors: &[Vec<f64>]) -> Vec<Vec<f64>> {
        let scale = 1.0 / self.effective.sqrt();
        let mut means = Vec::new();
        // By column, quantities side by side: their sums do not wait for one another.
        let mut side_by_side = vec![Vec::new(); self.terms.kinds.len()];
        for (fit, errors) in fits.iter().zip(errors) {
            let directions: Vec<f64> = (fit.directions.iter().zip(&self.sizes))
                .zip(&errors[1..])
                .map(|((it, size), error)| it + error * scale / (size + fit.strength).sqrt())
                .collect();
            means.push(fit.mean + errors[0] * scale);
            for (of, it) in side_by_side.iter_mut().zip(self.turned(&directions)) {
                of.push(it);
            }
        }
        let mut moved = vec![Vec::with_capacity(self.terms.rows.len()); fits.len()];
        for row in &self.terms.rows {
            let mut sums = means.clone();
            for (own, coefficients) in row.iter().zip(&side_by_side) {
                for (sum, it) in sums.iter_mut().zip(coefficients) {
                    *sum += own * it;
                }
            }
            for (moved, sum) in moved.iter_mut().zip(sums) {
                moved.push(sum);
            }
        }
        moved
    }

    /// Number of directions.
    pub(super) fn directions(&self) -> usize {
        self.sizes.len()
    }
}

impl Fit {
    /// The fitted quantity by draw.
    pub(super) fn values(&self, observed: &[f64]) -> Vec<f64> {
        let parts = observed.iter().zip(&self.residuals);
        parts.map(|(value, residual)| value - residual).collect()
    }
}

/// Residual covariances of fits to the same draws, by their degrees of freedom.
pub(super) fn residual_covariance(fits: &[Fit], weights: &[f64]) -> Vec<Vec<f64>> {
    let draws = effective(weights);
    let of = |one: &Fit, other: &Fit| {
        let products = one.residuals.iter().zip(&other.residuals);
        let sum: f64 = products.zip(weights).map(|((a, b), w)| w * a * b).sum();
        sum / (1.0 - f64::midpoint(one.freedom, other.freedom) / draws).max(1.0 - MOST_FREEDOM)
    };
    (fits.iter())
        .map(|one| fits.iter().map(|other| of(one, other)).collect())
        .collect()
}

#[cfg(test)]
mod tests {
    use super::super::spline::score;
    use super::super::terms::Kind;
    use super::*;
    use crate::analysis::noise::Noise;

    fn uniform(draws: usize, parameters: usize, seed: u64) -> Vec<Vec<f64>> {
        let mut noise = Noise::new(seed);
        (0..draws)
            .map(|_| (0..parameters).map(|_| noise.uniform()).collect())
            .collect()
    }

    #[test]
    fn a_bent_sum_with_a_product_is_found() {
        let points = uniform(400, 3, 1);
        let value = |at: &Vec<f64>| {
            let z = score(at[2]);
            4.0 + 3.0 * at[0] * at[0] + libm::sin(5.0 * at[1]) + 0.5 * z * score(at[0])
        };
        let values: Vec<f64> = points.iter().map(value).collect();
        let weights = vec![1.0 / 400.0; 400];
        let terms = Terms::new(&points, &weights, &[0, 1, 2], 8, &[(0, 2)]);
        let solver = Solver::new(terms, Penalties::even(1e-6));
        let fit = solver.fit(&values);
        let left = fit.residuals.iter().map(|it| it * it).sum::<f64>() / 400.0;
        let spread = values.iter().map(|it| (it - fit.mean).powi(2)).sum::<f64>() / 400.0;
        assert!(left < 2e-3 * spread, "{left} of {spread}");
        let product = solver
            .terms
            .kinds
            .iter()
            .position(|it| *it == Kind::Product(0, 2));
        assert!((fit.coefficients[product.unwrap()] - 0.5).abs() < 0.01);
        // Without errors nothing moves.
        let none = vec![vec![0.0; solver.directions() + 1]];
        let moved = solver.moved(std::slice::from_ref(&fit), &none);
        for (one, other) in moved[0].iter().zip(fit.values(&values)) {
            assert!((one - other).abs() < 1e-9);
        }
    }

    /// The error at draws left out is the variance of the noise, 1, within what 300 draws can tell.
    #[test]
    fn noise_is_not_taken_for_form() {
        let points = uniform(300, 10, 2);
        let mut noise = Noise::new(3);
        let values: Vec<f64> = points.iter().map(|at| at[0] + noise.normal()).collect();
        let weights = vec![1.0 / 300.0; 300];
        let all: Vec<usize> = (0..10).collect();
        let terms = Terms::new(&points, &weights, &all, 6, &[]);
        let solver = Solver::new(terms, Penalties::even(1.0));
        let fit = solver.fit(&values);
        assert!(fit.freedom < 20.0, "{}", fit.freedom);
        let others = solver.terms.part(&fit.coefficients, |it| {
            !matches!(it, Kind::Straight(0) | Kind::Bend(0, _))
        });
        let square = others.iter().map(|it| it * it).sum::<f64>() / 300.0;
        assert!(square < 20.0 / 300.0, "{square}");
    }

    #[test]
    fn draws_without_weight_do_not_count() {
        let points = uniform(120, 1, 5);
        let mut values: Vec<f64> = points.iter().map(|at| 2.0 * score(at[0])).collect();
        values[7] = 1e6;
        let weights = vec![1.0 / 120.0; 120];
        let terms = Terms::new(&points, &weights, &[0], 4, &[]);
        let solver = Solver::new(terms.without(&[7]), Penalties::even(1e-6));
        let fit = solver.fit(&values);
        let far = (fit.residuals.iter().enumerate())
            .filter(|(draw, it)| *draw != 7 && it.abs() > 1e-3)
            .count();
        assert_eq!(far, 0);
    }
}
