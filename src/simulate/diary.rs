//! The diary of a trial: what happened, moment by moment, to the children it was told to watch.
//!
//! Keeping it draws no luck and changes nothing, so a trial that is watched goes exactly as one that
//! is not. It holds plain numbers; words are made of them by those who tell a child's story.

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::engine::Instant;
use crate::measures::{Count, HandoffEnd, HandoffKind, Stage, Standing};
use crate::model::{AreaId, NeedId, Place, ServiceId, Structure};

/// Whom a trial watches.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum Watch {
    /// Nobody: nothing is noted.
    #[default]
    Nobody,
    /// Whoever lives in these slots.
    Slots(Vec<u32>),
    /// Every child.
    Everyone,
}

/// Which child: a slot is taken over by another child when one leaves.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Who {
    /// The child's slot.
    pub slot: u32,
    /// Its moment of birth in seconds from the start of the trial.
    pub born: i64,
}

/// One thing that happened to a child.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Note {
    /// When.
    pub at: Instant,
    /// To whom.
    pub who: Who,
    /// The area in which the child lived.
    pub area: AreaId,
    /// What.
    pub what: What,
}

/// What can happen to a child. Handoffs are numbered by child, from 1; sets of needs and of sources
/// have one bit each.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum What {
    /// The true level of a need changed, whether or not anybody saw it.
    Level {
        /// The need.
        need: NeedId,
        /// Level before.
        from: u8,
        /// Level now.
        to: u8,
    },
    /// The child came to harm.
    Harm {
        /// By which need.
        need: NeedId,
        /// Was a fitting service helping?
        helped: bool,
    },
    /// Somebody met the child and noted something about a need.
    Noted {
        /// Who.
        by: Place,
        /// The need.
        need: NeedId,
        /// What the sign is worth as evidence of need, a log-likelihood ratio.
        worth: f64,
        /// What could be added up about the need then.
        held: Held,
        /// What came of it.
        then: Response,
    },
    /// A brother or sister was referred, and a concern noted about this child as well.
    SiblingConcern {
        /// By whom.
        by: Place,
        /// The need.
        need: NeedId,
    },
    /// Somebody concluded that there is no need.
    Concluded {
        /// Who.
        by: Place,
        /// The need.
        need: NeedId,
    },
    /// A conclusion of others came with a reply and was taken over.
    TookOver {
        /// By whom.
        by: Place,
        /// The need.
        need: NeedId,
    },
    /// A source referred the child.
    Referred {
        /// Who.
        by: Place,
        /// About which needs.
        needs: u64,
        /// Within so short a time of an earlier referral that it counts as a repeat?
        repeat: bool,
    },
    /// It was decided to pass the child on: a handoff begins.
    Passed {
        /// Number of the handoff.
        handoff: u32,
        /// Why.
        reason: Reason,
        /// Who passes on.
        from: Place,
        /// To which service.
        to: Place,
        /// How close the two are.
        kind: HandoffKind,
        /// The needs it is about.
        needs: u64,
        /// Is the receiver to screen and assess?
        to_be_assessed: bool,
    },
    /// Some needs of a handoff go on as a handoff of their own.
    Parted {
        /// Number of the new handoff.
        handoff: u32,
        /// Number of the one it comes from.
        of: u32,
        /// To which service.
        to: Place,
        /// How close the two are.
        kind: HandoffKind,
        /// The needs it is about.
        needs: u64,
    },
    /// A handoff went on to a stage.
    Enters {
        /// Number of the handoff.
        handoff: u32,
        /// The stage.
        stage: Stage,
        /// Where it lies or is worked on.
        door: Place,
        /// Rank in the waiting list, 0 most urgent, and how many were in it before, where it waits in
        /// one.
        queue: Option<(u8, u32)>,
    },
    /// A handoff was lost on the way.
    Lost {
        /// Number of the handoff.
        handoff: u32,
        /// So that the sender cannot find out?
        silently: bool,
    },
    /// A handoff that was lost came to light.
    Found {
        /// The needs it is about.
        needs: u64,
        /// How, as it is counted.
        how: Count,
    },
    /// A handoff came to the door of a service that it was not meant for.
    WrongDoor {
        /// Number of the handoff.
        handoff: u32,
        /// That service.
        door: Place,
    },
    /// A wrong door passed a handoff on.
    PassedOn {
        /// Number of the handoff.
        handoff: u32,
        /// That service.
        door: Place,
    },
    /// A need was screened at a door.
    Screened {
        /// Number of the handoff.
        handoff: u32,
        /// The service that screened.
        by: Place,
        /// The need.
        need: NeedId,
        /// The level perceived.
        perceived: f64,
        /// The level from which the service accepts.
        threshold: f64,
        /// What was decided on the handoff as a whole.
        decision: Decision,
    },
    /// Others were asked what they hold about the child.
    Asked {
        /// Number of the handoff.
        handoff: u32,
        /// The assessing service.
        by: Place,
        /// Sources outside its records that hold something.
        holders: u64,
        /// Those of them that reply in time.
        replied: u64,
    },
    /// An assessment was completed.
    Assessed {
        /// Number of the handoff.
        handoff: u32,
        /// The service.
        by: Place,
        /// Was it the deeper one?
        deeper: bool,
    },
    /// A deeper assessment begins.
    Deeper {
        /// Number of the handoff.
        handoff: u32,
        /// The service.
        by: Place,
    },
    /// A joint step is held.
    JointStep {
        /// Number of the handoff.
        handoff: u32,
        /// The service that holds it.
        by: Place,
        /// Place of the step in the study.
        step: u16,
        /// The sources asked for their part.
        with: u64,
        /// Does it go on without somebody's part?
        cut_short: bool,
    },
    /// An assessment came to a plan for a need.
    Planned {
        /// Number of the handoff.
        handoff: u32,
        /// The assessing service.
        by: Place,
        /// The need.
        need: NeedId,
        /// The level perceived.
        perceived: f64,
        /// The service that is to help; nobody where no need was found.
        service: Option<ServiceId>,
    },
    /// Oversight found a handoff stalled and put it before all others.
    Hastened {
        /// Number of the handoff.
        handoff: u32,
    },
    /// A handoff ended.
    Ended {
        /// Number of the handoff.
        handoff: u32,
        /// How.
        end: HandoffEnd,
    },
    /// A service began to help.
    HelpBegins {
        /// The need.
        need: NeedId,
        /// The service.
        at: Place,
        /// Is the service meant for a need of this level?
        fits: bool,
    },
    /// A service stopped helping.
    HelpEnds {
        /// The need.
        need: NeedId,
        /// The service.
        at: Place,
    },
    /// A review was held, or a course came to its end.
    Reviewed {
        /// The need.
        need: NeedId,
        /// The service.
        at: Place,
        /// The level perceived; nothing at the end of a course.
        perceived: Option<f64>,
        /// What was decided.
        result: Review,
    },
    /// A worker left; help is interrupted until another takes over.
    WorkerLeft {
        /// The need.
        need: NeedId,
        /// The service.
        at: Place,
    },
    /// Another worker took over.
    WorkerCame {
        /// The need.
        need: NeedId,
        /// The service.
        at: Place,
    },
    /// The family moved to another area.
    Moved {
        /// The area left.
        from: AreaId,
        /// The new one.
        to: AreaId,
    },
    /// A need spell became known; its grace ends at a moment, unless help is active.
    Known {
        /// The need.
        need: NeedId,
        /// When grace ends.
        until: Option<Instant>,
    },
    /// Nobody who fits helps with a need spell from now; its grace ends at a moment.
    Unmet {
        /// The need.
        need: NeedId,
        /// Does anybody know of it?
        known: bool,
        /// When grace ends.
        until: Instant,
    },
    /// A fitting service helps with a need spell from now.
    Met {
        /// The need.
        need: NeedId,
        /// When grace would have ended, if the clock of those known was running.
        until: Option<Instant>,
    },
    /// Grace ran out on a need spell that somebody knew of.
    Missed {
        /// The need.
        need: NeedId,
        /// Where it stood.
        stood: Standing,
        /// Was the spell open on decision day already? Then it is shown apart.
        carried_over: bool,
    },
    /// Grace ran out on a need spell that nobody had noted.
    MissedUnseen {
        /// The need.
        need: NeedId,
    },
    /// The child reached the upper age.
    Left {
        /// Needs handed over to services for adults.
        handed_over: u64,
    },
}

/// What a source could add up about a need, and what it could not see. Log-likelihood ratios.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Held {
    /// What it could see, conclusions taken off.
    pub seen: f64,
    /// What it takes to refer; nothing where the source never refers.
    pub needed: Option<f64>,
    /// What others held that it could not see.
    pub unseen: f64,
    /// Sources whose concerns it could see, itself among them.
    pub seen_from: u64,
    /// Sources whose concerns it could not see.
    pub unseen_from: u64,
}

/// What came of something noted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Response {
    /// It was enough to refer.
    Refers,
    /// It was not enough.
    NotEnough,
    /// Somebody else has the case in hand.
    InHand,
    /// The source has referred not long ago, and this adds too little.
    ReferredLately,
    /// The source does not refer such needs.
    NeverRefers,
}

/// Why a child is passed on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reason {
    /// A source refers.
    Referral,
    /// An assessment or a review plans help by another service.
    Plan,
    /// The family has moved.
    Move,
}

/// What a door decides.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Decision {
    /// Accepted.
    Accepted,
    /// Sent back to the sender.
    Bounced,
    /// Turned away for good.
    Rejected,
}

/// What a review decides.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Review {
    /// Help goes on.
    GoesOn,
    /// Another service is to help.
    PassedOn {
        /// Which.
        to: ServiceId,
    },
    /// Help ends.
    Closed {
        /// Was the true level still one that the service is meant for?
        in_error: bool,
    },
}

/// The notes of a trial.
#[derive(Debug, Clone, Default)]
pub struct Diary {
    watch: Watch,
    notes: Vec<Note>,
    /// How many handoffs each child has had.
    handoffs: BTreeMap<Who, u32>,
    /// The child's own number of each handoff, by its number in the store.
    numbers: Vec<u32>,
    /// The structures in force, each from a moment on.
    structures: Vec<(Instant, Arc<Structure>)>,
}

impl Diary {
    /// An empty diary about these children.
    pub(super) fn about(watch: Watch) -> Self {
        Self {
            watch,
            ..Self::default()
        }
    }

    /// Is anybody watched?
    pub(super) fn is_kept(&self) -> bool {
        self.watch != Watch::Nobody
    }

    /// Is the child in this slot watched?
    pub(super) fn watches(&self, slot: u32) -> bool {
        match &self.watch {
            Watch::Nobody => false,
            Watch::Slots(slots) => slots.contains(&slot),
            Watch::Everyone => true,
        }
    }

    pub(super) fn push(&mut self, note: Note) {
        self.notes.push(note);
    }

    /// Numbers a handoff that begins, by its number in the store.
    pub(super) fn number_new(&mut self, who: Who, stored: u32) {
        let count = self.handoffs.entry(who).or_default();
        *count += 1;
        let stored = stored as usize;
        if self.numbers.len() <= stored {
            self.numbers.resize(stored + 1, 0);
        }
        self.numbers[stored] = *count;
    }

    /// The child's own number of a handoff.
    pub(super) fn number_of(&self, stored: u32) -> u32 {
        self.numbers.get(stored as usize).copied().unwrap_or(0)
    }

    /// Another structure is in force from now.
    pub(super) fn comes_into_force(&mut self, now: Instant, structure: &Arc<Structure>) {
        if self.is_kept() {
            self.structures.push((now, Arc::clone(structure)));
        }
    }

    /// Puts the notes in order: some are made when they come to light, after the moment they tell of.
    pub(super) fn close(&mut self) {
        self.notes.sort_by_key(|note| note.at);
    }

    /// Every note, in order of time.
    pub fn notes(&self) -> &[Note] {
        &self.notes
    }

    /// The structure in force at a moment.
    pub fn structure_at(&self, at: Instant) -> Option<&Arc<Structure>> {
        let later = self.structures.partition_point(|(from, _)| *from <= at);
        Some(&self.structures[later.checked_sub(1)?].1)
    }
}
