//! Partitions: the one way in which a structure can divide the services.

use super::ServiceId;
use crate::scenario::Id;

/// One way of dividing the services: every service is in exactly one block.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Partition {
    /// Indexed by service.
    block_of: Vec<usize>,
    /// Members of each block, sorted.
    members: Vec<Vec<ServiceId>>,
}

impl Partition {
    /// The partition of these services into these blocks.
    ///
    /// # Panics
    /// If a service is in two blocks or in none; the reader of scenario files refuses such files.
    pub fn of(services: &[&Id], blocks: &[Vec<Id>]) -> Self {
        let mut members: Vec<Vec<ServiceId>> = blocks
            .iter()
            .map(|block| {
                let mut ids: Vec<ServiceId> = ServiceId::all(services.len())
                    .filter(|service| block.contains(services[service.index()]))
                    .collect();
                ids.sort_unstable();
                ids
            })
            .filter(|block| !block.is_empty())
            .collect();
        members.sort_unstable();
        let mut block_of = vec![usize::MAX; services.len()];
        for (number, block) in members.iter().enumerate() {
            for service in block {
                let slot = &mut block_of[service.index()];
                assert!(*slot == usize::MAX, "a service stands in two blocks");
                *slot = number;
            }
        }
        assert!(
            block_of.iter().all(|block| *block != usize::MAX),
            "a service stands in no block"
        );
        Self { block_of, members }
    }

    /// This partition among the services that take part, and the one before among the others.
    pub(super) fn adopted(&self, before: &Self, joins: impl Fn(ServiceId) -> bool) -> Self {
        let mut members: Vec<Vec<ServiceId>> = Vec::new();
        for (blocks, takes_part) in [(&self.members, true), (&before.members, false)] {
            for block in blocks {
                let chosen = block.iter().copied();
                members.push(chosen.filter(|it| joins(*it) == takes_part).collect());
            }
        }
        members.retain(|block| !block.is_empty());
        members.sort_unstable();
        let mut block_of = vec![0; self.block_of.len()];
        for (number, block) in members.iter().enumerate() {
            for service in block {
                block_of[service.index()] = number;
            }
        }
        Self { block_of, members }
    }

    /// All services in one block.
    pub fn whole(services: usize) -> Self {
        Self {
            block_of: vec![0; services],
            members: vec![ServiceId::all(services).collect()],
        }
    }

    /// Does a pathway from `a` to `b` cross a seam of this partition?
    pub fn parts(&self, a: ServiceId, b: ServiceId) -> bool {
        self.block_of[a.index()] != self.block_of[b.index()]
    }

    /// The number of a service's block.
    pub fn block(&self, service: ServiceId) -> usize {
        self.block_of[service.index()]
    }

    /// The services of a service's block, itself among them.
    pub fn companions(&self, service: ServiceId) -> &[ServiceId] {
        &self.members[self.block(service)]
    }

    /// The blocks.
    pub fn blocks(&self) -> &[Vec<ServiceId>] {
        &self.members
    }

    /// Pairs of services that are parted, and all pairs.
    pub fn seams(&self) -> (usize, usize) {
        let services = self.block_of.len();
        let pairs = services * services.saturating_sub(1) / 2;
        let inside: usize = self
            .members
            .iter()
            .map(|block| block.len() * (block.len() - 1) / 2)
            .sum();
        (pairs - inside, pairs)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ids(names: &[&str]) -> Vec<Id> {
        names.iter().map(|name| Id::new(name)).collect()
    }

    #[test]
    fn a_seam_runs_between_blocks_and_not_within() {
        let services = ids(&["a", "b", "c"]);
        let partition = Partition::of(
            &services.iter().collect::<Vec<_>>(),
            &[ids(&["c", "a"]), ids(&["b"])],
        );
        let [a, b, c] = [0, 1, 2].map(ServiceId::new);
        assert!(!partition.parts(a, c));
        assert!(partition.parts(a, b));
        assert_eq!(partition.companions(c), &[a, c]);
        assert_eq!(partition.seams(), (2, 3));
    }

    #[test]
    fn the_order_of_blocks_makes_no_difference() {
        let services = ids(&["a", "b", "c"]);
        let services: Vec<&Id> = services.iter().collect();
        assert_eq!(
            Partition::of(&services, &[ids(&["a", "c"]), ids(&["b"])]),
            Partition::of(&services, &[ids(&["b"]), ids(&["c", "a"])]),
        );
    }

    #[test]
    #[should_panic(expected = "no block")]
    fn a_service_left_out_is_refused() {
        let services = ids(&["a", "b"]);
        Partition::of(&services.iter().collect::<Vec<_>>(), &[ids(&["a"])]);
    }
}
