//! Arrow's PyCapsule protocol: how tables go to Polars, pyarrow and others without a copy.

use crate::interpreter::attach;
use crate::runtime::Threads;
use arrow_array::ffi_stream::FFI_ArrowArrayStream;
use arrow_array::{RecordBatch, RecordBatchIterator, RecordBatchReader};
use arrow_schema::{ArrowError, SchemaRef};
use pyo3::exceptions::PyKeyboardInterrupt;
use pyo3::intern;
use pyo3::prelude::*;
use pyo3::types::PyCapsule;
use std::ffi::CStr;
use std::io;

/// The name that the protocol gives to a stream of batches.
const STREAM: &CStr = c"arrow_array_stream";

/// Where the next batch comes from; none after the last.
pub(crate) type NextBatch = Box<dyn FnMut(Python<'_>) -> PyResult<Option<RecordBatch>> + Send>;

/// Batches that are read while they are consumed, maybe on another thread and without the interpreter.
struct Reader {
    schema: SchemaRef,
    next: NextBatch,
    ended: bool,
}

/// A stream whose batches are read one by one, when its consumer asks for them.
pub(crate) fn stream(py: Python<'_>, schema: SchemaRef, next: NextBatch) -> PyResult<Bound<'_, PyCapsule>> {
    capsule(
        py,
        Reader {
            schema,
            next,
            ended: false,
        },
    )
}

fn capsule<R: RecordBatchReader + Send + 'static>(
    py: Python<'_>,
    reader: R,
) -> PyResult<Bound<'_, PyCapsule>> {
    PyCapsule::new_with_value(py, FFI_ArrowArrayStream::new(Box::new(reader)), STREAM)
}

impl Iterator for Reader {
    type Item = Result<RecordBatch, ArrowError>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.ended {
            return None;
        }
        let mut answer = Err(failed("Python is at its end"));
        attach(|py| answer = (self.next)(py).map_err(|error| told(py, &error)));
        self.ended = !matches!(answer, Ok(Some(_)));
        answer.transpose()
    }
}

impl RecordBatchReader for Reader {
    fn schema(&self) -> SchemaRef {
        SchemaRef::clone(&self.schema)
    }
}

/// An exception as the text that the protocol can carry.
fn told(py: Python<'_>, error: &PyErr) -> ArrowError {
    if error.is_instance_of::<PyKeyboardInterrupt>(py) {
        interrupt_later();
    }
    failed(&error.to_string())
}

/// Interrupts the program once more, when this thread has given the interpreter back: the consumer raises an exception of
/// its own, and an interrupt before that is lost.
fn interrupt_later() {
    if let Ok(threads) = Threads::of_process() {
        threads.spawn(async {
            attach(|py| {
                let threads = py.import(intern!(py, "_thread"));
                let _none_waits =
                    threads.and_then(|threads| threads.call_method0(intern!(py, "interrupt_main")));
            });
        });
    }
}

fn failed(message: &str) -> ArrowError {
    ArrowError::IoError(message.to_owned(), io::Error::other("the stream has ended"))
}

/// What makes a table of another library; asked for before anything is read, since the library may be missing.
pub(crate) struct Maker<'py>(Bound<'py, PyAny>);

impl<'py> Maker<'py> {
    /// The one of the method of this name.
    pub(crate) fn new(py: Python<'py>, method: &str) -> PyResult<Self> {
        let makers = py.import(intern!(py, "zendesk_csat._tables"))?;
        makers.call_method0(method).map(Self)
    }

    pub(crate) fn make(self, batches: Batches) -> PyResult<Bound<'py, PyAny>> {
        self.0.call1((batches,))
    }
}

/// Batches in memory. They go to Polars, pyarrow and others by Arrow's PyCapsule protocol, without a copy.
#[pyclass(frozen, module = "zendesk_csat._core")]
pub(crate) struct Batches {
    schema: SchemaRef,
    batches: Vec<RecordBatch>,
}

impl Batches {
    pub(crate) fn new(schema: SchemaRef, batches: Vec<RecordBatch>) -> Self {
        Self { schema, batches }
    }
}

#[pymethods]
impl Batches {
    #[pyo3(signature = (requested_schema=None))]
    pub(crate) fn __arrow_c_stream__<'py>(
        &self,
        py: Python<'py>,
        requested_schema: Option<&Bound<'py, PyAny>>,
    ) -> PyResult<Bound<'py, PyCapsule>> {
        let _best_effort = requested_schema;
        let batches = self.batches.clone().into_iter().map(Ok);
        capsule(
            py,
            RecordBatchIterator::new(batches, SchemaRef::clone(&self.schema)),
        )
    }

    fn __len__(&self) -> usize {
        self.batches.iter().map(RecordBatch::num_rows).sum()
    }
}
