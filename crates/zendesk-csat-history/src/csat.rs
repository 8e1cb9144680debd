//! The one table: every rating of both systems, one row each.

use std::collections::BTreeMap;

use chrono::{DateTime, SecondsFormat, Utc};
use rusqlite::types::{FromSql, FromSqlError, FromSqlResult, ValueRef};
use rusqlite::{Row, params_from_iter};
use serde::{Deserialize, Serialize, Serializer};
use serde_json::Value;

use crate::calendar::Calendar;
use crate::error::HistoryError;
use crate::export::{Column, ColumnType, Table, select};
use crate::filter::{Filter, Picked};
use crate::period::Period;
use crate::report::query::known_until;
use crate::store::History;

/// The system that a row comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Source {
    /// Satisfaction ratings, the legacy system.
    Rating,
    /// Survey responses.
    Survey,
}

/// Where a row's assignee and group come from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "lowercase")]
#[non_exhaustive]
pub enum Attribution {
    /// The rating: as they were when the customer rated.
    Rating,
    /// The ticket's audit of the survey: as they were when the customer answered.
    Audit,
    /// The ticket: as they are now.
    Ticket,
}

/// A reason that a customer chose.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct CsatReason {
    /// What tells it from others: the id of the option, or of the legacy reason.
    pub id: String,
    /// What it says now, whatever it said when it was chosen. It may be empty; none where it is not known.
    pub label: Option<String>,
}

/// The one declaration of the columns: the row, how it is read, and what is exported of it.
macro_rules! csat_row {
    ($(#[doc = $meaning:literal] $(#[$attribute:meta])* $name:ident: $type:ty => $kind:ident $(, $always:ident)?;)+) => {
        /// A row of the one table. As JSON it has every column but `subdomain`, null included, and times such as
        /// `2026-03-01T10:00:00.000Z`.
        #[derive(Debug, Clone, PartialEq, Eq, Serialize)]
        pub struct CsatRow {
            $(#[doc = $meaning] $(#[$attribute])* pub $name: $type,)+
        }

        pub(crate) const COLUMNS: &[Column] = &[
            $(Column::new(stringify!($name), ColumnType::$kind, $meaning)$(.$always())?,)+
        ];

        impl TryFrom<&Row<'_>> for CsatRow {
            type Error = rusqlite::Error;

            fn try_from(row: &Row<'_>) -> rusqlite::Result<Self> {
                let mut columns = 0..;
                Ok(Self {
                    $($name: csat_row!(@read $kind, row, columns.next().unwrap_or_default()),)+
                })
            }
        }
    };
    (@read Time, $row:ident, $column:expr) => { time($row, $column)? };
    (@read Texts, $row:ident, $column:expr) => { texts($row, $column)? };
    (@read Object, $row:ident, $column:expr) => { object($row, $column)? };
    (@read Reasons, $row:ident, $column:expr) => { reasons($row, $column)? };
    (@read $kind:ident, $row:ident, $column:expr) => { $row.get($column)? };
}

csat_row! {
    /// The account.
    #[serde(skip)]
    subdomain: String => Text, always;
    /// The system that the row comes from: `rating` for legacy ratings, `survey` for survey responses.
    source: Source => Text, always;
    /// The id of the rating or of the survey response.
    id: String => Text, always;
    /// The ticket; none where a survey is about a conversation only.
    ticket_id: Option<i64> => Integer;
    /// The customer who was asked.
    requester_id: Option<i64> => Integer;
    /// The agent, at the time that `attribution` tells.
    assignee_id: Option<i64> => Integer;
    /// The group, at the time that `attribution` tells.
    group_id: Option<i64> => Integer;
    /// Where assignee and group come from: `rating`, `audit` or `ticket`; none where there is neither.
    attribution: Option<Attribution> => Text;
    /// When the customer was asked; of a rating that nobody asked for, when it came.
    #[serde(serialize_with = "rfc3339")]
    sent_at: Option<DateTime<Utc>> => Time;
    /// When the customer rated, or last changed the rating; none while unanswered.
    #[serde(serialize_with = "rfc3339")]
    rated_at: Option<DateTime<Utc>> => Time;
    /// When the survey can no longer be answered or changed.
    #[serde(serialize_with = "rfc3339")]
    expires_at: Option<DateTime<Utc>> => Time;
    /// `good`, `neutral` or `bad`; none while unanswered.
    score: Option<String> => Text;
    /// The number that was chosen, from 1.
    rating: Option<i64> => Integer;
    /// How many numbers there were to choose from.
    scale: Option<i64> => Integer;
    /// The reason that was chosen; several are joined by `; `.
    reason: Option<String> => Text;
    /// The id of the reason; several are joined by `; `.
    reason_id: Option<String> => Text;
    /// The customer's own words.
    comment: Option<String> => Text;
    /// The survey.
    survey_id: Option<String> => Text;
    /// The version of the survey.
    survey_version: Option<i64> => Integer;
    /// The locale in which the texts of the survey were read.
    locale: Option<String> => Text;
    /// The ticket's subject.
    ticket_subject: Option<String> => Text;
    /// The ticket's status; `deleted` where it is gone.
    ticket_status: Option<String> => Text;
    /// The reasons that were chosen, each with its id and what it says now.
    reasons: Vec<CsatReason> => Reasons, always;
    /// When the customer first rated; where only a later change was seen, when that was.
    #[serde(serialize_with = "rfc3339")]
    first_rated_at: Option<DateTime<Utc>> => Time;
    /// Whether it is the ticket's latest answer; an answer without a ticket is.
    is_latest: bool => Boolean, always;
    /// Whether the customer was asked; not where he rated a ticket once more of his own accord.
    is_offer: bool => Boolean, always;
    /// The agent's name, the last where the agent is no more; none where it is not known.
    agent: Option<String> => Text;
    /// The group's name.
    group: Option<String> => Text;
    /// The ticket's brand.
    brand_id: Option<i64> => Integer;
    /// The brand's name.
    brand: Option<String> => Text;
    /// The customer's organization, as the ticket has it.
    organization_id: Option<i64> => Integer;
    /// The organization's name.
    organization: Option<String> => Text;
    /// The form that the ticket was made with.
    ticket_form_id: Option<i64> => Integer;
    /// The form's name.
    ticket_form: Option<String> => Text;
    /// The ticket's priority: `low`, `normal`, `high` or `urgent`.
    priority: Option<String> => Text;
    /// The ticket's tags; none where the ticket is not known.
    tags: Option<Vec<String>> => Texts;
    /// How the ticket came in, such as `email` or `native_messaging`.
    channel: Option<String> => Text;
    /// Where agents see the ticket.
    ticket_url: Option<String> => Text;
    /// The ticket's custom fields that a sync was given names for, by those names; without those that have no value.
    custom_fields: BTreeMap<String, Value> => Object, always;
}

/// Which rows of the one table; all of them by default.
#[derive(Debug, Clone, Default)]
pub struct CsatQuery {
    /// Only what was sent then or later. Every row has been sent, answered or not, so both bounds are on `sent_at`.
    pub since: Option<DateTime<Utc>>,
    /// Only what was sent before then.
    pub until: Option<DateTime<Utc>>,
    /// Only this account.
    pub subdomain: Option<String>,
    /// Of which time, in words of the calendar: this goes before `since` and `until`.
    pub period: Option<Period>,
    /// When the days and weeks of the period begin.
    pub calendar: Calendar,
    /// Only those that it picks, each row by itself.
    pub filter: Filter,
}

/// A query whose names are found in the file.
pub(crate) struct Checked {
    pub(crate) query: CsatQuery,
    pub(crate) picked: Picked,
}

impl CsatQuery {
    /// Whether it is not of all times.
    pub(crate) fn is_bounded(&self) -> bool {
        match self.period {
            Some(period) => period != Period::ALL,
            None => self.since.is_some() || self.until.is_some(),
        }
    }
}

impl History {
    /// The rows of the one table, in the order in which the customers were asked.
    ///
    /// ```
    /// use chrono::{TimeZone, Utc};
    /// use zendesk_csat_history::{CsatQuery, History};
    ///
    /// let history = History::open(":memory:")?;
    /// let march = CsatQuery {
    ///     since: Utc.with_ymd_and_hms(2026, 3, 1, 0, 0, 0).single(),
    ///     until: Utc.with_ymd_and_hms(2026, 4, 1, 0, 0, 0).single(),
    ///     ..CsatQuery::default()
    /// };
    /// for row in history.csat(&march)? {
    ///     println!("{} {:?}", row.id, row.score);
    /// }
    /// # Ok::<(), zendesk_csat_history::HistoryError>(())
    /// ```
    ///
    /// # Errors
    /// The file cannot be read, or does not have the account.
    pub fn csat(&self, query: &CsatQuery) -> Result<Vec<CsatRow>, HistoryError> {
        let mut rows = Vec::new();
        self.each_csat_row(query, |row| {
            rows.push(row);
            Ok::<(), HistoryError>(())
        })?;
        Ok(rows)
    }

    /// Calls `each` with the rows of the one table, one at a time and in the order of [`History::csat`]: for tables that
    /// should not be in memory as a whole. `each` must not use this history.
    ///
    /// # Errors
    /// The file cannot be read, or does not have the account; or `each` failed: that ends it.
    pub fn each_csat_row<E: From<HistoryError>>(
        &self,
        query: &CsatQuery,
        mut each: impl FnMut(CsatRow) -> Result<(), E>,
    ) -> Result<(), E> {
        let query = self.checked(query)?;
        self.read(|connection| {
            let (sql, bounds) = select(Table::Csat, &query);
            let mut statement = connection.prepare_cached(&sql)?;
            let mut rows = statement.query(params_from_iter(bounds))?;
            while let Some(row) = rows.next()? {
                if let Err(refused) = each(CsatRow::try_from(row)?) {
                    return Ok(Err(refused));
                }
            }
            Ok(Ok(()))
        })?
    }

    /// The query with the account and all names as the file has them.
    pub(crate) fn checked(&self, query: &CsatQuery) -> Result<Checked, HistoryError> {
        let subdomain = query.subdomain.as_deref();
        let mut query = CsatQuery {
            subdomain: subdomain
                .map(|subdomain| self.known_account(subdomain))
                .transpose()?,
            ..query.clone()
        };
        if let Some(period) = query.period {
            let subdomain = query.subdomain.as_deref();
            let known = self.read(|connection| known_until(connection, subdomain))?;
            let bounds = period.bounds(&query.calendar, known.unwrap_or_else(Utc::now))?;
            (query.since, query.until) = (bounds.since, bounds.until);
        }
        let picked =
            self.read(|connection| Ok(Picked::new(connection, &query.filter, query.subdomain.as_deref())))??;
        Ok(Checked { query, picked })
    }
}

impl FromSql for Source {
    fn column_result(value: ValueRef<'_>) -> FromSqlResult<Self> {
        match value.as_str()? {
            "rating" => Ok(Self::Rating),
            "survey" => Ok(Self::Survey),
            other => Err(unknown("source", other)),
        }
    }
}

impl FromSql for Attribution {
    fn column_result(value: ValueRef<'_>) -> FromSqlResult<Self> {
        match value.as_str()? {
            "rating" => Ok(Self::Rating),
            "audit" => Ok(Self::Audit),
            "ticket" => Ok(Self::Ticket),
            other => Err(unknown("attribution", other)),
        }
    }
}

fn unknown(column: &str, value: &str) -> FromSqlError {
    FromSqlError::Other(format!("unknown {column}: {value}").into())
}

fn time(row: &Row<'_>, column: usize) -> rusqlite::Result<Option<DateTime<Utc>>> {
    let Some(milliseconds) = row.get(column)? else {
        return Ok(None);
    };
    DateTime::from_timestamp_millis(milliseconds)
        .map(Some)
        .ok_or(rusqlite::Error::IntegralValueOutOfRange(column, milliseconds))
}

/// A list of reasons as SQLite has it.
pub(crate) fn read_reasons(json: &str) -> serde_json::Result<Vec<CsatReason>> {
    if json == "[]" {
        return Ok(Vec::new());
    }
    serde_json::from_str(json)
}

fn reasons(row: &Row<'_>, column: usize) -> rusqlite::Result<Vec<CsatReason>> {
    read_reasons(row.get_ref(column)?.as_str()?).map_err(|error| {
        rusqlite::Error::FromSqlConversionFailure(column, rusqlite::types::Type::Text, Box::new(error))
    })
}

/// A list of texts as SQLite has it.
pub(crate) fn read_texts(json: &str) -> serde_json::Result<Vec<String>> {
    if json == "[]" {
        return Ok(Vec::new());
    }
    serde_json::from_str(json)
}

fn texts(row: &Row<'_>, column: usize) -> rusqlite::Result<Option<Vec<String>>> {
    let Some(json) = row.get_ref(column)?.as_str_or_null()? else {
        return Ok(None);
    };
    read_texts(json).map(Some).map_err(|error| {
        rusqlite::Error::FromSqlConversionFailure(column, rusqlite::types::Type::Text, Box::new(error))
    })
}

fn object(row: &Row<'_>, column: usize) -> rusqlite::Result<BTreeMap<String, Value>> {
    let json = row.get_ref(column)?.as_str()?;
    if json == "{}" {
        return Ok(BTreeMap::new());
    }
    serde_json::from_str(json).map_err(|error| {
        rusqlite::Error::FromSqlConversionFailure(column, rusqlite::types::Type::Text, Box::new(error))
    })
}

/// Always with milliseconds, always in UTC.
pub(crate) fn rfc3339<S: Serializer>(time: &Option<DateTime<Utc>>, serializer: S) -> Result<S::Ok, S::Error> {
    time.map(|time| time.to_rfc3339_opts(SecondsFormat::Millis, true))
        .serialize(serializer)
}

#[cfg(test)]
mod tests;
