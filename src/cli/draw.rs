//! Draws problems on standard error: with lines and colour on a terminal, in plain ASCII elsewhere
//! or where `NO_COLOR` asks for it.
#![allow(clippy::print_stderr)]

use std::io::IsTerminal;

use miette::{Diagnostic, GraphicalReportHandler, GraphicalTheme};

use crate::scenario::Problems;

/// Shows every problem and their number.
pub(crate) fn problems(problems: &Problems) {
    let plain = std::env::var_os("NO_COLOR").is_some_and(|it| !it.is_empty())
        || !std::io::stderr().is_terminal();
    eprint!("{}", drawn(problems, plain));
}

/// The problems as text.
fn drawn(problems: &Problems, plain: bool) -> String {
    let theme = match plain {
        true => GraphicalTheme::none(),
        false => GraphicalTheme::unicode(),
    };
    let handler = GraphicalReportHandler::new_themed(theme)
        .with_links(false)
        .with_width(80);
    let mut text = String::new();
    for problem in problems.iter() {
        let diagnostic: &dyn Diagnostic = problem;
        // Writing to a string cannot fail, and a drawing that fails still leaves the message.
        if handler.render_report(&mut text, diagnostic).is_err() {
            text.push_str(&format!("{problem}\n"));
        }
        text.push('\n');
    }
    text.push_str(&format!("{problems}\n"));
    text
}
