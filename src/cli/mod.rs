//! The command `seamline`: arguments, one file for each subcommand, exit codes.
//!
//! The only module that prints, ends the process or reads the environment.

mod again;
mod args;
mod calibrate;
mod chart;
mod check;
mod difference;
mod discover;
mod draw;
mod equivalent;
mod events;
mod export;
mod finished;
mod flip;
mod kept;
mod list;
mod long_work;
mod question;
mod report;
mod reproduce;
mod run;
mod sensitivity;
mod show;
mod subject;
mod text;
mod tipping;
mod trace;
mod uncertainty;
mod validate;
mod verify;
mod warm_up;

use std::ffi::OsString;
use std::process::ExitCode;

use crate::scenario::Request;
use args::Command;
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
    let arguments = match again::arguments(arguments) {
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
        Some(command) => done(command),
    }
}

/// Does what a command says.
fn done(command: Command) -> ExitCode {
    match command {
        Command::Run(arguments) => run::run(&arguments),
        Command::Chart(arguments) => chart::chart(&arguments),
        Command::Report(arguments) => report::report(&arguments),
        Command::Reproduce(arguments) => reproduce::reproduce(&arguments),
        Command::Trace(arguments) => trace::trace(&arguments),
        Command::Events(arguments) => events::events(&arguments),
        Command::Calibrate(arguments) => calibrate::calibrate(&arguments),
        Command::Uncertainty(arguments) => uncertainty::uncertainty(&arguments),
        Command::Discover(arguments) => discover::discover(&arguments),
        Command::Sensitivity(arguments) => sensitivity::sensitivity(&arguments),
        Command::Flip(arguments) => flip::flip(&arguments),
        Command::Tipping(arguments) => tipping::tipping(&arguments),
        Command::Equivalent(arguments) => equivalent::equivalent(&arguments),
        Command::WarmUp(arguments) => warm_up::warm_up(&arguments),
        Command::Validate(arguments) => validate::validate(&arguments),
        Command::Verify(arguments) => verify::verify(&arguments),
        Command::Check { files, off, only } => {
            let asked = Request {
                off,
                only,
                ..Request::default()
            };
            check::check(&files, &asked)
        }
        Command::List => list::list(),
        Command::Show { name, other: None } => show::show(&name),
        Command::Show {
            name,
            other: Some(other),
        } => difference::show(&name, &other),
        Command::Export { folder } => export::export(&folder),
    }
}
