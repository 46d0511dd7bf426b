//! Needs without help against the exact chain: the matrix exponential, by its own arithmetic.

use super::small::{BUNDLED_CHILDREN, Small, years_after};
use crate::engine::Instant;
use crate::measures::Count;
use crate::model::{AreaId, NeedId};
use crate::simulate::Trial;
use crate::simulate::children::ChildrenTrial;
use crate::simulate::children::ground::{ChildrenGround, YEAR};
use crate::simulate::children::state::NONE;
use crate::simulate::children::tape::{Entry, Happening};
use crate::units::Factor;

const LEVELS: usize = 4;
type Matrix = [[f64; LEVELS]; LEVELS];

fn product(a: &Matrix, b: &Matrix) -> Matrix {
    std::array::from_fn(|i| std::array::from_fn(|j| (0..LEVELS).map(|k| a[i][k] * b[k][j]).sum()))
}

/// The exponential of a matrix by scaling and squaring: a Taylor series of the matrix divided by
/// 2^10, squared ten times.
fn exponential(matrix: &Matrix) -> Matrix {
    let scaled: Matrix = matrix.map(|row| row.map(|entry| entry / 1024.0));
    let identity: Matrix =
        std::array::from_fn(|i| std::array::from_fn(|j| f64::from(u8::from(i == j))));
    let (mut sum, mut term) = (identity, identity);
    for order in 1..=12 {
        term = product(&term, &scaled).map(|row| row.map(|entry| entry / f64::from(order)));
        sum = std::array::from_fn(|i| std::array::from_fn(|j| sum[i][j] + term[i][j]));
    }
    (0..10).fold(sum, |power, _| product(&power, &power))
}

/// Chances of the levels of a need at an age in years, from level 0 at birth, for a vulnerability.
fn levels_at(need: &crate::model::Need, vulnerability: f64, age: f64) -> [f64; LEVELS] {
    let up = [
        need.begins.get() * vulnerability,
        need.worsens[0].get(),
        need.worsens[1].get(),
    ];
    let down = need.eases.map(|rate| rate.get());
    let mut rates = [[0.0; LEVELS]; LEVELS];
    for level in 0..LEVELS - 1 {
        rates[level][level + 1] = up[level];
        rates[level + 1][level] = down[level];
    }
    for (level, row) in rates.iter_mut().enumerate() {
        row[level] = -row.iter().sum::<f64>();
    }
    exponential(&rates.map(|row| row.map(|rate| rate * age)))[0]
}

#[test]
fn the_exponential_of_a_two_level_chain_is_the_known_one() {
    // Up at a, down at b: the chance of being up at t is a/(a+b) (1 - exp(-(a+b) t)).
    let (a, b, t): (f64, f64, f64) = (0.3, 0.7, 2.5);
    let mut rates = [[0.0; LEVELS]; LEVELS];
    rates[0][..2].copy_from_slice(&[-a * t, a * t]);
    rates[1][..2].copy_from_slice(&[b * t, -b * t]);
    let exact = a / (a + b) * (1.0 - (-(a + b) * t).exp());
    assert!((exponential(&rates)[0][1] - exact).abs() < 1e-12);
}

/// A world in which nobody meets, helps or refers anybody.
fn left_alone(children: u32) -> Small {
    let sources = [
        "service.health-visiting",
        "outside.gp",
        "service.school",
        "outside.hospital",
        "service.police",
        "outside.public",
        "outside.voluntary",
    ];
    let needs = [
        "protection",
        "family",
        "disability",
        "special-educational-needs",
        "speech-and-language",
        "mental-health",
    ];
    let mut set = vec!["children.places_filled_at_start=0%".to_owned()];
    set.extend(sources.map(|source| format!("{source}.meets.rate=0 per year")));
    set.extend(needs.map(|need| format!("need.{need}.harm_refers=0%")));
    let set: Vec<&str> = set.iter().map(String::as_str).collect();
    Small::new(2, children, 60_000.0, &set)
}

fn level_of(trial: &ChildrenTrial<'_>, slot: usize, need: NeedId) -> usize {
    let child = &trial.children[slot];
    let strand = trial.stores.strand(child, need);
    strand.map_or(0, |index| usize::from(trial.stores.strands[index].level))
}

/// Compares the levels of all children at a moment with their chances. Those who were there at the
/// start began at the middle of their year of age, as the model says; others are known from birth.
#[track_caller]
fn check_levels(small: &Small, trial: &ChildrenTrial<'_>, now: Instant) {
    const STEPS: usize = 8;
    let world = &small.ground.world;
    let years = f64::from(now.seconds()) / f64::from(YEAR);
    for need in world.need_ids() {
        // By age in eighths of a year, the mean over all vulnerabilities.
        let upper = world.upper_age as usize;
        let by_age: Vec<[f64; LEVELS]> = (0..=(upper + 1) * STEPS)
            .map(|step| {
                let age = step as f64 / STEPS as f64;
                let mut mean = [0.0; LEVELS];
                for vulnerability in &small.ground.vulnerability {
                    let levels = levels_at(&world.needs[need.index()], *vulnerability, age);
                    for (sum, chance) in mean.iter_mut().zip(levels) {
                        *sum += chance / small.ground.vulnerability.len() as f64;
                    }
                }
                mean
            })
            .collect();
        let mut seen = [0.0; LEVELS];
        let mut expected = [0.0; LEVELS];
        let mut variance = [0.0; LEVELS];
        for slots in trial.layout {
            for slot in slots.first..slots.first + slots.children {
                let born = trial.children[slot as usize].born as f64 / f64::from(YEAR);
                let age = if born <= 0.0 {
                    (-born).floor() + 0.5 + years
                } else {
                    years - born
                };
                let position = age * STEPS as f64;
                let (below, part) = (position.floor(), position.fract());
                seen[level_of(trial, slot as usize, need)] += 1.0;
                for level in 0..LEVELS {
                    let (low, high) = (by_age[below as usize], by_age[below as usize + 1]);
                    let chance = low[level] + part * (high[level] - low[level]);
                    expected[level] += chance;
                    variance[level] += chance * (1.0 - chance);
                }
            }
        }
        for level in 0..LEVELS {
            let error: f64 = f64::sqrt(variance[level]);
            // Four standard errors, where there are enough for a normal interval.
            if expected[level] < 50.0 {
                continue;
            }
            assert!(
                (seen[level] - expected[level]).abs() < 4.0 * error,
                "after {years:.1} years {} children are at level {level} of {}, not {:.1} ± {error:.1}",
                seen[level],
                world.needs[need.index()].id,
                expected[level],
            );
        }
        let in_need: f64 = expected[1..].iter().sum();
        assert!(in_need > 100.0, "too few children to tell right from wrong");
    }
}

#[test]
fn levels_without_help_follow_the_matrix_exponential_at_the_start_and_after_years() {
    let small = left_alone(20_000);
    let tape = small.tape(0, 6);
    let mut trial = small.begin(&tape, 0);
    check_levels(&small, &trial, Instant::START);
    trial.begin_observing();
    for years in [2, 6] {
        trial.run_until(years_after(years));
        check_levels(&small, &trial, years_after(years));
    }
    assert!(trial.children.iter().all(|child| child.records == NONE));
    let (tally, _) = trial.finish();
    assert_eq!(tally.count(Count::NotedContacts), 0);
    assert_eq!(tally.count(Count::HelpStarts), 0);
    assert_eq!(
        tally.count(Count::KnownMissed),
        tally.count(Count::KnownSpells)
    );
}

/// Children in the middle of each year of age, from the table of the start.
#[track_caller]
fn check_first_levels(ground: &ChildrenGround, need_here: f64) {
    let area = AreaId::new(0);
    let world = &ground.world;
    let tables = ground.first_levels(area);
    for (need, table) in world.needs.iter().zip(&tables) {
        for vulnerability in [0, 100, 255] {
            for age in [0, 3, 11, 17] {
                let factor = ground.vulnerability[vulnerability] * need_here;
                let exact = levels_at(need, factor, f64::from(age) + 0.5);
                let mut up_to = 0.0;
                for (level, chance) in (0u8..).zip(exact) {
                    let at = |chance: f64| table.level(vulnerability, age as usize, chance);
                    if chance > 1e-4 {
                        // Just inside either end of the level's share of the unit line.
                        assert_eq!(at(up_to + 1e-5), level);
                        assert_eq!(at((up_to + chance - 1e-5).min(1.0)), level);
                    }
                    up_to += chance;
                }
            }
        }
    }
}

#[test]
fn the_table_of_first_levels_is_the_matrix_exponential() {
    check_first_levels(&left_alone(1_000).ground, 1.0);
}

#[test]
fn so_is_that_of_an_area_with_more_need() {
    let mut world = left_alone(1_000).ground.world().clone();
    world.areas[0].need = Factor::try_from(2.5).unwrap();
    check_first_levels(&ChildrenGround::new(world), 2.5);
}

#[test]
fn an_area_with_more_need_has_so_many_more_onsets_and_changes_no_other() {
    let onsets = |need: f64| {
        let more = Small::changed(2, 20_000, BUNDLED_CHILDREN, &[], |world| {
            world.areas[0].need = Factor::try_from(need).unwrap();
        });
        let tape = more.tape(0, 1);
        let (first, second): (Vec<Entry>, Vec<Entry>) = (tape.tape.entries())
            .filter(|entry| matches!(entry.what, Happening::NeedBegins { .. }))
            .partition(|entry| entry.slot < tape.layout[1].first);
        (first.len() as f64, second)
    };
    let (usual, neighbours) = onsets(1.0);
    let (more, same) = onsets(2.5);
    assert_eq!(neighbours, same);
    // Two counts from a Poisson law; four standard errors of their ratio.
    let slack = 4.0 * 2.5 * (1.0 / usual + 1.0 / more).sqrt();
    assert!(usual > 2_000.0, "too few onsets to tell: {usual}");
    assert!((more / usual - 2.5).abs() < slack, "{usual} and {more}");
}
