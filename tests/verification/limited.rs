//! Services with a limited waiting room, and how many are present, against birth-death chains.

use crate::estimate::Estimate;
use crate::studies::{
    Design, Study, at, baseline, exponential, in_units, number_of, observed_units, units,
};
use crate::theory;
use seamline::experiment::results::{PresentTally, Results};

const DESIGN: Design = Design {
    warm_up: 500.0,
    observe: 12_000.0,
    trials: 64,
};

fn present(results: &Results) -> impl Iterator<Item = &PresentTally> + Clone {
    let desk = number_of(results, "desk");
    baseline(results).map(move |tally| &tally.present[desk])
}

fn desk(rate: f64, places: &str, waiting_room: &str, stay: &str) -> Results {
    let rest =
        format!("stay = \"{stay}\"\nthen = {{ closed = \"100%\" }}\nwaiting_room = {waiting_room}");
    Study::new(DESIGN)
        .arrivals("case", "desk", &exponential(1.0 / rate))
        .service("desk", places, &rest)
        .run()
}

/// Arrivals at a rate of 3, two places that serve at 4 each, room for one more: in units of a stay,
/// a load of 0.75. What textbooks call M/M/2/3.
#[test]
fn a_small_waiting_room_turns_away_as_its_chain_says() {
    let rate = 0.75;
    let results = desk(rate, "2", "1", &exponential(1.0));
    let chances = theory::numbers_present(2, 3, rate);
    let time = observed_units(&results);
    let share = |count: fn(&PresentTally, usize) -> u64, number: usize| {
        Estimate::ratio(present(&results).map(move |it| {
            let all: u64 = (0..=3).map(|number| count(it, number)).sum();
            (count(it, number) as f64, all as f64)
        }))
    };
    let seconds = |it: &PresentTally, number: usize| it.seconds.get(number).copied().unwrap_or(0);
    let found = |it: &PresentTally, number: usize| it.found.get(number).copied().unwrap_or(0);
    for (number, chance) in chances.iter().enumerate() {
        let name = format!("share of time with {number} present, M/M/2/3");
        share(seconds, number).agrees_with(*chance, 0.01, &name);
        // Whoever comes at random finds what there is on average over time.
        let name = format!("share of cases that find {number} present, M/M/2/3");
        share(found, number).agrees_with(*chance, 0.01, &name);
    }
    let desks = || baseline(&results).map(|tally| at(&results, tally, "desk"));
    Estimate::ratio(desks().map(|desk| {
        let came = desk.joined + desk.turned_away;
        (desk.turned_away as f64, came as f64)
    }))
    .agrees_with(chances[3], 0.01, "share turned away, M/M/2/3");
    let mean: f64 = chances.iter().zip(0..).map(|(p, n)| p * f64::from(n)).sum();
    Estimate::ratio(desks().map(|desk| {
        let seconds = desk.queue_seconds + desk.occupied_seconds;
        (in_units(seconds), time)
    }))
    .agrees_with(mean, 0.005, "mean number present, M/M/2/3");
}

/// Nobody waits: Erlang B, whatever the law of stays.
#[test]
fn without_a_waiting_room_the_share_turned_away_is_erlang_b() {
    let lognormal = format!("lognormal, mean {}, sd {}", units(1.0), units(1.5));
    for (law, stay) in [("exponential", exponential(1.0)), ("lognormal", lognormal)] {
        let results = desk(8.0, "10", "0", &stay);
        let blocked = theory::numbers_present(10, 10, 8.0)[10];
        let desks = baseline(&results).map(|tally| at(&results, tally, "desk"));
        Estimate::ratio(desks.map(|desk| {
            let came = desk.joined + desk.turned_away;
            (desk.turned_away as f64, came as f64)
        }))
        .agrees_with(
            blocked,
            0.015,
            &format!("share turned away, Erlang B, 10 places, load 8, {law} stays"),
        );
    }
}

/// With places for all, the time with exactly n present as a share of the time with n or fewer is
/// Erlang B for n places: what studies of beds read off a run without limits.
#[test]
fn erlang_b_is_read_off_the_numbers_present_without_limits() {
    let stay = format!("lognormal, mean {}, sd {}", units(1.0), units(1.2));
    let results = desk(6.0, "unlimited", "\"unlimited\"", &stay);
    for places in [6_u32, 9, 12] {
        Estimate::ratio(present(&results).map(|it| {
            let upto = &it.seconds[..=places as usize];
            (
                upto[places as usize] as f64,
                upto.iter().sum::<u64>() as f64,
            )
        }))
        .agrees_with(
            theory::numbers_present(places, places, 6.0)[places as usize],
            0.02,
            &format!("Erlang B from numbers present, {places} places, load 6"),
        );
    }
}
