//! Handing answers to the event loops that wait for them.

use crate::call::Answer;
use crate::interpreter::attach;
use crate::runtime::no_answer;
use pyo3::intern;
use pyo3::prelude::*;
use std::cell::RefCell;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::{Arc, Mutex, PoisonError};

thread_local! {
    /// Those of the event loop that ran last in this thread.
    static DELIVERIES: RefCell<Option<Deliveries>> = const { RefCell::new(None) };
}

/// The answers on their way to an event loop. It takes all that are there at a time: waking it costs more than they do.
#[derive(Clone)]
pub(crate) struct Deliveries(Arc<Queue>);

struct Queue {
    event_loop: Py<PyAny>,
    /// Another process may have died with an answer half put here.
    process: u32,
    answers: Mutex<Vec<Delivery>>,
}

struct Delivery {
    future: Py<PyAny>,
    answer: Answer,
}

impl Deliveries {
    /// Those of the loop that runs in this thread.
    pub(crate) fn of_running_loop(py: Python<'_>) -> PyResult<Self> {
        let event_loop = py
            .import(intern!(py, "asyncio"))?
            .call_method0(intern!(py, "get_running_loop"))?;
        let process = std::process::id();
        DELIVERIES.with_borrow_mut(|kept| {
            if let Some(kept) = kept
                && kept.0.process == process
                && kept.0.event_loop.is(&event_loop)
            {
                return Ok(kept.clone());
            }
            let queue = Queue {
                event_loop: event_loop.unbind(),
                process,
                answers: Mutex::default(),
            };
            Ok(kept.insert(Self(Arc::new(queue))).clone())
        })
    }

    /// A future of the loop's, for an answer.
    pub(crate) fn future<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        self.0
            .event_loop
            .bind(py)
            .call_method0(intern!(py, "create_future"))
    }

    /// Puts an answer on its way from another thread.
    pub(crate) fn send(&self, future: Py<PyAny>, answer: Answer) {
        if self.put(Delivery { future, answer }) {
            attach(|py| {
                let wake = intern!(py, "call_soon_threadsafe");
                if self
                    .0
                    .event_loop
                    .call_method1(py, wake, (Take(self.clone()),))
                    .is_err()
                {
                    // A loop that was closed meanwhile takes none.
                    drop(self.take());
                }
            });
        }
    }

    /// Puts an answer on its way from the loop's own thread: it comes after what else the loop has to do.
    pub(crate) fn send_here(&self, py: Python<'_>, future: Py<PyAny>, answer: Answer) -> PyResult<()> {
        if self.put(Delivery { future, answer }) {
            let wake = intern!(py, "call_soon");
            self.0.event_loop.call_method1(py, wake, (Take(self.clone()),))?;
        }
        Ok(())
    }

    /// Whether the loop has still to be told.
    fn put(&self, delivery: Delivery) -> bool {
        let mut answers = self.0.answers.lock().unwrap_or_else(PoisonError::into_inner);
        answers.push(delivery);
        answers.len() == 1
    }

    fn take(&self) -> Vec<Delivery> {
        std::mem::take(&mut *self.0.answers.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

impl Delivery {
    /// Ends the future with the answer, in the event loop's thread.
    fn deliver(self, py: Python<'_>) -> PyResult<()> {
        let Self { future, answer } = self;
        if future.call_method0(py, intern!(py, "done"))?.is_truthy(py)? {
            return Ok(());
        }
        match catch_unwind(AssertUnwindSafe(|| answer(py))).unwrap_or_else(|_| Err(no_answer())) {
            Ok(value) => future.call_method1(py, intern!(py, "set_result"), (value,))?,
            Err(error) => future.call_method1(py, intern!(py, "set_exception"), (error.into_value(py),))?,
        };
        Ok(())
    }
}

/// Takes what has come.
#[pyclass(frozen)]
struct Take(Deliveries);

#[pymethods]
impl Take {
    fn __call__(&self, py: Python<'_>) -> PyResult<()> {
        let delivered = self.0.take().into_iter().map(|delivery| delivery.deliver(py));
        // One that fails keeps back no other.
        delivered.fold(Ok(()), Result::and)
    }
}
