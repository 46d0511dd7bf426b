//! The report as its readers meet it: by eye, by screen reader, by script, and by those who would
//! break it.

use std::collections::BTreeSet;
use std::sync::OnceLock;

use super::parts::{Block, Claim, Document, Section};
use super::*;
use crate::analysis::{Estimate, Interval, Summary, synthetic};
use crate::experiment::results::Results;
use crate::report::numbers::plain;
use crate::report::sample;
use crate::scenario::{self, Grade, Overlay, Parameter, Scenario};

/// A run of made-up results, with its report in both forms once it was asked for.
struct Made {
    scenario: Scenario,
    results: Results,
    summary: Summary,
    document: OnceLock<Document>,
    html: OnceLock<String>,
}

impl Made {
    fn of(results: Results) -> Self {
        let mut scenario = sample::study();
        scenario.structures.truncate(results.structures.len());
        Self {
            scenario,
            summary: crate::analysis::summarise(&results),
            results,
            document: OnceLock::new(),
            html: OnceLock::new(),
        }
    }

    fn children(structures: usize) -> Self {
        Self::of(synthetic::children(structures, 12, 2003))
    }

    fn network(structures: usize) -> Self {
        Self::of(synthetic::network(structures, 12, 7))
    }

    /// The same with the structures and values of a bundled study.
    fn bundled(study: &str, structures: usize) -> Self {
        let request = scenario::Request {
            study: study.to_owned(),
            ..scenario::Request::default()
        };
        let mut made = Self::children(structures);
        made.scenario = scenario::load(&request).unwrap();
        made
    }

    fn run(&self) -> Run<'_> {
        Run {
            stories: &[],
            scenario: &self.scenario,
            results: &self.results,
            summary: &self.summary,
        }
    }

    fn document(&self) -> &Document {
        let make = || sections::document(&self.run(), &Options::default());
        self.document.get_or_init(make)
    }

    fn html(&self) -> &str {
        self.html
            .get_or_init(|| self.html_with(&Options::default()))
    }

    fn html_with(&self, options: &Options) -> String {
        String::from_utf8(html(&self.run(), options).bytes).unwrap()
    }

    fn markdown(&self) -> String {
        String::from_utf8(markdown(&self.run(), &Options::default()).bytes).unwrap()
    }
}

/// Runs of every size and kind; charts are drawn slowly in tests, so they are made once.
fn all_made() -> &'static [Made] {
    static ALL: OnceLock<Vec<Made>> = OnceLock::new();
    ALL.get_or_init(|| {
        vec![
            Made::children(1),
            Made::of(sample::results(2)),
            Made::network(2),
            Made::bundled("childrens-trusts-2003", 14),
        ]
    })
}

/// Every tag of a page but those within scripts and styles.
fn tags(page: &str) -> Vec<&str> {
    let mut tags = Vec::new();
    let mut rest = page;
    while let Some(start) = rest.find('<') {
        rest = &rest[start..];
        let end = rest.find('>').expect("every tag ends") + 1;
        let tag = &rest[..end];
        tags.push(tag);
        rest = &rest[end..];
        for raw in ["script", "style"] {
            if tag.starts_with(&format!("<{raw}")) {
                let close = rest.find(&format!("</{raw}>")).expect("it is closed");
                rest = &rest[close..];
            }
        }
    }
    tags
}

fn attribute<'a>(tag: &'a str, name: &str) -> Option<&'a str> {
    let (_, rest) = tag.split_once(&format!(" {name}=\""))?;
    rest.split('"').next()
}

fn name_of(tag: &str) -> &str {
    tag.trim_start_matches(['<', '/'])
        .split([' ', '>', '/'])
        .next()
        .unwrap_or_default()
}

fn claims_of(document: &Document) -> Vec<&Claim> {
    fn collect<'a>(blocks: &'a [Block], found: &mut Vec<&'a Claim>) {
        for block in blocks {
            match block {
                Block::Claims { items } => found.extend(items),
                Block::Details { blocks, .. } => collect(blocks, found),
                _ => {}
            }
        }
    }
    let mut found = Vec::new();
    for section in &document.sections {
        collect(&section.blocks, &mut found);
    }
    found
}

#[test]
fn headings_nest_ids_are_unique_and_references_lead_somewhere() {
    let story = StoryView {
        heading: "A child".to_owned(),
        svg: Some(
            "<svg role=\"img\" aria-labelledby=\"t\"><title id=\"t\">A child</title></svg>"
                .to_owned(),
        ),
        ..StoryView::default()
    };
    let options = Options {
        stories: vec![story.clone(), story],
        ..Options::default()
    };
    let with_stories = all_made()[2].html_with(&options);
    let pages = all_made().iter().map(Made::html);
    for page in pages.chain([with_stories.as_str()]) {
        let tags = tags(page);
        let ids: Vec<&str> = tags.iter().filter_map(|tag| attribute(tag, "id")).collect();
        let unique: BTreeSet<&str> = ids.iter().copied().collect();
        assert_eq!(ids.len(), unique.len(), "an id stands twice");
        assert!(
            ids.iter()
                .all(|id| !id.is_empty() && !id.contains(char::is_whitespace))
        );
        let mut level = 0;
        for tag in &tags {
            let name = name_of(tag);
            let own = name.strip_prefix('h').and_then(|it| it.parse::<u32>().ok());
            if let Some(own) = own.filter(|_| !tag.starts_with("</")) {
                assert!(own <= level + 1, "{tag} follows a heading of level {level}");
                assert!(own > 1 || level == 0, "there is one title");
                level = own;
            }
            for reference in [
                "aria-labelledby",
                "aria-describedby",
                "aria-controls",
                "for",
            ] {
                for id in attribute(tag, reference)
                    .unwrap_or_default()
                    .split_whitespace()
                {
                    assert!(unique.contains(id), "{tag} leads nowhere");
                }
            }
            if let Some(id) = attribute(tag, "href").and_then(|href| href.strip_prefix('#')) {
                assert!(unique.contains(id), "{tag} leads nowhere");
            }
        }
        assert!(page.contains("<html lang=\"en-GB\">"));
    }
}

#[test]
fn every_element_is_closed_in_its_order() {
    let void = ["meta", "br", "input", "link", "!DOCTYPE"];
    for made in all_made() {
        let page = made.html();
        let mut open: Vec<&str> = Vec::new();
        for tag in tags(page) {
            let name = name_of(tag);
            if void.contains(&name) || tag.ends_with("/>") {
                continue;
            }
            if tag.starts_with("</") {
                assert_eq!(open.pop(), Some(name), "{tag}");
            } else {
                open.push(name);
            }
        }
        assert!(open.is_empty(), "{open:?}");
    }
}

#[test]
fn pictures_and_tables_have_words() {
    for made in all_made() {
        let page = made.html();
        let figures: Vec<&str> = page.split("<figure").skip(1).collect();
        assert!(!figures.is_empty());
        for figure in figures {
            let figure = figure.split("</figure>").next().unwrap();
            assert!(figure.contains("role=\"img\"") && figure.contains("<title id="));
            assert!(figure.contains("<figcaption>"));
        }
        assert_eq!(
            page.matches("<table").count(),
            page.matches("<caption>").count()
        );
        for tag in tags(page).iter().filter(|tag| name_of(tag) == "th") {
            assert!(
                tag.starts_with("</") || attribute(tag, "scope").is_some(),
                "{tag}"
            );
        }
        // The font stands in the page once, not in every chart.
        assert_eq!(page.matches("font/woff2").count(), 2);
    }
}

#[test]
fn the_page_loads_nothing() {
    for made in all_made() {
        let page = made.html();
        for tag in tags(page) {
            let name = name_of(tag);
            assert!(
                ![
                    "link", "img", "iframe", "object", "embed", "base", "form", "video", "audio",
                    "image"
                ]
                .contains(&name),
                "{tag}"
            );
            assert!(
                attribute(tag, "src").is_none() && attribute(tag, "srcset").is_none(),
                "{tag}"
            );
            let href = attribute(tag, "href")
                .unwrap_or_default()
                .replace("&#x2f;", "/");
            let is_safe = href.starts_with("https://")
                || href.starts_with("http://")
                || !href.contains(':') && !href.starts_with("//");
            assert!(
                is_safe && (href.is_empty() || name == "a" || href.starts_with('#')),
                "{tag}"
            );
        }
        for style in page.split("<style>").skip(1) {
            let style = style.split("</style>").next().unwrap();
            assert!(!style.contains("@import") && !style.contains("http"));
            for url in style.split("url(").skip(1) {
                assert!(url.starts_with("data:font/woff2"), "{}", &url[..20]);
            }
        }
        for word in [
            "fetch(",
            "XMLHttpRequest",
            "WebSocket",
            "import(",
            "sendBeacon",
            "eval(",
        ] {
            assert!(!JS.contains(word), "{word}");
        }
        assert!(page.contains("default-src 'none'"));
    }
}

const HOSTILE: &str =
    "<script>alert('x')</script> & \"co\" {{ 7*7 }} ]]> --> | `x` [y](javascript:z)";

fn hostile() -> Made {
    let mut made = Made::bundled("duty-desk", 3);
    made.summary.structures[0].name = HOSTILE.to_owned();
    made.summary.structures[1].name = "W".repeat(300);
    made.summary.structures[2].name = "</script><b>{% raw %}".to_owned();
    made.summary.services[0].name = HOSTILE.to_owned();
    made.summary.needs[0].name = HOSTILE.to_owned();
    made.summary.areas[0].name = HOSTILE.to_owned();
    let scenario = &mut made.scenario;
    scenario.study.name = HOSTILE.to_owned();
    scenario.study.purpose = format!("{HOSTILE}\n\n# not a heading");
    for structure in &mut scenario.structures {
        structure.name = HOSTILE.to_owned();
        structure.summary = HOSTILE.to_owned();
        structure.sources = vec![format!("{HOSTILE} https://example.org/\"><script>")];
    }
    scenario.parameters.push(Parameter {
        path: HOSTILE.to_owned(),
        value: HOSTILE.to_owned(),
        range: None,
        grade: Some(Grade::Assumption),
        source: Some(format!(
            "javascript:alert(1) https://example.org/?<script> {HOSTILE}"
        )),
        why: Some(HOSTILE.to_owned()),
        file: HOSTILE.to_owned(),
        line: 3,
    });
    made
}

#[test]
fn hostile_names_stay_words_in_the_page() {
    let made = hostile();
    let options = Options {
        title: Some(HOSTILE.to_owned()),
        author: Some(HOSTILE.to_owned()),
        machine: Some(MachineNote {
            system: HOSTILE.to_owned(),
            threads: 2,
            took: HOSTILE.to_owned(),
        }),
        analyses: Vec::new(),
        stories: vec![StoryView {
            heading: HOSTILE.to_owned(),
            rule: HOSTILE.to_owned(),
            warning: HOSTILE.to_owned(),
            svg: None,
            columns: vec![StoryColumn {
                structure: HOSTILE.to_owned(),
                rows: vec![StoryRow {
                    when: HOSTILE.to_owned(),
                    who: HOSTILE.to_owned(),
                    what: HOSTILE.to_owned(),
                }],
            }],
            proportion: HOSTILE.to_owned(),
        }],
    };
    let page = &made.html_with(&options);
    // The data and the script, and nothing that a name brought.
    assert_eq!(page.matches("<script").count(), 2);
    assert_eq!(page.matches("</script").count(), 2);
    assert!(!page.contains("<b>") && !page.contains(" 49 ") && page.contains("{{ 7*7 }}"));
    for tag in tags(page) {
        assert!(
            !tag.contains("javascript:") || !tag.contains("href=\"javascript"),
            "{tag}"
        );
        assert!(
            !tag.contains(" onerror") && !tag.contains(" onclick"),
            "{tag}"
        );
    }
    let data = page
        .split_once("id=\"run-data\">")
        .and_then(|(_, rest)| rest.split_once("</script>"))
        .map(|(data, _)| data)
        .unwrap();
    let read: serde_json::Value = serde_json::from_str(data).unwrap();
    assert_eq!(read["structures"][0]["name"], HOSTILE);
    assert!(!data.contains('<'));
}

#[test]
fn hostile_names_stay_words_in_markdown() {
    let text = hostile().markdown();
    assert!(text.contains("\\# not a heading") && !text.contains(" 49 "));
    let mut in_code = false;
    for line in text.lines() {
        if line.starts_with("```") {
            in_code = !in_code;
        }
        if in_code || line.starts_with("<a id=\"") {
            continue;
        }
        for (at, _) in line.match_indices('<') {
            let before = &line[..at];
            // Escaped, the mark of a link, or within code.
            let is_code = before.matches('`').count() - before.matches("\\`").count() > 0;
            assert!(
                before.ends_with('\\') || before.ends_with("](") || is_code,
                "{line}"
            );
        }
    }
    let rows = text.lines().filter(|line| line.starts_with('|'));
    let mut columns = 0;
    for row in rows {
        let bars = row.matches('|').count() - row.matches("\\|").count();
        if row.starts_with("| ---") {
            columns = bars;
        }
        if columns > 0 && row.contains("W".repeat(300).as_str()) && !row.contains("---") {
            assert!(bars >= 3, "{row}");
        }
    }
}

#[test]
fn every_table_of_markdown_has_rows_of_one_length() {
    for text in [hostile().markdown(), all_made()[3].markdown()] {
        let mut lengths: Vec<usize> = Vec::new();
        for line in text.lines().chain([""]) {
            if line.starts_with('|') {
                lengths.push(line.matches('|').count() - line.matches("\\|").count());
            } else if !lengths.is_empty() {
                assert!(lengths.iter().all(|it| *it == lengths[0]), "before: {line}");
                lengths.clear();
            }
        }
    }
}

#[test]
fn the_data_of_the_page_are_those_of_the_summary() {
    let made = &all_made()[1];
    let page = made.html();
    let (_, rest) = page.split_once("id=\"run-data\">").unwrap();
    let data: serde_json::Value =
        serde_json::from_str(rest.split("</script>").next().unwrap()).unwrap();
    let folder = std::path::Path::new("");
    let text = json::text(&made.summary, &made.scenario.study, folder);
    let expected: serde_json::Value = serde_json::from_str(&text).unwrap();
    assert_eq!(data, expected);
}

/// Numbers of results as sentences may show them.
fn numbers_of(summary: &Summary) -> BTreeSet<String> {
    let mut values: Vec<f64> = vec![
        summary.trials as f64,
        summary
            .rankings
            .first()
            .map_or(0.0, |it| it.told_apart() as f64),
        summary
            .rankings
            .first()
            .map_or(0.0, |it| it.pairs.len() as f64),
    ];
    // How many structures there are, and how many of them a word is true of.
    values.extend((0..=summary.structures.len()).map(|number| number as f64));
    let mut estimates: Vec<Estimate> = Vec::new();
    for row in summary.measures.iter().flat_map(|compared| &compared.rows) {
        estimates.extend(
            [row.estimate, row.difference, row.simultaneous]
                .into_iter()
                .flatten(),
        );
    }
    for missed in &summary.missed {
        estimates.extend(missed.total);
        values.extend(
            missed
                .causes
                .iter()
                .flat_map(|it| [Some(it.stood), it.time])
                .flatten(),
        );
    }
    for found in summary.discordance.iter().chain([&summary.churn]).flatten() {
        estimates.extend([found.gross, found.net].into_iter().flatten());
    }
    for even in &summary.break_even {
        let months = [even.month, even.earliest, even.latest]
            .into_iter()
            .flatten();
        values.extend(months.chain([even.trials]).map(|it| it as f64));
    }
    values.extend(
        summary
            .months
            .iter()
            .map(|monthly| monthly.months.len() as f64),
    );
    values.extend(summary.at_posts.iter().map(|at| at.factor));
    for estimate in estimates {
        values.push(estimate.value);
        values.extend(
            estimate
                .interval
                .map(|it| [it.low, it.high])
                .into_iter()
                .flatten(),
        );
    }
    values
        .into_iter()
        .flat_map(|value| (0..=4).map(move |places| plain(value.abs(), places)))
        .collect()
}

/// Numbers in a sentence, those in names, units and fixed words left out.
fn numbers_in(claim: &str, summary: &Summary) -> Vec<String> {
    let mut text = claim.to_owned();
    let mut fixed: Vec<String> = vec!["95% interval".to_owned()];
    fixed.extend(summary.structures.iter().map(|it| format!("“{}”", it.name)));
    fixed.extend(summary.structures.iter().map(|it| it.name.clone()));
    fixed.extend(summary.structures.iter().map(|it| it.name.clone()));
    for compared in &summary.measures {
        let measure = compared.measure;
        fixed.push(measure.name.to_owned());
        fixed.push(crate::report::terminal::sentences::lower_first(
            measure.name,
        ));
        fixed.push(measure.unit.to_owned());
    }
    fixed.push(summary.missed_unit.to_owned());
    fixed.sort_by_key(|words| std::cmp::Reverse(words.len()));
    for words in fixed {
        text = text.replace(&words, "_");
    }
    text.split(|it: char| !it.is_ascii_digit() && it != '.' && it != ',')
        .map(|number| number.trim_end_matches(['.', ',']).to_owned())
        .filter(|number| number.contains(|it: char| it.is_ascii_digit()))
        .collect()
}

#[track_caller]
fn check_bound(made: &Made) {
    let numbers = numbers_of(&made.summary);
    let document = made.document();
    let claims = claims_of(document);
    assert!(!claims.is_empty());
    for claim in claims {
        for number in numbers_in(&claim.text, &made.summary) {
            assert!(numbers.contains(&number), "{number} in: {}", claim.text);
        }
    }
}

#[test]
fn every_number_in_a_sentence_is_one_of_the_results() {
    for made in all_made() {
        check_bound(made);
    }
}

#[test]
fn sentences_follow_results_that_are_changed() {
    let mut made = Made::children(2);
    let before: Vec<String> = claims_of(made.document())
        .iter()
        .map(|claim| claim.text.clone())
        .collect();
    let scale = |estimate: &mut Option<Estimate>| {
        if let Some(estimate) = estimate {
            estimate.value *= 1.371;
            estimate.interval = estimate.interval.map(|it| Interval {
                low: 1.371 * it.low,
                high: 1.371 * it.high,
            });
        }
    };
    for row in made.summary.measures.iter_mut().flat_map(|it| &mut it.rows) {
        scale(&mut row.estimate);
        scale(&mut row.difference);
        scale(&mut row.simultaneous);
    }
    for missed in &mut made.summary.missed {
        scale(&mut missed.total);
        for cause in &mut missed.causes {
            cause.stood *= 1.371;
            cause.time = cause.time.map(|time| 1.371 * time);
        }
    }
    for even in &mut made.summary.break_even {
        even.month = even.month.map(|month| month + 3);
        even.latest = even.latest.map(|month| month + 7);
    }
    made.document = OnceLock::new();
    check_bound(&made);
    let document = made.document();
    let after = claims_of(document);
    let changed = before
        .iter()
        .zip(&after)
        .filter(|(one, other)| **one != other.text);
    assert!(
        changed.count() * 2 > before.len(),
        "most sentences have numbers of results"
    );
}

/// The difference of the primary measure of the first structure compared is this.
fn with_difference(value: f64, alone: f64, together: f64) -> Made {
    let mut made = Made::children(2);
    let estimate = |half: f64| {
        Some(Estimate {
            value,
            interval: Some(Interval {
                low: value - half,
                high: value + half,
            }),
        })
    };
    let primary = made.summary.primary.id;
    let compared = made
        .summary
        .measures
        .iter_mut()
        .find(|it| it.measure.id == primary);
    let row = &mut compared.unwrap().rows[1];
    row.difference = estimate(alone);
    row.simultaneous = estimate(together);
    made
}

fn section<'a>(document: &'a Document, id: &str) -> &'a Section {
    document.sections.iter().find(|it| it.id == id).unwrap()
}

#[test]
fn hedges_follow_intervals() {
    let said = |made: Made| {
        let claims = claims_of(made.document());
        let of_structure = |claim: &&&Claim| claim.text.starts_with("Under “Local");
        let own = claims.iter().find(of_structure).unwrap();
        format!("{} {}", claims[0].text, own.text)
    };
    let clear = said(with_difference(-5.0, 3.0, 4.0));
    assert!(
        clear.contains("clearly fewer") && !clear.contains("cannot tell"),
        "{clear}"
    );
    let likely = said(with_difference(5.0, 3.0, 6.0));
    assert!(
        likely.contains("likely more") && !likely.contains("clear"),
        "{likely}"
    );
    let open = said(with_difference(-1.0, 3.0, 4.0));
    assert!(open.contains("cannot tell whether"), "{open}");
    assert!(
        !open.contains("clear") && !open.contains("likely"),
        "{open}"
    );
}

#[test]
fn no_word_goes_further_than_the_evidence() {
    for made in all_made() {
        for claim in claims_of(made.document()) {
            let words = claim.text.to_lowercase();
            for word in [
                " best",
                " worst",
                "proves",
                "because of",
                "causes",
                " leads to",
                "improves",
                "wins",
                "significant",
            ] {
                assert!(!words.contains(word), "{word}: {}", claim.text);
            }
        }
    }
}

#[test]
fn what_a_practice_does_is_not_booked_to_a_structure() {
    let mut made = Made::bundled("childrens-trusts-2003", 2);
    made.scenario.structures[1].overlays.push(Overlay {
        id: crate::scenario::Id::new("shared-records"),
        name: "shared records".to_owned(),
        summary: "Everybody sees all records.".to_owned(),
    });
    let document = made.document();
    let told: Vec<&str> = (claims_of(document).iter())
        .filter(|claim| claim.text.contains("“shared records”"))
        .map(|claim| claim.text.as_str())
        .collect();
    assert_eq!(told.len(), 1, "{told:?}");
    assert!(told[0].contains("of both together, not of the structure alone"));
}

#[test]
fn the_banner_follows_the_grades() {
    let banner = |grade: Option<Grade>| {
        let mut made = Made::network(2);
        made.scenario.parameters[0].grade = grade;
        made.document().banners.first().map(|it| it.heading.clone())
    };
    let rests = Some("This comparison rests on assumptions".to_owned());
    assert_eq!(banner(Some(Grade::Assumption)), rests);
    assert_eq!(banner(None), rests);
    assert_eq!(banner(Some(Grade::Study)), None);
    // What is switched off carries no effect.
    let mut made = Made::network(2);
    made.scenario.parameters[0].path = "change.dip".to_owned();
    assert_eq!(made.document().banners.len(), 1);
    made.scenario.study.comparison.off = vec![scenario::Mechanism::Change];
    made.document = OnceLock::new();
    assert!(made.document().banners.is_empty());
    // Nothing is compared, so nothing rests on anything.
    assert!(all_made()[0].document().banners.is_empty());
}

#[test]
fn unequal_totals_stand_above_everything() {
    let made = Made::children(8);
    let document = made.document();
    let headings: Vec<&str> = document
        .banners
        .iter()
        .map(|it| it.heading.as_str())
        .collect();
    assert!(headings.contains(&"Totals are not equal"), "{headings:?}");
}

#[test]
fn the_same_run_gives_the_same_bytes() {
    let made = &all_made()[2];
    let [page, text] = files(&made.run(), &Options::default());
    assert_eq!(made.html().as_bytes(), page.bytes);
    assert_eq!(made.markdown().as_bytes(), text.bytes);
    let machine = MachineNote {
        system: "a machine of ours".to_owned(),
        threads: 2,
        took: "3 minutes".to_owned(),
    };
    let page = made.html_with(&Options {
        machine: Some(machine),
        ..Options::default()
    });
    assert!(page.contains("a machine of ours") && !made.html().contains("a machine of ours"));
}

#[test]
fn a_report_has_its_sections_in_order() {
    let ids = |made: &Made| -> Vec<String> {
        made.document()
            .sections
            .iter()
            .map(|it| it.id.clone())
            .collect()
    };
    assert_eq!(
        ids(&all_made()[1]),
        [
            "asked",
            "answer",
            "comparison",
            "why",
            "who",
            "when",
            "cases",
            "sure",
            "structures",
            "definitions",
            "evidence",
            "stress",
            "limits",
            "reproduce"
        ]
    );
    let network = ids(&all_made()[2]);
    assert!(!network.iter().any(|it| it == "who") && network.iter().any(|it| it == "why"));
}

#[test]
fn where_nothing_is_compared_nothing_is_said_of_a_difference() {
    let document = all_made()[0].document();
    for claim in claims_of(document) {
        assert!(!claim.text.contains("than"), "{}", claim.text);
    }
    let words = format!("{:?}", section(document, "asked"));
    assert!(words.contains("nothing to compare it with"));
}

#[test]
fn structures_are_told_with_their_difference_from_the_baseline() {
    let page = all_made()[3].html();
    assert!(page.contains("“Local children&#x27;s trust” against the baseline"));
    assert!(page.contains("organisation: Children&#x27;s trust"));
    assert!(page.contains("as the organisations"));
}

/// The words of a report, without its charts, which have tests of their own, and without rows.
fn outline(made: &Made) -> String {
    let document = made.document();
    fn push(out: &mut String, blocks: &[Block]) {
        for block in blocks {
            let line = match block {
                Block::Heading { text, .. } => format!("\n### {text}"),
                Block::Paragraph { text } => text.words(),
                Block::Note { text } => format!("> {}", text.words()),
                Block::Claims { items } => {
                    let lines = items.iter().map(|it| format!("* {}", it.text));
                    lines.collect::<Vec<_>>().join("\n")
                }
                Block::List { items } => {
                    let lines = items.iter().map(|it| format!("- {}", it.words()));
                    lines.collect::<Vec<_>>().join("\n")
                }
                Block::Terms { items } => {
                    let line =
                        |it: &parts::Term| format!("- {}: {}", it.name.words(), it.text.words());
                    items.iter().map(line).collect::<Vec<_>>().join("\n")
                }
                Block::Table(table) => {
                    let heads = table.columns.iter().map(|it| it.head.as_str());
                    let heads: Vec<&str> = heads.collect();
                    let row = table.rows.first().map_or(&[][..], |row| &row.cells);
                    let cells: Vec<String> = row.iter().map(|cell| cell.text.words()).collect();
                    format!(
                        "[table] {}\n    {}\n    {}",
                        table.caption,
                        heads.join(" | "),
                        cells.join(" | ")
                    )
                }
                Block::Chart(_) | Block::Filter | Block::Code { .. } => continue,
                Block::Details { summary, blocks } => {
                    out.push_str(&format!("[folded] {summary}\n"));
                    push(out, blocks);
                    continue;
                }
            };
            out.push_str(&line);
            out.push('\n');
        }
    }
    let mut out = format!("# {}\n{}\n", document.title, document.subtitle);
    for banner in &document.banners {
        out.push_str(&format!("! {}: {}\n", banner.heading, banner.text.words()));
    }
    for section in &document.sections {
        out.push_str(&format!("\n## {}\n", section.heading));
        push(&mut out, &section.blocks);
    }
    // What every release changes.
    let hash = crate::report::manifest::inputs(&made.scenario);
    out.replace(&hash, "[hash]").replace(
        concat!("eamline ", env!("CARGO_PKG_VERSION")),
        "eamline [version]",
    )
}

#[test]
fn a_small_report_is_as_it_was() {
    insta::assert_snapshot!(outline(&all_made()[2]));
}

#[test]
fn a_report_of_children_reads_as_it_did() {
    let document = all_made()[1].document();
    let told: Vec<&str> = claims_of(document)
        .iter()
        .map(|it| it.text.as_str())
        .collect();
    insta::assert_snapshot!(told.join("\n"));
}
