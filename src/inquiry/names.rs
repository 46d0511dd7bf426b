//! The words of a study of children: what readers see of the ids in a diary.

use crate::experiment::replay::{Diary, Home, Instant, Replay, WatchedChild};
use crate::model::{AreaId, NeedId, Place, ServiceId, SourceId};
use crate::scenario::{ChildrenWorld, Id, Organisation, Scenario, Structure, World};

/// Names of a study.
#[derive(Debug, Clone, Copy)]
pub(super) struct Names<'s> {
    pub(super) scenario: &'s Scenario,
    pub(super) world: &'s ChildrenWorld,
}

impl<'s> Names<'s> {
    /// `None` in a study of a network.
    pub(super) fn new(scenario: &'s Scenario) -> Option<Self> {
        match &*scenario.structures.first()?.world {
            World::Children(world) => Some(Self { scenario, world }),
            World::Network(_) => None,
        }
    }

    /// Id and name of a source: the services first, then those outside.
    pub(super) fn source(&self, source: SourceId) -> (&'s Id, &'s str) {
        let services = &self.world.services;
        match source.index().checked_sub(services.len()) {
            None => {
                let service = &services[source.index()];
                (&service.id, &service.name)
            }
            Some(place) => {
                let outside = &self.world.outside[place];
                (&outside.id, &outside.name)
            }
        }
    }

    pub(super) fn service(&self, service: ServiceId) -> &'s str {
        &self.world.services[service.index()].name
    }

    /// The id of the service at a place.
    pub(super) fn service_at(&self, place: Place) -> &'s Id {
        self.source(place.source).0
    }

    pub(super) fn need(&self, need: NeedId) -> &'s str {
        &self.world.needs[need.index()].name
    }

    pub(super) fn area(&self, area: AreaId) -> &'s str {
        &self.scenario.areas[area.index()].name
    }

    /// The names of a set of sources kept as bits: `Police, GPs and Schools`.
    pub(super) fn sources(&self, set: u64) -> String {
        listed(members(set).map(|source| self.source(SourceId::new(source)).1))
    }

    /// The names of a set of needs kept as bits.
    pub(super) fn needs(&self, set: u64) -> Vec<String> {
        members(set)
            .map(|need| self.need(NeedId::new(need)).to_owned())
            .collect()
    }

    /// The organisation that runs a place at a moment under a structure of the study; nobody's for a
    /// source outside.
    pub(super) fn organisation(
        &self,
        structure: usize,
        diary: &Diary,
        at: Instant,
        place: Place,
    ) -> Option<&'s str> {
        let in_force = diary.structure_at(at)?;
        let service = in_force.service_at(place)?;
        let employer = in_force.employer(place.area, service);
        let own = &self.scenario.structures[structure];
        let then = own.then.as_deref();
        let baseline = self.scenario.structures.first();
        let all = std::iter::once(own).chain(then).chain(baseline);
        all.flat_map(|it: &Structure| &it.organisations)
            .find(|it: &&Organisation| it.id == *employer)
            .map(|it| it.name.as_str())
    }

    /// The id of a child, to be typed: `AREA/SLOT`, with `-2` and so on for those who live in a slot
    /// after others; or `SCRIPT@AREA/NUMBER`.
    pub(super) fn child(&self, replay: &Replay, child: WatchedChild) -> String {
        match replay.home(child) {
            Home::Area {
                area,
                slot,
                occupant,
            } => {
                let area = &self.scenario.areas[area.index()].id;
                match occupant {
                    1 => format!("{area}/{slot}"),
                    _ => format!("{area}/{slot}-{occupant}"),
                }
            }
            Home::Script { case, area, number } => {
                let area = &self.scenario.areas[area.index()].id;
                format!("{}@{area}/{number}", self.scenario.cases[case].id)
            }
        }
    }

    /// Reads what [`Self::child`] writes; `None` if it cannot be the id of a child of this study.
    pub(super) fn home(&self, id: &str) -> Option<Home> {
        let (place, number) = id.trim().rsplit_once('/')?;
        let area_of = |name: &str| {
            let areas = &self.scenario.areas;
            let found = areas.iter().position(|it| it.id.as_str() == name);
            found.map(AreaId::new)
        };
        if let Some((case, area)) = place.split_once('@') {
            let cases = &self.scenario.cases;
            return Some(Home::Script {
                case: cases.iter().position(|it| it.id.as_str() == case)?,
                area: area_of(area)?,
                number: number.parse().ok()?,
            });
        }
        let (slot, occupant) = number.split_once('-').unwrap_or((number, "1"));
        Some(Home::Area {
            area: area_of(place)?,
            slot: slot.parse().ok()?,
            occupant: occupant.parse().ok()?,
        })
    }
}

/// A whole number with commas at thousands and a true minus sign.
pub(super) fn whole(value: f64) -> String {
    let digits = format!("{:.0}", value.abs());
    let mut text = String::new();
    if value < 0.0 && digits != "0" {
        text.push('−');
    }
    for (place, digit) in digits.chars().enumerate() {
        if place > 0 && (digits.len() - place).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

/// `A`, `A and B`, `A, B and C`.
pub(super) fn listed<'a>(words: impl IntoIterator<Item = &'a str>) -> String {
    let words: Vec<&str> = words.into_iter().collect();
    match words.split_last() {
        None => String::new(),
        Some((last, [])) => (*last).to_owned(),
        Some((last, rest)) => format!("{} and {last}", rest.join(", ")),
    }
}

/// The members of a set kept as bits, lowest first.
pub(super) fn members(mut set: u64) -> impl Iterator<Item = usize> {
    std::iter::from_fn(move || {
        (set != 0).then(|| {
            let lowest = set.trailing_zeros() as usize;
            set &= set - 1;
            lowest
        })
    })
}
