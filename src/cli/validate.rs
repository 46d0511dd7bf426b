//! `seamline validate`: published figures beside what the study gives.

#![allow(clippy::print_stderr, reason = "printing is what a command is for")]

use std::process::ExitCode;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;

use super::args::ValidateArguments;
use super::long_work::{progress_bar, stop_when_interrupted, without_a_fault};
use super::{DONE, UNFINISHED, WRONG, draw, text};
use crate::experiment::results::Results;
use crate::experiment::{Plan, Prepared};
use crate::inquiry::published;
use crate::measures::Scope;
use crate::report::terminal::{figures, figures_json};
use crate::scenario::{self, Request, Scenario};

const INTERRUPTED: u8 = 130;

/// Runs the baseline of a study and holds published figures against it. Exit codes: 0 done whatever
/// agrees, 1 could not finish, 2 wrong usage or a scenario with problems, 130 interrupted.
pub(crate) fn validate(arguments: &ValidateArguments) -> ExitCode {
    let request = Request {
        study: arguments.study_or_default(),
        // None but the baseline: figures were published of what there was.
        structures: Some(String::new()),
        set: arguments.set.clone(),
        trials: arguments.trials,
        seed: arguments.seed,
        figures: arguments.targets.clone(),
        ..Request::default()
    };
    let mut scenario = match scenario::load(&request) {
        Ok(scenario) => scenario,
        Err(problems) => {
            draw::problems(&problems);
            return ExitCode::from(WRONG);
        }
    };
    let Some(set) = scenario.figures.take() else {
        eprintln!(
            "error: the study names no published figures; name a file of them with --targets, or in \
             the study as figures = \"...\""
        );
        return ExitCode::from(WRONG);
    };
    let stop = Arc::new(AtomicBool::new(false));
    stop_when_interrupted(&stop);
    let results = match without_a_fault(|| simulate(&scenario, arguments, &stop)) {
        Ok(Some(results)) => results,
        Ok(None) => {
            eprintln!("interrupted; nothing written");
            return ExitCode::from(INTERRUPTED);
        }
        Err(fault) => {
            eprintln!("error: a fault in seamline, not in your files: {fault}");
            return ExitCode::from(UNFINISHED);
        }
    };
    let held = published::hold(&set, &results);
    let is_network = results.scope == Scope::Network;
    if arguments.json {
        text::print(&(figures_json(&held, is_network) + "\n"));
    } else {
        text::print(&figures(&set, &held, &scenario.study, is_network));
    }
    ExitCode::from(DONE)
}

fn simulate(
    scenario: &Scenario,
    arguments: &ValidateArguments,
    stop: &AtomicBool,
) -> Option<Results> {
    let plan = Plan {
        threads: arguments.threads,
    };
    let prepared = Prepared::new(scenario, &plan, stop)?;
    let trials = u64::from(prepared.trials());
    let bar = progress_bar(trials, "trials", arguments.quiet);
    let results = prepared.run(&|_trial| bar.inc(1), stop);
    bar.finish_and_clear();
    results
}
