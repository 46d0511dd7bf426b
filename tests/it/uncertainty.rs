//! `seamline uncertainty`, on a study whose answer is known beforehand, and where it cannot go on.

use std::collections::BTreeMap;
use std::path::Path;

use super::command::{done, files, refused};

/// The rows of a table by their first cells.
pub(crate) fn rows(folder: &Path, file: &str) -> Vec<BTreeMap<String, String>> {
    let text = std::fs::read_to_string(folder.join(file)).unwrap();
    let mut reader = csv::Reader::from_reader(text.trim_start_matches('\u{feff}').as_bytes());
    let heads = reader.headers().unwrap().clone();
    reader
        .records()
        .map(|row| {
            let row = row.unwrap();
            let cells = heads.iter().zip(row.iter());
            cells
                .map(|(head, cell)| (head.to_owned(), cell.to_owned()))
                .collect()
        })
        .collect()
}

pub(crate) fn number(row: &BTreeMap<String, String>, head: &str) -> f64 {
    row[head].parse().unwrap()
}

/// The joined form loses `f` times 10% of its cases on average, `f` evenly between 0 and 2: each is best
/// in half of the draws, and to know `f` saves 1,000 x 0.1 x 1/4 = 25 of 1,000 cases; to know the loss
/// saves none.
#[test]
fn even_odds_come_out_even_and_the_one_value_that_matters_is_worth_what_theory_says() {
    let folder = tempfile::tempdir().unwrap();
    let here = folder.path();
    let asked = [
        "uncertainty",
        "even-odds",
        "--measures",
        "lost-cases",
        "--out",
        "found",
    ];
    let said = done(here, &asked);
    assert!(
        said.contains("Most worth finding out: closeness.same_organisation"),
        "{said}"
    );
    let found = here.join("found");
    for row in rows(&found, "choice.csv") {
        // Luck tells the two apart wrongly only where f is all but 1.
        assert!((number(&row, "chance_best") - 0.5).abs() < 0.04, "{row:?}");
        // The mean of both is 100 of 1,000; 128 Sobol points leave far less than 3.
        assert!((number(&row, "mean") - 100.0).abs() < 3.0, "{row:?}");
    }
    let worth: BTreeMap<String, (f64, f64)> = rows(&found, "information.csv")
        .iter()
        .map(|row| {
            let value = row["value"].parse().unwrap();
            (row["about"].clone(), (value, number(row, "standard_error")))
        })
        .collect();
    let near = |about: &str, theory: f64| {
        let (value, error) = worth[about];
        assert!(
            (value - theory).abs() < 3.0 * error.max(0.5),
            "{about}: {value} ± {error}"
        );
    };
    near("all values drawn", 25.0);
    near("closeness.same_organisation", 25.0);
    near("handoff.silent_loss", 0.0);
    // Of the variance of L (f - 1), f alone explains 1/3 x 0.01 of 1/3 x (0.01 + 1/1200): 92%. The rest
    // is of both together.
    for row in rows(&found, "evidence.csv") {
        let theory = match row["rests_on"].as_str() {
            "assumption" => 12.0 / 13.0,
            "grades together" => 1.0 / 13.0,
            _ => continue,
        };
        let within = number(&row, "low_95")..=number(&row, "high_95");
        assert!(within.contains(&theory), "{row:?}");
    }
    let limit = &rows(&found, "regions.csv")[0];
    assert_eq!(limit["parameter"], "closeness.same_organisation");
}

#[test]
fn the_same_draws_come_on_any_number_of_threads_and_more_draws_begin_with_them() {
    let folder = tempfile::tempdir().unwrap();
    let here = folder.path();
    let run = |draws: &str, threads: &str, out: &str| {
        let asked = [
            "uncertainty",
            "even-odds",
            "--draws",
            draws,
            "--threads",
            threads,
        ];
        done(here, &[&asked[..], &["--out", out]].concat());
        let mut files = files(&here.join(out));
        files.remove("run.log");
        files
    };
    let (one, two) = (run("20", "1", "one"), run("20", "2", "two"));
    assert!(one == two);
    let more = run("32", "2", "more");
    let (few, more) = (&one["values.csv"], &more["values.csv"]);
    assert!(more.starts_with(few));
}

#[test]
fn every_fault_of_a_question_is_told() {
    let folder = tempfile::tempdir().unwrap();
    let refused =
        |arguments: &[&str]| refused(folder.path(), &[&["uncertainty"][..], arguments].concat());
    let said = refused(&["even-odds", "--draws", "5", "--trials", "1"]);
    assert!(
        said.contains("--draws is 20 at least") && said.contains("--trials is 2"),
        "{said}"
    );
    let said = refused(&["even-odds", "--vary", "closenes"]);
    assert!(said.contains("did you mean \"closeness\"?"), "{said}");
    let said = refused(&["even-odds", "--measures", "known-missed"]);
    assert!(said.contains("no measure known-missed"), "{said}");
    let said = refused(&["duty-desk"]);
    assert!(said.contains("nothing is uncertain"), "{said}");
}
