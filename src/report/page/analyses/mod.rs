//! The page of each decision analysis: made of the same parts as the report of a run and by the same
//! templates. Its answer can be kept as [`FILE`] and put into the report of a run of the same study.

mod discover;
mod equivalent;
mod flip;
mod sensitivity;
#[cfg(test)]
mod tests;
mod tipping;
mod uncertainty;
mod warm_up;

pub(in crate::report) use discover::discover;
pub(in crate::report) use equivalent::equivalent;
pub(in crate::report) use flip::flip;
pub(in crate::report) use sensitivity::sensitivity;
pub(in crate::report) use tipping::tipping;
pub(in crate::report) use uncertainty::uncertainty;
pub(in crate::report) use warm_up::warm_up;

use serde::{Deserialize, Serialize};

use super::parts::{
    Banner, Block, Cell, Chart, Document, Section, Table, Term, Text, claim, heading, note,
    paragraph,
};
use super::sections::reproduce;
use super::{html_of, markdown_of, picture};
use crate::experiment::results::Named;
use crate::measures::Measure;
use crate::report::manifest::{self, QuestionView};
use crate::report::numbers::{count, plain};
use crate::report::terminal::decide::together;
use crate::report::{File, decide, direction};
use crate::scenario::{Grade, JointSet, LeftOut, Ranged, Scenario};

/// Name of the file that holds the answer as parts of a report.
pub const FILE: &str = "section.json";

/// An analysis as a page, and what of it may stand in the report of a run.
pub(in crate::report) struct Analysis {
    document: Document,
    answer: Kept,
    charts: Vec<File>,
}

/// What the author of an analysis's page says of it.
struct About<'a> {
    scenario: &'a Scenario,
    view: &'a QuestionView,
    /// What is asked, as the title has it: `how sure is the choice?`.
    question: String,
    /// How it was asked, one fact each.
    facts: Vec<String>,
}

/// The answer of an analysis, read from its folder.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Kept {
    program: String,
    /// Version of the program that wrote it.
    pub version: String,
    /// The name of the command.
    pub question: String,
    /// Its heading in the report of a run.
    pub heading: String,
    /// Id of the study.
    pub study: String,
    /// Ids of the structures, baseline first.
    pub structures: Vec<String>,
    /// The SHA-256 of the inputs of the analysis.
    pub inputs: String,
    sections: Vec<Section>,
}

/// Why the answer of an analysis cannot stand in the report of a run.
#[derive(Debug, thiserror::Error)]
pub enum KeptError {
    /// Not what this program writes.
    #[error("{FILE} is not what {name} writes: {0}", name = env!("CARGO_PKG_NAME"))]
    Foreign(String),
    /// Of another study.
    #[error("the analysis is of the study {found}, the run of {expected}")]
    OfAnotherStudy {
        /// Study of the analysis.
        found: String,
        /// Study of the run.
        expected: String,
    },
    /// Of other structures than the first of the run, or of the same in another order.
    #[error("the analysis compares {found}, the run {expected}")]
    OfOtherStructures {
        /// Ids of the structures of the analysis.
        found: String,
        /// Ids of the structures of the run.
        expected: String,
    },
}

impl Kept {
    /// Reads the answer of an analysis that is to stand in the report of a run of this scenario.
    ///
    /// # Errors
    /// When the text is not what this program writes, or of another study or other structures.
    pub fn read(text: &[u8], scenario: &Scenario) -> Result<Self, KeptError> {
        let kept: Self =
            serde_json::from_slice(text).map_err(|error| KeptError::Foreign(error.to_string()))?;
        if kept.program != env!("CARGO_PKG_NAME") {
            return Err(KeptError::Foreign(format!("it is of {}", kept.program)));
        }
        let expected = scenario.study.id.to_string();
        if kept.study != expected {
            return Err(KeptError::OfAnotherStudy {
                found: kept.study,
                expected,
            });
        }
        let expected = structures_of(scenario);
        // Its tables and charts name structures by their places.
        if !expected.starts_with(&kept.structures) {
            return Err(KeptError::OfOtherStructures {
                found: kept.structures.join(", "),
                expected: expected.join(", "),
            });
        }
        Ok(kept)
    }

    /// What goes before its ids, so that several analyses can stand in one report.
    fn prefix(&self) -> String {
        let hash: String = self.inputs.chars().take(8).collect();
        format!("{}-{hash}-", self.question)
    }

    /// The id of the first of its sections in the report of a run.
    pub(super) fn first_id(&self) -> String {
        let first = self.sections.first().map_or("", |it| it.id.as_str());
        self.prefix() + first
    }

    /// Its sections as those of the report of a run.
    pub(super) fn within_a_run(&self) -> Vec<Section> {
        let folder = format!("the analysis ({})", self.question);
        let sections = self.sections.iter().cloned().enumerate();
        sections
            .map(|(place, section)| {
                let mut section = section.within_another(&self.prefix(), &folder);
                section.heading = format!("{} {}", self.heading, section.heading);
                if place == 0 {
                    section.blocks.insert(
                        0,
                        paragraph(
                            Text::from(
                                "From an analysis of its own, which ran the study many times with other values \
                                 than this run. Its folder holds every number, and the inputs have the SHA-256 ",
                            )
                            .code(self.inputs.clone())
                            .then("."),
                        ),
                    );
                }
                section
            })
            .collect()
    }
}

/// Every file of an analysis's page: the page, the same as Markdown, what may stand in the report of a
/// run, and its charts.
pub(in crate::report) fn files(analysis: &Analysis) -> Vec<File> {
    let mut kept = serde_json::to_vec(&analysis.answer)
        .expect("parts of a report are numbers, words and lists");
    kept.push(b'\n');
    let mut files = analysis.charts.clone();
    files.extend([
        html_of(&analysis.document, None),
        markdown_of(&analysis.document),
        File {
            name: FILE.to_owned(),
            bytes: kept,
        },
    ]);
    files
}

impl About<'_> {
    /// The analysis of these sections: what was asked, the answer, of which all may stand in another
    /// report, and what follows.
    fn analysis(
        self,
        banners: Vec<Banner>,
        (asked, answer, others): (Section, Vec<Section>, Vec<Section>),
        charts: Vec<File>,
    ) -> Analysis {
        let study = &self.scenario.study;
        let title = format!("{}: {}", study.name, self.question);
        let mut first = answer.clone();
        // What has to be read before any number stands before it elsewhere too.
        if let Some(section) = first.first_mut() {
            let notes = banners.iter().map(|banner| {
                let mut text = Text::from(format!("{}. ", banner.heading));
                text.0.extend(banner.text.0.iter().cloned());
                note(text)
            });
            section.blocks.splice(0..0, notes);
        }
        let mut facts = self.facts;
        facts.push(format!(
            "Seamline {}, seed {}",
            env!("CARGO_PKG_VERSION"),
            study.seed
        ));
        let mut sections = vec![asked];
        sections.extend(answer);
        sections.extend(others);
        sections.push(how_to_reproduce(self.scenario, self.view));
        Analysis {
            answer: Kept {
                program: env!("CARGO_PKG_NAME").to_owned(),
                version: env!("CARGO_PKG_VERSION").to_owned(),
                question: self.view.question.to_owned(),
                heading: upper(&self.question),
                study: study.id.to_string(),
                structures: structures_of(self.scenario),
                inputs: manifest::question_inputs(self.scenario, self.view),
                sections: first,
            },
            document: Document {
                citation: format!(
                    "{title} A simulation with seamline {} ({}), study {}, seed {}.",
                    env!("CARGO_PKG_VERSION"),
                    self.view.question,
                    study.id,
                    study.seed
                ),
                title,
                subtitle: study.purpose.clone(),
                facts,
                banners,
                sections,
                structures: (self.scenario.structures.iter())
                    .map(|it| it.name.clone())
                    .collect(),
                folder: "analysis",
            },
            charts,
        }
    }
}

fn structures_of(scenario: &Scenario) -> Vec<String> {
    let structures = scenario.structures.iter();
    structures.map(|it| it.id.to_string()).collect()
}

/// Charts of a page, and the files that they are.
#[derive(Default)]
struct Charts {
    files: Vec<File>,
}

impl Charts {
    /// The chart as a block, its file kept; nothing where there is none. It is of a kind, a measure and,
    /// where a measure has several, a place among them.
    fn add(
        &mut self,
        (kind, measure, place): (&str, &Measure, Option<usize>),
        svg: Option<String>,
        shows: &str,
        tables: &[&str],
    ) -> Option<Block> {
        self.add_as(decide::chart_name(kind, measure, place), svg, shows, tables)
    }

    /// The same with a name of its own.
    fn add_as(
        &mut self,
        name: String,
        svg: Option<String>,
        shows: &str,
        tables: &[&str],
    ) -> Option<Block> {
        let svg = svg?;
        let title = picture::words_of(&svg, "title").unwrap_or_else(|| shows.to_owned());
        let id = name.trim_end_matches(".svg").to_owned();
        let block = Block::Chart(Chart {
            svg: picture::embedded(&svg, &format!("{id}-")),
            title,
            shows: shows.to_owned(),
            file: Some(name.clone()),
            tables: tables.iter().map(|it| (*it).to_owned()).collect(),
            numbers: Vec::new(),
            id,
        });
        self.files.push(File {
            name,
            bytes: svg.into_bytes(),
        });
        Some(block)
    }
}

/// What the first measure says in full, under its name, and each other folded away.
fn by_measure<T>(
    all: &[T],
    prefix: &str,
    measure: impl Fn(&T) -> &'static Measure,
    mut blocks_of: impl FnMut(&T) -> Vec<Block>,
) -> Vec<Block> {
    let mut blocks = Vec::new();
    for (place, of) in all.iter().enumerate() {
        let name = named(measure(of));
        let own = blocks_of(of);
        if place == 0 {
            blocks.push(heading(format!("{prefix}-first"), name));
            blocks.extend(own);
        } else {
            blocks.push(Block::Details {
                summary: name,
                blocks: own,
            });
        }
    }
    blocks
}

/// A measure with its unit, and which way is better.
fn named(measure: &Measure) -> String {
    format!(
        "{} ({}; {})",
        measure.name,
        measure.unit,
        direction(measure.direction)
    )
}

/// Measures of which an analysis says nothing.
fn without(measures: &[&'static Measure]) -> Option<Block> {
    (!measures.is_empty()).then(|| {
        let names = listed(measures.iter().map(|it| it.name));
        paragraph(format!(
            "Of {names} nothing is said: in some run there was nothing to measure."
        ))
    })
}

/// Names of measures within a sentence.
fn listed<'a>(names: impl Iterator<Item = &'a str>) -> String {
    let names: Vec<String> = names.map(lower).collect();
    match names.split_last() {
        Some((last, others)) if !others.is_empty() => format!("{} and {last}", others.join(", ")),
        _ => names.concat(),
    }
}

fn claims(sentences: Vec<String>, source: &str) -> Block {
    let items = sentences.into_iter().map(|it| claim(it, source));
    Block::Claims {
        items: items.collect(),
    }
}

fn terms<const N: usize>(all: [(&str, &str); N]) -> Block {
    let items = all.into_iter().map(|(name, text)| Term {
        name: name.into(),
        text: text.into(),
    });
    Block::Terms {
        items: items.collect(),
    }
}

fn percent(share: f64) -> String {
    format!("{}%", plain(100.0 * share, 0))
}

/// A number of a table.
fn number(value: f64, digits: usize) -> Cell {
    Cell {
        sort: Some(value),
        ..Cell::from(plain(value, digits))
    }
}

/// `1 value`, or `12 values`.
fn values(number: usize) -> String {
    match number {
        1 => "1 value".to_owned(),
        number => format!("{} values", count(number as u64)),
    }
}

/// The name of a structure as the heading of a row.
fn label(structures: &[Named], place: usize) -> String {
    let name = &structures[place].name;
    match place {
        0 => format!("{name} (baseline)"),
        _ => name.clone(),
    }
}

fn section(id: &str, heading: &str, blocks: Vec<Block>) -> Section {
    Section {
        id: id.to_owned(),
        heading: heading.to_owned(),
        blocks,
    }
}

/// What the reader must not take an answer for.
fn limits<const N: usize>(items: [&str; N]) -> Section {
    let items = items.into_iter().map(Text::from);
    let list = Block::List {
        items: items.collect(),
    };
    section("limits", "Limits", vec![list])
}

/// A banner of a warning that a terminal prints too.
fn warning(heading: &str, text: &str) -> Banner {
    let text = text.trim_start_matches("Warning: ");
    let mut letters = text.chars();
    let first: String = letters
        .next()
        .into_iter()
        .flat_map(char::to_uppercase)
        .collect();
    Banner {
        heading: heading.to_owned(),
        text: (first + letters.as_str()).into(),
    }
}

/// What makes the spread of values that were fitted together too wide or too narrow.
fn of_fitted(parameters: &[Ranged], joint: Option<&JointSet>) -> impl Iterator<Item = Banner> {
    let warnings = together::warnings(parameters, joint).into_iter();
    warnings.map(|it| warning("Values were fitted together", &it))
}

/// What was varied and what was not, below a sentence on how.
fn varied(
    how: &str,
    parameters: &[Ranged],
    left_out: &[LeftOut],
    joint: Option<&JointSet>,
) -> Section {
    let mut blocks = vec![paragraph(how)];
    if let Some(joint) = joint {
        blocks.push(paragraph(together::joint_set(joint)));
    }
    blocks.extend([Block::Table(self::parameters(
        parameters,
        &["varied.csv", "runs.csv"],
    ))]);
    if !left_out.is_empty() {
        let mut table = Table::new("left-out", "Values with a range that were not varied")
            .words("value")
            .words("why");
        for it in left_out {
            let path = Text::default().code(it.path.clone());
            table.row(None, vec![path.into(), it.why.clone().into()]);
        }
        blocks.push(Block::Table(table.folded()));
    }
    section("varied", "What was varied", blocks)
}

/// What was varied, with the evidence for each value.
fn parameters(parameters: &[Ranged], files: &[&str]) -> Table {
    let mut table = Table::new("varied-values", "Values that were varied")
        .words("value")
        .words("as stated")
        .words("from")
        .words("to")
        .words("evidence")
        .files(files)
        .sortable();
    for it in parameters {
        let stated = it.drawable.stated.clone().unwrap_or_default();
        let (from, to) = it.range.clone();
        let cells = [stated, from, to].map(Into::into);
        let mut row = vec![Text::default().code(it.path()).into()];
        row.extend(cells);
        row.push(graded(it.grade).into());
        table.row(None, row);
    }
    if parameters.len() > 30 {
        return table.folded();
    }
    table
}

/// The word of a grade for readers.
fn graded(grade: Option<Grade>) -> &'static str {
    match grade {
        Some(Grade::Statistic) => "published statistics",
        Some(Grade::Study) => "a study",
        Some(Grade::Expert) => "expert opinion",
        Some(Grade::Assumption) => "assumed",
        Some(Grade::Fitted) => "fitted to published figures",
        None => "no grade stated",
    }
}

fn how_to_reproduce(scenario: &Scenario, view: &QuestionView) -> Section {
    let mut further = view.options.clone();
    if !view.measures.is_empty() {
        further.extend(["--measures".to_owned(), view.measures.join(",")]);
    }
    let mut before = vec![view.question.to_owned()];
    match view.question {
        // The two sides of the map, each between its own ends.
        "tipping" => before.extend(view.between.iter().map(|(path, from, to)| {
            let stated = scenario.parameters.iter().find(|it| it.path == *path);
            let range = stated.and_then(|it| it.range.as_ref());
            match range.is_some_and(|(low, high)| low == from && high == to) {
                true => path.clone(),
                false => format!("{path}={from}..{to}"),
            }
        })),
        _ => {
            let varied: Vec<&str> = view.between.iter().map(|it| it.0.as_str()).collect();
            let ranged = scenario.parameters.iter().filter(|it| it.range.is_some());
            // Not all that have a range: the command said which.
            if varied.len() < ranged.count() && !varied.is_empty() {
                further.extend(["--vary".to_owned(), varied.join(",")]);
            }
        }
    }
    let terms = [
        (
            "Program",
            Text::from(format!("seamline {}", env!("CARGO_PKG_VERSION"))),
        ),
        ("Seed", scenario.study.seed.to_string().into()),
        (
            "Inputs, SHA-256",
            Text::default().code(manifest::question_inputs(scenario, view)),
        ),
    ];
    // What a warm-up analysis depends on is not told in words of its command.
    let command = match view.question {
        "warm-up" => paragraph("The log (run.log) holds the command as it was given."),
        _ => Block::Code {
            text: reproduce::asked_again(scenario, &before, &further),
        },
    };
    Section {
        id: "reproduce".to_owned(),
        heading: "How to reproduce it".to_owned(),
        blocks: vec![
            paragraph(
                "The same program, files and seed give the same bytes on any machine and any number of \
                 threads. The manifest (manifest.json) holds the text of every file; seamline reproduce makes \
                 the folder again from it and compares file by file.",
            ),
            command,
            Block::Terms {
                items: terms
                    .into_iter()
                    .map(|(name, text)| Term {
                        name: name.into(),
                        text,
                    })
                    .collect(),
            },
            heading("reproduce-files", "Files"),
            Block::Table(reproduce::files(scenario)),
        ],
    }
}

fn lower(words: &str) -> String {
    crate::report::terminal::sentences::lower_first(words)
}

fn upper(words: &str) -> String {
    let mut letters = words.chars();
    letters.next().map_or_else(String::new, |first| {
        first.to_uppercase().chain(letters).collect()
    })
}
