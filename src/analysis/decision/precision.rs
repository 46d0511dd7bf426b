//! Enough trials: intervals that stay sound although somebody looks after every batch and stops when
//! they are narrow enough.
//!
//! A common interval of 95% is meant for a number of trials that was fixed beforehand. Who looks again
//! and again and stops on what is seen gets more than his share of false ones. A *confidence sequence*
//! holds the truth at all its looks together with a chance of 95%, so any rule of stopping is allowed.
//! Here it is the asymptotic one of Waudby-Smith, Arbour, Sinha, Kennedy and Ramdas (2024),
//! Time-uniform central limit theory and asymptotic confidence sequences, Annals of Statistics
//! 52:2613-2640, <https://doi.org/10.1214/24-AOS2408>: after `n` trials the mean of the scores is known
//! to within
//!
//! `s * sqrt(2 (n r + 1) / (n^2 r) * ln(sqrt(n r + 1) / alpha))`
//!
//! where `s` is the standard deviation of the scores, `r` (their rho squared) makes the interval
//! narrowest at a planned number of trials, and `alpha` is 0.05 shared equally among the family of
//! comparisons that are looked at together (Bonferroni).
//!
//! The theorem speaks of many trials, and runs have tens. So each interval is widened by two allowances
//! that vanish as trials grow. With `z = sqrt(n) * width / s`, the normal quantile that the theorem
//! amounts to, and `g` the skewness of the scores they are, in units of `s / sqrt(n)`:
//! `z (z^2 + 1) / (4 (n - 1))` for a spread known from few trials (the first term of Student's quantile
//! about the normal one: Abramowitz and Stegun 1964, 26.7.5), and `|g| (2 z^2 + 1) / (6 sqrt(n))` for
//! skew scores (Johnson 1978, Journal of the American Statistical Association 73:536-544; Hall 1992,
//! Journal of the Royal Statistical Society B 54:221-228). Without them 7 of 100 sequences of
//! exponential scores missed, with them 3.
//!
//! How a caller feeds this: scores are paired differences by trial, see [`paired_scores`]. A mean over
//! trials has the trials' own values as scores; a ratio (cases per 10,000 child-years, days per
//! handoff) has the pseudo-values of the jackknife, whose mean has the standard error of the pooled
//! ratio. The interval stands about the pooled difference, which comes first of the pair, and not
//! about the mean of the scores. Scores of a ratio are made afresh from all trials at each look: the
//! theorem holds for such estimates too, as they behave like means in the long run.

use crate::analysis::intervals::{Sampled, average, squares_about};
use crate::measures::IntervalMethod;

/// Fewest trials before anything is called known.
///
/// Of fewer the spread is badly known and by luck too small, and it is the lucky small spread that
/// would stop a run. With 20 trials it is known to within about 16%, and intervals held what they
/// promise in simulated experiments with normal, exponential and rare scores, alone and in a family of
/// 20. Scores as skew as a lognormal law's (skewness 6) missed in 6 of 100 alone, and in a family of 20
/// in 2 of 100 where a quarter of one is allowed.
pub const BURN_IN: usize = 20;

/// Trials without any spread before it is believed that there is none: what differs in more than one
/// trial of 20 would have been seen with a chance of 95% (the rule of three, Hanley and Lippman-Hand
/// 1983, JAMA 249:1743-1745).
pub const STILL: usize = 60;

/// Fewest trials that must carry the spread, see [`carrying`].
const CARRYING: f64 = 4.0;

/// Chance that any interval of a family misses at any look.
const ALPHA: f64 = 0.05;

/// How precisely the differences in one measure are to be known.
#[derive(Debug, Clone, PartialEq)]
pub struct Target {
    /// The measure's id.
    pub measure: String,
    /// Half of the width of the interval of 95%, in the measure's own unit; above 0.
    pub half_width: f64,
}

/// How many trials it will take.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Needed {
    /// Trials in all, those already run included, in whole batches.
    pub trials: usize,
    /// Place in the list of the comparison that takes the most; of equals the first.
    pub slowest: usize,
}

/// The paired difference of two structures, and its scores by trial: those of `of` less those of
/// `from`. `None` where a trial has no value, trials are fewer than two, or the measure has no luck.
pub fn paired_scores(
    of: &Sampled,
    from: &Sampled,
    method: IntervalMethod,
) -> Option<(f64, Vec<f64>)> {
    let (value, ours) = of.scores(method)?;
    let (base, theirs) = from.scores(method)?;
    assert_eq!(ours.len(), theirs.len(), "trials are paired");
    let scores = ours.iter().zip(&theirs).map(|(a, b)| a - b).collect();
    Some((value - base, scores))
}

/// Half of the width of the confidence sequence after these trials, in the unit of the scores.
///
/// `family` is the number of comparisons that are looked at together: measures times pairs of
/// structures. `planned` is the number of trials at which intervals are to be narrowest; a guess does
/// (one four times too small costs 3% of the width, four times too large 7%), but it is fixed before the
/// first trial: one that follows the results breaks the promise. At the planned number the interval of
/// a single comparison is 1.55 times as wide as one that may be looked at but once, and in a family of
/// 20 it is 1.31 times as wide as one of 20 such.
///
/// `None` where it is too early to tell: before [`BURN_IN`] trials, before [`STILL`] trials where
/// nothing varies, and while less than four trials carry the spread.
///
/// # Panics
///
/// If the family or the plan is of none.
pub fn half_width(scores: &[f64], family: usize, planned: usize) -> Option<f64> {
    let n = scores.len();
    let enough = if varies(scores) {
        n >= BURN_IN && carrying(scores) >= CARRYING
    } else {
        n >= STILL
    };
    enough.then(|| Reach::new(family, planned).half_width(&Shape::of(scores), n))
}

/// About how many trials it takes in all until every one of these comparisons, scores with the
/// half width wished for, is precise enough: the least number whose half width would do if the spread
/// stayed as it is, in whole batches.
///
/// A forecast, not a promise: the spread is itself only known to a share of about `1/sqrt(2 n)`, and
/// trials needed go with its square. `None` where there are less than two trials, nothing to compare,
/// or no number below a thousand million is enough.
///
/// # Panics
///
/// If the family, the plan or a batch is of none.
pub fn needed(
    comparisons: &[(&[f64], f64)],
    family: usize,
    planned: usize,
    batch: usize,
) -> Option<Needed> {
    assert!(batch > 0, "a batch has a trial");
    let reach = Reach::new(family, planned);
    let mut found: Option<Needed> = None;
    for (place, (scores, wished)) in comparisons.iter().enumerate() {
        if scores.len() < 2 {
            return None;
        }
        let least = if varies(scores) { BURN_IN } else { STILL };
        let shape = Shape::of(scores);
        let trials = least_that(least, |n| reach.half_width(&shape, n) <= *wished)?;
        let trials = trials.max(scores.len()).div_ceil(batch) * batch;
        if found.is_none_or(|it| trials > it.trials) {
            found = Some(Needed {
                trials,
                slowest: place,
            });
        }
    }
    found
}

/// The least number from `least` on for which something holds that goes on holding.
fn least_that(least: usize, holds: impl Fn(usize) -> bool) -> Option<usize> {
    const MOST: usize = 1_000_000_000;
    if holds(least) {
        return Some(least);
    }
    let (mut below, mut above) = (least, least);
    while !holds(above) {
        below = above;
        above = above.saturating_mul(2);
        if below > MOST {
            return None;
        }
    }
    while above - below > 1 {
        let middle = usize::midpoint(below, above);
        if holds(middle) {
            above = middle;
        } else {
            below = middle;
        }
    }
    Some(above)
}

fn varies(scores: &[f64]) -> bool {
    scores
        .windows(2)
        .any(|two| two[0].to_bits() != two[1].to_bits())
}

/// How many trials carry the spread: `(sum of squares)^2 / sum of fourth powers` of the deviations, the
/// number of equal deviations that would have these sums. About a third of the trials where scores are
/// normal, and one where a single rare event is all that varies: the spread is then no guide to the
/// spread of trials to come.
fn carrying(scores: &[f64]) -> f64 {
    let mean = average(scores);
    let squares = squares_about(scores, mean);
    let fourths: f64 = scores.iter().map(|it| (it - mean).powi(4)).sum();
    if fourths > 0.0 {
        squares * squares / fourths
    } else {
        0.0
    }
}

/// What of the scores the width depends on.
#[derive(Debug, Clone, Copy)]
struct Shape {
    /// Standard deviation.
    spread: f64,
    /// Third moment about the mean for each cube of the standard deviation, without its sign.
    skewness: f64,
}

impl Shape {
    fn of(scores: &[f64]) -> Self {
        let (mean, n) = (average(scores), scores.len() as f64);
        let spread = (squares_about(scores, mean) / (n - 1.0)).sqrt();
        let third = scores.iter().map(|it| (it - mean).powi(3)).sum::<f64>() / n;
        Self {
            spread,
            skewness: if spread > 0.0 {
                third.abs() / spread.powi(3)
            } else {
                0.0
            },
        }
    }
}

/// How far the intervals of a family reach.
#[derive(Debug, Clone, Copy)]
struct Reach {
    rho_squared: f64,
    /// `ln(1 / alpha)`, alpha being the share of one comparison.
    log: f64,
}

impl Reach {
    /// The one that is narrowest at the planned number.
    ///
    /// With `x = planned * r` the squared half width is `(1 + 1/x) * (ln(1 + x) + 2 log) / planned`; its
    /// slope is 0 where `x = ln(1 + x) + 2 log`, which turns quickly about its one solution.
    fn new(family: usize, planned: usize) -> Self {
        assert!(family > 0, "a family has a comparison");
        assert!(planned > 0, "a plan has a trial");
        let log = libm::log(family as f64 / ALPHA);
        let mut x = 2.0 * log;
        for _ in 0..60 {
            x = libm::log1p(x) + 2.0 * log;
        }
        Self {
            rho_squared: x / planned as f64,
            log,
        }
    }

    /// Half width of the theorem, for scores of standard deviation 1.
    fn of_theorem(&self, n: usize) -> f64 {
        let n = n as f64;
        let x = n * self.rho_squared;
        (2.0 * (x + 1.0) / (n * x) * (0.5 * libm::log1p(x) + self.log)).sqrt()
    }

    /// Half width with both allowances for few trials.
    fn half_width(&self, shape: &Shape, n: usize) -> f64 {
        let root = (n as f64).sqrt();
        let z = root * self.of_theorem(n);
        let unknown_spread = z * (z * z + 1.0) / (4.0 * (n as f64 - 1.0));
        let skew = shape.skewness * (2.0 * z * z + 1.0) / (6.0 * root);
        shape.spread / root * (z + unknown_spread + skew)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::analysis::intervals::t_quantile;
    use crate::analysis::noise::Noise;

    fn is_enough(scores: &[f64], family: usize, planned: usize, target: &Target) -> bool {
        half_width(scores, family, planned).is_some_and(|it| it <= target.half_width)
    }

    fn poisson(mean: f64, noise: &mut Noise) -> f64 {
        let floor = libm::exp(-mean);
        let mut product = noise.uniform();
        let mut count = 0.0;
        while product > floor {
            product *= noise.uniform();
            count += 1.0;
        }
        count
    }

    fn normals(n: usize, spread: f64) -> Vec<f64> {
        let mut noise = Noise::new(8);
        (0..n).map(|_| spread * noise.normal()).collect()
    }

    /// By hand: n = 100, r = 0.08 and alpha = 0.05 give `sqrt(2 * 9 / 800 * ln(3 / 0.05))`, and
    /// ln 60 = 4.094345.
    #[test]
    fn the_width_is_that_of_the_formula() {
        let reach = Reach {
            rho_squared: 0.08,
            log: libm::log(20.0),
        };
        let by_hand = (0.0225_f64 * 4.094_345).sqrt();
        assert!((reach.of_theorem(100) - by_hand).abs() < 1e-7);
        // z = 10 * 0.303521 = 3.03521: both allowances by hand, for a spread of 2 and a skewness of 1.
        let z = 3.035_21;
        let wide = 0.2 * (z + z * 10.2125 / 396.0 + 19.425 / 60.0);
        let shape = Shape {
            spread: 2.0,
            skewness: 1.0,
        };
        let found = reach.half_width(&shape, 100);
        assert!((found - wide).abs() < 1e-4, "{found}, by hand {wide}");
    }

    #[test]
    fn intervals_are_narrowest_at_the_planned_number() {
        for (family, planned) in [(1, 100), (12, 60), (40, 1_000)] {
            let best = Reach::new(family, planned);
            for factor in [0.7, 0.98, 1.02, 1.4] {
                let other = Reach {
                    rho_squared: factor * best.rho_squared,
                    ..best
                };
                assert!(best.of_theorem(planned) < other.of_theorem(planned));
            }
        }
    }

    /// Share of 500 runs of up to 300 trials in which the interval leaves out the truth at any look, by
    /// the sequence and by Student's interval: the worst that a rule of stopping can do.
    fn missed(law: impl Fn(&mut Noise) -> f64, truth: f64) -> (f64, f64) {
        let mut noise = Noise::new(1);
        let (mut ours, mut naive) = (0, 0);
        for _ in 0..500 {
            let mut scores = Vec::new();
            let (mut we_missed, mut they_missed) = (false, false);
            while scores.len() < 300 {
                scores.extend((0..10).map(|_| law(&mut noise)));
                let n = scores.len();
                let away = (average(&scores) - truth).abs();
                we_missed |= half_width(&scores, 1, 100).is_some_and(|it| away > it);
                let t = Shape::of(&scores).spread / (n as f64).sqrt() * t_quantile(n - 1);
                they_missed |= n >= BURN_IN && away > t;
            }
            ours += usize::from(we_missed);
            naive += usize::from(they_missed);
        }
        (ours as f64 / 500.0, naive as f64 / 500.0)
    }

    /// The standard error of a share of 5% of 500 is one point.
    #[test]
    fn the_truth_stays_inside_however_often_one_looks() {
        for (name, (ours, naive)) in [
            ("normal", missed(Noise::normal, 0.0)),
            ("exponential", missed(Noise::exponential, 1.0)),
            ("counts", missed(|noise| poisson(2.0, noise), 2.0)),
            ("rare", missed(|noise| poisson(0.1, noise), 0.1)),
        ] {
            assert!(ours <= 0.05, "{name}: {ours}");
            assert!(naive > 0.10, "{name}: Student's interval would do: {naive}");
        }
    }

    /// The same of the difference of two ratios of counts, 20 and 22 in 100, with trials of unlike size
    /// that share their luck: scores are pseudo-values made afresh at each look.
    #[test]
    fn a_difference_of_ratios_stays_inside_as_well() {
        let mut noise = Noise::new(23);
        let mut missed = 0;
        for _ in 0..200 {
            let mut counts = [const { Vec::new() }; 4];
            let mut has_missed = false;
            while counts[0].len() < 200 {
                for _ in 0..10 {
                    let luck = 0.7 + 0.3 * noise.exponential();
                    for (structure, rate) in [0.20, 0.22].into_iter().enumerate() {
                        let size = 3_000.0 * (0.5 + noise.uniform());
                        counts[2 * structure].push((size * rate * luck) as u64);
                        counts[2 * structure + 1].push(size as u64);
                    }
                }
                let base = Sampled::of_ratio(&counts[0], &counts[1], 100.0);
                let other = Sampled::of_ratio(&counts[2], &counts[3], 100.0);
                let (value, scores) =
                    paired_scores(&other, &base, IntervalMethod::Jackknife).unwrap();
                let away = (value - 2.0).abs();
                has_missed |= half_width(&scores, 1, 100).is_some_and(|it| away > it);
            }
            missed += usize::from(has_missed);
        }
        assert!(missed <= 10, "{missed} of 200");
    }

    #[test]
    fn what_looking_costs_is_as_stated() {
        let plan = |planned: usize| Reach::new(1, planned).of_theorem(400);
        assert!((plan(100) / plan(400) - 1.03).abs() < 0.005);
        assert!((plan(1_600) / plan(400) - 1.07).abs() < 0.005);
        // 1.960 and 3.023 are the normal quantiles of 5% and of 5% shared by 20.
        for (family, quantile, stated) in [(1, 1.960, 1.55), (20, 3.023, 1.31)] {
            let wider = 10.0 * Reach::new(family, 100).of_theorem(100) / quantile;
            assert!((wider - stated).abs() < 0.005, "{family}: {wider}");
        }
    }

    #[test]
    fn a_run_that_stops_when_it_is_precise_is_right() {
        let target = Target {
            measure: "known-missed".to_owned(),
            half_width: 0.5,
        };
        let mut noise = Noise::new(3);
        let mut missed = 0;
        for _ in 0..300 {
            let mut scores: Vec<f64> = Vec::new();
            while !is_enough(&scores, 3, 100, &target) {
                scores.extend((0..10).map(|_| noise.exponential()));
            }
            missed += usize::from((average(&scores) - 1.0).abs() > 0.5);
        }
        // One comparison of three may miss in 5 of 300.
        assert!(missed <= 5, "{missed}");
    }

    #[test]
    fn it_may_be_too_early_to_tell() {
        let even: Vec<f64> = (0..BURN_IN).map(|it| it as f64).collect();
        assert_eq!(half_width(&even[1..], 1, 50), None);
        assert!(half_width(&even, 1, 50).is_some());
        assert_eq!(half_width(&vec![0.0; STILL - 1], 1, 50), None);
        assert_eq!(half_width(&vec![0.0; STILL], 1, 50), Some(0.0));
        // One event in 100 trials says little of its own frequency.
        let mut rare = vec![0.0; 99];
        rare.push(1.0);
        assert_eq!(half_width(&rare, 1, 50), None);
    }

    #[test]
    fn a_larger_family_needs_wider_intervals() {
        let scores = normals(50, 1.0);
        let one = half_width(&scores, 1, 100).unwrap();
        assert!(half_width(&scores, 12, 100).unwrap() > 1.2 * one);
    }

    /// The forecast from 40 trials against the number that turned out to be enough.
    #[test]
    fn what_is_forecast_is_about_what_it_takes() {
        let scores = normals(2_000, 4.0);
        let target = Target {
            measure: "days".to_owned(),
            half_width: 0.8,
        };
        let found = needed(&[(&scores[..40], 0.8), (&scores[..40], 2.0)], 6, 300, 20).unwrap();
        assert_eq!(found.slowest, 0);
        assert_eq!(found.trials % 20, 0);
        let enough = (2..2_000)
            .find(|n| is_enough(&scores[..*n], 6, 300, &target))
            .unwrap();
        // The variance of 40 normals has a standard error of 23%.
        let ratio = found.trials as f64 / enough as f64;
        assert!((ratio - 1.0).abs() < 0.5, "{} for {enough}", found.trials);
        // Forecast from where it is enough, it is enough, and one less is not.
        let then = needed(&[(&scores[..enough], 0.8)], 6, 300, 1).unwrap();
        assert_eq!(then.trials, enough);
        assert_eq!(needed(&[(&scores, 0.0)], 6, 300, 20), None);
    }

    #[test]
    fn scores_of_a_ratio_are_paired_pseudo_values() {
        let base = Sampled::of_ratio(&[3, 4, 5], &[10, 10, 20], 1.0);
        let other = Sampled::of_ratio(&[6, 4, 5], &[10, 10, 20], 1.0);
        let (value, scores) = paired_scores(&other, &base, IntervalMethod::Jackknife).unwrap();
        assert!((value - 0.075).abs() < 1e-12);
        // Without the first trial nothing differs: n * (15 - 12) / 40 - (n - 1) * 0.
        assert!((scores[0] - 0.225).abs() < 1e-12, "{scores:?}");
        assert_eq!(paired_scores(&other, &base, IntervalMethod::Exact), None);
    }
}
