//! Structures x trials: the fork, the parallel run and its [`results`].
//!
//! Trials run in parallel, one thread inside a trial. Results are collected by trial, so they
//! depend on neither the number of threads nor the order in which trials end.

pub mod results;

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use rayon::prelude::*;

use crate::measures::Scope;
use crate::model::{self, Network};
use crate::scenario::{Id, Scenario, Start, World};
use crate::simulate::{
    ChildrenGround, ChildrenTape, ChildrenTrial, Instant, Luck, NetworkGround, NetworkTrial, Tally,
    Trial,
};
use crate::units::Days;
use results::{Named, Results};

/// How to run, apart from what the scenario says; nothing here changes a result.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Plan {
    /// Threads to use; all cores where not said.
    pub threads: Option<usize>,
}

/// Runs a study: every structure in every trial.
///
/// `on_trial` is told the number of each trial as it ends, in no particular order. Returns `None`
/// if `stop` was set before the end.
pub fn run(
    scenario: &Scenario,
    plan: &Plan,
    on_trial: &(dyn Fn(u32) + Sync),
    stop: &AtomicBool,
) -> Option<Results> {
    let experiment = Experiment::new(scenario);
    let run_all = || -> Option<Vec<Vec<Tally>>> {
        (0..scenario.study.trials)
            .into_par_iter()
            .map(|trial| {
                let tallies = experiment.trial(trial, stop)?;
                on_trial(trial);
                Some(tallies)
            })
            .collect()
    };
    let trials = match rayon::ThreadPoolBuilder::new()
        .num_threads(plan.threads.unwrap_or(0))
        .build()
    {
        Ok(pool) => pool.install(run_all),
        // A machine that grants no threads still has the one this runs on.
        Err(_) => (0..scenario.study.trials)
            .map(|trial| {
                let tallies = experiment.trial(trial, stop)?;
                on_trial(trial);
                Some(tallies)
            })
            .collect(),
    }?;
    Some(results(scenario, trials))
}

/// The worlds of a study made ready: one for all structures that carry the same overlays' factors.
#[derive(Debug)]
enum Grounds {
    Children(Vec<ChildrenGround>),
    Network(Vec<NetworkGround>),
}

#[derive(Debug)]
struct Experiment {
    grounds: Grounds,
    /// Which ground each structure stands on.
    ground_of: Vec<usize>,
    structures: Vec<model::Structure>,
    start: Start,
    seed: u64,
    decision_day: Instant,
    end: Instant,
    years: usize,
}

impl Experiment {
    fn new(scenario: &Scenario) -> Self {
        let mut worlds: Vec<&Arc<World>> = Vec::new();
        let ground_of = scenario
            .structures
            .iter()
            .map(|structure| {
                let known = worlds.iter().position(|world| **world == structure.world);
                known.unwrap_or_else(|| {
                    worlds.push(&structure.world);
                    worlds.len() - 1
                })
            })
            .collect();
        let grounds = match worlds.first().map(|world| &***world) {
            Some(World::Network(_)) => Grounds::Network(
                worlds
                    .iter()
                    .filter_map(|world| match &***world {
                        World::Network(network) => Some(NetworkGround::new(Network::new(network))),
                        World::Children(_) => None,
                    })
                    .collect(),
            ),
            _ => Grounds::Children(
                worlds
                    .iter()
                    .filter_map(|world| match &***world {
                        World::Children(children) => Some(ChildrenGround::new(model::World::new(
                            children,
                            &scenario.areas,
                        ))),
                        World::Network(_) => None,
                    })
                    .collect(),
            ),
        };
        let services: Vec<&Id> = service_names(scenario).map(|(id, _)| id).collect();
        let study = &scenario.study;
        let decision_day = Instant::at(study.warm_up.to_seconds());
        Self {
            grounds,
            ground_of,
            structures: scenario
                .structures
                .iter()
                .map(|structure| model::Structure::new(structure, &services, &scenario.areas))
                .collect(),
            start: study.start,
            seed: study.seed,
            decision_day,
            end: decision_day.after(study.observe.to_seconds()),
            years: (study.observe.get() / Days::YEAR.get()).ceil() as usize,
        }
    }

    /// One trial: the tallies of every structure; `None` if it is to stop.
    fn trial(&self, trial: u32, stop: &AtomicBool) -> Option<Vec<Tally>> {
        let luck = Luck::new(self.seed, 0, trial);
        match &self.grounds {
            Grounds::Network(grounds) => {
                let grounds: Vec<&NetworkGround> = grounds.iter().collect();
                self.fork(stop, &grounds, |ground, structure| {
                    NetworkTrial::new(ground, structure, luck, self.years)
                })
            }
            Grounds::Children(grounds) => {
                let tapes: Vec<ChildrenTape> = grounds
                    .iter()
                    .map(|ground| ChildrenTape::new(ground, luck, self.end))
                    .collect();
                let grounds: Vec<_> = grounds.iter().zip(&tapes).collect();
                self.fork(stop, &grounds, |(ground, tape), structure| {
                    ChildrenTrial::new(ground, structure, tape, self.years)
                })
            }
        }
    }

    /// Runs the baseline up to decision day and lets every structure go on from its state; or runs
    /// each structure from the start, where the study says so.
    fn fork<'a, T: Trial<'a>>(
        &'a self,
        stop: &AtomicBool,
        grounds: &[T::Ground],
        begin: impl Fn(T::Ground, &'a model::Structure) -> T,
    ) -> Option<Vec<Tally>> {
        let stopped = || stop.load(Ordering::Relaxed);
        let ground = |structure: usize| grounds[self.ground_of[structure]];
        let warmed_up = |structure: usize| {
            let mut trial = begin(ground(structure), &self.structures[structure]);
            trial.run_until(self.decision_day);
            trial
        };
        let baseline = match self.start {
            Start::DecisionDay => Some(warmed_up(0)),
            Start::Established => None,
        };
        (0..self.structures.len())
            .map(|structure| {
                if stopped() {
                    return None;
                }
                let mut trial = baseline.clone().unwrap_or_else(|| warmed_up(structure));
                trial.begin_observing();
                trial.switch_to(ground(structure), &self.structures[structure]);
                trial.run_until(self.end);
                Some(trial.finish())
            })
            .collect()
    }
}

/// Ids and names of the services, in their order.
fn service_names(scenario: &Scenario) -> impl Iterator<Item = (&Id, &str)> {
    let world = scenario
        .structures
        .first()
        .map(|structure| &*structure.world);
    let (children, network) = match world {
        Some(World::Children(world)) => (Some(&world.services), None),
        Some(World::Network(world)) => (None, Some(&world.stations)),
        None => (None, None),
    };
    let children = children.into_iter().flatten();
    let network = network.into_iter().flatten();
    children
        .map(|service| (&service.id, service.name.as_str()))
        .chain(network.map(|station| (&station.id, station.name.as_str())))
}

fn results(scenario: &Scenario, trials: Vec<Vec<Tally>>) -> Results {
    let named = |id: &Id, name: &str| Named {
        id: id.to_string(),
        name: name.to_owned(),
    };
    let services: Vec<Named> = service_names(scenario)
        .map(|(id, name)| named(id, name))
        .collect();
    let mut sources = services.clone();
    let mut needs = Vec::new();
    let mut scope = Scope::Network;
    if let Some(World::Children(world)) = scenario
        .structures
        .first()
        .map(|structure| &*structure.world)
    {
        scope = Scope::Children;
        sources.extend(
            world
                .outside
                .iter()
                .map(|outside| named(&outside.id, &outside.name)),
        );
        needs.extend(world.needs.iter().map(|need| named(&need.id, &need.name)));
    }
    Results {
        scope,
        structures: scenario
            .structures
            .iter()
            .map(|structure| named(&structure.id, &structure.name))
            .collect(),
        services,
        sources,
        needs,
        children: scenario
            .areas
            .iter()
            .map(|area| u64::from(area.children))
            .sum(),
        observed: scenario.study.observe,
        warm_up: scenario.study.warm_up,
        trials,
        areas: scenario
            .areas
            .iter()
            .map(|area| named(&area.id, &area.name))
            .collect(),
        primary: scenario.study.comparison.primary.clone(),
        vesting: vec![None; scenario.structures.len()],
        churn: Vec::new(),
        means: Vec::new(),
        at_posts: Vec::new(),
    }
}
