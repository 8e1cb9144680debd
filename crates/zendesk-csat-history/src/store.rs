//! The file: opening, reading, writing, and the lock that lets one sync at a time write to it.

use std::fs::{File, OpenOptions, TryLockError};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use rusqlite::{Connection, OptionalExtension, Transaction, TransactionBehavior, params};

use crate::error::HistoryError;
use crate::migrations::migrate;

/// Every CSAT rating of one or more accounts, in one SQLite file.
///
/// ```
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// use zendesk_csat_history::{CsatQuery, History};
///
/// # let folder = tempfile::tempdir()?;
/// # let path = folder.path().join("csat.db");
/// let history = History::open(&path)?; // made where there is none
/// assert_eq!(history.path(), path);
/// assert!(history.csat(&CsatQuery::default())?.is_empty());
/// # Ok(())
/// # }
/// ```
///
/// `:memory:` is a history that is gone when it is dropped:
///
/// ```
/// let history = zendesk_csat_history::History::open(":memory:")?;
/// assert!(history.subdomains()?.is_empty());
/// # Ok::<(), zendesk_csat_history::HistoryError>(())
/// ```
pub struct History {
    path: PathBuf,
    /// Shared with the writes of a sync, which run on threads that may block.
    connection: Arc<Mutex<Connection>>,
}

impl History {
    /// Opens the file, makes it where there is none, and brings its schema up to date.
    ///
    /// # Errors
    /// The file cannot be opened or written, is no SQLite database, is another program's, or was written by a later version.
    pub fn open(path: impl AsRef<Path>) -> Result<Self, HistoryError> {
        let path = path.as_ref();
        let mut connection =
            Connection::open(path).map_err(|source| HistoryError::from_sqlite(path, source))?;
        migrate(&mut connection, path)?;
        connection
            .pragma_update(None, "synchronous", "normal")
            .and_then(|()| connection.pragma_update(None, "foreign_keys", "on"))
            .map_err(|source| HistoryError::from_sqlite(path, source))?;
        connection.set_prepared_statement_cache_capacity(32);
        Ok(Self {
            path: path.to_path_buf(),
            connection: Arc::new(Mutex::new(connection)),
        })
    }

    /// The file.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// The accounts in the file, in alphabetical order.
    ///
    /// # Errors
    /// The file cannot be read.
    pub fn subdomains(&self) -> Result<Vec<String>, HistoryError> {
        self.read(|connection| {
            connection
                .prepare_cached("SELECT subdomain FROM accounts ORDER BY subdomain")?
                .query_map([], |row| row.get(0))?
                .collect()
        })
    }

    /// Reads; the error names the file.
    pub(crate) fn read<T>(
        &self,
        read: impl FnOnce(&Connection) -> rusqlite::Result<T>,
    ) -> Result<T, HistoryError> {
        read(&lock(&self.connection)).map_err(|source| self.failed(source))
    }

    /// Writes in one transaction on a thread that may block, so that the network goes on meanwhile.
    pub(crate) async fn write<T: Send + 'static>(
        &self,
        write: impl FnOnce(&Transaction<'_>) -> rusqlite::Result<T> + Send + 'static,
    ) -> Result<T, HistoryError> {
        let connection = Arc::clone(&self.connection);
        let task = tokio::task::spawn_blocking(move || in_transaction(&mut lock(&connection), write));
        match task.await {
            Ok(written) => written.map_err(|source| self.failed(source)),
            Err(stopped) => match stopped.try_into_panic() {
                Ok(panic) => std::panic::resume_unwind(panic),
                Err(_) => Err(HistoryError::Stopped {
                    path: self.path.clone(),
                }),
            },
        }
    }

    /// The account's key, with the locale in which its questions and options are read.
    pub(crate) async fn account(&self, subdomain: &str, locale: &'static str) -> Result<i64, HistoryError> {
        let subdomain = subdomain.to_owned();
        self.write(move |transaction| {
            let known = transaction
                .query_row(
                    "SELECT id FROM accounts WHERE subdomain = ?1",
                    [&subdomain],
                    |row| row.get(0),
                )
                .optional()?;
            match known {
                Some(id) => Ok(id),
                None => {
                    transaction.execute(
                        "INSERT INTO accounts (subdomain, locale) VALUES (?1, ?2)",
                        params![subdomain, locale],
                    )?;
                    Ok(transaction.last_insert_rowid())
                }
            }
        })
        .await
    }

    /// The right to sync, held until it is dropped and gone with the process.
    ///
    /// A lock on a file of its own: SQLite's locks on the history itself would keep readers out, and closing a second
    /// handle to the history would drop them.
    pub(crate) fn lock_for_sync(&self) -> Result<SyncLock, HistoryError> {
        if self.path == Path::new(":memory:") {
            return Ok(SyncLock { _file: None });
        }
        let mut path = self.path.clone().into_os_string();
        path.push("-lock");
        let path = PathBuf::from(path);
        let file = OpenOptions::new()
            .create(true)
            .truncate(false)
            .write(true)
            .open(&path)
            .map_err(|source| HistoryError::Lock {
                path: path.clone(),
                source,
            })?;
        match file.try_lock() {
            Ok(()) => Ok(SyncLock { _file: Some(file) }),
            Err(TryLockError::WouldBlock) => Err(HistoryError::Busy {
                path: self.path.clone(),
            }),
            Err(TryLockError::Error(source)) => Err(HistoryError::Lock { path, source }),
        }
    }

    fn failed(&self, source: rusqlite::Error) -> HistoryError {
        HistoryError::from_sqlite(&self.path, source)
    }
}

impl std::fmt::Debug for History {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter
            .debug_struct("History")
            .field("path", &self.path)
            .finish_non_exhaustive()
    }
}

/// The right to sync into one file.
#[derive(Debug)]
pub(crate) struct SyncLock {
    _file: Option<File>,
}

fn in_transaction<T>(
    connection: &mut Connection,
    write: impl FnOnce(&Transaction<'_>) -> rusqlite::Result<T>,
) -> rusqlite::Result<T> {
    let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
    let written = write(&transaction)?;
    transaction.commit()?;
    Ok(written)
}

/// A panic while the lock was held rolled its transaction back: the connection is sound.
fn lock(connection: &Mutex<Connection>) -> MutexGuard<'_, Connection> {
    connection.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests;
