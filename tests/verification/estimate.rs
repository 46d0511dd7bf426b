//! Estimates over trials and the tolerance they earn.

use std::sync::Mutex;
use std::{env, fs};

use statrs::distribution::{ContinuousCDF, StudentsT};

/// Chance, fixed beforehand, that a sound program fails any comparison of the whole suite for a
/// new seed.
const FALSE_ALARM: f64 = 1e-3;

/// Comparisons that the false alarms are shared among (Bonferroni). There are no more of them.
const COMPARISONS: usize = 250;

/// A file to which all comparisons made are written as a table.
const TABLE: &str = "SEAMLINE_COMPARISONS";

/// The comparisons made so far, as rows of that table.
static MADE: Mutex<Vec<String>> = Mutex::new(Vec::new());

/// A ratio of two sums over trials, with its standard error.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Estimate {
    pub(crate) mean: f64,
    pub(crate) standard_error: f64,
    trials: usize,
}

impl Estimate {
    /// The ratio of sums over trials, such as seconds waited by cases; its standard error is that
    /// of the residuals (the delta method), so trials with many cases weigh more.
    pub(crate) fn ratio(trials: impl IntoIterator<Item = (f64, f64)>) -> Self {
        let trials: Vec<(f64, f64)> = trials.into_iter().collect();
        let n = trials.len() as f64;
        let below: f64 = trials.iter().map(|(_, b)| b).sum();
        let mean = trials.iter().map(|(a, _)| a).sum::<f64>() / below;
        let squares: f64 = trials.iter().map(|(a, b)| (a - mean * b).powi(2)).sum();
        Self {
            mean,
            standard_error: (squares / (n * (n - 1.0))).sqrt() * n / below,
            trials: trials.len(),
        }
    }

    /// Fails if theory lies further off than luck explains.
    ///
    /// `vague` bounds the standard error as a share of theory, so that a run too short to tell
    /// right from wrong fails as well.
    #[track_caller]
    pub(crate) fn agrees_with(self, theory: f64, vague: f64, what: &str) {
        self.agrees_on_the_scale_of(theory, theory, vague, what);
    }

    /// As [`Self::agrees_with`], where theory may be 0 and `scale` says what would be much.
    #[track_caller]
    pub(crate) fn agrees_on_the_scale_of(self, scale: f64, theory: f64, vague: f64, what: &str) {
        let Self {
            mean,
            standard_error,
            trials,
        } = self;
        let student = StudentsT::new(0.0, 1.0, trials as f64 - 1.0).unwrap();
        let reach = student.inverse_cdf(1.0 - FALSE_ALARM / COMPARISONS as f64 / 2.0);
        let off = (mean - theory) / standard_error;
        println!(
            "{what}: {mean:.6}, theory {theory:.6}, off by {off:.2} of {reach:.2} standard errors \
             of {:.2}%",
            100.0 * standard_error / scale
        );
        note(
            what,
            format!(
                "| {what} | {mean:.5} | {theory:.5} | {:.2}% | {off:+.2} | {reach:.2} |",
                100.0 * standard_error / scale
            ),
        );
        assert!(
            standard_error <= vague * scale,
            "{what}: a standard error of {standard_error} is too vague for {theory}"
        );
        assert!(
            (mean - theory).abs() <= reach * standard_error,
            "{what}: simulated {mean}, theory {theory}, standard error {standard_error}"
        );
    }
}

/// Counts a comparison, and writes the table of all where one is asked for.
fn note(what: &str, row: String) {
    if what == SELF_TEST {
        return;
    }
    let mut made = MADE.lock().unwrap_or_else(|broken| broken.into_inner());
    made.push(row);
    assert!(
        made.len() <= COMPARISONS,
        "more comparisons than share the false alarms; raise COMPARISONS"
    );
    if let Ok(file) = env::var(TABLE) {
        made.sort();
        let head = "| what | simulated | exact | standard error | off by | allowed |\n\
                    |---|--:|--:|--:|--:|--:|\n";
        fs::write(file, format!("{head}{}\n", made.join("\n"))).unwrap();
    }
}

/// The chance, two-sided, that one comparison may fail without a fault.
pub(crate) fn false_alarm_of_one() -> f64 {
    FALSE_ALARM / COMPARISONS as f64
}

/// What the tests of the comparison itself compare: no comparison of the suite.
const SELF_TEST: &str = "a test of the comparison";

#[test]
#[should_panic(expected = "simulated")]
fn a_value_off_by_a_tenth_is_found() {
    let trials = (0..40).map(|trial| (1.0 + 0.01 * f64::from(trial % 5), 1.0));
    Estimate::ratio(trials).agrees_with(1.13, 0.01, SELF_TEST);
}

#[test]
#[should_panic(expected = "too vague")]
fn a_vague_run_does_not_pass() {
    let trials = (0..40).map(|trial| (0.5 + f64::from(trial % 5) * 0.25, 1.0));
    Estimate::ratio(trials).agrees_with(1.0, 0.01, SELF_TEST);
}
