//! `seamline reproduce` on everything but runs: a calibration, a verification and questions asked of
//! many runs are made again from their manifests, whatever has become of the files since.

use std::fs;
use std::path::Path;

use super::command::{done, files, output, refused};

/// Two values known in their product alone, beside the study that names them.
const PRODUCT: &str =
    "[study]\nextends = \"even-odds\"\njoint_set = \"sets/counted.csv\"\nobserve = \"60 days\"\n";
const COUNTED: &str =
    "weight,handoff.silent_loss,closeness.same_organisation\n1,5%,2\n2,12.5%,0.8\n";

/// Makes again what is in a folder, and holds all its files but the log to be the same.
#[track_caller]
fn reproduced(here: &Path, folder: &str) {
    let before = files(here);
    let said = done(here, &["reproduce", folder, "--quiet", "--threads", "1"]);
    let results = files(&here.join(folder)).len() - 1;
    let same = said.lines().filter(|line| line.ends_with("  same")).count();
    assert_eq!(same, results, "{said}");
    assert!(said.contains(&format!("all {results} files are the same to the byte")));
    assert!(files(here) == before, "something was written");
}

#[test]
fn a_question_is_asked_again_without_its_files() {
    let folder = tempfile::tempdir().unwrap();
    let here = folder.path();
    fs::create_dir_all(here.join("mine/sets")).unwrap();
    fs::write(here.join("mine/product.toml"), PRODUCT).unwrap();
    fs::write(here.join("mine/sets/counted.csv"), COUNTED).unwrap();
    let asked = [
        "uncertainty",
        "mine/product.toml",
        "--draws",
        "20",
        "--design",
        "latin-hypercube",
        "--measures",
        "lost-cases",
        "--vary",
        "handoff,closeness",
        "--seed",
        "7",
        "--out",
        "found",
    ];
    done(here, &asked);
    let asked = [
        "tipping",
        "handoff.silent_loss=1%..30%",
        "closeness.same_organisation",
        "mine/product.toml",
        "--side",
        "3",
        "--trials",
        "2",
        "--set",
        "arrivals.family.rate=5 per day",
        "--out",
        "map",
    ];
    done(here, &asked);
    fs::remove_dir_all(here.join("mine")).unwrap();
    reproduced(here, "found");
    reproduced(here, "map");
}

/// `discover` takes the draws that `uncertainty` left; made again it makes its own, which are the same.
#[test]
fn what_was_found_from_draws_that_were_there_is_made_again_without_them() {
    let folder = tempfile::tempdir().unwrap();
    let here = folder.path();
    let draws = [
        "even-odds",
        "--draws",
        "32",
        "--measures",
        "lost-cases",
        "--set",
        "study.observe=60 days",
    ];
    done(here, &[&["uncertainty"][..], &draws].concat());
    let asked = [&["discover"][..], &draws, &["--out", "where"]].concat();
    let told = output(here, &asked);
    let said = String::from_utf8(told.stderr).unwrap();
    assert!(said.contains("Runs that are there already"), "{said}");
    fs::remove_dir_all(here.join("output")).unwrap();
    reproduced(here, "where");
}

#[test]
fn warm_up_and_equivalent_are_made_again_without_their_files() {
    let folder = tempfile::tempdir().unwrap();
    let here = folder.path();
    fs::create_dir_all(here.join("mine")).unwrap();
    fs::write(here.join("mine/slow.toml"), super::warm_up::slow_start()).unwrap();
    let asked = ["warm-up", "mine/slow.toml", "--step", "10", "--trials", "2"];
    let longer = ["--observe", "900 days", "--out", "beginning"];
    done(here, &[&asked[..], &longer].concat());
    fs::write(here.join("mine/more.toml"), super::equivalent::one_more()).unwrap();
    let asked = ["equivalent", "mine/more.toml", "--measures", "handoff-days"];
    let few = ["--posts", "0.9,1.1", "--trials", "2", "--parts", "joined"];
    let short = ["--set", "study.observe=60 days", "--out", "posts"];
    done(here, &[&asked[..], &few, &short].concat());
    fs::remove_dir_all(here.join("mine")).unwrap();
    reproduced(here, "beginning");
    reproduced(here, "posts");
}

#[test]
fn a_calibration_is_made_again_without_its_files() {
    let folder = tempfile::tempdir().unwrap();
    let here = folder.path();
    fs::create_dir_all(here.join("mine/published")).unwrap();
    let desk = include_str!("calibrate/desk.toml").replace("\"10 years\"", "\"200 days\"");
    fs::write(here.join("mine/desk.toml"), desk).unwrap();
    let known = include_str!("calibrate/known.toml");
    fs::write(here.join("mine/published/known.toml"), known).unwrap();
    let asked = [
        "calibrate",
        "mine/desk.toml",
        "--targets",
        "mine/published/known.toml",
        "--runs",
        "20",
        "--generations",
        "2",
        "--warm-up",
        "30 days",
        "--out",
        "fit",
    ];
    done(here, &asked);
    fs::remove_dir_all(here.join("mine")).unwrap();
    reproduced(here, "fit");
}

#[test]
fn a_verification_is_made_again() {
    let folder = tempfile::tempdir().unwrap();
    let here = folder.path();
    let asked = [
        "verify",
        "duty-desk",
        "--trials",
        "2",
        "--set",
        "study.observe=60 days",
        "--out",
        "tests",
    ];
    // Whether all tests pass is not asked here.
    output(here, &asked);
    reproduced(here, "tests");
}

#[test]
fn what_differs_and_what_cannot_be_made_again_is_said() {
    let folder = tempfile::tempdir().unwrap();
    let here = folder.path();
    fs::write(here.join("product.toml"), PRODUCT).unwrap();
    fs::create_dir(here.join("sets")).unwrap();
    fs::write(here.join("sets/counted.csv"), COUNTED).unwrap();
    let asked = [
        "uncertainty",
        "product.toml",
        "--draws",
        "20",
        "--out",
        "found",
    ];
    done(here, &asked);
    let choice = here.join("found/choice.csv");
    let found = fs::read_to_string(&choice).unwrap();
    fs::write(&choice, found + "more\n").unwrap();
    let told = output(here, &["reproduce", "found"]);
    assert_eq!(told.status.code(), Some(1), "{told:?}");
    let said = String::from_utf8(told.stdout).unwrap();
    assert!(said.contains("choice.csv  DIFFERS"), "{said}");

    let manifest = here.join("found/manifest.json");
    let text = fs::read_to_string(&manifest).unwrap();
    // A command of a later version.
    fs::write(&manifest, text.replace("\"--draws=20\"", "\"--dice=20\"")).unwrap();
    let said = refused(here, &["reproduce", "found"]);
    assert!(
        said.contains("`uncertainty --dice=20") && said.contains("does not know"),
        "{said}"
    );
    // A manifest of an earlier one, which did not keep the command.
    let mut old: serde_json::Value = serde_json::from_str(&text).unwrap();
    old.as_object_mut().unwrap().remove("command");
    fs::write(&manifest, old.to_string()).unwrap();
    let said = refused(here, &["reproduce", "found"]);
    assert!(said.contains("kept too little"), "{said}");
    let said = refused(here, &["report", "found"]);
    assert!(said.contains("not a run"), "{said}");
}
