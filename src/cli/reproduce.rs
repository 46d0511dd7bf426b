//! `seamline reproduce`: a finished run, or the answer to any other question that has a manifest, made
//! again from there and compared file by file.

#![allow(clippy::print_stderr, reason = "printing is what a command is for")]

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;

use sha2::{Digest, Sha256};

use super::again;
use super::args::ReproduceArguments;
use super::finished;
use super::long_work::{stop_when_interrupted, without_a_fault};
use super::run::{COULD_NOT_FINISH, INTERRUPTED, OUTPUT, files_again};
use super::{DONE, UNFINISHED, WRONG, text};
use crate::report::{File, precision, write};

/// How a file of a folder stands to the one that was made again.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Stands {
    Same,
    Differs,
    /// In the folder there is none.
    Missing,
    /// It is not one of the files that a run determines.
    NotOfTheRun,
}

/// Makes a finished run again from its manifest. Exit codes: 0 every file is the same, 1 one differs or
/// it could not finish, 2 no run there, 130 interrupted.
pub(crate) fn reproduce(arguments: &ReproduceArguments) -> ExitCode {
    let folder = match &arguments.run {
        Some(folder) => folder.clone(),
        None => match finished::newest(Path::new(OUTPUT)) {
            Some(folder) => folder,
            None => {
                eprintln!("error: there is no finished run in {OUTPUT}; name the folder of one");
                return ExitCode::from(WRONG);
            }
        },
    };
    let made = match made_again(&folder, arguments) {
        Ok(made) => made,
        Err(code) => return code,
    };
    let there = match contents(&folder) {
        Ok(there) => there,
        Err(error) => {
            eprintln!("error: {} cannot be read: {error}", folder.display());
            return ExitCode::from(COULD_NOT_FINISH);
        }
    };
    let compared = compared(&made, &there);
    text::print(&told(&folder, &compared));
    let is_same = |stands: &Stands| matches!(stands, Stands::Same | Stands::NotOfTheRun);
    ExitCode::from(match compared.values().all(|(stands, _)| is_same(stands)) {
        true => DONE,
        false => UNFINISHED,
    })
}

/// What the manifest of a folder asks for, once more.
fn made_again(folder: &Path, arguments: &ReproduceArguments) -> Result<Vec<File>, ExitCode> {
    let kept = finished::asked_in(folder)?;
    if !kept.command.is_empty() {
        return again::made(&kept, arguments.threads, arguments.quiet).unwrap_or_else(|unknown| {
            eprintln!("error: {}: {unknown}", folder.display());
            Err(ExitCode::from(WRONG))
        });
    }
    let scenario = finished::scenario_in(folder)?;
    let stop = Arc::new(AtomicBool::new(false));
    stop_when_interrupted(&stop);
    let work = || files_again(&scenario, arguments.threads, arguments.quiet, &stop);
    match without_a_fault(work) {
        Ok(Some(made)) => Ok(made),
        Ok(None) => {
            eprintln!("{}", again::NOTHING_COMPARED);
            Err(ExitCode::from(INTERRUPTED))
        }
        Err(fault) => {
            eprintln!("error: a fault in seamline, not in your files: {fault}; please report it");
            Err(ExitCode::from(COULD_NOT_FINISH))
        }
    }
}

/// Every file of a folder, by its name.
fn contents(folder: &PathBuf) -> std::io::Result<BTreeMap<String, Vec<u8>>> {
    let mut found = BTreeMap::new();
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        let name = path.file_name().map(|it| it.to_string_lossy().into_owned());
        if let Some(name) = name.filter(|_| path.is_file()) {
            found.insert(name, fs::read(&path)?);
        }
    }
    Ok(found)
}

/// Each file with how it stands and the beginning of the hash of what was made again.
fn compared(
    made: &[File],
    there: &BTreeMap<String, Vec<u8>>,
) -> BTreeMap<String, (Stands, String)> {
    let mut all = BTreeMap::new();
    for file in made {
        let stands = match there.get(&file.name) {
            Some(bytes) if *bytes == file.bytes => Stands::Same,
            Some(_) => Stands::Differs,
            None => Stands::Missing,
        };
        all.insert(file.name.clone(), (stands, short_hash(&file.bytes)));
    }
    for (name, bytes) in there {
        let entry = || (Stands::NotOfTheRun, short_hash(bytes));
        all.entry(name.clone()).or_insert_with(entry);
    }
    all
}

fn short_hash(bytes: &[u8]) -> String {
    let hash = Sha256::digest(bytes);
    hash.iter()
        .take(8)
        .map(|byte| format!("{byte:02x}"))
        .collect()
}

fn told(folder: &Path, compared: &BTreeMap<String, (Stands, String)>) -> String {
    let mut lines = Vec::new();
    for (name, (stands, hash)) in compared {
        let word = match stands {
            Stands::Same => "same",
            Stands::Differs => "DIFFERS",
            Stands::Missing => "MISSING",
            Stands::NotOfTheRun if [write::LOG, precision::FILE].contains(&name.as_str()) => "-",
            Stands::NotOfTheRun => "not of the run",
        };
        lines.push(format!("{hash}  {name}  {word}\n"));
    }
    let count = |wanted: &[Stands]| {
        let all = compared.values();
        all.filter(|(stands, _)| wanted.contains(stands)).count()
    };
    let same = count(&[Stands::Same]);
    let other = count(&[Stands::Differs, Stands::Missing]);
    lines.push(match other {
        0 => format!(
            "\n{}: made again from its manifest, all {same} files are the same to the byte.\n",
            folder.display()
        ),
        _ => format!(
            "\n{}: made again from its manifest, {same} files are the same and {other} are not. Another \
             version of the program can be why: manifest.json names the one that wrote it.\n",
            folder.display()
        ),
    });
    lines.concat()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_are_told_apart_by_their_bytes() {
        let file = |name: &str, bytes: &[u8]| File {
            name: name.to_owned(),
            bytes: bytes.to_vec(),
        };
        let made = [file("a", b"1"), file("b", b"2"), file("c", b"3")];
        let there = [("a", b"1"), ("b", b"9"), ("run.log", b"x")];
        let there = there.map(|(name, bytes)| (name.to_owned(), bytes.to_vec()));
        let compared = compared(&made, &BTreeMap::from(there));
        let stands = |name: &str| compared[name].0;
        assert_eq!(stands("a"), Stands::Same);
        assert_eq!(stands("b"), Stands::Differs);
        assert_eq!(stands("c"), Stands::Missing);
        assert_eq!(stands("run.log"), Stands::NotOfTheRun);
        let told = told(Path::new("mine"), &compared);
        assert!(
            told.contains("1 files are the same and 2 are not"),
            "{told}"
        );
    }
}
