//! A trial: the model in motion, and the tally it leaves.
//!
//! One trial is one world of children (or cases) and luck. It knows no files, no threads, no
//! statistics and not how many trials there are.

mod children;
mod diary;
mod handoffs;
mod network;
mod outcomes;
mod tally;

pub use children::{ChildrenGround, ChildrenTape, ChildrenTrial, Home};
pub use diary::{
    Decision, Diary, Held, Note, Reason, Response, Review, Watch, What, Who as WatchedChild,
};
pub use network::{NetworkGround, NetworkTrial};
pub use tally::{
    AreaTally, CaseTally, Entry, HANDOFF_DAYS, MonthTally, NeedTally, OccasionTally, PairTally,
    Part, PresentTally, SPAN_DAYS, ServiceMonth, ServiceTally, SharingTally, Tally,
};

// Those who run trials need the clock and the luck, and nothing else of the engine.
pub use crate::engine::{Instant, Luck};

use std::sync::Arc;

use crate::model::Structure;

pub use outcomes::{ChildOutcome, Outcomes};

/// A world in motion. Cloning it is the fork: both go on from the identical state.
pub trait Trial<'a>: Clone {
    /// Lets everything happen that is due before `end`.
    fn run_until(&mut self, end: Instant);

    /// What is the same in every trial, and what the trial plays back.
    type Ground: Copy;

    /// Decision day: from now the trial is on its way to another structure, in a world that may differ
    /// by its overlays.
    fn decide(&mut self, ground: Self::Ground, structure: &Arc<Structure>);

    /// Holds the next referral back for so long: a change as small as any, to see how much of what
    /// differs between two structures is only who stands where in a queue.
    fn hold_back_a_referral(&mut self, _seconds: u32) {}

    /// Begins to count.
    fn begin_observing(&mut self);

    /// Goes through once what cannot differ between structures that go on from here in the same world,
    /// so that none of them has to. Changes no result.
    fn set_aside(&mut self) {}

    /// Ends the observed time and hands over what was counted, and what became of each child.
    fn finish(self) -> (Tally, Outcomes);
}
