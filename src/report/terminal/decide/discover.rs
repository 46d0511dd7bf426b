//! Where one structure does better than another, as text.

use super::super::text::push_wrapped;
use super::{percent, push_joint, push_title, push_without, varied};
use crate::analysis::decision::{Discovered, Discovery};
use crate::inquiry::decide::discover::{Discoveries, OfMeasure};
use crate::report::numbers::{count, plain, signed};
use crate::scenario::{Ranged, Study};

/// Measure by measure: the regions in which it is true, and those in which it is not.
pub fn discoveries(found: &Discoveries, study: &Study) -> String {
    let mut text = String::new();
    let name = |place: usize| found.structures[place].name.as_str();
    let title = format!(
        "{}: where is {} better than {}?",
        study.name,
        name(found.better),
        name(found.than)
    );
    push_wrapped(&mut text, &title, 2);
    let design = format!(
        "{} draws of {}, {} trials each.",
        count(found.ensemble.points.len() as u64),
        varied(&found.parameters, found.joint.as_ref()),
        found.trials
    );
    push_wrapped(&mut text, &design, 0);
    for of in &found.of_measures {
        text.push('\n');
        push_title(&mut text, of.measure);
        for sentence in sentences(found, of) {
            push_wrapped(&mut text, &sentence, 2);
        }
    }
    text.push('\n');
    push_wrapped(
        &mut text,
        "A region is told where luck alone would show one as strong in fewer than 1 of 20 such searches. It is where \
         the model turns, under ranges taken evenly, not where the world does.",
        0,
    );
    push_joint(&mut text, &found.parameters, found.joint.as_ref());
    push_without(&mut text, &found.without);
    text
}

/// What follows, a sentence or two each.
pub(in crate::report) fn sentences(found: &Discoveries, of: &OfMeasure) -> Vec<String> {
    let name = &found.structures[found.better].name;
    let (better, worse) = of.clearly;
    let mut sentences = vec![format!(
        "{name} is better in {} of the draws, clearly better in {} and clearly worse in {}.",
        percent(of.share),
        percent(better),
        percent(worse)
    )];
    for (what, discovery) in [("better", &of.where_better), ("not better", &of.where_not)] {
        if discovery.boxes.is_empty() {
            sentences.push(no_region(what, discovery));
        }
        for (place, discovered) in discovery.boxes.iter().enumerate() {
            let also = if place == 0 { "" } else { "also " };
            sentences.push(format!(
                "It is {also}{what} where {}: in {} of the draws there, {} percentage points more than in all; {} of \
                 all such draws lie there (a chance by luck of {}).",
                limits(&found.parameters, discovered),
                percent(discovered.region.density),
                signed(100.0 * (discovered.region.density - discovery.density), 0),
                percent(discovered.region.coverage),
                plain(discovered.chance, 3)
            ));
        }
    }
    sentences
}

fn no_region(what: &str, discovery: &Discovery) -> String {
    if discovery.density <= 0.0 {
        format!("In no draw is it {what}.")
    } else {
        format!("No region of the values is found in which it is {what} more than elsewhere.")
    }
}

/// The limits of a region, in the words of its values.
pub(in crate::report) fn limits(parameters: &[Ranged], discovered: &Discovered) -> String {
    let limits: Vec<String> = (discovered.restrictions.iter())
        .map(|limit| {
            let drawable = &parameters[limit.dimension].drawable;
            let path = &drawable.path;
            match (limit.low > 0.0, limit.high < 1.0) {
                (true, true) => format!(
                    "{path} is from {} to {}",
                    drawable.words(limit.low),
                    drawable.words(limit.high)
                ),
                (true, false) => format!("{path} is {} or more", drawable.words(limit.low)),
                _ => format!("{path} is {} or less", drawable.words(limit.high)),
            }
        })
        .collect();
    limits.join(" and ")
}
