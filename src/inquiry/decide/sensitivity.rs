//! What matters: which values move a measure, under each structure and in the difference of each from
//! the baseline.
//!
//! Three designs, from coarse to fine. Trajectories (Morris) look at every value and cost a run for each.
//! The values that they show to matter go on to first-order and total indices (Sobol), each a group of
//! its own, all others together as one more, so that nothing is left out. And each of them goes to
//! both ends of its range alone. Points of a trajectory, and of a row of the second design, share their
//! luck, so that they differ in values and nothing else; what luck is left is taken out.

use super::designs::{Design, saltelli, trajectories};
use super::ensemble::{Asked, Ensemble, Point, Unfinished, Watch, sign_of};
use crate::analysis::decision::{
    Effects, Rows, Screened, Sensitivity, luck_of_steps, paired_error,
};
use crate::experiment::Plan;
use crate::experiment::results::Named;
use crate::measures::Measure;
use crate::scenario::{Factor, JointSet, LeftOut, Ranged, ToVary};

/// Levels of a trajectory: a step is two thirds of a range.
const LEVELS: usize = 4;
/// Length of a step, as a share of the range.
const STEP: f64 = 2.0 / 3.0;
/// Fewest trajectories: a spread needs two, and means of fewer than four say little.
pub const FEWEST_TRAJECTORIES: usize = 4;
/// Fewest rows for indices.
pub const FEWEST_ROWS: usize = 16;

/// How much is run.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Effort {
    /// Trajectories, each a run more than there are values.
    pub trajectories: usize,
    /// How many values go on to indices, at most.
    pub kept: usize,
    /// Rows for indices; a row is as many runs as values that go on, and three.
    pub rows: usize,
}

/// What came of it.
#[derive(Debug, Clone, PartialEq)]
pub struct Sensitivities {
    /// What was varied.
    pub parameters: Vec<Ranged>,
    /// What has a range and was not varied.
    pub left_out: Vec<LeftOut>,
    /// The set in which some of the parameters were fitted together.
    pub joint: Option<JointSet>,
    /// The structures, baseline first.
    pub structures: Vec<Named>,
    /// Trials of each run.
    pub trials: u32,
    /// How much was run.
    pub effort: Effort,
    /// What a design moves by itself: a parameter, or all that were fitted together.
    pub factors: Vec<Factor>,
    /// Factors that went on to indices, the one that matters most first.
    pub kept: Vec<usize>,
    /// All runs of trajectories, of rows, and of the ends of ranges.
    pub ensembles: [Ensemble; 3],
    /// What they say of each measure.
    pub of_measures: Vec<OfMeasure>,
    /// Measures of which nothing can be said: some run had nothing to measure.
    pub without: Vec<&'static Measure>,
}

/// What moves one measure.
#[derive(Debug, Clone, PartialEq)]
pub struct OfMeasure {
    /// The measure.
    pub measure: &'static Measure,
    /// Of each structure alone, then of the difference of each from the baseline.
    pub quantities: Vec<OfQuantity>,
}

/// A measure under one structure, or a difference of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Quantity {
    /// Under the structure at this place.
    Alone(usize),
    /// The structure at this place less the baseline.
    Difference(usize),
}

/// What moves one quantity, in the unit and direction of the measure.
#[derive(Debug, Clone, PartialEq)]
pub struct OfQuantity {
    /// What is moved.
    pub quantity: Quantity,
    /// By factor: effects of steps, as of a step over the whole range.
    pub screened: Vec<Screened>,
    /// Factors, the one that moves most first.
    pub ranking: Vec<usize>,
    /// The mean size of effects that luck alone would show.
    pub by_luck: f64,
    /// Indices of the factors kept, in their order, and last of all others together, if there are
    /// others.
    pub indices: Sensitivity,
    /// The value where all are as stated.
    pub stated: f64,
    /// By factor kept: what it comes to at both ends of its range; of a joint set, at the first and the
    /// last of its members.
    pub swings: Vec<Swing>,
}

/// One value at both ends of its range, all others as stated.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Swing {
    /// At the lower end.
    pub low: f64,
    /// Standard error of its difference from the stated one, over paired trials.
    pub low_error: f64,
    /// At the upper end.
    pub high: f64,
    /// Standard error of its difference from the stated one, over paired trials.
    pub high_error: f64,
}

impl Swing {
    /// From end to end.
    pub fn width(&self) -> f64 {
        (self.high - self.low).abs()
    }
}

/// How many runs it takes at most.
pub fn runs(factors: usize, effort: Effort) -> usize {
    let kept = effort.kept.min(factors);
    let groups = kept + usize::from(kept < factors);
    effort.trajectories * (factors + 1) + effort.rows * (groups + 2) + 2 * kept + 1
}

/// Runs the three designs, and says what matters.
///
/// # Errors
/// When it is stopped, or when the study refuses values together.
///
/// # Panics
/// With fewer than [`FEWEST_TRAJECTORIES`] trajectories, [`FEWEST_ROWS`] rows, 2 trials or one value to
/// keep.
pub fn sensitivities(
    asked: &Asked,
    study: ToVary,
    effort: Effort,
    plan: &Plan,
    watch: &Watch<'_>,
) -> Result<Sensitivities, Unfinished> {
    assert!(
        effort.trajectories >= FEWEST_TRAJECTORIES
            && effort.rows >= FEWEST_ROWS
            && effort.kept > 0
            && asked.trials >= 2,
        "there is enough to tell what matters from luck"
    );
    let seed = study.scenario.study.seed;
    let structures = super::structures_of(&study.scenario);
    let factors = study.factors();
    let size = factors.len();
    let ways = trajectories(seed, effort.trajectories, LEVELS, size);
    let mut all = Numbered {
        study: &study,
        next: 0,
    };
    let points = (ways.iter().zip(1..)).flat_map(|(way, luck)| all.points(way, luck));
    let points = points.collect();
    let screening = asked.run(structures.len(), points, plan, watch)?;

    let told: Vec<Option<Vec<OfScreening>>> = (0..asked.measures.len())
        .map(|measure| screened(&screening, measure, &ways, structures.len(), seed))
        .collect();
    let kept = kept(&told, size, effort.kept);
    let mut groups: Vec<Vec<usize>> = kept.iter().map(|it| vec![*it]).collect();
    let others: Vec<usize> = (0..size).filter(|it| !kept.contains(it)).collect();
    if !others.is_empty() {
        groups.push(others);
    }
    let design = saltelli(Design::Sobol, seed, effort.rows, size, &groups);
    let points = (0..effort.rows).flat_map(|row| {
        let mixed = design.mixed.iter().map(|it| it[row].clone());
        let row_points: Vec<Vec<f64>> = [design.a[row].clone(), design.b[row].clone()]
            .into_iter()
            .chain(mixed)
            .collect();
        all.points(&row_points, (effort.trajectories + 1 + row) as u32)
    });
    let points = points.collect();
    let indices = asked.run(structures.len(), points, plan, watch)?;
    let points = all.ends(&factors, &kept);
    let swings = asked.run(structures.len(), points, plan, watch)?;

    let ensembles = [screening, indices, swings];
    let (mut of_measures, mut without) = (Vec::new(), Vec::new());
    for (place, (measure, told)) in asked.measures.iter().zip(told).enumerate() {
        let found = told.and_then(|told| {
            (told.into_iter())
                .map(|told| of_quantity(&ensembles, place, told, groups.len(), seed))
                .collect::<Option<Vec<OfQuantity>>>()
        });
        match found {
            Some(quantities) => of_measures.push(OfMeasure {
                measure,
                quantities,
            }),
            None => without.push(*measure),
        }
    }
    Ok(Sensitivities {
        parameters: asked.parameters.clone(),
        left_out: study.left_out,
        joint: study.joint,
        structures,
        trials: asked.trials,
        effort,
        factors,
        kept,
        ensembles,
        of_measures,
        without,
    })
}

/// Numbers points of several designs one after the other.
#[derive(Debug)]
struct Numbered<'a> {
    study: &'a ToVary,
    next: u32,
}

impl Numbered<'_> {
    fn number(&mut self) -> u32 {
        self.next += 1;
        self.next - 1
    }

    fn points(&mut self, coordinates: &[Vec<f64>], luck: u32) -> Vec<Point> {
        (coordinates.iter())
            .map(|it| Point::of(self.study, self.number(), luck, it.clone()))
            .collect()
    }

    /// All values as stated, then each factor kept at its lower end, then at its upper.
    fn ends(&mut self, factors: &[Factor], kept: &[usize]) -> Vec<Point> {
        let stated: Vec<f64> = self.study.parameters.iter().map(|it| it.stated).collect();
        let mut points = vec![Point::at(self.number(), 0, stated.clone())];
        for end in [0.0, 1.0] {
            let all = self.study.shares_of(&vec![end; factors.len()]);
            for factor in kept {
                let mut shares = stated.clone();
                for place in &factors[*factor].parameters {
                    shares[*place] = all[*place];
                }
                points.push(Point::at(self.number(), 0, shares));
            }
        }
        points
    }
}

/// A quantity after the first design.
#[derive(Debug, Clone)]
struct OfScreening {
    quantity: Quantity,
    screened: Vec<Screened>,
    by_luck: f64,
}

fn quantities(structures: usize) -> impl Iterator<Item = Quantity> {
    let alone = (0..structures).map(Quantity::Alone);
    alone.chain((1..structures).map(Quantity::Difference))
}

/// A quantity in every trial of a run, in the direction of its measure; `None` where there was nothing
/// to measure.
fn in_trials(
    ensemble: &Ensemble,
    run: usize,
    measure: usize,
    quantity: Quantity,
) -> Option<Vec<f64>> {
    let sign = sign_of(ensemble.measures()[measure]);
    let drawn = ensemble.drawn_at(measure, &[run], vec![1.0])?;
    Some(match quantity {
        Quantity::Alone(it) => drawn.trials(0, it).iter().map(|it| sign * it).collect(),
        Quantity::Difference(it) => (drawn.trials(0, it).iter().zip(drawn.trials(0, 0)))
            .map(|(of, from)| sign * (of - from))
            .collect(),
    })
}

fn screened(
    ensemble: &Ensemble,
    measure: usize,
    ways: &[Vec<Vec<f64>>],
    structures: usize,
    seed: u64,
) -> Option<Vec<OfScreening>> {
    let steps = ways.first().map_or(1, Vec::len);
    quantities(structures)
        .map(|quantity| {
            let trials = (0..ensemble.runs.len())
                .map(|run| in_trials(ensemble, run, measure, quantity))
                .collect::<Option<Vec<Vec<f64>>>>()?;
            let of_ways: Vec<&[Vec<f64>]> = trials.chunks(steps).collect();
            let effects: Vec<Effects> = (ways.iter().zip(&of_ways))
                .map(|(way, trials)| {
                    let means: Vec<f64> = trials.iter().map(|it| mean(it)).collect();
                    Effects::of(way, &means)
                })
                .collect();
            Some(OfScreening {
                quantity,
                screened: Screened::of(&effects, seed),
                by_luck: Screened::by_luck(luck_of_steps(&of_ways), STEP),
            })
        })
        .collect()
}

fn mean(values: &[f64]) -> f64 {
    values.iter().sum::<f64>() / values.len() as f64
}

/// The factors that go on: those with the largest effects in any quantity, as shares of the largest
/// effect there, so that every measure has a say. What luck alone could show counts for nothing.
fn kept(told: &[Option<Vec<OfScreening>>], size: usize, most: usize) -> Vec<usize> {
    let mut scores = vec![0.0_f64; size];
    for of in told.iter().flatten().flatten() {
        let sizes = || of.screened.iter().map(|it| it.mu_star.value);
        let largest = sizes().fold(0.0, f64::max);
        for (score, own) in scores.iter_mut().zip(sizes()) {
            if own > of.by_luck {
                *score = score.max(own / largest);
            }
        }
    }
    let mut order: Vec<usize> = (0..size).collect();
    order.sort_by(|a, b| scores[*b].total_cmp(&scores[*a]));
    order.truncate(most);
    // The first of them goes on even if nothing shows, so that there is something to say.
    let first = order.first().copied();
    order.retain(|it| scores[*it] > 0.0 || Some(*it) == first);
    order
}

fn of_quantity(
    [_, indices, swings]: &[Ensemble; 3],
    measure: usize,
    told: OfScreening,
    groups: usize,
    seed: u64,
) -> Option<OfQuantity> {
    let quantity = told.quantity;
    let all = (0..indices.runs.len())
        .map(|run| in_trials(indices, run, measure, quantity))
        .collect::<Option<Vec<Vec<f64>>>>()?;
    let column = |place: usize| -> Vec<Vec<f64>> {
        let own = all.iter().skip(place).step_by(groups + 2);
        own.cloned().collect()
    };
    let rows = Rows {
        a: column(0),
        b: column(1),
        mixed: (0..groups).map(|it| column(2 + it)).collect(),
    };
    let at = (0..swings.runs.len())
        .map(|run| in_trials(swings, run, measure, quantity))
        .collect::<Option<Vec<Vec<f64>>>>()?;
    let (stated, ends) = at.split_first()?;
    let (low, high) = ends.split_at(ends.len() / 2);
    Some(OfQuantity {
        quantity,
        ranking: Screened::ranking(&told.screened),
        screened: told.screened,
        by_luck: told.by_luck,
        indices: Sensitivity::of_rows(&rows, seed),
        stated: mean(stated),
        swings: (low.iter().zip(high))
            .map(|(low, high)| Swing {
                low: mean(low),
                low_error: paired_error(low, stated),
                high: mean(high),
                high_error: paired_error(high, stated),
            })
            .collect(),
    })
}
