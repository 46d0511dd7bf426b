//! Published figures: what a study is fitted to and held against.

use crate::measures::Flow;

use super::{Grade, Id};

/// The published figures that a study names.
#[derive(Debug, Clone, PartialEq)]
pub struct FigureSet {
    /// Id of the file.
    pub id: Id,
    /// Words for readers.
    pub name: String,
    /// What the figures are of.
    pub summary: String,
    /// In the order of the file.
    pub figures: Vec<Figure>,
    /// Parameters that a calibration may vary, in the order of the file.
    pub vary: Vec<Varied>,
}

/// A published figure.
#[derive(Debug, Clone, PartialEq)]
pub struct Figure {
    /// Its id in the file.
    pub id: Id,
    /// Words for readers.
    pub name: String,
    /// What is simulated beside it.
    pub simulated: Simulated,
    /// The published value, in the unit of the quantity; shares in percent.
    pub value: f64,
    /// One standard error of it, with all that its definition leaves open, in the same unit.
    pub within: f64,
    /// What it is used for.
    pub role: Role,
    /// How sure the published value is.
    pub grade: Option<Grade>,
    /// Where it is from.
    pub source: String,
    /// Line in its file, from 1.
    pub line: usize,
}

/// What stands beside a published figure.
#[derive(Debug, Clone, PartialEq)]
pub enum Simulated {
    /// A quantity.
    Flow(FlowOf),
    /// Nothing, and why.
    Not(String),
}

/// A quantity with what it is counted at.
#[derive(Debug, Clone, PartialEq)]
pub struct FlowOf {
    /// The quantity.
    pub flow: Flow,
    /// Services, a need or a joint step.
    pub of: Vec<Id>,
    /// Sources, for shares of referrals; a division of places, for shares delayed by it.
    pub from: Vec<Id>,
    /// Days within which, or level of a need, or number of places; 0 where there is none.
    pub number: f64,
}

/// What a published figure is used for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Role {
    /// A value of the scenario was taken from it: agreement proves nothing.
    Input,
    /// Parameters were fitted to it.
    Fitted,
    /// Neither: agreement counts.
    HeldOut,
}

impl Role {
    /// The word in files.
    pub fn id(self) -> &'static str {
        match self {
            Self::Input => "input",
            Self::Fitted => "fitted",
            Self::HeldOut => "held out",
        }
    }
}

/// A parameter that a calibration may vary.
#[derive(Debug, Clone, PartialEq)]
pub struct Varied {
    /// Path as `--set` takes it.
    pub path: String,
    /// Where it lies before any figure is looked at.
    pub prior: Prior,
    /// Line in its file, from 1.
    pub line: usize,
}

/// Where a parameter lies before any figure is looked at.
#[derive(Debug, Clone, PartialEq)]
pub enum Prior {
    /// Within the range that its own file states.
    OwnRange,
    /// From one value to another, in words as `--set` takes them.
    Between(String, String),
    /// The value of the file times a factor from the first to the second, evenly in its logarithm.
    Times(f64, f64),
}
