//! The bundled preset is plausible: its flows come near the published ones of 2002-03.
//!
//! National counts of 2002-03 scaled to an area of 60,000 children: about 570,000 referrals, 263,900
//! initial and 55,700 core assessments, 30,200 registrations and a register of 26,600 among 11.05
//! million children. The preset was set to fit these, so this guards a fit; it is no validation.

use std::sync::atomic::AtomicBool;

use seamline::experiment::{self, Plan, results::Tally};
use seamline::measures::Count;
use seamline::scenario::{self, Request};

const AREAS: f64 = 2.0;
const YEARS: f64 = 2.0;
const TRIALS: f64 = 2.0;

fn baseline() -> (Vec<String>, Tally) {
    let scenario = scenario::load(&Request {
        study: "childrens-trusts-2003".to_owned(),
        structures: Some("fragmented".to_owned()),
        set: vec!["study.observe=2 years".to_owned()],
        trials: Some(2),
        ..Request::default()
    })
    .unwrap();
    let stop = AtomicBool::new(false);
    let results = experiment::run(&scenario, &Plan::default(), &|_| {}, &stop).unwrap();
    let mut total = results.trials[0][0].clone();
    total.add(&results.trials[1][0]);
    let services = results
        .services
        .iter()
        .map(|named| named.id.clone())
        .collect();
    (services, total)
}

#[track_caller]
fn within_a_quarter(what: &str, simulated: f64, published: f64) {
    assert!(
        (simulated / published - 1.0).abs() < 0.25,
        "{what}: {simulated:.0} an area and year, published {published:.0}"
    );
}

#[test]
fn flows_of_the_baseline_come_within_a_quarter_of_the_published() {
    let (names, tally) = baseline();
    let service = |name: &str| {
        let number = names.iter().position(|id| id == name).unwrap();
        tally.services[number]
    };
    let a_year = |count: u64| count as f64 / (AREAS * YEARS * TRIALS);
    let social_services = ["child-protection", "family-support", "disabled-children"].map(service);
    let sum = |of: fn(&seamline::experiment::results::ServiceTally) -> u64| {
        a_year(social_services.iter().map(of).sum())
    };

    within_a_quarter("referrals", sum(|it| it.referrals), 3_095.0);
    within_a_quarter(
        "initial assessments",
        sum(|it| it.initial_assessments),
        1_433.0,
    );
    within_a_quarter("core assessments", sum(|it| it.core_assessments), 302.0);
    within_a_quarter(
        "registrations",
        a_year(service("child-protection").started),
        164.0,
    );
    let stock = service("child-protection").stock as f64 / (AREAS * TRIALS);
    within_a_quarter("on the register", stock, 144.0);
    within_a_quarter(
        "noted contacts",
        a_year(tally.count(Count::NotedContacts)),
        14_000.0,
    );

    for (name, service) in names.iter().zip(&tally.services) {
        if service.place_seconds > 0 {
            let waiting = service.queue_seconds as f64 / service.place_seconds as f64;
            let load = service.occupied_seconds as f64 / service.place_seconds as f64 + waiting;
            assert!(
                (0.75..=1.05).contains(&load),
                "{name} is loaded to {load:.3}"
            );
        }
    }
}
