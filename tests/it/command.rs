//! The command end to end: the real binary in folders of its own, the files it writes and what it
//! says.
#![allow(clippy::unwrap_used)]

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::process::{Command, Output, Stdio};
use std::time::Duration;

use serde_json::Value;

/// A study of children that takes about a second.
const SMALL: &[&str] = &[
    "run",
    "--trials",
    "2",
    "--set",
    "area.typical-council-2003.children=1500",
];

/// The command with these arguments, to be given in a folder.
pub(crate) fn command(folder: &Path, arguments: &[&str]) -> Command {
    let mut command = Command::new(assert_cmd::cargo::cargo_bin!("seamline"));
    command
        .args(arguments)
        .current_dir(folder)
        .env("NO_COLOR", "1");
    command
}

pub(crate) fn output(folder: &Path, arguments: &[&str]) -> Output {
    command(folder, arguments).output().unwrap()
}

/// What the command prints when all goes well.
#[track_caller]
pub(crate) fn done(folder: &Path, arguments: &[&str]) -> String {
    let output = output(folder, arguments);
    assert_eq!(output.status.code(), Some(0), "{arguments:?}: {output:?}");
    String::from_utf8(output.stdout).unwrap()
}

/// What the command says on standard error when it refuses, having printed and changed nothing.
#[track_caller]
pub(crate) fn refused(folder: &Path, arguments: &[&str]) -> String {
    let before = files(folder);
    let output = output(folder, arguments);
    assert_eq!(output.status.code(), Some(2), "{arguments:?}: {output:?}");
    assert!(output.stdout.is_empty(), "{output:?}");
    assert!(files(folder) == before, "something was changed");
    String::from_utf8(output.stderr).unwrap()
}

/// Every file below a folder, by its path with slashes forward, and its content.
pub(crate) fn files(folder: &Path) -> BTreeMap<String, Vec<u8>> {
    fn collect(root: &Path, folder: &Path, found: &mut BTreeMap<String, Vec<u8>>) {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                collect(root, &path, found);
            } else {
                let name = path.strip_prefix(root).unwrap().display().to_string();
                found.insert(name.replace('\\', "/"), fs::read(&path).unwrap());
            }
        }
    }
    let mut found = BTreeMap::new();
    collect(folder, folder, &mut found);
    found
}

/// The files of results that inputs determine: all but the log.
fn results(folder: &Path) -> BTreeMap<String, Vec<u8>> {
    let mut found = files(folder);
    assert!(found.remove("run.log").is_some(), "the log is missing");
    found
}

#[test]
fn a_run_writes_its_files_and_prints_the_comparison() {
    let folder = tempfile::tempdir().unwrap();
    let printed = done(folder.path(), &["run", "duty-desk", "--trials", "4"]);
    assert!(printed.starts_with("Two bodies or one\n"));
    assert!(printed.contains("Files: "));
    let too_wide = printed.lines().find(|line| line.chars().count() > 80);
    assert_eq!(too_wide, None);

    let written = results(&folder.path().join("output/duty-desk"));
    for name in [
        "manifest.json",
        "summary.csv",
        "differences.csv",
        "delays.csv",
        "missed.csv",
        "trials.csv",
        "dictionary.csv",
        "chart-differences.svg",
        "chart-handoffs-not-begun.svg",
        "chart-missed-by-cause.svg",
        "chart-flow.svg",
        "partitions.csv",
    ] {
        assert!(written.contains_key(name), "{name} is missing");
    }
    for (name, content) in &written {
        let is_table = name.ends_with(".csv");
        assert_eq!(
            content.starts_with(b"\xEF\xBB\xBF"),
            is_table,
            "mark of {name}"
        );
        assert!(content.len() > 100, "{name} is all but empty");
    }
    let manifest: Value = serde_json::from_slice(&written["manifest.json"]).unwrap();
    assert!(manifest.is_object());
}

#[test]
fn the_same_inputs_leave_the_same_bytes_on_any_number_of_threads() {
    let folder = tempfile::tempdir().unwrap();
    for study in [&["run", "duty-desk", "--trials", "4"][..], SMALL] {
        for (name, threads) in [("one", "1"), ("two", "2"), ("again", "2")] {
            done(
                folder.path(),
                &[study, &["--threads", threads, "--out", name, "--replace"]].concat(),
            );
        }
        let one = results(&folder.path().join("one"));
        assert!(one == results(&folder.path().join("two")));
        assert!(one == results(&folder.path().join("again")));
    }
}

#[test]
fn the_same_inputs_take_the_same_folder_and_others_the_next() {
    let folder = tempfile::tempdir().unwrap();
    let run = |seed| {
        let arguments = [
            "run",
            "duty-desk",
            "--trials",
            "2",
            "--seed",
            seed,
            "--quiet",
        ];
        done(folder.path(), &arguments);
        let mut names: Vec<String> = fs::read_dir(folder.path().join("output"))
            .unwrap()
            .map(|entry| entry.unwrap().file_name().into_string().unwrap())
            .filter(|name| !name.starts_with('.'))
            .collect();
        names.sort();
        names
    };
    assert_eq!(run("1"), ["duty-desk"]);
    let first = results(&folder.path().join("output/duty-desk"));
    assert_eq!(run("1"), ["duty-desk"]);
    assert_eq!(run("2"), ["duty-desk", "duty-desk-2"]);
    assert_eq!(run("3"), ["duty-desk", "duty-desk-2", "duty-desk-3"]);
    assert_eq!(run("2"), ["duty-desk", "duty-desk-2", "duty-desk-3"]);
    assert!(first == results(&folder.path().join("output/duty-desk")));
    assert!(first != results(&folder.path().join("output/duty-desk-2")));
}

#[test]
fn a_chosen_folder_with_something_else_in_it_is_left_alone() {
    let folder = tempfile::tempdir().unwrap();
    let mine = folder.path().join("mine");
    fs::create_dir(&mine).unwrap();
    fs::write(mine.join("letter.txt"), "do not touch").unwrap();
    let run = ["run", "duty-desk", "--trials", "2", "--out", "mine"];
    let said = refused(folder.path(), &run);
    assert!(said.contains("--replace"), "{said}");

    // Replacing it still destroys nothing.
    done(folder.path(), &[&run[..], &["--replace"]].concat());
    assert!(mine.join("summary.csv").exists());
    let kept = files(folder.path());
    assert!(kept.values().any(|content| content == b"do not touch"));

    // Results of other inputs are something else too.
    let other = [&run[..], &["--seed", "9"]].concat();
    refused(folder.path(), &other);
    done(folder.path(), &[&other[..], &["--replace"]].concat());
}

#[test]
fn wrong_usage_is_refused_with_a_way_out() {
    let folder = tempfile::tempdir().unwrap();
    for (arguments, way_out) in [
        (&["run", "duty-dest"][..], "duty-desk"),
        (
            &["run", "duty-desk", "--set", "handoff.silent_los=3%"],
            "handoff.silent_loss",
        ),
        (
            &["run", "duty-desk", "--set", "handoff.silent_loss=130%"],
            "100",
        ),
        (&["run", "duty-desk", "--set", "handoff.silent_loss"], "="),
        (&["run", "duty-desk", "--structures", "joint"], "joined"),
        (&["run", "duty-desk", "--trials", "1"], "2"),
        (&["show", "local-trus"], "local-trust"),
        (&["rum"], "run"),
    ] {
        let said = refused(folder.path(), arguments);
        assert!(said.contains(way_out), "{arguments:?}: {said}");
    }
}

#[test]
fn json_holds_every_measure_of_every_structure_and_nothing_else_is_printed() {
    let folder = tempfile::tempdir().unwrap();
    let printed = done(folder.path(), &[SMALL, &["--json"]].concat());
    let summary: Value = serde_json::from_str(&printed).unwrap();
    assert_eq!(summary["study"]["id"], "childrens-trusts-2003");
    assert_eq!(summary["primary"], "known-missed");
    assert!(!summary["sentences"].as_array().unwrap().is_empty());
    let structures = summary["structures"].as_array().unwrap().len();
    assert!(structures >= 10, "{structures} structures");
    let measures = summary["measures"].as_array().unwrap();
    let ids: Vec<&str> = measures
        .iter()
        .map(|measure| measure["id"].as_str().unwrap())
        .collect();
    for id in ["handoffs-begun-30", "handoffs-begun-90", "known-missed"] {
        assert!(ids.contains(&id), "{id} is not among {ids:?}");
    }
    for measure in measures {
        assert_eq!(measure["values"].as_array().unwrap().len(), structures);
    }
}

#[test]
fn no_word_goes_further_than_the_intervals() {
    let folder = tempfile::tempdir().unwrap();
    let printed = done(folder.path(), SMALL);
    let told = [
        "than the baseline",
        "apart from the baseline",
        "from the baseline in",
    ];
    assert!(
        told.iter().any(|words| printed.contains(words)),
        "nothing is said of the structures: {printed}"
    );
    let written = results(&folder.path().join("output/childrens-trusts-2003"));
    for name in ["ranking.csv", "pairs.csv"] {
        assert!(written.contains_key(name), "{name} is missing");
    }
    // These quote the scenario files and their sources, and what those say of claims is theirs; the
    // pick of a story is a word of the command.
    let quoting = [
        "manifest.json",
        "parameters.csv",
        "report.html",
        "report.md",
        "stories.json",
    ];
    for (_, content) in written
        .iter()
        .filter(|(name, _)| !quoting.contains(&name.as_str()))
    {
        check_words(&String::from_utf8_lossy(content));
    }
    // What the report itself claims.
    let report = String::from_utf8_lossy(&written["report.html"]);
    let claims: Vec<&str> = report.split("class=\"claim\">").skip(1).collect();
    assert!(claims.len() > 5, "the report claims nothing");
    for claim in claims {
        check_words(claim.split("</").next().unwrap());
    }
    check_words(&printed);
}

#[track_caller]
fn check_words(text: &str) {
    let too_far = ["best", "worst", "winner", "wins", "outperforms", "ranked"];
    let word = text
        .split(|letter: char| !letter.is_alphabetic())
        .find(|word| too_far.contains(&word.to_lowercase().as_str()));
    assert_eq!(word, None);
}

#[test]
fn what_is_bundled_is_listed_shown_checked_and_exported() {
    let folder = tempfile::tempdir().unwrap();
    let here = folder.path();
    let list = done(here, &["list"]);
    for id in [
        "childrens-trusts-2003",
        "duty-desk",
        "typical-council-2003",
        "fragmented",
        "local-trust",
        "national-agency",
        "service-hub",
        "shared-records",
        "england-2003",
    ] {
        let lines = list
            .lines()
            .filter(|line| line.split_whitespace().next() == Some(id));
        // A study, the parameters that it uses and what they were fitted with have the same name.
        let times = if id == "england-2003" { 3 } else { 1 };
        assert_eq!(lines.count(), times, "{id}");
        assert!(done(here, &["show", id]).contains(id));
    }
    assert!(done(here, &["show", "local-trust"]).contains("Seams: parted pairs"));
    assert!(done(here, &["check"]).contains("no problems"));

    done(here, &["export", "mine"]);
    let exported = files(&here.join("mine"));
    assert!(exported.contains_key("structures/local-trust.toml"));
    assert!(
        done(here, &["check", "mine/studies/childrens-trusts-2003.toml"]).contains("no problems")
    );

    // What the user has changed is kept.
    let changed = here.join("mine/structures/local-trust.toml");
    fs::write(&changed, "[structure]\nextends = \"fragmented\"\n").unwrap();
    let again = output(here, &["export", "mine"]);
    assert_eq!(again.status.code(), Some(1));
    let said = String::from_utf8(again.stderr).unwrap();
    assert!(said.contains("local-trust.toml"), "{said}");
    assert!(
        fs::read_to_string(&changed)
            .unwrap()
            .starts_with("[structure]\nextends")
    );
    assert!(!done(here, &[]).is_empty());
}

#[test]
fn a_structure_beside_the_study_is_used_and_named() {
    let folder = tempfile::tempdir().unwrap();
    let here = folder.path();
    done(here, &["export", "mine"]);
    for bundled in ["areas", "parameters", "overlays"] {
        fs::remove_dir_all(here.join("mine").join(bundled)).unwrap();
    }
    let path = here.join("mine/structures/local-trust.toml");
    let text = fs::read_to_string(&path).unwrap();
    let windows = format!(
        "\u{feff}{}",
        text.replace("Local children's trust", "Our trust")
    );
    fs::write(&path, windows.replace('\n', "\r\n")).unwrap();

    let study = ["run", "mine/studies/childrens-trusts-2003.toml"];
    let output = output(here, &[&study[..], &SMALL[1..]].concat());
    assert_eq!(output.status.code(), Some(0), "{output:?}");
    let said = String::from_utf8(output.stderr).unwrap();
    assert!(said.contains("structures/local-trust.toml"), "{said}");
    assert!(said.contains("all others are bundled"), "{said}");
    assert!(!said.contains("england-2003"), "{said}");
    assert!(
        String::from_utf8(output.stdout)
            .unwrap()
            .contains("Our trust")
    );
}

#[cfg(unix)]
#[test]
fn an_interrupted_run_ends_with_130_and_writes_no_results() {
    let folder = tempfile::tempdir().unwrap();
    let mut arguments = SMALL.to_vec();
    arguments[2] = "100000";
    let run = command(folder.path(), &arguments)
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    // By then it has begun, and it would take an hour to end by itself.
    std::thread::sleep(Duration::from_secs(3));
    let sent = Command::new("kill")
        .args(["-INT", &run.id().to_string()])
        .status()
        .unwrap();
    assert!(sent.success());
    let output = run.wait_with_output().unwrap();
    assert_eq!(output.status.code(), Some(130), "{output:?}");
    assert!(output.stdout.is_empty());
    // On a busy machine a trial takes long enough to be kept.
    let said = String::from_utf8(output.stderr).unwrap();
    let is_told = |words: &&str| said.contains(words);
    assert!(
        ["nothing written", "no results written"]
            .iter()
            .any(is_told),
        "{said}"
    );
    let mut left = files(folder.path());
    left.retain(|name, _| !name.ends_with(".trials"));
    assert!(left.is_empty(), "{:?}", left.keys());
}
