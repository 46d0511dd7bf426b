//! Scripted children: how likely it is that every occasion to help is missed.

use super::{Context, difference, estimate};
use crate::analysis::{CaseChance, CaseOccasion, Estimate, Never};
use crate::measures::Fate;
use crate::report::numbers::{count, decimals, plain, telling_decimals};
use crate::report::page::parts::{Block, Cell, Section, Table, heading, note, paragraph};

pub(super) fn section(context: &Context) -> Option<Section> {
    let cases = &context.summary.cases;
    if cases.named.is_empty() {
        return None;
    }
    let mut blocks = vec![note(
        "These children are invented, and many of each live through the same script. A script says whom a \
         child meets when; what comes of it is simulated.",
    )];
    blocks.extend(context.charts(&["cases"]));
    for (case, named) in cases.named.iter().enumerate() {
        let id = format!("cases-{}", case + 1);
        blocks.push(heading(id.as_str(), named.name.as_str()));
        blocks.push(paragraph(format!(
            "{} children in all trials, {} occasions, {} days. “Missed” means that no occasion led to \
             fitting help within the script. Beside it stands what it would be if the occasions failed \
             independently of each other.",
            count(cases.children[case]),
            named.occasions.len(),
            plain(named.lasts.get(), 0)
        )));
        blocks.push(Block::Table(chances(context, case, &id)));
        blocks.push(Block::Table(occasions(context, case, &id)));
    }
    Some(Section {
        id: "cases".to_owned(),
        heading: "Children met as a script says".to_owned(),
        blocks,
    })
}

fn chances(context: &Context, case: usize, id: &str) -> Table {
    let cases = &context.summary.cases;
    let chances: Vec<&CaseChance> = cases.chances_of(case, Never::Helped).collect();
    let all = |pick: fn(&CaseChance) -> Option<Estimate>| -> Vec<Option<Estimate>> {
        chances.iter().map(|chance| pick(chance)).collect()
    };
    let (shares, differences) = (all(|it| it.share), all(|it| it.difference));
    let independent = all(|it| it.independent);
    let mut table = Table::new(
        format!("{id}-chances"),
        "Every occasion missed, by structure",
    )
    .words("structure")
    .numbers("missed", "% of children; less is better");
    if context.is_comparing() {
        table = table.numbers("difference", "percentage points from the baseline");
    }
    table = table
        .numbers("were occasions independent", "%")
        .numbers("mean days to help", "of those helped");
    let days: Vec<Option<Estimate>> = context
        .structures()
        .map(|place| {
            let mut of = cases.days.iter();
            of.find(|it| it.case == case && it.structure == place)?.days
        })
        .collect();
    for chance in &chances {
        let place = chance.structure;
        let mut cells = vec![
            Cell::from(context.label(place)),
            estimate(chance.share, decimals(&shares)),
        ];
        if context.is_comparing() {
            cells.push(match place {
                0 => Cell {
                    sort: Some(0.0),
                    ..Cell::from("baseline")
                },
                _ => difference(chance.difference, telling_decimals(&differences)),
            });
        }
        cells.push(match chance.independent {
            Some(_) => estimate(chance.independent, decimals(&independent)),
            None => Cell::from("not tried"),
        });
        cells.push(estimate(days[place], decimals(&days)));
        table.row(Some(place), cells);
    }
    let table = table.files(&["cases.csv"]);
    match context.is_comparing() {
        true => table.sortable(),
        false => table,
    }
}

/// What came of each occasion under the baseline.
fn occasions(context: &Context, case: usize, id: &str) -> Table {
    let cases = &context.summary.cases;
    let of_baseline: Vec<&CaseOccasion> = (cases.occasions.iter())
        .filter(|it| it.structure == 0 && it.case == case)
        .collect();
    let there: Vec<Fate> = (Fate::ALL.iter().copied())
        .filter(|fate| {
            let mut all = of_baseline.iter();
            all.any(|it| it.fates[fate.index()].is_some_and(|share| share > 0.0))
        })
        .collect();
    let caption = format!("What came of each occasion under “{}”, %", context.name(0));
    let mut table = Table::new(format!("{id}-occasions"), caption)
        .words("occasion")
        .numbers("day", "of the script");
    for fate in &there {
        table = table.numbers(fate.label(), "");
    }
    for found in of_baseline {
        let occasion = &cases.named[case].occasions[found.occasion];
        let mut cells = vec![
            Cell::from(occasion.name.as_str()),
            Cell {
                sort: Some(occasion.day.get()),
                ..Cell::from(plain(occasion.day.get(), 0))
            },
        ];
        cells.extend(there.iter().map(|fate| match found.fates[fate.index()] {
            Some(share) => Cell {
                sort: Some(share),
                ..Cell::from(plain(share, 0))
            },
            None => Cell::from("–"),
        }));
        table.row(None, cells);
    }
    table.folded().files(&["case-occasions.csv"])
}
