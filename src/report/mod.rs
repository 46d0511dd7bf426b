//! What users see of a run: text, tables, charts, a manifest and the folder that holds them.
//!
//! Computes no statistic: every number shown stands in [`crate::analysis::Summary`]. Everything is
//! a function from plain values to text or bytes.

pub mod charts;
mod numbers;
#[cfg(test)]
pub(crate) mod sample;
pub mod tables;
pub mod terminal;

use crate::measures::{Direction, Scope};

/// One file of results, complete.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct File {
    /// Name in the folder of results.
    pub name: String,
    /// Its bytes.
    pub bytes: Vec<u8>,
}

/// What must stand beside every comparison of a study of this scope.
pub fn caveat(scope: Scope) -> Option<&'static str> {
    match scope {
        Scope::Children | Scope::Both => {
            Some("Established forms; costs and disruption of change not included.")
        }
        Scope::Network => None,
    }
}

/// Words for the direction of a measure.
fn direction(direction: Direction) -> &'static str {
    match direction {
        Direction::LowerIsBetter => "less is better",
        Direction::HigherIsBetter => "more is better",
        Direction::Neutral => "neither way is better",
    }
}
