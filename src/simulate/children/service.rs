//! Services: waiting lists, places, reviews, stepping up and down, closing.

use super::ChildrenTrial;
use super::Event;
use super::door::level_to_help;
use super::ground::EndsLaw;
use super::purpose::Purpose;
use super::state::{Handoff, Slot, Strand, level_of, members, rank_of};
use crate::measures::{Count, HandoffEnd, Stage, Standing};
use crate::model::{AreaId, NeedId, Place, ServiceId};

impl ChildrenTrial<'_> {
    pub(super) fn join_list(&mut self, handoff: u32) {
        self.enter(handoff, Stage::Place);
        self.stand(handoff, Standing::WaitingPlace);
        let now = self.now;
        let Handoff { area, to, rank, .. } = self.stores.handoffs[handoff];
        self.stores.handoffs[handoff].joined = now;
        if self.observed_from.is_some() {
            self.tally.services[to.index()].joined += 1;
        }
        let desk = self.desk_number(area, to);
        let desk = &mut self.desks[desk];
        desk.list.join(&mut self.links, handoff, rank);
        desk.waiting.up(now);
        self.serve_next(area, to);
    }

    /// Free places go to the most urgent, then the longest waiting.
    pub(super) fn serve_next(&mut self, area: AreaId, service: ServiceId) {
        let number = self.desk_number(area, service);
        while self.desks[number].occupied.level() < self.desks[number].places {
            let desk = &mut self.desks[number];
            let Some(handoff) = desk.list.take_first(&mut self.links) else {
                return;
            };
            desk.waiting.down(self.now);
            self.begin_help(handoff);
        }
    }

    fn begin_help(&mut self, handoff: u32) {
        let now = self.now;
        let Handoff {
            slot,
            needs,
            to,
            area,
            joined,
            ..
        } = self.stores.handoffs[handoff];
        let place = Place::service(to, area);
        if self.observed_from.is_some() {
            let tally = &mut self.tally.services[to.index()];
            tally.started += 1;
            tally.waited += u64::from(now > joined);
            tally.waited_seconds += u64::from(now.since(joined));
        }
        for need in members(needs).map(NeedId::new) {
            let index = self.strand_or_new(slot, need);
            self.take_place(index, place);
            self.count(Count::HelpStarts);
            if let Some(referred) = self.stores.strands[index].first_referral.take() {
                self.count(Count::FirstHelps);
                self.count_many(Count::SecondsToHelp, u64::from(now.since(referred)));
            }
            self.plan_end_of_help(index, None);
        }
        self.end_handoff(handoff, HandoffEnd::Begun);
    }

    /// A strand is served from now.
    pub(super) fn take_place(&mut self, index: u32, place: Place) {
        self.settle(index);
        let Strand { need, level, .. } = self.stores.strands[index];
        let standing = self.standing_when_served(place, need, level);
        let strand = &mut self.stores.strands[index];
        strand.served_at = Some(place);
        strand.standing = standing;
        let desk = self.desk_of(place);
        self.desks[desk].occupied.up(self.now);
        self.spell_follows_service(index);
        self.plan_change(index);
    }

    /// Plans the next review, or the end of the course. `within` shortens the first interval for
    /// those who were being helped before the start.
    pub(super) fn plan_end_of_help(&mut self, index: u32, within: Option<f64>) {
        let Strand {
            slot,
            need,
            served_at,
            ..
        } = self.stores.strands[index];
        let Some(service) = served_at.and_then(|at| self.structure.service_at(at)) else {
            return;
        };
        let law = self.ground.service(service);
        let Some(help) = &law.help else { return };
        let seconds = match &help.ends {
            EndsLaw::Review { every } => *every,
            EndsLaw::Course(course) => {
                let nth = self.nth(slot, Purpose::Course, service.index(), need.index());
                let who = self.children[slot as usize].who.with(law.who);
                course.draw(&self.luck, who, Purpose::Course as u16, nth, 1.0)
            }
        };
        let seconds = within.map_or(seconds, |part| (f64::from(seconds) * part) as u32);
        let ticket = self
            .calendar
            .schedule(self.now.after(seconds), Event::HelpEnds { slot, need });
        self.stores.strands[index].help_ends = Some(ticket);
    }

    /// A review is due, or a course is over.
    pub(super) fn help_ends(&mut self, slot: Slot, need: NeedId) {
        let Some(index) = self.stores.strand(&self.children[slot as usize], need) else {
            return;
        };
        self.stores.strands[index].help_ends = None;
        let Strand {
            served_at, level, ..
        } = self.stores.strands[index];
        let Some((at, service)) =
            served_at.and_then(|at| self.structure.service_at(at).map(|service| (at, service)))
        else {
            return;
        };
        let world = &self.ground.world;
        let law = self.ground.service(service);
        let Some(range) = world.services[service.index()]
            .help
            .as_ref()
            .and_then(|help| help.range(need))
        else {
            return;
        };
        let reviewed = matches!(
            law.help.as_ref().map(|help| &help.ends),
            Some(EndsLaw::Review { .. })
        );
        let mut next = None;
        if reviewed {
            let nth = self.nth(
                slot,
                Purpose::PerceivedAtReview,
                service.index(),
                need.index(),
            );
            let who = self.children[slot as usize]
                .who
                .with(self.ground.need(need).who)
                .with(law.who);
            let error = self
                .luck
                .block(who, Purpose::PerceivedAtReview as u16, nth)
                .normal();
            let perceived = f64::from(level) + world.perception.review * error;
            if range.contains(&level_of(perceived)) {
                self.plan_end_of_help(index, None);
                return;
            }
            next = level_to_help(perceived, world.perception.help_from)
                .and_then(|level| world.helper(need, level, self.age(slot)))
                .filter(|other| *other != service)
                .map(|other| (other, rank_of(perceived)));
        }
        self.leave_place(index);
        if let Some((other, rank)) = next {
            self.hand_to(slot, need, at, other, rank, false);
        } else {
            if level >= *range.start() {
                self.count(Count::ClosedInError);
            }
            self.close(slot, need);
        }
        self.serve_next(at.area, service);
    }

    /// A strand is served no longer; it stands closed until it is passed on.
    pub(super) fn leave_place(&mut self, index: u32) {
        self.settle(index);
        let now = self.now;
        let strand = &mut self.stores.strands[index];
        let Some(at) = strand.served_at.take() else {
            return;
        };
        strand.standing = Standing::Closed;
        if let Some(ticket) = strand.help_ends.take() {
            self.calendar.cancel(ticket);
        }
        let desk = self.desk_of(at);
        self.desks[desk].occupied.down(now);
        if self.observed_from.is_some()
            && let Some(service) = self.structure.service_at(at)
        {
            self.tally.services[service.index()].ended += 1;
        }
        self.spell_follows_service(index);
        self.plan_change(index);
    }
}
