//! The closed-form companion of each queue, where one exists, beside what was simulated; and why the
//! two may part.

mod children;
mod network;

use super::alike::Comparison;
use super::bench::Bench;
use super::{Check, Outcome};
use crate::analysis::{Estimate, Sampled};
use crate::experiment::results::{Results, ServiceTally};
use crate::measures::IntervalMethod;
use crate::scenario::World;

/// Runs of the study that the comparison takes.
pub(super) const RUNS: u32 = 1;

/// The chance that chance alone makes the test of exact queues fail.
pub const FALSE_ALARM: f64 = 1e-4;

/// Trials at full size unless the user says otherwise: of children, who take long, and of networks.
const TRIALS_OF_CHILDREN: u32 = 4;
const TRIALS_OF_NETWORK: u32 = 20;

const SECONDS_A_DAY: f64 = 86_400.0;

/// What is compared of a service.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Quantity {
    /// Arrivals a day, those turned away among them.
    Arrivals,
    /// Share of arrivals turned away because the waiting room is full.
    TurnedAway,
    /// Mean days in the waiting list, of all who joined it.
    Wait,
    /// Places in use on average.
    InUse,
}

impl Quantity {
    /// Words for readers, with the unit.
    pub fn label(self) -> &'static str {
        match self {
            Self::Arrivals => "arrivals a day",
            Self::TurnedAway => "turned away, %",
            Self::Wait => "mean wait, days",
            Self::InUse => "places in use",
        }
    }

    /// Word for it in files.
    pub fn id(self) -> &'static str {
        match self {
            Self::Arrivals => "arrivals_per_day",
            Self::TurnedAway => "turned_away_percent",
            Self::Wait => "mean_wait_days",
            Self::InUse => "places_in_use",
        }
    }
}

/// One quantity of one service beside what theory says of it.
#[derive(Debug, Clone, PartialEq)]
pub struct Queue {
    /// Name of the service.
    pub service: String,
    /// What is compared.
    pub quantity: Quantity,
    /// What theory it is: `Erlang C, 4 places`.
    pub theory_name: String,
    /// As simulated; `None` where nothing came.
    pub simulated: Option<Estimate>,
    /// As theory has it; `None` where there is no formula or no steady state.
    pub theory: Option<f64>,
    /// Why the two may part, in words; empty where theory is exact.
    pub reasons: Vec<String>,
    /// Is the gap within luck? `None` where theory is not exact, or trials are too few to tell.
    pub agrees: Option<bool>,
}

impl Queue {
    /// Is it what theory says exactly?
    pub fn is_exact(&self) -> bool {
        self.theory.is_some() && self.reasons.is_empty()
    }
}

/// Queues beside theory, and how they were simulated.
pub(super) struct Compared {
    pub(super) queues: Vec<Queue>,
    pub(super) trials: u32,
    pub(super) structure: String,
}

/// Simulates the baseline at full size and holds its queues against theory.
pub(super) fn compare(bench: &Bench<'_>) -> Option<Compared> {
    let mut study = bench.full.clone();
    study.structures.truncate(1);
    study.study.comparison.also_at_posts.clear();
    let most = match bench.has_children() {
        true => TRIALS_OF_CHILDREN,
        false => TRIALS_OF_NETWORK,
    };
    study.study.trials = bench.request.trials.unwrap_or(study.study.trials.min(most));
    let results = bench.run(&study)?;
    bench.settle(RUNS);
    let structure = study.structures.first()?;
    let mut queues = match &*structure.world {
        World::Network(network) => network::companions(&study, structure, network, &results),
        World::Children(world) => children::companions(&study, world, &results),
    };
    judge(&mut queues);
    Some(Compared {
        queues: queues.into_iter().map(|(queue, _)| queue).collect(),
        trials: study.study.trials,
        structure: structure.name.clone(),
    })
}

/// Holds exact theory against what was simulated; the chance of a false alarm is shared out.
fn judge(queues: &mut [(Queue, Sampled)]) {
    let exact = queues.iter().filter(|(queue, _)| queue.is_exact()).count();
    for (queue, sampled) in queues {
        if let (true, Some(theory)) = (queue.is_exact(), queue.theory) {
            queue.agrees = sampled.is_within_luck(theory, FALSE_ALARM / exact as f64);
        }
    }
}

impl Compared {
    /// The queues that theory knows exactly, as a test.
    pub(super) fn check(&self) -> Check {
        let mut comparison = Comparison::default();
        for queue in &self.queues {
            let (Some(agrees), Some(theory)) = (queue.agrees, queue.theory) else {
                continue;
            };
            comparison.holds(agrees, true, || {
                let simulated = queue.simulated.map_or(f64::NAN, |it| it.value);
                format!(
                    "{} of {}: {simulated:.4} simulated against {theory:.4}, more than luck",
                    queue.quantity.label(),
                    queue.service
                )
            });
        }
        let outcome = match self.queues.iter().any(|it| it.agrees.is_some()) {
            true => comparison.outcome(),
            false => Outcome::not_applicable(
                "theory is exact for no queue of this study; the reasons stand beside each below",
            ),
        };
        Check {
            id: "theory",
            done: "queues that theory knows exactly are simulated at full size",
            must_hold: "simulation and theory differ by no more than luck (one false alarm in 10,000)",
            outcome,
        }
    }
}

/// One count of a service over another, as a ratio with luck.
fn ratio(
    results: &Results,
    service: usize,
    above: impl Fn(&ServiceTally) -> u64,
    below: impl Fn(&ServiceTally) -> u64,
    factor: f64,
) -> Sampled {
    let of = |pick: &dyn Fn(&ServiceTally) -> u64| -> Vec<u64> {
        let trials = results.trials.iter();
        trials
            .map(|trial| pick(&trial[0].services[service]))
            .collect()
    };
    Sampled::of_ratio(&of(&above), &of(&below), factor)
}

/// What was simulated of a service: the quantity, pooled and by trial.
fn simulated(results: &Results, service: usize, quantity: Quantity) -> Sampled {
    let observed = u64::from(results.observed.to_seconds());
    match quantity {
        Quantity::Arrivals => ratio(
            results,
            service,
            |it| it.joined + it.turned_away,
            |_| observed,
            SECONDS_A_DAY,
        ),
        Quantity::TurnedAway => ratio(
            results,
            service,
            |it| it.turned_away,
            |it| it.joined + it.turned_away,
            100.0,
        ),
        Quantity::Wait => ratio(
            results,
            service,
            |it| it.queue_seconds,
            |it| it.joined,
            1.0 / SECONDS_A_DAY,
        ),
        Quantity::InUse => ratio(
            results,
            service,
            |it| it.occupied_seconds,
            |_| observed,
            1.0,
        ),
    }
}

/// A companion, with what it was simulated from.
fn companion(
    results: &Results,
    service: usize,
    quantity: Quantity,
    theory_name: &str,
    theory: Option<f64>,
    reasons: Vec<String>,
) -> (Queue, Sampled) {
    let sampled = simulated(results, service, quantity);
    let queue = Queue {
        service: results.services[service].name.clone(),
        quantity,
        theory_name: theory_name.to_owned(),
        simulated: sampled.estimate(IntervalMethod::Jackknife, f64::INFINITY),
        theory,
        reasons,
        agrees: None,
    };
    (queue, sampled)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn queue(theory: f64, above: &[u64]) -> (Queue, Sampled) {
        let below = vec![100; above.len()];
        let sampled = Sampled::of_ratio(above, &below, 1.0);
        let queue = Queue {
            service: "Duty desk".to_owned(),
            quantity: Quantity::Wait,
            theory_name: "Erlang C, 1 place".to_owned(),
            simulated: sampled.estimate(IntervalMethod::Jackknife, f64::INFINITY),
            theory: Some(theory),
            reasons: Vec::new(),
            agrees: None,
        };
        (queue, sampled)
    }

    fn found(theory: f64) -> Outcome {
        let mut queues = vec![queue(theory, &[100, 104, 97, 99, 101, 103, 98, 102])];
        judge(&mut queues);
        let compared = Compared {
            queues: queues.into_iter().map(|(queue, _)| queue).collect(),
            trials: 8,
            structure: String::new(),
        };
        compared.check().outcome
    }

    #[test]
    fn a_queue_off_its_theory_fails_and_says_by_how_much() {
        assert!(matches!(found(1.0), Outcome::Pass { compared: 1, .. }));
        let Outcome::Fail { first, .. } = found(2.0) else {
            panic!("a queue at half its theory passes");
        };
        assert_eq!(
            first,
            "mean wait, days of Duty desk: 1.0050 simulated against 2.0000, more than luck"
        );
    }

    #[test]
    fn a_gap_with_a_reason_is_no_failure() {
        let (mut queue, sampled) = queue(2.0, &[100, 104, 97]);
        queue.reasons.push("the warm-up is short".to_owned());
        let mut queues = [(queue, sampled)];
        judge(&mut queues);
        assert_eq!(queues[0].0.agrees, None);
    }
}
