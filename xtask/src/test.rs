//! Every check and test, in the order in which they fail fastest.

use crate::process::{cargo, run as run_command};
use crate::{Result, generate, python};

pub(crate) fn run() -> Result {
    run_command(&mut cargo(&["fmt", "--all", "--check"]))?;
    run_command(&mut cargo(&[
        "clippy",
        "--workspace",
        "--all-targets",
        "--locked",
        "--",
        "--deny",
        "warnings",
    ]))?;
    generate::run(true)?;
    // The Python extension is tested from Python.
    run_command(&mut cargo(&[
        "test",
        "--workspace",
        "--exclude",
        "zendesk-csat-python",
        "--locked",
    ]))?;
    python::test()
}
