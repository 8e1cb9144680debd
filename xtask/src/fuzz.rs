//! Hostile bodies, texts and files, by the hundred thousand.

use crate::Result;
use crate::process::{cargo, run as run_command};

/// How long to go on, or which case to run again.
#[derive(clap::Args)]
pub(crate) struct Arguments {
    /// Hostile bodies to send; texts and files come besides
    #[arg(long, default_value_t = 1_000_000)]
    bodies: u64,
    /// The seed of the first case; the others follow
    #[arg(long, default_value_t = 0)]
    start: u64,
    /// The case of this seed alone, as a failure names it
    #[arg(long, conflicts_with_all = ["bodies", "start"])]
    seed: Option<u64>,
}

pub(crate) fn run(arguments: &Arguments) -> Result {
    let mut command = cargo(&[
        "run",
        "--package",
        "zendesk-csat-fuzz",
        "--profile",
        "fuzz",
        "--locked",
        "--",
    ]);
    match arguments.seed {
        Some(seed) => command.args(["--seed", &seed.to_string()]),
        None => {
            let (bodies, start) = (arguments.bodies.to_string(), arguments.start.to_string());
            command.args(["--bodies", &bodies, "--start", &start])
        }
    };
    run_command(&mut command)
}
