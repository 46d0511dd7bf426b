//! What the services' own records would show beside what is true.

use crate::analysis::breakdown::BEGUN_BY;
use crate::analysis::incidence::{HORIZON, Incidence};
use crate::analysis::intervals::Estimate;
use crate::analysis::quantities::{Pool, begun_by, days_not_begun, ratio};
use crate::experiment::results::Tally;
use crate::measures::{Count, HandoffEnd, IntervalMethod};

/// What is both true and recorded.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Recordable {
    /// Handoffs begun by a day, in percent: since the decision, and since they reached a door.
    BegunBy(usize),
    /// Restricted mean days not begun, alike.
    DaysNotBegun,
    /// Share of referrals that came within 12 months of an earlier one, in percent: of all, and of those
    /// that each service's own records hold.
    Rereferrals,
}

impl Recordable {
    const ALL: [Self; 5] = [
        Self::BegunBy(BEGUN_BY[0]),
        Self::BegunBy(BEGUN_BY[1]),
        Self::BegunBy(BEGUN_BY[2]),
        Self::DaysNotBegun,
        Self::Rereferrals,
    ];

    /// Id used in files.
    pub fn id(self) -> String {
        match self {
            Self::BegunBy(day) => format!("begun-by-day-{day}"),
            Self::DaysNotBegun => "days-not-begun".to_owned(),
            Self::Rereferrals => "re-referrals".to_owned(),
        }
    }

    /// Its unit.
    pub fn unit(self) -> &'static str {
        match self {
            Self::BegunBy(_) | Self::Rereferrals => "%",
            Self::DaysNotBegun => "days",
        }
    }

    fn ceiling(self) -> f64 {
        match self {
            Self::BegunBy(_) | Self::Rereferrals => 100.0,
            Self::DaysNotBegun => HORIZON as f64,
        }
    }

    fn truth(self, tally: &Tally) -> Option<f64> {
        match self {
            Self::BegunBy(day) => Some(100.0 * begun_by(tally, None, day)?),
            Self::DaysNotBegun => days_not_begun(tally, None),
            Self::Rereferrals => ratio(
                100.0 * tally.count(Count::Rereferrals) as f64,
                tally.count(Count::Referrals) as f64,
            ),
        }
    }

    fn record(self, tally: &Tally) -> Option<f64> {
        match self {
            Self::BegunBy(day) => {
                let begun = Incidence::of_recorded(tally)?.share_by(HandoffEnd::Begun, day);
                Some(100.0 * begun)
            }
            Self::DaysNotBegun => Some(Incidence::of_recorded(tally)?.days_not_begun()),
            Self::Rereferrals => {
                let repeated: u64 = tally
                    .services
                    .iter()
                    .map(|service| service.rereferrals)
                    .sum();
                let all: u64 = tally.services.iter().map(|service| service.referrals).sum();
                ratio(100.0 * repeated as f64, all as f64)
            }
        }
    }
}

/// One quantity under one structure, true and as recorded.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Recorded {
    /// The structure's place in the summary.
    pub structure: usize,
    /// What.
    pub what: Recordable,
    /// What is true.
    pub truth: Option<Estimate>,
    /// What records show.
    pub record: Option<Estimate>,
    /// The record less the truth, paired within trials.
    pub gap: Option<Estimate>,
}

/// Everything that is both true and recorded, under one structure.
pub(super) fn of(pool: &Pool, structure: usize) -> Vec<Recorded> {
    let sampled = pool.sample_all(|tally| {
        Recordable::ALL
            .iter()
            .flat_map(|what| [what.truth(tally), what.record(tally)])
            .collect()
    });
    let method = IntervalMethod::Jackknife;
    Recordable::ALL
        .iter()
        .zip(sampled.chunks_exact(2))
        .map(|(what, sampled)| Recorded {
            structure,
            what: *what,
            truth: sampled[0].estimate(method, what.ceiling()),
            record: sampled[1].estimate(method, what.ceiling()),
            gap: sampled[1].difference(&sampled[0], method),
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::measures::HandoffKind;

    #[test]
    fn what_is_lost_on_the_way_is_in_no_record() {
        let mut tally = Tally::new(2, 2, 0, 1);
        tally.end_handoff(HandoffKind::Internal, HandoffEnd::Lost, 0);
        tally.end_handoff(HandoffKind::Internal, HandoffEnd::Begun, 40 * 86_400);
        tally.recorded_ends
            [HandoffEnd::Begun.index() * crate::experiment::results::HANDOFF_DAYS + 20] = 1;
        tally.counts[Count::Referrals.index()] = 10;
        tally.counts[Count::Rereferrals.index()] = 4;
        tally.services[0].referrals = 6;
        tally.services[0].rereferrals = 1;
        tally.services[1].referrals = 4;
        tally.services[1].rereferrals = 1;
        let pool = Pool {
            pooled: tally.clone(),
            trials: vec![&tally],
        };
        let found = of(&pool, 0);
        let value = |estimate: Option<Estimate>| estimate.unwrap().value;
        let close = |found: f64, expected: f64| assert!((found - expected).abs() < 1e-9);
        close(value(found[0].truth), 0.0);
        close(value(found[0].record), 100.0);
        close(value(found[1].truth), 50.0);
        close(value(found[1].gap), 50.0);
        close(value(found[3].truth), (365.0 + 40.0) / 2.0);
        close(value(found[3].record), 20.0);
        close(value(found[4].truth), 40.0);
        close(value(found[4].record), 20.0);
    }
}
