//! One run of a sync: what its steps share.

use std::sync::atomic::{AtomicBool, AtomicI64, AtomicU32, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use chrono::{DateTime, Utc};
use rusqlite::Transaction;
use tokio::sync::OnceCell;
use zendesk_csat::{CallCounts, CallMeta, Client, ErrorKind, Locale, Wait};

use super::SyncOptions;
use super::fields;
use super::heard::Heard;
use super::show_many;
use super::summary::{Rows, Unavailable};
use super::ticket_calls;
use super::via::Via;
use crate::error::HistoryError;
use crate::progress::{Progress, Step};
use crate::rows::account::{self, Account};
use crate::rows::reading::Reading;
use crate::rows::{self, follow_up, inaccessible, milliseconds, ticket_field, walk};
use crate::store::{History, SyncRight};

/// After so many records in a row that the service failed at or refused, it does so to all of them.
const FAILURES_IN_A_ROW: u32 = 10;

pub(super) struct Run<'a> {
    pub(super) history: &'a History,
    pub(super) client: &'a Client,
    /// The same, patient with trouble: for lists, whose pages cannot be left out.
    pub(super) patient: Client,
    pub(super) account: i64,
    /// From when on the history has rows, in milliseconds.
    pub(super) since: Option<i64>,
    /// The locale in which questions and options are read.
    pub(super) locale: String,
    /// How far the lists of what customers said have come.
    pub(super) heard: Heard,
    /// Whether custom fields of tickets are named.
    pub(super) has_custom_fields: bool,
    is_patient: bool,
    pub(super) number: i64,
    /// The other accounts of the file, where this one is new in it.
    joins: Vec<String>,
    right: Arc<SyncRight>,
    /// The service's clock: the latest `Date` of an answer in milliseconds, 0 before the first.
    clock: AtomicI64,
    /// The earliest `Date` of an answer in milliseconds: about when the sync began.
    begun: AtomicI64,
    failures_in_a_row: AtomicU32,
    /// The calls that names took.
    names: AtomicU64,
    /// Whether a list came that only who sees every ticket is given.
    was_given_a_list: AtomicBool,
    /// How many ratings the service counts; asked for once.
    count: OnceCell<Result<Option<i64>, zendesk_csat::Error>>,
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
    pub(super) joins: Vec<String>,
}

impl<'a> Run<'a> {
    pub(super) async fn begin(
        history: &'a History,
        client: &'a Client,
        options: &SyncOptions,
        progress: &'a mut dyn Progress,
    ) -> Result<Self, HistoryError> {
        let right = history.right_to_sync().await?;
        let subdomain = client.subdomain().to_owned();
        let (since, locale) = (options.since, options.locale.clone());
        let (fields, _) = fields::of_account(history, &subdomain, &options.fields)?;
        let has_custom_fields = !fields.is_empty();
        let reason_questions = options.reason_questions.clone();
        reason_questions.check(history, &subdomain)?;
        let begin = move |transaction: &Transaction<'_>| {
            let others = account::names(transaction)?;
            let account = account::begin(
                transaction,
                &subdomain,
                locale.as_ref().map(Locale::as_str),
                |known| since.for_account(known),
            )?;
            if let Some(names) = reason_questions.names() {
                follow_up::name(transaction, account.id, names)?;
            }
            ticket_field::set(transaction, account.id, &fields)?;
            let joins = if others.contains(&subdomain) {
                Vec::new()
            } else {
                others
            };
            Ok((account, joins))
        };
        let (account, joins) = history.write(&right, begin).await?;
        let Account {
            id,
            since,
            run,
            locale,
            ..
        } = account;
        let notes = Mutex::new(Notes {
            progress,
            rows: Rows::default(),
            unavailable: Vec::new(),
        });
        Ok(Self {
            history,
            client,
            patient: client.clone().with_patience(options.patience),
            has_custom_fields,
            is_patient: !options.patience.is_zero(),
            account: id,
            since,
            locale,
            heard: Heard::default(),
            number: run,
            joins,
            right,
            clock: AtomicI64::new(0),
            begun: AtomicI64::new(i64::MAX),
            failures_in_a_row: AtomicU32::new(0),
            names: AtomicU64::new(0),
            was_given_a_list: AtomicBool::new(false),
            count: OnceCell::new(),
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

    /// Notes that the run has come to its end: what it has needed, for the plan of the next one, and what it did not get.
    pub(super) async fn note(&self, via: Via, first: bool, calls: CallCounts) -> Result<(), HistoryError> {
        let rows = self.notes().rows;
        let known = self
            .history
            .read(|connection| account::as_of(connection, self.account))?;
        let begun = self.begun.load(Ordering::Relaxed);
        let as_of = known.max(Some(begun).filter(|begun| *begun < i64::MAX));
        let run = rows::run::Run {
            number: self.number,
            via: via.as_str(),
            since: self.since,
            first,
            as_of,
            calls,
            names: self.names.load(Ordering::Relaxed),
            ratings: rows.ratings,
            survey_responses: rows.survey_responses,
            tickets: rows.tickets,
        };
        let limits = self.client.limits();
        let parts: Vec<_> = self
            .notes()
            .unavailable
            .iter()
            .map(|(step, error)| (step.as_str(), error.to_string()))
            .collect();
        self.write(move |transaction, account| {
            inaccessible::note_parts(transaction, account, &parts)?;
            rows::run::store(transaction, account, &run, &limits)
        })
        .await
    }

    /// What was read. An account of which neither system can be read is an error.
    pub(super) fn end(self) -> Result<Findings, HistoryError> {
        let parts = self
            .history
            .read(|connection| inaccessible::parts(connection, self.account))?;
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
                lasting: parts
                    .iter()
                    .any(|part| part.lasting && part.step == step.as_str()),
            })
            .collect();
        Ok(Findings {
            rows,
            unavailable,
            joins: self.joins,
        })
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

    /// The reading of this answer.
    pub(super) fn reading(&self, meta: &CallMeta) -> Reading {
        let date = meta.date();
        if let Some(date) = date {
            self.clock.fetch_max(milliseconds(date), Ordering::Relaxed);
            self.begun.fetch_min(milliseconds(date), Ordering::Relaxed);
        }
        Reading::of(self.number, self.since, date.or_else(|| self.service_time()))
    }

    /// The reading of an answer that came just now.
    pub(super) fn reading_now(&self) -> Reading {
        Reading::of(self.number, self.since, self.service_time())
    }

    /// The service's clock when it answered last; none where it has told no time yet.
    pub(super) fn service_time(&self) -> Option<DateTime<Utc>> {
        let clock = self.clock.load(Ordering::Relaxed);
        DateTime::from_timestamp_millis(clock).filter(|_| clock > 0)
    }

    /// What the service has of this step; nothing where the account or the credentials do not have it.
    pub(super) fn available<T>(&self, result: Result<T, HistoryError>) -> Result<Option<T>, HistoryError> {
        match result {
            Ok(value) => Ok(Some(value)),
            Err(HistoryError::Api { step, source }) if is_refused(&source) => {
                tracing::warn!(%step, error = %source, "left out");
                self.notes().unavailable.push((step, source));
                Ok(None)
            }
            Err(error) => Err(error),
        }
    }

    /// What the service has of a step that asks by ids. Where it fails at one after the other, the rest is left to the next
    /// sync.
    pub(super) fn available_by_id<T>(
        &self,
        result: Result<T, HistoryError>,
    ) -> Result<Option<T>, HistoryError> {
        match result {
            Err(HistoryError::Api { step, source }) if is_passing(&source) => {
                tracing::warn!(%step, error = %source, "left to the next sync");
                Ok(None)
            }
            result => self.available(result),
        }
    }

    /// Names that the service has. Where it refuses them or fails at them, the sync goes on without, and the next asks again.
    pub(super) fn available_name<T>(
        &self,
        result: Result<T, HistoryError>,
    ) -> Result<Option<T>, HistoryError> {
        match result {
            Err(HistoryError::Api { step, source }) if is_passing(&source) => {
                tracing::warn!(%step, error = %source, "left to the next sync");
                self.notes().unavailable.push((step, source));
                Ok(None)
            }
            result => self.available(result),
        }
    }

    /// The calls that it takes to read all tickets again, where they were read without what is to be known of them by now.
    pub(super) fn tickets_again(&self) -> Result<Option<u64>, HistoryError> {
        self.history
            .read(|connection| ticket_calls::again(connection, self.account, self.since))
    }

    /// Notes the calls that names took.
    pub(super) fn names_took(&self, calls: u64) {
        self.names.store(calls, Ordering::Relaxed);
    }

    /// Tells that the tickets are read once more.
    pub(super) fn reads_tickets_again(&self, calls: u64) {
        self.notes().progress.reads_tickets_again(calls);
    }

    /// Whether the service has refused this step in this run.
    pub(super) fn lacks(&self, step: Step) -> bool {
        self.notes()
            .unavailable
            .iter()
            .any(|(lacking, _)| *lacking == step)
    }

    /// A record of `table` that was asked for by its id. Nothing, and a note, where the service does not give it: the next
    /// sync asks again, and the others go on.
    pub(super) async fn shown<T, F>(
        &self,
        step: Step,
        table: &'static str,
        id: String,
        show: impl Fn() -> F,
    ) -> Result<Option<T>, HistoryError>
    where
        F: Future<Output = Result<T, zendesk_csat::Error>>,
    {
        let mut shown = show().await;
        while shown.as_ref().is_err_and(may_pass) && self.was_in_trouble(step).await {
            shown = show().await;
        }
        match shown {
            Ok(record) => {
                self.failures_in_a_row.store(0, Ordering::Relaxed);
                if self.is_noted(table)? {
                    self.write(move |transaction, account| {
                        inaccessible::forget_if_any(transaction, account, table, [id].into_iter())
                    })
                    .await?;
                }
                Ok(Some(record))
            }
            Err(error) if self.costs_itself(&error) => {
                tracing::warn!(%step, %error, "a record is not shown");
                let error = error.to_string();
                self.write(move |transaction, account| {
                    inaccessible::note(transaction, account, table, &id, &error)
                })
                .await?;
                Ok(None)
            }
            Err(source) => Err(HistoryError::Api { step, source }),
        }
    }

    /// Whether the service as a whole was in trouble and is no more: a light call of the same kind did not succeed at once.
    async fn was_in_trouble(&self, step: Step) -> bool {
        if !self.is_patient {
            return false;
        }
        let (client, recorder) = self.patient.recorded();
        let answered = if matches!(step, Step::SurveyResponses | Step::Questions) {
            let light = client.survey_responses().list().page_size(1_u32).send().await;
            light.map(|_| ())
        } else {
            let light = client.satisfaction_ratings().count().send().await;
            light.map(|_| ())
        };
        answered.is_ok() && recorder.last().is_some_and(|call| call.attempts > 1)
    }

    /// Whether an error is one record's own: the service refuses it, or fails at it and not at all of them.
    fn costs_itself(&self, error: &zendesk_csat::Error) -> bool {
        if is_passing(error) || error.kind() == ErrorKind::PermissionDenied {
            return self.failures_in_a_row.fetch_add(1, Ordering::Relaxed) < FAILURES_IN_A_ROW;
        }
        matches!(error.kind(), ErrorKind::NotFound | ErrorKind::Decode)
    }

    fn is_noted(&self, table: &str) -> Result<bool, HistoryError> {
        self.history
            .read(|connection| inaccessible::any(connection, self.account, table))
    }

    /// The records of a table that earlier syncs were not given.
    pub(super) fn to_ask_for(&self, table: &str) -> Result<Vec<String>, HistoryError> {
        self.history
            .read(|connection| inaccessible::to_ask_for(connection, self.account, table))
    }

    /// Notes that a page of the step came.
    pub(super) fn was_given(&self, step: Step) {
        if matches!(step, Step::Reasons | Step::Ratings | Step::SurveyResponses) {
            self.was_given_a_list.store(true, Ordering::Relaxed);
        }
    }

    /// How many ratings the service counts; none where it does not say so to the last one.
    pub(super) async fn count_ratings(&self) -> &Result<Option<i64>, zendesk_csat::Error> {
        let count = || async {
            let count = self.patient.satisfaction_ratings().count().send().await?;
            // A number that is not up to date comes without the time that it is of.
            Ok(count.value.filter(|_| count.refreshed_at.is_some()))
        };
        self.count.get_or_init(count).await
    }

    /// Whether a ticket that is not shown is not there: the lists of customer satisfaction are for admins, who see every
    /// ticket. One of them was given before, and what was ever given still is.
    pub(super) async fn sees_all_tickets(&self) -> Result<bool, HistoryError> {
        Ok(self.is_given_a_list() && (!self.had_ratings()? || self.count_ratings().await.is_ok()))
    }

    /// Whether a list of this run came that only who sees every ticket is given.
    pub(super) fn is_given_a_list(&self) -> bool {
        self.was_given_a_list.load(Ordering::Relaxed)
    }

    /// Whether earlier runs were given what the service refuses to this one, as to a role that sees less.
    pub(super) fn may_have_narrowed(&self) -> Result<bool, HistoryError> {
        Ok(self.lacks(Step::Reasons) && self.had_ratings()?)
    }

    /// What the service says if it gave ratings to this run and refuses them now, as to a role that sees less.
    pub(super) async fn has_narrowed(&self) -> Option<zendesk_csat::Error> {
        if self.lacks(Step::Reasons) || self.lacks(Step::Ratings) {
            return None;
        }
        let count = self.count_ratings().await;
        count.as_ref().err().filter(|error| is_refused(error)).cloned()
    }

    fn had_ratings(&self) -> Result<bool, HistoryError> {
        self.history.read(|connection| {
            let ratings = walk::load(connection, self.account, Step::Ratings.as_str())?;
            let reasons = walk::load(connection, self.account, Step::Reasons.as_str())?;
            Ok(ratings.is_some() || reasons.is_some())
        })
    }

    /// A call has begun to wait.
    pub(super) fn waiting(&self, wait: &Wait) {
        self.notes().progress.waiting(wait);
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
pub(super) fn is_refused(error: &zendesk_csat::Error) -> bool {
    matches!(error.kind(), ErrorKind::PermissionDenied | ErrorKind::NotFound)
}

/// Another time the same call may succeed.
fn may_pass(error: &zendesk_csat::Error) -> bool {
    is_passing(error) || matches!(error.kind(), ErrorKind::Connection | ErrorKind::RateLimit)
}

/// The service failed at this call, after all repetitions; another time it may not.
pub(super) fn is_passing(error: &zendesk_csat::Error) -> bool {
    matches!(error.kind(), ErrorKind::Server | ErrorKind::Timeout) || error.is_broken_answer()
}
