//! A story as a piece of Markdown, for a report.

use super::words;
use crate::inquiry::story::{Entry, Story};

/// The story of a child as a section of a report, with headings from level 3 on.
pub fn markdown(story: &Story) -> String {
    let mut text = format!("### {}\n\n", escaped(&title(story)));
    for paragraph in [
        words::origin(story),
        words::rule(story),
        format!("The child: {}", words::child(story)),
        format!("In short: {}.", words::in_short(story)),
        story.warning.clone(),
    ] {
        text.push_str(&escaped(&paragraph));
        text.push_str("\n\n");
    }
    let shared = story.tellings.iter().map(|it| it.shared).min().unwrap_or(0);
    if let Some(baseline) = story.tellings.first() {
        if shared > 0 {
            text.push_str("#### Under every structure told here\n\n");
            let vesting = story.tellings.iter().find_map(|it| it.vesting_day);
            push_entries(&mut text, &baseline.entries[..shared], vesting);
        }
        for parting in &story.partings {
            text.push_str(&format!(
                "**The ways part here**, on {}. {}\n\n",
                words::day(parting.day),
                escaped(&parting.seams)
            ));
        }
        for telling in &story.tellings {
            if story.tellings.len() > 1 {
                let name = escaped(&telling.structure_name);
                text.push_str(&format!("#### {name}\n\n"));
                push_entries(&mut text, &telling.entries[shared..], telling.vesting_day);
            }
            for ending in words::endings(telling) {
                text.push_str(&format!("- **{}.**\n", escaped(&ending)));
            }
            text.push_str(&format!("- {}.\n\n", escaped(&words::sums(telling))));
        }
    }
    text.push_str(&escaped(&words::proportion(story)));
    text.push('\n');
    text
}

fn title(story: &Story) -> String {
    format!("The story of one child: {}", story.pick)
}

/// Entries as rows, with decision day and the first vesting day where they pass them.
fn push_entries(text: &mut String, entries: &[Entry], vesting: Option<f64>) {
    text.push_str("| day | who | what happened |\n| ---: | --- | --- |\n");
    let mut before: Option<f64> = None;
    for entry in entries.iter().filter(|it| !it.is_minor) {
        for (day, words) in [(Some(0.0), "decision day"), (vesting, "vesting day")] {
            let passed =
                |day: &f64| before.is_some_and(|before| before < *day) && *day <= entry.day;
            if let Some(day) = day.filter(passed) {
                let day = words::number(day);
                text.push_str(&format!("| {day} | | **{words}** |\n"));
            }
        }
        before = Some(entry.day);
        let mut what = escaped(&format!("{}.", entry.what));
        for sentence in &entry.knew {
            what.push_str(&format!(" *{}*", escaped(sentence)));
        }
        text.push_str(&format!(
            "| {} | {} | {what} |\n",
            words::number(entry.day),
            escaped(&words::who(entry)),
        ));
    }
    text.push('\n');
}

/// Names from files as plain words.
fn escaped(words: &str) -> String {
    let mut text = String::with_capacity(words.len());
    for letter in words.chars() {
        match letter {
            '\\' | '`' | '*' | '_' | '[' | ']' | '|' | '#' => {
                text.push('\\');
                text.push(letter);
            }
            '<' => text.push_str("&lt;"),
            '>' => text.push_str("&gt;"),
            '&' => text.push_str("&amp;"),
            '\n' | '\r' => text.push(' '),
            _ => text.push(letter),
        }
    }
    text
}
