//! Sums that must come out, in every tally: stages and delays, causes and missed cases, starts and ends.

use super::alike::{Comparison, place};
use super::bench::Bench;
use super::{Outcome, Test};
use crate::analysis;
use crate::experiment::results::{Results, Tally};
use crate::measures::{self, Count, HandoffEnd, HandoffKind, Standing};
use crate::units::Days;

pub(super) const TESTS: &[Test] = &[
    Test {
        id: "stages",
        done: "every handoff is taken apart into its stages and its end",
        must_hold: "stages add up to delays, and every handoff that starts has one end",
        find_out: stages,
        runs: |_| 0,
    },
    Test {
        id: "causes",
        done: "every missed case is laid to its cause",
        must_hold: "causes add up to missed cases, and nobody is missed while being helped",
        find_out: causes,
        runs: |_| 0,
    },
    Test {
        id: "parts",
        done: "months, areas, needs and outcomes against the baseline are added up",
        must_hold: "parts add up to the totals",
        find_out: parts,
        runs: |_| 0,
    },
    Test {
        id: "conservation",
        done: "the study is run from an empty start",
        must_hold: "who came in is still there or has left: nobody appears or vanishes",
        find_out: conservation,
        runs: |bench| u32::from(!bench.has_children()),
    },
];

fn stages(bench: &Bench<'_>) -> Option<Outcome> {
    Some(in_every_tally(bench.base()?, check_stages).outcome())
}

/// Looks at every tally of a run; a check is told whose it is.
fn in_every_tally(results: &Results, check: fn(&mut Comparison, &str, &Tally)) -> Comparison {
    let mut comparison = Comparison::default();
    for (number, trial) in results.trials.iter().enumerate() {
        for (structure, tally) in trial.iter().enumerate() {
            check(&mut comparison, &place(number, results, structure), tally);
        }
    }
    comparison
}

fn check_stages(comparison: &mut Comparison, place: &str, tally: &Tally) {
    let mut started = 0;
    for pair in &tally.pairs {
        let stages: u64 = pair.stage_seconds.iter().sum();
        comparison.numbers(stages, pair.delay_seconds, || {
            format!("{place}: seconds in stages and seconds of delay")
        });
        started += pair.started;
    }
    let handoffs = tally.count(Count::Handoffs);
    // Those to adult services have no pair: adult services stand outside every structure.
    let with_adults = started + tally.count(Count::LeftWithNeed);
    comparison.numbers(with_adults, handoffs, || {
        format!("{place}: handoffs by pair and in all")
    });
    let ends = HandoffKind::ALL
        .iter()
        .flat_map(|kind| HandoffEnd::ALL.iter().map(move |end| (kind, end)))
        .flat_map(|(kind, end)| tally.ends_by_day(*kind, *end));
    let ended = ends.map(|handoffs| u64::from(*handoffs)).sum();
    comparison.numbers(ended, handoffs, || {
        format!("{place}: ends and starts of handoffs")
    });
}

fn causes(bench: &Bench<'_>) -> Option<Outcome> {
    if !bench.has_children() {
        return Some(Outcome::not_applicable(
            "cases of a network have no hidden needs that could be missed",
        ));
    }
    Some(in_every_tally(bench.base()?, check_causes).outcome())
}

fn check_causes(comparison: &mut Comparison, place: &str, tally: &Tally) {
    let stood = tally.missed_stood.iter().sum();
    comparison.numbers(stood, tally.count(Count::KnownMissed), || {
        format!("{place}: causes and missed cases")
    });
    let by_year = tally.known_missed_by_year.iter().sum();
    let carried_over = tally.count(Count::CarriedOverMissed);
    comparison.numbers(by_year, stood + carried_over, || {
        format!("{place}: missed cases by year and by cause")
    });
    for need in tally.missed_stood.chunks(Standing::COUNT) {
        comparison.numbers(need[Standing::Served.index()], 0, || {
            format!("{place}: missed cases that were being helped, and none")
        });
    }
}

fn parts(bench: &Bench<'_>) -> Option<Outcome> {
    let results = bench.base()?;
    let mut comparison = in_every_tally(results, check_parts);
    if !bench.has_children() {
        // With children places can fall, and work under way then runs off.
        comparison.join("places", in_every_tally(results, check_places));
    }
    for (number, trial) in results.trials.iter().enumerate() {
        let Some(baseline) = trial.first() else {
            continue;
        };
        for (structure, tally) in trial.iter().enumerate() {
            for outcome in [measures::Outcome::NotMissed, measures::Outcome::Missed] {
                let outcome = outcome.index();
                let here = tally.discordance[outcome].iter().sum();
                comparison.numbers(here, baseline.discordance[outcome][outcome], || {
                    let place = place(number, results, structure);
                    format!("{place}: children by outcome under the baseline")
                });
            }
        }
    }
    Some(comparison.outcome())
}

fn check_parts(comparison: &mut Comparison, place: &str, tally: &Tally) {
    for sum in analysis::sums(tally) {
        comparison.holds(sum.holds(), sum.total > 0, || {
            format!("{place}: {}", sum.told())
        });
    }
}

fn check_places(comparison: &mut Comparison, place: &str, tally: &Tally) {
    for service in &tally.services {
        let within =
            service.place_seconds == 0 || service.occupied_seconds <= service.place_seconds;
        comparison.holds(within, service.occupied_seconds > 0, || {
            let (taken, there) = (service.occupied_seconds, service.place_seconds);
            format!("{place}: seconds of places taken {taken} and there {there}")
        });
    }
}

fn conservation(bench: &Bench<'_>) -> Option<Outcome> {
    if bench.has_children() {
        return Some(Outcome::not_applicable(
            "children are in services from the first day; that each is in one state at a time is \
             asserted at every step of every run",
        ));
    }
    let mut empty = bench.study.clone();
    empty.study.warm_up = Days::ZERO;
    let results = bench.run(&empty)?;
    Some(in_every_tally(&results, check_conservation).outcome())
}

/// From an empty start, all that came is accounted for: at each service, and on the way between them.
fn check_conservation(comparison: &mut Comparison, place: &str, tally: &Tally) {
    let mut joined = 0;
    for (number, service) in tally.services.iter().enumerate() {
        joined += service.joined;
        let begun_or_ended = service.ended + service.stock;
        comparison.numbers(service.started, begun_or_ended, || {
            format!(
                "{place}: begun at service {}, and ended or still there",
                number + 1
            )
        });
        let waited = service.started + service.gave_up;
        comparison.holds(waited <= service.joined, service.joined > 0, || {
            format!(
                "{place}: more left the list of service {} than joined",
                number + 1
            )
        });
    }
    let turned_away: u64 = tally.services.iter().map(|it| it.turned_away).sum();
    let joined = joined + turned_away;
    // Whoever joins or is turned away has arrived or was handed on and not lost on the way.
    let came = tally.count(Count::Arrivals) + tally.count(Count::Handoffs);
    let lost = tally.count(Count::SilentLosses);
    comparison.holds(joined + lost <= came, joined > 0, || {
        format!("{place}: {joined} came to a service and {lost} were lost, but only {came} came")
    });
    let ended: u64 = tally.services.iter().map(|it| it.ended).sum();
    // Who is turned away is handed on or leaves for good.
    let left = tally.count(Count::Finished) + tally.count(Count::Handoffs);
    let handed_on = turned_away.saturating_sub(tally.count(Count::TurnedAway));
    comparison.numbers(ended + handed_on, left, || {
        format!("{place}: stays that ended, and cases finished or handed on")
    });
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::inquiry::verify::bench::tests::with_bench;

    #[test]
    fn a_missed_case_without_a_cause_is_noticed() {
        with_bench("childrens-trusts-2003", Some("local-trust"), |bench| {
            let results = bench.base().unwrap();
            assert_eq!(in_every_tally(results, check_causes).differing(), 0);
            let mut broken = results.clone();
            broken.trials[1][1].missed_stood[1] += 1;
            let outcome = in_every_tally(&broken, check_causes).outcome();
            let Outcome::Fail { first, .. } = outcome else {
                panic!("{outcome:?}");
            };
            assert!(
                first.starts_with("trial 2, Local children's trust"),
                "{first}"
            );
            assert!(first.contains("causes and missed cases"), "{first}");
        });
    }

    /// Doctored tallies: each law must notice its own fault.
    #[test]
    fn every_law_notices_a_doctored_tally() {
        type Check = fn(&mut Comparison, &str, &Tally);
        type Fault = (Check, fn(&mut Tally), &'static str);
        let faults: [Fault; 5] = [
            (
                check_stages,
                |tally| tally.pairs[1].delay_seconds += 1,
                "seconds in stages",
            ),
            (
                check_stages,
                |tally| tally.handoff_ends[0] += 1,
                "ends and starts",
            ),
            (
                check_conservation,
                |tally| tally.services[0].stock += 1,
                "begun at service 1",
            ),
            (
                check_conservation,
                |tally| tally.counts[Count::Finished.index()] += 1,
                "stays that ended",
            ),
            (
                check_places,
                |tally| tally.services[0].occupied_seconds = tally.services[0].place_seconds + 1,
                "places taken",
            ),
        ];
        with_bench("plain-network", None, |bench| {
            let mut empty = bench.study.clone();
            empty.study.warm_up = Days::ZERO;
            let results = bench.run(&empty).unwrap();
            for (check, fault, words) in faults {
                assert_eq!(in_every_tally(&results, check).differing(), 0, "{words}");
                let mut broken = results.clone();
                fault(&mut broken.trials[0][0]);
                let outcome = in_every_tally(&broken, check).outcome();
                let Outcome::Fail { first, .. } = outcome else {
                    panic!("{words}: {outcome:?}");
                };
                assert!(first.contains(words), "{first}");
            }
        });
    }
}
