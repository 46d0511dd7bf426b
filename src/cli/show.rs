//! `seamline show`: one thing in full, every value with its evidence and the line it stands on.

use std::process::ExitCode;

use super::text::{self, paragraph};
use super::{DONE, WRONG, draw};
use crate::scenario::{
    Area, Blocks, Exhibit, Footprint, Grade, Id, Organisation, Overlay, PARTITIONS, Parameter,
    Scenario, Start, StructureSheet, describe,
};
use crate::units::Days;

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
    }
    out
}

fn title(out: &mut String, id: &Id, what: &str, name: &str) {
    paragraph(out, "", "    ", &format!("{id} ({what}): {name}"));
    out.push('\n');
}

fn heading(out: &mut String, text: &str) {
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

fn joined(ids: &[Id]) -> String {
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
        facts.push(parameter.grade.map_or("not graded", grade).to_owned());
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

fn grade(grade: Grade) -> &'static str {
    match grade {
        Grade::Statistic => "statistic",
        Grade::Study => "study",
        Grade::Expert => "expert",
        Grade::Assumption => "assumption",
        Grade::Fitted => "fitted",
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
        let what = format!("{}: {} (region {})", area.id, area.name, area.region);
        paragraph(out, "  ", "      ", &what);
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
        heading(out, "Partitions it changes");
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
    if let Some(law) = &sheet.law {
        paragraph(out, "", "    ", &format!("law: {law}"));
    }
    items(out, "Claims for", &sheet.claims_for);
    items(out, "Claims against", &sheet.claims_against);
    items(out, "Sources", &sheet.sources);

    heading(out, "Organisations");
    for organisation in &sheet.organisations {
        let reach = match organisation.footprint {
            Footprint::Area => "one in each area",
            Footprint::Region => "one in each region",
            Footprint::Nation => "one for all areas",
        };
        let Organisation { id, name, runs, .. } = organisation;
        paragraph(out, "  ", "      ", &format!("{id}: {name}, {reach}"));
        paragraph(out, "      runs ", "      ", &joined(runs));
    }

    let mut organisations: Blocks = sheet
        .organisations
        .iter()
        .map(|it| it.runs.clone())
        .collect();
    organisations.sort();
    heading(out, "Partitions that differ from the organisations");
    let mut any = false;
    for (name, blocks) in PARTITIONS.iter().zip(&sheet.partitions) {
        if *blocks != organisations {
            any = true;
            out.push_str(&format!("  {name}\n"));
            for block in blocks {
                paragraph(out, "    - ", "      ", &joined(block));
            }
        }
    }
    if !any {
        paragraph(
            out,
            "  ",
            "  ",
            &format!("none: {} follow them", PARTITIONS.join(", ")),
        );
    }

    let services: usize = organisations.iter().map(Vec::len).sum();
    let pairs = services * services.saturating_sub(1) / 2;
    heading(
        out,
        &format!("Seams: parted pairs among {services} services"),
    );
    seams(out, "organisations", &organisations, pairs);
    for (name, blocks) in PARTITIONS.iter().zip(&sheet.partitions) {
        if *blocks == organisations {
            out.push_str(&format!("  {name:13}  as the organisations\n"));
        } else {
            seams(out, name, blocks, pairs);
        }
    }
}

/// How many pairs a partition parts, their share F of all, and which they are: each service with
/// those that follow it in the alphabet and are parted from it.
fn seams(out: &mut String, name: &str, blocks: &Blocks, pairs: usize) {
    let block_of = |service: &Id| blocks.iter().position(|block| block.contains(service));
    let mut services: Vec<&Id> = blocks.iter().flatten().collect();
    services.sort();
    let mut rows = Vec::new();
    let mut parted = 0;
    for (place, service) in services.iter().enumerate() {
        let others: Vec<Id> = (services[place + 1..].iter())
            .filter(|other| block_of(other) != block_of(service))
            .map(|other| (*other).clone())
            .collect();
        parted += others.len();
        if !others.is_empty() {
            rows.push((service, others));
        }
    }
    let share = match pairs {
        0 => 0.0,
        _ => parted as f64 / pairs as f64,
    };
    out.push_str(&format!(
        "  {name:13}  {parted} of {pairs} pairs, F = {share:.2}\n"
    ));
    for (service, others) in rows {
        paragraph(
            out,
            "      ",
            "          ",
            &format!("{service} | {}", joined(&others)),
        );
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
                assert!(shown.starts_with(file.id));
                for line in shown.lines() {
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
