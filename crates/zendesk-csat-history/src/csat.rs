//! The one table: every rating of both systems, one row each.

use chrono::{DateTime, SecondsFormat, Utc};
use rusqlite::types::{FromSql, FromSqlError, FromSqlResult, Value, ValueRef};
use rusqlite::{Row, params_from_iter};
use serde::{Serialize, Serializer};

use crate::error::HistoryError;
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

/// A row of the one table. As JSON it has every column but `subdomain`, null included, and times such as
/// `2026-03-01T10:00:00.000Z`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct CsatRow {
    /// The account.
    #[serde(skip)]
    pub subdomain: String,
    /// The system that the row comes from.
    pub source: Source,
    /// The id of the rating or of the survey response.
    pub id: String,
    /// The ticket; `None` where a survey is about a conversation only.
    pub ticket_id: Option<i64>,
    /// The customer who was asked.
    pub requester_id: Option<i64>,
    /// The agent, at the time that `attribution` tells.
    pub assignee_id: Option<i64>,
    /// The group, at the time that `attribution` tells.
    pub group_id: Option<i64>,
    /// Where assignee and group come from; `None` where there is neither.
    pub attribution: Option<Attribution>,
    /// When the customer was asked.
    #[serde(serialize_with = "rfc3339")]
    pub sent_at: Option<DateTime<Utc>>,
    /// When the customer rated, or last changed the rating; `None` while unanswered.
    #[serde(serialize_with = "rfc3339")]
    pub rated_at: Option<DateTime<Utc>>,
    /// When the survey can no longer be answered or changed.
    #[serde(serialize_with = "rfc3339")]
    pub expires_at: Option<DateTime<Utc>>,
    /// `good`, `neutral` or `bad`; `None` while unanswered.
    pub score: Option<String>,
    /// The number that was chosen.
    pub rating: Option<i64>,
    /// How many numbers there were to choose from.
    pub scale: Option<i64>,
    /// The reason that was chosen; several are joined by `; `.
    pub reason: Option<String>,
    /// The id of the reason; several are joined by `; `.
    pub reason_id: Option<String>,
    /// The customer's own words.
    pub comment: Option<String>,
    /// The survey.
    pub survey_id: Option<String>,
    /// The version of the survey.
    pub survey_version: Option<i64>,
    /// The locale in which the texts of the survey were read.
    pub locale: Option<String>,
    /// The ticket's subject.
    pub ticket_subject: Option<String>,
    /// The ticket's status; `deleted` where it is gone.
    pub ticket_status: Option<String>,
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
}

const SELECT: &str = "
    SELECT
        subdomain, source, id, ticket_id, requester_id, assignee_id, group_id, attribution, sent_at, rated_at, expires_at,
        score, rating, scale, reason, reason_id, comment, survey_id, survey_version, locale, ticket_subject, ticket_status
    FROM csat_ms
    WHERE true";

const ORDER: &str = " ORDER BY sent_at, source, id";

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
    /// The file cannot be read.
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
    /// The file cannot be read, or `each` failed: that ends it.
    pub fn each_csat_row<E: From<HistoryError>>(
        &self,
        query: &CsatQuery,
        mut each: impl FnMut(CsatRow) -> Result<(), E>,
    ) -> Result<(), E> {
        self.read(|connection| {
            let mut sql = SELECT.to_owned();
            let mut bounds: Vec<Value> = Vec::new();
            let conditions = [
                (" AND sent_at >= ?", query.since.map(milliseconds)),
                (" AND sent_at < ?", query.until.map(milliseconds)),
                (" AND subdomain = ?", query.subdomain.clone().map(Value::from)),
            ];
            for (condition, bound) in conditions {
                if let Some(bound) = bound {
                    sql.push_str(condition);
                    bounds.push(bound);
                }
            }
            sql.push_str(ORDER);
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
}

impl TryFrom<&Row<'_>> for CsatRow {
    type Error = rusqlite::Error;

    fn try_from(row: &Row<'_>) -> rusqlite::Result<Self> {
        Ok(Self {
            subdomain: row.get(0)?,
            source: row.get(1)?,
            id: row.get(2)?,
            ticket_id: row.get(3)?,
            requester_id: row.get(4)?,
            assignee_id: row.get(5)?,
            group_id: row.get(6)?,
            attribution: row.get(7)?,
            sent_at: time(row, 8)?,
            rated_at: time(row, 9)?,
            expires_at: time(row, 10)?,
            score: row.get(11)?,
            rating: row.get(12)?,
            scale: row.get(13)?,
            reason: row.get(14)?,
            reason_id: row.get(15)?,
            comment: row.get(16)?,
            survey_id: row.get(17)?,
            survey_version: row.get(18)?,
            locale: row.get(19)?,
            ticket_subject: row.get(20)?,
            ticket_status: row.get(21)?,
        })
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

fn milliseconds(time: DateTime<Utc>) -> Value {
    Value::from(time.timestamp_millis())
}

fn time(row: &Row<'_>, column: usize) -> rusqlite::Result<Option<DateTime<Utc>>> {
    let Some(milliseconds) = row.get(column)? else {
        return Ok(None);
    };
    DateTime::from_timestamp_millis(milliseconds)
        .map(Some)
        .ok_or(rusqlite::Error::IntegralValueOutOfRange(column, milliseconds))
}

/// Always with milliseconds, always in UTC.
pub(crate) fn rfc3339<S: Serializer>(time: &Option<DateTime<Utc>>, serializer: S) -> Result<S::Ok, S::Error> {
    time.map(|time| time.to_rfc3339_opts(SecondsFormat::Millis, true))
        .serialize(serializer)
}

#[cfg(test)]
mod tests;
