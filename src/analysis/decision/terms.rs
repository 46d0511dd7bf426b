//! The columns of a regression, and what holds them back.

use nalgebra::{Cholesky, DMatrix, DVector};

use super::spline::{Basis, score};

/// What is added to a parameter's strength, as a part of the mean one, so that none is held at nought.
const LEAST: f64 = 0.1;

/// The columns of a regression, by draw, each about its weighted mean.
#[derive(Debug, Clone)]
pub(super) struct Terms {
    pub(super) rows: Vec<Vec<f64>>,
    pub(super) kinds: Vec<Kind>,
    pub(super) weights: Vec<f64>,
}

/// What a column is.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Kind {
    /// The score of a parameter.
    Straight(usize),
    /// A bend of a parameter, with its roughness.
    Bend(usize, f64),
    /// The product of the scores of two parameters.
    Product(usize, usize),
}

impl Terms {
    /// Splines of some parameters and products of some pairs. Weights sum to 1.
    ///
    /// # Panics
    /// If a point lacks a parameter, or points and weights differ in number.
    pub(super) fn new(
        points: &[Vec<f64>],
        weights: &[f64],
        parameters: &[usize],
        knots: usize,
        pairs: &[(usize, usize)],
    ) -> Self {
        assert_eq!(points.len(), weights.len(), "each draw has a point");
        let basis = Basis::new(knots);
        let mut kinds = Vec::new();
        for &parameter in parameters {
            kinds.push(Kind::Straight(parameter));
            let bends = basis.roughness().iter();
            kinds.extend(bends.map(|it| Kind::Bend(parameter, *it)));
        }
        kinds.extend(pairs.iter().map(|(one, other)| Kind::Product(*one, *other)));
        let rows: Vec<Vec<f64>> = (points.iter())
            .map(|point| {
                let splines = parameters.iter().flat_map(|it| basis.columns(point[*it]));
                let products = pairs
                    .iter()
                    .map(|(a, b)| score(point[*a]) * score(point[*b]));
                splines.chain(products).collect()
            })
            .collect();
        let mut terms = Self {
            rows,
            kinds,
            weights: weights.to_vec(),
        };
        terms.centre();
        terms
    }

    fn centre(&mut self) {
        for column in 0..self.kinds.len() {
            let weighted = self.rows.iter().zip(&self.weights);
            let mean: f64 = weighted.map(|(row, weight)| weight * row[column]).sum();
            self.rows.iter_mut().for_each(|row| row[column] -= mean);
        }
    }

    /// The sum of some columns with these coefficients, by draw.
    pub(super) fn part(&self, coefficients: &[f64], of: impl Fn(Kind) -> bool) -> Vec<f64> {
        let chosen: Vec<usize> = (0..self.kinds.len())
            .filter(|it| of(self.kinds[*it]))
            .collect();
        (self.rows.iter())
            .map(|row| chosen.iter().map(|it| row[*it] * coefficients[*it]).sum())
            .collect()
    }

    /// The same columns with some draws left out: their weights are 0.
    pub(super) fn without(&self, left_out: &[usize]) -> Self {
        let mut terms = self.clone();
        left_out.iter().for_each(|it| terms.weights[*it] = 0.0);
        let sum: f64 = terms.weights.iter().sum();
        terms.weights.iter_mut().for_each(|it| *it /= sum);
        terms.centre();
        terms
    }

    /// Mean products of columns.
    pub(super) fn gram(&self) -> DMatrix<f64> {
        let size = self.kinds.len();
        let mut products = vec![vec![0.0; size]; size];
        for (row, weight) in self.rows.iter().zip(&self.weights) {
            for (column, line) in products.iter_mut().enumerate() {
                let own = row[column] * weight;
                for (sum, other) in line[column..].iter_mut().zip(&row[column..]) {
                    *sum += own * other;
                }
            }
        }
        DMatrix::from_fn(size, size, |a, b| products[a.min(b)][a.max(b)])
    }

    /// The weighted mean, and mean products with each column.
    pub(super) fn products(&self, values: &[f64]) -> (f64, Vec<f64>) {
        let weighted = || values.iter().zip(&self.weights);
        let mean: f64 = weighted().map(|(it, weight)| weight * it).sum();
        let mut products = vec![0.0; self.kinds.len()];
        for ((value, weight), row) in weighted().zip(&self.rows) {
            let own = weight * (value - mean);
            for (sum, it) in products.iter_mut().zip(row) {
                *sum += own * it;
            }
        }
        (mean, products)
    }

    /// The mean and the coefficients of a quantity, for each of two fits: with even penalties, and with
    /// those that follow from the first. `strengths` are given for both.
    pub(super) fn twice(
        &self,
        values: &[f64],
        penalties: &Penalties,
        strengths: [f64; 2],
    ) -> (f64, Vec<f64>) {
        let gram = self.gram();
        let (mean, products) = self.products(values);
        let products = DVector::from_vec(products);
        let solved = |penalties: &Penalties, strength: f64| -> Vec<f64> {
            let mut lifted = gram.clone();
            for (it, kind) in self.kinds.iter().enumerate() {
                // What rounding may have taken from columns that nearly follow from others is given back.
                lifted[(it, it)] += strength * penalties.of(*kind) + 1e-10;
            }
            let factor = Cholesky::new(lifted).expect("columns are finite and of size 1");
            factor.solve(&products).iter().copied().collect()
        };
        if penalties.by_parameter.is_empty() {
            return (mean, solved(penalties, strengths[0]));
        }
        let first = solved(&Penalties::even(penalties.ratio), strengths[0]);
        let second = Penalties::by_strength(penalties.ratio, self, &[&first]);
        (mean, solved(&second, strengths[1]))
    }
}

/// How much each column is held back, but for a common strength.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Penalties {
    /// On straight effects, as a part of that on the smoothest bend.
    pub(super) ratio: f64,
    /// By number of the parameter: times this; of products the geometric mean. Empty where all are
    /// held alike.
    by_parameter: Vec<f64>,
}

impl Penalties {
    /// All parameters alike.
    pub(super) fn even(ratio: f64) -> Self {
        Self {
            ratio,
            by_parameter: Vec::new(),
        }
    }

    /// The less the more of the variance of a first fit of one or more quantities is a parameter's: so
    /// that a few strong effects are not held back for the sake of many weak ones (the adaptive
    /// penalty of Zou H (2006), Journal of the American Statistical Association 101:1418-1429).
    pub(super) fn by_strength(ratio: f64, terms: &Terms, fits: &[&[f64]]) -> Self {
        let parameters = (terms.kinds.iter()).map(|kind| match kind {
            Kind::Straight(it) | Kind::Bend(it, _) => *it,
            Kind::Product(one, other) => *one.max(other),
        });
        let mut strengths = vec![0.0; parameters.max().map_or(0, |it| it + 1)];
        for coefficients in fits {
            let squares = |kind: &Kind, it: f64| match kind {
                Kind::Straight(of) | Kind::Bend(of, _) => (Some(*of), it * it),
                Kind::Product(..) => (None, 0.0),
            };
            let each = || {
                terms
                    .kinds
                    .iter()
                    .zip(*coefficients)
                    .map(|(kind, it)| squares(kind, *it))
            };
            let sum: f64 = each().map(|(_, square)| square).sum();
            for (of, square) in each() {
                if let Some(of) = of {
                    strengths[of] += square / sum.max(f64::MIN_POSITIVE);
                }
            }
        }
        let there = terms
            .kinds
            .iter()
            .filter(|it| matches!(it, Kind::Straight(_)))
            .count();
        let even = fits.len() as f64 / there.max(1) as f64;
        Self {
            ratio,
            by_parameter: strengths
                .iter()
                .map(|it| 1.0 / (it / even + LEAST))
                .collect(),
        }
    }

    pub(super) fn of(&self, kind: Kind) -> f64 {
        let times = |it: usize| self.by_parameter.get(it).copied().unwrap_or(1.0);
        match kind {
            Kind::Straight(it) => self.ratio * times(it),
            Kind::Bend(it, roughness) => roughness * times(it),
            Kind::Product(one, other) => (times(one) * times(other)).sqrt(),
        }
    }
}

/// Number of equally weighted draws that tell as much (Kish 1965); weights sum to 1.
pub(super) fn effective(weights: &[f64]) -> f64 {
    1.0 / weights.iter().map(|it| it * it).sum::<f64>()
}
