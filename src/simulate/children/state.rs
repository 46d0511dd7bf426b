//! The state of a trial: children, strands, handoffs, records and desks.
//!
//! State is kept by child, strand, source and service, never by organisation or block, so that a
//! structure can be exchanged while everything under way stays under way.

use super::ground::Mark;
use super::missed::Spell;
use super::need::MarkPlace;
use crate::engine::{Instant, Meter, Slab, Ticket, WaitingList, Who};
use crate::measures::{Count, Standing};
use crate::model::{AreaId, NeedId, Place, Posts, ServiceId, SourceId};
pub(super) use crate::simulate::diary::Reason;
use crate::simulate::handoffs::{Journey, Passage};

/// The end of a chain of items in a slab.
pub(super) const NONE: u32 = u32::MAX;

/// The number of a child's slot.
pub(super) type Slot = u32;

/// A child, in a slot that another child takes over when this one leaves. It fills one line of a
/// processor's cache: of most children nothing else is ever needed.
#[repr(align(64))]
#[derive(Debug, Clone, Copy)]
pub(super) struct Child {
    pub(super) who: Who,
    /// Moment of birth, in seconds from the start; most are born before it.
    pub(super) born: i64,
    pub(super) area: AreaId,
    /// First of its strands.
    pub(super) strands: u32,
    /// First of its records.
    pub(super) records: u32,
    /// First of its counters.
    pub(super) counters: u32,
    /// Its next contact; without a source it is looked at again only.
    pub(super) contact: Option<Due<Option<SourceId>>>,
    /// When it was last referred; never, if it was not.
    pub(super) last_referral: Instant,
    /// Its encounters, once it has had a need.
    pub(super) encounters: u32,
    /// The place on the tape of what happens to it next.
    pub(super) played: u32,
    /// That entry of the tape in the calendar, while the child is awake.
    pub(super) taped: Option<Ticket>,
    /// Is it, or a brother or sister, in somebody's hands? Then all its events stand in the calendar.
    pub(super) awake: bool,
    /// Does it have a brother or sister in the slot beside its own?
    pub(super) has_sibling: bool,
    /// Is it quiet, and gone through until the end already?
    pub(super) is_aside: bool,
    /// Has it come to a referral while it ran ahead, and waits until the calendar comes to it?
    pub(super) awaits_referral: bool,
}

const _: () = assert!(size_of::<Child>() == 64, "a child fills one line");

impl Child {
    /// A child of whom nothing is known, without any need.
    pub(super) fn at_rest(who: Who, area: AreaId, born: i64) -> Self {
        Self {
            who,
            born,
            area,
            strands: NONE,
            records: NONE,
            counters: NONE,
            contact: None,
            last_referral: Instant::NEVER,
            encounters: NONE,
            played: 0,
            taped: None,
            awake: false,
            has_sibling: false,
            is_aside: false,
            awaits_referral: false,
        }
    }

    /// Another child takes over its slot, and what goes with the slot.
    pub(super) fn make_way_for(&mut self, newcomer: Self) {
        *self = Self {
            played: self.played,
            taped: self.taped,
            awake: self.awake,
            has_sibling: self.has_sibling,
            awaits_referral: self.awaits_referral,
            ..newcomer
        };
    }
}

/// Something of a child's own that is to come. While the child is at rest the calendar does not know
/// of it.
#[derive(Debug, Clone, Copy)]
pub(super) struct Due<T> {
    pub(super) at: Instant,
    pub(super) what: T,
    pub(super) ticket: Option<Ticket>,
}

/// Who is to refer a child, about which needs, and what is counted for each that had been lost.
#[derive(Debug, Clone, Copy)]
pub(super) struct Referral {
    pub(super) by: SourceId,
    pub(super) needs: u64,
    pub(super) found_by: Count,
}

/// Where a child stands in the process of its own contacts: a process of unit rate in the time that
/// the hazard adds up to, begun afresh in each cell of the calendar.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Encounters {
    /// The cell of the calendar.
    pub(super) cell: u32,
    /// Contacts so far in this cell.
    pub(super) met: u32,
    /// Hazard added up since the cell began.
    pub(super) used: f64,
    /// Hazard at which the next contact comes.
    pub(super) target: f64,
    /// Contacts a second, since `since`.
    pub(super) rate: f64,
    pub(super) since: Instant,
}

/// A child's need in one domain that is above level 0 or in a service's hands.
#[derive(Debug, Clone)]
pub(super) struct Strand {
    pub(super) next: u32,
    pub(super) slot: Slot,
    pub(super) need: NeedId,
    pub(super) level: u8,
    pub(super) standing: Standing,
    pub(super) since: Instant,
    /// Where it is served.
    pub(super) served_at: Option<Place>,
    /// Since when it is, or was last.
    pub(super) served_from: Instant,
    /// The handoff that carries it.
    pub(super) handoff: Option<u32>,
    /// The end of the course, or the next review.
    pub(super) help_ends: Option<Ticket>,
    /// What the next mark on the line of the need does.
    pub(super) change: Option<Due<Mark>>,
    /// The place of that mark, or of the last one before it.
    pub(super) marks: MarkPlace,
    pub(super) first_referral: Option<Instant>,
    /// Ordinal of the next draw of its present period of help.
    pub(super) help_draws: u32,
    /// The handoff in which it was lost so that nobody knows.
    pub(super) lost: Option<Lost>,
    /// The next change of worker, or the end of the gap that one leaves.
    pub(super) worker: Option<Ticket>,
    /// Is help interrupted by a change of worker?
    pub(super) between_workers: bool,
    /// Its need spell.
    pub(super) spell: u32,
}

/// What is needed to send a lost case again.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Lost {
    pub(super) reason: Reason,
    pub(super) from: Place,
    pub(super) to: ServiceId,
    pub(super) to_be_assessed: bool,
    pub(super) to_be_funded: bool,
}

/// A child's strands on their way to a service.
#[derive(Debug, Clone, Copy)]
pub(super) struct Handoff {
    pub(super) slot: Slot,
    pub(super) reason: Reason,
    pub(super) from: Place,
    /// The service for which it is meant, in the child's area.
    pub(super) to: ServiceId,
    pub(super) area: AreaId,
    /// The service at whose door it stands: another one at a wrong door.
    pub(super) door: ServiceId,
    /// Needs of the strands it carries, one bit each.
    pub(super) needs: u64,
    pub(super) passage: Passage,
    pub(super) journey: Journey,
    /// Ordinal of its draws: the child's handoffs of this pair before it, and its own legs.
    pub(super) ordinal: u32,
    pub(super) bounces: u32,
    /// Is the receiver to screen and assess?
    pub(super) to_be_assessed: bool,
    /// Does the plan draw on more than one budget?
    pub(super) to_be_funded: bool,
    /// Rank in waiting lists, 0 most urgent.
    pub(super) rank: usize,
    /// Was it found lost or stalled, and goes before all others since?
    pub(super) has_priority: bool,
    /// Does a lead professional go along with it?
    pub(super) accompanied: bool,
    /// Was it lost where only a lead professional could find out?
    pub(super) lost_silently: bool,
    /// When it first lay at a door.
    pub(super) received: Option<Instant>,
    /// When the assessment under way began.
    pub(super) assessed_from: Instant,
    /// Has its joint step been held?
    pub(super) joint_step_held: bool,
    /// When it joined the list in which it waits.
    pub(super) joined: Instant,
    /// Is the deeper assessment under way?
    pub(super) in_core: bool,
    /// Sources whose records the assessor sees because they replied, one bit each.
    pub(super) replied: u64,
    /// When the last reply that is waited for comes, or the limit is reached.
    pub(super) informed: Instant,
    pub(super) due: Option<Ticket>,
}

impl Handoff {
    pub(super) fn place(&self) -> Place {
        Place::service(self.to, self.area)
    }
}

/// What a record says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Says {
    /// Something was noted that points to need.
    Concern,
    /// Somebody concluded that there is none.
    Conclusion,
}

/// What a source holds about a need of a child.
#[derive(Debug, Clone, Copy)]
pub(super) struct Record {
    pub(super) next: u32,
    pub(super) holder: Place,
    pub(super) need: NeedId,
    pub(super) says: Says,
    /// Log-likelihood ratio at `since`; fades from then.
    pub(super) evidence: f64,
    pub(super) since: Instant,
    /// When the source last referred, and on how much.
    pub(super) referred: Option<(Instant, f64)>,
}

/// How often a child has been passed on between a pair.
#[derive(Debug, Clone, Copy)]
pub(super) struct Counter {
    pub(super) next: u32,
    pub(super) from: SourceId,
    pub(super) to: ServiceId,
    pub(super) count: u32,
}

/// One service in one area: its posts, places and waiting lists.
#[derive(Debug, Clone)]
pub(super) struct Desk {
    /// Posts by what they do, filled or vacant, as the structure in force has them.
    pub(super) posts: Posts,
    /// Posts that have been given by another service and are not filled yet.
    pub(super) arriving: f64,
    /// Each post: is it filled, and how often has it changed?
    pub(super) holders: Vec<Holder>,
    /// What the change of structure costs it now.
    pub(super) disruption: Disruption,
    /// Seconds waited in this budget year by those who have left the waiting list, weighted by urgency.
    pub(super) waited: u64,
    pub(super) capacity: Capacity,
    pub(super) door: WaitingList,
    pub(super) screening: Meter,
    pub(super) to_assess: WaitingList,
    pub(super) assessing: Meter,
    pub(super) list: WaitingList,
    pub(super) waiting: Meter,
    pub(super) occupied: Meter,
    /// Screening posts.
    pub(super) screening_posts: f64,
    /// Assessments at once.
    pub(super) assessments: u32,
    /// Places.
    pub(super) places: u32,
}

/// One post, or the last part of one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Holder {
    pub(super) filled: bool,
    /// Times it fell vacant or was filled.
    pub(super) changes: u32,
    /// What comes next: it falls vacant, or is filled.
    pub(super) next: Option<Ticket>,
}

/// What a change of structure costs a service while it lasts.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub(super) struct Disruption {
    /// Share of capacity lost to planning until vesting day.
    pub(super) blight: f64,
    /// The part of a full dip that its change causes, 0 to 1.
    pub(super) depth: f64,
    /// The vesting day of that change.
    pub(super) vested: Instant,
    /// The part of a full dip that there is now, 0 to `depth`.
    pub(super) now: f64,
}

/// What there was to work with, summed over time.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Capacity {
    /// Screening posts, in thousandths.
    pub(super) screening: Meter,
    pub(super) assessments: Meter,
    pub(super) places: Meter,
}

/// Ranks of waiting lists: by perceived level, 3 first.
pub(super) const RANKS: usize = 4;

/// The rank of a perceived level.
pub(super) fn rank_of(perceived: f64) -> usize {
    RANKS - 1 - usize::from(level_of(perceived))
}

/// The level that a perceived level is taken for.
pub(super) fn level_of(perceived: f64) -> u8 {
    // A conversion from floating point saturates at 0.
    ((perceived + 0.5) as u8).min(3)
}

/// Stores of what children own in chains.
#[derive(Debug, Clone, Default)]
pub(super) struct Stores {
    pub(super) encounters: Slab<Encounters>,
    /// Referrals to which children have come while they ran ahead.
    pub(super) referrals: Slab<Referral>,
    pub(super) strands: Slab<Strand>,
    pub(super) spells: Slab<Spell>,
    pub(super) handoffs: Slab<Handoff>,
    pub(super) records: Slab<Record>,
    pub(super) counters: Slab<Counter>,
}

impl Stores {
    /// The strand of a child and need, if there is one.
    pub(super) fn strand(&self, child: &Child, need: NeedId) -> Option<u32> {
        let mut index = child.strands;
        while index != NONE {
            if self.strands[index].need == need {
                return Some(index);
            }
            index = self.strands[index].next;
        }
        None
    }

    /// How often the child has been passed on between this pair before; counts this time.
    pub(super) fn times_before(&mut self, child: &mut Child, from: SourceId, to: ServiceId) -> u32 {
        let mut index = child.counters;
        while index != NONE {
            let counter = &mut self.counters[index];
            if counter.from == from && counter.to == to {
                counter.count += 1;
                return counter.count;
            }
            index = counter.next;
        }
        child.counters = self.counters.insert(Counter {
            next: child.counters,
            from,
            to,
            count: 0,
        });
        0
    }
}

/// The set, kept as bits, whose only member is this one.
pub(super) fn bit(index: usize) -> u64 {
    1 << index
}

/// The members of a set kept as bits, lowest first.
pub(super) fn members(mut set: u64) -> impl Iterator<Item = usize> {
    std::iter::from_fn(move || {
        (set != 0).then(|| {
            let lowest = set.trailing_zeros() as usize;
            set &= set - 1;
            lowest
        })
    })
}

/// Is this source in a set kept as bits?
pub(super) fn holds(set: u64, source: SourceId) -> bool {
    set & bit(source.index()) != 0
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_perceived_level_is_rounded_and_kept_in_range() {
        assert_eq!(level_of(-0.7), 0);
        assert_eq!(level_of(1.49), 1);
        assert_eq!(level_of(2.5), 3);
        assert_eq!(level_of(9.0), 3);
        assert_eq!(rank_of(3.1), 0);
        assert_eq!(rank_of(0.2), 3);
    }

    #[test]
    fn members_of_a_set_come_lowest_first() {
        assert_eq!(members(0b1010_0001).collect::<Vec<_>>(), vec![0, 5, 7]);
    }
}
