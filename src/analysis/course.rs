//! What of a study is followed from its first day, to judge a warm-up by.
//!
//! Days of unmet need are not among it: they are entered when a stretch of them ends, so a month's are
//! not those that were spent in it.

use crate::analysis::months::Series;
use crate::analysis::quantities::SECONDS_A_DAY;
use crate::experiment::results::Tally;
use crate::measures::Scope;

/// One thing that is followed, month by month or step by step.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Followed {
    /// What happens in a month.
    Flow(Series),
    /// How many are on a service's waiting list on average, by its place.
    Waiting(usize),
    /// How many a service helps on average, by its place.
    Served(usize),
}

impl Followed {
    /// What a study of this scope and so many services lets be followed.
    pub fn all(scope: Scope, services: usize) -> Vec<Self> {
        let flows: &[Series] = match scope {
            Scope::Network => &[Series::Handoffs, Series::Losses, Series::HelpStarts],
            Scope::Children | Scope::Both => &[
                Series::KnownMissed,
                Series::UnknownMissed,
                Series::Referrals,
                Series::Handoffs,
                Series::BegunIn30,
                Series::Losses,
                Series::Harm,
                Series::HelpStarts,
            ],
        };
        let flows = flows.iter().copied().map(Self::Flow);
        let services = (0..services).flat_map(|it| [Self::Waiting(it), Self::Served(it)]);
        flows.chain(services).collect()
    }

    /// Its values in one trial, from the first month or step. Each lasts so many days. `None` where
    /// some month had nothing to be measured.
    ///
    /// Of handoffs begun within 30 days the last months are left out, whose handoffs could not be
    /// followed so long.
    pub fn values(self, tally: &Tally, days: f64) -> Option<Vec<f64>> {
        let services = tally.services.len();
        let at = |service: usize| tally.service_months.iter().skip(service).step_by(services);
        let mean = |seconds: u64| seconds as f64 / (days * SECONDS_A_DAY);
        match self {
            Self::Flow(Series::BegunIn30) => {
                let cut = (30.0 / days).ceil() as usize;
                let whole = tally.months.len().saturating_sub(cut);
                let months = tally.months[..whole].iter();
                months
                    .map(|it| {
                        let share = 100.0 * it.begun_in_30 as f64 / it.handoffs as f64;
                        (it.handoffs > 0).then_some(share)
                    })
                    .collect()
            }
            Self::Flow(series) => Some(
                tally
                    .months
                    .iter()
                    .map(|month| series.count(month))
                    .collect(),
            ),
            Self::Waiting(service) => Some(at(service).map(|it| mean(it.queue_seconds)).collect()),
            Self::Served(service) => {
                Some(at(service).map(|it| mean(it.occupied_seconds)).collect())
            }
        }
    }
}

/// The share of a service's places that is in use over the second half of a course; `None` where places
/// are unlimited. Work that runs on after places fall keeps it at 1.
pub fn in_use_at_last(tally: &Tally, service: usize) -> Option<f64> {
    let services = tally.services.len();
    let months: Vec<_> = (tally.service_months.iter().skip(service))
        .step_by(services)
        .collect();
    let last = &months[months.len() / 2..];
    let busy: u64 = last.iter().map(|it| it.occupied_seconds).sum();
    let places: u64 = last.iter().map(|it| it.place_seconds).sum();
    (places > 0).then(|| busy as f64 / busy.max(places) as f64)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::experiment::results::{MonthTally, ServiceMonth};

    #[test]
    fn values_are_those_of_the_months() {
        let mut tally = Tally::new(2, 2, 0, 1);
        let month = |handoffs: u64, begun_in_30: u64| MonthTally {
            handoffs,
            begun_in_30,
            ..MonthTally::default()
        };
        tally.months = vec![month(4, 1), month(5, 5), month(2, 0)];
        let of = |days: u64, places: u64| ServiceMonth {
            occupied_seconds: days * 86_400,
            queue_seconds: 2 * days * 86_400,
            place_seconds: places * 86_400,
        };
        tally.service_months = vec![
            of(0, 0),
            of(30, 60),
            of(0, 0),
            of(60, 60),
            of(0, 0),
            of(45, 60),
        ];
        let values = |what: Followed| what.values(&tally, 30.0).unwrap();
        assert_eq!(values(Followed::Flow(Series::Handoffs)), [4.0, 5.0, 2.0]);
        // The last month's could not be followed for 30 days.
        assert_eq!(values(Followed::Flow(Series::BegunIn30)), [25.0, 100.0]);
        assert_eq!(values(Followed::Served(1)), [1.0, 2.0, 1.5]);
        assert_eq!(values(Followed::Waiting(1)), [2.0, 4.0, 3.0]);
        assert_eq!(in_use_at_last(&tally, 1), Some(105.0 / 120.0));
        assert_eq!(in_use_at_last(&tally, 0), None);
        tally.months[1].handoffs = 0;
        assert_eq!(Followed::Flow(Series::BegunIn30).values(&tally, 30.0), None);
    }
}
