//! Numbers as readers see them: a true minus sign, commas at thousands, decimals that fit.

use crate::analysis::{Estimate, Interval};
use crate::units::Days;
pub(crate) use crate::units::rounded;

/// A number with this many decimals, commas at thousands and a true minus sign.
pub(crate) fn plain(value: f64, decimals: usize) -> String {
    let digits = format!("{:.decimals$}", value.abs());
    let (whole, part) = digits
        .split_once('.')
        .map_or((digits.as_str(), None), |(whole, part)| (whole, Some(part)));
    let mut text = String::new();
    // What rounds to zero has no sign.
    if value < 0.0 && digits.contains(|digit: char| ('1'..='9').contains(&digit)) {
        text.push('−');
    }
    for (place, digit) in whole.chars().enumerate() {
        if place > 0 && (whole.len() - place).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    if let Some(part) = part {
        text.push('.');
        text.push_str(part);
    }
    text
}

/// The same with a plus sign before what is more than zero.
pub(crate) fn signed(value: f64, decimals: usize) -> String {
    let text = plain(value, decimals);
    let is_positive = value > 0.0 && text.contains(|digit: char| ('1'..='9').contains(&digit));
    if is_positive {
        format!("+{text}")
    } else {
        text
    }
}

/// A count with commas.
pub(crate) fn count(value: u64) -> String {
    plain(value as f64, 0)
}

/// Decimals for a column of estimates: the narrowest interval shows at least one significant digit
/// of its half, and numbers under 100 have one decimal at least.
pub(crate) fn decimals(estimates: &[Option<Estimate>]) -> usize {
    let estimates = || estimates.iter().flatten();
    let largest = estimates()
        .map(|estimate| estimate.value.abs())
        .fold(0.0, f64::max);
    let narrowest = estimates()
        .filter_map(|estimate| estimate.interval)
        .map(half)
        // What is no width but for rounding asks for no decimals.
        .filter(|half| *half > 1e-9 * largest)
        .fold(f64::INFINITY, f64::min);
    let needed = if narrowest.is_finite() {
        (-narrowest.log10().floor()).clamp(0.0, 3.0) as usize
    } else {
        0
    };
    needed.max(usize::from(largest < 100.0))
}

/// The same, and one more where an end of an interval would read as zero and is not: whether an
/// interval spans zero should be seen.
pub(crate) fn telling_decimals(estimates: &[Option<Estimate>]) -> usize {
    let places = decimals(estimates);
    let reads_as_zero =
        |end: f64| end.abs() > 1e-9 && end.abs() < 0.5 * 0.1_f64.powi(places as i32);
    let is_hidden = (estimates.iter().flatten())
        .filter_map(|estimate| estimate.interval)
        .any(|interval| reads_as_zero(interval.low) || reads_as_zero(interval.high));
    places + usize::from(is_hidden)
}

fn half(interval: Interval) -> f64 {
    (interval.high - interval.low) / 2.0
}

/// `1.2 (0.8 to 1.6)`, or only the value where there is no interval.
pub(crate) fn with_interval(
    estimate: &Estimate,
    decimals: usize,
    number: fn(f64, usize) -> String,
) -> String {
    let value = number(estimate.value, decimals);
    match estimate.interval {
        Some(Interval { low, high }) => format!(
            "{value} ({} to {})",
            number(low, decimals),
            number(high, decimals)
        ),
        None => value,
    }
}

/// A length of time in years where it is whole or longer than one, else in days: `5 years`.
pub(crate) fn period(days: Days) -> String {
    let years = days.get() / Days::YEAR.get();
    let (number, unit) = if years >= 1.0 {
        (years, "year")
    } else {
        (days.get(), "day")
    };
    let decimals = usize::from((number - number.round()).abs() > 0.05);
    let text = plain(number, decimals);
    let plural = if text == "1" { "" } else { "s" };
    format!("{text} {unit}{plural}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_have_commas_and_a_true_minus() {
        assert_eq!(plain(1_234_567.0, 0), "1,234,567");
        assert_eq!(plain(-1_234.56, 1), "−1,234.6");
        assert_eq!(plain(999.0, 0), "999");
        assert_eq!(signed(0.25, 1), "+0.2");
        assert_eq!(signed(-3.0, 0), "−3");
    }

    #[test]
    fn what_rounds_to_zero_has_no_sign() {
        assert_eq!(plain(-0.001, 1), "0.0");
        assert_eq!(signed(0.001, 1), "0.0");
    }

    #[test]
    fn decimals_follow_the_narrowest_interval() {
        let column = |value: f64, halves: [f64; 2]| {
            let estimates = halves.map(|half| {
                Some(Estimate {
                    value,
                    interval: Some(Interval {
                        low: value - half,
                        high: value + half,
                    }),
                })
            });
            decimals(&estimates)
        };
        assert_eq!(column(1_200.0, [30.0, 40.0]), 0);
        assert_eq!(column(12.0, [30.0, 40.0]), 1);
        assert_eq!(column(364.0, [0.3, 2.0]), 1);
        assert_eq!(column(0.2, [0.02, 0.0]), 2);
        assert_eq!(decimals(&[None]), 1);
    }

    #[test]
    fn an_end_that_is_not_zero_does_not_read_as_zero() {
        let places = |low: f64| {
            telling_decimals(&[Some(Estimate {
                value: low + 0.8,
                interval: Some(Interval {
                    low,
                    high: low + 1.6,
                }),
            })])
        };
        assert_eq!((places(0.2), places(0.03), places(-0.03)), (1, 2, 2));
        assert_eq!(places(0.0), 1);
    }

    #[test]
    fn periods_are_in_years_or_days() {
        assert_eq!(period(Days::try_from(5.0 * 365.25).unwrap()), "5 years");
        assert_eq!(period(Days::YEAR), "1 year");
        assert_eq!(period(Days::try_from(1.5 * 365.25).unwrap()), "1.5 years");
        assert_eq!(period(Days::try_from(100.0).unwrap()), "100 days");
    }
}
