//! Project tasks, run as `cargo xtask TASK`.
#![allow(clippy::print_stderr)]

mod artifacts;
mod bench;
mod demo;
mod dependencies;
mod docs;
mod drift;
mod free_threaded;
mod fuzz;
mod generate;
mod judges;
mod notices;
mod process;
mod python;
mod release;
mod sbom;
mod soak;
mod test;

use clap::{Parser, Subcommand};
use std::path::PathBuf;
use std::process::ExitCode;

/// What a task fails with: one message for the person who ran it.
type Result<T = ()> = std::result::Result<T, Box<dyn std::error::Error>>;

/// The tasks of this project.
#[derive(Parser)]
#[command(name = "cargo xtask", bin_name = "cargo xtask")]
struct Arguments {
    #[command(subcommand)]
    task: Task,
}

#[derive(Subcommand)]
enum Task {
    /// Start an offline Zendesk account, sync it and print its CSAT report
    Demo,
    /// Pass every check and test, Rust and Python
    Test,
    /// Build the wheel and pass its tests, with the interpreter that PYTHON names, and without the global lock where one can
    Python,
    /// Compare what is public of the crates with the last release, as git has it
    Compatibility,
    /// Let tools of others judge the spec, the emulator and the requests
    Judges,
    /// Build the documentation site into target/site
    Docs {
        /// Fail at whatever is wrong, such as a link that leads nowhere
        #[arg(long)]
        check: bool,
    },
    /// Compare listings with raw bytes, and watch the memory of a long walk
    Bench {
        /// Criterion's statistics of each listing as well
        #[arg(long)]
        criterion: bool,
        #[command(subcommand)]
        other: Option<Bench>,
    },
    /// Print what saved pages of Zendesk's documentation say otherwise than the spec; 1 where they do
    Drift(drift::Arguments),
    /// Sync under faults and kills, by the hundred; every table must end equal to the truth
    Soak {
        /// Seeds of faults, and kills
        #[arg(long, default_value_t = 200)]
        rounds: u32,
    },
    /// Send hostile bodies, and try hostile texts and files; whatever panics, hangs, loses a record or tells a secret fails
    Fuzz(fuzz::Arguments),
    /// Write everything that is generated from openapi/zendesk-csat.yaml
    Generate {
        /// Write nothing; fail where something is out of date
        #[arg(long)]
        check: bool,
    },
    /// Check a version, build what this machine can of it, and commit and tag it; nothing is published
    Release(release::Options),
    /// Build what people get, each looked at, in target/release-artifacts
    Artifacts {
        /// Only these; otherwise all that this machine can build
        kinds: Vec<artifacts::Kind>,
        /// For this target; otherwise this machine's
        #[arg(long)]
        target: Option<String>,
        /// The interpreter of a wheel that is not for the stable interface, such as python3.14t
        #[arg(long)]
        interpreter: Option<String>,
    },
    /// Write THIRD-PARTY-NOTICES.md: the licence of every crate in what people get
    Notices {
        /// Write nothing; fail where it is out of date
        #[arg(long)]
        check: bool,
    },
}

#[derive(Subcommand)]
enum Bench {
    /// Compare the Python module with what else people would write
    Python {
        /// Only these: listings, shows, imports, memory
        sections: Vec<String>,
    },
    /// Build a crate that depends on the SDK from nothing: crates, seconds, and what generation costs
    Build,
}

fn main() -> ExitCode {
    let done = match Arguments::parse().task {
        Task::Demo => demo::run(),
        Task::Test => test::run(),
        Task::Python => python::test().and_then(|()| free_threaded::test()),
        Task::Compatibility => test::compatibility(),
        Task::Judges => judges::build_and_run(),
        Task::Docs { check } => docs::run(check),
        Task::Bench {
            other: Some(Bench::Python { sections }),
            ..
        } => python::measure(&sections),
        Task::Bench {
            other: Some(Bench::Build),
            ..
        } => bench::build::run(),
        Task::Bench { criterion, .. } => bench::run(criterion),
        Task::Drift(arguments) => return drift::run(arguments),
        Task::Soak { rounds } => soak::run(rounds),
        Task::Fuzz(arguments) => fuzz::run(&arguments),
        Task::Generate { check } => generate::run(check),
        Task::Release(options) => release::run(&options),
        Task::Artifacts {
            kinds,
            target,
            interpreter,
        } => artifacts::run(&kinds, target.as_deref(), interpreter.as_deref()),
        Task::Notices { check } => notices::run(check),
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error}");
            ExitCode::FAILURE
        }
    }
}

/// The root of the workspace that cargo runs this for. Where clones share a target folder, the program may have been compiled
/// in another.
fn root() -> PathBuf {
    let run_for = std::env::var_os("CARGO_MANIFEST_DIR");
    let manifest = run_for.map_or_else(|| PathBuf::from(env!("CARGO_MANIFEST_DIR")), PathBuf::from);
    manifest.parent().map_or(manifest.clone(), PathBuf::from)
}
