//! The CSAT report: scores with their intervals, by any [`Dimension`], as data, as text and as one HTML page.
//!
//! By default each ticket counts once, by its latest answer, and is dated by when the customer was asked, in both of
//! Zendesk's systems; so score and response rate speak of the same tickets. Both systems make one series; the report marks
//! where surveys began.

mod build;
mod chart;
mod dimension;
mod fall;
mod fields;
pub(crate) mod format;
mod headline;
mod html;
mod latest;
mod markdown;
mod model;
mod names;
mod notes;
mod options;
pub(crate) mod query;
mod reasons;
mod row;
mod scope;
mod score;
mod significance;
mod spans;
mod tags;
mod tally;
mod text;
mod unit;
mod xlsx;

use chrono::{DateTime, Utc};
use rusqlite::Connection;

use crate::error::HistoryError;
use crate::filter::{FilterError, Picked, or};
use crate::period::Period;
use crate::store::History;
use crate::time_text::NoSuchTime;

pub use dimension::{Dimension, UnknownDimension};
pub use fall::Fall;
pub use model::{AgentComments, Breakdown, Bucket, Comment, Comparison, Report, TimeSpan};
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
    /// What the period is to be compared with ends after it begins.
    #[error(
        "cannot compare with {since} to {until}: that has to end by {begin}, where the report's own period begins"
    )]
    Compare {
        /// Its begin.
        since: DateTime<Utc>,
        /// Its end.
        until: DateTime<Utc>,
        /// Where the report's period begins.
        begin: DateTime<Utc>,
    },
    /// There is neither a dimension of this name, nor has the file a custom field of it.
    #[error(
        "cannot group by {text:?}{}: there are {}{}",
        perhaps(near),
        dimension::known(),
        of_fields(fields)
    )]
    UnknownDimension {
        /// The text.
        text: String,
        /// What is near it.
        near: Vec<String>,
        /// The custom fields that the file has names for.
        fields: Vec<String>,
    },
    /// What counts cannot be picked.
    #[error(transparent)]
    Filter(#[from] FilterError),
    /// A word of the period means no time that the calendar knows.
    #[error(transparent)]
    NoSuchTime(#[from] NoSuchTime),
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

fn perhaps(near: &[String]) -> String {
    if near.is_empty() {
        String::new()
    } else {
        format!(", perhaps {}", or(near))
    }
}

fn of_fields(fields: &[String]) -> String {
    if fields.is_empty() {
        "; no custom field has a name yet, which sync gives with --field ID=NAME".to_owned()
    } else {
        format!(", and the custom fields {}", fields.join(", "))
    }
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
    // One transaction, so that all queries see the same table while a sync writes.
    let transaction = connection
        .is_autocommit()
        .then(|| connection.unchecked_transaction())
        .transpose()?;
    let known_until = match options.as_of {
        Some(_) => None,
        None => query::known_until(connection, options.subdomain.as_deref())?,
    };
    let begins = query::begins(connection, options.subdomain.as_deref())?;
    let picked = Picked::new(connection, &options.filter, options.subdomain.as_deref())?;
    let made = |period: Option<Period>| {
        let spans = spans::Spans::new(options, period, known_until)?;
        let sums = query::sums(connection, options, &spans, &picked)?;
        let mut scope = picked.sentences.clone();
        scope.extend(scope::of(options, &spans, begins));
        Ok::<_, ReportError>(Report {
            scope,
            filters: picked.filtered.clone(),
            ..Report::new(options, &spans, sums)?
        })
    };
    let report = made(None)?;
    // Of what is there nothing is in the month: all of it is more than an empty page.
    let falls_back = options.period.is_some_and(Period::falls_back)
        && picked.is_all()
        && report.is_empty()
        && report.first_sent_at.is_some();
    let report = if falls_back {
        let fallen_back = scope::fallen_back(&report);
        let mut report = made(Some(Period::ALL))?;
        report.scope.insert(0, fallen_back);
        report
    } else {
        report
    };
    drop(transaction);
    Ok(report)
}
