//! What a report is made of, before it is a page: sections of blocks with words, numbers and links.
//! Both forms of the report are written from the same parts, so that they say the same.

use serde::Serialize;

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
}

/// A statement that stands out.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub(super) struct Banner {
    pub(super) heading: String,
    pub(super) text: Text,
}

/// A part with a heading of its own in the table of contents.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub(super) struct Section {
    pub(super) id: &'static str,
    pub(super) heading: String,
    pub(super) blocks: Vec<Block>,
}

/// One thing in a section.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(tag = "kind", rename_all = "kebab-case")]
pub(super) enum Block {
    /// A heading within the section; nothing is nested deeper.
    Heading {
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
#[derive(Debug, Clone, PartialEq, Serialize)]
pub(super) struct Claim {
    pub(super) text: String,
    /// The tables that hold its numbers.
    pub(super) source: &'static str,
}

/// A word and what is said of it.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub(super) struct Term {
    pub(super) name: Text,
    pub(super) text: Text,
}

/// Words, some of them links or code.
#[derive(Debug, Clone, PartialEq, Default, Serialize)]
#[serde(transparent)]
pub(super) struct Text(pub(super) Vec<Span>);

/// Words of one kind.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub(super) struct Span {
    pub(super) text: String,
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
#[derive(Debug, Clone, PartialEq, Serialize)]
pub(super) struct Table {
    pub(super) id: String,
    pub(super) caption: String,
    pub(super) columns: Vec<Column>,
    pub(super) rows: Vec<Row>,
    pub(super) is_sortable: bool,
    /// Folded away on a screen?
    pub(super) is_folded: bool,
    /// The files that hold the same and more.
    pub(super) files: Vec<String>,
}

/// A column of a table.
#[derive(Debug, Clone, PartialEq, Default, Serialize)]
pub(super) struct Column {
    pub(super) head: String,
    /// Unit, and which way is better.
    pub(super) unit: String,
    pub(super) is_number: bool,
    pub(super) structure: Option<usize>,
}

/// A row of a table.
#[derive(Debug, Clone, PartialEq, Default, Serialize)]
pub(super) struct Row {
    pub(super) structure: Option<usize>,
    pub(super) cells: Vec<Cell>,
}

/// A cell of a table.
#[derive(Debug, Clone, PartialEq, Default, Serialize)]
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
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
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
            structure: None,
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
#[derive(Debug, Clone, PartialEq, Serialize)]
pub(super) struct Chart {
    pub(super) id: String,
    /// The picture, made fit to stand in a page.
    pub(super) svg: String,
    /// Its title.
    pub(super) title: String,
    /// What it shows, in a sentence.
    pub(super) shows: String,
    /// The file that holds it, if it has one.
    pub(super) file: Option<String>,
    /// The files that hold its numbers.
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

pub(super) fn claim(text: impl Into<String>, source: &'static str) -> Claim {
    Claim {
        text: text.into(),
        source,
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
