//! `seamline export`: the bundled scenario files, to edit and run.
#![allow(clippy::print_stderr)]

use std::path::Path;
use std::process::ExitCode;

use super::{DONE, UNFINISHED, text};
use crate::scenario::{BUNDLED, Bundled};

/// Writes the bundled files to a folder, unless one there has been changed: then nothing is written.
pub(crate) fn export(folder: &Path) -> ExitCode {
    let mut missing: Vec<&Bundled> = Vec::new();
    let mut changed: Vec<&Bundled> = Vec::new();
    for file in BUNDLED {
        match std::fs::read(folder.join(file.path())) {
            Ok(bytes) if is_same(&bytes, file.text) => {}
            Ok(_) => changed.push(file),
            Err(_) => missing.push(file),
        }
    }
    if !changed.is_empty() {
        eprintln!("nothing written: these files differ from the bundled ones");
        for file in changed {
            eprintln!("  {}", folder.join(file.path()).display());
        }
        eprintln!("move them away, or name another folder");
        return ExitCode::from(UNFINISHED);
    }
    for file in &missing {
        if let Err(error) = write(&folder.join(file.path()), file.text) {
            eprintln!(
                "{} cannot be written: {error}",
                folder.join(file.path()).display()
            );
            return ExitCode::from(UNFINISHED);
        }
    }
    let study = folder.join(BUNDLED[0].path());
    text::print(&format!(
        "{} files written to {}, {} there already\nto run one: seamline run {}\n",
        missing.len(),
        folder.display(),
        BUNDLED.len() - missing.len(),
        study.display()
    ));
    ExitCode::from(DONE)
}

/// The same text, whichever way lines end.
fn is_same(bytes: &[u8], text: &str) -> bool {
    std::str::from_utf8(bytes)
        .is_ok_and(|found| found.replace("\r\n", "\n") == text.replace("\r\n", "\n"))
}

fn write(path: &Path, text: &str) -> std::io::Result<()> {
    if let Some(folder) = path.parent() {
        std::fs::create_dir_all(folder)?;
    }
    std::fs::write(path, text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_changed_file_is_never_overwritten_and_then_nothing_is_written() {
        let folder = tempfile::tempdir().unwrap();
        let changed = folder.path().join(BUNDLED[0].path());
        write(&changed, "changed\n").unwrap();
        assert_eq!(export(folder.path()), ExitCode::from(UNFINISHED));
        assert_eq!(std::fs::read_to_string(&changed).unwrap(), "changed\n");
        assert!(!folder.path().join(BUNDLED[1].path()).exists());
    }

    #[test]
    fn a_second_export_changes_nothing() {
        let folder = tempfile::tempdir().unwrap();
        assert_eq!(export(folder.path()), ExitCode::from(DONE));
        for file in BUNDLED {
            let written = std::fs::read_to_string(folder.path().join(file.path())).unwrap();
            assert_eq!(written, file.text);
        }
        assert_eq!(export(folder.path()), ExitCode::from(DONE));
    }
}
