//! What one trial under one structure leaves behind: counts, fixed-edge histograms and whole
//! seconds. All are integers, so adding tallies gives the same bits in any order.

mod entries;

pub use entries::{Entry, Part};

use serde::{Deserialize, Serialize};

use crate::measures::{
    Count, Fate, HandoffEnd, HandoffKind, Outcome, Overhead, Span, Stage, Standing, Step,
};

/// Days told apart in the histogram of handoffs: 0 to 364 and, last, 365 or more.
pub const HANDOFF_DAYS: usize = 366;

/// Days told apart in the histograms of spans: 0 to 729 and, last, 730 or more.
pub const SPAN_DAYS: usize = 731;

const SECONDS_A_DAY: u32 = 86_400;

/// Everything counted in one trial under one structure, or the sum of several.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Tally {
    /// Plain counts, by [`Count`].
    #[serde(with = "long_list")]
    pub counts: [u64; Count::COUNT],
    /// Handoffs by kind, end and whole days since the decision:
    /// `[kind * ENDS * DAYS + end * DAYS + day]`.
    pub handoff_ends: Vec<u32>,
    /// Whole seconds since the last whole day, over the handoffs that [`Self::handoff_ends`] holds as
    /// begun before the last bin, by kind: with the bins it gives their mean delay to the second.
    pub begun_part_days: [u64; HandoffKind::COUNT],
    /// Handoffs by kind and pair of ends: `[(kind * sources + from) * services + to]`.
    pub pairs: Vec<PairTally>,
    /// Known missed cases by need and standing: `[need * Standing::COUNT + standing]`.
    pub missed_stood: Vec<u64>,
    /// Whole seconds of grace of known missed cases by need and standing, indexed alike.
    pub missed_seconds: Vec<u64>,
    /// By service.
    pub services: Vec<ServiceTally>,
    /// How many were present at each service; nothing in a study of children.
    pub present: Vec<PresentTally>,
    /// Places that are considered for services that share some, in the order of the study.
    pub sharings: Vec<SharingTally>,
    /// Known missed cases by whole year since decision day.
    pub known_missed_by_year: Vec<u64>,
    /// By whole month since decision day; the last may be part of a month.
    pub months: Vec<MonthTally>,
    /// By month and service: `[month * services + service]`.
    pub service_months: Vec<ServiceMonth>,
    /// By need.
    pub needs: Vec<NeedTally>,
    /// By area.
    pub areas: Vec<AreaTally>,
    /// Handoffs that reached a door, by end and whole days since they did, as the receivers' own
    /// records show them: `[end * DAYS + day]`.
    pub recorded_ends: Vec<u32>,
    /// Scripted children, by case; children who live through a whole script and those who are met on
    /// one occasion alone are counted apart.
    pub cases: Vec<CaseTally>,
    /// Whole seconds of work besides the children themselves.
    pub overhead_seconds: [u64; Overhead::COUNT],
    /// Child and domain by outcome under the baseline and here: `[baseline][here]`.
    pub discordance: [[u64; Outcome::COUNT]; Outcome::COUNT],
    /// Referrals by source and service: `[source * services + service]`. None in a network.
    pub referrals_from: Vec<u64>,
    /// Spans that ended in the observed time, by service and whole days:
    /// `[(span * services + service) * SPAN_DAYS + day]`. None in a network.
    pub spans: Vec<u32>,
    /// Joint steps held, by kind of step.
    pub joint_steps: Vec<u64>,
    /// Children present, in whole seconds of the observed time.
    pub child_seconds: u64,
    /// Events handled by the calendar, warm-up not included.
    pub events: u64,
}

/// Scripted children of one kind.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct CaseTally {
    /// Children who lived through the whole script.
    pub children: u64,
    /// ... of whom somebody came at least so far with the need, on any occasion.
    pub reached: [u64; Step::COUNT],
    /// Whole seconds from the beginning of the script to the first fitting help, over those helped.
    pub seconds_to_help: u64,
    /// By occasion.
    pub occasions: Vec<OccasionTally>,
}

/// One occasion of a script.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct OccasionTally {
    /// Children met, by how far this occasion brought them; the first is all of them.
    pub reached: [u64; Step::COUNT],
    /// The same children by what came of the occasion.
    pub fates: [u64; Fate::COUNT],
    /// ... for whom fitting help had begun before it.
    pub helped_before: u64,
    /// ... whose first fitting help this occasion led to.
    pub first_help: u64,
    /// Other children, who are met on this occasion alone.
    pub alone: u64,
    /// ... by how far it brought them.
    pub reached_alone: [u64; Step::COUNT],
}

impl CaseTally {
    /// An empty tally of a script of so many occasions.
    pub fn new(occasions: usize) -> Self {
        Self {
            occasions: vec![OccasionTally::default(); occasions],
            ..Self::default()
        }
    }

    /// Every number of it, those of the script before those of its occasions.
    fn numbers(&self) -> Vec<u64> {
        let mut all = vec![self.children, self.seconds_to_help];
        all.extend(self.reached);
        for occasion in &self.occasions {
            all.extend(occasion.reached);
            all.extend(occasion.fates);
            all.extend([occasion.helped_before, occasion.first_help, occasion.alone]);
            all.extend(occasion.reached_alone);
        }
        all
    }

    fn combine(&mut self, other: &Self, each: impl Fn(&mut [u64], &[u64])) {
        let plain = |it: &Self| [it.children, it.seconds_to_help];
        let mut mine = plain(self);
        each(&mut mine, &plain(other));
        [self.children, self.seconds_to_help] = mine;
        each(&mut self.reached, &other.reached);
        for (a, b) in self.occasions.iter_mut().zip(&other.occasions) {
            each(&mut a.reached, &b.reached);
            each(&mut a.fates, &b.fates);
            each(&mut a.reached_alone, &b.reached_alone);
            let plain = |it: &OccasionTally| [it.helped_before, it.first_help, it.alone];
            let mut mine = plain(a);
            each(&mut mine, &plain(b));
            [a.helped_before, a.first_help, a.alone] = mine;
        }
    }
}

/// One month of the observed time.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct MonthTally {
    /// Referrals.
    pub referrals: u64,
    /// Handoffs started.
    pub handoffs: u64,
    /// ... of which begun within 30 days of their start, whenever that was. Complete for months that
    /// ended 30 days before the end of the study.
    pub begun_in_30: u64,
    /// Losses of handoffs, silent or not.
    pub losses: u64,
    /// Known missed cases, those carried over not among them.
    pub known_missed: u64,
    /// Missed cases that nobody had noted.
    pub unknown_missed: u64,
    /// Harm events.
    pub harm: u64,
    /// Starts of help.
    pub help_starts: u64,
    /// Seconds of unmet need that somebody knew of, entered when a stretch ends.
    pub unmet_known_seconds: u64,
}

/// One month of one service.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct ServiceMonth {
    /// Place-seconds occupied.
    pub occupied_seconds: u64,
    /// Place-seconds there were.
    pub place_seconds: u64,
    /// Child-seconds in the waiting list.
    pub queue_seconds: u64,
}

/// Needs of one domain.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct NeedTally {
    /// Need spells begun, by how far they came: each is counted at every step it reached.
    pub steps: [u64; Step::COUNT],
    /// Known need spells whose grace ended or that were met, as the count of the same name.
    pub known_spells: u64,
    /// Known missed cases.
    pub known_missed: u64,
    /// Missed cases that nobody had noted.
    pub unknown_missed: u64,
    /// Seconds of unmet need, known or not.
    pub unmet_seconds: u64,
    /// Children at each level at the end of the observed time, from level 1.
    pub at_level: [u64; 3],
}

/// One area.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct AreaTally {
    /// Children present, in whole seconds.
    pub child_seconds: u64,
    /// Referrals.
    pub referrals: u64,
    /// Handoffs started by a child of the area.
    pub handoffs: u64,
    /// ... begun within 30 days.
    pub begun_in_30: u64,
    /// Known missed cases.
    pub known_missed: u64,
    /// Unmet seconds of needs that somebody knew of.
    pub unmet_known_seconds: u64,
}

/// Handoffs from one source or service to one service.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct PairTally {
    /// Started.
    pub started: u64,
    /// Whose receiver began active work, in the observed time.
    pub begun: u64,
    /// Whole seconds that the begun ones spent in each stage; their sum is their delay.
    pub stage_seconds: [u64; Stage::COUNT],
    /// Whole seconds from decision to begin, over the begun ones.
    pub delay_seconds: u64,
    /// Silent losses.
    pub lost: u64,
    /// Times sent back or passed on.
    pub bounced: u64,
    /// Rejected.
    pub rejected: u64,
}

/// What one service did, in all areas together.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct ServiceTally {
    /// Referrals by sources to this service's door.
    pub referrals: u64,
    /// ... within 12 months of an earlier one about the child.
    pub rereferrals: u64,
    /// ... accepted at screening.
    pub accepted: u64,
    /// Initial assessments completed.
    pub initial_assessments: u64,
    /// Core assessments completed.
    pub core_assessments: u64,
    /// Initial assessments of referred children that were due by a date.
    pub initial_due: u64,
    /// ... completed by it.
    pub initial_on_time: u64,
    /// Core assessments of referred children that were due by a date.
    pub core_due: u64,
    /// ... completed by it.
    pub core_on_time: u64,
    /// Assessments of referred children that led to no plan.
    pub no_plan: u64,
    /// Joined the waiting list.
    pub joined: u64,
    /// Began to be served.
    pub started: u64,
    /// Ended being served.
    pub ended: u64,
    /// Had to wait (began later than they joined).
    pub waited: u64,
    /// Whole seconds waited, over those that began.
    pub waited_seconds: u64,
    /// Place-seconds occupied.
    pub occupied_seconds: u64,
    /// Place-seconds there were; 0 where places are unlimited.
    pub place_seconds: u64,
    /// Child-seconds in the waiting list.
    pub queue_seconds: u64,
    /// Gave up waiting.
    pub gave_up: u64,
    /// Turned away because the waiting room was full, wherever they went then.
    pub turned_away: u64,
    /// Being served at the end of the study.
    pub stock: u64,
    /// Post-seconds of screening that were busy.
    pub screening_busy: u64,
    /// Post-seconds of screening that there were.
    pub screening_seconds: u64,
    /// Assessment places in use, in seconds.
    pub assessment_busy: u64,
    /// Assessment places that there were, in seconds.
    pub assessment_seconds: u64,
}

/// How many were present at one service of a network, waiting or served.
///
/// Both lists are by the number present, up to [`crate::measures::PRESENT_TOP`], and as long as there is something in
/// them.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct PresentTally {
    /// Whole seconds with so many present.
    pub seconds: Vec<u64>,
    /// Cases that came and found so many present, whether they joined or were turned away.
    pub found: Vec<u64>,
}

/// How long those present would have fitted into places that services share, and how long none was
/// free. Lists are by the services that share, in their order.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct SharingTally {
    /// Whole seconds in which all present had a place.
    pub fits_seconds: u64,
    /// ... in which one more case of the service would have had none.
    pub last_taken_seconds: Vec<u64>,
    /// Whole seconds in which one more case of the service would have had no place, whether all
    /// present had one or not.
    pub none_free_seconds: Vec<u64>,
}

impl SharingTally {
    /// Nothing counted, for this many services.
    pub fn new(services: usize) -> Self {
        Self {
            fits_seconds: 0,
            last_taken_seconds: vec![0; services],
            none_free_seconds: vec![0; services],
        }
    }
}

impl PresentTally {
    /// Enters a case that found so many present.
    #[inline]
    pub fn find(&mut self, present: usize) {
        if present >= self.found.len() {
            self.found.resize(present + 1, 0);
        }
        self.found[present] += 1;
    }
}

impl Tally {
    /// An empty tally for a world of this many sources (services and outside), services and needs.
    pub fn new(sources: usize, services: usize, needs: usize, years: usize) -> Self {
        Self::with_areas(sources, services, needs, years, 0, 0)
    }

    /// An empty tally that tells areas and months apart as well.
    pub fn with_areas(
        sources: usize,
        services: usize,
        needs: usize,
        years: usize,
        areas: usize,
        months: usize,
    ) -> Self {
        Self {
            counts: [0; Count::COUNT],
            handoff_ends: vec![0; HandoffKind::COUNT * HandoffEnd::COUNT * HANDOFF_DAYS],
            begun_part_days: [0; HandoffKind::COUNT],
            pairs: vec![PairTally::default(); HandoffKind::COUNT * sources * services],
            missed_stood: vec![0; needs * Standing::COUNT],
            missed_seconds: vec![0; needs * Standing::COUNT],
            services: vec![ServiceTally::default(); services],
            present: vec![PresentTally::default(); services],
            sharings: Vec::new(),
            known_missed_by_year: vec![0; years],
            months: vec![MonthTally::default(); months],
            service_months: vec![ServiceMonth::default(); months * services],
            needs: vec![NeedTally::default(); needs],
            areas: vec![AreaTally::default(); areas],
            recorded_ends: vec![0; HandoffEnd::COUNT * HANDOFF_DAYS],
            cases: Vec::new(),
            overhead_seconds: [0; Overhead::COUNT],
            discordance: [[0; Outcome::COUNT]; Outcome::COUNT],
            referrals_from: vec![0; if areas > 0 { sources * services } else { 0 }],
            spans: vec![
                0;
                if areas > 0 {
                    Span::COUNT * services * SPAN_DAYS
                } else {
                    0
                }
            ],
            joint_steps: Vec::new(),
            child_seconds: 0,
            events: 0,
        }
    }

    /// One of the plain counts.
    pub fn count(&self, what: Count) -> u64 {
        self.counts[what.index()]
    }

    /// Enters the end of a handoff, this long after the decision to pass the case on.
    pub fn end_handoff(&mut self, kind: HandoffKind, end: HandoffEnd, seconds: u32) {
        let day = ((seconds / SECONDS_A_DAY) as usize).min(HANDOFF_DAYS - 1);
        self.handoff_ends[(kind.index() * HandoffEnd::COUNT + end.index()) * HANDOFF_DAYS + day] +=
            1;
        if end == HandoffEnd::Begun && day < HANDOFF_DAYS - 1 {
            self.begun_part_days[kind.index()] += u64::from(seconds % SECONDS_A_DAY);
        }
    }

    /// Enters a span of so many seconds at a service; a network keeps none.
    pub fn end_span(&mut self, span: Span, service: usize, seconds: u32) {
        let day = ((seconds / SECONDS_A_DAY) as usize).min(SPAN_DAYS - 1);
        let services = self.services.len();
        self.spans[(span.index() * services + service) * SPAN_DAYS + day] += 1;
    }

    /// Spans at a service by whole days; empty in a network.
    pub fn span_days(&self, span: Span, service: usize) -> &[u32] {
        let start = (span.index() * self.services.len() + service) * SPAN_DAYS;
        self.spans.get(start..start + SPAN_DAYS).unwrap_or_default()
    }

    /// Enters the end of a handoff as the receiver's records have it, this long after it lay at a door.
    pub fn end_recorded(&mut self, end: HandoffEnd, seconds: u32) {
        let day = ((seconds / SECONDS_A_DAY) as usize).min(HANDOFF_DAYS - 1);
        self.recorded_ends[end.index() * HANDOFF_DAYS + day] += 1;
    }

    /// Handoffs of a kind with this end, by whole days since the decision.
    pub fn ends_by_day(&self, kind: HandoffKind, end: HandoffEnd) -> &[u32] {
        let start = (kind.index() * HandoffEnd::COUNT + end.index()) * HANDOFF_DAYS;
        &self.handoff_ends[start..start + HANDOFF_DAYS]
    }

    /// Handoffs of a kind from a source (or service) to a service.
    pub fn pair(&self, kind: HandoffKind, from: usize, to: usize) -> &PairTally {
        let services = self.services.len();
        let sources = self.pairs.len() / (HandoffKind::COUNT * services);
        &self.pairs[(kind.index() * sources + from) * services + to]
    }

    /// Adds another tally of the same shape.
    pub fn add(&mut self, other: &Self) {
        self.combine(other, |a, b| a + b, |a, b| a + b);
    }

    /// Takes away a tally that was added before.
    pub fn subtract(&mut self, other: &Self) {
        self.combine(other, |a, b| a - b, |a, b| a - b);
    }

    fn combine(&mut self, other: &Self, long: fn(u64, u64) -> u64, short: fn(u32, u32) -> u32) {
        let each = |mine: &mut [u64], theirs: &[u64]| {
            for (a, b) in mine.iter_mut().zip(theirs) {
                *a = long(*a, *b);
            }
        };
        each(&mut self.counts, &other.counts);
        each(&mut self.begun_part_days, &other.begun_part_days);
        each(&mut self.missed_stood, &other.missed_stood);
        each(&mut self.missed_seconds, &other.missed_seconds);
        each(&mut self.known_missed_by_year, &other.known_missed_by_year);
        each(&mut self.referrals_from, &other.referrals_from);
        each(&mut self.joint_steps, &other.joint_steps);
        for (mine, theirs) in [
            (&mut self.handoff_ends, &other.handoff_ends),
            (&mut self.recorded_ends, &other.recorded_ends),
            (&mut self.spans, &other.spans),
        ] {
            for (a, b) in mine.iter_mut().zip(theirs) {
                *a = short(*a, *b);
            }
        }
        each(&mut self.overhead_seconds, &other.overhead_seconds);
        for (mine, theirs) in self.discordance.iter_mut().zip(&other.discordance) {
            each(mine, theirs);
        }
        for (a, b) in self.needs.iter_mut().zip(&other.needs) {
            each(&mut a.steps, &b.steps);
            each(&mut a.at_level, &b.at_level);
        }
        for (a, b) in self.cases.iter_mut().zip(&other.cases) {
            a.combine(b, each);
        }
        each_field(&mut self.months, &other.months, long);
        each_field(&mut self.service_months, &other.service_months, long);
        each_field(&mut self.needs, &other.needs, long);
        each_field(&mut self.areas, &other.areas, long);
        for (a, b) in self.pairs.iter_mut().zip(&other.pairs) {
            each(&mut a.stage_seconds, &b.stage_seconds);
            for (x, y) in [
                (&mut a.started, b.started),
                (&mut a.begun, b.begun),
                (&mut a.delay_seconds, b.delay_seconds),
                (&mut a.lost, b.lost),
                (&mut a.bounced, b.bounced),
                (&mut a.rejected, b.rejected),
            ] {
                *x = long(*x, y);
            }
        }
        each_field(&mut self.services, &other.services, long);
        for (mine, theirs) in self.present.iter_mut().zip(&other.present) {
            each_of_any_length(&mut mine.seconds, &theirs.seconds, long);
            each_of_any_length(&mut mine.found, &theirs.found, long);
        }
        for (mine, theirs) in self.sharings.iter_mut().zip(&other.sharings) {
            mine.fits_seconds = long(mine.fits_seconds, theirs.fits_seconds);
            each(&mut mine.last_taken_seconds, &theirs.last_taken_seconds);
            each(&mut mine.none_free_seconds, &theirs.none_free_seconds);
        }
        self.child_seconds = long(self.child_seconds, other.child_seconds);
        self.events = long(self.events, other.events);
    }
}

/// A part of a tally whose plain fields are counts.
trait Fields<const N: usize>: Copy {
    /// What the fields are called, in their order.
    const NAMES: [&'static str; N];

    fn fields_mut(&mut self) -> [&mut u64; N];
}

fn each_field<const N: usize, T: Fields<N>>(
    mine: &mut [T],
    theirs: &[T],
    combine: fn(u64, u64) -> u64,
) {
    for (a, b) in mine.iter_mut().zip(theirs) {
        let mut b = *b;
        for (x, y) in a.fields_mut().into_iter().zip(b.fields_mut()) {
            *x = combine(*x, *y);
        }
    }
}

/// Combines lists that end where nothing more is in them.
fn each_of_any_length(mine: &mut Vec<u64>, theirs: &[u64], combine: fn(u64, u64) -> u64) {
    if mine.len() < theirs.len() {
        mine.resize(theirs.len(), 0);
    }
    for (a, b) in mine.iter_mut().zip(theirs) {
        *a = combine(*a, *b);
    }
    let last = mine.iter().rposition(|it| *it > 0);
    mine.truncate(last.map_or(0, |last| last + 1));
}

/// Says which fields of a part of a tally are counts; leaving one out leaves it out of every sum.
macro_rules! counts {
    ($($part:ty: $number:literal { $($field:ident),+ $(,)? })+) => {$(
        impl Fields<$number> for $part {
            const NAMES: [&'static str; $number] = [$(stringify!($field)),+];

            fn fields_mut(&mut self) -> [&mut u64; $number] {
                [$(&mut self.$field),+]
            }
        }
    )+};
}

counts! {
    MonthTally: 9 {
        referrals, handoffs, begun_in_30, losses, known_missed, unknown_missed, harm, help_starts,
        unmet_known_seconds,
    }
    ServiceMonth: 3 { occupied_seconds, place_seconds, queue_seconds }
    NeedTally: 4 { known_spells, known_missed, unknown_missed, unmet_seconds }
    AreaTally: 6 {
        child_seconds, referrals, handoffs, begun_in_30, known_missed, unmet_known_seconds,
    }
    ServiceTally: 25 {
        referrals, rereferrals, accepted, initial_assessments, core_assessments, initial_due,
        initial_on_time, core_due, core_on_time, no_plan, joined, started,
        ended, waited, waited_seconds, occupied_seconds, place_seconds, queue_seconds, gave_up,
        turned_away, stock, screening_busy, screening_seconds, assessment_busy, assessment_seconds,
    }
}

/// Lists of a fixed length that serde does not know by itself.
mod long_list {
    use serde::de::Error as _;
    use serde::{Deserialize as _, Deserializer, Serializer};

    pub(super) fn serialize<S: Serializer, const N: usize>(
        list: &[u64; N],
        to: S,
    ) -> Result<S::Ok, S::Error> {
        to.collect_seq(list)
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>, const N: usize>(
        from: D,
    ) -> Result<[u64; N], D::Error> {
        let list = Vec::<u64>::deserialize(from)?;
        let found = list.len();
        list.try_into()
            .map_err(|_| D::Error::invalid_length(found, &"one number for each count"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_handoff_is_entered_by_its_whole_days_and_what_is_left_over() {
        let mut tally = Tally::new(1, 1, 0, 1);
        let kind = HandoffKind::BetweenOrganisations;
        tally.end_handoff(kind, HandoffEnd::Begun, 2 * SECONDS_A_DAY + 7);
        tally.end_handoff(kind, HandoffEnd::Begun, 4_000 * SECONDS_A_DAY + 9);
        assert_eq!(tally.ends_by_day(kind, HandoffEnd::Begun)[2], 1);
        assert_eq!(tally.ends_by_day(kind, HandoffEnd::Begun)[365], 1);
        assert_eq!(tally.begun_part_days[kind.index()], 7);
    }

    #[test]
    fn what_was_added_can_be_taken_away_exactly() {
        let mut one = Tally::new(3, 2, 2, 1);
        one.counts[0] = 3;
        one.handoff_ends[7] = 2;
        one.pairs[1].stage_seconds[2] = 9;
        one.services[1].joined = 4;
        one.present[0].find(3);
        let mut sum = one.clone();
        sum.add(&one);
        assert_eq!(sum.services[1].joined, 8);
        assert_eq!(sum.present[0].found, [0, 0, 0, 2]);
        sum.subtract(&one);
        assert_eq!(sum, one);
    }

    #[test]
    fn numbers_present_are_added_whatever_the_most_of_each() {
        let mut few = Tally::new(1, 1, 0, 1);
        few.present[0].seconds = vec![5, 2];
        let mut many = few.clone();
        many.present[0].seconds = vec![1, 0, 0, 9];
        let mut sum = few.clone();
        sum.add(&many);
        assert_eq!(sum.present[0].seconds, [6, 2, 0, 9]);
        sum.subtract(&many);
        assert_eq!(sum, few);
    }
}
