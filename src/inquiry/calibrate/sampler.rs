//! Adaptive multiple importance sampling of the parameters that agree with published figures.
//!
//! **What is sampled.** The posterior of approximate Bayesian computation with a Gaussian kernel: the
//! prior times, for each figure, a normal density of the difference between simulated and published
//! figure. With the kernel's standard deviation equal to the standard error of the published figure
//! and of the model, this is not an approximation but the posterior of a model whose figures are
//! published with that error (Wilkinson 2013, doi:10.1515/sagmb-2013-0010). Every run has its own
//! luck, so the noise of a run is part of the model and is integrated over.
//!
//! **How.** Runs come in generations. The first is a Latin hypercube from the prior. Before each
//! later one, the figures are regressed on the parameters ([`super::emulator`]), the posterior of the
//! regression is found by Gauss-Newton steps from several of the best runs, and the next runs are
//! drawn from heavy-tailed approximations of its peaks, from the moments of the runs so far, and, for
//! safety, from the prior. While the regression is rough the peaks are wide, for its errors at runs left
//! out are added to those of the figures. In the end every run, whichever generation it is of, is weighted by prior
//! times kernel over the mixture of all generations' densities: the deterministic mixture weights of
//! adaptive multiple importance sampling (Cornuet, Marin, Mira and Robert 2012,
//! doi:10.1111/j.1467-9469.2011.00756.x). So the regression decides only where runs are made, and a
//! bad one costs runs, not truth.

use nalgebra::{DMatrix, DVector};

use super::emulator::Surface;
use super::linear::Spread;
use super::luck::DesignLuck;
use super::proposal::{Component, Proposal, log_of_sum, log_prior, moments};

/// Share of every later generation that is drawn from the prior.
const PRIOR_KEPT: f64 = 0.1;
/// Share drawn by the moments of the runs so far, where these say enough.
const BY_MOMENTS: f64 = 0.4;
/// Peaks of the regression's posterior that are followed at most.
const PEAKS: usize = 4;
/// Runs from which peaks are looked for.
const STARTS: usize = 12;

/// On which scale a figure is regressed.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Scale {
    /// As it is.
    Plain,
    /// Logarithms, for positive figures: most flows are products of rates.
    Logarithm,
    /// Log odds, for shares of a whole.
    LogOdds {
        /// The whole: 1, or 100 where shares are in percent.
        whole: f64,
    },
}

/// A published figure to be met.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Target {
    /// Which of the figures that a run yields.
    pub figure: usize,
    /// Its published value.
    pub value: f64,
    /// One standard error of what is published, the model's own shortcoming included; more than 0.
    pub within: f64,
    /// How it is regressed; the kernel is on the figure as it is.
    pub scale: Scale,
}

/// How many runs, and by which seed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Design {
    /// Seed of everything drawn.
    pub seed: u64,
    /// Runs in all.
    pub runs: usize,
    /// Generations, the first from the prior included; at least 1.
    pub generations: usize,
}

impl Design {
    /// Runs of each generation: the first, from the prior, is a quarter of all, if there are others.
    pub fn sizes(&self) -> Vec<usize> {
        let later = self.generations.saturating_sub(1);
        if later == 0 {
            return vec![self.runs];
        }
        let first = (self.runs / 4).max(1);
        let rest = self.runs - first.min(self.runs);
        let mut sizes = vec![first.min(self.runs)];
        sizes.extend((0..later).map(|it| rest * (it + 1) / later - rest * it / later));
        sizes.retain(|it| *it > 0);
        sizes
    }
}

/// The figures of one run; `None` where a run has nothing to take one from.
pub type RunFigures = Vec<Option<f64>>;

/// Makes the runs of a generation: from the number of its first run and its points to their figures, or
/// `None` to stop.
pub type Simulate<'a> = dyn FnMut(usize, &[Vec<f64>]) -> Option<Vec<RunFigures>> + 'a;

/// One run of the simulator.
#[derive(Debug, Clone, PartialEq)]
pub struct Run {
    /// The parameters, in coordinates in which the prior is standard normal.
    pub point: Vec<f64>,
    /// Its figures.
    pub figures: RunFigures,
    /// The generation it is of, from 0.
    pub generation: usize,
}

/// Runs with weights: the posterior.
#[derive(Debug, Clone, PartialEq)]
pub struct Weighted {
    /// Every run, in order.
    pub runs: Vec<Run>,
    /// Their weights, which sum to 1.
    pub weights: Vec<f64>,
    /// Effective sample size: the number of draws of equal weight that would say as much.
    pub effective: f64,
    /// The effective sample size after each generation.
    pub effective_by_generation: Vec<f64>,
}

/// Samples the posterior; `None` if `simulate` stops.
pub fn sample(
    dimensions: usize,
    targets: &[Target],
    design: &Design,
    simulate: &mut Simulate<'_>,
) -> Option<Weighted> {
    let mut sampler = Sampler::new(dimensions, targets, design);
    for (generation, size) in design.sizes().into_iter().enumerate() {
        let points = sampler.next_points(generation, size);
        let first = sampler.runs.len();
        let plain: Vec<Vec<f64>> = points.iter().map(|it| it.as_slice().to_vec()).collect();
        let figures = simulate(first, &plain)?;
        sampler.take(generation, points, figures);
    }
    Some(sampler.finish())
}

#[derive(Debug)]
struct Sampler<'a> {
    dimensions: usize,
    targets: &'a [Target],
    luck: DesignLuck,
    runs: Vec<Run>,
    points: Vec<DVector<f64>>,
    /// Half the sum of squared standardised differences of each run; infinite where a figure that is
    /// to be met has no value.
    misfits: Vec<f64>,
    /// Densities with the number of runs drawn from each.
    proposals: Vec<(usize, Proposal)>,
    effective: Vec<f64>,
}

impl<'a> Sampler<'a> {
    fn new(dimensions: usize, targets: &'a [Target], design: &Design) -> Self {
        Self {
            dimensions,
            targets,
            luck: DesignLuck::new(design.seed),
            runs: Vec::new(),
            points: Vec::new(),
            misfits: Vec::new(),
            proposals: Vec::new(),
            effective: Vec::new(),
        }
    }

    fn next_points(&mut self, generation: usize, size: usize) -> Vec<DVector<f64>> {
        if generation == 0 {
            self.proposals.push((size, Proposal::prior()));
            return self.luck.latin_hypercube(size, self.dimensions);
        }
        let proposal = self.next_proposal();
        let first = self.runs.len();
        let drawn = (first..first + size)
            .map(|run| proposal.draw(self.dimensions, &mut self.luck.of_run(run)))
            .collect();
        self.proposals.push((size, proposal));
        drawn
    }

    fn take(&mut self, generation: usize, points: Vec<DVector<f64>>, figures: Vec<RunFigures>) {
        for (point, figures) in points.into_iter().zip(figures) {
            self.misfits.push(misfit(self.targets, &figures));
            self.runs.push(Run {
                point: point.as_slice().to_vec(),
                figures,
                generation,
            });
            self.points.push(point);
        }
        self.effective.push(effective(&self.log_weights()));
    }

    /// Logarithms of prior times kernel over the mixture of all generations, not normalised.
    fn log_weights(&self) -> Vec<f64> {
        let drawn: usize = self.proposals.iter().map(|(size, _)| size).sum();
        (self.points.iter().zip(&self.misfits))
            .map(|(point, misfit)| {
                let ratios: Vec<f64> = (self.proposals.iter())
                    .map(|(size, proposal)| {
                        libm::log(*size as f64 / drawn as f64) + proposal.log_ratio_to_prior(point)
                    })
                    .collect();
                -log_of_sum(&ratios) - misfit
            })
            .collect()
    }

    fn next_proposal(&mut self) -> Proposal {
        let wanted = (self.dimensions as f64 + 1.0).max(10.0);
        let peaks = self.peaks();
        let mut components: Vec<Component> = Vec::new();
        let logs = self.log_weights();
        let said = effective(&logs);
        if let Some(first) = peaks.first()
            && said >= 2.0 * wanted
        {
            let points: Vec<&DVector<f64>> = self.points.iter().collect();
            let (centre, covariance) = moments(&points, &normalised(&logs));
            // Few draws give a covariance that is too narrow in some direction.
            let own = said / (said + self.dimensions as f64 + 1.0);
            let mixed = covariance * own + first.spread.covariance() * (1.0 - own);
            components.push(Component {
                share: BY_MOMENTS,
                centre,
                spread: Spread::of_covariance(mixed),
            });
        }
        let left = 1.0 - components.iter().map(|it| it.share).sum::<f64>();
        // Heights are those of a regression: a lower peak keeps more than its share.
        let total: f64 = peaks.iter().map(|it| libm::exp(0.5 * it.log_mass)).sum();
        components.extend(peaks.into_iter().map(|peak| Component {
            share: left * libm::exp(0.5 * peak.log_mass) / total,
            centre: peak.centre,
            spread: peak.spread,
        }));
        Proposal::defended(PRIOR_KEPT, components)
    }

    /// The peaks of the posterior under the regression, the one with the greatest mass first.
    fn peaks(&self) -> Vec<Peak> {
        let figures: Vec<Vec<Option<f64>>> = (self.targets.iter())
            .map(|target| {
                let of = |run: &Run| run.figures[target.figure].map(|it| target.scaled(it).0);
                self.runs.iter().map(of).collect()
            })
            .collect();
        let mut order: Vec<usize> = (0..self.runs.len()).collect();
        let score = |run: &usize| self.misfits[*run] - log_prior(&self.points[*run]);
        order.sort_by(|a, b| score(a).total_cmp(&score(b)).then(a.cmp(b)));
        let best = &order[..order.len().min(STARTS)];
        let weights = self.near(best);
        let surfaces = Surface::fit(&self.points, &weights, &figures);
        let regressed: Vec<Regressed<'_>> = (self.targets.iter().zip(&surfaces))
            .map(|(target, surface)| {
                let (wanted, slope) = target.scaled(target.value);
                let within = target.within * slope;
                Regressed {
                    surface,
                    wanted,
                    variance: within * within + surface.squared_error,
                }
            })
            .collect();
        let mut peaks: Vec<Peak> = Vec::new();
        let origin = DVector::zeros(self.dimensions);
        let starts = best.iter().map(|&run| &self.points[run]);
        for start in starts.chain(std::iter::once(&origin)) {
            let found = climb(&regressed, start);
            // Half of the same heap is the same heap.
            let is_known = peaks.iter().any(|peak| {
                let apart = &found.centre - &peak.centre;
                peak.spread.squared_distance(&apart) < 4.0
            });
            if !is_known {
                peaks.push(found);
            }
        }
        peaks.sort_by(|a, b| b.log_mass.total_cmp(&a.log_mass));
        peaks.truncate(PEAKS);
        let highest = peaks.first().map_or(0.0, |it| it.log_mass);
        for peak in &mut peaks {
            peak.log_mass -= highest;
        }
        peaks
    }

    /// Weights for the regression: runs near the best ones count, those far away hardly.
    fn near(&self, best: &[usize]) -> Vec<f64> {
        if self.proposals.len() < 2 {
            return vec![1.0; self.points.len()];
        }
        let points: Vec<&DVector<f64>> = best.iter().map(|&run| &self.points[run]).collect();
        let (centre, covariance) = moments(&points, &vec![1.0; points.len()]);
        let size = self.dimensions as f64;
        // A dozen points do not span the space; an even part of their spread fills it.
        let even = DMatrix::identity(self.dimensions, self.dimensions)
            * (0.5 * covariance.trace() / size).max(1e-6);
        let spread = Spread::of_covariance(covariance * 0.5 + even);
        let distances: Vec<f64> = (self.points.iter())
            .map(|point| spread.squared_distance(&(point - &centre)))
            .collect();
        let mut reach = size;
        loop {
            let weights: Vec<f64> = (distances.iter())
                .map(|it| libm::exp(-0.5 * it / reach) + 0.01)
                .collect();
            let sum: f64 = weights.iter().sum();
            let squares: f64 = weights.iter().map(|it| it * it).sum();
            if sum * sum / squares >= (5.0 * (size + 1.0)).min(0.5 * weights.len() as f64) {
                return weights;
            }
            reach *= 2.0;
        }
    }

    fn finish(self) -> Weighted {
        let logs = self.log_weights();
        Weighted {
            effective: effective(&logs),
            weights: normalised(&logs),
            runs: self.runs,
            effective_by_generation: self.effective,
        }
    }
}

impl Target {
    /// The figure on the scale of the regression, and how fast that scale runs there. A small part of
    /// the published value is added under a logarithm, so that a run with none of it has a place.
    fn scaled(&self, value: f64) -> (f64, f64) {
        match self.scale {
            Scale::Plain => (value, 1.0),
            Scale::Logarithm => {
                let lifted = value + 0.02 * self.value;
                (libm::log(lifted), 1.0 / lifted)
            }
            Scale::LogOdds { whole } => {
                let share = (value / whole).clamp(0.002, 0.998);
                let odds = libm::log(share / (1.0 - share));
                (odds, 1.0 / (whole * share * (1.0 - share)))
            }
        }
    }
}

/// Half the sum of squared differences between figures and targets, each in its own errors.
pub(super) fn misfit(targets: &[Target], figures: &[Option<f64>]) -> f64 {
    (targets.iter())
        .map(|target| match figures[target.figure] {
            Some(value) => {
                let apart = (value - target.value) / target.within;
                0.5 * apart * apart
            }
            None => f64::INFINITY,
        })
        .sum()
}

/// A target as the regression sees it.
struct Regressed<'s> {
    surface: &'s Surface,
    wanted: f64,
    variance: f64,
}

/// A peak of the regression's posterior.
#[derive(Debug)]
struct Peak {
    centre: DVector<f64>,
    spread: Spread,
    /// Logarithm of the mass of a normal of this height and spread.
    log_mass: f64,
}

/// Climbs from a start: Gauss-Newton steps, held back where they lead down (Levenberg-Marquardt).
fn climb(regressed: &[Regressed<'_>], start: &DVector<f64>) -> Peak {
    let depth = |point: &DVector<f64>| -> f64 {
        let of_figures = regressed.iter().map(|it| {
            let apart = it.surface.at(point).0 - it.wanted;
            apart * apart / it.variance
        });
        0.5 * (point.norm_squared() + of_figures.sum::<f64>())
    };
    let mut point = start.clone();
    let mut lowest = depth(&point);
    let mut held_back = 1e-3;
    for _ in 0..60 {
        let (precision, slope) = precision_and_slope(regressed, &point);
        let size = point.len();
        let damped = &precision + DMatrix::identity(size, size) * held_back;
        let step = super::linear::positive(damped).solve(&slope);
        let next = &point - &step;
        let there = depth(&next);
        if there < lowest {
            let is_there = lowest - there < 1e-9 * (1.0 + lowest);
            point = next;
            lowest = there;
            held_back = (held_back * 0.2).max(1e-9);
            if is_there {
                break;
            }
        } else {
            held_back *= 8.0;
            if held_back > 1e9 {
                break;
            }
        }
    }
    let spread = Spread::of_precision(precision_and_slope(regressed, &point).0);
    Peak {
        log_mass: spread.half_log_determinant - lowest,
        centre: point,
        spread,
    }
}

/// The inverse covariance at a point, curvature of the figures left aside, and the slope of the depth.
fn precision_and_slope(
    regressed: &[Regressed<'_>],
    point: &DVector<f64>,
) -> (DMatrix<f64>, DVector<f64>) {
    let mut precision = DMatrix::identity(point.len(), point.len());
    let mut slope = point.clone();
    for it in regressed {
        let (value, slopes) = it.surface.at(point);
        precision.ger(1.0 / it.variance, &slopes, &slopes, 1.0);
        slope.axpy((value - it.wanted) / it.variance, &slopes, 1.0);
    }
    (precision, slope)
}

/// Weights that sum to 1.
fn normalised(logs: &[f64]) -> Vec<f64> {
    let total = log_of_sum(logs);
    if total == f64::NEG_INFINITY {
        return vec![1.0 / logs.len().max(1) as f64; logs.len()];
    }
    logs.iter().map(|it| libm::exp(it - total)).collect()
}

/// Effective sample size (Kish): the squared sum of weights over the sum of their squares; 0 where
/// no run has any weight.
fn effective(logs: &[f64]) -> f64 {
    let total = log_of_sum(logs);
    if total == f64::NEG_INFINITY {
        return 0.0;
    }
    let doubled: Vec<f64> = logs.iter().map(|it| 2.0 * (it - total)).collect();
    libm::exp(-log_of_sum(&doubled))
}

#[cfg(test)]
mod tests;
