//! The neutral value of every mechanism, as settings of the bundled parameters.

use seamline::scenario::Mechanism;

/// Kinds of oversight of the bundled parameters.
const OVERSIGHT: [&str; 8] = [
    "board",
    "committee",
    "contract",
    "inspection",
    "management",
    "regional",
    "scrutiny",
    "tracking",
];

/// The settings that make a mechanism neutral; `None` where only leaving its tables out does.
pub(crate) fn neutral_values(mechanism: Mechanism) -> Option<Vec<String>> {
    let values: &[&str] = match mechanism {
        Mechanism::Organisations => &[
            "closeness.same_team=times 1",
            "closeness.same_organisation=times 1",
            "closeness.between_organisations=times 1",
            "closeness.between_areas=times 1",
            "priority.lead_sector_weight=times 1",
        ],
        Mechanism::Records => &["records.seen_elsewhere=100%"],
        Mechanism::Budgets => &["funding.panel_every=0 days"],
        Mechanism::Assessment => &["assessment.accepted_elsewhere=100%"],
        Mechanism::FrontDoors => &["intake.shared_by_all=true"],
        Mechanism::Workforce => &["workforce.covered_by_all=true"],
        Mechanism::BudgetMoves => &["budget_moves.at_most=0%"],
        Mechanism::Moves => &[
            "moves.delay=exactly 0 days",
            "moves.silent_loss=0%",
            "moves.detected_loss=0%",
        ],
        Mechanism::Relations => &[
            "relations.beta=0%",
            "relations.matures=0 days",
            "relations.mean=0%",
            "relations.effort_takes=0%",
        ],
        Mechanism::LeadProfessional => &[
            "lead_professional.finds=0%",
            "lead_professional.chase=times 1",
            "lead_professional.hours_a_month=0",
        ],
        Mechanism::Oversight => {
            let all = OVERSIGHT.iter();
            let mut values: Vec<String> = all
                .flat_map(|kind| ["sees", "takes"].map(|key| format!("oversight.{kind}.{key}=0%")))
                .collect();
            values.push("deadline.targets=times 1".to_owned());
            return Some(values);
        }
        // Vacancies are neutral with as many posts as would be filled.
        Mechanism::JointSteps | Mechanism::GivingUp | Mechanism::Vacancies => return None,
        Mechanism::WorkerChanges => &["workforce.worker_changes=0 per year"],
        Mechanism::Adoption => &["adoption.joins=100%", "adoption.slope=0"],
        Mechanism::AreaSpread => &["area_spread.relations=0", "area_spread.thresholds=0"],
        Mechanism::Change => &[
            "change.lead_time=0 days",
            "change.blight=0%",
            "change.dip=0%",
            "change.extra_turnover=times 1",
            "change.build.records=0 days",
            "change.build.budgets=0 days",
            "change.build.assessment=0 days",
            "change.build.front_doors=0 days",
            "change.build.workforce=0 days",
        ],
        Mechanism::Deadline => &["deadline.pulled=0%"],
        Mechanism::Rationing => &["rationing.rises=0"],
        Mechanism::LeavingAge => &["leaving.hands_over=false"],
        Mechanism::Siblings => &["siblings.share=0%"],
        Mechanism::Losses => &[
            "handoff.silent_loss=0%",
            "handoff.detected_loss=0%",
            "moves.silent_loss=0%",
            "moves.detected_loss=0%",
        ],
        Mechanism::Presentation => &["presentation.spread=0"],
        Mechanism::Conclusions => &["records.conclusion=0"],
        Mechanism::Overheads => {
            let all = OVERSIGHT.iter();
            let mut values: Vec<String> = all
                .map(|kind| format!("oversight.{kind}.takes=0%"))
                .collect();
            values.extend(
                [
                    "costs.chase_hours=0",
                    "costs.reply_hours=0",
                    "costs.panel_hours=0",
                    "lead_professional.hours_a_month=0",
                    "relations.effort_takes=0%",
                    "joint_step.enquiry.hours=0",
                    "joint_step.statement.hours=0",
                ]
                .map(str::to_owned),
            );
            return Some(values);
        }
    };
    Some(values.iter().map(|value| (*value).to_owned()).collect())
}
