//! The small form of a study that tests run, and running it.

use std::cell::{Cell, OnceCell};
use std::ops::Range;
use std::sync::atomic::AtomicBool;

use super::Progress;
use crate::experiment::results::Results;
use crate::experiment::{Plan, Prepared};
use crate::scenario::{Request, Scenario, World};
use crate::units::Days;

/// Children of one area at most, and of all areas together where there are many.
const CHILDREN: u32 = 2_000;
const CHILDREN_IN_ALL: u32 = 8_000;
/// Trials unless the user says otherwise: tests compare to the last digit, so two show what twenty would.
const TRIALS: u32 = 2;

/// The form of the study that tests run.
#[derive(Debug, Clone, PartialEq)]
pub struct Design {
    /// Children in all areas together; 0 in a network study.
    pub children: u64,
    /// ... in the study itself.
    pub children_of_study: u64,
    /// Structures, the baseline among them.
    pub structures: usize,
    /// Trials of each run.
    pub trials: u32,
    /// Time before anything is counted.
    pub warm_up: Days,
    /// Time observed.
    pub observe: Days,
    /// Is anything shorter or smaller than in the study?
    pub is_reduced: bool,
}

/// A study to test, and how to run its changed forms.
pub(super) struct Bench<'a> {
    pub(super) request: &'a Request,
    /// The study as the user has it.
    pub(super) full: &'a Scenario,
    /// Its small form.
    pub(super) study: Scenario,
    design: Design,
    plan: &'a Plan,
    on_run: &'a dyn Fn(Progress),
    stop: &'a AtomicBool,
    base: OnceCell<Results>,
    progress: Cell<Progress>,
    /// Runs that the present test has made.
    runs_of_test: Cell<u32>,
}

impl<'a> Bench<'a> {
    pub(super) fn new(
        request: &'a Request,
        full: &'a Scenario,
        plan: &'a Plan,
        on_run: &'a dyn Fn(Progress),
        stop: &'a AtomicBool,
    ) -> Self {
        let study = small(full, request.trials);
        let design = Design {
            children: children(&study),
            children_of_study: children(full),
            structures: study.structures.len(),
            trials: study.study.trials,
            warm_up: study.study.warm_up,
            observe: study.study.observe,
            is_reduced: study.areas != full.areas || study.study != full.study,
        };
        Self {
            request,
            full,
            study,
            design,
            plan,
            on_run,
            stop,
            base: OnceCell::new(),
            progress: Cell::new(Progress { done: 0, of: 1 }),
            runs_of_test: Cell::new(0),
        }
    }

    pub(super) fn design(&self) -> &Design {
        &self.design
    }

    /// Is it a study of children, or of cases that follow shares?
    pub(super) fn has_children(&self) -> bool {
        self.study
            .structures
            .iter()
            .any(|structure| matches!(&*structure.world, World::Children(_)))
    }

    /// What the small form leaves, unchanged.
    pub(super) fn base(&self) -> Option<&Results> {
        if self.base.get().is_none() {
            let results = self.run(&self.study)?;
            let _ = self.base.set(results);
        }
        self.base.get()
    }

    /// Runs a changed form. `None` if it was stopped.
    pub(super) fn run(&self, scenario: &Scenario) -> Option<Results> {
        self.run_part(scenario, self.plan, 0..scenario.study.trials)
    }

    /// Runs a changed form on so many threads.
    pub(super) fn run_on(&self, scenario: &Scenario, threads: usize) -> Option<Results> {
        let plan = Plan {
            threads: Some(threads),
        };
        self.run_part(scenario, &plan, 0..scenario.study.trials)
    }

    /// Runs some trials of a changed form.
    pub(super) fn run_trials(&self, scenario: &Scenario, trials: Range<u32>) -> Option<Results> {
        self.run_part(scenario, self.plan, trials)
    }

    fn run_part(&self, scenario: &Scenario, plan: &Plan, trials: Range<u32>) -> Option<Results> {
        let prepared = Prepared::new(scenario, plan, self.stop)?;
        let results = prepared.run_part(trials, &|_| (), self.stop)?;
        self.runs_of_test.set(self.runs_of_test.get() + 1);
        self.step(1);
        Some(results)
    }

    /// The same study read from other texts, made small in the same way; or why it cannot be read.
    pub(super) fn small_form(&self, full: &Scenario) -> Scenario {
        small(full, self.request.trials)
    }

    /// Says how many runs there will be.
    pub(super) fn expect(&self, runs: u32) {
        self.progress.set(Progress { done: 0, of: runs });
    }

    /// Counts the runs that a test did not need, so that the time left is told rightly.
    pub(super) fn settle(&self, planned: u32) {
        let made = self.runs_of_test.replace(0);
        self.step(planned.saturating_sub(made));
    }

    fn step(&self, runs: u32) {
        let Progress { done, of } = self.progress.get();
        let progress = Progress {
            done: (done + runs).min(of),
            of,
        };
        self.progress.set(progress);
        (self.on_run)(progress);
    }
}

fn children(scenario: &Scenario) -> u64 {
    let areas = scenario.areas.iter();
    areas.map(|area| u64::from(area.children)).sum()
}

/// The study with fewer children and as many posts for each, a shorter warm-up, a shorter observed time
/// in which every change still happens, and few trials.
fn small(full: &Scenario, trials: Option<u32>) -> Scenario {
    let mut scenario = full.clone();
    let areas = u32::try_from(scenario.areas.len())
        .unwrap_or(u32::MAX)
        .max(1);
    let most = CHILDREN.min(CHILDREN_IN_ALL / areas).max(1);
    for area in &mut scenario.areas {
        if area.children <= most {
            continue;
        }
        let share = f64::from(most) / f64::from(area.children);
        area.children = most;
        for posts in &mut area.posts {
            posts.screening *= share;
            posts.assessment *= share;
            posts.help *= share;
        }
    }
    let study = &mut scenario.study;
    study.trials = trials.unwrap_or(TRIALS);
    study.comparison.also_at_posts.clear();
    let least = |a: Days, b: Days| if a < b { a } else { b };
    study.warm_up = least(study.warm_up, Days::YEAR);
    // A year after vesting day, when structures have parted; and after a second decision, if any.
    let mut wanted = 2.0 * Days::YEAR.get();
    for structure in &scenario.structures {
        if let World::Children(world) = &*structure.world {
            wanted = wanted.max(world.mechanisms.change.lead_time.get() + Days::YEAR.get());
        }
    }
    if scenario.structures.iter().any(|it| it.then.is_some()) {
        let second = least(study.comparison.second_decision, Days::YEAR);
        study.comparison.second_decision = second;
        wanted += second.get();
    }
    study.observe = least(
        study.observe,
        Days::try_from(wanted).unwrap_or(study.observe),
    );
    scenario
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;
    use crate::scenario::load;

    /// Does something with a bench for a bundled study.
    pub(in super::super) fn with_bench<T>(
        study: &str,
        structures: Option<&str>,
        ask: impl FnOnce(&Bench<'_>) -> T,
    ) -> T {
        let request = Request {
            study: study.to_owned(),
            structures: structures.map(str::to_owned),
            ..Request::default()
        };
        let scenario = load(&request).unwrap();
        let (plan, stop) = (Plan::default(), AtomicBool::new(false));
        let bench = Bench::new(&request, &scenario, &plan, &|_| (), &stop);
        ask(&bench)
    }

    #[test]
    fn the_small_form_keeps_posts_in_proportion_and_every_change_in_sight() {
        with_bench("childrens-trusts-2003", Some("local-trust"), |bench| {
            let (full, small) = (&bench.full.areas[0], &bench.study.areas[0]);
            assert_eq!(small.children, CHILDREN);
            let share = f64::from(small.children) / f64::from(full.children);
            for (full, small) in full.posts.iter().zip(&small.posts) {
                assert!((full.help * share - small.help).abs() < 1e-9);
            }
            assert!(bench.study.study.observe.get() >= 2.0 * Days::YEAR.get());
            assert!(bench.design().is_reduced);
        });
    }
}
