//! A small generator for computed critical values and for tests: SplitMix64.
//!
//! The luck of the simulation is none of this module's business. A fixed seed gives the same numbers on
//! every machine: logarithms and cosines come from `libm`.
//!
//! Sources: Steele GL, Lea D, Flood CH (2014), Fast splittable pseudorandom number generators,
//! <https://doi.org/10.1145/2660193.2660195>; Box GEP, Muller ME (1958), Annals of Mathematical
//! Statistics 29:610-611 (normals); Marsaglia G, Tsang WW (2000), ACM Transactions on Mathematical
//! Software 26:363-372 (gammas).

/// A stream of random numbers.
#[derive(Debug, Clone)]
pub(crate) struct Noise(u64);

impl Noise {
    pub(crate) fn new(seed: u64) -> Self {
        Self(seed)
    }

    /// Uniform on the open interval from 0 to 1.
    pub(crate) fn uniform(&mut self) -> f64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut word = self.0;
        word = (word ^ (word >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        word = (word ^ (word >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        word ^= word >> 31;
        ((word >> 11) as f64 + 0.5) / (1_u64 << 53) as f64
    }

    /// Exponential with mean 1.
    pub(crate) fn exponential(&mut self) -> f64 {
        -libm::log(self.uniform())
    }

    /// Standard normal.
    pub(crate) fn normal(&mut self) -> f64 {
        (2.0 * self.exponential()).sqrt() * libm::cos(std::f64::consts::TAU * self.uniform())
    }

    /// The root of a chi-squared number with this many degrees of freedom, at least 1.
    pub(crate) fn chi(&mut self, freedom: usize) -> f64 {
        match freedom {
            0 | 1 => self.normal().abs(),
            2 => (2.0 * self.exponential()).sqrt(),
            _ => (2.0 * self.gamma(freedom as f64 / 2.0)).sqrt(),
        }
    }

    /// Gamma with a shape of at least 1 and scale 1.
    fn gamma(&mut self, shape: f64) -> f64 {
        let d = shape - 1.0 / 3.0;
        let c = 1.0 / (9.0 * d).sqrt();
        loop {
            let x = self.normal();
            let v = (1.0 + c * x).powi(3);
            if v > 0.0 && libm::log(self.uniform()) < 0.5 * x * x + d - d * v + d * libm::log(v) {
                return d * v;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The mean and variance of 20,000 numbers; the tolerances are four standard errors.
    #[test]
    fn chi_squared_numbers_have_the_mean_and_variance_of_their_law() {
        for freedom in [1, 2, 3, 11] {
            let mut noise = Noise::new(7);
            let squares: Vec<f64> = (0..20_000).map(|_| noise.chi(freedom).powi(2)).collect();
            let n = squares.len() as f64;
            let f = freedom as f64;
            let mean = squares.iter().sum::<f64>() / n;
            let variance = squares.iter().map(|x| (x - f).powi(2)).sum::<f64>() / n;
            assert!((mean - f).abs() < 4.0 * (2.0 * f / n).sqrt(), "{mean}");
            // The fourth central moment is 12 f (f + 4).
            let of_squares = (12.0 * f * (f + 4.0) - 4.0 * f * f).sqrt();
            assert!(
                (variance - 2.0 * f).abs() < 4.0 * of_squares / n.sqrt(),
                "{variance}"
            );
        }
    }
}
