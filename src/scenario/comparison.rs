//! Reads what makes the comparison of a study fair, and which mechanisms it leaves out.

use crate::measures::{MEASURES, Measure, Scope};
use crate::units::{Days, Factor};

use super::checked::{Adoption, Area, Comparison, Equal, Id, Mechanism, PostsPlan, Structure};
use super::files::Span;
use super::load::Request;
use super::problem::{Code, Problem, did_you_mean, one_of};
use super::reader::{Evidence, Fields, Reader};
use super::wanted::{WantedStructure, listed};

const EQUAL: [(&str, Equal); 3] = [
    ("money", Equal::Money),
    ("posts", Equal::Posts),
    ("nothing", Equal::Nothing),
];

const POSTS_PLANNED: [(&str, PostsPlan); 2] = [
    ("inherited", PostsPlan::Inherited),
    ("re-planned", PostsPlan::RePlanned),
];

/// The measure that a network study is about unless it says otherwise; studies of children have
/// theirs in [`Comparison::default`].
const PRIMARY_OF_NETWORK: &str = "handoff-days";

/// The greatest factor on posts.
const MOST_POSTS: f64 = 100.0;

/// What a study file states of the comparison; names are not yet looked up. What is wrong is `None`,
/// so that the rest can be looked up all the same.
#[derive(Debug, Clone, Default)]
pub(crate) struct ComparisonForm {
    equal: Option<Equal>,
    posts_planned: Option<PostsPlan>,
    posts: Option<Factor>,
    also_at_posts: Option<Vec<Factor>>,
    pilots: Option<Vec<(Id, Span)>>,
    second_decision: Option<Option<(Days, Span)>>,
    primary: Option<Option<(Id, Span)>>,
    off: Option<Vec<Mechanism>>,
}

/// What the comparison of a study must fit.
pub(crate) struct ComparisonContext<'a> {
    pub(crate) is_network: bool,
    pub(crate) observe: Option<Days>,
    pub(crate) wanted: &'a [WantedStructure],
    /// `None` where they could not be read.
    pub(crate) areas: Option<&'a [Area]>,
}

/// Reads the keys of `[study]` that are about the comparison.
pub(crate) fn read(reader: &mut Reader<'_>, fields: &mut Fields<'_>) -> ComparisonForm {
    for path in ["study.equal", "study.posts_planned", "study.primary"] {
        // Words are no values with evidence, but can be set like them.
        reader.known.insert(path.to_owned());
    }
    let equal = reader.choice(fields, "equal", "rule of fairness", &EQUAL);
    let posts_planned = reader.choice(fields, "posts_planned", "plan of posts", &POSTS_PLANNED);
    let posts = reader.value_or(fields, "posts", Factor::ONE);
    let posts = posts.and_then(|factor| fair(reader, factor, fields.place_of("posts")));
    let also_at_posts = read_also_at_posts(reader, fields);
    let pilots = match reader.node(fields, "pilots") {
        Some(node) => reader.ids(node, "pilots"),
        None => Some(Vec::new()),
    };
    let second_decision = reader.optional::<Days>(fields, "second_decision");
    let primary = reader.optional_text(fields, "primary");
    let primary_at = fields.place_of("primary");
    let second_at = fields.place_of("second_decision");
    let off = read_off(reader, fields);
    ComparisonForm {
        equal: equal.map(Option::unwrap_or_default),
        posts_planned: posts_planned.map(Option::unwrap_or_default),
        posts,
        also_at_posts,
        pilots,
        second_decision: second_decision.map(|it| it.map(|days| (days, second_at))),
        primary: primary.map(|it| it.map(|id| (Id::new(&id), primary_at))),
        off,
    }
}

/// A factor on posts that leaves some and is no slip of the pen.
fn fair(reader: &mut Reader<'_>, factor: Factor, at: Span) -> Option<Factor> {
    if factor.get() > 0.0 && factor.get() <= MOST_POSTS {
        return Some(factor);
    }
    let message = format!("posts cannot be multiplied by {}", factor.get());
    let problem = Problem::new(Code::OutOfRange, message);
    let expected = format!("expected more than 0 and at most {MOST_POSTS}");
    reader.report(problem, at, expected);
    None
}

fn read_also_at_posts(reader: &mut Reader<'_>, fields: &mut Fields<'_>) -> Option<Vec<Factor>> {
    const PATH: &str = "study.also_at_posts";
    reader.known.insert(PATH.to_owned());
    let Some(node) = reader.node(fields, "also_at_posts") else {
        return Some(Vec::new());
    };
    let factors = reader.quantities::<Factor>(node, PATH, &Evidence::default())?;
    let fair: Vec<Option<Factor>> = (factors.iter())
        .map(|factor| fair(reader, *factor, node.at))
        .collect();
    for (place, factor) in factors.iter().enumerate() {
        if factors[..place].contains(factor) {
            let message = format!(
                "results at posts times {} are asked for twice",
                factor.get()
            );
            let problem = Problem::new(Code::Twice, message);
            reader.report(problem, node.at, "expected each factor once");
        }
    }
    fair.into_iter().collect()
}

/// `off` and `only` of a study file.
fn read_off(reader: &mut Reader<'_>, fields: &mut Fields<'_>) -> Option<Vec<Mechanism>> {
    let [off, only] = ["off", "only"].map(|key| {
        let node = reader.node(fields, key)?;
        Some(reader.ids(node, key))
    });
    let both = (&off, &only);
    if let (Some(Some(off)), Some(_)) = both
        && !off.is_empty()
    {
        let problem = Problem::new(Code::Twice, "a study states `off` or `only`, not both")
            .help("keep one of the two; off = [] takes away what a base switches off");
        reader.report(problem, fields.place_of("only"), "`off` is stated too");
        return None;
    }
    match (off, only) {
        (_, Some(only)) => mechanisms(reader, &only?).map(all_but),
        (Some(off), None) => mechanisms(reader, &off?).map(in_order),
        (None, None) => Some(Vec::new()),
    }
}

/// `--off` and `--only`, in the place of what the study file states.
fn asked_off(reader: &mut Reader<'_>, request: &Request) -> Option<Option<Vec<Mechanism>>> {
    let mut named = |option: &str, list: &Option<String>| {
        let list = list.as_ref()?;
        let names = listed(reader, option, list);
        let names: Vec<(Id, Span)> = (names.into_iter())
            .map(|(name, at)| (Id::new(&name), at))
            .collect();
        Some(mechanisms(reader, &names))
    };
    let off = named("--off", &request.off);
    let only = named("--only", &request.only);
    match (off, only) {
        (Some(_), Some(_)) => {
            let problem = Problem::new(Code::Twice, "--off and --only exclude each other")
                .help("--only NAMES switches everything off but these");
            let at = reader
                .shelf
                .argument("--only", request.only.as_deref().unwrap_or_default());
            reader.report(problem, at, "--off is given too");
            None
        }
        (Some(off), None) => off.map(|off| Some(in_order(off))),
        (None, Some(only)) => only.map(|only| Some(all_but(only))),
        (None, None) => Some(None),
    }
}

fn mechanisms(reader: &mut Reader<'_>, names: &[(Id, Span)]) -> Option<Vec<Mechanism>> {
    let known = || Mechanism::ALL.iter().map(|it| it.id());
    let mut all = Vec::new();
    for (name, at) in names {
        let found = Mechanism::ALL.iter().find(|it| it.id() == name.as_str());
        if found.is_none() {
            let message = format!("there is no mechanism \"{name}\"");
            let problem = Problem::new(Code::UnknownName, message).help(
                did_you_mean(name.as_str(), known())
                    .unwrap_or_else(|| format!("the mechanisms are {}", all_of_them())),
            );
            reader.report(problem, *at, "expected the name of a mechanism");
        }
        all.push(found.copied());
    }
    all.into_iter().collect()
}

fn all_of_them() -> String {
    let ids: Vec<&str> = Mechanism::ALL.iter().map(|it| it.id()).collect();
    ids.join(", ")
}

fn in_order(mut mechanisms: Vec<Mechanism>) -> Vec<Mechanism> {
    mechanisms.sort();
    mechanisms.dedup();
    mechanisms
}

fn all_but(only: Vec<Mechanism>) -> Vec<Mechanism> {
    (Mechanism::ALL.iter().copied())
        .filter(|mechanism| !only.contains(mechanism))
        .collect()
}

/// Looks up what the form names and applies what the user asks for otherwise.
pub(crate) fn finish(
    reader: &mut Reader<'_>,
    form: &ComparisonForm,
    request: &Request,
    context: &ComparisonContext<'_>,
) -> Option<Comparison> {
    let off = asked_off(reader, request);
    let primary = (form.primary.as_ref())
        .and_then(|stated| primary(reader, stated.as_ref(), context.is_network));
    let pilots = (form.pilots.as_ref()).and_then(|it| pilots(reader, it, context.areas));
    let second_decision =
        (form.second_decision).and_then(|it| second_decision(reader, it, context));
    Some(Comparison {
        equal: form.equal?,
        posts_planned: form.posts_planned?,
        posts: form.posts?,
        also_at_posts: form.also_at_posts.clone()?,
        pilots: pilots?,
        second_decision: second_decision?,
        primary: primary?,
        off: off?.or_else(|| form.off.clone())?,
    })
}

fn primary(
    reader: &mut Reader<'_>,
    stated: Option<&(Id, Span)>,
    is_network: bool,
) -> Option<String> {
    let of_study = |measure: &&Measure| match measure.scope {
        Scope::Both => true,
        Scope::Children => !is_network,
        Scope::Network => is_network,
    };
    let known = || MEASURES.iter().filter(of_study).map(|measure| measure.id);
    let Some((id, at)) = stated else {
        return Some(match is_network {
            true => PRIMARY_OF_NETWORK.to_owned(),
            false => Comparison::default().primary,
        });
    };
    if known().any(|it| it == id.as_str()) {
        return Some(id.as_str().to_owned());
    }
    let elsewhere = MEASURES.iter().any(|measure| measure.id == id.as_str());
    let message = match (elsewhere, is_network) {
        (true, true) => format!("a network of cases has no measure \"{id}\""),
        (true, false) => format!("a study of children has no measure \"{id}\""),
        (false, _) => format!("there is no measure \"{id}\""),
    };
    let problem =
        Problem::new(Code::UnknownName, message).help_if(did_you_mean(id.as_str(), known()));
    reader.report(problem, *at, format!("expected {}", one_of(known())));
    None
}

fn pilots(
    reader: &mut Reader<'_>,
    stated: &[(Id, Span)],
    areas: Option<&[Area]>,
) -> Option<Vec<Id>> {
    let areas = areas?;
    let known = || areas.iter().map(|area| area.id.as_str());
    let mut all: Vec<Id> = Vec::new();
    for (pilot, at) in stated {
        if !known().any(|it| it == pilot.as_str()) {
            let problem = Problem::new(
                Code::UnknownName,
                format!("the study has no area \"{pilot}\""),
            )
            .help(did_you_mean(pilot.as_str(), known()).unwrap_or_else(|| {
                "copies of an area are numbered: its id with -1, -2 and so on".to_owned()
            }));
            reader.report(problem, *at, format!("expected {}", one_of(known())));
        }
        if all.contains(pilot) {
            let problem = Problem::new(Code::Twice, format!("\"{pilot}\" is named twice"));
            reader.report(problem, *at, "expected each area once");
        }
        all.push(pilot.clone());
    }
    all.sort();
    Some(all)
}

fn second_decision(
    reader: &mut Reader<'_>,
    stated: Option<(Days, Span)>,
    context: &ComparisonContext<'_>,
) -> Option<Days> {
    let followed = context.wanted.iter().find(|it| it.then.is_some());
    match (stated, followed) {
        (None, None) => Some(Days::ZERO),
        (Some((after, _)), None) => Some(after),
        (None, Some(wanted)) => {
            let message = format!("\"{}\" has no day for its second decision", wanted.id());
            let problem = Problem::new(Code::MissingKey, message)
                .help("add second_decision = \"3 years\" to [study], counted from decision day");
            reader.report(problem, wanted.at, "one structure is followed by another");
            None
        }
        (Some((after, at)), Some(_)) => {
            let within = context.observe.is_none_or(|observe| after < observe);
            if after > Days::ZERO && within {
                return Some(after);
            }
            let message = match within {
                true => "the second decision falls on decision day",
                false => "the study ends before its second decision",
            };
            let problem = Problem::new(Code::OutOfRange, message);
            reader.report(
                problem,
                at,
                "expected more than 0 days and less than `observe`",
            );
            None
        }
    }
}

/// A structure adopted by pilots needs areas that pilot it.
pub(crate) fn check_pilots_named(
    reader: &mut Reader<'_>,
    comparison: &Comparison,
    structures: &[Structure],
    context: &ComparisonContext<'_>,
) {
    if !comparison.pilots.is_empty() || comparison.off.contains(&Mechanism::Adoption) {
        return;
    }
    let area = (context.areas.unwrap_or_default().first()).map_or("AREA", |area| area.id.as_str());
    for (structure, wanted) in structures.iter().zip(context.wanted) {
        let stages = std::iter::successors(Some(structure), |it| it.then.as_deref());
        let piloted = (stages.into_iter()).find(|it| it.governance.adoption == Adoption::Pilot);
        if piloted.is_some() {
            let message = format!(
                "\"{}\" is adopted by pilots and no area is one",
                wanted.id()
            );
            let problem = Problem::new(Code::MissingKey, message).help(format!(
                "name areas of the study, as in pilots = [\"{area}\"] in [study]"
            ));
            reader.report(problem, wanted.at, "basis = \"pilot\"");
        }
    }
}
