//! Scenario texts for tests, and the way from a text to results.

use std::sync::atomic::AtomicBool;

use seamline::experiment::results::{Results, ServiceTally, Tally};
use seamline::experiment::{self, Plan};
use seamline::scenario::{self, Request};

/// Days in the unit of time of studies against theory: long enough that rounding to whole seconds
/// cannot be seen, short enough that a study of 100 years holds 365,250 of them.
const UNIT_DAYS: f64 = 0.1;

/// Whole seconds as units of time.
pub(crate) fn in_units(seconds: u64) -> f64 {
    seconds as f64 / (UNIT_DAYS * 86_400.0)
}

/// A length of time as scenario files state it.
pub(crate) fn units(number: f64) -> String {
    format!("{} days", number * UNIT_DAYS)
}

/// An exponential law with this mean in units.
pub(crate) fn exponential(mean: f64) -> String {
    format!("exponential, mean {}", units(mean))
}

/// How long and how often, in units of time.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Design {
    pub(crate) warm_up: f64,
    pub(crate) observe: f64,
    pub(crate) trials: u32,
}

/// A study under construction: tables of TOML and the structures they are run under.
#[derive(Debug, Clone)]
pub(crate) struct Study {
    warm_up: String,
    observe: String,
    trials: u32,
    tables: Vec<String>,
    services: Vec<String>,
    structures: Vec<String>,
}

impl Study {
    /// A study of nothing yet, its lengths in units.
    pub(crate) fn new(design: Design) -> Self {
        Self {
            warm_up: units(design.warm_up),
            observe: units(design.observe),
            trials: design.trials,
            tables: Vec::new(),
            services: Vec::new(),
            structures: Vec::new(),
        }
    }

    /// A study of nothing yet, observed for so many days from an empty start.
    pub(crate) fn from_the_start(days: u32, trials: u32) -> Self {
        Self {
            warm_up: "0 days".to_owned(),
            observe: format!("{days} days"),
            trials,
            tables: Vec::new(),
            services: Vec::new(),
            structures: Vec::new(),
        }
    }

    /// Cases of a kind arrive at a service; `between` is the law of the time between two.
    pub(crate) fn arrivals(mut self, kind: &str, to: &str, between: &str) -> Self {
        let table = format!("[arrivals.{kind}]\nto = \"{to}\"\nevery = \"{between}\"\n");
        self.tables.push(table);
        self
    }

    /// A service with its places, `"unlimited"` or a number, and the rest of its table.
    pub(crate) fn service(mut self, id: &str, places: &str, rest: &str) -> Self {
        let table = match places {
            "unlimited" => format!("[service.{id}]\nplaces = \"unlimited\"\n{rest}\n"),
            _ => format!("[service.{id}]\nplaces = {places}\n{rest}\n"),
        };
        self.tables.push(table);
        self.services.push(id.to_owned());
        self
    }

    /// A service after which cases end.
    pub(crate) fn last_service(self, id: &str, places: &str, stay: &str) -> Self {
        let rest = format!("stay = \"{stay}\"\nthen = {{ closed = \"100%\" }}");
        self.service(id, places, &rest)
    }

    /// Any other table.
    pub(crate) fn table(mut self, text: &str) -> Self {
        self.tables.push(format!("{text}\n"));
        self
    }

    /// A structure whose organisations run these services. The first one is the baseline; without
    /// any, one organisation runs all.
    pub(crate) fn structure(mut self, id: &str, organisations: &[&[&str]]) -> Self {
        let mut text = format!("[structure.{id}]\nname = \"The {id}\"\nsummary = \"A test.\"\n");
        text += &format!("[structure.{id}.organisation]\n");
        for (number, runs) in organisations.iter().enumerate() {
            text += &format!("{id}-{number} = {{ footprint = \"area\", runs = {runs:?} }}\n");
        }
        self.structures.push(id.to_owned());
        self.tables.push(text);
        self
    }

    /// The same study with its tables in the opposite order.
    pub(crate) fn reversed(mut self) -> Self {
        self.tables.reverse();
        self
    }

    /// The scenario file.
    pub(crate) fn text(&self) -> String {
        if self.structures.is_empty() {
            let services: Vec<&str> = self.services.iter().map(String::as_str).collect();
            return self.clone().structure("one", &[&services]).text();
        }
        let (baseline, others) = (&self.structures[0], &self.structures[1..]);
        let head = format!(
            "[study]\nname = \"A test\"\npurpose = \"Does the simulation do what it should?\"\n\
             baseline = \"{baseline}\"\nstructures = {others:?}\nstart = \"established\"\n\
             warm_up = \"{}\"\nobserve = \"{}\"\ntrials = {}\nseed = 2003\n",
            self.warm_up, self.observe, self.trials
        );
        std::iter::once(head)
            .chain(self.tables.clone())
            .collect::<Vec<_>>()
            .join("\n")
    }

    /// Runs the study on all cores.
    pub(crate) fn run(&self) -> Results {
        self.run_on(None)
    }

    /// Runs the study on so many threads.
    pub(crate) fn run_on(&self, threads: Option<usize>) -> Results {
        run_text(&self.text(), threads)
    }
}

/// Reads and runs a scenario text.
///
/// # Panics
/// If the text has a problem, with all of them.
pub(crate) fn run_text(text: &str, threads: Option<usize>) -> Results {
    let scenario = scenario::load_text("test", text, &Request::default())
        .unwrap_or_else(|problems| panic!("{problems}\nin\n{text}"));
    let never = AtomicBool::new(false);
    experiment::run(&scenario, &Plan { threads }, &|_| {}, &never).expect("nobody stops a test")
}

/// The tallies of the baseline, by trial.
pub(crate) fn baseline(results: &Results) -> impl Iterator<Item = &Tally> + Clone {
    results.trials.iter().map(|structures| &structures[0])
}

/// What a service did in a trial.
pub(crate) fn at<'t>(results: &Results, tally: &'t Tally, service: &str) -> &'t ServiceTally {
    &tally.services[number_of(results, service)]
}

/// The number of a service in tallies.
pub(crate) fn number_of(results: &Results, service: &str) -> usize {
    let place = results
        .services
        .iter()
        .position(|named| named.id == service);
    place.unwrap_or_else(|| panic!("no service {service}"))
}

/// The length of the observed time in units.
pub(crate) fn observed_units(results: &Results) -> f64 {
    results.observed.get() / UNIT_DAYS
}
