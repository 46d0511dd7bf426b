use std::sync::atomic::AtomicBool;

use super::*;
use crate::analysis::decision::Shares;
use crate::analysis::{Estimate, Interval};
use crate::experiment::Plan;
use crate::inquiry::decide::designs::Design;
use crate::inquiry::decide::ensemble::{Asked, Watch};
use crate::inquiry::decide::measures_of;
use crate::inquiry::decide::uncertainty::{self as inquiry, Uncertainty};
use crate::report::page::words_of;
use crate::scenario::{Request, load_to_vary};

/// A quick analysis of a bundled study, with its view.
fn found() -> (Uncertainty, Scenario, QuestionView) {
    let request = Request {
        study: "even-odds".to_owned(),
        set: vec!["study.observe=100 days".to_owned()],
        ..Request::default()
    };
    let study = load_to_vary(&request, &[]).unwrap();
    let scenario = study.scenario.clone();
    let wanted = ["lost-cases", "handoff-days"].map(str::to_owned);
    let asked = Asked {
        request,
        parameters: study.parameters.clone(),
        trials: 2,
        measures: measures_of(&scenario, &wanted, true).unwrap(),
    };
    let view = QuestionView {
        question: "uncertainty",
        command: Vec::new(),
        joint_set: None,
        options: ["--draws", "20", "--trials", "2"]
            .map(str::to_owned)
            .to_vec(),
        between: (study.parameters.iter())
            .map(|it| (it.path().to_owned(), it.range.0.clone(), it.range.1.clone()))
            .collect(),
        measures: asked.measures.iter().map(|it| it.id).collect(),
    };
    let watch = Watch {
        known: &|_| None,
        on_run: &|_, _| {},
        stop: &AtomicBool::new(false),
    };
    let plan = Plan { threads: Some(1) };
    let found = inquiry::uncertainty(&asked, study, (Design::Sobol, 20), &plan, &watch).unwrap();
    (found, scenario, view)
}

fn text(files: &[File], name: &str) -> String {
    let file = files.iter().find(|it| it.name == name).unwrap();
    String::from_utf8(file.bytes.clone()).unwrap()
}

/// Shares of the variance: of each grade, of grades together, of luck, and what was not found.
fn shares(groups: &[f64], [together, luck, rest]: [f64; 3]) -> Shares {
    let estimate = |value: f64| Estimate {
        value,
        interval: Some(Interval {
            low: value - 0.1,
            high: value + 0.1,
        }),
    };
    Shares {
        variance: 1.0,
        groups: groups.iter().map(|it| estimate(*it)).collect(),
        together: estimate(together),
        luck: estimate(luck),
        rest: estimate(rest),
    }
}

#[test]
fn a_banner_stands_where_the_ranking_rests_on_assumptions_and_only_there() {
    let (mut found, scenario, view) = found();
    assert_eq!(
        found.grades,
        [Some(Grade::Statistic), Some(Grade::Assumption)]
    );
    let mut banner = |rests_on: Option<Shares>, assumed: usize| {
        found.of_measures[0].against_baseline[0].rests_on = rests_on;
        for (place, it) in found.parameters.iter_mut().enumerate() {
            it.grade = Some(match place < assumed {
                true => Grade::Assumption,
                false => Grade::Statistic,
            });
        }
        let files = files(&uncertainty(&found, &scenario, &view));
        let page = text(&files, super::super::MARKDOWN);
        let banner = page.lines().find(|it| it.starts_with("> **"));
        banner.map(str::to_owned)
    };
    let said = banner(Some(shares(&[0.2, 0.6], [0.0, 0.1, 0.1])), 1).unwrap();
    assert!(
        said.contains("rests on assumptions") && said.contains("60% (95% interval 50% to 70%)"),
        "{said}"
    );
    assert_eq!(banner(Some(shares(&[0.6, 0.2], [0.0, 0.1, 0.1])), 2), None);
    assert_eq!(banner(Some(shares(&[0.1, 0.2], [0.0, 0.6, 0.1])), 2), None);
    // What the variance rests on was not found: grades of what was drawn are all that is known.
    let said = banner(Some(shares(&[0.1, 0.2], [0.0, 0.1, 0.6])), 2).unwrap();
    assert!(
        said.contains("2 of the 2 values that were drawn are assumed")
            && said.contains("cannot tell"),
        "{said}"
    );
    assert_eq!(banner(Some(shares(&[0.1, 0.2], [0.0, 0.1, 0.6])), 1), None);
    assert!(banner(None, 2).is_some());
    assert_eq!(banner(None, 0), None);
}

#[test]
fn a_page_of_an_analysis_loads_nothing_and_names_only_its_own_files() {
    let (found, scenario, view) = found();
    let files = crate::report::uncertainty::files(&found, &scenario, &view);
    let page = text(&files, super::super::HTML);
    assert!(!page.contains("src=") && !page.contains("run-data"));
    let here: Vec<&str> = files.iter().map(|it| it.name.as_str()).collect();
    for href in page.split(" href=\"").skip(1) {
        let href = href.split('"').next().unwrap();
        match href.strip_prefix('#') {
            Some(id) => assert!(page.contains(&format!(" id=\"{id}\"")), "{id}"),
            None => assert!(here.contains(&href), "{href}"),
        }
    }
    // Both measures have their charts, each with a title that its page repeats.
    for kind in ["chances", "draws", "worth", "grades"] {
        for measure in ["lost-cases", "handoff-days"] {
            let name = format!("chart-{kind}-{measure}.svg");
            if kind == "grades" && !here.contains(&name.as_str()) {
                continue;
            }
            let title = words_of(&text(&files, &name), "title").unwrap();
            let escaped = title.replace('&', "&amp;");
            assert!(page.contains(&escaped), "{title}");
        }
    }
    assert!(
        page.contains("seamline uncertainty even-odds --structures joined --draws 20 --trials 2")
    );
}

#[test]
fn an_answer_is_read_back_for_its_own_study_and_no_other() {
    let (found, scenario, view) = found();
    let files = files(&uncertainty(&found, &scenario, &view));
    let kept = text(&files, FILE);
    let read = Kept::read(kept.as_bytes(), &scenario).unwrap();
    assert_eq!(read.inputs, manifest::question_inputs(&scenario, &view));
    let sections = read.within_a_run();
    assert_eq!(sections.len(), 2);
    assert_eq!(sections[0].id, read.first_id());
    assert_eq!(sections[0].heading, "How sure is the choice? The answer");
    // What has to be read before any number goes along.
    assert!(
        matches!(&sections[0].blocks[1], Block::Note { text } if text.words().contains("assumptions"))
    );

    let mut other = scenario.clone();
    other.structures.truncate(1);
    let refused = Kept::read(kept.as_bytes(), &other).unwrap_err();
    assert_eq!(
        refused.to_string(),
        "the analysis compares apart, joined, the run apart"
    );
    let of_another = kept.replace("\"study\":\"even-odds\"", "\"study\":\"duty-desk\"");
    let refused = Kept::read(of_another.as_bytes(), &scenario).unwrap_err();
    assert!(
        refused
            .to_string()
            .contains("of the study duty-desk, the run of even-odds")
    );
    assert!(Kept::read(b"{}", &scenario).is_err());
    let hostile = kept.replace("<polyline", "<script");
    assert!(Kept::read(hostile.as_bytes(), &scenario).is_err());
}
