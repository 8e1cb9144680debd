//! The CSAT report: scores with their intervals, by any [`Dimension`], as data, as text and as one HTML page.
//!
//! By default each ticket counts once, by its latest answer, and is dated by when the customer was asked, in both of
//! Zendesk's systems; so score and response rate speak of the same tickets. Both systems make one series; the report marks
//! where surveys began.

mod build;
mod chart;
mod dimension;
pub(crate) mod format;
mod html;
mod latest;
mod model;
mod options;
mod query;
mod reasons;
mod row;
mod score;
mod significance;
mod spans;
mod tally;
mod text;
mod unit;
mod xlsx;

use chrono::{DateTime, Utc};
use rusqlite::Connection;

use crate::error::HistoryError;
use crate::store::History;

pub use dimension::{Dimension, UnknownDimension};
pub use model::{BadComment, Breakdown, Bucket, Comparison, Report, TimeSpan};
pub use options::{CountBasis, DateBasis, Like, ReportOptions};
pub use score::{Answers, Change, Counts, Interval, SMALL_SAMPLE_BELOW, Score};
pub use significance::{SIGNIFICANT_BELOW, Test, holm, p_value};

/// Why there is no report.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ReportError {
    /// The period ends before it begins.
    #[error("the period is empty: it begins at {since} and ends at {until}")]
    EmptyPeriod {
        /// Its begin.
        since: DateTime<Utc>,
        /// Its end.
        until: DateTime<Utc>,
    },
    /// The table holds what its column cannot mean.
    #[error("the CSAT table holds {found} in the column {column}")]
    Column {
        /// The column.
        column: &'static str,
        /// What it holds.
        found: String,
    },
    /// SQLite failed.
    #[error("the CSAT table cannot be read: {0}")]
    Sqlite(#[from] rusqlite::Error),
}

impl History {
    /// Reports the scores of the ratings in the file.
    ///
    /// # Errors
    /// The period is empty, or the file cannot be read or does not have the account.
    ///
    /// ```
    /// use zendesk_csat_history::History;
    /// use zendesk_csat_history::report::ReportOptions;
    ///
    /// let history = History::open(":memory:")?;
    /// let report = history.report(&ReportOptions::default())?;
    /// assert!(report.is_empty());
    /// println!("{}", report.to_text(100, false));
    /// # Ok::<(), zendesk_csat_history::HistoryError>(())
    /// ```
    pub fn report(&self, options: &ReportOptions) -> Result<Report, HistoryError> {
        let gaps = self.gaps(options.subdomain.as_deref())?;
        let subdomain = options.subdomain.as_deref();
        let options = ReportOptions {
            subdomain: subdomain
                .map(|subdomain| self.known_account(subdomain))
                .transpose()?,
            ..options.clone()
        };
        let report = self.read(|connection| Ok(report(connection, &options)))?;
        let report = report.map_err(|source| HistoryError::Report {
            path: self.path().to_path_buf(),
            source,
        })?;
        Ok(Report { gaps, ..report })
    }
}

fn report(connection: &Connection, options: &ReportOptions) -> Result<Report, ReportError> {
    if let (Some(since), Some(until)) = (options.since, options.until)
        && since >= until
    {
        return Err(ReportError::EmptyPeriod { since, until });
    }
    // One transaction, so that all queries see the same table while a sync writes.
    let transaction = connection
        .is_autocommit()
        .then(|| connection.unchecked_transaction())
        .transpose()?;
    let known_until = match options.as_of {
        Some(_) => None,
        None => query::known_until(connection, options.subdomain.as_deref())?,
    };
    let spans = spans::Spans::new(options, known_until);
    let sums = query::sums(connection, options, &spans)?;
    drop(transaction);
    Report::new(options, &spans, sums)
}
