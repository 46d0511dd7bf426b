//! Children at rest run ahead, and quiet ones are gone through once: neither changes any number.

use super::small::{Small, years_after};
use crate::engine::Instant;
use crate::measures::Count;
use crate::simulate::children::{ChildrenTape, ChildrenTrial};
use crate::simulate::{Outcomes, Tally, Trial};

const DAY: u32 = 86_400;

fn small() -> Small {
    let set = [
        "area.typical-council-2003.moves=10% per year",
        "siblings.share=60%",
        "siblings.concern=1",
    ];
    Small::new(2, 1_500, 1_500.0, &set)
}

/// Two years under another structure, from decision day on.
fn go_on<'a>(
    mut trial: ChildrenTrial<'a>,
    small: &'a Small,
    tape: &'a ChildrenTape,
    structure: usize,
    step: u32,
) -> (Tally, Outcomes) {
    trial.decide((&small.ground, tape), &small.structures[structure]);
    while trial.now < years_after(3) {
        let until = trial.now.after(step).min(years_after(3));
        trial.run_until(until);
    }
    trial.finish()
}

/// The baseline on decision day, when counting has begun.
fn on_decision_day<'a>(
    small: &'a Small,
    tape: &'a ChildrenTape,
    prepare: impl Fn(&mut ChildrenTrial<'a>),
) -> ChildrenTrial<'a> {
    let before = &small.structures[0];
    let observe = 2 * super::super::ground::YEAR;
    let mut trial = ChildrenTrial::established(&small.ground, before, before, tape, observe);
    prepare(&mut trial);
    trial.run_until(years_after(1));
    trial.begin_observing();
    trial
}

#[test]
fn children_who_run_ahead_live_as_those_whose_every_event_stands_in_the_calendar() {
    let small = small();
    let tape = small.tape(0, 3);
    let ahead = on_decision_day(&small, &tape, |_| ());
    let awake = on_decision_day(&small, &tape, |trial| {
        trial.nobody_rests = true;
        for slot in 0..trial.first_scripted {
            trial.wake(slot);
        }
    });
    let all = u32::MAX;
    for structure in 0..small.structures.len() {
        let (tally, outcomes) = go_on(ahead.clone(), &small, &tape, structure, all);
        assert!(tally.count(Count::Referrals) > 50);
        assert!(tally.count(Count::SiblingConcerns) > 10);
        let (whole, same) = go_on(awake.clone(), &small, &tape, structure, all);
        assert!(tally == whole, "structure {structure}");
        assert!(outcomes == same, "structure {structure}");
    }
}

#[test]
fn stopping_on_the_way_changes_nothing() {
    let small = small();
    let tape = small.tape(1, 3);
    let trial = on_decision_day(&small, &tape, |_| ());
    let whole = go_on(trial.clone(), &small, &tape, 1, u32::MAX);
    let in_steps = go_on(trial, &small, &tape, 1, 5 * DAY + 7);
    assert!(whole.0 == in_steps.0 && whole.1 == in_steps.1);
}

#[test]
fn what_is_set_aside_is_what_every_structure_would_have_left() {
    let small = small();
    let tape = small.tape(2, 3);
    let whole = on_decision_day(&small, &tape, |_| ());
    let mut light = whole.clone();
    light.set_aside();
    let aside = light.children.iter().filter(|it| it.is_aside).count();
    assert!(aside > 1_000, "only {aside} of 3,000 children are quiet");
    assert!(light.now == years_after(1) && light.stores.strands.len() < whole.stores.strands.len());
    for structure in 0..small.structures.len() {
        let one = go_on(whole.clone(), &small, &tape, structure, u32::MAX);
        let other = go_on(light.clone(), &small, &tape, structure, u32::MAX);
        assert!(one.0 == other.0, "structure {structure}");
        assert!(one.1 == other.1, "structure {structure}");
    }
    assert!(whole.now > Instant::START);
}
