//! `seamline sensitivity`: which values matter.

use std::collections::BTreeMap;
use std::process::ExitCode;

use super::args::SensitivityArguments;
use super::question::{Question, Work, at_least, option, two_trials};
use crate::inquiry::decide::ensemble::Asked;
use crate::inquiry::decide::sensitivity::{
    self as inquiry, Effort, FEWEST_ROWS, FEWEST_TRAJECTORIES,
};
use crate::report::decide::sensitivity as report;
use crate::report::terminal;

/// Screens all values, takes those that matter to indices, and tells. Exit codes: 0 done, 1 could not
/// finish, 2 wrong usage or a scenario with problems, 130 interrupted.
pub(crate) fn sensitivity(arguments: &SensitivityArguments) -> ExitCode {
    let effort = Effort {
        trajectories: arguments.trajectories,
        kept: arguments.keep,
        rows: arguments.rows,
    };
    let options = [
        option("trajectories", effort.trajectories),
        option("keep", effort.kept),
        option("rows", effort.rows),
        option("trials", arguments.trials),
    ];
    let faults = [
        at_least("trajectories", effort.trajectories, FEWEST_TRAJECTORIES),
        at_least("keep", effort.kept, 1),
        at_least("rows", effort.rows, FEWEST_ROWS),
        two_trials(arguments.trials),
    ];
    let question = Question {
        name: "sensitivity",
        arguments: &arguments.question,
        options: options.concat(),
        vary: arguments.vary.clone(),
        any_measure: true,
        faults: faults.into_iter().flatten().collect(),
    };
    let study = match question.study() {
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
        runs: inquiry::runs(study.to_vary.factors().len(), effort) as u64,
        called: "runs",
        known: BTreeMap::new(),
        find: &|plan, watch| {
            inquiry::sensitivities(&asked, study.to_vary.clone(), effort, plan, watch)
        },
        files: &|found, view| report::files(found, scenario, view),
        said: &|found| terminal::sensitivities(found, &scenario.study),
    };
    question.answer(&study, &asked.parameters, &work)
}
