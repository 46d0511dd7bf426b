//! Needs told: what is noted and known of them, their levels, help and its reviews, and what became
//! of them.

use super::words::{Words, days, level, shown, upper};
use super::{CHILD, NEED, Teller};
use crate::experiment::replay::{Held, Instant, Note, Response, Review};
use crate::inquiry::story::{Came, Ending, EntryKind, State};
use crate::model::{NeedId, Place};

impl Teller<'_> {
    pub(super) fn ending(&mut self, note: &Note, need: NeedId, came: Came, words: String) {
        if note.at >= self.clock.decision_day {
            self.endings.push(Ending {
                need: self.names.need(need).to_owned(),
                day: self.clock.day(note.at),
                came,
                words,
            });
        }
    }

    pub(super) fn clock_entry(
        &mut self,
        note: &Note,
        need: NeedId,
        what: &str,
        at: Instant,
        until: Instant,
    ) {
        let what = format!(
            "{what} ({}): help was due within {}",
            self.need(need),
            days(until.since(at))
        );
        self.push(note, Words::of(EntryKind::Clock, NEED, what).about(need));
    }

    pub(super) fn level(&mut self, note: &Note, need: NeedId, from: u8, to: u8) {
        let at = note.at;
        let since = self.levels.insert(need, (to, at));
        let cell = self.on_decision_day.entry(need).or_default();
        cell.1 = cell.1.max(to);
        if at <= self.clock.decision_day {
            cell.0 = to;
        }
        if let Some((level, since)) = since {
            self.level_span(need, level, (since, at));
        }
        let direction = if to > from { "worse" } else { "better" };
        let what = if at == Instant::START {
            format!(
                "had a need in {} when the story begins: level {to} ({})",
                self.need(need),
                level(to)
            )
        } else if from == 0 {
            format!(
                "came to have a need in {}: level {to} ({})",
                self.need(need),
                level(to)
            )
        } else if to == 0 {
            format!("had no need in {} any longer", self.need(need))
        } else {
            format!(
                "grew {direction} in {}: level {from} to level {to} ({})",
                self.need(need),
                level(to)
            )
        };
        if from >= 2 && to < 2 {
            self.eased.insert(need, at);
            if let Some(since) = self.unmet.remove(&need) {
                self.dipped.insert(need, since);
            }
        } else if from < 2
            && to >= 2
            && let Some(since) = self.dipped.remove(&need)
            && let Some(eased) = self.eased.get(&need)
            && at.since(*eased) < self.names.world.spell_bridges.to_seconds()
        {
            self.unmet.insert(need, since);
        }
        let is_minor = from < 2 && to < 2;
        let words = Words::of(EntryKind::Need, CHILD, what).about(need);
        self.push(note, words.minor(is_minor));
    }

    pub(super) fn level_span(&mut self, need: NeedId, level: u8, time: (Instant, Instant)) {
        let state = match level {
            1 => State::Level1,
            2 => State::Level2,
            3 => State::Level3,
            _ => return,
        };
        let name = self.names.need(need).to_owned();
        self.span(name, state, None, time, None);
    }

    pub(super) fn noted(
        &mut self,
        note: &Note,
        by: Place,
        need: NeedId,
        held: &Held,
        then: Response,
    ) {
        let came_of_it = match then {
            Response::Refers => "enough to refer",
            Response::NotEnough => "not enough to refer",
            Response::InHand => "others had the case in hand, so it was not referred",
            Response::ReferredLately => "it had referred the child lately, and did not again",
            Response::NeverRefers => "it does not refer such needs",
        };
        let what = format!(
            "met the child and noted signs of need ({}): {came_of_it}",
            self.need(need)
        );
        let is_helped = matches!(self.helped.get(&need), Some((.., State::Helped)));
        let words = self.by(EntryKind::Contact, by, what).about(need);
        // Whoever helps already does not need to be told.
        let mut words = words.minor(then == Response::InHand && is_helped);
        if let (Response::NotEnough | Response::Refers, Some(needed)) = (then, held.needed) {
            words.knew = self.knowledge(by, held, needed, then);
        }
        self.push(note, words);
    }

    /// What a source could add up, and what it could not see.
    pub(super) fn knowledge(
        &self,
        by: Place,
        held: &Held,
        needed: f64,
        then: Response,
    ) -> Vec<String> {
        let share = |evidence: f64| 100.0 * evidence / needed;
        let mut knew = Vec::new();
        let others = held.seen_from & !(1 << by.source.index());
        let with = match others {
            0 => String::new(),
            _ => format!(", with what {} had noted,", self.names.sources(others)),
        };
        if then == Response::NotEnough {
            knew.push(format!(
                "All that {} could see{with} came to {:.0}% of what it takes to refer.",
                self.name(by),
                share(held.seen).min(99.0)
            ));
        } else if others != 0 {
            knew.push(format!(
                "It added up with what {} had noted, which {} could see.",
                self.names.sources(others),
                self.name(by)
            ));
        }
        let unseen = held.unseen_from & !held.seen_from;
        if unseen != 0 && held.unseen > 0.05 * needed {
            let together = share(held.seen + held.unseen);
            let come_to = if then == Response::Refers {
                String::new()
            } else if together >= 100.0 {
                "; together they would have been enough".to_owned()
            } else {
                format!("; together they would have come to {together:.0}%")
            };
            knew.push(format!(
                "{} held concerns that {} could not see{come_to}.",
                self.names.sources(unseen),
                self.name(by)
            ));
        }
        knew
    }

    pub(super) fn end_help(&mut self, need: NeedId, at: Instant) {
        if let Some((by, since, state)) = self.helped.remove(&need) {
            let name = self.names.need(need).to_owned();
            self.span(name, state, Some(by), (since, at), None);
        }
    }

    pub(super) fn change_help(&mut self, need: NeedId, at: Instant, state: State) {
        if let Some((by, ..)) = self.helped.get(&need).copied() {
            self.end_help(need, at);
            self.helped.insert(need, (by, at, state));
        }
    }

    pub(super) fn reviewed(
        &mut self,
        note: &Note,
        by: Place,
        need: NeedId,
        perceived: Option<f64>,
        result: Review,
    ) {
        let judged = perceived.map_or_else(String::new, |perceived| {
            format!(", judged the need at {}", shown(perceived))
        });
        let name = self.need(need);
        let true_level = self.levels.get(&need).map_or(0, |(level, _)| *level);
        let held = if perceived.is_some() {
            format!("held a review{judged}")
        } else {
            "came to the end of the course of help".to_owned()
        };
        let what = match result {
            Review::GoesOn => format!("{held} and went on helping ({name})"),
            Review::PassedOn { to } => format!(
                "{held} and planned help by {} instead ({name})",
                self.names.service(to)
            ),
            Review::Closed { in_error: false } => format!("{held} and closed the case ({name})"),
            Review::Closed { in_error: true } => {
                format!("{held} and closed the case ({name}), in error")
            }
        };
        let mut words = self.by(EntryKind::Review, by, what).about(need);
        words = words.minor(result == Review::GoesOn);
        if result == (Review::Closed { in_error: true }) {
            words = words.knowing(format!(
                "In truth the level was {true_level} ({}), which the service is meant for.",
                level(true_level)
            ));
        }
        self.push(note, words);
    }

    pub(super) fn met(&mut self, note: &Note, need: NeedId, until: Option<Instant>) {
        let at = note.at;
        self.unmet.remove(&need);
        self.dipped.remove(&need);
        let was_due = self.grace.remove(&need);
        let (came, words) = match until.or(was_due) {
            Some(until) if at <= until => (
                Came::Helped,
                format!(
                    "helped in time, {} before it was due",
                    days(until.since(at))
                ),
            ),
            Some(until) => (
                Came::HelpedLate,
                format!("helped {} after it was due", days(at.since(until))),
            ),
            None => (Came::HelpedLate, "helped after it was due".to_owned()),
        };
        // A new worker, or a need that eased to what the service is meant for, is no new help.
        let sentence = format!("{} ({}).", upper(&words), self.need(need));
        if at > Instant::START && self.add(note, EntryKind::Help, sentence) {
            self.ending(note, need, came, words);
        }
    }
}
