//! Names, copies and company: what a structure is called and what else is compared with it.

use super::alike::{Comparison, by_id, each};
use super::bench::Bench;
use super::{Outcome, Test};
use crate::scenario::{Id, Scenario, Structure, World};

pub(super) const TESTS: &[Test] = &[
    Test {
        id: "copies",
        done: "every structure is compared with its own copy under another id and another name",
        must_hold: "a structure and its copy differ by nothing",
        find_out: copies,
        runs: |_| 1,
    },
    Test {
        id: "display-names",
        done: "everything is given another display name",
        must_hold: "names that readers see change no number",
        find_out: display_names,
        runs: |_| 1,
    },
    Test {
        id: "organisation-ids",
        done: "every organisation is given another id, in another order of the alphabet, the same in \
               all structures",
        must_hold: "only whether an organisation is that of the baseline counts, not what its id is",
        find_out: organisation_ids,
        runs: |_| 1,
    },
    Test {
        id: "company",
        done: "all structures but the baseline and the last are left out",
        must_hold: "a structure gives the same numbers alone and in company",
        find_out: company,
        runs: |_| 1,
    },
];

fn copies(bench: &Bench<'_>) -> Option<Outcome> {
    let mut both = bench.study.clone();
    let own = both.structures.len();
    let copies: Vec<Structure> = both.structures.iter().map(copy).collect();
    both.structures.extend(copies);
    let results = bench.run(&both)?;
    let mut comparison = Comparison::default();
    let pairs: Vec<(usize, usize)> = (0..own).map(|it| (it, own + it)).collect();
    comparison.runs(&results, &results, &pairs, Clone::clone);
    Some(comparison.outcome())
}

/// The same structure under other names. Organisations keep their ids: an id that the baseline has is
/// the same employer as there.
fn copy(structure: &Structure) -> Structure {
    let mut copy = structure.clone();
    let mut stage = Some(&mut copy);
    while let Some(structure) = stage {
        structure.id = Id::new(&format!("{}-copy", structure.id));
        structure.name.push_str(" (copy)");
        for organisation in &mut structure.organisations {
            turn_round(&mut organisation.name);
        }
        stage = structure.then.as_deref_mut();
    }
    copy
}

fn organisation_ids(bench: &Bench<'_>) -> Option<Outcome> {
    let results = bench.run(&with_other_ids(&bench.study))?;
    let base = bench.base()?;
    let mut comparison = Comparison::default();
    comparison.runs(base, &results, &each(base), Clone::clone);
    Some(comparison.outcome())
}

/// The study with every organisation under another id: the first of before is the last now.
fn with_other_ids(study: &Scenario) -> Scenario {
    let mut study = study.clone();
    let mut ids: Vec<Id> = Vec::new();
    let stages = |of: &mut dyn FnMut(&mut Structure), study: &mut Scenario| {
        for structure in &mut study.structures {
            let mut stage = Some(structure);
            while let Some(structure) = stage {
                of(structure);
                stage = structure.then.as_deref_mut();
            }
        }
    };
    let mut collect = |structure: &mut Structure| {
        ids.extend(structure.organisations.iter().map(|it| it.id.clone()));
    };
    stages(&mut collect, &mut study);
    ids.sort();
    ids.dedup();
    let mut rename = |structure: &mut Structure| {
        for organisation in &mut structure.organisations {
            let place = ids.partition_point(|id| *id < organisation.id);
            organisation.id = Id::new(&format!("body-{:06}", ids.len() - place));
        }
        structure.organisations.sort_by(|a, b| a.id.cmp(&b.id));
    };
    stages(&mut rename, &mut study);
    study
}

fn display_names(bench: &Bench<'_>) -> Option<Outcome> {
    let results = bench.run(&renamed(&bench.study))?;
    let base = bench.base()?;
    let mut comparison = Comparison::default();
    comparison.runs(base, &results, &each(base), Clone::clone);
    Some(comparison.outcome())
}

/// The study with every display name turned round.
fn renamed(study: &Scenario) -> Scenario {
    let mut study = study.clone();
    turn_round(&mut study.study.name);
    for area in &mut study.areas {
        turn_round(&mut area.name);
    }
    for structure in &mut study.structures {
        rename_for_display(structure);
    }
    study
}

fn rename_for_display(structure: &mut Structure) {
    turn_round(&mut structure.name);
    for organisation in &mut structure.organisations {
        turn_round(&mut organisation.name);
    }
    for layer in &mut structure.governance.oversight {
        turn_round(&mut layer.name);
    }
    let mut world = (*structure.world).clone();
    match &mut world {
        World::Children(world) => {
            let needs = world.needs.iter_mut().map(|it| &mut it.name);
            let services = world.services.iter_mut().map(|it| &mut it.name);
            let outside = world.outside.iter_mut().map(|it| &mut it.name);
            let steps = world.mechanisms.joint_steps.iter_mut();
            let kinds = world.mechanisms.oversight.iter_mut();
            needs
                .chain(services)
                .chain(outside)
                .chain(steps.map(|it| &mut it.name))
                .chain(kinds.map(|it| &mut it.name))
                .for_each(turn_round);
        }
        World::Network(world) => {
            let kinds = world.kinds.iter_mut().map(|it| &mut it.name);
            let stations = world.stations.iter_mut().map(|it| &mut it.name);
            kinds.chain(stations).for_each(turn_round);
        }
    }
    structure.world = world.into();
    if let Some(then) = &mut structure.then {
        rename_for_display(then);
    }
}

fn turn_round(name: &mut String) {
    *name = format!("{} (Nr. 9)", name.chars().rev().collect::<String>());
}

fn company(bench: &Bench<'_>) -> Option<Outcome> {
    let mut alone = bench.study.clone();
    if alone.structures.len() < 3 {
        return Some(Outcome::not_applicable(
            "the study compares fewer than three structures",
        ));
    }
    let last = alone.structures.len() - 1;
    alone.structures.swap(1, last);
    alone.structures.truncate(2);
    let results = bench.run(&alone)?;
    let base = bench.base()?;
    let mut comparison = Comparison::default();
    comparison.runs(&results, base, &by_id(&results, base), Clone::clone);
    Some(comparison.outcome())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::inquiry::verify::bench::tests::with_bench;

    #[test]
    fn a_copy_that_is_none_is_found_out() {
        with_bench("duty-desk", None, |bench| {
            let mut both = bench.study.clone();
            let mut wrong = copy(&both.structures[0]);
            // A deliberate fault: the copy of the baseline has the organisations of the other.
            wrong.organisations = both.structures[1].organisations.clone();
            both.structures.push(wrong);
            let results = bench.run(&both).unwrap();
            let mut comparison = Comparison::default();
            comparison.runs(&results, &results, &[(0, 2)], Clone::clone);
            let outcome = comparison.outcome();
            let Outcome::Fail { first, .. } = outcome else {
                panic!("{outcome:?}");
            };
            assert!(
                first.starts_with("trial 1, Council and charity: "),
                "{first}"
            );
        });
    }

    #[test]
    fn organisations_change_ids_but_not_who_is_who() {
        with_bench("childrens-trusts-2003", Some("disability-trust"), |bench| {
            let other = with_other_ids(&bench.study);
            let id_of = |study: &Scenario, structure: usize, service: &str| {
                let all = &study.structures[structure].organisations;
                let runs = all.iter().find(|it| it.runs.contains(&Id::new(service)));
                runs.unwrap().id.clone()
            };
            for service in ["child-protection", "disabled-children"] {
                let was_same = id_of(&bench.study, 0, service) == id_of(&bench.study, 1, service);
                let is_same = id_of(&other, 0, service) == id_of(&other, 1, service);
                assert_eq!(was_same, is_same, "{service}");
                assert_ne!(id_of(&bench.study, 0, service), id_of(&other, 0, service));
            }
        });
    }

    #[test]
    fn every_name_is_another_and_no_id() {
        with_bench("childrens-trusts-2003", Some("local-trust"), |bench| {
            let renamed = renamed(&bench.study);
            for (one, other) in bench.study.structures.iter().zip(&renamed.structures) {
                assert_eq!(one.id, other.id);
                assert_ne!(one.name, other.name);
                let names = |it: &Structure| match &*it.world {
                    World::Children(world) => world.services[0].name.clone(),
                    World::Network(world) => world.stations[0].name.clone(),
                };
                assert_ne!(names(one), names(other));
            }
        });
    }
}
