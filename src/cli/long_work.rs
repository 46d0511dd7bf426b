//! What long work needs of the command line: a bar, an end on Ctrl-C, and faults told in a sentence.

#![allow(
    clippy::print_stderr,
    reason = "tells of interrupts that end the work at once"
)]

use std::panic::{self, AssertUnwindSafe};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

/// A bar on standard error that counts pieces of work; silent where asked, or not on a terminal.
pub(super) fn progress_bar(pieces: u64, what: &str, quiet: bool) -> ProgressBar {
    let target = if quiet {
        ProgressDrawTarget::hidden()
    } else {
        // Draws nothing where standard error is not a terminal.
        ProgressDrawTarget::stderr()
    };
    let style = ProgressStyle::with_template("{bar:40} {pos} of {len} {msg}, about {eta} left")
        .expect("the template of the progress bar is well formed");
    let bar = ProgressBar::with_draw_target(Some(pieces), target)
        .with_style(style)
        .with_message(what.to_owned());
    bar.enable_steady_tick(Duration::from_millis(200));
    bar
}

/// Lets Ctrl-C end the work between two steps instead of killing it.
pub(super) fn stop_when_interrupted(stop: &Arc<AtomicBool>) {
    let stop = Arc::clone(stop);
    let set = ctrlc::set_handler(move || stop.store(true, Ordering::Relaxed));
    if set.is_err() {
        // Then an interrupt kills the run at once, which leaves nothing half-written either.
        eprintln!("note: interrupts end this run at once");
    }
}

/// Runs something that may hit a broken invariant, and tells what broke in one sentence.
pub(super) fn without_a_fault<T>(work: impl FnOnce() -> T) -> Result<T, String> {
    let fault = Arc::new(Mutex::new(None));
    let seen = Arc::clone(&fault);
    let usual = panic::take_hook();
    panic::set_hook(Box::new(move |info| {
        let message = info
            .payload_as_str()
            .unwrap_or("a broken invariant without words");
        let place = info.location().map_or_else(String::new, |place| {
            format!(" ({}:{})", place.file(), place.line())
        });
        // Of several threads that fail, the first is told.
        seen.lock()
            .unwrap_or_else(PoisonError::into_inner)
            .get_or_insert_with(|| format!("{message}{place}"));
    }));
    // Nothing that the work touched is used after it failed.
    let outcome = panic::catch_unwind(AssertUnwindSafe(work));
    panic::set_hook(usual);
    outcome.map_err(|_| {
        fault
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .take()
            .unwrap_or_else(|| "of unknown kind".to_owned())
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_fault_is_told_in_one_sentence_with_its_place() {
        let told = without_a_fault(|| -> u32 { panic!("child 7 goes round in circles") });
        let sentence = told.unwrap_err();
        assert!(sentence.starts_with("child 7 goes round in circles ("));
        assert!(!sentence.contains('\n'));
        assert_eq!(without_a_fault(|| 7), Ok(7));
    }
}
