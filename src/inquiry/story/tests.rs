//! Stories of a small world: what they share, how they are chosen, and that they come out again.

use std::sync::atomic::AtomicBool;

use super::*;
use crate::experiment::Plan;
use crate::inquiry::events;
use crate::scenario::{self, Request};

const STUDY: &str = r#"
[study]
name       = "A small world"
purpose    = "Is a story told as it was?"
parameters = "england-2003"
areas      = [{ area = "typical-council-2003", copies = 2, region = "north" }]
baseline   = "fragmented"
structures = ["local-trust", "national-agency"]
start      = "decision day"
warm_up    = "1 year"
observe    = "3 years"
trials     = 2
seed       = 11
"#;

fn prepared() -> Prepared {
    let request = Request {
        set: vec!["area.typical-council-2003.children=1200".to_owned()],
        ..Request::default()
    };
    let scenario = scenario::load_text("small.toml", STUDY, &request)
        .unwrap_or_else(|problems| panic!("{problems:?}"));
    let stop = AtomicBool::new(false);
    Prepared::new(&scenario, &Plan::default(), &stop).expect("nothing stops it")
}

/// The days of a breakdown: `Handoff 1 took 8.6 days from the decision: 5.5 being prepared, ...`.
fn breakdown(sentence: &str) -> Option<(f64, Vec<f64>)> {
    let (_, rest) = sentence.split_once(" took ")?;
    let (whole, parts) = rest.split_once(" days from the decision: ")?;
    let parts = parts
        .split(", ")
        .filter_map(|it| it.split(' ').next()?.parse().ok());
    Some((whole.parse().ok()?, parts.collect()))
}

#[test]
fn a_picked_child_has_a_story_and_asked_for_by_its_id_the_same_one() {
    let prepared = prepared();
    let stop = AtomicBool::new(false);
    for pick in [Pick::Typical, Pick::Worst] {
        let told = picked(&prepared, pick, &[1, 2], None, &stop).unwrap();
        assert_eq!(told.tellings.len(), 3);
        let again = of_child(&prepared, told.trial, &told.child, &[1, 2], &stop).unwrap();
        assert_eq!(again.tellings, told.tellings);
        assert_eq!(again.partings, told.partings);
        for telling in &told.tellings {
            let days: Vec<f64> = telling.entries.iter().map(|it| it.day).collect();
            assert!(days.windows(2).all(|pair| pair[0] <= pair[1]), "in order");
            // All share what came before decision day.
            let before = telling.entries.iter().filter(|it| it.day < 0.0).count();
            assert!(telling.shared >= before, "{}", telling.structure);
            assert_eq!(
                telling.entries[..before],
                told.tellings[0].entries[..before]
            );
            for span in &telling.spans {
                assert!(span.from < span.to && span.to <= told.days_observed + 1e-9);
            }
            // Unmet need is need.
            let high = telling.spans.iter().filter(|span| {
                matches!(span.state, State::Level2 | State::Level3) && span.to > 0.0
            });
            let in_need: f64 = high.map(|span| span.to - span.from.max(0.0)).sum();
            assert!(
                telling.unmet_days <= in_need + 1e-6,
                "{} days unmet, {in_need} in need",
                telling.unmet_days
            );
        }
        let first = &told.tellings[0];
        let handoff = first
            .entries
            .iter()
            .position(|it| it.kind == EntryKind::Handoff);
        let met = first.entries.iter().position(|it| {
            matches!(
                it.kind,
                EntryKind::Contact | EntryKind::Harm | EntryKind::Help
            )
        });
        assert!(
            handoff.is_none() || met < handoff,
            "somebody met the child first"
        );
        assert_eq!(told.proportion.len(), 3);
        assert!(
            told.proportion[2].structure.is_none(),
            "churn stands beside"
        );
    }
}

#[test]
fn the_stages_of_a_handoff_add_up_to_its_days() {
    let prepared = prepared();
    let stop = AtomicBool::new(false);
    let stories = of_run(&prepared, 1, &stop).unwrap();
    assert!(
        stories.len() >= 2,
        "a typical child and the one with most unmet need"
    );
    let picks: Vec<&str> = stories.iter().map(|it| it.pick.as_str()).collect();
    assert_eq!(picks[..2], ["typical", "worst"]);
    let mut seen = 0;
    for entry in stories
        .iter()
        .flat_map(|story| &story.tellings)
        .flat_map(|telling| &telling.entries)
    {
        for (whole, parts) in entry.knew.iter().filter_map(|it| breakdown(it)) {
            let sum: f64 = parts.iter().sum();
            let rounding = 0.05 * (parts.len() as f64 + 1.0) + 1e-9;
            assert!((sum - whole).abs() <= rounding, "{:?}", entry.knew);
            seen += 1;
        }
    }
    assert!(seen > 0);
    for story in stories {
        if let Some(structure) = story.pick.strip_prefix("caught-by:") {
            assert_eq!(structure, "local-trust");
            let about = story.about.as_ref();
            let came = |telling: &Telling, came: Came| {
                let mut endings = telling.endings.iter();
                endings.any(|it| Some(&it.need) == about && it.came == came)
            };
            assert!(came(&story.tellings[0], Came::Missed));
            assert!(!came(&story.tellings[1], Came::Missed));
        }
    }
}

#[test]
fn a_child_that_there_is_not_is_told_so() {
    let prepared = prepared();
    let stop = AtomicBool::new(false);
    let error = |trial, id| of_child(&prepared, trial, id, &[1], &stop).unwrap_err();
    assert!(matches!(error(1, "nowhere/3"), NoStory::NotAChild { .. }));
    assert!(matches!(
        error(1, "typical-council-2003-1/1200"),
        NoStory::NotAChild { .. }
    ));
    assert!(matches!(
        error(1, "typical-council-2003-1/7-5"),
        NoStory::NotInTrial { .. }
    ));
    assert!(matches!(
        error(3, "typical-council-2003-1/7"),
        NoStory::NoSuchTrial { .. }
    ));
}

#[test]
fn a_log_is_in_order_and_ends_what_it_begins() {
    let prepared = prepared();
    let stop = AtomicBool::new(false);
    let wanted = events::Wanted {
        trials: &[1],
        structures: &[1],
        case_of: events::CaseOf::Handoff,
        with_warm_up: true,
    };
    let mut log = Vec::new();
    events::each(&prepared, &wanted, &stop, |event| log.push(event)).unwrap();
    assert!(log.len() > 1_000);
    for pair in log.windows(2) {
        let is_in_order =
            pair[0].structure != pair[1].structure || pair[0].seconds <= pair[1].seconds;
        assert!(is_in_order);
    }
    let mut begun: std::collections::BTreeMap<&str, u32> = std::collections::BTreeMap::new();
    for event in &log {
        if event.kind == "handoff" {
            begun.insert(&event.case, 0);
        }
        let ends = begun.get_mut(event.case.as_str());
        let ends = ends.unwrap_or_else(|| panic!("{} before it began", event.case));
        *ends += u32::from(event.kind == "end");
    }
    assert!(begun.values().all(|ends| *ends <= 1), "a handoff ends once");
    assert!(begun.values().filter(|ends| **ends == 1).count() * 2 > begun.len());
}
