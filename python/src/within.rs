//! Which function of Python a call comes out of: one that is asked for a token, or told of a sync, cannot wait for what
//! waits for it.

use pyo3::intern;
use pyo3::prelude::*;
use pyo3::sync::PyOnceLock;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};

/// A context variable of Python's: tasks and threads that the function starts know of it, where their context is a copy.
static INNERMOST: PyOnceLock<Py<PyAny>> = PyOnceLock::new();

/// What waits for a function: credentials, or a history.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) struct Waiting(u64);

impl Waiting {
    pub(crate) fn new() -> Self {
        static NEXT: AtomicU64 = AtomicU64::new(0);
        Self(NEXT.fetch_add(1, Ordering::Relaxed))
    }

    /// Calls a function that this waits for.
    pub(crate) fn call<T>(self, py: Python<'_>, function: impl FnOnce() -> PyResult<T>) -> PyResult<T> {
        let innermost = innermost(py)?;
        let frame = Frame {
            waiting: self,
            is_running: AtomicBool::new(true),
            outer: current(py)?,
        };
        let frame = Py::new(py, frame)?;
        let token = innermost.call_method1(py, intern!(py, "set"), (&frame,))?;
        let returned = function();
        // What the function has left running is not waited for.
        frame.get().is_running.store(false, Ordering::Release);
        innermost.call_method1(py, intern!(py, "reset"), (token,))?;
        returned
    }

    /// Whether this waits for the function that runs.
    pub(crate) fn waits_for_caller(self, py: Python<'_>) -> PyResult<bool> {
        let mut frame = current(py)?;
        while let Some(inner) = frame {
            let inner = inner.get();
            if inner.waiting == self && inner.is_running.load(Ordering::Acquire) {
                return Ok(true);
            }
            frame = inner.outer.as_ref().map(|outer| outer.clone_ref(py));
        }
        Ok(false)
    }
}

/// A function that runs.
#[pyclass(frozen)]
struct Frame {
    waiting: Waiting,
    is_running: AtomicBool,
    outer: Option<Py<Frame>>,
}

fn innermost(py: Python<'_>) -> PyResult<&'static Py<PyAny>> {
    INNERMOST.get_or_try_init(py, || {
        let variable = py.import(intern!(py, "contextvars"))?;
        let variable = variable.call_method1(intern!(py, "ContextVar"), ("zendesk_csat",))?;
        Ok(variable.unbind())
    })
}

fn current(py: Python<'_>) -> PyResult<Option<Py<Frame>>> {
    let current = innermost(py)?.call_method1(py, intern!(py, "get"), (py.None(),))?;
    current.extract(py).map_err(Into::into)
}
