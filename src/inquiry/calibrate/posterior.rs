//! What weighted runs say of figures and parameters.

use nalgebra::DVector;

use super::linear;
use super::proposal::moments;
use super::sampler::{Target, Weighted, misfit};
use super::shares;
use crate::engine::normal_quantile;
use crate::scenario::{Drawable, Figure, FigureSet};

/// Standard deviation of a parameter that is spread evenly over its prior, as a share of it.
const EVEN: f64 = 0.288_675_134_594_812_9;
/// An effective sample size below which nothing is said of single parameters.
const TOO_FEW: f64 = 25.0;
/// A correlation from which two parameters are said to be coupled.
const COUPLED: f64 = 0.3;
/// Share of the weight that the accepted runs hold.
const HELD: f64 = 0.999;

/// Mean and middle 95% of something over runs.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Spread {
    /// Mean.
    pub mean: f64,
    /// 2.5% of the weight lies below.
    pub low: f64,
    /// 2.5% of the weight lies above.
    pub high: f64,
}

/// A published figure and what the runs make of it.
#[derive(Debug, Clone, PartialEq)]
pub struct Fit {
    /// The published figure.
    pub figure: Figure,
    /// Over runs drawn from the prior: what the study says before anything is fitted.
    pub before: Option<Spread>,
    /// Over runs with their weights.
    pub after: Option<Spread>,
    /// The chosen member, mean of its runs with fresh luck.
    pub chosen: Option<f64>,
    /// Standard deviation of one run of the chosen member: what is luck.
    pub luck: Option<f64>,
}

impl Fit {
    /// How many standard errors of the published figure its mean over the weighted runs lies off.
    pub fn off(&self) -> Option<f64> {
        Some((self.after?.mean - self.figure.value) / self.figure.within)
    }

    /// The same of the chosen member.
    pub fn chosen_off(&self) -> Option<f64> {
        Some((self.chosen? - self.figure.value) / self.figure.within)
    }
}

/// What the figures say of a parameter.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verdict {
    /// It is narrowed to less than half of its prior.
    Found,
    /// It is narrowed or moved, not by much.
    Narrowed,
    /// It is left as it was.
    Untouched,
    /// There are too few draws to tell.
    Unclear,
}

/// What the runs say of a parameter.
#[derive(Debug, Clone, PartialEq)]
pub struct OfParameter {
    /// Standard deviation over that of the prior, on the scale on which the prior is even.
    pub narrowing: f64,
    /// Mean less that of the prior, in standard deviations of the prior.
    pub shift: f64,
    /// Mean share of the way between its ends, and its middle 95%.
    pub share: Spread,
    /// The share that the chosen member has.
    pub chosen: f64,
    /// In words.
    pub verdict: Verdict,
}

/// Two parameters that the figures couple.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Coupled {
    /// Number of the first.
    pub one: usize,
    /// Number of the second.
    pub other: usize,
    /// Correlation of the two, in coordinates in which the prior is normal.
    pub correlation: f64,
}

/// Runs with weight, all but a thousandth of it; weights sum to 1.
pub(super) fn accepted(weights: &[f64]) -> Vec<(usize, f64)> {
    let mut order: Vec<usize> = (0..weights.len()).collect();
    order.sort_by(|a, b| weights[*b].total_cmp(&weights[*a]).then(a.cmp(b)));
    let mut held = 0.0;
    let mut runs: Vec<usize> = (order.into_iter())
        .take_while(|run| {
            let goes_on = held < HELD && weights[*run] > 0.0;
            held += weights[*run];
            goes_on
        })
        .collect();
    runs.sort_unstable();
    let total: f64 = runs.iter().map(|run| weights[*run]).sum();
    runs.into_iter()
        .map(|run| (run, weights[run] / total))
        .collect()
}

/// The member that stands for all: of the better-fitting half of the weight, the run that lies nearest
/// to the weighted mean, in the units of the weighted covariance. A member, not the mean itself: where
/// only a ratio is known, or the set is bent, the mean may be no member.
pub(super) fn chosen(weighted: &Weighted, targets: &[Target]) -> usize {
    let members = accepted(&weighted.weights);
    let misfits: Vec<f64> = (members.iter())
        .map(|(run, _)| misfit(targets, &weighted.runs[*run].figures))
        .collect();
    let weights: Vec<f64> = members.iter().map(|(_, weight)| *weight).collect();
    let middle = quantile(&misfits, &weights, 0.5);
    let points: Vec<DVector<f64>> = (members.iter())
        .map(|(run, _)| DVector::from_column_slice(&weighted.runs[*run].point))
        .collect();
    let (mean, covariance) = moments(&points.iter().collect::<Vec<_>>(), &weights);
    // Few members do not span the space.
    let size = mean.len();
    let spread =
        linear::Spread::of_covariance(covariance + nalgebra::DMatrix::identity(size, size) * 1e-3);
    (members.iter().zip(&points).zip(&misfits))
        .filter(|(_, misfit)| **misfit <= middle)
        .map(|(((run, _), point), _)| (spread.squared_distance(&(point - &mean)), *run))
        .min_by(|a, b| a.0.total_cmp(&b.0))
        .map_or(0, |(_, run)| run)
}

/// What the runs say of each figure.
pub(super) fn fits(set: &FigureSet, weighted: &Weighted, fresh: &[Vec<Option<f64>>]) -> Vec<Fit> {
    (set.figures.iter().enumerate())
        .map(|(place, figure)| {
            let of_runs = |weight_of: &dyn Fn(usize) -> f64| {
                let runs = (weighted.runs.iter().enumerate())
                    .filter_map(|(run, it)| Some((it.figures[place]?, weight_of(run))))
                    .filter(|(_, weight)| *weight > 0.0);
                let (values, weights): (Vec<f64>, Vec<f64>) = runs.unzip();
                spread(&values, &weights)
            };
            let again: Vec<f64> = fresh.iter().filter_map(|run| run[place]).collect();
            let count = again.len() as f64;
            let mean = again.iter().sum::<f64>() / count;
            let squares: f64 = again.iter().map(|it| (it - mean) * (it - mean)).sum();
            Fit {
                figure: figure.clone(),
                before: of_runs(&|run| match weighted.runs[run].generation {
                    0 => 1.0,
                    _ => 0.0,
                }),
                after: of_runs(&|run| weighted.weights[run]),
                chosen: (!again.is_empty()).then_some(mean),
                luck: (again.len() > 1).then(|| (squares / (count - 1.0)).sqrt()),
            }
        })
        .collect()
}

/// What the runs say of each parameter.
pub(super) fn of_parameters(
    parameters: &[Drawable],
    weighted: &Weighted,
    chosen: usize,
) -> Vec<OfParameter> {
    let all: Vec<Vec<f64>> = weighted.runs.iter().map(|run| shares(&run.point)).collect();
    (0..parameters.len())
        .map(|place| {
            let own: Vec<f64> = all.iter().map(|shares| shares[place]).collect();
            let share = spread(&own, &weighted.weights).unwrap_or(Spread {
                mean: 0.5,
                low: 0.025,
                high: 0.975,
            });
            let variance: f64 = (own.iter().zip(&weighted.weights))
                .map(|(own, weight)| weight * (own - share.mean) * (own - share.mean))
                .sum();
            let narrowing = variance.sqrt() / EVEN;
            let shift = (share.mean - 0.5) / EVEN;
            OfParameter {
                narrowing,
                shift,
                share,
                chosen: all[chosen][place],
                verdict: verdict(narrowing, shift, weighted.effective),
            }
        })
        .collect()
}

/// A parameter is left as it was unless it is narrowed by a tenth or moved by a quarter of a standard
/// deviation, and by more than a sample of this size moves by chance.
fn verdict(narrowing: f64, shift: f64, effective: f64) -> Verdict {
    if effective < TOO_FEW {
        return Verdict::Unclear;
    }
    let by_chance = 2.0 / effective.max(1.0).sqrt();
    // The relative error of a standard deviation of an even spread: half the root of its kurtosis
    // less 1, over the root of the sample size.
    let narrowing_by_chance = 0.9 / effective.max(1.0).sqrt();
    if narrowing < 0.5 && narrowing < 1.0 - narrowing_by_chance {
        Verdict::Found
    } else if narrowing < 1.0 - narrowing_by_chance.max(0.1) || shift.abs() > by_chance.max(0.25) {
        Verdict::Narrowed
    } else {
        Verdict::Untouched
    }
}

/// Pairs that are coupled beyond chance, the strongest first.
pub(super) fn coupled(weighted: &Weighted) -> Vec<Coupled> {
    let points: Vec<DVector<f64>> = (weighted.runs.iter())
        .map(|run| DVector::from_column_slice(&run.point))
        .collect();
    let (_, covariance) = moments(&points.iter().collect::<Vec<_>>(), &weighted.weights);
    if weighted.effective < TOO_FEW {
        return Vec::new();
    }
    let by_chance = -normal_quantile(0.005) / weighted.effective.max(1.0).sqrt();
    let mut pairs = Vec::new();
    for one in 0..covariance.nrows() {
        for other in one + 1..covariance.nrows() {
            let both = covariance[(one, one)] * covariance[(other, other)];
            let correlation = covariance[(one, other)] / both.sqrt();
            if correlation.abs() > by_chance.max(COUPLED) {
                pairs.push(Coupled {
                    one,
                    other,
                    correlation,
                });
            }
        }
    }
    pairs.sort_by(|a, b| b.correlation.abs().total_cmp(&a.correlation.abs()));
    pairs
}

fn spread(values: &[f64], weights: &[f64]) -> Option<Spread> {
    let total: f64 = weights.iter().sum();
    if values.is_empty() || total <= 0.0 {
        return None;
    }
    let sum: f64 = values
        .iter()
        .zip(weights)
        .map(|(value, weight)| value * weight)
        .sum();
    Some(Spread {
        mean: sum / total,
        low: quantile(values, weights, 0.025),
        high: quantile(values, weights, 0.975),
    })
}

/// The value below which this share of the weight lies. Half of a value's own weight lies below it;
/// between two values it is straight.
fn quantile(values: &[f64], weights: &[f64], share: f64) -> f64 {
    let mut order: Vec<usize> = (0..values.len()).collect();
    order.sort_by(|a, b| values[*a].total_cmp(&values[*b]).then(a.cmp(b)));
    let total: f64 = weights.iter().sum();
    let mut below = 0.0;
    let mut before: Option<(f64, f64)> = None;
    for place in order {
        let here = (below + 0.5 * weights[place]) / total;
        if here >= share {
            return match before {
                Some((there, value)) if here > there => {
                    value + (values[place] - value) * (share - there) / (here - there)
                }
                _ => values[place],
            };
        }
        below += weights[place];
        before = Some((here, values[place]));
    }
    before.map_or(0.0, |(_, value)| value)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quantiles_weigh_their_values() {
        let values = [3.0, 1.0, 2.0];
        assert!((quantile(&values, &[1.0; 3], 0.5) - 2.0).abs() < 1e-12);
        assert!((quantile(&values, &[1.0; 3], 1.0 / 3.0) - 1.5).abs() < 1e-12);
        // Nine tenths of the weight at 3.
        assert!((quantile(&values, &[18.0, 1.0, 1.0], 0.55) - 3.0).abs() < 1e-12);
        assert!((quantile(&values, &[1.0; 3], 0.0) - 1.0).abs() < 1e-12);
        assert!((quantile(&values, &[1.0; 3], 1.0) - 3.0).abs() < 1e-12);
    }

    #[test]
    fn the_accepted_hold_all_but_a_thousandth() {
        let weights = [0.5, 0.0004, 0.3, 0.1995, 0.0001];
        let runs = accepted(&weights);
        let numbers: Vec<usize> = runs.iter().map(|(run, _)| *run).collect();
        assert_eq!(numbers, [0, 2, 3]);
        let total: f64 = runs.iter().map(|(_, weight)| weight).sum();
        assert!((total - 1.0).abs() < 1e-12);
    }

    #[test]
    fn what_chance_can_do_is_no_finding() {
        assert_eq!(verdict(0.3, 0.0, 200.0), Verdict::Found);
        assert_eq!(verdict(0.8, 0.1, 200.0), Verdict::Narrowed);
        assert_eq!(verdict(0.97, 0.6, 200.0), Verdict::Narrowed);
        assert_eq!(verdict(0.97, 0.1, 200.0), Verdict::Untouched);
        // Forty draws can be narrower by a seventh without reason.
        assert_eq!(verdict(0.87, 0.3, 40.0), Verdict::Untouched);
        assert_eq!(verdict(0.1, 2.0, 3.0), Verdict::Unclear);
    }
}
