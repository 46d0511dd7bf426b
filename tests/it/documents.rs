//! The documents say what is there: their commands, paths, sources and assumptions are checked
//! against the code and the scenario files.

use std::collections::BTreeSet;
use std::process::Command;

use crate::repository::{self, files_below, label, read, texts_below};
use seamline::measures::MEASURES;

#[test]
fn the_documents_are_there() {
    for name in [
        "README.md",
        "ARCHITECTURE.md",
        "CHANGELOG.md",
        "CITATION.cff",
        "LICENSE-APACHE",
        "LICENSE-MIT",
        "docs/assumptions.md",
        "docs/decisions.md",
        "docs/glossary.md",
        "docs/model.md",
        "docs/sources.md",
        "output/README.md",
    ] {
        assert!(!read(name).trim().is_empty(), "{name} is empty");
    }
}

#[test]
fn the_architecture_fits_on_two_pages() {
    let lines = read("ARCHITECTURE.md").lines().count();
    assert!(lines <= 110, "ARCHITECTURE.md has {lines} lines");
}

#[test]
fn the_readme_begins_with_the_two_commands() {
    let readme = read("README.md");
    let top: Vec<_> = readme.lines().take(12).collect();
    for command in ["cargo run --release -- run", "cargo test --release"] {
        let named = top.iter().any(|line| line.starts_with(command));
        assert!(named, "`{command}` is not at the top of README.md");
    }
}

/// A newcomer copies the example of the README into a file; it must be one that runs.
#[test]
fn the_scenario_in_the_readme_has_no_problems() {
    let readme = read("README.md");
    let blocks: Vec<_> = readme.split("```toml\n").skip(1).collect();
    assert_eq!(blocks.len(), 1, "which block is the scenario?");
    let scenario = blocks[0].split("```").next().unwrap_or_default();
    let folder = tempfile::tempdir().expect("a temporary folder");
    let file = folder.path().join("from-the-readme.toml");
    std::fs::write(&file, scenario).expect("a file in it");
    let check = Command::new(env!("CARGO_BIN_EXE_seamline"))
        .arg("check")
        .arg(&file)
        .output()
        .expect("the command starts");
    let said = String::from_utf8_lossy(&check.stderr);
    assert!(check.status.success(), "{said}");
}

#[test]
fn the_changelog_keeps_changes_of_results_apart() {
    let changelog = read("CHANGELOG.md");
    for heading in ["## Unreleased", "### Results change"] {
        assert!(changelog.lines().any(|line| line == heading), "{heading}");
    }
}

/// No registry and no machine of ours: a clone works wherever cargo does.
#[test]
fn no_file_names_a_registry_or_a_place_on_a_machine() {
    // Put together here, so that this file does not name them either.
    let registry = ["crates", "io"].join(".");
    let places = ["work", "home", "root"].map(|folder| format!("/{folder}/"));
    let mut complaints = Vec::new();
    for path in files_below("") {
        let name = label(&path);
        let Ok(text) = std::fs::read_to_string(&path) else {
            continue; // not text
        };
        for (number, line) in text.lines().enumerate() {
            let at = format!("{name}:{}", number + 1);
            if name != "Cargo.lock" && line.contains(&registry) {
                complaints.push(format!("{at}: names a registry"));
            }
            if places.iter().any(|place| begins_a_path(line, place)) {
                complaints.push(format!("{at}: names a place on a machine"));
            }
        }
    }
    assert!(complaints.is_empty(), "\n{}\n", complaints.join("\n"));
}

/// Does a path in this line begin so? In `example.org/home/` it does not.
fn begins_a_path(line: &str, start: &str) -> bool {
    line.match_indices(start).any(|(at, _)| {
        let before = line[..at].chars().next_back();
        !before.is_some_and(|c| c.is_alphanumeric() || "._-/".contains(c))
    })
}

#[test]
fn every_source_that_is_cited_is_written_out() {
    let known = read("docs/sources.md");
    let known: BTreeSet<String> = known
        .lines()
        .filter_map(|line| line.strip_prefix("- **"))
        .filter_map(|line| line.split_once("**"))
        .map(|(key, _)| key.to_owned())
        .collect();
    let mut cited = texts_below("scenarios", ".toml");
    cited.extend(texts_below("docs", ".md"));
    let mut complaints = Vec::new();
    for (name, text) in cited {
        let keys = keys_like(&text, "S");
        let unknown = keys.into_iter().filter(|key| !known.contains(key));
        complaints.extend(unknown.map(|key| format!("{name} cites {key}")));
    }
    assert!(complaints.is_empty(), "\n{}\n", complaints.join("\n"));
}

#[test]
fn assumptions_are_numbered_without_a_gap_and_all_that_are_cited_exist() {
    let assumptions = read("docs/assumptions.md");
    let defined: Vec<String> = assumptions
        .lines()
        .filter_map(|line| line.strip_prefix("### "))
        .filter_map(|line| line.split_once(' '))
        .map(|(key, _)| key.to_owned())
        .collect();
    let expected: Vec<_> = (1..=defined.len()).map(|n| format!("A-{n:02}")).collect();
    assert_eq!(defined, expected);
    let mut files = texts_below("src", ".rs");
    files.extend(texts_below("docs", ".md"));
    files.extend(texts_below("scenarios", ".toml"));
    let mut complaints = Vec::new();
    for (name, text) in files {
        let keys = keys_like(&text, "A-");
        let unknown = keys.into_iter().filter(|key| !defined.contains(key));
        complaints.extend(unknown.map(|key| format!("{name} cites {key}")));
    }
    assert!(complaints.is_empty(), "\n{}\n", complaints.join("\n"));
}

/// Words that are a prefix and then digits only: `S60`, `A-07`.
fn keys_like(text: &str, prefix: &str) -> BTreeSet<String> {
    text.split(|c: char| !c.is_alphanumeric() && c != '-')
        .filter(|word| {
            let digits = word.strip_prefix(prefix).unwrap_or_default();
            !digits.is_empty() && digits.chars().all(|c| c.is_ascii_digit())
        })
        .map(str::to_owned)
        .collect()
}

/// A parameter is referred to by its path, in backticks; `*` stands for any name.
#[test]
fn every_parameter_that_a_document_names_exists() {
    let presets: Vec<toml::Table> = texts_below("scenarios/parameters", ".toml")
        .iter()
        .map(|(_, text)| text.parse().expect("TOML"))
        .collect();
    let mut complaints = Vec::new();
    let mut found = 0;
    for (name, text) in texts_below("docs", ".md") {
        for path in text.split('`').skip(1).step_by(2) {
            // The number of a value in a list is no key of the file.
            let mut names: Vec<_> = path.split('.').collect();
            names.pop_if(|last| last.parse::<usize>().is_ok());
            let of_a_preset = presets.iter().any(|preset| preset.contains_key(names[0]));
            if names.len() > 1 && of_a_preset && !path.ends_with(".csv") {
                found += 1;
                if !presets.iter().any(|preset| leads_somewhere(preset, &names)) {
                    complaints.push(format!("{name}: no parameter `{path}`"));
                }
            }
        }
    }
    assert!(complaints.is_empty(), "\n{}\n", complaints.join("\n"));
    assert!(
        found > 20,
        "only {found} paths found: are they still in backticks?"
    );
}

fn leads_somewhere(table: &toml::Table, names: &[&str]) -> bool {
    let Some((first, rest)) = names.split_first() else {
        return true;
    };
    let mut below = table
        .iter()
        .filter(|(key, _)| *first == "*" || key == first)
        .map(|(_, value)| value);
    below.any(|value| match value {
        _ if rest.is_empty() => true,
        toml::Value::Table(table) => leads_somewhere(table, rest),
        _ => false,
    })
}

#[test]
fn the_model_description_lists_every_measure() {
    let model = read("docs/model.md");
    for measure in MEASURES {
        let row = format!("| `{}` |", measure.id);
        assert!(model.contains(&row), "docs/model.md has no row {row}");
    }
}

#[test]
fn links_between_documents_lead_to_a_file() {
    let mut documents = texts_below("docs", ".md");
    for name in ["README.md", "ARCHITECTURE.md", "CHANGELOG.md"] {
        documents.push((name.to_owned(), read(name)));
    }
    for (name, text) in documents {
        for link in text.split("](").skip(1) {
            let target = link.split([')', '#']).next().unwrap_or_default();
            if !target.is_empty() && !target.contains("://") {
                let folder = name.rsplit_once('/').map_or("", |(folder, _)| folder);
                let path = repository::root().join(folder).join(target);
                assert!(
                    path.exists(),
                    "{name} links to {target}, which is not there"
                );
            }
        }
    }
}
