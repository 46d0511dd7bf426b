//! Reads a study from flow counts alone: kinds of case that arrive, services where they stay, and
//! the shares in which they go on.

use std::collections::BTreeSet;

use crate::units::{Days, Factor, Law, PerYear, Probability};

use crate::measures::PRESENT_TOP;

use super::checked::{CaseKind, Closeness, Id, NetworkWorld, Route, Sharing, Station};
use super::children::{
    Outline, ServiceOutline, display_name, neutral_handoff, read_closeness, read_each, read_handoff,
};
use super::files::Span;
use super::problem::{Code, Problem, did_you_mean, one_of};
use super::reader::{Evidence, Fields, Reader, join};
use super::tree::{Entry, Node, Table, Value};
use super::value::{Places, WaitingRoom};

/// The word for the end of a case.
const CLOSED: &str = "closed";

/// Names that the tables use of each other.
struct Names<'t> {
    services: Vec<&'t str>,
    /// The services and the word for the end of a case.
    ends: Vec<&'t str>,
    kinds: Vec<&'t str>,
}

/// Reads the tables of a network study. The outline comes even with problems.
pub(crate) fn read(
    reader: &mut Reader<'_>,
    table: &Table,
    at: Span,
) -> (Outline, Option<NetworkWorld>) {
    let mut root = reader.open_table(table, at, "");
    let keys = |key: &str| -> Vec<&str> {
        let inner = table.table(key).map(|it| it.entries.as_slice());
        let entries = inner.unwrap_or_default().iter();
        entries.map(|entry| &*entry.key).collect()
    };
    let services = keys("service");
    let names = Names {
        ends: services.iter().copied().chain([CLOSED]).collect(),
        services,
        kinds: keys("arrivals"),
    };
    let kinds = read_each(reader, &mut root, "arrivals", |reader, entry| {
        read_kind(reader, entry, &names)
    });
    let stations = read_each(reader, &mut root, "service", |reader, entry| {
        if entry.key == CLOSED {
            let message = "\"closed\" is the end of a case and cannot name a service";
            let problem = Problem::new(Code::BadName, message);
            reader.report(problem, entry.key_at, "expected another name");
        }
        read_station(reader, entry, &names)
    });
    let sharings = read_sharings(reader, &mut root, &names);
    let handoff = match reader.inner(&mut root, "handoff") {
        Some(fields) => read_handoff(reader, fields, Some(neutral_handoff())).map(Some),
        None => {
            for key in [
                "preparation",
                "transit",
                "silent_loss",
                "detected_loss",
                "chase",
            ] {
                reader.known.insert(join("handoff", key));
            }
            Some(None)
        }
    };
    let closeness = match reader.inner(&mut root, "closeness") {
        Some(fields) => read_closeness(reader, fields),
        None => Some(Closeness {
            same_team: Factor::ONE,
            same_organisation: Factor::ONE,
            between_organisations: Factor::ONE,
            between_areas: Factor::ONE,
        }),
    };
    reader.close_in_part(root);
    if kinds.as_ref().is_some_and(Vec::is_empty) || stations.as_ref().is_some_and(Vec::is_empty) {
        let problem = Problem::new(Code::EmptyStudy, "the study has no cases or no services");
        reader.report(
            problem,
            at,
            "expected kinds of case in [arrivals] and services in [service.NAME]",
        );
    }
    let outline = Outline {
        services: (names.services.iter())
            .map(|name| {
                let service = ServiceOutline {
                    helps: true,
                    may_be_delegated: true,
                    sector: None,
                };
                ((*name).to_owned(), service)
            })
            .collect(),
        upper_age: None,
        oversight: Vec::new(),
    };
    let world = || {
        Some(NetworkWorld {
            kinds: kinds?,
            stations: stations?,
            sharings: sharings?,
            handoff: handoff?,
            closeness: closeness?,
        })
    };
    let world = world();
    if let Some(world) = &world {
        check_exits(reader, world, table);
    }
    (outline, world)
}

fn check_service(reader: &mut Reader<'_>, id: &str, at: Span, known: &[&str]) {
    if known.contains(&id) {
        return;
    }
    let problem = Problem::new(
        Code::UnknownService,
        format!("there is no service \"{id}\""),
    )
    .help_if(did_you_mean(id, known.iter().copied()));
    let expected = format!("expected {}", one_of(known.iter().copied()));
    reader.report(problem, at, expected);
}

fn check_kind(reader: &mut Reader<'_>, id: &str, at: Span, names: &Names<'_>) {
    if names.kinds.contains(&id) {
        return;
    }
    let problem = Problem::new(
        Code::UnknownKind,
        format!("no case of kind \"{id}\" arrives"),
    )
    .help_if(did_you_mean(id, names.kinds.iter().copied()));
    let expected = format!("expected {}", one_of(names.kinds.iter().copied()));
    reader.report(problem, at, expected);
}

fn read_kind(reader: &mut Reader<'_>, entry: &Entry, names: &Names<'_>) -> Option<CaseKind> {
    let path = join("arrivals", &entry.key);
    let mut fields = reader.open(&entry.node, &path)?;
    let name = display_name(reader, &mut fields, &entry.key);
    let to = reader.id(&mut fields, "to");
    if let Some((to, at)) = &to {
        check_service(reader, to.as_str(), *at, &names.services);
    }
    let rate = reader.optional::<PerYear>(&mut fields, "rate");
    let every = reader.optional::<Law>(&mut fields, "every");
    let between = match (rate?, every?) {
        (Some(rate), None) => between_arrivals(rate).map(|mean| Law::Exponential { mean }),
        (None, Some(law)) if !law.is_zero() => Some(law),
        (None, Some(_)) => None,
        (Some(_), Some(_)) => {
            let problem = Problem::new(Code::Twice, "arrivals follow a rate or a law, not both")
                .help("keep one of `rate` and `every`");
            reader.report(problem, fields.place_of("every"), "`rate` is stated too");
            reader.close(fields);
            return None;
        }
        (None, None) => {
            reader.missing(&mut fields, "rate");
            reader.close(fields);
            return None;
        }
    };
    if between.is_none() {
        let key = if fields.states("rate") {
            "rate"
        } else {
            "every"
        };
        let message = format!(
            "cases of kind \"{}\" would arrive never or all at once",
            entry.key
        );
        let problem = Problem::new(Code::OutOfRange, message);
        reader.report(problem, fields.place_of(key), "expected more than 0");
    }
    reader.close(fields);
    Some(CaseKind {
        id: Id::new(&entry.key),
        name: name?,
        to: to?.0,
        between: between?,
    })
}

/// Mean time between arrivals at a rate, if there are any.
fn between_arrivals(rate: PerYear) -> Option<Days> {
    Days::try_from(Days::YEAR.get() / rate.get()).ok()
}

fn read_station(reader: &mut Reader<'_>, entry: &Entry, names: &Names<'_>) -> Option<Station> {
    let path = join("service", &entry.key);
    let mut fields = reader.open(&entry.node, &path)?;
    let name = display_name(reader, &mut fields, &entry.key);
    let places = reader.value::<Places>(&mut fields, "places");
    let gives_up = reader.optional::<Law>(&mut fields, "gives_up");
    let waiting_room = reader.value_or(&mut fields, "waiting_room", WaitingRoom(None));
    let places_considered = read_places_considered(reader, &mut fields);
    let turned_away = read_turned_away(reader, &mut fields, names);
    if let Some(WaitingRoom(None)) = waiting_room
        && fields.states("turned_away")
    {
        let message = format!("nobody is turned away from \"{}\"", entry.key);
        let problem = Problem::new(Code::WrongForm, message)
            .help("write waiting_room = 0 where nobody can wait, or leave `turned_away` out");
        let at = fields.place_of("turned_away");
        reader.report(problem, at, "its waiting room is unlimited");
    }
    if let (Some(WaitingRoom(Some(_))), Some(Places(None))) = (waiting_room, places) {
        let message = format!("nobody waits for \"{}\"", entry.key);
        let problem = Problem::new(Code::WrongForm, message)
            .help("state how many `places` there are, or leave `waiting_room` out");
        let at = fields.place_of("waiting_room");
        reader.report(problem, at, "its places are unlimited");
    }
    let priority = match reader.node(&mut fields, "priority") {
        Some(node) => read_priority(reader, node, names),
        None => Some(Vec::new()),
    };
    let stay = reader.optional::<Law>(&mut fields, "stay");
    let then = reader.inner_group(&mut fields, "then");
    let long = reader.node(&mut fields, "route");
    let routes = match (then, long) {
        (Some(then), None) => {
            if !fields.states("stay") {
                reader.missing(&mut fields, "stay");
            }
            read_then(reader, &then, stay, names)
        }
        (None, Some(node)) => {
            let path = join(&path, "route");
            read_routes(reader, node, &path, stay, names)
        }
        (Some(_), Some(node)) => {
            let problem = Problem::new(Code::Twice, "two ways to say where cases go next")
                .help("keep one of `then` and `route`");
            reader.report(problem, node.at, "`then` is stated too");
            None
        }
        (None, None) => {
            if !fields.states("then") {
                let message = format!("cases can never leave \"{}\"", entry.key);
                let problem = Problem::new(Code::NoExit, message)
                    .help("write then = { closed = \"100%\" }, or name the services that follow");
                reader.report(problem, entry.key_at, "expected `then` or `route` in it");
            }
            None
        }
    };
    reader.close(fields);
    Some(Station {
        id: Id::new(&entry.key),
        name: name?,
        places: places?.0,
        priority: priority?,
        gives_up: gives_up?,
        waiting_room: waiting_room?.0,
        turned_away: turned_away?,
        places_considered: places_considered?,
        routes: routes?,
    })
}

/// Where cases go that find the waiting room full: `Some(None)` is the end of the case.
fn read_turned_away(
    reader: &mut Reader<'_>,
    fields: &mut Fields<'_>,
    names: &Names<'_>,
) -> Option<Option<Id>> {
    // A word is no value with evidence, but can be set like one.
    reader.known.insert(fields.path_of("turned_away"));
    let Some(to) = reader.optional_text(fields, "turned_away")? else {
        return Some(None);
    };
    let at = fields.place_of("turned_away");
    check_service(reader, &to, at, &names.ends);
    Some(next(&to))
}

/// Numbers of places to look at, fewest first; none if not stated.
fn read_places_considered(reader: &mut Reader<'_>, fields: &mut Fields<'_>) -> Option<Vec<u32>> {
    let path = fields.path_of("places_considered");
    reader.known.insert(path.clone());
    let Some(node) = reader.node(fields, "places_considered") else {
        return Some(Vec::new());
    };
    let mut places = reader.quantities::<u32>(node, &path, &Evidence::default())?;
    for number in &places {
        check_considered(reader, *number, 1, node.at)?;
    }
    places.sort_unstable();
    if places.windows(2).any(|pair| pair[0] == pair[1]) {
        let problem = Problem::new(Code::Twice, "a number of places is considered twice");
        reader.report(problem, node.at, "expected each number once");
    }
    Some(places)
}

fn check_considered(reader: &mut Reader<'_>, places: u32, least: u32, at: Span) -> Option<()> {
    if (least..PRESENT_TOP).contains(&places) {
        return Some(());
    }
    let message = format!("{places} places cannot be considered");
    let problem = Problem::new(Code::OutOfRange, message);
    let most = PRESENT_TOP - 1;
    reader.report(problem, at, format!("expected {least} to {most}"));
    None
}

/// The divisions of places that are considered; none if there is no such table.
fn read_sharings(
    reader: &mut Reader<'_>,
    root: &mut Fields<'_>,
    names: &Names<'_>,
) -> Option<Vec<Sharing>> {
    if !root.states("sharing") {
        reader.inner(root, "sharing");
        return Some(Vec::new());
    }
    read_each(reader, root, "sharing", |reader, entry| {
        let path = join("sharing", &entry.key);
        let mut fields = reader.open(&entry.node, &path)?;
        let name = display_name(reader, &mut fields, &entry.key);
        let common = reader.value::<u32>(&mut fields, "common");
        let common_at = fields.place_of("common");
        let common = common.filter(|it| check_considered(reader, *it, 0, common_at).is_some());
        let own = match reader.inner_group(&mut fields, "own") {
            Some(own) => read_own(reader, &own, names),
            None => {
                if !fields.states("own") {
                    reader.missing(&mut fields, "own");
                }
                None
            }
        };
        reader.close(fields);
        Some(Sharing {
            id: Id::new(&entry.key),
            name: name?,
            own: own?,
            common: common?,
        })
    })
}

/// The services that share, with the places of their own.
fn read_own(
    reader: &mut Reader<'_>,
    fields: &Fields<'_>,
    names: &Names<'_>,
) -> Option<Vec<(Id, u32)>> {
    let mut own = Vec::new();
    for entry in reader.entries(fields) {
        check_service(reader, &entry.key, entry.key_at, &names.services);
        let places = reader.entry_value::<u32>(fields, entry);
        let places = places.filter(|it| check_considered(reader, *it, 0, entry.node.at).is_some());
        own.push(places.map(|places| (Id::new(&entry.key), places)));
    }
    if own.is_empty() {
        let problem = Problem::new(Code::WrongForm, "no service shares these places");
        reader.report(problem, fields.at, "expected places by service");
    }
    own.into_iter().collect()
}

/// Kinds by rank; kinds in an inner list rank alike.
fn read_priority(reader: &mut Reader<'_>, node: &Node, names: &Names<'_>) -> Option<Vec<Vec<Id>>> {
    let items = match &node.value {
        Value::List(items) => items.as_slice(),
        _ => return reader.ids(node, "priority").map(|_| Vec::new()),
    };
    let mut ranks = Vec::new();
    let mut seen = BTreeSet::new();
    for item in items {
        let rank = match &item.value {
            Value::List(_) => reader.ids(item, "priority"),
            _ => (item.as_text()).map(|text| vec![(Id::new(text), item.at)]),
        };
        let Some(rank) = rank else {
            if !matches!(item.value, Value::List(_)) {
                let problem = Problem::new(
                    Code::WrongForm,
                    "a rank is a kind of case or a list of them",
                );
                reader.report(problem, item.at, "expected the name of a kind in quotes");
            }
            return None;
        };
        for (kind, at) in &rank {
            check_kind(reader, kind.as_str(), *at, names);
            if !seen.insert(kind.clone()) {
                let problem = Problem::new(Code::Twice, format!("\"{kind}\" is ranked twice"));
                reader.report(problem, *at, "expected each kind once");
            }
        }
        let mut rank: Vec<Id> = rank.into_iter().map(|(kind, _)| kind).collect();
        rank.sort();
        ranks.push(rank);
    }
    Some(ranks)
}

fn read_then(
    reader: &mut Reader<'_>,
    then: &Fields<'_>,
    stay: Option<Option<Law>>,
    names: &Names<'_>,
) -> Option<Vec<Route>> {
    let mut routes = Vec::new();
    let mut sum = 0.0;
    for entry in reader.entries(then) {
        check_service(reader, &entry.key, entry.key_at, &names.ends);
        let share = reader.entry_value::<Probability>(then, entry);
        sum += share.map_or(f64::NAN, Probability::get);
        routes.push(share.map(|share| (next(&entry.key), share)));
    }
    check_sum(reader, sum, "the shares", then.at);
    let routes = routes.into_iter().collect::<Option<Vec<_>>>()?;
    let stay = stay??;
    Some(
        (routes.into_iter())
            .map(|(next, share)| Route {
                kind: None,
                next,
                share,
                stay: stay.clone(),
            })
            .collect(),
    )
}

fn next(id: &str) -> Option<Id> {
    (id != CLOSED).then(|| Id::new(id))
}

/// Reports shares that miss the whole; passes over a sum that is not known (NaN).
fn check_sum(reader: &mut Reader<'_>, sum: f64, what: &str, at: Span) {
    if (sum - 1.0).abs() > 1e-6 {
        let percent = (sum * 1e6).round() / 1e4;
        let message = format!("{what} add up to {percent}%, not to 100%");
        let problem = Problem::new(Code::Shares, message);
        let problem = match percent < 100.0 {
            true => problem.help(format!(
                "{}% are missing; cases that end go to `closed`",
                ((100.0 - percent) * 1e4).round() / 1e4
            )),
            false => problem,
        };
        reader.report(problem, at, "expected shares that add up to 100%");
    }
}

fn read_routes(
    reader: &mut Reader<'_>,
    node: &Node,
    path: &str,
    stay: Option<Option<Law>>,
    names: &Names<'_>,
) -> Option<Vec<Route>> {
    let Value::List(items) = &node.value else {
        let problem = Problem::new(Code::WrongForm, "`route` is a list of ways out");
        reader.report(
            problem,
            node.at,
            "expected [{ then = \"closed\", share = \"100%\", stay = ... }]",
        );
        return None;
    };
    let mut routes = Vec::new();
    for (place, item) in items.iter().enumerate() {
        let path = join(path, &(place + 1).to_string());
        routes.push(read_route(reader, item, &path, &stay, names));
    }
    let routes = routes.into_iter().collect::<Option<Vec<Route>>>()?;
    for kind in &names.kinds {
        let of_kind = |route: &&Route| route.kind.as_ref().is_none_or(|it| it.as_str() == *kind);
        let shares = routes.iter().filter(of_kind).map(|route| route.share.get());
        check_sum(
            reader,
            shares.sum(),
            &format!("the shares of kind \"{kind}\""),
            node.at,
        );
    }
    let order = |route: &Route| (route.kind.clone(), route.next.clone());
    let mut routes = routes;
    routes.sort_by_key(order);
    Some(routes)
}

fn read_route(
    reader: &mut Reader<'_>,
    item: &Node,
    path: &str,
    common_stay: &Option<Option<Law>>,
    names: &Names<'_>,
) -> Option<Route> {
    let mut fields = reader.open_group(item, path)?;
    let kind = match fields.states("kind") {
        true => reader.id(&mut fields, "kind").map(Some),
        false => {
            reader.node(&mut fields, "kind");
            Some(None)
        }
    };
    if let Some(Some((kind, at))) = &kind {
        check_kind(reader, kind.as_str(), *at, names);
    }
    let then = reader.id(&mut fields, "then");
    if let Some((then, at)) = &then {
        check_service(reader, then.as_str(), *at, &names.ends);
    }
    let share = reader.value::<Probability>(&mut fields, "share");
    let stay = match (fields.states("stay"), common_stay) {
        (true, _) | (false, Some(None)) => reader.value::<Law>(&mut fields, "stay"),
        (false, common) => {
            reader.node(&mut fields, "stay");
            common.clone().flatten()
        }
    };
    reader.close(fields);
    Some(Route {
        kind: kind?.map(|(kind, _)| kind),
        next: next(then?.0.as_str()),
        share: share?,
        stay: stay?,
    })
}

/// The ways that cases of one kind really take out of a service.
fn ways<'w>(station: &'w Station, kind: &'w Id) -> impl Iterator<Item = &'w Route> {
    (station.routes.iter())
        .filter(move |it| it.kind.as_ref().is_none_or(|of| of == kind))
        .filter(|it| it.share > Probability::ZERO)
}

fn station<'w>(world: &'w NetworkWorld, id: &Id) -> Option<&'w Station> {
    let place = world.stations.binary_search_by(|it| it.id.cmp(id)).ok()?;
    Some(&world.stations[place])
}

/// Where a service says how cases go on.
fn way_out_of(table: &Table, service: &Id) -> Option<Span> {
    let service = table.table("service")?.entry(service.as_str())?;
    let fields = service.node.as_table()?;
    let way = fields.entry("then").or_else(|| fields.entry("route"));
    Some(way.map_or(service.key_at, |way| way.key_at))
}

/// Every case that can come to a service must be able to end.
fn check_exits(reader: &mut Reader<'_>, world: &NetworkWorld, table: &Table) {
    let mut stuck: BTreeSet<Id> = BTreeSet::new();
    for kind in &world.kinds {
        // Services from which the end can be reached, grown until nothing is added.
        let mut ends: BTreeSet<&Id> = BTreeSet::new();
        loop {
            let before = ends.len();
            for station in &world.stations {
                let leads_out = |route: &Route| match &route.next {
                    None => true,
                    Some(next) => ends.contains(next),
                };
                if ways(station, &kind.id).any(leads_out) {
                    ends.insert(&station.id);
                }
            }
            if ends.len() == before {
                break;
            }
        }
        let mut to_visit = vec![&kind.to];
        let mut reached: BTreeSet<&Id> = BTreeSet::new();
        while let Some(id) = to_visit.pop() {
            if !reached.insert(id) {
                continue;
            }
            let Some(station) = station(world, id) else {
                continue;
            };
            to_visit.extend(ways(station, &kind.id).filter_map(|it| it.next.as_ref()));
            to_visit.extend(&station.turned_away);
        }
        stuck.extend(reached.difference(&ends).map(|id| (*id).clone()));
    }
    for id in stuck {
        if station(world, &id).is_none() {
            // A service that does not exist has its own problem.
            continue;
        }
        let Some(at) = way_out_of(table, &id) else {
            continue;
        };
        let message = format!("no way leads from service \"{id}\" to the end of a case");
        let problem = Problem::new(Code::NoExit, message)
            .help("let a share of its cases, or of a service that follows, go to `closed`");
        reader.report(problem, at, "expected a way that ends in `closed`");
    }
}

/// Cases must not go round within one instant. `seam_takes_time` says whether passing between two
/// services does, under any structure of the study.
pub(crate) fn check_zero_loops(
    reader: &mut Reader<'_>,
    world: &NetworkWorld,
    table: &Table,
    seam_takes_time: impl Fn(&Id, &Id) -> bool,
) {
    let at_once = |from: &Station, kind: &Id| -> Vec<Id> {
        ways(from, kind)
            .filter(|route| route.stay.is_zero())
            .filter_map(|route| route.next.clone())
            .chain(from.turned_away.clone())
            .filter(|next| !seam_takes_time(&from.id, next))
            .collect()
    };
    let mut reported: BTreeSet<Id> = BTreeSet::new();
    for kind in &world.kinds {
        for first in &world.stations {
            let mut to_visit = at_once(first, &kind.id);
            let mut reached: BTreeSet<Id> = BTreeSet::new();
            while let Some(id) = to_visit.pop() {
                if reached.insert(id.clone()) {
                    let next = station(world, &id);
                    to_visit.extend(next.into_iter().flat_map(|it| at_once(it, &kind.id)));
                }
            }
            // One report for each loop: at the first of its services.
            if !reached.contains(&first.id) || reached.iter().any(|id| reported.contains(id)) {
                continue;
            }
            reported.insert(first.id.clone());
            let Some(at) = way_out_of(table, &first.id) else {
                continue;
            };
            let message = format!(
                "cases can go round from \"{}\" to itself in no time",
                first.id
            );
            let problem = Problem::new(Code::ZeroLoop, message)
                .help("give a stay on the way round a length of time");
            reader.report(problem, at, "this way takes no time");
        }
    }
}
