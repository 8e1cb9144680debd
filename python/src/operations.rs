//! A function an operation, generated from the spec.
#![allow(clippy::all)]

include!(concat!(env!("OUT_DIR"), "/operations.rs"));
