//! Where one structure does better than another, as tables.

use super::number;
use crate::analysis::decision::Discovery;
use crate::inquiry::decide::discover::{Discoveries, OfMeasure};
use crate::report::manifest::{self, QuestionView};
use crate::report::{File, page};
use crate::scenario::Scenario;

/// Every file that the inputs determine.
pub fn files(found: &Discoveries, scenario: &Scenario, view: &QuestionView) -> Vec<File> {
    let mut files = vec![
        manifest::question_file(scenario, view),
        shares(found),
        regions(found),
        peeling(found),
        super::varied(&found.parameters, &found.left_out, found.joint.as_ref()),
        super::runs(&[&found.ensemble], &found.parameters),
        super::values(&[&found.ensemble], &found.structures, found.trials),
    ];
    files.extend(page::analyses::files(&page::analyses::discover(
        found, scenario, view,
    )));
    files
}

/// Both questions asked of a measure, in words that a filter of a spreadsheet can take.
fn both(of: &OfMeasure) -> [(&'static str, &Discovery); 2] {
    [("better", &of.where_better), ("not better", &of.where_not)]
}

fn names(found: &Discoveries, of: &OfMeasure) -> Vec<String> {
    vec![
        of.measure.id.to_owned(),
        found.structures[found.better].id.clone(),
        found.structures[found.than].id.clone(),
    ]
}

fn shares(found: &Discoveries) -> File {
    let header = [
        "measure",
        "structure",
        "than",
        "share_better",
        "share_clearly_better",
        "share_clearly_worse",
    ];
    let rows = found.of_measures.iter().map(|of| {
        let mut row = names(found, of);
        row.extend([of.share, of.clearly.0, of.clearly.1].map(number));
        row
    });
    File::of_rows("shares.csv", &header, rows)
}

fn regions(found: &Discoveries) -> File {
    let header = [
        "measure",
        "structure",
        "than",
        "of",
        "region",
        "parameter",
        "from",
        "to",
        "chance_by_luck",
        "density",
        "density_of_all",
        "coverage",
        "support",
        "region_chance_by_luck",
    ];
    let mut rows = Vec::new();
    for of in &found.of_measures {
        for (what, discovery) in both(of) {
            for (place, discovered) in discovery.boxes.iter().enumerate() {
                for limit in &discovered.restrictions {
                    let drawable = &found.parameters[limit.dimension].drawable;
                    let end = |share: f64, is_limit: bool| match is_limit {
                        true => drawable.words(share),
                        false => String::new(),
                    };
                    let mut row = names(found, of);
                    row.extend([
                        what.to_owned(),
                        (place + 1).to_string(),
                        drawable.path.clone(),
                        end(limit.low, limit.low > 0.0),
                        end(limit.high, limit.high < 1.0),
                        number(limit.chance),
                        number(discovered.region.density),
                        number(discovery.density),
                        number(discovered.region.coverage),
                        number(discovered.region.support),
                        number(discovered.chance),
                    ]);
                    rows.push(row);
                }
            }
        }
    }
    File::of_rows("discovered.csv", &header, rows)
}

/// Every box on the way: what more density costs in coverage.
fn peeling(found: &Discoveries) -> File {
    let header = [
        "measure",
        "structure",
        "than",
        "of",
        "region",
        "step",
        "density",
        "coverage",
        "support",
        "limited_values",
        "is_taken",
    ];
    let mut rows = Vec::new();
    for of in &found.of_measures {
        for (what, discovery) in both(of) {
            for (place, discovered) in discovery.boxes.iter().enumerate() {
                for (step, region) in discovered.trajectory.iter().enumerate() {
                    let mut row = names(found, of);
                    row.extend([
                        what.to_owned(),
                        (place + 1).to_string(),
                        step.to_string(),
                        number(region.density),
                        number(region.coverage),
                        number(region.support),
                        region.restricted().to_string(),
                        if step == discovered.taken {
                            "yes"
                        } else {
                            "no"
                        }
                        .to_owned(),
                    ]);
                    rows.push(row);
                }
            }
        }
    }
    File::of_rows("peeling.csv", &header, rows)
}
