//! The spec against the documentation: everything the pages document stands in it, and its
//! examples are examples of its schemas.
#![allow(missing_docs, clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod coverage;
mod examples;
mod spec;
