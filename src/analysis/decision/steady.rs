//! Is the warm-up long enough? What a series looks like before it is steady, and from where on it is.
//!
//! Two looks at the same series, averaged over trials so that luck cancels and what remains is the
//! beginning. MSER-5 (White KP (1997), Simulation 69:323-334; White KP, Cobb MJ, Spratt SC (2000),
//! Proceedings of the Winter Simulation Conference, 755-760) takes means of five observations and cuts
//! off the beginning without which the mean of the rest is known best: the point with the least sum of
//! squares about that mean for each square of the number kept. Of the methods that Hoad K, Robinson S
//! and Davies R (2010), Journal of the Operational Research Society 61:1389-1403, looked through they
//! advise this one, for averages over trials as well. An answer in the second half of the series is
//! none: the series is then too short. Welch PD (1983), in Lavenberg SS (editor), Computer Performance
//! Modeling Handbook, is the moving average to look at.
//!
//! Neither tells a series that grows throughout from one that warms up slowly. So the two halves of
//! what is kept are compared, trial by trial, and a series that still moves is called so. Nor does the
//! rule know luck: of a series that is steady throughout it cuts off whatever part happens to lie away
//! from the rest. So what is said against a warm-up has to be beyond luck as well.

use statrs::distribution::{ContinuousCDF, StudentsT};

use crate::analysis::intervals::{average, squares_about};

/// Observations in a batch of MSER-5.
const BATCH: usize = 5;

/// Fewest batches of which the rule is asked; Hoad et al. (2010) advise at least ten.
const FEWEST_BATCHES: usize = 10;

/// Batches at the end that are never all that is kept: so few are alike by luck.
const LAST: usize = 5;

/// A window is wide enough when the steps of the second half are no larger than this share of the
/// height of the whole curve: a step is then hardly seen in a plot.
const SMOOTH: f64 = 0.02;

/// What is said of a warm-up.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Steadiness {
    /// The beginning that MSER-5 would cut off lies within the warm-up, or what of it lies outside
    /// moves the mean by less than is tolerable.
    LongEnough,
    /// The series becomes steady, but after the warm-up.
    WarmUpTooShort,
    /// MSER-5 would cut off more than the warm-up and the bias seems more than tolerable, or it would cut
    /// off more than half, which is no answer; but luck alone may have made that: more trials would tell.
    WithinLuck,
    /// What is kept still rises or falls, by more than is tolerable and more than luck: the series never
    /// settles, or settles so slowly that this one ends too soon.
    StillMoving,
    /// The series is too short to tell: less than 50 observations, or less than 10 after the warm-up.
    SeriesTooShort,
}

/// How far the mean after the warm-up is from the steady level. Too small where the series is not
/// steady at its end: see the verdict first.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Bias {
    /// Mean of all after the warm-up less mean of the last part, in the unit of the series.
    pub value: f64,
    /// Its standard error over trials; `None` with one trial.
    pub standard_error: Option<f64>,
}

/// A curve to look at and what was found in it.
#[derive(Debug, Clone, PartialEq)]
pub struct Welch {
    /// Observations to either side that are averaged with one.
    pub window: usize,
    /// The moving average, from the first observation; as many values as observations less the window.
    pub curve: Vec<f64>,
    /// Mean of the second half of the curve.
    pub level: f64,
    /// The first observation from which the curve stays nearer to that level than one and a half times
    /// the furthest that it gets from it in its second half: where luck alone moves it, about four
    /// standard deviations. A rule of ours for what Welch leaves to the eye.
    pub settles: usize,
}

/// What several trials of one series say of its beginning.
#[derive(Debug, Clone, PartialEq)]
pub struct Steady {
    /// Observations to leave out, by MSER-5, a multiple of five; `None` where the series is too short
    /// to tell. The end of the warm-up to be recommended, unless [`Self::told`] says that the series
    /// still moves.
    pub truncation: Option<usize>,
    /// Is what MSER-5 would cut off unlike what it keeps, by more than luck? Where it is not, nothing
    /// says that the series has a beginning at all, and [`Self::truncation`] recommends nothing.
    pub has_beginning: bool,
    /// Welch's moving average, with a window of its own choosing.
    pub welch: Welch,
    /// The warm-up judged, in observations.
    pub warm_up: usize,
    /// What its initial bias is estimated to be; `None` where less than two observations follow it.
    pub bias: Option<Bias>,
    /// The verdict.
    pub told: Steadiness,
}

/// Judges a warm-up by one series of each trial, in any unit, one value a week or month from the very
/// beginning.
///
/// `warm_up` is the number of observations that it takes. `tolerable` is the largest bias that does not
/// matter, as a share of the steady mean's size: 0.01 is one part in a hundred. `false_alarm` is the
/// chance of calling luck more than luck: 0.05 for one series, less for each of several.
///
/// # Panics
///
/// If there is no trial or no observation, or series differ in length.
pub fn steady(trials: &[Vec<f64>], warm_up: usize, tolerable: f64, false_alarm: f64) -> Steady {
    let averaged = over_trials(trials);
    let truncation = mser5(&averaged);
    let kept_from = truncation.map_or(warm_up, |it| it.max(warm_up));
    let bias = bias(trials, warm_up, kept_from);
    let after = &averaged[warm_up.min(averaged.len() - 1)..];
    let harmless = |bias: f64| bias.abs() <= tolerable * average(after).abs();
    let told = match (truncation, bias) {
        (Some(truncation), Some(bias)) => {
            if is_moving(trials, kept_from, tolerable, false_alarm) {
                Steadiness::StillMoving
            } else if truncation <= warm_up || harmless(bias.value) {
                Steadiness::LongEnough
            } else if is_beyond_luck(&biases(trials, warm_up, kept_from), false_alarm) {
                Steadiness::WarmUpTooShort
            } else {
                Steadiness::WithinLuck
            }
        }
        // The rule has no answer to a series that moves throughout; nor, by luck, to some that do not.
        _ if is_long(&averaged, warm_up) => {
            match is_moving(trials, warm_up, tolerable, false_alarm) {
                true => Steadiness::StillMoving,
                false => Steadiness::WithinLuck,
            }
        }
        _ => Steadiness::SeriesTooShort,
    };
    Steady {
        truncation,
        has_beginning: truncation.is_some_and(|it| has_beginning(trials, it, false_alarm)),
        welch: welch(trials, welch_window(trials)),
        warm_up,
        bias,
        told,
    }
}

/// Observations that MSER-5 would leave out; `None` where there are less than 50, or where it would
/// leave out more than half.
///
/// With `m` batch means, the batches `d` with the least `sum of (mean - mean of the kept)^2 / (m - d)^2`,
/// of equals the fewest. An incomplete batch at the end is not used.
pub fn mser5(series: &[f64]) -> Option<usize> {
    let batches: Vec<f64> = series.chunks_exact(BATCH).map(average).collect();
    let m = batches.len();
    if m < FEWEST_BATCHES {
        return None;
    }
    // What rounding alone makes of a series that never moves.
    let size = batches.iter().fold(0.0_f64, |most, it| most.max(it.abs()));
    let nothing = (1e-12 * size).powi(2);
    let mut best = (f64::INFINITY, 0);
    for d in 0..=m - LAST {
        let kept = &batches[d..];
        let error = squares_about(kept, average(kept)) / (kept.len() as f64).powi(2);
        let error = if error <= nothing { 0.0 } else { error };
        if error < best.0 {
            best = (error, d);
        }
    }
    (2 * best.1 <= m).then_some(best.1 * BATCH)
}

/// Welch's moving average of the average over trials: `window` observations to either side, and as
/// many as there are at the beginning. A window is cut to what leaves at least one value.
///
/// # Panics
///
/// If there is no trial or no observation, or series differ in length.
pub fn welch(trials: &[Vec<f64>], window: usize) -> Welch {
    let averaged = over_trials(trials);
    let window = window.min(averaged.len() - 1);
    let curve: Vec<f64> = (0..averaged.len() - window)
        .map(|at| {
            let reach = window.min(at);
            average(&averaged[at - reach..=at + reach])
        })
        .collect();
    let half = curve.len() / 2;
    let level = average(&curve[half..]);
    let away = |it: &f64| (it - level).abs();
    let band = 1.5 * curve[half..].iter().map(away).fold(0.0, f64::max);
    let settles = curve[..half]
        .iter()
        .rposition(|it| away(it) > band)
        .map_or(0, |last| last + 1);
    Welch {
        window,
        curve,
        level,
        settles,
    }
}

/// The smallest window with which the curve is smooth: the root mean square of the steps in its second
/// half, where only luck moves it, is at most 2% of the height of the whole curve. A quarter of the
/// series, the most that Law (2015, 9.5.1) advises, where no smaller one does.
///
/// # Panics
///
/// If there is no trial or no observation, or series differ in length.
pub fn welch_window(trials: &[Vec<f64>]) -> usize {
    let averaged = [over_trials(trials)];
    let most = averaged[0].len() / 4;
    (1..most)
        .find(|window| {
            let curve = welch(&averaged, *window).curve;
            let steps: Vec<f64> = curve[curve.len() / 2..]
                .windows(2)
                .map(|two| two[1] - two[0])
                .collect();
            let step = (squares_about(&steps, 0.0) / steps.len() as f64).sqrt();
            let high = curve.iter().fold(f64::NEG_INFINITY, |a, b| a.max(*b));
            let low = curve.iter().fold(f64::INFINITY, |a, b| a.min(*b));
            step <= SMOOTH * (high - low)
        })
        .unwrap_or(most)
}

/// The mean from the end of the warm-up on less the mean of the last part, the second half of what is
/// surely kept.
fn bias(trials: &[Vec<f64>], warm_up: usize, kept_from: usize) -> Option<Bias> {
    let last = usize::midpoint(kept_from, trials[0].len());
    if warm_up >= last || last >= trials[0].len() {
        return None;
    }
    let by_trial = biases(trials, warm_up, kept_from);
    Some(Bias {
        value: average(&by_trial),
        standard_error: standard_error(&by_trial),
    })
}

/// The same by trial.
fn biases(trials: &[Vec<f64>], warm_up: usize, kept_from: usize) -> Vec<f64> {
    let last = usize::midpoint(kept_from, trials[0].len());
    let of_trial = |it: &Vec<f64>| average(&it[warm_up..]) - average(&it[last..]);
    trials.iter().map(of_trial).collect()
}

/// Do the two halves of what is kept differ by more than luck, and by so much that the mean of all that
/// is kept may be as far from where the series is heading as is no longer tolerable? Half of the
/// difference is that distance at least.
fn is_moving(trials: &[Vec<f64>], from: usize, tolerable: f64, false_alarm: f64) -> bool {
    let middle = usize::midpoint(from, trials[0].len());
    let by_trial: Vec<f64> = trials
        .iter()
        .map(|it| average(&it[middle..]) - average(&it[from..middle]))
        .collect();
    let levels: Vec<f64> = trials.iter().map(|it| average(&it[from..])).collect();
    let is_much = average(&by_trial).abs() / 2.0 > tolerable * average(&levels).abs();
    is_much && is_beyond_luck(&by_trial, false_alarm)
}

/// Is what would be cut off unlike the rest?
fn has_beginning(trials: &[Vec<f64>], cut: usize, false_alarm: f64) -> bool {
    let of_trial = |it: &Vec<f64>| average(&it[..cut]) - average(&it[cut..]);
    cut > 0
        && is_beyond_luck(
            &trials.iter().map(of_trial).collect::<Vec<_>>(),
            false_alarm,
        )
}

/// Is the mean over trials further from 0 than luck takes it, but for this chance (Student's t)? Of one
/// trial nothing can be told.
fn is_beyond_luck(by_trial: &[f64], false_alarm: f64) -> bool {
    let Some(error) = standard_error(by_trial) else {
        return false;
    };
    let size = by_trial.iter().fold(0.0_f64, |most, it| most.max(it.abs()));
    let law = StudentsT::new(0.0, 1.0, by_trial.len() as f64 - 1.0)
        .expect("a t law with at least one degree of freedom exists");
    let reach = law.inverse_cdf(1.0 - false_alarm / 2.0) * error;
    // What does not vary differs but for the rounding of sums.
    average(by_trial).abs() > reach.max(1e-9 * size)
}

/// Are there observations enough for the rule, and enough after the warm-up to look at in two halves?
fn is_long(averaged: &[f64], warm_up: usize) -> bool {
    averaged.len() >= FEWEST_BATCHES * BATCH && averaged.len() >= warm_up + 2 * BATCH
}

/// Of the mean over trials; `None` with one.
fn standard_error(by_trial: &[f64]) -> Option<f64> {
    let n = by_trial.len() as f64;
    (n > 1.0).then(|| (squares_about(by_trial, average(by_trial)) / (n * (n - 1.0))).sqrt())
}

/// The average over trials of each observation.
fn over_trials(trials: &[Vec<f64>]) -> Vec<f64> {
    let length = trials.first().map_or(0, Vec::len);
    assert!(length > 0, "there is something to look at");
    assert!(
        trials.iter().all(|it| it.len() == length),
        "series are equally long"
    );
    (0..length)
        .map(|at| trials.iter().map(|it| it[at]).sum::<f64>() / trials.len() as f64)
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::analysis::noise::Noise;

    /// Trials of `level - depth * keeps^t` with autoregressive luck (0.5 from one value to the next,
    /// standard deviation 1).
    fn warming(trials: usize, length: usize, depth: f64, keeps: f64) -> Vec<Vec<f64>> {
        let mut noise = Noise::new(4);
        (0..trials)
            .map(|_| {
                let mut luck = noise.normal();
                (0..length)
                    .map(|t| {
                        luck = 0.5 * luck + 0.75_f64.sqrt() * noise.normal();
                        10.0 - depth * keeps.powi(t as i32) + luck
                    })
                    .collect()
            })
            .collect()
    }

    /// Batch means 5, 1, 1, ... (ten of them): without the first the rest does not vary.
    #[test]
    fn what_differs_at_the_beginning_is_cut_off() {
        let mut series = vec![1.0; 50];
        series[..5].fill(5.0);
        assert_eq!(mser5(&series), Some(5));
        // Nothing to choose: of equals the fewest.
        assert_eq!(mser5(&[0.1; 50]), Some(0));
        assert_eq!(mser5(&[0.1; 49]), None);
    }

    /// By hand, with m = 10 and batch means of 3, 1, 2, 1, 2, 1, 2, 1, 2, 1: the sums of squares are 4.4
    /// over 100, then 20/9 over 81 (0.0274), then 2 over 64 (0.0313), and rising.
    #[test]
    fn the_least_marginal_standard_error_is_found() {
        let means = [3.0, 1.0, 2.0, 1.0, 2.0, 1.0, 2.0, 1.0, 2.0, 1.0];
        let series: Vec<f64> = means.iter().flat_map(|it| [*it; 5]).collect();
        assert_eq!(mser5(&series), Some(5));
    }

    #[test]
    fn a_known_transient_is_found_and_its_bias() {
        let (depth, keeps) = (8.0, 0.95_f64);
        let trials = warming(20, 400, depth, keeps);
        let found = steady(&trials, 0, 0.01, 0.05);
        let truncation = found.truncation.unwrap();
        // The transient has fallen below a standard error of one observation (0.22) after 70.
        assert!((40..=120).contains(&truncation), "{truncation}");
        assert_eq!(found.told, Steadiness::WarmUpTooShort);
        let bias = found.bias.unwrap();
        let truth = -depth * (1.0 - keeps.powi(400)) / (1.0 - keeps) / 400.0;
        let error = bias.standard_error.unwrap();
        assert!(
            (bias.value - truth).abs() < 4.0 * error,
            "{bias:?}, {truth}"
        );
        assert!(error < 0.2 * truth.abs(), "too vague");
        let long = steady(&trials, truncation, 0.01, 0.05);
        assert_eq!(long.told, Steadiness::LongEnough);
        assert!(found.has_beginning && long.has_beginning);
        let left = long.bias.unwrap();
        assert!(left.value.abs() < 0.1, "{left:?}");
        // Welch's curve settles at about the same place.
        assert!(
            (30..=100).contains(&found.welch.settles),
            "{}",
            found.welch.settles
        );
        assert!((found.welch.level - 10.0).abs() < 0.1);
    }

    #[test]
    fn a_steady_series_needs_next_to_nothing_cut() {
        let trials = warming(20, 400, 0.0, 0.9);
        let found = steady(&trials, 0, 0.01, 0.05);
        assert_eq!(found.told, Steadiness::LongEnough);
        assert!(found.bias.unwrap().value.abs() < 0.1);
        // By luck the rule cuts something from one series or another, but little from most.
        let mut cuts: Vec<Option<usize>> = trials.iter().map(|it| mser5(it)).collect();
        cuts.sort();
        assert!(cuts[10].unwrap() <= 60, "{cuts:?}");
    }

    /// Sixty studies of a series that is steady from the first day, as short and as wild as rare events
    /// are: the rule would cut off something in most of them, and luck is seen to be luck.
    #[test]
    fn luck_is_not_taken_for_a_beginning() {
        let trials = warming(60 * 8, 60, 0.0, 0.9);
        let studies: Vec<Steady> = (trials.chunks(8))
            .map(|it| {
                let low: Vec<Vec<f64>> = (it.iter())
                    .map(|series| series.iter().map(|it| it - 8.0).collect())
                    .collect();
                steady(&low, 0, 0.01, 0.05 / 20.0)
            })
            .collect();
        let of = |told: Steadiness| studies.iter().filter(|it| it.told == told).count();
        assert!(of(Steadiness::WithinLuck) > 10);
        assert!(of(Steadiness::WarmUpTooShort) <= 3);
        let begin = studies.iter().filter(|it| it.has_beginning).count();
        assert!(begin <= 3, "{begin}");
    }

    #[test]
    fn a_series_that_grows_throughout_is_not_called_steady() {
        let mut trials = warming(10, 300, 0.0, 0.9);
        for trial in &mut trials {
            for (t, value) in trial.iter_mut().enumerate() {
                *value += 0.02 * t as f64;
            }
        }
        let found = steady(&trials, 20, 0.01, 0.05);
        assert_eq!(found.truncation, None);
        assert_eq!(found.told, Steadiness::StillMoving);
    }

    /// A fall at the start hides a slow rise from the rule, but not from a look at both halves.
    #[test]
    fn a_series_that_still_moves_is_called_so() {
        let mut trials = warming(20, 300, -40.0, 0.7);
        for trial in &mut trials {
            for (t, value) in trial.iter_mut().enumerate() {
                *value += 0.003 * t as f64;
            }
        }
        let found = steady(&trials, 50, 0.01, 0.05);
        assert!(found.truncation.is_some_and(|it| it <= 150), "{found:?}");
        assert_eq!(found.told, Steadiness::StillMoving);
    }

    #[test]
    fn a_short_series_tells_nothing() {
        let found = steady(&warming(5, 40, 5.0, 0.8), 10, 0.01, 0.05);
        assert_eq!(found.told, Steadiness::SeriesTooShort);
        let all = steady(&warming(5, 100, 5.0, 0.8), 100, 0.01, 0.05);
        assert_eq!(all.told, Steadiness::SeriesTooShort);
        assert_eq!(all.bias, None);
    }

    /// Averages over trials are 1, 3, 5, 4: with a window of one 1, 3, 4.
    #[test]
    fn the_moving_average_is_welchs() {
        let found = welch(&[vec![0.0, 2.0, 6.0, 4.0], vec![2.0, 4.0, 4.0, 4.0]], 1);
        assert_eq!(found.curve, [1.0, 3.0, 4.0]);
        assert_eq!(found.level.to_bits(), 3.5_f64.to_bits());
    }

    #[test]
    fn more_luck_needs_a_wider_window() {
        let calm = welch_window(&warming(200, 400, 8.0, 0.95));
        let wild = welch_window(&warming(2, 400, 8.0, 0.95));
        assert!(calm < wild && wild <= 100, "{calm}, {wild}");
    }
}
