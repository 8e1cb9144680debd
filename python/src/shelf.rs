//! A history that several objects of Python share.

use crate::error::raised_by_history;
use crate::runtime::wait;
use pyo3::exceptions::PyRuntimeError;
use pyo3::prelude::*;
use std::path::Path;
use std::sync::Arc;
use tokio::sync::Mutex;
use zendesk_csat_history::{History, HistoryError};

/// The history, and the process that has opened it.
#[derive(Clone)]
pub(crate) struct Shelf {
    process: u32,
    /// A sync holds it until it ends.
    history: Arc<Mutex<History>>,
    /// The same file once more, so that reading waits for no sync. A history in memory cannot be opened twice.
    reader: Option<Arc<History>>,
}

impl Shelf {
    pub(crate) fn open(path: &Path) -> Result<Self, HistoryError> {
        let history = History::open(path)?;
        let reader = if path.is_file() {
            Some(Arc::new(History::open(path)?))
        } else {
            None
        };
        Ok(Self {
            process: std::process::id(),
            history: Arc::new(Mutex::new(history)),
            reader,
        })
    }

    /// To write into.
    pub(crate) fn history(&self) -> PyResult<Arc<Mutex<History>>> {
        self.check_process()?;
        Ok(Arc::clone(&self.history))
    }

    /// To read from without waiting for a sync, where that can be.
    pub(crate) fn reader(&self) -> PyResult<Option<Arc<History>>> {
        self.check_process()?;
        Ok(self.reader.clone())
    }

    pub(crate) fn check_process(&self) -> PyResult<()> {
        if self.process == std::process::id() {
            Ok(())
        } else {
            Err(PyRuntimeError::new_err(
                "a history does not survive a fork: open it again in this process",
            ))
        }
    }

    /// Reads what is stored at this moment; in memory, when a sync under way has ended.
    pub(crate) fn read<T: Send + 'static>(
        &self,
        py: Python<'_>,
        read: impl FnOnce(&History) -> Result<T, HistoryError> + Send + 'static,
    ) -> PyResult<T> {
        let (history, reader) = (self.history()?, self.reader()?);
        let read = async move {
            match reader {
                Some(reader) => tokio::task::spawn_blocking(move || read(&reader)).await,
                None => {
                    let history = history.lock_owned().await;
                    tokio::task::spawn_blocking(move || read(&history)).await
                }
            }
        };
        match wait(py, read)? {
            Ok(read) => read.map_err(|error| raised_by_history(py, &error)),
            Err(error) => Err(PyRuntimeError::new_err(error.to_string())),
        }
    }
}
