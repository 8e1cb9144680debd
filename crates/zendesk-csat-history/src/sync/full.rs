//! A sync that reads everything anew: into a file of its own first, so that what is known stays until all of it has come.

use std::ffi::OsString;
use std::fs;
use std::path::{Path, PathBuf};

use rusqlite::types::Value;
use rusqlite::{Connection, Row, Transaction, params_from_iter};
use zendesk_csat::Client;

use super::SyncOptions;
use super::fields;
use super::since::Since;
use super::summary::{Reconciliation, SyncSummary};
use crate::accounts::account_tables;
use crate::error::HistoryError;
use crate::progress::Progress;
use crate::rows::account;
use crate::rows::name::NameKind;
use crate::store::History;

impl History {
    pub(super) async fn sync_in_full(
        &mut self,
        client: &Client,
        options: SyncOptions,
        progress: &mut dyn Progress,
    ) -> Result<SyncSummary, HistoryError> {
        // Held throughout: the two files are one history.
        let right = self.right_to_sync().await?;
        let subdomain = client.subdomain().to_owned();
        let known = self.read(|connection| account::find(connection, &subdomain))?;
        let since = options.since.for_account(known.as_ref());
        let path = self.path_of_full_sync();
        let mut anew = History::open(&path)?;
        let since = since.and_then(chrono::DateTime::from_timestamp_millis);
        options.reason_questions.check(self, &subdomain)?;
        let (fields, _) = fields::of_account(self, &subdomain, &options.fields)?;
        let options = SyncOptions {
            fields: fields::given(&fields),
            reason_questions: options.reason_questions.or_of(known.as_ref()),
            since: since.map_or(Since::All, Since::Time),
            locale: options.locale.or_else(|| known?.locale.try_into().ok()),
            full: false,
            ..options
        };
        let mut summary = Box::pin(anew.sync(client, options, progress)).await?;
        if !summary.is_complete() {
            // What is missing now may be known from before.
            summary.kept = true;
            return Ok(summary);
        }
        let (from, _) = anew.second_connection()?;
        self.write(&right, move |transaction| replace(transaction, &from, &subdomain))
            .await?;
        drop(anew);
        remove(&path);
        self.checkpoint()?;
        summary.reconciliation = Reconciliation::of(self, client.subdomain())?;
        Ok(summary)
    }

    /// Beside the history, so that an interrupted sync goes on there.
    fn path_of_full_sync(&self) -> PathBuf {
        if self.path() == Path::new(":memory:") {
            return self.path().to_path_buf();
        }
        let mut path = OsString::from(self.path());
        path.push("-full");
        path.into()
    }
}

/// Puts all that the other file has of the account in the place of what is here.
fn replace(transaction: &Transaction<'_>, from: &Connection, subdomain: &str) -> rusqlite::Result<()> {
    let there = account::find(from, subdomain)?.ok_or(rusqlite::Error::QueryReturnedNoRows)?;
    let here = account::find(transaction, subdomain)?.map(|account| account.id);
    let here = match here {
        Some(id) => id,
        None => {
            transaction.execute(
                "INSERT INTO accounts (subdomain, locale) VALUES (?1, '')",
                [subdomain],
            )?;
            transaction.last_insert_rowid()
        }
    };
    for table in account_tables(from)? {
        // Whoever is no more has a name here, which the service may not tell again.
        if !NameKind::ALL.iter().any(|kind| kind.table() == table) {
            transaction.execute(&format!("DELETE FROM {table} WHERE account_id = ?1"), [here])?;
        }
        copy(transaction, from, &table, "account_id", (there.id, here))?;
    }
    // Its own row last: of those the file has one already.
    let columns = columns(from, "accounts")?;
    let set: Vec<String> = (1_u32..)
        .zip(&columns)
        .filter(|(_, column)| *column != "id")
        .map(|(place, column)| format!("{column} = ?{place}"))
        .collect();
    let row: Vec<Value> = from
        .prepare(&format!(
            "SELECT {} FROM accounts WHERE id = ?1",
            columns.join(", ")
        ))?
        .query_row([there.id], |row| values(row, columns.len()))?;
    let id = columns
        .iter()
        .position(|column| column == "id")
        .unwrap_or_default();
    let mut row = row;
    if let Some(value) = row.get_mut(id) {
        *value = Value::Integer(here);
    }
    let sql = format!("UPDATE accounts SET {} WHERE id = ?{}", set.join(", "), id + 1);
    transaction.execute(&sql, params_from_iter(row))?;
    Ok(())
}

fn columns(connection: &Connection, table: &str) -> rusqlite::Result<Vec<String>> {
    connection
        .prepare("SELECT name FROM pragma_table_info(?1)")?
        .query_map([table], |row| row.get(0))?
        .collect()
}

fn copy(
    transaction: &Transaction<'_>,
    from: &Connection,
    table: &str,
    key: &str,
    (there, here): (i64, i64),
) -> rusqlite::Result<()> {
    let columns = columns(from, table)?;
    let places: Vec<String> = (1..=columns.len()).map(|place| format!("?{place}")).collect();
    let (names, places) = (columns.join(", "), places.join(", "));
    let key_at = columns.iter().position(|column| column == key);
    let mut insert = transaction.prepare(&format!(
        "INSERT OR REPLACE INTO {table} ({names}) VALUES ({places})"
    ))?;
    let mut select = from.prepare(&format!("SELECT {names} FROM {table} WHERE {key} = ?1"))?;
    let mut rows = select.query([there])?;
    while let Some(row) = rows.next()? {
        let mut values = values(row, columns.len())?;
        if let Some(value) = key_at.and_then(|place| values.get_mut(place)) {
            *value = Value::Integer(here);
        }
        insert.execute(params_from_iter(values))?;
    }
    Ok(())
}

fn values(row: &Row<'_>, count: usize) -> rusqlite::Result<Vec<Value>> {
    (0..count).map(|column| row.get(column)).collect()
}

/// SQLite's files go with it. What is left behind is read on by the next sync in full.
fn remove(path: &Path) {
    for suffix in ["", "-wal", "-shm"] {
        let mut file = OsString::from(path);
        file.push(suffix);
        let _ = fs::remove_file(file);
    }
}
