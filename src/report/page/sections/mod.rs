//! The sections of the report, in their order. Each is a function from a run to parts.

mod answer;
mod asked;
mod cases;
mod comparison;
mod definitions;
mod evidence;
mod limits;
pub(super) mod reproduce;
mod stories;
mod stress;
mod structures;
mod sure;
mod when;
mod who;
mod why;

use std::collections::BTreeMap;

use super::Options;
use super::analyses::Kept;
use super::parts::{Banner, Block, Cell, Chart, Document, Section, Strip, Table};
use super::{StoryView, claims, picture, told};
use crate::analysis::{Estimate, Series, Summary};
use crate::experiment::results::Named;
use crate::measures::{Direction, HandoffEnd, HandoffKind, Stage, Standing, Step};
use crate::report::charts::{KINDS, Look, Subject};
use crate::report::numbers::{plain, signed};
use crate::report::{Run, caveat, tables};
use crate::scenario::Scenario;

/// Rows of a table of numbers up to which it stands in the report.
const MOST_ROWS: usize = 60;

/// So many structures have a column each; more have a row each.
const FEW: usize = 4;

/// All that sections are made of.
struct Context<'a> {
    options: &'a Options,
    summary: &'a Summary,
    scenario: &'a Scenario,
    /// Charts by the id of their kind.
    charts: BTreeMap<&'static str, Chart>,
    /// Kinds that a section has shown.
    shown: std::cell::RefCell<Vec<&'static str>>,
}

/// The whole report.
pub(super) fn document(run: &Run, options: &Options) -> Document {
    let context = Context {
        options,
        summary: run.summary,
        scenario: run.scenario,
        charts: charts(run),
        shown: std::cell::RefCell::default(),
    };
    let mut sections = vec![
        asked::section(&context),
        answer::section(&context),
        comparison::section(&context),
        why::section(&context),
    ];
    sections.extend(who::section(&context));
    sections.extend(when::section(&context));
    sections.extend(cases::section(&context));
    sections.push(sure::section(&context));
    sections.extend(options.analyses.iter().flat_map(Kept::within_a_run));
    sections.push(structures::section(&context));
    let kept = run.stories.iter().map(told::view);
    let stories: Vec<StoryView> = kept.chain(options.stories.iter().cloned()).collect();
    sections.extend(stories::section(&stories));
    // A kind of chart that no section knows is shown all the same.
    let shown = context.shown.borrow().clone();
    let others: Vec<Block> = (context.charts.iter())
        .filter(|(id, _)| !shown.contains(id))
        .map(|(_, chart)| Block::Chart(chart.clone()))
        .collect();
    if !others.is_empty() {
        sections.push(Section {
            id: "further-charts".to_owned(),
            heading: "Further charts".to_owned(),
            blocks: others,
        });
    }
    sections.extend([
        definitions::section(&context),
        evidence::section(&context),
        stress::section(&context),
        limits::section(&context),
        reproduce::section(&context),
    ]);
    let study = &run.scenario.study;
    let title = options.title.clone().unwrap_or_else(|| study.name.clone());
    let mut facts: Vec<String> = options.author.iter().map(|it| format!("By {it}")).collect();
    if options.title.is_some() {
        facts.push(format!("Study: {}", study.name));
    }
    facts.push(claims::design(run.summary));
    facts.push(format!(
        "Seamline {}, seed {}",
        env!("CARGO_PKG_VERSION"),
        study.seed
    ));
    Document {
        citation: format!(
            "{title}: a simulation with seamline {}, study {}, seed {}, {} trials.",
            env!("CARGO_PKG_VERSION"),
            study.id,
            study.seed,
            run.summary.trials
        ),
        title,
        folder: "run",
        subtitle: study.purpose.clone(),
        facts,
        banners: banners(&context),
        structures: (run.summary.structures.iter())
            .map(|structure| structure.name.clone())
            .collect(),
        sections,
    }
}

fn banners(context: &Context) -> Vec<Banner> {
    let mut banners: Vec<Banner> = evidence::banner(context).into_iter().collect();
    if let Some(caveat) = caveat(context.summary) {
        banners.push(Banner {
            heading: "Totals are not equal".to_owned(),
            text: caveat.into(),
        });
    }
    banners
}

fn charts(run: &Run) -> BTreeMap<&'static str, Chart> {
    let subject = Subject {
        summary: run.summary,
        scenario: run.scenario,
    };
    let look = Look::default();
    let files: BTreeMap<String, Vec<u8>> = tables::all(run.summary, run.scenario, &[])
        .into_iter()
        .map(|file| (file.name, file.bytes))
        .collect();
    let drawn = KINDS.iter().filter_map(|kind| {
        let svg = kind.draw(&subject, &look)?;
        let id = format!("chart-{}", kind.id);
        let numbers = (kind.tables.iter())
            .filter_map(|name| numbers(files.get(*name)?, name, &id, run.summary))
            .collect();
        let title = picture::words_of(&svg, "title").unwrap_or_else(|| kind.shows.to_owned());
        let chart = Chart {
            svg: picture::embedded(&svg, &format!("{id}-")),
            title,
            shows: kind.shows.to_owned(),
            file: Some(kind.file.to_owned()),
            tables: (kind.tables.iter())
                .filter(|name| files.contains_key(**name))
                .map(|name| (*name).to_owned())
                .collect(),
            numbers,
            id,
        };
        Some((kind.id, chart))
    });
    drawn.collect()
}

/// The numbers of a chart as its CSV file holds them; `None` where they are too many to be read.
fn numbers(csv: &[u8], name: &str, chart: &str, summary: &Summary) -> Option<Table> {
    let csv = csv.strip_prefix("\u{feff}".as_bytes()).unwrap_or(csv);
    let mut reader = csv::Reader::from_reader(csv);
    let heads: Vec<String> = reader.headers().ok()?.iter().map(str::to_owned).collect();
    let rows: Vec<csv::StringRecord> = reader.records().collect::<Result<_, _>>().ok()?;
    if rows.is_empty() || rows.len() > MOST_ROWS {
        return None;
    }
    // Ids stand in the file; here names are enough. What is the same in every row is said elsewhere.
    let is_shown = |head: &str| head != "note" && !heads.contains(&format!("{head}_name"));
    let shown: Vec<usize> = (0..heads.len())
        .filter(|at| is_shown(&heads[*at]))
        .collect();
    let id = format!("{chart}-{}", name.trim_end_matches(".csv"));
    let mut table = Table::new(id, format!("The numbers of this chart ({name})"));
    for at in &shown {
        let head = heads[*at].trim_end_matches("_name").replace('_', " ");
        let is_number = rows.iter().all(|row| {
            let cell = row.get(*at).unwrap_or_default();
            cell.is_empty() || cell.parse::<f64>().is_ok()
        });
        table = match is_number {
            true => table.numbers(head, ""),
            false => table.words(head),
        };
    }
    let structure = heads.iter().position(|head| head == "structure");
    for row in &rows {
        let of = structure.and_then(|at| {
            let id = row.get(at)?;
            summary.structures.iter().position(|it| it.id == id)
        });
        let cells = shown.iter().map(|at| {
            let text = row.get(*at).unwrap_or_default();
            match text.parse::<f64>() {
                Ok(value) => number(value, text),
                Err(_) => Cell::from(words_of_id(&heads[*at], text, summary)),
            }
        });
        table.row(of, cells.collect());
    }
    Some(table)
}

/// The words behind an id in a column of this name; the id itself where it has none.
fn words_of_id(head: &str, id: &str, summary: &Summary) -> String {
    fn label<T: Copy>(
        all: &[T],
        id: &str,
        words: fn(T) -> (&'static str, &'static str),
    ) -> Option<String> {
        let found = all.iter().find(|it| words(**it).0 == id)?;
        Some(words(*found).1.to_owned())
    }
    let name = |named: &[Named]| {
        let found = named.iter().find(|it| it.id == id);
        found.map(|it| it.name.clone())
    };
    let words = match head {
        "structure" | "baseline" => name(&summary.structures),
        "need" => name(&summary.needs),
        "area" => name(&summary.areas),
        "service" | "to" => name(&summary.services),
        "from" => name(&summary.sources),
        "measure" => summary.measure(id).map(|it| it.measure.name.to_owned()),
        "cause" => label(Standing::ALL, id, |it| (it.id(), it.label())),
        "stage" => label(Stage::ALL, id, |it| (it.id(), it.label())),
        "end" => label(HandoffEnd::ALL, id, |it| (it.id(), it.label())),
        "kind" => label(HandoffKind::ALL, id, |it| (it.id(), it.label())),
        "step" => label(Step::ALL, id, |it| (it.id(), it.label())),
        "series" => label(&Series::ALL, id, |it| (it.id(), it.label())),
        _ => None,
    };
    words.unwrap_or_else(|| id.to_owned())
}

/// A number of a file with four significant digits at least, and all of its whole ones.
fn number(value: f64, text: &str) -> Cell {
    let decimals = match text.split_once('.') {
        None => 0,
        Some((_, part)) => {
            let magnitude = value.abs().max(1e-6).log10().floor();
            ((3.0 - magnitude).clamp(0.0, 6.0) as usize).min(part.len())
        }
    };
    Cell {
        sort: Some(value),
        ..Cell::from(plain(value, decimals))
    }
}

impl Context<'_> {
    /// The charts of these kinds that the study has.
    fn charts(&self, ids: &[&'static str]) -> Vec<Block> {
        self.shown.borrow_mut().extend(ids);
        ids.iter()
            .filter_map(|id| self.charts.get(id))
            .map(|chart| Block::Chart(chart.clone()))
            .collect()
    }

    /// Name of the structure at this place.
    fn name(&self, structure: usize) -> &str {
        &self.summary.structures[structure].name
    }

    /// The same as the heading of a row, the baseline marked.
    fn label(&self, structure: usize) -> String {
        match structure {
            0 if self.is_comparing() => format!("{} (baseline)", self.name(structure)),
            _ => self.name(structure).to_owned(),
        }
    }

    fn structures(&self) -> std::ops::Range<usize> {
        0..self.summary.structures.len()
    }

    fn is_comparing(&self) -> bool {
        self.summary.structures.len() > 1
    }
}

/// An estimate with its interval below.
fn estimate(estimate: Option<Estimate>, decimals: usize) -> Cell {
    of_estimate(estimate, decimals, plain, "none counted")
}

/// A difference with its interval below.
fn difference(difference: Option<Estimate>, decimals: usize) -> Cell {
    of_estimate(difference, decimals, signed, "cannot tell")
}

fn of_estimate(
    estimate: Option<Estimate>,
    decimals: usize,
    number: fn(f64, usize) -> String,
    nothing: &str,
) -> Cell {
    let Some(estimate) = estimate else {
        return Cell::from(nothing);
    };
    let value = number(estimate.value, decimals);
    let below = estimate.interval.map_or_else(String::new, |interval| {
        format!(
            "{} to {}",
            number(interval.low, decimals),
            number(interval.high, decimals)
        )
    });
    Cell {
        text: value.into(),
        below,
        sort: Some(estimate.value),
        ..Cell::default()
    }
}

/// Intervals on one scale, so that those of a column can be compared by eye.
fn strips(estimates: &[Option<Estimate>]) -> Vec<Option<Strip>> {
    let ends = estimates.iter().flatten().flat_map(|estimate| {
        let interval = estimate.interval;
        [
            estimate.value,
            interval.map_or(0.0, |interval| interval.low),
            interval.map_or(0.0, |interval| interval.high),
        ]
    });
    let (low, high) = ends.fold((0.0_f64, 0.0_f64), |(low, high), end| {
        (low.min(end), high.max(end))
    });
    let width = (high - low).max(f64::MIN_POSITIVE);
    // Ends are drawn a little within the picture.
    let at = |value: f64| ((4.0 + 92.0 * (value - low) / width) * 10.0).round() / 10.0;
    estimates
        .iter()
        .map(|estimate| {
            let estimate = (*estimate)?;
            let interval = estimate.interval?;
            Some(Strip {
                zero: at(0.0),
                low: at(interval.low),
                value: at(estimate.value),
                high: at(interval.high),
                is_clear: estimate.is_clear_of_zero(),
            })
        })
        .collect()
}

fn better(direction: Direction) -> &'static str {
    crate::report::direction(direction)
}

/// Names one after another.
fn listed(names: impl IntoIterator<Item = impl std::fmt::Display>) -> String {
    let names: Vec<String> = names.into_iter().map(|name| name.to_string()).collect();
    names.join(", ")
}
