//! One reading of a listing as columns.

use crate::error::raised;
use crate::interpreter::{attach, leaving};
use crate::listener::told;
use crate::of_process::{OfProcess, not_here};
use crate::page::Malformed;
use crate::runtime::wait;
use arrow_array::RecordBatch;
use arrow_schema::ArrowError;
use futures::stream::{BoxStream, StreamExt};
use pyo3::exceptions::PyRuntimeError;
use pyo3::prelude::*;
use pyo3::types::PyList;
use std::future::Future;
use std::time::Duration;
use tokio::time::timeout;
use zendesk_csat::columns::{ColumnPage, Columns};

/// How long the end of the interpreter may wait for a consumer on a thread of its own.
const STEP: Duration = Duration::from_millis(50);

/// A page as a batch, and the records that could not be read.
pub(crate) struct Batch {
    rows: RecordBatch,
    malformed: Vec<zendesk_csat::Malformed>,
}

/// What ends a reading.
pub(crate) enum Failure {
    Sdk(zendesk_csat::Error),
    Arrow(ArrowError),
}

pub(crate) type BatchStream = BoxStream<'static, Result<Batch, Failure>>;

/// The page's columns, taken over by Arrow.
pub(crate) fn batch<C: Columns>(page: Result<ColumnPage<C>, zendesk_csat::Error>) -> Result<Batch, Failure> {
    let ColumnPage {
        columns, malformed, ..
    } = page.map_err(Failure::Sdk)?;
    let rows = columns.into_record_batch().map_err(Failure::Arrow)?;
    Ok(Batch { rows, malformed })
}

impl Failure {
    pub(crate) fn raised(&self, py: Python<'_>) -> PyErr {
        match self {
            Self::Sdk(error) => raised(py, error),
            Self::Arrow(error) => PyRuntimeError::new_err(error.to_string()),
        }
    }
}

/// The batches of a listing, as far as they are read.
pub(crate) struct Reading(Option<OfProcess<BatchStream>>);

impl Reading {
    pub(crate) fn new(stream: BatchStream) -> Self {
        Self(Some(OfProcess::new(stream)))
    }

    /// Everything, with the records that could not be read; the first of them is a failure where none is to be skipped.
    ///
    /// The listener is told after each page how many rows there are.
    pub(crate) async fn collect(
        self,
        skip_malformed: bool,
        listener: Option<Py<PyAny>>,
    ) -> Result<(Vec<RecordBatch>, Vec<zendesk_csat::Malformed>), Failure> {
        let (mut batches, mut malformed, mut rows) = (Vec::new(), Vec::new(), 0);
        let Some(mut stream) = self.0.and_then(OfProcess::take) else {
            return Ok((batches, malformed));
        };
        while let Some(batch) = stream.next().await {
            let batch = batch?;
            if let Some(first) = batch.malformed.first().filter(|_| !skip_malformed) {
                return Err(Failure::Sdk(first.clone().into()));
            }
            malformed.extend(batch.malformed);
            rows += batch.rows.num_rows();
            batches.push(batch.rows);
            if let Some(listener) = &listener {
                attach(|py| told(py, listener, (rows,)));
            }
        }
        Ok((batches, malformed))
    }

    /// The next batch, waited for without the interpreter; none after the last.
    pub(crate) fn next(
        &mut self,
        py: Python<'_>,
        skipped: Option<&Py<PyList>>,
    ) -> PyResult<Option<RecordBatch>> {
        let Some(stream) = self.0.take() else {
            return Ok(None);
        };
        let mut stream = stream.take().ok_or_else(|| {
            not_here("a listing that is being read does not survive a fork: begin it again")
        })?;
        let (stream, batch) = wait(py, async move {
            let batch = unless_leaving(stream.next()).await;
            (stream, batch)
        })?;
        let batch = batch.ok_or_else(|| PyRuntimeError::new_err("Python is at its end"))?;
        let Some(batch) = batch else { return Ok(None) };
        let Batch { rows, malformed } = batch.map_err(|failure| failure.raised(py))?;
        for record in malformed {
            match skipped {
                Some(list) => list.bind(py).append(Py::new(py, Malformed(record))?)?,
                None => return Err(raised(py, &record.into())),
            }
        }
        self.0 = Some(OfProcess::new(stream));
        Ok(Some(rows))
    }
}

/// What the future comes to; nothing once the interpreter is about to go, which waits for whoever is inside.
async fn unless_leaving<T>(future: impl Future<Output = T> + Unpin) -> Option<T> {
    let mut future = future;
    loop {
        match timeout(STEP, &mut future).await {
            Ok(value) => return Some(value),
            Err(_) if leaving() => return None,
            Err(_) => {}
        }
    }
}
