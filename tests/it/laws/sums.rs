//! Sums that must come out: stages and delays, causes and missed cases, waits and queues.

use seamline::experiment::results::{Results, Tally};
use seamline::measures::{Count, HandoffEnd, HandoffKind, Standing};

use seamline::units::Days;

use super::small::{SmallStudy, run_on, tallies};

/// The studies in which the sums are checked: usual, overrun, with everything seen and accepted,
/// and each structure from the start.
fn studies() -> Vec<SmallStudy> {
    vec![
        SmallStudy::default(),
        SmallStudy {
            posts_for: 800.0,
            ..SmallStudy::with(&[
                "area.typical-council-2003.moves=40% per year",
                "handoff.silent_loss=20%",
                "handoff.detected_loss=20%",
            ])
        },
        SmallStudy::with(&[
            "records.seen_elsewhere=50%",
            "assessment.accepted_elsewhere=50%",
        ]),
        SmallStudy {
            start: "established",
            ..SmallStudy::default()
        },
    ]
}

#[test]
fn stages_add_up_to_delays_and_ends_to_starts() {
    for study in studies() {
        for (name, tally) in tallies(&study.run()) {
            check_handoffs(&name, tally);
        }
    }
}

#[track_caller]
fn check_handoffs(name: &str, tally: &Tally) {
    let (mut started, mut begun) = (0, 0);
    for pair in &tally.pairs {
        let stages: u64 = pair.stage_seconds.iter().sum();
        assert_eq!(stages, pair.delay_seconds, "{name}");
        assert!(
            pair.begun + pair.lost + pair.rejected <= pair.started,
            "{name}"
        );
        started += pair.started;
        begun += pair.begun;
    }
    assert!(begun > 0, "{name} begins nothing");
    let ends_of = |end: HandoffEnd| -> u64 {
        HandoffKind::ALL
            .iter()
            .flat_map(|kind| tally.ends_by_day(*kind, end))
            .map(|handoffs| u64::from(*handoffs))
            .sum()
    };
    let ended: u64 = HandoffEnd::ALL.iter().map(|end| ends_of(*end)).sum();
    assert_eq!(started, tally.count(Count::Handoffs), "{name}");
    assert_eq!(
        ended, started,
        "every handoff that starts has one end: {name}"
    );
    assert_eq!(ends_of(HandoffEnd::Begun), begun, "{name}");
}

#[test]
fn causes_add_up_to_missed_cases() {
    for study in studies() {
        for (name, tally) in tallies(&study.run()) {
            let stood: u64 = tally.missed_stood.iter().sum();
            assert!(stood > 0, "{name} misses nobody");
            assert_eq!(stood, tally.count(Count::KnownMissed), "{name}");
            let carried_over = tally.count(Count::CarriedOverMissed);
            let by_year: u64 = tally.known_missed_by_year.iter().sum();
            assert_eq!(by_year, stood + carried_over, "{name}");
            assert!(tally.count(Count::KnownMissed) <= tally.count(Count::KnownSpells));
            // Nobody is missed while a fitting service helps.
            let served = Standing::Served.index();
            for need in tally.missed_stood.chunks(Standing::COUNT) {
                assert_eq!(need[served], 0, "{name}");
            }
        }
    }
}

/// Where the grace of a need is the same at both levels, a missed case has used up exactly one.
#[test]
fn the_days_of_grace_of_missed_cases_are_all_accounted_for() {
    let results = SmallStudy::with(&["children.spell_bridges=0 days"]).run();
    let family = position(&results, "family");
    let grace = 90 * 86_400;
    for (name, tally) in tallies(&results) {
        let rows = family * Standing::COUNT..(family + 1) * Standing::COUNT;
        let missed: u64 = tally.missed_stood[rows.clone()].iter().sum();
        let seconds: u64 = tally.missed_seconds[rows].iter().sum();
        assert!(missed > 0, "{name} misses nobody");
        assert_eq!(seconds, missed * grace, "{name}");
    }
}

fn position(results: &Results, need: &str) -> usize {
    results
        .needs
        .iter()
        .position(|other| other.id == need)
        .unwrap()
}

/// Little's law holds exactly for what was seen: the time in the list is the sum of the waits of
/// those who left it, but for those who waited at either end of the observed time or left for
/// another reason. Over a long time the two agree closely.
#[test]
fn time_in_lists_is_the_sum_of_waits() {
    let study = SmallStudy {
        structures: "[]",
        posts_for: 4_000.0,
        ..SmallStudy::with(&[
            "area.typical-council-2003.moves=0 per year",
            "area.typical-council-2003.posts.family-support.help=1.3",
            "area.typical-council-2003.posts.camhs.help=0.2",
        ])
    };
    let mut scenario = study.scenario();
    scenario.study.observe = Days::try_from(40.0 * 365.25).unwrap();
    let results = run_on(&scenario, 2);
    let mut compared = 0;
    for (name, tally) in tallies(&results) {
        for (service, tally) in results.services.iter().zip(&tally.services) {
            assert!(tally.occupied_seconds <= tally.place_seconds, "{name}");
            if tally.started < 200 || tally.waited < 50 {
                continue;
            }
            compared += 1;
            // L = lambda W, with the wait of those who began for that of all who joined.
            let queue = tally.queue_seconds as f64;
            let waits = tally.joined as f64 * tally.waited_seconds as f64 / tally.started as f64;
            assert!(
                (queue - waits).abs() < 0.1 * queue,
                "{name}, {}: {queue} s in the list, {waits} s of waits",
                service.id
            );
        }
    }
    assert!(compared >= 4, "only {compared} lists to compare");
}
