//! Parameters between two ends, ready to be drawn: what `[vary]` of a file of figures asks for, held
//! against the study that is to be fitted.
//!
//! A value is drawn in the words of its file: the numbers in it change, its unit and form stay. So
//! every draw is read and checked like a value that a user sets.

use super::checked::{Prior, Scenario, Varied};
use super::files::Span;
use super::library::Document;
use super::load::{Request, figures_document, load};
use super::problem::{Code, Problem, Problems};
use super::value::{Given, Quantity};
use crate::units::{Days, PerYear, Probability};

/// What yearly counts cannot tell, and why nothing below these paths is fitted.
const NOT_FITTED: [(&str, &str); 18] = [
    ("study", "it is a choice of design, not a fact"),
    ("overlay", "only the baseline is fitted"),
    ("costs", "no count depends on it"),
    ("handoff", AT_A_SEAM),
    ("closeness", AT_A_SEAM),
    ("funding", AT_A_SEAM),
    ("information", AT_A_SEAM),
    ("moves", AT_A_SEAM),
    ("relations", AT_A_SEAM),
    ("lead_professional", AT_A_SEAM),
    ("oversight", AT_A_SEAM),
    ("budget_moves", AT_A_SEAM),
    ("adoption", AT_A_SEAM),
    ("change", AT_A_SEAM),
    ("records.seen_elsewhere", AT_A_SEAM),
    ("assessment.accepted_elsewhere", AT_A_SEAM),
    ("perception.screening_fully_seen", AT_A_SEAM),
    ("perception.assessment_fully_seen", AT_A_SEAM),
];

const AT_A_SEAM: &str = "it acts where a structure has its seams, and counts of one structure cannot \
                         tell it from much else; it keeps its range as its prior";

/// First words of laws of duration, whose numbers are more than one.
const LAWS: [&str; 5] = ["exactly", "exponential", "lognormal", "gamma", "weibull"];

/// How draws are spread between the ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Spacing {
    /// Evenly.
    Even,
    /// Evenly in the logarithm.
    Proportional,
}

impl Spacing {
    /// In a word that statisticians know.
    pub fn words(self) -> &'static str {
        match self {
            Self::Even => "uniform",
            Self::Proportional => "log-uniform",
        }
    }
}

/// A parameter between two ends.
#[derive(Debug, Clone, PartialEq)]
pub struct Drawable {
    /// Path as `--set` takes it.
    pub path: String,
    /// The value of the study before anything is fitted, where it states one.
    pub stated: Option<String>,
    /// How draws are spread between the ends.
    pub spacing: Spacing,
    pieces: Vec<Piece>,
    is_whole: bool,
    /// Of a value that members of a joint set have: the words of each, by its share.
    own: Vec<(f64, String)>,
}

/// A part of a value in words.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Piece {
    Words(String),
    Number(f64),
    /// A number from the first to the second.
    Between(f64, f64),
}

impl Drawable {
    pub(super) fn new(path: &str, stated: &str, spacing: Spacing, pieces: Vec<Piece>) -> Self {
        Self {
            path: path.to_owned(),
            stated: Some(stated.to_owned()),
            spacing,
            pieces,
            is_whole: false,
            own: Vec::new(),
        }
    }

    /// A value that members of a joint set have, between the lowest and the highest of them, and the
    /// share of each member. At that share the words are the member's own. A value that is the same in
    /// all has one share, in the middle.
    ///
    /// # Errors
    /// The first member whose words do not fit, and why.
    pub(super) fn among(
        path: &str,
        stated: Option<&str>,
        members: &[&str],
    ) -> Result<(Self, Vec<f64>), (usize, &'static str)> {
        let all: Vec<Vec<Piece>> = members.iter().map(|it| pieces(it)).collect();
        for (place, own) in all.iter().enumerate() {
            if own.len() != all[0].len() || !own.iter().zip(&all[0]).all(is_alike) {
                return Err((place, "it differs from the first in more than its numbers"));
            }
        }
        let number = |member: usize, piece: usize| match all[member][piece] {
            Piece::Number(number) => number,
            _ => 0.0,
        };
        let varies = |piece: &usize| {
            (1..all.len()).any(|it| (number(it, *piece) - number(0, *piece)).abs() > 0.0)
        };
        let lead = (0..all[0].len()).find(varies);
        let by_lead = |one: &usize, other: &usize| match lead {
            Some(lead) => number(*one, lead).total_cmp(&number(*other, lead)),
            None => std::cmp::Ordering::Equal,
        };
        let lowest = (0..all.len()).min_by(by_lead).unwrap_or_default();
        let highest = (0..all.len()).max_by(by_lead).unwrap_or_default();
        let share = |member: usize| match lead {
            Some(lead) => {
                let (low, high) = (number(lowest, lead), number(highest, lead));
                (number(member, lead) - low) / (high - low)
            }
            None => 0.5,
        };
        let shares: Vec<f64> = (0..all.len()).map(share).collect();
        let mut own: Vec<(f64, String)> = Vec::new();
        for (place, share) in shares.iter().enumerate() {
            let same = shares[..place]
                .iter()
                .position(|it| it.to_bits() == share.to_bits());
            match same {
                Some(same) if all[same] == all[place] => {}
                Some(_) => {
                    let why = "another member has the same first number and differs in the others";
                    return Err((place, why));
                }
                None => own.push((*share, members[place].to_owned())),
            }
        }
        let pieces = (all[0].iter().enumerate())
            .map(|(place, piece)| match varies(&place) {
                true => Piece::Between(number(lowest, place), number(highest, place)),
                false => piece.clone(),
            })
            .collect();
        let drawable = Self {
            path: path.to_owned(),
            stated: stated.map(str::to_owned),
            spacing: Spacing::Even,
            pieces,
            is_whole: false,
            own,
        };
        Ok((drawable, shares))
    }

    /// The same with whole numbers only.
    #[must_use]
    pub(super) fn whole(self) -> Self {
        Self {
            is_whole: true,
            ..self
        }
    }

    /// How far between the ends the stated value lies, from 0 to 1; half way where it is of another
    /// form than the ends.
    pub fn share_of_stated(&self) -> f64 {
        let share = (self.place_of_stated()).map_or(0.5, |share| share.clamp(0.0, 1.0));
        // The share of a member is that of the member's value alone: another value, such as one beyond
        // all members, lies beside it.
        let stated = self.stated.as_deref().map(pieces).unwrap_or_default();
        let own = self.own_words(share);
        match own.is_some_and(|words| pieces(words) != stated) {
            true if share < 0.5 => share.next_up(),
            true => share.next_down(),
            false => share,
        }
    }

    /// The words of the member that has this share, if one has.
    fn own_words(&self, share: f64) -> Option<&str> {
        let own = self.own.iter();
        let mut own = own.filter(|(of, _)| of.to_bits() == share.to_bits());
        own.next().map(|(_, words)| words.as_str())
    }

    /// The same, below 0 or above 1 where it lies outside; `None` where it is of another form.
    pub(super) fn place_of_stated(&self) -> Option<f64> {
        let stated = self.stated.as_deref().map(pieces).unwrap_or_default();
        let place = (self.pieces.iter()).position(|it| matches!(it, Piece::Between(..)))?;
        let found = match (&self.pieces[place], stated.get(place)?) {
            (Piece::Between(low, high), Piece::Number(number)) => match self.spacing {
                Spacing::Even => (number - low) / (high - low),
                Spacing::Proportional => libm::log(number / low) / libm::log(high / low),
            },
            _ => return None,
        };
        Some(found).filter(|it| it.is_finite())
    }

    /// The number that lies this share of the way between the ends, as it is written; of a value that
    /// does not vary, its first number.
    pub fn number(&self, share: f64) -> f64 {
        let ends = self.pieces.iter().find_map(|piece| match piece {
            Piece::Between(low, high) => Some((*low, *high)),
            _ => None,
        });
        let only = || {
            self.pieces.iter().find_map(|piece| match piece {
                Piece::Number(number) => Some((*number, *number)),
                _ => None,
            })
        };
        let (low, high) = ends.or_else(only).unwrap_or_default();
        self.between(low, high, share)
    }

    /// The value that lies this share of the way between the ends, in words as `--set` takes them.
    pub fn words(&self, share: f64) -> String {
        let own = self.own_words(share);
        if let Some(words) = own {
            return words.to_owned();
        }
        (self.pieces.iter())
            .map(|piece| match piece {
                Piece::Words(words) => words.clone(),
                Piece::Number(number) => number.to_string(),
                Piece::Between(low, high) => self.between(*low, *high, share).to_string(),
            })
            .collect()
    }

    /// The words around the number: `... per 10000 per year`.
    pub fn form(&self) -> String {
        (self.pieces.iter())
            .map(|piece| match piece {
                Piece::Words(words) => words.clone(),
                Piece::Number(number) => number.to_string(),
                Piece::Between(..) => "...".to_owned(),
            })
            .collect()
    }

    /// The same as an end of a range: of a law, its size. `None` where the law changes its form.
    pub fn bound(&self, share: f64) -> Option<String> {
        let words = self.words(share);
        if !is_law(&words) {
            return Some(words);
        }
        let place = (self.pieces.iter()).position(|it| matches!(it, Piece::Between(..)))?;
        let unit = unit_after(&self.pieces, place).filter(|unit| !unit.is_empty())?;
        Some(format!("{} {unit}", self.number(share)))
    }

    fn between(&self, low: f64, high: f64, share: f64) -> f64 {
        let number = match self.spacing {
            Spacing::Even => low + share * (high - low),
            Spacing::Proportional => low * libm::exp(share * libm::log(high / low)),
        };
        match self.is_whole {
            true => number.round(),
            false => short(number),
        }
    }
}

/// Six digits say more than any fit knows, and read back as the same number.
fn short(number: f64) -> f64 {
    format!("{number:.5e}").parse().unwrap_or(number)
}

/// A study that can be fitted.
#[derive(Debug, Clone, PartialEq)]
pub struct ToFit {
    /// The study as it is stated, with the figures to fit to.
    pub scenario: Scenario,
    /// What may be varied.
    pub parameters: Vec<Drawable>,
    /// Id of the parameter file that the study names; none in a network.
    pub parameter_file: Option<String>,
}

/// A study with the parameters that its figures file lets a calibration vary.
///
/// # Errors
/// Everything that is wrong with the study, its figures, or what is to be varied.
pub fn load_to_fit(request: &Request) -> Result<ToFit, Problems> {
    let scenario = load(request)?;
    let mut shelf = request.shelf();
    let study = shelf.study(&request.study);
    let study = study.map(|it| shelf.with_bases(it));
    let document = study.as_ref().and_then(|study| {
        let stated = study.table.table("study").and_then(|it| it.get("figures"));
        let stated = stated.and_then(|node| Some((node.as_text()?.to_owned(), node.at)));
        figures_document(&mut shelf, stated.as_ref(), request).flatten()
    });
    let Some((set, document)) = scenario.figures.as_ref().zip(document) else {
        let problem = Problem::new(
            Code::MissingKey,
            "the study names no published figures to fit to",
        )
        .help("name a file of figures: --targets FILE, or figures = \"NAME\" under [study]");
        shelf.problems.push(problem);
        return Err(shelf.problems);
    };
    let top = shelf.files.top_of(document.file);
    if set.vary.is_empty() {
        let problem = Problem::new(
            Code::MissingKey,
            "the figures do not say what may be varied",
        )
        .help("add [vary] with paths: \"PATH\" = { times = [0.5, 2] }");
        shelf.report(problem, top, "[vary] is missing or empty here");
    }
    let fitted = |it: &&super::checked::Figure| it.role == super::checked::Role::Fitted;
    if set.figures.iter().find(fitted).is_none() {
        let problem = Problem::new(Code::MissingKey, "no figure is there to be fitted to")
            .help("say role = \"fitted\" of those that parameters may be fitted to");
        shelf.report(problem, top, "expected a figure of that role");
    }
    let mut drawables = Vec::new();
    for varied in &set.vary {
        let places = Places::of(&document, varied, top);
        match drawable(request, &scenario, varied) {
            Ok(drawable) => drawables.push(drawable),
            Err(refused) => {
                let at = match refused.of_path {
                    true => places.path,
                    false => places.prior,
                };
                shelf.report(*refused.problem, at, refused.expected);
            }
        }
    }
    match shelf.problems.is_empty() {
        true => Ok(ToFit {
            scenario,
            parameters: drawables,
            parameter_file: study.as_ref().and_then(|study| {
                let named = study.table.table("study")?.get("parameters")?.as_text()?;
                Some(named.to_owned())
            }),
        }),
        false => Err(shelf.problems.settled()),
    }
}

/// Reads a study with values drawn, its baseline alone: what one run of a calibration runs.
///
/// # Errors
/// What the values make wrong.
pub fn load_drawn(
    request: &Request,
    drawables: &[Drawable],
    shares: &[f64],
) -> Result<Scenario, Problems> {
    let drawn = drawables.iter().zip(shares);
    load(&baseline_with(
        request,
        drawn.map(|(it, share)| (it.path.as_str(), it.words(*share))),
    ))
}

fn baseline_with<'a>(
    request: &Request,
    values: impl Iterator<Item = (&'a str, String)>,
) -> Request {
    let mut request = request.clone();
    request.structures = Some(String::new());
    request
        .set
        .extend(values.map(|(path, value)| format!("{path}={value}")));
    request
}

/// Where a varied parameter stands.
struct Places {
    path: Span,
    prior: Span,
}

impl Places {
    fn of(document: &Document, varied: &Varied, top: Span) -> Self {
        let entry = document
            .table
            .table("vary")
            .and_then(|it| it.entry(&varied.path));
        Self {
            path: entry.map_or(top, |it| it.key_at),
            prior: entry.map_or(top, |it| it.node.at),
        }
    }
}

/// Why a parameter cannot be drawn.
pub(super) struct Refused {
    pub(super) problem: Box<Problem>,
    expected: String,
    /// Is it the path that is wrong, or where the parameter may lie?
    of_path: bool,
}

impl Refused {
    fn path(code: Code, message: String, expected: &str) -> Self {
        Self {
            problem: Box::new(Problem::new(code, message)),
            expected: expected.to_owned(),
            of_path: true,
        }
    }

    fn prior(code: Code, message: String, expected: &str) -> Self {
        Self {
            of_path: false,
            ..Self::path(code, message, expected)
        }
    }

    fn help(mut self, help: impl Into<String>) -> Self {
        self.problem = Box::new(self.problem.help(help));
        self
    }
}

fn drawable(request: &Request, scenario: &Scenario, varied: &Varied) -> Result<Drawable, Refused> {
    let path = varied.path.as_str();
    let below = |prefix: &str| {
        path.strip_prefix(prefix)
            .is_some_and(|rest| rest.is_empty() || rest.starts_with('.'))
    };
    if let Some((_, why)) = NOT_FITTED.iter().find(|(prefix, _)| below(prefix)) {
        return Err(Refused::path(
            Code::NotFitted,
            format!("`{path}` is not fitted: {why}"),
            "expected the path of a value that counts can tell",
        ));
    }
    let parameter = scenario.parameters.iter().find(|it| it.path == path);
    let stated = parameter.map(|it| it.value.clone());
    let (pieces, spacing) = match (&varied.prior, parameter) {
        (Prior::Between(from, to), _) => (between(stated.as_deref(), from, to)?, Spacing::Even),
        (Prior::OwnRange, Some(parameter)) => {
            let Some((low, high)) = &parameter.range else {
                return Err(Refused::prior(
                    Code::MissingKey,
                    format!("`{path}` states no range of its own"),
                    "expected { from = ..., to = ... } or { times = [0.5, 2] }",
                ));
            };
            (between(stated.as_deref(), low, high)?, Spacing::Even)
        }
        (Prior::Times(low, high), Some(parameter)) => {
            (times(&parameter.value, *low, *high)?, Spacing::Proportional)
        }
        (_, None) => return Err(without_value(request, path)),
    };
    let mut drawable = Drawable {
        path: path.to_owned(),
        stated,
        spacing,
        pieces,
        is_whole: false,
        own: Vec::new(),
    };
    for share in [0.0, 1.0] {
        if let Some(refused) = refused(request, &drawable, share) {
            drawable.is_whole = true;
            if self::refused(request, &drawable, share).is_some() {
                return Err(refused);
            }
        }
    }
    // A value that takes whole numbers only is refused in between, and taken when rounded.
    let golden = 0.381_966;
    if !drawable.is_whole
        && let Some(refused) = refused(request, &drawable, golden)
    {
        drawable.is_whole = true;
        if self::refused(request, &drawable, golden).is_some() {
            return Err(refused);
        }
    }
    Ok(drawable)
}

/// A path that leads to no value that the study states.
fn without_value(request: &Request, path: &str) -> Refused {
    // Setting anything at all tells whether there is such a path.
    let asked = baseline_with(request, std::iter::once((path, "0".to_owned())));
    let unknown = load(&asked).err().and_then(|problems| {
        (problems.iter())
            .find(|it| it.code() == Code::UnknownPath)
            .cloned()
    });
    match unknown {
        Some(problem) => Refused {
            expected: "expected the path of a value".to_owned(),
            problem: Box::new(Problem {
                place: None,
                ..problem
            }),
            of_path: true,
        },
        None => Refused::path(
            Code::UnknownPath,
            format!("the study states no single value at `{path}`"),
            "expected the path of one value",
        )
        .help(
            "a value that is left out needs { from = ..., to = ... }; of a list, name one: PATH.2",
        ),
    }
}

/// What the study has against a draw, told as a fault of the prior.
fn refused(request: &Request, drawable: &Drawable, share: f64) -> Option<Refused> {
    let words = drawable.words(share);
    let value = std::iter::once((drawable.path.as_str(), words.clone()));
    let problems = load(&baseline_with(request, value)).err()?;
    let first = problems.iter().next()?;
    if first.code() == Code::UnknownPath {
        return Some(without_value(request, &drawable.path));
    }
    let refused = Refused::prior(
        first.code(),
        format!("`{}` cannot be {words}: {first}", drawable.path),
        "expected ends that the study takes",
    );
    Some(match &first.help {
        Some(help) => refused.help(help.clone()),
        None => refused,
    })
}

/// The numbers and words of a value.
fn pieces(text: &str) -> Vec<Piece> {
    let mut pieces: Vec<Piece> = Vec::new();
    let mut rest = text.trim();
    while !rest.is_empty() {
        let digit = rest.find(|it: char| it.is_ascii_digit());
        let start = digit.map_or(rest.len(), |digit| match rest[..digit].strip_suffix('-') {
            // A hyphen after a letter joins words; elsewhere it is a sign.
            Some(before) if !before.ends_with(char::is_alphanumeric) => digit - 1,
            _ => digit,
        });
        if start > 0 {
            pieces.push(Piece::Words(rest[..start].to_owned()));
        }
        rest = &rest[start..];
        let is_of_number = |it: char| it.is_ascii_digit() || matches!(it, '.' | '_');
        let signed = usize::from(rest.starts_with('-'));
        let end =
            (rest[signed..].find(|it| !is_of_number(it))).map_or(rest.len(), |it| it + signed);
        if end > 0 {
            match rest[..end].replace('_', "").parse() {
                Ok(number) => pieces.push(Piece::Number(number)),
                Err(_) => pieces.push(Piece::Words(rest[..end].to_owned())),
            }
        }
        rest = &rest[end..];
    }
    pieces
}

/// Do two parts differ in their number alone?
fn is_alike((a, b): (&Piece, &Piece)) -> bool {
    match (a, b) {
        (Piece::Words(a), Piece::Words(b)) => a == b,
        (Piece::Number(_), Piece::Number(_)) => true,
        _ => false,
    }
}

/// Is the value a law of duration, which has a form besides its size?
fn is_law(text: &str) -> bool {
    text.split([' ', ','])
        .next()
        .is_some_and(|it| LAWS.contains(&it))
}

/// A value from one end to the other. Of a law, ends that are lengths of time are its size.
pub(super) fn between(stated: Option<&str>, from: &str, to: &str) -> Result<Vec<Piece>, Refused> {
    let (low, high) = (pieces(from), pieces(to));
    let law = stated.filter(|it| is_law(it) && !is_law(from));
    if let (Some(law), Some((low, high))) = (law, in_common::<Days>(from, to)) {
        return match low < high {
            true => sized(law, low, high),
            false => Err(not_apart(from, to)),
        };
    }
    if low.len() != high.len() || !low.iter().zip(&high).all(is_alike) {
        return in_one_unit(from, to);
    }
    let mut joined = Vec::new();
    let mut varies = false;
    for pair in low.iter().zip(&high) {
        joined.push(match pair {
            (Piece::Number(low), Piece::Number(high)) if low < high => {
                varies = true;
                Piece::Between(*low, *high)
            }
            (Piece::Number(low), Piece::Number(high)) if low > high => {
                return Err(not_apart(from, to));
            }
            (piece, _) => piece.clone(),
        });
    }
    if !varies {
        return Err(not_apart(from, to));
    }
    Ok(joined)
}

/// Both ends as numbers of one kind of value, in the unit that the kind has.
fn in_common<T: Quantity>(from: &str, to: &str) -> Option<(f64, f64)> {
    let size = |text: &str| T::bound(Given::Text(text)).ok();
    Some((size(from)?, size(to)?))
}

/// Ends that are stated in two units, in a third that both can be told in.
fn in_one_unit(from: &str, to: &str) -> Result<Vec<Piece>, Refused> {
    let kinds = [
        (in_common::<Days>(from, to), 1.0, " days"),
        (in_common::<PerYear>(from, to), 1.0, " per year"),
        (in_common::<Probability>(from, to), 100.0, "%"),
    ];
    let found = kinds
        .into_iter()
        .find_map(|(ends, times, unit)| Some((ends?, times, unit)));
    match found {
        Some(((low, high), times, unit)) if low < high => Ok(vec![
            Piece::Between(low * times, high * times),
            Piece::Words(unit.to_owned()),
        ]),
        Some(_) => Err(not_apart(from, to)),
        None => Err(Refused::prior(
            Code::WrongForm,
            format!("\"{from}\" and \"{to}\" differ in more than their numbers"),
            "expected both ends in the same unit",
        )),
    }
}

fn not_apart(from: &str, to: &str) -> Refused {
    Refused::prior(
        Code::OutOfRange,
        format!("\"{from}\" is not below \"{to}\""),
        "expected the lower end first",
    )
}

/// A law whose first length of time goes from one number of days to another, and whose others change
/// in the same proportion.
fn sized(law: &str, low: f64, high: f64) -> Result<Vec<Piece>, Refused> {
    let mut law = pieces(law);
    let lengths = lengths_in(&law);
    let own = lengths.first().and_then(|&place| {
        let (Piece::Number(number), unit) = (&law[place], unit_after(&law, place)?) else {
            return None;
        };
        Days::bound(Given::Text(&format!("{number} {unit}"))).ok()
    });
    let Some(own) = own.filter(|own| *own > 0.0) else {
        return Err(Refused::prior(
            Code::WrongForm,
            "the law has no length of time that could be drawn".to_owned(),
            "expected two whole laws",
        ));
    };
    for place in lengths {
        if let Piece::Number(number) = law[place] {
            law[place] = Piece::Between(low * number / own, high * number / own);
        }
    }
    Ok(law)
}

/// Places of the numbers that are followed by a unit of time.
fn lengths_in(law: &[Piece]) -> Vec<usize> {
    (0..law.len())
        .filter(|&place| matches!(law[place], Piece::Number(_)))
        .filter(|&place| unit_after(law, place).is_some_and(|unit| !unit.is_empty()))
        .collect()
}

/// What stands between a number and the next comma.
fn unit_after(law: &[Piece], place: usize) -> Option<&str> {
    match law.get(place + 1) {
        Some(Piece::Words(words)) => words.split(',').next().map(str::trim),
        _ => None,
    }
}

/// A value times a factor from the first to the second: of a law its lengths of time, else its first
/// number.
fn times(stated: &str, low: f64, high: f64) -> Result<Vec<Piece>, Refused> {
    let mut all = pieces(stated);
    let places = match is_law(stated) {
        true => lengths_in(&all),
        false => (all.iter())
            .position(|piece| matches!(piece, Piece::Number(_)))
            .into_iter()
            .collect(),
    };
    for place in &places {
        if let Piece::Number(number) = all[*place] {
            all[*place] = Piece::Between(number * low, number * high);
        }
    }
    let varies = |piece: &Piece| matches!(piece, Piece::Between(low, high) if low < high);
    if !all.iter().any(varies) {
        return Err(Refused::prior(
            Code::WrongForm,
            format!("\"{stated}\" has nothing to multiply"),
            "expected { from = ..., to = ... }",
        ));
    }
    Ok(all)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn drawn(pieces: Vec<Piece>, spacing: Spacing, share: f64) -> String {
        let drawable = Drawable {
            path: String::new(),
            stated: None,
            spacing,
            pieces,
            is_whole: false,
            own: Vec::new(),
        };
        drawable.words(share)
    }

    #[test]
    fn a_rate_keeps_its_unit() {
        let between = between(
            Some("300 per 10000 per year"),
            "150 per 10000 per year",
            "600 per 10000 per year",
        );
        let words = drawn(between.ok().unwrap(), Spacing::Even, 0.5);
        assert_eq!(words, "375 per 10000 per year");
        let times = times("1_000 per 10000 per year", 0.5, 2.0).ok().unwrap();
        assert_eq!(
            drawn(times, Spacing::Proportional, 0.5),
            "1000 per 10000 per year"
        );
    }

    #[test]
    fn a_law_keeps_its_form() {
        let law = "lognormal, mean 60 days, sd 45 days";
        let scaled = times(law, 0.5, 2.0).ok().unwrap();
        assert_eq!(
            drawn(scaled, Spacing::Proportional, 1.0),
            "lognormal, mean 120 days, sd 90 days"
        );
        let sized = between(
            Some("gamma, mean 30 days, sd 12 days"),
            "15 days",
            "45 days",
        );
        let words = drawn(sized.ok().unwrap(), Spacing::Even, 0.0);
        assert_eq!(words, "gamma, mean 15 days, sd 6 days");
        let spread = times("lognormal, median 7 days, spread 0.8", 0.5, 2.0)
            .ok()
            .unwrap();
        assert_eq!(
            drawn(spread, Spacing::Proportional, 0.0),
            "lognormal, median 3.5 days, spread 0.8"
        );
        let whole = between(
            Some("weibull, shape 1.5, scale 10 days"),
            "weibull, shape 1, scale 10 days",
            "weibull, shape 2, scale 10 days",
        );
        let words = drawn(whole.ok().unwrap(), Spacing::Even, 0.25);
        assert_eq!(words, "weibull, shape 1.25, scale 10 days");
    }

    #[test]
    fn ends_of_other_units_are_refused() {
        for (stated, from, to) in [
            ("4%", "2%", "3 days"),
            ("gamma, mean 30 days, sd 12 days", "2%", "8 weeks"),
            ("365 days", "2 years", "60 days"),
            ("4%", "5%", "2%"),
            ("4%", "4%", "4%"),
        ] {
            assert!(between(Some(stated), from, to).is_err(), "{from} to {to}");
        }
    }

    #[test]
    fn ends_in_two_units_are_told_in_one() {
        for (stated, from, to, middle) in [
            ("365 days", "60 days", "2 years", "395.25 days"),
            (
                "1 per day",
                "1 per day",
                "730.5 per year",
                "547.875 per year",
            ),
            ("4%", "2%", "0.1", "6%"),
            (
                "exponential, mean 3 working days",
                "1 working day",
                "10 working days",
                "exponential, mean 5.5 working days",
            ),
            (
                "gamma, mean 4 weeks, sd 2 weeks",
                "2 weeks",
                "56 days",
                "gamma, mean 5 weeks, sd 2.5 weeks",
            ),
        ] {
            let pieces = between(Some(stated), from, to).ok().unwrap();
            assert_eq!(drawn(pieces, Spacing::Even, 0.5), middle);
        }
    }

    #[test]
    fn a_threshold_below_nought_is_a_number() {
        let threshold = between(None, "-1", "0.5").ok().unwrap();
        assert_eq!(drawn(threshold, Spacing::Even, 0.5), "-0.25");
    }

    #[test]
    fn draws_are_written_with_six_digits() {
        let third = between(None, "0%", "100%").ok().unwrap();
        assert_eq!(drawn(third, Spacing::Even, 1.0 / 3.0), "33.3333%");
        assert!((short(1_234_567.0) - 1_234_570.0).abs() < 1e-9);
    }
}
