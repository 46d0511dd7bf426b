//! The answer, in sentences bound to the evidence.

use super::Context;
use crate::measures::Scope;
use crate::report::page::claims;
use crate::report::page::parts::{Block, Section, Term, Text, heading, note, paragraph};
use crate::report::terminal;

pub(super) fn section(context: &Context) -> Section {
    let summary = context.summary;
    let mut blocks = Vec::new();
    let primary = summary.measure(summary.primary.id);
    if let Some(compared) = primary {
        let mut lead = Vec::new();
        lead.extend(claims::overview(summary, compared));
        lead.extend(claims::baseline(summary, compared));
        lead.extend(claims::among_themselves(summary));
        if lead.is_empty() {
            blocks.push(paragraph(
                "Nothing was there to be measured, so nothing can be told.",
            ));
        } else {
            blocks.push(Block::Claims { items: lead });
        }
        let each = claims::each(summary, context.scenario, compared);
        if !each.is_empty() {
            blocks.push(heading("answer-structures", "Structure by structure"));
            blocks.push(paragraph(format!(
                "Differences from the baseline in {}, under the same luck. The intervals hold together \
                 over all structures.",
                terminal::sentences::lower_first(compared.measure.name)
            )));
            blocks.push(Block::Claims { items: each });
        }
    }
    let beside: Vec<_> = (summary.forward())
        .filter(|compared| compared.measure.id != summary.primary.id)
        .filter_map(|compared| claims::beside(summary, compared))
        .collect();
    if !beside.is_empty() {
        blocks.push(heading("answer-beside", "Beside the primary measure"));
        blocks.push(Block::Claims { items: beside });
    }
    if context.is_comparing() {
        blocks.extend(how_to_read());
    }
    blocks.push(paragraph(terminal::conclusion()));
    if summary.scope == Scope::Children {
        blocks.push(heading(
            "answer-literature",
            "What studies of the world say",
        ));
        blocks.push(literature());
    }
    Section {
        id: "answer".to_owned(),
        heading: "The answer".to_owned(),
        blocks,
    }
}

/// What the words of hedging mean, and what no sentence says.
fn how_to_read() -> [Block; 3] {
    let terms = claims::words().map(|(word, meaning)| Term {
        name: format!("“{word}”").into(),
        text: meaning.into(),
    });
    [
        heading("answer-words", "How to read these sentences"),
        Block::Terms {
            items: terms.into(),
        },
        note(
            "All of this speaks of chance within this simulation. It does not say that the values in the \
             files are right, and a difference between structures is a difference under these values: it \
             comes from where paths cross a seam, from the reach of organisations, from oversight and \
             from the change itself. What a way of working does is never booked to the structure that \
             carries it.",
        ),
    ]
}

/// What is known of structure alone.
fn literature() -> Block {
    let text = "No study that the authors of this program found shows that structure alone improves what \
                becomes of children. The evaluation of the 35 children's trust pathfinders in England \
                (2003 to 2006) found no consistent measurable benefit in the areas that had integrated \
                more (S40), and the Audit Commission found in 2008 little evidence of better outcomes or \
                value from trusts beyond local co-operation (S42, S43). A difference shown here that is \
                larger than that rests on assumptions until somebody has measured it. The keys are \
                written out under ";
    paragraph(
        Text::from(text)
            .link("sources", "#evidence-sources")
            .then("."),
    )
}
