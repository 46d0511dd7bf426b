//! Scenario files written in another way: tables in another order, durations in other units, tables
//! left out.

use toml::{Table, Value};

use crate::scenario::SourceFile;

/// Files with another text. A list of stays, or what is no TOML, stays as it is.
pub(super) fn rewritten(files: &[SourceFile], write: impl Fn(&Table) -> String) -> Vec<SourceFile> {
    let rewrite = |file: &SourceFile| {
        let table: Option<Table> = file
            .label
            .ends_with(".toml")
            .then(|| file.text.parse().ok())
            .flatten();
        let text = table.map(|table| write(&table).into());
        SourceFile {
            text: text.unwrap_or_else(|| file.text.clone()),
            ..file.clone()
        }
    };
    files.iter().map(rewrite).collect()
}

/// Lists whose order says nothing: members of blocks, and places.
const UNORDERED: &[&str] = &[
    "runs",
    "records",
    "budgets",
    "assessment",
    "front_doors",
    "workforce",
    "over",
    "parts",
    "areas",
    "pilots",
    "off",
    "only",
];

/// The file with every table and key in reverse order of the alphabet, and lists whose order says
/// nothing turned round.
pub(super) fn turned_round(table: &Table) -> String {
    let mut text = String::new();
    write_table(&mut text, &mut Vec::new(), table);
    text
}

/// Plain keys of a table, then the tables in it, last first.
fn write_table<'t>(text: &mut String, path: &mut Vec<&'t str>, table: &'t Table) {
    let mut entries: Vec<(&String, &Value)> = table.iter().collect();
    entries.sort_by(|one, other| other.0.cmp(one.0));
    if !path.is_empty() {
        let keys: Vec<String> = path.iter().map(|key| quoted(key)).collect();
        text.push_str(&format!("[{}]\n", keys.join(".")));
    }
    for (key, value) in &entries {
        if !value.is_table() {
            let value = match value {
                Value::Array(list) if UNORDERED.contains(&key.as_str()) => {
                    Value::Array(reversed(list))
                }
                other => (*other).clone(),
            };
            text.push_str(&format!("{} = {value}\n", quoted(key)));
        }
    }
    for (key, value) in entries {
        if let Value::Table(inner) = value {
            path.push(key);
            write_table(text, path, inner);
            path.pop();
        }
    }
}

fn reversed(list: &[Value]) -> Vec<Value> {
    let items = list.iter().rev();
    items
        .map(|item| match item {
            Value::Array(inner) => Value::Array(reversed(inner)),
            other => other.clone(),
        })
        .collect()
}

fn quoted(key: &str) -> String {
    let is_bare = |it: char| it.is_ascii_alphanumeric() || "-_".contains(it);
    match !key.is_empty() && key.chars().all(is_bare) {
        true => key.to_owned(),
        false => Value::String(key.to_owned()).to_string(),
    }
}

/// Keys that hold words for readers.
const WORDS: &[&str] = &[
    "name",
    "purpose",
    "summary",
    "source",
    "sources",
    "why",
    "law",
    "claims",
    "claims_for",
    "claims_against",
    "accountable",
    "start",
];

/// Units, longest names first, with a unit that says the same in other words and how many of it make
/// one.
const UNITS: &[(&str, &str, f64)] = &[
    ("working day", "hours", 33.6),
    ("second", "minutes", 1.0 / 60.0),
    ("minute", "seconds", 60.0),
    ("hour", "minutes", 60.0),
    ("week", "days", 7.0),
    ("month", "hours", 730.5),
    ("year", "days", 365.25),
    ("day", "hours", 24.0),
];

/// The file with every duration in another unit: days as hours, weeks as days. How often something
/// happens keeps its unit, for `per year` divides where a duration multiplies.
pub(super) fn in_other_units(table: &Table) -> String {
    let mut table = table.clone();
    restate(&mut table);
    table.to_string()
}

fn restate(table: &mut Table) {
    for (key, value) in table.iter_mut() {
        if !WORDS.contains(&key.as_str()) {
            restate_value(value);
        }
    }
}

fn restate_value(value: &mut Value) {
    match value {
        Value::String(text) => *text = restated(text),
        Value::Array(list) => list.iter_mut().for_each(restate_value),
        Value::Table(table) => restate(table),
        _ => {}
    }
}

/// A value with its durations in another unit.
fn restated(text: &str) -> String {
    let mut out = String::new();
    let mut rest = text;
    while let Some(start) = rest.find(|it: char| it.is_ascii_digit()) {
        let (before, from) = rest.split_at(start);
        let is_number = |it: char| it.is_ascii_digit() || ['.', '_'].contains(&it);
        let end = from.find(|it| !is_number(it)).unwrap_or(from.len());
        let (number, after) = from.split_at(end);
        out.push_str(before);
        match duration(number, after) {
            Some((other, used)) => {
                out.push_str(&other);
                rest = &after[used..];
            }
            None => {
                out.push_str(number);
                rest = after;
            }
        }
    }
    out.push_str(rest);
    out
}

/// The duration that begins with this number, in another unit, and how much of the text its unit takes.
fn duration(number: &str, after: &str) -> Option<(String, usize)> {
    let amount: f64 = number.replace('_', "").parse().ok()?;
    let word = after.trim_start();
    let gap = after.len() - word.len();
    let (name, other, factor) = UNITS.iter().find(|(name, ..)| word.starts_with(name))?;
    let mut used = gap + name.len();
    if after[used..].starts_with('s') {
        used += 1;
    }
    let is_whole_word = !after[used..].starts_with(|it: char| it.is_alphanumeric());
    is_whole_word.then(|| (format!("{} {other}", amount * factor), used))
}

/// The file without some tables at its top.
pub(super) fn without(table: &Table, keys: &[&str]) -> String {
    let mut table = table.clone();
    table.retain(|key, _| !keys.contains(&key));
    table.to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn durations_are_said_in_other_units_and_nothing_else_is() {
        for (text, expected) in [
            ("5 days", "120 hours"),
            ("exactly 2 weeks", "exactly 14 days"),
            (
                "lognormal, mean 60 days, sd 45 days",
                "lognormal, mean 1440 hours, sd 1080 hours",
            ),
            ("15 working days", "504 hours"),
            ("1 year", "365.25 days"),
            ("3 to 9", "3 to 9"),
            ("22%", "22%"),
            ("513 per 10000 per year", "513 per 10000 per year"),
            ("0.5 daylight", "0.5 daylight"),
            ("times 1.5", "times 1.5"),
        ] {
            assert_eq!(restated(text), expected);
        }
    }

    #[test]
    fn a_file_turned_round_says_the_same() {
        let text = r#"
            [study]
            name = "A"
            areas = ["one", "two"]
            [set]
            "handoff.transit" = "5 days"
            [service.assessment]
            places = 3
            [service.duty]
            route = [{ then = "b", share = "2%" }, { then = "a", share = "98%" }]
        "#;
        let table: Table = text.parse().unwrap();
        let round: Table = turned_round(&table).parse().unwrap();
        let place = |words: &str| turned_round(&table).find(words).unwrap();
        assert!(place("[service.duty]") < place("[service.assessment]"));
        assert_eq!(round["set"], table["set"]);
        assert_eq!(round["service"], table["service"]);
        let areas = round["study"]["areas"].as_array().unwrap();
        assert_eq!(areas[0].as_str(), Some("two"));
    }

    #[test]
    fn a_file_can_be_written_without_a_table() {
        let table: Table = "[a]\nx = 1\n[b]\ny = 2\n".parse().unwrap();
        let less: Table = without(&table, &["a"]).parse().unwrap();
        assert!(!less.contains_key("a") && less.contains_key("b"));
    }
}
