//! The structures: who runs what, the six partitions, and how each differs from the baseline.

use super::{Context, listed};
use crate::report::page::parts::{Block, Cell, Section, Table, Text, heading, note, paragraph};
use crate::scenario::{Adoption, Coverage, Footprint, Id, Organisation, Structure, between};

pub(super) fn section(context: &Context) -> Section {
    let mut blocks = vec![paragraph(
        "A structure adds no services. It divides them, in six ways; where a child's path crosses from one \
         block into another there is a seam. No structure has a strength of its own: how much a seam costs \
         is a value common to all.",
    )];
    blocks.extend(context.charts(&["structure", "structures"]));
    for (place, structure) in context.scenario.structures.iter().enumerate() {
        blocks.extend(one(context, place, structure));
    }
    if context.scenario.structures.is_empty() {
        for place in context.structures() {
            blocks.push(paragraph(context.name(place)));
        }
    }
    Section {
        id: "structures".to_owned(),
        heading: "The structures".to_owned(),
        blocks,
    }
}

fn one(context: &Context, place: usize, structure: &Structure) -> Vec<Block> {
    let id = format!("structure-{}", place + 1);
    let mut blocks = vec![heading(id.as_str(), structure.name.as_str())];
    let mut summary = structure.summary.clone();
    if place == 0 {
        summary = format!("The baseline. {summary}");
    }
    if !summary.is_empty() {
        blocks.push(paragraph(summary));
    }
    if !structure.overlays.is_empty() {
        let carried = structure.overlays.iter().map(|overlay| {
            format!(
                "“{}” ({})",
                overlay.name,
                overlay.summary.trim_end_matches('.')
            )
        });
        blocks.push(note(format!(
            "It carries ways of working or laws that any structure could carry, and that are no part of \
             its structure: {}.",
            listed(carried)
        )));
    }
    let mut inner = vec![
        Block::Table(organisations(context, &id, structure)),
        Block::Table(partitions(context, &id, structure)),
    ];
    let words = words(structure);
    if !words.is_empty() {
        inner.push(Block::List { items: words });
    }
    if place > 0
        && let Some(baseline) = context.scenario.structures.first()
    {
        inner.push(Block::Table(differences(context, &id, baseline, structure)));
    }
    if let Some(then) = &structure.then {
        inner.push(paragraph(format!(
            "At the second decision it becomes “{}”.",
            then.name
        )));
    }
    blocks.push(Block::Details {
        summary: format!(
            "Organisations, partitions and sources of “{}”",
            structure.name
        ),
        blocks: inner,
    });
    blocks
}

/// Names of services for readers; an id where a name is not known.
fn services(context: &Context, ids: &[Id]) -> String {
    let name = |id: &Id| {
        let known = (context.summary.services.iter()).find(|it| it.id == id.as_str());
        known.map_or_else(|| id.to_string(), |it| it.name.clone())
    };
    listed(ids.iter().map(name))
}

fn reach(footprint: Footprint) -> &'static str {
    match footprint {
        Footprint::Area => "one in each area",
        Footprint::Region => "one in each region",
        Footprint::Nation => "one for all areas",
    }
}

fn organisations(context: &Context, id: &str, structure: &Structure) -> Table {
    let caption = format!("Organisations of “{}”", structure.name);
    let mut table = Table::new(format!("{id}-organisations"), caption)
        .words("organisation")
        .words("reach")
        .words("runs");
    for it in &structure.organisations {
        table.row(
            None,
            vec![
                it.name.as_str().into(),
                reach(it.footprint).into(),
                services(context, &it.runs).into(),
            ],
        );
    }
    table
}

const COSTS: [(&str, &str); 6] = [
    (
        "organisations",
        "a referral through the receiver's door: time, bounces, losses",
    ),
    (
        "records",
        "a request for information, or a decision without it",
    ),
    ("budgets", "an agreement at the next funding panel"),
    ("assessment", "a second screening and a second assessment"),
    ("front_doors", "separate intake staff, and wrong doors"),
    ("workforce", "vacancies stay where they fall"),
];

fn partitions(context: &Context, id: &str, structure: &Structure) -> Table {
    let caption = format!("The six partitions of “{}”", structure.name);
    let mut table = Table::new(format!("{id}-partitions"), caption)
        .words("partition")
        .words("what a seam costs")
        .numbers("pairs of services parted", "of all")
        .words("blocks, parted by a bar");
    let seams = structure.seams();
    let organisations = seams
        .first()
        .map(|it| it.blocks.clone())
        .unwrap_or_default();
    for it in seams {
        let costs = COSTS.iter().find(|(name, _)| *name == it.partition);
        let blocks = if it.partition != "organisations" && it.blocks == organisations {
            "as the organisations".to_owned()
        } else {
            let blocks: Vec<String> = it
                .blocks
                .iter()
                .map(|block| services(context, block))
                .collect();
            blocks.join(" | ")
        };
        table.row(
            None,
            vec![
                it.partition.replace('_', " ").into(),
                costs.map_or("", |(_, costs)| costs).into(),
                Cell {
                    sort: Some(it.parted.len() as f64),
                    ..Cell::from(format!("{} of {}", it.parted.len(), it.pairs))
                },
                blocks.into(),
            ],
        );
    }
    table
}

/// Who is answerable, who must take part, what the law says, what is claimed and where it is described.
fn words(structure: &Structure) -> Vec<Text> {
    let governance = &structure.governance;
    let mut items = Vec::new();
    let mut say = |name: &str, words: &str| {
        if !words.is_empty() {
            items.push(Text::from(format!("{name}: ")).then(words));
        }
    };
    say(
        "Answerable to",
        governance.accountable.as_deref().unwrap_or_default(),
    );
    say("Led by", governance.led_by.as_deref().unwrap_or_default());
    say(
        "Who takes part",
        match governance.adoption {
            Adoption::Statutory => "everyone, in every area",
            Adoption::Pilot => "everyone in the pilot areas, nobody elsewhere",
            Adoption::Voluntary => "each partner decides in each area",
        },
    );
    say(
        "Lead professional",
        match governance.lead_professional {
            Coverage::Nobody => "",
            Coverage::SeveralServices => "for children in several services",
            Coverage::AllReferred => "for all referred children",
        },
    );
    let layers = governance.oversight.iter().map(|layer| layer.name.as_str());
    say("Overseen by", &listed(layers));
    if governance.partnering {
        say("Partnering", "paid for in workers' time");
    }
    say("Law", structure.law.as_deref().unwrap_or_default());
    for claim in &structure.claims_for {
        say("Said for it", claim);
    }
    for claim in &structure.claims_against {
        say("Said against it", claim);
    }
    if !structure.sources.is_empty() {
        items.push(Text::with_links(&format!(
            "Sources: {}",
            listed(&structure.sources)
        )));
    }
    items
}

fn differences(context: &Context, id: &str, baseline: &Structure, structure: &Structure) -> Table {
    let difference = between(baseline, structure);
    let caption = format!("“{}” against the baseline", structure.name);
    let mut table = Table::new(format!("{id}-differences"), caption)
        .words("what")
        .words("baseline")
        .words("here");
    let organisation = |it: &Option<Organisation>| match it {
        Some(it) => format!(
            "{}, {}: {}",
            it.name,
            reach(it.footprint),
            services(context, &it.runs)
        ),
        None => "none".to_owned(),
    };
    for (id, [before, after]) in &difference.organisations {
        let name = before
            .as_ref()
            .or(after.as_ref())
            .map_or(id.as_str(), |it| &it.name);
        table.row(
            None,
            vec![
                format!("organisation: {name}").into(),
                organisation(before).into(),
                organisation(after).into(),
            ],
        );
    }
    for [before, after] in &difference.partitions {
        let parted = |it: &crate::scenario::Seams| {
            format!(
                "{} of {} pairs of services parted",
                it.parted.len(),
                it.pairs
            )
        };
        table.row(
            None,
            vec![
                format!("partition: {}", before.partition.replace('_', " ")).into(),
                parted(before).into(),
                parted(after).into(),
            ],
        );
    }
    // Words that stand above already.
    let told = [
        "structure.name",
        "structure.summary",
        "structure.for",
        "structure.against",
        "structure.sources",
    ];
    for (path, [before, after]) in &difference.stated {
        if told.contains(&path.as_str()) {
            continue;
        }
        let words = |side: &Option<String>| side.clone().unwrap_or_else(|| "not stated".to_owned());
        table.row(
            None,
            vec![
                path.replace(['.', '_'], " ").into(),
                words(before).into(),
                words(after).into(),
            ],
        );
    }
    if table.rows.is_empty() {
        table.row(
            None,
            vec!["nothing".into(), "the same".into(), "the same".into()],
        );
    }
    table
}
