//! What a comparison of structures stands on, whatever the figures: nothing gets lost in the
//! books, and nothing matters that should not.

use std::collections::BTreeMap;

use crate::studies::{Study, at, baseline};
use seamline::experiment::results::{PairTally, Results, ServiceTally, Tally};
use seamline::measures::{Count, HandoffEnd, HandoffKind};

/// Checks the books of a network in which every fresh case finds room, observed from its empty
/// start: every case that came is in exactly one place.
#[track_caller]
pub(crate) fn check_tally(tally: &Tally) {
    let sum = |of: fn(&ServiceTally) -> u64| tally.services.iter().map(of).sum::<u64>();
    let ends = |end: HandoffEnd| -> u64 {
        let kinds = HandoffKind::ALL.iter();
        kinds
            .flat_map(|kind| tally.ends_by_day(*kind, end))
            .map(|n| u64::from(*n))
            .sum()
    };
    let under_way = ends(HandoffEnd::Unfinished);
    let left = tally.count(Count::Finished)
        + tally.count(Count::SilentLosses)
        + tally.count(Count::GaveUp);
    assert_eq!(
        tally.count(Count::Arrivals),
        left + sum(|it| it.stock) + under_way,
        "cases that came are ended, lost, gone, served or under way"
    );

    for service in &tally.services {
        assert_eq!(service.started, service.ended + service.stock);
        assert!(service.joined >= service.started + service.gave_up);
        assert!(service.waited <= service.started);
        assert!(service.place_seconds == 0 || service.occupied_seconds <= service.place_seconds);
        assert!(service.queue_seconds >= service.waited_seconds);
    }
    assert_eq!(sum(|it| it.gave_up), tally.count(Count::GaveUp));

    let handoffs = tally.count(Count::Handoffs);
    assert_eq!(handoffs, sum(|it| it.ended) - tally.count(Count::Finished));
    let all_ends: u64 = HandoffEnd::ALL.iter().map(|end| ends(*end)).sum();
    assert_eq!(handoffs, all_ends, "every handoff has one end");
    let pairs = |of: fn(&PairTally) -> u64| tally.pairs.iter().map(of).sum::<u64>();
    assert_eq!(handoffs, pairs(|it| it.started));
    assert_eq!(ends(HandoffEnd::Begun), pairs(|it| it.begun));
    assert_eq!(ends(HandoffEnd::Lost), pairs(|it| it.lost));
    assert_eq!(ends(HandoffEnd::Lost), tally.count(Count::SilentLosses));
    assert!(tally.count(Count::FoundByChasing) <= tally.count(Count::DetectedLosses));
    for pair in &tally.pairs {
        assert_eq!(
            pair.stage_seconds.iter().sum::<u64>(),
            pair.delay_seconds,
            "stages add up to the delay"
        );
    }
}

/// A tally with services named, so that numbers in it do not matter.
#[derive(Debug, PartialEq)]
pub(crate) struct Told {
    counts: [u64; Count::COUNT],
    ends: Vec<u32>,
    /// Services and pairs in which anything happened.
    services: BTreeMap<String, ServiceTally>,
    pairs: BTreeMap<(HandoffKind, String, String), PairTally>,
    events: u64,
}

/// All tallies of a run with services named: by trial, then by the structure's id.
pub(crate) fn told_by_id(results: &Results) -> Vec<BTreeMap<String, Told>> {
    let tell = |tally: &Tally| {
        let named = || results.services.iter().map(|it| it.id.clone()).enumerate();
        let services = named().map(|(number, id)| (id, tally.services[number]));
        let mut pairs = BTreeMap::new();
        for kind in HandoffKind::ALL {
            for (from, from_id) in named() {
                for (to, to_id) in named() {
                    let pair = *tally.pair(*kind, from, to);
                    pairs.insert((*kind, from_id.clone(), to_id), pair);
                }
            }
        }
        pairs.retain(|_, pair| pair.started > 0);
        Told {
            counts: tally.counts,
            ends: tally.handoff_ends.clone(),
            services: services.filter(|(_, service)| service.joined > 0).collect(),
            pairs,
            events: tally.events,
        }
    };
    let ids = || results.structures.iter().map(|it| it.id.clone());
    let of_trial = |trial: &Vec<Tally>| ids().zip(trial.iter().map(tell)).collect();
    results.trials.iter().map(of_trial).collect()
}

/// Three services in a row with a way back, busy enough for waits; `handoff` is the table of that
/// name and `factor` the closeness within an organisation.
fn row(handoff: &str, factor: f64) -> Study {
    Study::from_the_start(500, 4)
        .arrivals("new", "first", "exponential, mean 0.25 days")
        .service(
            "first",
            "2",
            "stay = \"exponential, mean 0.4 days\"\nthen = { second = \"60%\", closed = \"40%\" }",
        )
        .service(
            "second",
            "5",
            "stay = \"gamma, mean 2 days, sd 1 days\"\ngives_up = \"exponential, mean 9 days\"\n\
             then = { closed = \"50%\", third = \"50%\" }",
        )
        .service(
            "third",
            "6",
            "stay = \"lognormal, mean 4 days, sd 4 days\"\n\
             then = { closed = \"80%\", first = \"20%\" }",
        )
        .table(handoff)
        .table(&format!(
            "[closeness]\nsame_organisation = {factor}\nbetween_organisations = 1\nbetween_areas = 1"
        ))
        .structure("apart", &[&["first"], &["second"], &["third"]])
        .structure("half", &[&["first"], &["second", "third"]])
        .structure("joined", &[&["first", "second", "third"]])
        .structure("namesake", &[&["third"], &["first"], &["second"]])
}

const HANDOFF: &str = "[handoff]\npreparation = \"exponential, mean 1 days\"\n\
    transit = \"lognormal, median 2 days, spread 0.8\"\nsilent_loss = \"5%\"\n\
    detected_loss = \"4%\"\nchase = \"exactly 10 days\"";

#[test]
fn equal_partitions_differ_by_nothing() {
    for trial in row(HANDOFF, 0.3).run().trials {
        assert_eq!(trial[0], trial[3]);
        // So that nothing-at-all is not what is compared.
        assert_ne!(trial[0].counts, trial[1].counts);
        assert_ne!(trial[1].counts, trial[2].counts);
    }
}

/// With all factors of closeness 1, a partition changes what handoffs are called and nothing else.
#[test]
fn neutral_closeness_gives_every_structure_the_same_history() {
    for trial in row(HANDOFF, 1.0).run().trials {
        let without_kinds = |tally: &Tally| {
            let days = tally.handoff_ends.len() / HandoffKind::COUNT;
            let of = |kind: usize, at: usize| tally.handoff_ends[kind * days + at];
            let kinds = || 0..HandoffKind::COUNT;
            let ends: Vec<u32> = (0..days)
                .map(|at| kinds().map(|kind| of(kind, at)).sum())
                .collect();
            let pairs: Vec<(u64, u64, u64)> = (0..3)
                .flat_map(|from| (0..3).map(move |to| (from, to)))
                .map(|(from, to)| {
                    let of = |pick: fn(&PairTally) -> u64| {
                        let kinds = HandoffKind::ALL.iter();
                        kinds
                            .map(|kind| pick(tally.pair(*kind, from, to)))
                            .sum::<u64>()
                    };
                    (
                        of(|it| it.begun),
                        of(|it| it.lost),
                        of(|it| it.delay_seconds),
                    )
                })
                .collect();
            (
                tally.counts,
                tally.services.clone(),
                tally.events,
                ends,
                pairs,
            )
        };
        let expected = without_kinds(&trial[0]);
        for tally in &trial[1..] {
            assert_eq!(expected, without_kinds(tally));
        }
        assert_ne!(trial[0].pairs, trial[2].pairs);
    }
}

/// Luck for losses is drawn under a name of its own, so chances of zero leave all else as it is.
#[test]
fn losses_of_zero_are_the_same_as_none() {
    let times = "[handoff]\npreparation = \"exponential, mean 1 days\"\n\
                 transit = \"lognormal, median 2 days, spread 0.8\"";
    let zero = format!(
        "{times}\nsilent_loss = \"0%\"\ndetected_loss = \"0%\"\nchase = \"exactly 10 days\""
    );
    assert_eq!(row(times, 0.3).run().trials, row(&zero, 0.3).run().trials);
}

/// A table of handoffs that takes no time and loses nothing is no table at all.
#[test]
fn a_handoff_of_no_strength_is_the_same_as_none() {
    let nothing = "[handoff]\npreparation = \"exactly 0 days\"\ntransit = \"exactly 0 days\"\n\
                   silent_loss = \"0%\"";
    assert_eq!(row("", 0.3).run().trials, row(nothing, 0.3).run().trials);
}

/// With one rank and all cases patient, every single case begins no later where there are more
/// places: the same cases meet the same luck.
#[test]
fn more_places_never_lengthen_the_wait() {
    let results: Vec<Results> = (1..8)
        .map(|places| {
            Study::from_the_start(400, 8)
                .arrivals("case", "desk", "exponential, mean 0.5 days")
                .last_service("desk", &places.to_string(), "gamma, mean 2 days, sd 2 days")
                .run()
        })
        .collect();
    for pair in results.windows(2) {
        for (fewer, more) in baseline(&pair[0]).zip(baseline(&pair[1])) {
            let (fewer, more) = (at(&pair[0], fewer, "desk"), at(&pair[1], more, "desk"));
            assert_eq!(fewer.joined, more.joined);
            assert!(more.started >= fewer.started);
            assert!(more.queue_seconds <= fewer.queue_seconds);
        }
    }
    let queue = |at: usize| results[at].trials[0][0].services[0].queue_seconds;
    assert!(
        queue(0) > 10 * queue(5),
        "the study puts nobody under pressure"
    );
}

#[test]
fn threads_change_no_bit_and_seeds_change_all() {
    let study = row(HANDOFF, 0.3);
    let one = study.run_on(Some(1));
    assert_eq!(one, study.run_on(Some(2)));
    assert_eq!(one, study.run_on(Some(7)));
    let other = crate::studies::run_text(&study.text().replace("seed = 2003", "seed = 2004"), None);
    for (mine, theirs) in one.trials.iter().zip(&other.trials) {
        assert_ne!(mine, theirs);
    }
    // Trials are worlds of their own.
    assert_ne!(one.trials[0], one.trials[1]);
}

/// Nothing of the warm-up is counted: the window is the same length wherever it lies, and a study
/// observed in two halves counts what it counts as a whole.
#[test]
fn two_halves_make_a_whole() {
    let text = row(HANDOFF, 0.3).text();
    let observed = |warm_up: u32, observe: u32| {
        let text = text
            .replace(
                "warm_up = \"0 days\"",
                &format!("warm_up = \"{warm_up} days\""),
            )
            .replace(
                "observe = \"500 days\"",
                &format!("observe = \"{observe} days\""),
            );
        crate::studies::run_text(&text, None)
    };
    let whole = observed(0, 500);
    let (first, second) = (observed(0, 200), observed(200, 300));
    for trial in 0..whole.trials.len() {
        for structure in 0..whole.structures.len() {
            let of = |results: &Results| results.trials[trial][structure].clone();
            let (whole, first, second) = (of(&whole), of(&first), of(&second));
            assert_eq!(whole.events, first.events + second.events);
            for count in Count::ALL {
                let halves = first.count(*count) + second.count(*count);
                assert_eq!(whole.count(*count), halves, "{}", count.id());
            }
            for service in 0..whole.services.len() {
                let of = |tally: &Tally| {
                    let it = tally.services[service];
                    [
                        it.joined,
                        it.started,
                        it.ended,
                        it.waited,
                        it.waited_seconds,
                        it.occupied_seconds,
                        it.place_seconds,
                        it.queue_seconds,
                        it.gave_up,
                    ]
                };
                let halves: Vec<u64> = of(&first)
                    .iter()
                    .zip(of(&second))
                    .map(|(a, b)| a + b)
                    .collect();
                assert_eq!(of(&whole).to_vec(), halves);
            }
        }
    }
}
