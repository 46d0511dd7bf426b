//! Where is it true? In which region of the values does one structure do better than another, and in
//! which does it not?

use super::designs::Design;
use super::ensemble::{Asked, Ensemble, Unfinished, Watch};
use crate::analysis::decision::{Discovery, Drawn, Search, discover};
use crate::experiment::Plan;
use crate::experiment::results::Named;
use crate::measures::Measure;
use crate::scenario::{JointSet, LeftOut, Ranged, ToVary};

/// What came of it.
#[derive(Debug, Clone, PartialEq)]
pub struct Discoveries {
    /// What was drawn.
    pub parameters: Vec<Ranged>,
    /// What has a range and was not drawn.
    pub left_out: Vec<LeftOut>,
    /// The set in which some of the parameters were fitted together.
    pub joint: Option<JointSet>,
    /// The structures, baseline first.
    pub structures: Vec<Named>,
    /// Trials of each draw.
    pub trials: u32,
    /// Which structure is asked of.
    pub better: usize,
    /// And which it is held against.
    pub than: usize,
    /// The draws and what they gave.
    pub ensemble: Ensemble,
    /// What they say of each measure.
    pub of_measures: Vec<OfMeasure>,
    /// Measures of which nothing can be said: some draw had nothing to measure.
    pub without: Vec<&'static Measure>,
}

/// Where it is true in one measure.
#[derive(Debug, Clone, PartialEq)]
pub struct OfMeasure {
    /// The measure.
    pub measure: &'static Measure,
    /// Share of the draws in which the structure's mean is better.
    pub share: f64,
    /// Of those in which it is better by more than 1.96 standard errors; and worse by as much.
    pub clearly: (f64, f64),
    /// Where it is better.
    pub where_better: Discovery,
    /// Where it is not.
    pub where_not: Discovery,
}

/// Draws values, runs the study at each draw, and looks for the regions in which one structure, `better`,
/// does better than another, and in which it does not.
///
/// # Errors
/// When it is stopped, or when the study refuses the values of a draw.
pub fn discoveries(
    asked: &Asked,
    study: ToVary,
    (design, draws): (Design, usize),
    [better, than]: [usize; 2],
    search: &Search,
    plan: &Plan,
    watch: &Watch<'_>,
) -> Result<Discoveries, Unfinished> {
    let structures = super::structures_of(&study.scenario);
    let points = super::draws_of(design, draws, &study);
    let ensemble = asked.run(structures.len(), points, plan, watch)?;
    let shares = ensemble.shares();
    let (mut of_measures, mut without) = (Vec::new(), Vec::new());
    for (place, measure) in asked.measures.iter().enumerate() {
        match ensemble.drawn(place, vec![1.0; draws]) {
            Some(drawn) => {
                of_measures.push(of_measure(measure, &drawn, [better, than], &shares, search));
            }
            None => without.push(*measure),
        }
    }
    Ok(Discoveries {
        parameters: asked.parameters.clone(),
        left_out: study.left_out,
        joint: study.joint,
        structures,
        trials: asked.trials,
        better,
        than,
        ensemble,
        of_measures,
        without,
    })
}

fn of_measure(
    measure: &'static Measure,
    drawn: &Drawn,
    [better, than]: [usize; 2],
    shares: &[Vec<f64>],
    search: &Search,
) -> OfMeasure {
    let differences: Vec<(f64, f64)> = (0..drawn.draws())
        .map(|draw| {
            let (value, error) = drawn.difference(draw, better, than);
            (value, error.unwrap_or_default())
        })
        .collect();
    let share_of = |holds: &dyn Fn(f64, f64) -> bool| -> f64 {
        let all = differences.iter().zip(drawn.weights());
        all.filter(|((value, error), _)| holds(*value, *error))
            .map(|(_, weight)| weight)
            .sum()
    };
    let region = |is_better: bool| {
        let outcomes: Vec<f64> = (differences.iter())
            .map(|(value, _)| f64::from(u8::from((*value < 0.0) == is_better)))
            .collect();
        discover(shares, drawn.weights(), &outcomes, search)
    };
    OfMeasure {
        measure,
        share: share_of(&|value, _| value < 0.0),
        clearly: (
            share_of(&|value, error| value < -1.96 * error),
            share_of(&|value, error| value > 1.96 * error),
        ),
        where_better: region(true),
        where_not: region(false),
    }
}
