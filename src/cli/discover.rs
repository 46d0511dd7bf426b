//! `seamline discover`: in which region of the values one structure does better than another.

#![allow(clippy::print_stderr, reason = "printing is what a command is for")]

use std::process::ExitCode;

use super::WRONG;
use super::args::DiscoverArguments;
use super::question::{Question, Work, option};
use super::uncertainty::{design_of, draw_options, wrong_draws};
use crate::analysis::decision::{Pick, Search};
use crate::inquiry::decide::discover as inquiry;
use crate::inquiry::decide::ensemble::Asked;
use crate::report::decide::discover as report;
use crate::report::terminal;
use crate::scenario::{Scenario, did_you_mean};

/// Draws values, and tells where in their ranges one structure does better than another. Exit codes: 0
/// done, 1 could not finish, 2 wrong usage or a scenario with problems, 130 interrupted.
pub(crate) fn discover(arguments: &DiscoverArguments) -> ExitCode {
    let drawn = &arguments.drawn;
    let (design, word) = design_of(drawn.design);
    let draws = draw_options(drawn, word);
    let mut options = draws.clone();
    options.extend(option("regions", arguments.regions));
    let named = [("better", &arguments.better), ("than", &arguments.than)];
    for (name, id) in named {
        options.extend(id.iter().flat_map(|id| option(name, id)));
    }
    options.extend(
        arguments
            .density
            .iter()
            .flat_map(|it| option("density", it)),
    );
    let mut faults = wrong_draws(drawn, design);
    if let Some(density) = arguments.density.filter(|it| !(0.0..=100.0).contains(it)) {
        faults.push(format!(
            "--density is a percentage from 0 to 100, found {density}"
        ));
    }
    if arguments.regions == 0 {
        faults.push("--regions is 1 at least, found 0".to_owned());
    }
    let question = Question {
        name: "discover",
        arguments: &arguments.question,
        options,
        vary: drawn.vary.clone(),
        any_measure: false,
        faults,
    };
    let study = match question.study() {
        Ok(study) => study,
        Err(code) => return code,
    };
    let scenario = &study.to_vary.scenario;
    let pair = match pair(scenario, arguments) {
        Ok(pair) => pair,
        Err(faults) => {
            faults.iter().for_each(|fault| eprintln!("error: {fault}"));
            return ExitCode::from(WRONG);
        }
    };
    let search = Search {
        boxes: arguments.regions,
        pick: (arguments.density).map_or(Pick::Balanced, |it| Pick::Density(it / 100.0)),
        ..Search::default()
    };
    let asked = Asked {
        request: question.request(),
        parameters: study.to_vary.parameters.clone(),
        trials: drawn.trials,
        measures: study.measures.clone(),
    };
    let work = Work {
        runs: drawn.draws as u64,
        called: "draws",
        known: question.left_by("uncertainty", draws, &study),
        find: &|plan, watch| {
            let to_vary = study.to_vary.clone();
            inquiry::discoveries(
                &asked,
                to_vary,
                (design, drawn.draws),
                pair,
                &search,
                plan,
                watch,
            )
        },
        files: &|found, view| report::files(found, scenario, view),
        said: &|found| terminal::discoveries(found, &scenario.study),
    };
    question.answer(&study, &asked.parameters, &work)
}

/// Which structure is asked of, and which it is held against: the first beside the baseline, and the
/// baseline, where nothing else is said.
fn pair(scenario: &Scenario, arguments: &DiscoverArguments) -> Result<[usize; 2], Vec<String>> {
    let ids: Vec<&str> = scenario
        .structures
        .iter()
        .map(|it| it.id.as_str())
        .collect();
    let mut faults = Vec::new();
    let mut place = |id: Option<&String>, usual: usize| match id {
        None => usual,
        Some(id) => (ids.iter().position(|it| it == id)).unwrap_or_else(|| {
            let help = did_you_mean(id, ids.iter().copied());
            let help = help.map_or_else(String::new, |it| format!("; {it}"));
            let all = ids.join(", ");
            faults.push(format!(
                "the study compares no structure \"{id}\"{help}; it has {all}"
            ));
            usual
        }),
    };
    let than = place(arguments.than.as_ref(), 0);
    let better = place(arguments.better.as_ref(), usize::from(than == 0));
    if faults.is_empty() && ids.len() < 2 {
        faults.push(
            "one structure alone is not better than another; name some with --structures"
                .to_owned(),
        );
    } else if faults.is_empty() && better == than {
        faults.push(format!("\"{}\" is not better than itself", ids[better]));
    }
    match faults.is_empty() {
        true => Ok([better, than]),
        false => Err(faults),
    }
}
