//! The world of a plain-share network, names resolved to ids.

use super::{Closeness, Handoff, KindId, ServiceId};
use crate::scenario::{self, Id, NetworkWorld};
use crate::units::Law;

/// A queueing network: kinds of case arrive, stay, and go on by shares.
#[derive(Debug, Clone, PartialEq)]
pub struct Network {
    /// Kinds of case, sorted by id.
    pub kinds: Vec<Kind>,
    /// Services, sorted by id.
    pub stations: Vec<Station>,
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
            handoff: network.handoff.clone(),
            closeness: network.closeness,
        }
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
