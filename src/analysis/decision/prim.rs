//! Scenario discovery: in which corner of the parameters does something come about?
//!
//! Cases are draws of the parameters, each a point whose coordinates are shares of the ranges, with a
//! weight and a value from 0 to 1: whether one structure beats another in it, or the chance that it
//! does. The patient rule induction method of Friedman JH, Fisher NI (1999), Bump hunting in
//! high-dimensional data, Statistics and Computing 9:123-143, peels thin slices off the box of all
//! cases, each time the one whose loss raises the mean value most, and may paste some back. Bryant BP,
//! Lempert RJ (2010), Thinking inside the box, Technological Forecasting and Social Change 77:34-49,
//! brought it to policy analysis: *coverage* is the share of all value that lies in a box, *density*
//! the mean value in it, and each limit of a box is held against chance.
//!
//! A box is found by looking for the best, so its density flatters it. Whether there is anything to
//! find at all is therefore judged by peeling the same points with their values dealt out afresh.
//! Slices come off the ends, so a value that lies at both ends of one parameter and not between them
//! is found badly or not at all. What a rare value has in common is easier to find than what a common one has: ask where a structure
//! loses rather than where it wins if it nearly always wins.

mod field;

use crate::analysis::noise::Noise;
use field::{Case, Field, Sum};

const SEED: u64 = 19_990_123;

/// How boxes are looked for.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Search {
    /// Share of a box's weight that one slice takes; above 0 and below 1. Friedman and Fisher advise
    /// 0.05 to 0.1.
    pub slice: f64,
    /// Share of the weight of all cases that a box keeps at least.
    pub least_support: f64,
    /// Which box of a trajectory is taken.
    pub pick: Pick,
    /// Chance above which a limit, or a box, is put down to luck.
    pub significance: f64,
    /// Most boxes: each next is looked for in what the ones before leave.
    pub boxes: usize,
    /// How often values are dealt out afresh to tell a box from luck.
    pub deals: usize,
}

impl Default for Search {
    fn default() -> Self {
        Self {
            slice: 0.05,
            least_support: 0.05,
            pick: Pick::Balanced,
            significance: 0.05,
            boxes: 1,
            deals: 199,
        }
    }
}

/// Which box of a trajectory is taken.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Pick {
    /// The one with the largest harmonic mean of coverage and density; of equals the larger box.
    Balanced,
    /// The largest with at least this density; the densest where none has it.
    Density(f64),
}

/// A box and what is in it.
#[derive(Debug, Clone, PartialEq)]
pub struct Region {
    /// Lower and upper limit by dimension, in shares; 0 and 1 where there is none.
    pub limits: Vec<(f64, f64)>,
    /// Share of all value that lies in the box.
    pub coverage: f64,
    /// Weighted mean value in the box.
    pub density: f64,
    /// Share of all weight that lies in the box.
    pub support: f64,
}

impl Region {
    /// Number of dimensions with a limit.
    pub fn restricted(&self) -> usize {
        self.limits.iter().filter(|it| is_limit(**it)).count()
    }

    /// Does a point lie in the box?
    pub fn holds(&self, point: &[f64]) -> bool {
        let mut both = self.limits.iter().zip(point);
        both.all(|((low, high), x)| low <= x && x <= high)
    }

    fn balance(&self) -> f64 {
        if self.coverage > 0.0 {
            2.0 * self.coverage * self.density / (self.coverage + self.density)
        } else {
            0.0
        }
    }
}

/// A limit of a discovered box.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Restriction {
    /// Which parameter, as a place in the coordinates of points.
    pub dimension: usize,
    /// Lower limit, as a share; 0 for none.
    pub low: f64,
    /// Upper limit, as a share; 1 for none.
    pub high: f64,
    /// Quasi-p-value: the chance that the box without this limit would by luck alone have as much value
    /// in as many cases, `P(Binomial(n, density without) >= value)`. Quasi, as the box was chosen for
    /// its value (Bryant and Lempert 2010, appendix).
    pub chance: f64,
}

/// A discovered box.
#[derive(Debug, Clone, PartialEq)]
pub struct Discovered {
    /// The box, after pasting and without limits that may be luck.
    pub region: Region,
    /// Its limits, in the order of dimensions.
    pub restrictions: Vec<Restriction>,
    /// Chance that points without any pattern show one as strong, from values dealt out afresh.
    pub chance: f64,
    /// All boxes on the way of peeling, from the box of all cases on.
    pub trajectory: Vec<Region>,
    /// Which of the trajectory was taken.
    pub taken: usize,
}

/// What was discovered.
#[derive(Debug, Clone, PartialEq)]
pub struct Discovery {
    /// Weighted mean value of all cases.
    pub density: f64,
    /// Boxes, in the order found; none where there is nothing to discover.
    pub boxes: Vec<Discovered>,
    /// Where the search ended as what was left showed no more pattern than luck does: the chance of
    /// that. `None` where it ended for want of cases or at the most boxes.
    pub left: Option<f64>,
}

/// Looks for boxes.
///
/// `points` are the cases' coordinates, each from 0 to 1; a case of weight 0 takes no part. A value
/// between 0 and 1 counts as that share of a success: its variance is smaller than a success's, so
/// chances are then overstated, never understated. Weights that differ count as the number of equal
/// ones that would tell as much (Kish 1965): `(sum w)^2 / sum w^2`.
///
/// # Panics
///
/// If lists differ in length, points in dimensions, something lies outside its range, or nothing has
/// weight.
pub fn discover(
    points: &[Vec<f64>],
    weights: &[f64],
    values: &[f64],
    search: &Search,
) -> Discovery {
    assert!(
        points.len() == weights.len() && points.len() == values.len(),
        "each point has a weight and a value"
    );
    let within = |it: &f64| (0.0..=1.0).contains(it);
    assert!(
        points.iter().flatten().all(within) && values.iter().all(within),
        "shares and values lie between 0 and 1"
    );
    assert!(
        weights.iter().all(|it| it.is_finite() && *it >= 0.0),
        "weights weigh"
    );
    assert!(
        search.slice > 0.0 && search.slice < 1.0,
        "a slice is a part"
    );
    let dimensions = points.first().map_or(0, Vec::len);
    assert!(
        points.iter().all(|it| it.len() == dimensions),
        "points have the same dimensions"
    );
    let mut cases: Vec<Case<'_>> = (points.iter().zip(weights).zip(values))
        .filter(|((_, weight), _)| **weight > 0.0)
        .map(|((at, weight), value)| Case {
            at,
            weight: *weight,
            value: *value,
        })
        .collect();
    let all = Sum::of(cases.iter());
    assert!(all.weight > 0.0, "something has weight");
    let mut discovery = Discovery {
        density: all.density(),
        boxes: Vec::new(),
        left: None,
    };
    let mut noise = Noise::new(SEED);
    while discovery.boxes.len() < search.boxes {
        let field = Field {
            cases: &cases,
            all,
            search,
        };
        let trajectory = field.peel();
        if trajectory.len() < 2 {
            break;
        }
        let chance = field.chance(&trajectory, &mut noise);
        if chance > search.significance {
            discovery.left = Some(chance);
            break;
        }
        let taken = take(&trajectory, search.pick);
        let region = field.paste(&trajectory[taken]);
        let (region, restrictions) = field.without_luck(region);
        if restrictions.is_empty() {
            break;
        }
        cases.retain(|case| !region.holds(case.at));
        discovery.boxes.push(Discovered {
            region,
            restrictions,
            chance,
            trajectory,
            taken,
        });
    }
    discovery
}

/// The box of a trajectory of at least two that is taken; never the first, which is no box.
fn take(trajectory: &[Region], pick: Pick) -> usize {
    let boxes = || trajectory.iter().enumerate().skip(1).rev();
    let densest = || boxes().max_by(|a, b| a.1.density.total_cmp(&b.1.density));
    let taken = match pick {
        Pick::Balanced => boxes().max_by(|a, b| a.1.balance().total_cmp(&b.1.balance())),
        Pick::Density(wished) => boxes().rfind(|it| it.1.density >= wished).or_else(densest),
    };
    taken.map_or(0, |it| it.0)
}

fn is_limit((low, high): (f64, f64)) -> bool {
    low > 0.0 || high < 1.0
}

#[cfg(test)]
mod tests {
    use super::*;

    fn points(n: usize, dimensions: usize, noise: &mut Noise) -> Vec<Vec<f64>> {
        let mut point = || (0..dimensions).map(|_| noise.uniform()).collect();
        (0..n).map(|_| point()).collect()
    }

    fn ones(n: usize) -> Vec<f64> {
        vec![1.0; n]
    }

    fn planted(point: &[f64]) -> bool {
        point[1] > 0.6 && (0.2..0.7).contains(&point[3])
    }

    /// Five of 100 cases are told wrong.
    fn noisy(points: &[Vec<f64>], noise: &mut Noise) -> Vec<f64> {
        let told = |at: &Vec<f64>, noise: &mut Noise| planted(at) != (noise.uniform() < 0.05);
        points
            .iter()
            .map(|it| f64::from(u8::from(told(it, noise))))
            .collect()
    }

    #[test]
    fn a_planted_box_is_found() {
        let mut noise = Noise::new(5);
        let points = points(400, 5, &mut noise);
        let values = noisy(&points, &mut noise);
        let found = discover(&points, &ones(400), &values, &Search::default());
        let [discovered] = &found.boxes[..] else {
            panic!("{:?} boxes", found.boxes.len());
        };
        let limits: Vec<usize> = discovered
            .restrictions
            .iter()
            .map(|it| it.dimension)
            .collect();
        assert_eq!(limits, [1, 3]);
        let close =
            |found: f64, truth: f64| assert!((found - truth).abs() < 0.06, "{found}, {truth}");
        close(discovered.region.limits[1].0, 0.6);
        close(discovered.region.limits[1].1, 1.0);
        close(discovered.region.limits[3].0, 0.2);
        close(discovered.region.limits[3].1, 0.7);
        assert!(discovered.region.density > 0.85, "{:?}", discovered.region);
        assert!(discovered.region.coverage > 0.7, "{:?}", discovered.region);
        assert!(discovered.restrictions.iter().all(|it| it.chance < 0.001));
        assert!(discovered.chance < 0.01);
        // The whole way is there, from all cases on.
        assert_eq!(discovered.trajectory[0].restricted(), 0);
        assert!((discovered.trajectory[0].density - found.density).abs() < 1e-12);
        assert!((discovered.trajectory[0].coverage - 1.0).abs() < 1e-12);
        let both = discovered.trajectory.windows(2);
        assert!(both.into_iter().all(|two| two[1].support < two[0].support));
    }

    #[test]
    fn the_box_is_taken_by_the_stated_rule() {
        let region = |coverage: f64, density: f64| Region {
            limits: Vec::new(),
            coverage,
            density,
            support: 1.0,
        };
        let trajectory = [
            region(1.0, 0.9),
            region(0.9, 0.5),
            region(0.8, 0.8),
            region(0.8, 0.8),
            region(0.1, 0.95),
            region(0.0, 0.0),
        ];
        assert_eq!(take(&trajectory, Pick::Balanced), 2);
        assert_eq!(take(&trajectory, Pick::Density(0.6)), 2);
        assert_eq!(take(&trajectory, Pick::Density(0.9)), 4);
        assert_eq!(take(&trajectory, Pick::Density(1.0)), 4);
    }

    #[test]
    fn stated_numbers_are_those_of_the_box() {
        let mut noise = Noise::new(6);
        let points = points(300, 4, &mut noise);
        let values = noisy(&points, &mut noise);
        let weights: Vec<f64> = (0..300).map(|_| noise.exponential()).collect();
        let found = discover(&points, &weights, &values, &Search::default());
        let region = &found.boxes[0].region;
        let sum = |only_inside: bool, by: &dyn Fn(usize) -> f64| -> f64 {
            let inside = |it: &usize| !only_inside || region.holds(&points[*it]);
            (0..300).filter(inside).map(by).sum()
        };
        let value = |it: usize| weights[it] * values[it];
        let weight = |it: usize| weights[it];
        let is = |found: f64, truth: f64| assert!((found - truth).abs() < 1e-9, "{found}, {truth}");
        is(region.coverage, sum(true, &value) / sum(false, &value));
        is(region.density, sum(true, &value) / sum(true, &weight));
        is(region.support, sum(true, &weight) / sum(false, &weight));
    }

    /// At a level of 5% about one of 20 patternless fields shows a box; more than 4 have a chance of 0.3%.
    #[test]
    fn where_there_is_no_pattern_nothing_is_discovered() {
        let mut noise = Noise::new(9);
        let search = Search {
            deals: 99,
            ..Search::default()
        };
        let found = (0..20)
            .filter(|_| {
                let points = points(100, 3, &mut noise);
                let luck = |_| f64::from(u8::from(noise.uniform() < 0.4));
                let values: Vec<f64> = (0..100).map(luck).collect();
                let discovery = discover(&points, &ones(100), &values, &search);
                assert!(!discovery.boxes.is_empty() || discovery.left.is_none_or(|it| it > 0.05));
                !discovery.boxes.is_empty()
            })
            .count();
        assert!(found <= 4, "{found} of 20");
    }

    #[test]
    fn a_second_box_is_found_in_what_the_first_leaves() {
        let mut noise = Noise::new(7);
        let points = points(400, 3, &mut noise);
        let in_corner = |it: &Vec<f64>| it[0] < 0.35 && it[1] < 0.6 || it[2] > 0.8 && it[1] > 0.5;
        let values: Vec<f64> = points
            .iter()
            .map(|it| f64::from(u8::from(in_corner(it))))
            .collect();
        let search = Search {
            boxes: 3,
            deals: 99,
            pick: Pick::Density(0.9),
            ..Search::default()
        };
        let found = discover(&points, &ones(400), &values, &search);
        assert!(found.boxes.len() >= 2);
        let coverage: f64 = found.boxes.iter().map(|it| it.region.coverage).sum();
        assert!(coverage > 0.8, "{coverage}");
        assert!(found.boxes[..2].iter().all(|it| it.region.density > 0.85));
    }

    /// A case of weight 3 is three cases, and one of weight 0 none.
    #[test]
    fn weights_are_as_many_cases() {
        let mut noise = Noise::new(12);
        let points = points(150, 3, &mut noise);
        let values: Vec<f64> = points
            .iter()
            .map(|it| f64::from(u8::from(it[2] < 0.4)))
            .collect();
        let weights: Vec<f64> = (0..150).map(|it| f64::from(it % 4)).collect();
        let (mut many, mut same) = (Vec::new(), Vec::new());
        for ((point, value), weight) in points.iter().zip(&values).zip(&weights) {
            for _ in 0..*weight as usize {
                many.push(point.clone());
                same.push(*value);
            }
        }
        let one = discover(&points, &weights, &values, &Search::default());
        let other = discover(&many, &ones(many.len()), &same, &Search::default());
        assert_eq!(one.boxes[0].region.limits, other.boxes[0].region.limits);
        assert_eq!(one.boxes[0].region.restricted(), 1);
    }

    #[test]
    fn equal_coordinates_go_together_and_the_order_of_cases_does_not_matter() {
        let mut noise = Noise::new(2);
        let mut points = points(200, 3, &mut noise);
        for point in &mut points {
            point
                .iter_mut()
                .for_each(|it| *it = (*it * 5.0).floor() / 5.0);
        }
        let flag = |it: &Vec<f64>| f64::from(u8::from(it[0] >= 0.6));
        let values: Vec<f64> = points.iter().map(flag).collect();
        let found = discover(&points, &ones(200), &values, &Search::default());
        assert_eq!(
            found.boxes[0].region.limits,
            [(0.5, 1.0), (0.0, 1.0), (0.0, 1.0)]
        );
        points.reverse();
        let values: Vec<f64> = points.iter().map(flag).collect();
        let turned = discover(&points, &ones(200), &values, &Search::default());
        assert_eq!(turned.boxes[0].region, found.boxes[0].region);
        assert_eq!(turned.boxes[0].trajectory, found.boxes[0].trajectory);
    }

    #[test]
    fn nothing_is_found_where_nothing_differs() {
        let points = points(50, 2, &mut Noise::new(1));
        for value in [0.0, 1.0] {
            let found = discover(&points, &ones(50), &[value; 50], &Search::default());
            assert!(found.boxes.is_empty());
        }
    }
}
