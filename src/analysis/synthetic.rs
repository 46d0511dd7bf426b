//! Made-up results with known answers, for tests only. Nothing of it reaches a user.

pub(crate) use crate::analysis::noise::Noise;
use crate::experiment::results::{
    CaseTally, Considered, HANDOFF_DAYS, Means, MonthTally, Named, NamedCase, NamedOccasion,
    Offered, Results, Sharing, SharingTally, Tally,
};
use crate::measures::{
    Count, Fate, HandoffEnd, HandoffKind, Outcome, Overhead, Scope, Stage, Standing,
};
use crate::units::Days;

/// A count with this mean, spread by a few percent.
fn count(noise: &mut Noise, mean: f64) -> u64 {
    (mean * (1.0 + 0.04 * noise.normal())).max(0.0).round() as u64
}

const NAMES: [&str; 14] = [
    "Fragmented services of 2002",
    "Local children's trust",
    "National children's agency",
    "Service hub",
    "Children's trust without child protection, which stays with social services",
    "Partnering",
    "Trust and national agency together",
    "Fragmented services of 2002, with shared records and a statutory duty to cooperate",
    "Commissioning trust",
    "Trust for disability alone",
    "Education and social services in one department",
    "Regional authority",
    "Care trust led by health",
    "Local children's trust, then care trust",
];

/// How much less each structure has of what is bad, as a share; the shares are made up.
const EFFECTS: [f64; NAMES.len()] = [
    0.0, 0.06, 0.12, 0.18, 0.0, 0.02, 0.15, 0.21, -0.03, 0.01, 0.08, -0.1, 0.05, 0.07,
];

/// Months observed.
const MONTHS: usize = 60;

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
    42.0 * (1.0 - 1.6 * EFFECTS[structure])
}

/// Share of handoffs that are lost at once.
const LOST: f64 = 0.05;

/// True share of handoffs begun by day 30: not lost, and an exponential delay of less than 30 days.
pub(crate) fn begun_by_30(structure: usize) -> f64 {
    (1.0 - LOST) * (1.0 - (-30.0 / mean_delay(structure)).exp())
}

/// Results of a study of children with up to fourteen structures.
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

/// Results of a network study with up to fourteen structures.
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
    let areas = match scope {
        Scope::Network => vec![named("town", "A town")],
        Scope::Children | Scope::Both => {
            vec![named("town", "A town"), named("county", "A county")]
        }
    };
    let n_trials = trials;
    let n_services = services.len();
    let trials = (0..trials)
        .map(|trial| {
            (0..structures)
                .map(|structure| {
                    let mut tally = Tally::with_areas(
                        sources.len(),
                        services.len(),
                        needs.len(),
                        5,
                        // A network tells no areas apart.
                        if scope == Scope::Children {
                            areas.len()
                        } else {
                            0
                        },
                        MONTHS,
                    );
                    fill(&mut tally, structure, &mut noise);
                    if scope == Scope::Children {
                        fill_missed(&mut tally, needs.len(), structure, &mut noise);
                        fill_needs(&mut tally, structure, &mut noise);
                        fill_areas(&mut tally);
                        tally.discordance = discordance(&mut noise);
                    } else {
                        tally.child_seconds = 0;
                    }
                    fill_months(&mut tally, structure, &mut noise);
                    if scope == Scope::Children {
                        tally.cases = vec![fill_case(structure, trial)];
                    }
                    tally
                })
                .collect()
        })
        .collect();
    Results {
        joint_steps: Vec::new(),
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
        areas,
        cases: match scope {
            Scope::Network => Vec::new(),
            Scope::Children | Scope::Both => vec![case()],
        },
        primary: "known-missed".to_owned(),
        vesting: (0..structures)
            .map(|structure| (structure > 0 && scope == Scope::Children).then_some(Days::YEAR))
            .collect(),
        churn: match scope {
            Scope::Network => Vec::new(),
            Scope::Children | Scope::Both => {
                (0..n_trials).map(|_| discordance(&mut noise)).collect()
            }
        },
        means: match scope {
            Scope::Network => Vec::new(),
            Scope::Children | Scope::Both => (0..structures).map(means).collect(),
        },
        at_posts: Vec::new(),
        considered: considered(structures, n_services),
    }
}

/// A child who is met twice.
fn case() -> NamedCase {
    let occasion = |id: &str, name: &str, day: f64, met_by, failure: &str| NamedOccasion {
        id: id.to_owned(),
        name: name.to_owned(),
        day: Days::try_from(day).unwrap(),
        met_by,
        failure: failure.to_owned(),
    };
    NamedCase {
        id: "met-twice".to_owned(),
        name: "A child met twice".to_owned(),
        need: 0,
        lasts: Days::YEAR,
        occasions: vec![
            occasion("lesson", "A lesson at school", 5.0, 3, "nobody asked"),
            occasion("ward", "A night on a ward", 90.0, 1, ""),
        ],
    }
}

/// Twenty children: all are noted and some are referred on the first occasion, others on the second.
fn fill_case(structure: usize, trial: usize) -> CaseTally {
    let first = 4 + structure as u64 % 3 + trial as u64 % 2;
    let second = 5;
    let mut tally = CaseTally::new(2);
    tally.children = 20;
    tally.reached = [20, 20, 14, 13, 12, 12, first + second];
    tally.seconds_to_help = 86_400 * (first * 40 + second * 130);
    let [lesson, ward] = &mut tally.occasions[..] else {
        unreachable!("the script has two occasions");
    };
    lesson.reached = [20, 20, first + 1, first, first, first, first];
    lesson.fates[Fate::NotEnough.index()] = 19 - first;
    lesson.fates[Fate::Lost.index()] = 1;
    lesson.fates[Fate::Helped.index()] = first;
    lesson.first_help = first;
    lesson.alone = 10;
    lesson.reached_alone = [10, 10, 4, 4, 3, 3, 2];
    ward.reached = [20, 9, second + 1, second, second, second, second];
    ward.fates[Fate::InHand.index()] = first;
    ward.fates[Fate::NotNoted.index()] = 14 - first;
    ward.fates[Fate::Unfinished.index()] = 1;
    ward.fates[Fate::Helped.index()] = second;
    ward.helped_before = first;
    ward.first_help = second;
    ward.alone = 10;
    ward.reached_alone = [10, 5, 5, 5, 5, 5, 4];
    tally
}

/// The same with 10% fewer posts, where structures change places, and with 10% more.
pub(crate) fn with_other_posts(mut results: Results) -> Results {
    let mut scarce = results.clone();
    for trial in &mut scarce.trials {
        if let [first, .., last] = trial.as_mut_slice() {
            std::mem::swap(first, last);
        }
    }
    results.at_posts = vec![(0.9, scarce), (1.1, results.clone())];
    results
}

/// Equal money; the structure at 7 is dearer, and that at 3 cannot keep up.
fn means(structure: usize) -> Means {
    let overseen = 2.0 * structure as f64;
    let mut overheads = [1.5; Overhead::COUNT];
    overheads[Overhead::Oversight.index()] = overseen;
    let load = |load: f64| Some(load);
    Means {
        front_line: vec![160.0 - overseen, 90.0, 60.0],
        overheads,
        pounds_a_year: if structure == 7 {
            9_720_000.0
        } else {
            9_600_000.0
        },
        one_off_pounds: 350_000.0 * structure as f64,
        offered: vec![
            Offered {
                screening: load(0.61),
                assessment: load(if structure == 3 { 1.04 } else { 0.93 }),
                help: load(0.88),
            },
            Offered {
                screening: None,
                assessment: load(0.7),
                help: load(0.97),
            },
            Offered {
                screening: None,
                assessment: None,
                help: load(0.81),
            },
        ],
    }
}

fn discordance(noise: &mut Noise) -> [[u64; Outcome::COUNT]; Outcome::COUNT] {
    [
        [9_000.0, 60.0, 20.0],
        [70.0, 4_000.0, 400.0],
        [25.0, 420.0, 6_000.0],
    ]
    .map(|row| row.map(|mean| count(noise, mean)))
}

/// Places considered for the first service alone and for the first two together; theory knows how
/// many are present at the second.
fn considered(structures: usize, services: usize) -> Considered {
    let mut places = vec![Vec::new(); services];
    places[0] = vec![1, 2];
    let mut mean_present = vec![None; services];
    mean_present[1] = Some(2.0);
    Considered {
        places,
        sharings: vec![Sharing {
            named: named("both", "1 + 2, 1 shared"),
            own: vec![(0, 1), (1, 2)],
            common: 1,
        }],
        mean_present: vec![mean_present; structures],
    }
}

fn fill_present(tally: &mut Tally) {
    for present in &mut tally.present {
        present.seconds = vec![40 * 86_400, 30 * 86_400, 20 * 86_400, 10 * 86_400];
        present.found = vec![400, 300, 200, 100];
    }
    tally.sharings = vec![SharingTally {
        fits_seconds: 80 * 86_400,
        last_taken_seconds: vec![16 * 86_400, 8 * 86_400],
        none_free_seconds: vec![30 * 86_400, 20 * 86_400],
    }];
}

fn fill(tally: &mut Tally, structure: usize, noise: &mut Noise) {
    fill_present(tally);
    let shift = 1.0 - EFFECTS[structure];
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
        (Count::FoundByChasing, 540.0 * shift),
        (Count::FoundByContact, 120.0 * shift),
        (Count::FoundByHarm, 15.0),
        (Count::FoundByLead, 200.0 * EFFECTS[structure].max(0.0)),
        (Count::FoundByOversight, 90.0),
        (Count::Rejected, 1_900.0),
        (Count::SecondAssessments, 2_600.0 * shift),
        (Count::HelpStarts, 11_000.0),
        (Count::WorkerChanges, 3_300.0),
        (Count::Professionals, 101_000.0),
        (Count::JointSteps, 2_400.0),
        (Count::JointStepsCutShort, 310.0 * shift),
        (Count::InitialDue, 21_000.0),
        (Count::CoreDue, 4_100.0),
    ] {
        tally.counts[what.index()] = count(noise, mean);
    }
    for (part, whole, share) in [
        (Count::InitialOnTime, Count::InitialDue, 0.74),
        (Count::CoreOnTime, Count::CoreDue, 0.61),
    ] {
        let on_time = share * tally.count(whole) as f64;
        tally.counts[part.index()] = count(noise, on_time).min(tally.count(whole));
    }
    let days_to_help = 61.0 - 25.0 * EFFECTS[structure] + 0.5 * noise.normal();
    tally.counts[Count::SecondsToHelp.index()] =
        (tally.count(Count::FirstHelps) as f64 * days_to_help * 86_400.0) as u64;
    tally.counts[Count::SecondsInSystem.index()] =
        (tally.count(Count::Finished) as f64 * 2.0 * days_to_help * 86_400.0) as u64;
    tally.events = count(noise, 2_600_000.0);
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
            // It reached a door after a tenth of the time.
            let day = ((seconds / 10 * 9 / 86_400) as usize).min(HANDOFF_DAYS - 1);
            tally.recorded_ends[HandoffEnd::Begun.index() * HANDOFF_DAYS + day] += 1;
        }
    }
    for service in &mut tally.services {
        service.referrals = count(noise, 9_000.0);
        service.rereferrals = service.referrals / 7;
        service.queue_seconds = count(noise, 40.0 * shift) * 5 * 365 * 86_400;
        service.started = count(noise, 2_000.0);
        service.waited_seconds = service.started * 20 * 86_400;
        service.place_seconds = 300 * 5 * 365 * 86_400;
        service.occupied_seconds = count(noise, 270.0) * 5 * 365 * 86_400;
    }
}

fn fill_missed(tally: &mut Tally, needs: usize, structure: usize, noise: &mut Noise) {
    for need in 0..needs {
        for (rank, (standing, per_year)) in CAUSES.iter().enumerate() {
            let change = 1.0 - 0.5 * EFFECTS[structure] * (rank % 3) as f64;
            let cases = count(noise, per_year * 30.0 * change);
            let place = need * Standing::COUNT + standing.index();
            tally.missed_stood[place] = cases;
            tally.missed_seconds[place] = cases * 90 * 86_400;
            tally.counts[Count::KnownMissed.index()] += cases;
        }
    }
    let missed = tally.count(Count::KnownMissed);
    tally.known_missed_by_year = vec![missed / 5; 4];
    tally.known_missed_by_year.push(missed - 4 * (missed / 5));
    tally.counts[Count::CarriedOverMissed.index()] = count(noise, 700.0);
    for (what, mean) in [
        (Count::Harm, 2_000.0),
        (Count::HarmInSeam, 210.0),
        (Count::ClosedInError, 800.0),
        (Count::LeftWithNeed, 950.0),
        (Count::UnknownMissed, 6_000.0),
    ] {
        tally.counts[what.index()] = count(noise, mean * (1.0 - 0.5 * EFFECTS[structure]));
    }
    let days = 150.0 * missed as f64;
    tally.counts[Count::UnmetKnownSeconds.index()] = count(noise, days) * 86_400;
    tally.counts[Count::UnmetUnknownSeconds.index()] = count(noise, 0.6 * days) * 86_400;
}

/// A total in parts in proportion to weights, to the last one.
fn parts(total: u64, weights: &[f64]) -> Vec<u64> {
    let all: f64 = weights.iter().sum();
    let mut sum = 0.0;
    let mut given = 0;
    weights
        .iter()
        .map(|weight| {
            sum += weight;
            let up_to = ((total as f64 * sum / all).round() as u64).min(total);
            let part = up_to - given;
            given = up_to;
            part
        })
        .collect()
}

fn fill_needs(tally: &mut Tally, structure: usize, noise: &mut Noise) {
    let missed: Vec<u64> = tally
        .missed_stood
        .chunks(Standing::COUNT)
        .map(|need| need.iter().sum())
        .collect();
    let weights = [0.4, 0.6];
    let unknown = parts(tally.count(Count::UnknownMissed), &weights);
    let unmet = tally.count(Count::UnmetKnownSeconds) + tally.count(Count::UnmetUnknownSeconds);
    let unmet = parts(unmet, &weights);
    for (place, need) in tally.needs.iter_mut().enumerate() {
        need.known_missed = missed[place];
        need.known_spells = missed[place] * 3 + count(noise, 2_000.0 * place as f64);
        need.unknown_missed = unknown[place];
        need.unmet_seconds = unmet[place];
        let spells = need.known_spells * 2;
        // What is better loses less at each step.
        let kept = 1.0 + 0.2 * EFFECTS[structure] + 0.004 * noise.normal();
        let shares = [1.0, 0.7, 0.5, 0.36, 0.31, 0.29, 0.24_f64];
        for (at, (share, step)) in shares.iter().zip(&mut need.steps).enumerate() {
            *step = (spells as f64 * share * kept.powi(at as i32)) as u64;
        }
    }
    tally.counts[Count::KnownSpells.index()] =
        tally.needs.iter().map(|need| need.known_spells).sum();
    tally.counts[Count::Spells.index()] = tally.needs.iter().map(|need| need.steps[0]).sum();
    tally.overhead_seconds = [50_000 * 3_600; Overhead::COUNT];
}

fn fill_areas(tally: &mut Tally) {
    // The town has half of the children and more of everything else.
    let of = |total: u64, weights: [f64; 2]| parts(total, &weights);
    let child_seconds = of(tally.child_seconds, [0.5, 0.5]);
    let referrals = of(tally.count(Count::Referrals), [0.6, 0.4]);
    let handoffs = of(tally.count(Count::Handoffs), [0.6, 0.4]);
    let missed = of(tally.count(Count::KnownMissed), [0.55, 0.45]);
    let unmet = of(tally.count(Count::UnmetKnownSeconds), [0.55, 0.45]);
    for (place, area) in tally.areas.iter_mut().enumerate() {
        area.child_seconds = child_seconds[place];
        area.referrals = referrals[place];
        area.handoffs = handoffs[place];
        area.begun_in_30 = handoffs[place] * 11 / 20;
        area.known_missed = missed[place];
        area.unmet_known_seconds = unmet[place];
    }
}

/// A new structure is worse for ten months after it takes effect and steady then.
fn fill_months(tally: &mut Tally, structure: usize, noise: &mut Noise) {
    let steady: Vec<f64> = (0..MONTHS).map(|_| 1.0 + 0.05 * noise.normal()).collect();
    let dipped: Vec<f64> = steady
        .iter()
        .enumerate()
        .map(|(month, weight)| {
            let is_dip = structure > 0 && (12..22).contains(&month);
            weight * if is_dip { 1.25 } else { 1.0 }
        })
        .collect();
    let counts = tally.counts;
    let of = |what: Count, weights: &[f64]| parts(counts[what.index()], weights);
    let losses = counts[Count::SilentLosses.index()] + counts[Count::DetectedLosses.index()];
    let referrals = of(Count::Referrals, &steady);
    let handoffs = of(Count::Handoffs, &steady);
    let losses = parts(losses, &dipped);
    let known = of(Count::KnownMissed, &dipped);
    let unknown = of(Count::UnknownMissed, &dipped);
    let harm = of(Count::Harm, &steady);
    let starts = of(Count::HelpStarts, &steady);
    let unmet = of(Count::UnmetKnownSeconds, &dipped);
    for (place, month) in tally.months.iter_mut().enumerate() {
        *month = MonthTally {
            referrals: referrals[place],
            handoffs: handoffs[place],
            begun_in_30: (begun_by_30(structure) * handoffs[place] as f64) as u64,
            losses: losses[place],
            known_missed: known[place],
            unknown_missed: unknown[place],
            harm: harm[place],
            help_starts: starts[place],
            unmet_known_seconds: unmet[place],
        };
    }
    for (place, month) in tally.service_months.iter_mut().enumerate() {
        month.occupied_seconds = (220 + 10 * (place as u64 % 3)) * 2_629_800;
        month.place_seconds = 300 * 2_629_800;
        month.queue_seconds = 40 * 2_629_800;
    }
}
