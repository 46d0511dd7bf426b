//! Means over trials drawn together, so that the luck of trials does not add to how they vary.
//!
//! The assumption and the sources stand in `choice`.

use nalgebra::{DMatrix, SymmetricEigen};

use super::Drawn;

/// Covariances between structures of the means over trials, by draw, from luck alone.
pub(super) struct Luck(pub(super) Vec<DMatrix<f64>>);

impl Luck {
    pub(super) fn of(drawn: &Drawn) -> Option<Self> {
        let of = |draw: usize| {
            let structures = drawn.structures();
            let trials = drawn.trials(draw, 0).len();
            let deviations: Vec<Vec<f64>> = (0..structures)
                .map(|it| {
                    let mean = drawn.mean(draw, it);
                    drawn
                        .trials(draw, it)
                        .iter()
                        .map(|value| value - mean)
                        .collect()
                })
                .collect();
            (trials > 1).then(|| {
                DMatrix::from_fn(structures, structures, |a, b| {
                    let pairs = deviations[a].iter().zip(&deviations[b]);
                    let sum: f64 = pairs.map(|(a, b)| a * b).sum();
                    sum / (trials * (trials - 1)) as f64
                })
            })
        };
        (0..drawn.draws()).map(of).collect::<Option<_>>().map(Self)
    }

    pub(super) fn mean(&self, weights: &[f64]) -> DMatrix<f64> {
        let size = self.0[0].nrows();
        let each = self.0.iter().zip(weights);
        each.fold(DMatrix::zeros(size, size), |sum, (of, weight)| {
            sum + of * *weight
        })
    }
}

pub(super) fn mean_of(means: &[Vec<f64>], weights: &[f64], structure: usize) -> f64 {
    let each = means.iter().zip(weights);
    each.map(|(of, weight)| weight * of[structure]).sum()
}

/// Covariances between structures of the means over trials, over draws: unbiased, as by
/// `1 - sum of squared weights`. `None` with one draw.
pub(super) fn covariance(means: &[Vec<f64>], weights: &[f64]) -> Option<DMatrix<f64>> {
    let freedom = 1.0 - weights.iter().map(|it| it * it).sum::<f64>();
    let size = means[0].len();
    let centres: Vec<f64> = (0..size).map(|it| mean_of(means, weights, it)).collect();
    (freedom > 1e-12).then(|| {
        DMatrix::from_fn(size, size, |a, b| {
            let each = means.iter().zip(weights);
            let products =
                each.map(|(of, weight)| weight * (of[a] - centres[a]) * (of[b] - centres[b]));
            products.sum::<f64>() / freedom
        })
    })
}

/// Smoothed means, by draw and structure, as differences from the first structure.
pub(super) fn smoothed(drawn: &Drawn, means: &[Vec<f64>], luck: &Luck) -> Vec<Vec<f64>> {
    let (weights, others) = (drawn.weights(), drawn.structures() - 1);
    let differences: Vec<Vec<f64>> = (means.iter())
        .map(|of| of[1..].iter().map(|it| it - of[0]).collect())
        .collect();
    let luck = luck.mean(weights);
    let luck = DMatrix::from_fn(others, others, |a, b| {
        luck[(a + 1, b + 1)] - luck[(a + 1, 0)] - luck[(0, b + 1)] + luck[(0, 0)]
    });
    let mut found = differences.clone();
    if let (Some(spread), true) = (covariance(&differences, weights), others > 0) {
        let towards = shrinkage(&spread, &luck);
        let centres: Vec<f64> = (0..others)
            .map(|it| mean_of(&differences, weights, it))
            .collect();
        for (found, of) in found.iter_mut().zip(&differences) {
            for (structure, found) in found.iter_mut().enumerate() {
                let parts = (0..others).map(|it| towards[(structure, it)] * (of[it] - centres[it]));
                *found = centres[structure] + parts.sum::<f64>();
            }
        }
    }
    for of in &mut found {
        of.insert(0, 0.0);
    }
    // Structures that are one and the same stay so, to the bit.
    for of in 1..=others {
        let same = |from: &usize| {
            means
                .iter()
                .all(|it| it[of].to_bits() == it[*from].to_bits())
        };
        if let Some(from) = (0..of).find(same) {
            found.iter_mut().for_each(|it| it[of] = it[from]);
        }
    }
    found
}

/// What deviations from the mean are multiplied by, so that their covariance is `spread` less `luck`.
fn shrinkage(spread: &DMatrix<f64>, luck: &DMatrix<f64>) -> DMatrix<f64> {
    let size = spread.nrows();
    // To variances of 1 first: what is measured in large numbers must not hide what is not.
    let scale: Vec<f64> = (0..size).map(|it| spread[(it, it)].sqrt()).collect();
    let inverse = |it: usize| {
        if scale[it] > 0.0 {
            1.0 / scale[it]
        } else {
            0.0
        }
    };
    let scaled = |of: &DMatrix<f64>| {
        DMatrix::from_fn(size, size, |a, b| of[(a, b)] * inverse(a) * inverse(b))
    };
    let own = SymmetricEigen::new(scaled(spread));
    let kept: Vec<usize> = (0..size)
        .filter(|it| own.eigenvalues[*it] > 1e-10)
        .collect();
    if kept.is_empty() {
        return DMatrix::zeros(size, size);
    }
    // Columns: to directions of variance 1, and back.
    let at = |row: usize, it: usize| own.eigenvectors[(row, kept[it])];
    let root = |it: usize| own.eigenvalues[kept[it]].sqrt();
    let there = DMatrix::from_fn(size, kept.len(), |row, it| at(row, it) / root(it));
    let back = DMatrix::from_fn(size, kept.len(), |row, it| at(row, it) * root(it));
    let noise = SymmetricEigen::new(there.transpose() * scaled(luck) * &there);
    let turn = &noise.eigenvectors;
    let held = DMatrix::from_diagonal(&noise.eigenvalues.map(|it| (1.0 - it).max(0.0).sqrt()));
    let middle = back * turn * held * turn.transpose() * there.transpose();
    DMatrix::from_fn(size, size, |a, b| middle[(a, b)] * scale[a] * inverse(b))
}
