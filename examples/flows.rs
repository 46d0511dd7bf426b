//! Your own analysis: the yearly flows and loads of each service, to hold against published counts.
//!
//! `cargo run --release --example flows -- childrens-trusts-2003 5 handoff.silent_loss=6%`
//! takes a study, a number of trials and values to set, and prints figures per area and year.
#![allow(clippy::print_stdout, clippy::print_stderr)]

use std::process::ExitCode;
use std::sync::atomic::AtomicBool;

use seamline::experiment::{self, Plan};
use seamline::measures::Count;
use seamline::scenario::{self, Request};

fn main() -> ExitCode {
    let mut arguments = std::env::args().skip(1);
    let study = arguments
        .next()
        .unwrap_or_else(|| "childrens-trusts-2003".to_owned());
    let trials = arguments.next().and_then(|text| text.parse().ok());
    let request = Request {
        study,
        // None but the baseline.
        structures: Some(String::new()),
        set: arguments.collect(),
        trials,
        ..Request::default()
    };
    let scenario = match scenario::load(&request) {
        Ok(scenario) => scenario,
        Err(problems) => {
            eprintln!("{problems}");
            return ExitCode::from(2);
        }
    };
    let Some(results) = experiment::run(
        &scenario,
        &Plan::default(),
        &|_| {},
        &AtomicBool::new(false),
    ) else {
        return ExitCode::FAILURE;
    };

    let mut total = results.trials[0][0].clone();
    for trial in &results.trials[1..] {
        total.add(&trial[0]);
    }
    let years = results.observed.get() / 365.25;
    let area_years = years * scenario.areas.len() as f64 * results.trials.len() as f64;
    let a_year = |count: u64| count as f64 / area_years;
    let share = |part: u64, whole: u64| 100.0 * part as f64 / whole.max(1) as f64;

    println!(
        "per area and year, {} trials; {} events observed",
        results.trials.len(),
        total.events
    );
    for count in Count::ALL {
        println!(
            "{:<40} {:>12.1}",
            count.label(),
            a_year(total.count(*count))
        );
    }
    println!(
        "\n{:<44} {:>8} {:>7} {:>7} {:>8} {:>7} {:>8} {:>7} {:>7} {:>8} {:>7}",
        "service",
        "referred",
        "repeat%",
        "accept%",
        "initial",
        "core",
        "started",
        "stock",
        "load%",
        "door%",
        "assess%"
    );
    for (service, tally) in results.services.iter().zip(&total.services) {
        println!(
            "{:<44} {:>8.0} {:>7.1} {:>7.1} {:>8.0} {:>7.0} {:>8.0} {:>7.0} {:>7.1} {:>8.1} {:>7.1}  wait {:>6.1} d, list {:>6.0}",
            service.name,
            a_year(tally.referrals),
            share(tally.rereferrals, tally.referrals),
            share(tally.accepted, tally.referrals),
            a_year(tally.initial_assessments),
            a_year(tally.core_assessments),
            a_year(tally.started),
            tally.stock as f64 / (scenario.areas.len() * results.trials.len()) as f64,
            share(tally.occupied_seconds, tally.place_seconds),
            share(tally.screening_busy, tally.screening_seconds),
            share(tally.assessment_busy, tally.assessment_seconds),
            tally.waited_seconds as f64 / 86_400.0 / tally.started.max(1) as f64,
            tally.queue_seconds as f64 / (area_years * 31_557_600.0),
        );
    }
    println!("\nknown missed by year: {:?}", total.known_missed_by_year);
    for (number, source) in results.sources.iter().enumerate() {
        let started: u64 = (0..results.services.len())
            .flat_map(|to| {
                seamline::measures::HandoffKind::ALL
                    .iter()
                    .map(move |kind| (kind, to))
            })
            .map(|(kind, to)| total.pair(*kind, number, to).started)
            .sum();
        println!(
            "{:<44} handoffs from it {:>8.1}",
            source.name,
            a_year(started)
        );
    }
    ExitCode::SUCCESS
}
