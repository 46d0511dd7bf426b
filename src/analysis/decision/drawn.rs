//! What one quantity came to under every structure, in every draw of the parameters and every trial.

/// Values by draw, structure and trial. Less is better: a caller turns the sign of a quantity of which
/// more is better.
#[derive(Debug, Clone, PartialEq)]
pub struct Drawn {
    weights: Vec<f64>,
    /// `[draw][structure][trial]`.
    values: Vec<Vec<Vec<f64>>>,
}

impl Drawn {
    /// Puts values together: `[draw][structure][trial]`, with the weight of each draw, any numbers
    /// above 0; they are made to sum to 1.
    ///
    /// # Panics
    /// If there is no draw, structure or trial, if draws differ in the number of structures or
    /// structures of a draw in trials, or if a value is not finite.
    pub fn new(weights: Vec<f64>, values: Vec<Vec<Vec<f64>>>) -> Self {
        assert_eq!(weights.len(), values.len(), "each draw has a weight");
        let options = values.first().map_or(0, Vec::len);
        assert!(options > 0, "there is something to choose from");
        for draw in &values {
            assert_eq!(draw.len(), options, "draws have the same structures");
            let trials = draw[0].len();
            assert!(trials > 0, "a draw has a trial");
            assert!(
                draw.iter().all(|it| it.len() == trials),
                "trials are paired"
            );
            let mut all = draw.iter().flatten();
            assert!(all.all(|it| it.is_finite()), "values are numbers");
        }
        let sum: f64 = weights.iter().sum();
        assert!(
            sum > 0.0 && weights.iter().all(|it| *it >= 0.0),
            "weights weigh"
        );
        Self {
            weights: weights.iter().map(|it| it / sum).collect(),
            values,
        }
    }

    /// Number of draws.
    pub fn draws(&self) -> usize {
        self.values.len()
    }

    /// Number of structures.
    pub fn structures(&self) -> usize {
        self.values[0].len()
    }

    /// Weights of the draws; they sum to 1.
    pub fn weights(&self) -> &[f64] {
        &self.weights
    }

    /// Trials of a draw under a structure.
    pub fn trials(&self, draw: usize, structure: usize) -> &[f64] {
        &self.values[draw][structure]
    }

    /// Mean over the trials of a draw.
    pub fn mean(&self, draw: usize, structure: usize) -> f64 {
        average(&self.values[draw][structure])
    }

    /// Means over trials, by draw and structure.
    pub fn means(&self) -> Vec<Vec<f64>> {
        (0..self.draws())
            .map(|draw| {
                (0..self.structures())
                    .map(|it| self.mean(draw, it))
                    .collect()
            })
            .collect()
    }

    /// The difference of a structure from another in a draw, and its standard error over the paired
    /// trials; `None` for the error where there is one trial alone.
    pub fn difference(&self, draw: usize, of: usize, from: usize) -> (f64, Option<f64>) {
        let (of, from) = (&self.values[draw][of], &self.values[draw][from]);
        let error = (of.len() > 1).then(|| paired_error(of, from));
        let differences: Vec<f64> = of.iter().zip(from).map(|(of, from)| of - from).collect();
        (average(&differences), error)
    }
}

/// The standard error of the difference of two means over the same trials.
///
/// # Panics
/// If there are fewer than two trials, or not as many of both.
pub fn paired_error(of: &[f64], from: &[f64]) -> f64 {
    assert!(
        of.len() > 1 && of.len() == from.len(),
        "an error over pairs needs two of them"
    );
    let differences: Vec<f64> = of.iter().zip(from).map(|(of, from)| of - from).collect();
    let mean = average(&differences);
    let squares: f64 = differences.iter().map(|it| (it - mean).powi(2)).sum();
    (squares / (of.len() * (of.len() - 1)) as f64).sqrt()
}

fn average(values: &[f64]) -> f64 {
    values.iter().sum::<f64>() / values.len() as f64
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn differences_are_taken_within_trials() {
        let drawn = Drawn::new(
            vec![3.0, 1.0],
            vec![
                vec![vec![1.0, 5.0], vec![2.0, 8.0]],
                vec![vec![0.0, 0.0], vec![1.0, 1.0]],
            ],
        );
        assert_eq!(drawn.weights(), [0.75, 0.25]);
        assert_eq!(drawn.difference(0, 1, 0), (2.0, Some(1.0)));
        assert_eq!(drawn.difference(1, 1, 0), (1.0, Some(0.0)));
        assert_eq!(drawn.means(), [[3.0, 5.0], [0.0, 1.0]]);
    }
}
