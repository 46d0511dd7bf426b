//! The cases of a search: slices taken off a box and put back, limits held against luck.

use statrs::function::beta::beta_reg;

use super::{Region, Restriction, Search, is_limit};
use crate::analysis::noise::Noise;

/// A case that takes part.
#[derive(Debug, Clone, Copy)]
pub(super) struct Case<'a> {
    pub(super) at: &'a [f64],
    pub(super) weight: f64,
    pub(super) value: f64,
}

/// What a number of cases come to.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Sum {
    pub(super) weight: f64,
    value: f64,
    squared_weights: f64,
}

impl Sum {
    pub(super) fn of<'a>(cases: impl Iterator<Item = &'a Case<'a>>) -> Self {
        let mut sum = Self::default();
        cases.for_each(|it| sum.add(it));
        sum
    }

    fn add(&mut self, case: &Case<'_>) {
        self.weight += case.weight;
        self.value += case.weight * case.value;
        self.squared_weights += case.weight * case.weight;
    }

    /// At most 1, whatever rounding does.
    pub(super) fn density(&self) -> f64 {
        (self.value / self.weight).min(1.0)
    }

    /// Number of equal weights that would tell as much.
    fn number(&self) -> f64 {
        self.weight * self.weight / self.squared_weights
    }
}

/// A slice that may be taken off a box or put to it.
struct Slice {
    dimension: usize,
    is_low: bool,
    limit: f64,
    gain: f64,
}

impl Slice {
    fn apply(&self, limits: &mut [(f64, f64)]) {
        let (low, high) = &mut limits[self.dimension];
        *(if self.is_low { low } else { high }) = self.limit;
    }
}

/// The cases that a box is looked for in.
pub(super) struct Field<'a> {
    pub(super) cases: &'a [Case<'a>],
    /// Of all cases there are, in this field or in boxes before.
    pub(super) all: Sum,
    pub(super) search: &'a Search,
}

impl Field<'_> {
    fn dimensions(&self) -> usize {
        self.cases.first().map_or(0, |it| it.at.len())
    }

    fn region(&self, limits: Vec<(f64, f64)>, inside: Sum) -> Region {
        Region {
            limits,
            coverage: if self.all.value > 0.0 {
                inside.value / self.all.value
            } else {
                0.0
            },
            density: inside.density(),
            support: inside.weight / self.all.weight,
        }
    }

    fn sum_in(&self, region: &Region) -> Sum {
        Sum::of(self.cases.iter().filter(|it| region.holds(it.at)))
    }

    /// Boxes from the one of all cases of the field on, each a slice less than the one before, until
    /// nothing differs in them or they are as small as allowed. A slice is taken even where the best
    /// loses a little: what lies behind may be worth it.
    pub(super) fn peel(&self) -> Vec<Region> {
        let mut limits = vec![(0.0, 1.0); self.dimensions()];
        // Cases in the box by each coordinate; of equals, as the cases come.
        let mut orders: Vec<Vec<&Case<'_>>> = (0..self.dimensions())
            .map(|dimension| {
                let mut order: Vec<&Case<'_>> = self.cases.iter().collect();
                order.sort_by(|a, b| a.at[dimension].total_cmp(&b.at[dimension]));
                order
            })
            .collect();
        let mut trajectory = Vec::new();
        while let Some(some) = orders.first().filter(|it| !it.is_empty()) {
            let inside = Sum::of(some.iter().copied());
            trajectory.push(self.region(limits.clone(), inside));
            let mut best: Option<Slice> = None;
            for (dimension, order) in orders.iter().enumerate() {
                let low = self.slice_off(order.iter().copied(), dimension, true, inside);
                let high = self.slice_off(order.iter().rev().copied(), dimension, false, inside);
                for slice in [low, high].into_iter().flatten() {
                    if best.as_ref().is_none_or(|it| slice.gain > it.gain) {
                        best = Some(slice);
                    }
                }
            }
            let differ = |two: &[&Case<'_>]| two[0].value.total_cmp(&two[1].value).is_ne();
            let Some(slice) = best.filter(|_| some.windows(2).any(differ)) else {
                break;
            };
            slice.apply(&mut limits);
            let (low, high) = limits[slice.dimension];
            let stays = |it: &&Case<'_>| (low..=high).contains(&it.at[slice.dimension]);
            orders.iter_mut().for_each(|order| order.retain(stays));
        }
        trajectory
    }

    /// The slice at the beginning of some cases: at least its share of the weight, and all cases that
    /// have the same coordinate as the last. Its gain is what the density rises by for each weight
    /// taken, so that slices of different weight compare (Kwakkel JH, Jaxa-Rozen M (2016),
    /// Environmental Modelling & Software 79:311-321). `None` where too little would stay.
    fn slice_off<'c>(
        &self,
        order: impl Iterator<Item = &'c Case<'c>>,
        dimension: usize,
        is_low: bool,
        inside: Sum,
    ) -> Option<Slice> {
        let (taken, last, next) = slice_of(order, dimension, self.search.slice * inside.weight);
        let weight = inside.weight - taken.weight;
        let next = next?;
        if weight < self.search.least_support * self.all.weight {
            return None;
        }
        let density = (inside.value - taken.value) / weight;
        Some(Slice {
            dimension,
            is_low,
            limit: between(last, next),
            gain: (density - inside.density()) / taken.weight,
        })
    }

    /// Puts slices back for as long as the density does not fall.
    pub(super) fn paste(&self, region: &Region) -> Region {
        let mut region = region.clone();
        loop {
            let inside = self.sum_in(&region);
            let mut best: Option<Slice> = None;
            for dimension in 0..self.dimensions() {
                for is_low in [true, false] {
                    let slice = self.slice_on(&region, dimension, is_low, inside);
                    if let Some(slice) = slice
                        && best.as_ref().is_none_or(|it| slice.gain > it.gain)
                    {
                        best = Some(slice);
                    }
                }
            }
            let Some(slice) = best.filter(|it| it.gain >= 0.0) else {
                return self.region(region.limits, inside);
            };
            slice.apply(&mut region.limits);
        }
    }

    fn slice_on(
        &self,
        region: &Region,
        dimension: usize,
        is_low: bool,
        inside: Sum,
    ) -> Option<Slice> {
        let (low, high) = region.limits[dimension];
        let mut wide = region.clone();
        wide.limits[dimension] = if is_low { (0.0, low) } else { (high, 1.0) };
        let mut order: Vec<&Case<'_>> = self
            .cases
            .iter()
            .filter(|it| wide.holds(it.at) && !(low..=high).contains(&it.at[dimension]))
            .collect();
        order.sort_by(|a, b| a.at[dimension].total_cmp(&b.at[dimension]));
        if is_low {
            order.reverse();
        }
        let wished = self.search.slice * inside.weight;
        let (put, last, next) = slice_of(order.into_iter(), dimension, wished);
        let end = if is_low { 0.0 } else { 1.0 };
        (put.weight > 0.0).then(|| {
            let density = (inside.value + put.value) / (inside.weight + put.weight);
            Slice {
                dimension,
                is_low,
                limit: next.map_or(end, |next| between(next, last)),
                gain: (density - inside.value / inside.weight) / put.weight,
            }
        })
    }

    /// Drops the limits that may be luck, the likeliest first, until none is left that may.
    pub(super) fn without_luck(&self, mut region: Region) -> (Region, Vec<Restriction>) {
        loop {
            let inside = self.sum_in(&region);
            region = self.region(region.limits, inside);
            let restrictions: Vec<Restriction> = (region.limits.iter().enumerate())
                .filter(|(_, limits)| is_limit(**limits))
                .map(|(dimension, (low, high))| {
                    let mut wide = region.clone();
                    wide.limits[dimension] = (0.0, 1.0);
                    let without = self.sum_in(&wide).density();
                    Restriction {
                        dimension,
                        low: *low,
                        high: *high,
                        chance: as_many(inside.number(), inside.density(), without),
                    }
                })
                .collect();
            let likeliest = restrictions
                .iter()
                .filter(|it| it.chance > self.search.significance)
                .max_by(|a, b| a.chance.total_cmp(&b.chance));
            match likeliest {
                Some(it) => region.limits[it.dimension] = (0.0, 1.0),
                None => return (region, restrictions),
            }
        }
    }

    /// The share of deals of the values, this one included, whose trajectory stands out as much.
    pub(super) fn chance(&self, trajectory: &[Region], noise: &mut Noise) -> f64 {
        let found = self.stands_out(trajectory);
        let mut dealt = self.cases.to_vec();
        let mut as_far = 1;
        for _ in 0..self.search.deals {
            for last in (1..dealt.len()).rev() {
                let other = (noise.uniform() * (last + 1) as f64) as usize;
                let (one, two) = (dealt[last].value, dealt[other].value);
                (dealt[last].value, dealt[other].value) = (two, one);
            }
            let field = Field {
                cases: &dealt,
                all: self.all,
                search: self.search,
            };
            as_far += usize::from(field.stands_out(&field.peel()) >= found);
        }
        f64::from(as_far as u32) / (self.search.deals + 1) as f64
    }

    /// The most standard errors by which a box's density lies above that of the field, drawing without
    /// replacement.
    fn stands_out(&self, trajectory: &[Region]) -> f64 {
        let field = Sum::of(self.cases.iter());
        let (mean, all) = (field.density(), field.number());
        let z = |region: &Region| {
            // Of the field: cases in boxes before are not in it.
            let share = region.support * self.all.weight / field.weight;
            let variance = mean * (1.0 - mean) * (1.0 - share) / (share * all);
            (region.density - mean) / variance.sqrt()
        };
        trajectory.iter().skip(1).map(z).fold(0.0, f64::max)
    }
}

/// The sum of cases at the beginning of some, until they have a weight, with all that share the last
/// one's coordinate; that coordinate, and the first one after.
fn slice_of<'c>(
    order: impl Iterator<Item = &'c Case<'c>>,
    dimension: usize,
    wished: f64,
) -> (Sum, f64, Option<f64>) {
    let (mut taken, mut last) = (Sum::default(), f64::NAN);
    for case in order {
        let x = case.at[dimension];
        let is_same = x.total_cmp(&last).is_eq();
        if taken.weight >= wished && !is_same {
            return (taken, last, Some(x));
        }
        taken.add(case);
        last = x;
    }
    (taken, last, None)
}

/// A limit between a coordinate outside and one inside.
fn between(outside: f64, inside: f64) -> f64 {
    let middle = f64::midpoint(outside, inside);
    if middle.total_cmp(&outside).is_eq() {
        inside
    } else {
        middle
    }
}

/// `P(Binomial(n, p) >= density * n)`, carried on between whole numbers by the incomplete beta function.
fn as_many(n: f64, density: f64, p: f64) -> f64 {
    let value = density * n;
    if value <= 0.0 {
        return 1.0;
    }
    beta_reg(value, (n - value).max(0.0) + 1.0, p)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Eight or more heads of ten throws: 56 of 1,024.
    #[test]
    fn the_chance_of_a_limit_is_the_binomial_tail() {
        assert!((as_many(10.0, 0.8, 0.5) - 56.0 / 1_024.0).abs() < 1e-12);
        assert!((as_many(10.0, 1.0, 0.5) - 1.0 / 1_024.0).abs() < 1e-12);
        assert!((as_many(10.0, 0.0, 0.5) - 1.0).abs() < 1e-12);
    }
}
