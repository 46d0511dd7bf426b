//! Handoffs told: how each begins, goes on from stage to stage and ends.

use super::words::{Words, days, level, priority, shown};
use super::{DAY, FAMILY, Going, Teller};
use crate::experiment::replay::{Decision, Instant, Note, Reason};
use crate::inquiry::names::{listed, members};
use crate::inquiry::story::{Crossing, EntryKind, State};
use crate::measures::{HandoffEnd, Stage};
use crate::model::{NeedId, Place};

impl Teller<'_> {
    pub(super) fn begin(
        &mut self,
        handoff: u32,
        reason: Reason,
        ends: (Place, Place),
        needs: u64,
        at: Instant,
    ) {
        let going = Going {
            from: ends.0,
            to: ends.1,
            needs,
            decided: at,
            stage: Stage::Preparation,
            since: at,
            spent: [0; Stage::COUNT],
            bounced: false,
            screened: None,
            reason,
        };
        self.handoffs.insert(handoff, going);
    }

    pub(super) fn parted(
        &mut self,
        note: &Note,
        (handoff, of): (u32, u32),
        to: Place,
        needs: u64,
        kind: &str,
    ) {
        let Some(whole) = self.handoffs.get_mut(&of) else {
            return;
        };
        whole.needs &= !needs;
        let before = whole.to;
        let part = Going {
            to,
            needs,
            ..whole.clone()
        };
        self.handoffs.insert(handoff, part);
        let what = if before == to {
            format!("went on with {} on its own", self.needs(needs))
        } else {
            format!(
                "shared the case out: {} went to {}",
                self.needs(needs),
                self.name(to)
            )
        };
        let words = self.by(EntryKind::Handoff, before, what).about_all(needs);
        let words = words.in_handoff(handoff);
        let words = words.knowing(format!(
            "Handoff {handoff}, {kind}, parted from handoff {of}."
        ));
        self.push(note, words);
    }

    pub(super) fn enters(
        &mut self,
        note: &Note,
        handoff: u32,
        stage: Stage,
        door: Place,
        queue: Option<(u8, u32)>,
    ) {
        let at = note.at;
        let Some(going) = self.handoffs.get_mut(&handoff) else {
            return;
        };
        let (before, since) = (going.stage, going.since);
        let (from, needs) = (going.from, going.needs);
        let bounced = std::mem::take(&mut going.bounced);
        let deeper = before != Stage::WaitingAssessment;
        going.enter(stage, at);
        if stage == Stage::FrontDoor {
            going.screened = None;
        }
        self.stage_span(handoff, before, since, at);
        let took = days(at.since(since));
        let words = match stage {
            Stage::Preparation if bounced => Some(self.by(
                EntryKind::Stage,
                from,
                "had it back, and began to prepare it anew",
            )),
            Stage::Transit => {
                let what = match before {
                    Stage::Chasing => format!("sent it again, {took} after it was lost"),
                    Stage::Screening => "sent it on".to_owned(),
                    _ => format!("sent it, {took} after the decision"),
                };
                self.crossings.push(Crossing {
                    handoff,
                    from: self.name(from).to_owned(),
                    to: self.name(door).to_owned(),
                    sent: self.clock.day(at),
                    received: None,
                });
                Some(self.by(EntryKind::Stage, from, what))
            }
            Stage::FrontDoor => {
                self.arrives(handoff, door, at);
                let what = format!("had it at its front door after {took} on the way");
                Some(self.by(EntryKind::Stage, door, what))
            }
            Stage::Assessment if deeper => None,
            Stage::Assessment => {
                let what = if at == since {
                    "began to assess the child at once".to_owned()
                } else {
                    format!("began to assess the child, having let it wait {took} for an assessor")
                };
                Some(self.by(EntryKind::Stage, door, what))
            }
            Stage::Information => {
                let what = "had done its own part of the assessment, and waited for replies";
                Some(self.by(EntryKind::Stage, door, what))
            }
            Stage::Funding => {
                self.arrives(handoff, door, at);
                let what = "had to have the plan funded from more than one budget, and waited for the \
                            panel";
                Some(self.by(EntryKind::Stage, door, what))
            }
            Stage::Place => {
                self.arrives(handoff, door, at);
                let (rank, waiting) = queue.unwrap_or((0, 0));
                let panel = match before {
                    Stage::Funding => format!("had the plan funded after {took}, and "),
                    _ => String::new(),
                };
                let what = format!(
                    "{panel}put the child on its waiting list ({}, {waiting} waiting already)",
                    priority(rank)
                );
                Some(self.by(EntryKind::Stage, door, what))
            }
            Stage::Preparation
            | Stage::Chasing
            | Stage::Screening
            | Stage::WaitingAssessment
            | Stage::OthersPart => None,
        };
        if let Some(words) = words {
            let words = words.about_all(needs).in_handoff(handoff).at_stage(stage);
            self.push(note, words);
        }
    }

    /// A handoff is where it was sent.
    pub(super) fn arrives(&mut self, handoff: u32, door: Place, at: Instant) {
        let day = self.clock.day(at);
        let name = self.name(door).to_owned();
        let last = self.crossings.iter_mut().rev();
        let mut own = last.filter(|it| it.handoff == handoff && it.received.is_none());
        if let Some(crossing) = own.next() {
            crossing.received = Some(day);
            crossing.to = name;
        }
    }

    pub(super) fn stage_span(&mut self, handoff: u32, stage: Stage, since: Instant, at: Instant) {
        let Some(going) = self.handoffs.get(&handoff) else {
            return;
        };
        let (state, place) = match stage {
            Stage::Preparation => (State::Preparing, Some(going.from)),
            Stage::Transit => return,
            Stage::Chasing => (State::Lost, None),
            Stage::FrontDoor | Stage::Screening => (State::AtDoor, Some(going.to)),
            Stage::WaitingAssessment => (State::WaitingAssessment, Some(going.to)),
            Stage::Assessment | Stage::Information | Stage::OthersPart => {
                (State::Assessment, Some(going.to))
            }
            Stage::Funding => (State::Funding, Some(going.to)),
            Stage::Place => (State::WaitingPlace, Some(going.to)),
        };
        let need = listed(self.names.needs(going.needs).iter().map(String::as_str));
        // Stretches of one state are one.
        if let Some(last) = self
            .spans
            .iter_mut()
            .rev()
            .find(|it| it.handoff == Some(handoff))
            && last.state == state
            && last.to.total_cmp(&self.clock.day(since)).is_eq()
            && last.need == need
        {
            last.to = self.clock.day(at);
            return;
        }
        self.span(need, state, place, (since, at), Some(handoff));
    }

    pub(super) fn lost(&mut self, note: &Note, handoff: u32, silently: bool) {
        let Some(going) = self.handoffs.get(&handoff) else {
            return;
        };
        let (from, to, needs) = (self.name(going.from), self.name(going.to), going.needs);
        let what = if silently {
            format!(
                "was lost between {from} and {to}; {from} took it for passed on, {to} never had it"
            )
        } else {
            format!("was lost between {from} and {to}; {from} could find out by asking")
        };
        let what_it_is = if going.reason == Reason::Referral {
            "The referral"
        } else {
            "The case"
        };
        self.crossings.push(Crossing {
            handoff,
            from: from.to_owned(),
            to: to.to_owned(),
            sent: self.clock.day(note.at),
            received: None,
        });
        let words = Words::of(EntryKind::Loss, what_it_is, what).about_all(needs);
        self.push(note, words.in_handoff(handoff));
    }

    pub(super) fn screened(
        &mut self,
        note: &Note,
        handoff: u32,
        by: Place,
        need: NeedId,
        (perceived, threshold): (f64, f64),
        decision: Decision,
    ) {
        let mut judged = format!(
            "It judged the need ({}) at {} (0 is none, 3 acute), and takes on from {}.",
            self.need(need),
            shown(perceived),
            shown(threshold)
        );
        if let Some((true_level, _)) = self.levels.get(&need)
            && decision != Decision::Accepted
        {
            judged.push_str(&format!(
                " In truth it was {true_level} ({}).",
                level(*true_level)
            ));
        }
        let is_same = self
            .handoffs
            .get(&handoff)
            .is_some_and(|going| going.screened == Some(note.at));
        if is_same && self.add(note, EntryKind::Screening, judged.clone()) {
            let name = self.names.need(need).to_owned();
            if let Some(last) = self.entries.last_mut() {
                last.needs.push(name);
            }
            return;
        }
        let mut waited = String::new();
        if let Some(going) = self.handoffs.get_mut(&handoff) {
            going.screened = Some(note.at);
            going.bounced = decision == Decision::Bounced;
            let at_door = going.spent[Stage::FrontDoor.index()] + note.at.since(going.since);
            waited = days(at_door);
        }
        let what = match decision {
            Decision::Accepted => {
                format!("screened it, {waited} after it had come, and took it on")
            }
            Decision::Bounced => {
                format!("screened it, {waited} after it had come, and sent it back")
            }
            Decision::Rejected => {
                format!("screened it, {waited} after it had come, and turned it away")
            }
        };
        let words = self.by(EntryKind::Screening, by, what).about(need);
        self.push(note, words.in_handoff(handoff).knowing(judged));
    }

    pub(super) fn planned(
        &mut self,
        note: &Note,
        handoff: u32,
        by: Place,
        need: NeedId,
        perceived: f64,
        service: Option<String>,
    ) {
        let true_level = self.levels.get(&need).map_or(0, |(level, _)| *level);
        let what = match &service {
            Some(service) => format!(
                "judged the need ({}) at {} and planned help by {service}",
                self.need(need),
                shown(perceived)
            ),
            None => format!(
                "found no need for help ({}, judged at {})",
                self.need(need),
                shown(perceived)
            ),
        };
        let mut words = self
            .by(EntryKind::Plan, by, what)
            .about(need)
            .in_handoff(handoff);
        if service.is_none() && true_level >= 2 {
            let truth = format!(
                "In truth the level was {true_level} ({}).",
                level(true_level)
            );
            words = words.knowing(truth);
        }
        self.push(note, words);
    }

    pub(super) fn ended(&mut self, note: &Note, handoff: u32, end: HandoffEnd) {
        let at = note.at;
        let Some(going) = self.handoffs.get_mut(&handoff) else {
            return;
        };
        let (stage, since) = (going.stage, going.since);
        going.enter(stage, at);
        let going = going.clone();
        self.stage_span(handoff, stage, since, at);
        self.handoffs.remove(&handoff);
        let breakdown = breakdown(handoff, &going, at);
        match end {
            HandoffEnd::Begun => {
                if let Some(last) = self.entries.last_mut()
                    && last.kind == EntryKind::Help
                    && last.day.total_cmp(&self.clock.day(at)).is_eq()
                {
                    last.handoff = Some(handoff);
                    last.knew.push(breakdown);
                    return;
                }
                if self.add(note, EntryKind::Plan, breakdown.clone()) {
                    return;
                }
                let what = "had done what it was asked for: the assessment".to_owned();
                let words = self.by(EntryKind::End, going.to, what);
                self.push(note, words.in_handoff(handoff).knowing(breakdown));
            }
            HandoffEnd::Rejected => {
                if going.screened == Some(at)
                    && self.add(note, EntryKind::Screening, breakdown.clone())
                {
                    return;
                }
                let what = "found nothing to do for the child, and turned the case away";
                let words = self
                    .by(EntryKind::End, going.to, what)
                    .about_all(going.needs);
                self.push(note, words.in_handoff(handoff).knowing(breakdown));
            }
            HandoffEnd::GaveUp => {
                let what = format!(
                    "gave up waiting for {} after {}",
                    self.name(going.to),
                    days(at.since(since))
                );
                let words = Words::of(EntryKind::End, FAMILY, what).about_all(going.needs);
                self.push(note, words.in_handoff(handoff).knowing(breakdown));
            }
            HandoffEnd::Lost => {
                if !self.add(note, EntryKind::Loss, String::new()) {
                    let what = "was given up as lost; a new referral took its place";
                    let words = Words::of(EntryKind::End, "The lost case", what);
                    self.push(note, words.in_handoff(handoff));
                }
            }
            HandoffEnd::Moved | HandoffEnd::AgedOut | HandoffEnd::Unfinished => {}
        }
    }
}

/// What the stages of a handoff took; they add up to its delay.
pub(super) fn breakdown(handoff: u32, going: &Going, at: Instant) -> String {
    let delay = at.since(going.decided);
    debug_assert_eq!(
        going.spent.iter().map(|it| u64::from(*it)).sum::<u64>(),
        u64::from(delay),
        "stages add up to the delay"
    );
    let stages: Vec<String> = members((1 << Stage::COUNT) - 1)
        .filter(|stage| going.spent[*stage] > 0)
        .map(|stage| {
            let label = Stage::ALL[stage].label();
            format!("{:.1} {label}", f64::from(going.spent[stage]) / DAY)
        })
        .collect();
    let sum = if stages.is_empty() {
        String::new()
    } else {
        format!(": {}", stages.join(", "))
    };
    format!(
        "Handoff {handoff} took {:.1} days from the decision{sum}.",
        f64::from(delay) / DAY
    )
}
