//! What was asked of the account.

use std::collections::VecDeque;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, PoisonError};

use serde::Serialize;

/// The requests kept; older ones are forgotten.
const CAPACITY: usize = 200_000;

/// One request to the account and how it was answered.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct JournalEntry {
    /// `GET` or `POST`.
    pub method: String,
    /// The path as it was asked for, without the query.
    pub path: String,
    /// The query as it was asked for, without the `?`; empty where there was none.
    pub query: String,
    /// The status of the answer; 0 where the connection was closed without one.
    pub status: u16,
    /// What the request counts against: `support`, `help_center`, `incremental` or `oauth`.
    pub bucket: &'static str,
}

#[derive(Debug, Default)]
pub(crate) struct Journal {
    entries: Mutex<VecDeque<JournalEntry>>,
    requests: AtomicU64,
}

impl Journal {
    /// A number for each request, from 0.
    pub(crate) fn number(&self) -> u64 {
        self.requests.fetch_add(1, Ordering::Relaxed)
    }

    pub(crate) fn add(&self, entry: JournalEntry) {
        let mut entries = self.entries.lock().unwrap_or_else(PoisonError::into_inner);
        if entries.len() == CAPACITY {
            entries.pop_front();
        }
        entries.push_back(entry);
    }

    pub(crate) fn entries(&self) -> Vec<JournalEntry> {
        self.entries
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .iter()
            .cloned()
            .collect()
    }

    /// The latest requests, newest first.
    pub(crate) fn latest(&self, count: usize) -> Vec<JournalEntry> {
        self.entries
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .iter()
            .rev()
            .take(count)
            .cloned()
            .collect()
    }

    pub(crate) fn clear(&self) {
        self.entries
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .clear();
    }
}
