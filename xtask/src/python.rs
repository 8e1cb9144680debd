//! The wheel in a virtual environment of its own, and everything that judges it there.

use crate::process::{command, run};
use crate::{Result, root};
use std::ffi::OsStr;
use std::path::PathBuf;

/// Builds and installs the wheel, then runs pytest, mypy, pyright and stubtest.
pub(crate) fn test() -> Result {
    let environment = Environment::new()?;
    environment.install(&["--requirement", "tests/python/requirements.txt"])?;
    environment.install(&["--force-reinstall", "--no-deps", "./python"])?;
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

/// A virtual environment under `target`, made where there is none.
struct Environment {
    python: PathBuf,
}

impl Environment {
    fn new() -> Result<Self> {
        let folder = root().join("target/python-environment");
        let python = folder.join(if cfg!(windows) {
            "Scripts/python.exe"
        } else {
            "bin/python"
        });
        if !python.exists() {
            let system = std::env::var_os("PYTHON").unwrap_or_else(|| "python3".into());
            run(command(system).args(["-m".as_ref(), "venv".as_ref(), folder.as_os_str()]))?;
        }
        Ok(Self { python })
    }

    fn executable(&self) -> String {
        self.python.display().to_string()
    }

    fn install<S: AsRef<OsStr>>(&self, arguments: &[S]) -> Result {
        run(command(&self.python)
            .args(["-m", "pip", "install", "--quiet"])
            .args(arguments))
    }

    fn python<S: AsRef<OsStr>>(&self, arguments: &[S]) -> Result {
        run(command(&self.python).args(arguments))
    }
}
