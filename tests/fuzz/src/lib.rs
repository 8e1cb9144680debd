//! Hostile bodies, texts and files: each made by a seed, and each with a truth that is known since it was made.
//!
//! A case is one number. It is drawn from that number alone, so that a failure prints it and `cargo xtask fuzz --seed N` runs
//! it again. What counts as a failure: a panic, a case that does not end, a record that is lost or read twice beside a spoilt
//! one, an answer that breaks off and is taken for whole, a request to another host, and a secret in the text of an error.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::print_stderr)]

mod case;
mod damage;
mod records;
mod run;
mod service;
mod targets;
mod texts;

pub use run::{Failure, Options, Outcome, Tried, rerun, run};
