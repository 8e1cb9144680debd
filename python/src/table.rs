//! The one table: a sequence of rows, and a stream of Arrow's.

use crate::arrow::{self, Batches, Maker};
use crate::error::raised_by_history;
use crate::history::warn_of_gaps;
use crate::html;
use crate::model::{Model, Shared};
use crate::of_process::{OfProcess, not_here};
use crate::shelf::Shelf;
use crate::sqlite::InSqlite;
use arrow_array::{RecordBatch, RecordBatchReader};
use arrow_schema::ArrowError;
use pyo3::exceptions::{PyIndexError, PyRuntimeError};
use pyo3::prelude::*;
use pyo3::sync::PyOnceLock;
use pyo3::types::{PyCapsule, PyDict, PyList, PySlice};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use zendesk_csat_history::{CsatQuery, CsatRow, HistoryError, export};

type Rows = Arc<Vec<CsatRow>>;

/// Rows of the one table, in the order in which the customers were asked.
///
/// Nothing is read before it is asked for. As a sequence the rows are read once, and a row becomes an object when it is
/// asked for. As a table of another library they are streamed from the file each time.
///
/// Example:
///     >>> import polars
///     >>> table = history.csat(since="2020-01-01T00:00:00Z")
///     >>> frame = polars.DataFrame(table)
///     >>> frame.height == len(table)
///     True
#[pyclass(frozen, sequence, module = "zendesk_csat")]
pub(crate) struct CsatTable {
    shelf: Shelf,
    query: CsatQuery,
    rows: PyOnceLock<Rows>,
}

impl CsatTable {
    pub(crate) fn new(shelf: Shelf, query: CsatQuery) -> Self {
        Self {
            shelf,
            query,
            rows: PyOnceLock::new(),
        }
    }

    fn rows(&self, py: Python<'_>) -> PyResult<&Rows> {
        self.rows.get_or_try_init(py, || {
            let query = self.query.clone();
            self.warn(py)?;
            let rows = self.shelf.read(py, move |history| history.csat(&query))?;
            Ok(Arc::new(rows))
        })
    }

    /// The rows of this moment.
    fn batches(&self, py: Python<'_>) -> PyResult<export::Batches> {
        let query = self.query.clone();
        self.warn(py)?;
        self.shelf.read(py, move |history| history.csat_batches(&query))
    }

    /// What is not whole says so first.
    fn warn(&self, py: Python<'_>) -> PyResult<()> {
        let subdomain = self.query.subdomain.clone();
        let gaps = self
            .shelf
            .read(py, move |history| history.gaps(subdomain.as_deref()))?;
        warn_of_gaps(py, &gaps)
    }

    fn collect(&self, py: Python<'_>) -> PyResult<Batches> {
        let (mut reader, _inside) = (self.batches(py)?, InSqlite::enter());
        let schema = reader.schema();
        let mut batches = Vec::new();
        while let Some(batch) = next(py, &mut reader)? {
            batches.push(batch);
        }
        Ok(Batches::new(schema, batches))
    }
}

/// The next batch, read without the interpreter.
fn next(py: Python<'_>, batches: &mut export::Batches) -> PyResult<Option<RecordBatch>> {
    py.check_signals()?;
    let batch = py.detach(|| batches.next());
    batch.transpose().map_err(|error| {
        let of_history = match &error {
            ArrowError::ExternalError(source) => source.downcast_ref::<HistoryError>(),
            _ => None,
        };
        match of_history {
            Some(source) => raised_by_history(py, source),
            None => PyRuntimeError::new_err(error.to_string()),
        }
    })
}

/// A place in a sequence, or a stretch of one.
#[derive(FromPyObject)]
enum Place<'py> {
    Index(isize),
    Stretch(Bound<'py, PySlice>),
}

#[pymethods]
impl CsatTable {
    fn __len__(&self, py: Python<'_>) -> PyResult<usize> {
        Ok(self.rows(py)?.len())
    }

    fn __getitem__<'py>(&self, py: Python<'py>, place: Place<'py>) -> PyResult<Bound<'py, PyAny>> {
        let rows = self.rows(py)?;
        let missing = || PyIndexError::new_err("the table has no such row");
        match place {
            Place::Index(index) => {
                let from_end = if index < 0 { rows.len() } else { 0 };
                let index = from_end.checked_add_signed(index).ok_or_else(missing)?;
                row(py, rows, index)?.ok_or_else(missing)
            }
            Place::Stretch(slice) => {
                let indices = slice.indices(isize::try_from(rows.len())?)?;
                let rows = (0..indices.slicelength)
                    .filter_map(|step| {
                        indices
                            .start
                            .checked_add(indices.step.checked_mul(step as isize)?)
                    })
                    .filter_map(|index| usize::try_from(index).ok())
                    .filter_map(|index| row(py, rows, index).transpose())
                    .collect::<PyResult<Vec<_>>>()?;
                PyList::new(py, rows).map(Bound::into_any)
            }
        }
    }

    fn __iter__(&self, py: Python<'_>) -> PyResult<CsatRows> {
        Ok(CsatRows {
            rows: Arc::clone(self.rows(py)?),
            next: AtomicUsize::new(0),
        })
    }

    /// The rows as dicts.
    ///
    /// Example:
    ///     >>> dicts = history.csat().to_dicts()
    fn to_dicts<'py>(&self, py: Python<'py>) -> PyResult<Vec<Bound<'py, PyDict>>> {
        self.rows(py)?.iter().map(|row| row.dict(py)).collect()
    }

    /// The rows as a stream of Arrow's, a few thousand at a time, as they are in the file at this moment.
    #[pyo3(signature = (requested_schema=None))]
    fn __arrow_c_stream__<'py>(
        &self,
        py: Python<'py>,
        requested_schema: Option<&Bound<'py, PyAny>>,
    ) -> PyResult<Bound<'py, PyCapsule>> {
        let _best_effort = requested_schema;
        let batches = self.batches(py)?;
        let schema = batches.schema();
        let mut batches = OfProcess::new((batches, InSqlite::enter()));
        let batch = move |py: Python<'_>| match batches.get_mut() {
            Some((batches, _)) => next(py, batches),
            None => Err(not_here(
                "a table that is being read does not survive a fork: open its history again",
            )),
        };
        arrow::stream(py, schema, Box::new(batch))
    }

    /// The rows as a table of pyarrow.
    ///
    /// Raises:
    ///     ModuleNotFoundError: pyarrow is not installed.
    ///
    /// Example:
    ///     >>> table = history.csat().to_arrow()
    ///     >>> table.schema.field("sent_at").type
    ///     TimestampType(timestamp[ms, tz=UTC])
    fn to_arrow<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        let maker = Maker::new(py, "to_arrow")?;
        maker.make(self.collect(py)?)
    }

    /// The rows as a frame of pandas.
    ///
    /// Whole numbers are ``Int64``, texts are ``string``, times are in UTC; all of them know missing values.
    ///
    /// Raises:
    ///     ModuleNotFoundError: pandas or pyarrow is not installed.
    ///
    /// Example:
    ///     >>> frame = history.csat().to_pandas()
    ///     >>> by_agent = frame.groupby("assignee_id")["score"].value_counts()
    fn to_pandas<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        let maker = Maker::new(py, "to_pandas")?;
        maker.make(self.collect(py)?)
    }

    /// The rows as a frame of Polars.
    ///
    /// Raises:
    ///     ModuleNotFoundError: Polars is not installed.
    ///
    /// Example:
    ///     >>> import polars as pl
    ///     >>> answered = history.csat().to_polars().filter(pl.col("rated_at").is_not_null())
    ///     >>> by_agent = answered.group_by("assignee_id").agg(csat=(pl.col("score") == "good").mean())
    fn to_polars<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        let maker = Maker::new(py, "to_polars")?;
        maker.make(self.collect(py)?)
    }

    fn __repr__(&self, py: Python<'_>) -> PyResult<String> {
        Ok(format!("<CsatTable of {} rows>", self.rows(py)?.len()))
    }

    fn _repr_html_<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        let rows = self.rows(py)?;
        let shown = rows
            .iter()
            .take(html::ROWS)
            .map(|row| row.dict(py))
            .collect::<PyResult<_>>()?;
        html::table(py, shown, rows.len())
    }
}

/// A walk over the rows.
#[pyclass(frozen)]
struct CsatRows {
    rows: Rows,
    next: AtomicUsize,
}

#[pymethods]
impl CsatRows {
    fn __iter__(slf: Py<Self>) -> Py<Self> {
        slf
    }

    fn __next__<'py>(&self, py: Python<'py>) -> PyResult<Option<Bound<'py, PyAny>>> {
        row(py, &self.rows, self.next.fetch_add(1, Ordering::Relaxed))
    }
}

/// An object of a row.
fn row<'py>(py: Python<'py>, rows: &Rows, index: usize) -> PyResult<Option<Bound<'py, PyAny>>> {
    Shared::of_page(rows, index)
        .map(|row| Model::object(py, row))
        .transpose()
}
