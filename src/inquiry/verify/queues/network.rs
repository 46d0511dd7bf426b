//! Queues of a plain-share network beside theory. All of theory comes from the scenario: the flows from
//! the traffic equations, the waits from the formula that fits the service.
//!
//! A formula is exact where arrivals are Poisson. They are if cases come from outside at random and
//! every service on their way keeps them so: one with unlimited places, or one with exponential stays
//! that are the same for all, where nobody gives up (Jackson; Baskett, Chandy, Muntz and Palacios 1975).

use super::{Quantity, Queue, companion};
use crate::analysis::Sampled;
use crate::analysis::theory::{self, Class, LimitedRoom};
use crate::experiment::results::Results;
use crate::model::{AreaId, Handoff, Network, Next, Place, Route, ServiceId, Structure};
use crate::scenario::{self, NetworkWorld, Scenario};
use crate::units::{Days, Law};

/// So many relaxation times have to pass before a start is forgotten.
const FORGOTTEN: f64 = 5.0;

/// The traffic equations are solved by going round until nothing changes, so often at most.
const ROUNDS: usize = 100_000;

pub(super) fn companions(
    study: &Scenario,
    structure: &scenario::Structure,
    world: &NetworkWorld,
    results: &Results,
) -> Vec<(Queue, Sampled)> {
    let network = Network::new(world);
    let names: Vec<&scenario::Id> = world.stations.iter().map(|it| &it.id).collect();
    let structure = Structure::new(structure, &names, &study.areas);
    let flows = Flows::new(&network, &structure);
    let of = |service: usize| Of {
        flows: &flows,
        results,
        warm_up: study.study.warm_up.get(),
        service,
    };
    (0..network.stations.len())
        .flat_map(|service| of(service).companions())
        .collect()
}

/// What theory knows of one service before any formula is chosen.
#[derive(Debug, Clone)]
struct Facts {
    places: Option<u32>,
    gives_up: Option<Law>,
    /// How many can wait at once.
    room: Option<u32>,
    /// Arrivals a day by kind.
    rates: Vec<f64>,
    /// Rank by kind.
    rank: Vec<usize>,
    /// Mean and squared coefficient of variation of the stay, by kind.
    stays: Vec<(f64, f64)>,
    /// ... of all kinds together.
    stay: f64,
    squared_cv: f64,
    /// Exponential, with the same mean whatever the kind and the way out.
    is_memoryless: bool,
    /// Do all kinds that come go on by the same shares?
    is_way_the_same: bool,
}

impl Facts {
    fn rate(&self) -> f64 {
        self.rates.iter().sum()
    }

    fn load(&self) -> f64 {
        let places = self.places.map_or(f64::INFINITY, f64::from);
        self.rate() * self.stay / places
    }

    /// Do kinds of different rank come?
    fn has_ranks(&self) -> bool {
        let mut coming = self.coming().map(|kind| self.rank[kind]);
        let first = coming.next();
        coming.any(|rank| Some(rank) != first)
    }

    fn coming(&self) -> impl Iterator<Item = usize> {
        let rates = self.rates.iter().enumerate();
        rates.filter(|(_, rate)| **rate > 0.0).map(|(kind, _)| kind)
    }

    fn waits_for_ever(&self) -> bool {
        self.gives_up.is_none()
    }

    fn is_saturated(&self) -> bool {
        self.places.is_some() && self.room.is_none() && self.waits_for_ever() && self.load() >= 1.0
    }

    /// Why those who leave do not leave at random; `None` where they do.
    fn disturbs(&self) -> Option<&'static str> {
        if self.places.is_none() {
            None
        } else if self.is_saturated() {
            Some("which cannot keep up")
        } else if self.room.is_some() {
            Some("where cases are turned away")
        } else if !self.waits_for_ever() {
            Some("where cases give up")
        } else if !self.is_memoryless {
            Some("where stays are not exponential and the same for all")
        } else if self.has_ranks() && !self.is_way_the_same {
            Some("where urgent cases go first and go on elsewhere")
        } else {
            None
        }
    }

    /// What the waiting room comes to, if it is limited; stays and patience are taken as exponential.
    fn in_room(&self) -> Option<LimitedRoom> {
        let (Some(places), Some(room)) = (self.places, self.room) else {
            return None;
        };
        let patience = self.gives_up.as_ref().map(|it| positive(it.mean().get()));
        (self.rate() > 0.0 && places > 0)
            .then(|| theory::limited_room(self.rate(), positive(self.stay), patience, places, room))
    }

    /// Share of cases that are turned away, as far as theory knows.
    fn turns_away(&self) -> f64 {
        self.in_room().map_or(0.0, |it| it.turned_away)
    }

    /// Share of cases that are served in the end, as far as theory knows.
    fn keeps(&self) -> f64 {
        if let Some(room) = self.in_room() {
            return 1.0 - room.turned_away - room.gives_up;
        }
        match (&self.gives_up, self.places) {
            (Some(patience), Some(places)) if self.rate() > 0.0 && places > 0 => {
                let patience = positive(patience.mean().get());
                1.0 - theory::erlang_a(self.rate(), self.stay, patience, places).gives_up
            }
            _ => 1.0,
        }
    }

    /// Do formulas need to know how many are lost before they are served?
    fn loses_some(&self) -> bool {
        self.places.is_some() && (self.room.is_some() || self.gives_up.is_some())
    }

    /// Days in which the service forgets its start by a factor of e.
    fn relaxation(&self) -> f64 {
        let alone = self.stay * ((1.0 + self.squared_cv) / 2.0).max(1.0);
        let Some(places) = self.places else {
            return alone;
        };
        let queue = theory::relaxation(self.rate(), self.stay, self.squared_cv, places);
        match &self.gives_up {
            // As many as can be present leave in about so many stays.
            None if self.room.is_some() => {
                let room = f64::from(self.room.unwrap_or(0)) / f64::from(places.max(1));
                let full = alone * (1.0 + room);
                queue.map_or(full, |queue| queue.min(full))
            }
            None => queue.unwrap_or(f64::INFINITY),
            Some(patience) => {
                let patient = alone.max(patience.mean().get());
                queue.map_or(patient, |queue| queue.min(patient))
            }
        }
    }
}

/// A time that can be divided by.
fn positive(days: f64) -> f64 {
    days.max(f64::MIN_POSITIVE)
}

/// The flows of a network and what they say of its services.
struct Flows {
    facts: Vec<Facts>,
    names: Vec<String>,
    /// `leads[from][to]`: do cases go this way?
    leads: Vec<Vec<bool>>,
    /// Kinds that do not arrive at random.
    regular: Vec<bool>,
    kinds: Vec<String>,
    /// Mean days on the way between two services.
    transit: f64,
}

impl Flows {
    fn new(network: &Network, structure: &Structure) -> Self {
        let (kinds, services) = (network.kinds.len(), network.stations.len());
        let arrives = |network: &Network, from: usize, to: usize| {
            network.handoff.as_ref().map_or(1.0, |handoff| {
                let at = |service| Place::service(ServiceId::new(service), AreaId::FIRST);
                let kind = structure.kind(at(from), at(to));
                share_that_arrives(handoff, network.closeness.factor(kind))
            })
        };
        // Share of the cases of a kind that leave one service and reach another.
        let mut on = vec![vec![vec![0.0; services]; services]; kinds];
        for (kind, on) in on.iter_mut().enumerate() {
            for (from, on) in on.iter_mut().enumerate() {
                for (way, share) in ways(&network.stations[from].routes[kind]) {
                    if let Next::To(to) = way.next {
                        on[to.index()] += share * arrives(network, from, to.index());
                    }
                }
            }
        }
        // The same for those that are turned away.
        let mut away = vec![vec![0.0; services]; services];
        for (from, away) in away.iter_mut().enumerate() {
            if let Next::To(to) = network.stations[from].turned_away {
                away[to.index()] = arrives(network, from, to.index());
            }
        }
        let outside: Vec<Vec<f64>> = network
            .kinds
            .iter()
            .map(|kind| {
                let mut rates = vec![0.0; services];
                let mean = kind.between.mean().get();
                if mean > 0.0 {
                    rates[kind.to.index()] = 1.0 / mean;
                }
                rates
            })
            .collect();
        let mut rates = outside.clone();
        let mut facts: Vec<Facts> = Vec::new();
        for _ in 0..ROUNDS {
            facts = (0..services)
                .map(|service| facts_of(network, service, &rates))
                .collect();
            let keeps: Vec<f64> = facts.iter().map(Facts::keeps).collect();
            let turns_away: Vec<f64> = facts.iter().map(Facts::turns_away).collect();
            let mut moved: f64 = 0.0;
            for kind in 0..kinds {
                let next: Vec<f64> = (0..services)
                    .map(|to| {
                        let handed_on = (0..services).map(|from| {
                            let served = keeps[from] * on[kind][from][to];
                            rates[kind][from] * (served + turns_away[from] * away[from][to])
                        });
                        outside[kind][to] + handed_on.sum::<f64>()
                    })
                    .collect();
                for (old, new) in rates[kind].iter().zip(&next) {
                    moved = moved.max((old - new).abs());
                }
                rates[kind] = next;
            }
            if moved < 1e-13 {
                break;
            }
        }
        let leads = (0..services)
            .map(|from| {
                (0..services)
                    .map(|to| {
                        let goes = |kind: usize| {
                            rates[kind][from] * (on[kind][from][to] + away[from][to]) > 0.0
                        };
                        (0..kinds).any(goes)
                    })
                    .collect()
            })
            .collect();
        let is_random = |law: &Law| matches!(law, Law::Exponential { .. });
        Self {
            facts,
            leads,
            names: network
                .stations
                .iter()
                .map(|it| it.id.to_string())
                .collect(),
            regular: network
                .kinds
                .iter()
                .map(|it| !is_random(&it.between))
                .collect(),
            kinds: network.kinds.iter().map(|it| it.id.to_string()).collect(),
            transit: network.handoff.as_ref().map_or(0.0, |handoff| {
                handoff.preparation.mean().get() + handoff.transit.mean().get()
            }),
        }
    }

    /// Services from which cases come to this one, over any number of steps; itself if they come back.
    fn before(&self, service: usize) -> Vec<usize> {
        let mut found = vec![false; self.facts.len()];
        let mut look = vec![service];
        while let Some(to) = look.pop() {
            for (from, leads) in self.leads.iter().enumerate() {
                if leads[to] && !found[from] {
                    found[from] = true;
                    look.push(from);
                }
            }
        }
        (0..found.len()).filter(|it| found[*it]).collect()
    }
}

/// The ways out of a service for one kind, each with its share.
fn ways(routes: &[Route]) -> impl Iterator<Item = (&Route, f64)> {
    let mut before = 0.0;
    routes.iter().map(move |way| {
        let share = way.up_to - before;
        before = way.up_to;
        (way, share)
    })
}

/// Share of cases that arrive in the end: those lost and found are sent again.
fn share_that_arrives(handoff: &Handoff, closeness: f64) -> f64 {
    let silent = handoff.silent_loss.times(closeness).get();
    let any = (silent + handoff.detected_loss.times(closeness).get()).min(1.0);
    let found = any - silent;
    if found < 1.0 {
        (1.0 - any) / (1.0 - found)
    } else {
        0.0
    }
}

fn facts_of(network: &Network, service: usize, rates: &[Vec<f64>]) -> Facts {
    let station = &network.stations[service];
    let rates: Vec<f64> = rates.iter().map(|of_kind| of_kind[service]).collect();
    let mut memoryless: Option<Days> = None;
    let mut is_memoryless = true;
    let mut stays = Vec::new();
    let mut ways_out: Option<Vec<(Next, u64)>> = None;
    let mut is_way_the_same = true;
    for (kind, routes) in station.routes.iter().enumerate() {
        let (mut first, mut second) = (0.0, 0.0);
        for (way, share) in ways(routes) {
            let mean = way.stay.mean().get();
            first += share * mean;
            second += share * mean * mean * (1.0 + way.stay.squared_cv().unwrap_or(0.0));
            if rates[kind] > 0.0 && share > 0.0 {
                match way.stay {
                    Law::Exponential { mean } if memoryless.is_none_or(|it| it == mean) => {
                        memoryless = Some(mean);
                    }
                    _ => is_memoryless = false,
                }
            }
        }
        if rates[kind] > 0.0 {
            let own = ways(routes).map(|(way, share)| (way.next, share.to_bits()));
            let own: Vec<(Next, u64)> = own.collect();
            is_way_the_same &= ways_out.as_ref().is_none_or(|it| *it == own);
            ways_out = Some(own);
        }
        stays.push((first, squared_cv(first, second)));
    }
    let rate: f64 = rates.iter().sum();
    let mean_of = |pick: &dyn Fn(&(f64, f64)) -> f64| -> f64 {
        let all = rates.iter().zip(&stays);
        let sum: f64 = all.map(|(rate, stay)| rate * pick(stay)).sum();
        if rate > 0.0 { sum / rate } else { 0.0 }
    };
    let stay = mean_of(&|(mean, _)| *mean);
    let second = mean_of(&|(mean, squared_cv)| mean * mean * (1.0 + squared_cv));
    Facts {
        places: station.places,
        gives_up: station.gives_up.clone(),
        room: station.waiting_room,
        rank: station.rank.clone(),
        squared_cv: squared_cv(stay, second),
        rates,
        stays,
        stay,
        is_memoryless,
        is_way_the_same,
    }
}

fn squared_cv(first: f64, second: f64) -> f64 {
    if first > 0.0 {
        (second / (first * first) - 1.0).max(0.0)
    } else {
        0.0
    }
}

/// One service, asked for its companions.
struct Of<'a> {
    flows: &'a Flows,
    results: &'a Results,
    warm_up: f64,
    service: usize,
}

impl Of<'_> {
    fn facts(&self) -> &Facts {
        &self.flows.facts[self.service]
    }

    fn companions(&self) -> Vec<(Queue, Sampled)> {
        let facts = self.facts();
        if facts.rate() <= 0.0 {
            return Vec::new();
        }
        let mut found = vec![self.arrivals()];
        if facts.places.is_some() && facts.room.is_some() {
            found.push(self.turned_away());
        }
        if facts.places.is_some() && facts.room != Some(0) {
            found.push(self.wait());
        }
        found.push(self.in_use());
        found
    }

    fn tell(
        &self,
        quantity: Quantity,
        theory_name: &str,
        theory: Option<f64>,
        reasons: Vec<String>,
    ) -> (Queue, Sampled) {
        companion(
            self.results,
            self.service,
            quantity,
            theory_name,
            theory,
            reasons,
        )
    }

    fn arrivals(&self) -> (Queue, Sampled) {
        let mut reasons = self.rate_reasons();
        reasons.extend(self.short_warm_up(false));
        let rate = self.facts().rate();
        self.tell(Quantity::Arrivals, "traffic equations", Some(rate), reasons)
    }

    fn turned_away(&self) -> (Queue, Sampled) {
        let facts = self.facts();
        let mut reasons = self.arrival_reasons();
        let (places, room) = (facts.places.unwrap_or(0), facts.room.unwrap_or(0));
        let name = if room == 0 {
            format!("Erlang B, {places} places")
        } else {
            if !facts.is_memoryless {
                reasons.push(STAYS.to_owned());
            }
            reasons.extend(self.patience_reason());
            format!("M/M/c with {places} places and room for {room} to wait")
        };
        reasons.extend(self.short_warm_up(true));
        let share = facts.in_room().map(|it| 100.0 * it.turned_away);
        self.tell(Quantity::TurnedAway, &name, share, reasons)
    }

    fn patience_reason(&self) -> Option<String> {
        match &self.facts().gives_up {
            Some(Law::Exponential { .. }) | None => None,
            Some(_) => Some("theory has exponential patience, here it is not".to_owned()),
        }
    }

    fn in_use(&self) -> (Queue, Sampled) {
        let facts = self.facts();
        let mut reasons = self.rate_reasons();
        let mut in_use = facts.rate() * facts.keeps() * facts.stay;
        if facts.is_saturated() {
            in_use = facts.places.map_or(in_use, f64::from);
        }
        if !self.loses_exactly(self.service) {
            reasons.push(format!(
                "theory has only an approximation: {}",
                self.why_not()
            ));
        }
        reasons.extend(self.short_warm_up(true));
        let name = match facts.places {
            None => "unlimited places (M/G/∞)",
            Some(_) => "rate of starts times mean stay",
        };
        self.tell(Quantity::InUse, name, Some(in_use), reasons)
    }

    fn wait(&self) -> (Queue, Sampled) {
        let facts = self.facts();
        let (rate, stay) = (facts.rate(), facts.stay);
        let places = facts.places.unwrap_or(0);
        if places == 0 {
            let reasons = vec!["it has no places: nobody is ever served".to_owned()];
            return self.tell(Quantity::Wait, "none", None, reasons);
        }
        if facts.is_saturated() {
            let reason = format!(
                "it is offered {:.2} of what it can do: no steady state, the list grows for as long as \
                 one looks",
                facts.load()
            );
            return self.tell(Quantity::Wait, "none", None, vec![reason]);
        }
        let mut reasons = self.arrival_reasons();
        let (name, wait) = match &facts.gives_up {
            _ if facts.room.is_some() => {
                if !facts.is_memoryless {
                    reasons.push(STAYS.to_owned());
                }
                reasons.extend(self.patience_reason());
                let room = facts.room.unwrap_or(0);
                let wait = facts.in_room().map(|it| it.wait);
                (format!("M/M/c with room for {room} to wait"), wait)
            }
            Some(patience) => {
                if !facts.is_memoryless {
                    reasons.push(STAYS.to_owned());
                }
                reasons.extend(self.patience_reason());
                let patience = positive(patience.mean().get());
                let wait = theory::erlang_a(rate, stay, patience, places).wait;
                ("Erlang A".to_owned(), Some(wait))
            }
            None if places == 1 && facts.has_ranks() => {
                let classes = self.classes();
                let waits = theory::cobham(&classes);
                let mean = waits.map(|waits| {
                    let all = classes.iter().zip(waits);
                    all.map(|(class, wait)| class.rate * wait).sum::<f64>() / rate
                });
                ("Cobham".to_owned(), mean)
            }
            None if places == 1 && !facts.is_memoryless => (
                "Pollaczek-Khinchine".to_owned(),
                theory::one_place(rate, stay, facts.squared_cv),
            ),
            None => {
                let wait = theory::mean_wait(rate, stay, places);
                if facts.is_memoryless {
                    (self.erlang_c(places), wait)
                } else {
                    reasons.push(
                        "for several places and stays that are not exponential theory has only an \
                         approximation (Lee and Longton)"
                            .to_owned(),
                    );
                    let factor = (1.0 + facts.squared_cv) / 2.0;
                    ("Erlang C, adjusted".to_owned(), wait.map(|it| it * factor))
                }
            }
        };
        reasons.extend(self.short_warm_up(true));
        let several = if places == 1 { "" } else { "s" };
        let name = format!("{name}, {places} place{several}");
        self.tell(Quantity::Wait, &name, wait, reasons)
    }

    /// Erlang C knows the wait of each rank as well.
    fn erlang_c(&self, places: u32) -> String {
        let facts = self.facts();
        let classes = self.classes();
        let rates: Vec<f64> = classes.iter().map(|class| class.rate).collect();
        match theory::ranked(&rates, facts.stay, places) {
            Some(waits) if facts.has_ranks() => {
                let waits: Vec<String> = waits.iter().map(|it| format!("{it:.2}")).collect();
                format!("Erlang C (by rank {} days)", waits.join(", "))
            }
            _ => "Erlang C".to_owned(),
        }
    }

    /// The kinds that come, by rank.
    fn classes(&self) -> Vec<Class> {
        let facts = self.facts();
        let mut ranks: Vec<usize> = facts.coming().map(|kind| facts.rank[kind]).collect();
        ranks.sort_unstable();
        ranks.dedup();
        ranks
            .into_iter()
            .map(|rank| {
                let of_rank = || facts.coming().filter(move |kind| facts.rank[*kind] == rank);
                let rate: f64 = of_rank().map(|kind| facts.rates[kind]).sum();
                let mean = |pick: &dyn Fn(f64, f64) -> f64| -> f64 {
                    let all = of_rank().map(|kind| {
                        let (stay, squared_cv) = facts.stays[kind];
                        facts.rates[kind] * pick(stay, squared_cv)
                    });
                    all.sum::<f64>() / rate
                };
                let stay = mean(&|stay, _| stay);
                let second = mean(&|stay, squared_cv| stay * stay * (1.0 + squared_cv));
                Class {
                    rate,
                    stay,
                    squared_cv: squared_cv(stay, second),
                }
            })
            .collect()
    }

    /// Why arrivals are not Poisson.
    fn arrival_reasons(&self) -> Vec<String> {
        self.flows.arrival_reasons(self.service)
    }

    /// Does theory know exactly how many give up or are turned away?
    fn loses_exactly(&self, service: usize) -> bool {
        self.flows.loses_exactly(service)
    }

    fn why_not(&self) -> String {
        let reasons = self.arrival_reasons();
        let first = reasons.into_iter().next();
        first.unwrap_or_else(|| STAYS.to_owned())
    }

    /// Why the rate itself is not known exactly.
    fn rate_reasons(&self) -> Vec<String> {
        let before = self.flows.before(self.service);
        let not_exact = before
            .into_iter()
            .filter(|it| !self.loses_exactly(*it) || self.flows.facts[*it].is_saturated());
        let names: Vec<&str> = not_exact.map(|it| self.name(it)).collect();
        match names.is_empty() {
            true => Vec::new(),
            false => vec![format!(
                "how many cases leave {} is known only approximately",
                names.join(", ")
            )],
        }
    }

    fn name(&self, service: usize) -> &str {
        &self.results.services[service].name
    }

    /// Whether the warm-up is long enough to forget the empty start, here and wherever cases come from.
    fn short_warm_up(&self, here: bool) -> Option<String> {
        let before = self.flows.before(self.service);
        let own = here.then_some(self.service);
        let times = before.into_iter().chain(own);
        let longest = times
            .map(|service| self.flows.facts[service].relaxation() + self.flows.transit)
            .filter(|it| it.is_finite())
            .fold(0.0, f64::max);
        let needed = FORGOTTEN * longest;
        (self.warm_up < needed).then(|| {
            format!(
                "the warm-up of {:.0} days is short: about {needed:.0} days pass before the empty start \
                 is forgotten",
                self.warm_up
            )
        })
    }
}

const STAYS: &str = "theory has exponential stays, the same for all; here they are not";

impl Flows {
    fn arrival_reasons(&self, service: usize) -> Vec<String> {
        let before = self.before(service);
        let mut reasons = Vec::new();
        for (kind, is_regular) in self.regular.iter().enumerate() {
            let comes = |it: &usize| self.facts[*it].rates[kind] > 0.0;
            let here = std::iter::once(service).chain(before.iter().copied());
            if *is_regular && here.clone().any(|it| comes(&it)) {
                reasons.push(format!(
                    "cases of kind \"{}\" do not arrive at random",
                    self.kinds[kind]
                ));
            }
        }
        for from in before {
            if let Some(why) = self.facts[from].disturbs() {
                let what = match from == service {
                    true => "cases come back to it after leaving it".to_owned(),
                    false => format!("cases come through \"{}\", {why}", self.names[from]),
                };
                reasons.push(format!("arrivals are not at random: {what}"));
            }
        }
        reasons
    }

    fn loses_exactly(&self, service: usize) -> bool {
        let facts = &self.facts[service];
        if !facts.loses_some() {
            return true;
        }
        // Where nobody can wait, nobody gives up, and stays of any law come to the same (Erlang B).
        let is_patience_random = facts
            .gives_up
            .as_ref()
            .is_none_or(|it| matches!(it, Law::Exponential { .. }));
        let is_known = facts.room == Some(0) || (facts.is_memoryless && is_patience_random);
        is_known && self.arrival_reasons(service).is_empty()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scenario::{Request, World, load_text};

    const STUDY: &str = r#"
[study]
name     = "Known beforehand"
purpose  = "What does theory say?"
baseline = "one"
start    = "established"
warm_up  = "8 years"
observe  = "5 years"
trials   = 4
seed     = 1
[arrivals]
a = { to = "first", rate = "8 per day" }
[service.first]
places = 4
stay   = "exponential, mean 0.4 days"
then   = { second = "50%", closed = "50%" }
[service.second]
SECOND
then   = { first = "20%", closed = "80%" }
[structure.one]
name    = "One"
summary = "All together."
[structure.one.organisation]
all = { footprint = "area", runs = ["first", "second"] }
"#;

    fn facts(second: &str) -> (Flows, Vec<String>) {
        let text = STUDY.replace("SECOND", second);
        let scenario = load_text("known.toml", &text, &Request::default())
            .unwrap_or_else(|problems| panic!("{problems:?}"));
        let World::Network(world) = &*scenario.structures[0].world else {
            panic!("a network was expected");
        };
        let names: Vec<&scenario::Id> = world.stations.iter().map(|it| &it.id).collect();
        let structure = Structure::new(&scenario.structures[0], &names, &scenario.areas);
        let flows = Flows::new(&Network::new(world), &structure);
        let reasons = flows.arrival_reasons(0);
        (flows, reasons)
    }

    #[test]
    fn flows_solve_the_traffic_equations() {
        let (flows, reasons) = facts("places = 10\nstay = \"exponential, mean 2 days\"");
        // first = 8 + 0.2 second, second = 0.5 first.
        assert!((flows.facts[0].rate() - 8.0 / 0.9).abs() < 1e-9);
        assert!((flows.facts[1].rate() - 4.0 / 0.9).abs() < 1e-9);
        // A Jackson network: every queue is as if arrivals were Poisson, though cases come back.
        assert_eq!(reasons, Vec::<String>::new());
    }

    #[test]
    fn what_disturbs_arrivals_is_named() {
        let (_, reasons) = facts("places = 10\nstay = \"exactly 2 days\"");
        assert_eq!(reasons.len(), 1, "{reasons:?}");
        assert!(reasons[0].contains("through \"second\", where stays are not exponential"));
        let (_, reasons) = facts("places = \"unlimited\"\nstay = \"exactly 2 days\"");
        assert_eq!(reasons, Vec::<String>::new());
        let (flows, reasons) = facts(
            "places = 10\nstay = \"exponential, mean 2 days\"\ngives_up = \"exponential, mean 9 days\"",
        );
        assert!(reasons[0].contains("where cases give up"), "{reasons:?}");
        assert!(!flows.loses_exactly(1), "cases come back");
        let (_, reasons) =
            facts("places = 10\nwaiting_room = 2\nstay = \"exponential, mean 2 days\"");
        assert!(
            reasons[0].contains("where cases are turned away"),
            "{reasons:?}"
        );
        let (flows, reasons) = facts("places = 8\nstay = \"exponential, mean 2 days\"");
        assert!(flows.facts[1].is_saturated() && !reasons.is_empty());
    }
}
