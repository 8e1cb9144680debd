//! What people get, built as they get it and looked at, in `target/release-artifacts`.
//!
//! The release workflow runs the same tasks on other machines, so that what is checked here is what it does.

mod command;
mod container;
mod crates;
mod index;
mod inspect;
mod sdist;
mod target;
mod tools;
mod wheel;

use crate::{Result, root, sbom};
use clap::ValueEnum;
use std::fs;
use std::path::{Path, PathBuf};
use target::Target;
use tools::Tools;

/// Kinds of artifacts.
#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Kind {
    /// The Python wheel
    Wheel,
    /// The command, with its licences, in an archive
    Command,
    /// The Python package's source
    Sdist,
    /// The archives for crates.io
    Crates,
    /// The list of what a release is made of
    Sbom,
    /// Installer, Homebrew formula and checksums of the archives that are there
    Index,
    /// What the container image copies, of the archives that are there
    Container,
}

/// Where they are put.
pub(crate) fn folder() -> PathBuf {
    root().join("target/release-artifacts")
}

/// Takes away what is there.
pub(crate) fn clear() -> Result {
    let folder = folder();
    if folder.exists() {
        fs::remove_dir_all(&folder).map_err(|error| format!("{}: {error}", folder.display()))?;
    }
    Ok(())
}

/// Builds and checks these, or all that this machine can make; what it cannot, it says.
pub(crate) fn run(kinds: &[Kind], target: Option<&str>, interpreter: Option<&str>) -> Result {
    let started = std::time::Instant::now();
    let wanted = |kind| kinds.is_empty() || kinds.contains(&kind);
    let release = Release {
        version: crate::release::version::of_workspace()?,
        folder: folder(),
    };
    fs::create_dir_all(&release.folder)?;
    let tools = Tools::install()?;
    if wanted(Kind::Sbom) {
        release.sbom(&tools)?;
    }
    if wanted(Kind::Wheel) || wanted(Kind::Command) {
        for target in targets(target)? {
            if wanted(Kind::Wheel) {
                wheel::build(&release, &tools, &target, interpreter)?;
            }
            if wanted(Kind::Command) {
                command::build(&release, &tools, &target)?;
            }
        }
    }
    if wanted(Kind::Sdist) {
        sdist::build(&release, &tools)?;
    }
    if wanted(Kind::Crates) {
        crates::build(&release)?;
    }
    if wanted(Kind::Index) {
        index::write(&release, !kinds.is_empty())?;
    }
    if wanted(Kind::Container) && cfg!(target_os = "linux") {
        container::lay_out(&release, !kinds.is_empty())?;
    }
    eprintln!(
        "{} s, in {}:",
        started.elapsed().as_secs(),
        release.folder.display()
    );
    for (name, size) in files(&release.folder)? {
        eprintln!("{size:>10} {name}");
    }
    Ok(())
}

/// The one that is named, or those of this machine that its Rust can build for.
fn targets(named: Option<&str>) -> Result<Vec<Target>> {
    let lacks = |target: &Target| {
        format!(
            "{}, of which this Rust has no standard library: `rustup target add` brings it",
            target.triple
        )
    };
    if let Some(triple) = named {
        let target = Target::named(triple)?;
        return match target.has_standard_library()? {
            true => Ok(vec![target]),
            false => Err(format!("cannot build for {}", lacks(&target)).into()),
        };
    }
    let mut targets = Vec::new();
    for target in target::of_this_machine()? {
        if target.has_standard_library()? {
            targets.push(target);
        } else {
            eprintln!("left out: {}", lacks(&target));
        }
    }
    Ok(targets)
}

/// What all of them are of.
pub(crate) struct Release {
    version: String,
    folder: PathBuf,
}

impl Release {
    /// Where the list of what it is made of stands; it goes into wheels and archives as well.
    fn sbom_path(&self) -> PathBuf {
        self.folder.join("zendesk-csat.cdx.json")
    }

    fn sbom(&self, tools: &Tools) -> Result {
        let document = format!("{:#}\n", sbom::document(&self.version)?);
        let path = self.sbom_path();
        fs::write(&path, document)?;
        inspect::sbom(tools, &path)
    }
}

/// Names and sizes of a folder's files, in order.
fn files(folder: &Path) -> Result<Vec<(String, u64)>> {
    let mut files = Vec::new();
    for entry in fs::read_dir(folder).map_err(|error| format!("{}: {error}", folder.display()))? {
        let entry = entry?;
        if entry.file_type()?.is_file() {
            files.push((
                entry.file_name().to_string_lossy().into_owned(),
                entry.metadata()?.len(),
            ));
        }
    }
    files.sort();
    Ok(files)
}
