//! The checked form of a study: plain values, complete and consistent, in an order that does not
//! depend on the files.
//!
//! Everything named is sorted by its id, so reordering tables in a file changes nothing. What the
//! files said, where and how surely, stands apart in [`Scenario::parameters`], so that the
//! model is handed numbers and the reader of a report is handed their sources.

mod case;
mod figures;
mod mechanisms;

use std::sync::Arc;

pub use case::{Case, LevelFrom, Occasion};
pub use figures::{Figure, FigureSet, FlowOf, Prior, Role, Simulated, Varied};
pub use mechanisms::{
    Adopting, AreaSpread, BudgetMoves, Change, ChangeWeights, Costs, Deadline, JointStep,
    LeadProfessional, Mechanisms, OversightKind, Rationing, Relations, Siblings, Workforce,
};

use super::load::Request;
use crate::units::{Days, Factor, Law, PerYear, Probability};

/// The hyphened name that files use for a thing. Luck is keyed by it; charts never show it.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Id(Arc<str>);

impl Id {
    /// Wraps a name; the reader has checked its form.
    pub fn new(name: &str) -> Self {
        Self(Arc::from(name))
    }

    /// The name as it stands in the files.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl std::fmt::Display for Id {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0)
    }
}

/// A study with all it names, merged and checked.
#[derive(Debug, Clone, PartialEq)]
pub struct Scenario {
    /// What was asked for, the study by a name that does not say where its folder lies.
    pub asked: Request,
    /// What is asked and how.
    pub study: Study,
    /// The places, sorted by id. A network study has exactly one.
    pub areas: Vec<Area>,
    /// The structures under comparison, the baseline first, then in the order of the study.
    pub structures: Vec<Structure>,
    /// Scripted children, sorted by id; none in a network study.
    pub cases: Vec<Case>,
    /// Published figures that the study names.
    pub figures: Option<FigureSet>,
    /// Every value that a file states, with unit, grade, source and origin, in the order of paths.
    pub parameters: Vec<Parameter>,
    /// Every file that took part, in the order of its label.
    pub files: Vec<SourceFile>,
}

/// The question and the design of the experiment.
#[derive(Debug, Clone, PartialEq)]
pub struct Study {
    /// Id of the study: the file's name without `.toml`.
    pub id: Id,
    /// Name for readers.
    pub name: String,
    /// The question that the study is to answer.
    pub purpose: String,
    /// Where structures part from the baseline.
    pub start: Start,
    /// Time before anything is counted.
    pub warm_up: Days,
    /// Time observed, from decision day.
    pub observe: Days,
    /// Number of trials, at least 2.
    pub trials: u32,
    /// The study's seed.
    pub seed: u64,
    /// What makes the comparison fair, and what is left out of it.
    pub comparison: Comparison,
}

/// What makes a comparison fair, and what is left out of it.
#[derive(Debug, Clone, PartialEq)]
pub struct Comparison {
    /// What is the same under every structure.
    pub equal: Equal,
    /// How posts are shared out over services where a structure changes them.
    pub posts_planned: PostsPlan,
    /// Factor on all posts.
    pub posts: Factor,
    /// Other factors on all posts under which results are given as well.
    pub also_at_posts: Vec<Factor>,
    /// Ids of the areas in which a structure adopted by pilots is in force, sorted.
    pub pilots: Vec<Id>,
    /// From decision day until the second decision, where a structure is followed by another.
    pub second_decision: Days,
    /// Id of the one measure that the study is about.
    pub primary: String,
    /// Mechanisms that are switched off, in their order.
    pub off: Vec<Mechanism>,
}

impl Default for Comparison {
    fn default() -> Self {
        Self {
            equal: Equal::default(),
            posts_planned: PostsPlan::default(),
            posts: Factor::ONE,
            also_at_posts: Vec::new(),
            pilots: Vec::new(),
            second_decision: Days::ZERO,
            primary: "known-missed".to_owned(),
            off: Vec::new(),
        }
    }
}

/// What is the same under every structure.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Equal {
    /// `"money"`: what overheads cost is taken from front-line posts pro rata.
    #[default]
    Money,
    /// `"posts"`: front-line posts; overheads come on top.
    Posts,
    /// `"nothing"`: what the files state, factors of overlays on posts included.
    Nothing,
}

/// How posts are shared out over services and doors.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum PostsPlan {
    /// `"inherited"`: as the area has them.
    #[default]
    Inherited,
    /// `"re-planned"`: the same total, in proportion to the offered load of each service.
    RePlanned,
}

/// A mechanism that can be switched off. Off is its neutral value and leaves no trace.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Mechanism {
    /// Distance between organisations: closeness 1 for every handoff, and no sector leads.
    Organisations,
    /// Records apart: all records are seen by everyone at once.
    Records,
    /// Funding panels: nobody waits to agree who pays.
    Budgets,
    /// Assessments apart: every assessment is accepted everywhere.
    Assessment,
    /// Front doors apart: one intake for all, and no wrong door.
    FrontDoors,
    /// Workforce apart: vacancies are covered alike by all services.
    Workforce,
    /// Posts that move within a budget block.
    BudgetMoves,
    /// What a move of house does to a known case.
    Moves,
    /// Relations that mature.
    Relations,
    /// Lead professionals.
    LeadProfessional,
    /// Oversight and its targets.
    Oversight,
    /// Joint steps.
    JointSteps,
    /// Vacancies and turnover of posts.
    Vacancies,
    /// Changes of worker.
    WorkerChanges,
    /// Adoption by choice: every structure is in force everywhere.
    Adoption,
    /// Areas that differ in relations and thresholds.
    AreaSpread,
    /// The change: no lead time, blight, dip or building.
    Change,
    /// Work pulled to its deadline.
    Deadline,
    /// Thresholds that rise with backlog.
    Rationing,
    /// Giving up waiting.
    GivingUp,
    /// Handing over to adult services.
    LeavingAge,
    /// Siblings.
    Siblings,
    /// Losses of handoffs.
    Losses,
    /// Presentation: signals that are shifted alike for all.
    Presentation,
    /// Conclusions that speak against need.
    Conclusions,
    /// Hours that chasing, replying, panels and the like take from front-line posts.
    Overheads,
}

impl Mechanism {
    /// Every mechanism, in order.
    pub const ALL: &'static [Self] = &[
        Self::Organisations,
        Self::Records,
        Self::Budgets,
        Self::Assessment,
        Self::FrontDoors,
        Self::Workforce,
        Self::BudgetMoves,
        Self::Moves,
        Self::Relations,
        Self::LeadProfessional,
        Self::Oversight,
        Self::JointSteps,
        Self::Vacancies,
        Self::WorkerChanges,
        Self::Adoption,
        Self::AreaSpread,
        Self::Change,
        Self::Deadline,
        Self::Rationing,
        Self::GivingUp,
        Self::LeavingAge,
        Self::Siblings,
        Self::Losses,
        Self::Presentation,
        Self::Conclusions,
        Self::Overheads,
    ];

    /// The word for it in files and options.
    pub fn id(self) -> &'static str {
        match self {
            Self::Organisations => "organisations",
            Self::Records => "records",
            Self::Budgets => "budgets",
            Self::Assessment => "assessment",
            Self::FrontDoors => "front_doors",
            Self::Workforce => "workforce",
            Self::BudgetMoves => "budget_moves",
            Self::Moves => "moves",
            Self::Relations => "relations",
            Self::LeadProfessional => "lead_professional",
            Self::Oversight => "oversight",
            Self::JointSteps => "joint_steps",
            Self::Vacancies => "vacancies",
            Self::WorkerChanges => "worker_changes",
            Self::Adoption => "adoption",
            Self::AreaSpread => "area_spread",
            Self::Change => "change",
            Self::Deadline => "deadline",
            Self::Rationing => "rationing",
            Self::GivingUp => "giving_up",
            Self::LeavingAge => "leaving_age",
            Self::Siblings => "siblings",
            Self::Losses => "losses",
            Self::Presentation => "presentation",
            Self::Conclusions => "conclusions",
            Self::Overheads => "overheads",
        }
    }
}

/// Where structures part from the baseline.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Start {
    /// `"decision day"`: the baseline runs the warm-up, then every structure goes on from its state.
    DecisionDay,
    /// `"established"`: every structure runs from the first day.
    Established,
}

/// One place.
#[derive(Debug, Clone, PartialEq)]
pub struct Area {
    /// Id; copies of one area carry `-1`, `-2` and so on.
    pub id: Id,
    /// Name for readers.
    pub name: String,
    /// The region and the police force it belongs to, and the nation.
    pub region: String,
    /// Children aged 0 to the upper age; 0 in a network study.
    pub children: u32,
    /// Factor on the onset of every need in this area; 1 where nothing is said of it.
    pub need: Factor,
    /// Share of the children at each single year of age; sums to 1; empty in a network study.
    pub ages: Vec<f64>,
    /// How often a child moves to another area of the study.
    pub moves: PerYear,
    /// Full-time posts by service, sorted by service; empty in a network study.
    pub posts: Vec<Posts>,
}

/// Full-time posts of one service in one area.
#[derive(Debug, Clone, PartialEq)]
pub struct Posts {
    /// The service.
    pub service: Id,
    /// Posts that screen referrals.
    pub screening: f64,
    /// Posts that assess.
    pub assessment: f64,
    /// Posts that help.
    pub help: f64,
    /// Share of them that is vacant on average.
    pub vacant: Probability,
}

/// A governance structure, overlays applied.
#[derive(Debug, Clone, PartialEq)]
pub struct Structure {
    /// Id, with overlays: `fragmented+shared-records`.
    pub id: Id,
    /// Name for readers, with overlays: `Fragmented services of 2002, with shared records`.
    pub name: String,
    /// What it is, in a sentence or two.
    pub summary: String,
    /// Where it is described.
    pub sources: Vec<String>,
    /// What the law would need, where said.
    pub law: Option<String>,
    /// What its advocates say.
    pub claims_for: Vec<String>,
    /// What its critics say.
    pub claims_against: Vec<String>,
    /// Overlays it carries, in the order of their ids.
    pub overlays: Vec<Overlay>,
    /// Organisations, sorted by id. Every service that a structure can place is run by exactly one.
    pub organisations: Vec<Organisation>,
    /// Who sees whose records: a partition of the placed services into sorted blocks.
    pub records: Blocks,
    /// Who shares a budget.
    pub budgets: Blocks,
    /// Whose assessment counts with whom.
    pub assessment: Blocks,
    /// Who shares an intake.
    pub front_doors: Blocks,
    /// Who plans posts together.
    pub workforce: Blocks,
    /// What it asks of those within it, beyond the partitions.
    pub governance: Governance,
    /// Factors that its overlays put on the posts of every area, sorted by service and kind of work.
    pub posts: Vec<PostsScale>,
    /// Posts on top of what is equal under all structures. No file states any: they are what a question
    /// adds to the baseline to see what money alone would buy.
    pub more_posts: Vec<MorePosts>,
    /// The structure that follows at the second decision.
    pub then: Option<Box<Structure>>,
    /// The services and needs under this structure: common to all but for the factors of overlays.
    pub world: Arc<World>,
}

/// A factor on posts of one service in every area.
#[derive(Debug, Clone, PartialEq)]
pub struct PostsScale {
    /// The service.
    pub service: Id,
    /// Which of its posts.
    pub work: PostsWork,
    /// The factor; those of several overlays are multiplied.
    pub factor: Factor,
}

/// A factor on all posts of one service, in every area and for every kind of work.
#[derive(Debug, Clone, PartialEq)]
pub struct MorePosts {
    /// The service.
    pub service: Id,
    /// The factor, more than 0; below 1 there are fewer.
    pub factor: Factor,
}

/// What a factor on posts is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum PostsWork {
    /// Posts that screen.
    Screening,
    /// Posts that assess.
    Assessment,
    /// Posts that help.
    Help,
    /// The share of all of them that is vacant; beyond 100% it is 100%.
    Vacant,
}

/// A partition: every placed service in exactly one block; blocks and their members sorted.
pub type Blocks = Vec<Vec<Id>>;

/// What a structure and its overlays ask of those within it, beyond the partitions.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Governance {
    /// Teams in one room: lists of services, whoever employs them.
    pub teams: Blocks,
    /// Which children have a lead professional.
    pub lead_professional: Coverage,
    /// Who looks over the services, in the order of ids.
    pub oversight: Vec<OversightLayer>,
    /// Who must take part.
    pub adoption: Adoption,
    /// Is partnering paid for in workers' time?
    pub partnering: bool,
    /// The sector that leads, if one does.
    pub led_by: Option<String>,
    /// Services that the law of this structure lets be delegated and pooled though they could not be
    /// in 2003, sorted.
    pub law_lifted_for: Vec<Id>,
    /// Answerable to whom, in words.
    pub accountable: Option<String>,
}

/// Which children have a lead professional.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Coverage {
    /// None.
    #[default]
    Nobody,
    /// `"children in several services"`: those with two needs or more in services' hands.
    SeveralServices,
    /// `"all referred children"`.
    AllReferred,
}

/// Somebody who looks over services.
#[derive(Debug, Clone, PartialEq)]
pub struct OversightLayer {
    /// Id.
    pub id: Id,
    /// Name for readers.
    pub name: String,
    /// Id of the kind of oversight, whose strength the parameter file states.
    pub kind: Id,
    /// The services looked over, sorted.
    pub over: Vec<Id>,
    /// Does it set targets for timescales?
    pub targets: bool,
}

/// Who must take part in a structure.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Adoption {
    /// `"statutory"`: everyone, everywhere.
    #[default]
    Statutory,
    /// `"pilot"`: everyone, in the areas that the study names.
    Pilot,
    /// `"voluntary"`: each partner decides in each area.
    Voluntary,
}

/// A practice or law added to a structure.
#[derive(Debug, Clone, PartialEq)]
pub struct Overlay {
    /// Id.
    pub id: Id,
    /// Name for readers.
    pub name: String,
    /// What it is.
    pub summary: String,
}

/// A management line with its own chief officer.
#[derive(Debug, Clone, PartialEq)]
pub struct Organisation {
    /// Id.
    pub id: Id,
    /// Name for readers.
    pub name: String,
    /// How far it reaches.
    pub footprint: Footprint,
    /// The services it runs, sorted.
    pub runs: Vec<Id>,
}

/// How far one organisation of a kind reaches.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Footprint {
    /// One in each area.
    Area,
    /// One in each region.
    Region,
    /// One for all.
    Nation,
}

/// What is simulated.
#[derive(Debug, Clone, PartialEq)]
pub enum World {
    /// Children with hidden needs.
    Children(Box<ChildrenWorld>),
    /// Cases that follow shares.
    Network(Box<NetworkWorld>),
}

/// How a case is passed on, at closeness 1.
#[derive(Debug, Clone, PartialEq)]
pub struct Handoff {
    /// From the decision until the referral is sent.
    pub preparation: Law,
    /// From sending until it lies at the receiver's door.
    pub transit: Law,
    /// Lost, and nobody knows.
    pub silent_loss: Probability,
    /// Lost, and the sender can find out.
    pub detected_loss: Probability,
    /// How long after a detectable loss the sender finds out and sends it again.
    pub chase: Law,
    /// It reaches a wrong door, where doors are separate.
    pub wrong_door: Probability,
    /// Times a receiver's screening may send it back before it is rejected.
    pub bounces_at_most: u32,
}

/// Factors on delay, bounce and loss of any handoff, by how close the two ends are.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Closeness {
    /// Both ends in one team.
    pub same_team: Factor,
    /// Both ends in one organisation.
    pub same_organisation: Factor,
    /// Two organisations of one area.
    pub between_organisations: Factor,
    /// Two organisations of different areas.
    pub between_areas: Factor,
}

/// Children, their needs, and the services that meet and help them.
#[derive(Debug, Clone, PartialEq)]
pub struct ChildrenWorld {
    /// Age at which a child leaves, in whole years.
    pub upper_age: u32,
    /// Shape of the gamma law of family vulnerability (mean 1).
    pub vulnerability_shape: f64,
    /// Quantile at which vulnerability is capped.
    pub vulnerability_cap: Probability,
    /// Domains of need, sorted by id.
    pub needs: Vec<Need>,
    /// Services that a structure places, sorted by id.
    pub services: Vec<Service>,
    /// Sources that no structure places, sorted by id.
    pub outside: Vec<Outside>,
    /// How a child is seen.
    pub presentation: Presentation,
    /// What is kept of what was noted.
    pub records: Records,
    /// When a source refers again.
    pub referral: Referral,
    /// How surely screening and assessment perceive a level.
    pub perception: Perception,
    /// Asking other record blocks.
    pub information: Information,
    /// Passing a case on.
    pub handoff: Handoff,
    /// Factors by closeness.
    pub closeness: Closeness,
    /// Agreeing who pays.
    pub funding: Funding,
    /// A family that moves.
    pub moves: Moves,
    /// Chance that another assessment block's assessment is accepted as it is.
    pub assessments_accepted_elsewhere: Probability,
    /// All intake is shared whatever the structure says (the neutral value of front doors).
    pub intake_shared_by_all: bool,
    /// A strand that ends its help can be closed while need remains: dips of need below level 2
    /// shorter than this are bridged in a need spell.
    pub spell_bridges: Days,
    /// Share of places taken at the start of the warm-up.
    pub places_filled_at_start: Probability,
    /// Everything that a parameter file may leave out.
    pub mechanisms: Mechanisms,
}

/// A domain of need.
#[derive(Debug, Clone, PartialEq)]
pub struct Need {
    /// Id.
    pub id: Id,
    /// Name for readers.
    pub name: String,
    /// Rate of level 0 to 1 for a child of average vulnerability.
    pub begins: PerYear,
    /// Rates of level 1 to 2 and 2 to 3.
    pub worsens: [PerYear; 2],
    /// Rates of level 1 to 0, 2 to 1, 3 to 2.
    pub eases: [PerYear; 3],
    /// Factor on worsening while a fitting service is active.
    pub worsens_when_helped: Factor,
    /// Factor on easing while a fitting service is active.
    pub eases_when_helped: Factor,
    /// Rate of harm at levels 1, 2, 3.
    pub harm: [PerYear; 3],
    /// Factor on harm while a fitting service is active.
    pub harm_when_helped: Factor,
    /// Chance that harm to an unhelped child leads to a referral.
    pub harm_refers: Probability,
    /// The source (service or outside) that meets a harmed child.
    pub harm_met_by: Id,
    /// The service to whose door a referral about this need goes.
    pub referred_to: Id,
    /// Longest acceptable time unmet at levels 2 and 3.
    pub grace: [Days; 2],
}

/// How a source meets children and what it makes of it.
#[derive(Debug, Clone, PartialEq)]
pub struct Meets {
    /// First age met, in whole years.
    pub from_age: u32,
    /// Last age met, in whole years, inclusive.
    pub to_age: u32,
    /// Contacts a year of a child without need.
    pub rate: PerYear,
    /// Factor on that rate at level 3 of a need that the source sees; level 1 and 2 in proportion on
    /// the logarithmic scale.
    pub at_level_3: Factor,
    /// A signal above this, in standard deviations of noise, leaves a record.
    pub notes_above: f64,
    /// What it sees, by need, sorted by need.
    pub sees: Vec<Sees>,
}

/// What a source sees of one need.
#[derive(Debug, Clone, PartialEq)]
pub struct Sees {
    /// The need.
    pub need: Id,
    /// Mean signal per level, in standard deviations of the noise.
    pub signal: f64,
    /// The sum of log-likelihood ratios above which the source refers.
    pub refers_above: f64,
}

/// A service that a structure places.
#[derive(Debug, Clone, PartialEq)]
pub struct Service {
    /// Id.
    pub id: Id,
    /// Name for readers.
    pub name: String,
    /// How it meets children, if it does.
    pub meets: Option<Meets>,
    /// What it does for them, if it helps.
    pub help: Option<Help>,
    /// The sector it belongs to: health, education, social care.
    pub sector: Option<String>,
    /// The skill of its workers; posts move only between services of one skill.
    pub skill: Option<String>,
}

/// A source outside every structure.
#[derive(Debug, Clone, PartialEq)]
pub struct Outside {
    /// Id.
    pub id: Id,
    /// Name for readers.
    pub name: String,
    /// How it meets children.
    pub meets: Meets,
}

/// What a helping service does.
#[derive(Debug, Clone, PartialEq)]
pub struct Help {
    /// Needs and levels it is for, sorted by need.
    pub levels: Vec<HelpsNeed>,
    /// Ages served, whole years, inclusive.
    pub ages: (u32, u32),
    /// Work of screening one referral: time of one screening post.
    pub screening: Law,
    /// Perceived level below which it turns a referral away.
    pub threshold: f64,
    /// Length of an initial assessment.
    pub initial_assessment: Law,
    /// Length of a core assessment that follows where the perceived level is high, if there is one.
    pub core_assessment: Option<CoreAssessment>,
    /// Assessments that one post carries at once.
    pub assessments_per_post: f64,
    /// Children whom one post helps at once.
    pub caseload: f64,
    /// How help ends.
    pub ends: HelpEnds,
    /// When an initial assessment is due, from the receipt of the referral.
    pub initial_due: Option<Days>,
    /// When a core assessment is due, from its start.
    pub core_due: Option<Days>,
    /// How long a child waits for a place at most.
    pub gives_up: Option<Law>,
}

/// A deeper assessment after the first.
#[derive(Debug, Clone, PartialEq)]
pub struct CoreAssessment {
    /// Perceived level from which it is made.
    pub from_level: f64,
    /// Its length.
    pub takes: Law,
}

/// A need that a service is for.
#[derive(Debug, Clone, PartialEq)]
pub struct HelpsNeed {
    /// The need.
    pub need: Id,
    /// Lowest level, 1 to 3.
    pub from_level: u32,
    /// Highest level, 1 to 3.
    pub to_level: u32,
}

/// How a period of help ends.
#[derive(Debug, Clone, PartialEq)]
pub enum HelpEnds {
    /// At a review that finds the level below the service's range.
    Review {
        /// Time between reviews.
        every: Days,
    },
    /// When the course is over.
    Course(Law),
}

/// What every source sees alike and nobody knows: a lasting shift of all signals of a child.
#[derive(Debug, Clone, PartialEq)]
pub struct Presentation {
    /// Standard deviation, in those of the noise; 0 switches it off.
    pub spread: f64,
    /// How long it lasts before it is drawn anew.
    pub lasts: Days,
    /// Share of its variance that everybody who meets the child sees alike while it lasts; the rest is
    /// drawn anew at every contact.
    pub alike: Probability,
}

/// What is kept of what was noted.
#[derive(Debug, Clone, PartialEq)]
pub struct Records {
    /// Half-life of what was noted.
    pub half_life: Days,
    /// Log-likelihood ratio subtracted by a conclusion that there is no need; 0 switches it off.
    pub conclusion: f64,
    /// Share of the other record blocks' concerns that is seen (1 is neutral).
    pub seen_elsewhere: Probability,
}

/// When a source refers again.
#[derive(Debug, Clone, PartialEq)]
pub struct Referral {
    /// A source that has referred waits this long before it refers again.
    pub pause: Days,
    /// ... unless its evidence has grown by this log-likelihood ratio.
    pub unless_stronger_by: f64,
    /// A referral within this time of an earlier one about the child is a re-referral.
    pub repeat_within: Days,
}

/// How surely a level is perceived.
#[derive(Debug, Clone, PartialEq)]
pub struct Perception {
    /// Standard deviation of screening, in levels, when nothing is known of the child's records.
    pub screening: f64,
    /// Factor on it when the whole record is seen.
    pub screening_fully_seen: Factor,
    /// Standard deviation of assessment when only the own record is seen.
    pub assessment: f64,
    /// Factor on it when the whole record is seen.
    pub assessment_fully_seen: Factor,
    /// Perceived level from which an assessment plans help.
    pub help_from: f64,
    /// Standard deviation of a review.
    pub review: f64,
}

/// Asking other record blocks for what they hold.
#[derive(Debug, Clone, PartialEq)]
pub struct Information {
    /// Time until one block replies.
    pub reply: Law,
    /// After this the assessor decides on what there is.
    pub limit: Days,
}

/// Agreeing who pays when a plan draws on more than one budget.
#[derive(Debug, Clone, PartialEq)]
pub struct Funding {
    /// Time between panels; 0 means agreement at once (neutral).
    pub panel_every: Days,
    /// Chance that the case is put off to the panel after.
    pub second_panel: Probability,
}

/// What a move of house does to a known case that another organisation takes over.
#[derive(Debug, Clone, PartialEq)]
pub struct Moves {
    /// Extra delay until the new area has the case.
    pub delay: Law,
    /// Lost, and nobody knows.
    pub silent_loss: Probability,
    /// Lost, and the old area can find out.
    pub detected_loss: Probability,
}

/// A queueing network: cases arrive, stay, and go on by shares.
#[derive(Debug, Clone, PartialEq)]
pub struct NetworkWorld {
    /// Kinds of case, sorted by id.
    pub kinds: Vec<CaseKind>,
    /// Services, sorted by id.
    pub stations: Vec<Station>,
    /// Divisions of places that are considered, sorted by id.
    pub sharings: Vec<Sharing>,
    /// Passing a case on, if anything about it is stated; otherwise it takes no time.
    pub handoff: Option<Handoff>,
    /// Factors by closeness.
    pub closeness: Closeness,
}

/// Places that are considered for services together: some of their own, some in common. Nobody is
/// turned away by it; the results say who would have found no place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sharing {
    /// Id.
    pub id: Id,
    /// Name for readers.
    pub name: String,
    /// The services that share, sorted by id, with the places of their own.
    pub own: Vec<(Id, u32)>,
    /// Places that any of them can use.
    pub common: u32,
}

/// A kind of case with its own arrivals.
#[derive(Debug, Clone, PartialEq)]
pub struct CaseKind {
    /// Id.
    pub id: Id,
    /// Name for readers.
    pub name: String,
    /// The service at which it arrives.
    pub to: Id,
    /// Time between arrivals.
    pub between: Law,
}

/// A service of a network.
#[derive(Debug, Clone, PartialEq)]
pub struct Station {
    /// Id.
    pub id: Id,
    /// Name for readers.
    pub name: String,
    /// Places; `None` is unlimited.
    pub places: Option<u32>,
    /// Kinds by rank, most urgent first; kinds in one inner list rank alike; empty: all alike.
    pub priority: Vec<Vec<Id>>,
    /// How long a case waits at most.
    pub gives_up: Option<Law>,
    /// Cases that can wait at once; `None` is unlimited.
    pub waiting_room: Option<u32>,
    /// Where a case goes that finds all places taken and the waiting room full; `None` is its end.
    pub turned_away: Option<Id>,
    /// Numbers of places for which the results say who would have found none.
    pub places_considered: Vec<u32>,
    /// Where cases go next and how long they stay, by kind. For each kind the shares sum to 1.
    pub routes: Vec<Route>,
}

/// One way out of a service.
#[derive(Debug, Clone, PartialEq)]
pub struct Route {
    /// The kind of case; `None` means every kind.
    pub kind: Option<Id>,
    /// Where to; `None` is the end of the case.
    pub next: Option<Id>,
    /// Share of cases that go this way.
    pub share: Probability,
    /// The stay of a case that goes this way.
    pub stay: Law,
}

/// A value as a file states it.
#[derive(Debug, Clone, PartialEq)]
pub struct Parameter {
    /// Path as `--set` takes it: `handoff.silent_loss`, `area.typical-council-2003.children`.
    pub path: String,
    /// The value in its own words: `4%`, `exponential, mean 12 days`.
    pub value: String,
    /// The range in its own words, lowest and highest.
    pub range: Option<(String, String)>,
    /// How sure it is; `None` where the file does not say.
    pub grade: Option<Grade>,
    /// Where it is from.
    pub source: Option<String>,
    /// Why it was changed, where `[set]` says so.
    pub why: Option<String>,
    /// Label of the file that states it, or `--set`.
    pub file: String,
    /// Line in that file, from 1; 0 for `--set`.
    pub line: usize,
}

/// How sure a value is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Grade {
    /// Published statistics.
    Statistic,
    /// A study.
    Study,
    /// Expert opinion.
    Expert,
    /// Assumed.
    Assumption,
    /// Fitted to published figures.
    Fitted,
}

impl Grade {
    /// The word that files have for it.
    pub fn word(self) -> &'static str {
        match self {
            Self::Statistic => "statistic",
            Self::Study => "study",
            Self::Expert => "expert",
            Self::Assumption => "assumption",
            Self::Fitted => "fitted",
        }
    }
}

/// A file that took part.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SourceFile {
    /// `structures/local-trust.toml`, whichever way slashes lean.
    pub label: String,
    /// Was it found beside the study, not among the bundled files?
    pub local: bool,
    /// Its text, byte-order mark removed and line ends as `\n`.
    pub text: Arc<str>,
}
