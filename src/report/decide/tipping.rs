//! Which structure is best at each place of a map over two values, as tables.

use super::{maybe, number};
use crate::analysis::decision::Place;
use crate::inquiry::decide::tipping::Tipping;
use crate::report::manifest::{self, QuestionView};
use crate::report::{File, page};
use crate::scenario::Scenario;

/// Every file that the inputs determine.
pub fn files(found: &Tipping, scenario: &Scenario, view: &QuestionView) -> Vec<File> {
    let mut files = vec![
        manifest::question_file(scenario, view),
        map(found),
        chances(found),
        super::varied(&found.axes, &[], None),
        super::runs(&[&found.ensemble], &found.axes),
        super::values(&[&found.ensemble], &found.structures, found.trials),
    ];
    files.extend(page::analyses::files(&page::analyses::tipping(
        found, scenario, view,
    )));
    files
}

/// Every place of every map, that of the stated values first.
fn places(found: &Tipping) -> impl Iterator<Item = (Vec<String>, &Place, f64)> {
    found.of_measures.iter().flat_map(move |of| {
        let stated = std::iter::once((&of.stated, "yes"));
        let all = stated.chain(of.places.iter().map(|it| (it, "no")));
        all.map(move |(place, is_stated)| {
            let [x, y] = &found.axes;
            let names = vec![
                of.measure.id.to_owned(),
                is_stated.to_owned(),
                x.words(place.x),
                y.words(place.y),
            ];
            (names, place, of.sign)
        })
    })
}

fn heads(found: &Tipping, more: &[&str]) -> Vec<String> {
    let [x, y] = &found.axes;
    let first = ["measure", "is_stated", x.path(), y.path()];
    first
        .iter()
        .chain(more)
        .map(|it| (*it).to_owned())
        .collect()
}

fn map(found: &Tipping) -> File {
    let header = heads(
        found,
        &[
            "best",
            "chance_best",
            "next",
            "behind",
            "standard_error",
            "is_clear",
        ],
    );
    let rows = places(found).map(|(mut row, place, _)| {
        let id = |structure: usize| found.structures[structure].id.clone();
        let next = place.next;
        row.extend([
            id(place.best),
            maybe(place.chance()),
            next.map_or_else(String::new, |it| id(it.structure)),
            maybe(next.map(|it| it.behind)),
            maybe(next.and_then(|it| it.standard_error)),
            match next {
                Some(next) if next.is_clear => "yes",
                _ => "no",
            }
            .to_owned(),
        ]);
        row
    });
    File::of_rows("map.csv", &header, rows)
}

/// Mean and chance of every structure at every place.
fn chances(found: &Tipping) -> File {
    let header = heads(found, &["structure", "mean", "chance_best"]);
    let rows = places(found).flat_map(|(names, place, sign)| {
        (found.structures.iter().enumerate())
            .map(|(structure, named)| {
                let mut row = names.clone();
                row.push(named.id.clone());
                row.push(number(sign * place.means[structure]));
                row.push(maybe(place.chances.as_ref().map(|it| it[structure])));
                row
            })
            .collect::<Vec<_>>()
    });
    File::of_rows("chances.csv", &header, rows)
}
