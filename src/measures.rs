//! What is measured: the words of measurement and the register of measures.
//!
//! Each measure has an id, a unit, what is counted, a definition, a censoring rule and a direction.
//! How it is collected stands in `simulate`, how it is estimated in `analysis`.

/// Declares a closed list with the id and the label of each member, in a fixed order.
macro_rules! closed_list {
    ($(#[$about:meta])* $name:ident { $($(#[$doc:meta])* $member:ident = ($id:literal, $label:literal)),+ $(,)? }) => {
        $(#[$about])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        #[repr(u8)]
        pub enum $name { $($(#[$doc])* $member),+ }

        impl $name {
            /// Every member, in order.
            pub const ALL: &'static [Self] = &[$(Self::$member),+];
            /// Number of members.
            pub const COUNT: usize = Self::ALL.len();

            /// Position in [`Self::ALL`].
            pub fn index(self) -> usize {
                self as usize
            }

            /// Id used in files of results.
            pub fn id(self) -> &'static str {
                match self { $(Self::$member => $id),+ }
            }

            /// Words for readers.
            pub fn label(self) -> &'static str {
                match self { $(Self::$member => $label),+ }
            }
        }
    };
}

mod flows;
mod register;

pub use flows::{Flow, FlowAt, FlowUnit, Span};
pub use register::MEASURES;

/// Numbers present at a service of a network that are told apart: from 0 to one less than this; and,
/// last, this or more.
pub const PRESENT_TOP: u32 = 1_000;

closed_list! {
    /// How close the two ends of a handoff are.
    HandoffKind {
        /// Both ends in one organisation.
        Internal = ("internal", "within an organisation"),
        /// Between two organisations of one area.
        BetweenOrganisations = ("between-organisations", "between organisations"),
        /// Between two organisations of different areas.
        BetweenAreas = ("between-areas", "between areas"),
    }
}

closed_list! {
    /// How a handoff ended. All but the last are competing ends; only the last is censoring.
    HandoffEnd {
        /// The receiver began active work.
        Begun = ("begun", "begun"),
        /// Lost on the way, silently.
        Lost = ("lost", "lost"),
        /// Turned away by the receiver.
        Rejected = ("rejected", "rejected"),
        /// The child or the family gave up waiting.
        GaveUp = ("gave-up", "gave up"),
        /// The child reached the upper age.
        AgedOut = ("aged-out", "reached the upper age"),
        /// The family moved to another area first.
        Moved = ("moved", "moved away"),
        /// Still under way when the study ended.
        Unfinished = ("unfinished", "still under way at the end"),
    }
}

closed_list! {
    /// A stage of a handoff, from the decision to pass a strand on until active work begins.
    Stage {
        /// Being prepared by the sender.
        Preparation = ("preparation", "being prepared"),
        /// On its way.
        Transit = ("transit", "on its way"),
        /// Lost on the way until the sender noticed and sent it again.
        Chasing = ("chasing", "lost until chased"),
        /// Waiting at the receiver's front door.
        FrontDoor = ("front-door", "waiting at the front door"),
        /// Being screened.
        Screening = ("screening", "being screened"),
        /// Waiting for an assessor.
        WaitingAssessment = ("waiting-assessment", "waiting for assessment"),
        /// Being assessed.
        Assessment = ("assessment", "being assessed"),
        /// Waiting for information from other record blocks.
        Information = ("information", "waiting for information"),
        /// Waiting for others' part in a joint step.
        OthersPart = ("others-part", "waiting for others' part"),
        /// Waiting for a funding agreement.
        Funding = ("funding", "waiting for funding"),
        /// Waiting for a place.
        Place = ("place", "waiting for a place"),
    }
}

impl Stage {
    /// Is this a queue for scarce staff or places? All other stages are the work of the seam.
    pub fn is_capacity(self) -> bool {
        matches!(
            self,
            Self::FrontDoor | Self::WaitingAssessment | Self::Place
        )
    }
}

closed_list! {
    /// Where a strand can stand.
    Standing {
        /// Nobody has noted anything.
        Unseen = ("unseen", "unseen"),
        /// A concern is noted, nothing more.
        Noted = ("noted", "concern noted, not referred"),
        /// A referral is being prepared.
        Preparing = ("preparing", "referral being prepared"),
        /// On its way to a receiver.
        InTransit = ("in-transit", "in transit"),
        /// At a front door: waiting or being screened.
        FrontDoor = ("front-door", "at the front door"),
        /// Turned away.
        Rejected = ("rejected", "turned away"),
        /// Waiting for an assessor.
        WaitingAssessment = ("waiting-assessment", "waiting for assessment"),
        /// Being assessed.
        BeingAssessed = ("being-assessed", "being assessed"),
        /// Waiting for information.
        WaitingInformation = ("waiting-information", "waiting for information"),
        /// Waiting for others' part.
        WaitingOthers = ("waiting-others", "waiting for others' part"),
        /// Waiting for funding.
        WaitingFunding = ("waiting-funding", "waiting for funding"),
        /// Waiting for a place.
        WaitingPlace = ("waiting-place", "waiting for a place"),
        /// Served by a service that is not for this level.
        ServedElsewhere = ("served-elsewhere", "with a service not meant for this level"),
        /// Served (a strand that is served by a fitting service is not unmet).
        Served = ("served", "served"),
        /// Help interrupted by a change of worker.
        BetweenWorkers = ("between-workers", "between workers"),
        /// Closed after help, or assessed and found not in need.
        Closed = ("closed", "closed"),
        /// Lost in a handoff.
        LostInHandoff = ("lost-in-handoff", "lost in a handoff"),
        /// Lost in a move.
        LostInMove = ("lost-in-move", "lost in a move"),
        /// Gave up waiting.
        GaveUp = ("gave-up", "gave up waiting"),
    }
}

closed_list! {
    /// Things that are simply counted, in the observed time.
    Count {
        /// Contacts that left a record.
        NotedContacts = ("noted-contacts", "noted contacts"),
        /// Referrals made.
        Referrals = ("referrals", "referrals"),
        /// Referrals within 12 months of an earlier one about the same child at the same door.
        Rereferrals = ("re-referrals", "re-referrals"),
        /// Referrals accepted at screening.
        Accepted = ("accepted", "referrals accepted"),
        /// Handoffs started.
        Handoffs = ("handoffs", "handoffs"),
        /// Handoffs sent back or passed on by a door.
        Bounces = ("bounces", "bounces"),
        /// Referrals that reached a wrong door (also counted as bounces).
        WrongDoors = ("wrong-doors", "wrong doors"),
        /// Handoffs lost silently.
        SilentLosses = ("silent-losses", "silent losses"),
        /// Handoffs lost so that the sender can find out.
        DetectedLosses = ("detected-losses", "losses the sender can find out"),
        /// Losses found by the sender chasing.
        FoundByChasing = ("found-by-chasing", "losses found by chasing"),
        /// Losses found because a new contact led to a new referral.
        FoundByContact = ("found-by-contact", "losses found by a new contact"),
        /// Losses found after harm.
        FoundByHarm = ("found-by-harm", "losses found after harm"),
        /// Handoffs rejected.
        Rejected = ("rejected", "handoffs rejected"),
        /// Second assessments made because another block's assessment did not count.
        SecondAssessments = ("second-assessments", "second assessments"),
        /// Moves of children with a known case.
        KnownMoves = ("known-moves", "moves of known cases"),
        /// Harm events.
        Harm = ("harm", "harm events"),
        /// Harm events to strands that stood in a handoff.
        HarmInSeam = ("harm-in-seam", "harm events in a handoff"),
        /// Help closed while the true level was in the service's range.
        ClosedInError = ("closed-in-error", "cases closed in error"),
        /// Need spells that were known and whose grace ended within the study, missed or not.
        KnownSpells = ("known-spells", "known need spells"),
        /// ... of which missed.
        KnownMissed = ("known-missed", "known missed cases"),
        /// Known missed cases whose spell was open on decision day, shown apart.
        CarriedOverMissed = ("carried-over-missed", "known missed cases carried over"),
        /// Need spells whose grace from onset ended with nobody having noted anything.
        UnknownMissed = ("unknown-missed", "missed cases never noted"),
        /// Need spells begun.
        Spells = ("spells", "need spells"),
        /// Strands that began to be helped.
        HelpStarts = ("help-starts", "starts of help"),
        /// Sum of whole seconds from first referral to first help, over helped strands.
        SecondsToHelp = ("seconds-to-help", "seconds from referral to help"),
        /// Helped strands in that sum.
        FirstHelps = ("first-helps", "first starts of help"),
        /// Cases that arrived (networks).
        Arrivals = ("arrivals", "arrivals"),
        /// Cases that ended (networks).
        Finished = ("finished", "cases ended"),
        /// Sum of whole seconds from arrival to the end, over ended cases (networks).
        SecondsInSystem = ("seconds-in-system", "seconds from arrival to end"),
        /// Cases that gave up waiting.
        GaveUp = ("gave-up", "gave up waiting"),
        /// Cases that found a waiting room full and ended there (networks).
        TurnedAway = ("turned-away", "cases turned away and closed"),
        /// Silent losses found by a lead professional.
        FoundByLead = ("found-by-lead", "losses found by a lead professional"),
        /// Lost or stalled cases found by oversight and sent on with priority.
        FoundByOversight = ("found-by-oversight", "lost or stalled cases found by oversight"),
        /// Help interrupted by a change of worker.
        WorkerChanges = ("worker-changes", "changes of worker"),
        /// Joint steps held.
        JointSteps = ("joint-steps", "joint steps"),
        /// ... that went on without somebody's part.
        JointStepsCutShort = ("joint-steps-cut-short", "joint steps without somebody's part"),
        /// Professionals who took up work with a child: assessors, helpers, their successors and
        /// those who took part in joint steps.
        Professionals = ("professionals", "professionals met"),
        /// Handoffs to adult services: children who left with an open need that somebody knew of.
        LeftWithNeed = ("left-with-need", "handed over to adult services"),
        /// Concerns noted on a brother or sister of a child who was referred.
        SiblingConcerns = ("sibling-concerns", "concerns noted on siblings"),
        /// Sum of whole seconds in which a known need spell was unmet.
        UnmetKnownSeconds = ("unmet-known-seconds", "seconds of unmet need that somebody knew of"),
        /// Sum of whole seconds in which a need spell was unmet and nobody knew.
        UnmetUnknownSeconds = ("unmet-unknown-seconds", "seconds of unmet need that nobody knew of"),
        /// Initial assessments that had a date by which they were due.
        InitialDue = ("initial-due", "initial assessments with a due date"),
        /// ... completed by it.
        InitialOnTime = ("initial-on-time", "initial assessments on time"),
        /// Core assessments that had a date by which they were due.
        CoreDue = ("core-due", "core assessments with a due date"),
        /// ... completed by it.
        CoreOnTime = ("core-on-time", "core assessments on time"),
    }
}

closed_list! {
    /// How far a need spell came on the way from need to help.
    Step {
        /// A need spell began.
        Needed = ("needed", "in need"),
        /// Somebody noted something.
        Noted = ("noted", "noted by somebody"),
        /// A source or service referred.
        Referred = ("referred", "referred"),
        /// A front door accepted.
        Accepted = ("accepted", "accepted at a front door"),
        /// An assessment was completed.
        Assessed = ("assessed", "assessed"),
        /// Help was planned.
        Planned = ("planned", "help planned"),
        /// Help began.
        Helped = ("helped", "helped"),
    }
}

closed_list! {
    /// What came of one occasion on which a scripted child was met. Every occasion has exactly one.
    Fate {
        /// What was seen left no record of the need.
        NotNoted = ("not-noted", "nothing noted"),
        /// Something was noted, and what could be added up was not enough to refer.
        NotEnough = ("not-enough", "noted, not enough to refer"),
        /// An earlier referral was under way or the child was in somebody's care, so nobody referred.
        InHand = ("in-hand", "somebody else had the case"),
        /// Referred; lost on the way.
        Lost = ("lost", "referral lost"),
        /// Referred; turned away at a front door.
        TurnedAway = ("turned-away", "turned away at a door"),
        /// Referred and assessed; no need found that is helped.
        NotFound = ("not-found", "assessed, no need found"),
        /// Referred; the family gave up waiting.
        GaveUp = ("gave-up", "gave up waiting"),
        /// Referred; under way, or with a service that does not fit, when the script ended.
        Unfinished = ("unfinished", "still under way at the end"),
        /// Referred; fitting help began.
        Helped = ("helped", "fitting help began"),
    }
}

closed_list! {
    /// What workers' time goes into besides the children themselves.
    Overhead {
        /// Finding out what became of a case that was sent.
        Chasing = ("chasing", "chasing"),
        /// Replying to requests for information.
        Replying = ("replying", "replying to requests"),
        /// Funding panels.
        Panels = ("panels", "funding panels"),
        /// Parts in joint steps.
        JointSteps = ("joint-steps", "parts in joint steps"),
        /// Being a lead professional.
        LeadProfessional = ("lead-professional", "lead professionals"),
        /// Being overseen.
        Oversight = ("oversight", "oversight"),
        /// Partnering that is paid for.
        Partnering = ("partnering", "partnering"),
    }
}

closed_list! {
    /// What became of a child's needs in one domain over the whole observed time.
    Outcome {
        /// No need spell that qualifies.
        NoNeed = ("no-need", "no qualifying need"),
        /// A need spell, and none was missed.
        NotMissed = ("not-missed", "not missed"),
        /// A known missed case.
        Missed = ("missed", "missed"),
    }
}

/// Which way is better for children.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Direction {
    /// Less is better.
    LowerIsBetter,
    /// More is better.
    HigherIsBetter,
    /// Neither.
    Neutral,
}

/// Which kind of study has the measure.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub enum Scope {
    /// Studies of children with hidden needs.
    Children,
    /// Plain networks of cases.
    Network,
    /// Both.
    Both,
}

/// How an interval is made.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum IntervalMethod {
    /// Student's t over trials, for means of trial values.
    StudentT,
    /// Jackknife over trials, for ratios and restricted means of pooled trials.
    Jackknife,
    /// None: it follows from the scenario and has no luck in it.
    Exact,
}

/// How far forward a measure stands in what is shown. Every measure stands in the tables.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Prominence {
    /// On the terminal and the charts, with simultaneous intervals.
    Headline,
    /// In the tables.
    Further,
}

/// A measure and its definition, which travels with every report.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Measure {
    /// Id used by files and options.
    pub id: &'static str,
    /// Words for readers.
    pub name: &'static str,
    /// Unit of the value.
    pub unit: &'static str,
    /// What is counted.
    pub unit_of_count: &'static str,
    /// The definition, in a sentence or two.
    pub definition: &'static str,
    /// What happens to what was unfinished at the end.
    pub censoring: &'static str,
    /// Which way is better.
    pub direction: Direction,
    /// Which studies have it.
    pub scope: Scope,
    /// How its interval is made.
    pub interval: IntervalMethod,
    /// How far forward it stands.
    pub prominence: Prominence,
}
