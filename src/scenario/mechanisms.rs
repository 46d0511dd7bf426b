//! Reads the mechanisms of a parameter file. All of them may be left out, and what is left out is
//! off: every key has its neutral value for a default.

use crate::units::{Days, Factor, Law, PerYear, Probability};

use super::bounds::{at_most, below_all, level, positive, some_time};
use super::checked::{
    Adopting, AreaSpread, BudgetMoves, Change, ChangeWeights, Costs, Deadline, Id, JointStep,
    LeadProfessional, Mechanisms, OversightKind, Rationing, Relations, Siblings, Workforce,
};
use super::children::display_name;
use super::problem::{Code, Problem, did_you_mean, one_of};
use super::reader::{Fields, Reader, join};
use super::services::Names;
use super::tree::Entry;
use super::value::Number;

/// Working hours of one post in a month, at most.
const HOURS_A_MONTH: f64 = 200.0;
/// Hours in a year of 365.25 days.
const HOURS_A_YEAR: f64 = 8_766.0;
/// How often a post falls vacant or a worker changes at most: once a week.
const ONCE_A_WEEK: f64 = 52.0;

/// Reads every table of a mechanism that stands in a parameter file.
pub(crate) fn read(
    reader: &mut Reader<'_>,
    root: &mut Fields<'_>,
    names: &Names<'_>,
) -> Option<Mechanisms> {
    let relations = read_relations(reader, root);
    let lead_professional = read_lead_professional(reader, root);
    let oversight = named(reader, root, "oversight", read_oversight);
    let joint_steps = named(reader, root, "joint_step", |reader, entry| {
        read_joint_step(reader, entry, names)
    });
    let budget_moves = read_budget_moves(reader, root);
    let workforce = read_workforce(reader, root);
    let adoption = read_adopting(reader, root);
    let areas = read_area_spread(reader, root);
    let change = read_change(reader, root);
    let deadline = read_deadline(reader, root);
    let rationing = read_rationing(reader, root);
    let hands_over = read_leaving(reader, root);
    let siblings = read_siblings(reader, root);
    let lead_sector_weight = read_priority(reader, root);
    let costs = read_costs(reader, root);
    Some(Mechanisms {
        relations: relations?,
        lead_professional: lead_professional?,
        oversight: oversight?,
        joint_steps: joint_steps?,
        budget_moves: budget_moves?,
        workforce: workforce?,
        adoption: adoption?,
        areas: areas?,
        change: change?,
        deadline: deadline?,
        rationing: rationing?,
        hands_over_at_upper_age: hands_over?,
        siblings: siblings?,
        lead_sector_weight: lead_sector_weight?,
        costs: costs?,
    })
}

/// Reads the tables under `key`, each named by the user, in the order of names; none if left out.
fn named<'s, T>(
    reader: &mut Reader<'s>,
    root: &mut Fields<'_>,
    key: &'static str,
    mut read: impl FnMut(&mut Reader<'s>, &Entry) -> Option<T>,
) -> Option<Vec<T>> {
    let fields = reader.group(root, key)?;
    let mut all = Vec::new();
    for entry in reader.entries(&fields) {
        reader.check_name(entry);
        all.push(read(reader, entry));
    }
    all.into_iter().collect()
}

/// A number that is 0 where it is left out.
fn number(reader: &mut Reader<'_>, fields: &mut Fields<'_>, key: &'static str) -> Option<f64> {
    let Number(number) = reader.value_or(fields, key, Number(0.0))?;
    Some(number)
}

/// A length of time that is none where it is left out.
fn days(reader: &mut Reader<'_>, fields: &mut Fields<'_>, key: &'static str) -> Option<Days> {
    reader.value_or(fields, key, Days::ZERO)
}

/// A chance or share that is 0 where it is left out.
fn share(
    reader: &mut Reader<'_>,
    fields: &mut Fields<'_>,
    key: &'static str,
) -> Option<Probability> {
    reader.value_or(fields, key, Probability::ZERO)
}

/// A share of time or capacity that leaves some of it.
fn share_taken(
    reader: &mut Reader<'_>,
    fields: &mut Fields<'_>,
    key: &'static str,
) -> Option<Probability> {
    let stated = share(reader, fields, key);
    below_all(reader, fields, key, stated)
}

/// A rate of at most once a week that is never where it is left out.
fn rate(reader: &mut Reader<'_>, fields: &mut Fields<'_>, key: &'static str) -> Option<PerYear> {
    let rate = reader.value_or(fields, key, PerYear::ZERO)?;
    at_most(reader, fields, key, rate.get(), ONCE_A_WEEK, "times a year")?;
    Some(rate)
}

fn read_relations(reader: &mut Reader<'_>, root: &mut Fields<'_>) -> Option<Relations> {
    let mut fields = reader.group(root, "relations")?;
    let beta = share(reader, &mut fields, "beta");
    let matures = days(reader, &mut fields, "matures");
    let mean = share(reader, &mut fields, "mean");
    let effort_raises = share(reader, &mut fields, "effort_raises");
    let effort_takes = share_taken(reader, &mut fields, "effort_takes");
    let matters = beta.is_some_and(|beta| beta > Probability::ZERO);
    if matters && !fields.states("matures") {
        reader.missing(&mut fields, "matures");
    }
    if let (true, Some(matures)) = (matters && fields.states("matures"), matures) {
        some_time(reader, &fields, "matures", Some(matures));
    }
    if let (Some(beta), Some(mean)) = (beta, mean)
        && beta.get() * mean.get() >= 1.0
    {
        let problem = Problem::new(
            Code::OutOfRange,
            "average neighbours would hand over without any delay or loss",
        )
        .help("base figures are stated for them and divided by 1 - beta x mean");
        let at = fields.place_of("beta");
        reader.report(
            problem,
            at,
            "expected less than 100% when multiplied by `mean`",
        );
    }
    reader.close(fields);
    Some(Relations {
        beta: beta?,
        matures: matures?,
        mean: mean?,
        effort_raises: effort_raises?,
        effort_takes: effort_takes?,
    })
}

fn read_lead_professional(
    reader: &mut Reader<'_>,
    root: &mut Fields<'_>,
) -> Option<LeadProfessional> {
    let mut fields = reader.group(root, "lead_professional")?;
    let finds = share(reader, &mut fields, "finds");
    let after = reader.optional::<Law>(&mut fields, "after");
    let chase = reader.optional::<Factor>(&mut fields, "chase");
    let hours = number(reader, &mut fields, "hours_a_month");
    if let Some(hours) = hours {
        at_most(
            reader,
            &fields,
            "hours_a_month",
            hours,
            HOURS_A_MONTH,
            "hours",
        );
    }
    if finds.is_some_and(|finds| finds > Probability::ZERO) && !fields.states("after") {
        reader.missing(&mut fields, "after");
    }
    reader.close(fields);
    Some(LeadProfessional {
        finds: finds?,
        after: after?,
        chase: chase?,
        hours_a_month: hours?,
    })
}

fn read_oversight(reader: &mut Reader<'_>, entry: &Entry) -> Option<OversightKind> {
    let path = join("oversight", &entry.key);
    let mut fields = reader.open_group(&entry.node, &path)?;
    let name = display_name(reader, &mut fields, &entry.key);
    let looks_every = reader.value::<Days>(&mut fields, "looks_every");
    let looks_every = some_time(reader, &fields, "looks_every", looks_every);
    let sees = reader.value::<Probability>(&mut fields, "sees");
    let finds = reader.value::<Probability>(&mut fields, "finds");
    let stalled_after = reader.value::<Days>(&mut fields, "stalled_after");
    let takes = share_taken(reader, &mut fields, "takes");
    reader.close(fields);
    Some(OversightKind {
        id: Id::new(&entry.key),
        name: name?,
        looks_every: looks_every?,
        sees: sees?,
        finds: finds?,
        stalled_after: stalled_after?,
        takes: takes?,
    })
}

fn read_joint_step(reader: &mut Reader<'_>, entry: &Entry, names: &Names<'_>) -> Option<JointStep> {
    let path = join("joint_step", &entry.key);
    let mut fields = reader.open_group(&entry.node, &path)?;
    let name = display_name(reader, &mut fields, &entry.key);
    let assessor = reader.id(&mut fields, "in_assessment_by");
    if let Some((service, at)) = &assessor
        && !names.helpers.iter().any(|(it, _)| *it == service.as_str())
    {
        let helping = || names.helpers.iter().map(|(service, _)| *service);
        let message = match names.placed.contains(&service.as_str()) {
            true => format!("service \"{service}\" helps nobody and assesses nobody"),
            false => format!("there is no service \"{service}\""),
        };
        let problem = Problem::new(Code::UnknownService, message)
            .help_if(did_you_mean(service.as_str(), helping()));
        reader.report(problem, *at, format!("expected {}", one_of(helping())));
    }
    let from_level = reader.value::<Number>(&mut fields, "from_level");
    let from_level = level(reader, &fields, "from_level", from_level);
    if !fields.states("parts") {
        reader.missing(&mut fields, "parts");
    }
    let assessor = assessor.map(|(service, _)| service);
    let parts = read_parts(reader, &mut fields, assessor.as_ref(), names);
    let takes = reader.value::<Law>(&mut fields, "takes");
    let limit = reader.value::<Days>(&mut fields, "limit");
    let limit = some_time(reader, &fields, "limit", limit);
    let hours = number(reader, &mut fields, "hours");
    if let Some(hours) = hours {
        at_most(reader, &fields, "hours", hours, HOURS_A_MONTH, "hours");
    }
    reader.close(fields);
    Some(JointStep {
        id: Id::new(&entry.key),
        name: name?,
        in_assessment_by: assessor?,
        from_level: from_level?,
        parts: parts?,
        takes: takes?,
        limit: limit?,
        hours: hours?,
    })
}

/// Who contributes to a joint step: others than the assessing service, each once, sorted.
fn read_parts(
    reader: &mut Reader<'_>,
    fields: &mut Fields<'_>,
    assessor: Option<&Id>,
    names: &Names<'_>,
) -> Option<Vec<Id>> {
    let node = reader.node(fields, "parts")?;
    let parts = reader.ids(node, "parts")?;
    if parts.is_empty() {
        let problem = Problem::new(Code::MissingKey, "nobody has a part in this joint step")
            .help("leave the step out, or name who contributes");
        reader.report(problem, node.at, "expected one service or source or more");
    }
    let known = || names.placed.iter().chain(&names.outside).copied();
    let mut all: Vec<Id> = Vec::new();
    for (part, at) in parts {
        if !known().any(|it| it == part.as_str()) {
            let message = format!("there is no service or source outside \"{part}\"");
            let problem = Problem::new(Code::UnknownService, message)
                .help_if(did_you_mean(part.as_str(), known()));
            reader.report(problem, at, format!("expected {}", one_of(known())));
        }
        if assessor == Some(&part) {
            let message = format!("\"{part}\" cannot wait for its own part");
            let problem = Problem::new(Code::Twice, message)
                .help("the service that assesses takes part without being named");
            reader.report(problem, at, "it is the service of `in_assessment_by`");
        }
        if all.contains(&part) {
            let problem = Problem::new(Code::Twice, format!("\"{part}\" is named twice"));
            reader.report(problem, at, "expected each service once");
        }
        all.push(part);
    }
    all.sort();
    Some(all)
}

fn read_budget_moves(reader: &mut Reader<'_>, root: &mut Fields<'_>) -> Option<BudgetMoves> {
    let mut fields = reader.group(root, "budget_moves")?;
    let at_most = share(reader, &mut fields, "at_most");
    let recruitment = days(reader, &mut fields, "recruitment");
    reader.close(fields);
    Some(BudgetMoves {
        at_most: at_most?,
        recruitment: recruitment?,
    })
}

fn read_workforce(reader: &mut Reader<'_>, root: &mut Fields<'_>) -> Option<Workforce> {
    let mut fields = reader.group(root, "workforce")?;
    let turnover = rate(reader, &mut fields, "turnover");
    let covered_by_all = reader.value_or(&mut fields, "covered_by_all", false);
    let worker_changes = rate(reader, &mut fields, "worker_changes");
    let gap = reader.optional::<Law>(&mut fields, "gap");
    reader.close(fields);
    Some(Workforce {
        turnover: turnover?,
        covered_by_all: covered_by_all?,
        worker_changes: worker_changes?,
        gap: gap?,
    })
}

fn read_adopting(reader: &mut Reader<'_>, root: &mut Fields<'_>) -> Option<Adopting> {
    let mut fields = reader.group(root, "adoption")?;
    let joins = reader.value_or(&mut fields, "joins", Probability::ONE);
    let slope = number(reader, &mut fields, "slope");
    reader.close(fields);
    Some(Adopting {
        joins: joins?,
        slope: slope?,
    })
}

fn read_area_spread(reader: &mut Reader<'_>, root: &mut Fields<'_>) -> Option<AreaSpread> {
    let mut fields = reader.group(root, "area_spread")?;
    let relations = number(reader, &mut fields, "relations");
    if let Some(spread) = relations {
        at_most(reader, &fields, "relations", spread, 1.0, "of a relation");
    }
    let thresholds = reader.value_or(&mut fields, "thresholds", Number(0.0));
    let thresholds = level(reader, &fields, "thresholds", thresholds);
    reader.close(fields);
    Some(AreaSpread {
        relations: relations?,
        thresholds: thresholds?,
    })
}

fn read_change(reader: &mut Reader<'_>, root: &mut Fields<'_>) -> Option<Change> {
    let mut fields = reader.group(root, "change")?;
    let lead_time = days(reader, &mut fields, "lead_time");
    let blight = share_taken(reader, &mut fields, "blight");
    let dip = share_taken(reader, &mut fields, "dip");
    let dip_lasts = days(reader, &mut fields, "dip_lasts");
    let dip_half_life = days(reader, &mut fields, "dip_half_life");
    let weights = read_weights(reader, &mut fields);
    let extra_turnover = reader.optional::<Factor>(&mut fields, "extra_turnover");
    no_less_than_one(reader, &fields, "extra_turnover", extra_turnover);
    let build = read_build(reader, &mut fields);
    let cost_a_post = number(reader, &mut fields, "cost_a_post");
    reader.close(fields);
    let [records, budgets, assessment, front_doors, workforce] = build?;
    Some(Change {
        lead_time: lead_time?,
        blight: blight?,
        dip: dip?,
        dip_lasts: dip_lasts?,
        dip_half_life: dip_half_life?,
        weights: weights?,
        extra_turnover: extra_turnover?,
        build_records: records,
        build_budgets: budgets,
        build_assessment: assessment,
        build_front_doors: front_doors,
        build_workforce: workforce,
        cost_a_post: cost_a_post?,
    })
}

/// A change that slows turnover down would be a bonus written into every structure but the baseline.
fn no_less_than_one(
    reader: &mut Reader<'_>,
    fields: &Fields<'_>,
    key: &str,
    stated: Option<Option<Factor>>,
) {
    if let Some(Some(factor)) = stated
        && factor < Factor::ONE
    {
        let message = format!("`{key}` of {} would be less turnover", factor.get());
        let problem = Problem::new(Code::OutOfRange, message);
        reader.report(
            problem,
            fields.place_of(key),
            "expected \"times 1\" or more",
        );
    }
}

fn read_weights(reader: &mut Reader<'_>, change: &mut Fields<'_>) -> Option<ChangeWeights> {
    let mut fields = reader.group(change, "weights")?;
    let front_doors = share(reader, &mut fields, "front_doors");
    let records = share(reader, &mut fields, "records");
    let budgets = share(reader, &mut fields, "budgets");
    let assessment = share(reader, &mut fields, "assessment");
    reader.close(fields);
    Some(ChangeWeights {
        front_doors: front_doors?,
        records: records?,
        budgets: budgets?,
        assessment: assessment?,
    })
}

/// Build times of records, budgets, assessment, front doors and workforce.
fn read_build(reader: &mut Reader<'_>, change: &mut Fields<'_>) -> Option<[Days; 5]> {
    let mut fields = reader.group(change, "build")?;
    let build = [
        "records",
        "budgets",
        "assessment",
        "front_doors",
        "workforce",
    ]
    .map(|key| days(reader, &mut fields, key));
    reader.close(fields);
    let [records, budgets, assessment, front_doors, workforce] = build;
    Some([records?, budgets?, assessment?, front_doors?, workforce?])
}

fn read_deadline(reader: &mut Reader<'_>, root: &mut Fields<'_>) -> Option<Deadline> {
    let mut fields = reader.group(root, "deadline")?;
    let pulled = share(reader, &mut fields, "pulled");
    let targets = reader.optional::<Factor>(&mut fields, "targets");
    reader.close(fields);
    Some(Deadline {
        pulled: pulled?,
        targets: targets?,
    })
}

fn read_rationing(reader: &mut Reader<'_>, root: &mut Fields<'_>) -> Option<Rationing> {
    let mut fields = reader.group(root, "rationing")?;
    let rises = number(reader, &mut fields, "rises");
    let at_most = reader.value_or(&mut fields, "at_most", Number(0.0));
    let at_most = level(reader, &fields, "at_most", at_most);
    if rises.is_some_and(|rises| rises > 0.0) && !fields.states("at_most") {
        reader.missing(&mut fields, "at_most");
    }
    reader.close(fields);
    Some(Rationing {
        rises: rises?,
        at_most: at_most?,
    })
}

fn read_leaving(reader: &mut Reader<'_>, root: &mut Fields<'_>) -> Option<bool> {
    let mut fields = reader.group(root, "leaving")?;
    let hands_over = reader.value_or(&mut fields, "hands_over", false);
    reader.close(fields);
    hands_over
}

fn read_siblings(reader: &mut Reader<'_>, root: &mut Fields<'_>) -> Option<Siblings> {
    let mut fields = reader.group(root, "siblings")?;
    let share = share(reader, &mut fields, "share");
    let concern = number(reader, &mut fields, "concern");
    reader.close(fields);
    Some(Siblings {
        share: share?,
        concern: concern?,
    })
}

fn read_priority(reader: &mut Reader<'_>, root: &mut Fields<'_>) -> Option<Option<Factor>> {
    let mut fields = reader.group(root, "priority")?;
    let weight = reader.optional::<Factor>(&mut fields, "lead_sector_weight");
    reader.close(fields);
    weight
}

fn read_costs(reader: &mut Reader<'_>, root: &mut Fields<'_>) -> Option<Costs> {
    let neutral = Costs::default();
    let mut fields = reader.group(root, "costs")?;
    let a_post = number(reader, &mut fields, "a_post");
    let year = reader.value_or(&mut fields, "hours_a_year", Number(neutral.hours_a_year));
    let year = positive(reader, &fields, "hours_a_year", year);
    if let Some(year) = year {
        at_most(reader, &fields, "hours_a_year", year, HOURS_A_YEAR, "hours");
    }
    let chase_hours = number(reader, &mut fields, "chase_hours");
    let reply_hours = number(reader, &mut fields, "reply_hours");
    let panel_hours = number(reader, &mut fields, "panel_hours");
    reader.close(fields);
    Some(Costs {
        a_post: a_post?,
        hours_a_year: year?,
        chase_hours: chase_hours?,
        reply_hours: reply_hours?,
        panel_hours: panel_hours?,
    })
}
