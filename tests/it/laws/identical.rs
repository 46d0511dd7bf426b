//! What must not matter: threads, repetition, names, order, and services nobody uses.

use seamline::experiment::results::{PairTally, SPAN_DAYS, ServiceMonth, Tally};
use seamline::measures::{Count, HandoffKind};
use seamline::scenario::Kind;
use toml::{Table, Value};

use super::small::{SmallStudy, run_on, total};

#[test]
fn one_thread_and_two_and_a_second_run_give_the_same_tallies() {
    let scenario = SmallStudy {
        trials: 4,
        ..SmallStudy::default()
    }
    .scenario();
    let once = run_on(&scenario, 1);
    assert_eq!(once, run_on(&scenario, 2));
    assert_eq!(once, run_on(&scenario, 1));
}

#[test]
fn equal_partitions_under_two_names_differ_by_nothing() {
    let results = SmallStudy {
        structures: r#"["local-trust", "renamed", "spelt-out"]"#,
        tables: r#"
[structure.renamed]
extends = "fragmented"
name    = "The same under another name"

# The trust, with every organisation called something else.
[structure.spelt-out]
name    = "The trust, spelt out"
summary = "One body in each area; schools and police apart."

[structure.spelt-out.organisation]
zebra = { footprint = "area", runs = ["school"] }
apple = { footprint = "region", runs = ["police"] }
melon = { footprint = "area", runs = ["speech-therapy", "camhs", "child-protection", "sen-support", "family-support", "disabled-children", "health-visiting"] }

[structure.spelt-out.oversight]
area-child-protection-committee = { name = "Committee", kind = "committee", over = ["child-protection"] }
social-services-inspectorate    = { name = "Inspectorate", kind = "inspection", over = ["disabled-children", "family-support", "child-protection"] }
education-inspectorate          = { name = "Inspectorate", kind = "inspection", over = ["school", "sen-support"] }
health-inspectorate             = { name = "Inspectorate", kind = "inspection", over = ["camhs", "speech-therapy", "health-visiting"] }
police-inspectorate             = { name = "Inspectorate", kind = "inspection", over = ["police"] }
trust-board                     = { name = "Board", kind = "board", over = ["health-visiting", "camhs", "speech-therapy", "sen-support", "disabled-children", "family-support", "child-protection"] }
council-scrutiny                = { name = "Scrutiny", kind = "scrutiny", over = ["health-visiting", "camhs", "speech-therapy", "sen-support", "disabled-children", "family-support", "child-protection"] }

[structure.spelt-out.adoption]
basis = "voluntary"
"#,
        ..SmallStudy::default()
    }
    .run();
    for trial in &results.trials {
        assert!(trial[0] == trial[2], "the baseline under another name");
        assert!(trial[1] == trial[3], "the trust under another name");
        assert!(trial[0] != trial[1], "the trust makes no difference at all");
    }
}

#[test]
fn a_structure_run_alone_or_among_others_leaves_the_same_tallies() {
    let all = SmallStudy::default().run();
    let alone = SmallStudy {
        structures: r#"["service-hub"]"#,
        ..SmallStudy::default()
    }
    .run();
    for (among, alone) in all.trials.iter().zip(&alone.trials) {
        assert!(among[0] == alone[0], "the baseline");
        assert!(among[3] == alone[1], "the hub");
    }
}

#[test]
fn more_trials_change_none_of_the_first_ones() {
    let study = |trials| SmallStudy {
        trials,
        ..SmallStudy::default()
    };
    let (two, four) = (study(2).run(), study(4).run());
    assert!(two.trials[..] == four.trials[..2]);
}

/// Tables come out in the order of their keys, which is not that of the bundled files; lists whose
/// order says nothing are turned round.
#[test]
fn tables_in_another_order_and_other_display_names_change_no_tally() {
    let plain = SmallStudy::default().run();
    let changed = SmallStudy::default().run_changed(|_, _, table| {
        rename(table);
        turn_lists_round(table);
    });
    assert_ne!(plain.services, changed.services, "the names are different");
    assert!(plain.trials == changed.trials);
}

/// Gives everything another display name.
fn rename(table: &mut Table) {
    for (key, value) in table.iter_mut() {
        match value {
            Value::String(text) if key == "name" => {
                *text = format!("{} (Nr. 9)", text.chars().rev().collect::<String>());
            }
            Value::Table(inner) => rename(inner),
            _ => {}
        }
    }
}

/// Turns the lists of services round: those an organisation runs, those that share something, those
/// that are looked over, and those who have a part in a joint step.
fn turn_lists_round(table: &mut Table) {
    for (key, value) in table.iter_mut() {
        match value {
            Value::Array(list)
                if ["runs", "front_doors", "records", "over", "parts"].contains(&key.as_str()) =>
            {
                list.reverse();
                for inner in list {
                    if let Value::Array(inner) = inner {
                        inner.reverse();
                    }
                }
            }
            Value::Table(inner) => turn_lists_round(inner),
            _ => {}
        }
    }
}

#[test]
fn one_more_service_that_nobody_uses_changes_no_tally() {
    let plain = SmallStudy::default().run();
    for unused in ["aa-unused", "mm-unused", "zz-unused"] {
        let more = SmallStudy::default().run_changed(|kind, id, table| match (kind, id) {
            (Kind::Parameters, _) => {
                // It could see a need, but meets nobody.
                let service: Table = r#"
                    name = "Not used"
                    [meets]
                    ages = "3 to 9"
                    rate = "0 per year"
                    at_level_3 = "times 2"
                    notes_above = 1
                    sees = { family = 1 }
                    refers_above = { family = 1 }
                "#
                .parse()
                .unwrap();
                inner(table, "service").insert(unused.to_owned(), Value::Table(service));
            }
            (Kind::Structure, "fragmented") => {
                let body = Table::from_iter([
                    ("footprint".to_owned(), Value::from("area")),
                    ("runs".to_owned(), Value::from(vec![unused])),
                ]);
                inner(table, "organisation").insert("its-own-body".to_owned(), Value::Table(body));
            }
            _ => {}
        });
        assert_eq!(more.services.len(), plain.services.len() + 1);
        let row = more
            .services
            .iter()
            .position(|service| service.id == unused)
            .unwrap();
        for (trial, more) in plain.trials.iter().zip(&more.trials) {
            for (tally, more) in trial.iter().zip(more) {
                assert!(
                    *tally == without_service(more, row),
                    "{unused} changes something"
                );
            }
        }
    }
}

fn inner<'a>(table: &'a mut Table, key: &str) -> &'a mut Table {
    table.get_mut(key).unwrap().as_table_mut().unwrap()
}

/// The tally without the rows of a service, which must be empty.
fn without_service(tally: &Tally, unused: usize) -> Tally {
    let services = tally.services.len();
    let sources = tally.pairs.len() / HandoffKind::COUNT / services;
    let mut less = tally.clone();
    less.services.remove(unused);
    let mut cells = 0..less.referrals_from.len();
    less.referrals_from.retain(|count| {
        let is_unused = (cells.next())
            .is_some_and(|cell| cell % services == unused || cell / services == unused);
        assert!(!is_unused || *count == 0);
        !is_unused
    });
    let mut cells = 0..less.spans.len();
    less.spans.retain(|count| {
        let is_unused = (cells.next()).is_some_and(|cell| cell / SPAN_DAYS % services == unused);
        assert!(!is_unused || *count == 0);
        !is_unused
    });
    less.present.remove(unused);
    let mut cells = 0..less.service_months.len();
    less.service_months.retain(|month| {
        let is_unused = cells.next().is_some_and(|cell| cell % services == unused);
        assert!(!is_unused || *month == ServiceMonth::default());
        !is_unused
    });
    less.pairs = tally
        .pairs
        .iter()
        .enumerate()
        .filter(|(number, pair)| {
            let (from, to) = (number / services % sources, number % services);
            let involved = from == unused || to == unused;
            assert!(!involved || **pair == PairTally::default());
            !involved
        })
        .map(|(_, pair)| *pair)
        .collect();
    less
}

/// With room for all, what one more child does is its own affair: nobody else's history can be
/// told from the totals, so nothing may get less.
#[test]
fn one_more_child_takes_nothing_away() {
    let run = |children| {
        SmallStudy {
            children,
            posts_for: 400_000.0,
            ..SmallStudy::with(&["children.places_filled_at_start=0%"])
        }
        .run()
    };
    let (base, more) = (run(1_000), run(1_030));
    for structure in 0..base.structures.len() {
        for count in [
            Count::NotedContacts,
            Count::Referrals,
            Count::Handoffs,
            Count::HelpStarts,
            Count::Harm,
            Count::Spells,
            Count::KnownMissed,
        ] {
            let (fewer, more) = (
                total(&base, structure, count),
                total(&more, structure, count),
            );
            assert!(fewer <= more, "{}: {fewer} and {more}", count.label());
        }
    }
}
