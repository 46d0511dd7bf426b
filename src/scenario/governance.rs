//! Reads what a structure or an overlay asks of those within it, beyond who runs what and the
//! partitions: oversight, teams, lead professionals, who must take part, and what the law lets.
//!
//! Files name kinds and services; strengths stand in the parameter file alone.

use super::checked::{Adoption, Coverage, Governance, Id, OversightLayer};
use super::children::{Outline, display_name};
use super::problem::{Code, Problem, did_you_mean, one_of};
use super::reader::{Fields, Reader, join};
use super::structure::check_service;
use super::tree::{Entry, Node};

const ADOPTION: [(&str, Adoption); 3] = [
    ("statutory", Adoption::Statutory),
    ("pilot", Adoption::Pilot),
    ("voluntary", Adoption::Voluntary),
];

const COVERAGE: [(&str, Coverage); 2] = [
    ("children in several services", Coverage::SeveralServices),
    ("all referred children", Coverage::AllReferred),
];

/// The tables that are read here: they stand beside `[structure]` or `[overlay]`.
pub(crate) const TABLES: [&str; 6] = [
    "oversight",
    "teams",
    "lead_professional",
    "adoption",
    "partnering",
    "law",
];

/// What one file states, its bases included.
#[derive(Debug, Clone, Default)]
pub(crate) struct GovernanceForm {
    /// Lists of services by the name of the team.
    teams: Vec<(Id, Vec<Id>)>,
    oversight: Vec<LayerForm>,
    lead_professional: Option<Coverage>,
    pub(crate) adoption: Option<Adoption>,
    partnering: Option<bool>,
    /// Services that may be delegated and pooled.
    pub(crate) lifts: Vec<Id>,
}

#[derive(Debug, Clone)]
struct LayerForm {
    id: Id,
    name: String,
    kind: Id,
    over: Over,
    targets: bool,
}

/// Whom a layer looks over.
#[derive(Debug, Clone)]
enum Over {
    All,
    These(Vec<Id>),
}

/// Reads the tables of [`TABLES`]; `outline` is the world they are for, where that is known.
pub(crate) fn read(
    reader: &mut Reader<'_>,
    root: &mut Fields<'_>,
    outline: Option<&Outline>,
) -> Option<GovernanceForm> {
    // What is read here belongs to one structure: no path leads to it, and a layer may have the name
    // of a kind of oversight, whose values have paths.
    let (collected, known) = (reader.parameters.len(), reader.known.clone());
    let oversight = read_oversight(reader, root, outline);
    let teams = read_teams(reader, root, outline);
    let lead_professional = only_key(reader, root, "lead_professional", |reader, fields| {
        needed_choice(reader, fields, "for", "coverage", &COVERAGE)
    });
    let adoption = only_key(reader, root, "adoption", |reader, fields| {
        needed_choice(reader, fields, "basis", "basis", &ADOPTION)
    });
    let partnering = only_key(reader, root, "partnering", |reader, fields| {
        reader.value::<bool>(fields, "paid_for")
    });
    let lifts = only_key(reader, root, "law", |reader, fields| {
        let Some(node) = reader.node(fields, "lifts") else {
            reader.missing(fields, "lifts");
            return None;
        };
        services(reader, node, "lifts", outline)
    });
    reader.parameters.truncate(collected);
    reader.known = known;
    Some(GovernanceForm {
        teams: teams?,
        oversight: oversight?,
        lead_professional: lead_professional?,
        adoption: adoption?,
        partnering: partnering?,
        lifts: lifts?.unwrap_or_default(),
    })
}

/// Reads a table that has one key: `Some(None)` if it is left out, `None` if it is wrong.
fn only_key<'s, 't, T>(
    reader: &mut Reader<'s>,
    root: &mut Fields<'t>,
    table: &'static str,
    read: impl FnOnce(&mut Reader<'s>, &mut Fields<'t>) -> Option<T>,
) -> Option<Option<T>> {
    if !root.states(table) {
        reader.node(root, table);
        return Some(None);
    }
    let mut fields = reader.inner(root, table)?;
    let found = read(reader, &mut fields);
    reader.close(fields);
    found.map(Some)
}

fn needed_choice<T: Copy>(
    reader: &mut Reader<'_>,
    fields: &mut Fields<'_>,
    key: &'static str,
    what: &str,
    choices: &[(&str, T)],
) -> Option<T> {
    let found = reader.choice(fields, key, what, choices)?;
    if found.is_none() {
        reader.missing(fields, key);
    }
    found
}

/// A list of services, each once, sorted.
fn services(
    reader: &mut Reader<'_>,
    node: &Node,
    what: &str,
    outline: Option<&Outline>,
) -> Option<Vec<Id>> {
    let mut all = Vec::new();
    for (service, at) in reader.ids(node, what)? {
        check_service(reader, &service, at, outline);
        if all.contains(&service) {
            let problem = Problem::new(Code::Twice, format!("\"{service}\" is named twice"));
            reader.report(problem, at, "expected each service once");
        }
        all.push(service);
    }
    all.sort();
    Some(all)
}

/// Teams by name. An empty list takes away a team that the base states.
fn read_teams(
    reader: &mut Reader<'_>,
    root: &mut Fields<'_>,
    outline: Option<&Outline>,
) -> Option<Vec<(Id, Vec<Id>)>> {
    let fields = reader.group(root, "teams")?;
    let mut all = Vec::new();
    for entry in reader.entries(&fields) {
        reader.check_name(entry);
        let team = services(reader, &entry.node, &entry.key, outline);
        if team.as_ref().is_some_and(|team| team.len() == 1) {
            let message = format!("team \"{}\" has one service", entry.key);
            let problem = Problem::new(Code::OutOfRange, message)
                .help("a team is what brings services of several bodies into one room");
            reader.report(problem, entry.node.at, "expected two services or more");
        }
        all.push(team.map(|team| (Id::new(&entry.key), team)));
    }
    let mut teams = all.into_iter().collect::<Option<Vec<_>>>()?;
    teams.retain(|(_, team)| !team.is_empty());
    Some(teams)
}

/// Layers by name. One that looks over an empty list is taken away.
fn read_oversight(
    reader: &mut Reader<'_>,
    root: &mut Fields<'_>,
    outline: Option<&Outline>,
) -> Option<Vec<LayerForm>> {
    let fields = reader.group(root, "oversight")?;
    let mut all = Vec::new();
    for entry in reader.entries(&fields) {
        reader.check_name(entry);
        all.push(read_layer(reader, entry, outline));
    }
    let mut layers = all.into_iter().collect::<Option<Vec<_>>>()?;
    layers.retain(|layer| !matches!(&layer.over, Over::These(services) if services.is_empty()));
    Some(layers)
}

fn read_layer(
    reader: &mut Reader<'_>,
    entry: &Entry,
    outline: Option<&Outline>,
) -> Option<LayerForm> {
    let path = join("oversight", &entry.key);
    let mut fields = reader.open(&entry.node, &path)?;
    let name = display_name(reader, &mut fields, &entry.key);
    let kind = reader.id(&mut fields, "kind");
    if let (Some((kind, at)), Some(outline)) = (&kind, outline)
        && !outline.oversight.iter().any(|it| it == kind.as_str())
    {
        let known = || outline.oversight.iter().map(String::as_str);
        let message = format!("the parameter file describes no oversight \"{kind}\"");
        let problem =
            Problem::new(Code::UnknownName, message)
                .help(did_you_mean(kind.as_str(), known()).unwrap_or_else(|| {
                    format!("describe it there, in a table [oversight.{kind}]")
                }));
        let expected = match outline.oversight.is_empty() {
            true => "no kind of oversight is described".to_owned(),
            false => format!("expected {}", one_of(known())),
        };
        reader.report(problem, *at, expected);
    }
    let over = match reader.node(&mut fields, "over") {
        None => {
            reader.missing(&mut fields, "over");
            None
        }
        Some(node) if node.as_text() == Some("all") => Some(Over::All),
        Some(node) if node.as_text().is_some() => {
            let problem = Problem::new(Code::WrongForm, "`over` is \"all\" or a list of services");
            reader.report(problem, node.at, "expected \"all\" or [\"one\", \"two\"]");
            None
        }
        Some(node) => services(reader, node, "over", outline).map(Over::These),
    };
    let targets = reader.value_or(&mut fields, "targets", false);
    reader.close(fields);
    Some(LayerForm {
        id: Id::new(&entry.key),
        name: name?,
        kind: kind?.0,
        over: over?,
        targets: targets?,
    })
}

/// The sector that leads must be one of the parameter file.
pub(crate) fn read_led_by(
    reader: &mut Reader<'_>,
    head: &mut Fields<'_>,
    outline: Option<&Outline>,
) -> Option<Option<String>> {
    let led_by = reader.optional_text(head, "led_by")?;
    if let (Some(sector), Some(outline)) = (&led_by, outline) {
        let sectors = outline.sectors();
        if !sectors.contains(sector.as_str()) {
            let problem = Problem::new(
                Code::UnknownName,
                format!("no service belongs to a sector \"{sector}\""),
            )
            .help(
                did_you_mean(sector, sectors.iter().copied()).unwrap_or_else(|| {
                    format!("give services of the parameter file sector = \"{sector}\"")
                }),
            );
            let expected = match sectors.is_empty() {
                true => "no service belongs to any sector".to_owned(),
                false => format!("expected {}", one_of(sectors.iter().copied())),
            };
            reader.report(problem, head.place_of("led_by"), expected);
        }
    }
    Some(led_by)
}

/// What a structure and its overlays ask together.
///
/// Layers are united by id and teams as they are, the law is lifted for every service that any of
/// them names; an overlay's basis of adoption, lead professional and partnering stand in the place
/// of the structure's. `placed` are all services that the structure places.
pub(crate) fn combined<'f>(
    structure: &'f GovernanceForm,
    overlays: impl Iterator<Item = &'f GovernanceForm>,
    placed: &[Id],
) -> Governance {
    let mut governance = Governance::default();
    for form in std::iter::once(structure).chain(overlays) {
        (governance.teams).extend(form.teams.iter().map(|(_, team)| team.clone()));
        for layer in &form.oversight {
            unite(&mut governance.oversight, layer, placed);
        }
        if let Some(coverage) = form.lead_professional {
            governance.lead_professional = coverage;
        }
        if let Some(adoption) = form.adoption {
            governance.adoption = adoption;
        }
        if let Some(partnering) = form.partnering {
            governance.partnering = partnering;
        }
        governance.law_lifted_for.extend(form.lifts.iter().cloned());
    }
    governance.teams.sort();
    governance.teams.dedup();
    governance.oversight.sort_by(|a, b| a.id.cmp(&b.id));
    governance.law_lifted_for.sort();
    governance.law_lifted_for.dedup();
    governance
}

/// Adds a layer; one of the same id takes in what is new and has the later name and kind.
fn unite(layers: &mut Vec<OversightLayer>, layer: &LayerForm, placed: &[Id]) {
    let mut over = match &layer.over {
        Over::All => placed.to_vec(),
        Over::These(services) => services.clone(),
    };
    let mut targets = layer.targets;
    if let Some(place) = layers.iter().position(|it| it.id == layer.id) {
        let before = layers.remove(place);
        over.extend(before.over);
        targets |= before.targets;
    }
    over.sort();
    over.dedup();
    layers.push(OversightLayer {
        id: layer.id.clone(),
        name: layer.name.clone(),
        kind: layer.kind.clone(),
        over,
        targets,
    });
}
