//! `seamline chart`: draws a chart of a finished run again, to taste, without simulating.

#![allow(
    clippy::print_stderr,
    reason = "telling what is wrong is what a command is for"
)]

use std::path::PathBuf;
use std::process::ExitCode;

use crate::report::charts::{Kind, Look, Palette, Subject, png};

use super::args::{ChartArguments, Format};
use super::finished::suggestion;
use super::{DONE, WRONG, finished, text};

/// Narrowest and widest picture, in pixels.
const WIDTHS: std::ops::RangeInclusive<u32> = 200..=10_000;

/// Draws a chart. Exit codes: 0 done, 1 the file could not be written, 2 wrong usage or no such run.
pub(super) fn chart(arguments: &ChartArguments) -> ExitCode {
    match try_chart(arguments) {
        Ok(()) => ExitCode::from(DONE),
        Err(code) => code,
    }
}

fn try_chart(arguments: &ChartArguments) -> Result<(), ExitCode> {
    let refuse = |message: String| {
        eprintln!("error: {message}");
        ExitCode::from(WRONG)
    };
    let kind = Kind::of(&arguments.kind)
        .ok_or_else(|| refuse(format!("there is no kind of chart \"{}\"", arguments.kind)))?;
    if let Some(width) = arguments.width.filter(|width| !WIDTHS.contains(width)) {
        return Err(refuse(format!(
            "--width {width} is no width of a picture; expected {} to {} pixels",
            WIDTHS.start(),
            WIDTHS.end()
        )));
    }
    let out = arguments
        .out
        .clone()
        .unwrap_or_else(|| PathBuf::from(kind.file).with_extension(arguments.format.extension()));
    if out.exists() && !arguments.replace {
        return Err(refuse(format!(
            "{} is there already; choose another file with --out, or add --replace",
            out.display()
        )));
    }
    let mut run = finished::open(arguments.run.as_deref())?;
    if let Some(wanted) = &arguments.structures {
        run = run.with_structures(wanted)?;
    }
    if let Some(measure) = &arguments.measure {
        let known = || run.summary.measures.iter().map(|it| it.measure.id);
        if !known().any(|id| id == measure) {
            let known: Vec<&str> = known().collect();
            return Err(refuse(format!(
                "the run has no measure \"{measure}\"{}; it has {}",
                suggestion(measure, known.iter().copied()),
                known.join(", ")
            )));
        }
    }
    let look = Look {
        title: arguments.title.clone(),
        width: arguments.width,
        palette: palette(&arguments.palette),
        measure: arguments.measure.clone(),
    };
    let subject = Subject {
        summary: &run.summary,
        scenario: &run.scenario,
    };
    let svg = kind.draw(&subject, &look).ok_or_else(|| {
        refuse(format!(
            "the run in {} has nothing to show in a chart of this kind",
            run.folder.display()
        ))
    })?;
    let bytes = match arguments.format {
        Format::Svg => svg.into_bytes(),
        Format::Png => png::of(&svg, arguments.width).map_err(|error| refuse(error.to_string()))?,
    };
    finished::put(&out, &bytes)?;
    text::print(&format!(
        "Chart: {}\nFrom:  {}\n",
        out.display(),
        run.folder.display()
    ));
    Ok(())
}

fn palette(name: &str) -> Palette {
    let found = Palette::ALL.into_iter().find(|(id, _)| *id == name);
    found.map_or_else(Palette::default, |(_, palette)| palette)
}
