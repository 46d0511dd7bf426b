//! Logarithm and exponential: quick, and the same bits on every machine.
//!
//! Only additions, multiplications and table look-ups are used, each of which IEEE 754 rounds in one
//! way; nothing is contracted, nothing is left to the platform. Both go by tables: the argument is
//! brought next to a point at which the value is known, and the small rest goes through the first terms
//! of the Taylor series. The tables are worked out when this is compiled, from whole numbers alone.
//!
//! Against 120-bit arithmetic the error is below 1.1 units in the last place for [`ln`], and below 0.52
//! for [`exp`]. Arguments that are rare or out of range go to `libm`, which is slower.

/// Known points of each table, as a power of two.
const BITS: u32 = 7;
const POINTS: usize = 1 << BITS;

/// Bits of the fraction of an `f64`.
const FRACTION: u32 = f64::MANTISSA_DIGITS - 1;

/// The numbers brought to a table are those from here, a little over the root of 1/2, up to its double,
/// so that those next to 1 need no power of two, from whose logarithm they would have to be subtracted.
/// It lies half a point's width off the points, 1 among them.
const LOWEST: u64 = 0x3FE6_9000_0000_0000;

/// ln 2 in two parts, of which the first may be multiplied by whole numbers below 2^17 without rounding.
const LN_2: Parts = Parts::of_fixed(ln_of_ratio(2, 1));
/// Points of [`exp`] in a unit of its argument.
const POINTS_A_UNIT: f64 = POINTS as f64 * std::f64::consts::LOG2_E;
/// Added to a small number and taken away again, it rounds that to a whole number.
const ROUNDER: f64 = 1.5 * (1u64 << FRACTION) as f64;
/// [`exp`] is worked out here up to this and down to its negative: no result is out of range.
const FAR: f64 = 700.0;

/// The natural logarithm.
#[inline]
pub fn ln(x: f64) -> f64 {
    const SMALLEST: u64 = f64::MIN_POSITIVE.to_bits();
    const INFINITE: u64 = f64::INFINITY.to_bits();
    let bits = x.to_bits();
    if bits.wrapping_sub(SMALLEST) >= INFINITE - SMALLEST {
        return libm::log(x);
    }
    // x = 2^twos * z, and z lies next to the point.
    let above = bits.wrapping_sub(LOWEST);
    let twos = (above.cast_signed() >> FRACTION) as f64;
    let z = f64::from_bits(LOWEST + (above & ((1 << FRACTION) - 1)));
    let point = &LOGARITHMS[(above >> (FRACTION - BITS)) as usize % POINTS];
    // ln z = ln point + ln (1 + r); the difference is exact.
    let r = (z - point.at) * point.inverse;
    let square = r * r;
    let series = (r * (1.0 / 3.0) - 1.0 / 2.0)
        + square * ((r * (1.0 / 5.0) - 1.0 / 4.0) + square * (r * (1.0 / 7.0) - 1.0 / 6.0));
    let coarse = twos * LN_2.coarse + point.ln.coarse;
    let fine = twos * LN_2.fine + point.ln.fine;
    coarse + (r + (fine + square * series))
}

/// The exponential function.
#[inline]
pub fn exp(x: f64) -> f64 {
    const COARSE: f64 = LN_2.coarse / POINTS as f64;
    const FINE: f64 = LN_2.fine / POINTS as f64;
    if x.is_nan() || x.abs() >= FAR {
        return libm::exp(x);
    }
    // x = points * ln 2 / POINTS + r.
    let rounded = x * POINTS_A_UNIT + ROUNDER;
    let points = rounded - ROUNDER;
    let r = (x - points * COARSE) - points * FINE;
    let square = r * r;
    let series =
        r + square * ((r * (1.0 / 6.0) + 1.0 / 2.0) + square * (r * (1.0 / 120.0) + 1.0 / 24.0));
    // The number of points stands in the lowest bits: the power of two above, the point below.
    let number = rounded.to_bits();
    let (power, rest) = POWERS[number as usize % POINTS];
    let power = f64::from_bits(power.wrapping_add(number >> BITS << FRACTION));
    power + power * (rest + series)
}

/// A number as the sum of two: the first a multiple of 2^-36, the second what is left.
#[derive(Debug, Clone, Copy)]
struct Parts {
    coarse: f64,
    fine: f64,
}

impl Parts {
    /// Splits a number given in units of 2^-[`FIXED`].
    const fn of_fixed(number: i128) -> Self {
        let unit: i128 = 1 << (FIXED - 36);
        let coarse = (number + unit / 2).div_euclid(unit);
        Self {
            coarse: coarse as f64 / (1u64 << 36) as f64,
            fine: (number - coarse * unit) as f64 / (1u128 << FIXED) as f64,
        }
    }
}

/// A number whose logarithm is known.
#[derive(Debug, Clone, Copy)]
#[repr(align(32))]
struct Point {
    at: f64,
    inverse: f64,
    ln: Parts,
}

static LOGARITHMS: [Point; POINTS] = logarithms();
/// The bits of 2^(number / POINTS), rounded, and by what part of itself it is greater in truth.
static POWERS: [(u64, f64); POINTS] = powers();

/// The middles of the stretches of numbers that share their leading bits.
const fn logarithms() -> [Point; POINTS] {
    let width = 1 << (FRACTION - BITS);
    let nowhere = Point {
        at: 0.0,
        inverse: 0.0,
        ln: Parts {
            coarse: 0.0,
            fine: 0.0,
        },
    };
    let mut points = [nowhere; POINTS];
    let mut number = 0;
    while number < POINTS {
        let at = f64::from_bits(LOWEST + number as u64 * width + width / 2);
        // All of them are whole 256ths.
        let above = (at * 256.0) as i128;
        points[number] = Point {
            at,
            inverse: 1.0 / at,
            ln: Parts::of_fixed(ln_of_ratio(above, 256)),
        };
        number += 1;
    }
    points
}

/// Bits after the point in the arithmetic that makes the tables.
const FIXED: u32 = 100;

/// The logarithm of `above / below`, whole numbers up to 512 and not far from each other, in units of
/// 2^-[`FIXED`]: twice the sum of t^n / n over odd n, where t is their difference by their sum.
const fn ln_of_ratio(above: i128, below: i128) -> i128 {
    let (difference, sum) = (above - below, above + below);
    let mut power = (1 << FIXED) * difference / sum;
    let mut total = 0;
    let mut n = 1;
    while power != 0 {
        total += power / n;
        power = power * (difference * difference) / (sum * sum);
        n += 2;
    }
    2 * total
}

/// Products of the roots of 2, each the square root of the one before it.
const fn powers() -> [(u64, f64); POINTS] {
    // One bit before the point and 63 after it.
    let one = 1u128 << 63;
    let mut powers = [(0, 0.0); POINTS];
    let mut number = 0;
    while number < POINTS {
        let mut root = 2 * one;
        let mut power = one;
        let mut bit = POINTS / 2;
        while bit > 0 {
            root = (root << 63).isqrt();
            if number & bit != 0 {
                power = (power * root) >> 63;
            }
            bit /= 2;
        }
        let rounded = power as f64;
        let rest = (power as i128 - rounded as i128) as f64 / rounded;
        powers[number] = ((rounded / one as f64).to_bits(), rest);
        number += 1;
    }
    powers
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::{Luck, Who};

    /// So many uniforms as simulations draw them.
    fn uniforms(count: u32) -> impl Iterator<Item = f64> {
        let (luck, who) = (Luck::new(1, 0, 0), Who::named("math"));
        (0..count).map(move |number| luck.block(who, 1, number).uniform())
    }

    /// How far apart two numbers of one sign are, in steps from one number to the next.
    fn steps_between(one: f64, other: f64) -> u64 {
        assert!(one.is_sign_negative() == other.is_sign_negative());
        one.to_bits().abs_diff(other.to_bits())
    }

    /// `libm` is off by less than one step, so two apart is as far as both allow.
    fn assert_close(name: &str, at: f64, found: f64, expected: f64) {
        let steps = steps_between(found, expected);
        assert!(steps <= 2, "{name} of {at:e}: {found:e} not {expected:e}");
    }

    #[test]
    fn logarithms_agree_with_an_independent_implementation() {
        // The ends of the range of a uniform, the neighbours of 1, of the points and of their limits.
        let cell = 1.0 / (1u64 << FRACTION) as f64;
        let mut arguments = vec![0.5 * cell, 1.5 * cell, 1.0 - 0.5 * cell, f64::MAX];
        for number in 170..400u64 {
            let whole = number as f64 / 512.0 * 1.5;
            let limit = f64::from_bits(LOWEST.wrapping_add(number << (FRACTION - BITS)));
            for near in [whole, number as f64 / 256.0, limit] {
                arguments.extend([near.next_down(), near, near.next_up()]);
            }
        }
        arguments.extend(uniforms(200_000));
        arguments.extend(uniforms(200_000).map(|it| 1.0 + (it - 0.5) / 64.0));
        arguments.extend(uniforms(200_000).map(|it| libm::exp2(2_000.0 * (it - 0.5))));
        for x in arguments {
            assert_close("logarithm", x, ln(x), libm::log(x));
        }
    }

    #[test]
    fn exponentials_agree_with_an_independent_implementation() {
        let mut arguments = vec![0.0, -0.0, FAR.next_down(), -FAR.next_down(), 1e-300];
        for number in -200..200 {
            // The points, and where one gives way to the next.
            let at = f64::from(number) / 2.0 / POINTS_A_UNIT;
            arguments.extend([at.next_down(), at, at.next_up()]);
        }
        arguments.extend(uniforms(200_000).map(|it| 2.0 * FAR * (it - 0.5)));
        arguments.extend(uniforms(200_000).map(|it| 40.0 * (it - 0.5)));
        for x in arguments {
            assert_close("exponential", x, exp(x), libm::exp(x));
        }
    }

    #[test]
    fn what_is_out_of_range_has_the_usual_answers() {
        assert!(ln(-1.0).is_nan() && ln(f64::NAN).is_nan() && exp(f64::NAN).is_nan());
        for (found, expected) in [
            (ln(0.0), f64::NEG_INFINITY),
            (ln(f64::INFINITY), f64::INFINITY),
            (
                ln(f64::MIN_POSITIVE / 4.0),
                libm::log(f64::MIN_POSITIVE / 4.0),
            ),
            (exp(FAR), libm::exp(FAR)),
            (exp(-740.0), libm::exp(-740.0)),
            (exp(f64::NEG_INFINITY), 0.0),
            (exp(f64::INFINITY), f64::INFINITY),
        ] {
            assert_eq!(found.to_bits(), expected.to_bits());
        }
    }

    #[test]
    fn exact_values_are_exact() {
        for (found, expected) in [(ln(1.0), 0.0f64), (exp(0.0), 1.0), (exp(-0.0), 1.0)] {
            assert_eq!(found.to_bits(), expected.to_bits());
        }
    }

    /// The bits of many results, mixed. They were found on x86-64; a machine or compiler that finds
    /// others would give other results of every study.
    #[test]
    fn every_machine_finds_the_same_bits() {
        let mixed = |function: fn(f64) -> f64, scale: f64| {
            uniforms(100_000).fold(0u64, |sum, uniform| {
                (sum.rotate_left(5) ^ function(scale * uniform).to_bits())
                    .wrapping_mul(0x9E37_79B9_7F4A_7C15)
            })
        };
        assert_eq!(
            (mixed(ln, 1.0), mixed(exp, 30.0)),
            (4_936_092_692_719_980_859, 8_056_041_473_625_970_783)
        );
    }
}
