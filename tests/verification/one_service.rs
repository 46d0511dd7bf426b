//! One service: waits and how many wait, against the classic formulas.

use statrs::distribution::{ChiSquared, ContinuousCDF};

use crate::estimate::{Estimate, false_alarm_of_one};
use crate::studies::{Design, Study, at, baseline, exponential, in_units, observed_units, units};
use crate::theory;
use seamline::engine::{Luck, Sampler, Who};
use seamline::experiment::results::{Results, ServiceTally};
use seamline::measures::{HandoffEnd, HandoffKind};
use seamline::units::{Days, Law};

/// The tally of the one service, by trial.
fn desks(results: &Results) -> impl Iterator<Item = &ServiceTally> + Clone {
    baseline(results).map(|tally| at(results, tally, "desk"))
}

fn mean_wait(results: &Results) -> Estimate {
    Estimate::ratio(desks(results).map(|desk| (in_units(desk.waited_seconds), desk.started as f64)))
}

fn desk(design: Design, between: &str, places: u32, stay: &str) -> Results {
    Study::new(design)
        .arrivals("case", "desk", between)
        .last_service("desk", &places.to_string(), stay)
        .run()
}

/// M/M/c at this load of each place: mean wait and share that waits against Erlang C, and Little's
/// law for the waiting list.
#[track_caller]
fn check_erlang_c(places: u32, load: f64, design: Design, vague: f64) {
    let rate = load * f64::from(places);
    let results = desk(design, &exponential(1.0 / rate), places, &exponential(1.0));
    let name = format!("M/M/{places} at {load}");
    let wait = theory::mean_wait(places, rate);
    mean_wait(&results).agrees_with(wait, vague, &format!("mean wait, {name}"));
    Estimate::ratio(desks(&results).map(|desk| (desk.waited as f64, desk.started as f64)))
        .agrees_with(
            theory::erlang_c(places, rate),
            vague,
            &format!("share that waits, {name}"),
        );
    let time = observed_units(&results);
    Estimate::ratio(desks(&results).map(|desk| (in_units(desk.queue_seconds), time))).agrees_with(
        rate * wait,
        1.5 * vague,
        &format!("mean number waiting, {name}"),
    );
    check_little(&results, rate * wait, &name);
}

/// Little's law: those in the waiting list at one time, on average, are those who join in a unit of
/// time x their mean wait. The two sides are counted apart and differ only at the edges of the
/// observed time, as often one way as the other.
#[track_caller]
fn check_little(results: &Results, queue: f64, name: &str) {
    let time = observed_units(results);
    Estimate::ratio(desks(results).map(|desk| {
        (
            in_units(desk.queue_seconds) - in_units(desk.waited_seconds),
            time,
        )
    }))
    .agrees_on_the_scale_of(queue, 0.0, 0.005, &format!("Little's law, {name}"));
}

/// Long for a single place: 20,000 units are over ten relaxation times at a load of 0.95.
const LONG: Design = Design {
    warm_up: 20_000.0,
    observe: 250_000.0,
    trials: 64,
};

/// Enough where several places are filled from one list.
const SHORT: Design = Design {
    warm_up: 3_000.0,
    observe: 30_000.0,
    trials: 64,
};

/// Enough for many places, where cases are many and waits forget soon.
const BRIEF: Design = Design {
    warm_up: 1_500.0,
    observe: 15_000.0,
    trials: 64,
};

#[test]
fn one_place_agrees_with_theory_at_every_load() {
    check_erlang_c(1, 0.5, SHORT, 0.01);
    check_erlang_c(1, 0.8, LONG, 0.01);
    check_erlang_c(1, 0.9, LONG, 0.01);
    check_erlang_c(1, 0.95, LONG, 0.02);
}

#[test]
fn several_places_agree_with_erlang_c() {
    check_erlang_c(2, 0.8, SHORT, 0.01);
    check_erlang_c(2, 0.9, LONG, 0.01);
    check_erlang_c(5, 0.8, SHORT, 0.01);
    check_erlang_c(5, 0.9, SHORT, 0.015);
    check_erlang_c(10, 0.9, BRIEF, 0.015);
    check_erlang_c(20, 0.95, BRIEF, 0.02);
}

#[test]
fn the_spread_of_stays_lengthens_waits_as_pollaczek_and_khinchine_say() {
    let one = units(1.0);
    let stays = [
        (0.0, format!("exactly {one}")),
        (0.25, format!("gamma, mean {one}, sd {}", units(0.5))),
        (2.25, format!("lognormal, mean {one}, sd {}", units(1.5))),
        (2.25, format!("gamma, mean {one}, sd {}", units(1.5))),
    ];
    for (squared_cv, stay) in stays {
        let results = desk(LONG, &exponential(1.25), 1, &stay);
        let expected = theory::pollaczek_khinchine(0.8, squared_cv);
        let law = stay.split(',').next().unwrap_or_default();
        let name = format!("mean wait, M/G/1 at 0.8, {law}, squared CV {squared_cv}");
        mean_wait(&results).agrees_with(expected, 0.01, &name);
    }
}

#[test]
fn regular_arrivals_wait_less() {
    let results = desk(SHORT, &units(1.25), 1, &exponential(1.0));
    mean_wait(&results).agrees_with(
        theory::regular_arrivals(0.8),
        0.01,
        "mean wait, D/M/1 at 0.8",
    );
    Estimate::ratio(desks(&results).map(|desk| (desk.waited as f64, desk.started as f64)))
        .agrees_with(
            theory::regular_arrivals_that_wait(0.8),
            0.01,
            "share that waits, D/M/1 at 0.8",
        );
}

/// The tail of waits is read off the histogram of handoffs, which tells whole days apart: so a mean
/// stay is a day here, and cases come to the desk through a door where they stay no time.
#[test]
fn the_tail_of_waits_is_exponential() {
    let (places, rate) = (5, 4.5);
    let day = 10.0;
    let results = Study::new(Design {
        warm_up: 3_000.0,
        observe: 340_000.0,
        trials: 64,
    })
    .arrivals("case", "door", &exponential(day / rate))
    .service(
        "door",
        "unlimited",
        "stay = \"exactly 0 days\"\nthen = { desk = \"100%\" }",
    )
    .last_service("desk", &places.to_string(), &exponential(day))
    .run();
    for longer in [1_usize, 2, 4] {
        Estimate::ratio(baseline(&results).map(|tally| {
            let waits = tally.ends_by_day(HandoffKind::Internal, HandoffEnd::Begun);
            let sum = |waits: &[u32]| waits.iter().map(|cases| f64::from(*cases)).sum::<f64>();
            (sum(&waits[longer..]), sum(waits))
        }))
        .agrees_with(
            theory::waits_longer(places, rate, longer as f64),
            0.02,
            &format!("share that waits over {longer} stays, M/M/5 at 0.9"),
        );
    }
}

/// With places for all, those present are Poisson whatever the law of stays: the mean is the
/// offered load, and over trials the variance of those present on the last day equals the mean.
#[test]
fn without_limits_those_present_are_poisson() {
    let design = Design {
        warm_up: 1_000.0,
        observe: 50.0,
        trials: 2_000,
    };
    let stay = format!("lognormal, mean {}, sd {}", units(4.0), units(6.0));
    let results = Study::new(design)
        .arrivals("case", "desk", &exponential(0.2))
        .last_service("desk", "unlimited", &stay)
        .run();
    let time = observed_units(&results);
    Estimate::ratio(desks(&results).map(|desk| (in_units(desk.occupied_seconds), time)))
        .agrees_with(20.0, 0.005, "mean number present, M/G/infinity");
    assert!(desks(&results).all(|desk| desk.waited == 0 && desk.place_seconds == 0));

    let stocks: Vec<f64> = desks(&results).map(|desk| desk.stock as f64).collect();
    let n = stocks.len() as f64;
    let mean = stocks.iter().sum::<f64>() / n;
    let dispersion = stocks.iter().map(|x| (x - mean).powi(2)).sum::<f64>() / mean;
    let law = ChiSquared::new(n - 1.0).unwrap();
    let half = false_alarm_of_one() / 2.0;
    let (low, high) = (law.inverse_cdf(half), law.inverse_cdf(1.0 - half));
    assert!(
        high / low < 1.5,
        "too few trials to tell a Poisson law from another"
    );
    assert!(
        (low..=high).contains(&dispersion),
        "dispersion {dispersion} outside {low} to {high}"
    );
}

/// Ten services of one place each against one service of ten: pooling removes most of the wait.
#[test]
fn pooling_ten_services_cuts_the_wait_as_theory_says() {
    let mut apart = Study::new(Design {
        warm_up: 10_000.0,
        observe: 60_000.0,
        trials: 32,
    });
    for number in 0..10 {
        let desk = format!("desk-{number}");
        apart = apart
            .arrivals(&format!("case-{number}"), &desk, &exponential(1.0 / 0.9))
            .last_service(&desk, "1", &exponential(1.0));
    }
    let apart = apart.run();
    Estimate::ratio(baseline(&apart).map(|tally| {
        let waited = tally.services.iter().map(|desk| desk.waited_seconds).sum();
        let started: u64 = tally.services.iter().map(|desk| desk.started).sum();
        (in_units(waited), started as f64)
    }))
    .agrees_with(9.0, 0.01, "mean wait, ten services apart");

    let pooled = desk(SHORT, &exponential(1.0 / 9.0), 10, &exponential(1.0));
    mean_wait(&pooled).agrees_with(
        theory::mean_wait(10, 9.0),
        0.015,
        "mean wait, ten places pooled",
    );
}

/// Lindley's recursion, to the second: with the gaps and stays that luck has in store, each case of
/// a single place begins when it comes or when the one before it ends, whichever is later.
///
/// The numbers 1 and 3 are the purposes of gaps and stays in the keys of luck, which never change.
#[test]
fn a_single_place_follows_lindley_to_the_second() {
    let design = Design {
        warm_up: 0.0,
        observe: 20_000.0,
        trials: 4,
    };
    let results = desk(design, &exponential(1.25), 1, &exponential(1.0));
    let law = |units: f64| {
        let mean = Days::try_from(units / 10.0).unwrap();
        Sampler::new(&Law::Exponential { mean })
    };
    let (gaps, stays) = (law(1.25), law(1.0));
    let (kind, service) = (Who::named("case"), Who::named("desk"));
    let end = results.observed.to_seconds();
    for (trial, desk) in (0..).zip(desks(&results)) {
        let luck = Luck::new(2003, 0, trial);
        let (mut comes, mut free) = (0, 0);
        let mut expected = ServiceTally::default();
        for number in 0.. {
            comes += gaps.draw(&luck, kind, 1, number, 1.0);
            if comes >= end {
                break;
            }
            let begins = comes.max(free);
            free = begins + stays.draw(&luck, kind.number(number).with(service), 3, 0, 1.0);
            expected.joined += 1;
            if begins < end {
                expected.started += 1;
                expected.waited += u64::from(begins > comes);
                expected.waited_seconds += u64::from(begins - comes);
            }
            expected.ended += u64::from(free < end);
            expected.queue_seconds += u64::from(begins.min(end) - comes);
            expected.occupied_seconds += u64::from(free.min(end) - begins.min(end));
        }
        expected.stock = expected.started - expected.ended;
        expected.place_seconds = u64::from(end);
        assert!(expected.waited > 10_000, "few waited");
        assert_eq!(*desk, expected);
    }
}
