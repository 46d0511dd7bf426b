//! Decision analysis of a whole study: where in the space of its uncertain values it is run, and what the
//! runs say.
//!
//! [`designs`] says where and [`ensemble`] runs. [`uncertainty`] asks how sure a choice is,
//! [`discover`] where one structure beats another, [`sensitivity`] what matters, [`flip`] and [`tipping`] what
//! would change the answer. What is computed stands in [`crate::analysis::decision`].

pub mod designs;
pub mod discover;
pub mod ensemble;
pub mod equivalent;
pub mod flip;
pub mod sensitivity;
pub mod tipping;
pub mod uncertainty;
pub mod warm_up;

use crate::experiment::results::Named;
use crate::measures::{Direction, IntervalMethod, MEASURES, Measure, Prominence, Scope};
use crate::scenario::{Scenario, ToVary, World};
use designs::Design;
use ensemble::Point;

/// The measures that a study has and that were asked for by their ids; without any, the primary one and
/// those that stand forward. Where a question needs it they are those by which structures can be better or
/// worse (`judged`).
///
/// # Errors
/// The ids that no such measure of the study has.
pub fn measures_of(
    scenario: &Scenario,
    wanted: &[String],
    judged: bool,
) -> Result<Vec<&'static Measure>, Vec<String>> {
    let first = scenario.structures.first().map(|it| &*it.world);
    let scope = match first {
        Some(World::Network(_)) => Scope::Network,
        _ => Scope::Children,
    };
    let primary = &scenario.study.comparison.primary;
    let is_judged = |it: &&'static Measure| {
        it.direction != Direction::Neutral && it.interval != IntervalMethod::Exact
    };
    let of_study = |it: &&'static Measure| it.scope == Scope::Both || it.scope == scope;
    let mut all: Vec<&'static Measure> = (MEASURES.iter().filter(of_study))
        .filter(|it| is_judged(it) || !judged)
        .collect();
    // What the study is about comes first.
    all.sort_by_key(|it| it.id != primary);
    if wanted.is_empty() {
        let forward = |it: &&Measure| it.prominence == Prominence::Headline || it.id == primary;
        return Ok(all.into_iter().filter(forward).collect());
    }
    let mut unknown = Vec::new();
    let mut found = Vec::new();
    for id in wanted {
        match all.iter().find(|it| it.id == id) {
            Some(measure) => found.push(*measure),
            None => unknown.push(id.clone()),
        }
    }
    if unknown.is_empty() {
        Ok(found)
    } else {
        Err(unknown)
    }
}

/// The structures of a study, baseline first.
pub fn structures_of(scenario: &Scenario) -> Vec<Named> {
    let named = scenario.structures.iter().map(|it| Named {
        id: it.id.to_string(),
        name: it.name.clone(),
    });
    named.collect()
}

/// Draws of the values, what was fitted together together, each with a luck of its own, so that they are
/// independent of each other.
fn draws_of(design: Design, draws: usize, study: &ToVary) -> Vec<Point> {
    let seed = study.scenario.study.seed;
    let points = design.points(seed, draws, study.factors().len());
    (points.into_iter().zip(0..))
        // Luck 0 is that of the study as it is stated.
        .map(|(coordinates, number)| Point::of(study, number, number + 1, coordinates))
        .collect()
}
