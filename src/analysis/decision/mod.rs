//! Decision analysis: what runs under many draws of the parameters say of the choice between
//! structures.
//!
//! Two uncertainties are kept apart throughout. A *draw* is one set of values of the parameters: from
//! draw to draw the world differs, because nobody knows the values. A *trial* is one lot of luck
//! within a draw: more trials make it smaller, more draws do not. Structures share the luck of a
//! trial, so differences are taken within trials.

mod drawn;
mod precision;
mod prim;
mod steady;

pub use drawn::Drawn;
pub use precision::{BURN_IN, Needed, STILL, Target, half_width, is_enough, needed, paired_scores};
pub use prim::{Choice, Discovered, Discovery, Region, Restriction, Search, discover};
pub use steady::{Bias, Steadiness, Steady, Welch, mser5, steady, welch, window};
