//! The Python package's source, with a lock that is true of it.

use super::command::unpack;
use super::tools::Tools;
use super::{Release, files, inspect};
use crate::process::{cargo, output, run};
use crate::{Result, root};
use flate2::Compression;
use flate2::write::GzEncoder;
use std::collections::BTreeSet;
use std::fs;
use std::io::Read;
use std::path::Path;

/// Packs it, mends its lock, and builds it with the lock held still.
pub(super) fn build(release: &Release, tools: &Tools) -> Result {
    eprintln!("the Python package's source");
    let work = tempfile::tempdir()?;
    let built = work.path().join("built");
    run(tools
        .program("maturin")?
        .args(["sdist", "--manifest-path", "python/Cargo.toml", "--out"])
        .arg(&built))?;
    let Some((name, _)) = files(&built)?.pop() else {
        return Err("maturin packed no source".into());
    };
    let stem = name.trim_end_matches(".tar.gz");
    unpack(&built.join(&name), work.path())?;
    let source = work.path().join(stem);
    // It has not all crates of the workspace, and maturin packs the lock of all.
    let lock = source.join("Cargo.lock");
    let before = packages(&fs::read_to_string(&lock)?);
    let metadata = ["metadata", "--quiet", "--format-version", "1"];
    output(cargo(&metadata).current_dir(&source))?;
    let pruned = fs::read_to_string(&lock)?;
    if let Some(new) = packages(&pruned).difference(&before).next() {
        return Err(format!("the source's lock got something new: {new}").into());
    }
    let archive = release.folder.join(&name);
    replace(
        &built.join(&name),
        &archive,
        &format!("{stem}/Cargo.lock"),
        pruned.as_bytes(),
    )?;
    look(tools, &archive, stem).map_err(|error| format!("{name}: {error}").into())
}

/// Names and versions of a lock.
fn packages(lock: &str) -> BTreeSet<String> {
    lock.split("[[package]]")
        .skip(1)
        .map(|package| {
            let lines: Vec<_> = package.lines().filter(|line| !line.is_empty()).take(2).collect();
            lines.join(", ")
        })
        .collect()
}

/// Copies an archive, with another content of one member.
fn replace(from: &Path, to: &Path, member: &str, content: &[u8]) -> Result {
    let mut archive = tar::Archive::new(flate2::read::GzDecoder::new(fs::File::open(from)?));
    let mut builder = tar::Builder::new(GzEncoder::new(fs::File::create(to)?, Compression::best()));
    let mut replaced = false;
    for entry in archive.entries()? {
        let mut entry = entry?;
        let path = entry.path()?.into_owned();
        let mut header = entry.header().clone();
        let mut data = Vec::new();
        entry.read_to_end(&mut data)?;
        if path == Path::new(member) {
            data = content.to_vec();
            header.set_size(data.len().try_into()?);
            replaced = true;
        }
        builder.append_data(&mut header, &path, data.as_slice())?;
    }
    builder.into_inner()?.finish()?;
    if !replaced {
        return Err(format!("{} has no {member}", from.display()).into());
    }
    Ok(())
}

fn look(tools: &Tools, archive: &Path, stem: &str) -> Result {
    output(tools.program("twine")?.args(["check", "--strict"]).arg(archive))?;
    let work = tempfile::tempdir()?;
    unpack(archive, work.path())?;
    inspect::no_private_folder(&work.path().join(stem))?;
    let wheels = work.path().join("wheels");
    // As pip builds it, but quickly; what others wrote is compiled already where the tests have run.
    let mut pip = tools.program("python")?;
    pip.args([
        "-m",
        "pip",
        "wheel",
        "--quiet",
        "--no-deps",
        "--no-index",
        "--no-build-isolation",
    ])
    .args(["--disable-pip-version-check", "--wheel-dir"])
    .arg(&wheels)
    .arg(archive)
    .env("MATURIN_PEP517_ARGS", "--locked --profile dev")
    .env("CARGO_TARGET_DIR", root().join("target"));
    run(&mut pip)?;
    let Some((wheel, _)) = files(&wheels)?.pop() else {
        return Err("it builds no wheel".into());
    };
    let installed = Tools::empty(&work.path().join("environment"))?;
    output(
        installed
            .python()
            .args(["-m", "pip", "install", "--quiet", "--no-index", "--no-deps"])
            .arg(wheels.join(wheel)),
    )?;
    output(
        installed
            .python()
            .args(["-c", "import zendesk_csat"])
            .current_dir(work.path()),
    )?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_lock_is_compared_by_names_and_versions() {
        let lock = "version = 4\n\n[[package]]\nname = \"a\"\nversion = \"1.0.0\"\ndependencies = [\n \"b\",\n]\n\n\
                    [[package]]\nname = \"b\"\nversion = \"2.0.0\"\n";
        let all = packages(lock);
        let pruned = packages("version = 4\n\n[[package]]\nname = \"a\"\nversion = \"1.0.0\"\n");
        assert_eq!(all.len(), 2);
        assert_eq!(pruned.difference(&all).count(), 0);
        let changed = packages("[[package]]\nname = \"a\"\nversion = \"1.0.1\"\n");
        assert_eq!(changed.difference(&all).count(), 1);
    }

    #[test]
    fn one_member_is_replaced_and_the_others_stay() {
        let work = tempfile::tempdir().expect("a folder");
        let (from, to) = (work.path().join("from.tar.gz"), work.path().join("to.tar.gz"));
        let file = fs::File::create(&from).expect("a file");
        let mut builder = tar::Builder::new(GzEncoder::new(file, Compression::fast()));
        for (name, content) in [("s/Cargo.lock", "long lock"), ("s/lib.rs", "fn f() {}")] {
            let mut header = tar::Header::new_gnu();
            header.set_size(content.len() as u64);
            header.set_mode(0o644);
            builder
                .append_data(&mut header, name, content.as_bytes())
                .expect("it is packed");
        }
        builder
            .into_inner()
            .and_then(GzEncoder::finish)
            .expect("it is packed");
        replace(&from, &to, "s/Cargo.lock", b"lock").expect("it is there");
        assert!(replace(&from, &to, "s/Cargo.toml", b"").is_err());
        replace(&from, &to, "s/Cargo.lock", b"lock").expect("it is there");
        unpack(&to, work.path()).expect("it is unpacked");
        let read = |name: &str| fs::read_to_string(work.path().join(name)).expect("it is there");
        assert_eq!(read("s/Cargo.lock"), "lock");
        assert_eq!(read("s/lib.rs"), "fn f() {}");
    }
}
