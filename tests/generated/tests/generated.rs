//! Snapshots of all that is generated from the spec; `cargo xtask generate` rewrites them.
#![allow(missing_docs, clippy::unwrap_used)]

use serde_json::Value;
use zendesk_csat_codegen::{Generated, generate, surface};
use zendesk_csat_codegen_python::{Extension, extension};

fn spec() -> Value {
    let path = concat!(
        env!("CARGO_MANIFEST_DIR"),
        "/../../crates/zendesk-csat/openapi.json"
    );
    serde_json::from_slice(&std::fs::read(path).unwrap()).unwrap()
}

/// Asserts inside of it compare with `tests/snapshots`.
fn with_snapshots(assert: impl FnOnce()) {
    let mut settings = insta::Settings::clone_current();
    settings.set_snapshot_path(concat!(env!("CARGO_MANIFEST_DIR"), "/../snapshots"));
    settings.set_prepend_module_to_snapshot(false);
    settings.set_omit_expression(true);
    settings.bind(assert);
}

#[test]
fn rust_sources() {
    let Generated {
        client,
        vocabulary,
        operations,
        schemas,
    } = generate(&spec()).unwrap();
    with_snapshots(|| {
        insta::assert_snapshot!("generated_client", client);
        insta::assert_snapshot!("generated_vocabulary", vocabulary);
        insta::assert_snapshot!("generated_operations", operations);
        insta::assert_snapshot!("generated_schemas", schemas);
    });
}

#[test]
fn python_extension() {
    let Extension { models, operations } = extension(&spec()).unwrap();
    with_snapshots(|| {
        insta::assert_snapshot!("generated_python_models", models);
        insta::assert_snapshot!("generated_python_operations", operations);
    });
}

#[test]
fn surface_table() {
    with_snapshots(|| insta::assert_snapshot!("surface", surface::table(&spec())));
}

#[test]
fn json_schemas() {
    with_snapshots(|| insta::assert_json_snapshot!("json_schemas", zendesk_csat::types::json_schemas()));
}
