//! What the simulation leaves out.

use super::Context;
use crate::measures::Scope;
use crate::report::page::parts::{Block, Section, paragraph};

const OF_CHILDREN: [&str; 9] = [
    "Out-of-hours work, courts and placements, the quality of single workers, and what anybody learns \
     over the years are not simulated.",
    "A structure acts only where a path crosses a seam, by its reach, by oversight and by the change \
     itself. What a merged organisation may do better or worse in other ways is left out.",
    "A child's needs take places need by need; siblings share family and moves, and little else.",
    "Priority, thresholds and patience follow stated rules. People bend rules in both directions.",
    "The areas are typical, not real: the results are of no named place.",
    "Missed cases are missed by the grace that the files state for each need and level. Another grace \
     gives other numbers.",
    "No parameter was varied in this run. Its intervals hold the luck of the trials and nothing else.",
    "Bank holidays are not modelled: a working day is a fifth of a week, a month a twelfth of a year of \
     365.25 days.",
    "Whether the model is like the world is a question of its own: see the validation of the preset in \
     the documentation of the program.",
];

const OF_NETWORKS: [&str; 4] = [
    "Cases follow shares and stays that the file states; nothing about why is simulated.",
    "Staff, need and hidden cases are not simulated: what is not in the flow counts is not here.",
    "No parameter was varied in this run. Its intervals hold the luck of the trials and nothing else.",
    "Shares and stays are taken to be the same throughout the study, and to stay as they are when the \
     structure changes.",
];

pub(super) fn section(context: &Context) -> Section {
    let limits = match context.summary.scope {
        Scope::Network => &OF_NETWORKS[..],
        Scope::Children | Scope::Both => &OF_CHILDREN[..],
    };
    Section {
        id: "limits".to_owned(),
        heading: "Limits".to_owned(),
        blocks: vec![
            paragraph(
                "What this simulation leaves out, and what its reader should not take it for.",
            ),
            Block::List {
                items: limits.iter().map(|limit| (*limit).into()).collect(),
            },
        ],
    }
}
