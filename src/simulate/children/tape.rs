//! The tape: what happens to children whatever any service does.
//!
//! Children leave at the upper age and others take their place, families move, needs begin, and
//! contacts with children who have no need leave records all the same. None of this depends on the
//! structure, so it is drawn once for a trial, in order of time, and played back under each.
//!
//! Needs and contacts are drawn for blocks of slots by thinning: candidates come at the highest
//! rate any slot can have, name a slot, and stand if a second draw falls below what that slot's child
//! has. A block is always full of slots, taken or not, so that one more child changes nobody
//! else's luck; and children to whom nothing happens are never touched.

use super::ground::{ChildrenGround, VULNERABILITIES, YEAR};
use super::purpose::Purpose;
use super::scripted::{self, Part};
use super::state::Slot;
use crate::engine::{Instant, Luck, Who};
use crate::model::{AreaId, NeedId, SourceId};
use crate::simulate::diary::Who as WatchedChild;

/// Slots of a block.
const BLOCK: u32 = 1024;

/// Something that happens to a child whatever any service does, in the order of one instant.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Happening {
    /// The child reaches the upper age; a child is born into its slot.
    Leaves,
    /// The family moves to another area, chosen by a number.
    Moves { choice: u32 },
    /// A need begins, if it is at level 0.
    NeedBegins { need: NeedId },
    /// A contact leaves a record.
    Contact { source: SourceId },
    /// A line of a scripted child's script.
    Scripted { line: u32 },
}

/// One entry of the tape.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Entry {
    pub(super) slot: Slot,
    pub(super) at: Instant,
    pub(super) what: Happening,
}

/// What happens to each slot, one slot after the other, each in order of time.
#[derive(Debug, Default)]
pub(super) struct Tape {
    entries: Vec<Packed>,
    /// The place of each slot's first entry, and behind all of them that of the end.
    starts: Vec<u32>,
    /// The numbers by which families choose where they move.
    choices: Vec<u32>,
}

/// An entry in half the room: a country has tens of millions.
#[derive(Debug, Clone, Copy)]
struct Packed {
    at: Instant,
    /// What happens, in the lowest [`KINDS`] bits, and to what.
    what: u32,
}

/// Bits that tell what happens.
const KINDS: u32 = 3;

impl Tape {
    /// Adds entries of slots behind all those that are on the tape.
    fn extend(&mut self, mut entries: Vec<Entry>) {
        entries.sort_unstable();
        for entry in entries {
            self.reach(entry.slot + 1);
            let (kind, value) = match entry.what {
                Happening::Leaves => (0, 0),
                Happening::Moves { choice } => {
                    self.choices.push(choice);
                    (1, self.choices.len() - 1)
                }
                Happening::NeedBegins { need } => (2, need.index()),
                Happening::Contact { source } => (3, source.index()),
                Happening::Scripted { line } => (4, line as usize),
            };
            let value = u32::try_from(value << KINDS).expect("fewer than 2^29 moves and lines");
            self.entries.push(Packed {
                at: entry.at,
                what: value | kind,
            });
        }
    }

    /// Slots up to this one have all that they are to have.
    fn reach(&mut self, slot: Slot) {
        let length = u32::try_from(self.entries.len()).expect("fewer than 2^32 entries");
        self.starts.resize(slot as usize, length);
    }

    /// The place of the first entry of a slot at a moment or after it.
    pub(super) fn place_from(&self, slot: Slot, from: Instant) -> u32 {
        let (first, end) = self.places_of(slot);
        let entries = &self.entries[first as usize..end as usize];
        first + entries.partition_point(|it| it.at < from) as u32
    }

    fn places_of(&self, slot: Slot) -> (u32, u32) {
        let of = |slot: usize| self.starts.get(slot).copied();
        let end = self.entries.len() as u32;
        let slot = slot as usize;
        (of(slot).unwrap_or(end), of(slot + 1).unwrap_or(end))
    }

    /// When what stands at a place happens, if it happens to this slot.
    pub(super) fn moment(&self, slot: Slot, place: u32) -> Option<Instant> {
        (place < self.places_of(slot).1).then(|| self.entries[place as usize].at)
    }

    /// What stands at a place.
    pub(super) fn what(&self, place: u32) -> Happening {
        let packed = self.entries[place as usize].what;
        let value = packed >> KINDS;
        match packed & ((1 << KINDS) - 1) {
            0 => Happening::Leaves,
            1 => Happening::Moves {
                choice: self.choices[value as usize],
            },
            2 => Happening::NeedBegins {
                need: NeedId::new(value as usize),
            },
            3 => Happening::Contact {
                source: SourceId::new(value as usize),
            },
            _ => Happening::Scripted { line: value },
        }
    }

    /// All entries, those of one slot after those of the slot before.
    #[cfg(test)]
    pub(super) fn entries(&self) -> impl Iterator<Item = Entry> + '_ {
        (0..self.starts.len() as Slot).flat_map(move |slot| {
            let (first, end) = self.places_of(slot);
            (first..end).map(move |place| Entry {
                slot,
                at: self.entries[place as usize].at,
                what: self.what(place),
            })
        })
    }
}

/// The slots of one area.
#[derive(Debug, Clone, Copy)]
pub(super) struct Slots {
    pub(super) area: AreaId,
    /// Number of the first.
    pub(super) first: Slot,
    /// Slots that hold a child.
    pub(super) children: u32,
}

impl Slots {
    /// The number after the last slot of the area's blocks.
    pub(super) fn end(&self) -> Slot {
        self.first + self.blocks() * BLOCK
    }

    fn blocks(&self) -> u32 {
        self.children.div_ceil(BLOCK)
    }
}

/// The slots of all areas, one after the other in whole blocks.
pub(super) fn lay_out(ground: &ChildrenGround) -> Vec<Slots> {
    let mut first = 0;
    ground
        .world
        .area_ids()
        .map(|area| {
            let slots = Slots {
                area,
                first,
                children: ground.world.areas[area.index()].children,
            };
            first += slots.blocks() * BLOCK;
            slots
        })
        .collect()
}

/// Who lives in a slot.
#[derive(Debug, Clone, Copy)]
pub(super) struct Occupant {
    pub(super) who: Who,
    /// Moment of birth in seconds from the start.
    pub(super) born: i64,
    /// Which of the equally likely family vulnerabilities.
    pub(super) vulnerability: usize,
}

/// The slot within its area of another child of the family, if there is one: neighbouring slots, two
/// by two, are one family in the stated share of cases.
pub(super) fn sibling(
    ground: &ChildrenGround,
    luck: &Luck,
    slots: Slots,
    within: u32,
) -> Option<u32> {
    let other = within ^ 1;
    let chance = ground.world.mechanisms.siblings.share.get();
    if chance <= 0.0 || other >= slots.children {
        return None;
    }
    let family = ground.area(slots.area).number(within & !1);
    let draw = luck.block(family, Purpose::Family as u16, 0);
    (draw.uniform() < chance).then_some(other)
}

/// A slot's history: who is in it when.
#[derive(Debug, Clone, Copy)]
pub(super) struct Line {
    /// Who draws for the family: the elder line of two, or the slot itself.
    family: Who,
    who: Who,
    first_born: i64,
    life: i64,
}

impl Line {
    pub(super) fn new(ground: &ChildrenGround, luck: &Luck, slots: Slots, slot: u32) -> Self {
        let area = slots.area;
        let who = ground.area(area).number(slot);
        let family = match sibling(ground, luck, slots, slot) {
            Some(other) => ground.area(area).number(slot.min(other)),
            None => who,
        };
        let draw = luck.block(who, Purpose::Birth as u16, 0);
        let ages = &ground.world.areas[area.index()].ages;
        let mut left = draw.uniform();
        let mut age = 0;
        while age + 1 < ages.len() && left >= ages[age] {
            left -= ages[age];
            age += 1;
        }
        let lived = ((age as f64 + draw.second()) * f64::from(YEAR)) as i64;
        Self {
            family,
            who,
            first_born: -lived,
            life: i64::from(ground.world.upper_age) * i64::from(YEAR),
        }
    }

    /// The child in the slot at a moment.
    pub(super) fn at(&self, luck: &Luck, now: Instant) -> Occupant {
        let generation = (i64::from(now.seconds()) - self.first_born) / self.life;
        let who = self.who.number(generation as u32);
        Occupant {
            who,
            born: self.first_born + generation * self.life,
            vulnerability: luck
                .block(
                    self.family.number(generation as u32),
                    Purpose::Birth as u16,
                    1,
                )
                .below(VULNERABILITIES as u32) as usize,
        }
    }

    /// When the slot next changes hands after a moment.
    pub(super) fn leaves_after(&self, now: Instant) -> Instant {
        let lived = i64::from(now.seconds()) - self.first_born;
        let next = self.first_born + (lived / self.life + 1) * self.life;
        u32::try_from(next).map_or(Instant::NEVER, Instant::at)
    }

    /// The number, from 1, of the child of a slot that was born at a moment.
    fn generation_of(&self, born: i64) -> u32 {
        ((born - self.first_born) / self.life) as u32 + 1
    }
}

/// Where a child stands: what its slot is to readers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Home {
    /// A slot of an area.
    Area {
        /// The area.
        area: AreaId,
        /// The slot within it, from 0.
        slot: u32,
        /// The number of the child among those who live there one after the other, from 1.
        occupant: u32,
    },
    /// A scripted child.
    Script {
        /// Place of the script in the study.
        case: usize,
        /// The area.
        area: AreaId,
        /// Its number among the scripted children of its script and area, from 0. Beside each that
        /// lives through the whole script, at an even number, stands one who is met only once.
        number: u32,
    },
}

impl super::ChildrenTape {
    /// Where a child stands.
    pub fn home(&self, ground: &ChildrenGround, child: WatchedChild) -> Home {
        if let Some(place) = child.slot.checked_sub(self.slots())
            && let Some(part) = self.cast.get(place as usize)
        {
            let (case, area) = (part.case, part.area);
            let same = |other: &&Part| other.case == case && other.area == area;
            let before = self.cast[..place as usize].iter().filter(same).count();
            let number = before as u32;
            return Home::Script { case, area, number };
        }
        let position = self.layout.partition_point(|it| it.first <= child.slot) - 1;
        let slots = self.layout[position];
        let slot = child.slot - slots.first;
        Home::Area {
            area: slots.area,
            slot,
            occupant: Line::new(ground, &self.luck, slots, slot).generation_of(child.born),
        }
    }

    /// The slot of a home, if there is such a home.
    pub fn slot_of(&self, home: Home) -> Option<u32> {
        match home {
            Home::Area { area, slot, .. } => {
                let slots = self.layout.iter().find(|it| it.area == area)?;
                (slot < slots.children).then_some(slots.first + slot)
            }
            Home::Script { case, area, number } => {
                let parts = self.cast.iter().zip(self.slots()..);
                let mut same = parts.filter(|(it, _)| it.case == case && it.area == area);
                same.nth(number as usize).map(|(_, slot)| slot)
            }
        }
    }

    /// Slots of all areas; scripted children stand behind them.
    fn slots(&self) -> u32 {
        self.layout.last().map_or(0, Slots::end)
    }
}

/// A process of candidates over a block of slots, at a constant rate, in cells of the calendar.
struct Candidates<'a> {
    luck: &'a Luck,
    who: Who,
    purpose: Purpose,
    /// Candidates a second in the whole block.
    rate: f64,
    end: Instant,
}

impl Candidates<'_> {
    /// Calls `each` with every candidate: its moment, its slot in the block, and a uniform that decides
    /// whether it stands.
    ///
    /// Within a cell gaps are exponential from the cell's start; a process without memory may be
    /// begun afresh at each cell.
    fn each(&self, mut each: impl FnMut(Instant, u32, f64)) {
        const CELL: u32 = YEAR / 4;
        if self.rate <= 0.0 {
            return;
        }
        for cell in 0..=self.end.seconds() / CELL {
            let start = f64::from(cell) * f64::from(CELL);
            let who = self.who.number(cell);
            let mut at = start;
            for ordinal in 0u32.. {
                let draw = self.luck.block(who, self.purpose as u16, ordinal);
                at -= libm::log(draw.uniform()) / self.rate;
                let moment = Instant::at(at as u32);
                if at >= start + f64::from(CELL) || moment >= self.end {
                    break;
                }
                let (slot, chance) = draw.number_and_uniform(BLOCK.ilog2());
                each(moment, slot, chance);
            }
        }
    }
}

/// Draws the tape of a trial from the start until `end`.
pub(super) fn record(
    ground: &ChildrenGround,
    luck: &Luck,
    layout: &[Slots],
    cast: &[Part],
    end: Instant,
) -> Tape {
    let mut tape = Tape::default();
    for slots in layout {
        record_area(ground, luck, end, *slots, layout.len() > 1, &mut tape);
    }
    let first_scripted = layout.last().map_or(0, Slots::end);
    tape.extend(scripted::record(ground, cast, first_scripted, end));
    tape.reach(first_scripted + cast.len() as Slot);
    tape.entries.shrink_to_fit();
    tape
}

fn record_area(
    ground: &ChildrenGround,
    luck: &Luck,
    end: Instant,
    slots: Slots,
    can_move: bool,
    tape: &mut Tape,
) {
    let area = ground.area(slots.area);
    let world = &ground.world;
    let lines: Vec<Line> = (0..slots.children)
        .map(|slot| Line::new(ground, luck, slots, slot))
        .collect();
    // Most slots keep their child throughout; only the others are looked up again.
    let first: Vec<(Occupant, Instant)> = lines
        .iter()
        .map(|line| {
            (
                line.at(luck, Instant::START),
                line.leaves_after(Instant::START),
            )
        })
        .collect();
    let occupant = |slot: u32, at: Instant| {
        let (occupant, leaves) = first.get(slot as usize)?;
        if at < *leaves {
            Some(*occupant)
        } else {
            Some(lines[slot as usize].at(luck, at))
        }
    };
    let need_here = world.areas[slots.area.index()].need.get();
    let highest = ground.vulnerability.iter().fold(0.0, |a: f64, b| a.max(*b));
    for block in 0..slots.blocks() {
        let who = area.number(block);
        let start = block * BLOCK;
        let candidates = |who, purpose, rate: f64| Candidates {
            luck,
            who,
            purpose,
            rate: rate * f64::from(BLOCK),
            end,
        };
        let mut entries = Vec::new();
        let mut push = |at, slot: u32, what| {
            let slot = slots.first + slot;
            entries.push(Entry { slot, at, what });
        };

        for (line, slot) in lines
            .iter()
            .zip(0..)
            .skip(start as usize)
            .take(BLOCK as usize)
        {
            let mut at = line.leaves_after(Instant::START);
            while at < end {
                push(at, slot, Happening::Leaves);
                at = line.leaves_after(at);
            }
        }

        for (need, law) in world.need_ids().zip(&ground.needs) {
            let rate = law.begins * highest * need_here;
            candidates(who.with(law.who), Purpose::OnsetOfNeed, rate).each(|at, slot, chance| {
                let slot = start + slot;
                let stands = occupant(slot, at).is_some_and(|child| {
                    chance * highest < ground.vulnerability[child.vulnerability]
                });
                if stands {
                    push(at, slot, Happening::NeedBegins { need });
                }
            });
        }

        for (source, law) in world.source_ids().zip(&ground.sources) {
            let Some(meeting) = &law.meets else { continue };
            let rate = meeting.plain_rate() * meeting.noted_at_most;
            candidates(who.with(law.who), Purpose::PlainContact, rate).each(|at, slot, chance| {
                let slot = start + slot;
                let stands = occupant(slot, at).is_some_and(|child| {
                    meeting.meets_at(child.born, at)
                        && chance * meeting.noted_at_most
                            < meeting.noted(|_| 0, &ground.presented(luck, child.who, at))
                });
                if stands {
                    push(at, slot, Happening::Contact { source });
                }
            });
        }

        if can_move {
            let rate = world.areas[slots.area.index()].moves.get() / f64::from(YEAR);
            candidates(who, Purpose::House, rate).each(|at, slot, chance| {
                let slot = start + slot;
                if slot >= slots.children {
                    return;
                }
                let choice = (chance * f64::from(u32::MAX)) as u32;
                match sibling(ground, luck, slots, slot) {
                    // A family moves together, when its elder line does.
                    Some(other) if other < slot => {}
                    Some(other) => {
                        push(at, slot, Happening::Moves { choice });
                        push(at, other, Happening::Moves { choice });
                    }
                    None => push(at, slot, Happening::Moves { choice }),
                }
            });
        }
        tape.extend(entries);
    }
}
