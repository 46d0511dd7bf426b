//! What a run leaves behind: one tally for each trial and structure, and the names to read it by.

pub use crate::simulate::{
    AreaTally, CaseTally, Entry, HANDOFF_DAYS, MonthTally, NeedTally, OccasionTally, PairTally,
    Part, PresentTally, SPAN_DAYS, ServiceMonth, ServiceTally, SharingTally, Tally,
};

use serde::{Deserialize, Serialize};

use crate::measures::{Outcome, Overhead, Scope};
use crate::units::Days;

/// All tallies of a run.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
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
    /// Joint steps, in the order of tallies; none in a network study.
    pub joint_steps: Vec<Named>,
    /// Children in all areas together; 0 in a network study.
    pub children: u64,
    /// Time observed.
    pub observed: Days,
    /// Time before that.
    pub warm_up: Days,
    /// Tallies by trial, then by structure.
    pub trials: Vec<Vec<Tally>>,
    /// Scripted children, in the order of tallies.
    pub cases: Vec<NamedCase>,
    /// Areas, in the order of tallies.
    pub areas: Vec<Named>,
    /// Id of the measure that the study is about.
    pub primary: String,
    /// From decision day to the vesting day of each structure; `None` where nothing changes.
    pub vesting: Vec<Option<Days>>,
    /// Child and domain by outcome under the baseline (rows) and under its twin, in which one
    /// referral is delayed by a week; by trial. Empty where no twin was run.
    pub churn: Vec<[[u64; Outcome::COUNT]; Outcome::COUNT]>,
    /// What each structure has to work with; empty in a network study.
    pub means: Vec<Means>,
    /// Numbers of places that are considered; nothing in a study of children.
    pub considered: Considered,
    /// The same study with other numbers of posts: factor and results, fewest posts first.
    pub at_posts: Vec<(f64, Results)>,
}

impl Results {
    /// One of its trials, if it has so many.
    pub fn one_trial(&self, trial: usize) -> Option<OneTrial> {
        Some(OneTrial {
            tallies: self.trials.get(trial)?.clone(),
            churn: self.churn.get(trial).copied(),
        })
    }

    /// The results of some structures only, by their places in order, the baseline among them.
    #[must_use]
    pub fn of_structures(&self, places: &[usize]) -> Self {
        fn pick<T: Clone>(all: &[T], places: &[usize]) -> Vec<T> {
            let there = places.iter().filter_map(|place| all.get(*place));
            there.cloned().collect()
        }
        let at_posts = self.at_posts.iter();
        Self {
            structures: pick(&self.structures, places),
            trials: (self.trials.iter())
                .map(|trial| pick(trial, places))
                .collect(),
            vesting: pick(&self.vesting, places),
            means: pick(&self.means, places),
            considered: Considered {
                mean_present: pick(&self.considered.mean_present, places),
                ..self.considered.clone()
            },
            at_posts: at_posts
                .map(|(factor, results)| (*factor, results.of_structures(places)))
                .collect(),
            ..self.clone()
        }
    }
}

/// What one trial leaves.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct OneTrial {
    /// Tallies by structure.
    pub tallies: Vec<Tally>,
    /// Child and domain by outcome under the baseline and under its twin, as in [`Results::churn`];
    /// `None` where no twin is run.
    pub churn: Option<[[u64; Outcome::COUNT]; Outcome::COUNT]>,
}

/// What a structure has to work with.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Means {
    /// Full-time posts in front-line work, all areas together, by service: the time that overheads
    /// take is taken off.
    pub front_line: Vec<f64>,
    /// Full-time posts that overheads take, by use.
    pub overheads: [f64; Overhead::COUNT],
    /// Running cost, pounds a year; 0 where no cost is stated.
    pub pounds_a_year: f64,
    /// One-off cost of the change, pounds.
    pub one_off_pounds: f64,
    /// Offered load of each service: work asked for, for each unit of capacity to screen, to assess
    /// and to help, were nobody kept waiting. From a pilot with unlimited staff and places.
    pub offered: Vec<Offered>,
}

/// Work asked for, for each unit of capacity; `None` where the service does no such work. 1 or more
/// means that the service cannot keep up.
#[derive(Debug, Clone, Copy, PartialEq, Default, Serialize, Deserialize)]
pub struct Offered {
    /// Screening.
    pub screening: Option<f64>,
    /// Assessment.
    pub assessment: Option<f64>,
    /// Help.
    pub help: Option<f64>,
}

/// Places for which results say who would have found none.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct Considered {
    /// Numbers of places by service.
    pub places: Vec<Vec<u32>>,
    /// Places in which several services share, in the order of tallies.
    pub sharings: Vec<Sharing>,
    /// Mean number present by structure and service, where those present are known to be Poisson: see
    /// [`crate::model::Network::mean_present`].
    pub mean_present: Vec<Vec<Option<f64>>>,
}

/// Places that services share.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Sharing {
    /// Id and words.
    pub named: Named,
    /// The services that share, in the order of tallies, with the places of their own.
    pub own: Vec<(usize, u32)>,
    /// Places that any of them can use.
    pub common: u32,
}

/// A script and the words that readers see.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct NamedCase {
    /// Id used in files.
    pub id: String,
    /// Words for readers.
    pub name: String,
    /// Place of the need that somebody has to find.
    pub need: usize,
    /// How long the script lasts.
    pub lasts: Days,
    /// Its occasions, in their order.
    pub occasions: Vec<NamedOccasion>,
}

/// An occasion of a script.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct NamedOccasion {
    /// Id used in files.
    pub id: String,
    /// Words for readers.
    pub name: String,
    /// Day of the script.
    pub day: Days,
    /// Place of the source that meets the child.
    pub met_by: usize,
    /// What went wrong on the real occasion; empty where nothing is said.
    pub failure: String,
}

/// An id and the words that readers see.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Named {
    /// Id used in files.
    pub id: String,
    /// Words for readers.
    pub name: String,
}
