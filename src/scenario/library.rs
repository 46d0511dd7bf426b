//! Where scenario files come from: beside the study first, then among those embedded in the
//! program.
//!
//! The only place that reads files. Every text read stands on the [`Shelf`], once, with the
//! problems found in it.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::rc::Rc;
use std::sync::Arc;

use crate::units::Days;

use super::checked::SourceFile;
use super::disk::Disk;
use super::files::{FileIndex, Files, Origin, Span};
use super::joint;
use super::problem::{Code, Problem, Problems, did_you_mean, one_of};
use super::stays;
use super::tree::{self, Entry, Node, Table, Value};

/// What a scenario file is; its first table says so.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Kind {
    /// `[study]`: a question.
    Study,
    /// `[area]`: a place.
    Area,
    /// `[parameters]`: a country and a time.
    Parameters,
    /// `[structure]`: who runs what.
    Structure,
    /// `[overlay]`: a practice or law that any structure can carry.
    Overlay,
    /// `[figures]`: published figures to fit to and to hold against.
    Figures,
    /// A table of sets of values that were fitted together, as a calibration writes it: no TOML, and
    /// so known by the ending of its name.
    Joint,
}

impl Kind {
    /// All kinds, in the order in which they are listed.
    pub const ALL: [Self; 7] = [
        Self::Study,
        Self::Area,
        Self::Structure,
        Self::Overlay,
        Self::Parameters,
        Self::Figures,
        Self::Joint,
    ];

    /// The first table of such a file; of a joint set, which has none, what it is in a word.
    pub fn key(self) -> &'static str {
        match self {
            Self::Study => "study",
            Self::Area => "area",
            Self::Parameters => "parameters",
            Self::Structure => "structure",
            Self::Overlay => "overlay",
            Self::Figures => "figures",
            Self::Joint => "joint",
        }
    }

    /// The folder such files stand in.
    pub fn folder(self) -> &'static str {
        match self {
            Self::Study => "studies",
            Self::Area => "areas",
            Self::Parameters => "parameters",
            Self::Structure => "structures",
            Self::Overlay => "overlays",
            Self::Figures => "figures",
            Self::Joint => "joint",
        }
    }

    /// How the names of such files end, without the dot.
    pub fn extension(self) -> &'static str {
        match self {
            Self::Joint => "csv",
            _ => "toml",
        }
    }

    /// The name of such a file.
    fn file_name(self, id: &str) -> String {
        format!("{id}.{}", self.extension())
    }

    /// One of them in a sentence: `a study`.
    pub fn noun(self) -> &'static str {
        match self {
            Self::Study => "a study",
            Self::Area => "an area",
            Self::Parameters => "a parameter file",
            Self::Structure => "a structure",
            Self::Overlay => "an overlay",
            Self::Figures => "a file of figures",
            Self::Joint => "a joint set",
        }
    }
}

/// A file embedded in the program.
#[derive(Debug, Clone, Copy)]
pub struct Bundled {
    /// What it is.
    pub kind: Kind,
    /// Its name without its ending.
    pub id: &'static str,
    /// Its text.
    pub text: &'static str,
}

impl Bundled {
    /// Its path under `scenarios/`, slashes forward.
    pub fn path(&self) -> String {
        format!("{}/{}", self.kind.folder(), self.kind.file_name(self.id))
    }

    /// Its name for readers; its id where the file gives none. A joint set is named by its size.
    pub fn name(&self) -> String {
        if self.kind == Kind::Joint {
            return joint::name_of(self.text);
        }
        let table = Shelf::default().scrap(self.text);
        let head = table
            .as_ref()
            .and_then(|table| table.table(self.kind.key()));
        let name = head.and_then(|head| head.get("name")?.as_text());
        name.unwrap_or(self.id).to_owned()
    }
}

macro_rules! bundled {
    ($($kind:ident $folder:literal $ending:literal: $($id:literal)+;)+) => {
        &[$($(Bundled {
            kind: Kind::$kind,
            id: $id,
            text: include_str!(concat!("../../scenarios/", $folder, "/", $id, $ending)),
        }),+),+]
    };
}

/// Every file under `scenarios/`.
pub const BUNDLED: &[Bundled] = bundled! {
    Study "studies" ".toml": "calibration-2003" "calibration-2023" "childrens-services-2023" "childrens-trusts-2003" "duty-desk" "england-2003" "even-odds"
        "experiment-agency" "experiment-change" "experiment-ladder" "experiment-load"
        "experiment-swamping" "plain-network" "stress-child" "stroke-units" "stroke-units-more-admissions"
        "stroke-units-no-neurological" "stroke-units-ring-fenced" "uneven-odds";
    Area "areas" ".toml": "typical-council-2003" "typical-council-2023";
    Structure "structures" ".toml": "camhs-trust" "care-trust" "commissioning-trust"
        "company-trust-2023" "council-department-2023" "disability-trust" "education-merger"
        "fragmented" "irish-agency" "laming" "local-protection-service" "local-trust"
        "multi-agency-hub-2023" "national-agency" "northern-irish-trust" "partnering"
        "private-management" "public-interest-company-with-sen" "public-interest-company"
        "reunification-1974" "section-31-flexibilities" "service-hub" "trust-and-agency"
        "trust-without-child-protection";
    Overlay "overlays" ".toml": "change-of-law" "co-ordinated-assessment" "co-ordinator"
        "double-intake" "identification-referral-tracking" "integrated-provision" "merged-planning" "more-intake"
        "multi-agency-team-without-police" "multi-agency-team" "pilot" "pooled-budgets"
        "safeguarding-board" "shared-records" "shared-vision" "statutory" "streamlined-assessment"
        "voluntary" "workforce-planning";
    Parameters "parameters" ".toml": "england-2003" "england-2023" "stress-child-2003";
    Figures "figures" ".toml": "published-2003" "published-2023" "published-stroke"
        "published-stroke-more" "published-stroke-no-neuro" "published-stroke-ring-fenced";
    Joint "joint" ".csv": "england-2003" "england-2023";
};

fn bundled(kind: Kind, id: &str) -> Option<&'static Bundled> {
    BUNDLED.iter().find(|it| it.kind == kind && it.id == id)
}

/// A scenario file, or a structure within a study, as it was written.
#[derive(Debug, Clone)]
pub(crate) struct Document {
    pub(crate) kind: Kind,
    pub(crate) id: String,
    pub(crate) file: FileIndex,
    /// What it states; empty of a joint set, which is no TOML.
    pub(crate) table: Rc<Table>,
    /// The files that it builds on, nearest first, once their tables are in its own.
    pub(crate) bases: Vec<FileIndex>,
}

impl Document {
    /// The first table, which says what the file is.
    pub(crate) fn head(&self) -> Option<&Node> {
        self.table.get(self.kind.key())
    }
}

/// All texts read so far, and what is wrong with them.
#[derive(Debug, Default)]
pub(crate) struct Shelf {
    pub(crate) files: Files,
    pub(crate) problems: Problems,
    /// The folder of the study, where names are looked up first.
    home: Option<PathBuf>,
    /// Structures that stand in the study itself.
    inline: BTreeMap<String, Document>,
    /// Files read so far, by address.
    opened: BTreeMap<String, Option<(FileIndex, Rc<Table>)>>,
    /// Lists of stays read so far, by address.
    stays: BTreeMap<String, Option<Vec<Days>>>,
    /// Texts to take in place of those found, by label and whether they are local.
    instead: BTreeMap<(String, bool), Arc<str>>,
    /// Where files of users are.
    disk: Disk,
}

impl Shelf {
    /// The shelf, taking these texts in place of those that it finds.
    pub(crate) fn with_texts(mut self, files: &[SourceFile]) -> Self {
        let instead = files
            .iter()
            .map(|file| ((file.label.clone(), file.local), Arc::clone(&file.text)));
        self.instead.extend(instead);
        self
    }

    /// An empty shelf on which only these texts are to be had, and the bundled ones that they leave
    /// out: all as an earlier reading found it.
    pub(crate) fn kept(files: &[SourceFile]) -> Self {
        Self {
            disk: Disk::kept(files),
            ..Self::default()
        }
        .with_texts(files)
    }

    /// Puts a file on the shelf, with the text that is to stand in its place if there is one.
    fn add_file(&mut self, label: String, shown: &str, origin: Origin, text: &str) -> FileIndex {
        let is_local = matches!(origin, Origin::Local(_));
        let instead = self.instead.get(&(label.clone(), is_local)).cloned();
        let text = instead.as_deref().unwrap_or(text);
        self.files.add(label, shown, origin, text)
    }

    /// Reports a problem at a place; `expected` stands under the marked text.
    pub(crate) fn report(&mut self, problem: Problem, at: Span, expected: impl Into<String>) {
        self.problems.push(self.files.place(problem, at, expected));
    }

    /// Puts an argument of the command on the shelf, so that problems can point into it.
    pub(crate) fn argument(&mut self, option: &str, text: &str) -> Span {
        let origin = Origin::CommandLine;
        let file = self.files.add(option.to_owned(), option, origin, text);
        let end = self.files.get(file).text().len();
        Span {
            file,
            start: 0,
            end,
        }
    }

    /// Parses a text that is no file; `None` where it is not TOML. Leaves no problem behind.
    pub(crate) fn scrap(&self, text: &str) -> Option<Table> {
        let mut files = Files::default();
        let mut problems = Problems::default();
        let file = files.add(String::new(), "", Origin::CommandLine, text);
        let table = tree::parse(&files, file, &mut problems);
        problems.is_empty().then_some(table)
    }

    /// Opens a study by bundled id or path, and makes its folder the home of all names.
    pub(crate) fn study(&mut self, name: &str) -> Option<Document> {
        let looks_like_path = name.contains(['/', '\\']) || name.ends_with(".toml");
        if !looks_like_path && let Some(found) = bundled(Kind::Study, name) {
            return self.open_bundled(found);
        }
        let path = as_path(name);
        if looks_like_path || self.disk.has(&path) {
            self.home = Some(folder_of(&path));
            return self.open_path(&path, Some(Kind::Study), None);
        }
        let ids = || ids_of(Kind::Study);
        let problem = Problem::new(Code::UnknownName, format!("there is no study \"{name}\""))
            .help(did_you_mean(name, ids()).unwrap_or_else(|| {
                format!("the bundled studies are {}; or name a file", listed(ids()))
            }));
        self.problems.push(problem);
        None
    }

    /// Takes a study from a text; names are looked up among the bundled files.
    pub(crate) fn study_text(&mut self, name: &str, text: &str) -> Option<Document> {
        let file = self.files.add(name.to_owned(), name, Origin::Bundled, text);
        let table = Rc::new(tree::parse(&self.files, file, &mut self.problems));
        let id = file_stem(Path::new(name));
        self.of_kind(Some(Kind::Study), id, file, table)
    }

    /// Opens any scenario file.
    pub(crate) fn any_file(&mut self, name: &str) -> Option<Document> {
        let path = as_path(name);
        self.home = Some(folder_of(&path));
        self.open_path(&path, None, None)
    }

    /// Opens a file that must be of this kind, named on the command line, with all that its bases state.
    pub(crate) fn of_kind_at(&mut self, kind: Kind, name: &str, at: Span) -> Option<Document> {
        let document = self.open_path(&as_path(name), Some(kind), Some(at))?;
        Some(self.with_bases(document))
    }

    /// Makes the structures that stand in a study known by their ids.
    pub(crate) fn adopt(&mut self, id: &str, file: FileIndex, table: Table) {
        self.inline.insert(
            id.to_owned(),
            Document {
                kind: Kind::Structure,
                id: id.to_owned(),
                file,
                table: Rc::new(table),
                bases: Vec::new(),
            },
        );
    }

    /// Finds what is named at a place, with all that its bases state.
    pub(crate) fn find(&mut self, kind: Kind, id: &str, named_at: Span) -> Option<Document> {
        let document = self.look_up(kind, id, named_at)?;
        Some(self.with_bases(document))
    }

    /// Adds what the bases of a document state and it does not.
    pub(crate) fn with_bases(&mut self, document: Document) -> Document {
        let mut visited = vec![(document.file, document.id.clone())];
        let mut merged = (*document.table).clone();
        let mut base_of = extends(&document);
        while let Some((base, at)) = base_of {
            let Some(mut found) = self.look_up(document.kind, &base, at) else {
                self.problems.without_base();
                break;
            };
            if visited.contains(&(found.file, found.id.clone())) {
                // A local file may build on the bundled one of its own name.
                let original = bundled(document.kind, &base)
                    .and_then(|it| self.open_bundled(it))
                    .filter(|it| !visited.contains(&(it.file, it.id.clone())));
                let Some(original) = original else {
                    let mut chain: Vec<&str> = visited.iter().map(|(_, id)| &**id).collect();
                    chain.push(&base);
                    let message =
                        format!("\"{base}\" is its own base: {}", chain.join(" extends "));
                    let problem = Problem::new(Code::CircularBase, message)
                        .help("let one of them stand without `extends`");
                    self.problems.without_base();
                    self.report(problem, at, "the circle closes here");
                    break;
                };
                found = original;
            }
            visited.push((found.file, found.id.clone()));
            base_of = extends(&found);
            merged = over(document.kind, merged, &found.table);
        }
        Document {
            table: Rc::new(merged),
            bases: visited[1..].iter().map(|(file, _)| *file).collect(),
            ..document
        }
    }

    /// The document at the root of `extends`, if this one extends anything. What is wrong on the way
    /// is reported by [`Self::with_bases`], not here.
    pub(crate) fn root_of(&mut self, document: &Document) -> Option<Document> {
        let reported = std::mem::take(&mut self.problems);
        let mut visited = vec![(document.file, document.id.clone())];
        let mut root = None;
        let mut base_of = extends(document);
        while let Some((base, at)) = base_of {
            let found = self.look_up(document.kind, &base, at);
            let Some(found) = found.filter(|it| !visited.contains(&(it.file, it.id.clone())))
            else {
                break;
            };
            visited.push((found.file, found.id.clone()));
            base_of = extends(&found);
            root = Some(found);
        }
        self.problems = reported;
        root
    }

    fn look_up(&mut self, kind: Kind, id: &str, named_at: Span) -> Option<Document> {
        if kind == Kind::Structure
            && let Some(found) = self.inline.get(id)
        {
            return Some(found.clone());
        }
        let mut folders = Vec::new();
        if let Origin::Local(folder) = &self.files.get(named_at.file).origin {
            folders.push(folder.clone());
        }
        folders.extend(self.home.clone());
        folders.dedup();
        if is_plain(id) {
            for folder in folders {
                let name = kind.file_name(id);
                let beside = sibling(&folder, kind.folder()).join(&name);
                if self.disk.has(&beside) {
                    return self.open_path(&beside, Some(kind), Some(named_at));
                }
                let within = folder.join(&name);
                if self.disk.has(&within) && self.is_of_kind(&within, kind) {
                    return self.open_path(&within, Some(kind), Some(named_at));
                }
            }
        }
        if let Some(found) = bundled(kind, id) {
            return self.open_bundled(found);
        }
        let mut known: Vec<String> = Vec::new();
        if kind == Kind::Structure {
            known.extend(self.inline.keys().cloned());
        }
        known.extend(ids_of(kind).map(str::to_owned));
        let known = || known.iter().map(String::as_str);
        let problem = Problem::new(
            Code::UnknownName,
            format!("there is no {} \"{id}\"", bare_noun(kind)),
        )
        .help_if(did_you_mean(id, known()));
        let expected = format!(
            "expected {}, or a file {}/{} beside the study",
            one_of(known()),
            kind.folder(),
            kind.file_name(id)
        );
        self.report(problem, named_at, expected);
        None
    }

    fn open_bundled(&mut self, found: &Bundled) -> Option<Document> {
        let label = found.path();
        let address = format!("bundled {label}");
        let (file, table) = match self.opened.get(&address) {
            Some(opened) => opened.clone()?,
            None => {
                let origin = Origin::Bundled;
                let file = self.add_file(label.clone(), &label, origin, found.text);
                let table = Rc::new(self.parsed(Path::new(&label), file));
                self.opened.insert(address, Some((file, Rc::clone(&table))));
                (file, table)
            }
        };
        self.of_kind(Some(found.kind), found.id.to_owned(), file, table)
    }

    fn open_path(
        &mut self,
        path: &Path,
        kind: Option<Kind>,
        named_at: Option<Span>,
    ) -> Option<Document> {
        let address = shown(path);
        let (file, table) = match self.opened.get(&address) {
            Some(opened) => opened.clone()?,
            None => {
                let read = self.read(path, named_at);
                let opened = read.map(|file| (file, Rc::new(self.parsed(path, file))));
                self.opened.insert(address, opened.clone());
                opened?
            }
        };
        self.of_kind(kind, file_stem(path), file, table)
    }

    /// The tables of a file; none of a joint set, which is no TOML.
    fn parsed(&mut self, path: &Path, file: FileIndex) -> Table {
        match is_joint(path) {
            true => Table::default(),
            false => tree::parse(&self.files, file, &mut self.problems),
        }
    }

    /// Does the file hold what says that it is of this kind? Leaves no problem behind.
    fn is_of_kind(&self, path: &Path, kind: Kind) -> bool {
        let read = self.disk.read(path).ok();
        let Some(text) = read.and_then(|bytes| String::from_utf8(bytes).ok()) else {
            return false;
        };
        if kind == Kind::Joint {
            return joint::has_weights(&text);
        }
        let mut files = Files::default();
        let file = files.add(String::new(), "", Origin::Bundled, &text);
        let table = tree::parse(&files, file, &mut Problems::default());
        table.get(kind.key()).is_some()
    }

    fn of_kind(
        &mut self,
        kind: Option<Kind>,
        id: String,
        file: FileIndex,
        table: Rc<Table>,
    ) -> Option<Document> {
        let is_table = is_joint(Path::new(&self.files.get(file).label));
        let stated = match kind {
            // What is wrong in it is told where it is read.
            _ if is_table => kind
                .is_none_or(|it| it == Kind::Joint)
                .then_some(Kind::Joint),
            Some(kind) => table.get(kind.key()).map(|_| kind),
            None => Kind::ALL.into_iter().find(|kind| {
                // No table says of a file that it is a joint set.
                *kind != Kind::Joint && table.get(kind.key()).is_some()
            }),
        };
        if let Some(kind) = stated {
            return Some(Document {
                kind,
                id,
                file,
                table,
                bases: Vec::new(),
            });
        }
        let problem = match (kind, table.entries.is_empty() && !is_table) {
            (Some(Kind::Study), true) => Problem::new(Code::EmptyStudy, "the study is empty"),
            (_, true) => Problem::new(Code::WrongKind, "the file is empty"),
            (Some(kind), false) => {
                let noun = kind.noun();
                Problem::new(Code::WrongKind, format!("this file is not {noun}"))
            }
            (None, false) => Problem::new(Code::WrongKind, "this file does not say what it is"),
        };
        let expected = match kind {
            Some(Kind::Joint) => "expected a table of values, named *.csv".to_owned(),
            Some(kind) => format!("expected a table [{}]", kind.key()),
            None => "expected [study], [area], [parameters], [structure] or [overlay]".to_owned(),
        };
        // An empty file has no text to mark.
        let problem = match table.entries.is_empty() {
            true => problem.help(expected.clone()),
            false => problem,
        };
        let at = self.files.top_of(file);
        self.report(problem, at, expected);
        None
    }

    /// Reads a file; what is wrong with it is reported where it was named.
    fn read(&mut self, path: &Path, named_at: Option<Span>) -> Option<FileIndex> {
        let name = shown(path);
        let problem = match self.disk.read(path) {
            Ok(bytes) => return self.decode(path, &name, bytes),
            Err(_) if path.is_dir() => Problem::new(
                Code::NotAFile,
                format!("{name} is a folder, a file was expected"),
            )
            .help("name one of the files in it"),
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
                Problem::new(Code::MissingFile, format!("there is no file {name}"))
                    .help_if(self.neighbour_like(path))
            }
            Err(error) => Problem::new(
                Code::Unreadable,
                format!("{name} cannot be read: {}", error.kind()),
            ),
        };
        match named_at {
            Some(at) => self.report(problem, at, "named here"),
            None => self.problems.push(problem),
        }
        None
    }

    fn neighbour_like(&self, path: &Path) -> Option<String> {
        let folder = match folder_of(path) {
            empty if empty.as_os_str().is_empty() => PathBuf::from("."),
            folder => folder,
        };
        let mut names: Vec<String> = (std::fs::read_dir(folder).ok()?)
            .filter_map(|entry| entry.ok()?.file_name().into_string().ok())
            .collect();
        names.sort();
        did_you_mean(
            path.file_name()?.to_str()?,
            names.iter().map(String::as_str),
        )
    }

    fn decode(&mut self, path: &Path, name: &str, bytes: Vec<u8>) -> Option<FileIndex> {
        let label = short_label(path);
        let origin = Origin::Local(folder_of(path));
        match String::from_utf8(bytes) {
            Ok(text) => Some(self.add_file(label, name, origin, &text)),
            Err(error) => {
                let valid = error.utf8_error().valid_up_to();
                let start = valid - line_ends_before(error.as_bytes(), valid);
                let lossy = String::from_utf8_lossy(error.as_bytes()).into_owned();
                let file = self.files.add(label, name, origin, &lossy);
                let at = Span {
                    file,
                    start,
                    end: start + char::REPLACEMENT_CHARACTER.len_utf8(),
                };
                let problem = Problem::new(Code::NotUtf8, format!("{name} is not UTF-8 text"))
                    .help("save the file as UTF-8; spreadsheets call it \"CSV UTF-8\"");
                self.report(problem, at, "these bytes are no UTF-8 character");
                None
            }
        }
    }

    /// The joint set named at a place: a bundled one or one beside the study by its id, or a file by its
    /// path from the folder of the file that names it.
    pub(crate) fn joint_set(&mut self, name: &str, named_at: Span) -> Option<Document> {
        if !is_path(name) {
            return self.find(Kind::Joint, name, named_at);
        }
        let path = match self.files.get(named_at.file).origin.clone() {
            Origin::Local(folder) => folder.join(as_path(name)),
            Origin::CommandLine => as_path(name),
            Origin::Bundled => self.home.clone().unwrap_or_default().join(as_path(name)),
        };
        self.open_path(&path, Some(Kind::Joint), Some(named_at))
    }

    /// The stays in a file that stands beside the scenario file naming it.
    pub(crate) fn stays(&mut self, name: &str, named_at: Span) -> Option<Vec<Days>> {
        let Origin::Local(folder) = self.files.get(named_at.file).origin.clone() else {
            let folder = self.home.clone().unwrap_or_default();
            return self.stays_at(&folder.join(as_path(name)), named_at);
        };
        self.stays_at(&folder.join(as_path(name)), named_at)
    }

    fn stays_at(&mut self, path: &Path, named_at: Span) -> Option<Vec<Days>> {
        let address = shown(path);
        if let Some(read) = self.stays.get(&address) {
            return read.clone();
        }
        let read = self
            .read(path, Some(named_at))
            .and_then(|file| self.parse_stays(file));
        self.stays.insert(address, read.clone());
        read
    }

    fn parse_stays(&mut self, file: FileIndex) -> Option<Vec<Days>> {
        let text = self.files.get(file).text().clone();
        match stays::read(&text) {
            Ok(days) if days.is_empty() => {
                let problem = Problem::new(Code::Stays, "the list of stays is empty");
                let at = self.files.top_of(file);
                self.report(problem, at, "expected one number of days on each line");
                None
            }
            Ok(days) => Some(days),
            Err(lines) => {
                for line in lines {
                    let message = format!("\"{}\" is not a number of days", line.found);
                    let at = Span {
                        file,
                        start: line.start,
                        end: line.end,
                    };
                    let problem = Problem::new(Code::Stays, message)
                        .help("a list of stays holds one number of days on each line; only the first line may be a heading");
                    self.report(problem, at, "expected a number, such as 12.5");
                }
                None
            }
        }
    }
}

/// `extends` of a document, and where it stands.
fn extends(document: &Document) -> Option<(String, Span)> {
    let node = document.head()?.as_table()?.get("extends")?;
    Some((node.as_text()?.to_owned(), node.at))
}

/// What a document states, over its base. Services that it places leave the base's organisations.
fn over(kind: Kind, own: Table, base: &Table) -> Table {
    if kind != Kind::Structure {
        return own.over(base);
    }
    let mut base = base.clone();
    if let (Some(mine), Some(theirs)) = (own.table("organisation"), base.get_mut("organisation")) {
        let taken: Vec<String> = (mine.entries.iter())
            .filter_map(|organisation| organisation.node.as_table()?.get("runs"))
            .filter_map(|runs| match &runs.value {
                Value::List(items) => Some(items),
                _ => None,
            })
            .flatten()
            .filter_map(|service| service.as_text().map(str::to_owned))
            .collect();
        let stated: Vec<&str> = mine.entries.iter().map(|entry| &*entry.key).collect();
        if let Value::Table(theirs) = &mut theirs.value {
            for entry in &mut theirs.entries {
                if !stated.contains(&&*entry.key) {
                    take_away(&mut entry.node, &taken);
                }
            }
            theirs
                .entries
                .retain(|entry| stated.contains(&&*entry.key) || !runs_nothing(entry));
        }
    }
    own.over(&base)
}

fn take_away(organisation: &mut Node, taken: &[String]) {
    if let Value::Table(table) = &mut organisation.value
        && let Some(runs) = table.get_mut("runs")
        && let Value::List(services) = &mut runs.value
    {
        services.retain(|it| !it.as_text().is_some_and(|id| taken.iter().any(|t| t == id)));
    }
}

fn runs_nothing(organisation: &Entry) -> bool {
    let runs = (organisation.node.as_table()).and_then(|table| table.get("runs"));
    matches!(runs.map(|node| &node.value), Some(Value::List(services)) if services.is_empty())
}

fn ids_of(kind: Kind) -> impl Iterator<Item = &'static str> {
    (BUNDLED.iter())
        .filter(move |it| it.kind == kind)
        .map(|it| it.id)
}

fn bare_noun(kind: Kind) -> &'static str {
    let noun = kind.noun();
    noun.split_once(' ').map_or(noun, |(_, bare)| bare)
}

fn listed<'a>(names: impl IntoIterator<Item = &'a str>) -> String {
    names.into_iter().collect::<Vec<_>>().join(", ")
}

/// A path as users on any system write it.
fn as_path(name: &str) -> PathBuf {
    let given = PathBuf::from(name);
    if given.exists() {
        given
    } else {
        PathBuf::from(name.replace('\\', "/"))
    }
}

/// Does a file hold a joint set, by the ending of its name?
fn is_joint(path: &Path) -> bool {
    path.extension()
        .is_some_and(|it| it.eq_ignore_ascii_case(Kind::Joint.extension()))
}

/// Does a name lead to a file rather than to what is bundled?
pub(crate) fn is_path(name: &str) -> bool {
    name.contains(['/', '\\']) || name.ends_with(".toml") || is_joint(Path::new(name))
}

fn folder_of(path: &Path) -> PathBuf {
    path.parent().map(Path::to_owned).unwrap_or_default()
}

fn file_stem(path: &Path) -> String {
    path.file_stem()
        .map(|stem| stem.to_string_lossy().into_owned())
        .unwrap_or_default()
}

/// The folder of the given name beside this one.
fn sibling(folder: &Path, name: &str) -> PathBuf {
    match folder.file_name() {
        Some(_) => folder.with_file_name(name),
        None => folder.join("..").join(name),
    }
}

/// The path with slashes forward.
fn shown(path: &Path) -> String {
    let text = path.to_string_lossy().replace('\\', "/");
    text.strip_prefix("./").unwrap_or(&text).to_owned()
}

/// `structures/local-trust.toml`: the file with its folder, where the folder is one of ours.
pub(crate) fn short_label(path: &Path) -> String {
    let name = path
        .file_name()
        .map(|name| name.to_string_lossy().into_owned())
        .unwrap_or_default();
    let folder = (path.parent())
        .and_then(Path::file_name)
        .map(|folder| folder.to_string_lossy().into_owned());
    match folder {
        Some(folder) if Kind::ALL.iter().any(|kind| kind.folder() == folder) => {
            format!("{folder}/{name}")
        }
        _ => name,
    }
}

/// Is this a name and not a way through folders?
fn is_plain(id: &str) -> bool {
    !id.is_empty() && !id.contains(['/', '\\', '.', ':'])
}

/// Bytes that cleaning takes away before a byte: the mark at the start and returns before newlines.
fn line_ends_before(bytes: &[u8], end: usize) -> usize {
    let mark = if bytes.starts_with(&[0xef, 0xbb, 0xbf]) {
        3
    } else {
        0
    };
    let returns = bytes[..end].windows(2).filter(|it| *it == b"\r\n").count();
    mark + returns
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn no_scenario_file_is_forgotten() {
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("scenarios");
        let mut found = BTreeSet::new();
        for folder in std::fs::read_dir(&root).unwrap() {
            let folder = folder.unwrap().path();
            for file in std::fs::read_dir(&folder).unwrap() {
                let file = file.unwrap().path();
                found.insert(short_label(&file));
            }
        }
        let listed: BTreeSet<String> = BUNDLED.iter().map(Bundled::path).collect();
        assert_eq!(found, listed);
    }

    #[test]
    fn paths_lean_either_way() {
        assert_eq!(shown(Path::new("./a/b.toml")), "a/b.toml");
        assert_eq!(as_path(r"a\b.toml"), PathBuf::from("a/b.toml"));
        assert_eq!(
            sibling(Path::new("mine/studies"), "structures"),
            PathBuf::from("mine/structures")
        );
        assert_eq!(
            sibling(Path::new(""), "structures"),
            PathBuf::from("../structures")
        );
    }
}
