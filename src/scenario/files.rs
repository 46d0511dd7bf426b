//! The texts that take part, each once, with the name that it is shown by.

use std::path::PathBuf;
use std::sync::Arc;

use miette::NamedSource;

use super::problem::{Place, Problem};

/// Number of a text in the order of reading.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct FileIndex(usize);

/// Bytes of one text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Span {
    pub(crate) file: FileIndex,
    pub(crate) start: usize,
    pub(crate) end: usize,
}

/// Where a text comes from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Origin {
    /// Embedded in the program.
    Bundled,
    /// A file in this folder.
    Local(PathBuf),
    /// An argument of the command.
    CommandLine,
}

/// One text.
#[derive(Debug, Clone)]
pub(crate) struct Text {
    /// `structures/local-trust.toml`: the same wherever the folder lies.
    pub(crate) label: String,
    pub(crate) origin: Origin,
    /// Without byte-order mark, line ends as `\n`; under the name that the user knows.
    source: Arc<NamedSource<Arc<str>>>,
    /// Where its lines end, for every value read asks for its line.
    line_ends: Vec<usize>,
}

impl Text {
    pub(crate) fn text(&self) -> &Arc<str> {
        self.source.inner()
    }
}

/// All texts read so far.
#[derive(Debug, Default)]
pub(crate) struct Files(Vec<Text>);

impl Files {
    /// Adds a text, cleaned of what editors on other systems leave in it.
    pub(crate) fn add(
        &mut self,
        label: String,
        shown: &str,
        origin: Origin,
        text: &str,
    ) -> FileIndex {
        let text = text.strip_prefix('\u{feff}').unwrap_or(text);
        let text: Arc<str> = Arc::from(text.replace("\r\n", "\n"));
        self.0.push(Text {
            label,
            origin,
            line_ends: text.match_indices('\n').map(|(end, _)| end).collect(),
            source: Arc::new(NamedSource::new(shown, text)),
        });
        FileIndex(self.0.len() - 1)
    }

    pub(crate) fn get(&self, file: FileIndex) -> &Text {
        &self.0[file.0]
    }

    pub(crate) fn iter(&self) -> impl Iterator<Item = &Text> {
        self.0.iter()
    }

    /// A place at the first character of a text.
    pub(crate) fn top_of(&self, file: FileIndex) -> Span {
        let first = self.get(file).text().chars().next();
        Span {
            file,
            start: 0,
            end: first.filter(|&it| it != '\n').map_or(0, char::len_utf8),
        }
    }

    /// The line of a place, from 1; 0 on the command line, which has no lines.
    pub(crate) fn line(&self, at: Span) -> usize {
        let text = self.get(at.file);
        match text.origin {
            Origin::CommandLine => 0,
            Origin::Bundled | Origin::Local(_) => {
                text.line_ends.partition_point(|end| *end < at.start) + 1
            }
        }
    }

    /// Puts a problem in its place; `expected` stands under the marked text.
    pub(crate) fn place(
        &self,
        mut problem: Problem,
        at: Span,
        expected: impl Into<String>,
    ) -> Problem {
        let source = &self.get(at.file).source;
        let text = source.inner();
        let start = text.floor_char_boundary(at.start);
        let end = text.floor_char_boundary(at.end.max(start));
        problem.place = Some(Place {
            order: at.file.0,
            source: Arc::clone(source),
            start,
            length: end - start,
            expected: expected.into(),
        });
        problem
    }
}
