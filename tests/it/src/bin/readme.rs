//! The README's Rust example.

include!(concat!(env!("OUT_DIR"), "/readme.rs"));
