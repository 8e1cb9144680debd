//! The wheel in a virtual environment of its own, and everything that judges it there.

use crate::process::{cargo, command, run};
use crate::{Result, root};
use std::ffi::{OsStr, OsString};
use std::path::{Path, PathBuf};

/// Builds and installs the wheel, then runs pytest, mypy, pyright and stubtest.
pub(crate) fn test() -> Result {
    let environment = Environment::new("target/python-environment")?;
    environment.install("tests/python/requirements.txt")?;
    environment.install_package("dev")?;
    environment.python(&["-m", "pytest", "tests/python"])?;
    environment.python(&["-m", "mypy", "--strict", "python/python", "tests/python"])?;
    environment.python(&["-m", "mypy.stubtest", "zendesk_csat"])?;
    environment.python(&[
        "-m",
        "pyright",
        "--pythonpath",
        &environment.executable(),
        "tests/python",
    ])
}

/// Builds and installs the wheel as people get it, beside what else they would use, and compares.
pub(crate) fn measure(sections: &[String]) -> Result {
    run(&mut cargo(&[
        "build",
        "--quiet",
        "--release",
        "--package",
        "zendesk-csat-bench",
    ]))?;
    let target = std::env::var_os("CARGO_TARGET_DIR").map_or_else(|| root().join("target"), PathBuf::from);
    let service = format!("zendesk-csat-bench{}", std::env::consts::EXE_SUFFIX);
    let environment = Environment::new("target/python-bench")?;
    environment.install("tests/bench/python/requirements.txt")?;
    environment.install_package("release")?;
    run(command(&environment.python)
        .arg("tests/bench/python/measure.py")
        .arg(target.join("release").join(service))
        .args(sections))
}

/// A virtual environment under `target`, made where there is none.
pub(crate) struct Environment {
    python: PathBuf,
}

impl Environment {
    /// Of the system's Python.
    pub(crate) fn new(folder: &str) -> Result<Self> {
        let interpreter = std::env::var_os("PYTHON").unwrap_or_else(|| "python3".into());
        Self::of(interpreter.as_ref(), folder)
    }

    /// Of that interpreter.
    pub(crate) fn of(interpreter: &Path, folder: &str) -> Result<Self> {
        let folder = root().join(folder);
        let python = folder.join(if cfg!(windows) {
            "Scripts/python.exe"
        } else {
            "bin/python"
        });
        if !python.exists() {
            run(command(interpreter).args(["-m".as_ref(), "venv".as_ref(), folder.as_os_str()]))?;
        }
        Ok(Self { python })
    }

    fn executable(&self) -> String {
        self.python.display().to_string()
    }

    /// What a lock names, by the hashes of its files; the lock's first lines say how it is renewed.
    pub(crate) fn install(&self, lock: &str) -> Result {
        run(command(&self.python)
            .args(["-m", "pip", "install", "--quiet", "--disable-pip-version-check"])
            .args(["--require-hashes", "--requirement", lock]))
    }

    /// The package as people get it, but built in this profile of cargo's.
    pub(crate) fn install_package(&self, profile: &str) -> Result {
        run(command(&self.python)
            .args(["-m", "pip", "install", "--quiet"])
            .args([
                "--force-reinstall",
                "--no-deps",
                "--no-build-isolation",
                "./python",
            ])
            .env("MATURIN_PEP517_ARGS", format!("--profile {profile}"))
            .env("PATH", self.path()?))
    }

    /// The system's path with the environment's programs before it, maturin among them.
    fn path(&self) -> Result<OsString> {
        let own = self.python.parent().map(PathBuf::from);
        let others = std::env::var_os("PATH").unwrap_or_default();
        Ok(std::env::join_paths(
            own.into_iter().chain(std::env::split_paths(&others)),
        )?)
    }

    pub(crate) fn python<S: AsRef<OsStr>>(&self, arguments: &[S]) -> Result {
        run(command(&self.python).args(arguments))
    }
}
