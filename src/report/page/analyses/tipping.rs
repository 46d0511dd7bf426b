//! Where does the answer tip? The page of a map over two values.

use super::{
    About, Analysis, Charts, by_measure, claims, label, listed, number, percent, section, terms,
    varied, without,
};
use crate::inquiry::decide::tipping::{OfMeasure, Tipping};
use crate::report::charts::Look;
use crate::report::charts::decide::{self, Axis};
use crate::report::manifest::QuestionView;
use crate::report::numbers::count;
use crate::report::page::parts::{Block, Cell, Section, Table, paragraph};
use crate::report::terminal::decide::tipping::sentences;
use crate::scenario::Scenario;

/// The page.
pub(in crate::report) fn tipping(
    found: &Tipping,
    scenario: &Scenario,
    view: &QuestionView,
) -> Analysis {
    let [across, up] = found.axes.each_ref().map(|it| it.path());
    let about = About {
        scenario,
        view,
        question: "where does the answer tip?".to_owned(),
        facts: vec![
            format!("{across} and {up}"),
            format!(
                "{} runs of {} trials with the same luck",
                count(found.ensemble.points.len() as u64),
                found.trials
            ),
            format!("{} structures", found.structures.len()),
        ],
    };
    let mut charts = Charts::default();
    let answer = answer(found, scenario, &mut charts);
    let varied = varied(
        "Two values went through a grid of places, ends included; all others stayed as they are stated. A range \
         that was asked for stands here instead of that of the files.",
        &found.axes,
        &[],
        None,
    );
    let limits = super::limits([
        "How likely a place of the map is, nothing here says.",
        "Chances are of luck alone, if the values were those of the place.",
        "A third value can move every border of the map.",
        "Between places the map is not known: borders run half way between them.",
    ]);
    about.analysis(
        Vec::new(),
        (asked(found, scenario), vec![answer], vec![varied, limits]),
        charts.files,
    )
}

fn asked(found: &Tipping, scenario: &Scenario) -> Section {
    let [across, up] = found.axes.each_ref().map(|it| it.path());
    section(
        "question",
        "What was asked",
        vec![
            paragraph(scenario.study.purpose.clone()),
            paragraph(format!(
                "Which structure is best, as {across} and {up} move together while all else stays as stated? \
                 Judged by {}.",
                listed(found.of_measures.iter().map(|it| it.measure.name))
            )),
            terms([
                (
                    "Clear",
                    "The best structure of a place is ahead of the next by Student's t at 95%.",
                ),
                (
                    "Chance",
                    "How surely these trials have found the best structure of a place, if the values were so.",
                ),
            ]),
        ],
    )
}

fn answer(found: &Tipping, scenario: &Scenario, charts: &mut Charts) -> Section {
    let [across, up] = found.axes.each_ref().map(|it| {
        let stated = scenario.parameters.iter().find(|own| own.path == it.path());
        Axis::with_range(it, stated.and_then(|own| own.range.as_ref()))
    });
    let measure = |of: &OfMeasure| of.measure;
    let mut blocks = by_measure(&found.of_measures, "answer", measure, |of| {
        let map = decide::Tipping {
            measure: of.measure,
            structures: &found.structures,
            across: &across,
            up: &up,
            places: &of.places,
            trials: found.trials,
        };
        let mut blocks = Vec::new();
        blocks.extend(charts.add(
            ("tipping", of.measure, None),
            decide::tipping(&map, &Look::default()),
            "Which structure is best at each place of the map, and where these trials cannot tell.",
            &["map.csv", "chances.csv"],
        ));
        blocks.push(claims(sentences(found, of), "map.csv"));
        blocks.push(Block::Table(areas(found, of)));
        blocks
    });
    blocks.extend(without(&found.without));
    section("answer", "The answer", blocks)
}

fn areas(found: &Tipping, of: &OfMeasure) -> Table {
    let mut table = Table::new(
        format!("areas-{}", of.measure.id),
        format!(
            "{}: how much of the map each structure has",
            of.measure.name
        ),
    )
    .words("structure")
    .numbers("best in", "% of the map")
    .numbers("clearly best in", "% of the map")
    .words("chance of being best, as stated")
    .files(&["map.csv", "chances.csv"]);
    for (place, (best, clear)) in of.areas().into_iter().enumerate() {
        let chance = of.stated.chances.as_ref().map(|it| percent(it[place]));
        table.row(
            Some(place),
            vec![
                Cell::from(label(&found.structures, place)),
                number(100.0 * best, 0),
                number(100.0 * clear, 0),
                chance.unwrap_or_else(|| "cannot tell".to_owned()).into(),
            ],
        );
    }
    table
}
