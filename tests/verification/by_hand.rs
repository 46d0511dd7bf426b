//! Cases without any luck, worked out on paper.

use crate::studies::{Study, at, baseline};
use seamline::measures::{Count, HandoffEnd, HandoffKind, Stage};

const DAY: u64 = 86_400;

/// A case comes on every second day from day 2; one place; a stay lasts three days. Within twelve
/// days cases come on days 2, 4, 6, 8 and 10. Stays begin on days 2, 5, 8 and 11: waits of 0, 1, 2
/// and 3 days, and the case of day 10 still waits. The case of day 8 comes at the moment at which
/// a place is freed, and finds it taken by the one that waited.
#[test]
fn a_busy_desk_does_what_paper_says() {
    let results = Study::from_the_start(12, 2)
        .arrivals("case", "desk", "exactly 2 days")
        .last_service("desk", "1", "exactly 3 days")
        .run();
    for tally in baseline(&results) {
        let desk = at(&results, tally, "desk");
        assert_eq!(tally.count(Count::Arrivals), 5);
        assert_eq!(tally.count(Count::Finished), 3);
        assert_eq!(tally.count(Count::SecondsInSystem), (3 + 4 + 5) * DAY);
        assert_eq!((desk.joined, desk.started, desk.ended), (5, 4, 3));
        assert_eq!((desk.waited, desk.stock), (3, 1));
        assert_eq!(desk.waited_seconds, (1 + 2 + 3) * DAY);
        assert_eq!(desk.queue_seconds, (1 + 2 + 3 + 2) * DAY);
        assert_eq!(desk.occupied_seconds, 10 * DAY);
        assert_eq!(desk.place_seconds, 12 * DAY);
        assert_eq!(tally.events, 5 + 3);
    }
}

/// A place that is freed at the very second at which a case comes is there for it.
#[test]
fn a_place_freed_in_the_same_second_is_free() {
    let results = Study::from_the_start(20, 2)
        .arrivals("case", "desk", "exactly 3 days")
        .last_service("desk", "1", "exactly 3 days")
        .run();
    for tally in baseline(&results) {
        let desk = at(&results, tally, "desk");
        assert_eq!((desk.started, desk.waited, desk.queue_seconds), (6, 0, 0));
        assert_eq!(desk.occupied_seconds, 17 * DAY);
    }
}

/// Cases come on days 3, 6, 9 and so on, stay a day, take two days to be prepared and one on the
/// way, and reach a desk with one place and stays of five days on days 7, 10, 13 and 16. Stays
/// begin on days 7, 12 and 17, so three of the handoffs take 3, 5 and 7 days; the case that comes
/// on day 16 waits to the end on day 20, and that of day 15 arrives on day 19.
#[test]
fn the_stages_of_handoffs_are_what_paper_says() {
    let results = Study::from_the_start(20, 2)
        .arrivals("case", "intake", "exactly 3 days")
        .service(
            "intake",
            "unlimited",
            "stay = \"exactly 1 days\"\nthen = { desk = \"100%\" }",
        )
        .last_service("desk", "1", "exactly 5 days")
        .table("[handoff]\npreparation = \"2 days\"\ntransit = \"1 days\"")
        .run();
    for tally in baseline(&results) {
        let (desk, intake) = (0, 1);
        assert_eq!(results.services[desk].id, "desk");
        // Days 4, 7, 10, 13, 16 and 19.
        assert_eq!(tally.count(Count::Handoffs), 6);
        let pair = tally.pair(HandoffKind::Internal, intake, desk);
        assert_eq!((pair.started, pair.begun, pair.lost), (6, 3, 0));
        assert_eq!(pair.delay_seconds, (3 + 5 + 7) * DAY);
        let stage = |stage: Stage| pair.stage_seconds[stage.index()];
        assert_eq!(stage(Stage::Preparation), 3 * 2 * DAY);
        assert_eq!(stage(Stage::Transit), 3 * DAY);
        assert_eq!(stage(Stage::Place), (2 + 4) * DAY);
        let ends = |end| tally.ends_by_day(HandoffKind::Internal, end);
        let begun = ends(HandoffEnd::Begun);
        assert_eq!((begun[3], begun[5], begun[7]), (1, 1, 1));
        // Decided on days 13, 16 and 19, and not begun by day 20.
        let unfinished = ends(HandoffEnd::Unfinished);
        assert_eq!((unfinished[7], unfinished[4], unfinished[1]), (1, 1, 1));
        // The first two stays at the desk end on days 12 and 17.
        assert_eq!(tally.count(Count::Finished), 2);
        assert_eq!(tally.count(Count::SecondsInSystem), (9 + 11) * DAY);
        assert_eq!(at(&results, tally, "desk").stock, 1);
    }
}

/// Patience of two days at a desk whose stays last ten: every second day a case comes; the first
/// one is served from day 2 to day 12, and those of days 4, 6 and 8 leave two days after they came.
/// The case of day 10 is due to leave on day 12, at the second at which the place is freed: the
/// place goes to it.
#[test]
fn whoever_is_called_in_the_last_second_stays() {
    let results = Study::from_the_start(13, 2)
        .arrivals("case", "desk", "exactly 2 days")
        .service(
            "desk",
            "1",
            "stay = \"exactly 10 days\"\ngives_up = \"exactly 2 days\"\n\
             then = { closed = \"100%\" }",
        )
        .run();
    for tally in baseline(&results) {
        let desk = at(&results, tally, "desk");
        assert_eq!((desk.joined, desk.started, desk.gave_up), (6, 2, 3));
        assert_eq!((desk.waited, desk.waited_seconds), (1, 2 * DAY));
        assert_eq!(desk.queue_seconds, (4 * 2 + 1) * DAY);
    }
}
