//! Is the warm-up long enough? The baseline's yearly known missed cases, year against year.

use crate::analysis::intervals::Estimate;
use crate::analysis::quantities::{Pool, ratio};
use crate::measures::IntervalMethod;
use crate::units::Days;

/// Change from one year to the next above which a warm-up is too short.
pub const LARGEST_DRIFT: f64 = 0.02;

/// The baseline's known missed cases of one year for each of the year before.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct YearRatio {
    /// The later year; the first after decision day is 1.
    pub year: usize,
    /// Its cases for each case of the year before.
    pub ratio: Estimate,
}

impl YearRatio {
    /// Is the change larger than allowed, and larger than chance?
    pub fn is_drift(&self) -> bool {
        let away = Estimate {
            value: self.ratio.value - 1.0,
            interval: self.ratio.interval.map(|mut interval| {
                interval.low -= 1.0;
                interval.high -= 1.0;
                interval
            }),
        };
        away.value.abs() > LARGEST_DRIFT && away.is_clear_of_zero()
    }
}

/// The ratios of each whole year observed to the one before.
pub(super) fn of(baseline: &Pool, observed: Days) -> Vec<YearRatio> {
    let whole_years = (observed.get() / Days::YEAR.get()).floor() as usize;
    let years = whole_years.min(baseline.pooled.known_missed_by_year.len());
    (1..years)
        .filter_map(|year| {
            let [sampled] = baseline.sample(|tally| {
                let cases = |year: usize| tally.known_missed_by_year[year] as f64;
                [ratio(cases(year), cases(year - 1))]
            });
            Some(YearRatio {
                year: year + 1,
                ratio: sampled.estimate(IntervalMethod::Jackknife, f64::INFINITY)?,
            })
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::analysis::synthetic;

    fn ratios(by_year: [u64; 3], noise: u64) -> Vec<YearRatio> {
        let mut results = synthetic::children(1, 20, 3);
        results.observed = Days::try_from(3.5 * 365.25).unwrap();
        for (place, trial) in results.trials.iter_mut().enumerate() {
            // One year is up and the next down by turns, so that chance is known.
            let mut years = by_year.to_vec();
            years[place % 2] += noise;
            years.push(1); // the part of a year that is left over
            trial[0].known_missed_by_year = years;
        }
        of(&Pool::of(&results, 0), results.observed)
    }

    #[test]
    fn a_burst_after_a_short_warm_up_is_drift() {
        let ratios = ratios([1_200, 1_000, 1_000], 4);
        assert_eq!(ratios.len(), 2, "a part of a year is not compared");
        assert!(ratios[0].is_drift() && ratios[0].year == 2);
        assert!(!ratios[1].is_drift());
    }

    #[test]
    fn a_change_within_chance_is_no_drift() {
        let ratios = ratios([1_000, 970, 970], 600);
        assert!((ratios[0].ratio.value - 1.0).abs() > LARGEST_DRIFT);
        assert!(!ratios[0].is_drift());
    }
}
