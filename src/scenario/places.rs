//! The places of a study: what its list of areas asks for, and the areas that come of it.
//!
//! An entry takes an area file as it is, or says how its copies differ from the file and from each
//! other: in the number of children, in need and in posts. How copies differ is stated as a mean and a
//! spread, and resolved here without luck: the copies take the quantiles of a lognormal law, dealt out
//! in an order that depends on nothing but the number of copies. So a study of many unequal places is
//! a few lines, every trial and every structure meets the same places, and each place can be told.

use std::collections::BTreeMap;

use statrs::distribution::{ContinuousCDF, Normal};

use crate::units::{Factor, PerYear};

use super::area::AreaForm;
use super::checked::{Area, Id, Posts};
use super::files::Span;
use super::problem::{Code, Problem};
use super::reader::{Fields, Reader, join, words};
use super::tree::{Node, Value};
use super::value::{Given, Number, Quantity};

/// The most copies of an area, and the most regions they lie in.
const MOST_COPIES: u32 = 1000;

/// The greatest factor on need or on posts.
const MOST_TIMES: f64 = 100.0;

/// The greatest spread: at 2, an area in forty has a fiftieth of the median or less.
const MOST_SPREAD: f64 = 2.0;

/// The greatest power of need with which posts grow.
const MOST_FOLLOWING: f64 = 2.0;

/// One entry of the list of areas.
#[derive(Debug, Clone)]
pub(crate) struct WantedArea {
    /// Name of the area file.
    pub(crate) id: String,
    pub(crate) at: Span,
    pub(crate) copies: u32,
    /// What its copies are called instead of after the area file.
    called: Option<Called>,
    region: String,
    /// How many regions the copies are divided among.
    regions: u32,
    children: Option<u32>,
    /// Where too few children would be told.
    children_at: Span,
    children_spread: f64,
    need: Factor,
    need_spread: f64,
    posts: Factor,
    posts_spread: f64,
    /// Power of need with which posts grow.
    posts_follow_need: f64,
}

/// The id and the name that an entry gives to its places.
#[derive(Debug, Clone)]
struct Called {
    id: String,
    at: Span,
    name: String,
}

/// Reads the list of areas of a study.
pub(crate) fn read(reader: &mut Reader<'_>, node: &Node) -> Vec<WantedArea> {
    let Value::List(items) = &node.value else {
        let problem = Problem::new(Code::WrongForm, "`areas` is a list of areas");
        reader.report(
            problem,
            node.at,
            "expected [\"one\", { area = \"two\", copies = 4 }]",
        );
        return Vec::new();
    };
    let wanted: Vec<_> = (items.iter().enumerate())
        .map(|(place, item)| read_entry(reader, item, place + 1))
        .collect();
    wanted.into_iter().flatten().collect()
}

fn read_entry(reader: &mut Reader<'_>, item: &Node, place: usize) -> Option<WantedArea> {
    const ONE_REGION: &str = "region";
    if let Some(id) = item.as_text() {
        return Some(WantedArea {
            id: id.to_owned(),
            at: item.at,
            copies: 1,
            called: None,
            region: ONE_REGION.to_owned(),
            regions: 1,
            children: None,
            children_at: item.at,
            children_spread: 0.0,
            need: Factor::ONE,
            need_spread: 0.0,
            posts: Factor::ONE,
            posts_spread: 0.0,
            posts_follow_need: 0.0,
        });
    }
    let path = join("study.areas", &place.to_string());
    let mut fields = reader.open_group(item, &path)?;
    for key in ["copies", "region", "regions"] {
        // A matter of design is no value with evidence, but can be set like one.
        reader.known.insert(fields.path_of(key));
    }
    let area = reader.id(&mut fields, "area");
    let copies = bare_count(reader, &mut fields, "copies");
    let called = read_called(reader, &mut fields);
    let region = reader.optional_text(&mut fields, "region");
    let regions = bare_count(reader, &mut fields, "regions");
    let regions = not_more_regions(reader, &fields, regions, copies);
    let children = reader.optional::<u32>(&mut fields, "children");
    let children = children.and_then(|it| some_children(reader, &fields, it));
    let children_spread = spread(reader, &mut fields, "children_spread", copies);
    let need = factor(reader, &mut fields, "need");
    let need_spread = spread(reader, &mut fields, "need_spread", copies);
    let posts = factor(reader, &mut fields, "posts");
    let posts_spread = spread(reader, &mut fields, "posts_spread", copies);
    let following = "posts_follow_need";
    let posts_follow_need = reader.value_or(&mut fields, following, Number(0.0));
    let posts_follow_need = at_most(
        reader,
        &fields,
        following,
        posts_follow_need,
        MOST_FOLLOWING,
    );
    let children_at = match fields.states("children_spread") {
        true => fields.place_of("children_spread"),
        false => fields.place_of("children"),
    };
    reader.close(fields);
    let (id, at) = area?;
    Some(WantedArea {
        id: id.as_str().to_owned(),
        at,
        copies: copies?,
        called: called?,
        region: region?.unwrap_or_else(|| ONE_REGION.to_owned()),
        regions: regions?,
        children: children?,
        children_at,
        children_spread: children_spread?,
        need: need?,
        need_spread: need_spread?,
        posts: posts?,
        posts_spread: posts_spread?,
        posts_follow_need: posts_follow_need?,
    })
}

/// `id` and `name` of an entry; within, `None` where it is called after its area file.
fn read_called(reader: &mut Reader<'_>, fields: &mut Fields<'_>) -> Option<Option<Called>> {
    let id = reader.optional_text(fields, "id");
    let name = reader.optional_text(fields, "name");
    let at = fields.place_of("id");
    let (id, name) = (id?, name?);
    match (id, name) {
        (Some(id), name) => {
            let is_plain = reader.check_id(&id, at);
            is_plain.then(|| {
                Some(Called {
                    name: name.unwrap_or_else(|| id.clone()),
                    id,
                    at,
                })
            })
        }
        (None, None) => Some(None),
        (None, Some(_)) => {
            let problem = Problem::new(Code::MissingKey, "areas have a name and no id")
                .help("add id = \"council\"; what readers see goes under `name`");
            reader.report(problem, fields.place_of("name"), "expected `id` beside it");
            None
        }
    }
}

fn not_more_regions(
    reader: &mut Reader<'_>,
    fields: &Fields<'_>,
    regions: Option<u32>,
    copies: Option<u32>,
) -> Option<u32> {
    let (regions, copies) = (regions?, copies?);
    if regions <= copies {
        return Some(regions);
    }
    let message = format!("{copies} areas cannot lie in {regions} regions");
    let problem = Problem::new(Code::OutOfRange, message);
    let expected = format!("expected 1 to {copies}, the number of copies");
    reader.report(problem, fields.place_of("regions"), expected);
    None
}

fn some_children(
    reader: &mut Reader<'_>,
    fields: &Fields<'_>,
    children: Option<u32>,
) -> Option<Option<u32>> {
    if children == Some(0) {
        no_children(reader, fields.place_of("children"), "expected 1 or more");
        return None;
    }
    Some(children)
}

fn no_children(reader: &mut Reader<'_>, at: Span, expected: &str) {
    let problem = Problem::new(Code::OutOfRange, "an area without children");
    reader.report(problem, at, expected);
}

/// A factor on need or posts that leaves some and is no slip of the pen; 1 if not stated.
fn factor(reader: &mut Reader<'_>, fields: &mut Fields<'_>, key: &'static str) -> Option<Factor> {
    let factor = reader.value_or(fields, key, Factor::ONE)?;
    if factor.get() > 0.0 && factor.get() <= MOST_TIMES {
        return Some(factor);
    }
    let message = format!(
        "`{key}` of an area cannot be multiplied by {}",
        factor.get()
    );
    let problem = Problem::new(Code::OutOfRange, message);
    let expected = format!("expected more than 0 and at most {MOST_TIMES}");
    reader.report(problem, fields.place_of(key), expected);
    None
}

/// A standard deviation of logarithms; 0 if not stated. One area alone has no spread.
fn spread(
    reader: &mut Reader<'_>,
    fields: &mut Fields<'_>,
    key: &'static str,
    copies: Option<u32>,
) -> Option<f64> {
    let spread = reader.value_or(fields, key, Number(0.0));
    let spread = at_most(reader, fields, key, spread, MOST_SPREAD)?;
    if spread > 0.0 && copies == Some(1) {
        let problem = Problem::new(Code::OutOfRange, "one area alone has no spread")
            .help("say how many areas there are, as in copies = 150");
        reader.report(problem, fields.place_of(key), "expected 2 copies or more");
        return None;
    }
    Some(spread)
}

fn at_most(
    reader: &mut Reader<'_>,
    fields: &Fields<'_>,
    key: &'static str,
    number: Option<Number>,
    most: f64,
) -> Option<f64> {
    let Number(number) = number?;
    if number <= most {
        return Some(number);
    }
    let message = format!("`{key}` is too great, found {number}");
    let problem = Problem::new(Code::OutOfRange, message);
    reader.report(
        problem,
        fields.place_of(key),
        format!("expected 0 to {most}"),
    );
    None
}

/// A count that is a matter of design, not a value with evidence; 1 if not stated.
fn bare_count(reader: &mut Reader<'_>, fields: &mut Fields<'_>, key: &'static str) -> Option<u32> {
    let Some(node) = reader.node(fields, key) else {
        return Some(1);
    };
    let count = match &node.value {
        Value::Number(number, _) => u32::read(Given::Number(*number)).ok(),
        _ => None,
    };
    let count = count.filter(|count| (1..=MOST_COPIES).contains(count));
    if count.is_none() {
        let message = format!("`{key}` is a whole number, found {}", words(node));
        let problem = Problem::new(Code::WrongForm, message);
        reader.report(problem, node.at, format!("expected 1 to {MOST_COPIES}"));
    }
    count
}

/// The only area of a network, in which cases have no home.
pub(crate) fn nowhere() -> Area {
    Area {
        id: Id::new("all"),
        name: "All".to_owned(),
        region: "all".to_owned(),
        children: 0,
        need: Factor::ONE,
        ages: Vec::new(),
        moves: PerYear::ZERO,
        posts: Vec::new(),
    }
}

/// The areas that the entries of a list come to, sorted by id; `forms` are the area files.
pub(crate) fn lay_out(
    reader: &mut Reader<'_>,
    wanted: &[WantedArea],
    forms: &BTreeMap<String, Option<AreaForm>>,
) -> Option<Vec<Area>> {
    let mut areas: Vec<Area> = Vec::new();
    let mut numbers: BTreeMap<&str, u32> = BTreeMap::new();
    let mut is_whole = true;
    for entry in wanted {
        let form = forms.get(&entry.id)?.as_ref()?;
        // Areas that are called after one file are numbered together.
        let of_this: u32 = (wanted.iter())
            .filter(|it| it.called.is_none() && it.id == entry.id)
            .map(|it| it.copies)
            .sum();
        let children = entry.children_of_each(form.children);
        if children.contains(&0) {
            let expected = "expected more children or less spread";
            no_children(reader, entry.children_at, expected);
            is_whole = false;
            continue;
        }
        let need = entry.need_of_each(&children);
        let posts = entry.posts_of_each(&children, &need, form.children);
        for copy in 0..entry.copies {
            let place = copy as usize;
            let (id, name) = match &entry.called {
                Some(called) => called.copy(copy, entry.copies),
                None => {
                    let number = numbers.entry(&entry.id).or_default();
                    *number += 1;
                    numbered(&entry.id, &form.name, *number, of_this)
                }
            };
            areas.push(Area {
                id: Id::new(&id),
                name,
                region: entry.region_of(copy),
                children: children[place],
                need: Factor::try_from(need[place])
                    .expect("quantiles of a finite law are finite and above 0"),
                ages: form.ages.clone(),
                moves: form.moves,
                posts: (form.posts.iter())
                    .map(|row| times(row, posts[place]))
                    .collect(),
            });
        }
        is_whole &= check_names(reader, entry, &areas);
    }
    areas.sort_by(|a, b| a.id.cmp(&b.id));
    is_whole.then_some(areas)
}

/// Are the last areas, those of this entry, called otherwise than all before them?
fn check_names(reader: &mut Reader<'_>, entry: &WantedArea, areas: &[Area]) -> bool {
    let (before, own) = areas.split_at(areas.len() - entry.copies as usize);
    let Some(twice) = own
        .iter()
        .find(|it| before.iter().any(|other| other.id == it.id))
    else {
        return true;
    };
    let at = entry.called.as_ref().map_or(entry.at, |called| called.at);
    let message = format!("two areas are called \"{}\"", twice.id);
    let problem = Problem::new(Code::Twice, message).help("give one of them another `id`");
    reader.report(problem, at, "expected ids that differ");
    false
}

/// The id and name of an area that is called after its file: numbered if there are several.
fn numbered(id: &str, name: &str, number: u32, of_this: u32) -> (String, String) {
    match of_this {
        1 => (id.to_owned(), name.to_owned()),
        _ => (format!("{id}-{number}"), format!("{name} ({number})")),
    }
}

fn times(posts: &Posts, factor: f64) -> Posts {
    Posts {
        screening: posts.screening * factor,
        assessment: posts.assessment * factor,
        help: posts.help * factor,
        ..posts.clone()
    }
}

impl Called {
    /// The id and name of a copy. Numbers have as many digits as the last, so that ids sort as numbers.
    fn copy(&self, copy: u32, copies: u32) -> (String, String) {
        match copies {
            1 => (self.id.clone(), self.name.clone()),
            _ => {
                let number = padded(copy + 1, copies);
                (
                    format!("{}-{number}", self.id),
                    format!("{} {number}", self.name),
                )
            }
        }
    }
}

/// A number with as many digits as the greatest.
fn padded(number: u32, greatest: u32) -> String {
    let digits = greatest.to_string().len();
    format!("{number:0digits$}")
}

/// Which of the three things in which copies differ: each is dealt out in an order of its own.
#[derive(Debug, Clone, Copy)]
enum Dealt {
    Children,
    Need,
    Posts,
}

impl Dealt {
    /// The golden ratio, or the square root of 2 or 3. The copies are put in order by the fractional part of
    /// their number times this: whoever has many children has as often great need as little, and neighbours
    /// have some of each.
    ///
    /// Multiples of such numbers, apart from whole ones, fill a line and, two by two, a square more evenly than
    /// luck would (Richtmyer 1951; Niederreiter 1978, <https://doi.org/10.1090/S0002-9904-1978-14532-7>).
    fn ratio(self) -> f64 {
        match self {
            Self::Children => 1.618_033_988_749_895,
            Self::Need => std::f64::consts::SQRT_2,
            Self::Posts => 1.732_050_807_568_877_2,
        }
    }
}

impl WantedArea {
    /// Children of each copy: they add up to the mean times the number of copies, rounding apart.
    fn children_of_each(&self, of_file: u32) -> Vec<u32> {
        let mean = self.children.unwrap_or(of_file);
        if self.children_spread <= 0.0 {
            return vec![mean; self.copies as usize];
        }
        let points = quantiles(self.copies, self.children_spread, Dealt::Children);
        let evenly = vec![1.0; points.len()];
        let all = with_mean(&points, f64::from(mean), &evenly);
        all.iter().map(|children| children.round() as u32).collect()
    }

    /// Need of each copy: the mean over all children is the stated one.
    fn need_of_each(&self, children: &[u32]) -> Vec<f64> {
        self.factors(self.need.get(), self.need_spread, Dealt::Need, children)
    }

    /// The factor on the posts of the area file for each copy: in proportion to its children, with
    /// need as far as posts follow it, and times what the entry states besides.
    fn posts_of_each(&self, children: &[u32], need: &[f64], of_file: u32) -> Vec<f64> {
        let beyond = self.factors(self.posts.get(), self.posts_spread, Dealt::Posts, children);
        (children.iter().zip(need).zip(beyond))
            .map(|((children, need), beyond)| {
                let share = f64::from(*children) / f64::from(of_file);
                share * beyond * libm::pow(*need, self.posts_follow_need)
            })
            .collect()
    }

    fn factors(&self, mean: f64, spread: f64, dealt: Dealt, children: &[u32]) -> Vec<f64> {
        if spread <= 0.0 {
            return vec![mean; children.len()];
        }
        let points = quantiles(self.copies, spread, dealt);
        let weights: Vec<f64> = children.iter().map(|it| f64::from(*it)).collect();
        let factors = with_mean(&points, mean, &weights);
        factors.into_iter().map(rounded).collect()
    }

    /// Neighbours in the order of numbers lie in one region.
    fn region_of(&self, copy: u32) -> String {
        match self.regions {
            1 => self.region.clone(),
            regions => {
                let number = copy * regions / self.copies + 1;
                format!("{}-{}", self.region, padded(number, regions))
            }
        }
    }
}

/// Four significant digits: what is shown is what is simulated, and the last bit of a quantile, which
/// may differ from one machine to another, never matters.
fn rounded(factor: f64) -> f64 {
    let words = format!("{factor:.3e}");
    words.parse().expect("a printed number can be read")
}

/// The middles of equally likely parts of a lognormal law of median 1, in the order in which they are
/// dealt out to the copies.
fn quantiles(copies: u32, spread: f64, dealt: Dealt) -> Vec<f64> {
    let normal = Normal::standard();
    let along = |copy: usize| (dealt.ratio() * (copy + 1) as f64).fract();
    let mut order: Vec<usize> = (0..copies as usize).collect();
    order.sort_by(|a, b| along(*a).total_cmp(&along(*b)));
    let mut points = vec![0.0; order.len()];
    for (rank, copy) in order.into_iter().enumerate() {
        let share = (rank as f64 + 0.5) / f64::from(copies);
        points[copy] = libm::exp(spread * normal.inverse_cdf(share));
    }
    points
}

/// The same in proportion, with this mean under these weights.
fn with_mean(points: &[f64], mean: f64, weights: &[f64]) -> Vec<f64> {
    let all: f64 = weights.iter().sum();
    let sum: f64 = (points.iter().zip(weights)).map(|(it, w)| it * w).sum();
    points.iter().map(|it| it * mean * all / sum).collect()
}
