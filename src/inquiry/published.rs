//! Published figures and what a run gives beside them: validation.

use crate::analysis::{Agreement, Estimate, Flowing};
use crate::experiment::results::Results;
use crate::scenario::{Figure, FigureSet, FlowOf, Role, Simulated};

/// A published figure and its simulated companion.
#[derive(Debug, Clone, PartialEq)]
pub struct Held {
    /// The published figure.
    pub figure: Figure,
    /// What was simulated under the baseline, with its interval over trials; `None` where the model
    /// has no companion, or where nothing of the kind happened.
    pub simulated: Option<Estimate>,
    /// How the two stand to each other.
    pub agreement: Option<Agreement>,
}

/// Holds every figure against the baseline of a run.
pub fn hold(set: &FigureSet, results: &Results) -> Vec<Held> {
    (set.figures.iter())
        .map(|figure| {
            let flowing = flowing(figure, results);
            let simulated = flowing.and_then(|flowing| flowing.estimate(results, 0));
            Held {
                agreement: simulated
                    .map(|simulated| Agreement::of(simulated, figure.value, figure.within)),
                simulated,
                figure: figure.clone(),
            }
        })
        .collect()
}

/// How a figure's companion is read off a run; `None` where the model has none.
pub fn flowing(figure: &Figure, results: &Results) -> Option<Flowing> {
    let Simulated::Flow(FlowOf {
        flow,
        of,
        from,
        number,
    }) = &figure.simulated
    else {
        return None;
    };
    let of: Vec<&str> = of.iter().map(|id| id.as_str()).collect();
    let from: Vec<&str> = from.iter().map(|id| id.as_str()).collect();
    Flowing::find(*flow, &of, &from, *number, results)
}

/// How many figures of a role there are that can be simulated, and how many of those agree: within
/// one standard error, within two.
pub fn agreeing(held: &[Held], role: Role) -> (usize, usize, usize) {
    let of_role = || (held.iter()).filter(|it| it.figure.role == role);
    let simulated = of_role().filter(|it| it.agreement.is_some()).count();
    let close = of_role()
        .filter(|it| it.agreement == Some(Agreement::Close))
        .count();
    let near = of_role()
        .filter(|it| it.agreement == Some(Agreement::Near))
        .count();
    (simulated, close, close + near)
}
