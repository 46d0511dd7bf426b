//! Several services: rows, and networks with cases that come back.

use crate::estimate::Estimate;
use crate::studies::{
    Design, Study, at, baseline, exponential, in_units, number_of, observed_units,
};
use crate::theory;
use seamline::experiment::results::Results;
use seamline::measures::{Count, HandoffKind};

fn time_to_the_end(results: &Results) -> Estimate {
    Estimate::ratio(baseline(results).map(|tally| {
        let seconds = tally.count(Count::SecondsInSystem);
        (in_units(seconds), tally.count(Count::Finished) as f64)
    }))
}

#[test]
fn three_services_in_a_row_take_six_stays() {
    let stay = exponential(1.0);
    let on = |to: &str| format!("stay = \"{stay}\"\nthen = {{ {to} = \"100%\" }}");
    let results = Study::new(Design {
        warm_up: 2_000.0,
        observe: 20_000.0,
        trials: 64,
    })
    .arrivals("case", "first", &exponential(2.0))
    .service("first", "1", &on("second"))
    .service("second", "1", &on("third"))
    .last_service("third", "1", &stay)
    .run();
    time_to_the_end(&results).agrees_with(6.0, 0.01, "time in three services in a row");
}

/// Jackson: with Poisson arrivals and exponential stays every service waits as if alone, at the
/// rate that the shares come to, although arrivals that come back are not Poisson. Passing on
/// takes time too, as in a service with places for all.
#[test]
fn a_network_with_returns_splits_into_its_services() {
    let share = [[0.0, 0.6, 0.0], [0.0, 0.0, 0.55], [0.22, 0.0, 0.0]];
    let rates = theory::traffic([2.0, 0.5, 0.0], share);
    let places = [3, 2, 1];
    let means = [1.0, 1.0, 0.8];
    let ids = ["intake", "review", "support"];
    let transit = 3.0;

    let stays = means.map(exponential);
    let table =
        |service: usize, then: &str| format!("stay = \"{}\"\nthen = {{ {then} }}", stays[service]);
    let results = Study::new(Design {
        warm_up: 3_000.0,
        observe: 40_000.0,
        trials: 64,
    })
    .arrivals("known", "review", &exponential(2.0))
    .arrivals("new", "intake", &exponential(0.5))
    .service(
        "intake",
        "3",
        &table(0, "review = \"60%\", closed = \"40%\""),
    )
    .service(
        "review",
        "2",
        &table(1, "closed = \"45%\", support = \"55%\""),
    )
    .service(
        "support",
        "1",
        &table(2, "closed = \"78%\", intake = \"22%\""),
    )
    .table(&format!(
        "[handoff]\ntransit = \"{}\"",
        exponential(transit)
    ))
    .run();

    let mut time_in_services = 0.0;
    let time = observed_units(&results);
    for service in 0..3 {
        let id = ids[service];
        let desks = || baseline(&results).map(|tally| at(&results, tally, id));
        // A stay of mean m at rate r waits m times as long as a stay of mean 1 at rate r x m.
        let wait =
            means[service] * theory::mean_wait(places[service], rates[service] * means[service]);
        time_in_services += rates[service] * (wait + means[service]);
        Estimate::ratio(desks().map(|desk| (in_units(desk.waited_seconds), desk.started as f64)))
            .agrees_with(wait, 0.015, &format!("mean wait, {id}"));
        Estimate::ratio(desks().map(|desk| (in_units(desk.occupied_seconds), time))).agrees_with(
            rates[service] * means[service],
            0.005,
            &format!("places taken, {id}"),
        );
        // Little's law, each side counted apart.
        Estimate::ratio(desks().map(|desk| {
            (
                in_units(desk.queue_seconds) - in_units(desk.waited_seconds),
                time,
            )
        }))
        .agrees_on_the_scale_of(
            rates[service] * wait,
            0.0,
            0.005,
            &format!("Little's law, {id}"),
        );
    }

    let arrivals = 2.5;
    let handed_on: f64 = (0..3)
        .map(|from| rates[from] * share[from].iter().sum::<f64>())
        .sum();
    Estimate::ratio(baseline(&results).map(|tally| {
        let handoffs = tally.count(Count::Handoffs) as f64;
        (handoffs, tally.count(Count::Arrivals) as f64)
    }))
    .agrees_with(handed_on / arrivals, 0.005, "handoffs a case");
    time_to_the_end(&results).agrees_with(
        (time_in_services + handed_on * transit) / arrivals,
        0.01,
        "time to the end with returns",
    );

    // A handoff lasts its transit and the wait at its end; cases that come back are no exception.
    let (from, to) = (
        number_of(&results, "support"),
        number_of(&results, "intake"),
    );
    Estimate::ratio(baseline(&results).map(|tally| {
        let pair = tally.pair(HandoffKind::Internal, from, to);
        (in_units(pair.delay_seconds), pair.begun as f64)
    }))
    .agrees_with(
        transit + theory::mean_wait(3, rates[0]),
        0.015,
        "delay of those who come back",
    );
}
