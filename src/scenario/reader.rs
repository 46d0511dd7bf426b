//! Reads tables key by key: checks form, collects every stated value with its evidence, and
//! reports what nobody asked for.
//!
//! A reading that fails returns `None` and leaves a problem behind. Callers read every key of a
//! table before they give up, so that all problems come to light at once.

use std::collections::BTreeSet;

use super::checked::{Grade, Id, Parameter};
use super::files::Span;
use super::library::Shelf;
use super::problem::{Code, Problem, did_you_mean, nearest, one_of};
use super::tree::{Entry, Node, Table, Value};
use super::value::{Given, Quantity, Refusal};

/// Keys that may stand beside a value, and beside the keys of a group that shares its evidence.
const EVIDENCE_KEYS: [&str; 6] = ["evidence", "source", "why", "n", "period", "doi"];

const GRADES: [(&str, Grade); 5] = [
    ("statistic", Grade::Statistic),
    ("study", Grade::Study),
    ("expert", Grade::Expert),
    ("assumption", Grade::Assumption),
    ("fitted", Grade::Fitted),
];

/// How sure a value is, and whence.
#[derive(Debug, Clone, Default)]
pub(crate) struct Evidence {
    grade: Option<Grade>,
    source: Option<String>,
    why: Option<String>,
    /// Where it stands: evidence in one file says nothing of a value in another.
    at: Option<Span>,
}

/// A table being read.
#[derive(Debug)]
pub(crate) struct Fields<'t> {
    pub(crate) table: &'t Table,
    pub(crate) at: Span,
    pub(crate) path: String,
    asked: Vec<&'static str>,
    missing: Vec<&'static str>,
    evidence: Evidence,
}

impl Fields<'_> {
    /// Is the key stated?
    pub(crate) fn states(&self, key: &str) -> bool {
        self.table.get(key).is_some()
    }

    /// The place of a key's value, or of the table where the key is missing.
    pub(crate) fn place_of(&self, key: &str) -> Span {
        self.table.get(key).map_or(self.at, |node| node.at)
    }

    /// The path of a key in this table.
    pub(crate) fn path_of(&self, key: &str) -> String {
        join(&self.path, key)
    }
}

/// `need` and `protection` make `need.protection`.
pub(crate) fn join(path: &str, key: &str) -> String {
    if path.is_empty() {
        key.to_owned()
    } else {
        format!("{path}.{key}")
    }
}

/// Reads trees; problems go to the shelf that the files stand on.
#[derive(Debug)]
pub(crate) struct Reader<'s> {
    pub(crate) shelf: &'s mut Shelf,
    /// Every value read so far.
    pub(crate) parameters: Vec<Parameter>,
    /// Every path at which a value was looked for, stated or not.
    pub(crate) known: BTreeSet<String>,
    /// Every key of the language that was asked for, so that a test can hold the reference to it.
    #[cfg(test)]
    pub(crate) keys: BTreeSet<&'static str>,
}

impl<'s> Reader<'s> {
    pub(crate) fn new(shelf: &'s mut Shelf) -> Self {
        Self {
            shelf,
            parameters: Vec::new(),
            known: BTreeSet::new(),
            #[cfg(test)]
            keys: BTreeSet::new(),
        }
    }

    /// Reports a problem at a place; `expected` stands under the marked text.
    pub(crate) fn report(&mut self, problem: Problem, at: Span, expected: impl Into<String>) {
        self.shelf.report(problem, at, expected);
    }

    fn refuse(&mut self, refusal: Refusal, at: Span) {
        let problem = Problem::new(refusal.code, refusal.message).help_if(refusal.help);
        self.report(problem, at, refusal.expected);
    }

    /// Opens a table that has only the given keys.
    pub(crate) fn open<'t>(&mut self, node: &'t Node, path: &str) -> Option<Fields<'t>> {
        match &node.value {
            Value::Table(table) => Some(self.open_table(table, node.at, path)),
            other => {
                let message = format!("`{path}` is a table of keys, found {}", kind_of(other));
                let problem = Problem::new(Code::WrongForm, message);
                self.report(problem, node.at, "expected { key = value, ... }");
                None
            }
        }
    }

    /// The same for a table at hand.
    pub(crate) fn open_table<'t>(&mut self, table: &'t Table, at: Span, path: &str) -> Fields<'t> {
        Fields {
            table,
            at,
            path: path.to_owned(),
            asked: Vec::new(),
            missing: Vec::new(),
            evidence: Evidence::default(),
        }
    }

    /// Opens a group whose keys share the evidence that stands beside them.
    pub(crate) fn open_group<'t>(&mut self, node: &'t Node, path: &str) -> Option<Fields<'t>> {
        let mut fields = self.open(node, path)?;
        fields.evidence = self.evidence(fields.table);
        fields.asked.extend(EVIDENCE_KEYS);
        Some(fields)
    }

    /// Opens the table under `key`, if there is one.
    pub(crate) fn inner<'t>(
        &mut self,
        fields: &mut Fields<'t>,
        key: &'static str,
    ) -> Option<Fields<'t>> {
        fields.asked.push(key);
        let node = fields.table.get(key)?;
        self.open(node, &fields.path_of(key))
    }

    /// Opens the group under `key`, if there is one.
    pub(crate) fn inner_group<'t>(
        &mut self,
        fields: &mut Fields<'t>,
        key: &'static str,
    ) -> Option<Fields<'t>> {
        fields.asked.push(key);
        let node = fields.table.get(key)?;
        self.open_group(node, &fields.path_of(key))
    }

    /// Opens the group under `key`. One that is left out reads as empty, so that the paths in it are
    /// known and every value in it has its default.
    pub(crate) fn group<'t>(
        &mut self,
        fields: &mut Fields<'t>,
        key: &'static str,
    ) -> Option<Fields<'t>> {
        static LEFT_OUT: Table = Table {
            entries: Vec::new(),
        };
        if fields.states(key) {
            return self.inner_group(fields, key);
        }
        fields.asked.push(key);
        Some(self.open_table(&LEFT_OUT, fields.at, &fields.path_of(key)))
    }

    /// Opens the table under `key`, which must be there.
    pub(crate) fn needed<'t>(
        &mut self,
        fields: &mut Fields<'t>,
        key: &'static str,
    ) -> Option<Fields<'t>> {
        if !fields.states(key) {
            self.missing(fields, key);
        }
        self.inner(fields, key)
    }

    /// The node under `key`, if there is one; the caller reads it.
    pub(crate) fn node<'t>(
        &mut self,
        fields: &mut Fields<'t>,
        key: &'static str,
    ) -> Option<&'t Node> {
        fields.asked.push(key);
        fields.table.get(key)
    }

    /// The entries of a group that users name, without the evidence beside them.
    pub(crate) fn entries<'t>(&mut self, fields: &Fields<'t>) -> Vec<&'t Entry> {
        (fields.table.entries.iter())
            .filter(|entry| !fields.asked.contains(&&*entry.key))
            .collect()
    }

    /// Reports keys that nobody asked for, and those that must be there.
    pub(crate) fn close(&mut self, mut fields: Fields<'_>) {
        for entry in &fields.table.entries {
            if fields.asked.contains(&&*entry.key) {
                continue;
            }
            let like = nearest(&entry.key, fields.asked.iter().copied());
            // A key that is spelled wrongly is not missing besides.
            fields.missing.retain(|key| Some(*key) != like);
            let problem = Problem::new(Code::UnknownKey, format!("unknown key `{}`", entry.key))
                .help_if(like.map(|like| format!("did you mean \"{like}\"?")));
            let plain = (fields.asked.iter().copied())
                .filter(|key| fields.evidence.at.is_some() || !EVIDENCE_KEYS.contains(key));
            let expected = format!("expected {}", one_of(plain));
            self.report(problem, entry.key_at, expected);
        }
        self.close_in_part(fields);
    }

    /// Reports keys that must be there; others may be read by someone else.
    pub(crate) fn close_in_part(&mut self, fields: Fields<'_>) {
        #[cfg(test)]
        self.keys.extend(&fields.asked);
        let what = match fields.path.as_str() {
            "" => "this file".to_owned(),
            path => format!("`{path}`"),
        };
        for key in fields.missing {
            let problem = Problem::new(Code::MissingKey, format!("{what} does not state `{key}`"));
            self.report(problem, fields.at, format!("`{key}` is missing here"));
        }
    }

    /// Notes a key that must be there, to be reported when the table is closed.
    pub(crate) fn missing(&mut self, fields: &mut Fields<'_>, key: &'static str) {
        fields.missing.push(key);
    }

    /// A value that must be stated.
    pub(crate) fn value<T: Quantity>(
        &mut self,
        fields: &mut Fields<'_>,
        key: &'static str,
    ) -> Option<T> {
        if !fields.states(key) {
            self.known.insert(fields.path_of(key));
            fields.asked.push(key);
            self.missing(fields, key);
            return None;
        }
        self.optional(fields, key)?
    }

    /// A value with a default.
    pub(crate) fn value_or<T: Quantity>(
        &mut self,
        fields: &mut Fields<'_>,
        key: &'static str,
        default: T,
    ) -> Option<T> {
        Some(self.optional(fields, key)?.unwrap_or(default))
    }

    /// A value that may be left out: `Some(None)` if it is, `None` if it is wrong.
    pub(crate) fn optional<T: Quantity>(
        &mut self,
        fields: &mut Fields<'_>,
        key: &'static str,
    ) -> Option<Option<T>> {
        fields.asked.push(key);
        let path = fields.path_of(key);
        match fields.table.get(key) {
            None => {
                self.known.insert(path);
                Some(None)
            }
            Some(node) => self.quantity(node, &path, &fields.evidence).map(Some),
        }
    }

    /// The value of an entry that the user named.
    pub(crate) fn entry_value<T: Quantity>(
        &mut self,
        fields: &Fields<'_>,
        entry: &Entry,
    ) -> Option<T> {
        let path = fields.path_of(&entry.key);
        self.quantity(&entry.node, &path, &fields.evidence)
    }

    /// A list of exactly `N` values that must be stated; each has a path of its own, `worsens.2`.
    pub(crate) fn values<T: Quantity, const N: usize>(
        &mut self,
        fields: &mut Fields<'_>,
        key: &'static str,
    ) -> Option<[T; N]> {
        fields.asked.push(key);
        let Some(node) = fields.table.get(key) else {
            self.known.insert(fields.path_of(key));
            self.missing(fields, key);
            return None;
        };
        let path = fields.path_of(key);
        let list = self.elements(node, &path, &fields.evidence)?;
        let found = list.len();
        match <[T; N]>::try_from(list) {
            Ok(values) => Some(values),
            Err(_) => {
                let message = format!("`{path}` takes {N} values, found {found}");
                let problem = Problem::new(Code::WrongForm, message);
                self.report(problem, node.at, format!("expected a list of {N} values"));
                None
            }
        }
    }

    /// One value, bare or in a table with its evidence.
    fn quantity<T: Quantity>(&mut self, node: &Node, path: &str, shared: &Evidence) -> Option<T> {
        self.known.insert(path.to_owned());
        let stated = self.stated(node, path, shared)?;
        let value = self.bare::<T>(stated.value)?;
        let words = words(stated.value);
        let mut range_words = None;
        if let Some(range) = stated.range {
            let (low, high) = self.range::<T>(range)?;
            let size = value.size(&words);
            // A range is written with few digits; what equals an end up to rounding lies within.
            let slack = 1e-9 * size.abs().max(1.0);
            let ends = range_ends(range)?;
            if size < low - slack || size > high + slack {
                let message = format!(
                    "the range {} to {} misses its value {words}",
                    ends.0, ends.1
                );
                let problem = Problem::new(Code::RangeMissesValue, message);
                self.report(problem, range.at, "expected a range that holds the value");
                return None;
            }
            range_words = Some(ends);
        }
        self.collect(path, words, range_words, &stated);
        self.scaled(value, node.times)
    }

    /// A list of values under one path.
    pub(crate) fn quantities<T: Quantity>(
        &mut self,
        node: &Node,
        path: &str,
        shared: &Evidence,
    ) -> Option<Vec<T>> {
        self.known.insert(path.to_owned());
        let stated = self.stated(node, path, shared)?;
        let items = self.listed(&stated, path)?;
        let mut values = Vec::with_capacity(items.len());
        for item in items {
            let value = self.bare::<T>(item);
            values.push(value.and_then(|it| self.scaled(it, node.times)));
        }
        let values = values.into_iter().collect::<Option<Vec<T>>>()?;
        self.collect(path, words(stated.value), None, &stated);
        Some(values)
    }

    /// A list in which each value has its own path, and may have a range and evidence of its own.
    fn elements<T: Quantity>(
        &mut self,
        node: &Node,
        path: &str,
        shared: &Evidence,
    ) -> Option<Vec<T>> {
        self.known.insert(path.to_owned());
        let stated = self.stated(node, path, shared)?;
        let items = self.listed(&stated, path)?;
        let mut values = Vec::with_capacity(items.len());
        for (place, item) in items.iter().enumerate() {
            let own_path = join(path, &(place + 1).to_string());
            let value = self.quantity::<T>(item, &own_path, &stated.evidence);
            values.push(value.and_then(|it| self.scaled(it, node.times)));
        }
        values.into_iter().collect()
    }

    /// The items of a list, which has no range as a whole.
    fn listed<'t>(&mut self, stated: &Stated<'t>, path: &str) -> Option<&'t [Node]> {
        let Value::List(items) = &stated.value.value else {
            let message = format!("`{path}` takes a list, found {}", words(stated.value));
            let problem = Problem::new(Code::WrongForm, message);
            self.report(
                problem,
                stated.value.at,
                "expected a list of values in brackets",
            );
            return None;
        };
        if let Some(range) = stated.range {
            let problem = Problem::new(Code::WrongForm, "a list of values takes no range");
            self.report(problem, range.at, "expected no range here");
        }
        Some(items)
    }

    fn bare<T: Quantity>(&mut self, node: &Node) -> Option<T> {
        let given = given(node);
        if let Some(name) = T::file_named(given) {
            let observed = self.shelf.stays(name, node.at)?;
            return T::from_observations(observed);
        }
        match T::read(given) {
            Ok(value) => Some(value),
            Err(refusal) => {
                self.refuse(refusal, node.at);
                None
            }
        }
    }

    /// The value times the factor of overlays, which lies on the whole of it, evidence included.
    fn scaled<T: Quantity>(&mut self, value: T, times: Option<(f64, Span)>) -> Option<T> {
        let Some((factor, at)) = times else {
            return Some(value);
        };
        match value.times(factor) {
            Ok(product) => Some(product),
            Err(refusal) => {
                self.refuse(refusal, at);
                None
            }
        }
    }

    /// Takes a value apart from its range and evidence.
    fn stated<'t>(&mut self, node: &'t Node, path: &str, shared: &Evidence) -> Option<Stated<'t>> {
        let Some(table) = node.as_table() else {
            let near = shared.at.is_some_and(|at| at.file == node.at.file);
            return Some(Stated {
                value: node,
                range: None,
                evidence: if near {
                    shared.clone()
                } else {
                    Evidence::default()
                },
            });
        };
        let mut fields = self.open_table(table, node.at, path);
        fields.evidence = self.evidence(table);
        fields.asked.extend(EVIDENCE_KEYS);
        let value = self.node(&mut fields, "value");
        let range = self.node(&mut fields, "range");
        let evidence = fields.evidence.clone();
        if value.is_none() {
            let problem = Problem::new(
                Code::MissingKey,
                format!("`{path}` does not state its value"),
            )
            .help("write { value = ..., evidence = \"assumption\", source = \"...\" }");
            self.report(problem, node.at, "`value` is missing here");
        }
        self.close(fields);
        Some(Stated {
            value: value?,
            range,
            evidence,
        })
    }

    fn range<T: Quantity>(&mut self, range: &Node) -> Option<(f64, f64)> {
        let Value::List(ends) = &range.value else {
            return self.bad_range(range);
        };
        let [low, high] = ends.as_slice() else {
            return self.bad_range(range);
        };
        let bounds = [low, high].map(|end| (T::bound(given(end)), end.at));
        let mut sizes = Vec::new();
        for (bound, at) in bounds {
            match bound {
                Ok(size) => sizes.push(size),
                Err(refusal) => self.refuse(refusal, at),
            }
        }
        match sizes.as_slice() {
            [low, high] if low <= high => Some((*low, *high)),
            [_, _] => self.bad_range(range),
            _ => None,
        }
    }

    fn bad_range(&mut self, range: &Node) -> Option<(f64, f64)> {
        let message = format!(
            "a range has a lowest and a highest value, found {}",
            words(range)
        );
        let problem = Problem::new(Code::WrongForm, message);
        self.report(problem, range.at, "expected [lowest, highest]");
        None
    }

    fn evidence(&mut self, table: &Table) -> Evidence {
        let mut evidence = Evidence::default();
        for key in EVIDENCE_KEYS {
            let Some(node) = table.get(key) else { continue };
            evidence.at = Some(node.at);
            let (Value::Text(_) | Value::Number(..)) = &node.value else {
                let message = format!("`{key}` is said in words, found {}", words(node));
                let problem = Problem::new(Code::WrongForm, message);
                self.report(problem, node.at, "expected text in quotes");
                continue;
            };
            let text = words(node);
            match key {
                "evidence" => evidence.grade = self.grade(&text, node.at),
                "source" => evidence.source = Some(text),
                "why" => evidence.why = Some(text),
                // Size, period and address of a source: kept in the file for readers of the file.
                _ => {}
            }
        }
        evidence
    }

    fn grade(&mut self, text: &str, at: Span) -> Option<Grade> {
        let found = GRADES.iter().find(|(name, _)| *name == text);
        if found.is_none() {
            let names = || GRADES.iter().map(|(name, _)| *name);
            let problem = Problem::new(
                Code::UnknownGrade,
                format!("unknown grade of evidence \"{text}\""),
            )
            .help_if(did_you_mean(text, names()));
            self.report(problem, at, format!("expected {}", one_of(names())));
        }
        found.map(|(_, grade)| *grade)
    }

    fn collect(
        &mut self,
        path: &str,
        value: String,
        range: Option<(String, String)>,
        stated: &Stated<'_>,
    ) {
        let at = stated.value.at;
        self.parameters.push(Parameter {
            path: path.to_owned(),
            value,
            range,
            grade: stated.evidence.grade,
            source: stated.evidence.source.clone(),
            why: stated.evidence.why.clone(),
            file: self.shelf.files.get(at.file).label.clone(),
            line: self.shelf.files.line(at),
        });
    }

    /// Words that must be there.
    pub(crate) fn text(&mut self, fields: &mut Fields<'_>, key: &'static str) -> Option<String> {
        if !fields.states(key) {
            fields.asked.push(key);
            self.missing(fields, key);
            return None;
        }
        self.optional_text(fields, key)?
    }

    /// One of a few words that stand for something: `Some(None)` if left out, `None` if it is no
    /// such word. `what` names them in a sentence.
    pub(crate) fn choice<T: Copy>(
        &mut self,
        fields: &mut Fields<'_>,
        key: &'static str,
        what: &str,
        choices: &[(&str, T)],
    ) -> Option<Option<T>> {
        let Some(text) = self.optional_text(fields, key)? else {
            return Some(None);
        };
        let found = choices.iter().find(|(word, _)| *word == text);
        if found.is_none() {
            let words = || choices.iter().map(|(word, _)| *word);
            let problem = Problem::new(Code::WrongForm, format!("unknown {what} \"{text}\""))
                .help_if(did_you_mean(&text, words()));
            let expected = format!("expected {}", one_of(words()));
            self.report(problem, fields.place_of(key), expected);
        }
        found.map(|(_, chosen)| Some(*chosen))
    }

    /// Words that may be left out: `Some(None)` if they are, `None` if they are wrong.
    pub(crate) fn optional_text(
        &mut self,
        fields: &mut Fields<'_>,
        key: &'static str,
    ) -> Option<Option<String>> {
        fields.asked.push(key);
        let Some(node) = fields.table.get(key) else {
            return Some(None);
        };
        self.words_of(node, key).map(Some)
    }

    /// A list of sentences; one alone needs no brackets; none is an empty list.
    pub(crate) fn texts(
        &mut self,
        fields: &mut Fields<'_>,
        key: &'static str,
    ) -> Option<Vec<String>> {
        fields.asked.push(key);
        match fields.table.get(key) {
            None => Some(Vec::new()),
            Some(node) => match &node.value {
                Value::List(items) => {
                    let texts: Vec<_> = items.iter().map(|it| self.words_of(it, key)).collect();
                    texts.into_iter().collect()
                }
                _ => self.words_of(node, key).map(|text| vec![text]),
            },
        }
    }

    fn words_of(&mut self, node: &Node, key: &str) -> Option<String> {
        let text = node.as_text().map(str::trim);
        match text {
            Some(text) if !text.is_empty() => Some(text.to_owned()),
            _ => {
                let message = format!("`{key}` is said in words, found {}", words(node));
                let problem = Problem::new(Code::WrongForm, message);
                self.report(problem, node.at, "expected text in quotes");
                None
            }
        }
    }

    /// The id of something, with its place, that must be stated.
    pub(crate) fn id(&mut self, fields: &mut Fields<'_>, key: &'static str) -> Option<(Id, Span)> {
        let text = self.text(fields, key)?;
        Some((Id::new(&text), fields.place_of(key)))
    }

    /// A list of ids with their places.
    pub(crate) fn ids(&mut self, node: &Node, what: &str) -> Option<Vec<(Id, Span)>> {
        let Value::List(items) = &node.value else {
            let message = format!("`{what}` is a list of names, found {}", words(node));
            let problem = Problem::new(Code::WrongForm, message);
            self.report(
                problem,
                node.at,
                "expected names in brackets: [\"one\", \"two\"]",
            );
            return None;
        };
        let ids: Vec<Option<(Id, Span)>> = (items.iter())
            .map(|item| {
                let text = self.words_of(item, what)?;
                Some((Id::new(&text), item.at))
            })
            .collect();
        ids.into_iter().collect()
    }

    /// Checks the form of a name that a user gives to a thing.
    pub(crate) fn check_name(&mut self, entry: &Entry) {
        self.check_id(&entry.key, entry.key_at);
    }

    /// The same for a name that stands where a value does. Has it the form of a name?
    pub(crate) fn check_id(&mut self, name: &str, at: Span) -> bool {
        let plain = |part: &str| {
            !part.is_empty()
                && (part.bytes()).all(|it| it.is_ascii_lowercase() || it.is_ascii_digit())
        };
        if name.split('-').all(plain) {
            return true;
        }
        let better: Vec<String> = (name.to_lowercase())
            .split(|it: char| !it.is_ascii_alphanumeric())
            .filter(|part| !part.is_empty())
            .map(str::to_owned)
            .collect();
        let mut problem = Problem::new(Code::BadName, format!("\"{name}\" cannot be a name"));
        if !better.is_empty() {
            problem = problem.help(format!(
                "write \"{}\"; what readers see goes under `name`",
                better.join("-")
            ));
        }
        let expected = "expected lower-case letters and digits, with hyphens between words";
        self.report(problem, at, expected);
        false
    }
}

/// A value apart from what is said about it.
struct Stated<'t> {
    value: &'t Node,
    range: Option<&'t Node>,
    evidence: Evidence,
}

fn given(node: &Node) -> Given<'_> {
    match &node.value {
        Value::Text(text) => Given::Text(text),
        Value::Number(number, _) => Given::Number(*number),
        Value::Boolean(value) => Given::Boolean(*value),
        Value::List(_) => Given::Other("a list"),
        Value::Table(_) => Given::Other("a table"),
        Value::Date(_) => Given::Other("a date"),
    }
}

fn kind_of(value: &Value) -> &'static str {
    match value {
        Value::Text(_) => "text",
        Value::Number(..) => "a number",
        Value::Boolean(_) => "true or false",
        Value::List(_) => "a list",
        Value::Table(_) => "a table",
        Value::Date(_) => "a date",
    }
}

/// A value in the words of its file.
pub(crate) fn words(node: &Node) -> String {
    match &node.value {
        Value::Text(text) => text.clone(),
        Value::Number(_, written) | Value::Date(written) => written.clone(),
        Value::Boolean(value) => value.to_string(),
        Value::List(items) => items.iter().map(words).collect::<Vec<_>>().join(", "),
        // A value with its evidence is said by the value.
        Value::Table(table) => (table.get("value")).map_or_else(|| "a table".to_owned(), words),
    }
}

fn range_ends(range: &Node) -> Option<(String, String)> {
    match &range.value {
        Value::List(ends) => match ends.as_slice() {
            [low, high] => Some((words(low), words(high))),
            _ => None,
        },
        _ => None,
    }
}
