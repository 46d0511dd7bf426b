//! `seamline run`: reads a study, runs it, prints the comparison and writes the folder of results.

#![allow(
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "printing is what a command is for"
)]

mod enough;
mod kept;
pub(super) mod log;

use std::io::{self, Write as _};
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant, SystemTime};

use crate::analysis::decision::{Enough, Target};
use crate::analysis::{self, Summary};
use crate::cli::{RunArguments, draw};
use crate::experiment::results::{OneTrial, Results};
use crate::experiment::{Plan, Prepared, TrialName, Watch};
use crate::measures::Scope;
use crate::report::write::{self, Destination, WriteError, Written};
use crate::report::{self, json, manifest, precision, terminal};
use crate::scenario::{self, Request, Scenario, World};
use kept::Kept;
use log::RunLog;

use super::finished;
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
    match arguments.extend.as_deref() {
        None => {}
        Some(folder) => return extend(arguments, folder, started),
    }
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
    let name = scenario.study.id.to_string();
    let destination = destination(arguments.out.as_deref(), arguments.replace, name);
    run_to(arguments, scenario, &destination, None, started)
}

/// Adds trials to a finished run, in its own folder.
fn extend(arguments: &RunArguments, folder: &Path, started: Instant) -> ExitCode {
    let before = match finished::open(Some(folder)) {
        Ok(before) => before,
        Err(code) => return code,
    };
    // Trials of another program are not those that this one would run.
    let written = std::fs::read(before.folder.join(manifest::FILE)).unwrap_or_default();
    if manifest::inputs_in(&written) != Some(manifest::inputs(&before.scenario)) {
        eprintln!(
            "error: {} was written by another version or is changed: its trials cannot be mixed with new \
             ones; run the study again",
            folder.display()
        );
        return ExitCode::from(WRONG_USAGE);
    }
    let there = before.results.trials.len() as u32;
    let mut scenario = before.scenario;
    match arguments.trials {
        Some(trials) if trials > there => {
            scenario.study.trials = trials;
            scenario.asked.trials = Some(trials);
        }
        _ if !arguments.precision.is_empty() => {}
        found => {
            let found = found.map_or_else(String::new, |it| format!(", found {it}"));
            eprintln!(
                "error: {} has {there} trials; --extend needs --trials with more than that{found}, or \
                 --precision",
                folder.display()
            );
            return ExitCode::from(WRONG_USAGE);
        }
    }
    let destination = Destination::Chosen {
        folder: before.folder,
        replace: true,
    };
    run_to(
        arguments,
        scenario,
        &destination,
        Some(&before.results),
        started,
    )
}

/// Runs a study, but for the trials of an earlier run, and writes the results.
fn run_to(
    arguments: &RunArguments,
    mut scenario: Scenario,
    destination: &Destination,
    before: Option<&Results>,
    started: Instant,
) -> ExitCode {
    let targets = match targets(arguments, &scenario) {
        Ok(targets) => targets,
        Err(code) => return code,
    };
    if let Err(error) = write::check(destination, &manifest::inputs(&scenario)) {
        return refuse(&error);
    }
    let kept = Kept::open(
        &destination.parent(),
        &manifest::inputs_of_a_trial(&scenario),
    );
    if kept.already_there() > 0 && !arguments.quiet {
        let trials = kept.already_there();
        eprintln!(
            "note: {trials} trials are kept from a run that was interrupted, and not run again"
        );
    }
    for (name, trial) in before.into_iter().flat_map(trials_of) {
        kept.learn(name, trial);
    }
    let stop = Arc::new(AtomicBool::new(false));
    stop_when_interrupted(&stop);
    let wished = Wished {
        targets,
        already: before.map_or(0, |it| it.trials.len() as u32),
    };
    let work = || simulate(&mut scenario, &wished, arguments, &kept, &stop);
    let finished = match without_a_fault(work) {
        Ok(Some(finished)) if !stop.load(Ordering::Relaxed) => finished,
        Ok(_) => {
            match kept.count() {
                0 => eprintln!("interrupted; nothing written"),
                trials => eprintln!(
                    "interrupted; no results written, but {trials} trials are kept: the same command \
                     goes on from there"
                ),
            }
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
    let inputs = manifest::inputs(&scenario);
    match write::write(destination, &inputs, &finished.files, &log.text()) {
        Ok(written) => {
            kept.remove();
            show(arguments, &scenario, &finished, took, &written)
        }
        Err(error) => refuse(&error),
    }
}

/// The wishes for precision; tells what is wrong with them.
fn targets(arguments: &RunArguments, scenario: &Scenario) -> Result<Vec<Target>, ExitCode> {
    let is_network = matches!(
        scenario.structures.first().map(|it| &*it.world),
        Some(World::Network(_))
    );
    let scope = if is_network {
        Scope::Network
    } else {
        Scope::Children
    };
    let mut faults = Vec::new();
    if !arguments.precision.is_empty() && scenario.structures.len() < 2 {
        faults.push("--precision is of differences, and there is one structure alone".to_owned());
    }
    if let Some(most) = arguments.max_trials.filter(|most| *most < enough::FEWEST) {
        let fewest = enough::FEWEST;
        faults.push(format!(
            "--max-trials is {fewest} at least, found {most}: before, nothing can be told"
        ));
    }
    match enough::targets(&arguments.precision, scope) {
        Ok(targets) if faults.is_empty() => return Ok(targets),
        Ok(_) => {}
        Err(more) => faults.extend(more),
    }
    for fault in faults {
        eprintln!("error: {fault}");
    }
    Err(ExitCode::from(WRONG_USAGE))
}

/// All trials of a run, by name.
fn trials_of(results: &Results) -> impl Iterator<Item = (TrialName, OneTrial)> + '_ {
    let others = results.at_posts.iter().map(|(_, other)| other);
    let all = std::iter::once(results).chain(others).zip(0..);
    all.flat_map(|(results, posts)| {
        let trials = 0..results.trials.len() as u32;
        trials.filter_map(move |trial| {
            let name = TrialName { posts, trial };
            Some((name, results.one_trial(trial as usize)?))
        })
    })
}

/// Every file of a study's run but its log, made anew and written nowhere; `None` if interrupted.
pub(super) fn files_again(
    scenario: &Scenario,
    threads: Option<usize>,
    quiet: bool,
    stop: &AtomicBool,
) -> Option<Vec<report::File>> {
    let arguments = RunArguments {
        threads,
        quiet,
        ..RunArguments::default()
    };
    let mut scenario = scenario.clone();
    let nothing = Wished::default();
    let finished = simulate(&mut scenario, &nothing, &arguments, &Kept::nothing(), stop)?;
    Some(finished.files)
}

/// How precise differences are to be, and how many trials there are of an earlier run.
#[derive(Debug, Default)]
struct Wished {
    targets: Vec<Target>,
    already: u32,
}

/// What a run leaves when it is over.
struct Finished {
    summary: Summary,
    files: Vec<report::File>,
    /// What became of wishes for precision.
    precision: Option<Enough>,
}

fn simulate(
    scenario: &mut Scenario,
    wished: &Wished,
    arguments: &RunArguments,
    kept: &Kept,
    stop: &AtomicBool,
) -> Option<Finished> {
    let plan = Plan {
        threads: arguments.threads,
    };
    let mut prepared = Prepared::new(scenario, &plan, stop)?;
    if !arguments.quiet {
        warn_of_overloads(&prepared);
    }
    let mut precision = None;
    if !wished.targets.is_empty() {
        let bar = progress_bar(1, "trials", arguments.quiet);
        let most = arguments.max_trials.unwrap_or(enough::MOST);
        let limits = (wished.already, most);
        let found = enough::run(&prepared, &wished.targets, limits, kept, &bar, stop);
        bar.finish_and_clear();
        let (trials, found) = found?;
        // From here on it is the run of a study with so many trials.
        scenario.study.trials = trials;
        scenario.asked.trials = Some(trials);
        prepared = Prepared::new(scenario, &plan, stop)?;
        precision = Some(found);
    }
    let bar = progress_bar(u64::from(prepared.trials()), "trials", arguments.quiet);
    let results = prepared.run_watched(&Watch {
        known: &|name| {
            let known = kept.trial(name)?;
            bar.inc(1);
            Some(known)
        },
        on_trial: &|name, trial| {
            kept.keep(name, trial);
            bar.inc(1);
        },
        stop,
    });
    bar.finish_and_clear();
    let results = results?;
    let summary = analysis::summarise(&results);
    let stories = stories(&prepared, &summary, arguments, stop)?;
    let mut files = report::files(&report::Run {
        scenario,
        results: &results,
        summary: &summary,
        stories: &stories,
    });
    if let Some(found) = &precision {
        let trials = scenario.study.trials;
        files.push(precision::file(found, trials, &summary.structures));
    }
    Some(Finished {
        summary,
        files,
        precision,
    })
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

/// Where results go: the folder chosen, or else a numbered one of this name.
pub(super) fn destination(out: Option<&Path>, replace: bool, name: String) -> Destination {
    match out {
        Some(folder) => Destination::Chosen {
            folder: folder.to_owned(),
            replace,
        },
        None => Destination::Numbered {
            parent: PathBuf::from(OUTPUT),
            name,
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
    finished: &Finished,
    took: Duration,
    written: &Written,
) -> ExitCode {
    let summary = &finished.summary;
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
        let trials = scenario.study.trials;
        let precision = finished.precision.iter();
        let precision: String = precision
            .flat_map(|found| precision::told(found, trials, &summary.structures))
            .map(|it| "\n".to_owned() + &terminal::wrapped_paragraph(&it))
            .collect();
        format!("{comparison}{places}{precision}\n{closing}")
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
