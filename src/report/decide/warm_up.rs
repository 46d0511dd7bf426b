//! What becomes of a study from its first day, and from when on it is steady, as tables.

use crate::analysis::Followed;
use crate::analysis::decision::Steadiness;
use crate::inquiry::decide::warm_up::{OfSeries, WarmUp};
use crate::measures::Scope;
use crate::report::manifest::{self, QuestionView};
use crate::report::numbers::rounded;
use crate::report::{File, page};
use crate::scenario::Scenario;

/// Every file that the inputs determine.
pub fn files(found: &WarmUp, scenario: &Scenario, view: &QuestionView) -> Vec<File> {
    let mut files = vec![
        manifest::question_file(scenario, view),
        steady(found),
        series(found),
    ];
    files.extend(page::analyses::files(&page::analyses::warm_up(
        found, scenario, view,
    )));
    files
}

fn number(value: f64) -> String {
    rounded(value).to_string()
}

fn maybe(value: Option<f64>) -> String {
    value.map_or_else(String::new, number)
}

/// The id of a series in files: `known-missed`, `waiting:camhs`.
fn id(found: &WarmUp, what: Followed) -> String {
    match what {
        Followed::Flow(series) => series.id().to_owned(),
        Followed::Waiting(service) => format!("waiting:{}", found.services[service].id),
        Followed::Served(service) => format!("served:{}", found.services[service].id),
    }
}

pub(in crate::report) fn unit(found: &WarmUp, what: Followed) -> &'static str {
    let cases = match found.scope {
        Scope::Network => "cases",
        Scope::Children | Scope::Both => "children",
    };
    match what {
        // Counts as they are: of all children, not of 10,000.
        Followed::Flow(series) if series.unit(Scope::Network) == "%" => "%",
        Followed::Flow(_) => "in the step",
        Followed::Waiting(_) | Followed::Served(_) => cases,
    }
}

/// The verdict on a series, as files have it.
pub(in crate::report) fn verdict(told: Steadiness) -> &'static str {
    match told {
        Steadiness::LongEnough => "long enough",
        Steadiness::WarmUpTooShort => "too short",
        Steadiness::WithinLuck => "within luck",
        Steadiness::StillMoving => "still moving",
        Steadiness::SeriesTooShort => "cannot tell",
    }
}

fn steady(found: &WarmUp) -> File {
    let header = [
        "series",
        "unit",
        "mean_after_warm_up",
        "warm_up_days",
        "truncation_days",
        "has_beginning",
        "welch_settles_days",
        "welch_window_days",
        "bias",
        "bias_standard_error",
        "verdict",
        "recommended_days",
    ];
    let days = |observations: usize| number(observations as f64 * found.step.get());
    let rows = found.series.iter().map(|of| {
        let steady = &of.steady;
        let truncated = |it: Option<usize>| it.map_or_else(String::new, days);
        vec![
            id(found, of.what),
            unit(found, of.what).to_owned(),
            number(of.level()),
            days(found.warm_up),
            truncated(steady.truncation),
            if steady.has_beginning { "yes" } else { "no" }.to_owned(),
            days(steady.welch.settles),
            days(steady.welch.window),
            maybe(steady.bias.map(|it| it.value)),
            maybe(steady.bias.and_then(|it| it.standard_error)),
            verdict(steady.told).to_owned(),
            truncated(of.asks_for()),
        ]
    });
    File::of_rows("steady.csv", &header, rows)
}

fn series(found: &WarmUp) -> File {
    let header = ["series", "unit", "from_day", "to_day", "mean", "welch"];
    let of_one = |of: &OfSeries| {
        let (name, unit) = (id(found, of.what), unit(found, of.what));
        let rows = of.means.iter().enumerate().map(|(place, mean)| {
            let day = |observations: usize| number(observations as f64 * found.step.get());
            vec![
                name.clone(),
                unit.to_owned(),
                day(place),
                day(place + 1),
                number(*mean),
                maybe(of.steady.welch.curve.get(place).copied()),
            ]
        });
        rows.collect::<Vec<_>>()
    };
    File::of_rows("series.csv", &header, found.series.iter().flat_map(of_one))
}
