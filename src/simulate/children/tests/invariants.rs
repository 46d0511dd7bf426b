//! What holds at every moment of a trial.

use crate::measures::{Stage, Standing};
use crate::model::{NeedId, Place, ServiceId};
use crate::simulate::children::ChildrenTrial;
use crate::simulate::children::state::{NONE, Slot, members};

impl ChildrenTrial<'_> {
    /// Checks everything that holds between events.
    #[track_caller]
    pub(super) fn check_invariants(&self) {
        self.check_chains();
        self.check_strands();
        self.check_handoffs();
        self.check_desks();
    }

    /// Strands, records, counters and spells: each is in the chain of one child, once.
    #[track_caller]
    fn check_chains(&self) {
        let (mut strands, mut records, mut counters, mut spells) = (0, 0, 0, 0);
        for (child, slot) in self.children.iter().zip(0 as Slot..) {
            let mut index = child.strands;
            let mut needs = Vec::new();
            while index != NONE {
                let strand = &self.stores.strands[index];
                assert_eq!(strand.slot, slot, "a strand is in the chain of its child");
                needs.push(strand.need);
                spells += usize::from(strand.spell != NONE);
                if strand.spell != NONE {
                    let _stored = &self.stores.spells[strand.spell];
                }
                strands += 1;
                index = strand.next;
            }
            needs.sort_unstable();
            needs.dedup();
            let mut index = child.strands;
            let mut length = 0;
            while index != NONE {
                length += 1;
                index = self.stores.strands[index].next;
            }
            assert_eq!(needs.len(), length, "a child has one strand a need");
            let mut index = child.records;
            while index != NONE {
                let record = &self.stores.records[index];
                assert!(record.evidence >= 0.0, "evidence has a floor at 0");
                records += 1;
                index = record.next;
            }
            let mut index = child.counters;
            while index != NONE {
                counters += 1;
                index = self.stores.counters[index].next;
            }
        }
        assert_eq!(
            strands,
            self.stores.strands.len(),
            "every strand has a child"
        );
        assert_eq!(
            records,
            self.stores.records.len(),
            "every record has a child"
        );
        assert_eq!(
            counters,
            self.stores.counters.len(),
            "every counter has a child"
        );
        assert_eq!(spells, self.stores.spells.len(), "every spell has a strand");
    }

    /// Every strand is in exactly one state.
    #[track_caller]
    fn check_strands(&self) {
        for index in self.stores.strands.numbers() {
            let strand = &self.stores.strands[index];
            let child = &self.children[strand.slot as usize];
            assert!(strand.level <= 3);
            assert!(
                strand.level > 0 || strand.in_hand(),
                "nothing keeps {strand:?}"
            );
            assert!(
                strand.handoff.is_none() || strand.served_at.is_none(),
                "served and on its way: {strand:?}"
            );
            let served = matches!(
                strand.standing,
                Standing::Served | Standing::ServedElsewhere | Standing::BetweenWorkers
            );
            assert_eq!(served, strand.served_at.is_some(), "{strand:?}");
            assert_eq!(strand.help_ends.is_some(), served, "{strand:?}");
            if let Some(at) = strand.served_at {
                assert_eq!(
                    at.area, child.area,
                    "served where the child lives: {strand:?}"
                );
                let fits = if strand.between_workers {
                    Standing::BetweenWorkers
                } else {
                    self.standing_when_served(at, strand.need, strand.level)
                };
                assert_eq!(strand.standing, fits, "{strand:?}");
            } else if let Some(number) = strand.handoff {
                let handoff = &self.stores.handoffs[number];
                assert_eq!(handoff.slot, strand.slot);
                assert!(
                    members(handoff.needs).any(|need| need == strand.need.index()),
                    "the handoff of {strand:?} carries it"
                );
            } else {
                let standings = [
                    Standing::Unseen,
                    Standing::Noted,
                    Standing::Rejected,
                    Standing::Closed,
                    Standing::LostInHandoff,
                    Standing::LostInMove,
                    Standing::GaveUp,
                ];
                assert!(
                    standings.contains(&strand.standing),
                    "nobody holds {strand:?}"
                );
                let lost_standing = matches!(
                    strand.standing,
                    Standing::LostInHandoff | Standing::LostInMove
                );
                assert_eq!(strand.lost.is_some(), lost_standing, "{strand:?}");
            }
        }
    }

    /// Every handoff carries strands that know it, and stands where they stand.
    #[track_caller]
    fn check_handoffs(&self) {
        for number in self.stores.handoffs.numbers() {
            let handoff = &self.stores.handoffs[number];
            let child = &self.children[handoff.slot as usize];
            assert!(
                handoff.needs != 0,
                "a handoff carries something: {handoff:?}"
            );
            assert_eq!(handoff.area, child.area, "{handoff:?}");
            let stage = handoff.journey.stage();
            let standings: &[Standing] = match stage {
                Stage::Preparation => &[Standing::Preparing],
                Stage::Transit => &[Standing::InTransit],
                Stage::Chasing => &[Standing::LostInHandoff, Standing::LostInMove],
                Stage::FrontDoor | Stage::Screening => &[Standing::FrontDoor],
                Stage::WaitingAssessment => &[Standing::WaitingAssessment],
                Stage::Assessment => &[Standing::BeingAssessed],
                Stage::Information => &[Standing::WaitingInformation],
                Stage::OthersPart => &[Standing::WaitingOthers],
                Stage::Funding => &[Standing::WaitingFunding],
                Stage::Place => &[Standing::WaitingPlace],
            };
            for need in members(handoff.needs).map(NeedId::new) {
                let Some(index) = self.stores.strand(child, need) else {
                    panic!("{handoff:?} carries a strand that is not there");
                };
                let strand = &self.stores.strands[index];
                assert_eq!(strand.handoff, Some(number), "{strand:?} of {handoff:?}");
                assert!(
                    standings.contains(&strand.standing),
                    "{strand:?} of {handoff:?}"
                );
            }
            assert!(
                !handoff.lost_silently || stage == Stage::Chasing,
                "only a lost handoff is to be found by a lead professional: {handoff:?}"
            );
            let gives_up = self.ground.services[handoff.to.index()]
                .help
                .as_ref()
                .is_some_and(|help| help.gives_up.is_some());
            let queues = match stage {
                Stage::FrontDoor | Stage::WaitingAssessment => true,
                Stage::Place => !gives_up,
                _ => false,
            };
            assert_eq!(
                handoff.due.is_none(),
                queues,
                "only what does not queue has a next step planned: {handoff:?}"
            );
        }
    }

    /// Lists and staff hold exactly the handoffs whose stage says so, and no place is given twice
    /// or left free while a child waits.
    #[track_caller]
    fn check_desks(&self) {
        for area in self.ground.world.area_ids() {
            for service in self.ground.world.service_ids() {
                let desk = &self.desks[self.desk_number(area, service)];
                let at = |stages: &[Stage], by_door: bool| {
                    let handoffs = &self.stores.handoffs;
                    let found: Vec<u32> = handoffs
                        .numbers()
                        .filter(|number| {
                            let handoff = &handoffs[*number];
                            let where_it_is = if by_door { handoff.door } else { handoff.to };
                            handoff.area == area
                                && where_it_is == service
                                && stages.contains(&handoff.journey.stage())
                        })
                        .collect();
                    found
                };
                let screened = at(&[Stage::Screening], true).len();
                assert_eq!(desk.screening.level() as usize, screened);
                let working = [Stage::Assessment, Stage::Information, Stage::OthersPart];
                let assessed = at(&working, false).len();
                assert_eq!(desk.assessing.level() as usize, assessed);
                for (list, who) in [
                    (&desk.door, at(&[Stage::FrontDoor], true)),
                    (&desk.to_assess, at(&[Stage::WaitingAssessment], false)),
                    (&desk.list, at(&[Stage::Place], false)),
                ] {
                    let (mut list, mut links) = (list.clone(), self.links.clone());
                    let mut waiting: Vec<u32> =
                        std::iter::from_fn(|| list.take_first(&mut links)).collect();
                    waiting.sort_unstable();
                    assert_eq!(waiting, who, "a list holds who waits in it");
                }
                assert_eq!(desk.waiting.level(), desk.list.len());
                let place = Place::service(service, area);
                let strands = &self.stores.strands;
                let served = strands
                    .numbers()
                    .filter(|index| strands[*index].served_at == Some(place))
                    .count();
                assert_eq!(desk.occupied.level() as usize, served);
                if !self.capacity_can_fall() {
                    assert!(
                        desk.occupied.level() <= desk.places,
                        "no place is given twice"
                    );
                    assert!(desk.assessing.level() <= desk.assessments);
                }
                assert!(desk.list.is_empty() || desk.occupied.level() >= desk.places);
                assert!(desk.to_assess.is_empty() || desk.assessing.level() >= desk.assessments);
                self.check_door(service, area);
            }
        }
    }

    /// Can there be more under way than there is capacity for, because it fell?
    fn capacity_can_fall(&self) -> bool {
        let stated = &self.ground.world.mechanisms;
        stated.workforce.turnover.get() > 0.0
            || stated.budget_moves.at_most.get() > 0.0
            || stated.change.dip.get() > 0.0
            || stated.change.blight.get() > 0.0
    }

    /// Nobody waits at a door while its intake staff are free.
    #[track_caller]
    fn check_door(&self, door: ServiceId, area: crate::model::AreaId) {
        let (mut posts, mut busy, mut waiting) = (0.0, 0, 0);
        for service in self.services_with_doors() {
            if self.one_intake(area, door, service) {
                let desk = &self.desks[self.desk_number(area, service)];
                posts += desk.screening_posts;
                busy += desk.screening.level();
                waiting += desk.door.len();
            }
        }
        assert!(waiting == 0 || f64::from(busy) >= f64::ceil(posts));
    }
}
