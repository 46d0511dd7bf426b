//! A finished run, opened again without simulating: its charts to other tastes.

use std::fs;
use std::path::Path;

use crate::command::{done, files, refused};

/// Two structures of a plain network, in a second.
fn run(folder: &Path) {
    done(folder, &["run", "duty-desk", "--trials", "4", "--quiet"]);
}

#[test]
fn a_chart_drawn_again_is_the_chart_of_the_run() {
    let home = tempfile::tempdir().unwrap();
    run(home.path());
    let before = files(&home.path().join("output"));
    let printed = done(home.path(), &["chart", "missed"]);
    assert!(printed.contains("chart-missed-by-cause.svg"), "{printed}");
    let again = fs::read(home.path().join("chart-missed-by-cause.svg")).unwrap();
    assert!(again == before["duty-desk/chart-missed-by-cause.svg"]);
    assert!(
        files(&home.path().join("output")) == before,
        "the run was changed"
    );
}

#[test]
fn a_chart_is_drawn_to_taste() {
    let home = tempfile::tempdir().unwrap();
    run(home.path());
    let draw = |more: &[&str]| {
        let arguments: Vec<&str> = ["chart", "missed", "output/duty-desk", "--replace"]
            .iter()
            .chain(more)
            .copied()
            .collect();
        done(home.path(), &arguments);
    };
    draw(&[
        "--title",
        "One & two",
        "--width",
        "1000",
        "--palette",
        "grey",
        "--out",
        "a.svg",
    ]);
    let svg = fs::read_to_string(home.path().join("a.svg")).unwrap();
    assert!(svg.contains("One &amp; two") && svg.contains(" width=\"1000\""));
    draw(&["--format", "png", "--width", "400"]);
    let png = fs::read(home.path().join("chart-missed-by-cause.png")).unwrap();
    assert_eq!(&png[..8], b"\x89PNG\r\n\x1a\n");
    assert_eq!(&png[16..20], 400_u32.to_be_bytes());
}

#[test]
fn a_run_is_opened_after_the_files_of_its_study_are_gone() {
    let home = tempfile::tempdir().unwrap();
    done(home.path(), &["export", "mine"]);
    let study = home.path().join("mine/studies/duty-desk.toml");
    let text = fs::read_to_string(&study).unwrap();
    let own = home.path().join("mine/studies/own.toml");
    fs::write(&own, text).unwrap();
    done(
        home.path(),
        &["run", "mine/studies/own.toml", "--trials", "3", "--quiet"],
    );
    fs::remove_dir_all(home.path().join("mine")).unwrap();
    done(home.path(), &["chart", "differences"]);
    assert!(home.path().join("chart-differences.svg").exists());
}

#[test]
fn what_cannot_be_drawn_is_refused_with_a_way_out() {
    let home = tempfile::tempdir().unwrap();
    let said = refused(home.path(), &["chart", "missed"]);
    assert!(said.contains("seamline run"), "{said}");
    run(home.path());
    let said = refused(home.path(), &["chart", "mised"]);
    assert!(said.contains("missed"), "{said}");
    let said = refused(
        home.path(),
        &["chart", "differences", "--measure", "handoff-dys"],
    );
    assert!(said.contains("did you mean \"handoff-days\"?"), "{said}");
    let said = refused(home.path(), &["chart", "missed", "--structures", "nobody"]);
    assert!(
        said.contains("the run has no structure \"nobody\""),
        "{said}"
    );
    let said = refused(home.path(), &["chart", "funnel"]);
    assert!(said.contains("nothing to show"), "{said}");
    let said = refused(home.path(), &["chart", "missed", "--width", "3"]);
    assert!(said.contains("200 to 10000"), "{said}");
    let said = refused(home.path(), &["chart", "missed", "output"]);
    assert!(said.contains("manifest.json"), "{said}");
    fs::write(home.path().join("chart-missed-by-cause.svg"), "mine").unwrap();
    let said = refused(home.path(), &["chart", "missed"]);
    assert!(said.contains("--replace"), "{said}");
    let kept = home.path().join("output/duty-desk/results.json.gz");
    let bytes = fs::read(&kept).unwrap();
    fs::write(&kept, &bytes[..bytes.len() / 2]).unwrap();
    let said = refused(home.path(), &["chart", "missed", "--replace"]);
    assert!(said.contains("results.json.gz is damaged"), "{said}");
}
