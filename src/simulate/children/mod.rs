//! A trial of children: the pathway in motion, one file for each stage of a child's way.
//!
//! [`tape`] is what happens whatever any service does; [`need`] how levels move; [`contact`] who
//! notes what; [`referral`] the way of a handoff; [`door`], [`assessment`], [`plan`] and [`service`]
//! its stages; [`moves`] who leaves and who moves house; [`missed`] what is counted as missed.
//! Children to whom nothing happens have no event and cost nothing.

mod assessment;
mod capacity;
mod change;
mod contact;
mod door;
mod ground;
mod joint;
mod missed;
mod moves;
mod need;
mod oversight;
mod plan;
mod purpose;
mod quiet;
mod referral;
mod rest;
mod scripted;
mod service;
mod state;
mod tape;
mod watched;
mod workers;

pub use ground::ChildrenGround;
pub use tape::Home;

use std::sync::Arc;

use super::diary::{Diary, Watch, What};
use super::{ChildOutcome, Outcomes, Tally, Trial};
use crate::engine::{Calendar, Instant, Links, Luck, Marked};
use crate::measures::{Count, HandoffEnd, Overhead};
use crate::model::{AreaId, NeedId, Place, ServiceId, SourceId, Structure};
use change::{Bond, Decided, Part, Temper};
use ground::Mark;
use purpose::Purpose;
use quiet::Aside;
use rest::Horizon;
use scripted::Script;
use state::{Child, Desk, NONE, Slot, Stores};
use tape::{Happening, Line, Slots, Tape};

/// Everything that the calendar holds, in the order in which it happens within one instant: staff
/// and places are freed before anyone asks for them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Event {
    /// The next entry of the tape about a child who is awake.
    Taped {
        slot: Slot,
    },
    Vests {
        decision: u32,
    },
    Built {
        part: Part,
        decision: u32,
    },
    MonthPasses,
    BudgetYear,
    PostsArrive {
        desk: u32,
    },
    PostChanges {
        desk: u32,
        post: u32,
    },
    LooksOver {
        layer: u32,
        area: AreaId,
        looks: u32,
    },
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
    /// What others were to contribute to a joint step has come, or the limit is reached.
    OthersDone {
        slot: Slot,
        handoff: u32,
    },
    HelpEnds {
        slot: Slot,
        need: NeedId,
    },
    /// A child's worker leaves, or another one takes over.
    WorkerChanges {
        slot: Slot,
        need: NeedId,
    },
    GivesUp {
        slot: Slot,
        handoff: u32,
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
    /// A child who ran ahead has come to a referral.
    Refers {
        slot: Slot,
        referral: u32,
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
    /// Scripted children, in slots behind all others.
    cast: Vec<scripted::Part>,
    tape: Tape,
}

impl ChildrenTape {
    /// Draws the tape of a trial from the start of the warm-up until `end`.
    pub fn new(ground: &ChildrenGround, luck: Luck, end: Instant) -> Self {
        let layout = tape::lay_out(ground);
        let cast = scripted::cast(ground);
        Self {
            luck,
            end,
            tape: tape::record(ground, &luck, &layout, &cast, end),
            layout,
            cast,
        }
    }
}

/// Children and services in motion.
#[derive(Debug, Clone)]
pub struct ChildrenTrial<'a> {
    ground: &'a ChildrenGround,
    /// The structure in force.
    structure: Arc<Structure>,
    /// The structure decided on last, while any of it is still to come.
    decided: Option<Decided<'a>>,
    tape: &'a ChildrenTape,
    layout: &'a [Slots],
    luck: Luck,
    now: Instant,
    end: Instant,
    calendar: Calendar<Event>,
    /// Until when children at rest run ahead.
    horizon: Horizon,
    /// Is a child running ahead just now?
    runs_ahead: bool,
    /// Does nobody ever rest? Then the calendar holds everything, as theory has it.
    #[cfg(test)]
    nobody_rests: bool,
    /// Days on which something changes for children at rest.
    turns: Vec<Instant>,
    /// The slots of children with a case that is on its way or was lost, and of some who had one.
    on_the_way: Marked,
    /// By area, the slots of children who have come from another area; some may have left again.
    guests: Vec<Vec<Slot>>,
    /// Is it being gone through who is quiet, and what they leave?
    is_apart: bool,
    /// What quiet children leave, gone through on decision day.
    aside: Option<Arc<Aside>>,
    /// Room for the cases that oversight goes through.
    looked_at: Vec<(Slot, NeedId)>,
    /// Room for the children among whom it looks for them.
    looked_for: Vec<Slot>,

    children: Vec<Child>,
    /// The slots from here on follow scripts.
    first_scripted: Slot,
    /// How far each scripted child has come.
    scripts: Vec<Script>,
    stores: Stores,
    desks: Vec<Desk>,
    links: Links,
    /// Every source and service of an area: `[(area * sources + source) * services + service]`.
    bonds: Vec<Bond>,
    tempers: Vec<Temper>,
    /// What each desk's threshold differs by in its area, under the structure in force.
    local_thresholds: Vec<f64>,
    /// How often it has been decided on a structure; what an earlier decision planned is void.
    decisions: u32,
    /// How often looks have been planned anew; those planned before are void.
    looks: u32,
    /// Is everyone to be screened, assessed and helped at once?
    unlimited: bool,
    /// How long the next referral is held back on purpose.
    held_back: u32,
    observed_from: Option<Instant>,
    /// Seconds of the observed time.
    observe: u32,
    tally: Tally,
    outcomes: Vec<ChildOutcome>,
    diary: Diary,
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
    /// the places taken, nothing noted, nothing on its way. `observe` is the length of the observed
    /// time in seconds.
    ///
    /// Where partners stay out of the structure, the seams are those of the one `before`.
    pub fn established(
        ground: &'a ChildrenGround,
        structure: &Arc<Structure>,
        before: &Arc<Structure>,
        tape: &'a ChildrenTape,
        observe: u32,
    ) -> Self {
        Self::watching(ground, structure, before, tape, observe, Watch::Nobody)
    }

    /// The same, and what happens to some children is noted in a diary.
    pub fn watching(
        ground: &'a ChildrenGround,
        structure: &Arc<Structure>,
        before: &Arc<Structure>,
        tape: &'a ChildrenTape,
        observe: u32,
        watch: Watch,
    ) -> Self {
        let diary = Diary::about(watch);
        Self::begin(ground, structure, before, tape, observe, false, diary)
    }

    /// The same without limits to capacity: everyone is screened, assessed and helped at once. What is
    /// in use is then the offered load.
    pub fn unlimited(
        ground: &'a ChildrenGround,
        structure: &Arc<Structure>,
        before: &Arc<Structure>,
        tape: &'a ChildrenTape,
        observe: u32,
    ) -> Self {
        let diary = Diary::default();
        Self::begin(ground, structure, before, tape, observe, true, diary)
    }

    fn begin(
        ground: &'a ChildrenGround,
        structure: &Arc<Structure>,
        before: &Arc<Structure>,
        tape: &'a ChildrenTape,
        observe: u32,
        unlimited: bool,
        diary: Diary,
    ) -> Self {
        let world = &ground.world;
        let tempers = change::tempers(ground, &tape.luck);
        let structure = &change::adopted(ground, &tape.luck, &tempers, structure, before);
        let slots = tape.layout.last().map_or(0, Slots::end);
        let absent = Child::at_rest(crate::engine::Who::named(""), AreaId::FIRST, 0);
        let mut trial = Self {
            structure: Arc::clone(structure),
            decided: None,
            layout: &tape.layout,
            luck: tape.luck,
            now: Instant::START,
            end: tape.end,
            horizon: Horizon::default(),
            runs_ahead: false,
            #[cfg(test)]
            nobody_rests: false,
            turns: Vec::new(),
            on_the_way: Marked::none_of(slots),
            guests: vec![Vec::new(); world.areas.len()],
            looked_at: Vec::new(),
            looked_for: Vec::new(),
            is_apart: false,
            aside: None,
            calendar: Calendar::default(),
            children: vec![absent; slots as usize],
            first_scripted: slots,
            scripts: Vec::new(),
            stores: Stores::default(),
            desks: capacity::open_desks(ground, structure.posts()),
            links: Links::default(),
            bonds: vec![
                Bond::default();
                world.areas.len() * world.sources.len() * world.services.len()
            ],
            tempers,
            local_thresholds: Vec::new(),
            decisions: 0,
            looks: 0,
            unlimited,
            held_back: 0,
            observed_from: None,
            tally: empty_tally(ground, observe),
            observe,
            outcomes: Vec::new(),
            diary,

            half_life: 0.0,
            referral_pause: 0,
            repeat_within: 0,
            information_limit: 0,
            panel_every: 0,
            spell_bridges: 0,
            ground,
            tape,
        };
        trial.diary.comes_into_force(trial.now, structure);
        trial.place_cast(tape);
        trial.take_settings();
        trial.renew_thresholds();
        trial.renew_bonds(structure, structure);
        trial.fill_posts();
        trial.settle_children();
        trial.plan_looks();
        if ground.world.mechanisms.budget_moves.at_most.get() > 0.0 {
            trial
                .calendar
                .schedule(Instant::at(ground::YEAR), Event::BudgetYear);
        }
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

    fn settle_children(&mut self) {
        let ground = self.ground;
        for slots in self.layout {
            let first_levels = ground.first_levels(slots.area);
            for slot in 0..slots.children {
                let number = slots.first + slot;
                let line = Line::new(ground, &self.luck, *slots, slot);
                self.children[number as usize] = self.newcomer(line, slots.area);
                let occupant = line.at(&self.luck, self.now);
                let age = self.age(number) as usize;
                for (need, law) in ground.world.need_ids().zip(&ground.needs) {
                    let chance = self
                        .luck
                        .block(occupant.who.with(law.who), Purpose::FirstLevels as u16, 0)
                        .uniform();
                    let levels = &first_levels[need.index()];
                    let level = levels.level(occupant.vulnerability, age, chance);
                    if level > 0 {
                        let index = self.strand_or_new(number, need);
                        self.stores.strands[index].level = level;
                        self.tell(number, |_| What::Level {
                            need,
                            from: 0,
                            to: level,
                        });
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
        self.find_siblings();
        self.find_place_on_tape(Instant::START);
        for slot in 0..self.children.len() {
            self.wake_if_engaged(slot as Slot);
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
            let places = (self.places_by_posts(desk) * filled).round() as u32;
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
            self.plan_worker_change(index);
        }
    }

    /// The child who lives in a slot now.
    fn newcomer(&self, line: Line, area: AreaId) -> Child {
        let occupant = line.at(&self.luck, self.now);
        Child::at_rest(occupant.who, area, occupant.born)
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

    /// Notes time that went into something besides the children themselves.
    fn take_hours(&mut self, what: Overhead, hours: f64) {
        if self.observed_from.is_some() && hours > 0.0 {
            self.tally.overhead_seconds[what.index()] += (hours * 3600.0) as u64;
        }
    }

    /// The number of the month of the observed time that a moment lies in.
    fn month_of(&self, at: Instant) -> Option<usize> {
        let from = self.observed_from.filter(|from| at >= *from)?;
        let month = (at.since(from) / capacity::MONTH) as usize;
        Some(month.min(self.tally.months.len().checked_sub(1)?))
    }

    fn happen(&mut self, slot: Slot, what: Happening) {
        match what {
            Happening::Leaves => self.child_leaves(slot),
            Happening::Moves { choice } => self.family_moves(slot, choice),
            Happening::NeedBegins { need } => self.need_begins(slot, need),
            Happening::Contact { source } => self.contact(slot, source),
            Happening::Scripted { line } => self.plays(slot, line),
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
            Event::OthersDone { handoff, .. } => {
                self.due(handoff);
                self.others_done(handoff);
            }
            Event::HelpEnds { slot, need } => self.help_ends(slot, need),
            Event::WorkerChanges { slot, need } => self.worker_changes(slot, need),
            Event::GivesUp { handoff, .. } => {
                self.due(handoff);
                self.gives_up(handoff);
            }
            Event::Vests { decision } => self.vests(decision),
            Event::Built { part, decision } => self.built(part, decision),
            Event::MonthPasses => self.month_passes(),
            Event::BudgetYear => self.budget_year(),
            Event::PostsArrive { desk } => self.posts_arrive(desk as usize),
            Event::PostChanges { desk, post } => self.post_changes(desk as usize, post as usize),
            Event::LooksOver { layer, area, looks } => self.looks_over(layer, area, looks),
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
            Event::Taped { slot } => self.plays_on(slot),
            Event::Refers { slot, referral } => self.comes_to_referral(slot, referral),
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

/// A tally of the shape of a world, with nothing in it.
fn empty_tally(ground: &ChildrenGround, observe: u32) -> Tally {
    let world = &ground.world;
    Tally {
        joint_steps: vec![0; world.joint_steps.len()],
        cases: scripted::tallies(ground),
        ..Tally::with_areas(
            world.sources.len(),
            world.services.len(),
            world.needs.len(),
            observe.div_ceil(ground::YEAR) as usize,
            world.areas.len(),
            observe.div_ceil(capacity::MONTH) as usize,
        )
    }
}

impl<'a> Trial<'a> for ChildrenTrial<'a> {
    type Ground = (&'a ChildrenGround, &'a ChildrenTape);

    fn run_until(&mut self, end: Instant) {
        self.set_horizon(end);
        self.run_all_ahead();
        while let Some((at, event)) = self.calendar.next_before(end) {
            self.bring_near();
            self.now = at;
            self.tally.events += u64::from(event.is_counted());
            self.handle(event);
            if let Some(slot) = event.child() {
                self.come_to_rest(slot);
            } else if self.now >= self.horizon.turn {
                self.set_horizon(end);
                self.run_all_ahead();
            }
        }
        self.now = end;
    }

    fn decide(&mut self, (ground, tape): Self::Ground, structure: &Arc<Structure>) {
        self.decide_on(ground, tape, structure);
    }

    fn hold_back_a_referral(&mut self, seconds: u32) {
        self.held_back = seconds;
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
                &mut desk.capacity.screening,
                &mut desk.capacity.assessments,
                &mut desk.capacity.places,
            ] {
                meter.restart(self.now);
            }
        }
        let at = self.now.after(capacity::MONTH);
        if at < self.end {
            self.calendar.schedule(at, Event::MonthPasses);
        }
    }

    fn set_aside(&mut self) {
        // Whoever is watched goes through everything in its turn.
        if !self.diary.is_kept() {
            self.set_quiet_aside();
        }
    }

    fn finish(self) -> (Tally, Outcomes) {
        let (tally, outcomes, _) = self.finish_with_diary();
        (tally, outcomes)
    }
}

impl ChildrenTrial<'_> {
    /// Ends the observed time, and hands over the diary as well.
    pub fn finish_with_diary(mut self) -> (Tally, Outcomes, Diary) {
        let now = self.now;
        self.end_scripts();
        for index in self.stores.strands.numbers().collect::<Vec<_>>() {
            self.close_strand(index);
        }
        for number in self.stores.handoffs.numbers().collect::<Vec<_>>() {
            let handoff = self.stores.handoffs[number];
            self.count_end(&handoff, HandoffEnd::Unfinished);
        }
        self.close_month();
        let seconds = u64::from(self.observed_from.map_or(0, |from| now.since(from)));
        let services = self.ground.services.len();
        let speeds: Vec<f64> = (0..self.desks.len())
            .map(|number| {
                let (area, service) = self.desk_at(number);
                self.screening_speed(area, service)
            })
            .collect();
        for (number, desk) in self.desks.iter_mut().enumerate() {
            let tally = &mut self.tally.services[number % services];
            tally.stock += u64::from(desk.occupied.level());
            tally.occupied_seconds += desk.occupied.settle(now);
            tally.place_seconds += desk.capacity.places.settle(now);
            tally.queue_seconds += desk.waiting.settle(now);
            // Busy posts: somebody who fills part of a post counts for that part.
            tally.screening_busy += (desk.screening.settle(now) as f64 * speeds[number]) as u64;
            tally.screening_seconds += desk.capacity.screening.settle(now) / 1000;
            tally.assessment_busy += desk.assessing.settle(now);
            tally.assessment_seconds += desk.capacity.assessments.settle(now);
        }
        for (slots, area) in self.layout.iter().zip(&mut self.tally.areas) {
            area.child_seconds = u64::from(slots.children) * seconds;
        }
        self.tally.child_seconds = self.tally.areas.iter().map(|it| it.child_seconds).sum();
        if let Some(aside) = &self.aside {
            self.tally.add(&aside.tally);
            self.outcomes.extend_from_slice(&aside.outcomes);
        }
        self.diary.close();
        (self.tally, Outcomes::new(self.outcomes), self.diary)
    }

    /// The study ends for a strand.
    fn close_strand(&mut self, index: u32) {
        self.settle(index);
        let state::Strand { need, level, .. } = self.stores.strands[index];
        if let Some(from_1) = level.checked_sub(1) {
            self.tally.needs[need.index()].at_level[usize::from(from_1)] += 1;
        }
    }

    fn empty_tally(&self) -> Tally {
        empty_tally(self.ground, self.observe)
    }

    /// Enters what each service had and used in the month that ends now, as what has been since
    /// decision day less what the months before have.
    fn close_month(&mut self) {
        let now = self.now;
        let Some(month) = self
            .observed_from
            .filter(|from| now > *from)
            .and_then(|_| self.month_of(Instant::at(now.seconds() - 1)))
        else {
            return;
        };
        let services = self.ground.services.len();
        for service in 0..services {
            let (mut occupied, mut places, mut queue) = (0, 0, 0);
            for desk in self.desks.iter_mut().skip(service).step_by(services) {
                occupied += desk.occupied.settle(now);
                places += desk.capacity.places.settle(now);
                queue += desk.waiting.settle(now);
            }
            for before in 0..month {
                let past = &self.tally.service_months[before * services + service];
                occupied -= past.occupied_seconds;
                places -= past.place_seconds;
                queue -= past.queue_seconds;
            }
            let cell = &mut self.tally.service_months[month * services + service];
            cell.occupied_seconds = occupied;
            cell.place_seconds = places;
            cell.queue_seconds = queue;
        }
    }
}

#[cfg(test)]
mod tests;
