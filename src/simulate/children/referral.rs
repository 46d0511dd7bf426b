//! Referral and the way of a handoff: preparing, sending, losing, chasing, arriving.

use super::ChildrenTrial;
use super::Event;
use super::purpose::Purpose;
use super::state::{Handoff, Lost, NONE, Reason, Says, Slot, bit, members};
use crate::engine::{Block, Instant, Sampler, Who};
use crate::measures::{Count, HandoffEnd, HandoffKind, Overhead, Stage, Standing, Step};
use crate::model::{AreaId, Coverage, NeedId, Place, ServiceId, SourceId};
use crate::simulate::diary::What;
use crate::simulate::handoffs::{Journey, Passage};

/// Ordinals kept free for the legs of one handoff: it is sent again when lost, bounced or brought
/// to a wrong door.
const LEGS: u32 = 256;

/// What a handoff is to be, before it exists.
#[derive(Debug, Clone, Copy)]
pub(super) struct Passing {
    pub(super) slot: Slot,
    pub(super) reason: Reason,
    pub(super) from: Place,
    pub(super) to: ServiceId,
    pub(super) area: AreaId,
    pub(super) needs: u64,
    pub(super) to_be_assessed: bool,
    pub(super) to_be_funded: bool,
    pub(super) rank: usize,
}

impl ChildrenTrial<'_> {
    /// A source refers a child about these needs. Needs that go to one front door travel together.
    ///
    /// `found_by` is what to count for each strand that had been lost.
    pub(super) fn refer(&mut self, slot: Slot, source: SourceId, needs: u64, found_by: Count) {
        let now = self.now;
        self.wake(slot);
        self.count(Count::Referrals);
        let repeat_within = self.repeat_within;
        let child = &mut self.children[slot as usize];
        let before = std::mem::replace(&mut child.last_referral, now);
        let repeat = before != Instant::NEVER && now.since(before) < repeat_within;
        let area = child.area;
        if repeat {
            self.count(Count::Rereferrals);
        }
        if let Some(month) = self.month_of(now) {
            self.tally.months[month].referrals += 1;
            self.tally.areas[area.index()].referrals += 1;
        }
        for need in members(needs).map(NeedId::new) {
            let index = self.strand_or_new(slot, need);
            self.make_known(index);
            self.found(index, found_by);
            let strand = &mut self.stores.strands[index];
            strand.first_referral = strand.first_referral.or(Some(now));
            self.reach(index, Step::Referred);
        }
        let from = Place { source, area };
        self.tell(slot, |_| What::Referred {
            by: from,
            needs,
            repeat,
        });
        self.note_on_sibling(slot, from, needs);
        let mut left = needs;
        while let Some(first) = members(left).next() {
            let door = self.intake(NeedId::new(first));
            let together = members(left)
                .filter(|need| self.one_intake(area, door, self.intake(NeedId::new(*need))))
                .fold(0, |set, need| set | bit(need));
            left &= !together;
            let to = self.lead_service(slot, from, together);
            if self.observed_from.is_some() {
                let service = &mut self.tally.services[to.index()];
                service.referrals += 1;
                service.rereferrals += u64::from(repeat);
                let services = self.ground.services.len();
                self.tally.referrals_from[source.index() * services + to.index()] += 1;
            }
            self.pass_on(Passing {
                slot,
                reason: Reason::Referral,
                from,
                to,
                area,
                needs: together,
                to_be_assessed: true,
                to_be_funded: false,
                rank: 0,
            });
        }
    }

    /// The service whose door referrals about a need go to.
    pub(super) fn intake(&self, need: NeedId) -> ServiceId {
        self.ground.world.needs[need.index()].referred_to
    }

    /// The service that leads on a referral about several needs: that of the need with most evidence.
    fn lead_service(&self, slot: Slot, from: Place, needs: u64) -> ServiceId {
        let mut lead = None;
        for need in members(needs).map(NeedId::new) {
            let evidence = self.evidence_seen(slot, from, need);
            if lead.is_none_or(|(most, _)| evidence > most) {
                lead = Some((evidence, self.intake(need)));
            }
        }
        lead.map_or(ServiceId::FIRST, |(_, service)| service)
    }

    /// A lost strand has come to light.
    fn found(&mut self, index: u32, found_by: Count) {
        let strand = &mut self.stores.strands[index];
        if strand.lost.take().is_some() {
            self.count(found_by);
            self.tell_found(index, found_by);
        }
        // A loss that the sender would have found out in time: the new referral overtakes it, and
        // whatever else travelled with it is lost for good.
        if let Some(handoff) = self.stores.strands[index].handoff {
            self.count(found_by);
            self.tell_found(index, found_by);
            self.mark_lost(handoff);
            let (slot, needs) = self.release(handoff, HandoffEnd::Lost);
            self.stores.strands[index].lost = None;
            let found = self.stores.strands[index].need.index();
            for need in members(needs & !bit(found)).map(NeedId::new) {
                let other = self.strand_or_new(slot, need);
                self.forget_if_over(other);
            }
        }
    }

    /// Starts a handoff.
    pub(super) fn pass_on(&mut self, passing: Passing) -> u32 {
        let to = Place::service(passing.to, passing.area);
        let kind = self.structure.kind(passing.from, to);
        let passage = Passage {
            kind,
            from: passing.from.source.index(),
            to: passing.to.index(),
            counted: self.observed_from.is_some(),
        };
        self.count_handoff(passage, passing.area);
        let accompanied = self.is_accompanied(&passing);
        if !self.is_scripted(passing.slot) {
            self.on_the_way.set(passing.slot, true);
        }
        let child = &mut self.children[passing.slot as usize];
        let before = self
            .stores
            .times_before(child, passing.from.source, passing.to);
        let handoff = self.stores.handoffs.insert(Handoff {
            ordinal: before * LEGS,
            slot: passing.slot,
            reason: passing.reason,
            from: passing.from,
            to: passing.to,
            area: passing.area,
            door: passing.to,
            needs: passing.needs,
            passage,
            journey: Journey::begin(self.now),
            bounces: 0,
            to_be_assessed: passing.to_be_assessed,
            to_be_funded: passing.to_be_funded,
            rank: passing.rank,
            has_priority: false,
            accompanied,
            lost_silently: false,
            received: None,
            assessed_from: self.now,
            joint_step_held: false,
            joined: self.now,
            in_core: false,
            replied: 0,
            informed: self.now,
            due: None,
        });
        for need in members(passing.needs).map(NeedId::new) {
            let index = self.strand_or_new(passing.slot, need);
            self.settle(index);
            let strand = &mut self.stores.strands[index];
            strand.handoff = Some(handoff);
            strand.standing = Standing::Preparing;
        }
        self.tell_passed(handoff);
        self.prepare(handoff);
        handoff
    }

    /// Counts a handoff that starts, unless it is split off from one that is not counted.
    pub(super) fn count_handoff(&mut self, passage: Passage, area: AreaId) {
        if passage.counted {
            self.count(Count::Handoffs);
            self.tally.pair_mut(passage).started += 1;
            self.tally.areas[area.index()].handoffs += 1;
            if let Some(month) = self.month_of(self.now) {
                self.tally.months[month].handoffs += 1;
            }
        }
    }

    /// Does a lead professional go along with a handoff?
    fn is_accompanied(&self, passing: &Passing) -> bool {
        match self.structure.lead_professional(passing.area, passing.to) {
            Coverage::Nobody => false,
            Coverage::AllReferred => true,
            Coverage::SeveralServices => {
                let child = &self.children[passing.slot as usize];
                let mut in_hand = passing.needs.count_ones();
                let mut index = child.strands;
                while index != NONE {
                    let strand = &self.stores.strands[index];
                    let travels = passing.needs & bit(strand.need.index()) != 0;
                    in_hand += u32::from(strand.in_hand() && !travels);
                    index = strand.next;
                }
                in_hand > 1
            }
        }
    }

    /// A referral of one child leaves a concern about a brother or sister.
    fn note_on_sibling(&mut self, slot: Slot, by: Place, needs: u64) {
        let concern = self.ground.world.mechanisms.siblings.concern;
        let Some(sibling) = self.sibling_of(slot).filter(|_| concern > 0.0) else {
            return;
        };
        if self.children[sibling as usize].area != by.area {
            return;
        }
        for need in members(needs).map(NeedId::new) {
            self.count(Count::SiblingConcerns);
            self.add_record(sibling, by, need, Says::Concern, concern);
            self.tell(sibling, |_| What::SiblingConcern { by, need });
            if let Some(index) = self.stores.strand(&self.children[sibling as usize], need) {
                self.make_known(index);
            }
        }
    }

    /// All strands of a handoff stand somewhere else from now.
    pub(super) fn stand(&mut self, handoff: u32, standing: Standing) {
        let Handoff { slot, needs, .. } = self.stores.handoffs[handoff];
        for need in members(needs).map(NeedId::new) {
            let index = self.strand_or_new(slot, need);
            self.settle(index);
            self.stores.strands[index].standing = standing;
        }
    }

    /// A handoff goes on to a stage of its journey.
    pub(super) fn enter(&mut self, handoff: u32, stage: Stage) {
        let now = self.now;
        self.stores.handoffs[handoff].journey.enter(stage, now);
        self.tell_stage(handoff, stage);
    }

    /// Who draws for a handoff: the child, where it comes from and where it goes.
    pub(super) fn pair_who(&self, handoff: u32) -> Who {
        let Handoff { slot, from, to, .. } = self.stores.handoffs[handoff];
        self.children[slot as usize]
            .who
            .with(self.ground.source(from.source).who)
            .with(self.ground.service(to).who)
    }

    /// Draws for a handoff under a purpose, by its pair and its ordinal.
    pub(super) fn draw_for(&self, handoff: u32, purpose: Purpose) -> Block {
        let ordinal = self.stores.handoffs[handoff].ordinal;
        self.luck
            .block(self.pair_who(handoff), purpose as u16, ordinal)
    }

    /// Draws a duration for a handoff under a purpose.
    pub(super) fn time_for(
        &self,
        handoff: u32,
        law: &Sampler,
        purpose: Purpose,
        factor: f64,
    ) -> u32 {
        let ordinal = self.stores.handoffs[handoff].ordinal;
        law.draw(
            &self.luck,
            self.pair_who(handoff),
            purpose as u16,
            ordinal,
            factor,
        )
    }

    /// The factor on bounces of a handoff.
    pub(super) fn closeness(&self, handoff: u32) -> f64 {
        let handoff = &self.stores.handoffs[handoff];
        self.closeness_between(handoff.from, handoff.place())
    }

    /// The factor on delay and loss of a handoff: closeness, and how well the two know each other.
    fn ease(&self, handoff: u32) -> f64 {
        let Handoff { from, .. } = self.stores.handoffs[handoff];
        let to = self.stores.handoffs[handoff].place();
        self.closeness(handoff) * self.relations_between(from, to)
    }

    fn draw_passing(&self, handoff: u32, law: &Sampler, purpose: Purpose) -> u32 {
        self.time_for(handoff, law, purpose, self.ease(handoff))
    }

    /// The sender prepares it.
    pub(super) fn prepare(&mut self, handoff: u32) {
        self.enter(handoff, Stage::Preparation);
        self.stand(handoff, Standing::Preparing);
        let mut seconds =
            self.draw_passing(handoff, &self.ground.preparation, Purpose::Preparation);
        if self.stores.handoffs[handoff].reason == Reason::Referral && self.observed_from.is_some()
        {
            seconds = seconds.saturating_add(std::mem::take(&mut self.held_back));
        }
        self.plan_for(handoff, seconds, |slot, handoff| Event::Prepared {
            slot,
            handoff,
        });
    }

    /// Plans the next step of a handoff.
    pub(super) fn plan_for(
        &mut self,
        handoff: u32,
        seconds: u32,
        event: impl Fn(Slot, u32) -> Event,
    ) {
        let slot = self.stores.handoffs[handoff].slot;
        let ticket = self
            .calendar
            .schedule(self.now.after(seconds), event(slot, handoff));
        self.stores.handoffs[handoff].due = Some(ticket);
    }

    /// It is sent; it may be lost as it starts.
    pub(super) fn send(&mut self, handoff: u32) {
        let world = &self.ground.world;
        let ease = self.ease(handoff);
        // Each leg has luck of its own.
        self.stores.handoffs[handoff].ordinal += 1;
        let chance = self.draw_for(handoff, Purpose::Loss).uniform();
        let Handoff {
            reason, passage, ..
        } = self.stores.handoffs[handoff];
        let moved_away = reason == Reason::Move && passage.kind == HandoffKind::BetweenAreas;
        let (mut silent, mut detected) = (
            world.handoff.silent_loss.times(ease).get(),
            world.handoff.detected_loss.times(ease).get(),
        );
        if moved_away {
            silent += world.moves.silent_loss.get();
            detected += world.moves.detected_loss.get();
        }
        let lost_standing = if reason == Reason::Move {
            Standing::LostInMove
        } else {
            Standing::LostInHandoff
        };
        if chance < silent + detected
            && let Some(month) = self.month_of(self.now)
        {
            self.tally.months[month].losses += 1;
        }
        if chance < silent {
            self.count(Count::SilentLosses);
            self.tell_handoff(handoff, |_, handoff| What::Lost {
                handoff,
                silently: true,
            });
            self.stand(handoff, lost_standing);
            if let Some(seconds) = self.found_by_lead(handoff) {
                self.stores.handoffs[handoff].lost_silently = true;
                self.enter(handoff, Stage::Chasing);
                self.plan_for(handoff, seconds, |slot, handoff| Event::Chased {
                    slot,
                    handoff,
                });
                return;
            }
            self.mark_lost(handoff);
            self.end_handoff(handoff, HandoffEnd::Lost);
            return;
        }
        if chance < silent + detected {
            self.count(Count::DetectedLosses);
            self.tell_handoff(handoff, |_, handoff| What::Lost {
                handoff,
                silently: false,
            });
            self.enter(handoff, Stage::Chasing);
            self.stand(handoff, lost_standing);
            let mut seconds = self.draw_passing(handoff, &self.ground.chase, Purpose::Chase);
            let quicker = self.ground.world.mechanisms.lead_professional.chase;
            if let Some(quicker) = quicker.filter(|_| self.stores.handoffs[handoff].accompanied) {
                seconds = (f64::from(seconds) * quicker.get()).round() as u32;
            }
            self.plan_for(handoff, seconds, |slot, handoff| Event::Chased {
                slot,
                handoff,
            });
            return;
        }
        self.enter(handoff, Stage::Transit);
        self.stand(handoff, Standing::InTransit);
        let mut seconds = self.draw_passing(handoff, &self.ground.transit, Purpose::Transit);
        if moved_away {
            let delay = &self.ground.move_delay;
            seconds =
                seconds.saturating_add(self.time_for(handoff, delay, Purpose::MoveDelay, 1.0));
        }

        self.plan_for(handoff, seconds, |slot, handoff| Event::Received {
            slot,
            handoff,
        });
    }

    /// After how long a lead professional finds that a handoff was lost, if one does.
    fn found_by_lead(&self, handoff: u32) -> Option<u32> {
        let lead = &self.ground.world.mechanisms.lead_professional;
        let is_found = self.stores.handoffs[handoff].accompanied
            && lead.finds.get() > 0.0
            && self.draw_for(handoff, Purpose::FoundByLead).uniform() < lead.finds.get();
        is_found.then(|| {
            let after = self.ground.lead_after.as_ref();
            after.map_or(0, |law| {
                self.time_for(handoff, law, Purpose::TimeToLead, 1.0)
            })
        })
    }

    fn mark_lost(&mut self, handoff: u32) {
        let Handoff {
            slot,
            needs,
            reason,
            from,
            to,
            to_be_assessed,
            to_be_funded,
            ..
        } = self.stores.handoffs[handoff];
        for need in members(needs).map(NeedId::new) {
            let index = self.strand_or_new(slot, need);
            self.stores.strands[index].lost = Some(Lost {
                reason,
                from,
                to,
                to_be_assessed,
                to_be_funded,
            });
        }
    }

    /// The sender has found out that it was lost, and sends it again.
    pub(super) fn chased(&mut self, handoff: u32) {
        let found_by = if std::mem::take(&mut self.stores.handoffs[handoff].lost_silently) {
            Count::FoundByLead
        } else {
            Count::FoundByChasing
        };
        self.count(found_by);
        self.tell_handoff(handoff, |item, _| What::Found {
            needs: item.needs,
            how: found_by,
        });
        let hours = self.ground.world.mechanisms.costs.chase_hours;
        self.take_hours(Overhead::Chasing, hours);
        self.send(handoff);
    }

    /// It lies at a door, or goes straight on where both ends accept each other's assessment.
    pub(super) fn received(&mut self, handoff: u32) {
        let now = self.now;
        let received = &mut self.stores.handoffs[handoff].received;
        *received = received.or(Some(now));
        if !self.stores.handoffs[handoff].to_be_assessed {
            self.ask_for_funding(handoff);
            return;
        }
        if self.reaches_wrong_door(handoff) {
            self.count(Count::WrongDoors);
            self.tell_handoff(handoff, |item, handoff| What::WrongDoor {
                handoff,
                door: Place::service(item.door, item.area),
            });
        }
        self.join_door(handoff);
    }

    /// Whether a referral lies at the wrong door is luck that does not know the structure: which
    /// service it was taken to. It matters only where that service has a door of its own.
    fn reaches_wrong_door(&mut self, handoff: u32) -> bool {
        let Handoff {
            from,
            to,
            area,
            door,
            ..
        } = self.stores.handoffs[handoff];
        if door != to || self.one_intake_with(from, Place::service(to, area)) {
            // Passed on from a wrong door, it reaches the right one.
            self.stores.handoffs[handoff].door = to;
            return false;
        }
        let draw = self.draw_for(handoff, Purpose::WrongDoor);
        let chance = self
            .ground
            .world
            .handoff
            .wrong_door
            .times(self.closeness(handoff));
        if draw.uniform() >= chance.get() {
            return false;
        }
        let others: usize = self
            .services_with_doors()
            .filter(|service| *service != to)
            .count();
        if others == 0 {
            return false;
        }
        let pick = draw.below(others as u32) as usize;
        let wrong = self
            .services_with_doors()
            .filter(|service| *service != to)
            .nth(pick)
            .unwrap_or(to);
        if self.one_intake(area, wrong, to) {
            return false;
        }
        self.stores.handoffs[handoff].door = wrong;
        true
    }

    /// Do sender and receiver share an intake, so that nothing can reach a wrong door between them?
    fn one_intake_with(&self, from: Place, to: Place) -> bool {
        match (
            self.structure.service_at(from),
            self.structure.service_at(to),
        ) {
            (Some(one), Some(other)) => {
                self.ground.services[one.index()].help.is_some()
                    && from.area == to.area
                    && self.one_intake(to.area, one, other)
            }
            _ => false,
        }
    }

    /// Ends a handoff; its strands are carried by nobody from now, and go on or are forgotten.
    pub(super) fn end_handoff(&mut self, handoff: u32, end: HandoffEnd) {
        let (slot, needs) = self.release(handoff, end);
        for need in members(needs).map(NeedId::new) {
            if let Some(index) = self.stores.strand(&self.children[slot as usize], need) {
                self.forget_if_over(index);
            }
        }
    }

    /// Ends a handoff whose strands are taken up again at once.
    pub(super) fn release(&mut self, handoff: u32, end: HandoffEnd) -> (Slot, u64) {
        self.tell_handoff(handoff, |_, handoff| What::Ended { handoff, end });
        let item = self.stores.handoffs.remove(handoff);
        let Handoff {
            slot, needs, due, ..
        } = item;
        if let Some(ticket) = due {
            self.calendar.cancel(ticket);
        }
        self.count_end(&item, end);
        for need in members(needs).map(NeedId::new) {
            let index = self.strand_or_new(slot, need);
            self.settle(index);
            self.stores.strands[index].handoff = None;
        }
        (slot, needs)
    }

    /// Counts the end of a handoff: as it is, as the receiver's records have it, and what it cost to
    /// go along with it.
    pub(super) fn count_end(&mut self, handoff: &Handoff, end: HandoffEnd) {
        const DAY: u32 = 86_400;
        let now = self.now;
        let passage = handoff.passage;
        self.tally
            .finish_handoff(passage, handoff.journey, end, now);
        let decided = handoff.journey.decided;
        let delay = now.since(decided);
        if handoff.accompanied {
            let months = f64::from(delay) / f64::from(super::capacity::MONTH);
            let hours = self.ground.world.mechanisms.lead_professional.hours_a_month;
            self.take_hours(Overhead::LeadProfessional, hours * months);
        }
        if !passage.counted {
            return;
        }
        if let Some(received) = handoff.received {
            self.tally.end_recorded(end, now.since(received));
        }
        if end == HandoffEnd::Begun
            && delay <= 30 * DAY
            && let Some(month) = self.month_of(decided)
        {
            self.tally.months[month].begun_in_30 += 1;
            self.tally.areas[handoff.area.index()].begun_in_30 += 1;
        }
    }

    /// The receiver turns it away for good.
    pub(super) fn reject(&mut self, handoff: u32) {
        self.count(Count::Rejected);
        self.stand(handoff, Standing::Rejected);
        self.end_handoff(handoff, HandoffEnd::Rejected);
    }

    /// Sends it back, or on to the right door.
    pub(super) fn count_bounce(&mut self, handoff: u32) {
        self.count(Count::Bounces);
        let passage = self.stores.handoffs[handoff].passage;
        if passage.counted {
            self.tally.pair_mut(passage).bounced += 1;
        }
    }
}
