//! A trial: the model in motion, and the tally it leaves.
//!
//! One trial is one world of children (or cases) and luck. It knows no files, no threads, no
//! statistics and not how many trials there are.

mod children;
mod handoffs;
mod network;
mod tally;

pub use children::{ChildrenGround, ChildrenTape, ChildrenTrial};
pub use network::{NetworkGround, NetworkTrial};
pub use tally::{
    AreaTally, HANDOFF_DAYS, MonthTally, NeedTally, PairTally, ServiceMonth, ServiceTally, Tally,
};

// Those who run trials need the clock and the luck, and nothing else of the engine.
pub use crate::engine::{Instant, Luck};

use crate::model::Structure;

/// A world in motion. Cloning it is the fork: both go on from the identical state.
pub trait Trial<'a>: Clone {
    /// Lets everything happen that is due before `end`.
    fn run_until(&mut self, end: Instant);

    /// What is the same in every trial, and what the trial plays back.
    type Ground: Copy;

    /// Goes on under another structure from now, in a world that may differ by its overlays.
    fn switch_to(&mut self, ground: Self::Ground, structure: &'a Structure);

    /// Begins to count.
    fn begin_observing(&mut self);

    /// Ends the observed time and hands over what was counted.
    fn finish(self) -> Tally;
}
