//! `seamline tipping`: a map of the best structure over two values.

use std::collections::BTreeMap;
use std::process::ExitCode;

use super::args::TippingArguments;
use super::question::{Question, Work, at_least, option, two_trials};
use crate::inquiry::decide::ensemble::Asked;
use crate::inquiry::decide::tipping::{self as inquiry, FEWEST_PLACES};
use crate::report::decide::tipping as report;
use crate::report::terminal;
use crate::scenario;

/// Runs the study at every place of a map, and tells where which structure is best. Exit codes: 0 done,
/// 1 could not finish, 2 wrong usage or a scenario with problems, 130 interrupted.
pub(crate) fn tipping(arguments: &TippingArguments) -> ExitCode {
    let options = [
        option("side", arguments.side),
        option("trials", arguments.trials),
    ];
    let faults = at_least("side", arguments.side, FEWEST_PLACES);
    let question = Question {
        name: "tipping",
        arguments: &arguments.question,
        options: options.concat(),
        vary: Vec::new(),
        any_measure: false,
        faults: faults
            .into_iter()
            .chain(two_trials(arguments.trials))
            .collect(),
    };
    let load = |request: &_| scenario::load_axes(request, [&arguments.x, &arguments.y]);
    let study = match question.study_by(&load) {
        Ok(study) => study,
        Err(code) => return code,
    };
    let asked = Asked {
        request: question.request(),
        parameters: study.to_vary.parameters.clone(),
        trials: arguments.trials,
        measures: study.measures.clone(),
    };
    let scenario = &study.to_vary.scenario;
    let work = Work {
        runs: inquiry::runs(arguments.side) as u64,
        called: "runs",
        known: BTreeMap::new(),
        find: &|plan, watch| inquiry::tipping(&asked, &study.to_vary, arguments.side, plan, watch),
        files: &|found, view| report::files(found, scenario, view),
        said: &|found| terminal::tipping(found, &scenario.study),
    };
    question.answer(&study, &asked.parameters, &work)
}
