//! `seamline warm-up`, on a service whose beginning is known beforehand, and where it cannot go on.

use std::path::Path;

use super::command::{done, files, refused};
use super::uncertainty::{number, rows};

/// The study of docs/warm-up.md: 100 cases a day stay 50 days on average, nobody waits. So after `t` days
/// 5,000 (1 - exp(-t/50)) are there on average, whatever the law of arrivals does beyond its rate.
pub(super) fn slow_start() -> String {
    let text = include_str!("../../docs/warm-up.md").replace("\r\n", "\n");
    let from = text.find("[study]\n").unwrap();
    let to = from + text[from..].find("```").unwrap();
    text[from..to].to_owned()
}

const FULL: f64 = 5_000.0;
const STAY: f64 = 50.0;
const ALL: f64 = 1_600.0;

/// Mean number there from one day to another.
fn there(from: f64, to: f64) -> f64 {
    FULL * (1.0 - STAY * ((-from / STAY).exp() - (-to / STAY).exp()) / (to - from))
}

fn followed(here: &Path, asked: &[&str]) -> String {
    std::fs::write(here.join("slow-start.toml"), slow_start()).unwrap();
    let command = [
        "warm-up",
        "slow-start.toml",
        "--step",
        "10",
        "--out",
        "found",
    ];
    done(here, &[&command[..], asked].concat())
}

#[test]
fn the_beginning_of_an_empty_service_is_what_theory_says() {
    let folder = tempfile::tempdir().unwrap();
    let said = followed(folder.path(), &[]);
    assert!(
        said.contains("The warm-up of 30 days is too short: helped: Help."),
        "{said}"
    );
    let found = folder.path().join("found");
    let all = rows(&found, "steady.csv");
    let served = all
        .iter()
        .find(|row| row["series"] == "served:help")
        .unwrap();
    assert_eq!(served["verdict"], "too short");
    let cut = number(served, "truncation_days");
    // The bias is against the mean of the second half of what MSER-5 keeps.
    let theory = there(30.0, ALL) - there(f64::midpoint(cut, ALL), ALL);
    let (bias, error) = (
        number(served, "bias"),
        number(served, "bias_standard_error"),
    );
    assert!(
        (bias - theory).abs() < 4.0 * error,
        "{bias} ± {error}, theory {theory}"
    );
    assert!(error < 0.15 * theory.abs(), "too vague: {error}");
    // A batch of five steps is cut off while it lies further from the level than batches vary by luck:
    // about 19 of 5,000 for means of 50 days over ten trials, which the beginning falls below after
    // 50 ln(5000/19) = 280 days. A batch or two more or less is luck.
    assert!((190.0..=400.0).contains(&cut), "{cut}");
    // Every step of the curve against theory: its mean over ten trials varies by 22 at most.
    let series = rows(&found, "series.csv");
    let steps: Vec<_> = series
        .iter()
        .filter(|row| row["series"] == "served:help")
        .collect();
    assert_eq!(steps.len(), 160);
    for row in steps {
        let theory = there(number(row, "from_day"), number(row, "to_day"));
        let mean = number(row, "mean");
        assert!(
            (mean - theory).abs() < 4.0 * 22.4,
            "{row:?}, theory {theory}"
        );
    }
    // Arrivals begin on the first day as they go on.
    let starts = all
        .iter()
        .find(|row| row["series"] == "help-starts")
        .unwrap();
    assert_eq!(starts["verdict"], "long enough");
}

#[test]
fn a_warm_up_of_six_stays_is_long_enough() {
    let folder = tempfile::tempdir().unwrap();
    let asked = ["--set", "study.warm_up=300 days"];
    let said = followed(folder.path(), &asked);
    assert!(
        said.contains("The warm-up of 300 days is long enough"),
        "{said}"
    );
}

/// 100 cases a day come and 4,500 places can help 90: the waiting list grows by ten a day.
#[test]
fn a_service_that_is_offered_too_much_is_said_never_to_settle() {
    let folder = tempfile::tempdir().unwrap();
    let fewer = ["--set", "service.help.places=4500", "--trials", "4"];
    let asked = [&fewer[..], &["--observe", "1000 days"]].concat();
    let said = followed(folder.path(), &asked);
    let said = said.split_whitespace().collect::<Vec<_>>().join(" ");
    assert!(
        said.contains("A service that is offered more than it can do never settles"),
        "{said}"
    );
    let all = rows(&folder.path().join("found"), "steady.csv");
    let waiting = all
        .iter()
        .find(|row| row["series"] == "waiting:help")
        .unwrap();
    assert_eq!(waiting["verdict"], "still moving");
    assert_eq!(waiting["recommended_days"], "");
}

#[test]
fn the_same_course_comes_on_any_number_of_threads() {
    let folder = tempfile::tempdir().unwrap();
    let here = folder.path();
    let run = |threads: &str, out: &str| {
        let asked = [
            "warm-up",
            "calibration-2003",
            "--trials",
            "2",
            "--threads",
            threads,
        ];
        let small = [
            "--set",
            "area.typical-council-2003.children=500",
            "--out",
            out,
        ];
        done(here, &[&asked[..], &small].concat());
        let mut files = files(&here.join(out));
        files.remove("run.log");
        files
    };
    let one = run("1", "one");
    assert!(one == run("2", "two"));
    assert!(one.contains_key("manifest.json"));
}

#[test]
fn what_cannot_be_judged_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let refused =
        |arguments: &[&str]| refused(folder.path(), &[&["warm-up"][..], arguments].concat());
    assert!(refused(&["duty-desk", "--trials", "1"]).contains("--trials is 2 at least"));
    let said = refused(&["duty-desk", "--observe", "2 years"]);
    assert!(said.contains("--observe is 50 months at least"), "{said}");
    let said = refused(&["calibration-2003", "--step", "7"]);
    assert!(said.contains("followed by month"), "{said}");
    assert!(refused(&["duty-desk", "--observe", "soon"]).contains("soon"));
}
