//! Neutral values: where no seam costs anything all structures are alike, and a mechanism that is off is
//! one at its neutral value, and one that no file states.

use super::alike::{Comparison, by_id, each, history, place, without_kinds};
use super::bench::Bench;
use super::{Outcome, Test, texts};
use crate::experiment::results::Results;
use crate::scenario::{
    ChildrenWorld, Mechanism, Request, Scenario, SourceFile, Structure, World, load_rewritten,
};

pub(super) const TESTS: &[Test] = &[
    Test {
        id: "all-off",
        done: "every mechanism is switched off",
        must_hold: "all structures then have the same histories; only the kinds of their handoffs have \
                    other names",
        find_out: all_off,
        runs: of_children,
    },
    Test {
        id: "each-off",
        done: "each mechanism is switched off by its word, and by setting its values to neutral",
        must_hold: "both give the same numbers",
        find_out: each_off,
        runs: |bench| of_children(bench) * 2 * Mechanism::ALL.len() as u32,
    },
    Test {
        id: "left-out",
        done: "the tables of mechanisms are left out of the files, where nothing names them",
        must_hold: "a mechanism that no file states is one that is off",
        find_out: left_out,
        runs: |bench| of_children(bench) * 2,
    },
];

const NO_MECHANISMS: &str =
    "a network has no mechanisms beyond what its services and handoffs state";

fn of_children(bench: &Bench<'_>) -> u32 {
    u32::from(bench.has_children())
}

/// The structures that differ from the baseline in their partitions and words alone, by their place.
/// Factors of overlays on posts and values are no mechanism and cannot be switched off.
fn without_factors(study: &Scenario) -> Vec<usize> {
    let Some(baseline) = study.structures.first() else {
        return Vec::new();
    };
    fn is_plain(structure: &Structure, baseline: &Structure) -> bool {
        let then = structure.then.as_deref();
        structure.posts == baseline.posts
            && structure.world == baseline.world
            && then.is_none_or(|then| is_plain(then, baseline))
    }
    let all = study.structures.iter().enumerate().skip(1);
    all.filter(|(_, it)| is_plain(it, baseline))
        .map(|(place, _)| place)
        .collect()
}

fn all_off(bench: &Bench<'_>) -> Option<Outcome> {
    if !bench.has_children() {
        return Some(Outcome::not_applicable(NO_MECHANISMS));
    }
    let compared = without_factors(&bench.study);
    if compared.is_empty() {
        return Some(Outcome::not_applicable(
            "no structure but the baseline is without factors of overlays",
        ));
    }
    let mut study = bench.study.clone();
    study.study.comparison.off = Mechanism::ALL.to_vec();
    let results = bench.run(&study)?;
    let left_out = study.structures.len() - 1 - compared.len();
    let note = (left_out > 0).then(|| {
        format!("structures left out, for their overlays put factors on values: {left_out}")
    });
    Some(alike(&results, &compared).outcome_with(note))
}

/// Holds each structure of a run against the baseline of the same run.
fn alike(results: &Results, structures: &[usize]) -> Comparison {
    let mut comparison = Comparison::default();
    for (number, trial) in results.trials.iter().enumerate() {
        let Some(baseline) = trial.first().map(without_kinds) else {
            continue;
        };
        for structure in structures {
            let place = place(number, results, *structure);
            let other = without_kinds(&trial[*structure]);
            comparison.tallies(&place, results, &other, &baseline);
        }
    }
    comparison
}

fn each_off(bench: &Bench<'_>) -> Option<Outcome> {
    if !bench.has_children() {
        return Some(Outcome::not_applicable(NO_MECHANISMS));
    }
    let base = bench.base()?;
    let mut all = Comparison::default();
    let mut compared_by_values = 0;
    let mut effective = 0;
    for mechanism in Mechanism::ALL {
        let mut off = bench.study.clone();
        off.study.comparison.off.push(*mechanism);
        let values = neutral_values(bench.full, *mechanism);
        let neutral = match &values {
            Values::None => continue,
            Values::NotStated => None,
            Values::Of(values) => {
                let request = Request {
                    set: [&bench.request.set[..], values].concat(),
                    ..bench.request.clone()
                };
                match load_rewritten(&request, &[]) {
                    Ok(read) => Some(bench.small_form(&read)),
                    // An overlay's factor may forbid the neutral value.
                    Err(_) => continue,
                }
            }
        };
        let off = bench.run(&off)?;
        compared_by_values += 1;
        effective += u32::from(!are_same_histories(base, &off));
        let found = match neutral {
            Some(neutral) => histories(&off, &bench.run(&neutral)?),
            None => histories(&off, base),
        };
        all.join(&format!("\"{}\" off", mechanism.id()), found);
    }
    let none = Mechanism::ALL.len() - compared_by_values;
    Some(all.outcome_with(Some(format!(
        "{compared_by_values} mechanisms, of which {effective} make a difference in this study; {none} \
         cannot be set to neutral by values alone"
    ))))
}

fn histories(one: &Results, other: &Results) -> Comparison {
    let mut comparison = Comparison::default();
    let mut plain = one.clone();
    for tally in plain.trials.iter_mut().flatten() {
        *tally = history(tally);
    }
    comparison.runs(&plain, other, &each(one), history);
    comparison
}

fn are_same_histories(one: &Results, other: &Results) -> bool {
    let tallies = |results: &Results| -> Vec<_> {
        let all = results.trials.iter().flatten();
        all.map(history).collect()
    };
    tallies(one) == tallies(other)
}

/// The settings that make a mechanism neutral.
enum Values {
    /// None do.
    None,
    /// No file of the study states the mechanism: it is off as it is.
    NotStated,
    /// These.
    Of(Vec<String>),
}

fn neutral_values(study: &Scenario, mechanism: Mechanism) -> Values {
    let Some(all) = neutral_paths(study, mechanism) else {
        return Values::None;
    };
    let is_stated = |setting: &&String| {
        let path = setting.split('=').next().unwrap_or_default();
        let parameters = &study.parameters;
        parameters
            .binary_search_by(|it| it.path.as_str().cmp(path))
            .is_ok()
    };
    let stated: Vec<String> = all.iter().filter(is_stated).cloned().collect();
    match stated.is_empty() {
        true => Values::NotStated,
        false => Values::Of(stated),
    }
}

fn children_world(study: &Scenario) -> Option<&ChildrenWorld> {
    match &*study.structures.first()?.world {
        World::Children(world) => Some(world),
        World::Network(_) => None,
    }
}

/// Every path of a mechanism with its neutral value; `None` where values alone do not make it neutral.
fn neutral_paths(study: &Scenario, mechanism: Mechanism) -> Option<Vec<String>> {
    let world = children_world(study)?;
    let of_oversight = |keys: &[&str]| -> Vec<String> {
        let kinds = world.mechanisms.oversight.iter();
        kinds
            .flat_map(|kind| {
                keys.iter()
                    .map(move |key| format!("oversight.{}.{key}=0%", kind.id))
            })
            .collect()
    };
    let values: &[&str] = match mechanism {
        Mechanism::Organisations => &[
            "closeness.same_team=times 1",
            "closeness.same_organisation=times 1",
            "closeness.between_organisations=times 1",
            "closeness.between_areas=times 1",
            "priority.lead_sector_weight=times 1",
        ],
        Mechanism::Records => &["records.seen_elsewhere=100%"],
        Mechanism::Budgets => &["funding.panel_every=0 days"],
        Mechanism::Assessment => &["assessment.accepted_elsewhere=100%"],
        Mechanism::FrontDoors => &["intake.shared_by_all=true"],
        Mechanism::Workforce => &["workforce.covered_by_all=true"],
        Mechanism::BudgetMoves => &["budget_moves.at_most=0%"],
        Mechanism::Moves => &[
            "moves.delay=exactly 0 days",
            "moves.silent_loss=0%",
            "moves.detected_loss=0%",
        ],
        Mechanism::Relations => &[
            "relations.beta=0%",
            "relations.matures=0 days",
            "relations.mean=0%",
            "relations.effort_takes=0%",
        ],
        Mechanism::LeadProfessional => &[
            "lead_professional.finds=0%",
            "lead_professional.chase=times 1",
            "lead_professional.hours_a_month=0",
        ],
        Mechanism::Oversight => {
            let mut all = of_oversight(&["sees", "takes"]);
            all.push("deadline.targets=times 1".to_owned());
            return Some(all);
        }
        // Steps without length still ask for parts; posts would have to be fewer; lists would have to
        // be without an end.
        Mechanism::JointSteps | Mechanism::GivingUp | Mechanism::Vacancies => return None,
        Mechanism::WorkerChanges => &["workforce.worker_changes=0 per year"],
        Mechanism::Adoption => &["adoption.joins=100%", "adoption.slope=0"],
        Mechanism::AreaSpread => &["area_spread.relations=0", "area_spread.thresholds=0"],
        Mechanism::Change => &[
            "change.lead_time=0 days",
            "change.blight=0%",
            "change.dip=0%",
            "change.extra_turnover=times 1",
            "change.build.records=0 days",
            "change.build.budgets=0 days",
            "change.build.assessment=0 days",
            "change.build.front_doors=0 days",
            "change.build.workforce=0 days",
        ],
        Mechanism::Deadline => &["deadline.pulled=0%"],
        Mechanism::Rationing => &["rationing.rises=0"],
        Mechanism::LeavingAge => &["leaving.hands_over=false"],
        Mechanism::Siblings => &["siblings.share=0%"],
        Mechanism::Losses => &[
            "handoff.silent_loss=0%",
            "handoff.detected_loss=0%",
            "moves.silent_loss=0%",
            "moves.detected_loss=0%",
        ],
        Mechanism::Presentation => &["presentation.spread=0"],
        Mechanism::Conclusions => &["records.conclusion=0"],
        Mechanism::Overheads => {
            let mut all = of_oversight(&["takes"]);
            let steps = world.mechanisms.joint_steps.iter();
            all.extend(steps.map(|step| format!("joint_step.{}.hours=0", step.id)));
            all.extend(
                [
                    "costs.chase_hours=0",
                    "costs.reply_hours=0",
                    "costs.panel_hours=0",
                    "lead_professional.hours_a_month=0",
                    "relations.effort_takes=0%",
                ]
                .map(str::to_owned),
            );
            return Some(all);
        }
    };
    Some(values.iter().map(|value| (*value).to_owned()).collect())
}

/// Tables at the top of a parameter file that hold one mechanism and nothing else.
const TABLES: &[(&str, Mechanism)] = &[
    ("relations", Mechanism::Relations),
    ("lead_professional", Mechanism::LeadProfessional),
    ("budget_moves", Mechanism::BudgetMoves),
    ("adoption", Mechanism::Adoption),
    ("area_spread", Mechanism::AreaSpread),
    ("change", Mechanism::Change),
    ("deadline", Mechanism::Deadline),
    ("rationing", Mechanism::Rationing),
    ("leaving", Mechanism::LeavingAge),
    ("siblings", Mechanism::Siblings),
    ("joint_step", Mechanism::JointSteps),
];

fn left_out(bench: &Bench<'_>) -> Option<Outcome> {
    if !bench.has_children() {
        return Some(Outcome::not_applicable(NO_MECHANISMS));
    }
    let read =
        |keys: &[&str]| load_rewritten(bench.request, &files_without(&bench.full.files, keys));
    let is_stated = |key: &str| {
        let parameters = bench.full.parameters.iter();
        let within = format!("{key}.");
        parameters.clone().any(|it| it.path.starts_with(&within))
    };
    // Structures and overlays may name a table; it has to stay then.
    let can_go: Vec<(&str, Mechanism)> = TABLES
        .iter()
        .copied()
        .filter(|(key, _)| is_stated(key) && read(&[key]).is_ok())
        .collect();
    let keys: Vec<&str> = can_go.iter().map(|(key, _)| *key).collect();
    let without = match read(&keys) {
        Ok(without) if !keys.is_empty() => bench.small_form(&without),
        _ => {
            return Some(Outcome::not_applicable(
                "structures, overlays or settings name every table of a mechanism",
            ));
        }
    };
    let mut off = bench.study.clone();
    off.study
        .comparison
        .off
        .extend(can_go.iter().map(|it| it.1));
    // The observed time follows from the lead time of the change: it has to be the same.
    let mut without = without;
    without.study.observe = off.study.observe;
    without.study.comparison.second_decision = off.study.comparison.second_decision;
    let (off, without) = (bench.run(&off)?, bench.run(&without)?);
    let mut comparison = Comparison::default();
    let mut plain = off.clone();
    for tally in plain.trials.iter_mut().flatten() {
        *tally = history(tally);
    }
    comparison.runs(&plain, &without, &by_id(&plain, &without), history);
    Some(comparison.outcome_with(Some(format!("left out: {}", keys.join(", ")))))
}

fn files_without(files: &[SourceFile], keys: &[&str]) -> Vec<SourceFile> {
    let mut less = texts::rewritten(files, |table| texts::without(table, keys));
    for (less, file) in less.iter_mut().zip(files) {
        // Only parameter files hold these tables; [change] of another kind of file is another thing.
        if !file.label.starts_with("parameters/") {
            less.text = file.text.clone();
        }
    }
    less
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::inquiry::verify::bench::tests::with_bench;

    /// A deliberate fault: some seams keep their cost.
    #[test]
    fn structures_that_are_not_alike_are_found_out() {
        with_bench("childrens-trusts-2003", Some("local-trust"), |bench| {
            let mut study = bench.study.clone();
            let off = Mechanism::ALL.iter().copied();
            let left_on = [
                Mechanism::Organisations,
                Mechanism::Budgets,
                Mechanism::Assessment,
            ];
            study.study.comparison.off = off.filter(|it| !left_on.contains(it)).collect();
            let results = bench.run(&study).unwrap();
            let outcome = alike(&results, &[1]).outcome();
            assert!(matches!(outcome, Outcome::Fail { .. }), "{outcome:?}");
            assert!(matches!(all_off(bench).unwrap(), Outcome::Pass { .. }));
        });
    }

    #[test]
    fn a_value_that_is_not_neutral_is_found_out() {
        with_bench("childrens-trusts-2003", Some("local-trust"), |bench| {
            let off = |mechanism| {
                let mut study = bench.study.clone();
                study.study.comparison.off.push(mechanism);
                bench.run(&study).unwrap()
            };
            let found = histories(&off(Mechanism::Losses), &off(Mechanism::Moves));
            assert!(found.differing() > 0);
        });
    }

    #[test]
    fn every_mechanism_has_neutral_values_or_is_known_to_have_none() {
        with_bench("childrens-trusts-2003", Some("local-trust"), |bench| {
            let none = Mechanism::ALL.iter().filter(|mechanism| {
                matches!(neutral_values(bench.full, **mechanism), Values::None)
            });
            let none: Vec<&str> = none.map(|it| it.id()).collect();
            assert_eq!(none, ["joint_steps", "vacancies", "giving_up"]);
        });
    }
}
