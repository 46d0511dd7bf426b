//! The words that entries are made of.

use super::DAY;
use crate::inquiry::names::whole;
use crate::inquiry::story::EntryKind;
use crate::measures::{Count, Stage};
use crate::model::{NeedId, Place};

/// What an entry is made of, but for day and organisation.
pub(super) struct Words {
    pub(super) who: String,
    pub(super) place: Option<Place>,
    pub(super) needs: u64,
    pub(super) what: String,
    pub(super) knew: Vec<String>,
    pub(super) kind: EntryKind,
    pub(super) handoff: Option<u32>,
    pub(super) stage: Option<Stage>,
    pub(super) is_minor: bool,
}

impl Words {
    pub(super) fn of(kind: EntryKind, who: &str, what: impl Into<String>) -> Self {
        Self {
            who: who.to_owned(),
            place: None,
            needs: 0,
            what: what.into(),
            knew: Vec::new(),
            kind,
            handoff: None,
            stage: None,
            is_minor: false,
        }
    }

    pub(super) fn minor(self, is_minor: bool) -> Self {
        Self { is_minor, ..self }
    }

    pub(super) fn about(self, need: NeedId) -> Self {
        self.about_all(1 << need.index())
    }

    pub(super) fn about_all(self, needs: u64) -> Self {
        Self { needs, ..self }
    }

    pub(super) fn in_handoff(self, handoff: u32) -> Self {
        Self {
            handoff: Some(handoff),
            ..self
        }
    }

    pub(super) fn at_stage(self, stage: Stage) -> Self {
        Self {
            stage: Some(stage),
            ..self
        }
    }

    pub(super) fn knowing(mut self, sentence: impl Into<String>) -> Self {
        self.knew.push(sentence.into());
        self
    }
}

pub(super) fn found(how: Count) -> &'static str {
    match how {
        Count::FoundByContact => "somebody met the child and referred it again",
        Count::FoundByHarm => "the child came to harm",
        Count::FoundByChasing => "the sender had asked what became of it",
        Count::FoundByLead => "the lead professional had looked for it",
        _ => "those who oversee the service had found it",
    }
}

pub(super) fn priority(rank: u8) -> &'static str {
    match rank {
        0 => "first priority",
        1 => "second priority",
        2 => "third priority",
        _ => "last priority",
    }
}

/// A perceived level or a threshold, with a true minus sign.
pub(super) fn shown(level: f64) -> String {
    let digits = format!("{:.1}", level.abs());
    if level < 0.0 && digits != "0.0" {
        format!("−{digits}")
    } else {
        digits
    }
}

/// A level of need in words.
pub(super) fn level(level: u8) -> &'static str {
    match level {
        0 => "no need beyond any child's",
        1 => "additional need",
        2 => "in need",
        _ => "acute need or risk of significant harm",
    }
}

/// A length of time in words.
pub(in crate::inquiry::story) fn days(seconds: u32) -> String {
    let days = f64::from(seconds) / DAY;
    match days.round() {
        _ if seconds == 0 => "no time".to_owned(),
        _ if days < 1.0 => "less than a day".to_owned(),
        one if one < 1.5 => "1 day".to_owned(),
        many => format!("{} days", whole(many)),
    }
}

/// A name in the middle of a sentence: its first letter small, unless the next is a capital as well.
pub(in crate::inquiry::story) fn lower(name: &str) -> String {
    let mut letters = name.chars();
    match (letters.next(), letters.next()) {
        (Some(_), Some(second)) if second.is_uppercase() => name.to_owned(),
        (Some(first), _) => first.to_lowercase().chain(name.chars().skip(1)).collect(),
        (None, _) => String::new(),
    }
}

/// The beginning of a sentence.
pub(super) fn upper(words: &str) -> String {
    let mut letters = words.chars();
    let first = letters.next().map(|first| first.to_uppercase());
    first.into_iter().flatten().chain(letters).collect()
}
