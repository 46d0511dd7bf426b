//! `seamline uncertainty`, on a study whose answer is known beforehand, and where it cannot go on.

use std::collections::BTreeMap;
use std::path::Path;

use super::command::{done, files, refused};

/// The rows of a table by their first cells.
pub(super) fn rows(folder: &Path, file: &str) -> Vec<BTreeMap<String, String>> {
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

pub(super) fn number(row: &BTreeMap<String, String>, head: &str) -> f64 {
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
    super::decide::is_shown(&said, "docs/uncertainty.md");
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

/// Two values known in their product alone: whoever counted losses in the joined form found 10%, from
/// any loss times any closeness that come to 10% together.
const PRODUCT: &str = "[study]\nextends = \"even-odds\"\njoint_set = \"counted.csv\"\n";
const COUNTED: &str = "run,weight,handoff.silent_loss,closeness.same_organisation,figure.lost\n\
    1,0.1,5%,2,0.1\n2,0.1,8%,1.25,0.1\n3,0.2,12.5%,0.8,0.1\n4,0.4,20%,0.5,0.1\n";

/// Of weights 1, 1, 2 and 4 by eighths, the joined form is the better in 6/8 and loses 100 of 1,000 in
/// all; the other loses 5/8 + 8/8 + 25/8 + 80/8 = 14.75%. Drawn from their ranges one by one each form is
/// best in half of the draws and both lose 100.
#[test]
fn two_values_known_in_their_product_are_drawn_together() {
    let folder = tempfile::tempdir().unwrap();
    let here = folder.path();
    std::fs::write(here.join("product.toml"), PRODUCT).unwrap();
    std::fs::write(here.join("counted.csv"), COUNTED).unwrap();
    let asked = |more: &[&str], out: &str| {
        let asked = [
            "uncertainty",
            "product.toml",
            "--measures",
            "lost-cases",
            "--draws",
            "32",
            "--set",
            "study.observe=1 year",
            "--out",
            out,
        ];
        let said = done(here, &[&asked[..], more].concat());
        // As it is but for the ends of lines.
        said.split_whitespace().collect::<Vec<_>>().join(" ")
    };
    let said = asked(&[], "together");
    assert!(
        said.contains("32 draws of 2 values together from counted.csv")
            && said.contains("one of its 4 members whole"),
        "{said}"
    );
    // 64 over 22.
    let few = "the joint set tells no more than 2.9 members of equal weight would";
    assert!(said.contains(few), "{said}");
    assert!(!said.contains("Drawn one by one"), "{said}");
    let together = here.join("together");
    let choice = rows(&together, "choice.csv");
    let [apart, joined] = choice.as_slice() else {
        panic!("{choice:?}");
    };
    // 32 even points of one coordinate meet each member as often as its weight says.
    assert!((number(joined, "chance_best") - 0.75).abs() < 1e-9);
    assert!((number(apart, "mean") - 147.5).abs() < 3.0 * number(apart, "standard_error"));
    assert!((number(joined, "mean") - 100.0).abs() < 3.0 * number(joined, "standard_error"));
    // Without luck, the one does not vary, and the other by 57.
    assert!(number(joined, "sd_between_draws") < 2.0, "{joined:?}");
    assert!(number(apart, "sd_between_draws") > 40.0, "{apart:?}");
    for row in rows(&together, "runs.csv") {
        let pair = [
            &*row["handoff.silent_loss"],
            &*row["closeness.same_organisation"],
        ];
        let members = [
            ["5%", "2"],
            ["8%", "1.25"],
            ["12.5%", "0.8"],
            ["20%", "0.5"],
        ];
        assert!(members.contains(&pair), "{row:?}");
    }
    for row in rows(&together, "varied.csv") {
        assert_eq!(row["varied_from"], "counted.csv", "{row:?}");
    }

    let said = asked(&["--joint", "none"], "singly");
    assert!(
        said.contains("32 draws of 2 values from their ranges"),
        "{said}"
    );
    for row in rows(&here.join("singly"), "choice.csv") {
        assert!((number(&row, "chance_best") - 0.5).abs() < 0.05, "{row:?}");
        assert!((number(&row, "mean") - 100.0).abs() < 3.0, "{row:?}");
    }

    // Whoever sets one of the two is right; the other is drawn, and the rest of the set is said.
    let said = asked(&["--set", "handoff.silent_loss=10%"], "set");
    assert!(said.contains("1 of its 2 values are drawn"), "{said}");
    let drawn = rows(&here.join("set"), "varied.csv");
    let loss = drawn.iter().find(|it| it["path"] == "handoff.silent_loss");
    let loss = loss.unwrap();
    assert_eq!(
        (loss["is_varied"].as_str(), loss["why_not"].as_str()),
        ("no", "it is set otherwise on the command line")
    );

    // A joint set of another folder, named on the command line.
    std::fs::create_dir(here.join("mine")).unwrap();
    std::fs::rename(here.join("counted.csv"), here.join("mine/accepted.csv")).unwrap();
    asked(&["--joint", "mine/accepted.csv"], "named");
    let named = rows(&here.join("named"), "choice.csv");
    assert_eq!(named, choice);
}

#[test]
fn a_joint_set_that_cannot_be_drawn_from_is_shown_with_its_line() {
    let folder = tempfile::tempdir().unwrap();
    let here = folder.path();
    std::fs::write(here.join("product.toml"), PRODUCT).unwrap();
    let refused_with = |text: &str| {
        std::fs::write(here.join("counted.csv"), text).unwrap();
        refused(here, &["uncertainty", "product.toml"])
    };
    let said = refused_with("weight,handoff.silent_los\n1,5%\n1,6%\n");
    assert!(
        said.contains("counted.csv:1:8") && said.contains("did you mean \"handoff.silent_loss\"?"),
        "{said}"
    );
    let said = refused_with("weight,handoff.silent_loss\n1,5%\n-1,6%\n");
    assert!(
        said.contains("counted.csv:3:1") && said.contains("expected more than 0"),
        "{said}"
    );
    // Whoever checks the study or the table is told the same; a run needs neither.
    refused(here, &["check", "product.toml"]);
    refused(here, &["check", "counted.csv"]);
    std::fs::write(here.join("counted.csv"), COUNTED).unwrap();
    done(here, &["check", "product.toml", "counted.csv"]);
    let said = done(here, &["show", "counted.csv"]);
    assert!(said.contains("handoff.silent_loss: 5% to 20%"), "{said}");
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
