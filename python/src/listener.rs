//! A function of Python that is told how something long goes.

use crate::interpreter::attach;
use crate::within::Waiting;
use pyo3::call::PyCallArgs;
use pyo3::prelude::*;
use std::collections::BTreeMap;
use zendesk_csat_history::{Progress, Step};

/// Whoever is told of a sync, and the rows of each step so far.
pub(crate) struct Listener {
    function: Option<Py<PyAny>>,
    /// The sync that it is told of.
    waiting: Waiting,
    rows: BTreeMap<Step, u64>,
}

impl Listener {
    pub(crate) fn new(function: Option<Py<PyAny>>, waiting: Waiting) -> Self {
        Self {
            function,
            waiting,
            rows: BTreeMap::new(),
        }
    }

    fn tell(&self, step: Step) {
        let Some(function) = &self.function else { return };
        let rows = self.rows.get(&step).copied().unwrap_or_default();
        attach(|py| {
            let called = self.waiting.call(py, || {
                told(py, function, (step.to_string(), rows));
                Ok(())
            });
            if let Err(error) = called {
                error.write_unraisable(py, None);
            }
        });
    }
}

/// Calls the function. What goes on does not end because somebody cannot be told of it.
pub(crate) fn told<'py>(py: Python<'py>, function: &Py<PyAny>, arguments: impl PyCallArgs<'py>) {
    if let Err(error) = function.call1(py, arguments) {
        error.write_unraisable(py, Some(function.bind(py)));
    }
}

impl Progress for Listener {
    fn started(&mut self, step: Step) {
        self.tell(step);
    }

    fn advanced(&mut self, step: Step, rows: u64) {
        *self.rows.entry(step).or_default() += rows;
        self.tell(step);
    }
}
