//! The comparison as text for a terminal 80 columns wide.
//!
//! A few structures are shown measure by measure; many only by the primary measure, with one line a
//! structure in the tables that follow.

mod calibration;
mod cases;
mod compact;
pub(in crate::report) mod decide;
pub(in crate::report) mod places;
mod published;
pub(crate) mod sentences;
pub(in crate::report) mod text;
pub(in crate::report) mod uncertainty;
mod verification;

pub use decide::{discoveries, equivalent, flips, sensitivities, tipping, warm_up};
pub use uncertainty::uncertainty;
pub use verification::verification;

pub use calibration::calibration;
pub use published::{figures, figures_json};

use std::path::Path;
use std::time::Duration;

use crate::analysis::{Compared, Estimate, LARGEST_DRIFT, MissedCases, Overload, Row, Summary};
use crate::experiment::results::Named;
use crate::measures::Scope;
use crate::report::numbers::{count, decimals, period, plain, signed, with_interval};
use crate::report::{caveat, direction};
use crate::scenario::Study;
use text::{
    GAP, NARROWEST_NAME, WIDTH, length, padded_after, padded_before, push_wrapped, wrapped,
};

pub use places::places;

/// So many structures are shown measure by measure.
const FEW: usize = 4;

const ESTIMATE: &str = "estimate (95% interval)";
const DIFFERENCE: &str = "difference (95% interval)";

/// The comparison: the primary measure first, one line a structure, and what can be said of it.
pub fn comparison(summary: &Summary, study: &Study) -> String {
    let mut text = String::new();
    for paragraph in [
        study.name.clone(),
        study.purpose.clone(),
        design(summary, study),
    ] {
        push_wrapped(&mut text, &paragraph, 0);
    }
    if let Some(caveat) = caveat(summary) {
        push_wrapped(&mut text, &caveat, 0);
    }
    text.push('\n');

    let few = summary.structures.len() <= FEW;
    let is_primary = |compared: &&Compared| compared.measure.id == summary.primary.id;
    let primary = summary.measures.iter().filter(is_primary);
    let others: Vec<&Compared> = summary
        .forward()
        .filter(|compared| !is_primary(compared))
        .collect();
    let in_full: Vec<&Compared> = if few {
        primary.chain(others.iter().copied()).collect()
    } else {
        primary.collect()
    };
    let columns = Columns::of(&in_full);
    columns.push_head(&mut text);
    for (compared, cells) in in_full.iter().zip(&columns.cells) {
        text.push('\n');
        let measure = compared.measure;
        let heading = format!(
            "{}, {} ({})",
            measure.name,
            measure.unit,
            direction(measure.direction)
        );
        push_wrapped(&mut text, &heading, 2);
        for (structure, cells) in summary.structures.iter().zip(cells) {
            columns.push_row(&mut text, &structure.name, cells);
        }
        if measure.id == summary.primary.id {
            push_sentences(&mut text, &sentences::of(summary));
        }
    }
    cases::push_cases(&mut text, summary);
    if few {
        push_largest_causes(&mut text, summary, columns.name);
    } else {
        compact::push_causes(&mut text, summary);
        compact::push_differences(&mut text, summary, &others);
    }
    compact::push_break_even_and_posts(&mut text, summary);
    push_sentences(&mut text, &sentences::at_posts(summary));
    compact::push_means(&mut text, summary);
    for warning in overload_warnings(&summary.overloads, &summary.structures, &summary.services)
        .into_iter()
        .chain(drift_warnings(summary))
    {
        text.push('\n');
        push_wrapped(&mut text, &warning, 2);
    }
    text
}

/// What to say of services that are offered more than they can do: known before a run, and told again
/// with its results.
pub fn overload_warnings(
    overloads: &[Overload],
    structures: &[Named],
    services: &[Named],
) -> Vec<String> {
    sentences::overloads(overloads, structures, services)
}

/// A paragraph broken at the width of the terminal, its last line ended.
pub fn wrapped_paragraph(paragraph: &str) -> String {
    let mut text = String::new();
    push_wrapped(&mut text, paragraph, 2);
    text
}

fn push_sentences(text: &mut String, sentences: &[String]) {
    if !sentences.is_empty() {
        text.push('\n');
    }
    for sentence in sentences {
        push_wrapped(text, sentence, 2);
    }
}

/// The last lines: how much was simulated, in what time, where the files are, and what follows.
pub fn closing(summary: &Summary, took: Duration, folder: &Path) -> String {
    let mut text = String::new();
    let sentence = format!(
        "{} trials of {}, {} events, {}.",
        count(summary.trials as u64),
        structures(summary.structures.len()),
        count(summary.events),
        elapsed(took)
    );
    push_wrapped(&mut text, &sentence, 0);
    // A path is never broken, so that it can be copied.
    text.push_str(&format!("Files: {}\n", folder.display()));
    push_wrapped(&mut text, conclusion(), 0);
    text
}

/// One plain sentence on what can and what cannot be concluded.
pub fn conclusion() -> &'static str {
    "A difference whose interval leaves out zero is more than the luck of these trials if the values in \
     the files hold; whether they hold, this run cannot tell."
}

fn design(summary: &Summary, study: &Study) -> String {
    let who = if summary.children > 0 {
        format!("{} children, ", count(summary.children))
    } else {
        String::new()
    };
    format!(
        "{who}{}, {} trials, {} observed after {} of warm-up, seed {}.",
        structures(summary.structures.len()),
        count(summary.trials as u64),
        period(summary.observed),
        period(summary.warm_up),
        study.seed
    )
}

/// Widths of the columns, the same in every block, and the cells.
struct Columns {
    name: usize,
    estimate: usize,
    difference: usize,
    /// By measure and structure: the estimate and the difference.
    cells: Vec<Vec<[String; 2]>>,
}

impl Columns {
    fn of(shown: &[&Compared]) -> Self {
        let cells: Vec<Vec<[String; 2]>> =
            shown.iter().map(|compared| cells_of(compared)).collect();
        let width = |column: usize, head: &str| {
            cells
                .iter()
                .flatten()
                .map(|cells| length(&cells[column]))
                .fold(length(head), usize::max)
        };
        let estimate = width(0, ESTIMATE);
        let difference = width(1, DIFFERENCE);
        let left = WIDTH.saturating_sub(estimate + difference + 2 * GAP);
        Self {
            name: left.max(NARROWEST_NAME),
            estimate,
            difference,
            cells,
        }
    }

    fn push_head(&self, text: &mut String) {
        self.push_line(text, "", ESTIMATE, DIFFERENCE);
    }

    /// One structure; a name too long for its column goes on in the lines below.
    fn push_row(&self, text: &mut String, name: &str, [estimate, difference]: &[String; 2]) {
        let mut lines = wrapped(name, self.name, 2).into_iter();
        let first = lines.next().unwrap_or_default();
        self.push_line(text, &first, estimate, difference);
        for line in lines {
            text.push_str(&line);
            text.push('\n');
        }
    }

    fn push_line(&self, text: &mut String, name: &str, estimate: &str, difference: &str) {
        let line = format!(
            "{}{:GAP$}{}{:GAP$}{}",
            padded_after(name, self.name),
            "",
            padded_before(estimate, self.estimate),
            "",
            padded_before(difference, self.difference)
        );
        text.push_str(line.trim_end());
        text.push('\n');
    }
}

fn cells_of(compared: &Compared) -> Vec<[String; 2]> {
    let column = |pick: fn(&Row) -> Option<Estimate>, number: fn(f64, usize) -> String| {
        let estimates: Vec<Option<Estimate>> = compared.rows.iter().map(pick).collect();
        aligned(&estimates, decimals(&estimates), number)
    };
    let estimates = column(|row| row.estimate, plain);
    let differences = column(|row| row.difference, signed);
    estimates
        .into_iter()
        .zip(differences)
        .enumerate()
        .map(|(place, (estimate, difference))| {
            [
                estimate.unwrap_or_else(|| "none counted".to_owned()),
                match difference {
                    Some(difference) => difference,
                    None if place == 0 => "baseline".to_owned(),
                    None => "cannot tell".to_owned(),
                },
            ]
        })
        .collect()
}

/// Estimates of one block with the ends of their intervals below one another.
fn aligned(
    estimates: &[Option<Estimate>],
    decimals: usize,
    number: fn(f64, usize) -> String,
) -> Vec<Option<String>> {
    let intervals = || {
        estimates
            .iter()
            .flatten()
            .filter_map(|estimate| estimate.interval)
    };
    let low = intervals()
        .map(|interval| length(&number(interval.low, decimals)))
        .fold(0, usize::max);
    let high = intervals()
        .map(|interval| length(&number(interval.high, decimals)))
        .fold(0, usize::max);
    estimates
        .iter()
        .map(|estimate| {
            let estimate = (*estimate)?;
            let Some(interval) = estimate.interval else {
                return Some(with_interval(&estimate, decimals, number));
            };
            Some(format!(
                "{} ({} to {})",
                number(estimate.value, decimals),
                padded_before(&number(interval.low, decimals), low),
                padded_before(&number(interval.high, decimals), high)
            ))
        })
        .collect()
}

fn push_largest_causes(text: &mut String, summary: &Summary, name_width: usize) {
    text.push('\n');
    let heading = match summary.scope {
        Scope::Children | Scope::Both => {
            "Largest cause of known missed cases: where they stood when grace ran out"
        }
        Scope::Network => "Largest cause of cases lost or given up",
    };
    push_wrapped(text, heading, 2);
    for (structure, missed) in summary.structures.iter().zip(&summary.missed) {
        let mut lines = wrapped(&structure.name, name_width, 2).into_iter();
        let first = lines.next().unwrap_or_default();
        let line = format!(
            "{}{:GAP$}{}",
            padded_after(&first, name_width),
            "",
            largest_cause(missed)
        );
        text.push_str(&line);
        text.push('\n');
        for line in lines {
            text.push_str(&line);
            text.push('\n');
        }
    }
}

fn largest_cause(missed: &MissedCases) -> String {
    match (missed.largest(), missed.total) {
        (Some(cause), Some(total)) => format!(
            "{}: {}% of them",
            cause.standing.label(),
            plain(100.0 * cause.stood / total.value, 0)
        ),
        _ => "none missed".to_owned(),
    }
}

/// Warnings of years that differ more than a settled world would.
pub(in crate::report) fn drift_warnings(summary: &Summary) -> Vec<String> {
    let percent = |ratio: f64| signed(100.0 * (ratio - 1.0), 1);
    summary
        .years
        .iter()
        .filter(|year| year.is_drift())
        .filter_map(|year| {
            let interval = year.ratio.interval?;
            Some(format!(
                "Warning: the baseline's known missed cases change by {}% (95% interval {} to {}) \
                 from year {} to year {}, more than the {}% of a settled world; a longer warm-up \
                 may be needed: `seamline warm-up` tells.",
                percent(year.ratio.value),
                percent(interval.low),
                percent(interval.high),
                year.year - 1,
                year.year,
                plain(100.0 * LARGEST_DRIFT, 0)
            ))
        })
        .collect()
}

fn elapsed(took: Duration) -> String {
    let seconds = took.as_secs_f64();
    if seconds < 60.0 {
        format!("{} seconds", plain(seconds, 1))
    } else {
        let whole = seconds.round() as u64;
        format!("{} min {} s", whole / 60, whole % 60)
    }
}

/// So many structures, in words that agree with the number.
fn structures(count: usize) -> String {
    match count {
        1 => "1 structure".to_owned(),
        several => format!("{several} structures"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::sample;

    #[test]
    fn a_study_of_children_reads_well_at_80_columns() {
        let study = sample::study().study;
        insta::assert_snapshot!(comparison(&sample::children(4), &study));
    }

    #[test]
    fn a_network_study_reads_well_at_80_columns() {
        let mut study = sample::study().study;
        study.name = "Two bodies or one".to_owned();
        let summary = sample::network(2);
        let mut text = comparison(&summary, &study);
        text.push('\n');
        text.push_str(&closing(
            &summary,
            Duration::from_millis(41_234),
            Path::new("output/duty-desk"),
        ));
        insta::assert_snapshot!(text);
    }

    #[test]
    fn no_line_is_wider_than_the_terminal_however_long_the_names() {
        for structures in [4, 8] {
            let mut summary = sample::children(structures);
            summary.structures[3].name =
                "Pneumonoultramicroscopicsilicovolcanoconiosis hub".repeat(2);
            let text = comparison(&summary, &sample::study().study);
            for line in text.lines() {
                assert!(length(line) <= WIDTH, "{} columns: {line}", length(line));
            }
        }
    }

    #[test]
    fn a_study_of_many_structures_reads_well_at_80_columns() {
        let study = sample::study().study;
        insta::assert_snapshot!(comparison(&sample::children(14), &study));
    }

    #[test]
    fn no_word_goes_further_than_the_intervals() {
        for structures in [1, 4, 14] {
            let text = comparison(&sample::children(structures), &sample::study().study);
            for word in ["best", "worst", "ranks", "wins", "beats", "outperforms"] {
                assert!(!text.to_lowercase().contains(word), "{word}");
            }
        }
    }

    #[test]
    fn a_burst_after_warm_up_is_warned_of() {
        let mut results = crate::analysis::synthetic::children(1, 12, 1);
        for trial in &mut results.trials {
            trial[0].known_missed_by_year = vec![1_500, 1_000, 1_000, 1_000, 1_000];
        }
        let summary = crate::analysis::summarise(&results);
        let text = comparison(&summary, &sample::study().study).replace("\n  ", " ");
        assert!(text.contains("Warning: the baseline's known missed cases change by −33.3%"));
        assert!(!comparison(&sample::children(1), &sample::study().study).contains("Warning"));
    }

    #[test]
    fn time_is_told_in_minutes_when_it_is_long() {
        assert_eq!(elapsed(Duration::from_millis(1_500)), "1.5 seconds");
        assert_eq!(elapsed(Duration::from_secs(125)), "2 min 5 s");
    }
}
