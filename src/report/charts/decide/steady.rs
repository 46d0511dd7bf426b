//! Is the warm-up long enough? Series averaged over trials, from the very beginning, with Welch's moving
//! average, the study's warm-up and where MSER-5 would begin.

use super::common::{Key, Sign, places_of};
use crate::analysis::decision::{Steadiness, Steady};
use crate::report::charts::canvas::{
    BODY, Canvas, GRID, Hang, Heading, INK, MARGIN, MUTED, SMALL, STRONG, Scale, WIDTH,
    draw as page,
};
use crate::report::charts::look::Look;
use crate::report::charts::palette;
use crate::report::numbers::plain;

const AXIS: f64 = 46.0;
const PLOT: f64 = 132.0;
const HEAD: f64 = 54.0;
const BELOW: f64 = 34.0;

/// One series, averaged over trials.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct OneSeries<'a> {
    /// What it counts.
    pub name: &'a str,
    /// Its unit.
    pub unit: &'a str,
    /// By observation, from the very beginning: the mean over trials.
    pub means: &'a [f64],
    /// What was found in it.
    pub steady: &'a Steady,
}

/// The series of a study.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct SeriesOfTrials<'a> {
    /// The word for an observation: `month`.
    pub observation: &'a str,
    /// Trials behind each mean.
    pub trials: usize,
    /// Each series.
    pub series: &'a [OneSeries<'a>],
}

/// The chart; `None` where there is no series of two observations at least.
pub fn steady(of: &SeriesOfTrials, look: &Look) -> Option<String> {
    let shown: Vec<&OneSeries> = of.series.iter().filter(|it| it.means.len() > 1).collect();
    if shown.is_empty() {
        return None;
    }
    let key = Key::of([
        (
            Sign::Line(palette::FAINT_LINE, 1.4, &[]),
            "mean over trials".to_owned(),
        ),
        (
            Sign::Line(palette::BETTER, 2.6, &[]),
            "Welch's moving average".to_owned(),
        ),
        (
            Sign::Hatched(palette::ENCLOSURE, palette::BAND),
            "the study's warm-up".to_owned(),
        ),
        (
            Sign::Line(palette::WORSE, 2.0, &[5.0, 3.0]),
            "where MSER-5 would begin".to_owned(),
        ),
    ]);
    let plural = if of.trials == 1 { "" } else { "s" };
    let heading = Heading {
        id: "decide-steady",
        title: title(&shown),
        subtitle: format!(
            "Each {} from the very beginning, averaged over {} trial{plural}. What is measured should begin where \
             the curve no longer drifts. A wide warm-up costs time, a short one biases results.",
            of.observation, of.trials
        ),
        description: description(of, &shown),
        caveat: None,
    };
    let panel = HEAD + PLOT + BELOW;
    let height = key.height() + panel * shown.len() as f64 + 8.0;
    let svg = page(&heading, look, height, |canvas, top| {
        key.draw(canvas, top);
        let mut top = top + key.height();
        for series in &shown {
            draw_panel(canvas, of, series, top);
            top += panel;
        }
    });
    Some(svg)
}

fn draw_panel(canvas: &Canvas, of: &SeriesOfTrials, series: &OneSeries, top: f64) {
    let (left, right) = (MARGIN + AXIS, WIDTH - MARGIN);
    let name = format!("{}, {}", series.name, series.unit);
    let told = told(series, of.observation);
    let room = WIDTH - 2.0 * MARGIN;
    let name = STRONG.wrap(&name, room, 1);
    let words = SMALL.wrap(&told, room, 2);
    let named = name.iter().map(|it| (STRONG, INK, it));
    let mut y = top + 2.0;
    for (face, ink, words) in named.chain(words.iter().map(|it| (SMALL, MUTED, it))) {
        let middle = y + face.line() / 2.0;
        canvas.text(words, face, ink, Hang::Left, (MARGIN, middle));
        y += face.line();
    }
    let first = top + HEAD;
    let last = first + PLOT;
    let values = || {
        series
            .means
            .iter()
            .chain(&series.steady.welch.curve)
            .copied()
    };
    let (low, high) = values().fold((f64::INFINITY, f64::NEG_INFINITY), |(low, high), it| {
        (low.min(it), high.max(it))
    });
    let room = match high - low {
        room if room > 0.0 => 0.06 * room,
        _ => 0.5 * high.abs().max(1.0),
    };
    let up = Scale {
        values: (low - room, high + room),
        pixels: (last, first),
    };
    // An observation covers the time that ends with it.
    let across = Scale {
        values: (0.0, series.means.len() as f64),
        pixels: (left, right),
    };
    let warm_up = across.at((series.steady.warm_up as f64).min(across.values.1));
    canvas.rectangle((left, first), (warm_up, last), palette::ENCLOSURE);
    super::common::hatch(
        canvas,
        (left, first),
        (warm_up, last),
        palette::BAND,
        (9.0, 0.9),
    );
    canvas.line(&[(warm_up, first), (warm_up, last)], MUTED, 1.0);
    grid(canvas, &across, &up, of.observation);
    let points = |values: &[f64]| -> Vec<(f64, f64)> {
        (values.iter().enumerate())
            .map(|(place, value)| (across.at(place as f64 + 0.5), up.at(*value)))
            .collect()
    };
    canvas.telling(&told, || {
        canvas.line(&points(series.means), palette::FAINT_LINE, 1.2);
        canvas.line(&points(&series.steady.welch.curve), palette::BETTER, 2.4);
    });
    if let Some(truncation) = series.steady.truncation {
        let x = across.at((truncation as f64).min(across.values.1));
        canvas.dashed(&[(x, first), (x, last)], palette::WORSE, 2.0, &[5.0, 3.0]);
    }
}

fn grid(canvas: &Canvas, across: &Scale, up: &Scale, observation: &str) {
    let (left, right) = across.pixels;
    let last = up.pixels.0;
    // The ticks of an upright axis lie apart by lines, not by the width of their labels.
    let (ticks, decimals) = Scale {
        values: up.values,
        pixels: (0.0, 260.0),
    }
    .ticks();
    for tick in ticks {
        let y = up.at(tick);
        canvas.line(&[(left, y), (right, y)], GRID, 1.0);
        let label = SMALL.wrap(&plain(tick, decimals), AXIS - 6.0, 1).concat();
        canvas.text(&label, SMALL, MUTED, Hang::Right, (left - 5.0, y));
    }
    let (ticks, decimals) = across.ticks();
    let words = format!("{observation}s");
    let end = right - BODY.width(&words) - 8.0;
    for tick in ticks {
        let x = across.at(tick);
        canvas.line(&[(x, last), (x, last + 4.0)], MUTED, 1.0);
        let label = plain(tick, decimals);
        if x + SMALL.width(&label) / 2.0 < end {
            canvas.text(&label, SMALL, MUTED, Hang::Middle, (x, last + 13.0));
        }
    }
    canvas.line(&[(left, last), (right, last)], MUTED, 1.0);
    canvas.text(&words, BODY, MUTED, Hang::Right, (right, last + 13.0));
}

/// What is said of one series.
fn told(series: &OneSeries, observation: &str) -> String {
    let steady = series.steady;
    let many = |number: usize| {
        let plural = if number == 1 { "" } else { "s" };
        format!("{number} {observation}{plural}")
    };
    let verdict = match steady.told {
        Steadiness::LongEnough => "long enough",
        Steadiness::WarmUpTooShort => "too short",
        Steadiness::WithinLuck => "cannot tell: what speaks against it is within luck",
        Steadiness::StillMoving => "cannot tell: the series still moves at its end",
        Steadiness::SeriesTooShort => "cannot tell: the series is too short",
    };
    let mser = match steady.truncation {
        Some(truncation) => format!("MSER-5 would leave out {}", many(truncation)),
        None => "MSER-5 gives no answer".to_owned(),
    };
    let bias = steady.bias.map_or_else(String::new, |bias| {
        let digits = places_of([bias.value, bias.standard_error.unwrap_or(0.0)]);
        let error = bias.standard_error.map_or_else(String::new, |error| {
            format!(", standard error {}", plain(error, digits))
        });
        format!("; initial bias {}{error}", plain(bias.value, digits))
    });
    format!(
        "Warm-up of {}: {verdict}; {mser}; Welch's window {}{bias}",
        many(steady.warm_up),
        steady.welch.window
    )
}

fn title(shown: &[&OneSeries]) -> String {
    let count = |wanted: Steadiness| shown.iter().filter(|it| it.steady.told == wanted).count();
    let long = count(Steadiness::LongEnough);
    let short = count(Steadiness::WarmUpTooShort);
    let open = shown.len() - long - short;
    let all = shown.len();
    let series = |number: usize| match all {
        1 => "the series that was looked at".to_owned(),
        all if number == all => format!("all {all} series"),
        all => format!("{number} of {all} series"),
    };
    let of_open = match open {
        0 => String::new(),
        open => format!("; for {open} these series cannot tell"),
    };
    match (long, short) {
        (0, 0) => format!(
            "Whether the warm-up is long enough cannot be told from {}",
            series(all)
        ),
        (long, 0) => format!("The warm-up is long enough for {}{of_open}", series(long)),
        (_, short) => format!("The warm-up is too short for {}{of_open}", series(short)),
    }
}

fn description(of: &SeriesOfTrials, shown: &[&OneSeries]) -> String {
    let each: Vec<String> = shown
        .iter()
        .map(|series| {
            let level = series.steady.welch.level;
            format!(
                "{}: {}; level {} {}",
                series.name,
                told(series, of.observation),
                plain(level, places_of([level])),
                series.unit
            )
        })
        .collect();
    format!(
        "Lines of series by {} from the beginning, averaged over trials, with moving averages. {}.",
        of.observation,
        each.join(". ")
    )
}
