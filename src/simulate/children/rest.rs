//! Children at rest: those in nobody's hands. They run ahead.
//!
//! Such a child touches nobody and nobody touches it until somebody refers it. So what happens to it
//! is gone through at once, as far as its next referral or the next day on which the rules change for
//! everybody; only the referral enters the calendar. A child whose case is open is awake: everything
//! that happens to it stands in the calendar, in its turn among what happens to all others. Brothers
//! and sisters are at rest or awake together, since a referral of one leaves a concern about the
//! other.
//!
//! The results are those of a calendar that holds everything, to the bit.

use std::hint::black_box;

use super::state::{NONE, Referral, Slot};
use super::tape;
use super::{ChildrenTrial, Event};
use crate::engine::Instant;

/// So many events pass until a child that is called for is there, and what it owns.
const CHILD_AHEAD: usize = 3;
const OWNED_AHEAD: usize = 1;

/// Until when children at rest run ahead.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Horizon {
    /// Needs and contacts before this moment.
    own: Instant,
    /// The tape before this one: at one instant it comes before all else.
    tape: Instant,
    /// The day on which the rules change for everybody; the end of the clock if there is none.
    pub(super) turn: Instant,
}

impl Horizon {
    /// The end of the study.
    pub(super) fn at_end(end: Instant) -> Self {
        Self {
            own: end,
            tape: end,
            turn: Instant::NEVER,
        }
    }
}

impl Event {
    /// The child whose event this is.
    pub(super) fn child(&self) -> Option<Slot> {
        match *self {
            Self::Vests { .. }
            | Self::Built { .. }
            | Self::MonthPasses
            | Self::BudgetYear
            | Self::PostsArrive { .. }
            | Self::PostChanges { .. }
            | Self::LooksOver { .. } => None,
            Self::Taped { slot }
            | Self::Screened { slot, .. }
            | Self::Assessed { slot, .. }
            | Self::Informed { slot, .. }
            | Self::OthersDone { slot, .. }
            | Self::HelpEnds { slot, .. }
            | Self::WorkerChanges { slot, .. }
            | Self::GivesUp { slot, .. }
            | Self::Prepared { slot, .. }
            | Self::Chased { slot, .. }
            | Self::Received { slot, .. }
            | Self::Funded { slot, .. }
            | Self::Refers { slot, .. }
            | Self::NeedChanges { slot, .. }
            | Self::Contact { slot, .. }
            | Self::LooksAgain { slot } => Some(slot),
        }
    }

    /// The handoff of which it is a step.
    fn handoff(&self) -> Option<u32> {
        match *self {
            Self::Screened { handoff, .. }
            | Self::Assessed { handoff, .. }
            | Self::Informed { handoff, .. }
            | Self::OthersDone { handoff, .. }
            | Self::GivesUp { handoff, .. }
            | Self::Prepared { handoff, .. }
            | Self::Chased { handoff, .. }
            | Self::Received { handoff, .. }
            | Self::Funded { handoff, .. } => Some(handoff),
            _ => None,
        }
    }

    /// Is it an event of its own? A referral is part of the contact or harm that led to it.
    pub(super) fn is_counted(&self) -> bool {
        !matches!(self, Self::Refers { .. })
    }
}

impl ChildrenTrial<'_> {
    /// Children at rest run ahead until `end`, or until the next day on which the rules change.
    pub(super) fn set_horizon(&mut self, end: Instant) {
        let now = self.now;
        self.turns.retain(|day| *day > now);
        let next = self.turns.iter().copied().filter(|day| *day < end).min();
        self.horizon = match next {
            // On that day the tape comes first, then the change, then all else.
            Some(turn) => Horizon {
                own: turn,
                tape: turn.after(1),
                turn,
            },
            None => Horizon::at_end(end),
        };
    }

    /// Has what later events need brought near while this one is handled: first the child, then what it
    /// owns. With very many children, an event takes about as long as it takes to bring them near.
    #[inline]
    pub(super) fn bring_near(&self) {
        let child_of = |event: Event| Some(&self.children[event.child()? as usize]);
        if let Some(child) = self.calendar.glimpse(CHILD_AHEAD).and_then(child_of) {
            // To look is enough.
            black_box(child.strands);
        }
        if let Some(event) = self.calendar.glimpse(OWNED_AHEAD)
            && let Some(child) = child_of(event)
        {
            black_box(self.stores.strands.holds(child.strands));
            black_box(self.stores.records.holds(child.records));
            if let Some(handoff) = event.handoff() {
                black_box(self.stores.handoffs.holds(handoff));
            }
        }
    }

    /// Who has a brother or sister in the slot beside its own.
    pub(super) fn find_siblings(&mut self) {
        for slots in self.layout {
            for within in 0..slots.children {
                let sibling = tape::sibling(self.ground, &self.luck, *slots, within);
                self.children[(slots.first + within) as usize].has_sibling = sibling.is_some();
            }
        }
    }

    /// Finds each child's place on the tape, from a moment on.
    pub(super) fn find_place_on_tape(&mut self, from: Instant) {
        for (child, slot) in self.children.iter_mut().zip(0..) {
            child.played = self.tape.tape.place_from(slot, from);
        }
        for slot in 0..self.children.len() as Slot {
            if let Some(ticket) = self.children[slot as usize].taped.take() {
                self.calendar.cancel(ticket);
                self.schedule_tape(slot);
            }
        }
    }

    /// The slots of a family: of a child, and of its brother or sister if it has one.
    pub(super) fn family(&self, slot: Slot) -> impl Iterator<Item = Slot> + use<> {
        std::iter::once(slot).chain(self.sibling_beside(slot))
    }

    fn sibling_beside(&self, slot: Slot) -> Option<Slot> {
        self.children[slot as usize].has_sibling.then_some(slot ^ 1)
    }

    /// Everybody at rest runs ahead.
    pub(super) fn run_all_ahead(&mut self) {
        for slot in 0..self.first_scripted {
            if self.leads_family_at_rest(slot) {
                self.run_ahead(slot);
            }
        }
    }

    /// Is this the child, or the elder line of two, of a family that is at rest and runs ahead?
    pub(super) fn leads_family_at_rest(&self, slot: Slot) -> bool {
        let child = &self.children[slot as usize];
        let runs_with_elder = slot & 1 == 1 && child.has_sibling;
        let waits = |it: Slot| self.children[it as usize].awaits_referral;
        !runs_with_elder && !child.awake && !child.is_aside && !self.family(slot).any(waits)
    }

    /// What comes next of a child's own.
    fn next_of(&self, slot: Slot) -> Option<(Instant, Event)> {
        let child = &self.children[slot as usize];
        let taped = self.tape.tape.moment(slot, child.played);
        let mut next = taped.map(|at| (at, Event::Taped { slot }));
        let mut sooner = |due: (Instant, Event)| {
            if next.is_none_or(|next| due < next) {
                next = Some(due);
            }
        };
        if let Some(due) = child.contact {
            let event = match due.what {
                Some(source) => Event::Contact { slot, source },
                None => Event::LooksAgain { slot },
            };
            sooner((due.at, event));
        }
        let mut index = child.strands;
        while index != NONE {
            let strand = &self.stores.strands[index];
            if let Some(due) = strand.change {
                let (need, mark) = (strand.need, due.what);
                sooner((due.at, Event::NeedChanges { slot, need, mark }));
            }
            index = strand.next;
        }
        next
    }

    /// A family at rest runs ahead, until it comes to a referral or to the horizon.
    pub(super) fn run_ahead(&mut self, slot: Slot) {
        let now = self.now;
        self.runs_ahead = true;
        let sibling = self.sibling_beside(slot);
        let mut next = self.next_of(slot);
        let mut next_of_sibling = sibling.and_then(|it| self.next_of(it));
        while let Some((at, event)) = next.into_iter().chain(next_of_sibling).min() {
            let horizon = match event {
                Event::Taped { .. } => self.horizon.tape,
                _ => self.horizon.own,
            };
            if at >= horizon {
                break;
            }
            self.now = at;
            self.tally.events += 1;
            self.handle(event);
            // What happens to one of them at rest leaves the other as it is.
            let who = event.child().unwrap_or(slot);
            if self.children[who as usize].awaits_referral {
                break;
            }
            if who == slot {
                next = self.next_of(slot);
            } else {
                next_of_sibling = self.next_of(who);
            }
        }
        self.runs_ahead = false;
        self.now = now;
    }

    /// A child is to be referred: now, or when its turn comes if it is running ahead.
    pub(super) fn refer_in_turn(&mut self, slot: Slot, referral: Referral) {
        if self.runs_ahead {
            self.children[slot as usize].awaits_referral = true;
            // Of a child that is gone through apart it is only asked whether there is one.
            if !self.is_apart {
                let referral = self.stores.referrals.insert(referral);
                let event = Event::Refers { slot, referral };
                self.calendar.schedule_for_good(self.now, event);
            }
        } else {
            self.refer(slot, referral.by, referral.needs, referral.found_by);
        }
    }

    /// It is the turn of a referral to which a child came while it ran ahead.
    pub(super) fn comes_to_referral(&mut self, slot: Slot, referral: u32) {
        self.children[slot as usize].awaits_referral = false;
        let referral = self.stores.referrals.remove(referral);
        self.refer(slot, referral.by, referral.needs, referral.found_by);
    }

    /// The next entry of the tape happens to a child.
    pub(super) fn plays_on(&mut self, slot: Slot) {
        let child = &mut self.children[slot as usize];
        let what = self.tape.tape.what(child.played);
        child.played += 1;
        child.taped = None;
        self.happen(slot, what);
        if self.children[slot as usize].awake {
            self.schedule_tape(slot);
        }
    }

    fn schedule_tape(&mut self, slot: Slot) {
        let child = &mut self.children[slot as usize];
        if let Some(at) = self.tape.tape.moment(slot, child.played) {
            child.taped = Some(self.calendar.schedule(at, Event::Taped { slot }));
        }
    }

    /// Enters a child's next contact in the calendar.
    pub(super) fn schedule_contact(&mut self, slot: Slot) {
        if let Some(due) = &mut self.children[slot as usize].contact {
            let event = match due.what {
                Some(source) => Event::Contact { slot, source },
                None => Event::LooksAgain { slot },
            };
            due.ticket = Some(self.calendar.schedule(due.at, event));
        }
    }

    /// Enters the next change of a need in the calendar.
    pub(super) fn schedule_change(&mut self, index: u32) {
        let strand = &mut self.stores.strands[index];
        if let Some(due) = &mut strand.change {
            let event = Event::NeedChanges {
                slot: strand.slot,
                need: strand.need,
                mark: due.what,
            };
            due.ticket = Some(self.calendar.schedule(due.at, event));
        }
    }

    /// A family wakes: what is to come for it enters the calendar.
    pub(super) fn wake(&mut self, slot: Slot) {
        if self.children[slot as usize].awake {
            return;
        }
        for slot in self.family(slot) {
            self.children[slot as usize].awake = true;
            self.schedule_tape(slot);
            self.schedule_contact(slot);
            let mut index = self.children[slot as usize].strands;
            while index != NONE {
                self.schedule_change(index);
                index = self.stores.strands[index].next;
            }
        }
    }

    /// Is any need of a child in somebody's hands, or lost on the way?
    fn is_engaged(&self, slot: Slot) -> bool {
        let mut index = self.children[slot as usize].strands;
        while index != NONE {
            let strand = &self.stores.strands[index];
            if strand.in_hand() || strand.lost.is_some() {
                return true;
            }
            index = strand.next;
        }
        self.is_scripted(slot)
    }

    /// Wakes a child that is in somebody's hands at the start.
    pub(super) fn wake_if_engaged(&mut self, slot: Slot) {
        if self.is_engaged(slot) {
            self.wake(slot);
        }
    }

    /// A family of which nobody is in anybody's hands any more comes to rest, and runs ahead.
    pub(super) fn come_to_rest(&mut self, slot: Slot) {
        #[cfg(test)]
        if self.nobody_rests {
            return;
        }
        if !self.children[slot as usize].awake || self.family(slot).any(|it| self.is_engaged(it)) {
            return;
        }
        for slot in self.family(slot) {
            let child = &mut self.children[slot as usize];
            child.awake = false;
            let contact = child.contact.as_mut().and_then(|due| due.ticket.take());
            for ticket in [child.taped.take(), contact].into_iter().flatten() {
                self.calendar.cancel(ticket);
            }
            let mut index = child.strands;
            while index != NONE {
                let strand = &mut self.stores.strands[index];
                if let Some(ticket) = strand.change.as_mut().and_then(|due| due.ticket.take()) {
                    self.calendar.cancel(ticket);
                }
                index = strand.next;
            }
        }
        self.run_ahead(slot);
    }
}
