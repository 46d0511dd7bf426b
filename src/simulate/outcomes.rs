//! What became of each child in each domain of need over the observed time: the one thing that is
//! compared child by child between structures.

use crate::measures::Outcome;

/// A child with a qualifying need spell in one domain.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct ChildOutcome {
    /// The child's slot.
    pub slot: u32,
    /// Its moment of birth, which tells the children of one slot apart.
    pub born: i64,
    /// Position of the domain.
    pub need: u16,
    /// Was it missed, and known?
    pub missed: bool,
}

/// Every child and domain with a qualifying need spell, each once, in order.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Outcomes(Vec<ChildOutcome>);

impl Outcomes {
    /// From entries in any order; a child and domain that was ever missed counts as missed.
    pub fn new(mut entries: Vec<ChildOutcome>) -> Self {
        entries.sort_unstable();
        // The missed entry of a child and domain comes last: keep it.
        entries.reverse();
        entries.dedup_by_key(|entry| (entry.slot, entry.born, entry.need));
        entries.reverse();
        Self(entries)
    }

    /// Counts child and domain by outcome in `before` (rows) and here (columns). Of those without a
    /// qualifying need under either nothing is known, so that cell stays 0.
    pub fn against(&self, before: &Self) -> [[u64; Outcome::COUNT]; Outcome::COUNT] {
        let mut table = [[0; Outcome::COUNT]; Outcome::COUNT];
        let key = |entry: &ChildOutcome| (entry.slot, entry.born, entry.need);
        let outcome = |entry: Option<&ChildOutcome>| match entry {
            None => Outcome::NoNeed,
            Some(entry) if entry.missed => Outcome::Missed,
            Some(_) => Outcome::NotMissed,
        };
        let (mut ours, mut theirs) = (self.0.iter().peekable(), before.0.iter().peekable());
        while let Some(next) = ours
            .peek()
            .into_iter()
            .chain(theirs.peek())
            .map(|entry| key(entry))
            .min()
        {
            let here = ours.next_if(|entry| key(entry) == next);
            let there = theirs.next_if(|entry| key(entry) == next);
            table[outcome(there).index()][outcome(here).index()] += 1;
        }
        table
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn entry(slot: u32, missed: bool) -> ChildOutcome {
        ChildOutcome {
            slot,
            born: 0,
            need: 0,
            missed,
        }
    }

    #[test]
    fn children_are_told_apart_by_what_became_of_them() {
        let before = Outcomes::new(vec![entry(1, false), entry(1, true), entry(2, false)]);
        let after = Outcomes::new(vec![entry(3, true), entry(1, false)]);
        let table = after.against(&before);
        let at = |one: Outcome, other: Outcome| table[one.index()][other.index()];
        assert_eq!(at(Outcome::Missed, Outcome::NotMissed), 1, "child 1");
        assert_eq!(at(Outcome::NotMissed, Outcome::NoNeed), 1, "child 2");
        assert_eq!(at(Outcome::NoNeed, Outcome::Missed), 1, "child 3");
        assert_eq!(table.iter().flatten().sum::<u64>(), 3);
    }
}
