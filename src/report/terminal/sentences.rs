//! Sentences about several structures at once. Each rests on intervals that hold together, and says
//! no more than they do.

pub(crate) use super::compact::lower_first;
use crate::analysis::{AtPosts, Overload, Ranking, Summary, Verdict};
use crate::experiment::results::Named;
use crate::measures::{Direction, Measure};
use crate::report::numbers::plain;

/// What can be told of the structures by the primary measure; nothing where there is only one.
pub(crate) fn of(summary: &Summary) -> Vec<String> {
    if summary.structures.len() < 2 {
        return Vec::new();
    }
    let Some(ranking) = summary
        .rankings
        .first()
        .filter(|ranking| ranking.measure.id == summary.primary.id && !ranking.pairs.is_empty())
    else {
        return vec![format!(
            "In {} nothing can be told of the structures.",
            lower_first(summary.primary.name)
        )];
    };
    let names = |verdict: Verdict| -> Vec<usize> {
        let all = 1..summary.structures.len();
        all.filter(|place| ranking.against_baseline(*place) == Some(verdict))
            .collect()
    };
    let (less, more) = comparatives(ranking.measure);
    let noun = noun(ranking.measure);
    let mut sentences = Vec::new();
    for (verdict, word) in [(Verdict::Lower, less), (Verdict::Higher, more)] {
        let places = names(verdict);
        if !places.is_empty() {
            sentences.push(format!(
                "{word} {noun} than the baseline: {}.",
                listed(&summary.structures, &places)
            ));
        }
    }
    let alike = names(Verdict::CannotTell);
    if sentences.is_empty() {
        return vec![format!(
            "These trials cannot tell any structure from the baseline in {}.",
            lower_first(ranking.measure.name)
        )];
    }
    if !alike.is_empty() {
        sentences.push(format!(
            "Cannot be told apart from the baseline: {}.",
            listed(&summary.structures, &alike)
        ));
    }
    sentences.extend(among_themselves(summary, ranking));
    sentences.push(
        "All this as far as these trials and the values in the files go; the intervals behind it hold \
         together at 95% (ranking.csv, pairs.csv)."
            .to_owned(),
    );
    sentences
}

/// Which structures cannot be told from the one that has the estimate furthest to the better side.
pub(crate) fn among_themselves(summary: &Summary, ranking: &Ranking) -> Option<String> {
    let first = *ranking.order.first()?;
    if ranking.order.len() < 3 {
        return None;
    }
    let alike: Vec<usize> = ranking
        .order
        .iter()
        .copied()
        .filter(|other| *other != first && ranking.between(*other, first) == Verdict::CannotTell)
        // Told from the baseline by the sentences above, which ask less of the intervals: nothing else
        // is said of the two here.
        .filter(|other| {
            let told = |place: usize| {
                let verdict = ranking.against_baseline(place);
                verdict.is_some_and(|verdict| verdict != Verdict::CannotTell)
            };
            match (first, *other) {
                (0, other) => !told(other),
                (first, 0) => !told(first),
                _ => true,
            }
        })
        .collect();
    let (less, more) = comparatives(ranking.measure);
    let word = match ranking.measure.direction {
        Direction::HigherIsBetter => more,
        Direction::LowerIsBetter | Direction::Neutral => less,
    };
    let extreme = match ranking.measure.direction {
        Direction::HigherIsBetter => "highest",
        Direction::LowerIsBetter | Direction::Neutral => "lowest",
    };
    let name = &summary.structures[first].name;
    let noun = noun(ranking.measure);
    Some(if alike.is_empty() {
        format!(
            "“{name}”: {} {noun} than each of the others.",
            word.to_lowercase()
        )
    } else {
        format!(
            "Of {} pairs {} can be told apart. “{name}” has the {extreme} estimate and cannot be told apart \
             from {}.",
            ranking.pairs.len(),
            ranking.told_apart(),
            listed(&summary.structures, &alike)
        )
    })
}

/// Words for less and for more of a measure.
fn comparatives(measure: &Measure) -> (&'static str, &'static str) {
    if measure.unit.starts_with("per ") {
        ("Fewer", "More")
    } else {
        ("Lower", "Higher")
    }
}

fn noun(measure: &Measure) -> String {
    if measure.unit.starts_with("per ") {
        lower_first(measure.name)
    } else {
        format!("in “{}”", lower_first(measure.name))
    }
}

fn listed(structures: &[Named], places: &[usize]) -> String {
    let names: Vec<&str> = places
        .iter()
        .map(|place| structures[*place].name.as_str())
        .collect();
    names.join("; ")
}

/// Whether the order of structures turns at other numbers of posts.
pub(crate) fn at_posts(summary: &Summary) -> Vec<String> {
    if summary.structures.len() < 2 || summary.at_posts.is_empty() {
        return Vec::new();
    }
    let turned: Vec<String> = summary
        .at_posts
        .iter()
        .filter_map(|at| turned(summary, at))
        .collect();
    if turned.is_empty() {
        vec![
            "No two structures that can be told apart change places at these numbers of posts."
                .to_owned(),
        ]
    } else {
        turned
    }
}

fn turned(summary: &Summary, at: &AtPosts) -> Option<String> {
    let (from, of) = *at.turned.first()?;
    let pairs = at.turned.len();
    let example = format!(
        "“{}” and “{}”",
        summary.structures[from].name, summary.structures[of].name
    );
    Some(match pairs {
        1 => format!(
            "The order turns with the load: at posts ×{} it is the other way round for {example}.",
            plain(at.factor, 1)
        ),
        _ => format!(
            "The order turns with the load: at posts ×{} it is the other way round for {pairs} pairs of \
             structures, {example} among them.",
            plain(at.factor, 1)
        ),
    })
}

/// Warnings of services that are offered more than they can do.
pub(crate) fn overloads(
    overloads: &[Overload],
    structures: &[Named],
    services: &[Named],
) -> Vec<String> {
    // One warning for each service and kind of work, whatever the number of structures.
    let mut groups: Vec<(usize, &str, Vec<usize>, f64)> = Vec::new();
    for overload in overloads {
        let work = overload.work.id();
        let known = groups
            .iter_mut()
            .find(|(service, other, _, _)| *service == overload.service && *other == work);
        match known {
            Some((_, _, structures, highest)) => {
                structures.push(overload.structure);
                *highest = highest.max(overload.offered);
            }
            None => groups.push((
                overload.service,
                work,
                vec![overload.structure],
                overload.offered,
            )),
        }
    }
    groups
        .into_iter()
        .map(|(service, work, places, highest)| {
            let whose = if places.len() == structures.len() {
                "every structure".to_owned()
            } else {
                listed(structures, &places)
            };
            let how_much = if places.len() == 1 { "" } else { "up to " };
            format!(
                "Warning: {} cannot keep up with {work} under {whose}: were nobody kept waiting, it would be \
                 asked for {how_much}{} times what it can do. Its waiting list grows until as many give up, \
                 get better or are turned away, so measures that depend on it can depend on the length of \
                 the study.",
                services[service].name,
                plain(highest, 2)
            )
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::analysis::{summarise, synthetic};
    use crate::report::sample;

    fn told_of(summary: &Summary) -> Vec<String> {
        overloads(&summary.overloads, &summary.structures, &summary.services)
    }

    #[test]
    fn what_the_intervals_allow_is_said_and_no_more() {
        let told = of(&sample::children(4)).join("\n");
        assert!(
            told.starts_with("Fewer known missed cases than the baseline: "),
            "{told}"
        );
        assert!(told.contains("these trials and the values in the files"));
    }

    #[test]
    fn where_nothing_can_be_told_one_sentence_says_so() {
        let mut results = synthetic::children(3, 6, 1);
        for trial in &mut results.trials {
            trial[1] = trial[0].clone();
            trial[2] = trial[0].clone();
        }
        let told = of(&summarise(&results));
        assert_eq!(
            told,
            ["These trials cannot tell any structure from the baseline in known missed cases."]
        );
        assert!(of(&sample::children(1)).is_empty());
    }

    /// Structures of the synthetic world begin handoffs the sooner the later they stand.
    #[test]
    fn where_more_is_better_the_highest_is_named() {
        let mut results = synthetic::children(4, 12, 1);
        results.primary = "handoffs-begun-30".to_owned();
        let told = of(&summarise(&results)).join(" ");
        assert!(
            told.starts_with("Higher in “handoffs begun by day 30” than the baseline"),
            "{told}"
        );
        assert!(told.contains("“Service hub”: higher in"), "{told}");
    }

    #[test]
    fn an_order_that_turns_with_the_load_is_said() {
        let told = at_posts(&sample::children(2)).join(" ");
        assert!(
            told.contains("turns with the load: at posts ×0.9"),
            "{told}"
        );
        assert!(!told.contains("×1.1"));
    }

    #[test]
    fn a_service_that_cannot_keep_up_is_warned_of_once() {
        assert!(told_of(&sample::children(3)).is_empty());
        let told = told_of(&sample::children(8));
        assert_eq!(told.len(), 1);
        let warning = "Children's social care cannot keep up with assessment under Service hub: were \
                       nobody kept waiting, it would be asked for 1.04 times";
        assert!(told[0].contains(warning), "{}", told[0]);
    }
}
