//! Syncs under faults and kills, by the hundred.

use crate::Result;
use crate::process::{cargo, run as run_command};

pub(crate) fn run(rounds: u32) -> Result {
    run_command(
        cargo(&[
            "test",
            "--package",
            "zendesk-csat-cli",
            "--test",
            "soak",
            "--locked",
            "--",
            "--nocapture",
        ])
        .env("ZENDESK_CSAT_SOAK_FAULTS", rounds.to_string())
        .env("ZENDESK_CSAT_SOAK_KILLS", rounds.to_string()),
    )
}
