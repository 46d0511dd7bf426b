//! Estimates, intervals and paired differences from the results of a run: pure functions.
//!
//! [`summarise`] makes the one value that everything shown is drawn from. The trial is the unit of
//! every interval; structures are compared within trials, which share their children and luck.

mod at_posts;
mod breakdown;
mod cases;
mod compare;
mod course;
pub mod decision;
mod discordance;
mod drift;
mod equity;
mod flows;
mod funnel;
mod incidence;
mod intervals;
mod laws;
mod means;
mod missed;
mod months;
mod noise;
mod occupancy;
mod quantities;
mod ranking;
mod recorded;
mod simultaneous;
#[cfg(test)]
pub(crate) mod synthetic;
pub mod theory;

pub use at_posts::AtPosts;
pub use breakdown::{
    BEGUN_BY, Counted, Delays, Handoffs, PairRates, ServiceLoad, ServiceMonthLoad,
};
pub use cases::{CaseChance, CaseDays, CaseOccasion, Cases, Never};
pub use compare::{Compared, LIKELY, Row, Side, Told};
pub use course::{Followed, in_use_at_last};
pub use discordance::Discordance;
pub use drift::{LARGEST_DRIFT, YearRatio};
pub use equity::{OfGroup, Quantity, in_steps};
pub use flows::{Agreement, Flowing};
pub use funnel::Reached;
pub use incidence::{HORIZON, Incidence};
pub use intervals::{Estimate, Interval, Sampled};
pub use laws::{Sum, sums};
pub use means::{MeansOf, Overload, Total, Unequal, Work, overloads};
pub use missed::{Cause, MissedCases, NeedCauses};
pub use months::{BreakEven, Month, Monthly, Series, Spread};
pub use occupancy::{Delayed, Exact, Present};
pub use quantities::value;
pub use ranking::{Ranking, Verdict};
pub use recorded::{Recordable, Recorded};
pub use simultaneous::Pair;

use crate::experiment::results::{Named, Results};
use crate::measures::{IntervalMethod, Measure, Scope, Stage};
use crate::units::Days;
use quantities::{Pool, network_missed};

/// What a run says: estimates with intervals, and what they are made of.
#[derive(Debug, Clone, PartialEq)]
pub struct Summary {
    /// Children or network.
    pub scope: Scope,
    /// Trials.
    pub trials: usize,
    /// Events handled in all trials and structures, warm-up not included.
    pub events: u64,
    /// Children in all areas together; 0 in a network study.
    pub children: u64,
    /// Time observed.
    pub observed: Days,
    /// Time before that.
    pub warm_up: Days,
    /// The structures, baseline first; everything below names them by their place here.
    pub structures: Vec<Named>,
    /// Services.
    pub services: Vec<Named>,
    /// Services in the same order, then the sources outside.
    pub sources: Vec<Named>,
    /// Needs; none in a network study.
    pub needs: Vec<Named>,
    /// Areas.
    pub areas: Vec<Named>,
    /// The measures of the study, in the order of the register.
    pub measures: Vec<Compared>,
    /// The measure that the study is about.
    pub primary: &'static Measure,
    /// Structures by the measures that stand forward, the primary one first.
    pub rankings: Vec<Ranking>,
    /// Handoffs by structure: all kinds together, then each.
    pub handoffs: Vec<Handoffs>,
    /// Mean days of begun handoffs in each [`crate::measures::Stage`], by structure; empty where
    /// none was begun.
    pub stage_days: Vec<Vec<f64>>,
    /// Delays by structure, kind and pair.
    pub delays: Vec<Delays>,
    /// Unit of missed cases.
    pub missed_unit: &'static str,
    /// Missed cases by structure.
    pub missed: Vec<MissedCases>,
    /// Load of services by structure.
    pub loads: Vec<ServiceLoad>,
    /// Plain counts by structure.
    pub counts: Vec<Counted>,
    /// The baseline's known missed cases from year to year.
    pub years: Vec<YearRatio>,
    /// From decision day to the vesting day of each structure; `None` where nothing changes.
    pub vesting: Vec<Option<Days>>,
    /// Month by month since decision day.
    pub months: Vec<Monthly>,
    /// When structures break even.
    pub break_even: Vec<BreakEven>,
    /// Services month by month.
    pub service_months: Vec<ServiceMonthLoad>,
    /// From need to help.
    pub funnel: Vec<Reached>,
    /// True and recorded.
    pub recorded: Vec<Recorded>,
    /// Outcomes against those under the baseline, by structure; `None` for the baseline.
    pub discordance: Vec<Option<Discordance>>,
    /// The same for the baseline against its twin, if there was one.
    pub churn: Option<Discordance>,
    /// By domain of need.
    pub by_need: Vec<OfGroup>,
    /// By area.
    pub by_area: Vec<OfGroup>,
    /// Scripted children; empty where there are none.
    pub cases: Cases,
    /// What each structure has to work with; none in a network study.
    pub means: Vec<MeansOf>,
    /// What of that is not the same for all.
    pub unequal: Option<Unequal>,
    /// Services that cannot keep up.
    pub overloads: Vec<Overload>,
    /// What numbers of places would mean, by structure; nothing where a study considers none.
    pub delayed: Vec<Delayed>,
    /// Names of the places in which services share, as [`Delayed::sharing`] counts them.
    pub sharings: Vec<Named>,
    /// How long each number was present at each service, by structure; none in a study of children.
    pub present: Vec<Present>,
    /// The study at other numbers of posts, fewest first.
    pub at_posts: Vec<AtPosts>,
}

impl Summary {
    /// All handoffs of a structure, whatever their kind.
    pub fn all_handoffs(&self, structure: usize) -> Option<&Handoffs> {
        self.handoffs
            .iter()
            .find(|handoffs| handoffs.structure == structure && handoffs.kind.is_none())
    }

    /// Mean days of begun handoffs of a structure at the seam itself, and in queues for scarce staff and
    /// places; `None` where none was begun.
    pub fn seam_and_capacity_days(&self, structure: usize) -> Option<(f64, f64)> {
        let days = self.stage_days.get(structure)?;
        let sum = |is_capacity: bool| -> f64 {
            let stages = Stage::ALL.iter().zip(days);
            stages
                .filter(|(stage, _)| stage.is_capacity() == is_capacity)
                .map(|(_, days)| days)
                .sum()
        };
        (!days.is_empty()).then(|| (sum(false), sum(true)))
    }

    /// The structure whose estimate of the primary measure lies furthest from the baseline's, on
    /// either side; `None` where there is nothing to compare. Says nothing of chance.
    pub fn furthest_from_baseline(&self) -> Option<usize> {
        let compared = self.measure(self.primary.id)?;
        let apart = |place: usize| compared.rows[place].difference.map(|it| it.value.abs());
        (1..self.structures.len())
            .filter_map(|place| Some((place, apart(place)?)))
            // Of equals the first.
            .rev()
            .max_by(|one, other| one.1.total_cmp(&other.1))
            .map(|(place, _)| place)
    }

    /// A measure by its id, if the study has it.
    pub fn measure(&self, id: &str) -> Option<&Compared> {
        self.measures
            .iter()
            .find(|compared| compared.measure.id == id)
    }

    /// The measures that stand forward and have something to show, in the order of the register.
    pub fn forward(&self) -> impl Iterator<Item = &Compared> {
        self.measures.iter().filter(|compared| {
            compare::stands_forward(compared.measure, self.primary) && compared.is_there()
        })
    }

    /// The ranking by a measure that stands forward.
    pub fn ranking(&self, id: &str) -> Option<&Ranking> {
        self.rankings
            .iter()
            .find(|ranking| ranking.measure.id == id)
    }

    /// One series of one structure by month.
    pub fn monthly(&self, structure: usize, series: Series) -> Option<&Monthly> {
        self.months
            .iter()
            .find(|monthly| monthly.structure == structure && monthly.series == series)
    }

    /// When a structure breaks even in one series.
    pub fn break_even(&self, structure: usize, series: Series) -> Option<&BreakEven> {
        self.break_even
            .iter()
            .find(|even| even.structure == structure && even.series == series)
    }
}

/// Estimates everything that is shown of a run.
///
/// # Panics
///
/// When the tallies contradict themselves (stages that do not add up to delays, causes that do not
/// add up to missed cases, months, needs or areas that do not add up to totals) or there is no trial: a fault in the simulation, never in a file.
pub fn summarise(results: &Results) -> Summary {
    let pools: Vec<Pool> = (0..results.structures.len())
        .map(|structure| Pool::of(results, structure))
        .collect();
    let years = results.trials.len() as f64 * results.observed.get() / Days::YEAR.get();
    pools.iter().for_each(|pool| laws::check(&pool.pooled));
    let compare::Comparison { measures, rankings } = compare::all(results, &pools);
    let means = means::of(&pools, results, years);
    let missed = pools
        .iter()
        .enumerate()
        .map(|(structure, pool)| match results.scope {
            Scope::Network => {
                let [sampled] = pool.sample(|tally| [network_missed(tally)]);
                let total = sampled.estimate(IntervalMethod::Jackknife, f64::INFINITY);
                missed::of_network(pool, total)
            }
            Scope::Children | Scope::Both => {
                let total = measures
                    .iter()
                    .find(|compared| compared.measure.id == "known-missed")
                    .and_then(|compared| compared.rows[structure].estimate);
                missed::of_children(pool, &results.needs, total)
            }
        })
        .collect();
    let each = || pools.iter().enumerate();
    Summary {
        scope: results.scope,
        trials: results.trials.len(),
        events: pools.iter().map(|pool| pool.pooled.events).sum(),
        children: results.children,
        observed: results.observed,
        warm_up: results.warm_up,
        structures: results.structures.clone(),
        services: results.services.clone(),
        sources: results.sources.clone(),
        needs: results.needs.clone(),
        areas: results.areas.clone(),
        measures,
        primary: compare::primary(results),
        at_posts: at_posts::of(results, rankings.first()),
        rankings,
        handoffs: each()
            .flat_map(|(structure, pool)| breakdown::handoffs(pool, structure, years))
            .collect(),
        stage_days: pools.iter().map(breakdown::stage_days).collect(),
        delays: each()
            .flat_map(|(structure, pool)| breakdown::delays(pool, structure, results, years))
            .collect(),
        missed_unit: match results.scope {
            Scope::Network => "per 1,000 arrivals",
            Scope::Children | Scope::Both => "per 10,000 children a year",
        },
        missed,
        loads: each()
            .flat_map(|(structure, pool)| breakdown::services(pool, structure, years))
            .collect(),
        counts: each()
            .flat_map(|(structure, pool)| breakdown::counts(pool, structure, years))
            .collect(),
        years: pools
            .first()
            .map_or_else(Vec::new, |baseline| drift::of(baseline, results.observed)),
        vesting: results.vesting.clone(),
        months: months::of(&pools, results),
        break_even: months::break_even(&pools, results),
        service_months: each()
            .flat_map(|(structure, pool)| {
                breakdown::service_months(pool, structure, results.observed)
            })
            .collect(),
        funnel: funnel::of(&pools, results.needs.len()),
        recorded: match results.scope {
            Scope::Network => Vec::new(),
            Scope::Children | Scope::Both => each()
                .flat_map(|(structure, pool)| recorded::of(pool, structure))
                .collect(),
        },
        delayed: each()
            .flat_map(|(structure, pool)| occupancy::delayed(pool, structure, &results.considered))
            .collect(),
        sharings: (results.considered.sharings.iter())
            .map(|sharing| sharing.named.clone())
            .collect(),
        present: each()
            .flat_map(|(structure, pool)| occupancy::present(pool, structure, results))
            .collect(),
        discordance: discordance::of(&pools),
        churn: discordance::churn(results),
        by_need: equity::of_needs(&pools, results.needs.len()),
        by_area: equity::of_areas(&pools, results.areas.len()),
        cases: cases::of(&pools, &results.cases),
        unequal: means::unequal(&means),
        overloads: overloads(means.iter().map(|of| &of.means)),
        means,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn identical_structures_differ_by_exactly_zero() {
        let mut results = synthetic::children(2, 6, 4);
        for trial in &mut results.trials {
            trial[1] = trial[0].clone();
        }
        for compared in summarise(&results).measures {
            if compared.measure.interval == IntervalMethod::Exact {
                continue; // differs as the means of the synthetic world do
            }
            let difference = compared.rows[1].difference.unwrap();
            let nothing = Interval {
                low: 0.0,
                high: 0.0,
            };
            assert_eq!(
                difference.interval,
                Some(nothing),
                "{}",
                compared.measure.id
            );
            assert_eq!(difference.value.to_bits(), 0, "{}", compared.measure.id);
        }
    }

    #[test]
    fn causes_add_up_to_the_known_missed_cases_in_both_accounts() {
        let summary = summarise(&synthetic::children(3, 5, 8));
        for (structure, missed) in summary.missed.iter().enumerate() {
            let total = summary.measure("known-missed").unwrap().rows[structure]
                .estimate
                .unwrap()
                .value;
            let stood: f64 = missed.causes.iter().map(|cause| cause.stood).sum();
            let time: f64 = missed.causes.iter().filter_map(|cause| cause.time).sum();
            assert!((stood - total).abs() < 1e-9 * total);
            assert!((time - total).abs() < 1e-9 * total);
        }
    }

    #[test]
    fn days_at_the_seam_and_in_queues_are_all_days() {
        let summary = summarise(&synthetic::children(3, 4, 8));
        for (structure, days) in summary.stage_days.iter().enumerate() {
            let (seam, queues) = summary.seam_and_capacity_days(structure).unwrap();
            assert!((seam + queues - days.iter().sum::<f64>()).abs() < 1e-9);
            assert!(seam > 1.0 && queues > 1.0);
        }
        assert_eq!(summary.seam_and_capacity_days(3), None);
        assert_eq!(summary.furthest_from_baseline(), Some(2));
        let alone = summarise(&synthetic::children(1, 4, 8));
        assert_eq!(alone.furthest_from_baseline(), None);
    }

    #[test]
    fn a_study_has_the_measures_of_its_scope() {
        let ids = |results: Results| -> Vec<&'static str> {
            summarise(&results)
                .measures
                .iter()
                .map(|compared| compared.measure.id)
                .collect()
        };
        assert!(ids(synthetic::children(1, 2, 1)).contains(&"known-missed"));
        assert!(!ids(synthetic::network(1, 2, 1)).contains(&"known-missed"));
        assert!(ids(synthetic::network(1, 2, 1)).contains(&"days-in-system"));
    }

    /// The synthetic world has delays with known shares, so estimates can be held against them.
    #[test]
    fn estimates_hold_the_truth_of_the_synthetic_world() {
        let summary = summarise(&synthetic::children(2, 40, 77));
        for structure in 0..2 {
            let truth = 100.0 * synthetic::begun_by_30(structure);
            let row = &summary.measure("handoffs-begun-30").unwrap().rows[structure];
            let found = row.estimate.unwrap();
            let interval = found.interval.unwrap();
            let half = (interval.high - interval.low) / 2.0;
            assert!(
                (found.value - truth).abs() < 2.0 * half,
                "{found:?}, truth {truth}"
            );
            assert!(half < 1.0, "too vague to tell right from wrong");
        }
    }
}
