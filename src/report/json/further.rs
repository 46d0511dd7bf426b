//! The parts of the summary beyond the measures: rankings, break-even, funnel, records, outcomes,
//! means and other numbers of posts.

use std::collections::BTreeMap;

use serde::Serialize;

use super::{EstimateView, MeasureView, of_estimate, of_measure};
use crate::analysis::{BreakEven, Discordance, Ranking, Summary, Verdict, Work};
use crate::measures::Fate;
use crate::report::numbers::rounded;
use crate::units::Days;

#[derive(Serialize)]
pub(super) struct RankingView<'a> {
    measure: &'a str,
    order: Vec<&'a str>,
    /// No two of a group can be told apart.
    groups: Vec<Vec<&'a str>>,
    lower_than_baseline: Vec<&'a str>,
    higher_than_baseline: Vec<&'a str>,
    pairs: usize,
    pairs_told_apart: usize,
}

fn id(summary: &Summary, place: usize) -> &str {
    &summary.structures[place].id
}

pub(super) fn of_ranking<'a>(ranking: &'a Ranking, summary: &'a Summary) -> RankingView<'a> {
    let against = |verdict: Verdict| {
        (0..summary.structures.len())
            .filter(|place| ranking.against_baseline(*place) == Some(verdict))
            .map(|place| id(summary, place))
            .collect()
    };
    let ids = |places: &[usize]| places.iter().map(|place| id(summary, *place)).collect();
    RankingView {
        measure: ranking.measure.id,
        order: ids(&ranking.order),
        groups: ranking.groups.iter().map(|group| ids(group)).collect(),
        lower_than_baseline: against(Verdict::Lower),
        higher_than_baseline: against(Verdict::Higher),
        pairs: ranking.pairs.len(),
        pairs_told_apart: ranking.told_apart(),
    }
}

#[derive(Serialize)]
pub(super) struct BreakEvenView<'a> {
    structure: &'a str,
    series: &'a str,
    vesting_months: Option<f64>,
    month: Option<usize>,
    earliest_month: Option<usize>,
    latest_month: Option<usize>,
    trials_that_break_even: usize,
    is_alike: bool,
}

pub(super) fn of_break_even<'a>(even: &BreakEven, summary: &'a Summary) -> BreakEvenView<'a> {
    let vesting = summary.vesting.get(even.structure).copied().flatten();
    BreakEvenView {
        structure: id(summary, even.structure),
        series: even.series.id(),
        vesting_months: vesting.map(|days| rounded(days.get() / Days::MONTH.get())),
        month: even.month,
        earliest_month: even.earliest,
        latest_month: even.latest,
        trials_that_break_even: even.trials,
        is_alike: even.is_alike,
    }
}

#[derive(Serialize)]
pub(super) struct FunnelView<'a> {
    structure: &'a str,
    need: Option<&'a str>,
    step: &'a str,
    percent_of_spells: Option<EstimateView>,
}

pub(super) fn funnel(summary: &Summary) -> Vec<FunnelView<'_>> {
    summary
        .funnel
        .iter()
        .map(|reached| FunnelView {
            structure: id(summary, reached.structure),
            need: reached.need.map(|need| summary.needs[need].id.as_str()),
            step: reached.step.id(),
            percent_of_spells: reached.share.as_ref().map(of_estimate),
        })
        .collect()
}

#[derive(Serialize)]
pub(super) struct CaseView<'a> {
    id: &'a str,
    name: &'a str,
    children: u64,
    chances: Vec<CaseChanceView<'a>>,
    occasions: Vec<CaseOccasionView<'a>>,
}

#[derive(Serialize)]
struct CaseChanceView<'a> {
    structure: &'a str,
    never: &'a str,
    percent: Option<EstimateView>,
    difference: Option<EstimateView>,
    independent_percent: Option<EstimateView>,
}

#[derive(Serialize)]
struct CaseOccasionView<'a> {
    structure: &'a str,
    occasion: &'a str,
    fates_percent: BTreeMap<&'static str, Option<f64>>,
    not_yet_helped_percent: Option<EstimateView>,
    helped_alone_percent: Option<EstimateView>,
}

pub(super) fn cases(summary: &Summary) -> Vec<CaseView<'_>> {
    let all = &summary.cases;
    let view = |place: usize| {
        let named = &all.named[place];
        let chances = all.chances.iter().filter(|it| it.case == place);
        let occasions = all.occasions.iter().filter(|it| it.case == place);
        CaseView {
            id: &named.id,
            name: &named.name,
            children: all.children[place],
            chances: chances
                .map(|it| CaseChanceView {
                    structure: id(summary, it.structure),
                    never: it.never.id(),
                    percent: it.share.as_ref().map(of_estimate),
                    difference: it.difference.as_ref().map(of_estimate),
                    independent_percent: it.independent.as_ref().map(of_estimate),
                })
                .collect(),
            occasions: occasions
                .map(|it| CaseOccasionView {
                    structure: id(summary, it.structure),
                    occasion: &named.occasions[it.occasion].id,
                    fates_percent: (Fate::ALL.iter())
                        .map(|fate| (fate.id(), it.fates[fate.index()].map(rounded)))
                        .collect(),
                    not_yet_helped_percent: it.not_yet_helped.as_ref().map(of_estimate),
                    helped_alone_percent: it.helped_alone.as_ref().map(of_estimate),
                })
                .collect(),
        }
    };
    (0..all.named.len()).map(view).collect()
}

#[derive(Serialize)]
pub(super) struct RecordedView<'a> {
    structure: &'a str,
    quantity: String,
    unit: &'a str,
    truth: Option<EstimateView>,
    record: Option<EstimateView>,
}

pub(super) fn recorded(summary: &Summary) -> Vec<RecordedView<'_>> {
    summary
        .recorded
        .iter()
        .map(|recorded| RecordedView {
            structure: id(summary, recorded.structure),
            quantity: recorded.what.id(),
            unit: recorded.what.unit(),
            truth: recorded.truth.as_ref().map(of_estimate),
            record: recorded.record.as_ref().map(of_estimate),
        })
        .collect()
}

#[derive(Serialize)]
pub(super) struct DiscordanceView<'a> {
    /// `None` is churn: the baseline against its twin.
    structure: Option<&'a str>,
    gross: Option<EstimateView>,
    net: Option<EstimateView>,
}

pub(super) fn discordance(summary: &Summary) -> Vec<DiscordanceView<'_>> {
    let view = |structure, it: &Discordance| DiscordanceView {
        structure,
        gross: it.gross.as_ref().map(of_estimate),
        net: it.net.as_ref().map(of_estimate),
    };
    let each = summary.structures.iter().zip(&summary.discordance);
    let of_structures = each.filter_map(|(structure, discordance)| {
        Some(view(Some(structure.id.as_str()), discordance.as_ref()?))
    });
    of_structures
        .chain(summary.churn.iter().map(|churn| view(None, churn)))
        .collect()
}

#[derive(Serialize)]
pub(super) struct MeansView<'a> {
    structure: &'a str,
    front_line_posts: f64,
    overhead_posts: f64,
    posts_over_baseline: f64,
    pounds_a_year: f64,
    cost_over_baseline: Option<f64>,
    one_off_pounds: f64,
    offered_load: Vec<LoadView<'a>>,
}

#[derive(Serialize)]
struct LoadView<'a> {
    service: &'a str,
    work: &'a str,
    load: f64,
}

pub(super) fn means(summary: &Summary) -> Vec<MeansView<'_>> {
    summary
        .means
        .iter()
        .enumerate()
        .map(|(place, of)| MeansView {
            structure: id(summary, place),
            front_line_posts: rounded(of.front_line),
            overhead_posts: rounded(of.overheads),
            posts_over_baseline: rounded(of.posts_over_baseline),
            pounds_a_year: rounded(of.means.pounds_a_year),
            cost_over_baseline: of.cost_over_baseline.map(rounded),
            one_off_pounds: rounded(of.means.one_off_pounds),
            offered_load: summary
                .services
                .iter()
                .zip(&of.means.offered)
                .flat_map(|(service, offered)| {
                    Work::ALL.iter().filter_map(|work| {
                        Some(LoadView {
                            service: &service.id,
                            work: work.id(),
                            load: rounded(work.offered(offered)?),
                        })
                    })
                })
                .collect(),
        })
        .collect()
}

#[derive(Serialize)]
pub(super) struct AtPostsView<'a> {
    posts_times: f64,
    measures: Vec<MeasureView<'a>>,
    order: Vec<&'a str>,
    /// Pairs that are told apart here and in the study itself, but the other way round.
    turned: Vec<[&'a str; 2]>,
}

pub(super) fn at_posts(summary: &Summary) -> Vec<AtPostsView<'_>> {
    summary
        .at_posts
        .iter()
        .map(|at| AtPostsView {
            posts_times: at.factor,
            measures: at
                .measures
                .iter()
                .map(|compared| of_measure(compared, summary))
                .collect(),
            order: at.rankings.first().map_or_else(Vec::new, |ranking| {
                ranking
                    .order
                    .iter()
                    .map(|place| id(summary, *place))
                    .collect()
            }),
            turned: at
                .turned
                .iter()
                .map(|(from, of)| [id(summary, *from), id(summary, *of)])
                .collect(),
        })
        .collect()
}

#[derive(Serialize)]
pub(super) struct PlacesView<'a> {
    structure: &'a str,
    service: &'a str,
    sharing: Option<&'a str>,
    own_places: u32,
    shared_places: u32,
    /// Shares from 0 to 1.
    delayed: Option<EstimateView>,
    exact_delayed: Option<f64>,
    none_free: Option<EstimateView>,
    exact_none_free: Option<f64>,
}

pub(super) fn places(summary: &Summary) -> Vec<PlacesView<'_>> {
    (summary.delayed.iter())
        .map(|it| PlacesView {
            structure: id(summary, it.structure),
            service: &summary.services[it.service].id,
            sharing: it.sharing.map(|place| summary.sharings[place].id.as_str()),
            own_places: it.own,
            shared_places: it.common,
            delayed: it.delayed.as_ref().map(of_estimate),
            exact_delayed: it.exact.map(|exact| rounded(exact.delayed)),
            none_free: it.none_free.as_ref().map(of_estimate),
            exact_none_free: it.exact.map(|exact| rounded(exact.none_free)),
        })
        .collect()
}
