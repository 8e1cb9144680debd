//! The tools that build and judge artifacts, in an environment of their own: maturin, zig, twine, auditwheel.

use crate::process::{command, run};
use crate::{Result, root};
use std::ffi::OsString;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

/// Each version with the hashes of its archives.
const LOCK: &str = "packaging/requirements.txt";

/// A virtual environment.
pub(crate) struct Tools {
    programs: PathBuf,
}

impl Tools {
    /// Makes it, or brings it to what the lock says.
    pub(crate) fn install() -> Result<Self> {
        let tools = Self::at(&root().join("target/release-tools"))?;
        let installed = root().join("target/release-tools/installed.txt");
        let lock = fs::read(root().join(LOCK))?;
        if fs::read(&installed).is_ok_and(|installed| installed == lock) {
            return Ok(tools);
        }
        run(tools
            .python()
            .args(["-m", "pip", "install", "--quiet", "--disable-pip-version-check"])
            .args([
                "--require-hashes",
                "--only-binary",
                ":all:",
                "--requirement",
                LOCK,
            ]))?;
        fs::write(installed, lock)?;
        Ok(tools)
    }

    /// An environment with nothing in it, where people's first `pip install` is repeated.
    pub(crate) fn empty(folder: &Path) -> Result<Self> {
        if folder.exists() {
            fs::remove_dir_all(folder)?;
        }
        Self::at(folder)
    }

    /// One that somebody has made.
    pub(crate) fn there(folder: &Path) -> Self {
        Self {
            programs: folder.join(if cfg!(windows) { "Scripts" } else { "bin" }),
        }
    }

    fn at(folder: &Path) -> Result<Self> {
        let tools = Self::there(folder);
        if !tools.path_of("python").exists() {
            let interpreter = std::env::var_os("PYTHON")
                .unwrap_or_else(|| if cfg!(windows) { "python" } else { "python3" }.into());
            run(command(interpreter).args(["-m", "venv"]).arg(folder))?;
        }
        Ok(tools)
    }

    pub(crate) fn path_of(&self, program: &str) -> PathBuf {
        self.programs
            .join(format!("{program}{}", std::env::consts::EXE_SUFFIX))
    }

    pub(crate) fn python(&self) -> Command {
        command(self.path_of("python"))
    }

    /// One of its programs, which finds the others.
    pub(crate) fn program(&self, name: &str) -> Result<Command> {
        let mut program = command(self.path_of(name));
        program.env("PATH", self.path()?);
        Ok(program)
    }

    /// The system's path with these programs before it.
    pub(crate) fn path(&self) -> Result<OsString> {
        let others = std::env::var_os("PATH").unwrap_or_default();
        let own = std::iter::once(self.programs.clone());
        Ok(std::env::join_paths(own.chain(std::env::split_paths(&others)))?)
    }
}
