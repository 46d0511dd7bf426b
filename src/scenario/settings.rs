//! Values that a study or the command line sets otherwise, by path.

use std::collections::BTreeSet;

use super::files::Span;
use super::library::Document;
use super::load::Request;
use super::overlay::leaves;
use super::problem::{Code, Problem, did_you_mean};
use super::reader::Reader;
use super::tree::{Entry, Node, Table, Value};

/// A value to be set at a path.
#[derive(Debug, Clone)]
pub(crate) struct Setting {
    pub(crate) path: String,
    pub(crate) path_at: Span,
    pub(crate) node: Node,
}

/// What `[set]` states, then what `--set` does.
pub(crate) fn all(reader: &mut Reader<'_>, document: &Document, request: &Request) -> Vec<Setting> {
    let stated = document.table.get("set");
    let mut settings = match stated {
        Some(node) => read_settings(reader, node),
        None => Vec::new(),
    };
    for text in &request.set {
        settings.extend(read_argument(reader, text));
    }
    settings
}

/// What `[set]` states, path by path.
fn read_settings(reader: &mut Reader<'_>, node: &Node) -> Vec<Setting> {
    let Some(fields) = reader.open(node, "set") else {
        return Vec::new();
    };
    leaves("", fields.table.entries.iter())
        .into_iter()
        .map(|(path, entry)| Setting {
            path,
            path_at: entry.key_at,
            node: entry.node.clone(),
        })
        .collect()
}

/// What `--set PATH=VALUE` states. A value that is no TOML is taken as text, so that
/// `--set handoff.silent_loss=6%` needs no quotes within quotes.
fn read_argument(reader: &mut Reader<'_>, text: &str) -> Option<Setting> {
    let all = reader.shelf.argument("--set", text);
    let Some((path, value)) = text.split_once('=') else {
        let problem = Problem::new(Code::WrongForm, "a value is set as PATH=VALUE")
            .help("for example --set handoff.silent_loss=6%");
        reader.report(problem, all, "expected PATH=VALUE");
        return None;
    };
    let path_at = Span {
        end: path.len(),
        ..all
    };
    let value_at = Span {
        start: path.len() + 1,
        ..all
    };
    let parsed = reader.shelf.scrap(&format!("value = {value}\n"));
    let node = parsed.and_then(|mut table| table.remove("value"));
    let node = match node {
        Some(entry) => relocated(entry.node, value_at),
        None => Node::new(Value::Text(value.trim().to_owned()), value_at),
    };
    Some(Setting {
        path: path.trim().to_owned(),
        path_at,
        node,
    })
}

/// The same value with another place, within and without.
fn relocated(node: Node, at: Span) -> Node {
    let value = match node.value {
        Value::List(items) => {
            Value::List(items.into_iter().map(|item| relocated(item, at)).collect())
        }
        Value::Table(table) => Value::Table(Table {
            entries: (table.entries.into_iter())
                .map(|entry| Entry {
                    key: entry.key,
                    key_at: at,
                    node: relocated(entry.node, at),
                })
                .collect(),
        }),
        plain => plain,
    };
    Node::new(value, at)
}

/// The node at a path; keys are parted by dots, places in a list are numbers from 1. A list is looked
/// into whether it stands bare or with its evidence.
pub(crate) fn node_at<'t>(table: &'t mut Table, path: &str) -> Option<&'t mut Node> {
    let (key, rest) = match path.split_once('.') {
        Some((key, rest)) => (key, Some(rest)),
        None => (path, None),
    };
    let node = table.get_mut(key)?;
    match rest {
        Some(rest) => within(node, rest),
        None => Some(node),
    }
}

/// The node at the rest of a path, within the node that the path has led to.
fn within<'t>(node: &'t mut Node, rest: &str) -> Option<&'t mut Node> {
    match &mut node.value {
        Value::Table(inner) => {
            let holds_a_list = matches!(
                inner.get("value"),
                Some(Node {
                    value: Value::List(_),
                    ..
                })
            );
            match holds_a_list {
                true => within(inner.get_mut("value")?, rest),
                false => node_at(inner, rest),
            }
        }
        Value::List(items) => {
            let (place, rest) = match rest.split_once('.') {
                Some((place, rest)) => (place, Some(rest)),
                None => (rest, None),
            };
            let place = place.parse::<usize>().ok()?.checked_sub(1)?;
            let item = items.get_mut(place)?;
            match rest {
                Some(rest) => within(item, rest),
                None => Some(item),
            }
        }
        _ => None,
    }
}

/// Puts a value at a path, making the tables on the way.
pub(crate) fn put_at(table: &mut Table, path: &str, setting: &Setting) {
    if let Some(node) = node_at(table, path) {
        *node = setting.node.clone();
        return;
    }
    let entry = |key: &str, node: Node| Entry {
        key: key.to_owned(),
        key_at: setting.path_at,
        node,
    };
    let Some((key, rest)) = path.split_once('.') else {
        table.put(entry(path, setting.node.clone()));
        return;
    };
    // A table in a list takes a key that it has not stated so far.
    if let Some((place, inner)) = rest.split_once('.')
        && let Some(item) = node_at(table, &format!("{key}.{place}"))
        && let Value::Table(table) = &mut item.value
    {
        put_at(table, inner, setting);
        return;
    }
    if table.table(key).is_none() {
        let empty = Node::new(Value::Table(Table::default()), setting.path_at);
        table.put(entry(key, empty));
    }
    if let Some(Node {
        value: Value::Table(inner),
        ..
    }) = table.get_mut(key)
    {
        put_at(inner, rest, setting);
    }
}

/// Reports a path that leads to no value.
pub(crate) fn report_path(reader: &mut Reader<'_>, path: &str, at: Span, known: &BTreeSet<String>) {
    let problem = Problem::new(
        Code::UnknownPath,
        format!("no value has the path \"{path}\""),
    );
    let suggestion = did_you_mean(path, known.iter().map(String::as_str));
    let problem = problem.help(suggestion.unwrap_or_else(|| {
        "`seamline show` prints the paths of all values of a parameter file or an area".to_owned()
    }));
    reader.report(problem, at, "expected the path of a value");
}
