//! Decision analysis: what runs under many draws of the parameters say of the choice between
//! structures.
//!
//! Two uncertainties are kept apart throughout. A *draw* is one set of values of the parameters: from
//! draw to draw the world differs, because nobody knows the values. A *trial* is one lot of luck
//! within a draw: more trials make it smaller, more draws do not. Structures share the luck of a
//! trial, so differences are taken within trials.

mod choice;
mod chosen;
mod contour;
mod drawn;
mod enough;
mod grades;
mod instead;
mod morris;
mod parting;
mod precision;
mod prim;
mod regression;
mod resample;
mod smoothing;
mod sobol;
mod spline;
mod steady;
mod terms;
mod worlds;
mod worth;

pub use choice::{Choice, Regret, Standing, Told, Valued};
pub use contour::{Place, SecondBest, tipping_map};
pub use drawn::{Drawn, paired_error};
pub use enough::{Enough, Known, enough};
pub use grades::{Graded, Shares};
pub use instead::{Instead, difference, instead, over_trials, share};
pub use morris::{Effects, Screened, luck_of_steps};
pub use parting::{AtShare, Parting, along, by_distance, overtaking, parting};
pub use precision::{BURN_IN, Needed, STILL, Target, half_width, needed, paired_scores};
pub use prim::{Discovered, Discovery, Pick, Region, Restriction, Search, discover};
pub use sobol::{Evaluated, Indices, Luck, Rows, Sensitivity};
pub use steady::{Bias, Steadiness, Steady, Welch, mser5, steady, welch, welch_window};
pub use worlds::{World, against};
pub use worth::{Information, Plain, Worth};
