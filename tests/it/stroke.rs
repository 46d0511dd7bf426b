//! The bundled study of stroke units: how it is read, what a user sees, and that each number in its
//! tables is where it should be. Its agreement with theory is tested in `tests/verification`.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use assert_cmd::Command;
use seamline::scenario::{Request, Scenario, Simulated, load};

const STUDIES: [&str; 4] = [
    "stroke-units",
    "stroke-units-more-admissions",
    "stroke-units-no-neurological",
    "stroke-units-ring-fenced",
];

fn loaded(study: &str) -> Scenario {
    let request = Request {
        study: study.to_owned(),
        ..Request::default()
    };
    load(&request).unwrap_or_else(|problems| panic!("{problems}"))
}

/// What `seamline run STUDY --trials 8` prints.
fn printed(folder: &Path, study: &str) -> String {
    let run = Command::cargo_bin("seamline")
        .unwrap()
        .current_dir(folder)
        .args(["run", study, "--trials", "8", "--quiet"])
        .output()
        .unwrap();
    assert!(run.status.success());
    String::from_utf8(run.stdout).unwrap()
}

/// A column of a table by what stands in the first columns of each row.
fn column(folder: &Path, keys: &[&str], wanted: &str) -> BTreeMap<Vec<String>, String> {
    let text = fs::read_to_string(folder.join("output/stroke-units/places.csv")).unwrap();
    let mut reader = csv::Reader::from_reader(text.trim_start_matches('\u{feff}').as_bytes());
    let heads = reader.headers().unwrap().clone();
    let at = |name: &str| heads.iter().position(|head| head == name).unwrap();
    let rows = reader.records().map(Result::unwrap);
    rows.map(|row| {
        let key = keys.iter().map(|key| row[at(key)].to_owned()).collect();
        (key, row[at(wanted)].to_owned())
    })
    .collect()
}

#[test]
fn the_study_has_the_design_of_the_paper() {
    let study = loaded("stroke-units").study;
    assert!((study.warm_up.get() - 3.0 * 365.25).abs() < 1e-9);
    assert!((study.observe.get() - 5.0 * 365.25).abs() < 1e-9);
    assert_eq!(study.trials, 150);
}

#[test]
fn every_value_of_the_studies_says_where_it_is_from() {
    for study in STUDIES {
        let scenario = loaded(study);
        let inputs = || {
            let of_patients = |path: &str| path.starts_with("arrivals") || path.contains("route");
            (scenario.parameters.iter()).filter(move |it| of_patients(&it.path))
        };
        assert!(inputs().count() > 50);
        for input in inputs() {
            assert!(
                input.grade.is_some() && input.source.is_some(),
                "{}",
                input.path
            );
        }
    }
}

/// Published figures are held against the study and are no inputs of it.
#[test]
fn every_published_figure_has_a_companion_and_none_was_an_input() {
    for study in STUDIES {
        let figures = loaded(study).figures.unwrap();
        assert!(figures.id.as_str().starts_with("published-stroke"));
        for figure in figures.figures {
            assert!(matches!(figure.simulated, Simulated::Flow(_)));
            assert_eq!(figure.role.id(), "held out");
            assert!(figure.source.contains("Monks"));
        }
    }
}

#[test]
fn the_command_prints_published_exact_and_simulated_figures_beside_each_other() {
    let folder = tempfile::tempdir().unwrap();
    let printed = printed(folder.path(), "stroke-units");
    let start = printed.find("Would have found no place").unwrap();
    let end = printed.find("8 trials of 1 structure").unwrap();
    insta::assert_snapshot!(&printed[start..end]);
}

/// Recomputed apart from the program: Erlang's loss formula at the loads of the paper's inputs
/// (8.1455 acute and 9.7182 rehabilitation beds).
#[test]
fn the_tables_hold_the_exact_figures() {
    let folder = tempfile::tempdir().unwrap();
    printed(folder.path(), "stroke-units");
    let keys = ["service", "sharing", "own_places"];
    let exact = column(folder.path(), &keys, "exact_delayed_percent");
    for (service, places, expected) in [
        ("acute", "10", 12.83),
        ("acute", "12", 5.56),
        ("acute", "14", 1.92),
        ("rehabilitation", "10", 20.15),
        ("rehabilitation", "12", 10.91),
        ("rehabilitation", "14", 4.97),
    ] {
        let key = [service, "", places].map(str::to_owned).to_vec();
        let found: f64 = exact[&key].parse().unwrap();
        assert!((found - expected).abs() < 0.005, "{key:?}: {found}");
    }
    // Where no bed is shared, a unit has none free exactly when its own are taken.
    let simulated = column(folder.path(), &keys, "none_free_percent");
    for (service, places) in [("acute", "14"), ("rehabilitation", "12")] {
        let key = |sharing: &str| [service, sharing, places].map(str::to_owned).to_vec();
        assert_eq!(simulated[&key("")], simulated[&key("beds-14-12-00")]);
    }
}

#[test]
fn a_variant_says_only_what_it_changes() {
    let of = |study: &str| {
        let parameters = loaded(study).parameters.into_iter();
        parameters
            .map(|it| (it.path, it.value))
            .collect::<BTreeMap<String, String>>()
    };
    let base = of("stroke-units");
    for (study, changed) in [
        ("stroke-units-more-admissions", 7),
        ("stroke-units-no-neurological", 2),
        ("stroke-units-ring-fenced", 1),
    ] {
        let variant = of(study);
        assert_eq!(base.len(), variant.len());
        let differing = base
            .iter()
            .filter(|(path, value)| variant[*path] != **value);
        assert_eq!(differing.count(), changed, "{study}");
    }
}
