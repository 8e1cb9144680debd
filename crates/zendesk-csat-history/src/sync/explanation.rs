//! The records behind the numbers of a reconciliation, one by one.

use std::fmt;

use rusqlite::types::{FromSql, FromSqlError, FromSqlResult, ValueRef};
use rusqlite::{Connection, named_params};
use serde::Serialize;

use super::summary::ARCHIVED_AFTER;
use crate::error::HistoryError;
use crate::store::History;

/// Why a record is told apart; each is a number of the [`Reconciliation`](super::Reconciliation).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Category {
    /// A survey about a conversation, with no ticket.
    ConversationOnly,
    /// Sent about a ticket that is deleted.
    Deleted,
    /// Sent about a ticket that has been closed for so long that the service has archived it.
    Archived,
    /// Sent about a ticket that the export does not have.
    Unmatched,
    /// A legacy rating that is a copy of a survey's answer.
    Copy,
    /// A legacy rating that may be a copy of a survey's answer, and is not taken for one.
    UncertainCopy,
    /// A legacy rating that was never offered.
    Unoffered,
    /// A record that could not be read.
    Malformed,
    /// A record asked for by its id that the service did not give.
    Forbidden,
    /// A record that is stored with a time that lies beyond the answer that brought it.
    FutureTime,
}

impl Category {
    /// The name as it is written in JSON.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::ConversationOnly => "conversation_only",
            Self::Deleted => "deleted",
            Self::Archived => "archived",
            Self::Unmatched => "unmatched",
            Self::Copy => "copy",
            Self::UncertainCopy => "uncertain_copy",
            Self::Unoffered => "unoffered",
            Self::Malformed => "malformed",
            Self::Forbidden => "forbidden",
            Self::FutureTime => "future_time",
        }
    }

    const ALL: [Self; 10] = [
        Self::ConversationOnly,
        Self::Deleted,
        Self::Archived,
        Self::Unmatched,
        Self::Copy,
        Self::UncertainCopy,
        Self::Unoffered,
        Self::Malformed,
        Self::Forbidden,
        Self::FutureTime,
    ];
}

impl fmt::Display for Category {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.pad(self.as_str())
    }
}

/// A record that a reconciliation counts apart.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct Explained {
    /// Why.
    pub category: Category,
    /// What it is: `rating` or `survey` for a row of the one table, else the file's table that it was meant for.
    pub kind: String,
    /// Its id; where it shows none, where it was.
    pub id: String,
    /// Its ticket.
    pub ticket_id: Option<i64>,
    /// What is wrong with it, of a record that could not be read or was not shown.
    pub error: Option<String>,
}

impl fmt::Display for Explained {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{:<18}{} {}", self.category, self.kind, self.id)?;
        if let Some(ticket) = self.ticket_id {
            write!(formatter, ", ticket {ticket}")?;
        }
        self.error
            .as_ref()
            .map_or(Ok(()), |error| write!(formatter, ": {error}"))
    }
}

const EXPLAIN: &str = "
    WITH account AS (SELECT id, since FROM accounts WHERE subdomain = :subdomain),
    told_apart AS (
        SELECT
            CASE
                WHEN sent.ticket_id IS NULL THEN 'conversation_only'
                WHEN sent.ticket_status IS NULL THEN 'unmatched'
                WHEN sent.ticket_status = 'deleted' THEN 'deleted'
                WHEN sent.ticket_status = 'closed' AND (
                    SELECT generated_at * 1000 + :archived_after <= :as_of
                    FROM tickets JOIN account ON account.id = tickets.account_id
                    WHERE tickets.id = sent.ticket_id
                ) THEN 'archived'
            END AS category,
            sent.source AS kind,
            sent.id AS id,
            sent.ticket_id AS ticket_id,
            NULL AS error
        FROM typed_csat_ms AS sent
        WHERE sent.subdomain = :subdomain
        UNION ALL
        SELECT
            CASE
                WHEN copy_of IS NOT NULL THEN 'copy'
                WHEN uncertain_copy = 1 THEN 'uncertain_copy'
                WHEN coalesce(score = 'unoffered', true) THEN 'unoffered'
            END,
            'rating', CAST(ratings.id AS TEXT), ticket_id, NULL
        FROM ratings JOIN account ON account.id = ratings.account_id
        WHERE coalesce(created_at >= since, true)
        UNION ALL
        SELECT iif(stored, 'future_time', 'malformed'), kind, record, NULL, path || ': ' || message
        FROM malformed JOIN account ON account.id = malformed.account_id
        UNION ALL
        SELECT 'forbidden', kind, record, NULL, error
        FROM inaccessible JOIN account ON account.id = inaccessible.account_id
        WHERE record <> '' AND kind <> 'questions'
    )
    SELECT category, kind, id, ticket_id, error FROM told_apart WHERE category IS NOT NULL";

impl History {
    /// Calls `each` with every record that the reconciliation of the account's syncs counts apart, one at a time.
    /// `each` must not use this history.
    ///
    /// ```
    /// use zendesk_csat_history::{Category, History, HistoryError};
    ///
    /// # fn main() -> Result<(), HistoryError> {
    /// let history = History::open(":memory:")?;
    /// let mut malformed = Vec::new();
    /// for subdomain in history.subdomains()? {
    ///     history.explain(&subdomain, |record| {
    ///         if record.category == Category::Malformed {
    ///             malformed.push(record.id);
    ///         }
    ///         Ok::<(), HistoryError>(())
    ///     })?;
    /// }
    /// assert!(malformed.is_empty());
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// The file cannot be read, or does not have the account; or `each` failed: that ends it.
    pub fn explain<E: From<HistoryError>>(
        &self,
        subdomain: &str,
        mut each: impl FnMut(Explained) -> Result<(), E>,
    ) -> Result<(), E> {
        let subdomain = self.known_account(subdomain)?;
        let as_of = self.as_of(Some(&subdomain))?;
        let explain = |connection: &Connection| {
            let mut statement = connection.prepare_cached(EXPLAIN)?;
            let mut rows = statement.query(named_params! {
                ":subdomain": subdomain.as_str(),
                ":as_of": as_of.map(|as_of| as_of.timestamp_millis()),
                ":archived_after": ARCHIVED_AFTER,
            })?;
            while let Some(row) = rows.next()? {
                let explained = Explained {
                    category: row.get(0)?,
                    kind: row.get(1)?,
                    id: row.get(2)?,
                    ticket_id: row.get(3)?,
                    error: row.get(4)?,
                };
                if let Err(refused) = each(explained) {
                    return Ok(Err(refused));
                }
            }
            Ok(Ok(()))
        };
        self.read(explain)?
    }
}

impl FromSql for Category {
    fn column_result(value: ValueRef<'_>) -> FromSqlResult<Self> {
        let name = value.as_str()?;
        Self::ALL
            .into_iter()
            .find(|category| category.as_str() == name)
            .ok_or_else(|| FromSqlError::Other(format!("unknown category: {name}").into()))
    }
}
