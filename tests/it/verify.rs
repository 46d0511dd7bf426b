//! `seamline verify` end to end: what it prints, writes and answers, on studies whose answer is known.
#![allow(clippy::unwrap_used)]

use std::fs;
use std::path::Path;
use std::process::{Command, Output};

use serde_json::Value;

use crate::repository;

/// A study of children that takes some seconds, under structures of every kind of change.
const CHILDREN: &[&str] = &[
    "verify",
    "childrens-trusts-2003",
    "--structures",
    "local-trust+co-ordinator,disability-trust,national-agency",
    "--set",
    "area.typical-council-2003.children=1000",
    "--set",
    "study.warm_up=1 year",
    "--set",
    "study.observe=2 years",
];

fn output(folder: &Path, arguments: &[&str]) -> Output {
    Command::new(assert_cmd::cargo::cargo_bin!("seamline"))
        .args(arguments)
        .current_dir(folder)
        .env("NO_COLOR", "1")
        .output()
        .unwrap()
}

/// What is printed where every test passes.
#[track_caller]
fn passes(folder: &Path, arguments: &[&str]) -> String {
    let output = output(folder, arguments);
    let printed = String::from_utf8(output.stdout).unwrap();
    assert_eq!(output.status.code(), Some(0), "{arguments:?}:\n{printed}");
    let too_wide = printed.lines().find(|line| line.chars().count() > 80);
    if !arguments.contains(&"--json") {
        assert_eq!(too_wide, None);
    }
    printed
}

/// How many numbers were compared grows with what is counted, and is no part of a snapshot.
fn without_counts(printed: &str) -> String {
    let lines = printed
        .lines()
        .map(|line| match line.find(" numbers compared") {
            Some(at) => {
                let number = |it: char| it.is_ascii_digit() || it == ',';
                format!("{}N{}", line[..at].trim_end_matches(number), &line[at..])
            }
            None => line.to_owned(),
        });
    lines.map(|line| line + "\n").collect()
}

#[test]
fn a_network_passes_and_is_told_in_words() {
    let folder = tempfile::tempdir().unwrap();
    let printed = passes(folder.path(), &["verify", "duty-desk"]);
    insta::assert_snapshot!("duty_desk", without_counts(&printed));
    assert_eq!(
        fs::read_dir(folder.path()).unwrap().count(),
        0,
        "nothing is written unless asked for"
    );
}

/// The study of docs/verify.md, whose every queue theory knows, and what the document says it prints.
#[test]
fn a_study_whose_answer_is_known_agrees_with_theory() {
    let document = repository::read("docs/verify.md");
    let blocks: Vec<&str> = document.split("```toml\n").skip(1).collect();
    assert_eq!(blocks.len(), 1, "which block is the study?");
    let study = blocks[0].split("```").next().unwrap();
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("known.toml"), study).unwrap();
    let printed = passes(folder.path(), &["verify", "known.toml"]);
    let queues = printed.split("Queues beside theory").nth(1).unwrap();
    let words: Vec<&str> = queues.split_whitespace().collect();
    assert!(!queues.contains("not exact"), "{queues}");
    assert!(!queues.contains("MORE THAN LUCK"), "{queues}");
    assert_eq!(
        words
            .join(" ")
            .matches("exact; the gap is within luck")
            .count(),
        14
    );
    let shown = queues
        .split("\nSeen, not tested")
        .next()
        .unwrap()
        .trim_end();
    assert!(
        document.contains(&format!("Queues beside theory{shown}")),
        "docs/verify.md does not show what is printed:\nQueues beside theory{shown}"
    );
}

#[test]
fn a_study_of_children_passes_and_says_what_does_not_apply() {
    let folder = tempfile::tempdir().unwrap();
    let printed = passes(folder.path(), CHILDREN);
    assert!(printed.contains("0 fail"), "{printed}");
    assert!(
        printed.contains("yearly budgets cannot be doubled"),
        "{printed}"
    );
    let tests = printed.split("Queues beside theory").next().unwrap();
    insta::assert_snapshot!("children", without_counts(tests));
}

#[test]
fn what_is_found_can_be_written_and_read_by_scripts() {
    let folder = tempfile::tempdir().unwrap();
    let arguments = [
        "verify",
        "plain-network",
        "--trials",
        "2",
        "--json",
        "--out",
        "found",
    ];
    let printed = passes(folder.path(), &arguments);
    let json: Value = serde_json::from_str(&printed).unwrap();
    assert_eq!(json["passes"], true);
    assert!(json["tests"].as_array().unwrap().len() > 15);
    assert!(json["queues"]["of_services"][0]["simulated"]["value"].is_number());
    let found = folder.path().join("found");
    for name in [
        "manifest.json",
        "verify-tests.csv",
        "verify-queues.csv",
        "verify.json",
        "run.log",
    ] {
        assert!(found.join(name).is_file(), "{name} is missing");
    }
    let written: Value =
        serde_json::from_slice(&fs::read(found.join("verify.json")).unwrap()).unwrap();
    assert_eq!(written, json);
    // Asked again it finds and writes the same.
    passes(folder.path(), &arguments);
    // Results of a run are another thing and are not overwritten.
    let run = ["run", "plain-network", "--trials", "2", "--out", "ran"];
    assert!(output(folder.path(), &run).status.success());
    let over = ["verify", "plain-network", "--trials", "2", "--out", "ran"];
    assert_eq!(output(folder.path(), &over).status.code(), Some(2));
}

#[test]
fn a_study_with_problems_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    for arguments in [
        &["verify", "duty-dsk"][..],
        &["verify", "duty-desk", "--set", "service.duty.places=many"],
        &["verify", "duty-desk", "--trials", "1"],
    ] {
        let output = output(folder.path(), arguments);
        assert_eq!(output.status.code(), Some(2), "{arguments:?}");
        assert!(output.stdout.is_empty());
    }
}

/// The bundled stroke units have several kinds, long stays of any law and beds without limit.
#[test]
fn the_stroke_units_pass() {
    let folder = tempfile::tempdir().unwrap();
    passes(folder.path(), &["verify", "stroke-units", "--trials", "4"]);
}

/// A service that is asked for more than it can do has no steady state, and that is said.
#[test]
fn a_queue_without_a_steady_state_is_told() {
    let folder = tempfile::tempdir().unwrap();
    let arguments = [
        "verify",
        "plain-network",
        "--set",
        "service.intake.places=3",
    ];
    let printed = passes(folder.path(), &arguments);
    let words: Vec<&str> = printed.split_whitespace().collect();
    assert!(words.join(" ").contains("no steady state"), "{printed}");
}
