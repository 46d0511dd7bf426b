//! The smallest run: a bundled study, few trials, the comparison as text.
//!
//! `cargo run --release --example smallest_run`

#![allow(clippy::print_stdout, reason = "an example shows what it found")]

use std::sync::atomic::AtomicBool;

use seamline::analysis;
use seamline::experiment::{self, Plan};
use seamline::report::terminal;
use seamline::scenario::{self, Request};

fn main() {
    let request = Request {
        study: "duty-desk".to_owned(),
        trials: Some(10),
        ..Request::default()
    };
    let scenario = match scenario::load(&request) {
        Ok(scenario) => scenario,
        Err(problems) => {
            for problem in problems.iter() {
                println!("{problem}");
            }
            return;
        }
    };
    let never = AtomicBool::new(false);
    let results = experiment::run(&scenario, &Plan::default(), &|_trial| (), &never);
    if let Some(results) = results {
        let summary = analysis::summarise(&results);
        println!("{}", terminal::comparison(&summary, &scenario.study));
    }
}
