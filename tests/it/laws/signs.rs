//! Which way things go: with room for all, what makes handoffs worse never makes fewer missed.

use seamline::experiment::results::Results;
use seamline::measures::{Count, HandoffEnd, HandoffKind, Stage};

use super::small::{SmallStudy, total};

/// A study of two areas of 4,000 children with room for all, under the baseline alone.
fn roomy(set: &[&str]) -> Results {
    crowded(set, 200_000.0)
}

fn crowded(set: &[&str], posts_for: f64) -> Results {
    SmallStudy {
        children: 4_000,
        posts_for,
        structures: "[]",
        trials: 4,
        ..SmallStudy::with(set)
    }
    .run()
}

fn missed(results: &Results) -> u64 {
    total(results, 0, Count::KnownMissed)
}

/// Each step of a ladder of worse values misses at least as many; the last step clearly more.
#[track_caller]
fn check_rises(rungs: &[u64]) {
    assert!(rungs.is_sorted(), "not rising: {rungs:?}");
    let (first, last) = (rungs[0] as f64, rungs[rungs.len() - 1] as f64);
    // Paired on the same children; still, ask for more than the chance of unpaired counts.
    assert!(
        last > first + 3.0 * first.sqrt(),
        "hardly rising: {rungs:?}"
    );
}

#[test]
fn more_silent_loss_never_means_fewer_missed() {
    let rungs =
        ["0%", "15%", "40%"].map(|loss| missed(&roomy(&[&format!("handoff.silent_loss={loss}")])));
    check_rises(&rungs);
}

#[test]
fn slower_handoffs_never_mean_fewer_missed() {
    let rungs =
        [0, 20, 60].map(|days| missed(&roomy(&[&format!("handoff.transit=exactly {days} days")])));
    check_rises(&rungs);
}

#[test]
fn fewer_places_never_mean_fewer_missed() {
    let rungs = [200_000.0, 3_000.0, 1_200.0].map(|posts_for| missed(&crowded(&[], posts_for)));
    check_rises(&rungs);
}

/// The mean time that begun handoffs spent in funding, in days.
fn funding_days(results: &Results) -> f64 {
    let (mut seconds, mut begun) = (0, 0);
    for tally in results.trials.iter().flatten() {
        for pair in &tally.pairs {
            seconds += pair.stage_seconds[Stage::Funding.index()];
            begun += pair.begun;
        }
    }
    seconds as f64 / 86_400.0 / begun as f64
}

#[test]
fn longer_panels_never_mean_shorter_handoffs() {
    let rungs = ["0 days", "30 days", "90 days"].map(|every| {
        let results = roomy(&[&format!("funding.panel_every={every}")]);
        (funding_days(&results), begun_by(&results, 60))
    });
    assert!(
        rungs.is_sorted_by(|a, b| a.0 < b.0),
        "days in funding: {rungs:?}"
    );
    assert!(
        rungs.is_sorted_by(|a, b| a.1 >= b.1),
        "begun by day 60: {rungs:?}"
    );
    assert!(
        rungs[0].0 < f64::EPSILON,
        "a panel that meets at once takes time"
    );
}

/// Handoffs begun within so many days.
fn begun_by(results: &Results, days: usize) -> u64 {
    let tallies = results.trials.iter().flatten();
    tallies
        .flat_map(|tally| {
            HandoffKind::ALL
                .iter()
                .flat_map(|kind| &tally.ends_by_day(*kind, HandoffEnd::Begun)[..days])
        })
        .map(|handoffs| u64::from(*handoffs))
        .sum()
}

/// Referrals a child by area, under the baseline, in all trials together.
fn referrals_a_child(results: &Results) -> Vec<f64> {
    (0..results.areas.len())
        .map(|area| {
            let tallies = || results.trials.iter().map(|trial| &trial[0].areas[area]);
            let referrals: u64 = tallies().map(|it| it.referrals).sum();
            let seconds: u64 = tallies().map(|it| it.child_seconds).sum();
            referrals as f64 / seconds as f64
        })
        .collect()
}

/// Two areas of unequal size and need, from the list of areas to what is counted.
#[test]
fn an_area_with_more_need_has_more_referrals() {
    let study = SmallStudy {
        children: 4_000,
        posts_for: 4_000.0,
        structures: "[]",
        trials: 4,
        ..SmallStudy::with(&[
            "study.areas.1.children_spread=0.3",
            "study.areas.1.need_spread=0.6",
            "study.areas.1.posts_follow_need=1",
        ])
    };
    let areas = study.scenario().areas;
    assert!(areas[0].children != areas[1].children, "{areas:?}");
    let more_need = areas[1].need.get() / areas[0].need.get();
    let rates = referrals_a_child(&study.run());
    let more_referrals = rates[1] / rates[0];
    // Children without need are referred too, and more need means more referrals of the same child.
    assert!(more_need > 2.0, "{areas:?}");
    assert!(
        (1.3..1.5 * more_need).contains(&more_referrals),
        "{more_need} times the need, {more_referrals} times the referrals"
    );
}
