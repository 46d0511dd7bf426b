//! `seamline warm-up`: the baseline from its first day, and whether the study's warm-up is long enough.

#![allow(clippy::print_stderr, reason = "printing is what a command is for")]

use std::collections::BTreeMap;
use std::process::ExitCode;

use super::WRONG;
use super::args::{QuestionArguments, WarmUpArguments};
use super::question::{Question, Work, option};
use crate::inquiry::decide::structures_of;
use crate::inquiry::decide::warm_up::{
    self as inquiry, Asked, LEAST, in_observations, step_of, usual,
};
use crate::report::decide::warm_up as report;
use crate::report::terminal;
use crate::scenario::{self, Scenario, ToVary};

/// Follows the baseline from its first day and judges the warm-up. Exit codes: 0 done, whatever the
/// verdict, 1 could not finish, 2 wrong usage or a scenario with problems, 130 interrupted.
pub(crate) fn warm_up(arguments: &WarmUpArguments) -> ExitCode {
    let asked_of_all = of_all(arguments);
    let mut faults = Vec::new();
    if arguments.trials < 2 {
        faults.push(format!(
            "--trials is 2 at least, found {}: with one trial luck cannot be told from a beginning",
            arguments.trials
        ));
    }
    let mut question = Question {
        name: "warm-up",
        arguments: &asked_of_all,
        options: Vec::new(),
        vary: Vec::new(),
        any_measure: false,
        faults,
    };
    let read = question.study_by(&|request| {
        Ok(ToVary {
            scenario: scenario::load(request)?,
            parameters: Vec::new(),
            left_out: Vec::new(),
            joint: None,
        })
    });
    let mut study = match read {
        Ok(study) => study,
        Err(code) => return code,
    };
    // What is followed are months, not measures.
    study.measures.clear();
    let scenario = study.to_vary.scenario.clone();
    let asked = match asked(arguments, &scenario) {
        Ok(asked) => asked,
        Err(fault) => {
            eprintln!("error: {fault}");
            return ExitCode::from(WRONG);
        }
    };
    let options = [
        option("trials", asked.trials),
        option("observations", asked.observations),
        option("step-seconds", asked.step),
    ];
    question.options = options.concat();
    let baseline = structures_of(&scenario).remove(0);
    let work = Work {
        runs: u64::from(asked.trials),
        called: "trials",
        known: BTreeMap::new(),
        find: &|plan, watch| inquiry::warm_up(&asked, plan, watch),
        files: &|found, view| report::files(found, &scenario, view),
        said: &|found| terminal::warm_up(found, &scenario.study, &baseline),
    };
    question.answer(&study, &[], &work)
}

/// What is to be followed; or what is wrong with the command.
fn asked(arguments: &WarmUpArguments, scenario: &Scenario) -> Result<Asked, String> {
    let step = step_of(scenario, arguments.step)
        .ok_or("--step is for networks: a study of children is followed by month")?;
    let observations = match &arguments.followed {
        None => usual(scenario, step),
        // The study was read with this in place of its observed time.
        Some(_) => in_observations(scenario.study.observe.get(), step),
    };
    let warm_up = in_observations(scenario.study.warm_up.get(), step);
    let least = LEAST.max(warm_up + LEAST / 5);
    if observations < least {
        let unit = match arguments.step {
            None => "months".to_owned(),
            Some(days) => format!("steps of {days} days"),
        };
        return Err(format!(
            "{observations} {unit} are too few to judge this warm-up: --observe is {least} {unit} at least"
        ));
    }
    Ok(Asked {
        scenario: scenario.clone(),
        trials: arguments.trials,
        step,
        observations,
    })
}

/// What every question is asked: of the baseline alone.
fn of_all(arguments: &WarmUpArguments) -> QuestionArguments {
    let mut set = arguments.set.clone();
    set.extend((arguments.followed.iter()).map(|time| format!("study.observe={time}")));
    QuestionArguments {
        study: arguments.study.clone(),
        structures: Some(String::new()),
        set,
        off: arguments.off.clone(),
        only: arguments.only.clone(),
        seed: arguments.seed,
        threads: arguments.threads,
        out: arguments.out.clone(),
        replace: arguments.replace,
        quiet: arguments.quiet,
        making: arguments.making.clone(),
        ..QuestionArguments::default()
    }
}
