//! Everything that happened in a trial as a log of events, as process mining reads it: a case, an
//! activity, a moment and who did it.

use std::collections::BTreeMap;
use std::sync::atomic::AtomicBool;

use super::names::{Names, members};
use super::story::NoStory;
use crate::experiment::Prepared;
use crate::experiment::replay::{
    Decision, Instant, Note, Played, Replay, Response, Review, Watch, WatchedChild, What,
};
use crate::measures::{HandoffEnd, Stage};
use crate::model::{NeedId, Place};

/// What one case of the log is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum CaseOf {
    /// One need of one child, from its first event to its last.
    #[default]
    Need,
    /// One handoff.
    Handoff,
}

/// Which trials go into a log, and how.
#[derive(Debug, Clone, Copy)]
pub struct Wanted<'w> {
    /// Trials.
    pub trials: &'w [u32],
    /// Places of structures; the baseline is always among them.
    pub structures: &'w [usize],
    /// What a case is.
    pub case_of: CaseOf,
    /// Are the years before decision day left in?
    pub with_warm_up: bool,
}

/// One event.
#[derive(Debug, Clone, PartialEq)]
pub struct Event {
    /// The case: `trial/structure/child/need`, or with `handoff-N` at its end.
    pub case: String,
    /// What happened, in the same words for all children.
    pub activity: String,
    /// Seconds from decision day.
    pub seconds: i64,
    /// Who did it: the id of a service or source; empty where nobody did.
    pub resource: String,
    /// Their organisation under the structure then in force; empty for those outside.
    pub organisation: String,
    /// Id of the structure.
    pub structure: String,
    /// The trial.
    pub trial: u32,
    /// Id of the child in its trial.
    pub child: String,
    /// Id of the need.
    pub need: String,
    /// The child's own number of the handoff.
    pub handoff: Option<u32>,
    /// Of what kind the event is.
    pub kind: &'static str,
    /// Does something begin that lasts (`start`), or is it done with the event (`complete`)?
    pub lifecycle: &'static str,
    /// More about it: a level, a result.
    pub detail: String,
}

/// Hands over every event of these trials, trial by trial, structure by structure, in order of time and
/// then of children.
///
/// # Errors
/// Where the study has no such trial or no children, or `stop` was set.
pub fn each(
    prepared: &Prepared,
    wanted: &Wanted,
    stop: &AtomicBool,
    mut on_event: impl FnMut(Event),
) -> Result<(), NoStory> {
    let names = Names::new(prepared.scenario()).ok_or(NoStory::Network)?;
    let trials = prepared.scenario().study.trials;
    for trial in wanted.trials.iter().copied() {
        if !(1..=trials).contains(&trial) {
            return Err(NoStory::NoSuchTrial { trial, trials });
        }
    }
    for trial in wanted.trials.iter().copied() {
        let replay = prepared.replay(trial - 1).ok_or(NoStory::Network)?;
        replay
            .play(wanted.structures, &Watch::Everyone, None, stop, |played| {
                of_trial(names, &replay, &played, wanted, &mut on_event);
            })
            .ok_or(NoStory::Stopped)?;
    }
    Ok(())
}

/// What is known of a child as its notes are gone through.
#[derive(Debug, Default)]
struct Known {
    /// Its needs above level 0.
    needs: u64,
    /// The needs of its handoffs, and where each goes.
    handoffs: BTreeMap<u32, (u64, Place)>,
}

fn of_trial(
    names: Names,
    replay: &Replay,
    played: &Played,
    wanted: &Wanted,
    on_event: &mut impl FnMut(Event),
) {
    let mut known: BTreeMap<WatchedChild, Known> = BTreeMap::new();
    let from = if wanted.with_warm_up {
        Instant::START
    } else {
        replay.decision_day()
    };
    let structure = names.scenario.structures[played.structure].id.to_string();
    for note in played.diary.notes() {
        let child = known.entry(note.who).or_default();
        child.follow(note);
        if note.at < from {
            continue;
        }
        let Some(told) = Told::of(names, note, child) else {
            continue;
        };
        let id = names.child(replay, note.who);
        let organisation = told
            .place
            .and_then(|place| names.organisation(played.structure, &played.diary, note.at, place));
        let trial = replay.trial() + 1;
        let rows: Vec<usize> = match (wanted.case_of, told.handoff) {
            (CaseOf::Need, _) => members(told.needs).collect(),
            // One row for all that travel together, under the first of them.
            (CaseOf::Handoff, Some(_)) => members(told.needs).take(1).collect(),
            (CaseOf::Handoff, None) => Vec::new(),
        };
        for need in rows {
            let need = names.world.needs[need].id.to_string();
            let case = match (wanted.case_of, told.handoff) {
                (CaseOf::Handoff, Some(handoff)) => {
                    format!("{trial}/{structure}/{id}/handoff-{handoff}")
                }
                _ => format!("{trial}/{structure}/{id}/{need}"),
            };
            on_event(Event {
                case,
                activity: told.activity.clone(),
                seconds: i64::from(note.at.seconds()) - i64::from(replay.decision_day().seconds()),
                resource: told.place.map_or_else(String::new, |place| {
                    names.source(place.source).0.to_string()
                }),
                organisation: organisation.unwrap_or("").to_owned(),
                structure: structure.clone(),
                trial,
                child: id.clone(),
                need,
                handoff: told.handoff,
                kind: told.kind,
                lifecycle: told.lifecycle,
                detail: told.detail.clone(),
            });
        }
    }
}

impl Known {
    fn follow(&mut self, note: &Note) {
        match note.what {
            What::Level { need, to, .. } => {
                let bit = 1 << need.index();
                self.needs = if to > 0 {
                    self.needs | bit
                } else {
                    self.needs & !bit
                };
            }
            What::Passed {
                handoff, needs, to, ..
            } => {
                self.handoffs.insert(handoff, (needs, to));
            }
            What::Parted {
                handoff,
                of,
                needs,
                to,
                ..
            } => {
                if let Some((whole, _)) = self.handoffs.get_mut(&of) {
                    *whole &= !needs;
                }
                self.handoffs.insert(handoff, (needs, to));
            }
            _ => {}
        }
    }
}

/// A note in the words of a log.
struct Told {
    activity: String,
    kind: &'static str,
    lifecycle: &'static str,
    place: Option<Place>,
    needs: u64,
    handoff: Option<u32>,
    detail: String,
}

impl Told {
    fn new(kind: &'static str, activity: &str) -> Self {
        Self {
            activity: activity.to_owned(),
            kind,
            lifecycle: "complete",
            place: None,
            needs: 0,
            handoff: None,
            detail: String::new(),
        }
    }

    fn begins(self) -> Self {
        Self {
            lifecycle: "start",
            ..self
        }
    }

    fn by(self, place: Place) -> Self {
        Self {
            place: Some(place),
            ..self
        }
    }

    fn about(self, need: NeedId) -> Self {
        Self {
            needs: 1 << need.index(),
            ..self
        }
    }

    fn saying(self, detail: impl Into<String>) -> Self {
        Self {
            detail: detail.into(),
            ..self
        }
    }

    fn in_handoff(self, handoff: u32, child: &Known) -> Self {
        let needs = child.handoffs.get(&handoff).map_or(0, |(needs, _)| *needs);
        Self {
            handoff: Some(handoff),
            needs: if self.needs == 0 { needs } else { self.needs },
            ..self
        }
    }

    /// `None` for notes that say what another one says.
    fn of(names: Names, note: &Note, child: &Known) -> Option<Self> {
        let told = match note.what {
            What::Level { need, from, to } => {
                let activity = if to > from {
                    "need grew worse"
                } else {
                    "need eased"
                };
                Self::new("need", activity)
                    .about(need)
                    .saying(format!("level {from} to {to}"))
            }
            What::Harm { need, .. } => Self::new("harm", "harm").about(need),
            What::Noted { by, need, then, .. } => {
                let detail = match then {
                    Response::Refers => "enough to refer",
                    Response::NotEnough => "not enough to refer",
                    Response::InHand => "others had the case in hand",
                    Response::ReferredLately => "referred lately",
                    Response::NeverRefers => "refers no such need",
                };
                Self::new("contact", "concern noted")
                    .by(by)
                    .about(need)
                    .saying(detail)
            }
            What::SiblingConcern { by, need } => Self::new("contact", "concern noted on a sibling")
                .by(by)
                .about(need),
            What::Concluded { by, need } => Self::new("conclusion", "no need concluded")
                .by(by)
                .about(need),
            What::TookOver { by, need } => {
                Self::new("conclusion", "conclusion of others taken over")
                    .by(by)
                    .about(need)
            }
            What::Passed {
                handoff,
                reason,
                from,
                to,
                kind,
                ..
            } => {
                let activity = match reason {
                    crate::experiment::replay::Reason::Referral => "referral decided",
                    crate::experiment::replay::Reason::Plan => "handoff decided",
                    crate::experiment::replay::Reason::Move => "handoff after a move decided",
                };
                let to = names.service_at(to);
                Self::new("handoff", activity)
                    .by(from)
                    .in_handoff(handoff, child)
                    .saying(format!("to {to}, {}", kind.id()))
            }
            What::Parted {
                handoff, of, to, ..
            } => Self::new("handoff", "handoff parted")
                .by(to)
                .in_handoff(handoff, child)
                .saying(format!("from handoff {of}")),
            What::Enters {
                handoff,
                stage,
                door,
                ..
            } => {
                let told = Self::new("stage", stage.label()).begins();
                let told = told.in_handoff(handoff, child);
                match stage {
                    Stage::Preparation | Stage::Transit | Stage::Chasing => told,
                    _ => told.by(door),
                }
            }
            What::Lost { handoff, silently } => {
                let detail = if silently { "silently" } else { "detectably" };
                let told = Self::new("loss", "lost on the way");
                told.in_handoff(handoff, child).saying(detail)
            }
            What::Found { needs, how } => Self {
                needs,
                ..Self::new("found", "lost or stalled case found").saying(how.label())
            },
            What::WrongDoor { handoff, door } => Self::new("stage", "received at a wrong door")
                .by(door)
                .in_handoff(handoff, child),
            What::PassedOn { handoff, door } => Self::new("screening", "passed on by a wrong door")
                .by(door)
                .in_handoff(handoff, child),
            What::Screened {
                handoff,
                by,
                need,
                perceived,
                threshold,
                decision,
            } => {
                let activity = match decision {
                    Decision::Accepted => "accepted at the door",
                    Decision::Bounced => "sent back by the door",
                    Decision::Rejected => "turned away at the door",
                };
                Self::new("screening", activity)
                    .by(by)
                    .about(need)
                    .in_handoff(handoff, child)
                    .saying(format!(
                        "judged {perceived:.2}, takes on from {threshold:.2}"
                    ))
            }
            What::Asked {
                handoff,
                by,
                holders,
                replied,
            } => Self::new("assessment", "information asked for")
                .by(by)
                .in_handoff(handoff, child)
                .saying(format!(
                    "{} asked, {} replied in time",
                    holders.count_ones(),
                    replied.count_ones()
                )),
            What::Assessed {
                handoff,
                by,
                deeper,
            } => {
                let activity = if deeper {
                    "deeper assessment completed"
                } else {
                    "assessment completed"
                };
                let told = Self::new("assessment", activity).by(by);
                told.in_handoff(handoff, child)
            }
            What::Deeper { handoff, by } => Self::new("assessment", "deeper assessment decided")
                .by(by)
                .in_handoff(handoff, child),
            What::JointStep {
                handoff,
                by,
                step,
                cut_short,
                ..
            } => {
                let steps = &names.world.mechanisms.joint_steps;
                let id = steps.get(usize::from(step)).map_or("", |it| it.id.as_str());
                let detail = if cut_short {
                    format!("{id}, without everybody's part")
                } else {
                    id.to_owned()
                };
                let told = Self::new("assessment", "joint step held").by(by);
                told.in_handoff(handoff, child).saying(detail)
            }
            What::Planned {
                handoff,
                by,
                need,
                service,
                ..
            } => {
                let told = match service {
                    Some(service) => Self::new("plan", "help planned")
                        .saying(names.world.services[service.index()].id.as_str()),
                    None => Self::new("plan", "no need found"),
                };
                told.by(by).about(need).in_handoff(handoff, child)
            }
            What::Hastened { handoff } => {
                Self::new("found", "put before all others").in_handoff(handoff, child)
            }
            What::Ended { handoff, end } => {
                let activity = match end {
                    HandoffEnd::Begun => "handoff begun",
                    HandoffEnd::Lost => "handoff ended lost",
                    HandoffEnd::Rejected => "handoff rejected",
                    HandoffEnd::GaveUp => "gave up waiting",
                    HandoffEnd::AgedOut => "handoff ended by age",
                    HandoffEnd::Moved => "handoff ended by a move",
                    HandoffEnd::Unfinished => return None,
                };
                let to = child.handoffs.get(&handoff).map(|(_, to)| *to);
                let told = Self::new("end", activity).in_handoff(handoff, child);
                Self { place: to, ..told }
            }
            What::HelpBegins { need, at, fits } => {
                let detail = if fits {
                    "fits"
                } else {
                    "not meant for so high a need"
                };
                let told = Self::new("help", "help").begins();
                told.by(at).about(need).saying(detail)
            }
            What::HelpEnds { need, at } => Self::new("help", "help").by(at).about(need),
            What::Reviewed {
                need, at, result, ..
            } => {
                let activity = match result {
                    Review::GoesOn => "review: help goes on",
                    Review::PassedOn { .. } => "review: another service is to help",
                    Review::Closed { in_error: false } => "closed",
                    Review::Closed { in_error: true } => "closed in error",
                };
                Self::new("review", activity).by(at).about(need)
            }
            What::WorkerLeft { need, at } => Self::new("worker", "worker left").by(at).about(need),
            What::WorkerCame { need, at } => Self::new("worker", "new worker").by(at).about(need),
            What::Moved { to, .. } => Self {
                needs: child.needs,
                ..Self::new("move", "moved house")
                    .saying(format!("to {}", names.scenario.areas[to.index()].id))
            },
            What::Missed {
                need,
                stood,
                carried_over,
            } => {
                let told = Self::new("missed", "missed").about(need);
                let apart = if carried_over {
                    ", open on decision day"
                } else {
                    ""
                };
                told.saying(format!("{}{apart}", stood.id()))
            }
            What::MissedUnseen { need } => Self::new("missed", "missed unseen").about(need),
            What::Left { .. } => Self {
                needs: child.needs,
                ..Self::new("left", "reached the upper age")
            },
            What::Referred { .. } | What::Known { .. } | What::Unmet { .. } | What::Met { .. } => {
                return None;
            }
        };
        Some(told)
    }
}
