//! `seamline verify`: tests the engine on a study, prints what passes and what does not, and holds its
//! queues against theory.

#![allow(
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "printing is what a command is for"
)]

use std::process::ExitCode;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant, SystemTime};

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

use super::again::{Again, NOTHING_COMPARED};
use super::args::DEFAULT_STUDY;
use super::long_work::{stop_when_interrupted, without_a_fault};
use super::run::log::RunLog;
use super::run::{
    COULD_NOT_FINISH, INTERRUPTED, WRONG_USAGE, command, name_local_files, refuse, threads,
};
use super::{DONE, UNFINISHED, VerifyArguments, draw, text};
use crate::experiment::Plan;
use crate::inquiry::verify::{self, Verification};
use crate::report::write::{self, Destination};
use crate::report::{self, json, manifest, terminal};
use crate::scenario::{self, Request, Scenario};

/// Verifies a study. Exit codes: 0 every test that applies passes, 1 a test fails or verification could
/// not finish, 2 wrong usage or a scenario with problems, 130 interrupted.
pub(crate) fn verify(arguments: &VerifyArguments) -> ExitCode {
    let started = Instant::now();
    let again = arguments.making.again.as_ref();
    let request = again.map_or_else(|| request(arguments), Again::request);
    let scenario = match scenario::load(&request) {
        Ok(scenario) => scenario,
        Err(problems) => {
            draw::problems(&problems);
            return ExitCode::from(WRONG_USAGE);
        }
    };
    if !arguments.quiet && again.is_none() {
        name_local_files(&scenario);
    }
    let destination = arguments.out.clone().map(|folder| Destination::Chosen {
        folder,
        replace: arguments.replace,
    });
    let inputs = manifest::inputs_of_verification(&scenario);
    if let Some(destination) = &destination
        && let Err(error) = write::check(destination, &inputs)
    {
        return refuse(&error);
    }

    let stop = Arc::new(AtomicBool::new(false));
    stop_when_interrupted(&stop);
    let found = match without_a_fault(|| find_out(&request, &scenario, arguments, &stop)) {
        Ok(Some(found)) if !stop.load(Ordering::Relaxed) => found,
        Ok(_) => {
            match again {
                Some(_) => eprintln!("{NOTHING_COMPARED}"),
                None => eprintln!("interrupted; nothing written"),
            }
            return ExitCode::from(INTERRUPTED);
        }
        Err(fault) => {
            eprintln!(
                "error: a fault in seamline, not in your files: {fault}; please report it with the \
                 scenario files (seed {})",
                scenario.study.seed
            );
            return ExitCode::from(COULD_NOT_FINISH);
        }
    };

    if let Some(again) = again {
        return again.take(report::verification_files(&found, &scenario));
    }
    let took = started.elapsed();
    if let Some(destination) = &destination {
        let log = RunLog {
            ended: SystemTime::now(),
            took,
            threads: threads(arguments.threads),
            events: 0,
            command: command(),
        };
        let files = report::verification_files(&found, &scenario);
        match write::write(destination, &inputs, &files, &log.text()) {
            Ok(written) => {
                if !arguments.quiet {
                    eprintln!("Files: {}", written.folder.display());
                }
            }
            Err(error) => return refuse(&error),
        }
    }
    let told = if arguments.json {
        json::verification(&found, &scenario.study) + "\n"
    } else {
        terminal::verification(&found, &scenario.study)
    };
    text::print(&told);
    if !arguments.quiet {
        eprintln!("Verified in {} seconds.", took.as_secs());
    }
    ExitCode::from(code(&found))
}

fn request(arguments: &VerifyArguments) -> Request {
    let study = arguments.study.clone();
    Request {
        study: study.unwrap_or_else(|| DEFAULT_STUDY.to_owned()),
        structures: arguments.structures.clone(),
        set: arguments.set.clone(),
        trials: arguments.trials,
        seed: arguments.seed,
        off: arguments.off.clone(),
        only: arguments.only.clone(),
        ..Request::default()
    }
}

fn code(found: &Verification) -> u8 {
    if found.passes() { DONE } else { UNFINISHED }
}

fn find_out(
    request: &Request,
    scenario: &Scenario,
    arguments: &VerifyArguments,
    stop: &AtomicBool,
) -> Option<Verification> {
    let plan = Plan {
        threads: arguments.threads,
    };
    let bar = progress_bar(arguments.quiet);
    let on_run = |progress: verify::Progress| {
        bar.set_length(u64::from(progress.of));
        bar.set_position(u64::from(progress.done));
    };
    let found = verify::verify(request, scenario, &plan, &on_run, stop);
    bar.finish_and_clear();
    found
}

fn progress_bar(quiet: bool) -> ProgressBar {
    let target = if quiet {
        ProgressDrawTarget::hidden()
    } else {
        // Draws nothing where standard error is not a terminal.
        ProgressDrawTarget::stderr()
    };
    let template = "{bar:40} {pos} of {len} runs of the study, about {eta} left";
    let style = ProgressStyle::with_template(template)
        .expect("the template of the progress bar is well formed");
    let bar = ProgressBar::with_draw_target(Some(1), target).with_style(style);
    bar.enable_steady_tick(Duration::from_millis(200));
    bar
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::sample;

    #[test]
    fn one_failed_test_is_exit_code_1() {
        assert_eq!(code(&sample::verification()), UNFINISHED);
        let mut passing = sample::verification();
        passing.checks.retain(|check| !check.fails());
        assert_eq!(code(&passing), DONE);
    }
}
