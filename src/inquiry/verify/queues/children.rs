//! Waiting lists of children's services beside the queue that theory knows with the same arrivals, stays
//! and places. What comes and how long it stays is taken from the simulation, for no formula knows it;
//! so the companion shows what is ordinary queueing, and the reasons name what is not.

use super::{Quantity, Queue, SECONDS_A_DAY, companion};
use crate::analysis::{Sampled, theory};
use crate::experiment::results::{Results, ServiceTally};
use crate::scenario::{ChildrenWorld, Help, HelpEnds, Scenario};
use crate::units::{Law, PerYear, Probability};

pub(super) fn companions(
    study: &Scenario,
    world: &ChildrenWorld,
    results: &Results,
) -> Vec<(Queue, Sampled)> {
    let services = world.services.iter().enumerate();
    services
        .filter_map(|(number, service)| {
            let measured = Measured::new(results, number, study.areas.len())?;
            let help = service.help.as_ref()?;
            Some(wait(study, world, results, number, help, &measured))
        })
        .collect()
}

/// What was seen of one service in an average area.
struct Measured {
    /// Joined the waiting list, a day.
    rate: f64,
    /// Mean days of help.
    stay: f64,
    /// Places.
    places: f64,
    /// Work asked for, for each place, in the trials with least and most of it.
    loads: (f64, f64),
    /// Share of places in use, in the months with least and most of it, all trials together.
    months: (f64, f64),
}

impl Measured {
    /// `None` where nobody came or nothing was there.
    fn new(results: &Results, service: usize, areas: usize) -> Option<Self> {
        let sum = |pick: fn(&ServiceTally) -> u64| -> f64 {
            let trials = results.trials.iter();
            trials
                .map(|trial| pick(&trial[0].services[service]) as f64)
                .sum()
        };
        let seconds = f64::from(results.observed.to_seconds()) * results.trials.len() as f64;
        let (joined, started) = (sum(|it| it.joined), sum(|it| it.started));
        let places = sum(|it| it.place_seconds) / seconds / areas as f64;
        (joined > 0.0 && started > 0.0 && places > 0.0).then(|| Self {
            rate: joined / seconds * SECONDS_A_DAY / areas as f64,
            stay: sum(|it| it.occupied_seconds) / started / SECONDS_A_DAY,
            places,
            loads: range(results.trials.iter().filter_map(|trial| {
                let tally = &trial[0].services[service];
                let there = tally.place_seconds as f64 * tally.started as f64;
                let asked = tally.joined as f64 * tally.occupied_seconds as f64;
                (there > 0.0).then(|| asked / there)
            })),
            months: range(in_use_by_month(results, service)),
        })
    }
}

/// Share of a service's places in use, month by month.
fn in_use_by_month(results: &Results, service: usize) -> impl Iterator<Item = f64> {
    let services = results.services.len();
    let months = results
        .trials
        .first()
        .map_or(0, |trial| trial[0].service_months.len() / services.max(1));
    (0..months).filter_map(move |month| {
        let cells = results.trials.iter();
        let cells = cells.map(|trial| &trial[0].service_months[month * services + service]);
        let (taken, there) = cells.fold((0, 0), |(taken, there), cell| {
            (taken + cell.occupied_seconds, there + cell.place_seconds)
        });
        (there > 0).then(|| taken as f64 / there as f64)
    })
}

fn range(values: impl Iterator<Item = f64>) -> (f64, f64) {
    values.fold((f64::INFINITY, 0.0), |(low, high), value| {
        (low.min(value), high.max(value))
    })
}

/// Loads that differ by more than this part the mean of waits from the wait at the mean load.
const STEADY: f64 = 0.02;

fn wait(
    study: &Scenario,
    world: &ChildrenWorld,
    results: &Results,
    service: usize,
    help: &Help,
    measured: &Measured,
) -> (Queue, Sampled) {
    let Measured {
        rate,
        stay,
        places,
        loads: (least, most),
        months: (lowest, highest),
    } = *measured;
    let whole = (places.round() as u32).max(1);
    let load = rate * stay / places;
    let mut reasons = Vec::new();
    let (name, theory) = match &help.gives_up {
        Some(patience) => {
            let mean = patience.mean().get().max(f64::MIN_POSITIVE);
            let wait = theory::erlang_a(rate, stay, mean, whole).wait;
            if !matches!(patience, Law::Exponential { .. }) {
                reasons.push("patience is not exponential".to_owned());
            }
            ("Erlang A", Some(wait))
        }
        None => ("Erlang C", theory::mean_wait(rate, stay, whole)),
    };
    if theory.is_none() {
        reasons.push(format!(
            "it is offered {load:.2} of what it can do: no steady state, the list grows"
        ));
    }
    if most - least > STEADY {
        reasons.push(format!(
            "the load differs between trials, {least:.2} to {most:.2} of what it can do, and theory \
             takes the mean"
        ));
    }
    if highest - lowest > STEADY {
        reasons.push(format!(
            "the load varies with time: {:.0}% of places in use in one month and {:.0}% in another",
            100.0 * lowest,
            100.0 * highest
        ));
    }
    reasons.extend(not_ordinary(study, world, help));
    let whole_places = format!("{name}, {whole} places in an area");
    companion(
        results,
        service,
        Quantity::Wait,
        &whole_places,
        theory,
        reasons,
    )
}

/// What is not as in the queue of the formula.
fn not_ordinary(study: &Scenario, world: &ChildrenWorld, help: &Help) -> Vec<String> {
    let mut reasons = vec!["children come from assessments and handoffs, not at random".to_owned()];
    match &help.ends {
        HelpEnds::Review { .. } => reasons.push("help ends at reviews".to_owned()),
        HelpEnds::Course(Law::Exponential { .. }) => {}
        HelpEnds::Course(_) => reasons.push("stays are not exponential".to_owned()),
    }
    let off = &study.study.comparison.off;
    let is_on = |mechanism| !off.contains(&mechanism);
    let mechanisms = &world.mechanisms;
    let workforce = &mechanisms.workforce;
    let mut places = Vec::new();
    if workforce.turnover > PerYear::ZERO && is_on(crate::scenario::Mechanism::Vacancies) {
        places.push("posts fall vacant");
    }
    if mechanisms.budget_moves.at_most > Probability::ZERO
        && is_on(crate::scenario::Mechanism::BudgetMoves)
    {
        places.push("posts move between services");
    }
    if !places.is_empty() {
        reasons.push(format!(
            "the number of places changes: {}",
            places.join(", ")
        ));
    }
    let mut sizes = study.areas.iter().map(|area| area.children);
    let first = sizes.next();
    if sizes.any(|children| Some(children) != first) {
        reasons.push("areas differ in size, theory takes their mean".to_owned());
    }
    reasons
}
