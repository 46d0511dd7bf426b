//! Which way things went where theory leaves the direction open: told, never asserted. With room for
//! all, worse handoffs and fewer places never miss fewer; where services are crowded, slower entry can
//! relieve the queue behind it.

use std::sync::Arc;

use super::bench::Bench;
use crate::experiment::results::Results;
use crate::measures::Count;
use crate::scenario::{Handoff, Scenario, World};
use crate::units::Factor;

/// What one change of the study did under the baseline.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Observation {
    /// What was changed.
    pub done: &'static str,
    /// What was counted.
    pub counted: &'static str,
    /// As the study is.
    pub before: u64,
    /// After the change.
    pub after: u64,
}

pub(super) fn runs(bench: &Bench<'_>) -> u32 {
    if bench.has_children() { 2 } else { 1 }
}

pub(super) fn observe(bench: &Bench<'_>) -> Option<Vec<Observation>> {
    let counted = |results: &Results| -> u64 {
        let baseline = results.trials.iter().filter_map(|trial| trial.first());
        if bench.has_children() {
            baseline.map(|tally| tally.count(Count::KnownMissed)).sum()
        } else {
            let lost = |count| {
                baseline
                    .clone()
                    .map(|tally| tally.count(count))
                    .sum::<u64>()
            };
            lost(Count::SilentLosses) + lost(Count::GaveUp)
        }
    };
    let words = if bench.has_children() {
        "known missed cases under the baseline"
    } else {
        "cases lost or given up under the baseline"
    };
    let before = counted(bench.base()?);
    let mut found = Vec::new();
    let lossy = baseline_alone(more_loss(&bench.study));
    // Twice nothing is nothing.
    if lossy.structures[..] != bench.study.structures[..1] {
        found.push(Observation {
            done: "twice the silent loss of handoffs",
            counted: words,
            before,
            after: counted(&bench.run(&lossy)?),
        });
    }
    if bench.has_children() {
        found.push(Observation {
            done: "a fifth fewer posts",
            counted: words,
            before,
            after: counted(&bench.run(&baseline_alone(fewer_posts(&bench.study)))?),
        });
    }
    bench.settle(runs(bench));
    Some(found)
}

fn baseline_alone(mut study: Scenario) -> Scenario {
    study.structures.truncate(1);
    study
}

fn more_loss(study: &Scenario) -> Scenario {
    let mut study = study.clone();
    for structure in &mut study.structures {
        let mut world = (*structure.world).clone();
        let double = |handoff: &mut Handoff| {
            handoff.silent_loss = handoff.silent_loss.times(2.0);
        };
        match &mut world {
            World::Children(world) => double(&mut world.handoff),
            World::Network(world) => world.handoff.iter_mut().for_each(double),
        }
        structure.world = Arc::new(world);
    }
    study
}

fn fewer_posts(study: &Scenario) -> Scenario {
    let mut study = study.clone();
    let factor = study.study.comparison.posts.get() * 0.8;
    study.study.comparison.posts = Factor::try_from(factor).unwrap_or(Factor::ONE);
    study
}
