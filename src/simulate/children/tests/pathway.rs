//! The stages of a child's way under the mechanisms that act on them: joint steps, deadlines,
//! rationing, giving up, changes of worker, families, and leaving at the upper age.

use std::collections::BTreeMap;

use super::small::{Small, years_after};
use crate::engine::Instant;
use crate::measures::{Count, Stage};
use crate::model::{AreaId, NeedId, Place};
use crate::scenario::Mechanism;
use crate::simulate::Trial;
use crate::simulate::children::ChildrenTrial;
use crate::simulate::children::ground::YEAR;
use crate::simulate::children::state::{Says, Slot, bit};
use crate::simulate::children::tape::{Happening, Line, sibling};

const DAY: u32 = 86_400;
const HOUR: u32 = 3_600;

/// A trial that has come to a moment at which this service is assessing somebody for the first time,
/// and that handoff.
fn assessing<'a>(
    mut trial: ChildrenTrial<'a>,
    small: &Small,
    by: &str,
) -> (ChildrenTrial<'a>, u32) {
    let to = small.service(by);
    while trial.now < years_after(3) {
        trial.run_until(trial.now.after(HOUR));
        let handoffs = &trial.stores.handoffs;
        let found = handoffs.numbers().find(|number| {
            let handoff = &handoffs[*number];
            handoff.to == to && handoff.journey.stage() == Stage::Assessment
        });
        if let Some(number) = found {
            return (trial, number);
        }
    }
    panic!("nobody is assessed by {by}");
}

/// How long a joint step takes that is held now instead of what is left of an assessment.
fn takes(mut trial: ChildrenTrial<'_>, handoff: u32) -> u32 {
    if let Some(ticket) = trial.stores.handoffs[handoff].due.take() {
        trial.calendar.cancel(ticket);
    }
    let from = trial.now;
    assert!(
        trial.hold_joint_step(handoff, 3.0),
        "there is a step to hold"
    );
    let waits = |trial: &ChildrenTrial<'_>| {
        trial.stores.handoffs.holds(handoff)
            && trial.stores.handoffs[handoff].journey.stage() == Stage::OthersPart
    };
    let mut seconds = 0;
    while waits(&trial) {
        seconds += 60;
        trial.run_until(from.after(seconds));
    }
    // It ended at or after the moment before the last and before the last one.
    seconds - 60
}

#[test]
fn a_joint_step_takes_what_its_seams_say() {
    let on = [Mechanism::JointSteps, Mechanism::Organisations];
    let structures = r#"["local-trust+statutory", "local-trust+multi-agency-team"]"#;
    let set = [
        "joint_step.enquiry.takes=exactly 10 days",
        "joint_step.enquiry.limit=100 days",
        "closeness.same_team=times 0.1",
        "closeness.same_organisation=times 0.4",
        "children.places_filled_at_start=0%",
    ];
    let held = |set: &[&str], structure: usize, parts: &[&str]| {
        let mut small = Small::only(&on, structures, (1, 1_000, 60_000.0), set);
        let parts = parts.iter().map(|id| small.place(id, 0).source).collect();
        let to = small.service("child-protection");
        let steps = &mut small.ground.world.joint_steps;
        let mut enquiry = steps.iter_mut().filter(|step| step.in_assessment_by == to);
        enquiry.next().expect("an enquiry").parts = parts;
        let tape = small.tape(0, 4);
        let begun = small.begin(&tape, structure);
        let (trial, handoff) = assessing(begun, &small, "child-protection");
        takes(trial, handoff)
    };
    let outside = ["hospital", "sen-support"].as_slice();
    let inside = ["sen-support"].as_slice();
    assert_eq!(held(&set, 0, outside), 10 * DAY, "between organisations");
    assert_eq!(held(&set, 1, inside), 4 * DAY, "within a trust");
    assert_eq!(held(&set, 1, outside), 10 * DAY, "the slowest part counts");
    assert_eq!(held(&set, 2, &["police"]), DAY, "within a team");
    let mut limited = set.to_vec();
    limited[1] = "joint_step.enquiry.limit=6 days";
    assert_eq!(held(&limited, 0, outside), 6 * DAY, "cut at the limit");
    assert_eq!(held(&limited, 1, inside), 4 * DAY, "there in time");
}

/// Looks at every hour at the assessments under way, and calls `ended` with the first look at each
/// initial one of which the date is known, its due date, and the last look before it ended.
fn watch(
    trial: &mut ChildrenTrial<'_>,
    until: Instant,
    mut ended: impl FnMut(Instant, Instant, Instant),
) {
    let mut under_way: BTreeMap<(u32, u32, i64), (Instant, Instant)> = BTreeMap::new();
    while trial.now < until {
        trial.run_until(trial.now.after(HOUR));
        let handoffs = &trial.stores.handoffs;
        let mut seen = Vec::new();
        for number in handoffs.numbers() {
            let item = &handoffs[number];
            let help = trial.ground.services[item.to.index()].help.as_ref();
            let due = help.and_then(|help| help.initial_due);
            if let (Some(due), Some(received)) = (due, item.received)
                && item.journey.stage() == Stage::Assessment
                && !item.in_core
                && received.after(due) > item.assessed_from
            {
                let key = (number, item.slot, trial.children[item.slot as usize].born);
                under_way.insert(key, (item.assessed_from, received.after(due)));
                seen.push(key);
            }
        }
        let now = trial.now;
        under_way.retain(|key, (from, due)| {
            let goes_on = seen.contains(key);
            // An assessment ends early for a child who reaches the upper age.
            if !goes_on && trial.children[key.1 as usize].born == key.2 {
                ended(*from, *due, Instant::at(now.seconds() - HOUR));
            }
            goes_on
        });
    }
}

#[test]
fn work_that_is_pulled_ends_on_time_and_at_the_last() {
    let set = ["deadline.pulled=100%", "records.seen_elsewhere=100%"];
    let small = Small::only(&[Mechanism::Deadline], "[]", (1, 4_000, 600_000.0), &set);
    let tape = small.tape(0, 3);
    let mut trial = small.begin(&tape, 0);
    trial.begin_observing();
    let mut watched = 0;
    watch(&mut trial, years_after(2), |from, due, ended| {
        let left = due.since(from);
        let earliest = from.after((f64::from(left) * 0.85) as u32);
        let took = ended.since(from);
        assert!(
            ended.after(HOUR) >= earliest,
            "{took} s of {left} s: not in the last part of its time"
        );
        assert!(ended <= due, "later than due");
        watched += 1;
    });
    assert!(watched > 50, "only {watched} assessments");
    let tally = trial.finish().0;
    for (due, on_time) in [
        (Count::InitialDue, Count::InitialOnTime),
        (Count::CoreDue, Count::CoreOnTime),
    ] {
        assert!(tally.count(due) > 5);
        assert_eq!(tally.count(due), tally.count(on_time), "{}", due.label());
    }
}

#[test]
fn a_door_rations_by_its_backlog() {
    let small = Small::only(
        &[Mechanism::Rationing],
        "[]",
        (2, 3_000, 60_000.0),
        &[
            "rationing.rises=0.25",
            "rationing.at_most=0.6",
            "area.typical-council-2003.posts.family-support.assessment=0.05",
            "area.typical-council-2003.posts.camhs.assessment=0.05",
        ],
    );
    let tape = small.tape(0, 3);
    let mut trial = small.begin(&tape, 0);
    let (mut risen, mut capped) = (0, 0);
    for week in 1..150 {
        trial.run_until(Instant::at(week * 7 * DAY));
        for area in small.ground.world.area_ids() {
            for service in small.ground.world.service_ids() {
                let desk = &trial.desks[trial.desk_number(area, service)];
                let waiting = f64::from(desk.to_assess.len() + desk.door.len());
                let rise = 0.25 * waiting / f64::from(desk.assessments.max(1));
                let is = trial.threshold_now(area, service);
                assert!(
                    (is - rise.min(0.6)).abs() < 1e-12,
                    "{is} at {waiting} waiting"
                );
                risen += u32::from(rise > 0.0 && rise < 0.6);
                capped += u32::from(rise > 0.6);
            }
        }
    }
    assert!(risen > 20 && capped > 20, "{risen} risen, {capped} at most");
}

#[test]
fn nobody_waits_longer_than_their_patience() {
    let small = Small::only(
        &[Mechanism::GivingUp],
        "[]",
        (1, 3_000, 60_000.0),
        &[
            "service.camhs.gives_up=exactly 100 days",
            "need.mental-health.begins=2000 per 10000 per year",
            "area.typical-council-2003.posts.camhs.help=0.05",
            "area.typical-council-2003.posts.family-support.help=0.1",
        ],
    );
    let tape = small.tape(0, 3);
    let mut trial = small.begin(&tape, 0);
    trial.begin_observing();
    let camhs = small.service("camhs");
    let mut longest = [0, 0];
    while trial.now < years_after(3) {
        trial.run_until(trial.now.after(DAY));
        for number in trial.stores.handoffs.numbers() {
            let handoff = &trial.stores.handoffs[number];
            if handoff.journey.stage() == Stage::Place {
                let waits = trial.now.since(handoff.joined);
                let longest = &mut longest[usize::from(handoff.to == camhs)];
                *longest = waits.max(*longest);
            }
        }
    }
    assert!(
        longest[1] <= 100 * DAY && longest[1] >= 99 * DAY,
        "{longest:?}"
    );
    assert!(
        longest[0] > 150 * DAY,
        "elsewhere nobody gives up: {longest:?}"
    );
    let tally = trial.finish().0;
    let gave_up: u64 = tally.services.iter().map(|it| it.gave_up).sum();
    assert_eq!(gave_up, tally.count(Count::GaveUp));
    assert!(tally.services[camhs.index()].gave_up > 3);
}

#[test]
fn one_organisation_in_several_areas_has_the_mean_of_their_thresholds() {
    let small = Small::only(
        &[Mechanism::AreaSpread],
        r#"["national-agency"]"#,
        (3, 50, 1_000.0),
        &["area_spread.thresholds=0.5"],
    );
    let tape = small.tape(0, 1);
    let own = |trial: &ChildrenTrial<'_>, area: AreaId| trial.tempers[area.index()].threshold;
    for (structure, covers_all) in [(0, false), (1, true)] {
        let trial = small.begin(&tape, structure);
        let areas: Vec<AreaId> = small.ground.world.area_ids().collect();
        let mean = areas.iter().map(|area| own(&trial, *area)).sum::<f64>() / 3.0;
        for area in areas {
            let expected = if covers_all { mean } else { own(&trial, area) };
            let is = trial.local_threshold(area, small.service("child-protection"));
            assert!((is - expected).abs() < 1e-12, "{is}, not {expected}");
            assert!(
                (own(&trial, area) - mean).abs() > 1e-3,
                "areas are all alike"
            );
            // A trust for mental health reaches over the region in which all of them lie.
            let is = trial.local_threshold(area, small.service("camhs"));
            assert!((is - mean).abs() < 1e-12);
        }
    }
}

#[test]
fn siblings_share_their_family_and_move_together() {
    let small = Small::only(
        &[Mechanism::Siblings],
        "[]",
        (2, 1_000, 60_000.0),
        &[
            "siblings.share=60%",
            "area.typical-council-2003.moves=30% per year",
        ],
    );
    let tape = small.tape(0, 3);
    let ground = &small.ground;
    let (mut together, mut alike, mut apart) = (0, 0, 0);
    for slots in &tape.layout {
        for slot in (0..slots.children).step_by(2) {
            let at = |slot: u32| {
                Line::new(ground, &tape.luck, *slots, slot).at(&tape.luck, Instant::START)
            };
            let moves = |slot: u32| -> Vec<(Instant, Happening)> {
                let slot = slots.first + slot;
                let entries = tape.tape.entries().filter(|entry| entry.slot == slot);
                let moves = entries.filter(|entry| matches!(entry.what, Happening::Moves { .. }));
                moves.map(|entry| (entry.at, entry.what)).collect()
            };
            let same = at(slot).vulnerability == at(slot + 1).vulnerability;
            assert_eq!(
                sibling(ground, &tape.luck, *slots, slot),
                sibling(ground, &tape.luck, *slots, slot + 1).map(|_| slot + 1)
            );
            if sibling(ground, &tape.luck, *slots, slot).is_some() {
                together += 1;
                assert!(same, "one family is as vulnerable for both");
                assert_eq!(moves(slot), moves(slot + 1));
            } else {
                apart += 1;
                alike += u32::from(same);
            }
        }
    }
    // 60% of 1,000 pairs; four standard errors of a share are 6.2%.
    assert!(
        (538..=662).contains(&together),
        "{together} pairs of siblings"
    );
    assert!(alike * 20 < apart, "{alike} of {apart} strangers are alike");
}

#[test]
fn a_referral_leaves_a_concern_about_the_sibling() {
    let small = Small::only(
        &[Mechanism::Siblings],
        "[]",
        (1, 100, 60_000.0),
        &["siblings.share=50%", "siblings.concern=0.7"],
    );
    let tape = small.tape(0, 2);
    let mut trial = small.begin(&tape, 0);
    trial.begin_observing();
    let school = small.place("school", 0);
    let need = NeedId::FIRST;
    let records = |trial: &ChildrenTrial<'_>, slot: Slot| -> Vec<(Place, f64)> {
        let records = trial.records_of(slot);
        let about = records.filter(|record| record.need == need && record.says == Says::Concern);
        about
            .map(|record| (record.holder, record.evidence))
            .collect()
    };
    let mut with = 0;
    for slot in (0..100).step_by(2) {
        trial.refer(
            slot,
            school.source,
            bit(need.index()),
            Count::FoundByContact,
        );
        let expected = match trial.sibling_of(slot) {
            Some(other) => {
                assert_eq!(other, slot + 1);
                with += 1;
                vec![(school, 0.7)]
            }
            None => Vec::new(),
        };
        assert_eq!(records(&trial, slot + 1), expected);
        assert!(
            records(&trial, slot).is_empty(),
            "of the child itself nothing is added"
        );
    }
    assert!((10..40).contains(&with));
    assert_eq!(trial.tally.count(Count::SiblingConcerns), with);
}

#[test]
fn leaving_with_an_open_need_is_a_handoff_to_adult_services() {
    let leaves = |on: &[Mechanism]| {
        let small = Small::only(on, "[]", (2, 2_000, 4_000.0), &[]);
        let tape = small.tape(0, 3);
        let mut trial = small.begin(&tape, 0);
        trial.run_until(years_after(1));
        trial.begin_observing();
        trial.run_until(years_after(3));
        trial.finish().0
    };
    let (with, without) = (leaves(&[Mechanism::LeavingAge]), leaves(&[]));
    let to_adults = with.count(Count::LeftWithNeed);
    assert!(to_adults > 10, "only {to_adults} leave with an open need");
    assert_eq!(without.count(Count::LeftWithNeed), 0);
    // It adds handoffs and changes nothing else.
    assert_eq!(
        with.count(Count::Handoffs),
        without.count(Count::Handoffs) + to_adults
    );
    assert_eq!(with.pairs, without.pairs);
    assert_eq!(with.services, without.services);
    let ended = |tally: &crate::simulate::Tally| -> u64 {
        tally.handoff_ends.iter().map(|it| u64::from(*it)).sum()
    };
    assert_eq!(ended(&with), ended(&without) + to_adults);
}

/// A child in help changes worker at the stated rate for each year of help, help interrupted left
/// out. The number of changes is Poisson: its standard error is its root.
#[test]
fn workers_change_at_the_stated_rate_and_leave_the_stated_gap() {
    let small = Small::only(
        &[Mechanism::WorkerChanges],
        "[]",
        (1, 2_000, 60_000.0),
        &[
            "workforce.worker_changes=2 per year",
            "workforce.gap=exactly 20 days",
        ],
    );
    let tape = small.tape(0, 4);
    let mut trial = small.begin(&tape, 0);
    trial.begin_observing();
    let mut since: BTreeMap<(Slot, usize), Instant> = BTreeMap::new();
    let (mut gaps, mut hours_between) = (0, 0u64);
    while trial.now < years_after(3) {
        trial.run_until(trial.now.after(HOUR));
        let now = trial.now;
        let mut between = Vec::new();
        let mut served = Vec::new();
        for index in trial.stores.strands.numbers() {
            let strand = &trial.stores.strands[index];
            let key = (strand.slot, strand.need.index());
            if strand.between_workers {
                between.push(key);
                since.entry(key).or_insert(now);
            } else if strand.served_at.is_some() {
                served.push(key);
            }
        }
        hours_between += between.len() as u64;
        since.retain(|key, from| {
            if between.contains(key) {
                return true;
            }
            if served.contains(key) {
                let gap = now.since(*from);
                assert!(gap.abs_diff(20 * DAY) <= HOUR, "a gap of {gap} s");
                gaps += 1;
            }
            false
        });
    }
    let tally = trial.finish().0;
    let occupied: u64 = tally.services.iter().map(|it| it.occupied_seconds).sum();
    let years = (occupied as f64 - hours_between as f64 * f64::from(HOUR)) / f64::from(YEAR);
    let (changes, expected) = (tally.count(Count::WorkerChanges) as f64, 2.0 * years);
    assert!(expected > 200.0, "too few years of help: {years}");
    assert!(
        (changes - expected).abs() < 4.0 * expected.sqrt(),
        "{changes}, not {expected}"
    );
    assert!(gaps > 100, "only {gaps} gaps");
}
