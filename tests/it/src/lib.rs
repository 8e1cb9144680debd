//! What the end-to-end tests share: a service that answers by script, and where snapshots stand.
#![allow(clippy::unwrap_used, clippy::expect_used)]

mod scripted;

pub use scripted::{Answer, Scripted};

/// Asserts inside of it compare with `tests/snapshots`.
pub fn with_snapshots(assert: impl FnOnce()) {
    let mut settings = insta::Settings::clone_current();
    settings.set_snapshot_path(concat!(env!("CARGO_MANIFEST_DIR"), "/../snapshots"));
    settings.set_prepend_module_to_snapshot(false);
    settings.set_omit_expression(true);
    settings.bind(assert);
}

/// The Rust tutorial of the site: each of its programs is compiled and run.
#[cfg(doctest)]
#[doc = include_str!("../../../docs/tutorial-rust.md")]
pub struct Tutorial;
