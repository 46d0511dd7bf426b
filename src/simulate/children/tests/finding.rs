//! What was lost and who finds it: oversight that sees everything, and lead professionals who do.

use std::collections::BTreeMap;

use super::small::{Small, years_after};
use crate::engine::Instant;
use crate::measures::{Count, Stage};
use crate::scenario::Mechanism;
use crate::simulate::Trial;
use crate::simulate::children::ChildrenTrial;

const DAY: u32 = 86_400;
const LOSSES: [&str; 4] = [
    "handoff.silent_loss=30%",
    "handoff.detected_loss=20%",
    "handoff.chase=exactly 700 days",
    "area.typical-council-2003.moves=30% per year",
];

/// What is lost at a moment: child and need of what nobody knows of, child and leg of what is to be
/// chased.
fn lost(trial: &ChildrenTrial<'_>) -> Vec<(u32, u32, u32)> {
    let strands = trial.stores.strands.numbers().filter_map(|index| {
        let strand = &trial.stores.strands[index];
        strand.lost?;
        Some((strand.slot, strand.need.index() as u32, u32::MAX))
    });
    let handoffs = trial.stores.handoffs.numbers().filter_map(|number| {
        let handoff = &trial.stores.handoffs[number];
        let is_lost = handoff.journey.stage() == Stage::Chasing;
        is_lost.then_some((handoff.slot, number, handoff.ordinal))
    });
    strands.chain(handoffs).collect()
}

/// The longest time, in days, that anything was lost in three years of daily looks.
fn longest_loss(trial: &mut ChildrenTrial<'_>) -> u32 {
    let mut since: BTreeMap<(u32, u32, u32), u32> = BTreeMap::new();
    let mut longest = 0;
    for day in 1..3 * 365 {
        trial.run_until(Instant::at(day * DAY));
        let lost = lost(trial);
        since.retain(|key, _| lost.contains(key));
        for key in lost {
            let first = *since.entry(key).or_insert(day);
            longest = longest.max(day - first);
        }
    }
    longest
}

#[test]
fn oversight_that_sees_and_finds_everything_leaves_nothing_lost_for_longer_than_an_interval() {
    let on = [Mechanism::Oversight, Mechanism::Losses, Mechanism::Moves];
    let longest = |sees: &str| {
        let mut set = LOSSES.to_vec();
        let sees = format!("oversight.board.sees={sees}");
        set.extend([
            "oversight.board.finds=100%",
            "oversight.board.looks_every=30 days",
            // So that what is lost again at once is not taken for lost all along.
            "handoff.preparation=exactly 2 days",
            // Areas look on days of their own: who moves meanwhile can wait for two.
            "area.typical-council-2003.moves=0 per year",
            &sees,
        ]);
        let small = Small::only(&on, r#"["laming"]"#, (2, 1_000, 60_000.0), &set);
        let tape = small.tape(0, 4);
        let mut trial = small.begin(&tape, 1);
        trial.begin_observing();
        let longest = longest_loss(&mut trial);
        let found = trial.finish().0.count(Count::FoundByOversight);
        assert_eq!(found > 100, sees.ends_with("=100%"), "{found} found");
        longest
    };
    // A look is at most one interval off, and a day passes before it is noticed here.
    let seen = longest("100%");
    assert!(seen <= 31, "lost for {seen} days");
    let unseen = longest("0%");
    assert!(unseen > 300, "nothing is lost for long: this shows nothing");
}

#[test]
fn lead_professionals_who_find_everything_leave_nothing_lost_silently() {
    let on = [
        Mechanism::LeadProfessional,
        Mechanism::Losses,
        Mechanism::Moves,
        Mechanism::Overheads,
    ];
    let mut set = LOSSES.to_vec();
    set.extend([
        "lead_professional.finds=100%",
        "lead_professional.after=exactly 5 days",
        "lead_professional.chase=times 0",
    ]);
    let small = Small::only(&on, r#"["led"]"#, (2, 1_000, 60_000.0), &set);
    let tape = small.tape(0, 4);
    let mut led = small.begin(&tape, 1);
    led.begin_observing();
    // Found after five days; what can be chased is chased at once, as the factor says.
    let longest = longest_loss(&mut led);
    assert!(longest <= 5, "lost for {longest} days");
    let tally = led.finish().0;
    let silent = tally.count(Count::SilentLosses);
    let found = tally.count(Count::FoundByLead);
    assert!(silent > 100, "only {silent} are lost");
    // What was lost in the last five days, or moved or grew up meanwhile, is not found.
    assert!(
        found <= silent && found * 10 > silent * 9,
        "{found} of {silent}"
    );
    let mut alone = small.begin(&tape, 0);
    alone.begin_observing();
    let longest = longest_loss(&mut alone);
    assert!(
        longest > 300,
        "nothing is lost for long: this shows nothing"
    );
    assert_eq!(alone.finish().0.count(Count::FoundByLead), 0);
}

/// A case that was lost keeps what was to be done with it.
#[test]
fn what_is_sent_again_is_sent_as_it_was() {
    let on = [Mechanism::Oversight, Mechanism::Losses, Mechanism::Budgets];
    let mut set = LOSSES.to_vec();
    set.extend([
        "oversight.board.sees=100%",
        "oversight.board.finds=100%",
        "oversight.board.looks_every=1 day",
        "need.mental-health.begins=2000 per 10000 per year",
        "need.speech-and-language.begins=2000 per 10000 per year",
        "need.special-educational-needs.begins=2000 per 10000 per year",
    ]);
    let small = Small::only(&on, r#"["laming"]"#, (1, 6_000, 600_000.0), &set);
    let mut seen = 0;
    // Few plans need a panel, and fewer of them are lost: one of these worlds has one.
    for number in 0..12 {
        let tape = small.tape(number, 3);
        let mut trial = small.begin(&tape, 1);
        let mut before: BTreeMap<(u32, u32), bool> = BTreeMap::new();
        while trial.now < years_after(2) && seen == 0 {
            trial.run_until(trial.now.after(DAY / 4));
            for index in trial.stores.strands.numbers() {
                let strand = &trial.stores.strands[index];
                let key = (strand.slot, strand.need.index() as u32);
                if let Some(lost) = strand.lost {
                    before.insert(key, lost.to_be_funded);
                } else if let Some(funded) = before.remove(&key)
                    && let Some(number) = strand.handoff
                    && trial.stores.handoffs[number].has_priority
                    && trial.stores.handoffs[number].reason == super::super::state::Reason::Plan
                {
                    assert_eq!(trial.stores.handoffs[number].to_be_funded, funded);
                    seen += u32::from(funded);
                }
            }
        }
    }
    assert!(seen > 0, "no plan that needs a panel was lost and found");
}
