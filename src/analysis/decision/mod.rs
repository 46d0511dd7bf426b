//! Decision analysis: what runs under many draws of the parameters say of the choice between
//! structures.
//!
//! Two uncertainties are kept apart throughout. A *draw* is one set of values of the parameters: from
//! draw to draw the world differs, because nobody knows the values. A *trial* is one lot of luck
//! within a draw: more trials make it smaller, more draws do not. Structures share the luck of a
//! trial, so differences are taken within trials.

mod choice;
mod chosen;
mod drawn;
mod grades;
mod morris;
mod regression;
mod resample;
mod smoothing;
mod sobol;
mod spline;
mod terms;
mod worth;

pub use choice::{Choice, Regret, Standing, Told, Valued};
pub use drawn::Drawn;
pub use grades::{Graded, Shares};
pub use morris::{Effects, Screened};
pub use sobol::{Evaluated, Indices, Sensitivity};
pub use worth::{Information, Plain, Worth};
