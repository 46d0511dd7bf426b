//! What every question has in common that takes many runs of a study: it reads the study, keeps runs as
//! they end, goes on where it was interrupted, and writes what it found with a manifest.

#![allow(clippy::print_stderr, reason = "printing is what a command is for")]

use std::collections::BTreeMap;
use std::fs;
use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;
use std::time::Instant;

use super::again::NOTHING_COMPARED;
use super::args::{DEFAULT_STUDY, QuestionArguments};
use super::kept::Kept;
use super::long_work::{progress_bar, stop_when_interrupted, without_a_fault};
use super::run::{
    COULD_NOT_FINISH, INTERRUPTED, OUTPUT, command, destination, name_local_files, refuse,
};
use super::{DONE, UNFINISHED, WRONG, draw, text};
use crate::experiment::Plan;
use crate::inquiry::decide::ensemble::{RunValues, Unfinished, Watch};
use crate::inquiry::decide::measures_of;
use crate::measures::Measure;
use crate::report::manifest::{self, QuestionView};
use crate::report::{File, decide, write};
use crate::scenario::{self, Problems, Ranged, Request, Scenario, ToVary};

/// A question, before anything is run.
#[derive(Debug)]
pub(super) struct Question<'a> {
    /// The command.
    pub(super) name: &'static str,
    /// What every question is asked.
    pub(super) arguments: &'a QuestionArguments,
    /// What this one is asked besides, as words of the command: what of it results depend on.
    pub(super) options: Vec<String>,
    /// Paths below which values are varied; none for all that have a range.
    pub(super) vary: Vec<String>,
    /// May it be asked of measures by which structures are neither better nor worse?
    pub(super) any_measure: bool,
    /// What is wrong with the command.
    pub(super) faults: Vec<String>,
}

/// A study of which a question can be asked.
#[derive(Debug)]
pub(super) struct Study {
    /// The study and what is varied in it.
    pub(super) to_vary: ToVary,
    /// What structures are judged by.
    pub(super) measures: Vec<&'static Measure>,
    started: Instant,
}

/// What a question does with the study: runs, files and words.
pub(super) struct Work<'a, T> {
    /// How many runs it takes.
    pub(super) runs: u64,
    /// What one of them is called, in the plural.
    pub(super) called: &'static str,
    /// Runs that an earlier question left, by their numbers.
    pub(super) known: BTreeMap<u32, RunValues>,
    /// Finds the answer.
    pub(super) find: &'a dyn Fn(&Plan, &Watch<'_>) -> Result<T, Unfinished>,
    /// Every file of the answer.
    pub(super) files: &'a dyn Fn(&T, &QuestionView) -> Vec<File>,
    /// The answer for a terminal.
    pub(super) said: &'a dyn Fn(&T) -> String,
}

impl Question<'_> {
    /// The study as it is asked for.
    pub(super) fn request(&self) -> Request {
        let asked = self.arguments;
        if let Some(again) = &asked.making.again {
            return again.request();
        }
        Request {
            study: (asked.study.clone()).unwrap_or_else(|| DEFAULT_STUDY.to_owned()),
            structures: asked.structures.clone(),
            set: asked.set.clone(),
            seed: asked.seed,
            off: asked.off.clone(),
            only: asked.only.clone(),
            joint: asked.joint.clone(),
            ..Request::default()
        }
    }

    /// Reads the study, or tells everything that is wrong with it and with the command.
    pub(super) fn study(&self) -> Result<Study, ExitCode> {
        self.study_by(&|request| scenario::load_to_vary(request, &self.vary))
    }

    /// The same, with its own way of reading.
    pub(super) fn study_by(
        &self,
        load: &dyn Fn(&Request) -> Result<ToVary, Problems>,
    ) -> Result<Study, ExitCode> {
        let started = Instant::now();
        for fault in &self.faults {
            eprintln!("error: {fault}");
        }
        let loaded = load(&self.request());
        let study = loaded.map_err(|problems| {
            draw::problems(&problems);
            ExitCode::from(WRONG)
        })?;
        let measures = self.measures(&study)?;
        if !self.faults.is_empty() {
            return Err(ExitCode::from(WRONG));
        }
        if !self.arguments.quiet && self.arguments.making.again.is_none() {
            name_local_files(&study.scenario);
        }
        Ok(Study {
            to_vary: study,
            measures,
            started,
        })
    }

    fn measures(&self, study: &ToVary) -> Result<Vec<&'static Measure>, ExitCode> {
        measures_of(&study.scenario, &self.arguments.measures, !self.any_measure).map_err(
            |unknown| {
                let known = measures_of(&study.scenario, &[], true).unwrap_or_default();
                let known: Vec<&str> = known.iter().map(|it| it.id).collect();
                eprintln!(
                    "error: the study has no measure {}{}; for example {}",
                    unknown.join(", "),
                    if self.any_measure {
                        ""
                    } else {
                        " by which structures are better or worse"
                    },
                    known.join(", ")
                );
                ExitCode::from(WRONG)
            },
        )
    }

    /// Does the work, and writes and tells what came of it. Exit codes: 0 done, 1 could not finish,
    /// 2 wrong usage or values that the study refuses together, 130 interrupted.
    pub(super) fn answer<T>(
        &self,
        study: &Study,
        varied: &[Ranged],
        work: &Work<'_, T>,
    ) -> ExitCode {
        let scenario = &study.to_vary.scenario;
        let view = self.view(study, varied);
        if let Some(again) = &self.arguments.making.again {
            return match self.worked(scenario, work, None) {
                Ok(found) => again.take((work.files)(&found, &view)),
                Err(code) => code,
            };
        }
        let inputs = manifest::question_inputs(scenario, &view);
        let name = format!("{}-{}", self.name, scenario.study.id);
        let arguments = self.arguments;
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
        let found = match self.worked(scenario, work, Some(&kept)) {
            Ok(found) => found,
            Err(code) => return code,
        };
        let took = study.started.elapsed().as_secs_f64();
        let log = format!(
            "program: {} {}\ntook: {took:.1} seconds\n{} kept from before: {}\ncommand: {}\n",
            env!("CARGO_PKG_NAME"),
            env!("CARGO_PKG_VERSION"),
            work.called,
            kept.already_there(),
            command(),
        );
        let files = (work.files)(&found, &view);
        debug_assert!(
            decide::are_known(&files),
            "the names of all files are listed"
        );
        match write::write(&destination, &inputs, &files, &log) {
            Ok(written) => {
                kept.remove();
                let closing = format!(
                    "\nTook {took:.0} seconds. Files: {}\n",
                    written.folder.display()
                );
                text::print(&((work.said)(&found) + &closing));
                ExitCode::from(DONE)
            }
            Err(error) => refuse(&error),
        }
    }

    /// The answer, or the exit code of what kept it from being found, having told why.
    fn worked<T>(
        &self,
        scenario: &Scenario,
        work: &Work<'_, T>,
        kept: Option<&Kept>,
    ) -> Result<T, ExitCode> {
        let stop = Arc::new(AtomicBool::new(false));
        stop_when_interrupted(&stop);
        match without_a_fault(|| self.found(work, kept, &stop)) {
            Ok(Ok(found)) => Ok(found),
            Ok(Err(Unfinished::Stopped)) => {
                match kept {
                    Some(kept) => eprintln!(
                        "interrupted after {} {}, which are kept: the same command goes on from there",
                        kept.count(),
                        work.called
                    ),
                    None => eprintln!("{NOTHING_COMPARED}"),
                }
                Err(ExitCode::from(INTERRUPTED))
            }
            Ok(Err(Unfinished::Refused(problems))) => {
                eprintln!("error: the study refuses values that were to be tried together:");
                draw::problems(&problems);
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

    /// Runs that were kept before are known; without any to keep, all are made.
    fn found<T>(
        &self,
        work: &Work<'_, T>,
        kept: Option<&Kept>,
        stop: &AtomicBool,
    ) -> Result<T, Unfinished> {
        let plan = Plan {
            threads: self.arguments.threads,
        };
        let bar = progress_bar(work.runs, work.called, self.arguments.quiet);
        let known = &work.known;
        let watch = Watch {
            known: &|run| {
                let kept = kept.and_then(|it| it.numbers(run));
                let numbers = kept.or_else(|| known.get(&run).cloned())?;
                bar.inc(1);
                Some(numbers)
            },
            on_run: &|run, numbers| {
                if let Some(kept) = kept {
                    kept.keep(run, numbers);
                }
                bar.inc(1);
            },
            stop,
        };
        let found = (work.find)(&plan, &watch);
        bar.finish_and_clear();
        found
    }

    /// The runs that another question of the same study left in the folder of all results, if it had
    /// these options: its draws are these draws.
    pub(super) fn left_by(
        &self,
        question: &'static str,
        options: Vec<String>,
        study: &Study,
    ) -> BTreeMap<u32, RunValues> {
        // What is made again is made whole.
        if self.arguments.making.again.is_some() {
            return BTreeMap::new();
        }
        // What is made again is made from nothing.
        if self.arguments.making.again.is_some() {
            return BTreeMap::new();
        }
        let view = QuestionView {
            question,
            options,
            ..self.view(study, &study.to_vary.parameters)
        };
        let inputs = manifest::question_inputs(&study.to_vary.scenario, &view);
        let folders = fs::read_dir(OUTPUT).into_iter().flatten().flatten();
        let holds = |folder: &PathBuf| {
            let text = fs::read(folder.join(manifest::FILE)).ok();
            text.and_then(|it| manifest::inputs_in(&it))
                .is_some_and(|it| it == inputs)
        };
        let mut folders: Vec<PathBuf> = folders.map(|it| it.path()).filter(holds).collect();
        folders.sort();
        let Some(folder) = folders.first() else {
            return BTreeMap::new();
        };
        let shape = decide::Shape {
            measures: study.measures.iter().map(|it| it.id).collect(),
            structures: (study.to_vary.scenario.structures.iter())
                .map(|it| it.id.as_str())
                .collect(),
        };
        let read = fs::read(folder.join(decide::VALUES)).ok();
        let known = read.and_then(|it| decide::values_again(&it, &shape));
        if known.is_some() && !self.arguments.quiet {
            eprintln!("Runs that are there already: {}", folder.display());
        }
        known.unwrap_or_default()
    }

    fn view(&self, study: &Study, varied: &[Ranged]) -> QuestionView {
        let between = varied.iter().map(|it| {
            let (from, to) = it.range.clone();
            (it.path().to_owned(), from, to)
        });
        QuestionView {
            question: self.name,
            options: self.options.clone(),
            joint_set: study.to_vary.joint.as_ref().map(|it| it.file.clone()),
            between: between.collect(),
            measures: study.measures.iter().map(|it| it.id).collect(),
            command: self.arguments.making.words.clone(),
        }
    }
}

/// An option and its value as two words of a command.
pub(super) fn option(name: &str, value: impl ToString) -> [String; 2] {
    [format!("--{name}"), value.to_string()]
}

/// What is wrong with a number of the command that has a least value.
pub(super) fn at_least(name: &str, found: usize, least: usize) -> Option<String> {
    (found < least).then(|| format!("--{name} is {least} at least, found {found}"))
}

/// The same of trials.
pub(super) fn two_trials(found: u32) -> Option<String> {
    let told = at_least("trials", found as usize, 2)?;
    Some(told + ": with one trial luck cannot be told from values")
}
