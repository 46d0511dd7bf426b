//! `seamline equivalent`, on a study whose answer Erlang's formula knows, and where it cannot go on.

use std::path::Path;

use super::command::{done, files, refused};
use super::uncertainty::{number, rows};

/// The study of docs/equivalent.md.
pub(super) fn one_more() -> String {
    let text = include_str!("../../docs/equivalent.md").replace("\r\n", "\n");
    let from = text.find("[study]\n").unwrap();
    let to = from + text[from..].find("```").unwrap();
    text[from..to].to_owned()
}

/// Mean wait with Poisson arrivals and exponential stays, by Erlang's formula C.
fn mean_wait(rate: f64, stay: f64, places: u32) -> f64 {
    let load = rate * stay;
    let blocked = (1..=places).fold(1.0, |blocked, n| {
        load * blocked / (f64::from(n) + load * blocked)
    });
    let spare = 1.0 - load / f64::from(places);
    blocked / (spare + (1.0 - spare) * blocked) * stay / (f64::from(places) - load)
}

fn asked(here: &Path, arguments: &[&str]) -> String {
    std::fs::write(here.join("one-more.toml"), one_more()).unwrap();
    let command = ["equivalent", "one-more.toml", "--measures", "handoff-days"];
    let posts = ["--posts", "0.9,1.1,1.2,1.3", "--out", "found"];
    done(here, &[&command[..], &posts, arguments].concat())
}

/// Joined, a case is at the help's door 0.6147 days sooner, which is what an eleventh place takes off the
/// wait of ten.
#[test]
fn one_more_place_is_found_to_do_what_erlangs_formula_says_one_more_does() {
    let sooner = mean_wait(1.6, 5.0, 10) - mean_wait(1.6, 5.0, 11);
    assert!((sooner - 0.6147).abs() < 5e-5, "{sooner}");
    let folder = tempfile::tempdir().unwrap();
    let said = asked(folder.path(), &[]);
    assert!(said.contains("One body"), "{said}");
    let found = folder.path().join("found");
    let row = &rows(&found, "equivalent.csv")[0];
    assert_eq!(row["told"], "as many posts do the same");
    let (low, high) = (
        number(row, "more_posts_low_95"),
        number(row, "more_posts_high_95"),
    );
    // Twice as far as the interval reaches is beyond four standard errors.
    let more = number(row, "more_posts");
    assert!(
        more - 2.0 * (more - low) < 1.0 && 1.0 < more + 2.0 * (high - more),
        "{row:?}"
    );
    assert!(
        high - low < 0.6,
        "too vague to tell one place from two: {row:?}"
    );
    assert!((number(row, "percent") - 10.0 * more).abs() < 1e-6);
    // What the baseline gives with so many places is what the formula says.
    let posts = rows(&found, "posts.csv");
    assert_eq!(posts.len(), 5);
    for row in posts {
        let places = number(&row, "posts");
        let theory = 0.6147 + mean_wait(1.6, 5.0, places as u32);
        let half = (number(&row, "high_95") - number(&row, "low_95")) / 2.0;
        assert!(
            (number(&row, "mean") - theory).abs() < 2.0 * half,
            "{row:?}, theory {theory}"
        );
        assert!(half < 0.2 * theory, "too vague: {row:?}");
    }
}

#[test]
fn more_than_was_tried_is_said_to_be_more() {
    let folder = tempfile::tempdir().unwrap();
    let here = folder.path();
    std::fs::write(here.join("one-more.toml"), one_more()).unwrap();
    // No number of places takes off what the way takes and more.
    let asked = [
        "equivalent",
        "one-more.toml",
        "--measures",
        "handoff-days",
        "--trials",
        "4",
    ];
    let set = [
        "--set",
        "handoff.transit=exactly 5 days",
        "--set",
        "study.observe=5 years",
    ];
    let said = done(here, &[&asked[..], &set, &["--out", "found"]].concat());
    assert!(said.contains("more than +50"), "{said}");
    assert!(
        said.contains("Better than any number of places that was tried"),
        "{said}"
    );
    let row = &rows(&here.join("found"), "equivalent.csv")[0];
    assert_eq!(row["told"], "no number that was tried does the same");
    assert_eq!(
        (
            row["tried_up_to_percent"].as_str(),
            row["more_posts"].as_str()
        ),
        ("50", "")
    );
}

/// 2.2 cases a day keep eleven of ten places busy, so that some 60 wait on decision day. Three places more
/// on that day are filled from the list, and the wait falls to what the formula says of thirteen; until
/// the list is gone, at 0.4 a day, each of the first cases waits longer: 0.6 days more in the mean of ten
/// years.
#[test]
fn places_that_come_on_decision_day_are_filled_by_those_who_wait() {
    let folder = tempfile::tempdir().unwrap();
    let here = folder.path();
    let forked = one_more().replace("\"established\"", "\"decision day\"");
    std::fs::write(here.join("one-more.toml"), forked).unwrap();
    let asked = [
        "equivalent",
        "one-more.toml",
        "--measures",
        "handoff-days",
        "--posts",
        "1.3",
    ];
    let set = [
        "--set",
        "study.observe=10 years",
        "--set",
        "arrivals.family.rate=2.2 per day",
    ];
    let said = done(here, &[&asked[..], &set, &["--out", "found"]].concat());
    assert!(said.contains("from decision day on"), "{said}");
    let posts = rows(&here.join("found"), "posts.csv");
    let (ten, thirteen) = (&posts[0], &posts[1]);
    // Without more places the list grows by 0.2 a day for ten years: 300 days of waiting and more.
    assert!(number(ten, "mean") > 100.0, "{ten:?}");
    let theory = 0.6147 + mean_wait(2.2, 5.0, 13);
    let mean = number(thirteen, "mean");
    assert!(
        (theory..theory + 1.5).contains(&mean),
        "{mean}, theory {theory}"
    );
}

/// An overlay that multiplies all posts by 1.2, where nothing is made equal, is the baseline with 1.2
/// times its posts: the same children with the same luck, so to the last bit.
#[test]
fn a_structure_that_is_so_many_more_posts_is_found_to_be_that() {
    let folder = tempfile::tempdir().unwrap();
    let here = folder.path();
    done(here, &["export", "mine"]);
    let area = std::fs::read_to_string(here.join("mine/areas/typical-council-2003.toml")).unwrap();
    let area: toml::Table = area.parse().unwrap();
    let mut overlay =
        "[overlay]\nname = \"A fifth more\"\nsummary = \"More of all.\"\n[scale]\n".to_owned();
    for (service, posts) in area["posts"].as_table().unwrap() {
        for work in ["screening", "assessment", "help"] {
            if posts.get(work).is_some() {
                let path = format!("posts.{service}.{work}");
                overlay += &format!(
                    "\"{path}\" = {{ value = \"times 1.2\", evidence = \"assumption\", source = \"a test\" }}\n"
                );
            }
        }
    }
    std::fs::write(here.join("mine/overlays/a-fifth-more.toml"), overlay).unwrap();
    let study = [
        "equivalent",
        "mine/studies/childrens-trusts-2003.toml",
        "--features",
        "none",
    ];
    let with = [
        "--structures",
        "fragmented+a-fifth-more",
        "--trials",
        "2",
        "--posts",
        "1.1,1.2,1.3",
    ];
    let set = [
        "--set",
        "study.equal=nothing",
        "--set",
        "area.typical-council-2003.children=1500",
        "--set",
        "study.warm_up=1 year",
        "--set",
        "study.observe=2 years",
        "--measures",
        "days-to-help,handoff-days",
    ];
    done(
        here,
        &[&study[..], &with, &set, &["--out", "found"]].concat(),
    );
    let found = here.join("found");
    for row in rows(&found, "equivalent.csv") {
        let level = rows(&found, "posts.csv")
            .into_iter()
            .find(|it| it["measure"] == row["measure"] && it["factor"] == "1.2")
            .unwrap();
        assert_eq!(row["effect"], level["difference"], "{row:?}");
        assert_eq!(row["effect_high_95"], level["difference_high_95"]);
    }
}

#[test]
fn single_features_are_held_against_each_structure_and_sorted() {
    let folder = tempfile::tempdir().unwrap();
    let here = folder.path();
    let run = |threads: &str, out: &str| {
        let asked = [
            "equivalent",
            "--structures",
            "local-trust",
            "--posts",
            "1.2",
            "--trials",
            "2",
        ];
        let set = [
            "--set",
            "area.typical-council-2003.children=500",
            "--set",
            "study.warm_up=1 year",
            "--set",
            "study.observe=1 year",
            "--threads",
            threads,
            "--measures",
            "known-missed",
            "--out",
            out,
        ];
        done(here, &[&asked[..], &set].concat());
        let mut files = files(&here.join(out));
        files.remove("run.log");
        files
    };
    let one = run("1", "one");
    assert!(one == run("2", "two"));
    let features = rows(&here.join("one"), "features.csv");
    assert_eq!(
        features.len(),
        8,
        "the eight features fit the bundled study"
    );
    assert!(features.iter().all(|row| row["structure"] == "local-trust"));
    let effects: Vec<f64> = features.iter().map(|row| number(row, "effect")).collect();
    assert!(effects.is_sorted(), "{effects:?}");
}

/// The other way round: what two bodies lose against one lies in who runs what, and one place fewer than
/// ten takes as much; nine wait for 3.27 days and ten for 1.02, so that it is less than one.
#[test]
fn the_part_that_does_the_harm_is_named_too() {
    let folder = tempfile::tempdir().unwrap();
    let here = folder.path();
    let turned = one_more()
        .replace("baseline   = \"apart\"", "baseline   = \"joined\"")
        .replace("[\"joined\"]", "[\"apart\"]");
    std::fs::write(here.join("one-less.toml"), turned).unwrap();
    let asked = [
        "equivalent",
        "one-less.toml",
        "--measures",
        "handoff-days",
        "--out",
        "found",
    ];
    let more = [
        "--posts",
        "0.9,1.1",
        "--parts",
        "apart",
        "--set",
        "study.observe=10 years",
    ];
    let said = done(here, &[&asked[..], &more].concat());
    let said = said.split_whitespace().collect::<Vec<_>>().join(" ");
    let harm = "Of single features the most harm is done by the one with the organisations of Two bodies: \
                100% (100 to 100%) of what Two bodies does.";
    assert!(said.contains(harm), "{said}");
    assert!(said.contains("Worse than the baseline"), "{said}");
    let row = &rows(&here.join("found"), "equivalent.csv")[0];
    // 0.6147 of the 2.2437 days that the tenth place takes off, by straight lines.
    let theory = -0.6147 / (mean_wait(1.6, 5.0, 9) - mean_wait(1.6, 5.0, 10));
    let (low, high) = (
        number(row, "more_posts_low_95"),
        number(row, "more_posts_high_95"),
    );
    let at = number(row, "more_posts");
    assert!(
        at - 2.0 * (at - low) < theory && theory < at + 2.0 * (high - at),
        "{row:?}, {theory}"
    );
}

#[test]
fn a_feature_that_is_named_as_a_structure_too_is_a_feature() {
    let folder = tempfile::tempdir().unwrap();
    let here = folder.path();
    let structures = "fragmented+shared-records,local-trust";
    let asked = [
        "equivalent",
        "--structures",
        structures,
        "--features",
        "shared-records",
    ];
    let set = [
        "--set",
        "area.typical-council-2003.children=300",
        "--set",
        "study.warm_up=1 year",
        "--set",
        "study.observe=1 year",
    ];
    let rest = [
        "--posts",
        "1.2",
        "--trials",
        "2",
        "--measures",
        "known-missed",
        "--out",
        "found",
    ];
    done(here, &[&asked[..], &set, &rest].concat());
    let rows = rows(&here.join("found"), "equivalent.csv");
    let told: Vec<(&str, &str)> = (rows.iter())
        .map(|row| (row["structure"].as_str(), row["is_feature"].as_str()))
        .collect();
    assert_eq!(
        told,
        [("local-trust", "no"), ("fragmented+shared-records", "yes")]
    );
}

/// One body differs from two in who runs what, and all else follows from that in a network: the part does
/// all of it. (Other partitions follow the organisations, and mean nothing there.)
#[test]
fn the_one_part_that_matters_does_all_that_the_whole_does() {
    let folder = tempfile::tempdir().unwrap();
    let fewer = ["--parts", "joined", "--trials", "4"];
    let asked = [&fewer[..], &["--set", "study.observe=5 years"]].concat();
    let said = self::asked(folder.path(), &asked);
    let said = said.split_whitespace().collect::<Vec<_>>().join(" ");
    assert!(
        said.contains(
            "the one with the organisations of One body: 100% (100 to 100%) of what One body does"
        ),
        "{said}"
    );
    let features = rows(&folder.path().join("found"), "features.csv");
    assert_eq!(features[0]["feature"], "apart~joined:organisations");
    for row in &features[1..] {
        assert!(number(row, "percent_of_structure").abs() < 1e-6, "{row:?}");
    }
}

#[test]
fn every_fault_of_the_question_is_told() {
    let folder = tempfile::tempdir().unwrap();
    let refused =
        |arguments: &[&str]| refused(folder.path(), &[&["equivalent"][..], arguments].concat());
    let said = refused(&["even-odds", "--posts", "0,1.1", "--trials", "1"]);
    assert!(
        said.contains("from 0.1 to 10, found 0") && said.contains("--trials is 2"),
        "{said}"
    );
    assert!(refused(&["duty-desk", "--posts", "1"]).contains("no other number"));
    assert!(refused(&["even-odds"]).contains("no service of the study has posts or places"));
    let said = refused(&["duty-desk", "--services", "family-support"]);
    assert!(said.contains("there are assessment, duty"), "{said}");
    let said = refused(&["duty-desk", "--parts", "apart"]);
    assert!(
        said.contains("structures that are compared: joined"),
        "{said}"
    );
    assert!(refused(&["--features", "shared-record"]).contains("shared-records"));
    assert!(refused(&["calibration-2003", "--features", "none"]).contains("--structures"));
}
