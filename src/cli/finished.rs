//! A finished run, opened again: what it was asked, what it left and what that says.

#![allow(
    clippy::print_stderr,
    reason = "telling what is wrong is what a command is for"
)]

use std::fs;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::time::SystemTime;

use crate::analysis::{self, Summary};
use crate::experiment::results::Results;
use crate::inquiry::story::Story;
use crate::report::{self, manifest, store, story};
use crate::scenario::{self, Scenario};

use super::run::OUTPUT;
use super::{UNFINISHED, WRONG, draw};

/// A finished run.
pub(super) struct FinishedRun {
    /// Its folder.
    pub(super) folder: PathBuf,
    /// What was run.
    pub(super) scenario: Scenario,
    /// What it left.
    pub(super) results: Results,
    /// What that says.
    pub(super) summary: Summary,
    /// Single children, told; none where none were kept.
    pub(super) stories: Vec<Story>,
}

impl FinishedRun {
    /// The run as reports need it.
    pub(super) fn of_report(&self) -> report::Run<'_> {
        report::Run {
            scenario: &self.scenario,
            results: &self.results,
            summary: &self.summary,
            stories: &self.stories,
        }
    }

    /// The run with some of its structures only; the baseline stays whether it is named or not.
    pub(super) fn with_structures(self, wanted: &str) -> Result<Self, ExitCode> {
        let known: Vec<&str> = (self.results.structures.iter())
            .map(|structure| structure.id.as_str())
            .collect();
        let mut kept = vec![0];
        let mut is_wrong = false;
        for id in wanted.split(',').map(str::trim).filter(|id| !id.is_empty()) {
            match known.iter().position(|it| *it == id) {
                Some(place) => kept.push(place),
                None => {
                    is_wrong = true;
                    eprintln!(
                        "error: the run has no structure \"{id}\"{}; it has {}",
                        suggestion(id, known.iter().copied()),
                        known.join(", ")
                    );
                }
            }
        }
        if is_wrong {
            return Err(ExitCode::from(WRONG));
        }
        kept.sort_unstable();
        kept.dedup();
        let mut scenario = self.scenario;
        let mut place = 0;
        scenario.structures.retain(|_| {
            place += 1;
            kept.contains(&(place - 1))
        });
        let results = self.results.of_structures(&kept);
        Ok(Self {
            summary: analysis::summarise(&results),
            scenario,
            results,
            ..self
        })
    }
}

/// Opens the run in a folder, or the newest below the folder of all results. Tells what is wrong.
pub(super) fn open(folder: Option<&Path>) -> Result<FinishedRun, ExitCode> {
    let folder = match folder {
        Some(folder) => folder.to_owned(),
        None => newest(Path::new(OUTPUT)).ok_or_else(|| {
            refuse(&format!(
                "there is no finished run in {OUTPUT}; `seamline run` makes one, or name its folder"
            ))
        })?,
    };
    let shown = folder.display().to_string();
    if !folder.is_dir() {
        return Err(refuse(&format!(
            "{shown} is no folder of results; name one that `seamline run` wrote"
        )));
    }
    let file = |name: &str| {
        fs::read(folder.join(name)).map_err(|error| {
            refuse(&format!(
                "{shown} holds no finished run: {name} cannot be read ({})",
                error.kind()
            ))
        })
    };
    let scenario = scenario_of(&shown, &file(manifest::FILE)?)?;
    let results =
        store::read(&file(store::FILE)?).map_err(|error| refuse(&format!("{shown}: {error}")))?;
    if !is_of(&scenario, &results) {
        return Err(refuse(&format!(
            "{shown}: {} and {} are not of the same run",
            manifest::FILE,
            store::FILE
        )));
    }
    let stories = fs::read(folder.join(story::FILE)).ok();
    Ok(FinishedRun {
        stories: stories.and_then(|it| story::read(&it)).unwrap_or_default(),
        summary: analysis::summarise(&results),
        folder,
        scenario,
        results,
    })
}

/// The study of the run in a folder, read again as it was then.
pub(super) fn scenario_in(folder: &Path) -> Result<Scenario, ExitCode> {
    let shown = folder.display().to_string();
    scenario_of(&shown, &manifest_in(folder)?)
}

fn manifest_in(folder: &Path) -> Result<Vec<u8>, ExitCode> {
    fs::read(folder.join(manifest::FILE)).map_err(|error| {
        refuse(&format!(
            "{} holds no finished run: {} cannot be read ({})",
            folder.display(),
            manifest::FILE,
            error.kind()
        ))
    })
}

/// What was asked in a folder, whether a run or any other question.
pub(super) fn asked_in(folder: &Path) -> Result<manifest::Kept, ExitCode> {
    let bytes = manifest_in(folder)?;
    manifest::read_any(&bytes).map_err(|error| refuse(&format!("{}: {error}", folder.display())))
}

fn scenario_of(shown: &str, bytes: &[u8]) -> Result<Scenario, ExitCode> {
    let kept = manifest::read(bytes).map_err(|error| refuse(&format!("{shown}: {error}")))?;
    let scenario = scenario::load_kept(&kept.request, &kept.files).map_err(|problems| {
        draw::problems(&problems);
        refuse(&format!(
            "{shown}: the study was run by version {}, and this version cannot read it",
            kept.version
        ))
    })?;
    if manifest::inputs(&scenario) != kept.inputs {
        eprintln!(
            "note: {shown} was written by version {}, whose inputs this version reads otherwise",
            kept.version
        );
    }
    Ok(scenario)
}

/// Are these results of this study?
fn is_of(scenario: &Scenario, results: &Results) -> bool {
    let ours = (scenario.structures.iter()).map(|structure| structure.id.as_str());
    let theirs = (results.structures.iter()).map(|structure| structure.id.as_str());
    ours.eq(theirs)
        && results
            .trials
            .iter()
            .all(|trial| trial.len() == results.structures.len())
}

/// The folder of the run that was written last.
pub(super) fn newest(parent: &Path) -> Option<PathBuf> {
    let written = |folder: &Path| -> Option<SystemTime> {
        let times = [manifest::FILE, store::FILE].map(|name| {
            fs::metadata(folder.join(name))
                .and_then(|it| it.modified())
                .ok()
        });
        times[0].zip(times[1]).map(|(one, other)| one.max(other))
    };
    let mut found: Vec<(SystemTime, PathBuf)> = fs::read_dir(parent)
        .ok()?
        .filter_map(|entry| Some(entry.ok()?.path()))
        .filter_map(|folder| Some((written(&folder)?, folder)))
        .collect();
    found.sort();
    found.pop().map(|(_, folder)| folder)
}

/// `; did you mean "x"?` where something is like it.
pub(super) fn suggestion<'a>(name: &str, known: impl IntoIterator<Item = &'a str>) -> String {
    scenario::did_you_mean(name, known).map_or_else(String::new, |it| format!("; {it}"))
}

fn refuse(message: &str) -> ExitCode {
    eprintln!("error: {message}");
    ExitCode::from(WRONG)
}

/// Writes a file that takes the place of an older one whole or not at all; tells what is wrong.
pub(super) fn put(path: &Path, bytes: &[u8]) -> Result<(), ExitCode> {
    report::write::put(path, bytes).map_err(|error| {
        eprintln!("error: {error}");
        ExitCode::from(UNFINISHED)
    })
}
