//! How sure is the choice? The page of an uncertainty analysis.

use super::{About, Analysis, Charts, graded, parameters, upper};
use crate::analysis::Estimate;
use crate::inquiry::decide::uncertainty::{AgainstBaseline, OfMeasure, Uncertainty};
use crate::report::charts::Look;
use crate::report::charts::decide::{self, Choosing, Differences};
use crate::report::manifest::QuestionView;
use crate::report::numbers::{count, plain};
use crate::report::page::parts::{
    Banner, Block, Cell, Section, Table, Term, Text, claim, heading, paragraph,
};
use crate::report::terminal::uncertainty::{digits, sentences};
use crate::report::{direction, unit_of_difference};
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
        question: "how sure is the choice?",
        facts: vec![
            format!(
                "{} draws of {} from their ranges, {} trials each",
                count(found.ensemble.points.len() as u64),
                values(found.parameters.len()),
                found.trials
            ),
            format!("{} structures", found.structures.len()),
        ],
    };
    let mut charts = Charts::default();
    let answer = answer(found, &mut charts);
    let rests_on = rests_on(found, &mut charts);
    let others = vec![drawn(found), limits()];
    let asked = question(found, scenario);
    about.analysis(
        banners(found),
        (asked, vec![answer, rests_on], others),
        charts.files,
    )
}

fn values(number: usize) -> String {
    match number {
        1 => "1 value".to_owned(),
        number => format!("{} values", count(number as u64)),
    }
}

fn percent(share: f64) -> String {
    format!("{}%", plain(100.0 * share, 0))
}

fn question(found: &Uncertainty, scenario: &Scenario) -> Section {
    let draws = found.ensemble.points.len();
    let terms = [
        (
            "A draw",
            "One set of the values that nobody knows, each somewhere between the ends of its range. Draws \
             differ because nobody knows them; more draws describe that better and do not make it smaller.",
        ),
        (
            "A trial",
            "One lot of luck within a draw, the same for every structure. More trials make luck smaller.",
        ),
        (
            "Expected loss",
            "How much worse, on average over draws, a structure is than the best of each draw. The least of \
             these losses is what it would be worth to know every value before choosing.",
        ),
    ];
    Section {
        id: "question".to_owned(),
        heading: "What was asked".to_owned(),
        blocks: vec![
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
            Block::Terms {
                items: terms
                    .into_iter()
                    .map(|(name, text)| Term {
                        name: name.into(),
                        text: text.into(),
                    })
                    .collect(),
            },
        ],
    }
}

fn listed<'a>(names: impl Iterator<Item = &'a str>) -> String {
    let names: Vec<String> = names
        .map(crate::report::terminal::sentences::lower_first)
        .collect();
    match names.split_last() {
        Some((last, others)) if !others.is_empty() => {
            format!("{} and {last}", others.join(", "))
        }
        _ => names.concat(),
    }
}

/// What the first measure says in full, and each other folded away.
fn by_measure(
    found: &Uncertainty,
    mut blocks_of: impl FnMut(&OfMeasure) -> Vec<Block>,
) -> Vec<Block> {
    let mut blocks = Vec::new();
    for (place, of) in found.of_measures.iter().enumerate() {
        let own = blocks_of(of);
        if place == 0 {
            blocks.extend(own);
        } else {
            blocks.push(Block::Details {
                summary: name_of(of),
                blocks: own,
            });
        }
    }
    blocks
}

fn name_of(of: &OfMeasure) -> String {
    format!(
        "{} ({}; {})",
        of.measure.name,
        of.measure.unit,
        direction(of.measure.direction)
    )
}

fn answer(found: &Uncertainty, charts: &mut Charts) -> Section {
    let mut blocks = Vec::new();
    if let Some(first) = found.of_measures.first() {
        blocks.push(heading("answer-first", name_of(first)));
    } else {
        blocks.push(paragraph(
            "In some draw there was nothing to measure, in every measure, so nothing can be told.",
        ));
    }
    blocks.extend(by_measure(found, |of| {
        let choosing = Choosing::of(found, of);
        let look = Look::default();
        let id = of.measure.id;
        let claims = sentences(found, of);
        let items = claims.into_iter().map(|(text, source)| claim(text, source));
        let mut blocks = Vec::new();
        blocks.extend(charts.add(
            format!("chart-chances-{id}"),
            decide::chances(&choosing, &look),
            "How often each structure is best, second and so on, and what is lost by taking it.",
            &["ranks.csv", "choice.csv"],
        ));
        blocks.push(Block::Claims {
            items: items.collect(),
        });
        blocks.push(Block::Table(choice(found, of)));
        blocks
    }));
    if !found.without.is_empty() {
        let names = listed(found.without.iter().map(|it| it.name));
        blocks.push(paragraph(format!(
            "Of {names} nothing is said: in some draw there was nothing to measure."
        )));
    }
    Section {
        id: "answer".to_owned(),
        heading: "The answer".to_owned(),
        blocks,
    }
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
    let number = |value: f64, digits: usize| Cell {
        sort: Some(value),
        ..Cell::from(plain(value, digits))
    };
    let maybe = |value: Option<f64>, digits: usize| {
        value.map_or_else(|| Cell::from("cannot tell"), |it| number(it, digits))
    };
    let standings = of.choice.smoothed.as_ref().unwrap_or(&of.choice.plain);
    for (place, structure) in found.structures.iter().enumerate() {
        let valued = of.choice.values[place];
        let standing = &standings[place];
        let told = of.choice.told.as_ref();
        let name = match place {
            0 => format!("{} (baseline)", structure.name),
            _ => structure.name.clone(),
        };
        let row = vec![
            Cell::from(name),
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
    if let Some(first) = found.of_measures.first() {
        blocks.push(heading("rests-first", name_of(first)));
    }
    blocks.extend(by_measure(found, |of| {
        let choosing = Choosing::of(found, of);
        let look = Look::default();
        let id = of.measure.id;
        let measures = found.ensemble.measures();
        let place = measures.iter().position(|it| it.id == id);
        let weights = vec![1.0; found.ensemble.points.len()];
        let drawn = place.and_then(|place| found.ensemble.drawn(place, weights));
        let differences = drawn.map(|drawn| Differences::of(&drawn, of.sign));
        let mut blocks = Vec::new();
        blocks.extend(charts.add(
            format!("chart-worth-{id}"),
            decide::worth(&choosing, &look),
            "What it is worth to know each value before choosing, and all of them.",
            &["information.csv"],
        ));
        blocks.extend(charts.add(
            format!("chart-grades-{id}"),
            decide::grades(&choosing, &look),
            "Which grades of evidence the differences from the baseline rest on.",
            &["evidence.csv"],
        ));
        blocks.extend(charts.add(
            format!("chart-draws-{id}"),
            differences.and_then(|it| decide::draws(&choosing, &it, &look)),
            "The difference from the baseline in every draw, and how much of its spread is luck.",
            &["values.csv", "choice.csv"],
        ));
        blocks.extend(regions(found, of));
        blocks
    }));
    Section {
        id: "rests-on".to_owned(),
        heading: "What it rests on".to_owned(),
        blocks,
    }
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
            let limits: Vec<String> = discovered
                .restrictions
                .iter()
                .map(|limit| {
                    let drawable = &found.parameters[limit.dimension].drawable;
                    let words = |share: f64| decide::short(&drawable.words(share));
                    let path = &drawable.path;
                    match (limit.low > 0.0, limit.high < 1.0) {
                        (true, true) => {
                            format!("{path} from {} to {}", words(limit.low), words(limit.high))
                        }
                        (true, false) => format!("{path} at {} or more", words(limit.low)),
                        _ => format!("{path} at {} or less", words(limit.high)),
                    }
                })
                .collect();
            let what = match against.region_is_of_better {
                true => "better than the baseline",
                false => "not better than the baseline",
            };
            table.row(
                Some(against.structure),
                vec![
                    Cell::from(found.structures[against.structure].name.clone()),
                    Cell::from(what),
                    Cell::from(limits.join(" and ")),
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

fn drawn(found: &Uncertainty) -> Section {
    let mut blocks = vec![
        paragraph(
            "Each value lies evenly between the ends of its range, by itself: whether that is what is \
             believed, no run can tell.",
        ),
        Block::Table(parameters(&found.parameters, &["drawn.csv", "draws.csv"])),
    ];
    if !found.left_out.is_empty() {
        let mut table = Table::new("left-out", "Values with a range that were not drawn")
            .words("value")
            .words("why");
        for it in &found.left_out {
            let path = Text::default().code(it.path.clone());
            table.row(None, vec![path.into(), it.why.clone().into()]);
        }
        blocks.push(Block::Table(table.folded()));
    }
    Section {
        id: "drawn".to_owned(),
        heading: "What was drawn".to_owned(),
        blocks,
    }
}

fn limits() -> Section {
    let items = [
        "Ranges are taken as they stand in the files. A value without a range stayed as it is stated, so \
         that nothing here holds its uncertainty.",
        "A draw takes each value by itself. Values that hang together in the world, or were fitted \
         together, are drawn as if they did not.",
        "“Best” is best of the structures that were run, by the measure that stands there.",
        "The worth of knowing a value is told by a regression on the draws: with few draws weak values \
         cannot be told from none.",
        "A region that is found is where the model turns, not where the world does.",
        "Luck is taken out by shrinking means towards their average, which takes luck to be alike in all \
         draws.",
    ];
    Section {
        id: "limits".to_owned(),
        heading: "Limits".to_owned(),
        blocks: vec![Block::List {
            items: items.into_iter().map(Text::from).collect(),
        }],
    }
}

fn banners(found: &Uncertainty) -> Vec<Banner> {
    let mut banners: Vec<Banner> = on_assumptions(found).into_iter().collect();
    let is_fitted = |it: &&crate::scenario::Ranged| it.grade == Some(Grade::Fitted);
    let fitted = found.parameters.iter().filter(is_fitted).count();
    if fitted > 0 {
        banners.push(Banner {
            heading: "Values that were fitted together are drawn one by one".to_owned(),
            text: format!(
                "{} of those drawn were fitted together to published figures. Drawn one by one they agree with \
                 those figures no more, so that the spread is too wide.",
                upper(&values(fitted))
            )
            .into(),
        });
    }
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
