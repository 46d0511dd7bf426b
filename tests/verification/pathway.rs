//! The way of a child with room for all, worked out on paper.

use crate::children::{Files, with_neutral_tables};
use seamline::experiment::results::{PairTally, Results};
use seamline::measures::{HandoffKind, Stage};

const DAY: u64 = 86_400;

/// A GP refers to the first service, which screens and assesses and passes what is acute on.
fn study() -> Files {
    let services = [
        ("first", "levels 1 to 2", 3, 5),
        ("second", "level 3", 4, 6),
    ];
    let mut parameters = "[need.harm]\nbegins = \"2 per year\"\n\
         worsens = [\"2000 per year\", \"2000 per year\"]\n\
         eases = [\"0 per year\", \"0 per year\", \"0 per year\"]\nwhen_helped = { eases = 1 }\n\
         harm = [\"0 per year\", \"0 per year\", \"0 per year\"]\nharm_refers = 0\n\
         harm_met_by = \"gp\"\nreferred_to = \"first\"\n\
         grace = { level_2 = \"90 days\", level_3 = \"15 days\" }\n\
         [outside.gp]\nmeets = { rate = \"20 per year\", notes_above = 1, sees = { harm = 2 }, \
         refers_above = { harm = 3 } }\n\
         [handoff]\npreparation = \"1 day\"\ntransit = \"2 days\"\nsilent_loss = 0\n\
         detected_loss = 0\nchase = \"1 day\"\nwrong_door = 0\nbounces_at_most = 0\n\
         [closeness]\nsame_organisation = 0.5\n"
        .to_owned();
    for (service, levels, screening, assessment) in services {
        parameters += &format!(
            "[service.{service}]\nhelps = {{ harm = \"{levels}\" }}\n\
             screening = {{ takes = \"exactly {screening} days\", threshold = 0.5 }}\n\
             assessment = {{ initial = \"exactly {assessment} days\", per_post = 10 }}\n\
             review = \"60 days\"\ncaseload = 12\n"
        );
    }
    Files {
        study: "[study]\nname = \"By hand\"\npurpose = \"How long is the way?\"\n\
            parameters = \"world\"\nareas = [\"town\"]\nbaseline = \"apart\"\n\
            structures = [\"together\"]\nstart = \"established\"\nwarm_up = \"0 days\"\n\
            observe = \"2 years\"\ntrials = 2\nseed = 2003\nequal = \"nothing\"\n\
            [structure.apart]\nname = \"Apart\"\nsummary = \"Two bodies.\"\n\
            [structure.apart.organisation]\none = { footprint = \"area\", runs = [\"first\"] }\n\
            two = { footprint = \"area\", runs = [\"second\"] }\n\
            [structure.together]\nname = \"Together\"\nsummary = \"One body.\"\n\
            [structure.together.organisation]\n\
            one = { footprint = \"area\", runs = [\"first\", \"second\"] }\n"
            .to_owned(),
        area: "[area]\nchildren = 180\nages = \"even\"\nmoves = \"0 per year\"\n[posts]\n\
               first = { screening = 500, assessment = 500, help = 500 }\n\
               second = { screening = 500, assessment = 500, help = 500 }\n"
            .to_owned(),
        parameters: with_neutral_tables(&parameters),
    }
}

/// Every handoff of these two ends took exactly these days in its stages, and no others.
#[track_caller]
fn check(pair: &PairTally, days: &[(Stage, f64)]) {
    assert!(pair.begun > 20, "only {} handoffs", pair.begun);
    for stage in Stage::ALL {
        let each = days
            .iter()
            .find(|(it, _)| it == stage)
            .map_or(0.0, |it| it.1);
        let seconds = pair.begun as f64 * each * DAY as f64;
        let found = pair.stage_seconds[stage.index()] as f64;
        assert!(
            (found - seconds).abs() < 0.5,
            "{}: {found}, not {seconds}",
            stage.label()
        );
    }
}

fn pair(results: &Results, structure: usize, kind: HandoffKind, from: &str, to: &str) -> PairTally {
    let number = |id: &str| results.sources.iter().position(|it| it.id == id).unwrap();
    *results.trials[0][structure].pair(kind, number(from), number(to))
}

/// From the GP: 1 day to prepare, 2 on the way, 3 of screening, 5 of assessment. On to the second
/// service: to another body the same 1 and 2 days, then its own screening of 4 and assessment of 6;
/// within one body half of 3 days, and what the first has assessed is good for the second.
#[test]
fn the_stages_of_a_childs_way_are_what_paper_says() {
    let results = study().run_on(None);
    let first = [
        (Stage::Preparation, 1.0),
        (Stage::Transit, 2.0),
        (Stage::Screening, 3.0),
        (Stage::Assessment, 5.0),
    ];
    let between = HandoffKind::BetweenOrganisations;
    for structure in [0, 1] {
        check(&pair(&results, structure, between, "gp", "first"), &first);
    }
    let apart = [
        (Stage::Preparation, 1.0),
        (Stage::Transit, 2.0),
        (Stage::Screening, 4.0),
        (Stage::Assessment, 6.0),
    ];
    check(&pair(&results, 0, between, "first", "second"), &apart);
    let together = [(Stage::Preparation, 0.5), (Stage::Transit, 1.0)];
    check(
        &pair(&results, 1, HandoffKind::Internal, "first", "second"),
        &together,
    );
}
