//! Reads the services of a parameter file and the sources outside: how they meet children, and what
//! those that help do.

use crate::units::{Days, Factor, Law, PerYear};

use super::bounds::{level, positive, some_time};
use super::checked::{
    CoreAssessment, Help, HelpEnds, HelpsNeed, Id, Meets, Outside, Sees, Service,
};
use super::children::{ServiceOutline, display_name};
use super::problem::{Code, Problem, did_you_mean, one_of};
use super::reader::{Fields, Reader, join};
use super::tree::{Entry, Node, Table};
use super::value::{Ages, Levels, Number, Threshold};

/// Needs that one world can have.
const MOST_NEEDS: usize = 32;
/// Services and sources outside, together, that one world can have.
const MOST_SOURCES: usize = 64;

/// Names that the tables of one file use of each other.
pub(crate) struct Names<'t> {
    upper_age: u32,
    pub(crate) needs: Vec<&'t str>,
    /// Services that help, with the needs that they are for.
    pub(crate) helpers: Vec<(&'t str, Vec<&'t str>)>,
    /// Services and outside sources that meet children.
    pub(crate) sources: Vec<&'t str>,
    /// Services that a structure places, whether they meet or help.
    pub(crate) placed: Vec<&'t str>,
    /// Sources that no structure places.
    pub(crate) outside: Vec<&'t str>,
}

/// The names that users give under a key.
pub(crate) fn keys_of<'t>(table: &'t Table, key: &str) -> Vec<&'t str> {
    let inner = table.table(key).map(|it| it.entries.as_slice());
    let entries = inner.unwrap_or_default().iter();
    entries.map(|entry| &*entry.key).collect()
}

impl<'t> Names<'t> {
    pub(crate) fn of(table: &'t Table, upper_age: u32) -> Self {
        let services = table.table("service").map(|it| it.entries.as_slice());
        let outside = table.table("outside").map(|it| it.entries.as_slice());
        let states = |entry: &&Entry, key: &str| {
            (entry.node.as_table()).is_some_and(|fields| fields.get(key).is_some())
        };
        let services = services.unwrap_or_default().iter();
        let outside = outside.unwrap_or_default().iter();
        Self {
            upper_age,
            needs: keys_of(table, "need"),
            placed: keys_of(table, "service"),
            outside: keys_of(table, "outside"),
            helpers: (services.clone())
                .filter(|it| states(it, "helps"))
                .filter_map(|it| Some((&*it.key, keys_of(it.node.as_table()?, "helps"))))
                .collect(),
            sources: (services.filter(|it| states(it, "meets")))
                .chain(outside)
                .map(|it| &*it.key)
                .collect(),
        }
    }
}

pub(crate) fn read_service(
    reader: &mut Reader<'_>,
    entry: &Entry,
    names: &Names<'_>,
) -> Option<(ServiceOutline, Option<Service>)> {
    let path = join("service", &entry.key);
    let mut fields = reader.open(&entry.node, &path)?;
    let name = display_name(reader, &mut fields, &entry.key);
    let may_be_delegated = reader.value_or(&mut fields, "may_be_delegated", true);
    let meets = match reader.inner(&mut fields, "meets") {
        Some(inner) => read_meets(reader, inner, names).map(Some),
        None => Some(None),
    };
    let sector = reader.optional_text(&mut fields, "sector");
    let skill = reader.optional_text(&mut fields, "skill");
    let helps = fields.states("helps");
    let help = match helps {
        true => read_help(reader, &mut fields, names).map(Some),
        false => Some(None),
    };
    if !helps && !fields.states("meets") {
        let problem = Problem::new(
            Code::MissingKey,
            format!("service \"{}\" neither meets nor helps children", entry.key),
        );
        reader.report(problem, entry.key_at, "expected `meets` or `helps` in it");
    }
    reader.close(fields);
    let outline = ServiceOutline {
        helps,
        may_be_delegated: may_be_delegated.unwrap_or(true),
        sector: sector.clone().flatten(),
    };
    let service = || {
        Some(Service {
            id: Id::new(&entry.key),
            name: name?,
            meets: meets?,
            help: help?,
            sector: sector?,
            skill: skill?,
        })
    };
    Some((outline, service()))
}

pub(crate) fn read_outside(
    reader: &mut Reader<'_>,
    entry: &Entry,
    names: &Names<'_>,
) -> Option<Outside> {
    let path = join("outside", &entry.key);
    let mut fields = reader.open(&entry.node, &path)?;
    let name = display_name(reader, &mut fields, &entry.key);
    let meets = reader.needed(&mut fields, "meets");
    let meets = meets.and_then(|inner| read_meets(reader, inner, names));
    reader.close(fields);
    Some(Outside {
        id: Id::new(&entry.key),
        name: name?,
        meets: meets?,
    })
}

fn read_meets(reader: &mut Reader<'_>, mut fields: Fields<'_>, names: &Names<'_>) -> Option<Meets> {
    let ages = read_ages(reader, &mut fields, names);
    let rate = reader.value::<PerYear>(&mut fields, "rate");
    let at_level_3 = reader.value_or(&mut fields, "at_level_3", Factor::ONE);
    let notes_above = reader.value::<Number>(&mut fields, "notes_above");
    let signals = read_by_need(reader, &mut fields, "sees", names);
    let thresholds = read_by_need(reader, &mut fields, "refers_above", names);
    let places = ["sees", "refers_above"].map(|key| fields.place_of(key));
    reader.close(fields);
    let (signals, thresholds) = (signals?, thresholds?);
    let mut sees = Vec::new();
    for (need, signal) in &signals {
        match thresholds.iter().find(|(other, _)| other == need) {
            Some((_, refers_above)) => sees.push(Sees {
                need: need.clone(),
                signal: *signal,
                refers_above: *refers_above,
            }),
            None => {
                let message = format!("it sees \"{need}\" and never says when it refers");
                let problem = Problem::new(Code::MissingKey, message);
                reader.report(problem, places[1], format!("`{need}` is missing here"));
            }
        }
    }
    for (need, _) in &thresholds {
        if !signals.iter().any(|(other, _)| other == need) {
            let message = format!("it refers \"{need}\" without seeing it");
            let problem = Problem::new(Code::MissingKey, message);
            reader.report(problem, places[0], format!("`{need}` is missing here"));
        }
    }
    let Ages(from_age, to_age) = ages?;
    let at_level_3 = at_level_3?;
    Some(Meets {
        from_age,
        to_age,
        rate: rate?,
        at_level_3,
        notes_above: notes_above?.0,
        sees,
    })
}

/// Numbers by need, sorted by need.
fn read_by_need(
    reader: &mut Reader<'_>,
    fields: &mut Fields<'_>,
    key: &'static str,
    names: &Names<'_>,
) -> Option<Vec<(Id, f64)>> {
    if !fields.states(key) {
        reader.missing(fields, key);
    }
    let group = reader.inner_group(fields, key)?;
    let mut all = Vec::new();
    for entry in reader.entries(&group) {
        check_need(reader, entry, names);
        let number = reader.entry_value::<Number>(&group, entry);
        all.push(number.map(|Number(number)| (Id::new(&entry.key), number)));
    }
    all.into_iter().collect()
}

fn check_need(reader: &mut Reader<'_>, entry: &Entry, names: &Names<'_>) {
    if names.needs.contains(&&*entry.key) {
        return;
    }
    let problem = Problem::new(
        Code::UnknownNeed,
        format!("there is no need \"{}\"", entry.key),
    )
    .help_if(did_you_mean(&entry.key, names.needs.iter().copied()));
    let expected = format!("expected {}", one_of(names.needs.iter().copied()));
    reader.report(problem, entry.key_at, expected);
}

fn read_ages(reader: &mut Reader<'_>, fields: &mut Fields<'_>, names: &Names<'_>) -> Option<Ages> {
    let oldest = names.upper_age.saturating_sub(1);
    let ages = reader.value_or(fields, "ages", Ages(0, oldest))?;
    if ages.1 > oldest {
        let message = format!(
            "age {} lies beyond childhood, which ends at {}",
            ages.1, names.upper_age
        );
        let problem = Problem::new(Code::OutOfRange, message);
        reader.report(
            problem,
            fields.place_of("ages"),
            format!("expected ages from 0 to {oldest}"),
        );
        return None;
    }
    Some(ages)
}

fn read_help(reader: &mut Reader<'_>, fields: &mut Fields<'_>, names: &Names<'_>) -> Option<Help> {
    let levels = read_helps(reader, fields, names);
    let ages = read_ages(reader, fields, names);
    let screening = read_screening(reader, fields);
    let assessment = read_assessment(reader, fields);
    let caseload = reader.value::<Number>(fields, "caseload");
    let caseload = positive(reader, fields, "caseload", caseload);
    let ends = read_ends(reader, fields);
    let gives_up = reader.optional::<Law>(fields, "gives_up");
    check_patience(reader, fields, gives_up.as_ref());
    let Ages(from_age, to_age) = ages?;
    let (screening, threshold) = screening?;
    let assessment = assessment?;
    Some(Help {
        levels: levels?,
        ages: (from_age, to_age),
        screening,
        threshold,
        initial_assessment: assessment.initial,
        core_assessment: assessment.core,
        assessments_per_post: assessment.per_post,
        caseload: caseload?,
        ends: ends?,
        initial_due: assessment.initial_due,
        core_due: assessment.core_due,
        gives_up: gives_up?,
    })
}

fn read_helps(
    reader: &mut Reader<'_>,
    fields: &mut Fields<'_>,
    names: &Names<'_>,
) -> Option<Vec<HelpsNeed>> {
    let group = reader.inner_group(fields, "helps")?;
    let mut all = Vec::new();
    let entries = reader.entries(&group);
    if entries.is_empty() {
        let problem = Problem::new(Code::MissingKey, "it helps no need");
        reader.report(problem, group.at, "expected need = \"levels 1 to 3\"");
    }
    for entry in entries {
        check_need(reader, entry, names);
        let levels = reader.entry_value::<Levels>(&group, entry);
        all.push(levels.map(|Levels(from_level, to_level)| HelpsNeed {
            need: Id::new(&entry.key),
            from_level,
            to_level,
        }));
    }
    all.into_iter().collect()
}

fn read_screening(reader: &mut Reader<'_>, fields: &mut Fields<'_>) -> Option<(Law, f64)> {
    if !fields.states("screening") {
        reader.missing(fields, "screening");
    }
    let mut group = reader.inner_group(fields, "screening")?;
    let takes = reader.value::<Law>(&mut group, "takes");
    let threshold = reader.value::<Threshold>(&mut group, "threshold");
    reader.close(group);
    Some((takes?, threshold?.0))
}

/// What `assessment` of a service states.
struct Assessment {
    initial: Law,
    core: Option<CoreAssessment>,
    per_post: f64,
    initial_due: Option<Days>,
    core_due: Option<Days>,
}

fn read_assessment(reader: &mut Reader<'_>, fields: &mut Fields<'_>) -> Option<Assessment> {
    if !fields.states("assessment") {
        reader.missing(fields, "assessment");
    }
    let mut group = reader.inner_group(fields, "assessment")?;
    let initial = reader.value::<Law>(&mut group, "initial");
    // A file says so where its base has a core assessment and it has none.
    let is_none = group.table.get("core").and_then(Node::as_text) == Some("none");
    let (takes, from_level) = if is_none {
        for key in ["core", "core_from", "core_due"] {
            reader.node(&mut group, key);
        }
        (Some(None), Some(None))
    } else {
        let takes = reader.optional::<Law>(&mut group, "core");
        (takes, reader.optional::<Number>(&mut group, "core_from"))
    };
    let per_post = reader.value::<Number>(&mut group, "per_post");
    let per_post = positive(reader, &group, "per_post", per_post);
    let from_level = match from_level {
        Some(Some(stated)) => level(reader, &group, "core_from", Some(stated)).map(Some),
        Some(None) => Some(None),
        None => None,
    };
    let core = match (takes, from_level) {
        (Some(Some(takes)), Some(Some(from_level))) => {
            Some(Some(CoreAssessment { from_level, takes }))
        }
        (Some(None), Some(None)) => Some(None),
        (Some(Some(_)), Some(None)) => {
            reader.missing(&mut group, "core_from");
            None
        }
        (Some(None), Some(Some(_))) => {
            reader.missing(&mut group, "core");
            None
        }
        _ => None,
    };
    let initial_due = due(reader, &mut group, "due");
    let core_due = match is_none {
        true => Some(None),
        false => due(reader, &mut group, "core_due"),
    };
    if matches!(core_due, Some(Some(_))) && !group.states("core") {
        let problem = Problem::new(
            Code::MissingKey,
            "a core assessment is due and none is made",
        )
        .help("state `core` and `core_from`, or leave `core_due` out");
        let at = group.place_of("core_due");
        reader.report(problem, at, "`core` is missing beside it");
    }
    reader.close(group);
    Some(Assessment {
        initial: initial?,
        core: core?,
        per_post: per_post?,
        initial_due: initial_due?,
        core_due: core_due?,
    })
}

/// When an assessment is due, if it is said.
fn due(reader: &mut Reader<'_>, group: &mut Fields<'_>, key: &'static str) -> Option<Option<Days>> {
    match reader.optional::<Days>(group, key)? {
        None => Some(None),
        Some(stated) => some_time(reader, group, key, Some(stated)).map(Some),
    }
}

fn check_patience(reader: &mut Reader<'_>, fields: &Fields<'_>, gives_up: Option<&Option<Law>>) {
    if let Some(Some(law)) = gives_up
        && law.is_zero()
    {
        let problem = Problem::new(Code::OutOfRange, "everyone would give up at once");
        let at = fields.place_of("gives_up");
        reader.report(problem, at, "expected more than 0 days");
    }
}

fn read_ends(reader: &mut Reader<'_>, fields: &mut Fields<'_>) -> Option<HelpEnds> {
    let review = reader.optional::<Days>(fields, "review");
    let course = reader.optional::<Law>(fields, "course");
    let never_zero = |reader: &mut Reader<'_>, key: &str, what: &str| {
        let problem = Problem::new(Code::OutOfRange, format!("{what} cannot take no time"));
        reader.report(problem, fields.place_of(key), "expected more than 0 days");
        None
    };
    match (review?, course?) {
        (Some(every), None) if every > Days::ZERO => Some(HelpEnds::Review { every }),
        (Some(_), None) => never_zero(reader, "review", "the time between reviews"),
        (None, Some(course)) if !course.is_zero() => Some(HelpEnds::Course(course)),
        (None, Some(_)) => never_zero(reader, "course", "a course of help"),
        (Some(_), Some(_)) => {
            let problem =
                Problem::new(Code::Twice, "help ends either at a review or with a course")
                    .help("keep one of `review` and `course`");
            let at = fields.place_of("course");
            reader.report(problem, at, "`review` is stated too");
            None
        }
        (None, None) => {
            reader.missing(fields, "review");
            None
        }
    }
}

/// The simulation keeps sets of needs and of sources in machine words.
pub(crate) fn check_not_too_many(reader: &mut Reader<'_>, table: &Table) {
    let entries = |key| table.table(key).map_or(&[][..], |it| it.entries.as_slice());
    let sources = entries("service").iter().chain(entries("outside"));
    let limits = [
        ("needs", MOST_NEEDS, entries("need").get(MOST_NEEDS)),
        (
            "services and sources",
            MOST_SOURCES,
            sources.clone().nth(MOST_SOURCES),
        ),
    ];
    for (what, most, beyond) in limits {
        if let Some(entry) = beyond {
            let problem = Problem::new(Code::OutOfRange, format!("more than {most} {what}"))
                .help("leave out what the question does not need");
            reader.report(problem, entry.key_at, format!("at most {most} {what}"));
        }
    }
}

/// Services and outside sources share one set of names.
pub(crate) fn check_sources_differ(reader: &mut Reader<'_>, table: &Table) {
    let (Some(services), Some(outside)) = (table.table("service"), table.table("outside")) else {
        return;
    };
    for entry in &outside.entries {
        if services.get(&entry.key).is_some() {
            let message = format!("\"{}\" is both a service and outside", entry.key);
            let problem = Problem::new(Code::Twice, message)
                .help("a source that no structure places stands under [outside] alone");
            reader.report(problem, entry.key_at, "there is a service of this name");
        }
    }
}
