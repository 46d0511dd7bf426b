//! Changes of worker: turnover interrupts help for a while.
//!
//! Candidates come in years of the calendar, at the highest rate that any change of structure can
//! bring about; most of them come to nothing. So a child in help meets the same changes under two
//! structures until one of them disturbs its service more.

use super::capacity::turnover_factor;
use super::ground::YEAR;
use super::purpose::Purpose;
use super::state::{Slot, Strand};
use super::{ChildrenTrial, Event};
use crate::engine::{Instant, Who};
use crate::measures::{Count, Standing};
use crate::model::{NeedId, Place};
use crate::simulate::diary::What;

impl ChildrenTrial<'_> {
    fn worker_who(&self, slot: Slot, need: NeedId) -> Who {
        self.children[slot as usize]
            .who
            .with(self.ground.need(need).who)
    }

    /// The highest rate a second at which a child changes worker.
    fn most_worker_changes(&self) -> f64 {
        let world = &self.ground.world.mechanisms;
        let extra = world.change.extra_turnover.map_or(1.0, |it| it.get());
        world.workforce.worker_changes.get() * extra.max(1.0) / f64::from(YEAR)
    }

    /// Plans the next candidate for a change of worker of a strand that is helped.
    pub(super) fn plan_worker_change(&mut self, index: u32) {
        let rate = self.most_worker_changes();
        if rate <= 0.0 {
            return;
        }
        let Strand { slot, need, .. } = self.stores.strands[index];
        let who = self.worker_who(slot, need);
        let now = self.now;
        let last = self.end.seconds() / YEAR;
        for cell in now.seconds() / YEAR..=last {
            let start = f64::from(cell) * f64::from(YEAR);
            let mut at = start;
            for ordinal in 0u32.. {
                let draw =
                    self.luck
                        .block(who.number(cell), Purpose::WorkerChanges as u16, ordinal);
                at -= libm::log(draw.uniform()) / rate;
                let moment = Instant::at(at as u32);
                if at >= start + f64::from(YEAR) || moment >= self.end {
                    break;
                }
                if moment > now {
                    let ticket = self
                        .calendar
                        .schedule(moment, Event::WorkerChanges { slot, need });
                    self.stores.strands[index].worker = Some(ticket);
                    return;
                }
            }
        }
    }

    /// A candidate is due, or the gap that a worker left is over.
    pub(super) fn worker_changes(&mut self, slot: Slot, need: NeedId) {
        let Some(index) = self.stores.strand(&self.children[slot as usize], need) else {
            return;
        };
        self.stores.strands[index].worker = None;
        let Some(at) = self.stores.strands[index].served_at else {
            return;
        };
        if self.stores.strands[index].between_workers {
            self.interrupt(index, at, false);
            self.tell(slot, |_| What::WorkerCame { need, at });
            self.count(Count::Professionals);
            self.plan_worker_change(index);
            return;
        }
        if !self.worker_leaves(slot, need, at) {
            self.plan_worker_change(index);
            return;
        }
        self.count(Count::WorkerChanges);
        let who = self.worker_who(slot, need);
        let seconds = self.ground.worker_gap.as_ref().map_or(0, |gap| {
            gap.draw(
                &self.luck,
                who,
                Purpose::WorkerGap as u16,
                self.now.seconds(),
                1.0,
            )
        });
        self.interrupt(index, at, true);
        self.tell(slot, |_| What::WorkerLeft { need, at });
        let ticket = self
            .calendar
            .schedule(self.now.after(seconds), Event::WorkerChanges { slot, need });
        self.stores.strands[index].worker = Some(ticket);
    }

    /// Does the candidate come to anything at the service's present turnover?
    fn worker_leaves(&self, slot: Slot, need: NeedId, at: Place) -> bool {
        let extra = self.ground.world.mechanisms.change.extra_turnover;
        let most = extra.map_or(1.0, |it| it.get()).max(1.0);
        let now = turnover_factor(self.ground, &self.desks[self.desk_of(at)].disruption);
        if now >= most {
            return true;
        }
        let who = self
            .worker_who(slot, need)
            .with(self.ground.source(at.source).who);
        let draw = self
            .luck
            .block(who, Purpose::WorkerChanges as u16, self.now.seconds());
        draw.second() * most < now
    }

    /// Help stops or goes on while the place stays the child's.
    fn interrupt(&mut self, index: u32, at: Place, stops: bool) {
        self.settle(index);
        let Strand { need, level, .. } = self.stores.strands[index];
        self.stores.strands[index].between_workers = stops;
        let standing = if stops {
            Standing::BetweenWorkers
        } else {
            self.standing_when_served(at, need, level)
        };
        self.stores.strands[index].standing = standing;
        self.spell_follows_service(index);
        self.plan_change(index);
    }
}
