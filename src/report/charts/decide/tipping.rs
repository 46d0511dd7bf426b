//! Which structure is best at each place of a grid over two values.

use super::common::{GLYPHS, Key, Sign, glyph, glyph_colors, hatch, percent, short, within};
use crate::analysis::decision::Place;
use crate::experiment::results::Named;
use crate::measures::Measure;
use crate::report::charts::canvas::{
    Canvas, Hang, Heading, INK, MARGIN, MUTED, SMALL, STRONG, Scale, WIDTH, draw as page,
};
use crate::report::charts::look::Look;
use crate::report::charts::palette;
use crate::report::numbers::count;
use crate::scenario::Ranged;

/// Room for the labels of the upright axis.
const AXIS: f64 = 108.0;
const PLOT: f64 = 430.0;
/// Chance of being truly best at which a line is drawn: more than a half, so that no two structures have
/// it at one place.
const CONTOUR: f64 = 0.9;

/// A value along one side of the map.
#[derive(Debug, Clone, PartialEq)]
pub struct Axis {
    /// Its path.
    pub name: String,
    /// Where labels stand, on the scale of the places, with their words.
    pub ticks: Vec<(f64, String)>,
    /// The value as stated, on that scale.
    pub stated: f64,
    /// The ends of its range, on that scale, where they can be placed there.
    pub range: Option<(f64, f64)>,
}

impl Axis {
    /// A value whose places are shares of its range.
    pub fn of(parameter: &Ranged) -> Self {
        let at = |share: f64| (share, short(&parameter.drawable.words(share)));
        Self {
            name: parameter.path().to_owned(),
            ticks: [0.0, 0.25, 0.5, 0.75, 1.0].map(at).to_vec(),
            stated: parameter.stated,
            range: Some((0.0, 1.0)),
        }
    }

    /// The same with the range that the files state, which need not be that of the map; without any, or
    /// where it is of another form, the stated value has no range.
    pub fn with_range(parameter: &Ranged, stated: Option<&(String, String)>) -> Self {
        let drawable = &parameter.drawable;
        let (low, high) = (drawable.number(0.0), drawable.number(1.0));
        let form = drawable.form();
        let share = |end: &str| {
            let (before, after) = form.split_once("...")?;
            let number = end.strip_prefix(before)?.strip_suffix(after)?;
            let share = (number.trim().parse::<f64>().ok()? - low) / (high - low);
            share.is_finite().then_some(share)
        };
        let range = stated.and_then(|ends| match *ends == parameter.range {
            true => Some((0.0, 1.0)),
            false => Some((share(&ends.0)?, share(&ends.1)?)),
        });
        Self {
            range,
            ..Self::of(parameter)
        }
    }

    /// Does the value as stated lie on the map?
    fn holds_stated(&self, values: &[f64]) -> bool {
        let (first, last) = (values.first(), values.last());
        first.is_some_and(|it| *it <= self.stated) && last.is_some_and(|it| self.stated <= *it)
    }
}

/// The map.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Tipping<'a> {
    /// What structures are ranked by.
    pub measure: &'static Measure,
    /// The structures, baseline first.
    pub structures: &'a [Named],
    /// The value that grows to the right.
    pub across: &'a Axis,
    /// The value that grows upwards.
    pub up: &'a Axis,
    /// Each place of the grid, in any order.
    pub places: &'a [Place],
    /// Trials at each place.
    pub trials: u32,
}

/// The places as a grid: rows from the lowest, each from the left; `None` where one is wanting.
struct Grid<'a> {
    xs: Vec<f64>,
    ys: Vec<f64>,
    cells: Vec<Vec<&'a Place>>,
}

impl<'a> Grid<'a> {
    fn of(places: &'a [Place]) -> Option<Self> {
        let sorted = |pick: fn(&Place) -> f64| {
            let mut values: Vec<f64> = places.iter().map(pick).collect();
            values.sort_by(f64::total_cmp);
            values.dedup_by(|one, other| one.total_cmp(other).is_eq());
            values
        };
        let (xs, ys) = (sorted(|it| it.x), sorted(|it| it.y));
        let cell = |x: f64, y: f64| {
            places
                .iter()
                .find(|it| it.x.total_cmp(&x).is_eq() && it.y.total_cmp(&y).is_eq())
        };
        let cells = ys.iter().map(|y| xs.iter().map(|x| cell(*x, *y)).collect());
        Some(Self {
            cells: cells.collect::<Option<_>>()?,
            xs,
            ys,
        })
    }
}

/// The chart; `None` where the places are no grid of two by two at least, or there is nothing to choose
/// from.
pub fn tipping(of: &Tipping, look: &Look) -> Option<String> {
    let grid = Grid::of(of.places)?;
    if grid.xs.len() < 2 || grid.ys.len() < 2 || of.structures.len() < 2 {
        return None;
    }
    let winners = winners(of);
    let has_unclear = of.places.iter().any(is_unclear);
    let mut signs: Vec<(Sign, String)> = winners
        .iter()
        .take(GLYPHS)
        .enumerate()
        .map(|(sign, (structure, cells))| {
            let words = match (sign + 1 == GLYPHS, winners.len() > GLYPHS) {
                (true, true) => format!("others ({})", winners.len() + 1 - GLYPHS),
                _ => format!(
                    "“{}” best ({} of {} places)",
                    of.structures[*structure].name,
                    cells,
                    of.places.len()
                ),
            };
            (Sign::Glyph(sign), words)
        })
        .collect();
    if has_unclear {
        signs.push((
            Sign::Hatched(palette::PAPER, MUTED),
            "not told from the second best".to_owned(),
        ));
    }
    let contours = contours(&grid);
    if !contours.is_empty() {
        let words = format!(
            "within: truly best with a chance of {} or more",
            percent(CONTOUR)
        );
        signs.push((Sign::Line(INK, 2.0, &[]), words));
    }
    let has_stated = of.across.holds_stated(&grid.xs) && of.up.holds_stated(&grid.ys);
    let outside = match has_stated {
        true => "",
        false => " What is stated lies outside the map.",
    };
    if has_stated {
        signs.push((
            Sign::Cross(palette::DARK_PINK),
            "as stated, with its range".to_owned(),
        ));
    }
    let key = Key::of(signs);
    let heading = Heading {
        id: "decide-tipping",
        title: title(of, &winners),
        subtitle: format!(
            "Best structure by {} at {} places, {} trials each, all other values as stated. Chances are of luck \
             alone, if the values were these; they do not say how likely the values are.{outside}",
            within(of.measure),
            count(of.places.len() as u64),
            of.trials
        ),
        description: description(of, &winners),
        caveat: None,
    };
    let up_name = super::common::path_lines(&of.up.name, WIDTH - 2.0 * MARGIN, 1).concat();
    let across_name = super::common::path_lines(&of.across.name, WIDTH - MARGIN - AXIS, 1).concat();
    let height = key.height() + 24.0 + PLOT + 52.0;
    let svg = page(&heading, look, height, |canvas, top| {
        key.draw(canvas, top);
        let first = top + key.height() + 24.0;
        canvas.text(&up_name, STRONG, INK, Hang::Left, (MARGIN, first - 12.0));
        let across = scale(&grid.xs, (MARGIN + AXIS, WIDTH - MARGIN));
        let up = scale(&grid.ys, (first + PLOT, first));
        let (columns, lines) = (edges(&grid.xs, &across), edges(&grid.ys, &up));
        for (row, places) in grid.cells.iter().enumerate() {
            for (column, place) in places.iter().enumerate() {
                let from = (columns[column], lines[row + 1]);
                let to = (columns[column + 1], lines[row]);
                canvas.telling(&told(of, place), || {
                    cell(canvas, place, &winners, from, to);
                });
            }
        }
        let contours = contours
            .iter()
            .map(|ends| ends.map(|(x, y)| (across.at(x), up.at(y))));
        for ends in contours.clone() {
            canvas.line(&ends, palette::PAPER, 4.0);
        }
        for ends in contours {
            canvas.line(&ends, INK, 2.0);
        }
        canvas.frame(
            (across.pixels.0, first),
            (across.pixels.1, first + PLOT),
            MUTED,
            1.0,
        );
        if has_stated {
            cross(canvas, of, &across, &up);
        }
        ticks(canvas, of, &across, &up);
        let y = first + PLOT + 36.0;
        canvas.text(&across_name, STRONG, INK, Hang::Left, (across.pixels.0, y));
    });
    Some(svg)
}

/// Structures that are best somewhere, each with the number of places: most first.
fn winners(of: &Tipping) -> Vec<(usize, usize)> {
    let mut winners: Vec<(usize, usize)> = (0..of.structures.len())
        .map(|structure| {
            let cells = of.places.iter().filter(|it| it.best == structure).count();
            (structure, cells)
        })
        .filter(|(_, cells)| *cells > 0)
        .collect();
    winners.sort_by_key(|(_, cells)| std::cmp::Reverse(*cells));
    winners
}

fn is_unclear(place: &Place) -> bool {
    place.next.is_some_and(|next| !next.is_clear)
}

/// A scale that holds the outermost cells whole.
fn scale(values: &[f64], pixels: (f64, f64)) -> Scale {
    let last = values.len() - 1;
    let half = |one: f64, other: f64| (one - other).abs() / 2.0;
    Scale {
        values: (
            values[0] - half(values[1], values[0]),
            values[last] + half(values[last], values[last - 1]),
        ),
        pixels,
    }
}

/// Where cells meet: half way between their middles.
fn edges(values: &[f64], scale: &Scale) -> Vec<f64> {
    let middles = values
        .windows(2)
        .map(|two| scale.at(f64::midpoint(two[0], two[1])));
    std::iter::once(scale.pixels.0)
        .chain(middles)
        .chain([scale.pixels.1])
        .collect()
}

fn cell(
    canvas: &Canvas,
    place: &Place,
    winners: &[(usize, usize)],
    from: (f64, f64),
    to: (f64, f64),
) {
    let sign = winners
        .iter()
        .position(|(structure, _)| *structure == place.best)
        .unwrap_or_default()
        .min(GLYPHS - 1);
    let (fill, ink) = glyph_colors(sign);
    canvas.rectangle(from, to, fill);
    if is_unclear(place) {
        hatch(canvas, from, to, MUTED, (6.0, 0.7));
    }
    let centre = (f64::midpoint(from.0, to.0), f64::midpoint(from.1, to.1));
    let room = (to.0 - from.0).min(to.1 - from.1);
    let radius = match room {
        14.0.. => (0.2 * room).min(5.0),
        _ => (0.3 * room).clamp(1.2, 2.8),
    };
    if is_unclear(place) && room > 12.0 {
        canvas.disc(centre, 1.7 * radius, fill);
    }
    glyph(canvas, sign, centre, radius, ink);
}

/// The stated values and their ranges as a cross.
fn cross(canvas: &Canvas, of: &Tipping, across: &Scale, up: &Scale) {
    let (x, y) = (across.at(of.across.stated), up.at(of.up.stated));
    let arm = |scale: &Scale, range: Option<(f64, f64)>, at: &dyn Fn(f64) -> (f64, f64)| {
        let (low, high) = scale.values;
        let (from, to) = range?;
        let held = [from, to].map(|it| at(scale.at(it.clamp(low, high))));
        // An arm that goes on beyond the map has no end on it.
        let ends = [from, to].map(|it| it >= low && it <= high);
        Some((held, ends))
    };
    let arms = [
        arm(across, of.across.range, &|it| (it, y)),
        arm(up, of.up.range, &|it| (x, it)),
    ];
    for (ends, _) in arms.iter().flatten() {
        canvas.line(ends, palette::PAPER, 4.4);
    }
    for (place, arm) in arms.iter().enumerate() {
        let Some((ends, have_tips)) = arm else {
            continue;
        };
        canvas.line(ends, palette::DARK_PINK, 1.8);
        for ((x, y), _) in ends.iter().zip(have_tips).filter(|(_, has_tip)| **has_tip) {
            let tip = match place {
                0 => [(*x, y - 4.0), (*x, y + 4.0)],
                _ => [(x - 4.0, *y), (x + 4.0, *y)],
            };
            canvas.line(&tip, palette::DARK_PINK, 1.8);
        }
    }
    canvas.disc((x, y), 6.6, palette::PAPER);
    canvas.disc((x, y), 4.8, palette::DARK_PINK);
}

fn ticks(canvas: &Canvas, of: &Tipping, across: &Scale, up: &Scale) {
    let holds = |scale: &Scale, value: f64| value >= scale.values.0 && value <= scale.values.1;
    let bottom = up.pixels.0;
    let mut free_from = 0.0;
    for (value, words) in of.across.ticks.iter().filter(|it| holds(across, it.0)) {
        let x = across.at(*value);
        canvas.line(&[(x, bottom), (x, bottom + 4.0)], MUTED, 1.0);
        let words = SMALL.wrap(words, 150.0, 1).concat();
        let half = SMALL.width(&words) / 2.0;
        let at = x.clamp(half + 1.0, WIDTH - half - 1.0);
        if at - half >= free_from {
            canvas.text(&words, SMALL, MUTED, Hang::Middle, (at, bottom + 13.0));
            free_from = at + half + 6.0;
        }
    }
    for (value, words) in of.up.ticks.iter().filter(|it| holds(up, it.0)) {
        let y = up.at(*value);
        let x = across.pixels.0;
        canvas.line(&[(x - 4.0, y), (x, y)], MUTED, 1.0);
        let words = SMALL.wrap(words, AXIS - 10.0, 1).concat();
        canvas.text(&words, SMALL, MUTED, Hang::Right, (x - 7.0, y));
    }
}

/// Lines within which a structure is truly best with the chance of [`CONTOUR`], on the scale of the
/// places; straight from edge to edge of the squares between places (marching squares).
fn contours(grid: &Grid) -> Vec<[(f64, f64); 2]> {
    let chances = grid.cells[0][0].chances.as_ref();
    let structures = 0..chances.map_or(0, Vec::len);
    structures
        .flat_map(|structure| of_structure(grid, structure, CONTOUR))
        .collect()
}

fn of_structure(grid: &Grid, structure: usize, level: f64) -> Vec<[(f64, f64); 2]> {
    let mut found = Vec::new();
    let chance = |row: usize, column: usize| {
        let chances = grid.cells[row][column].chances.as_ref();
        chances.map_or(0.0, |it| it[structure])
    };
    for row in 0..grid.ys.len() - 1 {
        for column in 0..grid.xs.len() - 1 {
            let corner = |up: usize, right: usize| {
                let at = (grid.xs[column + right], grid.ys[row + up]);
                (at, chance(row + up, column + right) - level)
            };
            // Around the square, so that neighbours share an edge.
            let corners = [corner(0, 0), corner(0, 1), corner(1, 1), corner(1, 0)];
            let mut crossings = Vec::new();
            for side in 0..4 {
                let (one, other) = (corners[side], corners[(side + 1) % 4]);
                if (one.1 >= 0.0) != (other.1 >= 0.0) {
                    let part = one.1 / (one.1 - other.1);
                    let along = |from: f64, to: f64| from + part * (to - from);
                    crossings.push((along(one.0.0, other.0.0), along(one.0.1, other.0.1)));
                }
            }
            found.extend(crossings.chunks_exact(2).map(|two| [two[0], two[1]]));
        }
    }
    found
}

fn told(of: &Tipping, place: &Place) -> String {
    let chance = place.chance().map_or_else(String::new, |chance| {
        format!(", truly best with a chance of {}", percent(chance))
    });
    let clear = if is_unclear(place) {
        ", not told from the second best"
    } else {
        ""
    };
    format!("“{}” best{chance}{clear}", of.structures[place.best].name)
}

fn title(of: &Tipping, winners: &[(usize, usize)]) -> String {
    let name = |structure: usize| &of.structures[structure].name;
    let unclear = of.places.iter().filter(|it| is_unclear(it)).count();
    let share = |cells: usize| percent(cells as f64 / of.places.len() as f64);
    let open = match unclear {
        0 => String::new(),
        unclear if unclear == of.places.len() => {
            return "Nowhere on the map can these trials tell the best structure from the second best"
                .to_owned();
        }
        unclear => format!("; at {} these trials cannot tell", share(unclear)),
    };
    match winners {
        [(only, _)] => format!("“{}” is best at every place of the map{open}", name(*only)),
        [(first, cells), (second, others)] => format!(
            "“{}” is best at {} of the map, “{}” at {}{open}",
            name(*first),
            share(*cells),
            name(*second),
            share(*others)
        ),
        [(first, cells), ..] => format!(
            "“{}” is best at {} of the map, {} others at the rest{open}",
            name(*first),
            share(*cells),
            winners.len() - 1
        ),
        [] => String::new(),
    }
}

fn description(of: &Tipping, winners: &[(usize, usize)]) -> String {
    let each: Vec<String> = winners
        .iter()
        .map(|(structure, cells)| {
            let own = of.places.iter().filter(|it| it.best == *structure);
            let clear = own.filter(|it| !is_unclear(it)).count();
            format!(
                "{}: best at {cells} of {} places, told from the second best at {clear}",
                of.structures[*structure].name,
                of.places.len()
            )
        })
        .collect();
    let words = |axis: &Axis| {
        let ticks: Vec<&str> = axis.ticks.iter().map(|(_, words)| words.as_str()).collect();
        format!("{} at {}", axis.name, ticks.join(", "))
    };
    format!(
        "A map of the best structure. Across: {}. Upwards: {}. {}.",
        words(of.across),
        words(of.up),
        each.join(". ")
    )
}
