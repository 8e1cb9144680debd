//! Taking the interpreter on threads that are not Python's, and never after it began to go.

use crate::of_process::Threads;
use pyo3::exceptions::PyImportError;
use pyo3::prelude::*;
use std::process::id;
use std::sync::atomic::{AtomicU32, Ordering};
use std::thread::sleep;
use std::time::{Duration, Instant};

/// The threads that need the interpreter to stay.
static INSIDE: Threads = Threads::none();

/// The process whose interpreter is about to go.
static LEAVING: AtomicU32 = AtomicU32::new(0);

/// How long the end of the interpreter waits for a thread that is still in it.
const PATIENCE: Duration = Duration::from_secs(5);

/// Refuses an interpreter that is not the process's first: threads that are not Python's can take the first one only, and
/// answers would come to the wrong one.
pub(crate) fn refuse_all_but_main(py: Python<'_>) -> PyResult<()> {
    // Named otherwise before Python 3.13. A Python without it makes no other interpreters by itself.
    let interpreters = ["_interpreters", "_xxsubinterpreters"];
    let Some(interpreters) = interpreters.into_iter().find_map(|name| py.import(name).ok()) else {
        return Ok(());
    };
    let current = interpreters.call_method0("get_current")?;
    if current.eq(interpreters.call_method0("get_main")?)? {
        return Ok(());
    }
    Err(PyImportError::new_err(
        "zendesk_csat works in the main interpreter of a process only, and this is a sub-interpreter \
         (of mod_wsgi? `WSGIApplicationGroup %{GLOBAL}` takes the main one)",
    ))
}

/// Takes the interpreter. Does nothing where it is gone or about to go: there is nobody left to tell.
pub(crate) fn attach(with: impl FnOnce(Python<'_>)) {
    INSIDE.enter();
    if !leaving() {
        Python::try_attach(with);
    }
    INSIDE.leave();
}

/// Whether the interpreter is about to go.
pub(crate) fn leaving() -> bool {
    LEAVING.load(Ordering::SeqCst) == id()
}

/// Keeps other threads off the interpreter from now on: one that is caught in it by its end takes the process down.
#[pyfunction]
pub(crate) fn leave(py: Python<'_>) {
    LEAVING.store(id(), Ordering::SeqCst);
    py.detach(|| {
        let begun = Instant::now();
        while INSIDE.here() > 0 && begun.elapsed() < PATIENCE {
            sleep(Duration::from_millis(1));
        }
    });
}
