//! Reads a parameter file: children, their needs, and the services that meet and help them.

use std::collections::BTreeMap;

use crate::units::{Days, Factor, Law, PerYear, Probability};

use super::checked::{
    ChildrenWorld, Closeness, CoreAssessment, Funding, Handoff, Help, HelpEnds, HelpsNeed, Id,
    Information, Mechanisms, Meets, Moves, Need, Outside, Perception, Presentation, Records,
    Referral, Sees, Service,
};
use super::files::Span;
use super::problem::{Code, Problem, did_you_mean, one_of};
use super::reader::{Fields, Reader, join};
use super::tree::{Entry, Table};
use super::value::{Ages, Levels, Number};

/// Needs that one world can have.
const MOST_NEEDS: usize = 32;
/// Services and sources outside, together, that one world can have.
const MOST_SOURCES: usize = 64;

/// What other files need to know of a world, known even where some of its values are wrong.
#[derive(Debug, Default)]
pub(crate) struct Outline {
    /// Services that a structure places.
    pub(crate) services: BTreeMap<String, ServiceOutline>,
    /// Age at which a child leaves; `None` in a network.
    pub(crate) upper_age: Option<u32>,
}

/// A service as other files see it.
#[derive(Debug)]
pub(crate) struct ServiceOutline {
    /// Does it help, and so need posts?
    pub(crate) helps: bool,
    /// May it be run together with other services?
    pub(crate) may_be_delegated: bool,
}

impl Outline {
    /// The names of the services.
    pub(crate) fn names(&self) -> impl Iterator<Item = &str> {
        self.services.keys().map(String::as_str)
    }
}

/// Names that the tables of one file use of each other.
struct Names<'t> {
    upper_age: u32,
    needs: Vec<&'t str>,
    /// Services that help, with the needs that they are for.
    helpers: Vec<(&'t str, Vec<&'t str>)>,
    /// Services and outside sources that meet children.
    sources: Vec<&'t str>,
}

fn keys_of<'t>(table: &'t Table, key: &str) -> Vec<&'t str> {
    let inner = table.table(key).map(|it| it.entries.as_slice());
    let entries = inner.unwrap_or_default().iter();
    entries.map(|entry| &*entry.key).collect()
}

impl<'t> Names<'t> {
    fn of(table: &'t Table, upper_age: u32) -> Self {
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

/// Reads a parameter file with all that its bases state. The outline comes even with problems.
pub(crate) fn read(
    reader: &mut Reader<'_>,
    table: &Table,
    at: Span,
) -> (Outline, Option<ChildrenWorld>) {
    let mut root = reader.open_table(table, at, "");
    if let Some(mut head) = reader.inner(&mut root, "parameters") {
        reader.text(&mut head, "name");
        reader.optional_text(&mut head, "summary");
        reader.optional_text(&mut head, "extends");
        reader.texts(&mut head, "sources");
        reader.close(head);
    }
    let children = reader.needed(&mut root, "children");
    let children = children.map(|fields| read_children(reader, fields));
    let upper_age = children.as_ref().and_then(|it| it.upper_age);
    let names = Names::of(table, upper_age.unwrap_or(u32::MAX));

    let needs = read_each(reader, &mut root, "need", |reader, entry| {
        read_need(reader, entry, &names)
    });
    let mut outline = Outline {
        upper_age,
        ..Outline::default()
    };
    let services = read_each(reader, &mut root, "service", |reader, entry| {
        let (known, service) = read_service(reader, entry, &names)?;
        outline.services.insert(entry.key.clone(), known);
        service
    });
    let outside = match root.states("outside") {
        true => read_each(reader, &mut root, "outside", |reader, entry| {
            read_outside(reader, entry, &names)
        }),
        false => Some(Vec::new()),
    };
    check_sources_differ(reader, table);
    check_not_too_many(reader, table);
    let presentation = reader.needed(&mut root, "presentation");
    let presentation = presentation.and_then(|fields| read_presentation(reader, fields));
    let records = reader.needed(&mut root, "records");
    let records = records.and_then(|fields| read_records(reader, fields));
    let referral = reader.needed(&mut root, "referral");
    let referral = referral.and_then(|fields| read_referral(reader, fields));
    let perception = reader.needed(&mut root, "perception");
    let perception = perception.and_then(|fields| read_perception(reader, fields));
    let accepted = reader
        .needed(&mut root, "assessment")
        .and_then(|mut fields| {
            let accepted = reader.value::<Probability>(&mut fields, "accepted_elsewhere");
            reader.close(fields);
            accepted
        });
    let shared_by_all = reader.needed(&mut root, "intake").and_then(|mut fields| {
        let shared = reader.value_or(&mut fields, "shared_by_all", false);
        reader.close(fields);
        shared
    });
    let information = reader
        .needed(&mut root, "information")
        .and_then(|mut fields| {
            let reply = reader.value::<Law>(&mut fields, "reply");
            let limit = reader.value::<Days>(&mut fields, "limit");
            reader.close(fields);
            Some(Information {
                reply: reply?,
                limit: limit?,
            })
        });
    let handoff = reader.needed(&mut root, "handoff");
    let handoff = handoff.and_then(|fields| read_handoff(reader, fields, None));
    let closeness = reader.needed(&mut root, "closeness");
    let closeness = closeness.and_then(|fields| read_closeness(reader, fields));
    let funding = reader.needed(&mut root, "funding").and_then(|mut fields| {
        let panel_every = reader.value::<Days>(&mut fields, "panel_every");
        let second_panel = reader.value::<Probability>(&mut fields, "second_panel");
        reader.close(fields);
        Some(Funding {
            panel_every: panel_every?,
            second_panel: second_panel?,
        })
    });
    let moves = reader.needed(&mut root, "moves");
    let moves = moves.and_then(|fields| read_moves(reader, fields));
    reader.close(root);

    let world = || {
        let children = children?;
        Some(ChildrenWorld {
            upper_age: children.upper_age?,
            vulnerability_shape: children.shape?,
            vulnerability_cap: children.cap?,
            spell_bridges: children.spell_bridges?,
            places_filled_at_start: children.places_filled_at_start?,
            needs: needs?,
            services: services?,
            outside: outside?,
            presentation: presentation?,
            records: records?,
            referral: referral?,
            perception: perception?,
            information: information?,
            handoff: handoff?,
            closeness: closeness?,
            funding: funding?,
            moves: moves?,
            assessments_accepted_elsewhere: accepted?,
            intake_shared_by_all: shared_by_all?,
            mechanisms: Mechanisms::default(),
        })
    };
    let world = world();
    (outline, world)
}

/// Reads every table under `key`, each named by the user, in the order of names.
pub(crate) fn read_each<'s, T>(
    reader: &mut Reader<'s>,
    root: &mut Fields<'_>,
    key: &'static str,
    mut read: impl FnMut(&mut Reader<'s>, &Entry) -> Option<T>,
) -> Option<Vec<T>> {
    let fields = reader.needed(root, key)?;
    let mut all = Vec::new();
    for entry in reader.entries(&fields) {
        reader.check_name(entry);
        all.push(read(reader, entry));
    }
    all.into_iter().collect()
}

/// The name that readers see: the stated one, or the id.
pub(crate) fn display_name(
    reader: &mut Reader<'_>,
    fields: &mut Fields<'_>,
    id: &str,
) -> Option<String> {
    let name = reader.optional_text(fields, "name")?;
    Some(name.unwrap_or_else(|| id.to_owned()))
}

struct Children {
    upper_age: Option<u32>,
    shape: Option<f64>,
    cap: Option<Probability>,
    spell_bridges: Option<Days>,
    places_filled_at_start: Option<Probability>,
}

fn read_children(reader: &mut Reader<'_>, mut fields: Fields<'_>) -> Children {
    let upper_age = reader.value::<u32>(&mut fields, "upper_age");
    let shape = reader.value::<Number>(&mut fields, "vulnerability_shape");
    let cap = reader.value::<Probability>(&mut fields, "vulnerability_cap");
    let spell_bridges = reader.value::<Days>(&mut fields, "spell_bridges");
    let places_filled_at_start = reader.value::<Probability>(&mut fields, "places_filled_at_start");
    let places =
        ["upper_age", "vulnerability_shape", "vulnerability_cap"].map(|key| fields.place_of(key));
    reader.close(fields);
    let [age_at, shape_at, cap_at] = places;
    let upper_age = upper_age.filter(|&age| {
        let fits = (1..=100).contains(&age);
        if !fits {
            let message = format!("childhood cannot end at age {age}");
            let problem = Problem::new(Code::OutOfRange, message);
            reader.report(problem, age_at, "expected an age from 1 to 100");
        }
        fits
    });
    if shape.is_some_and(|Number(shape)| shape <= 0.0) {
        let problem = Problem::new(Code::OutOfRange, "the shape of vulnerability cannot be 0");
        reader.report(problem, shape_at, "expected more than 0");
    }
    if cap.is_some_and(|cap| cap >= Probability::ONE || cap <= Probability::ZERO) {
        let problem = Problem::new(Code::OutOfRange, "a cap on vulnerability lies between");
        reader.report(problem, cap_at, "expected more than 0% and less than 100%");
    }
    Children {
        upper_age,
        shape: shape.map(|it| it.0),
        cap,
        spell_bridges,
        places_filled_at_start,
    }
}

fn read_need(reader: &mut Reader<'_>, entry: &Entry, names: &Names<'_>) -> Option<Need> {
    let path = join("need", &entry.key);
    let mut fields = reader.open(&entry.node, &path)?;
    let name = display_name(reader, &mut fields, &entry.key);
    let begins = reader.value::<PerYear>(&mut fields, "begins");
    let worsens = reader.values::<PerYear, 2>(&mut fields, "worsens");
    let eases = reader.values::<PerYear, 3>(&mut fields, "eases");
    let harm = reader.values::<PerYear, 3>(&mut fields, "harm");
    let harm_refers = reader.value::<Probability>(&mut fields, "harm_refers");
    let met_by = reader.id(&mut fields, "harm_met_by");
    let referred_to = reader.id(&mut fields, "referred_to");
    let helped = read_when_helped(reader, &mut fields);
    let grace = read_grace(reader, &mut fields);
    reader.close(fields);
    if let Some((source, at)) = &met_by {
        check_source(reader, source, *at, names);
    }
    if let Some((service, at)) = &referred_to {
        check_helper(reader, service, *at, &entry.key, names);
    }
    let [worsens_when_helped, eases_when_helped, harm_when_helped] = helped?;
    Some(Need {
        id: Id::new(&entry.key),
        name: name?,
        begins: begins?,
        worsens: worsens?,
        eases: eases?,
        worsens_when_helped,
        eases_when_helped,
        harm: harm?,
        harm_when_helped,
        harm_refers: harm_refers?,
        harm_met_by: met_by?.0,
        referred_to: referred_to?.0,
        grace: grace?,
    })
}

fn read_when_helped(reader: &mut Reader<'_>, need: &mut Fields<'_>) -> Option<[Factor; 3]> {
    if !need.states("when_helped") {
        reader.missing(need, "when_helped");
    }
    let mut fields = reader.inner_group(need, "when_helped")?;
    let worsens = reader.value_or(&mut fields, "worsens", Factor::ONE);
    let eases = reader.value_or(&mut fields, "eases", Factor::ONE);
    let harm = reader.value_or(&mut fields, "harm", Factor::ONE);
    reader.close(fields);
    Some([worsens?, eases?, harm?])
}

fn read_grace(reader: &mut Reader<'_>, need: &mut Fields<'_>) -> Option<[Days; 2]> {
    if !need.states("grace") {
        reader.missing(need, "grace");
    }
    let mut fields = reader.inner_group(need, "grace")?;
    let level_2 = reader.value::<Days>(&mut fields, "level_2");
    let level_3 = reader.value::<Days>(&mut fields, "level_3");
    reader.close(fields);
    Some([level_2?, level_3?])
}

fn check_source(reader: &mut Reader<'_>, source: &Id, at: Span, names: &Names<'_>) {
    if names.sources.contains(&source.as_str()) {
        return;
    }
    let problem = Problem::new(
        Code::UnknownName,
        format!("nothing called \"{source}\" meets children"),
    )
    .help_if(did_you_mean(source.as_str(), names.sources.iter().copied()));
    let expected = format!("expected {}", one_of(names.sources.iter().copied()));
    reader.report(problem, at, expected);
}

fn check_helper(reader: &mut Reader<'_>, service: &Id, at: Span, need: &str, names: &Names<'_>) {
    let helping = || {
        (names.helpers.iter())
            .filter(|(_, needs)| needs.contains(&need))
            .map(|(service, _)| *service)
    };
    if helping().any(|it| it == service.as_str()) {
        return;
    }
    let known = (names.helpers.iter()).any(|(it, _)| *it == service.as_str());
    let problem = if known {
        Problem::new(
            Code::NotHelped,
            format!("\"{service}\" does not help the need \"{need}\" that is referred to it"),
        )
    } else {
        Problem::new(
            Code::UnknownService,
            format!("no service \"{service}\" takes referrals"),
        )
    };
    let problem = problem.help_if(did_you_mean(service.as_str(), helping()));
    reader.report(problem, at, format!("expected {}", one_of(helping())));
}

fn read_service(
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
    };
    let service = || {
        Some(Service {
            id: Id::new(&entry.key),
            name: name?,
            meets: meets?,
            help: help?,
            sector: None,
            skill: None,
        })
    };
    Some((outline, service()))
}

fn read_outside(reader: &mut Reader<'_>, entry: &Entry, names: &Names<'_>) -> Option<Outside> {
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
    let Ages(from_age, to_age) = ages?;
    let (screening, threshold) = screening?;
    let (initial_assessment, core_assessment, assessments_per_post) = assessment?;
    Some(Help {
        levels: levels?,
        ages: (from_age, to_age),
        screening,
        threshold,
        initial_assessment,
        core_assessment,
        assessments_per_post,
        caseload: caseload?,
        ends: ends?,
        initial_due: None,
        core_due: None,
        gives_up: None,
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
    let threshold = reader.value::<Number>(&mut group, "threshold");
    let threshold = level(reader, &group, "threshold", threshold);
    reader.close(group);
    Some((takes?, threshold?))
}

fn read_assessment(
    reader: &mut Reader<'_>,
    fields: &mut Fields<'_>,
) -> Option<(Law, Option<CoreAssessment>, f64)> {
    if !fields.states("assessment") {
        reader.missing(fields, "assessment");
    }
    let mut group = reader.inner_group(fields, "assessment")?;
    let initial = reader.value::<Law>(&mut group, "initial");
    let takes = reader.optional::<Law>(&mut group, "core");
    let from_level = reader.optional::<Number>(&mut group, "core_from");
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
    reader.close(group);
    Some((initial?, core?, per_post?))
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

/// A number that must be more than 0.
fn positive(
    reader: &mut Reader<'_>,
    fields: &Fields<'_>,
    key: &str,
    stated: Option<Number>,
) -> Option<f64> {
    let Number(number) = stated?;
    if number > 0.0 {
        return Some(number);
    }
    let problem = Problem::new(Code::OutOfRange, format!("`{key}` cannot be {number}"));
    reader.report(problem, fields.place_of(key), "expected more than 0");
    None
}

/// A perceived level of need, 0 to 3.
fn level(
    reader: &mut Reader<'_>,
    fields: &Fields<'_>,
    key: &str,
    stated: Option<Number>,
) -> Option<f64> {
    let Number(number) = stated?;
    if number <= 3.0 {
        return Some(number);
    }
    let problem = Problem::new(
        Code::OutOfRange,
        format!("`{key}` is {number}, and levels of need end at 3"),
    );
    reader.report(
        problem,
        fields.place_of(key),
        "expected a level from 0 to 3",
    );
    None
}

fn read_presentation(reader: &mut Reader<'_>, mut fields: Fields<'_>) -> Option<Presentation> {
    let spread = reader.value::<Number>(&mut fields, "spread");
    let lasts = reader.value::<Days>(&mut fields, "lasts");
    let lasts = some_time(reader, &fields, "lasts", lasts);
    reader.close(fields);
    Some(Presentation {
        spread: spread?.0,
        lasts: lasts?,
    })
}

fn read_records(reader: &mut Reader<'_>, mut fields: Fields<'_>) -> Option<Records> {
    let half_life = reader.value::<Days>(&mut fields, "half_life");
    let half_life = some_time(reader, &fields, "half_life", half_life);
    let conclusion = reader.value::<Number>(&mut fields, "conclusion");
    let seen_elsewhere = reader.value::<Probability>(&mut fields, "seen_elsewhere");
    reader.close(fields);
    Some(Records {
        half_life: half_life?,
        conclusion: conclusion?.0,
        seen_elsewhere: seen_elsewhere?,
    })
}

/// A length of time that must be more than 0.
fn some_time(
    reader: &mut Reader<'_>,
    fields: &Fields<'_>,
    key: &str,
    stated: Option<Days>,
) -> Option<Days> {
    let days = stated?;
    if days > Days::ZERO {
        return Some(days);
    }
    let problem = Problem::new(
        Code::OutOfRange,
        format!("`{key}` cannot be no time at all"),
    );
    reader.report(problem, fields.place_of(key), "expected more than 0 days");
    None
}

fn read_referral(reader: &mut Reader<'_>, mut fields: Fields<'_>) -> Option<Referral> {
    let pause = reader.value::<Days>(&mut fields, "pause");
    let stronger = reader.value::<Number>(&mut fields, "unless_stronger_by");
    let repeat_within = reader.value::<Days>(&mut fields, "repeat_within");
    reader.close(fields);
    Some(Referral {
        pause: pause?,
        unless_stronger_by: stronger?.0,
        repeat_within: repeat_within?,
    })
}

fn read_perception(reader: &mut Reader<'_>, mut fields: Fields<'_>) -> Option<Perception> {
    let screening = reader.value::<Number>(&mut fields, "screening");
    let screening_fully_seen = reader.value::<Factor>(&mut fields, "screening_fully_seen");
    let assessment = reader.value::<Number>(&mut fields, "assessment");
    let assessment_fully_seen = reader.value::<Factor>(&mut fields, "assessment_fully_seen");
    let help_from = reader.value::<Number>(&mut fields, "help_from");
    let help_from = level(reader, &fields, "help_from", help_from);
    let review = reader.value::<Number>(&mut fields, "review");
    reader.close(fields);
    Some(Perception {
        screening: screening?.0,
        screening_fully_seen: screening_fully_seen?,
        assessment: assessment?.0,
        assessment_fully_seen: assessment_fully_seen?,
        help_from: help_from?,
        review: review?.0,
    })
}

fn read_moves(reader: &mut Reader<'_>, mut fields: Fields<'_>) -> Option<Moves> {
    let delay = reader.value::<Law>(&mut fields, "delay");
    let silent_loss = reader.value::<Probability>(&mut fields, "silent_loss");
    let detected_loss = reader.value::<Probability>(&mut fields, "detected_loss");
    check_losses(reader, &fields, silent_loss, detected_loss);
    reader.close(fields);
    Some(Moves {
        delay: delay?,
        silent_loss: silent_loss?,
        detected_loss: detected_loss?,
    })
}

/// What a handoff is where nothing is said of it: it takes no time and loses nobody.
pub(crate) fn neutral_handoff() -> Handoff {
    Handoff {
        preparation: Law::Exactly(Days::ZERO),
        transit: Law::Exactly(Days::ZERO),
        silent_loss: Probability::ZERO,
        detected_loss: Probability::ZERO,
        chase: Law::Exactly(Days::ZERO),
        wrong_door: Probability::ZERO,
        bounces_at_most: 0,
    }
}

/// Reads `[handoff]`; without defaults every key must be stated.
pub(crate) fn read_handoff(
    reader: &mut Reader<'_>,
    mut fields: Fields<'_>,
    defaults: Option<Handoff>,
) -> Option<Handoff> {
    let read = &mut fields;
    let handoff = match defaults {
        None => (
            reader.value(read, "preparation"),
            reader.value(read, "transit"),
            reader.value(read, "silent_loss"),
            reader.value(read, "detected_loss"),
            reader.value(read, "chase"),
            reader.value(read, "wrong_door"),
            reader.value(read, "bounces_at_most"),
        ),
        Some(it) => (
            reader.value_or(read, "preparation", it.preparation),
            reader.value_or(read, "transit", it.transit),
            reader.value_or(read, "silent_loss", it.silent_loss),
            reader.value_or(read, "detected_loss", it.detected_loss),
            reader.value_or(read, "chase", it.chase),
            reader.value_or(read, "wrong_door", it.wrong_door),
            reader.value_or(read, "bounces_at_most", it.bounces_at_most),
        ),
    };
    let (preparation, transit, silent, detected, chase, wrong_door, bounces) = handoff;
    check_losses(reader, &fields, silent, detected);
    reader.close(fields);
    Some(Handoff {
        preparation: preparation?,
        transit: transit?,
        silent_loss: silent?,
        detected_loss: detected?,
        chase: chase?,
        wrong_door: wrong_door?,
        bounces_at_most: bounces?,
    })
}

/// A case is lost in one way at most, so the two chances share the whole.
fn check_losses(
    reader: &mut Reader<'_>,
    fields: &Fields<'_>,
    silent: Option<Probability>,
    detected: Option<Probability>,
) {
    let (Some(silent), Some(detected)) = (silent, detected) else {
        return;
    };
    let sum = silent.get() + detected.get();
    if sum > 1.0 + 1e-9 {
        let problem = Problem::new(
            Code::Shares,
            format!("silent and detected loss add up to {:.0}%", sum * 100.0),
        );
        let at = fields.place_of("detected_loss");
        reader.report(problem, at, "expected at most 100% with `silent_loss`");
    }
}

/// Reads `[closeness]`.
pub(crate) fn read_closeness(reader: &mut Reader<'_>, mut fields: Fields<'_>) -> Option<Closeness> {
    let same_organisation = reader.value_or(&mut fields, "same_organisation", Factor::ONE);
    let same_team = reader.optional::<Factor>(&mut fields, "same_team");
    let organisations = reader.value_or(&mut fields, "between_organisations", Factor::ONE);
    let between_areas = reader.value_or(&mut fields, "between_areas", Factor::ONE);
    reader.close(fields);
    Some(Closeness {
        // A team is as close as one organisation unless it is said to be closer.
        same_team: same_team?.or(same_organisation)?,
        same_organisation: same_organisation?,
        between_organisations: organisations?,
        between_areas: between_areas?,
    })
}

/// Services and outside sources share one set of names.
/// The simulation keeps sets of needs and of sources in machine words.
fn check_not_too_many(reader: &mut Reader<'_>, table: &Table) {
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

fn check_sources_differ(reader: &mut Reader<'_>, table: &Table) {
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
