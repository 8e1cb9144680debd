//! What the SDK costs those who depend on it: how many crates, and how long a clean build of them takes.

use crate::process::{cargo, run as run_command};
use crate::{Result, root};
use serde_json::Value;
use std::collections::BTreeSet;
use std::fs;
use std::path::Path;
use std::process::Command;
use std::time::Instant;

/// As many jobs as a small machine has cores.
const JOBS: &str = "2";

/// Builds a crate that depends on the SDK, in a folder that is gone afterwards.
pub(crate) fn run() -> Result {
    let folder = std::env::temp_dir().join(format!("zendesk-csat-dependent-{}", std::process::id()));
    let measured = measure(&folder);
    let _ = fs::remove_dir_all(&folder);
    measured
}

fn measure(folder: &Path) -> Result {
    let sdk = root().join("crates/zendesk-csat");
    let manifest = format!(
        "[package]\nname = \"dependent\"\nversion = \"0.0.0\"\nedition = \"2024\"\n\n\
         [dependencies]\nzendesk-csat = {{ path = {sdk:?} }}\n\n[workspace]\n"
    );
    fs::create_dir_all(folder.join("src"))?;
    fs::write(folder.join("Cargo.toml"), manifest)?;
    fs::write(folder.join("src/lib.rs"), "pub use zendesk_csat::Client;\n")?;
    // The versions that the project is tested with.
    fs::copy(root().join("Cargo.lock"), folder.join("Cargo.lock"))?;
    run_command(&mut in_folder(folder, &["fetch", "--quiet"]))?;

    let normal = crates(folder, "normal")?;
    let all = crates(folder, "normal,build")?;
    // The dependent itself is none of them.
    println!("{:>6} crates in the program", normal.len() - 1);
    println!("{:>6} with those that only build it", all.len() - 1);

    let started = Instant::now();
    run_command(&mut in_folder(
        folder,
        &["build", "--quiet", "--timings", "--jobs", JOBS],
    ))?;
    println!(
        "{:>6.1} s for a clean build in the dev profile with {JOBS} jobs",
        started.elapsed().as_secs_f64()
    );

    let units = units(&folder.join("target/cargo-timings/cargo-timing.html"))?;
    let seconds = |wanted: &dyn Fn(&Value) -> bool| -> f64 {
        let wanted = units.iter().filter(|unit| wanted(unit));
        wanted.filter_map(|unit| unit["duration"].as_f64()).sum()
    };
    let is_named = |unit: &Value, name: &str| unit["name"] == name;
    let runs = |unit: &Value| unit["mode"] == "run-custom-build";
    let only_builds = |unit: &Value| {
        let label = format!(
            "{} v{}",
            unit["name"].as_str().unwrap_or_default(),
            unit["version"].as_str().unwrap_or_default()
        );
        all.contains(&label) && !normal.contains(&label)
    };
    println!("{:>6.1} s of work in all of it", seconds(&|_| true));
    println!(
        "{:>6.1} s of it for crates that only generate",
        seconds(&only_builds)
    );
    println!(
        "{:>6.1} s for generating",
        seconds(&|unit| is_named(unit, "zendesk-csat") && runs(unit))
    );
    println!(
        "{:>6.1} s for the SDK itself",
        seconds(&|unit| is_named(unit, "zendesk-csat") && !runs(unit))
    );
    let mut slowest: Vec<_> = units.iter().collect();
    slowest.sort_by(|one, other| {
        other["duration"]
            .as_f64()
            .unwrap_or(0.0)
            .total_cmp(&one["duration"].as_f64().unwrap_or(0.0))
    });
    println!("       the longest of them:");
    for unit in slowest.iter().take(8) {
        let name = unit["name"].as_str().unwrap_or_default();
        println!(
            "{:>6.1} s {name}{}",
            unit["duration"].as_f64().unwrap_or(0.0),
            unit["target"].as_str().unwrap_or_default()
        );
    }
    Ok(())
}

/// cargo at work for the dependent, and for nothing of this project.
fn in_folder(folder: &Path, arguments: &[&str]) -> Command {
    let mut command = cargo(arguments);
    command.current_dir(folder);
    command.env("CARGO_TARGET_DIR", folder.join("target"));
    command
}

/// `name vVERSION` of every crate that is reached by such dependencies.
fn crates(folder: &Path, edges: &str) -> Result<BTreeSet<String>> {
    let output = in_folder(
        folder,
        &["tree", "--edges", edges, "--prefix", "none", "--format", "{p}"],
    )
    .output()?;
    if !output.status.success() {
        return Err(String::from_utf8_lossy(&output.stderr).into());
    }
    let lines = String::from_utf8(output.stdout)?;
    let label = |line: &str| line.split(' ').take(2).collect::<Vec<_>>().join(" ");
    Ok(lines.lines().filter(|line| !line.is_empty()).map(label).collect())
}

/// What cargo did, from the page that it writes of its timings.
fn units(page: &Path) -> Result<Vec<Value>> {
    let text = fs::read_to_string(page)?;
    let (_, rest) = text
        .split_once("const UNIT_DATA = ")
        .ok_or("cargo's timings have no UNIT_DATA")?;
    let units = serde_json::Deserializer::from_str(rest).into_iter().next();
    Ok(units.ok_or("cargo's timings are empty")??)
}
