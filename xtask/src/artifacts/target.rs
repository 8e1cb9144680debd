//! What an artifact is built for, and how.

use crate::process::{command, output};
use crate::{Result, root};
use std::ffi::OsString;
use std::path::PathBuf;
use std::process::Command;

/// The oldest C library that the Linux builds run with: manylinux2014's.
pub(crate) const GLIBC: u32 = 17;

/// A target of Rust's.
pub(crate) struct Target {
    pub(crate) triple: String,
    /// Of the compiler that builds.
    host: String,
}

impl Target {
    /// Of that name.
    pub(crate) fn named(triple: &str) -> Result<Self> {
        if !crate::dependencies::TARGETS.contains(&triple) {
            return Err(format!(
                "{triple} is none of the targets of a release: {}",
                crate::dependencies::TARGETS.join(", ")
            )
            .into());
        }
        Ok(Self {
            triple: triple.to_owned(),
            host: host()?,
        })
    }

    pub(crate) fn is_linux(&self) -> bool {
        self.triple.contains("-linux-")
    }

    pub(crate) fn is_musl(&self) -> bool {
        self.triple.ends_with("-musl")
    }

    pub(crate) fn is_windows(&self) -> bool {
        self.triple.contains("-windows-")
    }

    /// zig links for other C libraries than this machine's.
    pub(crate) fn by_zig(&self) -> bool {
        self.is_linux() && cfg!(target_os = "linux")
    }

    /// What pip calls the platform.
    pub(crate) fn compatibility(&self) -> Option<&'static str> {
        match (self.is_linux(), self.is_musl()) {
            (true, true) => Some("musllinux_1_2"),
            (true, false) => Some("manylinux2014"),
            _ => None,
        }
    }

    /// Whether this machine runs the command that is built for it: musl's is static.
    pub(crate) fn runs_here(&self) -> bool {
        self.triple == self.host || self.triple.replace("-musl", "-gnu") == self.host
    }

    /// Whether this machine's Python loads the wheel that is built for it.
    pub(crate) fn loads_here(&self) -> bool {
        self.triple == self.host
    }

    pub(crate) fn has_standard_library(&self) -> Result<bool> {
        let libraries =
            output(command("rustc").args(["--print", "target-libdir", "--target", &self.triple]))?;
        Ok(PathBuf::from(libraries.trim()).is_dir())
    }

    /// Has no folder of the building machine written into what is compiled.
    pub(crate) fn trim_paths(&self, build: &mut Command) -> Result {
        let folders = folders()?;
        let flags: Vec<OsString> = folders
            .iter()
            .map(|(folder, name)| format!("--remap-path-prefix={}={name}", folder.display()).into())
            .collect();
        build.env("CARGO_ENCODED_RUSTFLAGS", flags.join("\u{1f}".as_ref()));
        if !self.is_windows() {
            let flags: Vec<_> = folders
                .iter()
                .map(|(folder, name)| format!("-ffile-prefix-map={}={name}", folder.display()))
                .collect();
            build.env("CFLAGS", flags.join(" "));
        }
        if self.triple.ends_with("-apple-darwin") {
            build.env("MACOSX_DEPLOYMENT_TARGET", "11.0");
        }
        Ok(())
    }
}

/// The folders of this machine that compilers see, and what they are called instead; the last that fits is taken.
fn folders() -> Result<Vec<(PathBuf, &'static str)>> {
    let mut folders = vec![(cargo_home()?, "/cargo"), (root(), "/zendesk-csat")];
    let sources = cargo_home()?.join("registry/src");
    for registry in sources.read_dir().into_iter().flatten().flatten() {
        folders.push((registry.path(), "/crates"));
    }
    Ok(folders)
}

/// Folders whose names have no business in an artifact.
pub(crate) fn private_folders() -> Result<Vec<PathBuf>> {
    let rustup = output(command("rustc").args(["--print", "sysroot"]))?;
    Ok(vec![root(), cargo_home()?, PathBuf::from(rustup.trim())])
}

fn cargo_home() -> Result<PathBuf> {
    std::env::var_os("CARGO_HOME")
        .map(PathBuf::from)
        .or_else(|| Some(std::env::home_dir()?.join(".cargo")))
        .ok_or_else(|| "cargo has no home".into())
}

/// Those that are built where no target is named.
pub(crate) fn of_this_machine() -> Result<Vec<Target>> {
    let host = host()?;
    let mut triples = vec![host.clone()];
    if host.ends_with("-linux-gnu") {
        triples.push(host.replace("-gnu", "-musl"));
    }
    triples.iter().map(|triple| Target::named(triple)).collect()
}

fn host() -> Result<String> {
    let version = output(command("rustc").arg("-vV"))?;
    let host = version.lines().find_map(|line| line.strip_prefix("host: "));
    Ok(host.ok_or("rustc names no host")?.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn target(triple: &str) -> Target {
        Target {
            triple: triple.to_owned(),
            host: "x86_64-unknown-linux-gnu".to_owned(),
        }
    }

    #[test]
    fn a_static_command_runs_beside_another_c_library_and_a_wheel_does_not_load() {
        let musl = target("x86_64-unknown-linux-musl");
        assert!(musl.runs_here() && !musl.loads_here());
        assert_eq!(musl.compatibility(), Some("musllinux_1_2"));
        let host = target("x86_64-unknown-linux-gnu");
        assert!(host.runs_here() && host.loads_here());
        assert_eq!(host.compatibility(), Some("manylinux2014"));
    }

    #[test]
    fn other_systems_run_nothing_here() {
        for triple in [
            "aarch64-unknown-linux-musl",
            "aarch64-apple-darwin",
            "x86_64-pc-windows-msvc",
        ] {
            assert!(!target(triple).runs_here(), "{triple}");
        }
        assert!(Target::named("sparc-unknown-none").is_err());
    }

    #[test]
    fn sources_of_crates_are_called_so_before_what_they_are_in() {
        let folders = folders().expect("this machine has them");
        assert_eq!(folders[0].1, "/cargo");
        assert!(folders[2..].iter().all(|(_, name)| *name == "/crates"));
    }
}
