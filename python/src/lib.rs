//! The Python extension module of zendesk_csat: the SDK, the history and the emulator for Python.

mod arguments;
mod call;
mod client;
mod emulator;
mod error;
mod listing;
mod model;
mod models;
mod operations;
mod page;
mod runtime;
mod secret;
mod values;

use pyo3::prelude::*;

/// What the Python package stands on; its own modules are what people use.
#[pymodule(gil_used = false)]
fn _core(module: &Bound<'_, PyModule>) -> PyResult<()> {
    module.add("__version__", env!("CARGO_PKG_VERSION"))?;
    module.add_class::<call::Call>()?;
    module.add_class::<client::Client>()?;
    module.add_class::<client::Credentials>()?;
    module.add_class::<emulator::Emulator>()?;
    module.add_class::<listing::Listing>()?;
    module.add_class::<listing::Pages>()?;
    module.add_class::<page::CallMeta>()?;
    module.add_class::<page::Malformed>()?;
    module.add_class::<page::Page>()?;
    module.add_class::<secret::Secret>()?;
    models::register(module)?;
    operations::register(module)
}
