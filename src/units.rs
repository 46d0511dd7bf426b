//! Numbers with a unit or a range, and laws of duration. Nothing of the domain.
//!
//! A value is checked once, when it is built; afterwards its type is the promise.

use std::fmt;

use serde::{Deserialize, Serialize};

/// Why a number was refused.
#[derive(Debug, Clone, Copy, PartialEq, thiserror::Error)]
pub enum UnitError {
    /// Not between 0 and 1.
    #[error("a probability lies between 0 and 1, found {0}")]
    NotAProbability(f64),
    /// Negative, infinite or not a number.
    #[error("a {what} is a finite number that is not negative, found {found}")]
    NotAnAmount {
        /// What the number was to be.
        what: &'static str,
        /// What was found.
        found: f64,
    },
}

fn amount(what: &'static str, value: f64) -> Result<f64, UnitError> {
    if value.is_finite() && value >= 0.0 {
        Ok(value)
    } else {
        Err(UnitError::NotAnAmount { what, found: value })
    }
}

/// A probability. Invariant: finite, and between 0 and 1 inclusive.
#[derive(Debug, Clone, Copy, PartialEq, PartialOrd, Default)]
pub struct Probability(f64);

impl Probability {
    /// What never happens.
    pub const ZERO: Self = Self(0.0);
    /// What always happens.
    pub const ONE: Self = Self(1.0);

    /// The bare number, 0 to 1.
    pub fn get(self) -> f64 {
        self.0
    }

    /// This probability multiplied by a factor, capped at 1.
    ///
    /// Used for factors of closeness, which may exceed 1 between areas.
    pub fn times(self, factor: f64) -> Self {
        Self((self.0 * factor).clamp(0.0, 1.0))
    }
}

impl TryFrom<f64> for Probability {
    type Error = UnitError;

    fn try_from(value: f64) -> Result<Self, UnitError> {
        // The range excludes NaN too: no comparison with NaN is true.
        if (0.0..=1.0).contains(&value) {
            Ok(Self(value))
        } else {
            Err(UnitError::NotAProbability(value))
        }
    }
}

/// A length of time in days. Invariant: finite, not negative.
#[derive(Debug, Clone, Copy, PartialEq, PartialOrd, Default, Serialize, Deserialize)]
#[serde(try_from = "f64", into = "f64")]
pub struct Days(f64);

impl From<Days> for f64 {
    fn from(days: Days) -> Self {
        days.0
    }
}

impl Days {
    /// No time at all.
    pub const ZERO: Self = Self(0.0);
    /// A Julian year, 365.25 days.
    pub const YEAR: Self = Self(365.25);
    /// A twelfth of a year.
    pub const MONTH: Self = Self(365.25 / 12.0);
    /// A fifth of a week: five working days pass in seven days.
    pub const WORKING: Self = Self(1.4);

    /// The number of days.
    pub fn get(self) -> f64 {
        self.0
    }

    /// The same length in whole seconds, rounded once.
    ///
    /// Lengths beyond 136 years are cut to that, the range of the clock.
    pub fn to_seconds(self) -> u32 {
        let seconds = (self.0 * 86_400.0).round();
        if seconds >= f64::from(u32::MAX) {
            u32::MAX
        } else {
            seconds as u32
        }
    }
}

impl TryFrom<f64> for Days {
    type Error = UnitError;

    fn try_from(value: f64) -> Result<Self, UnitError> {
        amount("length of time", value).map(Self)
    }
}

impl fmt::Display for Days {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} days", self.0)
    }
}

/// How often something happens, per year of 365.25 days. Invariant: finite, not negative.
#[derive(Debug, Clone, Copy, PartialEq, PartialOrd, Default)]
pub struct PerYear(f64);

impl PerYear {
    /// Never.
    pub const ZERO: Self = Self(0.0);

    /// Events a year.
    pub fn get(self) -> f64 {
        self.0
    }
}

impl TryFrom<f64> for PerYear {
    type Error = UnitError;

    fn try_from(value: f64) -> Result<Self, UnitError> {
        amount("rate", value).map(Self)
    }
}

/// A factor that multiplies something else; 1 changes nothing. Invariant: finite, not negative.
#[derive(Debug, Clone, Copy, PartialEq, PartialOrd)]
pub struct Factor(f64);

impl Factor {
    /// Nothing is left.
    pub const ZERO: Self = Self(0.0);
    /// Changes nothing.
    pub const ONE: Self = Self(1.0);

    /// The bare number.
    pub fn get(self) -> f64 {
        self.0
    }
}

impl TryFrom<f64> for Factor {
    type Error = UnitError;

    fn try_from(value: f64) -> Result<Self, UnitError> {
        amount("factor", value).map(Self)
    }
}

/// The law that a duration follows.
#[derive(Debug, Clone, PartialEq)]
pub enum Law {
    /// Always the same.
    Exactly(Days),
    /// Memoryless.
    Exponential {
        /// Mean, more than 0.
        mean: Days,
    },
    /// The logarithm is normal.
    Lognormal {
        /// Median, more than 0.
        median: Days,
        /// Standard deviation of the natural logarithm, more than 0.
        spread: f64,
    },
    /// Gamma.
    Gamma {
        /// Mean, more than 0.
        mean: Days,
        /// Standard deviation, more than 0.
        sd: Days,
    },
    /// Weibull.
    Weibull {
        /// Shape, more than 0; 1 is exponential.
        shape: f64,
        /// Scale, more than 0.
        scale: Days,
    },
    /// One of the observed values, each as likely; sorted, never empty.
    Empirical(Vec<Days>),
}

impl Law {
    /// A lognormal law from its mean and standard deviation (both more than 0).
    ///
    /// `spread = sqrt(ln(1 + (sd/mean)^2))`, `median = mean / sqrt(1 + (sd/mean)^2)`.
    pub fn lognormal_from_mean(mean: Days, sd: Days) -> Self {
        let squared_cv = (sd.0 / mean.0).powi(2);
        Self::Lognormal {
            median: Days(mean.0 / (1.0 + squared_cv).sqrt()),
            spread: (1.0 + squared_cv).ln().sqrt(),
        }
    }

    /// The mean duration.
    pub fn mean(&self) -> Days {
        Days(match self {
            Self::Exactly(value) => value.0,
            Self::Exponential { mean } | Self::Gamma { mean, .. } => mean.0,
            Self::Lognormal { median, spread } => median.0 * (spread * spread / 2.0).exp(),
            Self::Weibull { shape, scale } => scale.0 * libm::tgamma(1.0 + 1.0 / shape),
            Self::Empirical(values) => {
                values.iter().map(|value| value.0).sum::<f64>() / values.len() as f64
            }
        })
    }

    /// Variance over the squared mean: 0 for what is always the same, 1 for what is memoryless.
    /// `None` where the mean is zero.
    pub fn squared_cv(&self) -> Option<f64> {
        if self.mean().0 <= 0.0 {
            return None;
        }
        Some(match self {
            Self::Exactly(_) => 0.0,
            Self::Exponential { .. } => 1.0,
            Self::Lognormal { spread, .. } => (spread * spread).exp_m1(),
            Self::Gamma { mean, sd } => (sd.0 / mean.0).powi(2),
            Self::Weibull { shape, .. } => {
                let first = libm::tgamma(1.0 + 1.0 / shape);
                libm::tgamma(1.0 + 2.0 / shape) / (first * first) - 1.0
            }
            Self::Empirical(values) => {
                let mean = self.mean().0;
                let squares: f64 = values.iter().map(|value| (value.0 - mean).powi(2)).sum();
                squares / values.len() as f64 / (mean * mean)
            }
        })
    }

    /// Every duration times a factor; a factor beyond all numbers leaves the law as it is.
    pub fn times(&self, factor: Factor) -> Self {
        let longer = |days: &Days| Days::try_from(days.0 * factor.0).unwrap_or(*days);
        match self {
            Self::Exactly(value) => Self::Exactly(longer(value)),
            Self::Exponential { mean } => Self::Exponential { mean: longer(mean) },
            Self::Lognormal { median, spread } => Self::Lognormal {
                median: longer(median),
                spread: *spread,
            },
            Self::Gamma { mean, sd } => Self::Gamma {
                mean: longer(mean),
                sd: longer(sd),
            },
            Self::Weibull { shape, scale } => Self::Weibull {
                shape: *shape,
                scale: longer(scale),
            },
            Self::Empirical(values) => Self::Empirical(values.iter().map(longer).collect()),
        }
    }

    /// Is every duration zero?
    pub fn is_zero(&self) -> bool {
        match self {
            Self::Exactly(value) => value.0 == 0.0,
            Self::Empirical(values) => values.iter().all(|value| value.0 == 0.0),
            _ => false,
        }
    }
}

/// A number cut to ten significant digits, as files have it: more than any estimate has, fewer than
/// machines disagree about.
pub(crate) fn rounded(value: f64) -> f64 {
    let rounded: f64 = format!("{value:.9e}")
        .parse()
        .expect("what was formatted as a number reads as one");
    // Nothing has no sign.
    rounded + 0.0
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_probability_refuses_what_is_outside_its_range() {
        assert!(Probability::try_from(1.3).is_err());
        assert!(Probability::try_from(-0.1).is_err());
        assert!(Probability::try_from(f64::NAN).is_err());
        assert!(Probability::try_from(1.0).is_ok());
    }

    #[test]
    fn a_lognormal_keeps_the_mean_it_was_given() {
        let law = Law::lognormal_from_mean(Days(7.4), Days(8.61));
        assert!((law.mean().get() - 7.4).abs() < 1e-12);
    }

    #[test]
    fn laws_know_how_far_they_spread() {
        let days = Days;
        let check = |law: Law, expected: f64| {
            let found = law.squared_cv().unwrap();
            assert!((found - expected).abs() < 1e-12, "{law:?}: {found}");
            let doubled = law.times(Factor(2.0));
            assert!((doubled.mean().0 - 2.0 * law.mean().0).abs() < 1e-12);
            assert!((doubled.squared_cv().unwrap() - expected).abs() < 1e-12);
        };
        check(Law::Exactly(days(3.0)), 0.0);
        check(Law::Exponential { mean: days(3.0) }, 1.0);
        check(Law::lognormal_from_mean(days(2.0), days(3.0)), 2.25);
        let (mean, sd) = (days(2.0), days(1.0));
        check(Law::Gamma { mean, sd }, 0.25);
        let scale = days(2.0);
        check(Law::Weibull { shape: 1.0, scale }, 1.0);
        check(Law::Empirical(vec![days(1.0), days(3.0)]), 0.25);
        assert_eq!(Law::Exactly(Days::ZERO).squared_cv(), None);
    }

    #[test]
    fn a_week_has_five_working_days() {
        assert_eq!(Days(5.0 * Days::WORKING.get()).to_seconds(), 7 * 86_400);
    }
}
