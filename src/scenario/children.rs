//! Reads a parameter file: children, their needs, what is kept of them, and how they are passed on.

use std::collections::{BTreeMap, BTreeSet};

use crate::units::{Days, Factor, Law, PerYear, Probability};

use super::bounds::{level, some_time};
use super::checked::{
    ChildrenWorld, Closeness, Funding, Handoff, Id, Information, Moves, Need, Perception,
    Presentation, Records, Referral,
};
use super::files::Span;
use super::mechanisms;
use super::problem::{Code, Problem, did_you_mean, one_of};
use super::reader::{Fields, Reader, join};
use super::services::{
    Names, check_not_too_many, check_sources_differ, keys_of, read_outside, read_service,
};
use super::tree::{Entry, Table};
use super::value::Number;

/// What other files need to know of a world, known even where some of its values are wrong.
#[derive(Debug, Default)]
pub(crate) struct Outline {
    /// Services that a structure places.
    pub(crate) services: BTreeMap<String, ServiceOutline>,
    /// Age at which a child leaves; `None` in a network.
    pub(crate) upper_age: Option<u32>,
    /// Kinds of oversight that the parameter file describes, sorted.
    pub(crate) oversight: Vec<String>,
}

/// A service as other files see it.
#[derive(Debug)]
pub(crate) struct ServiceOutline {
    /// Does it help, and so need posts?
    pub(crate) helps: bool,
    /// May it be run together with other services?
    pub(crate) may_be_delegated: bool,
    /// The sector it belongs to, where said.
    pub(crate) sector: Option<String>,
}

impl Outline {
    /// The sectors that services belong to, each once, sorted.
    pub(crate) fn sectors(&self) -> BTreeSet<&str> {
        (self.services.values())
            .filter_map(|service| service.sector.as_deref())
            .collect()
    }

    /// The services that help, and so need posts.
    pub(crate) fn helping(&self) -> impl Iterator<Item = &str> {
        (self.services.iter())
            .filter(|(_, service)| service.helps)
            .map(|(name, _)| name.as_str())
    }

    /// The names of the services.
    pub(crate) fn names(&self) -> impl Iterator<Item = &str> {
        self.services.keys().map(String::as_str)
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
        reader.optional_text(&mut head, "joint_set");
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
        oversight: keys_of(table, "oversight")
            .into_iter()
            .map(str::to_owned)
            .collect(),
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
    let mechanisms = mechanisms::read(reader, &mut root, &names);
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
            mechanisms: mechanisms?,
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

fn read_presentation(reader: &mut Reader<'_>, mut fields: Fields<'_>) -> Option<Presentation> {
    let spread = reader.value::<Number>(&mut fields, "spread");
    let lasts = reader.value::<Days>(&mut fields, "lasts");
    let lasts = some_time(reader, &fields, "lasts", lasts);
    let alike = reader.value_or(&mut fields, "alike", Probability::ONE);
    reader.close(fields);
    Some(Presentation {
        spread: spread?.0,
        lasts: lasts?,
        alike: alike?,
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
