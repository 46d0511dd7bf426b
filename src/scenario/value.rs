//! The grammar of values: durations, rates, probabilities, laws and the like, as people write them.
//!
//! Pure: a given value in, a checked quantity or a [`Refusal`] out. Places, evidence and files are
//! the business of the reader.

use crate::units::{Days, Factor, Law, PerYear, Probability};

use super::problem::{Code, nearest};

/// What a file gives where a value is due.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) enum Given<'a> {
    Text(&'a str),
    Number(f64),
    Boolean(bool),
    /// Anything else, named: `a list`.
    Other(&'static str),
}

/// Why a given value is refused, and what was expected instead.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Refusal {
    pub(crate) code: Code,
    pub(crate) message: String,
    pub(crate) expected: String,
    pub(crate) help: Option<String>,
}

impl Refusal {
    fn new(code: Code, message: impl Into<String>, expected: impl Into<String>) -> Self {
        Self {
            code,
            message: message.into(),
            expected: expected.into(),
            help: None,
        }
    }

    fn help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(help.into());
        self
    }
}

/// A kind of value.
pub(crate) trait Quantity: Sized + Clone {
    /// Reads it from what is given.
    fn read(given: Given<'_>) -> Result<Self, Refusal>;

    /// This value times the factor of an overlay.
    fn times(self, factor: f64) -> Result<Self, Refusal>;

    /// Reads one end of a range, as a number that compares with [`Quantity::size`].
    fn bound(given: Given<'_>) -> Result<f64, Refusal>;

    /// The number that a range is about; a law has more than one, and `text` says which was stated.
    fn size(&self, text: &str) -> f64;

    /// The file that the value stands in, if it is a list of observations.
    fn file_named<'a>(_given: Given<'a>) -> Option<&'a str> {
        None
    }

    /// The value from a list of observations.
    fn from_observations(_observed: Vec<Days>) -> Option<Self> {
        None
    }
}

/// Splits a text into its leading number and the rest.
fn leading_number(text: &str) -> Option<(f64, &str)> {
    let text = text.trim();
    let end = text
        .find(|it: char| !(it.is_ascii_digit() || matches!(it, '.' | '_' | '-' | '+')))
        .unwrap_or(text.len());
    let number = text[..end].replace('_', "").parse::<f64>().ok()?;
    Some((number, text[end..].trim_start()))
}

fn found(given: Given<'_>) -> String {
    match given {
        Given::Text(text) => format!("\"{text}\""),
        Given::Number(number) => format!("{number}"),
        Given::Boolean(value) => format!("{value}"),
        Given::Other(what) => what.to_owned(),
    }
}

fn wrong_form(what: &str, given: Given<'_>, example: &str) -> Refusal {
    Refusal::new(
        Code::WrongForm,
        format!("{what} was expected, found {}", found(given)),
        format!("expected {what}, such as {example}"),
    )
}

fn negative(what: &str, number: f64) -> Refusal {
    Refusal::new(
        Code::OutOfRange,
        format!("{what} is a finite number, 0 or more, found {number}"),
        "expected 0 or more",
    )
}

/// Units of time, their lengths in days, and the way each is suggested.
const UNITS: &[(&str, &str, f64)] = &[
    ("second", "seconds", 1.0 / 86_400.0),
    ("minute", "minutes", 1.0 / 1_440.0),
    ("hour", "hours", 1.0 / 24.0),
    ("day", "days", 1.0),
    ("working day", "working days", 1.4),
    ("week", "weeks", 7.0),
    ("month", "months", 365.25 / 12.0),
    ("year", "years", 365.25),
];

/// Length of a unit of time in days, or what is wrong with it.
fn unit(word: &str) -> Result<f64, Refusal> {
    let plain = word.split_whitespace().collect::<Vec<_>>().join(" ");
    let lower = plain.to_lowercase();
    for (one, many, days) in UNITS {
        if lower == *one || lower == *many {
            return Ok(*days);
        }
    }
    let refusal = Refusal::new(
        Code::WrongUnit,
        format!("unknown unit of time \"{plain}\""),
        "expected seconds, minutes, hours, days, working days, weeks, months or years",
    );
    let like = nearest(&lower, UNITS.iter().map(|(_, many, _)| *many));
    Err(match like {
        Some(like) => refusal.help(format!("did you mean \"{like}\"?")),
        None => refusal,
    })
}

/// A length of time: `"15 working days"`.
fn duration(given: Given<'_>) -> Result<Days, Refusal> {
    let text = match given {
        Given::Text(text) => text,
        Given::Number(number) => return Err(without_unit(number)),
        _ => return Err(wrong_form("a length of time", given, "\"12 days\"")),
    };
    let (number, rest) =
        leading_number(text).ok_or_else(|| wrong_form("a length of time", given, "\"12 days\""))?;
    if rest.is_empty() {
        return Err(without_unit(number));
    }
    if rest.starts_with('%') || rest.starts_with("per ") {
        return Err(Refusal::new(
            Code::WrongUnit,
            format!("\"{text}\" is no length of time"),
            "expected a number and a unit of time, such as \"12 days\"",
        ));
    }
    let days = number * unit(rest)?;
    Days::try_from(days).map_err(|_| negative("a length of time", number))
}

fn without_unit(number: f64) -> Refusal {
    Refusal::new(
        Code::WrongUnit,
        format!("{number} has no unit of time"),
        "expected a number and a unit of time",
    )
    .help(format!(
        "write \"{number} {}\", or in hours, working days, weeks, months, years",
        if (number - 1.0).abs() < f64::EPSILON {
            "day"
        } else {
            "days"
        }
    ))
}

impl Quantity for Days {
    fn read(given: Given<'_>) -> Result<Self, Refusal> {
        match given {
            Given::Text(text) => {
                let text = text.trim();
                duration(Given::Text(text.strip_prefix("every ").unwrap_or(text)))
            }
            _ => duration(given),
        }
    }

    fn times(self, factor: f64) -> Result<Self, Refusal> {
        Self::try_from(self.get() * factor).map_err(|_| negative("a length of time", factor))
    }

    fn bound(given: Given<'_>) -> Result<f64, Refusal> {
        Self::read(given).map(Self::get)
    }

    fn size(&self, _text: &str) -> f64 {
        self.get()
    }
}

impl Quantity for Probability {
    fn read(given: Given<'_>) -> Result<Self, Refusal> {
        let number = match given {
            Given::Number(number) => number,
            Given::Text(text) => match leading_number(text) {
                Some((number, "%")) => number / 100.0,
                Some((number, "")) => number,
                Some((number, "percent" | "per cent")) => {
                    return Err(wrong_form("a probability", given, "\"4%\"")
                        .help(format!("write \"{number}%\"")));
                }
                Some((_, rest)) if rest.contains("per ") => {
                    return Err(Refusal::new(
                        Code::WrongUnit,
                        format!("\"{text}\" is a rate, not a probability"),
                        "expected a probability, such as \"4%\"",
                    ));
                }
                _ => return Err(wrong_form("a probability", given, "\"4%\"")),
            },
            _ => return Err(wrong_form("a probability", given, "\"4%\"")),
        };
        Self::try_from(number).map_err(|_| {
            let refusal = Refusal::new(
                Code::ImpossibleProbability,
                format!(
                    "a probability lies between 0 and 1, found {}",
                    found(given).trim_matches('"')
                ),
                "expected a share from \"0%\" to \"100%\"",
            );
            match given {
                Given::Number(number) if number > 1.0 && number <= 100.0 => {
                    refusal.help(format!("did you mean \"{number}%\"?"))
                }
                _ => refusal,
            }
        })
    }

    fn times(self, factor: f64) -> Result<Self, Refusal> {
        let product = self.get() * factor;
        Self::try_from(product).map_err(|_| {
            Refusal::new(
                Code::ImpossibleProbability,
                format!("{}% times {factor} is more than 100%", self.get() * 100.0),
                "this factor is too great",
            )
        })
    }

    fn bound(given: Given<'_>) -> Result<f64, Refusal> {
        Self::read(given).map(Self::get)
    }

    fn size(&self, _text: &str) -> f64 {
        self.get()
    }
}

impl Quantity for PerYear {
    fn read(given: Given<'_>) -> Result<Self, Refusal> {
        const EXAMPLE: &str = "\"0.8 per year\", \"300 per 10000 per year\" or \"4% per year\"";
        let Given::Text(text) = given else {
            let refusal = wrong_form("a rate", given, EXAMPLE);
            return Err(match given {
                Given::Number(number) => Refusal {
                    code: Code::WrongUnit,
                    ..refusal.help(format!("write \"{number} per year\" or per another time"))
                },
                _ => refusal,
            });
        };
        let refused = || wrong_form("a rate", given, EXAMPLE);
        let (number, rest) = leading_number(text).ok_or_else(refused)?;
        let (percent, rest) = match rest.strip_prefix('%') {
            Some(rest) => (0.01, rest.trim_start()),
            None => (1.0, rest),
        };
        let Some(rest) = rest.strip_prefix("per ") else {
            let help = format!("write how often: \"{} per year\"", text.trim());
            return Err(Refusal {
                code: Code::WrongUnit,
                ..refused().help(help)
            });
        };
        let (of, time) = match leading_number(rest) {
            Some((of, rest)) => (of, rest.strip_prefix("per ").ok_or_else(refused)?),
            None => (1.0, rest.trim()),
        };
        if of <= 0.0 {
            return Err(refused());
        }
        let per_year = number * percent / of * (Days::YEAR.get() / unit(time)?);
        Self::try_from(per_year).map_err(|_| negative("a rate", number))
    }

    fn times(self, factor: f64) -> Result<Self, Refusal> {
        Self::try_from(self.get() * factor).map_err(|_| negative("a rate", factor))
    }

    fn bound(given: Given<'_>) -> Result<f64, Refusal> {
        Self::read(given).map(Self::get)
    }

    fn size(&self, _text: &str) -> f64 {
        self.get()
    }
}

impl Quantity for Factor {
    fn read(given: Given<'_>) -> Result<Self, Refusal> {
        let number = match given {
            Given::Number(number) => Some(number),
            Given::Text(text) => {
                let text = text.trim();
                let text = text.strip_prefix("times").unwrap_or(text);
                leading_number(text).and_then(|(number, rest)| rest.is_empty().then_some(number))
            }
            _ => None,
        };
        let number = number.ok_or_else(|| wrong_form("a factor", given, "\"times 0.4\""))?;
        Self::try_from(number).map_err(|_| negative("a factor", number))
    }

    fn times(self, factor: f64) -> Result<Self, Refusal> {
        Self::try_from(self.get() * factor).map_err(|_| negative("a factor", factor))
    }

    fn bound(given: Given<'_>) -> Result<f64, Refusal> {
        Self::read(given).map(Self::get)
    }

    fn size(&self, _text: &str) -> f64 {
        self.get()
    }
}

/// A finite number without a unit, not negative.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Number(pub(crate) f64);

/// A bare number of any sign.
fn bare_number(given: Given<'_>) -> Result<f64, Refusal> {
    let number = match given {
        Given::Number(number) => Some(number),
        Given::Text(text) => {
            leading_number(text).and_then(|(number, rest)| rest.is_empty().then_some(number))
        }
        _ => None,
    };
    let number = number.ok_or_else(|| wrong_form("a bare number", given, "2.5"))?;
    if !number.is_finite() {
        return Err(wrong_form("a finite number", given, "2.5"));
    }
    Ok(number)
}

impl Quantity for Number {
    fn read(given: Given<'_>) -> Result<Self, Refusal> {
        let number = bare_number(given)?;
        if number < 0.0 {
            return Err(negative("this number", number));
        }
        Ok(Self(number))
    }

    fn times(self, factor: f64) -> Result<Self, Refusal> {
        Ok(Self(self.0 * factor))
    }

    fn bound(given: Given<'_>) -> Result<f64, Refusal> {
        Self::read(given).map(|number| number.0)
    }

    fn size(&self, _text: &str) -> f64 {
        self.0
    }
}

/// A perceived level of need from which something is done. What is perceived is the true level and
/// noise, so a threshold below 0 lets in nearly everyone.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Threshold(pub(crate) f64);

impl Quantity for Threshold {
    fn read(given: Given<'_>) -> Result<Self, Refusal> {
        let number = bare_number(given)?;
        if !(-3.0..=3.0).contains(&number) {
            return Err(Refusal::new(
                Code::OutOfRange,
                format!("a threshold lies between levels -3 and 3, found {number}"),
                "expected -3 to 3",
            ));
        }
        Ok(Self(number))
    }

    fn times(self, factor: f64) -> Result<Self, Refusal> {
        Ok(Self(self.0 * factor))
    }

    fn bound(given: Given<'_>) -> Result<f64, Refusal> {
        Self::read(given).map(|threshold| threshold.0)
    }

    fn size(&self, _text: &str) -> f64 {
        self.0
    }
}

impl Quantity for u32 {
    fn read(given: Given<'_>) -> Result<Self, Refusal> {
        let refused = || wrong_form("a whole number", given, "12");
        let Number(number) = Number::read(given).map_err(|refusal| match refusal.code {
            Code::OutOfRange => refusal,
            _ => refused(),
        })?;
        if number.fract() > 0.0 || number > f64::from(Self::MAX) {
            return Err(refused());
        }
        Ok(number as Self)
    }

    fn times(self, factor: f64) -> Result<Self, Refusal> {
        let product = f64::from(self) * factor;
        if product > f64::from(Self::MAX) {
            return Err(Refusal::new(
                Code::OutOfRange,
                format!("{self} times {factor} is too great"),
                "this factor is too great",
            ));
        }
        Ok(product.round() as Self)
    }

    fn bound(given: Given<'_>) -> Result<f64, Refusal> {
        Self::read(given).map(f64::from)
    }

    fn size(&self, _text: &str) -> f64 {
        f64::from(*self)
    }
}

impl Quantity for bool {
    fn read(given: Given<'_>) -> Result<Self, Refusal> {
        match given {
            Given::Boolean(value) => Ok(value),
            _ => Err(wrong_form("true or false", given, "true")),
        }
    }

    fn times(self, _factor: f64) -> Result<Self, Refusal> {
        Err(no_factor("a switch"))
    }

    fn bound(given: Given<'_>) -> Result<f64, Refusal> {
        Err(wrong_form("no range", given, "none at all"))
    }

    fn size(&self, _text: &str) -> f64 {
        f64::from(u8::from(*self))
    }
}

fn no_factor(what: &str) -> Refusal {
    Refusal::new(
        Code::WrongForm,
        format!("{what} cannot be multiplied"),
        "expected the path of a number, a length of time, a rate or a probability",
    )
}

/// Places of a service: a count or `"unlimited"`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Places(pub(crate) Option<u32>);

impl Quantity for Places {
    fn read(given: Given<'_>) -> Result<Self, Refusal> {
        match given {
            Given::Text("unlimited") => Ok(Self(None)),
            Given::Text(text) if leading_number(text).is_none() => Err(wrong_form(
                "a number of places",
                given,
                "12 or \"unlimited\"",
            )),
            _ => {
                let places = u32::read(given)?;
                if places == 0 {
                    return Err(Refusal::new(
                        Code::OutOfRange,
                        "a service without a place helps nobody",
                        "expected 1 or more, or \"unlimited\"",
                    ));
                }
                Ok(Self(Some(places)))
            }
        }
    }

    fn times(self, factor: f64) -> Result<Self, Refusal> {
        match self.0 {
            None => Ok(self),
            Some(places) => Ok(Self(Some(places.times(factor)?.max(1)))),
        }
    }

    fn bound(given: Given<'_>) -> Result<f64, Refusal> {
        u32::bound(given)
    }

    fn size(&self, _text: &str) -> f64 {
        self.0.map_or(f64::INFINITY, f64::from)
    }
}

/// A waiting room: how many can wait at once, 0 included, or `"unlimited"`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct WaitingRoom(pub(crate) Option<u32>);

impl Quantity for WaitingRoom {
    fn read(given: Given<'_>) -> Result<Self, Refusal> {
        match given {
            Given::Text("unlimited") => Ok(Self(None)),
            Given::Text(text) if leading_number(text).is_none() => Err(wrong_form(
                "how many can wait",
                given,
                "0, 12 or \"unlimited\"",
            )),
            _ => u32::read(given).map(|most| Self(Some(most))),
        }
    }

    fn times(self, factor: f64) -> Result<Self, Refusal> {
        let most = self.0.map(|most| most.times(factor)).transpose()?;
        Ok(Self(most))
    }

    fn bound(given: Given<'_>) -> Result<f64, Refusal> {
        u32::bound(given)
    }

    fn size(&self, _text: &str) -> f64 {
        self.0.map_or(f64::INFINITY, f64::from)
    }
}

/// Whole numbers from the first to the last: `"levels 1 to 2"`, `"5 to 17"`.
fn span_of(text: &str, words: &[&str]) -> Option<(u32, u32)> {
    let mut text = text.trim();
    for word in words {
        text = text.strip_prefix(word).unwrap_or(text).trim_start();
    }
    let (first, last) = match text.split_once(" to ") {
        Some((first, last)) => (first.trim(), last.trim()),
        None => (text, text),
    };
    Some((first.parse().ok()?, last.parse().ok()?))
}

/// Levels of need: `"level 3"`, `"levels 1 to 2"`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Levels(pub(crate) u32, pub(crate) u32);

impl Quantity for Levels {
    fn read(given: Given<'_>) -> Result<Self, Refusal> {
        let Given::Text(text) = given else {
            return Err(wrong_form("levels of need", given, "\"levels 1 to 2\""));
        };
        let (first, last) = span_of(text, &["levels", "level"])
            .ok_or_else(|| wrong_form("levels of need", given, "\"levels 1 to 2\""))?;
        if first < 1 || last > 3 || first > last {
            return Err(Refusal::new(
                Code::OutOfRange,
                format!("\"{text}\" names no levels of need that a service can help"),
                "expected levels from 1 to 3, the lower first",
            ));
        }
        Ok(Self(first, last))
    }

    fn times(self, _factor: f64) -> Result<Self, Refusal> {
        Err(no_factor("a level"))
    }

    fn bound(given: Given<'_>) -> Result<f64, Refusal> {
        Err(wrong_form("no range", given, "none at all"))
    }

    fn size(&self, _text: &str) -> f64 {
        f64::from(self.0)
    }
}

/// Ages in whole years, inclusive: `"5 to 17"`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Ages(pub(crate) u32, pub(crate) u32);

impl Quantity for Ages {
    fn read(given: Given<'_>) -> Result<Self, Refusal> {
        let Given::Text(text) = given else {
            return Err(wrong_form("ages in whole years", given, "\"5 to 17\""));
        };
        let (first, last) = span_of(text, &["ages", "age"])
            .ok_or_else(|| wrong_form("ages in whole years", given, "\"5 to 17\""))?;
        if first > last {
            return Err(Refusal::new(
                Code::OutOfRange,
                format!("age {first} comes after age {last}"),
                "expected the lower age first",
            ));
        }
        Ok(Self(first, last))
    }

    fn times(self, _factor: f64) -> Result<Self, Refusal> {
        Err(no_factor("an age"))
    }

    fn bound(given: Given<'_>) -> Result<f64, Refusal> {
        Err(wrong_form("no range", given, "none at all"))
    }

    fn size(&self, _text: &str) -> f64 {
        f64::from(self.0)
    }
}

/// Families of laws and what each is made of, by example.
const FAMILIES: &[(&str, &str)] = &[
    ("exactly", "\"exactly 10 days\""),
    ("exponential", "\"exponential, mean 12 days\""),
    ("lognormal", "\"lognormal, median 5 days, spread 0.8\""),
    ("gamma", "\"gamma, mean 30 days, sd 12 days\""),
    ("weibull", "\"weibull, shape 1.5, scale 10 days\""),
    ("from", "\"from stays.csv\""),
];

const A_LAW: &str = "a law of duration";

/// The parts of a law after its family: `mean 12 days`, each name once.
struct Parts<'a> {
    family: &'static str,
    example: &'static str,
    parts: Vec<(&'a str, &'a str)>,
}

impl<'a> Parts<'a> {
    fn refuse(&self, code: Code, message: String) -> Refusal {
        let expected = format!("expected a law such as {}", self.example);
        Refusal::new(code, message, expected)
    }

    fn take(&mut self, name: &str) -> Option<&'a str> {
        let place = self.parts.iter().position(|(part, _)| *part == name)?;
        Some(self.parts.remove(place).1)
    }

    fn needed(&mut self, name: &str) -> Result<&'a str, Refusal> {
        self.take(name).ok_or_else(|| {
            let message = format!("the {} law lacks its {name}", self.family);
            self.refuse(Code::WrongForm, message)
        })
    }

    fn days(&mut self, name: &str) -> Result<Days, Refusal> {
        let text = self.needed(name)?;
        let days = duration(Given::Text(text))?;
        if days > Days::ZERO {
            return Ok(days);
        }
        let message = format!("the {name} of a law must be more than 0, found \"{text}\"");
        Err(self
            .refuse(Code::OutOfRange, message)
            .help("write \"exactly 0 days\" for no time at all"))
    }

    fn number(&mut self, name: &str) -> Result<f64, Refusal> {
        let text = self.needed(name)?;
        match leading_number(text) {
            Some((number, "")) if number > 0.0 && number.is_finite() => Ok(number),
            Some((_, "")) => {
                let message = format!("the {name} of a law must be more than 0, found \"{text}\"");
                Err(self.refuse(Code::OutOfRange, message))
            }
            _ => {
                let message = format!("the {name} of a law is a bare number, found \"{text}\"");
                Err(self.refuse(Code::WrongForm, message))
            }
        }
    }

    /// Refuses what no part of the law took.
    fn nothing_left(&self) -> Result<(), Refusal> {
        match self.parts.first() {
            None => Ok(()),
            Some((name, _)) => {
                let message = format!("the {} law has no \"{name}\" here", self.family);
                Err(self.refuse(Code::WrongForm, message))
            }
        }
    }
}

fn law(given: Given<'_>) -> Result<Law, Refusal> {
    let text = match given {
        Given::Text(text) => text.trim(),
        Given::Number(_) => return duration(given).map(Law::Exactly),
        _ => return Err(wrong_form(A_LAW, given, FAMILIES[1].1)),
    };
    if leading_number(text).is_some() {
        return duration(given).map(Law::Exactly);
    }
    let (head, rest) = match text.split_once(',') {
        Some((head, rest)) => (head.trim(), Some(rest)),
        None => (text, None),
    };
    let first_word = head.split_whitespace().next().unwrap_or_default();
    let Some((family, example)) = FAMILIES.iter().find(|(family, _)| *family == first_word) else {
        let refusal = wrong_form(A_LAW, given, FAMILIES[1].1);
        return Err(
            match nearest(first_word, FAMILIES.iter().map(|(family, _)| *family)) {
                Some(like) => refusal.help(format!("did you mean \"{like}\"?")),
                None => refusal.help(
                    "the laws are exponential, lognormal, gamma, weibull, exactly, and from a file",
                ),
            },
        );
    };
    if *family == "exactly" {
        return duration(Given::Text(text["exactly".len()..].trim())).map(Law::Exactly);
    }
    let after_family = head[first_word.len()..].trim();
    let listed = rest.into_iter().flat_map(|rest| rest.split(','));
    let mut parts = Parts {
        family,
        example,
        parts: Vec::new(),
    };
    for part in std::iter::once(after_family).chain(listed) {
        let part = part.trim();
        if part.is_empty() {
            continue;
        }
        let (name, value) = part.split_once(' ').unwrap_or((part, ""));
        if parts.parts.iter().any(|(before, _)| *before == name) {
            let message = format!("\"{name}\" is stated twice");
            return Err(parts.refuse(Code::WrongForm, message));
        }
        parts.parts.push((name, value.trim()));
    }
    let law = match *family {
        "exponential" => Law::Exponential {
            mean: parts.days("mean")?,
        },
        "lognormal" => match parts.take("mean") {
            Some(mean) => {
                parts.parts.push(("mean", mean));
                Law::lognormal_from_mean(parts.days("mean")?, parts.days("sd")?)
            }
            None => Law::Lognormal {
                median: parts.days("median")?,
                spread: parts.number("spread")?,
            },
        },
        "gamma" => Law::Gamma {
            mean: parts.days("mean")?,
            sd: parts.days("sd")?,
        },
        "weibull" => Law::Weibull {
            shape: parts.number("shape")?,
            scale: parts.days("scale")?,
        },
        // "from" names a file, which the reader looked for before it came here.
        _ => return Err(wrong_form("the name of a file", given, example)),
    };
    parts.nothing_left()?;
    Ok(law)
}

impl Quantity for Law {
    fn read(given: Given<'_>) -> Result<Self, Refusal> {
        law(given)
    }

    fn times(self, factor: f64) -> Result<Self, Refusal> {
        if factor <= 0.0 {
            return Ok(Self::Exactly(Days::ZERO));
        }
        Ok(match self {
            Self::Exactly(days) => Self::Exactly(days.times(factor)?),
            Self::Exponential { mean } => Self::Exponential {
                mean: mean.times(factor)?,
            },
            Self::Lognormal { median, spread } => Self::Lognormal {
                median: median.times(factor)?,
                spread,
            },
            Self::Gamma { mean, sd } => Self::Gamma {
                mean: mean.times(factor)?,
                sd: sd.times(factor)?,
            },
            Self::Weibull { shape, scale } => Self::Weibull {
                shape,
                scale: scale.times(factor)?,
            },
            Self::Empirical(observed) => Self::Empirical(
                observed
                    .into_iter()
                    .map(|days| days.times(factor))
                    .collect::<Result<_, _>>()?,
            ),
        })
    }

    fn bound(given: Given<'_>) -> Result<f64, Refusal> {
        Days::bound(given)
    }

    fn size(&self, text: &str) -> f64 {
        match self {
            Self::Lognormal { median, .. } if text.contains("median") => median.get(),
            Self::Weibull { scale, .. } => scale.get(),
            _ => self.mean().get(),
        }
    }

    fn file_named<'a>(given: Given<'a>) -> Option<&'a str> {
        match given {
            Given::Text(text) => {
                let name = text.trim().strip_prefix("from ")?.trim();
                (!name.is_empty()).then_some(name)
            }
            _ => None,
        }
    }

    fn from_observations(mut observed: Vec<Days>) -> Option<Self> {
        observed.sort_by(|a, b| a.get().total_cmp(&b.get()));
        (!observed.is_empty()).then_some(Self::Empirical(observed))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn read<T: Quantity>(text: &str) -> T {
        T::read(Given::Text(text)).unwrap_or_else(|refusal| panic!("{text}: {refusal:?}"))
    }

    #[track_caller]
    fn refused<T: Quantity>(given: Given<'_>) -> Refusal {
        match T::read(given) {
            Ok(_) => panic!("{given:?} was accepted"),
            Err(refusal) => refusal,
        }
    }

    #[track_caller]
    fn check_days(text: &str, days: f64) {
        let found = read::<Days>(text).get();
        assert!((found - days).abs() < 1e-9, "{text}: {found}");
    }

    #[test]
    fn lengths_of_time_have_units() {
        check_days("5 days", 5.0);
        check_days("1 working day", 1.4);
        check_days("15 working days", 21.0);
        check_days("36 hours", 1.5);
        check_days("26 weeks", 182.0);
        check_days("6 months", 182.625);
        check_days("2 years", 730.5);
        check_days("90 minutes", 0.0625);
        check_days("every 120 days", 120.0);
        check_days("1_000 Days", 1000.0);
    }

    #[test]
    fn a_wrong_unit_of_time_brings_a_suggestion() {
        let refusal = refused::<Days>(Given::Text("5 dyas"));
        assert_eq!(refusal.code, Code::WrongUnit);
        assert_eq!(refusal.help.unwrap(), "did you mean \"days\"?");
        assert_eq!(refused::<Days>(Given::Number(5.0)).code, Code::WrongUnit);
        assert_eq!(refused::<Days>(Given::Text("4%")).code, Code::WrongUnit);
        assert_eq!(
            refused::<Days>(Given::Text("-1 days")).code,
            Code::OutOfRange
        );
    }

    #[test]
    fn probabilities_are_shares_or_percentages() {
        assert!((read::<Probability>("4%").get() - 0.04).abs() < 1e-12);
        assert!((Probability::read(Given::Number(0.04)).unwrap().get() - 0.04).abs() < 1e-12);
        let refusal = refused::<Probability>(Given::Number(22.0));
        assert_eq!(refusal.code, Code::ImpossibleProbability);
        assert_eq!(refusal.help.unwrap(), "did you mean \"22%\"?");
        assert_eq!(
            refused::<Probability>(Given::Text("130%")).code,
            Code::ImpossibleProbability
        );
        assert_eq!(
            refused::<Probability>(Given::Number(f64::NAN)).code,
            Code::ImpossibleProbability
        );
    }

    #[test]
    fn rates_say_per_what() {
        let yearly = |text: &str| read::<PerYear>(text).get();
        assert!((yearly("0.8 per year") - 0.8).abs() < 1e-12);
        assert!((yearly("3 per day") - 3.0 * 365.25).abs() < 1e-9);
        assert!((yearly("300 per 10000 per year") - 0.03).abs() < 1e-12);
        assert!((yearly("300 per 10_000 per year") - 0.03).abs() < 1e-12);
        assert!((yearly("4% per year") - 0.04).abs() < 1e-12);
        assert!((yearly("1 per working day") - 365.25 / 1.4).abs() < 1e-9);
        assert_eq!(refused::<PerYear>(Given::Number(3.0)).code, Code::WrongUnit);
        assert_eq!(
            refused::<PerYear>(Given::Text("3 days")).code,
            Code::WrongUnit
        );
        assert_eq!(
            refused::<PerYear>(Given::Text("3 per 0 per year")).code,
            Code::WrongForm
        );
    }

    #[test]
    fn laws_are_short_sentences() {
        let days = |value: f64| Days::try_from(value).unwrap();
        assert_eq!(read::<Law>("exactly 10 days"), Law::Exactly(days(10.0)));
        assert_eq!(read::<Law>("10 days"), Law::Exactly(days(10.0)));
        assert_eq!(
            read::<Law>("exponential, mean 12 days"),
            Law::Exponential { mean: days(12.0) }
        );
        assert_eq!(
            read::<Law>("lognormal, median 5 days, spread 0.8"),
            Law::Lognormal {
                median: days(5.0),
                spread: 0.8
            }
        );
        assert_eq!(
            read::<Law>("lognormal, sd 45 days, mean 60 days"),
            Law::lognormal_from_mean(days(60.0), days(45.0))
        );
        assert_eq!(
            read::<Law>("weibull, shape 1.5, scale 10 days"),
            Law::Weibull {
                shape: 1.5,
                scale: days(10.0)
            }
        );
        assert_eq!(
            Law::file_named(Given::Text("from stays.csv")),
            Some("stays.csv")
        );
    }

    #[test]
    fn a_faulty_law_says_what_it_lacks() {
        let message = |text: &str| refused::<Law>(Given::Text(text)).message;
        assert_eq!(
            message("lognormal, median 5 days"),
            "the lognormal law lacks its spread"
        );
        assert_eq!(
            message("exponential, mean 0 days"),
            "the mean of a law must be more than 0, found \"0 days\""
        );
        assert_eq!(
            message("exponential, mean 5 days, sd 2 days"),
            "the exponential law has no \"sd\" here"
        );
        let refusal = refused::<Law>(Given::Text("exponental, mean 5 days"));
        assert_eq!(refusal.help.unwrap(), "did you mean \"exponential\"?");
    }

    #[test]
    fn a_factor_on_a_law_multiplies_its_mean() {
        for text in [
            "exactly 10 days",
            "exponential, mean 12 days",
            "lognormal, median 5 days, spread 0.8",
            "gamma, mean 30 days, sd 12 days",
            "weibull, shape 1.5, scale 10 days",
        ] {
            let law: Law = read(text);
            let before = law.mean().get();
            let after = law.times(0.6).unwrap().mean().get();
            assert!((after - 0.6 * before).abs() < 1e-9, "{text}");
        }
    }

    #[test]
    fn levels_and_ages_run_from_the_lower_to_the_higher() {
        assert_eq!(read::<Levels>("level 3"), Levels(3, 3));
        assert_eq!(read::<Levels>("levels 1 to 2"), Levels(1, 2));
        assert_eq!(read::<Ages>("0 to 17"), Ages(0, 17));
        assert_eq!(
            refused::<Levels>(Given::Text("levels 0 to 4")).code,
            Code::OutOfRange
        );
        assert_eq!(
            refused::<Ages>(Given::Text("17 to 5")).code,
            Code::OutOfRange
        );
    }
}
