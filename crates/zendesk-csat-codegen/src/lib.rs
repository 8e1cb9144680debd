//! From the hand-written OpenAPI spec to the Rust that `zendesk-csat` compiles.
//!
//! This is the one crate that knows progenitor: its settings, the dialect of OpenAPI that
//! avoids its pitfalls, and the lowering that takes off what we decode ourselves.
//! The build script of `zendesk-csat` calls [`generate`], and needs all that is here. What Python gets, and what judges the
//! spec, are crates of their own, which read the spec by [`spec`].
//!
//! ```
//! let spec = serde_json::json!({
//!     "openapi": "3.0.3",
//!     "info": {"title": "Example", "version": "1.0"},
//!     "paths": {},
//!     "components": {"schemas": {
//!         "Mood": {"type": "string", "enum": ["happy"], "x-kind": "open-enum", "description": "A mood."}
//!     }}
//! });
//! let generated = zendesk_csat_codegen::generate(&spec)?;
//! assert!(generated.vocabulary.contains("Happy = \"happy\""));
//! # Ok::<(), zendesk_csat_codegen::Error>(())
//! ```

pub mod spec;
pub mod surface;

mod lower;
mod operations;
mod parameters;
mod progenitor_client;
mod records;
mod schemas;
mod touches;
mod vocabulary;

use serde_json::Value;

/// The Rust sources generated from one spec, formatted.
#[derive(Debug, Clone)]
pub struct Generated {
    /// Model types and the client, by progenitor, with named parameters.
    pub client: String,
    /// Ids and open enums, as calls of the SDK's own macros.
    pub vocabulary: String,
    /// What the spec knows of each operation: bucket, page size, method, path.
    pub operations: String,
    /// The function that gives the JSON Schema of every model.
    pub schemas: String,
}

/// Why nothing could be generated.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The spec is not OpenAPI that progenitor reads.
    #[error("the spec is not valid OpenAPI 3.0: {0}")]
    NotOpenApi(#[from] serde_json::Error),
    /// progenitor refused the spec.
    #[error("progenitor: {0}")]
    Progenitor(#[from] progenitor::Error),
    /// The generated tokens are not Rust.
    #[error("the generated code does not parse: {0}")]
    Syntax(#[from] syn::Error),
    /// The spec leaves out what the generation needs.
    #[error("{0}")]
    Incomplete(String),
}

/// Generates every source file from the spec (the parsed JSON of `openapi.json`).
pub fn generate(spec: &Value) -> Result<Generated, Error> {
    Ok(Generated {
        client: progenitor_client::generate(spec)?,
        vocabulary: vocabulary::generate(spec)?,
        operations: operations::generate(spec)?,
        schemas: schemas::generate(spec)?,
    })
}

/// The tokens as formatted Rust.
///
/// # Errors
/// They do not parse.
pub fn format(tokens: proc_macro2::TokenStream) -> Result<String, Error> {
    Ok(prettyplease::unparse(&syn::parse2(tokens)?))
}
