//! Services with a limited waiting room, worked by hand to the second.

use std::sync::atomic::AtomicBool;

use seamline::experiment::results::Tally;
use seamline::experiment::{self, Plan};
use seamline::measures::{Count, HandoffEnd, HandoffKind};
use seamline::scenario::{Request, load_text};

const DAY: u64 = 86_400;

/// Cases come on days 2, 4, 6 and so on until day 20 to a desk with one place, where each stays five
/// days; the first tally of a run of it. `more` is the rest of the desk's table, `tables` what follows.
fn tally(more: &str, tables: &str, runs: &str) -> Tally {
    let text = format!(
        "[study]\nname = \"A desk\"\npurpose = \"Who is turned away?\"\nbaseline = \"one\"\n\
         structures = []\nstart = \"established\"\nwarm_up = \"0 days\"\nobserve = \"21 days\"\n\
         trials = 2\nseed = 1\n[arrivals]\ncase = {{ to = \"desk\", every = \"exactly 2 days\" }}\n\
         [service.desk]\nplaces = 1\nstay = \"exactly 5 days\"\nthen = {{ closed = \"100%\" }}\n\
         {more}\n{tables}\n[structure.one.organisation]\n\
         all = {{ footprint = \"area\", runs = [{runs}] }}\n"
    );
    let scenario = load_text("desk", &text, &Request::default()).unwrap();
    let never = AtomicBool::new(false);
    let results = experiment::run(&scenario, &Plan::default(), &|_| {}, &never).unwrap();
    results.trials[0][0].clone()
}

/// Served from day 2, 8, 14 and 20; those of days 4, 6, 10, 12, 16 and 18 find the place taken.
#[test]
fn where_nobody_can_wait_whoever_finds_no_place_is_turned_away() {
    let tally = tally("waiting_room = 0", "", "\"desk\"");
    let desk = &tally.services[0];
    assert_eq!((desk.joined, desk.started, desk.turned_away), (4, 4, 6));
    assert_eq!((desk.waited, desk.queue_seconds), (0, 0));
    assert_eq!(tally.count(Count::TurnedAway), 6);
    // Empty for the first two days and between the stays that end on days 7, 13 and 19.
    let present = &tally.present[0];
    assert_eq!(present.seconds, [5 * DAY, 16 * DAY]);
    assert_eq!(present.found, [4, 6]);
}

/// With room for one: served from day 2, 7, 12 and 17. The case of day 4 waits until 7, that of 6
/// finds the room full; that of 8 waits until 12, that of 10 is turned away, and that of day 12 comes
/// as a place is freed and taken by who waited, and waits until 17; those of 14 and 16 are turned
/// away, that of 18 waits, that of 20 is turned away.
#[test]
fn a_full_waiting_room_turns_away_and_a_freed_place_goes_to_who_waits() {
    let tally = tally("waiting_room = 1", "", "\"desk\"");
    let desk = &tally.services[0];
    assert_eq!((desk.joined, desk.started, desk.turned_away), (5, 4, 5));
    assert_eq!((desk.waited, desk.waited_seconds), (3, (3 + 4 + 5) * DAY));
    let present = &tally.present[0];
    assert_eq!(present.seconds.iter().sum::<u64>(), 21 * DAY);
    assert_eq!(
        present.seconds[2] * 2 + present.seconds[1],
        desk.queue_seconds + desk.occupied_seconds
    );
    assert_eq!(
        present.found.iter().sum::<u64>(),
        desk.joined + desk.turned_away
    );
    assert_eq!(present.found[2], desk.turned_away);
}

/// Whoever is turned away goes on to a second service with room for all, by a handoff that takes two
/// days and is one of its own.
#[test]
fn whoever_is_turned_away_can_go_on_to_another_service() {
    let second = "[service.second]\nplaces = \"unlimited\"\nstay = \"exactly 1 days\"\n\
        then = { closed = \"100%\" }\n[handoff]\ntransit = \"2 days\"\n";
    let tally = tally(
        "waiting_room = 0\nturned_away = \"second\"",
        second,
        "\"desk\", \"second\"",
    );
    assert_eq!(tally.services[0].turned_away, 6);
    assert_eq!(tally.count(Count::TurnedAway), 0, "none was closed");
    assert_eq!(tally.count(Count::Handoffs), 6);
    let pair = tally.pair(HandoffKind::Internal, 0, 1);
    assert_eq!((pair.started, pair.begun), (6, 6));
    assert_eq!(pair.delay_seconds, 6 * 2 * DAY);
    // Turned away on days 4 to 18, there two days later for one day each: the last is there when the study ends.
    assert_eq!((tally.services[1].started, tally.services[1].ended), (6, 5));
    assert_eq!(tally.present[1].seconds, [15 * DAY, 6 * DAY]);
}

/// The second service is the full one: handoffs to it end as turned away.
#[test]
fn a_handoff_to_a_full_service_ends_there() {
    let text = "[service.second]\nplaces = 1\nwaiting_room = 0\nstay = \"exactly 30 days\"\n\
        then = { closed = \"100%\" }\n";
    let tally = tally(
        "waiting_room = 0\nturned_away = \"second\"",
        text,
        "\"desk\", \"second\"",
    );
    let rejected: u32 = tally
        .ends_by_day(HandoffKind::Internal, HandoffEnd::Rejected)
        .iter()
        .sum();
    assert_eq!((tally.services[1].joined, rejected), (1, 5));
    assert_eq!(tally.pair(HandoffKind::Internal, 0, 1).rejected, 5);
    assert_eq!(tally.count(Count::TurnedAway), 5);
}
