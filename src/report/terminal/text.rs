//! Lines of text: widths, padding and breaking.

/// Columns of text.
pub(in crate::report) const WIDTH: usize = 80;
/// Spaces between columns.
pub(in crate::report) const GAP: usize = 2;
/// Narrowest column of names; numbers may then run over the edge.
pub(in crate::report) const NARROWEST_NAME: usize = 16;

/// A table with a column of names, which go on in the lines below where they are long, and columns of
/// cells, aligned at the right. A head may have several lines.
pub(in crate::report) fn push_grid(
    text: &mut String,
    heads: &[String],
    rows: &[(&str, Vec<String>)],
) {
    let widths: Vec<usize> = heads
        .iter()
        .enumerate()
        .map(|(column, head)| {
            let cells = rows.iter().map(|(_, cells)| length(&cells[column]));
            cells.chain(head.lines().map(length)).fold(0, usize::max)
        })
        .collect();
    let taken: usize = widths.iter().map(|width| width + GAP).sum();
    let name = WIDTH.saturating_sub(taken).max(NARROWEST_NAME);
    let mut push = |first: &str, cells: &[&str]| {
        let mut line = padded_after(first, name);
        for (cell, width) in cells.iter().zip(&widths) {
            line.push_str(&" ".repeat(GAP));
            line.push_str(&padded_before(cell, *width));
        }
        text.push_str(line.trim_end());
        text.push('\n');
    };
    let lines = heads
        .iter()
        .map(|head| head.lines().count())
        .fold(0, usize::max);
    for line in 0..lines {
        // Heads end on the same line, whatever their number of lines.
        let cells: Vec<&str> = heads
            .iter()
            .map(|head| {
                let before = lines - head.lines().count();
                line.checked_sub(before)
                    .and_then(|line| head.lines().nth(line))
                    .unwrap_or("")
            })
            .collect();
        push("", &cells);
    }
    for (words, cells) in rows {
        let cells: Vec<&str> = cells.iter().map(String::as_str).collect();
        let nothing = vec![""; cells.len()];
        for (place, line) in wrapped(words, name, 2).iter().enumerate() {
            push(line, if place == 0 { &cells } else { &nothing });
        }
    }
}

pub(in crate::report) fn length(text: &str) -> usize {
    text.chars().count()
}

pub(in crate::report) fn padded_before(text: &str, width: usize) -> String {
    format!("{}{text}", " ".repeat(width.saturating_sub(length(text))))
}

pub(in crate::report) fn padded_after(text: &str, width: usize) -> String {
    format!("{text}{}", " ".repeat(width.saturating_sub(length(text))))
}

pub(in crate::report) fn push_wrapped(text: &mut String, paragraph: &str, indent: usize) {
    for line in wrapped(paragraph, WIDTH, indent) {
        text.push_str(&line);
        text.push('\n');
    }
}

/// Breaks text into lines of at most this width; lines after the first are indented.
/// A word longer than a line is cut.
pub(in crate::report) fn wrapped(text: &str, width: usize, indent: usize) -> Vec<String> {
    let mut lines = Vec::new();
    let mut line = String::new();
    for word in text.split_whitespace() {
        let mut word: Vec<char> = word.chars().collect();
        loop {
            let is_start = line.trim().is_empty();
            let space = usize::from(!is_start);
            if length(&line) + space + word.len() <= width {
                if !is_start {
                    line.push(' ');
                }
                line.extend(word);
                break;
            }
            if is_start {
                let rest = word.split_off((width - length(&line)).min(word.len()));
                line.extend(word);
                word = rest;
            }
            lines.push(std::mem::replace(&mut line, " ".repeat(indent)));
        }
    }
    if !line.trim().is_empty() {
        lines.push(line);
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_grid_keeps_its_columns_whatever_the_names() {
        let mut text = String::new();
        let long = "A name of so many words that it has to go on in the next line of the table";
        push_grid(
            &mut text,
            &["one".to_owned(), "of two\nlines".to_owned()],
            &[
                ("Short", vec!["1".to_owned(), "−22.5".to_owned()]),
                (long, vec!["3".to_owned(), String::new()]),
            ],
        );
        let lines: Vec<&str> = text.lines().collect();
        assert!(lines[0].ends_with("of two"));
        assert!(lines[1].ends_with("one   lines"));
        assert!(lines[2].ends_with("  1   −22.5"));
        assert!(lines.iter().all(|line| length(line) <= WIDTH));
        assert!(lines[4].starts_with("  "), "a long name goes on, indented");
    }
}
