//! The Python wheel.

use super::target::Target;
use super::tools::Tools;
use super::{Release, files, inspect};
use crate::process::{command, output, run};
use crate::{Result, notices, root};
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
        let judgement = output(tools.program("auditwheel")?.arg("show").arg(wheel))?;
        let tag = tag(compatibility, &target.triple);
        if !judgement.contains(&tag) {
            return Err(format!("auditwheel does not find it to be {tag}:\n{judgement}").into());
        }
    }
    if target.loads_here() {
        installs(release, interpreter, wheel, work)?;
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
    #[test]
    fn tags_are_auditwheels() {
        let tag = super::tag("manylinux2014", "x86_64-unknown-linux-gnu");
        assert_eq!(tag, "manylinux_2_17_x86_64");
        let tag = super::tag("musllinux_1_2", "aarch64-unknown-linux-musl");
        assert_eq!(tag, "musllinux_1_2_aarch64");
    }
}
