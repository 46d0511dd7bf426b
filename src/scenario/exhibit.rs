//! One scenario file at a time: checked, or shown in full.
//!
//! A file that stands alone is read beside a world that it fits, so that the names in it can be
//! checked: the first parameter file beside it, or bundled, that has a service the file names.

use std::collections::BTreeMap;
use std::path::Path;

use crate::units::Factor;

use super::area;
use super::checked::{
    Area, Blocks, FigureSet, Governance, Id, Organisation, Overlay, Parameter, Scenario,
};
use super::children::{self, Outline};
use super::combined::{changes, check_delegable, governance_of, scale, with_overlays};
use super::figures;
use super::files::Origin;
use super::governance;
use super::joint::{self, JointSheet};
use super::library::{BUNDLED, Document, Kind, Shelf, is_path};
use super::load::{Request, load, settle, sorted};
use super::network;
use super::overlay;
use super::problem::{Code, Problem, Problems, did_you_mean};
use super::profile::Profile;
use super::reader::Reader;
use super::structure::{self, PARTITIONS, partitions};
use super::tree::{Node, Table, Value};
use super::wanted::WantedStructure;

/// The tables of a parameter file whose members can be shown alone.
pub(crate) const PARTS: [&str; 3] = ["service", "outside", "need"];

/// A thing shown in full.
#[derive(Debug, Clone, PartialEq)]
pub enum Exhibit {
    /// A study with all it names.
    Study(Box<Scenario>),
    /// A place.
    Area {
        /// The place.
        area: Area,
        /// What it is.
        summary: String,
        /// Every value that its file states.
        parameters: Vec<Parameter>,
    },
    /// A structure.
    Structure(Box<StructureSheet>),
    /// An overlay.
    Overlay {
        /// The overlay.
        overlay: Overlay,
        /// Where it is described.
        sources: Vec<String>,
        /// What it changes, as its file states it: partitions, and what it asks of those within.
        changes: Vec<(String, String)>,
        /// Its factors, by path.
        parameters: Vec<Parameter>,
    },
    /// A parameter file.
    Parameters {
        /// Its id.
        id: Id,
        /// Name for readers.
        name: String,
        /// What it is.
        summary: String,
        /// Every value that it states.
        parameters: Vec<Parameter>,
    },
    /// One service, outside source or need of a parameter file or a network study.
    Part {
        /// `service`, `outside` or `need`.
        what: &'static str,
        /// Id of the file it stands in.
        of: Id,
        /// Its id.
        id: Id,
        /// Name for readers.
        name: String,
        /// Keys with words, such as who a need is referred to.
        words: Vec<(String, String)>,
        /// Every value stated of it.
        parameters: Vec<Parameter>,
    },
    /// Published figures.
    Figures(Box<FigureSet>),
    /// Sets of values that were fitted together.
    Joint(JointSheet),
}

/// A structure as its file, with its bases, describes it.
#[derive(Debug, Clone, PartialEq)]
pub struct StructureSheet {
    /// Its id.
    pub id: Id,
    /// Name for readers.
    pub name: String,
    /// What it is.
    pub summary: String,
    /// What the law would need, where said.
    pub law: Option<String>,
    /// What its advocates say.
    pub claims_for: Vec<String>,
    /// What its critics say.
    pub claims_against: Vec<String>,
    /// Where it is described.
    pub sources: Vec<String>,
    /// Label of the file it stands in.
    pub file: String,
    /// Who runs what, sorted by id.
    pub organisations: Vec<Organisation>,
    /// The other partitions, in the order of [`PARTITIONS`].
    pub partitions: [Blocks; 5],
    /// What it asks of those within it, beyond the partitions.
    pub governance: Governance,
    /// Overlays it is shown with, in the order of their ids.
    pub overlays: Vec<Overlay>,
    /// Its seams, tiers and legal limits.
    pub profile: Profile,
}

/// Checks one scenario file, with all that it names.
///
/// # Errors
/// Everything that is wrong with it.
pub fn check_file(path: &Path) -> Result<(), Problems> {
    check_file_as(path, &Request::default())
}

/// Checks one scenario file, with all that it names; a study is read with what `asked` asks for
/// otherwise, its `study` apart.
///
/// # Errors
/// Everything that is wrong with it.
pub fn check_file_as(path: &Path, asked: &Request) -> Result<(), Problems> {
    let name = path.to_string_lossy();
    let mut shelf = Shelf::default();
    let document = shelf.any_file(&name);
    if document.as_ref().is_some_and(|it| it.kind == Kind::Study) {
        // Read anew, by the same way that a run takes.
        return joint::check_named(&Request {
            study: as_file(&name),
            ..asked.clone()
        });
    }
    let exhibit = document.and_then(|document| read(&mut shelf, document));
    settle(shelf, exhibit.map(|_| ()))
}

/// Checks one bundled file, with all that it names; a study is read with what `asked` asks for
/// otherwise, its `study` apart.
///
/// # Errors
/// Everything that is wrong with it.
pub fn check_bundled_as(kind: Kind, id: &str, asked: &Request) -> Result<(), Problems> {
    if kind == Kind::Study {
        return joint::check_named(&Request {
            study: id.to_owned(),
            ..asked.clone()
        });
    }
    let mut shelf = Shelf::default();
    let exhibit = open(&mut shelf, kind, id).and_then(|it| read(&mut shelf, it));
    settle(shelf, exhibit.map(|_| ()))
}

/// A name that can only be a path.
fn as_file(name: &str) -> String {
    match name.contains(['/', '\\']) {
        true => name.to_owned(),
        false => format!("./{name}"),
    }
}

/// Everything of this name: a bundled file, a file at this path, or a service, outside source or
/// need of a bundled file.
///
/// # Errors
/// What is wrong with a file, or that nothing has this name. Never `Ok` with an empty list.
pub fn describe(name: &str) -> Result<Vec<Exhibit>, Problems> {
    if is_path(name) && !name.contains('+') {
        let mut shelf = Shelf::default();
        let document = shelf.any_file(name);
        if document.as_ref().is_some_and(|it| it.kind == Kind::Study) {
            return describe_study(&as_file(name));
        }
        let exhibit = document.and_then(|document| read(&mut shelf, document));
        return settle(shelf, exhibit.map(|exhibit| vec![exhibit]));
    }
    if name.contains('+') {
        let mut shelf = Shelf::default();
        let sheet = with_plus(&mut shelf, name);
        let sheet = settle(shelf, sheet)?;
        return Ok(vec![Exhibit::Structure(Box::new(sheet))]);
    }
    let mut found = Vec::new();
    for file in BUNDLED.iter().filter(|file| file.id == name) {
        if file.kind == Kind::Study {
            found.extend(describe_study(name)?);
            continue;
        }
        let mut shelf = Shelf::default();
        let exhibit = open(&mut shelf, file.kind, name).and_then(|it| read(&mut shelf, it));
        found.push(settle(shelf, exhibit)?);
    }
    if found.is_empty() {
        found = describe_parts(name)?;
    }
    if found.is_empty() {
        let known: Vec<&str> = BUNDLED.iter().map(|file| file.id).collect();
        let mut problems = Problems::default();
        let problem = Problem::new(Code::UnknownName, format!("nothing is called \"{name}\""));
        problems.push(problem.help(did_you_mean(name, known).unwrap_or_else(|| {
            "`seamline list` names what is bundled; a path names a file".to_owned()
        })));
        return Err(problems);
    }
    Ok(found)
}

/// A structure with overlays: `STRUCTURE+OVERLAY`, the structure by id or by path.
pub(crate) fn with_plus(shelf: &mut Shelf, name: &str) -> Option<StructureSheet> {
    let at = shelf.argument("NAME", name);
    let wanted = WantedStructure::parse(name, at);
    let document = match is_path(&wanted.structure) {
        true => shelf.any_file(&wanted.structure),
        false => shelf.find(Kind::Structure, &wanted.structure, at),
    };
    let overlays = (wanted.overlays.iter())
        .map(|id| shelf.find(Kind::Overlay, id, at))
        .collect::<Option<Vec<_>>>();
    let document = document?;
    if document.kind != Kind::Structure {
        let message = format!("\"{}\" is not a structure", wanted.structure);
        shelf.report(
            Problem::new(Code::WrongKind, message),
            at,
            "expected a structure",
        );
        return None;
    }
    read_structure(shelf, document, &overlays?)
}

fn describe_study(study: &str) -> Result<Vec<Exhibit>, Problems> {
    let request = Request {
        study: study.to_owned(),
        ..Request::default()
    };
    load(&request).map(|scenario| vec![Exhibit::Study(Box::new(scenario))])
}

/// Opens a bundled file as though it had been named on the command line.
pub(crate) fn open(shelf: &mut Shelf, kind: Kind, id: &str) -> Option<Document> {
    let named = shelf.argument("NAME", id);
    shelf.find(kind, id, named)
}

/// Reads any file but a study.
fn read(shelf: &mut Shelf, document: Document) -> Option<Exhibit> {
    if document.kind == Kind::Structure {
        let sheet = read_structure(shelf, document, &[])?;
        return Some(Exhibit::Structure(Box::new(sheet)));
    }
    if document.kind == Kind::Joint {
        return joint::read(shelf, &document).map(Exhibit::Joint);
    }
    let document = shelf.with_bases(document);
    let surroundings = match document.kind {
        Kind::Parameters | Kind::Study | Kind::Figures => Surroundings::default(),
        _ => surroundings(shelf, &document),
    };
    let mut reader = Reader::new(shelf);
    match document.kind {
        Kind::Study | Kind::Structure | Kind::Joint => None,
        Kind::Area => read_area(&mut reader, &document, surroundings.outline.as_ref()),
        Kind::Parameters => read_parameters(&mut reader, &document),
        Kind::Overlay => read_overlay(&mut reader, &document, surroundings),
        Kind::Figures => {
            let figures = figures::read(&mut reader, &document, None)?;
            Some(Exhibit::Figures(Box::new(figures)))
        }
    }
}

fn read_area(
    reader: &mut Reader<'_>,
    document: &Document,
    outline: Option<&Outline>,
) -> Option<Exhibit> {
    let form = area::read(reader, document, outline)?;
    Some(Exhibit::Area {
        area: Area {
            id: Id::new(&document.id),
            name: form.name,
            region: String::new(),
            children: form.children,
            need: Factor::ONE,
            ages: form.ages,
            moves: form.moves,
            posts: form.posts,
        },
        summary: form.summary,
        parameters: sorted(std::mem::take(&mut reader.parameters)),
    })
}

fn read_parameters(reader: &mut Reader<'_>, document: &Document) -> Option<Exhibit> {
    let top = reader.shelf.files.top_of(document.file);
    let (_, world) = children::read(reader, &document.table, top);
    world?;
    let known = std::mem::take(&mut reader.known);
    joint::check_of(reader.shelf, document, &known);
    let head = document.head()?.as_table()?;
    let text = |key: &str| head.get(key).and_then(Node::as_text).unwrap_or_default();
    Some(Exhibit::Parameters {
        id: Id::new(&document.id),
        name: text("name").to_owned(),
        summary: text("summary").to_owned(),
        parameters: sorted(std::mem::take(&mut reader.parameters)),
    })
}

/// Reads a structure with the overlays it is to be shown with.
pub(crate) fn read_structure(
    shelf: &mut Shelf,
    document: Document,
    overlays: &[Document],
) -> Option<StructureSheet> {
    let root = shelf.root_of(&document).map(|root| who_runs(&root.table));
    let document = shelf.with_bases(document);
    let surroundings = surroundings(shelf, &document);
    let outline = surroundings.outline.as_ref();
    let mut reader = Reader::new(shelf);
    let form = structure::read(&mut reader, &document, outline)?;
    let forms = (overlays.iter())
        .map(|it| overlay::read(&mut reader, it, outline, &[]))
        .collect::<Option<Vec<_>>>()?;
    let carried: Vec<_> = forms.iter().collect();
    let top = reader.shelf.files.top_of(document.file);
    if let Some(outline) = outline {
        check_delegable(&mut reader, &form, &carried, outline, top);
    }
    let partitions = partitions(&form, &changes(&carried));
    let governance = governance_of(&form, &carried);
    let undelegable: Vec<Id> = (outline.iter())
        .flat_map(|outline| &outline.services)
        .filter(|(_, service)| !service.may_be_delegated)
        .map(|(service, _)| Id::new(service))
        .collect();
    let profile = Profile::of(
        &form.organisations,
        &partitions,
        &governance,
        root.as_ref(),
        &undelegable,
    );
    let carried: Vec<Overlay> = carried.iter().map(|it| it.overlay.clone()).collect();
    let id = (carried.iter()).fold(form.id.clone(), |id, it| format!("{id}+{}", it.id));
    Some(StructureSheet {
        id: Id::new(&id),
        partitions,
        governance,
        profile,
        name: with_overlays(&form.name, &carried),
        overlays: carried,
        summary: form.summary,
        law: form.law,
        claims_for: form.claims_for,
        claims_against: form.claims_against,
        sources: form.sources,
        file: reader.shelf.files.get(document.file).label.clone(),
        organisations: form.organisations,
    })
}

/// Which organisation runs each service, as the table of a structure states it.
fn who_runs(table: &Table) -> BTreeMap<Id, Id> {
    let mut runs = BTreeMap::new();
    let organisations = table.table("organisation");
    for entry in organisations.iter().flat_map(|table| &table.entries) {
        let services = (entry.node.as_table()).and_then(|table| table.get("runs"));
        if let Some(Value::List(services)) = services.map(|node| &node.value) {
            for service in services.iter().filter_map(Node::as_text) {
                runs.insert(Id::new(service), Id::new(&entry.key));
            }
        }
    }
    runs
}

fn read_overlay(
    reader: &mut Reader<'_>,
    document: &Document,
    surroundings: Surroundings,
) -> Option<Exhibit> {
    let form = overlay::read(reader, document, surroundings.outline.as_ref(), &[])?;
    if let Some(mut table) = surroundings.table {
        scale(reader, &mut table, &form, &surroundings.known);
    }
    let mut changes = Vec::new();
    for (group, verb) in [("shared", "shared by"), ("separate", "parted")] {
        for key in PARTITIONS {
            if let Some(node) = document.table.table(group).and_then(|table| table.get(key)) {
                changes.push((format!("{key} {verb}"), lists(node)));
            }
        }
    }
    for key in governance::TABLES {
        let stated = (document.table.table(key)).map_or(&[][..], |table| &table.entries[..]);
        for entry in stated {
            let words = match &entry.node.value {
                Value::Table(table) => (table.entries.iter())
                    .map(|it| format!("{}: {}", it.key, super::reader::words(&it.node)))
                    .collect::<Vec<_>>()
                    .join("; "),
                _ => super::reader::words(&entry.node),
            };
            changes.push((format!("{key}.{}", entry.key), words));
        }
    }
    Some(Exhibit::Overlay {
        overlay: form.overlay,
        sources: form.sources,
        changes,
        parameters: sorted(std::mem::take(&mut reader.parameters)),
    })
}

/// `all`, or lists of services parted by semicolons.
fn lists(node: &Node) -> String {
    match &node.value {
        Value::Text(text) => text.clone(),
        Value::List(items) => (items.iter())
            .map(super::reader::words)
            .collect::<Vec<_>>()
            .join("; "),
        _ => String::new(),
    }
}

/// The world that a file standing alone is read beside.
#[derive(Debug, Default)]
struct Surroundings {
    outline: Option<Outline>,
    known: std::collections::BTreeSet<String>,
    table: Option<Table>,
}

/// Finds a world that a file fits; what is wrong with that world is not the file's problem.
fn surroundings(shelf: &mut Shelf, document: &Document) -> Surroundings {
    let mentioned = mentioned(document);
    let known_problems = std::mem::take(&mut shelf.problems);
    let at = shelf.files.top_of(document.file);
    let mut ids: Vec<String> = beside(shelf, document);
    ids.extend(
        (BUNDLED.iter())
            .filter(|file| file.kind == Kind::Parameters)
            .map(|file| file.id.to_owned()),
    );
    let mut found = Surroundings::default();
    for id in ids {
        let Some(world) = shelf.find(Kind::Parameters, &id, at) else {
            continue;
        };
        let top = shelf.files.top_of(world.file);
        let mut reader = Reader::new(shelf);
        let (outline, _) = children::read(&mut reader, &world.table, top);
        let known = std::mem::take(&mut reader.known);
        let fits = mentioned.is_empty()
            || mentioned
                .iter()
                .any(|name| outline.services.contains_key(name));
        if fits {
            found = Surroundings {
                outline: Some(outline),
                known,
                table: Some((*world.table).clone()),
            };
            break;
        }
    }
    shelf.problems = known_problems;
    found
}

/// Ids of the parameter files that stand beside a local file.
fn beside(shelf: &Shelf, document: &Document) -> Vec<String> {
    let Origin::Local(folder) = &shelf.files.get(document.file).origin else {
        return Vec::new();
    };
    let folder = folder.join("..").join(Kind::Parameters.folder());
    let Ok(entries) = std::fs::read_dir(folder) else {
        return Vec::new();
    };
    let mut ids: Vec<String> = entries
        .filter_map(|entry| entry.ok()?.file_name().into_string().ok())
        .filter_map(|name| name.strip_suffix(".toml").map(str::to_owned))
        .collect();
    ids.sort();
    ids
}

/// Names of services in a file: whatever stands in its lists, and the keys of its posts.
fn mentioned(document: &Document) -> Vec<String> {
    fn texts(node: &Node, names: &mut Vec<String>) {
        match &node.value {
            Value::List(items) => {
                for item in items {
                    names.extend(item.as_text().map(str::to_owned));
                    texts(item, names);
                }
            }
            Value::Table(table) => {
                for entry in &table.entries {
                    texts(&entry.node, names);
                }
            }
            _ => {}
        }
    }
    let mut names = Vec::new();
    for key in [
        "organisation",
        "shared",
        "separate",
        "oversight",
        "teams",
        "law",
    ] {
        if let Some(node) = document.table.get(key) {
            texts(node, &mut names);
        }
    }
    if let Some(posts) = document.table.table("posts") {
        names.extend(posts.entries.iter().map(|entry| entry.key.clone()));
    }
    names
}

/// Services, outside sources and needs of this name in the bundled files.
fn describe_parts(name: &str) -> Result<Vec<Exhibit>, Problems> {
    let mut found = Vec::new();
    for file in BUNDLED {
        if !matches!(file.kind, Kind::Parameters | Kind::Study) {
            continue;
        }
        let mut shelf = Shelf::default();
        let Some(document) = open(&mut shelf, file.kind, file.id) else {
            continue;
        };
        let mut reader = Reader::new(&mut shelf);
        let top = reader.shelf.files.top_of(document.file);
        let is_network = document.table.get("service").is_some();
        match (file.kind, is_network) {
            (Kind::Study, true) => drop(network::read(&mut reader, &document.table, top)),
            (Kind::Parameters, _) => drop(children::read(&mut reader, &document.table, top)),
            _ => continue,
        }
        let parameters = sorted(std::mem::take(&mut reader.parameters));
        for what in PARTS {
            let Some(part) = document
                .table
                .table(what)
                .and_then(|table| table.table(name))
            else {
                continue;
            };
            found.push(part_of(what, file.id, name, part, &parameters));
        }
    }
    Ok(found)
}

fn part_of(
    what: &'static str,
    of: &str,
    id: &str,
    part: &Table,
    parameters: &[Parameter],
) -> Exhibit {
    let prefix = format!("{what}.{id}.");
    let own: Vec<Parameter> = (parameters.iter())
        .filter(|parameter| parameter.path.starts_with(&prefix))
        .cloned()
        .collect();
    let stated: BTreeMap<&str, ()> = own.iter().map(|it| (&*it.path, ())).collect();
    let words = (part.entries.iter())
        .filter(|entry| entry.key != "name")
        .filter(|entry| !stated.contains_key(&*format!("{prefix}{}", entry.key)))
        .filter_map(|entry| {
            let text = entry.node.as_text()?;
            Some((entry.key.clone(), text.to_owned()))
        });
    Exhibit::Part {
        what,
        of: Id::new(of),
        id: Id::new(id),
        name: part
            .get("name")
            .and_then(Node::as_text)
            .unwrap_or(id)
            .to_owned(),
        words: words.collect(),
        parameters: own,
    }
}
