//! What Python gets from the spec: the extension's models and operations, the clients, the stubs.
//!
//! The build script of the Python module calls [`extension`]; `cargo xtask generate` calls the rest.
//!
//! ```
//! let spec = serde_json::json!({"openapi": "3.0.3", "info": {"title": "Example", "version": "1.0"}, "paths": {}});
//! let extension = zendesk_csat_codegen_python::extension(&spec)?;
//! assert!(extension.operations.contains("pyo3"));
//! # Ok::<(), zendesk_csat_codegen::Error>(())
//! ```

mod class_examples;
mod clients;
mod documentation;
mod examples;
mod extension;
mod kinds;
mod method;
mod record_docs;
mod reference;
mod reference_classes;
mod rust_docs;
mod sample;
mod schema;
mod stubs;
mod template;
mod vocabulary;

use rust_docs::RustDocs;
use serde_json::Value;
use zendesk_csat_codegen::Error;

/// Rust sources of the extension module; its build script writes them into `OUT_DIR`.
#[derive(Debug)]
pub struct Extension {
    /// One class a response schema.
    pub models: String,
    /// One function an operation.
    pub operations: String,
}

/// A file of the Python package.
#[derive(Debug)]
pub struct Module {
    /// Its name in the package, such as `_client.py`.
    pub name: &'static str,
    /// Its source.
    pub source: String,
}

/// Generates the Rust sources of the extension module.
pub fn extension(spec: &Value) -> Result<Extension, Error> {
    let models = schema::models(spec)?;
    let methods = method::methods(spec)?;
    Ok(Extension {
        models: extension::models(spec, &models)?,
        operations: extension::operations(spec, &methods)?,
    })
}

/// Rust sources whose doc comments are Python's as well.
#[derive(Debug)]
pub struct Documented {
    /// The resources of the SDK.
    pub sdk: Vec<String>,
    /// The extension module.
    pub extension: Vec<String>,
}

/// Generates the Python modules and stubs.
pub fn modules(spec: &Value, documented: &Documented) -> Result<Vec<Module>, Error> {
    let of_sdk = RustDocs::of_sdk(&documented.sdk)?;
    let of_extension = RustDocs::of_extension(&documented.extension)?;
    let models = schema::models(spec)?;
    let methods = method::methods(spec)?;
    let [client, async_client] = clients::clients(spec, &methods, &of_sdk)?;
    let [listing, async_listing] = clients::listings();
    let files = [
        ("_async_client.py", async_client),
        ("_async_listing.py", async_listing),
        ("_client.py", client),
        ("_core.pyi", stubs::core(spec, &models, &methods, &of_extension)?),
        ("_listing.py", listing),
        ("_vocabulary.py", vocabulary::module(spec, &methods)?),
        ("types.py", vocabulary::types(spec, &models, &methods)),
    ];
    Ok(files.map(|(name, source)| Module { name, source }).into())
}

/// Generates the page of the whole surface, in Markdown.
pub fn reference(spec: &Value, documented: &Documented) -> Result<String, Error> {
    let of_sdk = RustDocs::of_sdk(&documented.sdk)?;
    let of_extension = RustDocs::of_extension(&documented.extension)?;
    let models = schema::models(spec)?;
    let methods = method::methods(spec)?;
    reference::page(spec, &models, &methods, &of_sdk, &of_extension)
}
