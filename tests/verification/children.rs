//! Worlds of children for tests, and the way from their files to results.
//!
//! A study of children is at least three files, which name each other: they are written into a folder
//! and read from it, as a user's would be.

use std::fmt::Write;
use std::fs;
use std::sync::atomic::AtomicBool;

use seamline::experiment::results::Results;
use seamline::experiment::{Plan, run};
use seamline::scenario::{Request, Scenario, load};

/// The three files of a study.
#[derive(Debug, Clone, Default)]
pub(crate) struct Files {
    pub(crate) study: String,
    pub(crate) area: String,
    pub(crate) parameters: String,
}

impl Files {
    /// Reads them as a run does.
    ///
    /// # Panics
    /// If they have problems, with all of them.
    pub(crate) fn scenario(&self) -> Scenario {
        let folder = tempfile::tempdir().unwrap();
        let write = |name: &str, text: &str| {
            fs::write(folder.path().join(name), text).unwrap();
        };
        write("world.toml", &self.parameters);
        write("town.toml", &self.area);
        write("study.toml", &self.study);
        let study = folder.path().join("study.toml");
        let request = Request {
            study: study.display().to_string(),
            ..Request::default()
        };
        load(&request).unwrap_or_else(|problems| panic!("{problems:?}\nin\n{self}"))
    }

    pub(crate) fn run_on(&self, threads: Option<usize>) -> Results {
        let never = AtomicBool::new(false);
        run(&self.scenario(), &Plan { threads }, &|_| {}, &never).expect("nobody stops a test")
    }
}

impl std::fmt::Display for Files {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let Self {
            study,
            area,
            parameters,
        } = self;
        write!(
            f,
            "{study}\n--- town.toml\n{area}\n--- world.toml\n{parameters}"
        )
    }
}

/// The tables of a parameter file that must be there, apart from children, needs and services: all
/// of them at values that do nothing, unless `stated` has the table.
pub(crate) fn with_neutral_tables(stated: &str) -> String {
    let mut text = stated.to_owned();
    for (table, keys) in [
        ("parameters", "name = \"A world for a test\""),
        (
            "children",
            "upper_age = 18\nvulnerability_shape = 1000\nvulnerability_cap = \"99.9%\"\n\
             places_filled_at_start = \"0%\"\nspell_bridges = \"0 days\"",
        ),
        ("presentation", "spread = 0\nlasts = \"1 year\""),
        (
            "records",
            "half_life = \"100 years\"\nconclusion = 0\nseen_elsewhere = \"0%\"",
        ),
        (
            "referral",
            "pause = \"100 years\"\nunless_stronger_by = 1000\nrepeat_within = \"12 months\"",
        ),
        (
            "perception",
            "screening = 0\nscreening_fully_seen = 1\nassessment = 0\nassessment_fully_seen = 1\n\
             help_from = 0.5\nreview = 0",
        ),
        ("assessment", "accepted_elsewhere = \"0%\""),
        ("intake", "shared_by_all = false"),
        ("information", "reply = \"2 days\"\nlimit = \"7 days\""),
        (
            "handoff",
            "preparation = \"0 days\"\ntransit = \"0 days\"\nsilent_loss = 0\ndetected_loss = 0\n\
             chase = \"1 day\"\nwrong_door = 0\nbounces_at_most = 0",
        ),
        ("closeness", "same_organisation = 1"),
        ("funding", "panel_every = \"0 days\"\nsecond_panel = 0"),
        (
            "moves",
            "delay = \"0 days\"\nsilent_loss = 0\ndetected_loss = 0",
        ),
    ] {
        if !stated.contains(&format!("[{table}]")) {
            let _ = write!(text, "\n[{table}]\n{keys}\n");
        }
    }
    text
}
