//! The neutral value of every mechanism: what a study is when one is switched off.

use std::sync::Arc;

use crate::scenario::{
    Adopting, Adoption, Area, AreaSpread, BudgetMoves, Change, ChildrenWorld, Coverage, Deadline,
    Mechanism, Rationing, Relations, Scenario, Siblings, Structure, World,
};
use crate::units::{Days, Factor, Law, PerYear, Probability};

/// Switches mechanisms of a study off. What is off leaves no trace: the study is the same as one whose
/// files never stated the mechanism, or stated its neutral value.
///
/// A network has no mechanisms beyond those that its study states itself; it stays as it is.
pub fn switch_off(scenario: &mut Scenario, mechanisms: &[Mechanism]) {
    for mechanism in mechanisms {
        for structure in &mut scenario.structures {
            in_structure(structure, *mechanism);
        }
        for area in &mut scenario.areas {
            in_area(area, *mechanism);
        }
    }
}

fn in_structure(structure: &mut Structure, mechanism: Mechanism) {
    if let World::Children(world) = &*structure.world {
        let mut world = world.clone();
        in_world(&mut world, mechanism);
        structure.world = Arc::new(World::Children(world));
    }
    let governance = &mut structure.governance;
    match mechanism {
        Mechanism::LeadProfessional => governance.lead_professional = Coverage::Nobody,
        Mechanism::Oversight => governance.oversight.clear(),
        Mechanism::Adoption => governance.adoption = Adoption::Statutory,
        _ => {}
    }
    if let Some(then) = &mut structure.then {
        in_structure(then, mechanism);
    }
}

fn in_area(area: &mut Area, mechanism: Mechanism) {
    if mechanism == Mechanism::Vacancies {
        // Without vacancies as many posts are filled as would be on average.
        for posts in &mut area.posts {
            let filled = 1.0 - posts.vacant.get();
            posts.screening *= filled;
            posts.assessment *= filled;
            posts.help *= filled;
            posts.vacant = Probability::ZERO;
        }
    }
}

fn in_world(world: &mut ChildrenWorld, mechanism: Mechanism) {
    let stated = &mut world.mechanisms;
    match mechanism {
        Mechanism::Organisations => {
            world.closeness.same_team = Factor::ONE;
            world.closeness.same_organisation = Factor::ONE;
            world.closeness.between_organisations = Factor::ONE;
            world.closeness.between_areas = Factor::ONE;
            // Nobody's view counts for more where no organisation leads.
            stated.lead_sector_weight = None;
        }
        Mechanism::Records => world.records.seen_elsewhere = Probability::ONE,
        Mechanism::Budgets => world.funding.panel_every = Days::ZERO,
        Mechanism::Assessment => world.assessments_accepted_elsewhere = Probability::ONE,
        Mechanism::FrontDoors => world.intake_shared_by_all = true,
        Mechanism::Workforce => stated.workforce.covered_by_all = true,
        Mechanism::BudgetMoves => stated.budget_moves = BudgetMoves::default(),
        Mechanism::Moves => {
            world.moves.delay = Law::Exactly(Days::ZERO);
            world.moves.silent_loss = Probability::ZERO;
            world.moves.detected_loss = Probability::ZERO;
        }
        Mechanism::Relations => stated.relations = Relations::default(),
        Mechanism::LeadProfessional => stated.lead_professional = Default::default(),
        Mechanism::JointSteps => stated.joint_steps.clear(),
        Mechanism::Vacancies => stated.workforce.turnover = PerYear::ZERO,
        Mechanism::WorkerChanges => stated.workforce.worker_changes = PerYear::ZERO,
        Mechanism::Adoption => stated.adoption = Adopting::default(),
        Mechanism::AreaSpread => stated.areas = AreaSpread::default(),
        Mechanism::Change => stated.change = Change::default(),
        Mechanism::Deadline => stated.deadline = Deadline::default(),
        Mechanism::Rationing => stated.rationing = Rationing::default(),
        Mechanism::GivingUp => {
            for help in world.services.iter_mut().flat_map(|it| &mut it.help) {
                help.gives_up = None;
            }
        }
        Mechanism::LeavingAge => stated.hands_over_at_upper_age = false,
        Mechanism::Siblings => stated.siblings = Siblings::default(),
        Mechanism::Losses => {
            for loss in [
                &mut world.handoff.silent_loss,
                &mut world.handoff.detected_loss,
                &mut world.moves.silent_loss,
                &mut world.moves.detected_loss,
            ] {
                *loss = Probability::ZERO;
            }
        }
        Mechanism::Presentation => world.presentation.spread = 0.0,
        Mechanism::Conclusions => world.records.conclusion = 0.0,
        Mechanism::Overheads => {
            stated.costs.chase_hours = 0.0;
            stated.costs.reply_hours = 0.0;
            stated.costs.panel_hours = 0.0;
            stated.lead_professional.hours_a_month = 0.0;
            stated.relations.effort_takes = Probability::ZERO;
            for kind in &mut stated.oversight {
                kind.takes = Probability::ZERO;
            }
            for step in &mut stated.joint_steps {
                step.hours = 0.0;
            }
        }
        Mechanism::Oversight => {}
    }
}
