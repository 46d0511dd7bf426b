//! Capacity: posts, who fills them, what a change of structure and overheads leave of them, and how
//! posts follow the waiting within a budget.
//!
//! Places, intake and assessors are posts filled times caseload. Whoever changes anything about
//! posts sets the capacity again; when it falls, work under way runs off.

use super::ground::{ChildrenGround, YEAR};
use super::purpose::Purpose;
use super::state::{Capacity, Desk, Disruption, Handoff, Holder, RANKS};
use super::{ChildrenTrial, Event};
use crate::engine::{Instant, Meter, WaitingList, Who};
use crate::measures::Stage;
use crate::model::{AreaId, Place, Posts, ServiceId};

/// Seconds of a twelfth of a year.
pub(super) const MONTH: u32 = YEAR / 12;
/// Capacity of a pilot in which nobody ever waits.
const UNLIMITED: u32 = 1 << 30;

impl ChildrenGround {
    /// The posts of a service in an area under a structure.
    fn posts(&self, planned: Option<&[Posts]>, number: usize) -> Posts {
        let services = self.services.len();
        match planned {
            Some(posts) => posts[number],
            None => self.world.areas[number / services].posts[number % services],
        }
    }

    /// Who draws for a post.
    fn post_who(&self, number: usize, post: usize) -> Who {
        let services = self.services.len();
        self.services[number % services]
            .who
            .with(self.areas[number / services])
            .number(post as u32)
    }
}

/// The desks of all areas before anybody works at them.
pub(super) fn open_desks(ground: &ChildrenGround, planned: Option<&[Posts]>) -> Vec<Desk> {
    let desks = ground.areas.len() * ground.services.len();
    (0..desks)
        .map(|number| Desk {
            posts: ground.posts(planned, number),
            arriving: 0.0,
            holders: Vec::new(),
            disruption: Disruption::default(),
            waited: 0,
            capacity: Capacity::default(),
            door: WaitingList::new(1),
            screening: Meter::default(),
            to_assess: WaitingList::new(RANKS),
            assessing: Meter::default(),
            list: WaitingList::new(RANKS),
            waiting: Meter::default(),
            occupied: Meter::default(),
            screening_posts: 0.0,
            assessments: 0,
            places: 0,
        })
        .collect()
}

/// Posts as people: whole ones, and a last one for what is left over.
fn people(posts: Posts) -> usize {
    // Sums of parts are taken for the whole number that they miss by rounding.
    (posts.total() - 1e-9).ceil() as usize
}

impl ChildrenTrial<'_> {
    /// New posts at a desk come filled, and fall vacant like all others.
    fn staff(&mut self, number: usize) {
        if self.vacant_share(number) <= 0.0 {
            return;
        }
        for post in self.desks[number].holders.len()..people(self.desks[number].posts) {
            self.desks[number].holders.push(Holder {
                filled: true,
                changes: 0,
                next: None,
            });
            self.plan_post(number, post);
        }
    }

    /// Fills posts as they are on average, and plans when each falls vacant or is filled.
    pub(super) fn fill_posts(&mut self) {
        for number in 0..self.desks.len() {
            let vacant = self.vacant_share(number);
            if vacant <= 0.0 {
                continue;
            }
            let count = people(self.desks[number].posts);
            for post in 0..count {
                let who = self.ground.post_who(number, post);
                let chance = self.luck.block(who, Purpose::PostAtStart as u16, 0);
                self.desks[number].holders.push(Holder {
                    filled: chance.uniform() >= vacant,
                    changes: 0,
                    next: None,
                });
                self.plan_post(number, post);
            }
        }
        self.set_capacities();
    }

    /// Share of a desk's posts that is vacant on average; 0 where nobody ever leaves.
    fn vacant_share(&self, number: usize) -> f64 {
        let turnover = self.ground.world.mechanisms.workforce.turnover.get();
        if turnover > 0.0 {
            self.desks[number].posts.vacant.get()
        } else {
            0.0
        }
    }

    /// Plans the next change of a post. Posts fall vacant at the rate of turnover; the time until
    /// one is filled is such that the stated share is vacant on average.
    fn plan_post(&mut self, number: usize, post: usize) {
        let holder = self.desks[number].holders[post];
        let turnover = self.ground.world.mechanisms.workforce.turnover.get() / f64::from(YEAR);
        let vacant = self.vacant_share(number).min(0.99);
        let rate = if holder.filled {
            turnover
        } else {
            turnover * (1.0 - vacant) / vacant
        };
        let who = self.ground.post_who(number, post);
        let draw = self
            .luck
            .block(who, Purpose::PostChanges as u16, holder.changes);
        let seconds = -libm::log(draw.uniform()) / rate;
        let at = self.now.after(seconds as u32);
        let next = (at < self.end).then(|| {
            let event = Event::PostChanges {
                desk: number as u32,
                post: post as u32,
            };
            self.calendar.schedule(at, event)
        });
        self.desks[number].holders[post].next = next;
    }

    /// A post falls vacant or is filled.
    pub(super) fn post_changes(&mut self, number: usize, post: usize) {
        let holder = &mut self.desks[number].holders[post];
        holder.filled = !holder.filled;
        holder.changes += 1;
        self.plan_post(number, post);
        self.set_capacities_of(AreaId::new(number / self.ground.services.len()));
    }

    /// Extra turnover while a change of structure lasts: in each month each worker may leave.
    fn extra_leavers(&mut self, number: usize) {
        let world = &self.ground.world.mechanisms;
        let extra = world.change.extra_turnover.map_or(1.0, |it| it.get()) - 1.0;
        let now = self.desks[number].disruption.now;
        if extra <= 0.0 || now <= 0.0 {
            return;
        }
        let a_month = world.workforce.turnover.get() / 12.0;
        let chance = 1.0 - libm::exp(-a_month * extra * now);
        for post in 0..self.desks[number].holders.len() {
            let holder = self.desks[number].holders[post];
            let who = self.ground.post_who(number, post);
            let draw = self
                .luck
                .block(who, Purpose::LeavesInChange as u16, self.now.seconds());
            if holder.filled && draw.uniform() < chance {
                if let Some(ticket) = self.desks[number].holders[post].next.take() {
                    self.calendar.cancel(ticket);
                }
                self.post_changes(number, post);
            }
        }
    }

    /// The share of posts that are filled in the workforce block of a desk.
    pub(super) fn filled_share(&self, number: usize) -> f64 {
        let services = self.ground.services.len();
        let (area, service) = (
            AreaId::new(number / services),
            ServiceId::new(number % services),
        );
        let by_all = self.ground.world.mechanisms.workforce.covered_by_all;
        let (mut filled, mut posts) = (0.0, 0.0);
        for other in ServiceId::all(services) {
            if !by_all && self.structure.workforce.parts(area, service, other) {
                continue;
            }
            let desk = &self.desks[self.desk_number(area, other)];
            let total = desk.posts.total();
            let vacant: f64 = desk
                .holders
                .iter()
                .enumerate()
                .filter(|(_, holder)| !holder.filled)
                .map(|(post, _)| (total - post as f64).clamp(0.0, 1.0))
                .sum();
            filled += total - vacant.min(total);
            posts += total;
        }
        if posts > 0.0 { filled / posts } else { 1.0 }
    }

    /// The share of a desk's filled posts that is left for children.
    fn share_left(&self, number: usize) -> f64 {
        let disruption = &self.desks[number].disruption;
        let dip = self.ground.world.mechanisms.change.dip.get() * disruption.now;
        let service = number % self.ground.services.len();
        (1.0 - disruption.blight) * (1.0 - dip) * self.structure.front_line(service)
    }

    /// Sets the capacity of all desks by their posts.
    pub(super) fn set_capacities(&mut self) {
        for number in 0..self.desks.len() {
            self.set_capacity(number);
        }
    }

    fn set_capacities_of(&mut self, area: AreaId) {
        for service in self.ground.world.service_ids() {
            self.set_capacity(self.desk_number(area, service));
        }
        self.take_up_work(area);
    }

    /// Lets everybody in an area who is free take up what waits.
    pub(super) fn take_up_work(&mut self, area: AreaId) {
        for service in self.ground.world.service_ids() {
            self.screen_next(area, service);
            self.assess_next(area, service);
            self.serve_next(area, service);
        }
    }

    /// Places that the filled posts of a desk make, whether or not capacity is limited.
    pub(super) fn places_by_posts(&self, number: usize) -> f64 {
        let service = &self.ground.world.services[number % self.ground.services.len()];
        let caseload = service.help.as_ref().map_or(0.0, |help| help.caseload);
        (self.desks[number].posts.help * caseload * self.share_at_work(number)).round()
    }

    /// The share of a desk's posts that are filled and not taken up by a change of structure.
    fn share_at_work(&self, number: usize) -> f64 {
        self.filled_share(number) * self.share_left(number)
    }

    fn set_capacity(&mut self, number: usize) {
        let services = self.ground.services.len();
        let Some(help) = &self.ground.world.services[number % services].help else {
            return;
        };
        let share = self.share_at_work(number);
        let now = self.now;
        let is_unlimited = self.unlimited;
        let desk = &mut self.desks[number];
        if is_unlimited {
            desk.screening_posts = f64::from(UNLIMITED);
            desk.assessments = UNLIMITED;
            desk.places = UNLIMITED;
            return;
        }
        desk.screening_posts = desk.posts.screening * share;
        desk.assessments =
            (desk.posts.assessment * help.assessments_per_post * share).round() as u32;
        desk.places = (desk.posts.help * help.caseload * share).round() as u32;
        let screening = (desk.screening_posts * 1000.0).round() as u32;
        desk.capacity.screening.set(screening, now);
        desk.capacity.assessments.set(desk.assessments, now);
        desk.capacity.places.set(desk.places, now);
    }

    /// Posts as a structure plans them replace those that another one planned; what has moved within
    /// budgets since stays moved.
    pub(super) fn replan_posts(&mut self, before: Option<&[Posts]>, after: Option<&[Posts]>) {
        for number in 0..self.desks.len() {
            let (was, is) = (
                self.ground.posts(before, number),
                self.ground.posts(after, number),
            );
            let posts = &mut self.desks[number].posts;
            posts.screening = (posts.screening + (is.screening - was.screening)).max(0.0);
            posts.assessment = (posts.assessment + (is.assessment - was.assessment)).max(0.0);
            posts.help = (posts.help + (is.help - was.help)).max(0.0);
            posts.vacant = is.vacant;
            self.staff(number);
        }
    }

    /// A month is over: what the change still costs, and who leaves because of it.
    pub(super) fn month_passes(&mut self) {
        let change = &self.ground.world.mechanisms.change;
        let (lasts, half_life) = (
            change.dip_lasts.to_seconds(),
            f64::from(change.dip_half_life.to_seconds()),
        );
        let mut changed = false;
        for number in 0..self.desks.len() {
            let now = self.now;
            let disruption = &mut self.desks[number].disruption;
            if disruption.depth <= 0.0 {
                continue;
            }
            let fading = f64::from(now.since(disruption.vested).saturating_sub(lasts));
            let left = if fading <= 0.0 {
                1.0
            } else if half_life > 0.0 {
                libm::exp2(-fading / half_life)
            } else {
                0.0
            };
            disruption.now = disruption.depth * left;
            changed = true;
            self.extra_leavers(number);
        }
        if changed {
            self.set_capacities();
            for area in self.ground.world.area_ids() {
                self.take_up_work(area);
            }
        }
        self.close_month();
        let at = self.now.after(MONTH);
        if at < self.end {
            self.calendar.schedule(at, Event::MonthPasses);
        }
    }

    /// The turn of a budget year: within each budget block and skill some posts go from where
    /// children wait least for each place to where they wait most.
    pub(super) fn budget_year(&mut self) {
        let at_most = self.ground.world.mechanisms.budget_moves.at_most.get();
        let services = self.ground.services.len();
        let now = self.now;
        for number in self.stores.handoffs.numbers().collect::<Vec<_>>() {
            if self.stores.handoffs[number].journey.stage() == Stage::Place {
                self.count_waiting(number);
            }
        }
        let pressure: Vec<Option<f64>> = (0..self.desks.len())
            .map(|number| {
                let desk = &mut self.desks[number];
                let waited = std::mem::take(&mut desk.waited) as f64 / 86_400.0;
                let places = f64::from(desk.places);
                (places > 0.0).then(|| waited / places)
            })
            .collect();
        let place_of = |number: usize| {
            Place::service(
                ServiceId::new(number % services),
                AreaId::new(number / services),
            )
        };
        let skill = |number: usize| self.ground.world.services[number % services].skill.as_ref();
        let mut moves: Vec<(usize, usize)> = Vec::new();
        let mut grouped = vec![false; self.desks.len()];
        for first in 0..self.desks.len() {
            if grouped[first] || pressure[first].is_none() || skill(first).is_none() {
                continue;
            }
            let group = (first..self.desks.len()).filter(|other| {
                pressure[*other].is_some()
                    && skill(*other) == skill(first)
                    && self.structure.joined(
                        &self.structure.budgets,
                        place_of(first),
                        place_of(*other),
                    )
                    && !self.is_frozen(*other)
            });
            let group: Vec<usize> = group.collect();
            for member in &group {
                grouped[*member] = true;
            }
            let by_pressure = |one: &&usize, other: &&usize| {
                let of = |number: usize| pressure[number].unwrap_or(0.0);
                of(**one).total_cmp(&of(**other))
            };
            // Of equals the first gives and the last takes, so that equals never trade.
            let (least, most) = (
                group.iter().min_by(by_pressure),
                group.iter().max_by(by_pressure),
            );
            if let (Some(least), Some(most)) = (least, most)
                && pressure[*least] < pressure[*most]
            {
                moves.push((*least, *most));
            }
        }
        for (giver, taker) in moves {
            // A share of the smaller of the two, so that no small service is flooded.
            let [gives, takes] = [giver, taker].map(|number| self.desks[number].posts.help);
            let posts = gives.min(takes) * at_most;
            self.desks[giver].posts.help -= posts;
            self.desks[taker].arriving += posts;
            let after = self.ground.world.mechanisms.budget_moves.recruitment;
            let event = Event::PostsArrive { desk: taker as u32 };
            self.calendar.schedule(now.after(after.to_seconds()), event);
            self.set_capacities_of(AreaId::new(giver / services));
        }
        let at = now.after(YEAR);
        if at < self.end {
            self.calendar.schedule(at, Event::BudgetYear);
        }
    }

    /// Adds the time that a handoff has waited for a place in this budget year, urgent ones with more
    /// weight.
    pub(super) fn count_waiting(&mut self, handoff: u32) {
        let Handoff {
            area,
            to,
            rank,
            joined,
            ..
        } = self.stores.handoffs[handoff];
        let turn = Instant::at(self.now.seconds().saturating_sub(1) / YEAR * YEAR);
        let waited = u64::from(self.now.since(joined.max(turn)));
        let desk = self.desk_number(area, to);
        self.desks[desk].waited += waited * (RANKS - rank) as u64;
    }

    /// Posts that another service gave are filled.
    pub(super) fn posts_arrive(&mut self, number: usize) {
        let desk = &mut self.desks[number];
        desk.posts.help += std::mem::take(&mut desk.arriving);
        self.staff(number);
        self.set_capacities_of(AreaId::new(number / self.ground.services.len()));
    }

    /// Developments stand still from decision until the level part of the dip is over.
    fn is_frozen(&self, number: usize) -> bool {
        let disruption = &self.desks[number].disruption;
        let lasts = self.ground.world.mechanisms.change.dip_lasts.to_seconds();
        disruption.blight > 0.0
            || disruption.depth > 0.0 && self.now.since(disruption.vested) < lasts
    }
}

/// Turnover and changes of worker at a service, in parts of their usual rate.
pub(super) fn turnover_factor(ground: &ChildrenGround, disruption: &Disruption) -> f64 {
    let extra = ground
        .world
        .mechanisms
        .change
        .extra_turnover
        .map_or(1.0, |it| it.get());
    1.0 + (extra - 1.0) * disruption.now
}
