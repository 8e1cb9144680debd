//! The latest bad comments.

use std::cmp::Reverse;
use std::collections::BinaryHeap;

use super::row::Record;

/// A bad rating with a comment; ordered by time.
#[derive(Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct BadComment {
    pub(crate) rated_at: i64,
    pub(crate) source: &'static str,
    pub(crate) id: String,
    pub(crate) subdomain: String,
    pub(crate) ticket_id: Option<i64>,
    pub(crate) agent: Option<i64>,
    pub(crate) group: Option<i64>,
    pub(crate) reasons: Option<String>,
    pub(crate) comment: String,
}

/// Keeps the latest bad ratings that have a comment.
pub(crate) struct Latest {
    wanted: usize,
    heap: BinaryHeap<Reverse<BadComment>>,
}

impl Latest {
    pub(crate) fn new(wanted: usize) -> Self {
        Self {
            wanted,
            heap: BinaryHeap::new(),
        }
    }

    pub(crate) fn offer(&mut self, record: &Record<'_>, subdomain: &str) {
        let Some(rated_at) = record.rated_at.or(record.sent_at) else {
            return;
        };
        let full = self.heap.len() >= self.wanted;
        let is_late = self
            .heap
            .peek()
            .is_none_or(|Reverse(earliest)| rated_at >= earliest.rated_at);
        let Some(comment) = record
            .comment
            .as_deref()
            .filter(|_| self.wanted > 0 && (!full || is_late))
        else {
            return;
        };
        let owned = |text: &Option<std::borrow::Cow<'_, str>>| text.as_deref().map(str::to_owned);
        self.heap.push(Reverse(BadComment {
            rated_at,
            source: if record.is_survey { "survey" } else { "rating" },
            id: owned(&record.id).unwrap_or_default(),
            subdomain: subdomain.to_owned(),
            ticket_id: record.ticket,
            agent: record.agent,
            group: record.group,
            reasons: owned(&record.reasons),
            comment: comment.to_owned(),
        }));
        if full {
            self.heap.pop();
        }
    }

    pub(crate) fn into_latest_first(self) -> Vec<BadComment> {
        // Reverse turns the order of the heap: its sorted order is latest first.
        self.heap
            .into_sorted_vec()
            .into_iter()
            .map(|Reverse(comment)| comment)
            .collect()
    }
}
