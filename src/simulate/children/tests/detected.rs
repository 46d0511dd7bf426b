//! Detection against the exact sequential test, and noted contacts against their rate.

use statrs::distribution::{ContinuousCDF, Normal};

use super::small::{Small, years_after};
use crate::engine::Instant;
use crate::measures::Count;
use crate::model::NeedId;
use crate::simulate::Trial;
use crate::simulate::children::ChildrenTrial;
use crate::simulate::children::state::Slot;

/// Names as the bundled files have them.
const NEEDS: [&str; 6] = [
    "protection",
    "family",
    "disability",
    "special-educational-needs",
    "speech-and-language",
    "mental-health",
];
const OTHER_SOURCES: [&str; 6] = [
    "service.health-visiting",
    "outside.gp",
    "outside.hospital",
    "service.police",
    "outside.public",
    "outside.voluntary",
];
/// Evidence below this is dropped, as `contact` says.
const FORGOTTEN: f64 = 0.05;

/// A world in which only schools meet children, of every age, and no need changes by itself.
fn only_schools(children: u32, everything_noted: bool, set: &[String]) -> Small {
    let mut all = vec![
        "children.places_filled_at_start=0%".to_owned(),
        "records.half_life=100 years".to_owned(),
        "records.conclusion=0".to_owned(),
        // Contacts are to be the only source of evidence.
        "siblings.share=0%".to_owned(),
        "service.school.meets.ages=0 to 17".to_owned(),
    ];
    all.extend(OTHER_SOURCES.map(|source| format!("{source}.meets.rate=0 per year")));
    for need in NEEDS {
        all.push(format!("need.{need}.begins=0 per year"));
        all.push(format!(
            "need.{need}.worsens=[\"0 per year\", \"0 per year\"]"
        ));
        all.push(format!(
            "need.{need}.eases=[\"0 per year\", \"0 per year\", \"0 per year\"]"
        ));
        all.push(format!(
            "need.{need}.harm=[\"0 per year\", \"0 per year\", \"0 per year\"]"
        ));
        all.push(format!("service.school.meets.refers_above.{need}=1000"));
    }
    all.extend_from_slice(set);
    let all: Vec<&str> = all.iter().map(String::as_str).collect();
    // Scenario files take no noting level below 0, the mean signal of a child without need.
    Small::changed(1, children, 60_000.0, &all, |world| {
        let meetings = world
            .sources
            .iter_mut()
            .filter_map(|source| source.meets.as_mut());
        for meets in meetings.filter(|_| everything_noted) {
            meets.notes_above = -10.0;
        }
    })
}

fn need_named(small: &Small, name: &str) -> NeedId {
    let world = &small.ground.world;
    let found = world
        .need_ids()
        .find(|need| world.needs[need.index()].id.as_str() == name);
    found.unwrap_or_else(|| panic!("there is no need {name}"))
}

fn set_level(trial: &mut ChildrenTrial<'_>, slot: Slot, need: NeedId, level: u8) {
    let index = trial.strand_or_new(slot, need);
    trial.change_level(index, level);
}

/// The chance that a sequential test has passed `above` by its n-th signal, for each n up to `most`.
///
/// Each signal adds a normal step; the sum has a floor at 0, and a sum below [`FORGOTTEN`] counts
/// as 0. The chances of the sum are carried from signal to signal over narrow cells.
fn passed_by(mean: f64, spread: f64, above: f64, most: usize) -> Vec<f64> {
    const CELLS: usize = 1_500;
    let width = above / CELLS as f64;
    let step = Normal::new(mean, spread).unwrap_or_else(|_| unreachable!("a positive spread"));
    // From the middle of one cell to within another, by how far apart they are.
    let hops: Vec<f64> = (0..2 * CELLS + 1)
        .map(|hop| {
            let by = (hop as f64 - CELLS as f64) * width;
            step.cdf(by + width / 2.0) - step.cdf(by - width / 2.0)
        })
        .collect();
    let mut at_zero = 1.0;
    let mut cells = vec![0.0; CELLS];
    let mut passed = Vec::with_capacity(most);
    let mut so_far = 0.0;
    for _ in 0..most {
        let mut next = vec![0.0; CELLS];
        let mut next_zero = 0.0;
        for (cell, chance) in cells.iter().enumerate() {
            let sum = (cell as f64 + 0.5) * width;
            if sum < FORGOTTEN {
                at_zero += chance;
                continue;
            }
            next_zero += chance * step.cdf(-sum);
            so_far += chance * (1.0 - step.cdf(above - sum));
            for (other, slot) in next.iter_mut().enumerate() {
                *slot += chance * hops[other + CELLS - cell];
            }
        }
        next_zero += at_zero * step.cdf(0.0);
        so_far += at_zero * (1.0 - step.cdf(above));
        for (other, slot) in next.iter_mut().enumerate() {
            let low = other as f64 * width;
            *slot += at_zero * (step.cdf(low + width) - step.cdf(low));
        }
        (at_zero, cells) = (next_zero, next);
        passed.push(so_far);
    }
    passed
}

/// Lets a source meet every child at one level of need again and again, and compares how many
/// contacts it takes to a referral with the exact test.
#[track_caller]
fn check_detection(level: u8, signal: f64, above: f64) {
    const CONTACTS: usize = 40;
    const CHILDREN: u32 = 10_000;
    let small = only_schools(
        CHILDREN,
        true,
        &[
            "presentation.spread=0".to_owned(),
            format!("service.school.meets.sees.protection={signal}"),
            format!("service.school.meets.refers_above.protection={above}"),
        ],
    );
    let need = need_named(&small, "protection");
    let world = &small.ground.world;
    let school = world
        .source_ids()
        .find(|source| world.sources[source.index()].id.as_str() == "school");
    let Some(school) = school else {
        panic!("there are no schools");
    };
    let tape = small.tape(0, 1);
    let mut trial = small.begin(&tape, 0);
    let mut referred = vec![0.0; CONTACTS];
    for slot in 0..CHILDREN {
        trial.now = Instant::START;
        if level > 0 {
            set_level(&mut trial, slot, need, level);
        }
        for (number, seen) in (1..).zip(&mut referred) {
            trial.now = Instant::at(60 * number);
            trial.contact(slot, school);
            if trial.children[slot as usize].last_referral != Instant::NEVER {
                *seen += 1.0;
                break;
            }
        }
    }
    // m s - m^2 / 2, where a signal s is normal about its mean with spread 1 and m is the mean at
    // level 2.
    let at_two = 2.0 * signal;
    let mean = at_two * (signal * f64::from(level)) - at_two * at_two / 2.0;
    let exact = passed_by(mean, at_two, above, CONTACTS);
    let children = f64::from(CHILDREN);
    let mut so_far = 0.0;
    for (number, (seen, chance)) in referred.iter().zip(&exact).enumerate() {
        so_far += seen;
        let error = (chance * (1.0 - chance) / children).sqrt();
        let share = so_far / children;
        // Five, for there are forty comparisons; and what the cells of the exact test leave open.
        assert!(
            (share - chance).abs() < 5.0 * error + 1e-3,
            "level {level}: {share} referred by contact {}, not {chance}",
            number + 1
        );
    }
    assert!(exact[CONTACTS - 1] > 0.02, "too few referrals to compare");
}

#[test]
fn a_child_in_need_is_referred_after_as_many_contacts_as_the_exact_test_says() {
    check_detection(2, 0.4, 2.3);
    check_detection(3, 0.3, 3.0);
}

#[test]
fn a_child_without_need_is_referred_as_often_as_the_exact_test_says() {
    check_detection(0, 0.4, 2.0);
    check_detection(1, 0.5, 2.5);
}

/// Chance that a standard normal variate exceeds `z`.
fn tail(z: f64) -> f64 {
    1.0 - Normal::standard().cdf(z)
}

/// Compares the contacts that leave a record in two years with their closed form.
///
/// A signal about a need is normal about its mean with the variance of noise and presentation
/// together, and the presentations of a child's needs are independent: so a contact leaves no record
/// with the product of the chances that each need is not noted.
#[track_caller]
fn check_noted(level: u8, spread: f64) {
    const CHILDREN: u32 = 20_000;
    const YEARS: u32 = 2;
    let (rate, at_level_3, notes_above) = (4.0, 3.0, 1.5);
    let small = only_schools(
        CHILDREN,
        false,
        &[
            format!("presentation.spread={spread}"),
            format!("service.school.meets.rate={rate} per year"),
            format!("service.school.meets.at_level_3=times {at_level_3}"),
            format!("service.school.meets.notes_above={notes_above}"),
        ],
    );
    let needs: Vec<NeedId> = ["protection", "mental-health"]
        .map(|name| need_named(&small, name))
        .to_vec();
    let tape = small.tape(0, YEARS);
    let mut trial = small.begin(&tape, 0);
    if level > 0 {
        for slot in 0..CHILDREN {
            for need in &needs {
                set_level(&mut trial, slot, *need, level);
            }
        }
    }
    trial.begin_observing();
    trial.run_until(years_after(YEARS));
    // Newborn children take the place of those who leave, and have no need.
    let in_need = if level > 0 { born_before(&trial) } else { 0.0 };
    let noted = trial.finish().0.count(Count::NotedContacts) as f64;

    let world = &small.ground.world;
    let meets = world
        .sources
        .iter()
        .find(|source| source.id.as_str() == "school")
        .and_then(|source| source.meets.as_ref());
    let sees = meets.map_or(&[][..], |meets| &meets.sees);
    let signals: Vec<(f64, NeedId)> = sees
        .iter()
        .zip(world.need_ids())
        .filter_map(|(sighting, need)| sighting.map(|sighting| (sighting.signal, need)))
        .collect();
    assert!(signals.len() > 2, "schools see too few needs to tell");
    let a_year = |level: u8| {
        let unnoted: f64 = signals
            .iter()
            .map(|(signal, need)| {
                let level = if needs.contains(need) {
                    f64::from(level)
                } else {
                    0.0
                };
                1.0 - tail((notes_above - signal * level) / (1.0 + spread * spread).sqrt())
            })
            .product();
        rate * f64::powf(at_level_3, f64::from(level) / 3.0) * (1.0 - unnoted)
    };
    let child_years = f64::from(CHILDREN * YEARS);
    let expected = in_need * a_year(level) + (child_years - in_need) * a_year(0);
    // Contacts of a child share its presentation; a year's presentation moves them together.
    let error = (expected * (1.0 + 4.0 * spread)).sqrt();
    assert!(
        (noted - expected).abs() < 4.0 * error,
        "level {level}, spread {spread}: {noted} noted, not {expected:.0} ± {error:.0}"
    );
    assert!(
        error < 0.01 * expected,
        "too few contacts to tell right from wrong"
    );
}

/// Child-years of those who were there from the start.
fn born_before(trial: &ChildrenTrial<'_>) -> f64 {
    let year = f64::from(super::super::ground::YEAR);
    let now = f64::from(trial.now.seconds());
    let stayed = trial.layout.iter().flat_map(|slots| {
        trial.children[slots.first as usize..(slots.first + slots.children) as usize].iter()
    });
    stayed
        .map(|child| {
            // A child born after the start took over from another on that day.
            let until = if child.born > 0 {
                child.born as f64
            } else {
                now
            };
            until / year
        })
        .sum()
}

#[test]
fn contacts_are_noted_at_their_rate_by_level_and_presentation() {
    check_noted(0, 0.0);
    check_noted(0, 0.5);
    check_noted(2, 0.0);
    check_noted(2, 0.5);
    check_noted(3, 0.0);
}
