//! Enough of a reader of Rust for the rules: comments and strings blanked, paths spelt out.
//!
//! Blanking puts a space for each character, so that a place in the result is a place in the file.

/// A path that begins at the root of the crate, and where it stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct CratePath {
    /// Line, from 1.
    pub(crate) line: usize,
    /// Its names after `crate`, one path for each leaf of a group; `self` and `*` are left out.
    pub(crate) names: Vec<String>,
}

/// What is left of a source text without its comments.
pub(crate) struct Code {
    /// Comments blanked; strings as they stand.
    pub(crate) with_strings: Vec<char>,
    /// Comments and the contents of strings blanked.
    pub(crate) bare: Vec<char>,
}

impl Code {
    /// Reads a source text.
    pub(crate) fn of(text: &str) -> Self {
        let text: Vec<char> = text.chars().collect();
        let mut code = Self {
            with_strings: text.clone(),
            bare: text.clone(),
        };
        let mut at = 0;
        while at < text.len() {
            let end = match token_at(&text, at) {
                Token::Comment(end) => {
                    blank(&mut code.with_strings[at..end]);
                    blank(&mut code.bare[at..end]);
                    end
                }
                Token::Literal(end) => {
                    blank(&mut code.bare[at..end]);
                    end
                }
                Token::Word(end) => end,
            };
            at = end;
        }
        code
    }

    /// The same without items marked `#[cfg(test)]`.
    pub(crate) fn without_tests(mut self) -> Self {
        let mark: Vec<char> = "#[cfg(test)]".chars().collect();
        let mut at = 0;
        while let Some(start) = find(&self.bare, &mark, at) {
            at = end_of_item(&self.bare, start + mark.len());
            blank(&mut self.bare[start..at]);
            blank(&mut self.with_strings[start..at]);
        }
        self
    }

    /// Names of modules in files of their own that are declared for tests only.
    pub(crate) fn modules_for_tests(&self) -> Vec<String> {
        let bare: String = self.bare.iter().collect();
        let declared = bare.split("#[cfg(test)]").skip(1);
        declared
            .filter_map(|after| after.split_once(';'))
            .filter_map(|(declaration, _)| declaration.split_once("mod "))
            .map(|(_, name)| name.trim().to_owned())
            .filter(|name| name.chars().all(is_name))
            .collect()
    }

    /// Every path that begins with `crate::`, groups spelt out.
    pub(crate) fn crate_paths(&self) -> Vec<CratePath> {
        let word: Vec<char> = "crate::".chars().collect();
        let mut paths = Vec::new();
        let mut at = 0;
        while let Some(start) = find(&self.bare, &word, at) {
            at = start + word.len();
            if start == 0 || !is_name(self.bare[start - 1]) {
                let mut leaves = Vec::new();
                spell_out(&self.bare, at, Vec::new(), &mut leaves);
                let line = line_of(&self.bare, start);
                paths.extend(leaves.into_iter().map(|names| CratePath { line, names }));
            }
        }
        paths
    }

    /// Lines in which `super::super::...` reaches the root of the crate, for a file so many modules
    /// deep (`src/units.rs` is 1 deep).
    pub(crate) fn supers_that_reach_the_root(&self, file_depth: usize) -> Vec<usize> {
        let step: Vec<char> = "super::".chars().collect();
        let mut lines = Vec::new();
        let mut at = 0;
        while let Some(start) = find(&self.bare, &step, at) {
            let mut steps = 0;
            at = start;
            while self.bare[at..].starts_with(&step) {
                at += step.len();
                steps += 1;
            }
            let whole_word = start == 0 || !is_name(self.bare[start - 1]);
            if whole_word && steps >= file_depth + modules_open_at(&self.bare, start) {
                lines.push(line_of(&self.bare, start));
            }
        }
        lines
    }
}

/// Where a word stands in a text, as line numbers; the characters around it may not be of a name.
pub(crate) fn lines_with_word(text: &[char], word: &str) -> Vec<usize> {
    let word: Vec<char> = word.chars().collect();
    let begins_a_name = word.first().is_some_and(|first| is_name(*first));
    let ends_a_name = word.last().is_some_and(|last| is_name(*last));
    let mut lines = Vec::new();
    let mut at = 0;
    while let Some(start) = find(text, &word, at) {
        at = start + word.len();
        let before = start > 0 && is_name(text[start - 1]);
        let after = text.get(at).is_some_and(|next| is_name(*next));
        if !(before && begins_a_name || after && ends_a_name) {
            lines.push(line_of(text, start));
        }
    }
    lines
}

/// As [`lines_with_word`], for a hyphened name that is not a part of a longer one: a file called after a
/// service, such as `NAME-trust`, does not name it.
pub(crate) fn lines_with_whole_name(text: &[char], name: &str) -> Vec<usize> {
    let name: Vec<char> = name.chars().collect();
    let is_part = |c: Option<&char>| c.is_some_and(|c| is_name(*c) || *c == '-');
    let mut lines = Vec::new();
    let mut at = 0;
    while let Some(start) = find(text, &name, at) {
        at = start + name.len();
        let before = start.checked_sub(1).and_then(|before| text.get(before));
        if !is_part(before) && !is_part(text.get(at)) {
            lines.push(line_of(text, start));
        }
    }
    lines
}

enum Token {
    Comment(usize),
    Literal(usize),
    /// A name, or a single character that is neither.
    Word(usize),
}

/// What begins here, and where it ends.
fn token_at(text: &[char], at: usize) -> Token {
    let next = text.get(at + 1).copied();
    match text[at] {
        '/' if next == Some('/') => Token::Comment(end_of_line(text, at)),
        '/' if next == Some('*') => Token::Comment(end_of_block_comment(text, at)),
        '"' => Token::Literal(end_of_quoted(text, at, '"')),
        '\'' if next == Some('\\') || text.get(at + 2) == Some(&'\'') => {
            Token::Literal(end_of_quoted(text, at, '\''))
        }
        first if is_name(first) => {
            let end = at + text[at..].iter().take_while(|c| is_name(**c)).count();
            let prefix: String = text[at..end].iter().collect();
            match prefix.as_str() {
                "r" | "br" | "cr" => end_of_raw(text, end).map_or(Token::Word(end), Token::Literal),
                _ => Token::Word(end),
            }
        }
        _ => Token::Word(at + 1),
    }
}

fn end_of_line(text: &[char], at: usize) -> usize {
    let length = text[at..].iter().position(|c| *c == '\n');
    length.map_or(text.len(), |length| at + length)
}

fn end_of_block_comment(text: &[char], start: usize) -> usize {
    let mut depth = 0;
    let mut at = start;
    while at + 1 < text.len() {
        match (text[at], text[at + 1]) {
            ('/', '*') => depth += 1,
            ('*', '/') => depth -= 1,
            _ => {
                at += 1;
                continue;
            }
        }
        at += 2;
        if depth == 0 {
            return at;
        }
    }
    text.len()
}

fn end_of_quoted(text: &[char], start: usize, quote: char) -> usize {
    let mut at = start + 1;
    while at < text.len() {
        match text[at] {
            '\\' => at += 2,
            c if c == quote => return at + 1,
            _ => at += 1,
        }
    }
    text.len()
}

/// The end of a raw string whose hashes, if any, begin here; `None` if there is none.
fn end_of_raw(text: &[char], start: usize) -> Option<usize> {
    let hashes = text[start..].iter().take_while(|c| **c == '#').count();
    let quote = start + hashes;
    if text.get(quote) != Some(&'"') {
        return None;
    }
    let mut close = vec!['"'];
    close.extend(std::iter::repeat_n('#', hashes));
    let end = find(text, &close, quote + 1).map(|at| at + close.len());
    Some(end.unwrap_or(text.len()))
}

/// The end of the item that follows an attribute: its closing brace, or a semicolon before any.
fn end_of_item(bare: &[char], start: usize) -> usize {
    let mut depth = 0;
    for (at, c) in bare.iter().enumerate().skip(start) {
        match c {
            '{' => depth += 1,
            '}' => {
                depth -= 1;
                if depth == 0 {
                    return at + 1;
                }
            }
            ';' if depth == 0 => return at + 1,
            _ => {}
        }
    }
    bare.len()
}

/// Collects the leaves of a path or of a group of paths.
fn spell_out(bare: &[char], at: usize, names: Vec<String>, leaves: &mut Vec<Vec<String>>) -> usize {
    let at = skip_space(bare, at);
    if bare.get(at) == Some(&'{') {
        let mut at = skip_space(bare, at + 1);
        while at < bare.len() && bare[at] != '}' {
            at = spell_out(bare, at, names.clone(), leaves);
            // On to the next member: over `as name` and the comma.
            while at < bare.len() && bare[at] != ',' && bare[at] != '}' {
                at += 1;
            }
            if bare.get(at) == Some(&',') {
                at = skip_space(bare, at + 1);
            }
        }
        return at + 1;
    }
    let end = at + bare[at..].iter().take_while(|c| is_name(**c)).count();
    let name: String = bare[at..end].iter().collect();
    let mut names = names;
    if !name.is_empty() && name != "self" {
        names.push(name);
    }
    let after = skip_space(bare, end);
    let goes_on = bare[after..].starts_with(&[':', ':']);
    let next = goes_on.then(|| skip_space(bare, after + 2));
    match next.and_then(|next| bare.get(next).map(|c| (next, *c))) {
        Some((next, c)) if is_name(c) || c == '{' => spell_out(bare, next, names, leaves),
        _ => {
            leaves.push(names);
            end
        }
    }
}

/// How many `mod name {` are open at a place.
fn modules_open_at(bare: &[char], place: usize) -> usize {
    let mut open = Vec::new();
    for at in 0..place {
        match bare[at] {
            '{' => open.push(opens_a_module(&bare[..at])),
            '}' => {
                open.pop();
            }
            _ => {}
        }
    }
    open.into_iter().filter(|module| *module).count()
}

/// Do the last two words before a brace read `mod name`?
fn opens_a_module(before: &[char]) -> bool {
    let tail: String = before[before.len().saturating_sub(200)..].iter().collect();
    let mut words = tail.split_whitespace().rev();
    let name = words.next().unwrap_or_default();
    name.chars().all(is_name) && words.next() == Some("mod")
}

fn skip_space(text: &[char], at: usize) -> usize {
    at + text[at..].iter().take_while(|c| c.is_whitespace()).count()
}

fn is_name(c: char) -> bool {
    c.is_alphanumeric() || c == '_'
}

fn line_of(text: &[char], at: usize) -> usize {
    1 + text[..at].iter().filter(|c| **c == '\n').count()
}

fn find(text: &[char], wanted: &[char], from: usize) -> Option<usize> {
    let found = text
        .get(from..)?
        .windows(wanted.len())
        .position(|window| window == wanted)?;
    Some(from + found)
}

fn blank(part: &mut [char]) {
    for c in part {
        if *c != '\n' {
            *c = ' ';
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn paths(text: &str) -> Vec<String> {
        let paths = Code::of(text).crate_paths();
        paths.iter().map(|path| path.names.join("::")).collect()
    }

    #[test]
    fn a_group_is_spelt_out_with_each_of_its_leaves() {
        let text =
            "use crate::{units::Days, experiment::{self, results::{Named as N, Results}}, model};";
        let leaves = [
            "units::Days",
            "experiment",
            "experiment::results::Named",
            "experiment::results::Results",
            "model",
        ];
        assert_eq!(paths(text), leaves);
    }

    #[test]
    fn a_path_in_the_middle_of_an_expression_is_read() {
        let text = "let d = crate::units::Days::try_from(1.0); f::<crate::model::World>();\n\
                    pub(crate) fn f() { mycrate::x(); }";
        assert_eq!(paths(text), ["units::Days::try_from", "model::World"]);
    }

    #[test]
    fn comments_and_strings_are_not_code() {
        let text = "// crate::a\n/// [`crate::b`]\n/* crate::c /* nested */ crate::d */\n\
                    let s = \"crate::e \\\" crate::f\"; let r = r#\"crate::g \"h\" crate::i\"#;\n\
                    let c = '\"'; let l: &'static str = crate::j::K;";
        assert_eq!(paths(text), ["j::K"]);
    }

    #[test]
    fn a_string_stays_where_strings_are_asked_for() {
        let code = Code::of("let s = \"police\"; // police\nlet police_force = 1;");
        assert_eq!(lines_with_word(&code.with_strings, "police"), [1]);
        assert_eq!(lines_with_word(&code.bare, "police"), Vec::<usize>::new());
    }

    #[test]
    fn tests_are_left_out_whole_and_nothing_else_is() {
        let text = "fn a() {}\n#[cfg(test)]\nmod support;\nfn b() {}\n\
                    #[cfg(test)]\nmod tests { fn c() { \"}\"; } }\nfn d() {}";
        let left: String = Code::of(text).without_tests().bare.into_iter().collect();
        let left: Vec<_> = left.split_whitespace().collect();
        assert_eq!(left.join(" "), "fn a() {} fn b() {} fn d() {}");
    }

    #[test]
    fn modules_for_tests_are_told_from_tests_in_the_file() {
        let text = "#[cfg(test)]\npub(crate) mod synthetic;\nmod shipped;\n\
                    #[cfg(test)]\nmod tests { use super::*; }";
        assert_eq!(Code::of(text).modules_for_tests(), ["synthetic"]);
    }

    #[test]
    fn supers_count_the_modules_they_stand_in() {
        let text = "use super::model;\nmod tests {\n use super::*;\n use super::super::model;\n}";
        assert_eq!(Code::of(text).supers_that_reach_the_root(1), [1, 4]);
        assert!(Code::of(text).supers_that_reach_the_root(2).is_empty());
    }
}
