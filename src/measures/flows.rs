//! Quantities that are published of children's services, or of any queue, and can be read off a run:
//! what a model is fitted to and held against.

closed_list! {
    /// A quantity that a published figure can be about. Rates and numbers are for 10,000 children in
    /// studies of children, for all there is in a network.
    Flow {
        /// Concerns noted by anybody.
        NotedContacts = ("noted-contacts", "noted contacts"),
        /// Referrals to a service's door.
        Referrals = ("referrals", "referrals"),
        /// Referrals by some sources among those of all sources.
        ReferralsFrom = ("referrals-from", "share of referrals from a source"),
        /// Referrals within 12 months of an earlier one.
        Rereferrals = ("re-referrals", "repeat referrals"),
        /// Referrals accepted at the door.
        Accepted = ("accepted", "referrals accepted"),
        /// Initial (or single) assessments of referred children.
        Assessments = ("assessments", "assessments"),
        /// Core assessments of referred children.
        CoreAssessments = ("core-assessments", "core assessments"),
        /// Initial assessments completed by their due date.
        AssessedOnTime = ("assessed-on-time", "assessments on time"),
        /// Core assessments completed by their due date.
        CoreOnTime = ("core-on-time", "core assessments on time"),
        /// Assessments of referred children that led to no plan.
        FoundNotInNeed = ("found-not-in-need", "assessed and found not in need"),
        /// Referrals whose assessment began within a number of days.
        SeenWithin = ("seen-within", "seen within"),
        /// Initial assessments completed within a number of days of the referral.
        AssessedWithin = ("assessed-within", "assessed within"),
        /// Decisions after a core assessment or a joint step made within a number of days of the
        /// referral.
        DecidedWithin = ("decided-within", "decided within"),
        /// The same among those that would have been in time had nobody's part been waited for, and
        /// those that were.
        DecidedWithinOwnCause = ("decided-within-own-cause", "decided within, others' delays excepted"),
        /// Joint steps.
        JointSteps = ("joint-steps", "joint steps"),
        /// Starts of help.
        HelpStarts = ("help-starts", "starts of help"),
        /// Children in help, mean over the observed time.
        InHelp = ("in-help", "in help"),
        /// Periods of help that ended within a number of days.
        HelpedWithin = ("help-ended-within", "help ended within"),
        /// Children on a waiting list, mean over the observed time.
        Waiting = ("waiting", "waiting for a place"),
        /// Children at a level of a need or above it, at the end of the observed time.
        InNeed = ("in-need", "in need"),
        /// Cases that arrived at a service of a network.
        Arrivals = ("arrivals", "arrivals"),
        /// Cases at a service of a network that had to wait.
        ShareWaited = ("share-waited", "share that waited"),
        /// Mean wait of the cases that began at a service.
        MeanWait = ("mean-wait", "mean wait"),
        /// Mean number at a service, those waiting among them.
        NumberPresent = ("number-present", "mean number present"),
        /// Chance that an arrival would have found no place, were there so many.
        DelayedAtPlaces = ("delayed-at-places", "delayed at a number of places"),
        /// The same where services would share places.
        DelayedSharing = ("delayed-sharing", "delayed at shared places"),
        /// Share of the time in which one more case would have found no place among shared ones.
        NoneFreeSharing = ("none-free-sharing", "no shared place free"),
    }
}

/// The unit of a published figure and of its simulated companion.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FlowUnit {
    /// For 10,000 children and a year; in a network for a year.
    Rate,
    /// In percent.
    Share,
    /// Persons for 10,000 children; in a network persons.
    Number,
    /// Days.
    Days,
}

impl FlowUnit {
    /// The unit in words, for a study of children or for a network.
    pub fn words(self, is_network: bool) -> &'static str {
        match (self, is_network) {
            (Self::Rate, false) => "per 10,000 children a year",
            (Self::Rate, true) => "a year",
            (Self::Share, _) => "%",
            (Self::Number, false) => "per 10,000 children",
            (Self::Number, true) => "cases",
            (Self::Days, _) => "days",
        }
    }
}

impl Flow {
    /// Its unit.
    pub fn unit(self) -> FlowUnit {
        match self {
            Self::NotedContacts
            | Self::Referrals
            | Self::Assessments
            | Self::CoreAssessments
            | Self::JointSteps
            | Self::HelpStarts
            | Self::Arrivals => FlowUnit::Rate,
            Self::InHelp | Self::Waiting | Self::NumberPresent => FlowUnit::Number,
            Self::MeanWait => FlowUnit::Days,
            Self::ReferralsFrom
            | Self::Rereferrals
            | Self::Accepted
            | Self::AssessedOnTime
            | Self::CoreOnTime
            | Self::FoundNotInNeed
            | Self::SeenWithin
            | Self::AssessedWithin
            | Self::DecidedWithin
            | Self::DecidedWithinOwnCause
            | Self::HelpedWithin
            | Self::InNeed
            | Self::ShareWaited
            | Self::DelayedAtPlaces
            | Self::DelayedSharing
            | Self::NoneFreeSharing => FlowUnit::Share,
        }
    }

    /// What it is counted at; a figure must name it.
    pub fn at(self) -> FlowAt {
        match self {
            Self::NotedContacts => FlowAt::Nothing,
            Self::InNeed => FlowAt::Need,
            Self::JointSteps => FlowAt::Step,
            _ => FlowAt::Service,
        }
    }

    /// Is it a share reached within a number of days, which a figure must state?
    pub fn has_days(self) -> bool {
        matches!(
            self,
            Self::SeenWithin
                | Self::AssessedWithin
                | Self::DecidedWithin
                | Self::DecidedWithinOwnCause
                | Self::HelpedWithin
        )
    }

    /// Does a network have it, a study of children, or both?
    pub fn scope(self) -> super::Scope {
        match self {
            Self::Arrivals
            | Self::DelayedAtPlaces
            | Self::DelayedSharing
            | Self::NoneFreeSharing => super::Scope::Network,
            Self::ShareWaited | Self::MeanWait | Self::NumberPresent => super::Scope::Both,
            _ => super::Scope::Children,
        }
    }
}

/// What a quantity is counted at.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FlowAt {
    /// At nothing in particular.
    Nothing,
    /// At services, taken together.
    Service,
    /// At a need.
    Need,
    /// At a joint step.
    Step,
}

closed_list! {
    /// A length of time at a service that is kept as a histogram of days.
    Span {
        /// From the referral's arrival at a door to the begin of its assessment.
        Seen = ("seen", "from referral to the begin of assessment"),
        /// ... to the end of the initial assessment.
        Assessed = ("assessed", "from referral to the end of the initial assessment"),
        /// ... to the decision after a core assessment or a joint step.
        Decided = ("decided", "from referral to the decision after a core assessment or joint step"),
        /// ... the same without the time for which others' parts were waited for.
        DecidedOwn = ("decided-own", "the same without waiting for others' parts"),
        /// From the begin of help to its end.
        Helped = ("helped", "from the begin of help to its end"),
    }
}
