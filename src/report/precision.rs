//! How precisely a run knows its differences, where it went on until they were as precise as wished.

use crate::analysis::decision::Enough;
use crate::experiment::results::Named;
use crate::report::File;
use crate::report::numbers::{plain, rounded, signed};

/// Name of the file.
pub const FILE: &str = "precision.csv";

/// The table: a row for each measure wished for and structure.
pub fn file(found: &Enough, trials: u32, structures: &[Named]) -> File {
    let number = |value: Option<f64>| value.map_or_else(String::new, |it| rounded(it).to_string());
    let rows = found.known.iter().map(|known| {
        let is_reached = known.half_width.is_some_and(|half| half <= known.wished);
        vec![
            known.measure.id.to_owned(),
            structures[known.structure].id.clone(),
            known.measure.unit.to_owned(),
            trials.to_string(),
            number(known.difference),
            number(known.half_width),
            known.wished.to_string(),
            if is_reached { "yes" } else { "no" }.to_owned(),
        ]
    });
    let header = [
        "measure",
        "structure",
        "unit",
        "trials",
        "difference",
        "half_width",
        "wished",
        "is_reached",
    ];
    File::of_rows(FILE, &header, rows)
}

/// What became of the wishes, in paragraphs.
pub fn told(found: &Enough, trials: u32, structures: &[Named]) -> Vec<String> {
    let mut paragraphs = vec![if found.is_reached() {
        format!(
            "After {trials} trials every difference is as precise as wished. These intervals of 95% hold \
             together and however often one looks, so they are wider than those of the tables, which are \
             meant for a number of trials that is fixed beforehand:"
        )
    } else {
        let needed = match found.needed {
            Some(needed) => format!("it may take about {} in all", needed.trials),
            None => "how many it takes cannot be told yet".to_owned(),
        };
        format!("After {trials} trials not every difference is as precise as wished; {needed}:")
    }];
    for known in &found.known {
        let structure = &structures[known.structure].name;
        let (name, unit) = (known.measure.name, known.measure.unit);
        paragraphs.push(match (known.difference, known.half_width) {
            (Some(value), Some(half)) => format!(
                "- {name}, {structure}: {} {unit} from the baseline, known to within {} ({} wished).",
                signed(value, 2),
                plain(half, 2),
                known.wished
            ),
            _ => format!("- {name}, {structure}: too early to tell."),
        });
    }
    paragraphs
}
