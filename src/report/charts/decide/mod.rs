//! Charts of decision analyses: how sure a choice is, what would change it, what is worth finding
//! out.
//!
//! Each chart is a function from a small subject to SVG; `None` where there is nothing to draw. The
//! subjects borrow what an analysis found, with the names that readers know.

mod chances;
mod common;
mod draws;
mod equivalent;
mod flip;
mod grades;
mod indices;
mod screening;
mod steady;
#[cfg(test)]
mod tests;
mod tipping;
mod tornado;
mod worth;

pub use chances::chances;
pub(in crate::report) use common::short;
pub use draws::{Differences, draws};
pub use equivalent::{AtPosts, Buys, Equivalent, Reach, equivalent};
pub use flip::{Flip, FlipRow, flip};
pub use grades::grades;
pub use indices::{Index, Quantity, indices};
pub use screening::screening;
pub use steady::{OneSeries, SeriesOfTrials, steady};
pub use tipping::{Axis, Tipping, tipping};
pub use tornado::{Swings, Tornado, tornado};
pub use worth::worth;

use crate::experiment::results::Named;
use crate::inquiry::decide::uncertainty::{OfMeasure, Uncertainty};
use crate::scenario::{Grade, Ranged};

/// What an uncertainty analysis says of one measure.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Choosing<'a> {
    /// The measure, and what was found of it.
    pub of: &'a OfMeasure,
    /// The structures, baseline first.
    pub structures: &'a [Named],
    /// What was drawn.
    pub parameters: &'a [Ranged],
    /// Grades of evidence, in the order in which shares of variance count them.
    pub grades: &'a [Option<Grade>],
    /// Draws of the parameters.
    pub draws: usize,
    /// Trials of each draw.
    pub trials: u32,
}

impl<'a> Choosing<'a> {
    /// One of the measures of an analysis.
    pub fn of(found: &'a Uncertainty, of: &'a OfMeasure) -> Self {
        Self {
            of,
            structures: &found.structures,
            parameters: &found.parameters,
            grades: &found.grades,
            draws: found.ensemble.points.len(),
            trials: found.trials,
        }
    }
}
