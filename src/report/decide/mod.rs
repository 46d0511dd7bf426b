//! Answers to questions asked of many runs, as tables: a file each question, and here what several have
//! in common.

pub mod discover;
pub mod equivalent;
pub mod flip;
pub mod sensitivity;
pub mod tipping;
pub mod warm_up;

use std::collections::BTreeMap;

use crate::experiment::results::Named;
use crate::inquiry::decide::ensemble::{Ensemble, RunValues};
use crate::measures::{MEASURES, Measure};
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
    "steady.csv",
    "series.csv",
    "equivalent.csv",
    "posts.csv",
    "features.csv",
    crate::report::page::analyses::FILE,
];

/// What the charts of answers are called, before the id of their measure.
const CHARTS: [&str; 9] = [
    "chances",
    "draws",
    "worth",
    "grades",
    "indices",
    "screening",
    "tornado",
    "flip",
    "tipping",
];

/// The file of a chart: of a measure, and of one of several things in it.
pub(in crate::report) fn chart_name(kind: &str, measure: &Measure, place: Option<usize>) -> String {
    let place = place.map_or_else(String::new, |it| format!("-{it}"));
    format!("chart-{kind}-{}{place}.svg", measure.id)
}

/// Is a file of this name a chart of an answer?
pub(in crate::report) fn is_chart(name: &str) -> bool {
    let words = name
        .strip_prefix("chart-")
        .and_then(|it| it.strip_suffix(".svg"));
    words.is_some_and(|words| {
        let of_kinds = CHARTS.iter().filter_map(|kind| words.strip_prefix(kind));
        let mut of_measures = of_kinds.flat_map(|rest| {
            let rest = rest.strip_prefix('-');
            let named = MEASURES.iter();
            named.filter_map(move |it| rest?.strip_prefix(it.id))
        });
        of_measures.any(|rest| {
            let place = rest.strip_prefix('-');
            rest.is_empty()
                || place
                    .is_some_and(|it| !it.is_empty() && it.chars().all(|it| it.is_ascii_digit()))
        })
    })
}

/// Are all of these among the names that are known to be ours, so that a folder that holds them can be
/// replaced?
pub(crate) fn are_known(files: &[File]) -> bool {
    let known = crate::report::all_file_names();
    files.iter().all(|file| {
        let name = file.name.as_str();
        known.contains(&name) || is_chart(name)
    })
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn charts_of_answers_are_known_by_their_names_and_nothing_else_is() {
        for measure in MEASURES {
            assert!(is_chart(&chart_name("flip", measure, None)));
            assert!(is_chart(&chart_name("indices", measure, Some(13))));
        }
        for name in [
            "chart-mine.svg",
            "chart-flip.svg",
            "chart-flip-.svg",
            "chart-flip-lost-cases-mine.svg",
            "chart-flip-lost-cases-.svg",
            "flip-lost-cases.svg",
            "chart-flip-lost-cases.png",
        ] {
            assert!(!is_chart(name), "{name}");
        }
    }
}
