//! Quiet children: those whom nobody could refer before the end, under whatever structure.
//!
//! What happens to a child at rest does not depend on the structure until somebody refers it, and who
//! refers it depends on what a source can see. So a family about which nobody would hold enough even
//! if everybody saw everything lives through the observed time in the same way under every
//! structure. On decision day such families are gone through once; what they leave in the tally is
//! set aside, and every structure that goes on in the same world takes it over at the end.

use std::sync::Arc;

use super::missed::Spell;
use super::rest::Horizon;
use super::state::{Child, Counter, Encounters, NONE, Record, Slot, Stores, Strand};
use super::{ChildOutcome, ChildrenTrial, Tally};

/// What quiet children leave.
#[derive(Debug)]
pub(super) struct Aside {
    pub(super) tally: Tally,
    pub(super) outcomes: Vec<ChildOutcome>,
}

/// A child as it was, with all that it owns.
#[derive(Debug)]
struct Kept {
    slot: Slot,
    child: Child,
    encounters: Option<Encounters>,
    strands: Vec<(Strand, Option<Spell>)>,
    records: Vec<Record>,
    counters: Vec<Counter>,
}

impl ChildrenTrial<'_> {
    /// Goes through the observed time of all quiet families, and sets aside what they leave.
    pub(super) fn set_quiet_aside(&mut self) {
        let horizon = std::mem::replace(&mut self.horizon, Horizon::at_end(self.end));
        let empty = self.empty_tally();
        let tally = std::mem::replace(&mut self.tally, empty);
        let outcomes = std::mem::take(&mut self.outcomes);
        // First who is quiet: nobody knows before it is tried, and what is tried is taken back.
        self.is_apart = true;
        let quiet: Vec<Slot> = (0..self.first_scripted)
            .filter(|slot| self.leads_family_at_rest(*slot))
            .collect();
        let quiet: Vec<Slot> = quiet
            .into_iter()
            .filter(|slot| self.is_quiet(*slot))
            .collect();
        self.tally = self.empty_tally();
        self.outcomes.clear();
        for slot in quiet {
            self.run_ahead(slot);
            for member in self.family(slot) {
                self.take_out(member);
            }
        }
        self.is_apart = false;
        let aside = Aside {
            tally: std::mem::replace(&mut self.tally, tally),
            outcomes: std::mem::replace(&mut self.outcomes, outcomes),
        };
        self.aside = Some(Arc::new(aside));
        self.horizon = horizon;
        self.stores = self.stores.in_order_of(&mut self.children);
    }

    /// Would nobody refer anybody of a family before the end, even if everybody saw everything?
    fn is_quiet(&mut self, slot: Slot) -> bool {
        let kept: Vec<Kept> = self.family(slot).map(|it| self.keep(it)).collect();
        self.run_ahead(slot);
        let is_quiet = !(self.family(slot)).any(|it| self.children[it as usize].awaits_referral);
        for child in kept {
            self.put_back(child);
        }
        is_quiet
    }

    fn keep(&self, slot: Slot) -> Kept {
        let child = self.children[slot as usize];
        let Stores {
            encounters,
            strands,
            spells,
            records,
            counters,
            ..
        } = &self.stores;
        Kept {
            slot,
            child,
            encounters: (child.encounters != NONE).then(|| encounters[child.encounters]),
            strands: chain(child.strands, |it| strands[it].next)
                .map(|it| {
                    let strand = strands[it].clone();
                    let spell = (strand.spell != NONE).then(|| spells[strand.spell]);
                    (strand, spell)
                })
                .collect(),
            records: chain(child.records, |it| records[it].next)
                .map(|it| records[it])
                .collect(),
            counters: chain(child.counters, |it| counters[it].next)
                .map(|it| counters[it])
                .collect(),
        }
    }

    fn put_back(&mut self, kept: Kept) {
        self.drop_all_of(kept.slot);
        let mut child = kept.child;
        let stores = &mut self.stores;
        child.encounters = kept
            .encounters
            .map_or(NONE, |it| stores.encounters.insert(it));
        child.strands = NONE;
        for (mut strand, spell) in kept.strands.into_iter().rev() {
            strand.spell = spell.map_or(NONE, |it| stores.spells.insert(it));
            strand.next = child.strands;
            child.strands = stores.strands.insert(strand);
        }
        child.records = NONE;
        for record in kept.records.into_iter().rev() {
            child.records = stores.records.insert(Record {
                next: child.records,
                ..record
            });
        }
        child.counters = NONE;
        for counter in kept.counters.into_iter().rev() {
            child.counters = stores.counters.insert(Counter {
                next: child.counters,
                ..counter
            });
        }
        self.children[kept.slot as usize] = child;
    }

    /// A quiet child has come to the end: it is counted and needed no more.
    fn take_out(&mut self, slot: Slot) {
        let now = std::mem::replace(&mut self.now, self.end);
        let mut index = self.children[slot as usize].strands;
        while index != NONE {
            self.close_strand(index);
            index = self.stores.strands[index].next;
        }
        self.now = now;
        self.drop_all_of(slot);
        self.children[slot as usize].is_aside = true;
    }

    /// Drops all that a child owns, and counts nothing.
    fn drop_all_of(&mut self, slot: Slot) {
        let child = &mut self.children[slot as usize];
        let (mut strand, mut record, mut counter) = (child.strands, child.records, child.counters);
        if child.encounters != NONE {
            self.stores.encounters.remove(child.encounters);
            child.encounters = NONE;
        }
        (child.strands, child.records, child.counters) = (NONE, NONE, NONE);
        while strand != NONE {
            let item = self.stores.strands.remove(strand);
            if item.spell != NONE {
                self.stores.spells.remove(item.spell);
            }
            strand = item.next;
        }
        while record != NONE {
            record = self.stores.records.remove(record).next;
        }
        while counter != NONE {
            counter = self.stores.counters.remove(counter).next;
        }
    }
}

impl Stores {
    /// The same without gaps, in the order of children.
    fn in_order_of(&self, children: &mut [Child]) -> Self {
        let mut ordered = Self {
            handoffs: self.handoffs.clone(),
            referrals: self.referrals.clone(),
            ..Self::default()
        };
        for child in children {
            let strands: Vec<u32> = chain(child.strands, |it| self.strands[it].next).collect();
            let records: Vec<u32> = chain(child.records, |it| self.records[it].next).collect();
            let counters: Vec<u32> = chain(child.counters, |it| self.counters[it].next).collect();
            if child.encounters != NONE {
                let encounters = self.encounters[child.encounters];
                child.encounters = ordered.encounters.insert(encounters);
            }
            child.strands = NONE;
            for index in strands.into_iter().rev() {
                let mut strand = self.strands[index].clone();
                if strand.spell != NONE {
                    strand.spell = ordered.spells.insert(self.spells[strand.spell]);
                }
                strand.next = child.strands;
                child.strands = ordered.strands.insert(strand);
            }
            child.records = NONE;
            for index in records.into_iter().rev() {
                let next = child.records;
                child.records = ordered.records.insert(Record {
                    next,
                    ..self.records[index]
                });
            }
            child.counters = NONE;
            for index in counters.into_iter().rev() {
                let next = child.counters;
                child.counters = ordered.counters.insert(Counter {
                    next,
                    ..self.counters[index]
                });
            }
        }
        ordered
    }
}

/// The numbers of a chain of items, from its first.
fn chain(first: u32, next: impl Fn(u32) -> u32) -> impl Iterator<Item = u32> {
    std::iter::successors((first != NONE).then_some(first), move |it| {
        let next = next(*it);
        (next != NONE).then_some(next)
    })
}
