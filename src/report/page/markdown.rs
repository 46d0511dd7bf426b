//! Words that are to stay words in Markdown.

/// Text with everything escaped that Markdown or HTML within it would read as a mark. Line breaks
/// become spaces, so that it may stand in a table or a heading.
pub(super) fn escaped(text: String) -> String {
    inline(text.trim().to_owned())
}

/// The same, spaces at either end kept: words between links.
pub(super) fn inline(text: String) -> String {
    let mut out = String::with_capacity(text.len() + 16);
    let text = one_line(&text);
    let is_number_of_list = |at: usize| {
        let before = &text[..at];
        !before.is_empty() && before.chars().all(|it| it.is_ascii_digit())
    };
    for (at, character) in text.char_indices() {
        let is_mark = match character {
            '\\' | '`' | '*' | '_' | '[' | ']' | '<' | '>' | '&' | '|' | '~' | '#' | '$' => true,
            '-' | '+' | '=' | ':' => at == 0,
            '.' | ')' => is_number_of_list(at),
            _ => false,
        };
        if is_mark {
            out.push('\\');
        }
        if character.is_control() {
            continue;
        }
        out.push(character);
    }
    // A bare address would become a link.
    out.replace("://", ":\\//")
}

/// Every run of white space as one space.
fn one_line(text: &str) -> String {
    let words = text.split_whitespace().collect::<Vec<_>>().join(" ");
    let before = if text.starts_with(char::is_whitespace) {
        " "
    } else {
        ""
    };
    let after = if text.ends_with(char::is_whitespace) && !words.is_empty() {
        " "
    } else {
        ""
    };
    format!("{before}{words}{after}")
}

/// A path or command as code, with a fence longer than any within.
pub(super) fn code(text: String) -> String {
    let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
    let fence = "`".repeat(longest_run(&text) + 1);
    let pad = if text.starts_with('`') || text.ends_with('`') {
        " "
    } else {
        ""
    };
    // A bar would end the cell of a table even within code.
    format!("{fence}{pad}{}{pad}{fence}", text.replace('|', "\\|"))
}

/// Lines as a block of code.
pub(super) fn fenced(text: String) -> String {
    let fence = "`".repeat((longest_run(&text) + 1).max(3));
    format!("{fence}\n{}\n{fence}", text.trim_end())
}

fn longest_run(text: &str) -> usize {
    text.split(|it| it != '`').map(str::len).max().unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_stay_words() {
        for (text, expected) in [
            (
                "<script>alert('x')</script>",
                "\\<script\\>alert('x')\\</script\\>",
            ),
            ("a | b\nc", "a \\| b c"),
            ("- no list", "\\- no list"),
            ("1. no list, 2.5 kept", "1\\. no list, 2.5 kept"),
            ("![x](y) & _z_", "!\\[x\\](y) \\& \\_z\\_"),
            ("{{ 7*7 }}", "{{ 7\\*7 }}"),
            ("a hyphened-word", "a hyphened-word"),
        ] {
            assert_eq!(escaped(text.to_owned()), expected);
        }
    }

    #[test]
    fn no_code_ends_early() {
        assert_eq!(code("a`b".to_owned()), "``a`b``");
        assert_eq!(code("`b".to_owned()), "`` `b ``");
        assert!(fenced("```\nx".to_owned()).starts_with("````\n"));
    }
}
