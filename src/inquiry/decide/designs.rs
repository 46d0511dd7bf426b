//! Where a study is run: points of the unit cube, one coordinate for each parameter.
//!
//! A coordinate is the share of a parameter's distribution that lies below its value, strictly
//! between 0 and 1 (the levels of Morris's trajectories alone reach both ends). Every design depends
//! on its seed and size alone.
//!
//! Sources: Sobol IM (1967), USSR Computational Mathematics and Mathematical Physics 7(4):86-112;
//! Owen AB (1995), Randomly permuted (t,m,s)-nets and (t,s)-sequences, Lecture Notes in Statistics
//! 106:299-317, scrambled by hashing as in Burley B (2020), Journal of Computer Graphics Techniques
//! 9(4):1-20; McKay MD, Beckman RJ, Conover WJ (1979), Technometrics 21:239-245 (Latin hypercube);
//! Saltelli A and others (2010), Computer Physics Communications 181:259-270 (A, B and columns of B
//! in A); Morris MD (1991), Technometrics 33:161-174 (trajectories).

use crate::engine::{Luck, Who};

/// The parameter draw under which the luck of designs is kept: no run gets so far.
const OWN_DRAW: u32 = u32::MAX;

/// Purposes of luck within designs.
#[derive(Debug, Clone, Copy)]
enum Purpose {
    Order = 1,
    Place = 2,
    Scramble = 4,
    Level = 5,
    Direction = 6,
}

/// Dimensions for which the Sobol points have direction numbers.
const SOBOL_DIMENSIONS: usize = 256;
/// A Sobol coordinate is one of 2^23 cells.
const SOBOL_CELL: f64 = 1.0 / 8_388_608.0;

/// How points fill the cube.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Design {
    /// Owen-scrambled Sobol points. A longer design begins with every shorter one of the same seed;
    /// sizes that are powers of 2 are balanced best. At most 65,536 points. Each 256 coordinates have a
    /// scrambling of their own, so beyond 256 they are spread singly, but not jointly with the earlier
    /// ones, more evenly than by chance.
    Sobol,
    /// A Latin hypercube: each coordinate alone is spread over as many equally likely cells as there
    /// are points. It cannot be extended: another size is another design.
    LatinHypercube,
}

impl Design {
    /// The most points that the design has, where there is a limit.
    pub fn most(self) -> Option<usize> {
        match self {
            Self::Sobol => Some(1 << 16),
            Self::LatinHypercube => None,
        }
    }

    /// So many points, each a coordinate for every dimension, strictly between 0 and 1.
    ///
    /// # Panics
    /// If the design has not so many points ([`Self::most`]).
    pub fn points(self, seed: u64, points: usize, dimensions: usize) -> Vec<Vec<f64>> {
        assert!(
            self.most().is_none_or(|most| points <= most),
            "a Sobol design has at most 65,536 points, found {points}"
        );
        let luck = luck(seed);
        match self {
            Self::Sobol => sobol(luck, points, dimensions),
            Self::LatinHypercube => {
                latin_hypercube(luck, Who::named("latin-hypercube"), points, dimensions)
            }
        }
    }
}

fn luck(seed: u64) -> Luck {
    Luck::new(seed, OWN_DRAW, 0)
}

fn sobol(luck: Luck, points: usize, dimensions: usize) -> Vec<Vec<f64>> {
    let who = Who::named("sobol");
    let scrambles: Vec<u32> = (0..dimensions.div_ceil(SOBOL_DIMENSIONS))
        .map(|set| {
            let block = luck.block(who, Purpose::Scramble as u16, set as u32);
            block.below(u32::MAX)
        })
        .collect();
    let coordinate = |point: usize, dimension: usize| {
        let (set, own) = (dimension / SOBOL_DIMENSIONS, dimension % SOBOL_DIMENSIONS);
        let cell = f64::from(sobol_burley::sample(
            point as u32,
            own as u32,
            scrambles[set],
        ));
        // Within the cell by chance: the corner 0 has no quantile, and single precision would show.
        let name = who.number(dimension as u32);
        let within = luck.block(name, Purpose::Place as u16, point as u32);
        // The sum may round to 1, which has no quantile either.
        (cell + SOBOL_CELL * within.uniform()).min(1.0 - f64::EPSILON / 2.0)
    };
    (0..points)
        .map(|point| (0..dimensions).map(|it| coordinate(point, it)).collect())
        .collect()
}

/// So many points, each coordinate of them spread over equally likely cells, one point in each, by
/// the luck of `who` under purposes 1 and 2 (Latin hypercube).
pub(in crate::inquiry) fn latin_hypercube(
    luck: Luck,
    who: Who,
    points: usize,
    dimensions: usize,
) -> Vec<Vec<f64>> {
    let mut drawn = vec![Vec::with_capacity(dimensions); points];
    for dimension in 0..dimensions {
        let who = who.number(dimension as u32);
        let cells = shuffled(luck, who, points);
        for (point, cell) in drawn.iter_mut().zip(cells) {
            let within = luck.block(who, Purpose::Place as u16, cell as u32);
            point.push((cell as f64 + within.uniform()) / points as f64);
        }
    }
    drawn
}

/// The numbers below `size` in an order by chance (Fisher and Yates 1938).
fn shuffled(luck: Luck, who: Who, size: usize) -> Vec<usize> {
    let mut order: Vec<usize> = (0..size).collect();
    for place in (1..size).rev() {
        let block = luck.block(who, Purpose::Order as u16, place as u32);
        order.swap(place, (block.uniform() * (place + 1) as f64) as usize);
    }
    order
}

/// Points for first-order and total indices: two independent designs, and the first of them with a
/// group of coordinates taken from the second.
#[derive(Debug, Clone, PartialEq)]
pub struct Saltelli {
    /// The first design.
    pub a: Vec<Vec<f64>>,
    /// The second design.
    pub b: Vec<Vec<f64>>,
    /// By group: the first design with the coordinates of the group from the second.
    pub mixed: Vec<Vec<Vec<f64>>>,
}

/// So many rows of a Saltelli design (2010, radial: A with columns of B). It costs
/// `rows * (groups + 2)` runs. For single parameters give each a group of its own.
///
/// Both halves come from one design of twice the dimensions. Sobol rows can be extended; take a power
/// of 2.
///
/// # Panics
/// If the design has not so many points, or a group names a coordinate that is not there.
pub fn saltelli(
    design: Design,
    seed: u64,
    rows: usize,
    dimensions: usize,
    groups: &[Vec<usize>],
) -> Saltelli {
    assert!(
        groups.iter().flatten().all(|it| *it < dimensions),
        "groups are made of coordinates that are there"
    );
    let mut a = design.points(seed, rows, 2 * dimensions);
    let b: Vec<Vec<f64>> = a.iter_mut().map(|row| row.split_off(dimensions)).collect();
    let with = |group: &Vec<usize>| {
        let mut mixed = a.clone();
        for (row, from) in mixed.iter_mut().zip(&b) {
            group.iter().for_each(|&it| row[it] = from[it]);
        }
        mixed
    };
    let mixed = groups.iter().map(with).collect();
    Saltelli { a, b, mixed }
}

/// So many of Morris's trajectories: each begins at a grid point of the cube and moves one
/// coordinate at a time, in an order by chance, until each has moved once. A trajectory is
/// `dimensions + 1` points.
///
/// Coordinates are on the levels `0, 1/(levels - 1), ..., 1`, and a step is
/// `levels / (2 (levels - 1))`, so that every level is as likely as another (Morris 1991). The ends 0
/// and 1 are among them: a caller whose distributions have no ends has to map them inwards, as with
/// [`inward`]. More trajectories of one seed begin with the same ones.
///
/// # Panics
/// If `levels` is odd or 0: with an odd number levels would not be equally likely.
pub fn trajectories(
    seed: u64,
    count: usize,
    levels: usize,
    dimensions: usize,
) -> Vec<Vec<Vec<f64>>> {
    assert!(
        levels > 0 && levels.is_multiple_of(2),
        "levels are even in number, found {levels}"
    );
    let luck = luck(seed);
    (0..count)
        .map(|number| {
            let who = Who::named("trajectory").number(number as u32);
            trajectory(luck, who, levels, dimensions)
        })
        .collect()
}

fn trajectory(luck: Luck, who: Who, levels: usize, dimensions: usize) -> Vec<Vec<f64>> {
    let half = levels / 2;
    let share = |level: usize| level as f64 / (levels - 1) as f64;
    let drawn = |purpose: Purpose, dimension: usize, bound: usize| {
        (luck.block(who, purpose as u16, dimension as u32)).below(bound as u32) as usize
    };
    let ends: Vec<(usize, usize)> = (0..dimensions)
        .map(|dimension| {
            let low = drawn(Purpose::Level, dimension, half);
            match drawn(Purpose::Direction, dimension, 2) {
                0 => (low, low + half),
                _ => (low + half, low),
            }
        })
        .collect();
    let mut point: Vec<f64> = ends.iter().map(|(from, _)| share(*from)).collect();
    let mut points = vec![point.clone()];
    for dimension in shuffled(luck, who, dimensions) {
        point[dimension] = share(ends[dimension].1);
        points.push(point.clone());
    }
    points
}

/// A level from 0 to 1 moved to the middle of one of `levels` equally likely cells: the ends become
/// `1/(2 levels)` and `1 - 1/(2 levels)`, and a step of a trajectory is 1/2.
pub fn inward(share: f64, levels: usize) -> f64 {
    let levels = levels as f64;
    (share * (levels - 1.0) + 0.5) / levels
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::analysis::decision::{Effects, Evaluated, Screened, Sensitivity};

    const BOTH: [Design; 2] = [Design::Sobol, Design::LatinHypercube];

    /// How many points of each of so many equal cells of a coordinate.
    fn filled(points: &[Vec<f64>], dimension: usize, cells: usize) -> Vec<usize> {
        let mut filled = vec![0; cells];
        for point in points {
            filled[(point[dimension] * cells as f64) as usize] += 1;
        }
        filled
    }

    #[test]
    fn every_cell_of_every_coordinate_holds_one_point() {
        for design in BOTH {
            let points = design.points(7, 128, 300);
            for dimension in 0..300 {
                assert_eq!(filled(&points, dimension, 128), vec![1; 128], "{design:?}");
            }
            assert!(points.iter().flatten().all(|it| 0.0 < *it && *it < 1.0));
        }
    }

    /// The first two Sobol coordinates are a (0, m, 2)-net: every dyadic box of the size of one point
    /// holds one (Sobol 1967), and Owen's scrambling keeps that.
    #[test]
    fn two_sobol_coordinates_fill_every_dyadic_box() {
        let points = Design::Sobol.points(3, 64, 2);
        for halvings in 0..=6 {
            let (across, down) = (1 << halvings, 64 >> halvings);
            let mut boxes: Vec<usize> = (points.iter())
                .map(|at| {
                    (at[0] * f64::from(across)) as usize * down as usize
                        + (at[1] * f64::from(down)) as usize
                })
                .collect();
            boxes.sort_unstable();
            assert_eq!(boxes, (0..64).collect::<Vec<_>>());
        }
    }

    #[test]
    fn a_longer_sobol_design_begins_with_a_shorter_one() {
        let long = Design::Sobol.points(5, 200, 300);
        assert_eq!(Design::Sobol.points(5, 70, 300), long[..70]);
    }

    #[test]
    fn a_design_is_its_seed() {
        for design in BOTH {
            let points = |seed| design.points(seed, 50, 4);
            assert_eq!(points(1), points(1));
            assert_ne!(points(1), points(2));
        }
        let moved = |seed| trajectories(seed, 6, 4, 5);
        assert_eq!(moved(1), moved(1));
        assert_ne!(moved(1), moved(2));
        assert_eq!(moved(1)[..4], trajectories(1, 4, 4, 5));
    }

    /// Coordinates that belong together by chance alone: the correlation of 1,024 pairs has a standard
    /// error of 1/32, and that of an even design is smaller.
    #[test]
    fn coordinates_are_in_orders_of_their_own() {
        for design in BOTH {
            let points = design.points(11, 1_024, 260);
            for (one, other) in [(0, 1), (2, 7), (100, 200), (0, 256), (3, 259)] {
                let products = (points.iter()).map(|it| (it[one] - 0.5) * (it[other] - 0.5));
                let correlation = 12.0 * products.sum::<f64>() / 1_024.0;
                assert!(
                    correlation.abs() < 4.0 / 32.0,
                    "{design:?}: {one} and {other} by {correlation}"
                );
            }
        }
    }

    #[test]
    fn mixed_rows_take_their_group_from_the_second_design() {
        let groups = [vec![0], vec![1, 3], vec![]];
        for design in BOTH {
            let made = saltelli(design, 2, 16, 4, &groups);
            assert_eq!((made.a.len(), made.b.len(), made.mixed.len()), (16, 16, 3));
            for (group, mixed) in groups.iter().zip(&made.mixed) {
                for ((a, b), mixed) in made.a.iter().zip(&made.b).zip(mixed) {
                    for it in 0..4 {
                        let from = if group.contains(&it) { b } else { a };
                        assert_eq!(mixed[it].to_bits(), from[it].to_bits());
                        assert_ne!(a[it].to_bits(), b[it].to_bits());
                    }
                }
            }
        }
    }

    #[test]
    fn a_trajectory_moves_every_coordinate_once_by_the_step() {
        let (levels, dimensions) = (4, 6);
        let step = 4.0 / 6.0;
        for points in trajectories(9, 50, levels, dimensions) {
            assert_eq!(points.len(), dimensions + 1);
            let mut moved = Vec::new();
            for pair in points.windows(2) {
                let changed: Vec<usize> = (0..dimensions)
                    .filter(|&it| pair[0][it].to_bits() != pair[1][it].to_bits())
                    .collect();
                assert_eq!(changed.len(), 1);
                let by = pair[1][changed[0]] - pair[0][changed[0]];
                assert!((by.abs() - step).abs() < 1e-12, "{by}");
                moved.extend(changed);
            }
            moved.sort_unstable();
            assert_eq!(moved, (0..dimensions).collect::<Vec<_>>());
        }
    }

    /// 4 levels in 1,500 beginnings: each 375 times, with a standard deviation of 16.8.
    #[test]
    fn levels_directions_and_orders_are_equally_likely() {
        let all = trajectories(4, 500, 4, 3);
        let mut levels = [0_usize; 4];
        let mut first = [0_usize; 3];
        for points in &all {
            points[0]
                .iter()
                .for_each(|it| levels[(it * 3.0).round() as usize] += 1);
            let moved = (0..3).find(|&it| points[0][it].to_bits() != points[1][it].to_bits());
            first[moved.unwrap()] += 1;
        }
        assert!(levels.iter().all(|it| it.abs_diff(375) < 68), "{levels:?}");
        // 167 each, with a standard deviation of 10.5.
        assert!(first.iter().all(|it| it.abs_diff(167) < 43), "{first:?}");
        assert!((inward(0.0, 4) - 0.125).abs() < 1e-15 && (inward(1.0, 4) - 0.875).abs() < 1e-15);
    }

    /// Ishigami and Homma's function (1990) with a = 7 and b = 0.1: its indices from 1,024 rows of Sobol
    /// points are within 0.02, where as many rows by chance leave standard errors of 0.03.
    #[test]
    fn sobol_rows_find_the_indices_of_the_ishigami_function() {
        let value = |at: &Vec<f64>| {
            let [x, y, z] = [0, 1, 2].map(|it| std::f64::consts::PI * (2.0 * at[it] - 1.0));
            libm::sin(x) * (1.0 + 0.1 * z.powi(4)) + 7.0 * libm::sin(y).powi(2)
        };
        let values = |points: &Vec<Vec<f64>>| points.iter().map(value).collect::<Vec<f64>>();
        let made = saltelli(Design::Sobol, 1, 1_024, 3, &[vec![0], vec![1], vec![2]]);
        let (a, b) = (values(&made.a), values(&made.b));
        let mixed: Vec<Vec<f64>> = made.mixed.iter().map(values).collect();
        let evaluated = Evaluated {
            a: &a,
            b: &b,
            mixed: &mixed,
            luck: crate::analysis::decision::Luck::Own(0.0),
        };
        let found = Sensitivity::of(&evaluated, 1);
        let truth = [(0.313_9, 0.557_6), (0.442_4, 0.442_4), (0.0, 0.243_7)];
        for (found, (first, total)) in found.indices.unwrap().iter().zip(truth) {
            assert!((found.first.value - first).abs() < 0.02, "{found:?}");
            assert!((found.total.value - total).abs() < 0.02, "{found:?}");
        }
    }

    /// `x + 2 (y - 1/2)^2`: the effect of y is 2 (y + y' - 1) for a step from y to y', which is 2/3 away:
    /// with four levels y + y' - 1 is -1/3 or 1/3.
    #[test]
    fn trajectories_find_what_bends() {
        let effects: Vec<Effects> = (trajectories(1, 40, 4, 2).iter())
            .map(|points| {
                let values = points.iter().map(|at| at[0] + 2.0 * (at[1] - 0.5).powi(2));
                Effects::of(points, &values.collect::<Vec<_>>())
            })
            .collect();
        let found = Screened::of(&effects, 1);
        assert!((found[0].mu - 1.0).abs() < 1e-9 && found[0].sigma.unwrap() < 1e-9);
        assert!(
            (found[1].mu_star.value - 2.0 / 3.0).abs() < 1e-9,
            "{found:?}"
        );
        assert!(
            found[1].mu.abs() < 0.4 && found[1].sigma.unwrap() > 0.5,
            "{found:?}"
        );
        assert_eq!(Screened::ranking(&found), [0, 1]);
    }

    #[test]
    #[should_panic(expected = "at most 65,536 points")]
    fn a_sobol_design_has_its_limit() {
        Design::Sobol.points(1, 65_537, 1);
    }
}
