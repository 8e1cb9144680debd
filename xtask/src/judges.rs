//! Tools of others that judge the project, from an environment of their own: schemathesis, zenpy, curl, Prism,
//! Chromium with axe, which reads the report and the site, LibreOffice and openpyxl, which open the workbooks, and what
//! judges workflows.

use crate::process::{cargo, command, run as run_command, succeeds};
use crate::{Result, docs, root};
use std::path::PathBuf;
use std::process::{Command, Stdio};

/// What the tools are installed by.
const INSTALL: &str = ".ci/install-judges";

/// Builds the command `zendesk-csat` alone, then runs the judges on it.
pub(crate) fn build_and_run() -> Result {
    run_command(&mut cargo(&[
        "build",
        "--package",
        "zendesk-csat-cli",
        "--locked",
    ]))?;
    run()
}

/// Runs `tests/judges` on the command that is built.
///
/// Where a tool is not installed it says so, and fails only if `ZENDESK_CSAT_JUDGES` is `required`.
pub(crate) fn run() -> Result {
    let missing = missing();
    if !missing.is_empty() {
        let message = format!("`tests/judges` needs {}: run `{INSTALL}`", missing.join(", "));
        if required() {
            return Err(message.into());
        }
        eprintln!("left out: {message}");
        return Ok(());
    }
    docs::build(true)?;
    run_command(
        command(python())
            .args(["-m", "pytest", "-p", "no:cacheprovider", "tests/judges"])
            .env("ZENDESK_CSAT_COMMAND", built_command()?),
    )
}

/// Whether what is not there fails.
pub(crate) fn required() -> bool {
    std::env::var_os("ZENDESK_CSAT_JUDGES").is_some_and(|value| value == "required")
}

/// A subcommand of cargo's that others made, or nothing where it is not installed and need not be.
pub(crate) fn cargo_tool(name: &str, purpose: &str) -> Result<Option<Command>> {
    if succeeds(&mut cargo(&[name, "--version"])) {
        return Ok(Some(cargo(&[name])));
    }
    let message = format!("{purpose} needs cargo-{name}: run `{INSTALL}`");
    if required() {
        return Err(message.into());
    }
    eprintln!("left out: {message}");
    Ok(None)
}

fn python() -> PathBuf {
    root().join("target/judges/python/bin/python")
}

/// Whether the environment of the tools has this package, which brings no command.
fn in_python(package: &str) -> bool {
    let versions = std::fs::read_dir(root().join("target/judges/python/lib"));
    versions.is_ok_and(|versions| {
        versions
            .flatten()
            .any(|version| version.path().join("site-packages").join(package).is_dir())
    })
}

/// The tools that are not there.
fn missing() -> Vec<&'static str> {
    let installed = |tool: &str| {
        let mut version = Command::new(tool);
        version
            .arg("--version")
            .stdout(Stdio::null())
            .stderr(Stdio::null());
        version.status().is_ok_and(|status| status.success())
    };
    [
        (
            "schemathesis, zenpy and playwright",
            python().with_file_name("playwright").exists(),
        ),
        ("Zensical", root().join(docs::ENVIRONMENT).exists()),
        (
            "actionlint, zizmor and hadolint",
            python().with_file_name("zizmor").exists(),
        ),
        (
            "Prism",
            root().join("target/judges/node/node_modules/.bin/prism").exists(),
        ),
        (
            "axe",
            root().join("target/judges/node/node_modules/axe-core").exists(),
        ),
        ("Chromium", installed("chromium") || installed("google-chrome")),
        ("LibreOffice", installed("soffice")),
        ("openpyxl", in_python("openpyxl")),
        ("node", installed("node")),
        ("curl", installed("curl")),
    ]
    .into_iter()
    .filter(|(_, there)| !there)
    .map(|(tool, _)| tool)
    .collect()
}

/// The command `zendesk-csat`, which cargo puts beside this one.
pub(crate) fn built_command() -> Result<PathBuf> {
    let name = format!("zendesk-csat{}", std::env::consts::EXE_SUFFIX);
    Ok(std::env::current_exe()?.with_file_name(name))
}
