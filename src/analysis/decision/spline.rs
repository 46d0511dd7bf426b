//! Natural cubic splines of one parameter, given as the share of its distribution that lies below.
//!
//! The spline is one of the normal score of the share, with knots evenly apart between the scores of
//! 1% and 99% and straight lines beyond. What is linear in a parameter with tails stays straight that
//! way, and what is linear in one without tails flattens where no more draws are. Columns are
//! orthonormal for a uniform share and stand in the order of their roughness (Demmler A, Reinsch C
//! 1975, Numerische Mathematik 24:375-382), so that a penalty on each is a penalty on
//! the integral of the squared second derivative (Hastie T, Tibshirani R, Friedman J (2009), The
//! Elements of Statistical Learning, 2nd edition, 5.2.1 and 5.4).

use nalgebra::{DMatrix, SymmetricEigen};

/// Shares at which the columns are made orthonormal.
const QUADRATURE: usize = 1_000;
/// Where the outer knots are.
const OUTER: f64 = 0.99;

/// The columns of a spline.
#[derive(Debug, Clone)]
pub(super) struct Basis {
    knots: Vec<f64>,
    /// Standard deviation of the score under the quadrature.
    spread: f64,
    /// By bend: its mean, and its slope on the score.
    straight: Vec<(f64, f64)>,
    /// From bends without their straight part to columns.
    turn: DMatrix<f64>,
    roughness: Vec<f64>,
}

impl Basis {
    /// A spline of at least 2 knots; it has one column less than knots, the first the score itself.
    pub(super) fn new(knots: usize) -> Self {
        let end = normal_score(OUTER);
        let knots: Vec<f64> = (0..knots)
            .map(|it| end * (2.0 * it as f64 / (knots - 1) as f64 - 1.0))
            .collect();
        let size = knots.len() - 2;
        let scores: Vec<f64> = (0..QUADRATURE)
            .map(|it| normal_score((it as f64 + 0.5) / QUADRATURE as f64))
            .collect();
        let square = scores.iter().map(|it| it * it).sum::<f64>() / QUADRATURE as f64;
        let mut bends: Vec<Vec<f64>> = (0..size)
            .map(|bend| scores.iter().map(|z| raw(&knots, bend, *z)).collect())
            .collect();
        let straight: Vec<(f64, f64)> = (bends.iter())
            .map(|of| {
                let mean = of.iter().sum::<f64>() / QUADRATURE as f64;
                let product = of.iter().zip(&scores).map(|(a, z)| a * z).sum::<f64>();
                (mean, product / QUADRATURE as f64 / square)
            })
            .collect();
        for (bend, (mean, slope)) in bends.iter_mut().zip(&straight) {
            for (value, z) in bend.iter_mut().zip(&scores) {
                *value -= mean + slope * z;
            }
        }
        let gram = DMatrix::from_fn(size, size, |a, b| {
            let products = bends[a].iter().zip(&bends[b]).map(|(a, b)| a * b);
            products.sum::<f64>() / QUADRATURE as f64
        });
        let (turn, roughness) = turned(gram, roughness(&knots));
        Self {
            knots,
            spread: square.sqrt(),
            straight,
            turn,
            roughness,
        }
    }

    /// The roughness of each column but the first, which has none, by that of the smoothest.
    pub(super) fn roughness(&self) -> &[f64] {
        &self.roughness
    }

    /// The columns at a share; a share of 0 or 1 is taken as one just inside.
    pub(super) fn columns(&self, share: f64) -> Vec<f64> {
        let z = score(share);
        let bends: Vec<f64> = (self.straight.iter().enumerate())
            .map(|(bend, (mean, slope))| raw(&self.knots, bend, z) - mean - slope * z)
            .collect();
        let turned = (0..bends.len()).map(|column| {
            let parts = bends.iter().enumerate();
            parts.map(|(it, bend)| bend * self.turn[(it, column)]).sum()
        });
        std::iter::once(z / self.spread).chain(turned).collect()
    }
}

/// The normal score of a share; a share of 0 or 1 is taken as one just inside.
pub(super) fn score(share: f64) -> f64 {
    normal_score(share.clamp(1e-9, 1.0 - 1e-9))
}

/// A natural cubic spline that bends at a knot and at the last two (Hastie and others 2009, 5.4).
fn raw(knots: &[f64], bend: usize, z: f64) -> f64 {
    let last = knots.len() - 1;
    let cubed = |knot: usize| (z - knots[knot]).max(0.0).powi(3);
    let from = |knot: usize| (cubed(knot) - cubed(last)) / (knots[last] - knots[knot]);
    from(bend) - from(last - 1)
}

/// Integrals of the products of second derivatives, which are straight between knots: Simpson's rule
/// is exact.
fn roughness(knots: &[f64]) -> DMatrix<f64> {
    let last = knots.len() - 1;
    let second = |bend: usize, z: f64| {
        let lifted = |knot: usize| 6.0 * (z - knots[knot]).max(0.0);
        let from = |knot: usize| (lifted(knot) - lifted(last)) / (knots[last] - knots[knot]);
        from(bend) - from(last - 1)
    };
    DMatrix::from_fn(last - 1, last - 1, |a, b| {
        let pieces = knots.windows(2).map(|ends| {
            let at = |z: f64| second(a, z) * second(b, z);
            let middle = at(f64::midpoint(ends[0], ends[1]));
            (ends[1] - ends[0]) / 6.0 * (at(ends[0]) + 4.0 * middle + at(ends[1]))
        });
        pieces.sum()
    })
}

/// What turns columns with these products into orthonormal ones with no product of roughness, and the
/// roughness of each, in rising order and by that of the first.
fn turned(gram: DMatrix<f64>, roughness: DMatrix<f64>) -> (DMatrix<f64>, Vec<f64>) {
    let size = gram.nrows();
    if size == 0 {
        return (gram, Vec::new());
    }
    let lower = (gram.cholesky())
        .expect("bends at different knots are independent")
        .l();
    let identity = DMatrix::identity(size, size);
    let inverse = (lower.solve_lower_triangular(&identity))
        .expect("the diagonal of a Cholesky factor is positive");
    let eigen = SymmetricEigen::new(&inverse * roughness * inverse.transpose());
    let mut order: Vec<usize> = (0..size).collect();
    order.sort_by(|a, b| eigen.eigenvalues[*a].total_cmp(&eigen.eigenvalues[*b]));
    let smoothest = eigen.eigenvalues[order[0]];
    let vectors = DMatrix::from_fn(size, size, |row, at| eigen.eigenvectors[(row, order[at])]);
    let values = order.iter().map(|it| eigen.eigenvalues[*it] / smoothest);
    (inverse.transpose() * vectors, values.collect())
}

/// The quantile of the standard normal distribution: a rational start (Abramowitz and Stegun 1964,
/// 26.2.23) and two of Halley's steps on `libm`'s error function.
pub(super) fn normal_score(share: f64) -> f64 {
    if share > 0.5 {
        return -normal_score(1.0 - share);
    }
    let t = (-2.0 * libm::log(share)).sqrt();
    let above = 2.515_517 + t * (0.802_853 + t * 0.010_328);
    let below = 1.0 + t * (1.432_788 + t * (0.189_269 + t * 0.001_308));
    let mut z = above / below - t;
    for _ in 0..2 {
        let excess = 0.5 * libm::erfc(-z * std::f64::consts::FRAC_1_SQRT_2) - share;
        let step = excess * std::f64::consts::TAU.sqrt() * libm::exp(0.5 * z * z);
        z -= step / (1.0 + 0.5 * z * step);
    }
    z
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Quantiles of the standard normal distribution, as any table has them.
    #[test]
    fn scores_are_the_normal_quantiles() {
        for (share, expected) in [
            (0.5, 0.0),
            (0.975, 1.959_963_984_540_054),
            (0.025, -1.959_963_984_540_054),
            (0.841_344_746_068_542_9, 1.0),
            (1e-9, -5.997_807_015_007_687),
        ] {
            let found = normal_score(share);
            assert!((found - expected).abs() < 1e-9, "{share}: {found}");
        }
    }

    #[test]
    fn columns_are_orthonormal_and_ever_rougher() {
        for knots in [2, 3, 5, 8] {
            let basis = Basis::new(knots);
            let rows: Vec<Vec<f64>> = (0..QUADRATURE)
                .map(|it| basis.columns((it as f64 + 0.5) / QUADRATURE as f64))
                .collect();
            assert_eq!(rows[0].len(), knots - 1);
            for a in 0..knots - 1 {
                assert!(rows.iter().map(|row| row[a]).sum::<f64>().abs() < 1e-6);
                for b in 0..knots - 1 {
                    let product: f64 = rows.iter().map(|row| row[a] * row[b]).sum();
                    let expected = if a == b { QUADRATURE as f64 } else { 0.0 };
                    assert!((product - expected).abs() < 1e-5, "{a} {b}: {product}");
                }
            }
            assert!(basis.roughness().is_sorted());
        }
    }

    #[test]
    fn a_spline_is_straight_beyond_its_knots() {
        let basis = Basis::new(6);
        let at = |share: f64| (normal_score(share), basis.columns(share));
        let [(z0, one), (z1, two), (z2, three)] = [0.995, 0.999, 0.9999].map(at);
        for ((one, two), three) in one.iter().zip(&two).zip(&three) {
            let slopes = ((two - one) / (z1 - z0), (three - two) / (z2 - z1));
            assert!((slopes.0 - slopes.1).abs() < 1e-8 * (1.0 + slopes.0.abs()));
        }
    }
}
