//! Scenario files with the fitted values: each value graded `fitted`, with its interval as its range
//! and, as its source, what it was fitted to.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use crate::inquiry::calibrate::Calibration;
use crate::report::File;
use crate::report::calibration::ACCEPTED;
use crate::report::manifest::sha256;
use crate::scenario::{Grade, Parameter, ToFit};

/// What fitted values are said to come from.
#[derive(Debug, Clone)]
pub struct Fitted<'a> {
    /// The study as the user named it.
    pub study: &'a str,
    /// Values that were set otherwise while fitting, as the command had them.
    pub set: &'a [String],
    /// Seed of all draws.
    pub seed: u64,
    /// Is the study bundled, so that files in any folder can build on it?
    pub is_bundled: bool,
}

/// Values of one file, by the table and the key they stand under.
type Tables = BTreeMap<String, BTreeMap<String, String>>;

impl Fitted<'_> {
    pub(super) fn files(&self, calibration: &Calibration, study: &ToFit) -> Vec<File> {
        let source = self.source(calibration, study);
        match &study.parameter_file {
            None => vec![self.network(calibration, &source)],
            Some(base) => self.children(calibration, study, base, &source),
        }
    }

    /// `fitted to published-2003 (sha256 0123456789ab), study S, seed 1`.
    fn source(&self, calibration: &Calibration, study: &ToFit) -> String {
        let id = calibration.figures.id.as_str();
        let name = format!("{id}.toml");
        let file = (study.scenario.files.iter())
            .filter(|file| file.text.contains("[figures]"))
            .find(|file| file.label.rsplit('/').next() == Some(&name));
        let hash = file.map_or_else(String::new, |file| {
            format!(" (sha256 {})", &sha256(file.text.as_bytes())[..16])
        });
        format!(
            "fitted to {id}{hash} with study {}, seed {}",
            study.scenario.study.id, self.seed
        )
    }

    fn header(&self, what: &str) -> String {
        let mut text = format!("# {what}\n# Written by `seamline calibrate {}", self.study);
        for set in self.set {
            // A comment ends with its line.
            let _ = write!(text, " --set {:?}", set);
        }
        text.push_str("`.\n\n");
        text
    }

    /// A parameter file, a file for each area that holds a fitted value, and a study of them.
    fn children(
        &self,
        calibration: &Calibration,
        study: &ToFit,
        base: &str,
        source: &str,
    ) -> Vec<File> {
        let mut world = Tables::new();
        let mut areas: BTreeMap<String, Tables> = BTreeMap::new();
        let mut lists: BTreeMap<String, BTreeMap<usize, String>> = BTreeMap::new();
        for (path, value) in values(calibration, source) {
            if let Some((area, rest)) = path
                .strip_prefix("area.")
                .and_then(|rest| rest.split_once('.'))
            {
                // Posts stand beside [area] in the file, and under the area in a path.
                let inner = match rest.starts_with("posts.") {
                    true => rest.to_owned(),
                    false => format!("area.{rest}"),
                };
                put(areas.entry(area.to_owned()).or_default(), &inner, value);
                continue;
            }
            match in_list(&path) {
                Some((list, place)) => {
                    lists
                        .entry(list.to_owned())
                        .or_default()
                        .insert(place, value);
                }
                None => put(&mut world, &path, value),
            }
        }
        for (list, fitted) in lists {
            let whole = whole_list(&list, &fitted, &study.scenario.parameters);
            put(&mut world, &list, whole);
        }
        let mut head = self.header("Fitted values; all others are those of the file it builds on.");
        let name = format!("{base}, fitted to {}", calibration.figures.id);
        let _ = write!(
            head,
            "[parameters]\nextends = {}\nname    = {}\njoint_set = {}\n",
            text(base),
            text(&name),
            text(ACCEPTED)
        );
        let mut files = vec![file("fitted", head, &world)];
        for (area, tables) in &areas {
            let mut head =
                self.header("Fitted values; all others are those of the file it builds on.");
            let mut tables = tables.clone();
            let mut own = tables.remove("area").unwrap_or_default();
            own.insert("extends".to_owned(), text(area));
            push_table(&mut head, "area", &own);
            files.push(file(area, head, &tables));
        }
        if self.is_bundled {
            let mut head = self.header("The study with the fitted values that stand beside it.");
            let _ = write!(
                head,
                "[study]\nextends    = {}\nparameters = \"fitted\"\n",
                text(study.scenario.study.id.as_str())
            );
            files.push(file("study", head, &Tables::new()));
        }
        files
    }

    /// A network stands in its study, so a study that builds on it sets the values.
    fn network(&self, calibration: &Calibration, source: &str) -> File {
        let mut head = self.header("The study with fitted values. Keep it beside the study.");
        let id = std::path::Path::new(self.study).file_stem().map_or_else(
            || self.study.to_owned(),
            |it| it.to_string_lossy().into_owned(),
        );
        let _ = write!(
            head,
            "[study]\nextends = {}\njoint_set = {}\n\n[set]\n",
            text(&id),
            text(ACCEPTED)
        );
        for (path, value) in values(calibration, source) {
            let _ = writeln!(head, "{} = {value}", text(&path));
        }
        file("fitted", head, &Tables::new())
    }
}

/// Every fitted value by its path.
fn values(calibration: &Calibration, source: &str) -> Vec<(String, String)> {
    (calibration.parameters.iter())
        .zip(&calibration.of_parameters)
        .map(|(parameter, of)| {
            // The member that stands for all may lie beyond the middle 95% of one parameter.
            let low = parameter.bound(of.share.low.min(of.chosen));
            let high = parameter.bound(of.share.high.max(of.chosen));
            let range = low.zip(high).map_or_else(String::new, |(low, high)| {
                format!(", range = [{}, {}]", value(&low), value(&high))
            });
            let words = value(&parameter.words(of.chosen));
            let stated = format!(
                "{{ value = {words}{range}, evidence = \"fitted\", source = {} }}",
                text(source)
            );
            (parameter.path.clone(), stated)
        })
        .collect()
}

/// A list and a place in it, from 1: `need.x.worsens.2`.
fn in_list(path: &str) -> Option<(&str, usize)> {
    let (list, place) = path.rsplit_once('.')?;
    Some((list, place.parse().ok()?))
}

/// A list in which some values are fitted and the others stay as they were, with their evidence.
fn whole_list(list: &str, fitted: &BTreeMap<usize, String>, parameters: &[Parameter]) -> String {
    let mut members: BTreeMap<usize, String> = (parameters.iter())
        .filter_map(|it| {
            let (of, place) = in_list(&it.path)?;
            (of == list).then(|| (place, stated(it)))
        })
        .collect();
    members.extend(fitted.iter().map(|(place, value)| (*place, value.clone())));
    let members: Vec<String> = members.into_values().collect();
    format!("[\n    {},\n]", members.join(",\n    "))
}

/// A value as it was, with its evidence.
fn stated(parameter: &Parameter) -> String {
    let mut said = format!("{{ value = {}", value(&parameter.value));
    if let Some((low, high)) = &parameter.range {
        let _ = write!(said, ", range = [{}, {}]", value(low), value(high));
    }
    let grade = parameter.grade.map(Grade::word);
    for (key, words) in [("evidence", grade), ("source", parameter.source.as_deref())] {
        if let Some(words) = words {
            let _ = write!(said, ", {key} = {}", text(words));
        }
    }
    said.push_str(" }");
    said
}

fn put(tables: &mut Tables, path: &str, value: String) {
    let (table, key) = path.rsplit_once('.').unwrap_or(("", path));
    tables
        .entry(table.to_owned())
        .or_default()
        .insert(key.to_owned(), value);
}

fn push_table(out: &mut String, name: &str, keys: &BTreeMap<String, String>) {
    let _ = writeln!(out, "[{name}]");
    for (key, value) in keys {
        let _ = writeln!(out, "{key} = {value}");
    }
}

fn file(name: &str, head: String, tables: &Tables) -> File {
    let mut out = head;
    for (table, keys) in tables {
        out.push('\n');
        push_table(&mut out, table, keys);
    }
    File {
        name: format!("{name}.toml"),
        bytes: out.into_bytes(),
    }
}

/// Words in quotes; a bare number without.
fn value(words: &str) -> String {
    match words.parse::<f64>() {
        Ok(number) if number.is_finite() => words.to_owned(),
        _ => text(words),
    }
}

fn text(words: &str) -> String {
    toml::Value::String(words.to_owned()).to_string()
}
