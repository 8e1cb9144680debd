//! From the spec to every generated file, or the proof that they are up to date.

use crate::process::{cargo, run as run_command};
use crate::{Result, root};
use serde_json::Value;
use similar::TextDiff;
use std::fs;
use std::path::Path;
use zendesk_csat_codegen_python::{self as python, Documented};
use zendesk_csat_spec_check::lint;

const SPEC: &str = "openapi/zendesk-csat.yaml";
const PYTHON_PACKAGE: &str = "python/python/zendesk_csat";
const PYTHON_REFERENCE: &str = "docs/python-api.md";
const RESOURCES: &str = "crates/zendesk-csat/src/resources";
const EXTENSION: &str = "python/src";
const BUILD_INPUT: &str = "crates/zendesk-csat/openapi.json";

/// Lints the spec, then writes or checks what is made of it.
pub(crate) fn run(check: bool) -> Result {
    let spec = spec()?;
    let findings = lint::check(&spec);
    if !findings.is_empty() {
        let lines: Vec<_> = findings.iter().map(|finding| format!("  {finding}")).collect();
        return Err(format!(
            "{SPEC} leaves the dialect of openapi/README.md:\n{}",
            lines.join("\n")
        )
        .into());
    }
    let documented = Documented {
        sdk: rust_sources(&root().join(RESOURCES))?,
        extension: rust_sources(&root().join(EXTENSION))?,
    };
    // Nothing is written before all of it could be made.
    let mut files = vec![(BUILD_INPUT.to_owned(), format!("{spec:#}\n"))];
    for module in python::modules(&spec, &documented)? {
        files.push((format!("{PYTHON_PACKAGE}/{}", module.name), module.source));
    }
    files.push((
        PYTHON_REFERENCE.to_owned(),
        python::reference(&spec, &documented)?,
    ));
    for (name, generated) in &files {
        write(name, generated, check)?;
    }
    snapshots(check)
}

/// The spec as it is written.
pub(crate) fn spec() -> Result<Value> {
    let path = root().join(SPEC);
    let text = fs::read_to_string(&path).map_err(|error| format!("{}: {error}", path.display()))?;
    yaml_serde::from_str(&text).map_err(|error| format!("{}: {error}", path.display()).into())
}

/// The Rust sources in a folder and the folders in it.
fn rust_sources(folder: &Path) -> Result<Vec<String>> {
    let unreadable = |path: &Path, error: std::io::Error| format!("{}: {error}", path.display());
    let mut sources = Vec::new();
    for entry in fs::read_dir(folder).map_err(|error| unreadable(folder, error))? {
        let path = entry?.path();
        if path.is_dir() {
            sources.extend(rust_sources(&path)?);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            sources.push(fs::read_to_string(&path).map_err(|error| unreadable(&path, error))?);
        }
    }
    Ok(sources)
}

/// Writes a generated file, or fails with its diff.
fn write(name: &str, generated: &str, check: bool) -> Result {
    let path = root().join(name);
    let present = fs::read_to_string(&path).unwrap_or_default();
    if present == generated {
        return Ok(());
    }
    if check {
        let diff = TextDiff::from_lines(present.as_str(), generated);
        let diff = diff
            .unified_diff()
            .context_radius(2)
            .header(name, "generated")
            .to_string();
        return Err(format!("{diff}\n{name} is out of date: run `cargo xtask generate`").into());
    }
    fs::write(&path, generated).map_err(|error| format!("{name}: {error}").into())
}

/// The snapshots are assertions of a test; insta rewrites them or shows how they differ.
fn snapshots(check: bool) -> Result {
    let mut test = cargo(&[
        "test",
        "--quiet",
        "--package",
        "zendesk-csat-generated",
        "--test",
        "generated",
    ]);
    test.env("INSTA_UPDATE", if check { "no" } else { "always" });
    run_command(&mut test).map_err(|error| {
        if check {
            "the snapshots are out of date: run `cargo xtask generate` and review the diff".into()
        } else {
            error
        }
    })
}
