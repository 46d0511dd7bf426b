//! Answers to questions asked of many runs, as tables: a file each question, and here what several have
//! in common.

pub mod discover;
pub mod flip;
pub mod sensitivity;
pub mod tipping;

use std::collections::BTreeMap;

use crate::experiment::results::Named;
use crate::inquiry::decide::ensemble::{Ensemble, RunValues};
use crate::report::File;
use crate::report::numbers::rounded;
use crate::scenario::{Grade, JointSet, LeftOut, Ranged};

/// The names of all files of all questions.
pub(in crate::report) const FILES: &[&str] = &[
    "choice.csv",
    "ranks.csv",
    "information.csv",
    "evidence.csv",
    "regions.csv",
    "worlds.csv",
    VALUES,
    "varied.csv",
    "runs.csv",
    "flips.csv",
    "courses.csv",
    "pairs.csv",
    "map.csv",
    "chances.csv",
    "screening.csv",
    "indices.csv",
    "tornado.csv",
    "shares.csv",
    "discovered.csv",
    "peeling.csv",
];

/// Are all of these among the names that are known to be ours, so that a folder that holds them can be
/// replaced?
pub(crate) fn are_known(files: &[File]) -> bool {
    let known = crate::report::all_file_names();
    files.iter().all(|file| known.contains(&file.name.as_str()))
}

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

/// What was varied, between which ends, whether from its range or from a joint set, and what was not.
pub(in crate::report) fn varied(
    parameters: &[Ranged],
    left_out: &[LeftOut],
    joint: Option<&JointSet>,
) -> File {
    let header = [
        "path",
        "stated",
        "lowest",
        "highest",
        "grade",
        "is_varied",
        "varied_from",
        "why_not",
    ];
    let of_joint: &[LeftOut] = joint.map_or(&[], |joint| &joint.left_out);
    let varied = parameters.iter().enumerate().map(|(place, it)| {
        let together = joint.filter(|joint| joint.covers.contains(&place));
        let aside = of_joint.iter().find(|out| out.path == it.path());
        vec![
            it.path().to_owned(),
            it.drawable.stated.clone().unwrap_or_default(),
            it.range.0.clone(),
            it.range.1.clone(),
            graded(it.grade).to_owned(),
            "yes".to_owned(),
            together.map_or_else(|| "its range".to_owned(), |joint| joint.file.clone()),
            aside.map_or_else(String::new, |out| {
                format!("not from the joint set: {}", out.why)
            }),
        ]
    });
    // Why a value that is varied by itself is not taken from the joint set stands beside it.
    let is_varied = |path: &str| parameters.iter().any(|it| it.path() == path);
    let of_neither = of_joint
        .iter()
        .filter(|it| !is_varied(&it.path) && !left_out.iter().any(|out| out.path == it.path));
    let left_out = left_out.iter().chain(of_neither).map(|it| {
        let mut row = vec![String::new(); header.len()];
        row[0] = it.path.clone();
        row[5] = "no".to_owned();
        row[7] = it.why.clone();
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

/// The file of what every trial of every run gave.
pub(crate) const VALUES: &str = "values.csv";

/// In which order values of a run stand.
#[derive(Debug)]
pub(crate) struct Shape<'a> {
    /// Ids of the measures.
    pub(crate) measures: Vec<&'a str>,
    /// Ids of the structures.
    pub(crate) structures: Vec<&'a str>,
}

/// Reads what every trial of every run gave, by the number of the run; `None` where the file is not of
/// this shape.
pub(crate) fn values_again(bytes: &[u8], shape: &Shape<'_>) -> Option<BTreeMap<u32, RunValues>> {
    let text = std::str::from_utf8(bytes).ok()?;
    let mut reader = csv::Reader::from_reader(text.trim_start_matches('\u{feff}').as_bytes());
    let mut runs: BTreeMap<u32, BTreeMap<[usize; 3], Option<f64>>> = BTreeMap::new();
    let mut trials = 0;
    for row in reader.records() {
        let row = row.ok()?;
        let place = |ids: &[&str], cell: usize| {
            let id = row.get(cell)?;
            ids.iter().position(|it| *it == id)
        };
        let trial: usize = row.get(3)?.parse().ok()?;
        trials = trials.max(trial);
        let at = [
            place(&shape.measures, 1)?,
            place(&shape.structures, 2)?,
            trial,
        ];
        let value = match row.get(4)? {
            "" => None,
            value => Some(value.parse().ok()?),
        };
        let run = runs.entry(row.get(0)?.parse().ok()?).or_default();
        run.insert(at, value);
    }
    let whole = shape.measures.len() * shape.structures.len() * trials;
    let runs = runs.into_iter().map(|(run, values)| {
        let values: RunValues = values.into_values().collect();
        (values.len() == whole).then_some((run, values))
    });
    runs.collect()
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
    File::of_rows(VALUES, &header, rows)
}
