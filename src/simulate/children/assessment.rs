//! Assessment: queues for assessors, asking other record blocks, and what is concluded.

use super::ChildrenTrial;
use super::Event;
use super::purpose::Purpose;
use super::state::{Handoff, NONE, Reason, Record, Says, Slot, bit, holds, members};
use crate::engine::Instant;
use crate::measures::{Count, Overhead, Span, Stage, Standing, Step};
use crate::model::{AreaId, NeedId, Place, ServiceId};
use crate::simulate::diary::What;

impl ChildrenTrial<'_> {
    /// The records held about a child that say there is concern.
    pub(super) fn records_of(&self, slot: Slot) -> impl Iterator<Item = &Record> {
        let mut index = self.children[slot as usize].records;
        std::iter::from_fn(move || {
            while index != NONE {
                let record = &self.stores.records[index];
                index = record.next;
                if record.says == Says::Concern {
                    return Some(record);
                }
            }
            None
        })
    }

    pub(super) fn join_assessment(&mut self, handoff: u32) {
        self.enter(handoff, Stage::WaitingAssessment);
        self.stand(handoff, Standing::WaitingAssessment);
        let now = self.now;
        let Handoff { area, to, rank, .. } = self.stores.handoffs[handoff];
        self.stores.handoffs[handoff].joined = now;
        let desk = self.desk_number(area, to);
        self.desks[desk]
            .to_assess
            .join(&mut self.links, handoff, rank);
        self.assess_next(area, to);
    }

    /// Assessors with room take the most urgent, then the longest waiting.
    pub(super) fn assess_next(&mut self, area: AreaId, service: ServiceId) {
        let desk = self.desk_number(area, service);
        while self.desks[desk].assessing.level() < self.desks[desk].assessments {
            let Some(handoff) = self.desks[desk].to_assess.take_first(&mut self.links) else {
                return;
            };
            self.desks[desk].assessing.up(self.now);
            self.begin_assessment(handoff);
        }
    }

    fn begin_assessment(&mut self, handoff: u32) {
        self.enter(handoff, Stage::Assessment);
        self.stand(handoff, Standing::BeingAssessed);
        self.ask_for_information(handoff);
        let Handoff { to, reason, .. } = self.stores.handoffs[handoff];
        if reason != Reason::Referral {
            self.count(Count::SecondAssessments);
        }
        self.stores.handoffs[handoff].assessed_from = self.now;
        self.end_span(handoff, Span::Seen);
        self.count(Count::Professionals);
        let law = self.ground.service(to);
        let seconds = law.help.as_ref().map_or(0, |help| {
            let takes = self.time_for(handoff, &help.initial, Purpose::Assessment, 1.0);
            let due = self.initial_due_at(handoff);
            self.pulled(handoff, takes, due, Purpose::PulledToDeadline)
        });
        self.plan_for(handoff, seconds, |slot, handoff| Event::Assessed {
            slot,
            handoff,
        });
    }

    /// When the initial assessment under way is due, if it is due at all.
    fn initial_due_at(&self, handoff: u32) -> Option<Instant> {
        let item = &self.stores.handoffs[handoff];
        let due = self.ground.service(item.to).help.as_ref()?.initial_due?;
        Some(item.received?.after(due))
    }

    /// When the core assessment under way is due, if it is due at all.
    fn core_due_at(&self, handoff: u32) -> Option<Instant> {
        let item = &self.stores.handoffs[handoff];
        let due = self.ground.service(item.to).help.as_ref()?.core_due?;
        Some(item.assessed_from.after(due))
    }

    /// How long an assessment takes: a share of them ends in the last part of the time that is left
    /// until it is due, a larger share where oversight sets targets.
    fn pulled(&self, handoff: u32, takes: u32, due: Option<Instant>, purpose: Purpose) -> u32 {
        /// Assessments that are pulled end within this last part of the time that is left.
        const LAST_PART: f64 = 0.15;
        let deadline = self.ground.world.mechanisms.deadline;
        let Some(left) = due.map(|due| due.since(self.now)).filter(|left| *left > 0) else {
            return takes;
        };
        let share = deadline.pulled;
        if share.get() <= 0.0 {
            return takes;
        }
        let Handoff { area, to, .. } = self.stores.handoffs[handoff];
        let targets = deadline.targets.filter(|_| self.has_targets(area, to));
        let share = share.times(targets.map_or(1.0, |factor| factor.get()));
        let draw = self.draw_for(handoff, purpose);
        if draw.uniform() < share.get() {
            (f64::from(left) * (1.0 - LAST_PART * draw.second())) as u32
        } else {
            takes
        }
    }

    /// Counts whether an assessment that is done now was done in time.
    fn count_on_time(&mut self, handoff: u32) {
        let Handoff {
            in_core,
            reason,
            to,
            ..
        } = self.stores.handoffs[handoff];
        let (due, dues, on_time) = if in_core {
            let due = self.core_due_at(handoff);
            (due, Count::CoreDue, Count::CoreOnTime)
        } else {
            let due = self.initial_due_at(handoff);
            (due, Count::InitialDue, Count::InitialOnTime)
        };
        let Some(due) = due else { return };
        let is_on_time = self.now <= due;
        self.count(dues);
        if is_on_time {
            self.count(on_time);
        }
        if self.observed_from.is_some() && reason == Reason::Referral {
            let tally = &mut self.tally.services[to.index()];
            let (dues, on_time) = if in_core {
                (&mut tally.core_due, &mut tally.core_on_time)
            } else {
                (&mut tally.initial_due, &mut tally.initial_on_time)
            };
            *dues += 1;
            *on_time += u64::from(is_on_time);
        }
    }

    /// Enters how long a referral has lain with the service that it reached.
    fn end_span(&mut self, handoff: u32, span: Span) {
        let item = &self.stores.handoffs[handoff];
        if self.observed_from.is_none() || item.reason != Reason::Referral {
            return;
        }
        let Some(received) = item.received else {
            return;
        };
        let mut seconds = self.now.since(received);
        if span == Span::DecidedOwn {
            let of_others = [Stage::Information, Stage::OthersPart];
            for stage in of_others {
                seconds -= item.journey.spent_in(stage, self.now);
            }
        }
        self.tally.end_span(span, item.to.index(), seconds);
    }

    /// Asks every other record block that holds something. Each replies after a time of its own;
    /// at the limit the assessor decides on what there is.
    fn ask_for_information(&mut self, handoff: u32) {
        let now = self.now;
        let Handoff { slot, from, .. } = self.stores.handoffs[handoff];
        let viewer = self.stores.handoffs[handoff].place();
        let limit = self.information_limit;
        let mut asked: [Option<(Place, u32)>; 64] = [None; 64];
        let mut blocks = 0;
        let mut last = 0;
        if self.ground.world.records.seen_elsewhere.get() < 1.0 {
            // The holder that comes first in the order of sources lends its name to the luck of
            // its block, so that no block has luck of its own.
            let mut holders: u64 = 0;
            let mut elsewhere: [Option<Place>; 64] = [None; 64];
            for record in self.records_of(slot) {
                let holder = record.holder;
                let visible = holder == from
                    || self
                        .structure
                        .joined(&self.structure.records, viewer, holder);
                if !visible {
                    holders |= bit(holder.source.index());
                    elsewhere[holder.source.index()] = Some(holder);
                }
            }
            for holder in members(holders).filter_map(|source| elsewhere[source]) {
                let known = asked[..blocks].iter().flatten().any(|(other, _)| {
                    self.structure
                        .joined(&self.structure.records, *other, holder)
                });
                if !known {
                    let who = self
                        .pair_who(handoff)
                        .with(self.ground.source(holder.source).who);
                    let seconds = self.ground.reply.draw(
                        &self.luck,
                        who,
                        Purpose::Reply as u16,
                        self.stores.handoffs[handoff].ordinal,
                        1.0,
                    );
                    asked[blocks] = Some((holder, seconds));
                    blocks += 1;
                    let hours = self.ground.world.mechanisms.costs.reply_hours;
                    self.take_hours(Overhead::Replying, hours);
                    last = last.max(seconds.min(limit));
                }
            }
            let mut replied = 0;
            for holder in members(holders).filter_map(|source| elsewhere[source]) {
                let in_time = asked[..blocks].iter().flatten().any(|(other, seconds)| {
                    *seconds <= limit
                        && self
                            .structure
                            .joined(&self.structure.records, *other, holder)
                });
                if in_time {
                    replied |= bit(holder.source.index());
                }
            }
            self.stores.handoffs[handoff].replied = replied;
            if holders != 0 {
                self.tell_handoff(handoff, |item, handoff| What::Asked {
                    handoff,
                    by: item.place(),
                    holders,
                    replied,
                });
            }
        }
        self.stores.handoffs[handoff].informed = now.after(last);
    }

    /// The work of an assessment is done; information may be outstanding.
    pub(super) fn assessed(&mut self, handoff: u32) {
        let informed: Instant = self.stores.handoffs[handoff].informed;
        if informed > self.now {
            self.enter(handoff, Stage::Information);
            self.stand(handoff, Standing::WaitingInformation);
            let seconds = informed.since(self.now);
            self.plan_for(handoff, seconds, |slot, handoff| Event::Informed {
                slot,
                handoff,
            });
        } else {
            self.conclude(handoff);
        }
    }

    /// Decides on what there is: a deeper assessment, or the plan.
    pub(super) fn conclude(&mut self, handoff: u32) {
        self.take_over_conclusions(handoff);
        self.count_on_time(handoff);
        self.tell_handoff(handoff, |item, handoff| What::Assessed {
            handoff,
            by: item.place(),
            deeper: item.in_core,
        });
        if !self.stores.handoffs[handoff].in_core {
            self.end_span(handoff, Span::Assessed);
        }
        self.reach_all(handoff, Step::Assessed);
        self.decide_after_assessment(handoff, false);
    }

    /// What others were to contribute has come, or the limit is reached.
    pub(super) fn others_done(&mut self, handoff: u32) {
        self.decide_after_assessment(handoff, true);
    }

    fn decide_after_assessment(&mut self, handoff: u32, step_was_held: bool) {
        let Handoff {
            area,
            to,
            needs,
            reason,
            in_core,
            ..
        } = self.stores.handoffs[handoff];
        let perception = &self.ground.world.perception;
        let purpose = if in_core {
            Purpose::PerceivedAtCore
        } else {
            Purpose::PerceivedAtAssessment
        };
        let noise = perception.assessment;
        let seen = perception.assessment_fully_seen.get();
        let perceived = self.perceive(handoff, purpose, noise, seen);
        if self.observed_from.is_some() && reason == Reason::Referral && !step_was_held {
            let tally = &mut self.tally.services[to.index()];
            if in_core {
                tally.core_assessments += 1;
            } else {
                tally.initial_assessments += 1;
            }
        }
        let highest = members(needs)
            .map(|need| perceived[need])
            .fold(f64::MIN, f64::max);
        let law = self.ground.service(to);
        let core = law.help.as_ref().and_then(|help| help.core.as_ref());
        if let Some((from_level, takes)) = core
            && reason == Reason::Referral
            && !in_core
            && !step_was_held
            && highest >= *from_level
        {
            self.stores.handoffs[handoff].in_core = true;
            self.stores.handoffs[handoff].assessed_from = self.now;
            self.stores.handoffs[handoff].rank = self.rank_at(handoff, needs, &perceived);
            self.tell_handoff(handoff, |item, handoff| What::Deeper {
                handoff,
                by: item.place(),
            });
            self.enter(handoff, Stage::Assessment);
            self.stand(handoff, Standing::BeingAssessed);
            let seconds = self.time_for(handoff, takes, Purpose::CoreAssessment, 1.0);
            let due = self.core_due_at(handoff);
            let seconds = self.pulled(handoff, seconds, due, Purpose::PulledToDeadlineCore);
            self.plan_for(handoff, seconds, |slot, handoff| Event::Assessed {
                slot,
                handoff,
            });
            return;
        }
        if !step_was_held && self.hold_joint_step(handoff, highest) {
            return;
        }
        if in_core || self.stores.handoffs[handoff].joint_step_held {
            self.end_span(handoff, Span::Decided);
            self.end_span(handoff, Span::DecidedOwn);
        }
        let desk = self.desk_number(area, to);
        self.desks[desk].assessing.down(self.now);
        self.plan_help(handoff, &perceived);
        self.assess_next(area, to);
    }

    /// Replies bring along what others have concluded: labels cross seams that concerns do not.
    fn take_over_conclusions(&mut self, handoff: u32) {
        let Handoff {
            slot,
            needs,
            replied,
            ..
        } = self.stores.handoffs[handoff];
        if replied == 0 || self.ground.world.records.conclusion <= 0.0 {
            return;
        }
        let own = self.stores.handoffs[handoff].place();
        for need in members(needs).map(NeedId::new) {
            let mut strongest: f64 = 0.0;
            let mut held: f64 = 0.0;
            let mut index = self.children[slot as usize].records;
            while index != NONE {
                let record = self.stores.records[index];
                index = record.next;
                if record.need != need || record.says != Says::Conclusion {
                    continue;
                }
                let left = self.faded(&record);
                if record.holder == own {
                    held = held.max(left);
                } else if self.replied_block_holds(handoff, replied, record.holder) {
                    strongest = strongest.max(left);
                }
            }
            if strongest > held {
                self.add_record(slot, own, need, Says::Conclusion, strongest - held);
                self.tell(slot, |_| What::TookOver { by: own, need });
            }
        }
    }

    fn replied_block_holds(&self, handoff: u32, replied: u64, holder: Place) -> bool {
        let slot = self.stores.handoffs[handoff].slot;
        self.records_of(slot).any(|record| {
            holds(replied, record.holder.source)
                && self
                    .structure
                    .joined(&self.structure.records, record.holder, holder)
        })
    }

    /// Somebody has concluded that there is no need: that is evidence as well, so many `times` as much
    /// as an assessor's.
    pub(super) fn record_conclusion(&mut self, slot: Slot, by: Place, need: NeedId, times: f64) {
        let evidence = self.ground.world.records.conclusion * times;
        if evidence > 0.0 {
            self.add_record(slot, by, need, Says::Conclusion, evidence);
            self.tell(slot, |_| What::Concluded { by, need });
        }
    }
}
