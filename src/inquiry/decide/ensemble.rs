//! Runs of a study at many sets of values of its uncertain parameters.

use std::sync::atomic::AtomicBool;

use crate::analysis::{self, decision::Drawn};
use crate::experiment::{self, Plan, results::Results};
use crate::measures::{Direction, Measure};
use crate::scenario::{self, Problems, Ranged, Request, ToVary};
use crate::units::rounded;

/// What is run, but for the values.
#[derive(Debug, Clone)]
pub struct Asked {
    /// The study, with whatever the user wants otherwise.
    pub request: Request,
    /// What is varied.
    pub parameters: Vec<Ranged>,
    /// Trials at each set of values, at least 2.
    pub trials: u32,
    /// What is read off each trial.
    pub measures: Vec<&'static Measure>,
}

/// One set of values.
#[derive(Debug, Clone, PartialEq)]
pub struct Point {
    /// Its number, from 0, by which its run is kept.
    pub number: u32,
    /// Which luck it has. 0 is that of the study as it is stated. Points of one luck differ in nothing
    /// but the values; with a luck each, draws are independent, and what is luck can be told from what
    /// is not.
    pub luck: u32,
    /// Where in its design it lies: a coordinate from 0 to 1 for each factor
    /// ([`ToVary::factors`]); none where its shares were chosen one by one.
    pub coordinates: Vec<f64>,
    /// How far between its ends each parameter lies, from 0 to 1.
    pub shares: Vec<f64>,
}

impl Point {
    /// The values of a study at a place in a design.
    pub fn of(study: &ToVary, number: u32, luck: u32, coordinates: Vec<f64>) -> Self {
        Self {
            number,
            luck,
            shares: study.shares_of(&coordinates),
            coordinates,
        }
    }

    /// A point of no design: each parameter lies where it is said to.
    pub fn at(number: u32, luck: u32, shares: Vec<f64>) -> Self {
        Self {
            number,
            luck,
            coordinates: Vec::new(),
            shares,
        }
    }
}

/// What one run gives, one number after the other: by measure, then structure, then trial. `None` where
/// nothing was there to be measured.
pub type RunValues = Vec<Option<f64>>;

/// What the caller knows and wants to know while runs are made.
pub struct Watch<'a> {
    /// The values of a run that was made before, by its number.
    pub known: &'a (dyn Fn(u32) -> Option<RunValues> + Sync),
    /// Told of every run as it ends, in no particular order.
    pub on_run: &'a (dyn Fn(u32, &RunValues) + Sync),
    /// Set to end before the end.
    pub stop: &'a AtomicBool,
}

/// Why there is nothing to tell.
#[derive(Debug)]
pub enum Unfinished {
    /// It was told to stop.
    Stopped,
    /// Several values together are refused by the study, though each alone is not.
    Refused(Box<Problems>),
}

/// What runs at many points gave.
#[derive(Debug, Clone, PartialEq)]
pub struct Ensemble {
    /// The points.
    pub points: Vec<Point>,
    /// What each gave.
    pub runs: Vec<RunValues>,
    measures: Vec<&'static Measure>,
    structures: usize,
}

impl Asked {
    /// Runs the study at every point, on all threads.
    ///
    /// # Errors
    /// When it is stopped, or when the study refuses the values of a point.
    pub fn run(
        &self,
        structures: usize,
        points: Vec<Point>,
        plan: &Plan,
        watch: &Watch<'_>,
    ) -> Result<Ensemble, Unfinished> {
        let done = experiment::in_parallel(plan, points.len() as u32, |place| {
            let point = &points[place as usize];
            if let Some(known) = (watch.known)(point.number) {
                return Some(Ok(known));
            }
            let values = self.one(point, watch.stop)?;
            if let Ok(values) = &values {
                (watch.on_run)(point.number, values);
            }
            Some(values)
        });
        let runs = done.ok_or(Unfinished::Stopped)?;
        let runs: Result<Vec<RunValues>, Problems> = runs.into_iter().collect();
        Ok(Ensemble {
            runs: runs.map_err(|it| Unfinished::Refused(Box::new(it)))?,
            points,
            measures: self.measures.clone(),
            structures,
        })
    }

    /// One run; `None` if it is to stop.
    fn one(&self, point: &Point, stop: &AtomicBool) -> Option<Result<RunValues, Problems>> {
        let loaded = scenario::load_varied(&self.request, &self.parameters, &point.shares);
        let mut scenario = match loaded {
            Ok(scenario) => scenario,
            Err(problems) => return Some(Err(problems)),
        };
        scenario.study.trials = self.trials;
        let results = experiment::run_draw(scenario, point.luck, stop)?;
        Some(Ok(self.values(&results)))
    }

    fn values(&self, results: &Results) -> RunValues {
        let structures = 0..results.structures.len();
        let of_measure = |measure: &'static Measure| {
            structures.clone().flat_map(move |structure| {
                let trials = results.trials.iter();
                trials.map(move |trial| {
                    let value = analysis::value(measure, &trial[structure]);
                    // As files have it, so that what is read back from one is what was run.
                    value.filter(|it| it.is_finite()).map(rounded)
                })
            })
        };
        self.measures.iter().flat_map(|it| of_measure(it)).collect()
    }
}

impl Ensemble {
    /// What a measure came to, by draw, structure and trial, less always the better: the sign of a
    /// measure of which more is better is turned. `None` where a run had nothing to measure.
    ///
    /// `weights` are those of the draws.
    pub fn drawn(&self, measure: usize, weights: Vec<f64>) -> Option<Drawn> {
        let draws: Vec<usize> = (0..self.runs.len()).collect();
        self.drawn_at(measure, &draws, weights)
    }

    /// The same of some of the draws, by their places.
    pub fn drawn_at(&self, measure: usize, draws: &[usize], weights: Vec<f64>) -> Option<Drawn> {
        let sign = sign_of(self.measures[measure]);
        let values = draws.iter().map(|draw| {
            let run = &self.runs[*draw];
            let trials = run.len() / (self.measures.len() * self.structures);
            let of_measure = trials * self.structures;
            let own = &run[measure * of_measure..(measure + 1) * of_measure];
            own.chunks(trials)
                .map(|trials| trials.iter().map(|it| it.map(|it| sign * it)).collect())
                .collect::<Option<Vec<Vec<f64>>>>()
        });
        Some(Drawn::new(weights, values.collect::<Option<_>>()?))
    }

    /// What was read off each trial.
    pub fn measures(&self) -> &[&'static Measure] {
        &self.measures
    }

    /// Where in the design the points lie, by factor.
    pub fn coordinates(&self) -> Vec<Vec<f64>> {
        let points = self.points.iter();
        points.map(|it| it.coordinates.clone()).collect()
    }

    /// How far between its ends each parameter lies, by point.
    pub fn shares(&self) -> Vec<Vec<f64>> {
        self.points.iter().map(|it| it.shares.clone()).collect()
    }
}

/// 1 where less is better, -1 where more is.
pub fn sign_of(measure: &Measure) -> f64 {
    match measure.direction {
        Direction::HigherIsBetter => -1.0,
        _ => 1.0,
    }
}
