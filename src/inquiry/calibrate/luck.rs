//! Draws of parameters: keyed by the study's seed, apart from the luck of every simulated trial.

use nalgebra::DVector;

use crate::engine::{Luck, Who, normal_quantile};
use crate::inquiry::decide::designs::latin_hypercube;

/// The parameter draw under which the calibration's own luck is kept: no run gets so far.
const OWN_DRAW: u32 = u32::MAX;

/// The purpose of proposals; those of a Latin hypercube are 1 and 2.
const PROPOSAL: u16 = 3;

/// The luck of a calibration.
#[derive(Debug, Clone, Copy)]
pub(super) struct DesignLuck {
    luck: Luck,
    who: Who,
}

impl DesignLuck {
    pub(super) fn new(seed: u64) -> Self {
        Self {
            luck: Luck::new(seed, OWN_DRAW, 0),
            who: Who::named("calibration"),
        }
    }

    /// The draws of one run.
    pub(super) fn of_run(&self, run: usize) -> Draws {
        Draws {
            luck: self.luck,
            who: self.who.number(run as u32),
            drawn: 0,
        }
    }

    /// So many points of the prior, each coordinate of them spread over equally likely cells, one
    /// point in each (Latin hypercube; McKay, Beckman and Conover 1979).
    pub(super) fn latin_hypercube(&self, points: usize, dimensions: usize) -> Vec<DVector<f64>> {
        latin_hypercube(self.luck, self.who, points, dimensions)
            .into_iter()
            .map(|shares| {
                DVector::from_iterator(dimensions, shares.into_iter().map(normal_quantile))
            })
            .collect()
    }
}

/// An endless row of draws under one name.
#[derive(Debug, Clone)]
pub(super) struct Draws {
    luck: Luck,
    who: Who,
    drawn: u32,
}

impl Draws {
    /// Uniform strictly between 0 and 1.
    pub(super) fn uniform(&mut self) -> f64 {
        self.drawn += 1;
        (self.luck).block(self.who, PROPOSAL, self.drawn).uniform()
    }

    /// Standard normals.
    pub(super) fn normals(&mut self, dimensions: usize) -> DVector<f64> {
        DVector::from_fn(dimensions, |_, _| normal_quantile(self.uniform()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::normal_tail;

    #[test]
    fn every_cell_of_every_coordinate_holds_one_point() {
        let points = DesignLuck::new(7).latin_hypercube(40, 3);
        for dimension in 0..3 {
            let mut cells: Vec<usize> = (points.iter())
                .map(|point| (40.0 * (1.0 - normal_tail(point[dimension]))) as usize)
                .collect();
            cells.sort_unstable();
            assert_eq!(cells, (0..40).collect::<Vec<_>>());
        }
        // Coordinates are in orders of their own.
        let product: f64 = points.iter().map(|it| it[0] * it[1]).sum();
        assert!((product / 40.0).abs() < 4.0 / 40_f64.sqrt(), "{product}");
    }
}
