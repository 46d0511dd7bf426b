//! Reads what a study itself states: the question, the design, and which structures it compares.

use crate::units::Days;

use super::checked::Start;
use super::children::display_name;
use super::files::Span;
use super::library::Document;
use super::problem::{Code, Problem, did_you_mean, one_of};
use super::reader::{Fields, Reader, words};
use super::structure::leaves;
use super::tree::{Entry, Node, Table, Value};
use super::value::Quantity;

/// What a study file states, its bases included.
#[derive(Debug)]
pub(crate) struct StudyForm {
    pub(crate) name: String,
    pub(crate) purpose: String,
    pub(crate) start: Start,
    pub(crate) warm_up: Days,
    pub(crate) observe: Days,
    pub(crate) trials: u32,
    pub(crate) seed: u64,
}

/// What a study names, read apart so that it is known even where the design is faulty.
#[derive(Debug, Default)]
pub(crate) struct StudyNames {
    pub(crate) parameters: Option<(String, Span)>,
    pub(crate) areas: Vec<WantedArea>,
    pub(crate) baseline: Option<WantedStructure>,
    pub(crate) structures: Vec<WantedStructure>,
}

/// An area as a study asks for it.
#[derive(Debug, Clone)]
pub(crate) struct WantedArea {
    pub(crate) id: String,
    pub(crate) at: Span,
    pub(crate) copies: u32,
    pub(crate) region: String,
}

/// A structure with overlays, as named.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct WantedStructure {
    pub(crate) structure: String,
    /// Sorted.
    pub(crate) overlays: Vec<String>,
    pub(crate) at: Span,
}

impl WantedStructure {
    /// `fragmented+shared-records`.
    pub(crate) fn id(&self) -> String {
        let mut id = self.structure.clone();
        for overlay in &self.overlays {
            id.push('+');
            id.push_str(overlay);
        }
        id
    }

    /// Takes a name apart at its plus signs.
    pub(crate) fn parse(text: &str, at: Span) -> Self {
        let mut parts = text.split('+').map(|part| part.trim().to_owned());
        let structure = parts.next().unwrap_or_default();
        let mut overlays: Vec<String> = parts.collect();
        overlays.sort();
        overlays.dedup();
        Self {
            structure,
            overlays,
            at,
        }
    }
}

/// A value to be set at a path.
#[derive(Debug, Clone)]
pub(crate) struct Setting {
    pub(crate) path: String,
    pub(crate) path_at: Span,
    pub(crate) node: Node,
}

/// Reads `[study]`; the other tables of the file are for the caller.
pub(crate) fn read_head(
    reader: &mut Reader<'_>,
    document: &Document,
    head: &Node,
) -> (StudyNames, Option<StudyForm>) {
    let mut names = StudyNames::default();
    let Some(mut fields) = reader.open(head, "study") else {
        return (names, None);
    };
    let name = display_name(reader, &mut fields, &document.id);
    let purpose = reader.text(&mut fields, "purpose");
    reader.optional_text(&mut fields, "extends");
    names.parameters = (reader.optional_text(&mut fields, "parameters").flatten())
        .map(|id| (id, fields.place_of("parameters")));
    if let Some(node) = reader.node(&mut fields, "areas") {
        names.areas = read_areas(reader, node);
    }
    let baseline = reader.text(&mut fields, "baseline");
    names.baseline =
        baseline.map(|text| WantedStructure::parse(&text, fields.place_of("baseline")));
    if let Some(node) = reader.node(&mut fields, "structures") {
        let listed = reader.ids(node, "structures").unwrap_or_default();
        names.structures = (listed.iter())
            .map(|(id, at)| WantedStructure::parse(id.as_str(), *at))
            .collect();
        check_twice(reader, &names);
    }
    let start = reader.text(&mut fields, "start");
    let start = start.and_then(|text| read_start(reader, &text, fields.place_of("start")));
    let warm_up = reader.value::<Days>(&mut fields, "warm_up");
    let observe = reader.value::<Days>(&mut fields, "observe");
    check_length(reader, &fields, warm_up, observe);
    let trials = reader.value::<u32>(&mut fields, "trials");
    if let Some(trials) = trials {
        check_trials(reader, trials, fields.place_of("trials"));
    }
    let seed = read_seed(reader, &mut fields);
    reader.close(fields);
    let form = || {
        Some(StudyForm {
            name: name?,
            purpose: purpose?,
            start: start?,
            warm_up: warm_up?,
            observe: observe?,
            trials: trials?,
            seed: seed?,
        })
    };
    (names, form())
}

fn read_start(reader: &mut Reader<'_>, text: &str, at: Span) -> Option<Start> {
    match text {
        "decision day" => Some(Start::DecisionDay),
        "established" => Some(Start::Established),
        _ => {
            let known = ["decision day", "established"];
            let problem = Problem::new(Code::WrongForm, format!("unknown start \"{text}\""))
                .help_if(did_you_mean(text, known));
            reader.report(problem, at, format!("expected {}", one_of(known)));
            None
        }
    }
}

fn read_seed(reader: &mut Reader<'_>, fields: &mut Fields<'_>) -> Option<u64> {
    let Some(node) = reader.node(fields, "seed") else {
        reader.missing(fields, "seed");
        return None;
    };
    let seed = match &node.value {
        Value::Number(..) => words(node).parse().ok(),
        _ => None,
    };
    if seed.is_none() {
        let message = format!("a seed is a whole number, found {}", words(node));
        let problem = Problem::new(Code::WrongForm, message);
        reader.report(problem, node.at, "expected 0 or more");
    }
    seed
}

/// Reports too few trials: an interval needs two at least.
pub(crate) fn check_trials(reader: &mut Reader<'_>, trials: u32, at: Span) {
    if trials < 2 {
        let message =
            format!("fewer than 2 trials cannot show how far results vary, found {trials}");
        let problem = Problem::new(Code::TooFewTrials, message);
        reader.report(problem, at, "expected 2 or more");
    }
}

fn check_length(
    reader: &mut Reader<'_>,
    fields: &Fields<'_>,
    warm_up: Option<Days>,
    observe: Option<Days>,
) {
    let (Some(warm_up), Some(observe)) = (warm_up, observe) else {
        return;
    };
    if observe <= Days::ZERO {
        let problem = Problem::new(Code::OutOfRange, "nothing is observed in no time");
        reader.report(
            problem,
            fields.place_of("observe"),
            "expected more than 0 days",
        );
    }
    if warm_up.get() + observe.get() > 100.0 * Days::YEAR.get() {
        let problem = Problem::new(Code::OutOfRange, "a study lasts 100 years at most");
        let at = fields.place_of("observe");
        reader.report(problem, at, "expected 100 years or less with `warm_up`");
    }
}

fn check_twice(reader: &mut Reader<'_>, names: &StudyNames) {
    let mut seen: Vec<String> = names.baseline.iter().map(WantedStructure::id).collect();
    for wanted in &names.structures {
        let id = wanted.id();
        if seen.contains(&id) {
            let problem = Problem::new(Code::Twice, format!("\"{id}\" is compared with itself"));
            reader.report(
                problem,
                wanted.at,
                "expected each structure once, the baseline apart",
            );
        }
        seen.push(id);
    }
}

fn read_areas(reader: &mut Reader<'_>, node: &Node) -> Vec<WantedArea> {
    let Value::List(items) = &node.value else {
        let problem = Problem::new(Code::WrongForm, "`areas` is a list of areas");
        reader.report(
            problem,
            node.at,
            "expected [\"one\", { area = \"two\", copies = 4 }]",
        );
        return Vec::new();
    };
    let wanted: Vec<_> = items.iter().map(|item| read_area(reader, item)).collect();
    wanted.into_iter().flatten().collect()
}

fn read_area(reader: &mut Reader<'_>, item: &Node) -> Option<WantedArea> {
    const ONE_REGION: &str = "region";
    if let Some(id) = item.as_text() {
        return Some(WantedArea {
            id: id.to_owned(),
            at: item.at,
            copies: 1,
            region: ONE_REGION.to_owned(),
        });
    }
    let mut fields = reader.open(item, "study.areas")?;
    let area = reader.id(&mut fields, "area");
    let copies = bare_count(reader, &mut fields, "copies");
    let region = reader.optional_text(&mut fields, "region");
    reader.close(fields);
    let (id, at) = area?;
    Some(WantedArea {
        id: id.as_str().to_owned(),
        at,
        copies: copies?,
        region: region?.unwrap_or_else(|| ONE_REGION.to_owned()),
    })
}

/// A count from 1 to 1000 that is a matter of design, not a value with evidence; 1 if not stated.
fn bare_count(reader: &mut Reader<'_>, fields: &mut Fields<'_>, key: &'static str) -> Option<u32> {
    let Some(node) = reader.node(fields, key) else {
        return Some(1);
    };
    let count = match &node.value {
        Value::Number(number, _) => u32::read(super::value::Given::Number(*number)).ok(),
        _ => None,
    };
    let count = count.filter(|count| (1..=1000).contains(count));
    if count.is_none() {
        let message = format!("`{key}` is a whole number, found {}", words(node));
        let problem = Problem::new(Code::WrongForm, message);
        reader.report(problem, node.at, "expected 1 to 1000");
    }
    count
}

/// What `[set]` states, path by path.
pub(crate) fn read_settings(reader: &mut Reader<'_>, node: &Node) -> Vec<Setting> {
    let Some(fields) = reader.open(node, "set") else {
        return Vec::new();
    };
    leaves("", fields.table.entries.iter())
        .into_iter()
        .map(|(path, entry)| Setting {
            path,
            path_at: entry.key_at,
            node: entry.node.clone(),
        })
        .collect()
}

/// What `--set PATH=VALUE` states. A value that is no TOML is taken as text, so that
/// `--set handoff.silent_loss=6%` needs no quotes within quotes.
pub(crate) fn read_argument(reader: &mut Reader<'_>, text: &str) -> Option<Setting> {
    let all = reader.shelf.argument("--set", text);
    let Some((path, value)) = text.split_once('=') else {
        let problem = Problem::new(Code::WrongForm, "a value is set as PATH=VALUE")
            .help("for example --set handoff.silent_loss=6%");
        reader.report(problem, all, "expected PATH=VALUE");
        return None;
    };
    let path_at = Span {
        end: path.len(),
        ..all
    };
    let value_at = Span {
        start: path.len() + 1,
        ..all
    };
    let parsed = reader.shelf.scrap(&format!("value = {value}\n"));
    let node = parsed.and_then(|mut table| table.remove("value"));
    let node = match node {
        Some(entry) => relocated(entry.node, value_at),
        None => Node::new(Value::Text(value.trim().to_owned()), value_at),
    };
    Some(Setting {
        path: path.trim().to_owned(),
        path_at,
        node,
    })
}

/// The same value with another place, within and without.
fn relocated(node: Node, at: Span) -> Node {
    let value = match node.value {
        Value::List(items) => {
            Value::List(items.into_iter().map(|item| relocated(item, at)).collect())
        }
        Value::Table(table) => Value::Table(Table {
            entries: (table.entries.into_iter())
                .map(|entry| Entry {
                    key: entry.key,
                    key_at: at,
                    node: relocated(entry.node, at),
                })
                .collect(),
        }),
        plain => plain,
    };
    Node::new(value, at)
}

/// The node at a path; keys are parted by dots, places in a list are numbers from 1.
pub(crate) fn node_at<'t>(table: &'t mut Table, path: &str) -> Option<&'t mut Node> {
    let (key, rest) = match path.split_once('.') {
        Some((key, rest)) => (key, Some(rest)),
        None => (path, None),
    };
    let node = table.get_mut(key)?;
    let Some(rest) = rest else { return Some(node) };
    match &mut node.value {
        Value::Table(inner) => node_at(inner, rest),
        Value::List(items) => {
            let (place, rest) = rest.split_once('.')?;
            let place = place.parse::<usize>().ok()?.checked_sub(1)?;
            match &mut items.get_mut(place)?.value {
                Value::Table(inner) => node_at(inner, rest),
                _ => None,
            }
        }
        _ => None,
    }
}

/// Puts a value at a path, making the tables on the way.
pub(crate) fn put_at(table: &mut Table, path: &str, setting: &Setting) {
    if let Some(node) = node_at(table, path) {
        *node = setting.node.clone();
        return;
    }
    let entry = |key: &str, node: Node| Entry {
        key: key.to_owned(),
        key_at: setting.path_at,
        node,
    };
    let Some((key, rest)) = path.split_once('.') else {
        table.put(entry(path, setting.node.clone()));
        return;
    };
    if table.table(key).is_none() {
        let empty = Node::new(Value::Table(Table::default()), setting.path_at);
        table.put(entry(key, empty));
    }
    if let Some(Node {
        value: Value::Table(inner),
        ..
    }) = table.get_mut(key)
    {
        put_at(inner, rest, setting);
    }
}
