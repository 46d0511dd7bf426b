//! What is wrong with scenario files: collected while reading, shown together, never only the first.
//!
//! A problem carries all that is needed to draw it (the text of the file too), so that nothing has
//! to be read again. Drawing is left to the command line.

use std::fmt;
use std::sync::Arc;

use miette::{Diagnostic, LabeledSpan, NamedSource, SourceCode};

/// What kind of thing is wrong.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Code {
    /// A file that is not there.
    MissingFile,
    /// A folder where a file was expected.
    NotAFile,
    /// A file that the system refuses to hand over.
    Unreadable,
    /// Bytes that are not UTF-8.
    NotUtf8,
    /// Text that is not TOML.
    Syntax,
    /// A file that does not begin with a table that says what it is, or is of another kind.
    WrongKind,
    /// A study with nothing to simulate.
    EmptyStudy,
    /// A file that is, by way of others, its own base.
    CircularBase,
    /// A key that means nothing where it stands.
    UnknownKey,
    /// A key that must be there.
    MissingKey,
    /// A value of another form than expected.
    WrongForm,
    /// A unit that is unknown, missing or of another quantity.
    WrongUnit,
    /// A probability outside 0 to 1.
    ImpossibleProbability,
    /// A value that is well formed and cannot be.
    OutOfRange,
    /// A range that does not hold its value.
    RangeMissesValue,
    /// A grade of evidence that does not exist.
    UnknownGrade,
    /// A name of other than lower-case letters, digits and hyphens.
    BadName,
    /// A study, area, parameter file, structure or overlay that is not to be found.
    UnknownName,
    /// A service that is not declared.
    UnknownService,
    /// A need that is not declared.
    UnknownNeed,
    /// A kind of case that is not declared.
    UnknownKind,
    /// A path that leads to no value.
    UnknownPath,
    /// Something stated twice.
    Twice,
    /// Shares that do not add up to the whole.
    Shares,
    /// A service that cases can never leave.
    NoExit,
    /// Cases that could go round for ever within one instant.
    ZeroLoop,
    /// Two organisations that run one service.
    TwoOrganisations,
    /// A service that no organisation runs.
    NoOrganisation,
    /// A service that may not be delegated, run together with others.
    NotDelegable,
    /// A referral to a service that does not help.
    NotHelped,
    /// Posts missing where there is work.
    MissingPosts,
    /// A list of stays that cannot be read.
    Stays,
    /// Too few trials to compare anything.
    TooFewTrials,
    /// A value that no fit to published counts may change.
    NotFitted,
}

impl Code {
    /// The code as it is shown: `scenario::unknown_service`.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::MissingFile => "scenario::missing_file",
            Self::NotAFile => "scenario::not_a_file",
            Self::Unreadable => "scenario::unreadable",
            Self::NotUtf8 => "scenario::not_utf8",
            Self::Syntax => "scenario::syntax",
            Self::WrongKind => "scenario::wrong_kind",
            Self::EmptyStudy => "scenario::empty_study",
            Self::CircularBase => "scenario::circular_base",
            Self::UnknownKey => "scenario::unknown_key",
            Self::MissingKey => "scenario::missing_key",
            Self::WrongForm => "scenario::wrong_form",
            Self::WrongUnit => "scenario::wrong_unit",
            Self::ImpossibleProbability => "scenario::impossible_probability",
            Self::OutOfRange => "scenario::out_of_range",
            Self::RangeMissesValue => "scenario::range_misses_value",
            Self::UnknownGrade => "scenario::unknown_grade",
            Self::BadName => "scenario::bad_name",
            Self::UnknownName => "scenario::unknown_name",
            Self::UnknownService => "scenario::unknown_service",
            Self::UnknownNeed => "scenario::unknown_need",
            Self::UnknownKind => "scenario::unknown_kind",
            Self::UnknownPath => "scenario::unknown_path",
            Self::Twice => "scenario::twice",
            Self::Shares => "scenario::shares",
            Self::NoExit => "scenario::no_exit",
            Self::ZeroLoop => "scenario::zero_loop",
            Self::TwoOrganisations => "scenario::two_organisations",
            Self::NoOrganisation => "scenario::no_organisation",
            Self::NotDelegable => "scenario::not_delegable",
            Self::NotHelped => "scenario::not_helped",
            Self::MissingPosts => "scenario::missing_posts",
            Self::Stays => "scenario::stays",
            Self::TooFewTrials => "scenario::too_few_trials",
            Self::NotFitted => "scenario::not_fitted",
        }
    }

    /// Can the problem be a mere consequence of keys that were lost elsewhere?
    fn may_follow(self) -> bool {
        !matches!(
            self,
            Self::MissingFile
                | Self::NotAFile
                | Self::Unreadable
                | Self::NotUtf8
                | Self::Syntax
                | Self::CircularBase
                | Self::WrongForm
                | Self::WrongUnit
                | Self::ImpossibleProbability
                | Self::OutOfRange
                | Self::RangeMissesValue
                | Self::UnknownGrade
                | Self::BadName
                | Self::Twice
                | Self::Stays
                | Self::TooFewTrials
        )
    }
}

/// Where in a file a problem lies.
#[derive(Debug, Clone)]
pub struct Place {
    /// Number of the file in the order of reading; the study comes first.
    pub(crate) order: usize,
    /// The file's name as the user knows it, slashes forward, and its text.
    pub(crate) source: Arc<NamedSource<Arc<str>>>,
    /// First byte that is marked.
    pub(crate) start: usize,
    /// Number of bytes marked.
    pub(crate) length: usize,
    /// What is said of the marked text: mostly what was expected there.
    pub(crate) expected: String,
}

impl Place {
    /// Line of the marked text, from 1.
    pub fn line(&self) -> usize {
        line_at(self.source.inner(), self.start)
    }

    /// Column of the marked text in characters, from 1.
    pub fn column(&self) -> usize {
        let text = self.source.inner();
        let line_start = text[..self.start].rfind('\n').map_or(0, |end| end + 1);
        text[line_start..self.start].chars().count() + 1
    }

    /// The file's name as the user knows it.
    pub fn file(&self) -> &str {
        self.source.name()
    }
}

/// The line of a byte, from 1.
fn line_at(text: &str, byte: usize) -> usize {
    text.bytes().take(byte).filter(|&it| it == b'\n').count() + 1
}

/// One thing wrong.
#[derive(Debug, Clone, thiserror::Error)]
#[error("{message}")]
pub struct Problem {
    pub(crate) code: Code,
    pub(crate) message: String,
    pub(crate) place: Option<Place>,
    pub(crate) help: Option<String>,
}

impl Problem {
    /// A problem that lies in no text.
    pub(crate) fn new(code: Code, message: impl Into<String>) -> Self {
        Self {
            code,
            message: message.into(),
            place: None,
            help: None,
        }
    }

    /// Adds a way out.
    pub(crate) fn help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(help.into());
        self
    }

    /// Adds a way out, if there is one.
    pub(crate) fn help_if(mut self, help: Option<String>) -> Self {
        self.help = help.or(self.help);
        self
    }

    /// What kind of thing is wrong.
    pub fn code(&self) -> Code {
        self.code
    }

    /// Where it is, if it lies in a text.
    pub fn place(&self) -> Option<&Place> {
        self.place.as_ref()
    }

    fn key(&self) -> (usize, usize, Code, &str) {
        let (order, start) = self
            .place
            .as_ref()
            .map_or((0, 0), |place| (place.order, place.start));
        (order, start, self.code, &self.message)
    }
}

impl Diagnostic for Problem {
    fn code<'a>(&'a self) -> Option<Box<dyn fmt::Display + 'a>> {
        Some(Box::new(self.code.as_str()))
    }

    fn help<'a>(&'a self) -> Option<Box<dyn fmt::Display + 'a>> {
        let help = self.help.as_ref()?;
        Some(Box::new(help))
    }

    fn source_code(&self) -> Option<&dyn SourceCode> {
        let place = self.place.as_ref()?;
        Some(place.source.as_ref())
    }

    fn labels(&self) -> Option<Box<dyn Iterator<Item = LabeledSpan> + '_>> {
        let place = self.place.as_ref()?;
        let label = LabeledSpan::new(Some(place.expected.clone()), place.start, place.length);
        Some(Box::new(std::iter::once(label)))
    }
}

/// Everything wrong with the files of a study; never empty when handed out as an error.
#[derive(Debug, Clone, Default, thiserror::Error)]
#[error("{}", counted(.list.len()))]
pub struct Problems {
    list: Vec<Problem>,
    /// A base is missing, and with it whatever it states.
    lacks_base: bool,
}

fn counted(count: usize) -> String {
    match count {
        1 => "1 problem".to_owned(),
        _ => format!("{count} problems"),
    }
}

impl Problems {
    /// The problems: by file in the order of reading, then by place.
    pub fn iter(&self) -> impl Iterator<Item = &Problem> {
        self.list.iter()
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.list.len()
    }

    /// Is nothing wrong?
    pub fn is_empty(&self) -> bool {
        self.list.is_empty()
    }

    pub(crate) fn push(&mut self, problem: Problem) {
        self.list.push(problem);
    }

    /// Notes that a base could not be had.
    pub(crate) fn without_base(&mut self) {
        self.lacks_base = true;
    }

    /// The final list: in order, each once, and without what may only follow from another problem.
    ///
    /// Where a text is not TOML or a base is missing, keys are lost; what is then missed elsewhere
    /// is no second problem. What is wrong with a value that was read stands, unless it is on a
    /// line that could not be read.
    pub(crate) fn settled(mut self) -> Self {
        let unread: Vec<(usize, usize)> = (self.list.iter())
            .filter(|problem| problem.code == Code::Syntax)
            .filter_map(|problem| problem.place.as_ref())
            .map(|place| (place.order, place.line()))
            .collect();
        let is_unread = |place: &Place| unread.contains(&(place.order, place.line()));
        let lacks_base = self.lacks_base;
        self.list.retain(|problem| match &problem.place {
            Some(place) if !unread.is_empty() => {
                problem.code == Code::Syntax || !(problem.code.may_follow() || is_unread(place))
            }
            Some(_) if lacks_base => {
                // A base that is not there is named by such a problem.
                !problem.code.may_follow() || problem.code == Code::UnknownName
            }
            _ => true,
        });
        self.list.sort_by(|a, b| a.key().cmp(&b.key()));
        self.list.dedup_by(|a, b| a.key() == b.key());
        self
    }
}

/// The candidate most like `name`, if any is like it at all.
pub(crate) fn nearest<'a>(
    name: &str,
    candidates: impl IntoIterator<Item = &'a str>,
) -> Option<&'a str> {
    let mut best: Option<(f64, &str)> = None;
    for candidate in candidates {
        let likeness = strsim::jaro_winkler(name, candidate);
        if likeness > 0.78 && best.is_none_or(|(so_far, _)| likeness > so_far) {
            best = Some((likeness, candidate));
        }
    }
    best.map(|(_, candidate)| candidate)
}

/// `did you mean "family-support"?`, if a candidate is like the name.
pub(crate) fn did_you_mean<'a>(
    name: &str,
    candidates: impl IntoIterator<Item = &'a str>,
) -> Option<String> {
    nearest(name, candidates).map(|candidate| format!("did you mean \"{candidate}\"?"))
}

/// `one of "a", "b" and "c"`, shortened where the list is long.
pub(crate) fn one_of<'a>(candidates: impl IntoIterator<Item = &'a str>) -> String {
    let quoted: Vec<String> = (candidates.into_iter())
        .map(|name| format!("\"{name}\""))
        .collect();
    match quoted.as_slice() {
        [] => "nothing".to_owned(),
        [only] => only.clone(),
        [shown @ .., last] if shown.len() < 12 => {
            format!("one of {} or {last}", shown.join(", "))
        }
        many => format!(
            "one of {} and {} more",
            many[..10].join(", "),
            many.len() - 10
        ),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at_line(code: Code, text: &str, line: usize) -> Problem {
        let start = text
            .split_inclusive('\n')
            .take(line - 1)
            .map(str::len)
            .sum();
        let mut problem = Problem::new(code, format!("line {line}"));
        problem.place = Some(Place {
            order: 0,
            source: Arc::new(NamedSource::new("a.toml", Arc::from(text))),
            start,
            length: 1,
            expected: String::new(),
        });
        problem
    }

    #[test]
    fn faulty_syntax_hides_what_only_follows_from_it() {
        let text = "a\nb\nc\n";
        let mut problems = Problems::default();
        problems.push(at_line(Code::MissingKey, text, 1));
        problems.push(at_line(Code::WrongUnit, text, 3));
        problems.push(at_line(Code::WrongUnit, text, 2));
        problems.push(at_line(Code::Syntax, text, 2));
        let left: Vec<Code> = problems.settled().iter().map(Problem::code).collect();
        assert_eq!(left, [Code::Syntax, Code::WrongUnit]);
    }

    #[test]
    fn columns_count_characters() {
        let mut problem = at_line(Code::Syntax, "é\nñañ = 1", 2);
        let place = problem.place.as_mut().unwrap();
        place.start += "ñañ ".len();
        assert_eq!((place.line(), place.column()), (2, 5));
    }

    #[test]
    fn only_a_name_that_is_alike_is_suggested() {
        let known = ["family-support", "police"];
        assert_eq!(nearest("famly-support", known), Some("family-support"));
        assert_eq!(nearest("zzz", known), None);
    }
}
