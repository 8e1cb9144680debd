//! Listings, and one reading of a listing.

use crate::call::{Answer, Call};
use crate::client::Client;
use crate::error::raised;
use crate::model::Model;
use crate::page::Page;
use futures::stream::{BoxStream, Stream, StreamExt};
use pyo3::prelude::*;
use std::sync::Arc;
use tokio::sync::Mutex;

type PageStream = BoxStream<'static, Result<Page, zendesk_csat::Error>>;

/// A listing, not read yet.
#[pyclass(frozen, generic, module = "zendesk_csat._core")]
pub(crate) struct Listing {
    client: Py<Client>,
    #[pyo3(get)]
    operation: &'static str,
    begin: Box<dyn Fn(zendesk_csat::Client) -> PageStream + Send + Sync>,
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
            begin: Box::new(move |client| begin(client).map(|page| page.map(Page::new)).boxed()),
        }
    }
}

#[pymethods]
impl Listing {
    /// Begins a reading. Nothing is asked for yet.
    fn pages(&self, py: Python<'_>) -> PyResult<Pages> {
        let client = self.client.get().sdk(py)?;
        Ok(Pages(Arc::new(Mutex::new((self.begin)(client)))))
    }
}

/// One reading of a listing.
#[pyclass(frozen, generic, module = "zendesk_csat._core")]
pub(crate) struct Pages(Arc<Mutex<PageStream>>);

#[pymethods]
impl Pages {
    /// The next page; None after the last.
    fn next(&self) -> Call {
        let pages = Arc::clone(&self.0);
        Call::new(async move {
            let page = pages.lock().await.next().await;
            let answer: Answer = Box::new(move |py| match page {
                Some(Ok(page)) => Py::new(py, page).map(Py::into_any),
                Some(Err(error)) => Err(raised(py, &error)),
                None => Ok(py.None()),
            });
            answer
        })
    }
}
