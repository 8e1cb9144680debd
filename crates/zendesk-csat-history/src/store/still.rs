//! A file that nobody has open, and whether that has changed: it is read without a word to others, and without a trace.

use std::fs;
use std::path::{Path, PathBuf};
use std::time::SystemTime;

use super::open::beside;

/// A file as it was when nobody had it open.
#[derive(Debug, Clone)]
pub(crate) struct Still {
    path: PathBuf,
    length: u64,
    modified: Option<SystemTime>,
}

impl Still {
    /// The file as it is; none where somebody has it open, or has left what is not in it yet.
    pub(crate) fn of(path: &Path) -> Option<Self> {
        if beside(path, "-shm").exists() || !journal_is_empty(path) {
            return None;
        }
        let file = fs::metadata(path).ok()?;
        Some(Self {
            path: path.to_path_buf(),
            length: file.len(),
            modified: file.modified().ok(),
        })
    }

    /// Whether nobody has written to it since. What was read before is of one moment then.
    pub(crate) fn is_still(&self) -> bool {
        let unchanged =
            |file: fs::Metadata| file.len() == self.length && file.modified().ok() == self.modified;
        journal_is_empty(&self.path) && fs::metadata(&self.path).is_ok_and(unchanged)
    }
}

/// Whether all that was written is in the file itself.
pub(super) fn journal_is_empty(path: &Path) -> bool {
    fs::metadata(beside(path, "-wal")).map_or(true, |journal| journal.len() == 0)
}
