//! Every mechanism: off it leaves no trace, on alone it moves its own stages, more of it goes the way
//! it is said to; who must take part, and equal structures under every mechanism.

use seamline::experiment::results::{Results, Tally};
use seamline::measures::{Count, HandoffKind, Outcome, Stage};
use seamline::scenario::{Kind, Mechanism};

use super::neutral::{check_alike, differences, without_kinds};
use super::neutral_values::neutral_values;
use super::small::{SmallStudy, run_on, total};

/// Structures that between them ask for every mechanism.
const ALL_KINDS: &str = r#"["local-trust+co-ordinator", "national-agency", "laming", "care-trust", "partnering", "local-trust+multi-agency-team", "fragmented+shared-records"]"#;

/// A small study of those structures in which families move often and some services are short of
/// staff, each for other work.
fn busy() -> SmallStudy {
    SmallStudy {
        structures: ALL_KINDS,
        posts_for: 10_000.0,
        trials: 2,
        ..SmallStudy::with(&[
            "area.typical-council-2003.moves=30% per year",
            "records.conclusion=1",
            "oversight.board.sees=60%",
            "oversight.board.finds=90%",
        ])
    }
    .scarce(1.0)
}

impl SmallStudy {
    /// So much of the few posts of some services.
    fn scarce(self, factor: f64) -> Self {
        let posts = [
            ("camhs.help", 0.2),
            ("speech-therapy.help", 0.15),
            ("family-support.help", 0.8),
            ("family-support.assessment", 0.2),
        ];
        let set = posts.map(|(what, posts)| {
            format!("area.typical-council-2003.posts.{what}={}", posts * factor)
        });
        self.and(&set.each_ref().map(String::as_str))
    }
}

// Everything off.

fn everything_off() -> SmallStudy {
    SmallStudy {
        structures: r#"["local-trust", "national-agency", "service-hub", "laming", "care-trust", "partnering", "local-trust+voluntary", "local-trust+multi-agency-team", "fragmented+co-ordinator", "fragmented then local-trust"]"#,
        tables: "second_decision = \"1 year\"\n",
        trials: 2,
        ..SmallStudy::default()
    }
    .only(&[])
}

#[test]
fn with_everything_off_all_structures_give_identical_histories() {
    check_alike(&everything_off().run());
}

#[test]
fn with_everything_off_all_are_alike_however_crowded_and_whenever_they_part() {
    for start in ["decision day", "established"] {
        let crowded = SmallStudy {
            posts_for: 1_000.0,
            start,
            ..everything_off().and(&["area.typical-council-2003.moves=30% per year"])
        };
        check_alike(&crowded.run());
    }
}

// Off is off to the bit.

/// The tallies of all trials and structures, but for the events that led to them: a look at which
/// nothing is seen is an event.
fn histories(results: &Results) -> Vec<Tally> {
    let all = results.trials.iter().flatten().cloned();
    all.map(|tally| Tally { events: 0, ..tally }).collect()
}

#[track_caller]
fn check_histories(what: &str, one: &Results, other: &Results) {
    for (one, other) in histories(one).iter().zip(&histories(other)) {
        assert!(one == other, "{what}: {:#?}", differences(one, other));
    }
}

#[test]
fn a_mechanism_that_is_off_is_one_at_its_neutral_value() {
    let on = busy().run();
    for mechanism in Mechanism::ALL {
        let off = busy().without(&[*mechanism]).run();
        assert!(
            histories(&on) != histories(&off),
            "{} makes no difference, so this shows nothing",
            mechanism.id()
        );
        if let Some(mut values) = neutral_values(*mechanism) {
            let mut neutral = busy();
            neutral.set.append(&mut values);
            check_histories(mechanism.id(), &off, &neutral.run());
        }
    }
}

/// Without vacancies as many posts are filled as would be on average.
#[test]
fn without_vacancies_the_posts_are_those_that_would_be_filled() {
    let off = busy().without(&[Mechanism::Vacancies]).run();
    let services = [
        "child-protection",
        "family-support",
        "disabled-children",
        "sen-support",
        "speech-therapy",
        "camhs",
    ];
    let mut filled = SmallStudy {
        filled: 1.0 - 0.11,
        ..busy()
            .scarce(1.0 - 0.11)
            .and(&["workforce.turnover=0 per year"])
    };
    let vacant = services.map(|it| format!("area.typical-council-2003.posts.{it}.vacant=0%"));
    filled.set.extend(vacant);
    check_histories("vacancies", &off, &filled.run());
}

/// A parameter file that never states a mechanism is one in which it is off.
#[test]
fn a_mechanism_that_is_off_is_one_that_no_file_states() {
    // Overlays that put factors on these tables need them.
    let busy = || SmallStudy {
        structures: r#"["local-trust+co-ordinator", "national-agency", "laming", "partnering"]"#,
        ..busy()
    };
    let without_tables = |tables: &[&str]| {
        busy().run_changed(|kind, _, file| {
            if kind == Kind::Parameters {
                for table in tables {
                    file.remove(*table);
                }
            }
        })
    };
    for (mechanisms, tables) in [
        (vec![Mechanism::JointSteps], vec!["joint_step"]),
        (vec![Mechanism::Relations], vec!["relations"]),
        (vec![Mechanism::BudgetMoves], vec!["budget_moves"]),
        (vec![Mechanism::AreaSpread], vec!["area_spread"]),
        (vec![Mechanism::Change], vec!["change"]),
        (vec![Mechanism::Deadline], vec!["deadline"]),
        (vec![Mechanism::Rationing], vec!["rationing"]),
        (vec![Mechanism::LeavingAge], vec!["leaving"]),
        (vec![Mechanism::Siblings], vec!["siblings"]),
    ] {
        let off = busy().without(&mechanisms).run();
        check_histories(tables[0], &off, &without_tables(&tables));
    }
    let patient = busy().run_changed(|kind, _, file| {
        if kind == Kind::Parameters {
            for (_, service) in file["service"].as_table_mut().unwrap().iter_mut() {
                service.as_table_mut().unwrap().remove("gives_up");
            }
        }
    });
    let off = busy().without(&[Mechanism::GivingUp]).run();
    check_histories("gives_up", &off, &patient);
}

// Each alone.

/// Where a mechanism alone must make a difference.
enum Shows {
    /// Between structures.
    BetweenStructures,
    /// Between a study with it and one without, under the baseline already.
    AnywhereAtAll,
    /// Beside this other one, in any structure.
    Beside(Mechanism),
}

fn shows(mechanism: Mechanism) -> Shows {
    match mechanism {
        Mechanism::Organisations
        | Mechanism::Records
        | Mechanism::Budgets
        | Mechanism::Assessment
        | Mechanism::FrontDoors
        | Mechanism::BudgetMoves
        | Mechanism::Moves
        | Mechanism::Oversight
        | Mechanism::AreaSpread
        | Mechanism::Change => Shows::BetweenStructures,
        // Where no delay differs, only those who become new neighbours tell.
        Mechanism::Relations => Shows::BetweenStructures,
        Mechanism::JointSteps
        | Mechanism::Vacancies
        | Mechanism::WorkerChanges
        | Mechanism::Deadline
        | Mechanism::Rationing
        | Mechanism::GivingUp
        | Mechanism::LeavingAge
        | Mechanism::Siblings
        | Mechanism::Losses
        | Mechanism::Presentation
        | Mechanism::Conclusions => Shows::AnywhereAtAll,
        Mechanism::LeadProfessional => Shows::Beside(Mechanism::Losses),
        Mechanism::Workforce => Shows::Beside(Mechanism::Vacancies),
        Mechanism::Adoption => Shows::Beside(Mechanism::Organisations),
        Mechanism::Overheads => Shows::Beside(Mechanism::Oversight),
    }
}

/// Seconds that begun handoffs spent in a stage, all structures together.
fn seconds_in(results: &Results, stage: Stage) -> u64 {
    let pairs = results.trials.iter().flatten().flat_map(|it| &it.pairs);
    pairs.map(|pair| pair.stage_seconds[stage.index()]).sum()
}

#[test]
fn each_mechanism_alone_makes_a_difference_and_moves_its_own_stages_only() {
    // Handoffs within 60 days count as stalled too, or oversight had nothing to find.
    let study = || SmallStudy {
        children: 4_000,
        ..busy().and(&[
            "oversight.board.stalled_after=10 days",
            "adoption.joins=50%",
        ])
    };
    let none = study().only(&[]).run();
    for mechanism in Mechanism::ALL.iter().copied() {
        let (on, without) = match shows(mechanism) {
            Shows::Beside(other) => {
                let on = [mechanism, other];
                (on.to_vec(), study().only(&[other]).run())
            }
            _ => (vec![mechanism], none.clone()),
        };
        let results = study().only(&on).run();
        let id = mechanism.id();
        match shows(mechanism) {
            Shows::BetweenStructures => {
                let parted = results.trials.iter().any(|trial| {
                    let baseline = without_kinds(&trial[0]);
                    trial.iter().any(|it| without_kinds(it) != baseline)
                });
                assert!(parted, "{id} makes no difference between structures");
            }
            Shows::AnywhereAtAll => {
                let [with, without] =
                    [&results, &without].map(|it| without_kinds(&it.trials[0][0]));
                assert!(with != without, "{id} makes no difference");
            }
            Shows::Beside(other) => {
                let differs = histories(&results) != histories(&without);
                assert!(differs, "{id} makes no difference beside {}", other.id());
            }
        }
        for (stage, owner) in [
            (Stage::Funding, Mechanism::Budgets),
            (Stage::Information, Mechanism::Records),
            (Stage::Chasing, Mechanism::Losses),
            (Stage::OthersPart, Mechanism::JointSteps),
        ] {
            let seconds = seconds_in(&results, stage);
            let has_it = on.contains(&owner);
            assert_eq!(seconds > 0, has_it, "{id}: {seconds} s {}", stage.label());
        }
        for (count, owner) in [
            (Count::WorkerChanges, Mechanism::WorkerChanges),
            (Count::GaveUp, Mechanism::GivingUp),
            (Count::LeftWithNeed, Mechanism::LeavingAge),
            (Count::SiblingConcerns, Mechanism::Siblings),
            (Count::JointSteps, Mechanism::JointSteps),
            (Count::FoundByOversight, Mechanism::Oversight),
            (Count::SilentLosses, Mechanism::Losses),
            (Count::WrongDoors, Mechanism::FrontDoors),
        ] {
            let all: u64 = (0..results.structures.len())
                .map(|structure| total(&results, structure, count))
                .sum();
            let has_it = on.contains(&owner);
            assert_eq!(all > 0, has_it, "{id}: {all} {}", count.label());
        }
    }
}

// Signs.

/// Two areas of 4,000 children and four trials: counts of some hundreds, whose standard error is
/// their root at most, for the rungs are paired on the same children.
fn rungs_of(study: &SmallStudy, rungs: &[&[&str]], of: impl Fn(&Results) -> u64) -> Vec<u64> {
    let run = |set: &&[&str]| of(&study.clone().and(set).run());
    rungs.iter().map(run).collect()
}

/// No step down by more than 3 standard errors, and more than 3 up from the first to the last.
#[track_caller]
fn check_rises(what: &str, rungs: &[u64]) {
    let error = |count: u64| 3.0 * (count as f64).sqrt();
    for pair in rungs.windows(2) {
        let (one, next) = (pair[0] as f64, pair[1] as f64);
        assert!(next >= one - error(pair[0]), "{what} falls: {rungs:?}");
    }
    let (first, last) = (rungs[0], rungs[rungs.len() - 1]);
    assert!(
        last as f64 > first as f64 + error(first),
        "{what} hardly rises: {rungs:?}"
    );
}

fn larger(structures: &'static str, posts_for: f64, set: &[&str]) -> SmallStudy {
    SmallStudy {
        children: 4_000,
        posts_for,
        structures,
        trials: 4,
        ..SmallStudy::with(set)
    }
}

fn missed(structure: usize) -> impl Fn(&Results) -> u64 {
    move |results| total(results, structure, Count::KnownMissed)
}

const ROOMY: f64 = 200_000.0;

#[test]
fn slower_replies_never_mean_fewer_missed() {
    let study = larger("[]", ROOMY, &["information.limit=100 days"]);
    let rungs = rungs_of(
        &study,
        &[
            &["information.reply=exactly 0 days"],
            &["information.reply=exactly 30 days"],
            &["information.reply=exactly 90 days"],
        ],
        missed(0),
    );
    check_rises("missed", &rungs);
}

#[test]
fn longer_joint_steps_never_mean_fewer_missed() {
    let study = larger(
        "[]",
        ROOMY,
        &[
            "joint_step.enquiry.from_level=0.5",
            "joint_step.statement.from_level=0.5",
            "joint_step.enquiry.limit=200 days",
            "joint_step.statement.limit=200 days",
            "change.build.records=0 days",
        ],
    );
    let takes = |days: u32| {
        ["enquiry", "statement"].map(|it| format!("joint_step.{it}.takes=exactly {days} days"))
    };
    let runs = [0, 60, 180].map(|days| {
        let mut study = study.clone();
        study.set.extend(takes(days));
        study.run()
    });
    check_rises("missed", &runs.each_ref().map(missed(0)));
    let waited = runs.each_ref().map(|it| seconds_in(it, Stage::OthersPart));
    assert!(waited[0] == 0 && waited.is_sorted(), "{waited:?}");
}

#[test]
fn less_finding_by_lead_professionals_never_means_fewer_missed() {
    let study = SmallStudy {
        tables: "[structure.led]\nextends = \"fragmented\"\nname = \"A lead for all\"\n[structure.led.lead_professional]\nfor = \"all referred children\"\n",
        ..larger(
            r#"["led"]"#,
            ROOMY,
            &[
                "handoff.silent_loss=70%",
                "lead_professional.after=exactly 5 days",
            ],
        )
    };
    let finds: [&[&str]; 3] = [
        &["lead_professional.finds=100%"],
        &["lead_professional.finds=50%"],
        &["lead_professional.finds=0%"],
    ];
    check_rises("missed", &rungs_of(&study, &finds, missed(1)));
}

#[test]
fn less_finding_by_oversight_never_means_fewer_missed() {
    let study = larger(
        "[]",
        ROOMY,
        &[
            "handoff.silent_loss=40%",
            "oversight.inspection.looks_every=14 days",
            "oversight.inspection.finds=100%",
        ],
    );
    let sees: [&[&str]; 3] = [
        &["oversight.inspection.sees=100%"],
        &["oversight.inspection.sees=20%"],
        &["oversight.inspection.sees=0%"],
    ];
    check_rises("missed", &rungs_of(&study, &sees, missed(0)));
}

#[test]
fn a_deeper_dip_never_means_fewer_missed() {
    let set = ["change.lead_time=0 days", "change.dip_lasts=24 months"];
    let study = larger(r#"["local-trust+statutory"]"#, 4_500.0, &set);
    let dips: [&[&str]; 3] = [&["change.dip=0%"], &["change.dip=30%"], &["change.dip=80%"]];
    check_rises("missed", &rungs_of(&study, &dips, missed(1)));
}

#[test]
fn more_vacant_posts_never_mean_fewer_missed() {
    let study = larger("[]", 4_500.0, &[]);
    let rungs = ["0%", "30%", "70%"].map(|vacant| {
        let services = [
            "child-protection",
            "family-support",
            "camhs",
            "speech-therapy",
        ];
        let mut study = study.clone();
        let set =
            services.map(|it| format!("area.typical-council-2003.posts.{it}.vacant={vacant}"));
        study.set.extend(set);
        missed(0)(&study.run())
    });
    check_rises("missed", &rungs);
}

#[test]
fn more_changes_of_worker_never_mean_less_unmet_need() {
    let study = larger("[]", ROOMY, &["workforce.gap=exactly 30 days"]);
    let days = |results: &Results| total(results, 0, Count::UnmetKnownSeconds) / 86_400;
    let rates: [&[&str]; 3] = [
        &["workforce.worker_changes=0 per year"],
        &["workforce.worker_changes=1 per year"],
        &["workforce.worker_changes=6 per year"],
    ];
    let rungs = rungs_of(&study, &rates, days);
    check_rises("days of unmet need", &rungs);
}

#[test]
fn less_patience_never_means_fewer_who_give_up() {
    let study = larger("[]", ROOMY, &[]).scarce(1.0);
    let patience = |days: u32| {
        ["camhs", "speech-therapy"].map(|it| format!("service.{it}.gives_up=exactly {days} days"))
    };
    let rungs = [1_000, 120, 30].map(|days| {
        let mut study = study.clone();
        study.set.extend(patience(days));
        total(&study.run(), 0, Count::GaveUp)
    });
    check_rises("giving up", &rungs);
}

#[test]
fn higher_thresholds_of_a_full_door_never_mean_fewer_rejected() {
    let study = larger("[]", 1_500.0, &["rationing.at_most=1"]);
    let rises: [&[&str]; 3] = [
        &["rationing.rises=0"],
        &["rationing.rises=0.3"],
        &["rationing.rises=2"],
    ];
    let rejected = |results: &Results| total(results, 0, Count::Rejected);
    check_rises("rejected", &rungs_of(&study, &rises, rejected));
}

// Who must take part.

#[test]
fn who_all_join_might_as_well_have_to() {
    let results = SmallStudy {
        structures: r#"["local-trust", "bound-trust", "care-trust", "bound-care-trust"]"#,
        tables: r#"
[structure.bound-trust]
extends = "local-trust"
name    = "A trust that all must join"

[structure.bound-trust.adoption]
basis = "statutory"

[structure.bound-care-trust]
extends = "care-trust"
name    = "A care trust that all must join"

[structure.bound-care-trust.adoption]
basis = "statutory"
"#,
        ..SmallStudy::with(&["adoption.joins=100%", "adoption.slope=0"])
    }
    .run();
    for trial in &results.trials {
        assert!(trial[1] != trial[0], "the trust makes no difference at all");
        for pair in [1, 3] {
            let differ = differences(&trial[pair], &trial[pair + 1]);
            assert!(trial[pair] == trial[pair + 1], "{differ:#?}");
        }
    }
}

#[test]
fn where_nobody_joins_everything_stays_as_it_was() {
    for start in ["decision day", "established"] {
        let results = SmallStudy {
            start,
            structures: r#"["local-trust+voluntary", "care-trust+voluntary", "laming+voluntary", "partnering+voluntary", "local-trust+co-ordinator", "one-room"]"#,
            tables: r#"
[structure.one-room]
extends = "local-trust"
name    = "A trust with a team"

[structure.one-room.teams]
protection = ["child-protection", "family-support", "health-visiting", "police"]
"#,
            ..SmallStudy::with(&["adoption.joins=0%", "adoption.slope=0"])
        }
        .run();
        for trial in &results.trials {
            for (tally, structure) in trial.iter().zip(&results.structures).skip(1) {
                let differ = differences(&trial[0], tally);
                assert!(trial[0] == *tally, "{}, {start}: {differ:#?}", structure.id);
            }
        }
        let baseline = &results.means[0];
        for means in &results.means {
            assert_eq!(means.front_line, baseline.front_line);
        }
    }
}

/// The better the local relations the likelier a partner joins: with a steep slope, those whose
/// relation is below the mean stay out and those above it join.
#[test]
fn partners_join_more_often_the_likelier_it_is() {
    let internal = |joins: &str| -> u64 {
        let results = SmallStudy {
            structures: r#"["local-trust+voluntary"]"#,
            ..SmallStudy::with(&[
                &format!("adoption.joins={joins}"),
                "adoption.slope=0",
                "change.lead_time=0 days",
                // Of those in the trust they refer to it most.
                "service.health-visiting.meets.rate=5 per year",
            ])
        }
        .run();
        let inside = HandoffKind::Internal.index();
        let trials = results.trials.iter().map(|trial| &trial[1]);
        let pairs = trials.flat_map(|it| {
            &it.pairs[inside * it.pairs.len() / HandoffKind::COUNT..]
                [..it.pairs.len() / HandoffKind::COUNT]
        });
        pairs.map(|pair| pair.started).sum()
    };
    let rungs = ["0%", "50%", "100%"].map(internal);
    check_rises("internal handoffs", &rungs);
}

// Common random numbers with every mechanism on.

#[test]
fn the_baseline_under_another_name_is_the_baseline_under_every_mechanism() {
    let scenario = SmallStudy {
        structures: r#"["renamed", "renamed then fragmented", "local-trust"]"#,
        tables: "second_decision = \"1 year\"\n[structure.renamed]\nextends = \"fragmented\"\nname = \"The same\"\n",
        ..busy()
    }
    .scenario();
    let results = run_on(&scenario, 1);
    for (tally, structure) in results.trials[0].iter().zip(&results.structures).take(3) {
        let same = Tally {
            events: 0,
            ..tally.clone()
        } == Tally {
            events: 0,
            ..results.trials[0][0].clone()
        };
        assert!(same, "{}", structure.id);
    }
    assert!(results.trials[0][3] != results.trials[0][0]);
    assert!(results == run_on(&scenario, 2), "threads change a result");
}

/// A referral held back by a week changes who stands where in queues, and little else.
#[test]
fn the_twin_of_the_baseline_churns_a_little_and_always_alike() {
    let study = SmallStudy {
        children: 4_000,
        posts_for: 3_000.0,
        trials: 4,
        structures: r#"["local-trust"]"#,
        ..SmallStudy::default()
    };
    let results = study.run();
    assert_eq!(results.churn.len(), 4);
    assert_eq!(results.churn, study.run().churn);
    for (churn, trial) in results.churn.iter().zip(&results.trials) {
        let all: u64 = churn.iter().flatten().sum();
        let diagonal: u64 = (0..Outcome::COUNT).map(|at| churn[at][at]).sum();
        assert!(diagonal * 10 >= all * 9, "{churn:?}");
        for outcome in [Outcome::NotMissed, Outcome::Missed] {
            let row: u64 = churn[outcome.index()].iter().sum();
            let own = trial[0].discordance[outcome.index()][outcome.index()];
            assert_eq!(row, own, "rows are the baseline's own");
        }
    }
}
