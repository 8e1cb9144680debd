//! A function of Python that is told how a sync goes.

use crate::interpreter::attach;
use pyo3::prelude::*;
use std::collections::BTreeMap;
use zendesk_csat_history::{Progress, Step};

/// Whoever is told, and the rows of each step so far.
pub(crate) struct Listener {
    function: Option<Py<PyAny>>,
    rows: BTreeMap<Step, u64>,
}

impl Listener {
    pub(crate) fn new(function: Option<Py<PyAny>>) -> Self {
        Self {
            function,
            rows: BTreeMap::new(),
        }
    }

    fn tell(&self, step: Step) {
        let Some(function) = &self.function else { return };
        let rows = self.rows.get(&step).copied().unwrap_or_default();
        attach(|py| {
            // A sync does not end because somebody cannot be told of it.
            if let Err(error) = function.call1(py, (step.to_string(), rows)) {
                error.write_unraisable(py, Some(function.bind(py)));
            }
        });
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
