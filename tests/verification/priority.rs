//! Waiting lists with ranks, against Cobham's formula and the conservation law.

use crate::estimate::Estimate;
use crate::studies::{Design, Study, at, baseline, exponential, in_units, number_of};
use crate::theory;
use seamline::measures::HandoffKind;

/// One place, and a kind of case for each rate, the most urgent first. Each kind comes through a
/// door of its own, where it stays no time, so that its wait is told apart by where it came from.
#[track_caller]
fn check_ranks(rates: &[f64]) {
    let mut study = Study::new(Design {
        warm_up: 10_000.0,
        observe: 200_000.0,
        trials: 64,
    });
    let kinds: Vec<String> = (0..rates.len())
        .map(|rank| format!("rank-{rank}"))
        .collect();
    for (kind, rate) in kinds.iter().zip(rates) {
        let door = format!("door-{kind}");
        study = study
            .arrivals(kind, &door, &exponential(1.0 / rate))
            .service(
                &door,
                "unlimited",
                "stay = \"exactly 0 days\"\nthen = { desk = \"100%\" }",
            );
    }
    let stay = exponential(1.0);
    let desk = format!("priority = {kinds:?}\nstay = \"{stay}\"\nthen = {{ closed = \"100%\" }}");
    let results = study.service("desk", "1", &desk).run();

    let to = number_of(&results, "desk");
    for (kind, wait) in kinds.iter().zip(theory::cobham(rates)) {
        let from = number_of(&results, &format!("door-{kind}"));
        Estimate::ratio(baseline(&results).map(|tally| {
            let pair = tally.pair(HandoffKind::Internal, from, to);
            (in_units(pair.delay_seconds), pair.begun as f64)
        }))
        .agrees_with(wait, 0.015, &format!("mean wait, {kind} of {rates:?}"));
    }

    // Ranks share the wait out differently; the wait of all together stays that of one rank.
    let all: f64 = rates.iter().sum();
    Estimate::ratio(baseline(&results).map(|tally| {
        let desk = at(&results, tally, "desk");
        (in_units(desk.waited_seconds), desk.started as f64)
    }))
    .agrees_with(
        theory::mean_wait(1, all),
        0.01,
        &format!("conservation law, {rates:?}"),
    );
}

#[test]
fn two_ranks_share_the_wait_as_cobham_says() {
    check_ranks(&[0.3, 0.5]);
}

#[test]
fn three_ranks_share_the_wait_as_cobham_says() {
    check_ranks(&[0.2, 0.3, 0.3]);
}
