//! One run of a sync: what its steps share.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use chrono::{DateTime, Utc};
use rusqlite::Transaction;
use zendesk_csat::{CallCounts, Client, ErrorKind};

use super::heard::Heard;
use super::show_many;
use super::summary::{Rows, Unavailable};
use super::via::Via;
use crate::error::HistoryError;
use crate::progress::{Progress, Step};
use crate::rows::{self, milliseconds, walk, withheld};
use crate::store::{History, SyncRight};

/// The locale in which questions and options are read.
pub(super) const LOCALE: &str = "en-us";

pub(super) struct Run<'a> {
    pub(super) history: &'a History,
    pub(super) client: &'a Client,
    pub(super) account: i64,
    /// In milliseconds.
    pub(super) since: Option<i64>,
    /// How far the lists of what customers said have come.
    pub(super) heard: Heard,
    right: Arc<SyncRight>,
    /// What the steps tell; they run at the same time.
    notes: Mutex<Notes<'a>>,
}

struct Notes<'a> {
    progress: &'a mut dyn Progress,
    rows: Rows,
    unavailable: Vec<(Step, zendesk_csat::Error)>,
}

/// What a run has found, but for what is in the tables.
pub(super) struct Findings {
    pub(super) rows: Rows,
    pub(super) unavailable: Vec<Unavailable>,
}

impl<'a> Run<'a> {
    pub(super) async fn begin(
        history: &'a History,
        client: &'a Client,
        since: Option<DateTime<Utc>>,
        progress: &'a mut dyn Progress,
    ) -> Result<Self, HistoryError> {
        let right = history.right_to_sync().await?;
        let account = history.account(&right, client.subdomain(), LOCALE).await?;
        let notes = Mutex::new(Notes {
            progress,
            rows: Rows::default(),
            unavailable: Vec::new(),
        });
        let since = since.map(|since| since.timestamp_millis());
        Ok(Self {
            history,
            client,
            account,
            since,
            heard: Heard::default(),
            right,
            notes,
        })
    }

    /// Whether no sync has come to the end of what this one is for.
    pub(super) fn is_first(&self, via: Via) -> Result<bool, HistoryError> {
        let table = match via {
            Via::Listings => "survey_responses",
            Via::Audits => "audits",
        };
        self.history.read(|connection| {
            let done = |table| -> rusqlite::Result<bool> {
                let walked = walk::load(connection, self.account, table)?;
                Ok(walked
                    .is_some_and(|walk| walk.reaches(self.since) && (walk.finished || table == "audits")))
            };
            let shown =
                show_many::shown(connection, self.account)?.is_some_and(|walk| walk.reaches(self.since));
            Ok(!(done(table)? && (done("tickets")? || shown && via == Via::Listings)))
        })
    }

    /// Notes what the run has needed, for the plan of the next one.
    pub(super) async fn note(&self, via: Via, first: bool, calls: CallCounts) -> Result<(), HistoryError> {
        let rows = self.notes().rows;
        let as_of = self.history.as_of(Some(self.client.subdomain()))?;
        let run = rows::run::Run {
            via: via.as_str(),
            since: self.since,
            first,
            as_of: as_of.map(milliseconds),
            calls,
            ratings: rows.ratings,
            survey_responses: rows.survey_responses,
            tickets: rows.tickets,
        };
        let limits = self.client.limits();
        self.write(move |transaction, account| rows::run::store(transaction, account, &run, &limits))
            .await
    }

    /// What was read. An account of which neither system can be read is an error.
    pub(super) fn end(self) -> Result<Findings, HistoryError> {
        let Notes {
            rows, unavailable, ..
        } = self.notes.into_inner().unwrap_or_else(PoisonError::into_inner);
        let lacks = |step| unavailable.iter().any(|(lacking, _)| *lacking == step);
        if lacks(Step::SurveyResponses)
            && let Some((step, source)) = unavailable.iter().find(|(step, _)| *step == Step::Ratings)
        {
            return Err(HistoryError::Api {
                step: *step,
                source: source.clone(),
            });
        }
        let unavailable = unavailable
            .into_iter()
            .map(|(step, error)| Unavailable {
                step,
                error: error.to_string(),
            })
            .collect();
        Ok(Findings { rows, unavailable })
    }

    /// Writes in one transaction.
    pub(super) async fn write<T: Send + 'static>(
        &self,
        write: impl FnOnce(&Transaction<'_>, i64) -> rusqlite::Result<T> + Send + 'static,
    ) -> Result<T, HistoryError> {
        let account = self.account;
        self.history
            .write(&self.right, move |transaction| write(transaction, account))
            .await
    }

    /// What the service has of this step; nothing where the account or the credentials do not have it.
    pub(super) fn available<T>(&self, result: Result<T, HistoryError>) -> Result<Option<T>, HistoryError> {
        match result {
            Ok(value) => Ok(Some(value)),
            Err(HistoryError::Api { step, source }) if is_withheld(&source) => {
                tracing::warn!(%step, error = %source, "left out");
                self.notes().unavailable.push((step, source));
                Ok(None)
            }
            Err(error) => Err(error),
        }
    }

    /// A record of `table` that was asked for by its id; nothing, and a note, where the service does not show it.
    pub(super) async fn shown<T>(
        &self,
        step: Step,
        table: &'static str,
        id: String,
        shown: Result<T, zendesk_csat::Error>,
    ) -> Result<Option<T>, HistoryError> {
        match shown {
            Ok(record) => {
                if self.holds_withheld()? {
                    self.write(move |transaction, account| {
                        withheld::forget(transaction, account, table, &id)
                    })
                    .await?;
                }
                Ok(Some(record))
            }
            Err(error) if is_withheld(&error) || error.kind() == ErrorKind::Decode => {
                tracing::warn!(%step, %error, "a record is not shown");
                let error = error.to_string();
                self.write(move |transaction, account| {
                    withheld::note(transaction, account, table, &id, &error)
                })
                .await?;
                Ok(None)
            }
            Err(source) => Err(HistoryError::Api { step, source }),
        }
    }

    pub(super) fn holds_withheld(&self) -> Result<bool, HistoryError> {
        self.history.read(|connection| {
            connection
                .prepare_cached("SELECT 1 FROM withheld WHERE account_id = ?1 LIMIT 1")?
                .exists([self.account])
        })
    }

    pub(super) fn started(&self, step: Step) {
        self.notes().progress.started(step);
    }

    pub(super) fn advanced(&self, step: Step, rows: usize) {
        let rows = rows as u64;
        {
            let mut notes = self.notes();
            notes.rows.add(step, rows);
            notes.progress.advanced(step, rows);
        }
        self.heard.rows(step, rows);
    }

    pub(super) fn finished(&self, step: Step) {
        self.notes().progress.finished(step);
    }

    /// Held for a moment, never while waiting.
    fn notes(&self) -> MutexGuard<'_, Notes<'a>> {
        self.notes.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The account has it not, or the credentials may not see it.
fn is_withheld(error: &zendesk_csat::Error) -> bool {
    matches!(error.kind(), ErrorKind::PermissionDenied | ErrorKind::NotFound)
}
