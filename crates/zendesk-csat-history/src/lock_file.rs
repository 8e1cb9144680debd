//! The lock that keeps a second sync off a history.
//!
//! On a file of its own: SQLite's locks on the history would keep readers out, and closing another handle to the history
//! would drop them. The system drops the lock with the process, however that ends.

use std::fs::{self, File, OpenOptions, TryLockError};
use std::path::{Path, PathBuf};

use crate::error::HistoryError;

/// A locked file beside the history; on Unix it is gone when this is dropped.
#[derive(Debug)]
pub(crate) struct LockFile {
    path: PathBuf,
    _file: File,
}

impl LockFile {
    pub(crate) fn take(history: &Path) -> Result<Self, HistoryError> {
        let mut path = history.to_path_buf().into_os_string();
        path.push("-lock");
        let path = PathBuf::from(path);
        loop {
            match lock(&path) {
                // Its holder may have removed the file between its opening and its locking here.
                Ok(file) if is_at(&file, &path) => return Ok(Self { path, _file: file }),
                Ok(_) => {}
                Err(TryLockError::WouldBlock) => {
                    return Err(HistoryError::Busy {
                        path: history.to_path_buf(),
                    });
                }
                Err(TryLockError::Error(source)) => return Err(HistoryError::Lock { path, source }),
            }
        }
    }
}

impl Drop for LockFile {
    fn drop(&mut self) {
        // Left behind, it does no harm: what counts is the lock.
        if cfg!(unix) {
            let _ = fs::remove_file(&self.path);
        }
    }
}

fn lock(path: &Path) -> Result<File, TryLockError> {
    let file = OpenOptions::new()
        .create(true)
        .truncate(false)
        .write(true)
        .open(path)
        .map_err(TryLockError::Error)?;
    file.try_lock()?;
    Ok(file)
}

/// Whether the path still leads to the open file.
#[cfg(unix)]
fn is_at(file: &File, path: &Path) -> bool {
    use std::os::unix::fs::MetadataExt;
    let same =
        |open: fs::Metadata, named: fs::Metadata| (open.dev(), open.ino()) == (named.dev(), named.ino());
    file.metadata()
        .and_then(|open| fs::metadata(path).map(|named| same(open, named)))
        .unwrap_or(false)
}

/// The file is never removed.
#[cfg(not(unix))]
fn is_at(_file: &File, _path: &Path) -> bool {
    true
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicU32, Ordering};

    use super::*;

    #[test]
    fn nothing_is_left_when_it_is_dropped() {
        let folder = tempfile::tempdir().unwrap();
        let lock = LockFile::take(&folder.path().join("csat.db")).unwrap();
        assert!(folder.path().join("csat.db-lock").exists());
        drop(lock);
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 0);
    }

    #[test]
    fn a_file_left_by_a_process_that_was_killed_does_not_lock() {
        let folder = tempfile::tempdir().unwrap();
        fs::write(folder.path().join("csat.db-lock"), "").unwrap();
        LockFile::take(&folder.path().join("csat.db")).unwrap();
    }

    #[test]
    fn a_lock_that_cannot_be_made_is_named() {
        let folder = tempfile::tempdir().unwrap();
        let history = folder.path().join("nowhere").join("csat.db");
        let error = LockFile::take(&history).unwrap_err();
        assert!(
            error
                .to_string()
                .starts_with(&format!("cannot lock {}-lock", history.display())),
            "{error}"
        );
    }

    #[test]
    fn however_many_try_one_at_a_time_has_it() {
        let folder = tempfile::tempdir().unwrap();
        let history = folder.path().join("csat.db");
        let (holders, taken) = (AtomicU32::new(0), AtomicU32::new(0));
        std::thread::scope(|scope| {
            for _ in 0..8 {
                scope.spawn(|| {
                    while taken.load(Ordering::SeqCst) < 200 {
                        let Ok(lock) = LockFile::take(&history) else {
                            continue;
                        };
                        assert_eq!(holders.fetch_add(1, Ordering::SeqCst), 0);
                        std::thread::yield_now();
                        holders.fetch_sub(1, Ordering::SeqCst);
                        taken.fetch_add(1, Ordering::SeqCst);
                        drop(lock);
                    }
                });
            }
        });
    }
}
