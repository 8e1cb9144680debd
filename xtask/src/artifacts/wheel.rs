//! The Python wheel.

use super::target::Target;
use super::tools::Tools;
use super::{Release, files, inspect};
use crate::process::{command, output, run};
use crate::{Result, notices, root};
use serde_json::Value;
use std::fs;
use std::path::Path;

/// Builds it for the target, for this interpreter where its interface is not the stable one, and looks at it.
pub(super) fn build(release: &Release, tools: &Tools, target: &Target, interpreter: Option<&str>) -> Result {
    eprintln!("the wheel for {}", target.triple);
    let work = tempfile::tempdir()?;
    if !release.sbom_path().exists() {
        release.sbom(tools)?;
    }
    let built = work.path().join("built");
    let mut maturin = tools.program("maturin")?;
    maturin
        .args(["build", "--release", "--locked", "--quiet"])
        .args(["--manifest-path", "python/Cargo.toml"])
        .args(["--target", &target.triple])
        .arg("--sbom-include")
        .arg(release.sbom_path())
        .arg("--out")
        .arg(&built);
    if let Some(compatibility) = target.compatibility() {
        maturin.args(["--compatibility", compatibility]);
    }
    if target.by_zig() {
        maturin.arg("--zig");
    }
    if let Some(interpreter) = interpreter {
        maturin.args(["--interpreter", interpreter]);
    }
    target.trim_paths(&mut maturin)?;
    run(&mut maturin)?;
    for (name, _) in files(&built)? {
        let wheel = built.join(&name);
        look(release, tools, target, interpreter, &wheel, work.path())
            .map_err(|error| format!("{name}: {error}"))?;
        fs::copy(&wheel, release.folder.join(&name))?;
    }
    Ok(())
}

fn look(
    release: &Release,
    tools: &Tools,
    target: &Target,
    interpreter: Option<&str>,
    wheel: &Path,
    work: &Path,
) -> Result {
    output(tools.program("twine")?.args(["check", "--strict"]).arg(wheel))?;
    let unpacked = work.join("unpacked");
    output(
        tools
            .python()
            .args(["-m", "zipfile", "-e"])
            .arg(wheel)
            .arg(&unpacked),
    )?;
    inspect::no_private_folder(&unpacked)?;
    let information = unpacked.join(format!("zendesk_csat-{}.dist-info", release.version));
    for file in ["LICENSE-MIT", "LICENSE-APACHE", notices::FILE] {
        inspect::same(&information.join("licenses").join(file), &root().join(file))?;
    }
    let sbom = release.sbom_path();
    let name = sbom.file_name().unwrap_or_default();
    inspect::same(&information.join("sboms").join(name), &sbom)?;
    if let Some(compatibility) = target.compatibility().filter(|_| target.by_zig()) {
        let mut auditwheel = tools.program("auditwheel")?;
        auditwheel.args(["show", "--json"]);
        if target.is_musl() {
            // It would take this machine's C library for musl's.
            let nothing = work.join("nothing");
            fs::create_dir(&nothing)?;
            auditwheel.arg("--ldpaths").arg(nothing);
        }
        let judgement = output(auditwheel.arg(wheel))?;
        runs_with(
            &serde_json::from_str(&judgement)?,
            &tag(compatibility, &target.triple),
        )?;
    }
    if target.loads_here() {
        installs(release, interpreter, wheel, work)?;
    }
    Ok(())
}

/// auditwheel finds that it needs nothing else than what this tag promises.
fn runs_with(judgement: &Value, tag: &str) -> Result {
    let libraries = judgement["external_libs"].as_object();
    // musl's loader takes this name for itself; away from musl, auditwheel does not know that it does.
    let others = libraries
        .into_iter()
        .flatten()
        .filter(|(name, _)| *name != "libc.so");
    if judgement["sym_tag"] != tag || others.count() > 0 || judgement["unsupported_isa"] != false {
        return Err(format!("auditwheel does not find it to be {tag}: {judgement:#}").into());
    }
    Ok(())
}

/// What auditwheel calls a wheel that runs wherever this promises.
fn tag(compatibility: &str, triple: &str) -> String {
    let machine = triple.split('-').next().unwrap_or_default();
    let name = match compatibility {
        "manylinux2014" => "manylinux_2_17",
        other => other,
    };
    format!("{name}_{machine}")
}

/// In an environment of its own it imports, and brings the command.
fn installs(release: &Release, interpreter: Option<&str>, wheel: &Path, work: &Path) -> Result {
    let environment = work.join("environment");
    let installed = match interpreter {
        Some(interpreter) => {
            run(command(interpreter).args(["-m", "venv"]).arg(&environment))?;
            Tools::there(&environment)
        }
        None => Tools::empty(&environment)?,
    };
    run(installed
        .python()
        .args(["-m", "pip", "install", "--quiet", "--no-index", "--no-deps"])
        .args(["--disable-pip-version-check"])
        .arg(wheel))?;
    let version = output(
        installed
            .python()
            .args(["-c", "import zendesk_csat; print(zendesk_csat.__version__)"])
            .current_dir(work),
    )?;
    if version.trim() != release.version {
        return Err(format!("it says that it is {}", version.trim()).into());
    }
    inspect::runs(&installed.path_of("zendesk-csat"), &release.version, work)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_wheel_that_needs_more_than_its_tag_promises_is_refused() {
        let judgement = |tag: &str, libraries: Value| serde_json::json!({"sym_tag": tag, "external_libs": libraries, "unsupported_isa": false});
        let none = serde_json::json!({});
        let musl = serde_json::json!({"libc.so": null});
        let another = serde_json::json!({"libc.so": null, "libssl.so.3": "/usr/lib/libssl.so.3"});
        assert!(
            runs_with(
                &judgement("manylinux_2_17_x86_64", none.clone()),
                "manylinux_2_17_x86_64"
            )
            .is_ok()
        );
        assert!(runs_with(&judgement("manylinux_2_34_x86_64", none), "manylinux_2_17_x86_64").is_err());
        assert!(runs_with(&judgement("musllinux_1_2_x86_64", musl), "musllinux_1_2_x86_64").is_ok());
        assert!(
            runs_with(
                &judgement("musllinux_1_2_x86_64", another),
                "musllinux_1_2_x86_64"
            )
            .is_err()
        );
    }

    #[test]
    fn tags_are_auditwheels() {
        assert_eq!(
            tag("manylinux2014", "x86_64-unknown-linux-gnu"),
            "manylinux_2_17_x86_64"
        );
        assert_eq!(
            tag("musllinux_1_2", "aarch64-unknown-linux-musl"),
            "musllinux_1_2_aarch64"
        );
    }
}
