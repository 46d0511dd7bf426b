//! Needs in motion: how levels move, and the harm that comes with them.
//!
//! Need changes whether or not a service notices. Marks come at one rate whatever the level; what a
//! mark does depends on the level and on whether a fitting service is active.

use super::ChildrenTrial;
use super::ground::{Mark, YEAR};
use super::purpose::Purpose;
use super::state::{Due, NONE, Referral, Slot, Strand, bit};
use crate::engine::{Instant, Luck, Who};
use crate::measures::{Count, Standing};
use crate::model::{NeedId, Place};
use crate::simulate::diary::What;

/// A place on the line of marks of a child and need: just behind a mark.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct MarkPlace {
    /// The moment of that mark, in seconds.
    at: f64,
    /// The year of the calendar that it lies in.
    cell: u32,
    /// Number of the mark behind it, in that year.
    next: u32,
}

/// The marks of a child and need: a process of a constant rate, begun afresh in each year of the
/// calendar.
struct Marks {
    luck: Luck,
    who: Who,
    /// Marks a second.
    rate: f64,
    last_cell: u32,
}

impl Marks {
    /// The first mark strictly after a moment that means anything, what it means, and the place behind
    /// it. A place behind an earlier mark saves going through the marks before that.
    fn first_after(
        &self,
        after: Instant,
        known: MarkPlace,
        meaning: impl Fn(f64) -> Mark,
    ) -> Option<(Instant, Mark, MarkPlace)> {
        let first_cell = after.seconds() / YEAR;
        let is_behind = known.cell == first_cell && Instant::at(known.at as u32) <= after;
        let mut place = if is_behind && known.next > 0 {
            known
        } else {
            MarkPlace::start_of(first_cell)
        };
        while place.cell <= self.last_cell {
            let who = self.who.number(place.cell);
            let end = f64::from(place.cell) * f64::from(YEAR) + f64::from(YEAR);
            loop {
                let draw = self.luck.block(who, Purpose::NeedMark as u16, place.next);
                place.next += 1;
                place.at -= libm::log(draw.uniform()) / self.rate;
                if place.at >= end {
                    break;
                }
                let at = Instant::at(place.at as u32);
                if at > after {
                    let mark = meaning(draw.second());
                    if mark != Mark::Nothing {
                        return Some((at, mark, place));
                    }
                }
            }
            place = MarkPlace::start_of(place.cell + 1);
        }
        None
    }
}

impl MarkPlace {
    fn start_of(cell: u32) -> Self {
        Self {
            at: f64::from(cell) * f64::from(YEAR),
            cell,
            next: 0,
        }
    }
}

impl Strand {
    /// Is the strand in somebody's hands: on its way, with a service, or in a list?
    pub(super) fn in_hand(&self) -> bool {
        self.handoff.is_some() || self.served_at.is_some()
    }
}

impl ChildrenTrial<'_> {
    /// The strand of a child and need; a new one at level 0 if there was none.
    pub(super) fn strand_or_new(&mut self, slot: Slot, need: NeedId) -> u32 {
        let child = &mut self.children[slot as usize];
        if let Some(index) = self.stores.strand(child, need) {
            return index;
        }
        let index = self.stores.strands.insert(Strand {
            next: child.strands,
            slot,
            need,
            level: 0,
            standing: Standing::Unseen,
            since: self.now,
            served_at: None,
            served_from: self.now,
            handoff: None,
            help_ends: None,
            change: None,
            marks: MarkPlace::default(),
            first_referral: None,
            help_draws: 0,
            lost: None,
            worker: None,
            between_workers: false,
            spell: NONE,
        });
        child.strands = index;
        index
    }

    /// Is a fitting service active for the strand?
    pub(super) fn is_helped(&self, index: u32) -> bool {
        self.stores.strands[index].standing == Standing::Served
    }

    /// Where a strand that is served stands: with a fitting service, or with one that is not meant
    /// for so high a level.
    pub(super) fn standing_when_served(&self, at: Place, need: NeedId, level: u8) -> Standing {
        let fits = self
            .structure
            .service_at(at)
            .and_then(|service| self.ground.world.services[service.index()].help.as_ref())
            .and_then(|help| help.range(need))
            .is_some_and(|range| level <= *range.end());
        if fits {
            Standing::Served
        } else {
            Standing::ServedElsewhere
        }
    }

    /// A need begins, unless there already is one.
    pub(super) fn need_begins(&mut self, slot: Slot, need: NeedId) {
        let index = self.strand_or_new(slot, need);
        if self.stores.strands[index].level == 0 {
            self.change_level(index, 1);
        }
    }

    pub(super) fn change_level(&mut self, index: u32, level: u8) {
        self.settle(index);
        let strand = &mut self.stores.strands[index];
        let before = strand.level;
        strand.level = level;
        let (slot, need) = (strand.slot, strand.need);
        self.tell(slot, |_| What::Level {
            need,
            from: before,
            to: level,
        });
        let strand = &self.stores.strands[index];
        if let Some(at) = strand.served_at {
            let standing = self.standing_when_served(at, need, level);
            let strand = &mut self.stores.strands[index];
            if !strand.between_workers {
                strand.standing = standing;
            }
        }
        self.spell_follows_level(index, before);
        self.plan_change(index);
        self.plan_contact(slot);
        self.forget_if_over(index);
    }

    /// The next mark that does anything to this strand at its level.
    pub(super) fn plan_change(&mut self, index: u32) {
        let planned = self.stores.strands[index].change.take();
        if let Some(ticket) = planned.and_then(|it| it.ticket) {
            self.calendar.cancel(ticket);
        }
        let Strand {
            slot, need, level, ..
        } = self.stores.strands[index];
        // The levels of a scripted child are those of its script.
        if level == 0 || self.is_scripted(slot) {
            return;
        }
        let helped = self.is_helped(index);
        let who = self.children[slot as usize]
            .who
            .with(self.ground.need(need).who);
        let law = self.ground.need(need);
        let marks = Marks {
            luck: self.luck,
            who,
            rate: law.marks,
            last_cell: self.end.seconds() / YEAR,
        };
        let found = marks.first_after(self.now, self.stores.strands[index].marks, |position| {
            law.meaning(position, level, helped)
        });
        if let Some((at, mark, place)) = found {
            let strand = &mut self.stores.strands[index];
            strand.marks = place;
            strand.change = Some(Due {
                at,
                what: mark,
                ticket: None,
            });
            if self.children[slot as usize].awake {
                self.schedule_change(index);
            }
        }
    }

    /// Marks come at other rates from now: no place on their line is known.
    pub(super) fn forget_mark_places(&mut self) {
        for index in self.stores.strands.numbers().collect::<Vec<_>>() {
            self.stores.strands[index].marks = MarkPlace::default();
        }
    }

    /// A planned mark is due. Level and help are what they were when it was planned, or it would
    /// have been planned anew.
    pub(super) fn need_changes(&mut self, slot: Slot, need: NeedId, mark: Mark) {
        let Some(index) = self.stores.strand(&self.children[slot as usize], need) else {
            return;
        };
        self.stores.strands[index].change = None;
        let level = self.stores.strands[index].level;
        match mark {
            Mark::Worse => self.change_level(index, level + 1),
            Mark::Better => self.change_level(index, level - 1),
            Mark::Harm => {
                self.plan_change(index);
                self.harm(index);
            }
            Mark::Nothing => {}
        }
    }

    /// A child comes to harm. If nobody helps it, somebody meets it, and may refer it.
    fn harm(&mut self, index: u32) {
        self.count(Count::Harm);
        if let Some(month) = self.month_of(self.now) {
            self.tally.months[month].harm += 1;
        }
        let Strand {
            slot,
            need,
            standing,
            handoff,
            ..
        } = self.stores.strands[index];
        let helped = self.is_helped(index);
        self.tell(slot, |_| What::Harm { need, helped });
        if handoff.is_some()
            || standing == Standing::LostInHandoff
            || standing == Standing::LostInMove
        {
            self.count(Count::HarmInSeam);
        }
        if helped {
            return;
        }
        self.make_known(index);
        let law = &self.ground.world.needs[need.index()];
        let who = self.children[slot as usize]
            .who
            .with(self.ground.need(need).who);
        // Marks keep to the calendar, and so does what comes of them.
        let chance = self
            .luck
            .block(who, Purpose::HarmRefers as u16, self.now.seconds())
            .uniform();
        if chance < law.harm_refers.get() && self.can_be_referred(index) {
            let referral = Referral {
                by: law.harm_met_by,
                needs: bit(need.index()),
                found_by: Count::FoundByHarm,
            };
            self.refer_in_turn(slot, referral);
        }
    }

    /// Removes a strand that is at level 0 and in nobody's hands.
    pub(super) fn forget_if_over(&mut self, index: u32) {
        let strand = &self.stores.strands[index];
        if strand.level == 0 && !strand.in_hand() && strand.change.is_none() {
            self.remove_strand(index);
        }
    }

    /// Takes a strand out of its child's chain.
    pub(super) fn remove_strand(&mut self, index: u32) {
        self.settle(index);
        self.end_spell(index);
        let strand = self.stores.strands.remove(index);
        let child = &mut self.children[strand.slot as usize];
        if child.strands == index {
            child.strands = strand.next;
            return;
        }
        let mut before = child.strands;
        while before != NONE {
            if self.stores.strands[before].next == index {
                self.stores.strands[before].next = strand.next;
                return;
            }
            before = self.stores.strands[before].next;
        }
        unreachable!("a strand stands in the chain of its child");
    }
}
