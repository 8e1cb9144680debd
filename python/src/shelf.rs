//! A history that several objects of Python share.

use crate::error::raised_by_history;
use crate::runtime::wait;
use pyo3::exceptions::PyRuntimeError;
use pyo3::prelude::*;
use std::sync::Arc;
use tokio::sync::Mutex;
use zendesk_csat_history::{History, HistoryError};

/// The history, and the process that has opened it.
#[derive(Clone)]
pub(crate) struct Shelf {
    process: u32,
    history: Arc<Mutex<History>>,
}

impl Shelf {
    pub(crate) fn new(history: History) -> Self {
        Self {
            process: std::process::id(),
            history: Arc::new(Mutex::new(history)),
        }
    }

    pub(crate) fn history(&self) -> PyResult<Arc<Mutex<History>>> {
        if self.process == std::process::id() {
            Ok(Arc::clone(&self.history))
        } else {
            Err(PyRuntimeError::new_err(
                "a history does not survive a fork: open it again in this process",
            ))
        }
    }

    /// Reads, after what is being written: a sync holds the history until it ends.
    pub(crate) fn read<T: Send + 'static>(
        &self,
        py: Python<'_>,
        read: impl FnOnce(&History) -> Result<T, HistoryError> + Send + 'static,
    ) -> PyResult<T> {
        let history = self.history()?;
        let read = async move {
            let history = history.lock_owned().await;
            tokio::task::spawn_blocking(move || read(&history)).await
        };
        match wait(py, read)? {
            Ok(read) => read.map_err(|error| raised_by_history(py, &error)),
            Err(error) => Err(PyRuntimeError::new_err(error.to_string())),
        }
    }
}
