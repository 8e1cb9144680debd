//! The Tokio runtime of a process, and waiting for it from Python.

use pyo3::exceptions::PyRuntimeError;
use pyo3::prelude::*;
use std::future::Future;
use std::sync::mpsc::{RecvTimeoutError, sync_channel};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;
use tokio::runtime::{Builder, Runtime};
use tokio::task::JoinHandle;

/// How long a wait may keep a signal, such as Ctrl-C, from being noticed.
const STEP: Duration = Duration::from_millis(50);

/// Those of this process, or of the one that it was forked from.
static THREADS: Mutex<Option<Threads>> = Mutex::new(None);

/// The threads of one process: a forked child has none of its parent's.
#[derive(Clone)]
pub(crate) struct Threads {
    process: u32,
    runtime: Arc<Runtime>,
}

impl Threads {
    /// Those of this process, started where there are none.
    pub(crate) fn of_process() -> PyResult<Self> {
        // Only ever locked by a thread that holds the interpreter, so that no fork can find it locked.
        let mut kept = THREADS.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(threads) = kept.as_ref().filter(|kept| kept.process == std::process::id()) {
            return Ok(threads.clone());
        }
        let runtime = Builder::new_multi_thread()
            .worker_threads(2)
            .thread_name("zendesk-csat")
            .enable_all()
            .build()
            .map_err(|error| PyRuntimeError::new_err(format!("cannot start threads: {error}")))?;
        let threads = Self {
            process: std::process::id(),
            runtime: Arc::new(runtime),
        };
        // Dropping the parent's would wait for threads that are not here.
        std::mem::forget(kept.replace(threads.clone()));
        Ok(threads)
    }

    pub(crate) fn spawn<T: Send + 'static>(
        &self,
        future: impl Future<Output = T> + Send + 'static,
    ) -> JoinHandle<T> {
        self.runtime.spawn(future)
    }
}

/// Runs a future on the threads and waits for it without holding the interpreter.
///
/// A signal whose handler raises, as that of Ctrl-C does, ends the wait and the future.
pub(crate) fn wait<T: Send + 'static>(
    py: Python<'_>,
    future: impl Future<Output = T> + Send + 'static,
) -> PyResult<T> {
    let (sender, mut receiver) = sync_channel(1);
    let task = Threads::of_process()?.spawn(async move {
        let _gone = sender.send(future.await);
    });
    loop {
        let received;
        (receiver, received) = py.detach(move || {
            let received = receiver.recv_timeout(STEP);
            (receiver, received)
        });
        match received {
            Ok(value) => return Ok(value),
            Err(RecvTimeoutError::Timeout) => {
                if let Err(raised) = py.check_signals() {
                    task.abort();
                    return Err(raised);
                }
            }
            Err(RecvTimeoutError::Disconnected) => {
                return Err(PyRuntimeError::new_err(
                    "a call ended without an answer: this is a bug",
                ));
            }
        }
    }
}

pub(crate) fn no_answer() -> PyErr {
    PyRuntimeError::new_err("a call ended without an answer: this is a bug")
}
