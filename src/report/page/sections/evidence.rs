//! What the numbers rest on: every value with its grade and source.

use super::{Context, listed};
use crate::report::numbers::count;
use crate::report::page::parts::{Banner, Block, Section, Table, Text, heading, note, paragraph};
use crate::report::page::sources;
use crate::scenario::{Grade, Mechanism, Parameter};

/// Tables of the scenario language whose values say how strongly a structure acts, with the mechanism
/// that switches each off.
const STRENGTHS: [(&str, Option<Mechanism>); 18] = [
    ("adoption", Some(Mechanism::Adoption)),
    ("assessment", Some(Mechanism::Assessment)),
    ("budget_moves", Some(Mechanism::BudgetMoves)),
    ("change", Some(Mechanism::Change)),
    ("closeness", None),
    ("costs", Some(Mechanism::Overheads)),
    ("deadline", Some(Mechanism::Deadline)),
    ("funding", Some(Mechanism::Budgets)),
    ("handoff", None),
    ("information", None),
    ("joint_step", Some(Mechanism::JointSteps)),
    ("lead_professional", Some(Mechanism::LeadProfessional)),
    ("moves", Some(Mechanism::Moves)),
    ("oversight", Some(Mechanism::Oversight)),
    ("priority", Some(Mechanism::Organisations)),
    ("records", Some(Mechanism::Records)),
    ("relations", Some(Mechanism::Relations)),
    ("workforce", Some(Mechanism::Workforce)),
];

/// Grades in the order of their strength, `None` last.
const GRADES: [Option<Grade>; 6] = [
    Some(Grade::Statistic),
    Some(Grade::Study),
    Some(Grade::Fitted),
    Some(Grade::Expert),
    Some(Grade::Assumption),
    None,
];

fn word(grade: Option<Grade>) -> &'static str {
    match grade {
        Some(Grade::Statistic) => "published statistic",
        Some(Grade::Study) => "study",
        Some(Grade::Fitted) => "fitted to published figures",
        Some(Grade::Expert) => "expert or rule",
        Some(Grade::Assumption) => "assumption",
        None => "not graded",
    }
}

/// Does this value say how strongly a structure acts, in a mechanism that is on?
fn is_strength(context: &Context, parameter: &Parameter) -> bool {
    let off = &context.scenario.study.comparison.off;
    let table = parameter.path.split('.').next().unwrap_or_default();
    STRENGTHS.iter().any(|(name, mechanism)| {
        *name == table && mechanism.is_none_or(|mechanism| !off.contains(&mechanism))
    })
}

fn strengths<'a>(context: &'a Context) -> impl Iterator<Item = &'a Parameter> {
    let all = context.scenario.parameters.iter();
    all.filter(|parameter| is_strength(context, parameter))
}

/// Nobody has measured it: assumed, or not said.
fn is_assumed(parameter: &Parameter) -> bool {
    matches!(parameter.grade, None | Some(Grade::Assumption))
}

/// What stands above everything where a comparison rests on assumptions.
pub(super) fn banner(context: &Context) -> Option<Banner> {
    if !context.is_comparing() {
        return None;
    }
    let all = strengths(context).count();
    let assumed = strengths(context).filter(|it| is_assumed(it)).count();
    if assumed == 0 {
        return None;
    }
    let examples = (strengths(context))
        .filter(|it| is_assumed(it))
        .map(|it| it.path.as_str());
    // One of each table, so that the examples are not all alike.
    let mut tables: Vec<&str> = Vec::new();
    let mut shown: Vec<&str> = Vec::new();
    for path in examples {
        let table = path.split('.').next().unwrap_or_default();
        if !tables.contains(&table) {
            tables.push(table);
            shown.push(path);
        }
    }
    shown.truncate(5);
    Some(Banner {
        heading: "This comparison rests on assumptions".to_owned(),
        text: Text::from(format!(
            "{} ({}{}). Order and size of all differences below hold only as far as such values do. ",
            match (all, assumed) {
                (1, _) => "The one value that says how strongly a structure acts is assumed or not \
                           graded: nobody has measured it"
                    .to_owned(),
                _ => format!(
                    "Of {} values that say how strongly a structure acts, {} assumed or not graded: \
                     nobody has measured {}",
                    count(all as u64),
                    match assumed {
                        1 => "1 is".to_owned(),
                        assumed => format!("{} are", count(assumed as u64)),
                    },
                    if assumed == 1 { "it" } else { "them" }
                ),
            },
            listed(&shown),
            if assumed > shown.len() { " and others" } else { "" },
        ))
        .link("How sure", "#sure-assumptions")
        .then(" says more."),
    })
}

/// Values by grade: all, and those that carry an effect of structure.
pub(super) fn grades(context: &Context) -> Vec<Block> {
    let parameters = &context.scenario.parameters;
    let mut table = Table::new("sure-grades", "Values by the evidence behind them")
        .words("grade")
        .numbers("values", "all")
        .numbers("values", "that say how strongly a structure acts");
    for grade in GRADES {
        let number = |found: usize| -> super::Cell { count(found as u64).into() };
        let all = parameters.iter().filter(|it| it.grade == grade).count();
        let acting = strengths(context).filter(|it| it.grade == grade).count();
        table.row(None, vec![word(grade).into(), number(all), number(acting)]);
    }
    let assumed = strengths(context).filter(|it| is_assumed(it)).count();
    let text = match (context.is_comparing(), assumed) {
        (false, _) => {
            "Nothing is compared here, so nothing rests on how strongly a structure acts."
        }
        (true, 0) => {
            "No value that says how strongly a structure acts is an assumption or ungraded. That the \
             form of the model is right is an assumption all the same."
        }
        (true, _) => {
            "Values that say how strongly a structure acts are in part assumed: any sentence that puts \
             structures in an order rests on them."
        }
    };
    vec![
        match assumed > 0 && context.is_comparing() {
            true => note(text),
            false => paragraph(text),
        },
        Block::Table(table),
    ]
}

pub(super) fn section(context: &Context) -> Section {
    let scenario = context.scenario;
    let mut table = Table::new("evidence-values", "Every value that the files state")
        .words("path")
        .words("value")
        .words("range")
        .words("grade")
        .words("source")
        .words("file and line");
    for parameter in &scenario.parameters {
        let range = parameter.range.as_ref().map_or_else(
            || "none stated".to_owned(),
            |(low, high)| format!("{low} to {high}"),
        );
        let mut source = Text::with_links(parameter.source.as_deref().unwrap_or("none stated"));
        if let Some(why) = &parameter.why {
            source = source.then(format!("; changed because: {why}"));
        }
        let place = match parameter.line {
            0 => parameter.file.clone(),
            line => format!("{}:{line}", parameter.file),
        };
        table.row(
            None,
            vec![
                Text::default().code(parameter.path.as_str()).into(),
                parameter.value.as_str().into(),
                range.into(),
                word(parameter.grade).into(),
                source.into(),
                Text::default().code(place).into(),
            ],
        );
    }
    let mut blocks = vec![paragraph(format!(
        "{}, each with its unit. A range is what its author thinks possible; none was drawn from \
         here. Values that the files leave out are neutral: they have no effect.",
        match scenario.parameters.len() {
            1 => "1 value".to_owned(),
            number => format!("{} values", count(number as u64)),
        }
    ))];
    if !table.rows.is_empty() {
        blocks.push(Block::Table(table.folded().sortable()));
    }
    let citations = (scenario.parameters.iter())
        .filter_map(|it| it.source.as_deref())
        .chain(
            scenario
                .structures
                .iter()
                .flat_map(|it| it.sources.iter().map(String::as_str)),
        )
        .chain(is_of_children(context).then_some("S40, S42, S43"));
    let cited = sources::cited(citations);
    if !cited.is_empty() {
        blocks.push(heading("evidence-sources", "Sources"));
        blocks.push(paragraph(
            "The keys of sources cited in this report. None of these bodies has seen, checked or endorsed \
             this simulation.",
        ));
        blocks.push(Block::Details {
            summary: format!("{} sources", cited.len()),
            blocks: vec![Block::Terms { items: cited }],
        });
    }
    Section {
        id: "evidence".to_owned(),
        heading: "Values and their sources".to_owned(),
        blocks,
    }
}

fn is_of_children(context: &Context) -> bool {
    context.summary.scope == crate::measures::Scope::Children
}
