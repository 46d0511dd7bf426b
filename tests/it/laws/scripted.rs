//! Scripted children in whole studies: everyone is counted once, neutral structures treat them alike,
//! and nothing about them depends on threads.

use seamline::experiment::results::{CaseTally, Tally};
use seamline::measures::{Fate, Step};

use super::neutral::{check_alike, neutral_study};
use super::small::{SmallStudy, run_on, tallies};

const SCRIPT: &str = r#"
[case.often-met]
children = 15
age      = 6
begins   = "100 days"
lasts    = "400 days"
need     = "protection"
level.first = { day = "0 days", need = "protection", level = 2 }
level.then  = { day = "90 days", need = "protection", level = 3 }
level.home  = { day = "0 days", need = "family", level = 2 }
occasion.school  = { day = "5 days", met_by = "school", concludes = "times 5" }
occasion.police  = { day = "60 days", met_by = "police" }
occasion.moved   = { day = "120 days", met_by = "public", moves = true, clearer = "times 2" }
occasion.ward    = { day = "200 days", met_by = "hospital", clearer = "times 2" }
occasion.officer = { day = "390 days", met_by = "voluntary" }
"#;

fn study() -> SmallStudy {
    SmallStudy {
        tables: SCRIPT,
        ..SmallStudy::default()
    }
}

fn case(tally: &Tally) -> &CaseTally {
    &tally.cases[0]
}

#[test]
fn every_child_and_every_occasion_is_counted_once() {
    let results = study().run();
    assert_eq!(results.cases[0].occasions.len(), 5);
    let ids: Vec<&str> = (results.cases[0].occasions.iter())
        .map(|it| it.id.as_str())
        .collect();
    assert_eq!(ids, ["school", "police", "moved", "ward", "officer"]);
    let (mut fates, mut helped) = ([0; Fate::COUNT], 0);
    for (what, tally) in tallies(&results) {
        let case = case(tally);
        assert_eq!(case.children, 2 * 15, "{what}");
        assert!(case.reached.is_sorted_by(|a, b| a >= b), "{what}");
        let alone: u64 = case.occasions.iter().map(|it| it.alone).sum();
        assert_eq!(alone, case.children, "{what}");
        let first: u64 = case.occasions.iter().map(|it| it.first_help).sum();
        assert_eq!(first, case.reached[Step::Helped.index()], "{what}");
        let mut before = 0;
        for occasion in &case.occasions {
            assert_eq!(occasion.reached[0], case.children, "{what}");
            assert_eq!(occasion.fates.iter().sum::<u64>(), case.children, "{what}");
            assert!(occasion.reached.is_sorted_by(|a, b| a >= b), "{what}");
            let helped = occasion.reached[Step::Helped.index()];
            assert_eq!(occasion.fates[Fate::Helped.index()], helped, "{what}");
            assert!(occasion.helped_before >= before, "{what}");
            assert!(occasion.first_help <= helped, "{what}");
            before = occasion.helped_before;
            for (sum, fate) in fates.iter_mut().zip(occasion.fates) {
                *sum += fate;
            }
        }
        helped += case.reached[Step::Helped.index()];
    }
    assert!(helped > 0, "nobody was helped");
    for fate in [Fate::NotNoted, Fate::NotEnough, Fate::InHand, Fate::Helped] {
        assert!(fates[fate.index()] > 0, "nothing was {}", fate.label());
    }
}

#[test]
fn with_neutral_values_every_structure_treats_scripted_children_alike() {
    let study = SmallStudy {
        tables: SCRIPT,
        ..neutral_study()
    };
    let results = study.run();
    check_alike(&results);
    assert!(tallies(&results).all(|(_, tally)| case(tally).children > 0));
}

#[test]
fn scripted_children_are_the_same_on_one_thread_and_on_two() {
    let scenario = study().scenario();
    assert!(run_on(&scenario, 1) == run_on(&scenario, 2));
}

/// They stand beside the children of the areas: those are as many as before.
#[test]
fn scripted_children_are_no_children_of_an_area() {
    let (with, without) = (study().run(), SmallStudy::default().run());
    for ((what, with), (_, without)) in tallies(&with).zip(tallies(&without)) {
        assert_eq!(with.child_seconds, without.child_seconds, "{what}");
        assert!(without.cases.is_empty());
    }
}

#[test]
fn a_script_can_be_changed_on_the_command_line_and_in_a_study_that_builds_on_it() {
    let set = study().and(&[
        "case.often-met.occasion.ward.clearer=times 1000",
        "case.often-met.children=4",
    ]);
    let results = set.run();
    for (what, tally) in tallies(&results) {
        let case = case(tally);
        assert_eq!(case.children, 8, "{what}");
        let ward = &case.occasions[3];
        assert_eq!(ward.reached[Step::Noted.index()], 8, "{what}");
    }
}
