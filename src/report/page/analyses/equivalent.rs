//! Structure or money: the page of what more posts would do instead.

use super::{About, Analysis, Charts, by_measure, claims, listed, section, without};
use crate::analysis::decision::Instead;
use crate::inquiry::decide::equivalent::{Equivalent, OfMeasure};
use crate::report::charts::Look;
use crate::report::charts::decide::{self, AtPosts, Buys, Reach};
use crate::report::manifest::QuestionView;
use crate::report::page::parts::{Block, Section, paragraph};
use crate::report::terminal::decide::equivalent::{foot, head, sentences, unit};
use crate::scenario::Scenario;

/// The page.
pub(in crate::report) fn equivalent(
    found: &Equivalent,
    scenario: &Scenario,
    view: &QuestionView,
) -> Analysis {
    let about = About {
        scenario,
        view,
        question: "structure or money?".to_owned(),
        facts: vec![
            format!("{} trials", found.trials),
            format!("{} structures", found.features_from),
        ],
    };
    let mut charts = Charts::default();
    let answer = answer(found, &mut charts);
    let asked = section(
        "question",
        "What was asked",
        vec![
            paragraph(scenario.study.purpose.clone()),
            paragraph(format!(
                "How many more {} under the baseline would do what each structure does? Judged by {}.",
                unit(found),
                listed(found.of_measures.iter().map(|it| it.measure.name))
            )),
            paragraph(head(found)),
        ],
    );
    let limits = section("limits", "Limits", vec![paragraph(foot(found))]);
    let mut analysis = about.analysis(
        Vec::new(),
        (asked, vec![answer], vec![limits]),
        charts.files,
    );
    // Single features and numbers of posts are no structures of the study.
    analysis.answer.structures.truncate(found.features_from);
    analysis
}

/// A number of posts as a share of those that there are, less all of them, in percent.
fn percent(found: &Equivalent, posts: f64) -> f64 {
    100.0 * (posts - found.posts()) / found.posts()
}

fn reach(found: &Equivalent, posts: &Instead) -> Reach {
    let percent = |posts: f64| percent(found, posts);
    match *posts {
        Instead::Unclear => Reach::Unclear,
        Instead::Amount {
            at,
            nearer,
            further,
        } => Reach::Within(percent(at), percent(nearer), further.map(percent)),
        Instead::Beyond { tried, .. } if tried < found.posts() => Reach::LessThan(percent(tried)),
        Instead::Beyond { tried, .. } => Reach::MoreThan(percent(tried)),
    }
}

fn answer(found: &Equivalent, charts: &mut Charts) -> Section {
    let runs = format!("{} trials", found.trials);
    let measure = |of: &OfMeasure| of.measure;
    let mut blocks = by_measure(&found.of_measures, "answer", measure, |of| {
        let levels = found.levels.iter().zip(&of.level_effects);
        let curve: Vec<AtPosts> = levels
            .map(|(level, effect)| AtPosts {
                percent: percent(found, level.posts),
                difference: *effect,
            })
            .collect();
        let structures: Vec<Buys> = of
            .of_structures
            .iter()
            .map(|it| Buys {
                structure: it.structure,
                name: &found.structures[it.structure].name,
                difference: it.effect,
                posts: reach(found, &it.posts),
            })
            .collect();
        let chart = decide::Equivalent {
            measure: of.measure,
            baseline: &found.structures[0].name,
            curve: &curve,
            structures: &structures,
            what: unit(found),
            runs: &runs,
        };
        let mut blocks: Vec<Block> = Vec::new();
        blocks.extend(charts.add(
            ("equivalent", of.measure, None),
            decide::equivalent(&chart, &Look::default()),
            "How many more posts under the baseline do what each structure does, and what the baseline gives by \
             posts.",
            &["equivalent.csv", "posts.csv"],
        ));
        let said = sentences(found, of, &found.features_by_effect(of));
        if !said.is_empty() {
            blocks.push(claims(said, "equivalent.csv"));
        }
        blocks
    });
    blocks.extend(without(&found.without));
    section("answer", "The answer", blocks)
}
