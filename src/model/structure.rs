//! A structure as the simulation sees it: six partitions, how far organisations reach, and what is
//! asked of those within it.

use std::sync::Arc;

use super::{AreaId, Partition, Posts, ServiceId, SourceId};
use crate::measures::HandoffKind;
use crate::scenario::{self, Adoption, Blocks, Coverage, Footprint, Governance, Id};

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

/// One way of dividing the services, in every area: a partner that does not take part keeps the
/// seams it had, so areas can differ.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Seams(Arc<[Partition]>);

impl Seams {
    /// The same partition in every area.
    pub fn everywhere(partition: &Partition, areas: usize) -> Self {
        Self(vec![partition.clone(); areas].into())
    }

    /// Does a pathway from `a` to `b` cross a seam in this area?
    pub fn parts(&self, area: AreaId, a: ServiceId, b: ServiceId) -> bool {
        self.0[area.index()].parts(a, b)
    }

    /// The partition of an area.
    pub fn at(&self, area: AreaId) -> &Partition {
        &self.0[area.index()]
    }

    /// These seams where and for whom `joins` says so; elsewhere those of `before`.
    fn adopted(&self, before: &Self, joins: &impl Fn(AreaId, ServiceId) -> bool) -> Self {
        let partitions = self.0.iter().zip(before.0.iter()).zip(0..);
        Self(
            partitions
                .map(|((after, before), area)| {
                    after.adopted(before, |service| joins(AreaId::new(area), service))
                })
                .collect(),
        )
    }
}

/// A governance structure: who runs, sees, pays for, assesses, receives and staffs what.
///
/// A partition is only a view: no state is kept by block, so a structure can be exchanged for
/// another at any moment.
#[derive(Debug, Clone, PartialEq)]
pub struct Structure {
    /// One management line.
    pub organisations: Seams,
    /// Who sees whose records.
    pub records: Seams,
    /// Who shares a budget.
    pub budgets: Seams,
    /// Whose assessment counts with whom.
    pub assessment: Seams,
    /// Who shares an intake.
    pub front_doors: Seams,
    /// Who plans posts together.
    pub workforce: Seams,
    /// What it asks of those within it.
    pub governance: Arc<Governance>,
    /// What is asked where, by area and service: where a partner stays out, as before.
    governed: Arc<[Arc<Governance>]>,
    /// Who looks over whom.
    oversight: Arc<[Oversight]>,
    services: usize,
    /// The employer of each service and how far it reaches, by area and service.
    employers: Arc<[(Id, Footprint)]>,
    /// Those in one room with each service, one bit each, by area and service.
    teams: Arc<[u64]>,
    /// Is the structure in force, by area and service?
    in_force: Arc<[bool]>,
    /// The region of each area.
    regions: Arc<[usize]>,
    /// Share of each service's posts that overheads leave; empty where they leave all.
    front_line: Arc<[f64]>,
    /// Posts by area and service, where the structure has others than the areas.
    posts: Option<Arc<[Posts]>>,
}

/// A layer of oversight where it is in force.
#[derive(Debug, Clone, PartialEq)]
pub struct Oversight {
    /// Id of the kind of oversight.
    pub kind: Id,
    /// Does it set targets for timescales?
    pub targets: bool,
    /// The services looked over, one bit each, by area.
    over: Vec<u64>,
}

impl Oversight {
    /// The services looked over in an area, one bit each.
    pub fn over(&self, area: AreaId) -> u64 {
        self.over[area.index()]
    }

    /// This layer for the services that are in a set of each area; `None` if none is.
    fn within(&self, sets: &[u64]) -> Option<Self> {
        let over: Vec<u64> = self.over.iter().zip(sets).map(|(a, b)| a & b).collect();
        let layer = Self {
            over,
            ..self.clone()
        };
        layer.over.iter().any(|set| *set != 0).then_some(layer)
    }
}

/// Which partitions have come into force since a vesting day.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Built {
    /// Records are joined.
    pub records: bool,
    /// Budgets are joined.
    pub budgets: bool,
    /// Assessments count.
    pub assessment: bool,
    /// Front doors are open.
    pub front_doors: bool,
    /// Posts are planned together.
    pub workforce: bool,
}

impl Structure {
    /// Builds the partitions of a checked structure for these services and areas.
    pub fn new(
        structure: &scenario::Structure,
        services: &[&Id],
        areas: &[scenario::Area],
    ) -> Self {
        let organisations: Blocks = structure
            .organisations
            .iter()
            .map(|organisation| organisation.runs.clone())
            .collect();
        let employers: Vec<(Id, Footprint)> = services
            .iter()
            .map(|service| {
                structure
                    .organisations
                    .iter()
                    .find(|organisation| organisation.runs.contains(service))
                    .map_or_else(
                        || ((*service).clone(), Footprint::Area),
                        |organisation| (organisation.id.clone(), organisation.footprint),
                    )
            })
            .collect();
        let team_of = |service: &Id| {
            let teams = structure.governance.teams.iter();
            teams
                .filter(|team| team.contains(service))
                .flatten()
                .filter_map(|member| services.iter().position(|service| *service == member))
                .fold(0, |set: u64, member| set | 1 << member)
        };
        let teams: Vec<u64> = services.iter().map(|service| team_of(service)).collect();
        let set_of = |ids: &[Id]| {
            let all = services.iter().enumerate();
            all.filter(|(_, service)| ids.contains(service))
                .fold(0, |set: u64, (number, _)| set | 1 << number)
        };
        let oversight = structure
            .governance
            .oversight
            .iter()
            .map(|layer| Oversight {
                kind: layer.kind.clone(),
                targets: layer.targets,
                over: vec![set_of(&layer.over); areas.len().max(1)],
            });
        let governance = Arc::new(structure.governance.clone());
        let mut names: Vec<&str> = areas.iter().map(|area| area.region.as_str()).collect();
        names.sort_unstable();
        names.dedup();
        let of = |blocks: &[Vec<Id>]| {
            Seams::everywhere(&Partition::of(services, blocks), areas.len().max(1))
        };
        let cells = areas.len().max(1) * services.len();
        Self {
            organisations: of(&organisations),
            records: of(&structure.records),
            budgets: of(&structure.budgets),
            assessment: of(&structure.assessment),
            front_doors: of(&structure.front_doors),
            workforce: of(&structure.workforce),
            governed: vec![Arc::clone(&governance); cells].into(),
            governance,
            oversight: oversight.collect(),
            services: services.len(),
            employers: employers.iter().cycle().take(cells).cloned().collect(),
            teams: teams.iter().cycle().take(cells).copied().collect(),
            in_force: vec![true; cells].into(),
            regions: areas
                .iter()
                .map(|area| names.partition_point(|name| *name < area.region.as_str()))
                .collect(),
            front_line: Arc::new([]),
            posts: None,
        }
    }

    /// The same structure with other means: the share of each service's posts that overheads leave,
    /// and posts by area and service where they are not those of the areas.
    pub fn with_means(self, front_line: Vec<f64>, posts: Option<Vec<Posts>>) -> Self {
        Self {
            front_line: front_line.into(),
            posts: posts.map(Into::into),
            ..self
        }
    }

    /// Share of a service's posts that overheads leave; above 1 where they take less than under the
    /// structure against which means are equal.
    pub fn front_line(&self, service: usize) -> f64 {
        self.front_line.get(service).copied().unwrap_or(1.0)
    }

    /// Posts by area and service, where they are not those of the areas.
    pub fn posts(&self) -> Option<&[Posts]> {
        self.posts.as_deref()
    }

    fn cell(&self, area: AreaId, service: ServiceId) -> usize {
        area.index() * self.services + service.index()
    }

    /// The service at a place, if it is one that the structure places.
    pub fn service_at(&self, place: Place) -> Option<ServiceId> {
        (place.source.index() < self.services).then(|| ServiceId::new(place.source.index()))
    }

    /// How far the organisation of a service reaches in this area.
    pub fn reach(&self, area: AreaId, service: ServiceId) -> Footprint {
        self.employers[self.cell(area, service)].1
    }

    /// The organisation that runs a service in an area: one of this structure, or of the one before
    /// where a partner stays out.
    pub fn employer(&self, area: AreaId, service: ServiceId) -> &Id {
        &self.employers[self.cell(area, service)].0
    }

    /// Is the structure in force for a service in an area? It is not where a partner stays out.
    pub fn in_force(&self, area: AreaId, service: ServiceId) -> bool {
        self.in_force[self.cell(area, service)]
    }

    /// Does the organisation of this service cover both areas?
    pub fn covers(&self, service: ServiceId, one: AreaId, other: AreaId) -> bool {
        let reaches = |from: AreaId| match self.reach(from, service) {
            Footprint::Area => false,
            Footprint::Region => self.regions[one.index()] == self.regions[other.index()],
            Footprint::Nation => true,
        };
        one == other || reaches(one) && reaches(other)
    }

    /// Are two places in one block?
    ///
    /// Across areas they are if their services are in one block in both and both organisations cover
    /// both areas. A source outside is in one block with itself in its own area only.
    pub fn joined(&self, seams: &Seams, one: Place, other: Place) -> bool {
        match (self.service_at(one), self.service_at(other)) {
            (Some(a), Some(b)) => {
                !seams.parts(one.area, a, b)
                    && (one.area == other.area
                        || !seams.parts(other.area, a, b)
                            && self.covers(a, one.area, other.area)
                            && self.covers(b, one.area, other.area))
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

    /// Do two services of one area work in one room?
    pub fn one_team(&self, from: Place, to: Place) -> bool {
        match (self.service_at(from), self.service_at(to)) {
            (Some(a), Some(b)) => {
                from.area == to.area && self.teams[self.cell(from.area, a)] >> b.index() & 1 == 1
            }
            _ => false,
        }
    }

    /// Does a service change its employer from an earlier structure to this one? It does if it comes
    /// under another name and among other services: a new name on the door alone is no change.
    pub fn changes_employer(&self, before: &Self, area: AreaId, service: ServiceId) -> bool {
        let cell = self.cell(area, service);
        self.employers[cell] != before.employers[cell]
            && (self.reach(area, service) != before.reach(area, service)
                || self.changes_company(&self.organisations, &before.organisations, area, service))
    }

    /// Does a service share a partition with others than before?
    pub fn changes_company(
        &self,
        seams: &Seams,
        before: &Seams,
        area: AreaId,
        service: ServiceId,
    ) -> bool {
        seams.at(area).companions(service) != before.at(area).companions(service)
    }

    /// Who has a lead professional when a handoff goes to this service.
    pub fn lead_professional(&self, area: AreaId, service: ServiceId) -> Coverage {
        self.governance_at(area, service).lead_professional
    }

    /// What is asked of a service in an area: where it stays out, what was asked before.
    pub fn governance_at(&self, area: AreaId, service: ServiceId) -> &Governance {
        &self.governed[self.cell(area, service)]
    }

    /// The layers of oversight that look over any service anywhere.
    pub fn oversight(&self) -> &[Oversight] {
        &self.oversight
    }

    /// Must everyone take part?
    pub fn is_statutory(&self) -> bool {
        self.governance.adoption == Adoption::Statutory
    }

    /// This structure where and for whom `joins` says so, elsewhere the one before.
    ///
    /// A partner is an organisation of the structure before: it joins with all its services or stays
    /// out with all. `joins` is asked for the first service of each.
    pub fn adopted(&self, before: &Self, joins: impl Fn(AreaId, ServiceId) -> bool) -> Self {
        let services = ServiceId::all(self.services);
        let in_force: Vec<bool> = (0..self.in_force.len() / self.services.max(1))
            .flat_map(|area| services.clone().map(move |service| (area, service)))
            .map(|(area, service)| {
                let area = AreaId::new(area);
                let partner = before.organisations.at(area).companions(service);
                joins(area, *partner.first().unwrap_or(&service))
            })
            .collect();
        let chosen = |area: AreaId, service: ServiceId| in_force[self.cell(area, service)];
        let seams = |of: fn(&Self) -> &Seams| of(self).adopted(of(before), &chosen);
        let pick = |cell: usize| in_force[cell];
        let teams = (0..self.teams.len()).map(|cell| {
            let area = AreaId::new(cell / self.services.max(1));
            let members = services
                .clone()
                .filter(|service| chosen(area, *service))
                .fold(0, |set: u64, service| set | 1 << service.index());
            if pick(cell) {
                self.teams[cell] & members
            } else {
                before.teams[cell] & !members
            }
        });
        let areas = in_force.len() / self.services.max(1);
        let sets = |takes_part: bool| -> Vec<u64> {
            AreaId::all(areas)
                .map(|area| {
                    let all = services.clone();
                    all.filter(|service| chosen(area, *service) == takes_part)
                        .fold(0, |set: u64, service| set | 1 << service.index())
                })
                .collect()
        };
        let (inside, outside) = (sets(true), sets(false));
        let own = self.oversight.iter().filter_map(|it| it.within(&inside));
        let others = (before.oversight.iter()).filter_map(|it| it.within(&outside));
        let oversight = own.chain(others).collect();
        Self {
            organisations: seams(|it| &it.organisations),
            records: seams(|it| &it.records),
            budgets: seams(|it| &it.budgets),
            assessment: seams(|it| &it.assessment),
            front_doors: seams(|it| &it.front_doors),
            workforce: seams(|it| &it.workforce),
            employers: (0..self.employers.len())
                .map(|cell| {
                    let chosen = if pick(cell) { self } else { before };
                    chosen.employers[cell].clone()
                })
                .collect(),
            teams: teams.collect(),
            governed: (0..self.governed.len())
                .map(|cell| Arc::clone(&if pick(cell) { self } else { before }.governed[cell]))
                .collect(),
            oversight,
            in_force: in_force.clone().into(),
            ..self.clone()
        }
    }

    /// This structure with those partitions of the one before that are not built yet.
    pub fn partly_built(&self, before: &Self, built: Built) -> Self {
        let pick = |is_built: bool, of: fn(&Self) -> &Seams| {
            of(if is_built { self } else { before }).clone()
        };
        Self {
            records: pick(built.records, |it| &it.records),
            budgets: pick(built.budgets, |it| &it.budgets),
            assessment: pick(built.assessment, |it| &it.assessment),
            front_doors: pick(built.front_doors, |it| &it.front_doors),
            workforce: pick(built.workforce, |it| &it.workforce),
            ..self.clone()
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Three services in two areas under these organisations, each with an id and a footprint.
    fn structure(runs: &[(&str, Footprint, &[&str])]) -> Structure {
        let services = ["a", "b", "c"].map(Id::new);
        let services: Vec<&Id> = services.iter().collect();
        let blocks: Blocks = runs
            .iter()
            .map(|(_, _, runs)| runs.iter().map(|name| Id::new(name)).collect())
            .collect();
        let seams = Seams::everywhere(&Partition::of(&services, &blocks), 2);
        let employers: Vec<(Id, Footprint)> = services
            .iter()
            .filter_map(|service| {
                runs.iter()
                    .find(|(_, _, runs)| runs.contains(&service.as_str()))
            })
            .map(|(id, reach, _)| (Id::new(id), *reach))
            .collect();
        Structure {
            organisations: seams.clone(),
            records: seams.clone(),
            budgets: seams.clone(),
            assessment: seams.clone(),
            front_doors: seams.clone(),
            workforce: seams,
            governance: Arc::default(),
            governed: (0..6).map(|_| Arc::default()).collect(),
            oversight: Arc::new([]),
            services: 3,
            employers: employers.iter().cycle().take(6).cloned().collect(),
            teams: vec![0; 6].into(),
            in_force: vec![true; 6].into(),
            regions: vec![0, 1].into(),
            front_line: Arc::new([]),
            posts: None,
        }
    }

    const AREA: Footprint = Footprint::Area;

    #[test]
    fn a_partner_that_stays_out_keeps_the_seams_it_had() {
        let before = structure(&[("x", AREA, &["a", "b"]), ("y", AREA, &["c"])]);
        let after = structure(&[("z", AREA, &["a", "b", "c"])]);
        let [a, b, c] = [0, 1, 2].map(ServiceId::new);
        let [here, there] = [0, 1].map(AreaId::new);
        // In the second area the partner that runs c stays out.
        let adopted = after.adopted(&before, |area, service| area == here || service != c);
        assert!(!adopted.organisations.parts(here, a, c));
        assert!(adopted.organisations.parts(there, a, c));
        assert!(!adopted.organisations.parts(there, a, b));
        assert!(adopted.changes_employer(&before, here, a));
        // There a and b are among themselves as before: a new name is no change.
        assert!(!adopted.changes_employer(&before, there, a));
        assert!(!adopted.changes_employer(&before, there, c));
        assert!(adopted.in_force(there, b) && !adopted.in_force(there, c));
    }

    #[test]
    fn a_new_name_on_the_door_is_no_change_of_employer() {
        let before = structure(&[("x", AREA, &["a", "b"]), ("y", AREA, &["c"])]);
        let renamed = structure(&[("p", AREA, &["a", "b"]), ("q", AREA, &["c"])]);
        let wider = structure(&[("p", Footprint::Nation, &["a", "b"]), ("y", AREA, &["c"])]);
        let [a, c] = [0, 2].map(ServiceId::new);
        assert!(!renamed.changes_employer(&before, AreaId::FIRST, a));
        assert!(wider.changes_employer(&before, AreaId::FIRST, a));
        assert!(!wider.changes_employer(&before, AreaId::FIRST, c));
    }

    #[test]
    fn an_organisation_that_keeps_its_name_keeps_its_workers() {
        let before = structure(&[("x", AREA, &["a", "b"]), ("y", AREA, &["c"])]);
        let after = structure(&[
            ("x", AREA, &["b"]),
            ("n", AREA, &["a"]),
            ("y", AREA, &["c"]),
        ]);
        let [a, b] = [0, 1].map(ServiceId::new);
        assert!(after.changes_employer(&before, AreaId::FIRST, a));
        assert!(!after.changes_employer(&before, AreaId::FIRST, b));
    }

    #[test]
    fn partitions_that_are_not_built_are_those_before() {
        let before = structure(&[("x", AREA, &["a", "b"]), ("y", AREA, &["c"])]);
        let after = structure(&[("z", AREA, &["a", "b", "c"])]);
        let built = Built {
            records: true,
            ..Built::default()
        };
        let partly = after.partly_built(&before, built);
        assert_eq!(partly.records, after.records);
        assert_eq!(partly.budgets, before.budgets);
        assert_eq!(partly.organisations, after.organisations);
    }

    #[test]
    fn a_block_that_spans_areas_needs_an_organisation_that_does() {
        let region = structure(&[("x", Footprint::Region, &["a", "b", "c"])]);
        let nation = structure(&[("x", Footprint::Nation, &["a", "b", "c"])]);
        let a = ServiceId::FIRST;
        let [here, there] = [0, 1].map(|area| Place::service(a, AreaId::new(area)));
        assert!(!region.joined(&region.records, here, there), "two regions");
        assert!(nation.joined(&nation.records, here, there));
        assert_eq!(nation.kind(here, there), HandoffKind::Internal);
    }
}
