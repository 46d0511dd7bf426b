//! Counting handoffs: when each ended and how, and what its stages took.

use crate::engine::Instant;
use crate::measures::{HandoffEnd, HandoffKind, Stage};

use super::tally::{PairTally, Tally};

/// The time a handoff has taken so far, by stage. Its stages always add up to its delay.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Journey {
    /// When it was decided to pass the case on.
    pub(crate) decided: Instant,
    stage: Stage,
    since: Instant,
    seconds: [u32; Stage::COUNT],
}

impl Journey {
    /// A handoff decided now; it is being prepared.
    #[inline]
    pub(crate) fn begin(now: Instant) -> Self {
        Self {
            decided: now,
            stage: Stage::Preparation,
            since: now,
            seconds: [0; Stage::COUNT],
        }
    }

    /// Goes on to another stage.
    #[inline]
    pub(crate) fn enter(&mut self, stage: Stage, now: Instant) {
        self.seconds[self.stage.index()] += now.since(self.since);
        self.stage = stage;
        self.since = now;
    }

    /// Seconds spent in a stage up to now.
    pub(crate) fn spent_in(&self, stage: Stage, now: Instant) -> u32 {
        let here = if stage == self.stage {
            now.since(self.since)
        } else {
            0
        };
        self.seconds[stage.index()] + here
    }

    /// The stage it is in.
    pub(crate) fn stage(&self) -> Stage {
        self.stage
    }
}

/// Where a handoff goes and whether it counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Passage {
    pub(crate) kind: HandoffKind,
    /// Source number.
    pub(crate) from: usize,
    /// Service number.
    pub(crate) to: usize,
    /// Was it decided in the observed time?
    pub(crate) counted: bool,
}

impl Tally {
    /// The cell of a pair of ends.
    #[inline]
    pub(crate) fn pair_mut(&mut self, passage: Passage) -> &mut PairTally {
        // A division by a number that is known when compiling costs far less than one by services.
        let of_a_kind = self.pairs.len() / HandoffKind::COUNT;
        let services = self.services.len();
        &mut self.pairs[passage.kind.index() * of_a_kind + passage.from * services + passage.to]
    }

    /// Records the end of a handoff that was decided in the observed time.
    ///
    /// # Panics
    /// If the stages of a begun handoff do not add up to its delay.
    #[inline]
    pub(crate) fn finish_handoff(
        &mut self,
        passage: Passage,
        mut journey: Journey,
        end: HandoffEnd,
        now: Instant,
    ) {
        if !passage.counted {
            return;
        }
        let delay = now.since(journey.decided);
        self.end_handoff(passage.kind, end, delay);
        let pair = self.pair_mut(passage);
        match end {
            HandoffEnd::Begun => {
                journey.enter(journey.stage, now);
                let sum: u64 = journey.seconds.iter().map(|s| u64::from(*s)).sum();
                assert!(sum == u64::from(delay), "stages add up to the delay");
                pair.begun += 1;
                pair.delay_seconds += u64::from(delay);
                for (total, seconds) in pair.stage_seconds.iter_mut().zip(journey.seconds) {
                    *total += u64::from(seconds);
                }
            }
            HandoffEnd::Lost => pair.lost += 1,
            HandoffEnd::Rejected => pair.rejected += 1,
            HandoffEnd::GaveUp
            | HandoffEnd::AgedOut
            | HandoffEnd::Moved
            | HandoffEnd::Unfinished => {}
        }
    }
}
