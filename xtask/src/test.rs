//! Every check and test, in the order in which they fail fastest.

use crate::process::{cargo, command, run as run_command, succeeds};
use crate::{Result, free_threaded, generate, judges, notices, python};
use std::time::Instant;

/// A step and what it is called where its time is told.
type Step = (&'static str, fn() -> Result);

const STEPS: [Step; 11] = [
    ("format", format),
    ("clippy", clippy),
    ("generated files", || generate::run(true)),
    ("notices", || notices::run(true)),
    ("rustdoc", documentation),
    ("native TLS", native_tls),
    ("licences", licenses),
    ("compatibility", compatibility),
    ("Rust", rust),
    ("Python", || python::test().and_then(|()| free_threaded::test())),
    ("judges", judges::run),
];

pub(crate) fn run() -> Result {
    let mut took = Vec::new();
    for (name, step) in STEPS {
        let start = Instant::now();
        step()?;
        took.push(format!("{name} {} s", start.elapsed().as_secs()));
    }
    eprintln!("Everything passes. It took: {}.", took.join(", "));
    Ok(())
}

fn format() -> Result {
    run_command(&mut cargo(&["fmt", "--all", "--check"]))
}

fn clippy() -> Result {
    run_command(&mut cargo(&[
        "clippy",
        "--workspace",
        "--all-targets",
        "--locked",
        "--",
        "--deny",
        "warnings",
    ]))
}

fn documentation() -> Result {
    run_command(
        cargo(&["doc", "--workspace", "--no-deps", "--locked", "--quiet"])
            .env("RUSTDOCFLAGS", "--deny warnings"),
    )
}

fn rust() -> Result {
    run_command(&mut cargo(&[
        "test",
        "--workspace",
        // The Python extension is tested from Python.
        "--exclude",
        "zendesk-csat-python",
        // Measurements are no tests.
        "--exclude",
        "zendesk-csat-bench",
        "--locked",
    ]))
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

/// The crates whose interface is stable, as docs/stability.md says.
const STABLE: [&str; 3] = ["zendesk-csat", "zendesk-csat-history", "zendesk-csat-emulator"];

/// Their interface against that of the last release, which a tag of git has.
pub(crate) fn compatibility() -> Result {
    let tags = command("git")
        .args(["tag", "--list", "v*", "--sort=-version:refname"])
        .output()?;
    let tags = String::from_utf8_lossy(&tags.stdout).into_owned();
    let Some(release) = tags.lines().next() else {
        eprintln!("left out: compatibility with the last release, since git has no tag of one");
        return Ok(());
    };
    let Some(mut tool) = judges::cargo_tool("semver-checks", "compatibility with the last release")? else {
        return Ok(());
    };
    for package in STABLE {
        tool.args(["--package", package]);
    }
    run_command(tool.args(["--baseline-rev", release]))
}

/// deny.toml judges the dependencies, of every feature and target. Advisories need a database from outside: the workflow asks it.
fn licenses() -> Result {
    match judges::cargo_tool("deny", "licences, bans and sources")? {
        Some(mut tool) => {
            run_command(tool.args(["--locked", "--offline", "check", "bans", "licenses", "sources"]))
        }
        None => Ok(()),
    }
}
