//! A verification as JSON. Its keys are a promise, as those of the summary are.

use serde::Serialize;

use super::{EstimateView, of_estimate};
use crate::inquiry::verify::{Check, FALSE_ALARM, Outcome, Queue, Verification};
use crate::report::numbers::rounded;
use crate::scenario::Study;

#[derive(Serialize)]
struct Document<'a> {
    study: StudyView<'a>,
    passes: bool,
    tests_on: TestsOn,
    tests: Vec<TestView<'a>>,
    queues: QueuesView<'a>,
    observations: Vec<ObservationView<'a>>,
}

#[derive(Serialize)]
struct StudyView<'a> {
    id: &'a str,
    name: &'a str,
    seed: u64,
}

#[derive(Serialize)]
struct TestsOn {
    children: u64,
    structures: usize,
    trials: u32,
    warm_up_days: f64,
    observed_days: f64,
    is_smaller_than_the_study: bool,
}

#[derive(Serialize)]
struct TestView<'a> {
    id: &'a str,
    done: &'a str,
    must_hold: &'a str,
    outcome: &'a str,
    compared: Option<u64>,
    differing: Option<u64>,
    first_difference: Option<&'a str>,
    note: Option<&'a str>,
}

#[derive(Serialize)]
struct QueuesView<'a> {
    structure: &'a str,
    trials: u32,
    warm_up_days: f64,
    observed_days: f64,
    chance_of_a_false_alarm: f64,
    of_services: Vec<QueueView<'a>>,
}

#[derive(Serialize)]
struct QueueView<'a> {
    service: &'a str,
    quantity: &'a str,
    simulated: Option<EstimateView>,
    theory_name: &'a str,
    theory: Option<f64>,
    is_exact: bool,
    within_luck: Option<bool>,
    reasons: &'a [String],
}

#[derive(Serialize)]
struct ObservationView<'a> {
    done: &'a str,
    counted: &'a str,
    before: u64,
    after: u64,
}

/// All that verification found, as JSON.
pub fn verification(found: &Verification, study: &Study) -> String {
    let document = Document {
        study: StudyView {
            id: study.id.as_str(),
            name: &study.name,
            seed: study.seed,
        },
        passes: found.passes(),
        tests_on: TestsOn {
            children: found.design.children,
            structures: found.design.structures,
            trials: found.design.trials,
            warm_up_days: found.design.warm_up.get(),
            observed_days: found.design.observe.get(),
            is_smaller_than_the_study: found.design.is_reduced,
        },
        tests: found.checks.iter().map(test).collect(),
        queues: QueuesView {
            structure: &found.queue_structure,
            trials: found.queue_trials,
            warm_up_days: study.warm_up.get(),
            observed_days: study.observe.get(),
            chance_of_a_false_alarm: FALSE_ALARM,
            of_services: found.queues.iter().map(queue).collect(),
        },
        observations: found
            .observations
            .iter()
            .map(|it| ObservationView {
                done: it.done,
                counted: it.counted,
                before: it.before,
                after: it.after,
            })
            .collect(),
    };
    serde_json::to_string_pretty(&document).expect("plain numbers and text are always JSON")
}

fn test(check: &Check) -> TestView<'_> {
    let mut view = TestView {
        id: check.id,
        done: check.done,
        must_hold: check.must_hold,
        outcome: check.outcome.id(),
        compared: None,
        differing: None,
        first_difference: None,
        note: None,
    };
    match &check.outcome {
        Outcome::Pass { compared, note } => {
            view.compared = Some(*compared);
            view.differing = Some(0);
            view.note = note.as_deref();
        }
        Outcome::Fail {
            compared,
            differing,
            first,
        } => {
            view.compared = Some(*compared);
            view.differing = Some(*differing);
            view.first_difference = Some(first);
        }
        Outcome::NotApplicable { why } => view.note = Some(why),
    }
    view
}

fn queue(queue: &Queue) -> QueueView<'_> {
    QueueView {
        service: &queue.service,
        quantity: queue.quantity.id(),
        simulated: queue.simulated.as_ref().map(of_estimate),
        theory_name: &queue.theory_name,
        theory: queue.theory.map(rounded),
        is_exact: queue.is_exact(),
        within_luck: queue.agrees,
        reasons: &queue.reasons,
    }
}
