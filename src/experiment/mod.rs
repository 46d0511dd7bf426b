//! Structures x trials: what each has to work with, the fork, the parallel run and its [`results`].
//!
//! Trials run in parallel, one thread inside a trial. Results are collected by trial, so they
//! depend on neither the number of threads nor the order in which trials end.

mod considered;
pub mod course;
mod means;
pub mod replay;
pub mod results;

use std::ops::Range;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use rayon::prelude::*;

use crate::measures::Scope;
use crate::model::{self, Network};
use crate::scenario::{Case, Id, Scenario, Start, World};
use crate::simulate::{
    ChildrenGround, ChildrenTape, ChildrenTrial, Instant, Luck, NetworkGround, NetworkTrial,
    Outcomes, Tally, Trial,
};
use crate::units::Factor;
use results::{Means, Named, NamedCase, NamedOccasion, OneTrial, Results};

/// How to run, apart from what the scenario says; nothing here changes a result.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Plan {
    /// Threads to use; all cores where not said.
    pub threads: Option<usize>,
}

/// By how much the first referral after decision day is held back in the baseline's twin.
const HELD_BACK: u32 = 7 * 86_400;

/// A study with other posts gets one trial in this many.
const TRIALS_AT_OTHER_POSTS: u32 = 5;

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
    Prepared::new(scenario, plan, stop)?.run(on_trial, stop)
}

/// Names a trial of a run: of the study as it is stated, or at one of its other numbers of posts.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, serde::Serialize, serde::Deserialize,
)]
pub struct TrialName {
    /// 0 for the study as it is stated, else the place of the number of posts, fewest first, from 1.
    pub posts: u32,
    /// Its number, from 0.
    pub trial: u32,
}

/// What a caller knows of trials and wants to know while they are run.
pub struct Watch<'a> {
    /// A trial that was run before.
    pub known: &'a (dyn Fn(TrialName) -> Option<OneTrial> + Sync),
    /// Told of every trial as it ends, in no particular order, but for those that were known.
    pub on_trial: &'a (dyn Fn(TrialName, &OneTrial) + Sync),
    /// Set to end before the end.
    pub stop: &'a AtomicBool,
}

/// A study ready to run: what each structure has to work with is known, and no trial has begun.
#[derive(Debug)]
pub struct Prepared {
    scenario: Scenario,
    plan: Plan,
    experiment: Experiment,
    means: Vec<Means>,
    /// The same study with other numbers of posts.
    at_posts: Vec<(f64, Prepared)>,
}

/// Runs a study under one draw of its parameters, on the calling thread alone, so that many draws can
/// run beside each other. Draws have luck of their own; draw 0 is the study as it is stated. Results
/// at other numbers of posts are left out. Returns `None` if `stop` was set before the end.
pub fn run_draw(scenario: Scenario, draw: u32, stop: &AtomicBool) -> Option<Results> {
    let alone = Plan { threads: Some(1) };
    Prepared::of_draw(scenario, draw, &alone, stop)?.run(&|_| {}, stop)
}

impl Prepared {
    /// Works out what each structure has to work with, from a pilot with unlimited staff and places.
    /// Returns `None` if `stop` was set before the end.
    pub fn new(scenario: &Scenario, plan: &Plan, stop: &AtomicBool) -> Option<Self> {
        let stated = &scenario.study.comparison.also_at_posts;
        // Rankings can turn on load; of one structure there is no ranking.
        let is_compared = scenario.structures.len() > 1;
        let mut factors: Vec<f64> = stated
            .iter()
            .filter(|_| is_compared)
            .map(|factor| factor.get())
            .collect();
        factors.sort_by(f64::total_cmp);
        let at_posts = factors
            .into_iter()
            .map(|factor| {
                let mut other = scenario.clone();
                let study = &mut other.study;
                study.comparison.also_at_posts.clear();
                study.trials = (study.trials / TRIALS_AT_OTHER_POSTS).max(2);
                let posts = study.comparison.posts.get() * factor;
                // A product of two factors is one, unless it is beyond all numbers.
                study.comparison.posts = Factor::try_from(posts).unwrap_or(study.comparison.posts);
                Some((factor, Self::alone(other, plan, stop)?))
            })
            .collect::<Option<Vec<_>>>()?;
        Some(Self {
            at_posts,
            ..Self::alone(scenario.clone(), plan, stop)?
        })
    }

    fn alone(scenario: Scenario, plan: &Plan, stop: &AtomicBool) -> Option<Self> {
        Self::of_draw(scenario, 0, plan, stop)
    }

    /// A study under one draw of its parameters, with luck that belongs to this draw: its trials and
    /// its pilot share none with those of other draws. Draw 0 is the study as it is stated.
    fn of_draw(mut scenario: Scenario, draw: u32, plan: &Plan, stop: &AtomicBool) -> Option<Self> {
        let off = scenario.study.comparison.off.clone();
        model::switch_off(&mut scenario, &off);
        let factor = scenario.study.comparison.posts.get();
        means::scale_posts(&mut scenario, factor);
        let mut experiment = Experiment::new(&scenario, draw);
        let means = means::prepare(&scenario, &mut experiment, plan, stop)?;
        Some(Self {
            scenario,
            plan: *plan,
            experiment,
            means,
            at_posts: Vec::new(),
        })
    }

    /// What each structure has to work with; empty in a network study.
    pub fn means(&self) -> &[Means] {
        &self.means
    }

    /// The structures, in the order of means, and the services, in the order of what each is offered.
    pub fn names(&self) -> (Vec<Named>, Vec<Named>) {
        let named = results(&self.scenario, Vec::new());
        (named.structures, named.services)
    }

    /// How many trials there will be, those at other numbers of posts among them.
    pub fn trials(&self) -> u32 {
        let others = self.at_posts.iter().map(|(_, other)| other.trials());
        self.scenario.study.trials + others.sum::<u32>()
    }

    /// Runs every trial.
    ///
    /// `on_trial` is told the number of each trial as it ends, in no particular order. Returns `None`
    /// if `stop` was set before the end.
    pub fn run(&self, on_trial: &(dyn Fn(u32) + Sync), stop: &AtomicBool) -> Option<Results> {
        self.run_watched(&Watch {
            known: &|_| None,
            on_trial: &|name, _| on_trial(name.trial),
            stop,
        })
    }

    /// Runs every trial that is not known. A trial depends on its number and on nothing that was run
    /// before it, so the results are those of a run of all.
    pub fn run_watched(&self, watch: &Watch<'_>) -> Option<Results> {
        let trials = 0..self.scenario.study.trials;
        let own = self.results_of(self.trials_of(0, trials, watch)?);
        let at_posts = (self.at_posts.iter().zip(1..))
            .map(|((factor, other), posts)| {
                let trials = 0..other.scenario.study.trials;
                Some((
                    *factor,
                    other.results_of(other.trials_of(posts, trials, watch)?),
                ))
            })
            .collect::<Option<Vec<_>>>()?;
        Some(Results { at_posts, ..own })
    }

    /// Runs some of the trials, those at other numbers of posts left out: what runs of all parts leave,
    /// one after the other, is what a run of the whole leaves.
    ///
    /// `on_trial` and `stop` as in [`Self::run`].
    pub fn run_part(
        &self,
        trials: Range<u32>,
        on_trial: &(dyn Fn(u32) + Sync),
        stop: &AtomicBool,
    ) -> Option<Results> {
        let watch = Watch {
            known: &|_| None,
            on_trial: &|name, _| on_trial(name.trial),
            stop,
        };
        self.run_part_watched(trials, &watch)
    }

    /// The same, but for the trials that are known.
    pub fn run_part_watched(&self, trials: Range<u32>, watch: &Watch<'_>) -> Option<Results> {
        Some(self.results_of(self.trials_of(0, trials, watch)?))
    }

    /// One trial, on the calling thread alone, those at other numbers of posts left out. Returns `None`
    /// if `stop` was set before its end.
    pub fn one_trial(&self, trial: u32, stop: &AtomicBool) -> Option<OneTrial> {
        self.experiment.trial(trial, stop)
    }

    fn trials_of(
        &self,
        posts: u32,
        trials: Range<u32>,
        watch: &Watch<'_>,
    ) -> Option<Vec<OneTrial>> {
        let first = trials.start;
        in_parallel(&self.plan, trials.len() as u32, |number| {
            let trial = first + number;
            let name = TrialName { posts, trial };
            (watch.known)(name).or_else(|| {
                let done = self.experiment.trial(trial, watch.stop)?;
                (watch.on_trial)(name, &done);
                Some(done)
            })
        })
    }

    fn results_of(&self, trials: Vec<OneTrial>) -> Results {
        Results {
            means: self.means.clone(),
            ..results(&self.scenario, trials)
        }
    }
}

/// Does so many pieces of work on all threads asked for; their results come in order. Returns `None`
/// if any of them does.
pub fn in_parallel<T: Send>(
    plan: &Plan,
    pieces: u32,
    work: impl Fn(u32) -> Option<T> + Sync,
) -> Option<Vec<T>> {
    // No pool within a pool: a worker that waits for another pool would begin a further piece.
    if plan.threads == Some(1) {
        return (0..pieces).map(work).collect();
    }
    let all = || (0..pieces).into_par_iter().map(&work).collect();
    match rayon::ThreadPoolBuilder::new()
        .num_threads(plan.threads.unwrap_or(0))
        .build()
    {
        Ok(pool) => pool.install(all),
        // A machine that grants no threads still has the one this runs on.
        Err(_) => (0..pieces).map(work).collect(),
    }
}

/// The worlds of a study made ready: one for all structures that carry the same overlays' factors.
#[derive(Debug)]
enum Grounds {
    Children(Vec<ChildrenGround>),
    Network(Vec<NetworkGround>),
}

/// A structure, and another that may follow it at the second decision.
#[derive(Debug)]
struct Stage {
    ground: usize,
    structure: Arc<model::Structure>,
    then: Option<Box<Stage>>,
}

#[derive(Debug)]
struct Experiment {
    grounds: Grounds,
    stages: Vec<Stage>,
    start: Start,
    seed: u64,
    /// Number of the draw of parameters, a part of all luck.
    draw: u32,
    decision_day: Instant,
    second_decision: Instant,
    end: Instant,
    observe: u32,
}

impl Experiment {
    fn new(scenario: &Scenario, draw: u32) -> Self {
        let mut worlds: Vec<&Arc<World>> = Vec::new();
        let services: Vec<&Id> = service_names(scenario).map(|(id, _)| id).collect();
        let stages = scenario
            .structures
            .iter()
            .map(|structure| Stage::new(structure, scenario, &services, &mut worlds))
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
                        World::Children(children) => {
                            let pilots = &scenario.study.comparison.pilots;
                            let world = model::World::new(children, &scenario.areas, pilots)
                                .with_cases(&scenario.cases, scenario.study.warm_up);
                            Some(ChildrenGround::new(world))
                        }
                        World::Network(_) => None,
                    })
                    .collect(),
            ),
        };
        let study = &scenario.study;
        let decision_day = Instant::at(study.warm_up.to_seconds());
        Self {
            grounds,
            stages,
            start: study.start,
            seed: study.seed,
            draw,
            decision_day,
            second_decision: decision_day.after(study.comparison.second_decision.to_seconds()),
            end: decision_day.after(study.observe.to_seconds()),
            observe: study.observe.to_seconds(),
        }
    }

    /// One trial; `None` if it is to stop.
    fn trial(&self, trial: u32, stop: &AtomicBool) -> Option<OneTrial> {
        let luck = Luck::new(self.seed, self.draw, trial);
        match &self.grounds {
            Grounds::Network(grounds) => {
                let grounds: Vec<&NetworkGround> = grounds.iter().collect();
                self.fork(stop, &grounds, false, |ground, structure, _| {
                    NetworkTrial::new(ground, structure, luck, years(self.observe))
                })
            }
            Grounds::Children(grounds) => {
                let tapes: Vec<ChildrenTape> = grounds
                    .iter()
                    .map(|ground| ChildrenTape::new(ground, luck, self.end))
                    .collect();
                let grounds: Vec<_> = grounds.iter().zip(&tapes).collect();
                let has_twin = self.stages.len() > 1;
                self.fork(
                    stop,
                    &grounds,
                    has_twin,
                    |(ground, tape), structure, before| {
                        ChildrenTrial::established(ground, structure, before, tape, self.observe)
                    },
                )
            }
        }
    }

    /// Runs the baseline up to decision day and lets every structure go on from its state; or runs
    /// each structure from the start, where the study says so.
    fn fork<'a, T: Trial<'a>>(
        &'a self,
        stop: &AtomicBool,
        grounds: &[T::Ground],
        has_twin: bool,
        begin: impl Fn(T::Ground, &'a Arc<model::Structure>, &'a Arc<model::Structure>) -> T,
    ) -> Option<OneTrial> {
        let stopped = || stop.load(Ordering::Relaxed);
        let before = &self.stages.first()?.structure;
        let warmed_up = |stage: &'a Stage| {
            let mut trial = begin(grounds[stage.ground], &stage.structure, before);
            trial.run_until(self.decision_day);
            trial.begin_observing();
            trial
        };
        let is_fork = self.start == Start::DecisionDay;
        let baseline = is_fork.then(|| warmed_up(&self.stages[0]));
        // Structures with overlays that change the world need all of the baseline's children.
        let stays = |stage: &Stage| stage.stays_in(self.stages[0].ground);
        let all_stay = self.stages.iter().all(stays);
        let whole = if all_stay { None } else { baseline.clone() };
        let lightened = baseline.map(|mut trial| {
            trial.set_aside();
            trial
        });
        let go_on = |stage: &'a Stage, held_back: u32| -> Option<(Tally, Outcomes)> {
            if stopped() {
                return None;
            }
            let from = if stays(stage) { &lightened } else { &whole };
            let trial = from.clone().unwrap_or_else(|| warmed_up(stage));
            Some(self.go_on(trial, grounds, stage, held_back).finish())
        };
        let mut tallies: Vec<Tally> = Vec::with_capacity(self.stages.len());
        let mut under_baseline: Option<Outcomes> = None;
        for stage in &self.stages {
            let (mut tally, outcomes) = go_on(stage, 0)?;
            tally.discordance = outcomes.against(under_baseline.as_ref().unwrap_or(&outcomes));
            tallies.push(tally);
            under_baseline.get_or_insert(outcomes);
        }
        let churn = match &under_baseline {
            Some(before) if has_twin => Some(go_on(&self.stages[0], HELD_BACK)?.1.against(before)),
            _ => None,
        };
        Some(OneTrial { tallies, churn })
    }

    /// From decision day, when counting has begun, to the end under a structure.
    fn go_on<'a, T: Trial<'a>>(
        &'a self,
        mut trial: T,
        grounds: &[T::Ground],
        stage: &'a Stage,
        held_back: u32,
    ) -> T {
        trial.hold_back_a_referral(held_back);
        if self.start == Start::DecisionDay {
            trial.decide(grounds[stage.ground], &stage.structure);
        }
        if let Some(then) = &stage.then {
            trial.run_until(self.second_decision.min(self.end));
            trial.decide(grounds[then.ground], &then.structure);
        }
        trial.run_until(self.end);
        trial
    }
}

impl Stage {
    fn new<'s>(
        structure: &'s crate::scenario::Structure,
        scenario: &'s Scenario,
        services: &[&Id],
        worlds: &mut Vec<&'s Arc<World>>,
    ) -> Self {
        let known = worlds.iter().position(|world| **world == structure.world);
        let ground = known.unwrap_or_else(|| {
            worlds.push(&structure.world);
            worlds.len() - 1
        });
        let then = structure.then.as_ref();
        Self {
            ground,
            structure: Arc::new(model::Structure::new(structure, services, &scenario.areas)),
            then: then.map(|it| Box::new(Self::new(it, scenario, services, worlds))),
        }
    }

    /// Do this structure, and any that follows it, leave the world as it is on this ground?
    fn stays_in(&self, ground: usize) -> bool {
        self.ground == ground && self.then.as_ref().is_none_or(|it| it.stays_in(ground))
    }
}

/// Years of the observed time, a part of one counted whole.
fn years(observe: u32) -> usize {
    observe.div_ceil(31_557_600) as usize
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

fn results(scenario: &Scenario, trials: Vec<OneTrial>) -> Results {
    let churn = trials.iter().filter_map(|trial| trial.churn).collect();
    let trials = trials.into_iter().map(|trial| trial.tallies).collect();
    let named = |id: &Id, name: &str| Named {
        id: id.to_string(),
        name: name.to_owned(),
    };
    let services: Vec<Named> = service_names(scenario)
        .map(|(id, name)| named(id, name))
        .collect();
    let mut sources = services.clone();
    let mut needs = Vec::new();
    let mut joint_steps = Vec::new();
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
        let steps = &world.mechanisms.joint_steps;
        joint_steps.extend(steps.iter().map(|step| named(&step.id, &step.name)));
    }
    Results {
        scope,
        structures: scenario
            .structures
            .iter()
            .map(|structure| named(&structure.id, &structure.name))
            .collect(),
        services,
        joint_steps,
        children: scenario
            .areas
            .iter()
            .map(|area| u64::from(area.children))
            .sum(),
        observed: scenario.study.observe,
        warm_up: scenario.study.warm_up,
        trials,
        cases: scenario
            .cases
            .iter()
            .map(|case| named_case(case, &needs, &sources))
            .collect(),
        needs,
        sources,
        areas: scenario
            .areas
            .iter()
            .map(|area| named(&area.id, &area.name))
            .collect(),
        primary: scenario.study.comparison.primary.clone(),
        vesting: vesting_days(scenario),
        churn,
        considered: considered::of(scenario),
        means: Vec::new(),
        at_posts: Vec::new(),
    }
}

fn named_case(case: &Case, needs: &[Named], sources: &[Named]) -> NamedCase {
    let position = |all: &[Named], id: &Id| {
        let found = all.iter().position(|it| it.id == id.as_str());
        found.expect("a checked script names needs and sources of its world")
    };
    NamedCase {
        id: case.id.to_string(),
        name: case.name.clone(),
        need: position(needs, &case.need),
        lasts: case.lasts,
        occasions: case
            .occasions
            .iter()
            .map(|it| NamedOccasion {
                id: it.id.to_string(),
                name: it.name.clone(),
                day: it.day,
                met_by: position(sources, &it.met_by),
                failure: it.failure.clone(),
            })
            .collect(),
    }
}

/// From decision day to the vesting day of each structure; `None` for the baseline and where
/// nothing changes.
fn vesting_days(scenario: &Scenario) -> Vec<Option<crate::units::Days>> {
    scenario
        .structures
        .iter()
        .enumerate()
        .map(|(number, structure)| match &*structure.world {
            World::Children(world) if number > 0 && scenario.study.start == Start::DecisionDay => {
                Some(world.mechanisms.change.lead_time)
            }
            _ => None,
        })
        .collect()
}
