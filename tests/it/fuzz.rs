//! Damaged scenario files: whatever stands in one, reading it ends, and ends without a panic.
//!
//! Files are damaged in ways that follow from a seed and the number of the case alone, so a case that
//! fails can be had again. `SEAMLINE_FUZZ_CASES` and `SEAMLINE_FUZZ_SEED` ask for more cases or others.

mod corpus;
mod mutate;

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::{Duration, Instant};
use std::{env, fs};

use seamline::experiment::{Plan, Prepared};
use seamline::model;
use seamline::scenario::{Id, Request, Scenario, World, check_file, load};
use seamline::simulate::NetworkGround;

use corpus::{Corpus, Folder};
use mutate::Chance;

/// Cases in a build for use; one without optimisation reads a tenth as fast.
const CASES: usize = if cfg!(debug_assertions) {
    4_000
} else {
    100_000
};
/// A case that takes longer hangs: the slowest takes a tenth of a second on a machine of its own.
const TOO_LONG: Duration = Duration::from_secs(20);

/// What became of a damaged file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Fate {
    /// It was refused, with its problems.
    Refused,
    /// It still reads as a study, from which the world of a run was built.
    Read,
}

#[test]
fn no_damaged_file_breaks_the_reader() {
    let stated = |name: &str| env::var(name).ok().map(|text| text.parse().unwrap());
    let cases = stated("SEAMLINE_FUZZ_CASES").unwrap_or(CASES);
    let seed = stated("SEAMLINE_FUZZ_SEED").unwrap_or(2003) as u64;
    let corpus = Corpus::new();
    let threads = thread::available_parallelism().map_or(1, usize::from);
    let watch = Watch::start(threads);
    let (next, read) = (AtomicUsize::new(0), AtomicUsize::new(0));
    let failures = Mutex::new(Vec::new());
    thread::scope(|scope| {
        for thread in 0..threads {
            let (corpus, watch, next, read, failures) = (&corpus, &watch, &next, &read, &failures);
            scope.spawn(move || {
                let folder = corpus.folder(thread);
                loop {
                    let case = next.fetch_add(1, Ordering::Relaxed);
                    if case >= cases {
                        break;
                    }
                    let watched = Watched {
                        watch,
                        thread,
                        seed,
                        case,
                    };
                    match try_case(corpus, &folder, &watched) {
                        Ok(Fate::Read) => _ = read.fetch_add(1, Ordering::Relaxed),
                        Ok(Fate::Refused) => {}
                        Err(failure) => failures.lock().unwrap().push(failure),
                    }
                }
            });
        }
    });
    let failures = failures.into_inner().unwrap();
    assert!(
        failures.is_empty(),
        "{} of {cases} cases broke the reader, the first of them:\n{}",
        failures.len(),
        failures[0]
    );
    // Damage that every check refuses at once, or that does no harm at all, would test little.
    let read = read.into_inner();
    println!("seed {seed}: of {cases} damaged files {read} still read as studies");
    assert!(read > cases / 20 && read < cases / 2, "{read} of {cases}");
}

/// Damages a file, reads it as a run would, and builds the world of a run from what reads well.
fn try_case(corpus: &Corpus, folder: &Folder, watched: &Watched<'_>) -> Result<Fate, String> {
    let Watched { seed, case, .. } = *watched;
    let mut chance = Chance::of_case(seed, case as u64);
    let victim = corpus.pick(&mut chance);
    let bytes = mutate::damaged(victim, corpus, &mut chance);
    let set = mutate::setting(corpus, &mut chance);
    let study = folder.put(victim, &bytes);
    let thorough = chance.below(64) == 0;
    let file = folder.path(victim);
    // Only the reading is timed: a busy disk may take its time to write.
    let work = AssertUnwindSafe(|| read(&file, &study, set, thorough));
    let outcome = watched.over(|| catch_unwind(work));
    folder.clear(victim);
    outcome.map_err(|panic| {
        let said = (panic.downcast_ref::<String>().map(String::as_str))
            .or_else(|| panic.downcast_ref::<&str>().copied())
            .unwrap_or("something that is no text");
        format!(
            "seed {seed}, case {case}: reading {} panicked: {said}\n--- the file ---\n{}",
            victim.place.display(),
            String::from_utf8_lossy(&bytes)
        )
    })
}

fn read(file: &Path, study: &Path, set: Option<String>, thorough: bool) -> Fate {
    let request = Request {
        study: study.display().to_string(),
        set: set.into_iter().collect(),
        ..Request::default()
    };
    let scenario = match load(&request) {
        Ok(scenario) => scenario,
        Err(problems) => {
            // What the user sees is made from the problems, so that must not fail either.
            for problem in problems.iter() {
                assert!(!problem.to_string().is_empty());
                if let Some(place) = problem.place() {
                    assert!(place.line() > 0);
                }
            }
            return Fate::Refused;
        }
    };
    build(&scenario);
    if thorough {
        // The tables of a run take a hundred times as long as all else: told to stop before it begins,
        // a run makes them and does nothing more.
        let plan = Plan { threads: Some(1) };
        let _ = Prepared::new(&scenario, &plan, &AtomicBool::new(true));
        // And the file alone, as `seamline check` reads it.
        let _ = check_file(file);
    }
    Fate::Read
}

/// Builds the worlds and the structures of a study, as a run does.
fn build(scenario: &Scenario) {
    let first = &scenario.structures[0].world;
    let services: Vec<&Id> = match &**first {
        World::Children(world) => world.services.iter().map(|it| &it.id).collect(),
        World::Network(world) => world.stations.iter().map(|it| &it.id).collect(),
    };
    for structure in &scenario.structures {
        match &*structure.world {
            World::Children(world) => {
                let pilots = &scenario.study.comparison.pilots;
                model::World::new(world, &scenario.areas, pilots);
            }
            World::Network(world) => {
                NetworkGround::new(model::Network::new(world));
            }
        }
        model::Structure::new(structure, &services, &scenario.areas);
    }
}

/// Looks on from a thread of its own and ends the process when a case hangs.
struct Watch {
    /// By thread: since when it has been at which case.
    begun: Arc<Vec<Slot>>,
}

/// When a thread began which case of which seed.
type Slot = Mutex<Option<(Instant, u64, usize)>>;

impl Watch {
    fn start(threads: usize) -> Self {
        let begun: Arc<Vec<Slot>> = Arc::new((0..threads).map(|_| Slot::default()).collect());
        let watched = Arc::downgrade(&begun);
        thread::spawn(move || {
            while let Some(begun) = watched.upgrade() {
                for (thread, slot) in begun.iter().enumerate() {
                    let Some((since, seed, case)) = *slot.lock().unwrap() else {
                        continue;
                    };
                    if since.elapsed() > TOO_LONG {
                        let place = Folder::root(thread);
                        let files = place.display();
                        #[allow(clippy::print_stderr, reason = "the process ends here")]
                        {
                            eprintln!(
                                "seed {seed}, case {case} hangs; its file lies under {files}"
                            );
                        }
                        std::process::abort();
                    }
                }
                drop(begun);
                thread::sleep(Duration::from_millis(500));
            }
        });
        Self { begun }
    }
}

/// One case under the eyes of the watch.
struct Watched<'w> {
    watch: &'w Watch,
    thread: usize,
    seed: u64,
    case: usize,
}

impl Watched<'_> {
    fn over<T>(&self, work: impl FnOnce() -> T) -> T {
        let slot = &self.watch.begun[self.thread];
        *slot.lock().unwrap() = Some((Instant::now(), self.seed, self.case));
        let done = work();
        *slot.lock().unwrap() = None;
        done
    }
}

/// What a user may do by hand in one line: values nested deeper than any stack.
#[test]
fn no_depth_of_brackets_or_keys_breaks_the_reader() {
    let folder = Folder::root(99);
    fs::create_dir_all(&folder).unwrap();
    let file = folder.join("deep.toml");
    for depth in [10, 100, 1_000, 100_000] {
        for text in mutate::nested(depth) {
            fs::write(&file, format!("[study]\n{text}\n")).unwrap();
            assert!(check_file(&file).is_err());
        }
    }
}
