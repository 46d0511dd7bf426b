//! What matters? The page of a sensitivity analysis.

use super::{
    About, Analysis, Charts, by_measure, claims, graded, listed, number, of_fitted, section, terms,
    varied, without,
};
use crate::analysis::Estimate;
use crate::inquiry::decide::sensitivity::{OfMeasure, OfQuantity, Quantity, Sensitivities};
use crate::report::charts::Look;
use crate::report::charts::decide::{self, Index, Swings, Tornado};
use crate::report::decide::sensitivity::{OTHERS, grade_of, words_of};
use crate::report::manifest::QuestionView;
use crate::report::numbers::{count, plain};
use crate::report::page::parts::{Block, Cell, Section, Table, Text, paragraph};
use crate::report::terminal::decide::sensitivity::{sentences, words};
use crate::report::terminal::decide::together;
use crate::report::terminal::sentences::lower_first;
use crate::report::unit_of_difference;
use crate::scenario::Scenario;

/// The page.
pub(in crate::report) fn sensitivity(
    found: &Sensitivities,
    scenario: &Scenario,
    view: &QuestionView,
) -> Analysis {
    let about = About {
        scenario,
        view,
        question: "what matters?".to_owned(),
        facts: vec![
            together::varied(&found.parameters, found.joint.as_ref()),
            format!("{} of {} trials", runs(found), found.trials),
            format!("{} structures", found.structures.len()),
        ],
    };
    let mut charts = Charts::default();
    let answer = answer(found, &mut charts);
    let varied = varied(
        "What goes through a range goes evenly between its ends.",
        &found.parameters,
        &found.left_out,
        found.joint.as_ref(),
    );
    let limits = super::limits([
        "Shares are of a variance over ranges taken evenly, each value by itself: another range gives another \
         share.",
        "A value that matters here moves the model; whether it moves the world, no run can tell.",
        "Values that did not go on to indices are told together, not one by one.",
        "Indices are estimates and can lie a little outside 0% to 100%.",
    ]);
    let asked = asked(found, scenario);
    about.analysis(
        of_fitted(&found.parameters, found.joint.as_ref()).collect(),
        (asked, vec![answer], vec![varied, limits]),
        charts.files,
    )
}

fn runs(found: &Sensitivities) -> String {
    let runs: usize = found.ensembles.iter().map(|it| it.points.len()).sum();
    format!("{} runs", count(runs as u64))
}

fn asked(found: &Sensitivities, scenario: &Scenario) -> Section {
    section(
        "question",
        "What was asked",
        vec![
            paragraph(scenario.study.purpose.clone()),
            paragraph(format!(
                "Which of them ({}) move what comes out, under the baseline and in the difference of each structure \
                 from it? First all of them coarsely, in {} trajectories; then the {} that matter most, in {} \
                 rows; last each of those at both ends of its range. Judged by {}.",
                together::varied(&found.parameters, found.joint.as_ref()),
                found.effort.trajectories,
                found.kept.len(),
                found.effort.rows,
                listed(found.of_measures.iter().map(|it| it.measure.name))
            )),
            terms([
                (
                    "First order",
                    "The share of the variance that would go if this value alone were known.",
                ),
                (
                    "Total",
                    "The share of the variance that would stay if all other values were known.",
                ),
                (
                    "Moves",
                    "The mean size of the effect of a step, as of a step over the whole range (μ*).",
                ),
            ]),
        ],
    )
}

/// The differences from the baseline first, then the baseline by itself.
fn shown(of: &OfMeasure) -> Vec<(usize, &OfQuantity)> {
    let all = || of.quantities.iter().enumerate();
    let differences = all().filter(|(_, it)| matches!(it.quantity, Quantity::Difference(_)));
    let baseline = all().filter(|(_, it)| it.quantity == Quantity::Alone(0));
    differences.chain(baseline).collect()
}

fn answer(found: &Sensitivities, charts: &mut Charts) -> Section {
    let measure = |of: &OfMeasure| of.measure;
    let first = found.of_measures.first().map(|of| of.measure.id);
    let mut blocks = by_measure(&found.of_measures, "answer", measure, |of| {
        let is_first = Some(of.measure.id) == first;
        let mut blocks = Vec::new();
        for (place, (number, own)) in shown(of).into_iter().enumerate() {
            let mut inner = vec![claims(sentences(found, of, own), "indices.csv")];
            // The charts of every measure would make a book.
            if is_first {
                inner.extend(drawn(found, of, (number, own), charts));
            }
            inner.push(Block::Table(table(found, of, (number, own))));
            if is_first && place == 0 {
                blocks.push(super::heading(
                    "answer-quantity",
                    words(found, own.quantity),
                ));
                blocks.extend(inner);
            } else {
                blocks.push(Block::Details {
                    summary: words(found, own.quantity),
                    blocks: inner,
                });
            }
        }
        blocks
    });
    blocks.extend(without(&found.without));
    section("answer", "The answer", blocks)
}

/// What is moved, as it stands within a sentence.
fn within(found: &Sensitivities, of: &OfMeasure, quantity: Quantity) -> String {
    let name = |place: usize| found.structures[place].name.as_str();
    let measure = lower_first(of.measure.name);
    match quantity {
        Quantity::Alone(it) => format!("{measure} under “{}”", name(it)),
        Quantity::Difference(it) => {
            format!(
                "the difference of “{}” from “{}” in {measure}",
                name(it),
                name(0)
            )
        }
    }
}

fn unit(of: &OfMeasure, quantity: Quantity) -> &'static str {
    match quantity {
        Quantity::Alone(_) => of.measure.unit,
        Quantity::Difference(_) => unit_of_difference(of.measure),
    }
}

fn drawn(
    found: &Sensitivities,
    of: &OfMeasure,
    (number, own): (usize, &OfQuantity),
    charts: &mut Charts,
) -> Vec<Block> {
    let name = within(found, of, own.quantity);
    let named = |place: &usize| {
        let grade = graded(grade_of(found, *place));
        (found.factors[*place].name.clone(), grade.to_owned())
    };
    let mut kept: Vec<(String, String)> = found.kept.iter().map(named).collect();
    let tornado_of = kept.clone();
    let in_indices = own.indices.indices.as_ref().map_or(0, Vec::len);
    if in_indices > kept.len() {
        kept.push((OTHERS.to_owned(), String::new()));
    }
    let all: Vec<(String, String)> = (0..found.factors.len()).map(|it| named(&it)).collect();
    let [screening, indices, swings] = found.ensembles.each_ref().map(|it| {
        format!(
            "{} runs of {} trials",
            count(it.points.len() as u64),
            found.trials
        )
    });
    let quantity = |parameters, runs| decide::Quantity {
        name: &name,
        unit: unit(of, own.quantity),
        parameters,
        runs,
    };
    let look = Look::default();
    let mut blocks = Vec::new();
    let chart = Index {
        quantity: quantity(&kept, &indices),
        sensitivity: &own.indices,
    };
    blocks.extend(charts.add(
        ("indices", of.measure, Some(number)),
        decide::indices(&chart, &look),
        "First-order and total indices: from which values the variance comes.",
        &["indices.csv"],
    ));
    let ends: Vec<Swings> = found
        .kept
        .iter()
        .zip(&own.swings)
        .map(|(place, swing)| {
            let [_, low, high] = words_of(found, *place).map(|it| decide::short(&it));
            Swings {
                low: (low, swing.low, swing.low_error),
                high: (high, swing.high, swing.high_error),
            }
        })
        .collect();
    let chart = Tornado {
        quantity: quantity(&tornado_of, &swings),
        stated: own.stated,
        swings: &ends,
    };
    blocks.extend(charts.add(
        ("tornado", of.measure, Some(number)),
        decide::tornado(&chart, &look),
        "What it comes to with each value at either end of its range, all others as stated.",
        &["tornado.csv"],
    ));
    blocks.extend(charts.add(
        ("screening", of.measure, Some(number)),
        decide::screening(
            &quantity(&all, &screening),
            &own.screened,
            Some(own.by_luck),
            &look,
        ),
        "How much each value moves it at all, and what luck alone would show.",
        &["screening.csv"],
    ));
    blocks
}

fn table(found: &Sensitivities, of: &OfMeasure, (place, own): (usize, &OfQuantity)) -> Table {
    let unit = unit(of, own.quantity);
    let mut table = Table::new(
        format!("indices-{}-{place}", of.measure.id),
        format!("What matters for {}", within(found, of, own.quantity)),
    )
    .words("value")
    .words("evidence")
    .numbers("first order", "% of variance")
    .numbers("total", "% of variance")
    .numbers("moves", unit)
    .numbers("at its lower end", unit)
    .numbers("at its upper end", unit)
    .files(&["indices.csv", "screening.csv", "tornado.csv"])
    .sortable();
    let sizes = own.screened.iter().map(|it| it.mu_star.value);
    let digits = crate::report::terminal::decide::digits(sizes.fold(0.0, f64::max));
    let share = |estimate: Option<Estimate>| match estimate {
        Some(estimate) => Cell {
            below: estimate.interval.map_or_else(String::new, |it| {
                format!(
                    "{} to {}",
                    plain(100.0 * it.low, 0),
                    plain(100.0 * it.high, 0)
                )
            }),
            ..number(100.0 * estimate.value, 0)
        },
        None => Cell::from("cannot tell"),
    };
    for (group, factor) in found.kept.iter().enumerate() {
        let indices = own.indices.indices.as_ref().map(|it| it[group]);
        let swing = &own.swings[group];
        table.row(
            None,
            vec![
                Text::default()
                    .code(found.factors[*factor].name.clone())
                    .into(),
                graded(grade_of(found, *factor)).into(),
                share(indices.map(|it| it.first)),
                share(indices.map(|it| it.total)),
                number(own.screened[*factor].mu_star.value, digits),
                number(swing.low, digits),
                number(swing.high, digits),
            ],
        );
    }
    table
}
