//! The report of a run: one page that can be published as it is, and the same as Markdown.
//!
//! [`parts`] is what a report is made of; `sections` makes the parts from a run, with every number
//! out of the summary, the results or the scenario; the templates beside this file give them a look.
//! The page loads nothing: style, script, font, charts and data stand in it. The same run gives the
//! same bytes, whenever and wherever it is written.

pub mod analyses;
mod claims;
mod markdown;
mod parts;
mod picture;
#[cfg(test)]
pub(in crate::report) use picture::words_of;
mod sections;
mod sources;
#[cfg(test)]
mod tests;
mod told;

use minijinja::syntax::SyntaxConfig;
use minijinja::value::{Serde, Value};
use minijinja::{AutoEscape, Environment, context};

use crate::report::{File, Run, charts, json};
use parts::Document;

/// Name of the page.
pub const HTML: &str = "report.html";
/// Name of the same as Markdown.
pub const MARKDOWN: &str = "report.md";

/// What an author adds to a report.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Options {
    /// A title instead of the name of the study.
    pub title: Option<String>,
    /// Who answers for the report.
    pub author: Option<String>,
    /// On what it was run. A report without it is the same on every machine.
    pub machine: Option<MachineNote>,
    /// Single children, already told; without any, the report has no such section.
    pub stories: Vec<StoryView>,
    /// Answers of analyses of the same study, to stand in the report of the run.
    pub analyses: Vec<analyses::Kept>,
}

/// On what a study was run, and how long it took.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MachineNote {
    /// Operating system, processor and memory, in words.
    pub system: String,
    /// Threads that ran trials.
    pub threads: usize,
    /// How long the run took, in words.
    pub took: String,
}

/// The story of one simulated child, as a report shows it.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct StoryView {
    /// Which child: a heading of its own.
    pub heading: String,
    /// The rule by which the child was chosen.
    pub rule: String,
    /// What the reader must not forget: that the child is simulated.
    pub warning: String,
    /// The story as a chart.
    pub svg: Option<String>,
    /// What happened under each structure.
    pub columns: Vec<StoryColumn>,
    /// How common such a story is, and how many outcomes change by chance alone.
    pub proportion: String,
}

/// What happened to a child under one structure.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct StoryColumn {
    /// Name of the structure.
    pub structure: String,
    /// What happened, in the order of time.
    pub rows: Vec<StoryRow>,
}

/// One thing that happened.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct StoryRow {
    /// Date.
    pub when: String,
    /// Who met the child or did something.
    pub who: String,
    /// What happened.
    pub what: String,
}

/// The report in both forms, its charts drawn once.
pub fn files(run: &Run, options: &Options) -> [File; 2] {
    let document = sections::document(run, options);
    [html_of(&document, Some(run)), markdown_of(&document)]
}

/// The report as one self-contained page.
pub fn html(run: &Run, options: &Options) -> File {
    html_of(&sections::document(run, options), Some(run))
}

/// The report as Markdown, its charts as links to the files of the run.
pub fn markdown(run: &Run, options: &Options) -> File {
    markdown_of(&sections::document(run, options))
}

/// The page, with the data of the run in it where there is one.
fn html_of(document: &Document, run: Option<&Run>) -> File {
    let page = context! {
        page => Value::from(Serde(document)),
        css => Value::from_safe_string(CSS.to_owned()),
        js => Value::from_safe_string(JS.to_owned()),
        font => Value::from_safe_string(charts::font_style_sheet().to_owned()),
        data => Value::from_safe_string(run.map_or_else(String::new, data)),
    };
    file(HTML, &page)
}

fn markdown_of(document: &Document) -> File {
    let page = context! { page => Value::from(Serde(document)) };
    file(MARKDOWN, &page)
}

const CSS: &str = include_str!("templates/page.css");
const JS: &str = include_str!("templates/page.js");
const TEMPLATES: [(&str, &str); 2] = [
    (HTML, include_str!("templates/page.html")),
    (MARKDOWN, include_str!("templates/page.md")),
];

fn file(name: &'static str, context: &Value) -> File {
    let mut environment = Environment::new();
    let syntax = SyntaxConfig::builder()
        .trim_blocks(true)
        .lstrip_blocks(true)
        .build()
        .expect("these are the usual marks of templates");
    environment.set_syntax(syntax);
    environment.set_undefined_behavior(minijinja::UndefinedBehavior::Strict);
    environment.set_auto_escape_callback(|name| match name.ends_with(".html") {
        true => AutoEscape::Html,
        false => AutoEscape::None,
    });
    environment.add_filter("md", markdown::escaped);
    environment.add_filter("md_inline", markdown::inline);
    environment.add_filter("md_code", markdown::code);
    environment.add_filter("md_fence", markdown::fenced);
    for (name, template) in TEMPLATES {
        environment
            .add_template(name, template)
            .expect("the templates are part of the program, and a test renders them");
    }
    let rendered = environment
        .get_template(name)
        .and_then(|template| template.render(context))
        .unwrap_or_else(|error| panic!("the template of {name} does not fit its parts: {error:#}"));
    File {
        name: name.to_owned(),
        bytes: rendered.replace("\r\n", "\n").into_bytes(),
    }
}

/// The summary as JSON that may stand within a script element: no `<` can end it.
fn data(run: &Run) -> String {
    let folder = std::path::Path::new("");
    let text = json::text(run.summary, &run.scenario.study, folder);
    let compact = serde_json::from_str::<serde_json::Value>(&text)
        .and_then(|value| serde_json::to_string(&value))
        .expect("what was written as JSON reads as JSON");
    compact
        .replace('<', "\\u003c")
        .replace('>', "\\u003e")
        .replace('&', "\\u0026")
        .replace('\u{2028}', "\\u2028")
        .replace('\u{2029}', "\\u2029")
}
