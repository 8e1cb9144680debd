//! The rules of the wire, one file each: none of them knows an operation, a model or a client.

pub(crate) mod backoff;
pub(crate) mod bucket;
pub(crate) mod budget;
pub(crate) mod clock;
pub(crate) mod cursor_guard;
pub(crate) mod host_guard;
pub(crate) mod pacing;
pub(crate) mod query_size;
pub(crate) mod rate_limit;
pub(crate) mod retry;
pub(crate) mod retry_after;
pub(crate) mod retry_loop;
#[cfg(test)]
pub(crate) mod simulated_service;
pub(crate) mod test_clock;
pub(crate) mod waits;
