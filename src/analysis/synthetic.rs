//! Made-up results with known answers, for tests only. Nothing of it reaches a user.

use crate::experiment::results::{Named, Results, Tally};
use crate::measures::{Count, HandoffEnd, HandoffKind, Scope, Stage, Standing};
use crate::units::Days;

/// A small generator for tests: SplitMix64 (Steele, Lea and Flood 2014).
pub(crate) struct Noise(u64);

impl Noise {
    pub(crate) fn new(seed: u64) -> Self {
        Self(seed)
    }

    /// Uniform on the open interval from 0 to 1.
    pub(crate) fn uniform(&mut self) -> f64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut word = self.0;
        word = (word ^ (word >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        word = (word ^ (word >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        word ^= word >> 31;
        ((word >> 11) as f64 + 0.5) / (1_u64 << 53) as f64
    }

    pub(crate) fn exponential(&mut self) -> f64 {
        -self.uniform().ln()
    }

    pub(crate) fn normal(&mut self) -> f64 {
        (2.0 * self.exponential()).sqrt() * (std::f64::consts::TAU * self.uniform()).cos()
    }

    /// A count with this mean, spread by a few percent.
    fn count(&mut self, mean: f64) -> u64 {
        (mean * (1.0 + 0.04 * self.normal())).max(0.0).round() as u64
    }
}

const NAMES: [&str; 8] = [
    "Fragmented services of 2002",
    "Local children's trust",
    "National children's agency",
    "Service hub",
    "Children's trust without child protection, which stays with social services",
    "Partnering",
    "Trust and national agency together",
    "Fragmented services of 2002, with shared records and a statutory duty to cooperate",
];

const CAUSES: [(Standing, f64); 9] = [
    (Standing::Noted, 30.0),
    (Standing::WaitingPlace, 62.0),
    (Standing::WaitingAssessment, 21.0),
    (Standing::FrontDoor, 9.0),
    (Standing::Rejected, 17.0),
    (Standing::Closed, 26.0),
    (Standing::LostInHandoff, 8.0),
    (Standing::WaitingInformation, 4.0),
    (Standing::InTransit, 3.0),
];

fn named(id: &str, name: &str) -> Named {
    Named {
        id: id.to_owned(),
        name: name.to_owned(),
    }
}

/// Mean delay of a handoff that is not lost, in days, by structure.
fn mean_delay(structure: usize) -> f64 {
    42.0 - 4.0 * structure as f64
}

/// Share of handoffs that are lost at once.
const LOST: f64 = 0.05;

/// True share of handoffs begun by day 30: not lost, and an exponential delay of less than 30 days.
pub(crate) fn begun_by_30(structure: usize) -> f64 {
    (1.0 - LOST) * (1.0 - (-30.0 / mean_delay(structure)).exp())
}

/// Results of a study of children with up to eight structures.
pub(crate) fn children(structures: usize, trials: usize, seed: u64) -> Results {
    let needs = vec![
        named("protection", "Protection"),
        named("sen", "Special needs"),
    ];
    let services = vec![
        named("social-care", "Children's social care"),
        named("camhs", "Mental health"),
        named("family-support", "Family support"),
    ];
    let mut sources = services.clone();
    sources.push(named("school", "School"));
    results(
        Scope::Children,
        (services, sources, needs),
        structures,
        trials,
        seed,
    )
}

/// Results of a network study with up to eight structures.
pub(crate) fn network(structures: usize, trials: usize, seed: u64) -> Results {
    let services = vec![
        named("duty", "Duty desk"),
        named("assessment", "Assessment"),
    ];
    let sources = services.clone();
    results(
        Scope::Network,
        (services, sources, Vec::new()),
        structures,
        trials,
        seed,
    )
}

fn results(
    scope: Scope,
    (services, sources, needs): (Vec<Named>, Vec<Named>, Vec<Named>),
    structures: usize,
    trials: usize,
    seed: u64,
) -> Results {
    let mut noise = Noise::new(seed);
    let trials = (0..trials)
        .map(|_| {
            (0..structures)
                .map(|structure| {
                    let mut tally = Tally::new(sources.len(), services.len(), needs.len(), 5);
                    fill(&mut tally, structure, &mut noise);
                    if scope == Scope::Children {
                        fill_missed(&mut tally, needs.len(), structure, &mut noise);
                    }
                    tally
                })
                .collect()
        })
        .collect();
    Results {
        scope,
        structures: NAMES[..structures]
            .iter()
            .enumerate()
            .map(|(place, name)| named(&format!("structure-{place}"), name))
            .collect(),
        services,
        sources,
        needs,
        children: if scope == Scope::Children { 240_000 } else { 0 },
        observed: Days::try_from(5.0 * 365.25).unwrap(),
        warm_up: Days::try_from(2.0 * 365.25).unwrap(),
        trials,
        areas: Vec::new(),
        primary: "known-missed".to_owned(),
        vesting: vec![None; structures],
        churn: Vec::new(),
        means: Vec::new(),
        at_posts: Vec::new(),
    }
}

fn fill(tally: &mut Tally, structure: usize, noise: &mut Noise) {
    let shift = 1.0 - 0.06 * structure as f64;
    for (what, mean) in [
        (Count::NotedContacts, 280_000.0),
        (Count::Referrals, 60_000.0),
        (Count::Rereferrals, 13_000.0),
        (Count::Accepted, 38_000.0),
        (Count::Handoffs, 24_000.0 * shift),
        (Count::Bounces, 3_100.0 * shift),
        (Count::SilentLosses, 900.0 * shift),
        (Count::DetectedLosses, 600.0 * shift),
        (Count::FirstHelps, 9_000.0),
        (Count::Arrivals, 14_000.0),
        (Count::Finished, 12_500.0),
        (Count::GaveUp, 420.0 * shift),
    ] {
        tally.counts[what.index()] = noise.count(mean);
    }
    let days_to_help = 61.0 - 1.5 * structure as f64 + 0.5 * noise.normal();
    tally.counts[Count::SecondsToHelp.index()] =
        (tally.count(Count::FirstHelps) as f64 * days_to_help * 86_400.0) as u64;
    tally.counts[Count::SecondsInSystem.index()] =
        (tally.count(Count::Finished) as f64 * 2.0 * days_to_help * 86_400.0) as u64;
    tally.events = noise.count(2_600_000.0);
    tally.child_seconds = (240_000.0 * 5.0 * 365.25 * 86_400.0) as u64;

    let sources = tally.pairs.len() / (HandoffKind::COUNT * tally.services.len());
    for _ in 0..1_200 {
        let kind = HandoffKind::ALL[(noise.uniform() * 3.0) as usize];
        let from = (noise.uniform() * sources as f64) as usize;
        let to = (noise.uniform() * tally.services.len() as f64) as usize;
        let lost = noise.uniform() < LOST;
        let seconds = (mean_delay(structure) * noise.exponential() * 86_400.0) as u32;
        let place = (kind.index() * sources + from) * tally.services.len() + to;
        let pair = &mut tally.pairs[place];
        pair.started += 1;
        if lost {
            pair.lost += 1;
            tally.end_handoff(kind, HandoffEnd::Lost, 0);
        } else {
            pair.begun += 1;
            pair.delay_seconds += u64::from(seconds);
            pair.stage_seconds[Stage::Place.index()] += u64::from(seconds / 2);
            pair.stage_seconds[Stage::Transit.index()] += u64::from(seconds - seconds / 2);
            tally.end_handoff(kind, HandoffEnd::Begun, seconds);
        }
    }
    for service in &mut tally.services {
        service.referrals = noise.count(9_000.0);
        service.started = noise.count(2_000.0);
        service.waited_seconds = service.started * 20 * 86_400;
        service.place_seconds = 300 * 5 * 365 * 86_400;
        service.occupied_seconds = noise.count(270.0) * 5 * 365 * 86_400;
    }
}

fn fill_missed(tally: &mut Tally, needs: usize, structure: usize, noise: &mut Noise) {
    for need in 0..needs {
        for (rank, (standing, per_year)) in CAUSES.iter().enumerate() {
            let change = 1.0 - 0.03 * (structure * (rank % 3)) as f64;
            let cases = noise.count(per_year * 30.0 * change);
            let place = need * Standing::COUNT + standing.index();
            tally.missed_stood[place] = cases;
            tally.missed_seconds[place] = cases * 90 * 86_400;
            tally.counts[Count::KnownMissed.index()] += cases;
        }
    }
    let missed = tally.count(Count::KnownMissed);
    tally.known_missed_by_year = vec![missed / 5; 4];
    tally.known_missed_by_year.push(missed - 4 * (missed / 5));
}
