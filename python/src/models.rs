//! A class a response schema, generated from the spec.
#![allow(missing_docs, clippy::all)]

include!(concat!(env!("OUT_DIR"), "/models.rs"));
