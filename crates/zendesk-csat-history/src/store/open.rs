//! The ways to the file: to write, to read only, and what to do where a file system cannot do what SQLite asks of it.

use std::borrow::Cow;
use std::ffi::OsString;
use std::fs;
use std::io::{self, Read};
use std::path::{Path, PathBuf};
use std::time::Duration;

use rusqlite::ffi;
use rusqlite::{Connection, ErrorCode, OpenFlags};
use tempfile::TempDir;

use super::still::{Still, journal_is_empty};
use crate::error::HistoryError;

/// A history in memory.
pub(crate) const MEMORY: &str = ":memory:";

/// How long a write waits for another program's.
const BUSY_TIMEOUT: Duration = Duration::from_secs(5);

/// How a file is read that cannot be written.
#[derive(Debug)]
pub(crate) struct ToRead {
    pub(crate) connection: Connection,
    /// Where it is read, if not where it lies.
    pub(crate) copy: Option<TempDir>,
    /// Where nobody had it open, how it was then: what is read holds as long as it is so.
    pub(crate) still: Option<Still>,
}

/// Opens the file to write, and makes it where there is none: for its owner's eyes alone, since it holds customers' words.
pub(crate) fn to_write(path: &Path) -> Result<Connection, HistoryError> {
    if path != Path::new(MEMORY) {
        make_private(path).map_err(|source| HistoryError::Make {
            path: path.to_path_buf(),
            source,
        })?;
    }
    let flags =
        OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_CREATE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    Connection::open_with_flags(as_a_name(path), flags)
        .map_err(|source| HistoryError::from_sqlite(path, source))
}

fn make_private(path: &Path) -> io::Result<()> {
    if path.as_os_str().is_empty() {
        return Err(io::Error::new(io::ErrorKind::InvalidInput, "no file is named"));
    }
    let mut options = fs::OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    {
        use std::os::unix::fs::OpenOptionsExt;
        options.mode(0o600);
    }
    match options.open(path) {
        Ok(_) => Ok(()),
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => Ok(()),
        // What keeps it from being made, SQLite says as well, or it is there and only to be read.
        Err(_) if path.exists() => Ok(()),
        Err(error) => Err(error),
    }
}

/// Opens the file to read what is committed.
///
/// A file that was left in the midst of a sync is recovered beside itself where that may be written, else in a copy.
pub(crate) fn to_read(path: &Path) -> Result<ToRead, HistoryError> {
    let failed = |source| HistoryError::from_sqlite(path, source);
    let as_it_is = |connection| ToRead {
        connection,
        copy: None,
        still: None,
    };
    // SQLite makes a file beside one with such a journal to read it; neither of these does.
    if has_write_ahead_log(path) {
        if let Some(still) = Still::of(path)
            && let Ok(connection) = unchanging(path).and_then(checked)
        {
            return Ok(ToRead {
                still: Some(still),
                ..as_it_is(connection)
            });
        }
        if let Ok(connection) = beside_others(path).and_then(checked) {
            return Ok(as_it_is(connection));
        }
    }
    match read_only(path).and_then(checked) {
        Ok(connection) => return Ok(as_it_is(connection)),
        Err(error) if !cannot_share(&error) || !path.is_file() => return Err(failed(error)),
        Err(_) => {}
    }
    if journal_is_empty(path) {
        // All of it is in the file, and nobody who could change it can be there.
        return unchanging(path).and_then(checked).map(as_it_is).map_err(failed);
    }
    let copied = || -> io::Result<(TempDir, PathBuf)> {
        let folder = tempfile::tempdir()?;
        let copy = folder.path().join("csat.db");
        fs::copy(path, &copy)?;
        fs::copy(beside(path, "-wal"), beside(&copy, "-wal"))?;
        Ok((folder, copy))
    };
    let (folder, copy) = copied().map_err(|source| HistoryError::Make {
        path: path.to_path_buf(),
        source,
    })?;
    let connection = Connection::open(&copy).and_then(checked).map_err(failed)?;
    Ok(ToRead {
        connection,
        copy: Some(folder),
        still: None,
    })
}

/// A connection that only reads what is in the file.
pub(crate) fn read_only(path: &Path) -> rusqlite::Result<Connection> {
    Connection::open_with_flags(
        as_a_name(path),
        OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX,
    )
}

/// The path in a form that SQLite does not take for an address of its own.
fn as_a_name(path: &Path) -> Cow<'_, Path> {
    if path.as_os_str().as_encoded_bytes().starts_with(b"file:") {
        Cow::Owned(Path::new(".").join(path))
    } else {
        Cow::Borrowed(path)
    }
}

/// A connection to a file that nobody changes meanwhile.
pub(crate) fn unchanging(path: &Path) -> rusqlite::Result<Connection> {
    at_address(path, "immutable=1")
}

/// A connection to a file that others have open, whose memory in common with it is only read.
fn beside_others(path: &Path) -> rusqlite::Result<Connection> {
    at_address(path, "readonly_shm=1")
}

fn at_address(path: &Path, options: &str) -> rusqlite::Result<Connection> {
    let path = path.to_string_lossy();
    let encoded: String = path
        .bytes()
        .map(|byte| match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'/' | b'.' | b'-' | b'_' => {
                char::from(byte).to_string()
            }
            _ => format!("%{byte:02X}"),
        })
        .collect();
    Connection::open_with_flags(
        format!("file:{encoded}?{options}"),
        OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX | OpenFlags::SQLITE_OPEN_URI,
    )
}

/// Whether it can be read shows when it is.
fn checked(connection: Connection) -> rusqlite::Result<Connection> {
    connection.query_row("SELECT count(*) FROM sqlite_schema", [], |_| Ok(()))?;
    Ok(connection)
}

/// Whether the file's journal needs memory that is shared, or files, that cannot be made where it lies.
fn cannot_share(error: &rusqlite::Error) -> bool {
    matches!(
        error.sqlite_error_code(),
        Some(ErrorCode::CannotOpen | ErrorCode::ReadOnly | ErrorCode::SystemIoFailure)
    )
}

/// Lets readers go on while a sync writes, and none see half a page; the file stays so. A file system without memory that
/// programs can share keeps the plain journal, and so does a file that somebody reads at this moment: readers then wait for
/// a page's write, and it for them.
pub(crate) fn write_ahead(connection: &Connection) -> rusqlite::Result<()> {
    let switched = connection
        .pragma_update(None, "journal_mode", "wal")
        .and_then(|()| {
            // The shared memory is made with the first read.
            connection.query_row("SELECT count(*) FROM sqlite_schema", [], |_| Ok(()))
        });
    match switched {
        Err(error) if cannot_share(&error) => connection.pragma_update(None, "journal_mode", "delete"),
        Err(error) if error.sqlite_error_code() == Some(ErrorCode::DatabaseBusy) => Ok(()),
        switched => switched,
    }
}

/// Brings all that was written into the file itself. Where others are reading it at this moment that is left to a later
/// sync, and nobody waits.
pub(crate) fn settle(connection: &Connection) -> rusqlite::Result<()> {
    connection.busy_timeout(Duration::ZERO)?;
    let settled = connection.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |_| Ok(()));
    connection.busy_timeout(BUSY_TIMEOUT)?;
    match settled {
        Err(error) if error.sqlite_error_code() == Some(ErrorCode::DatabaseBusy) => Ok(()),
        settled => settled,
    }
}

/// What to do about an error of SQLite's, where that is not plain.
pub(crate) fn advice(error: &rusqlite::Error) -> &'static str {
    let rusqlite::Error::SqliteFailure(failure, _) = error else {
        return "";
    };
    match failure.extended_code {
        ffi::SQLITE_IOERR_SHMOPEN
        | ffi::SQLITE_IOERR_SHMSIZE
        | ffi::SQLITE_IOERR_SHMMAP
        | ffi::SQLITE_IOERR_SHMLOCK => {
            "; this file system, a network share perhaps, has no shared memory: copy the file to a local disk"
        }
        ffi::SQLITE_IOERR_LOCK | ffi::SQLITE_IOERR_RDLOCK | ffi::SQLITE_IOERR_UNLOCK => {
            "; this file system, a network share perhaps, has no locks: keep the file on a local disk"
        }
        code if code & 0xff == ffi::SQLITE_BUSY => {
            "; another program has it open and writes: end that, or run this again"
        }
        ffi::SQLITE_FULL => "; the disk is full: make room and run it again, what was stored is kept",
        _ => "",
    }
}

/// Whether the file says that its journal is one in WAL mode.
fn has_write_ahead_log(path: &Path) -> bool {
    let mut head = [0; 20];
    let read = fs::File::open(path).and_then(|mut file| file.read_exact(&mut head));
    read.is_ok() && head[18] == 2
}

pub(crate) fn beside(path: &Path, suffix: &str) -> PathBuf {
    let mut beside = OsString::from(path);
    beside.push(suffix);
    beside.into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_no_address() {
        assert_eq!(
            *as_a_name(Path::new("file:csat.db?mode=memory")),
            *Path::new("./file:csat.db?mode=memory")
        );
        assert_eq!(*as_a_name(Path::new("csat.db")), *Path::new("csat.db"));
    }
}
