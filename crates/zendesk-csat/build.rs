//! Generates the client from `openapi.json` into `OUT_DIR`.

use std::error::Error;
use std::fs;
use std::path::PathBuf;

fn main() -> Result<(), Box<dyn Error>> {
    println!("cargo::rerun-if-changed=openapi.json");
    let spec = serde_json::from_slice(&fs::read("openapi.json")?)?;
    let generated = zendesk_csat_codegen::generate(&spec)?;
    let out = PathBuf::from(std::env::var_os("OUT_DIR").ok_or("cargo sets OUT_DIR")?);
    fs::write(out.join("client.rs"), generated.client)?;
    fs::write(out.join("vocabulary.rs"), generated.vocabulary)?;
    fs::write(out.join("operations.rs"), generated.operations)?;
    fs::write(out.join("schemas.rs"), generated.schemas)?;
    Ok(())
}
