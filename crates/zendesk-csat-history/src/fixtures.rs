//! A history in memory and records made by hand, for tests.

mod records;

pub(crate) use records::*;

use rusqlite::Transaction;

use crate::csat::{CsatQuery, CsatRow};
use crate::error::HistoryError;
use crate::rows::account;
use crate::store::History;

/// 2026-03-01T10:00:00.000Z
pub(crate) const MARCH: i64 = 1_772_359_200_000;
pub(crate) const DAY: i64 = 86_400_000;
pub(crate) const SURVEY: &str = "01J58KJ9RAE0D2EK7HRVM7Z8F2";
pub(crate) const CSAT_QUESTION: &str = "01J1WBE8QR0YQVE373K2JDJR0F";
pub(crate) const REASON_QUESTION: &str = "01J1WBGX1BR4ECKTS87CRJTXSF";
pub(crate) const COMMENT_QUESTION: &str = "01J1WBNS76ZC4TTFWP9RCNQ1S8";

/// A history in memory with one account, and what is written to it.
pub(crate) struct Account {
    pub(crate) history: History,
    pub(crate) id: i64,
}

impl Account {
    pub(crate) fn new(subdomain: &str) -> Self {
        Self::of(History::open(":memory:").unwrap(), subdomain)
    }

    pub(crate) fn of(history: History, subdomain: &str) -> Self {
        let id = block_on(async {
            let right = history.right_to_sync().await?;
            let subdomain = subdomain.to_owned();
            let begin =
                move |transaction: &Transaction<'_>| account::begin(transaction, &subdomain, None, |_| None);
            history.write(&right, begin).await
        });
        Self {
            id: id.unwrap().id,
            history,
        }
    }

    pub(crate) fn write(
        &self,
        write: impl FnOnce(&Transaction<'_>, i64) -> rusqlite::Result<()> + Send + 'static,
    ) -> &Self {
        let id = self.id;
        self.try_write(move |transaction| write(transaction, id)).unwrap();
        self
    }

    pub(crate) fn try_write<T: Send + 'static>(
        &self,
        write: impl FnOnce(&Transaction<'_>) -> rusqlite::Result<T> + Send + 'static,
    ) -> Result<T, HistoryError> {
        block_on(async {
            let right = self.history.right_to_sync().await?;
            self.history.write(&right, write).await
        })
    }

    pub(crate) fn rows(&self) -> Vec<CsatRow> {
        self.history.csat(&CsatQuery::default()).unwrap()
    }

    pub(crate) fn row(&self) -> CsatRow {
        let mut rows = self.rows();
        assert_eq!(rows.len(), 1, "{rows:?}");
        rows.remove(0)
    }

    /// Every row of every table, as text.
    pub(crate) fn dump(&self) -> Vec<String> {
        const TABLES: [&str; 7] = [
            "ratings",
            "survey_responses",
            "answers",
            "tickets",
            "reasons",
            "options",
            "csat",
        ];
        self.history
            .read(|connection| {
                let mut dump = Vec::new();
                for table in TABLES {
                    let mut statement = connection.prepare(&format!("SELECT * FROM {table}"))?;
                    let columns = statement.column_count();
                    let mut rows = statement.query([])?;
                    while let Some(row) = rows.next()? {
                        let values: rusqlite::Result<Vec<_>> =
                            (0..columns).map(|column| row.get_ref(column)).collect();
                        dump.push(format!("{table} {:?}", values?));
                    }
                }
                dump.sort();
                Ok(dump)
            })
            .unwrap()
    }
}

pub(crate) fn block_on<T>(future: impl Future<Output = T>) -> T {
    tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .unwrap()
        .block_on(future)
}
