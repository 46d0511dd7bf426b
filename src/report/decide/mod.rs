//! Answers to questions asked of many runs, as tables: a file each question, and here what several have
//! in common.

pub mod flip;
pub mod sensitivity;
pub mod tipping;

use crate::experiment::results::Named;
use crate::inquiry::decide::ensemble::Ensemble;
use crate::report::File;
use crate::report::numbers::rounded;
use crate::scenario::{Grade, LeftOut, Ranged};

pub(in crate::report) fn number(value: f64) -> String {
    rounded(value).to_string()
}

pub(in crate::report) fn maybe(value: Option<f64>) -> String {
    value.map_or_else(String::new, number)
}

/// The word of a grade, as files have it.
pub(in crate::report) fn graded(grade: Option<Grade>) -> &'static str {
    grade.map_or("not graded", Grade::word)
}

/// What was varied, between which ends, and what was not.
pub(in crate::report) fn varied(parameters: &[Ranged], left_out: &[LeftOut]) -> File {
    let header = [
        "path",
        "stated",
        "lowest",
        "highest",
        "grade",
        "is_varied",
        "why_not",
    ];
    let varied = parameters.iter().map(|it| {
        vec![
            it.path().to_owned(),
            it.drawable.stated.clone().unwrap_or_default(),
            it.range.0.clone(),
            it.range.1.clone(),
            graded(it.grade).to_owned(),
            "yes".to_owned(),
            String::new(),
        ]
    });
    let left_out = left_out.iter().map(|it| {
        let mut row = vec![String::new(); header.len()];
        row[0] = it.path.clone();
        row[5] = "no".to_owned();
        row[6] = it.why.clone();
        row
    });
    File::of_rows("varied.csv", &header, varied.chain(left_out))
}

/// The values of every run, as `--set` takes them.
pub(in crate::report) fn runs(ensembles: &[&Ensemble], parameters: &[Ranged]) -> File {
    let mut header = vec!["run".to_owned(), "luck".to_owned()];
    header.extend(parameters.iter().map(|it| it.path().to_owned()));
    let points = ensembles.iter().flat_map(|it| &it.points);
    let rows = points.map(|point| {
        let values = parameters.iter().zip(&point.shares);
        let values = values.map(|(it, share)| it.words(*share));
        [point.number.to_string(), point.luck.to_string()]
            .into_iter()
            .chain(values)
            .collect::<Vec<String>>()
    });
    File::of_rows("runs.csv", &header, rows)
}

/// What every trial of every run gave.
pub(in crate::report) fn values(
    ensembles: &[&Ensemble],
    structures: &[Named],
    trials: u32,
) -> File {
    let header = ["run", "measure", "structure", "trial", "value"];
    let trials = trials as usize;
    let rows = ensembles.iter().flat_map(|ensemble| {
        let runs = ensemble.points.iter().zip(&ensemble.runs);
        runs.flat_map(move |(point, run)| {
            run.iter().enumerate().map(move |(place, value)| {
                let (rest, trial) = (place / trials, place % trials);
                let (measure, structure) = (rest / structures.len(), rest % structures.len());
                vec![
                    point.number.to_string(),
                    ensemble.measures()[measure].id.to_owned(),
                    structures[structure].id.clone(),
                    (trial + 1).to_string(),
                    maybe(*value),
                ]
            })
        })
    });
    File::of_rows("values.csv", &header, rows)
}
