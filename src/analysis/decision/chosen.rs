//! Which regression: its terms and penalties, as cross-validation finds best.

use super::regression::{Fit, Solver};
use super::terms::{Kind, Penalties, Terms, effective};

/// The penalty on straight effects as parts of that on the smoothest bend.
const RATIOS: [f64; 3] = [1e-6, 1e-2, 1.0];
/// Knots of the spline of a single parameter: 7 columns.
const KNOTS_OF_ONE: usize = 8;
/// Knots of each spline of several.
const KNOTS_OF_SEVERAL: usize = 5;
/// Columns are at most so many times fewer than draws, where a straight line each allows it.
const DRAWS_PER_COLUMN: f64 = 4.0;
/// And no more than this: the time goes with their third power.
const MOST_COLUMNS: usize = 400;

/// The regression that was chosen.
#[derive(Debug, Clone)]
pub(super) struct Chosen {
    pub(super) solver: Solver,
    /// By quantity.
    pub(super) fits: Vec<Fit>,
    /// By quantity: the strength of even penalties, from which uneven ones followed.
    pub(super) first: Vec<f64>,
    error: f64,
}

/// Fits several quantities on some parameters, at least one: by the ratio of penalties, with even ones or
/// uneven, with products or without, as cross-validation finds best for all quantities together.
pub(super) fn chosen(
    points: &[Vec<f64>],
    weights: &[f64],
    parameters: &[usize],
    quantities: &[Vec<f64>],
) -> Chosen {
    let room = ((effective(weights) / DRAWS_PER_COLUMN) as usize).min(MOST_COLUMNS);
    let (ratios, most) = match parameters.len() {
        // A single straight line is not held back, so that its uncertainty shows in full.
        1 => (&RATIOS[..1], KNOTS_OF_ONE),
        _ => (&RATIOS[..], KNOTS_OF_SEVERAL),
    };
    let knots = (room / parameters.len() + 1).clamp(2, most);
    let additive = Terms::new(points, weights, parameters, knots, &[]);
    let fitted = |terms: Terms, penalties: Penalties| {
        let solver = Solver::new(terms, penalties);
        let fits: Vec<Fit> = quantities.iter().map(|it| solver.fit(it)).collect();
        let logs = (fits.iter()).map(|it| libm::log(it.squared_error.max(f64::MIN_POSITIVE)));
        Chosen {
            error: logs.sum(),
            first: fits.iter().map(|it| it.strength).collect(),
            solver,
            fits,
        }
    };
    let even = |ratio: &f64| fitted(additive.clone(), Penalties::even(*ratio));
    let mut best = (ratios.iter().map(even))
        .min_by(|one, other| one.error.total_cmp(&other.error))
        .expect("there are ratios to try");
    let better = |terms: Terms, penalties: Penalties, best: &mut Chosen| {
        let other = fitted(terms, penalties);
        if other.error < best.error {
            let first = best.first.clone();
            *best = Chosen { first, ..other };
        }
    };
    if parameters.len() > 1 {
        let fits: Vec<&[f64]> = best.fits.iter().map(|it| &it.coefficients[..]).collect();
        let uneven = Penalties::by_strength(best.solver.penalties.ratio, &additive, &fits);
        better(additive, uneven, &mut best);
    }
    let pairs = pairs(&best.solver.terms, &best.fits, parameters, room);
    if !pairs.is_empty() {
        let with_products = Terms::new(points, weights, parameters, knots, &pairs);
        let penalties = best.solver.penalties.clone();
        better(with_products, penalties, &mut best);
    }
    best
}

/// Pairs among the parameters whose splines vary most, as many as there is room for beside them.
fn pairs(terms: &Terms, fits: &[Fit], parameters: &[usize], room: usize) -> Vec<(usize, usize)> {
    let left = room.saturating_sub(terms.kinds.len());
    let mut strong = 0;
    while strong < parameters.len() && strong * (strong + 1) / 2 <= left {
        strong += 1;
    }
    if strong < 2 {
        return Vec::new();
    }
    let strength = |parameter: usize| -> f64 {
        let own = |kind| matches!(kind, Kind::Straight(it) | Kind::Bend(it, _) if it == parameter);
        let parts = fits.iter().map(|fit| {
            let all = terms.part(&fit.coefficients, |_| true);
            let square = |of: &[f64]| of.iter().map(|it| it * it).sum::<f64>();
            square(&terms.part(&fit.coefficients, own)) / square(&all).max(f64::MIN_POSITIVE)
        });
        parts.sum()
    };
    let mut order: Vec<(usize, f64)> = parameters.iter().map(|it| (*it, strength(*it))).collect();
    order.sort_by(|one, other| other.1.total_cmp(&one.1));
    let chosen = &order[..strong];
    (0..strong)
        .flat_map(|one| (one + 1..strong).map(move |other| (chosen[one].0, chosen[other].0)))
        .collect()
}
