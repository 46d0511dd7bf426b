//! What many draws of the parameters say of the choice, as tables.
//!
//! Values stand in the unit and direction of their measure; losses and worths are of what is bad, so
//! less of them is better whatever the measure.

use crate::analysis::Estimate;
use crate::analysis::decision::{Standing, Worth};
use crate::inquiry::decide::uncertainty::{OfMeasure, Uncertainty};
use crate::report::decide::{self, graded, maybe, number};
use crate::report::manifest::{self, QuestionView};
use crate::report::{File, page};
use crate::scenario::Scenario;

/// Every file that the inputs determine.
pub fn files(found: &Uncertainty, scenario: &Scenario, view: &QuestionView) -> Vec<File> {
    let mut files = vec![
        manifest::question_file(scenario, view),
        choice(found),
        ranks(found),
        information(found),
        evidence(found),
        regions(found),
        worlds(found),
        decide::varied(&found.parameters, &found.left_out, found.joint.as_ref()),
        decide::runs(&[&found.ensemble], &found.parameters),
        decide::values(&[&found.ensemble], &found.structures, found.trials),
    ];
    files.extend(page::analyses::files(&page::analyses::uncertainty(
        found, scenario, view,
    )));
    files
}

/// Each measure with every structure.
fn each(found: &Uncertainty) -> impl Iterator<Item = (&OfMeasure, usize, [String; 3])> {
    found.of_measures.iter().flat_map(move |of| {
        found.structures.iter().enumerate().map(move |(place, it)| {
            let names = [
                of.measure.id.to_owned(),
                it.id.clone(),
                of.measure.unit.to_owned(),
            ];
            (of, place, names)
        })
    })
}

fn choice(found: &Uncertainty) -> File {
    let header = [
        "measure",
        "structure",
        "unit",
        "mean",
        "sd_between_draws",
        "standard_error",
        "chance_best",
        "chance_best_two",
        "mean_rank",
        "expected_loss",
        "loss_95",
        "worst_loss",
        "smoothed_chance_best",
        "smoothed_expected_loss",
        "clearly_best",
    ];
    let rows = each(found).map(|(of, place, names)| {
        let valued = of.choice.values[place];
        let plain = &of.choice.plain[place];
        let smoothed: Option<&Standing> = of.choice.smoothed.as_ref().map(|it| &it[place]);
        let told = of.choice.told.as_ref();
        let mut row = names.to_vec();
        row.extend([
            number(of.sign * valued.mean),
            maybe(valued.between_draws),
            maybe(valued.standard_error),
            number(plain.best()),
            number(plain.best_two()),
            number(plain.mean_rank),
            number(plain.regret.mean),
            number(plain.regret.percentile_95),
            number(plain.regret.worst),
            maybe(smoothed.map(Standing::best)),
            maybe(smoothed.map(|it| it.regret.mean)),
            maybe(told.map(|it| it.by_structure[place])),
        ]);
        row
    });
    File::of_rows("choice.csv", &header, rows)
}

fn ranks(found: &Uncertainty) -> File {
    let header = ["measure", "structure", "rank", "chance", "smoothed_chance"];
    let rows = each(found).flat_map(|(of, place, [measure, structure, _])| {
        let plain = of.choice.plain[place].ranks.iter().enumerate();
        let smoothed = of.choice.smoothed.as_ref();
        plain.map(move |(rank, chance)| {
            vec![
                measure.clone(),
                structure.clone(),
                (rank + 1).to_string(),
                number(*chance),
                maybe(smoothed.map(|it| it[place].ranks[rank])),
            ]
        })
    });
    File::of_rows("ranks.csv", &header, rows)
}

fn information(found: &Uncertainty) -> File {
    let header = [
        "measure",
        "unit",
        "about",
        "value",
        "corrected",
        "standard_error",
    ];
    let row = |of: &OfMeasure, about: &str, worth: &Worth| {
        vec![
            of.measure.id.to_owned(),
            of.measure.unit.to_owned(),
            about.to_owned(),
            number(worth.value),
            number(worth.corrected),
            number(worth.standard_error),
        ]
    };
    let rows = found.of_measures.iter().flat_map(|of| {
        let all = row(of, "all values drawn", &of.perfect.0);
        let plain = vec![
            of.measure.id.to_owned(),
            of.measure.unit.to_owned(),
            "all values drawn, luck of trials taken for knowledge".to_owned(),
            number(of.perfect.1.value),
            String::new(),
            number(of.perfect.1.standard_error),
        ];
        let each = of.of_each.iter();
        let each = each.map(|(place, worth)| row(of, found.parameters[*place].path(), worth));
        [all, plain].into_iter().chain(each).collect::<Vec<_>>()
    });
    File::of_rows("information.csv", &header, rows)
}

fn evidence(found: &Uncertainty) -> File {
    let header = [
        "measure",
        "structure",
        "rests_on",
        "share",
        "low_95",
        "high_95",
    ];
    let mut rows = Vec::new();
    for of in &found.of_measures {
        for against in &of.against_baseline {
            let Some(shares) = &against.rests_on else {
                continue;
            };
            let mut push = |what: &str, share: Estimate| {
                let interval = share.interval;
                rows.push(vec![
                    of.measure.id.to_owned(),
                    found.structures[against.structure].id.clone(),
                    what.to_owned(),
                    number(share.value),
                    maybe(interval.map(|it| it.low)),
                    maybe(interval.map(|it| it.high)),
                ]);
            };
            for (grade, share) in found.grades.iter().zip(&shares.groups) {
                push(graded(*grade), *share);
            }
            push("grades together", shares.together);
            push("luck of trials", shares.luck);
            push("not found", shares.rest);
        }
    }
    File::of_rows("evidence.csv", &header, rows)
}

fn regions(found: &Uncertainty) -> File {
    let header = [
        "measure",
        "structure",
        "of",
        "parameter",
        "from",
        "to",
        "chance_by_luck",
        "coverage",
        "density",
        "support",
    ];
    let mut rows = Vec::new();
    for of in &found.of_measures {
        for against in &of.against_baseline {
            let what = match against.region_is_of_better {
                true => "better than the baseline",
                false => "not better than the baseline",
            };
            for discovered in &against.region.boxes {
                for limit in &discovered.restrictions {
                    let drawable = &found.parameters[limit.dimension].drawable;
                    rows.push(vec![
                        of.measure.id.to_owned(),
                        found.structures[against.structure].id.clone(),
                        what.to_owned(),
                        drawable.path.clone(),
                        drawable.words(limit.low),
                        drawable.words(limit.high),
                        number(limit.chance),
                        number(discovered.region.coverage),
                        number(discovered.region.density),
                        number(discovered.region.support),
                    ]);
                }
            }
        }
    }
    File::of_rows("regions.csv", &header, rows)
}

/// The draws that speak against the best on average, with the values that set them apart.
fn worlds(found: &Uncertainty) -> File {
    let header = [
        "measure",
        "against",
        "draw",
        "best_there",
        "loss",
        "standard_error",
        "order",
        "parameter",
        "value",
        "stated",
    ];
    let mut rows = Vec::new();
    for of in &found.of_measures {
        for world in &of.worlds {
            let point = &found.ensemble.points[world.draw];
            let first = vec![
                of.measure.id.to_owned(),
                found.structures[of.chosen].id.clone(),
                point.number.to_string(),
                found.structures[world.best].id.clone(),
                number(world.loss),
                number(world.standard_error),
            ];
            let cells = world.apart.iter().enumerate().map(|(order, place)| {
                let parameter = &found.parameters[*place];
                [
                    (order + 1).to_string(),
                    parameter.path().to_owned(),
                    parameter.words(point.shares[*place]),
                    parameter.words(parameter.stated),
                ]
            });
            let nothing = world.apart.is_empty().then(<[String; 4]>::default);
            rows.extend(cells.chain(nothing).map(|cells| {
                let mut row = first.clone();
                row.extend(cells);
                row
            }));
        }
    }
    File::of_rows("worlds.csv", &header, rows)
}
