//! `seamline flip`, `tipping`, `sensitivity` and `discover`, on two studies whose answers are known
//! beforehand, and where they cannot go on.
//!
//! One structure loses a share `L` of 1,000 cases, the other `f L`. `f` lies between 0 and 2 and `L` between
//! 5% and 15%; stated are `L` = 10% and `f` = 0.6 (`uneven-odds`) or 1 (`even-odds`).

use std::path::Path;

use super::command::{done, files, output, refused};
use super::uncertainty::{number, rows};

const FACTOR: &str = "closeness.same_organisation";
const LOSS: &str = "handoff.silent_loss";

/// What the document shows is what is printed.
#[track_caller]
pub(super) fn is_shown(said: &str, document: &str) {
    let (said, _) = said.split_once("\nTook ").unwrap();
    let shown = super::repository::read(document).contains(said.trim_end());
    assert!(shown, "{document} does not show what is printed:\n{said}");
}

#[test]
fn the_answer_flips_where_theory_says_and_nowhere_else() {
    let folder = tempfile::tempdir().unwrap();
    let here = folder.path();
    let asked = [
        "flip",
        "uneven-odds",
        "--measures",
        "lost-cases",
        "--out",
        "found",
    ];
    let said = done(here, &asked);
    is_shown(&said, "docs/decide.md");
    let found = rows(&here.join("found"), "flips.csv");
    let of = |path: &str| found.iter().find(|it| it["parameter"] == path).unwrap();
    // From 0.6 to 1 of a range of 2.
    let flip = of(FACTOR);
    assert_eq!(flip["verdict"], "flips");
    let (near, far) = (number(flip, "nearest"), number(flip, "furthest"));
    assert!(near <= 0.2 && 0.2 <= far, "{flip:?}");
    assert!((number(flip, "distance") - 0.2).abs() < 0.01, "{flip:?}");
    // 0.6 L is less than L, whatever L is.
    assert_eq!(of(LOSS)["verdict"], "never");

    // With even odds luck alone chooses.
    let said = done(
        here,
        &[
            "flip",
            "even-odds",
            "--measures",
            "lost-cases",
            "--places",
            "2",
        ],
    );
    assert!(said.contains("cannot be told"), "{said}");
}

#[test]
fn the_map_tips_along_the_line_that_theory_says() {
    let folder = tempfile::tempdir().unwrap();
    let here = folder.path();
    let asked = [
        "tipping",
        FACTOR,
        &format!("{LOSS}=2%..20%"),
        "uneven-odds",
        "--measures",
        "lost-cases",
        "--side",
        "7",
        "--trials",
        "3",
        "--out",
        "found",
    ];
    is_shown(&done(here, &asked), "docs/decide.md");
    let mut seen = 0;
    for row in rows(&here.join("found"), "map.csv") {
        let factor = number(&row, FACTOR);
        let best = if factor < 1.0 { "joined" } else { "apart" };
        if (factor - 1.0).abs() > 0.1 {
            assert_eq!(
                (row["best"].as_str(), row["is_clear"].as_str()),
                (best, "yes"),
                "{row:?}"
            );
        } else {
            assert_eq!(row["is_clear"], "no", "{row:?}");
        }
        seen += 1;
    }
    assert_eq!(seen, 50);
    let stated = &rows(&here.join("found"), "map.csv")[0];
    assert_eq!(
        (stated["is_stated"].as_str(), stated[LOSS].as_str()),
        ("yes", "10%")
    );
}

/// Alone, the first structure loses 1,000 L: only L matters. The difference 1,000 L (f - 1) has variance
/// E(L^2) Var(f), 1/3 x (0.01 + 1/1200): f is in all of it, 92% of it would go if f were known, and nothing if
/// L were.
#[test]
fn what_matters_is_what_theory_says() {
    let folder = tempfile::tempdir().unwrap();
    let here = folder.path();
    let asked = [
        "sensitivity",
        "even-odds",
        "--measures",
        "lost-cases",
        "--rows",
        "128",
        "--trajectories",
        "6",
        "--out",
        "found",
    ];
    is_shown(&done(here, &asked), "docs/decide.md");
    let found = here.join("found");
    let indices = rows(&found, "indices.csv");
    let index = |less: &str, structure: &str, path: &str| {
        let mut all = indices.iter();
        let own = all.find(|it| {
            it["less"] == less && it["structure"] == structure && it["parameter"] == path
        });
        own.unwrap().clone()
    };
    let holds = |less, structure, path, first: f64, total: f64| {
        let row = index(less, structure, path);
        for (what, truth) in [("first", first), ("total", total)] {
            let head = if what == "first" {
                "first_order"
            } else {
                "total"
            };
            let low = number(&row, &format!("{what}_low_95"));
            let high = number(&row, &format!("{what}_high_95"));
            // An interval may just miss one of eight truths; the estimate is near.
            assert!((number(&row, head) - truth).abs() < 0.25, "{row:?}");
            assert!(low - 0.05 <= truth && truth <= high + 0.05, "{row:?}");
        }
    };
    holds("", "apart", LOSS, 1.0, 1.0);
    holds("", "apart", FACTOR, 0.0, 0.0);
    holds("apart", "joined", FACTOR, 12.0 / 13.0, 1.0);
    holds("apart", "joined", LOSS, 0.0, 1.0 / 13.0);
    // At the ends of f, all else as stated: 1,000 x 0.1 x (0 - 1) and x (2 - 1); luck in 2 trials moves
    // them by a few.
    let swings = rows(&found, "tornado.csv");
    let mut all = swings.iter();
    let swing = all
        .find(|it| it["less"] == "apart" && it["parameter"] == FACTOR)
        .unwrap();
    assert!((number(swing, "at_low") + 100.0).abs() < 8.0, "{swing:?}");
    assert!((number(swing, "at_high") - 100.0).abs() < 8.0, "{swing:?}");
    // Of f alone, the first structure knows nothing.
    let screening = rows(&found, "screening.csv");
    let mut all = screening.iter();
    let own = all
        .find(|it| it["structure"] == "apart" && it["parameter"] == FACTOR)
        .unwrap();
    assert!(
        number(own, "mu_star") <= number(own, "by_luck_alone"),
        "{own:?}"
    );
}

#[test]
fn a_region_is_where_theory_says() {
    let folder = tempfile::tempdir().unwrap();
    let here = folder.path();
    let asked = [
        "discover",
        "even-odds",
        "--measures",
        "lost-cases",
        "--draws",
        "64",
        "--out",
        "found",
    ];
    is_shown(&done(here, &asked), "docs/decide.md");
    let found = rows(&here.join("found"), "discovered.csv");
    assert_eq!(found.len(), 2, "{found:?}");
    for row in &found {
        assert_eq!(row["parameter"], FACTOR);
        let (end, other) = match row["of"].as_str() {
            "better" => ("to", "from"),
            _ => ("from", "to"),
        };
        // A box of 64 draws ends within two or three draws of the truth.
        assert!((number(row, end) - 1.0).abs() < 0.1, "{row:?}");
        assert_eq!(row[other], "");
        assert!(number(row, "density") > 0.9 && number(row, "coverage") > 0.9);
    }
    let share = &rows(&here.join("found"), "shares.csv")[0];
    assert!((number(share, "share_better") - 0.5).abs() < 0.05);
}

/// What an earlier question ran is not run again, and says the same.
#[test]
fn what_uncertainty_drew_is_there_for_discover() {
    let folder = tempfile::tempdir().unwrap();
    let here = folder.path();
    let draws = ["even-odds", "--measures", "lost-cases", "--draws", "20"];
    done(here, &[&["uncertainty"][..], &draws].concat());
    let discover = |out: &str| {
        let asked = [&["discover"][..], &draws, &["--out", out]].concat();
        let said = output(here, &asked).stderr;
        (String::from_utf8(said).unwrap(), files(&here.join(out)))
    };
    let (said, mut with) = discover("with");
    assert!(said.contains("Runs that are there already"), "{said}");
    std::fs::remove_dir_all(here.join("output")).unwrap();
    let (said, mut without) = discover("without");
    assert!(!said.contains("Runs that are there already"), "{said}");
    with.remove("run.log");
    without.remove("run.log");
    assert!(with == without);
}

#[test]
fn a_question_is_the_same_bytes_on_any_number_of_threads_and_goes_on_where_it_was() {
    let folder = tempfile::tempdir().unwrap();
    let here = folder.path();
    let run = |threads: &str, out: &str| {
        let asked = [
            "tipping",
            FACTOR,
            LOSS,
            "uneven-odds",
            "--side",
            "3",
            "--trials",
            "2",
        ];
        done(
            here,
            &[&asked[..], &["--threads", threads, "--out", out]].concat(),
        );
        let mut files = files(&here.join(out));
        files.remove("run.log");
        files
    };
    assert!(run("1", "one") == run("2", "two"));
    // What is replaced is ours, whole: nothing is kept aside.
    let asked = [
        "tipping",
        FACTOR,
        LOSS,
        "uneven-odds",
        "--side",
        "4",
        "--trials",
        "2",
        "--out",
        "one",
    ];
    done(here, &[&asked[..], &["--replace"]].concat());
    let names: Vec<_> = std::fs::read_dir(here)
        .unwrap()
        .map(|it| it.unwrap().file_name())
        .collect();
    assert_eq!(names.len(), 2, "{names:?}");
}

#[test]
fn every_fault_of_these_questions_is_told() {
    let folder = tempfile::tempdir().unwrap();
    let refused = |arguments: &[&str]| refused(folder.path(), arguments);
    let has = |said: &str, wanted: &[&str]| {
        wanted
            .iter()
            .for_each(|it| assert!(said.contains(it), "{it}: {said}"));
    };
    let said = refused(&[
        "tipping",
        "closeness",
        "handoff.silent_los",
        "uneven-odds",
        "--side",
        "2",
    ]);
    has(
        &said,
        &[
            "--side is 3 at least",
            "holds 3 values",
            "handoff.silent_loss",
        ],
    );
    let said = refused(&["tipping", LOSS, LOSS, "uneven-odds"]);
    has(&said, &["both sides of the map"]);
    let said = refused(&["tipping", FACTOR, "handoff.silent_loss=5%", "uneven-odds"]);
    has(&said, &["names no two ends", "=LOW..HIGH"]);
    let said = refused(&[
        "tipping",
        FACTOR,
        "handoff.silent_loss=50%..150%",
        "uneven-odds",
    ]);
    has(&said, &["handoff.silent_loss"]);
    let said = refused(&["flip", "uneven-odds", "--places", "1", "--trials", "1"]);
    has(&said, &["--places is 2 at least", "--trials is 2 at least"]);
    let said = refused(&[
        "sensitivity",
        "uneven-odds",
        "--rows",
        "3",
        "--trajectories",
        "1",
        "--keep",
        "0",
    ]);
    has(
        &said,
        &["--rows is 16", "--trajectories is 4", "--keep is 1"],
    );
    let said = refused(&[
        "discover",
        "uneven-odds",
        "--better",
        "joint",
        "--density",
        "120",
    ]);
    has(&said, &["--density is a percentage"]);
    let said = refused(&["discover", "uneven-odds", "--better", "joint"]);
    has(&said, &["no structure \"joint\"", "joined"]);
    let said = refused(&[
        "discover",
        "uneven-odds",
        "--better",
        "apart",
        "--than",
        "apart",
    ]);
    has(&said, &["not better than itself"]);
    assert!(
        std::fs::read_dir(Path::new(folder.path()))
            .unwrap()
            .next()
            .is_none()
    );
}
