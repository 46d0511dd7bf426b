//! Scripted children: whom they meet and how great their needs are follows a script.
//!
//! They live among the other children and meet the same doors, queues and workers. Only their levels
//! of need and their meetings are not drawn; what is seen and noted at a meeting, whether it is enough
//! to refer, and all that follows is decided as for any other child, with luck of their own. They
//! stand in slots behind those of all areas, so that placing them moves nobody else's luck; they do
//! take their turn at the doors.
//!
//! Beside each child who lives through the whole script stands one who is met on a single occasion of
//! it. These say how likely each occasion is to lead to help by itself.

use super::ground::{ChildrenGround, YEAR};
use super::purpose::Purpose;
use super::state::{Child, Slot, bit};
use super::tape::{Entry, Happening};
use super::{ChildrenTape, ChildrenTrial};
use crate::engine::{Instant, Who, normal_quantile};
use crate::measures::{Count, Fate, Standing, Step};
use crate::model::{AreaId, Case, NeedId, Place, SourceId};
use crate::simulate::tally::{CaseTally, OccasionTally};

/// A script in the units of the clock.
#[derive(Debug)]
pub(super) struct CaseLaw {
    who: Who,
    children: u32,
    /// Age in seconds when the script begins.
    age: i64,
    begins: Instant,
    need: NeedId,
    occasions: Vec<Meet>,
    /// What happens, in order of time.
    lines: Vec<(Instant, Line)>,
}

/// One line of a script. Those of one instant happen in this order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Line {
    Level { need: NeedId, level: u8 },
    Moves { occasion: u32 },
    Meets { occasion: u32 },
    Ends,
}

/// A meeting.
#[derive(Debug, Clone, Copy)]
struct Meet {
    by: SourceId,
    clearer: f64,
    /// Factor on what a conclusion usually subtracts.
    concludes: f64,
}

impl CaseLaw {
    pub(super) fn new(case: &Case) -> Self {
        let begins = Instant::at(case.begins.to_seconds());
        let at = |day: crate::units::Days| begins.after(day.to_seconds());
        let mut lines: Vec<(Instant, Line)> = case
            .levels
            .iter()
            .map(|&(day, need, level)| (at(day), Line::Level { need, level }))
            .collect();
        for (occasion, it) in (0u32..).zip(&case.occasions) {
            if it.moves {
                lines.push((at(it.day), Line::Moves { occasion }));
            }
            lines.push((at(it.day), Line::Meets { occasion }));
        }
        lines.push((at(case.lasts), Line::Ends));
        // Stable: levels of one instant keep the order in which they are stated.
        lines.sort_by_key(|(at, line)| (*at, !matches!(line, Line::Level { .. })));
        Self {
            // No name of a scenario file has a slash in it.
            who: Who::named(&format!("case/{}", case.id)),
            children: case.children,
            age: i64::from(case.age) * i64::from(YEAR),
            begins,
            need: case.need,
            occasions: case
                .occasions
                .iter()
                .map(|it| Meet {
                    by: it.met_by,
                    clearer: it.clearer.get(),
                    concludes: it.concludes.get(),
                })
                .collect(),
            lines,
        }
    }
}

/// Who plays: one scripted child.
#[derive(Debug, Clone, Copy)]
pub(super) struct Part {
    pub(super) case: usize,
    pub(super) area: AreaId,
    who: Who,
    /// The only occasion on which the child is met, if it does not live through all.
    alone: Option<u32>,
}

/// Everybody who plays, in the order of their slots.
pub(super) fn cast(ground: &ChildrenGround) -> Vec<Part> {
    let mut cast = Vec::new();
    for (case, law) in ground.cases.iter().enumerate() {
        let mut next_alone = (0..law.occasions.len() as u32).cycle();
        for area in ground.world.area_ids() {
            let of_area = ground.area(area).with(law.who);
            for number in 0..law.children {
                let part = |copy: u32, alone| Part {
                    case,
                    area,
                    who: of_area.number(2 * number + copy),
                    alone,
                };
                cast.extend([part(0, None), part(1, next_alone.next())]);
            }
        }
    }
    cast
}

/// What the tape holds of the scripts of a cast, whose first slot is `first`.
pub(super) fn record(
    ground: &ChildrenGround,
    cast: &[Part],
    first: Slot,
    end: Instant,
) -> Vec<Entry> {
    let mut entries = Vec::new();
    for (part, slot) in cast.iter().zip(first..) {
        for (line, (at, what)) in (0..).zip(&ground.cases[part.case].lines) {
            let is_played = match what {
                Line::Meets { occasion } => part.alone.is_none_or(|alone| alone == *occasion),
                Line::Level { .. } | Line::Moves { .. } | Line::Ends => true,
            };
            if is_played && *at < end {
                let what = Happening::Scripted { line };
                entries.push(Entry {
                    slot,
                    at: *at,
                    what,
                });
            }
        }
    }
    entries
}

/// How far a scripted child has come.
#[derive(Debug, Clone)]
pub(super) struct Script {
    /// By occasion: how far what it led to has come, one bit a step.
    steps: Vec<u8>,
    /// By occasion, once it is settled.
    fates: Vec<Option<Fate>>,
    /// By occasion: had fitting help begun before it?
    helped_before: Vec<bool>,
    /// The occasion that led to the last referral.
    last_referral: Option<usize>,
    /// When fitting help first began, and the occasion that led to it.
    helped: Option<(Instant, usize)>,
    is_over: bool,
}

/// Empty tallies for the cases of a world.
pub(super) fn tallies(ground: &ChildrenGround) -> Vec<CaseTally> {
    let of = |case: &CaseLaw| CaseTally::new(case.occasions.len());
    ground.cases.iter().map(of).collect()
}

impl ChildrenTrial<'_> {
    /// The cast comes on stage, behind all other children.
    pub(super) fn place_cast(&mut self, tape: &ChildrenTape) {
        for part in &tape.cast {
            let case = &self.ground.cases[part.case];
            let occasions = case.occasions.len();
            self.children.push(Child::at_rest(
                part.who,
                part.area,
                i64::from(case.begins.seconds()) - case.age,
            ));
            self.scripts.push(Script {
                steps: vec![0; occasions],
                fates: vec![None; occasions],
                helped_before: vec![false; occasions],
                last_referral: None,
                helped: None,
                is_over: false,
            });
        }
    }

    /// Does this child follow a script?
    pub(super) fn is_scripted(&self, slot: Slot) -> bool {
        slot >= self.first_scripted
    }

    fn part_of(&self, slot: Slot) -> (usize, Part) {
        let place = (slot - self.first_scripted) as usize;
        (place, self.tape.cast[place])
    }

    /// A line of a child's script.
    pub(super) fn plays(&mut self, slot: Slot, line: u32) {
        let (place, part) = self.part_of(slot);
        let (_, what) = self.ground.cases[part.case].lines[line as usize];
        match what {
            Line::Level { need, level } => {
                let index = self.strand_or_new(slot, need);
                if self.stores.strands[index].level == level {
                    self.forget_if_over(index);
                } else {
                    self.change_level(index, level);
                }
                if let Some(index) = self.stores.strand(&self.children[slot as usize], need) {
                    self.note_help(index);
                }
            }
            Line::Moves { occasion } => {
                let draw = self
                    .luck
                    .block(part.who, Purpose::ScriptedMove as u16, occasion);
                let choice = (draw.uniform() * f64::from(u32::MAX)) as u32;
                self.family_moves(slot, choice);
            }
            Line::Meets { occasion } => self.is_met(slot, occasion as usize),
            Line::Ends => self.end_script(place),
        }
    }

    /// Somebody meets a scripted child, notes what it takes note of, and refers or concludes.
    ///
    /// Signals are as at any contact: mean, presentation and noise, noted above the noting level.
    /// That of an ordinary contact is known to leave a record; this one need not.
    fn is_met(&mut self, slot: Slot, occasion: usize) {
        let (place, part) = self.part_of(slot);
        let ground = self.ground;
        let case = &ground.cases[part.case];
        let Meet {
            by,
            clearer,
            concludes,
        } = case.occasions[occasion];
        let Some(meeting) = &ground.source(by).meets else {
            return;
        };
        let before = self.stores.strand(&self.children[slot as usize], case.need);
        let in_hand = before.is_some_and(|index| !self.can_be_referred(index));
        self.scripts[place].helped_before[occasion] = self.scripts[place].helped.is_some();
        let presented = ground.presented(&self.luck, part.who, self.now);
        let who = part.who.with(ground.source(by).who);
        let (mut noted, mut referred) = (0, 0);
        for need in meeting.seen().iter().copied() {
            let id = NeedId::new(need);
            let level = self
                .stores
                .strand(&self.children[slot as usize], id)
                .map_or(0, |index| self.stores.strands[index].level);
            let draw = self.luck.block(
                who.with(ground.need(id).who),
                Purpose::ScriptedSignal as u16,
                occasion as u32,
            );
            let signal = meeting.signal(need, level, clearer, &presented)
                + meeting.noise() * normal_quantile(draw.uniform());
            if signal <= meeting.notes_above() {
                continue;
            }
            noted |= bit(need);
            let evidence = meeting.evidence(need, signal);
            if self.note(slot, by, id, evidence) {
                referred |= bit(need);
            }
        }
        if noted != 0 {
            self.count(Count::NotedContacts);
        }
        let wanted = bit(case.need.index());
        let fate = if referred & wanted != 0 {
            self.settle_last_referral(place, slot);
            self.scripts[place].last_referral = Some(occasion);
            None
        } else if in_hand {
            Some(Fate::InHand)
        } else if noted & wanted != 0 {
            Some(Fate::NotEnough)
        } else {
            Some(Fate::NotNoted)
        };
        let come_to = match (noted & wanted != 0, referred & wanted != 0) {
            (_, true) => up_to(Step::Referred),
            (true, false) => up_to(Step::Noted),
            (false, false) => up_to(Step::Needed),
        };
        self.scripts[place].steps[occasion] |= come_to;
        self.scripts[place].fates[occasion] = fate;
        if concludes > 0.0 {
            self.concludes(slot, by, concludes, referred);
        }
        if referred != 0 {
            self.refer(slot, by, referred, Count::FoundByContact);
        }
    }

    /// A source concludes that a child has no need, in all that it sees and the script tells of, but
    /// for what it refers.
    fn concludes(&mut self, slot: Slot, by: SourceId, times: f64, referred: u64) {
        let (_, part) = self.part_of(slot);
        let ground = self.ground;
        let Some(meeting) = &ground.source(by).meets else {
            return;
        };
        let holder = Place {
            source: by,
            area: self.children[slot as usize].area,
        };
        let told = |need: usize| {
            (ground.cases[part.case].lines.iter()).any(|(_, line)| match line {
                Line::Level { need: of, .. } => of.index() == need,
                Line::Moves { .. } | Line::Meets { .. } | Line::Ends => false,
            })
        };
        for need in meeting.seen().iter().copied() {
            if told(need) && referred & bit(need) == 0 {
                self.record_conclusion(slot, holder, NeedId::new(need), times);
            }
        }
    }

    /// A strand of a scripted child has come to a step on the way to help.
    pub(super) fn script_reaches(&mut self, index: u32, step: Step) {
        let strand = &self.stores.strands[index];
        if !self.is_scripted(strand.slot) {
            return;
        }
        if step == Step::Helped {
            self.note_help(index);
            return;
        }
        let (place, part) = self.part_of(strand.slot);
        let is_wanted = strand.need == self.ground.cases[part.case].need;
        let script = &mut self.scripts[place];
        if is_wanted
            && !script.is_over
            && step >= Step::Accepted
            && let Some(occasion) = script.last_referral
        {
            script.steps[occasion] |= up_to(step);
        }
    }

    /// Notes that fitting help has begun, if it has.
    fn note_help(&mut self, index: u32) {
        let now = self.now;
        let is_helped = self.is_helped(index);
        let strand = &self.stores.strands[index];
        let (place, part) = self.part_of(strand.slot);
        let is_wanted = strand.need == self.ground.cases[part.case].need;
        let script = &mut self.scripts[place];
        if !is_wanted || script.is_over {
            return;
        }
        if let Some(occasion) = script.last_referral {
            // With a service that does not fit help is planned and no more.
            let step = if is_helped {
                Step::Helped
            } else {
                Step::Planned
            };
            let stands_with_service = strand.served_at.is_some();
            if is_helped || stands_with_service {
                script.steps[occasion] |= up_to(step);
            }
            if is_helped {
                script.helped.get_or_insert((now, occasion));
            }
        }
    }

    /// What came of the last referral is known: another one follows, or the script ends.
    fn settle_last_referral(&mut self, place: usize, slot: Slot) {
        let Some(occasion) = self.scripts[place].last_referral.take() else {
            return;
        };
        let (_, part) = self.part_of(slot);
        let need = self.ground.cases[part.case].need;
        let strand = self.stores.strand(&self.children[slot as usize], need);
        let standing = strand.map(|index| self.stores.strands[index].standing);
        let script = &mut self.scripts[place];
        let is_helped = script.steps[occasion] & 1 << Step::Helped.index() != 0;
        script.fates[occasion] = Some(match standing {
            _ if is_helped => Fate::Helped,
            Some(Standing::LostInHandoff | Standing::LostInMove) => Fate::Lost,
            Some(Standing::Rejected) => Fate::TurnedAway,
            Some(Standing::GaveUp) => Fate::GaveUp,
            // A strand that is gone was closed when its level had fallen to 0.
            None | Some(Standing::Closed | Standing::Unseen | Standing::Noted) => Fate::NotFound,
            Some(_) => Fate::Unfinished,
        });
    }

    /// The script of a child is over: it is counted.
    fn end_script(&mut self, place: usize) {
        if std::mem::replace(&mut self.scripts[place].is_over, true) {
            return;
        }
        let slot = self.first_scripted + place as Slot;
        self.settle_last_referral(place, slot);
        let (_, part) = self.part_of(slot);
        let begins = self.ground.cases[part.case].begins;
        if self.observed_from.is_none_or(|from| begins < from) {
            return;
        }
        let script = &self.scripts[place];
        let tally = &mut self.tally.cases[part.case];
        if let Some(alone) = part.alone {
            let OccasionTally {
                alone,
                reached_alone,
                ..
            } = &mut tally.occasions[alone as usize];
            *alone += 1;
            count_steps(
                reached_alone,
                script.steps.iter().fold(0, |all, it| all | it),
            );
            return;
        }
        tally.children += 1;
        count_steps(
            &mut tally.reached,
            script
                .steps
                .iter()
                .fold(up_to(Step::Needed), |all, it| all | it),
        );
        if let Some((at, occasion)) = script.helped {
            tally.seconds_to_help += u64::from(at.since(begins));
            tally.occasions[occasion].first_help += 1;
        }
        for (occasion, tally) in tally.occasions.iter_mut().enumerate() {
            let Some(fate) = script.fates[occasion] else {
                continue;
            };
            count_steps(&mut tally.reached, script.steps[occasion]);
            tally.fates[fate.index()] += 1;
            tally.helped_before += u64::from(script.helped_before[occasion]);
        }
    }

    /// The study ends: so do the scripts that end with it.
    pub(super) fn end_scripts(&mut self) {
        for place in 0..self.scripts.len() {
            self.end_script(place);
        }
    }
}

/// The bits of a step and all before it.
fn up_to(step: Step) -> u8 {
    (2u8 << step.index()) - 1
}

fn count_steps(reached: &mut [u64; Step::COUNT], steps: u8) {
    for (step, reached) in reached.iter_mut().enumerate() {
        *reached += u64::from(steps >> step & 1);
    }
}
