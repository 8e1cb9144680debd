//! What a report and an export of a large history take.

use crate::process::{megabytes, processor_milliseconds_of_all};
use rusqlite::{Connection, params};
use std::path::Path;
use std::time::Instant;
use zendesk_csat_history::History;
use zendesk_csat_history::export::{ExportOptions, Format};
use zendesk_csat_history::report::{Dimension, ReportOptions};

/// Reports on a history of so many rows, exports it, and prints what that took.
pub fn print(rows: usize) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("csat.db");
    let history = History::open(&path).unwrap();
    fill(&path, rows);
    println!(
        "{:<28} {:>10} {:>14} {:>12}",
        format!("{rows} rows"),
        "ms",
        "processor ms",
        "resident MB"
    );
    let every = ReportOptions {
        by: Dimension::ALL.to_vec(),
        ..ReportOptions::default()
    };
    let of = |by: &[Dimension]| ReportOptions {
        by: [by, &[Dimension::Reason]].concat(),
        ..ReportOptions::default()
    };
    for (name, options) in [
        ("report", ReportOptions::default()),
        ("report by agent", of(&[Dimension::Agent])),
        (
            "report by agent and brand",
            of(&[Dimension::Agent, Dimension::Brand]),
        ),
        ("report by everything", every),
    ] {
        measure(name, || {
            let report = history.report(&options).unwrap();
            assert_eq!(report.total.sent, rows as u64);
            let mut buckets = report.breakdowns.iter().flat_map(|breakdown| &breakdown.buckets);
            assert!(buckets.any(|bucket| bucket.label.as_deref() == Some("Slow")));
        });
    }
    for format in Format::ALL {
        let file = folder.path().join("csat").with_extension(format.as_str());
        measure(&format!("export {format}"), || {
            let export = history.export(&file, &ExportOptions::default()).unwrap();
            assert_eq!(export.rows, rows as u64);
        });
    }
    println!("{:<28} {:>38.1}", "peak", megabytes("VmHWM"));
}

/// The best of some rounds: the machine may have other things to do.
fn measure(name: &str, work: impl Fn()) {
    let rounds = (0..5).map(|_| {
        let (started, processor) = (Instant::now(), processor_milliseconds_of_all());
        work();
        (
            processor_milliseconds_of_all() - processor,
            started.elapsed().as_secs_f64() * 1e3,
        )
    });
    let (processor, elapsed) = rounds.min_by(|left, right| left.0.total_cmp(&right.0)).unwrap();
    println!(
        "{name:<28} {elapsed:>10.0} {processor:>14.0} {:>12.1}",
        megabytes("VmRSS")
    );
}

/// An account that had legacy ratings for two years and has surveys since: two in five rows are ratings, two in five are
/// not answered, one in ten is bad, with a reason and often a comment.
fn fill(path: &Path, rows: usize) {
    let mut connection = Connection::open(path).unwrap();
    let transaction = connection.transaction().unwrap();
    let run = |sql: &str| {
        let numbers = "WITH RECURSIVE numbers (n) AS (SELECT 0 UNION ALL SELECT n + 1 FROM numbers LIMIT ?1)";
        transaction
            .execute(&sql.replace("NUMBERS", numbers), params![rows as i64])
            .unwrap();
    };
    transaction
        .execute_batch(
            "INSERT INTO accounts (id, subdomain, locale) VALUES (1, 'acme', 'en-us');
             INSERT INTO walks (account_id, kind, finished, horizon) VALUES (1, 'ratings', 1, 1772359200000);
             INSERT INTO agents SELECT 1, 9000000 + value, 'Agent ' || value, 1, 0 FROM (WITH RECURSIVE n (value) AS (SELECT 0 UNION ALL SELECT value + 1 FROM n LIMIT 60 + 1) SELECT value FROM n);
             INSERT INTO groups SELECT 1, 70 + value, 'Group ' || value, 1, 0 FROM (WITH RECURSIVE n (value) AS (SELECT 0 UNION ALL SELECT value + 1 FROM n LIMIT 6 + 1) SELECT value FROM n);
             INSERT INTO brands SELECT 1, 360000000000 + value, 'Brand ' || value, 1, 0 FROM (WITH RECURSIVE n (value) AS (SELECT 0 UNION ALL SELECT value + 1 FROM n LIMIT 2 + 1) SELECT value FROM n);
             INSERT INTO organizations
             SELECT 1, 360000001000 + value, 'Organization ' || value, 1, 0 FROM (WITH RECURSIVE n (value) AS (SELECT 0 UNION ALL SELECT value + 1 FROM n LIMIT 996 + 1) SELECT value FROM n);
             INSERT INTO ticket_forms SELECT 1, 360000002000 + value, 'Form ' || value, 1, 0 FROM (WITH RECURSIVE n (value) AS (SELECT 0 UNION ALL SELECT value + 1 FROM n LIMIT 1 + 1) SELECT value FROM n);
             INSERT INTO reasons (account_id, id, reason_code, value)
             VALUES (1, 1, 1000, 'The issue took too long to resolve'), (1, 2, 1001, 'The issue was not resolved'),
                 (1, 3, 1002, 'The agent''s knowledge is unsatisfactory'), (1, 4, 1003, 'Some other reason');
             INSERT INTO questions (account_id, survey_id, survey_version, locale, id, option_count)
             SELECT 1, '01J58KJ9RAE0D2EK7HRVM7Z8F2', value, 'en-us', 'csat', 5 FROM json_each('[1,2,3]');
             INSERT INTO options (account_id, survey_id, survey_version, locale, question_id, position, id, label)
             SELECT 1, '01J58KJ9RAE0D2EK7HRVM7Z8F2', version.value, 'en-us', 'reason', option.key, 'o' || option.key,
                 option.value
             FROM json_each('[1,2,3]') AS version, json_each('[\"Slow\",\"Not polite\",\"Not solved\",\"Other\"]') AS option;",
        )
        .unwrap();
    run(
        "NUMBERS INSERT INTO tickets (account_id, id, generated_at, subject, status, assignee_id, group_id, channel,
             brand_id, organization_id, ticket_form_id, priority, type, tags, created_at)
         SELECT 1, n, 1772359200, 'Where is my order ' || n || '?', 'closed', 9000000 + n % 61, 70 + n % 7,
             CASE n % 3 WHEN 0 THEN 'native_messaging' ELSE 'email' END, 360000000000 + n % 3,
             iif(n % 3, 360000001000 + n % 997, NULL), 360000002000 + n % 2, iif(n % 4, 'normal', 'high'), 'question',
             iif(n % 5, '[\"mail\"]', '[\"mail\",\"refund\"]'), 1640995200000
         FROM numbers",
    );
    run(
        "NUMBERS INSERT INTO ratings (account_id, id, ticket_id, requester_id, assignee_id, group_id, score, comment, reason_id,
             created_at, updated_at, first_rated_at, is_latest)
         SELECT 1, 35436000000000 + n, n, 380000000 + n, 9000000 + n % 61, 70 + n % 7,
             CASE n % 10 WHEN 0 THEN 'bad' WHEN 1 THEN 'offered' WHEN 2 THEN 'offered' ELSE 'good' END,
             CASE n % 20 WHEN 0 THEN 'Nine days for an answer to number ' || n WHEN 5 THEN 'Thanks!' END,
             CASE n % 10 WHEN 0 THEN 1 + n % 4 END,
             1640995200000 + n * (63072000000 / (?1 * 2 / 5)),
             1640995200000 + n * (63072000000 / (?1 * 2 / 5)) + n % 100000 * 1000,
             iif(n % 10 IN (1, 2), NULL, 1640995200000 + n * (63072000000 / (?1 * 2 / 5)) + n % 100000 * 1000),
             n % 10 NOT IN (1, 2)
         FROM numbers WHERE n % 5 < 2",
    );
    run(
        "NUMBERS INSERT INTO survey_responses (account_id, id, ticket_id, responder_id, sent_at, expires_at, survey_id,
             survey_version, answered_at, csat_question_id, score, rating, rated_at, reason_question_id,
             reason_option_ids, comment, first_rated_at, is_latest)
         SELECT 1, printf('01J%023d', n), n, 380000000 + n, sent, sent + 2419200000, '01J58KJ9RAE0D2EK7HRVM7Z8F2', 1 + n % 3,
             iif(answered, sent + n % 100000 * 1000, NULL), iif(answered, 'csat', NULL),
             iif(answered, iif(n % 10 = 2, 'bad', iif(n % 10 = 3, 'neutral', 'good')), NULL),
             iif(answered, iif(n % 10 = 2, 1, iif(n % 10 = 3, 3, 5)), NULL),
             iif(answered, sent + n % 100000 * 1000, NULL), iif(n % 10 = 2, 'reason', NULL),
             iif(n % 10 = 2, '[\"o' || (n % 4) || '\"]', NULL),
             iif(n % 20 = 2, 'Nine days for an answer to number ' || n, NULL),
             iif(answered, sent + n % 100000 * 1000, NULL), answered
         FROM (SELECT n, 1704067200000 + n * (68292000000 / ?1) AS sent, n % 10 IN (2, 3, 4, 7) AS answered
             FROM numbers WHERE n % 5 >= 2)",
    );
    transaction.commit().unwrap();
    // As a sync leaves it.
    connection
        .query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |_| Ok(()))
        .unwrap();
}
