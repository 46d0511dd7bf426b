//! Writes a folder of results whole or not at all.
//!
//! The files are first written to a hidden folder beside the final one, which then takes its name.
//! Whatever happens in between, an earlier folder of results is either still there or is put back
//! by the next run; a half-written folder never has the final name. Nothing that this program did
//! not write is ever deleted.

use std::ffi::OsString;
use std::fs;
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};

use crate::report::{File, all_file_names, decide, manifest};

/// Name of the log, the one file that inputs do not determine.
pub const LOG: &str = "run.log";

const HIDDEN: &str = ".seamline-";
const PARTIAL: &str = ".partial";
const EARLIER: &str = ".earlier";
const LOCK: &str = ".seamline.lock";

/// Where results go.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Destination {
    /// A folder named after the study; other inputs go to the next free `-2`, `-3`.
    Numbered {
        /// The folder of all results.
        parent: PathBuf,
        /// The study's id.
        name: String,
    },
    /// A folder that the user chose.
    Chosen {
        /// The folder.
        folder: PathBuf,
        /// May it take the place of what is there?
        replace: bool,
    },
}

impl Destination {
    /// The folder in which the folder of results will stand.
    pub fn parent(&self) -> PathBuf {
        match self {
            Self::Numbered { parent, .. } => parent.clone(),
            Self::Chosen { folder, .. } => match folder.parent() {
                Some(parent) if !parent.as_os_str().is_empty() => parent.to_owned(),
                _ => PathBuf::from("."),
            },
        }
    }
}

/// What was written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Written {
    /// The folder of results.
    pub folder: PathBuf,
    /// Where a replaced folder was kept because it held files of others.
    pub kept: Option<PathBuf>,
}

/// Why results could not be written.
#[derive(Debug, thiserror::Error)]
pub enum WriteError {
    /// The chosen folder is something else.
    #[error("{0} is not a folder")]
    NotAFolder(PathBuf),
    /// The chosen folder is not empty and holds other results or other files.
    #[error("{0} holds something else; choose another folder, or add --replace to replace it")]
    HoldsSomethingElse(PathBuf),
    /// The chosen folder holds the current folder, or is it.
    #[error("{0} holds the folder in which the command was given and cannot be replaced")]
    HoldsCurrentFolder(PathBuf),
    /// The system refused.
    #[error("could not {doing} {path}: {source}")]
    Refused {
        /// What was tried.
        doing: &'static str,
        /// With what.
        path: PathBuf,
        /// What the system says.
        source: io::Error,
    },
}

impl WriteError {
    /// Is it the choice of folder that is wrong, not the disk?
    pub fn is_wrong_choice(&self) -> bool {
        !matches!(self, Self::Refused { .. })
    }
}

/// Finds out whether results can be written, before time is spent on them. Changes nothing.
///
/// # Errors
///
/// When the chosen folder is refused, or nothing can be written there.
pub fn check(destination: &Destination, inputs: &str) -> Result<(), WriteError> {
    let target = choose(destination, inputs)?;
    let mut there = parent_of(&target.folder);
    while !there.exists() {
        there = parent_of(&there);
    }
    if !there.is_dir() {
        return Err(WriteError::NotAFolder(there));
    }
    let probe = there.join(format!("{HIDDEN}{}{PARTIAL}", std::process::id()));
    fs::create_dir(&probe).map_err(refused("write to", &there))?;
    fs::remove_dir(&probe).map_err(refused("remove", &probe))
}

/// Writes the files and the log.
///
/// # Errors
///
/// When the chosen folder is refused or the system refuses; nothing has then changed.
pub fn write(
    destination: &Destination,
    inputs: &str,
    files: &[File],
    log: &str,
) -> Result<Written, WriteError> {
    let parent = match destination {
        Destination::Numbered { parent, .. } => parent.clone(),
        Destination::Chosen { folder, .. } => parent_of(&real(folder)),
    };
    fs::create_dir_all(&parent).map_err(refused("create", &parent))?;
    let _lock = Lock::of(&parent);
    recover(&parent)?;

    let target = choose(destination, inputs)?;
    if target.holds_the_same && files.iter().all(|file| is_there(file, &target.folder)) {
        let log_file = File {
            name: LOG.to_owned(),
            bytes: log.as_bytes().to_vec(),
        };
        write_file(&log_file, &target.folder)?;
        return Ok(Written {
            folder: target.folder,
            kept: None,
        });
    }

    let partial = hidden(&target.folder, PARTIAL);
    let written =
        write_all(&partial, files, log).and_then(|()| put_in_place(&partial, &target.folder));
    if written.is_err() {
        // The first error is the one to tell; what is left is removed by the next run.
        let _ = fs::remove_dir_all(&partial);
    }
    written.map(|kept| Written {
        folder: target.folder,
        kept,
    })
}

/// Puts a file in its place, whole or not at all: an older one stays until the new one is complete.
///
/// # Errors
///
/// When the system refuses; nothing has then changed.
pub fn put(path: &Path, bytes: &[u8]) -> Result<(), WriteError> {
    put_through(path, |file| file.write_all(bytes))
}

/// The same with what `fill` writes. Where it fails, nothing is put in place.
///
/// # Errors
///
/// When the system refuses; nothing has then changed.
pub fn put_through(
    path: &Path,
    fill: impl FnOnce(&mut dyn io::Write) -> io::Result<()>,
) -> Result<(), WriteError> {
    let parent = parent_of(path);
    fs::create_dir_all(&parent).map_err(refused("create", &parent))?;
    partial_in(&parent)
        .and_then(|partial| {
            let mut file = io::BufWriter::new(partial);
            fill(&mut file)?;
            let partial = file.into_inner().map_err(io::Error::from)?;
            partial.as_file().sync_all()?;
            // Whatever is dropped before this is removed.
            partial.persist(path).map_err(io::Error::from)
        })
        .map(|_| ())
        .map_err(refused("write", path))
}

/// A file without its final name.
fn partial_in(parent: &Path) -> io::Result<tempfile::NamedTempFile> {
    let mut builder = tempfile::Builder::new();
    builder.prefix(HIDDEN);
    // Readable by whom the user's other files are; left alone, only by the user.
    #[cfg(unix)]
    builder.permissions(std::os::unix::fs::PermissionsExt::from_mode(0o666));
    builder.tempfile_in(parent)
}

/// A folder that results may take.
struct Target {
    folder: PathBuf,
    holds_the_same: bool,
}

fn choose(destination: &Destination, inputs: &str) -> Result<Target, WriteError> {
    match destination {
        Destination::Numbered { parent, name } => {
            let mut number = 1;
            loop {
                let folder = parent.join(match number {
                    1 => name.clone(),
                    number => format!("{name}-{number}"),
                });
                match holding(&folder, inputs) {
                    Holding::Nothing => {
                        return Ok(Target {
                            folder,
                            holds_the_same: false,
                        });
                    }
                    Holding::SameResults => {
                        return Ok(Target {
                            folder,
                            holds_the_same: true,
                        });
                    }
                    Holding::SomethingElse => number += 1,
                }
            }
        }
        Destination::Chosen { folder, replace } => {
            let folder = real(folder);
            if folder.exists() && !folder.is_dir() {
                return Err(WriteError::NotAFolder(folder));
            }
            let holding = holding(&folder, inputs);
            if holding == Holding::SomethingElse && !replace {
                return Err(WriteError::HoldsSomethingElse(folder));
            }
            if holds_current(&folder) {
                return Err(WriteError::HoldsCurrentFolder(folder));
            }
            Ok(Target {
                folder,
                holds_the_same: holding == Holding::SameResults,
            })
        }
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Holding {
    /// It is not there, or empty.
    Nothing,
    /// Results of the same inputs.
    SameResults,
    /// Anything else.
    SomethingElse,
}

fn holding(folder: &Path, inputs: &str) -> Holding {
    if !folder.exists() {
        return Holding::Nothing;
    }
    let Ok(mut entries) = fs::read_dir(folder) else {
        return Holding::SomethingElse;
    };
    if entries.next().is_none() {
        return Holding::Nothing;
    }
    if inputs_of(folder).is_some_and(|there| there == inputs) {
        Holding::SameResults
    } else {
        Holding::SomethingElse
    }
}

fn inputs_of(folder: &Path) -> Option<String> {
    manifest::inputs_in(&fs::read(folder.join(manifest::FILE)).ok()?)
}

/// Does the folder hold results of this program, and nothing else?
fn is_only_ours(folder: &Path) -> bool {
    let Ok(entries) = fs::read_dir(folder) else {
        return false;
    };
    let names = all_file_names();
    let is_ours = |entry: fs::DirEntry| {
        let name = entry.file_name();
        let is_file = entry.file_type().is_ok_and(|kind| kind.is_file());
        let is_chart = name.to_str().is_some_and(decide::is_chart);
        is_file && (name == LOG || is_chart || names.iter().any(|ours| name == *ours))
    };
    inputs_of(folder).is_some() && entries.into_iter().all(|entry| entry.is_ok_and(is_ours))
}

fn is_there(file: &File, folder: &Path) -> bool {
    fs::read(folder.join(&file.name)).is_ok_and(|bytes| bytes == file.bytes)
}

fn write_all(partial: &Path, files: &[File], log: &str) -> Result<(), WriteError> {
    fs::create_dir(partial).map_err(refused("create", partial))?;
    for file in files {
        write_file(file, partial)?;
    }
    let log = File {
        name: LOG.to_owned(),
        bytes: log.as_bytes().to_vec(),
    };
    write_file(&log, partial)?;
    sync_folder(partial);
    Ok(())
}

fn write_file(file: &File, folder: &Path) -> Result<(), WriteError> {
    let path = folder.join(&file.name);
    fs::File::create(&path)
        .and_then(|mut handle| {
            handle.write_all(&file.bytes)?;
            handle.sync_all()
        })
        .map_err(refused("write", &path))
}

/// Gives the complete folder its name. An earlier folder steps aside first; if the new one cannot
/// follow, it steps back.
fn put_in_place(partial: &Path, folder: &Path) -> Result<Option<PathBuf>, WriteError> {
    let earlier = hidden(folder, EARLIER);
    let was_there = folder.exists();
    if was_there {
        fs::rename(folder, &earlier).map_err(refused("move aside", folder))?;
    }
    if let Err(source) = fs::rename(partial, folder) {
        if was_there {
            let _ = fs::rename(&earlier, folder);
        }
        return Err(refused("create", folder)(source));
    }
    sync_folder(&parent_of(folder));
    if was_there {
        retire(&earlier, folder)
    } else {
        Ok(None)
    }
}

/// Removes a replaced folder, or keeps it under a name of its own if it holds files of others.
fn retire(earlier: &Path, folder: &Path) -> Result<Option<PathBuf>, WriteError> {
    let is_empty = fs::read_dir(earlier).is_ok_and(|mut entries| entries.next().is_none());
    if is_empty || is_only_ours(earlier) {
        fs::remove_dir_all(earlier).map_err(refused("remove", earlier))?;
        return Ok(None);
    }
    let mut number = 1;
    let kept = loop {
        let mut name = folder.file_name().unwrap_or_default().to_owned();
        name.push(format!("-replaced-{number}"));
        let kept = folder.with_file_name(name);
        if !kept.exists() {
            break kept;
        }
        number += 1;
    };
    fs::rename(earlier, &kept).map_err(refused("keep", earlier))?;
    Ok(Some(kept))
}

/// Clears up after a run that was killed while writing: half-written folders go, an earlier folder
/// that had stepped aside comes back.
fn recover(parent: &Path) -> Result<(), WriteError> {
    let entries = fs::read_dir(parent).map_err(refused("read", parent))?;
    let mut left: Vec<OsString> = entries
        .filter_map(|entry| Some(entry.ok()?.file_name()))
        .collect();
    left.sort();
    for name in left {
        let Some(inner) = name.to_str().and_then(|name| name.strip_prefix(HIDDEN)) else {
            continue;
        };
        let path = parent.join(&name);
        if inner.ends_with(PARTIAL) {
            fs::remove_dir_all(&path).map_err(refused("remove", &path))?;
        } else if let Some(final_name) = inner.strip_suffix(EARLIER) {
            let folder = parent.join(final_name);
            if folder.exists() {
                retire(&path, &folder)?;
            } else {
                fs::rename(&path, &folder).map_err(refused("put back", &folder))?;
            }
        }
    }
    Ok(())
}

fn hidden(folder: &Path, suffix: &str) -> PathBuf {
    let mut name = OsString::from(HIDDEN);
    name.push(folder.file_name().unwrap_or_default());
    name.push(suffix);
    folder.with_file_name(name)
}

/// The folder as a whole path; where it is a link, the folder that it leads to.
fn real(folder: &Path) -> PathBuf {
    let whole = std::path::absolute(folder).unwrap_or_else(|_| folder.to_owned());
    if whole.is_symlink() {
        fs::canonicalize(&whole).unwrap_or(whole)
    } else {
        whole
    }
}

/// Is the folder the current one, or does it hold it?
fn holds_current(folder: &Path) -> bool {
    let current = fs::canonicalize(".");
    let folder = fs::canonicalize(folder);
    matches!((current, folder), (Ok(current), Ok(folder)) if current.starts_with(&folder))
}

fn parent_of(path: &Path) -> PathBuf {
    match path.parent() {
        Some(parent) if !parent.as_os_str().is_empty() => parent.to_owned(),
        Some(_) => PathBuf::from("."),
        None => path.to_owned(),
    }
}

/// Asks for the folder's entries to reach the disk, on systems where a folder can be opened.
fn sync_folder(folder: &Path) {
    let _ = fs::File::open(folder).and_then(|handle| handle.sync_all());
}

fn refused<'a>(
    doing: &'static str,
    path: &'a Path,
) -> impl FnOnce(io::Error) -> WriteError + use<'a> {
    move |source| WriteError::Refused {
        doing,
        path: path.to_owned(),
        source,
    }
}

/// Keeps two runs from writing to the same parent at once. Where the system has no locks, runs
/// that write at the same instant are kept apart by nothing.
struct Lock {
    path: PathBuf,
    file: Option<fs::File>,
}

impl Lock {
    fn of(parent: &Path) -> Self {
        let path = parent.join(LOCK);
        let file = fs::File::create(&path)
            .and_then(|file| file.lock().map(|()| file))
            .ok();
        Self { path, file }
    }
}

impl Drop for Lock {
    fn drop(&mut self) {
        if let Some(file) = self.file.take() {
            let _ = fs::remove_file(&self.path);
            let _ = file.unlock();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::sample;

    /// A manifest for this seed, and one table.
    fn results(seed: u64) -> (String, Vec<File>) {
        let mut study = sample::study();
        study.study.seed = seed;
        let table = File {
            name: "summary.csv".to_owned(),
            bytes: seed.to_string().into_bytes(),
        };
        (
            manifest::inputs(&study),
            vec![manifest::file(&study), table],
        )
    }

    fn write_numbered(parent: &Path, seed: u64) -> Result<Written, WriteError> {
        let (inputs, files) = results(seed);
        let destination = Destination::Numbered {
            parent: parent.to_owned(),
            name: "study".to_owned(),
        };
        write(&destination, &inputs, &files, "log\n")
    }

    fn write_chosen(folder: &Path, seed: u64, replace: bool) -> Result<Written, WriteError> {
        let (inputs, files) = results(seed);
        let destination = Destination::Chosen {
            folder: folder.to_owned(),
            replace,
        };
        check(&destination, &inputs)?;
        write(&destination, &inputs, &files, "log\n")
    }

    fn names_in(folder: &Path) -> Vec<String> {
        let mut names: Vec<String> = fs::read_dir(folder)
            .unwrap()
            .map(|entry| entry.unwrap().file_name().into_string().unwrap())
            .collect();
        names.sort();
        names
    }

    #[test]
    fn other_inputs_go_to_the_next_free_number_and_the_same_inputs_stay() {
        let home = tempfile::tempdir().unwrap();
        write_numbered(home.path(), 1).unwrap();
        write_numbered(home.path(), 2).unwrap();
        let third = write_numbered(home.path(), 3).unwrap();
        assert!(third.folder.ends_with("study-3"));
        let again = write_numbered(home.path(), 2).unwrap();
        assert!(again.folder.ends_with("study-2"));
        assert_eq!(names_in(home.path()), ["study", "study-2", "study-3"]);
        assert_eq!(
            names_in(&again.folder),
            ["manifest.json", "run.log", "summary.csv"]
        );
    }

    #[test]
    fn the_same_inputs_mend_what_was_changed() {
        let home = tempfile::tempdir().unwrap();
        let folder = write_numbered(home.path(), 1).unwrap().folder;
        fs::write(folder.join("summary.csv"), "edited").unwrap();
        write_numbered(home.path(), 1).unwrap();
        assert_eq!(fs::read_to_string(folder.join("summary.csv")).unwrap(), "1");
        assert_eq!(names_in(home.path()), ["study"]);
    }

    #[test]
    fn files_of_others_survive_a_run_with_the_same_inputs() {
        let home = tempfile::tempdir().unwrap();
        let folder = write_numbered(home.path(), 1).unwrap().folder;
        fs::write(folder.join("notes.txt"), "mine").unwrap();
        let again = write_numbered(home.path(), 1).unwrap();
        assert_eq!(again.folder, folder);
        assert!(folder.join("notes.txt").exists());
    }

    #[test]
    fn a_failure_leaves_earlier_results_as_they_were_and_nothing_else() {
        let home = tempfile::tempdir().unwrap();
        let folder = write_numbered(home.path(), 1).unwrap().folder;
        fs::write(folder.join("summary.csv"), "edited").unwrap();
        let (inputs, mut files) = results(1);
        // A file that cannot be created stands for a full disk.
        files.push(File {
            name: "no-such-folder/table.csv".to_owned(),
            bytes: Vec::new(),
        });
        let destination = Destination::Numbered {
            parent: home.path().to_owned(),
            name: "study".to_owned(),
        };
        let error = write(&destination, &inputs, &files, "log\n").unwrap_err();
        assert!(!error.is_wrong_choice(), "{error}");
        assert_eq!(
            fs::read_to_string(folder.join("summary.csv")).unwrap(),
            "edited"
        );
        assert_eq!(names_in(home.path()), ["study"]);
    }

    #[test]
    fn a_run_killed_while_writing_is_cleared_up_by_the_next() {
        let home = tempfile::tempdir().unwrap();
        let folder = write_numbered(home.path(), 1).unwrap().folder;
        // Killed between the two renames: the old folder has stepped aside, the new has no name.
        fs::rename(&folder, home.path().join(".seamline-study.earlier")).unwrap();
        fs::create_dir(home.path().join(".seamline-study.partial")).unwrap();
        fs::write(home.path().join(".seamline-study.partial/half"), "").unwrap();
        let second = write_numbered(home.path(), 2).unwrap();
        assert!(second.folder.ends_with("study-2"));
        assert_eq!(names_in(home.path()), ["study", "study-2"]);
        assert_eq!(fs::read_to_string(folder.join("summary.csv")).unwrap(), "1");
    }

    #[test]
    fn a_chosen_folder_that_holds_anything_else_is_refused() {
        let home = tempfile::tempdir().unwrap();
        let folder = home.path().join("mine");
        write_chosen(&folder, 1, false).unwrap();
        write_chosen(&folder, 1, false).unwrap();
        let error = write_chosen(&folder, 2, false).unwrap_err();
        assert!(
            matches!(error, WriteError::HoldsSomethingElse(_)),
            "{error}"
        );
        assert!(error.is_wrong_choice());
        write_chosen(&folder, 2, true).unwrap();
        assert_eq!(fs::read_to_string(folder.join("summary.csv")).unwrap(), "2");
        assert_eq!(names_in(home.path()), ["mine"]);
    }

    #[test]
    fn replacing_never_deletes_what_others_wrote() {
        let home = tempfile::tempdir().unwrap();
        let folder = home.path().join("mine");
        fs::create_dir(&folder).unwrap();
        fs::write(folder.join("thesis.txt"), "years of work").unwrap();
        let written = write_chosen(&folder, 1, true).unwrap();
        let kept = written.kept.unwrap();
        assert_eq!(
            fs::read_to_string(kept.join("thesis.txt")).unwrap(),
            "years of work"
        );
        assert!(folder.join("manifest.json").exists());
    }

    #[test]
    fn a_file_is_no_folder() {
        let home = tempfile::tempdir().unwrap();
        let file = home.path().join("file");
        fs::write(&file, "").unwrap();
        let error = write_chosen(&file, 1, true).unwrap_err();
        assert!(matches!(error, WriteError::NotAFolder(_)), "{error}");
        let error = write_chosen(&file.join("below"), 1, true).unwrap_err();
        assert!(matches!(error, WriteError::NotAFolder(_)), "{error}");
    }

    #[test]
    fn the_current_folder_is_not_replaced() {
        let current = std::env::current_dir().unwrap();
        let error = write_chosen(&current, 1, true).unwrap_err();
        assert!(
            matches!(error, WriteError::HoldsCurrentFolder(_)),
            "{error}"
        );
    }

    #[test]
    fn a_check_creates_nothing() {
        let home = tempfile::tempdir().unwrap();
        let destination = Destination::Chosen {
            folder: home.path().join("a/b/c"),
            replace: false,
        };
        check(&destination, "inputs").unwrap();
        assert!(names_in(home.path()).is_empty());
    }
}
