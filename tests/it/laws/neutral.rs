//! Neutral values: where no seam costs anything, all structures give identical histories; and a
//! mechanism at zero strength is a mechanism that is off.

use seamline::experiment::results::{PairTally, Results, Tally};
use seamline::measures::HandoffKind;
use seamline::scenario::Mechanism;

use super::neutral_values::neutral_values;
use super::small::SmallStudy;

/// The mechanisms that structures act through.
const STRUCTURAL: &[Mechanism] = &[
    Mechanism::Organisations,
    Mechanism::Records,
    Mechanism::Budgets,
    Mechanism::Assessment,
    Mechanism::FrontDoors,
    Mechanism::Workforce,
    Mechanism::BudgetMoves,
    Mechanism::Moves,
    Mechanism::Relations,
    Mechanism::Oversight,
    Mechanism::AreaSpread,
    Mechanism::Change,
];

/// The neutral value of each of them.
fn neutral() -> Vec<String> {
    let all = STRUCTURAL.iter().copied();
    all.filter_map(neutral_values).flatten().collect()
}

/// The tally of a history, whatever the kind of its handoffs is called. Looks at which nothing is seen
/// are no part of it.
pub(crate) fn without_kinds(tally: &Tally) -> Tally {
    let mut plain = tally.clone();
    let add = |sum: &mut PairTally, pair: &PairTally| {
        for (a, b) in sum.stage_seconds.iter_mut().zip(pair.stage_seconds) {
            *a += b;
        }
        sum.started += pair.started;
        sum.begun += pair.begun;
        sum.delay_seconds += pair.delay_seconds;
        sum.lost += pair.lost;
        sum.bounced += pair.bounced;
        sum.rejected += pair.rejected;
    };
    let kinds = HandoffKind::COUNT;
    let pairs = plain.pairs.len() / kinds;
    let (first, others) = plain.pairs.split_at_mut(pairs);
    for other in others.chunks(pairs) {
        for (sum, pair) in first.iter_mut().zip(other) {
            add(sum, pair);
        }
    }
    plain.pairs.truncate(pairs);
    let ends = plain.handoff_ends.len() / kinds;
    let (first, others) = plain.handoff_ends.split_at_mut(ends);
    for other in others.chunks(ends) {
        for (sum, handoffs) in first.iter_mut().zip(other) {
            *sum += handoffs;
        }
    }
    plain.handoff_ends.truncate(ends);
    plain.begun_part_days = [plain.begun_part_days.iter().sum(), 0, 0];
    plain.events = 0;
    // What became of children under the baseline is told by the baseline's own row.
    plain.discordance = Default::default();
    plain
}

/// Which parts of two tallies differ.
pub(crate) fn differences(one: &Tally, other: &Tally) -> Vec<String> {
    use seamline::measures::Count;
    let mut found = Vec::new();
    for count in Count::ALL {
        let (a, b) = (one.count(*count), other.count(*count));
        if a != b {
            found.push(format!("{}: {a} and {b}", count.label()));
        }
    }
    if one != other && found.is_empty() {
        found.push("counts agree, other parts do not".to_owned());
    }
    found
}

/// Checks that all structures have the same history in every trial.
#[track_caller]
pub(crate) fn check_alike(results: &Results) {
    for (trial, number) in results.trials.iter().zip(0..) {
        let baseline = without_kinds(&trial[0]);
        for (tally, structure) in trial.iter().zip(&results.structures).skip(1) {
            let parted = differences(&baseline, &without_kinds(tally));
            assert!(
                parted.is_empty(),
                "trial {number}, {}: {parted:#?}",
                structure.id
            );
        }
    }
}

pub(crate) fn neutral_study() -> SmallStudy {
    SmallStudy {
        set: neutral(),
        ..SmallStudy::default()
    }
}

#[test]
fn with_neutral_values_all_structures_give_identical_histories() {
    check_alike(&neutral_study().run());
}

#[test]
fn with_neutral_values_it_matters_neither_when_structures_part_nor_how_crowded_they_are() {
    let crowded = SmallStudy {
        posts_for: 1_000.0,
        start: "established",
        ..neutral_study()
    };
    check_alike(
        &crowded
            .and(&["area.typical-council-2003.moves=30% per year"])
            .run(),
    );
}

/// Each neutral value is needed: without it, structures part.
#[test]
fn each_mechanism_alone_makes_structures_differ() {
    for (left_out, set) in [
        ("records.seen_elsewhere", "records.seen_elsewhere=0%"),
        (
            "assessment.accepted_elsewhere",
            "assessment.accepted_elsewhere=0%",
        ),
        ("funding.panel_every", "funding.panel_every=60 days"),
        ("intake.shared_by_all", "intake.shared_by_all=false"),
        (
            "closeness.same_organisation",
            "closeness.same_organisation=times 0.2",
        ),
        ("closeness.between_areas", "closeness.between_areas=times 2"),
        ("moves.delay", "moves.delay=exactly 60 days"),
        ("moves.silent_loss", "moves.silent_loss=50%"),
    ] {
        let mut values = neutral();
        values.retain(|value| !value.starts_with(left_out));
        values.push(set.to_owned());
        values.push("area.typical-council-2003.moves=30% per year".to_owned());
        let results = SmallStudy {
            trials: 2,
            set: values,
            ..SmallStudy::default()
        }
        .run();
        let parted = results.trials.iter().any(|trial| {
            trial[1..]
                .iter()
                .any(|tally| without_kinds(tally) != without_kinds(&trial[0]))
        });
        assert!(parted, "{set} makes no difference between structures");
    }
}

/// Runs two studies and compares every tally.
#[track_caller]
fn check_same(one: &[&str], other: &[&str]) {
    let run = |set: &[&str]| {
        SmallStudy {
            trials: 2,
            ..SmallStudy::with(set)
        }
        .run()
    };
    assert_eq!(run(one).trials, run(other).trials, "{one:?} and {other:?}");
}

#[test]
fn a_panel_that_never_meets_puts_nobody_off_to_the_next() {
    check_same(
        &["funding.panel_every=0 days", "funding.second_panel=0%"],
        &["funding.panel_every=0 days", "funding.second_panel=60%"],
    );
}

#[test]
fn where_nothing_is_lost_chasing_takes_no_time() {
    let nothing_lost = [
        "handoff.silent_loss=0%",
        "handoff.detected_loss=0%",
        "moves.silent_loss=0%",
        "moves.detected_loss=0%",
    ];
    let chased = [&nothing_lost[..], &["handoff.chase=exactly 300 days"]].concat();
    check_same(&nothing_lost, &chased);
}

#[test]
fn a_presentation_without_spread_can_last_as_long_as_it_likes() {
    check_same(
        &["presentation.spread=0", "presentation.lasts=6 months"],
        &["presentation.spread=0", "presentation.lasts=3 years"],
    );
}

#[test]
fn where_all_records_are_seen_nobody_is_asked() {
    check_same(
        &[
            "records.seen_elsewhere=100%",
            "information.reply=exactly 1 day",
        ],
        &[
            "records.seen_elsewhere=100%",
            "information.reply=exactly 6 days",
        ],
    );
}

#[test]
fn where_intake_is_shared_no_door_is_wrong() {
    check_same(
        &["intake.shared_by_all=true", "handoff.wrong_door=0%"],
        &["intake.shared_by_all=true", "handoff.wrong_door=20%"],
    );
}

#[test]
fn where_nobody_moves_moving_costs_nothing() {
    let still = ["area.typical-council-2003.moves=0 per year"];
    let costly = [
        &still[..],
        &["moves.silent_loss=20%", "moves.delay=exactly 90 days"],
    ]
    .concat();
    check_same(&still, &costly);
}
