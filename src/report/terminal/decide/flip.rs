//! How far each value is from changing the answer, as text.

use super::super::text::{push_grid, push_wrapped};
use super::{digits, percent, push_alone, push_title, push_without, unit_of, values};
use crate::analysis::decision::Parting;
use crate::inquiry::decide::flip::{Flip, Flips, OfMeasure};
use crate::report::numbers::{count, plain};
use crate::scenario::Study;

/// Rows of a table on a terminal; the file has all.
const MOST: usize = 15;

/// Measure by measure: what is best as stated, and which values could change that.
pub fn flips(found: &Flips, study: &Study) -> String {
    let mut text = String::new();
    let title = format!("{}: what would change the answer?", study.name);
    push_wrapped(&mut text, &title, 2);
    let design = format!(
        "{}, each through its range alone while all others stay as stated; {} runs of {} trials with the \
         same luck; {} structures.",
        values(found.parameters.len()),
        count(found.ensemble.points.len() as u64),
        found.trials,
        found.structures.len()
    );
    push_wrapped(&mut text, &design, 0);
    for of in &found.of_measures {
        text.push('\n');
        push_title(&mut text, of.measure);
        push_measure(&mut text, found, of);
    }
    text.push('\n');
    push_wrapped(
        &mut text,
        "range: how far the value must go from where it is stated, in hundredths of its own range, before \
         another structure is best; in brackets from where on luck does not rule it out, and from where on it \
         is beyond luck. Two values that move together may flip sooner than each alone.",
        0,
    );
    push_alone(&mut text, &found.parameters);
    push_without(&mut text, &found.without);
    text
}

fn push_measure(text: &mut String, found: &Flips, of: &OfMeasure) {
    for sentence in sentences(found, of) {
        push_wrapped(text, &sentence, 2);
    }
    let rows: Vec<(&str, Vec<String>)> = (of.flips.iter())
        .filter(|it| matches!(it.parting, Parting::Flips { .. } | Parting::Might { .. }))
        .take(MOST)
        .map(|flip| {
            let ranged = &found.parameters[flip.parameter];
            (ranged.path(), cells(found, flip))
        })
        .collect();
    if !rows.is_empty() {
        let heads = ["stated", "flips at", "range", "then best"].map(str::to_owned);
        push_grid(text, &heads, &rows);
    }
    // With two structures the table above says it.
    if of.pairs.len() > 1 {
        for sentence in pairs(found, of) {
            push_wrapped(text, &sentence, 2);
        }
    }
}

/// Each structure against the baseline, whoever leads, a sentence each.
pub(in crate::report) fn pairs(found: &Flips, of: &OfMeasure) -> Vec<String> {
    let largest = of.means.iter().map(|it| it.abs()).fold(0.0, f64::max);
    let digits = digits(largest);
    let each = of.pairs.iter().map(|pair| {
        let name = &found.structures[pair.structure].name;
        let stated = format!(
            "{} {} (standard error {})",
            plain(pair.difference.abs(), digits),
            unit_of(of.measure),
            plain(pair.standard_error, digits + 1)
        );
        let is_kind = |wanted: fn(&Parting) -> bool| {
            pair.flips.iter().filter(|it| wanted(&it.1)).count()
        };
        if is_kind(|it| matches!(it, Parting::Unclear)) > 0 {
            return format!(
                "{name} differs from the baseline by {stated}, which is within luck: what would turn it \
                 cannot be told."
            );
        }
        let which = if pair.difference < 0.0 { "better" } else { "worse" };
        let flips = is_kind(|it| matches!(it, Parting::Flips { .. }));
        let might = is_kind(|it| matches!(it, Parting::Might { .. }));
        let soonest = match pair.flips.first() {
            Some((place, Parting::Flips { at, distance, .. })) => {
                let ranged = &found.parameters[*place];
                format!(
                    "{flips} of {} turn it alone, soonest {} at {} ({} of its range away)",
                    values(pair.flips.len()),
                    ranged.path(),
                    ranged.words(*at),
                    percent(*distance)
                )
            }
            _ => format!("none of {} turns it alone", values(pair.flips.len())),
        };
        let more = match might {
            0 => String::new(),
            _ => format!("; of {might} more luck does not rule it out"),
        };
        format!("{name} is {which} than the baseline by {stated}: {soonest}{more}.")
    });
    each.collect()
}

fn cells(found: &Flips, flip: &Flip) -> Vec<String> {
    let ranged = &found.parameters[flip.parameter];
    let rival = &found.structures[flip.rival].id;
    let stated = ranged.words(ranged.stated);
    let hundredths = |it: f64| plain(100.0 * it, 0);
    match flip.parting {
        Parting::Flips {
            at,
            distance,
            nearest,
            furthest,
        } => {
            let to = furthest.map_or_else(|| "beyond".to_owned(), hundredths);
            vec![
                stated,
                ranged.words(at),
                format!("{} ({} to {to})", hundredths(distance), hundredths(nearest)),
                rival.clone(),
            ]
        }
        Parting::Might { nearest } => vec![
            stated,
            "not ruled out".to_owned(),
            format!("({} on)", hundredths(nearest)),
            rival.clone(),
        ],
        _ => vec![stated, "-".to_owned(), "-".to_owned(), rival.clone()],
    }
}

/// What follows, a sentence each.
pub(in crate::report) fn sentences(found: &Flips, of: &OfMeasure) -> Vec<String> {
    let name = |place: usize| found.structures[place].name.as_str();
    let largest = of.means.iter().map(|it| it.abs()).fold(0.0, f64::max);
    let digits = digits(largest);
    let error = of.next.standard_error.unwrap_or_default();
    let mut sentences = vec![format!(
        "With all values as stated, {} is best, ahead of {} by {} {} (standard error {}).",
        name(of.leader),
        name(of.next.structure),
        plain(of.next.behind, digits),
        unit_of(of.measure),
        plain(error, digits + 1)
    )];
    let of_kind = |wanted: fn(&Parting) -> bool| -> Vec<&Flip> {
        of.flips.iter().filter(|it| wanted(&it.parting)).collect()
    };
    let unclear = of_kind(|it| matches!(it, Parting::Unclear));
    if !unclear.is_empty() {
        sentences.push(
            "That is within its error: luck may have chosen the best, so what would change the answer cannot \
             be told. More --trials make the error smaller; --structures with fewer structures asks of them \
             alone."
                .to_owned(),
        );
        return sentences;
    }
    let flips = of_kind(|it| matches!(it, Parting::Flips { .. }));
    let might = of_kind(|it| matches!(it, Parting::Might { .. }));
    let all = of.flips.len();
    sentences.push(match flips.as_slice() {
        [] => format!(
            "None of {} makes another structure best anywhere in its range, alone.",
            values(all)
        ),
        [first, ..] => {
            let ranged = &found.parameters[first.parameter];
            let at = match first.parting {
                Parting::Flips { at, distance, .. } => format!(
                    "{}, which is {} of its range away from {}",
                    ranged.words(at),
                    percent(distance),
                    ranged.words(ranged.stated)
                ),
                _ => String::new(),
            };
            format!(
                "{} of {} can change the answer alone. Soonest {}: at {at}, {} is best.",
                flips.len(),
                values(all),
                ranged.path(),
                name(first.rival)
            )
        }
    });
    if !might.is_empty() {
        sentences.push(format!(
            "Of {} more the luck of these trials does not rule it out.",
            might.len()
        ));
    }
    sentences
}
