//! Trials by the product's own path: a bundled study is loaded once, then run and tallied. And single
//! operations of the engine, for finding out where a change of that comes from.
//!
//! `cargo bench` prints, before divan's tables, nanoseconds an event and the ratios between studies,
//! from runs that took turns. Only ratios within one run on one machine mean anything, so nothing here
//! is asserted.

#![allow(clippy::print_stdout, reason = "a benchmark shows what it measured")]

use std::hint::black_box;
use std::sync::atomic::AtomicBool;
use std::time::Instant as Moment;

use divan::Bencher;
use divan::counter::ItemsCount;
use seamline::engine::{Calendar, Instant, Luck, Sampler, Who};
use seamline::experiment::results::Results;
use seamline::experiment::{self, Plan};
use seamline::scenario::{self, Request, Scenario};
use seamline::units::{Days, Law};

fn main() {
    compare();
    divan::main();
}

/// Shows what an event costs in each study, in the fastest of several runs that took turns.
fn compare() {
    let (plain, tight, many) = (
        plain_network(&[]),
        plain_network(TIGHT),
        plain_network(HUNDREDFOLD),
    );
    let mut fastest = [f64::INFINITY; 3];
    for _ in 0..3 {
        for ((study, runs), fastest) in [(&plain, 30), (&tight, 30), (&many, 1)]
            .into_iter()
            .zip(&mut fastest)
        {
            *fastest = fastest.min(nanoseconds_an_event(study, runs));
        }
    }
    let [plain, tight, many] = fastest;
    println!("plain network: {plain:.0} ns an event");
    println!(
        "tight network: {tight:.0} ns an event, {:.2} of plain",
        tight / plain
    );
    println!(
        "hundredfold network: {many:.0} ns an event, {:.2} of plain",
        many / plain
    );

    let children = children();
    let started = Moment::now();
    let results = run(&children);
    let nanoseconds = started.elapsed().as_nanos() as f64;
    let events = observed_events(&results) as f64;
    let seconds: u64 = (results.trials.iter().flatten())
        .map(|tally| tally.child_seconds)
        .sum();
    let years = seconds as f64 / SECONDS_A_YEAR;
    // Events of the warm-up are not counted, but come as fast as those of the observed time.
    let study = &children.study;
    let (warm_up, observe) = (study.warm_up.to_seconds(), study.observe.to_seconds());
    let all = events * (1.0 + f64::from(warm_up) / f64::from(observe));
    println!(
        "children: {:.0} ns an event, warm-up counted at the rate of the observed time, {:.2} of plain; \
         {:.0} ns an observed event; {:.2} events a child-year",
        nanoseconds / all,
        nanoseconds / all / plain,
        nanoseconds / events,
        events / years,
    );
}

const SECONDS_A_YEAR: f64 = 31_557_600.0;

/// Nanoseconds an event of the fastest of so many runs.
fn nanoseconds_an_event(study: &Scenario, runs: u32) -> f64 {
    let one = || {
        let started = Moment::now();
        let events = observed_events(&run(study));
        started.elapsed().as_nanos() as f64 / events as f64
    };
    (0..runs).map(|_| one()).fold(f64::INFINITY, f64::min)
}

const TIGHT: &[&str] = &["service.review.places=64", "service.support.places=480"];

const HUNDREDFOLD: &[&str] = &[
    "arrivals.urgent.rate=160 per day",
    "arrivals.usual.rate=640 per day",
    "service.intake.places=400",
    "service.review.places=12000",
    "service.support.places=90000",
];

/// The baseline alone: one structure in two trials, the fewest that a study may have.
fn load(study: &str, baseline: &str, set: &[&str]) -> Scenario {
    let request = Request {
        study: study.to_owned(),
        structures: Some(baseline.to_owned()),
        set: set.iter().map(|it| (*it).to_owned()).collect(),
        trials: Some(2),
        ..Request::default()
    };
    scenario::load(&request).expect("bundled studies have no problem")
}

fn plain_network(set: &[&str]) -> Scenario {
    load("plain-network", "apart", set)
}

fn children() -> Scenario {
    load("childrens-trusts-2003", "fragmented", &[])
}

/// One thread, so that time is work.
fn run(scenario: &Scenario) -> Results {
    let plan = Plan { threads: Some(1) };
    experiment::run(scenario, &plan, &|_| {}, &AtomicBool::new(false))
        .expect("nobody stops a benchmark")
}

fn observed_events(results: &Results) -> u64 {
    results
        .trials
        .iter()
        .flatten()
        .map(|tally| tally.events)
        .sum()
}

fn measure(bencher: Bencher<'_, '_>, study: &Scenario) {
    let events = observed_events(&run(study));
    bencher
        .counter(ItemsCount::new(events))
        .bench_local(|| run(study));
}

/// Three services in a row from an empty start: all events are observed.
#[divan::bench(sample_count = 40, sample_size = 1)]
fn network(bencher: Bencher<'_, '_>) {
    measure(bencher, &plain_network(&[]));
}

/// The same with half the places, so that most cases wait.
#[divan::bench(sample_count = 40, sample_size = 1)]
fn network_tight(bencher: Bencher<'_, '_>) {
    measure(bencher, &plain_network(TIGHT));
}

/// The same with a hundred times the cases and places.
#[divan::bench(sample_count = 2, sample_size = 1)]
fn network_hundredfold(bencher: Bencher<'_, '_>) {
    measure(bencher, &plain_network(HUNDREDFOLD));
}

/// The full model. Its time holds the warm-up too, whose events are not counted: compare it with
/// itself alone.
#[divan::bench(sample_count = 2, sample_size = 1)]
fn study_of_children(bencher: Bencher<'_, '_>) {
    measure(bencher, &children());
}

/// Single operations of the engine.
mod engine {
    use super::*;

    /// Two uniforms under one name.
    #[divan::bench]
    fn draw_of_luck(bencher: Bencher<'_, '_>) {
        let (luck, who) = (Luck::new(1, 0, 0), Who::named("area"));
        let mut count = 0;
        bencher.bench_local(|| {
            count += 1;
            luck.block(who, 1, count)
        });
    }

    #[divan::bench(args = ["exponential", "lognormal"])]
    fn draw_of_a_duration(bencher: Bencher<'_, '_>, law: &str) {
        let days = Days::try_from(5.0).expect("a number of days");
        let sampler = Sampler::new(&match law {
            "exponential" => Law::Exponential { mean: days },
            _ => Law::Lognormal {
                median: days,
                spread: 0.8,
            },
        });
        let (luck, who) = (Luck::new(1, 0, 0), Who::named("area"));
        let mut count = 0;
        bencher.bench_local(|| {
            count += 1;
            sampler.draw(&luck, who, 1, count, 1.0)
        });
    }

    /// The next event is taken and another one planned, with so many to come.
    #[divan::bench(args = [1_000, 1_000_000])]
    fn calendar(bencher: Bencher<'_, '_>, pending: u32) {
        let mut calendar = Calendar::default();
        let mut state = 1u32;
        // Any numbers will do, and cheap ones leave the calendar's own time.
        let mut delay = move || {
            state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            state >> 8
        };
        for event in 0..pending {
            calendar.schedule_for_good(Instant::at(delay()), event);
        }
        bencher.bench_local(|| {
            // The clock's end is never reached by what is begun anew in time.
            if let Some((at, event)) = calendar.next_before(Instant::at(u32::MAX / 2)) {
                calendar.schedule_for_good(at.after(delay()), event);
            } else {
                calendar = Calendar::default();
                for event in 0..pending {
                    calendar.schedule_for_good(Instant::at(delay()), event);
                }
            }
            black_box(calendar.len())
        });
    }
}
