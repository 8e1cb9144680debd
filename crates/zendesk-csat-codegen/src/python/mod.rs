//! What Python gets from the spec: the extension's models and operations, the clients, the stubs.

mod clients;
mod documentation;
mod examples;
mod extension;
mod method;
mod schema;
mod stubs;
mod vocabulary;

use crate::Error;
use serde_json::Value;

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

/// Generates the Python modules and stubs.
pub fn modules(spec: &Value) -> Result<Vec<Module>, Error> {
    let models = schema::models(spec)?;
    let methods = method::methods(spec)?;
    let [client, async_client] = clients::clients(spec, &methods);
    let [listing, async_listing] = clients::listings();
    Ok(vec![
        Module {
            name: "_async_client.py",
            source: async_client,
        },
        Module {
            name: "_async_listing.py",
            source: async_listing,
        },
        Module {
            name: "_client.py",
            source: client,
        },
        Module {
            name: "_core.pyi",
            source: stubs::core(&models, &methods),
        },
        Module {
            name: "_listing.py",
            source: listing,
        },
        Module {
            name: "_vocabulary.py",
            source: vocabulary::module(spec, &methods)?,
        },
        Module {
            name: "types.py",
            source: vocabulary::types(spec, &models, &methods),
        },
    ])
}
