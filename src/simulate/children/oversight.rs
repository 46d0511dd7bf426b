//! Oversight: somebody looks over the cases of services at intervals and finds some that are lost or
//! stalled. What is found is sent again, or goes on, before all others.

use super::purpose::Purpose;
use super::referral::Passing;
use super::state::{NONE, Slot, bit};
use super::{ChildrenTrial, Event};
use crate::engine::{Instant, Luck, Who};
use crate::measures::{Count, Stage};
use crate::model::{AreaId, NeedId, OversightKind, ServiceId};
use crate::simulate::diary::What;

impl ChildrenTrial<'_> {
    /// Plans the looks of every layer of the structure in force, in place of those planned before.
    pub(super) fn plan_looks(&mut self) {
        self.looks += 1;
        for layer in 0..self.structure.oversight().len() {
            for area in self.ground.world.area_ids() {
                self.plan_look(layer, area);
            }
        }
    }

    fn kind_of(&self, layer: usize) -> Option<&OversightKind> {
        let layer = self.structure.oversight().get(layer)?;
        let kinds = &self.ground.world.mechanisms.oversight;
        kinds.iter().find(|kind| kind.id == layer.kind)
    }

    fn plan_look(&mut self, layer: usize, area: AreaId) {
        let Some(kind) = self.kind_of(layer) else {
            return;
        };
        let every = kind.looks_every.to_seconds();
        if every == 0 || self.services_under(layer, area) == 0 {
            return;
        }
        // On days of the area's and the kind's own, whatever the structure.
        let phase = self
            .ground
            .area(area)
            .with(Who::named(kind.id.as_str()))
            .below(every);
        let now = self.now.seconds();
        let wait = every - (now + (every - phase)) % every;
        let at = self.now.after(wait);
        if at < self.end {
            let looks = self.looks;
            let layer = layer as u32;
            self.calendar
                .schedule(at, Event::LooksOver { layer, area, looks });
        }
    }

    /// A layer looks over the cases of its services in an area.
    pub(super) fn looks_over(&mut self, number: u32, area: AreaId, looks: u32) {
        if looks != self.looks {
            return;
        }
        let number = number as usize;
        self.plan_look(number, area);
        let Some(kind) = self.kind_of(number) else {
            return;
        };
        let (stalled_after, who) = (
            kind.stalled_after.to_seconds(),
            Who::named(kind.id.as_str()),
        );
        let chance = kind.sees.get() * kind.finds.get();
        let over = self.services_under(number, area);
        let now = self.now;
        let mut cases = std::mem::take(&mut self.looked_at);
        self.cases_in(area, &mut cases);
        for (slot, need) in cases.drain(..) {
            // An earlier find may have ended this one.
            let Some(index) = self.stores.strand(&self.children[slot as usize], need) else {
                continue;
            };
            let strand = &self.stores.strands[index];
            let child = &self.children[strand.slot as usize];
            if child.area != area {
                continue;
            }
            let receiver = match (strand.lost, strand.handoff) {
                (Some(lost), None) => lost.to,
                (_, Some(number)) => {
                    let handoff = &self.stores.handoffs[number];
                    let is_lost = handoff.journey.stage() == Stage::Chasing;
                    let is_stalled = now.since(handoff.journey.decided) > stalled_after;
                    // One that was hastened already is found again only if it was lost again.
                    if !is_lost && (!is_stalled || handoff.has_priority) {
                        continue;
                    }
                    handoff.to
                }
                _ => continue,
            };
            if over & bit(receiver.index()) == 0 {
                continue;
            }
            let who = child.who.with(self.ground.need(strand.need).who).with(who);
            if happens(&self.luck, who, Purpose::SeenByOversight, now, chance) {
                self.count(Count::FoundByOversight);
                self.tell_found(index, Count::FoundByOversight);
                self.send_on(index);
            }
        }
        self.looked_at = cases;
    }

    /// The needs of children of an area that are on their way or were lost, in the order of children.
    fn cases_in(&mut self, area: AreaId, cases: &mut Vec<(Slot, NeedId)>) {
        let home = self.layout[area.index()];
        let mut slots = std::mem::take(&mut self.looked_for);
        slots.extend(self.on_the_way.members_within(home.first, home.end()));
        let guests = self.guests[area.index()].iter().copied();
        slots.extend(guests.filter(|slot| self.on_the_way.holds(*slot)));
        slots.extend(self.first_scripted..self.children.len() as Slot);
        for slot in slots.drain(..) {
            let child = &self.children[slot as usize];
            let mut has_case = false;
            let mut index = child.strands;
            while index != NONE {
                let strand = &self.stores.strands[index];
                if strand.lost.is_some() || strand.handoff.is_some() {
                    has_case = true;
                    if child.area == area {
                        cases.push((slot, strand.need));
                    }
                }
                index = strand.next;
            }
            if !has_case && !self.is_scripted(slot) {
                self.on_the_way.set(slot, false);
            }
        }
        self.looked_for = slots;
        cases.sort_unstable();
        // Who has come back may be among the guests more than once.
        cases.dedup();
    }

    /// The services that a layer looks over in an area, one bit each.
    fn services_under(&self, layer: usize, area: AreaId) -> u64 {
        self.structure.oversight()[layer].over(area)
    }

    /// Does oversight set targets for a service in an area?
    pub(super) fn has_targets(&self, area: AreaId, service: ServiceId) -> bool {
        let layers = self.structure.oversight().iter();
        let mut setting = layers.filter(|layer| layer.targets);
        setting.any(|layer| layer.over(area) & bit(service.index()) != 0)
    }

    /// Sends a lost case again, or lets a stalled one go before all others.
    fn send_on(&mut self, index: u32) {
        let strand = &self.stores.strands[index];
        let (slot, need) = (strand.slot, strand.need);
        if let Some(number) = strand.handoff {
            self.give_priority(number);
            return;
        }
        let Some(lost) = self.stores.strands[index].lost.take() else {
            return;
        };
        let area = self.children[slot as usize].area;
        let handoff = self.pass_on(Passing {
            slot,
            reason: lost.reason,
            from: lost.from,
            to: lost.to,
            area,
            needs: bit(need.index()),
            to_be_assessed: lost.to_be_assessed,
            to_be_funded: lost.to_be_funded,
            rank: 0,
        });
        self.stores.handoffs[handoff].has_priority = true;
    }

    fn give_priority(&mut self, number: u32) {
        let handoff = &mut self.stores.handoffs[number];
        handoff.has_priority = true;
        let (area, to, rank) = (handoff.area, handoff.to, handoff.rank);
        handoff.rank = 0;
        let stage = handoff.journey.stage();
        self.tell_handoff(number, |_, handoff| What::Hastened { handoff });
        let desk = self.desk_number(area, to);
        match stage {
            Stage::WaitingAssessment => {
                let list = &mut self.desks[desk].to_assess;
                list.leave(&mut self.links, number, rank);
                list.join(&mut self.links, number, 0);
            }
            Stage::Place => {
                let list = &mut self.desks[desk].list;
                list.leave(&mut self.links, number, rank);
                list.join(&mut self.links, number, 0);
            }
            Stage::Chasing => {
                if let Some(ticket) = self.stores.handoffs[number].due.take() {
                    self.calendar.cancel(ticket);
                }
                self.stores.handoffs[number].lost_silently = false;
                self.send(number);
            }
            _ => {}
        }
    }
}

/// Does a share of cases drawn by this luck fall below a chance? No luck is spent on certainties.
fn happens(luck: &Luck, who: Who, purpose: Purpose, at: Instant, chance: f64) -> bool {
    chance > 0.0 && luck.block(who, purpose as u16, at.seconds()).uniform() < chance
}
