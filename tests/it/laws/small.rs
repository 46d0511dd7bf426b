//! Small studies made of the bundled parameters, with posts in proportion to their children.
#![allow(clippy::unwrap_used)]

use std::fs;
use std::path::Path;
use std::sync::atomic::AtomicBool;

use seamline::experiment::results::{Results, Tally};
use seamline::experiment::{Plan, Prepared, run};
use seamline::measures::Count;
use seamline::scenario::{BUNDLED, Kind, Mechanism, Request, Scenario, load, load_text};
use toml::Table;

/// Children in an area for which the bundled posts are meant.
const BUNDLED_CHILDREN: f64 = 60_000.0;

/// A study of two areas of 2,000 children each, with posts in proportion.
#[derive(Debug, Clone)]
pub(crate) struct SmallStudy {
    pub(crate) children: u32,
    /// Children for whom there are posts.
    pub(crate) posts_for: f64,
    /// Share of those posts that there is.
    pub(crate) filled: f64,
    pub(crate) structures: &'static str,
    pub(crate) start: &'static str,
    pub(crate) trials: u32,
    /// Values set otherwise, as `PATH=VALUE`.
    pub(crate) set: Vec<String>,
    /// Mechanisms that are off, parted by commas.
    pub(crate) off: Option<String>,
    /// Tables at the end of the study, such as structures of its own.
    pub(crate) tables: &'static str,
}

impl Default for SmallStudy {
    fn default() -> Self {
        Self {
            children: 2_000,
            posts_for: 2_000.0,
            filled: 1.0,
            structures: r#"["local-trust", "national-agency", "service-hub"]"#,
            start: "decision day",
            trials: 3,
            set: Vec::new(),
            off: None,
            tables: "",
        }
    }
}

impl SmallStudy {
    pub(crate) fn with(set: &[&str]) -> Self {
        Self::default().and(set)
    }

    pub(crate) fn and(mut self, set: &[&str]) -> Self {
        self.set.extend(set.iter().map(|text| (*text).to_owned()));
        self
    }

    /// The study's file.
    pub(crate) fn text(&self) -> String {
        format!(
            r#"
[study]
name       = "A small study"
purpose    = "Do the laws hold?"
parameters = "england-2003"
areas      = [{{ area = "typical-council-2003", copies = 2, region = "north" }}]
baseline   = "fragmented"
structures = {}
start      = "{}"
warm_up    = "1 year"
observe    = "2 years"
trials     = {}
seed       = 2003
{}"#,
            self.structures, self.start, self.trials, self.tables
        )
    }

    /// What is set: the children, their posts, and the rest.
    pub(crate) fn settings(&self) -> Vec<String> {
        let area = "area.typical-council-2003";
        let bundled = load(&Request {
            study: "childrens-trusts-2003".to_owned(),
            ..Request::default()
        })
        .unwrap();
        let scale = self.posts_for / BUNDLED_CHILDREN;
        let mut values = vec![format!("{area}.children={}", self.children)];
        for posts in &bundled.areas[0].posts {
            for (kind, number) in [
                ("screening", posts.screening),
                ("assessment", posts.assessment),
                ("help", posts.help),
            ] {
                let service = &posts.service;
                let number = number * scale * self.filled;
                values.push(format!("{area}.posts.{service}.{kind}={number}"));
            }
        }
        values.extend_from_slice(&self.set);
        values
    }

    pub(crate) fn scenario(&self) -> Scenario {
        let request = Request {
            set: self.settings(),
            off: self.off.clone(),
            ..Request::default()
        };
        load_text("small.toml", &self.text(), &request)
            .unwrap_or_else(|problems| panic!("{problems:?}"))
    }

    pub(crate) fn run(&self) -> Results {
        run_on(&self.scenario(), 2)
    }

    /// The study with these mechanisms and no others.
    pub(crate) fn only(self, mechanisms: &[Mechanism]) -> Self {
        let others = Mechanism::ALL.iter().filter(|it| !mechanisms.contains(it));
        self.without(&others.copied().collect::<Vec<_>>())
    }

    /// The study without these mechanisms.
    pub(crate) fn without(self, mechanisms: &[Mechanism]) -> Self {
        let ids: Vec<&str> = mechanisms.iter().map(|it| it.id()).collect();
        Self {
            off: (!ids.is_empty()).then(|| ids.join(",")),
            ..self
        }
    }

    /// The study made ready: what each structure has to work with is known.
    pub(crate) fn prepared(&self) -> Prepared {
        let plan = Plan { threads: Some(2) };
        Prepared::new(&self.scenario(), &plan, &AtomicBool::new(false)).unwrap()
    }

    /// Runs the study on the bundled files after `change` has been made to each of them.
    pub(crate) fn run_changed(&self, change: impl Fn(Kind, &str, &mut Table)) -> Results {
        let folder = tempfile::tempdir().unwrap();
        let write = |kind: Kind, file: &Path, text: &str| {
            let mut table: Table = text.parse().unwrap();
            let id = file.file_stem().unwrap().to_str().unwrap();
            change(kind, id, &mut table);
            let path = folder.path().join(file);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, table.to_string()).unwrap();
        };
        for bundled in BUNDLED {
            if !matches!(bundled.kind, Kind::Study | Kind::Joint) {
                write(bundled.kind, Path::new(&bundled.path()), bundled.text);
            }
        }
        write(Kind::Study, Path::new("studies/small.toml"), &self.text());
        let scenario = load(&Request {
            study: folder
                .path()
                .join("studies/small.toml")
                .display()
                .to_string(),
            set: self.settings(),
            off: self.off.clone(),
            ..Request::default()
        })
        .unwrap_or_else(|problems| panic!("{problems:?}"));
        assert!(
            scenario.files.iter().all(|file| file.local),
            "the changed files are used"
        );
        run_on(&scenario, 2)
    }
}

pub(crate) fn run_on(scenario: &Scenario, threads: usize) -> Results {
    let plan = Plan {
        threads: Some(threads),
    };
    run(scenario, &plan, &|_| (), &AtomicBool::new(false)).unwrap()
}

/// The sum of a count over all trials under one structure.
pub(crate) fn total(results: &Results, structure: usize, count: Count) -> u64 {
    results
        .trials
        .iter()
        .map(|trial| trial[structure].count(count))
        .sum()
}

/// Every tally, with the words to find it by.
pub(crate) fn tallies(results: &Results) -> impl Iterator<Item = (String, &Tally)> {
    results.trials.iter().zip(0..).flat_map(|(trial, number)| {
        let structures = results.structures.iter();
        structures
            .zip(trial)
            .map(move |(structure, tally)| (format!("trial {number}, {}", structure.id), tally))
    })
}
