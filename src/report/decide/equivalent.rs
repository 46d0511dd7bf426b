//! How many more posts would do what each structure does, as tables.
//!
//! Effects stand in the unit and direction of their measure.

use crate::analysis::Estimate;
use crate::analysis::decision::Instead;
use crate::inquiry::decide::equivalent::{Equivalent, OfMeasure, OfStructure};
use crate::report::manifest::{self, QuestionView};
use crate::report::numbers::rounded;
use crate::report::{File, page};
use crate::scenario::Scenario;

/// Every file that the inputs determine.
pub fn files(found: &Equivalent, scenario: &Scenario, view: &QuestionView) -> Vec<File> {
    let mut files = vec![
        manifest::question_file(scenario, view),
        equivalent(found),
        posts(found),
        features(found),
    ];
    files.extend(page::analyses::files(&page::analyses::equivalent(
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

/// The value and both ends.
fn three(estimate: &Estimate) -> [String; 3] {
    let interval = estimate.interval;
    [
        number(estimate.value),
        maybe(interval.map(|it| it.low)),
        maybe(interval.map(|it| it.high)),
    ]
}

/// Each measure with each of its structures.
fn each(found: &Equivalent) -> impl Iterator<Item = (&OfMeasure, &OfStructure)> {
    let of_measures = found.of_measures.iter();
    of_measures.flat_map(|of| of.of_structures.iter().map(move |it| (of, it)))
}

/// Posts beyond those that there are, and the two ends of the interval in order.
pub(in crate::report) fn more(
    found: &Equivalent,
    posts: &Instead,
) -> Option<(f64, Option<f64>, Option<f64>)> {
    let Instead::Amount {
        at,
        nearer,
        further,
    } = *posts
    else {
        return None;
    };
    let stated = found.posts();
    let (nearer, further) = (Some(nearer - stated), further.map(|it| it - stated));
    let (low, high) = match at < stated {
        true => (further, nearer),
        false => (nearer, further),
    };
    Some((at - stated, low, high))
}

fn equivalent(found: &Equivalent) -> File {
    let header = [
        "measure",
        "structure",
        "is_feature",
        "unit",
        "effect",
        "effect_low_95",
        "effect_high_95",
        "told",
        "more_posts",
        "more_posts_low_95",
        "more_posts_high_95",
        "percent",
        "percent_low_95",
        "percent_high_95",
        "tried_up_to_percent",
        "luck_allows_from_percent",
        "more_posts_per_10000_children",
        "pounds_a_year",
        "pounds_low_95",
        "pounds_high_95",
    ];
    let stated = found.posts();
    let percent = |more: f64| 100.0 * more / stated;
    let rows = each(found).map(|(of, it)| {
        let is_feature = it.structure >= found.features_from;
        let mut row = vec![
            of.measure.id.to_owned(),
            found.structures[it.structure].id.clone(),
            if is_feature { "yes" } else { "no" }.to_owned(),
            of.measure.unit.to_owned(),
        ];
        row.extend(three(&it.effect));
        let (told, tried, from) = match it.posts {
            Instead::Unclear => ("within luck", None, None),
            Instead::Amount { .. } => ("as many posts do the same", None, None),
            Instead::Beyond { tried, from } => (
                "no number that was tried does the same",
                Some(percent(tried - stated)),
                from.map(|it| percent(it - stated)),
            ),
        };
        row.push(told.to_owned());
        let more = more(found, &it.posts);
        let ends = [
            more.map(|it| it.0),
            more.and_then(|it| it.1),
            more.and_then(|it| it.2),
        ];
        row.extend(ends.map(maybe));
        row.extend(ends.map(|it| maybe(it.map(percent))));
        row.extend([maybe(tried), maybe(from)]);
        let children = found.children as f64;
        let per_10k = ends[0].filter(|_| children > 0.0);
        row.push(maybe(per_10k.map(|it| 10_000.0 * it / children)));
        row.extend(ends.map(|it| maybe(it.zip(found.a_post).map(|(more, a_post)| more * a_post))));
        row
    });
    File::of_rows("equivalent.csv", &header, rows)
}

/// What the baseline gives with more and fewer posts.
fn posts(found: &Equivalent) -> File {
    let header = [
        "measure",
        "unit",
        "factor",
        "posts",
        "mean",
        "low_95",
        "high_95",
        "difference",
        "difference_low_95",
        "difference_high_95",
    ];
    let rows = found.of_measures.iter().flat_map(|of| {
        let means = of.by_level.iter().zip(&of.level_effects);
        let rows = found.levels.iter().zip(means);
        rows.map(|(level, (mean, effect))| {
            let mut row = vec![
                of.measure.id.to_owned(),
                of.measure.unit.to_owned(),
                number(level.factor),
                number(level.posts),
            ];
            row.extend(three(mean));
            row.extend(three(effect));
            row
        })
    });
    File::of_rows("posts.csv", &header, rows)
}

/// How much of what each structure does single features do alone, most effective first.
fn features(found: &Equivalent) -> File {
    let header = [
        "measure",
        "feature",
        "unit",
        "effect",
        "effect_low_95",
        "effect_high_95",
        "structure",
        "percent_of_structure",
        "percent_low_95",
        "percent_high_95",
    ];
    let mut rows = Vec::new();
    for of in &found.of_measures {
        for feature in found.features_by_effect(of) {
            for (structure, share) in found.structures[1..].iter().zip(&feature.shares) {
                let mut row = vec![
                    of.measure.id.to_owned(),
                    found.structures[feature.structure].id.clone(),
                    of.measure.unit.to_owned(),
                ];
                row.extend(three(&feature.effect));
                row.push(structure.id.clone());
                row.extend(match share {
                    Some(share) => three(share).map(|it| {
                        let value: Option<f64> = it.parse().ok();
                        maybe(value.map(|it| 100.0 * it))
                    }),
                    None => [String::new(), String::new(), String::new()],
                });
                rows.push(row);
            }
        }
    }
    File::of_rows("features.csv", &header, rows)
}
