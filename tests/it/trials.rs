//! How many trials: to a precision, added to a finished run, and kept when a run is interrupted.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use super::command::{done, files, refused};

/// A folder of results without its log, which says when and how fast, and without the file that says
/// how precise a run to a precision became.
fn results(folder: &Path) -> BTreeMap<String, Vec<u8>> {
    let mut files = files(folder);
    files.retain(|name, _| name != "run.log" && name != "precision.csv");
    assert!(files.len() > 20, "{:?}", files.keys());
    files
}

#[track_caller]
fn assert_same(one: &Path, other: &Path) {
    let (one, other) = (results(one), results(other));
    assert_eq!(
        one.keys().collect::<Vec<_>>(),
        other.keys().collect::<Vec<_>>()
    );
    for (name, bytes) in &one {
        assert!(other[name] == *bytes, "{name} differs");
    }
}

#[test]
fn a_run_to_a_precision_is_the_run_of_so_many_trials() {
    let folder = tempfile::tempdir().unwrap();
    let here = folder.path();
    let wish = "handoff-days: 4 days";
    let said = done(
        here,
        &["run", "duty-desk", "--precision", wish, "--out", "to"],
    );
    assert!(
        said.contains("every difference is as precise as wished"),
        "{said}"
    );
    let table = fs::read_to_string(here.join("to/precision.csv")).unwrap();
    let row: Vec<&str> = table.lines().nth(1).unwrap().split(',').collect();
    let (trials, half, wished) = (row[3], row[5], row[6]);
    assert!(
        half.parse::<f64>().unwrap() <= wished.parse::<f64>().unwrap(),
        "{table}"
    );
    done(
        here,
        &["run", "duty-desk", "--trials", trials, "--out", "fixed"],
    );
    assert_same(&here.join("to"), &here.join("fixed"));
}

#[test]
fn a_precision_out_of_reach_is_told_and_the_results_are_there() {
    let folder = tempfile::tempdir().unwrap();
    let here = folder.path();
    let wish = ["--precision", "handoff-days: 0.001", "--max-trials", "25"];
    let said = done(
        here,
        &[&["run", "duty-desk", "--out", "to"][..], &wish].concat(),
    );
    assert!(
        said.contains("not every difference is as precise as wished"),
        "{said}"
    );
    let table = fs::read_to_string(here.join("to/precision.csv")).unwrap();
    assert!(table.lines().nth(1).unwrap().ends_with(",no"), "{table}");
}

#[test]
fn every_wish_that_cannot_be_meant_is_told_at_once() {
    let folder = tempfile::tempdir().unwrap();
    let arguments = [
        "run",
        "--precision",
        "missed-known: 5 per 10000",
        "--precision",
        "known-missed: 5 days",
        "--max-trials",
        "1",
    ];
    let said = refused(folder.path(), &arguments);
    assert!(said.contains("did you mean \"known-missed\"?"), "{said}");
    assert!(said.contains("--max-trials is 20 at least"), "{said}");
    assert!(
        said.contains("counted in \"per 10,000 children a year\""),
        "{said}"
    );
}

#[test]
fn trials_added_to_a_finished_run_make_the_run_of_all() {
    let folder = tempfile::tempdir().unwrap();
    let here = folder.path();
    done(
        here,
        &["run", "duty-desk", "--trials", "4", "--out", "mine"],
    );
    done(here, &["run", "--extend", "mine", "--trials", "9"]);
    done(
        here,
        &["run", "duty-desk", "--trials", "9", "--out", "fresh"],
    );
    assert_same(&here.join("mine"), &here.join("fresh"));
    let said = refused(here, &["run", "--extend", "mine", "--trials", "9"]);
    assert!(said.contains("mine has 9 trials"), "{said}");
    // A wish that fewer trials would meet leaves all that are there.
    done(
        here,
        &["run", "duty-desk", "--trials", "35", "--out", "many"],
    );
    let wish = ["--precision", "handoff-days: 50 days"];
    done(here, &[&["run", "--extend", "many"][..], &wish].concat());
    done(
        here,
        &["run", "duty-desk", "--trials", "35", "--out", "as-many"],
    );
    assert_same(&here.join("many"), &here.join("as-many"));
    let manifest = here.join("mine/manifest.json");
    let text = fs::read_to_string(&manifest).unwrap();
    // Another version would have named other inputs.
    let own = "\"inputs\": \"";
    assert!(text.contains(own), "{text}");
    fs::write(&manifest, text.replacen(own, &format!("{own}0"), 1)).unwrap();
    let said = refused(here, &["run", "--extend", "mine", "--trials", "12"]);
    assert!(said.contains("cannot be mixed"), "{said}");
}

#[test]
fn a_run_is_made_again_from_its_manifest_and_a_changed_file_is_found() {
    let folder = tempfile::tempdir().unwrap();
    let here = folder.path();
    let study = [
        "run",
        "--trials",
        "2",
        "--set",
        "area.typical-council-2003.children=1500",
        "--structures",
        "local-trust",
    ];
    done(here, &[&study[..], &["--out", "mine"]].concat());
    let said = done(here, &["reproduce", "mine"]);
    assert!(said.contains("files are the same to the byte"), "{said}");
    let table = here.join("mine/summary.csv");
    let text = fs::read_to_string(&table).unwrap();
    fs::write(&table, text.replacen('1', "2", 1)).unwrap();
    let found = super::command::output(here, &["reproduce", "mine"]);
    assert_eq!(found.status.code(), Some(1), "{found:?}");
    let said = String::from_utf8(found.stdout).unwrap();
    assert!(said.contains("summary.csv  DIFFERS"), "{said}");
    let said = refused(here, &["reproduce", "nowhere"]);
    assert!(said.contains("nowhere"), "{said}");
}

#[cfg(unix)]
#[test]
fn an_interrupted_run_goes_on_from_the_trials_that_are_kept() {
    use std::process::{Command, Stdio};
    use std::time::Duration;

    let folder = tempfile::tempdir().unwrap();
    let here = folder.path();
    let children = [
        "--set",
        "area.typical-council-2003.children=6000",
        "--structures",
        "local-trust",
    ];
    let run = |trials: &str, out: &str| {
        let mut arguments = vec!["run", "--trials", trials, "--out", out];
        arguments.extend(children);
        super::command::command(here, &arguments)
    };
    let many = run("100000", "mine")
        .stdout(Stdio::null())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    // Some trials have ended by then.
    std::thread::sleep(Duration::from_secs(12));
    let sent = Command::new("kill")
        .args(["-INT", &many.id().to_string()])
        .status();
    assert!(sent.unwrap().success());
    let ended = many.wait_with_output().unwrap();
    assert_eq!(ended.status.code(), Some(130));
    let said = String::from_utf8(ended.stderr).unwrap();
    assert!(said.contains("trials are kept"), "{said}");
    assert!(!here.join("mine").exists());
    assert!(!files(here).is_empty());

    // How many there are to be is no part of what a trial is.
    let again = run("3", "mine").output().unwrap();
    assert_eq!(again.status.code(), Some(0), "{again:?}");
    let said = String::from_utf8(again.stderr).unwrap();
    assert!(
        said.contains("kept from a run that was interrupted"),
        "{said}"
    );
    assert_eq!(run("3", "fresh").output().unwrap().status.code(), Some(0));
    assert_same(&here.join("mine"), &here.join("fresh"));
    let left = files(here);
    let hidden = |name: &&String| name.ends_with(".trials");
    assert!(!left.keys().any(|it| hidden(&it)), "{:?}", left.keys());
}
