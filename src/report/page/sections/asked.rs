//! What was asked.

use super::{Context, better, listed};
use crate::report::numbers::{count, period, plain};
use crate::report::page::parts::{Block, Section, Table, Term, Text, heading, paragraph};
use crate::scenario::{Comparison, Equal, PostsPlan, Start};

pub(super) fn section(context: &Context) -> Section {
    let study = &context.scenario.study;
    let summary = context.summary;
    let baseline = context.name(0);
    let mut blocks = vec![paragraph(study.purpose.as_str())];
    let mut terms = Vec::new();
    let mut say = |name: &str, text: Text| {
        terms.push(Term {
            name: name.into(),
            text,
        });
    };
    let others = context.structures().skip(1).map(|it| context.name(it));
    say(
        "Structures",
        match context.is_comparing() {
            true => format!(
                "“{baseline}” is the baseline; compared with it: {}.",
                listed(others)
            ),
            false => format!("“{baseline}” alone: there is nothing to compare it with."),
        }
        .into(),
    );
    if summary.children > 0 {
        say(
            "Children",
            format!(
                "{} simulated children at any time, in {}. None of them is a real child.",
                count(summary.children),
                places(
                    summary
                        .areas
                        .iter()
                        .map(|area| area.name.as_str())
                        .collect()
                )
            )
            .into(),
        );
    }
    let start = match study.start {
        Start::DecisionDay => {
            "The baseline runs the warm-up; on decision day every structure goes on from its state"
        }
        Start::Established => "Every structure runs from the first day",
    };
    say(
        "Period",
        format!(
            "{} observed after {} of warm-up. {start}.",
            period(summary.observed),
            period(summary.warm_up)
        )
        .into(),
    );
    let primary = summary.primary;
    say(
        "Primary measure",
        format!(
            "{}, {} ({}). {}",
            primary.name,
            primary.unit,
            better(primary.direction),
            primary.definition
        )
        .into(),
    );
    if summary.children > 0 {
        say("Fair comparison", fairness(&study.comparison).into());
    }
    blocks.push(Block::Terms { items: terms });
    blocks.push(heading(
        "asked-otherwise",
        "Where it differs from the files",
    ));
    blocks.extend(otherwise(context));
    Section {
        id: "asked".to_owned(),
        heading: "What was asked".to_owned(),
        blocks,
    }
}

fn fairness(comparison: &Comparison) -> String {
    let equal = match comparison.equal {
        Equal::Money => {
            "The running cost is the same under every structure: what overheads take comes out of \
             front-line posts."
        }
        Equal::Posts => {
            "Front-line posts are the same under every structure; overheads come on top."
        }
        Equal::Nothing => "Posts are what the files state; nothing is made equal.",
    };
    let planned = match comparison.posts_planned {
        PostsPlan::Inherited => "Posts stay with the services as the area has them.",
        PostsPlan::RePlanned => "Posts are shared out anew, in proportion to the offered load.",
    };
    let factor = comparison.posts.get();
    let all = if (factor - 1.0).abs() > 1e-9 {
        format!(" All posts are multiplied by {}.", plain(factor, 2))
    } else {
        String::new()
    };
    format!("{equal} {planned}{all}")
}

fn otherwise(context: &Context) -> Vec<Block> {
    let scenario = context.scenario;
    let mut blocks = Vec::new();
    let set: Vec<_> = (scenario.parameters.iter())
        .filter(|parameter| parameter.file == "--set" || parameter.why.is_some())
        .collect();
    if !set.is_empty() {
        let mut table = Table::new("asked-set", "Values set otherwise for this study")
            .words("value")
            .words("set to")
            .words("by")
            .words("why");
        for parameter in set {
            table.row(
                None,
                vec![
                    Text::default().code(parameter.path.as_str()).into(),
                    parameter.value.as_str().into(),
                    parameter.file.as_str().into(),
                    parameter.why.as_deref().unwrap_or("not said").into(),
                ],
            );
        }
        blocks.push(Block::Table(table));
    }
    let off = &scenario.study.comparison.off;
    if !off.is_empty() {
        let names = listed(off.iter().map(|mechanism| mechanism.id()));
        blocks.push(paragraph(format!(
            "Mechanisms switched off, so that they leave no trace: {names}."
        )));
    }
    let local: Vec<&str> = (scenario.files.iter())
        .filter(|file| file.local)
        .map(|file| file.label.as_str())
        .collect();
    if !local.is_empty() {
        blocks.push(paragraph(format!(
            "Files of the author's own, not among the bundled ones: {}.",
            listed(local)
        )));
    }
    if blocks.is_empty() {
        blocks.push(paragraph(
            "Nowhere: every value is as the bundled files state it, and no mechanism is switched off.",
        ));
    }
    blocks
}

/// The places of a study by name, or how many they are where names would fill a page.
fn places(names: Vec<&str>) -> String {
    const MOST: usize = 12;
    match names.len() {
        0..=MOST => listed(names),
        many => format!("{many} areas"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_of_a_country_are_counted_and_few_are_named() {
        assert_eq!(places(vec!["Here", "There"]), "Here, There");
        assert_eq!(places(vec!["Somewhere"; 150]), "150 areas");
    }
}
