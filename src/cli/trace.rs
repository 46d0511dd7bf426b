//! `seamline trace`: the story of one child, as a case review would tell it.

#![allow(
    clippy::print_stderr,
    reason = "telling what is wrong is what a command is for"
)]

use std::process::ExitCode;

use super::args::{StoryFormat, TraceArguments};
use super::subject::{Asked, place_of, with_prepared};
use super::{DONE, WRONG, finished, text};
use crate::inquiry::story::{self, Pick, Story};
use crate::report;
use crate::scenario::Scenario;

/// Tells of a child. Exit codes: 0 done, 1 could not finish, 2 wrong usage, a scenario with problems or no
/// such child, 130 interrupted.
pub(super) fn trace(arguments: &TraceArguments) -> ExitCode {
    match try_trace(arguments) {
        Ok(()) => ExitCode::from(DONE),
        Err(code) => code,
    }
}

fn try_trace(arguments: &TraceArguments) -> Result<(), ExitCode> {
    let rule = arguments.pick.as_deref().unwrap_or("typical");
    let of_pick = rule.split_once(':').map(|(_, structure)| structure.trim());
    let asked = Asked {
        subject: arguments.subject.as_deref(),
        structures: arguments
            .structures
            .as_deref()
            .or(of_pick.filter(|_| arguments.child.is_none())),
        set: &arguments.set,
        seed: arguments.seed,
    };
    let scenario = asked.scenario()?;
    let others: Vec<usize> = (1..scenario.structures.len()).collect();
    let pick = match &arguments.child {
        Some(_) => None,
        None => Some(pick(&scenario, rule)?),
    };
    let threads = arguments.threads;
    let story = with_prepared(
        &scenario,
        threads,
        arguments.quiet,
        |prepared, stop| match (pick, &arguments.child, arguments.trial) {
            (Some(pick), _, trial) => story::picked(prepared, pick, &others, trial, stop),
            (None, Some(child), trial) => {
                story::of_child(prepared, trial.unwrap_or(1), child, &others, stop)
            }
            (None, None, _) => unreachable!("a child is picked or named"),
        },
    )?;
    show(arguments, &story)
}

/// The rule of a pick; tells what is wrong with it.
fn pick(scenario: &Scenario, rule: &str) -> Result<Pick, ExitCode> {
    match rule.split_once(':') {
        None if rule == "typical" => Ok(Pick::Typical),
        None if rule == "worst" => Ok(Pick::Worst),
        Some(("caught-by", id)) => Ok(Pick::CaughtBy(other(scenario, id.trim())?)),
        Some(("lost-by", id)) => Ok(Pick::LostBy(other(scenario, id.trim())?)),
        _ => {
            eprintln!(
                "error: \"{rule}\" is no rule to pick a child by; expected typical, worst, \
                 caught-by:STRUCTURE or lost-by:STRUCTURE"
            );
            Err(ExitCode::from(WRONG))
        }
    }
}

fn other(scenario: &Scenario, id: &str) -> Result<usize, ExitCode> {
    let place = place_of(scenario, id)?;
    if place == 0 {
        eprintln!("error: {id} is the baseline; a child is caught or lost by another structure");
        return Err(ExitCode::from(WRONG));
    }
    Ok(place)
}

fn show(arguments: &TraceArguments, story: &Story) -> Result<(), ExitCode> {
    let format = if arguments.json {
        StoryFormat::Json
    } else {
        arguments.format
    };
    let told = match format {
        StoryFormat::Text => report::story::text(story),
        StoryFormat::Markdown => report::story::markdown(story),
        StoryFormat::Json => report::story::json(story) + "\n",
        StoryFormat::Svg => report::charts::story(story, &report::charts::Look::default()),
    };
    match &arguments.out {
        Some(path) => {
            finished::put(path, told.as_bytes())?;
            if !arguments.quiet {
                eprintln!("Story: {}", path.display());
            }
        }
        None => text::print(&told),
    }
    Ok(())
}
