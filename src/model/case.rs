//! Scripted children with names resolved to ids.

use super::{NeedId, SourceId};
use crate::scenario::{self, Id};
use crate::units::{Days, Factor};

/// A child whose life follows a script, placed several times in every area.
#[derive(Debug, Clone, PartialEq)]
pub struct Case {
    /// Id.
    pub id: Id,
    /// How many of them live in each area.
    pub children: u32,
    /// Age in years when the script begins.
    pub age: u32,
    /// From the start of the warm-up until the script begins.
    pub begins: Days,
    /// How long the script lasts.
    pub lasts: Days,
    /// The need that somebody has to find.
    pub need: NeedId,
    /// From which day of the script a need is at which level, in the order of days.
    pub levels: Vec<(Days, NeedId, u8)>,
    /// Who meets the child when, in the order of days.
    pub occasions: Vec<Occasion>,
}

/// One occasion on which somebody meets a scripted child.
#[derive(Debug, Clone, PartialEq)]
pub struct Occasion {
    /// Day of the script.
    pub day: Days,
    /// Who meets the child.
    pub met_by: SourceId,
    /// Factor on the mean signal that this source usually gets.
    pub clearer: Factor,
    /// Unless it refers, the source concludes that there is no need; so many times as much as a
    /// conclusion usually speaks against need. 0: it concludes nothing.
    pub concludes: Factor,
    /// Has the family moved to another area since the occasion before?
    pub moves: bool,
}

impl Case {
    /// Resolves the names of a checked case of a study with such a warm-up.
    pub(super) fn new(
        case: &scenario::Case,
        warm_up: Days,
        need: impl Fn(&Id) -> NeedId,
        source: impl Fn(&Id) -> SourceId,
    ) -> Self {
        let begins = Days::try_from(warm_up.get() + case.begins.get());
        Self {
            id: case.id.clone(),
            children: case.children,
            age: case.age,
            begins: begins.expect("the sum of two lengths of time is one"),
            lasts: case.lasts,
            need: need(&case.need),
            levels: (case.levels.iter())
                .map(|it| (it.day, need(&it.need), it.level))
                .collect(),
            occasions: (case.occasions.iter())
                .map(|it| Occasion {
                    day: it.day,
                    met_by: source(&it.met_by),
                    clearer: it.clearer,
                    concludes: it.concludes,
                    moves: it.moves,
                })
                .collect(),
        }
    }
}
