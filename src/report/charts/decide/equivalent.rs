//! Structure or money: how many more posts under the baseline give what each structure gives.

use super::common::{Key, Label, NAMES, Sign, axis, axis_height, places_of, within};
use crate::analysis::Interval;
use crate::measures::Measure;
use crate::report::charts::canvas::{
    BODY, Canvas, GRID, Hang, Heading, INK, MARGIN, MUTED, SMALL, STRONG, Scale, WIDTH,
    draw as page,
};
use crate::report::charts::look::Look;
use crate::report::charts::palette;
use crate::report::numbers::{plain, signed};
use crate::report::unit_of_difference;

const LEFT: f64 = MARGIN + NAMES;
const NUMBERS: f64 = 150.0;
const CURVE: f64 = 150.0;
const HEAD: f64 = 30.0;
const ROW: f64 = 32.0;

/// The measure under the baseline with other posts.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct AtPosts {
    /// Posts beyond the baseline's, in % of them; below 0 with fewer.
    pub percent: f64,
    /// The difference of the measure from the baseline as it is, in the unit of differences.
    pub difference: f64,
    /// Its standard error, 0 or above.
    pub standard_error: f64,
}

/// How many more posts are worth as much as a structure.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Reach {
    /// So many, in % of the baseline's posts, with an interval of 95% where both its ends are within
    /// what was tried.
    Within(f64, Option<Interval>),
    /// More than were tried: the structure gives more than so many posts.
    MoreThan(f64),
    /// Fewer than were tried: it gives less than so many posts, which may be below 0.
    LessThan(f64),
}

/// What a structure buys.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Buys<'a> {
    /// Place of the structure; the baseline is 0.
    pub structure: usize,
    /// Its name.
    pub name: &'a str,
    /// Its difference from the baseline at equal posts.
    pub difference: crate::analysis::Estimate,
    /// As many posts.
    pub posts: Reach,
}

/// All structures beside more posts under the baseline.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Equivalent<'a> {
    /// The measure.
    pub measure: &'static Measure,
    /// Name of the baseline.
    pub baseline: &'a str,
    /// The measure by posts, at rising posts.
    pub curve: &'a [AtPosts],
    /// Each structure but the baseline.
    pub structures: &'a [Buys<'a>],
    /// How many trials are behind each, in words.
    pub runs: &'a str,
}

/// The chart; `None` without a curve of two points at least, or without another structure.
pub fn equivalent(of: &Equivalent, look: &Look) -> Option<String> {
    if of.curve.len() < 2 || of.structures.is_empty() {
        return None;
    }
    let labels: Vec<Label> = of
        .structures
        .iter()
        .map(|it| Label::of_name(it.name))
        .collect();
    let key = Key::of([
        (
            Sign::Disc(palette::BETTER),
            "as good as so many more posts".to_owned(),
        ),
        (
            Sign::Diamond(palette::WORSE),
            "as bad as so many fewer posts".to_owned(),
        ),
        (
            Sign::Ring(palette::NEITHER),
            "not told from none".to_owned(),
        ),
        (Sign::Line(INK, 2.2, &[]), "95% interval".to_owned()),
        (
            Sign::Pointer(palette::DARK_PINK),
            "a structure at equal posts".to_owned(),
        ),
    ]);
    let heading = Heading {
        id: "decide-equivalent",
        title: title(of),
        subtitle: format!(
            "Posts that “{}” would need to come to the same in {}, and below what it comes to by posts ({}). \
             An arrow: beyond what was tried.",
            of.baseline,
            within(of.measure),
            of.runs
        ),
        description: description(of),
        caveat: None,
    };
    let words = BODY.wrap(
        &format!("posts beyond those of “{}”, % of them", of.baseline),
        WIDTH - MARGIN - LEFT,
        2,
    );
    let heights: Vec<f64> = labels.iter().map(|it| it.height(ROW)).collect();
    let rows: f64 = heights.iter().sum();
    let below = HEAD + CURVE + axis_height(&words);
    let height = key.height() + rows + 16.0 + below;
    let svg = page(&heading, look, height, |canvas, top| {
        key.draw(canvas, top);
        let first = top + key.height();
        let last = first + rows;
        let across = across(of);
        for tick in across.ticks().0 {
            let x = across.at(tick);
            canvas.line(&[(x, first), (x, last)], GRID, 1.0);
        }
        let zero = across.at(0.0);
        canvas.line(&[(zero, first), (zero, last)], INK, 1.2);
        let mut y = first;
        for ((buys, label), height) in of.structures.iter().zip(&labels).zip(&heights) {
            let middle = y + height / 2.0;
            y += height;
            canvas.line(&[(MARGIN, y), (WIDTH - MARGIN, y)], GRID, 1.0);
            canvas.of_structure(buys.structure, || {
                label.draw(canvas, middle);
                let told = told(buys.posts);
                canvas.telling(&told, || mark(canvas, buys.posts, &across, middle));
                let told = SMALL.wrap(&told, NUMBERS - 8.0, 1).concat();
                canvas.text(&told, SMALL, INK, Hang::Right, (WIDTH - MARGIN, middle));
            });
        }
        curve(canvas, of, &across, last + 16.0, &words);
    });
    Some(svg)
}

fn across(of: &Equivalent) -> Scale {
    let (low, high) = of.curve.iter().fold((0.0_f64, 0.0_f64), |(low, high), it| {
        (low.min(it.percent), high.max(it.percent))
    });
    let room = 0.06 * (high - low).max(1e-9);
    Scale {
        values: (low - room, high + room),
        pixels: (LEFT, WIDTH - MARGIN - NUMBERS),
    }
}

fn told(posts: Reach) -> String {
    let number = |value: f64| signed(value, 1);
    match posts {
        Reach::Within(value, Some(interval)) => format!(
            "{}% ({} to {})",
            number(value),
            number(interval.low),
            number(interval.high)
        ),
        Reach::Within(value, None) => format!("{}% (open)", number(value)),
        Reach::MoreThan(most) => format!("more than {}%", number(most)),
        Reach::LessThan(least) => format!("less than {}%", number(least)),
    }
}

/// Is it told from no posts?
fn is_told(posts: Reach) -> bool {
    match posts {
        Reach::Within(_, Some(interval)) => interval.low > 0.0 || interval.high < 0.0,
        Reach::Within(_, None) => false,
        Reach::MoreThan(most) => most > 0.0,
        Reach::LessThan(least) => least < 0.0,
    }
}

fn mark(canvas: &Canvas, posts: Reach, across: &Scale, y: f64) {
    let held = |value: f64| across.at(value.clamp(across.values.0, across.values.1));
    let color = |value: f64| match (is_told(posts), value > 0.0) {
        (false, _) => palette::NEITHER,
        (true, true) => palette::BETTER,
        (true, false) => palette::WORSE,
    };
    match posts {
        Reach::Within(value, interval) => {
            let ink = color(value);
            if let Some(interval) = interval {
                let ends = [(held(interval.low), y), (held(interval.high), y)];
                canvas.line(&ends, ink, 2.2);
            }
            let at = (held(value), y);
            match (is_told(posts), value > 0.0) {
                (false, _) => canvas.ring(at, 3.6, ink),
                (true, true) => canvas.disc(at, 4.0, ink),
                (true, false) => super::common::filled_diamond(canvas, at, 5.2, ink),
            }
        }
        Reach::MoreThan(end) | Reach::LessThan(end) => {
            let way = if matches!(posts, Reach::MoreThan(_)) {
                1.0
            } else {
                -1.0
            };
            let ink = color(end);
            let tip = held(if way > 0.0 {
                across.values.1
            } else {
                across.values.0
            });
            canvas.line(&[(tip - way * 34.0, y), (tip - way * 8.0, y)], ink, 2.2);
            canvas.area(
                &[
                    (tip, y),
                    (tip - way * 9.0, y - 5.0),
                    (tip - way * 9.0, y + 5.0),
                ],
                ink,
            );
        }
    }
}

fn curve(canvas: &Canvas, of: &Equivalent, across: &Scale, top: f64, words: &[String]) {
    let unit = unit_of_difference(of.measure);
    let name = format!("{}: difference, {unit}", of.measure.name);
    let name = STRONG.wrap(&name, WIDTH - MARGIN - LEFT, 1).concat();
    canvas.text(&name, STRONG, INK, Hang::Left, (LEFT, top + 10.0));
    let (first, last) = (top + HEAD, top + HEAD + CURVE);
    let half = |it: &AtPosts| 1.96 * it.standard_error;
    let ends = of
        .curve
        .iter()
        .flat_map(|it| [it.difference - half(it), it.difference + half(it)])
        .chain(of.structures.iter().map(|it| it.difference.value));
    let up = super::common::scale_with_zero(ends, (last, first));
    let (ticks, decimals) = Scale {
        values: up.values,
        pixels: (0.0, 260.0),
    }
    .ticks();
    let (left, right) = across.pixels;
    for tick in ticks {
        let y = up.at(tick);
        canvas.line(&[(left, y), (right, y)], GRID, 1.0);
        let label = plain(tick, decimals);
        canvas.text(&label, SMALL, MUTED, Hang::Right, (left - 5.0, y));
    }
    axis(canvas, across, (first, last), ("%", words));
    let zero = across.at(0.0);
    canvas.line(&[(zero, first), (zero, last)], INK, 1.2);
    let at = |it: &AtPosts, value: f64| (across.at(it.percent), up.at(value));
    let above = of.curve.iter().map(|it| at(it, it.difference + half(it)));
    let below = of
        .curve
        .iter()
        .rev()
        .map(|it| at(it, it.difference - half(it)));
    let band: Vec<(f64, f64)> = above.chain(below).collect();
    canvas.veil(&band, palette::BAND, 0.7);
    let line: Vec<(f64, f64)> = of.curve.iter().map(|it| at(it, it.difference)).collect();
    canvas.line(&line, palette::BETTER, 2.2);
    for (point, it) in line.iter().zip(of.curve) {
        let digits = places_of(of.curve.iter().map(|it| it.difference));
        let told = format!(
            "{}%: {}",
            signed(it.percent, 1),
            signed(it.difference, digits)
        );
        canvas.telling(&told, || canvas.disc(*point, 3.4, palette::BETTER));
    }
    // Where structures stand at equal posts, at the edge of the plot.
    for buys in of.structures {
        let y = up.at(buys.difference.value);
        canvas.of_structure(buys.structure, || {
            canvas.telling(buys.name, || {
                let corners = [(right, y), (right + 9.0, y - 4.5), (right + 9.0, y + 4.5)];
                canvas.area(&corners, palette::DARK_PINK);
            });
        });
    }
}

fn title(of: &Equivalent) -> String {
    let baseline = of.baseline;
    if let [only] = of.structures {
        return match only.posts {
            posts if !is_told(posts) => format!(
                "Whether “{}” is worth any posts of “{baseline}” these trials cannot tell",
                only.name
            ),
            posts => format!("“{}” is {} under “{baseline}”", only.name, in_words(posts)),
        };
    }
    let count = |is: fn(f64) -> bool| {
        let told = of.structures.iter().filter(|it| is_told(it.posts));
        told.filter(|it| match it.posts {
            Reach::Within(value, _) => is(value),
            Reach::MoreThan(end) | Reach::LessThan(end) => is(end),
        })
        .count()
    };
    let (more, fewer) = (count(|it| it > 0.0), count(|it| it < 0.0));
    let all = of.structures.len();
    let open = match all - more - fewer {
        0 => String::new(),
        open => format!("; of {open} these trials cannot tell"),
    };
    format!(
        "Of {all} structures {more} {} clearly worth more posts under “{baseline}” and {fewer} fewer{open}",
        if more == 1 { "is" } else { "are" }
    )
}

fn in_words(posts: Reach) -> String {
    let number = |value: f64| format!("{}%", plain(value.abs(), 1));
    let what = |value: f64| if value < 0.0 { "fewer" } else { "more" };
    match posts {
        Reach::Within(value, interval) => {
            let interval = interval.map_or_else(String::new, |it| {
                format!(" ({}% to {}%)", signed(it.low, 1), signed(it.high, 1))
            });
            format!(
                "as good as {} {} posts{interval}",
                number(value),
                what(value)
            )
        }
        Reach::MoreThan(end) => format!("better than {} {} posts", number(end), what(end)),
        Reach::LessThan(end) => format!("worse than {} {} posts", number(end), what(end)),
    }
}

fn description(of: &Equivalent) -> String {
    let structures: Vec<String> = of
        .structures
        .iter()
        .map(|it| format!("{}: {}", it.name, told(it.posts)))
        .collect();
    let digits = places_of(of.curve.iter().map(|it| it.difference));
    let curve: Vec<String> = of
        .curve
        .iter()
        .map(|it| {
            format!(
                "{}% posts {} (standard error {})",
                signed(it.percent, 1),
                signed(it.difference, digits),
                plain(it.standard_error, digits)
            )
        })
        .collect();
    format!(
        "Posts under the baseline that come to the same as each structure. {}. The baseline by posts, {}: {}.",
        structures.join(". "),
        unit_of_difference(of.measure),
        curve.join(", ")
    )
}
