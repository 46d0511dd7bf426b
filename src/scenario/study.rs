//! Reads what a study itself states: the question, the design, and which structures it compares.

use crate::units::Days;

use super::checked::Start;
use super::children::display_name;
use super::comparison::{self, ComparisonForm};
use super::files::Span;
use super::library::Document;
use super::problem::{Code, Problem};
use super::reader::{Fields, Reader, words};
use super::tree::{Node, Value};
use super::value::{Given, Quantity};
use super::wanted::WantedStructure;

const START: [(&str, Start); 2] = [
    ("decision day", Start::DecisionDay),
    ("established", Start::Established),
];

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
    pub(crate) figures: Option<(String, Span)>,
    pub(crate) areas: Vec<WantedArea>,
    pub(crate) baseline: Option<WantedStructure>,
    pub(crate) structures: Vec<WantedStructure>,
    pub(crate) comparison: ComparisonForm,
}

/// An area as a study asks for it.
#[derive(Debug, Clone)]
pub(crate) struct WantedArea {
    pub(crate) id: String,
    pub(crate) at: Span,
    pub(crate) copies: u32,
    pub(crate) region: String,
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
    names.figures = (reader.optional_text(&mut fields, "figures").flatten())
        .map(|id| (id, fields.place_of("figures")));
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
    if !fields.states("start") {
        reader.missing(&mut fields, "start");
    }
    let start = reader
        .choice(&mut fields, "start", "start", &START)
        .flatten();
    let warm_up = reader.value::<Days>(&mut fields, "warm_up");
    let observe = reader.value::<Days>(&mut fields, "observe");
    check_length(reader, &fields, warm_up, observe);
    let trials = reader.value::<u32>(&mut fields, "trials");
    if let Some(trials) = trials {
        check_trials(reader, trials, fields.place_of("trials"));
    }
    let seed = read_seed(reader, &mut fields);
    names.comparison = comparison::read(reader, &mut fields);
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
        Value::Number(number, _) => u32::read(Given::Number(*number)).ok(),
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
