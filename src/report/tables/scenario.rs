//! Tables of what was run: how structures divide services, and every value with its source.

use super::{Column, STRUCTURE, Table, column};
use crate::scenario::{Blocks, Footprint, Grade, Id, Scenario, Structure};

/// Words for a footprint in files.
fn footprint_id(footprint: Footprint) -> &'static str {
    match footprint {
        Footprint::Area => "area",
        Footprint::Region => "region",
        Footprint::Nation => "nation",
    }
}

/// Words for a grade in files.
fn grade_id(grade: Option<Grade>) -> &'static str {
    match grade {
        Some(Grade::Statistic) => "statistic",
        Some(Grade::Study) => "study",
        Some(Grade::Expert) => "expert",
        Some(Grade::Assumption) => "assumption",
        Some(Grade::Fitted) => "fitted",
        None => "",
    }
}

/// The block of a service: its number among the blocks, from 1.
fn block(blocks: &Blocks, service: &Id) -> String {
    let place = blocks.iter().position(|block| block.contains(service));
    place.map_or_else(String::new, |place| (place + 1).to_string())
}

const PARTITIONS: &[Column] = &[
    STRUCTURE,
    column("organisation", "Id of the organisation."),
    column("organisation_name", "Name of the organisation."),
    column(
        "footprint",
        "How far it reaches: `area`, `region` or `nation`.",
    ),
    column("service", "Id of a service that it runs."),
    column(
        "records",
        "Number of the block that sees each other's records; services of one number are in one block.",
    ),
    column("budgets", "Number of the block that shares a budget."),
    column(
        "assessment",
        "Number of the block that accepts each other's assessments.",
    ),
    column("front_doors", "Number of the block that shares an intake."),
    column(
        "workforce",
        "Number of the block that plans posts together.",
    ),
];

pub(super) fn partitions(scenario: &Scenario) -> Table {
    let rows_of = |structure: &Structure| -> Vec<Vec<String>> {
        let mut rows = Vec::new();
        for organisation in &structure.organisations {
            for service in &organisation.runs {
                rows.push(vec![
                    structure.id.to_string(),
                    organisation.id.to_string(),
                    organisation.name.clone(),
                    footprint_id(organisation.footprint).to_owned(),
                    service.to_string(),
                    block(&structure.records, service),
                    block(&structure.budgets, service),
                    block(&structure.assessment, service),
                    block(&structure.front_doors, service),
                    block(&structure.workforce, service),
                ]);
            }
        }
        rows
    };
    Table {
        file: "partitions.csv",
        about: "The structures: which organisation runs each service, and which services are in one \
                block of each other partition.",
        columns: PARTITIONS,
        rows: scenario.structures.iter().flat_map(rows_of).collect(),
    }
}

pub(super) fn parameters(scenario: &Scenario) -> Table {
    let rows = scenario.parameters.iter().map(|parameter| {
        let (low, high) = parameter.range.clone().unwrap_or_default();
        vec![
            parameter.path.clone(),
            parameter.value.clone(),
            low,
            high,
            grade_id(parameter.grade).to_owned(),
            parameter.source.clone().unwrap_or_default(),
            parameter.why.clone().unwrap_or_default(),
            parameter.file.clone(),
        ]
    });
    Table {
        file: "parameters.csv",
        about: "Every value that a file states, with its range, its grade of evidence and its source.",
        columns: const {
            &[
                column("path", "Path of the value, as `--set` takes it."),
                column("value", "The value in its own words."),
                column(
                    "lowest",
                    "Lowest end of its range; empty where none is stated.",
                ),
                column("highest", "Highest end of its range."),
                column(
                    "grade",
                    "How sure it is: `statistic`, `study`, `expert`, `assumption` or `fitted`; empty \
                     where the file does not say.",
                ),
                column("source", "Where it is from."),
                column("why", "Why it was changed, where the study says so."),
                column("file", "The file that states it."),
            ]
        },
        rows: rows.collect(),
    }
}
