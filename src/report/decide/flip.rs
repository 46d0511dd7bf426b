//! How far each value is from changing the answer, as tables.

use super::{graded, maybe, number};
use crate::analysis::decision::Parting;
use crate::inquiry::decide::flip::Flips;
use crate::report::manifest::{self, QuestionView};
use crate::report::{File, page};
use crate::scenario::{Ranged, Scenario};

/// Every file that the inputs determine.
pub fn files(found: &Flips, scenario: &Scenario, view: &QuestionView) -> Vec<File> {
    let mut files = vec![
        manifest::question_file(scenario, view),
        flips(found),
        pairs(found),
        courses(found),
        super::varied(&found.parameters, &found.left_out, found.joint.as_ref()),
        super::runs(&[&found.ensemble], &found.parameters),
        super::values(&[&found.ensemble], &found.structures, found.trials),
    ];
    files.extend(page::analyses::files(&page::analyses::flip(
        found, scenario, view,
    )));
    files
}

/// A verdict in words that a filter of a spreadsheet can take.
pub(in crate::report) fn verdict(parting: &Parting) -> &'static str {
    match parting {
        Parting::Unclear => "cannot tell",
        Parting::Flips { .. } => "flips",
        Parting::Might { .. } => "might",
        Parting::Never => "never",
    }
}

/// Where it flips, how far that is, from where on it may have and from where on it surely has.
fn cells(ranged: &Ranged, parting: &Parting) -> [String; 4] {
    match *parting {
        Parting::Flips {
            at,
            distance,
            nearest,
            furthest,
        } => [
            ranged.words(at),
            number(distance),
            number(nearest),
            maybe(furthest),
        ],
        Parting::Might { nearest } => {
            [String::new(), String::new(), number(nearest), String::new()]
        }
        _ => [const { String::new() }; 4],
    }
}

/// Each structure against the baseline, whoever leads.
fn pairs(found: &Flips) -> File {
    let header = [
        "measure",
        "unit",
        "structure",
        "less",
        "difference",
        "standard_error",
        "parameter",
        "grade",
        "verdict",
        "at",
        "distance",
        "nearest",
        "furthest",
    ];
    let mut rows = Vec::new();
    for of in &found.of_measures {
        for pair in &of.pairs {
            for (place, parting) in &pair.flips {
                let ranged = &found.parameters[*place];
                let mut row = vec![
                    of.measure.id.to_owned(),
                    of.measure.unit.to_owned(),
                    found.structures[pair.structure].id.clone(),
                    found.structures[0].id.clone(),
                    number(of.sign * pair.difference),
                    number(pair.standard_error),
                    ranged.path().to_owned(),
                    graded(ranged.grade).to_owned(),
                    verdict(parting).to_owned(),
                ];
                row.extend(cells(ranged, parting));
                rows.push(row);
            }
        }
    }
    File::of_rows("pairs.csv", &header, rows)
}

fn flips(found: &Flips) -> File {
    let header = [
        "measure",
        "unit",
        "leader",
        "rival",
        "parameter",
        "grade",
        "stated",
        "lowest",
        "highest",
        "verdict",
        "at",
        "distance",
        "nearest",
        "furthest",
        "is_first",
    ];
    let mut rows = Vec::new();
    for of in &found.of_measures {
        for flip in &of.flips {
            let ranged = &found.parameters[flip.parameter];
            for (place, (rival, parting)) in flip.of_each.iter().enumerate() {
                let [at, distance, nearest, furthest] = cells(ranged, parting);
                rows.push(vec![
                    of.measure.id.to_owned(),
                    of.measure.unit.to_owned(),
                    found.structures[of.leader].id.clone(),
                    found.structures[*rival].id.clone(),
                    ranged.path().to_owned(),
                    graded(ranged.grade).to_owned(),
                    ranged.words(ranged.stated),
                    ranged.range.0.clone(),
                    ranged.range.1.clone(),
                    verdict(parting).to_owned(),
                    at,
                    distance,
                    nearest,
                    furthest,
                    if place == 0 { "yes" } else { "no" }.to_owned(),
                ]);
            }
        }
    }
    File::of_rows("flips.csv", &header, rows)
}

/// The first rival's difference from the leader, through each range.
fn courses(found: &Flips) -> File {
    let header = [
        "measure",
        "unit",
        "parameter",
        "structure",
        "less",
        "share_of_range",
        "value",
        "difference",
        "standard_error",
    ];
    let mut rows = Vec::new();
    for of in &found.of_measures {
        for flip in &of.flips {
            let ranged = &found.parameters[flip.parameter];
            for at in &flip.course {
                rows.push(vec![
                    of.measure.id.to_owned(),
                    of.measure.unit.to_owned(),
                    ranged.path().to_owned(),
                    found.structures[flip.rival].id.clone(),
                    found.structures[of.leader].id.clone(),
                    number(at.share),
                    ranged.words(at.share),
                    number(of.sign * at.difference),
                    number(at.standard_error),
                ]);
            }
        }
    }
    File::of_rows("courses.csv", &header, rows)
}
