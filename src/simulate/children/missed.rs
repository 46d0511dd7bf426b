//! Missed cases: need spells, their grace, and where the time went.
//!
//! Nothing is planned for the moment at which grace runs out. A strand is settled whenever
//! anything about it is about to change; since nothing changed in between, where it stood when its
//! grace ran out is where it stands when it is settled.

use super::ChildrenTrial;
use super::state::{Handoff, NONE, Stores, members};
use crate::engine::Instant;
use crate::measures::{Count, Standing, Step};
use crate::model::NeedId;
use crate::simulate::ChildOutcome;
use crate::simulate::diary::What;

/// A need continuously at level 2 or more, short dips bridged.
#[derive(Debug, Clone, Copy)]
pub(super) struct Spell {
    /// Was it open on decision day?
    carried_over: bool,
    /// When the level fell below 2, if it is below now.
    dipped: Option<Instant>,
    /// Since when no fitting service is active; `None` while one is.
    unmet_since: Option<Instant>,
    /// Has anybody noted or referred it since it began?
    known: bool,
    /// When the grace of the known clock runs out, while it runs.
    known_until: Option<Instant>,
    /// When the grace from onset runs out, while nobody knows.
    unknown_until: Option<Instant>,
    missed: bool,
    missed_unknown: bool,
    /// How far it has come on the way to help, one bit a step.
    steps: u8,
    /// Seconds by standing since the known clock began to run.
    spent: [u32; Standing::COUNT],
}

impl Stores {
    /// The spell of a strand, if one is open or dipped.
    fn spell_mut(&mut self, strand: u32) -> Option<&mut Spell> {
        let number = self.strands[strand].spell;
        (number != NONE).then(|| &mut self.spells[number])
    }
}

/// A clock that is brought forward, never back.
fn earliest(clock: Option<Instant>, other: Instant) -> Option<Instant> {
    Some(clock.map_or(other, |until| until.min(other)))
}

/// The step on the way to help that a strand has come to where it stands.
fn step_of(standing: Standing) -> Step {
    match standing {
        Standing::Unseen | Standing::Closed | Standing::Rejected | Standing::GaveUp => Step::Needed,
        Standing::Noted => Step::Noted,
        Standing::Preparing
        | Standing::InTransit
        | Standing::FrontDoor
        | Standing::LostInHandoff
        | Standing::LostInMove => Step::Referred,
        Standing::WaitingAssessment | Standing::BeingAssessed | Standing::WaitingInformation => {
            Step::Accepted
        }
        Standing::WaitingOthers => Step::Assessed,
        Standing::WaitingFunding | Standing::WaitingPlace => Step::Planned,
        Standing::ServedElsewhere | Standing::Served | Standing::BetweenWorkers => Step::Helped,
    }
}

impl ChildrenTrial<'_> {
    /// Brings a strand up to now before anything about it changes: its time by standing, and
    /// whether its grace has run out.
    pub(super) fn settle(&mut self, index: u32) {
        let now = self.now;
        let strand = &mut self.stores.strands[index];
        let since = std::mem::replace(&mut strand.since, now);
        let (standing, need, slot) = (strand.standing, strand.need, strand.slot);
        let bridges = self.spell_bridges;
        let Some(spell) = self.stores.spell_mut(index) else {
            return;
        };
        if let Some(dipped) = spell.dipped {
            // A dip is bridged if the level rises again in time; after that the spell is over.
            if now.since(dipped) >= bridges {
                self.end_spell(index);
            }
            return;
        }
        let unmet = spell.unmet_since.is_some().then_some(spell.known);
        let mut unknown_missed = None;
        if let Some(until) = spell.unknown_until
            && until <= now
        {
            spell.unknown_until = None;
            if !spell.known && !spell.missed_unknown && !spell.carried_over {
                spell.missed_unknown = true;
                unknown_missed = Some(until);
            }
        }
        if let Some(until) = spell.known_until {
            spell.spent[standing.index()] += until.min(now).since(since);
            if until <= now {
                spell.known_until = None;
                if !spell.missed {
                    spell.missed = true;
                    let spent = spell.spent;
                    let carried_over = spell.carried_over;
                    self.tell_of(until, slot, |_| What::Missed {
                        need,
                        stood: standing,
                        carried_over,
                    });
                    self.record_missed(index, standing, until, carried_over, &spent);
                }
            }
        }
        if let Some(at) = unknown_missed {
            self.tell_of(at, slot, |_| What::MissedUnseen { need });
            self.count_at(Count::UnknownMissed, at);
            if let Some(month) = self.month_of(at) {
                self.tally.months[month].unknown_missed += 1;
                self.tally.needs[need.index()].unknown_missed += 1;
            }
        }
        if let Some(known) = unmet {
            self.count_unmet(index, known, now.since(since));
        }
    }

    /// Counts time in which a spell was unmet.
    fn count_unmet(&mut self, index: u32, known: bool, seconds: u32) {
        let Some(month) = self.month_of(self.now) else {
            return;
        };
        let seconds = u64::from(seconds);
        let strand = &self.stores.strands[index];
        let (need, slot) = (strand.need.index(), strand.slot as usize);
        self.tally.needs[need].unmet_seconds += seconds;
        if known {
            self.count_many(Count::UnmetKnownSeconds, seconds);
            self.tally.months[month].unmet_known_seconds += seconds;
            let area = self.children[slot].area.index();
            self.tally.areas[area].unmet_known_seconds += seconds;
        } else {
            self.count_many(Count::UnmetUnknownSeconds, seconds);
        }
    }

    /// A strand has come to a step on the way from need to help, and so to all before it.
    pub(super) fn reach(&mut self, index: u32, step: Step) {
        self.script_reaches(index, step);
        let need = self.stores.strands[index].need.index();
        let is_counted = self.observed_from.is_some();
        let Some(spell) = self.stores.spell_mut(index) else {
            return;
        };
        let up_to = (2u8 << step.index()) - 1;
        let new = up_to & !spell.steps;
        spell.steps |= up_to;
        if is_counted && !spell.carried_over {
            for step in members(u64::from(new)) {
                self.tally.needs[need].steps[step] += 1;
            }
        }
    }

    /// All strands of a handoff have come to a step.
    pub(super) fn reach_all(&mut self, handoff: u32, step: Step) {
        let Handoff { slot, needs, .. } = self.stores.handoffs[handoff];
        for need in members(needs).map(NeedId::new) {
            let index = self.strand_or_new(slot, need);
            self.reach(index, step);
        }
    }

    /// Has anybody noted or referred the need spell of a strand?
    pub(super) fn is_known(&self, index: u32) -> bool {
        let number = self.stores.strands[index].spell;
        number != NONE && self.stores.spells[number].known
    }

    /// Notes what became of a child and need.
    fn note_outcome(&mut self, index: u32, missed: bool) {
        if self.observed_from.is_none() {
            return;
        }
        let strand = &self.stores.strands[index];
        self.outcomes.push(ChildOutcome {
            slot: strand.slot,
            born: self.children[strand.slot as usize].born,
            need: strand.need.index() as u16,
            missed,
        });
    }

    fn record_missed(
        &mut self,
        index: u32,
        standing: Standing,
        at: Instant,
        carried_over: bool,
        spent: &[u32; Standing::COUNT],
    ) {
        let Some(from) = self.observed_from.filter(|from| at >= *from) else {
            return;
        };
        let year = (at.since(from) / super::ground::YEAR) as usize;
        if let Some(missed) = self.tally.known_missed_by_year.get_mut(year) {
            *missed += 1;
        }
        if carried_over {
            self.count(Count::CarriedOverMissed);
            return;
        }
        self.count(Count::KnownSpells);
        self.count(Count::KnownMissed);
        let strand = &self.stores.strands[index];
        let (need, slot) = (strand.need.index(), strand.slot as usize);
        self.tally.needs[need].known_spells += 1;
        self.tally.needs[need].known_missed += 1;
        let area = self.children[slot].area.index();
        self.tally.areas[area].known_missed += 1;
        if let Some(month) = self.month_of(at) {
            self.tally.months[month].known_missed += 1;
        }
        self.note_outcome(index, true);
        let row = need * Standing::COUNT;
        self.tally.missed_stood[row + standing.index()] += 1;
        for (total, seconds) in self.tally.missed_seconds[row..].iter_mut().zip(spent) {
            *total += u64::from(*seconds);
        }
    }

    /// The level of a settled strand has changed from `before`.
    pub(super) fn spell_follows_level(&mut self, index: u32, before: u8) {
        let now = self.now;
        let level = self.stores.strands[index].level;
        match (before >= 2, level >= 2) {
            (false, true) => {
                let dipped = self.stores.spell_mut(index).is_some();
                if dipped {
                    self.bridge_dip(index);
                } else {
                    self.begin_spell(index);
                }
            }
            (true, false) => {
                if let Some(spell) = self.stores.spell_mut(index) {
                    spell.dipped = Some(now);
                }
            }
            (true, true) if level == 3 => {
                let grace = self.grace(index);
                if let Some(spell) = self.stores.spell_mut(index) {
                    // A rise brings a running clock forward, never back.
                    spell.known_until = spell
                        .known_until
                        .and_then(|until| earliest(Some(until), now.after(grace)));
                    spell.unknown_until = spell
                        .unknown_until
                        .and_then(|until| earliest(Some(until), now.after(grace)));
                }
            }
            _ => {}
        }
        self.spell_follows_service(index);
    }

    fn bridge_dip(&mut self, index: u32) {
        if let Some(spell) = self.stores.spell_mut(index) {
            spell.dipped = None;
        }
        self.settle(index);
    }

    fn grace(&self, index: u32) -> u32 {
        let strand = &self.stores.strands[index];
        let grace = self.ground.need(strand.need).grace;
        if strand.level == 3 {
            grace[1]
        } else {
            grace[0]
        }
    }

    fn begin_spell(&mut self, index: u32) {
        let now = self.now;
        self.count(Count::Spells);
        let grace = self.grace(index);
        let known = self.stores.strands[index].in_hand();
        let spell = self.stores.spells.insert(Spell {
            carried_over: false,
            dipped: None,
            unmet_since: Some(now),
            known,
            known_until: known.then(|| now.after(grace)),
            unknown_until: (!known).then(|| now.after(grace)),
            missed: false,
            missed_unknown: false,
            steps: 0,
            spent: [0; Standing::COUNT],
        });
        self.stores.strands[index].spell = spell;
        self.tell_strand(index, |strand| What::Unmet {
            need: strand.need,
            known,
            until: now.after(grace),
        });
        self.note_outcome(index, false);
        let step = step_of(self.stores.strands[index].standing);
        self.reach(index, step);
    }

    /// The spell is over: the need has eased for long enough, or the child has left.
    pub(super) fn end_spell(&mut self, index: u32) {
        let number = std::mem::replace(&mut self.stores.strands[index].spell, NONE);
        if number == NONE {
            return;
        }
        let spell = self.stores.spells.remove(number);
        // Known, never missed, and helped before its grace was over: it counts as met.
        if spell.known && !spell.missed && spell.unmet_since.is_none() && !spell.carried_over {
            self.count(Count::KnownSpells);
            if self.observed_from.is_some() {
                let need = self.stores.strands[index].need.index();
                self.tally.needs[need].known_spells += 1;
            }
        }
    }

    /// Somebody has noted the strand or referred it: the known clock begins to run.
    pub(super) fn make_known(&mut self, index: u32) {
        self.settle(index);
        let now = self.now;
        let grace = self.grace(index);
        let strand = &mut self.stores.strands[index];
        if strand.standing == Standing::Unseen {
            strand.standing = Standing::Noted;
        }
        let (mut is_new, mut until) = (false, None);
        if let Some(spell) = self.stores.spell_mut(index)
            && !spell.known
        {
            spell.known = true;
            spell.unknown_until = None;
            is_new = true;
            if spell.unmet_since.is_some() && spell.dipped.is_none() {
                spell.known_until = Some(now.after(grace));
                until = spell.known_until;
            }
        }
        if is_new {
            self.tell_strand(index, |strand| What::Known {
                need: strand.need,
                until,
            });
            self.reach(index, Step::Noted);
        }
    }

    /// Whether a fitting service is active may have changed: stops or starts the clocks.
    pub(super) fn spell_follows_service(&mut self, index: u32) {
        let now = self.now;
        let helped = self.is_helped(index);
        let grace = self.grace(index);
        let Some(spell) = self.stores.spell_mut(index) else {
            return;
        };
        if helped && spell.unmet_since.is_some() {
            spell.unmet_since = None;
            let until = spell.known_until.take();
            spell.unknown_until = None;
            self.tell_strand(index, |strand| What::Met {
                need: strand.need,
                until,
            });
        } else if !helped && spell.unmet_since.is_none() {
            spell.unmet_since = Some(now);
            spell.spent = [0; Standing::COUNT];
            // A strand that was helped is known.
            spell.known = true;
            spell.known_until = Some(now.after(grace));
            self.tell_strand(index, |strand| What::Unmet {
                need: strand.need,
                known: true,
                until: now.after(grace),
            });
        }
    }

    /// Decision day: spells that are open now are shown apart.
    pub(super) fn carry_spells_over(&mut self) {
        for index in self.stores.strands.numbers().collect::<Vec<_>>() {
            self.settle(index);
            if let Some(spell) = self.stores.spell_mut(index) {
                spell.carried_over = true;
            }
        }
    }
}
