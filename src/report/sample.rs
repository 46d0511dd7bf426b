//! A small study with made-up results, for tests of what is shown.

use std::sync::{Arc, OnceLock};

use crate::analysis::{Estimate, Interval, Summary, summarise, synthetic};
use crate::experiment::results::Results;
use crate::inquiry::verify::{Check, Design, Observation, Outcome, Quantity, Queue, Verification};
use crate::scenario::{
    Blocks, Comparison, Footprint, Governance, Id, Organisation, Parameter, Request, Scenario,
    SourceFile, Start, Structure, Study, World, load,
};
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
        structures: structures(),
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

/// Structures of the ids that made-up results have, each of another make.
fn structures() -> Vec<Structure> {
    static WORLD: OnceLock<Arc<World>> = OnceLock::new();
    let world = WORLD.get_or_init(|| {
        let request = Request {
            study: "duty-desk".to_owned(),
            ..Request::default()
        };
        Arc::clone(&load(&request).unwrap().structures[0].world)
    });
    let services = ["camhs", "family-support", "social-care"].map(Id::new);
    let [camhs, family, social] = services.clone();
    let makes: [Blocks; 3] = [
        vec![
            vec![camhs.clone()],
            vec![family.clone()],
            vec![social.clone()],
        ],
        vec![services.to_vec()],
        vec![vec![camhs], vec![family, social]],
    ];
    (0..14)
        .map(|place| {
            let runs = &makes[place % 3];
            let organisations = runs.iter().enumerate().map(|(number, runs)| Organisation {
                id: Id::new(&format!("organisation-{number}")),
                name: format!("Organisation {number}"),
                footprint: if place % 3 == 2 {
                    Footprint::Nation
                } else {
                    Footprint::Area
                },
                runs: runs.clone(),
            });
            Structure {
                id: Id::new(&format!("structure-{place}")),
                name: format!("Structure {place}"),
                summary: "A made-up structure.".to_owned(),
                sources: Vec::new(),
                law: None,
                claims_for: Vec::new(),
                claims_against: Vec::new(),
                overlays: Vec::new(),
                organisations: organisations.collect(),
                records: makes[(place + 1) % 3].clone(),
                budgets: runs.clone(),
                assessment: runs.clone(),
                front_doors: makes[1].clone(),
                workforce: runs.clone(),
                governance: Governance::default(),
                posts: Vec::new(),
                more_posts: Vec::new(),
                then: None,
                world: Arc::clone(world),
            }
        })
        .collect()
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
