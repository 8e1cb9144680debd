//! The client, its parameters, and the model types, generated from the spec by progenitor.
#![allow(
    missing_docs,
    unreachable_pub,
    unused_imports,
    dead_code,
    clippy::all,
    clippy::unwrap_used
)]

include!(concat!(env!("OUT_DIR"), "/client.rs"));
