//! What a trial notes in its diary, put together from what is there. Nothing here draws luck or
//! changes anything but the diary, and nothing is put together for children who are not watched.

use super::ChildrenTrial;
use super::door::Perceived;
use super::state::{Handoff, NONE, Reason, Says, Slot, Strand, bit, members};
use crate::engine::Instant;
use crate::measures::{Count, Stage};
use crate::model::{NeedId, Place};
use crate::simulate::diary::{Decision, Held, Note, Review, What, Who};

impl ChildrenTrial<'_> {
    /// Notes something about a child, if it is watched.
    pub(super) fn tell(&mut self, slot: Slot, what: impl FnOnce(&Self) -> What) {
        self.tell_of(self.now, slot, what);
    }

    /// The same of a moment that has passed.
    pub(super) fn tell_of(&mut self, at: Instant, slot: Slot, what: impl FnOnce(&Self) -> What) {
        if self.diary.watches(slot) {
            let note = Note {
                at,
                who: self.watched(slot),
                area: self.children[slot as usize].area,
                what: what(self),
            };
            self.diary.push(note);
        }
    }

    /// Notes something about a strand.
    pub(super) fn tell_strand(&mut self, index: u32, what: impl FnOnce(&Strand) -> What) {
        if self.diary.is_kept() {
            let slot = self.stores.strands[index].slot;
            self.tell(slot, |it| what(&it.stores.strands[index]));
        }
    }

    /// Notes something about a handoff; `what` is told the handoff and the child's own number of it.
    pub(super) fn tell_handoff(&mut self, handoff: u32, what: impl FnOnce(&Handoff, u32) -> What) {
        if self.diary.is_kept() {
            let item = self.stores.handoffs[handoff];
            self.tell(item.slot, |it| what(&item, it.diary.number_of(handoff)));
        }
    }

    fn watched(&self, slot: Slot) -> Who {
        let born = self.children[slot as usize].born;
        Who { slot, born }
    }

    /// A handoff begins.
    pub(super) fn tell_passed(&mut self, handoff: u32) {
        self.number_handoff(handoff);
        self.tell_handoff(handoff, |item, handoff| What::Passed {
            handoff,
            reason: item.reason,
            from: item.from,
            to: item.place(),
            kind: item.passage.kind,
            needs: item.needs,
            to_be_assessed: item.to_be_assessed,
        });
    }

    /// Part of a handoff goes on as one of its own.
    pub(super) fn tell_parted(&mut self, whole: u32, part: u32) {
        let of = self.diary.number_of(whole);
        self.number_handoff(part);
        self.tell_handoff(part, |item, handoff| What::Parted {
            handoff,
            of,
            to: item.place(),
            kind: item.passage.kind,
            needs: item.needs,
        });
    }

    fn number_handoff(&mut self, handoff: u32) {
        let slot = self.stores.handoffs[handoff].slot;
        if self.diary.watches(slot) {
            self.diary.number_new(self.watched(slot), handoff);
        }
    }

    /// A handoff goes on to a stage.
    pub(super) fn tell_stage(&mut self, handoff: u32, stage: Stage) {
        if !self.diary.is_kept() {
            return;
        }
        let item = self.stores.handoffs[handoff];
        let lies_at = match stage {
            Stage::FrontDoor | Stage::Screening => item.door,
            _ => item.to,
        };
        let queue = match stage {
            Stage::WaitingAssessment => Some(self.queued(&item).0),
            Stage::Place => Some(self.queued(&item).1),
            _ => None,
        };
        self.tell_handoff(handoff, |item, handoff| What::Enters {
            handoff,
            stage,
            door: Place::service(lies_at, item.area),
            queue: queue.map(|waiting| (item.rank as u8, waiting)),
        });
    }

    /// How many wait for an assessor and for a place where a handoff goes.
    fn queued(&self, item: &Handoff) -> (u32, u32) {
        let desk = &self.desks[self.desk_number(item.area, item.to)];
        (desk.to_assess.len(), desk.list.len())
    }

    /// A door has decided on a handoff that it perceived so.
    pub(super) fn tell_screened(
        &mut self,
        handoff: u32,
        perceived: &Perceived,
        decision: Decision,
    ) {
        if !self.diary.is_kept() {
            return;
        }
        let item = self.stores.handoffs[handoff];
        for need in members(item.needs).map(NeedId::new) {
            let service = if item.reason == Reason::Referral {
                self.intake(need)
            } else {
                item.to
            };
            let help = self.ground.world.services[service.index()].help.as_ref();
            let stated = help.map_or(0.0, |help| help.threshold);
            let threshold = stated + self.threshold_now(item.area, service);
            self.tell_handoff(handoff, |item, handoff| What::Screened {
                handoff,
                by: Place::service(item.door, item.area),
                need,
                perceived: perceived[need.index()],
                threshold,
                decision,
            });
        }
    }

    /// What a source can add up about a need, and what it cannot see.
    pub(super) fn held_about(&self, slot: Slot, viewer: Place, need: NeedId) -> Held {
        let meets = &self.ground.world.sources[viewer.source.index()].meets;
        let sighting = meets.as_ref().and_then(|it| it.sees[need.index()]);
        let mut held = Held {
            seen: self.evidence_seen(slot, viewer, need),
            needed: sighting.map(|it| it.refers_above),
            unseen: 0.0,
            seen_from: 0,
            unseen_from: 0,
        };
        let mut index = self.children[slot as usize].records;
        while index != NONE {
            let record = self.stores.records[index];
            index = record.next;
            if record.need != need || record.says != Says::Concern {
                continue;
            }
            let holder = bit(record.holder.source.index());
            let records = &self.structure.records;
            if self.structure.joined(records, viewer, record.holder) {
                held.seen_from |= holder;
            } else {
                held.unseen_from |= holder;
                held.unseen += self.faded(&record);
            }
        }
        held
    }

    /// A lost strand has come to light.
    pub(super) fn tell_found(&mut self, index: u32, how: Count) {
        self.tell_strand(index, |strand| What::Found {
            needs: bit(strand.need.index()),
            how,
        });
    }

    /// A review was held, or a course came to its end.
    pub(super) fn tell_review(
        &mut self,
        slot: Slot,
        need: NeedId,
        at: Place,
        perceived: Option<f64>,
        result: Review,
    ) {
        self.tell(slot, |_| What::Reviewed {
            need,
            at,
            perceived,
            result,
        });
    }
}
