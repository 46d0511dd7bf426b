//! The summary as JSON, for scripts. Its keys are a promise: they are added to, never renamed.

mod further;
mod verification;

pub use verification::verification;

use serde::Serialize;

use crate::analysis::{Cause, Compared, Estimate, MissedCases, Summary};
use crate::measures::Direction;
use crate::report::numbers::rounded;
use crate::report::{caveat, terminal, unit_of_difference};
use crate::scenario::Study;
use further::{
    AtPostsView, BreakEvenView, CaseView, DiscordanceView, FunnelView, MeansView, PlacesView,
    RankingView, RecordedView, at_posts, cases, discordance, funnel, means, of_break_even,
    of_ranking, places, recorded,
};

#[derive(Serialize)]
struct Document<'a> {
    study: StudyView<'a>,
    caveat: Option<String>,
    conclusion: &'a str,
    primary: &'a str,
    sentences: Vec<String>,
    warnings: Vec<String>,
    folder: String,
    trials: usize,
    events: u64,
    children: u64,
    structures: Vec<StructureView<'a>>,
    measures: Vec<MeasureView<'a>>,
    missed: Vec<MissedView<'a>>,
    years: Vec<YearView>,
    rankings: Vec<RankingView<'a>>,
    break_even: Vec<BreakEvenView<'a>>,
    funnel: Vec<FunnelView<'a>>,
    recorded: Vec<RecordedView<'a>>,
    discordance: Vec<DiscordanceView<'a>>,
    means: Vec<MeansView<'a>>,
    at_posts: Vec<AtPostsView<'a>>,
    places: Vec<PlacesView<'a>>,
    cases: Vec<CaseView<'a>>,
}

#[derive(Serialize)]
struct StudyView<'a> {
    id: &'a str,
    name: &'a str,
    purpose: &'a str,
    seed: u64,
    warm_up_days: f64,
    observed_days: f64,
}

#[derive(Serialize)]
struct StructureView<'a> {
    id: &'a str,
    name: &'a str,
    is_baseline: bool,
}

#[derive(Serialize)]
pub(super) struct MeasureView<'a> {
    id: &'a str,
    name: &'a str,
    unit: &'a str,
    unit_of_difference: &'a str,
    better: &'a str,
    values: Vec<ValueView<'a>>,
}

#[derive(Serialize)]
struct ValueView<'a> {
    structure: &'a str,
    estimate: Option<EstimateView>,
    difference: Option<EstimateView>,
    /// The difference with the interval that holds together with those of the other structures.
    together: Option<EstimateView>,
}

#[derive(Serialize)]
pub(super) struct EstimateView {
    value: f64,
    low_95: Option<f64>,
    high_95: Option<f64>,
}

#[derive(Serialize)]
struct MissedView<'a> {
    structure: &'a str,
    unit: &'a str,
    total: Option<EstimateView>,
    largest_cause: Option<&'a str>,
    causes: Vec<CauseView<'a>>,
}

#[derive(Serialize)]
struct CauseView<'a> {
    cause: &'a str,
    by_where_it_stood: f64,
    by_where_time_went: Option<f64>,
}

#[derive(Serialize)]
struct YearView {
    year: usize,
    missed_to_year_before: EstimateView,
    is_drift: bool,
}

/// The summary as indented JSON, with the folder that holds the files.
pub fn text(summary: &Summary, study: &Study, folder: &std::path::Path) -> String {
    let document = Document {
        study: StudyView {
            id: study.id.as_str(),
            name: &study.name,
            purpose: &study.purpose,
            seed: study.seed,
            warm_up_days: summary.warm_up.get(),
            observed_days: summary.observed.get(),
        },
        caveat: caveat(summary),
        conclusion: terminal::conclusion(),
        primary: summary.primary.id,
        sentences: terminal::sentences::of(summary)
            .into_iter()
            .chain(terminal::sentences::at_posts(summary))
            .collect(),
        warnings: terminal::overload_warnings(
            &summary.overloads,
            &summary.structures,
            &summary.services,
        ),
        folder: folder.display().to_string(),
        trials: summary.trials,
        events: summary.events,
        children: summary.children,
        structures: summary
            .structures
            .iter()
            .enumerate()
            .map(|(place, structure)| StructureView {
                id: &structure.id,
                name: &structure.name,
                is_baseline: place == 0,
            })
            .collect(),
        measures: summary
            .measures
            .iter()
            .map(|compared| of_measure(compared, summary))
            .collect(),
        missed: summary
            .structures
            .iter()
            .zip(&summary.missed)
            .map(|(structure, missed)| of_missed(missed, &structure.id, summary.missed_unit))
            .collect(),
        years: summary
            .years
            .iter()
            .map(|year| YearView {
                year: year.year,
                missed_to_year_before: of_estimate(&year.ratio),
                is_drift: year.is_drift(),
            })
            .collect(),
        rankings: summary
            .rankings
            .iter()
            .map(|it| of_ranking(it, summary))
            .collect(),
        break_even: summary
            .break_even
            .iter()
            .map(|it| of_break_even(it, summary))
            .collect(),
        funnel: funnel(summary),
        recorded: recorded(summary),
        discordance: discordance(summary),
        means: means(summary),
        at_posts: at_posts(summary),
        places: places(summary),
        cases: cases(summary),
    };
    serde_json::to_string_pretty(&document).expect("plain numbers and text are always JSON")
}

pub(super) fn of_measure<'a>(compared: &Compared, summary: &'a Summary) -> MeasureView<'a> {
    let measure = compared.measure;
    MeasureView {
        id: measure.id,
        name: measure.name,
        unit: measure.unit,
        unit_of_difference: unit_of_difference(measure),
        better: match measure.direction {
            Direction::LowerIsBetter => "lower",
            Direction::HigherIsBetter => "higher",
            Direction::Neutral => "neither",
        },
        values: summary
            .structures
            .iter()
            .zip(&compared.rows)
            .map(|(structure, row)| ValueView {
                structure: &structure.id,
                estimate: row.estimate.as_ref().map(of_estimate),
                difference: row.difference.as_ref().map(of_estimate),
                together: row.simultaneous.as_ref().map(of_estimate),
            })
            .collect(),
    }
}

pub(super) fn of_estimate(estimate: &Estimate) -> EstimateView {
    let interval = estimate.interval;
    EstimateView {
        value: rounded(estimate.value),
        low_95: interval.map(|interval| rounded(interval.low)),
        high_95: interval.map(|interval| rounded(interval.high)),
    }
}

fn of_missed<'a>(missed: &MissedCases, structure: &'a str, unit: &'a str) -> MissedView<'a> {
    let of_cause = |cause: &Cause| CauseView {
        cause: cause.standing.id(),
        by_where_it_stood: rounded(cause.stood),
        by_where_time_went: cause.time.map(rounded),
    };
    MissedView {
        structure,
        unit,
        total: missed.total.as_ref().map(of_estimate),
        largest_cause: missed.largest().map(|cause| cause.standing.id()),
        causes: missed.causes.iter().map(of_cause).collect(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::sample;

    #[test]
    fn the_summary_reads_as_json_with_what_scripts_look_for() {
        let summary = sample::children(2);
        let folder = std::path::Path::new("output/sample-study");
        let text = text(&summary, &sample::study().study, folder);
        let json: serde_json::Value = serde_json::from_str(&text).unwrap();
        assert_eq!(json["folder"], "output/sample-study");
        assert_eq!(json["structures"][0]["is_baseline"], true);
        let measures = json["measures"].as_array().unwrap();
        let missed = measures
            .iter()
            .find(|measure| measure["id"] == "known-missed")
            .unwrap();
        assert_eq!(json["primary"], "known-missed");
        assert_eq!(json["rankings"][0]["measure"], "known-missed");
        assert!(json["break_even"][0]["month"].is_number());
        assert_eq!(json["at_posts"][0]["turned"][0][1], "structure-1");
        assert!(missed["values"][0]["difference"].is_null());
        assert!(missed["values"][1]["difference"]["low_95"].is_number());
        assert_eq!(json["missed"][0]["largest_cause"], "waiting-place");
    }

    #[test]
    fn a_small_summary_is_as_it_was() {
        let summary = sample::network(2);
        let folder = std::path::Path::new("output/sample-study");
        insta::assert_snapshot!(text(&summary, &sample::study().study, folder));
    }
}
