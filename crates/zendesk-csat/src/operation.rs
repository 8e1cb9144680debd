//! What the spec says of each operation, for the transport and the resources.

use crate::transport::bucket::Bucket;
use std::fmt;

/// One operation of the spec.
pub(crate) struct Operation {
    /// The operationId.
    pub(crate) id: &'static str,
    /// What a call does, as an error says that it cannot.
    pub(crate) action: &'static str,
    /// Who may call.
    pub(crate) roles: &'static [&'static str],
    /// The OAuth scopes that a call needs.
    pub(crate) scopes: &'static [&'static str],
    /// The limit that its calls count against.
    pub(crate) bucket: Bucket,
    /// The largest page that the service gives.
    pub(crate) max_page_size: Option<i32>,
    /// Whether making a call twice does no more than making it once.
    pub(crate) idempotent: bool,
    /// The property that its answer is for, and is no answer without.
    pub(crate) holder: &'static str,
    /// What stands there.
    pub(crate) holds: Holds,
}

impl fmt::Debug for Operation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.id)
    }
}

/// What an answer is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Holds {
    /// One record.
    Record,
    /// A text.
    Text,
    /// Records, with a word on whether there are more.
    List(End),
}

/// How an answer says whether its list goes on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum End {
    /// Not at all: there is one page, or a `next_page`.
    Whole,
    /// By `meta.has_more`.
    Meta,
    /// By `meta.has_more`, or in pages by offset by a `next_page` that may be null.
    MetaOrNextPage,
    /// By `end_of_stream`.
    Stream,
}

include!(concat!(env!("OUT_DIR"), "/operations.rs"));
