//! Order: of tables in files, of lists whose order says nothing, of structures in a study.

use super::alike::{Comparison, by_id};
use super::bench::Bench;
use super::{Outcome, Test, texts};
use crate::scenario::load_rewritten;

pub(super) const TESTS: &[Test] = &[
    Test {
        id: "tables",
        done: "every file is read with its tables, keys and lists of members in another order",
        must_hold: "the order of services, needs, sources, areas and organisations says nothing",
        find_out: tables,
        runs: |_| 1,
    },
    Test {
        id: "structures",
        done: "the structures after the baseline are compared in reverse order",
        must_hold: "each structure gives the same numbers, whatever its place",
        find_out: structures,
        runs: |_| 1,
    },
];

fn tables(bench: &Bench<'_>) -> Option<Outcome> {
    let files = texts::rewritten(&bench.full.files, texts::turned_round);
    let Ok(read) = load_rewritten(bench.request, &files) else {
        return Some(Outcome::Fail {
            compared: 0,
            differing: 1,
            first: "the files in another order are refused".to_owned(),
        });
    };
    let results = bench.run(&bench.small_form(&read))?;
    let base = bench.base()?;
    let mut comparison = Comparison::default();
    comparison.runs(base, &results, &by_id(base, &results), Clone::clone);
    Some(comparison.outcome())
}

fn structures(bench: &Bench<'_>) -> Option<Outcome> {
    let mut turned = bench.study.clone();
    match turned.structures.get_mut(1..) {
        Some(others) if others.len() > 1 => others.reverse(),
        _ => {
            return Some(Outcome::not_applicable(
                "the study compares fewer than three structures",
            ));
        }
    }
    let results = bench.run(&turned)?;
    let base = bench.base()?;
    let mut comparison = Comparison::default();
    comparison.runs(base, &results, &by_id(base, &results), Clone::clone);
    Some(comparison.outcome())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::inquiry::verify::bench::tests::with_bench;

    /// Without mapping back by id, the same comparison has to fail.
    #[test]
    fn structures_that_changed_places_are_told_apart() {
        with_bench(
            "childrens-trusts-2003",
            Some("local-trust,national-agency"),
            |bench| {
                let mut turned = bench.study.clone();
                turned.structures[1..].reverse();
                let results = bench.run(&turned).unwrap();
                let base = bench.base().unwrap();
                let mut comparison = Comparison::default();
                comparison.runs(base, &results, &[(1, 1)], Clone::clone);
                assert!(comparison.differing() > 0);
            },
        );
    }
}
