//! Joint steps: an enquiry, a conference or a statement needs the part of others, which comes at the
//! speed of their seams. At the limit the step goes on without what has not come.

use super::purpose::Purpose;
use super::state::bit;
use super::{ChildrenTrial, Event};
use crate::measures::{Count, Overhead, Stage, Standing};
use crate::model::Place;
use crate::simulate::diary::What;

impl ChildrenTrial<'_> {
    /// Holds the joint step of an assessment that found a level so high, if there is one and it has
    /// not been held yet. Returns whether there is anything to wait for.
    pub(super) fn hold_joint_step(&mut self, handoff: u32, highest: f64) -> bool {
        let item = self.stores.handoffs[handoff];
        if item.joint_step_held {
            return false;
        }
        let ground = self.ground;
        let steps = ground.world.joint_steps.iter().zip(&ground.joint_takes);
        let Some((number, (step, takes))) = steps
            .enumerate()
            .find(|(_, (step, _))| step.in_assessment_by == item.to && highest >= step.from_level)
        else {
            return false;
        };
        self.stores.handoffs[handoff].joint_step_held = true;
        let to = Place::service(item.to, item.area);
        let limit = step.limit.to_seconds();
        let mut longest = 0;
        let mut is_cut_short = false;
        for part in &step.parts {
            let from = Place {
                source: *part,
                area: item.area,
            };
            let factor = self.closeness_between(from, to) * self.relations_between(from, to);
            let who = self.pair_who(handoff).with(ground.source(*part).who);
            let seconds = takes.draw(
                &self.luck,
                who,
                Purpose::JointPart as u16,
                item.ordinal,
                factor,
            );
            is_cut_short |= seconds > limit;
            longest = longest.max(seconds.min(limit));
            self.count(Count::Professionals);
        }
        self.take_hours(Overhead::JointSteps, step.hours * step.parts.len() as f64);
        self.count(Count::JointSteps);
        if self.observed_from.is_some() {
            self.tally.joint_steps[number] += 1;
        }
        self.tell_handoff(handoff, |item, handoff| What::JointStep {
            handoff,
            by: item.place(),
            step: number as u16,
            with: step
                .parts
                .iter()
                .fold(0, |set, part| set | bit(part.index())),
            cut_short: is_cut_short,
        });
        if is_cut_short {
            self.count(Count::JointStepsCutShort);
        }
        if longest == 0 {
            return false;
        }
        self.enter(handoff, Stage::OthersPart);
        self.stand(handoff, Standing::WaitingOthers);
        self.plan_for(handoff, longest, |slot, handoff| Event::OthersDone {
            slot,
            handoff,
        });
        true
    }
}
