//! An analysis of one's own: how often a case is lost between each pair of services.
//!
//! `cargo run --release --example own_analysis`
//!
//! The tallies of every trial are plain public values, so anything that was counted can be
//! estimated anew without touching the program.

#![allow(clippy::print_stdout, reason = "an example shows what it found")]

use std::sync::atomic::AtomicBool;

use seamline::experiment::results::Results;
use seamline::experiment::{self, Plan};
use seamline::measures::HandoffKind;
use seamline::scenario::{self, Request};

fn main() {
    let request = Request {
        study: "duty-desk".to_owned(),
        set: vec!["handoff.silent_loss=8%".to_owned()],
        trials: Some(10),
        seed: Some(7),
        ..Request::default()
    };
    let Ok(scenario) = scenario::load(&request) else {
        println!("the study has problems; `seamline check` tells them");
        return;
    };
    let never = AtomicBool::new(false);
    if let Some(results) = experiment::run(&scenario, &Plan::default(), &|_trial| (), &never) {
        for (place, structure) in results.structures.iter().enumerate() {
            println!("{}", structure.name);
            print_losses(&results, place);
        }
    }
}

/// Silent losses as a share of the handoffs of each pair, over all trials.
fn print_losses(results: &Results, structure: usize) {
    for kind in HandoffKind::ALL {
        for (from, source) in results.sources.iter().enumerate() {
            for (to, service) in results.services.iter().enumerate() {
                let pairs = || {
                    let tallies = results.trials.iter().map(|trial| &trial[structure]);
                    tallies.map(|tally| tally.pair(*kind, from, to))
                };
                let started: u64 = pairs().map(|pair| pair.started).sum();
                let lost: u64 = pairs().map(|pair| pair.lost).sum();
                if started > 0 {
                    println!(
                        "  {} to {}, {}: {:.1}% of {started} lost",
                        source.name,
                        service.name,
                        kind.label(),
                        100.0 * lost as f64 / started as f64
                    );
                }
            }
        }
    }
}
