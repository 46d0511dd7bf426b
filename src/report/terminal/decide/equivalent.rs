//! How many more posts would do what each structure does, as text.

use super::super::text::{push_grid, push_wrapped};
use crate::analysis::Estimate;
use crate::analysis::decision::Instead;
use crate::inquiry::decide::equivalent::{Equivalent, OfMeasure, OfStructure};
use crate::report::decide::equivalent::more;
use crate::report::direction;
use crate::report::numbers::{plain, signed, telling_decimals};
use crate::scenario::{Equal, Study};
use crate::units::Days;

/// Every measure with what each structure does in posts, and its single features.
pub fn equivalent(found: &Equivalent, study: &Study) -> String {
    let mut text = String::new();
    let title = format!("{}: structure or money?", study.name);
    push_wrapped(&mut text, &title, 2);
    push_wrapped(&mut text, &head(found), 0);
    for (number, of) in found.of_measures.iter().enumerate() {
        text.push('\n');
        // Single features row by row by what the study is about alone; features.csv has all.
        push_measure(&mut text, found, of, number == 0);
    }
    text.push('\n');
    push_wrapped(&mut text, &foot(found), 0);
    for measure in &found.without {
        text.push('\n');
        let sentence = format!(
            "{}: in some trial there was nothing to measure, so nothing is said of it.",
            measure.name
        );
        push_wrapped(&mut text, &sentence, 2);
    }
    text
}

pub(in crate::report) fn head(found: &Equivalent) -> String {
    let levels: Vec<String> = (found.levels.iter().enumerate())
        .filter(|(place, _)| *place != found.stated)
        .map(|(_, it)| it.factor.to_string())
        .collect();
    let whose = match found.services.as_slice() {
        [] => "all services".to_owned(),
        some => some.join(", "),
    };
    let when = match found.after {
        None => "from the first day".to_owned(),
        Some(after) if after == Days::ZERO => "from decision day on".to_owned(),
        Some(after) => format!(
            "from {} days after decision day on, when the others come into force",
            plain(after.get(), 0)
        ),
    };
    let unit = unit(found);
    format!(
        "{} with {} times its {unit} ({} in {whose}), {when}; {} trials, in which all have the same luck.",
        found.structures[0].name,
        levels.join(", "),
        plain(found.posts(), 0),
        found.trials
    )
}

/// The name of a structure; of a feature what it adds to the baseline.
fn name(found: &Equivalent, structure: usize) -> &str {
    let name = found.structures[structure].name.as_str();
    let added = name.strip_prefix(found.structures[0].name.as_str());
    let added = added.and_then(|it| it.strip_prefix(", "));
    match structure >= found.features_from {
        true => added.unwrap_or(name),
        false => name,
    }
}

/// What there is more or less of: children's services have posts, a network places.
pub(in crate::report) fn unit(found: &Equivalent) -> &'static str {
    match found.children {
        0 => "places",
        _ => "posts",
    }
}

fn digits(posts: f64) -> usize {
    match posts.abs() {
        100.0.. => 0,
        _ => 1,
    }
}

fn push_measure(text: &mut String, found: &Equivalent, of: &OfMeasure, with_features: bool) {
    let measure = of.measure;
    let title = format!(
        "{} ({}; {})",
        measure.name,
        measure.unit,
        direction(measure.direction)
    );
    push_wrapped(text, &title, 2);
    let effects = of.of_structures.iter().map(|it| Some(it.effect));
    let effects: Vec<Option<Estimate>> = effects.collect();
    let decimals = telling_decimals(&effects);
    let mut heads = vec![
        "difference from\nthe baseline".to_owned(),
        format!("{} instead,\n%", unit(found)),
        format!("{}\ninstead", unit(found)),
    ];
    if found.a_post.is_some() {
        heads.push("million\npounds\na year".to_owned());
    }
    let structures = (of.of_structures.iter()).filter(|it| it.structure < found.features_from);
    let features = found.features_by_effect(of);
    let of_features = features.iter().copied().filter(|_| with_features);
    let rows: Vec<(&str, Vec<String>)> = structures
        .chain(of_features)
        .map(|it| (name(found, it.structure), cells(found, it, decimals)))
        .collect();
    push_grid(text, &heads, &rows);
    for sentence in sentences(found, of, &features) {
        push_wrapped(text, &sentence, 2);
    }
}

fn half(estimate: &Estimate, decimals: usize) -> String {
    let half = estimate.half_width();
    let half = half.map_or_else(String::new, |it| format!(" ± {}", plain(it, decimals)));
    format!("{}{half}", signed(estimate.value, decimals))
}

fn cells(found: &Equivalent, of: &OfStructure, decimals: usize) -> Vec<String> {
    let stated = found.posts();
    let percent = |more: f64| signed(100.0 * more / stated, 0);
    let mut cells = vec![half(&of.effect, decimals)];
    let money = found.a_post.is_some();
    match of.posts {
        Instead::Unclear => cells.extend(["within luck".to_owned(), "-".to_owned()]),
        Instead::Beyond { tried, .. } => {
            let word = if tried > stated { "more" } else { "fewer" };
            cells.push(match (tried - stated).abs() < 1e-9 {
                true => "not tried".to_owned(),
                false => format!("{word} than {}", percent(tried - stated)),
            });
            cells.push("-".to_owned());
        }
        Instead::Amount { .. } => {
            let (at, low, high) = more(found, &of.posts).unwrap_or_default();
            let end = |it: Option<f64>| it.map_or_else(|| "?".to_owned(), percent);
            cells.push(format!("{} ({} to {})", percent(at), end(low), end(high)));
            cells.push(signed(at, digits(at)));
        }
    }
    if money {
        let more = more(found, &of.posts).zip(found.a_post);
        cells.push(more.map_or_else(
            || "-".to_owned(),
            |((at, _, _), a_post)| signed(at * a_post / 1e6, 1),
        ));
    }
    cells
}

/// What follows, a sentence or two each.
pub(in crate::report) fn sentences(
    found: &Equivalent,
    of: &OfMeasure,
    features: &[&OfStructure],
) -> Vec<String> {
    let mut sentences = Vec::new();
    let name = |place: usize| name(found, place);
    let structures = || (of.of_structures.iter()).filter(|it| it.structure < found.features_from);
    let unit = unit(found);
    let worse: Vec<&str> = structures()
        .filter(|it| it.posts != Instead::Unclear && !Equivalent::is_better(of, it))
        .map(|it| name(it.structure))
        .collect();
    if !worse.is_empty() {
        sentences.push(format!(
            "Worse than the baseline, so that no {unit} need be added to do as much: {}.",
            worse.join("; ")
        ));
    }
    let beyond: Vec<&str> = structures()
        .filter(|it| Equivalent::is_better(of, it) && matches!(it.posts, Instead::Beyond { .. }))
        .map(|it| name(it.structure))
        .collect();
    if !beyond.is_empty() {
        sentences.push(format!(
            "Better than any number of {unit} that was tried makes the baseline: {}.",
            beyond.join("; ")
        ));
    }
    sentences.extend(main_feature(found, of, features));
    sentences.extend(main_harm(found, of, features));
    if of.turns {
        sentences.push(format!(
            "More {unit} do not move this measure one way throughout: see posts.csv. Where several numbers \
             would do, the nearest is given."
        ));
    }
    sentences
}

/// Which single feature does most, beside the structure that does most.
fn main_feature(found: &Equivalent, of: &OfMeasure, features: &[&OfStructure]) -> Option<String> {
    let is_told = |it: &&OfStructure| it.posts != Instead::Unclear && Equivalent::is_better(of, it);
    let structures = (of.of_structures.iter()).filter(|it| it.structure < found.features_from);
    let best = structures.filter(is_told).max_by(|one, other| {
        let size = |it: &OfStructure| it.effect.value.abs();
        size(one).total_cmp(&size(other))
    });
    let first = features.first()?;
    let Some(feature) = features.iter().copied().find(|it| is_told(it)) else {
        return Some(
            "The baseline with any single feature is not better than without it by more than luck."
                .to_owned(),
        );
    };
    let name = |place: usize| name(found, place);
    let of_best = best.and_then(|best| share_of(found, feature, best));
    let most = match feature.structure == first.structure {
        true => "Of single features the most",
        false => "Of single features the most that is told from luck",
    };
    Some(match of_best {
        Some(words) => format!(
            "{most} is done by the one {}: {words}.",
            name(feature.structure)
        ),
        None => format!("{most} is done by the one {}.", name(feature.structure)),
    })
}

/// Which single feature does most harm, beside the structure that is worst.
fn main_harm(found: &Equivalent, of: &OfMeasure, features: &[&OfStructure]) -> Option<String> {
    let is_told =
        |it: &&OfStructure| it.posts != Instead::Unclear && !Equivalent::is_better(of, it);
    let structures = (of.of_structures.iter()).filter(|it| it.structure < found.features_from);
    let worst = structures.filter(is_told).max_by(|one, other| {
        let size = |it: &OfStructure| it.effect.value.abs();
        size(one).total_cmp(&size(other))
    })?;
    let feature = features.iter().rev().copied().find(|it| is_told(it))?;
    Some(format!(
        "Of single features the most harm is done by the one {}: {}.",
        name(found, feature.structure),
        share_of(found, feature, worst)?
    ))
}

/// How much of what a structure does a feature does alone, in words.
fn share_of(found: &Equivalent, feature: &OfStructure, whole: &OfStructure) -> Option<String> {
    let share = feature.shares.get(whole.structure - 1).copied().flatten()?;
    let interval = share.interval?;
    let percent = |it: f64| plain(100.0 * it, 0);
    Some(format!(
        "{}% ({} to {}%) of what {} does",
        percent(share.value),
        percent(interval.low),
        percent(interval.high),
        name(found, whole.structure)
    ))
}

pub(in crate::report) fn foot(found: &Equivalent) -> String {
    let unit = unit(found);
    let equal = match found.equal {
        _ if found.children == 0 => "",
        Equal::Money => " Structures cost no more than the baseline; posts come on top.",
        Equal::Posts => {
            " Structures have as many posts in front-line work as the baseline, and what their overheads \
             cost comes on top; so do the posts here."
        }
        Equal::Nothing => " What structures cost on top is as the files have it.",
    };
    format!(
        "± and brackets: intervals of 95% over trials, differences taken within trials; ? is an end beyond \
         what was tried. {unit} instead: how many more {unit} than there are would do the same under the \
         baseline, by straight lines between the numbers tried; nothing is carried on beyond them.{equal}"
    )
}
