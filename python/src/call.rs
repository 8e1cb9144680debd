//! One call, made by waiting for it or for an event loop.

use crate::delivery::Deliveries;
use crate::error::raised;
use crate::logging::follow_level;
use crate::model::Model;
use crate::of_process::{OfProcess, not_here};
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
    request: OfProcess<Mutex<Option<BoxFuture<'static, Answer>>>>,
    /// Notes what comes around the answer.
    recorder: CallRecorder,
    /// Whether the answer may be there before the call is made, as that of a page which was read ahead.
    may_be_ready: bool,
}

impl Call {
    pub(crate) fn new(answer: impl Future<Output = Answer> + Send + 'static) -> Self {
        Self::recorded(CallRecorder::default(), answer)
    }

    fn recorded(recorder: CallRecorder, answer: impl Future<Output = Answer> + Send + 'static) -> Self {
        Self {
            request: OfProcess::new(Mutex::new(Some(Box::pin(answer)))),
            recorder,
            may_be_ready: false,
        }
    }

    /// A call whose answer may be there before it is made.
    pub(crate) fn read_ahead(answer: impl Future<Output = Answer> + Send + 'static) -> Self {
        Self {
            may_be_ready: true,
            ..Self::new(answer)
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
        let request = self
            .request
            .get()
            .ok_or_else(|| not_here("a call does not survive a fork: make another one"))?;
        let mut call = request.lock().unwrap_or_else(PoisonError::into_inner);
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
        let deliveries = Deliveries::of_running_loop(py)?;
        let future = deliveries.future(py)?;
        let (mut call, awaited) = (self.take(py)?, future.clone().unbind());
        let threads = Threads::of_process()?;
        if self.may_be_ready
            && let Some(answer) = threads.now(py, &mut call)
        {
            deliveries.send_here(py, awaited, answer)?;
            return Ok(future);
        }
        let task = threads.spawn(async move {
            // A future that nobody ends would be awaited for ever.
            let answer = AssertUnwindSafe(call).catch_unwind().await;
            deliveries.send(awaited, answer.unwrap_or_else(|_| Box::new(|_| Err(no_answer()))));
        });
        let abort = Py::new(py, Abort(task.abort_handle()))?;
        future.call_method1(intern!(py, "add_done_callback"), (abort,))?;
        Ok(future)
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
