//! Where two histories of one child first part, and which seams lie there.

use super::Parting;
use super::telling::{Clock, Told};
use crate::experiment::replay::{Held, Instant, Note, Played, What};
use crate::inquiry::names::{Names, listed, members, whole};
use crate::model::{Place, SourceId, Structure};

/// The number of entries that two histories share, and where they part; `None` where they never do.
pub(super) fn between(
    names: Names,
    (before, baseline): (&Told, &Played),
    (after, other): (&Told, &Played),
    clock: Clock,
) -> Option<(usize, Parting)> {
    let shared = (before.notes.iter().zip(&after.notes))
        .take_while(|(one, other)| is_same(one, other))
        .count();
    let (here, there) = (before.notes.get(shared), after.notes.get(shared));
    let at = match (here, there) {
        (None, None) => return None,
        (Some(one), Some(other)) => one.at.min(other.at),
        (Some(one), None) | (None, Some(one)) => one.at,
    };
    let told = |told: &Told| {
        let entry = told.telling.entries.get(shared)?;
        let day = whole(entry.day.floor());
        Some(format!("day {day}, {}: {}", entry.who, entry.what))
    };
    let structures = (
        &**baseline.diary.structure_at(at)?,
        &**other.diary.structure_at(at)?,
    );
    let pair = [(here, before), (there, after)]
        .into_iter()
        .filter_map(|(note, told)| ends(note?, &told.notes[..shared]))
        .find(|(one, other)| one != other);
    let parting = Parting {
        structure: after.telling.structure.clone(),
        day: clock.day(at),
        baseline: told(before),
        other: told(after),
        seams: seams(names, structures, pair, (at, clock), [here, there]),
    };
    Some((shared, parting))
}

/// Did the same happen, less than a day apart?
fn is_same(one: &Note, other: &Note) -> bool {
    const DAY: u32 = 86_400;
    one.at.seconds().abs_diff(other.at.seconds()) < DAY && done(one) == done(other)
}

/// What happened, without what was only known or seen.
fn done(note: &Note) -> What {
    const NOTHING: Held = Held {
        seen: 0.0,
        needed: None,
        unseen: 0.0,
        seen_from: 0,
        unseen_from: 0,
    };
    let mut what = note.what;
    match &mut what {
        What::Noted { held, .. } => *held = NOTHING,
        What::Screened {
            perceived,
            threshold,
            ..
        } => (*perceived, *threshold) = (0.0, 0.0),
        What::Planned { perceived, .. } => *perceived = 0.0,
        What::Enters { queue, .. } => *queue = None,
        What::Passed { kind, .. } | What::Parted { kind, .. } => {
            *kind = crate::measures::HandoffKind::Internal;
        }
        What::Known { until, .. } | What::Met { until, .. } => *until = None,
        What::Unmet { until, .. } => *until = Instant::START,
        _ => {}
    }
    what
}

/// The two between whom something happened, as far as it is told.
fn ends(note: &Note, before: &[Note]) -> Option<(Place, Place)> {
    let of_handoff = |number: u32| {
        before.iter().rev().find_map(|note| match note.what {
            What::Passed {
                handoff, from, to, ..
            } if handoff == number => Some((from, to)),
            _ => None,
        })
    };
    match note.what {
        What::Passed { from, to, .. } => Some((from, to)),
        What::WrongDoor { handoff, door } | What::PassedOn { handoff, door } => {
            of_handoff(handoff).map(|(_, to)| (door, to))
        }
        What::Parted { of, to, .. } => of_handoff(of).map(|(from, _)| (from, to)),
        What::Enters { handoff, .. }
        | What::Lost { handoff, .. }
        | What::Screened { handoff, .. }
        | What::Asked { handoff, .. }
        | What::Assessed { handoff, .. }
        | What::Deeper { handoff, .. }
        | What::JointStep { handoff, .. }
        | What::Planned { handoff, .. }
        | What::Hastened { handoff }
        | What::Ended { handoff, .. } => of_handoff(handoff),
        What::Noted { by, held, .. } => {
            let other = members(held.unseen_from | held.seen_from)
                .map(SourceId::new)
                .find(|other| *other != by.source)?;
            let area = by.area;
            Some((
                by,
                Place {
                    source: other,
                    area,
                },
            ))
        }
        _ => None,
    }
}

fn seams(
    names: Names,
    (baseline, other): (&Structure, &Structure),
    pair: Option<(Place, Place)>,
    (at, clock): (Instant, Clock),
    notes: [Option<&Note>; 2],
) -> String {
    let Some((one, two)) = pair else {
        return match notes.into_iter().flatten().next() {
            Some(_) => {
                "What differs here is no seam between two services: what came before it, and \
                        who else was waiting, may differ."
                    .to_owned()
            }
            None => String::new(),
        };
    };
    let (Some(a), Some(b)) = (baseline.service_at(one), baseline.service_at(two)) else {
        return format!(
            "No structure places {}, so none differs in the seam between them and {}: what differs is how \
             well the two know each other, what the change itself costs, or who else was waiting.",
            names.source(one.source).1,
            names.source(two.source).1
        );
    };
    let joined = |structure: &Structure| {
        [
            (
                "organisation",
                structure.joined(&structure.organisations, one, two),
            ),
            ("records", structure.joined(&structure.records, one, two)),
            ("budget", structure.joined(&structure.budgets, one, two)),
            (
                "assessment",
                structure.joined(&structure.assessment, one, two),
            ),
            ("front door", !structure.front_doors.parts(two.area, a, b)),
            (
                "planning of posts",
                structure.joined(&structure.workforce, one, two),
            ),
        ]
    };
    let (before, after) = (joined(baseline), joined(other));
    let differing = |is_joined_after: bool| -> Vec<&str> {
        (before.iter().zip(&after))
            .filter(|(was, is)| was.1 != is.1 && is.1 == is_joined_after)
            .map(|(was, _)| was.0)
            .collect()
    };
    let between = format!(
        "{} and {}",
        names.source(one.source).1,
        names.source(two.source).1
    );
    let mut sentences = Vec::new();
    for (is_joined, words) in [(true, "no longer parts"), (false, "newly parts")] {
        let parts = differing(is_joined);
        if !parts.is_empty() {
            sentences.push(format!(
                "Here the other structure {words} {between} by {}.",
                listed(parts)
            ));
        }
    }
    if sentences.is_empty() {
        let when = if clock.day(at) < 0.5 {
            "on this day"
        } else {
            "by then"
        };
        sentences.push(format!(
            "Between {between} the two structures had the same seams {when}: what differs is what the \
             change itself costs, how well the two know each other, or who else was waiting."
        ));
    }
    sentences.join(" ")
}
