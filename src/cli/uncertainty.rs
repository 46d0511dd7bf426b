//! `seamline uncertainty`: values drawn from their ranges, and how sure the choice is.

#![allow(clippy::print_stderr, reason = "printing is what a command is for")]

use std::process::ExitCode;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;
use std::time::Instant;

use super::args::{DesignChoice, UncertaintyArguments};
use super::kept::Kept;
use super::long_work::{progress_bar, stop_when_interrupted, without_a_fault};
use super::run::{COULD_NOT_FINISH, INTERRUPTED, command, destination, name_local_files, refuse};
use super::{DONE, UNFINISHED, WRONG, draw, text};
use crate::experiment::Plan;
use crate::inquiry::decide::designs::Design;
use crate::inquiry::decide::ensemble::{Asked, Unfinished, Watch, WhoseLuck};
use crate::inquiry::decide::uncertainty::{self as inquiry, FEWEST_DRAWS, Uncertainty};
use crate::report::manifest::{self, DrawsView};
use crate::report::write;
use crate::report::{terminal, uncertainty as report};
use crate::scenario::{self, Request, ToVary};

/// Draws values, runs the study at each draw, and tells what that means for the choice. Exit codes: 0
/// done, 1 could not finish, 2 wrong usage or a scenario with problems, 130 interrupted.
pub(crate) fn uncertainty(arguments: &UncertaintyArguments) -> ExitCode {
    let started = Instant::now();
    let design = design(arguments);
    let request = request(arguments);
    let faults = wrong_numbers(arguments, design);
    let study = match scenario::load_to_vary(&request, &arguments.vary) {
        Ok(study) => study,
        Err(problems) => {
            draw::problems(&problems);
            tell(&faults);
            return ExitCode::from(WRONG);
        }
    };
    let measures = match inquiry::measures_of(&study, &arguments.measures) {
        Ok(measures) if faults.is_empty() => measures,
        Ok(_) => {
            tell(&faults);
            return ExitCode::from(WRONG);
        }
        Err(unknown) => {
            tell(&faults);
            let known = inquiry::measures_of(&study, &[]).unwrap_or_default();
            let known: Vec<&str> = known.iter().map(|it| it.id).collect();
            eprintln!(
                "error: the study has no measure {} by which structures are better or worse; for example {}",
                unknown.join(", "),
                known.join(", ")
            );
            return ExitCode::from(WRONG);
        }
    };
    if !arguments.quiet {
        name_local_files(&study.scenario);
    }
    let view = DrawsView {
        question: "uncertainty",
        design: match design {
            Design::Sobol => "scrambled Sobol points",
            Design::LatinHypercube => "Latin hypercube",
        },
        draws: arguments.draws,
        trials_a_draw: arguments.trials,
        between: (study.parameters.iter())
            .map(|it| {
                let (from, to) = it.range.clone();
                (it.path().to_owned(), from, to)
            })
            .collect(),
        measures: measures.iter().map(|it| it.id).collect(),
    };
    let inputs = manifest::draws_inputs(&study.scenario, &view);
    let name = format!("uncertainty-{}", study.scenario.study.id);
    let destination = destination(arguments.out.as_deref(), arguments.replace, name);
    if let Err(error) = write::check(&destination, &inputs) {
        return refuse(&error);
    }
    let kept = match Kept::open(&destination.parent(), &inputs) {
        Ok(kept) => kept,
        Err(error) => {
            eprintln!("error: could not keep runs: {error}");
            return ExitCode::from(UNFINISHED);
        }
    };
    let stop = Arc::new(AtomicBool::new(false));
    stop_when_interrupted(&stop);
    let scenario = study.scenario.clone();
    let asked = Asked {
        request,
        parameters: study.parameters.clone(),
        trials: arguments.trials,
        measures,
        luck: WhoseLuck::Own,
    };
    let work = || found(&asked, study, design, arguments, &kept, &stop);
    let found = match without_a_fault(work) {
        Ok(Ok(found)) => found,
        Ok(Err(Unfinished::Stopped)) => {
            eprintln!(
                "interrupted after {} draws, which are kept: the same command goes on from there",
                kept.count()
            );
            return ExitCode::from(INTERRUPTED);
        }
        Ok(Err(Unfinished::Refused(problems))) => {
            eprintln!("error: the study refuses values of a draw together:");
            draw::problems(&problems);
            return ExitCode::from(WRONG);
        }
        Err(fault) => {
            eprintln!(
                "error: a fault in seamline, not in your files: {fault}; please report it with the \
                 scenario files (seed {})",
                scenario.study.seed
            );
            return ExitCode::from(COULD_NOT_FINISH);
        }
    };
    let files = report::files(&found, &scenario, &view);
    let took = started.elapsed().as_secs_f64();
    let log = format!(
        "program: {} {}\ntook: {took:.1} seconds\ndraws kept from before: {}\ncommand: {}\n",
        env!("CARGO_PKG_NAME"),
        env!("CARGO_PKG_VERSION"),
        kept.already_there(),
        command(),
    );
    match write::write(&destination, &inputs, &files, &log) {
        Ok(written) => {
            kept.remove();
            let said = terminal::uncertainty(&found, &scenario.study);
            let closing = format!(
                "\nTook {took:.0} seconds. Files: {}\n",
                written.folder.display()
            );
            text::print(&(said + &closing));
            ExitCode::from(DONE)
        }
        Err(error) => refuse(&error),
    }
}

fn found(
    asked: &Asked,
    study: ToVary,
    design: Design,
    arguments: &UncertaintyArguments,
    kept: &Kept,
    stop: &AtomicBool,
) -> Result<Uncertainty, Unfinished> {
    let plan = Plan {
        threads: arguments.threads,
    };
    let bar = progress_bar(arguments.draws as u64, "draws", arguments.quiet);
    let watch = Watch {
        known: &|run| {
            let numbers = kept.numbers(run)?;
            bar.inc(1);
            Some(numbers)
        },
        on_run: &|run, numbers| {
            kept.keep(run, numbers);
            bar.inc(1);
        },
        stop,
    };
    let found = inquiry::uncertainty(asked, study, (design, arguments.draws), &plan, &watch);
    bar.finish_and_clear();
    found
}

fn design(arguments: &UncertaintyArguments) -> Design {
    match arguments.design {
        DesignChoice::Sobol => Design::Sobol,
        DesignChoice::LatinHypercube => Design::LatinHypercube,
    }
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

fn tell(faults: &[String]) {
    for fault in faults {
        eprintln!("error: {fault}");
    }
}

fn request(arguments: &UncertaintyArguments) -> Request {
    Request {
        study: arguments.study_or_default(),
        structures: arguments.structures.clone(),
        set: arguments.set.clone(),
        seed: arguments.seed,
        off: arguments.off.clone(),
        only: arguments.only.clone(),
        ..Request::default()
    }
}
