//! Fitting parameters to published figures.

mod emulator;
mod linear;
mod luck;
mod proposal;
mod sampler;

pub use sampler::{Design, Run, Scale, Target, Weighted, sample};
