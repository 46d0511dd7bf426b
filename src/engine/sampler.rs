//! Drawing durations: one uniform inverted where the law allows it, so that structures stay paired.

use rand_distr::Distribution;

use super::math::{exp, ln};
use super::{Block, Luck, Stream, Who, normal_quantile};
use crate::units::Law;

const DAY: f64 = 86_400.0;

/// A law of duration made ready for drawing.
#[derive(Debug, Clone)]
pub struct Sampler(Form);

#[derive(Debug, Clone)]
enum Form {
    Exactly { seconds: f64 },
    Exponential { mean: f64 },
    Lognormal { log_median: f64, spread: f64 },
    Weibull { inverse_shape: f64, scale: f64 },
    Gamma(rand_distr::Gamma<f64>),
    Empirical(Vec<f64>),
}

impl Sampler {
    /// Prepares a law.
    ///
    /// # Panics
    /// If the law has a mean, shape, scale or spread of 0 where its form needs more; scenario files
    /// with such a law are refused when they are read.
    pub fn new(law: &Law) -> Self {
        Self(match law {
            Law::Exactly(days) => Form::Exactly {
                seconds: days.get() * DAY,
            },
            Law::Exponential { mean } => Form::Exponential {
                mean: mean.get() * DAY,
            },
            Law::Lognormal { median, spread } => Form::Lognormal {
                log_median: ln(median.get() * DAY),
                spread: *spread,
            },
            Law::Weibull { shape, scale } => Form::Weibull {
                inverse_shape: 1.0 / shape,
                scale: scale.get() * DAY,
            },
            Law::Gamma { mean, sd } => {
                let shape = (mean.get() / sd.get()).powi(2);
                Form::Gamma(
                    rand_distr::Gamma::new(shape, mean.get() * DAY / shape)
                        .expect("a checked law has a mean and a spread above 0"),
                )
            }
            Law::Empirical(values) => {
                Form::Empirical(values.iter().map(|days| days.get() * DAY).collect())
            }
        })
    }

    /// Draws a duration under a name, multiplied by `factor`, in whole seconds, rounded once.
    ///
    /// A factor of 0 leaves no time, and no luck is spent on it.
    #[inline]
    pub fn draw(&self, luck: &Luck, who: Who, purpose: u16, ordinal: u32, factor: f64) -> u32 {
        let uniform = || luck.block(who, purpose, ordinal).uniform();
        let stream = || luck.stream(who, purpose, ordinal);
        self.invert(uniform, stream, factor)
    }

    /// The same draw, where its block is at hand already because the second uniform decides something
    /// else; a stream shares nothing with a block, so both stay independent under every law.
    #[inline]
    pub fn draw_from(&self, block: Block, stream: impl FnOnce() -> Stream, factor: f64) -> u32 {
        self.invert(|| block.uniform(), stream, factor)
    }

    #[inline]
    fn invert(
        &self,
        uniform: impl Fn() -> f64,
        stream: impl FnOnce() -> Stream,
        factor: f64,
    ) -> u32 {
        if factor <= 0.0 {
            return 0;
        }
        let seconds = match &self.0 {
            Form::Exactly { seconds } => *seconds,
            Form::Exponential { mean } => -mean * ln(uniform()),
            Form::Lognormal { log_median, spread } => {
                exp(log_median + spread * normal_quantile(uniform()))
            }
            Form::Weibull {
                inverse_shape,
                scale,
            } => scale * exp(ln(-ln(uniform())) * inverse_shape),
            Form::Gamma(gamma) => from_many(gamma, stream()),
            Form::Empirical(values) => {
                let position = (uniform() * values.len() as f64) as usize;
                values[position.min(values.len() - 1)]
            }
        };
        whole_seconds(seconds * factor)
    }
}

/// Kept apart, so that the laws that need a single uniform find their way short.
#[inline(never)]
fn from_many(gamma: &rand_distr::Gamma<f64>, mut stream: Stream) -> f64 {
    gamma.sample(&mut stream)
}

/// Rounds to whole seconds; beyond the clock's range it is cut to that range.
#[inline]
fn whole_seconds(seconds: f64) -> u32 {
    // A conversion from floating point saturates, and nothing here is negative or not a number.
    (seconds + 0.5) as u32
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::units::Days;

    fn days(value: f64) -> Days {
        Days::try_from(value).unwrap()
    }

    #[test]
    fn every_law_has_the_mean_it_promises() {
        let laws = [
            Law::Exactly(days(3.0)),
            Law::Exponential { mean: days(3.0) },
            Law::Lognormal {
                median: days(3.0),
                spread: 0.8,
            },
            Law::lognormal_from_mean(days(3.0), days(2.0)),
            Law::Gamma {
                mean: days(3.0),
                sd: days(4.0),
            },
            Law::Gamma {
                mean: days(3.0),
                sd: days(1.0),
            },
            Law::Weibull {
                shape: 1.5,
                scale: days(3.0),
            },
            Law::Empirical(vec![days(1.0), days(2.0), days(6.0)]),
        ];
        let luck = Luck::new(5, 0, 0);
        let n = 200_000u32;
        for law in laws {
            let sampler = Sampler::new(&law);
            let draws: Vec<f64> = (0..n)
                .map(|k| f64::from(sampler.draw(&luck, Who::named("law"), 1, k, 1.0)) / DAY)
                .collect();
            let mean = draws.iter().sum::<f64>() / f64::from(n);
            let variance = draws.iter().map(|x| (x - mean).powi(2)).sum::<f64>() / f64::from(n - 1);
            let error = (variance / f64::from(n)).sqrt();
            let expected = law.mean().get();
            assert!(
                (mean - expected).abs() < 4.0 * error + 1e-5,
                "{law:?}: {mean}"
            );
            assert!(error < 0.01 * expected, "{law:?}: too few draws");
        }
    }

    #[test]
    fn a_draw_from_a_block_is_the_draw_of_its_name() {
        let (luck, who) = (Luck::new(5, 0, 0), Who::named("a"));
        for law in [
            Law::Exponential { mean: days(3.0) },
            Law::Gamma {
                mean: days(3.0),
                sd: days(4.0),
            },
        ] {
            let sampler = Sampler::new(&law);
            let from = sampler.draw_from(luck.block(who, 1, 2), || luck.stream(who, 1, 2), 1.0);
            assert_eq!(from, sampler.draw(&luck, who, 1, 2, 1.0));
        }
    }

    #[test]
    fn a_factor_stretches_the_same_luck() {
        let sampler = Sampler::new(&Law::Exponential { mean: days(10.0) });
        let luck = Luck::new(5, 0, 0);
        let plain = sampler.draw(&luck, Who::named("a"), 1, 1, 1.0);
        let short = sampler.draw(&luck, Who::named("a"), 1, 1, 0.4);
        assert!((f64::from(short) - 0.4 * f64::from(plain)).abs() <= 1.0);
    }
}
