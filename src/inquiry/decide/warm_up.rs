//! Is a study's warm-up long enough? The baseline is counted from its first day in several trials, and
//! whatever is followed month by month says for itself when it has become steady.
//!
//! Of many series one or another seems unsteady by luck. So the chance of calling luck more than luck
//! is 5% for all of them together: each has its part of it (Bonferroni).

use std::sync::atomic::AtomicBool;

use super::ensemble::{RunValues, Unfinished, Watch};
use crate::analysis::decision::{Steadiness, Steady, steady};
use crate::analysis::{Followed, Overload, in_use_at_last, overloads};
use crate::experiment::course::MONTH;
use crate::experiment::results::Named;
use crate::experiment::{Plan, Prepared, in_parallel};
use crate::measures::Scope;
use crate::scenario::{Scenario, World};
use crate::units::Days;

/// Fewest months or steps that are followed, unless the user says otherwise: MSER-5 wants 50, and its
/// answer must not lie in the second half.
pub const FEWEST: u32 = 60;
/// Fewest of which MSER-5 says anything.
pub const LEAST: u32 = 50;
/// The largest bias that does not matter, as a share of the mean.
pub const TOLERABLE: f64 = 0.01;
/// Chance of calling luck more than luck in any of the series.
const FALSE_ALARM: f64 = 0.05;
/// A service whose places are in use to this share over the second half of the course is full.
const FULL: f64 = 0.98;
/// A second of rounding is no further month.
const ROUNDING: f64 = 1e-6;

/// What is asked.
#[derive(Debug, Clone)]
pub struct Asked {
    /// The study; only its baseline is run.
    pub scenario: Scenario,
    /// Trials, at least 2.
    pub trials: u32,
    /// Seconds of an observation.
    pub step: u32,
    /// Observations, from the first day of the warm-up.
    pub observations: u32,
}

/// What came of it.
#[derive(Debug, Clone, PartialEq)]
pub struct WarmUp {
    /// Is it children that are followed, or cases?
    pub scope: Scope,
    /// Trials.
    pub trials: u32,
    /// An observation lasts so long.
    pub step: Days,
    /// How many were followed.
    pub observations: usize,
    /// The study's warm-up in observations, a part of one counted whole.
    pub warm_up: usize,
    /// The services.
    pub services: Vec<Named>,
    /// What was followed and is not the same throughout.
    pub series: Vec<OfSeries>,
    /// Services whose places are all in use over the second half of the course.
    pub full: Vec<usize>,
    /// Services that are offered more than they can do; of a network nobody knows beforehand.
    pub overloads: Vec<Overload>,
}

/// What is said of one series.
#[derive(Debug, Clone, PartialEq)]
pub struct OfSeries {
    /// What is followed.
    pub what: Followed,
    /// Mean over trials of every observation.
    pub means: Vec<f64>,
    /// Where it becomes steady.
    pub steady: Steady,
}

impl OfSeries {
    /// The mean after the warm-up; of all where nothing follows it.
    pub fn level(&self) -> f64 {
        let from = match self.steady.warm_up < self.means.len() {
            true => self.steady.warm_up,
            false => 0,
        };
        let after = &self.means[from..];
        after.iter().sum::<f64>() / after.len() as f64
    }

    /// The warm-up that this series alone asks for, in observations: nothing where it has no beginning
    /// that is told from luck. `None` where it does not settle or cannot be judged.
    pub fn asks_for(&self) -> Option<usize> {
        let judged = !matches!(
            self.steady.told,
            Steadiness::StillMoving | Steadiness::SeriesTooShort
        );
        let cut = self.steady.truncation.filter(|_| judged)?;
        Some(if self.steady.has_beginning { cut } else { 0 })
    }
}

impl WarmUp {
    /// The warm-up to be recommended, in observations: the longest that any series asks for. `None`
    /// where no series can be judged.
    pub fn recommended(&self) -> Option<usize> {
        self.series.iter().filter_map(OfSeries::asks_for).max()
    }

    /// Series of which this is said.
    pub fn told(&self, told: Steadiness) -> impl Iterator<Item = &OfSeries> {
        self.series.iter().filter(move |it| it.steady.told == told)
    }
}

/// Seconds of an observation: of a month, or of so many days where a network is asked for that.
/// `None` for steps of a study of children, which keeps months.
pub fn step_of(scenario: &Scenario, days: Option<u32>) -> Option<u32> {
    match (days, scope_of(scenario)) {
        (None, _) => Some(MONTH),
        (Some(days), Scope::Network) => Some(days * 86_400),
        (Some(_), _) => None,
    }
}

/// How many observations are followed unless the user says otherwise: those of the study's warm-up and
/// observed time, at least twice the warm-up, and [`FEWEST`].
pub fn usual(scenario: &Scenario, step: u32) -> u32 {
    let study = &scenario.study;
    let (warm_up, observe) = (study.warm_up.get(), study.observe.get());
    in_observations((2.0 * warm_up).max(warm_up + observe), step).max(FEWEST)
}

/// A time in observations of so many seconds, a part of one counted whole.
pub fn in_observations(days: f64, step: u32) -> u32 {
    (days * 86_400.0 / f64::from(step) - ROUNDING).ceil() as u32
}

fn scope_of(scenario: &Scenario) -> Scope {
    match scenario.structures.first().map(|it| &*it.world) {
        Some(World::Network(_)) => Scope::Network,
        _ => Scope::Children,
    }
}

/// Runs the baseline from its first day and judges the study's warm-up.
///
/// # Errors
/// When it is stopped.
///
/// # Panics
/// With fewer than 2 trials or [`LEAST`] observations, or where these end within the warm-up.
pub fn warm_up(asked: &Asked, plan: &Plan, watch: &Watch<'_>) -> Result<WarmUp, Unfinished> {
    assert!(
        asked.trials >= 2 && asked.observations >= LEAST,
        "there is enough to tell luck"
    );
    let prepared = prepared(asked, plan, watch.stop).ok_or(Unfinished::Stopped)?;
    let scope = scope_of(&asked.scenario);
    let (_, services) = prepared.names();
    let followed = Followed::all(scope, services.len());
    let days = f64::from(asked.step) / 86_400.0;
    let runs = in_parallel(plan, asked.trials, |trial| {
        (watch.known)(trial).or_else(|| {
            let tally = prepared.course(trial, asked.step, watch.stop)?;
            let mut values: RunValues = (0..services.len())
                .map(|service| in_use_at_last(&tally, service))
                .collect();
            for what in &followed {
                let found = what.values(&tally, days);
                values.push(found.as_ref().map(|it| it.len() as f64));
                values.extend(found.into_iter().flatten().map(Some));
            }
            (watch.on_run)(trial, &values);
            Some(values)
        })
    });
    let runs = runs.ok_or(Unfinished::Stopped)?;
    let warm_up = in_observations(asked.scenario.study.warm_up.get(), asked.step) as usize;
    let full = (0..services.len()).filter(|service| {
        let in_use = runs.iter().map(|run| run[*service]);
        let in_use: Option<Vec<f64>> = in_use.collect();
        in_use.is_some_and(|all| all.iter().sum::<f64>() / all.len() as f64 >= FULL)
    });
    Ok(WarmUp {
        scope,
        trials: asked.trials,
        step: Days::try_from(days).expect("a step lasts"),
        observations: asked.observations as usize,
        warm_up,
        full: full.collect(),
        series: series(&followed, &runs, services.len(), warm_up),
        overloads: overloads(prepared.means()),
        services,
    })
}

/// The baseline alone, from whose first day to the end of the last observation it is.
fn prepared(asked: &Asked, plan: &Plan, stop: &AtomicBool) -> Option<Prepared> {
    let mut scenario = asked.scenario.clone();
    scenario.structures.truncate(1);
    // Scripted children come on decision day and are no part of what has to become steady.
    scenario.cases.clear();
    scenario.study.comparison.also_at_posts.clear();
    let all = f64::from(asked.observations) * f64::from(asked.step) / 86_400.0;
    let after = all - scenario.study.warm_up.get();
    scenario.study.observe = Days::try_from(after).expect("the course ends after the warm-up");
    Prepared::new(&scenario, plan, stop)
}

/// What is followed, read back from the values of every trial; what never moves is left out.
fn series(
    followed: &[Followed],
    runs: &[RunValues],
    services: usize,
    warm_up: usize,
) -> Vec<OfSeries> {
    let mut of_runs: Vec<&[Option<f64>]> = runs.iter().map(|run| &run[services..]).collect();
    let mut all: Vec<(Followed, Vec<Vec<f64>>)> = Vec::new();
    for what in followed {
        let mut trials = Vec::new();
        for run in &mut of_runs {
            let Some((head, rest)) = run.split_first() else {
                continue;
            };
            let (own, rest) = rest.split_at(head.map_or(0, |length| length as usize));
            *run = rest;
            trials.push(own.iter().copied().flatten().collect::<Vec<f64>>());
        }
        let first = trials.first().and_then(|it| it.first()).copied();
        let is_same = |it: &f64| Some(it.to_bits()) == first.map(f64::to_bits);
        let moves = trials.iter().flatten().any(|it| !is_same(it));
        if moves && trials.iter().all(|it| !it.is_empty()) {
            all.push((*what, trials));
        }
    }
    let false_alarm = FALSE_ALARM / all.len().max(1) as f64;
    all.into_iter()
        .map(|(what, trials)| {
            let n = trials.len() as f64;
            let length = trials[0].len();
            OfSeries {
                what,
                means: (0..length)
                    .map(|at| trials.iter().map(|it| it[at]).sum::<f64>() / n)
                    .collect(),
                steady: steady(&trials, warm_up, TOLERABLE, false_alarm),
            }
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;
    use std::sync::Mutex;

    use super::*;
    use crate::scenario::{self, Request};

    fn asked(study: &str, set: &[&str]) -> Asked {
        let request = Request {
            study: study.to_owned(),
            structures: Some(String::new()),
            set: set.iter().map(|it| (*it).to_owned()).collect(),
            ..Request::default()
        };
        let scenario = scenario::load(&request).unwrap();
        let step = step_of(&scenario, None).unwrap();
        Asked {
            observations: usual(&scenario, step),
            scenario,
            trials: 3,
            step,
        }
    }

    #[test]
    fn trials_that_were_kept_are_not_run_again() {
        let asked = asked(
            "calibration-2003",
            &[
                "area.typical-council-2003.children=300",
                "study.warm_up=1 year",
                "study.observe=1 year",
            ],
        );
        assert_eq!(asked.observations, FEWEST);
        let kept = Mutex::new(BTreeMap::new());
        let stop = AtomicBool::new(false);
        let plan = Plan { threads: Some(1) };
        let first = Watch {
            known: &|_| None,
            on_run: &|run, values| {
                kept.lock().unwrap().insert(run, values.clone());
            },
            stop: &stop,
        };
        let found = warm_up(&asked, &plan, &first).unwrap();
        assert_eq!(kept.lock().unwrap().len(), 3);
        let again = Watch {
            known: &|run| kept.lock().unwrap().get(&run).cloned(),
            on_run: &|run, _| panic!("trial {run} is run again"),
            stop: &stop,
        };
        assert!(warm_up(&asked, &plan, &again).unwrap() == found);
        assert_eq!(found.warm_up, 12);
        assert!(found.series.len() > 8);
    }

    #[test]
    fn a_study_is_followed_as_long_as_it_takes_to_judge_its_warm_up() {
        let months = |set: &[&str]| asked("calibration-2003", set).observations;
        assert_eq!(
            months(&["study.warm_up=10 years", "study.observe=5 years"]),
            240
        );
        assert_eq!(
            months(&["study.warm_up=3 years", "study.observe=5 years"]),
            96
        );
        assert_eq!(
            step_of(&asked("calibration-2003", &[]).scenario, Some(7)),
            None
        );
        assert_eq!(
            step_of(&asked("duty-desk", &[]).scenario, Some(7)),
            Some(604_800)
        );
    }
}
