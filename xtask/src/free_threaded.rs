//! The Python module in an interpreter without the global lock, where the machine has one.

use crate::Result;
use crate::process::command;
use crate::python::Environment;
use std::path::PathBuf;
use std::process::Stdio;

/// The names such interpreters have on the path.
const NAMES: [&str; 2] = ["python3.15t", "python3.14t"];

/// What has to do with threads, processes and what is installed; the libraries of frames need not be there.
const TESTS: [&str; 6] = [
    "tests/python/test_threads.py",
    "tests/python/test_package.py",
    "tests/python/test_models.py",
    "tests/python/test_clients.py",
    "tests/python/test_listings.py",
    "tests/python/test_processes.py",
];

/// Exits with 0 in an interpreter that pyo3 builds for and that runs without the global lock.
const IS_ONE: &str = "import sys, sysconfig
sys.exit(sys.version_info < (3, 14) or not sysconfig.get_config_var('Py_GIL_DISABLED'))";

/// Builds a wheel for it, and runs the tests of threads.
pub(crate) fn test() -> Result {
    let Some(interpreter) = interpreter() else {
        eprintln!(
            "left out: the Python module without the global lock, since there is no free-threaded Python 3.14 or later"
        );
        return Ok(());
    };
    let environment = Environment::of(&interpreter, "target/python-free-threaded")?;
    environment.install("tests/python/requirements-threads.txt")?;
    environment.install_package("dev")?;
    // Importing a module that wants the global lock back is an error.
    let mut arguments = vec!["-W", "error::RuntimeWarning", "-m", "pytest"];
    arguments.extend(TESTS);
    environment.python(&arguments)
}

/// One on the path, or among pyenv's.
fn interpreter() -> Option<PathBuf> {
    let pyenv = std::env::var_os("PYENV_ROOT")
        .map(PathBuf::from)
        .or_else(|| Some(std::env::home_dir()?.join(".pyenv")));
    let versions = pyenv.and_then(|folder| folder.join("versions").read_dir().ok());
    let of_pyenv = versions
        .into_iter()
        .flatten()
        .flatten()
        .filter(|version| version.file_name().to_string_lossy().ends_with('t'))
        .map(|version| version.path().join("bin/python3"));
    NAMES.iter().map(PathBuf::from).chain(of_pyenv).find(|candidate| {
        let mut ask = command(candidate);
        ask.args(["-c", IS_ONE])
            .stdout(Stdio::null())
            .stderr(Stdio::null());
        ask.status().is_ok_and(|status| status.success())
    })
}
