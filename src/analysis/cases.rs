//! Scripted children: how likely it is that every occasion is missed, and what each occasion led to.
//!
//! Beside the share of children whom no occasion brought to a step stands what that share would be if
//! occasions failed independently of each other: the product, over occasions, of the share that the
//! occasion alone leaves behind, `(1 - q_1) (1 - q_2) ...`. The difference between the two says how far
//! occasions fail together (more are missed) or add up (fewer are).

use crate::analysis::intervals::{Estimate, Sampled};
use crate::analysis::quantities::{Pool, SECONDS_A_DAY, ratio};
use crate::experiment::results::{CaseTally, NamedCase, OccasionTally, Tally};
use crate::measures::{Fate, IntervalMethod, Step};

/// A step to which no occasion brought the child within its script.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Never {
    /// No fitting help began: every occasion was missed.
    Helped,
    /// Help was never planned.
    Planned,
    /// Nobody ever completed an assessment.
    Assessed,
    /// No front door ever accepted.
    Accepted,
    /// Nobody ever referred.
    Referred,
    /// Nobody ever noted the need.
    Noted,
}

impl Never {
    /// Every one, the one that matters most first.
    pub const ALL: [Self; 6] = [
        Self::Helped,
        Self::Planned,
        Self::Assessed,
        Self::Accepted,
        Self::Referred,
        Self::Noted,
    ];

    /// The step.
    pub fn step(self) -> Step {
        match self {
            Self::Helped => Step::Helped,
            Self::Planned => Step::Planned,
            Self::Assessed => Step::Assessed,
            Self::Accepted => Step::Accepted,
            Self::Referred => Step::Referred,
            Self::Noted => Step::Noted,
        }
    }

    /// Id used in files.
    pub fn id(self) -> &'static str {
        match self {
            Self::Helped => "never-helped",
            Self::Planned => "never-planned",
            Self::Assessed => "never-assessed",
            Self::Accepted => "never-accepted",
            Self::Referred => "never-referred",
            Self::Noted => "never-noted",
        }
    }

    /// Words for readers.
    pub fn label(self) -> &'static str {
        match self {
            Self::Helped => "every occasion missed: no fitting help began",
            Self::Planned => "no help planned",
            Self::Assessed => "never assessed",
            Self::Accepted => "never accepted at a front door",
            Self::Referred => "never referred",
            Self::Noted => "need never noted",
        }
    }
}

/// One step that was never reached, under one structure. Shares are in percent of the children.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct CaseChance {
    /// The structure's place in the summary.
    pub structure: usize,
    /// The case's place in the summary.
    pub case: usize,
    /// What never happened.
    pub never: Never,
    /// Share of the children.
    pub share: Option<Estimate>,
    /// The paired difference from the baseline; `None` for the baseline itself.
    pub difference: Option<Estimate>,
    /// What the share would be if occasions failed independently; `None` where some occasion was
    /// tried alone by nobody.
    pub independent: Option<Estimate>,
    /// The share less that.
    pub together: Option<Estimate>,
}

/// One occasion under one structure. Shares are in percent.
#[derive(Debug, Clone, PartialEq)]
pub struct CaseOccasion {
    /// The structure's place in the summary.
    pub structure: usize,
    /// The case's place in the summary.
    pub case: usize,
    /// The occasion's place in the script.
    pub occasion: usize,
    /// Children met.
    pub met: u64,
    /// Share brought at least so far by this occasion, by [`Step`].
    pub reached: [Option<f64>; Step::COUNT],
    /// Share by what came of it, by [`Fate`]; they add up to 100.
    pub fates: [Option<f64>; Fate::COUNT],
    /// Share not yet helped when it came.
    pub not_yet_helped: Option<Estimate>,
    /// Share whose first fitting help it led to.
    pub first_help: Option<f64>,
    /// Share whom it would have brought to fitting help had it been the only one.
    pub helped_alone: Option<Estimate>,
}

/// Days from the beginning of the script to the first fitting help, of those helped.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct CaseDays {
    /// The structure's place in the summary.
    pub structure: usize,
    /// The case's place in the summary.
    pub case: usize,
    /// Mean days.
    pub days: Option<Estimate>,
    /// The paired difference from the baseline; `None` for the baseline itself.
    pub difference: Option<Estimate>,
}

/// What became of scripted children.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Cases {
    /// The cases.
    pub named: Vec<NamedCase>,
    /// Children who lived through each script, in all trials together.
    pub children: Vec<u64>,
    /// By structure, case and step.
    pub chances: Vec<CaseChance>,
    /// By structure, case and occasion.
    pub occasions: Vec<CaseOccasion>,
    /// By structure and case.
    pub days: Vec<CaseDays>,
}

impl Cases {
    /// How likely it is that something never happens, by structure.
    pub fn chances_of(&self, case: usize, never: Never) -> impl Iterator<Item = &CaseChance> {
        let wanted = move |it: &&CaseChance| it.case == case && it.never == never;
        self.chances.iter().filter(wanted)
    }
}

pub(super) fn of(pools: &[Pool], named: &[NamedCase]) -> Cases {
    let mut cases = Cases {
        named: named.to_vec(),
        ..Cases::default()
    };
    let Some(baseline) = pools.first() else {
        return cases;
    };
    for case in 0..named.len() {
        cases.children.push(baseline.pooled.cases[case].children);
        let before = chances(baseline, case);
        let days_before = days(baseline, case);
        for (structure, pool) in pools.iter().enumerate() {
            let is_compared = structure > 0;
            let method = IntervalMethod::Jackknife;
            let sampled = chances(pool, case);
            for ((never, ours), theirs) in Never::ALL.iter().zip(&sampled).zip(&before) {
                let [share, independent] = ours;
                cases.chances.push(CaseChance {
                    structure,
                    case,
                    never: *never,
                    share: share.estimate(method, 100.0),
                    difference: is_compared
                        .then(|| share.difference(&theirs[0], method))
                        .flatten(),
                    independent: independent.estimate(method, 100.0),
                    together: share.difference(independent, method),
                });
            }
            let ours = days(pool, case);
            cases.days.push(CaseDays {
                structure,
                case,
                days: ours.estimate(method, f64::INFINITY),
                difference: is_compared
                    .then(|| ours.difference(&days_before, method))
                    .flatten(),
            });
            cases.occasions.extend(occasions(pool, structure, case));
        }
    }
    cases
}

fn percent(above: u64, below: u64) -> Option<f64> {
    ratio(100.0 * above as f64, below as f64)
}

/// For each step: the share that never came to it, and the same were occasions independent.
fn chances(pool: &Pool, case: usize) -> Vec<[Sampled; 2]> {
    Never::ALL
        .iter()
        .map(|never| {
            let step = never.step().index();
            pool.sample(|tally: &Tally| {
                let case = &tally.cases[case];
                let missed = case.children - case.reached[step];
                [
                    percent(missed, case.children),
                    if_independent(case, step).map(|share| 100.0 * share),
                ]
            })
        })
        .collect()
}

/// The chance that no occasion brings a child to a step, if they fail independently.
fn if_independent(case: &CaseTally, step: usize) -> Option<f64> {
    let each = case.occasions.iter().map(|occasion| {
        let left = occasion.alone - occasion.reached_alone[step];
        ratio(left as f64, occasion.alone as f64)
    });
    each.product()
}

fn days(pool: &Pool, case: usize) -> Sampled {
    pool.ratio(
        |tally| tally.cases[case].seconds_to_help,
        |tally| tally.cases[case].reached[Step::Helped.index()],
        1.0 / SECONDS_A_DAY,
    )
}

fn occasions(pool: &Pool, structure: usize, case: usize) -> Vec<CaseOccasion> {
    let method = IntervalMethod::Jackknife;
    let helped = Step::Helped.index();
    let all = pool.pooled.cases[case].occasions.iter().enumerate();
    all.map(|(occasion, tally)| {
        let of = |tally: &Tally| -> OccasionTally { tally.cases[case].occasions[occasion] };
        let not_yet = pool.ratio(
            |tally| of(tally).reached[0] - of(tally).helped_before,
            |tally| of(tally).reached[0],
            100.0,
        );
        let alone = pool.ratio(
            |tally| of(tally).reached_alone[helped],
            |tally| of(tally).alone,
            100.0,
        );
        let met = tally.reached[0];
        CaseOccasion {
            structure,
            case,
            occasion,
            met,
            reached: tally.reached.map(|count| percent(count, met)),
            fates: tally.fates.map(|count| percent(count, met)),
            not_yet_helped: not_yet.estimate(method, 100.0),
            first_help: percent(tally.first_help, met),
            helped_alone: alone.estimate(method, 100.0),
        }
    })
    .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::units::Days;

    fn occasion(helped_alone: u64, fates: [(Fate, u64); 2]) -> OccasionTally {
        let mut occasion = OccasionTally {
            alone: 10,
            ..OccasionTally::default()
        };
        occasion.reached[0] = 8;
        occasion.reached_alone[0] = 10;
        occasion.reached_alone[Step::Helped.index()] = helped_alone;
        for (fate, children) in fates {
            occasion.fates[fate.index()] = children;
        }
        occasion
    }

    /// Eight children are met twice; alone the occasions help 2 and 5 of 10.
    fn tally(helped: u64) -> Tally {
        let mut tally = Tally::new(1, 1, 1, 1);
        let mut case = CaseTally {
            children: 8,
            seconds_to_help: helped * 86_400 * 30,
            occasions: vec![
                occasion(2, [(Fate::NotNoted, 6), (Fate::Helped, 2)]),
                occasion(5, [(Fate::Lost, 4), (Fate::Helped, 4)]),
            ],
            ..CaseTally::default()
        };
        case.reached[0] = 8;
        case.reached[Step::Helped.index()] = helped;
        tally.cases = vec![case];
        tally
    }

    fn named() -> NamedCase {
        NamedCase {
            id: "child".to_owned(),
            name: "A child".to_owned(),
            need: 0,
            lasts: Days::YEAR,
            occasions: Vec::new(),
        }
    }

    #[test]
    fn shares_and_their_product_are_those_worked_out_by_hand() {
        let (one, other) = (tally(2), tally(4));
        let mut pooled = one.clone();
        pooled.add(&other);
        let pool = Pool {
            pooled,
            trials: vec![&one, &other],
        };
        let cases = of(&[pool], &[named()]);
        let missed = cases.chances_of(0, Never::Helped).next().unwrap();
        let close = |found: Option<Estimate>, expected: f64| {
            let found = found.unwrap().value;
            assert!((found - expected).abs() < 1e-9, "{found}, not {expected}");
        };
        close(missed.share, 100.0 * 10.0 / 16.0);
        close(missed.independent, 100.0 * 0.8 * 0.5);
        close(missed.together, 62.5 - 40.0);
        assert_eq!(missed.difference, None);
        close(cases.days[0].days, 30.0);
        close(cases.occasions[1].helped_alone, 50.0);
        let fates: f64 = cases.occasions[0].fates.iter().flatten().sum();
        assert!((fates - 100.0).abs() < 1e-9);
    }

    #[test]
    fn an_occasion_that_nobody_tried_alone_leaves_the_product_open() {
        let mut tally = tally(2);
        tally.cases[0].occasions[1].alone = 0;
        tally.cases[0].occasions[1].reached_alone = [0; Step::COUNT];
        let pool = Pool {
            pooled: tally.clone(),
            trials: vec![&tally],
        };
        let cases = of(&[pool], &[named()]);
        let missed = cases.chances_of(0, Never::Helped).next().unwrap();
        assert_eq!(missed.independent, None);
        assert!(missed.share.is_some());
    }
}
