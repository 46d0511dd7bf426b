//! Luck under neighbouring names: children with running numbers, draws with running counts, trials in a
//! row. A generator can pass every battery in one long sequence and still fail here.
//!
//! Seeds are fixed, so what passes once passes always; a change of the generator is a new throw.

use seamline::engine::{Block, Luck, Who};
use statrs::distribution::{ChiSquared, ContinuousCDF};

/// The draw of one of two neighbours.
type Neighbour = fn(u32, u32) -> Block;

/// Chance that luck as it should be fails any of the comparisons of this file.
const FALSE_ALARM: f64 = 1e-3;

/// Comparisons that it is shared among (Bonferroni). There are no more of them: six kinds for each order of
/// names.
const COMPARISONS: usize = 6 * ORDERS.len();

/// Draws in each order: a cell of 1,024 is hit 256 times.
const DRAWS: u32 = 1 << 18;

/// An order of names: the block of the n-th.
type Order = fn(u32) -> Block;

/// Every part of a name runs on, while all others stand still.
const ORDERS: [(&str, Order); 9] = [
    ("slots", |n| trial(0).block(area().number(n), 3, 0)),
    ("counts", |n| trial(0).block(area(), 3, n)),
    ("trials", |n| trial(n).block(area(), 3, 0)),
    ("parameter draws", |n| {
        Luck::new(1, n, 0).block(area(), 3, 0)
    }),
    ("seeds", |n| {
        Luck::new(u64::from(n), 0, 0).block(area(), 3, 0)
    }),
    // There are 65,536 purposes, so eight slots have their turn with each.
    ("purposes", |n| {
        trial(0).block(area().number(n >> 16), n as u16, 0)
    }),
    ("parts of slots", |n| {
        trial(0).block(area().number(n >> 4).number(n & 15), 3, 0)
    }),
    ("slots at services", |n| {
        trial(0).block(area().number(n).with(Who::named("service")), 3, 0)
    }),
    // Only a bit that is far up in the count changes at first.
    ("counts, the last bit first", |n| {
        trial(0).block(area(), 3, n.reverse_bits())
    }),
];

fn trial(number: u32) -> Luck {
    Luck::new(1, 0, number)
}

fn area() -> Who {
    Who::named("area")
}

/// Cells of equal chance were hit so often: is that as unlikely as a false alarm may be, on either side?
#[track_caller]
fn check_even(hits: &[u32], what: &str) {
    let draws: f64 = hits.iter().copied().map(f64::from).sum();
    let expected = draws / hits.len() as f64;
    assert!(
        expected >= 256.0,
        "{what}: too few draws to tell right from wrong"
    );
    let statistic: f64 = (hits.iter())
        .map(|hits| (f64::from(*hits) - expected).powi(2) / expected)
        .sum();
    let law = ChiSquared::new((hits.len() - 1) as f64).unwrap();
    let tail = law.cdf(statistic).min(law.sf(statistic));
    let allowed = FALSE_ALARM / COMPARISONS as f64 / 2.0;
    assert!(
        tail > allowed,
        "{what}: chi-square {statistic}, tail {tail}"
    );
}

/// Which of so many equal cells of (0, 1) it lies in.
fn cell(uniform: f64, cells: usize) -> usize {
    (uniform * cells as f64) as usize
}

fn check_cells(what: &str, cells: usize, in_cell: impl Fn(Order, u32) -> usize) {
    for (name, order) in ORDERS {
        let mut hits = vec![0; cells];
        for n in 0..DRAWS {
            hits[in_cell(order, n)] += 1;
        }
        check_even(&hits, &format!("{what}, {name} running"));
    }
}

#[test]
fn uniforms_are_uniform() {
    check_cells("first uniform", 1024, |block, n| {
        cell(block(n).uniform(), 1024)
    });
    check_cells("second uniform", 1024, |block, n| {
        cell(block(n).second(), 1024)
    });
}

/// The bits that a uniform in so many cells does not show.
#[test]
fn fine_bits_are_as_even_as_coarse_ones() {
    check_cells("fine bits", 1024, |block, n| {
        cell((block(n).uniform() * f64::from(1 << 30)).fract(), 1024)
    });
}

#[test]
fn neighbours_are_independent() {
    check_cells("neighbours", 32 * 32, |block, n| {
        // No draw is in two pairs, or pairs would not be independent.
        cell(block(2 * n).uniform(), 32) * 32 + cell(block(2 * n + 1).uniform(), 32)
    });
}

/// In an area or a trial of 64 children, everybody's next in line differs by one higher digit.
#[test]
fn names_a_digit_apart_are_independent() {
    check_cells("64 apart", 32 * 32, |block, n| {
        let n = n / 64 * 128 + n % 64;
        cell(block(n).uniform(), 32) * 32 + cell(block(n + 64).uniform(), 32)
    });
}

#[test]
fn both_uniforms_of_a_name_are_independent() {
    check_cells("first and second", 32 * 32, |block, n| {
        cell(block(n).uniform(), 32) * 32 + cell(block(n).second(), 32)
    });
}

/// Where one bit of a name changes, every bit of the block changes in half of all cases.
#[test]
fn every_bit_of_a_name_decides_every_bit_of_a_block() {
    const NAMES: u32 = 1 << 14;
    let of_bit: [(&str, u32, Neighbour); 4] = [
        ("count", 32, |n, bit| {
            trial(0).block(area(), 3, n ^ 1 << bit)
        }),
        ("trial", 32, |n, bit| {
            trial(n ^ 1 << bit).block(area(), 3, 0)
        }),
        ("slot", 32, |n, bit| {
            trial(0).block(area().number(n ^ 1 << bit), 3, 0)
        }),
        ("purpose", 16, |n, bit| {
            trial(0).block(area().number(n), 3 ^ 1 << bit, 0)
        }),
    ];
    let unchanged: [fn(u32) -> Block; 4] = [
        |n| trial(0).block(area(), 3, n),
        |n| trial(n).block(area(), 3, 0),
        |n| trial(0).block(area().number(n), 3, 0),
        |n| trial(0).block(area().number(n), 3, 0),
    ];
    for ((part, bits, changed), unchanged) in of_bit.into_iter().zip(unchanged) {
        for bit in 0..bits {
            let mut flips = [0u32; 128];
            for n in 0..NAMES {
                // Every pair comes once: in the first of the two the bit is 0.
                let n = (n >> bit << bit) * 2 + (n & ((1 << bit) - 1));
                let before = u128::from_le_bytes(unchanged(n).bytes());
                let differs = before ^ u128::from_le_bytes(changed(n, bit).bytes());
                for (place, flips) in flips.iter_mut().enumerate() {
                    *flips += (differs >> place & 1) as u32;
                }
            }
            // 112 bits of names by 128 of blocks are 14,336 comparisons; for each a false alarm of
            // 1e-3 in all leaves 5.4 standard errors, of half the root of the number of names.
            let allowed = 5.4 * 0.5 * f64::from(NAMES).sqrt();
            for (place, flips) in flips.into_iter().enumerate() {
                let beyond = (f64::from(flips) - f64::from(NAMES) / 2.0).abs();
                assert!(
                    beyond < allowed,
                    "bit {bit} of the {part}, bit {place}: {flips}"
                );
            }
        }
    }
}

/// The test can fail: a counter that is not mixed at all is found out.
#[test]
#[should_panic(expected = "chi-square")]
fn a_running_number_is_not_luck() {
    let mut hits = vec![0; 1024];
    for n in 0..DRAWS {
        hits[cell(f64::from(n) / f64::from(DRAWS), 1024)] += 1;
    }
    check_even(&hits, "a running number");
}
