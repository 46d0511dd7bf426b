//! Figures for the credibility tests of docs/validation.md that no bundled experiment gives: what a
//! hub does to triage and to the whole way, and who breaks even with the change on and off.
//!
//! `cargo run --release --example credibility [TRIALS]`

#![allow(clippy::print_stdout, reason = "an example shows what it does")]

use std::sync::atomic::AtomicBool;

use seamline::analysis::{BreakEven, Series, summarise};
use seamline::experiment::results::{Results, Tally};
use seamline::experiment::{self, Plan};
use seamline::measures::Stage;
use seamline::scenario::{self, Request};

const SECONDS_A_DAY: f64 = 86_400.0;

fn main() {
    let trials = std::env::args().nth(1).and_then(|text| text.parse().ok());
    hub(trials);
    for off in ["", "change"] {
        breaking_even(trials, off);
    }
}

/// The preset of 2003 with these structures and without these mechanisms.
fn run(structures: &str, off: &str, trials: Option<u32>) -> Results {
    let request = Request {
        study: "childrens-trusts-2003".to_owned(),
        structures: Some(structures.to_owned()),
        off: (!off.is_empty()).then(|| off.to_owned()),
        trials: trials.or(Some(4)),
        ..Request::default()
    };
    let mut scenario = scenario::load(&request).unwrap_or_else(|problems| panic!("{problems}"));
    scenario.study.comparison.also_at_posts.clear();
    let never = AtomicBool::new(false);
    experiment::run(&scenario, &Plan::default(), &|_| (), &never).expect("nobody stops an example")
}

/// Mean days in some stages over the handoffs that began.
fn mean_days(tallies: &[&Tally], stages: &[Stage]) -> f64 {
    let pairs = || tallies.iter().flat_map(|tally| &tally.pairs);
    let seconds: u64 = pairs()
        .flat_map(|pair| stages.iter().map(|stage| pair.stage_seconds[stage.index()]))
        .sum();
    let begun: u64 = pairs().map(|pair| pair.begun).sum();
    seconds as f64 / SECONDS_A_DAY / begun as f64
}

fn hub(trials: Option<u32>) {
    println!("A hub, change and relations off: mean days of handoffs that began\n");
    println!("| structure | at the door and screened | from decision to begin |");
    println!("|---|---:|---:|");
    let results = run(
        "service-hub,fragmented+integrated-provision",
        "change,relations",
        trials,
    );
    for (place, structure) in results.structures.iter().enumerate() {
        let tallies: Vec<&Tally> = results.trials.iter().map(|trial| &trial[place]).collect();
        let triage = mean_days(&tallies, &[Stage::FrontDoor, Stage::Screening]);
        let all = mean_days(&tallies, Stage::ALL);
        println!("| {} | {triage:.2} | {all:.1} |", structure.name);
    }
}

fn breaking_even(trials: Option<u32>, off: &str) {
    let what = if off.is_empty() {
        "with the change"
    } else {
        "without the change"
    };
    println!("\nBreaking even in known missed cases within five years, {what}\n");
    println!("| structure | difference over five years | breaks even in month | trials that do |");
    println!("|---|---:|---:|---:|");
    let structures =
        "local-trust,national-agency,service-hub,education-merger,care-trust,partnering";
    let summary = summarise(&run(structures, off, trials));
    let Some(missed) = summary.measure("known-missed") else {
        return;
    };
    for (place, row) in missed.rows.iter().enumerate().skip(1) {
        let difference = row.difference.map_or_else(String::new, |it| {
            it.interval.map_or_else(String::new, |interval| {
                format!(
                    "{:+.1} ({:+.1} to {:+.1})",
                    it.value, interval.low, interval.high
                )
            })
        });
        let even = summary.break_even(place, Series::KnownMissed);
        let month = even.map_or_else(|| "-".to_owned(), in_words);
        let trials = even.map_or(0, |it| it.trials);
        let name = &summary.structures[place].name;
        println!(
            "| {name} | {difference} | {month} | {trials} of {} |",
            summary.trials
        );
    }
}

fn in_words(even: &BreakEven) -> String {
    match even.month {
        _ if even.is_alike => "no difference".to_owned(),
        Some(1) => "never behind".to_owned(),
        Some(month) => month.to_string(),
        None => "not within".to_owned(),
    }
}
