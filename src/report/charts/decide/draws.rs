//! The difference of each structure from the baseline in every draw, and how much of their spread is the
//! luck of trials.

use super::Choosing;
use super::common::{
    Key, Label, NAMES, Sign, axis, axis_height, percent, places_of, scale_with_zero, unit, within,
};
use crate::analysis::decision::Drawn;
use crate::report::charts::canvas::{
    BODY, Canvas, GRID, Hang, Heading, INK, MARGIN, MUTED, SMALL, Scale, WIDTH, draw as page,
};
use crate::report::charts::differences::directions;
use crate::report::charts::look::Look;
use crate::report::charts::palette;
use crate::report::numbers::{count, plain, signed};

const LEFT: f64 = MARGIN + NAMES;
const NUMBERS: f64 = 146.0;
const ROW: f64 = 76.0;
const RADIUS: f64 = 2.1;
/// Height of the swarm of dots above and below its middle.
const REACH: f64 = 21.0;
/// Dots in a row at most: of more draws, a dot stands for several.
const DOTS: usize = 128;
/// Standard errors beyond which a difference is told from luck.
const TOLD: f64 = 1.96;

/// Differences from the baseline in every draw.
#[derive(Debug, Clone, PartialEq)]
pub struct Differences {
    /// By structure but the baseline: each draw's difference, in the unit of the measure and with its
    /// own sign, and its standard error where trials tell one.
    pub by_structure: Vec<Vec<(f64, Option<f64>)>>,
}

impl Differences {
    /// Those of a measure, less always the better in `drawn`; `sign` turns them back.
    pub fn of(drawn: &Drawn, sign: f64) -> Self {
        let of_structure = |structure| {
            let draws = 0..drawn.draws();
            draws
                .map(|draw| {
                    let (value, error) = drawn.difference(draw, structure, 0);
                    (sign * value, error)
                })
                .collect()
        };
        Self {
            by_structure: (1..drawn.structures()).map(of_structure).collect(),
        }
    }
}

/// A dot: the middle one of the draws that it stands for.
#[derive(Debug, Clone, Copy, PartialEq)]
struct Dot {
    value: f64,
    /// Better, worse, or not told from luck.
    side: Side,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Side {
    Better,
    Worse,
    Unclear,
}

/// The chart; `None` where there is nothing to compare with the baseline.
pub fn draws(of: &Choosing, differences: &Differences, look: &Look) -> Option<String> {
    let others = of.structures.len().checked_sub(1).filter(|it| *it > 0)?;
    assert_eq!(
        differences.by_structure.len(),
        others,
        "each structure but the baseline has its differences"
    );
    let each = of.draws.div_ceil(DOTS);
    let dots: Vec<Vec<Dot>> = differences
        .by_structure
        .iter()
        .map(|it| dots(it, of.of.sign, each))
        .collect();
    let labels: Vec<Label> = of.structures[1..]
        .iter()
        .map(|it| Label::of_name(&it.name))
        .collect();
    let key = Key::of([
        (Sign::Disc(palette::BETTER), "clearly better".to_owned()),
        (Sign::Diamond(palette::WORSE), "clearly worse".to_owned()),
        (
            Sign::Ring(palette::NEITHER),
            "not told from luck".to_owned(),
        ),
        (
            Sign::Line(palette::BETTER, 5.0, &[]),
            "a standard deviation from draw to draw, each way".to_owned(),
        ),
        (
            Sign::Line(palette::ORANGE, 5.0, &[]),
            "that of luck within a draw".to_owned(),
        ),
    ]);
    let stands_for = match each {
        1 => "A dot is a draw".to_owned(),
        each => format!("A dot stands for {each} draws that are next to each other"),
    };
    let heading = Heading {
        id: "decide-draws",
        title: title(of),
        subtitle: format!(
            "Difference from “{}” in {}, {} draws of {} trials. {stands_for}. What separates dots of one row \
             is what nobody knows, and luck; more trials take away only the luck.",
            of.structures[0].name,
            within(of.of.measure),
            count(of.draws as u64),
            of.trials
        ),
        description: description(of),
        caveat: None,
    };
    let pixels = (LEFT, WIDTH - MARGIN - NUMBERS);
    let words = BODY.wrap(unit(of.of.measure), pixels.1 - pixels.0, 2);
    let heights: Vec<f64> = labels.iter().map(|it| it.height(ROW)).collect();
    let rows: f64 = heights.iter().sum();
    let height = key.height() + rows + axis_height(&words) + BODY.line();
    let svg = page(&heading, look, height, |canvas, top| {
        key.draw(canvas, top);
        let first = top + key.height();
        let last = first + rows;
        let values = dots.iter().flatten().map(|it| it.value);
        let bars = (0..others).flat_map(|it| {
            let mean = mean_of(of, it + 1);
            let (between, luck) = spreads(of, it).unwrap_or_default();
            [mean - between, mean + between, mean - luck, mean + luck]
        });
        let across = scale_with_zero(values.chain(bars), pixels);
        let (less, more) = directions(of.of.measure.direction);
        axis(canvas, &across, (first, last), ("", &words));
        let y = last + 24.0 + BODY.line() * (words.len() as f64 + 0.5);
        canvas.text(less, BODY, MUTED, Hang::Left, (pixels.0, y));
        canvas.text(more, BODY, MUTED, Hang::Right, (pixels.1, y));
        let zero = across.at(0.0);
        canvas.line(&[(zero, first), (zero, last)], INK, 1.2);
        let mut y = first;
        for (place, (label, height)) in labels.iter().zip(&heights).enumerate() {
            let middle = y + height / 2.0;
            y += height;
            canvas.line(&[(MARGIN, y), (WIDTH - MARGIN, y)], GRID, 1.0);
            canvas.of_structure(place + 1, || {
                label.draw(canvas, middle);
                let told = told(of, place);
                canvas.telling(&told.join("; "), || {
                    swarm(canvas, &dots[place], &across, middle - 9.0);
                    spread(canvas, of, place, &across, middle + 24.0);
                });
                let mut line = middle - SMALL.line() * (told.len() as f64 - 1.0) / 2.0;
                for words in told {
                    let words = SMALL.wrap(&words, NUMBERS - 8.0, 1).concat();
                    canvas.text(&words, SMALL, INK, Hang::Right, (WIDTH - MARGIN, line));
                    line += SMALL.line();
                }
            });
        }
    });
    Some(svg)
}

/// Draws in the order of their values, every so many as one.
fn dots(draws: &[(f64, Option<f64>)], sign: f64, each: usize) -> Vec<Dot> {
    let mut sorted = draws.to_vec();
    sorted.sort_by(|one, other| one.0.total_cmp(&other.0));
    sorted
        .chunks(each.max(1))
        .map(|chunk| {
            let (value, error) = chunk[chunk.len() / 2];
            let side = match error {
                Some(error) if sign * value < -TOLD * error => Side::Better,
                Some(error) if sign * value > TOLD * error => Side::Worse,
                _ => Side::Unclear,
            };
            Dot { value, side }
        })
        .collect()
}

/// Dots at their values, moved up and down so that they lie beside one another while there is room.
fn swarm(canvas: &Canvas, dots: &[Dot], across: &Scale, middle: f64) {
    let lanes = (REACH / RADIUS / 2.0) as i32;
    let mut placed: Vec<(f64, f64)> = Vec::new();
    for dot in dots {
        let x = across.at(dot.value);
        // From the middle outwards, above and below by turns.
        let ways = (0..=2 * lanes).map(|step| {
            let lane = (step + 1) / 2 * if step % 2 == 0 { 1 } else { -1 };
            f64::from(lane) * 2.0 * RADIUS
        });
        let near: Vec<(f64, f64)> = placed
            .iter()
            .rev()
            .take_while(|it| x - it.0 < 2.0 * RADIUS)
            .copied()
            .collect();
        let is_free = |y: &f64| {
            near.iter()
                .all(|it| (x - it.0).hypot(y - it.1) >= 2.0 * RADIUS - 0.05)
        };
        let y = ways.clone().find(is_free).unwrap_or_default();
        placed.push((x, y));
    }
    for (dot, (x, y)) in dots.iter().zip(placed) {
        let at = (x, middle + y);
        match dot.side {
            Side::Better => canvas.disc(at, RADIUS, palette::BETTER),
            Side::Worse => super::common::filled_diamond(canvas, at, 1.25 * RADIUS, palette::WORSE),
            Side::Unclear => canvas.small_ring(at, RADIUS - 0.4, palette::NEITHER),
        }
    }
}

/// Mean difference over draws, with the measure's own sign.
fn mean_of(of: &Choosing, structure: usize) -> f64 {
    let values = &of.of.choice.values;
    of.of.sign * (values[structure].mean - values[0].mean)
}

/// Standard deviations from draw to draw and of luck within a draw, as shares of the variance have them;
/// `None` where nothing varies.
fn spreads(of: &Choosing, place: usize) -> Option<(f64, f64)> {
    let shares = of.of.against_baseline.get(place)?.rests_on.as_ref()?;
    let luck = shares.luck.value.clamp(0.0, 1.0);
    Some((
        (shares.variance * (1.0 - luck)).sqrt(),
        (shares.variance * luck).sqrt(),
    ))
}

fn spread(canvas: &Canvas, of: &Choosing, place: usize, across: &Scale, y: f64) {
    let mean = mean_of(of, place + 1);
    let Some((between, luck)) = spreads(of, place) else {
        return;
    };
    let line = |half: f64, y: f64, color| {
        let ends = [(across.at(mean - half), y), (across.at(mean + half), y)];
        canvas.line(&ends, color, 4.0);
    };
    line(between, y - 3.0, palette::BETTER);
    line(luck, y + 3.0, palette::ORANGE);
    let x = across.at(mean);
    canvas.line(&[(x, y - 8.0), (x, y + 8.0)], INK, 1.6);
}

/// What is written at the right of a row.
fn told(of: &Choosing, place: usize) -> Vec<String> {
    let Some(against) = of.of.against_baseline.get(place) else {
        return Vec::new();
    };
    let mean = mean_of(of, place + 1);
    let (better, worse) = against.clearly;
    let mut lines = vec![
        format!("mean {}", signed(mean, places_of([mean]))),
        format!(
            "better {}, clearly {}",
            percent(against.better),
            percent(better)
        ),
        format!("clearly worse {}", percent(worse)),
    ];
    if let Some(shares) = &against.rests_on {
        let luck = percent(shares.luck.value.clamp(0.0, 1.0));
        lines.push(format!("luck {luck} of variance"));
    }
    lines
}

fn title(of: &Choosing) -> String {
    let against = &of.of.against_baseline;
    let baseline = &of.structures[0].name;
    let name = |structure: usize| &of.structures[structure].name;
    if let [only] = &against[..] {
        let (better, worse) = only.clearly;
        return format!(
            "“{}” is clearly better than “{baseline}” in {} of the draws and clearly worse in {}",
            name(only.structure),
            percent(better),
            percent(worse)
        );
    }
    let always = |better: bool| {
        let is_so = |it: &&crate::inquiry::decide::uncertainty::AgainstBaseline| match better {
            true => it.clearly.0 >= 0.95,
            false => it.clearly.1 >= 0.95,
        };
        against.iter().filter(is_so).count()
    };
    let (better, worse, all) = (always(true), always(false), against.len());
    let mut parts: Vec<String> = [(better, "clearly better"), (worse, "clearly worse")]
        .into_iter()
        .filter(|(many, _)| *many > 0)
        .map(|(many, what)| format!("{many} of {all} {what}"))
        .collect();
    let Some(first) = parts.first_mut() else {
        return format!(
            "Of none of {all} structures do 19 of 20 draws tell whether it is better than “{baseline}”"
        );
    };
    let verb = if first.starts_with("1 ") { "is" } else { "are" };
    *first = first.replacen("clearly", &format!("structures {verb} clearly"), 1);
    let open = match all - better - worse {
        0 => String::new(),
        open => format!("; for {open} it depends on what nobody knows, or on luck"),
    };
    format!(
        "In 19 of 20 draws or more {} than “{baseline}”{open}",
        parts.join(" and ")
    )
}

fn description(of: &Choosing) -> String {
    let rows: Vec<String> = (0..of.of.against_baseline.len())
        .map(|place| {
            let name = &of.structures[place + 1].name;
            let spread = spreads(of, place).map_or_else(String::new, |(between, luck)| {
                let digits = places_of([between, luck]);
                format!(
                    "; standard deviation from draw to draw {}, of luck {}",
                    plain(between, digits),
                    plain(luck, digits)
                )
            });
            format!("{name}: {}{spread}", told(of, place).join(", "))
        })
        .collect();
    format!(
        "Dots of the difference from the baseline in every draw, in {}. {}.",
        unit(of.of.measure),
        rows.join(". ")
    )
}
