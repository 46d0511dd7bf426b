//! The stories that a run keeps, as the report shows them.

use super::{StoryColumn, StoryRow, StoryView};
use crate::inquiry::story::{Entry, Story};
use crate::report::charts::{self, Look};
use crate::report::story::words;

/// A story as a section of the report: what is shared with the baseline once, then each structure.
pub(super) fn view(story: &Story) -> StoryView {
    let shared = story.tellings.iter().map(|it| it.shared).min().unwrap_or(0);
    let mut columns = Vec::new();
    if let Some(baseline) = story.tellings.first()
        && shared > 0
        && story.tellings.len() > 1
    {
        columns.push(StoryColumn {
            structure: "every structure told here".to_owned(),
            rows: rows(&baseline.entries[..shared]),
        });
    }
    let own_from = if story.tellings.len() > 1 { shared } else { 0 };
    columns.extend(story.tellings.iter().map(|telling| StoryColumn {
        structure: telling.structure_name.clone(),
        rows: rows(&telling.entries[own_from.min(telling.entries.len())..]),
    }));
    StoryView {
        heading: heading(story),
        rule: format!(
            "{}. {} {}",
            capital(&story.rule),
            words::origin(story),
            words::child(story)
        ),
        warning: story.warning.clone(),
        svg: Some(charts::story(story, &Look::default())),
        columns,
        proportion: capital(words::proportion(story).trim_start_matches("In proportion, ")),
    }
}

/// What the pick is about, in words.
fn heading(story: &Story) -> String {
    let other = story.tellings.get(1);
    let name = other.map_or("another structure", |it| it.structure_name.as_str());
    match story.pick.split(':').next() {
        Some("typical") => "A typical child".to_owned(),
        Some("worst") => "The child with most unmet need".to_owned(),
        Some("caught-by") => format!("Missed under the baseline, not under “{name}”"),
        Some("lost-by") => format!("Not missed under the baseline, missed under “{name}”"),
        _ => "One child".to_owned(),
    }
}

fn rows(entries: &[Entry]) -> Vec<StoryRow> {
    let told = entries.iter().filter(|it| !it.is_minor);
    told.map(|entry| StoryRow {
        when: words::day(entry.day),
        who: words::who(entry),
        what: std::iter::once(format!("{}.", capital(&entry.what)))
            .chain(entry.knew.iter().cloned())
            .collect::<Vec<_>>()
            .join(" "),
    })
    .collect()
}

fn capital(words: &str) -> String {
    let mut letters = words.chars();
    letters.next().map_or_else(String::new, |first| {
        first.to_uppercase().chain(letters).collect()
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::story::sample;

    #[test]
    fn what_is_shared_is_told_once_and_nothing_is_left_out() {
        let story = sample::story();
        let view = view(&story);
        assert_eq!(view.columns.len(), 3);
        let shown: usize = view.columns.iter().map(|column| column.rows.len()).sum();
        let shared = story.tellings[1].shared;
        let told = |entries: &[Entry]| entries.iter().filter(|it| !it.is_minor).count();
        let all: usize = (story.tellings.iter())
            .map(|telling| told(&telling.entries[shared..]))
            .sum();
        assert_eq!(shown, all + told(&story.tellings[0].entries[..shared]));
        assert!(view.svg.is_some_and(|svg| svg.contains("<desc")));
        assert!(view.warning.contains("simulated"));
    }
}
