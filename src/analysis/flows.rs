//! Quantities that are published of services, read off a run: what stands beside a published figure.

use super::intervals::{Estimate, Interval, Sampled};
use super::occupancy;
use super::quantities::{SECONDS_A_DAY, SECONDS_A_YEAR};
use crate::experiment::results::{Named, Results, ServiceTally, Tally};
use crate::measures::{Count, Flow, FlowAt, IntervalMethod, Scope, Span};

/// A quantity with the places in a tally that it is counted at.
#[derive(Debug, Clone, PartialEq)]
pub struct Flowing {
    flow: Flow,
    /// Services, a need or a joint step, by number.
    of: Vec<usize>,
    /// Sources, or a division of places.
    from: Vec<usize>,
    /// Days, a level or a number of places.
    number: f64,
    /// The service's place among those that share places.
    member: Option<usize>,
    is_network: bool,
    observed_seconds: u64,
}

impl Flowing {
    /// A quantity `of` some services, needs or joint steps, and `from` some sources, by their ids;
    /// `number` is of days, a level or places. `None` where the run has nothing of a name.
    pub fn find(
        flow: Flow,
        of: &[&str],
        from: &[&str],
        number: f64,
        results: &Results,
    ) -> Option<Self> {
        let among = match flow.at() {
            FlowAt::Nothing => &[][..],
            FlowAt::Service => &results.services,
            FlowAt::Need => &results.needs,
            FlowAt::Step => &results.joint_steps,
        };
        Some(Self {
            flow,
            of: numbers(of, among)?,
            from: match flow {
                Flow::DelayedSharing | Flow::NoneFreeSharing => {
                    let sharings = results.considered.sharings.iter();
                    let sharings: Vec<Named> = sharings.map(|it| it.named.clone()).collect();
                    numbers(from, &sharings)?
                }
                _ => numbers(from, &results.sources)?,
            },
            member: member(of, from, results),
            number,
            is_network: results.scope == Scope::Network,
            observed_seconds: (results.observed.get() * SECONDS_A_DAY).round() as u64,
        })
    }

    /// The quantity in one tally, in its own unit; shares in percent. `None` where nothing was there
    /// to be measured.
    pub fn value(&self, tally: &Tally) -> Option<f64> {
        let (above, below) = self.counts(tally);
        (below > 0).then(|| self.factor() * above as f64 / below as f64)
    }

    /// The quantity under one structure over all trials, with its interval (jackknife over trials).
    pub fn estimate(&self, results: &Results, structure: usize) -> Option<Estimate> {
        let counts = (results.trials.iter()).map(|trial| self.counts(&trial[structure]));
        let (above, below): (Vec<u64>, Vec<u64>) = counts.unzip();
        let sampled = Sampled::of_ratio(&above, &below, self.factor());
        let ceiling = match self.flow.unit() {
            crate::measures::FlowUnit::Share => 100.0,
            _ => f64::INFINITY,
        };
        sampled.estimate(IntervalMethod::Jackknife, ceiling)
    }

    /// What the ratio of counts is multiplied by.
    fn factor(&self) -> f64 {
        use crate::measures::FlowUnit::*;
        match (self.flow.unit(), self.is_network) {
            (Rate, false) => 10_000.0 * SECONDS_A_YEAR,
            (Rate, true) => SECONDS_A_YEAR,
            (Share, _) => 100.0,
            (Number, false) => 10_000.0,
            (Number, true) => 1.0,
            (Days, _) => 1.0 / SECONDS_A_DAY,
        }
    }

    /// What is counted, and of how many or how long.
    fn counts(&self, tally: &Tally) -> (u64, u64) {
        let sum = |pick: fn(&ServiceTally) -> u64| -> u64 {
            self.of.iter().map(|of| pick(&tally.services[*of])).sum()
        };
        let within = |span: Span| self.within(tally, span);
        let time = if self.is_network {
            self.observed_seconds
        } else {
            tally.child_seconds
        };
        match self.flow {
            Flow::NotedContacts => (tally.count(Count::NotedContacts), time),
            Flow::Referrals => (sum(|it| it.referrals), time),
            Flow::ReferralsFrom => self.referrals_from(tally),
            Flow::Rereferrals => (sum(|it| it.rereferrals), sum(|it| it.referrals)),
            Flow::Accepted => (sum(|it| it.accepted), sum(|it| it.referrals)),
            Flow::Assessments => (sum(|it| it.initial_assessments), time),
            Flow::CoreAssessments => (sum(|it| it.core_assessments), time),
            Flow::AssessedOnTime => (sum(|it| it.initial_on_time), sum(|it| it.initial_due)),
            Flow::CoreOnTime => (sum(|it| it.core_on_time), sum(|it| it.core_due)),
            Flow::FoundNotInNeed => (sum(|it| it.no_plan), sum(|it| it.initial_assessments)),
            Flow::SeenWithin => within(Span::Seen),
            Flow::AssessedWithin => within(Span::Assessed),
            Flow::DecidedWithin => within(Span::Decided),
            Flow::DecidedWithinOwnCause => {
                let (in_time, _) = within(Span::Decided);
                let (in_time_but_for_others, all) = within(Span::DecidedOwn);
                (in_time, in_time + all - in_time_but_for_others)
            }
            Flow::JointSteps => {
                let held = |step: &usize| tally.joint_steps.get(*step).copied().unwrap_or(0);
                (self.of.iter().map(held).sum(), time)
            }
            Flow::HelpStarts => (sum(|it| it.started), time),
            Flow::InHelp => (sum(|it| it.occupied_seconds), time),
            Flow::HelpedWithin => within(Span::Helped),
            Flow::Waiting => (sum(|it| it.queue_seconds), time),
            Flow::InNeed => {
                // Levels are kept from 1.
                let from = (self.number as usize).saturating_sub(1);
                let at_or_above =
                    |need: &usize| -> u64 { tally.needs[*need].at_level.iter().skip(from).sum() };
                let children: u64 = self.of.iter().map(at_or_above).sum();
                (children * self.observed_seconds, tally.child_seconds)
            }
            Flow::Arrivals => (sum(|it| it.joined), time),
            Flow::ShareWaited => (sum(|it| it.waited), sum(|it| it.started)),
            Flow::MeanWait => (sum(|it| it.waited_seconds), sum(|it| it.started)),
            Flow::NumberPresent => (sum(|it| it.occupied_seconds + it.queue_seconds), time),
            Flow::DelayedAtPlaces => match self.of[..] {
                [service] => occupancy::last_taken(tally, service, self.number as u32),
                // Of several services together nobody knows how many were present at once.
                _ => (0, 0),
            },
            Flow::DelayedSharing | Flow::NoneFreeSharing => match (&self.from[..], self.member) {
                ([sharing], Some(member)) if self.flow == Flow::DelayedSharing => {
                    occupancy::last_taken_of_shared(tally, *sharing, member)
                }
                ([sharing], Some(member)) => {
                    occupancy::none_free_of_shared(tally, *sharing, member)
                }
                _ => (0, 0),
            },
        }
    }

    fn referrals_from(&self, tally: &Tally) -> (u64, u64) {
        let services = tally.services.len();
        let made = |source: usize| -> u64 {
            let row = &tally.referrals_from[source * services..][..services];
            self.of.iter().map(|of| row[*of]).sum()
        };
        let by_these = self.from.iter().map(|source| made(*source)).sum();
        let by_all = (0..tally.referrals_from.len() / services).map(made).sum();
        (by_these, by_all)
    }

    /// Spans within the number of days, and all of them. Days are whole: 9.8 days count as 10.
    fn within(&self, tally: &Tally, span: Span) -> (u64, u64) {
        let days = self.number.round() as usize;
        let count = |of: usize, days: usize| -> u64 {
            let bins = tally.span_days(span, of).iter().take(days);
            bins.map(|count| u64::from(*count)).sum()
        };
        let sum = |days: usize| self.of.iter().map(|of| count(*of, days)).sum();
        (sum(days), sum(usize::MAX))
    }
}

/// The place of a service among those that share places.
fn member(of: &[&str], from: &[&str], results: &Results) -> Option<usize> {
    let [of] = numbers(of, &results.services)?[..] else {
        return None;
    };
    let sharings = &results.considered.sharings;
    let sharing = (sharings.iter()).find(|it| from.contains(&it.named.id.as_str()))?;
    sharing.own.iter().position(|(service, _)| *service == of)
}

/// The places of ids in a list.
fn numbers(ids: &[&str], among: &[Named]) -> Option<Vec<usize>> {
    ids.iter()
        .map(|id| among.iter().position(|named| named.id == *id))
        .collect()
}

/// How a simulated quantity stands to a published one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Agreement {
    /// Within one standard error of the published figure, the simulated interval allowed for.
    Close,
    /// Within two.
    Near,
    /// Further off.
    Off,
}

impl Agreement {
    /// Of a simulated estimate with a published value and its standard error: how many of them the
    /// nearest point of the interval lies away.
    pub fn of(simulated: Estimate, published: f64, within: f64) -> Self {
        let Interval { low, high } = simulated.interval.unwrap_or(Interval {
            low: simulated.value,
            high: simulated.value,
        });
        let away = (low - published).max(published - high).max(0.0) / within;
        if away <= 1.0 {
            Self::Close
        } else if away <= 2.0 {
            Self::Near
        } else {
            Self::Off
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::analysis::synthetic;

    fn found(flow: Flow, of: &[&str], number: f64) -> Flowing {
        let results = synthetic::children(1, 2, 1);
        Flowing::find(flow, of, &[], number, &results).unwrap()
    }

    fn tally() -> Tally {
        let mut tally = Tally::with_areas(4, 3, 2, 1, 1, 0);
        // Ten thousand children for a year.
        tally.child_seconds = 10_000 * 31_557_600;
        tally
    }

    #[test]
    fn rates_are_for_ten_thousand_children_and_a_year() {
        let mut tally = tally();
        tally.services[0].referrals = 500;
        tally.services[2].referrals = 16;
        let referrals = found(Flow::Referrals, &["social-care", "family-support"], 0.0);
        assert!((referrals.value(&tally).unwrap() - 516.0).abs() < 1e-9);
    }

    #[test]
    fn delays_by_others_are_excepted_once() {
        let mut tally = tally();
        // Six in time, three late by others alone, one late of its own.
        for (decided, own) in [(10, 10), (40, 20), (90, 90)] {
            let times = match decided {
                10 => 6,
                40 => 3,
                _ => 1,
            };
            for _ in 0..times {
                tally.end_span(Span::Decided, 1, decided * 86_400);
                tally.end_span(Span::DecidedOwn, 1, own * 86_400);
            }
        }
        let of_all = found(Flow::DecidedWithin, &["camhs"], 30.0);
        assert_eq!(of_all.value(&tally), Some(60.0));
        let of_own = found(Flow::DecidedWithinOwnCause, &["camhs"], 30.0);
        assert!((of_own.value(&tally).unwrap() - 600.0 / 7.0).abs() < 1e-9);
    }

    #[test]
    fn referrals_are_shared_out_over_all_sources() {
        let results = synthetic::children(1, 2, 1);
        let by_school = Flowing::find(
            Flow::ReferralsFrom,
            &["social-care"],
            &["school"],
            0.0,
            &results,
        );
        let mut tally = tally();
        tally.referrals_from[3 * 3] = 15;
        tally.referrals_from[3] = 45;
        tally.referrals_from[3 * 3 + 1] = 99;
        assert_eq!(by_school.unwrap().value(&tally), Some(25.0));
    }

    #[test]
    fn what_nobody_did_has_no_share() {
        assert_eq!(found(Flow::Accepted, &["camhs"], 0.0).value(&tally()), None);
    }

    #[test]
    fn an_unknown_name_is_not_found() {
        let results = synthetic::children(1, 2, 1);
        assert_eq!(
            Flowing::find(Flow::Accepted, &["nobody"], &[], 0.0, &results),
            None
        );
    }

    #[test]
    fn agreement_allows_for_the_luck_of_trials() {
        let simulated = Estimate {
            value: 60.0,
            interval: Some(Interval {
                low: 58.0,
                high: 62.0,
            }),
        };
        assert_eq!(Agreement::of(simulated, 57.0, 1.0), Agreement::Close);
        assert_eq!(Agreement::of(simulated, 56.5, 1.0), Agreement::Near);
        assert_eq!(Agreement::of(simulated, 70.0, 1.0), Agreement::Off);
    }
}
