//! The history: syncing into it, its table and its report.

use crate::arguments::{optional, required};
use crate::call::{Answer, Call};
use crate::client::Client;
use crate::error::raised_by_history;
use crate::model::{Model, Shared, model};
use crate::runtime::wait;
use crate::table::CsatTable;
use crate::values::{serialized, serialized_values};
use pyo3::exceptions::{PyRuntimeError, PyValueError};
use pyo3::prelude::*;
use std::path::PathBuf;
use std::sync::Arc;
use tokio::sync::Mutex;
use zendesk_csat_history::report::{Dimension, ReportOptions};
use zendesk_csat_history::{CsatQuery, HistoryError, NoProgress, SyncOptions};

type Shelf = Arc<Mutex<zendesk_csat_history::History>>;

/// Every CSAT rating of one or more accounts, in one SQLite file.
#[pyclass(frozen, module = "zendesk_csat")]
pub(crate) struct History {
    process: u32,
    path: PathBuf,
    shelf: Shelf,
}

impl History {
    fn shelf(&self) -> PyResult<Shelf> {
        if self.process == std::process::id() {
            Ok(Arc::clone(&self.shelf))
        } else {
            Err(PyRuntimeError::new_err(
                "a history does not survive a fork: open it again in this process",
            ))
        }
    }

    /// Reads, after what is being written: a sync holds the history until it ends.
    fn read<T: Send + 'static>(
        &self,
        py: Python<'_>,
        read: impl FnOnce(&zendesk_csat_history::History) -> Result<T, HistoryError> + Send + 'static,
    ) -> PyResult<T> {
        let shelf = self.shelf()?;
        let read = async move {
            let history = shelf.lock_owned().await;
            tokio::task::spawn_blocking(move || read(&history)).await
        };
        match wait(py, read)? {
            Ok(read) => read.map_err(|error| raised_by_history(py, &error)),
            Err(error) => Err(PyRuntimeError::new_err(error.to_string())),
        }
    }
}

#[pymethods]
impl History {
    #[new]
    fn new(py: Python<'_>, path: PathBuf) -> PyResult<Self> {
        let history = py
            .detach(|| zendesk_csat_history::History::open(&path))
            .map_err(|error| raised_by_history(py, &error))?;
        Ok(Self {
            process: std::process::id(),
            path,
            shelf: Arc::new(Mutex::new(history)),
        })
    }

    #[getter]
    fn path(&self) -> PyResult<String> {
        Ok(self.path.to_string_lossy().into_owned())
    }

    #[getter]
    fn subdomains(&self, py: Python<'_>) -> PyResult<Vec<String>> {
        self.read(py, zendesk_csat_history::History::subdomains)
    }

    #[pyo3(signature = (*, since=None, until=None, subdomain=None))]
    fn csat(
        &self,
        py: Python<'_>,
        since: Option<&Bound<'_, PyAny>>,
        until: Option<&Bound<'_, PyAny>>,
        subdomain: Option<String>,
    ) -> PyResult<CsatTable> {
        let query = CsatQuery {
            since: given("since", since)?,
            until: given("until", until)?,
            subdomain,
        };
        self.read(py, move |history| history.csat(&query))
            .map(CsatTable::new)
    }

    #[pyo3(signature = (*, since=None, until=None, by=None, bad_comments=None, subdomain=None))]
    fn report(
        &self,
        py: Python<'_>,
        since: Option<&Bound<'_, PyAny>>,
        until: Option<&Bound<'_, PyAny>>,
        by: Option<&Bound<'_, PyAny>>,
        bad_comments: Option<usize>,
        subdomain: Option<String>,
    ) -> PyResult<Report> {
        let mut options = ReportOptions {
            since: given("since", since)?,
            until: given("until", until)?,
            subdomain,
            ..ReportOptions::default()
        };
        if let Some(by) = by {
            options.by = required::<Vec<String>>("by", by)?
                .iter()
                .map(|name| name.parse())
                .collect::<Result<Vec<Dimension>, _>>()
                .map_err(|error| PyValueError::new_err(format!("by: {error}")))?;
        }
        if let Some(bad_comments) = bad_comments {
            options.bad_comments = bad_comments;
        }
        self.read(py, move |history| history.report(&options)).map(Report)
    }

    fn __repr__(&self) -> String {
        format!("History({:?})", self.path)
    }
}

fn given<T: crate::arguments::Argument>(name: &str, value: Option<&Bound<'_, PyAny>>) -> PyResult<Option<T>> {
    value.map_or(Ok(None), |value| optional(name, value))
}

/// Brings a history up to date.
#[pyfunction]
pub(crate) fn sync(
    client: &Bound<'_, Client>,
    history: &History,
    since: &Bound<'_, PyAny>,
) -> PyResult<Call> {
    let options = SyncOptions {
        since: optional("since", since)?,
    };
    let (client, shelf) = (client.get().sdk(client.py())?, history.shelf()?);
    Ok(Call::new(async move {
        let mut history = shelf.lock_owned().await;
        let synced = history.sync(&client, options, &mut NoProgress).await;
        let answer: Answer = Box::new(move |py| match synced {
            Ok(summary) => Model::from_record(py, summary),
            Err(error) => Err(raised_by_history(py, &error)),
        });
        answer
    }))
}

/// Scores of a history: by time, by agent, by group, by reason.
#[pyclass(frozen, module = "zendesk_csat")]
pub(crate) struct Report(zendesk_csat_history::report::Report);

#[pymethods]
impl Report {
    #[pyo3(signature = (width=100, *, color=false))]
    fn to_text(&self, width: u16, color: bool) -> String {
        self.0.to_text(width, color)
    }

    fn to_html(&self) -> String {
        self.0.to_html()
    }

    fn to_dict<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        serialized(py, &self.0)
    }

    fn __str__(&self) -> String {
        self.0.to_text(100, false)
    }

    fn __repr__(&self) -> String {
        format!("<Report of {} ratings>", self.0.total.sent)
    }
}

serialized_values!(
    zendesk_csat_history::Source,
    zendesk_csat_history::Attribution,
    zendesk_csat_history::Step,
);

model! {
    /// A row of the one table.
    plain CsatRow: zendesk_csat_history::CsatRow, {
        value subdomain "subdomain" "subdomain";
        value source "source" "source";
        value id "id" "id";
        value ticket_id "ticket_id" "ticket_id";
        value requester_id "requester_id" "requester_id";
        value assignee_id "assignee_id" "assignee_id";
        value group_id "group_id" "group_id";
        value attribution "attribution" "attribution";
        value sent_at "sent_at" "sent_at";
        value rated_at "rated_at" "rated_at";
        value expires_at "expires_at" "expires_at";
        value score "score" "score";
        value rating "rating" "rating";
        value scale "scale" "scale";
        value reason "reason" "reason";
        value reason_id "reason_id" "reason_id";
        value comment "comment" "comment";
        value survey_id "survey_id" "survey_id";
        value survey_version "survey_version" "survey_version";
        value locale "locale" "locale";
        value ticket_subject "ticket_subject" "ticket_subject";
        value ticket_status "ticket_status" "ticket_status";
    } {}
}

model! {
    /// What a sync has done.
    plain SyncSummary: zendesk_csat_history::SyncSummary, {
        value subdomain "subdomain" "subdomain";
        nested rows "rows" "rows";
        nested calls "calls" "calls";
        nested reconciliation "reconciliation" "reconciliation";
        nested unavailable "unavailable" "unavailable";
    } {
        fn __str__(&self) -> String {
            self.0.get().to_string()
        }
    }
}

model! {
    /// Rows read by a sync, by kind.
    plain SyncRows: zendesk_csat_history::Rows, {
        value ratings "ratings" "ratings";
        value survey_responses "survey_responses" "survey_responses";
        value tickets "tickets" "tickets";
        value reasons "reasons" "reasons";
        value questions "questions" "questions";
    } {}
}

model! {
    /// Requests by the limit that they count against.
    plain CallCounts: zendesk_csat::CallCounts, {
        value support "support" "support";
        value help_center "help_center" "help_center";
        value incremental "incremental" "incremental";
        value oauth "oauth" "oauth";
        value_view total "total" "total";
    } {}
}

model! {
    /// Where every survey and rating of the account went.
    plain Reconciliation: zendesk_csat_history::Reconciliation, {
        value as_of "as_of" "as_of";
        value sent "sent" "sent";
        value answered "answered" "answered";
        value unanswered "unanswered" "unanswered";
        value expired "expired" "expired";
        value conversation_only "conversation_only" "conversation_only";
        value deleted "deleted" "deleted";
        value unmatched "unmatched" "unmatched";
        value mirrors "mirrors" "mirrors";
        value unoffered "unoffered" "unoffered";
        value malformed "malformed" "malformed";
        value forbidden "forbidden" "forbidden";
    } {}
}

model! {
    /// A part of the API that was left out.
    plain Unavailable: zendesk_csat_history::Unavailable, {
        value step "step" "step";
        value error "error" "error";
    } {}
}

/// An object of a row of the table.
pub(crate) fn row<'py>(
    py: Python<'py>,
    rows: &Arc<Vec<zendesk_csat_history::CsatRow>>,
    index: usize,
) -> PyResult<Option<Bound<'py, PyAny>>> {
    Shared::of_page(rows, index)
        .map(|row| Model::object(py, row))
        .transpose()
}
