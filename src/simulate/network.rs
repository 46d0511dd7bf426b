//! A trial of a plain-share network: cases arrive, wait, stay, and are handed on.

use super::handoffs::{Journey, Passage};
use std::sync::Arc;

use super::{Outcomes, SharingTally, Tally, Trial};
use crate::engine::{
    Calendar, Heights, Instant, Links, Luck, Meter, Sampler, Slab, Ticket, WaitingList, Who,
};
use crate::measures::{Count, HandoffEnd, PRESENT_TOP, Stage};
use crate::model::{AreaId, Handoff, KindId, Network, Next, Place, ServiceId, Sharing, Structure};
use crate::units::{Days, Law};

/// What a draw decides. The numbers are part of the keys of luck: they are never changed or used
/// again for something else.
#[repr(u16)]
#[derive(Clone, Copy)]
enum Purpose {
    BetweenArrivals = 1,
    Way = 2,
    Stay = 3,
    Patience = 4,
    Preparation = 5,
    Transit = 6,
    Loss = 7,
    Chase = 8,
}

/// Everything that can happen, in the order in which it happens within one instant: places are
/// freed before anyone asks for one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Event {
    StayOver { case: u32 },
    GaveUp { case: u32 },
    Prepared { case: u32 },
    Chased { case: u32 },
    Received { case: u32 },
    Arrived { kind: KindId },
}

/// A case under way.
#[derive(Debug, Clone, Copy)]
struct Case {
    kind: KindId,
    who: Who,
    arrived: Instant,
    /// Stays and handoffs so far: the ordinal of its draws.
    steps: u32,
    at: ServiceId,
    joined: Instant,
    next: Next,
    patience: Option<Ticket>,
    handoff: Option<(Passage, Journey)>,
}

/// One service.
#[derive(Debug, Clone)]
struct Desk {
    busy: Meter,
    queue: WaitingList,
    waiting: Meter,
    /// Those who wait and those who are served.
    present: Heights,
}

/// A network made ready for trials: what is the same in all of them.
#[derive(Debug)]
pub struct NetworkGround {
    network: Network,
    laws: Laws,
}

#[derive(Debug)]
struct Laws {
    between: Vec<Sampler>,
    kinds: Vec<Who>,
    stations: Vec<Who>,
    /// By service, kind and way.
    stays: Vec<Vec<Vec<Sampler>>>,
    patience: Vec<Option<Sampler>>,
    preparation: Sampler,
    transit: Sampler,
    chase: Sampler,
}

/// The network in motion.
#[derive(Debug, Clone)]
pub struct NetworkTrial<'a> {
    network: &'a Network,
    laws: &'a Laws,
    structure: Arc<Structure>,
    luck: Luck,
    calendar: Calendar<Event>,
    now: Instant,
    observed_from: Option<Instant>,
    cases: Slab<Case>,
    arrivals: Vec<u32>,
    desks: Vec<Desk>,
    /// Since when nothing has changed for each division of places that is considered.
    sharings_since: Vec<Instant>,
    links: Links,
    tally: Tally,
}

const HERE: AreaId = AreaId::FIRST;

impl NetworkGround {
    /// Prepares a network.
    pub fn new(network: Network) -> Self {
        let of = |pick: fn(&Handoff) -> &Law| {
            let law = network.handoff.as_ref().map(pick);
            Sampler::new(law.unwrap_or(&Law::Exactly(Days::ZERO)))
        };
        let laws = Laws {
            between: network
                .kinds
                .iter()
                .map(|kind| Sampler::new(&kind.between))
                .collect(),
            kinds: network
                .kinds
                .iter()
                .map(|kind| Who::named(kind.id.as_str()))
                .collect(),
            stations: network
                .stations
                .iter()
                .map(|station| Who::named(station.id.as_str()))
                .collect(),
            stays: network
                .stations
                .iter()
                .map(|station| {
                    station
                        .routes
                        .iter()
                        .map(|ways| ways.iter().map(|way| Sampler::new(&way.stay)).collect())
                        .collect()
                })
                .collect(),
            patience: network
                .stations
                .iter()
                .map(|station| station.gives_up.as_ref().map(Sampler::new))
                .collect(),
            preparation: of(|handoff| &handoff.preparation),
            transit: of(|handoff| &handoff.transit),
            chase: of(|handoff| &handoff.chase),
        };
        Self { network, laws }
    }
}

impl<'a> NetworkTrial<'a> {
    /// An empty network at the start of the warm-up.
    pub fn new(
        ground: &'a NetworkGround,
        structure: &Arc<Structure>,
        luck: Luck,
        years: usize,
    ) -> Self {
        let network = &ground.network;
        let services = network.stations.len();
        let mut tally = Tally::new(services, services, 0, years);
        let sharings = network.sharings.iter();
        tally.sharings = sharings.map(|it| SharingTally::new(it.own.len())).collect();
        let mut trial = Self {
            desks: network
                .stations
                .iter()
                .map(|station| Desk {
                    busy: Meter::default(),
                    queue: WaitingList::new(station.rank.iter().max().map_or(1, |rank| rank + 1)),
                    waiting: Meter::default(),
                    present: Heights::new(PRESENT_TOP),
                })
                .collect(),
            arrivals: vec![0; network.kinds.len()],
            tally,
            sharings_since: vec![Instant::START; network.sharings.len()],
            // Buckets of a quarter of a day and eleven years of them: most events are days away.
            calendar: Calendar::new(12, 15),
            now: Instant::START,
            observed_from: None,
            cases: Slab::default(),
            links: Links::default(),
            laws: &ground.laws,
            network,
            structure: Arc::clone(structure),
            luck,
        };
        for kind in trial.network.kind_ids() {
            trial.plan_arrival(kind);
        }
        trial
    }

    fn plan_arrival(&mut self, kind: KindId) {
        let number = self.arrivals[kind.index()];
        let gap = self.laws.between[kind.index()].draw(
            &self.luck,
            self.laws.kinds[kind.index()],
            Purpose::BetweenArrivals as u16,
            number,
            1.0,
        );
        self.calendar
            .schedule(self.now.after(gap), Event::Arrived { kind });
    }

    fn handle(&mut self, event: Event) {
        match event {
            Event::Arrived { kind } => self.arrive(kind),
            Event::StayOver { case } => self.end_stay(case),
            Event::GaveUp { case } => self.give_up(case),
            Event::Prepared { case } => self.send(case),
            Event::Chased { case } => {
                self.count(Count::FoundByChasing);
                self.send(case);
            }
            Event::Received { case } => self.join(case),
        }
    }

    fn count(&mut self, what: Count) {
        if self.observed_from.is_some() {
            self.tally.counts[what.index()] += 1;
        }
    }

    fn arrive(&mut self, kind: KindId) {
        let number = self.arrivals[kind.index()];
        self.arrivals[kind.index()] += 1;
        self.plan_arrival(kind);
        self.count(Count::Arrivals);
        let case = self.cases.insert(Case {
            kind,
            who: self.laws.kinds[kind.index()].number(number),
            arrived: self.now,
            steps: 0,
            at: self.network.kinds[kind.index()].to,
            joined: self.now,
            next: Next::Closed,
            patience: None,
            handoff: None,
        });
        self.join(case);
    }

    /// Enters how those present have stood to the places that are considered for them, before their
    /// number at a service changes.
    fn settle_sharings(&mut self, at: ServiceId) {
        if self.observed_from.is_none() {
            return;
        }
        let sharings = self.network.sharings.iter().zip(&mut self.sharings_since);
        for ((sharing, since), tally) in sharings.zip(&mut self.tally.sharings) {
            if sharing.own.iter().any(|(service, _)| *service == at) {
                settle(sharing, &self.desks, self.now.since(*since), tally);
                *since = self.now;
            }
        }
    }

    /// Joins the waiting list of the service where the case now is, or goes straight in; it is turned
    /// away where it can do neither.
    fn join(&mut self, case: u32) {
        let now = self.now;
        let at = self.cases[case].at;
        let station = &self.network.stations[at.index()];
        let desk = &mut self.desks[at.index()];
        if self.observed_from.is_some() {
            self.tally.present[at.index()].find(desk.present.height());
        }
        let free = station
            .places
            .is_none_or(|places| desk.busy.level() < places);
        let straight_in = free && desk.queue.is_empty();
        let is_full = station
            .waiting_room
            .is_some_and(|most| desk.waiting.level() >= most);
        if !straight_in && is_full {
            self.turn_away(case);
            return;
        }
        self.settle_sharings(at);
        self.desks[at.index()].present.up(now);
        self.cases[case].joined = now;
        if let Some((_, journey)) = &mut self.cases[case].handoff {
            journey.enter(Stage::Place, now);
        }
        if self.observed_from.is_some() {
            self.tally.services[at.index()].joined += 1;
        }
        if straight_in {
            self.begin_stay(case);
            return;
        }
        let rank = station.rank[self.cases[case].kind.index()];
        let desk = &mut self.desks[at.index()];
        desk.queue.join(&mut self.links, case, rank);
        desk.waiting.up(now);
        if let Some(patience) = &self.laws.patience[at.index()] {
            let Case { who, steps, .. } = self.cases[case];
            let seconds = patience.draw(
                &self.luck,
                who.with(self.laws.stations[at.index()]),
                Purpose::Patience as u16,
                steps,
                1.0,
            );
            let ticket = self
                .calendar
                .schedule(now.after(seconds), Event::GaveUp { case });
            self.cases[case].patience = Some(ticket);
        }
    }

    /// Sends a case that found the waiting room full to where the service says.
    fn turn_away(&mut self, case: u32) {
        let now = self.now;
        let Case { at, handoff, .. } = self.cases[case];
        if self.observed_from.is_some() {
            self.tally.services[at.index()].turned_away += 1;
        }
        if let Some((passage, journey)) = handoff {
            self.tally
                .finish_handoff(passage, journey, HandoffEnd::Rejected, now);
            self.cases[case].handoff = None;
        }
        match self.network.stations[at.index()].turned_away {
            Next::Closed => {
                self.count(Count::TurnedAway);
                self.cases.remove(case);
            }
            Next::To(service) => self.hand_on(case, service),
        }
    }

    fn begin_stay(&mut self, case: u32) {
        let now = self.now;
        let Case {
            kind,
            who,
            at,
            steps,
            joined,
            handoff,
            ..
        } = self.cases[case];
        self.desks[at.index()].busy.up(now);
        if self.observed_from.is_some() {
            let service = &mut self.tally.services[at.index()];
            service.started += 1;
            service.waited += u64::from(now > joined);
            service.waited_seconds += u64::from(now.since(joined));
        }
        if let Some((passage, journey)) = handoff {
            self.tally
                .finish_handoff(passage, journey, HandoffEnd::Begun, now);
            self.cases[case].handoff = None;
        }
        let key = who.with(self.laws.stations[at.index()]);
        let ways = &self.network.stations[at.index()].routes[kind.index()];
        // Where there is one way only, no luck decides; unread luck changes no other draw.
        let way = match ways.len() {
            1 => 0,
            several => {
                let chance = self.luck.block(key, Purpose::Way as u16, steps).uniform();
                ways.partition_point(|way| way.up_to < chance)
                    .min(several - 1)
            }
        };
        self.cases[case].next = ways[way].next;
        let stay = self.laws.stays[at.index()][kind.index()][way].draw(
            &self.luck,
            key,
            Purpose::Stay as u16,
            steps,
            1.0,
        );
        self.calendar
            .schedule(now.after(stay), Event::StayOver { case });
    }

    fn end_stay(&mut self, case: u32) {
        let now = self.now;
        let Case {
            at, arrived, next, ..
        } = self.cases[case];
        self.desks[at.index()].busy.down(now);
        self.settle_sharings(at);
        self.desks[at.index()].present.down(now);
        if self.observed_from.is_some() {
            self.tally.services[at.index()].ended += 1;
        }
        self.fill_place(at);
        match next {
            Next::Closed => {
                self.count(Count::Finished);
                if self.observed_from.is_some() {
                    self.tally.counts[Count::SecondsInSystem.index()] +=
                        u64::from(now.since(arrived));
                }
                self.cases.remove(case);
            }
            Next::To(service) => self.hand_on(case, service),
        }
    }

    fn fill_place(&mut self, at: ServiceId) {
        let desk = &mut self.desks[at.index()];
        let Some(case) = desk.queue.take_first(&mut self.links) else {
            return;
        };
        desk.waiting.down(self.now);
        if let Some(ticket) = self.cases[case].patience.take() {
            self.calendar.cancel(ticket);
        }
        self.begin_stay(case);
    }

    fn give_up(&mut self, case: u32) {
        let Case {
            at, kind, handoff, ..
        } = self.cases.remove(case);
        let rank = self.network.stations[at.index()].rank[kind.index()];
        self.settle_sharings(at);
        let desk = &mut self.desks[at.index()];
        desk.queue.leave(&mut self.links, case, rank);
        desk.waiting.down(self.now);
        desk.present.down(self.now);
        self.count(Count::GaveUp);
        if self.observed_from.is_some() {
            self.tally.services[at.index()].gave_up += 1;
        }
        if let Some((passage, journey)) = handoff {
            self.tally
                .finish_handoff(passage, journey, HandoffEnd::GaveUp, self.now);
        }
    }

    fn hand_on(&mut self, case: u32, to: ServiceId) {
        let now = self.now;
        let from = self.cases[case].at;
        self.cases[case].steps += 1;
        let kind = self
            .structure
            .kind(Place::service(from, HERE), Place::service(to, HERE));
        let passage = Passage {
            kind,
            from: from.index(),
            to: to.index(),
            counted: self.observed_from.is_some(),
        };
        self.count(Count::Handoffs);
        if self.observed_from.is_some() {
            self.tally.pair_mut(passage).started += 1;
        }
        self.cases[case].handoff = Some((passage, Journey::begin(now)));
        self.cases[case].at = to;
        if self.network.handoff.is_none() {
            self.join(case);
            return;
        }
        let preparation = self.draw_passing(case, &self.laws.preparation, Purpose::Preparation);
        if preparation == 0 {
            self.send(case);
        } else {
            self.calendar
                .schedule(now.after(preparation), Event::Prepared { case });
        }
    }

    fn closeness(&self, case: u32) -> f64 {
        self.cases[case].handoff.map_or(1.0, |(passage, _)| {
            self.network.closeness.factor(passage.kind)
        })
    }

    /// A duration of passing on: keyed by the case and where it goes, shorter the closer they are.
    fn draw_passing(&self, case: u32, law: &Sampler, purpose: Purpose) -> u32 {
        let Case { who, at, steps, .. } = self.cases[case];
        law.draw(
            &self.luck,
            who.with(self.laws.stations[at.index()]),
            purpose as u16,
            steps,
            self.closeness(case),
        )
    }

    /// Sends the case on its way; it may be lost as it starts.
    fn send(&mut self, case: u32) {
        let now = self.now;
        let Some(handoff) = &self.network.handoff else {
            return;
        };
        let closeness = self.closeness(case);
        let Case { who, at, steps, .. } = self.cases[case];
        let silent = handoff.silent_loss.times(closeness).get();
        let any = silent + handoff.detected_loss.times(closeness).get();
        let chance = if any > 0.0 {
            let key = who.with(self.laws.stations[at.index()]);
            self.luck.block(key, Purpose::Loss as u16, steps).uniform()
        } else {
            // Nothing can be lost.
            1.0
        };
        if chance < silent {
            self.count(Count::SilentLosses);
            let lost = self.cases.remove(case);
            if let Some((passage, journey)) = lost.handoff {
                self.tally
                    .finish_handoff(passage, journey, HandoffEnd::Lost, now);
            }
            return;
        }
        if chance < any {
            self.count(Count::DetectedLosses);
            if let Some((_, journey)) = &mut self.cases[case].handoff {
                journey.enter(Stage::Chasing, now);
            }
            let wait = self.draw_passing(case, &self.laws.chase, Purpose::Chase);
            // The next try has luck of its own.
            self.cases[case].steps += 1;
            self.calendar
                .schedule(now.after(wait), Event::Chased { case });
            return;
        }
        if let Some((_, journey)) = &mut self.cases[case].handoff {
            journey.enter(Stage::Transit, now);
        }
        let transit = self.draw_passing(case, &self.laws.transit, Purpose::Transit);
        if transit == 0 {
            self.join(case);
        } else {
            self.calendar
                .schedule(now.after(transit), Event::Received { case });
        }
    }
}

/// Enters so many seconds in which nothing changed for a division of places.
fn settle(sharing: &Sharing, desks: &[Desk], seconds: u32, tally: &mut SharingTally) {
    let seconds = u64::from(seconds);
    let present = |service: ServiceId| desks[service.index()].present.height() as u32;
    let in_common = (sharing.own.iter())
        .map(|(service, own)| present(*service).saturating_sub(*own))
        .sum::<u32>();
    let all_fit = in_common <= sharing.common;
    if all_fit {
        tally.fits_seconds += seconds;
    }
    if in_common < sharing.common {
        return;
    }
    for (number, (service, own)) in sharing.own.iter().enumerate() {
        if present(*service) >= *own {
            tally.none_free_seconds[number] += seconds;
            tally.last_taken_seconds[number] += u64::from(all_fit) * seconds;
        }
    }
}

impl<'a> Trial<'a> for NetworkTrial<'a> {
    type Ground = &'a NetworkGround;

    fn run_until(&mut self, end: Instant) {
        while let Some((at, event)) = self.calendar.next_before(end) {
            self.now = at;
            self.tally.events += 1;
            self.handle(event);
        }
        self.now = end;
    }

    fn decide(&mut self, ground: &'a NetworkGround, structure: &Arc<Structure>) {
        self.network = &ground.network;
        self.laws = &ground.laws;
        self.structure = Arc::clone(structure);
    }

    fn begin_observing(&mut self) {
        self.observed_from = Some(self.now);
        self.tally.events = 0;
        self.sharings_since.fill(self.now);
        for desk in &mut self.desks {
            desk.busy.restart(self.now);
            desk.waiting.restart(self.now);
            desk.present.restart(self.now);
        }
    }

    fn finish(mut self) -> (Tally, Outcomes) {
        let now = self.now;
        for case in self.cases.numbers().collect::<Vec<_>>() {
            if let Some((passage, journey)) = self.cases[case].handoff {
                self.tally
                    .finish_handoff(passage, journey, HandoffEnd::Unfinished, now);
            }
        }
        let observed = self.observed_from.map_or(0, |from| now.since(from));
        for service in self.network.service_ids() {
            self.settle_sharings(service);
        }
        for (service, desk) in self.network.service_ids().zip(&mut self.desks) {
            let tally = &mut self.tally.services[service.index()];
            tally.stock = u64::from(desk.busy.level());
            tally.occupied_seconds = desk.busy.settle(now);
            tally.queue_seconds = desk.waiting.settle(now);
            self.tally.present[service.index()].seconds = desk.present.take(now);
            tally.place_seconds = self.network.stations[service.index()]
                .places
                .map_or(0, |places| u64::from(places) * u64::from(observed));
        }
        (self.tally, Outcomes::default())
    }
}
