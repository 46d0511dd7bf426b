//! The chance of each structure to be best, second and so on, and what is lost by taking it.

use plotters::style::RGBColor;

use super::Choosing;
use super::common::{
    Key, Label, NAMES, Sign, axis, axis_height, percent, places_of, scale_with_zero, unit, within,
};
use crate::analysis::decision::Standing;
use crate::report::charts::canvas::{
    BODY, Canvas, GRID, Hang, Heading, INK, MARGIN, SMALL, STRONG, Scale, WIDTH, draw as page,
};
use crate::report::charts::look::Look;
use crate::report::charts::palette;
use crate::report::numbers::{count, plain};

const LEFT: f64 = MARGIN + NAMES;
/// Right end of the stacked bars.
const BARS: f64 = LEFT + 266.0;
/// Left end of the losses.
const LOSSES: f64 = BARS + 44.0;
const NUMBERS: f64 = 78.0;
const BAR: f64 = 18.0;
const ROW: f64 = 32.0;
const HEAD: f64 = 40.0;
/// From this chance on a structure is called best without a word of the others.
const NEARLY_SURE: f64 = 0.95;

/// Ranks that are told together: from the first to before the last.
#[derive(Debug, Clone, PartialEq)]
struct Group {
    words: String,
    ranks: std::ops::Range<usize>,
    fill: RGBColor,
    ink: RGBColor,
}

/// The chart; `None` where there is nothing to choose from.
pub fn chances(of: &Choosing, look: &Look) -> Option<String> {
    if of.structures.len() < 2 {
        return None;
    }
    let choice = &of.of.choice;
    let standings = choice.smoothed.as_ref().unwrap_or(&choice.plain);
    let groups = groups(of.structures.len());
    let mut order: Vec<usize> = (0..of.structures.len()).collect();
    order.sort_by(|one, other| {
        let ranks = |it: &usize| standings[*it].mean_rank;
        ranks(one).total_cmp(&ranks(other)).then(one.cmp(other))
    });
    let labels: Vec<Label> = order
        .iter()
        .map(|place| Label::of_name(&of.structures[*place].name))
        .collect();
    let key = Key::of(
        groups
            .iter()
            .map(|group| (Sign::Fill(group.fill), group.words.clone()))
            .chain([
                (Sign::Disc(palette::WORSE), "expected loss".to_owned()),
                (
                    Sign::Upright(palette::WORSE, 2.4),
                    "19 of 20 draws lose no more".to_owned(),
                ),
            ]),
    );
    let heading = Heading {
        id: "decide-chances",
        title: title(of, standings, &order),
        subtitle: subtitle(of),
        description: description(of, standings, &order),
        caveat: None,
    };
    let loss_words = BODY.wrap(unit(of.of.measure), WIDTH - MARGIN - LOSSES, 2);
    let chance_words = ["share of the draws".to_owned()];
    let rows: f64 = labels.iter().map(|it| it.height(ROW)).sum();
    let below = axis_height(&loss_words).max(axis_height(&chance_words));
    let height = key.height() + HEAD + rows + below;
    let svg = page(&heading, look, height, |canvas, top| {
        key.draw(canvas, top);
        let first = top + key.height() + HEAD;
        let last = first + rows;
        for (words, left, right) in [
            ("Rank among the structures", LEFT, BARS),
            ("Loss against the best of each draw", LOSSES, WIDTH - MARGIN),
        ] {
            let words = STRONG.wrap(words, right - left, 2);
            let lines = words.len() as f64;
            for (place, line) in words.iter().enumerate() {
                let y = first - 8.0 - STRONG.line() * (lines - place as f64 - 0.5);
                canvas.text(line, STRONG, INK, Hang::Left, (left, y));
            }
        }
        let chances = Scale {
            values: (0.0, 100.0),
            pixels: (LEFT, BARS),
        };
        let ends = standings
            .iter()
            .flat_map(|it| [it.regret.mean, it.regret.percentile_95]);
        let losses = scale_with_zero(ends, (LOSSES, WIDTH - MARGIN - NUMBERS));
        axis(canvas, &chances, (first, last), ("%", &chance_words));
        axis(canvas, &losses, (first, last), ("", &loss_words));
        let digits = places_of(standings.iter().map(|it| it.regret.percentile_95));
        let mut y = first;
        for (place, label) in order.iter().zip(&labels) {
            let height = label.height(ROW);
            let middle = y + height / 2.0;
            y += height;
            canvas.line(&[(MARGIN, y), (WIDTH - MARGIN, y)], GRID, 1.0);
            canvas.of_structure(*place, || {
                label.draw(canvas, middle);
                bar(canvas, &standings[*place], &groups, &chances, middle);
                loss(canvas, of, &standings[*place], &losses, (middle, digits));
            });
        }
    });
    Some(svg)
}

/// Ranks by which bars are divided: each by itself where there are five at most.
fn groups(structures: usize) -> Vec<Group> {
    let ramp = [
        palette::STEPS[5],
        palette::STEPS[4],
        palette::STEPS[2],
        palette::STEPS[1],
        palette::STEPS[0],
    ];
    let ends: Vec<usize> = match structures {
        0..=5 => (1..=structures).collect(),
        many => vec![1, 2, 3, many.div_ceil(2).max(4), many],
    };
    let mut from = 0;
    let mut groups = Vec::new();
    for (end, (fill, ink)) in ends.into_iter().zip(ramp) {
        let is_last = end == structures;
        let words = match (from, end) {
            (0, _) => "best".to_owned(),
            (_, end) if end == from + 1 => ordinal(from + 1),
            (_, _) if is_last => format!("{} and below", ordinal(from + 1)),
            (_, end) => format!("{} to {}", ordinal(from + 1), ordinal(end)),
        };
        groups.push(Group {
            words,
            ranks: from..end,
            fill,
            ink,
        });
        from = end;
    }
    groups
}

fn ordinal(number: usize) -> String {
    let words = [
        "first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth",
    ];
    match words.get(number.wrapping_sub(1)) {
        Some(word) => (*word).to_owned(),
        None => format!("{number}th"),
    }
}

fn bar(canvas: &Canvas, standing: &Standing, groups: &[Group], across: &Scale, middle: f64) {
    let mut from = 0.0;
    for group in groups {
        let share: f64 = standing.ranks[group.ranks.clone()].iter().sum();
        // Shares sum to 1 but for rounding.
        let to = (from + 100.0 * share).min(100.0);
        let (left, right) = (across.at(from), across.at(to));
        from = to;
        if right - left < 0.1 {
            continue;
        }
        let (top, bottom) = (middle - BAR / 2.0, middle + BAR / 2.0);
        let hair = if right - left > 3.0 { 1.0 } else { 0.0 };
        let label = percent(share);
        canvas.telling(&format!("{}: {label}", group.words), || {
            canvas.rectangle((left, top), (right - hair, bottom), group.fill);
            if SMALL.width(&label) + 6.0 < right - left {
                let centre = f64::midpoint(left, right);
                canvas.text(&label, SMALL, group.ink, Hang::Middle, (centre, middle));
            }
        });
    }
}

fn loss(
    canvas: &Canvas,
    of: &Choosing,
    standing: &Standing,
    across: &Scale,
    (middle, digits): (f64, usize),
) {
    let regret = standing.regret;
    let (mean, most) = (across.at(regret.mean), across.at(regret.percentile_95));
    let told = format!(
        "{} to {}",
        plain(regret.mean, digits),
        plain(regret.percentile_95, digits)
    );
    let value = format!(
        "expected loss and 95th percentile: {told} {}",
        unit(of.of.measure)
    );
    canvas.telling(&value, || {
        canvas.line(&[(mean, middle), (most, middle)], palette::WORSE, 1.6);
        canvas.line(
            &[(most, middle - 6.0), (most, middle + 6.0)],
            palette::WORSE,
            2.4,
        );
        canvas.disc((mean, middle), 4.0, palette::WORSE);
    });
    let told = SMALL.wrap(&told, NUMBERS - 4.0, 1).concat();
    canvas.text(&told, SMALL, INK, Hang::Right, (WIDTH - MARGIN, middle));
}

fn title(of: &Choosing, standings: &[Standing], order: &[usize]) -> String {
    let mut by_chance = order.to_vec();
    by_chance.sort_by(|one, other| {
        let best = |it: &usize| standings[*it].best();
        best(other).total_cmp(&best(one))
    });
    let told = |place: usize| {
        let name = &of.structures[place].name;
        format!("“{name}” in {}", percent(standings[place].best()))
    };
    let first = by_chance[0];
    let measure = within(of.of.measure);
    if standings[first].best() >= NEARLY_SURE {
        let name = &of.structures[first].name;
        let share = percent(standings[first].best());
        return format!("“{name}” is best in {share} of the draws by {measure}");
    }
    let second = by_chance
        .get(1)
        .map_or_else(String::new, |it| format!(", {}", told(*it)));
    format!(
        "No structure is surely best by {measure}: {} of the draws{second}",
        told(first)
    )
}

fn subtitle(of: &Choosing) -> String {
    let choice = &of.of.choice;
    let mut words = format!(
        "{} draws of what nobody knows well, {} trials each. ",
        count(of.draws as u64),
        of.trials
    );
    words.push_str(match choice.smoothed {
        Some(_) => "The luck of trials is smoothed out of ranks and losses. ",
        None => "Ranks and losses hold the luck of trials. ",
    });
    if let Some(told) = &choice.told {
        words.push_str(&format!(
            "In {} of the draws the best is ahead of the next by more than luck explains; in the others these \
             trials cannot tell.",
            percent(told.clear)
        ));
    }
    words
}

fn description(of: &Choosing, standings: &[Standing], order: &[usize]) -> String {
    let digits = places_of(standings.iter().map(|it| it.regret.percentile_95));
    let rows: Vec<String> = order
        .iter()
        .map(|place| {
            let it = &standings[*place];
            format!(
                "{}: best in {}, among the best two in {}, mean rank {}, expected loss {}, 95th percentile {}",
                of.structures[*place].name,
                percent(it.best()),
                percent(it.best_two()),
                plain(it.mean_rank, 1),
                plain(it.regret.mean, digits),
                plain(it.regret.percentile_95, digits)
            )
        })
        .collect();
    format!(
        "Stacked bars of ranks over the draws, and losses in {}. {}.",
        unit(of.of.measure),
        rows.join(". ")
    )
}
