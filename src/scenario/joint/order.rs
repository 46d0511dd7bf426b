//! The order of the members of a joint set.
//!
//! A design picks a member by one coordinate. Points of a design that lie near each other there are to
//! pick members that are alike: then a result changes little by little along the coordinate, and even
//! points tell more of it than as many drawn by chance. So members stand in the order of their first
//! principal component, which of all single axes keeps most of how they differ (Pearson K (1901),
//! Philosophical Magazine 2:559-572). The order changes no member's chance.

use nalgebra::{DMatrix, SymmetricEigen};

use super::Member;

/// The members by where they lie on the axis along which they differ most, each value in its own
/// standard deviations; of equals the first.
pub(super) fn along_the_main_axis(members: Vec<Member>) -> Vec<Member> {
    let rows = standardised(&members);
    let values = rows.first().map_or(0, Vec::len);
    let covariance = DMatrix::from_fn(values, values, |a, b| {
        let weighted = rows.iter().zip(&members);
        weighted.map(|(row, it)| it.weight * row[a] * row[b]).sum()
    });
    let axis = main_axis(covariance);
    let place = |row: &Vec<f64>| row.iter().zip(&axis).map(|(a, b)| a * b).sum::<f64>();
    let mut placed: Vec<(f64, Member)> = rows.iter().map(place).zip(members).collect();
    placed.sort_by(|(one, _), (other, _)| one.total_cmp(other));
    placed.into_iter().map(|(_, member)| member).collect()
}

/// Shares about their weighted means, in standard deviations; 0 of a value that does not vary.
fn standardised(members: &[Member]) -> Vec<Vec<f64>> {
    let values = members.first().map_or(0, |it| it.shares.len());
    let mean =
        |of: &dyn Fn(&Member) -> f64| -> f64 { members.iter().map(|it| it.weight * of(it)).sum() };
    let scales: Vec<(f64, f64)> = (0..values)
        .map(|value| {
            let centre = mean(&|it| it.shares[value]);
            let variance = mean(&|it| (it.shares[value] - centre).powi(2));
            (centre, variance.sqrt())
        })
        .collect();
    let scaled = |member: &Member| {
        let both = member.shares.iter().zip(&scales);
        both.map(|(share, (centre, spread))| match *spread > 1e-12 {
            true => (share - centre) / spread,
            false => 0.0,
        })
        .collect()
    };
    members.iter().map(scaled).collect()
}

/// The direction of the largest eigenvalue, its largest part positive: a direction has no sign, and the
/// order is to be the same everywhere.
fn main_axis(covariance: DMatrix<f64>) -> Vec<f64> {
    if covariance.is_empty() {
        return Vec::new();
    }
    let eigen = SymmetricEigen::new(covariance);
    let axis: Vec<f64> = eigen
        .eigenvectors
        .column(eigen.eigenvalues.imax())
        .iter()
        .copied()
        .collect();
    let largest = axis.iter().copied().fold(0.0, |so_far: f64, it| {
        match it.abs() > so_far.abs() + 1e-9 {
            true => it,
            false => so_far,
        }
    });
    axis.into_iter().map(|it| it * largest.signum()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn member(weight: f64, shares: &[f64]) -> Member {
        Member {
            weight,
            words: Vec::new(),
            shares: shares.to_vec(),
        }
    }

    #[test]
    fn members_on_a_line_stand_in_its_order() {
        // On the line from (0, 1, 0.5) to (1, 0, 0.5); the third value does not vary.
        let along = [0.7, 0.1, 1.0, 0.0, 0.4];
        let members = along.map(|it| member(0.2, &[it, 1.0 - it, 0.5]));
        let ordered = along_the_main_axis(members.to_vec());
        let mut found: Vec<f64> = ordered.iter().map(|it| it.shares[0]).collect();
        if found[0] > found[4] {
            found.reverse();
        }
        assert_eq!(found, [0.0, 0.1, 0.4, 0.7, 1.0]);
    }

    #[test]
    fn the_order_does_not_hang_on_the_order_of_lines() {
        let shares = [[0.0, 0.2], [1.0, 0.9], [0.4, 0.1], [0.6, 1.0], [0.2, 0.5]];
        let weights = [0.1, 0.3, 0.2, 0.15, 0.25];
        let members: Vec<Member> = (shares.iter().zip(weights))
            .map(|(shares, weight)| member(weight, shares))
            .collect();
        let reversed = members.iter().rev().cloned().collect();
        assert_eq!(along_the_main_axis(members), along_the_main_axis(reversed));
    }

    #[test]
    fn members_that_do_not_differ_keep_their_order() {
        let members = vec![member(0.9, &[0.5]), member(0.1, &[0.5])];
        assert_eq!(along_the_main_axis(members.clone()), members);
    }
}
