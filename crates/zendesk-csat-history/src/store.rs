//! The file: opening, reading, writing, and the right to sync, which one at a time has.

pub(crate) mod open;
pub(crate) mod still;

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use chrono::{DateTime, Utc};
use rusqlite::backup::Backup;
use rusqlite::{Connection, Transaction, TransactionBehavior};
use tempfile::TempDir;
use tokio::sync::RwLock;
use tokio::task::JoinError;

use crate::error::HistoryError;
use crate::lock_file::LockFile;
use crate::migrations::{self, migrate};
use crate::rows::account;
use still::Still;

/// At most 32 MiB of the file, below zero as SQLite counts KiB: rows of a sync and of a report look up others all over it.
const CACHE: i64 = -32 * 1024;

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
    /// Read-locked by every write under way.
    writes: Arc<RwLock<()>>,
    read_as: Mutex<ReadAs>,
}

/// How a file is read that is not to be written.
#[derive(Default)]
struct ReadAs {
    /// How the file was that nobody had open, while it is read as if it stayed so.
    still: Option<Still>,
    /// Where a file is read that cannot be recovered where it lies.
    _copy: Option<TempDir>,
}

impl History {
    /// Opens the file, makes it where there is none, and brings its schema up to date. A file that may not be written is
    /// opened to read.
    ///
    /// A new file is readable by its owner alone: it holds customers' words.
    ///
    /// # Errors
    /// The file cannot be opened or written, is no SQLite database, is another program's, or was written by a later version.
    pub fn open(path: impl AsRef<Path>) -> Result<Self, HistoryError> {
        let path = path.as_ref();
        let mut connection = open::to_write(path)?;
        match migrate(&mut connection, path) {
            // It can be read all the same.
            Err(HistoryError::Open { .. }) if path.is_file() => return Self::open_to_read(path),
            migrated => migrated?,
        }
        Self::of(path, connection, ReadAs::default())
    }

    /// Opens the file to read it, and writes nothing, neither into it nor beside it: one that may not be written, such as a
    /// mounted snapshot, will do. Where a sync begins while it is read, the call is an error, [`HistoryError::Changed`], and the next
    /// one reads beside the sync. A file of an earlier version is read as if it were of this one, and stays as it is.
    ///
    /// ```
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// use zendesk_csat_history::{CsatQuery, History};
    ///
    /// # let folder = tempfile::tempdir()?;
    /// # let path = folder.path().join("csat.db");
    /// assert!(History::open_to_read(&path).is_err()); // nothing is made
    /// drop(History::open(&path)?);
    /// let history = History::open_to_read(&path)?;
    /// assert!(history.csat(&CsatQuery::default())?.is_empty());
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// The file is not there or cannot be read, is no SQLite database, is another program's, or was written by a later version.
    pub fn open_to_read(path: impl AsRef<Path>) -> Result<Self, HistoryError> {
        let path = path.as_ref();
        let open::ToRead {
            connection,
            copy,
            still,
        } = open::to_read(path)?;
        if migrations::is_current(&connection, path)? {
            return Self::of(path, connection, ReadAs { still, _copy: copy });
        }
        let failed = |source| HistoryError::from_sqlite(path, source);
        let mut migrated = Connection::open_in_memory().map_err(failed)?;
        Backup::new(&connection, &mut migrated)
            .and_then(|backup| backup.step(-1).map(|_| ()))
            .map_err(failed)?;
        if still.is_some_and(|still| !still.is_still()) {
            return Err(HistoryError::Changed {
                path: path.to_path_buf(),
            });
        }
        migrate(&mut migrated, path)?;
        Self::of(path, migrated, ReadAs::default())
    }

    fn of(path: &Path, connection: Connection, read_as: ReadAs) -> Result<Self, HistoryError> {
        connection
            .pragma_update(None, "synchronous", "normal")
            .and_then(|()| connection.pragma_update(None, "foreign_keys", "on"))
            .and_then(|()| connection.pragma_update(None, "cache_size", CACHE))
            .map_err(|source| HistoryError::from_sqlite(path, source))?;
        connection.set_prepared_statement_cache_capacity(32);
        Ok(Self {
            path: path.to_path_buf(),
            connection: Arc::new(Mutex::new(connection)),
            writes: Arc::default(),
            read_as: Mutex::new(read_as),
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
        self.read(account::names)
    }

    /// The time by the service's clock that the history is as of, of one account or of all in the file: when the last sync
    /// that came to its end began, or what a later one has read since; `None` before the first sync. What expired later than
    /// this could still be answered when it was read.
    ///
    /// # Errors
    /// The file cannot be read.
    pub fn as_of(&self, subdomain: Option<&str>) -> Result<Option<DateTime<Utc>>, HistoryError> {
        self.read(|connection| {
            let mut latest = None;
            for name in account::names(connection)? {
                if subdomain.is_none_or(|subdomain| subdomain == name)
                    && let Some(account) = account::find(connection, &name)?
                {
                    latest = latest.max(account::as_of(connection, account.id)?);
                }
            }
            Ok(latest.and_then(DateTime::from_timestamp_millis))
        })
    }

    /// Reads; the error names the file.
    pub(crate) fn read<T>(
        &self,
        read: impl FnOnce(&Connection) -> rusqlite::Result<T>,
    ) -> Result<T, HistoryError> {
        let mut connection = lock(&self.connection);
        self.read_beside_others(&mut connection)?;
        let read = read(&connection).map_err(|source| self.failed(source));
        self.check_still()?;
        read
    }

    /// Opens the file anew where somebody has opened it that nobody had open.
    fn read_beside_others(&self, connection: &mut Connection) -> Result<(), HistoryError> {
        let mut read_as = lock(&self.read_as);
        if read_as.still.as_ref().is_some_and(|still| !still.is_still()) {
            let anew = open::to_read(&self.path)?;
            *connection = anew.connection;
            *read_as = ReadAs {
                still: anew.still,
                _copy: anew.copy,
            };
        }
        Ok(())
    }

    /// An error where somebody has written to the file that nobody had open: what was just read may be of two moments.
    fn check_still(&self) -> Result<(), HistoryError> {
        match &lock(&self.read_as).still {
            Some(still) if !still.is_still() => Err(HistoryError::Changed {
                path: self.path.clone(),
            }),
            _ => Ok(()),
        }
    }

    /// A connection of its own to what is committed, which no write holds up. Of a history in memory it is a copy.
    pub(crate) fn second_connection(&self) -> Result<(Connection, Option<Still>), HistoryError> {
        let still = lock(&self.read_as).still.clone();
        if let Some(still) = still.filter(Still::is_still) {
            let second = open::unchanging(&self.path).map_err(|source| self.failed(source))?;
            return Ok((second, Some(still)));
        }
        let second = self.read(|connection| match connection.path() {
            // The path as it was when the file was opened, whatever the working directory is by now.
            Some(path) if !path.is_empty() => {
                let path = Path::new(path);
                open::read_only(path).and_then(|second| {
                    let readable = second.query_row("SELECT count(*) FROM sqlite_schema", [], |_| Ok(()));
                    readable.map_or_else(|_| open::unchanging(path), |()| Ok(second))
                })
            }
            _ => {
                let mut copy = Connection::open_in_memory()?;
                Backup::new(connection, &mut copy)?.step(-1)?;
                Ok(copy)
            }
        })?;
        Ok((second, None))
    }

    /// Writes in one transaction on a thread that may block, so that the network goes on meanwhile.
    ///
    /// A write outlives a future that is dropped, so it holds the right to sync itself, until it is committed.
    pub(crate) async fn write<T: Send + 'static>(
        &self,
        right: &Arc<SyncRight>,
        write: impl FnOnce(&Transaction<'_>) -> rusqlite::Result<T> + Send + 'static,
    ) -> Result<T, HistoryError> {
        let (connection, right) = (Arc::clone(&self.connection), Arc::clone(right));
        let writing = Arc::clone(&self.writes).read_owned().await;
        let task = tokio::task::spawn_blocking(move || {
            let written = in_transaction(&mut lock(&connection), write);
            drop(right);
            drop(writing);
            written
        });
        match task.await {
            Ok(written) => written.map_err(|source| self.failed(source)),
            Err(stopped) => Err(self.stopped(stopped)),
        }
    }

    /// What a task did not come to its end for. A panic goes on here.
    pub(crate) fn stopped(&self, stopped: JoinError) -> HistoryError {
        match stopped.try_into_panic() {
            Ok(panic) => std::panic::resume_unwind(panic),
            Err(_) => HistoryError::Stopped {
                path: self.path.clone(),
            },
        }
    }

    /// Brings all that was written into the file itself, so that a copy of it is whole while it is open here.
    pub(crate) fn checkpoint(&self) -> Result<(), HistoryError> {
        self.read(open::settle)
    }

    /// The right to sync, held until it is dropped and gone with the process.
    pub(crate) async fn right_to_sync(&self) -> Result<Arc<SyncRight>, HistoryError> {
        // A sync that was dropped may have left a write under way.
        drop(self.writes.write().await);
        let lock = if self.path == Path::new(open::MEMORY) {
            None
        } else {
            // One lock for one file, by whatever links it is reached.
            let place = fs::canonicalize(&self.path).unwrap_or_else(|_| self.path.clone());
            if has_another_name(&place) {
                return Err(HistoryError::AnotherName { path: place });
            }
            Some(LockFile::take(&place)?)
        };
        self.read(open::write_ahead)?;
        Ok(Arc::new(SyncRight { _lock: lock }))
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
pub(crate) struct SyncRight {
    _lock: Option<LockFile>,
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

/// Whether a hard link leads to the file too: each name would have a lock and a journal of its own.
fn has_another_name(path: &Path) -> bool {
    #[cfg(unix)]
    {
        use std::os::unix::fs::MetadataExt;
        fs::metadata(path).is_ok_and(|file| file.nlink() > 1)
    }
    #[cfg(not(unix))]
    {
        let _ = path;
        false
    }
}

/// A panic while the lock was held rolled its transaction back: the connection is sound.
fn lock<T>(connection: &Mutex<T>) -> MutexGuard<'_, T> {
    connection.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests;
