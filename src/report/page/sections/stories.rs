//! Single children, where stories were told.

use crate::report::page::StoryView;
use crate::report::page::parts::{Block, Chart, Section, Table, Text, heading, note, paragraph};
use crate::report::page::picture;

pub(super) fn section(stories: &[StoryView]) -> Option<Section> {
    if stories.is_empty() {
        return None;
    }
    let number = match stories.len() {
        1 => "One simulated child".to_owned(),
        2 => "Two simulated children".to_owned(),
        3 => "Three simulated children".to_owned(),
        4 => "Four simulated children".to_owned(),
        more => format!("{more} simulated children"),
    };
    let mut blocks = vec![paragraph(
        "Each was chosen by the rule that is stated, not by hand. A story shows how the model works; it \
         proves nothing about structures.",
    )];
    for (place, story) in stories.iter().enumerate() {
        let id = format!("child-{}", place + 1);
        blocks.push(heading(id.as_str(), story.heading.as_str()));
        if !story.warning.is_empty() {
            blocks.push(note(story.warning.as_str()));
        }
        if !story.rule.is_empty() {
            blocks.push(paragraph(
                Text::from("How chosen: ").then(story.rule.as_str()),
            ));
        }
        if let Some(svg) = &story.svg {
            blocks.push(Block::Chart(Chart {
                id: format!("{id}-chart"),
                svg: picture::embedded(svg, &format!("{id}-")),
                title: picture::words_of(svg, "title").unwrap_or_else(|| story.heading.clone()),
                shows: "The same child under each structure, day by day.".to_owned(),
                file: None,
                tables: Vec::new(),
                numbers: Vec::new(),
            }));
        }
        for (number, column) in story.columns.iter().enumerate() {
            let mut table = Table::new(
                format!("{id}-{}", number + 1),
                format!("{}: under “{}”", story.heading, column.structure),
            )
            .words("when")
            .words("who")
            .words("what");
            for row in &column.rows {
                table.row(
                    None,
                    vec![
                        row.when.as_str().into(),
                        row.who.as_str().into(),
                        row.what.as_str().into(),
                    ],
                );
            }
            blocks.push(Block::Table(table.folded()));
        }
        if !story.proportion.is_empty() {
            let text = match story.proportion.starts_with("In proportion") {
                true => Text::default(),
                false => Text::from("In proportion: "),
            };
            blocks.push(paragraph(text.then(story.proportion.as_str())));
        }
    }
    Some(Section {
        id: "children".to_owned(),
        heading: number,
        blocks,
    })
}
