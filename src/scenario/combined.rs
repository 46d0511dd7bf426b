//! Structures with the overlays they carry: found, held against the law, and made whole.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use crate::units::Factor;

use super::checked::{Blocks, Governance, Id, Overlay, PostsScale, Structure, World};
use super::children::Outline;
use super::files::Span;
use super::governance;
use super::library::{Document, Kind};
use super::overlay::{self, OverlayForm};
use super::problem::{Code, Problem};
use super::reader::Reader;
use super::settings::{Setting, node_at, report_path};
use super::structure::{self, Changes, StructureForm, partitions};
use super::tree::Table;
use super::wanted::WantedStructure;
use super::world::read_world;

/// Every structure and overlay that a study wants, as read; `None` where one could not be.
#[derive(Debug, Default)]
pub(crate) struct Forms {
    pub(crate) structures: BTreeMap<String, Option<StructureForm>>,
    pub(crate) overlays: BTreeMap<String, Option<OverlayForm>>,
}

impl Forms {
    /// Finds and reads what is wanted, with the factors of overlays that `settings` set otherwise.
    pub(crate) fn find(
        reader: &mut Reader<'_>,
        wanted: &[WantedStructure],
        outline: &Outline,
        settings: &[Setting],
    ) -> Self {
        let mut forms = Self::default();
        for stage in wanted.iter().flat_map(WantedStructure::stages) {
            if !forms.structures.contains_key(&stage.structure) {
                let document = (reader.shelf).find(Kind::Structure, &stage.structure, stage.at);
                let form = document.and_then(|it| structure::read(reader, &it, Some(outline)));
                forms.structures.insert(stage.structure.clone(), form);
            }
        }
        for stage in wanted.iter().flat_map(WantedStructure::stages) {
            for id in &stage.overlays {
                if !forms.overlays.contains_key(id) {
                    let document = reader.shelf.find(Kind::Overlay, id, stage.at);
                    let form =
                        document.and_then(|it| overlay::read(reader, &it, Some(outline), settings));
                    forms.overlays.insert(id.clone(), form);
                }
            }
        }
        forms
    }

    /// The overlays of a structure, where they could be read.
    fn carried(&self, wanted: &WantedStructure) -> Vec<&OverlayForm> {
        (wanted.overlays.iter())
            .filter_map(|id| self.overlays.get(id)?.as_ref())
            .collect()
    }

    /// Reports factors set otherwise that no overlay of the study states.
    pub(crate) fn check_set(&self, reader: &mut Reader<'_>, settings: &[Setting]) {
        // Of an overlay that could not be read, nobody knows the factors.
        if self.overlays.values().any(Option::is_none) {
            return;
        }
        let known: BTreeSet<String> = (self.overlays.values().flatten())
            .flat_map(|overlay| overlay.paths.iter().cloned())
            .collect();
        for setting in settings.iter().filter(|it| is_of_overlay(&it.path)) {
            if !known.contains(&setting.path) {
                report_path(reader, &setting.path, setting.path_at, &known);
            }
        }
    }

    /// Reports what the law does not let be run or paid for together, and overlays that
    /// contradict each other, in every structure with its overlays.
    pub(crate) fn check(
        &self,
        reader: &mut Reader<'_>,
        wanted: &[WantedStructure],
        outline: &Outline,
    ) {
        for stage in wanted.iter().flat_map(WantedStructure::stages) {
            let carried = self.carried(stage);
            check_agreement(reader, &carried, stage.at);
            // Another overlay might lift the law.
            if carried.len() < stage.overlays.len() {
                continue;
            }
            if let Some(Some(form)) = self.structures.get(&stage.structure) {
                check_delegable(reader, form, &carried, outline, stage.at);
            }
        }
    }

    /// The structure with its overlays, and the one that follows it.
    pub(crate) fn combine(&self, wanted: &WantedStructure, worlds: &Worlds) -> Option<Structure> {
        let form = self.structures.get(&wanted.structure)?.as_ref()?;
        let carried = self.carried(wanted);
        let world = worlds.get(&wanted.overlays)?.as_ref()?;
        if carried.len() < wanted.overlays.len() {
            return None;
        }
        let mut structure = structure_of(form, &carried, Arc::clone(world));
        if let Some(then) = &wanted.then {
            let then = self.combine(then, worlds)?;
            structure.id = Id::new(&format!("{}>{}", structure.id, then.id));
            structure.name = format!("{}, then {}", structure.name, in_sentence(&then.name));
            structure.then = Some(Box::new(then));
        }
        Some(structure)
    }
}

/// Is this the path of a factor of an overlay?
pub(crate) fn is_of_overlay(path: &str) -> bool {
    path.starts_with("overlay.")
}

/// The world under every set of overlays that a structure carries.
pub(crate) type Worlds = BTreeMap<Vec<String>, Option<Arc<World>>>;

/// Puts the factors of overlays on the world. Where no overlay scales anything, all share the one
/// that the files describe.
pub(crate) fn overlaid_worlds(
    reader: &mut Reader<'_>,
    document: &Document,
    plain: Option<&World>,
    wanted: &[WantedStructure],
    forms: &Forms,
    known: &BTreeSet<String>,
) -> Worlds {
    let plain = plain.cloned().map(Arc::new);
    let mut worlds = BTreeMap::new();
    for wanted in wanted.iter().flat_map(WantedStructure::stages) {
        if worlds.contains_key(&wanted.overlays) {
            continue;
        }
        let mut table = (*document.table).clone();
        let mut is_scaled = false;
        for overlay in forms.carried(wanted) {
            is_scaled |= !overlay.scale.is_empty();
            scale(reader, &mut table, overlay, known);
        }
        let world = if is_scaled {
            let document = Document {
                table: table.into(),
                ..document.clone()
            };
            let collected = reader.parameters.len();
            let (_, world) = read_world(reader, &document);
            reader.parameters.truncate(collected);
            world.map(Arc::new)
        } else {
            plain.clone()
        };
        worlds.insert(wanted.overlays.clone(), world);
    }
    worlds
}

/// Puts the factors of an overlay on the values of a world.
pub(crate) fn scale(
    reader: &mut Reader<'_>,
    table: &mut Table,
    overlay: &OverlayForm,
    known: &BTreeSet<String>,
) {
    let is_of_world = |path: &str| !path.starts_with("area.") && !path.starts_with("study.");
    for scale in &overlay.scale {
        if !known.contains(&scale.path) || !is_of_world(&scale.path) {
            let of_world = known.iter().filter(|path| is_of_world(path));
            let of_world = of_world.cloned().collect();
            report_path(reader, &scale.path, scale.path_at, &of_world);
            continue;
        }
        match node_at(table, &scale.path) {
            Some(node) => {
                let before = node.times.map_or(1.0, |(factor, _)| factor);
                node.times = Some((before * scale.factor, scale.factor_at));
            }
            None => {
                let message = format!("\"{}\" is not stated, so nothing is scaled", scale.path);
                let problem = Problem::new(Code::UnknownPath, message);
                reader.report(
                    problem,
                    scale.path_at,
                    "expected the path of a stated value",
                );
            }
        }
    }
}

/// Two overlays of one structure cannot both say who must take part, unless they say the same.
fn check_agreement(reader: &mut Reader<'_>, carried: &[&OverlayForm], at: Span) {
    let mut stated = carried
        .iter()
        .filter_map(|overlay| Some((overlay, overlay.governance.adoption?)));
    let Some((first, basis)) = stated.next() else {
        return;
    };
    if let Some((other, _)) = stated.find(|(_, other)| *other != basis) {
        let message = format!(
            "overlays \"{}\" and \"{}\" disagree on who must take part",
            first.overlay.id, other.overlay.id
        );
        let problem = Problem::new(Code::Twice, message)
            .help("both state [adoption] basis; carry one of the two");
        reader.report(problem, at, "expected one of the two");
    }
}

/// Reports services that may not be delegated, in an organisation or a budget with others, unless
/// the structure or an overlay lifts the law for them.
pub(crate) fn check_delegable(
    reader: &mut Reader<'_>,
    form: &StructureForm,
    carried: &[&OverlayForm],
    outline: &Outline,
    named_at: Span,
) {
    let lifted: BTreeSet<&Id> = (form.governance.lifts.iter())
        .chain(carried.iter().flat_map(|it| &it.governance.lifts))
        .collect();
    let bound = |service: &&Id| {
        let known = outline.services.get(service.as_str());
        known.is_some_and(|known| !known.may_be_delegated) && !lifted.contains(*service)
    };
    let mut reported: BTreeSet<&Id> = BTreeSet::new();
    for organisation in form.organisations.iter().filter(|it| it.runs.len() > 1) {
        for service in organisation.runs.iter().filter(bound) {
            let message = format!(
                "\"{service}\" may not be delegated, so \"{}\" cannot run it with others",
                organisation.id
            );
            let problem = Problem::new(Code::NotDelegable, message).help(format!(
                "leave \"{service}\" in an organisation of its own, or change the law: [law] \
                 lifts = [\"{service}\"]"
            ));
            let at = form.runs_at.get(service).copied().unwrap_or(named_at);
            reader.report(problem, at, "may_be_delegated = false");
            reported.insert(service);
        }
    }
    let [_, budgets, ..]: [Blocks; 5] = partitions(form, &changes(carried));
    for service in budgets.iter().filter(|block| block.len() > 1).flatten() {
        if !bound(&service) || reported.contains(service) {
            continue;
        }
        let message = format!("\"{service}\" may not be delegated, and so shares no budget");
        let problem = Problem::new(Code::NotDelegable, message).help(format!(
            "leave \"{service}\" out of the lists of `budgets`, or change the law: [law] lifts = \
             [\"{service}\"]"
        ));
        let pooled_at = (carried.iter().rev())
            .map(|it| &it.changes)
            .chain([&form.changes])
            .find_map(|changes| changes.pools(service));
        reader.report(
            problem,
            pooled_at.unwrap_or(named_at),
            "may_be_delegated = false",
        );
    }
}

/// What overlays change of the partitions.
pub(crate) fn changes<'f>(carried: &[&'f OverlayForm]) -> Vec<&'f Changes> {
    carried.iter().map(|overlay| &overlay.changes).collect()
}

/// What a structure and its overlays ask together.
pub(crate) fn governance_of(form: &StructureForm, carried: &[&OverlayForm]) -> Governance {
    let mut placed: Vec<Id> = (form.organisations.iter())
        .flat_map(|organisation| organisation.runs.iter().cloned())
        .collect();
    placed.sort();
    let overlays = carried.iter().map(|overlay| &overlay.governance);
    Governance {
        accountable: form.accountable.clone(),
        led_by: form.led_by.clone(),
        ..governance::combined(&form.governance, overlays, &placed)
    }
}

fn structure_of(form: &StructureForm, carried: &[&OverlayForm], world: Arc<World>) -> Structure {
    let overlays: Vec<Overlay> = carried.iter().map(|it| it.overlay.clone()).collect();
    let mut id = form.id.clone();
    for overlay in &overlays {
        id.push('+');
        id.push_str(overlay.id.as_str());
    }
    let [records, budgets, assessment, front_doors, workforce] =
        partitions(form, &changes(carried));
    Structure {
        id: Id::new(&id),
        name: with_overlays(&form.name, &overlays),
        summary: form.summary.clone(),
        sources: form.sources.clone(),
        law: form.law.clone(),
        claims_for: form.claims_for.clone(),
        claims_against: form.claims_against.clone(),
        overlays,
        organisations: form.organisations.clone(),
        records,
        budgets,
        assessment,
        front_doors,
        workforce,
        governance: governance_of(form, carried),
        posts: posts_of(carried),
        more_posts: Vec::new(),
        then: None,
        world,
    }
}

/// Factors on posts, those on one kind of work of one service multiplied.
fn posts_of(carried: &[&OverlayForm]) -> Vec<PostsScale> {
    let mut all: BTreeMap<(&Id, _), f64> = BTreeMap::new();
    for scale in carried.iter().flat_map(|overlay| &overlay.posts) {
        *all.entry((&scale.service, scale.work)).or_insert(1.0) *= scale.factor.get();
    }
    (all.into_iter())
        .filter_map(|((service, work), factor)| {
            Some(PostsScale {
                service: service.clone(),
                work,
                factor: Factor::try_from(factor).ok()?,
            })
        })
        .collect()
}

/// `Fragmented services of 2002, with shared records`.
pub(crate) fn with_overlays(name: &str, overlays: &[Overlay]) -> String {
    let names: Vec<String> = overlays.iter().map(|it| in_sentence(&it.name)).collect();
    match names.as_slice() {
        [] => name.to_owned(),
        [some @ .., last] if !some.is_empty() => {
            format!("{name}, with {} and {last}", some.join(", "))
        }
        _ => format!("{name}, with {}", names.concat()),
    }
}

/// A name within a sentence: its first letter small, unless it begins with an abbreviation.
fn in_sentence(name: &str) -> String {
    let mut letters = name.chars();
    match (letters.next(), letters.next()) {
        (Some(first), Some(second)) if second.is_lowercase() => {
            first.to_lowercase().chain(name.chars().skip(1)).collect()
        }
        _ => name.to_owned(),
    }
}
