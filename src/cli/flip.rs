//! `seamline flip`: how far each value must go before another structure is best.

#![allow(clippy::print_stderr, reason = "printing is what a command is for")]

use std::collections::BTreeMap;
use std::process::ExitCode;

use super::WRONG;
use super::args::FlipArguments;
use super::question::{Question, Work, at_least, option, two_trials};
use crate::inquiry::decide::ensemble::Asked;
use crate::inquiry::decide::flip::{self as inquiry, FEWEST_PLACES};
use crate::report::decide::flip as report;
use crate::report::terminal;

/// Takes each value through its range, and tells what would change the answer. Exit codes: 0 done, 1 could
/// not finish, 2 wrong usage or a scenario with problems, 130 interrupted.
pub(crate) fn flip(arguments: &FlipArguments) -> ExitCode {
    let options = [
        option("places", arguments.places),
        option("trials", arguments.trials),
    ];
    let faults = at_least("places", arguments.places, FEWEST_PLACES);
    let question = Question {
        name: "flip",
        arguments: &arguments.question,
        options: options.concat(),
        vary: arguments.vary.clone(),
        any_measure: false,
        faults: faults
            .into_iter()
            .chain(two_trials(arguments.trials))
            .collect(),
    };
    let study = match question.study() {
        Ok(study) => study,
        Err(code) => return code,
    };
    let scenario = &study.to_vary.scenario;
    if scenario.structures.len() < 2 {
        eprintln!("error: one structure alone has no rival; name some with --structures");
        return ExitCode::from(WRONG);
    }
    let asked = Asked {
        request: question.request(),
        parameters: study.to_vary.parameters.clone(),
        trials: arguments.trials,
        measures: study.measures.clone(),
    };
    let work = Work {
        runs: inquiry::runs(&asked.parameters, arguments.places) as u64,
        called: "runs",
        known: BTreeMap::new(),
        find: &|plan, watch| {
            inquiry::flips(&asked, study.to_vary.clone(), arguments.places, plan, watch)
        },
        files: &|found, view| report::files(found, scenario, view),
        said: &|found| terminal::flips(found, &scenario.study),
    };
    question.answer(&study, &asked.parameters, &work)
}
