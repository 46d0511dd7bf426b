//! Which values move what, as tables.

use super::{graded, maybe, number};
use crate::analysis::Estimate;
use crate::inquiry::decide::sensitivity::{OfMeasure, OfQuantity, Quantity, Sensitivities};
use crate::report::manifest::{self, QuestionView};
use crate::report::{File, page};
use crate::scenario::{Grade, Scenario};

/// Stands for all values that did not go on to indices by themselves.
pub(in crate::report) const OTHERS: &str = "all others together";

/// Every file that the inputs determine.
pub fn files(found: &Sensitivities, scenario: &Scenario, view: &QuestionView) -> Vec<File> {
    let ensembles = found.ensembles.each_ref();
    let mut files = vec![
        manifest::question_file(scenario, view),
        screening(found),
        indices(found),
        swings(found),
        super::varied(&found.parameters, &found.left_out, found.joint.as_ref()),
        super::runs(&ensembles, &found.parameters),
        super::values(&ensembles, &found.structures, found.trials),
    ];
    files.extend(page::analyses::files(&page::analyses::sensitivity(
        found, scenario, view,
    )));
    files
}

/// Each quantity with its first cells.
fn each(found: &Sensitivities) -> impl Iterator<Item = (&OfMeasure, &OfQuantity, [String; 4])> {
    found.of_measures.iter().flat_map(move |of| {
        of.quantities.iter().map(move |quantity| {
            let id = |place: usize| found.structures[place].id.clone();
            let (structure, less) = match quantity.quantity {
                Quantity::Alone(it) => (id(it), String::new()),
                Quantity::Difference(it) => (id(it), id(0)),
            };
            let unit = of.measure.unit.to_owned();
            (
                of,
                quantity,
                [of.measure.id.to_owned(), unit, structure, less],
            )
        })
    })
}

fn screening(found: &Sensitivities) -> File {
    let header = [
        "measure",
        "unit",
        "structure",
        "less",
        "rank",
        "parameter",
        "grade",
        "mu",
        "mu_star",
        "low_95",
        "high_95",
        "sigma",
        "by_luck_alone",
        "went_on",
    ];
    let rows = each(found).flat_map(|(_, of, names)| {
        let order = of.ranking.iter().enumerate();
        order
            .map(|(rank, place)| {
                let own = &of.screened[*place];
                let interval = own.mu_star.interval;
                let mut row = names.to_vec();
                row.extend([
                    (rank + 1).to_string(),
                    found.factors[*place].name.clone(),
                    graded(grade_of(found, *place)).to_owned(),
                    number(own.mu),
                    number(own.mu_star.value),
                    maybe(interval.map(|it| it.low)),
                    maybe(interval.map(|it| it.high)),
                    maybe(own.sigma),
                    number(of.by_luck),
                    if found.kept.contains(place) {
                        "yes"
                    } else {
                        "no"
                    }
                    .to_owned(),
                ]);
                row
            })
            .collect::<Vec<_>>()
    });
    File::of_rows("screening.csv", &header, rows)
}

fn indices(found: &Sensitivities) -> File {
    let header = [
        "measure",
        "unit",
        "structure",
        "less",
        "parameter",
        "first_order",
        "first_low_95",
        "first_high_95",
        "total",
        "total_low_95",
        "total_high_95",
        "variance",
        "luck_share",
    ];
    let rows = each(found).flat_map(|(_, of, names)| {
        let told = of.indices.indices.iter().flatten().enumerate();
        told.map(|(group, indices)| {
            let path =
                (found.kept.get(group)).map_or(OTHERS, |it| found.factors[*it].name.as_str());
            let mut row = names.to_vec();
            row.push(path.to_owned());
            row.extend(cells(indices.first));
            row.extend(cells(indices.total));
            row.push(number(of.indices.variance));
            row.push(number(of.indices.luck));
            row
        })
        .collect::<Vec<_>>()
    });
    File::of_rows("indices.csv", &header, rows)
}

fn cells(estimate: Estimate) -> [String; 3] {
    [
        number(estimate.value),
        maybe(estimate.interval.map(|it| it.low)),
        maybe(estimate.interval.map(|it| it.high)),
    ]
}

fn swings(found: &Sensitivities) -> File {
    let header = [
        "measure",
        "unit",
        "structure",
        "less",
        "parameter",
        "stated_value",
        "at_stated",
        "low_value",
        "at_low",
        "low_error",
        "high_value",
        "at_high",
        "high_error",
    ];
    let rows = each(found).flat_map(|(_, of, names)| {
        let own = found.kept.iter().zip(&of.swings);
        own.map(|(place, swing)| {
            let [stated, low, high] = words_of(found, *place);
            let mut row = names.to_vec();
            row.extend([
                found.factors[*place].name.clone(),
                stated,
                number(of.stated),
                low,
                number(swing.low),
                number(swing.low_error),
                high,
                number(swing.high),
                number(swing.high_error),
            ]);
            row
        })
        .collect::<Vec<_>>()
    });
    File::of_rows("tornado.csv", &header, rows)
}

/// The grade of a factor: of those of a joint set, that they were fitted.
pub(in crate::report) fn grade_of(found: &Sensitivities, factor: usize) -> Option<Grade> {
    let place = found.factors[factor].parameters.first()?;
    found.parameters[*place].grade
}

/// A factor as stated, at its lower end and at its upper.
pub(in crate::report) fn words_of(found: &Sensitivities, factor: usize) -> [String; 3] {
    match found.factors[factor].parameters.as_slice() {
        [place] => {
            let parameter = &found.parameters[*place];
            [parameter.stated, 0.0, 1.0].map(|share| parameter.words(share))
        }
        _ => ["the stated values", "its first member", "its last member"].map(str::to_owned),
    }
}
