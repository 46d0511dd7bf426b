//! The story of one child as lanes: where each need stood, service by service, a panel for each
//! structure, all on one axis of time.

use std::collections::BTreeMap;

use plotters::style::RGBColor;

use super::canvas::{
    BODY, Canvas, GRID, Hang, Heading, INK, MARGIN, MUTED, SMALL, STRONG, Scale, WIDTH,
    draw as page,
};
use super::{Look, palette};
use crate::inquiry::story::{Came, EntryKind, Proportion, Span, State, Story, Telling};
use crate::report::numbers::{count, plain};
use crate::report::story::words::in_short;

/// Room for the names of lanes.
const NAMES: f64 = 168.0;
const LEFT: f64 = MARGIN + NAMES + 10.0;
const RIGHT: f64 = WIDTH - MARGIN - 8.0;
/// Height of a bar, and of the row that it stands in.
const BAR: f64 = 14.0;
const ROW: f64 = 19.0;
/// A bar that is shorter in time is drawn as wide as this.
const NARROWEST: f64 = 2.0;
/// Months, where the axis is longer than this many days.
const LONG: f64 = 800.0;
const MONTH: f64 = 30.437_5;
/// What became of the child is told in this many lines.
const ENDINGS: usize = 5;
/// The lane of what nobody has.
const LOST: &str = "Lost on the way";

pub(super) fn draw(story: &Story, look: &Look) -> String {
    let axis = Axis::of(story);
    let lanes = lanes(story, &axis);
    let legend = legend(story, &axis);
    let legend_height = legend.last().map_or(0.0, |(_, _, (_, y))| y + 26.0);
    let panels: Vec<Panel> = story
        .tellings
        .iter()
        .map(|telling| Panel::of(story, telling, &lanes, &axis))
        .collect();
    let height = legend_height + panels.iter().map(Panel::height).sum::<f64>() + 40.0;
    let heading = Heading {
        id: "story",
        title: title(story),
        subtitle: format!(
            "Where the child's needs stood, by service, in {} from decision day{}. Child {}, trial {} of \
             {}; simulated, nobody real.",
            axis.unit(),
            if axis.holds(0.0) {
                ""
            } else {
                " (which lies before the part shown)"
            },
            story.child,
            story.trial,
            story.study_name
        ),
        description: description(story),
        caveat: caveat(story),
    };
    page(&heading, look, height, |canvas, top| {
        for (mark, label, (x, y)) in &legend {
            let y = top + y + 8.0;
            match mark {
                Mark::State(state) => {
                    bar(canvas, *state, (*x, y - 6.0), (x + 22.0, y + 6.0));
                }
                Mark::Came(came) => ending_mark(canvas, *came, (x + 11.0, y)),
                Mark::Contact => contact(canvas, (x + 11.0, y)),
            }
            canvas.text(label, SMALL, INK, Hang::Left, (x + 28.0, y));
        }
        let mut y = top + legend_height;
        for panel in &panels {
            panel.paint(canvas, &axis, y);
            y += panel.height();
        }
        axis.paint(canvas, y + 4.0);
    })
}

/// The axis of time that all panels share.
struct Axis {
    scale: Scale,
    days: (f64, f64),
    in_months: bool,
}

impl Axis {
    /// All that happened; but of a child chosen on account of one need, the part in which the ways
    /// part and that need comes to its end.
    fn of(story: &Story) -> Self {
        match focus(story) {
            Some((from, to)) => Self::between(from, to, story),
            None => Self::of_all(story),
        }
    }

    fn of_all(story: &Story) -> Self {
        let happened = |telling: &Telling| -> Vec<f64> {
            let entries = telling.entries.iter();
            let told = entries.filter(|entry| entry.kind != EntryKind::Need);
            told.map(|entry| entry.day).collect()
        };
        let all: Vec<f64> = story.tellings.iter().flat_map(happened).collect();
        let first = all.iter().copied().fold(f64::INFINITY, f64::min);
        let last = all.iter().copied().fold(f64::NEG_INFINITY, f64::max);
        // Two years of what came before tell enough of it.
        let from = if first.is_finite() {
            first.clamp(-730.0, -14.0)
        } else {
            -30.0
        };
        let to = if last.is_finite() { last } else { 0.0 };
        Self::between(from, to.max(30.0), story)
    }

    /// An axis that has some room at both ends.
    fn between(from: f64, to: f64, story: &Story) -> Self {
        let room = 0.05 * (to - from);
        let to = (to + room).min(story.days_observed.max(from + 30.0));
        let in_months = to - from > LONG;
        let unit = if in_months { MONTH } else { 1.0 };
        Self {
            scale: Scale {
                values: ((from - room) / unit, to / unit),
                pixels: (LEFT, RIGHT),
            },
            days: (from - room, to),
            in_months,
        }
    }

    fn unit(&self) -> &'static str {
        if self.in_months { "months" } else { "days" }
    }

    /// The place of a day, at the edge where it lies beyond.
    fn at(&self, day: f64) -> f64 {
        let day = day.clamp(self.days.0, self.days.1);
        self.scale
            .at(day / if self.in_months { MONTH } else { 1.0 })
    }

    fn holds(&self, day: f64) -> bool {
        (self.days.0..=self.days.1).contains(&day)
    }

    fn paint(&self, canvas: &Canvas, y: f64) {
        let (ticks, decimals) = self.scale.ticks();
        for tick in ticks {
            let label = plain(tick, decimals);
            canvas.text(
                &label,
                BODY,
                MUTED,
                Hang::Middle,
                (self.scale.at(tick), y + 8.0),
            );
        }
        let words = format!("{} from decision day", self.unit());
        canvas.text(&words, BODY, MUTED, Hang::Left, (LEFT, y + 26.0));
    }
}

/// From the first handoff of the need in question to its last end after the ways part, with some time
/// around.
fn focus(story: &Story) -> Option<(f64, f64)> {
    let about = story.about.as_ref()?;
    let parting = story.partings.iter().map(|it| it.day).reduce(f64::min)?;
    let mut from = parting;
    let mut to = parting;
    for telling in &story.tellings {
        for ending in telling.endings.iter().filter(|it| it.need == *about) {
            if ending.came != Came::MissedUnseen && ending.came != Came::NeverHelped {
                to = to.max(ending.day);
                from = from.min(ending.day);
            }
        }
    }
    let handoffs = story
        .tellings
        .iter()
        .flat_map(|it| &it.entries)
        .filter(|it| {
            let is_near = it.day > from - 180.0 && it.day < from;
            it.kind == EntryKind::Handoff && it.needs.contains(about) && is_near
        });
    let from = handoffs.map(|it| it.day).fold(from, f64::min);
    let around = (0.15 * (to - from)).max(14.0);
    let (from, to) = (from - around, to + around);
    // Decision day is shown where it is not far off.
    let is_near = from > 0.0 && from < to - from;
    Some((if is_near { -0.05 * to } else { from }, to))
}

/// What a lane is about.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
enum Lane {
    /// The true level of a need.
    Need(String),
    /// Who met the child and noted something, but never had its case.
    Others,
    /// A service, or a source that sent the child on.
    Service(String),
    /// What nobody has.
    Lost,
}

/// The lanes of all panels: needs first, then services in the order in which they come in.
fn lanes(story: &Story, axis: &Axis) -> Vec<Lane> {
    let mut needs: Vec<String> = Vec::new();
    let mut services: Vec<(f64, String)> = Vec::new();
    let mut is_lost = false;
    let mut add = |day: f64, name: &str| match services.iter_mut().find(|it| it.1 == name) {
        Some(known) => known.0 = known.0.min(day),
        None => services.push((day, name.to_owned())),
    };
    for telling in &story.tellings {
        for span in telling.spans.iter().filter(|span| is_shown(span, axis)) {
            match (&span.service, span.state) {
                (Some(service), _) => add(span.from, service),
                (None, State::Lost) => is_lost = true,
                (None, _) if needs.contains(&span.need) => {}
                (None, _) if tells(story, &span.need) => needs.push(span.need.clone()),
                (None, _) => {}
            }
        }
        for crossing in telling.crossings.iter().filter(|it| axis.holds(it.sent)) {
            add(crossing.sent, &crossing.from);
            is_lost |= crossing.received.is_none();
        }
    }
    services.sort_by(|one, other| one.0.total_cmp(&other.0).then(one.1.cmp(&other.1)));
    needs.sort_unstable();
    let others = story
        .tellings
        .iter()
        .flat_map(|it| &it.entries)
        .any(|entry| {
            let is_contact = entry.kind == EntryKind::Contact && axis.holds(entry.day);
            is_contact && !services.iter().any(|(_, name)| *name == entry.who)
        });
    let mut lanes: Vec<Lane> = needs.into_iter().map(Lane::Need).collect();
    lanes.extend(others.then_some(Lane::Others));
    lanes.extend(services.into_iter().map(|(_, name)| Lane::Service(name)));
    lanes.extend(is_lost.then_some(Lane::Lost));
    lanes
}

/// Is a need of more than passing interest: was it ever at level 2, or in anybody's hands?
fn tells(story: &Story, need: &str) -> bool {
    let mut spans = story.tellings.iter().flat_map(|it| &it.spans);
    spans.any(|span| {
        let is_high = matches!(span.state, State::Level2 | State::Level3);
        span.need.contains(need) && (is_high || span.service.is_some())
    })
}

fn is_shown(span: &Span, axis: &Axis) -> bool {
    span.to > axis.days.0 && span.from < axis.days.1
}

fn lane_of(span: &Span) -> Lane {
    match (&span.service, span.state) {
        (Some(service), _) => Lane::Service(service.clone()),
        (None, State::Lost) => Lane::Lost,
        (None, _) => Lane::Need(span.need.clone()),
    }
}

/// One structure's part of the picture.
struct Panel<'s> {
    telling: &'s Telling,
    parting: Option<f64>,
    /// Each lane with its height and its words.
    lanes: Vec<(Lane, f64, Vec<String>)>,
    /// For each span its place among the lanes and its row there.
    spans: Vec<(usize, usize, &'s Span)>,
    /// Labels of days: row, place, day.
    days: Vec<(usize, f64, &'static str)>,
    endings: Vec<String>,
}

impl<'s> Panel<'s> {
    fn of(story: &Story, telling: &'s Telling, lanes: &[Lane], axis: &Axis) -> Self {
        let mut rows: BTreeMap<usize, Vec<f64>> = BTreeMap::new();
        let mut spans = Vec::new();
        for span in telling.spans.iter().filter(|span| is_shown(span, axis)) {
            let Some(lane) = lanes.iter().position(|it| *it == lane_of(span)) else {
                continue;
            };
            let ends = rows.entry(lane).or_default();
            let from = axis.at(span.from);
            let to = axis.at(span.to).max(from + NARROWEST);
            let free = ends.iter().position(|end| *end <= from + 0.05);
            let row = free.unwrap_or_else(|| {
                ends.push(0.0);
                ends.len() - 1
            });
            ends[row] = to;
            spans.push((lane, row, span));
        }
        let lanes = lanes.iter().enumerate().map(|(place, lane)| {
            let used = rows.get(&place).map_or(1, Vec::len);
            let label = label(lane, telling);
            let height = lane_height(used, label.len());
            (lane.clone(), height, label)
        });
        let parting = story
            .partings
            .iter()
            .filter(|it| it.structure == telling.structure || story.tellings[0] == *telling)
            .map(|it| it.day)
            .reduce(f64::min);
        let endings: Vec<String> = telling
            .endings
            .iter()
            .map(|it| {
                format!(
                    "Day {}: {}, {}.",
                    plain(it.day.floor(), 0),
                    it.need,
                    it.words
                )
            })
            .collect();
        Self {
            telling,
            parting,
            lanes: lanes.collect(),
            spans,
            days: day_labels(telling, parting, axis),
            endings: shortened(endings),
        }
    }

    fn head(&self) -> f64 {
        let rows = self.days.iter().map(|(row, ..)| row + 1).max().unwrap_or(0);
        26.0 + SMALL.line() * rows as f64
    }

    fn lanes_height(&self) -> f64 {
        self.lanes.iter().map(|(_, height, _)| height).sum()
    }

    fn height(&self) -> f64 {
        let lines = self.endings.len() as f64;
        self.head() + self.lanes_height() + 8.0 + SMALL.line() * lines + 18.0
    }

    fn paint(&self, canvas: &Canvas, axis: &Axis, top: f64) {
        let name = STRONG.wrap(&self.telling.structure_name, WIDTH - 2.0 * MARGIN, 1);
        canvas.text(&name[0], STRONG, INK, Hang::Left, (MARGIN, top + 10.0));
        let start = top + self.head();
        let end = start + self.lanes_height();
        let mut tops = Vec::new();
        let mut y = start;
        for (lane, height, label) in &self.lanes {
            tops.push(y);
            canvas.line(&[(MARGIN, y), (RIGHT, y)], GRID, 1.0);
            let mut line = y + height / 2.0 - SMALL.line() * (label.len() as f64 - 1.0) / 2.0;
            for (place, words) in label.iter().enumerate() {
                let is_name = place == 0 || !matches!(lane, Lane::Service(_));
                let color = if is_name { INK } else { MUTED };
                canvas.text(words, SMALL, color, Hang::Right, (LEFT - 10.0, line));
                line += SMALL.line();
            }
            y += height;
        }
        canvas.line(&[(MARGIN, end), (RIGHT, end)], GRID, 1.0);
        self.paint_days(canvas, axis, start, end);
        for (lane, row, span) in &self.spans {
            let middle = tops[*lane] + 3.0 + ROW * (*row as f64 + 0.5);
            let from = axis.at(span.from);
            let to = axis
                .at(span.to)
                .max(from + NARROWEST)
                .min(RIGHT + NARROWEST);
            let (one, other) = ((from, middle - BAR / 2.0), (to, middle + BAR / 2.0));
            bar(canvas, span.state, one, other);
            let words = short(span.state);
            let marks = self.marks_on(*lane, axis);
            if let Some(centre) = free_place(SMALL.width(words), (from, to), &marks) {
                let ink = style(span.state).ink;
                canvas.text(words, SMALL, ink, Hang::Middle, (centre, middle));
            }
        }
        self.paint_crossings(canvas, axis, &tops);
        self.paint_marks(canvas, axis, &tops);
        let mut y = end + 8.0 + SMALL.line() / 2.0;
        for words in &self.endings {
            canvas.text(words, SMALL, INK, Hang::Left, (LEFT, y));
            y += SMALL.line();
        }
    }

    /// Where what became of the need of a lane is marked.
    fn marks_on(&self, lane: usize, axis: &Axis) -> Vec<f64> {
        let Lane::Need(need) = &self.lanes[lane].0 else {
            return Vec::new();
        };
        let own = self.telling.endings.iter().filter(|it| it.need == *need);
        let shown = own.filter(|it| axis.holds(it.day));
        shown.map(|it| axis.at(it.day)).collect()
    }

    fn paint_days(&self, canvas: &Canvas, axis: &Axis, start: f64, end: f64) {
        let vesting = self.telling.vesting_day;
        for (day, dashes) in [
            (Some(0.0), &[][..]),
            (vesting, &[6.0, 3.0][..]),
            (self.parting, &[2.0, 3.0][..]),
        ] {
            if let Some(day) = day.filter(|day| axis.holds(*day)) {
                let x = axis.at(day);
                canvas.dashed(&[(x, start - 4.0), (x, end)], MUTED, 1.2, dashes);
            }
        }
        for (row, x, words) in &self.days {
            let y = start - 6.0 - SMALL.line() * (*row as f64 + 0.5);
            canvas.text(words, SMALL, MUTED, Hang::Left, (*x, y));
        }
    }

    fn top_of(&self, name: &str, tops: &[f64]) -> Option<f64> {
        let place = self.lanes.iter().position(|(lane, ..)| match lane {
            Lane::Service(service) => service == name,
            Lane::Lost => name == LOST,
            Lane::Need(_) | Lane::Others => false,
        })?;
        Some(tops[place] + self.lanes[place].1 / 2.0)
    }

    /// Arrows from lane to lane.
    fn paint_crossings(&self, canvas: &Canvas, axis: &Axis, tops: &[f64]) {
        for crossing in &self.telling.crossings {
            if !axis.holds(crossing.sent) {
                continue;
            }
            let received = crossing.received.filter(|day| axis.holds(*day));
            let to = if received.is_some() {
                &crossing.to
            } else {
                LOST
            };
            let (Some(from), Some(to)) = (self.top_of(&crossing.from, tops), self.top_of(to, tops))
            else {
                continue;
            };
            let start = (axis.at(crossing.sent), from);
            let end = (axis.at(received.unwrap_or(crossing.sent)), to);
            arrow(canvas, start, end, received.is_none());
        }
    }

    /// Who noted something, and what became of needs.
    fn paint_marks(&self, canvas: &Canvas, axis: &Axis, tops: &[f64]) {
        for entry in &self.telling.entries {
            if entry.kind != EntryKind::Contact || !axis.holds(entry.day) {
                continue;
            }
            let place = self.lanes.iter().position(
                |(lane, ..)| matches!(lane, Lane::Service(service) if *service == entry.who),
            );
            let others = || {
                self.lanes
                    .iter()
                    .position(|(lane, ..)| *lane == Lane::Others)
            };
            if let Some(place) = place.or_else(others) {
                let bottom = tops[place] + self.lanes[place].1;
                contact(canvas, (axis.at(entry.day), bottom - 4.0));
            }
        }
        for ending in &self.telling.endings {
            let is_own = |(lane, ..): &(Lane, f64, Vec<String>)| matches!(lane, Lane::Need(need) if *need == ending.need);
            if let Some(place) = self.lanes.iter().position(is_own)
                && axis.holds(ending.day)
            {
                let middle = tops[place] + self.lanes[place].1 / 2.0;
                ending_mark(canvas, ending.came, (axis.at(ending.day), middle));
            }
        }
    }
}

/// The middle of a text within a bar: in its middle, else at its ends, where no mark lies on it.
fn free_place(width: f64, (from, to): (f64, f64), marks: &[f64]) -> Option<f64> {
    let half = width / 2.0 + 4.0;
    if 2.0 * half > to - from {
        return None;
    }
    let is_free = |centre: &f64| marks.iter().all(|mark| (mark - centre).abs() > half + 6.0);
    let middle = f64::midpoint(from, to);
    [middle, from + half, to - half].into_iter().find(is_free)
}

/// Height of a lane with so many rows of bars and lines of words.
fn lane_height(rows: usize, lines: usize) -> f64 {
    6.0 + (ROW * rows as f64).max(SMALL.line() * lines as f64)
}

/// The words of a lane: its name, and for a service its organisation at the end.
fn label(lane: &Lane, telling: &Telling) -> Vec<String> {
    match lane {
        Lane::Need(need) => SMALL.wrap(&format!("Need: {need}"), NAMES, 2),
        Lane::Others => vec!["Noted by others".to_owned()],
        Lane::Lost => vec![LOST.to_owned()],
        Lane::Service(service) => {
            let own = |span: &&Span| span.service.as_ref() == Some(service);
            let last = telling.spans.iter().rev().find(own);
            let organisation = last.and_then(|span| span.organisation.as_ref());
            let mut label = SMALL.wrap(service, NAMES, 1);
            let other = organisation.filter(|name| *name != service);
            label.extend(other.map(|name| SMALL.wrap(name, NAMES, 1)[0].clone()));
            label
        }
    }
}

/// Labels of decision day, vesting day and the parting, in rows where they would lie on each other.
fn day_labels(
    telling: &Telling,
    parting: Option<f64>,
    axis: &Axis,
) -> Vec<(usize, f64, &'static str)> {
    let mut labels = Vec::new();
    let mut ends: Vec<f64> = Vec::new();
    let mut wishes: Vec<(f64, &'static str)> = [
        (Some(0.0), "decision day"),
        (telling.vesting_day, "vesting day"),
        (parting, "the ways part"),
    ]
    .into_iter()
    .filter_map(|(day, words)| Some((day.filter(|day| axis.holds(*day))?, words)))
    .collect();
    wishes.sort_by(|one, other| one.0.total_cmp(&other.0));
    for (day, words) in wishes {
        let width = SMALL.width(words);
        let x = (axis.at(day) - 2.0).min(WIDTH - MARGIN - width);
        let free = ends.iter().position(|end| *end + 8.0 <= x);
        let row = free.unwrap_or_else(|| {
            ends.push(0.0);
            ends.len() - 1
        });
        ends[row] = x + width;
        labels.push((row, x, words));
    }
    labels
}

/// At most so many lines, each as wide as there is room.
fn shortened(endings: Vec<String>) -> Vec<String> {
    let many = endings.len();
    let shown = if many > ENDINGS { ENDINGS - 1 } else { many };
    let mut lines: Vec<String> = endings
        .into_iter()
        .take(shown)
        .map(|words| SMALL.wrap(&words, RIGHT - LEFT, 1)[0].clone())
        .collect();
    if many > shown {
        lines.push(format!(
            "... and {} more, all in the text of the story.",
            many - shown
        ));
    }
    if lines.is_empty() {
        lines.push("No need was missed, and none came to be helped anew.".to_owned());
    }
    lines
}

/// How a state is drawn.
struct Style {
    fill: RGBColor,
    hatch: Hatch,
    ink: RGBColor,
}

/// Lines over a fill, so that colour is not all that tells states apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Hatch {
    None,
    Rising,
    Falling,
    Crossed,
    Upright,
    Level,
}

const LIGHT: RGBColor = RGBColor(0xff, 0xff, 0xff);
/// A warm light ground for waiting, on which ink can be read.
const WAITING: RGBColor = RGBColor(0xfb, 0xdc, 0xc6);

fn style(state: State) -> Style {
    let style = |fill, hatch, ink| Style { fill, hatch, ink };
    match state {
        State::Level1 => style(RGBColor(0xe9, 0xec, 0xef), Hatch::None, INK),
        State::Level2 => style(RGBColor(0xb9, 0xc0, 0xc7), Hatch::None, INK),
        State::Level3 => style(RGBColor(0x4a, 0x51, 0x58), Hatch::None, LIGHT),
        State::Preparing => style(RGBColor(0xd9, 0xe4, 0xee), Hatch::Level, INK),
        State::Lost => style(palette::DARK_PINK, Hatch::None, LIGHT),
        State::AtDoor => style(WAITING, Hatch::Rising, INK),
        State::WaitingAssessment => style(WAITING, Hatch::Falling, INK),
        State::Assessment => style(palette::TURQUOISE, Hatch::None, INK),
        State::Funding => style(WAITING, Hatch::Crossed, INK),
        State::WaitingPlace => style(WAITING, Hatch::Upright, INK),
        State::Helped => style(palette::DARK_BLUE, Hatch::None, LIGHT),
        State::HelpedElsewhere => style(RGBColor(0x9f, 0xb7, 0xcc), Hatch::Rising, INK),
        State::BetweenWorkers => style(LIGHT, Hatch::Falling, INK),
    }
}

/// Words short enough for a bar.
fn short(state: State) -> &'static str {
    match state {
        State::Level1 => "level 1",
        State::Level2 => "level 2",
        State::Level3 => "level 3",
        State::Preparing => "being prepared",
        State::Lost => "lost",
        State::AtDoor => "at the door",
        State::WaitingAssessment => "waiting for assessment",
        State::Assessment => "being assessed",
        State::Funding => "waiting for funding",
        State::WaitingPlace => "waiting for a place",
        State::Helped => "helped",
        State::HelpedElsewhere => "helped, not fitting",
        State::BetweenWorkers => "between workers",
    }
}

fn bar(canvas: &Canvas, state: State, one: (f64, f64), other: (f64, f64)) {
    let style = style(state);
    canvas.rectangle(one, other, style.fill);
    // Words on a hatch are read only where its lines are faint.
    let line = RGBColor(0xd9, 0xa4, 0x86);
    let line = if style.fill == WAITING {
        line
    } else {
        RGBColor(0x8a, 0xa0, 0xb5)
    };
    let (left, right, top, bottom) = (one.0, other.0, one.1, other.1);
    let upright = |canvas: &Canvas, step: f64| {
        let mut x = left + step / 2.0;
        while x < right {
            canvas.line(&[(x, top), (x, bottom)], line, 0.8);
            x += step;
        }
    };
    match style.hatch {
        Hatch::None => {}
        Hatch::Upright => upright(canvas, 5.0),
        Hatch::Level => {
            for share in [0.3, 0.7] {
                let y = top + share * (bottom - top);
                canvas.line(&[(left, y), (right, y)], line, 0.8);
            }
        }
        Hatch::Rising => slanted(canvas, one, other, true, line),
        Hatch::Falling => slanted(canvas, one, other, false, line),
        Hatch::Crossed => {
            slanted(canvas, one, other, true, line);
            slanted(canvas, one, other, false, line);
        }
    }
    if matches!(state, State::Level1 | State::BetweenWorkers) || style.fill == WAITING {
        let corners = [
            (left, top),
            (right, top),
            (right, bottom),
            (left, bottom),
            (left, top),
        ];
        canvas.line(&corners, MUTED, 0.6);
    }
}

/// Slanted lines within a rectangle.
fn slanted(
    canvas: &Canvas,
    (left, top): (f64, f64),
    (right, bottom): (f64, f64),
    rises: bool,
    color: RGBColor,
) {
    const STEP: f64 = 6.0;
    let height = bottom - top;
    let mut foot = left - height + STEP / 2.0;
    while foot < right {
        // From the foot upwards and to the right, as far as it lies within.
        let from = foot.max(left);
        let to = (foot + height).min(right);
        if to > from {
            let climb = |x: f64| x - foot;
            let y = |x: f64| {
                if rises {
                    bottom - climb(x)
                } else {
                    top + climb(x)
                }
            };
            canvas.line(&[(from, y(from)), (to, y(to))], color, 0.8);
        }
        foot += STEP;
    }
}

/// An arrow from lane to lane; dashed and with a cross at its end where it never arrives.
fn arrow(canvas: &Canvas, from: (f64, f64), to: (f64, f64), is_lost: bool) {
    let dashes: &[f64] = if is_lost { &[3.0, 2.0] } else { &[] };
    canvas.dashed(&[from, to], INK, 1.1, dashes);
    let length = (to.0 - from.0).hypot(to.1 - from.1);
    if length < 1.0 {
        return;
    }
    let (along, across) = ((to.0 - from.0) / length, (to.1 - from.1) / length);
    if is_lost {
        cross(canvas, to, 3.5, INK);
        return;
    }
    let back = (to.0 - 7.0 * along, to.1 - 7.0 * across);
    canvas.area(
        &[
            to,
            (back.0 - 3.2 * across, back.1 + 3.2 * along),
            (back.0 + 3.2 * across, back.1 - 3.2 * along),
        ],
        INK,
    );
}

fn cross(canvas: &Canvas, (x, y): (f64, f64), arm: f64, color: RGBColor) {
    canvas.line(&[(x - arm, y - arm), (x + arm, y + arm)], color, 2.0);
    canvas.line(&[(x - arm, y + arm), (x + arm, y - arm)], color, 2.0);
}

/// A noted concern: a small upright stroke.
fn contact(canvas: &Canvas, (x, y): (f64, f64)) {
    canvas.line(&[(x, y - 5.0), (x, y + 2.0)], INK, 1.4);
}

fn ending_mark(canvas: &Canvas, came: Came, at: (f64, f64)) {
    match came {
        Came::Helped => {
            canvas.disc(at, 6.0, LIGHT);
            canvas.disc(at, 4.5, palette::BETTER);
        }
        Came::HelpedLate => canvas.ring(at, 4.5, palette::BETTER),
        Came::Missed | Came::MissedCarriedOver | Came::MissedUnseen => {
            canvas.disc(at, 6.5, LIGHT);
            cross(canvas, at, 4.0, palette::WORSE);
        }
        // It is no moment: the bars go on to the end.
        Came::NeverHelped => {}
    }
}

/// A mark of the legend.
enum Mark {
    State(State),
    Came(Came),
    Contact,
}

/// Every mark that the picture has, in lines below each other, with the place of each.
fn legend(story: &Story, axis: &Axis) -> Vec<(Mark, &'static str, (f64, f64))> {
    let spans = || story.tellings.iter().flat_map(|it| &it.spans);
    let mut states: Vec<State> = spans()
        .filter(|span| is_shown(span, axis))
        .map(|span| span.state)
        .collect();
    states.sort_unstable();
    states.dedup();
    let mut marks: Vec<(Mark, &'static str)> = states
        .into_iter()
        .map(|state| (Mark::State(state), short(state)))
        .collect();
    let came = |kinds: &[Came]| {
        let mut endings = story.tellings.iter().flat_map(|it| &it.endings);
        endings.any(|it| kinds.contains(&it.came) && axis.holds(it.day))
    };
    let missed = [Came::Missed, Came::MissedCarriedOver, Came::MissedUnseen];
    for (mark, words, kinds) in [
        (Came::Helped, "helped in time", &[Came::Helped][..]),
        (Came::HelpedLate, "helped late", &[Came::HelpedLate]),
        (Came::Missed, "missed", &missed),
    ] {
        if came(kinds) {
            marks.push((Mark::Came(mark), words));
        }
    }
    let mut entries = story.tellings.iter().flat_map(|it| &it.entries);
    if entries.any(|entry| entry.kind == EntryKind::Contact && axis.holds(entry.day)) {
        marks.push((Mark::Contact, "concern noted"));
    }
    let (mut x, mut y) = (MARGIN, 0.0);
    marks
        .into_iter()
        .map(|(mark, words)| {
            let width = 28.0 + SMALL.width(words) + 16.0;
            if x + width > WIDTH - MARGIN && x > MARGIN {
                x = MARGIN;
                y += 18.0;
            }
            let place = (x, y);
            x += width;
            (mark, words, place)
        })
        .collect()
}

fn title(story: &Story) -> String {
    format!("One simulated child. {}", in_short(story))
}

fn caveat(story: &Story) -> Option<String> {
    let counts = |it: &Proportion| (count(it.only_baseline), count(it.only_here));
    let (churn, others) = story.proportion.split_last()?;
    let (a, b) = counts(churn);
    let words = match others {
        [] => return None,
        [one] => {
            let (c, d) = counts(one);
            format!(
                "Of this trial's needs {c} were missed under the baseline only, {d} here only; with one \
                 referral a week later, {a} and {b}."
            )
        }
        _ => format!(
            "One child proves nothing: with one referral a week later, {a} and {b} needs fare otherwise."
        ),
    };
    Some(words)
}

fn description(story: &Story) -> String {
    let panels: Vec<String> = story
        .tellings
        .iter()
        .map(|telling| {
            let endings: Vec<String> = telling
                .endings
                .iter()
                .map(|it| {
                    format!(
                        "day {}: {}, {}",
                        plain(it.day.floor(), 0),
                        it.need,
                        it.words
                    )
                })
                .collect();
            format!(
                "{}: {} handoffs, {} days in them. {}",
                telling.structure_name,
                telling.handoffs,
                plain(telling.handoff_days, 0),
                endings.join("; ")
            )
        })
        .collect();
    format!(
        "Lanes of services for child {}, one panel a structure. {}. {}",
        story.child,
        panels.join(". "),
        story.warning
    )
}
