//! A map over two values, as text.

use super::super::text::{push_grid, push_wrapped};
use super::{percent, push_title, push_without};
use crate::inquiry::decide::tipping::{OfMeasure, Tipping};
use crate::report::numbers::{count, plain};
use crate::scenario::Study;

/// One letter a structure; more are told in the file.
const LETTERS: &str = "ABCDEFGHIJKLMNOPQRSTUVWXYZ";

/// Measure by measure: a letter for the best structure of each place, small where it is not clear.
pub fn tipping(found: &Tipping, study: &Study) -> String {
    let mut text = String::new();
    let [x, y] = &found.axes;
    let title = format!("{}: where does the answer tip?", study.name);
    push_wrapped(&mut text, &title, 2);
    let design = format!(
        "{} runs of {} trials with the same luck; {} structures. Across: {} from {} to {}. Up: {} from {} to {}. \
         All other values as stated.",
        count(found.ensemble.points.len() as u64),
        found.trials,
        found.structures.len(),
        x.path(),
        x.words(0.0),
        x.words(1.0),
        y.path(),
        y.words(0.0),
        y.words(1.0)
    );
    push_wrapped(&mut text, &design, 0);
    for of in &found.of_measures {
        text.push('\n');
        push_title(&mut text, of.measure);
        push_map(&mut text, found, of);
    }
    text.push('\n');
    push_wrapped(
        &mut text,
        "A small letter: the best of that place is not clear of the next by Student's t at 95%. +: the place next \
         to where both values are stated.",
        0,
    );
    push_without(&mut text, &found.without);
    text
}

fn letter(structure: usize, is_clear: bool) -> char {
    let letter = LETTERS.chars().nth(structure).unwrap_or('?');
    match is_clear {
        true => letter,
        false => letter.to_ascii_lowercase(),
    }
}

fn push_map(text: &mut String, found: &Tipping, of: &OfMeasure) {
    let side = found.side;
    let nearest = |share: f64| (share * (side - 1) as f64).round();
    let stated = (nearest(of.stated.x), nearest(of.stated.y));
    let words: Vec<String> = (0..side)
        .map(|row| found.axes[1].drawable.words(row as f64 / (side - 1) as f64))
        .collect();
    let width = words
        .iter()
        .map(|it| it.chars().count())
        .fold(0, usize::max);
    for row in (0..side).rev() {
        text.push_str(&format!("{:>width$} |", words[row]));
        for column in 0..side {
            let place = &of.places[row * side + column];
            let is_clear = place.next.is_some_and(|it| it.is_clear);
            text.push(' ');
            text.push(letter(place.best, is_clear));
            let here = (column as f64, row as f64);
            let is_stated =
                stated.0.total_cmp(&here.0).is_eq() && stated.1.total_cmp(&here.1).is_eq();
            text.push(if is_stated { '+' } else { ' ' });
        }
        let line = text.trim_end().len();
        text.truncate(line);
        text.push('\n');
    }
    text.push_str(&format!("{:>width$} +{}\n", "", "-".repeat(3 * side)));
    let (first, last) = (
        found.axes[0].drawable.words(0.0),
        found.axes[0].drawable.words(1.0),
    );
    let room = (3 * side).saturating_sub(first.chars().count() + last.chars().count());
    text.push_str(&format!(
        "{:>width$}  {first}{}{last}\n",
        "",
        " ".repeat(room.max(1))
    ));
    let heads = ["best in", "clearly in", "chance as\nstated"].map(str::to_owned);
    let areas = of.areas();
    let names: Vec<String> = (found.structures.iter().enumerate())
        .map(|(place, it)| format!("{} {}", letter(place, true), it.name))
        .collect();
    let rows: Vec<(&str, Vec<String>)> = (names.iter().zip(&areas).enumerate())
        .filter(|(place, (_, area))| area.0 > 0.0 || *place == of.stated.best)
        .map(|(place, (name, (best, clear)))| {
            let chance = of.stated.chances.as_ref().map(|it| it[place]);
            let cells = vec![
                percent(*best),
                percent(*clear),
                chance.map_or_else(|| "-".to_owned(), percent),
            ];
            (name.as_str(), cells)
        })
        .collect();
    push_grid(text, &heads, &rows);
    for sentence in sentences(found, of) {
        push_wrapped(text, &sentence, 2);
    }
}

/// What follows, a sentence each.
pub(in crate::report) fn sentences(found: &Tipping, of: &OfMeasure) -> Vec<String> {
    let areas = of.areas();
    let bests = areas.iter().filter(|it| it.0 > 0.0).count();
    let clear: f64 = areas.iter().map(|it| it.1).sum();
    let stated = &found.structures[of.stated.best].name;
    let chance = of.stated.chance().map_or_else(String::new, |chance| {
        format!(", with a chance of {} over luck", plain(chance, 2))
    });
    let over_map = match bests {
        1 => format!("{stated} is best everywhere on the map"),
        _ => format!("{bests} structures are best somewhere on the map"),
    };
    vec![format!(
        "As stated {stated} is best{chance}. {over_map}; in {} of it the best is clear of the next. How likely \
         a place of the map is, it does not say.",
        percent(clear)
    )]
}
