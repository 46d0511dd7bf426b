//! What a run leaves behind: one tally for each trial and structure, and the names to read it by.

pub use crate::simulate::{HANDOFF_DAYS, PairTally, ServiceTally, Tally};

use crate::measures::Scope;
use crate::units::Days;

/// All tallies of a run.
#[derive(Debug, Clone, PartialEq)]
pub struct Results {
    /// Which measures the study has: [`Scope::Children`] or [`Scope::Network`].
    pub scope: Scope,
    /// The structures, baseline first.
    pub structures: Vec<Named>,
    /// Services, in the order of tallies.
    pub services: Vec<Named>,
    /// Sources: the services in the same order, then the sources outside.
    pub sources: Vec<Named>,
    /// Needs, in the order of tallies; none in a network study.
    pub needs: Vec<Named>,
    /// Children in all areas together; 0 in a network study.
    pub children: u64,
    /// Time observed.
    pub observed: Days,
    /// Time before that.
    pub warm_up: Days,
    /// Tallies by trial, then by structure.
    pub trials: Vec<Vec<Tally>>,
}

/// An id and the words that readers see.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Named {
    /// Id used in files.
    pub id: String,
    /// Words for readers.
    pub name: String,
}
