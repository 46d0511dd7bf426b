//! What seams cost: losses and delays of handoffs, against the arithmetic of chance.

use crate::estimate::Estimate;
use crate::studies::{Design, Study, exponential, in_units, units};
use seamline::experiment::results::{Results, Tally};
use seamline::measures::{Count, HandoffEnd, HandoffKind};

/// Long against the few units that a case takes, so that cases cut at the edges do not count.
const DESIGN: Design = Design {
    warm_up: 100.0,
    observe: 1_500.0,
    trials: 40,
};

fn under(results: &Results, structure: usize) -> impl Iterator<Item = &Tally> {
    results.trials.iter().map(move |trial| &trial[structure])
}

/// Of cases that cross `k` seams which lose 3% each, `1 - 0.97^k` are lost: 3.00, 5.91, 8.73,
/// 11.47, 14.13 and 16.70%. Seven services in a row are divided among two to seven organisations;
/// within an organisation nothing is lost.
#[test]
fn every_further_seam_loses_its_share() {
    let services: Vec<String> = (0..7).map(|number| format!("step-{number}")).collect();
    let services: Vec<&str> = services.iter().map(String::as_str).collect();
    let mut study = Study::new(DESIGN)
        .arrivals("case", services[0], &exponential(0.1))
        .table(
            "[handoff]\nsilent_loss = \"3%\"\n[closeness]\nsame_organisation = 0\n\
             between_organisations = 1\nbetween_areas = 1",
        )
        .last_service(services[6], "unlimited", &exponential(0.01));
    for pair in services.windows(2) {
        let rest = format!(
            "stay = \"{}\"\nthen = {{ {} = \"100%\" }}",
            exponential(0.01),
            pair[1]
        );
        study = study.service(pair[0], "unlimited", &rest);
    }
    for seams in 0..=6 {
        let (alone, together) = services.split_at(seams);
        let mut organisations: Vec<&[&str]> = alone.chunks(1).collect();
        organisations.push(together);
        study = study.structure(&format!("seams-{seams}"), &organisations);
    }
    let results = study.run();

    assert!(under(&results, 0).all(|tally| tally.count(Count::SilentLosses) == 0));
    for seams in 1..=6 {
        let lost = Estimate::ratio(under(&results, seams).map(|tally| {
            let lost = tally.count(Count::SilentLosses) as f64;
            (lost, tally.count(Count::Arrivals) as f64)
        }));
        let theory = 1.0 - 0.97f64.powi(i32::try_from(seams).unwrap());
        lost.agrees_with(theory, 0.01, &format!("lost at {seams} seams"));
    }
}

/// A loss that the sender can find out is chased, and the next try may be lost as well. With a
/// chance `s` of silent and `d` of other losses in each try, a handoff is tried `1 / (1 - d)` times
/// and lost for good with chance `s / (1 - d)`; closer ends scale chances and times alike.
#[test]
fn chased_handoffs_are_tried_until_they_pass_or_vanish() {
    let (preparation, transit, chase) = (1.0, 2.0, 4.0);
    let (silent, found) = (0.06, 0.4);
    let closeness = 0.5;
    let results = Study::new(DESIGN)
        .arrivals("case", "sender", &exponential(0.1))
        .service(
            "sender",
            "unlimited",
            &format!(
                "stay = \"{}\"\nthen = {{ receiver = \"100%\" }}",
                units(1.0)
            ),
        )
        .last_service("receiver", "unlimited", &exponential(1.0))
        .table(&format!(
            "[handoff]\npreparation = \"gamma, mean {}, sd {}\"\n\
             transit = \"lognormal, mean {}, sd {}\"\nsilent_loss = {silent}\n\
             detected_loss = {found}\nchase = \"{}\"\n[closeness]\nsame_organisation = 0\n\
             between_organisations = {closeness}\nbetween_areas = 1",
            units(preparation),
            units(0.5),
            units(transit),
            units(3.0),
            exponential(chase),
        ))
        .structure("apart", &[&["receiver"], &["sender"]])
        .run();

    let (silent, found) = (silent * closeness, found * closeness);
    let handoffs = |count: Count| {
        Estimate::ratio(under(&results, 0).map(move |tally| {
            (
                tally.count(count) as f64,
                tally.count(Count::Handoffs) as f64,
            )
        }))
    };
    handoffs(Count::SilentLosses).agrees_with(silent / (1.0 - found), 0.01, "lost for good");
    handoffs(Count::DetectedLosses).agrees_with(found / (1.0 - found), 0.01, "losses chased");

    // Tries before the last are geometric whatever the last one comes to.
    let delay = closeness * (preparation + transit + chase * found / (1.0 - found));
    Estimate::ratio(under(&results, 0).map(|tally| {
        let pair = tally.pair(HandoffKind::BetweenOrganisations, 1, 0);
        (in_units(pair.delay_seconds), pair.begun as f64)
    }))
    .agrees_with(delay, 0.01, "delay with chasing");
    for tally in under(&results, 0) {
        let ends = tally.ends_by_day(HandoffKind::BetweenOrganisations, HandoffEnd::Lost);
        let pair = tally.pair(HandoffKind::BetweenOrganisations, 1, 0);
        assert_eq!(ends.iter().map(|n| u64::from(*n)).sum::<u64>(), pair.lost);
    }
}
