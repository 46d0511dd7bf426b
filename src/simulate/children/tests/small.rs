//! Small worlds made of the bundled parameters, with posts in proportion to their children.
#![allow(clippy::unwrap_used)]

use std::sync::Arc;

use crate::engine::{Instant, Luck};
use crate::model::{AreaId, Place, ServiceId, SourceId, Structure, World, switch_off};
use crate::scenario::{self, Id, Mechanism, Request, Scenario};
use crate::simulate::children::{ChildrenGround, ChildrenTape, ChildrenTrial};

/// Children in an area for which the bundled posts are meant.
pub(super) const BUNDLED_CHILDREN: f64 = 60_000.0;

const STUDY: &str = r#"
[study]
name       = "A small world"
purpose    = "Do the laws hold?"
parameters = "england-2003"
areas      = [{ area = "typical-council-2003", copies = COPIES, region = "north" }]
baseline   = "fragmented"
structures = STRUCTURES
start      = "decision day"
warm_up    = "1 year"
observe    = "2 years"
trials     = 2
seed       = 2003

[structure.led]
extends = "fragmented"
name    = "Somebody for everybody"

[structure.led.lead_professional]
for = "all referred children"
"#;

/// The structures of most tests, after the fragmented baseline.
const STRUCTURES: &str = r#"["local-trust", "national-agency", "service-hub"]"#;

/// A world and the structures under which its children can live.
pub(super) struct Small {
    pub(super) ground: ChildrenGround,
    pub(super) structures: Vec<Arc<Structure>>,
}

impl Small {
    /// Areas of so many children each, with the posts of so many; any value can be set otherwise, as
    /// `PATH=VALUE`.
    pub(super) fn new(areas: u32, children: u32, posts_for: f64, set: &[&str]) -> Self {
        Self::changed(areas, children, posts_for, set, |_| ())
    }

    /// Such a world under other structures, with these mechanisms and no others.
    pub(super) fn only(
        on: &[Mechanism],
        structures: &str,
        (areas, children, posts_for): (u32, u32, f64),
        set: &[&str],
    ) -> Self {
        let mut scenario = load(structures, areas, children, posts_for, set);
        let others = Mechanism::ALL.iter().filter(|it| !on.contains(it));
        let off: Vec<Mechanism> = others.copied().collect();
        switch_off(&mut scenario, &off);
        Self::of(&scenario, |_| ())
    }

    /// As [`Self::new`], in a world changed in ways that scenario files do not allow.
    pub(super) fn changed(
        areas: u32,
        children: u32,
        posts_for: f64,
        set: &[&str],
        change: impl Fn(&mut World),
    ) -> Self {
        Self::of(&load(STRUCTURES, areas, children, posts_for, set), change)
    }

    fn of(scenario: &Scenario, change: impl Fn(&mut World)) -> Self {
        let scenario::World::Children(world) = &*scenario.structures[0].world else {
            unreachable!("the study has children");
        };
        let services: Vec<&Id> = world.services.iter().map(|service| &service.id).collect();
        let mut world = World::new(world, &scenario.areas, &[]);
        change(&mut world);
        Self {
            ground: ChildrenGround::new(world),
            structures: scenario
                .structures
                .iter()
                .map(|structure| Arc::new(Structure::new(structure, &services, &scenario.areas)))
                .collect(),
        }
    }

    /// Places and assessors for everybody: nobody waits behind another child.
    pub(super) fn roomy(areas: u32, children: u32, set: &[&str]) -> Self {
        Self::new(areas, children, 50.0 * BUNDLED_CHILDREN, set)
    }

    /// The service of this id.
    pub(super) fn service(&self, id: &str) -> ServiceId {
        let services = &self.ground.world.services;
        ServiceId::new(
            services
                .iter()
                .position(|service| service.id.as_str() == id)
                .unwrap(),
        )
    }

    /// The place of a service, or of a source outside, in an area.
    pub(super) fn place(&self, id: &str, area: usize) -> Place {
        let sources = &self.ground.world.sources;
        let position = sources.iter().position(|it| it.id.as_str() == id);
        Place {
            source: SourceId::new(position.unwrap()),
            area: AreaId::new(area),
        }
    }

    pub(super) fn tape(&self, trial: u32, years: u32) -> ChildrenTape {
        ChildrenTape::new(&self.ground, Luck::new(7, 0, trial), years_after(years))
    }

    pub(super) fn begin<'a>(
        &'a self,
        tape: &'a ChildrenTape,
        structure: usize,
    ) -> ChildrenTrial<'a> {
        let structure = &self.structures[structure];
        ChildrenTrial::established(
            &self.ground,
            structure,
            structure,
            tape,
            3 * super::super::ground::YEAR,
        )
    }
}

/// The moment so many years after the start.
pub(super) fn years_after(years: u32) -> Instant {
    Instant::START.after(years * super::super::ground::YEAR)
}

fn load(structures: &str, areas: u32, children: u32, posts_for: f64, set: &[&str]) -> Scenario {
    let area = "area.typical-council-2003";
    let mut values = vec![format!("{area}.children={children}")];
    let bundled = scenario::load(&Request {
        study: "childrens-trusts-2003".to_owned(),
        ..Request::default()
    })
    .unwrap();
    for posts in &bundled.areas[0].posts {
        let scale = posts_for / BUNDLED_CHILDREN;
        for (kind, number) in [
            ("screening", posts.screening),
            ("assessment", posts.assessment),
            ("help", posts.help),
        ] {
            let service = &posts.service;
            let number = number * scale;
            values.push(format!("{area}.posts.{service}.{kind}={number}"));
        }
    }
    values.extend(set.iter().map(|text| (*text).to_owned()));
    let request = Request {
        set: values,
        ..Request::default()
    };
    let text = STUDY.replace("COPIES", &areas.to_string());
    let text = text.replace("STRUCTURES", structures);
    scenario::load_text("small.toml", &text, &request)
        .unwrap_or_else(|problems| panic!("{problems:?}"))
}
