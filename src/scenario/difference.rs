//! The exact difference between two of anything: two structures with their overlays, two parameter
//! files, areas, overlays or studies, two services or needs.
//!
//! What files state is compared as it is written, bases included: `12 months` and `1 year` differ.
//! Of structures, the organisations and partitions that come of it are compared, not the tables.

use std::collections::{BTreeMap, BTreeSet};

use super::checked::{Adoption, Blocks, Coverage, Governance, Id, Organisation, Structure};
use super::exhibit::{PARTS, StructureSheet, open, read_structure, with_plus};
use super::joint;
use super::library::{BUNDLED, Document, Kind, Shelf, is_path};
use super::load::settle;
use super::problem::{Code, Problem, Problems};
use super::profile::Seams;
use super::reader::{Reader, join, words};
use super::structure::PARTITIONS;
use super::study;
use super::tree::{Node, Table, Value};

/// How two things differ. What is the same is left out.
#[derive(Debug, Clone, PartialEq)]
pub struct Difference {
    /// What both are: `structure`, `parameters`, `need`.
    pub what: String,
    /// How the two are called.
    pub names: [String; 2],
    /// Organisations, of two structures; `None` where one has none of that id.
    pub organisations: Vec<(Id, [Option<Organisation>; 2])>,
    /// Partitions that part other pairs, of two structures.
    pub partitions: Vec<[Seams; 2]>,
    /// Everything else, by path, as written; `None` where one does not state it.
    pub stated: Vec<(String, [Option<String>; 2])>,
}

impl Difference {
    /// Do the two not differ?
    pub fn is_none(&self) -> bool {
        self.organisations.is_empty() && self.partitions.is_empty() && self.stated.is_empty()
    }
}

/// One of two things, read.
struct Side {
    what: String,
    name: String,
    form: Option<Form>,
    /// Everything it states, by path.
    stated: BTreeMap<String, String>,
}

/// Who runs what, and which pairs of services each partition parts.
struct Form {
    organisations: Vec<Organisation>,
    seams: Vec<Seams>,
}

/// The words of a structure.
struct Described<'a> {
    name: &'a str,
    summary: &'a str,
    law: Option<&'a String>,
    claims_for: &'a [String],
    claims_against: &'a [String],
    sources: &'a [String],
    governance: &'a Governance,
}

/// The difference between two structures of a study, overlays applied. What overlays do to values is
/// not among it.
pub fn between(one: &Structure, other: &Structure) -> Difference {
    difference(&of_checked(one), &of_checked(other))
}

fn of_checked(structure: &Structure) -> Side {
    let mut stated = BTreeMap::new();
    let described = Described {
        name: &structure.name,
        summary: &structure.summary,
        law: structure.law.as_ref(),
        claims_for: &structure.claims_for,
        claims_against: &structure.claims_against,
        sources: &structure.sources,
        governance: &structure.governance,
    };
    describe(&described, &mut stated);
    Side {
        what: Kind::Structure.key().to_owned(),
        name: structure.id.to_string(),
        form: Some(Form {
            organisations: structure.organisations.clone(),
            seams: structure.seams(),
        }),
        stated,
    }
}

impl Structure {
    /// Its seams by partition: those of the organisations, then in the order of [`PARTITIONS`].
    pub fn seams(&self) -> Vec<Seams> {
        let runs: Blocks = (self.organisations.iter())
            .map(|it| it.runs.clone())
            .collect();
        let others = [
            &self.records,
            &self.budgets,
            &self.assessment,
            &self.front_doors,
            &self.workforce,
        ];
        let mut seams = vec![Seams::of("organisations", &runs)];
        seams.extend((PARTITIONS.iter().zip(others)).map(|(name, blocks)| Seams::of(name, blocks)));
        seams
    }
}

/// The difference between two things of one kind, each named as `seamline show` takes it.
///
/// # Errors
/// What is wrong with a file, that nothing has a name, or that the two are not of one kind.
pub fn compare(one: &str, other: &str) -> Result<Difference, Problems> {
    let (ones, others) = (sides(one)?, sides(other)?);
    let pairs = ones
        .iter()
        .flat_map(|one| others.iter().map(move |other| (one, other)));
    let mut alike = pairs.filter(|(one, other)| one.what == other.what);
    let Some((first, second)) = alike.next() else {
        let kinds = |sides: &[Side]| sides.first().map_or(String::new(), |it| it.what.clone());
        let message = format!(
            "\"{one}\" ({}) and \"{other}\" ({}) are of different kinds",
            kinds(&ones),
            kinds(&others)
        );
        let mut problems = Problems::default();
        problems.push(
            Problem::new(Code::WrongKind, message)
                .help("two structures can be compared, or two parameter files, and so on"),
        );
        return Err(problems);
    };
    Ok(difference(first, second))
}

fn difference(one: &Side, other: &Side) -> Difference {
    let mut organisations = Vec::new();
    let mut partitions = Vec::new();
    if let (Some(one), Some(other)) = (&one.form, &other.form) {
        let ids = |form: &Form| -> BTreeSet<Id> {
            form.organisations.iter().map(|it| it.id.clone()).collect()
        };
        for id in ids(one).union(&ids(other)) {
            let of = |form: &Form| {
                let mut all = form.organisations.iter();
                all.find(|it| it.id == *id).cloned()
            };
            let both = [of(one), of(other)];
            if both[0] != both[1] {
                organisations.push((id.clone(), both));
            }
        }
        let seams = one.seams.iter().zip(&other.seams);
        let differing = seams.filter(|(one, other)| one.blocks != other.blocks);
        partitions = differing
            .map(|(one, other)| [one.clone(), other.clone()])
            .collect();
    }
    let paths: BTreeSet<&String> = one.stated.keys().chain(other.stated.keys()).collect();
    let stated = paths.into_iter().filter_map(|path| {
        let both = [
            one.stated.get(path).cloned(),
            other.stated.get(path).cloned(),
        ];
        (both[0] != both[1]).then(|| (path.clone(), both))
    });
    Difference {
        what: one.what.clone(),
        names: [one.name.clone(), other.name.clone()],
        organisations,
        partitions,
        stated: stated.collect(),
    }
}

/// Everything of this name.
fn sides(name: &str) -> Result<Vec<Side>, Problems> {
    let mut shelf = Shelf::default();
    if name.contains('+') {
        let sheet = with_plus(&mut shelf, name);
        let factors = sheet.as_ref().map(|sheet| factors(&mut shelf, name, sheet));
        let sheet = settle(shelf, sheet)?;
        return Ok(vec![of_structure(name, sheet, factors.unwrap_or_default())]);
    }
    if is_path(name) {
        let document = shelf.any_file(name);
        let side = document.and_then(|it| side(&mut shelf, name, it));
        return settle(shelf, side).map(|side| vec![side]);
    }
    let mut found = Vec::new();
    for file in BUNDLED.iter().filter(|file| file.id == name) {
        let mut shelf = Shelf::default();
        let document = match file.kind {
            Kind::Study => shelf.study(name),
            _ => open(&mut shelf, file.kind, name),
        };
        let side = document.and_then(|it| side(&mut shelf, name, it));
        found.push(settle(shelf, side)?);
    }
    if found.is_empty() {
        found = parts(name);
    }
    match found.is_empty() {
        // Says that nothing has this name, and what was perhaps meant.
        true => super::exhibit::describe(name).map(|_| Vec::new()),
        false => Ok(found),
    }
}

fn side(shelf: &mut Shelf, name: &str, document: Document) -> Option<Side> {
    if document.kind == Kind::Structure {
        let sheet = read_structure(shelf, document, &[])?;
        return Some(of_structure(name, sheet, BTreeMap::new()));
    }
    let document = shelf.with_bases(document);
    let mut stated = BTreeMap::new();
    if document.kind == Kind::Joint {
        stated.extend(joint::stated_in(shelf, &document));
    }
    states("", &document.table, &mut stated);
    stated.remove(&format!("{}.extends", document.kind.key()));
    if document.kind == Kind::Study {
        named_by_study(shelf, &document, &mut stated);
    }
    Some(Side {
        what: document.kind.key().to_owned(),
        name: name.to_owned(),
        form: None,
        stated,
    })
}

/// Adds what the parameter file and the areas of a study state; areas by their place in its list.
fn named_by_study(shelf: &mut Shelf, study: &Document, stated: &mut BTreeMap<String, String>) {
    let Some(head) = study.head().cloned() else {
        return;
    };
    let mut reader = Reader::new(shelf);
    let (names, _) = study::read_head(&mut reader, study, &head);
    if let Some((id, at)) = names.parameters
        && let Some(world) = shelf.find(Kind::Parameters, &id, at)
    {
        states("", &world.table, stated);
    }
    for (place, wanted) in names.areas.iter().enumerate() {
        if let Some(area) = shelf.find(Kind::Area, &wanted.id, wanted.at) {
            states(&format!("area {}", place + 1), &area.table, stated);
        }
    }
}

/// The factors of the overlays that a structure is shown with.
fn factors(shelf: &mut Shelf, name: &str, sheet: &StructureSheet) -> BTreeMap<String, String> {
    let at = shelf.argument("NAME", name);
    let mut stated = BTreeMap::new();
    for overlay in &sheet.overlays {
        let id = overlay.id.as_str();
        let document = shelf.find(Kind::Overlay, id, at);
        if let Some(scale) = document.and_then(|it| it.table.table("scale").cloned()) {
            states(&format!("overlay.{id}"), &scale, &mut stated);
        }
    }
    stated
}

/// Services, outside sources and needs of this name in the bundled parameter files.
fn parts(name: &str) -> Vec<Side> {
    let mut found = Vec::new();
    for file in BUNDLED.iter().filter(|file| file.kind == Kind::Parameters) {
        let mut shelf = Shelf::default();
        let Some(document) = open(&mut shelf, file.kind, file.id) else {
            continue;
        };
        for what in PARTS {
            let group = document.table.table(what);
            if let Some(part) = group.and_then(|group| group.table(name)) {
                let mut stated = BTreeMap::new();
                states("", part, &mut stated);
                found.push(Side {
                    what: format!("{what} of {}", file.id),
                    name: name.to_owned(),
                    form: None,
                    stated,
                });
            }
        }
    }
    found
}

/// Every key below a table with what it holds. The `value` of a value with its evidence goes by the
/// path of the value itself.
fn states(path: &str, table: &Table, stated: &mut BTreeMap<String, String>) {
    for entry in &table.entries {
        let path = match entry.key.as_str() {
            "value" if !path.is_empty() => path.to_owned(),
            key => join(path, key),
        };
        match &entry.node.value {
            Value::Table(inner) => states(&path, inner, stated),
            _ => {
                stated.insert(path, in_words(&entry.node));
            }
        }
    }
}

fn in_words(node: &Node) -> String {
    match &node.value {
        Value::List(items) => {
            let items: Vec<String> = items.iter().map(in_words).collect();
            format!("[{}]", items.join(", "))
        }
        Value::Table(table) => {
            let entries = table.entries.iter();
            let entries: Vec<String> = entries
                .map(|entry| format!("{} = {}", entry.key, in_words(&entry.node)))
                .collect();
            format!("{{ {} }}", entries.join(", "))
        }
        _ => words(node),
    }
}

/// What a structure states beside its organisations and partitions.
fn of_structure(name: &str, sheet: StructureSheet, factors: BTreeMap<String, String>) -> Side {
    let mut stated = factors;
    let described = Described {
        name: &sheet.name,
        summary: &sheet.summary,
        law: sheet.law.as_ref(),
        claims_for: &sheet.claims_for,
        claims_against: &sheet.claims_against,
        sources: &sheet.sources,
        governance: &sheet.governance,
    };
    describe(&described, &mut stated);
    Side {
        what: Kind::Structure.key().to_owned(),
        name: name.to_owned(),
        form: Some(Form {
            organisations: sheet.organisations,
            seams: sheet.profile.seams,
        }),
        stated,
    }
}

/// The words of a structure by path.
fn describe(of: &Described<'_>, stated: &mut BTreeMap<String, String>) {
    let mut say = |path: &str, words: Option<String>| {
        if let Some(words) = words.filter(|words| !words.is_empty()) {
            stated.insert(path.to_owned(), words);
        }
    };
    let listed = |items: &[String]| items.join("; ");
    let ids = |ids: &[Id]| {
        let names: Vec<&str> = ids.iter().map(Id::as_str).collect();
        names.join(", ")
    };
    let governance = of.governance;
    say("structure.name", Some(of.name.to_owned()));
    say("structure.summary", Some(of.summary.to_owned()));
    say("structure.law", of.law.cloned());
    say("structure.for", Some(listed(of.claims_for)));
    say("structure.against", Some(listed(of.claims_against)));
    say("structure.sources", Some(listed(of.sources)));
    say("structure.accountable", governance.accountable.clone());
    say("structure.led_by", governance.led_by.clone());
    let basis = match governance.adoption {
        Adoption::Statutory => "statutory",
        Adoption::Pilot => "pilot",
        Adoption::Voluntary => "voluntary",
    };
    say("adoption.basis", Some(basis.to_owned()));
    let coverage = match governance.lead_professional {
        Coverage::Nobody => None,
        Coverage::SeveralServices => Some("children in several services".to_owned()),
        Coverage::AllReferred => Some("all referred children".to_owned()),
    };
    say("lead_professional.for", coverage);
    say(
        "partnering.paid_for",
        governance.partnering.then(|| "true".to_owned()),
    );
    say("law.lifts", Some(ids(&governance.law_lifted_for)));
    let teams: Vec<String> = governance.teams.iter().map(|team| ids(team)).collect();
    say("teams", Some(teams.join("; ")));
    for layer in &governance.oversight {
        let targets = if layer.targets { ", with targets" } else { "" };
        let words = format!(
            "{} ({}) over {}{targets}",
            layer.name,
            layer.kind,
            ids(&layer.over)
        );
        say(&format!("oversight.{}", layer.id), Some(words));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn paths(difference: &Difference) -> Vec<&str> {
        (difference.stated.iter())
            .map(|(path, _)| path.as_str())
            .collect()
    }

    #[test]
    fn a_thing_does_not_differ_from_itself() {
        for file in BUNDLED {
            assert!(compare(file.id, file.id).unwrap().is_none(), "{}", file.id);
        }
    }

    #[test]
    fn two_structures_differ_in_organisations_and_partitions() {
        let found = compare("fragmented", "national-agency").unwrap();
        let ids: Vec<&str> = (found.organisations.iter())
            .map(|(id, _)| id.as_str())
            .collect();
        assert_eq!(ids, ["child-protection-agency", "social-services"]);
        let names: Vec<&str> = (found.partitions.iter())
            .map(|[one, _]| one.partition)
            .collect();
        assert_eq!(names.len(), 6, "{names:?}");
        let parted = |side: usize| found.partitions[0][side].parted.len();
        assert_eq!((parted(0), parted(1)), (32, 34));
        assert!(!paths(&found).contains(&"adoption.basis"));
        assert!(paths(&found).contains(&"oversight.agency-board"));
    }

    #[test]
    fn structures_of_a_study_differ_as_their_files_do() {
        let request = crate::scenario::Request {
            study: "childrens-trusts-2003".to_owned(),
            ..crate::scenario::Request::default()
        };
        let scenario = crate::scenario::load(&request).unwrap();
        let baseline = &scenario.structures[0];
        for structure in &scenario.structures[1..] {
            let found = between(baseline, structure);
            let stated = compare(baseline.id.as_str(), structure.id.as_str()).unwrap();
            assert_eq!(found, stated);
        }
        assert!(between(baseline, baseline).is_none());
    }

    #[test]
    fn an_overlay_differs_by_what_it_changes_and_its_factors() {
        let found = compare("fragmented", "fragmented+shared-records").unwrap();
        assert!(found.organisations.is_empty());
        assert_eq!(found.partitions.len(), 1);
        assert_eq!(found.partitions[0][1].partition, "records");
        assert!(
            paths(&found)
                .iter()
                .any(|path| path.starts_with("overlay.shared-records."))
        );
    }

    #[test]
    fn values_differ_by_path_as_they_are_written() {
        let found = compare("england-2003", "england-2023").unwrap();
        let loss = found
            .stated
            .iter()
            .find(|(path, _)| path == "handoff.silent_loss");
        let both = loss.map(|(_, both)| both.clone());
        assert_eq!(both, Some([Some("4%".to_owned()), Some("3%".to_owned())]));
        assert!(!paths(&found).contains(&"relations.beta"));
        let areas = compare("typical-council-2003", "typical-council-2023").unwrap();
        assert!(paths(&areas).contains(&"posts.family-support.vacant"));
    }

    #[test]
    fn two_needs_of_one_file_are_compared() {
        let found = compare("protection", "family").unwrap();
        assert_eq!(found.what, "need of england-2003");
        assert!(paths(&found).contains(&"begins"));
    }

    #[test]
    fn things_of_different_kinds_are_refused() {
        let refused = compare("fragmented", "england-2003").unwrap_err();
        let codes: Vec<Code> = refused.iter().map(Problem::code).collect();
        assert_eq!(codes, [Code::WrongKind]);
        assert!(compare("fragmentd", "local-trust").is_err());
    }
}
