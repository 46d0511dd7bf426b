//! What happened month by month since decision day, and when a structure breaks even.

use crate::analysis::intervals::{Estimate, Sampled};
use crate::analysis::quantities::{Pool, SECONDS_A_DAY, ratio};
use crate::experiment::results::{MonthTally, Results};
use crate::measures::{IntervalMethod, Scope};
use crate::units::Days;

/// Sums of rates within this of zero are zero: what was added and taken away leaves so much.
const ROUNDING: f64 = 1e-9;

/// What is followed by month.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Series {
    /// Known missed cases, those carried over not among them.
    KnownMissed,
    /// Days of unmet need that somebody knew of.
    UnmetKnown,
    /// Missed cases that nobody had noted.
    UnknownMissed,
    /// Referrals.
    Referrals,
    /// Handoffs started.
    Handoffs,
    /// Share of the handoffs started in the month that were begun within 30 days.
    BegunIn30,
    /// Losses of handoffs.
    Losses,
    /// Harm events.
    Harm,
    /// Starts of help.
    HelpStarts,
}

impl Series {
    /// Every series, in the order in which they are shown.
    pub const ALL: [Self; 9] = [
        Self::KnownMissed,
        Self::UnmetKnown,
        Self::UnknownMissed,
        Self::Referrals,
        Self::Handoffs,
        Self::BegunIn30,
        Self::Losses,
        Self::Harm,
        Self::HelpStarts,
    ];

    /// The series of a study of this scope.
    pub fn of_scope(scope: Scope) -> &'static [Self] {
        match scope {
            Scope::Network => &[Self::Handoffs, Self::BegunIn30, Self::Losses],
            Scope::Children | Scope::Both => &Self::ALL,
        }
    }

    /// The series of which a break-even date is told: less is better and a total makes sense.
    pub const BREAK_EVEN: [Self; 2] = [Self::KnownMissed, Self::UnmetKnown];

    /// Id used in files.
    pub fn id(self) -> &'static str {
        match self {
            Self::KnownMissed => "known-missed",
            Self::UnmetKnown => "unmet-known",
            Self::UnknownMissed => "unknown-missed",
            Self::Referrals => "referrals",
            Self::Handoffs => "handoffs",
            Self::BegunIn30 => "handoffs-begun-30",
            Self::Losses => "losses",
            Self::Harm => "harm",
            Self::HelpStarts => "help-starts",
        }
    }

    /// Words for readers.
    pub fn label(self) -> &'static str {
        match self {
            Self::KnownMissed => "known missed cases",
            Self::UnmetKnown => "days of unmet need that somebody knew of",
            Self::UnknownMissed => "missed cases that nobody had noted",
            Self::Referrals => "referrals",
            Self::Handoffs => "handoffs",
            Self::BegunIn30 => "handoffs begun within 30 days",
            Self::Losses => "losses in handoffs",
            Self::Harm => "harm events",
            Self::HelpStarts => "starts of help",
        }
    }

    /// The unit of one month's value.
    pub fn unit(self, scope: Scope) -> &'static str {
        match (self, scope) {
            (Self::BegunIn30, _) => "%",
            (Self::UnmetKnown, Scope::Network) => "days in the month",
            (Self::UnmetKnown, _) => "days per 10,000 children in the month",
            (_, Scope::Network) => "in the month",
            _ => "per 10,000 children in the month",
        }
    }

    pub(super) fn count(self, month: &MonthTally) -> f64 {
        match self {
            Self::KnownMissed => month.known_missed as f64,
            Self::UnmetKnown => month.unmet_known_seconds as f64 / SECONDS_A_DAY,
            Self::UnknownMissed => month.unknown_missed as f64,
            Self::Referrals => month.referrals as f64,
            Self::Handoffs => month.handoffs as f64,
            Self::BegunIn30 => month.begun_in_30 as f64,
            Self::Losses => month.losses as f64,
            Self::Harm => month.harm as f64,
            Self::HelpStarts => month.help_starts as f64,
        }
    }
}

/// One series under one structure.
#[derive(Debug, Clone, PartialEq)]
pub struct Monthly {
    /// The structure's place in the summary.
    pub structure: usize,
    /// What is followed.
    pub series: Series,
    /// By month since decision day, the first at 0. The last may be part of a month.
    pub months: Vec<Month>,
}

/// One month of a series.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Month {
    /// The value; `None` where nothing was there to be measured, or not for long enough.
    pub value: Option<Estimate>,
    /// How trials differ; `None` where some trial had nothing to be measured.
    pub spread: Option<Spread>,
    /// The paired difference from the baseline; `None` for the baseline itself.
    pub difference: Option<Estimate>,
    /// The sum of the differences up to and with this month; `None` for the baseline and for shares.
    pub cumulative: Option<Estimate>,
}

/// How trials differ: quantiles of their values, interpolated between neighbours.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Spread {
    /// Nine in ten trials are above this.
    pub tenth: f64,
    /// Three in four are above this.
    pub quarter: f64,
    /// Half are above and half below.
    pub median: f64,
    /// Three in four are below this.
    pub three_quarters: f64,
    /// Nine in ten are below this.
    pub nine_tenths: f64,
}

impl Spread {
    /// The quantiles of the values of all trials; `None` where one is missing or there is none.
    ///
    /// Between the `k`th and the next of `n` sorted values lies the quantile `(k - 1) / (n - 1)`: the
    /// rule 7 of Hyndman and Fan (1996), The American Statistician 50:361-365.
    pub fn of(by_trial: &[Option<f64>]) -> Option<Self> {
        let mut values: Vec<f64> = by_trial.iter().copied().collect::<Option<_>>()?;
        values.sort_by(f64::total_cmp);
        let last = values.len().checked_sub(1)?;
        let quantile = |share: f64| {
            let place = share * last as f64;
            let below = (place.floor() as usize).min(last);
            let above = (below + 1).min(last);
            values[below] + (place - below as f64) * (values[above] - values[below])
        };
        Some(Self {
            tenth: quantile(0.1),
            quarter: quantile(0.25),
            median: quantile(0.5),
            three_quarters: quantile(0.75),
            nine_tenths: quantile(0.9),
        })
    }
}

/// When a structure has made up for what it cost at first: the first month after which the sum of
/// the differences from the baseline stays at or below zero to the end of the study.
#[derive(Debug, Clone, PartialEq)]
pub struct BreakEven {
    /// The structure's place in the summary.
    pub structure: usize,
    /// Of what.
    pub series: Series,
    /// The number of the month, the first is 1, for the mean over trials; `None`: not within the study.
    /// A structure that breaks even in month 1 was never behind.
    pub month: Option<usize>,
    /// The same for the lower end of the sum's interval: the earliest that the trials allow.
    pub earliest: Option<usize>,
    /// The same for its upper end: the latest; `None` is not within the study.
    pub latest: Option<usize>,
    /// Trials that break even within the study.
    pub trials: usize,
    /// Is there no difference at all, in any month of any trial?
    pub is_alike: bool,
}

/// Every series of every structure; none where results hold no months.
pub(super) fn of(pools: &[Pool], results: &Results) -> Vec<Monthly> {
    let mut found = Vec::new();
    for series in Series::of_scope(results.scope).iter().copied() {
        let values: Vec<Vec<Sampled>> = pools
            .iter()
            .map(|pool| sampled(pool, series, results))
            .collect();
        for (structure, ours) in values.iter().enumerate() {
            if !ours.is_empty() {
                found.push(Monthly {
                    structure,
                    series,
                    months: months(series, ours, (structure > 0).then(|| values[0].as_slice())),
                });
            }
        }
    }
    found
}

/// One series of one structure in each trial, by month.
fn sampled(pool: &Pool, series: Series, results: &Results) -> Vec<Sampled> {
    if series == Series::BegunIn30 {
        let whole = months_followed_up(results.observed).min(pool.pooled.months.len());
        return (0..whole)
            .map(|month| {
                let of = |pick: fn(&MonthTally) -> u64| -> Vec<u64> {
                    pool.trials
                        .iter()
                        .map(|tally| pick(&tally.months[month]))
                        .collect()
                };
                Sampled::of_ratio(
                    &of(|month| month.begun_in_30),
                    &of(|month| month.handoffs),
                    100.0,
                )
            })
            .collect();
    }
    let seconds = f64::from(results.observed.to_seconds());
    (0..pool.pooled.months.len())
        .map(|month| {
            Sampled::of_trials(
                pool.trials
                    .iter()
                    .map(|tally| {
                        let count = series.count(&tally.months[month]);
                        match results.scope {
                            Scope::Network => Some(count),
                            Scope::Children | Scope::Both => {
                                ratio(10_000.0 * count, tally.child_seconds as f64 / seconds)
                            }
                        }
                    })
                    .collect(),
            )
        })
        .collect()
}

/// Months whose handoffs could all be followed for 30 days.
fn months_followed_up(observed: Days) -> usize {
    ((observed.get() - 30.0).max(0.0) / Days::MONTH.get() + 1e-9).floor() as usize
}

fn method(series: Series) -> IntervalMethod {
    if series == Series::BegunIn30 {
        IntervalMethod::Jackknife
    } else {
        IntervalMethod::StudentT
    }
}

fn months(series: Series, ours: &[Sampled], baseline: Option<&[Sampled]>) -> Vec<Month> {
    let method = method(series);
    let ceiling = if series == Series::BegunIn30 {
        100.0
    } else {
        f64::INFINITY
    };
    let cumulative = baseline
        .filter(|_| series != Series::BegunIn30)
        .map(|baseline| cumulative(ours, baseline));
    ours.iter()
        .enumerate()
        .map(|(month, sampled)| Month {
            value: sampled.estimate(method, ceiling),
            spread: Spread::of(&sampled.by_trial),
            difference: baseline.and_then(|baseline| sampled.difference(&baseline[month], method)),
            cumulative: cumulative
                .as_ref()
                .and_then(|sums| Sampled::of_trials(sums[month].clone()).mean()),
        })
        .collect()
}

/// The sum of the differences up to each month, by month and trial.
fn cumulative(ours: &[Sampled], baseline: &[Sampled]) -> Vec<Vec<Option<f64>>> {
    let trials = ours.first().map_or(0, |sampled| sampled.by_trial.len());
    let mut sums = vec![Some(0.0); trials];
    ours.iter()
        .zip(baseline)
        .map(|(ours, theirs)| {
            for (sum, (a, b)) in sums
                .iter_mut()
                .zip(ours.by_trial.iter().zip(&theirs.by_trial))
            {
                *sum = sum.and_then(|sum| Some(sum + (*a)? - (*b)?));
            }
            sums.clone()
        })
        .collect()
}

/// Break-even dates of every structure but the baseline.
pub(super) fn break_even(pools: &[Pool], results: &Results) -> Vec<BreakEven> {
    let mut found = Vec::new();
    let series_of_scope = Series::of_scope(results.scope);
    for series in Series::BREAK_EVEN {
        if !series_of_scope.contains(&series) {
            continue;
        }
        let Some((baseline, others)) = pools.split_first() else {
            continue;
        };
        let theirs = sampled(baseline, series, results);
        for (place, pool) in others.iter().enumerate() {
            let sums = cumulative(&sampled(pool, series, results), &theirs);
            if !sums.is_empty() {
                found.push(of_sums(place + 1, series, &sums));
            }
        }
    }
    found
}

fn of_sums(structure: usize, series: Series, sums: &[Vec<Option<f64>>]) -> BreakEven {
    let estimates: Vec<Option<Estimate>> = sums
        .iter()
        .map(|sums| Sampled::of_trials(sums.clone()).mean())
        .collect();
    let by = |pick: fn(&Estimate) -> f64| {
        from_when_not_above_zero(estimates.iter().map(|estimate| estimate.as_ref().map(pick)))
    };
    let trials = sums.first().map_or(0, Vec::len);
    BreakEven {
        structure,
        series,
        month: by(|estimate| estimate.value),
        earliest: by(|estimate| {
            estimate
                .interval
                .map_or(estimate.value, |interval| interval.low)
        }),
        latest: by(|estimate| {
            estimate
                .interval
                .map_or(estimate.value, |interval| interval.high)
        }),
        trials: (0..trials)
            .filter(|trial| {
                from_when_not_above_zero(sums.iter().map(|sums| sums[*trial])).is_some()
            })
            .count(),
        is_alike: sums.iter().flatten().all(|sum| *sum == Some(0.0)),
    }
}

/// The number of the first month from which on no value is above zero, the first being 1.
fn from_when_not_above_zero(
    values: impl DoubleEndedIterator<Item = Option<f64>> + ExactSizeIterator,
) -> Option<usize> {
    let months = values.len();
    let at_the_end = values
        .rev()
        .take_while(|value| value.is_some_and(|value| value <= ROUNDING))
        .count();
    (at_the_end > 0).then(|| months - at_the_end + 1)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::analysis::synthetic;

    fn sums(by_month: &[[f64; 3]]) -> Vec<Vec<Option<f64>>> {
        by_month
            .iter()
            .map(|trials| trials.iter().copied().map(Some).collect())
            .collect()
    }

    #[test]
    fn a_structure_breaks_even_when_its_sum_stays_below_zero() {
        // Means: 2, -1, 1, -1, -4. It dips below zero in month 2 and comes back.
        let found = of_sums(
            1,
            Series::KnownMissed,
            &sums(&[
                [2.0, 3.0, 1.0],
                [-1.0, -2.0, 0.0],
                [1.0, 2.0, 0.0],
                [-1.0, 0.5, -2.5],
                [-4.0, -3.0, -5.0],
            ]),
        );
        assert_eq!(found.month, Some(4));
        // The upper end of month 5 is -4 + 4.30 / sqrt(3) = -1.5; that of month 4 is above zero.
        assert_eq!(found.latest, Some(5));
        // The lower end of month 1 is 2 - 4.30 / sqrt(3) = -0.5.
        assert_eq!(found.earliest, Some(1));
        assert_eq!(found.trials, 3);
        assert!(!found.is_alike);
    }

    #[test]
    fn a_structure_that_ends_above_zero_does_not_break_even() {
        let found = of_sums(
            1,
            Series::KnownMissed,
            &sums(&[[-1.0, -1.0, -1.0], [2.0, 3.0, -1.0]]),
        );
        assert_eq!(found.month, None);
        assert_eq!(found.latest, None);
        assert_eq!(found.trials, 1);
    }

    #[test]
    fn no_difference_at_all_is_told_as_such() {
        let found = of_sums(1, Series::KnownMissed, &sums(&[[0.0; 3], [0.0; 3]]));
        assert!(found.is_alike);
        assert_eq!(found.month, Some(1));
    }

    #[test]
    fn the_last_sum_is_the_difference_of_the_whole_time() {
        let results = synthetic::children(2, 6, 4);
        let pools: Vec<Pool> = (0..2)
            .map(|structure| Pool::of(&results, structure))
            .collect();
        let found = of(&pools, &results);
        let missed = found
            .iter()
            .find(|monthly| monthly.structure == 1 && monthly.series == Series::KnownMissed)
            .unwrap();
        assert_eq!(missed.months.len(), 60);
        let total: f64 = missed
            .months
            .iter()
            .map(|month| month.difference.unwrap().value)
            .sum();
        let last = missed.months[59].cumulative.unwrap().value;
        assert!((total - last).abs() < 1e-9 * total.abs());
    }

    /// The example of R's `quantile(c(1, 2, 4, 8, 16), c(.1, .25, .5, .75, .9))`, worked out by hand.
    #[test]
    fn quantiles_lie_between_their_neighbours() {
        let spread = Spread::of(&[Some(16.0), Some(2.0), Some(4.0), Some(1.0), Some(8.0)]).unwrap();
        let close = |found: f64, expected: f64| assert!((found - expected).abs() < 1e-12);
        close(spread.tenth, 1.4);
        close(spread.quarter, 2.0);
        close(spread.median, 4.0);
        close(spread.three_quarters, 8.0);
        close(spread.nine_tenths, 12.8);
        assert_eq!(Spread::of(&[Some(1.0), None]), None);
        assert_eq!(Spread::of(&[]), None);
    }

    #[test]
    fn handoffs_of_the_last_month_are_not_told_by_day_30() {
        let years = Days::try_from(365.25).unwrap();
        assert_eq!(months_followed_up(years), 11);
        assert_eq!(months_followed_up(Days::try_from(20.0).unwrap()), 0);
    }
}
