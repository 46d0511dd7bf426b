//! The STRESS-DES checklist, row by row, filled as far as a run can fill it.
//!
//! The rows are those of Monks T and others (2019), Strengthening the reporting of empirical simulation
//! studies, <https://doi.org/10.1080/17477778.2018.1442155>, in our own words.

use super::{Context, listed};
use crate::measures::Scope;
use crate::report::numbers::{count, period, plain};
use crate::report::page::parts::{Block, Section, Table, Text, paragraph};
use crate::report::terminal;
use crate::scenario::{Grade, HelpEnds, Start, World};

/// Who fills a row.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Fill {
    /// The program, wholly.
    Written,
    /// The program, as a first text.
    Drafted,
    /// The author alone.
    Author,
}

impl Fill {
    fn words(self) -> &'static str {
        match self {
            Self::Written => "written by the tool",
            Self::Drafted => "drafted, please edit",
            Self::Author => "only the author can say",
        }
    }
}

type Row = (&'static str, &'static str, Fill, fn(&Context) -> Text);

/// Every row of the checklist: its number and name, what it asks, who fills it, and with what.
const ROWS: [(&str, Row); 24] = [
    (
        "1.1",
        (
            "Purpose",
            "Background and aims of the model",
            Fill::Author,
            purpose,
        ),
    ),
    (
        "1.2",
        (
            "Outputs",
            "Every measure with its formula, and how its error is computed",
            Fill::Written,
            outputs,
        ),
    ),
    (
        "1.3",
        (
            "Aims of experiments",
            "The scenarios with reasons, and the design",
            Fill::Drafted,
            experiments,
        ),
    ),
    (
        "2.1",
        (
            "Overview diagram",
            "A picture of the base model",
            Fill::Written,
            diagram,
        ),
    ),
    (
        "2.2",
        (
            "Base logic",
            "How the base model works",
            Fill::Drafted,
            base_logic,
        ),
    ),
    (
        "2.3",
        (
            "Scenario logic",
            "How each scenario differs from the base",
            Fill::Written,
            scenario_logic,
        ),
    ),
    (
        "2.4",
        (
            "Algorithms",
            "Rules that stand for complex processes",
            Fill::Written,
            algorithms,
        ),
    ),
    (
        "2.5.1",
        (
            "Entities",
            "What goes through the system, with attributes",
            Fill::Written,
            entities,
        ),
    ),
    (
        "2.5.2",
        (
            "Activities",
            "What is done, and the routes in and out",
            Fill::Written,
            activities,
        ),
    ),
    (
        "2.5.3",
        (
            "Resources",
            "What does the work, and who uses it",
            Fill::Written,
            resources,
        ),
    ),
    (
        "2.5.4",
        (
            "Queues",
            "Discipline, limits, and leaving without service",
            Fill::Written,
            queues,
        ),
    ),
    (
        "2.5.5",
        (
            "Entry and exit",
            "Boundaries of the model, and how arrivals are made",
            Fill::Written,
            entry,
        ),
    ),
    (
        "3.1",
        (
            "Data sources",
            "Each source, its size and dates, and a link",
            Fill::Drafted,
            data,
        ),
    ),
    (
        "3.2",
        (
            "Pre-processing",
            "What was done to the data first",
            Fill::Author,
            preparing,
        ),
    ),
    (
        "3.3",
        (
            "Inputs",
            "Every value, law and range, and why",
            Fill::Written,
            inputs,
        ),
    ),
    (
        "3.4",
        (
            "Assumptions",
            "What is assumed where data were missing",
            Fill::Drafted,
            assumptions,
        ),
    ),
    (
        "4.1",
        (
            "Initialisation",
            "Warm-up, starting state and how they were chosen",
            Fill::Written,
            initialisation,
        ),
    ),
    (
        "4.2",
        (
            "Run length",
            "How long, in which unit of time",
            Fill::Written,
            length,
        ),
    ),
    (
        "4.3",
        (
            "Estimation",
            "Replications, how many and why",
            Fill::Written,
            estimation,
        ),
    ),
    (
        "5.1",
        (
            "Software",
            "Program, version, language, libraries",
            Fill::Written,
            software,
        ),
    ),
    (
        "5.2",
        (
            "Random sampling",
            "Generator, and how streams are shared by scenarios",
            Fill::Written,
            sampling,
        ),
    ),
    (
        "5.3",
        (
            "Execution",
            "How events are handled, ties, parallel work",
            Fill::Written,
            execution,
        ),
    ),
    (
        "5.4",
        ("System", "Run time and hardware", Fill::Written, system),
    ),
    (
        "6.1",
        (
            "Code access",
            "How to get model, program and data",
            Fill::Drafted,
            access,
        ),
    ),
];

pub(super) fn section(context: &Context) -> Section {
    let mut table = Table::new("stress-rows", "STRESS-DES, row by row")
        .words("row")
        .words("what it asks")
        .words("who fills it")
        .words("text");
    for (number, (name, asks, fill, text)) in ROWS {
        table.row(
            None,
            vec![
                format!("{number} {name}").into(),
                asks.into(),
                fill.words().into(),
                text(context).into(),
            ],
        );
    }
    let number = |wanted: Fill| ROWS.iter().filter(|(_, row)| row.2 == wanted).count();
    Section {
        id: "stress".to_owned(),
        heading: "Reporting checklist (STRESS-DES)".to_owned(),
        blocks: vec![
            paragraph(
                Text::from("The rows of the ")
                    .link(
                        "STRESS-DES guideline",
                        "https://doi.org/10.1080/17477778.2018.1442155",
                    )
                    .then(format!(
                        " in our own words. Of {} rows {} are written by the tool, {} are drafted for the \
                         author to edit, and {} only the author can say: until those are answered the \
                         checklist is not complete.",
                        ROWS.len(),
                        number(Fill::Written),
                        number(Fill::Drafted),
                        number(Fill::Author)
                    )),
            ),
            Block::Table(table),
        ],
    }
}

fn see(before: &str, words: &str, place: &str, after: &str) -> Text {
    Text::from(before).link(words, place).then(after)
}

fn is_network(context: &Context) -> bool {
    context.summary.scope == Scope::Network
}

/// One text for studies of children, another for networks.
fn either(context: &Context, children: &str, network: &str) -> Text {
    if is_network(context) {
        network
    } else {
        children
    }
    .into()
}

fn purpose(context: &Context) -> Text {
    format!(
        "The study file asks: “{}” Background, aims and whom the answer is for: to be written by the \
         author.",
        context.scenario.study.purpose
    )
    .into()
}

fn outputs(context: &Context) -> Text {
    see(
        &format!(
            "{} measures; unit, formula and treatment of what was unfinished are under ",
            context.summary.measures.len()
        ),
        "Definitions",
        "#definitions",
        ". Collected from decision day. Intervals of 95% over trials: Student's t for means, jackknife for \
         ratios and restricted means; simultaneous intervals (paired max-t) behind sentences that rank.",
    )
}

fn experiments(context: &Context) -> Text {
    let others = context.structures().skip(1).map(|it| context.name(it));
    let posts = &context.scenario.study.comparison.also_at_posts;
    let also = if posts.is_empty() {
        String::new()
    } else {
        let factors = posts.iter().map(|it| format!("×{}", plain(it.get(), 2)));
        format!(" All of it again at posts {}.", listed(factors))
    };
    match context.is_comparing() {
        true => format!(
            "Each of these is compared with “{}” on the same trials: {}.{also} Why these: to be said by the \
             author.",
            context.name(0),
            listed(others)
        ),
        false => format!("“{}” alone; nothing is compared.{also}", context.name(0)),
    }
    .into()
}

fn diagram(context: &Context) -> Text {
    match context.charts.contains_key("structure") {
        true => see(
            "The chart of the baseline stands under ",
            "The structures",
            "#structures",
            ".",
        ),
        false => see(
            "As tables of organisations and partitions under ",
            "The structures",
            "#structures",
            ".",
        ),
    }
}

fn base_logic(context: &Context) -> Text {
    either(
        context,
        "Needs of children change level by level whether or not anybody knows. Services and others meet \
         children, note what they see, and refer when what they can add up passes a limit. A referral is \
         screened, then assessed (others are asked for information and for their part); a plan hands each \
         need to the service that fits; the child waits for a place, is helped, and is reviewed or ends a \
         course. Every passing on is a handoff that takes time and can be lost or turned away.",
        "Cases arrive by kind, wait for a place, stay for a time, and go on by shares to another service or \
         to their end. A handoff between organisations takes time and can be lost.",
    )
    .then(" Detail is in docs/model.md of the program.")
}

fn scenario_logic(_: &Context) -> Text {
    see(
        "Exactly how each structure differs from the baseline stands under ",
        "The structures",
        "#structures",
        ", in a table for each.",
    )
}

fn algorithms(context: &Context) -> Text {
    either(
        context,
        "Referral: the sum of noted log-likelihood ratios of a record block, fading with a half-life, \
         against the source's limit. Screening: perceived level against one threshold that rises with \
         backlog. Waiting lists: perceived level (times the weight of a lead sector), then date. Posts over \
         structures: equal money, overheads taken pro rata. Missed cases: first moment at which an unmet \
         stretch of a need spell passes its grace.",
        "Waiting lists: rank of the kind of case, then date of joining. A case that finds the waiting room \
         full is turned away.",
    )
}

fn entities(context: &Context) -> Text {
    let summary = context.summary;
    if is_network(context) {
        let kinds = (context.scenario.structures.first()).and_then(|it| match it.world.as_ref() {
            World::Network(world) => Some(listed(world.kinds.iter().map(|kind| &kind.name))),
            World::Children(_) => None,
        });
        return match kinds {
            Some(kinds) => {
                format!("Cases of these kinds: {kinds}. Attributes: kind, dates, place.").into()
            }
            None => "Cases. Attributes: kind, dates, place.".into(),
        };
    }
    format!(
        "{} children in {} areas. Attributes: age, area, family and its vulnerability (gamma, capped), a \
         brother or sister, a level of need from 0 to 3 in each of {} domains ({}), presentation, and what \
         each source has noted.",
        count(summary.children),
        summary.areas.len(),
        summary.needs.len(),
        listed(summary.needs.iter().map(|need| &need.name))
    )
    .into()
}

fn activities(context: &Context) -> Text {
    let summary = context.summary;
    let services = listed(summary.services.iter().map(|service| &service.name));
    let what = match is_network(context) {
        true => "Stays, with routes by share".to_owned(),
        false => helping(context),
    };
    see(
        &format!("Services: {services}. {what}. Durations and routes of each are under "),
        "Values and their sources",
        "#evidence",
        " (paths that begin with service).",
    )
}

/// How help ends, counted.
fn helping(context: &Context) -> String {
    let general = "Contact, referral, screening, initial and core assessment, joint steps, funding panels, \
                   help, review";
    let Some(structure) = context.scenario.structures.first() else {
        return general.to_owned();
    };
    let World::Children(world) = structure.world.as_ref() else {
        return general.to_owned();
    };
    let helps = || {
        world
            .services
            .iter()
            .filter_map(|service| service.help.as_ref())
    };
    let by_course = helps()
        .filter(|it| matches!(it.ends, HelpEnds::Course(_)))
        .count();
    format!(
        "{general}; {} services help, {by_course} of them for a course, the others until a review",
        helps().count()
    )
}

fn resources(context: &Context) -> Text {
    either(
        context,
        "Full-time posts that screen, assess or help, by service and area (paths that begin with area); \
         places are posts filled times caseload. Vacancies come and go; overheads take hours. No calendar: \
         a working day is a fifth of a week.",
        "Places of each service, the same at all times, or unlimited.",
    )
}

fn queues(context: &Context) -> Text {
    either(
        context,
        "At front doors, for assessors and for places: by priority, then date, held by area. A child can \
         give up waiting for a place where the service says so; a rising threshold turns need away. No \
         queue has a limit, and nobody changes queues.",
        "One at each service: by rank of the kind, then first come. Cases give up where the service says \
         so; a waiting room can be limited, and who finds it full is turned away.",
    )
}

fn entry(context: &Context) -> Text {
    either(
        context,
        "Children are born, move in, age, move and leave at the upper age; these happen alike under every \
         structure. Contacts and needs are drawn for calendar cells by uniformisation. A need ends helped, \
         eased, missed, lost or still open; missed cases go on and can be helped later.",
        "Cases arrive by kind with their own law of time between arrivals, and end by share, by giving up, \
         by being turned away or by being lost.",
    )
}

fn data(context: &Context) -> Text {
    let parameters = &context.scenario.parameters;
    let with = parameters.iter().filter(|it| it.source.is_some()).count();
    see(
        &format!(
            "{} of {} values name a source; they stand with their keys under ",
            with,
            parameters.len()
        ),
        "Values and their sources",
        "#evidence",
        ". Sample sizes and dates of collection: to be added by the author where they matter.",
    )
}

fn preparing(_: &Context) -> Text {
    "What was done to any data before it came into the files: to be written by the author. The program \
     changes nothing but the units."
        .into()
}

fn inputs(_: &Context) -> Text {
    see(
        "Every value with unit, law, range, grade and source is under ",
        "Values and their sources",
        "#evidence-values",
        ". Why a law of duration was chosen: drafted as far as sources say it, please edit.",
    )
}

fn assumptions(context: &Context) -> Text {
    let parameters = &context.scenario.parameters;
    let number = |grade: Option<Grade>| parameters.iter().filter(|it| it.grade == grade).count();
    see(
        &format!(
            "{} values are graded assumption, {} expert or rule, {} have no grade; they are counted under ",
            number(Some(Grade::Assumption)),
            number(Some(Grade::Expert)),
            number(None)
        ),
        "How sure",
        "#sure-assumptions",
        ". Choices of form are in docs/assumptions.md of the program. Which of them matter here: please edit.",
    )
}

fn initialisation(context: &Context) -> Text {
    let summary = context.summary;
    let drift = terminal::drift_warnings(summary);
    let settled = match (summary.years.is_empty(), drift.is_empty()) {
        (true, _) => "",
        (false, true) => {
            " From year to year the baseline's known missed cases drift by no more than is allowed."
        }
        (false, false) => " The baseline still drifts: see the warnings.",
    };
    let start = match context.scenario.study.start {
        Start::DecisionDay => {
            "Not terminating. The baseline runs the warm-up; all structures go on from its state on \
             decision day."
        }
        Start::Established => "Not terminating. Every structure runs its own warm-up.",
    };
    let from = either(
        context,
        " Needs start from the chain run to each age; caseloads from the files.",
        " Services start empty.",
    );
    let from = from.0.first().map_or("", |span| span.text.as_str());
    format!(
        "{start} Warm-up {}.{from}{settled}",
        period(summary.warm_up)
    )
    .into()
}

fn length(context: &Context) -> Text {
    format!(
        "{} observed after the warm-up. The clock counts whole seconds; results are in days, months and \
         years.",
        period(context.summary.observed)
    )
    .into()
}

fn estimation(context: &Context) -> Text {
    see(
        &format!(
            "{} independent trials, as the study file says; half-widths reached are under ",
            count(context.summary.trials as u64)
        ),
        "How sure",
        "#sure-chance",
        ".",
    )
}

fn software(_: &Context) -> Text {
    let libraries = crate::report::manifest::LIBRARIES
        .iter()
        .map(|(name, version)| format!("{name} {version}"));
    format!(
        "seamline {}, written in Rust; libraries that can move a result: {}. Results do not depend on the \
         operating system.",
        env!("CARGO_PKG_VERSION"),
        listed(libraries)
    )
    .into()
}

fn sampling(context: &Context) -> Text {
    format!(
        "Philox, a counter-based generator. Every draw has a key of study seed ({}), parameter draw, trial, \
         who, purpose and count; no structure is in the key, so all structures meet the same luck (common \
         random numbers).",
        context.scenario.study.seed
    )
    .into()
}

fn execution(_: &Context) -> Text {
    "Discrete events on a calendar of buckets. Events of one instant go by phase (what frees capacity comes \
     first), then by the ids of those concerned. Trials run in parallel, one thread inside a trial; results \
     depend on neither threads nor order."
        .into()
}

fn system(context: &Context) -> Text {
    match &context.options.machine {
        Some(machine) => format!(
            "{}; {} on {} threads; {} events.",
            machine.system,
            machine.took,
            machine.threads,
            count(context.summary.events)
        ),
        None => format!(
            "{} events in all trials and structures. Time and machine of the run are in run.log: they are \
             left out here so that the report is the same wherever it is written.",
            count(context.summary.events)
        ),
    }
    .into()
}

fn access(_: &Context) -> Text {
    see(
        "The program is free software (MIT or Apache 2.0). Files, hashes and the command are under ",
        "How to reproduce it",
        "#reproduce",
        ". Where the author's own files can be had: please edit.",
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_are_filled_by_whom_the_validation_plan_says() {
        let number = |wanted: Fill| ROWS.iter().filter(|(_, row)| row.2 == wanted).count();
        assert_eq!(number(Fill::Written), 17);
        assert_eq!(number(Fill::Drafted), 5);
        assert_eq!(number(Fill::Author), 2);
    }
}
