//! `seamline uncertainty`: values drawn from their ranges, and how sure the choice is.

use std::process::ExitCode;

use super::args::{DesignChoice, UncertaintyArguments};
use super::question::{Question, Work, option};
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
    let mut faults = Vec::new();
    if arguments.draws < FEWEST_DRAWS {
        let found = arguments.draws;
        faults.push(format!("--draws is {FEWEST_DRAWS} at least, found {found}"));
    }
    if let Some(most) = design.most().filter(|most| arguments.draws > *most) {
        faults.push(format!("--draws is {most} at most with --design sobol"));
    }
    if arguments.trials < 2 {
        let found = arguments.trials;
        faults.push(format!(
            "--trials is 2 at least, found {found}: with one trial luck cannot be told from values"
        ));
    }
    faults
}
