//! History files with rows in every table.

use std::path::PathBuf;

use rusqlite::Connection;
use tempfile::TempDir;
use zendesk_csat_history::History;

/// 2026-03-01T10:00:00.000Z
pub(crate) const MARCH: i64 = 1_772_359_200_000;

/// What a customer may write to break whatever reads it.
pub(crate) const HOSTILE: [&str; 14] = [
    "=HYPERLINK(\"https://evil.example\",\"click\")",
    "+1+1",
    "-1",
    "@SUM(A1:A9)",
    "\tx",
    "\r=1",
    "  =1+1",
    "\"=1+1\"",
    "'=1+1",
    "two\nlines, \"quotes\" and a, comma\r\n",
    "\u{202e}txt.exe \u{5e2}\u{5d1}\u{5e8}\u{5d9}\u{5ea}",
    "before\0after",
    "\u{feff}=1",
    "</script><b>😀 é 好",
];

/// A history file, gone when it is dropped.
pub(crate) struct File {
    _folder: TempDir,
    pub(crate) history: History,
}

impl File {
    pub(crate) fn path(&self) -> PathBuf {
        self.history.path().to_path_buf()
    }

    /// Writes as another program would.
    pub(crate) fn execute(&self, sql: &str) {
        Connection::open(self.path()).unwrap().execute_batch(sql).unwrap();
    }
}

pub(crate) fn empty() -> File {
    let folder = TempDir::new().unwrap();
    let history = History::open(folder.path().join("csat.db")).unwrap();
    File {
        _folder: folder,
        history,
    }
}

/// Two accounts. `acme` has legacy ratings, one an hour from March on, the first with hostile comments; `other` has one.
pub(crate) fn ratings(number: usize) -> File {
    let file = empty();
    file.execute(&format!(
        "INSERT INTO accounts (id, subdomain, locale) VALUES (1, 'acme', 'en-us'), (2, 'other', 'en-us');
         INSERT INTO ratings (account_id, id, ticket_id, score, created_at, updated_at)
         SELECT 1, value, value % 100, CASE value % 3 WHEN 0 THEN 'good' WHEN 1 THEN 'bad' ELSE 'offered' END,
             {MARCH} + value * 3600000, {MARCH} + value * 3600000 + 250
         FROM (WITH RECURSIVE numbers (value) AS (SELECT 0 UNION ALL SELECT value + 1 FROM numbers LIMIT {number})
             SELECT value FROM numbers);
         INSERT INTO ratings (account_id, id, score, created_at) VALUES (2, 0, 'good', {MARCH});"
    ));
    let connection = Connection::open(file.path()).unwrap();
    for (id, comment) in HOSTILE.iter().enumerate().take(number) {
        let id = i64::try_from(id).unwrap();
        connection
            .execute(
                "UPDATE ratings SET comment = ?2 WHERE account_id = 1 AND id = ?1",
                (id, comment),
            )
            .unwrap();
    }
    file
}

/// One account with a row or two in every table.
pub(crate) fn every_table() -> File {
    let file = ratings(HOSTILE.len());
    file.execute(&format!(
        "INSERT INTO agents VALUES (1, 21, 'Uma', 1, {MARCH}), (1, 22, NULL, NULL, {MARCH});
         INSERT INTO groups VALUES (1, -3, '=Orders', 0, {MARCH});
         INSERT INTO brands VALUES (1, 40, 'Acme Pro', 1, {MARCH});
         INSERT INTO organizations VALUES (1, 50, 'Summit Foods', 1, {MARCH});
         INSERT INTO ticket_forms VALUES (1, 60, 'Refund', 1, {MARCH});
         INSERT INTO requesters VALUES (1, 31, 'Ada', 1, {MARCH});
         INSERT INTO reasons (account_id, id, reason_code, value, deleted_at)
         VALUES (1, 5, 100, 'Slow', NULL), (1, 6, 101, 'Gone', {MARCH});
         UPDATE ratings SET reason_id = 5 WHERE score = 'bad';
         INSERT INTO ratings (account_id, id, ticket_id, score, created_at, copy_of) VALUES (1, 999, 7, 'bad', {MARCH}, '01A');
         INSERT INTO tickets (account_id, id, generated_at, subject, status, assignee_id, group_id, brand_id,
             organization_id, ticket_form_id, priority, type, tags, created_at, custom_fields)
         VALUES (1, 7, 1772359200, '=1+1', 'solved', 21, -3, 40, 50, 60, 'high', 'incident', '[\"vip\",\"a b\"]', {MARCH},
             '{{\"3\":\"x;=1+1\",\"4\":12,\"5\":\"not named\"}}');
         INSERT INTO ticket_fields (account_id, id, name) VALUES (1, 3, 'wish'), (1, 4, 'seats');
         INSERT INTO survey_responses (account_id, id, ticket_id, responder_id, sent_at, expires_at, survey_id,
             survey_version, answered_at, csat_question_id, score, rating, rated_at, reason_question_id,
             reason_option_ids, comment)
         VALUES (1, '01A', 7, 31, {MARCH}, {MARCH} + 2419200000, 's', 2, {MARCH} + 60001, 'q', 'bad', 1, {MARCH} + 60001,
             'r', '[\"o2\",\"o1\"]', 'No.');
         INSERT INTO answers (account_id, survey_response_id, position, type, question_id, question_sub_type, rating,
             rating_category, option_ids, value, created_at, updated_at)
         VALUES (1, '01A', 0, 'rating_scale', 'q', 'customer_satisfaction', 1, 'bad', NULL, NULL, {MARCH}, {MARCH} + 60001),
             (1, '01A', 1, 'closed_ended', 'r', NULL, NULL, NULL, '[\"o2\",\"o1\"]', NULL, {MARCH}, {MARCH}),
             (1, '01A', 2, 'closed_ended', 'r', NULL, NULL, NULL, '[]', NULL, {MARCH}, {MARCH});
         INSERT INTO questions (account_id, survey_id, survey_version, locale, id, sub_type, headline, option_count)
         VALUES (1, 's', 2, 'en-us', 'q', 'customer_satisfaction', 'How was it?', 5);
         INSERT INTO options (account_id, survey_id, survey_version, locale, question_id, position, id, label)
         VALUES (1, 's', 2, 'en-us', 'r', 0, 'o1', 'Rude'), (1, 's', 2, 'en-us', 'r', 1, 'o2', 'Slow');"
    ));
    file
}
