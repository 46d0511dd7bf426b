//! Where a number of a tally stands, in words.

use crate::experiment::results::{Entry, HANDOFF_DAYS, Named, Part, Results, SPAN_DAYS};
use crate::measures::{Count, HandoffEnd, HandoffKind, Outcome, Overhead, Span, Standing};

/// The place of a number: `referrals of Child protection`.
pub(super) fn place_in_words(entry: &Entry, names: &Results) -> String {
    let Entry { place, field, .. } = *entry;
    let field = field.replace('_', " ");
    let services = names.services.len().max(1);
    let sources = names.sources.len().max(1);
    match entry.part {
        Part::Counts => label(Count::ALL, place, Count::label),
        Part::Services => format!("{field} of {}", name(&names.services, place)),
        Part::Needs => format!("{field} of {}", name(&names.needs, place)),
        Part::Areas => format!("{field} of {}", name(&names.areas, place)),
        Part::MissedStood | Part::MissedSeconds => format!(
            "missed cases of {} that stood at \"{}\"{}",
            name(&names.needs, place / Standing::COUNT),
            label(Standing::ALL, place % Standing::COUNT, Standing::label),
            if entry.part == Part::MissedSeconds {
                ", seconds"
            } else {
                ""
            }
        ),
        Part::MissedByYear => format!("missed cases of year {}", place + 1),
        Part::Pairs => format!(
            "handoffs {} from {} to {}, {field}",
            label(
                HandoffKind::ALL,
                place / (services * sources),
                HandoffKind::label
            ),
            name(&names.sources, place / services % sources),
            name(&names.services, place % services)
        ),
        Part::HandoffEnds => {
            let end = place / HANDOFF_DAYS;
            format!(
                "handoffs {} that ended as \"{}\" on day {}",
                label(
                    HandoffKind::ALL,
                    end / HandoffEnd::COUNT,
                    HandoffKind::label
                ),
                label(HandoffEnd::ALL, end % HandoffEnd::COUNT, HandoffEnd::label),
                place % HANDOFF_DAYS
            )
        }
        Part::PartDays => "delays of handoffs, seconds".to_owned(),
        Part::RecordedEnds => format!(
            "recorded handoffs that ended as \"{}\" on day {}",
            label(HandoffEnd::ALL, place / HANDOFF_DAYS, HandoffEnd::label),
            place % HANDOFF_DAYS
        ),
        Part::Months => format!("{field} in month {}", place + 1),
        Part::ServiceMonths => format!(
            "{field} of {} in month {}",
            name(&names.services, place % services),
            place / services + 1
        ),
        Part::Overheads => format!(
            "seconds of work for {}",
            label(Overhead::ALL, place, Overhead::label)
        ),
        Part::Discordance => format!(
            "children with \"{}\" under the baseline and \"{}\" here",
            label(Outcome::ALL, place / Outcome::COUNT, Outcome::label),
            label(Outcome::ALL, place % Outcome::COUNT, Outcome::label)
        ),
        Part::ReferralsFrom => format!(
            "referrals from {} to {}",
            name(&names.sources, place / services),
            name(&names.services, place % services)
        ),
        Part::Spans => format!(
            "times {} at {} of {} days",
            label(Span::ALL, place / SPAN_DAYS / services, Span::label),
            name(&names.services, place / SPAN_DAYS % services),
            place % SPAN_DAYS
        ),
        Part::JointSteps => format!("times of {}", name(&names.joint_steps, place)),
        Part::Levels => format!(
            "children at level {} of {}",
            place % 3 + 1,
            name(&names.needs, place / 3)
        ),
        Part::Present(service) => format!(
            "seconds with {place} present at {}",
            name(&names.services, service)
        ),
        Part::Found(service) => format!(
            "cases that found {place} present at {}",
            name(&names.services, service)
        ),
        Part::Sharing(group) => format!("seconds of shared places {}, {place}", group + 1),
        Part::Cases(script) => {
            let name = names.cases.get(script).map_or("a script", |it| &it.name);
            format!("number {} of {name}", place + 1)
        }
        Part::ChildSeconds => "children present, seconds".to_owned(),
        Part::Events => "events handled".to_owned(),
    }
}

fn name(names: &[Named], place: usize) -> String {
    names
        .get(place)
        .map_or_else(|| format!("number {}", place + 1), |it| it.name.clone())
}

fn label<T: Copy>(all: &[T], place: usize, of: fn(T) -> &'static str) -> String {
    all.get(place)
        .map_or_else(|| format!("number {}", place + 1), |it| of(*it).to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::analysis::synthetic;

    #[test]
    fn every_number_has_words_of_its_own() {
        let results = synthetic::children(1, 2, 3);
        let mut seen = std::collections::BTreeSet::new();
        for entry in results.trials[0][0].entries() {
            let words = place_in_words(&entry, &results);
            if entry.part != Part::PartDays {
                assert!(seen.insert(words.clone()), "{words} stands for two numbers");
            }
            assert!(!words.contains('_'), "{words}");
        }
        assert!(seen.len() > 1_000);
    }
}
