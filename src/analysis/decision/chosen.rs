//! Which regression: its terms and penalties, as cross-validation finds best.

use super::regression::{Fit, Kind, Solver, Terms, effective};

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

/// Fits several quantities on some parameters, at least one: by the ratio of penalties, and with products
/// or without, that cross-validation finds best for all of them together.
pub(super) fn chosen(
    points: &[Vec<f64>],
    weights: &[f64],
    parameters: &[usize],
    quantities: &[Vec<f64>],
) -> (Solver, Vec<Fit>) {
    let room = ((effective(weights) / DRAWS_PER_COLUMN) as usize).min(MOST_COLUMNS);
    let (ratios, most) = match parameters.len() {
        // A single straight line is not held back, so that its uncertainty shows in full.
        1 => (&RATIOS[..1], KNOTS_OF_ONE),
        _ => (&RATIOS[..], KNOTS_OF_SEVERAL),
    };
    let knots = (room / parameters.len() + 1).clamp(2, most);
    let fitted = |ratio: f64, pairs: &[(usize, usize)]| {
        let terms = Terms::new(points, weights, parameters, knots, pairs);
        let solver = terms.solver(ratio);
        let fits: Vec<Fit> = quantities.iter().map(|it| solver.fit(it)).collect();
        let logs = (fits.iter()).map(|it| libm::log(it.squared_error.max(f64::MIN_POSITIVE)));
        (logs.sum::<f64>(), solver, fits)
    };
    let (error, solver, fits) = (ratios.iter().map(|ratio| fitted(*ratio, &[])))
        .min_by(|one, other| one.0.total_cmp(&other.0))
        .expect("there are ratios to try");
    let pairs = pairs(&solver.terms, &fits, parameters, room);
    if !pairs.is_empty() {
        let with_products = fitted(solver.ratio, &pairs);
        if with_products.0 < error {
            return (with_products.1, with_products.2);
        }
    }
    (solver, fits)
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
