//! Runs cases, one after another on each of a few threads, and notices those that fail.

use crate::case::{Case, Checked};
use crate::service::Service;
use crate::targets::{Target, filled_history};
use std::cell::RefCell;
use std::collections::BTreeMap;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, Once};
use std::time::{Duration, Instant};
use tokio::runtime::Runtime;

/// How long to go on, and from where.
#[derive(Debug, Clone)]
pub struct Options {
    /// Hostile bodies to send; texts and files come besides.
    pub bodies: u64,
    /// The first seed; the others follow it.
    pub start: u64,
    /// Threads, each with a service of its own.
    pub workers: usize,
    /// How long a case may take.
    pub limit: Duration,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            bodies: 1_000_000,
            start: 0,
            workers: 2,
            limit: Duration::from_secs(30),
        }
    }
}

/// A case that failed.
#[derive(Debug, Clone)]
pub struct Failure {
    /// Its number: with it, the case runs again.
    pub seed: u64,
    /// What it is about.
    pub target: &'static str,
    /// What went wrong.
    pub what: String,
}

/// What was tried.
#[derive(Debug, Clone, Copy, Default)]
pub struct Tried {
    /// Cases, each of a seed.
    pub cases: u64,
    /// Hostile bodies that were sent.
    pub bodies: u64,
    /// Texts and files.
    pub others: u64,
}

/// What came of a run.
#[derive(Debug, Clone, Default)]
pub struct Outcome {
    /// Cases by target, with what they tried.
    pub targets: BTreeMap<&'static str, Tried>,
    /// Those that failed.
    pub failures: Vec<Failure>,
}

impl Outcome {
    /// Hostile bodies that were sent, all told.
    pub fn bodies(&self) -> u64 {
        self.targets.values().map(|tried| tried.bodies).sum()
    }
}

/// More failures than this say nothing new.
const MOST_FAILURES: usize = 50;
/// Cases after which a thread begins anew, so that no port and no connection is kept for ever.
const CASES_A_WORLD: u64 = 2_000;

thread_local! {
    /// What panicked in this thread.
    static PANICKED: RefCell<Vec<String>> = const { RefCell::new(Vec::new()) };
}

/// Runs cases until so many bodies were sent.
///
/// A case that does not end is told, and ends the process: it cannot be stopped from outside.
pub fn run(options: &Options) -> Outcome {
    note_panics();
    let outcome = Arc::new(Mutex::new(Outcome::default()));
    let (next, sent) = (AtomicU64::new(options.start), AtomicU64::new(0));
    let running: Vec<Mutex<Option<(u64, Instant)>>> =
        (0..options.workers).map(|_| Mutex::new(None)).collect();
    std::thread::scope(|scope| {
        let workers: Vec<_> = running
            .iter()
            .map(|slot| {
                let (next, sent, outcome) = (&next, &sent, Arc::clone(&outcome));
                scope.spawn(move || {
                    let is_over = || {
                        sent.load(Ordering::Relaxed) >= options.bodies
                            || outcome.lock().unwrap().failures.len() >= MOST_FAILURES
                    };
                    while !is_over() {
                        let mut world = World::new();
                        for _ in 0..CASES_A_WORLD {
                            if is_over() {
                                break;
                            }
                            let seed = next.fetch_add(1, Ordering::Relaxed);
                            *slot.lock().unwrap() = Some((seed, Instant::now()));
                            let (tried, failed) = world.run(seed, options.limit);
                            *slot.lock().unwrap() = None;
                            let before = sent.fetch_add(tried.bodies, Ordering::Relaxed);
                            tell_progress(before, tried.bodies);
                            note(&mut outcome.lock().unwrap(), seed, tried, failed.clone());
                            if failed.is_err() {
                                world = World::new();
                            }
                        }
                    }
                })
            })
            .collect();
        while workers.iter().any(|worker| !worker.is_finished()) {
            std::thread::sleep(Duration::from_millis(20));
            for slot in &running {
                if let Some((seed, since)) = *slot.lock().unwrap()
                    && since.elapsed() > options.limit * 2
                {
                    eprintln!("seed {seed} ({}) does not end", Target::of(seed).name());
                    std::process::exit(1);
                }
            }
        }
    });
    let ended = outcome.lock().unwrap();
    ended.clone()
}

/// Runs the case of one seed.
pub fn rerun(seed: u64) -> Outcome {
    note_panics();
    let mut outcome = Outcome::default();
    let (tried, failed) = World::new().run(seed, Options::default().limit);
    note(&mut outcome, seed, tried, failed);
    outcome
}

fn tell_progress(before: u64, bodies: u64) {
    const STEP: u64 = 100_000;
    if before / STEP < (before + bodies) / STEP {
        eprintln!("{} bodies", before + bodies);
    }
}

fn note(outcome: &mut Outcome, seed: u64, tried: Tried, failed: Checked) {
    let target = Target::of(seed).name();
    let all = outcome.targets.entry(target).or_default();
    all.cases += tried.cases;
    all.bodies += tried.bodies;
    all.others += tried.others;
    if let Err(what) = failed {
        eprintln!("seed {seed} ({target}): {what}");
        outcome.failures.push(Failure { seed, target, what });
    }
}

/// A thread's own runtime, service and history.
struct World {
    runtime: Runtime,
    service: Service,
    history: Vec<u8>,
}

impl World {
    fn new() -> Self {
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()
            .unwrap();
        let service = runtime.block_on(Service::start()).unwrap();
        let history = runtime.block_on(filled_history(&service));
        Self {
            runtime,
            service,
            history,
        }
    }

    fn run(&mut self, seed: u64, limit: Duration) -> (Tried, Checked) {
        let before = self.service.bodies();
        let mut case = Case::new(seed, &self.service, &self.history);
        let ended = catch_unwind(AssertUnwindSafe(|| {
            let case = Target::of(seed).run(&mut case);
            self.runtime
                .block_on(async { tokio::time::timeout(limit, case).await })
        }));
        let panicked = PANICKED.with_borrow_mut(std::mem::take);
        let checked = match ended {
            _ if !panicked.is_empty() => Err(panicked.join("; ")),
            Err(_) => Err("panicked".into()),
            Ok(Err(_)) => Err(format!("takes longer than {limit:?}")),
            Ok(Ok(checked)) => checked,
        };
        let tried = Tried {
            cases: 1,
            bodies: self.service.bodies() - before,
            others: case.tried,
        };
        (tried, checked)
    }
}

/// A panic counts wherever it is caught: each is kept for the case of its thread.
fn note_panics() {
    static ONCE: Once = Once::new();
    ONCE.call_once(|| {
        let before = std::panic::take_hook();
        std::panic::set_hook(Box::new(move |panic| {
            PANICKED.with_borrow_mut(|panicked| panicked.push(panic.to_string()));
            before(panic);
        }));
    });
}
