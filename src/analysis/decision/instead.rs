//! How much of one thing does as much as another: posts that do what a structure does, and how much of
//! what a whole does one part of it does alone.
//!
//! Every value is by trial and trials share their luck, so differences are taken within trials. Errors
//! of differences over few trials follow Student's t: they are widened so that 1.96 of them are its
//! interval of 95%.

use super::parting::{AtShare, Parting, parting};
use crate::analysis::intervals::{Estimate, Interval, average, mean, squares_about, t_quantile};

/// The normal quantile of an interval of 95%.
const Z: f64 = 1.959_963_984_540_054;

/// An amount that does as much as something else does.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Instead {
    /// It cannot be told: the something differs from what there is by no more than luck.
    Unclear,
    /// So much.
    Amount {
        /// The amount.
        at: f64,
        /// The end of its interval of 95% that is nearer to what there is.
        nearer: f64,
        /// The other end; `None` where it lies beyond all amounts that were tried, or the line turns
        /// back before.
        further: Option<f64>,
    },
    /// No amount that was tried does as much.
    Beyond {
        /// The last amount that was tried on that side.
        tried: f64,
        /// The amount from which on luck does not rule it out; `None` where it is ruled out throughout.
        from: Option<f64>,
    },
}

/// The amount of something at which the mean is the same as that of another thing.
///
/// `other` is by trial, less of it is better; `by_amount` is what amounts give, by amount and trial.
/// Amounts rise; `stated` is the place of the one that there is. Between neighbouring amounts the mean is
/// taken to run straight, and nothing is carried on beyond the last ones. Of two amounts that would do,
/// the nearer one counts. The interval is Fieller's, as that of [`parting`].
///
/// # Panics
///
/// With fewer than 2 trials, or where trials or amounts differ in number, or amounts do not rise.
pub fn instead(other: &[f64], amounts: &[f64], by_amount: &[Vec<f64>], stated: usize) -> Instead {
    assert_eq!(amounts.len(), by_amount.len(), "each amount has its values");
    let points: Vec<AtShare> = (amounts.iter().zip(by_amount))
        .map(|(amount, values)| at_amount(*amount, other, values))
        .collect();
    let here = points[stated];
    if here.difference.abs() <= Z * here.standard_error {
        return Instead::Unclear;
    }
    let sides = [&points[stated..], &points[..=stated]];
    let ways = sides.map(|side| (side.len() > 1).then(|| parting(side, here.share)));
    let nearest = ways.iter().flatten().filter_map(|way| match way {
        Parting::Flips {
            at,
            distance,
            nearest,
            furthest,
        } => {
            let side = (at - here.share).signum();
            let amount = Instead::Amount {
                at: *at,
                nearer: here.share + side * nearest,
                further: furthest.map(|it| here.share + side * it),
            };
            Some((*distance, amount))
        }
        _ => None,
    });
    if let Some((_, amount)) = nearest.min_by(|one, two| one.0.total_cmp(&two.0)) {
        return amount;
    }
    // What is better takes more of it, what is worse less.
    let (side, way) = match here.difference < 0.0 {
        true => (1.0, (ways[0], points.last())),
        false => (-1.0, (ways[1], points.first())),
    };
    Instead::Beyond {
        tried: way.1.map_or(here.share, |it| it.share),
        from: match way.0 {
            Some(Parting::Might { nearest }) => Some(here.share + side * nearest),
            _ => None,
        },
    }
}

/// The difference from what an amount gives.
fn at_amount(amount: f64, other: &[f64], values: &[f64]) -> AtShare {
    let differences = paired(other, values);
    let n = differences.len();
    assert!(n > 1, "one trial has no error");
    let size = other.iter().fold(0.0_f64, |most, it| most.max(it.abs()));
    // What differs but for the rounding of sums does not differ.
    let is_same = |it: &f64| it.abs() <= 1e-9 * size;
    let difference = match differences.iter().all(is_same) {
        true => 0.0,
        false => average(&differences),
    };
    let squares = squares_about(&differences, difference);
    let error = (squares / (n as f64 * (n as f64 - 1.0))).sqrt();
    AtShare {
        share: amount,
        difference,
        standard_error: error * t_quantile(n - 1) / Z,
    }
}

fn paired(one: &[f64], other: &[f64]) -> Vec<f64> {
    assert_eq!(one.len(), other.len(), "trials come in pairs");
    one.iter()
        .zip(other)
        .map(|(one, other)| one - other)
        .collect()
}

/// The mean of paired differences, with Student's t.
///
/// # Panics
///
/// Where the two differ in number.
pub fn difference(one: &[f64], other: &[f64]) -> Estimate {
    mean(&paired(one, other))
}

/// The mean over trials, with Student's t.
pub fn over_trials(values: &[f64]) -> Estimate {
    mean(values)
}

/// How many times what the whole does the part does: the ratio of two mean effects, each given by trial,
/// with Fieller's interval of 95%, which keeps the pairing. `None` where the effect of the whole is not
/// clear of 0: of nothing there is no share.
///
/// Source: Fieller EC (1954), Journal of the Royal Statistical Society B 16:175-185.
///
/// # Panics
///
/// Where the two differ in number of trials.
pub fn share(part: &[f64], whole: &[f64]) -> Option<Estimate> {
    assert_eq!(part.len(), whole.len(), "trials come in pairs");
    if !mean(whole).is_clear_of_zero() {
        return None;
    }
    let n = part.len() as f64;
    let (above, below) = (average(part), average(whole));
    let over = n * (n - 1.0);
    let products = part
        .iter()
        .zip(whole)
        .map(|(a, b)| (a - above) * (b - below));
    let both = products.sum::<f64>() / over;
    let (of_part, of_whole) = (
        squares_about(part, above) / over,
        squares_about(whole, below) / over,
    );
    // The interval holds every ratio r at which the mean of part - r whole is within its error of 0: it
    // lies between the roots of a parabola that opens upwards, since the whole is clear of 0.
    let reach = t_quantile(part.len() - 1).powi(2);
    let a = below * below - reach * of_whole;
    let b = above * below - reach * both;
    let c = above * above - reach * of_part;
    let root = (b * b - a * c).max(0.0).sqrt();
    Some(Estimate {
        value: above / below,
        interval: Some(Interval {
            low: (b - root) / a,
            high: (b + root) / a,
        }),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::analysis::noise::Noise;

    /// Trials of a common luck and a little of its own about each mean.
    fn trials(noise: &mut Noise, means: &[f64], common: f64, own: f64, n: usize) -> Vec<Vec<f64>> {
        let mut all = vec![Vec::with_capacity(n); means.len()];
        for _ in 0..n {
            let luck = common * noise.normal();
            for (values, mean) in all.iter_mut().zip(means) {
                values.push(mean + luck + own * noise.normal());
            }
        }
        all
    }

    /// 100 - 2 (x - 10) over 10 to 30 posts: 84 is what 18 posts give.
    #[test]
    fn an_amount_known_beforehand_is_within_its_interval_nineteen_times_in_twenty() {
        let mut noise = Noise::new(11);
        let amounts = [8.0, 10.0, 15.0, 20.0, 30.0];
        let means = [84.0, 104.0, 100.0, 90.0, 80.0, 60.0];
        let (mut within, mut width) = (0, 0.0);
        for _ in 0..400 {
            let all = trials(&mut noise, &means, 20.0, 2.0, 6);
            match instead(&all[0], &amounts, &all[1..], 1) {
                Instead::Amount {
                    nearer,
                    further: Some(further),
                    at,
                } => {
                    assert!(nearer <= at && at <= further);
                    within += u32::from((nearer..=further).contains(&18.0));
                    width += further - nearer;
                }
                other => panic!("{other:?}"),
            }
        }
        // 380 with a standard deviation of 4.4; errors shared between neighbours make it a little more.
        assert!((364..=400).contains(&within), "{within}");
        assert!(
            width / 400.0 < 4.0,
            "the luck that is shared is left out: {width}"
        );
    }

    #[test]
    fn what_more_posts_do_not_reach_is_told_from_what_cannot_be_told() {
        let flat = |value: f64| vec![value, value + 1.0, value - 1.0];
        let levels = [flat(100.0), flat(90.0), flat(80.0)];
        let amounts = [10.0, 11.0, 12.0];
        let of = |value: f64| instead(&flat(value), &amounts, &levels, 0);
        assert_eq!(of(100.0), Instead::Unclear);
        assert_eq!(of(100.0 + 1e-12), Instead::Unclear);
        assert_eq!(
            of(70.0),
            Instead::Beyond {
                tried: 12.0,
                from: None
            }
        );
        // Worse than what there is, and nothing below it was tried.
        assert_eq!(
            of(110.0),
            Instead::Beyond {
                tried: 10.0,
                from: None
            }
        );
        let Instead::Amount {
            at,
            nearer,
            further,
        } = of(85.0)
        else {
            panic!("it is within what was tried");
        };
        for found in [at, nearer, further.unwrap()] {
            assert!((found - 11.5).abs() < 1e-9, "{found}");
        }
        // The last amount comes within luck of it.
        let near = vec![79.0, 78.0, 80.5];
        let Instead::Beyond { tried, from } = instead(&near, &amounts, &levels, 0) else {
            panic!("it is beyond");
        };
        assert!((tried - 12.0).abs() < 1e-9 && from.is_some_and(|it| it > 11.0 && it < 12.0));
    }

    #[test]
    fn what_is_worse_takes_fewer_posts() {
        let levels = [vec![120.0, 121.0], vec![100.0, 101.0], vec![90.0, 91.0]];
        let found = instead(&[110.0, 111.0], &[8.0, 10.0, 12.0], &levels, 1);
        let Instead::Amount { at, .. } = found else {
            panic!("{found:?}");
        };
        assert!((at - 9.0).abs() < 1e-9);
    }

    /// A part that does 0.4 of what the whole does, with luck that both share.
    #[test]
    fn a_share_known_beforehand_is_within_its_interval_nineteen_times_in_twenty() {
        let mut noise = Noise::new(5);
        let mut within = 0;
        for _ in 0..400 {
            let all = trials(&mut noise, &[-4.0, -10.0], 2.0, 1.0, 8);
            let found = share(&all[0], &all[1]).unwrap();
            let interval = found.interval.unwrap();
            assert!(interval.low <= found.value && found.value <= interval.high);
            within += u32::from((interval.low..=interval.high).contains(&0.4));
        }
        assert!((364..=396).contains(&within), "{within}");
        let nothing = trials(&mut noise, &[-4.0, 0.0], 0.0, 1.0, 8);
        assert_eq!(
            share(&nothing[0], &[1.0, -1.0, 1.0, -1.0, 1.0, -1.0, 1.0, -1.0]),
            None
        );
    }
}
