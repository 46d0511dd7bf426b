//! Services that nobody uses.

use super::alike::{Comparison, without_services};
use super::bench::Bench;
use super::{Outcome, Test};
use crate::experiment::results::Results;
use crate::scenario::{Footprint, Id, Organisation, Scenario, Service, Station, Structure, World};

pub(super) const TESTS: &[Test] = &[Test {
    id: "unused-services",
    done: "two services that nobody uses are added, the first and the last of the alphabet, each with \
           an organisation of its own",
    must_hold: "nothing changes for the others, and nothing happens at the two",
    find_out: unused,
    runs: |_| 1,
}];

/// Ids before and after all others, whatever they are.
const UNUSED: [&str; 2] = ["0-unused", "zzzz-unused"];

fn unused(bench: &Bench<'_>) -> Option<Outcome> {
    let results = bench.run(&with_unused(&bench.study))?;
    Some(compare(bench.base()?, &results).outcome())
}

fn compare(base: &Results, more: &Results) -> Comparison {
    let rows: Vec<usize> = more
        .services
        .iter()
        .enumerate()
        .filter(|(_, service)| UNUSED.contains(&service.id.as_str()))
        .map(|(row, _)| row)
        .collect();
    let mut comparison = Comparison::default();
    let pairs = super::alike::each(base);
    comparison.runs(base, more, &pairs, |tally| without_services(tally, &rows).0);
    let busy: u64 = more
        .trials
        .iter()
        .flatten()
        .map(|tally| without_services(tally, &rows).1)
        .sum();
    comparison.numbers(0, busy, || "numbers at the unused services".to_owned());
    comparison
}

fn with_unused(study: &Scenario) -> Scenario {
    let mut study = study.clone();
    for structure in &mut study.structures {
        add_to(structure);
    }
    study
}

fn add_to(structure: &mut Structure) {
    let mut world = (*structure.world).clone();
    for id in UNUSED.map(Id::new) {
        let name = "Not used".to_owned();
        match &mut world {
            World::Children(world) => {
                world.services.push(Service {
                    id: id.clone(),
                    name,
                    meets: None,
                    help: None,
                    sector: None,
                    skill: None,
                });
                world.services.sort_by(|a, b| a.id.cmp(&b.id));
            }
            World::Network(world) => {
                // Cases that would come here would be closed at once; none does.
                let ways = world.stations.first().map(|it| it.routes.clone());
                let mut routes = ways.unwrap_or_default();
                routes.iter_mut().for_each(|route| route.next = None);
                world.stations.push(Station {
                    id: id.clone(),
                    name,
                    places: None,
                    priority: Vec::new(),
                    gives_up: None,
                    waiting_room: None,
                    turned_away: None,
                    places_considered: Vec::new(),
                    routes,
                });
                world.stations.sort_by(|a, b| a.id.cmp(&b.id));
            }
        }
        structure.organisations.push(Organisation {
            id: id.clone(),
            name: "Not used".to_owned(),
            footprint: Footprint::Area,
            runs: vec![id.clone()],
        });
        for blocks in [
            &mut structure.records,
            &mut structure.budgets,
            &mut structure.assessment,
            &mut structure.front_doors,
            &mut structure.workforce,
        ] {
            blocks.push(vec![id.clone()]);
            blocks.sort();
        }
    }
    structure.organisations.sort_by(|a, b| a.id.cmp(&b.id));
    structure.world = world.into();
    if let Some(then) = &mut structure.then {
        add_to(then);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::inquiry::verify::bench::tests::with_bench;

    /// A deliberate fault: something happens at a service that nobody should use.
    #[test]
    fn a_used_service_is_found_out() {
        with_bench("duty-desk", None, |bench| {
            let base = bench.base().unwrap();
            let mut more = bench.run(&with_unused(&bench.study)).unwrap();
            assert_eq!(compare(base, &more).differing(), 0);
            more.trials[0][1].services[0].joined = 3;
            let outcome = compare(base, &more).outcome();
            let Outcome::Fail { first, .. } = outcome else {
                panic!("{outcome:?}");
            };
            assert_eq!(first, "numbers at the unused services: 0 against 1");
        });
    }
}
