//! The same again: threads, repetition, seeds and parts of a run.

use super::alike::{Comparison, each};
use super::bench::Bench;
use super::{Outcome, Test};
use crate::experiment::results::{Results, Tally};

pub(super) const TESTS: &[Test] = &[
    Test {
        id: "again",
        done: "the study is run twice",
        must_hold: "the second run gives the same numbers",
        find_out: again,
        runs: |_| 2,
    },
    Test {
        id: "threads",
        done: "one thread does all the work, then two share it",
        must_hold: "the number of threads changes nothing",
        find_out: threads,
        runs: |_| 2,
    },
    Test {
        id: "seed",
        done: "another seed is taken",
        must_hold: "another seed is other luck: the numbers differ",
        find_out: seed,
        runs: |_| 1,
    },
    Test {
        id: "halves",
        done: "the two halves of the trials are run apart and put together",
        must_hold: "the halves are the whole, and their sums its sums",
        find_out: halves,
        runs: |_| 2,
    },
];

fn again(bench: &Bench<'_>) -> Option<Outcome> {
    let second = bench.run(&bench.study)?;
    Some(same(bench.base()?, &second).outcome())
}

fn threads(bench: &Bench<'_>) -> Option<Outcome> {
    let one = bench.run_on(&bench.study, 1)?;
    let two = bench.run_on(&bench.study, 2)?;
    Some(same(&one, &two).outcome())
}

fn same(one: &Results, other: &Results) -> Comparison {
    let mut comparison = Comparison::default();
    comparison.runs(one, other, &each(one), Clone::clone);
    comparison
}

fn seed(bench: &Bench<'_>) -> Option<Outcome> {
    let mut other = bench.study.clone();
    other.study.seed = other.study.seed.wrapping_add(1);
    let other = bench.run(&other)?;
    Some(must_differ(same(bench.base()?, &other)))
}

fn must_differ(found: Comparison) -> Outcome {
    match found.outcome() {
        Outcome::Fail { compared, .. } => Outcome::Pass {
            compared,
            note: None,
        },
        Outcome::Pass { compared, .. } => Outcome::Fail {
            compared,
            differing: 0,
            first: "all numbers are the same under another seed".to_owned(),
        },
        none => none,
    }
}

fn halves(bench: &Bench<'_>) -> Option<Outcome> {
    let trials = bench.study.study.trials;
    let whole = bench.base()?;
    let mut merged = bench.run_trials(&bench.study, 0..trials / 2)?;
    let second = bench.run_trials(&bench.study, trials / 2..trials)?;
    let parts = [&merged, &second].map(sums);
    merged.trials.extend(second.trials);
    let mut comparison = same(whole, &merged);
    let [mut first, second] = parts;
    for (a, b) in first.iter_mut().zip(&second) {
        a.add(b);
    }
    let summed = sums(whole).into_iter().zip(first);
    for ((whole, parts), structure) in summed.zip(&merged.structures) {
        comparison.tallies(
            &format!("sum of {}", structure.name),
            &merged,
            &whole,
            &parts,
        );
    }
    Some(comparison.outcome())
}

/// All trials together, by structure.
fn sums(results: &Results) -> Vec<Tally> {
    let mut trials = results.trials.iter();
    let mut sums = trials.next().cloned().unwrap_or_default();
    for trial in trials {
        for (sum, tally) in sums.iter_mut().zip(trial) {
            sum.add(tally);
        }
    }
    sums
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::analysis::synthetic;
    use crate::inquiry::verify::bench::tests::with_bench;

    #[test]
    fn a_seed_that_changes_nothing_fails() {
        let results = synthetic::children(1, 2, 3);
        let outcome = must_differ(same(&results, &results));
        assert!(matches!(outcome, Outcome::Fail { .. }), "{outcome:?}");
    }

    #[test]
    fn a_run_is_the_same_again_and_in_parts() {
        with_bench("plain-network", None, |bench| {
            for test in TESTS {
                let outcome = (test.find_out)(bench).unwrap();
                assert!(
                    matches!(outcome, Outcome::Pass { .. }),
                    "{}: {outcome:?}",
                    test.id
                );
            }
        });
    }
}
