//! Is the engine right on this study? Tests whose answer is known beforehand, whatever the study says,
//! and the queues that theory knows beside those that are simulated.
//!
//! A test changes the study in a way that must not matter (another order, another name, another unit),
//! or that must matter in a known way, runs it, and compares every number that the runs leave. There is
//! one file for each family of tests. Tests run a small form of the study, the [`Design`] says which;
//! queues are compared at full size.

mod again;
mod alike;
mod bench;
mod names;
mod neutral;
mod order;
mod queues;
mod signs;
mod sums;
mod texts;
mod time;
mod unused;
mod words;

use std::sync::atomic::AtomicBool;

use crate::experiment::Plan;
use crate::scenario::{Request, Scenario};
use bench::Bench;
pub use bench::Design;
pub use queues::{FALSE_ALARM, Quantity, Queue};
pub use signs::Observation;

/// All that verification found.
#[derive(Debug, Clone, PartialEq)]
pub struct Verification {
    /// The form of the study that tests ran.
    pub design: Design,
    /// Every test, in order.
    pub checks: Vec<Check>,
    /// Queues of the baseline beside theory.
    pub queues: Vec<Queue>,
    /// Trials in which queues were simulated.
    pub queue_trials: u32,
    /// Name of the structure under which they were.
    pub queue_structure: String,
    /// Which way things went that theory leaves open.
    pub observations: Vec<Observation>,
}

impl Verification {
    /// Did every test that applies pass?
    pub fn passes(&self) -> bool {
        !self.checks.iter().any(Check::fails)
    }

    /// How many tests came out as this.
    pub fn count(&self, is: fn(&Outcome) -> bool) -> usize {
        self.checks.iter().filter(|it| is(&it.outcome)).count()
    }
}

/// One test and what came of it.
#[derive(Debug, Clone, PartialEq)]
pub struct Check {
    /// Word for it in files.
    pub id: &'static str,
    /// What was done to the study.
    pub done: &'static str,
    /// What must hold.
    pub must_hold: &'static str,
    /// What came of it.
    pub outcome: Outcome,
}

impl Check {
    /// Was it found not to hold?
    pub fn fails(&self) -> bool {
        matches!(self.outcome, Outcome::Fail { .. })
    }
}

/// What came of a test.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Outcome {
    /// It holds.
    Pass {
        /// Numbers compared.
        compared: u64,
        /// What else is worth knowing.
        note: Option<String>,
    },
    /// It does not hold.
    Fail {
        /// Numbers compared.
        compared: u64,
        /// How many of them differ.
        differing: u64,
        /// The first of them, in words.
        first: String,
    },
    /// The study has nothing to test it on.
    NotApplicable {
        /// Why.
        why: String,
    },
}

impl Outcome {
    /// Word for it in files.
    pub fn id(&self) -> &'static str {
        match self {
            Self::Pass { .. } => "pass",
            Self::Fail { .. } => "fail",
            Self::NotApplicable { .. } => "not applicable",
        }
    }

    fn not_applicable(why: &str) -> Self {
        Self::NotApplicable {
            why: why.to_owned(),
        }
    }
}

/// A test: what is done to the study, what must hold then, and the function that finds out.
struct Test {
    id: &'static str,
    done: &'static str,
    must_hold: &'static str,
    /// `None` if it was stopped.
    find_out: fn(&Bench<'_>) -> Option<Outcome>,
    /// How many times it runs the study.
    runs: fn(&Bench<'_>) -> u32,
}

/// Every test, in the order of telling.
const TESTS: &[&[Test]] = &[
    again::TESTS,
    names::TESTS,
    order::TESTS,
    unused::TESTS,
    time::TESTS,
    neutral::TESTS,
    sums::TESTS,
];

/// How far verification has come, in runs of the study.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Progress {
    /// Runs done.
    pub done: u32,
    /// Runs in all.
    pub of: u32,
}

/// Verifies a study that was read as this request says.
///
/// `on_run` is told how far it has come. Returns `None` if `stop` was set before the end.
pub fn verify(
    request: &Request,
    scenario: &Scenario,
    plan: &Plan,
    on_run: &dyn Fn(Progress),
    stop: &AtomicBool,
) -> Option<Verification> {
    let bench = Bench::new(request, scenario, plan, on_run, stop);
    let tests = || TESTS.iter().flat_map(|family| family.iter());
    let of_tests: u32 = tests().map(|test| (test.runs)(&bench)).sum();
    bench.expect(of_tests + signs::runs(&bench) + queues::RUNS);
    let mut checks = Vec::new();
    for test in tests() {
        checks.push(Check {
            id: test.id,
            done: test.done,
            must_hold: test.must_hold,
            outcome: (test.find_out)(&bench)?,
        });
        bench.settle((test.runs)(&bench));
    }
    let observations = signs::observe(&bench)?;
    let compared = queues::compare(&bench)?;
    checks.push(compared.check());
    Some(Verification {
        design: bench.design().clone(),
        checks,
        queue_trials: compared.trials,
        queue_structure: compared.structure,
        queues: compared.queues,
        observations,
    })
}
