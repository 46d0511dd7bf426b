//! Which structures can be told apart, and in which order they then stand.
//!
//! Only simultaneous intervals take part: a sentence that ranks is about many structures at once.

use crate::analysis::simultaneous::{Pair, Simultaneous};
use crate::measures::{Direction, Measure};

/// What the simultaneous interval of a difference says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verdict {
    /// The interval lies below zero.
    Lower,
    /// The interval lies above zero.
    Higher,
    /// The interval holds zero: the two cannot be told apart.
    CannotTell,
}

impl Verdict {
    /// The verdict on a difference.
    pub fn on(pair: &Pair) -> Self {
        match pair.difference.interval {
            Some(interval) if interval.high < 0.0 => Self::Lower,
            Some(interval) if interval.low > 0.0 => Self::Higher,
            _ => Self::CannotTell,
        }
    }

    fn turned_round(self) -> Self {
        match self {
            Self::Lower => Self::Higher,
            Self::Higher => Self::Lower,
            Self::CannotTell => Self::CannotTell,
        }
    }
}

/// Structures by one measure.
#[derive(Debug, Clone, PartialEq)]
pub struct Ranking {
    /// The measure.
    pub measure: &'static Measure,
    /// Places of the structures by their estimates, the one that is better for children first; those
    /// without an estimate are left out. Says nothing of chance.
    pub order: Vec<usize>,
    /// Runs of that order in which no two can be told apart, as long as can be. They may overlap:
    /// a structure that cannot be told from either neighbour stands in both of their groups.
    pub groups: Vec<Vec<usize>>,
    /// Differences from the baseline; they hold together.
    pub from_baseline: Vec<Pair>,
    /// Differences of all pairs; they hold together.
    pub pairs: Vec<Pair>,
}

impl Ranking {
    /// How a structure differs from the baseline; `None` for the baseline itself.
    pub fn against_baseline(&self, structure: usize) -> Option<Verdict> {
        let pair = self
            .from_baseline
            .iter()
            .find(|pair| pair.of == structure)?;
        Some(Verdict::on(pair))
    }

    /// How the value of one structure differs from that of another, over all pairs.
    pub fn between(&self, of: usize, from: usize) -> Verdict {
        let pair = |from, of| {
            self.pairs
                .iter()
                .find(|pair| pair.from == from && pair.of == of)
                .map(Verdict::on)
        };
        pair(from, of)
            .or_else(|| pair(of, from).map(Verdict::turned_round))
            .unwrap_or(Verdict::CannotTell)
    }

    /// Number of pairs that can be told apart.
    pub fn told_apart(&self) -> usize {
        let is_told = |pair: &&Pair| Verdict::on(pair) != Verdict::CannotTell;
        self.pairs.iter().filter(is_told).count()
    }

    /// Pairs that both rankings tell apart, but the other way round.
    pub fn turned_in(&self, other: &Self) -> Vec<(usize, usize)> {
        self.pairs
            .iter()
            .filter(|pair| {
                let here = Verdict::on(pair);
                here != Verdict::CannotTell
                    && other.between(pair.of, pair.from) == here.turned_round()
            })
            .map(|pair| (pair.from, pair.of))
            .collect()
    }
}

/// The ranking of structures with these estimates and differences.
pub(super) fn of(
    measure: &'static Measure,
    estimates: &[Option<f64>],
    simultaneous: Simultaneous,
) -> Ranking {
    let mut order: Vec<(usize, f64)> = estimates
        .iter()
        .enumerate()
        .filter_map(|(place, estimate)| Some((place, (*estimate)?)))
        .collect();
    order.sort_by(|a, b| match measure.direction {
        Direction::HigherIsBetter => b.1.total_cmp(&a.1),
        Direction::LowerIsBetter | Direction::Neutral => a.1.total_cmp(&b.1),
    });
    let mut ranking = Ranking {
        measure,
        order: order.into_iter().map(|(place, _)| place).collect(),
        groups: Vec::new(),
        from_baseline: simultaneous.from_baseline,
        pairs: simultaneous.pairs,
    };
    ranking.groups = groups(&ranking);
    ranking
}

fn groups(ranking: &Ranking) -> Vec<Vec<usize>> {
    let order = &ranking.order;
    let mut groups = Vec::new();
    let mut covered = 0;
    for start in 0..order.len() {
        let alike = |end: &usize| {
            order[start..*end]
                .iter()
                .all(|one| ranking.between(order[*end], *one) == Verdict::CannotTell)
        };
        let end = (start + 1..order.len())
            .find(|end| !alike(end))
            .unwrap_or(order.len());
        // A run within the one before says nothing new.
        if end > covered {
            groups.push(order[start..end].to_vec());
            covered = end;
        }
    }
    groups
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::analysis::intervals::{Estimate, Interval};
    use crate::measures::MEASURES;

    fn pair(from: usize, of: usize, low: f64, high: f64) -> Pair {
        Pair {
            from,
            of,
            difference: Estimate {
                value: f64::midpoint(low, high),
                interval: Some(Interval { low, high }),
            },
        }
    }

    fn measure(id: &str) -> &'static Measure {
        MEASURES.iter().find(|measure| measure.id == id).unwrap()
    }

    /// Three structures at 10, 8 and 7, of which only the ends are told apart.
    fn three() -> Simultaneous {
        Simultaneous {
            from_baseline: vec![pair(0, 1, -5.0, 1.0), pair(0, 2, -5.0, -1.0)],
            pairs: vec![
                pair(0, 1, -5.0, 1.0),
                pair(0, 2, -5.0, -1.0),
                pair(1, 2, -3.0, 1.0),
            ],
        }
    }

    #[test]
    fn groups_overlap_where_the_middle_cannot_be_told_from_either_end() {
        let values = [Some(10.0), Some(8.0), Some(7.0)];
        let ranking = of(measure("known-missed"), &values, three());
        assert_eq!(ranking.order, [2, 1, 0]);
        assert_eq!(ranking.groups, [vec![2, 1], vec![1, 0]]);
        assert_eq!(ranking.told_apart(), 1);
        assert_eq!(ranking.against_baseline(0), None);
        assert_eq!(ranking.against_baseline(1), Some(Verdict::CannotTell));
        assert_eq!(ranking.against_baseline(2), Some(Verdict::Lower));
        assert_eq!(ranking.between(0, 2), Verdict::Higher);
    }

    #[test]
    fn where_more_is_better_the_highest_stands_first() {
        let values = [Some(10.0), None, Some(17.0)];
        let ranking = of(measure("handoffs-begun-30"), &values, three());
        assert_eq!(ranking.order, [2, 0]);
    }

    #[test]
    fn a_pair_told_apart_the_other_way_round_has_turned() {
        let values = [Some(10.0), Some(8.0), Some(7.0)];
        let here = of(measure("known-missed"), &values, three());
        let mut other = here.clone();
        assert_eq!(here.turned_in(&other), []);
        other.pairs[1] = pair(0, 2, 1.0, 3.0);
        other.pairs[2] = pair(1, 2, 1.0, 3.0);
        // The second pair was not told apart here, so nothing has turned there.
        assert_eq!(here.turned_in(&other), [(0, 2)]);
    }

    #[test]
    fn where_nothing_can_be_told_there_is_one_group() {
        let mut nothing = three();
        nothing.pairs[1] = pair(0, 2, -5.0, 1.0);
        let values = [Some(10.0), Some(8.0), Some(7.0)];
        let ranking = of(measure("known-missed"), &values, nothing);
        assert_eq!(ranking.groups.len(), 1);
        assert_eq!(ranking.told_apart(), 0);
    }
}
