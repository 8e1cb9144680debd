//! How fast the client lists, what it executes for that, how much memory a long walk takes, and what a sync takes.

pub(crate) mod build;

use crate::Result;
use crate::process::{cargo, run as run_command};

pub(crate) fn run(criterion: bool) -> Result {
    for measurement in ["table", "instructions", "memory", "sync", "calls", "report"] {
        run_command(&mut cargo(&[
            "run",
            "--quiet",
            "--release",
            "--package",
            "zendesk-csat-bench",
            "--",
            measurement,
        ]))?;
    }
    if criterion {
        run_command(&mut cargo(&["bench", "--package", "zendesk-csat-bench"]))?;
    }
    Ok(())
}
