//! Files that earlier versions made.

use std::collections::BTreeSet;

use futures::StreamExt;
use rusqlite::Row;
use zendesk_csat::{Client, Credentials};
use zendesk_csat_emulator::Emulator;

use super::*;
use crate::csat::{CsatQuery, CsatRow};
use crate::fixtures::{Account, MARCH, Rating, block_on, rating, store_ratings};
use crate::progress::{NoProgress, Progress};
use crate::store::History;
use crate::sync::SyncOptions;

/// What an account's history holds, as a file of version `version` that only that version's scripts have made.
fn as_made_by(version: usize, of: &Path, path: &Path) {
    let old = Connection::open(path).unwrap();
    for script in &SCRIPTS[..version] {
        old.execute_batch(script).unwrap();
    }
    old.pragma_update(None, "application_id", APPLICATION_ID).unwrap();
    old.pragma_update(None, "user_version", version as i64).unwrap();
    old.execute("ATTACH ?1 AS synced", [of.to_str().unwrap()])
        .unwrap();
    let texts = |sql: &str| -> Vec<String> {
        let first = |row: &Row<'_>| row.get(0);
        old.prepare(sql)
            .unwrap()
            .query_map([], first)
            .unwrap()
            .collect::<rusqlite::Result<_>>()
            .unwrap()
    };
    for table in texts("SELECT name FROM main.sqlite_schema WHERE type = 'table' AND name <> 'withheld'") {
        let columns = texts(&format!("SELECT name FROM pragma_table_info('{table}', 'main')")).join(", ");
        // What has another name by now.
        let values = columns.replace("mirror", "copy_of IS NOT NULL");
        old.execute_batch(&format!(
            "INSERT INTO main.{table} ({columns}) SELECT {values} FROM synced.{table}"
        ))
        .unwrap();
    }
}

fn rows(history: &History) -> Vec<CsatRow> {
    history.csat(&CsatQuery::default()).unwrap()
}

/// Which question asks for reasons, no file of before knows.
fn without_reasons(mut rows: Vec<CsatRow>) -> Vec<CsatRow> {
    for row in &mut rows {
        (row.reason, row.reason_id) = (None, None);
        row.reasons.clear();
    }
    rows
}

fn count(history: &History, sql: &str) -> i64 {
    history
        .read(|connection| connection.query_row(sql, [], |row| row.get(0)))
        .unwrap()
}

fn client(zendesk: &Emulator) -> Client {
    let account = zendesk.account();
    Client::builder(&account.subdomain)
        .base_url(&account.base_url)
        .credentials(Credentials::oauth_token(account.oauth_token.as_str()))
        .build()
        .unwrap()
}

fn sync(history: &mut History, zendesk: &Emulator) {
    block_on(history.sync(&client(zendesk), SyncOptions::default(), &mut NoProgress)).unwrap();
}

/// Hears that tickets are read once more.
#[derive(Default)]
struct Again {
    calls: Option<u64>,
}

impl Progress for Again {
    fn reads_tickets_again(&mut self, calls: u64) {
        self.calls = Some(calls);
    }
}

/// The row as a file has it that was made before names were read.
fn without_names(row: &CsatRow, version: usize) -> CsatRow {
    if version > 6 {
        return row.clone();
    }
    CsatRow {
        agent: None,
        group: None,
        brand_id: None,
        brand: None,
        organization_id: None,
        organization: None,
        ticket_form_id: None,
        ticket_form: None,
        priority: None,
        tags: None,
        channel: row.channel.clone().filter(|_| version > 1),
        ..row.clone()
    }
}

/// The custom field of the account whose values are regions.
fn region(zendesk: &Emulator) -> i64 {
    let tickets = block_on(async {
        let pages = client(zendesk)
            .tickets()
            .export()
            .start_time(chrono::DateTime::UNIX_EPOCH)
            .pages();
        pages.map(|page| page.unwrap().items).concat().await
    });
    let mut fields = tickets
        .iter()
        .flat_map(|ticket| ticket.custom_fields.iter().flatten());
    let is_region = |value: &serde_json::Value| value == "europe";
    fields
        .find(|field| field.value.as_ref().is_some_and(is_region))
        .unwrap()
        .id
}

#[test]
fn a_file_of_every_earlier_version_opens_with_nothing_lost_and_the_next_sync_adds_what_is_new() {
    let folder = tempfile::tempdir().unwrap();
    let zendesk = Emulator::builder().seed(5).tickets(300).start().unwrap();
    let synced = folder.path().join("synced.db");
    let mut history = History::open(&synced).unwrap();
    sync(&mut history, &zendesk);
    let expected = rows(&history);
    drop(history);
    assert_eq!(expected.len(), zendesk.truth().len());
    let region = region(&zendesk);

    for version in 1..SCRIPTS.len() {
        let path = folder.path().join(format!("{version}.db"));
        as_made_by(version, &synced, &path);
        let mut history = History::open(&path).unwrap();
        let as_of = history.as_of(None).unwrap();
        assert_eq!(
            without_reasons(rows(&history)),
            without_reasons(expected.iter().map(|row| without_names(row, version)).collect()),
            "version {version}"
        );
        let plan = block_on(history.plan(&client(&zendesk), &SyncOptions::default())).unwrap();
        let mut again = Again::default();
        let summary = block_on(history.sync(&client(&zendesk), SyncOptions::default(), &mut again)).unwrap();
        assert_eq!(rows(&history), expected, "version {version}");
        assert!(history.as_of(None).unwrap() >= as_of);
        // It says before what it costs, and what it does not.
        let again_by = (version < 7).then_some(1);
        assert_eq!(again.calls, again_by, "version {version}");
        assert!(
            !plan.first && plan.calls.total() <= summary.calls.total() + 3,
            "{plan}{summary}"
        );
        let mut again = Again::default();
        block_on(history.sync(&client(&zendesk), SyncOptions::default(), &mut again)).unwrap();
        assert_eq!(again.calls, None, "version {version}");
        // A field that is named then is read, and said to be.
        let options = SyncOptions {
            fields: vec![format!("{region}=region").parse().unwrap()],
            ..SyncOptions::default()
        };
        let mut again = Again::default();
        block_on(history.sync(&client(&zendesk), options, &mut again)).unwrap();
        assert_eq!(again.calls, Some(1), "version {version}");
        let found: BTreeSet<String> = rows(&history)
            .iter()
            .filter_map(|row| row.custom_fields.get("region")?.as_str().map(str::to_owned))
            .collect();
        assert_eq!(
            found,
            ["americas", "asia", "europe"].map(str::to_owned).into(),
            "version {version}"
        );
        let without_channel = "SELECT count(*) FROM tickets WHERE channel IS NULL";
        assert_eq!(count(&history, without_channel), 0, "version {version}");
    }
}

#[test]
fn channels_come_from_the_tickets() {
    let zendesk = Emulator::builder().seed(5).tickets(300).start().unwrap();
    let mut history = History::open(":memory:").unwrap();
    sync(&mut history, &zendesk);
    let channels = "SELECT count(DISTINCT channel) FROM csat_ms WHERE ticket_status IS NOT NULL";
    assert!(count(&history, channels) > 1);
    let without = "SELECT count(*) FROM csat_ms WHERE channel IS NULL AND ticket_status IS NOT NULL";
    assert_eq!(count(&history, without), 0);
}

#[test]
fn every_rating_of_a_ticket_is_kept_and_the_last_that_counts_is_marked() {
    let account = Account::new("acme");
    let made = |id, ticket_id, created_at| Rating {
        ticket_id,
        created_at: Some(created_at),
        ..rating(id)
    };
    let stored = vec![
        made(11, Some(1), MARCH),
        made(13, Some(1), MARCH + 2_000),
        made(12, Some(1), MARCH + 2_000),
        made(14, Some(2), MARCH),
        made(15, None, MARCH),
        made(16, None, MARCH + 1_000),
    ];
    account.write(move |transaction, id| store_ratings(transaction, id, &stored));
    let latest = |account: &Account| -> Vec<i64> {
        let sql = "SELECT id FROM legacy_ratings WHERE latest ORDER BY id";
        account
            .history
            .read(|connection| {
                connection
                    .prepare(sql)?
                    .query_map([], |row| row.get(0))?
                    .collect()
            })
            .unwrap()
    };
    assert_eq!(latest(&account), [13, 14, 15, 16]);
    account.write(|transaction, _| {
        transaction.execute("UPDATE ratings SET copy_of = '01A' WHERE id = 13", [])?;
        Ok(())
    });
    assert_eq!(latest(&account), [12, 14, 15, 16]);
    assert_eq!(count(&account.history, "SELECT count(*) FROM legacy_ratings"), 6);
}

#[test]
fn a_condition_on_the_table_reaches_the_indexes_of_both_systems() {
    let account = Account::new("acme");
    let plan: Vec<String> = account
        .history
        .read(|connection| {
            connection
                .prepare(
                    "EXPLAIN QUERY PLAN SELECT score FROM csat_ms WHERE sent_at >= 5 AND subdomain = 'acme'",
                )?
                .query_map([], |row| row.get(3))?
                .collect()
        })
        .unwrap();
    for index in ["ratings_by_time", "survey_responses_by_time"] {
        assert!(plan.iter().any(|step| step.contains(index)), "{plan:#?}");
    }
}

#[test]
fn a_new_file_has_the_pages_of_a_sync_and_an_old_one_keeps_its_own() {
    let folder = tempfile::tempdir().unwrap();
    let page_size = |path: &Path| count(&History::open(path).unwrap(), "PRAGMA page_size");
    let new = folder.path().join("new.db");
    assert_eq!(page_size(&new), PAGE_SIZE);
    let old = folder.path().join("old.db");
    Connection::open(&old)
        .unwrap()
        .execute_batch("PRAGMA page_size = 4096; PRAGMA journal_mode = wal;")
        .unwrap();
    as_made_by(1, &new, &old);
    assert_eq!(page_size(&old), 4_096);
}
