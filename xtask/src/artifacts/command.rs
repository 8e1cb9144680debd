//! The command in an archive, with its licences.

use super::target::{GLIBC, Target};
use super::tools::Tools;
use super::{Release, inspect};
use crate::process::{command, output, run};
use crate::{Result, notices, root};
use flate2::Compression;
use flate2::write::GzEncoder;
use std::fs;
use std::path::{Path, PathBuf};

/// What stands beside the command.
const BESIDE: [&str; 5] = [
    "README.md",
    "CHANGELOG.md",
    "LICENSE-MIT",
    "LICENSE-APACHE",
    notices::FILE,
];

/// Builds it for the target, packs it, and looks at what is packed.
pub(super) fn build(release: &Release, tools: &Tools, target: &Target) -> Result {
    eprintln!("the command for {}", target.triple);
    if !release.sbom_path().exists() {
        release.sbom(tools)?;
    }
    let mut cargo = command(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    cargo.env("PATH", tools.path()?);
    let triple = match (target.by_zig(), target.is_musl()) {
        (true, false) => format!("{}.2.{GLIBC}", target.triple),
        _ => target.triple.clone(),
    };
    cargo
        .arg(if target.by_zig() { "zigbuild" } else { "build" })
        .args(["--release", "--locked", "--quiet"])
        .args(["--package", "zendesk-csat-cli"])
        .args(["--target", &triple]);
    target.trim_paths(&mut cargo)?;
    run(&mut cargo)?;

    let program = if target.is_windows() {
        "zendesk-csat.exe"
    } else {
        "zendesk-csat"
    };
    let built = target_folder().join(&target.triple).join("release").join(program);
    let name = stem(&release.version, &target.triple);
    let mut members = vec![(program.to_owned(), built, 0o755)];
    members.extend(BESIDE.map(|file| (file.to_owned(), root().join(file), 0o644)));
    members.push(("zendesk-csat.cdx.json".to_owned(), release.sbom_path(), 0o644));
    let archive = release.folder.join(format!("{name}.tar.gz"));
    pack(&archive, &name, &members)?;
    look(release, target, &archive, &name, program).map_err(|error| format!("{name}: {error}").into())
}

/// An archive's name without its ending, and of the folder in it.
pub(super) fn stem(version: &str, triple: &str) -> String {
    format!("zendesk-csat-{version}-{triple}")
}

fn target_folder() -> PathBuf {
    std::env::var_os("CARGO_TARGET_DIR").map_or_else(|| root().join("target"), PathBuf::from)
}

/// The same members make the same archive: no owner, and the time of the commit.
fn pack(archive: &Path, folder: &str, members: &[(String, PathBuf, u32)]) -> Result {
    let time = output(command("git").args(["log", "-1", "--format=%ct"]))?;
    let time = time.trim().parse().unwrap_or_default();
    let file = fs::File::create(archive)?;
    let mut builder = tar::Builder::new(GzEncoder::new(file, Compression::best()));
    for (name, path, mode) in members {
        let content = fs::read(path).map_err(|error| format!("{}: {error}", path.display()))?;
        let mut header = tar::Header::new_gnu();
        header.set_size(content.len().try_into()?);
        header.set_mode(*mode);
        header.set_mtime(time);
        builder.append_data(&mut header, format!("{folder}/{name}"), content.as_slice())?;
    }
    builder.into_inner()?.finish()?;
    Ok(())
}

fn look(release: &Release, target: &Target, archive: &Path, name: &str, program: &str) -> Result {
    let work = tempfile::tempdir()?;
    unpack(archive, work.path())?;
    let folder = work.path().join(name);
    inspect::no_private_folder(&folder)?;
    if target.is_linux() {
        inspect::glibc(&folder.join(program))?;
    }
    if target.runs_here() {
        inspect::runs(&folder.join(program), &release.version, work.path())?;
    }
    Ok(())
}

/// Unpacks a `.tar.gz`.
pub(super) fn unpack(archive: &Path, folder: &Path) -> Result {
    let file = fs::File::open(archive).map_err(|error| format!("{}: {error}", archive.display()))?;
    tar::Archive::new(flate2::read::GzDecoder::new(file)).unpack(folder)?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_archive_is_the_same_twice_and_runs_what_is_in_it() {
        let work = tempfile::tempdir().expect("a folder");
        let script = work.path().join("script");
        fs::write(&script, "#!/bin/sh\n").expect("it is written");
        let members = [("bin".to_owned(), script, 0o755)];
        let archives = ["one.tar.gz", "two.tar.gz"].map(|name| work.path().join(name));
        for archive in &archives {
            pack(archive, "folder", &members).expect("it is packed");
        }
        let [one, two] = archives
            .each_ref()
            .map(|archive| fs::read(archive).expect("it is there"));
        assert_eq!(one, two);
        unpack(&archives[0], work.path()).expect("it is unpacked");
        let unpacked = work.path().join("folder/bin");
        assert_eq!(fs::read_to_string(&unpacked).expect("it is there"), "#!/bin/sh\n");
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt;
            let mode = fs::metadata(&unpacked).expect("it is there").permissions().mode();
            assert_eq!(mode & 0o777, 0o755);
        }
    }
}
