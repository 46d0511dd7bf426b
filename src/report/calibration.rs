//! The files of a calibration: the joint set, the fit, the parameters, every run, and scenario files
//! with the fitted values.

mod fitted;

use crate::inquiry::calibrate::{Calibration, Fit, Spread, Verdict};
use crate::report::File;
use crate::report::manifest::{self, CalibrationView};
use crate::report::numbers::rounded;
use crate::scenario::{Simulated, ToFit};

pub use fitted::Fitted;

/// The file of the joint set, which the fitted files name.
const ACCEPTED: &str = "accepted.csv";

/// Every file that the inputs determine.
pub fn files(
    calibration: &Calibration,
    study: &ToFit,
    view: &CalibrationView,
    fitted: &Fitted<'_>,
) -> Vec<File> {
    let mut files = vec![
        manifest::calibration_file(&study.scenario, view),
        accepted(calibration),
        fit(calibration),
        parameters(calibration),
        runs(calibration),
    ];
    files.extend(fitted.files(calibration, study));
    files
}

fn number(value: Option<f64>) -> String {
    value.map_or_else(String::new, |it| rounded(it).to_string())
}

/// Headers of figures: ids that no parameter has.
fn figure_heads(calibration: &Calibration) -> impl Iterator<Item = String> {
    let figures = calibration.fits.iter();
    figures.map(|fit| format!("figure.{}", fit.figure.id))
}

/// The joint set: what was accepted, with weights. Values are as `--set` takes them.
fn accepted(calibration: &Calibration) -> File {
    let mut header: Vec<String> = ["run", "weight"].map(str::to_owned).to_vec();
    header.extend(calibration.parameters.iter().map(|it| it.path.clone()));
    header.extend(figure_heads(calibration));
    let rows = calibration.accepted().into_iter().map(|(run, weight)| {
        let shares = calibration.shares(run);
        let values = calibration.parameters.iter().zip(&shares);
        let figures = calibration.weighted.runs[run].figures.iter();
        [run.to_string(), weight.to_string()]
            .into_iter()
            .chain(values.map(|(parameter, share)| parameter.words(*share)))
            .chain(figures.map(|it| number(*it)))
            .collect::<Vec<String>>()
    });
    File::of_rows(ACCEPTED, &header, rows)
}

/// Every run, in order: numbers without their units.
fn runs(calibration: &Calibration) -> File {
    let mut header: Vec<String> = ["run", "generation", "weight"].map(str::to_owned).to_vec();
    header.extend(calibration.parameters.iter().map(|it| it.path.clone()));
    header.extend(figure_heads(calibration));
    let weighted = &calibration.weighted;
    let rows = weighted.runs.iter().enumerate().map(|(run, it)| {
        let shares = calibration.shares(run);
        let values = calibration.parameters.iter().zip(&shares);
        [
            run.to_string(),
            it.generation.to_string(),
            weighted.weights[run].to_string(),
        ]
        .into_iter()
        .chain(values.map(|(parameter, share)| parameter.number(*share).to_string()))
        .chain(it.figures.iter().map(|it| number(*it)))
        .collect::<Vec<String>>()
    });
    File::of_rows("runs.csv", &header, rows)
}

fn ends(spread: Option<Spread>) -> [String; 3] {
    match spread {
        None => [String::new(), String::new(), String::new()],
        Some(it) => [it.mean, it.low, it.high].map(|it| number(Some(it))),
    }
}

fn fit(calibration: &Calibration) -> File {
    let header = [
        "figure",
        "name",
        "role",
        "quantity",
        "unit",
        "published",
        "within",
        "prior_mean",
        "prior_low_95",
        "prior_high_95",
        "mean",
        "low_95",
        "high_95",
        "standard_errors_off",
        "chosen",
        "chosen_standard_errors_off",
        "luck_of_one_run",
        "source",
    ];
    let rows = calibration.fits.iter().map(|it: &Fit| {
        let figure = &it.figure;
        let (quantity, unit) = match &figure.simulated {
            Simulated::Flow(of) => (of.flow.id(), of.flow.unit().words(calibration.is_network)),
            Simulated::Not(_) => ("", ""),
        };
        let mut row = vec![
            figure.id.to_string(),
            figure.name.clone(),
            figure.role.id().to_owned(),
            quantity.to_owned(),
            unit.to_owned(),
            number(Some(figure.value)),
            number(Some(figure.within)),
        ];
        row.extend(ends(it.before));
        row.extend(ends(it.after));
        row.extend([it.off(), it.chosen, it.chosen_off(), it.luck].map(number));
        row.push(figure.source.clone());
        row
    });
    File::of_rows("fit.csv", &header.map(str::to_owned), rows)
}

fn parameters(calibration: &Calibration) -> File {
    let header = [
        "path",
        "stated",
        "prior_low",
        "prior_high",
        "prior",
        "fitted",
        "mean",
        "low_95",
        "high_95",
        "sd_over_prior_sd",
        "shift_in_prior_sd",
        "verdict",
    ];
    let all = calibration
        .parameters
        .iter()
        .zip(&calibration.of_parameters);
    let rows = all.map(|(parameter, of)| {
        let words = |share: f64| parameter.words(share);
        vec![
            parameter.path.clone(),
            parameter.stated.clone().unwrap_or_default(),
            words(0.0),
            words(1.0),
            parameter.spacing.words().to_owned(),
            words(of.chosen),
            words(of.share.mean),
            words(of.share.low),
            words(of.share.high),
            number(Some(of.narrowing)),
            number(Some(of.shift)),
            match of.verdict {
                Verdict::Found => "found",
                Verdict::Narrowed => "narrowed or moved",
                Verdict::Untouched => "left as it was",
                Verdict::Unclear => "too few draws to tell",
            }
            .to_owned(),
        ]
    });
    File::of_rows("parameters.csv", &header.map(str::to_owned), rows)
}
