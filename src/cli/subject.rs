//! What one trial is looked at of: a finished run or a study, with the structures asked for.

#![allow(
    clippy::print_stderr,
    reason = "telling what is wrong is what a command is for"
)]

use std::path::Path;
use std::process::ExitCode;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;
use std::time::Duration;

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

use super::args::DEFAULT_STUDY;
use super::finished::{self, suggestion};
use super::long_work::{stop_when_interrupted, without_a_fault};
use super::run::{COULD_NOT_FINISH, INTERRUPTED, OUTPUT};
use super::{WRONG, draw};
use crate::experiment::{Plan, Prepared};
use crate::inquiry::story::NoStory;
use crate::report::manifest;
use crate::scenario::{self, Request, Scenario};

/// What is asked for.
pub(super) struct Asked<'a> {
    /// A folder of results, a study, or whichever there is.
    pub(super) subject: Option<&'a str>,
    /// Structures beside the baseline, parted by commas.
    pub(super) structures: Option<&'a str>,
    /// Values of a study set otherwise.
    pub(super) set: &'a [String],
    /// Another seed.
    pub(super) seed: Option<u64>,
}

impl Asked<'_> {
    /// The study, with the baseline and the structures asked for; without any asked for, the first of
    /// the others. What a trial is under a structure does not depend on which others are there.
    pub(super) fn scenario(&self) -> Result<Scenario, ExitCode> {
        let is_changed = !self.set.is_empty() || self.seed.is_some();
        let newest = || finished::newest(Path::new(OUTPUT));
        let folder = match self.subject {
            Some(name) => {
                let path = Path::new(name);
                path.is_dir().then(|| path.to_owned())
            }
            None if is_changed => None,
            None => newest(),
        };
        let Some(folder) = folder else {
            return self.of_study();
        };
        if is_changed {
            eprintln!(
                "error: {} is a finished run, which --set and --seed cannot change; name a study",
                folder.display()
            );
            return Err(ExitCode::from(WRONG));
        }
        if !folder.join(manifest::FILE).is_file() && self.subject == Some(DEFAULT_STUDY) {
            return self.of_study();
        }
        let scenario = finished::scenario_in(&folder)?;
        self.with_structures(scenario)
    }

    fn of_study(&self) -> Result<Scenario, ExitCode> {
        let request = Request {
            study: self.subject.unwrap_or(DEFAULT_STUDY).to_owned(),
            structures: self.structures.map(str::to_owned),
            set: self.set.to_vec(),
            seed: self.seed,
            ..Request::default()
        };
        let scenario = scenario::load(&request).map_err(|problems| {
            draw::problems(&problems);
            ExitCode::from(WRONG)
        })?;
        match self.structures {
            // They are those of the study now.
            Some(_) => Ok(scenario),
            None => self.with_structures(scenario),
        }
    }

    /// Keeps the structures asked for.
    fn with_structures(&self, mut scenario: Scenario) -> Result<Scenario, ExitCode> {
        let Some(wanted) = self.structures else {
            scenario.structures.truncate(2);
            return Ok(scenario);
        };
        let wanted: Vec<&str> = wanted.split(',').map(str::trim).collect();
        for id in &wanted {
            place_of(&scenario, id)?;
        }
        let mut is_first = true;
        scenario
            .structures
            .retain(|it| std::mem::take(&mut is_first) || wanted.contains(&it.id.as_str()));
        Ok(scenario)
    }
}

/// The place of a structure in a study; tells what is wrong.
pub(super) fn place_of(scenario: &Scenario, id: &str) -> Result<usize, ExitCode> {
    let known: Vec<&str> = (scenario.structures.iter())
        .map(|structure| structure.id.as_str())
        .collect();
    known.iter().position(|it| *it == id).ok_or_else(|| {
        eprintln!(
            "error: there is no structure \"{id}\" here{}; there is {}",
            suggestion(id, known.iter().copied()),
            known.join(", ")
        );
        ExitCode::from(WRONG)
    })
}

/// Makes a study ready and does some work with it, with a sign of life on the terminal.
pub(super) fn with_prepared<T>(
    scenario: &Scenario,
    threads: Option<usize>,
    quiet: bool,
    work: impl FnOnce(&Prepared, &AtomicBool) -> Result<T, NoStory>,
) -> Result<T, ExitCode> {
    let stop = Arc::new(AtomicBool::new(false));
    stop_when_interrupted(&stop);
    let spinner = spinner(quiet);
    let plan = Plan { threads };
    let done = without_a_fault(|| {
        spinner.set_message("finding out what each structure has to work with");
        let prepared = Prepared::new(&alone(scenario), &plan, &stop).ok_or(NoStory::Stopped)?;
        spinner.set_message("going through the trial");
        work(&prepared, &stop)
    });
    spinner.finish_and_clear();
    match done {
        Ok(Ok(found)) => Ok(found),
        Ok(Err(NoStory::Stopped)) => {
            eprintln!("interrupted; nothing written");
            Err(ExitCode::from(INTERRUPTED))
        }
        Ok(Err(error)) => {
            eprintln!("error: {error}");
            Err(ExitCode::from(WRONG))
        }
        Err(fault) => {
            eprintln!(
                "error: a fault in seamline, not in your files: {fault}; please report it with the \
                 scenario files (seed {})",
                scenario.study.seed
            );
            Err(ExitCode::from(COULD_NOT_FINISH))
        }
    }
}

/// The study at its own posts only.
fn alone(scenario: &Scenario) -> Scenario {
    let mut alone = scenario.clone();
    alone.study.comparison.also_at_posts.clear();
    alone
}

pub(super) fn spinner(quiet: bool) -> ProgressBar {
    let target = if quiet {
        ProgressDrawTarget::hidden()
    } else {
        // Draws nothing where standard error is not a terminal.
        ProgressDrawTarget::stderr()
    };
    let style = ProgressStyle::with_template("{spinner} {msg}, {elapsed}")
        .expect("the template of the spinner is well formed");
    let spinner = ProgressBar::with_draw_target(None, target).with_style(style);
    spinner.enable_steady_tick(Duration::from_millis(200));
    spinner
}
