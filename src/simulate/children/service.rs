//! Services: waiting lists, places, reviews, stepping up and down, closing.

use super::ChildrenTrial;
use super::Event;
use super::door::level_to_help;
use super::ground::EndsLaw;
use super::purpose::Purpose;
use super::state::{Handoff, Slot, Strand, level_of, members, rank_of};
use crate::measures::{Count, HandoffEnd, Span, Stage, Standing, Step};
use crate::model::{AreaId, NeedId, Place, ServiceId};
use crate::simulate::diary::{Review, What};

/// Ordinals kept free for the reviews of one period of help.
const DRAWS_OF_HELP: u32 = 4096;

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
        self.plan_giving_up(handoff);
        let desk = self.desk_number(area, to);
        let desk = &mut self.desks[desk];
        desk.list.join(&mut self.links, handoff, rank);
        desk.waiting.up(now);
        self.serve_next(area, to);
    }

    /// How long a child waits for a place at most.
    fn plan_giving_up(&mut self, handoff: u32) {
        let ground = self.ground;
        let law = ground
            .service(self.stores.handoffs[handoff].to)
            .help
            .as_ref();
        if let Some(law) = law.and_then(|help| help.gives_up.as_ref()) {
            let seconds = self.time_for(handoff, law, Purpose::GivesUp, 1.0);
            self.plan_for(handoff, seconds, |slot, handoff| Event::GivesUp {
                slot,
                handoff,
            });
        }
    }

    /// A child has waited as long as it would.
    pub(super) fn gives_up(&mut self, handoff: u32) {
        self.count(Count::GaveUp);
        if self.observed_from.is_some() {
            let to = self.stores.handoffs[handoff].to;
            self.tally.services[to.index()].gave_up += 1;
        }
        self.withdraw(handoff);
        self.stand(handoff, Standing::GaveUp);
        self.end_handoff(handoff, HandoffEnd::GaveUp);
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
            self.count_waiting(handoff);
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
            self.count(Count::Professionals);
            if let Some(month) = self.month_of(now) {
                self.tally.months[month].help_starts += 1;
            }
            self.reach(index, Step::Helped);
            self.plan_worker_change(index);
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
        let Strand {
            slot, need, level, ..
        } = self.stores.strands[index];
        if let Some(service) = self.structure.service_at(place) {
            let child = &mut self.children[slot as usize];
            let before = self.stores.times_before(child, place.source, service);
            self.stores.strands[index].help_draws = before * DRAWS_OF_HELP;
        }
        let standing = self.standing_when_served(place, need, level);
        let strand = &mut self.stores.strands[index];
        strand.served_at = Some(place);
        strand.served_from = self.now;
        strand.standing = standing;
        let fits = standing == Standing::Served;
        self.tell(slot, |_| What::HelpBegins {
            need,
            at: place,
            fits,
        });
        let desk = self.desk_of(place);
        self.desks[desk].occupied.up(self.now);
        self.spell_follows_service(index);
        self.plan_change(index);
    }

    /// Plans the next review, or the end of the course. `within` shortens the first interval for
    /// those who were being helped before the start.
    pub(super) fn plan_end_of_help(&mut self, index: u32, within: Option<f64>) {
        let ordinal = self.stores.strands[index].help_draws;
        self.stores.strands[index].help_draws += 1;
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
                let who = self.children[slot as usize]
                    .who
                    .with(self.ground.need(need).who)
                    .with(law.who);
                course.draw(&self.luck, who, Purpose::Course as u16, ordinal, 1.0)
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
        let (mut next, mut seen) = (None, None);
        if reviewed {
            let ordinal = self.stores.strands[index].help_draws;
            let who = self.children[slot as usize]
                .who
                .with(self.ground.need(need).who)
                .with(law.who);
            let error = self
                .luck
                .block(who, Purpose::PerceivedAtReview as u16, ordinal)
                .normal();
            let perceived = f64::from(level) + world.perception.review * error;
            if range.contains(&level_of(perceived)) {
                self.tell_review(slot, need, at, Some(perceived), Review::GoesOn);
                self.plan_end_of_help(index, None);
                return;
            }
            seen = Some(perceived);
            next = level_to_help(perceived, world.perception.help_from)
                .and_then(|level| world.helper(need, level, self.age(slot)))
                .filter(|other| *other != service)
                .map(|other| (other, rank_of(perceived)));
        }
        let result = match next {
            Some((to, _)) => Review::PassedOn { to },
            None => Review::Closed {
                in_error: level >= *range.start(),
            },
        };
        self.tell_review(slot, need, at, seen, result);
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
        strand.between_workers = false;
        for ticket in [strand.help_ends.take(), strand.worker.take()]
            .into_iter()
            .flatten()
        {
            self.calendar.cancel(ticket);
        }
        self.tell_strand(index, |strand| What::HelpEnds {
            need: strand.need,
            at,
        });
        let desk = self.desk_of(at);
        self.desks[desk].occupied.down(now);
        if self.observed_from.is_some()
            && let Some(service) = self.structure.service_at(at)
        {
            self.tally.services[service.index()].ended += 1;
            let served = now.since(self.stores.strands[index].served_from);
            self.tally.end_span(Span::Helped, service.index(), served);
        }
        self.spell_follows_service(index);
        self.plan_change(index);
    }
}
