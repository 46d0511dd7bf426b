//! A trial: the model in motion, and the tallies it leaves.

mod tally;

pub use tally::{HANDOFF_DAYS, PairTally, ServiceTally, Tally};
