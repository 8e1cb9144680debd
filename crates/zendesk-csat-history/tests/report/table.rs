//! History files with rows written short.

use chrono::{DateTime, Utc};
use rusqlite::{Connection, ToSql, params};
use tempfile::TempDir;
use zendesk_csat_history::report::{Report, ReportOptions};
use zendesk_csat_history::{History, HistoryError};

/// One row of the table.
#[derive(Debug, Clone, Default)]
pub(crate) struct Row {
    pub(crate) source: &'static str,
    pub(crate) ticket_id: Option<i64>,
    pub(crate) agent: Option<i64>,
    pub(crate) group: Option<i64>,
    pub(crate) sent_at: Option<&'static str>,
    pub(crate) rated_at: Option<&'static str>,
    pub(crate) expires_at: Option<&'static str>,
    pub(crate) score: Option<&'static str>,
    pub(crate) reason: Option<&'static str>,
    pub(crate) reason_id: Option<&'static str>,
    pub(crate) comment: Option<&'static str>,
    pub(crate) survey_version: Option<i64>,
    pub(crate) channel: Option<&'static str>,
    /// The status of the ticket.
    pub(crate) status: Option<&'static str>,
    /// What a survey's ticket is about.
    pub(crate) subject: Option<&'static str>,
    /// When the customer first answered, if not at `rated_at`.
    pub(crate) first_rated_at: Option<&'static str>,
    /// How many points the survey had; 5 if not said.
    pub(crate) scale: Option<i64>,
    /// Nobody asked for it.
    pub(crate) is_unasked: bool,
    /// The ticket has a later answer.
    pub(crate) is_superseded: bool,
}

pub(crate) fn rating(sent_at: &'static str) -> Row {
    Row {
        source: "rating",
        sent_at: Some(sent_at),
        ..Row::default()
    }
}

pub(crate) fn survey(sent_at: &'static str, expires_at: &'static str) -> Row {
    Row {
        source: "survey",
        sent_at: Some(sent_at),
        expires_at: Some(expires_at),
        survey_version: Some(3),
        ..Row::default()
    }
}

impl Row {
    pub(crate) fn answered(mut self, score: &'static str, rated_at: &'static str) -> Self {
        (self.score, self.rated_at) = (Some(score), Some(rated_at));
        self
    }

    pub(crate) fn by(mut self, agent: i64, group: i64) -> Self {
        (self.agent, self.group) = (Some(agent), Some(group));
        self
    }

    pub(crate) fn because(mut self, reason: &'static str, reason_id: &'static str) -> Self {
        (self.reason, self.reason_id) = (Some(reason), Some(reason_id));
        self
    }

    pub(crate) fn saying(mut self, ticket_id: i64, comment: &'static str) -> Self {
        (self.ticket_id, self.comment) = (Some(ticket_id), Some(comment));
        self
    }
}

impl Row {
    pub(crate) fn about(mut self, ticket_id: i64) -> Self {
        self.ticket_id = Some(ticket_id);
        self
    }

    pub(crate) fn on_a_ticket_that_is(mut self, status: &'static str) -> Self {
        self.status = Some(status);
        self
    }

    pub(crate) fn unasked(mut self) -> Self {
        self.is_unasked = true;
        self
    }

    pub(crate) fn superseded(mut self) -> Self {
        self.is_superseded = true;
        self
    }

    pub(crate) fn first_answered(mut self, first_rated_at: &'static str) -> Self {
        self.first_rated_at = Some(first_rated_at);
        self
    }

    /// As a survey of another version.
    pub(crate) fn of_points(mut self, scale: i64) -> Self {
        (self.scale, self.survey_version) = (Some(scale), Some(100 + scale));
        self
    }

    fn is_latest(&self) -> bool {
        (self.score.is_some() || self.rated_at.is_some()) && !self.is_superseded
    }

    pub(crate) fn through(mut self, channel: &'static str) -> Self {
        self.channel = Some(channel);
        self
    }
}

/// A history file, gone when it is dropped.
pub(crate) struct File {
    _folder: TempDir,
    pub(crate) history: History,
}

impl File {
    pub(crate) fn report(&self, options: &ReportOptions) -> Result<Report, HistoryError> {
        self.history.report(options)
    }

    /// Writes as another program would.
    pub(crate) fn execute(&self, sql: &str) {
        let connection = Connection::open(self.history.path()).unwrap();
        connection.execute_batch(sql).unwrap();
    }
}

pub(crate) fn table(rows: &[Row]) -> File {
    tables(&[("acme", rows)])
}

pub(crate) fn tables(accounts: &[(&str, &[Row])]) -> File {
    let folder = TempDir::new().unwrap();
    let path = folder.path().join("csat.db");
    let history = History::open(&path).unwrap();
    let mut connection = Connection::open(&path).unwrap();
    let transaction = connection.transaction().unwrap();
    for (account, (subdomain, rows)) in accounts.iter().enumerate() {
        let account = account as i64 + 1;
        transaction
            .execute(
                "INSERT INTO accounts (id, subdomain, locale) VALUES (?1, ?2, 'en-us')",
                params![account, subdomain],
            )
            .unwrap();
        for (index, row) in rows.iter().enumerate() {
            let id = index as i64 + 1;
            if row.source == "survey" {
                insert_survey(&transaction, account, id, row);
            } else {
                insert_rating(&transaction, account, id, row);
            }
        }
    }
    transaction.commit().unwrap();
    File {
        _folder: folder,
        history,
    }
}

fn milliseconds(time: Option<&str>) -> Option<i64> {
    time.map(|time| time.parse::<DateTime<Utc>>().unwrap().timestamp_millis())
}

fn insert_rating(connection: &Connection, account: i64, id: i64, row: &Row) {
    let sent_at = milliseconds(row.sent_at);
    connection
        .execute(
            "INSERT INTO ratings (account_id, id, ticket_id, assignee_id, group_id, score, comment, reason, reason_id,
                created_at, updated_at, first_rated_at, is_offer, is_latest)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14)",
            params![
                account,
                id,
                row.ticket_id,
                row.agent,
                row.group,
                row.score.unwrap_or("offered"),
                row.comment,
                row.reason,
                row.reason_id.map(|id| id.parse::<i64>().unwrap()),
                sent_at,
                milliseconds(row.rated_at).or(sent_at),
                milliseconds(row.first_rated_at.or(row.rated_at)),
                !row.is_unasked,
                row.is_latest(),
            ],
        )
        .unwrap();
    if let (Some(ticket), Some(status)) = (row.ticket_id, row.status) {
        connection
            .execute(
                "INSERT INTO tickets (account_id, id, generated_at, status) VALUES (?1, ?2, 0, ?3)",
                params![account, ticket, status],
            )
            .unwrap();
    }
}

fn insert_survey(connection: &Connection, account: i64, id: i64, row: &Row) {
    let execute = |sql: &str, values: &[&dyn ToSql]| connection.execute(sql, values).unwrap();
    // The table takes a survey's agent and group from its ticket.
    let ticket = row.ticket_id.unwrap_or(1000 + id);
    execute(
        "INSERT OR REPLACE INTO tickets
            (account_id, id, generated_at, assignee_id, group_id, channel, status, subject)
         VALUES (?1, ?2, 0, ?3, ?4, ?5, ?6, ?7)",
        params![
            account,
            ticket,
            row.agent,
            row.group,
            row.channel,
            row.status,
            row.subject
        ],
    );
    execute(
        "INSERT OR IGNORE INTO questions (account_id, survey_id, survey_version, locale, id, option_count)
         VALUES (?1, '01JSURVEY', ?2, 'en-us', 'score', ?3)",
        params![account, row.survey_version, row.scale.unwrap_or(5)],
    );
    let pieces = |joined: Option<&'static str>| joined.map(|joined| joined.split("; ").collect::<Vec<_>>());
    let (labels, options) = (pieces(row.reason).unwrap_or_default(), pieces(row.reason_id));
    for (position, (label, option)) in labels.iter().zip(options.iter().flatten()).enumerate() {
        execute(
            "INSERT OR IGNORE INTO options
                (account_id, survey_id, survey_version, locale, question_id, position, id, label)
             VALUES (?1, '01JSURVEY', ?2, 'en-us', 'reasons', ?3, ?4, ?5)",
            params![account, row.survey_version, position as i64, option, label],
        );
    }
    execute(
        "INSERT INTO survey_responses (account_id, id, ticket_id, sent_at, expires_at, survey_id, survey_version,
            csat_question_id, score, rated_at, reason_question_id, reason_option_ids, comment, first_rated_at, is_latest)
         VALUES (?1, ?2, ?3, ?4, ?5, '01JSURVEY', ?6, ?7, ?8, ?9, 'reasons', ?10, ?11, ?12, ?13)",
        params![
            account,
            format!("01J{id:023}"),
            ticket,
            milliseconds(row.sent_at),
            milliseconds(row.expires_at),
            row.survey_version,
            row.score.map(|_| "score"),
            row.score,
            milliseconds(row.rated_at),
            options.map(|options| serde_json::to_string(&options).unwrap()),
            row.comment,
            milliseconds(row.first_rated_at.or(row.rated_at)),
            row.is_latest(),
        ],
    );
}

/// Ten ratings over three weeks; surveys begin on 2026-03-09.
pub(crate) fn small_table() -> File {
    table(&[
        // Week of 2026-03-02, legacy: 2 good, 1 bad, 1 not answered.
        rating("2026-03-02T08:00:00.000Z")
            .answered("good", "2026-03-02T09:00:00.000Z")
            .by(11, 1),
        rating("2026-03-03T08:00:00.000Z")
            .answered("good", "2026-03-03T10:00:00.000Z")
            .by(11, 1),
        rating("2026-03-04T08:00:00.000Z")
            .answered("bad", "2026-03-05T08:00:00.000Z")
            .by(12, 1)
            .because("The issue took too long to resolve", "5")
            .saying(104, "Nine days for an invoice."),
        rating("2026-03-08T23:59:59.999Z").by(12, 1),
        // Week of 2026-03-09, surveys: 1 good, 1 neutral, 1 bad, 1 expired.
        survey("2026-03-09T00:00:00.000Z", "2026-04-06T00:00:00.000Z")
            .answered("good", "2026-03-09T00:10:00.000Z")
            .by(11, 1),
        survey("2026-03-10T08:00:00.000Z", "2026-04-07T08:00:00.000Z")
            .answered("neutral", "2026-03-10T08:30:00.000Z")
            .by(12, 2),
        survey("2026-03-11T08:00:00.000Z", "2026-04-08T08:00:00.000Z")
            .answered("bad", "2026-03-11T12:00:00.000Z")
            .by(12, 2)
            .because("Slow; Not polite", "o1; o2")
            .saying(107, "<script>alert('csat')</script> & \"quotes\" עברית"),
        survey("2026-03-12T08:00:00.000Z", "2026-03-13T08:00:00.000Z").by(11, 1),
        // Week of 2026-03-23, surveys: 1 good, 1 still open; nothing in the week between.
        survey("2026-03-23T08:00:00.000Z", "2026-04-20T08:00:00.000Z")
            .answered("good", "2026-03-25T08:00:00.000Z"),
        survey("2026-03-24T08:00:00.000Z", "2026-04-21T08:00:00.000Z").by(12, 2),
    ])
}

/// Enough ratings for numbers with thousands, a comparison, and agents beyond those shown.
pub(crate) fn busy_table() -> File {
    let mut rows = Vec::new();
    for (sent, rated, share) in [
        ("2026-02-03T08:00:00.000Z", "2026-02-03T08:20:00.000Z", 6),
        ("2026-02-17T08:00:00.000Z", "2026-02-18T11:00:00.000Z", 7),
        ("2026-03-03T08:00:00.000Z", "2026-03-03T10:30:00.000Z", 8),
        ("2026-03-17T08:00:00.000Z", "2026-03-17T08:00:45.000Z", 9),
    ] {
        for number in 0..600 {
            let row = if share < 7 {
                rating(sent)
            } else {
                survey(sent, "2026-04-14T08:00:00.000Z")
            };
            let row = match number % 20 {
                rest if rest < share => row.answered("good", rated),
                10 => row.answered("bad", rated).because("Slow", "1"),
                11 if share > 6 => row.answered("neutral", rated),
                _ => row,
            };
            rows.push(row.by(1000 + number / 30, number / 300));
        }
    }
    table(&rows)
}
