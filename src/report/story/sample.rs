//! Small made-up stories for tests.

use crate::inquiry::story::{
    Came, Crossing, Ending, Entry, EntryKind, NeedTold, Parting, Proportion, Span, State, Story,
    Telling, WARNING,
};

fn entry(day: f64, who: &str, organisation: &str, what: &str, kind: EntryKind) -> Entry {
    Entry {
        day,
        who: who.to_owned(),
        organisation: (!organisation.is_empty()).then(|| organisation.to_owned()),
        needs: vec!["Harm".to_owned()],
        what: what.to_owned(),
        knew: Vec::new(),
        kind,
        handoff: None,
        stage: None,
        is_minor: false,
    }
}

fn span(state: State, service: &str, from: f64, to: f64) -> Span {
    Span {
        need: "Harm".to_owned(),
        state,
        service: (!service.is_empty()).then(|| service.to_owned()),
        organisation: (!service.is_empty()).then(|| format!("Body of {service}")),
        from,
        to,
        handoff: None,
    }
}

/// One child, whose referral is lost under the baseline and arrives under the other structure.
pub(crate) fn story() -> Story {
    let shared = vec![
        entry(
            -40.5,
            "The child",
            "",
            "grew worse in harm",
            EntryKind::Need,
        ),
        Entry {
            knew: vec!["All that Desk could see came to 60% of what it takes to refer.".to_owned()],
            ..entry(
                -12.0,
                "Desk",
                "Body of Desk",
                "noted signs of need",
                EntryKind::Contact,
            )
        },
        entry(
            20.2,
            "Desk",
            "Body of Desk",
            "decided to refer the child",
            EntryKind::Handoff,
        ),
    ];
    let with = |more: Vec<Entry>| [shared.clone(), more].concat();
    let baseline = Telling {
        structure: "apart".to_owned(),
        structure_name: "Apart".to_owned(),
        vesting_day: None,
        entries: with(vec![
            entry(21.0, "The referral", "", "was lost", EntryKind::Loss),
            entry(80.0, "The need", "", "was missed", EntryKind::Missed),
        ]),
        shared: 5,
        spans: vec![
            span(State::Level2, "", -40.5, 80.0),
            span(State::Level3, "", 80.0, 120.0),
            span(State::Preparing, "Desk", 20.2, 21.0),
            span(State::Lost, "", 21.0, 120.0),
        ],
        crossings: vec![Crossing {
            handoff: 1,
            from: "Desk".to_owned(),
            to: "Help".to_owned(),
            sent: 21.0,
            received: None,
        }],
        endings: vec![Ending {
            need: "Harm".to_owned(),
            day: 80.0,
            came: Came::Missed,
            words: "missed; it stood: lost in a handoff".to_owned(),
        }],
        handoffs: 1,
        handoff_days: 0.8,
        unmet_days: 99.8,
    };
    let other = Telling {
        structure: "together".to_owned(),
        structure_name: "Together".to_owned(),
        vesting_day: Some(15.0),
        entries: with(vec![
            entry(21.5, "Desk", "Trust", "sent it", EntryKind::Stage),
            entry(
                23.0,
                "Help",
                "Trust",
                "had it at its front door",
                EntryKind::Stage,
            ),
            Entry {
                is_minor: true,
                ..entry(30.0, "Help", "Trust", "went on helping", EntryKind::Review)
            },
            Entry {
                handoff: Some(1),
                knew: vec!["Handoff 1 took 35.0 days from the decision.".to_owned()],
                ..entry(55.2, "Help", "Trust", "began to help", EntryKind::Help)
            },
        ]),
        shared: 3,
        spans: vec![
            span(State::Level2, "", -40.5, 110.0),
            span(State::Preparing, "Desk", 20.2, 21.5),
            span(State::AtDoor, "Help", 23.0, 25.0),
            span(State::WaitingAssessment, "Help", 25.0, 31.0),
            span(State::Assessment, "Help", 31.0, 40.0),
            span(State::Funding, "Help", 40.0, 44.0),
            span(State::WaitingPlace, "Help", 44.0, 55.2),
            span(State::Helped, "Help", 55.2, 90.0),
            span(State::BetweenWorkers, "Help", 90.0, 100.0),
            span(State::HelpedElsewhere, "Help", 100.0, 120.0),
        ],
        crossings: vec![Crossing {
            handoff: 1,
            from: "Desk".to_owned(),
            to: "Help".to_owned(),
            sent: 21.5,
            received: Some(23.0),
        }],
        endings: vec![Ending {
            need: "Harm".to_owned(),
            day: 55.2,
            came: Came::Helped,
            words: "helped in time, 24 days before it was due".to_owned(),
        }],
        handoffs: 1,
        handoff_days: 35.0,
        unmet_days: 35.0,
    };
    Story {
        warning: WARNING.to_owned(),
        study: "made-up".to_owned(),
        study_name: "A made-up study".to_owned(),
        seed: 7,
        trial: 1,
        child: "place/12".to_owned(),
        pick: "caught-by:together".to_owned(),
        rule: "the only one there is".to_owned(),
        about: Some("Harm".to_owned()),
        area: "A place".to_owned(),
        age: 7.4,
        needs: vec![NeedTold {
            name: "Harm".to_owned(),
            on_decision_day: 2,
            highest: 3,
        }],
        days_observed: 120.0,
        tellings: vec![baseline, other],
        partings: vec![Parting {
            structure: "together".to_owned(),
            day: 21.0,
            baseline: Some("day 21, The referral: was lost".to_owned()),
            other: Some("day 21, Desk: sent it".to_owned()),
            seams: "Here the other structure no longer parts Desk and Help by records.".to_owned(),
        }],
        proportion: vec![
            Proportion {
                structure: Some("together".to_owned()),
                name: "Together".to_owned(),
                only_baseline: 12,
                only_here: 9,
                both: 1_234,
            },
            Proportion {
                structure: None,
                name: "the baseline with one referral held back a week".to_owned(),
                only_baseline: 8,
                only_here: 10,
                both: 1_238,
            },
        ],
    }
}
