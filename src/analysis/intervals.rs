//! Intervals of 95% over trials: Student's t for means, the jackknife for everything pooled.
//!
//! The trial is the unit: trials are independent, what happens within one is not.
//!
//! Sources: Law AM (2015), Simulation Modeling and Analysis, 5th edition, chapter 9 (t intervals
//! over replications) and chapter 10 (paired t under common random numbers); Efron B, Tibshirani
//! RJ (1993), An Introduction to the Bootstrap, chapter 11 (jackknife standard error).

use statrs::distribution::{ContinuousCDF, StudentsT};

use crate::measures::IntervalMethod;

/// A value and how surely it is known.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Estimate {
    /// The value.
    pub value: f64,
    /// Its interval of 95%; `None` where trials are too few to tell.
    pub interval: Option<Interval>,
}

impl Estimate {
    /// A value without luck in it.
    pub(super) fn exact(value: f64) -> Self {
        Self {
            value,
            interval: None,
        }
    }

    /// Does the interval leave out zero? Without an interval nothing is told.
    pub fn is_clear_of_zero(&self) -> bool {
        self.interval
            .is_some_and(|interval| interval.low > 0.0 || interval.high < 0.0)
    }

    /// Half of the width of the interval.
    pub fn half_width(&self) -> Option<f64> {
        let interval = self.interval?;
        Some((interval.high - interval.low) / 2.0)
    }

    /// How much of Student's t distribution about the value, with the standard error that an uncut
    /// interval over this many trials had, lies on the value's side of zero: 0.5 to 1. `None` without
    /// an interval, and where nothing varies.
    pub fn share_on_its_side(&self, trials: usize) -> Option<f64> {
        let degrees = trials as f64 - 1.0;
        let law = StudentsT::new(0.0, 1.0, degrees).ok()?;
        let standard_error = self.half_width()? / law.inverse_cdf(0.975);
        (standard_error > 0.0).then(|| law.cdf(self.value.abs() / standard_error))
    }
}

/// An interval of 95%.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Interval {
    /// Lower end.
    pub low: f64,
    /// Upper end.
    pub high: f64,
}

/// One quantity under one structure: of all trials pooled, of each, and of all but each.
///
/// A value is `None` where its denominator is empty.
#[derive(Debug, Clone, PartialEq)]
pub struct Sampled {
    /// Of the pooled trials.
    pub pooled: Option<f64>,
    /// Of each trial.
    pub by_trial: Vec<Option<f64>>,
    /// Of the pool without each trial.
    pub left_out: Vec<Option<f64>>,
}

impl Sampled {
    /// The estimate by the measure's method.
    ///
    /// The interval is cut to `0..=ceiling`, the range of the quantity.
    pub fn estimate(&self, method: IntervalMethod, ceiling: f64) -> Option<Estimate> {
        let mut estimate = match method {
            IntervalMethod::StudentT => mean(&all(&self.by_trial)?),
            IntervalMethod::Jackknife => jackknife(self.pooled?, all(&self.left_out)),
            IntervalMethod::Exact => Estimate::exact(self.pooled?),
        };
        if let Some(interval) = &mut estimate.interval {
            interval.low = interval.low.clamp(0.0, ceiling);
            interval.high = interval.high.clamp(0.0, ceiling);
        }
        Some(estimate)
    }

    /// The paired difference from the same quantity under the baseline.
    pub fn difference(&self, baseline: &Self, method: IntervalMethod) -> Option<Estimate> {
        Some(match method {
            IntervalMethod::StudentT => mean(&paired(&self.by_trial, &baseline.by_trial)?),
            IntervalMethod::Jackknife => jackknife(
                self.pooled? - baseline.pooled?,
                paired(&self.left_out, &baseline.left_out),
            ),
            IntervalMethod::Exact => Estimate::exact(self.pooled? - baseline.pooled?),
        })
    }

    /// A ratio of counts, each trial's `above` and `below`, times a factor.
    ///
    /// # Panics
    ///
    /// When the two lists differ in length.
    pub fn of_ratio(above: &[u64], below: &[u64], factor: f64) -> Self {
        assert_eq!(above.len(), below.len(), "each trial has both counts");
        let ratio =
            |above: u64, below: u64| (below > 0).then(|| factor * above as f64 / below as f64);
        let all_above: u64 = above.iter().sum();
        let all_below: u64 = below.iter().sum();
        let each = || above.iter().copied().zip(below.iter().copied());
        Self {
            pooled: ratio(all_above, all_below),
            by_trial: each().map(|(above, below)| ratio(above, below)).collect(),
            left_out: each()
                .map(|(above, below)| ratio(all_above - above, all_below - below))
                .collect(),
        }
    }

    /// Is a value that theory gives within luck of the pooled one, at this chance of a false alarm?
    ///
    /// Student's t over the jackknife's scores; `None` where it cannot be told.
    pub fn is_within_luck(&self, theory: f64, false_alarm: f64) -> Option<bool> {
        let (value, scores) = self.scores(IntervalMethod::Jackknife)?;
        let n = scores.len() as f64;
        let mean = scores.iter().sum::<f64>() / n;
        let squares: f64 = scores.iter().map(|score| (score - mean).powi(2)).sum();
        let standard_error = (squares / (n - 1.0) / n).sqrt();
        let law = StudentsT::new(0.0, 1.0, n - 1.0).ok()?;
        let reach = law.inverse_cdf(1.0 - false_alarm / 2.0);
        // What does not vary has to agree but for the rounding of sums.
        let allowed = (reach * standard_error).max(1e-9 * theory.abs());
        Some((value - theory).abs() <= allowed)
    }

    /// A quantity of which each trial has a value, as the mean over trials.
    pub(super) fn of_trials(by_trial: Vec<Option<f64>>) -> Self {
        let n = by_trial.len() as f64;
        let sum = all(&by_trial).map(|values| values.iter().sum::<f64>());
        let left_out = by_trial
            .iter()
            .map(|value| Some((sum? - (*value)?) / (n - 1.0)))
            .collect();
        Self {
            pooled: sum.map(|sum| sum / n),
            by_trial,
            left_out,
        }
    }

    /// The mean over trials with Student's t, uncut; `None` where a trial has no value.
    pub(super) fn mean(&self) -> Option<Estimate> {
        Some(mean(&all(&self.by_trial)?))
    }

    /// The estimate, and for each trial a score: the scores' mean has the standard error of the
    /// estimate. For a mean they are the values, for the jackknife the pseudo-values
    /// `n * all - (n - 1) * all but one` (Efron and Tibshirani 1993, 11.5).
    ///
    /// `None` where a trial has no value, or trials are fewer than two.
    pub(super) fn scores(&self, method: IntervalMethod) -> Option<(f64, Vec<f64>)> {
        let n = self.by_trial.len() as f64;
        if n < 2.0 {
            return None;
        }
        match method {
            IntervalMethod::StudentT => {
                let values = all(&self.by_trial)?;
                Some((average(&values), values))
            }
            IntervalMethod::Jackknife => {
                let pooled = self.pooled?;
                let left_out = all(&self.left_out)?;
                let scores = left_out
                    .iter()
                    .map(|others| n * pooled - (n - 1.0) * others);
                Some((pooled, scores.collect()))
            }
            IntervalMethod::Exact => None,
        }
    }
}

/// The values, if every one is there.
fn all(values: &[Option<f64>]) -> Option<Vec<f64>> {
    values.iter().copied().collect()
}

fn paired(ours: &[Option<f64>], theirs: &[Option<f64>]) -> Option<Vec<f64>> {
    ours.iter()
        .zip(theirs)
        .map(|(ours, theirs)| Some((*ours)? - (*theirs)?))
        .collect()
}

/// The mean of independent values, with Student's t.
pub(super) fn mean(values: &[f64]) -> Estimate {
    let mean = average(values);
    let variance = squares_about(values, mean) / (values.len() as f64 - 1.0);
    let standard_error = (variance / values.len() as f64).sqrt();
    with_interval(mean, standard_error, values.len())
}

/// An estimate from all trials, with the spread of the estimates that leave one trial out:
/// `se^2 = (n - 1)/n * sum of squares about their mean`.
fn jackknife(value: f64, left_out: Option<Vec<f64>>) -> Estimate {
    let Some(left_out) = left_out else {
        return Estimate {
            value,
            interval: None,
        };
    };
    let n = left_out.len() as f64;
    let squares = squares_about(&left_out, average(&left_out));
    with_interval(value, ((n - 1.0) / n * squares).sqrt(), left_out.len())
}

pub(super) fn average(values: &[f64]) -> f64 {
    values.iter().sum::<f64>() / values.len() as f64
}

pub(super) fn squares_about(values: &[f64], centre: f64) -> f64 {
    values.iter().map(|value| (value - centre).powi(2)).sum()
}

fn with_interval(value: f64, standard_error: f64, trials: usize) -> Estimate {
    let half = (trials > 1).then(|| t_quantile(trials - 1) * standard_error);
    Estimate {
        value,
        interval: half.map(|half| Interval {
            low: value - half,
            high: value + half,
        }),
    }
}

/// The 97.5% quantile of Student's t.
pub(super) fn t_quantile(freedom: usize) -> f64 {
    StudentsT::new(0.0, 1.0, freedom as f64)
        .expect("a t law with at least one degree of freedom exists")
        .inverse_cdf(0.975)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Two-sided 90% critical value of Student's t with 11 degrees of freedom: 1.363 one-sided at 90%
    /// (any table of the t distribution); with 97.5% it is 2.201.
    #[test]
    fn the_share_on_one_side_of_zero_is_that_of_the_t_table() {
        let estimate = |value: f64| Estimate {
            value,
            interval: Some(Interval {
                low: value - 2.201,
                high: value + 2.201,
            }),
        };
        for (value, share) in [(1.363, 0.90), (-1.363, 0.90), (2.201, 0.975), (0.0, 0.5)] {
            let found = estimate(value).share_on_its_side(12).unwrap();
            assert!((found - share).abs() < 5e-4, "{value}: {found}");
        }
        assert_eq!(Estimate::exact(1.0).share_on_its_side(12), None);
        assert_eq!(estimate(1.0).half_width(), Some(2.201));
    }

    #[test]
    fn what_is_further_than_luck_reaches_is_told() {
        let sampled = Sampled::of_ratio(&[10, 12, 9, 11, 13, 11], &[10; 6], 1.0);
        assert_eq!(sampled.is_within_luck(1.1, 0.001), Some(true));
        assert_eq!(sampled.is_within_luck(1.05, 0.001), Some(true));
        assert_eq!(sampled.is_within_luck(3.0, 0.001), Some(false));
        assert_eq!(
            Sampled::of_ratio(&[1], &[1], 1.0).is_within_luck(1.0, 0.001),
            None
        );
    }
    use crate::analysis::synthetic::Noise;

    /// NIST/SEMATECH e-Handbook of Statistical Methods, table 1.3.6.7.2.
    #[test]
    pub(super) fn t_quantiles_agree_with_the_published_table() {
        for (freedom, published) in [
            (1, 12.706),
            (2, 4.303),
            (5, 2.571),
            (10, 2.228),
            (29, 2.045),
            (49, 2.010),
            (99, 1.984),
        ] {
            let found = t_quantile(freedom);
            assert!(
                (found - published).abs() < 5.1e-4,
                "{freedom} degrees of freedom: {found}, published {published}"
            );
        }
    }

    /// Student's own data (1908, Biometrika 6:1-25): extra hours of sleep of ten patients under two
    /// drugs. The paired difference is 1.58 hours, 95% interval 0.70 to 2.46.
    #[test]
    fn students_sleep_data_give_the_published_paired_interval() {
        let first = [0.7, -1.6, -0.2, -1.2, -0.1, 3.4, 3.7, 0.8, 0.0, 2.0];
        let second = [1.9, 0.8, 1.1, 0.1, -0.1, 4.4, 5.5, 1.6, 4.6, 3.4];
        let sampled = |values: &[f64]| Sampled {
            pooled: None,
            by_trial: values.iter().copied().map(Some).collect(),
            left_out: Vec::new(),
        };
        let difference = sampled(&second)
            .difference(&sampled(&first), IntervalMethod::StudentT)
            .unwrap();
        let interval = difference.interval.unwrap();
        assert!((difference.value - 1.58).abs() < 1e-9);
        assert!((interval.low - 0.7001).abs() < 5e-4, "{interval:?}");
        assert!((interval.high - 2.4599).abs() < 5e-4, "{interval:?}");
    }

    /// For a mean the jackknife is the textbook standard error (Efron and Tibshirani, 11.5).
    #[test]
    fn the_jackknife_of_a_mean_is_the_t_interval() {
        let values = [3.1, 2.7, 4.4, 5.0, 1.2, 3.3];
        let total: f64 = values.iter().sum();
        let left_out = values.iter().map(|value| (total - value) / 5.0).collect();
        let expected = mean(&values).interval.unwrap();
        let found = jackknife(total / 6.0, Some(left_out)).interval.unwrap();
        assert!((found.low - expected.low).abs() < 1e-12);
        assert!((found.high - expected.high).abs() < 1e-12);
    }

    #[test]
    fn one_trial_has_no_interval() {
        assert_eq!(mean(&[2.0]).interval, None);
    }

    #[test]
    fn an_interval_stays_in_the_range_of_its_quantity() {
        let sampled = Sampled {
            pooled: None,
            by_trial: vec![Some(99.0), Some(100.0), Some(100.0)],
            left_out: Vec::new(),
        };
        let interval = sampled
            .estimate(IntervalMethod::StudentT, 100.0)
            .and_then(|estimate| estimate.interval)
            .unwrap();
        assert!(interval.high <= 100.0 && interval.low < 99.0);
    }

    /// 1,000 experiments of 20 trials each, a ratio of skewed sums. At 95% the number of intervals
    /// that hold the truth has a standard deviation of 6.9; the band is four of those and an
    /// allowance of 1.5 points for skewness.
    #[test]
    fn intervals_of_a_ratio_hold_the_truth_about_as_often_as_they_say() {
        let mut noise = Noise::new(20);
        let held = (0..1_000)
            .filter(|_| {
                let trials: Vec<(f64, f64)> = (0..20)
                    .map(|_| {
                        let cases = 50.0 + 20.0 * noise.normal();
                        (cases * 3.0 * noise.exponential().sqrt(), cases)
                    })
                    .collect();
                let sum = trials
                    .iter()
                    .fold((0.0, 0.0), |sum, trial| (sum.0 + trial.0, sum.1 + trial.1));
                let left_out = trials
                    .iter()
                    .map(|trial| (sum.0 - trial.0) / (sum.1 - trial.1))
                    .collect();
                let interval = jackknife(sum.0 / sum.1, Some(left_out)).interval.unwrap();
                // The mean of the square root of a standard exponential is sqrt(pi)/2.
                let truth = 3.0 * std::f64::consts::PI.sqrt() / 2.0;
                interval.low <= truth && truth <= interval.high
            })
            .count();
        assert!((907..=978).contains(&held), "held {held} of 1,000");
    }
}
