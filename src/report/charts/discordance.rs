//! Children missed under one of two structures only, beside churn: how much changes hands, how little
//! of it is net, and how much would change if one referral were a week late.

use super::canvas::{
    BODY, Canvas, GRID, Hang, Heading, INK, MARGIN, MUTED, SMALL, STRONG, Scale, WIDTH,
    draw as page,
};
use super::look::Look;
use super::rows::{self, Legend};
use super::{palette, trials};
use crate::analysis::{Discordance, Summary};
use crate::report::caveat;
use crate::report::numbers::{period, plain, signed, with_interval};

const NAMES: f64 = 176.0;
const LEFT: f64 = MARGIN + NAMES + 8.0;
const BAR: f64 = 20.0;
const NET: f64 = 150.0;
const AXIS: f64 = 48.0;
const HEAD: f64 = 34.0;

/// The chart; `None` where nothing was compared child by child.
pub(super) fn draw(summary: &Summary, look: &Look) -> Option<String> {
    let mut found: Vec<(String, Discordance)> = Vec::new();
    if let Some(churn) = summary.churn {
        let words = "Churn: the baseline against itself, one referral a week late";
        found.push((words.to_owned(), churn));
    }
    let structures = summary.structures.iter().zip(&summary.discordance);
    let others: Vec<(String, Discordance)> = structures
        .filter_map(|(structure, it)| Some((structure.name.clone(), (*it)?)))
        .collect();
    if others.is_empty() {
        return None;
    }
    found.extend(others);
    let names: Vec<Vec<String>> = found
        .iter()
        .map(|(name, _)| rows::wrapped(name, NAMES))
        .collect();
    let heights: Vec<f64> = names.iter().map(|it| rows::height(it, BAR + 6.0)).collect();
    let bars: f64 = heights.iter().sum();
    let legend = Legend::of(
        [
            (
                "missed under the baseline and not here".to_owned(),
                palette::DARK_BLUE,
            ),
            (
                "missed here and not under the baseline".to_owned(),
                palette::ORANGE,
            ),
        ],
        MARGIN,
    );
    let heading = Heading {
        id: "discordance",
        title: title(summary),
        subtitle: format!(
            "Children's needs, domain by domain, missed under one of the two only, in {}; mean of {}. \
             Diamond and number at the right: net, with its 95% interval. Dotted uprights: churn. Only the \
             net tells what a structure changes; which child it falls on is mostly luck of the queue \
             where bars are as long as churn.",
            period(summary.observed),
            trials(summary)
        ),
        description: description(summary, &found),
        caveat: caveat(summary),
    };
    let height = legend.height() + HEAD + bars + AXIS;
    let svg = page(&heading, look, height, |canvas, top| {
        legend.draw(canvas, top);
        let across = scale(&found);
        let first = top + legend.height() + HEAD;
        head(canvas, &across, first);
        axis(canvas, &across, (first, first + bars));
        if let Some(churn) = &summary.churn {
            for value in [-churn.only_under_baseline(), churn.only_here()] {
                let x = across.at(value);
                let ends = [(x, first), (x, first + bars)];
                canvas.dashed(&ends, MUTED, 1.2, &[1.5, 2.5]);
            }
        }
        let mut y = first;
        for (((_, it), name), height) in found.iter().zip(&names).zip(&heights) {
            canvas.line(&[(MARGIN, y), (WIDTH - MARGIN, y)], GRID, 1.0);
            let middle = y + height / 2.0;
            rows::name(canvas, name, Hang::Left, (MARGIN, middle));
            row(canvas, it, &across, middle);
            y += height;
        }
        let zero = across.at(0.0);
        canvas.line(&[(zero, first), (zero, first + bars)], INK, 1.2);
    });
    Some(svg)
}

fn scale(found: &[(String, Discordance)]) -> Scale {
    let furthest = |of: fn(&Discordance) -> f64, way: f64| {
        let net = |it: &Discordance| it.net.map_or(0.0, |net| way * net.value);
        let ends = found.iter().flat_map(|(_, it)| [of(it), net(it)]);
        let furthest = ends.fold(0.0, f64::max);
        if furthest > 0.0 { 1.04 * furthest } else { 1.0 }
    };
    let (left, right) = (
        furthest(Discordance::only_under_baseline, -1.0),
        furthest(Discordance::only_here, 1.0),
    );
    // Neither side so short that its words have no room.
    let least = 0.3 * left.max(right);
    let (left, right) = (left.max(least), right.max(least));
    // Beyond the bars there is room for their numbers.
    let room = SMALL.width(&plain(left.max(right), 0)) + 10.0;
    Scale {
        values: (-left, right),
        pixels: (LEFT + room, WIDTH - MARGIN - NET - 14.0 - room),
    }
}

fn head(canvas: &Canvas, across: &Scale, first: f64) {
    let zero = across.at(0.0);
    let y = first - 12.0;
    canvas.text(
        "← not missed here",
        SMALL,
        MUTED,
        Hang::Right,
        (zero - 8.0, y),
    );
    canvas.text("missed here →", SMALL, MUTED, Hang::Left, (zero + 8.0, y));
    let right = WIDTH - MARGIN;
    canvas.text("net (95% interval)", STRONG, INK, Hang::Right, (right, y));
}

fn axis(canvas: &Canvas, across: &Scale, (first, last): (f64, f64)) {
    let (ticks, decimals) = across.ticks();
    for tick in ticks {
        let x = across.at(tick);
        canvas.line(&[(x, first), (x, last)], GRID, 1.0);
        let label = plain(tick.abs(), decimals);
        canvas.text(&label, BODY, MUTED, Hang::Middle, (x, last + 12.0));
    }
    let unit = "children's needs, mean of trials";
    let centre = across.at(0.0);
    canvas.text(unit, BODY, MUTED, Hang::Middle, (centre, last + 32.0));
}

fn row(canvas: &Canvas, it: &Discordance, across: &Scale, middle: f64) {
    let zero = across.at(0.0);
    let (top, bottom) = (middle - BAR / 2.0, middle + BAR / 2.0);
    let prevented = across.at(-it.only_under_baseline());
    let new = across.at(it.only_here());
    let value = |many: f64, where_: &str| format!("{} {where_}", plain(many, 1));
    canvas.telling(
        &value(
            it.only_under_baseline(),
            "missed under the baseline and not here",
        ),
        || canvas.rectangle((prevented, top), (zero - 0.5, bottom), palette::DARK_BLUE),
    );
    canvas.telling(
        &value(it.only_here(), "missed here and not under the baseline"),
        || canvas.rectangle((zero + 0.5, top), (new, bottom), palette::ORANGE),
    );
    // Numbers beyond the ends, so that the diamond of the net has the bars.
    for (value, end, hang) in [
        (
            it.only_under_baseline(),
            prevented.min(zero - 8.0) - 4.0,
            Hang::Right,
        ),
        (it.only_here(), new.max(zero + 8.0) + 4.0, Hang::Left),
    ] {
        canvas.text(&plain(value, 0), SMALL, INK, hang, (end, middle));
    }
    let Some(net) = it.net else {
        return;
    };
    let x = across.at(net.value);
    let diamond = |size: f64| {
        [
            (x, middle - size),
            (x + size, middle),
            (x, middle + size),
            (x - size, middle),
        ]
    };
    canvas.area(&diamond(7.5), palette::SEAM[0].1);
    canvas.area(&diamond(5.5), INK);
    let told = with_interval(&net, 0, signed);
    let ink = if net.is_clear_of_zero() { INK } else { MUTED };
    let right = WIDTH - MARGIN;
    let told = BODY.wrap(&told, NET, 1).concat();
    canvas.text(&told, BODY, ink, Hang::Right, (right, middle));
}

fn number(value: f64) -> String {
    plain(value, usize::from(value > 0.05 && value < 9.5))
}

/// `830`, or `810 to 950`.
fn range(values: &[f64]) -> String {
    let low = plain(values.iter().copied().fold(f64::INFINITY, f64::min), 0);
    let high = plain(values.iter().copied().fold(f64::NEG_INFINITY, f64::max), 0);
    if low == high {
        low
    } else {
        format!("{low} to {high}")
    }
}

fn title(summary: &Summary) -> String {
    let all: Vec<&Discordance> = summary.discordance.iter().flatten().collect();
    let gross: Vec<f64> = all.iter().filter_map(|it| Some(it.gross?.value)).collect();
    let net: Vec<f64> = all
        .iter()
        .filter_map(|it| Some(it.net?.value.abs()))
        .collect();
    let clear = all
        .iter()
        .filter(|it| it.net.is_some_and(|net| net.is_clear_of_zero()))
        .count();
    // Of one structure it can be said which way.
    let way = match all.as_slice() {
        [one] if one.net.is_some_and(|net| net.value > 0.0) => " more missed",
        [one] if one.net.is_some_and(|net| net.value < 0.0) => " fewer missed",
        _ => "",
    };
    let hedge = match (clear, all.len()) {
        (0, 1) => ", not clear of chance".to_owned(),
        (0, _) => ", none of it clear of chance".to_owned(),
        (clear, all) if clear == all => String::new(),
        (clear, all) => format!(", clear of chance in {clear} of {all}"),
    };
    let churn = summary
        .churn
        .and_then(|churn| churn.gross)
        .map_or_else(String::new, |gross| {
            let changed = match number(gross.value).as_str() {
                "0" => "none".to_owned(),
                changed => changed.to_owned(),
            };
            format!("; one referral a week late changes {changed}")
        });
    format!(
        "Gross, {} outcomes change; net, {}{way}{hedge}{churn}",
        range(&gross),
        range(&net)
    )
}

fn description(summary: &Summary, found: &[(String, Discordance)]) -> String {
    let lines: Vec<String> = found
        .iter()
        .map(|(name, it)| {
            format!(
                "{name}: missed under the baseline only {}, here only {}, under both {}; net {}",
                plain(it.only_under_baseline(), 0),
                plain(it.only_here(), 0),
                plain(it.both(), 0),
                it.net.map_or_else(
                    || "unknown".to_owned(),
                    |net| with_interval(&net, 0, signed)
                )
            )
        })
        .collect();
    format!(
        "Bars to both sides of zero of children's needs missed under one of two only, in {}. {}.",
        period(summary.observed),
        lines.join(". ")
    )
}
