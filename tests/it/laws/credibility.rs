//! What a credible engine shows where the model implies it: directions, never sizes.

use seamline::experiment::results::Results;
use seamline::measures::{Count, Stage};
use seamline::scenario::Mechanism;

use super::small::{SmallStudy, total};

/// With room for all, nobody moving, one threshold, no money following pressure and a way between
/// organisations as near as within one, a national agency has a seam more and nothing for it: it misses
/// no fewer than separate services. Congestion could turn that, so there is none.
#[test]
fn an_agency_alone_misses_no_fewer() {
    let study = SmallStudy {
        children: 4_000,
        posts_for: 200_000.0,
        structures: r#"["national-agency"]"#,
        trials: 4,
        ..SmallStudy::with(&["closeness.same_team=1", "closeness.same_organisation=1"])
    };
    let results = study
        .only(&[
            Mechanism::Organisations,
            Mechanism::Records,
            Mechanism::Assessment,
            Mechanism::FrontDoors,
            Mechanism::Losses,
        ])
        .run();
    let [baseline, agency] = [0, 1].map(|place| total(&results, place, Count::KnownMissed));
    assert!(baseline > 0, "nobody is missed, so nothing is shown");
    assert!(
        agency >= baseline,
        "{agency} missed under the agency, {baseline} under the baseline"
    );
    assert!(
        total(&results, 1, Count::SecondAssessments) > total(&results, 0, Count::SecondAssessments),
        "the seam that the agency adds is never crossed"
    );
}

/// Children in the queue for an assessor, in seconds, over all begun handoffs.
fn waiting_for_an_assessor(results: &Results, structure: usize) -> u64 {
    let tallies = results.trials.iter().map(|trial| &trial[structure]);
    tallies
        .flat_map(|tally| &tally.pairs)
        .map(|pair| pair.stage_seconds[Stage::WaitingAssessment.index()])
        .sum()
}

/// Doors that hold up what comes, and assessors who are nearly busy: with twice the intake staff and
/// nobody else, the queue moves to the assessors.
#[test]
fn more_intake_alone_moves_the_queue_downstream() {
    let results = SmallStudy {
        children: 6_000,
        posts_for: 6_000.0,
        filled: 0.8,
        structures: r#"["fragmented+double-intake"]"#,
        start: "established",
        trials: 4,
        ..SmallStudy::default()
    }
    .without(&[Mechanism::Rationing])
    .run();
    let [before, after] = [0, 1].map(|place| waiting_for_an_assessor(&results, place));
    assert!(
        after > before,
        "{after} seconds for an assessor with twice the intake, {before} without"
    );
    let at_the_door = |place: usize| -> u64 {
        let tallies = results.trials.iter().map(|trial| &trial[place]);
        tallies
            .flat_map(|tally| &tally.pairs)
            .map(|pair| pair.stage_seconds[Stage::FrontDoor.index()])
            .sum()
    };
    assert!(at_the_door(1) < at_the_door(0));
}
