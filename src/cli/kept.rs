//! Runs that are kept as they end, so that long work that was interrupted goes on where it was.
//!
//! One line a run, in a hidden file beside the results that bears the hash of everything that
//! determines them; draws are determined too, so the number of a run says which it is. A last line
//! that was torn off is left out.

use std::collections::BTreeMap;
use std::fs::{File, OpenOptions};
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

/// The numbers of a run; `None` where there was nothing to measure.
type Numbers = Vec<Option<f64>>;

/// Ends every whole line.
const END: &str = "end";

/// The runs of one piece of work.
#[derive(Debug)]
pub(super) struct Kept {
    path: PathBuf,
    before: BTreeMap<u32, Numbers>,
    file: Mutex<Written>,
}

#[derive(Debug)]
struct Written {
    file: File,
    runs: usize,
}

impl Kept {
    /// The runs kept in a folder for these inputs; none at first.
    pub(super) fn open(folder: &Path, inputs: &str) -> io::Result<Self> {
        std::fs::create_dir_all(folder)?;
        let path = folder.join(format!(
            ".seamline-{}.runs",
            &inputs[..16.min(inputs.len())]
        ));
        let text = std::fs::read_to_string(&path).unwrap_or_default();
        let before = text.lines().filter_map(read).collect();
        let mut file = OpenOptions::new().create(true).append(true).open(&path)?;
        if !text.is_empty() && !text.ends_with('\n') {
            file.write_all(b"\n")?;
        }
        Ok(Self {
            path,
            before,
            file: Mutex::new(Written { file, runs: 0 }),
        })
    }

    /// The numbers of a run that was kept before.
    pub(super) fn numbers(&self, run: u32) -> Option<Numbers> {
        self.before.get(&run).cloned()
    }

    /// Keeps a run. A disk that refuses costs the runs again, not the result.
    pub(super) fn keep(&self, run: u32, figures: &Numbers) {
        let mut line = run.to_string();
        for figure in figures {
            line.push(',');
            if let Some(figure) = figure {
                line.push_str(&figure.to_string());
            }
        }
        let mut written = self.file.lock().unwrap_or_else(PoisonError::into_inner);
        let _ = written.file.write_all(format!("{line},{END}\n").as_bytes());
        written.runs += 1;
    }

    /// How many runs were kept before this command.
    pub(super) fn already_there(&self) -> usize {
        self.before.len()
    }

    /// How many runs there are.
    pub(super) fn count(&self) -> usize {
        let written = self.file.lock().unwrap_or_else(PoisonError::into_inner);
        self.before.len() + written.runs
    }

    /// Forgets the runs, whose results are written.
    pub(super) fn remove(self) {
        drop(self.file);
        let _ = std::fs::remove_file(&self.path);
    }
}

/// One line; `None` where it is torn.
fn read(line: &str) -> Option<(u32, Numbers)> {
    let mut fields = line.split(',');
    let run = fields.next()?.parse().ok()?;
    let mut fields: Vec<&str> = fields.collect();
    if fields.pop()? != END {
        return None;
    }
    let figures = fields.into_iter().map(|field| match field {
        "" => Some(None),
        _ => field.parse().ok().map(Some),
    });
    Some((run, figures.collect::<Option<_>>()?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn runs_come_back_to_the_bit_and_torn_lines_do_not() {
        let folder = tempfile::tempdir().unwrap();
        let figures = vec![Some(0.1 + 0.2), None, Some(1e-300)];
        let kept = Kept::open(folder.path(), "0123456789abcdef01").unwrap();
        kept.keep(7, &figures);
        let torn = kept.path.clone();
        drop(kept);
        let mut file = OpenOptions::new().append(true).open(&torn).unwrap();
        file.write_all(b"8,0.25,0.").unwrap();
        let again = Kept::open(folder.path(), "0123456789abcdef01").unwrap();
        assert_eq!(again.numbers(7), Some(figures));
        assert_eq!(again.numbers(8), None);
        again.keep(8, &vec![Some(1.0)]);
        drop(again);
        let third = Kept::open(folder.path(), "0123456789abcdef01").unwrap();
        assert_eq!(
            (third.already_there(), third.numbers(8)),
            (2, Some(vec![Some(1.0)]))
        );
        let other = Kept::open(folder.path(), "fedcba98765432100").unwrap();
        assert_eq!(other.already_there(), 0);
        third.remove();
        assert!(!torn.exists());
    }
}
