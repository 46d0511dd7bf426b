//! A trial of a plain-share network: cases arrive, wait, stay, and are handed on.

use std::hint::black_box;
use std::sync::Arc;

use super::handoffs::{Journey, Passage};
use super::{Outcomes, PresentTally, ServiceTally, SharingTally, Tally, Trial};
use crate::engine::{
    Calendar, Heights, Instant, Links, Luck, Meter, Sampler, Slab, Ticket, WaitingList, Who,
};
use crate::measures::{Count, HandoffEnd, HandoffKind, PRESENT_TOP, Stage};
use crate::model::{
    AreaId, Handoff, KindId, Network, Next, Place, Route, ServiceId, Sharing, Structure,
};
use crate::units::{Days, Law, Probability};

/// What a draw decides. The numbers are part of the keys of luck: they are never changed or used
/// again for something else. (2 and 7 were the way out and losses, which now go with stay and transit.)
#[repr(u16)]
#[derive(Clone, Copy)]
enum Purpose {
    BetweenArrivals = 1,
    Stay = 3,
    Patience = 4,
    Preparation = 5,
    Transit = 6,
    Chase = 8,
}

/// What can happen to a case, in the order in which it happens within one instant: places are freed
/// before anyone asks for one. Arrivals come last of all; they are kept beside the calendar.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum What {
    StayOver,
    GaveUp,
    Prepared,
    Chased,
    Received,
}

/// What happens to which case, in one number: what in its upper bits, the case in its lower ones. So
/// the order of numbers is that of events.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Event(u32);

const CASE_BITS: u32 = 29;

impl Event {
    #[inline]
    fn of(what: What, case: u32) -> Self {
        assert!(case >> CASE_BITS == 0, "fewer than 2^29 cases at once");
        Self((what as u32) << CASE_BITS | case)
    }

    #[inline]
    fn what(self) -> What {
        match self.0 >> CASE_BITS {
            0 => What::StayOver,
            1 => What::GaveUp,
            2 => What::Prepared,
            3 => What::Chased,
            _ => What::Received,
        }
    }

    #[inline]
    fn case(self) -> u32 {
        self.0 & ((1 << CASE_BITS) - 1)
    }
}

/// The next arrival of each kind of case, and the next of all. Far more of them happen than are to
/// come at any moment, so they are not worth a place in the calendar.
#[derive(Debug, Clone)]
struct Arrivals {
    /// By kind.
    next: Vec<Arrival>,
    soonest: (Instant, KindId),
}

#[derive(Debug, Clone, Copy)]
struct Arrival {
    at: Instant,
    /// How many of its kind came before.
    number: u32,
}

impl Arrivals {
    /// Finds out which is next; of two at one instant it is that of the kind listed first.
    #[inline]
    fn look(&mut self) {
        self.soonest = (Instant::NEVER, KindId::FIRST);
        for (kind, arrival) in self.next.iter().enumerate() {
            if arrival.at < self.soonest.0 {
                self.soonest = (arrival.at, KindId::new(kind));
            }
        }
    }
}

/// A case under way. It fills one line of a processor's cache: with very many cases, an event takes
/// about as long as it takes to bring its case near.
#[repr(align(64))]
#[derive(Debug, Clone, Copy)]
struct Case {
    who: Who,
    /// Who it is at the service where it now is: the key of its draws.
    here: Who,
    arrived: Instant,
    joined: Instant,
    /// Stays and handoffs so far: the ordinal of its draws.
    steps: u32,
    patience: Option<Ticket>,
    kind: KindId,
    at: ServiceId,
    next: Next,
    handoff: Option<Handed>,
}

const _: () = assert!(size_of::<Option<Case>>() == 64, "a case fills one line");

/// How a case came to the service where it is or to which it is on its way.
#[derive(Debug, Clone, Copy)]
struct Handed {
    kind: HandoffKind,
    from: ServiceId,
    /// Was it decided in the observed time?
    counted: bool,
    decided: Instant,
    /// When it was to be sent for the first time, and when it was sent and not lost.
    prepared: Instant,
    sent: Instant,
}

/// One service.
#[derive(Debug, Clone)]
struct Desk {
    busy: Meter,
    queue: WaitingList,
    waiting: Meter,
    /// Those who wait and those who are served.
    present: Heights,
    /// What is counted of it in the observed time, at hand where it is counted.
    tally: ServiceTally,
    found: PresentTally,
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
    /// By service and kind: `[service * kinds + kind]`.
    ways: Vec<Vec<Way>>,
    patience: Vec<Option<Sampler>>,
    preparation: Sampler,
    transit: Sampler,
    chase: Sampler,
    /// By kind of handoff.
    crossings: [Crossing; HandoffKind::COUNT],
}

/// What the closeness of its two ends makes of a handoff: shorter and safer the closer they are.
#[derive(Debug, Clone, Copy)]
struct Crossing {
    closeness: f64,
    /// Chance that it is lost and nobody notices.
    silent_loss: f64,
    /// Chance that it is lost, noticed or not.
    loss: f64,
}

/// A way out of a service, and how long a case stays before.
#[derive(Debug)]
struct Way {
    /// Chance that a case goes this way or one listed before it.
    up_to: f64,
    next: Next,
    stay: Sampler,
}

/// The network in motion.
#[derive(Debug, Clone)]
pub struct NetworkTrial<'a> {
    network: &'a Network,
    laws: &'a Laws,
    /// Kinds of handoff under the present structure: `[from * services + to]`.
    kinds: Arc<[HandoffKind]>,
    luck: Luck,
    calendar: Calendar<Event>,
    now: Instant,
    observed_from: Option<Instant>,
    cases: Slab<Case>,
    arrivals: Arrivals,
    desks: Vec<Desk>,
    /// Since when nothing has changed for each division of places that is considered.
    sharings_since: Vec<Instant>,
    links: Links,
    tally: Tally,
}

const HERE: AreaId = AreaId::FIRST;

/// So many events pass until a case that is called for is there, however far memory is.
const EVENTS_AHEAD: usize = 3;

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
            ways: (network.stations.iter())
                .flat_map(|station| &station.routes)
                .map(|routes| {
                    let way = |route: &Route| Way {
                        up_to: route.up_to,
                        next: route.next,
                        stay: Sampler::new(&route.stay),
                    };
                    routes.iter().map(way).collect()
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
            crossings: std::array::from_fn(|kind| {
                let closeness = network.closeness.factor(HandoffKind::ALL[kind]);
                let chance = |of: fn(&Handoff) -> Probability| {
                    let handoff = network.handoff.as_ref();
                    handoff.map_or(0.0, |handoff| of(handoff).times(closeness).get())
                };
                let silent_loss = chance(|handoff| handoff.silent_loss);
                Crossing {
                    closeness,
                    silent_loss,
                    loss: silent_loss + chance(|handoff| handoff.detected_loss),
                }
            }),
        };
        Self { network, laws }
    }
}

/// Between each service and each, by the structure.
fn kinds_of_handoff(network: &Network, structure: &Structure) -> Arc<[HandoffKind]> {
    let place = |service| Place::service(service, HERE);
    let from = |from| (network.service_ids()).map(move |to| structure.kind(place(from), place(to)));
    network.service_ids().flat_map(from).collect()
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
                    tally: ServiceTally::default(),
                    found: PresentTally::default(),
                })
                .collect(),
            arrivals: Arrivals {
                next: Vec::new(),
                soonest: (Instant::NEVER, KindId::FIRST),
            },
            tally,
            sharings_since: vec![Instant::START; network.sharings.len()],
            calendar: Calendar::default(),
            now: Instant::START,
            observed_from: None,
            cases: Slab::default(),
            links: Links::default(),
            laws: &ground.laws,
            network,
            kinds: kinds_of_handoff(network, structure),
            luck,
        };
        for kind in trial.network.kind_ids() {
            let at = trial.next_arrival(kind, 0);
            trial.arrivals.next.push(Arrival { at, number: 0 });
        }
        trial.arrivals.look();
        trial
    }

    /// When the case of this kind and number comes, seen from when the one before it did.
    #[inline]
    fn next_arrival(&self, kind: KindId, number: u32) -> Instant {
        let who = self.laws.kinds[kind.index()];
        let purpose = Purpose::BetweenArrivals as u16;
        let between = &self.laws.between[kind.index()];
        let gap = between.draw(&self.luck, who, purpose, number, 1.0);
        self.now.after(gap)
    }

    /// Has the case of a later event brought near while this one is handled.
    #[inline]
    fn bring_near(&self) {
        if let Some(later) = self.calendar.glimpse(EVENTS_AHEAD) {
            // To look is enough.
            black_box(self.cases.holds(later.case()));
        }
    }

    #[inline]
    fn handle(&mut self, event: Event) {
        let case = event.case();
        match event.what() {
            What::StayOver => self.end_stay(case),
            What::GaveUp => self.give_up(case),
            What::Prepared => self.send(case),
            What::Chased => {
                self.count(Count::FoundByChasing);
                self.send(case);
            }
            What::Received => self.join(case),
        }
    }

    #[inline]
    fn count(&mut self, what: Count) {
        if self.observed_from.is_some() {
            self.tally.counts[what.index()] += 1;
        }
    }

    fn arrive(&mut self, kind: KindId) {
        let number = self.arrivals.next[kind.index()].number;
        self.arrivals.next[kind.index()] = Arrival {
            at: self.next_arrival(kind, number + 1),
            number: number + 1,
        };
        self.arrivals.look();
        self.count(Count::Arrivals);
        let who = self.laws.kinds[kind.index()].number(number);
        let at = self.network.kinds[kind.index()].to;
        let case = self.cases.insert(Case {
            who,
            here: who.with(self.laws.stations[at.index()]),
            arrived: self.now,
            joined: self.now,
            steps: 0,
            patience: None,
            kind,
            at,
            next: Next::Closed,
            handoff: None,
        });
        self.join(case);
    }

    /// Enters how those present have stood to the places that are considered for them, before their
    /// number at a service changes. Few studies consider any.
    #[inline(always)]
    fn settle_sharings(&mut self, at: ServiceId) {
        if !self.sharings_since.is_empty() && self.observed_from.is_some() {
            self.settle_stated_sharings(at);
        }
    }

    #[inline(never)]
    fn settle_stated_sharings(&mut self, at: ServiceId) {
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
        let Case { at, joined, .. } = &mut self.cases[case];
        let at = *at;
        *joined = now;
        let station = &self.network.stations[at.index()];
        let desk = &mut self.desks[at.index()];
        if self.observed_from.is_some() {
            desk.found.find(desk.present.height());
        }
        let free = station
            .places
            .is_none_or(|places| desk.busy.level() < places);
        // Both are asked at once: a processor can foresee neither answer.
        let straight_in = free & desk.queue.is_empty();
        let is_full = station
            .waiting_room
            .is_some_and(|most| desk.waiting.level() >= most);
        if !straight_in && is_full {
            self.turn_away(case);
            return;
        }
        self.settle_sharings(at);
        let desk = &mut self.desks[at.index()];
        desk.present.up(now);
        if self.observed_from.is_some() {
            desk.tally.joined += 1;
        }
        if straight_in {
            self.begin_stay(case);
        } else {
            self.wait(case);
        }
    }

    /// Joins the waiting list, for as long as patience lasts.
    fn wait(&mut self, number: u32) {
        let case = &mut self.cases[number];
        let at = case.at.index();
        let rank = self.network.stations[at].rank[case.kind.index()];
        let desk = &mut self.desks[at];
        desk.queue.join(&mut self.links, number, rank);
        desk.waiting.up(self.now);
        if let Some(patience) = &self.laws.patience[at] {
            let purpose = Purpose::Patience as u16;
            let seconds = patience.draw(&self.luck, case.here, purpose, case.steps, 1.0);
            let ends = self.now.after(seconds);
            let event = Event::of(What::GaveUp, number);
            case.patience = Some(self.calendar.schedule(ends, event));
        }
    }

    /// Sends a case that found the waiting room full to where the service says.
    fn turn_away(&mut self, case: u32) {
        let at = self.cases[case].at;
        if self.observed_from.is_some() {
            self.desks[at.index()].tally.turned_away += 1;
        }
        self.end_handoff(case, HandoffEnd::Rejected);
        match self.network.stations[at.index()].turned_away {
            Next::Closed => {
                self.count(Count::TurnedAway);
                self.cases.remove(case);
            }
            Next::To(service) => self.hand_on(case, service),
        }
    }

    fn begin_stay(&mut self, number: u32) {
        let now = self.now;
        let case = &mut self.cases[number];
        case.end_handoff(HandoffEnd::Begun, now, &mut self.tally);
        let at = case.at.index();
        let desk = &mut self.desks[at];
        desk.busy.up(now);
        if self.observed_from.is_some() {
            let service = &mut desk.tally;
            service.started += 1;
            service.waited += u64::from(now > case.joined);
            service.waited_seconds += u64::from(now.since(case.joined));
        }
        let ways = &self.laws.ways[at * self.network.kinds.len() + case.kind.index()];
        let (who, purpose, steps) = (case.here, Purpose::Stay as u16, case.steps);
        // One block decides both: where to, and how long before.
        let luck = self.luck.block(who, purpose, steps);
        let way = ways.partition_point(|way| way.up_to < luck.second());
        let way = &ways[way.min(ways.len() - 1)];
        case.next = way.next;
        let stream = || self.luck.stream(who, purpose, steps);
        let stay = way.stay.draw_from(luck, stream, 1.0);
        self.calendar
            .schedule_for_good(now.after(stay), Event::of(What::StayOver, number));
    }

    fn end_stay(&mut self, case: u32) {
        let now = self.now;
        let Case {
            at, arrived, next, ..
        } = self.cases[case];
        self.settle_sharings(at);
        let desk = &mut self.desks[at.index()];
        desk.busy.down(now);
        desk.present.down(now);
        if self.observed_from.is_some() {
            desk.tally.ended += 1;
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

    /// Whoever waits first takes a free place, if there are both; tells whether that was so.
    fn fill_place(&mut self, at: ServiceId) -> bool {
        let places = self.network.stations[at.index()].places;
        let desk = &mut self.desks[at.index()];
        // After a decision there may be fewer places than are taken.
        if places.is_some_and(|places| desk.busy.level() >= places) {
            return false;
        }
        let Some(case) = desk.queue.take_first(&mut self.links) else {
            return false;
        };
        desk.waiting.down(self.now);
        if let Some(ticket) = self.cases[case].patience.take() {
            self.calendar.cancel(ticket);
        }
        self.begin_stay(case);
        true
    }

    fn give_up(&mut self, case: u32) {
        self.end_handoff(case, HandoffEnd::GaveUp);
        let Case { at, kind, .. } = self.cases.remove(case);
        let rank = self.network.stations[at.index()].rank[kind.index()];
        self.settle_sharings(at);
        let desk = &mut self.desks[at.index()];
        desk.queue.leave(&mut self.links, case, rank);
        desk.waiting.down(self.now);
        desk.present.down(self.now);
        if self.observed_from.is_some() {
            desk.tally.gave_up += 1;
        }
        self.count(Count::GaveUp);
    }

    #[inline]
    fn hand_on(&mut self, number: u32, to: ServiceId) {
        let now = self.now;
        let case = &mut self.cases[number];
        let from = case.at;
        let kind = self.kinds[from.index() * self.desks.len() + to.index()];
        case.steps += 1;
        case.at = to;
        case.here = case.who.with(self.laws.stations[to.index()]);
        let mut handed = Handed {
            kind,
            from,
            counted: self.observed_from.is_some(),
            decided: now,
            prepared: now,
            sent: now,
        };
        if self.observed_from.is_some() {
            self.tally.counts[Count::Handoffs.index()] += 1;
            self.tally.pair_mut(handed.passage(to)).started += 1;
        }
        if self.network.handoff.is_none() {
            case.handoff = Some(handed);
            self.join(number);
            return;
        }
        let closeness = self.laws.crossings[kind.index()].closeness;
        let purpose = Purpose::Preparation as u16;
        let law = &self.laws.preparation;
        let preparation = law.draw(&self.luck, case.here, purpose, case.steps, closeness);
        handed.prepared = now.after(preparation);
        case.handoff = Some(handed);
        if preparation == 0 {
            self.send(number);
        } else {
            let event = Event::of(What::Prepared, number);
            self.calendar.schedule_for_good(handed.prepared, event);
        }
    }

    /// Sends the case on its way; it may be lost as it starts.
    #[inline]
    fn send(&mut self, number: u32) {
        let now = self.now;
        let case = &mut self.cases[number];
        let Some(handed) = &mut case.handoff else {
            return;
        };
        let Crossing {
            closeness,
            silent_loss,
            loss,
        } = self.laws.crossings[handed.kind.index()];
        let (who, purpose, steps) = (case.here, Purpose::Transit as u16, case.steps);
        // One block decides both: whether it is lost, and how long it is on its way if not.
        let luck = self.luck.block(who, purpose, steps);
        let chance = luck.second();
        if chance < silent_loss {
            self.count(Count::SilentLosses);
            self.end_handoff(number, HandoffEnd::Lost);
            self.cases.remove(number);
            return;
        }
        if chance < loss {
            let purpose = Purpose::Chase as u16;
            let chase = &self.laws.chase;
            let wait = chase.draw(&self.luck, case.here, purpose, case.steps, closeness);
            // The next try has luck of its own.
            case.steps += 1;
            self.count(Count::DetectedLosses);
            self.calendar
                .schedule_for_good(now.after(wait), Event::of(What::Chased, number));
            return;
        }
        handed.sent = now;
        let stream = || self.luck.stream(who, purpose, steps);
        let transit = (self.laws.transit).draw_from(luck, stream, closeness);
        if transit == 0 {
            self.join(number);
        } else {
            self.calendar
                .schedule_for_good(now.after(transit), Event::of(What::Received, number));
        }
    }

    fn end_handoff(&mut self, case: u32, end: HandoffEnd) {
        self.cases[case].end_handoff(end, self.now, &mut self.tally);
    }
}

impl Case {
    /// Records how the handoff ended that brought the case here or was to do so, if any did.
    #[inline]
    fn end_handoff(&mut self, end: HandoffEnd, now: Instant, tally: &mut Tally) {
        if let Some(handed) = self.handoff.take().filter(|handed| handed.counted) {
            let (passage, journey) = (handed.passage(self.at), handed.journey(self.joined));
            tally.finish_handoff(passage, journey, end, now);
        }
    }
}

impl Handed {
    #[inline]
    fn passage(&self, to: ServiceId) -> Passage {
        Passage {
            kind: self.kind,
            from: self.from.index(),
            to: to.index(),
            counted: self.counted,
        }
    }

    /// Its stages. Only of a handoff that is begun are they all over, and looked at.
    fn journey(&self, joined: Instant) -> Journey {
        let mut journey = Journey::begin(self.decided);
        journey.enter(Stage::Chasing, self.prepared);
        journey.enter(Stage::Transit, self.sent);
        journey.enter(Stage::Place, joined);
        journey
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
        let mut events = 0;
        loop {
            let (arrival, kind) = self.arrivals.soonest;
            if let Some((at, event)) = self.calendar.next_before(end.min(arrival.after(1))) {
                self.now = at;
                self.bring_near();
                self.handle(event);
            } else if arrival < end {
                self.now = arrival;
                self.arrive(kind);
            } else {
                break;
            }
            events += 1;
        }
        self.tally.events += events;
        self.now = end;
    }

    fn decide(&mut self, ground: &'a NetworkGround, structure: &Arc<Structure>) {
        self.network = &ground.network;
        self.laws = &ground.laws;
        self.kinds = kinds_of_handoff(self.network, structure);
        // Places that are new are filled by those who wait.
        for service in self.network.service_ids() {
            while self.fill_place(service) {}
        }
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
            self.end_handoff(case, HandoffEnd::Unfinished);
        }
        let observed = self.observed_from.map_or(0, |from| now.since(from));
        for service in self.network.service_ids() {
            self.settle_sharings(service);
        }
        for (service, desk) in self.network.service_ids().zip(&mut self.desks) {
            let places = self.network.stations[service.index()].places;
            self.tally.services[service.index()] = ServiceTally {
                stock: u64::from(desk.busy.level()),
                occupied_seconds: desk.busy.settle(now),
                queue_seconds: desk.waiting.settle(now),
                place_seconds: places.map_or(0, |places| u64::from(places) * u64::from(observed)),
                ..desk.tally
            };
            self.tally.present[service.index()] = PresentTally {
                seconds: desk.present.take(now),
                found: std::mem::take(&mut desk.found.found),
            };
        }
        (self.tally, Outcomes::default())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn events_are_ordered_by_what_they_are_and_then_by_case() {
        let in_order = [
            What::StayOver,
            What::GaveUp,
            What::Prepared,
            What::Chased,
            What::Received,
        ];
        let last = (1 << CASE_BITS) - 1;
        let events = in_order.map(|what| [0, 1, last].map(|case| (what, case)));
        let numbers = events.as_flattened().iter().map(|(what, case)| {
            let event = Event::of(*what, *case);
            assert_eq!((event.what(), event.case()), (*what, *case));
            event
        });
        assert!(numbers.is_sorted_by(|one, other| one < other));
    }

    #[test]
    #[should_panic(expected = "fewer than 2^29 cases")]
    fn a_case_that_would_look_like_another_event_is_refused() {
        Event::of(What::StayOver, 1 << CASE_BITS);
    }

    #[test]
    fn of_arrivals_at_one_instant_the_kind_listed_first_comes_first() {
        let at = |seconds| Arrival {
            at: Instant::at(seconds),
            number: 0,
        };
        let mut arrivals = Arrivals {
            next: vec![at(9), at(7), at(7)],
            soonest: (Instant::NEVER, KindId::FIRST),
        };
        arrivals.look();
        assert_eq!(arrivals.soonest, (Instant::at(7), KindId::new(1)));
        arrivals.next[1] = at(u32::MAX);
        arrivals.look();
        assert_eq!(arrivals.soonest, (Instant::at(7), KindId::new(2)));
    }
}
