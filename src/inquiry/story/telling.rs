//! From the notes of a diary to what a reader is told: entries in order, spans for charts, endings.

mod handoffs;
mod needs;
mod words;

use std::collections::BTreeMap;

use words::{Words, found};
pub(super) use words::{days, lower};

use super::picks::Life;
use super::{Came, Crossing, Ending, Entry, EntryKind, NeedTold, Span, State, Telling};
use crate::experiment::replay::{Diary, Instant, Note, Played, Reason, Replay, WatchedChild, What};
use crate::inquiry::names::{Names, listed, whole};
use crate::measures::Stage;
use crate::model::{AreaId, NeedId, Place};
use crate::scenario::{Start, World};

/// Seconds of a day.
pub(super) const DAY: f64 = 86_400.0;
const YEAR: f64 = 31_557_600.0;

/// The days that matter to a story.
#[derive(Debug, Clone, Copy)]
pub(super) struct Clock {
    pub(super) decision_day: Instant,
    pub(super) end: Instant,
}

impl Clock {
    pub(super) fn of(replay: &Replay) -> Self {
        Self {
            decision_day: replay.decision_day(),
            end: replay.end(),
        }
    }

    /// Days from decision day.
    pub(super) fn day(self, at: Instant) -> f64 {
        (f64::from(at.seconds()) - f64::from(self.decision_day.seconds())) / DAY
    }

    /// Years from a birth to decision day.
    pub(super) fn years_since(self, born: i64) -> f64 {
        (f64::from(self.decision_day.seconds()) - born as f64) / YEAR
    }
}

/// A history told, and the notes that it tells of.
pub(super) struct Told {
    pub(super) telling: Telling,
    /// For each entry the last of the notes that it tells of.
    pub(super) notes: Vec<Note>,
    /// The area on decision day.
    pub(super) area: Option<AreaId>,
    /// The level of each need on decision day, and the highest.
    levels: BTreeMap<NeedId, (u8, u8)>,
}

/// The needs of a child that ever were above level 0.
pub(super) fn needs(names: Names, told: &Told) -> Vec<NeedTold> {
    told.levels
        .iter()
        .map(|(need, (on_decision_day, highest))| NeedTold {
            name: names.need(*need).to_owned(),
            on_decision_day: *on_decision_day,
            highest: *highest,
        })
        .collect()
}

/// Tells of a child under one structure.
pub(super) fn of(names: Names, played: &Played, child: WatchedChild, clock: Clock) -> Told {
    let own = |note: &&Note| note.who == child;
    let notes: Vec<&Note> = played.diary.notes().iter().filter(own).collect();
    let mut teller = Teller {
        names,
        structure: played.structure,
        diary: &played.diary,
        clock,
        entries: Vec::new(),
        notes: Vec::new(),
        spans: Vec::new(),
        crossings: Vec::new(),
        endings: Vec::new(),
        handoffs: BTreeMap::new(),
        helped: BTreeMap::new(),
        levels: BTreeMap::new(),
        grace: BTreeMap::new(),
        unmet: BTreeMap::new(),
        dipped: BTreeMap::new(),
        eased: BTreeMap::new(),
        came_to_light: None,
        is_repeat: false,
        area: None,
        on_decision_day: BTreeMap::new(),
    };
    for note in &notes {
        teller.tell(note);
    }
    teller.close();
    let bridges = names.world.spell_bridges.to_seconds();
    let life = Life::of(notes.iter().copied(), child, clock, bridges);
    let structure = &names.scenario.structures[played.structure];
    let vesting_day = match &*structure.world {
        World::Children(world)
            if played.structure > 0 && names.scenario.study.start == Start::DecisionDay =>
        {
            Some(world.mechanisms.change.lead_time.get())
        }
        _ => None,
    };
    let levels = (teller.on_decision_day.iter())
        .map(|(need, (level, highest))| (*need, (*level, *highest)))
        .collect();
    Told {
        telling: Telling {
            structure: structure.id.to_string(),
            structure_name: structure.name.clone(),
            vesting_day,
            shared: teller.entries.len(),
            entries: teller.entries,
            spans: teller.spans,
            crossings: teller.crossings,
            endings: teller.endings,
            handoffs: life.handoffs,
            handoff_days: life.handoff_seconds as f64 / DAY,
            unmet_days: life.unmet_seconds as f64 / DAY,
        },
        notes: teller.notes,
        area: teller.area,
        levels,
    }
}

/// A handoff under way.
#[derive(Debug, Clone)]
struct Going {
    from: Place,
    to: Place,
    needs: u64,
    decided: Instant,
    stage: Stage,
    since: Instant,
    spent: [u32; Stage::COUNT],
    bounced: bool,
    screened: Option<Instant>,
    reason: Reason,
}

impl Going {
    fn enter(&mut self, stage: Stage, at: Instant) {
        self.spent[self.stage.index()] += at.since(self.since);
        self.stage = stage;
        self.since = at;
    }
}

struct Teller<'t> {
    names: Names<'t>,
    structure: usize,
    diary: &'t Diary,
    clock: Clock,
    entries: Vec<Entry>,
    notes: Vec<Note>,
    spans: Vec<Span>,
    crossings: Vec<Crossing>,
    endings: Vec<Ending>,
    handoffs: BTreeMap<u32, Going>,
    /// Who helps with each need, since when, and in what state.
    helped: BTreeMap<NeedId, (Place, Instant, State)>,
    /// The true level of each need, and since when.
    levels: BTreeMap<NeedId, (u8, Instant)>,
    /// When grace ends on each need known to be unmet.
    grace: BTreeMap<NeedId, Instant>,
    /// Since when each need is unmet and known.
    unmet: BTreeMap<NeedId, Instant>,
    /// The same of needs that have eased for a while, and when they eased.
    dipped: BTreeMap<NeedId, Instant>,
    eased: BTreeMap<NeedId, Instant>,
    /// A need that became known just now: it is told with what made it known.
    came_to_light: Option<(Note, NeedId, Instant)>,
    is_repeat: bool,
    area: Option<AreaId>,
    /// Levels on decision day, and the highest.
    on_decision_day: BTreeMap<NeedId, (u8, u8)>,
}

const CHILD: &str = "The child";
const NEED: &str = "The need";
const FAMILY: &str = "The family";

impl Teller<'_> {
    fn by(&self, kind: EntryKind, place: Place, what: impl Into<String>) -> Words {
        Words {
            place: Some(place),
            ..Words::of(kind, self.name(place), what)
        }
    }

    fn name(&self, place: Place) -> &str {
        self.names.source(place.source).1
    }

    fn need(&self, need: NeedId) -> String {
        lower(self.names.need(need))
    }

    fn needs(&self, needs: u64) -> String {
        let names: Vec<String> = self.names.needs(needs).iter().map(|it| lower(it)).collect();
        listed(names.iter().map(String::as_str))
    }

    fn push(&mut self, note: &Note, words: Words) {
        let place = words.place;
        let organisation = place.and_then(|place| {
            let at = note.at;
            self.names
                .organisation(self.structure, self.diary, at, place)
        });
        self.entries.push(Entry {
            day: self.clock.day(note.at),
            organisation: organisation
                .filter(|name| *name != words.who)
                .map(str::to_owned),
            who: words.who,
            needs: self.names.needs(words.needs),
            what: words.what,
            knew: words.knew,
            kind: words.kind,
            handoff: words.handoff,
            stage: words.stage.map(|stage| stage.id().to_owned()),
            is_minor: words.is_minor,
        });
        self.notes.push(*note);
    }

    /// Adds to the last entry where it is of this moment and kind.
    fn add(&mut self, note: &Note, kind: EntryKind, sentence: String) -> bool {
        let day = self.clock.day(note.at);
        let fits = |entry: &&mut Entry| entry.kind == kind && entry.day.total_cmp(&day).is_eq();
        match self.entries.last_mut().filter(fits) {
            Some(entry) => {
                if !sentence.is_empty() {
                    entry.knew.push(sentence);
                }
                true
            }
            None => false,
        }
    }

    fn span(
        &mut self,
        need: String,
        state: State,
        place: Option<Place>,
        (from, to): (Instant, Instant),
        handoff: Option<u32>,
    ) {
        if from >= to {
            return;
        }
        let organisation = place.and_then(|place| {
            self.names
                .organisation(self.structure, self.diary, from, place)
        });
        self.spans.push(Span {
            need,
            state,
            service: place.map(|place| self.name(place).to_owned()),
            organisation: organisation.map(str::to_owned),
            from: self.clock.day(from),
            to: self.clock.day(to),
            handoff,
        });
    }

    fn tell(&mut self, note: &Note) {
        let at = note.at;
        let is_told_with = match note.what {
            What::Noted { need, .. } => Some(need),
            _ => None,
        };
        let light = self.came_to_light.take();
        let with_this =
            light.filter(|(known, need, _)| known.at == at && is_told_with == Some(*need));
        if let (Some((known, need, until)), None) = (&light, &with_this) {
            let what = "was known to somebody from this day";
            self.clock_entry(known, *need, what, known.at, *until);
        }
        if at <= self.clock.decision_day || self.area.is_none() {
            self.area = Some(note.area);
        }
        match note.what {
            What::Level { need, from, to } => self.level(note, need, from, to),
            What::Harm { need, helped } => {
                let what = format!(
                    "came to harm ({}){}",
                    self.need(need),
                    if helped {
                        ", although help was under way"
                    } else {
                        ""
                    }
                );
                self.push(note, Words::of(EntryKind::Harm, CHILD, what).about(need));
            }
            What::Noted {
                by,
                need,
                held,
                then,
                ..
            } => {
                self.noted(note, by, need, &held, then);
                if let (Some((.., until)), Some(entry)) = (with_this, self.entries.last_mut()) {
                    entry.knew.push(format!(
                        "From this day somebody knew of the need: help was due within {}, by day {}.",
                        days(until.since(at)),
                        whole(self.clock.day(until).floor())
                    ));
                }
            }
            What::SiblingConcern { by, need } => {
                let what = format!(
                    "referred a brother or sister, and noted a concern about this child as well ({})",
                    self.need(need)
                );
                let words = self.by(EntryKind::Contact, by, what).about(need);
                self.push(note, words);
            }
            What::Concluded { by, need } => {
                let what = format!("recorded that there was no need ({})", self.need(need));
                let words = self.by(EntryKind::Conclusion, by, what).about(need);
                self.push(note, words);
            }
            What::TookOver { by, need } => {
                let what = format!(
                    "took over, with others' replies, their conclusion that there was no need ({})",
                    self.need(need)
                );
                let words = self.by(EntryKind::Conclusion, by, what).about(need);
                self.push(note, words);
            }
            What::Referred { repeat, .. } => self.is_repeat = repeat,
            What::Passed {
                handoff,
                reason,
                from,
                to,
                needs,
                to_be_assessed,
                kind,
            } => {
                self.begin(handoff, reason, (from, to), needs, at);
                let what = match reason {
                    Reason::Referral => format!(
                        "decided to refer the child to {} ({}){}",
                        self.name(to),
                        self.needs(needs),
                        if self.is_repeat {
                            ", not for the first time within a year"
                        } else {
                            ""
                        }
                    ),
                    Reason::Plan => format!(
                        "decided to pass the child on to {} ({})",
                        self.name(to),
                        self.needs(needs)
                    ),
                    Reason::Move => format!(
                        "had to hand the case over to {} in {} ({})",
                        self.name(to),
                        self.names.area(to.area),
                        self.needs(needs)
                    ),
                };
                let mut words = self.by(EntryKind::Handoff, from, what).about_all(needs);
                words = words.in_handoff(handoff);
                words = words.knowing(format!("Handoff {handoff}, {}.", kind.label()));
                if !to_be_assessed {
                    words = words.knowing("The assessment made already counts with the receiver.");
                }
                self.push(note, words);
            }
            What::Parted {
                handoff,
                of,
                to,
                needs,
                kind,
            } => self.parted(note, (handoff, of), to, needs, kind.label()),
            What::Enters {
                handoff,
                stage,
                door,
                queue,
            } => self.enters(note, handoff, stage, door, queue),
            What::Lost { handoff, silently } => self.lost(note, handoff, silently),
            What::Found { needs, how } => {
                let what = format!("came to light again: {}", found(how));
                let words = Words::of(EntryKind::Found, "The lost case", what);
                self.push(note, words.about_all(needs));
            }
            What::WrongDoor { handoff, door } => {
                let what = "received it by mistake: the wrong door";
                let words = self.by(EntryKind::Stage, door, what).in_handoff(handoff);
                self.push(note, words);
            }
            What::PassedOn { handoff, door } => {
                let what = "passed it on towards the right door";
                let words = self
                    .by(EntryKind::Screening, door, what)
                    .in_handoff(handoff);
                self.push(note, words);
            }
            What::Screened {
                handoff,
                by,
                need,
                perceived,
                threshold,
                decision,
            } => self.screened(note, handoff, by, need, (perceived, threshold), decision),
            What::Asked {
                handoff,
                by,
                holders,
                replied,
            } => {
                let silent = holders & !replied;
                let mut what = format!(
                    "asked {} what they hold about the child",
                    self.names.sources(holders)
                );
                if silent != 0 {
                    what.push_str(&format!(
                        "; {} did not reply in time",
                        self.names.sources(silent)
                    ));
                }
                let words = self.by(EntryKind::Assessment, by, what).in_handoff(handoff);
                self.push(note, words);
            }
            What::Assessed {
                handoff,
                by,
                deeper,
            } => {
                let what = if deeper {
                    "completed the deeper assessment"
                } else {
                    "completed the assessment"
                };
                let words = self.by(EntryKind::Assessment, by, what).in_handoff(handoff);
                self.push(note, words);
            }
            What::Deeper { handoff, by } => {
                let what = "judged the need high and went on to a deeper assessment";
                let words = self.by(EntryKind::Assessment, by, what).in_handoff(handoff);
                self.push(note, words);
            }
            What::JointStep {
                handoff,
                by,
                step,
                with,
                cut_short,
            } => {
                let steps = &self.names.world.mechanisms.joint_steps;
                let name = steps
                    .get(usize::from(step))
                    .map_or_else(String::new, |step| lower(&step.name));
                let mut what = format!(
                    "held a joint step ({name}) with {}",
                    self.names.sources(with)
                );
                if cut_short {
                    what.push_str("; the time allowed ran out before every part had come");
                }
                let words = self.by(EntryKind::Assessment, by, what).in_handoff(handoff);
                self.push(note, words);
            }
            What::Planned {
                handoff,
                by,
                need,
                perceived,
                service,
            } => self.planned(
                note,
                handoff,
                by,
                need,
                perceived,
                service.map(|it| self.names.service(it).to_owned()),
            ),
            What::Hastened { handoff } => {
                let words = Words::of(
                    EntryKind::Found,
                    "Oversight",
                    "found the case stalled and put it before all others",
                );
                self.push(note, words.in_handoff(handoff));
            }
            What::Ended { handoff, end } => self.ended(note, handoff, end),
            What::HelpBegins { need, at: by, fits } => {
                let state = if fits {
                    State::Helped
                } else {
                    State::HelpedElsewhere
                };
                self.helped.insert(need, (by, at, state));
                let what = match (at == Instant::START, fits) {
                    (true, _) => format!(
                        "was helping already when the story begins ({})",
                        self.need(need)
                    ),
                    (_, true) => format!("began to help ({})", self.need(need)),
                    (_, false) => format!(
                        "took the child on ({}), though it is not meant for so high a need",
                        self.need(need)
                    ),
                };
                // A place that came free at once was no wait.
                let joined = self.entries.last().is_some_and(|last| {
                    last.stage.as_deref() == Some(Stage::Place.id())
                        && last.day.total_cmp(&self.clock.day(at)).is_eq()
                });
                if joined {
                    self.entries.pop();
                    self.notes.pop();
                }
                let words = self.by(EntryKind::Help, by, what).about(need);
                self.push(note, words);
            }
            What::HelpEnds { need, .. } => self.end_help(need, at),
            What::Reviewed {
                need,
                at: by,
                perceived,
                result,
            } => self.reviewed(note, by, need, perceived, result),
            What::WorkerLeft { need, at: by } => {
                self.change_help(need, at, State::BetweenWorkers);
                let what = format!(
                    "lost the child's worker; help stopped for a while ({})",
                    self.need(need)
                );
                let words = self.by(EntryKind::Worker, by, what).about(need);
                self.push(note, words);
            }
            What::WorkerCame { need, at: by } => {
                self.change_help(need, at, State::Helped);
                let what = format!(
                    "put a new worker in place; help went on ({})",
                    self.need(need)
                );
                let words = self.by(EntryKind::Worker, by, what).about(need);
                self.push(note, words);
            }
            What::Moved { from, to } => {
                let what = format!(
                    "moved house, from {} to {}",
                    self.names.area(from),
                    self.names.area(to)
                );
                self.push(note, Words::of(EntryKind::Move, FAMILY, what));
            }
            What::Known { need, until } => {
                if let Some(until) = until {
                    self.grace.insert(need, until);
                    self.unmet.insert(need, at);
                    self.came_to_light = Some((*note, need, until));
                }
            }
            What::Unmet { need, known, until } => {
                let is_low = self.levels.get(&need).is_some_and(|(level, _)| *level < 2);
                if known && is_low {
                    // Help ended while the need had eased: it counts again if it comes back soon.
                    self.dipped.insert(need, at);
                } else if known {
                    self.grace.insert(need, until);
                    self.unmet.insert(need, at);
                    let rose = self.notes.last().is_some_and(|last| {
                        last.at == at
                            && matches!(last.what, What::Level { need: of, .. } if of == need)
                    });
                    let what = if rose {
                        "was known from this day, since somebody had the case already"
                    } else {
                        "was without fitting help again"
                    };
                    self.clock_entry(note, need, what, at, until);
                }
            }
            What::Met { need, until } => self.met(note, need, until),
            What::Missed {
                need,
                stood,
                carried_over,
            } => {
                self.grace.insert(need, at);
                let what = format!(
                    "was missed: help with {} was due by this day and had not come. It stood: {}",
                    self.need(need),
                    stood.label()
                );
                self.push(note, Words::of(EntryKind::Missed, NEED, what).about(need));
                let came = if carried_over {
                    Came::MissedCarriedOver
                } else {
                    Came::Missed
                };
                let apart = if carried_over {
                    " (open on decision day already)"
                } else {
                    ""
                };
                let words = format!("missed; it stood: {}{apart}", stood.label());
                self.ending(note, need, came, words);
            }
            What::MissedUnseen { need } => {
                let what = format!(
                    "was missed unseen: help with {} was due by this day had anybody known, and nobody \
                     had noted anything",
                    self.need(need)
                );
                self.push(note, Words::of(EntryKind::Missed, NEED, what).about(need));
                let words = "missed, never noted by anybody".to_owned();
                self.ending(note, need, Came::MissedUnseen, words);
            }
            What::Left { handed_over } => {
                let mut what = "reached the upper age and left".to_owned();
                if handed_over != 0 {
                    what.push_str(&format!(
                        ", to be handed over to services for adults ({})",
                        self.needs(handed_over)
                    ));
                }
                self.push(
                    note,
                    Words::of(EntryKind::Left, CHILD, what).about_all(handed_over),
                );
                self.close_at(at);
            }
        }
    }

    fn close(&mut self) {
        if let Some((known, need, until)) = self.came_to_light.take() {
            let what = "was known to somebody from this day";
            self.clock_entry(&known, need, what, known.at, until);
        }
        self.close_at(self.clock.end);
        self.spans.sort_by(|one, other| {
            one.from
                .total_cmp(&other.from)
                .then(one.to.total_cmp(&other.to))
        });
    }

    /// Everything that goes on at a moment ends for the charts.
    fn close_at(&mut self, at: Instant) {
        for (need, since) in std::mem::take(&mut self.unmet) {
            self.endings.push(Ending {
                need: self.names.need(need).to_owned(),
                day: self.clock.day(at),
                came: Came::NeverHelped,
                words: format!(
                    "known for {} by then, and still without fitting help",
                    days(at.since(since))
                ),
            });
        }
        for need in self.helped.keys().copied().collect::<Vec<_>>() {
            self.end_help(need, at);
        }
        for (handoff, going) in self.handoffs.clone() {
            self.stage_span(handoff, going.stage, going.since, at);
        }
        self.handoffs.clear();
        for (need, (level, since)) in std::mem::take(&mut self.levels) {
            self.level_span(need, level, (since, at));
        }
    }
}
