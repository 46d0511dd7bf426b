//! A verification as text for a terminal 80 columns wide: every test with what must hold and what came
//! of it, then queues beside theory, then what was merely seen.

use super::text::{WIDTH, push_grid, push_wrapped, wrapped};
use crate::analysis::Estimate;
use crate::inquiry::verify::{Check, Observation, Outcome, Queue, Verification};
use crate::report::numbers::{count, decimals, period, plain, signed, with_interval};
use crate::scenario::Study;

/// All that verification found.
pub fn verification(found: &Verification, study: &Study) -> String {
    let mut text = String::new();
    push_wrapped(&mut text, &study.name, 0);
    push_wrapped(&mut text, "Is the engine right on this study?", 0);
    text.push('\n');
    push_wrapped(&mut text, &introduction(found), 0);
    for check in &found.checks {
        push_check(&mut text, check);
    }
    push_not_applicable(&mut text, &found.checks);
    text.push('\n');
    push_wrapped(&mut text, &conclusion(found), 0);
    push_queues(&mut text, found, study);
    push_observations(&mut text, &found.observations);
    text
}

fn introduction(found: &Verification) -> String {
    let design = &found.design;
    let who = match design.children {
        0 => String::new(),
        children if children < design.children_of_study => format!(
            "{} of its {} children, with posts in proportion, ",
            count(children),
            count(design.children_of_study)
        ),
        children => format!("{} children, ", count(children)),
    };
    let several = if design.structures == 1 { "" } else { "s" };
    let smaller = if design.is_reduced {
        "a smaller form of it, for a test compares to the last digit and needs no large numbers: "
    } else {
        "it as it is: "
    };
    format!(
        "Each test changes the study in a way whose effect is known beforehand, runs it, and compares \
         every number of the results. Tests run {smaller}{who}{} structure{several}, {} trials, {} \
         observed after {} of warm-up.",
        design.structures,
        design.trials,
        period(design.observe),
        period(design.warm_up)
    )
}

/// Width of the column of outcomes.
const OUTCOME: usize = 6;

/// A test that applies: what was done, what must hold, what came of it.
fn push_check(text: &mut String, check: &Check) {
    let (word, found) = match &check.outcome {
        Outcome::Pass { compared, note } => {
            let note = note
                .as_ref()
                .map_or_else(String::new, |it| format!(" ({it})"));
            ("pass", format!("{} compared{note}.", numbers(*compared)))
        }
        Outcome::Fail {
            compared,
            differing,
            first,
        } => (
            "FAIL",
            format!(
                "{} of {} {} not as it must be. The first: {first}.",
                count(*differing),
                numbers(*compared),
                if *differing == 1 { "is" } else { "are" }
            ),
        ),
        Outcome::NotApplicable { .. } => return,
    };
    text.push('\n');
    let done = format!("{}.", capital(check.done));
    let must_hold = format!("Must hold: {}.", check.must_hold);
    push_beside(text, word, &[done, must_hold, found]);
}

fn push_not_applicable(text: &mut String, checks: &[Check]) {
    let mut is_first = true;
    for check in checks {
        let Outcome::NotApplicable { why } = &check.outcome else {
            continue;
        };
        if is_first {
            text.push_str("\nTests that do not apply to this study\n");
            is_first = false;
        }
        let sentence = format!("{}: does not apply, for {why}.", capital(check.done));
        push_beside(text, "-", &[sentence]);
    }
}

/// Sentences in lines of their own, beside a word.
fn push_beside(text: &mut String, word: &str, sentences: &[String]) {
    let mut first = word;
    for sentence in sentences {
        for line in wrapped(sentence, WIDTH - OUTCOME, 0) {
            let line = format!("{first:OUTCOME$}{line}");
            text.push_str(line.trim_end());
            text.push('\n');
            first = "";
        }
    }
}

fn numbers(compared: u64) -> String {
    match compared {
        1 => "1 number".to_owned(),
        several => format!("{} numbers", count(several)),
    }
}

fn capital(words: &str) -> String {
    let mut letters = words.chars();
    letters.next().map_or_else(String::new, |first| {
        first.to_uppercase().chain(letters).collect()
    })
}

fn conclusion(found: &Verification) -> String {
    let passed = found.count(|it| matches!(it, Outcome::Pass { .. }));
    let failed = found.count(|it| matches!(it, Outcome::Fail { .. }));
    let others = found.count(|it| matches!(it, Outcome::NotApplicable { .. }));
    let verdict = if found.passes() {
        "Everything that was tested holds on this study. That the engine does what the files say is no \
         evidence that what the files say is so."
    } else {
        "What is marked FAIL is a fault in seamline, not in your files: please report it with the study."
    };
    format!("{passed} tests pass, {failed} fail, {others} do not apply. {verdict}")
}

fn push_queues(text: &mut String, found: &Verification, study: &Study) {
    text.push('\n');
    if found.queues.is_empty() {
        push_wrapped(text, "No queue to hold against theory.", 0);
        return;
    }
    let heading = format!(
        "Queues beside theory, under \"{}\": the study at full size, {} trials, {} observed after {} of \
         warm-up.",
        found.queue_structure,
        found.queue_trials,
        period(study.observe),
        period(study.warm_up)
    );
    push_wrapped(text, &heading, 0);
    let common = common_reasons(&found.queues);
    if !common.is_empty() {
        text.push('\n');
        let sentence = format!(
            "Theory is exact for none of them, for this holds for all: {}.",
            common.join("; ")
        );
        push_wrapped(text, &sentence, 0);
    }
    for of_service in found
        .queues
        .chunk_by(|one, other| one.service == other.service)
    {
        text.push('\n');
        push_wrapped(text, &of_service[0].service, 0);
        push_quantities(text, of_service, &common);
    }
}

/// The reasons that stand beside every queue, to be told once.
fn common_reasons(queues: &[Queue]) -> Vec<String> {
    let [first, others @ ..] = queues else {
        return Vec::new();
    };
    let of_all = |reason: &&String| others.iter().all(|it| it.reasons.contains(reason));
    match others.is_empty() {
        true => Vec::new(),
        false => first.reasons.iter().filter(of_all).cloned().collect(),
    }
}

fn push_quantities(text: &mut String, queues: &[Queue], common: &[String]) {
    let heads = ["simulated (95% interval)", "theory", "gap"].map(str::to_owned);
    let rows: Vec<(String, Vec<String>)> = queues
        .iter()
        .map(|queue| {
            let words = format!("  {}", queue.quantity.label());
            (words, cells(queue).to_vec())
        })
        .collect();
    let rows: Vec<(&str, Vec<String>)> = rows
        .iter()
        .map(|(words, cells)| (words.as_str(), cells.clone()))
        .collect();
    push_grid(text, &heads, &rows);
    for queue in queues {
        push_indented(text, &comment(queue, common));
    }
}

fn cells(queue: &Queue) -> [String; 3] {
    let is_small = queue.simulated.is_some_and(|it| it.value < 10.0);
    let places = decimals(&[queue.simulated]).max(if is_small { 2 } else { 1 });
    let simulated = queue
        .simulated
        .as_ref()
        .map_or_else(|| "none".to_owned(), |it| with_interval(it, places, plain));
    let theory = queue
        .theory
        .map_or_else(|| "none".to_owned(), |it| plain(it, places));
    [
        simulated,
        theory,
        gap(queue.simulated, queue.theory, places),
    ]
}

/// By how much the simulation lies above theory.
fn gap(simulated: Option<Estimate>, theory: Option<f64>, places: usize) -> String {
    match (simulated, theory) {
        (Some(simulated), Some(theory)) => signed(simulated.value - theory, places),
        _ => String::new(),
    }
}

fn comment(queue: &Queue, common: &[String]) -> String {
    let own = queue.reasons.iter().filter(|it| !common.contains(it));
    let own: Vec<&str> = own.map(String::as_str).collect();
    let what = queue.quantity.label().split(',').next().unwrap_or_default();
    let theory = &queue.theory_name;
    let verdict = match queue.agrees {
        Some(true) => "exact; the gap is within luck.".to_owned(),
        Some(false) => "exact; the gap is MORE THAN LUCK.".to_owned(),
        None if queue.is_exact() => "exact; too few trials to tell luck.".to_owned(),
        None if own.is_empty() => "not exact here, as said above.".to_owned(),
        None if queue.theory.is_some() => format!("not exact here: {}.", own.join("; ")),
        None => format!("{}.", own.join("; ")),
    };
    match queue.theory {
        Some(_) => format!("{} ({theory}): {verdict}", capital(what)),
        None => format!("{}: {verdict}", capital(what)),
    }
}

fn push_indented(text: &mut String, words: &str) {
    for line in wrapped(words, WIDTH - 4, 0) {
        text.push_str(&format!("    {line}\n"));
    }
}

fn push_observations(text: &mut String, observations: &[Observation]) {
    if observations.is_empty() {
        return;
    }
    text.push('\n');
    push_wrapped(
        text,
        "Seen, not tested, for where services are crowded slower entry can relieve the queue behind it:",
        0,
    );
    for seen in observations {
        let sentence = format!(
            "  With {}, {} went from {} to {}.",
            seen.done,
            seen.counted,
            count(seen.before),
            count(seen.after)
        );
        push_indented(text, sentence.trim());
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::sample;

    #[test]
    fn a_failure_is_told_in_words_with_its_first_difference() {
        let text = verification(&sample::verification(), &sample::study().study);
        insta::assert_snapshot!(text);
    }
}
