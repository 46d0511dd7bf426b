//! A small study with made-up results, for tests of what is shown.

use crate::analysis::{Estimate, Interval, Summary, summarise, synthetic};
use crate::experiment::results::Results;
use crate::inquiry::verify::{Check, Design, Observation, Outcome, Quantity, Queue, Verification};
use crate::scenario::{Comparison, Id, Parameter, Request, Scenario, SourceFile, Start, Study};
use crate::units::Days;

/// A study of children: the part of a scenario that reports show.
pub(crate) fn study() -> Scenario {
    Scenario {
        asked: Request::default(),
        study: Study {
            id: Id::new("sample-study"),
            name: "A sample study".to_owned(),
            purpose: "What is shown of made-up results, and does it fit the page?".to_owned(),
            start: Start::DecisionDay,
            warm_up: Days::try_from(2.0 * 365.25).unwrap(),
            observe: Days::try_from(5.0 * 365.25).unwrap(),
            trials: 12,
            seed: 2003,
            comparison: Comparison::default(),
        },
        areas: Vec::new(),
        structures: Vec::new(),
        cases: Vec::new(),
        figures: None,
        parameters: vec![Parameter {
            path: "handoff.silent_loss".to_owned(),
            value: "4%".to_owned(),
            range: None,
            grade: None,
            source: None,
            why: None,
            file: "--set".to_owned(),
            line: 0,
        }],
        files: vec![SourceFile {
            label: "studies/sample-study.toml".to_owned(),
            local: true,
            text: "[study]\nname = \"A sample study\"\n".into(),
        }],
    }
}

/// Results of children under this many structures, 12 trials.
pub(crate) fn results(structures: usize) -> Results {
    synthetic::with_other_posts(synthetic::children(structures, 12, 2003))
}

/// What they say.
pub(crate) fn children(structures: usize) -> Summary {
    summarise(&results(structures))
}

/// Results of a network under this many structures, 12 trials.
pub(crate) fn network(structures: usize) -> Summary {
    summarise(&synthetic::network(structures, 12, 7))
}

/// A verification in which one test passes, one fails and one does not apply.
pub(crate) fn verification() -> Verification {
    let check = |id, done, must_hold, outcome| Check {
        id,
        done,
        must_hold,
        outcome,
    };
    let queue = |quantity, value: f64, theory, reasons: &[&str], agrees| Queue {
        service: "Duty desk".to_owned(),
        quantity,
        theory_name: "Erlang C, 4 places".to_owned(),
        simulated: Some(Estimate {
            value,
            interval: Some(Interval {
                low: 0.9 * value,
                high: 1.1 * value,
            }),
        }),
        theory,
        reasons: reasons.iter().map(|it| (*it).to_owned()).collect(),
        agrees,
    };
    Verification {
        design: Design {
            children: 4_000,
            children_of_study: 120_000,
            structures: 3,
            trials: 2,
            warm_up: Days::YEAR,
            observe: Days::YEAR,
            is_reduced: true,
        },
        checks: vec![
            check(
                "again",
                "the study is run twice",
                "the second run gives the same numbers",
                Outcome::Pass {
                    compared: 43_324,
                    note: None,
                },
            ),
            check(
                "copies",
                "every structure is compared with its own copy",
                "a structure and its copy differ by nothing",
                Outcome::Fail {
                    compared: 43_324,
                    differing: 12,
                    first: "trial 1, Local trust: referrals of Child protection: 412 against 409"
                        .to_owned(),
                },
            ),
            check(
                "doubled-time",
                "every duration is doubled and every rate halved",
                "counts stay and days double",
                Outcome::NotApplicable {
                    why: "ages cannot be doubled".to_owned(),
                },
            ),
        ],
        queues: vec![
            queue(Quantity::Arrivals, 8.2, Some(8.0), &[], Some(true)),
            queue(
                Quantity::Wait,
                0.36,
                Some(0.35),
                &["cases come through \"Assessment\", where cases give up"],
                None,
            ),
            queue(Quantity::InUse, 3.3, Some(3.9), &[], Some(false)),
        ],
        queue_trials: 20,
        queue_structure: "Council and charity".to_owned(),
        observations: vec![Observation {
            done: "a fifth fewer posts",
            counted: "known missed cases under the baseline",
            before: 121,
            after: 148,
        }],
    }
}
