//! The archives for crates.io.

use super::Release;
use super::command::unpack;
use super::inspect;
use crate::process::{cargo, run};
use crate::{Result, root};
use std::fs;
use std::path::PathBuf;

/// Those that are published; each needs only those before it.
const PUBLISHED: [&str; 5] = [
    "zendesk-csat-codegen",
    "zendesk-csat-emulator",
    "zendesk-csat",
    "zendesk-csat-history",
    "zendesk-csat-cli",
];

/// Packs each, and builds it from what is packed.
pub(super) fn build(release: &Release) -> Result {
    eprintln!("the archives for crates.io");
    let mut package = cargo(&["package", "--locked", "--quiet", "--allow-dirty"]);
    for name in PUBLISHED {
        package.args(["--package", name]);
    }
    run(&mut package)?;
    let target = std::env::var_os("CARGO_TARGET_DIR").map_or_else(|| root().join("target"), PathBuf::from);
    for name in PUBLISHED {
        let stem = format!("{name}-{}", release.version);
        let packed = target.join(format!("package/{stem}.crate"));
        let work = tempfile::tempdir()?;
        unpack(&packed, work.path())?;
        inspect::no_private_folder(&work.path().join(&stem))?;
        fs::copy(&packed, release.folder.join(format!("{stem}.crate")))?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::process::output;

    /// What is published is what has no `publish = false`.
    fn marked_for_publication() -> Result<Vec<String>> {
        let metadata = output(&mut cargo(&[
            "metadata",
            "--no-deps",
            "--locked",
            "--format-version",
            "1",
        ]))?;
        let metadata: serde_json::Value = serde_json::from_str(&metadata)?;
        let packages = metadata["packages"]
            .as_array()
            .ok_or("cargo metadata lists packages")?;
        Ok(packages
            .iter()
            .filter(|package| package["publish"].is_null())
            .filter_map(|package| package["name"].as_str().map(str::to_owned))
            .collect())
    }

    #[test]
    fn every_crate_that_may_be_published_is() {
        let mut marked = marked_for_publication().expect("cargo lists them");
        let mut published = PUBLISHED.map(str::to_owned).to_vec();
        marked.sort();
        published.sort();
        assert_eq!(marked, published);
    }
}
