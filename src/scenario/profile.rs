//! What can be said of a structure without simulating it: its seams by partition, its tiers of
//! oversight, the services it leaves where they were, and what the law keeps apart.
//!
//! Pure functions of a structure that has been read. How a seam weighs is no question of form, and
//! is not answered here.

use std::collections::BTreeMap;

use super::checked::{Blocks, Governance, Id, Organisation};
use super::structure::PARTITIONS;

/// The profile of one structure.
#[derive(Debug, Clone, PartialEq)]
pub struct Profile {
    /// Seams of the organisations and of the five other partitions, in the order of
    /// [`PARTITIONS`].
    pub seams: Vec<Seams>,
    /// Layers of oversight over each service, in the order of ids.
    pub tiers: Vec<(Id, usize)>,
    /// Services that stay with the organisation they have in the structure at the root of
    /// `extends`; `None` where the file extends nothing.
    pub outside: Option<Vec<Id>>,
    /// Services that the law lets nobody delegate or pool, those lifted by this structure apart.
    pub barred: Vec<Id>,
    /// Services that the law of this structure lets be delegated and pooled.
    pub lifted: Vec<Id>,
}

/// The pairs of services that a partition parts.
#[derive(Debug, Clone, PartialEq)]
pub struct Seams {
    /// `organisations`, or one of [`PARTITIONS`].
    pub partition: &'static str,
    /// The blocks.
    pub blocks: Blocks,
    /// Parted pairs, each in the order of ids, sorted.
    pub parted: Vec<(Id, Id)>,
    /// All pairs.
    pub pairs: usize,
}

impl Seams {
    /// The seams of a partition into these blocks.
    pub fn of(partition: &'static str, blocks: &Blocks) -> Self {
        let block_of = |service: &Id| blocks.iter().position(|block| block.contains(service));
        let mut services: Vec<&Id> = blocks.iter().flatten().collect();
        services.sort();
        let mut parted = Vec::new();
        for (place, one) in services.iter().enumerate() {
            for other in &services[place + 1..] {
                if block_of(one) != block_of(other) {
                    parted.push(((*one).clone(), (*other).clone()));
                }
            }
        }
        let mut blocks = blocks.clone();
        blocks.sort();
        Self {
            partition,
            blocks,
            parted,
            pairs: services.len() * services.len().saturating_sub(1) / 2,
        }
    }

    /// The share F of all pairs that is parted; 0 where there is no pair.
    pub fn share(&self) -> f64 {
        match self.pairs {
            0 => 0.0,
            pairs => self.parted.len() as f64 / pairs as f64,
        }
    }
}

impl Profile {
    /// The profile of a structure that has been read.
    ///
    /// `root` says which organisation runs each service in the structure at the root of `extends`,
    /// if there is one, and `undelegable` are the services that the world says may not be delegated.
    pub fn of(
        organisations: &[Organisation],
        partitions: &[Blocks; 5],
        governance: &Governance,
        root: Option<&BTreeMap<Id, Id>>,
        undelegable: &[Id],
    ) -> Self {
        let runs: Blocks = (organisations.iter()).map(|it| it.runs.clone()).collect();
        let mut seams = vec![Seams::of("organisations", &runs)];
        seams.extend(
            (PARTITIONS.iter().zip(partitions)).map(|(name, blocks)| Seams::of(name, blocks)),
        );
        let mut services: Vec<&Id> = runs.iter().flatten().collect();
        services.sort();
        let tiers = (services.iter())
            .map(|service| {
                let over = (governance.oversight.iter()).filter(|it| it.over.contains(service));
                ((*service).clone(), over.count())
            })
            .collect();
        let outside = root.map(|root| {
            let run_by = |service: &Id| {
                let runs = (organisations.iter()).find(|it| it.runs.contains(service));
                runs.map(|it| &it.id)
            };
            let stays = |service: &Id| root.get(service) == run_by(service);
            let staying = services.iter().filter(|service| stays(service));
            staying.map(|service| (*service).clone()).collect()
        });
        let lifted = governance.law_lifted_for.clone();
        let mut barred = undelegable.to_vec();
        barred.retain(|service| !lifted.contains(service));
        Self {
            seams,
            tiers,
            outside,
            barred,
            lifted,
        }
    }

    /// The largest number of layers over one service.
    pub fn most_tiers(&self) -> usize {
        (self.tiers.iter())
            .map(|(_, layers)| *layers)
            .max()
            .unwrap_or(0)
    }
}

#[cfg(test)]
mod tests {
    use super::super::checked::{Footprint, OversightLayer};
    use super::*;

    fn ids(names: &[&str]) -> Vec<Id> {
        names.iter().map(|name| Id::new(name)).collect()
    }

    fn organisations(all: &[(&str, &[&str])]) -> Vec<Organisation> {
        (all.iter())
            .map(|(id, runs)| Organisation {
                id: Id::new(id),
                name: (*id).to_owned(),
                footprint: Footprint::Area,
                runs: ids(runs),
            })
            .collect()
    }

    fn layer(id: &str, over: &[&str]) -> OversightLayer {
        OversightLayer {
            id: Id::new(id),
            name: id.to_owned(),
            kind: Id::new("board"),
            over: ids(over),
            targets: false,
        }
    }

    #[test]
    fn seams_are_the_parted_pairs_and_their_share() {
        let seams = Seams::of("records", &vec![ids(&["c", "a"]), ids(&["b"])]);
        let pair = |a: &str, b: &str| (Id::new(a), Id::new(b));
        assert_eq!(seams.parted, [pair("a", "b"), pair("b", "c")]);
        assert_eq!(seams.pairs, 3);
        assert!((seams.share() - 2.0 / 3.0).abs() < 1e-12);
    }

    #[test]
    fn one_service_has_no_seam() {
        assert!(Seams::of("records", &vec![ids(&["a"])]).share().abs() < 1e-12);
    }

    #[test]
    fn outside_is_what_stays_with_the_organisation_it_had() {
        let root = [("a", "one"), ("b", "one"), ("c", "two"), ("d", "three")];
        let root = root.map(|(service, runs)| (Id::new(service), Id::new(runs)));
        let root = BTreeMap::from(root);
        let now = organisations(&[("one", &["a"]), ("new", &["b", "c"]), ("three", &["d"])]);
        let blocks: Blocks = now.iter().map(|it| it.runs.clone()).collect();
        let partitions = std::array::from_fn(|_| blocks.clone());
        let profile = Profile::of(
            &now,
            &partitions,
            &Governance::default(),
            Some(&root),
            &ids(&["d"]),
        );
        assert_eq!(profile.outside, Some(ids(&["a", "d"])));
        assert_eq!(profile.barred, ids(&["d"]));
    }

    #[test]
    fn tiers_are_counted_by_service_and_the_law_is_lifted() {
        let now = organisations(&[("one", &["a", "b"])]);
        let partitions = std::array::from_fn(|_| vec![ids(&["a", "b"])]);
        let governance = Governance {
            oversight: vec![layer("x", &["a"]), layer("y", &["a", "b"])],
            law_lifted_for: ids(&["b"]),
            ..Governance::default()
        };
        let profile = Profile::of(&now, &partitions, &governance, None, &ids(&["b"]));
        assert_eq!(profile.tiers, [(Id::new("a"), 2), (Id::new("b"), 1)]);
        assert_eq!(profile.most_tiers(), 2);
        assert_eq!(profile.outside, None);
        assert!(profile.barred.is_empty());
    }
}
