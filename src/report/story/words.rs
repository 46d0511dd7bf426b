//! Words that text, Markdown and chart share.

use crate::inquiry::story::{Came, Entry, Proportion, Story, Telling};
use crate::report::numbers::{count, plain};

/// `day 12`, `day −40`.
pub(in crate::report) fn day(day: f64) -> String {
    format!("day {}", number(day))
}

/// `12`, `−40`.
pub(in crate::report) fn number(day: f64) -> String {
    plain(day.floor(), 0)
}

/// How the child fared, structure by structure: as to the need on account of which it was chosen, or
/// as to what came first.
pub(in crate::report) fn in_short(story: &Story) -> String {
    let fared = |telling: &Telling| {
        let endings = || {
            let about = story.about.as_ref();
            let all = telling.endings.iter();
            all.filter(move |it| about.is_none_or(|need| *need == it.need))
        };
        let first = |wanted: fn(Came) -> bool| endings().find(|it| wanted(it.came));
        let seen_and_missed = |came: Came| came.is_missed() && came != Came::MissedUnseen;
        let helped = |came: Came| matches!(came, Came::Helped | Came::HelpedLate);
        let found = first(seen_and_missed)
            .or_else(|| first(helped))
            .or_else(|| first(Came::is_missed))
            .or_else(|| endings().next());
        match found {
            None => "neither missed nor helped anew".to_owned(),
            Some(it) => {
                let need = match &story.about {
                    Some(_) => String::new(),
                    None => format!("{} ", it.need),
                };
                let what = match it.came {
                    Came::Missed | Came::MissedCarriedOver => "missed",
                    Came::MissedUnseen => "missed unseen",
                    Came::Helped => "helped in time",
                    Came::HelpedLate => "helped late",
                    Came::NeverHelped => {
                        return format!("{need}still without help at the end");
                    }
                };
                format!("{need}{what} on {}", day(it.day))
            }
        }
    };
    let about = story.about.as_ref();
    let about = about.map_or_else(String::new, |need| format!("{need}: "));
    let all: Vec<String> = story.tellings.iter().map(fared).collect();
    if all.len() > 1 && all.iter().all(|it| *it == all[0]) {
        return format!("{about}{} under every structure told here", all[0]);
    }
    let each: Vec<String> = (all.iter().zip(&story.tellings))
        .map(|(fared, it)| format!("{fared} under {}", it.structure_name))
        .collect();
    format!("{about}{}", each.join("; "))
}

/// Who the child is, in a sentence or two.
pub(in crate::report) fn child(story: &Story) -> String {
    let age = if story.age >= 0.0 {
        match plain(story.age.floor(), 0).as_str() {
            "1" => "1 year old on decision day".to_owned(),
            years => format!("{years} years old on decision day"),
        }
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
pub(in crate::report) fn origin(story: &Story) -> String {
    format!(
        "Child {} in trial {} of {} (seed {}).",
        story.child, story.trial, story.study, story.seed
    )
}

/// How the child was chosen.
pub(in crate::report) fn rule(story: &Story) -> String {
    format!("Chosen ({}): {}.", story.pick, story.rule)
}

/// How an entry's day is headed.
pub(in crate::report) fn who(entry: &Entry) -> String {
    match &entry.organisation {
        Some(organisation) => format!("{} ({organisation})", entry.who),
        None => entry.who.clone(),
    }
}

/// What became of the child under one structure: a line for each need that was missed or helped.
pub(in crate::report) fn endings(telling: &Telling) -> Vec<String> {
    if telling.endings.is_empty() {
        return vec!["No need was missed, and none came to be helped anew".to_owned()];
    }
    telling
        .endings
        .iter()
        .map(|ending| {
            format!(
                "Day {}: {}, {}",
                number(ending.day),
                ending.need,
                ending.words
            )
        })
        .collect()
}

/// Handoffs and days in one sentence.
pub(in crate::report) fn sums(telling: &Telling) -> String {
    let plural = if telling.handoffs == 1 { "" } else { "s" };
    format!(
        "{} handoff{plural} after decision day, {} in them; {} of unmet need that somebody knew of",
        telling.handoffs,
        days(telling.handoff_days),
        days(telling.unmet_days)
    )
}

/// `1 day`, `12 days`.
fn days(days: f64) -> String {
    match plain(days, 0).as_str() {
        "1" => "1 day".to_owned(),
        number => format!("{number} days"),
    }
}

/// The counts of the whole trial.
pub(in crate::report) fn proportion(story: &Story) -> String {
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
        "In proportion, all children and needs of this trial: {}. The last differs from the baseline in \
         next to nothing: differences of its size come from chance alone.",
        all.join("; ")
    )
}
