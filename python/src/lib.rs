//! The Python extension module of zendesk_csat: the SDK, the history and the emulator for Python.

mod arguments;
mod arrow;
mod batches;
mod call;
mod client;
mod command;
mod credentials;
mod delivery;
mod emulator;
mod error;
mod history;
mod html;
mod interpreter;
mod kinds;
mod listener;
mod listing;
mod logging;
mod model;
mod models;
mod of_process;
mod open_enum;
mod operations;
mod page;
mod report;
mod runtime;
mod secret;
mod shelf;
mod sqlite;
mod table;
mod time;
mod values;
mod within;

use mimalloc::MiMalloc;
use pyo3::prelude::*;

/// Records are made in one thread and dropped in another, at which many allocators are slow.
#[global_allocator]
static ALLOCATOR: MiMalloc = MiMalloc;

/// What the Python package stands on; its own modules are what people use.
#[pymodule(gil_used = false)]
fn _core(module: &Bound<'_, PyModule>) -> PyResult<()> {
    interpreter::refuse_all_but_main(module.py())?;
    module.add("__version__", env!("CARGO_PKG_VERSION"))?;
    module.add_class::<arrow::Batches>()?;
    module.add_class::<call::Call>()?;
    module.add_class::<client::Client>()?;
    module.add_class::<credentials::Credentials>()?;
    module.add_class::<emulator::Emulator>()?;
    module.add_class::<history::CallCounts>()?;
    module.add_class::<history::CsatRow>()?;
    module.add_class::<history::CsatReason>()?;
    module.add_class::<history::Explained>()?;
    module.add_class::<history::History>()?;
    module.add_class::<history::Limits>()?;
    module.add_class::<history::Plan>()?;
    module.add_class::<history::Reconciliation>()?;
    module.add_class::<report::Report>()?;
    module.add_class::<history::SyncRows>()?;
    module.add_class::<history::Export>()?;
    module.add_class::<history::SyncSummary>()?;
    module.add_class::<history::TicketsChoice>()?;
    module.add_class::<history::Unavailable>()?;
    module.add_class::<history::Gap>()?;
    module.add_class::<history::AccountInfo>()?;
    module.add_class::<listing::Listing>()?;
    module.add_class::<listing::Pages>()?;
    module.add_class::<page::CallMeta>()?;
    module.add_class::<page::Malformed>()?;
    module.add_class::<page::Page>()?;
    module.add_class::<secret::Secret>()?;
    module.add_class::<table::CsatTable>()?;
    module.add_function(wrap_pyfunction!(history::plan, module)?)?;
    module.add_function(wrap_pyfunction!(history::sync, module)?)?;
    module.add_function(wrap_pyfunction!(command::main, module)?)?;
    let leave = wrap_pyfunction!(interpreter::leave, module)?;
    module.py().import("atexit")?.call_method1("register", (leave,))?;
    models::register(module)?;
    operations::register(module)
}
