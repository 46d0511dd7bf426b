//! Strands and children are conserved, whatever happens to them.

use super::small::{Small, years_after};
use crate::engine::Instant;
use crate::measures::Count;
use crate::simulate::{Tally, Trial};

/// A world in which everything goes wrong often: families move every other year, a third of what is
/// sent is lost, need and harm are common, and staff are few.
fn rough(set: &[&str]) -> Small {
    let mut all = vec![
        "area.typical-council-2003.moves=50% per year",
        "handoff.silent_loss=15%",
        "handoff.detected_loss=20%",
        "handoff.wrong_door=40%",
        "moves.silent_loss=20%",
        "moves.detected_loss=20%",
        "need.protection.begins=2000 per 10000 per year",
        "need.protection.harm=[\"0 per year\", \"1 per year\", \"4 per year\"]",
        "need.protection.harm_refers=80%",
        "need.mental-health.begins=2000 per 10000 per year",
    ];
    all.extend(set);
    Small::new(3, 400, 1_500.0, &all)
}

const DAY: u32 = 86_400;

/// Runs a trial under one structure, lets it go on under another after a year, and checks all
/// along the way.
#[track_caller]
fn check_all_along(small: &Small, first: usize, second: usize) -> Tally {
    let tape = small.tape(0, 3);
    let mut trial = small.begin(&tape, first);
    trial.check_invariants();
    let mut at = Instant::START;
    while at < years_after(1) {
        // Not a whole number of days, so that no time of day is favoured.
        at = at.after(3 * DAY + 7_919);
        trial.run_until(at);
        trial.check_invariants();
    }
    trial.begin_observing();
    trial.decide((&small.ground, &tape), &small.structures[second]);
    trial.check_invariants();
    while at < years_after(3) {
        at = at.after(5 * DAY + 7_919);
        trial.run_until(at.min(years_after(3)));
        trial.check_invariants();
    }
    let (tally, _) = trial.finish();
    for count in [
        Count::Referrals,
        Count::Bounces,
        Count::SilentLosses,
        Count::DetectedLosses,
        Count::FoundByChasing,
        Count::FoundByContact,
        Count::FoundByHarm,
        Count::Rejected,
        Count::KnownMoves,
        Count::HarmInSeam,
        Count::HelpStarts,
        Count::KnownMissed,
    ] {
        assert!(tally.count(count) > 0, "the world has no {}", count.label());
    }
    tally
}

#[test]
fn every_strand_is_in_one_state_from_each_structure_to_each() {
    let small = rough(&[
        "change.lead_time=0 days",
        "change.build.front_doors=0 days",
        "adoption.joins=100%",
        "adoption.slope=0",
        "workforce.turnover=100% per year",
        "adoption.joins=100%",
        "adoption.slope=0",
    ]);
    for first in 0..small.structures.len() {
        for second in 0..small.structures.len() {
            let tally = check_all_along(&small, first, second);
            // The trust has one door and the hub shares one; the others have several.
            let one_door = [1, 3].contains(&second);
            assert_eq!(tally.count(Count::WrongDoors) == 0, one_door);
        }
    }
}

#[test]
fn every_strand_is_in_one_state_while_a_change_comes_into_force() {
    // Vesting day falls into the observed time, and everything is built by its end.
    let small = rough(&[
        "change.lead_time=4 months",
        "change.build.records=9 months",
        "change.dip=40%",
        "change.blight=20%",
        "change.extra_turnover=times 3",
        "workforce.worker_changes=4 per year",
        "service.camhs.gives_up=exponential, mean 10 days",
        "rationing.rises=1",
        "service.camhs.gives_up=exactly 30 days",
        "area.typical-council-2003.posts.camhs.screening=2",
        "area.typical-council-2003.posts.camhs.assessment=2",
        "area.typical-council-2003.posts.camhs.help=0.05",
    ]);
    for second in 1..small.structures.len() {
        let tally = check_all_along(&small, 0, second);
        assert!(tally.count(Count::WorkerChanges) > 0);
        assert!(tally.count(Count::GaveUp) > 0);
    }
}

#[test]
fn every_strand_is_in_one_state_when_some_assessments_are_accepted() {
    let small = rough(&[
        "assessment.accepted_elsewhere=50%",
        "records.seen_elsewhere=30%",
        "records.conclusion=2",
    ]);
    check_all_along(&small, 0, 1);
}

#[test]
fn every_strand_is_in_one_state_when_nothing_takes_time() {
    let small = rough(&[
        "handoff.preparation=exactly 0 days",
        "handoff.transit=exactly 0 days",
        "information.reply=exactly 0 days",
        "handoff.chase=exactly 0 days",
        "funding.panel_every=0 days",
    ]);
    let tape = small.tape(0, 2);
    let mut trial = small.begin(&tape, 0);
    for day in 1..365 {
        trial.run_until(Instant::at(day * DAY));
        trial.check_invariants();
    }
}
