//! Joint sets: values that were fitted together, as `seamline calibrate` writes them to
//! `accepted.csv`.
//!
//! A table with a member on each line: a column `weight`, and one for each value, headed by its path and
//! written as `--set` takes it. Columns `run` and `figure.*` are passed over. Here it is read and held
//! against a study; what is drawn from it stands in [`JointSet`].

use std::collections::BTreeSet;

use super::area;
use super::checked::{Grade, Id, Scenario};
use super::files::{FileIndex, Origin, Span};
use super::library::{Document, Kind, Shelf};
use super::load::{Request, Survey, in_area, load, source_files, surveyed};
use super::problem::{Code, Problem, Problems, did_you_mean};
use super::ranged::{LeftOut, Ranged, is_below, not_drawn};
use super::reader::Reader;
use super::settings::{node_at, report_path};
use super::tree::{Node, Table};
use super::vary::Drawable;

mod order;

/// The word by which a command or a file asks for no joint set.
const NONE: &str = "none";
/// The column of weights.
const WEIGHT: &str = "weight";
/// Fewest members: one alone is no set.
const FEWEST: usize = 2;

/// Sets of values that were fitted together, of which a draw takes one whole.
#[derive(Debug, Clone, PartialEq)]
pub struct JointSet {
    /// Its id: the name of its file without the ending.
    pub name: String,
    /// Label of its file.
    pub file: String,
    /// Its members, in an order along which neighbours are alike.
    pub members: Vec<Member>,
    /// Places, in [`super::ToVary::parameters`], of the values that are drawn from it.
    pub covers: Vec<usize>,
    /// Values in its file, drawn or not.
    pub values: usize,
    /// How many members of equal weight would tell as much: the squared sum of the weights over the sum
    /// of their squares.
    pub effective_size: f64,
    /// Values of the file that are not drawn from it, and why; those that nobody asked for apart.
    pub left_out: Vec<LeftOut>,
}

/// One set of values that fit together.
#[derive(Debug, Clone, PartialEq)]
pub struct Member {
    /// Its weight; those of all members sum to 1.
    pub weight: f64,
    /// Its values as `--set` takes them, in the order of [`JointSet::covers`].
    pub words: Vec<String>,
    /// How far each lies between the lowest and the highest of all members, from 0 to 1.
    pub shares: Vec<f64>,
}

impl JointSet {
    /// The member at a coordinate from 0 to 1: each has a stretch as long as its weight.
    pub fn member_at(&self, coordinate: f64) -> &Member {
        let mut reached = 0.0;
        let at = self.members.iter().position(|member| {
            reached += member.weight;
            coordinate < reached
        });
        // The sum of all weights may fall short of 1 in its last digits.
        &self.members[at.unwrap_or(self.members.len() - 1)]
    }
}

/// A joint set as it is shown.
#[derive(Debug, Clone, PartialEq)]
pub struct JointSheet {
    /// Its id.
    pub id: Id,
    /// How many members it has.
    pub members: usize,
    /// How many members of equal weight would tell as much.
    pub effective_size: f64,
    /// Path, lowest and highest of every value.
    pub values: Vec<(String, String, String)>,
}

/// One field of a table.
#[derive(Debug, Clone, PartialEq)]
struct Field {
    text: String,
    start: usize,
    end: usize,
}

/// A table, read: values by column and member.
#[derive(Debug)]
struct Sheet {
    columns: Vec<(String, Span)>,
    members: Vec<Row>,
}

#[derive(Debug)]
struct Row {
    weight: f64,
    at: Span,
    /// By column: words and where they stand.
    cells: Vec<(String, Span)>,
}

impl Sheet {
    /// The value of a column in every member, as drawn.
    fn drawable(
        &self,
        column: usize,
        stated: Option<&str>,
    ) -> Result<(Drawable, Vec<f64>), (usize, &'static str)> {
        let words: Vec<&str> = self.members.iter().map(|it| &*it.cells[column].0).collect();
        Drawable::among(&self.columns[column].0, stated, &words)
    }

    fn effective_size(&self) -> f64 {
        let sum = |of: fn(f64) -> f64| self.members.iter().map(|it| of(it.weight)).sum::<f64>();
        sum(|it| it).powi(2) / sum(|it| it * it)
    }
}

/// What is drawn together.
pub(super) struct Ready {
    /// In the order of paths.
    pub(super) parameters: Vec<Ranged>,
    /// The set that they are drawn from, whose `covers` is still to be filled in; `None` where nothing is
    /// drawn.
    pub(super) joint: Option<JointSet>,
    /// What is left out where nothing is drawn; else the set says so.
    pub(super) left_out: Vec<LeftOut>,
}

/// The joint set of a study, held against it, ready to be drawn from.
pub(super) struct Found {
    shelf: Shelf,
    name: String,
    file: FileIndex,
    sheet: Sheet,
    /// Columns to draw, in the order of their paths.
    columns: Vec<usize>,
    left_out: Vec<LeftOut>,
}

/// Reads a study together with the joint set that it, its parameter file or the request names.
///
/// # Errors
/// Everything that is wrong with either.
pub(super) fn load_with_joint(request: &Request) -> Result<(Scenario, Option<Found>), Problems> {
    let (mut shelf, read) = surveyed(request);
    let Some((mut scenario, survey)) = read.filter(|_| shelf.problems.is_empty()) else {
        // What is wrong with the study is told as everywhere.
        return load(request).map(|scenario| (scenario, None));
    };
    let Some((name, at)) = named(&mut shelf, &survey, request) else {
        return Ok((scenario, None));
    };
    let found = shelf.joint_set(&name, at).and_then(|document| {
        let sheet = read_sheet(&mut shelf, document.file)?;
        let (columns, left_out) = held_against(&mut shelf, &survey, &sheet, at);
        Some((document, sheet, columns, left_out))
    });
    let (Some((document, sheet, columns, left_out)), true) = (found, shelf.problems.is_empty())
    else {
        return Err(shelf.problems.settled());
    };
    scenario.files = source_files(&shelf);
    let found = Found {
        shelf,
        name: document.id,
        file: document.file,
        sheet,
        columns,
        left_out,
    };
    Ok((scenario, Some(found)))
}

impl Found {
    /// Does the joint set say what the value at a path is?
    pub(super) fn covers(&self, path: &str) -> bool {
        self.paths().any(|it| it == path)
    }

    /// Does it say what some value at or below a path is? Every value is below the empty path.
    pub(super) fn covers_below(&self, above: &str) -> bool {
        self.paths()
            .any(|it| above.is_empty() || is_below(it, above))
    }

    fn paths(&self) -> impl Iterator<Item = &str> {
        self.columns.iter().map(|it| &*self.sheet.columns[*it].0)
    }

    /// Draws only the values at paths that are wanted.
    pub(super) fn keep(&mut self, is_wanted: impl Fn(&str) -> bool) {
        let columns = &self.sheet.columns;
        self.columns.retain(|it| is_wanted(&columns[*it].0));
        self.left_out.retain(|it| is_wanted(&it.path));
    }

    /// What is drawn, with the set that it is drawn from.
    ///
    /// # Errors
    /// Values that the study refuses, in their places.
    pub(super) fn ready(
        mut self,
        request: &Request,
        scenario: &Scenario,
    ) -> Result<Ready, Problems> {
        let mut all = Vec::new();
        for &column in &self.columns {
            let (path, _) = &self.sheet.columns[column];
            let stated = scenario.parameters.iter().find(|it| &it.path == path);
            match self
                .sheet
                .drawable(column, stated.map(|it| it.value.as_str()))
            {
                Ok(drawn) => all.push(drawn),
                Err((member, why)) => {
                    let (words, at) = &self.sheet.members[member].cells[column];
                    let message = format!("`{path}` is {words}: {why}");
                    let problem = Problem::new(Code::WrongForm, message);
                    let like = &self.sheet.members[0].cells[column].0;
                    self.shelf
                        .report(problem, *at, format!("expected the form of {like}"));
                }
            }
        }
        if !self.shelf.problems.is_empty() {
            return Err(self.shelf.problems.settled());
        }
        let shares: Vec<Vec<f64>> = all.iter().map(|(_, shares)| shares.clone()).collect();
        self.check_members(request, &shares)?;
        if self.columns.is_empty() {
            return Ok(Ready {
                parameters: Vec::new(),
                joint: None,
                left_out: self.left_out,
            });
        }
        let sum: f64 = self.sheet.members.iter().map(|it| it.weight).sum();
        let members = self.sheet.members.iter().enumerate().map(|(place, row)| {
            let words = self.columns.iter().map(|it| row.cells[*it].0.clone());
            Member {
                weight: row.weight / sum,
                words: words.collect(),
                shares: all.iter().map(|(_, shares)| shares[place]).collect(),
            }
        });
        let set = JointSet {
            members: order::along_the_main_axis(members.collect()),
            covers: Vec::new(),
            values: self.sheet.columns.len(),
            effective_size: self.sheet.effective_size(),
            file: self.shelf.files.get(self.file).label.clone(),
            name: self.name,
            left_out: self.left_out,
        };
        let ranged = all.into_iter().map(|(drawable, _)| Ranged {
            stated: drawable.share_of_stated(),
            grade: Some(Grade::Fitted),
            range: (drawable.words(0.0), drawable.words(1.0)),
            drawable,
        });
        Ok(Ready {
            parameters: ranged.collect(),
            joint: Some(set),
            left_out: Vec::new(),
        })
    }

    /// Reads the study with the values of the members at the ends, those that have the lowest or the
    /// highest of some value: what it refuses is a fault of the table. What it takes at both ends it
    /// takes between them, but for values that have to be whole; to read it with every member would take
    /// seconds where there are hundreds.
    fn check_members(&mut self, request: &Request, drawn: &[Vec<f64>]) -> Result<(), Problems> {
        let mut told: Vec<String> = Vec::new();
        let is_end = |share: f64| share <= 0.0 || share >= 1.0;
        for (place, row) in self.sheet.members.iter().enumerate() {
            if place > 0 && !drawn.iter().any(|shares| is_end(shares[place])) {
                continue;
            }
            let mut request = request.clone();
            let values = self.columns.iter().map(|&it| {
                let (path, _) = &self.sheet.columns[it];
                format!("{path}={}", row.cells[it].0)
            });
            request.set.extend(values);
            let Err(problems) = load(&request) else {
                continue;
            };
            for problem in problems.iter() {
                // The text in which it lies is the argument `PATH=VALUE`.
                let argument = problem.place().map(|it| it.source.inner().to_string());
                let path = argument.as_deref().and_then(|it| it.split_once('='));
                let path = path.map_or("", |(path, _)| path);
                let column = (self.columns.iter()).find(|it| self.sheet.columns[**it].0 == path);
                // The same fault in every member is told once.
                let key = match column {
                    Some(_) => path.to_owned(),
                    None => problem.to_string(),
                };
                if told.contains(&key) {
                    continue;
                }
                told.push(key);
                let (message, at) = match column {
                    Some(column) => {
                        let (words, at) = &row.cells[*column];
                        (format!("`{path}` cannot be {words}: {problem}"), *at)
                    }
                    None => (format!("the study refuses this member: {problem}"), row.at),
                };
                let problem = Problem::new(problem.code(), message).help_if(problem.help.clone());
                self.shelf
                    .report(problem, at, "expected values that the study takes");
            }
        }
        match self.shelf.problems.is_empty() {
            true => Ok(()),
            false => Err(std::mem::take(&mut self.shelf.problems).settled()),
        }
    }
}

/// Holds the joint set that a study names against it, if it names one: whether it can be read and its
/// paths are there. Which values the study takes is seen when they are drawn.
///
/// # Errors
/// Everything that is wrong with the set or with the study.
pub(super) fn check_named(request: &Request) -> Result<(), Problems> {
    load_with_joint(request).map(|_| ())
}

/// Reads a table that stands alone.
pub(super) fn read(shelf: &mut Shelf, document: &Document) -> Option<JointSheet> {
    let sheet = read_sheet(shelf, document.file)?;
    let mut values = Vec::new();
    for (column, (path, _)) in sheet.columns.iter().enumerate() {
        match sheet.drawable(column, None) {
            Ok((drawn, _)) => values.push((path.clone(), drawn.words(0.0), drawn.words(1.0))),
            Err((member, why)) => {
                let (words, at) = &sheet.members[member].cells[column];
                let problem = Problem::new(Code::WrongForm, format!("`{path}` is {words}: {why}"));
                let like = &sheet.members[0].cells[column].0;
                shelf.report(problem, *at, format!("expected the form of {like}"));
            }
        }
    }
    Some(JointSheet {
        id: Id::new(&document.id),
        members: sheet.members.len(),
        effective_size: sheet.effective_size(),
        values,
    })
}

/// Reads the joint set that a parameter file names, and holds its paths against those of the file.
pub(super) fn check_of(shelf: &mut Shelf, document: &Document, known: &BTreeSet<String>) {
    let Some((name, at)) = document.head().and_then(stated) else {
        return;
    };
    let found = shelf.joint_set(&name, at);
    let Some(sheet) = found.and_then(|it| read_sheet(shelf, it.file)) else {
        return;
    };
    let mut reader = Reader::new(shelf);
    for (path, at) in &sheet.columns {
        // Which areas there are, a study says.
        if !known.contains(path) && in_area(path).is_none() {
            report_path(&mut reader, path, *at, known);
        }
    }
}

/// The joint set that the first table of a file names.
fn stated(head: &Node) -> Option<(String, Span)> {
    let node = head.as_table()?.get("joint_set")?;
    let name = node.as_text()?;
    (name != NONE).then(|| (name.to_owned(), node.at))
}

/// The joint set that is asked for, or else that of the study, or else that of its parameter file.
fn named(shelf: &mut Shelf, survey: &Survey, request: &Request) -> Option<(String, Span)> {
    if let Some(name) = &request.joint {
        let at = shelf.argument("--joint", name);
        return (name != NONE).then(|| (name.clone(), at));
    }
    let head = survey.trees.study.head()?;
    match head.as_table()?.get("joint_set") {
        Some(_) => stated(head),
        None => stated(survey.trees.world.head()?),
    }
}

/// The columns to draw, in the order of their paths, and those that are not, with the reason.
fn held_against(
    shelf: &mut Shelf,
    survey: &Survey,
    sheet: &Sheet,
    named_at: Span,
) -> (Vec<usize>, Vec<LeftOut>) {
    let mut columns = Vec::new();
    let mut left_out = Vec::new();
    for (place, (path, at)) in sheet.columns.iter().enumerate() {
        let why = if !survey.known.contains(path) {
            match of_another_area(shelf, survey, path) {
                Some(why) => why,
                None => {
                    report_path(&mut Reader::new(shelf), path, *at, &survey.known);
                    continue;
                }
            }
        } else if let Some(why) = not_drawn(path) {
            why.to_owned()
        } else if let Some(why) = stated_otherwise(shelf, survey, path, named_at) {
            why
        } else {
            columns.push(place);
            continue;
        };
        left_out.push(LeftOut {
            path: path.clone(),
            why,
        });
    }
    columns.sort_by(|one, other| sheet.columns[*one].0.cmp(&sheet.columns[*other].0));
    (columns, left_out)
}

/// Is one path the other, or above it?
fn overlap(one: &str, other: &str) -> bool {
    is_below(one, other) || is_below(other, one)
}

/// Why a value of an area that the study does not use is left aside; `None` where the path is more
/// likely misspelt.
fn of_another_area(shelf: &mut Shelf, survey: &Survey, path: &str) -> Option<String> {
    let (id, _) = in_area(path)?;
    if survey.trees.areas.contains_key(id) {
        return None;
    }
    // Whether there is such an area elsewhere: what is wrong with it is not the study's concern.
    let before = std::mem::take(&mut shelf.problems);
    let at = shelf.files.top_of(survey.trees.study.file);
    let found = shelf.find(Kind::Area, id, at);
    let has_path = found.map(|document| {
        let mut reader = Reader::new(shelf);
        area::read(&mut reader, &document, None);
        reader.known.contains(path)
    });
    shelf.problems = before;
    let areas = survey.trees.areas.keys().map(String::as_str);
    let is_there = match has_path {
        Some(has_path) => has_path,
        None => did_you_mean(id, areas).is_none(),
    };
    is_there.then(|| format!("the study has no area {id}"))
}

/// Why what a joint set says of a value does not hold: the value is stated nearer to the user than the
/// set is named. Nearest are the options of a command, then come the study and the files it builds on,
/// then the parameter file and those.
fn stated_otherwise(shelf: &Shelf, survey: &Survey, path: &str, named_at: Span) -> Option<String> {
    let origin = |file: FileIndex| &shelf.files.get(file).origin;
    let label = |file: FileIndex| &shelf.files.get(file).label;
    let trees = [&survey.trees.study, &survey.trees.world];
    let chain: Vec<FileIndex> = trees
        .into_iter()
        .flat_map(|it| std::iter::once(it.file).chain(it.bases.iter().copied()))
        .collect();
    let place = |file: FileIndex| chain.iter().position(|it| *it == file);
    // A set that is named on the command line stands before all files.
    let named = place(named_at.file);
    let is_nearer =
        |file: FileIndex| (place(file).zip(named)).is_some_and(|(file, named)| file < named);
    for setting in survey.settings.iter().filter(|it| overlap(&it.path, path)) {
        let file = setting.path_at.file;
        if *origin(file) == Origin::CommandLine {
            return Some("it is set otherwise on the command line".to_owned());
        }
        let same_file = file == named_at.file && !is_fitted(&setting.node);
        if is_nearer(file) || same_file {
            return Some(format!("it is set otherwise in {}", label(file)));
        }
    }
    let file_of = |document: &Document, path: &str| {
        let mut table: Table = (*document.table).clone();
        node_at(&mut table, path).map(|node| node.at.file)
    };
    let file = match in_area(path) {
        // Area files have no place among those that the study and the parameters build on.
        Some((id, inner)) => {
            let is_local = |file: FileIndex| matches!(origin(file), Origin::Local(_));
            let file = file_of(survey.trees.areas.get(id)?, &inner)?;
            (is_local(file) && *origin(named_at.file) == Origin::Bundled).then_some(file)
        }
        None => file_of(&survey.trees.world, path).filter(|it| is_nearer(*it)),
    };
    file.map(|file| format!("it is stated otherwise in {}", label(file)))
}

/// Is a value said to be fitted? So a calibration of a network sets it, beside the set that it is of.
fn is_fitted(node: &Node) -> bool {
    let evidence = node.as_table().and_then(|table| table.get("evidence"));
    evidence.and_then(Node::as_text) == Some(Grade::Fitted.word())
}

/// What a bundled joint set is called: by its size.
pub(super) fn name_of(text: &str) -> String {
    let text = text.trim_start_matches('\u{feff}').replace("\r\n", "\n");
    let records = records(&text).unwrap_or_default();
    let members = records.len().saturating_sub(1);
    let values = records.first().map_or(0, |header| {
        let is_value = |it: &&Field| is_value(&it.text);
        header.iter().filter(is_value).count()
    });
    format!("{members} sets of {values} values that fit together")
}

/// Does a table have a column of weights?
pub(super) fn has_weights(text: &str) -> bool {
    let first = text.trim_start_matches('\u{feff}').lines().next();
    let first = first.and_then(|line| records(line).ok());
    first
        .and_then(|it| it.into_iter().next())
        .is_some_and(|header| header.iter().any(|it| it.text == WEIGHT))
}

/// Is this the heading of a value?
fn is_value(heading: &str) -> bool {
    !matches!(heading, "run" | WEIGHT) && !heading.starts_with("figure.")
}

/// Reads a table; what is wrong with it is reported.
fn read_sheet(shelf: &mut Shelf, file: FileIndex) -> Option<Sheet> {
    let text = shelf.files.get(file).text().clone();
    let span = |field: &Field| Span {
        file,
        start: field.start,
        end: field.end,
    };
    let records = match records(&text) {
        Ok(records) => records,
        Err(start) => {
            let problem = Problem::new(Code::Syntax, "a quotation mark is never closed");
            let at = Span {
                file,
                start,
                end: start + 1,
            };
            shelf.report(problem, at, "expected another one after the value");
            return None;
        }
    };
    let Some((header, lines)) = records.split_first() else {
        let problem = Problem::new(Code::WrongForm, "the joint set is empty")
            .help("take accepted.csv as `seamline calibrate` wrote it");
        let at = shelf.files.top_of(file);
        shelf.report(
            problem,
            at,
            "expected a line of headings, `weight` among them",
        );
        return None;
    };
    let before = shelf.problems.len();
    let whole = |fields: &[Field]| Span {
        file,
        start: fields.first().map_or(0, |it| it.start),
        end: fields.last().map_or(0, |it| it.end),
    };
    for (place, field) in header.iter().enumerate() {
        if header[..place].iter().any(|it| it.text == field.text) {
            let message = format!("the column `{}` stands twice", field.text);
            shelf.report(
                Problem::new(Code::Twice, message),
                span(field),
                "expected once",
            );
        }
    }
    let weights = header.iter().position(|it| it.text == WEIGHT);
    if weights.is_none() {
        let headings = header.iter().map(|it| &*it.text);
        let problem = Problem::new(Code::MissingKey, "a joint set has a column `weight`").help(
            did_you_mean(WEIGHT, headings).map_or_else(
                || "take accepted.csv as `seamline calibrate` wrote it".to_owned(),
                |it| format!("{it} Head that column `weight`"),
            ),
        );
        shelf.report(
            problem,
            whole(header),
            "expected `weight` among the headings",
        );
    }
    let columns: Vec<usize> = (0..header.len())
        .filter(|it| is_value(&header[*it].text))
        .collect();
    if columns.is_empty() {
        let problem = Problem::new(Code::MissingKey, "the joint set holds no values");
        let expected = "expected the path of a value as the heading of a column";
        shelf.report(problem, whole(header), expected);
    }
    let mut members = Vec::new();
    for line in lines {
        if line.len() != header.len() {
            let message = format!(
                "this line has {} values, and the first line {} headings",
                line.len(),
                header.len()
            );
            let problem = Problem::new(Code::WrongForm, message)
                .help("a value with a comma in it stands in quotation marks");
            let expected = format!("expected {} values", header.len());
            shelf.report(problem, whole(line), expected);
            continue;
        }
        let weight = weights.map(|place| (weight_of(&line[place].text), &line[place]));
        if let Some((None, field)) = weight {
            let message = format!("a weight is a number above 0, found \"{}\"", field.text);
            let problem = Problem::new(Code::OutOfRange, message)
                .help("leave out what is not accepted: a weight of 0 is no member");
            shelf.report(problem, span(field), "expected more than 0");
        }
        for &place in &columns {
            if line[place].text.trim().is_empty() {
                let message = format!("`{}` has no value here", header[place].text);
                let problem = Problem::new(Code::WrongForm, message);
                // An empty place has no text to mark.
                shelf.report(problem, whole(line), "expected a value in every column");
            }
        }
        members.push(Row {
            weight: weight.and_then(|(weight, _)| weight).unwrap_or(1.0),
            at: whole(line),
            cells: (columns.iter())
                .map(|it| (line[*it].text.trim().to_owned(), span(&line[*it])))
                .collect(),
        });
    }
    if lines.len() < FEWEST {
        let message = format!(
            "a joint set has {FEWEST} members at least, found {}",
            lines.len()
        );
        let problem = Problem::new(Code::OutOfRange, message).help(
            "of values that are known for certain, state them in the file: nothing is to be drawn",
        );
        let at = lines.last().map_or(whole(header), |line| whole(line));
        shelf.report(problem, at, "expected another line");
    }
    (shelf.problems.len() == before).then(|| Sheet {
        columns: (columns.iter())
            .map(|it| (header[*it].text.clone(), span(&header[*it])))
            .collect(),
        members,
    })
}

fn weight_of(text: &str) -> Option<f64> {
    let weight = text.trim().parse::<f64>().ok();
    weight.filter(|it| it.is_finite() && *it > 0.0)
}

/// The lines of a table of values parted by commas, quoted as in RFC 4180, with the place of each
/// value. Empty lines are passed over.
///
/// # Errors
/// The place of a quotation mark that is never closed.
fn records(text: &str) -> Result<Vec<Vec<Field>>, usize> {
    let mut records = Vec::new();
    let mut line: Vec<Field> = Vec::new();
    let mut at = 0;
    while at < text.len() {
        let (field, next) = field(text, at)?;
        let ends = !text[next..].starts_with(',');
        line.push(field);
        at = next + 1;
        // A comma at the very end has a last, empty value after it.
        if !ends && at == text.len() {
            line.push(Field {
                text: String::new(),
                start: at,
                end: at,
            });
        }
        if ends || at >= text.len() {
            let line = std::mem::take(&mut line);
            if !matches!(line.as_slice(), [only] if only.text.is_empty()) {
                records.push(line);
            }
        }
    }
    Ok(records)
}

/// The value at a place, and the place of the comma or newline after it.
fn field(text: &str, start: usize) -> Result<(Field, usize), usize> {
    let plain_end = |from: usize| {
        let end = text[from..].find([',', '\n']);
        end.map_or(text.len(), |it| from + it)
    };
    if !text[start..].starts_with('"') {
        let end = plain_end(start);
        let field = Field {
            text: text[start..end].to_owned(),
            start,
            end,
        };
        return Ok((field, end));
    }
    let mut words = String::new();
    let mut at = start + 1;
    loop {
        let mark = at + text[at..].find('"').ok_or(start)?;
        words.push_str(&text[at..mark]);
        at = mark + 1;
        if !text[at..].starts_with('"') {
            break;
        }
        // Two marks stand for one.
        words.push('"');
        at += 1;
    }
    let end = plain_end(at);
    words.push_str(&text[at..end]);
    let field = Field {
        text: words,
        start,
        end,
    };
    Ok((field, end))
}

/// What a joint set holds, to be compared: every value with its lowest and highest.
pub(super) fn stated_in(shelf: &mut Shelf, document: &Document) -> Vec<(String, String)> {
    let sheet = read(shelf, document);
    let values = sheet.into_iter().flat_map(|it| it.values);
    values
        .map(|(path, low, high)| (path, format!("{low} to {high}")))
        .collect()
}

#[cfg(test)]
mod tests;
