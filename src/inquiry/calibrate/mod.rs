//! Fitting parameters of a study to published figures, with the joint set of all that agree.
//!
//! [`calibrate`] draws values, runs the study's baseline with each draw and weighs the runs by how
//! well they meet the figures ([`sampler`] says how). What comes out is a [`Calibration`]: the runs
//! with their weights, what they say of each parameter and figure, and one member of the set, run
//! again with fresh luck, to stand for all. Figures that are inputs or held out are read off every
//! run and never weigh in.

mod emulator;
mod linear;
mod luck;
mod posterior;
mod proposal;
mod sampler;

use std::sync::atomic::AtomicBool;

use super::published::flowing;
pub use posterior::{Coupled, Fit, OfParameter, Spread, Verdict};
pub use sampler::{Design, Run, RunFigures, Scale, Simulate, Target, Weighted, sample};

use crate::engine::normal_tail;
use crate::experiment::{self, Plan, results::Results};
use crate::measures::FlowUnit;
use crate::scenario::{
    self, Drawable, Figure, FigureSet, Problems, Request, Role, Simulated, ToFit,
};

/// The first parameter draw that a run of the chosen member takes its luck from, far above those of
/// the fit.
const FRESH_DRAWS: u32 = 1_000_000;

/// What a calibration is asked for.
#[derive(Debug, Clone)]
pub struct Asked {
    /// The study, with whatever the user wants otherwise; its figures are what is fitted to.
    pub request: Request,
    /// How many runs, and by which seed.
    pub design: Design,
    /// Trials of each run.
    pub trials: u32,
    /// Runs of the chosen member with fresh luck, at least 2.
    pub fresh_runs: u32,
}

/// What the caller wants to know and can say while runs are made.
pub struct Watch<'a> {
    /// The figures of a run that was made before, by its number.
    pub known: &'a (dyn Fn(u32) -> Option<RunFigures> + Sync),
    /// Told of every run as it ends, in no particular order.
    pub on_run: &'a (dyn Fn(u32, &RunFigures) + Sync),
    /// Set to end before the end.
    pub stop: &'a AtomicBool,
}

/// Why there is no calibration.
#[derive(Debug)]
pub enum Unfinished {
    /// It was told to stop.
    Stopped,
    /// A draw of several values together is refused by the study, though each alone is not.
    Refused(Box<Problems>),
}

/// What came of a calibration.
#[derive(Debug, Clone)]
pub struct Calibration {
    /// What was varied.
    pub parameters: Vec<Drawable>,
    /// What was fitted to and what was held out.
    pub figures: FigureSet,
    /// Every run with its weight.
    pub weighted: Weighted,
    /// What the runs say of each figure.
    pub fits: Vec<Fit>,
    /// What they say of each parameter.
    pub of_parameters: Vec<OfParameter>,
    /// Pairs of parameters that the figures couple, the strongest first.
    pub coupled: Vec<Coupled>,
    /// Number of the member that stands for all.
    pub chosen: usize,
    /// Is the study a network, whose rates are not for children?
    pub is_network: bool,
}

impl Calibration {
    /// How far between its ends each parameter of a run lies, from 0 to 1.
    pub fn shares(&self, run: usize) -> Vec<f64> {
        shares(&self.weighted.runs[run].point)
    }

    /// Runs with weight, the heaviest first until all but a thousandth of it is there; in the order of
    /// runs, with weights that sum to 1.
    pub fn accepted(&self) -> Vec<(usize, f64)> {
        posterior::accepted(&self.weighted.weights)
    }
}

/// From the coordinates of the sampler to shares of the way between the ends.
fn shares(point: &[f64]) -> Vec<f64> {
    point.iter().map(|z| 1.0 - normal_tail(*z)).collect()
}

/// Fits the parameters that the study's figures let vary.
///
/// `study` is what [`scenario::load_to_fit`] made of the request.
///
/// # Errors
/// When it is stopped, or when the study refuses a draw.
pub fn calibrate(
    asked: &Asked,
    study: &ToFit,
    plan: &Plan,
    watch: &Watch<'_>,
) -> Result<Calibration, Unfinished> {
    let parameters = study.parameters.as_slice();
    let scenario = &study.scenario;
    let figures = scenario.figures.clone().unwrap_or_else(|| FigureSet {
        id: scenario.study.id.clone(),
        name: String::new(),
        summary: String::new(),
        figures: Vec::new(),
        vary: Vec::new(),
    });
    let targets = targets(&figures);
    let runner = Runner {
        asked,
        parameters,
        figures: &figures.figures,
        plan,
        watch,
    };
    let mut refused = None;
    let weighted = sample(
        parameters.len(),
        &targets,
        &asked.design,
        &mut |first, points| {
            let shares: Vec<Vec<f64>> = points.iter().map(|it| shares(it)).collect();
            let numbers = (first..first + points.len()).map(|run| run as u32);
            let pieces: Vec<(u32, &[f64])> =
                numbers.zip(shares.iter().map(Vec::as_slice)).collect();
            match runner.run(&pieces) {
                Ok(figures) => Some(figures),
                Err(unfinished) => {
                    refused = Some(unfinished);
                    None
                }
            }
        },
    );
    let Some(weighted) = weighted else {
        return Err(refused.unwrap_or(Unfinished::Stopped));
    };
    let chosen = posterior::chosen(&weighted, &targets);
    let of_chosen = shares(&weighted.runs[chosen].point);
    let again: Vec<(u32, &[f64])> = (0..asked.fresh_runs)
        .map(|it| (FRESH_DRAWS + it, of_chosen.as_slice()))
        .collect();
    let fresh = runner.run(&again)?;
    Ok(Calibration {
        fits: posterior::fits(&figures, &weighted, &fresh),
        of_parameters: posterior::of_parameters(parameters, &weighted, chosen),
        coupled: posterior::coupled(&weighted),
        parameters: parameters.to_vec(),
        figures,
        weighted,
        chosen,
        is_network: study.parameter_file.is_none(),
    })
}

/// Runs the study's baseline with values drawn.
struct Runner<'a> {
    asked: &'a Asked,
    parameters: &'a [Drawable],
    figures: &'a [Figure],
    plan: &'a Plan,
    watch: &'a Watch<'a>,
}

impl Runner<'_> {
    fn run(&self, pieces: &[(u32, &[f64])]) -> Result<Vec<RunFigures>, Unfinished> {
        let done = experiment::in_parallel(self.plan, pieces.len() as u32, |piece| {
            let (number, shares) = pieces[piece as usize];
            if let Some(known) = (self.watch.known)(number) {
                return Some(Ok(known));
            }
            Some(match self.one(number, shares)? {
                Ok(figures) => {
                    (self.watch.on_run)(number, &figures);
                    Ok(figures)
                }
                Err(problems) => Err(Unfinished::Refused(Box::new(problems))),
            })
        });
        done.ok_or(Unfinished::Stopped)?.into_iter().collect()
    }

    /// One run; `None` if it is to stop.
    fn one(&self, number: u32, shares: &[f64]) -> Option<Result<RunFigures, Problems>> {
        let mut scenario = match scenario::load_drawn(&self.asked.request, self.parameters, shares)
        {
            Ok(scenario) => scenario,
            Err(problems) => return Some(Err(problems)),
        };
        scenario.study.trials = self.asked.trials;
        // Draw 0 is the study as it is stated.
        let results = experiment::run_draw(scenario, number + 1, self.watch.stop)?;
        let figures = self.figures.iter().map(|figure| value(figure, &results));
        Some(Ok(figures.collect()))
    }
}

/// A figure's companion in a run: all its trials taken together.
fn value(figure: &Figure, results: &Results) -> Option<f64> {
    let flowing = flowing(figure, results)?;
    let mut all = results.trials.first()?.first()?.clone();
    for trial in &results.trials[1..] {
        all.add(&trial[0]);
    }
    flowing.value(&all).filter(|it| it.is_finite())
}

/// The figures that are fitted to.
fn targets(set: &FigureSet) -> Vec<Target> {
    (set.figures.iter().enumerate())
        .filter(|(_, figure)| figure.role == Role::Fitted)
        .filter_map(|(place, figure)| {
            let Simulated::Flow(of) = &figure.simulated else {
                return None;
            };
            // Values are in the unit of the quantity, shares in percent.
            let scale = match of.flow.unit() {
                _ if figure.value <= 0.0 => Scale::Plain,
                FlowUnit::Share => Scale::LogOdds { whole: 100.0 },
                FlowUnit::Rate | FlowUnit::Number | FlowUnit::Days => Scale::Logarithm,
            };
            Some(Target {
                figure: place,
                value: figure.value,
                within: figure.within,
                scale,
            })
        })
        .collect()
}
