//! `seamline run`: reads a study and runs it.
#![allow(clippy::print_stderr)]

use std::process::ExitCode;

use super::args::DEFAULT_STUDY;
use super::{RunArguments, UNFINISHED, WRONG, draw};
use crate::scenario::{Request, load};

/// Runs a study.
pub(crate) fn run(arguments: &RunArguments) -> ExitCode {
    let request = Request {
        study: arguments
            .study
            .clone()
            .unwrap_or_else(|| DEFAULT_STUDY.to_owned()),
        structures: arguments.structures.clone(),
        set: arguments.set.clone(),
        trials: arguments.trials,
        seed: arguments.seed,
    };
    match load(&request) {
        Ok(scenario) => {
            eprintln!(
                "{} is sound; this build does not run studies",
                scenario.study.id
            );
            ExitCode::from(UNFINISHED)
        }
        Err(problems) => {
            draw::problems(&problems);
            ExitCode::from(WRONG)
        }
    }
}
