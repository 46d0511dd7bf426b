//! What is the same in every trial of a world: laws made ready and tables looked up by the
//! thousand.

use std::borrow::Cow;

use statrs::distribution::{ContinuousCDF, Gamma};

use super::purpose::Purpose;
use super::scripted::CaseLaw;
use crate::engine::{Instant, Luck, Sampler, Who, normal_quantile, normal_tail};
use crate::model::{AreaId, Ends, Meets, Need, NeedId, ServiceId, SourceId, World};
use crate::units::{Days, Factor};

/// Seconds of a year of 365.25 days.
pub(super) const YEAR: u32 = 31_557_600;
/// Values of family vulnerability told apart: equally likely, each the middle of its share.
pub(super) const VULNERABILITIES: usize = 256;
/// Values of presentation told apart: equally likely, each the middle of its share. So few that the
/// tables of all sources stay in a processor's nearest memory.
const PRESENTATIONS: usize = 64;
/// Levels of need.
pub(super) const LEVELS: usize = 4;
/// Needs that a world can have: their levels are kept in 64 bits.
pub(super) const MOST_NEEDS: usize = 32;
/// Sources that a world can have: sets of them are kept in 64 bits.
const MOST_SOURCES: usize = 64;

/// A world of children made ready for trials.
#[derive(Debug)]
pub struct ChildrenGround {
    pub(super) world: World,
    pub(super) areas: Vec<Who>,
    /// Children of the areas before each, and of all of them at the end.
    children_before: Vec<u64>,
    pub(super) needs: Vec<NeedLaw>,
    pub(super) sources: Vec<SourceLaw>,
    unnoted: Unnoted,
    pub(super) services: Vec<ServiceLaw>,
    /// Factor on the onset of every need.
    pub(super) vulnerability: Vec<f64>,
    pub(super) preparation: Sampler,
    pub(super) transit: Sampler,
    pub(super) chase: Sampler,
    pub(super) reply: Sampler,
    pub(super) move_delay: Sampler,
    /// Time until a part in each joint step has come.
    pub(super) joint_takes: Vec<Sampler>,
    /// Time until a lead professional finds a silent loss.
    pub(super) lead_after: Option<Sampler>,
    pub(super) worker_gap: Option<Sampler>,
    /// Scripted children.
    pub(super) cases: Vec<CaseLaw>,
    presentation_lasts: u32,
    /// Ages, in seconds of life, at which some source begins or ceases to meet children; sorted.
    age_steps: Vec<i64>,
}

/// The law of one need, in events a second.
#[derive(Debug)]
pub(super) struct NeedLaw {
    pub(super) who: Who,
    /// Onset a second at average vulnerability.
    pub(super) begins: f64,
    /// Up from level 1, 2; index 0 and 3 are 0.
    up: [f64; LEVELS],
    /// Down from level 1, 2, 3.
    down: [f64; LEVELS],
    harm: [f64; LEVELS],
    up_helped: f64,
    down_helped: f64,
    harm_helped: f64,
    /// The highest rate at which anything moves up; harm lies behind it on the line of marks.
    highest_up: f64,
    /// Marks a second.
    pub(super) marks: f64,
    /// Chances of level 0, up to 1, up to 2 at the start, where need is as the parameters have it:
    /// `[vulnerability * ages + age]`.
    start: Vec<[f32; 3]>,
    /// Grace at levels 2 and 3, seconds.
    pub(super) grace: [u32; 2],
}

/// What a mark on the line of a need means at a level.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Mark {
    Worse,
    Better,
    Harm,
    Nothing,
}

/// The law of one source, in contacts a second.
#[derive(Debug)]
pub(super) struct SourceLaw {
    pub(super) who: Who,
    pub(super) meets: Option<Meeting>,
}

#[derive(Debug)]
pub(super) struct Meeting {
    /// Ages met, in seconds of life: from, and before.
    ages: (i64, i64),
    /// Contacts a second by the highest level that the source can see.
    rate: [f64; LEVELS],
    /// Chance that a contact leaves no record of a need, by level: `[need * PRESENTATIONS + value]`.
    unnoted: Vec<[f64; LEVELS]>,
    /// The needs that the source sees.
    seen: Vec<usize>,
    /// The same as a mask over levels of two bits each.
    seen_mask: u64,
    /// Mean signal: `[need * LEVELS + level]`, 0 where nothing is seen.
    signal: Vec<f64>,
    /// Shift of the signal by presentation.
    shift: Vec<f64>,
    /// Signal above which a record is left.
    notes_above: f64,
    /// Standard deviation of what is drawn anew at every contact; 1 where presentation lasts.
    noise: f64,
    /// The largest chance that a contact with a child without need leaves a record.
    pub(super) noted_at_most: f64,
}

#[derive(Debug)]
pub(super) struct ServiceLaw {
    pub(super) who: Who,
    pub(super) help: Option<HelpLaw>,
}

#[derive(Debug)]
pub(super) struct HelpLaw {
    pub(super) screening: Sampler,
    pub(super) initial: Sampler,
    pub(super) core: Option<(f64, Sampler)>,
    pub(super) ends: EndsLaw,
    pub(super) gives_up: Option<Sampler>,
    /// When an initial assessment is due, from receipt, and a core one, from its start; seconds.
    pub(super) initial_due: Option<u32>,
    pub(super) core_due: Option<u32>,
}

#[derive(Debug)]
pub(super) enum EndsLaw {
    Review { every: u32 },
    Course(Sampler),
}

/// How a child presents itself at a moment: which of the equally likely values, need by need.
#[derive(Debug, Clone, Copy)]
pub(super) struct Presented([u8; MOST_NEEDS]);

impl Presented {
    fn value(&self, need: usize) -> usize {
        usize::from(self.0[need]) % PRESENTATIONS
    }
}

fn per_second(a_year: f64) -> f64 {
    a_year / f64::from(YEAR)
}

impl ChildrenGround {
    /// Prepares a world.
    ///
    /// # Panics
    /// If there are more than 32 needs or 64 sources: levels and sets of them are kept in 64 bits. The reader
    /// of scenario files refuses such files.
    pub fn new(world: World) -> Self {
        assert!(world.needs.len() <= MOST_NEEDS, "at most 32 needs");
        assert!(world.sources.len() <= MOST_SOURCES, "at most 64 sources");
        let vulnerability = vulnerabilities(&world);
        // The total variance of a signal is the same whatever part of it lasts.
        let alike = world.presentation.alike.get();
        let lasting = libm::sqrt(alike);
        let passing = world.presentation.spread * world.presentation.spread * (1.0 - alike);
        let noise = libm::sqrt(1.0 + passing);
        let shift: Vec<f64> = (0..PRESENTATIONS)
            .map(|byte| {
                let quantile = (byte as f64 + 0.5) / PRESENTATIONS as f64;
                world.presentation.spread * lasting * normal_quantile(quantile)
            })
            .collect();
        let mut age_steps: Vec<i64> = world
            .sources
            .iter()
            .filter_map(|source| source.meets.as_ref())
            .filter(|meets| meets.rate.get() > 0.0)
            .flat_map(|meets| [i64::from(meets.ages.0), i64::from(meets.ages.1) + 1])
            .map(|age| age * i64::from(YEAR))
            .collect();
        age_steps.sort_unstable();
        age_steps.dedup();
        let sources: Vec<SourceLaw> = world
            .sources
            .iter()
            .map(|source| SourceLaw {
                who: Who::named(source.id.as_str()),
                meets: source
                    .meets
                    .as_ref()
                    .map(|meets| Meeting::new(meets, &shift, noise)),
            })
            .collect();
        let mut children_before = vec![0];
        for (place, area) in world.areas.iter().enumerate() {
            children_before.push(children_before[place] + u64::from(area.children));
        }
        Self {
            age_steps,
            children_before,
            areas: world
                .areas
                .iter()
                .map(|area| Who::named(area.id.as_str()))
                .collect(),
            needs: world
                .needs
                .iter()
                .map(|need| NeedLaw::new(need, &vulnerability, world.upper_age))
                .collect(),
            unnoted: Unnoted::new(&sources, world.needs.len()),
            sources,
            services: world
                .services
                .iter()
                .map(|service| ServiceLaw {
                    who: Who::named(service.id.as_str()),
                    help: service.help.as_ref().map(|help| HelpLaw {
                        screening: Sampler::new(&help.screening),
                        initial: Sampler::new(&help.initial_assessment),
                        core: help
                            .core_assessment
                            .as_ref()
                            .map(|core| (core.from_level, Sampler::new(&core.takes))),
                        ends: match &help.ends {
                            Ends::Review { every } => EndsLaw::Review {
                                every: every.to_seconds().max(1),
                            },
                            Ends::Course(law) => EndsLaw::Course(Sampler::new(law)),
                        },
                        gives_up: help.gives_up.as_ref().map(Sampler::new),
                        initial_due: help.initial_due.map(|due| due.to_seconds()),
                        core_due: help.core_due.map(|due| due.to_seconds()),
                    }),
                })
                .collect(),
            vulnerability,
            preparation: Sampler::new(&world.handoff.preparation),
            transit: Sampler::new(&world.handoff.transit),
            chase: Sampler::new(&world.handoff.chase),
            reply: Sampler::new(&world.information.reply),
            move_delay: Sampler::new(&world.moves.delay),
            joint_takes: world
                .joint_steps
                .iter()
                .map(|step| Sampler::new(&step.takes))
                .collect(),
            lead_after: (world.mechanisms.lead_professional.after.as_ref()).map(Sampler::new),
            cases: world.cases.iter().map(CaseLaw::new).collect(),
            worker_gap: world.mechanisms.workforce.gap.as_ref().map(Sampler::new),
            // Without spread nothing changes at the end of a stretch: its length leaves no trace.
            presentation_lasts: if world.presentation.spread * lasting > 0.0 {
                world.presentation.lasts.to_seconds().max(1)
            } else {
                YEAR
            },
            world,
        }
    }

    /// The world that this is the ground of.
    pub fn world(&self) -> &World {
        &self.world
    }

    /// How a child presents itself now. It lasts a stated time and changes on a day of the child's
    /// own, so that not all children change together.
    pub(super) fn presented(&self, luck: &Luck, who: Who, now: Instant) -> Presented {
        let (cell, _) = self.presentation_cell(who, now);
        let blocks = self.needs.len().div_ceil(16);
        let mut values = [0; MOST_NEEDS];
        for (number, values) in values.chunks_exact_mut(16).take(blocks).enumerate() {
            let ordinal = cell * blocks as u32 + number as u32;
            let draw = luck.block(who, Purpose::Presentation as u16, ordinal);
            values.copy_from_slice(&draw.bytes());
        }
        Presented(values)
    }

    /// The stretch of time in which a child presents itself as it does now: its number and its end.
    pub(super) fn presentation_cell(&self, who: Who, now: Instant) -> (u32, Instant) {
        let phase = u64::from(who.below(self.presentation_lasts));
        let lasts = u64::from(self.presentation_lasts);
        let cell = (u64::from(now.seconds()) + phase) / lasts;
        let end = (cell + 1) * lasts - phase;
        (
            cell as u32,
            u32::try_from(end).map_or(Instant::NEVER, Instant::at),
        )
    }

    /// The next moment at which a child comes into or out of the ages that some source meets.
    pub(super) fn next_age_step(&self, born: i64, now: Instant) -> Instant {
        let age = i64::from(now.seconds()) - born;
        self.age_steps
            .iter()
            .find(|step| **step > age)
            .and_then(|step| u32::try_from(born + step).ok())
            .map_or(Instant::NEVER, Instant::at)
    }

    pub(super) fn need(&self, need: NeedId) -> &NeedLaw {
        &self.needs[need.index()]
    }

    pub(super) fn source(&self, source: SourceId) -> &SourceLaw {
        &self.sources[source.index()]
    }

    pub(super) fn service(&self, service: ServiceId) -> &ServiceLaw {
        &self.services[service.index()]
    }

    pub(super) fn area(&self, area: AreaId) -> Who {
        self.areas[area.index()]
    }

    /// Where a family goes that leaves an area, by a number of which all are equally likely: to any other,
    /// in proportion to its children, so that no area fills up or runs empty.
    pub(super) fn new_home(&self, from: AreaId, choice: u32) -> AreaId {
        let [before, after] = [0, 1].map(|it| self.children_before[from.index() + it]);
        let all = self.children_before.last().copied().unwrap_or_default();
        let elsewhere = all - (after - before);
        // Into the place of which child, those of the area itself left out.
        let mut place = (u64::from(choice) * elsewhere) >> 32;
        if place >= before {
            place += after - before;
        }
        AreaId::new(self.children_before.partition_point(|it| *it <= place) - 1)
    }

    /// The tables from which the children of an area draw their levels at the start of the warm-up, need by
    /// need. Only an area whose need is not 1 has tables of its own; they are made here, so that a country of
    /// unequal areas never keeps more than those of one.
    pub(super) fn first_levels(&self, area: AreaId) -> Vec<FirstLevels<'_>> {
        let factor = self.world.areas[area.index()].need;
        let ages = self.world.upper_age;
        (self.needs.iter())
            .map(|law| FirstLevels {
                up_to: match factor == Factor::ONE {
                    true => Cow::Borrowed(&law.start),
                    false => law.start(&self.vulnerability, factor.get(), ages).into(),
                },
                ages: ages as usize,
            })
            .collect()
    }
}

/// At which level a need of each kind of child is at the start, in one area.
#[derive(Debug)]
pub(super) struct FirstLevels<'a> {
    /// Chances of level 0, up to 1, up to 2: `[vulnerability * ages + age]`.
    up_to: Cow<'a, [[f32; 3]]>,
    ages: usize,
}

impl FirstLevels<'_> {
    /// The level of a child of this vulnerability and age in years who drew this uniform.
    pub(super) fn level(&self, vulnerability: usize, age: usize, chance: f64) -> u8 {
        let up_to = &self.up_to[vulnerability * self.ages + age.min(self.ages - 1)];
        up_to
            .iter()
            .filter(|up_to| chance >= f64::from(**up_to))
            .count() as u8
    }
}

/// Equally likely values of the gamma law of mean 1, capped at the stated quantile, scaled back to
/// mean 1.
fn vulnerabilities(world: &World) -> Vec<f64> {
    let shape = world.vulnerability_shape;
    let gamma = Gamma::new(shape, shape).expect("a checked shape is above 0");
    let cap = world.vulnerability_cap.get();
    let mut values: Vec<f64> = (0..VULNERABILITIES)
        .map(|cell| {
            let quantile = (cell as f64 + 0.5) / VULNERABILITIES as f64;
            gamma.inverse_cdf(quantile.min(cap))
        })
        .collect();
    let mean = values.iter().sum::<f64>() / VULNERABILITIES as f64;
    for value in &mut values {
        *value /= mean;
    }
    values
}

impl NeedLaw {
    pub(super) fn new(need: &Need, vulnerability: &[f64], upper_age: u32) -> Self {
        let rates = |list: &[crate::units::PerYear]| -> Vec<f64> {
            list.iter().map(|rate| per_second(rate.get())).collect()
        };
        let (worse, ease, harmed) = (rates(&need.worsens), rates(&need.eases), rates(&need.harm));
        let up = [0.0, worse[0], worse[1], 0.0];
        let down = [0.0, ease[0], ease[1], ease[2]];
        let harm = [0.0, harmed[0], harmed[1], harmed[2]];
        let highest = |rates: &[f64], factor: f64| {
            rates.iter().fold(0.0, |a: f64, b| a.max(*b)) * factor.max(1.0)
        };
        let highest_up = highest(&up, need.worsens_when_helped.get());
        let marks = highest_up
            + highest(&down, need.eases_when_helped.get())
            + highest(&harm, need.harm_when_helped.get());
        let mut law = Self {
            who: Who::named(need.id.as_str()),
            begins: per_second(need.begins.get()),
            up,
            down,
            harm,
            up_helped: need.worsens_when_helped.get(),
            down_helped: need.eases_when_helped.get(),
            harm_helped: need.harm_when_helped.get(),
            highest_up,
            marks,
            start: Vec::new(),
            grace: need.grace.map(Days::to_seconds),
        };
        law.start = law.start(vulnerability, 1.0, upper_age);
        law
    }

    /// The table of first levels where every onset is multiplied by a factor.
    fn start(&self, vulnerability: &[f64], factor: f64, upper_age: u32) -> Vec<[f32; 3]> {
        vulnerability
            .iter()
            .flat_map(|vulnerability| self.levels_by_age(*vulnerability * factor, upper_age))
            .collect()
    }

    /// What a mark at `position` (0 to 1 on the line of marks) does to a strand.
    ///
    /// The lowest marks raise, the highest lower, and the two never overlap: so for the same marks a
    /// child who is served (raised less often, lowered more often) is never at a higher level.
    pub(super) fn meaning(&self, position: f64, level: u8, served: bool) -> Mark {
        let level = usize::from(level);
        let factor = |helped: f64| if served { helped } else { 1.0 };
        let at = position * self.marks;
        if at < self.up[level] * factor(self.up_helped) {
            Mark::Worse
        } else if at >= self.marks - self.down[level] * factor(self.down_helped) {
            Mark::Better
        } else if (self.highest_up..self.highest_up + self.harm[level] * factor(self.harm_helped))
            .contains(&at)
        {
            Mark::Harm
        } else {
            Mark::Nothing
        }
    }

    /// The chances of level 0, at most 1 and at most 2 in the middle of each year of age, from level
    /// 0 at birth and without help: the exponential of the chain's rates over half a year, and over
    /// a whole one for each year after the first.
    fn levels_by_age(&self, vulnerability: f64, upper_age: u32) -> Vec<[f32; 3]> {
        let half_a_year = f64::from(YEAR) / 2.0;
        let mut rates = [[0.0; LEVELS]; LEVELS];
        for level in 0..LEVELS - 1 {
            let up = match level {
                0 => self.begins * vulnerability,
                _ => self.up[level],
            };
            rates[level][level + 1] = up * half_a_year;
            rates[level + 1][level] = self.down[level + 1] * half_a_year;
        }
        let half = chances_after(&rates);
        let whole = product(&half, &half);
        let mut p = half[0];
        (0..upper_age)
            .map(|_| {
                let up_to = [p[0], p[0] + p[1], p[0] + p[1] + p[2]].map(|chance| chance as f32);
                p = std::array::from_fn(|to| {
                    (0..LEVELS).map(|from| p[from] * whole[from][to]).sum()
                });
                up_to
            })
            .collect()
    }
}

/// From each level (row) to each level.
type Chances = [[f64; LEVELS]; LEVELS];

fn product(one: &Chances, other: &Chances) -> Chances {
    std::array::from_fn(|from| {
        std::array::from_fn(|to| (0..LEVELS).map(|by| one[from][by] * other[by][to]).sum())
    })
}

/// The chances of each level after a unit of time, for a chain with these rates between levels.
///
/// By uniformisation (Jensen 1953) over a time so short that few changes fall into it, then doubled
/// until the whole time has passed: nothing is ever subtracted, so it holds for slow and fast needs alike.
fn chances_after(rates: &Chances) -> Chances {
    let leaving = rates.map(|row| row.iter().sum::<f64>());
    let fastest = leaving.iter().copied().fold(0.0, f64::max);
    let identity: Chances =
        std::array::from_fn(|from| std::array::from_fn(|to| f64::from(u8::from(from == to))));
    if fastest <= 0.0 {
        return identity;
    }
    let doublings = libm::log2(fastest).ceil().max(0.0) as i32 + 1;
    // Changes expected in the short time, at most a half; a jump is a change or none.
    let changes = libm::scalbn(fastest, -doublings);
    let jump: Chances = std::array::from_fn(|from| {
        std::array::from_fn(|to| match from == to {
            true => 1.0 - leaving[from] / fastest,
            false => rates[from][to] / fastest,
        })
    });
    let mut weight = libm::exp(-changes);
    let mut jumped = identity;
    let mut sum = [[0.0; LEVELS]; LEVELS];
    for jumps in 1..=16 {
        for (row, jumped) in sum.iter_mut().zip(&jumped) {
            for (entry, chance) in row.iter_mut().zip(jumped) {
                *entry += weight * chance;
            }
        }
        jumped = product(&jumped, &jump);
        weight *= changes / f64::from(jumps);
    }
    (0..doublings).fold(sum, |chances, _| product(&chances, &chances))
}

impl Meeting {
    fn new(meets: &Meets, shift: &[f64], noise: f64) -> Self {
        let needs = meets.sees.len();
        let mut unnoted = vec![[1.0; LEVELS]; needs * PRESENTATIONS];
        let mut signal = vec![0.0; needs * LEVELS];
        for (need, sighting) in meets.sees.iter().enumerate() {
            let Some(sighting) = sighting else { continue };
            let signals = &mut signal[need * LEVELS..(need + 1) * LEVELS];
            for (level, signal) in signals.iter_mut().enumerate() {
                *signal = sighting.signal * level as f64;
                let rows = &mut unnoted[need * PRESENTATIONS..(need + 1) * PRESENTATIONS];
                for (row, shift) in rows.iter_mut().zip(shift) {
                    row[level] = 1.0 - normal_tail((meets.notes_above - *signal - shift) / noise);
                }
            }
        }
        let step = libm::log(meets.at_level_3.get().max(f64::MIN_POSITIVE)) / 3.0;
        let mut meeting = Self {
            ages: (
                i64::from(meets.ages.0) * i64::from(YEAR),
                (i64::from(meets.ages.1) + 1) * i64::from(YEAR),
            ),
            rate: std::array::from_fn(|level| {
                per_second(meets.rate.get()) * libm::exp(step * level as f64)
            }),
            unnoted,
            seen_mask: (0..needs)
                .filter(|need| meets.sees[*need].is_some())
                .fold(0, |mask, need| mask | 3 << (2 * need)),
            seen: (0..needs)
                .filter(|need| meets.sees[*need].is_some())
                .collect(),
            signal,
            shift: shift.to_vec(),
            notes_above: meets.notes_above,
            noise,
            noted_at_most: 0.0,
        };
        let most_plausible = |need| need * PRESENTATIONS + PRESENTATIONS - 1;
        let unnoted: f64 = (0..needs)
            .map(|need| meeting.unnoted[most_plausible(need)][0])
            .product();
        meeting.noted_at_most = 1.0 - unnoted;
        meeting
    }

    /// Does the source meet children who were born then?
    pub(super) fn meets_at(&self, born: i64, now: Instant) -> bool {
        let age = i64::from(now.seconds()) - born;
        (self.ages.0..self.ages.1).contains(&age)
    }

    /// Contacts a second with a child without need.
    pub(super) fn plain_rate(&self) -> f64 {
        self.rate[0]
    }

    /// Chance that a signal about a need is noted.
    pub(super) fn tail(&self, need: usize, level: u8, presented: &Presented) -> f64 {
        1.0 - self.unnoted(need, level, presented)
    }

    fn by_level(&self, need: usize, presented: &Presented) -> &[f64; LEVELS] {
        &self.unnoted[need * PRESENTATIONS + presented.value(need)]
    }

    fn unnoted(&self, need: usize, level: u8, presented: &Presented) -> f64 {
        self.by_level(need, presented)[usize::from(level) % LEVELS]
    }

    /// The needs that the source sees.
    pub(super) fn seen(&self) -> &[usize] {
        &self.seen
    }

    /// Does the source see any need that is above level 0, of levels of two bits each?
    pub(super) fn sees_any(&self, levels: u64) -> bool {
        self.seen_mask & levels != 0
    }

    /// Mean signal about a need at a level, presentation included.
    pub(super) fn mean_signal(&self, need: usize, level: u8, presented: &Presented) -> f64 {
        self.signal[need * LEVELS + usize::from(level)] + self.shift[presented.value(need)]
    }

    /// Mean signal about a need at a level, presentation included, where the need shows so many times
    /// as clearly as this source usually sees it.
    pub(super) fn signal(
        &self,
        need: usize,
        level: u8,
        clearer: f64,
        presented: &Presented,
    ) -> f64 {
        clearer * self.signal[need * LEVELS + usize::from(level)]
            + self.shift[presented.value(need)]
    }

    /// Signal above which a record is left.
    pub(super) fn notes_above(&self) -> f64 {
        self.notes_above
    }

    /// Standard deviation of what is drawn anew at every contact.
    pub(super) fn noise(&self) -> f64 {
        self.noise
    }

    /// The log-likelihood ratio of a signal: level 2 against level 0, presentation unknown.
    ///
    /// With unit noise and a mean of `m` at level 2 it is `m s - m^2 / 2`.
    pub(super) fn evidence(&self, need: usize, signal: f64) -> f64 {
        let at_two = self.signal[need * LEVELS + 2];
        at_two * signal - at_two * at_two / 2.0
    }

    /// Chance that a contact with a child at these levels leaves any record.
    pub(super) fn noted(&self, levels: impl Fn(usize) -> u8, presented: &Presented) -> f64 {
        self.noted_among(&self.seen, levels, presented)
    }

    /// Chance that such a contact leaves a record of any of these needs.
    pub(super) fn noted_among(
        &self,
        needs: &[usize],
        levels: impl Fn(usize) -> u8,
        presented: &Presented,
    ) -> f64 {
        let unnoted = |need: &usize| self.unnoted(*need, levels(*need), presented);
        1.0 - needs.iter().map(unnoted).product::<f64>()
    }

    /// Contacts that leave a record, a second, beyond those of a child without need: `plain` and
    /// `unnoted` are the chances that one leaves none, without need and at these levels.
    fn excess(&self, levels: u64, plain: f64, unnoted: f64) -> f64 {
        let highest = highest_of(levels & self.seen_mask);
        let now = self.rate[highest] * (1.0 - unnoted);
        (now - self.rate[0] * (1.0 - plain)).max(0.0)
    }
}

/// The highest of levels of two bits each.
fn highest_of(levels: u64) -> usize {
    const LOW_BITS: u64 = u64::MAX / 3;
    let (low, high) = (levels & LOW_BITS, levels >> 1 & LOW_BITS);
    if low & high != 0 {
        3
    } else if high != 0 {
        2
    } else {
        usize::from(low != 0)
    }
}

/// Sources that are worked out at a time.
const LANE: usize = 4;

/// Chances that a contact leaves no record of a need, for all sources side by side: those of one need,
/// value of presentation and level lie next to each other, as they are used together.
#[derive(Debug)]
pub(super) struct Unnoted {
    lanes: usize,
    /// `[((need * PRESENTATIONS + value) * LEVELS + level) * lanes + lane]`; 1 where a source does not
    /// see the need.
    chances: Vec<[f64; LANE]>,
}

impl Unnoted {
    fn new(sources: &[SourceLaw], needs: usize) -> Self {
        let mut chances = Vec::new();
        for row in 0..needs * PRESENTATIONS {
            for level in 0..LEVELS {
                for sources in sources.chunks(LANE) {
                    let mut lane = [1.0; LANE];
                    for (chance, source) in lane.iter_mut().zip(sources) {
                        if let Some(meeting) = &source.meets {
                            *chance = meeting.unnoted[row][level];
                        }
                    }
                    chances.push(lane);
                }
            }
        }
        Self {
            lanes: sources.len().div_ceil(LANE),
            chances,
        }
    }

    /// Where the chances of a need at a level begin.
    fn row(&self, need: usize, level: u8, presented: &Presented) -> usize {
        let row = (need * PRESENTATIONS + presented.value(need)) * LEVELS;
        (row + usize::from(level) % LEVELS) * self.lanes
    }
}

/// Contacts that leave a record, a second, by source.
pub(super) type Rates = [f64; MOST_SOURCES];

impl ChildrenGround {
    /// Contacts that leave a record, a second, beyond those that a child of its age without need would
    /// have: by source, and in all.
    pub(super) fn excess_contacts(
        &self,
        levels: u64,
        presented: &Presented,
        born: i64,
        now: Instant,
    ) -> (Rates, f64) {
        let mut rows = [(0, 0); MOST_NEEDS];
        let rows = &mut rows[..self.needs.len()];
        for (need, row) in rows.iter_mut().enumerate() {
            let level = (levels >> (2 * need)) as u8 & 3;
            *row = (
                self.unnoted.row(need, 0, presented),
                self.unnoted.row(need, level, presented),
            );
        }
        let mut rates = [0.0; MOST_SOURCES];
        let mut total = 0.0;
        for (lane, sources) in self.sources.chunks(LANE).enumerate() {
            let mut plain = [1.0; LANE];
            let mut unnoted = [1.0; LANE];
            for (without, with) in rows.iter() {
                let without = &self.unnoted.chances[without + lane];
                let with = &self.unnoted.chances[with + lane];
                for i in 0..LANE {
                    plain[i] *= without[i];
                    unnoted[i] *= with[i];
                }
            }
            for (i, law) in sources.iter().enumerate() {
                if let Some(meeting) = &law.meets
                    && meeting.sees_any(levels)
                    && meeting.meets_at(born, now)
                {
                    let rate = meeting.excess(levels, plain[i], unnoted[i]);
                    rates[lane * LANE + i] = rate;
                    total += rate;
                }
            }
        }
        (rates, total)
    }
}
