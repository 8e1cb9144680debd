//! A report: text, a page, data, and a table of its scores.

use crate::arrow::{Batches, Maker};
use crate::error::raised_by_history;
use crate::html;
use crate::values::serialized;
use arrow_array::types::Date32Type;
use arrow_array::{ArrayRef, BooleanArray, Date32Array, Float64Array, Int64Array, RecordBatch, StringArray};
use arrow_schema::ArrowError;
use pyo3::exceptions::PyRuntimeError;
use pyo3::prelude::*;
use pyo3::types::PyCapsule;
use std::path::PathBuf;
use std::sync::Arc;
use zendesk_csat_history::report::{Bucket, Fall, Score};

/// What stands in the column `by` of the row for all ratings.
const TOTAL: &str = "total";

/// Scores of a history. ``print`` shows it as text whose marks every console has, a notebook as a page.
///
/// As a table it has one row in all and one a group: ``by`` says by what is grouped, ``key`` which group it is, and ``label``
/// what a reason is called.
///
/// Example:
///     >>> report = history.report(by=["month", "agent"])
///     >>> report.to_dict()["total"]["sent"] <= len(history.csat())
///     True
#[pyclass(frozen, module = "zendesk_csat")]
pub(crate) struct Report(
    pub(crate) zendesk_csat_history::report::Report,
    /// Whether comments of agents were asked for, and belong to the data.
    pub(crate) bool,
);

/// One score of a report.
struct Row<'a> {
    by: &'a str,
    bucket: Option<&'a Bucket>,
    score: &'a Score,
}

impl Report {
    fn rows(&self) -> Vec<Row<'_>> {
        let total = Row {
            by: TOTAL,
            bucket: None,
            score: &self.0.total,
        };
        let buckets = self.0.breakdowns.iter().flat_map(|breakdown| {
            breakdown.buckets.iter().map(|bucket| Row {
                by: breakdown.by.as_str(),
                bucket: Some(bucket),
                score: &bucket.score,
            })
        });
        std::iter::once(total).chain(buckets).collect()
    }

    fn without_comments_of_agents(&self) -> zendesk_csat_history::report::Report {
        zendesk_csat_history::report::Report {
            agent_comments: Vec::new(),
            ..self.0.clone()
        }
    }

    fn batch(&self) -> Result<RecordBatch, ArrowError> {
        let rows = self.rows();
        let count = |value: fn(&Score) -> u64| -> ArrayRef {
            let values = rows.iter().map(|row| i64::try_from(value(row.score)).ok());
            Arc::new(values.collect::<Int64Array>())
        };
        let share = |value: fn(&Score) -> Option<f64>| -> ArrayRef {
            Arc::new(rows.iter().map(|row| value(row.score)).collect::<Float64Array>())
        };
        let median = rows.iter().map(|row| {
            let seconds = row.score.median_time_to_answer_seconds?;
            i64::try_from(seconds).ok()
        });
        let starts = rows
            .iter()
            .map(|row| row.bucket?.starts_on.map(Date32Type::from_naive_date));
        let keys = rows.iter().map(|row| row.bucket?.key.as_deref());
        let labels = rows.iter().map(|row| row.bucket?.label.as_deref());
        let small = rows.iter().map(|row| Some(row.score.small_sample));
        RecordBatch::try_from_iter_with_nullable([
            ("by", text(rows.iter().map(|row| Some(row.by))), false),
            ("key", text(keys), true),
            ("label", text(labels), true),
            ("starts_on", Arc::new(starts.collect::<Date32Array>()), true),
            ("sent", count(|score| score.sent), false),
            ("answered", count(|score| score.answered), false),
            ("good", count(|score| score.good), false),
            ("neutral", count(|score| score.neutral), false),
            ("bad", count(|score| score.bad), false),
            ("unscored", count(|score| score.unscored), false),
            ("unasked", count(|score| score.unasked), false),
            ("unanswered_open", count(|score| score.unanswered_open), false),
            (
                "unanswered_expired",
                count(|score| score.unanswered_expired),
                false,
            ),
            ("csat_percent", share(|score| score.csat_percent), true),
            ("csat_percent_low", share(|score| score.csat_percent_low), true),
            ("csat_percent_high", share(|score| score.csat_percent_high), true),
            (
                "response_rate_percent",
                share(|score| score.response_rate_percent),
                true,
            ),
            (
                "median_time_to_answer_seconds",
                Arc::new(median.collect::<Int64Array>()),
                true,
            ),
            ("small_sample", Arc::new(small.collect::<BooleanArray>()), false),
        ])
    }

    fn batches(&self) -> PyResult<Batches> {
        let batch = self
            .batch()
            .map_err(|error| PyRuntimeError::new_err(error.to_string()))?;
        Ok(Batches::new(batch.schema(), vec![batch]))
    }
}

fn text<'a>(values: impl Iterator<Item = Option<&'a str>>) -> ArrayRef {
    Arc::new(values.collect::<StringArray>())
}

#[pymethods]
impl Report {
    /// The report as text of so many columns, drawn with marks that need Unicode; ``str`` does without them.
    ///
    /// Example:
    ///     >>> lines = history.report(by=["month"]).to_text(80).splitlines()
    #[pyo3(signature = (width=100, *, color=false))]
    fn to_text(&self, width: u16, color: bool) -> String {
        self.0.to_text(width, color)
    }

    /// The report as one self-contained page.
    ///
    /// Example:
    ///     >>> history.report(by=["month"]).to_html().startswith("<!")
    ///     True
    fn to_html(&self) -> String {
        self.0.to_html()
    }

    /// The report in GitHub's Markdown, for a chat or a mail: without comments, and no text from outside becomes markup, a
    /// mention or a link.
    ///
    /// Example:
    ///     >>> history.report(by=["month"]).to_markdown().startswith("## CSAT of")
    ///     True
    fn to_markdown(&self) -> String {
        self.0.to_markdown()
    }

    /// Whether the score fell significantly by so many points or more, against the span before; none where there are too few
    /// answers to tell.
    ///
    /// Example:
    ///     >>> history.report().fell(100) is True
    ///     False
    fn fell(&self, points: f64) -> Option<bool> {
        match self.0.fall(points) {
            Fall::Fell(_) => Some(true),
            Fall::Held(_) => Some(false),
            _ => None,
        }
    }

    /// Writes the report as a workbook for Excel and its like: a summary, a sheet for each grouping, the comments. The file is
    /// there when it is whole.
    ///
    /// Args:
    ///     path: The file.
    ///
    /// Raises:
    ///     HistoryError: The file cannot be written.
    ///
    /// Example:
    ///     >>> import os, tempfile
    ///     >>> with tempfile.TemporaryDirectory() as folder:
    ///     ...     history.report(by=["agent"]).to_xlsx(os.path.join(folder, "report.xlsx"))
    fn to_xlsx(&self, py: Python<'_>, path: PathBuf) -> PyResult<()> {
        let written = py.detach(|| self.0.write_xlsx(&path));
        written.map_err(|error| raised_by_history(py, &error))
    }

    /// The report as data: units are in the names, times are RFC 3339 texts. Comments of agents are in it if ``report`` was
    /// told ``comments``.
    ///
    /// Example:
    ///     >>> total = history.report().to_dict()["total"]
    ///     >>> total["good"] + total["neutral"] + total["bad"] <= total["answered"] <= total["sent"]
    ///     True
    fn to_dict<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        if self.1 {
            serialized(py, &self.0)
        } else {
            serialized(py, &self.without_comments_of_agents())
        }
    }

    /// The scores as a stream of Arrow's.
    #[pyo3(signature = (requested_schema=None))]
    fn __arrow_c_stream__<'py>(
        &self,
        py: Python<'py>,
        requested_schema: Option<&Bound<'py, PyAny>>,
    ) -> PyResult<Bound<'py, PyCapsule>> {
        self.batches()?.__arrow_c_stream__(py, requested_schema)
    }

    /// The scores as a table of pyarrow.
    ///
    /// Raises:
    ///     ModuleNotFoundError: pyarrow is not installed.
    ///
    /// Example:
    ///     >>> table = history.report(by=["agent"]).to_arrow()
    ///     >>> table.column_names[:4]
    ///     ['by', 'key', 'label', 'starts_on']
    fn to_arrow<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        Maker::new(py, "to_arrow")?.make(self.batches()?)
    }

    /// The scores as a frame of pandas.
    ///
    /// Raises:
    ///     ModuleNotFoundError: pandas or pyarrow is not installed.
    ///
    /// Example:
    ///     >>> frame = history.report(by=["month"]).to_pandas()
    ///     >>> by_month = frame[frame["by"] == "month"].set_index("key")["csat_percent"]
    fn to_pandas<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        Maker::new(py, "to_pandas")?.make(self.batches()?)
    }

    /// The scores as a frame of Polars.
    ///
    /// Raises:
    ///     ModuleNotFoundError: Polars is not installed.
    ///
    /// Example:
    ///     >>> import polars as pl
    ///     >>> frame = history.report(by=["agent"]).to_polars()
    ///     >>> agents = frame.filter(pl.col("by") == "agent").sort("csat_percent")
    fn to_polars<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        Maker::new(py, "to_polars")?.make(self.batches()?)
    }

    fn __str__(&self) -> String {
        // Whoever prints may do so to a console that is not UTF-8.
        self.0.to_plain_text(100)
    }

    fn __repr__(&self) -> String {
        format!("<Report of {} ratings>", self.0.total.sent)
    }

    fn _repr_html_<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        // A notebook is kept and passed on: it need not hold what every customer wrote.
        html::framed(py, &self.without_comments_of_agents().to_html())
    }
}
