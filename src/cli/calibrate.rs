//! `seamline calibrate`: parameters fitted to published figures.

#![allow(clippy::print_stderr, reason = "printing is what a command is for")]

use std::process::ExitCode;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;
use std::time::Instant;

use super::again::NOTHING_COMPARED;
use super::args::CalibrateArguments;
use super::kept::Kept;
use super::long_work::{progress_bar, stop_when_interrupted, without_a_fault};
use super::run::{INTERRUPTED, command, destination, refuse};
use super::{DONE, UNFINISHED, WRONG, draw, text};
use crate::experiment::Plan;
use crate::inquiry::calibrate::{Asked, Calibration, Design, Unfinished, Watch, calibrate as fit};
use crate::report::File;
use crate::report::calibration::{Fitted, files};
use crate::report::manifest::{self, CalibrationView};
use crate::report::terminal;
use crate::report::write;
use crate::scenario::{self, BUNDLED, Kind, Request, ToFit};

/// Runs of the chosen member with fresh luck.
const FRESH_RUNS: u32 = 12;

/// Fits what the figures of a study let vary. Exit codes: 0 done whatever agrees, 1 could not finish,
/// 2 wrong usage or a scenario with problems, 130 interrupted.
pub(crate) fn calibrate(arguments: &CalibrateArguments) -> ExitCode {
    let started = Instant::now();
    if let Some(wrong) = wrong_numbers(arguments) {
        eprintln!("error: {wrong}");
        return ExitCode::from(WRONG);
    }
    let request = request(arguments);
    let study = match scenario::load_to_fit(&request) {
        Ok(study) => study,
        Err(problems) => {
            draw::problems(&problems);
            return ExitCode::from(WRONG);
        }
    };
    let view = CalibrationView {
        runs: arguments.runs,
        generations: arguments.generations,
        trials_a_run: arguments.trials,
        seed: study.scenario.study.seed,
        command: arguments.making.words.clone(),
    };
    if let Some(again) = &arguments.making.again {
        return match worked(&asked(request, &view), &study, arguments, None) {
            Ok(calibration) => again.take(files_of(&calibration, &study, &view)),
            Err(code) => code,
        };
    }
    let inputs = manifest::calibration_inputs(&study.scenario, &view);
    let name = format!("calibration-{}", study.scenario.study.id);
    let destination = destination(arguments.out.as_deref(), arguments.replace, name);
    if let Err(error) = write::check(&destination, &inputs) {
        return refuse(&error);
    }
    let kept = match Kept::open(&destination.parent(), &inputs) {
        Ok(kept) => kept,
        Err(error) => {
            eprintln!("error: could not keep runs: {error}");
            return ExitCode::from(UNFINISHED);
        }
    };
    let calibration = match worked(&asked(request, &view), &study, arguments, Some(&kept)) {
        Ok(calibration) => calibration,
        Err(code) => return code,
    };
    let files = files_of(&calibration, &study, &view);
    let log = format!(
        "program: {} {}\ntook: {:.1} seconds\nruns kept from before: {}\ncommand: {}\n",
        env!("CARGO_PKG_NAME"),
        env!("CARGO_PKG_VERSION"),
        started.elapsed().as_secs_f64(),
        kept.already_there(),
        command(),
    );
    match write::write(&destination, &inputs, &files, &log) {
        Ok(written) => {
            kept.remove();
            let found =
                terminal::calibration(&calibration, &study.scenario.study, view.trials_a_run);
            let closing = format!(
                "\nTook {:.0} seconds. The joint set is in {}, the fitted values in {}.\n",
                started.elapsed().as_secs_f64(),
                written.folder.join("accepted.csv").display(),
                written.folder.join("fitted.toml").display()
            );
            text::print(&(found + &closing));
            ExitCode::from(DONE)
        }
        Err(error) => refuse(&error),
    }
}

fn asked(request: Request, view: &CalibrationView) -> Asked {
    Asked {
        request,
        design: Design {
            seed: view.seed,
            runs: view.runs,
            generations: view.generations,
        },
        trials: view.trials_a_run,
        fresh_runs: FRESH_RUNS,
    }
}

/// Every file, the study named as it is wherever its folder lies.
fn files_of(calibration: &Calibration, study: &ToFit, view: &CalibrationView) -> Vec<File> {
    let asked = &study.scenario.asked;
    let fitted = Fitted {
        study: &asked.study,
        set: &asked.set,
        seed: view.seed,
        is_bundled: (BUNDLED.iter()).any(|it| it.kind == Kind::Study && it.id == asked.study),
    };
    files(calibration, study, view, &fitted)
}

/// The calibration, or the exit code of what kept it from being done, having told why.
fn worked(
    asked: &Asked,
    study: &ToFit,
    arguments: &CalibrateArguments,
    kept: Option<&Kept>,
) -> Result<Calibration, ExitCode> {
    let stop = Arc::new(AtomicBool::new(false));
    stop_when_interrupted(&stop);
    match without_a_fault(|| fitted(asked, study, arguments, kept, &stop)) {
        Ok(Ok(calibration)) => Ok(calibration),
        Ok(Err(Unfinished::Stopped)) => {
            match kept {
                Some(kept) => eprintln!(
                    "interrupted after {} runs, which are kept: the same command goes on from there",
                    kept.count()
                ),
                None => eprintln!("{NOTHING_COMPARED}"),
            }
            Err(ExitCode::from(INTERRUPTED))
        }
        Ok(Err(Unfinished::Refused(problems))) => {
            eprintln!("error: the study refuses values that may be varied, drawn together:");
            draw::problems(&problems);
            Err(ExitCode::from(WRONG))
        }
        Err(fault) => {
            eprintln!(
                "error: a fault in seamline, not in your files: {fault}; please report it with the \
                 scenario files (seed {})",
                asked.design.seed
            );
            Err(ExitCode::from(UNFINISHED))
        }
    }
}

/// Runs that were kept before are known; without any to keep, all are made.
fn fitted(
    asked: &Asked,
    study: &ToFit,
    arguments: &CalibrateArguments,
    kept: Option<&Kept>,
    stop: &AtomicBool,
) -> Result<Calibration, Unfinished> {
    let plan = Plan {
        threads: arguments.threads,
    };
    let runs = asked.design.runs as u64 + u64::from(asked.fresh_runs);
    let bar = progress_bar(runs, "runs", arguments.quiet);
    let watch = Watch {
        known: &|run| {
            let figures = kept?.numbers(run)?;
            bar.inc(1);
            Some(figures)
        },
        on_run: &|run, figures| {
            if let Some(kept) = kept {
                kept.keep(run, figures);
            }
            bar.inc(1);
        },
        stop,
    };
    let done = fit(asked, study, &plan, &watch);
    bar.finish_and_clear();
    done
}

/// What is wrong with the numbers of the command, if anything is.
fn wrong_numbers(arguments: &CalibrateArguments) -> Option<String> {
    let wrong = |what: &str, found: usize, least: usize| {
        (found < least).then(|| format!("{what} is {least} at least, found {found}"))
    };
    wrong("--runs", arguments.runs, 20)
        .or_else(|| wrong("--generations", arguments.generations, 1))
        .or_else(|| wrong("--trials", arguments.trials as usize, 1))
}

fn request(arguments: &CalibrateArguments) -> Request {
    if let Some(again) = &arguments.making.again {
        return again.request();
    }
    let mut set = arguments.set.clone();
    for (path, value) in [
        ("study.warm_up", &arguments.warm_up),
        ("study.observe", &arguments.observe),
    ] {
        set.extend(value.iter().map(|value| format!("{path}={value}")));
    }
    Request {
        study: arguments.study_or_default(),
        // None but the baseline: figures were published of what there was.
        structures: Some(String::new()),
        set,
        seed: arguments.seed,
        figures: arguments.targets.clone(),
        off: arguments.off.clone(),
        only: arguments.only.clone(),
        ..Request::default()
    }
}
