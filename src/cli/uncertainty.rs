//! `seamline uncertainty`: values drawn from their ranges, and how sure the choice is.

use std::collections::BTreeMap;
use std::process::ExitCode;

use super::args::{DesignChoice, DrawArguments, UncertaintyArguments};
use super::question::{Question, Work, at_least, option, two_trials};
use crate::inquiry::decide::designs::Design;
use crate::inquiry::decide::ensemble::Asked;
use crate::inquiry::decide::uncertainty::{self as inquiry, FEWEST_DRAWS};
use crate::report::{terminal, uncertainty as report};

/// Draws values, runs the study at each draw, and tells what that means for the choice. Exit codes: 0
/// done, 1 could not finish, 2 wrong usage or a scenario with problems, 130 interrupted.
pub(crate) fn uncertainty(arguments: &UncertaintyArguments) -> ExitCode {
    let drawn = &arguments.drawn;
    let (design, word) = design_of(drawn.design);
    let question = Question {
        name: "uncertainty",
        arguments: &arguments.question,
        options: draw_options(drawn, word),
        vary: drawn.vary.clone(),
        any_measure: false,
        faults: wrong_draws(drawn, design),
    };
    let study = match question.study() {
        Ok(study) => study,
        Err(code) => return code,
    };
    let asked = Asked {
        request: question.request(),
        parameters: study.to_vary.parameters.clone(),
        trials: drawn.trials,
        measures: study.measures.clone(),
    };
    let scenario = &study.to_vary.scenario;
    let work = Work {
        runs: drawn.draws as u64,
        called: "draws",
        known: BTreeMap::new(),
        find: &|plan, watch| {
            let to_vary = study.to_vary.clone();
            inquiry::uncertainty(&asked, to_vary, (design, drawn.draws), plan, watch)
        },
        files: &|found, view| report::files(found, scenario, view),
        said: &|found| terminal::uncertainty(found, &scenario.study),
    };
    question.answer(&study, &asked.parameters, &work)
}

/// A design and its word on the command line.
pub(super) fn design_of(choice: DesignChoice) -> (Design, &'static str) {
    match choice {
        DesignChoice::Sobol => (Design::Sobol, "sobol"),
        DesignChoice::LatinHypercube => (Design::LatinHypercube, "latin-hypercube"),
    }
}

/// What is wrong with the numbers of the command.
pub(super) fn wrong_draws(asked: &DrawArguments, design: Design) -> Vec<String> {
    let too_many = design.most().filter(|most| asked.draws > *most);
    let too_many = too_many.map(|most| format!("--draws is {most} at most with --design sobol"));
    (at_least("draws", asked.draws, FEWEST_DRAWS).into_iter())
        .chain(too_many)
        .chain(two_trials(asked.trials))
        .collect()
}

/// The draws that are asked for, as words of the command.
pub(super) fn draw_options(asked: &DrawArguments, design: &str) -> Vec<String> {
    let options = [
        option("draws", asked.draws),
        option("trials", asked.trials),
        option("design", design),
    ];
    options.concat()
}
