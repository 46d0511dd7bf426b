//! Draws of parameters: keyed by the study's seed, apart from the luck of every simulated trial.

use nalgebra::DVector;

use crate::engine::{Luck, Who, normal_quantile};

/// The parameter draw under which the calibration's own luck is kept: no run gets so far.
const OWN_DRAW: u32 = u32::MAX;

/// Purposes of luck within a calibration.
#[derive(Debug, Clone, Copy)]
enum Purpose {
    Order = 1,
    Place = 2,
    Proposal = 3,
}

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
        let mut drawn = vec![DVector::zeros(dimensions); points];
        for dimension in 0..dimensions {
            let who = self.who.number(dimension as u32);
            let mut cells: Vec<usize> = (0..points).collect();
            for place in (1..points).rev() {
                let block = (self.luck).block(who, Purpose::Order as u16, place as u32);
                cells.swap(place, (block.uniform() * (place + 1) as f64) as usize);
            }
            for (point, cell) in drawn.iter_mut().zip(cells) {
                let within = (self.luck).block(who, Purpose::Place as u16, cell as u32);
                let p = (cell as f64 + within.uniform()) / points as f64;
                point[dimension] = normal_quantile(p);
            }
        }
        drawn
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
        (self.luck)
            .block(self.who, Purpose::Proposal as u16, self.drawn)
            .uniform()
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
