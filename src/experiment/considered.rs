//! Numbers of places that a network study considers, and the mean numbers present that theory knows.

use crate::experiment::results::{Considered, Named, Sharing};
use crate::model::{self, AreaId, Network, Place};
use crate::scenario::{Id, NetworkWorld, Scenario, Start, Structure, World};

/// What a study considers; nothing in a study of children.
pub(super) fn of(scenario: &Scenario) -> Considered {
    let Some(network) = scenario.structures.first().and_then(network) else {
        return Considered::default();
    };
    let number = |id: &Id| {
        let place = network.stations.iter().position(|it| it.id == *id);
        place.expect("a checked network names only its own services")
    };
    Considered {
        places: (network.stations.iter())
            .map(|station| station.places_considered.clone())
            .collect(),
        sharings: (network.sharings.iter())
            .map(|sharing| Sharing {
                named: Named {
                    id: sharing.id.to_string(),
                    name: sharing.name.clone(),
                },
                own: (sharing.own.iter())
                    .map(|(id, places)| (number(id), *places))
                    .collect(),
                common: sharing.common,
            })
            .collect(),
        mean_present: (scenario.structures.iter())
            .map(|structure| mean_present(structure, scenario))
            .collect(),
    }
}

fn network(structure: &Structure) -> Option<&NetworkWorld> {
    match &*structure.world {
        World::Network(network) => Some(network),
        World::Children(_) => None,
    }
}

/// Mean number present at each service, where theory knows it and nothing changes on the way.
fn mean_present(structure: &Structure, scenario: &Scenario) -> Vec<Option<f64>> {
    let Some(world) = network(structure) else {
        return Vec::new();
    };
    let baseline = scenario.structures.first();
    let is_changed = structure.then.is_some()
        || (scenario.study.start == Start::DecisionDay && baseline != Some(structure));
    if is_changed {
        return vec![None; world.stations.len()];
    }
    let services: Vec<&Id> = world.stations.iter().map(|it| &it.id).collect();
    let of_services = model::Structure::new(structure, &services, &scenario.areas);
    Network::new(world).mean_present(|from, to| {
        of_services.kind(
            Place::service(from, AreaId::FIRST),
            Place::service(to, AreaId::FIRST),
        )
    })
}
