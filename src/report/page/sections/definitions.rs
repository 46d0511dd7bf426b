//! What every measure means.

use super::{Context, better};
use crate::measures::IntervalMethod;
use crate::report::page::parts::{Block, Section, Table, paragraph};

pub(super) fn section(context: &Context) -> Section {
    let mut table = Table::new("definitions-measures", "Every measure of the study")
        .words("measure")
        .words("unit")
        .words("what is counted")
        .words("definition")
        .words("what was unfinished")
        .words("better")
        .words("interval");
    for compared in &context.summary.measures {
        let measure = compared.measure;
        table.row(
            None,
            [
                measure.name,
                measure.unit,
                measure.unit_of_count,
                measure.definition,
                measure.censoring,
                better(measure.direction),
                interval(measure.interval),
            ]
            .map(Into::into)
            .into(),
        );
    }
    Section {
        id: "definitions".to_owned(),
        heading: "Definitions".to_owned(),
        blocks: vec![
            paragraph(
                "An interval of 95% is made over trials. “Holds together” means that with a chance of 95% \
                 every difference of the measure lies in its interval at once (the largest |t| of the \
                 family, with the correlations that the trials show).",
            ),
            Block::Table(table.folded().files(&["dictionary.csv"])),
        ],
    }
}

pub(super) fn interval(method: IntervalMethod) -> &'static str {
    match method {
        IntervalMethod::StudentT => "Student's t over trials",
        IntervalMethod::Jackknife => "jackknife over trials",
        IntervalMethod::Exact => "none: it follows from the scenario",
    }
}
