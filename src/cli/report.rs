//! `seamline report`: writes the report of a finished run again, without simulating.

use std::process::ExitCode;

use crate::report::page::{self, Options};

use super::args::ReportArguments;
use super::{DONE, finished, text};

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
