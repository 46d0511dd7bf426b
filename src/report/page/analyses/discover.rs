//! Where is it true? The page of the regions in which one structure does better than another.

use super::{
    About, Analysis, by_measure, claims, listed, number, of_fitted, section, terms, varied, without,
};
use crate::analysis::decision::Discovery;
use crate::inquiry::decide::discover::{Discoveries, OfMeasure};
use crate::report::charts::decide::short;
use crate::report::manifest::QuestionView;
use crate::report::numbers::count;
use crate::report::page::parts::{Block, Cell, Section, Table, paragraph};
use crate::report::terminal::decide::discover::sentences;
use crate::report::terminal::decide::{limits as limits_of, together};
use crate::scenario::Scenario;

/// The page.
pub(in crate::report) fn discover(
    found: &Discoveries,
    scenario: &Scenario,
    view: &QuestionView,
) -> Analysis {
    let name = |place: usize| found.structures[place].name.as_str();
    let about = About {
        scenario,
        view,
        question: format!(
            "where is “{}” better than “{}”?",
            name(found.better),
            name(found.than)
        ),
        facts: vec![format!(
            "{} draws of {}, {} trials each",
            count(found.ensemble.points.len() as u64),
            together::varied(&found.parameters, found.joint.as_ref()),
            found.trials
        )],
    };
    let varied = varied(
        "What is drawn from a range lies evenly between its ends, each value by itself: whether that is what \
         is believed, no run can tell.",
        &found.parameters,
        &found.left_out,
        found.joint.as_ref(),
    );
    let limits = super::limits([
        "A region is where the model turns, under ranges taken evenly, not where the world does.",
        "A region is told where luck alone would show one as strong in fewer than 1 of 20 such searches. It was \
         looked for, so that its share of such draws flatters it.",
        "Regions are found by peeling slices off the ends: what lies at both ends of a value and not between \
         them is found badly or not at all.",
        "Better and not better are told by the means of the trials of a draw, luck and all.",
    ]);
    about.analysis(
        of_fitted(&found.parameters, found.joint.as_ref()).collect(),
        (
            asked(found, scenario),
            vec![answer(found)],
            vec![varied, limits],
        ),
        Vec::new(),
    )
}

fn asked(found: &Discoveries, scenario: &Scenario) -> Section {
    section(
        "question",
        "What was asked",
        vec![
            paragraph(scenario.study.purpose.clone()),
            paragraph(format!(
                "In which region of the values that nobody knows does one structure do better than the other, \
                 and in which does it not? Judged by {}.",
                listed(found.of_measures.iter().map(|it| it.measure.name))
            )),
            terms([
                (
                    "Density",
                    "The share of draws in the region in which it is so.",
                ),
                (
                    "Coverage",
                    "The share of all draws in which it is so that lie in the region.",
                ),
            ]),
        ],
    )
}

fn answer(found: &Discoveries) -> Section {
    let measure = |of: &OfMeasure| of.measure;
    let mut blocks = by_measure(&found.of_measures, "answer", measure, |of| {
        let mut blocks = vec![claims(sentences(found, of), "discovered.csv")];
        let table = table(found, of);
        if !table.rows.is_empty() {
            blocks.push(Block::Table(table));
        }
        blocks
    });
    blocks.extend(without(&found.without));
    section("answer", "The answer", blocks)
}

fn table(found: &Discoveries, of: &OfMeasure) -> Table {
    let mut table = Table::new(
        format!("regions-{}", of.measure.id),
        format!("{}: regions that were found", of.measure.name),
    )
    .words("it is")
    .words("where")
    .numbers("density", "% of draws there")
    .numbers("in all", "% of draws")
    .numbers("coverage", "% of such draws")
    .numbers("chance", "by luck")
    .files(&["discovered.csv", "peeling.csv"]);
    let both: [(&str, &Discovery); 2] =
        [("better", &of.where_better), ("not better", &of.where_not)];
    for (what, discovery) in both {
        for discovered in &discovery.boxes {
            table.row(
                None,
                vec![
                    Cell::from(what),
                    short(&limits_of(&found.parameters, discovered)).into(),
                    number(100.0 * discovered.region.density, 0),
                    number(100.0 * discovery.density, 0),
                    number(100.0 * discovered.region.coverage, 0),
                    number(discovered.chance, 3),
                ],
            );
        }
    }
    table
}
