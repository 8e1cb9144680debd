//! The crates of others that are in what people get: the command and the Python extension module.

use crate::Result;
use crate::process::{cargo, output};
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;

/// A name and a version.
pub(crate) type Package = (String, String);

/// What wheels and commands are built for.
pub(crate) const TARGETS: [&str; 8] = [
    "x86_64-unknown-linux-gnu",
    "aarch64-unknown-linux-gnu",
    "x86_64-unknown-linux-musl",
    "aarch64-unknown-linux-musl",
    "x86_64-apple-darwin",
    "aarch64-apple-darwin",
    "x86_64-pc-windows-msvc",
    "aarch64-pc-windows-msvc",
];

/// The packages that are handed out compiled.
const SHIPPED: [&str; 2] = ["zendesk-csat-cli", "zendesk-csat-python"];

/// A crate of somebody else's.
pub(crate) struct Dependency {
    pub(crate) name: String,
    pub(crate) version: String,
    /// An SPDX expression.
    pub(crate) license: String,
    pub(crate) description: Option<String>,
    pub(crate) repository: Option<String>,
    /// Where its source is unpacked.
    pub(crate) folder: PathBuf,
    /// The SHA-256 of its archive.
    pub(crate) checksum: Option<String>,
    /// Those it needs, by name and version.
    pub(crate) needs: Vec<Package>,
}

/// What is linked.
pub(crate) struct Shipped {
    /// By name and version.
    pub(crate) dependencies: Vec<Dependency>,
    /// Those that our own crates name.
    pub(crate) first: Vec<Package>,
}

/// Whatever is linked on one of the targets; not what only builds or tests need.
pub(crate) fn shipped() -> Result<Shipped> {
    let mut tree = cargo(&[
        "tree",
        "--locked",
        "--edges",
        "normal,no-proc-macro",
        "--prefix",
        "none",
        "--format",
        "{p}",
    ]);
    for package in SHIPPED {
        tree.args(["--package", package]);
    }
    for target in TARGETS {
        tree.args(["--target", target]);
    }
    let linked = packages_of_tree(&output(&mut tree)?);
    let metadata = output(&mut cargo(&["metadata", "--locked", "--format-version", "1"]))?;
    let lock = std::fs::read_to_string(crate::root().join("Cargo.lock"))?;
    of_metadata(&serde_json::from_str(&metadata)?, &linked, &checksums(&lock))
}

/// Names and versions in what `cargo tree --prefix none` prints.
fn packages_of_tree(printed: &str) -> BTreeSet<Package> {
    printed
        .lines()
        .filter_map(|line| {
            let mut words = line.split_whitespace();
            let name = words.next()?;
            let version = words.next()?.strip_prefix('v')?;
            Some((name.to_owned(), version.to_owned()))
        })
        .collect()
}

/// The checksum of every package that a Cargo.lock has one of.
fn checksums(lock: &str) -> BTreeMap<Package, String> {
    let value = |block: &str, key: &str| {
        block.lines().find_map(|line| {
            let rest = line.strip_prefix(key)?.strip_prefix(" = \"")?;
            Some(rest.strip_suffix('"')?.to_owned())
        })
    };
    lock.split("[[package]]")
        .filter_map(|block| {
            Some((
                (value(block, "name")?, value(block, "version")?),
                value(block, "checksum")?,
            ))
        })
        .collect()
}

fn of_metadata(
    metadata: &Value,
    linked: &BTreeSet<Package>,
    checksums: &BTreeMap<Package, String>,
) -> Result<Shipped> {
    let text = |value: &Value, key: &str| value[key].as_str().map(str::to_owned);
    let packages = metadata["packages"]
        .as_array()
        .ok_or("cargo metadata lists packages")?;
    // Every package's name and version, and whether it is ours.
    let mut by_id = BTreeMap::new();
    for package in packages {
        let named = text(package, "name").zip(text(package, "version"));
        if let Some((id, named)) = package["id"].as_str().zip(named) {
            by_id.insert(id, (named, package["source"].is_null()));
        }
    }
    let mut first = BTreeSet::new();
    let mut needs = BTreeMap::new();
    for node in metadata["resolve"]["nodes"].as_array().into_iter().flatten() {
        let dependencies = node["deps"].as_array().into_iter().flatten();
        let needed: BTreeSet<Package> = dependencies
            .filter(|edge| {
                let kinds = edge["dep_kinds"].as_array();
                kinds.is_some_and(|kinds| kinds.iter().any(|kind| kind["kind"].is_null()))
            })
            .filter_map(|edge| by_id.get(edge["pkg"].as_str()?))
            .filter(|(package, ours)| !ours && linked.contains(package))
            .map(|(package, _)| package.clone())
            .collect();
        match node["id"].as_str().and_then(|id| Some((id, by_id.get(id)?))) {
            Some((_, (package, true))) if linked.contains(package) => first.extend(needed),
            Some((id, _)) => {
                needs.insert(id, needed.into_iter().collect::<Vec<_>>());
            }
            None => {}
        }
    }
    let mut dependencies = Vec::new();
    for package in packages {
        let Some((named, ours)) = package["id"].as_str().and_then(|id| by_id.get(id)) else {
            continue;
        };
        if *ours || !linked.contains(named) {
            continue;
        }
        let (name, version) = named.clone();
        let manifest = PathBuf::from(package["manifest_path"].as_str().unwrap_or_default());
        dependencies.push(Dependency {
            license: text(package, "license").ok_or_else(|| format!("{name} names no licence"))?,
            description: text(package, "description").map(|text| text.trim().to_owned()),
            repository: text(package, "repository"),
            folder: manifest.parent().map(PathBuf::from).unwrap_or_default(),
            checksum: checksums.get(named).cloned(),
            needs: package["id"]
                .as_str()
                .and_then(|id| needs.remove(id))
                .unwrap_or_default(),
            name,
            version,
        });
    }
    dependencies.sort_by(|a, b| (&a.name, &a.version).cmp(&(&b.name, &b.version)));
    Ok(Shipped {
        dependencies,
        first: first.into_iter().collect(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn trees_are_read_without_their_marks() {
        let printed = "zendesk-csat-cli v0.1.0 (/somewhere)\nserde v1.0.2 (*)\nserde v1.0.2\n\nmio v1.2.0\n";
        let packages = packages_of_tree(printed);
        assert_eq!(packages.len(), 3);
        assert!(packages.contains(&("mio".to_owned(), "1.2.0".to_owned())));
    }

    #[test]
    fn a_lock_gives_the_checksum_of_each_version() {
        let lock = "version = 4\n\n[[package]]\nname = \"syn\"\nversion = \"2.0.1\"\nsource = \"x\"\nchecksum = \"aa\"\n\n\
                    [[package]]\nname = \"syn\"\nversion = \"3.0.1\"\nchecksum = \"bb\"\n\n\
                    [[package]]\nname = \"xtask\"\nversion = \"0.1.0\"\n";
        let checksums = checksums(lock);
        assert_eq!(checksums.len(), 2);
        assert_eq!(checksums[&("syn".to_owned(), "3.0.1".to_owned())], "bb");
    }

    #[test]
    fn ours_and_what_is_not_linked_are_left_out() {
        let metadata = serde_json::json!({
            "packages": [
                {"id": "a", "name": "ours", "version": "0.1.0", "source": null, "manifest_path": "/o/Cargo.toml"},
                {"id": "b", "name": "serde", "version": "1.0.0", "source": "registry", "license": "MIT",
                 "manifest_path": "/r/serde/Cargo.toml"},
                {"id": "c", "name": "cc", "version": "1.0.0", "source": "registry", "license": "MIT",
                 "manifest_path": "/r/cc/Cargo.toml"},
            ],
            "resolve": {"nodes": [
                {"id": "a", "deps": [{"pkg": "b", "dep_kinds": [{"kind": null}]}]},
                {"id": "b", "deps": [{"pkg": "c", "dep_kinds": [{"kind": "build"}]}]},
            ]},
        });
        let linked = packages_of_tree("ours v0.1.0\nserde v1.0.0");
        let shipped = of_metadata(&metadata, &linked, &BTreeMap::new()).expect("they are read");
        let dependencies = shipped.dependencies;
        assert_eq!(shipped.first, [("serde".to_owned(), "1.0.0".to_owned())]);
        assert_eq!(dependencies.len(), 1);
        assert_eq!(dependencies[0].name, "serde");
        assert!(dependencies[0].needs.is_empty());
    }
}
