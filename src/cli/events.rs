//! `seamline events`: a log of everything that happened in trials, for process mining.

#![allow(
    clippy::print_stderr,
    reason = "telling what is wrong is what a command is for"
)]

use std::process::ExitCode;

use super::args::{CaseChoice, EventsArguments};
use super::subject::{Asked, with_prepared};
use super::{DONE, UNFINISHED, WRONG, text};
use crate::inquiry::events::{self, CaseOf, Wanted};
use crate::report::events::{Log, NominalDay};
use crate::report::write::put_through;

/// Writes a log. Exit codes: 0 done, 1 could not finish, 2 wrong usage or a scenario with problems, 130
/// interrupted.
pub(super) fn events(arguments: &EventsArguments) -> ExitCode {
    match try_events(arguments) {
        Ok(()) => ExitCode::from(DONE),
        Err(code) => code,
    }
}

fn try_events(arguments: &EventsArguments) -> Result<(), ExitCode> {
    let day = NominalDay::parse(&arguments.decision_day).ok_or_else(|| {
        eprintln!(
            "error: \"{}\" is no day; expected one such as 2003-04-01",
            arguments.decision_day
        );
        ExitCode::from(WRONG)
    })?;
    let asked = Asked {
        subject: arguments.subject.as_deref(),
        structures: arguments.structures.as_deref(),
        set: &arguments.set,
        seed: arguments.seed,
    };
    let scenario = asked.scenario()?;
    let structures: Vec<usize> = (1..scenario.structures.len()).collect();
    let mut trials = arguments.trials.clone();
    trials.sort_unstable();
    trials.dedup();
    let wanted = Wanted {
        trials: &trials,
        structures: &structures,
        case_of: match arguments.case {
            CaseChoice::Need => CaseOf::Need,
            CaseChoice::Handoff => CaseOf::Handoff,
        },
        with_warm_up: arguments.warm_up,
    };
    let mut refused = None;
    let mut rows = 0_u64;
    let threads = arguments.threads;
    let written = with_prepared(&scenario, threads, arguments.quiet, |prepared, stop| {
        let mut ended = Ok(());
        let put = put_through(&arguments.out, |out| {
            let mut log = Log::new(out, day)?;
            let mut written = Ok(());
            ended = events::each(prepared, &wanted, stop, |event| {
                rows += 1;
                if written.is_ok() {
                    written = log.push(&event);
                }
            });
            written?;
            // Half a log is none.
            if ended.is_err() {
                return Err(std::io::Error::other("the log was not completed"));
            }
            log.finish()
        });
        ended?;
        refused = put.err();
        Ok(())
    });
    written?;
    if let Some(error) = refused {
        eprintln!("error: {error}");
        return Err(ExitCode::from(UNFINISHED));
    }
    if !arguments.quiet {
        text::print(&format!(
            "Log: {} ({rows} events; decision day stands at {})\n",
            arguments.out.display(),
            arguments.decision_day
        ));
    }
    Ok(())
}
