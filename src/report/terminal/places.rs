//! What numbers of places would mean, beside what was published and what theory says.

use super::text::{push_grid, push_wrapped};
use crate::analysis::{Delayed, Estimate, Exact, Summary};
use crate::measures::Flow;
use crate::report::numbers::{plain, rounded, with_interval};
use crate::scenario::{FigureSet, Simulated};

/// One thing told of a number of places.
struct Told {
    heading: &'static str,
    simulated: fn(&Delayed) -> Option<Estimate>,
    exact: fn(Exact) -> f64,
    alone: Option<Flow>,
    shared: Flow,
}

const DELAYED: Told = Told {
    heading: "Would have found no place, % of cases: time with every place taken, of the time in which \
              all present have one",
    simulated: |it| it.delayed,
    exact: |it| it.delayed,
    alone: Some(Flow::DelayedAtPlaces),
    shared: Flow::DelayedSharing,
};

const NONE_FREE: Told = Told {
    heading: "No place free, % of the time, whether all present have one or not",
    simulated: |it| it.none_free,
    exact: |it| it.none_free,
    alone: None,
    shared: Flow::NoneFreeSharing,
};

/// What the numbers of places that a study considers would mean: who would be delayed, and where
/// something is published of it, how often no place is free. Nothing where a study considers none.
pub fn places(summary: &Summary, figures: Option<&FigureSet>) -> String {
    let mut text = String::new();
    for structure in 0..summary.structures.len() {
        let rows = || {
            summary
                .delayed
                .iter()
                .filter(|it| it.structure == structure)
        };
        let is_published = |it: &&Delayed| NONE_FREE.published(it, summary, figures).is_some();
        for (told, rows) in [
            (DELAYED, rows().collect::<Vec<_>>()),
            (NONE_FREE, rows().filter(is_published).collect()),
        ] {
            if rows.is_empty() {
                continue;
            }
            text.push('\n');
            let name = &summary.structures[structure].name;
            let heading = match summary.structures.len() {
                1 => told.heading.to_owned(),
                _ => format!("{}: {name}", told.heading),
            };
            push_wrapped(&mut text, &heading, 2);
            told.push(&mut text, &rows, summary, figures);
        }
    }
    text
}

impl Told {
    fn push(
        &self,
        text: &mut String,
        rows: &[&Delayed],
        summary: &Summary,
        figures: Option<&FigureSet>,
    ) {
        let names: Vec<String> = rows.iter().map(|it| name(it, summary)).collect();
        let published = |it: &Delayed| self.published(it, summary, figures);
        let has_published = rows.iter().any(|it| published(it).is_some());
        let has_exact = rows.iter().any(|it| it.exact.is_some());
        let mut heads = Vec::new();
        heads.extend(has_published.then(|| "published".to_owned()));
        heads.extend(has_exact.then(|| "exact".to_owned()));
        heads.push("simulated (95%)".to_owned());
        let percent = |value: Option<f64>| value.map_or_else(String::new, |it| plain(it, 2));
        let cells = |it: &Delayed| {
            let mut cells = Vec::new();
            // In as many digits as it was published.
            let printed =
                || published(it).map_or_else(String::new, |value| rounded(value).to_string());
            cells.extend(has_published.then(printed));
            let exact = it.exact.map(|exact| 100.0 * (self.exact)(exact));
            cells.extend(has_exact.then(|| percent(exact)));
            let simulated = (self.simulated)(it).map(in_percent);
            cells.push(simulated.map_or_else(String::new, |it| with_interval(&it, 2, plain)));
            cells
        };
        let rows: Vec<(&str, Vec<String>)> = (names.iter().zip(rows))
            .map(|(name, it)| (name.as_str(), cells(it)))
            .collect();
        push_grid(text, &heads, &rows);
    }

    /// What is published of a number of places, in percent.
    fn published(
        &self,
        it: &Delayed,
        summary: &Summary,
        figures: Option<&FigureSet>,
    ) -> Option<f64> {
        let service = summary.services[it.service].id.as_str();
        let figure = figures?.figures.iter().find(|figure| {
            let Simulated::Flow(of) = &figure.simulated else {
                return false;
            };
            let is_here = of.of.iter().any(|id| id.as_str() == service);
            let is_these = match it.sharing {
                None => Some(of.flow) == self.alone && of.number as u32 == it.own,
                Some(place) => {
                    let id = summary.sharings[place].id.as_str();
                    of.flow == self.shared && of.from.iter().any(|from| from.as_str() == id)
                }
            };
            is_here && is_these
        })?;
        Some(figure.value)
    }
}

/// A number of places in words.
pub(in crate::report) fn name(it: &Delayed, summary: &Summary) -> String {
    let service = &summary.services[it.service].name;
    match (it.sharing, it.own) {
        (None, 1) => format!("{service}, 1 place"),
        (None, places) => format!("{service}, {places} places"),
        (Some(place), _) => format!("{service} ({})", summary.sharings[place].name),
    }
}

/// A share as a percentage.
pub(in crate::report) fn in_percent(estimate: Estimate) -> Estimate {
    let mut percent = estimate;
    percent.value *= 100.0;
    if let Some(interval) = &mut percent.interval {
        interval.low *= 100.0;
        interval.high *= 100.0;
    }
    percent
}
