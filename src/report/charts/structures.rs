//! All structures of a study side by side: organisations as enclosures with the services they run, and
//! the handoffs that cross from one to another.

use super::canvas::{
    Canvas, Hang, Heading, INK, MARGIN, MUTED, SMALL, STRONG, Scale, WIDTH, draw as page,
};
use super::look::Look;
use super::rows::Legend;
use super::{Subject, palette, trials};
use crate::analysis::Summary;
use crate::measures::HandoffKind;
use crate::report::caveat;
use crate::report::numbers::plain;
use crate::scenario::{Footprint, Structure};

const COLUMNS: usize = 3;
const BETWEEN: f64 = 18.0;
const INSIDE: f64 = 6.0;
const BAR: f64 = 11.0;
/// Lines that services of one organisation take at most.
const SERVICE_LINES: usize = 4;

/// What one tile shows.
struct Tile {
    name: Vec<String>,
    organisations: Vec<(Vec<String>, Vec<String>)>,
    /// Handoffs a year by kind.
    kinds: [f64; HandoffKind::COUNT],
    told: Vec<String>,
}

/// The chart; `None` where the scenario says nothing of the structures that were compared.
pub(super) fn draw(subject: &Subject, look: &Look) -> Option<String> {
    let summary = subject.summary;
    let tiles: Vec<Tile> = (0..summary.structures.len())
        .map(|place| Some(tile(summary, place, subject.structure(place)?)))
        .collect::<Option<_>>()?;
    let legend = Legend::of(
        HandoffKind::ALL
            .iter()
            .map(|kind| (kind.label().to_owned(), palette::of_kind(*kind))),
        MARGIN,
    );
    let heading = Heading {
        id: "structures",
        title: title(summary),
        subtitle: format!(
            "Each box is an organisation with the services that it runs, and how far it reaches where that \
             is beyond one area. Bar: simulated handoffs a year by how close the two ends are, on one axis; \
             mean of {}. Sources outside every structure are not drawn; what they refer is counted.",
            trials(summary)
        ),
        description: description(&tiles),
        caveat: caveat(summary),
    };
    let heights: Vec<f64> = tiles
        .chunks(COLUMNS)
        .map(|row| row.iter().map(Tile::height).fold(0.0, f64::max))
        .collect();
    let most = tiles.iter().map(|it| it.kinds.iter().sum::<f64>());
    let most = most.fold(0.0, f64::max).max(1e-9);
    let height = legend.height() + heights.iter().sum::<f64>();
    let svg = page(&heading, look, height, |canvas, top| {
        legend.draw(canvas, top);
        let mut top = top + legend.height();
        for (row, height) in tiles.chunks(COLUMNS).zip(&heights) {
            for (place, tile) in row.iter().enumerate() {
                let left = MARGIN + (width() + BETWEEN) * place as f64;
                tile.draw(canvas, (left, top), most);
            }
            top += height;
        }
    });
    Some(svg)
}

fn width() -> f64 {
    (WIDTH - 2.0 * MARGIN - BETWEEN * (COLUMNS as f64 - 1.0)) / COLUMNS as f64
}

/// Words for how far an organisation reaches, where it is beyond one area.
pub(super) fn reach(footprint: Footprint) -> &'static str {
    match footprint {
        Footprint::Area => "",
        Footprint::Region => " (region)",
        Footprint::Nation => " (nation)",
    }
}

/// Handoffs a year of one structure by kind.
pub(super) fn by_kind(summary: &Summary, structure: usize) -> [f64; HandoffKind::COUNT] {
    let mut kinds = [0.0; HandoffKind::COUNT];
    for handoffs in &summary.handoffs {
        if let Some(kind) = handoffs.kind.filter(|_| handoffs.structure == structure) {
            kinds[kind.index()] = handoffs.per_year;
        }
    }
    kinds
}

/// `12,300 within an organisation, 4,000 between organisations`, those that are none left out.
pub(super) fn told_kinds(kinds: &[f64; HandoffKind::COUNT]) -> String {
    let there = HandoffKind::ALL.iter().zip(kinds);
    let words: Vec<String> = there
        .filter(|(_, handoffs)| **handoffs >= 0.5)
        .map(|(kind, handoffs)| format!("{} {}", plain(*handoffs, 0), kind.label()))
        .collect();
    if words.is_empty() {
        "no handoffs".to_owned()
    } else {
        words.join(", ")
    }
}

fn tile(summary: &Summary, place: usize, structure: &Structure) -> Tile {
    let inside = width() - 2.0 * INSIDE;
    let name_of = |service: &str| -> String {
        let services = &summary.services;
        let found = services.iter().find(|it| it.id == service);
        // A source that no child is handed to is named among the sources.
        let found = found.or_else(|| summary.sources.iter().find(|it| it.id == service));
        found.map_or_else(|| service.to_owned(), |it| it.name.clone())
    };
    let organisations = structure.organisations.iter().map(|organisation| {
        let services: Vec<String> = organisation
            .runs
            .iter()
            .map(|it| name_of(it.as_str()))
            .collect();
        let name = format!("{}{}", organisation.name, reach(organisation.footprint));
        (
            STRONG.wrap(&name, inside, 2),
            SMALL.wrap(&services.join(", "), inside, SERVICE_LINES),
        )
    });
    let kinds = by_kind(summary, place);
    Tile {
        name: STRONG.wrap(&summary.structures[place].name, width(), 3),
        organisations: organisations.collect(),
        told: SMALL.wrap(&format!("{} a year", told_kinds(&kinds)), width(), 3),
        kinds,
    }
}

fn box_height((name, services): &(Vec<String>, Vec<String>)) -> f64 {
    SMALL.line() * services.len() as f64 + STRONG.line() * name.len() as f64 + 2.0 * INSIDE - 2.0
}

impl Tile {
    fn height(&self) -> f64 {
        let boxes = self.organisations.iter().map(|it| box_height(it) + 5.0);
        STRONG.line() * self.name.len() as f64
            + 6.0
            + boxes.sum::<f64>()
            + BAR
            + 10.0
            + SMALL.line() * self.told.len() as f64
            + 24.0
    }

    fn draw(&self, canvas: &Canvas, (left, top): (f64, f64), most: f64) {
        let mut y = top;
        for line in &self.name {
            let middle = y + STRONG.line() / 2.0;
            canvas.text(line, STRONG, INK, Hang::Left, (left, middle));
            y += STRONG.line();
        }
        y += 6.0;
        for organisation in &self.organisations {
            let bottom = y + box_height(organisation);
            canvas.rectangle((left, y), (left + width(), bottom), palette::ENCLOSURE);
            canvas.frame((left, y), (left + width(), bottom), palette::SEAM[0].0, 1.2);
            let mut line = y + INSIDE - 1.0;
            for (face, ink, words) in [
                (STRONG, palette::SEAM[0].0, &organisation.0),
                (SMALL, INK, &organisation.1),
            ] {
                for words in words {
                    let middle = line + face.line() / 2.0;
                    canvas.text(words, face, ink, Hang::Left, (left + INSIDE, middle));
                    line += face.line();
                }
            }
            y = bottom + 5.0;
        }
        let across = Scale {
            values: (0.0, most),
            pixels: (left, left + width()),
        };
        y += 2.0;
        let mut from = 0.0;
        for (kind, handoffs) in HandoffKind::ALL.iter().zip(&self.kinds) {
            let ends = (across.at(from), across.at((from + handoffs).min(most)));
            let hair = if ends.1 - ends.0 > 3.0 { 1.0 } else { 0.0 };
            let fill = palette::of_kind(*kind);
            canvas.rectangle((ends.0, y), (ends.1 - hair, y + BAR), fill);
            from += handoffs;
        }
        y += BAR + 4.0;
        for words in &self.told {
            let middle = y + SMALL.line() / 2.0;
            canvas.text(words, SMALL, MUTED, Hang::Left, (left, middle));
            y += SMALL.line();
        }
    }
}

fn title(summary: &Summary) -> String {
    let crossing = |place: usize| -> f64 {
        let kinds = by_kind(summary, place);
        kinds[HandoffKind::BetweenOrganisations.index()] + kinds[HandoffKind::BetweenAreas.index()]
    };
    let all: Vec<f64> = (0..summary.structures.len()).map(crossing).collect();
    let low = plain(all.iter().copied().fold(f64::INFINITY, f64::min), 0);
    let high = plain(all.iter().copied().fold(0.0, f64::max), 0);
    match all.len() {
        1 => format!("{high} simulated handoffs a year cross from one organisation to another"),
        _ => format!(
            "{low} to {high} simulated handoffs a year cross from one organisation to another, by structure"
        ),
    }
}

fn description(tiles: &[Tile]) -> String {
    let lines: Vec<String> = tiles
        .iter()
        .map(|tile| {
            let organisations: Vec<String> = tile
                .organisations
                .iter()
                .map(|(name, services)| format!("{} runs {}", name.join(" "), services.join(" ")))
                .collect();
            format!(
                "{}: {}; handoffs a year: {}",
                tile.name.join(" "),
                organisations.join("; "),
                told_kinds(&tile.kinds)
            )
        })
        .collect();
    format!("Structures as boxes of services. {}.", lines.join(". "))
}
