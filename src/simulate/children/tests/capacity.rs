//! Posts, who fills them, and how they move.

use super::small::{Small, years_after};
use crate::engine::Instant;
use crate::measures::Stage;
use crate::scenario::Mechanism;
use crate::simulate::Trial;
use crate::simulate::children::ChildrenTrial;
use crate::simulate::children::ground::YEAR;

const DAY: u32 = 86_400;

/// The share of a desk's posts that is filled, as its holders say: the last one may be part of a post.
fn filled(trial: &ChildrenTrial<'_>, desk: usize) -> (f64, f64) {
    let desk = &trial.desks[desk];
    let total = desk.posts.total();
    let mut vacant = 0.0;
    for (post, holder) in desk.holders.iter().enumerate() {
        if !holder.filled {
            vacant += (total - post as f64).clamp(0.0, 1.0);
        }
    }
    (total - vacant, total)
}

/// The share that is filled of the posts of several desks together.
fn filled_together(trial: &ChildrenTrial<'_>, desks: impl Iterator<Item = usize>) -> f64 {
    let sums = desks.map(|desk| filled(trial, desk));
    let (filled, all) = sums.fold((0.0, 0.0), |sum, desk| (sum.0 + desk.0, sum.1 + desk.1));
    if all > 0.0 { filled / all } else { 1.0 }
}

/// Checks that every desk has just the capacity that its posts leave.
#[track_caller]
fn check_capacities(trial: &ChildrenTrial<'_>) {
    let services = trial.ground.world.services.len();
    let change = &trial.ground.world.mechanisms.change;
    for (number, desk) in trial.desks.iter().enumerate() {
        let (area, service) = trial.desk_at(number);
        let block = trial.structure.workforce.at(area).companions(service);
        let desks = block.iter().map(|it| area.index() * services + it.index());
        let share = filled_together(trial, desks)
            * (1.0 - desk.disruption.blight)
            * (1.0 - change.dip.get() * desk.disruption.now)
            * trial.structure.front_line(service.index());
        let Some(help) = &trial.ground.world.services[service.index()].help else {
            continue;
        };
        let near = |is: u32, of: f64| (f64::from(is) - of).abs() <= 0.5 + 1e-6;
        let posts = desk.posts;
        assert!(near(desk.places, posts.help * help.caseload * share));
        assert!(near(
            desk.assessments,
            posts.assessment * help.assessments_per_post * share
        ));
        assert!((desk.screening_posts - posts.screening * share).abs() < 1e-9);
        assert_eq!(desk.capacity.places.level(), desk.places);
    }
}

#[test]
fn capacity_is_what_posts_leave_at_every_moment() {
    let small = Small::only(
        Mechanism::ALL,
        r#"["local-trust", "laming+workforce-planning"]"#,
        (2, 300, 4_000.0),
        &[
            "workforce.turnover=100% per year",
            "change.lead_time=60 days",
            "change.blight=20%",
            "change.dip=40%",
            "change.extra_turnover=times 3",
            "change.build.workforce=90 days",
            "budget_moves.at_most=20%",
        ],
    );
    for structure in [1, 2] {
        let tape = small.tape(0, 4);
        let mut trial = small.begin(&tape, 0);
        let mut at = Instant::START;
        while at < years_after(4) {
            if (years_after(1)..years_after(1).after(11 * DAY)).contains(&at)
                && trial.observed_from.is_none()
            {
                trial.begin_observing();
                trial.decide((&small.ground, &tape), &small.structures[structure]);
                check_capacities(&trial);
            }
            at = at.after(11 * DAY);
            trial.run_until(at);
            check_capacities(&trial);
        }
    }
}

/// Posts filled and vacant by turns are a renewal process: of the time of one post a share of 1 - v is
/// filled, with a variance of about 2 v (1 - v) / (rate x time) over a long time, where the rate is
/// that of both turns together.
#[test]
fn in_the_long_run_the_stated_share_of_posts_is_vacant() {
    const YEARS: u32 = 12;
    let services = [
        "camhs",
        "child-protection",
        "disabled-children",
        "family-support",
        "sen-support",
        "speech-therapy",
    ];
    let vacant = services.map(|it| format!("area.typical-council-2003.posts.{it}.vacant=20%"));
    let mut set: Vec<&str> = vacant.iter().map(String::as_str).collect();
    set.push("workforce.turnover=4 per year");
    let small = Small::only(&[Mechanism::Vacancies], "[]", (1, 50, 60_000.0), &set);
    let tape = small.tape(0, YEARS);
    let mut trial = small.begin(&tape, 0);
    let desks = trial.desks.len();
    let (mut sum, mut samples) = (0.0, 0.0);
    for month in 0..YEARS * 12 {
        trial.run_until(Instant::START.after(month * (YEAR / 12)));
        sum += filled_together(&trial, 0..desks);
        samples += 1.0;
    }
    let posts: usize = trial.desks.iter().map(|desk| desk.holders.len()).sum();
    let (v, rate) = (0.2, 4.0 + 16.0);
    let time = f64::from(YEARS) * posts as f64;
    // Monthly looks see a little less than the whole time.
    let error = (2.0 * v * (1.0 - v) / (rate * time)).sqrt() * 1.2;
    assert!(error < 0.005, "too vague to tell: {error}");
    let mean = sum / samples;
    assert!(
        (mean - (1.0 - v)).abs() < 4.0 * error,
        "{mean} filled, not 0.8"
    );
}

/// What posts come to a desk fall vacant like those that were there before.
#[test]
fn posts_that_arrive_fall_vacant_too() {
    let set = ["workforce.turnover=20 per year"];
    let small = Small::only(&[Mechanism::Vacancies], "[]", (1, 50, 60_000.0), &set);
    let tape = small.tape(0, 3);
    let mut trial = small.begin(&tape, 0);
    let desk = small.service("camhs").index();
    let before = trial.desks[desk].holders.len();
    trial.desks[desk].arriving = 5.0;
    trial.posts_arrive(desk);
    assert_eq!(trial.desks[desk].holders.len(), before + 5);
    trial.run_until(years_after(2));
    for holder in &trial.desks[desk].holders[before..] {
        assert!(holder.changes > 10, "a post of 20 changes a year and more");
    }
}

#[test]
fn a_structure_that_plans_fewer_vacancies_has_fewer() {
    let small = Small::only(
        &[Mechanism::Vacancies],
        "[]",
        (1, 50, 60_000.0),
        &["workforce.turnover=20 per year"],
    );
    let tape = small.tape(0, 3);
    let mut trial = small.begin(&tape, 0);
    let areas = trial.ground.world.areas.iter();
    let mut posts: Vec<_> = areas.flat_map(|area| area.posts.clone()).collect();
    for posts in &mut posts {
        posts.vacant = crate::units::Probability::ZERO;
    }
    let planned = (*small.structures[0])
        .clone()
        .with_means(Vec::new(), Some(posts));
    trial.run_until(years_after(1));
    trial.begin_observing();
    trial.decide((&small.ground, &tape), &std::sync::Arc::new(planned));
    let all: Vec<usize> = (0..trial.desks.len()).collect();
    trial.run_until(years_after(3));
    let vacant = 1.0 - filled_together(&trial, all.into_iter());
    assert!(vacant < 0.02, "{vacant} vacant where none is planned");
}

#[test]
fn those_who_plan_posts_together_share_vacancies_alike() {
    let set = ["workforce.turnover=2 per year"];
    let structures = r#"["local-trust+workforce-planning"]"#;
    let apart = [Mechanism::Vacancies, Mechanism::Workforce];
    let small = Small::only(&apart, structures, (1, 50, 60_000.0), &set);
    let together = Small::only(&apart[..1], structures, (1, 50, 60_000.0), &set);
    let share = |small: &Small, structure: usize, id: &str| {
        let tape = small.tape(0, 2);
        let mut trial = small.begin(&tape, structure);
        trial.run_until(years_after(1));
        trial.filled_share(small.service(id).index()).to_bits()
    };
    let social = ["child-protection", "family-support", "disabled-children"];
    let others = ["camhs", "sen-support", "speech-therapy"];
    for id in social {
        assert_eq!(share(&small, 0, id), share(&small, 0, social[0]), "{id}");
    }
    for id in others {
        assert_ne!(share(&small, 0, id), share(&small, 0, social[0]), "{id}");
    }
    for id in social.into_iter().chain(others) {
        assert_eq!(share(&small, 1, id), share(&small, 1, social[0]), "{id}");
        assert_eq!(
            share(&together, 0, id),
            share(&together, 0, social[0]),
            "{id}"
        );
    }
}

/// Posts go from where children wait least for each place to where they wait most, within a budget and
/// a skill; none is lost on the way.
#[test]
fn posts_follow_the_waiting_within_budget_and_skill() {
    let small = Small::only(
        &[Mechanism::BudgetMoves],
        r#"["national-agency"]"#,
        (2, 2_000, 1_200.0),
        &[
            "budget_moves.at_most=10%",
            "budget_moves.recruitment=3 months",
        ],
    );
    // Under the baseline social work has one budget in each area; a national agency has one for child
    // protection everywhere, and leaves each area one for the rest.
    let all_of = |ids: &[&str], areas: &[usize]| -> Vec<usize> {
        let services = small.ground.world.services.len();
        let places = areas
            .iter()
            .flat_map(|area| ids.iter().map(move |id| (area, id)));
        let mut desks: Vec<usize> = places
            .map(|(area, id)| area * services + small.service(id).index())
            .collect();
        desks.sort_unstable();
        desks
    };
    let social = ["child-protection", "family-support", "disabled-children"];
    let groups = [
        vec![all_of(&social, &[0]), all_of(&social, &[1])],
        vec![
            all_of(&social[..1], &[0, 1]),
            all_of(&social[1..], &[0]),
            all_of(&social[1..], &[1]),
        ],
    ];
    for (structure, groups) in groups.iter().enumerate() {
        let tape = small.tape(0, 4);
        let mut trial = small.begin(&tape, structure);
        let mut moved = 0;
        for year in 1..4 {
            trial.run_until(years_after(year));
            let before = trial.clone();
            // Days waited this year for each place, those of higher levels counting more: by those
            // who have left the list, and by those who still wait.
            let pressure = |number: usize| {
                let desk = &before.desks[number];
                let handoffs = &before.stores.handoffs;
                let waiting = handoffs.numbers().map(|it| &handoffs[it]).filter(|it| {
                    it.journey.stage() == Stage::Place
                        && before.desk_number(it.area, it.to) == number
                });
                let still: u64 = waiting
                    .map(|it| {
                        let since = it.joined.max(years_after(year - 1));
                        u64::from(years_after(year).since(since)) * (4 - it.rank as u64)
                    })
                    .sum();
                (desk.waited + still) as f64 / f64::from(desk.places)
            };
            trial.run_until(years_after(year).after(1));
            let mut untouched: Vec<usize> = (0..trial.desks.len()).collect();
            for group in groups {
                // Nobody moves posts where there is no place to wait for.
                let group: Vec<usize> = group
                    .iter()
                    .copied()
                    .filter(|desk| before.desks[*desk].places > 0)
                    .collect();
                let by_pressure =
                    |one: &&usize, other: &&usize| pressure(**one).total_cmp(&pressure(**other));
                let (Some(giver), Some(taker)) = (
                    group.iter().min_by(by_pressure),
                    group.iter().max_by(by_pressure),
                ) else {
                    panic!("a group has members");
                };
                if pressure(*giver) >= pressure(*taker) {
                    continue;
                }
                moved += 1;
                untouched.retain(|desk| desk != giver && desk != taker);
                let gave = before.desks[*giver].posts.help - trial.desks[*giver].posts.help;
                let held = [*giver, *taker].map(|desk| before.desks[desk].posts.help);
                let part = 0.1 * held[0].min(held[1]);
                assert!((gave - part).abs() < 1e-12, "{gave} of 10%");
                assert!((trial.desks[*taker].arriving - gave).abs() < 1e-12);
                let taker = trial.desks[*taker].posts.help - before.desks[*taker].posts.help;
                assert!(taker.abs() < 1e-12, "posts arrive when they are filled");
            }
            for desk in untouched {
                let (was, is) = (&before.desks[desk], &trial.desks[desk]);
                assert_eq!(was.posts, is.posts);
                assert!(is.arriving.abs() < 1e-12);
            }
            trial.run_until(years_after(year).after(100 * DAY));
            let help = |trial: &ChildrenTrial<'_>| -> f64 {
                let desks = trial.desks.iter();
                desks.map(|desk| desk.posts.help + desk.arriving).sum()
            };
            assert!(
                (help(&trial) - help(&before)).abs() < 1e-9,
                "posts are conserved"
            );
            assert!(trial.desks.iter().all(|desk| desk.arriving <= 0.0));
        }
        assert!(moved > 2, "only {moved} moves to look at");
    }
}
