//! The draws that speak most against a choice, and what sets them apart.

use super::{Drawn, paired_error};

/// A loss counts where it is beyond so many of its standard errors.
const BEYOND: f64 = 1.96;
/// Later worlds lose at least this share of what the first does.
const LEAST: f64 = 0.5;

/// A draw in which another structure does better than the one chosen.
#[derive(Debug, Clone, PartialEq)]
pub struct World {
    /// Its place among the draws.
    pub draw: usize,
    /// The structure that is best there.
    pub best: usize,
    /// By how much the chosen one is worse, in the unit of the quantity; above 0.
    pub loss: f64,
    /// Standard error of that over paired trials, as it is on average over all draws: a draw has too few
    /// trials to tell its own.
    pub standard_error: f64,
    /// The parameters that set it apart, the most telling first: each moves the difference of the two
    /// structures the way in which the draw lies. By the product of the correlation over all draws and
    /// of how far the draw lies from the mean, where the correlation is beyond what luck shows; this takes
    /// parameters one by one, and effects as straight.
    pub apart: Vec<usize>,
}

/// Up to `most` draws that speak against a structure: the first is the one in which it loses most; each
/// next, of those in which it loses at least half as much, the one that lies furthest from the ones before, so
/// that three worlds are three and not one. Only losses beyond 1.96 of their standard errors count. None where
/// a draw has one trial alone.
///
/// The largest of many noisy losses is by luck somewhat too large.
///
/// # Panics
/// If there are not as many points as draws.
pub fn against(drawn: &Drawn, points: &[Vec<f64>], chosen: usize, most: usize) -> Vec<World> {
    assert_eq!(points.len(), drawn.draws(), "each draw is at a point");
    if (0..drawn.draws()).any(|draw| drawn.trials(draw, 0).len() < 2) {
        return Vec::new();
    }
    let errors: Vec<f64> = (0..drawn.structures())
        .map(|other| {
            let squares = drawn.weights().iter().enumerate().map(|(draw, weight)| {
                let (own, its) = (drawn.trials(draw, chosen), drawn.trials(draw, other));
                weight * paired_error(own, its).powi(2)
            });
            squares.sum::<f64>().sqrt()
        })
        .collect();
    let mut candidates: Vec<World> = (0..drawn.draws())
        .filter(|draw| drawn.weights()[*draw] > 0.0)
        .filter_map(|draw| {
            let best = (0..drawn.structures())
                .min_by(|a, b| drawn.mean(draw, *a).total_cmp(&drawn.mean(draw, *b)))?;
            let loss = drawn.mean(draw, chosen) - drawn.mean(draw, best);
            let standard_error = errors[best];
            (loss > 0.0 && loss > BEYOND * standard_error).then_some(World {
                draw,
                best,
                loss,
                standard_error,
                apart: Vec::new(),
            })
        })
        .collect();
    candidates.sort_by(|a, b| b.loss.total_cmp(&a.loss));
    let Some(largest) = candidates.first().map(|it| it.loss) else {
        return Vec::new();
    };
    candidates.retain(|it| it.loss >= LEAST * largest);
    let mut worlds = vec![candidates.remove(0)];
    while worlds.len() < most && !candidates.is_empty() {
        let nearest = |it: &World| {
            let others = worlds.iter();
            let distances = others.map(|other| squared(&points[it.draw], &points[other.draw]));
            distances.fold(f64::INFINITY, f64::min)
        };
        // Of equals the one that loses more.
        let next = (0..candidates.len())
            .rev()
            .max_by(|a, b| nearest(&candidates[*a]).total_cmp(&nearest(&candidates[*b])));
        worlds.push(candidates.remove(next.unwrap_or_default()));
    }
    for world in &mut worlds {
        world.apart = apart(drawn, points, chosen, world);
    }
    worlds
}

fn squared(one: &[f64], other: &[f64]) -> f64 {
    let both = one.iter().zip(other);
    both.map(|(one, other)| (one - other).powi(2)).sum()
}

fn apart(drawn: &Drawn, points: &[Vec<f64>], chosen: usize, world: &World) -> Vec<usize> {
    let weights = drawn.weights();
    let mean = |of: &dyn Fn(usize) -> f64| -> f64 {
        weights
            .iter()
            .enumerate()
            .map(|(it, weight)| weight * of(it))
            .sum()
    };
    let worse = |draw: usize| drawn.mean(draw, chosen) - drawn.mean(draw, world.best);
    let centre = mean(&worse);
    let spread = mean(&|it| (worse(it) - centre).powi(2)).sqrt();
    // As many equal draws as would tell as much (Kish 1965).
    let size = 1.0 / weights.iter().map(|it| it * it).sum::<f64>();
    let mut told: Vec<(usize, f64)> = (0..points[0].len())
        .filter_map(|parameter| {
            let at = |draw: usize| points[draw][parameter];
            let own = mean(&at);
            let deviation = mean(&|it| (at(it) - own).powi(2)).sqrt();
            if deviation <= 0.0 || spread <= 0.0 {
                return None;
            }
            let products = mean(&|it| (at(it) - own) * (worse(it) - centre));
            let correlation = products / (deviation * spread);
            let telling = correlation * (at(world.draw) - own) / deviation;
            (correlation.abs() > BEYOND / size.sqrt() && telling > 0.0)
                .then_some((parameter, telling))
        })
        .collect();
    told.sort_by(|a, b| b.1.total_cmp(&a.1));
    told.into_iter().map(|(parameter, _)| parameter).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::analysis::decision::resample::latin_hypercube;

    /// The second structure is better by `x - 0.6`, whatever `y` is; two trials that differ by little.
    fn drawn(points: &[Vec<f64>]) -> Drawn {
        let values = points.iter().map(|at| {
            let ahead = at[0] - 0.6;
            vec![vec![0.0, 0.0], vec![0.001 - ahead, -0.001 - ahead]]
        });
        Drawn::new(vec![1.0; points.len()], values.collect())
    }

    #[test]
    fn the_worlds_against_a_choice_are_where_it_loses_and_lie_apart() {
        let points = latin_hypercube(200, 2, 1);
        let worlds = against(&drawn(&points), &points, 0, 3);
        assert_eq!(worlds.len(), 3);
        let most = points.iter().map(|at| at[0]).fold(0.0, f64::max);
        assert!((worlds[0].loss - (most - 0.6)).abs() < 1e-9);
        for world in &worlds {
            assert_eq!(world.best, 1);
            assert!(world.loss >= 0.5 * worlds[0].loss);
            // x alone matters.
            assert_eq!(world.apart, [0], "{world:?}");
        }
        // They are not three draws beside each other.
        for (place, one) in worlds.iter().enumerate() {
            for other in &worlds[..place] {
                assert!(squared(&points[one.draw], &points[other.draw]) > 0.04);
            }
        }
    }

    #[test]
    fn where_luck_may_have_made_the_loss_there_is_no_world() {
        let values = vec![vec![vec![0.0, 0.0], vec![-1.0, 0.9]]; 30];
        let points = latin_hypercube(30, 2, 2);
        let drawn = Drawn::new(vec![1.0; 30], values);
        assert_eq!(against(&drawn, &points, 0, 3), []);
        // The other one loses nowhere.
        assert_eq!(against(&drawn, &points, 1, 3), []);
    }
}
