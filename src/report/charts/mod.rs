//! Charts as SVG: functions from the summary to text.
//!
//! Titles are sentences made from the results. They say what was found, never why, and say so where
//! an interval leaves it open. Where totals are not equal, every chart says so.

mod backend;
mod canvas;
mod cases;
mod columns;
mod course;
pub mod decide;
mod dense;
mod differences;
mod discordance;
mod ends;
mod equity;
mod evidence;
mod flow;
mod fonts;
mod funnel;
mod look;
mod missed;
mod not_begun;
mod over_time;
mod palette;
mod panels;
mod places;
pub mod png;
mod posts;
mod recorded;
mod rows;
mod stages;
mod story;
mod structure;
mod structures;
mod utilisation;

pub(in crate::report) use fonts::style_sheet as font_style_sheet;
pub use look::{Look, Palette};

use crate::analysis::Summary;
use crate::inquiry::story::Story;
use crate::report::File;
use crate::scenario::{Scenario, Structure};

/// What charts are drawn of.
#[derive(Debug, Clone, Copy)]
pub struct Subject<'a> {
    /// What a run says.
    pub summary: &'a Summary,
    /// What was run.
    pub scenario: &'a Scenario,
}

impl Subject<'_> {
    /// What the scenario says of the structure at this place in the summary, if it does.
    fn structure(&self, place: usize) -> Option<&Structure> {
        let named = self.summary.structures.get(place)?;
        let structures = self.scenario.structures.iter();
        structures.into_iter().find(|it| it.id.as_str() == named.id)
    }
}

/// A kind of chart.
#[derive(Clone, Copy)]
pub struct Kind {
    /// Id on the command line.
    pub id: &'static str,
    /// Its file in a folder of results.
    pub file: &'static str,
    /// What it shows, in a sentence.
    pub shows: &'static str,
    /// The tables that hold its numbers.
    pub tables: &'static [&'static str],
    draw: fn(&Subject, &Look) -> Option<String>,
}

impl Kind {
    /// The kind of this id.
    pub fn of(id: &str) -> Option<&'static Self> {
        KINDS.iter().find(|kind| kind.id == id)
    }

    /// The chart as SVG; `None` where the study has nothing of the kind to show.
    pub fn draw(&self, subject: &Subject, look: &Look) -> Option<String> {
        (self.draw)(subject, look)
    }
}

impl std::fmt::Debug for Kind {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        out.debug_tuple("Kind").field(&self.id).finish()
    }
}

/// Every kind of chart, in the order of a report.
pub const KINDS: &[Kind] = &[
    Kind {
        id: "not-begun",
        file: "chart-handoffs-not-begun.svg",
        shows: "Share of handoffs not yet begun by day since the decision, by structure.",
        tables: &["not-begun.csv"],
        draw: |of, look| not_begun::draw(of.summary, look),
    },
    Kind {
        id: "ends",
        file: "chart-handoff-ends.svg",
        shows: "How handoffs have ended by day since the decision, begun or otherwise, by kind of \
                handoff.",
        tables: &["ends.csv"],
        draw: |of, look| ends::draw(of.summary, look),
    },
    Kind {
        id: "stages",
        file: "chart-stages.svg",
        shows: "Where the days of begun handoffs go: the work of passing on, and queues for staff and \
                places.",
        tables: &["stages.csv"],
        draw: |of, look| stages::draw(of.summary, look),
    },
    Kind {
        id: "missed",
        file: "chart-missed-by-cause.svg",
        shows: "Missed cases by cause and structure, in two accounts, with the interval of the total.",
        tables: &["missed.csv"],
        draw: |of, look| Some(missed::draw(of.summary, look)),
    },
    Kind {
        id: "differences",
        file: "chart-differences.svg",
        shows: "Paired differences from the baseline: one panel and axis a measure.",
        tables: &["differences.csv"],
        draw: |of, look| differences::draw(of.summary, look),
    },
    Kind {
        id: "over-time",
        file: "chart-over-time.svg",
        shows: "Known missed cases month by month, as differences from the baseline, with vesting \
                day and break-even.",
        tables: &["monthly.csv", "break-even.csv"],
        draw: |of, look| over_time::draw(of.summary, look),
    },
    Kind {
        id: "course",
        file: "chart-course.svg",
        shows: "Month by month from decision day: the median trial and how trials differ, on the \
                baseline.",
        tables: &["monthly.csv", "break-even.csv"],
        draw: |of, look| course::draw(of.summary, look),
    },
    Kind {
        id: "discordance",
        file: "chart-discordance.svg",
        shows: "Children missed under one of two structures only, gross and net, beside churn.",
        tables: &["discordance.csv"],
        draw: |of, look| discordance::draw(of.summary, look),
    },
    Kind {
        id: "flow",
        file: "chart-flow.svg",
        shows: "Who passes children on to whom, under the baseline and the structure that \
                differs most from it in the primary measure.",
        tables: &["delays.csv", "handoffs.csv"],
        draw: |of, look| flow::draw(of.summary, look),
    },
    Kind {
        id: "structure",
        file: "chart-structure.svg",
        shows: "One structure: services in their organisations, the other five partitions, and seams \
                weighted by simulated handoffs.",
        tables: &["partitions.csv", "delays.csv", "handoffs.csv"],
        draw: structure::draw,
    },
    Kind {
        id: "structures",
        file: "chart-structures.svg",
        shows: "All structures side by side: organisations as enclosures, and handoffs that cross from one \
                to another.",
        tables: &["partitions.csv", "handoffs.csv"],
        draw: structures::draw,
    },
    Kind {
        id: "funnel",
        file: "chart-funnel.svg",
        shows: "From need to help: the share of need spells that came to each step, by structure.",
        tables: &["funnel.csv"],
        draw: |of, look| funnel::draw(of.summary, look),
    },
    Kind {
        id: "recorded",
        file: "chart-recorded.svg",
        shows: "What services' own records would show beside what is true.",
        tables: &["recorded.csv"],
        draw: |of, look| recorded::draw(of.summary, look),
    },
    Kind {
        id: "equity",
        file: "chart-equity.svg",
        shows: "Between groups of need and between areas: known missed cases by structure.",
        tables: &["equity-needs.csv", "equity-areas.csv"],
        draw: |of, look| equity::draw(of.summary, look),
    },
    Kind {
        id: "utilisation",
        file: "chart-utilisation.svg",
        shows: "Places in use and children waiting, month by month, by service and structure.",
        tables: &["service-months.csv"],
        draw: |of, look| utilisation::draw(of.summary, look),
    },
    Kind {
        id: "places",
        file: "chart-places.svg",
        shows: "How many were present at each service, and how likely a place is wanting at each number of \
                places.",
        tables: &["present.csv", "places.csv"],
        draw: |of, look| places::draw(of.summary, look),
    },
    Kind {
        id: "cases",
        file: "chart-cases.svg",
        shows: "Scripted children: how far each occasion brought them, by structure.",
        tables: &["case-occasions.csv", "cases.csv"],
        draw: |of, look| cases::draw(of.summary, look),
    },
    Kind {
        id: "evidence",
        file: "chart-evidence.svg",
        shows: "The evidence behind the results: values by part of the model and grade.",
        tables: &["parameters.csv"],
        draw: evidence::draw,
    },
    Kind {
        id: "posts",
        file: "chart-posts.svg",
        shows: "The primary measure by structure with fewer and with more posts.",
        tables: &["at-posts.csv", "summary.csv"],
        draw: |of, look| posts::draw(of.summary, look),
    },
];

/// Every chart of a run. Those of which a study has nothing to show are left out.
pub fn all(subject: &Subject) -> Vec<File> {
    let look = Look::default();
    let drawn = KINDS.iter().filter_map(|kind| {
        Some(File {
            name: kind.file.to_owned(),
            bytes: kind.draw(subject, &look)?.into_bytes(),
        })
    });
    drawn.collect()
}

/// Where a child stood under each structure of its story: lanes of services on one axis of time.
pub fn story(story: &Story, look: &Look) -> String {
    story::draw(story, look)
}

/// `12 trials`, or `1 trial`.
fn trials(summary: &Summary) -> String {
    let plural = if summary.trials == 1 { "" } else { "s" };
    format!(
        "{} trial{plural}",
        crate::report::numbers::count(summary.trials as u64)
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::analysis::{Estimate, Interval};
    use crate::report::sample;

    /// A line of text in a chart, as far as its box needs it.
    struct Text {
        words: String,
        left: f64,
        right: f64,
        top: f64,
        bottom: f64,
    }

    fn attribute<'a>(element: &'a str, name: &str) -> Option<&'a str> {
        let (_, rest) = element.split_once(&format!(" {name}=\""))?;
        rest.split('"').next()
    }

    fn number(element: &str, name: &str) -> f64 {
        attribute(element, name).unwrap().parse().unwrap()
    }

    fn texts(svg: &str) -> Vec<Text> {
        svg.lines()
            .filter(|line| line.starts_with("<text"))
            .map(|line| {
                let words = line.split(['>', '<']).nth(2).unwrap();
                let words = words.replace("&lt;", "<").replace("&gt;", ">");
                let words = words.replace("&quot;", "\"").replace("&amp;", "&");
                let face = fonts::Face {
                    em: number(line, "font-size"),
                    is_bold: line.contains("font-weight"),
                };
                let (x, baseline) = (number(line, "x"), number(line, "y"));
                let width = face.width(&words);
                let left = match attribute(line, "text-anchor") {
                    Some("middle") => x - width / 2.0,
                    Some("end") => x - width,
                    _ => x,
                };
                Text {
                    left,
                    right: left + width,
                    top: baseline - 0.76 * face.em,
                    bottom: baseline + 0.2 * face.em,
                    words,
                }
            })
            .collect()
    }

    /// Every coordinate of every mark, in pairs.
    fn points(svg: &str) -> Vec<(f64, f64)> {
        let mut found = Vec::new();
        for line in svg.lines() {
            if let Some(points) = attribute(line, "points") {
                found.extend(points.split(' ').map(|point| {
                    let (x, y) = point.split_once(',').unwrap();
                    (x.parse::<f64>().unwrap(), y.parse::<f64>().unwrap())
                }));
            } else if line.starts_with("<circle") {
                let radius = number(line, "r");
                let (x, y) = (number(line, "cx"), number(line, "cy"));
                found.extend([(x - radius, y - radius), (x + radius, y + radius)]);
            } else if line.starts_with("<rect") {
                let (x, y) = (number(line, "x"), number(line, "y"));
                found.extend([
                    (x, y),
                    (x + number(line, "width"), y + number(line, "height")),
                ]);
            }
        }
        found
    }

    /// Every mark and text lies on the page, and no text on another.
    #[track_caller]
    pub(super) fn check(svg: &str) {
        let width = number(svg, "width");
        let height = number(svg, "height");
        let is_on_page = |x: f64, y: f64| {
            (-0.1..=width + 0.1).contains(&x) && (-0.1..=height + 0.1).contains(&y)
        };
        for (x, y) in points(svg) {
            assert!(is_on_page(x, y), "a mark at {x}, {y} leaves the page");
        }
        let texts = texts(svg);
        assert!(!texts.is_empty());
        for (place, text) in texts.iter().enumerate() {
            assert!(
                is_on_page(text.left, text.top) && is_on_page(text.right, text.bottom),
                "\"{}\" leaves the page",
                text.words
            );
            for other in &texts[place + 1..] {
                // Coordinates are rounded to a tenth of a pixel.
                let is_apart = text.right <= other.left + 0.2
                    || other.right <= text.left + 0.2
                    || text.bottom <= other.top
                    || other.bottom <= text.top;
                assert!(is_apart, "\"{}\" lies on \"{}\"", text.words, other.words);
            }
        }
    }

    fn svgs(summary: &Summary) -> Vec<String> {
        let scenario = sample::study();
        let subject = Subject {
            summary,
            scenario: &scenario,
        };
        all(&subject)
            .into_iter()
            .map(|file| String::from_utf8(file.bytes).unwrap())
            .collect()
    }

    /// The chart of a kind, as a run has it.
    fn drawn(id: &str, summary: &Summary) -> String {
        let scenario = sample::study();
        let subject = Subject {
            summary,
            scenario: &scenario,
        };
        let kind = Kind::of(id).unwrap();
        kind.draw(&subject, &Look::default()).unwrap()
    }

    #[test]
    fn a_look_changes_title_width_and_colours_and_nothing_else() {
        let summary = sample::children(3);
        let scenario = sample::study();
        let subject = Subject {
            summary: &summary,
            scenario: &scenario,
        };
        let look = Look {
            title: Some("What the minister asked".to_owned()),
            width: Some(1_520),
            palette: Palette::Grey,
            measure: Some("known-missed".to_owned()),
        };
        for kind in KINDS {
            let Some(svg) = kind.draw(&subject, &look) else {
                continue;
            };
            assert!(
                svg.contains(">What the minister asked</text>"),
                "{}",
                kind.id
            );
            assert!(svg.contains(" width=\"1520\""), "{}", kind.id);
            assert!(!svg.contains("#12436d"), "{}", kind.id);
        }
    }

    /// The chart without the font inside, which would drown a snapshot.
    pub(super) fn without_font(svg: &str) -> String {
        svg.lines()
            .filter(|line| !line.starts_with("<style>"))
            .map(|line| format!("{line}\n"))
            .collect()
    }

    #[test]
    fn no_text_leaves_the_page_or_lies_on_another() {
        for structures in [1, 2, 4, 8, 14] {
            for summary in [sample::children(structures), sample::network(structures)] {
                for svg in svgs(&summary) {
                    check(&svg);
                }
            }
        }
    }

    #[test]
    fn hostile_and_endless_names_stay_in_their_places() {
        let mut summary = sample::children(3);
        summary.structures[0].name = "<script>alert('x')</script> & \"co\"".to_owned();
        summary.structures[1].name = "W".repeat(300);
        summary.structures[2].name = "many words ".repeat(60);
        for svg in svgs(&summary) {
            check(&svg);
            assert!(!svg.contains("<script"));
        }
    }

    #[test]
    fn hostile_and_endless_names_of_all_else_stay_in_their_places() {
        for name in [
            "<script>alert('x')</script> & \"co\"".to_owned(),
            "W".repeat(300),
            "many words ".repeat(60),
        ] {
            for mut summary in [sample::children(3), sample::network(2)] {
                let lists = [
                    &mut summary.services,
                    &mut summary.sources,
                    &mut summary.needs,
                    &mut summary.areas,
                    &mut summary.sharings,
                ];
                for named in lists.into_iter().flatten() {
                    named.name.clone_from(&name);
                }
                for case in &mut summary.cases.named {
                    case.name.clone_from(&name);
                    for occasion in &mut case.occasions {
                        occasion.name.clone_from(&name);
                    }
                }
                let mut scenario = sample::study();
                for structure in &mut scenario.structures {
                    for organisation in &mut structure.organisations {
                        organisation.name.clone_from(&name);
                    }
                }
                for parameter in &mut scenario.parameters {
                    parameter.path.clone_from(&name);
                }
                let subject = Subject {
                    summary: &summary,
                    scenario: &scenario,
                };
                for file in all(&subject) {
                    let svg = String::from_utf8(file.bytes).unwrap();
                    check(&svg);
                    assert!(!svg.contains("<script"), "{}", file.name);
                }
            }
        }
    }

    #[test]
    fn every_measure_can_be_asked_for() {
        let scenario = sample::study();
        for summary in [sample::children(2), sample::children(9), sample::network(3)] {
            let subject = Subject {
                summary: &summary,
                scenario: &scenario,
            };
            for compared in &summary.measures {
                let look = Look {
                    measure: Some(compared.measure.id.to_owned()),
                    ..Look::default()
                };
                for kind in ["differences", "course", "over-time", "posts"] {
                    if let Some(svg) = Kind::of(kind).unwrap().draw(&subject, &look) {
                        check(&svg);
                    }
                }
            }
        }
    }

    #[test]
    fn the_tables_of_every_kind_are_tables() {
        for kind in KINDS {
            assert!(!kind.tables.is_empty(), "{}", kind.id);
            for table in kind.tables {
                let is_known = crate::report::tables::FILES.contains(table);
                assert!(is_known, "{table} of {}", kind.id);
            }
        }
    }

    #[test]
    fn every_kind_is_drawn_of_some_study() {
        let scenario = sample::study();
        let summaries = [sample::children(3), sample::network(2)];
        for kind in KINDS {
            let is_drawn = summaries.iter().any(|summary| {
                let subject = Subject {
                    summary,
                    scenario: &scenario,
                };
                kind.draw(&subject, &Look::default()).is_some()
            });
            assert!(is_drawn, "{}", kind.id);
        }
    }

    #[test]
    fn numbers_of_any_size_fit() {
        for factor in [0.0, 1e-4, 1e5] {
            let mut summary = sample::children(4);
            let scale = |estimate: &mut Option<Estimate>| {
                if let Some(estimate) = estimate {
                    estimate.value *= factor;
                    estimate.interval = estimate.interval.map(|interval| Interval {
                        low: factor * interval.low,
                        high: factor * interval.high,
                    });
                }
            };
            for row in summary
                .measures
                .iter_mut()
                .flat_map(|compared| &mut compared.rows)
            {
                scale(&mut row.estimate);
                scale(&mut row.difference);
            }
            for days in summary.stage_days.iter_mut().flatten() {
                *days *= factor;
            }
            for delays in &mut summary.delays {
                delays.per_year.started *= factor;
            }
            for handoffs in &mut summary.handoffs {
                handoffs.per_year *= factor;
            }
            for load in &mut summary.service_months {
                load.waiting *= factor;
            }
            let tables = summary.discordance.iter_mut().flatten();
            for cell in tables.flat_map(|it| it.table.iter_mut().flatten()) {
                *cell *= factor;
            }
            let groups = summary.by_need.iter_mut().chain(&mut summary.by_area);
            for row in groups {
                scale(&mut row.estimate);
                scale(&mut row.difference);
            }
            for missed in &mut summary.missed {
                scale(&mut missed.total);
                for cause in &mut missed.causes {
                    cause.stood *= factor;
                    cause.time = cause.time.map(|time| factor * time);
                }
            }
            for svg in svgs(&summary) {
                check(&svg);
            }
        }
    }

    #[test]
    fn a_difference_that_may_be_none_is_hollow_and_the_title_says_so() {
        let mut summary = sample::children(2);
        let difference = |low: f64| {
            Some(Estimate {
                value: 1.0,
                interval: Some(Interval { low, high: 2.5 }),
            })
        };
        for compared in &mut summary.measures {
            compared.rows[1].difference = match compared.measure.id {
                "handoffs-begun-30" => difference(-0.5),
                "handoff-days" => None,
                _ => difference(0.5),
            };
        }
        let svg = drawn("differences", &summary);
        check(&svg);
        assert!(svg.contains("6 of 7 differences"));
        assert!(svg.contains("are clear of chance; 1 is not"));
        assert!(svg.contains("cannot tell"));
        assert_eq!(
            svg.matches("<circle").count(),
            8,
            "six discs, and two for a ring"
        );
    }

    #[test]
    fn every_chart_says_where_totals_are_not_equal_and_has_a_description() {
        for svg in svgs(&sample::children(8)) {
            assert!(svg.contains(">Totals are not equal: running cost"));
            assert!(svg.contains("role=\"img\"") && svg.contains("<desc id="));
        }
        for svg in svgs(&sample::children(2)) {
            assert!(!svg.contains("Totals are not equal"));
        }
    }

    #[test]
    fn a_story_keeps_its_words_and_marks_on_the_page() {
        let look = Look::default();
        let mut told = crate::report::story::sample::story();
        check(&story(&told, &look));
        // Years of it, with nothing to point at.
        told.about = None;
        told.days_observed = 1_826.0;
        told.tellings[1].entries[3].day = 1_500.0;
        told.tellings[1].spans[7].to = 1_826.0;
        check(&story(&told, &look));
        for telling in &mut told.tellings {
            telling.structure_name = "many words ".repeat(40);
            for span in &mut telling.spans {
                span.service = span.service.take().map(|it| it + &"W".repeat(60));
            }
            let ending = telling.endings[0].clone();
            telling.endings = vec![ending; 9];
        }
        told.partings[0].day = 1.0;
        check(&story(&told, &look));
        // Nothing happened at all.
        for telling in &mut told.tellings {
            telling.entries.clear();
            telling.spans.clear();
            telling.crossings.clear();
            telling.endings.clear();
        }
        told.partings.clear();
        check(&story(&told, &look));
    }

    #[test]
    fn a_story_is_drawn_as_it_was() {
        let told = crate::report::story::sample::story();
        insta::assert_snapshot!("story", without_font(&story(&told, &Look::default())));
    }

    #[test]
    fn charts_load_nothing_from_elsewhere() {
        for svg in svgs(&sample::children(2)) {
            let svg = svg.replace("http://www.w3.org/2000/svg", "");
            assert!(!svg.contains("http") && !svg.contains("href"));
        }
    }

    #[test]
    fn charts_are_as_they_were() {
        let summary = sample::children(2);
        for kind in KINDS.iter().filter(|kind| kind.id != "places") {
            insta::assert_snapshot!(kind.id, without_font(&drawn(kind.id, &summary)));
        }
        let network = sample::network(2);
        insta::assert_snapshot!("network", without_font(&drawn("missed", &network)));
        insta::assert_snapshot!("places", without_font(&drawn("places", &network)));
    }
}
