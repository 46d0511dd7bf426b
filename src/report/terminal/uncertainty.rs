//! How sure the choice is, as text.

use super::decide::{limits, push_joint, varied};
use super::text::{push_grid, push_wrapped};
use crate::analysis::decision::{Discovered, Worth};
use crate::inquiry::decide::uncertainty::{AgainstBaseline, OfMeasure, Uncertainty};
use crate::report::decide::graded;
use crate::report::direction;
use crate::report::numbers::{count, plain, signed};
use crate::scenario::Study;

/// Parameters named as worth finding out.
const NAMED: usize = 3;
/// A worth that is not beyond so many of its standard errors is not told from none.
const BEYOND: f64 = 1.96;

/// The choice measure by measure, and what it rests on.
pub fn uncertainty(found: &Uncertainty, study: &Study) -> String {
    let mut text = String::new();
    push_wrapped(
        &mut text,
        &format!("{}: how sure is the choice?", study.name),
        2,
    );
    let design = format!(
        "{} draws of {}, {} trials each; {} structures. From draw to draw values differ, because nobody \
         knows them; trials of a draw differ by luck alone.",
        count(found.ensemble.points.len() as u64),
        varied(&found.parameters, found.joint.as_ref()),
        found.trials,
        found.structures.len()
    );
    push_wrapped(&mut text, &design, 0);
    for of in &found.of_measures {
        text.push('\n');
        push_measure(&mut text, found, of);
    }
    text.push('\n');
    push_wrapped(
        &mut text,
        "mean: over all draws. draw to draw: standard deviation of what is expected, the luck of trials taken \
         out. best, best two: share of the draws; mean rank: 1 is best; expected loss: against the best of \
         each draw. The last four are of means from which luck is taken by shrinking them towards \
         their average. A region of the values that is named is one that luck alone shows in fewer than 1 of \
         20 such searches. What is drawn from a range is spread evenly between its ends, each value by \
         itself: whether that is what is believed, no run can tell.",
        0,
    );
    push_joint(&mut text, &found.parameters, found.joint.as_ref());
    for measure in &found.without {
        text.push('\n');
        let sentence = format!(
            "{}: in some draw there was nothing to measure, so nothing is said of it.",
            measure.name
        );
        push_wrapped(&mut text, &sentence, 2);
    }
    text
}

fn push_measure(text: &mut String, found: &Uncertainty, of: &OfMeasure) {
    let measure = of.measure;
    let title = format!(
        "{} ({}; {})",
        measure.name,
        measure.unit,
        direction(measure.direction)
    );
    push_wrapped(text, &title, 2);
    let heads = [
        "mean",
        "draw to\ndraw",
        "best",
        "best\ntwo",
        "mean\nrank",
        "expected\nloss",
    ];
    let heads = heads.map(str::to_owned);
    let digits = digits(of);
    let standings = of.choice.smoothed.as_ref().unwrap_or(&of.choice.plain);
    let rows: Vec<(&str, Vec<String>)> = found
        .structures
        .iter()
        .enumerate()
        .map(|(place, structure)| {
            let valued = of.choice.values[place];
            let standing = &standings[place];
            let cells = vec![
                plain(of.sign * valued.mean, digits),
                valued
                    .between_draws
                    .map_or_else(|| "-".to_owned(), |it| plain(it, digits)),
                percent(standing.best()),
                percent(standing.best_two()),
                plain(standing.mean_rank, 1),
                plain(standing.regret.mean, digits + 1),
            ];
            (structure.name.as_str(), cells)
        })
        .collect();
    push_grid(text, &heads, &rows);
    for (sentence, _) in sentences(found, of) {
        push_wrapped(text, &sentence, 2);
    }
}

fn percent(share: f64) -> String {
    format!("{}%", plain(100.0 * share, 0))
}

/// Decimals of the values of a measure.
pub(in crate::report) fn digits(of: &OfMeasure) -> usize {
    let means = of.choice.values.iter();
    match means.map(|it| it.mean.abs()).fold(0.0, f64::max) {
        100.0.. => 1,
        1.0.. => 2,
        _ => 3,
    }
}

/// What follows from the draws, a sentence or two each, with the table that holds its numbers.
pub(in crate::report) fn sentences(
    found: &Uncertainty,
    of: &OfMeasure,
) -> Vec<(String, &'static str)> {
    let digits = digits(of);
    let name = |place: usize| found.structures[place].name.as_str();
    let mut sentences = Vec::new();
    if let Some(told) = &of.choice.told {
        let sentence = format!(
            "In {} of the draws the best structure is ahead of the next by more than 1.96 standard errors; \
             in the others luck may have chosen it.",
            percent(told.clear)
        );
        sentences.push((sentence, "choice.csv"));
    }
    sentences.push((worth_of_all(of, name(of.chosen), digits), "information.csv"));
    let worth_it = of.of_each.iter().filter(|(_, worth)| is_told(worth));
    let named: Vec<String> = worth_it
        .take(NAMED)
        .map(|(place, worth)| {
            let path = found.parameters[*place].path();
            format!(
                "{path} ({}, standard error {})",
                plain(worth.corrected, digits + 1),
                plain(worth.standard_error, digits + 1)
            )
        })
        .collect();
    let sentence = match named.as_slice() {
        [] => "No single value is worth finding out, as far as these draws can tell.".to_owned(),
        named => format!("Most worth finding out: {}.", named.join("; ")),
    };
    sentences.push((sentence, "information.csv"));
    for against in &of.against_baseline {
        sentences.push((beside_baseline(found, against), "regions.csv"));
    }
    let worlds = worlds(found, of, digits);
    sentences.extend(worlds.into_iter().map(|it| (it, WORLDS)));
    sentences
}

/// The table of the draws that speak against the best on average.
pub(in crate::report) const WORLDS: &str = "worlds.csv";

/// Values that set a world apart, as many as are told.
const APART: usize = 3;

/// The draws that speak against the best on average, a sentence each.
fn worlds(found: &Uncertainty, of: &OfMeasure, digits: usize) -> Vec<String> {
    let name = |place: usize| found.structures[place].name.as_str();
    let each = of.worlds.iter().enumerate();
    each.map(|(place, world)| {
        let point = &found.ensemble.points[world.draw];
        let apart: Vec<String> = (world.apart.iter().take(APART))
            .map(|it| {
                let parameter = &found.parameters[*it];
                let value = parameter.words(point.shares[*it]);
                format!("{} at {value}", parameter.path())
            })
            .collect();
        let apart = match apart.as_slice() {
            [] => "no single value sets it apart".to_owned(),
            apart => format!("with {}", apart.join(", ")),
        };
        let which = ["one draw", "another", "a third"]
            .get(place)
            .unwrap_or(&"another");
        format!(
            "Against {}, {which} (draw {}): {} is better by {} (standard error {}), {apart}.",
            name(of.chosen),
            point.number,
            name(world.best),
            plain(world.loss, digits),
            plain(world.standard_error, digits + 1)
        )
    })
    .collect()
}

fn is_told(worth: &Worth) -> bool {
    worth.corrected > BEYOND * worth.standard_error
}

fn worth_of_all(of: &OfMeasure, chosen: &str, digits: usize) -> String {
    let worth = &of.perfect.0;
    if !is_told(worth) {
        return format!(
            "Whoever takes {chosen}, the best on average, would gain nothing that can be told from luck by \
             knowing every value first ({}, standard error {}).",
            plain(worth.value, digits + 1),
            plain(worth.standard_error, digits + 1)
        );
    }
    let unit = match of.measure.unit {
        "%" => "percentage points",
        unit => unit,
    };
    format!(
        "Whoever takes {chosen}, the best on average, would gain {} {unit} by knowing every value first \
         (standard error {}).",
        plain(worth.value, digits + 1),
        plain(worth.standard_error, digits + 1)
    )
}

fn beside_baseline(found: &Uncertainty, against: &AgainstBaseline) -> String {
    let name = &found.structures[against.structure].name;
    let (better, worse) = against.clearly;
    let mut sentence = format!(
        "{name} is better than the baseline in {} of the draws, clearly better in {} and clearly worse in \
         {}.",
        percent(against.better),
        percent(better),
        percent(worse)
    );
    if let Some(shares) = &against.rests_on {
        let largest = (found.grades.iter().zip(&shares.groups))
            .max_by(|one, other| one.1.value.total_cmp(&other.1.value));
        // A share that is not told from none is none to name.
        let told = largest.filter(|it| it.1.interval.is_some_and(|own| own.low > 0.0));
        let luck = percent(shares.luck.value.clamp(0.0, 1.0));
        sentence.push_str(&match told {
            Some((grade, share)) => format!(
                " Of what its difference varies by, {} rests on values graded \"{}\" and {luck} is luck of \
                 trials; what is left is of others or was not traced.",
                percent(share.value.min(1.0)),
                graded(*grade)
            ),
            None => format!(
                " What its difference varies by, these draws trace to no grade of evidence; {luck} is luck of \
                 trials."
            ),
        });
    }
    match against.region.boxes.first() {
        Some(discovered) => sentence.push_str(&region(found, against, discovered)),
        None => sentence.push_str(
            " No region of the values is found in which it turns out otherwise than elsewhere.",
        ),
    }
    sentence
}

fn region(found: &Uncertainty, against: &AgainstBaseline, discovered: &Discovered) -> String {
    let what = match against.region_is_of_better {
        true => "It is better",
        false => "It is not better",
    };
    let more = 100.0 * (discovered.region.density - against.region.density);
    format!(
        " {what} mostly where {}: in {} of the draws there, {} percentage points more than in all; {} of \
         such draws lie there.",
        limits(&found.parameters, discovered),
        percent(discovered.region.density),
        signed(more, 0),
        percent(discovered.region.coverage)
    )
}
