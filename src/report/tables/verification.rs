//! Tables of a verification: its tests, and queues beside theory.

use super::{HIGH, LOW, Table, column, maybe, three};
use crate::inquiry::verify::{Outcome, Verification};
use crate::report::File;

/// The tables of a verification as files.
pub fn of(found: &Verification) -> Vec<File> {
    [tests(found), queues(found)]
        .iter()
        .map(Table::to_file)
        .collect()
}

fn tests(found: &Verification) -> Table {
    let rows = found
        .checks
        .iter()
        .map(|check| {
            let (compared, differing, note) = match &check.outcome {
                Outcome::Pass { compared, note } => {
                    (compared.to_string(), "0".to_owned(), note.clone())
                }
                Outcome::Fail {
                    compared,
                    differing,
                    first,
                } => (
                    compared.to_string(),
                    differing.to_string(),
                    Some(first.clone()),
                ),
                Outcome::NotApplicable { why } => (String::new(), String::new(), Some(why.clone())),
            };
            vec![
                check.id.to_owned(),
                check.outcome.id().to_owned(),
                check.done.to_owned(),
                check.must_hold.to_owned(),
                compared,
                differing,
                note.unwrap_or_default(),
            ]
        })
        .collect();
    Table {
        file: "verify-tests.csv",
        about: "Tests of the engine on this study.",
        columns: const {
            &[
                column("test", "Id of the test."),
                column("outcome", "`pass`, `fail` or `not applicable`."),
                column("done", "What was done to the study."),
                column("must_hold", "What must hold then."),
                column("compared", "Numbers compared."),
                column("differing", "How many of them differ."),
                column(
                    "note",
                    "The first difference, or why the test does not apply, or what else is worth knowing.",
                ),
            ]
        },
        rows,
    }
}

fn queues(found: &Verification) -> Table {
    let rows = found
        .queues
        .iter()
        .map(|queue| {
            let [simulated, low, high] = three(queue.simulated, 1.0);
            vec![
                queue.service.clone(),
                queue.quantity.id().to_owned(),
                simulated,
                low,
                high,
                queue.theory_name.clone(),
                maybe(queue.theory),
                match queue.agrees {
                    Some(true) => "yes",
                    Some(false) => "no",
                    None => "",
                }
                .to_owned(),
                queue.reasons.join("; "),
            ]
        })
        .collect();
    Table {
        file: "verify-queues.csv",
        about: "Queues of the baseline beside what theory says of them.",
        columns: const {
            &[
                column("service", "Name of the service."),
                column("quantity", "What is compared, with its unit."),
                column("simulated", "As simulated."),
                LOW,
                HIGH,
                column("theory_name", "Which theory."),
                column("theory", "As theory has it; empty where there is none."),
                column(
                    "within_luck",
                    "Where theory is exact: whether the two differ by no more than luck.",
                ),
                column(
                    "reasons",
                    "Where theory is not exact: why the two may part.",
                ),
            ]
        },
        rows,
    }
}
