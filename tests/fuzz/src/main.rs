//! `cargo xtask fuzz`.
#![allow(clippy::print_stderr)]

use clap::Parser;
use std::process::ExitCode;
use std::time::{Duration, Instant};
use zendesk_csat_fuzz::{Options, rerun, run};

/// Hostile bodies, texts and files, made by seed
#[derive(Parser)]
struct Arguments {
    /// Hostile bodies to send; texts and files come besides
    #[arg(long, default_value_t = 1_000_000)]
    bodies: u64,
    /// The seed to begin with
    #[arg(long, default_value_t = 0)]
    start: u64,
    /// The case of this seed alone
    #[arg(long, conflicts_with_all = ["bodies", "start"])]
    seed: Option<u64>,
    /// Threads
    #[arg(long, default_value_t = 2)]
    workers: usize,
}

fn main() -> ExitCode {
    let arguments = Arguments::parse();
    let started = Instant::now();
    let outcome = match arguments.seed {
        Some(seed) => rerun(seed),
        None => run(&Options {
            bodies: arguments.bodies,
            start: arguments.start,
            workers: arguments.workers.max(1),
            ..Options::default()
        }),
    };
    for (target, tried) in &outcome.targets {
        println!(
            "{target:<12}{:>9} cases {:>9} bodies {:>9} texts or files",
            tried.cases, tried.bodies, tried.others
        );
    }
    println!(
        "{} bodies in {:?}, {} failures",
        outcome.bodies(),
        Duration::from_secs(started.elapsed().as_secs()),
        outcome.failures.len()
    );
    if outcome.failures.is_empty() {
        return ExitCode::SUCCESS;
    }
    for failure in &outcome.failures {
        let what: String = failure.what.chars().take(300).collect();
        eprintln!(
            "cargo xtask fuzz --seed {}  # {}: {what}",
            failure.seed, failure.target
        );
    }
    ExitCode::FAILURE
}
