//! Cases that give up waiting, against Erlang A.

use crate::estimate::Estimate;
use crate::studies::{Design, Study, at, baseline, exponential, in_units};
use crate::theory;
use seamline::measures::Count;

#[track_caller]
fn check_erlang_a(places: u32, rate: f64, patience_rate: f64, design: Design) {
    let stay = exponential(1.0);
    let patience = exponential(1.0 / patience_rate);
    let desk =
        format!("stay = \"{stay}\"\ngives_up = \"{patience}\"\nthen = {{ closed = \"100%\" }}");
    let results = Study::new(design)
        .arrivals("case", "desk", &exponential(1.0 / rate))
        .service("desk", &places.to_string(), &desk)
        .run();
    let desks = || baseline(&results).map(|tally| at(&results, tally, "desk"));
    let expected = theory::erlang_a(places, rate, patience_rate);
    let name = format!("Erlang A, {places} places, rate {rate}");
    Estimate::ratio(desks().map(|desk| (desk.gave_up as f64, desk.joined as f64))).agrees_with(
        expected.give_up,
        0.01,
        &format!("share that gives up, {name}"),
    );
    Estimate::ratio(desks().map(|desk| (in_units(desk.queue_seconds), desk.joined as f64)))
        .agrees_with(
            expected.wait,
            0.01,
            &format!("mean time in the list, {name}"),
        );
    // Whoever gave up had waited, so only those served at once did not.
    Estimate::ratio(desks().map(|desk| {
        let at_once = desk.started - desk.waited;
        ((desk.joined - at_once) as f64, desk.joined as f64)
    }))
    .agrees_with(expected.waits, 0.01, &format!("share that waits, {name}"));
    for tally in baseline(&results) {
        let desk = at(&results, tally, "desk");
        assert_eq!(tally.count(Count::GaveUp), desk.gave_up);
    }
}

#[test]
fn impatient_cases_give_up_as_erlang_a_says() {
    let design = Design {
        warm_up: 500.0,
        observe: 6_000.0,
        trials: 64,
    };
    for rate in [9.0, 10.0, 11.0] {
        check_erlang_a(10, rate, 0.5, design);
    }
    check_erlang_a(1, 1.0, 0.25, design);
}
