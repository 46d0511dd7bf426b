//! The rules of ARCHITECTURE.md that a compiler does not check. Most say that something is absent.

mod source;

use std::collections::BTreeSet;

use crate::repository::{self, texts_below};
use source::{Code, CratePath, lines_with_whole_name, lines_with_word};

/// Which modules each module may use, itself apart. A longer path allows only what lies below it.
///
/// Data flow from the first row to the last, and nobody looks ahead. Change this table, the one in
/// ARCHITECTURE.md and the code in one commit.
const MAY_USE: &[(&str, &[&str])] = &[
    ("units", &[]),
    ("measures", &["units"]),
    ("scenario", &["units", "measures"]),
    ("model", &["units", "measures", "scenario"]),
    ("engine", &["units"]),
    ("simulate", &["units", "measures", "model", "engine"]),
    (
        "experiment",
        &["units", "measures", "scenario", "model", "simulate"],
    ),
    (
        "analysis",
        &["units", "measures", "model", "experiment::results"],
    ),
    (
        "inquiry",
        &[
            "units",
            "measures",
            "scenario",
            "model",
            "engine",
            "experiment",
            "analysis",
        ],
    ),
    (
        "report",
        &[
            "units",
            "measures",
            "scenario",
            "model",
            "analysis",
            "inquiry",
            "experiment::results",
            "inquiry",
        ],
    ),
    (
        "cli",
        &[
            "units",
            "measures",
            "scenario",
            "model",
            "engine",
            "simulate",
            "experiment",
            "analysis",
            "inquiry",
            "report",
        ],
    ),
];

/// What may be written in some modules only: the words, where they may stand, and why.
const KEPT_TO: &[(&[&str], &[&str], &str)] = &[
    (
        &[
            "println!",
            "eprintln!",
            "print!",
            "eprint!",
            "dbg!",
            "stdout",
            "stderr",
        ],
        &["cli"],
        "the library prints nothing",
    ),
    (
        &["process::exit", "std::env"],
        &["cli"],
        "only the command exits or reads the environment",
    ),
    (
        &["std::fs"],
        &["scenario", "report", "cli"],
        "files are read and written at the ends",
    ),
    (
        &["std::thread", "rayon"],
        &["experiment", "cli"],
        "threads are the experiment's alone",
    ),
    (
        &["SystemTime", "Instant::now"],
        &["cli"],
        "no result depends on the time of day",
    ),
    (
        &["clap", "indicatif", "ctrlc"],
        &["cli"],
        "the terminal is the command's alone",
    ),
    (
        &["plotters", "plotters_backend"],
        &["report"],
        "charts are the report's alone",
    ),
    (
        &["HashMap", "HashSet"],
        &["scenario", "report", "cli"],
        "nothing that is simulated or estimated depends on the order of a hash",
    ),
    (
        &[
            "thread_rng",
            "from_os_rng",
            "OsRng",
            "SysRng",
            "StdRng",
            "SmallRng",
        ],
        &[],
        "every draw comes from a keyed stream of a named generator",
    ),
];

/// A source file of the library.
struct SourceFile {
    label: String,
    /// The module below the root that it belongs to.
    module: String,
    /// How many modules deep it is: 1 for `src/units.rs` and `src/model/mod.rs`.
    depth: usize,
    text: String,
}

impl SourceFile {
    /// Where the modules that it declares have their files.
    fn folder(&self) -> &str {
        let stem = self.label.trim_end_matches(".rs");
        stem.strip_suffix("/mod").unwrap_or(stem)
    }
}

/// Every file below src/ but the two roots, lib.rs and main.rs, and but modules for tests only.
fn shipped() -> Vec<SourceFile> {
    let files = library();
    let for_tests: Vec<String> = files
        .iter()
        .flat_map(|file| {
            let names = Code::of(&file.text).modules_for_tests();
            let folder = file.folder();
            names
                .into_iter()
                .map(move |name| format!("{folder}/{name}"))
        })
        .collect();
    let is_for_tests = |file: &SourceFile| {
        let stem = file.label.trim_end_matches(".rs");
        for_tests
            .iter()
            .any(|test| stem == test || stem.starts_with(&format!("{test}/")))
    };
    files
        .into_iter()
        .filter(|file| !is_for_tests(file))
        .collect()
}

/// Every file below src/ but the two roots, lib.rs and main.rs.
fn library() -> Vec<SourceFile> {
    let mut files = Vec::new();
    for (label, text) in texts_below("src", ".rs") {
        let path = label.trim_start_matches("src/").trim_end_matches(".rs");
        let path = path.trim_end_matches("/mod");
        if path != "lib" && path != "main" {
            files.push(SourceFile {
                module: path.split('/').next().unwrap_or_default().to_owned(),
                depth: path.split('/').count(),
                label,
                text,
            });
        }
    }
    files
}

/// What a file of one module does that the table forbids, as `line: what`.
fn breaches(module: &str, depth: usize, text: &str) -> Vec<(usize, String)> {
    let row = MAY_USE.iter().find(|(name, _)| *name == module);
    let may_use = row.map(|(_, may_use)| *may_use).unwrap_or_default();
    let code = Code::of(text);
    let mut found = Vec::new();
    for CratePath { line, names } in code.crate_paths() {
        let own = names.first().is_some_and(|first| first == module);
        if !own && !may_use.iter().any(|allowed| lies_below(&names, allowed)) {
            let path = names.join("::");
            found.push((line, format!("`{module}` may not use `crate::{path}`")));
        }
    }
    for line in code.supers_that_reach_the_root(depth) {
        let what = "`super` reaches the root of the crate; write `crate::`".to_owned();
        found.push((line, what));
    }
    found
}

fn lies_below(names: &[String], allowed: &str) -> bool {
    let allowed: Vec<_> = allowed.split("::").collect();
    names.len() >= allowed.len() && names.iter().zip(&allowed).all(|(a, b)| a == b)
}

/// Fails with every complaint on a line of its own.
#[track_caller]
fn check_none(complaints: &[String]) {
    assert!(complaints.is_empty(), "\n{}\n", complaints.join("\n"));
}

/// Tests within a file keep to the table as well; only files for tests alone may look ahead, as the
/// tests outside the library do, to build what they test from a scenario.
#[test]
fn modules_use_only_what_lies_before_them() {
    let mut complaints = Vec::new();
    for file in shipped() {
        for (line, what) in breaches(&file.module, file.depth, &file.text) {
            complaints.push(format!("{}:{line}: {what}", file.label));
        }
    }
    check_none(&complaints);
}

#[test]
fn a_breach_of_the_table_is_found() {
    let looks_ahead = "use crate::{units::Days, report::Table};\n#[cfg(test)]\nmod tests {\n    \
                       use crate::cli;\n}\n";
    let lines: Vec<_> = breaches("simulate", 2, looks_ahead)
        .iter()
        .map(|(line, _)| *line)
        .collect();
    assert_eq!(lines, [1, 4]);
    let results_only = "use crate::experiment::results::Results;";
    assert!(breaches("analysis", 1, results_only).is_empty());
    let more = "use crate::experiment::run;";
    assert_eq!(breaches("analysis", 1, more).len(), 1);
    assert_eq!(breaches("units", 1, "use crate::*;").len(), 1);
    assert_eq!(breaches("units", 1, "use super::model::World;").len(), 1);
}

#[test]
fn every_module_has_a_row_in_the_table() {
    let here: BTreeSet<_> = library().into_iter().map(|file| file.module).collect();
    let rows: BTreeSet<_> = MAY_USE.iter().map(|(name, _)| (*name).to_owned()).collect();
    assert_eq!(here, rows);
}

#[test]
fn what_belongs_to_some_modules_stands_in_no_other() {
    let mut complaints = Vec::new();
    for file in shipped() {
        let code = Code::of(&file.text).without_tests();
        for (words, modules, why) in KEPT_TO {
            if modules.contains(&file.module.as_str()) {
                continue;
            }
            for word in *words {
                for line in lines_with_word(&code.bare, word) {
                    complaints.push(format!("{}:{line}: `{word}`: {why}", file.label));
                }
            }
        }
    }
    check_none(&complaints);
}

#[test]
fn the_binary_only_calls_the_library() {
    let code = Code::of(&repository::read("src/main.rs"));
    let lines: String = code.bare.iter().collect();
    let lines = lines.lines().filter(|line| !line.trim().is_empty()).count();
    assert!(lines <= 10, "src/main.rs has {lines} lines of code");
}

/// Names are data: a service is known to the code by its place in a study, never by its name.
#[test]
fn the_code_knows_no_service_by_name() {
    let services = shipped_services();
    assert!(services.len() >= 5, "found only {services:?}");
    let files: Vec<&str> = (seamline::scenario::BUNDLED.iter())
        .map(|file| file.id)
        .collect();
    let mut complaints = Vec::new();
    for file in shipped() {
        let code = Code::of(&file.text).without_tests();
        // One spelling for `child-protection`, `child_protection` and `CHILD_PROTECTION`.
        let spelt: Vec<char> = code
            .with_strings
            .iter()
            .map(|c| {
                if *c == '_' {
                    '-'
                } else {
                    c.to_ascii_lowercase()
                }
            })
            .collect();
        // The list of bundled files names them; a file may be called after what it is about.
        let mut spelt: String = spelt.into_iter().collect();
        for id in &files {
            spelt = spelt.replace(&format!("\"{id}\""), &" ".repeat(id.len() + 2));
        }
        let spelt: Vec<char> = spelt.chars().collect();
        for service in &services {
            for line in lines_with_whole_name(&spelt, service) {
                complaints.push(format!("{}:{line}: names `{service}`", file.label));
            }
        }
    }
    check_none(&complaints);
}

/// Ids of the services that the bundled parameter files declare.
fn shipped_services() -> BTreeSet<String> {
    let mut services = BTreeSet::new();
    for (label, text) in texts_below("scenarios/parameters", ".toml") {
        let file: toml::Table = text
            .parse()
            .unwrap_or_else(|problem| panic!("{label}: {problem}"));
        let declared = file.get("service").and_then(toml::Value::as_table);
        services.extend(declared.into_iter().flat_map(|table| table.keys().cloned()));
    }
    services
}

/// A structure says who runs, sees, pays for, assesses and receives what. How much a seam costs is
/// a parameter, the same for all structures, so that no structure carries a bonus of its own.
#[test]
fn a_structure_file_holds_no_strength_of_effect() {
    let mut complaints = Vec::new();
    for (label, text) in texts_below("scenarios/structures", ".toml") {
        for complaint in strengths_in(&text) {
            complaints.push(format!("{label}: {complaint}"));
        }
    }
    check_none(&complaints);
}

#[test]
fn a_strength_hidden_in_a_structure_is_found() {
    assert_eq!(strengths_in("[handoff]\nsilent_loss = \"0%\"").len(), 1);
    assert_eq!(strengths_in("[structure]\nbonus = \"10%\"").len(), 1);
    assert_eq!(strengths_in("[shared]\nrecords = 0.5").len(), 1);
    let in_an_organisation = "[organisation]\ntrust = { runs = [\"school\"], loss = 0.5 }";
    assert_eq!(strengths_in(in_an_organisation).len(), 2);
    let none = "[structure]\nname = \"A\"\n[organisation]\ntrust = { runs = [\"school\"] }\n\
                [shared]\nrecords = \"all\"\n[oversight.board]\nkind = \"committee\"\n\
                over = \"all\"\n[teams]\nduty = [\"a\", \"b\"]\n[adoption]\nbasis = \"pilot\"";
    assert_eq!(strengths_in(none), Vec::<String>::new());
    let in_a_layer = "[oversight.board]\ntakes = \"3%\"\nlayers = 2";
    assert_eq!(strengths_in(in_a_layer).len(), 3);
}

/// What a structure file says that only a parameter file may say.
fn strengths_in(text: &str) -> Vec<String> {
    const KEYS: &[(&str, &[&str])] = &[
        (
            "structure",
            &[
                "extends",
                "name",
                "summary",
                "sources",
                "law",
                "for",
                "against",
                "accountable",
                "led_by",
            ],
        ),
        ("organisation", &["name", "footprint", "runs"]),
        ("shared", PARTITIONS),
        ("separate", PARTITIONS),
        ("oversight", &["name", "kind", "over", "targets"]),
        ("adoption", &["basis"]),
        ("lead_professional", &["for"]),
        ("partnering", &["paid_for"]),
        ("law", &["lifts"]),
        // Lists of services under names of their own.
        ("teams", &[]),
    ];
    const PARTITIONS: &[&str] = &[
        "records",
        "budgets",
        "assessment",
        "front_doors",
        "workforce",
    ];
    let file: toml::Table = text.parse().expect("TOML");
    let mut complaints = Vec::new();
    for (table, value) in &file {
        let Some((_, keys)) = KEYS.iter().find(|(known, _)| known == table) else {
            complaints.push(format!("[{table}] does not belong in a structure"));
            continue;
        };
        let entries: Vec<&toml::Value> = match table.as_str() {
            // One table for each organisation, and for each layer.
            "organisation" | "oversight" => value
                .as_table()
                .into_iter()
                .flat_map(|t| t.values())
                .collect(),
            "teams" => Vec::new(),
            _ => vec![value],
        };
        for entry in entries {
            let used = entry.as_table().into_iter().flat_map(|t| t.keys());
            for key in used.filter(|key| !keys.contains(&key.as_str())) {
                complaints.push(format!("[{table}] has no `{key}`"));
            }
        }
        complaints.extend(numbers_in(value).map(|n| format!("[{table}] holds the number {n}")));
    }
    complaints
}

/// Every number in a value, however deep.
fn numbers_in(value: &toml::Value) -> Box<dyn Iterator<Item = String> + '_> {
    match value {
        toml::Value::Integer(_) | toml::Value::Float(_) => {
            Box::new(std::iter::once(value.to_string()))
        }
        toml::Value::Array(members) => Box::new(members.iter().flat_map(numbers_in)),
        toml::Value::Table(table) => Box::new(table.values().flat_map(numbers_in)),
        _ => Box::new(std::iter::empty()),
    }
}
