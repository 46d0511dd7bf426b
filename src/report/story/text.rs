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
    push_wrapped(
        &mut text,
        &format!("{}: the story of one child", story.study_name),
        0,
    );
    for paragraph in [
        words::origin(story),
        words::rule(story),
        format!("The child: {}", words::child(story)),
        format!("In short: {}.", words::in_short(story)),
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
        let mut marks = Marks::of_shared(&story.tellings, &baseline.entries[..shared]);
        push_entries(&mut text, &baseline.entries[..shared], &mut marks);
    }
    if story.tellings.len() > 1 {
        push_partings(&mut text, story);
        match story.tellings.as_slice() {
            [one, other] => push_columns(&mut text, one, other, shared),
            several => {
                for telling in several {
                    push_heading(&mut text, &format!("Under {}", telling.structure_name));
                    let entries = &telling.entries[shared..];
                    let mut marks = Marks::of(telling, entries);
                    push_entries(&mut text, entries, &mut marks);
                }
            }
        }
    }
    let minor = story.tellings.iter().flat_map(|it| &it.entries);
    if minor.filter(|it| it.is_minor).count() > 0 {
        text.push('\n');
        let words = "Left out: changes of need below level 2, reviews after which help went on and \
                     concerns noted while it did; --json has them.";
        push_wrapped(&mut text, words, 2);
    }
    push_heading(&mut text, "What became of the child");
    for telling in &story.tellings {
        push_wrapped(&mut text, &format!("{}:", telling.structure_name), 2);
        for ending in words::endings(telling) {
            push_indented(&mut text, &format!("{ending}."));
        }
        push_indented(&mut text, &format!("{}.", words::sums(telling)));
    }
    text.push('\n');
    push_wrapped(&mut text, &words::proportion(story), 2);
    text
}

/// A paragraph that stands in, its further lines a little more.
fn push_indented(text: &mut String, words: &str) {
    let mut lines = Vec::new();
    push_below(&mut lines, words, WIDTH);
    for line in lines {
        text.push_str(&line);
        text.push('\n');
    }
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
        push_wrapped(
            text,
            "They never do: the same happened to the child under every structure.",
            2,
        );
    }
    for parting in &story.partings {
        let name = |id: &str| {
            let found = story.tellings.iter().find(|it| it.structure == id);
            found.map_or(id.to_owned(), |it| it.structure_name.clone())
        };
        let baseline = story.tellings.first().map_or("", |it| &it.structure_name);
        let nothing = "nothing more happens";
        for (name, what) in [
            (baseline.to_owned(), &parting.baseline),
            (name(&parting.structure), &parting.other),
        ] {
            let what = what.as_deref().unwrap_or(nothing);
            push_indented(text, &format!("{name}: {what}."));
        }
        push_indented(text, &parting.seams);
    }
}

/// The lines of entries of one day, at a width. Who acts again is not named again.
fn lines(entries: &[&Entry], width: usize) -> Vec<String> {
    let mut lines = Vec::new();
    let mut before = None;
    for entry in entries {
        let who = words::who(entry);
        if before.as_ref() == Some(&who) {
            push_below(&mut lines, &format!("then {}.", entry.what), width);
        } else {
            lines.extend(wrapped(&format!("{who}: {}.", entry.what), width, INDENT));
        }
        for sentence in &entry.knew {
            push_below(&mut lines, sentence, width);
        }
        before = Some(who);
    }
    lines
}

fn push_below(lines: &mut Vec<String>, words: &str, width: usize) {
    for line in wrapped(words, width - INDENT, INDENT) {
        lines.push(format!("{}{line}", " ".repeat(INDENT)));
    }
}

/// Entries that tell something, day by day.
fn by_day(entries: &[Entry]) -> Vec<(f64, Vec<&Entry>)> {
    let mut days: Vec<(f64, Vec<&Entry>)> = Vec::new();
    for entry in entries.iter().filter(|it| !it.is_minor) {
        match days.last_mut() {
            Some((day, of_day)) if words::number(*day) == words::number(entry.day) => {
                of_day.push(entry);
            }
            _ => days.push((entry.day, vec![entry])),
        }
    }
    days
}

fn push_entries(text: &mut String, entries: &[Entry], marks: &mut Marks) {
    for (day, entries) in by_day(entries) {
        for mark in marks.before(day) {
            text.push_str(&mark);
            text.push('\n');
        }
        push_day(text, day, &lines(&entries, WIDTH - DAY));
    }
}

fn push_day(text: &mut String, day: f64, lines: &[String]) {
    for (place, line) in lines.iter().enumerate() {
        let head = match place {
            0 => words::day(day),
            _ => String::new(),
        };
        text.push_str(&padded_after(&head, DAY));
        text.push_str(line);
        text.push('\n');
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
            left.push((
                vesting,
                "=== vesting day: the structure comes into force ===".to_owned(),
            ));
        }
        left.reverse();
        Self { left }
    }

    /// Those of the part that all structures share: each vesting day that lies within.
    fn of_shared(tellings: &[Telling], entries: &[Entry]) -> Self {
        let Some(last) = entries.last() else {
            return Self { left: Vec::new() };
        };
        let mut left = Vec::new();
        for telling in tellings {
            if let Some(vesting) = telling.vesting_day.filter(|day| *day <= last.day) {
                let words = format!("=== vesting day of {} ===", telling.structure_name);
                left.push((vesting, words));
            }
        }
        if entries[0].day < 0.0 && last.day >= 0.0 {
            left.push((0.0, "=== decision day ===".to_owned()));
        }
        left.sort_by(|one, other| other.0.total_cmp(&one.0));
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
    let mut left = by_day(&one.entries[shared..]).into_iter().peekable();
    let mut right = by_day(&other.entries[shared..]).into_iter().peekable();
    let mut vesting = other.vesting_day.filter(|vesting| {
        let last = one.entries[..shared].last();
        last.is_none_or(|last| last.day < *vesting)
    });
    loop {
        let next = [left.peek(), right.peek()];
        let Some(first) = next.into_iter().flatten().map(|it| it.0).reduce(f64::min) else {
            return;
        };
        let mut push = |left: &str, right: &str| {
            let line = format!("{}{}{right}", padded_after(left, COLUMN), " ".repeat(gap));
            text.push_str(line.trim_end());
            text.push('\n');
        };
        if vesting.is_some_and(|vesting| vesting <= first) {
            vesting = None;
            push("", "=== vesting day ===");
        }
        let day = words::number(first);
        let of_day = |it: &(f64, Vec<&Entry>)| words::number(it.0) == day;
        let one = left.next_if(of_day).map_or_else(Vec::new, |it| it.1);
        let other = right.next_if(of_day).map_or_else(Vec::new, |it| it.1);
        let cells = [&one, &other].map(|entries| lines(entries, COLUMN));
        if cells[0] == cells[1] {
            push(&format!("-- day {day}, under both"), "");
            for line in lines(&one, WIDTH) {
                push(&line, "");
            }
            continue;
        }
        let marks = cells.each_ref().map(|cell| {
            if cell.is_empty() {
                String::new()
            } else {
                format!("-- day {day}")
            }
        });
        push(&marks[0], &marks[1]);
        for place in 0..cells[0].len().max(cells[1].len()) {
            let cell = |lines: &[String]| lines.get(place).cloned().unwrap_or_default();
            push(&cell(&cells[0]), &cell(&cells[1]));
        }
    }
}
