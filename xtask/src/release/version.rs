//! The version, which stands in several files, and the address of the repository, which stands in one.

use crate::{Result, root};
use std::fmt;
use std::fs;

/// Where it is written, and before it what.
const PLACES: [(&str, &str, usize); 3] = [
    ("Cargo.toml", "[workspace.package]\nversion = \"", 1),
    // Crates of ours name each other's.
    ("Cargo.toml", "\", version = \"", 7),
    ("openapi/zendesk-csat.yaml", "\n  version: ", 1),
];

/// What stands for the owner while the repository has none.
const NOBODY: &str = "/OWNER/";

/// Three numbers.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub(crate) struct Version(u64, u64, u64);

impl std::str::FromStr for Version {
    type Err = String;

    fn from_str(text: &str) -> std::result::Result<Self, String> {
        let numbers: Vec<_> = text.split('.').map(|part| (part, part.parse::<u64>())).collect();
        match numbers.as_slice() {
            [(a, Ok(x)), (b, Ok(y)), (c, Ok(z))]
                if [a, b, c]
                    .iter()
                    .all(|part| !part.starts_with('+') && (part.len() == 1 || !part.starts_with('0'))) =>
            {
                Ok(Self(*x, *y, *z))
            }
            _ => Err(format!(
                "{text} is no version: it takes three numbers, such as 1.2.3"
            )),
        }
    }
}

impl fmt::Display for Version {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{}.{}.{}", self.0, self.1, self.2)
    }
}

/// The one that the workspace has now.
pub(crate) fn of_workspace() -> Result<String> {
    let manifest = read("Cargo.toml")?;
    let (_, after) = manifest
        .split_once(PLACES[0].1)
        .ok_or("Cargo.toml has no version")?;
    Ok(after.split('"').next().unwrap_or_default().to_owned())
}

/// Where the project is; it is written in Cargo.toml alone.
pub(crate) fn repository() -> Result<String> {
    let manifest = read("Cargo.toml")?;
    let (_, after) = manifest
        .split_once("\nrepository = \"")
        .ok_or("Cargo.toml names no repository")?;
    Ok(after.split('"').next().unwrap_or_default().to_owned())
}

/// Whether nobody has said yet where the project is.
pub(crate) fn is_nowhere(repository: &str) -> bool {
    repository.contains(NOBODY)
}

/// Every file that has it, with another one instead.
pub(crate) fn changed(old: &str, new: &str) -> Result<Vec<(&'static str, String)>> {
    let mut files: Vec<(&'static str, String)> = Vec::new();
    for (file, before, times) in PLACES {
        let at = match files.iter().position(|(name, _)| *name == file) {
            Some(at) => at,
            None => {
                files.push((file, read(file)?));
                files.len() - 1
            }
        };
        files[at].1 =
            replace(&files[at].1, before, times, old, new).map_err(|error| format!("{file}: {error}"))?;
    }
    Ok(files)
}

fn replace(
    text: &str,
    before: &str,
    times: usize,
    old: &str,
    new: &str,
) -> std::result::Result<String, String> {
    let from = format!("{before}{old}");
    let found = text.matches(&from).count();
    if found == times {
        Ok(text.replace(&from, &format!("{before}{new}")))
    } else {
        Err(format!("{:?} is there {found} times, not {times}", from.trim()))
    }
}

fn read(file: &str) -> Result<String> {
    fs::read_to_string(root().join(file)).map_err(|error| format!("{file}: {error}").into())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions_are_three_numbers_in_order() {
        let version = |text: &str| text.parse::<Version>();
        assert_eq!(version("0.10.2").expect("one").to_string(), "0.10.2");
        assert!(version("0.10.2") > version("0.9.11"));
        for wrong in [
            "1.2",
            "1.2.3.4",
            "v1.2.3",
            "1.2.x",
            "",
            "1.02.3",
            "1.2.+3",
            "1.2.3-rc.1",
        ] {
            assert!(version(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn every_place_gets_the_new_version_and_nothing_else_changes() {
        let old = of_workspace().expect("the workspace has one");
        let files = changed(&old, "97.98.99").expect("they are there");
        assert_eq!(files.len(), 2);
        for (file, text) in files {
            let back = text.replace("97.98.99", &old);
            assert_eq!(back, read(file).expect("it is there"), "{file}");
        }
    }

    #[test]
    fn a_place_that_is_gone_or_twice_is_an_error() {
        assert!(replace("version = \"0.1.0\"", "version = \"", 1, "0.2.0", "0.3.0").is_err());
        assert!(replace("v0.1.0 v0.1.0", "v", 1, "0.1.0", "0.2.0").is_err());
        assert_eq!(
            replace("v0.1.0 0.1.0", "v", 1, "0.1.0", "0.2.0").as_deref(),
            Ok("v0.2.0 0.1.0")
        );
    }

    #[test]
    fn the_oldest_rust_is_the_one_that_tests() {
        let toolchain = read("rust-toolchain.toml").expect("it is there");
        let (_, after) = toolchain.split_once("channel = \"").expect("it names a channel");
        let channel = after.split('"').next().unwrap_or_default();
        let oldest = env!("CARGO_PKG_RUST_VERSION");
        assert_eq!(channel.rsplit_once('.').map(|(minor, _)| minor), Some(oldest));
        let readme = read("README.md").expect("it is there");
        assert!(readme.contains(&format!("Rust {oldest} or later")));
        let rustc =
            crate::process::output(crate::process::command("rustc").arg("--version")).expect("it runs");
        assert!(rustc.starts_with(&format!("rustc {channel} ")), "{rustc}");
    }
}
