//! Trials that are kept as they end, so that a run that was interrupted goes on where it was.
//!
//! One line of JSON a trial, in a hidden file beside the folder of results that bears the hash of all
//! that a trial depends on; how many trials there are to be is no part of that. A last line that was
//! torn off is left out.

use std::collections::BTreeMap;
use std::fs::{File, OpenOptions};
use std::io::{self, BufRead, BufReader, Write as _};
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use serde::{Deserialize, Serialize};

use crate::experiment::TrialName;
use crate::experiment::results::OneTrial;

/// The trials of one study.
#[derive(Debug)]
pub(super) struct Kept {
    path: PathBuf,
    trials: Mutex<BTreeMap<TrialName, OneTrial>>,
    /// Opened when the first trial ends; what no file takes is run again another time.
    file: Mutex<Written>,
    before: usize,
    began: Instant,
}

#[derive(Debug, Default)]
struct Written {
    file: Option<File>,
    trials: usize,
    /// Trials that have ended, kept or not.
    ended: u32,
}

/// Trials that end faster than this, all threads together, are sooner run again than read.
const WORTH_KEEPING: Duration = Duration::from_millis(50);

#[derive(Serialize, Deserialize)]
struct Line<T> {
    #[serde(flatten)]
    name: TrialName,
    left: T,
}

impl Kept {
    /// The trials kept in a folder under a hash; none at first.
    pub(super) fn open(folder: &Path, hash: &str) -> Self {
        let path = folder.join(format!(".seamline-{}.trials", &hash[..16.min(hash.len())]));
        let trials = read(&path).unwrap_or_default();
        Self {
            path,
            before: trials.len(),
            trials: Mutex::new(trials),
            file: Mutex::default(),
            began: Instant::now(),
        }
    }

    /// None kept, and none to be kept.
    pub(super) fn nothing() -> Self {
        Self {
            path: PathBuf::new(),
            before: 0,
            trials: Mutex::default(),
            file: Mutex::default(),
            began: Instant::now(),
        }
    }

    /// Adds a trial that is known from elsewhere.
    pub(super) fn learn(&self, name: TrialName, trial: OneTrial) {
        let mut trials = self.trials.lock().unwrap_or_else(PoisonError::into_inner);
        trials.entry(name).or_insert(trial);
    }

    /// A trial that was run before.
    pub(super) fn trial(&self, name: TrialName) -> Option<OneTrial> {
        let trials = self.trials.lock().unwrap_or_else(PoisonError::into_inner);
        trials.get(&name).cloned()
    }

    /// Keeps a trial. A disk that refuses costs the trial again, not the result.
    pub(super) fn keep(&self, name: TrialName, left: &OneTrial) {
        let mut written = self.file.lock().unwrap_or_else(PoisonError::into_inner);
        written.ended += 1;
        let is_hasty = self.began.elapsed() < WORTH_KEEPING * written.ended;
        if is_hasty || self.path.as_os_str().is_empty() {
            return;
        }
        let Ok(mut line) = serde_json::to_vec(&Line { name, left }) else {
            return;
        };
        line.push(b'\n');
        if written.file.is_none() {
            written.file = self.create().ok();
        }
        if let Some(file) = written.file.as_mut()
            && file.write_all(&line).is_ok()
        {
            written.trials += 1;
        }
    }

    fn create(&self) -> io::Result<File> {
        if let Some(folder) = self.path.parent() {
            std::fs::create_dir_all(folder)?;
        }
        let mut file = OpenOptions::new()
            .create(true)
            .append(true)
            .open(&self.path)?;
        if file.metadata()?.len() > 0 {
            // A line that was torn off ends here; an empty one does no harm.
            file.write_all(b"\n")?;
        }
        Ok(file)
    }

    /// How many trials were kept before this command.
    pub(super) fn already_there(&self) -> usize {
        self.before
    }

    /// How many trials another command would find.
    pub(super) fn count(&self) -> usize {
        let written = self.file.lock().unwrap_or_else(PoisonError::into_inner);
        self.before + written.trials
    }

    /// Forgets the trials, whose results are written.
    pub(super) fn remove(self) {
        drop(self.file);
        let _ = std::fs::remove_file(&self.path);
    }
}

fn read(path: &Path) -> io::Result<BTreeMap<TrialName, OneTrial>> {
    let file = BufReader::new(File::open(path)?);
    let mut trials = BTreeMap::new();
    for line in file.split(b'\n') {
        if let Ok(line) = serde_json::from_slice::<Line<OneTrial>>(&line?) {
            trials.insert(line.name, line.left);
        }
    }
    Ok(trials)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::analysis::synthetic;

    #[test]
    fn trials_come_back_and_torn_lines_do_not() {
        let folder = tempfile::tempdir().unwrap();
        let results = synthetic::children(2, 3, 7);
        let name = |trial: u32| TrialName { posts: 0, trial };
        let one = |trial: u32| results.one_trial(trial as usize).unwrap();
        let long_ago = |kept: Kept| Kept {
            began: Instant::now() - Duration::from_secs(60),
            ..kept
        };
        let kept = long_ago(Kept::open(folder.path(), "0123456789abcdef01"));
        kept.keep(name(0), &one(0));
        kept.keep(name(2), &one(2));
        let path = kept.path.clone();
        drop(kept);
        let mut text = std::fs::read(&path).unwrap();
        text.truncate(text.len() - 40);
        std::fs::write(&path, text).unwrap();
        let again = long_ago(Kept::open(folder.path(), "0123456789abcdef01"));
        assert_eq!((again.already_there(), again.count()), (1, 1));
        assert_eq!(again.trial(name(0)), Some(one(0)));
        again.keep(name(1), &one(1));
        drop(again);
        let third = Kept::open(folder.path(), "0123456789abcdef01");
        assert_eq!(third.trial(name(1)), Some(one(1)));
        assert_eq!(third.trial(name(2)), None);
        let hasty = Kept::open(folder.path(), "0123456789abcdef01");
        hasty.keep(name(2), &one(2));
        assert_eq!(hasty.count(), 2);
        let other = Kept::open(folder.path(), "fedcba98765432100");
        assert_eq!(other.count(), 0);
        third.remove();
        assert!(!path.exists());
    }
}
