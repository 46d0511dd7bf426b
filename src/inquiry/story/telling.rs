//! From the notes of a diary to what a reader is told: entries in order, spans for charts, endings.

use std::collections::BTreeMap;

use super::picks::Life;
use super::{Came, Crossing, Ending, Entry, EntryKind, NeedTold, Span, State, Telling};
use crate::experiment::replay::{
    Decision, Diary, Held, Instant, Note, Played, Reason, Replay, Response, Review, WatchedChild,
    What,
};
use crate::inquiry::names::{Names, listed, members, whole};
use crate::measures::{Count, HandoffEnd, Stage};
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

/// What an entry is made of, but for day and organisation.
struct Words {
    who: String,
    place: Option<Place>,
    needs: u64,
    what: String,
    knew: Vec<String>,
    kind: EntryKind,
    handoff: Option<u32>,
    stage: Option<Stage>,
    is_minor: bool,
}

impl Words {
    fn of(kind: EntryKind, who: &str, what: impl Into<String>) -> Self {
        Self {
            who: who.to_owned(),
            place: None,
            needs: 0,
            what: what.into(),
            knew: Vec::new(),
            kind,
            handoff: None,
            stage: None,
            is_minor: false,
        }
    }

    fn minor(self, is_minor: bool) -> Self {
        Self { is_minor, ..self }
    }

    fn about(self, need: NeedId) -> Self {
        self.about_all(1 << need.index())
    }

    fn about_all(self, needs: u64) -> Self {
        Self { needs, ..self }
    }

    fn in_handoff(self, handoff: u32) -> Self {
        Self {
            handoff: Some(handoff),
            ..self
        }
    }

    fn at_stage(self, stage: Stage) -> Self {
        Self {
            stage: Some(stage),
            ..self
        }
    }

    fn knowing(mut self, sentence: impl Into<String>) -> Self {
        self.knew.push(sentence.into());
        self
    }
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

    fn ending(&mut self, note: &Note, need: NeedId, came: Came, words: String) {
        if note.at >= self.clock.decision_day {
            self.endings.push(Ending {
                need: self.names.need(need).to_owned(),
                day: self.clock.day(note.at),
                came,
                words,
            });
        }
    }

    fn clock_entry(&mut self, note: &Note, need: NeedId, what: &str, at: Instant, until: Instant) {
        let what = format!(
            "{what} ({}): help was due within {}",
            self.need(need),
            days(until.since(at))
        );
        self.push(note, Words::of(EntryKind::Clock, NEED, what).about(need));
    }

    fn level(&mut self, note: &Note, need: NeedId, from: u8, to: u8) {
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

    fn level_span(&mut self, need: NeedId, level: u8, time: (Instant, Instant)) {
        let state = match level {
            1 => State::Level1,
            2 => State::Level2,
            3 => State::Level3,
            _ => return,
        };
        let name = self.names.need(need).to_owned();
        self.span(name, state, None, time, None);
    }

    fn noted(&mut self, note: &Note, by: Place, need: NeedId, held: &Held, then: Response) {
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
    fn knowledge(&self, by: Place, held: &Held, needed: f64, then: Response) -> Vec<String> {
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

    fn begin(
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

    fn parted(
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

    fn enters(
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
    fn arrives(&mut self, handoff: u32, door: Place, at: Instant) {
        let day = self.clock.day(at);
        let name = self.name(door).to_owned();
        let last = self.crossings.iter_mut().rev();
        let mut own = last.filter(|it| it.handoff == handoff && it.received.is_none());
        if let Some(crossing) = own.next() {
            crossing.received = Some(day);
            crossing.to = name;
        }
    }

    fn stage_span(&mut self, handoff: u32, stage: Stage, since: Instant, at: Instant) {
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

    fn lost(&mut self, note: &Note, handoff: u32, silently: bool) {
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

    fn screened(
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

    fn planned(
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

    fn ended(&mut self, note: &Note, handoff: u32, end: HandoffEnd) {
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

    fn end_help(&mut self, need: NeedId, at: Instant) {
        if let Some((by, since, state)) = self.helped.remove(&need) {
            let name = self.names.need(need).to_owned();
            self.span(name, state, Some(by), (since, at), None);
        }
    }

    fn change_help(&mut self, need: NeedId, at: Instant, state: State) {
        if let Some((by, ..)) = self.helped.get(&need).copied() {
            self.end_help(need, at);
            self.helped.insert(need, (by, at, state));
        }
    }

    fn reviewed(
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

    fn met(&mut self, note: &Note, need: NeedId, until: Option<Instant>) {
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

/// What the stages of a handoff took; they add up to its delay.
fn breakdown(handoff: u32, going: &Going, at: Instant) -> String {
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

fn found(how: Count) -> &'static str {
    match how {
        Count::FoundByContact => "somebody met the child and referred it again",
        Count::FoundByHarm => "the child came to harm",
        Count::FoundByChasing => "the sender had asked what became of it",
        Count::FoundByLead => "the lead professional had looked for it",
        _ => "those who oversee the service had found it",
    }
}

fn priority(rank: u8) -> &'static str {
    match rank {
        0 => "first priority",
        1 => "second priority",
        2 => "third priority",
        _ => "last priority",
    }
}

/// A perceived level or a threshold, with a true minus sign.
fn shown(level: f64) -> String {
    let digits = format!("{:.1}", level.abs());
    if level < 0.0 && digits != "0.0" {
        format!("−{digits}")
    } else {
        digits
    }
}

/// A level of need in words.
fn level(level: u8) -> &'static str {
    match level {
        0 => "no need beyond any child's",
        1 => "additional need",
        2 => "in need",
        _ => "acute need or risk of significant harm",
    }
}

/// A length of time in words.
pub(super) fn days(seconds: u32) -> String {
    let days = f64::from(seconds) / DAY;
    match days.round() {
        _ if seconds == 0 => "no time".to_owned(),
        _ if days < 1.0 => "less than a day".to_owned(),
        one if one < 1.5 => "1 day".to_owned(),
        many => format!("{} days", whole(many)),
    }
}

/// A name in the middle of a sentence: its first letter small, unless the next is a capital as well.
pub(super) fn lower(name: &str) -> String {
    let mut letters = name.chars();
    match (letters.next(), letters.next()) {
        (Some(_), Some(second)) if second.is_uppercase() => name.to_owned(),
        (Some(first), _) => first.to_lowercase().chain(name.chars().skip(1)).collect(),
        (None, _) => String::new(),
    }
}

/// The beginning of a sentence.
fn upper(words: &str) -> String {
    let mut letters = words.chars();
    let first = letters.next().map(|first| first.to_uppercase());
    first.into_iter().flatten().chain(letters).collect()
}
