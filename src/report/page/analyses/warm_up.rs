//! Is the warm-up long enough? The page of a warm-up analysis.

use super::{About, Analysis, Charts, claims, section, terms};
use crate::inquiry::decide::warm_up::{OfSeries, WarmUp};
use crate::report::charts::Look;
use crate::report::charts::decide::{self, OneSeries, SeriesOfTrials};
use crate::report::decide::warm_up::{unit, verdict};
use crate::report::manifest::QuestionView;
use crate::report::page::parts::{Block, Cell, Section, Table, paragraph};
use crate::report::terminal::decide::warm_up::{is_monthly, name, sentences, steps, time};
use crate::scenario::Scenario;

/// Series that are drawn: those that ask for the longest warm-up first.
const DRAWN: usize = 8;

/// The page.
pub(in crate::report) fn warm_up(
    found: &WarmUp,
    scenario: &Scenario,
    view: &QuestionView,
) -> Analysis {
    let about = About {
        scenario,
        view,
        question: "is the warm-up long enough?".to_owned(),
        facts: vec![
            format!("{} from the first day", steps(found)),
            format!("{} trials", found.trials),
        ],
    };
    let mut charts = Charts::default();
    let answer = answer(found, &mut charts);
    let asked = section(
        "question",
        "What was asked",
        vec![
            paragraph(format!(
                "The baseline alone was followed from its first day. Are the {} of its warm-up enough, so that \
                 what is measured after it does not hold the beginning?",
                time(found, found.warm_up)
            )),
            terms([
                (
                    "MSER-5",
                    "The beginning without which the mean of the rest is known best (White 1997).",
                ),
                (
                    "Welch's curve",
                    "A moving average over trials, to be looked at (Welch 1983).",
                ),
            ]),
        ],
    );
    let limits = super::limits([
        "Only the baseline is followed: after decision day other structures have a beginning of their own.",
        "A series that grows throughout has no steady state. It is told as still moving, where it can be told.",
        "Several series are looked at together, each with its share of a chance of 5% of a false alarm.",
    ]);
    about.analysis(
        Vec::new(),
        (asked, vec![answer], vec![limits]),
        charts.files,
    )
}

fn answer(found: &WarmUp, charts: &mut Charts) -> Section {
    let mut order: Vec<&OfSeries> = found.series.iter().collect();
    order.sort_by_key(|it| std::cmp::Reverse(it.asks_for()));
    let names: Vec<(String, &str)> = order
        .iter()
        .map(|it| (name(found, it.what), unit(found, it.what)))
        .collect();
    let series: Vec<OneSeries> = order
        .iter()
        .zip(&names)
        .take(DRAWN)
        .map(|(of, (name, unit))| OneSeries {
            name,
            unit,
            means: &of.means,
            steady: &of.steady,
        })
        .collect();
    let chart = SeriesOfTrials {
        observation: if is_monthly(found) { "month" } else { "step" },
        trials: found.trials as usize,
        series: &series,
    };
    let shows = match order.len() > DRAWN {
        true => {
            "The series that ask for the longest warm-up, from the first day; the table has all."
        }
        false => "Every series from the first day.",
    };
    let mut blocks = Vec::new();
    blocks.extend(charts.add_as(
        "chart-warm-up.svg".to_owned(),
        decide::steady(&chart, &Look::default()),
        shows,
        &["series.csv", "steady.csv"],
    ));
    blocks.push(claims(sentences(found), "steady.csv"));
    let mut table = Table::new("series", "Every series that was followed")
        .words("series")
        .words("unit")
        .words("the warm-up is")
        .words("asks for")
        .files(&["steady.csv", "series.csv"])
        .sortable();
    for (of, (name, unit)) in order.iter().zip(&names) {
        let asks = of.asks_for().map(|it| match it {
            0 => "nothing".to_owned(),
            it => time(found, it),
        });
        table.row(
            None,
            vec![
                Cell::from(name.clone()),
                Cell::from(*unit),
                Cell::from(verdict(of.steady.told)),
                asks.unwrap_or_else(|| "cannot tell".to_owned()).into(),
            ],
        );
    }
    blocks.push(Block::Table(table));
    section("answer", "The answer", blocks)
}
