//! `seamline check`: every problem of scenario files.
#![allow(clippy::print_stderr)]

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use super::{DONE, WRONG, draw, text};
use crate::scenario::{BUNDLED, Kind, Problems, Request, check_bundled_as, check_file_as};

/// Checks the files; without any, all under `./scenarios`, or else the bundled ones. Studies are read
/// with what is asked otherwise.
pub(crate) fn check(files: &[PathBuf], asked: &Request) -> ExitCode {
    let folder = Path::new("scenarios");
    let found = if files.is_empty() && folder.is_dir() {
        scenario_files(folder)
    } else {
        files.to_vec()
    };
    let (checked, faulty) = if found.is_empty() {
        let results = (BUNDLED.iter()).map(|file| check_bundled_as(file.kind, file.id, asked));
        (BUNDLED.len(), report(results))
    } else {
        (
            found.len(),
            report(found.iter().map(|file| check_file_as(file, asked))),
        )
    };
    let files = match checked {
        1 => "1 file".to_owned(),
        _ => format!("{checked} files"),
    };
    if faulty == 0 {
        text::print(&format!("{files}, no problems\n"));
        return ExitCode::from(DONE);
    }
    if checked > 1 {
        eprintln!("{faulty} of {files} with problems");
    }
    ExitCode::from(WRONG)
}

/// Shows the problems of every file and counts the files that have any.
fn report(results: impl Iterator<Item = Result<(), Problems>>) -> usize {
    let mut faulty = 0;
    for problems in results.filter_map(Result::err) {
        draw::problems(&problems);
        faulty += 1;
    }
    faulty
}

/// The scenario files in the folders of their kinds, in the order of kinds and names.
fn scenario_files(root: &Path) -> Vec<PathBuf> {
    let mut files = Vec::new();
    for kind in Kind::ALL {
        let Ok(entries) = std::fs::read_dir(root.join(kind.folder())) else {
            continue;
        };
        let mut found: Vec<PathBuf> = entries
            .filter_map(|entry| Some(entry.ok()?.path()))
            .filter(|path| path.extension().is_some_and(|it| it == kind.extension()))
            .collect();
        found.sort();
        files.extend(found);
    }
    files
}
