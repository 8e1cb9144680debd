//! One call, made by waiting for it or for an event loop.

use crate::error::raised;
use crate::interpreter::attach;
use crate::logging::follow_level;
use crate::model::Model;
use crate::page::CallMeta;
use crate::runtime::{Threads, no_answer, wait};
use futures::future::{BoxFuture, FutureExt};
use pyo3::IntoPyObjectExt;
use pyo3::exceptions::PyRuntimeError;
use pyo3::intern;
use pyo3::prelude::*;
use std::future::Future;
use std::panic::AssertUnwindSafe;
use std::sync::{Mutex, PoisonError};
use tokio::task::AbortHandle;
use zendesk_csat::CallRecorder;

/// What an answer becomes once the interpreter is held.
pub(crate) type Answer = Box<dyn FnOnce(Python<'_>) -> PyResult<Py<PyAny>> + Send>;

/// One call, not made yet.
#[pyclass(frozen, generic, module = "zendesk_csat._core")]
pub(crate) struct Call {
    request: Mutex<Option<BoxFuture<'static, Answer>>>,
    /// Notes what comes around the answer.
    recorder: CallRecorder,
}

impl Call {
    pub(crate) fn new(answer: impl Future<Output = Answer> + Send + 'static) -> Self {
        Self::recorded(CallRecorder::default(), answer)
    }

    fn recorded(recorder: CallRecorder, answer: impl Future<Output = Answer> + Send + 'static) -> Self {
        Self {
            request: Mutex::new(Some(Box::pin(answer))),
            recorder,
        }
    }

    /// A call that answers with one record.
    pub(crate) fn of_record<M: Model + Send + Sync>(
        recorder: CallRecorder,
        request: impl Future<Output = Result<M, zendesk_csat::Error>> + Send + 'static,
    ) -> Self {
        Self::recorded(recorder, async move {
            let answered = request.await;
            let answer: Answer = Box::new(move |py| match answered {
                Ok(record) => M::from_record(py, record),
                Err(error) => Err(raised(py, &error)),
            });
            answer
        })
    }

    fn take(&self, py: Python<'_>) -> PyResult<BoxFuture<'static, Answer>> {
        follow_level(py)?;
        let mut call = self.request.lock().unwrap_or_else(PoisonError::into_inner);
        call.take()
            .ok_or_else(|| PyRuntimeError::new_err("the call was made already"))
    }
}

#[pymethods]
impl Call {
    /// Makes it and waits for its answer, in steps that let signals through.
    fn wait(&self, py: Python<'_>) -> PyResult<Py<PyAny>> {
        wait(py, self.take(py)?)?(py)
    }

    /// The same call, answered with a pair: the record, and what came around it.
    fn with_meta(&self, py: Python<'_>) -> PyResult<Self> {
        let (call, recorder) = (self.take(py)?, self.recorder.clone());
        let recorded = recorder.clone();
        Ok(Self::recorded(recorder, async move {
            let answer = call.await;
            let answer: Answer = Box::new(move |py| {
                let record = answer(py)?;
                let meta = CallMeta(recorded.last().unwrap_or_default());
                (record, meta).into_py_any(py)
            });
            answer
        }))
    }

    /// Makes it for the running event loop; cancelling the future cancels the request.
    fn start<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        let event_loop = py
            .import(intern!(py, "asyncio"))?
            .call_method0(intern!(py, "get_running_loop"))?;
        let future = event_loop.call_method0(intern!(py, "create_future"))?;
        let call = self.take(py)?;
        let (answered, awaited) = (event_loop.unbind(), future.clone().unbind());
        let task = Threads::of_process()?.spawn(async move {
            // A future that nobody ends would be awaited for ever.
            let answer = AssertUnwindSafe(call).catch_unwind().await;
            let answer = answer.unwrap_or_else(|_| Box::new(|_| Err(no_answer())));
            attach(|py| deliver(py, answer, &answered, awaited));
        });
        let abort = Py::new(py, Abort(task.abort_handle()))?;
        future.call_method1(intern!(py, "add_done_callback"), (abort,))?;
        Ok(future)
    }
}

/// Hands an answer to its event loop, which is another thread's. A loop that was closed meanwhile takes none.
fn deliver(py: Python<'_>, answer: Answer, event_loop: &Py<PyAny>, future: Py<PyAny>) {
    let set = answer(py).and_then(|value| {
        Py::new(
            py,
            Set {
                future: future.clone_ref(py),
                answer: Ok(value),
            },
        )
    });
    let set = set.or_else(|error| {
        Py::new(
            py,
            Set {
                future,
                answer: Err(error.into_value(py).into_any()),
            },
        )
    });
    if let Ok(set) = set {
        let _closed = event_loop.call_method1(py, intern!(py, "call_soon_threadsafe"), (set,));
    }
}

/// Ends a future with its answer, in the event loop's thread.
#[pyclass(frozen)]
struct Set {
    future: Py<PyAny>,
    answer: Result<Py<PyAny>, Py<PyAny>>,
}

#[pymethods]
impl Set {
    fn __call__(&self, py: Python<'_>) -> PyResult<()> {
        let future = self.future.bind(py);
        if future.call_method0(intern!(py, "done"))?.is_truthy()? {
            return Ok(());
        }
        match &self.answer {
            Ok(value) => future.call_method1(intern!(py, "set_result"), (value,))?,
            Err(error) => future.call_method1(intern!(py, "set_exception"), (error,))?,
        };
        Ok(())
    }
}

/// Ends the request of a future that was cancelled; after the answer it does nothing.
#[pyclass(frozen)]
struct Abort(AbortHandle);

#[pymethods]
impl Abort {
    fn __call__(&self, _future: &Bound<'_, PyAny>) {
        self.0.abort();
    }
}
