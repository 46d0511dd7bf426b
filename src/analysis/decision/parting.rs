//! How far a parameter may go before the choice between two structures turns.
//!
//! Each parameter is moved through its range on its own, the others staying where they are stated. At
//! several shares of the range the difference of two structures is known with a standard error;
//! between neighbours it is taken to run straight. Where the line meets 0 is the flip.
//!
//! Its interval is Fieller's (Fieller EC (1954), Journal of the Royal Statistical Society B
//! 16:175-185): the shares at which a difference of 0 is within the error, `|d(x)| <= 1.96 s(x)`. The
//! error runs straight as well between neighbours, which is that of errors wholly shared. Runs at
//! neighbouring shares do share their luck; were errors independent they would be smaller between two
//! points, so the interval is never too short for it. All answers are read off the three lines `d` and
//! `d - 1.96 s` and `d + 1.96 s`, without any luck of their own.

use super::Drawn;

/// The normal quantile of an interval of 95%.
const Z: f64 = 1.959_963_984_540_054;

/// The difference of two structures at one share of a parameter's range.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct AtShare {
    /// Where in the range: 0 is its lower end, 1 its upper.
    pub share: f64,
    /// The difference, in the measure's unit.
    pub difference: f64,
    /// Its standard error, 0 or above.
    pub standard_error: f64,
}

/// Whether and where the difference changes its sign, in shares of the parameter's range.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Parting {
    /// It cannot be told: already at the stated value the difference is within its own error.
    Unclear,
    /// It flips.
    Flips {
        /// The nearest share at which the difference is 0.
        at: f64,
        /// How far that is from the stated share.
        distance: f64,
        /// The least distance from which it may have happened, on the same side as `at`.
        nearest: f64,
        /// The distance from which it has surely happened, on that side; `None` where the range, or
        /// a turn back, comes first.
        furthest: Option<f64>,
    },
    /// It keeps its sign throughout, but the error does not rule a flip out from this distance on.
    Might {
        /// The least distance from which the flip may have happened.
        nearest: f64,
    },
    /// It does not flip inside the range: it is clear of 0 throughout.
    Never,
}

impl Parting {
    /// How far from the stated value the flip is, or may be, as a share of the range; 0 where it cannot
    /// be told, `None` where there is no flip.
    pub fn distance(&self) -> Option<f64> {
        match self {
            Self::Unclear => Some(0.0),
            Self::Flips { distance, .. } => Some(*distance),
            Self::Might { nearest } => Some(*nearest),
            Self::Never => None,
        }
    }

    fn kind(&self) -> u8 {
        match self {
            Self::Unclear => 0,
            Self::Flips { .. } => 1,
            Self::Might { .. } => 2,
            Self::Never => 3,
        }
    }
}

/// Distance to the flip in one parameter.
///
/// `points` lie at rising shares, at least two, and the stated share lies within their range: nothing is
/// carried on beyond them.
///
/// # Panics
///
/// If that is not so, or a number is not finite.
pub fn parting(points: &[AtShare], stated: f64) -> Parting {
    assert!(points.len() > 1, "a line has two points");
    assert!(
        points.windows(2).all(|two| two[0].share < two[1].share),
        "shares rise"
    );
    let is_number = |it: &AtShare| {
        it.difference.is_finite() && it.standard_error.is_finite() && it.standard_error >= 0.0
    };
    assert!(points.iter().all(is_number), "differences are numbers");
    let (first, last) = (points[0].share, points[points.len() - 1].share);
    assert!(
        (first..=last).contains(&stated),
        "the stated share is within the range"
    );
    let here = interpolated(points, stated);
    // As if the difference were above 0 where it is stated.
    let side = here.difference.signum();
    let least = |it: &AtShare| side * it.difference - Z * it.standard_error;
    if least(&here) <= 0.0 {
        return Parting::Unclear;
    }
    let ways = [true, false].map(|is_up| way(points, here, is_up));
    let value = |it: &AtShare| side * it.difference;
    let most = |it: &AtShare| side * it.difference + Z * it.standard_error;
    let nearest_of = |line: &dyn Fn(&AtShare) -> f64| -> Option<(f64, usize)> {
        let found = ways
            .iter()
            .enumerate()
            .rev()
            .filter_map(|(place, way)| Some(((falls_below(way, line)? - stated).abs(), place)));
        // Of equals the lower share.
        found.min_by(|one, two| one.0.total_cmp(&two.0))
    };
    let Some((distance, place)) = nearest_of(&value) else {
        return match nearest_of(&least) {
            Some((nearest, _)) => Parting::Might { nearest },
            None => Parting::Never,
        };
    };
    let way = &ways[place];
    let away = |share: f64| (share - stated).abs();
    // On this side the lower line has come to 0 before the middle one.
    let nearest = falls_below(way, &least).map_or(distance, away);
    let crossing = if place == 0 {
        stated + distance
    } else {
        stated - distance
    };
    let furthest = falls_below(way, &most).map(away).filter(|furthest| {
        // Between the flip and there, the line must not turn back for good.
        let between = |it: &&AtShare| {
            let it = away(it.share);
            it > distance && it < *furthest
        };
        way.iter().filter(between).all(|it| least(it) <= 0.0)
    });
    Parting::Flips {
        at: crossing,
        distance,
        nearest,
        furthest,
    }
}

/// Parameters by how soon they turn the choice: first those of which it cannot be told, then flips by
/// distance, then what the error does not rule out by distance, last those that never flip. Equals stay
/// in their order.
pub fn by_distance<T>(mut partings: Vec<(T, Parting)>) -> Vec<(T, Parting)> {
    let key = |it: &Parting| (it.kind(), it.distance().unwrap_or(f64::INFINITY));
    partings.sort_by(|(_, one), (_, two)| {
        let (one, two) = (key(one), key(two));
        one.0.cmp(&two.0).then(one.1.total_cmp(&two.1))
    });
    partings
}

/// The points of one parameter, each share a draw: a structure's values less another's.
///
/// # Panics
///
/// If there are not as many shares as draws, or a draw has one trial alone, which has no error.
pub fn along(drawn: &Drawn, shares: &[f64], of: usize, from: usize) -> Vec<AtShare> {
    assert_eq!(shares.len(), drawn.draws(), "each draw is at a share");
    (shares.iter().enumerate())
        .map(|(draw, share)| {
            let (difference, error) = drawn.difference(draw, of, from);
            AtShare {
                share: *share,
                difference,
                standard_error: error.expect("a point has trials enough for an error"),
            }
        })
        .collect()
}

/// Whether and where each other structure overtakes the leader as one parameter moves: in the order of
/// [`by_distance`], so that the first is the first to overtake.
///
/// Each rival has an interval of its own, so of many rivals the first is by luck a little too near.
///
/// # Panics
///
/// As [`along`] and [`parting`].
pub fn overtaking(
    drawn: &Drawn,
    shares: &[f64],
    stated: f64,
    leader: usize,
) -> Vec<(usize, Parting)> {
    let rivals = (0..drawn.structures()).filter(|it| *it != leader);
    let partings = rivals.map(|it| (it, parting(&along(drawn, shares, it, leader), stated)));
    by_distance(partings.collect())
}

/// What lies at a share, by straight lines between neighbours.
fn interpolated(points: &[AtShare], share: f64) -> AtShare {
    let next = points
        .partition_point(|it| it.share < share)
        .clamp(1, points.len() - 1);
    let (one, two) = (points[next - 1], points[next]);
    let part = (share - one.share) / (two.share - one.share);
    let between = |one: f64, two: f64| one * (1.0 - part) + two * part;
    AtShare {
        share,
        difference: between(one.difference, two.difference),
        standard_error: between(one.standard_error, two.standard_error),
    }
}

/// The points from here to the end of the range, up or down.
fn way(points: &[AtShare], here: AtShare, is_up: bool) -> Vec<AtShare> {
    let mut way = vec![here];
    if is_up {
        way.extend(points.iter().filter(|it| it.share > here.share));
    } else {
        way.extend(points.iter().rev().filter(|it| it.share < here.share));
    }
    way
}

/// The share at which a line that starts above 0 first comes to 0.
fn falls_below(way: &[AtShare], line: &dyn Fn(&AtShare) -> f64) -> Option<f64> {
    way.windows(2).find_map(|two| {
        let (one, next) = (line(&two[0]), line(&two[1]));
        (next <= 0.0).then(|| {
            let part = one / (one - next);
            two[0].share + part * (two[1].share - two[0].share)
        })
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::analysis::noise::Noise;

    fn line(differences: &[f64], standard_error: f64) -> Vec<AtShare> {
        let steps = (differences.len() - 1) as f64;
        (differences.iter().enumerate())
            .map(|(place, difference)| AtShare {
                share: place as f64 / steps,
                difference: *difference,
                standard_error,
            })
            .collect()
    }

    fn is(found: f64, truth: f64) {
        assert!((found - truth).abs() < 1e-9, "{found}, truth {truth}");
    }

    /// d = 4 - 8 x is 0 at a half; with an error of 1.96 s = 0.8 the band meets 0 at 0.4 and 0.6.
    #[test]
    fn a_known_crossing_is_found_with_fiellers_interval() {
        for sign in [1.0, -1.0] {
            let points = line(&[4.0, 2.0, 0.0, -2.0, -4.0].map(|it| sign * it), 0.8 / Z);
            let Parting::Flips {
                at,
                distance,
                nearest,
                furthest,
            } = parting(&points, 0.1)
            else {
                panic!("it flips");
            };
            is(at, 0.5);
            is(distance, 0.4);
            is(nearest, 0.3);
            is(furthest.unwrap(), 0.5);
        }
    }

    #[test]
    fn the_nearer_of_two_flips_counts() {
        // Falls to 0 at 0.25 and at 0.875.
        let points = line(&[-1.0, 1.0, 3.0, 1.0, -1.0, -1.0, -1.0], 0.0);
        let Parting::Flips { at, distance, .. } = parting(&points, 0.3) else {
            panic!("it flips");
        };
        is(at, 1.0 / 12.0);
        is(distance, 0.3 - 1.0 / 12.0);
        let Parting::Flips { at, .. } = parting(&points, 0.5) else {
            panic!("it flips");
        };
        is(at, 3.5 / 6.0);
    }

    #[test]
    fn what_does_not_flip_is_told_from_what_cannot_be_told() {
        let points = line(&[5.0, 4.0, 3.0], 0.5);
        assert_eq!(parting(&points, 0.5), Parting::Never);
        assert_eq!(parting(&line(&[5.0, 4.0, 3.0], 2.5), 0.5), Parting::Unclear);
        // 4 - 2 (x - 0.5) - 1.96 * 1.75 is 0 at 0.785.
        let Parting::Might { nearest } = parting(&line(&[5.0, 4.0, 3.0], 1.75), 0.5) else {
            panic!("it might");
        };
        is(nearest, (4.0 - 1.75 * Z) / 2.0);
        // No difference at all is no choice at all.
        assert_eq!(parting(&line(&[0.0, 0.0], 0.0), 0.5), Parting::Unclear);
    }

    #[test]
    fn a_flip_near_the_end_of_the_range_is_never_sure() {
        let Parting::Flips { furthest, .. } = parting(&line(&[4.0, 2.0, -0.1], 0.5), 0.0) else {
            panic!("it flips");
        };
        assert_eq!(furthest, None);
        // Nor one that turns back before it is sure.
        let turning = line(&[4.0, -0.1, 4.0, -4.0], 0.5);
        let Parting::Flips { furthest, .. } = parting(&turning, 0.0) else {
            panic!("it flips");
        };
        assert_eq!(furthest, None);
    }

    #[test]
    fn the_stated_share_may_lie_at_an_end() {
        let points = line(&[2.0, -2.0], 0.0);
        for (stated, away) in [(0.0, 0.5), (1.0, 0.5)] {
            is(parting(&points, stated).distance().unwrap(), away);
        }
    }

    #[test]
    fn the_soonest_stand_first() {
        let flips = |distance: f64| Parting::Flips {
            at: distance,
            distance,
            nearest: distance,
            furthest: None,
        };
        let sorted = by_distance(vec![
            ("never", Parting::Never),
            ("far", flips(0.4)),
            ("might", Parting::Might { nearest: 0.1 }),
            ("near", flips(0.2)),
            ("unclear", Parting::Unclear),
        ]);
        let names: Vec<&str> = sorted.iter().map(|it| it.0).collect();
        assert_eq!(names, ["unclear", "near", "far", "might", "never"]);
    }

    #[test]
    fn the_first_to_overtake_is_named() {
        // Two trials each that differ in luck only by what structures share.
        let draw = |means: [f64; 3]| means.map(|it| vec![it, it + 1.0]).to_vec();
        let drawn = Drawn::new(
            vec![1.0; 3],
            vec![
                draw([0.0, 3.0, 1.0]),
                draw([1.0, 1.5, 2.0]),
                draw([3.0, 2.0, 2.5]),
            ],
        );
        let (rival, found) = overtaking(&drawn, &[0.0, 0.5, 1.0], 0.0, 0)[0];
        assert_eq!(rival, 1);
        // From 0.5 at a half to -1 at the end.
        is(found.distance().unwrap(), 0.5 + 0.5 / 3.0);
    }

    /// 2,000 lines with a flip at 0.6, of errors independent or shared: the interval, open where
    /// there is no end to it, holds the flip in 95 of 100. The standard error of a share is half a
    /// point; a line not clear at its stated value or without a flip says nothing and holds.
    #[test]
    fn the_interval_holds_the_flip_as_often_as_it_says() {
        for shares_luck in [false, true] {
            let mut noise = Noise::new(14);
            let (mut flips, mut held) = (0, 0);
            for _ in 0..2_000 {
                let shared = noise.normal();
                let points: Vec<AtShare> = (0..6)
                    .map(|it| {
                        let share = f64::from(it) / 5.0;
                        let luck = if shares_luck { shared } else { noise.normal() };
                        AtShare {
                            share,
                            difference: 6.0 - 10.0 * share + luck,
                            standard_error: 1.0,
                        }
                    })
                    .collect();
                if let Parting::Flips {
                    nearest, furthest, ..
                } = parting(&points, 0.0)
                {
                    flips += 1;
                    let is_in = nearest <= 0.6 && furthest.is_none_or(|it| it >= 0.6);
                    held += usize::from(is_in);
                }
            }
            let share = held as f64 / flips as f64;
            assert!(flips > 1_900);
            assert!(share > 0.935, "{share}");
        }
    }
}
