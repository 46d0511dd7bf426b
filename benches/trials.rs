//! Trials by the product's own path: a bundled study is loaded once, then run and tallied.
//!
//! `cargo bench` prints the time of a run and the events handled in a second. Only ratios within
//! one run on one machine mean anything, so nothing here is asserted.

#![allow(clippy::print_stdout, reason = "a benchmark shows what it measured")]

use std::sync::atomic::AtomicBool;

use divan::Bencher;
use divan::counter::ItemsCount;
use seamline::experiment::results::Results;
use seamline::experiment::{self, Plan};
use seamline::scenario::{self, Request, Scenario};

fn main() {
    for (name, study) in [
        ("plain network", plain_network(&[])),
        ("tight network", plain_network(TIGHT)),
        ("hundredfold network", plain_network(HUNDREDFOLD)),
        ("children", children()),
    ] {
        let events = observed_events(&run(&study));
        println!("{name}: {events} events observed in each run of 2 trials");
    }
    divan::main();
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
