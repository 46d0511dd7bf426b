//! Problems whose posterior is known: by algebra where figures are linear, by quadrature else.

use super::super::luck::Draws;
use super::*;

/// A simulator: what it makes of a point, with luck of its own.
type Simulator<'a> = &'a dyn Fn(&[f64], &mut Draws) -> Vec<f64>;

fn sampled(
    dimensions: usize,
    targets: &[Target],
    (seed, runs, generations): (u64, usize, usize),
    simulator: Simulator<'_>,
) -> Weighted {
    let luck = DesignLuck::new(seed + 1_000);
    let design = Design {
        seed,
        runs,
        generations,
    };
    let mut simulate = |first: usize, points: &[Vec<f64>]| {
        let runs = points.iter().enumerate().map(|(place, point)| {
            let figures = simulator(point, &mut luck.of_run(first + place));
            figures.into_iter().map(Some).collect()
        });
        Some(runs.collect())
    };
    sample(dimensions, targets, &design, &mut simulate).unwrap()
}

fn target(figure: usize, value: f64, within: f64) -> Target {
    Target {
        figure,
        value,
        within,
        scale: Scale::Plain,
    }
}

fn mean_of(weighted: &Weighted, of: impl Fn(&[f64]) -> f64) -> f64 {
    let terms = weighted.runs.iter().zip(&weighted.weights);
    terms.map(|(run, weight)| weight * of(&run.point)).sum()
}

/// Figures that are sums of parameters, with noise: the posterior is normal.
struct Linear {
    slopes: DMatrix<f64>,
    values: DVector<f64>,
    within: f64,
    noise: f64,
}

impl Linear {
    fn posterior(&self) -> (DVector<f64>, DMatrix<f64>) {
        let variance = self.within * self.within + self.noise * self.noise;
        let size = self.slopes.ncols();
        let precision = DMatrix::identity(size, size) + self.slopes.tr_mul(&self.slopes) / variance;
        let covariance = precision.try_inverse().unwrap();
        let mean = &covariance * self.slopes.tr_mul(&self.values) / variance;
        (mean, covariance)
    }

    fn sampled(&self, seed: u64, runs: usize) -> Weighted {
        let targets: Vec<Target> = (self.values.iter().enumerate())
            .map(|(figure, value)| target(figure, *value, self.within))
            .collect();
        sampled(
            self.slopes.ncols(),
            &targets,
            (seed, runs, 6),
            &|point, draws| {
                let exact = &self.slopes * DVector::from_column_slice(point);
                let noise = draws.normals(exact.len()) * self.noise;
                (exact + noise).as_slice().to_vec()
            },
        )
    }

    /// Holds every mean and covariance to the theory, within four standard errors of a sample of
    /// the effective size.
    #[track_caller]
    fn check(&self, weighted: &Weighted) {
        let (mean, covariance) = self.posterior();
        let error = 1.0 / weighted.effective.sqrt();
        for i in 0..mean.len() {
            let found = mean_of(weighted, |it| it[i]);
            let sd = covariance[(i, i)].sqrt();
            assert!(
                (found - mean[i]).abs() < 4.0 * error * sd,
                "mean {i}: {found} against {}",
                mean[i]
            );
            for j in 0..=i {
                let product = mean_of(weighted, |it| (it[i] - mean[i]) * (it[j] - mean[j]));
                let expected = covariance[(i, j)];
                let both = (covariance[(i, i)] * covariance[(j, j)]).sqrt();
                // The variance of a product of normals: at most twice that of independent ones.
                let limit = 4.0 * error * std::f64::consts::SQRT_2 * both;
                assert!(
                    (product - expected).abs() < limit,
                    "covariance {i}, {j}: {product} against {expected}"
                );
            }
        }
    }
}

#[test]
fn the_posterior_of_linear_figures_is_the_known_normal() {
    let problem = Linear {
        slopes: DMatrix::from_row_slice(
            4,
            3,
            &[1.0, 0.5, 0.0, 0.0, 1.0, -1.0, 0.3, 0.0, 2.0, 1.0, 1.0, 1.0],
        ),
        values: DVector::from_vec(vec![1.2, -0.7, 1.0, 0.4]),
        within: 0.3,
        noise: 0.1,
    };
    let weighted = problem.sampled(1, 2_000);
    assert!(weighted.effective > 400.0, "{}", weighted.effective);
    problem.check(&weighted);
}

#[test]
fn what_the_figures_say_nothing_about_keeps_its_prior() {
    let problem = Linear {
        slopes: DMatrix::from_row_slice(2, 3, &[1.0, 0.0, 0.0, 0.7, 0.0, 1.0]),
        values: DVector::from_vec(vec![0.8, -0.5]),
        within: 0.1,
        noise: 0.05,
    };
    let weighted = problem.sampled(2, 1_500);
    let (mean, covariance) = problem.posterior();
    assert!(mean[1].abs() < 1e-12 && (covariance[(1, 1)] - 1.0).abs() < 1e-12);
    problem.check(&weighted);
}

#[test]
fn where_only_a_ratio_is_known_the_joint_set_shows_it() {
    // Coordinates of log-uniform parameters: their difference stands for a ratio.
    let problem = Linear {
        slopes: DMatrix::from_row_slice(1, 2, &[1.0, -1.0]),
        values: DVector::from_vec(vec![0.6]),
        within: 0.05,
        noise: 0.02,
    };
    let weighted = problem.sampled(3, 1_500);
    let (_, covariance) = problem.posterior();
    assert!(covariance[(0, 1)] / covariance[(0, 0)] > 0.99);
    problem.check(&weighted);
    // Each alone is hardly known.
    let sd = mean_of(&weighted, |it| (it[0] - 0.3) * (it[0] - 0.3)).sqrt();
    assert!((0.6..0.85).contains(&sd), "{sd}");
}

/// Mean of `of` under a posterior of two parameters, on a fine grid.
fn by_quadrature(log_kernel: impl Fn(&[f64; 2]) -> f64, of: impl Fn(&[f64; 2]) -> f64) -> f64 {
    const STEPS: i32 = 1_200;
    let (mut sum, mut total) = (0.0, 0.0);
    for i in -STEPS..=STEPS {
        for j in -STEPS..=STEPS {
            let point = [i, j].map(|it| 5.0 * f64::from(it) / f64::from(STEPS));
            let log = log_kernel(&point) - 0.5 * (point[0] * point[0] + point[1] * point[1]);
            let weight = libm::exp(log);
            sum += weight * of(&point);
            total += weight;
        }
    }
    sum / total
}

#[test]
fn a_bent_posterior_is_followed_round_its_bend() {
    let targets = [target(0, 0.5, 0.1)];
    let bent = |x: f64, y: f64| y + 0.8 * x * x - 0.8;
    let weighted = sampled(2, &targets, (4, 3_000, 8), &|point, _| {
        vec![bent(point[0], point[1])]
    });
    let log_kernel = |it: &[f64; 2]| {
        let apart = (bent(it[0], it[1]) - 0.5) / 0.1;
        -0.5 * apart * apart
    };
    assert!(weighted.effective > 400.0, "{}", weighted.effective);
    let moments: [fn(f64, f64) -> f64; 4] = [|x, _| x, |_, y| y, |x, _| x * x, |x, y| x * x * y];
    for of in moments {
        let expected = by_quadrature(log_kernel, |it| of(it[0], it[1]));
        let squared = by_quadrature(log_kernel, |it| of(it[0], it[1]).powi(2));
        let sd = (squared - expected * expected).sqrt();
        let found = mean_of(&weighted, |it| of(it[0], it[1]));
        let limit = 4.0 * sd / weighted.effective.sqrt();
        assert!(
            (found - expected).abs() < limit,
            "{found} against {expected}"
        );
    }
}

#[test]
fn two_hills_are_both_climbed() {
    let targets = [target(0, 1.44, 0.15), target(1, 0.3, 0.2)];
    let weighted = sampled(2, &targets, (5, 2_000, 6), &|point, _| {
        vec![point[0] * point[0], point[1] + 0.3 * point[0]]
    });
    let log_kernel = |it: &[f64; 2]| {
        let first = (it[0] * it[0] - 1.44) / 0.15;
        let second = (it[1] + 0.3 * it[0] - 0.3) / 0.2;
        -0.5 * (first * first + second * second)
    };
    let right = |it: &[f64]| f64::from(u8::from(it[0] > 0.0));
    let expected = by_quadrature(log_kernel, |it| right(it));
    let found = mean_of(&weighted, right);
    assert!(weighted.effective > 400.0, "{}", weighted.effective);
    let limit = 4.0 * 0.5 / weighted.effective.sqrt();
    assert!(
        (found - expected).abs() < limit,
        "{found} against {expected}"
    );
    // The hills have different heights.
    assert!((expected - 0.5).abs() > 2.0 * limit / 4.0, "{expected}");
}

#[test]
fn weights_without_the_kernel_give_back_the_prior() {
    let targets = [target(0, 1.0, 0.1)];
    let design = Design {
        seed: 6,
        runs: 4_000,
        generations: 5,
    };
    let mut sampler = Sampler::new(2, &targets, &design);
    for (generation, size) in design.sizes().into_iter().enumerate() {
        let points = sampler.next_points(generation, size);
        let figures = points.iter().map(|it| vec![Some(it[0] + it[1])]).collect();
        sampler.take(generation, points, figures);
    }
    // The kernel's chance under the prior is known: a normal of variance 2 meets one of 0.01.
    let n = sampler.runs.len() as f64;
    let (mut with, mut without, mut squares) = (0.0, 0.0, 0.0);
    for (log, misfit) in sampler.log_weights().iter().zip(&sampler.misfits) {
        with += libm::exp(*log) / n;
        without += libm::exp(log + misfit) / n;
        squares += libm::exp(2.0 * log) / n;
    }
    let variance = 2.0 + 0.01;
    let evidence = libm::exp(-0.5 / variance) * 0.1 / f64::sqrt(variance);
    let error = ((squares - with * with) / n).sqrt();
    assert!(error < 0.05 * evidence);
    assert!(
        (with - evidence).abs() < 4.0 * error,
        "{with} against {evidence}"
    );
    assert!((without - 1.0).abs() < 0.1, "{without}");
}

/// As many parameters and figures as the bundled presets have, bent, noisy and on logarithms.
#[test]
fn fifteen_parameters_are_fitted_in_twelve_hundred_runs() {
    const PARAMETERS: usize = 15;
    const FIGURES: usize = 16;
    let slope = |figure: usize, parameter: usize| {
        let turn = ((figure * 7 + parameter * 11 + figure * parameter) % 13) as f64;
        0.12 * libm::sin(turn) * f64::from(u8::from(!(figure + parameter).is_multiple_of(3)))
    };
    let exact = |point: &[f64]| -> Vec<f64> {
        (0..FIGURES)
            .map(|figure| {
                let sum: f64 = (0..PARAMETERS)
                    .map(|it| slope(figure, it) * point[it])
                    .sum();
                let bend = 0.15 * point[figure % PARAMETERS] * point[(figure + 4) % PARAMETERS];
                1_000.0 * libm::exp(sum + 0.3 * bend)
            })
            .collect()
    };
    let truth: Vec<f64> = (0..PARAMETERS)
        .map(|it| 0.9 * libm::cos(it as f64))
        .collect();
    let targets: Vec<Target> = (exact(&truth).into_iter().enumerate())
        .map(|(figure, value)| Target {
            scale: Scale::Logarithm,
            ..target(figure, value, 0.05 * value)
        })
        .collect();
    let weighted = sampled(PARAMETERS, &targets, (7, 1_200, 10), &|point, draws| {
        let noise = draws.normals(FIGURES);
        let exact = exact(point).into_iter();
        exact
            .zip(noise.iter())
            .map(|(it, noise)| it * (1.0 + 0.02 * noise))
            .collect()
    });
    assert!(
        weighted.effective > 100.0,
        "{:?}",
        weighted.effective_by_generation
    );
    // Every figure is met on average.
    for target in &targets {
        let terms = weighted.runs.iter().zip(&weighted.weights);
        let mean: f64 = terms
            .map(|(run, weight)| weight * run.figures[target.figure].unwrap())
            .sum();
        assert!((mean - target.value).abs() < target.within, "{mean}");
    }
}

#[test]
fn generations_share_out_all_runs() {
    let design = |runs, generations| Design {
        seed: 0,
        runs,
        generations,
    };
    assert_eq!(design(1_000, 4).sizes(), [250, 250, 250, 250]);
    assert_eq!(design(1_001, 8).sizes().iter().sum::<usize>(), 1_001);
    assert_eq!(design(5, 1).sizes(), [5]);
    assert_eq!(design(3, 9).sizes().iter().sum::<usize>(), 3);
}

#[test]
fn the_same_seed_gives_the_same_bits_and_another_one_others() {
    let run = |seed| {
        let simulator = |point: &[f64], draws: &mut Draws| vec![point[0] + 0.1 * draws.uniform()];
        sampled(1, &[target(0, 0.5, 0.1)], (seed, 120, 4), &simulator)
    };
    assert_eq!(run(8), run(8));
    assert_ne!(run(8).runs, run(9).runs);
}

#[test]
fn a_run_without_a_figure_has_no_weight_and_spoils_nothing() {
    let mut simulate = |_: usize, points: &[Vec<f64>]| {
        let figures = points
            .iter()
            .map(|it| vec![(it[0] > -1.0).then_some(it[0])]);
        Some(figures.collect())
    };
    let design = Design {
        seed: 9,
        runs: 400,
        generations: 4,
    };
    let weighted = sample(1, &[target(0, -0.9, 0.2)], &design, &mut simulate).unwrap();
    for (run, weight) in weighted.runs.iter().zip(&weighted.weights) {
        assert!(run.figures[0].is_some() || *weight <= 0.0);
    }
    assert!(weighted.effective > 50.0, "{}", weighted.effective);
}
