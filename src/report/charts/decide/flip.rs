//! How far each value may go before the ranking of two structures turns: a row for each value, its range
//! as a bar.

use super::common::{Key, Label, NAMES, Sign, axis_height, hatch, percent, short, within};
use crate::analysis::decision::{AtShare, Parting};
use crate::measures::Measure;
use crate::report::charts::canvas::{
    BODY, Canvas, GRID, Hang, Heading, INK, MARGIN, MUTED, SMALL, Scale, WIDTH, draw as page,
};
use crate::report::charts::look::Look;
use crate::report::charts::palette;
use crate::report::decide::graded;
use crate::scenario::Ranged;

const LEFT: f64 = MARGIN + NAMES;
const NUMBERS: f64 = 176.0;
const BAR: f64 = 13.0;
const ROW: f64 = 54.0;
/// Values with a row of their own.
const MOST: usize = 24;
/// Standard errors beyond which a difference is told from luck.
const TOLD: f64 = 1.96;
/// Parts of a range that are filled each by themselves.
const PARTS: usize = 200;

/// One value, and where the leader is overtaken as it moves.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct FlipRow<'a> {
    /// The value.
    pub parameter: &'a Ranged,
    /// Name of the structure that overtakes first, or comes nearest to it.
    pub rival: &'a str,
    /// Along the range, at rising shares: the rival less the leader, less being better; above 0 while
    /// the leader leads.
    pub points: &'a [AtShare],
    /// Where it turns.
    pub parting: Parting,
}

/// Every value that was moved.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Flip<'a> {
    /// What the ranking is by.
    pub measure: &'static Measure,
    /// Name of the structure that is best where every value is as stated.
    pub leader: &'a str,
    /// Is the leader told from the next where every value is as stated?
    pub is_clear: bool,
    /// Each value, the one that turns the ranking soonest first.
    pub rows: &'a [FlipRow<'a>],
    /// How many runs are behind it, in words.
    pub runs: &'a str,
}

/// The chart; `None` where no value was moved.
pub fn flip(of: &Flip, look: &Look) -> Option<String> {
    let shown = &of.rows[..of.rows.len().min(MOST)];
    if shown.is_empty() {
        return None;
    }
    let labels: Vec<Label> = shown
        .iter()
        .map(|it| Label::of_path(it.parameter.path(), graded(it.parameter.grade)))
        .collect();
    let key = Key::of([
        (
            Sign::Fill(palette::SEAM[3].0),
            format!("“{}” clearly best of the two", of.leader),
        ),
        (
            Sign::Hatched(palette::PAPER, MUTED),
            "cannot tell".to_owned(),
        ),
        (
            Sign::Fill(palette::ORANGE),
            "another clearly better".to_owned(),
        ),
        (Sign::Upright(INK, 2.6), "stated value".to_owned()),
        (
            Sign::OpenDiamond(palette::DARK_PINK),
            "where it turns, with a 95% interval".to_owned(),
        ),
    ]);
    let left_out = of.rows.len() - shown.len();
    let others = match left_out {
        0 => String::new(),
        1 => " One more value, which is further off, is not shown.".to_owned(),
        more => format!(" {more} more values, which are further off, are not shown."),
    };
    let heading = Heading {
        id: "decide-flip",
        title: title(of),
        subtitle: format!(
            "Each value moved through its range by itself, all others as stated: who is better by {} ({}). A \
             row that never turns alone can still turn together with another.{others}",
            within(of.measure),
            of.runs
        ),
        description: description(of, shown),
        caveat: None,
    };
    let words = ["how far through the range of the value".to_owned()];
    let heights: Vec<f64> = labels.iter().map(|it| it.height(ROW)).collect();
    let rows: f64 = heights.iter().sum();
    let height = key.height() + rows + axis_height(&words);
    let svg = page(&heading, look, height, |canvas, top| {
        key.draw(canvas, top);
        let first = top + key.height();
        let last = first + rows;
        let across = Scale {
            values: (0.0, 100.0),
            pixels: (LEFT, WIDTH - MARGIN - NUMBERS),
        };
        let mut y = first;
        for ((row, label), height) in shown.iter().zip(&labels).zip(&heights) {
            let middle = y + height / 2.0;
            y += height;
            canvas.line(&[(MARGIN, y), (WIDTH - MARGIN, y)], GRID, 1.0);
            label.draw(canvas, middle);
            canvas.telling(&told(row).join(", "), || {
                draw_row(canvas, row, &across, middle)
            });
            let told = told(row);
            let mut line = middle - SMALL.line() * (told.len() as f64 - 1.0) / 2.0;
            for words in told {
                let words = SMALL.wrap(&words, NUMBERS - 12.0, 1).concat();
                canvas.text(&words, SMALL, INK, Hang::Right, (WIDTH - MARGIN, line));
                line += SMALL.line();
            }
        }
        for share in [0.0, 25.0, 50.0, 75.0, 100.0] {
            let label = format!("{}%", crate::report::numbers::plain(share, 0));
            let x = across.at(share);
            canvas.line(&[(x, last), (x, last + 4.0)], MUTED, 1.0);
            canvas.text(&label, SMALL, MUTED, Hang::Middle, (x, last + 11.0));
        }
        let y = last + 24.0 + BODY.line() / 2.0;
        canvas.text(&words[0], BODY, MUTED, Hang::Left, (LEFT, y));
    });
    Some(svg)
}

/// Who is told to be better.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Who {
    Leader,
    Rival,
    Unclear,
}

/// The difference and its error at a share, straight between neighbours.
fn between(points: &[AtShare], share: f64) -> (f64, f64) {
    let next = points
        .partition_point(|it| it.share < share)
        .clamp(1, points.len() - 1);
    let (one, two) = (&points[next - 1], &points[next]);
    let part = ((share - one.share) / (two.share - one.share)).clamp(0.0, 1.0);
    (
        one.difference + part * (two.difference - one.difference),
        one.standard_error + part * (two.standard_error - one.standard_error),
    )
}

fn who(points: &[AtShare], share: f64) -> Who {
    match between(points, share) {
        (difference, error) if difference > TOLD * error => Who::Leader,
        (difference, error) if difference < -TOLD * error => Who::Rival,
        _ => Who::Unclear,
    }
}

/// The range in runs of shares, in percent, over which one is told to be better.
fn runs(points: &[AtShare]) -> Vec<(f64, f64, Who)> {
    let (Some(first), Some(last)) = (points.first(), points.last()) else {
        return Vec::new();
    };
    let step = (last.share - first.share) / PARTS as f64;
    let mut runs: Vec<(f64, f64, Who)> = Vec::new();
    for part in 0..PARTS {
        let from = first.share + step * part as f64;
        let who = who(points, from + step / 2.0);
        let (from, to) = (100.0 * from, 100.0 * (from + step));
        match runs.last_mut() {
            Some(run) if run.2 == who => run.1 = to,
            _ => runs.push((from, to, who)),
        }
    }
    runs
}

fn draw_row(canvas: &Canvas, row: &FlipRow, across: &Scale, middle: f64) {
    let middle = middle - 5.0;
    let (top, bottom) = (middle - BAR / 2.0, middle + BAR / 2.0);
    let within = |share: f64| across.at(share.clamp(0.0, 100.0));
    for (from, to, who) in runs(row.points) {
        let ends = ((within(from), top), (within(to), bottom));
        match who {
            Who::Leader => canvas.rectangle(ends.0, ends.1, palette::SEAM[3].0),
            Who::Rival => canvas.rectangle(ends.0, ends.1, palette::ORANGE),
            Who::Unclear => hatch(canvas, ends.0, ends.1, MUTED, (5.0, 1.0)),
        }
    }
    canvas.frame(
        (across.pixels.0, top),
        (across.pixels.1, bottom),
        MUTED,
        0.8,
    );
    // What the ends of the range are, in their own words.
    let room = (across.pixels.1 - across.pixels.0) / 2.0 - 8.0;
    let drawable = &row.parameter.drawable;
    for (share, hang, x) in [
        (0.0, Hang::Left, across.pixels.0),
        (1.0, Hang::Right, across.pixels.1),
    ] {
        let words = SMALL.wrap(&short(&drawable.words(share)), room, 1).concat();
        canvas.text(&words, SMALL, MUTED, hang, (x, bottom + 10.0));
    }
    let stated = within(100.0 * row.parameter.stated);
    canvas.line(
        &[(stated, top - 5.0), (stated, bottom + 3.0)],
        palette::PAPER,
        5.0,
    );
    canvas.line(&[(stated, top - 5.0), (stated, bottom + 3.0)], INK, 2.6);
    if let Parting::Flips {
        at,
        nearest,
        furthest,
        ..
    } = row.parting
    {
        let stated = row.parameter.stated;
        let way = if at < stated { -1.0 } else { 1.0 };
        let end = if at < stated { 0.0 } else { 1.0 };
        let low = stated + way * nearest;
        let high = furthest.map_or(end, |it| stated + way * it);
        let (low, high) = (within(100.0 * low), within(100.0 * high));
        canvas.line(&[(low, middle), (high, middle)], palette::PAPER, 4.6);
        canvas.line(&[(low, middle), (high, middle)], palette::DARK_PINK, 2.0);
        let at = (within(100.0 * at), middle);
        super::common::hollow_diamond(canvas, at, 5.4, palette::DARK_PINK);
    }
}

/// What is written beside a row: whether and where it turns, and to whom.
fn told(row: &FlipRow) -> Vec<String> {
    let drawable = &row.parameter.drawable;
    let stated = row.parameter.stated;
    let words = |share: f64| short(&drawable.words(share.clamp(0.0, 1.0)));
    let to = format!("to “{}”", row.rival);
    match row.parting {
        Parting::Unclear => vec![
            "cannot tell as stated".to_owned(),
            format!("from “{}”", row.rival),
        ],
        Parting::Never => vec!["never in its range".to_owned()],
        Parting::Might { nearest } => vec![format!("may turn from {} away", percent(nearest)), to],
        Parting::Flips {
            at,
            nearest,
            furthest,
            ..
        } => {
            let way = if at < stated { -1.0 } else { 1.0 };
            let from = stated + way * nearest;
            let interval = match furthest.map(|it| stated + way * it) {
                Some(end) if end < from => format!("{} to {}", words(end), words(from)),
                Some(end) => format!("{} to {}", words(from), words(end)),
                None => {
                    let end = if way < 0.0 { 0.0 } else { 1.0 };
                    format!("from {} towards {}", words(from), words(end))
                }
            };
            vec![
                format!("turns at {}", words(at)),
                format!("({interval})"),
                to,
            ]
        }
    }
}

fn title(of: &Flip) -> String {
    let count = |is: fn(&Parting) -> bool| of.rows.iter().filter(|it| is(&it.parting)).count();
    let turns = count(|it| matches!(it, Parting::Flips { .. }));
    let might = count(|it| matches!(it, Parting::Might { .. }));
    let all = of.rows.len();
    let leader = of.leader;
    let values = |number: usize| match number {
        1 => "1 value".to_owned(),
        number => format!("{number} values"),
    };
    if !of.is_clear {
        return format!(
            "Even with every value as stated it cannot be told whether “{leader}” is best"
        );
    }
    let rival = match of.rows {
        [first, others @ ..] if others.iter().all(|it| it.rival == first.rival) => {
            format!("“{}”", first.rival)
        }
        _ => "another structure".to_owned(),
    };
    let open = match might {
        0 => String::new(),
        might => format!("; {might} more may, which these runs cannot tell"),
    };
    match turns {
        0 => format!(
            "No single one of {} clearly puts {rival} before “{leader}” within its range{open}",
            values(all)
        ),
        1 => format!(
            "1 of {} can by itself put {rival} before “{leader}” within its range{open}",
            values(all)
        ),
        turns => format!(
            "{turns} of {} can each by itself put {rival} before “{leader}” within their ranges{open}",
            values(all)
        ),
    }
}

fn description(of: &Flip, shown: &[FlipRow]) -> String {
    let rows: Vec<String> = shown
        .iter()
        .map(|row| {
            let (low, high) = &row.parameter.range;
            let stated = row
                .parameter
                .drawable
                .stated
                .as_deref()
                .unwrap_or("not stated");
            format!(
                "{} from {low} to {high}, stated {stated}: {}",
                row.parameter.path(),
                told(row).join(" ")
            )
        })
        .collect();
    format!(
        "Ranges of values, and where the ranking by {} turns against “{}”. {}.",
        within(of.measure),
        of.leader,
        rows.join(". ")
    )
}
