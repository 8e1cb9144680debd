//! Generates the models and operations from the SDK's `openapi.json` into `OUT_DIR`.

use std::error::Error;
use std::fs;
use std::path::PathBuf;

const SPEC: &str = "../crates/zendesk-csat/openapi.json";

fn main() -> Result<(), Box<dyn Error>> {
    pyo3_build_config::add_extension_module_link_args();
    println!("cargo::rerun-if-changed={SPEC}");
    let spec = serde_json::from_slice(&fs::read(SPEC).map_err(|error| format!("{SPEC}: {error}"))?)?;
    let extension = zendesk_csat_codegen_python::extension(&spec)?;
    let out = PathBuf::from(std::env::var_os("OUT_DIR").ok_or("cargo sets OUT_DIR")?);
    fs::write(out.join("models.rs"), extension.models)?;
    fs::write(out.join("operations.rs"), extension.operations)?;
    Ok(())
}
