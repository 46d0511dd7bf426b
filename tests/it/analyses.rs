//! The pages of decision analyses, and their answers in the report of a run.

use std::fs;

use super::command::{done, output, refused};

const QUICK: [&str; 2] = ["--set", "study.observe=60 days"];

#[test]
fn every_analysis_writes_a_page_of_its_own() {
    let folder = tempfile::tempdir().unwrap();
    let here = folder.path();
    let asked: [(&str, &[&str]); 4] = [
        ("flip", &["even-odds", "--places", "3", "--trials", "2"]),
        (
            "sensitivity",
            &["even-odds", "--trajectories", "4", "--rows", "16"],
        ),
        (
            "tipping",
            &[
                "closeness.same_organisation=0..1",
                "handoff.silent_loss",
                "even-odds",
                "--side",
                "3",
            ],
        ),
        ("discover", &["even-odds", "--draws", "20"]),
    ];
    for (question, arguments) in asked {
        let common = ["--measures", "lost-cases", "--out", question];
        done(here, &[&[question], arguments, &QUICK, &common].concat());
        let found = here.join(question);
        let page = fs::read_to_string(found.join("report.html")).unwrap();
        assert!(page.contains("<h2 id=\"answer\""), "{question}");
        assert!(
            page.contains(&format!("seamline {question} ")),
            "{question}"
        );
        if question != "discover" {
            let chart = found.join(format!("chart-{question}-lost-cases.svg"));
            let chart = match question {
                "sensitivity" => found.join("chart-tornado-lost-cases-2.svg"),
                _ => chart,
            };
            let svg = fs::read_to_string(chart).unwrap();
            assert!(svg.contains("role=\"img\""), "{question}");
        }
        assert!(found.join("report.md").exists() && found.join("section.json").exists());
        // All of it is known to be ours: it can be replaced by the answer to another question.
        let again = [&[question], arguments, &QUICK, &common].concat();
        done(here, &[&again[..], &["--seed", "2", "--replace"]].concat());
        assert!(!here.join(format!("{question}-earlier")).exists());
    }
    let page = fs::read_to_string(here.join("tipping/report.html")).unwrap();
    assert!(page.contains(
        "seamline tipping closeness.same_organisation=0..1 handoff.silent_loss even-odds"
    ));
}

#[test]
fn the_report_of_a_run_tells_the_answers_of_analyses_of_the_same_study_and_refuses_others() {
    let folder = tempfile::tempdir().unwrap();
    let here = folder.path();
    let run = ["run", "even-odds", "--trials", "3", "--out", "run"];
    done(here, &[&run[..], &QUICK].concat());
    for (seed, out) in [("1", "one"), ("2", "two")] {
        let asked = [
            "uncertainty",
            "even-odds",
            "--draws",
            "20",
            "--measures",
            "lost-cases",
        ];
        done(
            here,
            &[&asked[..], &QUICK, &["--seed", seed, "--out", out]].concat(),
        );
    }
    let without = fs::read_to_string(here.join("run/report.html")).unwrap();
    done(here, &["report", "run", "--with", "one", "--with", "two"]);
    let page = fs::read_to_string(here.join("run/report.html")).unwrap();
    assert!(!without.contains("How sure is the choice?"));
    let answers: Vec<&str> = page
        .split(" id=\"uncertainty-")
        .skip(1)
        .filter_map(|rest| rest.split('"').next())
        .filter(|id| id.ends_with("-answer"))
        .collect();
    assert_eq!(answers.len(), 2, "{answers:?}");
    for id in answers {
        // The section on how sure the run is points to it, and so do the contents.
        let link = format!("href=\"#uncertainty-{id}\"");
        assert_eq!(page.matches(&link).count(), 2, "{id}");
    }
    let markdown = fs::read_to_string(here.join("run/report.md")).unwrap();
    assert!(markdown.contains("How sure is the choice? The answer"));
    assert!(!markdown.contains("](<choice.csv>)"));

    // Of the baseline alone, which the run has too.
    let asked = ["warm-up", "even-odds", "--step", "2", "--trials", "2"];
    done(here, &[&asked[..], &["--out", "beginning"]].concat());
    done(here, &["report", "run", "--with", "beginning"]);
    let page = fs::read_to_string(here.join("run/report.html")).unwrap();
    assert!(page.contains("Is the warm-up long enough?"));

    let said = refused(here, &["report", "run", "--with", "one", "--with", "one"]);
    assert!(said.contains("named twice"), "{said}");
    let said = refused(here, &["report", "run", "--with", "run"]);
    assert!(said.contains("section.json cannot be read"), "{said}");
    done(
        here,
        &["run", "duty-desk", "--trials", "2", "--out", "desk"],
    );
    let other = output(here, &["report", "desk", "--with", "one"]);
    assert_eq!(other.status.code(), Some(2), "{other:?}");
    let said = String::from_utf8(other.stderr).unwrap();
    assert!(
        said.contains("the analysis is of the study even-odds, the run of duty-desk"),
        "{said}"
    );
}
