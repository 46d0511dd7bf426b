//! Reads an area: how many children, how old, how often they move, and the posts that serve them.

use crate::units::{PerYear, Probability};

use super::bounds::below_all;
use super::checked::{Id, Posts};
use super::children::{Outline, display_name};
use super::library::Document;
use super::problem::{Code, Problem, did_you_mean, one_of};
use super::reader::{Fields, Reader, join};
use super::tree::{Entry, Node, Value};
use super::value::Number;

/// What an area file states, its bases included.
#[derive(Debug, Clone)]
pub(crate) struct AreaForm {
    pub(crate) name: String,
    pub(crate) summary: String,
    pub(crate) children: u32,
    pub(crate) ages: Vec<f64>,
    pub(crate) moves: PerYear,
    pub(crate) posts: Vec<Posts>,
}

/// Reads an area; `outline` is the world it is for, where that is known.
pub(crate) fn read(
    reader: &mut Reader<'_>,
    document: &Document,
    outline: Option<&Outline>,
) -> Option<AreaForm> {
    let top = reader.shelf.files.top_of(document.file);
    let mut root = reader.open_table(&document.table, top, "");
    let prefix = join("area", &document.id);
    let upper_age = outline.and_then(|outline| outline.upper_age).unwrap_or(18);
    let head = match reader.node(&mut root, "area") {
        Some(node) => reader.open(node, &prefix),
        None => None,
    };
    let head = head.and_then(|mut head| {
        let name = display_name(reader, &mut head, &document.id);
        let summary = reader.optional_text(&mut head, "summary");
        reader.optional_text(&mut head, "extends");
        let children = reader.value::<u32>(&mut head, "children");
        let children = some_children(reader, &head, children);
        let ages = read_ages(reader, &mut head, upper_age);
        let moves = reader.value::<PerYear>(&mut head, "moves");
        reader.close(head);
        Some((name?, summary?, children?, ages?, moves?))
    });
    let posts = match reader.node(&mut root, "posts") {
        Some(node) => read_posts(reader, node, &join(&prefix, "posts"), outline),
        None => {
            reader.missing(&mut root, "posts");
            None
        }
    };
    reader.close(root);
    let (name, summary, children, ages, moves) = head?;
    Some(AreaForm {
        name,
        summary: summary.unwrap_or_default(),
        children,
        ages,
        moves,
        posts: posts?,
    })
}

fn some_children(reader: &mut Reader<'_>, head: &Fields<'_>, children: Option<u32>) -> Option<u32> {
    let children = children?;
    if children == 0 {
        let problem = Problem::new(Code::OutOfRange, "an area without children");
        reader.report(problem, head.place_of("children"), "expected 1 or more");
        return None;
    }
    Some(children)
}

/// Shares of the children by single year of age, from `"even"` or from one number for each year.
fn read_ages(reader: &mut Reader<'_>, head: &mut Fields<'_>, upper_age: u32) -> Option<Vec<f64>> {
    let Some(node) = reader.node(head, "ages") else {
        reader.missing(head, "ages");
        return None;
    };
    let years = upper_age as usize;
    if node.as_text() == Some("even") {
        return Some(vec![1.0 / years as f64; years]);
    }
    let stated = node.as_table().and_then(|table| table.get("value"));
    let list = stated.unwrap_or(node);
    let Value::List(items) = &list.value else {
        let problem = Problem::new(
            Code::WrongForm,
            "ages are \"even\" or one number for each year",
        );
        let expected = format!("expected \"even\" or a list of {upper_age} numbers");
        reader.report(problem, list.at, expected);
        return None;
    };
    if items.len() != years {
        let message = format!("there are {upper_age} years of age, found {}", items.len());
        let problem = Problem::new(Code::WrongForm, message);
        let expected = format!(
            "expected {upper_age} numbers, for ages 0 to {}",
            upper_age - 1
        );
        reader.report(problem, list.at, expected);
        return None;
    }
    let path = join(&head.path, "ages");
    let numbers = reader.quantities::<Number>(node, &path, &Default::default())?;
    let sum: f64 = numbers.iter().map(|number| number.0).sum();
    if sum <= 0.0 {
        let problem = Problem::new(Code::Shares, "no child is of any age");
        reader.report(
            problem,
            list.at,
            "expected numbers in proportion to the children",
        );
        return None;
    }
    Some(numbers.iter().map(|number| number.0 / sum).collect())
}

fn read_posts(
    reader: &mut Reader<'_>,
    node: &Node,
    path: &str,
    outline: Option<&Outline>,
) -> Option<Vec<Posts>> {
    let fields = reader.open(node, path)?;
    let mut all = Vec::new();
    for entry in reader.entries(&fields) {
        if let Some(outline) = outline {
            check_service(reader, entry, outline);
        }
        all.push(read_row(reader, entry, &join(path, &entry.key)));
    }
    if let Some(outline) = outline {
        check_all_have_posts(reader, &fields, outline);
    }
    all.into_iter().collect()
}

fn read_row(reader: &mut Reader<'_>, entry: &Entry, path: &str) -> Option<Posts> {
    let mut row = reader.open_group(&entry.node, path)?;
    let screening = some_posts(reader, &mut row, "screening");
    let assessment = some_posts(reader, &mut row, "assessment");
    let help = some_posts(reader, &mut row, "help");
    let vacant = reader.value_or(&mut row, "vacant", Probability::ZERO);
    let vacant = below_all(reader, &row, "vacant", vacant);
    reader.close(row);
    Some(Posts {
        service: Id::new(&entry.key),
        screening: screening?,
        assessment: assessment?,
        help: help?,
        vacant: vacant?,
    })
}

fn some_posts(reader: &mut Reader<'_>, row: &mut Fields<'_>, key: &'static str) -> Option<f64> {
    let Number(posts) = reader.value::<Number>(row, key)?;
    if posts <= 0.0 {
        let problem = Problem::new(
            Code::MissingPosts,
            format!("without posts for {key} no case gets past it"),
        );
        reader.report(problem, row.place_of(key), "expected more than 0");
        return None;
    }
    Some(posts)
}

fn check_service(reader: &mut Reader<'_>, entry: &Entry, outline: &Outline) {
    let problem = match outline.services.get(&entry.key) {
        Some(service) if service.helps => return,
        Some(_) => Problem::new(
            Code::UnknownService,
            format!("service \"{}\" helps nobody and takes no posts", entry.key),
        ),
        None => Problem::new(
            Code::UnknownService,
            format!("there is no service \"{}\"", entry.key),
        )
        .help_if(did_you_mean(&entry.key, outline.helping())),
    };
    reader.report(
        problem,
        entry.key_at,
        format!("expected {}", one_of(outline.helping())),
    );
}

fn check_all_have_posts(reader: &mut Reader<'_>, fields: &Fields<'_>, outline: &Outline) {
    for (name, service) in &outline.services {
        if service.helps && !fields.states(name) {
            let problem = Problem::new(
                Code::MissingPosts,
                format!("service \"{name}\" has no posts in this area"),
            )
            .help(format!(
                "add {name} = {{ screening = 1, assessment = 1, help = 1 }}"
            ));
            reader.report(problem, fields.at, format!("`{name}` is missing here"));
        }
    }
}
