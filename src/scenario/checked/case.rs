//! A child whose life follows a script: whom it meets when, and at which levels of need.

use crate::units::{Days, Factor};

use super::Id;

/// A scripted child, placed several times in every area.
#[derive(Debug, Clone, PartialEq)]
pub struct Case {
    /// Id.
    pub id: Id,
    /// Name for readers.
    pub name: String,
    /// Who the child is, in a sentence or two.
    pub summary: String,
    /// Where the case is described.
    pub sources: Vec<String>,
    /// How many of them live in each area.
    pub children: u32,
    /// Age in years when the script begins.
    pub age: u32,
    /// From decision day until the script begins.
    pub begins: Days,
    /// How long the script lasts; help after it is too late.
    pub lasts: Days,
    /// The need that somebody has to find.
    pub need: Id,
    /// Levels of need, in the order of their days.
    pub levels: Vec<LevelFrom>,
    /// Occasions, in the order of their days; at least one.
    pub occasions: Vec<Occasion>,
}

/// From a day on a need is at a level.
#[derive(Debug, Clone, PartialEq)]
pub struct LevelFrom {
    /// Days since the script began.
    pub day: Days,
    /// The need.
    pub need: Id,
    /// The level, 0 to 3.
    pub level: u8,
}

/// One occasion on which somebody meets the child.
#[derive(Debug, Clone, PartialEq)]
pub struct Occasion {
    /// Id.
    pub id: Id,
    /// Days since the script began.
    pub day: Days,
    /// Name for readers.
    pub name: String,
    /// Who meets the child.
    pub met_by: Id,
    /// Factor on the mean signal that this source usually gets.
    pub clearer: Factor,
    /// Unless it refers, the source concludes that there is no need; so many times as much as a
    /// conclusion usually speaks against need. 0: it concludes nothing.
    pub concludes: Factor,
    /// Has the family moved to another area since the occasion before?
    pub moves: bool,
    /// What went wrong on the real occasion, in words; empty where nothing is said.
    pub failure: String,
}
