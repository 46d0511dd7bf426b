//! How sure is the choice between structures, given that nobody knows the parameters well?
//!
//! Values are drawn from their ranges, or read at other points of them; each draw is run under every
//! structure with some trials. What comes out keeps two uncertainties apart: from draw to draw, because
//! values are not known, and from trial to trial, which is luck.

use super::designs::Design;
use super::ensemble::{Asked, Ensemble, Unfinished, Watch};
use crate::analysis::decision::{
    Choice, Discovery, Drawn, Graded, Information, Plain, Search, Shares, World, Worth, against,
    discover,
};
use crate::experiment::Plan;
use crate::experiment::results::Named;
use crate::measures::Measure;
use crate::scenario::{Grade, JointSet, LeftOut, Ranged, ToVary};

/// Fewest draws of which anything is said.
pub const FEWEST_DRAWS: usize = 20;

/// How many draws that speak against the choice are told.
const WORLDS: usize = 3;

/// What came of it.
#[derive(Debug, Clone, PartialEq)]
pub struct Uncertainty {
    /// What was drawn.
    pub parameters: Vec<Ranged>,
    /// What has a range and was not drawn.
    pub left_out: Vec<LeftOut>,
    /// The set from which some of the parameters were drawn together.
    pub joint: Option<JointSet>,
    /// The structures, baseline first.
    pub structures: Vec<Named>,
    /// Trials of each draw.
    pub trials: u32,
    /// The draws and what they gave.
    pub ensemble: Ensemble,
    /// Grades of evidence that parameters have, in the order in which [`OfMeasure::rests_on`] counts them.
    pub grades: Vec<Option<Grade>>,
    /// What they say of each measure.
    pub of_measures: Vec<OfMeasure>,
    /// Measures of which nothing can be said: some draw had nothing to measure.
    pub without: Vec<&'static Measure>,
}

/// What the draws say of one measure.
#[derive(Debug, Clone, PartialEq)]
pub struct OfMeasure {
    /// The measure.
    pub measure: &'static Measure,
    /// 1 where less is better; -1 where more is, and all that follows is of the measure with its sign
    /// turned.
    pub sign: f64,
    /// Chances, ranks, losses and regret.
    pub choice: Choice,
    /// The structure with the least mean.
    pub chosen: usize,
    /// Worth of knowing all parameters, by regression and from the means as they are.
    pub perfect: (Worth, Plain),
    /// Worth of knowing each parameter, the most worth first.
    pub of_each: Vec<(usize, Worth)>,
    /// By structure but the baseline.
    pub against_baseline: Vec<AgainstBaseline>,
    /// Draws that speak against the structure with the least mean, the worst first; none where it
    /// loses nowhere beyond luck.
    pub worlds: Vec<World>,
}

/// A structure against the baseline in one measure.
#[derive(Debug, Clone, PartialEq)]
pub struct AgainstBaseline {
    /// Its place.
    pub structure: usize,
    /// Weighted share of draws in which its mean is better.
    pub better: f64,
    /// Of those, in which it is better by more than 1.96 standard errors; and worse by as much.
    pub clearly: (f64, f64),
    /// What the variance of the difference rests on, by grade; `None` where it does not vary.
    pub rests_on: Option<Shares>,
    /// In which region of the parameters the rarer of better and worse comes about.
    pub region: Discovery,
    /// Is it that the structure is better, what the region is of?
    pub region_is_of_better: bool,
}

/// Draws values, runs the study at each draw, and says what that means for the choice.
///
/// # Errors
/// When it is stopped, or when the study refuses the values of a draw.
///
/// # Panics
/// With fewer than [`FEWEST_DRAWS`] draws or fewer than 2 trials.
pub fn uncertainty(
    asked: &Asked,
    study: ToVary,
    (design, draws): (Design, usize),
    plan: &Plan,
    watch: &Watch<'_>,
) -> Result<Uncertainty, Unfinished> {
    assert!(
        draws >= FEWEST_DRAWS && asked.trials >= 2,
        "there is enough to tell luck"
    );
    let points = super::draws_of(design, draws, &study);
    let structures = super::structures_of(&study.scenario);
    let ensemble = asked.run(structures.len(), points, plan, watch)?;
    let mut grades: Vec<Option<Grade>> = asked.parameters.iter().map(|it| it.grade).collect();
    let of_parameters = grades.clone();
    grades.sort();
    grades.dedup();
    let groups: Vec<usize> = of_parameters
        .iter()
        .map(|own| grades.iter().position(|it| it == own).unwrap_or_default())
        .collect();
    let shares = ensemble.shares();
    let weights = vec![1.0; draws];
    let (mut of_measures, mut without) = (Vec::new(), Vec::new());
    for (place, measure) in asked.measures.iter().enumerate() {
        match ensemble.drawn(place, weights.clone()) {
            Some(drawn) => of_measures.push(of_measure(measure, &drawn, &shares, &groups)),
            None => without.push(*measure),
        }
    }
    Ok(Uncertainty {
        parameters: asked.parameters.clone(),
        left_out: study.left_out,
        joint: study.joint,
        structures,
        trials: asked.trials,
        ensemble,
        grades,
        of_measures,
        without,
    })
}

fn of_measure(
    measure: &'static Measure,
    drawn: &Drawn,
    shares: &[Vec<f64>],
    groups: &[usize],
) -> OfMeasure {
    let choice = Choice::of(drawn);
    let information = Information::new(drawn, shares);
    let mut of_each: Vec<(usize, Worth)> = information.of_each().into_iter().enumerate().collect();
    of_each.sort_by(|one, other| {
        let worth = |it: &(usize, Worth)| it.1.corrected;
        worth(other)
            .total_cmp(&worth(one))
            .then(one.0.cmp(&other.0))
    });
    let means = choice.values.iter().map(|it| it.mean).enumerate();
    let chosen = means.min_by(|one, other| one.1.total_cmp(&other.1));
    let chosen = chosen.map_or(0, |(place, _)| place);
    OfMeasure {
        measure,
        sign: super::ensemble::sign_of(measure),
        chosen,
        worlds: against(drawn, shares, chosen, WORLDS),
        perfect: (information.perfect(), information.perfect_plain()),
        of_each,
        against_baseline: (1..drawn.structures())
            .map(|structure| against_baseline(structure, drawn, shares, groups))
            .collect(),
        choice,
    }
}

fn against_baseline(
    structure: usize,
    drawn: &Drawn,
    shares: &[Vec<f64>],
    groups: &[usize],
) -> AgainstBaseline {
    let differences: Vec<(f64, f64)> = (0..drawn.draws())
        .map(|draw| {
            let (value, error) = drawn.difference(draw, structure, 0);
            (value, error.unwrap_or_default())
        })
        .collect();
    let share_of = |holds: &dyn Fn(f64, f64) -> bool| -> f64 {
        let all = differences.iter().zip(drawn.weights());
        all.filter(|((value, error), _)| holds(*value, *error))
            .map(|(_, weight)| weight)
            .sum()
    };
    let better = share_of(&|value, _| value < 0.0);
    let clearly = (
        share_of(&|value, error| value < -1.96 * error),
        share_of(&|value, error| value > 1.96 * error),
    );
    let values: Vec<f64> = differences.iter().map(|it| it.0).collect();
    let luck: Vec<f64> = differences.iter().map(|it| it.1 * it.1).collect();
    let rests_on = Shares::of(&Graded {
        values: &values,
        luck: &luck,
        weights: drawn.weights(),
        points: shares,
        groups,
    });
    // What a rare outcome has in common is easier to find.
    let region_is_of_better = better <= 0.5;
    let outcomes: Vec<f64> = values
        .iter()
        .map(|value| f64::from(u8::from((*value < 0.0) == region_is_of_better)))
        .collect();
    AgainstBaseline {
        structure,
        better,
        clearly,
        rests_on,
        region: discover(shares, drawn.weights(), &outcomes, &Search::default()),
        region_is_of_better,
    }
}
