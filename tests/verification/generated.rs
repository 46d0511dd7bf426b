//! Laws that hold in any network, tried on networks that nobody thought of.

use proptest::prelude::*;

use crate::laws::{check_tally, told_by_id};
use crate::studies::Study;

/// Laws of stays, all above zero so that no loop takes no time.
const STAYS: &[&str] = &[
    "exactly 1 days",
    "exponential, mean 2 days",
    "lognormal, median 1 days, spread 1.2",
    "gamma, mean 3 days, sd 4 days",
    "weibull, shape 0.7, scale 2 days",
];

/// Laws of patience and of the stages of a handoff; none, or no time, among them.
const PAUSES: &[&str] = &[
    "exactly 0 days",
    "exactly 2 days",
    "exponential, mean 3 days",
    "lognormal, median 4 days, spread 0.8",
];

#[derive(Debug, Clone)]
struct Service {
    /// 0 is unlimited.
    places: u32,
    stay: usize,
    patience: Option<usize>,
    ranked: bool,
    closed_percent: u32,
    /// Where the others go, the first of them with this share of the rest.
    next: (prop::sample::Index, prop::sample::Index),
    first_percent: u32,
}

#[derive(Debug, Clone)]
struct Passing {
    preparation: usize,
    transit: usize,
    chase: usize,
    silent_percent: u32,
    detected_percent: u32,
    same_organisation: f64,
}

#[derive(Debug, Clone)]
struct Plan {
    services: Vec<Service>,
    /// Where each kind goes after the door, and the mean days between two.
    kinds: Vec<(prop::sample::Index, f64)>,
    passing: Option<Passing>,
    /// Which of two organisations runs each service.
    second: Vec<bool>,
}

fn service() -> impl Strategy<Value = Service> {
    (
        0u32..4,
        0..STAYS.len(),
        prop::option::of(0..PAUSES.len()),
        any::<bool>(),
        10u32..=100,
        any::<(prop::sample::Index, prop::sample::Index)>(),
        0u32..=100,
    )
        .prop_map(
            |(places, stay, patience, ranked, closed_percent, next, first_percent)| Service {
                places,
                stay,
                patience,
                ranked,
                closed_percent,
                next,
                first_percent,
            },
        )
}

fn passing() -> impl Strategy<Value = Passing> {
    (
        0..PAUSES.len(),
        0..PAUSES.len(),
        // A chase of no time would be tried again at once, which is allowed and dull.
        1..PAUSES.len(),
        0u32..30,
        0u32..30,
        prop::sample::select(vec![0.0, 0.4, 1.0]),
    )
        .prop_map(
            |(preparation, transit, chase, silent_percent, detected_percent, same_organisation)| {
                Passing {
                    preparation,
                    transit,
                    chase,
                    silent_percent,
                    detected_percent,
                    same_organisation,
                }
            },
        )
}

fn plan() -> impl Strategy<Value = Plan> {
    (
        prop::collection::vec((service(), any::<bool>()), 1..6),
        prop::collection::vec((any::<prop::sample::Index>(), 0.2f64..3.0), 1..4),
        prop::option::of(passing()),
    )
        .prop_map(|(services, kinds, passing)| {
            let (services, second) = services.into_iter().unzip();
            Plan {
                services,
                kinds,
                passing,
                second,
            }
        })
}

/// What the tables of a study say that must not matter.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Trim {
    Plain,
    OtherNames,
    UnusedService,
}

impl Plan {
    /// The study: all cases come in by a door with room for all, so that whoever waits at the end
    /// waits in a handoff and is counted there.
    fn study(&self, trim: Trim) -> Study {
        let ids: Vec<String> = (0..self.services.len()).map(|n| format!("s{n}")).collect();
        let kinds: Vec<String> = (0..self.kinds.len()).map(|n| format!("k{n}")).collect();
        let name = |id: &str| match trim {
            Trim::OtherNames => format!("name = \"Renamed {id}\"\n"),
            _ => String::new(),
        };
        let mut study = Study::from_the_start(120, 2);
        let mut ways = Vec::new();
        for (kind, (first, mean)) in kinds.iter().zip(&self.kinds) {
            study = study.arrivals(kind, "door", &format!("exponential, mean {mean} days"));
            let first = &ids[first.index(ids.len())];
            ways.push(format!(
                "{{ kind = \"{kind}\", then = \"{first}\", share = \"100%\", \
                 stay = \"exponential, mean 0.5 days\" }}"
            ));
        }
        let door = format!("{}route = [{}]", name("door"), ways.join(", "));
        study = study.service("door", "unlimited", &door);
        for (id, service) in ids.iter().zip(&self.services) {
            study = study.service(
                id,
                &service.places_text(),
                &(name(id) + &service.rest(&ids, &kinds)),
            );
        }
        if let Some(passing) = &self.passing {
            study = study.table(&passing.table());
        }
        let unused = (trim == Trim::UnusedService).then_some("aa-unused");
        if let Some(unused) = unused {
            study = study.last_service(unused, "1", "exactly 1 days");
        }
        let of = |second: bool| {
            let runs = ids
                .iter()
                .zip(&self.second)
                .filter(move |(_, it)| **it == second);
            runs.map(|(id, _)| id.as_str())
        };
        let first: Vec<&str> = of(false).chain(["door"]).chain(unused).collect();
        let second: Vec<&str> = of(true).collect();
        let apart: Vec<&[&str]> = match second.is_empty() {
            true => vec![&first],
            false => vec![&first, &second],
        };
        let all = [first.as_slice(), second.as_slice()].concat();
        study
            .structure("apart", &apart)
            .structure("together", &[&all])
            .structure("twin", &apart)
    }
}

impl Service {
    fn places_text(&self) -> String {
        match self.places {
            0 => "unlimited".to_owned(),
            places => places.to_string(),
        }
    }

    fn rest(&self, ids: &[String], kinds: &[String]) -> String {
        let mut text = format!("stay = \"{}\"\n", STAYS[self.stay]);
        if let Some(patience) = self.patience {
            text += &format!("gives_up = \"{}\"\n", PAUSES[patience]);
        }
        if self.ranked {
            // Those not listed come last, with one another.
            text += &format!("priority = [\"{}\"]\n", kinds[kinds.len() - 1]);
        }
        let rest = 100 - self.closed_percent;
        let first = rest * self.first_percent / 100;
        let (one, other) = (self.next.0.index(ids.len()), self.next.1.index(ids.len()));
        let ways = if one == other {
            format!("{} = \"{rest}%\"", ids[one])
        } else {
            format!(
                "{} = \"{first}%\", {} = \"{}%\"",
                ids[one],
                ids[other],
                rest - first
            )
        };
        text + &format!("then = {{ closed = \"{}%\", {ways} }}", self.closed_percent)
    }
}

impl Passing {
    fn table(&self) -> String {
        format!(
            "[handoff]\npreparation = \"{}\"\ntransit = \"{}\"\nchase = \"{}\"\n\
             silent_loss = \"{}%\"\ndetected_loss = \"{}%\"\n[closeness]\n\
             same_organisation = {}\nbetween_organisations = 1\nbetween_areas = 1",
            PAUSES[self.preparation],
            PAUSES[self.transit],
            PAUSES[self.chase],
            self.silent_percent,
            self.detected_percent,
            self.same_organisation,
        )
    }
}

proptest! {
    #![proptest_config(ProptestConfig {
        cases: std::env::var("PROPTEST_CASES").map_or(96, |cases| cases.parse().unwrap()),
        failure_persistence: None,
        ..ProptestConfig::default()
    })]

    #[test]
    fn any_network_keeps_the_laws(plan in plan()) {
        let study = plan.study(Trim::Plain);
        let results = study.run_on(Some(1));
        prop_assert_eq!(&results.trials, &study.run_on(Some(2)).trials, "threads matter");
        for trial in &results.trials {
            for tally in trial {
                check_tally(tally);
            }
            prop_assert_eq!(&trial[0], &trial[2], "a name of a structure matters");
            if plan.passing.as_ref().is_none_or(|it| it.same_organisation == 1.0) {
                prop_assert_eq!(&trial[0].counts, &trial[1].counts, "neutral closeness matters");
            }
        }
        let told = told_by_id(&results);
        for (other, what) in [
            (study.reversed(), "the order of tables matters"),
            (plan.study(Trim::OtherNames), "display names matter"),
            (plan.study(Trim::UnusedService), "a service without cases matters"),
        ] {
            prop_assert_eq!(&told, &told_by_id(&other.run_on(Some(1))), "{}", what);
        }
    }
}
