//! What would change the answer: how far must one value go before another structure is best?
//!
//! Each value goes through its range alone, while all others stay where they are stated. At every place
//! the study is run with the same luck, so that places differ in the value and nothing else. A flip by
//! two values together is not looked for; [`super::tipping`] looks at two.

use super::ensemble::{Asked, Ensemble, Point, Unfinished, Watch, sign_of};
use crate::analysis::decision::{
    AtShare, Parting, SecondBest, along, by_distance, overtaking, parting, tipping_map,
};
use crate::experiment::Plan;
use crate::experiment::results::Named;
use crate::measures::Measure;
use crate::scenario::{JointSet, LeftOut, Ranged, ToVary};

/// Fewest places of each range: its two ends.
pub const FEWEST_PLACES: usize = 2;

/// What came of it.
#[derive(Debug, Clone, PartialEq)]
pub struct Flips {
    /// What went through its range.
    pub parameters: Vec<Ranged>,
    /// What has a range and did not.
    pub left_out: Vec<LeftOut>,
    /// The set in which some of the parameters were fitted together.
    pub joint: Option<JointSet>,
    /// The structures, baseline first.
    pub structures: Vec<Named>,
    /// Trials at each place.
    pub trials: u32,
    /// The places, that of all stated values first, and what they gave.
    pub ensemble: Ensemble,
    /// What they say of each measure.
    pub of_measures: Vec<OfMeasure>,
    /// Measures of which nothing can be said: somewhere there was nothing to measure.
    pub without: Vec<&'static Measure>,
}

/// How far the answer of one measure is from changing.
#[derive(Debug, Clone, PartialEq)]
pub struct OfMeasure {
    /// The measure.
    pub measure: &'static Measure,
    /// 1 where less is better; -1 where more is, and all that follows is of the measure with its sign
    /// turned.
    pub sign: f64,
    /// Mean by structure where all values are as stated.
    pub means: Vec<f64>,
    /// The structure that is best there.
    pub leader: usize,
    /// The one that comes next there.
    pub next: SecondBest,
    /// By parameter, the soonest flip first.
    pub flips: Vec<Flip>,
    /// Each structure but the baseline against it alone, whoever leads.
    pub pairs: Vec<Pair>,
}

/// A structure against the baseline.
#[derive(Debug, Clone, PartialEq)]
pub struct Pair {
    /// Its place.
    pub structure: usize,
    /// The structure's mean less the baseline's where all values are as stated.
    pub difference: f64,
    /// Its standard error over paired trials.
    pub standard_error: f64,
    /// By parameter, the soonest first: whether and where the difference changes its sign.
    pub flips: Vec<(usize, Parting)>,
}

/// What one value can do to the answer.
#[derive(Debug, Clone, PartialEq)]
pub struct Flip {
    /// Its place among the parameters.
    pub parameter: usize,
    /// The structure that overtakes the leader first, or comes nearest to it.
    pub rival: usize,
    /// Whether and where it does.
    pub parting: Parting,
    /// The rival's values less the leader's, through the range.
    pub course: Vec<AtShare>,
    /// The same for every structure but the leader, with whether and where it overtakes.
    pub of_each: Vec<(usize, Parting)>,
}

/// Runs the study with every value at its places, and says how far each must go to change the answer.
///
/// `places` are equal steps of a range, ends included; the stated value is one more.
///
/// # Errors
/// When it is stopped, or when the study refuses a value.
///
/// # Panics
/// With fewer than [`FEWEST_PLACES`] places, 2 trials or 2 structures.
pub fn flips(
    asked: &Asked,
    study: ToVary,
    places: usize,
    plan: &Plan,
    watch: &Watch<'_>,
) -> Result<Flips, Unfinished> {
    assert!(
        places >= FEWEST_PLACES && asked.trials >= 2,
        "there is a line and an error"
    );
    let structures = super::structures_of(&study.scenario);
    assert!(structures.len() > 1, "there is something to choose from");
    let parameters = &asked.parameters;
    let ways: Vec<Vec<f64>> = parameters.iter().map(|it| shares(it, places)).collect();
    let points = points(parameters, &ways);
    let ensemble = asked.run(structures.len(), points, plan, watch)?;
    let (mut of_measures, mut without) = (Vec::new(), Vec::new());
    for (place, measure) in asked.measures.iter().enumerate() {
        match of_measure(measure, place, &ensemble, parameters, &ways) {
            Some(found) => of_measures.push(found),
            None => without.push(*measure),
        }
    }
    Ok(Flips {
        parameters: parameters.clone(),
        left_out: study.left_out,
        joint: study.joint,
        structures,
        trials: asked.trials,
        ensemble,
        of_measures,
        without,
    })
}

/// How many runs it takes.
pub fn runs(parameters: &[Ranged], places: usize) -> usize {
    let own = parameters.iter().map(|it| shares(it, places).len() - 1);
    1 + own.sum::<usize>()
}

/// Where in its range a value is tried: equal steps and where it is stated, rising.
fn shares(parameter: &Ranged, places: usize) -> Vec<f64> {
    let last = (places - 1) as f64;
    let even = (0..places).map(|it| it as f64 / last);
    // A place that is all but the stated one would be run twice for nothing.
    let mut shares: Vec<f64> = even
        .filter(|it| (it - parameter.stated).abs() > 1e-3)
        .chain([parameter.stated])
        .collect();
    shares.sort_by(f64::total_cmp);
    shares
}

/// All values as stated, then one after the other at its places.
fn points(parameters: &[Ranged], ways: &[Vec<f64>]) -> Vec<Point> {
    let stated: Vec<f64> = parameters.iter().map(|it| it.stated).collect();
    let mut all = vec![stated.clone()];
    for (place, way) in ways.iter().enumerate() {
        let others = way.iter().filter(|it| !is_stated(parameters, place, **it));
        all.extend(others.map(|share| {
            let mut shares = stated.clone();
            shares[place] = *share;
            shares
        }));
    }
    (all.into_iter().zip(0..))
        .map(|(shares, number)| Point::at(number, 0, shares))
        .collect()
}

fn is_stated(parameters: &[Ranged], place: usize, share: f64) -> bool {
    parameters[place].stated.to_bits() == share.to_bits()
}

fn of_measure(
    measure: &'static Measure,
    number: usize,
    ensemble: &Ensemble,
    parameters: &[Ranged],
    ways: &[Vec<f64>],
) -> Option<OfMeasure> {
    let stated = ensemble.drawn_at(number, &[0], vec![1.0])?;
    let here = tipping_map(&stated, &[(0.0, 0.0)]).pop()?;
    let mut next_run = 1;
    let mut flips = Vec::new();
    let mut pairs: Vec<Vec<(usize, Parting)>> = vec![Vec::new(); stated.structures()];
    for (parameter, way) in ways.iter().enumerate() {
        let draws: Vec<usize> = (way.iter())
            .map(|share| {
                if is_stated(parameters, parameter, *share) {
                    return 0;
                }
                next_run += 1;
                next_run - 1
            })
            .collect();
        let drawn = ensemble.drawn_at(number, &draws, vec![1.0; draws.len()])?;
        for (structure, pair) in pairs.iter_mut().enumerate().skip(1) {
            let course = along(&drawn, way, structure, 0);
            pair.push((parameter, parting(&course, parameters[parameter].stated)));
        }
        let of_each = overtaking(&drawn, way, parameters[parameter].stated, here.best);
        let &(rival, soonest) = of_each.first()?;
        flips.push(Flip {
            parameter,
            rival,
            parting: soonest,
            course: along(&drawn, way, rival, here.best),
            of_each,
        });
    }
    let sorted = by_distance(
        flips
            .into_iter()
            .map(|it| (it.clone(), it.parting))
            .collect(),
    );
    Some(OfMeasure {
        measure,
        sign: sign_of(measure),
        leader: here.best,
        next: here.next?,
        pairs: (pairs.into_iter().enumerate().skip(1))
            .map(|(structure, flips)| {
                let (difference, error) = stated.difference(0, structure, 0);
                Pair {
                    structure,
                    difference,
                    standard_error: error.unwrap_or_default(),
                    flips: by_distance(flips),
                }
            })
            .collect(),
        means: here.means,
        flips: sorted.into_iter().map(|(flip, _)| flip).collect(),
    })
}
