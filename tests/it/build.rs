//! Takes the Rust example out of the README, so that it is compiled and run as it stands there.
#![allow(clippy::unwrap_used, clippy::expect_used)]

use std::path::PathBuf;

fn main() {
    let readme = concat!(env!("CARGO_MANIFEST_DIR"), "/../../README.md");
    println!("cargo::rerun-if-changed={readme}");
    let text = std::fs::read_to_string(readme).unwrap();
    let (_, rest) = text
        .split_once("```rust\n")
        .expect("the README has a Rust example");
    let (example, _) = rest.split_once("```").expect("the example ends");
    let out = PathBuf::from(std::env::var_os("OUT_DIR").unwrap());
    std::fs::write(out.join("readme.rs"), example).unwrap();
}
