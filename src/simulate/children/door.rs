//! The front door: queues for intake staff, screening against the threshold, wrong doors, bounces.
//!
//! A referral stands at the desk of one service; which desks share intake staff is the structure's
//! partition of front doors, so the staff are counted together and the queues served as one.

use super::ChildrenTrial;
use super::Event;
use super::ground::MOST_NEEDS;
use super::purpose::Purpose;
use super::state::{Handoff, Reason, bit, holds, level_of, members, rank_of};
use crate::measures::{Count, Stage, Standing, Step};
use crate::model::{AreaId, NeedId, Place, ServiceId};
use crate::simulate::diary::{Decision, What};

/// Levels perceived of a child's needs at one occasion.
pub(super) type Perceived = [f64; MOST_NEEDS];

impl ChildrenTrial<'_> {
    /// Services that take referrals.
    pub(super) fn services_with_doors(&self) -> impl Iterator<Item = ServiceId> + Clone + use<'_> {
        let services = &self.ground.services;
        ServiceId::all(services.len()).filter(|service| services[service.index()].help.is_some())
    }

    /// Do two services of one area share their intake?
    pub(super) fn one_intake(&self, area: AreaId, one: ServiceId, other: ServiceId) -> bool {
        self.ground.world.intake_shared_by_all
            || !self.structure.front_doors.parts(area, one, other)
    }

    pub(super) fn join_door(&mut self, handoff: u32) {
        self.enter(handoff, Stage::FrontDoor);
        self.stand(handoff, Standing::FrontDoor);
        let now = self.now;
        let Handoff { area, door, .. } = self.stores.handoffs[handoff];
        self.stores.handoffs[handoff].joined = now;
        let desk = self.desk_number(area, door);
        self.desks[desk].door.join(&mut self.links, handoff, 0);
        self.screen_next(area, door);
    }

    /// Intake staff who are free take the referrals that have waited longest.
    pub(super) fn screen_next(&mut self, area: AreaId, door: ServiceId) {
        loop {
            let mut posts = 0.0;
            let mut busy = 0;
            let mut next: Option<u32> = None;
            for service in self.services_with_doors() {
                if !self.one_intake(area, door, service) {
                    continue;
                }
                let desk = &self.desks[self.desk_number(area, service)];
                posts += desk.screening_posts;
                busy += desk.screening.level();
                if let Some((handoff, _)) = desk.door.first() {
                    let waited = |handoff: u32| {
                        let handoff = &self.stores.handoffs[handoff];
                        (handoff.joined, handoff.slot)
                    };
                    if next.is_none_or(|best| waited(handoff) < waited(best)) {
                        next = Some(handoff);
                    }
                }
            }
            let staff = staff_of(posts);
            let Some(handoff) = next else { return };
            if f64::from(busy) >= staff {
                return;
            }
            // Part of a post works at part of the speed.
            self.begin_screening(handoff, staff / posts);
        }
    }

    /// The share of a full post's speed at which the intake staff of a door work.
    pub(super) fn screening_speed(&self, area: AreaId, door: ServiceId) -> f64 {
        let posts: f64 = self
            .services_with_doors()
            .filter(|service| self.one_intake(area, door, *service))
            .map(|service| self.desks[self.desk_number(area, service)].screening_posts)
            .sum();
        if posts > 0.0 {
            posts / staff_of(posts)
        } else {
            1.0
        }
    }

    fn begin_screening(&mut self, handoff: u32, slowed: f64) {
        let Handoff { area, door, .. } = self.stores.handoffs[handoff];
        let desk = self.desk_number(area, door);
        self.desks[desk].door.leave(&mut self.links, handoff, 0);
        self.desks[desk].screening.up(self.now);
        self.enter(handoff, Stage::Screening);
        let law = self.ground.service(door);
        let seconds = law.help.as_ref().map_or(0, |help| {
            self.time_for(handoff, &help.screening, Purpose::Screening, slowed)
        });
        self.plan_for(handoff, seconds, |slot, handoff| Event::Screened {
            slot,
            handoff,
        });
    }

    /// A referral has been screened.
    pub(super) fn screened(&mut self, handoff: u32) {
        let Handoff { area, door, .. } = self.stores.handoffs[handoff];
        let desk = self.desk_number(area, door);
        self.desks[desk].screening.down(self.now);
        self.decide_at_door(handoff);
        self.screen_next(area, door);
    }

    fn decide_at_door(&mut self, handoff: u32) {
        let Handoff {
            reason,
            needs,
            area,
            door,
            to,
            bounces,
            ..
        } = self.stores.handoffs[handoff];
        if door != to {
            self.count_bounce(handoff);
            self.tell_handoff(handoff, |item, handoff| What::PassedOn {
                handoff,
                door: Place::service(item.door, item.area),
            });
            self.send(handoff);
            return;
        }
        let perception = &self.ground.world.perception;
        let noise = perception.screening;
        let seen = perception.screening_fully_seen.get();
        let perceived = self.perceive(handoff, Purpose::PerceivedAtScreening, noise, seen);
        let accepted = members(needs).any(|need| {
            let service = if reason == Reason::Referral {
                self.intake(NeedId::new(need))
            } else {
                to
            };
            let help = self.ground.world.services[service.index()].help.as_ref();
            help.is_some_and(|help| {
                perceived[need] >= help.threshold + self.threshold_now(area, service)
            })
        });
        let decision = if accepted {
            Decision::Accepted
        } else if reason == Reason::Referral || bounces >= self.ground.world.handoff.bounces_at_most
        {
            Decision::Rejected
        } else {
            Decision::Bounced
        };
        self.tell_screened(handoff, &perceived, decision);
        if accepted {
            if reason == Reason::Referral {
                self.count(Count::Accepted);
                if self.observed_from.is_some() {
                    self.tally.services[to.index()].accepted += 1;
                }
                self.share_out(handoff, &perceived);
            }
            self.reach_all(handoff, Step::Accepted);
            self.stores.handoffs[handoff].rank = self.rank_at(handoff, needs, &perceived);
            self.join_assessment(handoff);
        } else if reason == Reason::Referral {
            self.reject(handoff);
        } else if decision == Decision::Bounced {
            self.count_bounce(handoff);
            self.stores.handoffs[handoff].bounces += 1;
            self.prepare(handoff);
        } else {
            self.count_bounce(handoff);
            self.reject(handoff);
        }
    }

    /// A shared door shares out a referral among bodies that do not accept each other's assessment.
    fn share_out(&mut self, handoff: u32, perceived: &Perceived) {
        let Handoff { needs, to, .. } = self.stores.handoffs[handoff];
        let mut kept = 0;
        for need in members(needs) {
            let service = self.intake(NeedId::new(need));
            if service == to || self.assessment_counts(handoff, to, service) {
                kept |= bit(need);
            }
        }
        if kept == 0 {
            // The need that led was another one of the same door; its service leads all the same.
            kept = needs;
        }
        self.stores.handoffs[handoff].needs = kept;
        let mut left = needs & !kept;
        while let Some(first) = members(left).next() {
            let to = self.intake(NeedId::new(first));
            let mut together = 0;
            for need in members(left) {
                let service = self.intake(NeedId::new(need));
                if service == to || self.assessment_counts(handoff, to, service) {
                    together |= bit(need);
                }
            }
            left &= !together;
            let part = self.split_off(handoff, together, to);
            self.reach_all(part, Step::Accepted);
            self.stores.handoffs[part].rank = self.rank_at(part, together, perceived);
            self.join_assessment(part);
        }
    }

    /// Lets some strands of a handoff go on as one of their own, with the time they have behind them.
    pub(super) fn split_off(&mut self, handoff: u32, needs: u64, to: ServiceId) -> u32 {
        let mut part = self.stores.handoffs[handoff];
        part.needs = needs;
        part.to = to;
        part.door = to;
        part.due = None;
        part.passage.to = to.index();
        part.passage.kind = self
            .structure
            .kind(part.from, Place::service(to, part.area));
        let slot = part.slot;
        self.count_handoff(part.passage, part.area);
        let number = self.stores.handoffs.insert(part);
        for need in members(needs).map(NeedId::new) {
            let index = self.strand_or_new(slot, need);
            self.stores.strands[index].handoff = Some(number);
        }
        self.tell_parted(handoff, number);
        number
    }

    /// Does an assessment by one service of the child's area count with another?
    pub(super) fn assessment_counts(
        &mut self,
        handoff: u32,
        one: ServiceId,
        other: ServiceId,
    ) -> bool {
        let Handoff { slot, area, .. } = self.stores.handoffs[handoff];
        self.accepts(slot, Place::service(one, area), Place::service(other, area))
    }

    /// Does the receiver accept the sender's assessment of a child?
    pub(super) fn accepts(&mut self, slot: u32, from: Place, to: Place) -> bool {
        if self.structure.joined(&self.structure.assessment, from, to) {
            return true;
        }
        let chance = self.ground.world.assessments_accepted_elsewhere.get();
        if chance <= 0.0 || chance >= 1.0 {
            return chance >= 1.0;
        }

        let who = self.children[slot as usize]
            .who
            .with(self.ground.source(from.source).who)
            .with(self.ground.source(to.source).who);
        self.luck
            .block(who, Purpose::AcceptedElsewhere as u16, self.now.seconds())
            .uniform()
            < chance
    }

    /// What is added to a service's threshold now: how its area differs, and rationing, which rises
    /// with the backlog of assessments.
    pub(super) fn threshold_now(&self, area: AreaId, service: ServiceId) -> f64 {
        let rationing = self.ground.world.mechanisms.rationing;
        let local = self.local_threshold(area, service);
        if rationing.rises <= 0.0 {
            return local;
        }
        let desk = &self.desks[self.desk_number(area, service)];
        let waiting = f64::from(desk.to_assess.len() + desk.door.len());
        let backlog = waiting / f64::from(desk.assessments.max(1));
        local + (rationing.rises * backlog).min(rationing.at_most)
    }

    /// The rank of a handoff in waiting lists: by its highest perceived level, weighted where the
    /// sector that sends it leads the others; what has priority goes first.
    pub(super) fn rank_at(&self, handoff: u32, needs: u64, perceived: &Perceived) -> usize {
        if self.stores.handoffs[handoff].has_priority {
            return 0;
        }
        let weight = self.weight_of_sender(handoff);
        members(needs)
            .map(|need| rank_of(perceived[need] * weight))
            .min()
            .unwrap_or(super::state::RANKS - 1)
    }

    fn weight_of_sender(&self, handoff: u32) -> f64 {
        let world = &self.ground.world;
        let Handoff { from, to, area, .. } = self.stores.handoffs[handoff];
        let (Some(leads), Some(weight)) = (
            &self.structure.governance_at(area, to).led_by,
            world.mechanisms.lead_sector_weight,
        ) else {
            return 1.0;
        };
        let sector = self
            .structure
            .service_at(from)
            .and_then(|service| world.services[service.index()].sector.as_ref());
        if sector == Some(leads) {
            weight.get()
        } else {
            1.0
        }
    }

    /// The levels perceived of the strands of a handoff: the true level and noise, which is the less
    /// the more of the child's record can be seen.
    pub(super) fn perceive(
        &self,
        handoff: u32,
        purpose: Purpose,
        noise: f64,
        fully_seen: f64,
    ) -> Perceived {
        let Handoff {
            slot,
            needs,
            ordinal,
            ..
        } = self.stores.handoffs[handoff];
        let pair = self.pair_who(handoff);
        let share = self.share_seen(handoff);
        let spread = noise * (1.0 + share * (fully_seen - 1.0));
        let mut perceived = [0.0; MOST_NEEDS];
        for need in members(needs) {
            let child = &self.children[slot as usize];
            let who = pair.with(self.ground.needs[need].who);
            let error = self.luck.block(who, purpose as u16, ordinal).normal();
            let level = self
                .stores
                .strand(child, NeedId::new(need))
                .map_or(0, |index| self.stores.strands[index].level);
            perceived[need] = f64::from(level) + spread * error;
        }
        perceived
    }

    /// The share of those who hold a concern about the child whose records the receiver sees: in its
    /// own record block, by a reply, from the referral itself, or in part elsewhere.
    fn share_seen(&self, handoff: u32) -> f64 {
        let Handoff {
            slot,
            from,
            replied,
            ..
        } = self.stores.handoffs[handoff];
        let viewer = self.stores.handoffs[handoff].place();
        let elsewhere = self.ground.world.records.seen_elsewhere.get();
        let mut holders = 0.0;
        let mut seen = 0.0;
        let mut counted = 0u64;
        for record in self.records_of(slot) {
            let holder = record.holder;
            if holds(counted, holder.source) {
                continue;
            }
            counted |= bit(holder.source.index());
            holders += 1.0;
            let visible = holder == from
                || holds(replied, holder.source)
                || self
                    .structure
                    .joined(&self.structure.records, viewer, holder);
            seen += if visible { 1.0 } else { elsewhere };
        }
        if holders > 0.0 { seen / holders } else { 1.0 }
    }
}

/// How many people fill so many posts: part of a post is one person. Sums of parts are taken for the
/// whole number that they miss by rounding.
fn staff_of(posts: f64) -> f64 {
    (posts - 1e-9).ceil()
}

/// The level that the perceived level of a need is taken for, if it is high enough to plan help.
pub(super) fn level_to_help(perceived: f64, help_from: f64) -> Option<u8> {
    let level = level_of(perceived);
    (perceived >= help_from && level > 0).then_some(level)
}
