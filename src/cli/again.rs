//! What it takes to make results again: the words of a command in its manifest, and a command that
//! hands its files over instead of writing them.
//!
//! Every command whose arguments have a [`Making`] writes its words to its manifest and can be made
//! again from there. How its study is read is not among the words: the manifest has the request and
//! every file.

use std::ffi::OsString;
use std::process::ExitCode;
use std::sync::{Arc, Mutex, PoisonError};

use clap::{ArgMatches, CommandFactory, FromArgMatches};

use super::DONE;
use super::args::{Arguments, Command};
use crate::report::File;
use crate::report::manifest::Kept;
use crate::scenario::Request;

/// What results do not depend on, or what the request of a study says.
const NOT_AMONG_THE_WORDS: [&str; 15] = [
    "study",
    "structures",
    "set",
    "seed",
    "off",
    "only",
    "joint",
    "targets",
    "warm_up",
    "observe",
    "out",
    "replace",
    "threads",
    "quiet",
    "json",
];

/// Said when work is interrupted whose results were to be compared.
pub(super) const NOTHING_COMPARED: &str = "interrupted; nothing was compared";

/// What a command is told besides its arguments.
#[derive(Debug, Clone, Default)]
pub(crate) struct Making {
    /// Its own words, for the manifest.
    pub(super) words: Vec<String>,
    /// Where its files go, if they are made again and only to be compared.
    pub(super) again: Option<Again>,
}

/// Results made again.
#[derive(Debug, Clone)]
pub(super) struct Again {
    /// How the study is read: from the texts of the manifest.
    request: Request,
    made: Arc<Mutex<Vec<File>>>,
}

impl Again {
    /// How the study is read.
    pub(super) fn request(&self) -> Request {
        self.request.clone()
    }

    /// Takes the files instead of a folder.
    pub(super) fn take(&self, files: Vec<File>) -> ExitCode {
        *self.made.lock().unwrap_or_else(PoisonError::into_inner) = files;
        ExitCode::from(DONE)
    }
}

/// Reads the arguments of the program, with the words of the command for its manifest.
pub(super) fn arguments(all: impl IntoIterator<Item = OsString>) -> Result<Arguments, clap::Error> {
    let matches = Arguments::command().try_get_matches_from(all)?;
    let mut arguments = Arguments::from_arg_matches(&matches)?;
    if let Some(making) = arguments.command.as_mut().and_then(Command::making) {
        making.words = words(&matches);
    }
    Ok(arguments)
}

/// The subcommand with all its values, defaults too, in the order in which the program declares them.
fn words(matches: &ArgMatches) -> Vec<String> {
    let command = Arguments::command();
    let Some((name, given)) = matches.subcommand() else {
        return Vec::new();
    };
    let mut words = vec![name.to_owned()];
    let declared = command.find_subcommand(name);
    for argument in declared.into_iter().flat_map(clap::Command::get_arguments) {
        let id = argument.get_id().as_str();
        if NOT_AMONG_THE_WORDS.contains(&id) || given.value_source(id).is_none() {
            continue;
        }
        if !argument.get_action().takes_values() {
            let option = argument.get_long().filter(|_| given.get_flag(id));
            words.extend(option.map(|option| format!("--{option}")));
            continue;
        }
        let values = given.get_raw(id).into_iter().flatten();
        words.extend(values.map(|value| {
            let value = value.to_string_lossy();
            match argument.get_long() {
                Some(option) => format!("--{option}={value}"),
                None => value.into_owned(),
            }
        }));
    }
    words
}

/// Does again what a manifest says, and hands over the files.
///
/// # Errors
/// The exit code of the command where it did not end as it should, having said why; or a sentence where
/// this version does not know the command.
pub(super) fn made(
    kept: &Kept,
    threads: Option<usize>,
    quiet: bool,
) -> Result<Result<Vec<File>, ExitCode>, String> {
    let mut words: Vec<OsString> = vec![env!("CARGO_PKG_NAME").into()];
    words.extend(kept.command.iter().map(OsString::from));
    words.extend(threads.map(|it| format!("--threads={it}").into()));
    words.extend(quiet.then(|| "--quiet".into()));
    let unknown = || {
        format!(
            "it was made by `{}` of version {}, which this version does not know",
            kept.command.join(" "),
            kept.version
        )
    };
    let mut command = arguments(words)
        .map_err(|_| unknown())?
        .command
        .ok_or_else(unknown)?;
    let again = Again {
        request: Request {
            kept: Some(kept.files.clone().into()),
            ..kept.request.clone()
        },
        made: Arc::default(),
    };
    command.making().ok_or_else(unknown)?.again = Some(again.clone());
    let code = super::done(command);
    if code != ExitCode::from(DONE) {
        return Ok(Err(code));
    }
    let files = again.made.lock().unwrap_or_else(PoisonError::into_inner);
    Ok(Ok(files.clone()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parsed(words: &[&str]) -> Command {
        let words = ["seamline"].iter().chain(words).map(OsString::from);
        arguments(words).unwrap().command.unwrap()
    }

    #[test]
    fn the_words_of_a_command_leave_out_what_the_request_says_and_results_do_not_depend_on() {
        let mut command = parsed(&[
            "uncertainty",
            "mine.toml",
            "--draws",
            "64",
            "--vary",
            "closeness,relations",
            "--set",
            "a=1",
            "--out",
            "there",
            "--threads",
            "2",
            "--quiet",
        ]);
        let words = command.making().unwrap().words.clone();
        assert_eq!(
            words,
            [
                "uncertainty",
                "--draws=64",
                "--trials=2",
                "--design=sobol",
                "--vary=closeness",
                "--vary=relations",
            ]
        );
        // Those words give the same words again.
        let words: Vec<&str> = words.iter().map(String::as_str).collect();
        assert_eq!(parsed(&words).making().unwrap().words, words);
        let mut map = parsed(&["tipping", "one=1..2", "other", "--side=5"]);
        let words = &map.making().unwrap().words;
        assert_eq!(words[..3], ["tipping", "one=1..2", "other"]);
    }

    /// Whatever asks a question of many runs, or fits or tests a study, can be made again.
    #[test]
    fn every_command_that_leaves_a_manifest_can_be_made_again() {
        let program = Arguments::command();
        let leaves_a_manifest = program.get_subcommands().filter(|command| {
            let ids: Vec<&str> = (command.get_arguments())
                .map(|it| it.get_id().as_str())
                .collect();
            let simulates = ["out", "replace", "threads"]
                .iter()
                .all(|it| ids.contains(it));
            simulates && command.get_name() != "run"
        });
        let names: Vec<&str> = leaves_a_manifest.map(clap::Command::get_name).collect();
        assert!(names.contains(&"calibrate") && names.contains(&"uncertainty"));
        for name in names {
            let needed = (program.find_subcommand(name).unwrap().get_arguments())
                .filter(|it| it.is_required_set())
                .flat_map(|it| {
                    let option = it.get_long().map(|long| format!("--{long}"));
                    option.into_iter().chain(["x".to_owned()])
                });
            let words: Vec<String> = std::iter::once(name.to_owned()).chain(needed).collect();
            let words: Vec<&str> = words.iter().map(String::as_str).collect();
            assert!(parsed(&words).making().is_some(), "{name}");
        }
    }
}
