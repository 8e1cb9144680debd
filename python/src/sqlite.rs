//! Who is in SQLite: a forked child finds its locks as they were, held for ever by threads that are not there.

use crate::of_process::Threads;
use pyo3::exceptions::PyRuntimeError;
use pyo3::prelude::*;
use std::process::id;

static INSIDE: Threads = Threads::none();

/// That a thread may be in SQLite, until this is dropped.
pub(crate) struct InSqlite {
    process: u32,
}

impl InSqlite {
    pub(crate) fn enter() -> Self {
        INSIDE.enter();
        Self { process: id() }
    }
}

impl Drop for InSqlite {
    fn drop(&mut self) {
        if self.process == id() {
            INSIDE.leave();
        }
    }
}

/// Refuses a process in which SQLite may be locked for ever.
pub(crate) fn check_fork() -> PyResult<()> {
    if INSIDE.at_fork() == 0 {
        return Ok(());
    }
    Err(PyRuntimeError::new_err(
        "this process was forked while another thread was reading or writing a history, and no history can be opened in \
         it: fork at another time, or let multiprocessing start processes by \"spawn\" or \"forkserver\"",
    ))
}
