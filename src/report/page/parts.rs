//! What a report is made of, before it is a page: sections of blocks with words, numbers and links.
//! Both forms of the report are written from the same parts, so that they say the same.
//!
//! Sections can be kept as JSON and put into another report. What is read back is held against what this
//! program writes: links and pictures that it would not make are refused, as they would stand in a page.

use serde::{Deserialize, Deserializer, Serialize, de};

use super::picture;

/// The whole report.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub(super) struct Document {
    pub(super) title: String,
    pub(super) subtitle: String,
    /// Who wrote it, and what was run: one fact each.
    pub(super) facts: Vec<String>,
    /// What has to be read before any number.
    pub(super) banners: Vec<Banner>,
    pub(super) sections: Vec<Section>,
    /// The structures that can be shown and hidden.
    pub(super) structures: Vec<String>,
    /// Where its sentences come from, to be copied with them.
    pub(super) citation: String,
    /// Whose folder it stands in: `run` or `analysis`.
    pub(super) folder: &'static str,
}

/// A statement that stands out.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub(super) struct Banner {
    pub(super) heading: String,
    pub(super) text: Text,
}

/// A part with a heading of its own in the table of contents.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(super) struct Section {
    #[serde(deserialize_with = "id")]
    pub(super) id: String,
    pub(super) heading: String,
    pub(super) blocks: Vec<Block>,
}

/// One thing in a section.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "kebab-case")]
pub(super) enum Block {
    /// A heading within the section; nothing is nested deeper.
    Heading {
        #[serde(deserialize_with = "id")]
        id: String,
        text: String,
    },
    Paragraph {
        text: Text,
    },
    /// Sentences bound to results, each to be quoted with its source.
    Claims {
        items: Vec<Claim>,
    },
    List {
        items: Vec<Text>,
    },
    Terms {
        items: Vec<Term>,
    },
    Table(Table),
    Chart(Chart),
    /// Something to keep in mind.
    Note {
        text: Text,
    },
    Code {
        text: String,
    },
    /// Which structures are shown.
    Filter,
    /// What is folded away on a screen and shown in print.
    Details {
        summary: String,
        blocks: Vec<Block>,
    },
}

/// A sentence with what it rests on.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(super) struct Claim {
    pub(super) text: String,
    /// The table that holds its numbers; words that are no file's name have no link.
    pub(super) source: String,
}

/// A word and what is said of it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(super) struct Term {
    pub(super) name: Text,
    pub(super) text: Text,
}

/// Words, some of them links or code.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(transparent)]
pub(super) struct Text(pub(super) Vec<Span>);

/// Words of one kind.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(super) struct Span {
    pub(super) text: String,
    #[serde(deserialize_with = "link")]
    pub(super) href: Option<String>,
    pub(super) is_code: bool,
}

impl Text {
    /// The same with more words.
    pub(super) fn then(mut self, text: impl Into<String>) -> Self {
        self.0.push(Span {
            text: text.into(),
            href: None,
            is_code: false,
        });
        self
    }

    /// The same with a link. Only pages on the web and places of this report or its folder can be
    /// linked to; anything else stays words.
    pub(super) fn link(mut self, text: impl Into<String>, href: &str) -> Self {
        self.0.push(Span {
            text: text.into(),
            href: is_link(href).then(|| href.to_owned()),
            is_code: false,
        });
        self
    }

    /// The same with a path or a command.
    pub(super) fn code(mut self, text: impl Into<String>) -> Self {
        self.0.push(Span {
            text: text.into(),
            href: None,
            is_code: true,
        });
        self
    }

    /// A text whose web addresses are links.
    pub(super) fn with_links(text: &str) -> Self {
        let mut found = Self::default();
        let mut rest = text;
        while let Some(at) = rest.find("http://").or_else(|| rest.find("https://")) {
            let at = rest.find("https://").map_or(at, |other| other.min(at));
            let (before, after) = rest.split_at(at);
            let ends = |character: char| {
                character.is_whitespace() || matches!(character, '<' | '>' | '"' | ')' | ']')
            };
            let address = after.split(ends).next().unwrap_or_default();
            let address = address.trim_end_matches(['.', ',', ';', ':']);
            if !before.is_empty() {
                found = found.then(before);
            }
            found = found.link(address, address);
            rest = &after[address.len()..];
            if address.is_empty() {
                break;
            }
        }
        if rest.is_empty() {
            found
        } else {
            found.then(rest)
        }
    }

    /// The words alone.
    #[cfg(test)]
    pub(super) fn words(&self) -> String {
        self.0.iter().map(|span| span.text.as_str()).collect()
    }
}

fn is_link(href: &str) -> bool {
    let is_web = href.starts_with("https://") || href.starts_with("http://");
    let is_here = href.starts_with('#')
        || href
            .chars()
            .all(|it| it.is_ascii_alphanumeric() || matches!(it, '-' | '.' | '_'));
    let is_clean = !href.contains(|it: char| it.is_whitespace() || matches!(it, '<' | '>' | '"'));
    is_clean && (is_web || is_here)
}

impl From<&str> for Text {
    fn from(text: &str) -> Self {
        Self::default().then(text)
    }
}

impl From<String> for Text {
    fn from(text: String) -> Self {
        Self::default().then(text)
    }
}

/// A table. The first cell of each row is its heading.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(super) struct Table {
    #[serde(deserialize_with = "id")]
    pub(super) id: String,
    pub(super) caption: String,
    pub(super) columns: Vec<Column>,
    pub(super) rows: Vec<Row>,
    pub(super) is_sortable: bool,
    /// Folded away on a screen?
    pub(super) is_folded: bool,
    /// The files that hold the same and more.
    #[serde(deserialize_with = "files")]
    pub(super) files: Vec<String>,
}

/// A column of a table.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub(super) struct Column {
    pub(super) head: String,
    /// Unit, and which way is better.
    pub(super) unit: String,
    pub(super) is_number: bool,
    /// Holds sentences, and needs room for them?
    pub(super) is_long: bool,
    pub(super) structure: Option<usize>,
}

/// Characters from which a cell is a sentence.
const LONG: usize = 70;

/// A row of a table.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub(super) struct Row {
    pub(super) structure: Option<usize>,
    pub(super) cells: Vec<Cell>,
}

/// A cell of a table.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub(super) struct Cell {
    pub(super) text: Text,
    /// A second line, smaller.
    pub(super) below: String,
    /// What the column is sorted by.
    pub(super) sort: Option<f64>,
    /// What is said when it is pointed at.
    pub(super) title: String,
    /// An interval as a picture.
    pub(super) strip: Option<Strip>,
}

/// An interval drawn in a cell, in percent of its width.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub(super) struct Strip {
    pub(super) zero: f64,
    pub(super) low: f64,
    pub(super) value: f64,
    pub(super) high: f64,
    /// Does the interval leave out zero? Filled, else hollow.
    pub(super) is_clear: bool,
}

impl Table {
    pub(super) fn new(id: impl Into<String>, caption: impl Into<String>) -> Self {
        Self {
            id: id.into(),
            caption: caption.into(),
            columns: Vec::new(),
            rows: Vec::new(),
            is_sortable: false,
            is_folded: false,
            files: Vec::new(),
        }
    }

    /// Adds a column of words.
    pub(super) fn words(mut self, head: impl Into<String>) -> Self {
        self.columns.push(Column {
            head: head.into(),
            ..Column::default()
        });
        self
    }

    /// Adds a column of numbers with their unit.
    pub(super) fn numbers(mut self, head: impl Into<String>, unit: impl Into<String>) -> Self {
        self.columns.push(Column {
            head: head.into(),
            unit: unit.into(),
            is_number: true,
            ..Column::default()
        });
        self
    }

    /// The last column is of one structure.
    pub(super) fn of_structure(mut self, structure: usize) -> Self {
        if let Some(column) = self.columns.last_mut() {
            column.structure = Some(structure);
        }
        self
    }

    pub(super) fn sortable(mut self) -> Self {
        self.is_sortable = true;
        self
    }

    pub(super) fn folded(mut self) -> Self {
        self.is_folded = true;
        self
    }

    pub(super) fn files(mut self, files: &[&str]) -> Self {
        self.files = files.iter().map(|file| (*file).to_owned()).collect();
        self
    }

    /// Adds a row of words and numbers.
    pub(super) fn row(&mut self, structure: Option<usize>, cells: Vec<Cell>) {
        assert_eq!(
            cells.len(),
            self.columns.len(),
            "a row of “{}” has a cell for each column",
            self.caption
        );
        for (column, cell) in self.columns.iter_mut().zip(&cells) {
            let length: usize = cell
                .text
                .0
                .iter()
                .map(|span| span.text.chars().count())
                .sum();
            column.is_long |= length >= LONG;
        }
        self.rows.push(Row { structure, cells });
    }
}

impl From<&str> for Cell {
    fn from(text: &str) -> Self {
        Self::from(text.to_owned())
    }
}

impl From<String> for Cell {
    fn from(text: String) -> Self {
        Self::from(Text::from(text))
    }
}

impl From<Text> for Cell {
    fn from(text: Text) -> Self {
        Self {
            text,
            ..Self::default()
        }
    }
}

/// A chart with words for those who do not see it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(super) struct Chart {
    #[serde(deserialize_with = "id")]
    pub(super) id: String,
    /// The picture, made fit to stand in a page.
    #[serde(deserialize_with = "svg")]
    pub(super) svg: String,
    /// Its title.
    pub(super) title: String,
    /// What it shows, in a sentence.
    pub(super) shows: String,
    /// The file that holds it, if it has one.
    #[serde(deserialize_with = "file")]
    pub(super) file: Option<String>,
    /// The files that hold its numbers.
    #[serde(deserialize_with = "files")]
    pub(super) tables: Vec<String>,
    /// Its numbers, where they are few.
    pub(super) numbers: Vec<Table>,
}

pub(super) fn heading(id: impl Into<String>, text: impl Into<String>) -> Block {
    Block::Heading {
        id: id.into(),
        text: text.into(),
    }
}

pub(super) fn paragraph(text: impl Into<Text>) -> Block {
    Block::Paragraph { text: text.into() }
}

pub(super) fn note(text: impl Into<Text>) -> Block {
    Block::Note { text: text.into() }
}

pub(super) fn claim(text: impl Into<String>, source: impl Into<String>) -> Claim {
    Claim {
        text: text.into(),
        source: source.into(),
    }
}

impl Section {
    /// The section as a part of the report of a run: every id begins with the prefix, and what is a link
    /// to a file of the folder `of` is words.
    pub(super) fn within_another(mut self, prefix: &str, of: &str) -> Self {
        self.id = format!("{prefix}{}", self.id);
        for block in &mut self.blocks {
            block.moved(prefix, of);
        }
        self
    }
}

impl Block {
    fn moved(&mut self, prefix: &str, of: &str) {
        match self {
            Self::Heading { id, .. } => *id = format!("{prefix}{id}"),
            Self::Table(table) => table.moved(prefix),
            Self::Chart(chart) => {
                chart.id = format!("{prefix}{}", chart.id);
                chart.svg = picture::embedded(&chart.svg, prefix);
                chart.file = None;
                chart.tables.clear();
                for table in &mut chart.numbers {
                    table.moved(prefix);
                }
            }
            Self::Claims { items } => {
                for item in items {
                    item.source = format!("{} of {of}", item.source);
                }
            }
            Self::Paragraph { text } | Self::Note { text } => text.unlinked(),
            Self::List { items } => items.iter_mut().for_each(Text::unlinked),
            Self::Terms { items } => {
                for item in items {
                    item.name.unlinked();
                    item.text.unlinked();
                }
            }
            Self::Details { blocks, .. } => {
                for block in blocks {
                    block.moved(prefix, of);
                }
            }
            Self::Code { .. } | Self::Filter => {}
        }
    }
}

impl Table {
    fn moved(&mut self, prefix: &str) {
        self.id = format!("{prefix}{}", self.id);
        self.files.clear();
        let cells = self.rows.iter_mut().flat_map(|row| &mut row.cells);
        cells.for_each(|cell| cell.text.unlinked());
    }
}

impl Text {
    /// Links within the folder or the page become words; those to the web stay.
    fn unlinked(&mut self) {
        for span in &mut self.0 {
            span.href = span.href.take().filter(|href| href.contains("://"));
        }
    }
}

fn id<'de, D: Deserializer<'de>>(read: D) -> Result<String, D::Error> {
    let id = String::deserialize(read)?;
    let is_plain = |it: char| it.is_ascii_alphanumeric() || matches!(it, '-' | '_' | '.');
    match id.chars().all(is_plain) {
        true => Ok(id),
        false => Err(de::Error::custom(format!("\"{id}\" is no id"))),
    }
}

fn link<'de, D: Deserializer<'de>>(read: D) -> Result<Option<String>, D::Error> {
    let href = Option::<String>::deserialize(read)?;
    match href.as_deref().is_none_or(is_link) {
        true => Ok(href),
        false => Err(de::Error::custom(
            "a link leads neither to the web nor to a file here",
        )),
    }
}

fn is_file(name: &str) -> bool {
    is_link(name) && !name.contains(['#', ':', '/'])
}

fn file<'de, D: Deserializer<'de>>(read: D) -> Result<Option<String>, D::Error> {
    let file = Option::<String>::deserialize(read)?;
    match file.as_deref().is_none_or(is_file) {
        true => Ok(file),
        false => Err(de::Error::custom("a file is not named as files here are")),
    }
}

fn files<'de, D: Deserializer<'de>>(read: D) -> Result<Vec<String>, D::Error> {
    let files = Vec::<String>::deserialize(read)?;
    match files.iter().all(|it| is_file(it)) {
        true => Ok(files),
        false => Err(de::Error::custom("a file is not named as files here are")),
    }
}

fn svg<'de, D: Deserializer<'de>>(read: D) -> Result<String, D::Error> {
    let svg = String::deserialize(read)?;
    match picture::is_ours(&svg) {
        true => Ok(svg),
        false => Err(de::Error::custom(
            "a picture holds what no chart of this program does",
        )),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_in_words_become_links() {
        let text = Text::with_links("See <https://example.org/a_(b)>, p. 3.");
        let links: Vec<_> = text.0.iter().filter_map(|it| it.href.as_deref()).collect();
        assert_eq!(links, ["https://example.org/a_(b"]);
        assert_eq!(text.words(), "See <https://example.org/a_(b)>, p. 3.");
        assert_eq!(Text::with_links("no address").words(), "no address");
        assert_eq!(
            Text::with_links("https:// is none").words(),
            "https:// is none"
        );
    }

    #[test]
    fn what_is_read_back_is_what_was_written_and_nothing_else() {
        let mut table = Table::new("t", "A table").words("name").files(&["a.csv"]);
        table.row(None, vec![Text::from("x").link("y", "a.csv").into()]);
        let chart = Chart {
            id: "chart-a".to_owned(),
            svg: "<svg viewBox=\"0 0 1 1\"><title id=\"a\">A &lt; B</title></svg>".to_owned(),
            title: "A".to_owned(),
            shows: "a".to_owned(),
            file: Some("chart-a.svg".to_owned()),
            tables: vec!["a.csv".to_owned()],
            numbers: vec![table.clone()],
        };
        let section = Section {
            id: "one".to_owned(),
            heading: "One".to_owned(),
            blocks: vec![
                heading("two", "Two"),
                Block::Claims {
                    items: vec![claim("It is so.", "a.csv")],
                },
                Block::Details {
                    summary: "More".to_owned(),
                    blocks: vec![Block::Table(table), Block::Chart(chart)],
                },
            ],
        };
        let text = serde_json::to_string(&section).unwrap();
        let back: Section = serde_json::from_str(&text).unwrap();
        assert_eq!(back, section);
        for (from, to) in [
            ("\"chart-a.svg\"", "\"javascript:alert(1)\""),
            ("\"href\":\"a.csv\"", "\"href\":\"data:text/html,x\""),
            ("<title", "<script"),
            ("viewBox=", "onload="),
            ("\"two\"", "\"a b\\\" onclick\""),
            ("\"files\":[\"a.csv\"]", "\"files\":[\"../a.csv\"]"),
        ] {
            assert!(text.contains(from), "{from}");
            let hostile = text.replace(from, to);
            assert!(serde_json::from_str::<Section>(&hostile).is_err(), "{to}");
        }
        let moved = serde_json::to_string(&back.within_another("u-", "a folder")).unwrap();
        assert!(moved.contains("\"id\":\"u-two\"") && moved.contains("\"id\":\"u-chart-a\""));
        assert!(moved.contains("id=\\\"u-a\\\""), "{moved}");
        assert!(moved.contains("\"a.csv of a folder\"") && !moved.contains("\"a.csv\""));
    }

    #[test]
    fn only_safe_addresses_are_links() {
        for href in [
            "javascript:alert(1)",
            "data:text/html,x",
            "https://a\"b",
            "/etc/x",
        ] {
            assert_eq!(Text::default().link("x", href).0[0].href, None, "{href}");
        }
        for href in ["#answer", "missed.csv", "https://example.org/?a=b"] {
            assert!(
                Text::default().link("x", href).0[0].href.is_some(),
                "{href}"
            );
        }
    }
}
