//! The story of one child and the log of events, from the command.

use std::fs;

use serde_json::Value;

use crate::command::{done, refused};

/// A small study; of it the first structure beside the baseline.
const SMALL: [&str; 4] = [
    "childrens-trusts-2003",
    "--quiet",
    "--set",
    "area.typical-council-2003.children=1000",
];

fn arguments<'a>(command: &'a str, more: &[&'a str]) -> Vec<&'a str> {
    [&[command][..], &SMALL, more].concat()
}

fn tellings(story: &Value) -> &Vec<Value> {
    story["tellings"].as_array().unwrap()
}

#[test]
fn a_child_is_traced_and_found_again_by_its_id() {
    let home = tempfile::tempdir().unwrap();
    let json = done(home.path(), &arguments("trace", &["--json"]));
    let story: Value = serde_json::from_str(&json).unwrap();
    assert_eq!(story["pick"], "typical");
    assert_eq!(
        tellings(&story).len(),
        2,
        "the baseline and the first other"
    );
    let child = story["child"].as_str().unwrap();
    let trial = story["trial"].to_string();
    let by_id = ["--json", "--child", child, "--trial", &trial];
    let again = done(home.path(), &arguments("trace", &by_id));
    let again: Value = serde_json::from_str(&again).unwrap();
    assert_eq!(tellings(&again), tellings(&story));
    let out = ["--child", child, "--trial", &trial, "--out", "story.md"];
    let in_markdown = [&out[..], &["--format", "markdown"]].concat();
    assert!(done(home.path(), &arguments("trace", &in_markdown)).is_empty());
    let told = fs::read_to_string(home.path().join("story.md")).unwrap();
    assert!(told.starts_with("### The story of one child") && told.contains("nobody real"));
}

#[test]
fn a_child_that_cannot_be_told_of_is_refused() {
    let home = tempfile::tempdir().unwrap();
    let told = |more: &[&str]| refused(home.path(), &arguments("trace", more));
    assert!(told(&["--pick", "best"]).contains("no rule to pick a child by"));
    assert!(told(&["--pick", "caught-by:local-trusst"]).contains("local-trust"));
    assert!(told(&["--pick", "caught-by:fragmented"]).contains("baseline"));
    assert!(told(&["--child", "nowhere/1", "--trial", "1"]).contains("no child of this study"));
    assert!(told(&["--trial", "99"]).contains("there is no trial 99"));
    let network = refused(home.path(), &["trace", "duty-desk", "--quiet"]);
    assert!(network.contains("network of cases"), "{network}");
    let day = ["--out", "log.csv", "--decision-day", "2003-02-30"];
    let told = refused(home.path(), &arguments("events", &day));
    assert!(told.contains("is no day"), "{told}");
    let trial = ["--out", "log.csv", "--trials", "1,99"];
    let told = refused(home.path(), &arguments("events", &trial));
    assert!(told.contains("there is no trial 99"), "{told}");
}

#[test]
fn a_log_has_the_columns_that_process_mining_looks_for() {
    let home = tempfile::tempdir().unwrap();
    done(home.path(), &arguments("events", &["--out", "log.csv"]));
    let log = fs::read_to_string(home.path().join("log.csv")).unwrap();
    let (header, rows) = log.split_once('\n').unwrap();
    let first = "case:concept:name,concept:name,time:timestamp,org:resource,lifecycle:transition";
    assert!(header.starts_with(first), "{header}");
    let times: Vec<(&str, &str)> = rows
        .lines()
        .map(|row| {
            let cells: Vec<&str> = row.split(',').collect();
            let structure = cells[0].split('/').nth(1).unwrap();
            (structure, cells[2])
        })
        .collect();
    assert!(times.len() > 100);
    assert!(times[0].1 >= "2003-04-01T00:00:00Z", "observed time alone");
    for pair in times.windows(2) {
        assert!(pair[0].0 != pair[1].0 || pair[0].1 <= pair[1].1);
    }
}
