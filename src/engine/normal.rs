//! The normal distribution, by functions that give the same bits on every platform.

use super::math::ln;

/// The quantile of the standard normal distribution; `p` strictly between 0 and 1.
///
/// Accurate to about 1 part in 10^16. Written out here because the draws that pair structures
/// must invert one uniform by the same arithmetic everywhere.
///
/// Source: M. J. Wichura (1988), Algorithm AS 241, Applied Statistics 37(3), 477-484.
pub fn normal_quantile(p: f64) -> f64 {
    let q = p - 0.5;
    if q.abs() <= 0.425 {
        let r = 0.180_625 - q * q;
        return q * ratio(r, &CENTRE);
    }
    let tail = if q < 0.0 { p } else { 1.0 - p };
    let r = libm::sqrt(-ln(tail));
    let value = if r <= 5.0 {
        ratio(r - 1.6, &MIDDLE)
    } else {
        ratio(r - 5.0, &FAR)
    };
    if q < 0.0 { -value } else { value }
}

/// The chance that a standard normal variate exceeds `z`.
pub fn normal_tail(z: f64) -> f64 {
    0.5 * libm::erfc(z * std::f64::consts::FRAC_1_SQRT_2)
}

/// Two polynomials of degree 7 by the powers of their variable: the one above, the one below.
type Rational = [[f64; 2]; 8];

/// The two go side by side, and each in pairs of terms, so that a processor can do several at once.
#[inline]
fn ratio(x: f64, by_power: &Rational) -> f64 {
    let join = |low: [f64; 2], high: [f64; 2], x: f64| [low[0] + high[0] * x, low[1] + high[1] * x];
    let [a, b, c, d, e, f, g, h] = *by_power;
    let square = x * x;
    let low = join(join(a, b, x), join(c, d, x), square);
    let high = join(join(e, f, x), join(g, h, x), square);
    let [above, below] = join(low, high, square * square);
    above / below
}

#[rustfmt::skip]
const CENTRE: Rational = [
    [3.387_132_872_796_366_5, 1.0], [133.141_667_891_784_38, 42.313_330_701_600_91],
    [1_971.590_950_306_551_3, 687.187_007_492_057_9], [13_731.693_765_509_46, 5_394.196_021_424_751],
    [45_921.953_931_549_87, 21_213.794_301_586_597], [67_265.770_927_008_7, 39_307.895_800_092_71],
    [33_430.575_583_588_13, 28_729.085_735_721_943], [2_509.080_928_730_122_7, 5_226.495_278_852_854],
];
#[rustfmt::skip]
const MIDDLE: Rational = [
    [1.423_437_110_749_683_5, 1.0], [4.630_337_846_156_546, 2.053_191_626_637_759],
    [5.769_497_221_460_691, 1.676_384_830_183_803_8], [3.647_848_324_763_204_5, 0.689_767_334_985_1],
    [1.270_458_252_452_368_4, 0.148_103_976_427_480_08], [0.241_780_725_177_450_6, 0.015_198_666_563_616_457],
    [0.022_723_844_989_269_184, 5.475_938_084_995_345e-4], [7.745_450_142_783_414e-4, 1.050_750_071_644_416_9e-9],
];
#[rustfmt::skip]
const FAR: Rational = [
    [6.657_904_643_501_103, 1.0], [5.463_784_911_164_114, 0.599_832_206_555_887_9],
    [1.784_826_539_917_291_3, 0.136_929_880_922_735_8], [0.296_560_571_828_504_87, 0.014_875_361_290_850_615],
    [0.026_532_189_526_576_124, 7.868_691_311_456_133e-4], [0.001_242_660_947_388_078_4, 1.846_318_317_510_054_8e-5],
    [2.711_555_568_743_487_6e-5, 1.421_511_758_316_446e-7], [2.010_334_399_292_288_1e-7, 2.044_263_103_389_939_8e-15],
];

#[cfg(test)]
mod tests {
    use statrs::distribution::{ContinuousCDF, Normal};

    use super::*;

    #[test]
    fn quantiles_agree_with_an_independent_implementation() {
        let normal = Normal::standard();
        for p in [
            1e-12, 1e-6, 0.001, 0.025, 0.07, 0.3, 0.5, 0.8, 0.926, 0.975, 0.999_999,
        ] {
            let expected = normal.inverse_cdf(p);
            assert!(
                (normal_quantile(p) - expected).abs() < 1e-6 * (1.0 + expected.abs()),
                "at {p}: {} against {expected}",
                normal_quantile(p)
            );
        }
    }

    #[test]
    fn the_quantile_undoes_the_tail() {
        for p in [1e-9, 0.01, 0.2, 0.6, 0.99] {
            assert!((normal_tail(-normal_quantile(p)) / p - 1.0).abs() < 1e-9);
        }
    }
}
