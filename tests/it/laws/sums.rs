//! Sums that must come out: stages and delays, causes and missed cases, waits and queues.

use seamline::experiment::results::{Results, Tally};
use seamline::measures::{Count, HandoffEnd, HandoffKind, Outcome, Standing};

use seamline::scenario::Mechanism;
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
    let handoffs = tally.count(Count::Handoffs);
    // Those to adult services have no pair: adult services stand outside every structure.
    let to_adults = tally.count(Count::LeftWithNeed);
    assert_eq!(started + to_adults, handoffs, "{name}");
    assert_eq!(
        ended, handoffs,
        "every handoff that starts has one end: {name}"
    );
    let begun_by_adults = ends_of(HandoffEnd::Begun) - begun;
    assert!(begun_by_adults <= to_adults, "{name}");
    for end in HandoffEnd::ALL {
        let day = seamline::experiment::results::HANDOFF_DAYS;
        let recorded = &tally.recorded_ends[end.index() * day..(end.index() + 1) * day];
        let recorded: u64 = recorded.iter().map(|it| u64::from(*it)).sum();
        assert!(recorded <= ends_of(*end), "{name}: {}", end.label());
    }
}

/// Months and areas, and needs where they are told apart, add up to what was counted in all.
#[test]
fn months_areas_and_needs_add_up_to_totals() {
    for study in studies() {
        for (name, tally) in tallies(&study.run()) {
            check_parts(&name, tally);
        }
    }
}

#[track_caller]
fn check_parts(name: &str, tally: &Tally) {
    use seamline::experiment::results::{AreaTally, MonthTally, NeedTally};
    let month = |of: fn(&MonthTally) -> u64| -> u64 { tally.months.iter().map(of).sum() };
    let area = |of: fn(&AreaTally) -> u64| -> u64 { tally.areas.iter().map(of).sum() };
    let need = |of: fn(&NeedTally) -> u64| -> u64 { tally.needs.iter().map(of).sum() };
    let losses = tally.count(Count::SilentLosses) + tally.count(Count::DetectedLosses);
    assert!(tally.months.len() == 24 && tally.areas.len() == 2, "{name}");
    assert!(losses > 0, "{name} loses nothing");
    for (what, sum, total) in [
        ("losses", month(|it| it.losses), losses),
        (
            "begun in 30 days",
            month(|it| it.begun_in_30),
            area(|it| it.begun_in_30),
        ),
        ("children", area(|it| it.child_seconds), tally.child_seconds),
    ] {
        assert_eq!(sum, total, "{what}: {name}");
    }
    for (count, sums) in [
        (
            Count::KnownMissed,
            vec![
                month(|it| it.known_missed),
                area(|it| it.known_missed),
                need(|it| it.known_missed),
            ],
        ),
        (
            Count::UnknownMissed,
            vec![month(|it| it.unknown_missed), need(|it| it.unknown_missed)],
        ),
        (Count::KnownSpells, vec![need(|it| it.known_spells)]),
        (Count::Spells, vec![need(|it| it.steps[0])]),
        (
            Count::Referrals,
            vec![month(|it| it.referrals), area(|it| it.referrals)],
        ),
        (
            Count::Handoffs,
            vec![month(|it| it.handoffs), area(|it| it.handoffs)],
        ),
        (Count::Harm, vec![month(|it| it.harm)]),
        (Count::HelpStarts, vec![month(|it| it.help_starts)]),
        (
            Count::UnmetKnownSeconds,
            vec![
                month(|it| it.unmet_known_seconds),
                area(|it| it.unmet_known_seconds),
            ],
        ),
    ] {
        let total = tally.count(count);
        assert!(total > 0, "{name} has no {}", count.label());
        for sum in sums {
            assert_eq!(sum, total, "{}: {name}", count.label());
        }
    }
    let unmet = need(|it| it.unmet_seconds);
    let known = tally.count(Count::UnmetKnownSeconds);
    assert_eq!(
        unmet,
        known + tally.count(Count::UnmetUnknownSeconds),
        "{name}"
    );
    for (number, tally_of_need) in tally.needs.iter().enumerate() {
        let steps = &tally_of_need.steps;
        assert!(steps.is_sorted_by(|a, b| a >= b), "{name}: {steps:?}");
        let row = &tally.missed_stood[number * Standing::COUNT..][..Standing::COUNT];
        assert_eq!(
            row.iter().sum::<u64>(),
            tally_of_need.known_missed,
            "{name}"
        );
    }
    for (number, service) in tally.services.iter().enumerate() {
        let of_service = tally.service_months.iter().skip(number);
        let months = of_service.step_by(tally.services.len());
        let mut sums = [0; 3];
        for month in months {
            sums[0] += month.occupied_seconds;
            sums[1] += month.place_seconds;
            sums[2] += month.queue_seconds;
        }
        let totals = [
            service.occupied_seconds,
            service.place_seconds,
            service.queue_seconds,
        ];
        assert_eq!(sums, totals, "{name}, service {number}");
    }
}

/// What became of each child is told against the baseline: rows hold what the baseline's own table
/// holds, and columns no more than the structure has counted.
#[test]
fn tables_of_discordance_agree_with_their_margins() {
    for study in studies() {
        let results = study.run();
        for trial in &results.trials {
            let row = |table: &[[u64; Outcome::COUNT]; Outcome::COUNT], of: Outcome| -> u64 {
                table[of.index()].iter().sum()
            };
            let column = |table: &[[u64; Outcome::COUNT]; Outcome::COUNT], of: Outcome| -> u64 {
                table.iter().map(|row| row[of.index()]).sum()
            };
            let own = &trial[0].discordance;
            for tally in trial {
                let table = &tally.discordance;
                assert_eq!(table[Outcome::NoNeed.index()][Outcome::NoNeed.index()], 0);
                for outcome in [Outcome::NotMissed, Outcome::Missed] {
                    let diagonal = own[outcome.index()][outcome.index()];
                    assert_eq!(row(table, outcome), diagonal, "{}", outcome.label());
                }
                let missed = column(table, Outcome::Missed);
                assert!(missed > 0 && missed <= tally.count(Count::KnownMissed));
                let spells = missed + column(table, Outcome::NotMissed);
                assert!(spells <= tally.count(Count::Spells));
            }
            let off_diagonal = (0..Outcome::COUNT)
                .flat_map(|a| (0..Outcome::COUNT).map(move |b| (a, b)))
                .filter(|(a, b)| a != b)
                .map(|(a, b)| own[a][b])
                .sum::<u64>();
            assert_eq!(off_diagonal, 0, "the baseline against itself");
        }
    }
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
            "area.typical-council-2003.posts.family-support.help=1.8",
            "area.typical-council-2003.posts.camhs.help=0.35",
        ])
    }
    // Where places fall, work under way runs off above them.
    .without(&[
        Mechanism::GivingUp,
        Mechanism::Vacancies,
        Mechanism::BudgetMoves,
    ]);
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
