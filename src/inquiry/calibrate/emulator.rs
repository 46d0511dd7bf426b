//! What a figure would be at other values of the parameters, from the runs made so far.
//!
//! Each figure, on a scale where it is nearly linear, is regressed on the parameters in the
//! coordinates of the prior: on constants and slopes, or with curvatures too, with a ridge. Which of
//! them and how strong a ridge is decided for each figure by its error at runs left out, so that many
//! curvatures are used only where they help. Regression is used to decide where to run next, as
//! Beaumont, Zhang and Balding (2002) use it to correct draws; no result rests on it.

use nalgebra::{DMatrix, DVector};

use super::linear::positive;

/// What is regressed on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Form {
    /// A constant and slopes.
    Straight,
    /// With the square of each coordinate.
    Curved,
    /// With the products of every two as well.
    Full,
}

/// Strengths of the ridge on curvatures; their coefficients are of size 1 where the figure bends a
/// standard deviation of the prior's effect.
const RIDGES: [f64; 4] = [0.03, 0.3, 3.0, 30.0];
/// On slopes the ridge only keeps the matrix regular.
const RIDGE_ON_SLOPES: f64 = 1e-3;

/// One figure as a quadratic function of the parameters.
#[derive(Debug, Clone)]
pub(super) struct Surface {
    constant: f64,
    slopes: DVector<f64>,
    /// Symmetric.
    curvatures: DMatrix<f64>,
    /// Mean squared error at runs left out: simulation noise and lack of fit together.
    pub(super) squared_error: f64,
}

impl Surface {
    /// The figure at a point, and its slopes there.
    pub(super) fn at(&self, point: &DVector<f64>) -> (f64, DVector<f64>) {
        let bent = &self.curvatures * point;
        let value = self.constant + self.slopes.dot(point) + bent.dot(point);
        (value, &self.slopes + bent * 2.0)
    }

    /// Fits every figure to runs with their weights; `figures` holds each figure's value at every
    /// run, where it has one.
    pub(super) fn fit(
        points: &[DVector<f64>],
        weights: &[f64],
        figures: &[Vec<Option<f64>>],
    ) -> Vec<Self> {
        let dimensions = points.first().map_or(0, |it| it.len());
        let mut best: Vec<Option<Self>> = vec![None; figures.len()];
        // Figures that have a value at the same runs share their matrices.
        let mut done = vec![false; figures.len()];
        for first in 0..figures.len() {
            if done[first] {
                continue;
            }
            let has = |figure: usize, run: usize| figures[figure][run].is_some();
            let alike: Vec<usize> = (first..figures.len())
                .filter(|&figure| (0..points.len()).all(|run| has(figure, run) == has(first, run)))
                .collect();
            let runs: Vec<usize> = (0..points.len()).filter(|&run| has(first, run)).collect();
            let weights = DVector::from_iterator(runs.len(), runs.iter().map(|&it| weights[it]));
            let values: Vec<DVector<f64>> = (alike.iter())
                .map(|&figure| {
                    let of_runs = runs.iter().filter_map(|&run| figures[figure][run]);
                    DVector::from_iterator(runs.len(), of_runs)
                })
                .collect();
            let points: Vec<&DVector<f64>> = runs.iter().map(|&run| &points[run]).collect();
            let fitted = fit_alike(dimensions, &points, &weights, &values);
            for (&figure, surface) in alike.iter().zip(fitted) {
                done[figure] = true;
                best[figure] = Some(surface);
            }
        }
        (best.into_iter())
            .map(|it| it.expect("every figure is fitted with those that are alike"))
            .collect()
    }
}

/// The best form and ridge for each of several figures that have values at the same runs.
fn fit_alike(
    dimensions: usize,
    points: &[&DVector<f64>],
    weights: &DVector<f64>,
    figures: &[DVector<f64>],
) -> Vec<Surface> {
    let total = weights.sum();
    let effective = total * total / weights.norm_squared().max(f64::MIN_POSITIVE);
    let mut best: Vec<Surface> = (figures.iter())
        .map(|values| flat(dimensions, weights, values))
        .collect();
    let candidates = [
        (Form::Straight, &RIDGES[..1]),
        (Form::Curved, &RIDGES),
        (Form::Full, &RIDGES),
    ];
    for (form, ridges) in candidates {
        // Leaving one out tells nothing where there are hardly more runs than coefficients.
        let coefficients = features(form, &DVector::zeros(dimensions)).len();
        let enough = match form {
            Form::Straight => dimensions + 3,
            // The ridge stands in for runs that are missing.
            Form::Curved | Form::Full => coefficients.min(4 * dimensions + 4),
        };
        if points.len() < enough || effective < enough as f64 {
            continue;
        }
        let rows: Vec<DVector<f64>> = points.iter().map(|it| features(form, it)).collect();
        let design = DMatrix::from_fn(points.len(), coefficients, |run, it| rows[run][it]);
        let weighted = DMatrix::from_fn(points.len(), coefficients, |run, it| {
            rows[run][it] * weights[run]
        });
        let products = design.tr_mul(&weighted);
        for ridge in ridges {
            let mut lifted = products.clone();
            for it in 1..coefficients {
                lifted[(it, it)] += match it <= dimensions {
                    true => RIDGE_ON_SLOPES,
                    false => *ridge,
                };
            }
            let solver = positive(lifted);
            // How much each run pulls its own prediction.
            let mut halves = design.transpose();
            solver.l().solve_lower_triangular_mut(&mut halves);
            let pulls: Vec<f64> = (halves.column_iter().zip(weights.iter()))
                .map(|(column, weight)| (column.norm_squared() * weight).min(0.999))
                .collect();
            for (values, best) in figures.iter().zip(&mut best) {
                let found = solver.solve(&weighted.tr_mul(values));
                let residuals = values - &design * &found;
                let squared: f64 = (residuals.iter().zip(&pulls).zip(weights.iter()))
                    .map(|((residual, pull), weight)| {
                        let left_out = residual / (1.0 - pull);
                        weight * left_out * left_out
                    })
                    .sum();
                let squared_error = squared / total;
                if squared_error < best.squared_error {
                    *best = surface(form, dimensions, &found, squared_error);
                }
            }
        }
    }
    best
}

/// The figure's mean: what is known of it before anything is fitted.
fn flat(dimensions: usize, weights: &DVector<f64>, values: &DVector<f64>) -> Surface {
    let total = weights.sum();
    let mean = weights.dot(values) / total;
    let squared: f64 = (values.iter().zip(weights.iter()))
        .map(|(value, weight)| weight * (value - mean) * (value - mean))
        .sum();
    Surface {
        constant: mean,
        slopes: DVector::zeros(dimensions),
        curvatures: DMatrix::zeros(dimensions, dimensions),
        squared_error: squared / total,
    }
}

/// The regressors at a point: orthogonal and of variance 1 under the prior.
fn features(form: Form, point: &DVector<f64>) -> DVector<f64> {
    let mut all = vec![1.0];
    all.extend(point.iter());
    if form != Form::Straight {
        all.extend((point.iter()).map(|x| (x * x - 1.0) * std::f64::consts::FRAC_1_SQRT_2));
    }
    if form == Form::Full {
        for i in 0..point.len() {
            all.extend((i + 1..point.len()).map(|j| point[i] * point[j]));
        }
    }
    DVector::from_vec(all)
}

fn surface(form: Form, dimensions: usize, found: &DVector<f64>, squared_error: f64) -> Surface {
    let mut surface = Surface {
        constant: found[0],
        slopes: found.rows(1, dimensions).into_owned(),
        curvatures: DMatrix::zeros(dimensions, dimensions),
        squared_error,
    };
    if form != Form::Straight {
        for i in 0..dimensions {
            let bend = found[1 + dimensions + i] * std::f64::consts::FRAC_1_SQRT_2;
            surface.curvatures[(i, i)] = bend;
            surface.constant -= bend;
        }
    }
    if form == Form::Full {
        let mut next = 1 + 2 * dimensions;
        for i in 0..dimensions {
            for j in i + 1..dimensions {
                surface.curvatures[(i, j)] = 0.5 * found[next];
                surface.curvatures[(j, i)] = 0.5 * found[next];
                next += 1;
            }
        }
    }
    surface
}

#[cfg(test)]
mod tests {
    use super::super::luck::DesignLuck;
    use super::*;

    fn value(point: &DVector<f64>) -> f64 {
        2.0 + 3.0 * point[0] - point[1] + 0.5 * point[0] * point[2] + 0.7 * point[1] * point[1]
    }

    #[test]
    fn a_quadratic_figure_is_found_with_its_slopes() {
        let points = DesignLuck::new(1).latin_hypercube(60, 3);
        let figure = points.iter().map(|it| Some(value(it))).collect();
        let fitted = Surface::fit(&points, &vec![1.0; 60], &[figure]);
        let at = DVector::from_vec(vec![0.3, -0.8, 1.1]);
        let (found, slopes) = fitted[0].at(&at);
        assert!((found - value(&at)).abs() < 0.01, "{found}");
        let expected = [3.0 + 0.5 * at[2], -1.0 + 1.4 * at[1], 0.5 * at[0]];
        for (slope, expected) in slopes.iter().zip(expected) {
            assert!((slope - expected).abs() < 0.01, "{slopes}");
        }
        assert!(fitted[0].squared_error < 1e-3);
    }

    #[test]
    fn noise_is_not_taken_for_curvature() {
        let luck = DesignLuck::new(5);
        let points = luck.latin_hypercube(120, 6);
        let noisy = |run: usize| points[run][0] + luck.of_run(run).normals(1)[0];
        let figure = (0..120).map(|run| Some(noisy(run))).collect();
        let fitted = Surface::fit(&points, &[1.0; 120], &[figure]);
        // The error at runs left out is the noise, of variance 1, within what 120 runs can tell.
        let error = fitted[0].squared_error;
        assert!((0.6..1.6).contains(&error), "{error}");
        let (_, slopes) = fitted[0].at(&DVector::zeros(6));
        assert!((slopes[0] - 1.0).abs() < 0.5, "{slopes}");
    }

    #[test]
    fn runs_without_a_value_are_left_out_of_that_figure_alone() {
        let points = DesignLuck::new(2).latin_hypercube(50, 2);
        let whole: Vec<_> = points.iter().map(|it| Some(it[0])).collect();
        let part = (points.iter())
            .map(|it| (it[1] > -1.0).then_some(4.0 * it[1]))
            .collect();
        let fitted = Surface::fit(&points, &[1.0; 50], &[whole, part]);
        let (value, _) = fitted[1].at(&DVector::from_vec(vec![0.0, 0.5]));
        assert!((value - 2.0).abs() < 0.01, "{value}");
    }
}
