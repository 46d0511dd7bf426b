//! One structure: its organisations with their services, the other five partitions, and the seams
//! between services weighted by simulated traffic.

use plotters::style::RGBColor;

use super::canvas::{
    BODY, Canvas, GRID, Hang, Heading, INK, MARGIN, MUTED, SMALL, STRONG, WIDTH, draw as page,
    pushed_apart,
};
use super::look::Look;
use super::rows::Legend;
use super::structures::{by_kind, crossing, reach};
use super::{Subject, palette, trials};
use crate::analysis::Summary;
use crate::measures::HandoffKind;
use crate::report::caveat;
use crate::report::numbers::plain;
use crate::scenario::{Blocks, Structure};

/// Room for the arcs; they hang on the left edge of the enclosures.
const ARCS: f64 = 156.0;
const EDGE: f64 = MARGIN + ARCS;
const NAMES: f64 = 220.0;
const MATRIX: f64 = EDGE + NAMES + 10.0;
const ROW: f64 = 23.0;
const PADDING: f64 = 5.0;
const BETWEEN: f64 = 9.0;
const HEAD: f64 = 34.0;
/// Thickness of the arc with most traffic.
const THICKEST: f64 = 13.0;
/// Arcs with a number.
const LABELLED: usize = 3;
/// Arcs of less than this share of the widest are left out: they would be hairs.
const SMALLEST: f64 = 0.01;

const PARTITIONS: [&str; 5] = ["records", "budget", "assessment", "front door", "workforce"];

/// A service or a source outside, in a row.
struct Row {
    /// Its id.
    id: String,
    name: String,
    middle: f64,
}

/// An enclosure: an organisation, or the sources outside.
struct Box {
    name: String,
    is_outside: bool,
    rows: Vec<Row>,
    top: f64,
    bottom: f64,
}

/// Traffic between two rows, in both directions.
struct Arc {
    ends: (usize, usize),
    kind: HandoffKind,
    per_year: f64,
}

/// The chart of the structure that differs most from the baseline in the primary measure, or of the baseline where it stands alone; `None`
/// where the scenario says nothing of it.
pub(super) fn draw(subject: &Subject, look: &Look) -> Option<String> {
    let summary = subject.summary;
    let place = summary.furthest_from_baseline().unwrap_or(0);
    let structure = subject.structure(place)?;
    let boxes = boxes(summary, structure);
    let rows: Vec<&Row> = boxes.iter().flat_map(|it| &it.rows).collect();
    if rows.is_empty() {
        return None;
    }
    let arcs = arcs(summary, place, &rows);
    let bottom = boxes.last().map_or(0.0, |it| it.bottom);
    let legend = Legend::of(
        HandoffKind::ALL
            .iter()
            .map(|kind| (kind.label().to_owned(), palette::of_kind(*kind))),
        MARGIN,
    );
    let is_baseline = place == 0;
    let heading = Heading {
        id: "structure",
        title: title(summary, place, structure),
        subtitle: format!(
            "{} Boxes: organisations with the services that they run. Arcs: simulated handoffs a year between \
             two services, both ways, the widest with their number; less than a hundredth of the widest is left \
             out; mean of {}. Columns: services of one \
             letter are in one block of that partition.",
            if is_baseline {
                "The baseline."
            } else {
                "Of the structures compared, the one that differs most from the baseline in the primary measure."
            },
            trials(summary)
        ),
        description: description(summary, &boxes, &rows, &arcs, structure),
        caveat: caveat(summary),
    };
    let svg = page(
        &heading,
        look,
        legend.height() + HEAD + bottom + 8.0,
        |canvas, top| {
            legend.draw(canvas, top);
            let top = top + legend.height() + HEAD;
            draw_arcs(canvas, &rows, &arcs, (top, top + bottom));
            for it in &boxes {
                draw_box(canvas, it, top);
            }
            matrix(canvas, structure, &rows, top);
        },
    );
    Some(svg)
}

fn boxes(summary: &Summary, structure: &Structure) -> Vec<Box> {
    let name_of = |id: &str| -> String {
        let found = summary.sources.iter().find(|it| it.id == id);
        found.map_or_else(|| id.to_owned(), |it| it.name.clone())
    };
    let mut groups: Vec<(String, bool, Vec<String>)> = structure
        .organisations
        .iter()
        .map(|organisation| {
            let runs = organisation.runs.iter().map(|it| it.as_str().to_owned());
            let name = format!("{}{}", organisation.name, reach(organisation.footprint));
            (name, false, runs.collect())
        })
        .collect();
    // Large ones first, so that what is alone does not part what is together.
    groups.sort_by_key(|(_, _, runs)| std::cmp::Reverse(runs.len()));
    let placed = |id: &str| {
        groups
            .iter()
            .any(|(_, _, runs)| runs.iter().any(|it| it == id))
    };
    let outside: Vec<String> = summary
        .sources
        .iter()
        .map(|it| it.id.clone())
        .filter(|id| !placed(id))
        .collect();
    if !outside.is_empty() {
        groups.push(("Outside every structure".to_owned(), true, outside));
    }
    let mut y = 0.0;
    groups
        .into_iter()
        .map(|(name, is_outside, ids)| {
            let top = y;
            let mut middle = top + PADDING + STRONG.line() + ROW / 2.0;
            let rows = ids
                .into_iter()
                .map(|id| {
                    let row = Row {
                        name: name_of(&id),
                        id,
                        middle,
                    };
                    middle += ROW;
                    row
                })
                .collect::<Vec<_>>();
            let bottom = top + 2.0 * PADDING + STRONG.line() + ROW * rows.len() as f64 - 3.0;
            y = bottom + BETWEEN;
            Box {
                name,
                is_outside,
                rows,
                top,
                bottom,
            }
        })
        .collect()
}

fn arcs(summary: &Summary, structure: usize, rows: &[&Row]) -> Vec<Arc> {
    let row_of = |id: &str| rows.iter().position(|row| row.id == id);
    let mut arcs: Vec<Arc> = Vec::new();
    for delays in summary.delays.iter().filter(|it| it.structure == structure) {
        let from = row_of(&summary.sources[delays.from].id);
        let to = row_of(&summary.services[delays.to].id);
        let (Some(from), Some(to)) = (from, to) else {
            continue;
        };
        let ends = (from.min(to), from.max(to));
        let started = delays.per_year.started;
        let known = (arcs.iter_mut()).find(|it| it.ends == ends && it.kind == delays.kind);
        match known {
            Some(arc) => arc.per_year += started,
            None => arcs.push(Arc {
                ends,
                kind: delays.kind,
                per_year: started,
            }),
        }
    }
    let most = arcs.iter().map(|arc| arc.per_year).fold(0.0, f64::max);
    arcs.retain(|arc| arc.per_year > 0.0 && arc.per_year >= SMALLEST * most);
    // Thin ones last, so that none is hidden.
    arcs.sort_by(|a, b| b.per_year.total_cmp(&a.per_year).then(a.ends.cmp(&b.ends)));
    arcs
}

/// How far an arc reaches to the left of the enclosures.
fn depth(arc: &Arc, rows: &[&Row]) -> f64 {
    let apart = (rows[arc.ends.1].middle - rows[arc.ends.0].middle).abs();
    let furthest = (rows[rows.len() - 1].middle - rows[0].middle).max(1.0);
    let deep = 16.0 + (ARCS - 74.0) * (apart / furthest).sqrt();
    deep.min(16.0 + 0.8 * apart)
}

fn draw_arcs(canvas: &Canvas, rows: &[&Row], arcs: &[Arc], (top, bottom): (f64, f64)) {
    let most = arcs.first().map_or(1.0, |arc| arc.per_year);
    for arc in arcs {
        let depth = depth(arc, rows);
        // A service's own traffic between areas leaves and comes back a little apart.
        let spread = if arc.ends.0 == arc.ends.1 { 6.0 } else { 0.0 };
        let (y0, y1) = (
            top + rows[arc.ends.0].middle - spread,
            top + rows[arc.ends.1].middle + spread,
        );
        let width = (THICKEST * arc.per_year / most).max(0.6);
        let points: Vec<(f64, f64)> = (0..=28)
            .map(|step| {
                let t = f64::from(step) / 28.0;
                // A cubic whose control points lie level with its ends.
                let across = 3.0 * t * (1.0 - t) * depth * 4.0 / 3.0;
                let along = y0 + (y1 - y0) * t * t * (3.0 - 2.0 * t);
                (EDGE - across, along)
            })
            .collect();
        canvas.stroke(&points, palette::of_kind(arc.kind), width, 0.62);
    }
    let mut labelled: Vec<&Arc> = arcs.iter().take(LABELLED).collect();
    let middle = |arc: &Arc| top + f64::midpoint(rows[arc.ends.0].middle, rows[arc.ends.1].middle);
    labelled.sort_by(|a, b| middle(a).total_cmp(&middle(b)));
    let wishes: Vec<(f64, f64)> = labelled
        .iter()
        .map(|arc| (middle(arc), SMALL.line()))
        .collect();
    for (arc, y) in labelled.iter().zip(pushed_apart(&wishes, top, bottom)) {
        let label = plain(arc.per_year, 0);
        let width = SMALL.width(&label);
        let half = THICKEST * arc.per_year / most / 2.0;
        let right = (EDGE - depth(arc, rows) - half - 3.0).max(MARGIN + width);
        let corners = [
            (right - width - 1.0, y - 7.0),
            (right + 1.0, y - 7.0),
            (right + 1.0, y + 7.0),
            (right - width - 1.0, y + 7.0),
        ];
        canvas.veil(&corners, palette::PAPER, 0.8);
        canvas.text(&label, SMALL, INK, Hang::Right, (right, y));
    }
}

fn draw_box(canvas: &Canvas, it: &Box, top: f64) {
    let corners = ((EDGE, top + it.top), (EDGE + NAMES, top + it.bottom));
    if it.is_outside {
        let (one, other) = corners;
        let edges = [one, (other.0, one.1), other, (one.0, other.1), one];
        canvas.rectangle(one, other, palette::PAPER);
        canvas.dashed(&edges, MUTED, 1.2, &[4.0, 3.0]);
    } else {
        canvas.rectangle(corners.0, corners.1, palette::ENCLOSURE);
        canvas.frame(corners.0, corners.1, palette::DARK_BLUE, 1.3);
    }
    let left = EDGE + 9.0;
    let ink = if it.is_outside {
        MUTED
    } else {
        palette::DARK_BLUE
    };
    let name = STRONG.wrap(&it.name, NAMES - 16.0, 1).concat();
    let y = top + it.top + PADDING + STRONG.line() / 2.0;
    canvas.text(&name, STRONG, ink, Hang::Left, (left, y));
    for row in &it.rows {
        let room = NAMES - 22.0;
        // A long name stands in smaller letters before it is cut.
        let is_long = BODY.width(&row.name) > room;
        let face = if is_long { SMALL } else { BODY };
        let name = face.wrap(&row.name, room, 1).concat();
        let middle = top + row.middle;
        canvas.disc((EDGE, middle), 2.6, ink);
        canvas.text(&name, face, INK, Hang::Left, (left + 4.0, middle));
    }
}

/// The block of a service.
fn block(blocks: &Blocks, id: &str) -> Option<usize> {
    blocks
        .iter()
        .position(|block| block.iter().any(|it| it.as_str() == id))
}

fn partitions(structure: &Structure) -> [&Blocks; 5] {
    [
        &structure.records,
        &structure.budgets,
        &structure.assessment,
        &structure.front_doors,
        &structure.workforce,
    ]
}

/// Fills of blocks of several services, so that neighbours differ; a service alone is grey.
const TINTS: [RGBColor; 5] = [
    palette::SEAM[3].0,
    palette::QUEUES[0].0,
    RGBColor(0xC5, 0xE6, 0xE2),
    RGBColor(0xE2, 0xD8, 0xF1),
    RGBColor(0xE6, 0xCB, 0xD8),
];

fn matrix(canvas: &Canvas, structure: &Structure, rows: &[&Row], top: f64) {
    let column = (WIDTH - MARGIN - MATRIX) / PARTITIONS.len() as f64;
    for (place, (words, blocks)) in PARTITIONS.iter().zip(partitions(structure)).enumerate() {
        let left = MATRIX + column * place as f64;
        let centre = left + column / 2.0;
        canvas.text(words, SMALL, INK, Hang::Middle, (centre, top - 12.0));
        // Letters by first appearance from above.
        let mut seen: Vec<usize> = Vec::new();
        let mut colored: Vec<usize> = Vec::new();
        for row in rows {
            let Some(block) = block(blocks, &row.id) else {
                let y = top + row.middle;
                canvas.line(&[(centre - 5.0, y), (centre + 5.0, y)], GRID, 1.2);
                continue;
            };
            if !seen.contains(&block) {
                seen.push(block);
                if blocks[block].len() > 1 {
                    colored.push(block);
                }
            }
            let number = seen.iter().position(|it| *it == block).unwrap_or(0);
            let tint = colored.iter().position(|it| *it == block);
            let fill = tint.map_or(GRID, |it| TINTS[it % TINTS.len()]);
            let y = top + row.middle;
            let corners = (
                (left + 3.0, y - ROW / 2.0 + 1.0),
                (left + column - 3.0, y + ROW / 2.0 - 1.0),
            );
            canvas.rectangle(corners.0, corners.1, fill);
            canvas.text(&letter(number), SMALL, INK, Hang::Middle, (centre, y));
        }
    }
}

/// `A` to `Z`, then `27` and on.
fn letter(number: usize) -> String {
    let letters = u8::try_from(number).ok().filter(|it| *it < 26);
    letters.map_or_else(
        || (number + 1).to_string(),
        |it| char::from(b'A' + it).to_string(),
    )
}

fn title(summary: &Summary, place: usize, structure: &Structure) -> String {
    let kinds = by_kind(summary, place);
    let all = plain(kinds.iter().sum(), 0);
    let organisations = structure.organisations.len();
    let plural = if organisations == 1 { "" } else { "s" };
    format!(
        "{}: {organisations} organisation{plural}; {} of {all} simulated handoffs a year cross from one to \
         another",
        summary.structures[place].name,
        plain(crossing(&kinds), 0)
    )
}

fn description(
    summary: &Summary,
    boxes: &[Box],
    rows: &[&Row],
    arcs: &[Arc],
    structure: &Structure,
) -> String {
    let organisations: Vec<String> = boxes
        .iter()
        .map(|it| {
            let services: Vec<&str> = it.rows.iter().map(|row| row.name.as_str()).collect();
            format!("{}: {}", it.name, services.join(", "))
        })
        .collect();
    let name_of = |id: &str| {
        let found = summary.sources.iter().find(|it| it.id == id);
        found.map_or_else(|| id.to_owned(), |it| it.name.clone())
    };
    let shared: Vec<String> = PARTITIONS
        .iter()
        .zip(partitions(structure))
        .map(|(words, blocks)| {
            let together: Vec<String> = blocks
                .iter()
                .filter(|block| block.len() > 1)
                .map(|block| {
                    let names: Vec<String> = block.iter().map(|it| name_of(it.as_str())).collect();
                    names.join(" with ")
                })
                .collect();
            if together.is_empty() {
                format!("{words}: every service alone")
            } else {
                format!("{words} together: {}", together.join("; "))
            }
        })
        .collect();
    let traffic: Vec<String> = arcs
        .iter()
        .take(LABELLED)
        .map(|arc| {
            format!(
                "{} and {}, {}: {}",
                rows[arc.ends.0].name,
                rows[arc.ends.1].name,
                arc.kind.label(),
                plain(arc.per_year, 0)
            )
        })
        .collect();
    format!(
        "A structure as boxes of services. {}. {}. Most handoffs a year: {}.",
        organisations.join(". "),
        shared.join(". "),
        traffic.join("; ")
    )
}
