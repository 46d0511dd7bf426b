//! `seamline report`: writes the report of a finished run again, without simulating.

#![allow(
    clippy::print_stderr,
    reason = "telling what is wrong is what a command is for"
)]

use std::fs;
use std::path::PathBuf;
use std::process::ExitCode;

use crate::report::page::analyses::{self, Kept};
use crate::report::page::{self, Options};
use crate::scenario::Scenario;

use super::args::ReportArguments;
use super::{DONE, WRONG, finished, text};

/// Writes the report. Exit codes: 0 done, 1 a file could not be written, 2 wrong usage or no such run.
pub(super) fn report(arguments: &ReportArguments) -> ExitCode {
    match try_report(arguments) {
        Ok(()) => ExitCode::from(DONE),
        Err(code) => code,
    }
}

fn try_report(arguments: &ReportArguments) -> Result<(), ExitCode> {
    let run = finished::open(arguments.run.as_deref())?;
    let options = Options {
        title: arguments.title.clone(),
        author: arguments.author.clone(),
        analyses: analyses_of(&run.scenario, &arguments.with)?,
        ..Options::default()
    };
    let mut said = String::new();
    for file in page::files(&run.of_report(), &options) {
        let path = run.folder.join(&file.name);
        finished::put(&path, &file.bytes)?;
        said.push_str(&format!("Report: {}\n", path.display()));
    }
    said.push_str(&format!("From:   {}\n", run.folder.display()));
    text::print(&said);
    Ok(())
}

/// The answers that stand in these folders, each of the same study as the run.
fn analyses_of(scenario: &Scenario, folders: &[PathBuf]) -> Result<Vec<Kept>, ExitCode> {
    let mut found: Vec<Kept> = Vec::new();
    let mut is_wrong = false;
    for folder in folders {
        let mut refuse = |why: String| {
            eprintln!(
                "error: {} cannot be told in this report: {why}",
                folder.display()
            );
            is_wrong = true;
        };
        let path = folder.join(analyses::FILE);
        let read = match fs::read(&path) {
            Ok(text) => Kept::read(&text, scenario).map_err(|error| error.to_string()),
            Err(error) => Err(format!(
                "{} cannot be read ({error}); it stands in the folders of uncertainty, sensitivity, flip, \
                 tipping and discover",
                path.display()
            )),
        };
        match read {
            Ok(kept) if found.iter().any(|it| it.inputs == kept.inputs) => {
                refuse("the same analysis is named twice".to_owned());
            }
            Ok(kept) => found.push(kept),
            Err(why) => refuse(why),
        }
    }
    match is_wrong {
        true => Err(ExitCode::from(WRONG)),
        false => Ok(found),
    }
}
