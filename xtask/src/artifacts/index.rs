//! What is written of the archives: their checksums, the installer, the Homebrew formula, the notes of the release.

use super::command::stem;
use super::{Release, files, inspect};
use crate::dependencies::TARGETS;
use crate::process::output;
use crate::release::{changelog, version};
use crate::{Result, root};
use sha2::{Digest, Sha256};
use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::process::Command;

const INSTALLER: &str = "install.sh";
const FORMULA: &str = "zendesk-csat.rb";
const CHECKSUMS: &str = "SHA256SUMS";
const NOTES: &str = "release-notes.md";

/// Writes them for the archives that are in the folder; a missing one is an error where all are required.
pub(super) fn write(release: &Release, required: bool) -> Result {
    let repository = version::repository()?;
    let mut checksums = BTreeMap::new();
    for triple in TARGETS {
        let archive = archive(release, triple);
        if archive.exists() {
            checksums.insert(triple, checksum(&archive)?);
        }
    }
    let template = |file: &str| fs::read_to_string(root().join("packaging").join(file));
    let installer = fill(&template(INSTALLER)?, &release.version, &repository);
    let path = release.folder.join(INSTALLER);
    fs::write(&path, installer.replace("@CHECKSUMS@", &cases(&checksums)))?;
    if cfg!(unix) {
        look_at_installer(release, &path)?;
    }
    let formula = fill(
        &template("homebrew/zendesk-csat.rb")?,
        &release.version,
        &repository,
    );
    match with_checksums(&formula, &checksums) {
        Ok(formula) => fs::write(release.folder.join(FORMULA), formula)?,
        Err(triple) if required => return Err(format!("the formula needs an archive for {triple}").into()),
        Err(triple) => eprintln!("left out: the Homebrew formula, since there is no archive for {triple}"),
    }
    let notes = changelog::section(
        &fs::read_to_string(root().join(changelog::FILE))?,
        &release.version,
    )?;
    fs::write(release.folder.join(NOTES), notes)?;
    sums(release)
}

fn archive(release: &Release, triple: &str) -> std::path::PathBuf {
    release
        .folder
        .join(format!("{}.tar.gz", stem(&release.version, triple)))
}

/// The checksums of all that is there, as `sha256sum --check` reads them.
fn sums(release: &Release) -> Result {
    let mut lines = String::new();
    for (name, _) in files(&release.folder)? {
        if name != CHECKSUMS {
            lines.push_str(&format!("{}  {name}\n", checksum(&release.folder.join(&name))?));
        }
    }
    fs::write(release.folder.join(CHECKSUMS), lines)?;
    Ok(())
}

fn checksum(path: &Path) -> Result<String> {
    let bytes = fs::read(path).map_err(|error| format!("{}: {error}", path.display()))?;
    let digest = Sha256::digest(&bytes);
    Ok(digest.iter().map(|byte| format!("{byte:02x}")).collect())
}

fn fill(template: &str, version: &str, repository: &str) -> String {
    template
        .replace("@VERSION@", version)
        .replace("@REPOSITORY@", repository)
}

/// The cases of the installer's table.
fn cases(checksums: &BTreeMap<&str, String>) -> String {
    let lines: Vec<_> = checksums
        .iter()
        .filter(|(triple, _)| !triple.contains("-windows-"))
        .map(|(triple, sum)| format!("    {triple}) echo {sum} ;;"))
        .collect();
    lines.join("\n")
}

/// The formula with its checksums, or the target whose archive is not there.
fn with_checksums<'a>(
    formula: &'a str,
    checksums: &BTreeMap<&str, String>,
) -> std::result::Result<String, &'a str> {
    let mut filled = String::new();
    let mut rest = formula;
    while let Some((before, after)) = rest.split_once("@SHA256 ") {
        let (triple, after) = after.split_once('@').unwrap_or((after, ""));
        filled.push_str(before);
        filled.push_str(checksums.get(triple).ok_or(triple)?);
        rest = after;
    }
    filled.push_str(rest);
    Ok(filled)
}

/// The installer puts the command of this machine, where its archive is there, into a folder, and refuses another archive.
fn look_at_installer(release: &Release, installer: &Path) -> Result {
    let host = format!("{}-unknown-linux-gnu", std::env::consts::ARCH);
    let archive = archive(release, &host);
    if !cfg!(all(target_os = "linux", target_env = "gnu")) || !archive.exists() {
        output(Command::new("sh").arg("-n").arg(installer))?;
        return Ok(());
    }
    let work = tempfile::tempdir()?;
    let folder = work.path().join("programs");
    let install = |from: &Path| {
        let mut install = Command::new("sh");
        install
            .arg(installer)
            .env("ZENDESK_CSAT_INSTALL_FOLDER", &folder)
            .env("ZENDESK_CSAT_INSTALL_FROM", format!("file://{}", from.display()));
        install
    };
    output(&mut install(&release.folder))?;
    inspect::runs(&folder.join("zendesk-csat"), &release.version, work.path())?;
    let name = archive.file_name().unwrap_or_default();
    fs::write(work.path().join(name), "another archive")?;
    if output(&mut install(work.path())).is_ok() {
        return Err("the installer takes an archive that is not the released one".into());
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_formula_has_the_checksum_of_every_archive_or_is_not_written() {
        let template =
            fs::read_to_string(root().join("packaging/homebrew/zendesk-csat.rb")).expect("it is there");
        let formula = fill(&template, "1.2.3", "https://example.test/repository");
        let mut checksums: BTreeMap<_, _> = TARGETS.map(|triple| (triple, format!("sum of {triple}"))).into();
        let filled = with_checksums(&formula, &checksums).expect("all are there");
        assert!(!filled.contains('@'), "{filled}");
        assert!(filled.contains("sha256 \"sum of aarch64-apple-darwin\""));
        assert!(
            filled.contains("/releases/download/v1.2.3/zendesk-csat-1.2.3-x86_64-unknown-linux-gnu.tar.gz")
        );
        checksums.remove("aarch64-apple-darwin");
        assert_eq!(with_checksums(&formula, &checksums), Err("aarch64-apple-darwin"));
    }

    #[test]
    fn the_installer_has_no_placeholder_left() {
        let template = fs::read_to_string(root().join("packaging/install.sh")).expect("it is there");
        let checksums = BTreeMap::from([("x86_64-apple-darwin", "aa".to_owned())]);
        let filled =
            fill(&template, "1.2.3", "https://example.test/r").replace("@CHECKSUMS@", &cases(&checksums));
        assert!(!filled.contains('@'), "{filled}");
        assert!(filled.contains("    x86_64-apple-darwin) echo aa ;;\n"));
    }
}
