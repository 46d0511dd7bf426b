//! What would change the answer: which structure is best at each place of a map over two values.
//!
//! All other values stay where they are stated, and every place has the same luck.

use super::ensemble::{Asked, Ensemble, Point, Unfinished, Watch, sign_of};
use crate::analysis::decision::{self, Place};
use crate::experiment::Plan;
use crate::experiment::results::Named;
use crate::measures::Measure;
use crate::scenario::{Ranged, ToVary};

/// Fewest places along a side of the map.
pub const FEWEST_PLACES: usize = 3;

/// What came of it.
#[derive(Debug, Clone, PartialEq)]
pub struct Tipping {
    /// The two values: across, then up.
    pub axes: [Ranged; 2],
    /// Places along each side, both ends of the ranges among them.
    pub side: usize,
    /// The structures, baseline first.
    pub structures: Vec<Named>,
    /// Trials at each place.
    pub trials: u32,
    /// Where both values are as stated, then the places row by row from the lowest, and what they gave.
    pub ensemble: Ensemble,
    /// The map of each measure.
    pub of_measures: Vec<OfMeasure>,
    /// Measures of which nothing can be said: somewhere there was nothing to measure.
    pub without: Vec<&'static Measure>,
}

/// The map of one measure.
#[derive(Debug, Clone, PartialEq)]
pub struct OfMeasure {
    /// The measure.
    pub measure: &'static Measure,
    /// 1 where less is better; -1 where more is, and all that follows is of the measure with its sign
    /// turned.
    pub sign: f64,
    /// Where both values are as stated.
    pub stated: Place,
    /// All places, row by row from the lowest; coordinates are shares of the ranges.
    pub places: Vec<Place>,
}

impl OfMeasure {
    /// By structure: the share of the map where it is best, and where it is clearly so.
    pub fn areas(&self) -> Vec<(f64, f64)> {
        let all = self.places.len() as f64;
        let share = |structure: usize, is_clear: bool| {
            let best = self.places.iter().filter(|it| it.best == structure);
            let counted = best.filter(|it| !is_clear || it.next.is_some_and(|it| it.is_clear));
            counted.count() as f64 / all
        };
        let structures = 0..self.stated.means.len();
        structures
            .map(|it| (share(it, false), share(it, true)))
            .collect()
    }
}

/// How many runs a map takes.
pub fn runs(side: usize) -> usize {
    side * side + 1
}

/// Runs the study at every place of the map.
///
/// # Errors
/// When it is stopped, or when the study refuses two values together.
///
/// # Panics
/// With fewer than [`FEWEST_PLACES`] places a side or 2 trials, or with other than two values.
pub fn tipping(
    asked: &Asked,
    study: &ToVary,
    side: usize,
    plan: &Plan,
    watch: &Watch<'_>,
) -> Result<Tipping, Unfinished> {
    assert!(
        side >= FEWEST_PLACES && asked.trials >= 2,
        "there is a map and an error"
    );
    let axes: [Ranged; 2] = (asked.parameters.clone().try_into()).expect("a map has two axes");
    let structures = super::structures_of(&study.scenario);
    let last = (side - 1) as f64;
    let stated = axes.each_ref().map(|it| it.stated);
    let grid = (0..side * side).map(|it| [(it % side) as f64 / last, (it / side) as f64 / last]);
    let points: Vec<Point> = std::iter::once(stated)
        .chain(grid)
        .zip(0..)
        .map(|(shares, number)| Point::at(number, 0, shares.to_vec()))
        .collect();
    let shares: Vec<(f64, f64)> = points
        .iter()
        .map(|it| (it.shares[0], it.shares[1]))
        .collect();
    let ensemble = asked.run(structures.len(), points, plan, watch)?;
    let (mut of_measures, mut without) = (Vec::new(), Vec::new());
    for (place, measure) in asked.measures.iter().enumerate() {
        let Some(drawn) = ensemble.drawn(place, vec![1.0; shares.len()]) else {
            without.push(*measure);
            continue;
        };
        let mut places = decision::tipping_map(&drawn, &shares);
        of_measures.push(OfMeasure {
            measure,
            sign: sign_of(measure),
            stated: places.remove(0),
            places,
        });
    }
    Ok(Tipping {
        axes,
        side,
        structures,
        trials: asked.trials,
        ensemble,
        of_measures,
        without,
    })
}
