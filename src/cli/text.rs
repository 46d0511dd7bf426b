//! Plain text at 80 columns.
#![allow(clippy::print_stdout)]

use std::io::Write;

/// Width of the page.
pub(super) const COLUMNS: usize = 80;

/// Writes to standard output. A reader that has gone, as `head` does, is no fault.
pub(crate) fn print(text: &str) {
    let mut out = std::io::stdout().lock();
    let _ = out.write_all(text.as_bytes()).and_then(|()| out.flush());
}

/// Adds a paragraph whose first line begins with `first` and whose others with `rest`.
pub(crate) fn paragraph(out: &mut String, first: &str, rest: &str, words: &str) {
    let mut line = first.to_owned();
    let mut is_empty = true;
    for word in words.split_whitespace() {
        let width = line.chars().count() + usize::from(!is_empty) + word.chars().count();
        if width > COLUMNS && !is_empty {
            push_line(out, &line);
            line = rest.to_owned();
            is_empty = true;
        }
        if !is_empty {
            line.push(' ');
        }
        line.push_str(word);
        is_empty = false;
    }
    push_line(out, &line);
}

fn push_line(out: &mut String, line: &str) {
    out.push_str(line.trim_end());
    out.push('\n');
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_break_between_words_within_80_columns() {
        let mut out = String::new();
        paragraph(&mut out, "- ", "  ", &"seam ".repeat(40));
        assert!(out.lines().count() > 1);
        assert!(out.lines().all(|line| line.chars().count() <= COLUMNS));
        assert!(out.lines().skip(1).all(|line| line.starts_with("  seam")));
    }

    #[test]
    fn a_word_wider_than_the_page_stands_alone() {
        let mut out = String::new();
        paragraph(&mut out, "", "  ", &format!("a {} b", "x".repeat(90)));
        assert_eq!(out.lines().count(), 3);
    }
}
