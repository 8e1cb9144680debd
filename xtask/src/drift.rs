//! What a saved page says otherwise than the spec.

use crate::{Result, generate};
use std::fs;
use std::path::Path;
use zendesk_csat_codegen::drift::{Drift, between};

pub(crate) fn run(page: &Path) -> Result {
    let text = fs::read_to_string(page).map_err(|error| format!("{}: {error}", page.display()))?;
    let Drift {
        findings,
        explained,
        compared,
    } = between(&generate::spec()?, &text);
    if compared == 0 {
        return Err(format!(
            "{}: no operation and no table is on this page, or it is not saved as text",
            page.display()
        )
        .into());
    }
    for finding in &findings {
        println!("{finding}");
    }
    println!(
        "{} differences in {compared} operations and tables; the spec explains {explained} more by x-departure",
        findings.len()
    );
    Ok(())
}
