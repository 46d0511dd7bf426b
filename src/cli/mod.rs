//! The command `seamline`: arguments, one file for each subcommand, exit codes.
//!
//! The only module that prints, ends the process or reads the environment.

mod args;
mod calibrate;
mod chart;
mod check;
mod difference;
mod draw;
mod equivalent;
mod events;
mod export;
mod finished;
mod kept;
mod list;
mod long_work;
mod question;
mod report;
mod reproduce;
mod run;
mod show;
mod subject;
mod text;
mod trace;
mod uncertainty;
mod validate;
mod verify;
mod warm_up;

use std::ffi::OsString;
use std::process::ExitCode;

use clap::Parser;

use crate::scenario::Request;
use args::{Arguments, Command};
pub use args::{RunArguments, VerifyArguments};

/// Ended as asked.
pub(crate) const DONE: u8 = 0;
/// Could not finish, or a test of `verify` failed.
pub(crate) const UNFINISHED: u8 = 1;
/// Wrong usage, or a scenario with problems.
pub(crate) const WRONG: u8 = 2;

const GREETING: &str = "\
Seamline compares governance structures for children's services by the delays
at their handoffs and the cases they miss. Three commands to try:
  seamline run                compare the structures of the bundled study
  seamline show local-trust   see one of them, with its organisations and seams
  seamline export mine        write the bundled files to a folder, to edit and run
`seamline help` lists every command, and `seamline help run` explains one.
";

/// Runs the command.
///
/// Exit codes: 0 done, 1 could not finish or `verify` found a failure, 2 wrong usage or a scenario with
/// problems, 130 interrupted.
pub fn run(arguments: impl IntoIterator<Item = OsString>) -> ExitCode {
    let arguments = match Arguments::try_parse_from(arguments) {
        Ok(arguments) => arguments,
        Err(error) => {
            // A closed output leaves nowhere to say so.
            let _ = error.print();
            return ExitCode::from(if error.use_stderr() { WRONG } else { DONE });
        }
    };
    match arguments.command {
        None => {
            text::print(GREETING);
            ExitCode::from(DONE)
        }
        Some(Command::Run(arguments)) => run::run(&arguments),
        Some(Command::Chart(arguments)) => chart::chart(&arguments),
        Some(Command::Report(arguments)) => report::report(&arguments),
        Some(Command::Reproduce(arguments)) => reproduce::reproduce(&arguments),
        Some(Command::Trace(arguments)) => trace::trace(&arguments),
        Some(Command::Events(arguments)) => events::events(&arguments),
        Some(Command::Calibrate(arguments)) => calibrate::calibrate(&arguments),
        Some(Command::Uncertainty(arguments)) => uncertainty::uncertainty(&arguments),
        Some(Command::Equivalent(arguments)) => equivalent::equivalent(&arguments),
        Some(Command::WarmUp(arguments)) => warm_up::warm_up(&arguments),
        Some(Command::Validate(arguments)) => validate::validate(&arguments),
        Some(Command::Verify(arguments)) => verify::verify(&arguments),
        Some(Command::Check { files, off, only }) => {
            let asked = Request {
                off,
                only,
                ..Request::default()
            };
            check::check(&files, &asked)
        }
        Some(Command::List) => list::list(),
        Some(Command::Show { name, other: None }) => show::show(&name),
        Some(Command::Show {
            name,
            other: Some(other),
        }) => difference::show(&name, &other),
        Some(Command::Export { folder }) => export::export(&folder),
    }
}
