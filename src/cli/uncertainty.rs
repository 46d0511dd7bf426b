//! `seamline uncertainty`: values drawn from their ranges, and how sure the choice is.

use std::process::ExitCode;

use super::args::{DesignChoice, UncertaintyArguments};
use super::question::{Question, Work, at_least, option, two_trials};
use crate::inquiry::decide::designs::Design;
use crate::inquiry::decide::ensemble::Asked;
use crate::inquiry::decide::uncertainty::{self as inquiry, FEWEST_DRAWS};
use crate::report::{terminal, uncertainty as report};

/// Draws values, runs the study at each draw, and tells what that means for the choice. Exit codes: 0
/// done, 1 could not finish, 2 wrong usage or a scenario with problems, 130 interrupted.
pub(crate) fn uncertainty(arguments: &UncertaintyArguments) -> ExitCode {
    let (design, word) = match arguments.design {
        DesignChoice::Sobol => (Design::Sobol, "sobol"),
        DesignChoice::LatinHypercube => (Design::LatinHypercube, "latin-hypercube"),
    };
    let options = [
        option("draws", arguments.draws),
        option("trials", arguments.trials),
        option("design", word),
    ];
    let question = Question {
        name: "uncertainty",
        arguments: &arguments.question,
        options: options.concat(),
        vary: arguments.vary.clone(),
        faults: wrong_numbers(arguments, design),
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
        runs: arguments.draws as u64,
        called: "draws",
        find: &|plan, watch| {
            let drawn = (design, arguments.draws);
            inquiry::uncertainty(&asked, study.to_vary.clone(), drawn, plan, watch)
        },
        files: &|found, view| report::files(found, scenario, view),
        said: &|found| terminal::uncertainty(found, &scenario.study),
    };
    question.answer(&study, &asked.parameters, &work)
}

/// What is wrong with the numbers of the command.
fn wrong_numbers(arguments: &UncertaintyArguments, design: Design) -> Vec<String> {
    let too_many = design.most().filter(|most| arguments.draws > *most);
    let too_many = too_many.map(|most| format!("--draws is {most} at most with --design sobol"));
    (at_least("draws", arguments.draws, FEWEST_DRAWS).into_iter())
        .chain(too_many)
        .chain(two_trials(arguments.trials))
        .collect()
}
