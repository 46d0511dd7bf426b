//! Reads the scripted children of a study: whom they meet when, and at which levels of need.

use crate::units::{Days, Factor};

use super::bounds::some_time;
use super::checked::{Case, Id, LevelFrom, Occasion};
use super::children::display_name;
use super::files::Span;
use super::problem::{Code, Problem, did_you_mean, one_of};
use super::reader::{Fields, Reader, join};
use super::services::Names;
use super::tree::{Entry, Node};

/// Scripted children of one kind in one area.
const MOST_CHILDREN: u32 = 1_000;
/// Occasions of one script.
const MOST_OCCASIONS: usize = 100;

/// What the scripts of a study must fit.
pub(crate) struct CaseContext<'a> {
    pub(crate) names: &'a Names<'a>,
    pub(crate) observe: Option<Days>,
    pub(crate) upper_age: Option<u32>,
    pub(crate) areas: u32,
}

/// Reads every `[case.NAME]`, sorted by name.
pub(crate) fn read(
    reader: &mut Reader<'_>,
    node: Option<&Node>,
    context: &CaseContext<'_>,
) -> Option<Vec<Case>> {
    let Some(node) = node else {
        return Some(Vec::new());
    };
    let fields = reader.open(node, "case")?;
    let mut cases = Vec::new();
    for entry in reader.entries(&fields) {
        reader.check_name(entry);
        cases.push(read_case(reader, entry, context));
    }
    cases.into_iter().collect()
}

fn read_case(reader: &mut Reader<'_>, entry: &Entry, context: &CaseContext<'_>) -> Option<Case> {
    let path = join("case", &entry.key);
    let mut fields = reader.open_group(&entry.node, &path)?;
    let name = display_name(reader, &mut fields, &entry.key);
    let summary = reader.optional_text(&mut fields, "summary");
    let sources = reader.texts(&mut fields, "sources");
    let children = reader.value::<u32>(&mut fields, "children");
    let children = within(reader, &fields, "children", children, 1..=MOST_CHILDREN);
    let age = reader.value::<u32>(&mut fields, "age");
    let begins = reader.value_or(&mut fields, "begins", Days::ZERO);
    let lasts = reader.value::<Days>(&mut fields, "lasts");
    let lasts = some_time(reader, &fields, "lasts", lasts);
    let need = reader.id(&mut fields, "need");
    if let Some((need, at)) = &need {
        check_need(reader, need, *at, context.names);
    }
    let levels = read_each(reader, &mut fields, "level", |reader, entry, path| {
        read_level(reader, entry, path, lasts, context)
    });
    let occasions = read_each(reader, &mut fields, "occasion", |reader, entry, path| {
        read_occasion(reader, entry, path, lasts, context)
    });
    let places = ["age", "lasts", "occasion"].map(|key| fields.place_of(key));
    reader.close(fields);
    let [age_at, lasts_at, occasions_at] = places;
    check_time(reader, context, (begins, lasts), lasts_at);
    check_age(reader, context, (age, lasts), age_at);
    let (mut levels, mut occasions) = (levels?, occasions?);
    if occasions.len() > MOST_OCCASIONS {
        let message = format!("a script has {} occasions", occasions.len());
        let problem = Problem::new(Code::OutOfRange, message);
        let expected = format!("expected at most {MOST_OCCASIONS}");
        reader.report(problem, occasions_at, expected);
    }
    // Tables come in the order of their names; what happens on one day keeps it.
    levels.sort_by(|a, b| a.day.get().total_cmp(&b.day.get()));
    occasions.sort_by(|a, b| a.day.get().total_cmp(&b.day.get()));
    Some(Case {
        id: Id::new(&entry.key),
        name: name?,
        summary: summary?.unwrap_or_default(),
        sources: sources?,
        children: children?,
        age: age?,
        begins: begins?,
        lasts: lasts?,
        need: need?.0,
        levels,
        occasions,
    })
}

/// Reads every table under `key`, of which there must be one at least, in the order of names.
fn read_each<'s, T>(
    reader: &mut Reader<'s>,
    fields: &mut Fields<'_>,
    key: &'static str,
    mut read: impl FnMut(&mut Reader<'s>, &Entry, &str) -> Option<T>,
) -> Option<Vec<T>> {
    let path = fields.path_of(key);
    let inner = reader.needed(fields, key)?;
    let mut all = Vec::new();
    for entry in reader.entries(&inner) {
        reader.check_name(entry);
        all.push(read(reader, entry, &join(&path, &entry.key)));
    }
    if all.is_empty() {
        let problem = Problem::new(Code::MissingKey, format!("the script has no `{key}`"));
        reader.report(problem, fields.place_of(key), "expected one table or more");
        return None;
    }
    all.into_iter().collect()
}

fn read_level(
    reader: &mut Reader<'_>,
    entry: &Entry,
    path: &str,
    lasts: Option<Days>,
    context: &CaseContext<'_>,
) -> Option<LevelFrom> {
    let mut fields = reader.open_group(&entry.node, path)?;
    let day = reader.value::<Days>(&mut fields, "day");
    let day = in_script(reader, &fields, day, lasts);
    let need = reader.id(&mut fields, "need");
    if let Some((need, at)) = &need {
        check_need(reader, need, *at, context.names);
    }
    let level = reader.value::<u32>(&mut fields, "level");
    let level = within(reader, &fields, "level", level, 0..=3);
    reader.close(fields);
    Some(LevelFrom {
        day: day?,
        need: need?.0,
        level: level? as u8,
    })
}

fn read_occasion(
    reader: &mut Reader<'_>,
    entry: &Entry,
    path: &str,
    lasts: Option<Days>,
    context: &CaseContext<'_>,
) -> Option<Occasion> {
    let mut fields = reader.open_group(&entry.node, path)?;
    let name = display_name(reader, &mut fields, &entry.key);
    let day = reader.value::<Days>(&mut fields, "day");
    let day = in_script(reader, &fields, day, lasts);
    let met_by = reader.id(&mut fields, "met_by");
    if let Some((source, at)) = &met_by {
        check_source(reader, source, *at, context.names);
    }
    let clearer = reader.value_or(&mut fields, "clearer", Factor::ONE);
    let concludes = reader.value_or(&mut fields, "concludes", Factor::ZERO);
    let moves = reader.value_or(&mut fields, "moves", false);
    if moves == Some(true) && context.areas < 2 {
        let problem = Problem::new(Code::OutOfRange, "there is no other area to move to")
            .help("give the study a second area, or leave `moves` out");
        reader.report(problem, fields.place_of("moves"), "the study has one area");
    }
    let failure = reader.optional_text(&mut fields, "failure");
    reader.close(fields);
    Some(Occasion {
        id: Id::new(&entry.key),
        day: day?,
        name: name?,
        met_by: met_by?.0,
        clearer: clearer?,
        concludes: concludes?,
        moves: moves?,
        failure: failure?.unwrap_or_default(),
    })
}

/// A whole number within bounds.
fn within(
    reader: &mut Reader<'_>,
    fields: &Fields<'_>,
    key: &str,
    stated: Option<u32>,
    range: std::ops::RangeInclusive<u32>,
) -> Option<u32> {
    let number = stated?;
    if range.contains(&number) {
        return Some(number);
    }
    let problem = Problem::new(Code::OutOfRange, format!("`{key}` cannot be {number}"));
    let expected = format!("expected {} to {}", range.start(), range.end());
    reader.report(problem, fields.place_of(key), expected);
    None
}

/// A day on which the script has not ended.
fn in_script(
    reader: &mut Reader<'_>,
    fields: &Fields<'_>,
    day: Option<Days>,
    lasts: Option<Days>,
) -> Option<Days> {
    let day = day?;
    if lasts.is_none_or(|lasts| day < lasts) {
        return Some(day);
    }
    let message = "the script is over by this day";
    let problem = Problem::new(Code::OutOfRange, message)
        .help("days count from the beginning of the script, which ends after `lasts`");
    reader.report(
        problem,
        fields.place_of("day"),
        "expected less than `lasts`",
    );
    None
}

fn check_time(
    reader: &mut Reader<'_>,
    context: &CaseContext<'_>,
    (begins, lasts): (Option<Days>, Option<Days>),
    at: Span,
) {
    let (Some(begins), Some(lasts), Some(observe)) = (begins, lasts, context.observe) else {
        return;
    };
    if begins.get() + lasts.get() > observe.get() {
        let problem = Problem::new(Code::OutOfRange, "the study ends before the script")
            .help("`begins` and `lasts` together are at most the study's `observe`");
        reader.report(problem, at, "expected a script that ends within the study");
    }
}

fn check_age(
    reader: &mut Reader<'_>,
    context: &CaseContext<'_>,
    (age, lasts): (Option<u32>, Option<Days>),
    at: Span,
) {
    let (Some(age), Some(lasts), Some(upper)) = (age, lasts, context.upper_age) else {
        return;
    };
    if f64::from(age) + lasts.get() / Days::YEAR.get() >= f64::from(upper) {
        let message = format!("a child of {age} reaches the upper age within the script");
        let problem = Problem::new(Code::OutOfRange, message);
        let expected = format!("expected a childhood that lasts; it ends at {upper}");
        reader.report(problem, at, expected);
    }
}

fn check_need(reader: &mut Reader<'_>, need: &Id, at: Span, names: &Names<'_>) {
    let known = || names.needs.iter().copied();
    if known().any(|it| it == need.as_str()) {
        return;
    }
    let problem = Problem::new(Code::UnknownNeed, format!("there is no need \"{need}\""))
        .help_if(did_you_mean(need.as_str(), known()));
    reader.report(problem, at, format!("expected {}", one_of(known())));
}

fn check_source(reader: &mut Reader<'_>, source: &Id, at: Span, names: &Names<'_>) {
    let known = || names.sources.iter().copied();
    if known().any(|it| it == source.as_str()) {
        return;
    }
    let message = format!("nothing called \"{source}\" meets children");
    let problem =
        Problem::new(Code::UnknownName, message).help_if(did_you_mean(source.as_str(), known()));
    reader.report(problem, at, format!("expected {}", one_of(known())));
}
