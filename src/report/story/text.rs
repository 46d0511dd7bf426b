//! A story as text 80 columns wide. What two structures share is told once; from where the ways part
//! two structures stand side by side, and more one below the other.

use super::words;
use crate::inquiry::story::{Entry, Story, Telling};
use crate::report::terminal::text::{WIDTH, length, padded_after, push_wrapped, wrapped};

/// Width of one of two columns.
const COLUMN: usize = 39;
/// Where the words of an entry begin.
const INDENT: usize = 2;

/// The story of a child, to be read on a terminal.
pub fn text(story: &Story) -> String {
    let mut text = String::new();
    push_wrapped(&mut text, &format!("{}: the story of one child", story.study_name), 0);
    for paragraph in [
        words::origin(story),
        words::rule(story),
        format!("The child: {}", words::child(story)),
        story.warning.clone(),
    ] {
        push_wrapped(&mut text, &paragraph, 2);
    }
    let shared = story.tellings.iter().map(|it| it.shared).min().unwrap_or(0);
    let Some(baseline) = story.tellings.first() else {
        return text;
    };
    if shared > 0 {
        let under = if story.tellings.len() == 1 {
            format!("Under {}", baseline.structure_name)
        } else {
            "Under every structure told here".to_owned()
        };
        push_heading(&mut text, &under);
        push_entries(&mut text, &baseline.entries[..shared], baseline, WIDTH);
    }
    if story.tellings.len() > 1 {
        push_partings(&mut text, story);
        match story.tellings.as_slice() {
            [one, other] => push_columns(&mut text, one, other, shared),
            several => {
                for telling in several {
                    push_heading(&mut text, &format!("Under {}", telling.structure_name));
                    push_entries(&mut text, &telling.entries[shared..], telling, WIDTH);
                }
            }
        }
    }
    push_heading(&mut text, "What became of the child");
    for telling in &story.tellings {
        push_wrapped(&mut text, &format!("{}:", telling.structure_name), 2);
        for ending in words::endings(telling) {
            push_wrapped(&mut text, &format!("  {ending}"), 4);
        }
        push_wrapped(&mut text, &format!("  {}", words::sums(telling)), 4);
    }
    text.push('\n');
    push_wrapped(&mut text, &words::proportion(story), 2);
    text
}

fn push_heading(text: &mut String, words: &str) {
    text.push('\n');
    let lines = wrapped(words, WIDTH, 0);
    for line in &lines {
        text.push_str(line);
        text.push('\n');
    }
    let longest = lines.iter().map(|line| length(line)).max().unwrap_or(0);
    text.push_str(&"-".repeat(longest));
    text.push('\n');
}

fn push_partings(text: &mut String, story: &Story) {
    push_heading(text, "The ways part here");
    if story.partings.is_empty() {
        push_wrapped(text, "They never do: the same happened to the child under every structure.", 2);
    }
    for parting in &story.partings {
        let name = |id: &str| {
            let found = story.tellings.iter().find(|it| it.structure == id);
            found.map_or(id.to_owned(), |it| it.structure_name.clone())
        };
        let baseline = story.tellings.first().map_or("", |it| &it.structure_name);
        push_wrapped(text, &format!("On {}:", words::day(parting.day)), 2);
        let nothing = "nothing of the kind that day";
        for (name, what) in [
            (baseline.to_owned(), &parting.baseline),
            (name(&parting.structure), &parting.other),
        ] {
            let what = what.as_deref().unwrap_or(nothing);
            push_wrapped(text, &format!("  {name}: {what}."), 4);
        }
        push_wrapped(text, &format!("  {}", parting.seams), 4);
    }
}

/// The lines of an entry, at a width.
fn lines(entry: &Entry, width: usize) -> Vec<String> {
    let mut lines = Vec::new();
    let head = format!("{}: {}.", words::who(entry), entry.what);
    lines.extend(wrapped(&head, width, INDENT));
    for sentence in &entry.knew {
        let indented = format!("{}{sentence}", " ".repeat(INDENT));
        lines.extend(wrapped(&indented, width, INDENT));
    }
    lines
}

fn push_entries(text: &mut String, entries: &[Entry], telling: &Telling, width: usize) {
    let mut last = String::new();
    let mut marks = Marks::of(telling, entries);
    for entry in entries {
        for mark in marks.before(entry.day) {
            text.push_str(&mark);
            text.push('\n');
        }
        let day = words::day(entry.day);
        let head = if day == last { "" } else { day.as_str() };
        for (place, line) in lines(entry, width - DAY).iter().enumerate() {
            let head = if place == 0 { head } else { "" };
            text.push_str(&padded_after(head, DAY));
            text.push_str(line);
            text.push('\n');
        }
        last = day;
    }
}

/// Room for a day.
const DAY: usize = 11;

/// Decision day and vesting day, marked where a history passes them.
struct Marks {
    left: Vec<(f64, String)>,
}

impl Marks {
    fn of(telling: &Telling, entries: &[Entry]) -> Self {
        let mut left = Vec::new();
        let begins_before = entries.first().is_some_and(|it| it.day < 0.0);
        if begins_before {
            left.push((0.0, "=== decision day ===".to_owned()));
        }
        if let Some(vesting) = telling.vesting_day
            && entries.first().is_some_and(|it| it.day < vesting)
        {
            left.push((vesting, "=== vesting day: the structure comes into force ===".to_owned()));
        }
        left.reverse();
        Self { left }
    }

    fn before(&mut self, day: f64) -> Vec<String> {
        let mut passed = Vec::new();
        while self.left.last().is_some_and(|(at, _)| *at <= day) {
            passed.extend(self.left.pop().map(|(_, words)| words));
        }
        passed
    }
}

/// Two histories side by side, in order of time.
fn push_columns(text: &mut String, one: &Telling, other: &Telling, shared: usize) {
    let gap = WIDTH - 2 * COLUMN;
    let mut push = |left: &str, right: &str| {
        let line = format!("{}{}{right}", padded_after(left, COLUMN), " ".repeat(gap));
        text.push_str(line.trim_end());
        text.push('\n');
    };
    let (left, right) = (
        wrapped(&one.structure_name, COLUMN, 0),
        wrapped(&other.structure_name, COLUMN, 0),
    );
    push("", "");
    for place in 0..left.len().max(right.len()) {
        let cell = |lines: &[String]| lines.get(place).cloned().unwrap_or_default();
        push(&cell(&left), &cell(&right));
    }
    push(&"-".repeat(COLUMN), &"-".repeat(COLUMN));
    let mut left = one.entries[shared..].iter().peekable();
    let mut right = other.entries[shared..].iter().peekable();
    let mut vesting = other.vesting_day;
    loop {
        let next = [left.peek(), right.peek()];
        let Some(first) = next.into_iter().flatten().map(|it| it.day).reduce(f64::min) else {
            return;
        };
        if vesting.is_some_and(|vesting| vesting <= first) {
            vesting = None;
            push("", "=== vesting day ===");
        }
        let day = words::day(first);
        let of_day = |entry: &&&Entry| words::day(entry.day) == day;
        let mut cells = [Vec::new(), Vec::new()];
        while let Some(entry) = left.next_if(|it| of_day(&it)) {
            cells[0].extend(lines(entry, COLUMN));
        }
        while let Some(entry) = right.next_if(|it| of_day(&it)) {
            cells[1].extend(lines(entry, COLUMN));
        }
        let marks = cells.each_ref().map(|cell| {
            if cell.is_empty() {
                String::new()
            } else {
                format!("-- {day}")
            }
        });
        push(&marks[0], &marks[1]);
        for place in 0..cells[0].len().max(cells[1].len()) {
            let cell = |lines: &[String]| lines.get(place).cloned().unwrap_or_default();
            push(&cell(&cells[0]), &cell(&cells[1]));
        }
    }
}
