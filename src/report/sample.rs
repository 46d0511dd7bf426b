//! A small study with made-up results, for tests of what is shown.

use crate::analysis::{Summary, summarise, synthetic};
use crate::scenario::{Comparison, Id, Parameter, Scenario, SourceFile, Start, Study};
use crate::units::Days;

/// A study of children: the part of a scenario that reports show.
pub(crate) fn study() -> Scenario {
    Scenario {
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
pub(crate) fn children(structures: usize) -> Summary {
    let results = synthetic::children(structures, 12, 2003);
    summarise(&synthetic::with_other_posts(results))
}

/// Results of a network under this many structures, 12 trials.
pub(crate) fn network(structures: usize) -> Summary {
    summarise(&synthetic::network(structures, 12, 7))
}
