//! The accounts of a history: their names, a new name for one, and an account that is forgotten.

use chrono::{DateTime, Utc};
use rusqlite::Connection;
use serde::Serialize;

use crate::csat::rfc3339;
use crate::error::HistoryError;
use crate::rows::{account, run};
use crate::store::History;

/// An account of a history.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct AccountInfo {
    /// Its name in its address.
    pub subdomain: String,
    /// From when on there are rows; none for all there is.
    #[serde(serialize_with = "rfc3339")]
    pub since: Option<DateTime<Utc>>,
    /// The service's time when the last sync that came to its end began; none before the first.
    #[serde(serialize_with = "rfc3339")]
    pub as_of: Option<DateTime<Utc>>,
    /// Rows of the combined table.
    pub rows: u64,
}

impl History {
    /// The accounts in the file, in alphabetical order.
    ///
    /// ```
    /// let history = zendesk_csat_history::History::open(":memory:")?;
    /// assert!(history.accounts()?.is_empty());
    /// # Ok::<(), zendesk_csat_history::HistoryError>(())
    /// ```
    ///
    /// # Errors
    /// The file cannot be read.
    pub fn accounts(&self) -> Result<Vec<AccountInfo>, HistoryError> {
        self.read(|connection| {
            let mut accounts = Vec::new();
            for subdomain in account::names(connection)? {
                let Some(known) = account::find(connection, &subdomain)? else {
                    continue;
                };
                let rows: i64 = connection
                    .prepare_cached("SELECT count(*) FROM typed_csat_ms WHERE subdomain = ?1")?
                    .query_row([&subdomain], |row| row.get(0))?;
                let as_of = run::last(connection, known.id)?.and_then(|(_, as_of)| as_of);
                accounts.push(AccountInfo {
                    subdomain,
                    since: known.since.and_then(DateTime::from_timestamp_millis),
                    as_of: as_of.and_then(DateTime::from_timestamp_millis),
                    rows: rows.unsigned_abs(),
                });
            }
            Ok(accounts)
        })
    }

    /// Gives an account the name that its address has now. Syncs of that name go on where those of the old one ended.
    ///
    /// ```
    /// # use zendesk_csat::{Client, Credentials};
    /// # use zendesk_csat_history::{History, NoProgress, SyncOptions};
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let zendesk = zendesk_csat_emulator::Emulator::builder().tickets(50).start()?;
    /// # let client = Client::builder("acme")
    /// #     .base_url(zendesk.base_url())
    /// #     .credentials(Credentials::oauth_token(zendesk.account().oauth_token.as_str()))
    /// #     .build()?;
    /// let mut history = History::open(":memory:")?;
    /// history.sync(&client, SyncOptions::default(), &mut NoProgress).await?;
    /// history.rename_account("acme", "acme-support").await?;
    /// assert_eq!(history.subdomains()?, ["acme-support"]);
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// The file does not have the account, or has one of the new name; a sync is writing to it; or it cannot be written.
    pub async fn rename_account(&mut self, subdomain: &str, name: &str) -> Result<(), HistoryError> {
        let subdomain = self.known_account(subdomain)?;
        let name = normalized(name);
        if name.is_empty() || self.subdomains()?.contains(&name) {
            return Err(HistoryError::AccountName {
                path: self.path().to_path_buf(),
                name,
            });
        }
        let right = self.right_to_sync().await?;
        self.write(&right, move |transaction| {
            transaction.execute(
                "UPDATE accounts SET subdomain = ?2 WHERE subdomain = ?1",
                [&subdomain, &name],
            )?;
            Ok(())
        })
        .await
    }

    /// Removes an account with all its records from the file. Gives the number of rows that the combined table had of it.
    ///
    /// ```
    /// # use zendesk_csat::{Client, Credentials};
    /// # use zendesk_csat_history::{History, NoProgress, SyncOptions};
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let zendesk = zendesk_csat_emulator::Emulator::builder().tickets(50).start()?;
    /// # let client = Client::builder("acme")
    /// #     .base_url(zendesk.base_url())
    /// #     .credentials(Credentials::oauth_token(zendesk.account().oauth_token.as_str()))
    /// #     .build()?;
    /// let mut history = History::open(":memory:")?;
    /// history.sync(&client, SyncOptions::default(), &mut NoProgress).await?;
    /// assert!(history.forget_account("acme").await? > 0);
    /// assert!(history.subdomains()?.is_empty());
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// The file does not have the account; a sync is writing to it; or it cannot be written.
    pub async fn forget_account(&mut self, subdomain: &str) -> Result<u64, HistoryError> {
        let subdomain = self.known_account(subdomain)?;
        let right = self.right_to_sync().await?;
        let rows = self
            .write(&right, move |transaction| {
                let rows: i64 = transaction.query_row(
                    "SELECT count(*) FROM typed_csat_ms WHERE subdomain = ?1",
                    [&subdomain],
                    |row| row.get(0),
                )?;
                for table in account_tables(transaction)? {
                    let sql = format!(
                        "DELETE FROM {table} WHERE account_id = (SELECT id FROM accounts WHERE subdomain = ?1)"
                    );
                    transaction.execute(&sql, [&subdomain])?;
                }
                transaction.execute("DELETE FROM accounts WHERE subdomain = ?1", [&subdomain])?;
                Ok(rows.unsigned_abs())
            })
            .await?;
        self.checkpoint()?;
        Ok(rows)
    }

    /// The account as the file spells it; an error that names those there are, where there is none of this name.
    pub(crate) fn known_account(&self, subdomain: &str) -> Result<String, HistoryError> {
        let name = normalized(subdomain);
        let known = self.subdomains()?;
        if known.contains(&name) {
            Ok(name)
        } else {
            Err(HistoryError::UnknownAccount {
                path: self.path().to_path_buf(),
                subdomain: subdomain.to_owned(),
                known,
            })
        }
    }
}

/// As the SDK spells an account.
fn normalized(subdomain: &str) -> String {
    subdomain.trim().to_lowercase()
}

/// The tables whose rows belong to an account.
pub(crate) fn account_tables(connection: &Connection) -> rusqlite::Result<Vec<String>> {
    connection
        .prepare(
            "SELECT tables.name
             FROM sqlite_schema AS tables, pragma_table_info(tables.name) AS columns
             WHERE tables.type = 'table' AND columns.name = 'account_id'",
        )?
        .query_map([], |row| row.get(0))?
        .collect()
}
