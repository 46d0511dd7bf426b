//! Children who leave at the upper age, and families that move house.

use super::ChildrenTrial;
use super::purpose::Purpose;
use super::referral::Passing;
use super::state::{Handoff, NONE, Reason, Slot};
use super::tape::Line;
use crate::engine::Sampler;
use crate::measures::{Count, HandoffEnd, HandoffKind, Stage};
use crate::model::{AreaId, NeedId, Place};
use crate::simulate::diary::What;

/// A strand in somebody's hands when its family moves.
struct Held {
    from: Place,
    passing: Passing,
}

impl ChildrenTrial<'_> {
    /// Takes a handoff out of whatever list or hands it is in.
    pub(super) fn withdraw(&mut self, handoff: u32) {
        let now = self.now;
        let Handoff {
            area,
            to,
            door,
            rank,
            journey,
            ..
        } = self.stores.handoffs[handoff];
        let at_door = self.desk_number(area, door);
        let desk = self.desk_number(area, to);
        match journey.stage() {
            Stage::FrontDoor => self.desks[at_door].door.leave(&mut self.links, handoff, 0),
            Stage::Screening => {
                self.desks[at_door].screening.down(now);
                self.screen_next(area, door);
            }
            Stage::WaitingAssessment => {
                self.desks[desk]
                    .to_assess
                    .leave(&mut self.links, handoff, rank);
            }
            Stage::Assessment | Stage::Information | Stage::OthersPart => {
                self.desks[desk].assessing.down(now);
                self.assess_next(area, to);
            }
            Stage::Place => {
                self.desks[desk].list.leave(&mut self.links, handoff, rank);
                self.desks[desk].waiting.down(now);
                self.count_waiting(handoff);
            }
            Stage::Preparation | Stage::Transit | Stage::Chasing | Stage::Funding => {}
        }
    }

    /// A child reaches the upper age; another is born into its slot.
    pub(super) fn child_leaves(&mut self, slot: Slot) {
        let handed_over = self.hand_over_to_adults(slot);
        self.tell(slot, |_| What::Left { handed_over });
        loop {
            let index = self.children[slot as usize].strands;
            if index == NONE {
                break;
            }
            if let Some(handoff) = self.stores.strands[index].handoff {
                self.withdraw(handoff);
                self.end_handoff(handoff, HandoffEnd::AgedOut);
                continue;
            }
            let at = self.stores.strands[index].served_at;
            self.leave_place(index);
            let planned = self.stores.strands[index].change.take();
            if let Some(ticket) = planned.and_then(|it| it.ticket) {
                self.calendar.cancel(ticket);
            }
            self.remove_strand(index);
            if let Some(place) = at
                && let Some(service) = self.structure.service_at(place)
            {
                self.serve_next(place.area, service);
            }
        }
        let child = &mut self.children[slot as usize];
        if let Some(ticket) = child.contact.take().and_then(|it| it.ticket) {
            self.calendar.cancel(ticket);
        }
        let (mut record, mut counter) = (child.records, child.counters);
        if child.encounters != NONE {
            self.stores.encounters.remove(child.encounters);
        }
        while record != NONE {
            record = self.stores.records.remove(record).next;
        }
        while counter != NONE {
            counter = self.stores.counters.remove(counter).next;
        }
        let home = self.home_of(slot);
        let line = Line::new(self.ground, &self.luck, self.layout[home.0.index()], home.1);
        let newcomer = self.newcomer(line, home.0);
        self.children[slot as usize].make_way_for(newcomer);
    }

    /// A child with an open need that somebody knew of is handed over to adult services, which stand
    /// outside every structure: what becomes of it there is not simulated, but whether and when it
    /// arrives is.
    /// Returns the needs handed over, one bit each.
    fn hand_over_to_adults(&mut self, slot: Slot) -> u64 {
        let mut handed_over = 0;
        if !self.ground.world.mechanisms.hands_over_at_upper_age {
            return handed_over;
        }
        let mut index = self.children[slot as usize].strands;
        while index != NONE {
            let strand = &self.stores.strands[index];
            let (next, need) = (strand.next, strand.need);
            let is_open = strand.in_hand() || strand.level >= 2 && self.is_known(index);
            if is_open {
                handed_over |= super::state::bit(need.index());
            }
            if is_open && self.observed_from.is_some() {
                self.count(Count::Handoffs);
                self.count(Count::LeftWithNeed);
                let (end, seconds) = self.way_to_adults(slot, need);
                self.tally
                    .end_handoff(HandoffKind::BetweenOrganisations, end, seconds);
                let area = self.children[slot as usize].area.index();
                self.tally.areas[area].handoffs += 1;
                if let Some(month) = self.month_of(self.now) {
                    self.tally.months[month].handoffs += 1;
                    if end == HandoffEnd::Begun && seconds <= 30 * 86_400 {
                        self.tally.months[month].begun_in_30 += 1;
                        self.tally.areas[area].begun_in_30 += 1;
                    }
                }
            }
            index = next;
        }
        handed_over
    }

    /// How a handoff to adult services ends, and how long after the decision.
    fn way_to_adults(&self, slot: Slot, need: NeedId) -> (HandoffEnd, u32) {
        let ground = self.ground;
        let who = self.children[slot as usize].who.with(ground.need(need).who);
        let purpose = Purpose::ToAdultServices as u16;
        let factor = ground.world.closeness.between_organisations.get();
        let draw = |law: &Sampler, ordinal| law.draw(&self.luck, who, purpose, ordinal, factor);
        let handoff = &ground.world.handoff;
        let chance = self.luck.block(who, purpose, 0).uniform();
        let mut seconds = draw(&ground.preparation, 1);
        let silent = handoff.silent_loss.times(factor).get();
        let detected = handoff.detected_loss.times(factor).get();
        let left = self.end.since(self.now);
        if chance < silent {
            return if seconds < left {
                (HandoffEnd::Lost, seconds)
            } else {
                (HandoffEnd::Unfinished, left)
            };
        }
        if chance < silent + detected {
            seconds = seconds.saturating_add(draw(&ground.chase, 2));
        }
        seconds = seconds.saturating_add(draw(&ground.transit, 3));
        if seconds < left {
            (HandoffEnd::Begun, seconds)
        } else {
            (HandoffEnd::Unfinished, left)
        }
    }

    /// Another child of the family, if there is one.
    pub(super) fn sibling_of(&self, slot: Slot) -> Option<Slot> {
        if self.is_scripted(slot) {
            return None;
        }
        let (area, within) = self.home_of(slot);
        let slots = self.layout[area.index()];
        let other = super::tape::sibling(self.ground, &self.luck, slots, within)?;
        Some(slots.first + other)
    }

    /// A family moves to another area, to a larger one more often. A case that is in somebody's hands is transferred to the
    /// counterpart there; concerns that are only noted stay behind.
    pub(super) fn family_moves(&mut self, slot: Slot, choice: u32) {
        let from = self.children[slot as usize].area;
        let to = self.ground.new_home(from, choice);

        let mut known = false;
        self.tell(slot, |_| What::Moved { from, to });
        self.children[slot as usize].area = to;
        if !self.is_scripted(slot) && !self.is_apart {
            self.guests[to.index()].push(slot);
        }
        while let Some(held) = self.next_held(slot, from) {
            known = true;
            let assessed = !held.passing.to_be_assessed;
            let receiver = Place::service(held.passing.to, to);
            let to_be_assessed = !assessed || !self.accepts(slot, held.from, receiver);
            self.pass_on(Passing {
                area: to,
                to_be_assessed,
                ..held.passing
            });
        }
        if known {
            self.count(Count::KnownMoves);
        }
    }

    /// Takes the next of a child's strands out of the hands of an area it has left.
    fn next_held(&mut self, slot: Slot, left: AreaId) -> Option<Held> {
        let mut index = self.children[slot as usize].strands;
        while index != NONE {
            let strand = &self.stores.strands[index];
            if let Some(number) = strand.handoff {
                let handoff = self.stores.handoffs[number];
                if handoff.area == left {
                    return Some(self.take_back(number));
                }
            } else if let Some(place) = strand.served_at
                && place.area == left
            {
                let need = strand.need;
                let service = self.structure.service_at(place)?;
                let rank = super::state::rank_of(f64::from(strand.level));
                // In hand throughout: the strand is passed on before anything can forget it.
                self.leave_place(index);
                self.serve_next(place.area, service);
                return Some(Held {
                    from: place,
                    passing: Passing {
                        slot,
                        reason: Reason::Move,
                        from: place,
                        to: service,
                        area: left,
                        needs: super::state::bit(need.index()),
                        to_be_assessed: false,
                        to_be_funded: false,
                        rank,
                    },
                });
            }
            index = self.stores.strands[index].next;
        }
        None
    }

    fn take_back(&mut self, number: u32) -> Held {
        let handoff = self.stores.handoffs[number];
        let received = !matches!(
            handoff.journey.stage(),
            Stage::Preparation | Stage::Transit | Stage::Chasing
        );
        let assessed = matches!(handoff.journey.stage(), Stage::Funding | Stage::Place)
            || !handoff.to_be_assessed;
        let from = if received {
            handoff.place()
        } else {
            handoff.from
        };
        self.withdraw(number);
        self.release(number, HandoffEnd::Moved);
        Held {
            from,
            passing: Passing {
                slot: handoff.slot,
                reason: Reason::Move,
                from,
                to: handoff.to,
                area: handoff.area,
                needs: handoff.needs,
                to_be_assessed: !assessed,
                to_be_funded: handoff.to_be_funded,
                rank: handoff.rank,
            },
        }
    }

    /// Which area and slot within it a number stands for.
    fn home_of(&self, slot: Slot) -> (AreaId, u32) {
        let position = self.layout.partition_point(|slots| slots.first <= slot) - 1;
        let slots = self.layout[position];
        (slots.area, slot - slots.first)
    }
}
