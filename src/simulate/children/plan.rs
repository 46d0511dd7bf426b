//! The plan: which service helps with each need found, and who pays.

use super::ChildrenTrial;
use super::Event;
use super::door::{Perceived, level_to_help};
use super::ground::MOST_NEEDS;
use super::purpose::Purpose;
use super::referral::Passing;
use super::state::{Handoff, NONE, Reason, Slot, bit, members, rank_of};
use crate::measures::{HandoffEnd, Overhead, Stage, Standing, Step};
use crate::model::{AreaId, NeedId, Place, ServiceId};
use crate::simulate::diary::What;

impl ChildrenTrial<'_> {
    /// The child's age in whole years.
    pub(super) fn age(&self, slot: Slot) -> u32 {
        let lived = i64::from(self.now.seconds()) - self.children[slot as usize].born;
        (lived / i64::from(super::ground::YEAR)) as u32
    }

    /// Plans help for what an assessment found. Strands that the assessing service itself helps go
    /// on with their handoff; others are handed to the service whose need, level and age fit; where
    /// no need was found the strand is closed, and that is a conclusion.
    pub(super) fn plan_help(&mut self, handoff: u32, perceived: &Perceived) {
        let Handoff {
            slot,
            needs,
            to,
            area,
            reason,
            ..
        } = self.stores.handoffs[handoff];
        let age = self.age(slot);
        let here = Place::service(to, area);
        let mut services: [Option<ServiceId>; MOST_NEEDS] = [None; MOST_NEEDS];
        let help_from = self.ground.world.perception.help_from;
        let mut planned = 0;
        let mut staying = 0;
        for need in members(needs) {
            services[need] = level_to_help(perceived[need], help_from)
                .and_then(|level| self.ground.world.helper(NeedId::new(need), level, age));
            if let Some(service) = services[need] {
                planned |= bit(need);
                if service == to {
                    staying |= bit(need);
                }
            }
        }
        for need in members(needs) {
            self.tell_handoff(handoff, |_, handoff| What::Planned {
                handoff,
                by: here,
                need: NeedId::new(need),
                perceived: perceived[need],
                service: services[need],
            });
        }
        if planned == 0 && reason == Reason::Referral && self.observed_from.is_some() {
            self.tally.services[to.index()].no_plan += 1;
        }
        let to_be_funded = self.draws_on_several_budgets(slot, area, planned, &services);
        for need in members(planned).map(NeedId::new) {
            let index = self.strand_or_new(slot, need);
            self.reach(index, Step::Planned);
        }

        // The strands that stay keep the handoff; the first of them keeps its number.
        let kept = members(staying).next().map_or(0, bit);
        for need in members(needs & !staying).map(NeedId::new) {
            let index = self.strand_or_new(slot, need);
            self.settle(index);
            let strand = &mut self.stores.strands[index];
            strand.handoff = None;
            strand.standing = Standing::Closed;
        }
        for need in members(staying & !kept) {
            let part = self.split_off(handoff, bit(need), to);
            let rank = self.rank_at(part, bit(need), perceived);
            self.go_on_to_place(part, to_be_funded, rank);
        }
        self.stores.handoffs[handoff].needs = kept;
        if let Some(need) = members(kept).next() {
            let rank = self.rank_at(handoff, bit(need), perceived);
            self.go_on_to_place(handoff, to_be_funded, rank);
        } else {
            // The assessment was the receiver's work for the child, unless it was a second one that
            // ends with nothing to do: then the receiver has turned the child away.
            let answered = reason == Reason::Referral || planned != 0;
            let end = if answered {
                HandoffEnd::Begun
            } else {
                HandoffEnd::Rejected
            };
            self.end_handoff(handoff, end);
        }

        for need in members(needs & !staying) {
            let id = NeedId::new(need);
            if let Some(service) = services[need] {
                let rank = rank_of(perceived[need]);
                self.hand_to(slot, id, here, service, rank, to_be_funded);
            } else {
                self.record_conclusion(slot, here, id, 1.0);
                self.close(slot, id);
            }
        }
    }

    fn go_on_to_place(&mut self, handoff: u32, to_be_funded: bool, rank: usize) {
        self.stores.handoffs[handoff].to_be_funded = to_be_funded;
        self.stores.handoffs[handoff].rank = rank;
        self.ask_for_funding(handoff);
    }

    /// A strand that nobody helps any more.
    pub(super) fn close(&mut self, slot: Slot, need: NeedId) {
        if let Some(index) = self.stores.strand(&self.children[slot as usize], need) {
            self.settle(index);
            let strand = &mut self.stores.strands[index];
            strand.standing = Standing::Closed;
            strand.first_referral = None;
            self.forget_if_over(index);
        }
    }

    /// Hands a strand from a service to another one of the same area.
    pub(super) fn hand_to(
        &mut self,
        slot: Slot,
        need: NeedId,
        from: Place,
        to: ServiceId,
        rank: usize,
        to_be_funded: bool,
    ) {
        let receiver = Place::service(to, from.area);
        let to_be_assessed = !self.accepts(slot, from, receiver);
        self.pass_on(Passing {
            slot,
            reason: Reason::Plan,
            from,
            to,
            area: from.area,
            needs: bit(need.index()),
            to_be_assessed,
            to_be_funded,
            rank,
        });
    }

    /// Does the child's plan draw on more than one budget? It holds the help planned now, the help
    /// that goes on already, and the help that an earlier assessment has planned.
    fn draws_on_several_budgets(
        &self,
        slot: Slot,
        area: AreaId,
        planned: u64,
        services: &[Option<ServiceId>; MOST_NEEDS],
    ) -> bool {
        let Some(first) = members(planned).find_map(|need| services[need]) else {
            return false;
        };
        let parted = |service: ServiceId| self.structure.budgets.parts(area, first, service);
        members(planned)
            .filter_map(|need| services[need])
            .any(parted)
            || self.helpers_of(slot).any(parted)
    }

    /// The services that help a child already, or are to by an earlier plan.
    fn helpers_of(&self, slot: Slot) -> impl Iterator<Item = ServiceId> {
        let mut index = self.children[slot as usize].strands;
        std::iter::from_fn(move || {
            (index != NONE).then(|| {
                let strand = &self.stores.strands[index];
                index = strand.next;
                strand
            })
        })
        .filter_map(|strand| match (strand.served_at, strand.handoff) {
            (Some(at), _) => self.structure.service_at(at),
            (None, Some(number)) => {
                let handoff = &self.stores.handoffs[number];
                (handoff.reason == Reason::Plan).then_some(handoff.to)
            }
            (None, None) => None,
        })
    }

    /// Waits for the next panel, or with some chance for the one after, if the plan draws on more
    /// than one budget; then for a place.
    pub(super) fn ask_for_funding(&mut self, handoff: u32) {
        let every = self.panel_every;
        let Handoff {
            area, to_be_funded, ..
        } = self.stores.handoffs[handoff];
        if !to_be_funded || every == 0 {
            self.join_list(handoff);
            return;
        }
        let hours = self.ground.world.mechanisms.costs.panel_hours;
        self.take_hours(Overhead::Panels, hours);
        self.enter(handoff, Stage::Funding);
        self.stand(handoff, Standing::WaitingFunding);
        // Panels of an area meet at fixed intervals, on days of the area's own.
        let phase = self.ground.area(area).below(every);
        let mut seconds = every - (self.now.seconds() + (every - phase)) % every;
        let chance = self.draw_for(handoff, Purpose::SecondPanel).uniform();
        if chance < self.ground.world.funding.second_panel.get() {
            seconds = seconds.saturating_add(every);
        }
        self.plan_for(handoff, seconds, |slot, handoff| Event::Funded {
            slot,
            handoff,
        });
    }
}
