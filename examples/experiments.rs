//! The five experiments of docs/experiments.md: runs the bundled studies of that name, with the values
//! set otherwise that each asks for, and prints the tables that stand there.
//!
//! `cargo run --release --example experiments [ladder|load|swamping|agency|change] [TRIALS]`

#![allow(clippy::print_stdout, reason = "an example shows what it does")]

use std::sync::atomic::AtomicBool;

use seamline::analysis::{Discordance, Estimate, Summary, summarise};
use seamline::experiment::{self, Plan};
use seamline::measures::Stage;
use seamline::scenario::{self, Request};

fn main() {
    let mut arguments = std::env::args().skip(1);
    let wanted = arguments.next();
    let trials = arguments.next().and_then(|text| text.parse().ok());
    for (name, show) in [
        ("ladder", ladder as fn(Option<u32>)),
        ("load", load),
        ("swamping", swamping),
        ("agency", agency),
        ("change", change),
    ] {
        if wanted.as_ref().is_none_or(|wanted| wanted == name) {
            show(trials);
        }
    }
}

/// A study with values set otherwise.
fn run(study: &str, trials: Option<u32>, only: Option<&str>, set: &[&str]) -> Summary {
    let request = Request {
        study: format!("experiment-{study}"),
        trials,
        only: only.map(str::to_owned),
        set: set.iter().map(|it| (*it).to_owned()).collect(),
        ..Request::default()
    };
    let scenario = scenario::load(&request).unwrap_or_else(|problems| panic!("{problems}"));
    let never = AtomicBool::new(false);
    let results = experiment::run(&scenario, &Plan::default(), &|_| (), &never);
    summarise(&results.expect("nobody stops an example"))
}

fn plain(estimate: Option<Estimate>) -> String {
    estimate.map_or_else(|| "-".to_owned(), |it| format!("{:.2}", it.value))
}

fn signed(estimate: Option<Estimate>) -> String {
    let Some(estimate) = estimate else {
        return "-".to_owned();
    };
    match estimate.interval {
        Some(interval) => format!(
            "{:+.2} ({:+.2} to {:+.2})",
            estimate.value, interval.low, interval.high
        ),
        None => format!("{:+.2}", estimate.value),
    }
}

/// The value of a measure under a structure, and its difference from the baseline.
fn row(summary: &Summary, measure: &str, structure: usize) -> (Option<Estimate>, Option<Estimate>) {
    summary.measure(measure).map_or((None, None), |compared| {
        let row = &compared.rows[structure];
        (row.estimate, row.difference)
    })
}

fn difference(summary: &Summary, measure: &str, structure: usize) -> String {
    signed(row(summary, measure, structure).1)
}

/// Prints each measure under each structure of a study.
fn table(title: &str, summary: &Summary, measures: &[&str]) {
    println!("\n{title} ({} trials)\n", summary.trials);
    println!("| structure | {} |", measures.join(" | "));
    println!("|---|{}", "---|".repeat(measures.len()));
    for (structure, named) in summary.structures.iter().enumerate() {
        let cells: Vec<String> = measures
            .iter()
            .map(|measure| {
                let (value, difference) = row(summary, measure, structure);
                match difference {
                    Some(difference) => format!("{}, {}", plain(value), signed(Some(difference))),
                    None => plain(value),
                }
            })
            .collect();
        println!("| {} | {} |", named.id, cells.join(" | "));
    }
}

const HEADLINE: [&str; 3] = ["handoffs-begun-30", "handoff-days", "known-missed"];
const WITH_SPREAD: [&str; 3] = ["handoff-days", "known-missed", "area-spread"];

fn ladder(trials: Option<u32>) {
    const PARTITIONS: [&str; 6] = [
        "organisations",
        "records",
        "budgets",
        "assessment",
        "front_doors",
        "workforce",
    ];
    const BASE: &str = "losses,vacancies";
    println!("\n## 1. Ladder");
    const MEASURES: [&str; 2] = ["known-missed", "handoff-days"];
    let mut rungs = vec![("none", BASE.to_owned())];
    rungs.extend(PARTITIONS.map(|partition| (partition, format!("{BASE},{partition}"))));
    rungs.push(("all six", format!("{BASE},{}", PARTITIONS.join(","))));
    let summaries: Vec<(&str, Summary)> = rungs
        .iter()
        .map(|(name, only)| (*name, run("ladder", trials, Some(only), &[])))
        .collect();
    for measure in MEASURES {
        println!("\nDifference from the baseline in {measure}\n");
        println!("| rung | local-trust | national-agency | service-hub |");
        println!("|---|---|---|---|");
        let mut sums = [0.0; 3];
        for (name, summary) in &summaries {
            let cells = [1, 2, 3].map(|structure| difference(summary, measure, structure));
            println!("| {name} | {} |", cells.join(" | "));
            for (sum, structure) in sums.iter_mut().zip(1..) {
                let value = row(summary, measure, structure)
                    .1
                    .map_or(0.0, |it| it.value);
                if PARTITIONS.contains(name) {
                    *sum += value;
                }
            }
        }
        let cells = sums.map(|sum| format!("{sum:+.2}"));
        println!("| sum of the six | {} |", cells.join(" | "));
    }
    if let Some((_, summary)) = summaries.last() {
        println!("\nChildren and domains by outcome, all six on\n");
        for (structure, discordance) in summary.discordance.iter().enumerate() {
            if let Some(discordance) = discordance {
                print_discordance(&summary.structures[structure].id, discordance);
            }
        }
        if let Some(churn) = &summary.churn {
            print_discordance("the baseline's twin", churn);
        }
    }
}

fn print_discordance(name: &str, discordance: &Discordance) {
    println!(
        "- {name}: missed in one and not in the other {}, net {}",
        plain(discordance.gross),
        signed(discordance.net)
    );
}

fn load(trials: Option<u32>) {
    println!("\n## 2. Load");
    let summary = run("load", trials, None, &[]);
    table("Posts as they are", &summary, &HEADLINE);
    for at in &summary.at_posts {
        println!("\nPosts x{} ({} trials)\n", at.factor, at.trials);
        println!("| structure | {} |", HEADLINE.join(" | "));
        println!("|---|{}", "---|".repeat(HEADLINE.len()));
        for (structure, named) in summary.structures.iter().enumerate() {
            let cells: Vec<String> = HEADLINE
                .iter()
                .filter_map(|id| at.measures.iter().find(|it| it.measure.id == *id))
                .map(|compared| {
                    let row = &compared.rows[structure];
                    format!("{}, {}", plain(row.estimate), signed(row.difference))
                })
                .collect();
            println!("| {} | {} |", named.id, cells.join(" | "));
        }
    }
}

fn swamping(trials: Option<u32>) {
    println!("\n## 3. Swamping");
    let measures = ["known-missed", "unknown-missed", "handoff-days", "waiting"];
    for (title, set) in [
        ("A full door", &[][..]),
        (
            "More correlated presentation",
            &["presentation.spread=0.6"][..],
        ),
    ] {
        let summary = run("swamping", trials, None, set);
        table(title, &summary, &measures);
        println!("\n| structure | days at the door | days for an assessor | days for a place |");
        println!("|---|---|---|---|");
        for (structure, days) in summary.stage_days.iter().enumerate() {
            let cells = [Stage::FrontDoor, Stage::WaitingAssessment, Stage::Place]
                .map(|stage| format!("{:.2}", days[stage.index()]));
            println!(
                "| {} | {} |",
                summary.structures[structure].id,
                cells.join(" | ")
            );
        }
    }
}

fn agency(trials: Option<u32>) {
    println!("\n## 4. A national agency");
    println!("\nDifference from the baseline in known missed cases per 10,000 children a year\n");
    println!(
        "| moves a year | spread of thresholds | step-ups | agency | trust | trust and agency |"
    );
    println!("|---|---|---|---|---|---|");
    for moves in [0, 10] {
        for spread in [0.0, 0.3] {
            for (times, worsens) in [
                ("x1", "[\"0.35 per year\", \"0.15 per year\"]"),
                ("x2", "[\"0.7 per year\", \"0.3 per year\"]"),
            ] {
                let set = [
                    format!("area.typical-council-2003.moves={moves}% per year"),
                    format!("area_spread.thresholds={spread}"),
                    format!("need.protection.worsens={worsens}"),
                ];
                let set = [set[0].as_str(), &set[1], &set[2]];
                let summary = run("agency", trials, None, &set);
                let cells =
                    [1, 2, 3].map(|structure| difference(&summary, "known-missed", structure));
                println!("| {moves}% | {spread} | {times} | {} |", cells.join(" | "));
            }
        }
    }
}

fn change(trials: Option<u32>) {
    println!("\n## 5. Change and partnering");
    for (title, set) in [
        ("As it is", &[][..]),
        ("Relations make no difference", &["relations.beta=0%"][..]),
    ] {
        let summary = run("change", trials, None, set);
        table(title, &summary, &WITH_SPREAD);
        println!();
        for even in &summary.break_even {
            let month = |month: Option<usize>| month.map_or("none".to_owned(), |it| it.to_string());
            println!(
                "- {}, {:?}: breaks even in month {} (from {} to {}), in {} of {} trials",
                summary.structures[even.structure].id,
                even.series,
                month(even.month),
                month(even.earliest),
                month(even.latest),
                even.trials,
                summary.trials
            );
        }
    }
}
