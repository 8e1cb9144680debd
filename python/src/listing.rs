//! Listings, and one reading of a listing.

use crate::arrow::{self, Batches};
use crate::batches::{BatchStream, Reading, batch};
use crate::call::{Answer, Call};
use crate::client::Client;
use crate::error::raised;
use crate::model::Model;
use crate::of_process::{OfProcess, not_here};
use crate::page::{Malformed, Page};
use crate::runtime::apart;
use arrow_schema::SchemaRef;
use futures::stream::{BoxStream, Stream, StreamExt};
use pyo3::exceptions::PyTypeError;
use pyo3::prelude::*;
use pyo3::types::{PyCapsule, PyList};
use std::future::Future;
use std::sync::Arc;
use tokio::sync::Mutex;
use zendesk_csat::CallRecorder;
use zendesk_csat::columns::{ColumnPage, Columns};

type PageStream = BoxStream<'static, Result<Page, zendesk_csat::Error>>;

/// A listing, not read yet.
#[pyclass(frozen, generic, module = "zendesk_csat._core")]
pub(crate) struct Listing {
    client: Py<Client>,
    #[pyo3(get)]
    operation: &'static str,
    begin: Box<dyn Fn(zendesk_csat::Client) -> PageStream + Send + Sync>,
    columns: Option<ColumnListing>,
    counting: Counting,
}

/// How a listing is counted without reading it.
enum Counting {
    /// The service counts no such records.
    Never,
    /// The service counts them all, and this listing keeps some.
    NotSome,
    /// The service counts what the listing lists.
    ByCall(Box<dyn Fn(zendesk_csat::Client) -> Call + Send + Sync>),
}

/// The same listing as columns.
struct ColumnListing {
    schema: SchemaRef,
    begin: Box<dyn Fn(zendesk_csat::Client) -> BatchStream + Send + Sync>,
}

impl Listing {
    pub(crate) fn new<M, S>(
        client: &Bound<'_, Client>,
        operation: &'static str,
        begin: impl Fn(zendesk_csat::Client) -> S + Send + Sync + 'static,
    ) -> Self
    where
        M: Model + Send + Sync,
        S: Stream<Item = Result<zendesk_csat::Page<M>, zendesk_csat::Error>> + Send + 'static,
    {
        Self {
            client: client.clone().unbind(),
            operation,
            // Threads may ask on after the last page.
            begin: Box::new(move |client| begin(client).map(|page| page.map(Page::new)).fuse().boxed()),
            columns: None,
            counting: Counting::Never,
        }
    }

    /// The same, whose records the service counts where none is left out.
    pub(crate) fn with_count<F>(
        self,
        lists_all: bool,
        count: impl Fn(zendesk_csat::Client) -> F + Send + Sync + 'static,
    ) -> Self
    where
        F: Future<Output = Result<zendesk_csat::types::Count, zendesk_csat::Error>> + Send + 'static,
    {
        let counting = if lists_all {
            Counting::ByCall(Box::new(move |client| {
                Call::of_record(CallRecorder::default(), count(client))
            }))
        } else {
            Counting::NotSome
        };
        Self { counting, ..self }
    }

    /// The same, whose records can be read as columns.
    pub(crate) fn with_columns<C, S>(
        self,
        begin: impl Fn(zendesk_csat::Client) -> S + Send + Sync + 'static,
    ) -> Self
    where
        C: Columns,
        S: Stream<Item = Result<ColumnPage<C>, zendesk_csat::Error>> + Send + 'static,
    {
        Self {
            columns: Some(ColumnListing {
                schema: C::schema(),
                begin: Box::new(move |client| begin(client).map(batch).boxed()),
            }),
            ..self
        }
    }

    fn read_columns(&self, py: Python<'_>) -> PyResult<(SchemaRef, Reading)> {
        let Some(columns) = &self.columns else {
            return Err(PyTypeError::new_err(format!(
                "{} has no columns: ratings, survey responses and tickets have; \
                 of other records make rows with to_dict()",
                self.operation
            )));
        };
        let client = self.client.get().sdk(py)?;
        Ok((
            SchemaRef::clone(&columns.schema),
            Reading::new((columns.begin)(client)),
        ))
    }
}

#[pymethods]
impl Listing {
    /// Begins a reading. Nothing is asked for yet.
    fn pages(&self, py: Python<'_>) -> PyResult<Pages> {
        let client = self.client.get().sdk(py)?;
        let pages = OfProcess::new(Arc::new(Mutex::new((self.begin)(client))));
        Ok(Pages {
            client: self.client.clone_ref(py),
            pages,
        })
    }

    /// Counts the records where the service does.
    fn count(&self, py: Python<'_>) -> PyResult<Call> {
        let uncounted = |why: &str| {
            Err(PyTypeError::new_err(format!(
                "len() of {}: {why}",
                self.operation
            )))
        };
        match &self.counting {
            Counting::ByCall(count) => Ok(count(self.client.get().sdk(py)?)),
            Counting::NotSome => {
                uncounted("the service counts all records, and not those that a filter leaves")
            }
            Counting::Never => uncounted("the service does not count them; len(listing.collect()) does"),
        }
    }

    /// Reads every record as columns, with those that could not be read where they are to be skipped.
    fn batches(&self, py: Python<'_>, skip_malformed: bool, progress: Option<Py<PyAny>>) -> PyResult<Call> {
        let (schema, reading) = self.read_columns(py)?;
        let is_told = progress.is_some();
        let read = async move {
            let read = reading.collect(skip_malformed, progress).await;
            let answer: Answer = Box::new(move |py| {
                let (batches, malformed) = read.map_err(|failure| failure.raised(py))?;
                let malformed: Vec<_> = malformed.into_iter().map(Malformed).collect();
                let batches = Batches::new(schema, batches);
                Ok((batches, malformed).into_pyobject(py)?.into_any().unbind())
            });
            answer
        };
        // A function that makes calls itself would keep those from being answered.
        Ok(if is_told {
            Call::new(apart(read))
        } else {
            Call::new(read)
        })
    }

    /// Begins a reading as a stream of Arrow's. The first page is fetched now, the others when they are asked for.
    ///
    /// Records that cannot be read are added to the list, and end the stream where there is none.
    fn stream<'py>(&self, py: Python<'py>, malformed: Option<Py<PyList>>) -> PyResult<Bound<'py, PyCapsule>> {
        let (schema, mut reading) = self.read_columns(py)?;
        let mut first = Some(reading.next(py, malformed.as_ref())?);
        let next = move |py: Python<'_>| match first.take() {
            Some(first) => Ok(first),
            None => reading.next(py, malformed.as_ref()),
        };
        arrow::stream(py, schema, Box::new(next))
    }
}

/// One reading of a listing.
#[pyclass(frozen, generic, module = "zendesk_csat._core")]
pub(crate) struct Pages {
    client: Py<Client>,
    pages: OfProcess<Arc<Mutex<PageStream>>>,
}

#[pymethods]
impl Pages {
    /// The next page; None after the last.
    fn next(&self, py: Python<'_>) -> PyResult<Call> {
        self.client.get().check_caller(py)?;
        let pages = self.pages.get().ok_or_else(|| {
            not_here("a listing that is being read does not survive a fork: begin it again")
        })?;
        let pages = Arc::clone(pages);
        Ok(Call::read_ahead(async move {
            let page = pages.lock().await.next().await;
            let answer: Answer = Box::new(move |py| match page {
                Some(Ok(page)) => Py::new(py, page).map(Py::into_any),
                Some(Err(error)) => Err(raised(py, &error)),
                None => Ok(py.None()),
            });
            answer
        }))
    }
}
