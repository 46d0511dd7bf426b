//! Scripted children: what came of their occasions by hand, and how often nothing is noted against the
//! normal law.

use statrs::distribution::{Continuous, ContinuousCDF, Normal};

use super::small::{Small, years_after};
use crate::measures::{Fate, Step};
use crate::model::{Case, NeedId, Occasion, SourceId, World};
use crate::scenario::Id;
use crate::simulate::tally::CaseTally;
use crate::simulate::{Tally, Trial};
use crate::units::{Days, Factor};

const AREAS: u32 = 2;

fn days(days: f64) -> Days {
    Days::try_from(days).unwrap()
}

fn times(factor: f64) -> Factor {
    Factor::try_from(factor).unwrap()
}

fn need(world: &World, id: &str) -> NeedId {
    let found = world.needs.iter().position(|it| it.id.as_str() == id);
    NeedId::new(found.unwrap())
}

fn source(world: &World, id: &str) -> SourceId {
    let found = world.sources.iter().position(|it| it.id.as_str() == id);
    SourceId::new(found.unwrap())
}

/// A child at one level of need whom hospitals meet on these days, as clearly as this.
fn met_on(world: &World, children: u32, level: u8, met: &[(f64, f64)]) -> Case {
    let protection = need(world, "protection");
    Case {
        id: Id::new("met"),
        children,
        age: 8,
        begins: days(10.0),
        lasts: days(340.0),
        need: protection,
        levels: vec![(days(0.0), protection, level)],
        occasions: met
            .iter()
            .map(|(day, clearer)| Occasion {
                day: days(*day),
                met_by: source(world, "hospital"),
                clearer: times(*clearer),
                concludes: Factor::ZERO,
                moves: false,
            })
            .collect(),
    }
}

/// Twenty children in each area who cannot be overlooked.
pub(super) fn met_often(world: &World) -> Case {
    met_on(
        world,
        20,
        3,
        &[(1.0, GLARING), (50.0, GLARING), (300.0, 1.0)],
    )
}

/// Room for all, nothing lost, and nobody errs about a level.
const CERTAIN: [&str; 8] = [
    "handoff.silent_loss=0%",
    "handoff.detected_loss=0%",
    "handoff.wrong_door=0%",
    "perception.screening=0",
    "perception.assessment=0",
    "presentation.spread=0",
    "area_spread.thresholds=0",
    "rationing.rises=0",
];

/// What was counted in the year in which a script is played.
fn played(set: &[&str], children: u32, script: impl Fn(&World) -> Case) -> Tally {
    let all: Vec<&str> = CERTAIN.iter().chain(set).copied().collect();
    let small = Small::changed(AREAS, 200, 50.0 * 60_000.0, &all, |world| {
        world.cases = vec![script(world)];
    });
    assert_eq!(
        small.ground.world.cases[0].children, children,
        "as many as the test counts"
    );
    let tape = small.tape(0, 1);
    let mut trial = small.begin(&tape, 0);
    trial.begin_observing();
    trial.run_until(years_after(1));
    trial.finish().0
}

/// Eight children are met twice in each area; every one of them must fare so.
#[track_caller]
fn check_fates(level: u8, clearer: f64, set: &[&str], fates: [Fate; 2]) -> CaseTally {
    let tally = played(set, 8, |world| {
        met_on(world, 8, level, &[(1.0, clearer), (200.0, clearer)])
    });
    let case = tally.cases[0].clone();
    let all = u64::from(8 * AREAS);
    assert_eq!(case.children, all);
    for (occasion, fate) in case.occasions.iter().zip(fates) {
        assert_eq!(occasion.reached[0], all);
        assert_eq!(
            occasion.fates[fate.index()],
            all,
            "{:?}, not {fate:?}",
            occasion.fates
        );
        assert_eq!(occasion.alone, all / 2);
    }
    case
}

/// A sign that nobody can overlook.
const GLARING: f64 = 1_000.0;

#[test]
fn a_glaring_sign_is_referred_and_helped_and_the_next_finds_the_case_in_hand() {
    let case = check_fates(3, GLARING, &[], [Fate::Helped, Fate::InHand]);
    assert_eq!(case.reached[Step::Helped.index()], case.children);
    assert_eq!(case.occasions[0].first_help, case.children);
    assert_eq!(case.occasions[0].helped_before, 0);
    assert_eq!(case.occasions[1].helped_before, case.children);
    for occasion in &case.occasions {
        assert_eq!(occasion.reached_alone[Step::Helped.index()], occasion.alone);
    }
    assert!(case.seconds_to_help > 0);
}

#[test]
fn a_sign_that_nobody_can_see_is_not_noted() {
    let set = ["outside.hospital.meets.notes_above=50"];
    let case = check_fates(3, 0.0, &set, [Fate::NotNoted, Fate::NotNoted]);
    assert_eq!(case.reached[Step::Noted.index()], 0);
    assert_eq!(case.seconds_to_help, 0);
}

#[test]
fn what_is_noted_can_be_too_little_to_refer() {
    let set = ["outside.hospital.meets.refers_above.protection=1000000000"];
    let case = check_fates(3, GLARING, &set, [Fate::NotEnough, Fate::NotEnough]);
    assert_eq!(case.reached[Step::Noted.index()], case.children);
    assert_eq!(case.reached[Step::Referred.index()], 0);
}

#[test]
fn every_later_step_can_fail_as_well() {
    let rejected = ["service.child-protection.screening.threshold=2.5"];
    let case = check_fates(2, GLARING, &rejected, [Fate::TurnedAway, Fate::TurnedAway]);
    assert_eq!(case.reached[Step::Accepted.index()], 0);

    let lost = ["handoff.silent_loss=100%"];
    let case = check_fates(3, GLARING, &lost, [Fate::Lost, Fate::Lost]);
    assert_eq!(case.reached[Step::Referred.index()], case.children);

    let not_found = ["perception.help_from=2.5"];
    let case = check_fates(2, GLARING, &not_found, [Fate::NotFound, Fate::NotFound]);
    assert_eq!(case.reached[Step::Assessed.index()], case.children);
    assert_eq!(case.reached[Step::Planned.index()], 0);

    let slow = ["handoff.preparation=exactly 400 days"];
    check_fates(3, GLARING, &slow, [Fate::Unfinished, Fate::InHand]);
}

#[test]
fn a_label_keeps_what_follows_from_being_enough() {
    // One signal of 4 is worth 0.65 * 2 * 4 - 0.65^2 * 2 = 4.36 (protection at level 2).
    let refers = ["records.conclusion=1", "records.half_life=100 years"];
    let referred = |concludes: f64| {
        let tally = played(&refers, 100, |world| {
            let mut case = met_on(world, 100, 3, &[(1.0, 0.0), (30.0, 2.0)]);
            case.occasions[0].concludes = times(concludes);
            case
        });
        tally.cases[0].occasions[1].reached[Step::Referred.index()]
    };
    let (free, labelled, firmly) = (referred(0.0), referred(2.0), referred(1e6));
    assert!(
        free > labelled && labelled > firmly,
        "{free} {labelled} {firmly}"
    );
    assert_eq!(firmly, 0);
}

#[test]
fn a_family_that_moves_leaves_behind_what_was_noted() {
    let set = [
        "outside.hospital.meets.refers_above.protection=6",
        "records.half_life=100 years",
    ];
    // Two signals of about 5 are together more than 6 where one is not.
    let referred = |moves: bool| {
        let tally = played(&set, 200, |world| {
            let mut case = met_on(world, 200, 3, &[(1.0, 1.3), (30.0, 1.3)]);
            case.occasions[1].moves = moves;
            case
        });
        let case = &tally.cases[0];
        (
            case.occasions[0].reached[Step::Referred.index()],
            case.occasions[1].reached[Step::Referred.index()],
        )
    };
    let (stays, moves) = (referred(false), referred(true));
    assert_eq!(stays.0, moves.0, "the first occasion is the same");
    assert!(stays.1 > 2 * moves.1, "{stays:?} {moves:?}");
}

/// Compares the share of children whose need is never noted on twelve occasions with the normal law:
/// the chance of it given what lasts of presentation, averaged over that.
#[track_caller]
fn check_never_noted(spread: f64, alike: f64) -> f64 {
    const CHILDREN: u32 = 3_000;
    const OCCASIONS: usize = 12;
    let (signal, level, notes_above) = (0.65, 2.0, 3.2);
    let set = [
        format!("presentation.spread={spread}"),
        format!("presentation.alike={alike}"),
        // So long that nobody's presentation changes within the script but one in a hundred.
        "presentation.lasts=100 years".to_owned(),
        format!("outside.hospital.meets.notes_above={notes_above}"),
        // Whatever is noted is referred, and nobody has the case by the next day but one.
        "outside.hospital.meets.refers_above.protection=0".to_owned(),
        "referral.pause=0 days".to_owned(),
    ];
    let set: Vec<&str> = set.iter().map(String::as_str).collect();
    let met: Vec<(f64, f64)> = (0..OCCASIONS).map(|it| (2.0 * it as f64, 1.0)).collect();
    let tally = played(&set, CHILDREN, |world| met_on(world, CHILDREN, 2, &met));
    let case = &tally.cases[0];
    let children = case.children as f64;
    let never = |step: Step| 1.0 - case.reached[step.index()] as f64 / children;
    assert!((never(Step::Noted) - never(Step::Referred)).abs() < 1e-12);

    let normal = Normal::standard();
    let lasting = spread * alike.sqrt();
    let noise = (1.0 + spread * spread * (1.0 - alike)).sqrt();
    let noted = |shift: f64| 1.0 - normal.cdf((notes_above - signal * level - shift) / noise);
    // The trapezium rule over ten standard deviations: its error is far below any tolerance here.
    let (mut joint, mut single) = (0.0, 0.0);
    const STEPS: i32 = 4_000;
    for step in -STEPS..=STEPS {
        let z = f64::from(step) * 10.0 / f64::from(STEPS);
        let weight = normal.pdf(z) * 10.0 / f64::from(STEPS);
        let q = noted(lasting * z);
        joint += weight * (1.0 - q).powi(OCCASIONS as i32);
        single += weight * q;
    }
    let error = (joint * (1.0 - joint) / children).sqrt();
    let found = never(Step::Noted);
    // Sixty-four equally likely values stand for the normal law of what lasts.
    assert!(
        (found - joint).abs() < 4.0 * error + 0.003,
        "spread {spread}, alike {alike}: {found} never noted, not {joint} ± {error}"
    );
    assert!(error < 0.01, "too few children to tell right from wrong");

    let alone: u64 = case.occasions.iter().map(|it| it.alone).sum();
    let noted_alone: u64 = case
        .occasions
        .iter()
        .map(|it| it.reached_alone[Step::Noted.index()])
        .sum();
    let share = noted_alone as f64 / alone as f64;
    let error = (single * (1.0 - single) / alone as f64).sqrt();
    assert!(
        (share - single).abs() < 4.0 * error + 0.001,
        "spread {spread}, alike {alike}: {share} noted alone, not {single} ± {error}"
    );
    found
}

#[test]
fn independent_occasions_are_all_missed_as_often_as_the_product_says() {
    check_never_noted(0.0, 1.0);
    check_never_noted(1.0, 0.0);
}

#[test]
fn occasions_that_see_alike_are_all_missed_as_often_as_the_integral_says() {
    let anew = check_never_noted(1.0, 0.0);
    let half = check_never_noted(1.0, 0.5);
    let alike = check_never_noted(1.0, 1.0);
    assert!(anew < half && half < alike, "{anew} {half} {alike}");
}
