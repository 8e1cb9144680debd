//! The history: syncing into it, its table and its report.

use crate::arguments::{named, optional, required};
use crate::call::{Answer, Call};
use crate::client::{Client, seconds};
use crate::error::{IncompleteHistoryWarning, raised_by_history};
use crate::listener::Listener;
use crate::model::{Model, model};
use crate::report::Report;
use crate::runtime::{apart, wait};
use crate::shelf::{Reader, Shelf};
use crate::sqlite::{InSqlite, check_fork};
use crate::table::CsatTable;
use crate::values::serialized_values;
use pyo3::exceptions::{PyTypeError, PyValueError};
use pyo3::prelude::*;
use pyo3::types::{PyBool, PyInt, PyMapping, PyString, PyTuple};
use std::ffi::CString;
use std::fmt::Display;
use std::path::PathBuf;
use std::str::FromStr;
use zendesk_csat::InvalidLocale;
use zendesk_csat_history::export::{ExportOptions, UnknownFormat};
use zendesk_csat_history::report::{Dimension, ReportOptions};
use zendesk_csat_history::{
    Calendar, CsatQuery, Filter, HistoryError, Period, ReasonQuestions, Since, SyncOptions, TicketField,
    TimeText,
};

/// Parameters of Python's with their names.
macro_rules! by_name {
    ($($parameter:ident),+) => {
        [$((stringify!($parameter), $parameter)),+]
    };
}

/// Every CSAT rating of one or more accounts, in one SQLite file.
///
/// The file is made where there is none. ``:memory:`` is a history that is gone with its object. While a sync runs, other
/// threads can read what it has stored so far; of a history in memory they wait until it ends.
///
/// Raises:
///     HistoryError: The file cannot be opened, or is not a history.
///
/// Example:
///     >>> from zendesk_csat import History
///     >>> history = History(":memory:")
///     >>> summary = client.sync(history)
///     >>> len(history.csat()) == summary.reconciliation.sent
///     True
#[pyclass(frozen, module = "zendesk_csat")]
pub(crate) struct History {
    path: PathBuf,
    shelf: Shelf,
}

#[pymethods]
impl History {
    #[new]
    fn new(py: Python<'_>, path: PathBuf) -> PyResult<Self> {
        check_fork()?;
        let shelf = py
            .detach(|| Shelf::open(&path))
            .map_err(|error| raised_by_history(py, &error))?;
        Ok(Self { path, shelf })
    }

    /// The file.
    #[getter]
    fn path(&self) -> PyResult<String> {
        Ok(self.path.to_string_lossy().into_owned())
    }

    /// The accounts in the file, in alphabetical order.
    #[getter]
    fn subdomains(&self, py: Python<'_>) -> PyResult<Vec<String>> {
        self.shelf.read(py, zendesk_csat_history::History::subdomains)
    }

    /// The accounts in the file, in alphabetical order: from when on each has rows, up to when, and how many.
    ///
    /// Example:
    ///     >>> [account.subdomain for account in history.accounts()] == history.subdomains
    ///     True
    fn accounts(&self, py: Python<'_>) -> PyResult<Vec<Py<PyAny>>> {
        let accounts = self.shelf.read(py, zendesk_csat_history::History::accounts)?;
        accounts
            .into_iter()
            .map(|account| Model::from_record(py, account))
            .collect()
    }

    /// Gives an account the name that its address has now. Syncs of that name go on where those of the old one ended.
    ///
    /// Args:
    ///     subdomain: The account as the file has it.
    ///     name: Its new name.
    ///
    /// Raises:
    ///     HistoryError: The file does not have the account, or has one of the new name.
    ///     HistoryBusyError: A sync is writing to the file.
    ///
    /// Example:
    ///     >>> from zendesk_csat import History
    ///     >>> moved = History(":memory:")
    ///     >>> summary = client.sync(moved)
    ///     >>> moved.rename_account(summary.subdomain, "acme-support")
    ///     >>> moved.subdomains
    ///     ['acme-support']
    fn rename_account(&self, py: Python<'_>, subdomain: String, name: String) -> PyResult<()> {
        let history = self.shelf.history(py)?;
        let renamed = async move {
            let _inside = InSqlite::enter();
            let mut history = history.lock_owned().await;
            history.rename_account(&subdomain, &name).await
        };
        wait(py, renamed)?.map_err(|error| raised_by_history(py, &error))
    }

    /// Removes an account with all its records from the file. Gives the number of its rows.
    ///
    /// Args:
    ///     subdomain: The account.
    ///
    /// Raises:
    ///     HistoryError: The file does not have the account.
    ///     HistoryBusyError: A sync is writing to the file.
    ///
    /// Example:
    ///     >>> from zendesk_csat import History
    ///     >>> old = History(":memory:")
    ///     >>> summary = client.sync(old)
    ///     >>> old.forget_account(summary.subdomain) == summary.reconciliation.sent
    ///     True
    fn forget_account(&self, py: Python<'_>, subdomain: String) -> PyResult<u64> {
        let history = self.shelf.history(py)?;
        let forgotten = async move {
            let _inside = InSqlite::enter();
            let mut history = history.lock_owned().await;
            history.forget_account(&subdomain).await
        };
        wait(py, forgotten)?.map_err(|error| raised_by_history(py, &error))
    }

    /// What the history lacks; nothing where it is whole. Where there is any, tables, reports and exports warn with
    /// `IncompleteHistoryWarning`.
    ///
    /// Args:
    ///     subdomain: Only this account.
    ///
    /// Example:
    ///     >>> for gap in history.gaps():
    ///     ...     print(gap)
    #[pyo3(signature = (subdomain=None))]
    fn gaps(&self, py: Python<'_>, subdomain: Option<String>) -> PyResult<Vec<Py<PyAny>>> {
        let gaps = self
            .shelf
            .read(py, move |history| history.gaps(subdomain.as_deref()))?;
        gaps.into_iter().map(|gap| Model::from_record(py, gap)).collect()
    }

    /// The one table: every rating of both systems, in the order in which the customers were asked.
    ///
    /// Args:
    ///     since: Only what was sent then or later: an aware datetime, a date, or a text as in ``report``.
    ///     until: Only what was sent up to then; a date, a day or a month is part of it.
    ///     last: The last whole days, such as ``28d`` or ``4w``, and so on as in ``report``.
    ///     week: A week.
    ///     month: A month.
    ///     quarter: A quarter.
    ///     year: A year.
    ///     time_zone: The zone of those days, and of the times in a workbook and in CSV with ``excel``, by its IANA name.
    ///     week_start: The first day of a week: ``monday`` or ``sunday``.
    ///     subdomain: Only this account.
    ///     agent: Only of these agents, by name or id; one or several, here and below.
    ///     group: Only of these groups.
    ///     brand: Only of tickets of these brands.
    ///     organization: Only of tickets of these organizations.
    ///     form: Only of tickets with these forms.
    ///     tag: Only of tickets with any of these tags.
    ///     without_tag: Only of tickets without these tags; where tags are not known, a rating stays.
    ///     channel: Only of tickets that came in by these channels.
    ///     source: Only of this system: ``rating`` or ``survey``.
    ///     score: Only of these scores.
    ///     priority: Only of tickets of these priorities.
    ///     field: Only of tickets with these values in custom fields, by the names that syncs gave them: ``{"plan": "gold"}``, or several
    ///         values in a list.
    ///
    /// Example:
    ///     >>> bad = [row.comment for row in history.csat(since="2020-01-01T00:00:00Z", score="bad")]
    #[pyo3(signature = (*, since=None, until=None, last=None, week=None, month=None, quarter=None, year=None, time_zone="UTC", week_start="monday", subdomain=None, agent=None, group=None, brand=None, organization=None, form=None, tag=None, without_tag=None, channel=None, source=None, score=None, priority=None, field=None))]
    #[expect(clippy::too_many_arguments, reason = "Python gives them by name")]
    fn csat(
        &self,
        since: Option<&Bound<'_, PyAny>>,
        until: Option<&Bound<'_, PyAny>>,
        last: Option<&Bound<'_, PyAny>>,
        week: Option<&Bound<'_, PyAny>>,
        month: Option<&Bound<'_, PyAny>>,
        quarter: Option<&Bound<'_, PyAny>>,
        year: Option<&Bound<'_, PyAny>>,
        time_zone: &str,
        week_start: &str,
        subdomain: Option<String>,
        agent: Option<&Bound<'_, PyAny>>,
        group: Option<&Bound<'_, PyAny>>,
        brand: Option<&Bound<'_, PyAny>>,
        organization: Option<&Bound<'_, PyAny>>,
        form: Option<&Bound<'_, PyAny>>,
        tag: Option<&Bound<'_, PyAny>>,
        without_tag: Option<&Bound<'_, PyAny>>,
        channel: Option<&Bound<'_, PyAny>>,
        source: Option<&Bound<'_, PyAny>>,
        score: Option<&Bound<'_, PyAny>>,
        priority: Option<&Bound<'_, PyAny>>,
        field: Option<&Bound<'_, PyAny>>,
    ) -> PyResult<CsatTable> {
        let query = CsatQuery {
            period: stretch(by_name![since, until, last, week, month, quarter, year])?,
            calendar: calendar(time_zone, week_start)?,
            filter: filter(
                by_name![
                    agent,
                    group,
                    brand,
                    organization,
                    form,
                    tag,
                    without_tag,
                    channel,
                    source,
                    score,
                    priority
                ],
                field,
            )?,
            subdomain,
            ..CsatQuery::default()
        };
        self.shelf.check_process()?;
        Ok(CsatTable::new(self.shelf.clone(), query))
    }

    /// The records that a sync's reconciliation counts apart, one by one: about a conversation only, about a deleted or
    /// archived ticket or one that the export does not have, copies, what may be copies, never offered, malformed, forbidden.
    ///
    /// Args:
    ///     subdomain: The account.
    ///
    /// Example:
    ///     >>> malformed = [record.id for record in history.explain("acme") if record.category == "malformed"]
    fn explain(&self, py: Python<'_>, subdomain: String) -> PyResult<Vec<Py<PyAny>>> {
        let explained = self.shelf.read(py, move |history| {
            let mut explained = Vec::new();
            history.explain(&subdomain, |record| {
                explained.push(record);
                Ok::<(), HistoryError>(())
            })?;
            Ok(explained)
        })?;
        explained
            .into_iter()
            .map(|record| Model::from_record(py, record))
            .collect()
    }

    /// Scores: in all, and by time, agent, group and reason.
    ///
    /// Without a period it is of the last full month beside the one before, by the history's own clock, the time of the last
    /// sync; where that month has nothing, of everything, and says so.
    ///
    /// ``since`` and ``until`` are aware datetimes, dates, or texts: ``2026-05-01``, ``2026-05``, ``2026-W20``, ``2026-Q2``,
    /// ``2026``, ``today``, ``yesterday``, ``7d``, ``4w``, ``this-week``, ``last-week``, and so with ``month``, ``quarter`` and
    /// ``year``, or an RFC 3339 time. What is so many days ago counts from the last sync.
    ///
    /// A filter picks what counts: a ticket by its latest answer, as tables do. So a report of an agent has the numbers of the
    /// agent's row among all. Of several texts for one filter any does; all filters have to be true.
    ///
    /// Args:
    ///     since: Only what is dated then or later; compared with as many days before.
    ///     until: Only what is dated up to then; a date, a day or a month is part of it, a time is not.
    ///     last: The last whole days, such as ``28d`` or ``4w``: up to the day before the last sync.
    ///     week: A week: ``2026-W20``, ``last-week``, or a day in it.
    ///     month: A month: ``2026-05``, ``last-month``, or a day in it.
    ///     quarter: A quarter: ``2026-Q2``, ``last-quarter``, or a month or a day in it.
    ///     year: A year: ``2026``, ``last-year``, or a month or a day in it.
    ///     all: Everything.
    ///     compare: What to compare with: ``previous``, the month before a month and so on, as many days before what has no
    ///         name; ``year``, the same a year ago; another period such as ``2026-04``; or ``2026-01-01..2026-01-31``.
    ///     by: The grouping, or several in the order in which to show them; custom fields of tickets by the names that syncs gave them.
    ///     bad_comments: How many of the latest bad comments to show.
    ///     comments: How many of the latest comments of each agent to show on the page, 50 if not said; never more than 5,000
    ///         together.
    ///     subdomain: Only this account.
    ///     time_zone: The zone of days, weeks and months, by its IANA name.
    ///     week_start: The first day of a week: ``monday`` or ``sunday``.
    ///     date: The date that ratings go by: ``sent``, when the customer was asked, or ``rated``.
    ///     count: What counts once: ``tickets``, each by its latest answer, or ``answers``.
    ///     like: ``explore`` to count as Zendesk Explore does: each ticket once, neutral as bad, deleted tickets out.
    ///     agent: Only of these agents, by name or id; one or several, here and below.
    ///     group: Only of these groups.
    ///     brand: Only of tickets of these brands.
    ///     organization: Only of tickets of these organizations.
    ///     form: Only of tickets with these forms.
    ///     tag: Only of tickets with any of these tags.
    ///     without_tag: Only of tickets without these tags; where tags are not known, a rating stays.
    ///     channel: Only of tickets that came in by these channels.
    ///     source: Only of this system: ``rating`` or ``survey``.
    ///     score: Only of these scores; there is no response rate then.
    ///     priority: Only of tickets of these priorities.
    ///     field: Only of tickets with these values in custom fields, by the names that syncs gave them: ``{"plan": "gold"}``, or several
    ///         values in a list.
    ///
    /// Example:
    ///     >>> report = history.report(month="2026-05", by="agent", time_zone="Europe/Berlin", score=["good", "bad"])
    ///     >>> report.to_dict()["total"]["sent"] <= len(history.csat())
    ///     True
    #[pyo3(signature = (*, since=None, until=None, last=None, week=None, month=None, quarter=None, year=None, all=false, compare="previous", by=None, bad_comments=None, comments=None, subdomain=None,
        time_zone="UTC", week_start="monday", date="sent", count="tickets", like=None, agent=None, group=None, brand=None, organization=None, form=None, tag=None, without_tag=None, channel=None, source=None, score=None, priority=None, field=None))]
    #[expect(clippy::too_many_arguments, reason = "Python gives them by name")]
    fn report(
        &self,
        py: Python<'_>,
        since: Option<&Bound<'_, PyAny>>,
        until: Option<&Bound<'_, PyAny>>,
        last: Option<&Bound<'_, PyAny>>,
        week: Option<&Bound<'_, PyAny>>,
        month: Option<&Bound<'_, PyAny>>,
        quarter: Option<&Bound<'_, PyAny>>,
        year: Option<&Bound<'_, PyAny>>,
        all: bool,
        compare: &str,
        by: Option<&Bound<'_, PyAny>>,
        bad_comments: Option<usize>,
        comments: Option<usize>,
        subdomain: Option<String>,
        time_zone: &str,
        week_start: &str,
        date: &str,
        count: &str,
        like: Option<&str>,
        agent: Option<&Bound<'_, PyAny>>,
        group: Option<&Bound<'_, PyAny>>,
        brand: Option<&Bound<'_, PyAny>>,
        organization: Option<&Bound<'_, PyAny>>,
        form: Option<&Bound<'_, PyAny>>,
        tag: Option<&Bound<'_, PyAny>>,
        without_tag: Option<&Bound<'_, PyAny>>,
        channel: Option<&Bound<'_, PyAny>>,
        source: Option<&Bound<'_, PyAny>>,
        score: Option<&Bound<'_, PyAny>>,
        priority: Option<&Bound<'_, PyAny>>,
        field: Option<&Bound<'_, PyAny>>,
    ) -> PyResult<Report> {
        let period = stretch(by_name![since, until, last, week, month, quarter, year])?;
        if all && period.is_some() {
            return Err(PyValueError::new_err("all: not beside a period"));
        }
        let unsaid = if all { Period::ALL } else { Period::LAST_FULL_MONTH };
        let mut options = ReportOptions {
            period: Some(period.unwrap_or(unsaid)),
            compare: choice("compare", compare)?,
            filter: filter(
                by_name![
                    agent,
                    group,
                    brand,
                    organization,
                    form,
                    tag,
                    without_tag,
                    channel,
                    source,
                    score,
                    priority
                ],
                field,
            )?,
            subdomain,
            calendar: calendar(time_zone, week_start)?,
            date: choice("date", date)?,
            count: choice("count", count)?,
            like: like.map(|like| choice("like", like)).transpose()?,
            ..ReportOptions::default()
        };
        if let Some(by) = by {
            options.by = texts("by", by)?
                .iter()
                .map(|name| name.parse())
                .collect::<Result<Vec<Dimension>, _>>()
                .map_err(|error| PyValueError::new_err(format!("by: {error}")))?;
        }
        if let Some(bad_comments) = bad_comments {
            options.bad_comments = bad_comments;
        }
        if let Some(comments) = comments {
            options.comments = comments;
        }
        let report = self.shelf.read(py, move |history| history.report(&options))?;
        warn_of_gaps(py, &report.gaps)?;
        Ok(Report(report, comments.is_some()))
    }

    /// Writes a table to a file for other tools. The file is there when it is whole: until then, and if it fails, what
    /// stood there stays.
    ///
    /// A workbook, ``xlsx``, has real dates, ids as text and links to tickets. In CSV, a text that a spreadsheet would run as
    /// a formula has an apostrophe before it.
    ///
    /// Args:
    ///     path: The file.
    ///     table: ``csat``, every rating of both systems; or ``ratings``, ``survey_responses``, ``answers``, ``questions``,
    ///         ``options``, ``reasons``, ``tickets``, and the names ``agents``, ``groups``, ``brands``, ``organizations``,
    ///         ``ticket_forms``, ``requesters``.
    ///     format: ``xlsx``, ``csv``, ``jsonl``, ``parquet`` or ``arrow``; as the file's suffix tells if none.
    ///     since: Only what was sent then or later: an aware datetime, a date, or a text as in ``report``.
    ///     until: Only what was sent up to then; a date, a day or a month is part of it.
    ///     last: The last whole days, such as ``28d`` or ``4w``, and so on as in ``report``.
    ///     week: A week.
    ///     month: A month.
    ///     quarter: A quarter.
    ///     year: A year.
    ///     time_zone: The zone of those days, and of the times in a workbook and in CSV with ``excel``, by its IANA name.
    ///     week_start: The first day of a week: ``monday`` or ``sunday``.
    ///     subdomain: Only this account.
    ///     agent: Only of these agents, by name or id; one or several, here and below.
    ///     group: Only of these groups.
    ///     brand: Only of tickets of these brands.
    ///     organization: Only of tickets of these organizations.
    ///     form: Only of tickets with these forms.
    ///     tag: Only of tickets with any of these tags.
    ///     without_tag: Only of tickets without these tags; where tags are not known, a rating stays.
    ///     channel: Only of tickets that came in by these channels.
    ///     source: Only of this system: ``rating`` or ``survey``.
    ///     score: Only of these scores.
    ///     priority: Only of tickets of these priorities.
    ///     field: Only of tickets with these values in custom fields, by the names that syncs gave them: ``{"plan": "gold"}``, or several
    ///         values in a list.
    ///     excel: CSV as a spreadsheet reads it: its UTF-8, its dates, and every digit of an id.
    ///
    /// Raises:
    ///     ConfigurationError: No suffix or ``format`` tells the format, or ``excel`` is for another than CSV.
    ///
    /// Example:
    ///     >>> import os, tempfile
    ///     >>> with tempfile.TemporaryDirectory() as folder:
    ///     ...     history.export(os.path.join(folder, "csat.parquet")).rows == len(history.csat())
    ///     True
    #[pyo3(signature = (path, *, table="csat", format=None, since=None, until=None, last=None, week=None, month=None, quarter=None, year=None, time_zone="UTC", week_start="monday",
        subdomain=None, agent=None, group=None, brand=None, organization=None, form=None, tag=None, without_tag=None, channel=None, source=None, score=None, priority=None, field=None, excel=false))]
    #[expect(clippy::too_many_arguments, reason = "Python gives them by name")]
    fn export(
        &self,
        py: Python<'_>,
        path: PathBuf,
        table: &str,
        format: Option<&str>,
        since: Option<&Bound<'_, PyAny>>,
        until: Option<&Bound<'_, PyAny>>,
        last: Option<&Bound<'_, PyAny>>,
        week: Option<&Bound<'_, PyAny>>,
        month: Option<&Bound<'_, PyAny>>,
        quarter: Option<&Bound<'_, PyAny>>,
        year: Option<&Bound<'_, PyAny>>,
        time_zone: &str,
        week_start: &str,
        subdomain: Option<String>,
        agent: Option<&Bound<'_, PyAny>>,
        group: Option<&Bound<'_, PyAny>>,
        brand: Option<&Bound<'_, PyAny>>,
        organization: Option<&Bound<'_, PyAny>>,
        form: Option<&Bound<'_, PyAny>>,
        tag: Option<&Bound<'_, PyAny>>,
        without_tag: Option<&Bound<'_, PyAny>>,
        channel: Option<&Bound<'_, PyAny>>,
        source: Option<&Bound<'_, PyAny>>,
        score: Option<&Bound<'_, PyAny>>,
        priority: Option<&Bound<'_, PyAny>>,
        field: Option<&Bound<'_, PyAny>>,
        excel: bool,
    ) -> PyResult<Py<PyAny>> {
        let options = ExportOptions {
            table: table
                .parse()
                .map_err(|error| PyValueError::new_err(format!("table: {error}")))?,
            format: format
                .map(str::parse)
                .transpose()
                .map_err(|error: UnknownFormat| PyValueError::new_err(format!("format: {error}")))?,
            rows: CsatQuery {
                period: stretch(by_name![since, until, last, week, month, quarter, year])?,
                calendar: calendar(time_zone, week_start)?,
                filter: filter(
                    by_name![
                        agent,
                        group,
                        brand,
                        organization,
                        form,
                        tag,
                        without_tag,
                        channel,
                        source,
                        score,
                        priority
                    ],
                    field,
                )?,
                subdomain,
                ..CsatQuery::default()
            },
            excel,
        };
        let export = self
            .shelf
            .read(py, move |history| history.export(&path, &options))?;
        warn_of_gaps(py, &export.gaps)?;
        Model::from_record(py, export)
    }

    fn __repr__(&self) -> String {
        format!("History({:?})", self.path)
    }
}

/// A parameter that may be left out, by its name.
type Named<'a, 'py> = (&'static str, Option<&'a Bound<'py, PyAny>>);

fn calendar(time_zone: &str, week_start: &str) -> PyResult<Calendar> {
    Ok(Calendar {
        zone: choice("time_zone", time_zone)?,
        week_start: choice("week_start", week_start)?,
    })
}

/// The period, if it is said: in one way.
fn stretch(parameters: [Named<'_, '_>; 7]) -> PyResult<Option<Period>> {
    let [since, until, ref lengths @ ..] = parameters;
    let time = |(name, value): Named<'_, '_>| -> PyResult<Option<TimeText>> {
        value.map_or(Ok(None), |value| optional(name, value))
    };
    let (since, until) = (time(since)?, time(until)?);
    let mut said =
        (since.is_some() || until.is_some()).then(|| ("since and until", Period::between(since, until)));
    for &(name, value) in lengths {
        let Some(value) = value.filter(|value| !value.is_none()) else {
            continue;
        };
        let text = if name == "last" {
            required::<String>(name, value)?
        } else {
            // A date is the week, month, quarter or year around it.
            required::<TimeText>(name, value)?.to_string()
        };
        let read = match name {
            "last" => Period::last,
            "week" => Period::week,
            "month" => Period::month,
            "quarter" => Period::quarter,
            _ => Period::year,
        };
        let period = read(&text).map_err(|error| named(name, &error))?;
        if let Some((other, _)) = said.replace((name, period)) {
            return Err(PyValueError::new_err(format!("{name}: not beside {other}")));
        }
    }
    Ok(said.map(|(_, period)| period))
}

/// A text, or several; ids may be numbers.
fn texts(name: &str, value: &Bound<'_, PyAny>) -> PyResult<Vec<String>> {
    let one = |name: &str, value: &Bound<'_, PyAny>| {
        if value.is_instance_of::<PyInt>() {
            required::<i64>(name, value).map(|id| id.to_string())
        } else {
            required::<String>(name, value)
        }
    };
    if value.is_instance_of::<PyString>() || value.is_instance_of::<PyInt>() {
        return Ok(vec![one(name, value)?]);
    }
    let Ok(items) = value.try_iter() else {
        // The error says what it should be.
        return one(name, value).map(|text| vec![text]);
    };
    items
        .enumerate()
        .map(|(index, item)| one(&format!("{name}[{index}]"), &item?))
        .collect()
}

/// What custom fields are to hold: a value, or several of which any does.
fn field_values(fields: &Bound<'_, PyAny>) -> PyResult<Vec<(String, String)>> {
    let mapping = fields.cast::<PyMapping>().map_err(|_| {
        PyTypeError::new_err("field: a mapping of names to values, such as {\"plan\": \"gold\"}")
    })?;
    let mut asked = Vec::new();
    for item in mapping.items()?.iter() {
        let (name, value): (Bound<'_, PyAny>, Bound<'_, PyAny>) = item.extract()?;
        let name = required::<String>("field", &name)?;
        let parameter = format!("field[{name:?}]");
        let values = match value.cast::<PyBool>() {
            Ok(flag) => vec![flag.is_true().to_string()],
            Err(_) => texts(&parameter, &value)?,
        };
        asked.extend(values.into_iter().map(|value| (name.clone(), value)));
    }
    Ok(asked)
}

/// The names of custom fields, by their ids.
fn ticket_fields(fields: &Bound<'_, PyAny>) -> PyResult<Vec<TicketField>> {
    if fields.is_none() {
        return Ok(Vec::new());
    }
    let mapping = fields
        .cast::<PyMapping>()
        .map_err(|_| PyTypeError::new_err("fields: a mapping of ids to names, such as {360001: \"plan\"}"))?;
    let items = mapping.items()?;
    let fields = items.iter().map(|item| {
        let (id, name): (Bound<'_, PyAny>, Bound<'_, PyAny>) = item.extract()?;
        let (id, name) = (
            required::<i64>("fields", &id)?,
            required::<String>("fields", &name)?,
        );
        TicketField::new(id, &name).map_err(|error| named("fields", &error))
    });
    fields.collect()
}

fn filter(parameters: [Named<'_, '_>; 11], field: Option<&Bound<'_, PyAny>>) -> PyResult<Filter> {
    let given = parameters.map(|(name, value)| match value.filter(|value| !value.is_none()) {
        Some(value) => texts(name, value),
        None => Ok(Vec::new()),
    });
    let [
        agent,
        group,
        brand,
        organization,
        form,
        tag,
        without_tag,
        channel,
        source,
        score,
        priority,
    ] = given;
    Ok(Filter {
        agent: agent?,
        group: group?,
        brand: brand?,
        organization: organization?,
        form: form?,
        tag: tag?,
        without_tag: without_tag?,
        channel: channel?,
        source: source?,
        score: score?,
        priority: priority?,
        field: match field.filter(|field| !field.is_none()) {
            Some(field) => field_values(field)?,
            None => Vec::new(),
        },
    })
}

/// One of a few names.
fn choice<T: FromStr<Err: Display>>(name: &str, value: &str) -> PyResult<T> {
    value.parse().map_err(|error| named(name, &error))
}

/// A text, or several of them.
fn one_or_several(name: &str, value: &Bound<'_, PyAny>) -> PyResult<Vec<String>> {
    if let Ok(text) = value.extract::<String>() {
        return Ok(vec![text]);
    }
    value
        .extract()
        .map_err(|_| PyTypeError::new_err(format!("{name}: neither a text nor a list of texts")))
}

/// Warns of what the numbers lack, once a gap, at the caller's line.
pub(crate) fn warn_of_gaps(py: Python<'_>, gaps: &[zendesk_csat_history::Gap]) -> PyResult<()> {
    for gap in gaps {
        let message = CString::new(format!("not whole: {gap}").replace('\0', "\u{fffd}"))?;
        PyErr::warn(py, &py.get_type::<IncompleteHistoryWarning>(), &message, 1)?;
    }
    Ok(())
}

#[expect(clippy::too_many_arguments, reason = "by keyword in Python")]
fn sync_options(
    since: &Bound<'_, PyAny>,
    full: bool,
    locale: Option<&str>,
    reason_question: &Bound<'_, PyAny>,
    fields: &Bound<'_, PyAny>,
    via: &str,
    attribution: &str,
    tickets: &str,
    requesters: bool,
    patience: f64,
) -> PyResult<SyncOptions> {
    let wrong = |name: &str, error: String| PyValueError::new_err(format!("{name}: {error}"));
    Ok(SyncOptions {
        since: optional::<Since>("since", since)?.unwrap_or_default(),
        full,
        locale: locale
            .map(str::parse)
            .transpose()
            .map_err(|error: InvalidLocale| PyValueError::new_err(error.to_string()))?,
        reason_questions: ReasonQuestions::from_names(one_or_several("reason_question", reason_question)?),
        fields: ticket_fields(fields)?,
        via: via.parse().map_err(|error| wrong("via", error))?,
        attribution: attribution.parse().map_err(|error| wrong("attribution", error))?,
        tickets: tickets.parse().map_err(|error| wrong("tickets", error))?,
        requesters,
        patience: seconds("patience", patience)?,
    })
}

/// Brings a history up to date.
#[pyfunction]
#[expect(clippy::too_many_arguments, reason = "by keyword in Python")]
pub(crate) fn sync(
    client: &Bound<'_, Client>,
    history: &History,
    since: &Bound<'_, PyAny>,
    full: bool,
    locale: Option<&str>,
    reason_question: &Bound<'_, PyAny>,
    fields: &Bound<'_, PyAny>,
    via: &str,
    attribution: &str,
    tickets: &str,
    requesters: bool,
    patience: f64,
    progress: Option<Py<PyAny>>,
) -> PyResult<Call> {
    let options = sync_options(
        since,
        full,
        locale,
        reason_question,
        fields,
        via,
        attribution,
        tickets,
        requesters,
        patience,
    )?;
    let py = client.py();
    let (client, shelf) = (client.get().sdk(py)?, history.shelf.history(py)?);
    let mut listener = Listener::new(progress, history.shelf.waiting());
    Ok(Call::new(apart(async move {
        let _inside = InSqlite::enter();
        let mut history = shelf.lock_owned().await;
        let synced = history.sync(&client, options, &mut listener).await;
        let answer: Answer = Box::new(move |py| match synced {
            Ok(summary) => Model::from_record(py, summary),
            Err(error) => Err(raised_by_history(py, &error)),
        });
        answer
    })))
}

/// Tells what a sync will need.
#[pyfunction]
#[expect(clippy::too_many_arguments, reason = "by keyword in Python")]
pub(crate) fn plan(
    client: &Bound<'_, Client>,
    history: &History,
    since: &Bound<'_, PyAny>,
    fields: &Bound<'_, PyAny>,
    via: &str,
    attribution: &str,
    tickets: &str,
    requesters: bool,
) -> PyResult<Call> {
    let options = sync_options(
        since,
        false,
        None,
        PyTuple::empty(client.py()).as_any(),
        fields,
        via,
        attribution,
        tickets,
        requesters,
        0.0,
    )?;
    let py = client.py();
    let (client, reader) = (client.get().sdk(py)?, history.shelf.reader(py)?);
    Ok(Call::new(apart(async move {
        let _inside = InSqlite::enter();
        let planned = match reader {
            Reader::Own(reader) => reader.plan(&client, &options).await,
            Reader::Shared(history) => history.lock_owned().await.plan(&client, &options).await,
        };
        let answer: Answer = Box::new(move |py| match planned {
            Ok(plan) => Model::from_record(py, plan),
            Err(error) => Err(raised_by_history(py, &error)),
        });
        answer
    })))
}

serialized_values!(
    zendesk_csat_history::Source,
    zendesk_csat_history::Attribution,
    zendesk_csat_history::Step,
    zendesk_csat_history::export::Table,
    zendesk_csat_history::export::Format,
    zendesk_csat_history::Category,
    zendesk_csat_history::TicketsVia,
    zendesk_csat_history::Because,
    zendesk_csat_history::GapKind,
);

model! {
    /// A row of the one table.
    ///
    /// Example:
    ///     >>> row = next(row for row in history.csat() if row.score is not None)
    ///     >>> row.source in ("rating", "survey"), row.score in ("good", "neutral", "bad"), row.sent_at.tzinfo
    ///     (True, True, datetime.timezone.utc)
    plain CsatRow: zendesk_csat_history::CsatRow, {
        /// The account.
        value subdomain "subdomain" "subdomain";
        /// The system that the row comes from: legacy ratings, or surveys.
        value source "source" "source";
        /// The id of the rating or of the survey response.
        value id "id" "id";
        /// The ticket; none where a survey is about a conversation only.
        value ticket_id "ticket_id" "ticket_id";
        /// The customer who was asked.
        value requester_id "requester_id" "requester_id";
        /// The agent, at the time that `attribution` tells.
        value assignee_id "assignee_id" "assignee_id";
        /// The group, at the time that `attribution` tells.
        value group_id "group_id" "group_id";
        /// Where assignee and group come from; none where there is neither.
        value attribution "attribution" "attribution";
        /// When the customer was asked; of a rating that nobody asked for, when it came.
        value sent_at "sent_at" "sent_at";
        /// When the customer rated, or last changed the rating; none while unanswered.
        value rated_at "rated_at" "rated_at";
        /// When the survey can no longer be answered or changed.
        value expires_at "expires_at" "expires_at";
        /// ``good``, ``neutral`` or ``bad``; none while unanswered.
        value score "score" "score";
        /// The number that was chosen.
        value rating "rating" "rating";
        /// How many numbers there were to choose from.
        value scale "scale" "scale";
        /// The reason that was chosen; several are joined by ``; ``.
        value reason "reason" "reason";
        /// The id of the reason; several are joined by ``; ``.
        value reason_id "reason_id" "reason_id";
        /// The customer's own words.
        value comment "comment" "comment";
        /// The survey.
        value survey_id "survey_id" "survey_id";
        /// The version of the survey.
        value survey_version "survey_version" "survey_version";
        /// The locale in which the texts of the survey were read.
        value locale "locale" "locale";
        /// The ticket's subject.
        value ticket_subject "ticket_subject" "ticket_subject";
        /// The ticket's status; ``deleted`` where it is gone.
        value ticket_status "ticket_status" "ticket_status";
        /// The reasons that were chosen, each with its id and what it says now.
        nested reasons "reasons" "reasons";
        /// When the customer first rated; where only a later change was seen, when that was.
        value first_rated_at "first_rated_at" "first_rated_at";
        /// Whether it is the ticket's latest answer; an answer without a ticket is.
        value is_latest "is_latest" "is_latest";
        /// Whether the customer was asked; not where he rated a ticket once more of his own accord.
        value is_offer "is_offer" "is_offer";
        /// The agent's name, the last where the agent is no more; none where it is not known.
        value agent "agent" "agent";
        /// The group's name.
        value group "group" "group";
        /// The ticket's brand.
        value brand_id "brand_id" "brand_id";
        /// The brand's name.
        value brand "brand" "brand";
        /// The customer's organization, as the ticket has it.
        value organization_id "organization_id" "organization_id";
        /// The organization's name.
        value organization "organization" "organization";
        /// The form that the ticket was made with.
        value ticket_form_id "ticket_form_id" "ticket_form_id";
        /// The form's name.
        value ticket_form "ticket_form" "ticket_form";
        /// The ticket's priority: ``low``, ``normal``, ``high`` or ``urgent``.
        value priority "priority" "priority";
        /// The ticket's tags; none where the ticket is not known.
        value tags "tags" "tags";
        /// How the ticket came in, such as ``email`` or ``native_messaging``.
        value channel "channel" "channel";
        /// Where agents see the ticket.
        value ticket_url "ticket_url" "ticket_url";
        /// The ticket's custom fields that a sync was given names for, by those names; without those that have no value.
        value custom_fields "custom_fields" "custom_fields";
    } {}
}

model! {
    /// A reason that a customer chose.
    ///
    /// Example:
    ///     >>> reasons = {reason.id: reason.label for row in history.csat() for reason in row.reasons}
    ///     >>> all(isinstance(id, str) for id in reasons)
    ///     True
    plain CsatReason: zendesk_csat_history::CsatReason, {
        /// What tells it from others: the id of the option, or of the legacy reason.
        value id "id" "id";
        /// What it says now, whatever it said when it was chosen. It may be empty; none where it is not known.
        value label "label" "label";
    } {}
}

model! {
    /// What was exported. ``print`` says it in a sentence.
    ///
    /// Example:
    ///     >>> import os, tempfile
    ///     >>> with tempfile.TemporaryDirectory() as folder:
    ///     ...     export = history.export(os.path.join(folder, "csat.csv"))
    ///     >>> export.format, export.rows == len(history.csat())
    ///     ('csv', True)
    plain Export: zendesk_csat_history::export::Export, {
        /// The table.
        value table "table" "table";
        /// The format.
        value format "format" "format";
        /// How many rows it has, a header not counted.
        value rows "rows" "rows";
        /// How many columns it has.
        value columns "columns" "columns";
        /// Its size.
        value bytes "bytes" "bytes";
        /// What the history lacks; nothing where it is whole.
        nested gaps "gaps" "gaps";
        /// What a workbook holds otherwise than one would look for it, since a sheet has limits.
        value notes "notes" "notes";
    } {
        fn __str__(&self) -> String {
            self.0.get().to_string()
        }
    }
}

model! {
    /// Something that a history lacks of an account. ``print`` says it in a line.
    ///
    /// Example:
    ///     >>> [gap.kind for gap in history.gaps()]
    ///     []
    plain Gap: zendesk_csat_history::Gap, {
        /// The account.
        value subdomain "subdomain" "subdomain";
        /// Why: the last sync has not come to its end; the account or the credentials do not have a part of the API; records
        /// could not be read, or were not given; they have a time in the future; the service counts more than it lists.
        value kind "kind" "kind";
        /// How many records, of the kinds that count them.
        value records "records" "records";
        /// The part of the API, where a whole one is missing.
        value part "part" "part";
        /// What the service said of it.
        value error "error" "error";
        /// Up to when the history is whole, where the last sync has not come to its end.
        value whole_to "whole_to" "whole_to";
    } {
        fn __str__(&self) -> String {
            self.0.get().to_string()
        }
    }
}

model! {
    /// An account of a history.
    ///
    /// Example:
    ///     >>> account = history.accounts()[0]
    ///     >>> account.since is None, account.rows == len(history.csat())
    ///     (True, True)
    plain AccountInfo: zendesk_csat_history::AccountInfo, {
        /// Its name in its address.
        value subdomain "subdomain" "subdomain";
        /// From when on there are rows; none for all there is.
        value since "since" "since";
        /// The latest moment of the service's clock that the last whole sync has seen; none before the first.
        value as_of "as_of" "as_of";
        /// Rows of the one table.
        value rows "rows" "rows";
    } {}
}

model! {
    /// What a sync has done. ``print`` shows it for people.
    ///
    /// Example:
    ///     >>> summary = client.sync(history)
    ///     >>> summary.is_complete, summary.reconciliation.sent == len(history.csat())
    ///     (True, True)
    plain SyncSummary: zendesk_csat_history::SyncSummary, {
        /// The account.
        value subdomain "subdomain" "subdomain";
        /// From when on the history has rows of it; none for all there is.
        value since "since" "since";
        /// What this sync has read.
        nested rows "rows" "rows";
        /// How it has read tickets, and why so.
        nested tickets "tickets" "tickets";
        /// The requests that this sync has sent.
        nested calls "calls" "calls";
        /// What the history holds of the account now.
        nested reconciliation "reconciliation" "reconciliation";
        /// The parts of the API that the account or the credentials do not have.
        nested unavailable "unavailable" "unavailable";
        /// The other accounts of the file, where this one is new in it.
        value joins "joins" "joins";
        /// Whether a sync in full has left the history as it was, since not all of the account came.
        value kept "kept" "kept";
        /// Whether all that the account has for these credentials is in the history: nothing was refused that was ever given,
        /// none of it could not be read.
        aside is_complete "is_complete" "is_complete";
    } {
        fn __str__(&self) -> String {
            self.0.get().to_string()
        }

        fn _repr_html_<'py>(
            &self,
            py: ::pyo3::Python<'py>,
        ) -> ::pyo3::PyResult<::pyo3::Bound<'py, ::pyo3::PyAny>> {
            crate::html::text(py, &self.0.get().to_string())
        }
    }
}

model! {
    /// Which way to the tickets a sync takes, and why. ``print`` says it in a line.
    ///
    /// Example:
    ///     >>> print(client.sync(history, tickets="export").tickets)
    ///     by export, as asked
    plain TicketsChoice: zendesk_csat_history::TicketsChoice, {
        /// The export, or by their ids.
        value via "via" "via";
        /// Why: the other way takes more calls, or as many; it was asked for; only the export tells whose audits to read; the
        /// service refuses the export.
        value because "because" "because";
        /// The calls that the export takes, as far as can be told before it; none where nothing had to be chosen.
        value export_calls "export_calls" "export_calls";
        /// The calls that showing the tickets takes; at least so many where the export was chosen, which ends the counting.
        value show_many_calls "show_many_calls" "show_many_calls";
    } {
        fn __str__(&self) -> String {
            self.0.get().to_string()
        }
    }
}

model! {
    /// Rows read by a sync, by kind. A row that was read twice counts twice.
    ///
    /// Example:
    ///     >>> from zendesk_csat import History
    ///     >>> rows = client.sync(History(":memory:")).rows
    ///     >>> rows.ratings > 0, rows.survey_responses > 0
    ///     (True, True)
    plain SyncRows: zendesk_csat_history::Rows, {
        /// Legacy ratings.
        value ratings "ratings" "ratings";
        /// Survey responses.
        value survey_responses "survey_responses" "survey_responses";
        /// Tickets.
        value tickets "tickets" "tickets";
        /// Reasons of legacy ratings.
        value reasons "reasons" "reasons";
        /// Questions with their options.
        value questions "questions" "questions";
        /// Tickets whose audits were read.
        value audits "audits" "audits";
        /// Names of agents, groups, brands, organizations, ticket forms and, where they are asked for, customers.
        value names "names" "names";
    } {}
}

model! {
    /// Requests by the limit that they count against.
    ///
    /// Example:
    ///     >>> before = client.call_counts
    ///     >>> survey = client.surveys.list().first()
    ///     >>> client.call_counts.help_center - before.help_center, client.call_counts.total - before.total
    ///     (1, 1)
    plain CallCounts: zendesk_csat::CallCounts, {
        /// Support API.
        value support "support" "support";
        /// Help Center API: surveys and their answers.
        value help_center "help_center" "help_center";
        /// Incremental exports.
        value incremental "incremental" "incremental";
        /// Token endpoint.
        value oauth "oauth" "oauth";
        /// All of them.
        value_view total "total" "total";
    } {}
}

model! {
    /// Where every survey and rating of the account went: sent is answered, unanswered and expired together.
    ///
    /// Example:
    ///     >>> counts = client.sync(history).reconciliation
    ///     >>> counts.sent == counts.answered + counts.unanswered + counts.expired
    ///     True
    plain Reconciliation: zendesk_csat_history::Reconciliation, {
        /// The latest moment of the service's clock that is known.
        value as_of "as_of" "as_of";
        /// Customers asked, through either system: the rows of the one table.
        value sent "sent" "sent";
        /// Customers who have rated.
        value answered "answered" "answered";
        /// Customers who have not, and still can.
        value unanswered "unanswered" "unanswered";
        /// Customers who have not, and can no longer: the survey's time is over, or the ticket of a legacy offer is closed or
        /// deleted.
        value expired "expired" "expired";
        /// Of those sent: about a conversation, with no ticket.
        value conversation_only "conversation_only" "conversation_only";
        /// Of those sent: about a ticket that is deleted.
        value deleted "deleted" "deleted";
        /// Of those sent: about a ticket closed for 120 days, after which the service archives it.
        value archived "archived" "archived";
        /// Of those sent: about a ticket that the export does not have.
        value unmatched "unmatched" "unmatched";
        /// Left out: legacy ratings that are copies of a survey's answer.
        value copies "copies" "copies";
        /// Of those answered: legacy ratings that may be copies of a survey's answer, and are not taken for such.
        value uncertain_copies "uncertain_copies" "uncertain_copies";
        /// Of those answered: with a score that is none of good, neutral and bad, or not known.
        value other_scores "other_scores" "other_scores";
        /// Left out: legacy ratings that were never offered.
        value unoffered "unoffered" "unoffered";
        /// Left out: records that could not be read. The file's table `malformed` keeps them.
        value malformed "malformed" "malformed";
        /// Records asked for by their id that the service did not give.
        value forbidden "forbidden" "forbidden";
        /// Of the records stored: those with a time in the future, which nothing goes by.
        value future_times "future_times" "future_times";
        /// Ratings that the service counts beyond those that it has listed.
        value missing "missing" "missing";
        /// Questions whose texts the service did not give.
        value unknown_questions "unknown_questions" "unknown_questions";
    } {}
}

model! {
    /// A part of the API that was left out of a sync.
    ///
    /// Example:
    ///     >>> client.sync(history).unavailable
    ///     []
    plain Unavailable: zendesk_csat_history::Unavailable, {
        /// What was asked for.
        value step "step" "step";
        /// What the service says.
        value error "error" "error";
        /// Whether earlier syncs did not get it either, and nothing of it ever came.
        value lasting "lasting" "lasting";
    } {}
}

model! {
    /// A record that a reconciliation counts apart.
    ///
    /// Example:
    ///     >>> account = history.subdomains[0]
    ///     >>> apart = {(record.category, record.id) for record in history.explain(account)}
    plain Explained: zendesk_csat_history::Explained, {
        /// Why.
        value category "category" "category";
        /// What it is: ``rating`` or ``survey`` for a row of the one table, else the file's table that it was meant for.
        value kind "kind" "kind";
        /// Its id; where it shows none, where it was.
        value id "id" "id";
        /// Its ticket.
        value ticket_id "ticket_id" "ticket_id";
        /// What is wrong with it, of a record that could not be read or was not shown.
        value error "error" "error";
    } {
        fn __str__(&self) -> String {
            self.0.get().to_string()
        }
    }
}

model! {
    /// What a sync will need, as far as can be told before. ``print`` shows it for people.
    ///
    /// Example:
    ///     >>> from zendesk_csat import History
    ///     >>> plan = client.plan(History(":memory:"), since="2026-01-01T00:00:00Z")
    ///     >>> plan.first, plan.calls.total > 0
    ///     (True, True)
    plain Plan: zendesk_csat_history::Plan, {
        /// The account.
        value subdomain "subdomain" "subdomain";
        /// Whether no sync has reached that far back: then all numbers are estimates from samples.
        value first "first" "first";
        /// The requests that the sync will send.
        nested calls "calls" "calls";
        /// How it will read tickets, and why so.
        nested tickets "tickets" "tickets";
        /// How long they take at the limits; none where no limit is known.
        value minutes "minutes" "minutes";
        /// Calls a minute that the service allows, as seen now or by the last sync.
        nested limits "limits" "limits";
        /// What planning itself took.
        nested spent "spent" "spent";
    } {
        fn __str__(&self) -> String {
            self.0.get().to_string()
        }

        fn _repr_html_<'py>(
            &self,
            py: ::pyo3::Python<'py>,
        ) -> ::pyo3::PyResult<::pyo3::Bound<'py, ::pyo3::PyAny>> {
            crate::html::text(py, &self.0.get().to_string())
        }
    }
}

model! {
    /// Calls a minute that the service allows; none where no answer has told.
    ///
    /// Example:
    ///     >>> from zendesk_csat import History
    ///     >>> limits = client.plan(History(":memory:")).limits
    ///     >>> limits.support is None or limits.support > 0
    ///     True
    plain Limits: zendesk_csat::Limits, {
        /// Support API, the incremental exports among them.
        value support "support" "support";
        /// Help Center API: surveys and their answers.
        value help_center "help_center" "help_center";
        /// Incremental exports.
        value incremental "incremental" "incremental";
        /// Token endpoint.
        value oauth "oauth" "oauth";
    } {}
}
