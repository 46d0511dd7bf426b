//! Who passes cases on to whom: ribbons from senders to receivers, as wide as the handoffs of a year.

use super::canvas::{
    Canvas, Hang, Heading, INK, MARGIN, MUTED, SMALL, STRONG, WIDTH, draw as page, pushed_apart,
};
use super::look::Look;
use super::rows::Legend;
use super::structures::{by_kind, crossing, told_kinds};
use super::{palette, trials};
use crate::analysis::Summary;
use crate::measures::HandoffKind;
use crate::report::caveat;
use crate::report::numbers::plain;

const SENDERS: f64 = 218.0;
const RECEIVERS: f64 = 196.0;
const NODE: f64 = 9.0;
/// Labels may stand this much above and below the nodes.
const HEAD_ROOM: f64 = 8.0;
const GAP: f64 = 7.0;
const LOWEST: f64 = 300.0;
const LABEL: f64 = 16.0;
const HEAD: f64 = 48.0;
const BELOW: f64 = 18.0;
/// A ribbon this thick carries its number.
const LABELLED: f64 = 15.0;
/// Below this a ribbon is thinner than a hair; it is drawn as one.
const HAIR: f64 = 0.5;

/// Handoffs a year from one to another.
struct Ribbon {
    from: usize,
    to: usize,
    kind: HandoffKind,
    per_year: f64,
}

/// A sender or a receiver and its place.
struct Node {
    of: usize,
    total: f64,
    top: f64,
    bottom: f64,
}

/// One structure.
struct Flow {
    structure: usize,
    ribbons: Vec<Ribbon>,
    senders: Vec<Node>,
    receivers: Vec<Node>,
}

/// The chart: the baseline, and below it the structure that differs most from it; `None` where nothing is
/// passed on.
pub(super) fn draw(summary: &Summary, look: &Look) -> Option<String> {
    let shown: Vec<usize> = std::iter::once(0)
        .chain(summary.furthest_from_baseline())
        .collect();
    let order = Order::of(summary);
    let mut flows: Vec<Flow> = shown
        .iter()
        .map(|structure| Flow::of(summary, *structure, &order))
        .filter(|flow| !flow.ribbons.is_empty())
        .collect();
    if flows.is_empty() {
        return None;
    }
    let nodes = |flow: &Flow| flow.senders.len().max(flow.receivers.len());
    let most = flows.iter().map(nodes).max().unwrap_or(1).max(1);
    let height = LOWEST.max(2.4 * LABEL * most as f64);
    // One scale for all, so that widths can be compared.
    let largest = flows.iter().map(Flow::total).fold(0.0, f64::max);
    let mut scale = height / largest;
    while !flows.iter_mut().all(|flow| flow.fits(scale, height)) {
        scale *= 0.97;
    }
    for flow in &mut flows {
        flow.fits(scale, height);
    }
    let legend = Legend::of(
        HandoffKind::ALL
            .iter()
            .map(|kind| (kind.label().to_owned(), palette::of_kind(*kind))),
        MARGIN,
    );
    let heading = Heading {
        id: "flow",
        title: title(summary, &flows),
        subtitle: format!(
            "Handoffs a year from who passes a case on (left) to who receives it (right), all areas \
             together, referrals among them; mean of {}. Width: handoffs a year, on one scale; at each end \
             those within an organisation lie above those that cross.",
            trials(summary)
        ),
        description: description(summary, &flows),
        caveat: caveat(summary),
    };
    let panel = HEAD + height + BELOW;
    let svg = page(
        &heading,
        look,
        legend.height() + panel * flows.len() as f64,
        |canvas, top| {
            legend.draw(canvas, top);
            for (place, flow) in flows.iter().enumerate() {
                let top = top + legend.height() + panel * place as f64;
                flow.draw(canvas, summary, scale, (top, height));
            }
        },
    );
    Some(svg)
}

/// The order of senders and receivers: sources outside first, then by traffic under the baseline.
struct Order {
    senders: Vec<usize>,
    receivers: Vec<usize>,
}

impl Order {
    fn of(summary: &Summary) -> Self {
        let sum = |is: &dyn Fn(usize, usize) -> bool| -> f64 {
            (summary.delays.iter())
                .filter(|it| it.structure == 0 && is(it.from, it.to))
                .map(|it| it.per_year.started)
                .sum()
        };
        let services = summary.services.len();
        let mut senders: Vec<(bool, f64, usize)> = (0..summary.sources.len())
            .map(|place| (place < services, sum(&|from, _| from == place), place))
            .collect();
        senders.sort_by(|a, b| a.0.cmp(&b.0).then(b.1.total_cmp(&a.1)).then(a.2.cmp(&b.2)));
        let mut receivers: Vec<(f64, usize)> = (0..services)
            .map(|place| (sum(&|_, to| to == place), place))
            .collect();
        receivers.sort_by(|a, b| b.0.total_cmp(&a.0).then(a.1.cmp(&b.1)));
        Self {
            senders: senders.into_iter().map(|it| it.2).collect(),
            receivers: receivers.into_iter().map(|it| it.1).collect(),
        }
    }
}

/// Puts nodes below each other, as high as their totals and far enough apart for their labels, and
/// in the middle of the height; gives what they take.
fn stack(nodes: &mut [Node], (scale, height): (f64, f64), label: f64) -> f64 {
    let slot = |node: &Node| (scale * node.total + GAP).max(label);
    let used: f64 = nodes.iter().map(slot).sum();
    let mut y = ((height - used) / 2.0).max(0.0);
    for node in nodes {
        let slot = slot(node);
        node.top = y + (slot - scale * node.total) / 2.0;
        node.bottom = node.top + scale * node.total;
        y += slot;
    }
    used
}

impl Flow {
    fn of(summary: &Summary, structure: usize, order: &Order) -> Self {
        let ribbons: Vec<Ribbon> = (summary.delays.iter())
            .filter(|it| it.structure == structure && it.per_year.started > 0.0)
            .map(|it| Ribbon {
                from: it.from,
                to: it.to,
                kind: it.kind,
                per_year: it.per_year.started,
            })
            .collect();
        let nodes = |order: &[usize], end: fn(&Ribbon) -> usize| -> Vec<Node> {
            let all = order.iter().map(|of| Node {
                of: *of,
                total: (ribbons.iter())
                    .filter(|it| end(it) == *of)
                    .map(|it| it.per_year)
                    .sum(),
                top: 0.0,
                bottom: 0.0,
            });
            all.filter(|node| node.total > 0.0).collect()
        };
        let senders = nodes(&order.senders, |it| it.from);
        let receivers = nodes(&order.receivers, |it| it.to);
        Self {
            structure,
            ribbons,
            senders,
            receivers,
        }
    }

    /// Puts all nodes in their places; do they fit into the height?
    fn fits(&mut self, scale: f64, height: f64) -> bool {
        let senders = stack(&mut self.senders, (scale, height), LABEL);
        let receivers = stack(&mut self.receivers, (scale, height), 2.0 * LABEL);
        senders.max(receivers) <= height
    }

    fn total(&self) -> f64 {
        self.ribbons.iter().map(|it| it.per_year).sum()
    }

    fn draw(&self, canvas: &Canvas, summary: &Summary, scale: f64, (top, height): (f64, f64)) {
        let name = &summary.structures[self.structure].name;
        let name = STRONG.wrap(name, WIDTH - 2.0 * MARGIN, 1).concat();
        canvas.text(&name, STRONG, INK, Hang::Left, (MARGIN, top + 8.0));
        let told = format!(
            "handoffs a year: {}",
            told_kinds(&by_kind(summary, self.structure))
        );
        let told = SMALL.wrap(&told, WIDTH - 2.0 * MARGIN, 1).concat();
        canvas.text(&told, SMALL, MUTED, Hang::Left, (MARGIN, top + 25.0));

        let top = top + HEAD;
        let (left, right) = (MARGIN + SENDERS, WIDTH - MARGIN - RECEIVERS);
        self.ribbons(canvas, scale, (left + NODE, right - NODE), top);
        for (nodes, x) in [(&self.senders, left), (&self.receivers, right - NODE)] {
            for node in nodes {
                let corners = (
                    (x, top + node.top),
                    (x + NODE, top + node.bottom.max(node.top + 1.0)),
                );
                canvas.rectangle(corners.0, corners.1, palette::DARK_GREY);
            }
        }
        let names = |of: usize| summary.sources[of].name.as_str();
        let bounds = (top - HEAD_ROOM, top + height + HEAD_ROOM);
        labels(
            canvas,
            &self.senders,
            &names,
            (left - 8.0, Hang::Right),
            top,
            bounds,
        );
        labels(
            canvas,
            &self.receivers,
            &names,
            (right + 8.0, Hang::Left),
            top,
            bounds,
        );
    }

    fn ribbons(&self, canvas: &Canvas, scale: f64, (left, right): (f64, f64), top: f64) {
        let place = |nodes: &[Node], of: usize| nodes.iter().position(|it| it.of == of);
        let mut order: Vec<(&Ribbon, usize, usize)> = (self.ribbons.iter())
            .filter_map(|it| {
                Some((
                    it,
                    place(&self.senders, it.from)?,
                    place(&self.receivers, it.to)?,
                ))
            })
            .collect();
        // At each node by kind, then in the order of the other side.
        let mut starts: Vec<f64> = self.senders.iter().map(|it| it.top).collect();
        let mut ends: Vec<f64> = self.receivers.iter().map(|it| it.top).collect();
        let mut placed: Vec<(&Ribbon, f64, f64)> = Vec::new();
        order.sort_by_key(|(it, from, to)| (it.kind, *from, *to));
        for (ribbon, from, to) in order {
            let thick = scale * ribbon.per_year;
            placed.push((ribbon, starts[from], ends[to]));
            starts[from] += thick;
            ends[to] += thick;
        }
        for (ribbon, start, end) in &placed {
            let thick = (scale * ribbon.per_year).max(HAIR);
            let edge = |offset: f64| -> Vec<(f64, f64)> {
                (0..=24)
                    .map(|step| {
                        let t = f64::from(step) / 24.0;
                        let x = left + (right - left) * t;
                        // A cubic that leaves and arrives level.
                        let along = t * t * (3.0 - 2.0 * t);
                        (x, top + start + offset + (end - start) * along)
                    })
                    .collect()
            };
            let mut corners = edge(0.0);
            corners.extend(edge(thick).into_iter().rev());
            canvas.veil(&corners, palette::of_kind(ribbon.kind), 0.58);
        }
        for (ribbon, start, _) in &placed {
            let thick = scale * ribbon.per_year;
            if thick >= LABELLED {
                let at = (left + 5.0, top + start + thick / 2.0);
                canvas.text(&plain(ribbon.per_year, 0), SMALL, INK, Hang::Left, at);
            }
        }
    }
}

fn labels<'a>(
    canvas: &Canvas,
    nodes: &[Node],
    names: &dyn Fn(usize) -> &'a str,
    (x, hang): (f64, Hang),
    start: f64,
    (top, bottom): (f64, f64),
) {
    let (lines, room) = match hang {
        Hang::Right => (1, SENDERS - 14.0),
        Hang::Left | Hang::Middle => (2, RECEIVERS - 14.0),
    };
    let height = SMALL.line() * lines as f64;
    let wishes: Vec<(f64, f64)> = nodes
        .iter()
        .map(|node| (start + f64::midpoint(node.top, node.bottom), height))
        .collect();
    let middles = pushed_apart(&wishes, top, bottom);
    for (node, y) in nodes.iter().zip(middles) {
        let total = plain(node.total, 0);
        let beside = SMALL.width(&total) + 6.0;
        let name = SMALL.wrap(names(node.of), room - beside, lines);
        let name_x = match hang {
            Hang::Right => x - beside,
            Hang::Left | Hang::Middle => x + beside,
        };
        let mut line = y - SMALL.line() * (name.len() as f64 - 1.0) / 2.0;
        for words in name {
            canvas.text(&words, SMALL, INK, hang, (name_x, line));
            line += SMALL.line();
        }
        canvas.text(&total, SMALL, MUTED, hang, (x, y));
    }
}

fn title(summary: &Summary, flows: &[Flow]) -> String {
    let told = |flow: &Flow| {
        let kinds = by_kind(summary, flow.structure);
        (plain(crossing(&kinds), 0), plain(kinds.iter().sum(), 0))
    };
    let (crossing, all) = told(&flows[0]);
    let first =
        format!("{crossing} of {all} handoffs a year cross from one organisation to another");
    match flows.get(1) {
        None => first,
        Some(other) => {
            let (crossing, all) = told(other);
            format!(
                "Under the baseline {first}; under “{}” {crossing} of {all}",
                summary.structures[other.structure].name
            )
        }
    }
}

fn description(summary: &Summary, flows: &[Flow]) -> String {
    let lines: Vec<String> = flows
        .iter()
        .map(|flow| {
            let mut ribbons: Vec<&Ribbon> = flow.ribbons.iter().collect();
            ribbons.sort_by(|a, b| b.per_year.total_cmp(&a.per_year));
            let largest: Vec<String> = ribbons
                .iter()
                .take(12)
                .map(|it| {
                    format!(
                        "{} to {} {} ({})",
                        summary.sources[it.from].name,
                        summary.services[it.to].name,
                        plain(it.per_year, 0),
                        it.kind.label()
                    )
                })
                .collect();
            format!(
                "{}: {}; the largest: {}",
                summary.structures[flow.structure].name,
                told_kinds(&by_kind(summary, flow.structure)),
                largest.join(", ")
            )
        })
        .collect();
    format!(
        "Ribbons of handoffs a year from senders to receivers. {}.",
        lines.join(". ")
    )
}
