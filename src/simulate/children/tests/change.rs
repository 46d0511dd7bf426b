//! The change and relations: who is what to whom at which moment, and what comes into force when.

use std::sync::Arc;

use super::small::{Small, years_after};
use crate::engine::Instant;
use crate::measures::{Count, Stage};
use crate::model::{AreaId, Structure};
use crate::scenario::Mechanism;
use crate::simulate::children::tape::Happening;
use crate::simulate::children::{ChildrenTape, ChildrenTrial};
use crate::simulate::{Tally, Trial};

const DAY: u32 = 86_400;
/// The time in which relations mature here.
const MATURES: f64 = 1_000.0;
const MATURING: [&str; 4] = [
    "relations.beta=50%",
    "relations.mean=80%",
    "relations.effort_raises=30%",
    "relations.matures=1000 days",
];

fn maturity(days: u32) -> f64 {
    1.0 - libm::exp(-f64::from(days) / MATURES)
}

#[track_caller]
fn check_equal(what: &str, is: f64, expected: f64) {
    assert!(
        (is - expected).abs() < 1e-12,
        "{what}: {is}, not {expected}"
    );
}

/// Observes from the end of the first year and decides on a structure then.
fn decided<'a>(small: &'a Small, tape: &'a ChildrenTape, structure: usize) -> ChildrenTrial<'a> {
    let mut trial = small.begin(tape, 0);
    trial.run_until(years_after(1));
    trial.begin_observing();
    trial.decide((&small.ground, tape), &small.structures[structure]);
    trial
}

#[test]
fn relations_with_new_neighbours_grow_from_nothing() {
    let small = Small::only(
        &[Mechanism::Relations],
        r#"["local-trust+statutory", "partnering"]"#,
        (1, 100, 1_000.0),
        &MATURING,
    );
    let tape = small.tape(0, 6);
    let place = |id: &str| small.place(id, 0);
    let factor = |r: f64| (1.0 - 0.5 * r) / (1.0 - 0.5 * 0.8);
    let mut trust = decided(&small, &tape, 1);
    let mut partners = decided(&small, &tape, 2);
    for days in [0, 1, 200, 1_000, 1_700] {
        let at = years_after(1).after(days * DAY);
        trust.run_until(at);
        partners.run_until(at);
        // Schools and GPs meet a new body; those within it always were neighbours.
        for from in ["school", "gp", "police"] {
            let is = trust.relations_between(place(from), place("camhs"));
            check_equal(from, is, factor(0.8 * maturity(days)));
        }
        let within = trust.relations_between(place("sen-support"), place("camhs"));
        check_equal("within the trust", within, 1.0);
        // Partners raise the ceiling by 30% of what is missing to 1; sources outside are no partners.
        let is = partners.relations_between(place("school"), place("camhs"));
        let r = 0.8 + 0.2 * 0.3 * maturity(days);
        check_equal("partners", is, factor(r));
        let is = partners.relations_between(place("gp"), place("camhs"));
        check_equal("no partner", is, 1.0);
    }
}

#[test]
fn those_newly_under_one_roof_come_closer_in_time() {
    let on = [Mechanism::Relations, Mechanism::Organisations];
    let structures = r#"["local-trust+statutory", "care-trust+statutory"]"#;
    let small = Small::only(&on, structures, (1, 100, 1_000.0), &MATURING);
    let tape = small.tape(0, 7);
    let (from, to) = (small.place("speech-therapy", 0), small.place("camhs", 0));
    let (apart, inner) = (1.0, 0.4);
    let mut trial = decided(&small, &tape, 1);
    let grown = |was: f64, days: u32| was + (inner - was) * maturity(days);
    for days in [0, 1, 200, 500] {
        trial.run_until(years_after(1).after(days * DAY));
        let is = trial.closeness_between(from, to);
        check_equal("closeness", is, grown(apart, days));
    }
    // A second decision on the same trust changes nothing; one on another trust goes on from here.
    let mut same = trial.clone();
    same.decide((&small.ground, &tape), &small.structures[1]);
    trial.decide((&small.ground, &tape), &small.structures[2]);
    let had = grown(apart, 500);
    for days in [0, 300, 900] {
        let at = years_after(1).after((500 + days) * DAY);
        same.run_until(at);
        trial.run_until(at);
        let is = same.closeness_between(from, to);
        check_equal("the same again", is, grown(apart, 500 + days));
        let is = trial.closeness_between(from, to);
        check_equal("another trust", is, grown(had, days));
    }
}

#[test]
fn without_time_to_mature_closeness_is_there_at_once() {
    let small = Small::only(
        &[Mechanism::Organisations],
        r#"["local-trust+statutory"]"#,
        (1, 100, 1_000.0),
        &[],
    );
    let tape = small.tape(0, 3);
    let trial = decided(&small, &tape, 1);
    let is = trial.closeness_between(small.place("speech-therapy", 0), small.place("camhs", 0));
    assert_eq!(is.to_bits(), 0.4_f64.to_bits());
}

const BUILT: [&str; 7] = [
    "change.lead_time=100 days",
    "change.build.front_doors=50 days",
    "change.build.budgets=80 days",
    "change.build.assessment=110 days",
    "change.build.records=140 days",
    "change.build.workforce=170 days",
    "change.dip=0%",
];

/// Which partitions are those of a structure: organisations, front doors, budgets, assessment,
/// records, workforce.
fn in_force(trial: &ChildrenTrial<'_>, target: &Arc<Structure>) -> [bool; 6] {
    let now = &trial.structure;
    [
        now.organisations == target.organisations,
        now.front_doors == target.front_doors,
        now.budgets == target.budgets,
        now.assessment == target.assessment,
        now.records == target.records,
        now.workforce == target.workforce,
    ]
}

#[test]
fn partitions_come_into_force_on_their_days() {
    let small = Small::only(
        &[Mechanism::Change],
        r#"["local-trust+statutory"]"#,
        (1, 100, 1_000.0),
        &BUILT,
    );
    let tape = small.tape(0, 3);
    let mut trial = decided(&small, &tape, 1);
    let target = &small.structures[1];
    // From vesting day on one more partition each; the moment itself comes after `run_until` it.
    for (number, day) in [100, 150, 180, 210, 240, 270].into_iter().enumerate() {
        let at = years_after(1).after(day * DAY);
        trial.run_until(at);
        let built: Vec<bool> = (0..6).map(|part| part < number).collect();
        assert_eq!(in_force(&trial, target).to_vec(), built, "before day {day}");
        trial.run_until(at.after(1));
        let built: Vec<bool> = (0..6).map(|part| part <= number).collect();
        assert_eq!(in_force(&trial, target).to_vec(), built, "on day {day}");
    }
}

#[test]
fn a_second_decision_voids_what_the_first_one_planned() {
    let small = Small::only(
        &[Mechanism::Change],
        r#"["local-trust+statutory", "national-agency"]"#,
        (1, 100, 1_000.0),
        &BUILT,
    );
    let tape = small.tape(0, 4);
    for (second_on, first_has) in [(60, 0), (160, 2)] {
        let mut trial = decided(&small, &tape, 1);
        trial.run_until(years_after(1).after(second_on * DAY));
        let before = Arc::clone(&trial.structure);
        let trusts = in_force(&trial, &small.structures[1]);
        assert_eq!(trusts.iter().filter(|is| **is).count(), first_has);
        trial.decide((&small.ground, &tape), &small.structures[2]);
        trial.run_until(years_after(1).after((second_on + 100) * DAY));
        assert!(
            trial.structure == before,
            "nothing more is built until then"
        );
        trial.run_until(years_after(1).after((second_on + 100 + 171) * DAY));
        assert_eq!(in_force(&trial, &small.structures[2]), [true; 6]);
    }
}

const PLACES: &str = r#"["national-agency"]"#;

/// Places of every service in the first area.
fn places(trial: &ChildrenTrial<'_>) -> Vec<u32> {
    let services = trial.ground.world.service_ids();
    services
        .map(|service| trial.desks[trial.desk_number(AreaId::FIRST, service)].places)
        .collect()
}

/// What a national agency for child protection costs: its own service all of the dip, those it left
/// the part that their other partitions weigh, all others nothing.
#[test]
fn a_change_costs_capacity_by_what_changes() {
    let small = Small::only(
        &[Mechanism::Change],
        PLACES,
        (1, 100, 60_000.0),
        &[
            "change.lead_time=100 days",
            "change.blight=7%",
            "change.dip=40%",
            "change.dip_lasts=60 days",
            "change.dip_half_life=90 days",
            "change.extra_turnover=times 1",
            "change.weights.front_doors=10%",
            "change.weights.records=20%",
            "change.weights.budgets=0%",
            "change.weights.assessment=5%",
            "change.build.records=0 days",
        ],
    );
    let tape = small.tape(0, 4);
    let mut trial = small.begin(&tape, 0);
    trial.run_until(years_after(1));
    let whole = places(&trial);
    trial.begin_observing();
    trial.decide((&small.ground, &tape), &small.structures[1]);
    let check = |trial: &ChildrenTrial<'_>, left: &dyn Fn(&str) -> f64| {
        let services = &small.ground.world.services;
        for ((service, whole), now) in services.iter().zip(&whole).zip(places(trial)) {
            let Some(help) = &service.help else { continue };
            let desk =
                &trial.desks[trial.desk_number(AreaId::FIRST, small.service(service.id.as_str()))];
            let left = left(service.id.as_str());
            let expected = (desk.posts.help * help.caseload * left).round() as u32;
            assert_eq!(now, expected, "{}", service.id);
            // A small loss to a small service can round to nothing; no loss leaves all.
            assert!(
                now <= *whole && (left < 1.0 || now == *whole),
                "{}",
                service.id
            );
        }
    };
    check(&trial, &|id| {
        if id == "child-protection" { 0.93 } else { 1.0 }
    });
    let dip = |part: f64| {
        move |id: &str| match id {
            "child-protection" => 1.0 - 0.4 * part,
            "family-support" | "disabled-children" => 1.0 - 0.4 * (0.35 * part),
            _ => 1.0,
        }
    };
    let vested = years_after(1).after(100 * DAY);
    trial.run_until(vested.after(1));
    check(&trial, &dip(1.0));
    // Level for 60 days, then half of it fades in every 90; it is looked at once a month.
    for month in 4..=12 {
        let at = years_after(1).after(month * super::super::capacity::MONTH);
        trial.run_until(at.after(1));
        let fading = at.since(vested).saturating_sub(60 * DAY);
        check(
            &trial,
            &dip(libm::exp2(-f64::from(fading) / f64::from(90 * DAY))),
        );
    }
}

/// The tally of a year and a half that begins somewhere in the second year; with a decision on the
/// structure in force, or without any.
fn observed(small: &Small, tape: &ChildrenTape, from: Instant, decides: Option<usize>) -> Tally {
    let mut trial = small.begin(tape, 0);
    trial.run_until(from);
    trial.begin_observing();
    if let Some(structure) = decides {
        trial.decide((&small.ground, tape), &small.structures[structure]);
    }
    trial.run_until(years_after(3));
    Tally {
        events: 0,
        ..trial.finish().0
    }
}

/// A decision on what there is leaves no trace under any mechanism, even if something is on the tape
/// for the very second of its vesting day.
#[test]
fn a_decision_on_what_there_is_leaves_no_trace() {
    let small = Small::only(
        Mechanism::ALL,
        r#"["local-trust+statutory"]"#,
        (2, 1_500, 2_000.0),
        &["change.lead_time=30 days"],
    );
    let tape = small.tape(0, 3);
    let on_tape = |wanted: fn(&Happening) -> bool| {
        let mut entries = tape.tape.entries();
        let entry =
            entries.find(|entry| entry.at > years_after(1).after(30 * DAY) && wanted(&entry.what));
        entry.map(|entry| Instant::at(entry.at.seconds() - 30 * DAY))
    };
    let moments = [
        on_tape(|it| matches!(it, Happening::Contact { .. })),
        on_tape(|it| matches!(it, Happening::Moves { .. })),
        on_tape(|it| matches!(it, Happening::NeedBegins { .. })),
        on_tape(|it| matches!(it, Happening::Leaves)),
    ];
    for from in moments {
        let from = from.expect("a year has all of these");
        let without = observed(&small, &tape, from, None);
        assert!(without == observed(&small, &tape, from, Some(0)));
        assert!(without != observed(&small, &tape, from, Some(1)));
    }
}

/// The twin of the baseline differs from it by one referral that is held back, and by nothing but
/// what follows from that.
#[test]
fn a_referral_that_is_held_back_is_held_back() {
    let small = Small::only(&[], "[]", (1, 1_500, 60_000.0), &[]);
    let tape = small.tape(0, 3);
    let held_back = |seconds: u32| {
        let mut trial = small.begin(&tape, 0);
        trial.run_until(years_after(1));
        trial.begin_observing();
        trial.hold_back_a_referral(seconds);
        let referred = |trial: &ChildrenTrial<'_>| trial.tally.count(Count::Referrals);
        while referred(&trial) == 0 {
            trial.run_until(trial.now.after(60));
        }
        let handoffs = trial.stores.handoffs.numbers();
        let preparing = handoffs.filter(|number| {
            let handoff = &trial.stores.handoffs[*number];
            let is_new = trial.now.since(handoff.journey.decided) <= 60;
            is_new && handoff.journey.stage() == Stage::Preparation
        });
        let Some(number) = preparing.last() else {
            panic!("a referral is being prepared")
        };
        let from = trial.stores.handoffs[number].journey.decided;
        while trial.stores.handoffs[number].journey.stage() == Stage::Preparation {
            trial.run_until(trial.now.after(60));
        }
        trial.now.since(from)
    };
    let (plain, week) = (held_back(0), held_back(7 * DAY));
    assert_eq!(plain + 7 * DAY, week);
}
