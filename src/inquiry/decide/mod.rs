//! Decision analysis of a whole study: where in the space of the parameters it is run.
//!
//! What the runs say of a choice is computed in [`crate::analysis::decision`].

pub mod designs;
