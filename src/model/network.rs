//! The world of a plain-share network, names resolved to ids.

use super::{Closeness, Handoff, KindId, ServiceId};
use crate::measures::HandoffKind;
use crate::scenario::{self, Id, NetworkWorld};
use crate::units::Law;

/// A queueing network: kinds of case arrive, stay, and go on by shares.
#[derive(Debug, Clone, PartialEq)]
pub struct Network {
    /// Kinds of case, sorted by id.
    pub kinds: Vec<Kind>,
    /// Services, sorted by id.
    pub stations: Vec<Station>,
    /// Divisions of places that are considered, sorted by id.
    pub sharings: Vec<Sharing>,
    /// Passing a case on, if anything about it is stated.
    pub handoff: Option<Handoff>,
    /// Factors by closeness.
    pub closeness: Closeness,
}

/// A kind of case.
#[derive(Debug, Clone, PartialEq)]
pub struct Kind {
    /// Id.
    pub id: Id,
    /// Where it arrives.
    pub to: ServiceId,
    /// Time between arrivals.
    pub between: Law,
}

/// A service of a network.
#[derive(Debug, Clone, PartialEq)]
pub struct Station {
    /// Id.
    pub id: Id,
    /// Places; `None` is unlimited.
    pub places: Option<u32>,
    /// Rank of each kind in the waiting list, 0 first.
    pub rank: Vec<usize>,
    /// How long a case waits at most.
    pub gives_up: Option<Law>,
    /// Cases that can wait at once; `None` is unlimited.
    pub waiting_room: Option<u32>,
    /// Where a case goes that finds all places taken and the waiting room full.
    pub turned_away: Next,
    /// Ways out, by kind; the shares of a kind add up to 1.
    pub routes: Vec<Vec<Route>>,
}

/// Places that are considered for services together.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sharing {
    /// The services that share, sorted, with the places of their own.
    pub own: Vec<(ServiceId, u32)>,
    /// Places that any of them can use.
    pub common: u32,
}

/// One way out of a service for one kind of case.
#[derive(Debug, Clone, PartialEq)]
pub struct Route {
    /// Chance that a case goes this way or one listed before it.
    pub up_to: f64,
    /// Where to.
    pub next: Next,
    /// How long it stays before.
    pub stay: Law,
}

/// What follows a stay.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Next {
    /// The case is closed.
    Closed,
    /// It is handed to this service.
    To(ServiceId),
}

impl Station {
    /// Shares of the cases of a kind that go on to other services.
    fn shares(&self, kind: KindId) -> impl Iterator<Item = (f64, ServiceId)> {
        let mut before = 0.0;
        self.routes[kind.index()].iter().filter_map(move |route| {
            let share = route.up_to - before;
            before = route.up_to;
            match route.next {
                Next::To(service) => Some((share, service)),
                Next::Closed => None,
            }
        })
    }

    /// Mean stay of the cases of a kind, in days.
    fn mean_stay(&self, kind: KindId) -> f64 {
        let mut before = 0.0;
        let of_route = |route: &Route| {
            let share = route.up_to - before;
            before = route.up_to;
            share * route.stay.mean().get()
        };
        self.routes[kind.index()].iter().map(of_route).sum()
    }
}

impl Network {
    /// Resolves the names of a checked network.
    ///
    /// # Panics
    /// If a name is unknown; the reader of scenario files refuses such files.
    pub fn new(network: &NetworkWorld) -> Self {
        let service = |wanted: &Id| {
            ServiceId::new(
                network
                    .stations
                    .iter()
                    .position(|station| station.id == *wanted)
                    .expect("a checked network names only its own services"),
            )
        };
        let sharings = (network.sharings.iter())
            .map(|sharing| Sharing {
                own: (sharing.own.iter())
                    .map(|(id, places)| (service(id), *places))
                    .collect(),
                common: sharing.common,
            })
            .collect();
        let kinds = network
            .kinds
            .iter()
            .map(|kind| Kind {
                id: kind.id.clone(),
                to: service(&kind.to),
                between: kind.between.clone(),
            })
            .collect();
        let stations = network
            .stations
            .iter()
            .map(|station| Station {
                id: station.id.clone(),
                places: station.places,
                rank: network
                    .kinds
                    .iter()
                    .map(|kind| {
                        station
                            .priority
                            .iter()
                            .position(|rank| rank.contains(&kind.id))
                            .unwrap_or(station.priority.len())
                    })
                    .collect(),
                gives_up: station.gives_up.clone(),
                waiting_room: station.waiting_room,
                turned_away: (station.turned_away.as_ref())
                    .map_or(Next::Closed, |id| Next::To(service(id))),
                routes: network
                    .kinds
                    .iter()
                    .map(|kind| {
                        let mut ways: Vec<&scenario::Route> = station
                            .routes
                            .iter()
                            .filter(|route| route.kind.as_ref().is_none_or(|id| *id == kind.id))
                            .collect();
                        // In the order of ids, so that the order in the file changes no luck.
                        ways.sort_by(|one, other| one.next.cmp(&other.next));
                        let mut up_to = 0.0;
                        let mut routes: Vec<Route> = ways
                            .into_iter()
                            .map(|route| {
                                up_to += route.share.get();
                                Route {
                                    up_to,
                                    next: route
                                        .next
                                        .as_ref()
                                        .map_or(Next::Closed, |id| Next::To(service(id))),
                                    stay: route.stay.clone(),
                                }
                            })
                            .collect();
                        // Shares add up to 1 but for rounding; the last way takes what is left.
                        if let Some(last) = routes.last_mut() {
                            last.up_to = 1.0;
                        }
                        routes
                    })
                    .collect(),
            })
            .collect();
        Self {
            kinds,
            stations,
            sharings,
            handoff: network.handoff.clone(),
            closeness: network.closeness,
        }
    }

    /// Mean number present at each service, where all that come are sure to find a place at once and
    /// to come at random: those present are then Poisson with this mean, whatever the laws of their
    /// stays, and at one moment independent of those present elsewhere (Jackson 1957,
    /// <https://doi.org/10.1287/opre.5.4.518>; for any law of stays Harrison and Lemoine 1981,
    /// <https://doi.org/10.2307/3213309>). `None` where a case that comes may have waited anywhere or
    /// arrived by a law that is not exponential. `kind_of` is the kind of a handoff between two services.
    pub fn mean_present(
        &self,
        kind_of: impl Fn(ServiceId, ServiceId) -> HandoffKind,
    ) -> Vec<Option<f64>> {
        let mut present = vec![Some(0.0); self.stations.len()];
        for kind in self.kind_ids() {
            let Kind { to, between, .. } = &self.kinds[kind.index()];
            let visits = self.visits(kind, *to, &kind_of);
            let visited = || visits.iter().zip(&self.stations).filter(|it| *it.0 > 0.0);
            let at_random = match between {
                Law::Exponential { mean } => Some(1.0 / mean.get()),
                _ => None,
            };
            let is_free = visited().all(|(_, station)| station.places.is_none());
            for ((present, visits), station) in present.iter_mut().zip(&visits).zip(&self.stations)
            {
                if *visits > 0.0 {
                    let rate = at_random.filter(|_| is_free);
                    let sum = rate.map(|rate| rate * visits * station.mean_stay(kind));
                    *present = present.zip(sum).map(|(present, more)| present + more);
                }
            }
        }
        present
    }

    /// How often a case of a kind comes to each service on average, from the first.
    fn visits(
        &self,
        kind: KindId,
        first: ServiceId,
        kind_of: impl Fn(ServiceId, ServiceId) -> HandoffKind,
    ) -> Vec<f64> {
        // Cases that come to each service at their first, second, third step. Every case can end, so
        // the steps run out.
        const STEPS: usize = 100_000;
        let mut now = vec![0.0; self.stations.len()];
        now[first.index()] = 1.0;
        let mut visits = now.clone();
        for _ in 0..STEPS {
            let mut next = vec![0.0; now.len()];
            for from in self.service_ids().filter(|from| now[from.index()] > 0.0) {
                for (share, to) in self.stations[from.index()].shares(kind) {
                    let arrive = self.share_that_arrives(kind_of(from, to));
                    next[to.index()] += now[from.index()] * share * arrive;
                }
            }
            for (sum, more) in visits.iter_mut().zip(&next) {
                *sum += more;
            }
            if next.iter().sum::<f64>() < 1e-15 {
                break;
            }
            now = next;
        }
        visits
    }

    /// Share of the cases handed on that arrive at all: what is lost noticeably is sent again.
    fn share_that_arrives(&self, kind: HandoffKind) -> f64 {
        self.handoff.as_ref().map_or(1.0, |handoff| {
            let closeness = self.closeness.factor(kind);
            let silent = handoff.silent_loss.times(closeness).get();
            let detected = handoff.detected_loss.times(closeness).get();
            let arrive = (1.0 - silent - detected).max(0.0);
            if arrive > 0.0 {
                arrive / (arrive + silent)
            } else {
                0.0
            }
        })
    }

    /// All kinds of case.
    pub fn kind_ids(&self) -> impl Iterator<Item = KindId> + Clone + use<> {
        KindId::all(self.kinds.len())
    }

    /// All services.
    pub fn service_ids(&self) -> impl Iterator<Item = ServiceId> + Clone + use<> {
        ServiceId::all(self.stations.len())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scenario::{Request, World, load_text};

    /// Two services of two organisations: half of those at the first go on to the second, a fifth of
    /// whom come back. `every` and `places` are of the arrivals and the first service.
    fn mean_present(every: &str, places: &str, handoff: &str) -> Vec<Option<f64>> {
        let text = format!(
            "[study]\nname = \"Two\"\npurpose = \"How many are there?\"\nbaseline = \"one\"\n\
             structures = []\nstart = \"established\"\nwarm_up = \"0 days\"\nobserve = \"1 year\"\n\
             trials = 2\nseed = 1\n[arrivals]\ncase = {{ to = \"first\", every = \"{every}\" }}\n\
             aside = {{ to = \"third\", rate = \"2 per day\" }}\n\
             [service.first]\nplaces = {places}\nstay = \"exactly 3 days\"\n\
             then = {{ second = \"50%\", closed = \"50%\" }}\n\
             [service.second]\nplaces = \"unlimited\"\nstay = \"lognormal, mean 4 days, sd 9 days\"\n\
             then = {{ first = \"20%\", closed = \"80%\" }}\n\
             [service.third]\nplaces = \"unlimited\"\nstay = \"exactly 1 days\"\n\
             then = {{ closed = \"100%\" }}\n{handoff}\n\
             [structure.one.organisation]\nall = {{ footprint = \"area\", \
             runs = [\"first\", \"second\", \"third\"] }}\n"
        );
        let scenario = load_text("two", &text, &Request::default());
        let scenario = scenario.unwrap_or_else(|problems| panic!("{problems}"));
        let World::Network(world) = scenario.structures[0].world.as_ref() else {
            panic!("a network was expected");
        };
        Network::new(world).mean_present(|_, _| HandoffKind::BetweenOrganisations)
    }

    const AT_RANDOM: &str = "exponential, mean 0.5 days";
    const FREE: &str = "\"unlimited\"";

    #[track_caller]
    fn close(found: Option<f64>, expected: f64) {
        let found = found.unwrap();
        assert!((found - expected).abs() < 1e-9, "{found}, not {expected}");
    }

    #[test]
    fn mean_numbers_present_solve_the_traffic_equations() {
        let found = mean_present(AT_RANDOM, FREE, "");
        let first = 2.0 / (1.0 - 0.5 * 0.2);
        close(found[0], first * 3.0);
        close(found[1], 0.5 * first * 4.0);
        close(found[2], 2.0);
    }

    /// Of those handed on, a tenth is lost for good and a fifth tried again, so an eighth is lost.
    #[test]
    fn what_is_lost_on_the_way_is_not_present() {
        let found = mean_present(
            AT_RANDOM,
            FREE,
            "[handoff]\nsilent_loss = \"10%\"\ndetected_loss = \"20%\"\n",
        );
        let arrive = 7.0 / 8.0;
        let first = 2.0 / (1.0 - 0.5 * arrive * 0.2 * arrive);
        close(found[0], first * 3.0);
        close(found[1], 0.5 * arrive * first * 4.0);
    }

    #[test]
    fn nothing_is_known_behind_a_wait_or_of_regular_arrivals() {
        let behind_a_wait = mean_present(AT_RANDOM, "7", "");
        assert_eq!(behind_a_wait[..2], [None, None]);
        close(behind_a_wait[2], 2.0);
        let regular = mean_present("exactly 1 days", FREE, "");
        assert_eq!(regular[..2], [None, None]);
    }
}
