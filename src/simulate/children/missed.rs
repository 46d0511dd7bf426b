//! Missed cases: need spells, their grace, and where the time went.
//!
//! Nothing is planned for the moment at which grace runs out. A strand is settled whenever
//! anything about it is about to change; since nothing changed in between, where it stood when its
//! grace ran out is where it stands when it is settled.

use super::ChildrenTrial;
use crate::engine::Instant;
use crate::measures::{Count, Standing};

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
    /// Seconds by standing since the known clock began to run.
    spent: [u32; Standing::COUNT],
}

/// A clock that is brought forward, never back.
fn earliest(clock: Option<Instant>, other: Instant) -> Option<Instant> {
    Some(clock.map_or(other, |until| until.min(other)))
}

impl ChildrenTrial<'_> {
    /// Brings a strand up to now before anything about it changes: its time by standing, and
    /// whether its grace has run out.
    pub(super) fn settle(&mut self, index: u32) {
        let now = self.now;
        let strand = &mut self.stores.strands[index];
        let since = strand.since;
        strand.since = now;
        let (standing, need) = (strand.standing, strand.need);
        let Some(spell) = &mut strand.spell else {
            return;
        };
        if spell.dipped.is_some() {
            // Decided when the level rises again or the dip has lasted too long.
            return;
        }
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
                    self.record_missed(need.index(), standing, until, carried_over, &spent);
                }
            }
        }
        if let Some(at) = unknown_missed {
            self.count_at(Count::UnknownMissed, at);
        }
    }

    fn record_missed(
        &mut self,
        need: usize,
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
                let dipped = self.stores.strands[index]
                    .spell
                    .and_then(|spell| spell.dipped);
                match dipped {
                    Some(since) if now.since(since) < self.spell_bridges => self.bridge_dip(index),
                    _ => {
                        self.end_spell(index);
                        self.begin_spell(index);
                    }
                }
            }
            (true, false) => {
                if let Some(spell) = &mut self.stores.strands[index].spell {
                    spell.dipped = Some(now);
                }
            }
            (true, true) if level == 3 => {
                let grace = self.grace(index);
                if let Some(spell) = &mut self.stores.strands[index].spell {
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
        if let Some(spell) = &mut self.stores.strands[index].spell {
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
        self.stores.strands[index].spell = Some(Spell {
            carried_over: false,
            dipped: None,
            unmet_since: Some(now),
            known,
            known_until: known.then(|| now.after(grace)),
            unknown_until: (!known).then(|| now.after(grace)),
            missed: false,
            missed_unknown: false,
            spent: [0; Standing::COUNT],
        });
    }

    /// The spell is over: the need has eased for long enough, or the child has left.
    pub(super) fn end_spell(&mut self, index: u32) {
        let Some(spell) = self.stores.strands[index].spell.take() else {
            return;
        };
        // Known, never missed, and helped before its grace was over: it counts as met.
        if spell.known && !spell.missed && spell.unmet_since.is_none() && !spell.carried_over {
            self.count(Count::KnownSpells);
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
        if let Some(spell) = &mut strand.spell
            && !spell.known
        {
            spell.known = true;
            spell.unknown_until = None;
            if spell.unmet_since.is_some() && spell.dipped.is_none() {
                spell.known_until = Some(now.after(grace));
            }
        }
    }

    /// Whether a fitting service is active may have changed: stops or starts the clocks.
    pub(super) fn spell_follows_service(&mut self, index: u32) {
        let now = self.now;
        let helped = self.is_helped(index);
        let grace = self.grace(index);
        let Some(spell) = &mut self.stores.strands[index].spell else {
            return;
        };
        if helped && spell.unmet_since.is_some() {
            spell.unmet_since = None;
            spell.known_until = None;
            spell.unknown_until = None;
        } else if !helped && spell.unmet_since.is_none() {
            spell.unmet_since = Some(now);
            spell.spent = [0; Standing::COUNT];
            // A strand that was helped is known.
            spell.known = true;
            spell.known_until = Some(now.after(grace));
        }
    }

    /// Decision day: spells that are open now are shown apart.
    pub(super) fn carry_spells_over(&mut self) {
        for index in self.stores.strands.numbers().collect::<Vec<_>>() {
            self.settle(index);
            if let Some(spell) = &mut self.stores.strands[index].spell {
                spell.carried_over = true;
            }
        }
    }
}
