//! A history that several objects of Python share.

use crate::error::{busy, raised_by_history};
use crate::of_process::{OfProcess, not_here};
use crate::runtime::wait;
use crate::sqlite::InSqlite;
use crate::within::Waiting;
use pyo3::exceptions::PyRuntimeError;
use pyo3::prelude::*;
use std::path::Path;
use std::sync::Arc;
use tokio::sync::Mutex;
use zendesk_csat_history::{History, HistoryError};

/// The history, in the process that has opened it.
#[derive(Clone)]
pub(crate) struct Shelf {
    opened: Arc<OfProcess<Opened>>,
    /// A sync, which tells a function how it goes.
    waiting: Waiting,
}

struct Opened {
    /// A sync holds it until it ends.
    history: Arc<Mutex<History>>,
    /// The same file once more, so that reading waits for no sync. A history in memory cannot be opened twice.
    reader: Option<Arc<History>>,
}

/// Where to read from.
pub(crate) enum Reader {
    /// Waits for no sync.
    Own(Arc<History>),
    /// Is free once a sync under way has ended.
    Shared(Arc<Mutex<History>>),
}

impl Shelf {
    pub(crate) fn open(path: &Path) -> Result<Self, HistoryError> {
        let _inside = InSqlite::enter();
        let history = History::open(path)?;
        let reader = if path.is_file() {
            Some(Arc::new(History::open(path)?))
        } else {
            None
        };
        let opened = Opened {
            history: Arc::new(Mutex::new(history)),
            reader,
        };
        Ok(Self {
            opened: Arc::new(OfProcess::new(opened)),
            waiting: Waiting::new(),
        })
    }

    /// To write into.
    pub(crate) fn history(&self, py: Python<'_>) -> PyResult<Arc<Mutex<History>>> {
        let history = Arc::clone(&self.opened()?.history);
        if self.waiting.waits_for_caller(py)? {
            return Err(busy(
                "a sync is writing to this history, and waits for the function that it tells of its progress",
            ));
        }
        Ok(history)
    }

    /// To read what is stored at this moment; in memory, when a sync under way has ended.
    pub(crate) fn reader(&self, py: Python<'_>) -> PyResult<Reader> {
        match &self.opened()?.reader {
            Some(reader) => Ok(Reader::Own(Arc::clone(reader))),
            None => self.history(py).map(Reader::Shared),
        }
    }

    /// Whoever waits for a function that is told of a sync.
    pub(crate) fn waiting(&self) -> Waiting {
        self.waiting
    }

    pub(crate) fn check_process(&self) -> PyResult<()> {
        self.opened().map(|_| ())
    }

    fn opened(&self) -> PyResult<&Opened> {
        self.opened
            .get()
            .ok_or_else(|| not_here("a history does not survive a fork: open it again"))
    }

    /// Reads as [`Self::reader`] says.
    pub(crate) fn read<T: Send + 'static>(
        &self,
        py: Python<'_>,
        read: impl FnOnce(&History) -> Result<T, HistoryError> + Send + 'static,
    ) -> PyResult<T> {
        let (reader, inside) = (self.reader(py)?, InSqlite::enter());
        let read = async move {
            // Nobody waits for the end of a read that was interrupted.
            let read = move |history: &History| {
                let _inside = inside;
                read(history)
            };
            match reader {
                Reader::Own(reader) => tokio::task::spawn_blocking(move || read(&reader)).await,
                Reader::Shared(history) => {
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
