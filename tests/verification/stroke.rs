//! The bundled study of stroke units against theory: with room for all, patients who come at random
//! are present in Poisson numbers, so every number of beds has an exact answer, whatever the laws of
//! stays. The offered load is worked out here from the published figures, not by the program.

use crate::estimate::Estimate;
use crate::studies::number_of;
use seamline::experiment::results::{Results, Tally};
use seamline::experiment::{self, Plan};
use seamline::scenario::{self, Request};
use std::sync::atomic::AtomicBool;

/// The bundled study for longer: luck falls to a third of what the paper's design has.
fn run() -> Results {
    let request = Request {
        study: "stroke-units".to_owned(),
        trials: Some(300),
        set: vec!["study.observe=20 years".to_owned()],
        ..Request::default()
    };
    let scenario = scenario::load(&request).unwrap_or_else(|problems| panic!("{problems}"));
    let never = AtomicBool::new(false);
    experiment::run(&scenario, &Plan::default(), &|_| {}, &never).expect("nobody stops a test")
}

/// Days of acute beds asked for in a day: arrivals x mean stay, by kind of patient.
fn acute_load() -> f64 {
    let stroke = 0.24 * 7.4 + 0.13 * 4.6 + 0.63 * 7.0;
    stroke / 1.2 + 1.8 / 9.3 + 4.0 / 3.6 + 3.8 / 3.2
}

/// The same of rehabilitation beds: those who come from the acute unit and those from elsewhere.
fn rehabilitation_load() -> f64 {
    let stroke = 0.40 * 30.3 + 0.60 * 28.4;
    (0.24 / 1.2 + 1.0 / 21.8) * stroke
        + 0.01 / 9.3 * 18.7
        + (0.11 / 3.6 + 1.0 / 31.7) * 27.6
        + (0.05 / 3.2 + 1.0 / 28.6) * 16.1
}

/// Erlang's loss formula, by its recursion.
fn erlang_b(load: f64, places: u32) -> f64 {
    (1..=places).fold(1.0, |lost, n| load * lost / (f64::from(n) + load * lost))
}

/// Chances of 0, 1, 2 and so on, Poisson with this mean.
fn poisson(mean: f64) -> Vec<f64> {
    (1..80)
        .scan((-mean).exp(), |chance, n| {
            let now = *chance;
            *chance *= mean / f64::from(n);
            Some(now)
        })
        .collect()
}

/// Delayed and none free for the acute and the rehabilitation unit with `own` beds each and `common`
/// ones: summed over every pair of numbers present.
fn shared(own: (usize, usize), common: usize) -> [(f64, f64); 2] {
    let (acute, rehabilitation) = (poisson(acute_load()), poisson(rehabilitation_load()));
    let (mut fits, mut delayed, mut none_free) = (0.0, [0.0; 2], [0.0; 2]);
    for (a, chance_of_a) in acute.iter().enumerate() {
        for (r, chance_of_r) in rehabilitation.iter().enumerate() {
            let chance = chance_of_a * chance_of_r;
            let used = a.saturating_sub(own.0) + r.saturating_sub(own.1);
            if used <= common {
                fits += chance;
            }
            for (unit, own_taken) in [a >= own.0, r >= own.1].into_iter().enumerate() {
                if own_taken && used >= common {
                    none_free[unit] += chance;
                    delayed[unit] += if used == common { chance } else { 0.0 };
                }
            }
        }
    }
    [0, 1].map(|unit| (delayed[unit] / fits, none_free[unit]))
}

fn estimate(results: &Results, of: impl Fn(&Tally) -> (u64, u64)) -> Estimate {
    let trials = results.trials.iter().map(|structures| of(&structures[0]));
    Estimate::ratio(trials.map(|(above, below)| (above as f64, below as f64)))
}

#[test]
fn every_number_of_beds_agrees_with_erlangs_loss_formula() {
    let results = run();
    let units = ["acute", "rehabilitation"].map(|id| number_of(&results, id));
    let loads = [acute_load(), rehabilitation_load()];
    for (unit, load) in units.into_iter().zip(loads) {
        let name = &results.services[unit].name;
        let known = results.considered.mean_present[0][unit].unwrap();
        assert!((known - load).abs() < 1e-9, "{name}: {known}, not {load}");
        for places in &results.considered.places[unit] {
            estimate(&results, |tally| {
                let seconds = &tally.present[unit].seconds;
                let n = *places as usize;
                (seconds[n], seconds[..=n].iter().sum())
            })
            .agrees_with(
                erlang_b(load, *places),
                0.015,
                &format!("{name}, {places} beds"),
            );
        }
        // Arrivals see what is there on average over time (Wolff 1982).
        estimate(&results, |tally| {
            let found = &tally.present[unit].found;
            (found[12..].iter().sum(), found.iter().sum())
        })
        .agrees_with(
            poisson(load)[12..].iter().sum(),
            0.01,
            &format!("{name}, found 12 or more"),
        );
    }
    for (place, sharing) in results.considered.sharings.iter().enumerate() {
        let own: Vec<usize> = sharing.own.iter().map(|(_, own)| *own as usize).collect();
        let exact = shared((own[0], own[1]), sharing.common as usize);
        for (unit, (delayed, none_free)) in exact.into_iter().enumerate() {
            let name = &results.services[sharing.own[unit].0].name;
            let what = format!("{name}, {}", sharing.named.name);
            estimate(&results, |tally| {
                let it = &tally.sharings[place];
                (it.last_taken_seconds[unit], it.fits_seconds)
            })
            .agrees_with(delayed, 0.02, &format!("{what}: delayed"));
            estimate(&results, |tally| {
                let all = tally.present[sharing.own[unit].0].seconds.iter().sum();
                (tally.sharings[place].none_free_seconds[unit], all)
            })
            .agrees_with(none_free, 0.02, &format!("{what}: none free"));
        }
    }
}
