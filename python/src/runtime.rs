//! The one Tokio runtime of a process, and waiting for it from Python.

use pyo3::exceptions::PyRuntimeError;
use pyo3::prelude::*;
use std::future::Future;
use std::sync::mpsc::{RecvTimeoutError, sync_channel};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;
use tokio::runtime::{Builder, Runtime};

/// How long a wait may keep a signal, such as Ctrl-C, from being noticed.
const STEP: Duration = Duration::from_millis(50);

/// The runtime, with the process that it was made in.
static RUNTIME: Mutex<Option<(u32, Arc<Runtime>)>> = Mutex::new(None);

/// The runtime of this process. A forked child has none of its parent's threads and gets its own.
pub(crate) fn runtime() -> PyResult<Arc<Runtime>> {
    // Only ever locked by a thread that holds the interpreter, so that no fork can find it locked.
    let mut kept = RUNTIME.lock().unwrap_or_else(PoisonError::into_inner);
    let process = std::process::id();
    if let Some((of, runtime)) = &*kept
        && *of == process
    {
        return Ok(Arc::clone(runtime));
    }
    let runtime = Builder::new_multi_thread()
        .worker_threads(2)
        .thread_name("zendesk-csat")
        .enable_all()
        .build()
        .map_err(|error| PyRuntimeError::new_err(format!("cannot start threads: {error}")))?;
    let runtime = Arc::new(runtime);
    // The parent's runtime would wait for threads that are not here.
    std::mem::forget(kept.replace((process, Arc::clone(&runtime))));
    Ok(runtime)
}

/// Runs a future on the runtime and waits for it without holding the interpreter.
///
/// A signal whose handler raises, as that of Ctrl-C does, ends the wait and the future.
pub(crate) fn wait<T: Send + 'static>(
    py: Python<'_>,
    future: impl Future<Output = T> + Send + 'static,
) -> PyResult<T> {
    let (sender, mut receiver) = sync_channel(1);
    let task = runtime()?.spawn(async move {
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
