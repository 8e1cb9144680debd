//! Every check and test, in the order in which they fail fastest.

use crate::process::{cargo, run as run_command};
use crate::{Result, generate, judges, python};

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
    run_command(
        cargo(&["doc", "--workspace", "--no-deps", "--locked", "--quiet"])
            .env("RUSTDOCFLAGS", "--deny warnings"),
    )?;
    licenses()?;
    // The Python extension is tested from Python.
    run_command(&mut cargo(&[
        "test",
        "--workspace",
        "--exclude",
        "zendesk-csat-python",
        // Measurements are no tests.
        "--exclude",
        "zendesk-csat-bench",
        "--locked",
    ]))?;
    python::test()?;
    judges::run()
}

/// deny.toml judges the dependencies where cargo-deny is there to read it.
fn licenses() -> Result {
    let is_there = cargo(&["deny", "--version"])
        .output()
        .is_ok_and(|output| output.status.success());
    if !is_there {
        eprintln!("left out: licences and bans, since cargo-deny is not installed");
        return Ok(());
    }
    run_command(&mut cargo(&[
        "deny",
        "--offline",
        "check",
        "bans",
        "licenses",
        "sources",
    ]))
}
