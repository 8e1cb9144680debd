//! Files that are whole or not there.

use std::fs::{self, File};
use std::io::{self, BufWriter, Read, Write};
use std::path::{Path, PathBuf};

use crate::error::HistoryError;

/// What is being written, with the number of its bytes, and what the system said when it failed.
pub(super) struct Sink<W> {
    writer: W,
    pub(super) bytes: u64,
    /// Encoders put this into errors of their own; here it stays what it was.
    pub(super) failure: Option<io::Error>,
}

impl<W: Write> Sink<W> {
    pub(super) fn new(writer: W) -> Self {
        Self {
            writer,
            bytes: 0,
            failure: None,
        }
    }

    fn noted<T>(&mut self, done: io::Result<T>) -> io::Result<T> {
        done.map_err(|error| {
            let same = io::Error::from(error.kind());
            self.failure.get_or_insert(error);
            same
        })
    }
}

impl<W: Write> Write for Sink<W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let written = self.writer.write(bytes);
        let written = self.noted(written)?;
        self.bytes += written as u64;
        Ok(written)
    }

    fn flush(&mut self) -> io::Result<()> {
        let flushed = self.writer.flush();
        self.noted(flushed)
    }
}

/// Has a file written beside its place and moves it there when it is whole: nobody sees half of it, and what stood there
/// stays if it fails. What is no regular file, such as a pipe, is written to as it is.
pub(crate) fn write_whole<T>(
    path: &Path,
    write: impl FnOnce(&mut dyn WriteSend) -> Result<T, HistoryError>,
) -> Result<T, HistoryError> {
    let failed = |source| HistoryError::Write {
        path: path.to_path_buf(),
        source,
    };
    // A link stays: what it leads to is replaced.
    let place = fs::canonicalize(path).unwrap_or_else(|_| path.to_path_buf());
    match fs::metadata(&place) {
        Ok(there) if there.is_dir() => {
            return Err(HistoryError::IsAFolder {
                path: path.to_path_buf(),
            });
        }
        Ok(there) if !there.is_file() => {
            let mut there = BufWriter::new(File::options().write(true).open(&place).map_err(failed)?);
            let written = write(&mut there)?;
            there.flush().map_err(failed)?;
            return Ok(written);
        }
        Ok(_) if is_of_sqlite(&place) => {
            return Err(HistoryError::IsADatabase {
                path: path.to_path_buf(),
            });
        }
        _ => {}
    }
    let folder = folder_of(&place);
    if !folder.is_dir() {
        return Err(HistoryError::NoFolder {
            path: path.to_path_buf(),
            folder,
        });
    }
    let mut beside = BufWriter::new(new_file(fs::metadata(&place).ok()).tempfile_in(&folder).map_err(
        |source| HistoryError::Folder {
            folder: folder.clone(),
            source,
        },
    )?);
    let written = write(&mut beside)?;
    let beside = beside.into_inner().map_err(|error| failed(error.into_error()))?;
    // A name must not outlive a failure of power that its content does not.
    beside.as_file().sync_all().map_err(failed)?;
    beside.persist(&place).map_err(|error| failed(error.error))?;
    Ok(written)
}

/// What encoders can write to.
pub(crate) trait WriteSend: Write + Send {}

impl<W: Write + Send> WriteSend for W {}

/// Where rows can wait before they are written to that file: beside it, as what is written whole; else where temporary files are.
pub(super) fn scratch_folder(path: &Path) -> PathBuf {
    let place = fs::canonicalize(path).unwrap_or_else(|_| path.to_path_buf());
    match fs::metadata(&place) {
        Ok(there) if !there.is_file() => std::env::temp_dir(),
        _ => folder_of(&place),
    }
}

fn folder_of(path: &Path) -> PathBuf {
    path.parent()
        .filter(|folder| !folder.as_os_str().is_empty())
        .unwrap_or(Path::new("."))
        .to_path_buf()
}

/// Whether it is a SQLite database, perhaps a history, or a journal of one: an export never takes the place of that.
fn is_of_sqlite(path: &Path) -> bool {
    const HEADER: &[u8] = b"SQLite format 3\0";
    let is_database = |path: &Path| {
        let mut start = [0; HEADER.len()];
        File::open(path)
            .and_then(|mut file| file.read_exact(&mut start))
            .is_ok_and(|()| start == HEADER)
    };
    let of_a_journal = path.to_str().and_then(|path| {
        ["-wal", "-shm", "-journal"]
            .iter()
            .find_map(|suffix| path.strip_suffix(suffix))
    });
    is_database(path) || of_a_journal.is_some_and(|database| is_database(Path::new(database)))
}

/// A temporary file with the mode of the one that it replaces. A new one is its owner's: it holds customers' words.
fn new_file(replaced: Option<fs::Metadata>) -> tempfile::Builder<'static, 'static> {
    #[allow(unused_mut)]
    let mut builder = tempfile::Builder::new();
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        let mode = replaced.map_or(0o600, |replaced| replaced.permissions().mode() & 0o777);
        builder.permissions(fs::Permissions::from_mode(mode));
    }
    #[cfg(not(unix))]
    drop(replaced);
    builder
}
