//! Structure or money: how many more posts under the baseline would do what each structure does, and
//! which single feature of joint working does most of it.
//!
//! The baseline with more posts is one more structure of the study: it goes on from the same day as all
//! others, with the same children and the same luck, and its posts arrive on the vesting day on which the
//! others come into force. So nothing is bought that a structure could not have had by then. Where a
//! study has no decision day, posts and structures are both there from the first day.

use std::sync::Arc;

use super::ensemble::{RunValues, Unfinished, Watch, sign_of};
use super::structures_of;
use crate::analysis::decision::{Instead, difference, instead, over_trials, share};
use crate::analysis::{self, Estimate};
use crate::experiment::results::{Named, OneTrial};
use crate::experiment::{Plan, Prepared, in_parallel};
use crate::measures::Measure;
use crate::scenario::{Equal, Id, MorePosts, Scenario, Start, Structure, World};
use crate::units::{Days, Factor};

/// Single features of joint working, as overlays that the baseline can carry: the eight of Hudson (2003),
/// in his order.
pub const FEATURES: [&str; 8] = [
    "co-ordinator",
    "shared-vision",
    "co-ordinated-assessment",
    "pooled-budgets",
    "workforce-planning",
    "shared-records",
    "streamlined-assessment",
    "integrated-provision",
];

/// Factors on posts that are tried unless the user says otherwise.
pub const FACTORS: [f64; 6] = [0.8, 0.9, 1.1, 1.2, 1.3, 1.5];

/// Puts one part of a structure on a copy of the baseline.
type TakePart = fn(&mut Structure, &Structure);

/// What a structure is made of: its parts, as words and as what they change of the baseline.
const PARTS: [(&str, TakePart); 7] = [
    ("organisations", |on, from| {
        on.organisations.clone_from(&from.organisations);
    }),
    ("records", |on, from| on.records.clone_from(&from.records)),
    ("budgets", |on, from| on.budgets.clone_from(&from.budgets)),
    ("assessment", |on, from| {
        on.assessment.clone_from(&from.assessment);
    }),
    ("front doors", |on, from| {
        on.front_doors.clone_from(&from.front_doors);
    }),
    ("workforce", |on, from| {
        on.workforce.clone_from(&from.workforce);
    }),
    ("governance", |on, from| {
        on.governance.clone_from(&from.governance);
    }),
];

/// The baseline with each part of one of the study's structures, by its id: who runs what, each other
/// partition, and what is asked of those within it. Parts in which the two do not differ are left out, and
/// so are factors of overlays. `None` where the study has no such structure beside its baseline.
pub fn parts_of(scenario: &Scenario, structure: &str) -> Option<Vec<Structure>> {
    let (baseline, others) = scenario.structures.split_first()?;
    let whole = others.iter().find(|it| it.id.as_str() == structure)?;
    let parts = PARTS.iter().map(|(word, take)| {
        let mut part = baseline.clone();
        take(&mut part, whole);
        (word, part)
    });
    let differ = parts.filter(|(_, part)| part != baseline);
    Some(
        differ
            .map(|(word, part)| Structure {
                id: Id::new(&format!(
                    "{}~{}:{}",
                    baseline.id,
                    whole.id,
                    word.replace(' ', "_")
                )),
                name: format!("{}, with the {word} of {}", baseline.name, whole.name),
                ..part
            })
            .collect(),
    )
}

/// What is asked.
#[derive(Debug, Clone)]
pub struct Asked {
    /// The study with its structures, single features on the baseline last.
    pub scenario: Scenario,
    /// How many of its structures are such features.
    pub features: usize,
    /// Factors on posts under the baseline, each more than 0; 1 is tried without being named.
    pub factors: Vec<f64>,
    /// Ids of the services whose posts are more or fewer; none for all.
    pub services: Vec<String>,
    /// Trials, at least 2.
    pub trials: u32,
    /// What structures are judged by.
    pub measures: Vec<&'static Measure>,
}

/// The baseline with so many posts.
#[derive(Debug, Clone, PartialEq)]
pub struct Level {
    /// Factor on the posts asked for.
    pub factor: f64,
    /// Full-time posts of the services concerned, all areas together; places in a network.
    pub posts: f64,
}

/// What came of it.
#[derive(Debug, Clone, PartialEq)]
pub struct Equivalent {
    /// The structures, baseline first, single features last.
    pub structures: Vec<Named>,
    /// Where among them the features begin.
    pub features_from: usize,
    /// The baseline with more and fewer posts, fewest first, as it is among them.
    pub levels: Vec<Level>,
    /// The place of the baseline as it is.
    pub stated: usize,
    /// Trials.
    pub trials: u32,
    /// When the posts arrive after decision day; `None` where they are there from the first day.
    pub after: Option<Days>,
    /// Children in all areas together; 0 in a network study.
    pub children: u64,
    /// What a post costs a year, in pounds, where the study says.
    pub a_post: Option<f64>,
    /// What is the same under all structures.
    pub equal: Equal,
    /// Names of the services concerned; none where it is all.
    pub services: Vec<String>,
    /// What is said of each measure.
    pub of_measures: Vec<OfMeasure>,
    /// Measures of which nothing can be said: some trial had nothing to measure.
    pub without: Vec<&'static Measure>,
}

/// What is said of one measure.
#[derive(Debug, Clone, PartialEq)]
pub struct OfMeasure {
    /// The measure.
    pub measure: &'static Measure,
    /// What the baseline gives, by number of posts.
    pub by_level: Vec<Estimate>,
    /// The difference of that from the baseline as it is.
    pub level_effects: Vec<Estimate>,
    /// Does it go up with more posts in one place and down in another, both by more than luck?
    pub turns: bool,
    /// By structure but the baseline, features last.
    pub of_structures: Vec<OfStructure>,
}

/// What is said of one structure by one measure.
#[derive(Debug, Clone, PartialEq)]
pub struct OfStructure {
    /// Its place among the structures.
    pub structure: usize,
    /// The difference from the baseline, in the unit of the measure.
    pub effect: Estimate,
    /// The number of posts under the baseline that does the same.
    pub posts: Instead,
    /// Of a feature: how much of what each structure does it does alone, by structure but the baseline;
    /// `None` where that structure's difference is not told from luck. Empty for structures.
    pub shares: Vec<Option<Estimate>>,
}

impl Equivalent {
    /// Is it better than the baseline, by what the measure counts as better?
    pub fn is_better(of: &OfMeasure, structure: &OfStructure) -> bool {
        sign_of(of.measure) * structure.effect.value < 0.0
    }

    /// The posts of the baseline as it is.
    pub fn posts(&self) -> f64 {
        self.levels[self.stated].posts
    }

    /// The features, most effective for the good first, by one measure.
    pub fn features_by_effect<'m>(&self, of: &'m OfMeasure) -> Vec<&'m OfStructure> {
        let mut all: Vec<&OfStructure> = (of.of_structures.iter())
            .filter(|it| it.structure >= self.features_from)
            .collect();
        let effect = |it: &OfStructure| sign_of(of.measure) * it.effect.value;
        all.sort_by(|one, other| effect(one).total_cmp(&effect(other)));
        all
    }
}

/// Runs the study, with the baseline at several numbers of posts, and compares.
///
/// # Errors
/// When it is stopped.
///
/// # Panics
/// With fewer than 2 trials, or a factor that is not more than 0.
pub fn equivalent(asked: &Asked, plan: &Plan, watch: &Watch<'_>) -> Result<Equivalent, Unfinished> {
    assert!(asked.trials >= 2, "there is enough to tell luck");
    let structures = structures_of(&asked.scenario);
    let (scenario, factors) = with_levels(asked);
    let prepared = Prepared::new(&scenario, plan, watch.stop).ok_or(Unfinished::Stopped)?;
    let runs = in_parallel(plan, asked.trials, |trial| {
        (watch.known)(trial).or_else(|| {
            let values = values(asked, &prepared.one_trial(trial, watch.stop)?);
            (watch.on_run)(trial, &values);
            Some(values)
        })
    });
    let runs = runs.ok_or(Unfinished::Stopped)?;
    // The baseline as it is stands before the others among the structures, and among its levels by posts.
    let mut levels: Vec<(Level, usize)> = std::iter::once((1.0, 0))
        .chain(factors.into_iter().zip(structures.len()..))
        .map(|(factor, place)| {
            let posts = posts(asked, &scenario, &prepared, place);
            (Level { factor, posts }, place)
        })
        .collect();
    levels.sort_by(|one, other| one.0.posts.total_cmp(&other.0.posts));
    // Places are whole: of levels that come to as many, one is enough, the baseline as it is before others.
    levels.dedup_by(|later, kept| {
        let same = (later.0.posts - kept.0.posts).abs() < 1e-9;
        if same && later.1 == 0 {
            *kept = later.clone();
        }
        same
    });
    let stated = levels.iter().position(|(_, place)| *place == 0);
    let stated = stated.expect("the baseline as it is stays among its levels");
    let all = scenario.structures.len();
    let mut of_measures = Vec::new();
    let mut without = Vec::new();
    for (number, measure) in asked.measures.iter().enumerate() {
        let by_structure: Option<Vec<Vec<f64>>> = (0..all)
            .map(|structure| {
                runs.iter()
                    .map(|run| run[number * all + structure])
                    .collect()
            })
            .collect();
        match by_structure {
            Some(values) => of_measures.push(of_measure(asked, measure, &values, &levels, stated)),
            None => without.push(*measure),
        }
    }
    let study = &asked.scenario.study;
    Ok(Equivalent {
        features_from: structures.len() - asked.features,
        structures,
        levels: levels.into_iter().map(|(level, _)| level).collect(),
        stated,
        trials: asked.trials,
        after: match (study.start, world_of(&asked.scenario)) {
            (Start::DecisionDay, World::Children(world)) => {
                let off = study
                    .comparison
                    .off
                    .contains(&crate::scenario::Mechanism::Change);
                Some(if off {
                    Days::ZERO
                } else {
                    world.mechanisms.change.lead_time
                })
            }
            (Start::DecisionDay, World::Network(_)) => Some(Days::ZERO),
            (Start::Established, _) => None,
        },
        children: (asked.scenario.areas.iter())
            .map(|area| u64::from(area.children))
            .sum(),
        a_post: match world_of(&asked.scenario) {
            World::Children(world) => Some(world.mechanisms.costs.a_post).filter(|it| *it > 0.0),
            World::Network(_) => None,
        },
        equal: study.comparison.equal,
        services: named_services(asked, &prepared),
        of_measures,
        without,
    })
}

fn world_of(scenario: &Scenario) -> &World {
    let baseline = scenario.structures.first();
    &baseline.expect("a checked study has a baseline").world
}

/// The study with the baseline at other numbers of posts after its structures, and by which factors.
fn with_levels(asked: &Asked) -> (Scenario, Vec<f64>) {
    let mut scenario = asked.scenario.clone();
    scenario.study.comparison.also_at_posts.clear();
    let mut factors = asked.factors.clone();
    factors.sort_by(f64::total_cmp);
    factors.dedup();
    factors.retain(|it| (it - 1.0).abs() > 1e-9);
    for factor in &factors {
        let level = at_level(asked, *factor);
        scenario.structures.push(level);
    }
    (scenario, factors)
}

/// The baseline with more or fewer posts.
fn at_level(asked: &Asked, factor: f64) -> Structure {
    let baseline = &asked.scenario.structures[0];
    let is_concerned = |id: &Id| {
        asked.services.is_empty() || asked.services.iter().any(|it| it.as_str() == id.as_str())
    };
    let stated = Factor::try_from(factor).expect("factors on posts are checked");
    let mut level = Structure {
        id: Id::new(&format!("{}*{factor}", baseline.id)),
        name: format!("{}, {factor} times the posts", baseline.name),
        ..baseline.clone()
    };
    match &*baseline.world {
        World::Children(world) => {
            let services = world.services.iter().filter(|it| is_concerned(&it.id));
            level.more_posts = services
                .map(|it| MorePosts {
                    service: it.id.clone(),
                    factor: stated,
                })
                .collect();
        }
        World::Network(network) => {
            let mut network = network.clone();
            for station in network
                .stations
                .iter_mut()
                .filter(|it| is_concerned(&it.id))
            {
                let places = station
                    .places
                    .map(|it| (f64::from(it) * factor).round() as u32);
                station.places = places.map(|it| it.max(1));
            }
            level.world = Arc::new(World::Network(network));
        }
    }
    level
}

/// Full-time posts, or places, of the services concerned under one of the structures.
fn posts(asked: &Asked, scenario: &Scenario, prepared: &Prepared, structure: usize) -> f64 {
    let is_concerned =
        |id: &str| asked.services.is_empty() || asked.services.iter().any(|it| it == id);
    match &*scenario.structures[structure].world {
        World::Network(network) => {
            let stations = network
                .stations
                .iter()
                .filter(|it| is_concerned(it.id.as_str()));
            stations.filter_map(|it| it.places).map(f64::from).sum()
        }
        World::Children(world) => {
            let means = &prepared.means()[structure].front_line;
            let services = world.services.iter().zip(means);
            let concerned = services.filter(|(it, _)| is_concerned(it.id.as_str()));
            concerned.map(|(_, posts)| posts).sum()
        }
    }
}

fn named_services(asked: &Asked, prepared: &Prepared) -> Vec<String> {
    let (_, services) = prepared.names();
    let named = services
        .into_iter()
        .filter(|it| asked.services.contains(&it.id));
    named.map(|it| it.name).collect()
}

/// Ids of the services that have posts, or places that are limited.
pub fn services_of(scenario: &Scenario) -> Vec<String> {
    match world_of(scenario) {
        World::Children(world) => {
            let with_posts = |id: &Id| {
                let mut posts = scenario.areas.iter().flat_map(|area| &area.posts);
                posts.any(|it| it.service == *id && it.screening + it.assessment + it.help > 0.0)
            };
            let services = world.services.iter().map(|it| &it.id);
            services
                .filter(|id| with_posts(id))
                .map(Id::to_string)
                .collect()
        }
        World::Network(network) => {
            let limited = network.stations.iter().filter(|it| it.places.is_some());
            limited.map(|it| it.id.to_string()).collect()
        }
    }
}

/// What one trial gives: by measure, then structure.
fn values(asked: &Asked, trial: &OneTrial) -> RunValues {
    let of_measure = |measure: &'static Measure| {
        let tallies = trial.tallies.iter();
        tallies.map(move |tally| analysis::value(measure, tally).filter(|it| it.is_finite()))
    };
    asked
        .measures
        .iter()
        .flat_map(|it| of_measure(it))
        .collect()
}

fn of_measure(
    asked: &Asked,
    measure: &'static Measure,
    values: &[Vec<f64>],
    levels: &[(Level, usize)],
    stated: usize,
) -> OfMeasure {
    let sign = sign_of(measure);
    let signed = |place: usize| -> Vec<f64> { values[place].iter().map(|it| sign * it).collect() };
    let effect = |place: usize| -> Vec<f64> {
        let pairs = values[place].iter().zip(&values[0]);
        pairs.map(|(own, baseline)| own - baseline).collect()
    };
    let amounts: Vec<f64> = levels.iter().map(|(level, _)| level.posts).collect();
    let by_amount: Vec<Vec<f64>> = levels.iter().map(|(_, place)| signed(*place)).collect();
    let structures = asked.scenario.structures.len();
    let features_from = structures - asked.features;
    let of_structure = |structure: usize| OfStructure {
        structure,
        effect: difference(&values[structure], &values[0]),
        posts: instead(&signed(structure), &amounts, &by_amount, stated),
        shares: match structure >= features_from {
            true => (1..features_from)
                .map(|whole| share(&effect(structure), &effect(whole)))
                .collect(),
            false => Vec::new(),
        },
    };
    let steps: Vec<f64> = (by_amount.windows(2))
        .map(|two| (difference(&two[1], &two[0]), over_trials(&two[1]).value))
        .filter(|(step, size)| step.is_clear_of_zero() && step.value.abs() > 1e-9 * size.abs())
        .map(|(step, _)| step.value)
        .collect();
    OfMeasure {
        measure,
        turns: steps.iter().any(|it| *it > 0.0) && steps.iter().any(|it| *it < 0.0),
        by_level: (levels.iter().map(|(_, place)| over_trials(&values[*place]))).collect(),
        level_effects: (levels.iter())
            .map(|(_, place)| difference(&values[*place], &values[0]))
            .collect(),
        of_structures: (1..structures).map(of_structure).collect(),
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Mutex;
    use std::sync::atomic::AtomicBool;

    use super::*;
    use crate::inquiry::decide::measures_of;
    use crate::scenario::{self, BUNDLED, Kind, Request};

    fn scenario(study: &str, structures: &str, set: &[&str]) -> Scenario {
        let request = Request {
            study: study.to_owned(),
            structures: Some(structures.to_owned()),
            set: set.iter().map(|it| (*it).to_owned()).collect(),
            ..Request::default()
        };
        scenario::load(&request).unwrap()
    }

    #[test]
    fn the_features_are_the_eight_of_their_source() {
        for id in FEATURES {
            let is_it = |it: &&crate::scenario::Bundled| it.kind == Kind::Overlay && it.id == id;
            let text = BUNDLED.iter().find(is_it).unwrap().text;
            assert!(text.contains("of eight features of joint working"), "{id}");
        }
    }

    #[test]
    fn trials_that_were_kept_are_not_run_again_and_levels_rise() {
        let scenario = scenario("duty-desk", "joined", &["study.observe=1 year"]);
        let asked = Asked {
            measures: measures_of(&scenario, &["handoff-days".to_owned()], true).unwrap(),
            scenario,
            features: 0,
            // 4 and 64 places: 1.01 rounds to 4 and 65, 1.001 to those that there are.
            factors: vec![1.2, 0.9, 1.01, 1.001],
            services: Vec::new(),
            trials: 3,
        };
        let kept = Mutex::new(std::collections::BTreeMap::new());
        let stop = AtomicBool::new(false);
        let plan = Plan { threads: Some(1) };
        let first = Watch {
            known: &|_| None,
            on_run: &|run, values| {
                kept.lock().unwrap().insert(run, values.clone());
            },
            stop: &stop,
        };
        let found = equivalent(&asked, &plan, &first).unwrap();
        let posts: Vec<f64> = found.levels.iter().map(|it| it.posts).collect();
        assert_eq!(posts, [62.0, 68.0, 69.0, 82.0]);
        assert_eq!(
            (found.stated, found.levels[1].factor.to_bits()),
            (1, 1.0_f64.to_bits())
        );
        let again = Watch {
            known: &|run| kept.lock().unwrap().get(&run).cloned(),
            on_run: &|run, _| panic!("trial {run} is run again"),
            stop: &stop,
        };
        assert!(equivalent(&asked, &plan, &again).unwrap() == found);
    }

    /// More posts are posts of the services named, in every area, and what they cost is paid for them.
    #[test]
    fn more_posts_are_those_of_the_services_named() {
        let set = ["area.typical-council-2003.children=300"];
        let scenario = scenario("calibration-2003", "local-trust", &set);
        let asked = Asked {
            measures: Vec::new(),
            scenario,
            features: 0,
            factors: vec![1.5],
            services: vec!["camhs".to_owned()],
            trials: 2,
        };
        let (with, _) = with_levels(&asked);
        let stop = AtomicBool::new(false);
        let prepared = Prepared::new(&with, &Plan::default(), &stop).unwrap();
        let [before, _, after] = prepared.means() else {
            panic!("baseline, structure and level");
        };
        let (_, services) = prepared.names();
        let mut more = 0.0;
        for (place, service) in services.iter().enumerate() {
            let factor = if service.id == "camhs" { 1.5 } else { 1.0 };
            let (was, is) = (before.front_line[place], after.front_line[place]);
            assert!((is - factor * was).abs() < 1e-9, "{}", service.id);
            more += is - was;
        }
        assert!(more > 0.0);
        let World::Children(world) = world_of(&with) else {
            panic!("a study of children");
        };
        let pounds = more * world.mechanisms.costs.a_post;
        assert!((after.pounds_a_year - before.pounds_a_year - pounds).abs() < 1e-3);
    }

    #[test]
    fn parts_are_those_in_which_a_structure_differs() {
        let scenario = scenario("calibration-2003", "local-trust", &[]);
        let parts = parts_of(&scenario, "local-trust").unwrap();
        let baseline = &scenario.structures[0];
        assert!(parts.len() > 3);
        for part in &parts {
            assert!(
                part.id
                    .as_str()
                    .starts_with(&format!("{}~local-trust:", baseline.id))
            );
            assert_ne!(
                Structure {
                    id: baseline.id.clone(),
                    name: baseline.name.clone(),
                    ..part.clone()
                },
                *baseline
            );
        }
        assert_eq!(parts_of(&scenario, "fragmented"), None);
    }
}
