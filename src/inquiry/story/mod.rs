//! The story of one child: a trial gone through again, told as a case review would, the same child under
//! two or more structures.
//!
//! A story is plain words and numbers: it can be kept with the results of a run and shown again
//! without simulating. One child proves nothing, so each story carries the counts of its whole trial,
//! and beside them those of the baseline's twin, which differs in one referral held back by a week.

mod parting;
mod picks;
mod telling;

use std::sync::atomic::AtomicBool;

use serde::{Deserialize, Serialize};

use super::names::Names;
use crate::experiment::Prepared;
use crate::experiment::replay::{Home, Played, Replay, Table, Watch, WatchedChild};
use crate::measures::Outcome;

use picks::Chosen;
pub use picks::Pick;

/// What must stand beside every story.
pub const WARNING: &str = "The child is simulated, nobody real: no name, day or event stands for a \
                           person. One story shows how a structure can matter to a child, not how \
                           often it does.";

/// Trials searched for a child that a pick asks for.
const TRIALS_SEARCHED: u32 = 8;

/// One child under the baseline and other structures.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Story {
    /// What must stand beside it.
    pub warning: String,
    /// Id of the study.
    pub study: String,
    /// Its name.
    pub study_name: String,
    /// Its seed.
    pub seed: u64,
    /// Number of the trial, from 1, as in the tables.
    pub trial: u32,
    /// Id of the child within the trial.
    pub child: String,
    /// The pick that chose the child, as it is typed: `typical`, `caught-by:STRUCTURE`; `child` where
    /// it was asked for by its id.
    pub pick: String,
    /// The rule by which it was chosen, in words.
    pub rule: String,
    /// The need on account of which it was chosen, where it was one.
    pub about: Option<String>,
    /// The area in which it lived on decision day, or was born.
    pub area: String,
    /// Its age on decision day in years; below 0 where it was born later.
    pub age: f64,
    /// Its needs that ever were at level 1 or above, with the level on decision day and the highest.
    pub needs: Vec<NeedTold>,
    /// Days from decision day to the end of the study.
    pub days_observed: f64,
    /// The history under each structure, the baseline's first.
    pub tellings: Vec<Telling>,
    /// Where the baseline's history and another one first part; nothing where they never do, or where
    /// only one structure is told.
    pub partings: Vec<Parting>,
    /// How many children of the trial fared how: in proportion to the story.
    pub proportion: Vec<Proportion>,
}

/// A need of the child.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct NeedTold {
    /// Its name.
    pub name: String,
    /// Its true level on decision day, 0 to 3.
    pub on_decision_day: u8,
    /// The highest true level under the baseline.
    pub highest: u8,
}

/// The history of a child under one structure.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Telling {
    /// Id of the structure.
    pub structure: String,
    /// Its name.
    pub structure_name: String,
    /// Days from decision day to its vesting day; nothing where nothing changes.
    pub vesting_day: Option<f64>,
    /// What happened, in order of time.
    pub entries: Vec<Entry>,
    /// How many of these it shares with the baseline, from the first: all in the baseline itself.
    pub shared: usize,
    /// Where the child stood, for charts.
    pub spans: Vec<Span>,
    /// The ways from one service to another, for charts.
    pub crossings: Vec<Crossing>,
    /// What became of its needs after decision day.
    pub endings: Vec<Ending>,
    /// Handoffs decided after decision day.
    pub handoffs: u32,
    /// Days that these took up to their end, or the end of the study.
    pub handoff_days: f64,
    /// Days after decision day in which a need that somebody knew of was unmet.
    pub unmet_days: f64,
}

/// One thing that happened.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Entry {
    /// Days from decision day, negative before it.
    pub day: f64,
    /// Who met the child or acted: the name of a service or source, or `The child` and the like.
    pub who: String,
    /// Their organisation under the structure then in force, where they have one.
    pub organisation: Option<String>,
    /// The needs concerned.
    pub needs: Vec<String>,
    /// What happened: words that follow `who` and a colon.
    pub what: String,
    /// What was known that day and what was not, where it matters: whole sentences.
    pub knew: Vec<String>,
    /// Of what kind it is.
    pub kind: EntryKind,
    /// The child's own number of the handoff that it belongs to.
    pub handoff: Option<u32>,
    /// Id of the stage that the handoff goes on to, where it is one.
    pub stage: Option<String>,
    /// Does it tell so little that it may be left out where room is scarce?
    pub is_minor: bool,
}

/// The kind of an entry.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum EntryKind {
    /// Somebody met the child and noted something.
    Contact,
    /// Somebody concluded that there is no need.
    Conclusion,
    /// It was decided to pass the child on.
    Handoff,
    /// A handoff went on to another stage.
    Stage,
    /// A door decided.
    Screening,
    /// An assessment, or a part of one.
    Assessment,
    /// A plan of help.
    Plan,
    /// A handoff was lost.
    Loss,
    /// What was lost or stalled came to light.
    Found,
    /// Help began.
    Help,
    /// A review, or the end of help.
    Review,
    /// A worker came or went.
    Worker,
    /// A handoff ended otherwise than with help.
    End,
    /// The family moved.
    Move,
    /// A need changed.
    Need,
    /// The child came to harm.
    Harm,
    /// A need was known from now, or unmet again.
    Clock,
    /// A need was missed.
    Missed,
    /// The child reached the upper age.
    Left,
}

impl EntryKind {
    /// Its id: the word in JSON.
    pub fn id(self) -> &'static str {
        match self {
            Self::Contact => "contact",
            Self::Conclusion => "conclusion",
            Self::Handoff => "handoff",
            Self::Stage => "stage",
            Self::Screening => "screening",
            Self::Assessment => "assessment",
            Self::Plan => "plan",
            Self::Loss => "loss",
            Self::Found => "found",
            Self::Help => "help",
            Self::Review => "review",
            Self::Worker => "worker",
            Self::End => "end",
            Self::Move => "move",
            Self::Need => "need",
            Self::Harm => "harm",
            Self::Clock => "clock",
            Self::Missed => "missed",
            Self::Left => "left",
        }
    }
}

/// A stretch of time in which a need stood somewhere.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Span {
    /// The need: its name; several where they travelled together.
    pub need: String,
    /// What it stood in.
    pub state: State,
    /// The service that had it; nothing for a level of need, or while it was lost.
    pub service: Option<String>,
    /// Its organisation.
    pub organisation: Option<String>,
    /// Days from decision day.
    pub from: f64,
    /// ... to.
    pub to: f64,
    /// The child's own number of the handoff that carried it.
    pub handoff: Option<u32>,
}

/// What a need can stand in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum State {
    /// True level 1.
    Level1,
    /// True level 2.
    Level2,
    /// True level 3.
    Level3,
    /// A referral being prepared.
    Preparing,
    /// Lost on the way.
    Lost,
    /// At a front door.
    AtDoor,
    /// Waiting for an assessor.
    WaitingAssessment,
    /// Being assessed, with what others are waited for.
    Assessment,
    /// Waiting for funding.
    Funding,
    /// Waiting for a place.
    WaitingPlace,
    /// Helped by a service that fits.
    Helped,
    /// With a service that is not meant for so high a need.
    HelpedElsewhere,
    /// Help interrupted by a change of worker.
    BetweenWorkers,
}

/// A way from one service to another.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Crossing {
    /// The child's own number of the handoff.
    pub handoff: u32,
    /// Who sent.
    pub from: String,
    /// To whom.
    pub to: String,
    /// Sent, in days from decision day.
    pub sent: f64,
    /// Received; nothing where it was lost on the way.
    pub received: Option<f64>,
}

/// What became of a need.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Ending {
    /// The need.
    pub need: String,
    /// Days from decision day.
    pub day: f64,
    /// What.
    pub came: Came,
    /// The same in words.
    pub words: String,
}

/// How a need fared.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Came {
    /// Help came within grace.
    Helped,
    /// Help came after grace had run out, or where no clock ran.
    HelpedLate,
    /// Grace ran out.
    Missed,
    /// The same on a need that was open on decision day, which is counted apart.
    MissedCarriedOver,
    /// Grace ran out and nobody had ever noted anything.
    MissedUnseen,
    /// Somebody knew, and no help had come when the story ends.
    NeverHelped,
}

impl Came {
    /// Did grace run out?
    pub fn is_missed(self) -> bool {
        matches!(
            self,
            Self::Missed | Self::MissedCarriedOver | Self::MissedUnseen
        )
    }
}

/// Where two histories first part.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Parting {
    /// Id of the structure that is held against the baseline.
    pub structure: String,
    /// Days from decision day.
    pub day: f64,
    /// What happened under the baseline, in words; nothing where nothing more did.
    pub baseline: Option<String>,
    /// What happened under the other structure.
    pub other: Option<String>,
    /// Which seams between those concerned only one of the two structures has, as far as it can be told.
    pub seams: String,
}

/// Children and domains of need of the whole trial, by outcome under the baseline and a structure.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Proportion {
    /// Id of the structure; the baseline's twin, in which one referral is held back by a week, has none.
    pub structure: Option<String>,
    /// Its name.
    pub name: String,
    /// Missed under the baseline only.
    pub only_baseline: u64,
    /// Missed here only.
    pub only_here: u64,
    /// Missed under both.
    pub both: u64,
}

impl Proportion {
    fn of(table: &Table, structure: Option<String>, name: &str) -> Self {
        let missed = Outcome::Missed.index();
        let here: u64 = table.iter().map(|row| row[missed]).sum();
        let before: u64 = table[missed].iter().sum();
        let both = table[missed][missed];
        Self {
            structure,
            name: name.to_owned(),
            only_baseline: before - both,
            only_here: here - both,
            both,
        }
    }
}

/// Why there is no story.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum NoStory {
    /// The study has no children.
    #[error("the study is a network of cases; only studies of children have stories to tell")]
    Network,
    /// A trial that the study does not have.
    #[error("there is no trial {trial}; the study has {trials}, numbered from 1")]
    NoSuchTrial {
        /// The trial asked for.
        trial: u32,
        /// Trials of the study.
        trials: u32,
    },
    /// It cannot be the id of a child of this study.
    #[error(
        "\"{id}\" is no child of this study; children are called AREA/SLOT or AREA/SLOT-OCCUPANT, as in {like}"
    )]
    NotAChild {
        /// What was asked for.
        id: String,
        /// An id that there is.
        like: String,
    },
    /// The child never lives in the time of the study.
    #[error(
        "there is nothing to tell of {id} in trial {trial}: no such child lives in it, or it never had a \
         need and nobody noted anything"
    )]
    NotInTrial {
        /// What was asked for.
        id: String,
        /// The trial.
        trial: u32,
    },
    /// No child of the trials searched fits the pick.
    #[error("no child of {searched} was {pick}: {rule}")]
    NoneFound {
        /// The pick as it is typed.
        pick: String,
        /// The trials searched, in words.
        searched: String,
        /// Its rule.
        rule: String,
    },
    /// The work was stopped.
    #[error("interrupted")]
    Stopped,
}

/// The story of the child of this id in a trial of a study, under the baseline and these other
/// structures.
///
/// # Errors
/// Where there is no such story, or `stop` was set.
pub fn of_child(
    prepared: &Prepared,
    trial: u32,
    id: &str,
    structures: &[usize],
    stop: &AtomicBool,
) -> Result<Story, NoStory> {
    let (names, replay) = made_ready(prepared, trial)?;
    let not_a_child = || NoStory::NotAChild {
        id: id.to_owned(),
        like: format!("{}/0", names.scenario.areas[0].id),
    };
    let home = names.home(id).ok_or_else(not_a_child)?;
    let slot = replay.slot_of(home).ok_or_else(not_a_child)?;
    let played = played(&replay, &[slot], structures, stop)?;
    let is_meant = |child: &WatchedChild| match (home, replay.home(*child)) {
        (Home::Area { occupant, .. }, Home::Area { occupant: own, .. }) => occupant == own,
        _ => true,
    };
    let mut children = played.0[0].diary.notes().iter().map(|note| note.who);
    let found = children.find(is_meant);
    let child = found.ok_or_else(|| NoStory::NotInTrial {
        id: id.to_owned(),
        trial,
    })?;
    let chosen = Chosen {
        child,
        rule: "asked for by its id".to_owned(),
        about: None,
    };
    Ok(tell(names, &replay, &played, chosen, "child".to_owned()))
}

/// The story of a child that a rule picks: the first trial that has such a child, from `trial` on where
/// it is not asked for that trial alone.
///
/// # Errors
/// Where there is no such story, or `stop` was set.
pub fn picked(
    prepared: &Prepared,
    pick: Pick,
    structures: &[usize],
    trial: Option<u32>,
    stop: &AtomicBool,
) -> Result<Story, NoStory> {
    let trials = prepared.scenario().study.trials;
    let search = match trial {
        Some(trial) => trial..trial.saturating_add(1),
        None => 1..trials.min(TRIALS_SEARCHED) + 1,
    };
    let mut last = None;
    for trial in search.clone() {
        let (names, replay) = made_ready(prepared, trial)?;
        let lives = picks::survey(names, &replay, pick.contrast(), stop).ok_or(NoStory::Stopped)?;
        if let Some(chosen) = lives.pick(pick) {
            let played = played(&replay, &[chosen.child.slot], structures, stop)?;
            let pick = pick.typed(names.scenario);
            return Ok(tell(names, &replay, &played, chosen, pick));
        }
        last = Some(names);
    }
    Err(none_found(last, pick, search))
}

fn none_found(names: Option<Names>, pick: Pick, search: std::ops::Range<u32>) -> NoStory {
    NoStory::NoneFound {
        pick: names.map_or_else(String::new, |names| pick.typed(names.scenario)),
        searched: match search.len() {
            1 => format!("trial {}", search.start),
            many => format!("the first {many} trials"),
        },
        rule: pick.asks_for().to_owned(),
    }
}

/// The stories that a report carries: a typical child, the one with most unmet need, and one caught and
/// one lost by a structure of the caller's choice. A pick that no child fits is left out.
///
/// # Errors
/// Where the study has no stories to tell, or `stop` was set.
pub fn of_run(
    prepared: &Prepared,
    contrast: usize,
    stop: &AtomicBool,
) -> Result<Vec<Story>, NoStory> {
    let picks = [
        Pick::Typical,
        Pick::Worst,
        Pick::CaughtBy(contrast),
        Pick::LostBy(contrast),
    ];
    let (names, replay) = made_ready(prepared, 1)?;
    let lives = picks::survey(names, &replay, Some(contrast), stop).ok_or(NoStory::Stopped)?;
    let chosen: Vec<_> = picks.map(|pick| (pick, lives.pick(pick))).into();
    let slots: Vec<u32> = (chosen.iter())
        .filter_map(|(_, found)| Some(found.as_ref()?.child.slot))
        .collect();
    let of_first = played(&replay, &slots, &[contrast], stop)?;
    let mut stories = Vec::new();
    for (pick, found) in chosen {
        match found {
            Some(chosen) => {
                let pick = pick.typed(names.scenario);
                stories.push(tell(names, &replay, &of_first, chosen, pick));
            }
            // The first trial has none: others may.
            None => match picked(prepared, pick, &[contrast], None, stop) {
                Ok(story) => stories.push(story),
                Err(NoStory::NoneFound { .. }) => {}
                Err(other) => return Err(other),
            },
        }
    }
    Ok(stories)
}

/// A trial made ready, by its number from 1.
fn made_ready(prepared: &Prepared, trial: u32) -> Result<(Names<'_>, Replay<'_>), NoStory> {
    let names = Names::new(prepared.scenario()).ok_or(NoStory::Network)?;
    let trials = prepared.scenario().study.trials;
    if !(1..=trials).contains(&trial) {
        return Err(NoStory::NoSuchTrial { trial, trials });
    }
    let replay = prepared.replay(trial - 1).ok_or(NoStory::Network)?;
    Ok((names, replay))
}

/// A trial with these slots watched, and what differs in the baseline's twin.
fn played(
    replay: &Replay,
    slots: &[u32],
    structures: &[usize],
    stop: &AtomicBool,
) -> Result<(Vec<Played>, Table), NoStory> {
    let watch = Watch::Slots(slots.to_vec());
    let mut churn = Table::default();
    let mut played = Vec::new();
    replay
        .play(structures, &watch, Some(&mut churn), stop, |it| {
            played.push(it);
        })
        .ok_or(NoStory::Stopped)?;
    Ok((played, churn))
}

fn tell(
    names: Names,
    replay: &Replay,
    (played, churn): &(Vec<Played>, Table),
    chosen: Chosen,
    pick: String,
) -> Story {
    let child = chosen.child;
    let study = &names.scenario.study;
    let clock = telling::Clock::of(replay);
    let told: Vec<telling::Told> = played
        .iter()
        .map(|it| telling::of(names, it, child, clock))
        .collect();
    let ids = |place: usize| names.scenario.structures[place].id.to_string();
    let mut partings = Vec::new();
    let mut shared = vec![told[0].telling.entries.len()];
    for (one, its) in told.iter().zip(played).skip(1) {
        let found = parting::between(names, (&told[0], &played[0]), (one, its), clock);
        shared.push(
            found
                .as_ref()
                .map_or(one.telling.entries.len(), |(shared, _)| *shared),
        );
        partings.extend(found.map(|(_, parting)| parting));
    }
    let mut proportion: Vec<Proportion> = played
        .iter()
        .skip(1)
        .map(|it| {
            let structure = &names.scenario.structures[it.structure];
            Proportion::of(
                &it.tally.discordance,
                Some(ids(it.structure)),
                &structure.name,
            )
        })
        .collect();
    proportion.push(Proportion::of(
        churn,
        None,
        "the baseline with one referral held back a week",
    ));
    let needs = telling::needs(names, &told[0]);
    let area = told[0]
        .area
        .map_or_else(String::new, |area| names.area(area).to_owned());
    Story {
        warning: WARNING.to_owned(),
        study: study.id.to_string(),
        study_name: study.name.clone(),
        seed: study.seed,
        trial: replay.trial() + 1,
        child: names.child(replay, child),
        pick,
        rule: chosen.rule,
        about: chosen.about.map(|need| names.need(need).to_owned()),
        area,
        age: clock.years_since(child.born),
        needs,
        days_observed: clock.day(replay.end()),
        tellings: told
            .into_iter()
            .zip(shared)
            .map(|(told, shared)| Telling {
                shared,
                ..told.telling
            })
            .collect(),
        partings,
        proportion,
    }
}

#[cfg(test)]
mod tests;
