//! `seamline list`: what is bundled, one line each.

use std::process::ExitCode;

use super::{DONE, text};
use crate::scenario::{BUNDLED, Kind};

/// Lists the bundled files by kind.
pub(crate) fn list() -> ExitCode {
    text::print(&listed());
    ExitCode::from(DONE)
}

fn listed() -> String {
    let width = BUNDLED.iter().map(|file| file.id.len()).max().unwrap_or(0);
    let mut out = String::new();
    for kind in Kind::ALL {
        let folder = kind.folder();
        out.push_str(&format!("{}{}\n", folder[..1].to_uppercase(), &folder[1..]));
        for file in BUNDLED.iter().filter(|file| file.kind == kind) {
            out.push_str(&format!("  {:width$}  {}\n", file.id, file.name()));
        }
    }
    out.push_str("\n`seamline show NAME` prints one of them in full.\n");
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_bundled_file_has_its_line_and_its_name() {
        let out = listed();
        for file in BUNDLED {
            let is_its = |line: &str| {
                line.trim_start().starts_with(&format!("{} ", file.id))
                    && line.ends_with(&file.name())
            };
            assert!(out.lines().any(is_its), "{}", file.path());
            assert_ne!(
                file.name(),
                file.id,
                "{} has no name of its own",
                file.path()
            );
        }
        assert!(out.lines().all(|line| line.chars().count() <= 80));
    }
}
