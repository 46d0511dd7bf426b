//! How to get the same numbers again.

use super::Context;
use crate::report::manifest;
use crate::report::page::parts::{Block, Cell, Section, Table, Term, Text, heading, paragraph};
use crate::scenario::Scenario;

pub(super) fn section(context: &Context) -> Section {
    let scenario = context.scenario;
    let mut blocks = vec![
        paragraph(
            "The same program, files and seed give the same bytes on any machine and any number of \
             threads. The manifest of the run (manifest.json) holds the text of every file.",
        ),
        Block::Code {
            text: command(context),
        },
    ];
    let code = |text: &str| Text::default().code(text);
    let libraries = manifest::LIBRARIES
        .iter()
        .map(|(name, version)| format!("{name} {version}"));
    let mut terms = vec![
        (
            "Program",
            Text::from(format!("seamline {}", env!("CARGO_PKG_VERSION"))),
        ),
        ("Seed", scenario.study.seed.to_string().into()),
        ("Trials", scenario.study.trials.to_string().into()),
        ("Inputs, SHA-256", code(&manifest::inputs(scenario))),
        (
            "Libraries that can move a result",
            super::listed(libraries).into(),
        ),
    ];
    if let Some(machine) = &context.options.machine {
        terms.push(("System", machine.system.as_str().into()));
        terms.push((
            "Run time",
            format!("{} on {} threads", machine.took, machine.threads).into(),
        ));
    }
    blocks.push(Block::Terms {
        items: terms
            .into_iter()
            .map(|(name, text)| Term {
                name: name.into(),
                text,
            })
            .collect(),
    });
    blocks.push(heading("reproduce-files", "Files"));
    blocks.push(Block::Table(files(scenario)));
    Section {
        id: "reproduce".to_owned(),
        heading: "How to reproduce it".to_owned(),
        blocks,
    }
}

/// The files that were read.
pub(in crate::report::page) fn files(scenario: &Scenario) -> Table {
    let code = |text: &str| Text::default().code(text);
    let mut table = Table::new("reproduce-inputs", "The scenario files of the run")
        .words("file")
        .words("origin")
        .words("SHA-256");
    for file in &scenario.files {
        let hash = manifest::sha256(file.text.as_bytes());
        table.row(
            None,
            vec![
                code(&file.label).into(),
                Cell::from(if file.local {
                    "the author's own"
                } else {
                    "bundled"
                }),
                code(&hash).into(),
            ],
        );
    }
    table.folded()
}

/// The command that runs the study again.
fn command(context: &Context) -> String {
    let trials = [
        "--trials".to_owned(),
        context.scenario.study.trials.to_string(),
    ];
    asked_again(context.scenario, &["run".to_owned()], &trials)
}

/// The command that asks the same of a study again: the words before the study, and further ones after
/// it.
pub(in crate::report::page) fn asked_again(
    scenario: &Scenario,
    before: &[String],
    further: &[String],
) -> String {
    let study = &scenario.study;
    let own = (scenario.files.iter())
        .find(|file| file.local && file.label.ends_with(&format!("{}.toml", study.id)));
    let name = own.map_or_else(|| study.id.to_string(), |file| file.label.clone());
    let mut words = vec!["seamline".to_owned()];
    words.extend(before.iter().map(|word| quoted(word)));
    words.push(quoted(&name));
    let others: Vec<&str> = (scenario.structures.iter())
        .skip(1)
        .map(|structure| structure.id.as_str())
        .collect();
    if !others.is_empty() {
        words.push("--structures".to_owned());
        words.push(quoted(&others.join(",")));
    }
    words.extend(further.iter().map(|word| quoted(word)));
    if let Some(joint) = &scenario.asked.joint {
        words.extend(["--joint".to_owned(), quoted(joint)]);
    }
    words.extend(["--seed".to_owned(), study.seed.to_string()]);
    for parameter in &scenario.parameters {
        if parameter.file == "--set" {
            words.push("--set".to_owned());
            words.push(quoted(&format!("{}={}", parameter.path, parameter.value)));
        }
    }
    let off: Vec<&str> = (study.comparison.off.iter())
        .map(|mechanism| mechanism.id())
        .collect();
    if !off.is_empty() {
        words.extend(["--off".to_owned(), off.join(",")]);
    }
    words.join(" ")
}

/// A word as a shell takes it.
fn quoted(word: &str) -> String {
    let is_plain = |it: char| it.is_ascii_alphanumeric() || "-_./,=%+:".contains(it);
    if !word.is_empty() && word.chars().all(is_plain) {
        word.to_owned()
    } else {
        format!("'{}'", word.replace('\'', "'\\''"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_with_spaces_are_quoted() {
        assert_eq!(quoted("a.b=6%"), "a.b=6%");
        assert_eq!(quoted("a=times 2"), "'a=times 2'");
        assert_eq!(quoted("it's"), "'it'\\''s'");
    }
}
