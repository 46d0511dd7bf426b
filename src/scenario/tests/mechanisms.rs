use super::*;
use crate::units::{Days, Factor, Law, PerYear, Probability};

fn days(number: f64) -> Days {
    Days::try_from(number).unwrap()
}

fn share(number: f64) -> Probability {
    Probability::try_from(number).unwrap()
}

fn factor(number: f64) -> Option<Factor> {
    Some(Factor::try_from(number).unwrap())
}

fn per_year(number: f64) -> PerYear {
    PerYear::try_from(number).unwrap()
}

fn ids(names: &[&str]) -> Vec<Id> {
    names.iter().map(|name| Id::new(name)).collect()
}

#[test]
fn a_file_that_says_nothing_of_mechanisms_has_all_of_them_off() {
    let scenario = loaded("", &[("parameters/small.toml", SMALL)]);
    let world = children(&scenario.structures[0]);
    assert_eq!(world.mechanisms, Mechanisms::default());
    let help = world.services.iter().find_map(|it| it.help.as_ref());
    let help = help.unwrap();
    assert_eq!((help.initial_due, help.core_due), (None, None));
    assert_eq!(help.gives_up, None);
}

#[test]
fn every_table_reaches_its_mechanism() {
    let year = Days::YEAR.get();
    let scenario = loaded("", &[]);
    let expected = Mechanisms {
        relations: Relations {
            beta: share(0.5),
            matures: days(2.0 * year),
            mean: share(0.7),
            effort_raises: share(0.3),
            effort_takes: share(0.02),
        },
        lead_professional: LeadProfessional {
            finds: share(0.4),
            after: Some(Law::Exponential { mean: days(20.0) }),
            chase: factor(0.7),
            hours_a_month: 2.0,
        },
        oversight: vec![OversightKind {
            id: Id::new("committee"),
            name: "A committee".to_owned(),
            looks_every: days(year),
            sees: share(0.05),
            finds: share(0.3),
            stalled_after: days(60.0),
            takes: share(0.01),
        }],
        joint_steps: vec![JointStep {
            id: Id::new("conference"),
            name: "Child protection conference".to_owned(),
            in_assessment_by: Id::new("social-work"),
            from_level: 2.5,
            parts: ids(&["gp", "visiting"]),
            takes: Law::Exponential { mean: days(5.0) },
            limit: days(21.0),
            hours: 4.0,
        }],
        budget_moves: BudgetMoves {
            at_most: share(0.1),
            recruitment: days(year / 2.0),
        },
        workforce: Workforce {
            turnover: per_year(0.15),
            covered_by_all: true,
            worker_changes: per_year(0.3),
            gap: Some(Law::Exactly(days(21.0))),
        },
        adoption: Adopting {
            joins: share(0.8),
            slope: 2.0,
        },
        areas: AreaSpread {
            relations: 0.2,
            thresholds: 0.3,
        },
        change: Change {
            lead_time: days(1.5 * year),
            blight: share(0.04),
            dip: share(0.12),
            dip_lasts: days(0.75 * year),
            dip_half_life: days(year),
            weights: ChangeWeights {
                front_doors: share(0.4),
                records: share(0.41),
                budgets: share(0.2),
                assessment: share(0.21),
            },
            extra_turnover: factor(1.5),
            build_records: days(2.0 * year),
            build_budgets: days(year),
            build_assessment: days(year / 2.0),
            build_front_doors: days(year / 4.0),
            build_workforce: days(5.0 * year / 12.0),
            cost_a_post: 2_000.0,
        },
        deadline: Deadline {
            pulled: share(0.25),
            targets: factor(1.4),
        },
        rationing: Rationing {
            rises: 0.5,
            at_most: 1.0,
        },
        hands_over_at_upper_age: true,
        siblings: Siblings {
            share: share(0.6),
            concern: 0.7,
        },
        lead_sector_weight: factor(1.2),
        costs: Costs {
            a_post: 40_000.0,
            hours_a_year: 1_500.0,
            chase_hours: 0.5,
            reply_hours: 0.25,
            panel_hours: 1.5,
        },
    };
    assert_eq!(children(&scenario.structures[0]).mechanisms, expected);
}

#[test]
fn services_have_sectors_skills_and_due_dates() {
    let parameters = SMALL
        .replace(
            "core_from = 2 }",
            "core_from = 2, due = \"7 working days\", core_due = \"35 working days\" }",
        )
        .replace(
            "caseload = 12",
            "caseload = 12\ngives_up = \"exponential, mean 300 days\"",
        );
    let scenario = loaded("", &[("parameters/small.toml", &parameters)]);
    let world = children(&scenario.structures[0]);
    let service = (world.services.iter()).find(|it| it.id.as_str() == "social-work");
    let service = service.unwrap();
    assert_eq!(service.sector.as_deref(), Some("social care"));
    assert_eq!(service.skill.as_deref(), Some("social work"));
    let help = service.help.as_ref().unwrap();
    let working_days = |number: f64| Some(days(number * Days::WORKING.get()).to_seconds());
    let due = [help.initial_due, help.core_due].map(|due| due.map(Days::to_seconds));
    assert_eq!(due, [7.0, 35.0].map(working_days));
    let mean = days(300.0);
    assert_eq!(help.gives_up, Some(Law::Exponential { mean }));
    assert_eq!(scenario.areas[0].posts[0].vacant, share(0.11));
}

#[test]
fn a_value_that_is_left_out_can_be_set() {
    let request = Request {
        set: vec!["change.dip=10%".to_owned(), "costs.a_post=1".to_owned()],
        ..Request::default()
    };
    let files = [("parameters/small.toml", SMALL)];
    let scenario = asked("", &files, &request).unwrap();
    let mechanisms = &children(&scenario.structures[0]).mechanisms;
    assert_eq!(mechanisms.change.dip, share(0.1));
    assert_eq!(mechanisms.change.dip_lasts, Days::ZERO);
    assert!((mechanisms.costs.hours_a_year - 1_600.0).abs() < 1e-9);
}

#[test]
fn an_overlay_scales_the_values_of_mechanisms() {
    let overlay = "[overlay]\n[scale]\n\"change.dip\" = { value = \"times 0.5\", range = [\"times 0.3\", \"times 1\"], evidence = \"assumption\", source = \"a guess\" }\nlead_professional.hours_a_month = 3\n";
    let files = [("overlays/gentle.toml", overlay)];
    let scenario = loaded("structures = [\"apart+gentle\"]\n", &files);
    let [plain, gentle] = scenario.structures.as_slice() else {
        panic!("two structures were expected");
    };
    assert_eq!(children(plain).mechanisms.change.dip, share(0.12));
    let mechanisms = &children(gentle).mechanisms;
    assert_eq!(mechanisms.change.dip, share(0.06));
    assert!((mechanisms.lead_professional.hours_a_month - 6.0).abs() < 1e-9);
    let path = "overlay.gentle.scale.change.dip";
    let stated = scenario.parameters.iter().find(|it| it.path == path);
    let range = stated.unwrap().range.clone().unwrap();
    assert_eq!(range, ("times 0.3".to_owned(), "times 1".to_owned()));
}
