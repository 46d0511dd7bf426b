//! Reads published figures: what a study is fitted to and held against, and which parameters a
//! calibration may vary.

use std::collections::BTreeSet;

use crate::measures::{Flow, FlowAt, FlowUnit, Scope};
use crate::units::{Days, PerYear, Probability};

use super::checked::{Figure, FigureSet, FlowOf, Grade, Id, Prior, Role, Simulated, Varied, World};
use super::children::display_name;
use super::files::Span;
use super::library::Document;
use super::problem::{Code, Problem, did_you_mean, one_of};
use super::reader::{Fields, Reader, words};
use super::tree::{Entry, Node, Value};
use super::value::{Number, Quantity};

const ROLES: [(&str, Role); 3] = [
    ("input", Role::Input),
    ("fitted", Role::Fitted),
    ("held out", Role::HeldOut),
];

/// What figures can be counted at in a world.
#[derive(Debug, Default)]
pub(crate) struct Countable<'w> {
    is_network: bool,
    services: BTreeSet<&'w str>,
    sources: BTreeSet<&'w str>,
    needs: BTreeSet<&'w str>,
    steps: BTreeSet<&'w str>,
    sharings: BTreeSet<&'w str>,
}

impl<'w> Countable<'w> {
    /// What there is in this world.
    pub(crate) fn of(world: &'w World) -> Self {
        match world {
            World::Network(network) => Self {
                is_network: true,
                services: network.stations.iter().map(|it| it.id.as_str()).collect(),
                sharings: network.sharings.iter().map(|it| it.id.as_str()).collect(),
                ..Self::default()
            },
            World::Children(world) => {
                let services = || world.services.iter();
                let meeting = services().filter(|it| it.meets.is_some());
                Self {
                    is_network: false,
                    services: services()
                        .filter(|it| it.help.is_some())
                        .map(|it| it.id.as_str())
                        .collect(),
                    sources: meeting
                        .map(|it| it.id.as_str())
                        .chain(world.outside.iter().map(|it| it.id.as_str()))
                        .collect(),
                    needs: world.needs.iter().map(|it| it.id.as_str()).collect(),
                    steps: (world.mechanisms.joint_steps.iter())
                        .map(|it| it.id.as_str())
                        .collect(),
                    sharings: BTreeSet::new(),
                }
            }
        }
    }
}

/// Reads a file of figures, held against what there is to count where that is known.
pub(crate) fn read(
    reader: &mut Reader<'_>,
    document: &Document,
    countable: Option<&Countable<'_>>,
) -> Option<FigureSet> {
    let top = reader.shelf.files.top_of(document.file);
    let mut root = reader.open_table(&document.table, top, "");
    let head = reader.inner(&mut root, "figures").and_then(|mut head| {
        let name = display_name(reader, &mut head, &document.id);
        let summary = reader.optional_text(&mut head, "summary");
        reader.optional_text(&mut head, "extends");
        reader.close(head);
        Some((name?, summary?.unwrap_or_default()))
    });
    let figures = reader.needed(&mut root, "figure").and_then(|fields| {
        let mut figures = Vec::new();
        for entry in reader.entries(&fields) {
            reader.check_name(entry);
            figures.push(read_figure(reader, entry, countable));
        }
        let mut figures = figures.into_iter().collect::<Option<Vec<Figure>>>()?;
        // Tables come by their names; readers know their own order.
        figures.sort_by_key(|figure| figure.line);
        Some(figures)
    });
    let vary = match reader.inner(&mut root, "vary") {
        None => Some(Vec::new()),
        Some(fields) => (reader.entries(&fields).into_iter())
            .map(|entry| read_varied(reader, entry))
            .collect::<Vec<_>>()
            .into_iter()
            .collect::<Option<Vec<Varied>>>(),
    };
    let vary = vary.map(|mut vary| {
        vary.sort_by_key(|varied| varied.line);
        vary
    });
    reader.close(root);
    let (name, summary) = head?;
    Some(FigureSet {
        id: Id::new(&document.id),
        name,
        summary,
        figures: figures?,
        vary: vary?,
    })
}

fn read_figure(
    reader: &mut Reader<'_>,
    entry: &Entry,
    countable: Option<&Countable<'_>>,
) -> Option<Figure> {
    let path = format!("figure.{}", entry.key);
    let line = reader.shelf.files.line(entry.key_at);
    let mut fields = reader.open_group(&entry.node, &path)?;
    let name = display_name(reader, &mut fields, &entry.key);
    let not_simulated = reader.optional_text(&mut fields, "not_simulated");
    let flow = read_flow(reader, &mut fields, not_simulated.as_ref()?.is_some());
    let simulated = match (not_simulated?, flow) {
        (Some(why), _) => Some(Simulated::Not(why)),
        (None, Some(flow)) => read_counted(reader, &mut fields, flow, countable),
        (None, None) => None,
    };
    let unit = flow.map(Flow::unit);
    // Of children, rates are for 10,000; of a network, for all there is.
    let per = match countable {
        Some(countable) if countable.is_network => 1.0,
        _ => 10_000.0,
    };
    let value = read_size(reader, &mut fields, "value", unit, per);
    let evidence = stated(reader);
    let within = read_size(reader, &mut fields, "within", unit, per);
    check_within(reader, &fields, within);
    let role = read_role(
        reader,
        &mut fields,
        matches!(simulated, Some(Simulated::Not(_))),
    );
    if evidence.1.is_none() {
        let problem = Problem::new(
            Code::MissingKey,
            format!("`{path}` does not say where it was published"),
        );
        reader.report(problem, fields.at, "`source` is missing here");
    }
    reader.close(fields);
    Some(Figure {
        id: Id::new(&entry.key),
        name: name?,
        simulated: simulated?,
        value: value?,
        within: within?,
        role: role?,
        grade: evidence.0,
        source: evidence.1?,
        line,
    })
}

/// Grade and source of the value that was read last.
fn stated(reader: &Reader<'_>) -> (Option<Grade>, Option<String>) {
    reader.parameters.last().map_or((None, None), |parameter| {
        (parameter.grade, parameter.source.clone())
    })
}

fn read_flow(
    reader: &mut Reader<'_>,
    fields: &mut Fields<'_>,
    is_not_simulated: bool,
) -> Option<Flow> {
    if is_not_simulated {
        return None;
    }
    let id = reader.text(fields, "quantity")?;
    let found = Flow::ALL.iter().find(|flow| flow.id() == id);
    if found.is_none() {
        let ids = || Flow::ALL.iter().map(|flow| flow.id());
        let problem = Problem::new(
            Code::UnknownName,
            format!("there is no quantity \"{id}\" to simulate"),
        )
        .help(did_you_mean(&id, ids()).unwrap_or_else(|| {
            "a figure that the model has no companion for says so: not_simulated = \"why\"".into()
        }));
        let expected = format!("expected {}", one_of(ids()));
        reader.report(problem, fields.place_of("quantity"), expected);
    }
    found.copied()
}

/// Reads what a quantity is counted at.
fn read_counted(
    reader: &mut Reader<'_>,
    fields: &mut Fields<'_>,
    flow: Flow,
    countable: Option<&Countable<'_>>,
) -> Option<Simulated> {
    if let Some(countable) = countable {
        check_scope(reader, fields, flow, countable.is_network);
    }
    let of = match flow.at() {
        FlowAt::Nothing => Some(Vec::new()),
        at => {
            let known = countable.map(|it| match at {
                FlowAt::Need => &it.needs,
                FlowAt::Step => &it.steps,
                _ => &it.services,
            });
            read_names(reader, fields, "of", known)
        }
    };
    let from = match flow {
        Flow::ReferralsFrom => read_names(reader, fields, "from", countable.map(|it| &it.sources)),
        Flow::DelayedSharing | Flow::NoneFreeSharing => {
            read_names(reader, fields, "sharing", countable.map(|it| &it.sharings))
        }
        _ => Some(Vec::new()),
    };
    let number = if flow.has_days() {
        let days = reader.value::<Days>(fields, "days");
        days.map(Days::get)
    } else {
        let key = match flow {
            Flow::InNeed => Some("from_level"),
            Flow::DelayedAtPlaces => Some("places"),
            _ => None,
        };
        match key {
            Some(key) => reader.value::<u32>(fields, key).map(f64::from),
            None => Some(0.0),
        }
    };
    check_one_place(reader, fields, flow, of.as_deref(), from.as_deref());
    Some(Simulated::Flow(FlowOf {
        flow,
        of: of?,
        from: from?,
        number: number?,
    }))
}

/// A number of places is looked at for one service and in one division of places.
fn check_one_place(
    reader: &mut Reader<'_>,
    fields: &Fields<'_>,
    flow: Flow,
    of: Option<&[Id]>,
    sharing: Option<&[Id]>,
) {
    let is_shared = matches!(flow, Flow::DelayedSharing | Flow::NoneFreeSharing);
    if !is_shared && flow != Flow::DelayedAtPlaces {
        return;
    }
    let mut needs_one = |names: Option<&[Id]>, key: &'static str| {
        if names.is_some_and(|names| names.len() != 1) {
            let message = format!("\"{}\" takes one name in `{key}`", flow.id());
            let problem = Problem::new(Code::WrongForm, message);
            reader.report(problem, fields.place_of(key), "expected one name");
        }
    };
    needs_one(of, "of");
    if is_shared {
        needs_one(sharing, "sharing");
    }
}

fn check_scope(reader: &mut Reader<'_>, fields: &Fields<'_>, flow: Flow, is_network: bool) {
    let fits = match flow.scope() {
        Scope::Children => !is_network,
        Scope::Network => is_network,
        Scope::Both => true,
    };
    if !fits {
        let kind = if is_network {
            "a plain network"
        } else {
            "a study of children"
        };
        let problem = Problem::new(
            Code::WrongForm,
            format!("{kind} has no quantity \"{}\"", flow.id()),
        );
        let expected = "expected a quantity that the study has";
        reader.report(problem, fields.place_of("quantity"), expected);
    }
}

/// A list of names; one alone needs no brackets.
fn read_names(
    reader: &mut Reader<'_>,
    fields: &mut Fields<'_>,
    key: &'static str,
    known: Option<&BTreeSet<&str>>,
) -> Option<Vec<Id>> {
    let Some(node) = reader.node(fields, key) else {
        reader.missing(fields, key);
        return None;
    };
    let named: Vec<(Id, Span)> = match &node.value {
        Value::Text(text) => vec![(Id::new(text), node.at)],
        _ => reader.ids(node, key)?,
    };
    let unknown = |id: &Id| known.is_some_and(|known| !known.contains(id.as_str()));
    for (id, at) in named.iter().filter(|(id, _)| unknown(id)) {
        let ids = || known.iter().flat_map(|known| known.iter().copied());
        let problem = Problem::new(
            Code::UnknownName,
            format!("nothing is called \"{id}\" here"),
        )
        .help_if(did_you_mean(id.as_str(), ids()));
        reader.report(problem, *at, format!("expected {}", one_of(ids())));
    }
    Some(named.into_iter().map(|(id, _)| id).collect())
}

/// A size in the unit of the quantity, rates for so many persons; bare numbers where nothing is simulated beside it.
fn read_size(
    reader: &mut Reader<'_>,
    fields: &mut Fields<'_>,
    key: &'static str,
    unit: Option<FlowUnit>,
    per: f64,
) -> Option<f64> {
    match unit {
        Some(FlowUnit::Rate) => sized::<PerYear>(reader, fields, key).map(|it| it.get() * per),
        Some(FlowUnit::Share) => {
            sized::<Probability>(reader, fields, key).map(|it| it.get() * 100.0)
        }
        Some(FlowUnit::Days) => sized::<Days>(reader, fields, key).map(Days::get),
        Some(FlowUnit::Number) => sized::<Number>(reader, fields, key).map(|it| it.0),
        // The unit is said in the figure's name.
        None => {
            let node = reader.node(fields, key);
            if node.is_none() {
                reader.missing(fields, key);
            }
            let text = words(node?);
            let digits = text.trim_end_matches(|c: char| !c.is_ascii_digit());
            Some(digits.parse().unwrap_or(f64::NAN))
        }
    }
}

fn sized<T: Quantity>(
    reader: &mut Reader<'_>,
    fields: &mut Fields<'_>,
    key: &'static str,
) -> Option<T> {
    reader.value::<T>(fields, key)
}

fn check_within(reader: &mut Reader<'_>, fields: &Fields<'_>, within: Option<f64>) {
    if within.is_some_and(|within| within <= 0.0) {
        let problem = Problem::new(Code::OutOfRange, "no published figure is exact")
            .help("state one standard error, with what the definition leaves open");
        reader.report(problem, fields.place_of("within"), "expected more than 0");
    }
}

fn read_role(
    reader: &mut Reader<'_>,
    fields: &mut Fields<'_>,
    is_not_simulated: bool,
) -> Option<Role> {
    if !fields.states("role") && is_not_simulated {
        return Some(Role::HeldOut);
    }
    if !fields.states("role") {
        reader.missing(fields, "role");
    }
    reader.choice(fields, "role", "role", &ROLES)?
}

/// Reads where a parameter lies before any figure is looked at.
fn read_varied(reader: &mut Reader<'_>, entry: &Entry) -> Option<Varied> {
    let line = reader.shelf.files.line(entry.key_at);
    let varied = |prior| {
        Some(Varied {
            path: entry.key.clone(),
            prior,
            line,
        })
    };
    if entry.node.as_text() == Some("range") {
        return varied(Prior::OwnRange);
    }
    let Some(table) = entry.node.as_table() else {
        return bad_prior(reader, &entry.node);
    };
    let mut fields = reader.open_table(table, entry.node.at, "");
    let [from, to, times] = ["from", "to", "times"].map(|key| reader.node(&mut fields, key));
    reader.close(fields);
    match (from, to, times) {
        (Some(from), Some(to), None) => varied(Prior::Between(words(from), words(to))),
        (None, None, Some(times)) => {
            let Value::List(ends) = &times.value else {
                return bad_prior(reader, times);
            };
            let ends: Vec<f64> = ends
                .iter()
                .filter_map(|it| words(it).parse().ok())
                .collect();
            match ends.as_slice() {
                [low, high] if 0.0 < *low && low < high && high.is_finite() => {
                    varied(Prior::Times(*low, *high))
                }
                _ => bad_prior(reader, times),
            }
        }
        _ => bad_prior(reader, &entry.node),
    }
}

fn bad_prior<T>(reader: &mut Reader<'_>, node: &Node) -> Option<T> {
    let problem = Problem::new(
        Code::WrongForm,
        "this does not say where the parameter may lie",
    );
    let expected = "expected \"range\", { from = ..., to = ... } or { times = [0.5, 2] }";
    reader.report(problem, node.at, expected);
    None
}
