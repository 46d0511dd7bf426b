//! A trial of children: the pathway in motion, one file for each stage of a child's way.
//!
//! [`tape`] is what happens whatever any service does; [`need`] how levels move; [`contact`] who
//! notes what; [`referral`] the way of a handoff; [`door`], [`assessment`], [`plan`] and [`service`]
//! its stages; [`moves`] who leaves and who moves house; [`missed`] what is counted as missed.
//! Children to whom nothing happens have no event and cost nothing.

mod assessment;
mod contact;
mod door;
mod ground;
mod missed;
mod moves;
mod need;
mod plan;
mod purpose;
mod referral;
mod service;
mod state;
mod tape;

pub use ground::ChildrenGround;

use super::{Tally, Trial};
use crate::engine::{Calendar, Instant, Links, Luck, Meter, WaitingList};
use crate::measures::{Count, HandoffEnd};
use crate::model::{AreaId, NeedId, Place, ServiceId, SourceId, Structure};
use ground::Mark;
use purpose::Purpose;
use state::{Child, Desk, Encounters, NONE, RANKS, Slot, Stores};
use tape::{Entry, Happening, Line, Slots};

/// Everything that the calendar holds, in the order in which it happens within one instant: staff
/// and places are freed before anyone asks for them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Event {
    Screened {
        slot: Slot,
        handoff: u32,
    },
    Assessed {
        slot: Slot,
        handoff: u32,
    },
    Informed {
        slot: Slot,
        handoff: u32,
    },
    HelpEnds {
        slot: Slot,
        need: NeedId,
    },
    Prepared {
        slot: Slot,
        handoff: u32,
    },
    Chased {
        slot: Slot,
        handoff: u32,
    },
    Received {
        slot: Slot,
        handoff: u32,
    },
    Funded {
        slot: Slot,
        handoff: u32,
    },
    NeedChanges {
        slot: Slot,
        need: NeedId,
        mark: Mark,
    },
    Contact {
        slot: Slot,
        source: SourceId,
    },
    /// The hazard of a child's contacts changes by age or presentation.
    LooksAgain {
        slot: Slot,
    },
}

/// What happens to the children of one trial whatever any service does. Drawn once, it is played
/// back under every structure.
#[derive(Debug)]
pub struct ChildrenTape {
    luck: Luck,
    end: Instant,
    layout: Vec<Slots>,
    entries: Vec<Entry>,
}

impl ChildrenTape {
    /// Draws the tape of a trial from the start of the warm-up until `end`.
    pub fn new(ground: &ChildrenGround, luck: Luck, end: Instant) -> Self {
        Self {
            luck,
            end,
            layout: tape::lay_out(ground),
            entries: tape::record(ground, &luck, end),
        }
    }
}

/// Children and services in motion.
#[derive(Debug, Clone)]
pub struct ChildrenTrial<'a> {
    ground: &'a ChildrenGround,
    structure: &'a Structure,
    tape: &'a ChildrenTape,
    layout: &'a [Slots],
    luck: Luck,
    now: Instant,
    end: Instant,
    played: usize,
    calendar: Calendar<Event>,
    children: Vec<Child>,
    stores: Stores,
    desks: Vec<Desk>,
    links: Links,
    observed_from: Option<Instant>,
    tally: Tally,
    // Settings of the world in the units of the clock.
    half_life: f64,
    referral_pause: u32,
    repeat_within: u32,
    information_limit: u32,
    panel_every: u32,
    spell_bridges: u32,
}

impl<'a> ChildrenTrial<'a> {
    /// Children at the start of the warm-up: needs as they have come to be by their ages, part of
    /// the places taken, nothing noted, nothing on its way.
    pub fn new(
        ground: &'a ChildrenGround,
        structure: &'a Structure,
        tape: &'a ChildrenTape,
        years: usize,
    ) -> Self {
        let world = &ground.world;
        let slots = tape.layout.last().map_or(0, Slots::end);
        let absent = Child {
            who: crate::engine::Who::named(""),
            area: AreaId::FIRST,
            born: 0,
            strands: NONE,
            records: NONE,
            counters: NONE,
            contact: None,
            last_referral: None,
            encounters: Encounters::default(),
        };
        let mut trial = Self {
            structure,
            layout: &tape.layout,
            luck: tape.luck,
            now: Instant::START,
            end: tape.end,
            played: 0,
            // Buckets of about an hour, nine years of them.
            calendar: Calendar::new(12, 16),
            children: vec![absent; slots as usize],
            stores: Stores::default(),
            desks: Vec::new(),
            links: Links::default(),
            observed_from: None,
            tally: Tally::new(
                world.sources.len(),
                world.services.len(),
                world.needs.len(),
                years,
            ),

            half_life: 0.0,
            referral_pause: 0,
            repeat_within: 0,
            information_limit: 0,
            panel_every: 0,
            spell_bridges: 0,
            ground,
            tape,
        };
        trial.take_settings();
        trial.open_desks();
        trial.settle_children();
        trial
    }

    fn take_settings(&mut self) {
        let world = &self.ground.world;

        self.half_life = f64::from(world.records.half_life.to_seconds().max(1));
        self.referral_pause = world.referral.pause.to_seconds();
        self.repeat_within = world.referral.repeat_within.to_seconds();
        self.information_limit = world.information.limit.to_seconds();
        self.panel_every = world.funding.panel_every.to_seconds();
        self.spell_bridges = world.spell_bridges.to_seconds();
    }

    fn open_desks(&mut self) {
        let world = &self.ground.world;
        for area in &world.areas {
            for (service, posts) in world.services.iter().zip(&area.posts) {
                let (per_post, caseload) = service.help.as_ref().map_or((0.0, 0.0), |help| {
                    (help.assessments_per_post, help.caseload)
                });
                self.desks.push(Desk {
                    door: WaitingList::new(1),
                    screening: Meter::default(),
                    to_assess: WaitingList::new(RANKS),
                    assessing: Meter::default(),
                    list: WaitingList::new(RANKS),
                    waiting: Meter::default(),
                    occupied: Meter::default(),
                    screening_posts: posts.screening,
                    assessments: (posts.assessment * per_post).round() as u32,
                    places: (posts.help * caseload).round() as u32,
                });
            }
        }
    }

    fn settle_children(&mut self) {
        let ground = self.ground;
        for slots in self.layout {
            for slot in 0..slots.children {
                let number = slots.first + slot;
                let line = Line::new(ground, &self.luck, slots.area, slot);
                self.children[number as usize] = self.newcomer(line, slots.area);
                let occupant = line.at(&self.luck, self.now);
                let age = self.age(number) as usize;
                for (need, law) in ground.world.need_ids().zip(&ground.needs) {
                    let chance = self
                        .luck
                        .block(occupant.who.with(law.who), Purpose::FirstLevels as u16, 0)
                        .uniform();
                    let level = ground.first_level(need, occupant.vulnerability, age, chance);
                    if level > 0 {
                        let index = self.strand_or_new(number, need);
                        self.stores.strands[index].level = level;
                        self.spell_follows_level(index, 0);
                    }
                }
            }
        }
        self.fill_places();
        for index in self.stores.strands.numbers().collect::<Vec<_>>() {
            if self.stores.strands[index].served_at.is_none() {
                self.plan_change(index);
            }
        }
        for slot in 0..self.children.len() {
            if self.children[slot].strands != NONE {
                self.plan_contact(slot as Slot);
            }
        }
    }

    /// Gives part of the places of each service to children whose need fits, so that the warm-up
    /// does not begin with empty services.
    fn fill_places(&mut self) {
        let ground = self.ground;
        let mut waiting: Vec<(usize, f64, u32)> = Vec::new();
        for index in self.stores.strands.numbers() {
            let strand = &self.stores.strands[index];
            let age = self.age(strand.slot);
            let Some(service) = ground.world.helper(strand.need, strand.level, age) else {
                continue;
            };
            let child = &self.children[strand.slot as usize];
            let order = self
                .luck
                .block(
                    child.who.with(ground.need(strand.need).who),
                    Purpose::SeededPlace as u16,
                    0,
                )
                .uniform();
            waiting.push((self.desk_number(child.area, service), order, index));
        }
        waiting.sort_by(|one, other| one.0.cmp(&other.0).then(one.1.total_cmp(&other.1)));
        let filled = ground.world.places_filled_at_start.get();
        for (desk, _, index) in waiting {
            let places = (f64::from(self.desks[desk].places) * filled).round() as u32;
            if self.desks[desk].occupied.level() >= places {
                continue;
            }
            let services = ground.world.services.len();
            let place = Place::service(
                ServiceId::new(desk % services),
                AreaId::new(desk / services),
            );
            self.take_place(index, place);
            let strand = &self.stores.strands[index];
            let who = self.children[strand.slot as usize]
                .who
                .with(ground.need(strand.need).who);
            // The first interval has begun before the start.
            let part = self
                .luck
                .block(who, Purpose::FirstReview as u16, 0)
                .uniform();
            self.plan_end_of_help(index, Some(part));
        }
    }

    /// The child who lives in a slot now.
    fn newcomer(&self, line: Line, area: AreaId) -> Child {
        let occupant = line.at(&self.luck, self.now);
        Child {
            who: occupant.who,
            area,
            born: occupant.born,
            strands: NONE,
            records: NONE,
            counters: NONE,
            contact: None,
            last_referral: None,
            encounters: Encounters::default(),
        }
    }

    fn desk_number(&self, area: AreaId, service: ServiceId) -> usize {
        area.index() * self.ground.services.len() + service.index()
    }

    fn desk_of(&self, place: Place) -> usize {
        place.area.index() * self.ground.services.len() + place.source.index()
    }

    fn count(&mut self, what: Count) {
        self.count_many(what, 1);
    }

    fn count_many(&mut self, what: Count, many: u64) {
        if self.observed_from.is_some() {
            self.tally.counts[what.index()] += many;
        }
    }

    /// Counts something that happened at a moment that may lie before decision day.
    fn count_at(&mut self, what: Count, at: Instant) {
        if self.observed_from.is_some_and(|from| at >= from) {
            self.tally.counts[what.index()] += 1;
        }
    }

    fn happen(&mut self, entry: Entry) {
        let slot = entry.slot;
        match entry.what {
            Happening::Leaves => self.child_leaves(slot),
            Happening::Moves { choice } => self.family_moves(slot, choice),
            Happening::NeedBegins { need } => self.need_begins(slot, need),
            Happening::Contact { source } => self.contact(slot, source),
        }
    }

    fn handle(&mut self, event: Event) {
        match event {
            Event::Screened { handoff, .. } => {
                self.due(handoff);
                self.screened(handoff);
            }
            Event::Assessed { handoff, .. } => {
                self.due(handoff);
                self.assessed(handoff);
            }
            Event::Informed { handoff, .. } => {
                self.due(handoff);
                self.conclude(handoff);
            }
            Event::HelpEnds { slot, need } => self.help_ends(slot, need),
            Event::Prepared { handoff, .. } => {
                self.due(handoff);
                self.send(handoff);
            }
            Event::Chased { handoff, .. } => {
                self.due(handoff);
                self.chased(handoff);
            }
            Event::Received { handoff, .. } => {
                self.due(handoff);
                self.received(handoff);
            }
            Event::Funded { handoff, .. } => {
                self.due(handoff);
                self.join_list(handoff);
            }
            Event::NeedChanges { slot, need, mark } => self.need_changes(slot, need, mark),
            Event::Contact { slot, source } => self.own_contact(slot, source),
            Event::LooksAgain { slot } => {
                self.children[slot as usize].contact = None;
                self.plan_contact(slot);
            }
        }
    }

    /// What was planned for a handoff has happened.
    fn due(&mut self, handoff: u32) {
        self.stores.handoffs[handoff].due = None;
    }
}

impl<'a> Trial<'a> for ChildrenTrial<'a> {
    type Ground = (&'a ChildrenGround, &'a ChildrenTape);

    fn run_until(&mut self, end: Instant) {
        loop {
            let entry = self
                .tape
                .entries
                .get(self.played)
                .filter(|entry| entry.at < end);
            // At one instant the tape comes first: it is the same under every structure.
            let until = entry.map_or(end, |entry| entry.at);
            if let Some((at, event)) = self.calendar.next_before(until) {
                self.now = at;
                self.tally.events += 1;
                self.handle(event);
            } else if let Some(entry) = entry {
                self.now = entry.at;
                self.played += 1;
                self.tally.events += 1;
                self.happen(*entry);
            } else {
                break;
            }
        }
        self.now = end;
    }

    fn switch_to(&mut self, (ground, tape): Self::Ground, structure: &'a Structure) {
        self.ground = ground;
        self.structure = structure;
        self.tape = tape;
        self.layout = &tape.layout;
        self.played = tape.entries.partition_point(|entry| entry.at < self.now);
        self.take_settings();
        // Intake that is shared from now may have staff free for those who wait.
        for area in self.ground.world.area_ids() {
            for service in self.ground.world.service_ids() {
                self.screen_next(area, service);
            }
        }
    }

    fn begin_observing(&mut self) {
        self.carry_spells_over();
        self.observed_from = Some(self.now);
        self.tally.events = 0;
        for desk in &mut self.desks {
            for meter in [
                &mut desk.screening,
                &mut desk.assessing,
                &mut desk.waiting,
                &mut desk.occupied,
            ] {
                meter.restart(self.now);
            }
        }
    }

    fn finish(mut self) -> Tally {
        let now = self.now;
        for index in self.stores.strands.numbers().collect::<Vec<_>>() {
            self.settle(index);
        }
        for number in self.stores.handoffs.numbers().collect::<Vec<_>>() {
            let handoff = self.stores.handoffs[number];
            self.tally.finish_handoff(
                handoff.passage,
                handoff.journey,
                HandoffEnd::Unfinished,
                now,
            );
        }
        let seconds = u64::from(self.observed_from.map_or(0, |from| now.since(from)));
        let services = self.ground.services.len();
        let speeds: Vec<f64> = (0..self.desks.len())
            .map(|number| {
                let service = ServiceId::new(number % services);
                self.screening_speed(AreaId::new(number / services), service)
            })
            .collect();
        for (number, desk) in self.desks.iter_mut().enumerate() {
            let tally = &mut self.tally.services[number % services];
            tally.stock += u64::from(desk.occupied.level());
            tally.occupied_seconds += desk.occupied.settle(now);
            tally.place_seconds += u64::from(desk.places) * seconds;
            tally.queue_seconds += desk.waiting.settle(now);
            // Busy posts: somebody who fills part of a post counts for that part.
            tally.screening_busy += (desk.screening.settle(now) as f64 * speeds[number]) as u64;
            tally.screening_seconds += (desk.screening_posts * seconds as f64) as u64;
            tally.assessment_busy += desk.assessing.settle(now);
            tally.assessment_seconds += u64::from(desk.assessments) * seconds;
        }
        let children: u64 = self
            .layout
            .iter()
            .map(|slots| u64::from(slots.children))
            .sum();
        self.tally.child_seconds = children * seconds;
        self.tally
    }
}

#[cfg(test)]
mod tests;
