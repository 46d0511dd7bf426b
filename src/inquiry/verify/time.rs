//! Units of time: the same durations in other words, and all of them doubled.

use super::alike::{Comparison, by_id, place};
use super::bench::Bench;
use super::{Outcome, Test, texts};
use crate::experiment::results::{Results, Tally};
use crate::measures::Count;
use crate::scenario::{Handoff, NetworkWorld, Scenario, World, load_rewritten};
use crate::units::{Days, Factor};

pub(super) const TESTS: &[Test] = &[
    Test {
        id: "units",
        done: "every duration in the files is written in another unit: days as hours, weeks as days",
        must_hold: "the unit in which a duration is written says nothing",
        find_out: units,
        runs: |_| 1,
    },
    Test {
        id: "doubled-time",
        done: "every duration is doubled and every rate halved",
        must_hold: "counts stay and days double, but for the rounding of durations to seconds",
        find_out: doubled,
        runs: |bench| u32::from(!bench.has_children()),
    },
];

/// How far counts and days may part, of themselves: where two cases come within a second of each other,
/// rounding can change their order.
const ROUNDING: f64 = 0.002;
/// ... and how far waiting may: a change of order in a crowded list goes on until the list is empty.
const CROWDED: f64 = 0.05;
/// ... and in numbers, for small counts.
const FEW: f64 = 3.0;

const GAVE_UP: &str = "gave up";
const IN_THE_LIST: &str = "in the list";

fn units(bench: &Bench<'_>) -> Option<Outcome> {
    let files = texts::rewritten(&bench.full.files, texts::in_other_units);
    let Ok(read) = load_rewritten(bench.request, &files) else {
        return Some(Outcome::Fail {
            compared: 0,
            differing: 1,
            first: "the files with durations in other units are refused".to_owned(),
        });
    };
    let results = bench.run(&bench.small_form(&read))?;
    let base = bench.base()?;
    let mut comparison = Comparison::default();
    comparison.runs(base, &results, &by_id(base, &results), Clone::clone);
    Some(comparison.outcome())
}

fn doubled(bench: &Bench<'_>) -> Option<Outcome> {
    if bench.has_children() {
        return Some(Outcome::not_applicable(
            "ages, months and yearly budgets cannot be doubled with the rest; other units \
             are tested instead",
        ));
    }
    let Ok(two) = Factor::try_from(2.0) else {
        return Some(Outcome::not_applicable("two is no factor"));
    };
    let results = bench.run(&longer(&bench.study, two))?;
    Some(compare(bench.base()?, &results).outcome())
}

/// The study with all durations times a factor.
fn longer(study: &Scenario, factor: Factor) -> Scenario {
    let mut study = study.clone();
    let times = |days: &mut Days| {
        *days = Days::try_from(days.get() * factor.get()).unwrap_or(*days);
    };
    times(&mut study.study.warm_up);
    times(&mut study.study.observe);
    times(&mut study.study.comparison.second_decision);
    let change = |world: &mut std::sync::Arc<World>| {
        let mut longer = (**world).clone();
        if let World::Network(network) = &mut longer {
            longer_network(network, factor);
        }
        *world = longer.into();
    };
    for structure in &mut study.structures {
        change(&mut structure.world);
        if let Some(then) = &mut structure.then {
            change(&mut then.world);
        }
    }
    study
}

fn longer_network(network: &mut NetworkWorld, factor: Factor) {
    for kind in &mut network.kinds {
        kind.between = kind.between.times(factor);
    }
    for station in &mut network.stations {
        station.gives_up = station.gives_up.as_ref().map(|law| law.times(factor));
        for route in &mut station.routes {
            route.stay = route.stay.times(factor);
        }
    }
    if let Some(Handoff {
        preparation,
        transit,
        chase,
        ..
    }) = &mut network.handoff
    {
        for law in [preparation, transit, chase] {
            *law = law.times(factor);
        }
    }
}

fn compare(one: &Results, doubled: &Results) -> Comparison {
    let mut comparison = Comparison::default();
    let sum = |results: &Results, structure: usize| {
        let mut sum: Option<Tally> = None;
        for trial in &results.trials {
            match &mut sum {
                Some(sum) => sum.add(&trial[structure]),
                None => sum = Some(trial[structure].clone()),
            }
        }
        sum
    };
    for structure in 0..one.structures.len() {
        let (Some(ours), Some(theirs)) = (sum(one, structure), sum(doubled, structure)) else {
            continue;
        };
        let whose = place(0, one, structure).replace("trial 1", "all trials");
        for (what, is_time, single, double) in quantities(one, &ours, &theirs) {
            let expected = single as f64 * if is_time { 2.0 } else { 1.0 };
            let few = FEW * if is_time { 2.0 * 86_400.0 } else { 1.0 };
            let gap = (double as f64 - expected).abs();
            let waits = what.starts_with(IN_THE_LIST) || what.starts_with(GAVE_UP);
            let share = if waits { CROWDED } else { ROUNDING };
            let holds = gap <= few.max(share * expected);
            comparison.holds(holds, single > 0, || {
                let verb = if is_time { "seconds double" } else { "stays" };
                format!("{whose}: {what} ({verb}): {single} became {double}")
            });
        }
    }
    comparison
}

/// What is compared: its words, whether it is a time, and its two values.
fn quantities(names: &Results, one: &Tally, other: &Tally) -> Vec<(String, bool, u64, u64)> {
    let mut all = Vec::new();
    for count in [
        Count::Arrivals,
        Count::Handoffs,
        Count::Finished,
        Count::SilentLosses,
        Count::DetectedLosses,
        Count::GaveUp,
        Count::SecondsInSystem,
    ] {
        let is_time = count == Count::SecondsInSystem;
        let label = count.label().to_owned();
        all.push((label, is_time, one.count(count), other.count(count)));
    }
    let services = one.services.iter().zip(&other.services);
    for ((one, other), name) in services.zip(&names.services) {
        for (what, is_time, one, other) in [
            ("joined", false, one.joined, other.joined),
            ("started", false, one.started, other.started),
            (GAVE_UP, false, one.gave_up, other.gave_up),
            ("turned away", false, one.turned_away, other.turned_away),
            (
                "occupied",
                true,
                one.occupied_seconds,
                other.occupied_seconds,
            ),
            (IN_THE_LIST, true, one.queue_seconds, other.queue_seconds),
        ] {
            all.push((format!("{what} at {}", name.name), is_time, one, other));
        }
    }
    all
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::inquiry::verify::bench::tests::with_bench;

    #[test]
    fn time_that_is_tripled_is_not_doubled() {
        with_bench("plain-network", None, |bench| {
            let base = bench.base().unwrap();
            let run = |factor: f64| {
                let factor = Factor::try_from(factor).unwrap();
                compare(base, &bench.run(&longer(&bench.study, factor)).unwrap()).outcome()
            };
            assert!(matches!(run(2.0), Outcome::Pass { .. }), "{:?}", run(2.0));
            let Outcome::Fail { first, .. } = run(2.1) else {
                panic!("time that is more than doubled passes");
            };
            assert!(first.contains("seconds double"), "{first}");
        });
    }
}
