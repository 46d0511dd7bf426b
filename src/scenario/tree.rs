//! A TOML document as a tree in which every key and value knows its place.
//!
//! Nothing here knows what a key means. Trees are merged by key, so that a file need only say how it
//! differs from its base, and each value keeps the place where it was written.

use toml::de::{DeTable, DeValue};

use super::files::{FileIndex, Files, Span};
use super::problem::{Code, Problem, Problems};

/// A value and its place.
#[derive(Debug, Clone)]
pub(crate) struct Node {
    pub(crate) value: Value,
    pub(crate) at: Span,
    /// A factor that an overlay puts on the value, and where it says so.
    pub(crate) times: Option<(f64, Span)>,
}

/// What a key holds.
#[derive(Debug, Clone)]
pub(crate) enum Value {
    Text(String),
    /// A number, and how it was written.
    Number(f64, String),
    Boolean(bool),
    List(Vec<Node>),
    Table(Table),
    /// A date or time, which no key takes; how it was written.
    Date(String),
}

/// Keys with values, sorted by key.
#[derive(Debug, Clone, Default)]
pub(crate) struct Table {
    pub(crate) entries: Vec<Entry>,
}

/// One key with its value.
#[derive(Debug, Clone)]
pub(crate) struct Entry {
    pub(crate) key: String,
    pub(crate) key_at: Span,
    pub(crate) node: Node,
}

impl Node {
    pub(crate) fn new(value: Value, at: Span) -> Self {
        Self {
            value,
            at,
            times: None,
        }
    }

    pub(crate) fn as_table(&self) -> Option<&Table> {
        match &self.value {
            Value::Table(table) => Some(table),
            _ => None,
        }
    }

    pub(crate) fn as_text(&self) -> Option<&str> {
        match &self.value {
            Value::Text(text) => Some(text),
            _ => None,
        }
    }

    /// Is this one value, whether bare or with its evidence, and not a group of values?
    pub(crate) fn is_leaf(&self) -> bool {
        self.as_table()
            .is_none_or(|table| table.get("value").is_some())
    }
}

impl Table {
    pub(crate) fn entry(&self, key: &str) -> Option<&Entry> {
        let place = self.find(key).ok()?;
        Some(&self.entries[place])
    }

    pub(crate) fn get(&self, key: &str) -> Option<&Node> {
        self.entry(key).map(|entry| &entry.node)
    }

    pub(crate) fn get_mut(&mut self, key: &str) -> Option<&mut Node> {
        let place = self.find(key).ok()?;
        Some(&mut self.entries[place].node)
    }

    pub(crate) fn put(&mut self, entry: Entry) {
        match self.find(&entry.key) {
            Ok(place) => self.entries[place] = entry,
            Err(place) => self.entries.insert(place, entry),
        }
    }

    pub(crate) fn remove(&mut self, key: &str) -> Option<Entry> {
        let place = self.find(key).ok()?;
        Some(self.entries.remove(place))
    }

    /// The table under `key`, if there is one.
    pub(crate) fn table(&self, key: &str) -> Option<&Table> {
        self.get(key)?.as_table()
    }

    fn find(&self, key: &str) -> Result<usize, usize> {
        self.entries.binary_search_by(|entry| (*entry.key).cmp(key))
    }

    /// This table, with what `base` states besides. A value is replaced whole, with its evidence.
    pub(crate) fn over(mut self, base: &Self) -> Self {
        for below in &base.entries {
            match self.find(&below.key) {
                Err(place) => self.entries.insert(place, below.clone()),
                Ok(place) => {
                    let above = &mut self.entries[place].node;
                    if above.is_leaf() || below.node.is_leaf() {
                        continue;
                    }
                    if let (Value::Table(mine), Some(theirs)) =
                        (&mut above.value, below.node.as_table())
                    {
                        *mine = std::mem::take(mine).over(theirs);
                    }
                }
            }
        }
        self
    }
}

/// Parses a text, and goes on after faulty syntax as far as it can.
pub(crate) fn parse(files: &Files, file: FileIndex, problems: &mut Problems) -> Table {
    let text = files.get(file).text();
    let (document, errors) = DeTable::parse_recoverable(text);
    for error in errors {
        let (said, expected) = match error.message().split_once(", expected ") {
            Some((said, expected)) => (said, format!("expected {expected}")),
            None => (error.message(), "here".to_owned()),
        };
        let bytes = error.span().unwrap_or(0..0);
        let at = Span {
            file,
            start: bytes.start,
            end: bytes.end,
        };
        problems.push(syntax_problem(files, at, said, expected));
    }
    table(file, document.into_inner())
}

fn syntax_problem(files: &Files, at: Span, said: &str, expected: String) -> Problem {
    if said == "duplicate key" {
        let problem = Problem::new(Code::Twice, "a key is stated twice")
            .help("keep one of the two, or give the second another name");
        return files.place(problem, at, "stated before in this table");
    }
    let nothing_left = files.get(at.file).text()[at.start..]
        .split('\n')
        .next()
        .is_none_or(|rest| rest.trim().is_empty());
    let problem = match said {
        "string values must be quoted" | "key with no value" if nothing_left => {
            let problem = Problem::new(Code::Syntax, "a key has no value");
            return files.place(problem, at, "expected a value after `=`");
        }
        "invalid basic string" => Problem::new(Code::Syntax, "a quotation mark is not closed"),
        "string values must be quoted" => {
            let problem = Problem::new(Code::Syntax, "words must stand in quotes")
                .help("write \"5 days\" with its quotation marks");
            return files.place(problem, at, "expected text in quotes");
        }
        "unclosed table" => Problem::new(Code::Syntax, "a bracket is not closed"),
        "key with no value" => Problem::new(Code::Syntax, "a key has no value"),
        _ => Problem::new(Code::Syntax, said),
    };
    files.place(problem, at, expected)
}

fn table(file: FileIndex, document: DeTable<'_>) -> Table {
    let mut table = Table::default();
    for (key, value) in document {
        let key_at = span(file, &key.span());
        let at = span(file, &value.span());
        table.put(Entry {
            key: key.into_inner().into_owned(),
            key_at,
            node: Node::new(convert(file, value.into_inner()), at),
        });
    }
    table
}

fn span(file: FileIndex, bytes: &std::ops::Range<usize>) -> Span {
    Span {
        file,
        start: bytes.start,
        end: bytes.end,
    }
}

fn convert(file: FileIndex, value: DeValue<'_>) -> Value {
    match value {
        DeValue::String(text) => Value::Text(text.into_owned()),
        DeValue::Integer(number) => {
            // A TOML integer is far below what would overflow the parse; one beyond the range of
            // 64 bits becomes the nearest float and fails the check of its range.
            let value = i64::from_str_radix(number.as_str(), number.radix())
                .map_or(f64::MAX, |whole| whole as f64);
            Value::Number(value, number.as_str().to_owned())
        }
        DeValue::Float(number) => {
            let value = number.as_str().parse().unwrap_or(f64::NAN);
            Value::Number(value, number.as_str().to_owned())
        }
        DeValue::Boolean(value) => Value::Boolean(value),
        DeValue::Datetime(value) => Value::Date(value.to_string()),
        DeValue::Array(items) => Value::List(
            items
                .into_iter()
                .map(|item| {
                    let at = span(file, &item.span());
                    Node::new(convert(file, item.into_inner()), at)
                })
                .collect(),
        ),
        DeValue::Table(inner) => Value::Table(table(file, inner)),
    }
}

#[cfg(test)]
mod tests {
    use super::super::files::Origin;
    use super::*;

    fn parsed(text: &str) -> (Files, Table, Problems) {
        let mut files = Files::default();
        let file = files.add("a.toml".to_owned(), "a.toml", Origin::Bundled, text);
        let mut problems = Problems::default();
        let table = parse(&files, file, &mut problems);
        (files, table, problems)
    }

    fn marked(files: &Files, at: Span) -> &str {
        &files.get(at.file).text()[at.start..at.end]
    }

    #[test]
    fn keys_and_values_know_their_places() {
        let (files, table, problems) = parsed("\u{feff}[a]\r\nb = \"5 days\"\r\n");
        assert!(problems.is_empty());
        let entry = table.table("a").unwrap().entry("b").unwrap();
        assert_eq!(marked(&files, entry.key_at), "b");
        assert_eq!(marked(&files, entry.node.at), "\"5 days\"");
        assert_eq!(files.line(entry.key_at), 2);
    }

    #[test]
    fn several_faults_of_syntax_are_found_at_once() {
        let (_, table, problems) = parsed("a = \n[b]\nc = \"x\nd = 1\n");
        assert_eq!(problems.len(), 2);
        assert!(table.table("b").unwrap().get("d").is_some());
    }

    #[test]
    fn a_value_is_replaced_whole_and_a_group_by_key() {
        let (_, base, _) = parsed("[t]\na = { value = 1, source = \"old\" }\nb = 2\n");
        let (_, own, _) = parsed("[t]\na = { value = 3 }\nc = [1, 2]\n");
        let merged = own.over(&base);
        let table = merged.table("t").unwrap();
        assert!(table.table("a").unwrap().get("source").is_none());
        let keys: Vec<&str> = table.entries.iter().map(|entry| &*entry.key).collect();
        assert_eq!(keys, ["a", "b", "c"]);
    }
}
