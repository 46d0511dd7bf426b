//! `seamline run`: reads a study, runs it, prints the comparison and writes the folder of results.

#![allow(
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "printing is what a command is for"
)]

pub(super) mod log;

use std::io::{self, Write as _};
use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant, SystemTime};

use crate::analysis::{self, Summary};
use crate::cli::{RunArguments, draw};
use crate::experiment::{Plan, Prepared};
use crate::report::write::{self, Destination, WriteError, Written};
use crate::report::{self, json, manifest, terminal};
use crate::scenario::{self, Request, Scenario};
use log::RunLog;

use super::long_work::{progress_bar, stop_when_interrupted, without_a_fault};
use super::subject::spinner;
use crate::inquiry::story::{self, NoStory, Story};

/// Where results go unless `--out` says otherwise.
pub(super) const OUTPUT: &str = "output";

pub(super) const COULD_NOT_FINISH: u8 = 1;
pub(super) const WRONG_USAGE: u8 = 2;
pub(super) const INTERRUPTED: u8 = 130;

/// Runs a study. Exit codes: 0 done, 1 could not finish, 2 wrong usage or a scenario with problems,
/// 130 interrupted.
pub(crate) fn run(arguments: &RunArguments) -> ExitCode {
    let started = Instant::now();
    let request = Request {
        study: arguments.study_or_default(),
        structures: arguments.structures.clone(),
        set: arguments.set.clone(),
        trials: arguments.trials,
        seed: arguments.seed,
        off: arguments.off.clone(),
        only: arguments.only.clone(),
        ..Request::default()
    };
    let scenario = match scenario::load(&request) {
        Ok(scenario) => scenario,
        Err(problems) => {
            draw::problems(&problems);
            return ExitCode::from(WRONG_USAGE);
        }
    };
    if !arguments.quiet {
        name_local_files(&scenario);
    }
    let destination = destination(arguments, &scenario);
    let inputs = manifest::inputs(&scenario);
    if let Err(error) = write::check(&destination, &inputs) {
        return refuse(&error);
    }

    let stop = Arc::new(AtomicBool::new(false));
    stop_when_interrupted(&stop);
    let finished = match without_a_fault(|| simulate(&scenario, arguments, &stop)) {
        Ok(Some(finished)) if !stop.load(Ordering::Relaxed) => finished,
        Ok(_) => {
            eprintln!("interrupted; nothing written");
            return ExitCode::from(INTERRUPTED);
        }
        Err(fault) => {
            eprintln!(
                "error: a fault in seamline, not in your files: {fault}; nothing was written; \
                 please report it with the scenario files or the manifest of an earlier run \
                 (seed {})",
                scenario.study.seed
            );
            return ExitCode::from(COULD_NOT_FINISH);
        }
    };

    let took = started.elapsed();
    let log = RunLog {
        ended: SystemTime::now(),
        took,
        threads: threads(arguments.threads),
        events: finished.summary.events,
        command: command(),
    };
    match write::write(&destination, &inputs, &finished.files, &log.text()) {
        Ok(written) => show(arguments, &scenario, &finished.summary, took, &written),
        Err(error) => refuse(&error),
    }
}

/// What a run leaves when it is over.
struct Finished {
    summary: Summary,
    files: Vec<report::File>,
}

fn simulate(scenario: &Scenario, arguments: &RunArguments, stop: &AtomicBool) -> Option<Finished> {
    let plan = Plan {
        threads: arguments.threads,
    };
    let prepared = Prepared::new(scenario, &plan, stop)?;
    if !arguments.quiet {
        warn_of_overloads(&prepared);
    }
    let bar = progress_bar(u64::from(prepared.trials()), "trials", arguments.quiet);
    let results = prepared.run(&|_trial| bar.inc(1), stop);
    bar.finish_and_clear();
    let results = results?;
    let summary = analysis::summarise(&results);
    let stories = stories(&prepared, &summary, arguments, stop)?;
    let files = report::files(&report::Run {
        scenario,
        results: &results,
        summary: &summary,
        stories: &stories,
    });
    Some(Finished { summary, files })
}

/// Four children for the report: a typical one, the one with most unmet need, and one each caught and
/// lost by the structure that differs most from the baseline in the primary measure. `None` if interrupted.
fn stories(
    prepared: &Prepared,
    summary: &Summary,
    arguments: &RunArguments,
    stop: &AtomicBool,
) -> Option<Vec<Story>> {
    let Some(contrast) = summary.furthest_from_baseline() else {
        return Some(Vec::new());
    };
    let bar = spinner(arguments.quiet);
    bar.set_message("going through a trial again for the stories of four children");
    let told = story::of_run(prepared, contrast, stop);
    bar.finish_and_clear();
    match told {
        Ok(stories) => Some(stories),
        Err(NoStory::Stopped) => None,
        // A network has no children, and a study may have none whom a rule fits.
        Err(_) => Some(Vec::new()),
    }
}

/// Tells before the first trial which services will not keep up.
fn warn_of_overloads(prepared: &Prepared) {
    let (structures, services) = prepared.names();
    let overloads = analysis::overloads(prepared.means());
    for warning in report::terminal::overload_warnings(&overloads, &structures, &services) {
        eprint!("{}", report::terminal::wrapped_paragraph(&warning));
    }
}

pub(super) fn name_local_files(scenario: &Scenario) {
    let local: Vec<&str> = scenario
        .files
        .iter()
        .filter(|file| file.local)
        .map(|file| file.label.as_str())
        .collect();
    if !local.is_empty() {
        eprintln!("Your files: {}; all others are bundled.", local.join(", "));
    }
}

fn destination(arguments: &RunArguments, scenario: &Scenario) -> Destination {
    match &arguments.out {
        Some(folder) => Destination::Chosen {
            folder: folder.clone(),
            replace: arguments.replace,
        },
        None => Destination::Numbered {
            parent: PathBuf::from(OUTPUT),
            name: scenario.study.id.as_str().to_owned(),
        },
    }
}

pub(super) fn refuse(error: &WriteError) -> ExitCode {
    eprintln!("error: {error}");
    ExitCode::from(if error.is_wrong_choice() {
        WRONG_USAGE
    } else {
        COULD_NOT_FINISH
    })
}

pub(super) fn threads(asked: Option<usize>) -> usize {
    asked
        .or_else(|| std::thread::available_parallelism().ok().map(usize::from))
        .unwrap_or(1)
}

pub(super) fn command() -> String {
    let words: Vec<String> = std::env::args_os()
        .map(|word| word.to_string_lossy().into_owned())
        .collect();
    words.join(" ")
}

fn show(
    arguments: &RunArguments,
    scenario: &Scenario,
    summary: &Summary,
    took: Duration,
    written: &Written,
) -> ExitCode {
    if let Some(kept) = &written.kept {
        eprintln!(
            "note: what was there and is not of seamline is now in {}",
            kept.display()
        );
    }
    let text = if arguments.json {
        json::text(summary, &scenario.study, &written.folder) + "\n"
    } else {
        let comparison = terminal::comparison(summary, &scenario.study);
        let places = terminal::places(summary, scenario.figures.as_ref());
        let closing = terminal::closing(summary, took, &written.folder);
        format!("{comparison}{places}\n{closing}")
    };
    let mut out = io::stdout().lock();
    match out.write_all(text.as_bytes()).and_then(|()| out.flush()) {
        Ok(()) => ExitCode::SUCCESS,
        // The reader has seen enough (`| head`); the files are there.
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: could not print the comparison: {error}");
            ExitCode::from(COULD_NOT_FINISH)
        }
    }
}
