//! What would change the answer? The page of the distances to a flip.

use super::{
    About, Analysis, Charts, by_measure, claims, graded, listed, number, section, terms, values,
    varied, warning, without,
};
use crate::analysis::decision::Parting;
use crate::inquiry::decide::flip::{Flip, Flips, OfMeasure};
use crate::report::charts::Look;
use crate::report::charts::decide::{self, FlipRow};
use crate::report::manifest::QuestionView;
use crate::report::numbers::{count, plain};
use crate::report::page::parts::{Banner, Block, Cell, Section, Table, Text, paragraph};
use crate::report::terminal::decide::flip::{pairs, sentences};
use crate::report::terminal::decide::together;
use crate::scenario::{Grade, Scenario};

/// The page.
pub(in crate::report) fn flip(found: &Flips, scenario: &Scenario, view: &QuestionView) -> Analysis {
    let runs = runs(found);
    let about = About {
        scenario,
        view,
        question: "what would change the answer?".to_owned(),
        facts: vec![
            format!("{} moved one by one", values(found.parameters.len())),
            runs,
            format!("{} structures", found.structures.len()),
        ],
    };
    let mut charts = Charts::default();
    let answer = answer(found, &mut charts);
    let varied = varied(
        "Each value went through its range alone, while all others stayed as they are stated.",
        &found.parameters,
        &found.left_out,
        None,
    );
    let limits = super::limits([
        "Values that move together may change the answer sooner than each alone; a map over two of them \
         (seamline tipping) shows whether they do.",
        "How far a value has to go is told in parts of its own range. How likely it is to go so far is not \
         told: that is a question of the range and of its evidence.",
        "Between the places that were run the difference is taken to run straight.",
        "Each rival has an interval of its own, so that of many rivals the first is by luck a little too near.",
    ]);
    let asked = asked(found, scenario);
    about.analysis(
        banners(found),
        (asked, vec![answer], vec![varied, limits]),
        charts.files,
    )
}

fn runs(found: &Flips) -> String {
    format!(
        "{} runs of {} trials with the same luck",
        count(found.ensemble.points.len() as u64),
        found.trials
    )
}

fn asked(found: &Flips, scenario: &Scenario) -> Section {
    section(
        "question",
        "What was asked",
        vec![
            paragraph(scenario.study.purpose.clone()),
            paragraph(format!(
                "One structure is best where every value is as stated. How far must one value go before \
                 another is? Judged by {}.",
                listed(found.of_measures.iter().map(|it| it.measure.name))
            )),
            terms([
                (
                    "Distance",
                    "How far the value must go from where it is stated, in hundredths of its own range.",
                ),
                (
                    "Might",
                    "The structure stays best throughout, but luck does not rule out that it does not.",
                ),
                (
                    "Cannot tell",
                    "Already with every value as stated the two are not told apart.",
                ),
            ]),
        ],
    )
}

fn answer(found: &Flips, charts: &mut Charts) -> Section {
    let runs = runs(found);
    let measure = |of: &OfMeasure| of.measure;
    let mut blocks = by_measure(&found.of_measures, "answer", measure, |of| {
        let rows: Vec<FlipRow> = of
            .flips
            .iter()
            .map(|flip| FlipRow {
                parameter: &found.parameters[flip.parameter],
                rival: &found.structures[flip.rival].name,
                points: &flip.course,
                parting: flip.parting,
            })
            .collect();
        let chart = decide::Flip {
            measure: of.measure,
            leader: &found.structures[of.leader].name,
            is_clear: of.next.is_clear,
            rows: &rows,
            runs: &runs,
        };
        let mut blocks = Vec::new();
        blocks.extend(charts.add(
            ("flip", of.measure, None),
            decide::flip(&chart, &Look::default()),
            "Each value through its range: where the structure that is best as stated is overtaken.",
            &["flips.csv", "courses.csv"],
        ));
        blocks.push(claims(sentences(found, of), "flips.csv"));
        blocks.push(Block::Table(table(found, of)));
        // With two structures the table above says it.
        if of.pairs.len() > 1 {
            blocks.push(Block::Details {
                summary: format!("{}: each structure against the baseline", of.measure.name),
                blocks: vec![claims(pairs(found, of), "pairs.csv")],
            });
        }
        blocks
    });
    blocks.extend(without(&found.without));
    section("answer", "The answer", blocks)
}

fn table(found: &Flips, of: &OfMeasure) -> Table {
    let mut table = Table::new(
        format!("flips-{}", of.measure.id),
        format!(
            "{}: how far each value must go before another structure is best than “{}”",
            of.measure.name, found.structures[of.leader].name
        ),
    )
    .words("value")
    .words("evidence")
    .words("as stated")
    .words("verdict")
    .words("turns at")
    .numbers("distance", "% of its range")
    .numbers("perhaps from", "% of its range")
    .numbers("surely from", "% of its range")
    .words("then best")
    .files(&["flips.csv"])
    .sortable();
    for flip in &of.flips {
        table.row(None, row(found, flip));
    }
    if of.flips.len() > 20 {
        return table.folded();
    }
    table
}

fn row(found: &Flips, flip: &Flip) -> Vec<Cell> {
    let ranged = &found.parameters[flip.parameter];
    let rival = found.structures[flip.rival].name.clone();
    let hundredths = |share: f64| number(100.0 * share, 0);
    let none = || Cell::from("none");
    let (verdict, at, [distance, nearest, furthest], rival) = match flip.parting {
        Parting::Flips {
            at,
            distance,
            nearest,
            furthest,
        } => (
            "turns",
            ranged.words(at),
            [
                hundredths(distance),
                hundredths(nearest),
                furthest.map_or_else(|| Cell::from("beyond its range"), hundredths),
            ],
            rival,
        ),
        Parting::Might { nearest } => (
            "might",
            String::new(),
            [none(), hundredths(nearest), none()],
            rival,
        ),
        Parting::Unclear => (
            "cannot tell",
            String::new(),
            [none(), none(), none()],
            rival,
        ),
        Parting::Never => (
            "never alone",
            String::new(),
            [none(), none(), none()],
            String::new(),
        ),
    };
    let path = Text::default().code(ranged.path());
    vec![
        path.into(),
        graded(ranged.grade).into(),
        ranged.words(ranged.stated).into(),
        verdict.into(),
        plain_words(&at).into(),
        distance,
        nearest,
        furthest,
        rival.into(),
    ]
}

fn plain_words(words: &str) -> String {
    decide::short(words)
}

fn banners(found: &Flips) -> Vec<Banner> {
    let alone = together::alone(&found.parameters);
    let alone = alone.map(|it| warning("Values were fitted together", &it));
    banner(found).into_iter().chain(alone).collect()
}

/// Where an assumption turns the answer by itself.
fn banner(found: &Flips) -> Option<Banner> {
    let of = found.of_measures.first()?;
    let turns = |it: &&Flip| matches!(it.parting, Parting::Flips { .. });
    let assumed = |it: &&Flip| found.parameters[it.parameter].grade == Some(Grade::Assumption);
    let all = of.flips.iter().filter(turns).count();
    let of_them = of.flips.iter().filter(turns).filter(assumed).count();
    (of_them > 0).then(|| Banner {
        heading: "The ranking rests on assumptions".to_owned(),
        text: match (of_them, all) {
            (1, 1) => "The one value that can by itself change which structure is best was assumed by somebody, \
                       and measured by nobody."
                .into(),
            _ => format!(
                "Values that can by themselves change which structure is best: {}. Of them, assumed by somebody \
                 and measured by nobody: {}.",
                plain(all as f64, 0),
                plain(of_them as f64, 0)
            )
            .into(),
        },
    })
}
