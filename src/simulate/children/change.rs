//! The change: from decision day over vesting day until everything is built; and relations, which
//! change with it.
//!
//! Work under way stays under way. What changes is the structure that the next stage asks, the
//! capacity that the change costs, and how well neighbours know each other.

use std::sync::Arc;

use super::ground::ChildrenGround;
use super::purpose::Purpose;
use super::{ChildrenTape, ChildrenTrial, Event};
use crate::engine::{Instant, Luck, normal_quantile};
use crate::model::{Adoption, AreaId, Built, Place, ServiceId, Structure};
use crate::units::Days;

/// A structure that has been decided on and is not wholly in force yet.
#[derive(Debug, Clone)]
pub(super) struct Decided<'a> {
    ground: &'a ChildrenGround,
    tape: &'a ChildrenTape,
    target: Arc<Structure>,
    before: Arc<Structure>,
    built: Built,
}

/// A part of a structure that takes time to build.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Part {
    Records,
    Budgets,
    Assessment,
    FrontDoors,
    Workforce,
}

/// What two neighbours are to each other.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Bond {
    /// When they became neighbours; `None` if they always were.
    neighbours_since: Option<Instant>,
    /// When they came closer, and how close they were before.
    closer_since: Option<(Instant, f64)>,
    /// Since when partnering between them is paid for.
    partnering_since: Option<Instant>,
}

/// What differs between areas, drawn once for a trial.
#[derive(Debug, Clone, Copy)]
pub(super) struct Temper {
    /// Ceiling of relations.
    pub(super) relations: f64,
    /// What is added to thresholds of an organisation of this area alone.
    pub(super) threshold: f64,
}

/// Draws what differs between areas; the same under every structure.
pub(super) fn tempers(ground: &ChildrenGround, luck: &Luck) -> Vec<Temper> {
    let stated = &ground.world.mechanisms;
    let spread = stated.areas;
    ground
        .areas
        .iter()
        .map(|who| {
            let draw = luck.block(*who, Purpose::AreaDiffers as u16, 0);
            let add = |spread: f64, uniform: f64| {
                if spread > 0.0 {
                    spread * normal_quantile(uniform)
                } else {
                    0.0
                }
            };
            let mean = stated.relations.mean.get();
            Temper {
                relations: (mean + add(spread.relations, draw.uniform())).clamp(0.0, 1.0),
                threshold: add(spread.thresholds, draw.second()),
            }
        })
        .collect()
}

/// A structure as it comes to be in force: everywhere where everyone must take part, in the pilot
/// areas, or where partners choose to join. The better the local relations, the likelier they do;
/// with a slope of 0, at random.
pub(super) fn adopted(
    ground: &ChildrenGround,
    luck: &Luck,
    tempers: &[Temper],
    structure: &Arc<Structure>,
    before: &Structure,
) -> Arc<Structure> {
    let adopting = ground.world.mechanisms.adoption;
    let mean = ground.world.mechanisms.relations.mean.get();
    let joins = |area: AreaId, partner: ServiceId| {
        let above = tempers[area.index()].relations - mean;
        let chance = (adopting.joins.get() + adopting.slope * above).clamp(0.0, 1.0);
        let who = ground.service(partner).who.with(ground.area(area));
        luck.block(who, Purpose::JoinsIn as u16, 0).uniform() < chance
    };
    match structure.governance.adoption {
        Adoption::Statutory => Arc::clone(structure),
        Adoption::Pilot => {
            let areas = &ground.world.areas;
            Arc::new(structure.adopted(before, |area, _| areas[area.index()].is_pilot))
        }
        Adoption::Voluntary => Arc::new(structure.adopted(before, joins)),
    }
}

impl<'a> ChildrenTrial<'a> {
    /// Decision day: goes on under another structure, in a world that may differ by its overlays.
    pub(super) fn decide_on(
        &mut self,
        ground: &'a ChildrenGround,
        tape: &'a ChildrenTape,
        structure: &Arc<Structure>,
    ) {
        // A decision overtakes the one before it: what that one has not built yet is not built.
        self.decisions += 1;
        let before = Arc::clone(&self.structure);
        let target = adopted(ground, &self.luck, &self.tempers, structure, &before);
        self.decided = Some(Decided {
            ground,
            tape,
            target: Arc::clone(&target),
            before: Arc::clone(&before),
            built: Built::default(),
        });
        let change = &ground.world.mechanisms.change;
        let lead_time = change.lead_time.to_seconds();
        if lead_time == 0 {
            // What the tape holds for this instant is still to come.
            self.vest(self.now);
            return;
        }
        let blight = change.blight.get();
        for number in 0..self.desks.len() {
            let (area, service) = self.desk_at(number);
            let changes = target.changes_employer(&before, area, service);
            self.desks[number].disruption.blight = if changes { blight } else { 0.0 };
        }
        self.set_capacities();
        let decision = self.decisions;
        let day = self.now.after(lead_time);
        self.turns.push(day);
        self.calendar.schedule(day, Event::Vests { decision });
    }

    /// The area and service of a desk.
    pub(super) fn desk_at(&self, number: usize) -> (AreaId, ServiceId) {
        let services = self.ground.services.len();
        (
            AreaId::new(number / services),
            ServiceId::new(number % services),
        )
    }

    /// The vesting day of a decision.
    pub(super) fn vests(&mut self, decision: u32) {
        if decision == self.decisions {
            // At one instant the tape comes first: it has been played up to now.
            self.vest(self.now.after(1));
        }
    }

    /// Vesting day: organisations change; what needs building follows. The tape goes on at an instant.
    fn vest(&mut self, tape_from: Instant) {
        let Some(decided) = &mut self.decided else {
            return;
        };
        let change = &decided.ground.world.mechanisms.change;
        let parts = [
            (Part::Records, change.build_records),
            (Part::Budgets, change.build_budgets),
            (Part::Assessment, change.build_assessment),
            (Part::FrontDoors, change.build_front_doors),
            (Part::Workforce, change.build_workforce),
        ];
        for (part, takes) in parts {
            let seconds = takes.to_seconds();
            if seconds == 0 {
                decided.built.complete(part);
            } else {
                let decision = self.decisions;
                let day = self.now.after(seconds);
                // Of what is built only shared records make a difference to children at rest.
                if part == Part::Records {
                    self.turns.push(day);
                }
                self.calendar.schedule(day, Event::Built { part, decision });
            }
        }
        let (ground, tape) = (decided.ground, decided.tape);
        let (target, before) = (Arc::clone(&decided.target), Arc::clone(&decided.before));
        self.disrupt(ground, &target, &before);
        self.renew_bonds(&target, &before);
        self.replan_posts(before.posts(), target.posts());
        if !std::ptr::eq(self.ground, ground) {
            self.forget_mark_places();
        }
        self.ground = ground;
        self.tape = tape;
        self.layout = &tape.layout;
        self.find_place_on_tape(tape_from);
        self.take_settings();
        self.come_into_force();
        self.plan_looks();
    }

    /// A part of the structure is built.
    pub(super) fn built(&mut self, part: Part, decision: u32) {
        if decision != self.decisions {
            return;
        }
        if let Some(decided) = &mut self.decided {
            decided.built.complete(part);
        }
        self.come_into_force();
    }

    fn come_into_force(&mut self) {
        if let Some(decided) = &self.decided {
            let Decided {
                target,
                before,
                built,
                ..
            } = decided;
            self.structure = Arc::new(target.partly_built(before, *built));
            self.diary.comes_into_force(self.now, &self.structure);
            self.renew_thresholds();
        }
        self.set_capacities();
        // Intake that is shared from now may have staff free for those who wait.
        for area in self.ground.world.area_ids() {
            self.take_up_work(area);
        }
    }

    /// What the change costs each service from now: all of the dip where the employer changes, part
    /// of it where only other partitions do.
    fn disrupt(&mut self, ground: &ChildrenGround, target: &Structure, before: &Structure) {
        let weights = ground.world.mechanisms.change.weights;
        let change = &ground.world.mechanisms.change;
        let has_dip =
            change.dip.get() > 0.0 || change.extra_turnover.is_some_and(|it| it.get() > 1.0);
        for number in 0..self.desks.len() {
            let (area, service) = self.desk_at(number);
            let disruption = &mut self.desks[number].disruption;
            disruption.blight = 0.0;
            let part = |changes: bool, weight: f64| if changes { weight } else { 0.0 };
            let other = |after, was| target.changes_company(after, was, area, service);
            let depth = part(target.changes_employer(before, area, service), 1.0)
                + part(
                    other(&target.front_doors, &before.front_doors),
                    weights.front_doors.get(),
                )
                + part(
                    other(&target.records, &before.records),
                    weights.records.get(),
                )
                + part(
                    other(&target.budgets, &before.budgets),
                    weights.budgets.get(),
                )
                + part(
                    other(&target.assessment, &before.assessment),
                    weights.assessment.get(),
                );
            // What is left of an earlier change goes on if it is the deeper of the two.
            if has_dip && depth.min(1.0) >= disruption.now && depth > 0.0 {
                disruption.depth = depth.min(1.0);
                disruption.vested = self.now;
                disruption.now = disruption.depth;
            }
        }
    }

    /// Who becomes whose new neighbour, and who comes under one roof.
    pub(super) fn renew_bonds(&mut self, target: &Structure, before: &Structure) {
        let now = self.now;
        let takes_time = self.ground.world.mechanisms.relations.matures > Days::ZERO;
        for area in self.ground.world.area_ids() {
            for source in self.ground.world.source_ids() {
                for service in self.ground.world.service_ids() {
                    let (from, to) = (Place { source, area }, Place::service(service, area));
                    let changes = |place: Place| {
                        target
                            .service_at(place)
                            .is_some_and(|it| target.changes_employer(before, area, it))
                    };
                    let one_roof = target.joined(&target.organisations, from, to);
                    let was = self.closeness_between(from, to);
                    let is = self.plain_closeness(target, from, to);
                    // Who stays as close as before goes on growing together.
                    let stays = same(is, self.plain_closeness(before, from, to))
                        && !changes(from)
                        && !changes(to);
                    let paid = target.service_at(from).is_some_and(|it| {
                        let pays = |it| target.governance_at(area, it).partnering;
                        pays(it) && pays(service)
                    });
                    let number = self.bond_number(from, to);
                    let bond = &mut self.bonds[number];
                    if (changes(from) || changes(to)) && !one_roof {
                        bond.neighbours_since = Some(now);
                    }
                    if !stays {
                        // Without a time to mature in, closeness is there at once, to the bit.
                        bond.closer_since = (is < was && takes_time).then_some((now, was));
                    }
                    bond.partnering_since = if paid {
                        bond.partnering_since.or(Some(now))
                    } else {
                        None
                    };
                }
            }
        }
    }

    fn bond_number(&self, from: Place, to: Place) -> usize {
        let (sources, services) = (self.ground.sources.len(), self.ground.services.len());
        (to.area.index() * sources + from.source.index()) * services + to.source.index()
    }

    /// The factor of closeness that a structure alone gives two places.
    fn plain_closeness(&self, structure: &Structure, from: Place, to: Place) -> f64 {
        let closeness = &self.ground.world.closeness;
        if structure.one_team(from, to) {
            closeness.same_team.get()
        } else {
            closeness.factor(structure.kind(from, to))
        }
    }

    /// How much of the way to maturity two parties have come since a moment: `1 - exp(-t/T)`.
    fn maturity(&self, since: Instant) -> f64 {
        let matures = f64::from(self.ground.world.mechanisms.relations.matures.to_seconds());
        if matures > 0.0 {
            1.0 - libm::exp(-f64::from(self.now.since(since)) / matures)
        } else {
            1.0
        }
    }

    /// The factor of closeness on a handoff between two places now: those newly under one roof come
    /// to be as close as others there in time.
    pub(super) fn closeness_between(&self, from: Place, to: Place) -> f64 {
        let is = self.plain_closeness(&self.structure, from, to);
        if from.area != to.area {
            return is;
        }
        match self.bonds[self.bond_number(from, to)].closer_since {
            Some((since, was)) => was + (is - was) * self.maturity(since),
            None => is,
        }
    }

    /// The factor of relations on delay and loss between two places now.
    pub(super) fn relations_between(&self, from: Place, to: Place) -> f64 {
        let stated = &self.ground.world.mechanisms.relations;
        let beta = stated.beta.get();
        if beta <= 0.0 {
            return 1.0;
        }
        let local = self.tempers[to.area.index()].relations;
        let bond = &self.bonds[self.bond_number(from, to)];
        let ceiling = match bond.partnering_since {
            Some(since) => {
                local + (1.0 - local) * stated.effort_raises.get() * self.maturity(since)
            }
            None => local,
        };
        let r = match bond.neighbours_since {
            Some(since) => ceiling * self.maturity(since),
            None => ceiling,
        };
        (1.0 - beta * r) / (1.0 - beta * stated.mean.get())
    }

    /// What a service's threshold differs by in an area.
    pub(super) fn local_threshold(&self, area: AreaId, service: ServiceId) -> f64 {
        self.local_thresholds[self.desk_number(area, service)]
    }

    /// Works out the thresholds of all desks under the structure in force.
    pub(super) fn renew_thresholds(&mut self) {
        let desks = (0..self.desks.len()).map(|number| self.desk_at(number));
        let thresholds = desks.map(|(area, service)| self.threshold_under(area, service));
        self.local_thresholds = thresholds.collect();
    }

    /// An organisation that covers several areas has one threshold: their mean.
    fn threshold_under(&self, area: AreaId, service: ServiceId) -> f64 {
        let (mut sum, mut areas) = (0.0, 0.0);
        for other in self.ground.world.area_ids() {
            if self.structure.covers(service, area, other) {
                sum += self.tempers[other.index()].threshold;
                areas += 1.0;
            }
        }
        sum / areas
    }
}

/// Are two factors of closeness the same one?
fn same(one: f64, other: f64) -> bool {
    one.to_bits() == other.to_bits()
}

impl Built {
    fn complete(&mut self, part: Part) {
        let is_built = match part {
            Part::Records => &mut self.records,
            Part::Budgets => &mut self.budgets,
            Part::Assessment => &mut self.assessment,
            Part::FrontDoors => &mut self.front_doors,
            Part::Workforce => &mut self.workforce,
        };
        *is_built = true;
    }
}
