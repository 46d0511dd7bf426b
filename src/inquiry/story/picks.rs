//! Which child is told of: by stated rules, the same for everybody, never by how well it reads.

use std::collections::BTreeMap;
use std::sync::atomic::AtomicBool;

use super::telling::{Clock, DAY};
use crate::experiment::replay::{Diary, Instant, Note, Replay, Watch, WatchedChild, What};
use crate::inquiry::names::{Names, whole};
use crate::model::NeedId;
use crate::scenario::Scenario;

/// A rule that picks a child.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Pick {
    /// A referred child nearest the middle of all of them.
    Typical,
    /// The child with most unmet need that somebody knew of.
    Worst,
    /// Missed under the baseline, helped in time under the structure at this place.
    CaughtBy(usize),
    /// Helped in time under the baseline, missed under the structure at this place.
    LostBy(usize),
}

impl Pick {
    /// The structure that it holds against the baseline.
    pub fn contrast(self) -> Option<usize> {
        match self {
            Self::Typical | Self::Worst => None,
            Self::CaughtBy(structure) | Self::LostBy(structure) => Some(structure),
        }
    }

    /// As it is typed.
    pub fn typed(self, scenario: &Scenario) -> String {
        let id = |structure: usize| &scenario.structures[structure].id;
        match self {
            Self::Typical => "typical".to_owned(),
            Self::Worst => "worst".to_owned(),
            Self::CaughtBy(structure) => format!("caught-by:{}", id(structure)),
            Self::LostBy(structure) => format!("lost-by:{}", id(structure)),
        }
    }

    /// Whom it asks for, in words.
    pub fn asks_for(self) -> &'static str {
        match self {
            Self::Typical => "a referred child with a need that somebody knew of",
            Self::Worst => "a child with a need that somebody knew of and nobody met",
            Self::CaughtBy(_) => {
                "a need missed under the baseline and met within its grace under the structure"
            }
            Self::LostBy(_) => {
                "a need met within its grace under the baseline and missed under the structure"
            }
        }
    }
}

/// What is compared of a child's life after decision day under one structure.
#[derive(Debug, Clone, Default, PartialEq)]
pub(super) struct Life {
    pub(super) handoffs: u32,
    pub(super) handoff_seconds: u64,
    pub(super) unmet_seconds: u64,
    /// When a need was first missed, those open on decision day left aside.
    pub(super) missed: BTreeMap<NeedId, Instant>,
    /// When a need was first met within its grace.
    pub(super) met: BTreeMap<NeedId, Instant>,
    /// Was a need known to somebody at level 2 or above?
    has_known_need: bool,
    /// Did the child live through all the observed time?
    is_there_throughout: bool,
    under_way: BTreeMap<u32, Instant>,
    unmet: BTreeMap<NeedId, Unmet>,
    /// The level of each need, and since when.
    levels: BTreeMap<NeedId, (u8, Instant)>,
    /// Did the notes tell of it before decision day, or was it born by then?
    left: bool,
}

/// A need spell without fitting help.
#[derive(Debug, Clone, Copy, PartialEq)]
struct Unmet {
    known_since: Option<Instant>,
    /// When the level fell below 2, and whether it was known then.
    dipped: Option<(Instant, bool)>,
}

impl Life {
    /// Takes in what was noted next.
    fn follow(&mut self, note: &Note, clock: Clock, bridges: u32) {
        let at = note.at;
        if let What::Level { need, to, .. } = note.what {
            self.levels.insert(need, (to, at));
        }
        match note.what {
            What::Passed { handoff, .. } if at >= clock.decision_day => {
                self.handoffs += 1;
                self.under_way.insert(handoff, at);
            }
            What::Parted { handoff, of, .. } => {
                if let Some(since) = self.under_way.get(&of).copied() {
                    self.handoffs += 1;
                    self.under_way.insert(handoff, since);
                }
            }
            What::Ended { handoff, .. } => {
                if let Some(since) = self.under_way.remove(&handoff) {
                    self.handoff_seconds += u64::from(at.since(since));
                }
            }
            What::Unmet { need, known, .. } => {
                // Help can end while the need has eased: it counts again if it comes back soon.
                let low = self.levels.get(&need).filter(|(level, _)| *level < 2);
                let unmet = Unmet {
                    known_since: (known && low.is_none()).then_some(at),
                    dipped: low.map(|(_, since)| (*since, known)),
                };
                self.has_known_need |= unmet.known_since.is_some() && at >= clock.decision_day;
                self.unmet.insert(need, unmet);
            }
            What::Known { need, .. } => {
                self.has_known_need |= at >= clock.decision_day;
                if let Some(unmet) = self.unmet.get_mut(&need) {
                    match &mut unmet.dipped {
                        // What has eased is not unmet: it is known should it come back soon.
                        Some((_, known)) => *known = true,
                        None => unmet.known_since = unmet.known_since.or(Some(at)),
                    }
                }
            }
            What::Met { need, until } => {
                self.end_unmet(need, at, clock);
                let in_time = until.is_some_and(|until| at <= until);
                if in_time && at >= clock.decision_day {
                    self.met.entry(need).or_insert(at);
                }
            }
            What::Level { need, from, to } if from >= 2 && to < 2 => {
                if let Some(unmet) = self.unmet.get(&need).copied() {
                    let known = unmet.known_since.is_some();
                    self.end_unmet(need, at, clock);
                    let dipped = Some((at, known));
                    let known_since = None;
                    self.unmet.insert(
                        need,
                        Unmet {
                            known_since,
                            dipped,
                        },
                    );
                }
            }
            What::Level { need, from, to } if from < 2 && to >= 2 => {
                if let Some(unmet) = self.unmet.get_mut(&need)
                    && let Some((since, known)) = unmet.dipped.take()
                    && at.since(since) < bridges
                {
                    unmet.known_since = known.then_some(at);
                }
            }
            What::Missed {
                need, carried_over, ..
            } if !carried_over && at >= clock.decision_day => {
                self.missed.entry(need).or_insert(at);
            }
            What::Left { .. } => {
                self.left = true;
                self.close(at, clock);
            }
            _ => {}
        }
    }

    fn end_unmet(&mut self, need: NeedId, at: Instant, clock: Clock) {
        let since = self.unmet.remove(&need).and_then(|it| it.known_since);
        if let Some(since) = since {
            let since = since.max(clock.decision_day);
            if at > since {
                self.unmet_seconds += u64::from(at.since(since));
            }
        }
    }

    fn close(&mut self, at: Instant, clock: Clock) {
        for need in self.unmet.keys().copied().collect::<Vec<_>>() {
            self.end_unmet(need, at, clock);
        }
        for since in std::mem::take(&mut self.under_way).into_values() {
            self.handoff_seconds += u64::from(at.since(since));
        }
    }

    /// The life of one child, from its notes in order.
    pub(super) fn of<'n>(
        notes: impl Iterator<Item = &'n Note>,
        child: WatchedChild,
        clock: Clock,
        bridges: u32,
    ) -> Self {
        let mut life = Self::default();
        for note in notes {
            life.follow(note, clock, bridges);
        }
        life.settle(child, clock);
        life
    }

    fn settle(&mut self, child: WatchedChild, clock: Clock) {
        if !self.left {
            self.close(clock.end, clock);
        }
        let born_before = child.born <= i64::from(clock.decision_day.seconds());
        self.is_there_throughout = born_before && !self.left;
    }
}

/// A child that a rule picked.
pub(super) struct Chosen {
    pub(super) child: WatchedChild,
    /// The rule in words.
    pub(super) rule: String,
    /// The need on account of which it was picked, if it was one.
    pub(super) about: Option<NeedId>,
}

/// The lives of all children of a trial, under the baseline and one other structure.
pub(super) struct Lives<'s> {
    names: Names<'s>,
    clock: Clock,
    /// By structure: the baseline's, and the other's where there is one.
    lives: Vec<BTreeMap<WatchedChild, Life>>,
}

/// Goes through a trial with everybody watched. Returns `None` if `stop` was set.
pub(super) fn survey<'s>(
    names: Names<'s>,
    replay: &Replay,
    contrast: Option<usize>,
    stop: &AtomicBool,
) -> Option<Lives<'s>> {
    let clock = Clock::of(replay);
    let bridges = names.world.spell_bridges.to_seconds();
    let others: Vec<usize> = contrast.into_iter().collect();
    let mut lives = Vec::new();
    replay.play(&others, &Watch::Everyone, None, stop, |played| {
        lives.push(all_lives(&played.diary, clock, bridges));
    })?;
    Some(Lives {
        names,
        clock,
        lives,
    })
}

fn all_lives(diary: &Diary, clock: Clock, bridges: u32) -> BTreeMap<WatchedChild, Life> {
    let mut lives: BTreeMap<WatchedChild, Life> = BTreeMap::new();
    for note in diary.notes() {
        let life = lives.entry(note.who).or_default();
        life.follow(note, clock, bridges);
    }
    for (child, life) in &mut lives {
        life.settle(*child, clock);
    }
    lives
}

impl Lives<'_> {
    /// The child that a rule picks, and the rule in words; `None` if no child fits.
    pub(super) fn pick(&self, pick: Pick) -> Option<Chosen> {
        match pick {
            Pick::Typical => self.typical(),
            Pick::Worst => self.worst(),
            Pick::CaughtBy(structure) => {
                let words = format!(
                    "missed under the baseline and helped within the grace under {}",
                    self.names.scenario.structures[structure].name
                );
                self.discordant(self.lives.first()?, self.lives.get(1)?, &words)
            }
            Pick::LostBy(structure) => {
                let words = format!(
                    "helped within the grace under the baseline and missed under {}",
                    self.names.scenario.structures[structure].name
                );
                self.discordant(self.lives.get(1)?, self.lives.first()?, &words)
            }
        }
    }

    fn typical(&self) -> Option<Chosen> {
        let referred: Vec<(WatchedChild, f64, f64)> = self
            .lives
            .first()?
            .iter()
            .filter(|(_, life)| {
                life.handoffs > 0 && life.has_known_need && life.is_there_throughout
            })
            .map(|(child, life)| {
                let days = life.handoff_seconds as f64 / DAY;
                (*child, days, f64::from(life.handoffs))
            })
            .collect();
        let middle = |of: fn(&(WatchedChild, f64, f64)) -> f64| {
            let mut all: Vec<f64> = referred.iter().map(of).collect();
            all.sort_by(f64::total_cmp);
            all.get(all.len() / 2).copied()
        };
        let (days, handoffs) = (middle(|it| it.1)?, middle(|it| it.2)?);
        let far = |it: &(WatchedChild, f64, f64)| {
            (it.1 - days).abs() / days.max(1.0) + (it.2 - handoffs).abs() / handoffs.max(1.0)
        };
        let nearest = referred
            .iter()
            .min_by(|one, other| far(one).total_cmp(&far(other)).then(one.0.cmp(&other.0)))?;
        let rule = format!(
            "of the {} children of the trial who were there throughout, were referred after decision \
             day and had a need that somebody knew of, the one nearest the medians under the baseline: \
             {days:.0} days in handoffs, {handoffs:.0} handoff{}",
            whole(referred.len() as f64),
            if handoffs > 1.5 { "s" } else { "" },
        );
        Some(Chosen {
            child: nearest.0,
            rule,
            about: None,
        })
    }

    fn worst(&self) -> Option<Chosen> {
        let lives = self.lives.first()?;
        let unmet = |it: &(&WatchedChild, &Life)| it.1.unmet_seconds;
        let most = lives
            .iter()
            .filter(|(_, life)| life.unmet_seconds > 0)
            .max_by(|one, other| unmet(one).cmp(&unmet(other)).then(other.0.cmp(one.0)))?;
        let rule = format!(
            "of all children of the trial, the one with most days of unmet need that somebody knew of \
             under the baseline: {}, its needs added up",
            whole(most.1.unmet_seconds as f64 / DAY)
        );
        Some(Chosen {
            child: *most.0,
            rule,
            about: None,
        })
    }

    /// Those missed in one set of lives and helped in time in the other; of them the one missed on the
    /// middle day.
    fn discordant(
        &self,
        missed: &BTreeMap<WatchedChild, Life>,
        helped: &BTreeMap<WatchedChild, Life>,
        words: &str,
    ) -> Option<Chosen> {
        let mut found: Vec<(Instant, WatchedChild, NeedId)> = Vec::new();
        for (child, life) in missed {
            let Some(other) = helped.get(child) else {
                continue;
            };
            for (need, at) in &life.missed {
                if other.met.contains_key(need) && !other.missed.contains_key(need) {
                    found.push((*at, *child, *need));
                }
            }
        }
        found.sort_unstable();
        let (at, child, need) = *found.get(found.len().checked_sub(1)? / 2)?;
        let rule = format!(
            "of the {} needs of the trial that were {words}, the one missed on the middle day: {}, \
             missed on day {}",
            whole(found.len() as f64),
            lower(self.names.need(need)),
            whole(self.clock.day(at).floor())
        );
        Some(Chosen {
            child,
            rule,
            about: Some(need),
        })
    }
}

/// A name in the middle of a sentence: its first letter small, unless it is all capitals.
fn lower(name: &str) -> String {
    super::telling::lower(name)
}
