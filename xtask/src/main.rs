//! Project tasks, run as `cargo xtask TASK`.
#![allow(clippy::print_stderr)]

mod bench;
mod demo;
mod docs;
mod drift;
mod free_threaded;
mod generate;
mod judges;
mod process;
mod python;
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
    /// Print what a saved page of Zendesk's documentation says otherwise than the spec
    Drift {
        /// The page, saved as text
        page: PathBuf,
    },
    /// Sync under faults and kills, by the hundred; every table must end equal to the truth
    Soak {
        /// Seeds of faults, and kills
        #[arg(long, default_value_t = 200)]
        rounds: u32,
    },
    /// Write everything that is generated from openapi/zendesk-csat.yaml
    Generate {
        /// Write nothing; fail where something is out of date
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
        Task::Drift { page } => drift::run(&page),
        Task::Soak { rounds } => soak::run(rounds),
        Task::Generate { check } => generate::run(check),
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error}");
            ExitCode::FAILURE
        }
    }
}

/// The root of the workspace.
fn root() -> PathBuf {
    let manifest = PathBuf::from(env!("CARGO_MANIFEST_DIR"));
    manifest.parent().map_or(manifest.clone(), PathBuf::from)
}
