//! A structure as the simulation sees it: six partitions and how far organisations reach.

use super::{AreaId, Partition, ServiceId, SourceId};
use crate::measures::HandoffKind;
use crate::scenario::{self, Footprint, Id};

/// Where somebody stands: a source (or service) in an area.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Place {
    /// Who.
    pub source: SourceId,
    /// Where.
    pub area: AreaId,
}

impl Place {
    /// A service in an area.
    pub fn service(service: ServiceId, area: AreaId) -> Self {
        Self {
            source: service.into(),
            area,
        }
    }
}

/// A governance structure: who runs, sees, pays for, assesses, receives and staffs what.
///
/// A partition is only a view: no state is kept by block, so a structure can be exchanged for
/// another at any moment.
#[derive(Debug, Clone, PartialEq)]
pub struct Structure {
    /// One management line.
    pub organisations: Partition,
    /// Who sees whose records.
    pub records: Partition,
    /// Who shares a budget.
    pub budgets: Partition,
    /// Whose assessment counts with whom.
    pub assessment: Partition,
    /// Who shares an intake.
    pub front_doors: Partition,
    /// Who plans posts together.
    pub workforce: Partition,
    /// How far the organisation of each service reaches.
    reach: Vec<Footprint>,
    /// The region of each area.
    regions: Vec<usize>,
}

impl Structure {
    /// Builds the partitions of a checked structure for these services and areas.
    pub fn new(
        structure: &scenario::Structure,
        services: &[&Id],
        areas: &[scenario::Area],
    ) -> Self {
        let organisations: Vec<Vec<Id>> = structure
            .organisations
            .iter()
            .map(|organisation| organisation.runs.clone())
            .collect();
        let reach = services
            .iter()
            .map(|service| {
                structure
                    .organisations
                    .iter()
                    .find(|organisation| organisation.runs.contains(service))
                    .map_or(Footprint::Area, |organisation| organisation.footprint)
            })
            .collect();
        let mut names: Vec<&str> = areas.iter().map(|area| area.region.as_str()).collect();
        names.sort_unstable();
        names.dedup();
        let regions = areas
            .iter()
            .map(|area| names.partition_point(|name| *name < area.region.as_str()))
            .collect();
        let of = |blocks: &[Vec<Id>]| Partition::of(services, blocks);
        Self {
            organisations: of(&organisations),
            records: of(&structure.records),
            budgets: of(&structure.budgets),
            assessment: of(&structure.assessment),
            front_doors: of(&structure.front_doors),
            workforce: of(&structure.workforce),
            reach,
            regions,
        }
    }

    /// The service at a place, if it is one that the structure places.
    pub fn service_at(&self, place: Place) -> Option<ServiceId> {
        (place.source.index() < self.reach.len()).then(|| ServiceId::new(place.source.index()))
    }

    /// Does the organisation of this service cover both areas?
    pub fn covers(&self, service: ServiceId, one: AreaId, other: AreaId) -> bool {
        one == other
            || match self.reach[service.index()] {
                Footprint::Area => false,
                Footprint::Region => self.regions[one.index()] == self.regions[other.index()],
                Footprint::Nation => true,
            }
    }

    /// Are two places in one block of a partition?
    ///
    /// Across areas they are if their services are in one block and both organisations cover both
    /// areas. A source outside is in one block with itself in its own area only.
    pub fn joined(&self, partition: &Partition, one: Place, other: Place) -> bool {
        match (self.service_at(one), self.service_at(other)) {
            (Some(a), Some(b)) => {
                !partition.parts(a, b)
                    && self.covers(a, one.area, other.area)
                    && self.covers(b, one.area, other.area)
            }
            _ => one == other,
        }
    }

    /// The kind of a handoff between two places.
    pub fn kind(&self, from: Place, to: Place) -> HandoffKind {
        if self.joined(&self.organisations, from, to) {
            HandoffKind::Internal
        } else if from.area == to.area {
            HandoffKind::BetweenOrganisations
        } else {
            HandoffKind::BetweenAreas
        }
    }
}
