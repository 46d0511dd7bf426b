//! Reads structures: who runs what, and which partitions differ from that. What overlays change of
//! the partitions is read here as well.

use std::collections::BTreeMap;

use super::checked::{Blocks, Footprint, Id, Organisation};
use super::children::{Outline, display_name};
use super::files::Span;
use super::governance::{self, GovernanceForm};
use super::library::Document;
use super::problem::{Code, Problem, did_you_mean, one_of};
use super::reader::{Fields, Reader, join};
use super::tree::{Entry, Node, Value};

/// The partitions that follow the organisations unless a structure or overlay says otherwise.
pub const PARTITIONS: [&str; 5] = [
    "records",
    "budgets",
    "assessment",
    "front_doors",
    "workforce",
];

const FOOTPRINTS: [(&str, Footprint); 3] = [
    ("area", Footprint::Area),
    ("region", Footprint::Region),
    ("nation", Footprint::Nation),
];

/// What a structure file states, its bases included.
#[derive(Debug, Clone)]
pub(crate) struct StructureForm {
    pub(crate) id: String,
    pub(crate) name: String,
    pub(crate) summary: String,
    pub(crate) sources: Vec<String>,
    pub(crate) law: Option<String>,
    pub(crate) claims_for: Vec<String>,
    pub(crate) claims_against: Vec<String>,
    pub(crate) accountable: Option<String>,
    pub(crate) led_by: Option<String>,
    pub(crate) organisations: Vec<Organisation>,
    /// Where each service stands in the list of the organisation that runs it.
    pub(crate) runs_at: BTreeMap<Id, Span>,
    pub(crate) changes: Changes,
    pub(crate) governance: GovernanceForm,
}

/// How the five partitions depart from the organisations, in the order of [`PARTITIONS`].
#[derive(Debug, Clone, Default)]
pub(crate) struct Changes {
    shared: [Sharing; 5],
    separate: [Vec<Vec<Id>>; 5],
    /// Where budgets are shared, if they are.
    pooled_at: Option<Span>,
}

impl Changes {
    /// The place that pools the budget of a service, if these changes do.
    pub(crate) fn pools(&self, service: &Id) -> Option<Span> {
        let [_, budgets, ..] = &self.shared;
        match budgets {
            Sharing::AsOrganisations => None,
            Sharing::ByAll => self.pooled_at,
            Sharing::Within(lists) => {
                (self.pooled_at).filter(|_| lists.iter().any(|list| list.contains(service)))
            }
        }
    }
}

#[derive(Debug, Clone, Default)]
enum Sharing {
    #[default]
    AsOrganisations,
    ByAll,
    Within(Vec<Vec<Id>>),
}

/// Reads a structure; `outline` is the world it is for, where that is known.
pub(crate) fn read(
    reader: &mut Reader<'_>,
    document: &Document,
    outline: Option<&Outline>,
) -> Option<StructureForm> {
    let top = reader.shelf.files.top_of(document.file);
    let mut root = reader.open_table(&document.table, top, "");
    let head = reader.needed(&mut root, "structure");
    let head_at = head.as_ref().map_or(top, |head| head.at);
    let head = head.and_then(|mut head| {
        let name = display_name(reader, &mut head, &document.id);
        let summary = reader.optional_text(&mut head, "summary");
        let law = reader.optional_text(&mut head, "law");
        let accountable = reader.optional_text(&mut head, "accountable");
        let led_by = governance::read_led_by(reader, &mut head, outline);
        let sources = reader.texts(&mut head, "sources");
        let claims_for = reader.texts(&mut head, "for");
        let claims_against = reader.texts(&mut head, "against");
        reader.optional_text(&mut head, "extends");
        reader.close(head);
        Some((
            name?,
            summary?,
            law?,
            sources?,
            claims_for?,
            claims_against?,
            accountable?,
            led_by?,
        ))
    });
    let organisations = reader.needed(&mut root, "organisation");
    let organisations =
        organisations.and_then(|fields| read_organisations(reader, &fields, head_at, outline));
    let changes = read_changes(reader, &mut root, outline);
    let governance = governance::read(reader, &mut root, outline);
    reader.close(root);
    let (name, summary, law, sources, claims_for, claims_against, accountable, led_by) = head?;
    let (organisations, runs_at) = organisations?;
    Some(StructureForm {
        id: document.id.clone(),
        name,
        summary: summary.unwrap_or_default(),
        sources,
        law,
        claims_for,
        claims_against,
        accountable,
        led_by,
        organisations,
        runs_at,
        changes: changes?,
        governance: governance?,
    })
}

fn read_organisations(
    reader: &mut Reader<'_>,
    fields: &Fields<'_>,
    head_at: Span,
    outline: Option<&Outline>,
) -> Option<(Vec<Organisation>, BTreeMap<Id, Span>)> {
    let mut run_by: BTreeMap<Id, (Id, Span)> = BTreeMap::new();
    let mut all = Vec::new();
    // In the order of the file, so that the second of two is the one that is marked.
    let mut entries = reader.entries(fields);
    entries.sort_by_key(|entry| (entry.key_at.file, entry.key_at.start));
    for entry in entries {
        reader.check_name(entry);
        all.push(read_organisation(reader, entry, &mut run_by, outline));
    }
    let mut organisations = all.into_iter().collect::<Option<Vec<Organisation>>>()?;
    organisations.sort_by(|a, b| a.id.cmp(&b.id));
    if let Some(outline) = outline {
        let left: Vec<&str> = (outline.names())
            .filter(|name| !run_by.contains_key(&Id::new(name)))
            .collect();
        if !left.is_empty() {
            let message = format!("no organisation runs {}", quoted(&left));
            let problem = Problem::new(Code::NoOrganisation, message)
                .help("name it in the `runs` of one organisation");
            reader.report(problem, head_at, "in this structure");
        }
    }
    let runs_at = (run_by.into_iter())
        .map(|(service, (_, at))| (service, at))
        .collect();
    Some((organisations, runs_at))
}

fn quoted(names: &[&str]) -> String {
    let quoted: Vec<String> = names.iter().map(|name| format!("\"{name}\"")).collect();
    match quoted.as_slice() {
        [some @ .., last] if !some.is_empty() => format!("{} and {last}", some.join(", ")),
        _ => quoted.concat(),
    }
}

fn read_organisation(
    reader: &mut Reader<'_>,
    entry: &Entry,
    run_by: &mut BTreeMap<Id, (Id, Span)>,
    outline: Option<&Outline>,
) -> Option<Organisation> {
    let path = join("organisation", &entry.key);
    let mut fields = reader.open(&entry.node, &path)?;
    let name = display_name(reader, &mut fields, &entry.key);
    if !fields.states("footprint") {
        reader.missing(&mut fields, "footprint");
    }
    let footprint = reader.choice(&mut fields, "footprint", "footprint", &FOOTPRINTS);
    if !fields.states("runs") {
        reader.missing(&mut fields, "runs");
    }
    let runs = reader.node(&mut fields, "runs");
    let runs = runs.and_then(|node| reader.ids(node, "runs"));
    let runs_at = fields.place_of("runs");
    reader.close(fields);
    let runs = runs?;
    if runs.is_empty() {
        let message = format!("organisation \"{}\" runs nothing", entry.key);
        let problem = Problem::new(Code::NoOrganisation, message)
            .help("leave the organisation out, or give it a service");
        reader.report(problem, runs_at, "expected one service or more");
    }
    let id = Id::new(&entry.key);
    for (service, at) in &runs {
        check_service(reader, service, *at, outline);
        if let Some((other, other_at)) = run_by.get(service) {
            let elsewhere = format!(
                "{}:{}",
                reader.shelf.files.get(other_at.file).label,
                reader.shelf.files.line(*other_at)
            );
            let problem = if *other == id {
                Problem::new(
                    Code::Twice,
                    format!("\"{service}\" is named twice in one list"),
                )
            } else {
                Problem::new(
                    Code::TwoOrganisations,
                    format!("\"{other}\" and \"{id}\" both run the service \"{service}\""),
                )
                .help(format!(
                    "\"{other}\" runs it at {elsewhere}; take it out of one of the two"
                ))
            };
            reader.report(problem, *at, "run by another already");
        } else {
            run_by.insert(service.clone(), (id.clone(), *at));
        }
    }
    let mut runs: Vec<Id> = runs.into_iter().map(|(service, _)| service).collect();
    runs.sort();
    Some(Organisation {
        id,
        name: name?,
        footprint: footprint??,
        runs,
    })
}

/// Reports a service that the world does not have.
pub(crate) fn check_service(
    reader: &mut Reader<'_>,
    service: &Id,
    at: Span,
    outline: Option<&Outline>,
) {
    let Some(outline) = outline else { return };
    if outline.services.contains_key(service.as_str()) {
        return;
    }
    let problem = Problem::new(
        Code::UnknownService,
        format!("there is no service \"{service}\""),
    )
    .help_if(did_you_mean(service.as_str(), outline.names()));
    reader.report(problem, at, format!("expected {}", one_of(outline.names())));
}

/// Reads `[shared]` and `[separate]`.
pub(crate) fn read_changes(
    reader: &mut Reader<'_>,
    root: &mut Fields<'_>,
    outline: Option<&Outline>,
) -> Option<Changes> {
    let mut changes = Changes::default();
    let mut sound = true;
    if let Some(mut fields) = reader.inner(root, "shared") {
        for (place, key) in PARTITIONS.into_iter().enumerate() {
            let Some(node) = reader.node(&mut fields, key) else {
                continue;
            };
            if key == "budgets" {
                changes.pooled_at = Some(node.at);
            }
            if node.as_text() == Some("all") {
                changes.shared[place] = Sharing::ByAll;
                continue;
            }
            match read_lists(reader, node, key, outline, "\"all\" or ") {
                Some(lists) => changes.shared[place] = Sharing::Within(lists),
                None => sound = false,
            }
        }
        reader.close(fields);
    }
    if let Some(mut fields) = reader.inner(root, "separate") {
        for (place, key) in PARTITIONS.into_iter().enumerate() {
            let Some(node) = reader.node(&mut fields, key) else {
                continue;
            };
            match read_lists(reader, node, key, outline, "") {
                Some(lists) => changes.separate[place] = lists,
                None => sound = false,
            }
        }
        reader.close(fields);
    }
    sound.then_some(changes)
}

/// A list of lists of services, none named twice.
fn read_lists(
    reader: &mut Reader<'_>,
    node: &Node,
    key: &str,
    outline: Option<&Outline>,
    or: &str,
) -> Option<Vec<Vec<Id>>> {
    let lists = match &node.value {
        Value::List(lists) if lists.iter().all(is_list) => lists,
        _ => {
            let problem = Problem::new(
                Code::WrongForm,
                format!("`{key}` is a list of lists of services"),
            );
            let expected = format!("expected {or}[[\"one\", \"two\"], [\"three\", \"four\"]]");
            reader.report(problem, node.at, expected);
            return None;
        }
    };
    let mut seen: Vec<Id> = Vec::new();
    let mut all = Vec::new();
    for list in lists {
        let named = reader.ids(list, key)?;
        for (service, at) in &named {
            check_service(reader, service, *at, outline);
            if seen.contains(service) {
                let problem = Problem::new(Code::Twice, format!("\"{service}\" is named twice"));
                reader.report(problem, *at, "expected each service in one list at most");
            }
            seen.push(service.clone());
        }
        all.push(named.into_iter().map(|(service, _)| service).collect());
    }
    Some(all)
}

fn is_list(node: &Node) -> bool {
    matches!(node.value, Value::List(_))
}

/// The five partitions of a structure under its overlays, in the order of [`PARTITIONS`].
pub(crate) fn partitions(structure: &StructureForm, overlays: &[&Changes]) -> [Blocks; 5] {
    std::array::from_fn(|place| {
        let mut blocks: Blocks = (structure.organisations.iter())
            .map(|organisation| organisation.runs.clone())
            .collect();
        let changes = std::iter::once(&structure.changes).chain(overlays.iter().copied());
        for change in changes {
            share(&mut blocks, &change.shared[place]);
            for list in &change.separate[place] {
                take_out(&mut blocks, list);
                blocks.push(list.clone());
            }
        }
        blocks.retain(|block| !block.is_empty());
        for block in &mut blocks {
            block.sort();
        }
        blocks.sort();
        blocks
    })
}

fn share(blocks: &mut Blocks, sharing: &Sharing) {
    match sharing {
        Sharing::AsOrganisations => {}
        Sharing::ByAll => *blocks = vec![blocks.concat()],
        Sharing::Within(lists) => {
            for list in lists {
                // Services that share already lose nothing to a narrower list.
                let together = |block: &Vec<Id>| list.iter().all(|it| block.contains(it));
                if !blocks.iter().any(together) {
                    take_out(blocks, list);
                    blocks.push(list.clone());
                }
            }
        }
    }
}

fn take_out(blocks: &mut Blocks, list: &[Id]) {
    for block in blocks {
        block.retain(|it| !list.contains(it));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ids(names: &[&str]) -> Vec<Id> {
        names.iter().map(|name| Id::new(name)).collect()
    }

    fn structure(runs: &[&[&str]], changes: Changes) -> StructureForm {
        StructureForm {
            id: String::new(),
            name: String::new(),
            summary: String::new(),
            sources: Vec::new(),
            law: None,
            claims_for: Vec::new(),
            claims_against: Vec::new(),
            accountable: None,
            led_by: None,
            runs_at: BTreeMap::new(),
            governance: GovernanceForm::default(),
            organisations: (runs.iter())
                .map(|runs| Organisation {
                    id: Id::new(runs[0]),
                    name: String::new(),
                    footprint: Footprint::Area,
                    runs: ids(runs),
                })
                .collect(),
            changes,
        }
    }

    fn records(shared: Sharing, separate: Vec<Vec<Id>>) -> Changes {
        let mut changes = Changes::default();
        changes.shared[0] = shared;
        changes.separate[0] = separate;
        changes
    }

    #[test]
    fn partitions_follow_the_organisations() {
        let [records, ..] = partitions(&structure(&[&["b"], &["a", "c"]], Changes::default()), &[]);
        assert_eq!(records, [ids(&["a", "c"]), ids(&["b"])]);
    }

    #[test]
    fn what_is_shared_forms_one_block_and_leaves_the_rest() {
        let changes = records(Sharing::Within(vec![ids(&["b", "c"])]), Vec::new());
        let [records, budgets, ..] = partitions(&structure(&[&["b"], &["a", "c"]], changes), &[]);
        assert_eq!(records, [ids(&["a"]), ids(&["b", "c"])]);
        assert_eq!(budgets, [ids(&["a", "c"]), ids(&["b"])]);
    }

    #[test]
    fn sharing_never_parts_what_shares_already() {
        let changes = records(Sharing::Within(vec![ids(&["a", "c"])]), Vec::new());
        let [records, ..] = partitions(&structure(&[&["a", "b", "c"]], changes), &[]);
        assert_eq!(records, [ids(&["a", "b", "c"])]);
    }

    #[test]
    fn what_is_separate_forms_its_own_block() {
        let changes = records(Sharing::ByAll, vec![ids(&["b"])]);
        let [records, ..] = partitions(&structure(&[&["b"], &["a", "c"]], changes), &[]);
        assert_eq!(records, [ids(&["a", "c"]), ids(&["b"])]);
    }
}
