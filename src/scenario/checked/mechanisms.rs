//! The mechanisms that a parameter file may state and may leave out. What is left out is off, and off
//! leaves no trace: the default of every type here is its neutral value.

use super::Id;
use crate::units::{Days, Factor, Law, PerYear, Probability};

/// Every mechanism with strengths of its own, off unless stated.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Mechanisms {
    /// How two parties come to work together.
    pub relations: Relations,
    /// Somebody who co-ordinates, chases and is told.
    pub lead_professional: LeadProfessional,
    /// Kinds of oversight, sorted by id; structures name them.
    pub oversight: Vec<OversightKind>,
    /// Steps that need the part of others, sorted by id.
    pub joint_steps: Vec<JointStep>,
    /// Yearly moves of posts within a budget block.
    pub budget_moves: BudgetMoves,
    /// Vacancies, turnover and changes of worker.
    pub workforce: Workforce,
    /// Who takes part where nobody has to.
    pub adoption: Adopting,
    /// How areas differ from each other.
    pub areas: AreaSpread,
    /// What a change of structure costs while it happens.
    pub change: Change,
    /// Work pulled to its deadline.
    pub deadline: Deadline,
    /// Thresholds that rise with the backlog.
    pub rationing: Rationing,
    /// A child with an open need who reaches the upper age is handed over to adult services.
    pub hands_over_at_upper_age: bool,
    /// Children of one family.
    pub siblings: Siblings,
    /// Factor on the perceived level of a case sent by the sector that leads, in a waiting list;
    /// `None` is 1.
    pub lead_sector_weight: Option<Factor>,
    /// What work costs.
    pub costs: Costs,
}

/// How two parties come to work together: `r = ceiling (1 - exp(-t / matures))`, where t is the time
/// since they became neighbours. Delay, bounce and loss are multiplied by
/// `(1 - beta r) / (1 - beta mean)`: base figures are stated for long-standing neighbours of an
/// average area, who have r equal to the ceiling.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Relations {
    /// Largest share of delay and loss that a perfect relation takes away; 0 is neutral.
    pub beta: Probability,
    /// The time T in which new neighbours come to know each other.
    pub matures: Days,
    /// Ceiling of r in an average area.
    pub mean: Probability,
    /// Share of what is missing to 1 that partnering adds to the ceiling.
    pub effort_raises: Probability,
    /// Share of workers' time that partnering takes.
    pub effort_takes: Probability,
}

/// Somebody who co-ordinates a child's services: losses that nobody would notice come to light, and
/// chasing is quicker.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct LeadProfessional {
    /// Chance that a silent loss is found; 0 is neutral.
    pub finds: Probability,
    /// How long after the loss.
    pub after: Option<Law>,
    /// Factor on the time until a detectable loss is chased; `None` is 1.
    pub chase: Option<Factor>,
    /// Working hours for each month of a handoff that is so accompanied.
    pub hours_a_month: f64,
}

/// A kind of oversight.
#[derive(Debug, Clone, PartialEq)]
pub struct OversightKind {
    /// Id.
    pub id: Id,
    /// Name for readers.
    pub name: String,
    /// Time between two looks.
    pub looks_every: Days,
    /// Share of cases seen at a look.
    pub sees: Probability,
    /// Chance that a seen case that is stalled or lost is recognised as such.
    pub finds: Probability,
    /// A handoff that has taken longer than this is stalled.
    pub stalled_after: Days,
    /// Share of the time of those overseen that it takes.
    pub takes: Probability,
}

/// A step of an assessment that needs the part of others: an enquiry, a conference, a statement.
#[derive(Debug, Clone, PartialEq)]
pub struct JointStep {
    /// Id.
    pub id: Id,
    /// Name for readers.
    pub name: String,
    /// The service whose assessment it belongs to.
    pub in_assessment_by: Id,
    /// Perceived level from which it is held.
    pub from_level: f64,
    /// Services and outside sources that contribute, sorted.
    pub parts: Vec<Id>,
    /// Time until one contribution has come, at closeness 1.
    pub takes: Law,
    /// After this the step goes on without those that have not come.
    pub limit: Days,
    /// Working hours of one contribution.
    pub hours: f64,
}

/// Posts that follow the waiting within one budget block and skill, once a year.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct BudgetMoves {
    /// Share of a service's posts that can move in one year; 0 is neutral.
    pub at_most: Probability,
    /// Time until posts that moved are filled again.
    pub recruitment: Days,
}

/// Vacancies, turnover and changes of worker. The share of posts vacant belongs to the area.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Workforce {
    /// How often a filled post falls vacant; 0 is neutral.
    pub turnover: PerYear,
    /// Vacancies are covered alike by all services, whatever the structure (the neutral value).
    pub covered_by_all: bool,
    /// How often a helped child changes worker; 0 is neutral.
    pub worker_changes: PerYear,
    /// How long help is interrupted by it; `None` is no time.
    pub gap: Option<Law>,
}

/// Who takes part where nobody has to.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Adopting {
    /// Chance that a partner joins in an area of average relations; 1 is neutral.
    pub joins: Probability,
    /// How much that chance rises for each unit of the local relation above the mean.
    pub slope: f64,
}

impl Default for Adopting {
    fn default() -> Self {
        Self {
            joins: Probability::ONE,
            slope: 0.0,
        }
    }
}

/// How areas differ: standard deviations, drawn once a trial, the same under every structure.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct AreaSpread {
    /// Of the ceiling of relations.
    pub relations: f64,
    /// Of thresholds, in levels. One organisation in several areas has their mean.
    pub thresholds: f64,
}

/// What a change of structure does while it happens.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Change {
    /// From decision day to vesting day.
    pub lead_time: Days,
    /// Share of capacity lost between the two to services that are to change employer.
    pub blight: Probability,
    /// Share of capacity lost from vesting to a service that changes employer; 0 is neutral.
    pub dip: Probability,
    /// How long the dip stays level.
    pub dip_lasts: Days,
    /// In which time half of it fades after that.
    pub dip_half_life: Days,
    /// What part of the dip other changes cause.
    pub weights: ChangeWeights,
    /// Factor on turnover and changes of worker at full dip, in proportion below; `None` is 1.
    pub extra_turnover: Option<Factor>,
    /// From vesting until records are joined.
    pub build_records: Days,
    /// ... budgets.
    pub build_budgets: Days,
    /// ... assessment.
    pub build_assessment: Days,
    /// ... front doors.
    pub build_front_doors: Days,
    /// ... workforce planning.
    pub build_workforce: Days,
    /// One-off cost of changing the employer of one post, pounds.
    pub cost_a_post: f64,
}

/// What part of the dip of a change of employer other changes cause. Their sum is capped at 1.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct ChangeWeights {
    /// Another front door.
    pub front_doors: Probability,
    /// Other record blocks.
    pub records: Probability,
    /// Another budget.
    pub budgets: Probability,
    /// Another assessment block.
    pub assessment: Probability,
}

/// Work pulled to its deadline.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Deadline {
    /// Share of assessments that end shortly before they are due; 0 is neutral.
    pub pulled: Probability,
    /// Factor on that share where oversight sets targets; `None` is 1.
    pub targets: Option<Factor>,
}

/// A door's threshold that rises with its backlog.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Rationing {
    /// Levels by which it rises when as many wait for assessment as can be assessed at once.
    pub rises: f64,
    /// Levels by which it rises at most.
    pub at_most: f64,
}

/// Children of one family.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Siblings {
    /// Share of children who have a brother or sister in the area; 0 is neutral.
    pub share: Probability,
    /// Evidence (log-likelihood ratio) that a referral of one leaves about the other.
    pub concern: f64,
}

/// What work costs.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Costs {
    /// Pounds a year for one post.
    pub a_post: f64,
    /// Working hours of one post in a year.
    pub hours_a_year: f64,
    /// Working hours of chasing one loss.
    pub chase_hours: f64,
    /// Working hours of replying to one request for information.
    pub reply_hours: f64,
    /// Working hours of one case at a funding panel.
    pub panel_hours: f64,
}

impl Default for Costs {
    fn default() -> Self {
        Self {
            a_post: 0.0,
            hours_a_year: 1_600.0,
            chase_hours: 0.0,
            reply_hours: 0.0,
            panel_hours: 0.0,
        }
    }
}
