//! Calibration through the real command: a study whose answer is known, the files it writes, and what
//! it refuses to vary.
#![allow(clippy::unwrap_used)]

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::process::{Command, Output, Stdio};
use std::time::Duration;

/// A network whose rates are wrong, and figures that theory gives for the right ones.
const DESK: &str = include_str!("calibrate/desk.toml");
const KNOWN: &str = include_str!("calibrate/known.toml");

/// What the figures were made from.
const ARRIVALS_A_DAY: f64 = 3.0;
const DAYS_AT_THE_DESK: f64 = 0.4;
const DAYS_IN_HELP: f64 = 20.0;

fn desk() -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("desk.toml"), DESK).unwrap();
    fs::write(folder.path().join("known.toml"), KNOWN).unwrap();
    folder
}

fn command(folder: &Path, arguments: &[&str]) -> Command {
    let mut command = Command::new(assert_cmd::cargo::cargo_bin!("seamline"));
    command
        .args(arguments)
        .current_dir(folder)
        .env("NO_COLOR", "1");
    command
}

#[track_caller]
fn done(folder: &Path, arguments: &[&str]) -> Output {
    let output = command(folder, arguments).output().unwrap();
    assert_eq!(output.status.code(), Some(0), "{arguments:?}: {output:?}");
    output
}

/// A table as rows by column.
fn table(folder: &Path, name: &str) -> Vec<BTreeMap<String, String>> {
    let text = fs::read_to_string(folder.join(name)).unwrap();
    let mut reader = csv::Reader::from_reader(text.trim_start_matches('\u{feff}').as_bytes());
    let rows: Vec<BTreeMap<String, String>> = reader.deserialize().map(|it| it.unwrap()).collect();
    assert!(!rows.is_empty(), "{name} is empty");
    rows
}

/// How many values of a study are drawn together, and from how many members.
fn drawn_together(study: &Path) -> (usize, usize) {
    let request = seamline::scenario::Request {
        study: study.to_string_lossy().into_owned(),
        structures: Some(String::new()),
        ..Default::default()
    };
    let found = seamline::scenario::load_to_vary(&request, &[]).unwrap();
    let joint = found.joint.unwrap();
    assert_eq!(joint.left_out, []);
    (joint.covers.len(), joint.members.len())
}

fn row<'t>(
    rows: &'t [BTreeMap<String, String>],
    column: &str,
    value: &str,
) -> &'t BTreeMap<String, String> {
    rows.iter().find(|row| row[column] == value).unwrap()
}

/// The first number in words.
fn number(words: &str) -> f64 {
    let start = words
        .find(|it: char| it.is_ascii_digit() || it == '-')
        .unwrap();
    let rest = &words[start..];
    let end = rest.find(|it: char| !(it.is_ascii_digit() || "-.".contains(it)));
    rest[..end.unwrap_or(rest.len())].parse().unwrap()
}

/// Every file of a folder but the log.
fn results(folder: &Path) -> BTreeMap<String, Vec<u8>> {
    (fs::read_dir(folder).unwrap())
        .map(|entry| entry.unwrap().path())
        .map(|path| {
            (
                path.file_name().unwrap().to_string_lossy().into_owned(),
                path,
            )
        })
        .filter(|(name, _)| name != "run.log")
        .map(|(name, path)| (name, fs::read(path).unwrap()))
        .collect()
}

#[test]
fn what_the_figures_were_made_from_is_found_and_what_they_are_silent_on_is_left() {
    let home = desk();
    let arguments = [
        "calibrate",
        "desk.toml",
        "--runs",
        "700",
        "--generations",
        "8",
    ];
    let printed = String::from_utf8(done(home.path(), &arguments).stdout).unwrap();
    let folder = home.path().join("output/calibration-desk");

    // Each lies within the middle 95% widened by half, and is far better known than before.
    let parameters = table(&folder, "parameters.csv");
    for (path, truth) in [
        ("arrivals.visitor.rate", ARRIVALS_A_DAY),
        ("service.desk.stay", DAYS_AT_THE_DESK),
        ("service.help.stay", DAYS_IN_HELP),
    ] {
        let found = row(&parameters, "path", path);
        let [mean, low, high] = ["mean", "low_95", "high_95"].map(|it| number(&found[it]));
        let wide = 0.75 * (high - low);
        assert!(
            (mean - truth).abs() < wide,
            "{path}: {mean} for {truth} ({low} to {high})"
        );
        assert!(
            wide < 0.15 * truth,
            "{path} is hardly known: {low} to {high}"
        );
        assert_eq!(found["verdict"], "found", "{path}");
    }
    let silent = row(&parameters, "path", "service.aftercare.stay");
    assert_eq!(silent["verdict"], "left as it was", "{silent:?}");
    assert!(printed.contains("say nothing about service.aftercare.stay"));

    let fit = table(&folder, "fit.csv");
    for it in &fit {
        let off: f64 = it["standard_errors_off"].parse().unwrap();
        assert!(off.abs() < 1.0, "{it:?}");
    }
    // Theory knows what was held out too.
    assert_eq!(row(&fit, "figure", "mean-wait")["role"], "held out");

    // More arrivals with the same share that waits need shorter stays: the joint set shows it.
    let accepted = table(&folder, "accepted.csv");
    let total: f64 = accepted.iter().map(|it| number(&it["weight"])).sum();
    assert!((total - 1.0).abs() < 1e-6, "{total}");
    assert!(accepted.len() > 50);

    // The fitted study runs, and its values say whence they are.
    let fitted = fs::read_to_string(folder.join("fitted.toml")).unwrap();
    assert!(fitted.contains("fitted to known (sha256 "), "{fitted}");
    for name in ["fitted.toml", "accepted.csv"] {
        fs::copy(folder.join(name), home.path().join(name)).unwrap();
    }
    done(home.path(), &["check", "fitted.toml"]);
    // What was fitted together is drawn together from there on, figures and all.
    let drawn = drawn_together(&home.path().join("fitted.toml"));
    assert_eq!(drawn, (4, accepted.len()));
    let held = done(home.path(), &["validate", "fitted.toml", "--trials", "20"]);
    let held = String::from_utf8(held.stdout).unwrap();
    assert!(!held.contains("OFF"), "{held}");

    let too_wide = printed.lines().find(|line| line.chars().count() > 80);
    // The last line names folders.
    assert!(
        too_wide.is_none_or(|line| line.starts_with("Took ")),
        "{too_wide:?}"
    );
    let (report, _) = printed.split_once("\nTook ").unwrap();
    let document = crate::repository::read("docs/calibration.md");
    assert!(
        document.contains(report.trim_end()),
        "docs/calibration.md shows something else"
    );
    insta::assert_snapshot!(report);
}

#[test]
fn threads_and_interruptions_change_no_byte() {
    const SMALL: [&str; 6] = [
        "calibrate",
        "desk.toml",
        "--runs",
        "60",
        "--generations",
        "3",
    ];
    let home = desk();
    let with = |further: &[&'static str]| -> Vec<&'static str> {
        SMALL.iter().chain(further).copied().collect()
    };
    done(home.path(), &with(&["--threads", "1", "--out", "one"]));
    done(home.path(), &with(&["--threads", "2", "--out", "two"]));
    let one = results(&home.path().join("one"));
    assert_eq!(one.len(), 6, "{:?}", one.keys());
    assert!(one == results(&home.path().join("two")));

    // Killed as soon as it has kept some runs, and given again.
    let parent = home.path().join("cut");
    fs::create_dir(&parent).unwrap();
    let further = with(&["--threads", "1", "--out", "cut/short"]);
    let mut child = command(home.path(), &further)
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let kept = || {
        let files = fs::read_dir(&parent).unwrap().map(|it| it.unwrap().path());
        let mut runs = files.filter(|it| it.extension().is_some_and(|it| it == "runs"));
        let text = runs.next().and_then(|it| fs::read_to_string(it).ok());
        text.map_or(0, |text| text.lines().count())
    };
    while kept() < 10 && child.try_wait().unwrap().is_none() {
        std::thread::sleep(Duration::from_millis(1));
    }
    child.kill().unwrap();
    child.wait().unwrap();
    assert!(kept() >= 10 && kept() < 72, "{} runs were kept", kept());
    done(home.path(), &further);
    assert!(one == results(&parent.join("short")));
    let log = fs::read_to_string(parent.join("short/run.log")).unwrap();
    assert!(!log.contains("kept from before: 0"), "{log}");
    assert_eq!(kept(), 0);
}

/// Everything that may be wrong with `[vary]`, once.
#[test]
fn each_fault_of_vary_is_told_at_its_line() {
    let home = desk();
    let (figures, _) = KNOWN.split_once("[vary]").unwrap();
    let vary = r#"[vary]
"arrivals.visitors.rate" = { from = "1 per day", to = "4 per day" }
"arrivals.visitor.rate"  = { from = "1 per day", to = "100 per year" }
"service.desk.stay"      = "range"
"service.desk.places"    = { times = [0.1, 2] }
"service.help.stay"      = { from = "40 days", to = "5 days" }
"service.aftercare.stay" = { from = "1 week", to = "50%" }
"handoff.silent_loss"    = { from = "2%", to = "10%" }
"study.observe"          = { from = "2 years", to = "5 years" }
"service.help.then.aftercare" = { from = "10%", to = "90%" }
"#;
    fs::write(home.path().join("known.toml"), format!("{figures}{vary}")).unwrap();
    let output = command(home.path(), &["calibrate", "desk.toml"])
        .output()
        .unwrap();
    assert_eq!(output.status.code(), Some(2), "{output:?}");
    assert!(!home.path().join("output").exists());
    insta::assert_snapshot!(String::from_utf8(output.stderr).unwrap());
}

#[test]
fn without_figures_there_is_nothing_to_fit_to() {
    let home = desk();
    let unnamed = DESK.replace("figures    = \"known\"\n", "");
    fs::write(home.path().join("desk.toml"), unnamed).unwrap();
    let output = command(home.path(), &["calibrate", "desk.toml"])
        .output()
        .unwrap();
    assert_eq!(output.status.code(), Some(2), "{output:?}");
    let said = String::from_utf8(output.stderr).unwrap();
    assert!(said.contains("names no published figures"), "{said}");
    // Named on the command line, they will do.
    let arguments = [
        "calibrate",
        "desk.toml",
        "--targets",
        "./known.toml",
        "--runs",
        "20",
    ];
    done(home.path(), &arguments);
}

/// Values of a list and of an area go to files of their own, which fit together.
#[test]
fn a_study_of_children_gets_files_that_can_be_run() {
    const FIGURES: &str = r#"[figures]
name = "One count"

[figure.referrals]
quantity = "referrals"
of       = ["child-protection", "family-support"]
value    = "500 per 10000 per year"
within   = "50 per 10000 per year"
role     = "fitted"
source   = "made for this test"

[vary]
"need.protection.worsens.2" = { times = [0.5, 2] }
"need.family.begins" = { times = [0.5, 2] }
"need.protection.when_helped.eases" = { from = 1, to = 2 }
"service.child-protection.caseload" = { from = 10, to = 14 }
"area.typical-council-2003.posts.camhs.assessment" = { times = [0.7, 1.6] }
"records.half_life" = "range"
"#;
    let home = tempfile::tempdir().unwrap();
    fs::write(home.path().join("counts.toml"), FIGURES).unwrap();
    done(
        home.path(),
        &[
            "calibrate",
            "--targets",
            "./counts.toml",
            "--runs",
            "20",
            "--generations",
            "2",
            "--set",
            "area.typical-council-2003.children=1500",
            "--warm-up",
            "1 year",
            "--observe",
            "1 year",
            "--out",
            "fit",
        ],
    );
    let folder = home.path().join("fit");
    let fitted = fs::read_to_string(folder.join("fitted.toml")).unwrap();
    assert!(fitted.contains("extends = \"england-2003\""), "{fitted}");
    assert!(
        fitted.contains("--set \"area.typical-council-2003.children=1500\""),
        "{fitted}"
    );
    done(home.path(), &["check", "fit/study.toml", "fit/fitted.toml"]);
    // The study has the fitted values, and the first value of the list as it was.
    let shown = String::from_utf8(done(home.path(), &["show", "fit/study.toml"]).stdout).unwrap();
    assert!(shown.contains("fitted to counts"), "{shown}");
    let request = seamline::scenario::Request {
        study: folder.join("study.toml").to_string_lossy().into_owned(),
        ..Default::default()
    };
    let scenario = seamline::scenario::load(&request).unwrap();
    let parameters = table(&folder, "parameters.csv");
    let accepted = table(&folder, "accepted.csv").len();
    let drawn = drawn_together(&folder.join("study.toml"));
    assert_eq!(drawn, (parameters.len(), accepted));
    for path in [
        "need.protection.worsens.2",
        "need.family.begins",
        "need.protection.when_helped.eases",
        "service.child-protection.caseload",
        "area.typical-council-2003.posts.camhs.assessment",
        "records.half_life",
    ] {
        let stated = scenario
            .parameters
            .iter()
            .find(|it| it.path == path)
            .unwrap();
        assert_eq!(
            stated.grade,
            Some(seamline::scenario::Grade::Fitted),
            "{path}"
        );
        assert_eq!(
            stated.value,
            row(&parameters, "path", path)["fitted"],
            "{path}"
        );
        assert!(stated.range.is_some(), "{path}");
    }
    let first = scenario
        .parameters
        .iter()
        .find(|it| it.path == "need.protection.worsens.1");
    assert_eq!(
        first.unwrap().grade,
        Some(seamline::scenario::Grade::Assumption)
    );
}
