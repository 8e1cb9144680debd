//! What a sync has done, and where every survey and rating of the account went.

use std::fmt;

use chrono::{DateTime, Utc};
use rusqlite::named_params;
use serde::Serialize;
use zendesk_csat::CallCounts;

use super::tickets_via::TicketsChoice;
use crate::csat::rfc3339;
use crate::error::HistoryError;
use crate::progress::Step;
use crate::report::format;
use crate::store::History;

/// What a sync has done. Its `Display` is for people, at most 100 columns wide.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct SyncSummary {
    /// The account.
    pub subdomain: String,
    /// From when on the history has rows of it; none for all there is.
    #[serde(serialize_with = "rfc3339")]
    pub since: Option<DateTime<Utc>>,
    /// What this sync has read.
    pub rows: Rows,
    /// How it has read tickets, and why so.
    pub tickets: TicketsChoice,
    /// The requests that this sync has sent, by bucket.
    pub calls: CallCounts,
    /// What the history holds of the account now.
    pub reconciliation: Reconciliation,
    /// The parts of the API that the account or the credentials do not have.
    pub unavailable: Vec<Unavailable>,
    /// The other accounts of the file, where this one is new in it.
    pub joins: Vec<String>,
    /// Whether a sync in full has left the history as it was, since not all of the account came; the other numbers are those
    /// of what came.
    pub kept: bool,
}

/// Rows read by a sync, by kind. A row that was read twice counts twice.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct Rows {
    /// Legacy ratings.
    pub ratings: u64,
    /// Survey responses.
    pub survey_responses: u64,
    /// Tickets.
    pub tickets: u64,
    /// Reasons of legacy ratings.
    pub reasons: u64,
    /// Questions with their options.
    pub questions: u64,
    /// Tickets whose audits were read.
    pub audits: u64,
    /// Names of agents, groups, brands, organizations, ticket forms and, where they are asked for, customers.
    pub names: u64,
}

impl Rows {
    pub(super) fn add(&mut self, step: Step, rows: u64) {
        match step {
            Step::Reasons => self.reasons += rows,
            Step::Ratings => self.ratings += rows,
            Step::SurveyResponses => self.survey_responses += rows,
            Step::Questions => self.questions += rows,
            Step::Tickets => self.tickets += rows,
            Step::Audits => self.audits += rows,
            Step::Agents
            | Step::Groups
            | Step::Brands
            | Step::Organizations
            | Step::TicketForms
            | Step::Requesters => self.names += rows,
        }
    }
}

/// A part of the API that was left out.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct Unavailable {
    /// What was asked for.
    pub step: Step,
    /// What the service says.
    pub error: String,
    /// Whether earlier syncs did not get it either, and nothing of it ever came: the account does not have it, or never for
    /// these credentials.
    pub lasting: bool,
}

/// Where every survey and rating of the account went: `sent` is `answered`, `unanswered` and `expired` together, and
/// every one of them is a row of the one table.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct Reconciliation {
    /// The latest moment of the service's clock that is known. What has expired had expired by then.
    #[serde(serialize_with = "rfc3339")]
    pub as_of: Option<DateTime<Utc>>,
    /// Customers asked, through either system.
    pub sent: u64,
    /// Customers who have rated.
    pub answered: u64,
    /// Customers who have not, and still can.
    pub unanswered: u64,
    /// Customers who have not, and can no longer: the survey's time is over, or the ticket of a legacy offer is closed or
    /// deleted.
    pub expired: u64,
    /// Of those sent: about a conversation, with no ticket.
    pub conversation_only: u64,
    /// Of those sent: about a ticket that is deleted.
    pub deleted: u64,
    /// Of those sent: about a ticket closed for 120 days, after which the service archives it.
    pub archived: u64,
    /// Of those sent: about a ticket that the export does not have. Where tickets are read by their ids, such a ticket counts as
    /// deleted.
    pub unmatched: u64,
    /// Left out: legacy ratings that are copies of a survey's answer.
    pub copies: u64,
    /// Of those answered: legacy ratings that may be copies of a survey's answer, and are not taken for such.
    pub uncertain_copies: u64,
    /// Of those answered: with a score that is none of `good`, `neutral` and `bad`, or not known.
    pub other_scores: u64,
    /// Left out: legacy ratings that were never offered.
    pub unoffered: u64,
    /// Left out: records that could not be read. The table `malformed` keeps them.
    pub malformed: u64,
    /// Records asked for by their id that the service did not give. The table `inaccessible` keeps their ids.
    pub forbidden: u64,
    /// Of the records stored: those with a time that lies beyond the answer that brought them, which nothing goes by.
    pub future_times: u64,
    /// Ratings that the service counts beyond those that it has listed.
    pub missing: u64,
    /// Questions whose texts the service did not give: their answers have no scale, and their reasons no label.
    pub unknown_questions: u64,
}

/// How long after it was closed a ticket is archived, in milliseconds. The export does not say which are: this goes by the
/// ticket's last version.
pub(super) const ARCHIVED_AFTER: i64 = 120 * 86_400_000;

/// What the one table has of each system. Counted beside the table, which would put together columns that are not needed
/// here; every row is looked at, which is faster in the order of the file than by an index.
const RECONCILE: &str = "
    WITH account AS (SELECT id, since, ratings_missing, locale FROM accounts WHERE subdomain = :subdomain),
    asked AS (
        SELECT
            r.score <> 'offered' AS answered,
            coalesce(t.status IN ('closed', 'deleted'), false) AS expired,
            r.score NOT IN ('offered', 'good', 'bad') AS other_score,
            r.ticket_id AS ticket_id,
            t.status AS ticket_status,
            t.generated_at AS generated_at
        FROM ratings AS r
        LEFT JOIN tickets AS t ON t.account_id = r.account_id AND t.id = r.ticket_id
        WHERE r.account_id = (SELECT id FROM account)
            AND r.copy_of IS NULL
            AND r.score <> 'unoffered'
            AND coalesce(r.created_at >= (SELECT since FROM account), true)
        UNION ALL
        SELECT
            s.score IS NOT NULL OR s.rated_at IS NOT NULL,
            coalesce(s.expires_at <= :as_of, false),
            coalesce(s.score NOT IN ('good', 'neutral', 'bad'), s.rated_at IS NOT NULL),
            coalesce(s.ticket_id, c.ticket_id),
            t.status,
            t.generated_at
        FROM survey_responses AS s NOT INDEXED
        LEFT JOIN ratings AS c ON c.account_id = s.account_id AND c.id = s.copy_id
        LEFT JOIN tickets AS t ON t.account_id = s.account_id AND t.id = coalesce(s.ticket_id, c.ticket_id)
        WHERE s.account_id = (SELECT id FROM account)
            AND coalesce(s.sent_at >= (SELECT since FROM account), true)
    )
    SELECT
        count(*),
        coalesce(sum(answered), 0),
        coalesce(sum(NOT answered AND NOT expired), 0),
        coalesce(sum(NOT answered AND expired), 0),
        coalesce(sum(ticket_id IS NULL), 0),
        coalesce(sum(ticket_status IS 'deleted'), 0),
        coalesce(sum(ticket_id IS NOT NULL AND ticket_status IS NULL), 0),
        (
            SELECT count(*) FROM ratings JOIN account ON account.id = ratings.account_id
            WHERE copy_of IS NOT NULL AND coalesce(created_at >= since, true)
        ),
        (
            SELECT count(*) FROM ratings JOIN account ON account.id = ratings.account_id
            WHERE copy_of IS NULL
                AND coalesce(score = 'unoffered', true)
                AND coalesce(created_at >= since, true)
        ),
        (SELECT count(*) FROM malformed JOIN account ON account.id = malformed.account_id WHERE stored = 0),
        coalesce(sum(
            ticket_status IS 'closed' AND coalesce(generated_at * 1000 + :archived_after <= :as_of, false)
        ), 0),
        (
            SELECT count(*) FROM inaccessible JOIN account ON account.id = inaccessible.account_id
            WHERE record <> '' AND kind <> 'questions'
        ),
        (SELECT count(*) FROM malformed JOIN account ON account.id = malformed.account_id WHERE stored = 1),
        coalesce((SELECT ratings_missing FROM account), 0),
        (
            SELECT count(*) FROM questions JOIN account ON account.id = questions.account_id
            WHERE option_count IS NULL OR questions.locale <> account.locale
        ),
        (
            SELECT count(*) FROM ratings JOIN account ON account.id = ratings.account_id
            WHERE uncertain_copy = 1 AND coalesce(created_at >= since, true)
        ),
        coalesce(sum(other_score), 0)
    FROM asked";

impl Reconciliation {
    /// Counts what the history holds of the account.
    pub(super) fn of(history: &History, subdomain: &str) -> Result<Self, HistoryError> {
        let as_of = history.as_of(Some(subdomain))?;
        history.read(|connection| {
            let bounds = named_params! {
                ":subdomain": subdomain,
                ":as_of": as_of.map(|as_of| as_of.timestamp_millis()),
                ":archived_after": ARCHIVED_AFTER,
            };
            connection.prepare_cached(RECONCILE)?.query_row(bounds, |row| {
                let count = |column: usize| row.get(column).map(i64::unsigned_abs);
                Ok(Self {
                    as_of,
                    sent: count(0)?,
                    answered: count(1)?,
                    unanswered: count(2)?,
                    expired: count(3)?,
                    conversation_only: count(4)?,
                    deleted: count(5)?,
                    unmatched: count(6)?,
                    copies: count(7)?,
                    unoffered: count(8)?,
                    malformed: count(9)?,
                    archived: count(10)?,
                    forbidden: count(11)?,
                    future_times: count(12)?,
                    missing: count(13)?,
                    unknown_questions: count(14)?,
                    uncertain_copies: count(15)?,
                    other_scores: count(16)?,
                })
            })
        })
    }
}

impl SyncSummary {
    /// Whether all that the account has for these credentials is in the history: nothing was refused that was ever given, none
    /// of it could not be read. Names that are not given leave their ids, and nothing out.
    pub fn is_complete(&self) -> bool {
        let found = &self.reconciliation;
        let is_no_gap = |part: &Unavailable| part.lasting || part.step.is_of_names();
        found.malformed == 0 && found.forbidden == 0 && self.unavailable.iter().all(is_no_gap)
    }
}

impl fmt::Display for SyncSummary {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Reconciliation {
            sent,
            answered,
            unanswered,
            expired,
            ..
        } = self.reconciliation;
        let reconciled = &self.reconciliation;
        let as_of = reconciled.as_of.map_or_else(String::new, |time| {
            format!(", as of {}", time.format("%F %R UTC"))
        });
        writeln!(formatter, "{}{as_of}", self.subdomain)?;
        if !self.joins.is_empty() {
            writeln!(
                formatter,
                "  new in this file, beside {}; reports of one: --subdomain {}",
                self.joins.join(", "),
                self.subdomain
            )?;
        }
        if self.kept {
            writeln!(
                formatter,
                "  not all of it came: the history stays as it was; `sync --full` goes on where this one ended"
            )?;
        }
        let mut line = |name: &str, number: u64, note: &str| match (format::count(number), note) {
            (number, "") => writeln!(formatter, "  {name:<12}{number:>10}"),
            (number, note) => writeln!(formatter, "  {name:<12}{number:>10}  {note}"),
        };
        line("sent", sent, "surveys and ratings, each one row")?;
        line("answered", answered, "")?;
        line("open", unanswered, "can still be answered")?;
        line("expired", expired, "can no longer be answered")?;
        list(
            formatter,
            "of those sent",
            &[
                (reconciled.conversation_only, "without a ticket"),
                (reconciled.deleted, "with a deleted ticket"),
                (reconciled.archived, "with an archived ticket"),
                (
                    reconciled.unmatched,
                    "with a ticket that the export does not have",
                ),
            ],
        )?;
        list(
            formatter,
            "left out",
            &[
                (reconciled.copies, "copies of a survey's answer"),
                (reconciled.unoffered, "ratings never offered"),
                (reconciled.malformed, "records that could not be read"),
                (reconciled.forbidden, "records that the service did not give"),
            ],
        )?;
        list(
            formatter,
            "in doubt",
            &[
                (reconciled.future_times, "records with a time in the future"),
                (
                    reconciled.missing,
                    "ratings counted by the service and not listed",
                ),
                (
                    reconciled.unknown_questions,
                    "questions whose texts are not known",
                ),
                (
                    reconciled.uncertain_copies,
                    "ratings that may be copies of an answer",
                ),
                (reconciled.other_scores, "answers of another score"),
            ],
        )?;
        list(
            formatter,
            "read",
            &[
                (self.rows.ratings, "ratings"),
                (self.rows.survey_responses, "survey responses"),
                (self.rows.tickets, "tickets"),
                (self.rows.reasons, "reasons"),
                (self.rows.questions, "questions"),
                (self.rows.audits, "tickets' audits"),
                (self.rows.names, "names"),
            ],
        )?;
        list(
            formatter,
            "calls",
            &[
                (self.calls.support, "support"),
                (self.calls.help_center, "help center"),
                (self.calls.incremental, "incremental export"),
                (self.calls.oauth, "sign-in"),
            ],
        )?;
        writeln!(formatter, "  tickets {}", self.tickets)?;
        if let Some(since) = self.since {
            writeln!(
                formatter,
                "  since {}; `sync --since all` reads what came before",
                since.format("%F %R UTC")
            )?;
        }
        for unavailable in &self.unavailable {
            writeln!(
                formatter,
                "  {} left out: {}",
                unavailable.step, unavailable.error
            )?;
        }
        Ok(())
    }
}

/// One line of what there is any of; no line where there is none.
fn list(formatter: &mut fmt::Formatter<'_>, title: &str, counts: &[(u64, &str)]) -> fmt::Result {
    let some: Vec<String> = counts
        .iter()
        .filter(|(count, _)| *count > 0)
        .map(|(count, what)| format!("{} {what}", format::count(*count)))
        .collect();
    if some.is_empty() {
        return Ok(());
    }
    writeln!(formatter, "  {title}: {}", some.join(", "))
}
