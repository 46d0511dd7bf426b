//! Symmetric positive matrices as the method needs them, over `nalgebra`.
//!
//! `nalgebra` is built without its fast products of matrices, which choose their instructions by the
//! processor: plain loops give the same bits on every machine.

use nalgebra::{Cholesky, DMatrix, DVector, Dyn};

/// A covariance with what is drawn and measured by it.
#[derive(Debug, Clone)]
pub(super) struct Spread {
    /// Lower factor of the covariance.
    factor: DMatrix<f64>,
    /// Half the logarithm of its determinant.
    pub(super) half_log_determinant: f64,
}

impl Spread {
    /// From a covariance; whatever rounding took from its diagonal is given back.
    pub(super) fn of_covariance(covariance: DMatrix<f64>) -> Self {
        let factor = positive(covariance).l();
        let half_log_determinant = factor.diagonal().iter().map(|it| libm::log(*it)).sum();
        Self {
            factor,
            half_log_determinant,
        }
    }

    /// From the inverse of a covariance.
    pub(super) fn of_precision(precision: DMatrix<f64>) -> Self {
        Self::of_covariance(positive(precision).inverse())
    }

    /// The covariance.
    pub(super) fn covariance(&self) -> DMatrix<f64> {
        &self.factor * self.factor.transpose()
    }

    /// Standard normals turned into a draw around nought.
    pub(super) fn shaped(&self, normals: &DVector<f64>) -> DVector<f64> {
        &self.factor * normals
    }

    /// Squared distance from nought, in its own units (Mahalanobis).
    pub(super) fn squared_distance(&self, from_centre: &DVector<f64>) -> f64 {
        let mut own = from_centre.clone();
        // The diagonal of a Cholesky factor is positive, so there is always a solution.
        self.factor.solve_lower_triangular_mut(&mut own);
        own.norm_squared()
    }
}

/// The Cholesky form of a matrix that is positive but for rounding.
pub(super) fn positive(matrix: DMatrix<f64>) -> Cholesky<f64, Dyn> {
    let size = matrix.nrows();
    let mean_diagonal = (matrix.trace() / size.max(1) as f64).max(1e-300);
    let mut lift = 0.0;
    loop {
        let lifted = &matrix + DMatrix::identity(size, size) * lift;
        if let Some(found) = Cholesky::new(lifted) {
            return found;
        }
        // Ends: a large enough diagonal outweighs any finite matrix.
        lift = if lift > 0.0 {
            lift * 10.0
        } else {
            mean_diagonal * 1e-12
        };
        assert!(
            lift < mean_diagonal * 1e12,
            "a matrix of the calibration holds a number that is not finite"
        );
    }
}
