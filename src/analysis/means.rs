//! What each structure has to work with, and whether that is the same for all.

use crate::analysis::quantities::Pool;
use crate::experiment::results::{Means, Offered, Results};
use crate::measures::Overhead;

/// Difference from the baseline above which totals are not equal: rounding is far below it.
const ROUNDING: f64 = 0.000_5;

/// What one structure has to work with, all areas together.
#[derive(Debug, Clone, PartialEq)]
pub struct MeansOf {
    /// As the run had it.
    pub means: Means,
    /// Full-time posts in front-line work, all services together.
    pub front_line: f64,
    /// Full-time posts that overheads take, all uses together.
    pub overheads: f64,
    /// Hours a year that overheads took in the simulation, by use, mean over trials.
    pub overhead_hours: [f64; Overhead::COUNT],
    /// All posts, of the baseline's; 0 is equal.
    pub posts_over_baseline: f64,
    /// Running cost, of the baseline's; `None` where no cost is stated.
    pub cost_over_baseline: Option<f64>,
}

/// A total that is not the same under every structure.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Unequal {
    /// What.
    pub what: Total,
    /// Lowest of the structures' totals over the baseline's, less 1.
    pub lowest: f64,
    /// Highest of them.
    pub highest: f64,
}

/// What can be the same under every structure.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Total {
    /// Running cost.
    Money,
    /// Posts, where no cost is stated.
    Posts,
}

/// A kind of work that a service cannot keep up with.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Overload {
    /// The structure's place in the summary.
    pub structure: usize,
    /// The service's place in the summary.
    pub service: usize,
    /// The work.
    pub work: Work,
    /// Work asked for, for each unit of capacity: 1 or more.
    pub offered: f64,
}

/// What services do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Work {
    /// Screening.
    Screening,
    /// Assessment.
    Assessment,
    /// Help.
    Help,
}

impl Work {
    /// Every kind of work.
    pub const ALL: [Self; 3] = [Self::Screening, Self::Assessment, Self::Help];

    /// The word for it, in files and for readers.
    pub fn id(self) -> &'static str {
        match self {
            Self::Screening => "screening",
            Self::Assessment => "assessment",
            Self::Help => "help",
        }
    }

    /// Its offered load.
    pub fn offered(self, offered: &Offered) -> Option<f64> {
        match self {
            Self::Screening => offered.screening,
            Self::Assessment => offered.assessment,
            Self::Help => offered.help,
        }
    }
}

/// The means of every structure; none where the results state none.
pub(super) fn of(pools: &[Pool], results: &Results, years: f64) -> Vec<MeansOf> {
    let Some(baseline) = results.means.first() else {
        return Vec::new();
    };
    results
        .means
        .iter()
        .zip(pools)
        .map(|(means, pool)| MeansOf {
            means: means.clone(),
            front_line: means.front_line.iter().sum(),
            overheads: means.overheads.iter().sum(),
            overhead_hours: pool
                .pooled
                .overhead_seconds
                .map(|seconds| seconds as f64 / 3_600.0 / years),
            posts_over_baseline: over(posts(means), posts(baseline)).unwrap_or(0.0),
            cost_over_baseline: over(means.pounds_a_year, baseline.pounds_a_year),
        })
        .collect()
}

fn posts(means: &Means) -> f64 {
    means.front_line.iter().chain(&means.overheads).sum()
}

fn over(ours: f64, theirs: f64) -> Option<f64> {
    (theirs > 0.0).then(|| ours / theirs - 1.0)
}

/// What is not equal: money where it is stated, else posts.
pub(super) fn unequal(means: &[MeansOf]) -> Option<Unequal> {
    let money: Vec<f64> = means
        .iter()
        .filter_map(|means| means.cost_over_baseline)
        .collect();
    let (what, over) = if money.is_empty() {
        let posts = means.iter().map(|means| means.posts_over_baseline);
        (Total::Posts, posts.collect())
    } else {
        (Total::Money, money)
    };
    over.iter()
        .any(|share| share.abs() > ROUNDING)
        .then(|| Unequal {
            what,
            lowest: over.iter().copied().fold(0.0, f64::min),
            highest: over.iter().copied().fold(0.0, f64::max),
        })
}

/// Every work of a service that is offered as much as it can do, or more, under structures with these
/// means. Known before a run.
pub fn overloads<'m>(means: impl IntoIterator<Item = &'m Means>) -> Vec<Overload> {
    let mut found = Vec::new();
    for (structure, means) in means.into_iter().enumerate() {
        for (service, offered) in means.offered.iter().enumerate() {
            for work in Work::ALL {
                if let Some(offered) = work.offered(offered).filter(|offered| *offered >= 1.0) {
                    found.push(Overload {
                        structure,
                        service,
                        work,
                        offered,
                    });
                }
            }
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::analysis::synthetic;

    fn two(change: impl Fn(&mut Means)) -> Vec<MeansOf> {
        let mut results = synthetic::children(2, 2, 1);
        let mut first = results.means[0].clone();
        first.front_line = vec![60.0, 30.0, 6.0];
        first.overheads = [0.0; Overhead::COUNT];
        first.overheads[0] = 4.0;
        first.pounds_a_year = 4_000_000.0;
        let mut second = first.clone();
        change(&mut second);
        results.means = vec![first, second];
        let pools: Vec<Pool> = (0..2)
            .map(|structure| Pool::of(&results, structure))
            .collect();
        of(&pools, &results, 10.0)
    }

    #[test]
    fn equal_money_is_equal_whoever_does_the_work() {
        let means = two(|means| {
            means.front_line[0] -= 5.0;
            means.overheads[3] += 5.0;
        });
        assert_eq!(unequal(&means), None);
        assert!((means[1].front_line - 91.0).abs() < 1e-9);
        assert!((means[1].overheads - 9.0).abs() < 1e-9);
    }

    #[test]
    fn unequal_money_and_unequal_posts_are_told() {
        let dearer = unequal(&two(|means| means.pounds_a_year *= 1.03)).unwrap();
        assert_eq!(dearer.what, Total::Money);
        assert!((dearer.highest - 0.03).abs() < 1e-9 && dearer.lowest == 0.0);
        let mut larger = two(|means| means.front_line[0] += 2.0);
        assert_eq!(
            unequal(&larger),
            None,
            "money is what counts where it is stated"
        );
        for means in &mut larger {
            means.cost_over_baseline = None;
        }
        let larger = unequal(&larger).unwrap();
        assert_eq!(larger.what, Total::Posts);
        assert!((larger.highest - 0.02).abs() < 1e-9);
    }

    #[test]
    fn a_service_at_its_capacity_cannot_keep_up() {
        let mut means = two(|means| {
            means.offered[1].assessment = Some(1.0);
            means.offered[1].help = None;
        });
        for offered in &mut means[0].means.offered {
            *offered = Offered::default();
        }
        for (place, offered) in means[1].means.offered.iter_mut().enumerate() {
            if place != 1 {
                *offered = Offered::default();
            }
        }
        let found = overloads(means.iter().map(|of| &of.means));
        assert_eq!(found.len(), 1, "{found:?}");
        assert_eq!((found[0].structure, found[0].service), (1, 1));
        assert_eq!(found[0].work, Work::Assessment);
    }
}
