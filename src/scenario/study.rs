//! Reads what a study itself states: the question, the design, and which structures it compares.

use crate::units::Days;

use super::checked::Start;
use super::children::display_name;
use super::comparison::{self, ComparisonForm};
use super::files::Span;
use super::library::Document;
use super::places::{self, WantedArea};
use super::problem::{Code, Problem};
use super::reader::{Fields, Reader, words};
use super::tree::{Node, Value};
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
    reader.optional_text(&mut fields, "joint_set");
    names.parameters = (reader.optional_text(&mut fields, "parameters").flatten())
        .map(|id| (id, fields.place_of("parameters")));
    names.figures = (reader.optional_text(&mut fields, "figures").flatten())
        .map(|id| (id, fields.place_of("figures")));
    if let Some(node) = reader.node(&mut fields, "areas") {
        names.areas = places::read(reader, node);
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
