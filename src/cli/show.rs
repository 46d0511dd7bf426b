//! `seamline show`: one thing in full, every value with its evidence and the line it stands on.

use std::process::ExitCode;

use super::text::{self, paragraph};
use super::{DONE, WRONG, draw};
use crate::scenario::{
    Adoption, Area, Coverage, Exhibit, FigureSet, Footprint, Grade, Id, JointSheet, Organisation,
    Overlay, PARTITIONS, Parameter, Prior, Scenario, Seams, Simulated, Start, StructureSheet,
    describe,
};
use crate::units::{Days, Factor};

/// Shows everything of this name.
pub(crate) fn show(name: &str) -> ExitCode {
    match describe(name) {
        Ok(exhibits) => {
            let shown: Vec<String> = exhibits.iter().map(exhibit).collect();
            text::print(&shown.join("\n"));
            ExitCode::from(DONE)
        }
        Err(problems) => {
            draw::problems(&problems);
            ExitCode::from(WRONG)
        }
    }
}

fn exhibit(exhibit: &Exhibit) -> String {
    let mut out = String::new();
    match exhibit {
        Exhibit::Study(scenario) => study(&mut out, scenario),
        Exhibit::Area {
            area: place,
            summary,
            parameters,
        } => area(&mut out, place, summary, parameters),
        Exhibit::Structure(sheet) => structure(&mut out, sheet),
        Exhibit::Overlay {
            overlay: it,
            sources,
            changes,
            parameters,
        } => overlay(&mut out, it, sources, changes, parameters),
        Exhibit::Parameters {
            id,
            name,
            summary,
            parameters,
        } => {
            title(&mut out, id, "parameters", name);
            paragraph(&mut out, "", "", summary);
            values(&mut out, parameters);
        }
        Exhibit::Part {
            what,
            of,
            id,
            name,
            words,
            parameters,
        } => {
            title(&mut out, id, &format!("{what} of {of}"), name);
            for (key, text) in words {
                paragraph(&mut out, "", "    ", &format!("{key}: {text}"));
            }
            values(&mut out, parameters);
        }
        Exhibit::Figures(set) => figures(&mut out, set),
        Exhibit::Joint(sheet) => joint(&mut out, sheet),
    }
    out
}

fn joint(out: &mut String, sheet: &JointSheet) {
    title(
        out,
        &sheet.id,
        "joint set",
        "values that were fitted together",
    );
    let said = format!(
        "{} members, each a set of {} values that together agree with published figures, with a weight. \
         Members of equal weight that would tell as much: {:.1}. `seamline uncertainty` draws whole \
         members.",
        sheet.members,
        sheet.values.len(),
        sheet.effective_size,
    );
    paragraph(out, "", "", &said);
    heading(out, "Lowest and highest of each value");
    for (path, low, high) in &sheet.values {
        paragraph(out, "  ", "      ", &format!("{path}: {low} to {high}"));
    }
}

fn figures(out: &mut String, set: &FigureSet) {
    title(out, &set.id, "figures", &set.name);
    paragraph(out, "", "", &set.summary);
    heading(out, "Published figures");
    for figure in &set.figures {
        let unit = match &figure.simulated {
            Simulated::Flow(of) => format!(" {}", of.flow.unit().words(false)),
            Simulated::Not(_) => String::new(),
        };
        let stated = format!(
            "{}: {} = {}{unit}, give or take {}",
            figure.id, figure.name, figure.value, figure.within
        );
        paragraph(out, "  ", "      ", &stated);
        let facts = match &figure.simulated {
            Simulated::Flow(of) => format!("{}; {}", figure.role.id(), of.flow.id()),
            Simulated::Not(why) => format!("not simulated: {why}"),
        };
        let graded = figure.grade.map_or("not graded", Grade::word);
        paragraph(out, "      ", "      ", &format!("{facts}; {graded}"));
        paragraph(out, "      source: ", "      ", &figure.source);
    }
    if !set.vary.is_empty() {
        heading(out, "Parameters that a calibration may vary");
    }
    for varied in &set.vary {
        let prior = match &varied.prior {
            Prior::OwnRange => "within its own range".to_owned(),
            Prior::Between(from, to) => format!("from {from} to {to}"),
            Prior::Times(from, to) => format!("times {from} to {to}"),
        };
        paragraph(out, "  ", "      ", &format!("{}: {prior}", varied.path));
    }
}

fn title(out: &mut String, id: &Id, what: &str, name: &str) {
    paragraph(out, "", "    ", &format!("{id} ({what}): {name}"));
    out.push('\n');
}

pub(super) fn heading(out: &mut String, text: &str) {
    out.push_str(&format!("\n{text}\n"));
}

fn items(out: &mut String, text: &str, items: &[String]) {
    if items.is_empty() {
        return;
    }
    heading(out, text);
    for item in items {
        paragraph(out, "  - ", "    ", item);
    }
}

pub(super) fn joined(ids: &[Id]) -> String {
    let names: Vec<&str> = ids.iter().map(Id::as_str).collect();
    names.join(", ")
}

/// Every value: `path = value`, then its range, grade and line, then its source.
fn values(out: &mut String, parameters: &[Parameter]) {
    if parameters.is_empty() {
        return;
    }
    heading(out, "Values, by the path that --set takes");
    for parameter in parameters {
        let stated = format!("{} = {}", parameter.path, parameter.value);
        paragraph(out, "  ", "      ", &stated);
        let mut facts = Vec::new();
        if let Some((low, high)) = &parameter.range {
            facts.push(format!("range {low} to {high}"));
        }
        facts.push(parameter.grade.map_or("not graded", Grade::word).to_owned());
        facts.push(format!("{}:{}", parameter.file, parameter.line));
        paragraph(out, "      ", "      ", &facts.join("; "));
        if let Some(source) = &parameter.source {
            paragraph(out, "      source: ", "      ", source);
        }
        if let Some(why) = &parameter.why {
            paragraph(out, "      why: ", "      ", why);
        }
    }
}

/// `2 years` where the years are whole, days otherwise.
fn in_years(length: Days) -> String {
    let years = length.get() / Days::YEAR.get();
    if (years - years.round()).abs() > 1e-9 {
        return length.to_string();
    }
    match years.round() as u32 {
        1 => "1 year".to_owned(),
        years => format!("{years} years"),
    }
}

fn study(out: &mut String, scenario: &Scenario) {
    let study = &scenario.study;
    title(out, &study.id, "study", &study.name);
    paragraph(out, "", "", &study.purpose);
    heading(out, "Design");
    let start = match study.start {
        Start::DecisionDay => "every structure goes on from the baseline of the same day",
        Start::Established => "every structure runs from the first day",
    };
    paragraph(out, "  ", "  ", start);
    let (trials, seed) = (study.trials, study.seed);
    let (warm_up, observe) = (in_years(study.warm_up), in_years(study.observe));
    paragraph(
        out,
        "  ",
        "  ",
        &format!("warm-up {warm_up}, observed {observe}, {trials} trials, seed {seed}"),
    );
    heading(out, "Areas");
    for area in &scenario.areas {
        paragraph(out, "  ", "      ", &in_short(area));
    }
    heading(out, "Structures, the baseline first");
    for structure in &scenario.structures {
        let what = format!("{}: {}", structure.id, structure.name);
        paragraph(out, "  ", "      ", &what);
    }
    heading(out, "Files");
    for file in &scenario.files {
        let origin = if file.local { "local" } else { "bundled" };
        paragraph(out, "  ", "      ", &format!("{} ({origin})", file.label));
    }
    values(out, &scenario.parameters);
}

/// An area of a study in a line: where it lies, its children and posts, and its need where that is not 1.
fn in_short(area: &Area) -> String {
    let mut what = format!("{}: {} (region {})", area.id, area.name, area.region);
    if area.children > 0 {
        let rows = area.posts.iter();
        let posts: f64 = rows.map(|it| it.screening + it.assessment + it.help).sum();
        what.push_str(&format!(", {} children, {posts:.1} posts", area.children));
    }
    if area.need != Factor::ONE {
        what.push_str(&format!(", need times {}", area.need.get()));
    }
    what
}

fn area(out: &mut String, area: &Area, summary: &str, parameters: &[Parameter]) {
    title(out, &area.id, "area", &area.name);
    paragraph(out, "", "", summary);
    heading(out, "Posts, full-time");
    let width = (area.posts.iter())
        .map(|posts| posts.service.as_str().len())
        .max()
        .unwrap_or(0);
    out.push_str(&format!(
        "  {:width$}  {:>9}  {:>10}  {:>6}\n",
        "", "screening", "assessment", "help"
    ));
    for posts in &area.posts {
        out.push_str(&format!(
            "  {:width$}  {:>9}  {:>10}  {:>6}\n",
            posts.service.as_str(),
            posts.screening,
            posts.assessment,
            posts.help
        ));
    }
    values(out, parameters);
}

fn overlay(
    out: &mut String,
    overlay: &Overlay,
    sources: &[String],
    changes: &[(String, String)],
    parameters: &[Parameter],
) {
    title(out, &overlay.id, "overlay", &overlay.name);
    paragraph(out, "", "", &overlay.summary);
    if !changes.is_empty() {
        heading(out, "What it changes");
    }
    for (partition, who) in changes {
        paragraph(out, "  ", "      ", &format!("{partition}: {who}"));
    }
    items(out, "Sources", sources);
    values(out, parameters);
}

fn structure(out: &mut String, sheet: &StructureSheet) {
    title(out, &sheet.id, "structure", &sheet.name);
    paragraph(out, "", "", &sheet.summary);
    paragraph(out, "", "    ", &format!("file: {}", sheet.file));

    heading(out, "Organisations");
    for it in &sheet.organisations {
        organisation(out, "  ", it);
    }
    governance(out, sheet);

    let [organisations, others @ ..] = sheet.profile.seams.as_slice() else {
        return;
    };
    heading(out, "Partitions that differ from the organisations");
    let differing = || others.iter().filter(|it| it.blocks != organisations.blocks);
    for partition in differing() {
        out.push_str(&format!("  {}\n", partition.partition));
        for block in &partition.blocks {
            paragraph(out, "    - ", "      ", &joined(block));
        }
    }
    if differing().next().is_none() {
        let text = format!("none: {} follow them", PARTITIONS.join(", "));
        paragraph(out, "  ", "  ", &text);
    }

    let services: usize = organisations.blocks.iter().map(Vec::len).sum();
    let text = format!("Seams: parted pairs among {services} services");
    heading(out, &text);
    seams(out, organisations);
    for partition in others {
        if partition.blocks == organisations.blocks {
            out.push_str(&format!(
                "  {:13}  as the organisations\n",
                partition.partition
            ));
        } else {
            seams(out, partition);
        }
    }

    items(out, "Claims for", &sheet.claims_for);
    items(out, "Claims against", &sheet.claims_against);
    items(out, "Sources", &sheet.sources);
}

/// An organisation, how far it reaches and what it runs.
pub(super) fn organisation(out: &mut String, indent: &str, organisation: &Organisation) {
    let reach = match organisation.footprint {
        Footprint::Area => "one in each area",
        Footprint::Region => "one in each region",
        Footprint::Nation => "one for all areas",
    };
    let Organisation { id, name, runs, .. } = organisation;
    let rest = format!("{indent}    ");
    paragraph(out, indent, &rest, &format!("{id}: {name}, {reach}"));
    paragraph(out, &format!("{rest}runs "), &rest, &joined(runs));
}

/// Who is answerable, who looks over whom, who has to take part, and what the law allows.
fn governance(out: &mut String, sheet: &StructureSheet) {
    let governance = &sheet.governance;
    let mut say = |what: &str, words: &str| {
        heading(out, what);
        paragraph(out, "  ", "  ", words);
    };
    if let Some(accountable) = &governance.accountable {
        say("Answerable", accountable);
    }
    if let Some(sector) = &governance.led_by {
        say("Led by", sector);
    }
    let adoption = match governance.adoption {
        Adoption::Statutory => "everyone has to, in every area",
        Adoption::Pilot => "everyone has to in the pilot areas of a study, nobody elsewhere",
        Adoption::Voluntary => "each partner decides in each area",
    };
    say("Who takes part", adoption);
    match governance.lead_professional {
        Coverage::Nobody => {}
        Coverage::SeveralServices => say("Lead professional", "for children in several services"),
        Coverage::AllReferred => say("Lead professional", "for all referred children"),
    }
    if governance.partnering {
        say("Partnering", "paid for in workers' time");
    }
    let profile = &sheet.profile;
    let mut law: Vec<String> = sheet.law.iter().cloned().collect();
    if !profile.barred.is_empty() {
        law.push(format!(
            "may be neither delegated nor pooled: {}",
            joined(&profile.barred)
        ));
    }
    if !profile.lifted.is_empty() {
        let lifted = joined(&profile.lifted);
        law.push(format!("may be delegated and pooled under it: {lifted}"));
    }
    items(out, "Law", &law);
    let teams: Vec<String> = governance.teams.iter().map(|team| joined(team)).collect();
    items(out, "Teams, whoever employs them", &teams);

    heading(
        out,
        &format!(
            "Tiers of oversight: {}, at most {} over one service",
            governance.oversight.len(),
            profile.most_tiers()
        ),
    );
    for layer in &governance.oversight {
        let targets = if layer.targets { ", sets targets" } else { "" };
        let over = match layer.over.len() == profile.tiers.len() {
            true => "all".to_owned(),
            false => joined(&layer.over),
        };
        let what = format!("{} ({}{targets}), over {over}", layer.name, layer.kind);
        paragraph(out, "  - ", "    ", &what);
    }
    let outside = match &profile.outside {
        None => return,
        Some(outside) if outside.is_empty() => "none".to_owned(),
        Some(outside) if outside.len() == profile.tiers.len() => {
            "all: no service changes its organisation".to_owned()
        }
        Some(outside) => joined(outside),
    };
    heading(
        out,
        "Outside: services that stay with the organisation of its base",
    );
    paragraph(out, "  ", "  ", &outside);
}

/// How many pairs a partition parts, their share F of all, and which they are: each service with
/// those that follow it in the alphabet and are parted from it.
fn seams(out: &mut String, seams: &Seams) {
    out.push_str(&format!(
        "  {:13}  {} of {} pairs, F = {:.2}\n",
        seams.partition,
        seams.parted.len(),
        seams.pairs,
        seams.share()
    ));
    pairs(out, "      ", &seams.parted);
}

/// Pairs, each service with all that it is paired with.
pub(super) fn pairs(out: &mut String, indent: &str, pairs: &[(Id, Id)]) {
    for run in pairs.chunk_by(|(one, _), (other, _)| one == other) {
        let others: Vec<Id> = run.iter().map(|(_, other)| other.clone()).collect();
        let rest = format!("{indent}    ");
        let words = format!("{} | {}", run[0].0, joined(&others));
        paragraph(out, indent, &rest, &words);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scenario::BUNDLED;

    #[test]
    fn every_bundled_file_is_shown_within_80_columns() {
        for file in BUNDLED {
            for exhibit in describe(file.id).unwrap() {
                let shown = super::exhibit(&exhibit);
                assert!(shown.starts_with(file.id), "{}", file.id);
                // A path cannot be broken.
                for line in shown.lines().filter(|line| line.trim().contains(' ')) {
                    assert!(line.chars().count() <= 80, "{}: {line}", file.id);
                }
            }
        }
    }

    #[test]
    fn a_structure_shows_its_seams() {
        let shown = |name: &str| {
            let exhibits = describe(name).unwrap();
            exhibits.iter().map(exhibit).collect::<String>()
        };
        let hub = shown("service-hub");
        assert!(hub.contains("organisations  32 of 36 pairs, F = 0.89"));
        assert!(hub.contains("front_doors    21 of 36 pairs, F = 0.58"));
        assert!(hub.contains("budgets        as the organisations"));
        let trust = shown("local-trust");
        assert!(trust.contains("organisations  15 of 36 pairs, F = 0.42"));
        assert!(trust.contains("police: Police, one in each region"));
    }

    #[test]
    fn the_profile_of_a_structure_is_as_it_was() {
        let shown = |name: &str| exhibit(&describe(name).unwrap()[0]);
        insta::assert_snapshot!("laming", shown("laming"));
        insta::assert_snapshot!(
            "hub_with_overlays",
            shown("multi-agency-hub-2023+co-ordinator+change-of-law")
        );
    }

    #[test]
    fn a_service_and_a_need_are_shown_with_their_values() {
        let service = describe("camhs").unwrap();
        assert!(exhibit(&service[0]).contains("service.camhs.caseload = "));
        let need = describe("protection").unwrap();
        let shown = exhibit(&need[0]);
        assert!(shown.contains("referred_to: child-protection"));
        assert!(shown.contains("parameters/england-2003.toml:"));
    }

    #[test]
    fn a_name_that_nothing_has_is_refused() {
        assert!(describe("local-trst").is_err());
    }
}
