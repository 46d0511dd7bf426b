//! What each structure has to work with: posts, what overheads leave of them, what it costs, and the
//! load that is offered to every service.
//!
//! A pilot answers the questions that need the pathway: a small part of the children goes through
//! each structure with unlimited staff and places. What is in use then is the offered load, and the
//! hours that chasing, replying, panels and joint steps take are what they take of posts.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use super::results::{Means, Offered};
use super::{Experiment, Grounds, Plan, Stage, in_parallel};
use crate::measures::Overhead;
use crate::model::{self, AreaId, Posts, ServiceId, World};
use crate::scenario::{Adoption, Equal, Id, PostsPlan, PostsWork, Scenario};
use crate::simulate::{ChildrenGround, ChildrenTape, ChildrenTrial, Instant, Luck, Tally, Trial};

/// Seconds of a year.
const YEAR: u32 = 31_557_600;
/// Years of the pilot that are counted, after a warm-up as long as the study's.
const PILOT_YEARS: u32 = 2;
/// Share of each area's children in the pilot, and the fewest of an area.
const PILOT_SHARE: u32 = 8;
const PILOT_CHILDREN: u32 = 2_000;
/// Where there are many areas each has a smaller share, so that there are no more than about so many in
/// all: the load of a service is that of all areas together.
const PILOT_CHILDREN_IN_ALL: u32 = 100_000;
/// The number of the pilot among the trials: no trial of a study gets so far.
const PILOT_TRIAL: u32 = u32::MAX;

/// Multiplies the posts of every area.
pub(super) fn scale_posts(scenario: &mut Scenario, factor: f64) {
    for posts in scenario.areas.iter_mut().flat_map(|area| &mut area.posts) {
        posts.screening *= factor;
        posts.assessment *= factor;
        posts.help *= factor;
    }
}

/// What one structure takes and is asked for in a year, as the pilot found it.
struct Pilot {
    /// Working hours a year by use, all areas together.
    hours: [f64; Overhead::COUNT],
    /// Mean busy screening staff, assessments under way and places taken, by service.
    busy: Vec<[f64; 3]>,
}

/// Works out the means of every structure and gives them to it. Returns `None` if `stop` was set.
pub(super) fn prepare(
    scenario: &Scenario,
    experiment: &mut Experiment,
    plan: &Plan,
    stop: &AtomicBool,
) -> Option<Vec<Means>> {
    let Grounds::Children(grounds) = &experiment.grounds else {
        return Some(Vec::new());
    };
    let factor = scenario.study.comparison.posts.get();
    let small: Vec<(ChildrenGround, f64)> = grounds
        .iter()
        .map(|ground| pilot_ground(ground, factor))
        .collect();
    let stages: Vec<&Stage> = experiment.stages.iter().flat_map(Stage::both).collect();
    let before = Arc::clone(&experiment.stages.first()?.structure);
    let (seed, draw) = (experiment.seed, experiment.draw);
    let warm_up = experiment.decision_day;
    let structures: Vec<&crate::scenario::Structure> = scenario_structures(scenario).collect();
    // Staff are unlimited in a pilot: structures that differ in posts alone share one.
    let first_alike: Vec<usize> = (0..stages.len())
        .map(|number| {
            let alike = |other: &usize| {
                stages[*other].ground == stages[number].ground
                    && but_for_posts(structures[*other]) == but_for_posts(structures[number])
            };
            (0..number).find(alike).unwrap_or(number)
        })
        .collect();
    let pilots = in_parallel(plan, stages.len() as u32, |number| {
        let stage = stages[number as usize];
        let (ground, scale) = &small[stage.ground];
        let luck = Luck::new(seed, draw, PILOT_TRIAL);
        (!stop.load(Ordering::Relaxed)).then(|| {
            let is_own = first_alike[number as usize] == number as usize;
            is_own.then(|| pilot(ground, stage, &before, luck, *scale, warm_up))
        })
    })?;
    let pilots: Vec<&Pilot> = (first_alike.iter())
        .map(|own| {
            let pilot = pilots[*own].as_ref();
            pilot.expect("the first of those that are alike has a pilot of its own")
        })
        .collect();
    let baseline = *pilots.first()?;
    let all: Vec<(Means, Given)> = stages
        .iter()
        .zip(&pilots)
        .zip(structures)
        .map(|((stage, pilot), structure)| {
            let asked = Asked {
                scenario,
                structure,
                world: grounds[stage.ground].world(),
                base: grounds[experiment.stages[0].ground].world(),
                in_force: &stage.structure,
                before: &before,
            };
            asked.means(pilot, baseline)
        })
        .collect();
    let mut all = all.into_iter();
    let mut means = Vec::new();
    for stage in &mut experiment.stages {
        let (own, given) = all.next()?;
        stage.take(given);
        means.push(own);
        if let Some(then) = &mut stage.then {
            let (_, given) = all.next()?;
            then.take(given);
        }
    }
    Some(means)
}

/// The structures of a scenario, each followed by the one that follows it.
fn scenario_structures(scenario: &Scenario) -> impl Iterator<Item = &crate::scenario::Structure> {
    scenario
        .structures
        .iter()
        .flat_map(|it| std::iter::once(it).chain(it.then.as_deref()))
}

/// A structure without its names, what follows it, and posts on top of what is equal.
fn but_for_posts(structure: &crate::scenario::Structure) -> crate::scenario::Structure {
    crate::scenario::Structure {
        id: Id::new(""),
        name: String::new(),
        more_posts: Vec::new(),
        then: None,
        ..structure.clone()
    }
}

/// What a structure is given: the share of posts that overheads leave, and posts that differ from
/// those of the areas.
struct Given {
    front_line: Vec<f64>,
    posts: Option<Vec<Posts>>,
}

impl Stage {
    /// This stage and the one that follows it.
    fn both(&self) -> impl Iterator<Item = &Self> {
        std::iter::once(self).chain(self.then.as_deref())
    }

    fn take(&mut self, given: Given) {
        let structure = (*self.structure).clone();
        self.structure = Arc::new(structure.with_means(given.front_line, given.posts));
    }
}

/// A world with a part of the children, and the number of children for each of these. Posts say only
/// how many are helped at the start; the study's `factor` on them makes no difference to that.
fn pilot_ground(ground: &ChildrenGround, factor: f64) -> (ChildrenGround, f64) {
    let mut world = ground.world().clone();
    // What a few scripted children ask for is not scaled up to a load.
    world.cases.clear();
    let (mut all, mut some) = (0.0, 0.0);
    let children: u64 = world.areas.iter().map(|it| u64::from(it.children)).sum();
    let share = children.div_ceil(u64::from(PILOT_CHILDREN_IN_ALL)) as u32;
    let share = share.max(PILOT_SHARE);
    let fewest = PILOT_CHILDREN.min(PILOT_CHILDREN_IN_ALL / world.areas.len().max(1) as u32);
    for area in &mut world.areas {
        let before = f64::from(area.children);
        all += before;
        area.children = (area.children / share).max(fewest).min(area.children);
        some += f64::from(area.children);
        // As many places are taken at the start as there would be for so many children.
        for posts in &mut area.posts {
            let part = f64::from(area.children) / before;
            *posts = times(*posts, if factor > 0.0 { part / factor } else { 0.0 });
        }
    }
    (ChildrenGround::new(world), all / some)
}

fn pilot(
    ground: &ChildrenGround,
    stage: &Stage,
    before: &Arc<model::Structure>,
    luck: Luck,
    scale: f64,
    warm_up: Instant,
) -> Pilot {
    let observe = PILOT_YEARS * YEAR;
    let end = warm_up.after(observe);
    let tape = ChildrenTape::new(ground, luck, end);
    let mut trial = ChildrenTrial::unlimited(ground, &stage.structure, before, &tape, observe);
    trial.run_until(warm_up);
    trial.begin_observing();
    trial.run_until(end);
    let (tally, _) = trial.finish();
    let a_year = scale / f64::from(PILOT_YEARS);
    let mean = |seconds: u64| seconds as f64 * scale / f64::from(observe);
    Pilot {
        hours: tally
            .overhead_seconds
            .map(|seconds| seconds as f64 / 3600.0 * a_year),
        busy: busy(&tally, mean),
    }
}

fn busy(tally: &Tally, mean: impl Fn(u64) -> f64) -> Vec<[f64; 3]> {
    let services = tally.services.iter();
    services
        .map(|it| [it.screening_busy, it.assessment_busy, it.occupied_seconds].map(&mean))
        .collect()
}

/// All that the means of one structure depend on.
struct Asked<'s> {
    scenario: &'s Scenario,
    structure: &'s crate::scenario::Structure,
    /// The world under the structure, and under the baseline.
    world: &'s World,
    base: &'s World,
    in_force: &'s model::Structure,
    before: &'s model::Structure,
}

impl Asked<'_> {
    fn means(&self, pilot: &Pilot, baseline: &Pilot) -> (Means, Given) {
        let equal = self.scenario.study.comparison.equal;
        let mechanisms = &self.world.mechanisms;
        let services = self.world.services.len();
        let posts = self.posts(pilot, baseline);
        let by_service = |posts: &[Posts]| -> Vec<f64> {
            (0..services)
                .map(|service| {
                    let areas = posts.iter().skip(service).step_by(services);
                    areas.map(Posts::total).sum()
                })
                .collect()
        };
        let held = by_service(&posts);
        let total: f64 = held.iter().sum();
        let hours_a_year = mechanisms.costs.hours_a_year;
        // Time that cases take, spread over all posts, and time that each service gives.
        let from_cases = |pilot: &Pilot| pilot.hours.map(|hours| hours / hours_a_year);
        let (ours, theirs) = (from_cases(pilot), from_cases(baseline));
        let mut more: f64 = ours.iter().sum::<f64>() - theirs.iter().sum::<f64>();
        let base = |number: usize| {
            let service = ServiceId::new(number);
            taken(self.before, self.base, service)
        };
        let own = |number: usize| {
            let service = ServiceId::new(number);
            let share = self.share_in_force(&posts, number);
            taken(self.in_force, self.world, service).where_in_force(share, base(number))
        };
        // What the baseline gives as it holds posts, and would give as they are held here: the
        // difference is spread over all, so that totals agree to the last bit that counts.
        let before = by_service(&area_posts(self.base));
        for (number, (here, there)) in held.iter().zip(&before).enumerate() {
            more += base(number).sum() * (here - there);
        }
        let mut overheads = ours;
        let mut front_line = Vec::with_capacity(services);
        let mut on_top = 0.0;
        for (number, posts) in held.iter().enumerate() {
            let (here, there) = (own(number), base(number));
            overheads[Overhead::Oversight.index()] += here.oversight * posts;
            overheads[Overhead::Partnering.index()] += here.partnering * posts;
            let share = if total > 0.0 { more / total } else { 0.0 };
            let extra = share + here.sum() - there.sum();
            on_top += extra * posts;
            let left = match equal {
                Equal::Money => (1.0 - extra).max(0.0),
                Equal::Posts | Equal::Nothing => 1.0,
            };
            front_line.push(left);
        }
        let in_front_line: Vec<f64> = held.iter().zip(&front_line).map(|(a, b)| a * b).collect();
        let paid = in_front_line.iter().sum::<f64>() + on_top;
        let means = Means {
            pounds_a_year: paid * mechanisms.costs.a_post,
            one_off_pounds: self.posts_that_change(&posts) * mechanisms.change.cost_a_post,
            offered: self.offered(pilot, &posts, &front_line),
            front_line: in_front_line,
            overheads,
        };
        let mut means = means;
        let posts = self.with_more(posts, &mut means);
        let differs = posts != area_posts(self.base);
        let given = Given {
            front_line,
            posts: differs.then_some(posts),
        };
        (means, given)
    }

    /// Posts on top of what is equal. Each gives as much of its time to what cases take as every other
    /// post of its service does.
    fn with_more(&self, mut posts: Vec<Posts>, means: &mut Means) -> Vec<Posts> {
        for more in &self.structure.more_posts {
            let found = self
                .world
                .services
                .iter()
                .position(|it| it.id == more.service);
            let Some(service) = found else {
                continue;
            };
            let factor = more.factor.get();
            for posts in posts
                .iter_mut()
                .skip(service)
                .step_by(self.world.services.len())
            {
                *posts = times(*posts, factor);
            }
            let a_post = self.world.mechanisms.costs.a_post;
            means.pounds_a_year += (factor - 1.0) * means.front_line[service] * a_post;
            means.front_line[service] *= factor;
            let offered = &mut means.offered[service];
            for load in [
                &mut offered.screening,
                &mut offered.assessment,
                &mut offered.help,
            ] {
                *load = load.map(|load| load / factor);
            }
        }
        posts
    }

    /// Where doors of the baseline are parted, their intake is shared out in proportion to what each
    /// had to screen there; where doors are joined, they bring what they have.
    fn parted_doors(&self, baseline: &Pilot, posts: &mut [Posts]) {
        if self.world.intake_shared_by_all {
            return;
        }
        let services = self.world.services.len();
        for (number, area) in posts.chunks_mut(services).enumerate() {
            let id = AreaId::new(number);
            for door in self.before.front_doors.at(id).blocks() {
                let together =
                    |other: &ServiceId| !self.in_force.front_doors.parts(id, door[0], *other);
                let asked = |service: &ServiceId| baseline.busy[service.index()][0];
                let all: f64 = door.iter().map(asked).sum();
                if door.iter().all(together) || all <= 0.0 {
                    continue;
                }
                let total: f64 = door.iter().map(|it| area[it.index()].screening).sum();
                for service in door {
                    area[service.index()].screening = total * asked(service) / all;
                }
            }
        }
    }

    /// The posts of the structure by area and service.
    fn posts(&self, pilot: &Pilot, baseline: &Pilot) -> Vec<Posts> {
        let comparison = &self.scenario.study.comparison;
        let base = area_posts(self.base);
        let services = self.world.services.len();
        let mut posts = base.clone();
        self.parted_doors(baseline, &mut posts);
        for (number, posts) in posts.iter_mut().enumerate() {
            let service = &self.world.services[number % services].id;
            scale_for(self.structure, service, posts);
        }
        if comparison.equal != Equal::Nothing {
            // The same number of posts in all: what an overlay adds somewhere goes elsewhere.
            let sum = |posts: &[Posts]| posts.iter().map(Posts::total).sum::<f64>();
            let factor = sum(&base) / sum(&posts);
            if posts != base && factor.is_finite() {
                for posts in &mut posts {
                    *posts = times(*posts, factor);
                }
            }
        }
        if comparison.posts_planned == PostsPlan::RePlanned {
            posts = self.re_planned(pilot, &posts);
        }
        posts
    }

    /// The posts of each area shared out over services and kinds of work in proportion to their
    /// offered load.
    fn re_planned(&self, pilot: &Pilot, posts: &[Posts]) -> Vec<Posts> {
        let services = self.world.services.len();
        let wanted: Vec<Posts> = (0..services)
            .map(|number| {
                let busy = pilot.busy[number];
                let Some(help) = &self.world.services[number].help else {
                    return Posts::default();
                };
                Posts {
                    screening: busy[0],
                    assessment: busy[1] / help.assessments_per_post,
                    help: busy[2] / help.caseload,
                    ..Posts::default()
                }
            })
            .collect();
        let all: f64 = wanted.iter().map(Posts::total).sum();
        posts
            .chunks(services)
            .flat_map(|area| {
                let total: f64 = area.iter().map(Posts::total).sum();
                let factor = if all > 0.0 { total / all } else { 0.0 };
                area.iter().zip(&wanted).map(move |(posts, wanted)| Posts {
                    vacant: posts.vacant,
                    ..times(*wanted, factor)
                })
            })
            .collect()
    }

    /// Work asked for, for each unit of capacity, all areas together.
    fn offered(&self, pilot: &Pilot, posts: &[Posts], front_line: &[f64]) -> Vec<Offered> {
        let services = self.world.services.len();
        let turnover = self.world.mechanisms.workforce.turnover.get();
        (0..services)
            .map(|number| {
                let Some(help) = &self.world.services[number].help else {
                    return Offered::default();
                };
                let of = |kind: fn(&Posts) -> f64| -> f64 {
                    let areas = posts.iter().skip(number).step_by(services);
                    let filled = areas.map(|posts| {
                        let vacant = if turnover > 0.0 {
                            posts.vacant.get()
                        } else {
                            0.0
                        };
                        kind(posts) * (1.0 - vacant)
                    });
                    filled.sum::<f64>() * front_line[number]
                };
                let load = |busy: f64, units: f64| (units > 0.0).then(|| busy / units);
                let busy = pilot.busy[number];
                Offered {
                    screening: load(busy[0], of(|posts| posts.screening)),
                    assessment: load(
                        busy[1],
                        of(|posts| posts.assessment) * help.assessments_per_post,
                    ),
                    help: load(busy[2], of(|posts| posts.help) * help.caseload),
                }
            })
            .collect()
    }

    /// The chance that a partner in an area takes part.
    fn takes_part(&self, area: usize) -> f64 {
        match self.structure.governance.adoption {
            Adoption::Statutory => 1.0,
            Adoption::Pilot => f64::from(u8::from(self.world.areas[area].is_pilot)),
            Adoption::Voluntary => self.world.mechanisms.adoption.joins.get(),
        }
    }

    /// The share of a service's posts in which the structure is in force on average.
    fn share_in_force(&self, posts: &[Posts], service: usize) -> f64 {
        let services = self.world.services.len();
        let (mut inside, mut all) = (0.0, 0.0);
        for area in 0..self.world.areas.len() {
            let total = posts[area * services + service].total();
            inside += self.takes_part(area) * total;
            all += total;
        }
        if all > 0.0 { inside / all } else { 0.0 }
    }

    fn posts_that_change(&self, posts: &[Posts]) -> f64 {
        let services = self.world.services.len();
        let changes = |number: &usize| {
            let area = AreaId::new(number / services);
            let service = ServiceId::new(number % services);
            self.in_force.changes_employer(self.before, area, service)
        };
        let changed = (0..posts.len()).filter(changes);
        changed
            .map(|number| self.takes_part(number / services) * posts[number].total())
            .sum()
    }
}

/// Shares of a service's time.
struct Taken {
    oversight: f64,
    partnering: f64,
}

impl Taken {
    fn sum(&self) -> f64 {
        self.oversight + self.partnering
    }

    /// This in a share of posts, and what was taken before in all others.
    fn where_in_force(&self, share: f64, before: Self) -> Self {
        let mix = |own: f64, other: f64| share * own + (1.0 - share) * other;
        Self {
            oversight: mix(self.oversight, before.oversight),
            partnering: mix(self.partnering, before.partnering),
        }
    }
}

/// What oversight and partnering take of a service's time under a structure.
fn taken(structure: &model::Structure, world: &World, service: ServiceId) -> Taken {
    let id = &world.services[service.index()].id;
    let layers = structure.governance.oversight.iter();
    let oversight = layers
        .filter(|layer| layer.over.contains(id))
        .filter_map(|layer| {
            let kinds = &world.mechanisms.oversight;
            kinds.iter().find(|kind| kind.id == layer.kind)
        })
        .map(|kind| kind.takes.get())
        .sum();
    let partnering = if structure.governance.partnering {
        world.mechanisms.relations.effort_takes.get()
    } else {
        0.0
    };
    Taken {
        oversight,
        partnering,
    }
}

fn area_posts(world: &World) -> Vec<Posts> {
    let areas = world.areas.iter();
    areas.flat_map(|area| area.posts.iter().copied()).collect()
}

fn times(posts: Posts, factor: f64) -> Posts {
    Posts {
        screening: posts.screening * factor,
        assessment: posts.assessment * factor,
        help: posts.help * factor,
        ..posts
    }
}

/// Puts the factors of a structure's overlays on the posts of a service.
fn scale_for(structure: &crate::scenario::Structure, service: &Id, posts: &mut Posts) {
    for scale in structure.posts.iter().filter(|it| it.service == *service) {
        let factor = scale.factor.get();
        match scale.work {
            PostsWork::Screening => posts.screening *= factor,
            PostsWork::Assessment => posts.assessment *= factor,
            PostsWork::Help => posts.help *= factor,
            PostsWork::Vacant => posts.vacant = posts.vacant.times(factor),
        }
    }
}
