//! The world of a study of children: everything but the structure, names resolved to ids.

use super::{
    AreaId, Case, Closeness, Funding, Handoff, Information, Mechanisms, Moves, NeedId, Perception,
    Presentation, Records, Referral, ServiceId, SourceId,
};
use crate::measures::HandoffKind;
use crate::scenario::{self, ChildrenWorld, HelpEnds, Id};
use crate::units::{Days, Factor, Law, PerYear, Probability};

/// The fixed world of a study of children.
#[derive(Debug, Clone, PartialEq)]
pub struct World {
    /// Areas, sorted by id.
    pub areas: Vec<Area>,
    /// Domains of need, sorted by id.
    pub needs: Vec<Need>,
    /// Services, sorted by id.
    pub services: Vec<Service>,
    /// Services in the same order, then sources outside, sorted by id.
    pub sources: Vec<Source>,
    /// Age at which a child leaves, in years.
    pub upper_age: u32,
    /// Shape of family vulnerability.
    pub vulnerability_shape: f64,
    /// Quantile at which vulnerability is capped.
    pub vulnerability_cap: Probability,
    /// How a child is seen.
    pub presentation: Presentation,
    /// What is kept.
    pub records: Records,
    /// When a source refers again.
    pub referral: Referral,
    /// How surely levels are perceived.
    pub perception: Perception,
    /// Asking others.
    pub information: Information,
    /// Passing a case on.
    pub handoff: Handoff,
    /// Factors by closeness.
    pub closeness: Closeness,
    /// Who pays.
    pub funding: Funding,
    /// Moves of known cases.
    pub moves: Moves,
    /// Chance that another block's assessment is accepted.
    pub assessments_accepted_elsewhere: Probability,
    /// One intake for all, whatever the structure.
    pub intake_shared_by_all: bool,
    /// Dips of a need spell that are bridged.
    pub spell_bridges: Days,
    /// Share of places taken at the start of the warm-up.
    pub places_filled_at_start: Probability,
    /// Steps of an assessment that need the part of others.
    pub joint_steps: Vec<JointStep>,
    /// Scripted children, sorted by id.
    pub cases: Vec<Case>,
    /// Everything that a study may leave out, as the scenario states it.
    pub mechanisms: Mechanisms,
}

/// A place and its children and posts.
#[derive(Debug, Clone, PartialEq)]
pub struct Area {
    /// Id.
    pub id: Id,
    /// Children, at any moment.
    pub children: u32,
    /// Factor on the onset of every need of a child whose line of life began here. It stays with the
    /// line when the family moves.
    pub need: Factor,
    /// Share of children at each age at the start.
    pub ages: Vec<f64>,
    /// How often a child moves to another area.
    pub moves: PerYear,
    /// Posts by service.
    pub posts: Vec<Posts>,
    /// Is a structure that is adopted by pilots in force here?
    pub is_pilot: bool,
}

/// Full-time posts of one service.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Posts {
    /// That screen.
    pub screening: f64,
    /// That assess.
    pub assessment: f64,
    /// That help.
    pub help: f64,
    /// Share of them that is vacant on average.
    pub vacant: Probability,
}

impl Posts {
    /// All of them.
    pub fn total(&self) -> f64 {
        self.screening + self.assessment + self.help
    }
}

/// A domain of need.
#[derive(Debug, Clone, PartialEq)]
pub struct Need {
    /// Id.
    pub id: Id,
    /// Level 0 to 1, at average vulnerability.
    pub begins: PerYear,
    /// Levels 1 to 2 and 2 to 3.
    pub worsens: [PerYear; 2],
    /// Levels 1 to 0, 2 to 1, 3 to 2.
    pub eases: [PerYear; 3],
    /// Factor on worsening while helped.
    pub worsens_when_helped: Factor,
    /// Factor on easing while helped.
    pub eases_when_helped: Factor,
    /// Harm at levels 1, 2, 3.
    pub harm: [PerYear; 3],
    /// Factor on harm while helped.
    pub harm_when_helped: Factor,
    /// Chance that harm to an unhelped child is referred.
    pub harm_refers: Probability,
    /// Who meets a harmed child.
    pub harm_met_by: SourceId,
    /// Whose door a referral goes to.
    pub referred_to: ServiceId,
    /// Grace at levels 2 and 3.
    pub grace: [Days; 2],
}

/// A service that a structure places.
#[derive(Debug, Clone, PartialEq)]
pub struct Service {
    /// Id.
    pub id: Id,
    /// What it does, if it helps.
    pub help: Option<Help>,
    /// The sector it belongs to.
    pub sector: Option<String>,
    /// The skill of its workers.
    pub skill: Option<String>,
}

/// What a helping service does.
#[derive(Debug, Clone, PartialEq)]
pub struct Help {
    /// Needs and levels it is for.
    pub levels: Vec<HelpsNeed>,
    /// Ages served, inclusive.
    pub ages: (u32, u32),
    /// Work of screening a referral.
    pub screening: Law,
    /// Perceived level below which it turns away.
    pub threshold: f64,
    /// Length of an initial assessment.
    pub initial_assessment: Law,
    /// A deeper assessment after it.
    pub core_assessment: Option<Core>,
    /// Assessments that a post carries at once.
    pub assessments_per_post: f64,
    /// Children whom a post helps at once.
    pub caseload: f64,
    /// How help ends.
    pub ends: Ends,
    /// When an initial assessment is due, from the receipt of the referral.
    pub initial_due: Option<Days>,
    /// When a core assessment is due, from its start.
    pub core_due: Option<Days>,
    /// How long a child waits for a place at most.
    pub gives_up: Option<Law>,
}

/// A step of an assessment that needs the part of others.
#[derive(Debug, Clone, PartialEq)]
pub struct JointStep {
    /// Id.
    pub id: Id,
    /// The service whose assessment it belongs to.
    pub in_assessment_by: ServiceId,
    /// Perceived level from which it is held.
    pub from_level: f64,
    /// Who contributes.
    pub parts: Vec<SourceId>,
    /// Time until one contribution has come.
    pub takes: Law,
    /// After this it goes on without those that have not come.
    pub limit: Days,
    /// Working hours of one contribution.
    pub hours: f64,
}

/// A deeper assessment after the first.
#[derive(Debug, Clone, PartialEq)]
pub struct Core {
    /// Perceived level from which it is made.
    pub from_level: f64,
    /// Its length.
    pub takes: Law,
}

/// A need that a service is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct HelpsNeed {
    /// The need.
    pub need: NeedId,
    /// Lowest level, 1 to 3.
    pub from_level: u8,
    /// Highest level, 1 to 3.
    pub to_level: u8,
}

/// How a period of help ends.
#[derive(Debug, Clone, PartialEq)]
pub enum Ends {
    /// At a review that finds the level below the range.
    Review {
        /// Time between reviews.
        every: Days,
    },
    /// When the course is over.
    Course(Law),
}

/// Who can note and refer.
#[derive(Debug, Clone, PartialEq)]
pub struct Source {
    /// Id.
    pub id: Id,
    /// How it meets children, if it does.
    pub meets: Option<Meets>,
}

/// How a source meets children.
#[derive(Debug, Clone, PartialEq)]
pub struct Meets {
    /// Ages met, inclusive.
    pub ages: (u32, u32),
    /// Contacts a year of a child without need.
    pub rate: PerYear,
    /// Factor on it at level 3.
    pub at_level_3: Factor,
    /// Signal above which a record is left.
    pub notes_above: f64,
    /// What it sees of each need, indexed by need.
    pub sees: Vec<Option<Sighting>>,
}

/// What a source sees of one need.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Sighting {
    /// Mean signal per level.
    pub signal: f64,
    /// Evidence above which it refers.
    pub refers_above: f64,
}

impl World {
    /// Resolves the names of a checked world; `pilots` are the areas of pilots.
    ///
    /// # Panics
    /// If a name is unknown; the reader of scenario files refuses such files.
    pub fn new(world: &ChildrenWorld, areas: &[scenario::Area], pilots: &[Id]) -> Self {
        let position = |ids: &[&Id], wanted: &Id| {
            ids.iter()
                .position(|id| *id == wanted)
                .expect("a checked scenario names only what it declares")
        };
        let need_ids: Vec<&Id> = world.needs.iter().map(|need| &need.id).collect();
        let service_ids: Vec<&Id> = world.services.iter().map(|service| &service.id).collect();
        let source_ids: Vec<&Id> = service_ids
            .iter()
            .copied()
            .chain(world.outside.iter().map(|outside| &outside.id))
            .collect();

        let meets = |meets: &scenario::Meets| {
            let mut sees = vec![None; need_ids.len()];
            for seen in &meets.sees {
                sees[position(&need_ids, &seen.need)] = Some(Sighting {
                    signal: seen.signal,
                    refers_above: seen.refers_above,
                });
            }
            Meets {
                ages: (meets.from_age, meets.to_age),
                rate: meets.rate,
                at_level_3: meets.at_level_3,
                notes_above: meets.notes_above,
                sees,
            }
        };
        let sources = world
            .services
            .iter()
            .map(|service| Source {
                id: service.id.clone(),
                meets: service.meets.as_ref().map(meets),
            })
            .chain(world.outside.iter().map(|outside| Source {
                id: outside.id.clone(),
                meets: Some(meets(&outside.meets)),
            }))
            .collect();

        let needs = world
            .needs
            .iter()
            .map(|need| Need {
                id: need.id.clone(),
                begins: need.begins,
                worsens: need.worsens,
                eases: need.eases,
                worsens_when_helped: need.worsens_when_helped,
                eases_when_helped: need.eases_when_helped,
                harm: need.harm,
                harm_when_helped: need.harm_when_helped,
                harm_refers: need.harm_refers,
                harm_met_by: SourceId::new(position(&source_ids, &need.harm_met_by)),
                referred_to: ServiceId::new(position(&service_ids, &need.referred_to)),
                grace: need.grace,
            })
            .collect();

        let help = |help: &scenario::Help| Help {
            levels: help
                .levels
                .iter()
                .map(|helps| HelpsNeed {
                    need: NeedId::new(position(&need_ids, &helps.need)),
                    from_level: helps.from_level as u8,
                    to_level: helps.to_level as u8,
                })
                .collect(),
            ages: help.ages,
            screening: help.screening.clone(),
            threshold: help.threshold,
            initial_assessment: help.initial_assessment.clone(),
            core_assessment: help.core_assessment.as_ref().map(|core| Core {
                from_level: core.from_level,
                takes: core.takes.clone(),
            }),
            assessments_per_post: help.assessments_per_post,
            caseload: help.caseload,
            ends: match &help.ends {
                HelpEnds::Review { every } => Ends::Review { every: *every },
                HelpEnds::Course(law) => Ends::Course(law.clone()),
            },
            initial_due: help.initial_due,
            core_due: help.core_due,
            gives_up: help.gives_up.clone(),
        };
        let services = world
            .services
            .iter()
            .map(|service| Service {
                id: service.id.clone(),
                help: service.help.as_ref().map(help),
                sector: service.sector.clone(),
                skill: service.skill.clone(),
            })
            .collect();
        let joint_steps = world
            .mechanisms
            .joint_steps
            .iter()
            .map(|step| JointStep {
                id: step.id.clone(),
                in_assessment_by: ServiceId::new(position(&service_ids, &step.in_assessment_by)),
                from_level: step.from_level,
                parts: step
                    .parts
                    .iter()
                    .map(|part| SourceId::new(position(&source_ids, part)))
                    .collect(),
                takes: step.takes.clone(),
                limit: step.limit,
                hours: step.hours,
            })
            .collect();

        let areas = areas
            .iter()
            .map(|area| Area {
                id: area.id.clone(),
                children: area.children,
                need: area.need,
                ages: area.ages.clone(),
                moves: area.moves,
                is_pilot: pilots.contains(&area.id),
                posts: service_ids
                    .iter()
                    .map(|service| {
                        area.posts
                            .iter()
                            .find(|posts| posts.service == **service)
                            .map_or_else(Posts::default, |posts| Posts {
                                screening: posts.screening,
                                assessment: posts.assessment,
                                help: posts.help,
                                vacant: posts.vacant,
                            })
                    })
                    .collect(),
            })
            .collect();

        Self {
            areas,
            needs,
            services,
            sources,
            upper_age: world.upper_age,
            vulnerability_shape: world.vulnerability_shape,
            vulnerability_cap: world.vulnerability_cap,
            presentation: world.presentation.clone(),
            records: world.records.clone(),
            referral: world.referral.clone(),
            perception: world.perception.clone(),
            information: world.information.clone(),
            handoff: world.handoff.clone(),
            closeness: world.closeness,
            funding: world.funding.clone(),
            moves: world.moves.clone(),
            assessments_accepted_elsewhere: world.assessments_accepted_elsewhere,
            intake_shared_by_all: world.intake_shared_by_all,
            spell_bridges: world.spell_bridges,
            places_filled_at_start: world.places_filled_at_start,
            joint_steps,
            cases: Vec::new(),
            mechanisms: world.mechanisms.clone(),
        }
    }

    /// The same world with scripted children, whose scripts begin after such a warm-up.
    ///
    /// # Panics
    /// If a name is unknown; the reader of scenario files refuses such files.
    pub fn with_cases(mut self, cases: &[scenario::Case], warm_up: Days) -> Self {
        let resolved = cases.iter().map(|case| {
            Case::new(
                case,
                warm_up,
                |id| {
                    let found = self.needs.iter().position(|need| need.id == *id);
                    NeedId::new(found.expect("a checked script names a need"))
                },
                |id| {
                    let found = self.sources.iter().position(|source| source.id == *id);
                    SourceId::new(found.expect("a checked script names a source"))
                },
            )
        });
        self.cases = resolved.collect();
        self
    }

    /// The service that helps with this need at this level and age, if there is one.
    pub fn helper(&self, need: NeedId, level: u8, age: u32) -> Option<ServiceId> {
        ServiceId::all(self.services.len()).find(|service| {
            self.services[service.index()]
                .help
                .as_ref()
                .is_some_and(|help| {
                    (help.ages.0..=help.ages.1).contains(&age)
                        && help.range(need).is_some_and(|range| range.contains(&level))
                })
        })
    }

    /// All areas.
    pub fn area_ids(&self) -> impl Iterator<Item = AreaId> + Clone + use<> {
        AreaId::all(self.areas.len())
    }

    /// All services.
    pub fn service_ids(&self) -> impl Iterator<Item = ServiceId> + Clone + use<> {
        ServiceId::all(self.services.len())
    }

    /// All needs.
    pub fn need_ids(&self) -> impl Iterator<Item = NeedId> + Clone + use<> {
        NeedId::all(self.needs.len())
    }

    /// All sources.
    pub fn source_ids(&self) -> impl Iterator<Item = SourceId> + Clone + use<> {
        SourceId::all(self.sources.len())
    }
}

impl Help {
    /// The levels of a need that the service is for.
    pub fn range(&self, need: NeedId) -> Option<std::ops::RangeInclusive<u8>> {
        self.levels
            .iter()
            .find(|helps| helps.need == need)
            .map(|helps| helps.from_level..=helps.to_level)
    }
}

impl Closeness {
    /// The factor on delay, bounce and loss of a handoff of this kind.
    pub fn factor(&self, kind: HandoffKind) -> f64 {
        match kind {
            HandoffKind::Internal => self.same_organisation,
            HandoffKind::BetweenOrganisations => self.between_organisations,
            HandoffKind::BetweenAreas => self.between_areas,
        }
        .get()
    }
}
