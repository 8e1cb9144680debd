//! Every check and test, in the order in which they fail fastest.

use crate::process::{cargo, command, run as run_command};
use crate::{Result, free_threaded, generate, judges, python};
use std::process::Command;

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
    native_tls()?;
    licenses()?;
    semver()?;
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
    free_threaded::test()?;
    judges::run()
}

/// The other TLS compiles too, where the system's library is there to link.
fn native_tls() -> Result {
    if !succeeds(command("pkg-config").args(["--exists", "openssl"])) {
        eprintln!("left out: the feature native-tls, since pkg-config finds no openssl");
        return Ok(());
    }
    run_command(&mut cargo(&[
        "check",
        "--package",
        "zendesk-csat",
        "--no-default-features",
        "--features",
        "native-tls",
        "--locked",
    ]))
}

/// The SDK's interface against that of the last release, which a tag of git has.
fn semver() -> Result {
    let tags = command("git")
        .args(["tag", "--list", "v*", "--sort=-version:refname"])
        .output()?;
    let tags = String::from_utf8_lossy(&tags.stdout).into_owned();
    let Some(release) = tags.lines().next() else {
        eprintln!("left out: compatibility with the last release, since git has no tag of one");
        return Ok(());
    };
    if !succeeds(&mut cargo(&["semver-checks", "--version"])) {
        eprintln!("left out: compatibility with {release}, since cargo-semver-checks is not installed");
        return Ok(());
    }
    run_command(&mut cargo(&[
        "semver-checks",
        "--package",
        "zendesk-csat",
        "--baseline-rev",
        release,
    ]))
}

fn succeeds(command: &mut Command) -> bool {
    command.output().is_ok_and(|output| output.status.success())
}

/// deny.toml judges the dependencies where cargo-deny is there to read it.
fn licenses() -> Result {
    if !succeeds(&mut cargo(&["deny", "--version"])) {
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
