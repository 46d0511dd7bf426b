//! Watching changes nothing, and a diary holds the same of a child whoever else is watched.

use super::small::{Small, years_after};
use crate::measures::{Count, HandoffEnd};
use crate::simulate::children::{ChildrenTape, ChildrenTrial};
use crate::simulate::diary::{Diary, Note, Watch, What};
use crate::simulate::{Outcomes, Tally, Trial};

/// A year under the baseline, then two under another structure.
fn run(small: &Small, tape: &ChildrenTape, watch: Watch) -> (Tally, Outcomes, Diary) {
    let before = &small.structures[0];
    let observe = 2 * super::super::ground::YEAR;
    let mut trial = ChildrenTrial::watching(&small.ground, before, before, tape, observe, watch);
    trial.run_until(years_after(1));
    let mut fork = trial.clone();
    fork.begin_observing();
    fork.decide((&small.ground, tape), &small.structures[1]);
    fork.run_until(years_after(3));
    fork.finish_with_diary()
}

fn small() -> Small {
    let set = ["area.typical-council-2003.moves=10% per year"];
    Small::new(2, 1_500, 1_500.0, &set)
}

#[test]
fn a_trial_that_is_watched_goes_as_one_that_is_not() {
    let small = small();
    let tape = small.tape(0, 3);
    let (tally, outcomes, none) = run(&small, &tape, Watch::Nobody);
    assert!(none.notes().is_empty());
    let (watched, same, diary) = run(&small, &tape, Watch::Everyone);
    assert!(tally == watched && outcomes == same);
    assert!(
        diary
            .notes()
            .windows(2)
            .all(|pair| pair[0].at <= pair[1].at)
    );

    let some = vec![3, 700, 1_024 + 12, 2_048 + 5];
    let (watched, same, few) = run(&small, &tape, Watch::Slots(some.clone()));
    assert!(tally == watched && outcomes == same);
    let of_some: Vec<Note> = diary
        .notes()
        .iter()
        .filter(|note| some.contains(&note.who.slot))
        .copied()
        .collect();
    assert!(few.notes() == of_some, "numbers are the child's own");
}

#[test]
fn a_diary_holds_what_is_counted() {
    let small = small();
    let tape = small.tape(1, 3);
    let (tally, _, diary) = run(&small, &tape, Watch::Everyone);
    let since = |what: fn(&What) -> bool| {
        let notes = diary.notes().iter();
        notes
            .filter(|note| note.at >= years_after(1) && what(&note.what))
            .count() as u64
    };
    let counted = |count: Count| tally.count(count);
    assert!(counted(Count::Referrals) > 50);
    let referred = since(|what| matches!(what, What::Referred { .. }));
    assert_eq!(referred, counted(Count::Referrals));
    let helped = since(|what| matches!(what, What::HelpBegins { .. }));
    assert_eq!(helped, counted(Count::HelpStarts));
    let harm = since(|what| matches!(what, What::Harm { .. }));
    assert_eq!(harm, counted(Count::Harm));
    let silent = since(|what| matches!(what, What::Lost { silently: true, .. }));
    assert_eq!(silent, counted(Count::SilentLosses));
    let wrong = since(|what| matches!(what, What::WrongDoor { .. }));
    assert_eq!(wrong, counted(Count::WrongDoors));
    let carried_over = |carried: bool| {
        let notes = diary.notes().iter();
        let missed = notes.filter(|note| match note.what {
            What::Missed { carried_over, .. } => {
                carried_over == carried && note.at >= years_after(1)
            }
            _ => false,
        });
        missed.count() as u64
    };
    assert_eq!(carried_over(false), counted(Count::KnownMissed));
    assert_eq!(carried_over(true), counted(Count::CarriedOverMissed));
    let begun = since(|what| {
        matches!(
            what,
            What::Ended {
                end: HandoffEnd::Begun,
                ..
            }
        )
    });
    assert!(begun > 50);
}
