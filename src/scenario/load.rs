//! From the name of a study to the checked [`Scenario`]: reads what the study names, sets what it
//! sets, and puts the parts together.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::area::{self, AreaForm};
use super::cases::{self, CaseContext};
use super::checked::{
    Area, Case, FigureSet, Handoff, Id, NetworkWorld, Parameter, Scenario, SourceFile, Structure,
    Study, World,
};
use super::children::Outline;
use super::combined::{Forms, is_of_overlay, overlaid_worlds};
use super::comparison::{self, ComparisonContext};
use super::figures;
use super::files::{Origin, Span};
use super::governance;
use super::library::{Document, Kind, Shelf, is_path, short_label};
use super::network;
use super::places;
use super::problem::{Code, Problem, Problems};
use super::reader::Reader;
use super::services::Names;
use super::settings::{self, Setting, put_at, report_path};
use super::structure::StructureForm;
use super::study::{self, StudyForm, StudyNames, check_trials};
use super::tree::{Entry, Node, Table, Value};
use super::wanted::{WantedStructure, check_stages, requested};
use super::world::read_world;

/// A study and what the user wants otherwise.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Request {
    /// A bundled id or the path of a file.
    pub study: String,
    /// Structures to compare with the baseline instead of those of the study: `A,B+OVERLAY`.
    pub structures: Option<String>,
    /// Values set otherwise, each as `PATH=VALUE`.
    pub set: Vec<String>,
    /// Another number of trials.
    pub trials: Option<u32>,
    /// Another seed.
    pub seed: Option<u64>,
    /// Mechanisms to switch off instead of those of the study: `change,relations`.
    pub off: Option<String>,
    /// The only mechanisms not to switch off, instead of those of the study: `records`.
    pub only: Option<String>,
    /// Published figures instead of those of the study: a bundled id or the path of a file.
    pub figures: Option<String>,
    /// Joint set to draw values from instead of that of the study or its parameter file: a bundled id,
    /// the path of a file, or `none`. A run takes values as they are stated and does not look at it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub joint: Option<String>,
    /// The texts of an earlier reading: then nothing else is read, whatever has become of the files
    /// since.
    #[serde(skip)]
    pub kept: Option<Arc<[SourceFile]>>,
}

impl Request {
    /// An empty shelf to read from.
    pub(super) fn shelf(&self) -> Shelf {
        self.kept
            .as_deref()
            .map_or_else(Shelf::default, Shelf::kept)
    }
}

/// Reads a study with all it names.
///
/// # Errors
/// Everything that is wrong with its files and with the request, as far as it can be told at once.
pub fn load(request: &Request) -> Result<Scenario, Problems> {
    let mut shelf = request.shelf();
    let document = shelf.study(&request.study);
    finish(shelf, document, request)
}

/// Reads a study from a text; what it names is looked up among the bundled files.
///
/// # Errors
/// As [`load`].
pub fn load_text(name: &str, text: &str, request: &Request) -> Result<Scenario, Problems> {
    let mut shelf = Shelf::default();
    let document = shelf.study_text(name, text);
    finish(shelf, document, request)
}

/// Reads a study as [`load`] does, with other texts in place of the files that [`Scenario::files`]
/// lists by the same label: the same study, written in another way.
///
/// # Errors
/// As [`load`].
pub fn load_rewritten(request: &Request, files: &[SourceFile]) -> Result<Scenario, Problems> {
    let mut shelf = request.shelf().with_texts(files);
    let document = shelf.study(&request.study);
    finish(shelf, document, request)
}

/// Reads a study again from the texts of an earlier reading, whatever has become of the files since.
/// `request` is what [`Scenario::asked`] was then.
///
/// # Errors
/// As [`load`]: an earlier version may have read what this one refuses.
pub fn load_kept(request: &Request, files: &[SourceFile]) -> Result<Scenario, Problems> {
    load(&Request {
        kept: Some(files.into()),
        ..request.clone()
    })
}

fn finish(
    mut shelf: Shelf,
    document: Option<Document>,
    request: &Request,
) -> Result<Scenario, Problems> {
    let scenario = document.and_then(|document| assemble(&mut shelf, document, request));
    settle(shelf, scenario.map(|(scenario, _)| scenario))
}

/// Reads a study, and keeps what its joint set is to be held against.
pub(super) fn surveyed(request: &Request) -> (Shelf, Option<(Scenario, Survey)>) {
    let mut shelf = request.shelf();
    let document = shelf.study(&request.study);
    let read = document.and_then(|document| assemble(&mut shelf, document, request));
    (shelf, read)
}

/// The files of a study as they were read, and which paths there are.
#[derive(Debug)]
pub(super) struct Survey {
    /// As written, before anything is set.
    pub(super) trees: Trees,
    /// Every path that a value can have.
    pub(super) known: BTreeSet<String>,
    /// What `[set]` and `--set` state.
    pub(super) settings: Vec<Setting>,
}

/// The result, if nothing is wrong.
pub(crate) fn settle<T>(shelf: Shelf, result: Option<T>) -> Result<T, Problems> {
    let problems = shelf.problems.settled();
    match result {
        Some(result) if problems.is_empty() => Ok(result),
        // Every reading that comes to nothing reports why.
        _ => {
            assert!(
                !problems.is_empty(),
                "a reading came to nothing and left no problem behind"
            );
            Err(problems)
        }
    }
}

/// The trees of a study, before and after values are set in them.
#[derive(Debug, Clone)]
pub(super) struct Trees {
    pub(super) study: Document,
    /// The parameter file; the study itself where it describes a network.
    pub(super) world: Document,
    pub(super) areas: BTreeMap<String, Document>,
}

/// What is read from the trees.
struct Parts {
    names: StudyNames,
    form: Option<StudyForm>,
    outline: Outline,
    world: Option<World>,
    areas: BTreeMap<String, Option<AreaForm>>,
    cases: Option<Vec<Case>>,
}

fn assemble(
    shelf: &mut Shelf,
    document: Document,
    request: &Request,
) -> Option<(Scenario, Survey)> {
    let document = shelf.with_bases(document);
    adopt_structures(shelf, &document);
    let mut reader = Reader::new(shelf);
    let settings = settings::all(&mut reader, &document, request);
    let trees = trees(&mut reader, document)?;

    // Once as the files have it, to learn which paths there are; once more with what is set.
    let mut parts = read_parts(&mut reader, &trees);
    let known = std::mem::take(&mut reader.known);
    let mut parameters = std::mem::take(&mut reader.parameters);
    let set_trees = with_settings(&mut reader, &trees, &settings, &known);
    if !settings.is_empty() {
        parts = read_parts(&mut reader, &set_trees);
        parameters = std::mem::take(&mut reader.parameters);
    }

    let baseline = parts.names.baseline.clone();
    let others = match &request.structures {
        Some(list) => requested(&mut reader, list, baseline.as_ref()),
        None => parts.names.structures.clone(),
    };
    check_stages(&mut reader, baseline.as_ref(), &others);
    let wanted: Vec<WantedStructure> = baseline.into_iter().chain(others).collect();
    let forms = Forms::find(&mut reader, &wanted, &parts.outline, &settings);
    forms.check_set(&mut reader, &settings);
    forms.check(&mut reader, &wanted, &parts.outline);
    // An overlay states its factors once, however many structures carry it.
    parameters.append(&mut reader.parameters);
    let world = &set_trees.world;
    let plain = parts.world.as_ref();
    let worlds = overlaid_worlds(&mut reader, world, plain, &wanted, &forms, &known);
    if let Some(World::Network(world)) = &parts.world {
        check_zero_loops(&mut reader, world, &set_trees.world, &forms.structures);
    }
    let trials = request
        .trials
        .or(parts.form.as_ref().map(|form| form.trials));
    if let Some(trials) = request.trials {
        let at = reader.shelf.argument("--trials", &trials.to_string());
        check_trials(&mut reader, trials, at);
    }
    let areas = areas(&mut reader, &trees, &parts);
    let context = ComparisonContext {
        is_network: trees.world.kind == Kind::Study,
        observe: parts.form.as_ref().map(|form| form.observe),
        wanted: &wanted,
        areas: areas.as_deref(),
    };
    let stated = &parts.names.comparison;
    let comparison = comparison::finish(&mut reader, stated, request, &context);
    let structures = (wanted.iter())
        .map(|wanted| forms.combine(wanted, &worlds))
        .collect::<Option<Vec<Structure>>>();
    if let (Some(comparison), Some(structures)) = (&comparison, &structures) {
        comparison::check_pilots_named(&mut reader, comparison, structures, &context);
    }
    let figures = figures(reader.shelf, &parts, request)?;

    let form = parts.form?;
    let scenario = Scenario {
        asked: Request {
            study: portable(&request.study),
            figures: request.figures.as_deref().map(portable),
            joint: request.joint.as_deref().map(portable),
            kept: None,
            ..request.clone()
        },
        study: Study {
            id: Id::new(&trees.study.id),
            name: form.name,
            purpose: form.purpose,
            start: form.start,
            warm_up: form.warm_up,
            observe: form.observe,
            trials: trials?,
            seed: request.seed.unwrap_or(form.seed),
            comparison: comparison?,
        },
        areas: areas?,
        structures: structures?,
        cases: parts.cases?,
        figures,
        parameters: sorted(parameters),
        files: source_files(reader.shelf),
    };
    let survey = Survey {
        trees,
        known,
        settings,
    };
    Some((scenario, survey))
}

/// The published figures that are asked for or that the study names; `None` if they are faulty.
fn figures(shelf: &mut Shelf, parts: &Parts, request: &Request) -> Option<Option<FigureSet>> {
    let Some(document) = figures_document(shelf, parts.names.figures.as_ref(), request) else {
        return Some(None);
    };
    let countable = parts.world.as_ref().map(figures::Countable::of);
    // A reader of their own: published figures are no parameters of the study.
    let mut reader = Reader::new(shelf);
    figures::read(&mut reader, &document?, countable.as_ref()).map(Some)
}

/// The file of figures that is asked for, or else the one that the study names; within, `None` if it
/// is not to be had.
pub(crate) fn figures_document(
    shelf: &mut Shelf,
    stated: Option<&(String, Span)>,
    request: &Request,
) -> Option<Option<Document>> {
    match (&request.figures, stated) {
        (Some(name), _) => {
            let at = shelf.argument("--targets", name);
            Some(match is_path(name) {
                true => shelf.of_kind_at(Kind::Figures, name, at),
                false => shelf.find(Kind::Figures, name, at),
            })
        }
        (None, Some((id, at))) => Some(shelf.find(Kind::Figures, id, *at)),
        (None, None) => None,
    }
}

/// The name of a study wherever its folder lies: a bundled id, or a file with its folder.
fn portable(study: &str) -> String {
    match is_path(study) {
        true => short_label(Path::new(&study.replace('\\', "/"))),
        false => study.to_owned(),
    }
}

/// In the order of paths, each once.
pub(crate) fn sorted(mut parameters: Vec<Parameter>) -> Vec<Parameter> {
    parameters.sort_by(|a, b| a.path.cmp(&b.path));
    parameters.dedup_by(|a, b| a.path == b.path);
    parameters
}

pub(super) fn source_files(shelf: &Shelf) -> Vec<SourceFile> {
    let mut files: Vec<SourceFile> = (shelf.files.iter())
        .filter(|text| text.origin != Origin::CommandLine)
        .map(|text| SourceFile {
            label: text.label.clone(),
            local: matches!(text.origin, Origin::Local(_)),
            text: Arc::clone(text.text()),
        })
        .collect();
    files.sort_by(|a, b| (&a.label, a.local).cmp(&(&b.label, b.local)));
    files
}

/// Makes the structures under `[structure.ID]` of a study known by their ids.
fn adopt_structures(shelf: &mut Shelf, document: &Document) {
    let Some(structures) = document.table.table("structure") else {
        return;
    };
    for entry in &structures.entries {
        let Some(fields) = entry.node.as_table() else {
            continue;
        };
        // In a file of its own the first keys would stand under [structure] and the rest beside it.
        let mut table = Table::default();
        let mut head = Table::default();
        for field in &fields.entries {
            // `law` in words belongs to the head, [law] with its keys beside it.
            let is_table = field.node.as_table().is_some();
            let beside = ["organisation", "shared", "separate"]
                .iter()
                .chain(&governance::TABLES);
            match is_table && beside.into_iter().any(|key| *key == field.key) {
                true => table.put(field.clone()),
                false => head.put(field.clone()),
            }
        }
        table.put(Entry {
            key: "structure".to_owned(),
            key_at: entry.key_at,
            node: Node::new(Value::Table(head), entry.node.at),
        });
        shelf.adopt(&entry.key, entry.key_at.file, table);
    }
}

/// Opens the parameter file and the areas that a study names.
fn trees(reader: &mut Reader<'_>, study: Document) -> Option<Trees> {
    let head = study.head()?.clone();
    let (names, _) = study::read_head(reader, &study, &head);
    reader.parameters.clear();
    let is_network = ["arrivals", "service"]
        .iter()
        .any(|key| study.table.get(key).is_some());
    let world = match (&names.parameters, is_network) {
        (Some((id, at)), false) => reader.shelf.find(Kind::Parameters, id, *at)?,
        (None, true) => study.clone(),
        (Some((_, at)), true) => {
            let problem = Problem::new(
                Code::Twice,
                "the study has cases and services of its own and names a parameter file",
            )
            .help("keep `parameters`, or [arrivals] and [service.NAME]");
            reader.report(problem, *at, "expected one of the two");
            return None;
        }
        (None, false) => {
            let problem = Problem::new(Code::EmptyStudy, "the study has nothing to simulate").help(
                "name a parameter file, as in parameters = \"england-2003\", or describe cases in \
                 [arrivals] and services in [service.NAME]",
            );
            reader.report(
                problem,
                head.at,
                "expected `parameters` in it, or [arrivals] beside it",
            );
            return None;
        }
    };
    let mut areas = BTreeMap::new();
    for wanted in &names.areas {
        if let Some(found) = reader.shelf.find(Kind::Area, &wanted.id, wanted.at) {
            areas.insert(wanted.id.clone(), found);
        }
    }
    Some(Trees {
        study,
        world,
        areas,
    })
}

fn read_parts(reader: &mut Reader<'_>, trees: &Trees) -> Parts {
    let top = reader.shelf.files.top_of(trees.study.file);
    let mut root = reader.open_table(&trees.study.table, top, "");
    let head = reader.node(&mut root, "study");
    let (names, form) = match head {
        Some(head) => study::read_head(reader, &trees.study, head),
        None => (StudyNames::default(), None),
    };
    reader.node(&mut root, "set");
    let inline = reader.node(&mut root, "structure");
    if let Some(inline) = inline.and_then(Node::as_table) {
        for entry in &inline.entries {
            reader.check_name(entry);
        }
    }
    let is_network = trees.world.kind == Kind::Study;
    let mut scripts = None;
    if is_network {
        for key in ["arrivals", "service", "sharing", "handoff", "closeness"] {
            reader.node(&mut root, key);
        }
    } else {
        scripts = reader.node(&mut root, "case");
    }
    reader.close(root);
    let (outline, world) = read_world(reader, &trees.world);
    let context = CaseContext {
        names: &Names::of(&trees.world.table, outline.upper_age.unwrap_or(u32::MAX)),
        observe: form.as_ref().map(|form| form.observe),
        upper_age: outline.upper_age,
        areas: names.areas.iter().map(|area| area.copies).sum(),
    };
    let cases = cases::read(reader, scripts, &context);
    let mut areas = BTreeMap::new();
    for (id, document) in &trees.areas {
        areas.insert(id.clone(), area::read(reader, document, Some(&outline)));
    }
    Parts {
        names,
        form,
        outline,
        world,
        areas,
        cases,
    }
}

/// The area that a path is of, and the path within its file: posts stand beside `[area]` there, and
/// under the area in a path.
pub(super) fn in_area(path: &str) -> Option<(&str, String)> {
    let (id, rest) = path.strip_prefix("area.")?.split_once('.')?;
    let inner = match rest.starts_with("posts.") {
        true => rest.to_owned(),
        false => format!("area.{rest}"),
    };
    Some((id, inner))
}

/// The trees with every setting in its place; unknown paths are reported.
fn with_settings(
    reader: &mut Reader<'_>,
    trees: &Trees,
    settings: &[Setting],
    known: &BTreeSet<String>,
) -> Trees {
    let mut study = (*trees.study.table).clone();
    let mut world = (*trees.world.table).clone();
    let mut areas: BTreeMap<String, Table> = (trees.areas.iter())
        .map(|(id, document)| (id.clone(), (*document.table).clone()))
        .collect();
    for setting in settings.iter().filter(|it| !is_of_overlay(&it.path)) {
        if !known.contains(&setting.path) {
            report_path(reader, &setting.path, setting.path_at, known);
            continue;
        }
        if let Some((id, inner)) = in_area(&setting.path) {
            if let Some(table) = areas.get_mut(id) {
                put_at(table, &inner, setting);
            }
            continue;
        }
        match setting.path.split_once('.') {
            Some(("study" | "case", _)) => put_at(&mut study, &setting.path, setting),
            _ => put_at(&mut world, &setting.path, setting),
        }
    }
    let replaced = |document: &Document, table: Table| Document {
        table: table.into(),
        ..document.clone()
    };
    Trees {
        world: replaced(&trees.world, world),
        // In a network study both are one file, and each reading takes its own tables from it.
        study: replaced(&trees.study, study),
        areas: (areas.into_iter())
            .map(|(id, table)| (id.clone(), replaced(&trees.areas[&id], table)))
            .collect(),
    }
}

fn check_zero_loops(
    reader: &mut Reader<'_>,
    world: &NetworkWorld,
    document: &Document,
    structures: &BTreeMap<String, Option<StructureForm>>,
) {
    let takes_time = |handoff: &Handoff, factor: f64| {
        factor > 0.0 && !(handoff.preparation.is_zero() && handoff.transit.is_zero())
    };
    let seam_takes_time = |from: &Id, to: &Id| {
        let Some(handoff) = &world.handoff else {
            return false;
        };
        structures.values().flatten().all(|structure| {
            let together = (structure.organisations.iter())
                .any(|it| it.runs.contains(from) && it.runs.contains(to));
            let factor = match together {
                true => world.closeness.same_organisation,
                false => world.closeness.between_organisations,
            };
            takes_time(handoff, factor.get())
        })
    };
    network::check_zero_loops(reader, world, &document.table, seam_takes_time);
}

/// The places of a study, copies numbered, sorted by id.
fn areas(reader: &mut Reader<'_>, trees: &Trees, parts: &Parts) -> Option<Vec<Area>> {
    if trees.world.kind == Kind::Study {
        if let Some(wanted) = parts.names.areas.first() {
            let problem = Problem::new(Code::WrongForm, "cases of a network live in no area")
                .help("leave `areas` out, or name a parameter file");
            reader.report(problem, wanted.at, "expected no areas here");
        }
        return Some(vec![places::nowhere()]);
    }
    let head = trees.study.head()?;
    let stated = head.as_table().and_then(|head| head.get("areas"));
    let lists_some =
        stated.is_some_and(|it| !matches!(&it.value, Value::List(all) if all.is_empty()));
    if parts.names.areas.is_empty() && lists_some {
        // What is wrong with each has been said.
        return None;
    }
    if parts.names.areas.is_empty() {
        let at = head.at;
        let problem = Problem::new(Code::EmptyStudy, "the study has no area, and so no children")
            .help("name one or more, as in areas = [{ area = \"typical-council-2003\", copies = 4, region = \"north\" }]");
        reader.report(problem, at, "expected `areas` in it");
        return None;
    }
    places::lay_out(reader, &parts.names.areas, &parts.areas)
}

#[cfg(test)]
mod tests {
    use std::fs;
    use std::path::Path;

    use super::super::checked::{ChildrenWorld, Footprint, Grade};
    use super::super::library::BUNDLED;
    use super::*;
    use crate::units::{Days, Law, PerYear};

    const OWN: &str = "[study]\nextends = \"childrens-trusts-2003\"\n";

    fn bundled(study: &str) -> Request {
        Request {
            study: study.to_owned(),
            ..Request::default()
        }
    }

    #[track_caller]
    fn loaded(request: &Request) -> Scenario {
        load(request).unwrap_or_else(|problems| panic!("{problems:#?}"))
    }

    /// Writes files to a folder and loads `studies/mine.toml` from it.
    #[track_caller]
    fn local(files: &[(&str, &str)]) -> Scenario {
        let folder = tempfile::tempdir().unwrap();
        for (name, text) in files {
            let path = folder.path().join(name);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, text).unwrap();
        }
        let study = folder.path().join("studies/mine.toml");
        loaded(&bundled(&study.to_string_lossy()))
    }

    fn children(structure: &Structure) -> &ChildrenWorld {
        match structure.world.as_ref() {
            World::Children(world) => world,
            World::Network(_) => panic!("a network was not expected"),
        }
    }

    fn runs<'s>(structure: &'s Structure, organisation: &str) -> Vec<&'s str> {
        let found = (structure.organisations.iter())
            .find(|it| it.id.as_str() == organisation)
            .unwrap();
        found.runs.iter().map(Id::as_str).collect()
    }

    #[test]
    fn the_bundled_study_has_two_areas_and_its_structures_in_one_world() {
        let scenario = loaded(&bundled("childrens-trusts-2003"));
        let areas: Vec<&str> = scenario.areas.iter().map(|it| it.id.as_str()).collect();
        let copies = [1, 2].map(|number| format!("typical-council-2003-{number}"));
        assert_eq!(areas, copies);
        let ids: Vec<&str> = scenario
            .structures
            .iter()
            .map(|it| it.id.as_str())
            .collect();
        assert_eq!(ids[0], "fragmented");
        assert!(ids.len() > 10, "{ids:?}");
        let first = &scenario.structures[0].world;
        assert!((scenario.structures.iter()).all(|it| Arc::ptr_eq(&it.world, first)));
        let services = &children(&scenario.structures[0]).services;
        assert!(services.is_sorted_by(|a, b| a.id < b.id));
        assert!(scenario.parameters.is_sorted_by(|a, b| a.path < b.path));
    }

    #[test]
    fn a_service_taken_over_leaves_its_organisation_and_an_empty_one_vanishes() {
        let scenario = loaded(&Request {
            structures: Some("local-trust, national-agency".to_owned()),
            ..bundled("childrens-trusts-2003")
        });
        let [_, trust, agency] = scenario.structures.as_slice() else {
            panic!("three structures were expected");
        };
        let names: Vec<&str> = trust
            .organisations
            .iter()
            .map(|it| it.id.as_str())
            .collect();
        assert_eq!(names, ["childrens-trust", "police", "schools"]);
        assert_eq!(
            runs(agency, "social-services"),
            ["disabled-children", "family-support"]
        );
        let nation = &agency.organisations[0];
        assert_eq!(nation.footprint, Footprint::Nation);
    }

    #[test]
    fn a_file_can_say_that_the_core_assessment_of_its_base_is_not_made() {
        let of = |study: &str| {
            let scenario = loaded(&bundled(study));
            let services = &children(&scenario.structures[0]).services;
            let help = services.iter().filter_map(|it| it.help.as_ref());
            let core = help.map(|help| (help.core_assessment.is_some(), help.core_due.is_some()));
            core.filter(|(made, due)| *made || *due).count()
        };
        assert_eq!(of("childrens-trusts-2003"), 4);
        // The statutory assessment of special needs is made as in 2003.
        assert_eq!(of("childrens-services-2023"), 1);
    }

    #[test]
    fn an_overlay_joins_the_id_the_name_and_the_partitions() {
        let scenario = loaded(&Request {
            structures: Some("fragmented+shared-records, local-trust".to_owned()),
            ..bundled("childrens-trusts-2003")
        });
        let [baseline, shared, _] = scenario.structures.as_slice() else {
            panic!("the baseline and two structures were expected");
        };
        assert_eq!(shared.id.as_str(), "fragmented+shared-records");
        assert_eq!(
            shared.name,
            "Fragmented services of 2002, with shared records"
        );
        assert_eq!(shared.records.len(), 1);
        assert_eq!(shared.budgets, baseline.budgets);
        assert_eq!(baseline.records.len(), 6);
    }

    #[test]
    fn a_value_set_by_the_user_replaces_the_stated_one_with_its_evidence() {
        let scenario = loaded(&Request {
            set: vec![
                "handoff.silent_loss=6%".to_owned(),
                "area.typical-council-2003.posts.camhs.help=11".to_owned(),
                "need.family.worsens=[\"0.5 per year\", \"0.2 per year\"]".to_owned(),
            ],
            ..bundled("childrens-trusts-2003")
        });
        let world = children(&scenario.structures[0]);
        assert!((world.handoff.silent_loss.get() - 0.06).abs() < 1e-12);
        let camhs = &scenario.areas[0].posts[0];
        assert_eq!(
            (camhs.service.as_str(), camhs.help.round()),
            ("camhs", 11.0)
        );
        let family = world.needs.iter().find(|need| need.id.as_str() == "family");
        assert!((family.unwrap().worsens[0].get() - 0.5).abs() < 1e-12);
        let stated = |path: &str| {
            let found = scenario.parameters.iter().find(|it| it.path == path);
            found.unwrap().clone()
        };
        let set = stated("handoff.silent_loss");
        assert_eq!((set.file.as_str(), set.line, set.grade), ("--set", 0, None));
        // Its neighbours in a group keep the evidence that stands beside them; it has none.
        assert_eq!(
            stated("area.typical-council-2003.posts.camhs.help").grade,
            None
        );
        let neighbour = stated("area.typical-council-2003.posts.camhs.screening");
        assert_eq!(neighbour.grade, Some(Grade::Assumption));
        assert!(neighbour.line > 1);
    }

    #[test]
    fn a_value_in_a_list_is_set_by_its_place() {
        let scenario = loaded(&Request {
            set: vec!["need.protection.worsens.2=0.11 per year".to_owned()],
            ..bundled("childrens-trusts-2003")
        });
        let needs = &children(&scenario.structures[0]).needs;
        let need = needs.iter().find(|need| need.id.as_str() == "protection");
        let worsens = need.unwrap().worsens.map(PerYear::get);
        assert!((worsens[1] - 0.11).abs() < 1e-12);
        assert!(worsens[0] > 0.2, "the first stays: {worsens:?}");
        let of = |path: &str| scenario.parameters.iter().find(|it| it.path == path);
        assert_eq!(of("need.protection.worsens.2").unwrap().file, "--set");
        let first = of("need.protection.worsens.1").unwrap();
        assert!(first.grade.is_some() && first.line > 1);
        let beyond = load(&Request {
            set: vec!["need.protection.worsens.3=0.11 per year".to_owned()],
            ..bundled("childrens-trusts-2003")
        });
        let problems = beyond.unwrap_err();
        assert_eq!(
            problems.iter().next().unwrap().code(),
            super::super::problem::Code::UnknownPath
        );
    }

    #[test]
    fn each_value_of_a_list_may_have_a_range_and_evidence() {
        let scenario = local(&[
            (
                "studies/mine.toml",
                &format!("{OWN}parameters = \"mine\"\n"),
            ),
            (
                "parameters/mine.toml",
                "[parameters]\nextends = \"england-2003\"\n[need.family]\nworsens = [{ value = \"0.2 per year\", \
                 range = [\"0.1 per year\", \"0.3 per year\"], evidence = \"fitted\", source = \"a test\" }, \
                 \"0.1 per year\"]\n",
            ),
        ]);
        let of = |path: &str| {
            let found = scenario.parameters.iter().find(|it| it.path == path);
            found.unwrap().clone()
        };
        let first = of("need.family.worsens.1");
        assert_eq!(first.grade, Some(Grade::Fitted));
        assert_eq!(first.range.unwrap().1, "0.3 per year");
        assert_eq!(of("need.family.worsens.2").grade, None);
    }

    #[test]
    fn a_study_sets_values_with_its_reasons() {
        let text = format!(
            "{OWN}[set]\n\"handoff.silent_loss\" = {{ value = \"7%\", why = \"an audit\" }}\nstudy.observe = \"1 year\"\n"
        );
        let scenario = load_text("mine.toml", &text, &Request::default()).unwrap();
        assert!((scenario.study.observe.get() - 365.25).abs() < 1e-9);
        let set = (scenario.parameters.iter()).find(|it| it.path == "handoff.silent_loss");
        let set = set.unwrap();
        assert_eq!(set.why.as_deref(), Some("an audit"));
        assert_eq!((set.file.as_str(), set.line), ("mine.toml", 4));
    }

    #[test]
    fn a_text_put_in_place_of_a_file_is_read_instead() {
        let request = bundled("duty-desk");
        let scenario = load(&request).unwrap();
        let mut files = scenario.files.clone();
        assert_eq!(load_rewritten(&request, &files).unwrap(), scenario);
        files[0].text = files[0].text.replace("2 years", "3 years").into();
        let changed = load_rewritten(&request, &files).unwrap();
        assert!((changed.study.warm_up.get() - 3.0 * 365.25).abs() < 1e-9);
        files[0].text = "[study]\n".into();
        assert!(load_rewritten(&request, &files).is_err());
    }

    #[test]
    fn an_overlay_scales_values_for_its_structures_alone() {
        let study = format!("{OWN}structures = [\"fragmented+quick\", \"service-hub\"]\n");
        let scenario = local(&[
            ("studies/mine.toml", &study),
            (
                "overlays/quick.toml",
                "[overlay]\nname = \"Quick\"\n[scale]\n\"information.reply\" = { value = \"times 0.5\", evidence = \"expert\" }\n\"handoff.silent_loss\" = 0.5\n",
            ),
        ]);
        let [baseline, quick, hub] = scenario.structures.as_slice() else {
            panic!("three structures were expected");
        };
        assert!(Arc::ptr_eq(&baseline.world, &hub.world));
        let mean = |structure: &Structure| children(structure).information.reply.mean().get();
        assert!((mean(quick) - 0.5 * mean(baseline)).abs() < 1e-9);
        assert!((children(quick).handoff.silent_loss.get() - 0.02).abs() < 1e-12);
        let path = "overlay.quick.scale.information.reply";
        let factor = scenario.parameters.iter().find(|it| it.path == path);
        assert_eq!(factor.unwrap().grade, Some(Grade::Expert));
        // The stated value is listed as the files have it.
        let reply = scenario
            .parameters
            .iter()
            .find(|it| it.path == "information.reply");
        assert_eq!(reply.unwrap().value, "exponential, mean 3 working days");
    }

    #[test]
    fn what_stands_beside_the_study_comes_before_what_is_bundled() {
        let scenario = local(&[
            ("studies/mine.toml", OWN),
            (
                "structures/local-trust.toml",
                "[structure]\nextends = \"local-trust\"\nname = \"Ours\"\n",
            ),
        ]);
        assert_eq!(scenario.structures[1].name, "Ours");
        assert_eq!(scenario.structures[1].organisations.len(), 3);
        let local: Vec<&str> = (scenario.files.iter())
            .filter(|file| file.local)
            .map(|file| file.label.as_str())
            .collect();
        assert_eq!(local, ["structures/local-trust.toml", "studies/mine.toml"]);
        let both = (scenario.files.iter()).filter(|it| it.label == local[0]);
        assert_eq!(both.count(), 2);
    }

    #[test]
    fn stays_are_read_from_beside_the_study_and_sorted() {
        let duty = BUNDLED.iter().find(|it| it.id == "duty-desk").unwrap();
        let study = duty
            .text
            .replace("exponential, mean 12 days", "from stays.csv");
        let scenario = local(&[
            ("studies/mine.toml", &study),
            ("studies/stays.csv", "days\r\n9\r\n3.5\r\n"),
        ]);
        let World::Network(world) = scenario.structures[0].world.as_ref() else {
            panic!("a network was expected");
        };
        let days = [3.5, 9.0].map(|days| Days::try_from(days).unwrap());
        assert_eq!(
            world.stations[0].routes[0].stay,
            Law::Empirical(days.to_vec())
        );
        assert!(
            scenario
                .files
                .iter()
                .any(|it| it.label == "studies/stays.csv")
        );
    }

    #[test]
    fn windows_line_ends_and_the_order_of_tables_change_nothing() {
        let duty = BUNDLED.iter().find(|it| it.id == "duty-desk").unwrap();
        let (head, tables) = duty.text.split_once("\n[arrivals]").unwrap();
        let (arrivals, rest) = tables.split_once("\n[service.duty]").unwrap();
        let moved = format!("\u{feff}{head}\n[service.duty]{rest}\n[arrivals]{arrivals}\n");
        let load = |text: &str| load_text("duty.toml", text, &Request::default()).unwrap();
        let plain = load(duty.text);
        let moved = load(&moved.replace('\n', "\r\n"));
        assert_eq!(plain.structures, moved.structures);
        assert_eq!(plain.study, moved.study);
        assert!(moved.files.iter().all(|file| !file.text.contains('\r')));
    }

    #[test]
    fn paths_that_parameters_print_can_be_set() {
        for study in ["childrens-trusts-2003", "duty-desk"] {
            let scenario = loaded(&bundled(study));
            for parameter in &scenario.parameters {
                // Long lists are printed without brackets and quotes; every other value is its own
                // words.
                if parameter.value.contains(", times") {
                    continue;
                }
                let again = load(&Request {
                    set: vec![format!("{}={}", parameter.path, parameter.value)],
                    ..bundled(study)
                });
                let again = again.unwrap_or_else(|it| panic!("{}: {it:?}", parameter.path));
                assert_eq!(again.structures, scenario.structures, "{}", parameter.path);
                assert_eq!(again.areas, scenario.areas, "{}", parameter.path);
            }
        }
    }

    #[test]
    fn labels_hold_no_folder_of_this_machine() {
        let scenario = local(&[("studies/mine.toml", OWN)]);
        let is_short = |label: &str| Path::new(label).components().count() <= 2;
        assert!(scenario.files.iter().all(|file| is_short(&file.label)));
        assert!(scenario.parameters.iter().all(|it| is_short(&it.file)));
    }
}
