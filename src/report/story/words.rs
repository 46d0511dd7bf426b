//! Words that text, Markdown and chart share.

use crate::inquiry::story::{Came, Entry, Proportion, Story, Telling};
use crate::report::numbers::{count, plain};

/// `day 12`, `day −40`.
pub(super) fn day(day: f64) -> String {
    format!("day {}", plain(day.floor(), 0))
}

/// Who the child is, in a sentence or two.
pub(super) fn child(story: &Story) -> String {
    let age = if story.age >= 0.0 {
        format!("{} years old on decision day", plain(story.age.floor(), 0))
    } else {
        "born after decision day".to_owned()
    };
    let needs: Vec<String> = story
        .needs
        .iter()
        .map(|need| {
            format!(
                "{} (level {} on decision day, {} at the highest)",
                need.name, need.on_decision_day, need.highest
            )
        })
        .collect();
    let needs = if needs.is_empty() {
        "no need at any time".to_owned()
    } else {
        needs.join("; ")
    };
    format!("{age}, in {}. Needs: {needs}.", story.area)
}

/// What was run, so that the story can be told again.
pub(super) fn origin(story: &Story) -> String {
    format!(
        "Child {} in trial {} of {} (seed {}).",
        story.child, story.trial, story.study, story.seed
    )
}

/// How the child was chosen.
pub(super) fn rule(story: &Story) -> String {
    format!("Chosen ({}): {}.", story.pick, story.rule)
}

/// How an entry's day is headed.
pub(super) fn who(entry: &Entry) -> String {
    match &entry.organisation {
        Some(organisation) => format!("{} ({organisation})", entry.who),
        None => entry.who.clone(),
    }
}

/// What became of the child under one structure: a line for each need that was missed or helped.
pub(super) fn endings(telling: &Telling) -> Vec<String> {
    if telling.endings.is_empty() {
        return vec!["no need was missed, and none came to be helped anew".to_owned()];
    }
    telling
        .endings
        .iter()
        .map(|ending| format!("{}: {}, {}", day(ending.day), ending.need, ending.words))
        .collect()
}

/// Handoffs and days in one sentence.
pub(super) fn sums(telling: &Telling) -> String {
    let plural = if telling.handoffs == 1 { "" } else { "s" };
    format!(
        "{} handoff{plural} after decision day, {} days in them; {} days of unmet need that somebody \
         knew of",
        telling.handoffs,
        plain(telling.handoff_days, 0),
        plain(telling.unmet_days, 0)
    )
}

/// The counts of the whole trial.
pub(super) fn proportion(story: &Story) -> String {
    let one = |it: &Proportion| {
        format!(
            "{}: {} missed under the baseline only, {} missed here only, {} under both",
            it.name,
            count(it.only_baseline),
            count(it.only_here),
            count(it.both)
        )
    };
    let all: Vec<String> = story.proportion.iter().map(one).collect();
    format!(
        "In proportion, all children and needs of this trial: {}. The last shows how much differs when \
         next to nothing does: whatever is no larger is no effect.",
        all.join("; ")
    )
}

/// Was a need missed?
pub(super) fn is_missed(came: Came) -> bool {
    matches!(
        came,
        Came::Missed | Came::MissedCarriedOver | Came::MissedUnseen
    )
}
