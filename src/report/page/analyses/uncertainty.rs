//! How sure is the choice? The page of an uncertainty analysis.

use super::{
    About, Analysis, Charts, by_measure, graded, label, listed, number, of_fitted, percent,
    section, terms, values, varied, without,
};
use crate::analysis::Estimate;
use crate::inquiry::decide::uncertainty::{AgainstBaseline, OfMeasure, Uncertainty};
use crate::report::charts::Look;
use crate::report::charts::decide::{self, Choosing, Differences};
use crate::report::manifest::QuestionView;
use crate::report::numbers::{count, plain};
use crate::report::page::parts::{Banner, Block, Cell, Claim, Section, Table, claim, paragraph};
use crate::report::terminal::decide::{limits as limits_of, together};
use crate::report::terminal::uncertainty::{WORLDS, digits, sentences};
use crate::report::unit_of_difference;
use crate::scenario::{Grade, Scenario};

/// The page.
pub(in crate::report) fn uncertainty(
    found: &Uncertainty,
    scenario: &Scenario,
    view: &QuestionView,
) -> Analysis {
    let about = About {
        scenario,
        view,
        question: "how sure is the choice?".to_owned(),
        facts: vec![
            format!(
                "{} draws of {}, {} trials each",
                count(found.ensemble.points.len() as u64),
                together::varied(&found.parameters, found.joint.as_ref()),
                found.trials
            ),
            format!("{} structures", found.structures.len()),
        ],
    };
    let mut charts = Charts::default();
    let answer = answer(found, &mut charts);
    let rests_on = rests_on(found, &mut charts);
    let drawn = varied(
        "What is drawn from a range lies evenly between its ends, each value by itself: whether that is what \
         is believed, no run can tell.",
        &found.parameters,
        &found.left_out,
        found.joint.as_ref(),
    );
    let others = worlds(found).into_iter().chain([drawn, limits()]);
    about.analysis(
        banners(found),
        (
            question(found, scenario),
            vec![answer, rests_on],
            others.collect(),
        ),
        charts.files,
    )
}

fn question(found: &Uncertainty, scenario: &Scenario) -> Section {
    let draws = found.ensemble.points.len();
    section(
        "question",
        "What was asked",
        vec![
            paragraph(scenario.study.purpose.clone()),
            paragraph(format!(
                "Every structure was run in {} draws of {}, with {} trials in each, and judged by {}. The \
                 baseline is “{}”.",
                count(draws as u64),
                values(found.parameters.len()),
                found.trials,
                listed(found.of_measures.iter().map(|it| it.measure.name)),
                found.structures[0].name
            )),
            terms([
                (
                    "A draw",
                    "One set of the values that nobody knows, each somewhere between the ends of its range. \
                     Draws differ because nobody knows them; more draws describe that better and do not make \
                     it smaller.",
                ),
                (
                    "A trial",
                    "One lot of luck within a draw, the same for every structure. More trials make luck \
                     smaller.",
                ),
                (
                    "Expected loss",
                    "How much worse, on average over draws, a structure is than the best of each draw. The \
                     least of these losses is what it would be worth to know every value before choosing.",
                ),
            ]),
        ],
    )
}

fn answer(found: &Uncertainty, charts: &mut Charts) -> Section {
    let mut blocks = Vec::new();
    if found.of_measures.is_empty() {
        blocks.push(paragraph(
            "In some draw there was nothing to measure, in every measure, so nothing can be told.",
        ));
    }
    let measure = |of: &OfMeasure| of.measure;
    blocks.extend(by_measure(&found.of_measures, "answer", measure, |of| {
        let choosing = Choosing::of(found, of);
        let mut blocks = Vec::new();
        blocks.extend(charts.add(
            ("chances", of.measure, None),
            decide::chances(&choosing, &Look::default()),
            "How often each structure is best, second and so on, and what is lost by taking it.",
            &["ranks.csv", "choice.csv"],
        ));
        blocks.push(Block::Claims {
            items: of_source(found, of, |source| source != WORLDS),
        });
        blocks.push(Block::Table(choice(found, of)));
        blocks
    }));
    blocks.extend(without(&found.without));
    section("answer", "The answer", blocks)
}

fn of_source(found: &Uncertainty, of: &OfMeasure, is: impl Fn(&str) -> bool) -> Vec<Claim> {
    let all = sentences(found, of).into_iter();
    all.filter(|(_, source)| is(source))
        .map(|(text, source)| claim(text, source))
        .collect()
}

/// Draws in which the structure that is best on average does worst.
fn worlds(found: &Uncertainty) -> Option<Section> {
    if found.of_measures.iter().all(|of| of.worlds.is_empty()) {
        return None;
    }
    let mut blocks = vec![paragraph(
        "Draws that speak most against the structure that is best on average, and the values that set them \
         apart. Each lies within the ranges: nothing that was run says that it is less likely than another. The \
         largest of many losses is by luck somewhat too large.",
    )];
    let measure = |of: &OfMeasure| of.measure;
    blocks.extend(by_measure(&found.of_measures, "worlds", measure, |of| {
        let items = of_source(found, of, |source| source == WORLDS);
        vec![match items.is_empty() {
            true => paragraph("In no draw is another structure better by more than luck explains."),
            false => Block::Claims { items },
        }]
    }));
    Some(section("worlds", "Worlds that speak against it", blocks))
}

fn choice(found: &Uncertainty, of: &OfMeasure) -> Table {
    let unit = of.measure.unit;
    let loss = unit_of_difference(of.measure);
    let mut table = Table::new(
        format!("choice-{}", of.measure.id),
        format!("{}: each structure over all draws", of.measure.name),
    )
    .words("structure")
    .numbers("mean", unit)
    .numbers("from draw to draw", format!("standard deviation, {loss}"))
    .numbers("best", "% of draws")
    .numbers("best two", "% of draws")
    .numbers("clearly best", "% of draws")
    .numbers("mean rank", "1 is best")
    .numbers("expected loss", loss)
    .numbers("loss", "95th percentile")
    .files(&["choice.csv", "ranks.csv"])
    .sortable();
    let digits = digits(of);
    let maybe = |value: Option<f64>, digits: usize| {
        value.map_or_else(|| Cell::from("cannot tell"), |it| number(it, digits))
    };
    let standings = of.choice.smoothed.as_ref().unwrap_or(&of.choice.plain);
    for (place, standing) in standings.iter().enumerate() {
        let valued = of.choice.values[place];
        let told = of.choice.told.as_ref();
        let row = vec![
            Cell::from(label(&found.structures, place)),
            number(of.sign * valued.mean, digits),
            maybe(valued.between_draws, digits),
            number(100.0 * standing.best(), 0),
            number(100.0 * standing.best_two(), 0),
            maybe(told.map(|it| 100.0 * it.by_structure[place]), 0),
            number(standing.mean_rank, 1),
            number(standing.regret.mean, digits + 1),
            number(standing.regret.percentile_95, digits + 1),
        ];
        table.row(Some(place), row);
    }
    table
}

fn rests_on(found: &Uncertainty, charts: &mut Charts) -> Section {
    let mut blocks = vec![paragraph(
        "Which of the values that nobody knows the choice turns on, how good the evidence for them is, and \
         in which region of them it comes out otherwise.",
    )];
    let measure = |of: &OfMeasure| of.measure;
    blocks.extend(by_measure(&found.of_measures, "rests", measure, |of| {
        let choosing = Choosing::of(found, of);
        let look = Look::default();
        let measures = found.ensemble.measures();
        let place = measures.iter().position(|it| it.id == of.measure.id);
        let weights = vec![1.0; found.ensemble.points.len()];
        let drawn = place.and_then(|place| found.ensemble.drawn(place, weights));
        let differences = drawn.map(|drawn| Differences::of(&drawn, of.sign));
        let mut blocks = Vec::new();
        blocks.extend(charts.add(
            ("worth", of.measure, None),
            decide::worth(&choosing, &look),
            "What it is worth to know each value before choosing, and all of them.",
            &["information.csv"],
        ));
        blocks.extend(charts.add(
            ("grades", of.measure, None),
            decide::grades(&choosing, &look),
            "Which grades of evidence the differences from the baseline rest on.",
            &["evidence.csv"],
        ));
        blocks.extend(charts.add(
            ("draws", of.measure, None),
            differences.and_then(|it| decide::draws(&choosing, &it, &look)),
            "The difference from the baseline in every draw, and how much of its spread is luck.",
            &["values.csv", "choice.csv"],
        ));
        blocks.extend(regions(found, of));
        blocks
    }));
    section("rests-on", "What it rests on", blocks)
}

/// Where it comes out otherwise; a sentence where no such region is found.
fn regions(found: &Uncertainty, of: &OfMeasure) -> Option<Block> {
    if of.against_baseline.is_empty() {
        return None;
    }
    let mut table = Table::new(
        format!("regions-{}", of.measure.id),
        format!(
            "{}: in which region of the values it comes out otherwise than elsewhere",
            of.measure.name
        ),
    )
    .words("structure")
    .words("comes out")
    .words("where")
    .numbers("so there", "% of draws there")
    .numbers("so in all", "% of draws")
    .numbers("held by it", "% of such draws")
    .files(&["regions.csv"]);
    for against in &of.against_baseline {
        for discovered in &against.region.boxes {
            let limits = decide::short(&limits_of(&found.parameters, discovered));
            let what = match against.region_is_of_better {
                true => "better than the baseline",
                false => "not better than the baseline",
            };
            table.row(
                Some(against.structure),
                vec![
                    Cell::from(found.structures[against.structure].name.clone()),
                    Cell::from(what),
                    Cell::from(limits),
                    Cell::from(plain(100.0 * discovered.region.density, 0)),
                    Cell::from(plain(100.0 * against.region.density, 0)),
                    Cell::from(plain(100.0 * discovered.region.coverage, 0)),
                ],
            );
        }
    }
    Some(match table.rows.is_empty() {
        true => paragraph(
            "No region of the values is found in which a structure comes out otherwise than elsewhere.",
        ),
        false => Block::Table(table),
    })
}

fn limits() -> Section {
    super::limits([
        "Ranges are taken as they stand in the files. A value without a range stayed as it is stated, so \
         that nothing here holds its uncertainty.",
        "A draw takes each value by itself, but for those of a joint set. Values that hang together in the \
         world are drawn as if they did not.",
        "“Best” is best of the structures that were run, by the measure that stands there.",
        "The worth of knowing a value is told by a regression on the draws: with few draws weak values \
         cannot be told from none.",
        "A region that is found is where the model turns, not where the world does.",
        "Luck is taken out by shrinking means towards their average, which takes luck to be alike in all \
         draws.",
    ])
}

fn banners(found: &Uncertainty) -> Vec<Banner> {
    let mut banners: Vec<Banner> = on_assumptions(found).into_iter().collect();
    banners.extend(of_fitted(&found.parameters, found.joint.as_ref()));
    banners
}

/// What stands above everything where the ranking rests on assumptions; nothing where it does not.
fn on_assumptions(found: &Uncertainty) -> Option<Banner> {
    let of = found.of_measures.first()?;
    let against = leader(of)?;
    let of_grade = |grade: Option<Grade>| found.grades.iter().position(|it| *it == grade);
    let name = &found.structures[against.structure].name;
    let baseline = &found.structures[0].name;
    let measure = crate::report::terminal::sentences::lower_first(of.measure.name);
    let heading = "The ranking rests on assumptions".to_owned();
    if let Some(shares) = &against.rests_on {
        let parts = shares.groups.iter();
        let parts = parts.chain([&shares.together, &shares.luck, &shares.rest]);
        let largest = parts.map(|it| it.value).fold(f64::NEG_INFINITY, f64::max);
        let assumed = of_grade(Some(Grade::Assumption)).map(|place| shares.groups[place]);
        match assumed {
            Some(assumed) if assumed.value >= largest => {
                return Some(Banner {
                    heading,
                    text: format!(
                        "Of what the difference of “{name}” from “{baseline}” in {measure} varies by, {} comes \
                         from values that nobody has measured: somebody assumed them, with a range. Other \
                         assumptions can give another ranking.",
                        with_interval(assumed)
                    )
                    .into(),
                });
            }
            // Something else is the larger part, and told.
            _ if shares.rest.value < largest => return None,
            _ => {}
        }
    }
    let all = found.parameters.len();
    let assumed = found
        .parameters
        .iter()
        .filter(|it| it.grade == Some(Grade::Assumption))
        .count();
    (2 * assumed > all).then(|| Banner {
        heading,
        text: format!(
            "{} of the {} that were drawn are {}. How much of the difference of “{name}” from “{baseline}” in \
             {measure} varies with them, these draws cannot tell.",
            count(assumed as u64),
            values(all),
            graded(Some(Grade::Assumption))
        )
        .into(),
    })
}

/// The best structure against the baseline; where the baseline is best, the best of the others.
fn leader(of: &OfMeasure) -> Option<&AgainstBaseline> {
    let mean = |it: &&AgainstBaseline| of.choice.values[it.structure].mean;
    let all = of.against_baseline.iter();
    match of.chosen {
        0 => all.min_by(|one, other| mean(one).total_cmp(&mean(other))),
        chosen => all.into_iter().find(|it| it.structure == chosen),
    }
}

fn with_interval(share: Estimate) -> String {
    let clipped = |value: f64| percent(value.clamp(0.0, 1.0));
    match share.interval {
        Some(interval) => format!(
            "{} (95% interval {} to {})",
            clipped(share.value),
            clipped(interval.low),
            clipped(interval.high)
        ),
        None => clipped(share.value),
    }
}
