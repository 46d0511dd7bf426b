//! The bootstrap over rows, and quantiles.

use crate::analysis::intervals::Interval;
use crate::analysis::noise::Noise;

/// Bootstrap samples behind an interval.
pub(super) const SAMPLES: usize = 500;

/// Percentile intervals of 95% of several statistics (Efron and Tibshirani 1993, chapter 13): `of` is
/// given the numbers of the rows drawn with return, `rows` of them, and gives every statistic.
pub(super) fn intervals(
    rows: usize,
    seed: u64,
    mut of: impl FnMut(&[usize]) -> Vec<f64>,
) -> Vec<Interval> {
    let mut noise = Noise::new(seed);
    let mut drawn = vec![0; rows];
    let mut found: Vec<Vec<f64>> = Vec::new();
    for _ in 0..SAMPLES {
        for it in &mut drawn {
            *it = (noise.uniform() * rows as f64) as usize;
        }
        let statistics = of(&drawn);
        found.resize(statistics.len(), Vec::with_capacity(SAMPLES));
        for (all, one) in found.iter_mut().zip(statistics) {
            all.push(one);
        }
    }
    (found.into_iter())
        .map(|mut all| {
            all.sort_by(f64::total_cmp);
            Interval {
                low: quantile(&all, 0.025),
                high: quantile(&all, 0.975),
            }
        })
        .collect()
}

/// The quantile of sorted values, linear between neighbours (Hyndman and Fan 1996, type 7).
fn quantile(sorted: &[f64], share: f64) -> f64 {
    let place = share * (sorted.len() - 1) as f64;
    let below = place as usize;
    let above = (below + 1).min(sorted.len() - 1);
    sorted[below] + (place - below as f64) * (sorted[above] - sorted[below])
}

/// The smallest value that at least this share of the weight does not exceed.
pub(super) fn weighted_quantile(values: &[f64], weights: &[f64], share: f64) -> f64 {
    let mut order: Vec<usize> = (0..values.len()).collect();
    order.sort_by(|a, b| values[*a].total_cmp(&values[*b]));
    let wanted = share * weights.iter().sum::<f64>() * (1.0 - 1e-12);
    let mut below = 0.0;
    for &it in &order {
        below += weights[it];
        if below >= wanted {
            return values[it];
        }
    }
    order.last().map_or(0.0, |it| values[*it])
}

/// Points of a Latin hypercube, for tests.
#[cfg(test)]
pub(super) fn latin_hypercube(points: usize, dimensions: usize, seed: u64) -> Vec<Vec<f64>> {
    let mut noise = Noise::new(seed);
    let mut made = vec![Vec::new(); points];
    for _ in 0..dimensions {
        let cells = shuffled(points, &mut noise);
        for (point, cell) in made.iter_mut().zip(cells) {
            point.push((cell as f64 + noise.uniform()) / points as f64);
        }
    }
    made
}

/// The numbers below `size` in an order by chance.
pub(super) fn shuffled(size: usize, noise: &mut Noise) -> Vec<usize> {
    let mut order: Vec<usize> = (0..size).collect();
    for place in (1..size).rev() {
        order.swap(place, (noise.uniform() * (place + 1) as f64) as usize);
    }
    order
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quantiles_are_those_of_the_weight() {
        assert!((quantile(&[1.0, 2.0, 4.0], 0.75) - 3.0).abs() < 1e-12);
        let values = [3.0, 1.0, 2.0];
        for (share, expected) in [(0.5, 1.0), (0.51, 2.0), (0.75, 2.0), (0.76, 3.0)] {
            let found = weighted_quantile(&values, &[0.25, 0.5, 0.25], share);
            assert!((found - expected).abs() < 1e-12, "{share}: {found}");
        }
    }

    /// Of 200 experiments 95% should hold the truth, with a standard deviation of 3.1.
    #[test]
    fn intervals_of_a_mean_hold_the_truth_about_as_often_as_they_say() {
        let mut noise = Noise::new(4);
        let held = (0..200).filter(|seed| {
            let values: Vec<f64> = (0..60).map(|_| noise.normal()).collect();
            let found = intervals(60, *seed, |rows| {
                vec![rows.iter().map(|it| values[*it]).sum::<f64>() / 60.0]
            });
            found[0].low <= 0.0 && 0.0 <= found[0].high
        });
        let held = held.count();
        assert!((176..=199).contains(&held), "held {held} of 200");
    }
}
